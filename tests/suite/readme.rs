//! The example that the README opens with.

use crate::support::{SiteFolder, run};

/// The text of the first fence of this language behind `from`.
fn fence<'t>(text: &'t str, language: &str, from: &str) -> &'t str {
    let open = format!("```{language}\n");
    text.split_once(from).unwrap().1.split_once(&open).unwrap().1.split_once("```").unwrap().0
}

#[test]
fn the_readme_shows_what_check_says() {
    let readme = include_str!("../../README.md");
    let call = readme.split("misspells a parameter: `").nth(1).unwrap().split('`').next().unwrap();
    let page = format!("---\ntitle: Start\n---\n{call}\n");
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Site\n"),
        ("includes/install.md", fence(readme, "liquid", "in `includes/install.md`:")),
        ("content/index.md", &page),
    ]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    let shown = fence(readme, "text", "misspells a parameter");
    assert!(ran.stderr.contains(shown) || ran.stdout.contains(shown), "{shown}\n{}{}", ran.stdout, ran.stderr);
}
