//! The tag `include_code`: parts of source files as code.

use crate::support::{Ran, SiteFolder, run};

const MAIN: &str =
    "fn main() {\n    // #region a\n    let x = \"{{ x }}\";\n      // {% if %}\n    // #endregion a\n}\n";

fn page(calls: &str) -> String {
    format!("---\ntitle: P\n---\n{calls}\n")
}

/// A repository whose site lies in `docs`; gives the arguments that name it too.
fn repository(calls: &str, config: &str) -> (SiteFolder, String) {
    let site = SiteFolder::new(&[
        ("docs/carafe.yml", config),
        ("docs/content/index.md", &page(calls)),
        ("docs/inner/own.py", "x = 1\n"),
        ("src/main.rs", MAIN),
        ("secret.txt", "secret"),
    ]);
    let docs = site.path().join("docs").to_str().unwrap().to_owned();
    (site, docs)
}

fn build(docs: &str, args: &[&str]) -> Ran {
    run(&[&["build", "-s", docs, "-d", &format!("{docs}/_site")], args].concat())
}

fn output(site: &SiteFolder) -> String {
    std::fs::read_to_string(site.path().join("docs/_site/index.html")).unwrap()
}

#[test]
fn a_part_of_a_file_is_code_and_nothing_in_it_is_run() {
    for config in ["title: T\n", "title: T\nmarkdown: {dialect: commonmark}\n"] {
        let calls = "1. In a list:\n\n   {% include_code src/main.rs region=\"a\" %}\n\n2. Next\n\n{% include_code \"src/main.rs\" lines='3' lang=\"text\" %}";
        let site =
            SiteFolder::new(&[("carafe.yml", config), ("src/main.rs", MAIN), ("content/index.md", &page(calls))]);
        let ran = site.build(&["--strict"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let html = site.output("index.html");
        assert!(html.contains("language-rust") && html.contains("{{ x }}") && html.contains("{% if %}"), "{html}");
        assert!(html.contains(">let</span>") && !html.contains("#region"), "{html}");
        assert!(html.contains("<code>let x = \"{{ x }}\";"), "{html}");
        assert_eq!(html.matches("<ol>").count(), 1, "the list goes on\n{html}");
    }
}

#[test]
fn the_folder_of_sources_may_be_named_by_any_way_to_it() {
    for (root, code) in [("..", 0), ("./../", 0), ("inner/../..", 0), ("inner/../../src/..", 0), ("inner", 1), (".", 1)]
    {
        let (site, docs) = repository(
            "{% include_code src/main.rs region=\"a\" %}",
            &format!("title: T\ninclude_code: {{root: {root}}}\n"),
        );
        let ran = build(&docs, &["--strict"]);
        assert_eq!(ran.code, code, "{root}: {}", ran.stderr);
        assert!(code == 1 || output(&site).contains("language-rust"), "{root}");
    }
}

#[test]
fn what_is_not_there_is_an_error_at_the_call() {
    let wrong = [
        ("src/nope.rs", "there is no file `src/nope.rs`"),
        ("../outside.rs", "leads out of the site's folder"),
        ("link.rs", "leads out of the site's folder"),
        ("src/main.rs region=\"b\"", "there is no region `b`"),
        ("src/main.rs lines=\"5-9\"", "there are no lines 5-9"),
        ("src/main.rs regoin=\"a\"", "did you mean `region`?"),
        ("src/main.rs a", "`a` is no parameter of `include_code`"),
        ("src/main.rs region=\"a\" lines=\"1\"", "cannot be given together"),
        ("", "needs the path of a file"),
        ("raw.bin", "is not UTF-8"),
    ];
    let calls: String = wrong.iter().map(|(call, _)| format!("{{% include_code {call} %}}\n\n")).collect();
    let site =
        SiteFolder::new(&[("carafe.yml", "title: T\n"), ("src/main.rs", MAIN), ("content/index.md", &page(&calls))]);
    std::fs::write(site.path().join("raw.bin"), b"caf\xe9").unwrap();
    let outside = SiteFolder::new(&[("outside.rs", "fn outside() {}")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path().join("outside.rs"), site.path().join("link.rs")).unwrap();
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    for (at, (_, message)) in wrong.iter().enumerate() {
        assert!(ran.stderr.contains(message), "{message}\n{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("content/index.md:{}:", 4 + 2 * at)), "{message}\n{}", ran.stderr);
    }
}

#[test]
fn a_site_may_show_code_from_around_it_and_from_nowhere_else() {
    let calls = "{% include_code src/main.rs region=\"a\" %}\n\n{% include_code docs/inner/own.py %}";
    let (site, docs) = repository(calls, "title: T\ninclude_code: {root: ..}\n");
    let ran = build(&docs, &["--strict", "--cache", "--verify"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(output(&site).contains("{{ x }}") && output(&site).contains("language-python"));
    // The cache knows the file although it lies outside.
    site.write("src/main.rs", MAIN.replace("{{ x }}", "changed"));
    let ran = build(&docs, &["--strict", "--cache", "--verify"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(output(&site).contains("changed"), "{}", output(&site));
    let (_site, docs) = repository("{% include_code ../secret.txt %}", "title: T\ninclude_code: {root: inner}\n");
    let ran = build(&docs, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("leads out"), "{}", ran.stderr);
    let (_site, docs) = repository("x", "title: T\ninclude_code: {root: /etc}\n");
    assert_eq!(build(&docs, &[]).code, 2);
}

#[test]
fn affected_knows_who_shows_a_file() {
    let (site, docs) = repository("{% include_code src/main.rs %}", "title: T\ninclude_code: {root: ..}\n");
    let file = site.path().join("src/main.rs");
    let ran = run(&["affected", "-s", &docs, file.to_str().unwrap()]);
    assert_eq!(ran.stdout, "page /\n", "{}", ran.stderr);
    site.git(&["init", "-q"]);
    site.git(&["add", "-A"]);
    site.git(&["commit", "-q", "-m", "a"]);
    site.write("src/main.rs", MAIN.replace("let x", "let y"));
    let ran = run(&["affected", "-s", &docs, "--since", "HEAD", "--diff"]);
    assert!(ran.stdout.contains("-") && ran.stdout.contains("let y"), "{}{}", ran.stdout, ran.stderr);
    // The old state had the file too.
    assert!(ran.stdout.contains("let x"), "{}", ran.stdout);
}

#[test]
fn a_jekyll_site_may_use_the_tag_and_its_own_of_that_name_wins() {
    let calls = "{% include_code src/main.rs lines=\"1\" %}";
    let files = [("_config.yml", "title: T\n"), ("index.md", &page(calls)), ("src/main.rs", MAIN)];
    let site = SiteFolder::new(&files);
    assert_eq!(site.build(&[]).code, 0);
    assert!(site.output("index.html").contains("language-rust"), "{}", site.output("index.html"));
    site.write("_includes/tags/include_code.html", "---\ntag: {markup: words}\n---\nown {{ words | join: '+' }}\n");
    site.write("index.md", page("{% include_code src/main.rs %}"));
    assert_eq!(site.build(&[]).code, 0);
    assert!(site.output("index.html").contains("own src/main.rs"), "{}", site.output("index.html"));
}
