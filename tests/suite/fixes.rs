//! `carafe check --fix`, `--diff` and `--unsafe-fixes`.

use std::fs;
use std::path::Path;

use crate::support::{Ran, SiteFolder, run};

fn check(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["check", "-s", site.path().to_str().unwrap()], args].concat())
}

fn text(site: &SiteFolder, path: &str) -> String {
    fs::read_to_string(site.path().join(path)).unwrap()
}

const PAGE: &str = "\u{feff}---\r\ntitle: Ä\r\nwieght: 3\r\n---\r\né {% include note.html txet=\"a\" other=1 %}\r\n\r\n[x](/static/a.png) [y](/guides/frist/) {{ 'a' | upcas }} {{ site.prodct.x }}\r\n";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\nvariables: {product: {x: 1}}\n"),
        ("includes/note.html", "{% doc %}\n@param {string} [text]\n{% enddoc %}\n*{{ include.text }}*"),
        ("static/a.png", "x"),
        ("content/index.md", PAGE),
        ("content/guides/first.md", "---\ntitle: First\n---\n"),
    ])
}

#[test]
fn safe_repairs_are_made_and_guesses_wait() {
    let site = site();
    let before = site.files();
    let ran = check(&site, &["--diff"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("-é {% include note.html txet=\"a\" other=1 %}")
            && ran.stdout.contains("+é {% include note.html txet=\"a\" %}"),
        "{}",
        ran.stdout
    );
    assert_eq!((text(&site, "content/index.md").as_str(), site.files()), (PAGE, before));
    let ran = check(&site, &["--fix"]);
    assert!(ran.stderr.contains("Made 2 repairs in 1 file\n"), "{}", ran.stderr);
    let safe = PAGE.replace(" other=1", "").replace("/static/a.png", "/a.png");
    assert_eq!(text(&site, "content/index.md"), safe, "line ends, the mark and letters stay");
    assert_eq!(check(&site, &["--diff"]).code, 0);
    let ran = check(&site, &["--fix"]);
    assert!(!ran.stderr.contains("Made"), "{}", ran.stderr);
    check(&site, &["--fix", "--unsafe-fixes"]);
    let all = safe
        .replace("txet", "text")
        .replace("wieght", "weight")
        .replace("frist", "first")
        .replace("upcas }}", "upcase }}")
        .replace("prodct", "product");
    assert_eq!(text(&site, "content/index.md"), all);
    let ran = check(&site, &["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn what_is_not_clear_is_left_alone() {
    let page = "---\ntitle: T\n---\n{% assign name = 'upcas' %}{% include note.html txet=txet %}\n\n[a](/guides/gon/) [a](/guides/gon/)\n\n{{ x.prodct[y] }}\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/note.html", "{{ include.text }}"),
        ("content/index.md", page),
        ("content/guides/gone.md", "---\ntitle: G\n---\n"),
    ]);
    check(&site, &["--fix", "--unsafe-fixes"]);
    let repaired = text(&site, "content/index.md");
    // Each link has a place of its own; the parameter's name stands twice in its.
    assert_eq!(repaired, page.replace("gon/", "gone/"));
}

#[test]
fn a_configuration_that_cannot_be_read_is_repaired_and_other_folders_are_not() {
    let shared = SiteFolder::new(&[("box.html", "{{ 'a' | upcas }}")]);
    let site = SiteFolder::new(&[
        ("carafe.yml", "titel: T\nmarkdown: {dialect: comonmark}\n"),
        ("content/index.md", "{% include box.html %}\n"),
    ]);
    let folder = shared.path().to_str().unwrap();
    check(&site, &["--fix", "--includes", folder]);
    assert_eq!(text(&site, "carafe.yml"), "titel: T\nmarkdown: {dialect: comonmark}\n");
    check(&site, &["--fix", "--unsafe-fixes", "--includes", folder]);
    assert_eq!(text(&site, "carafe.yml"), "title: T\nmarkdown: {dialect: commonmark}\n");
    assert_eq!(text(&shared, "box.html"), "{{ 'a' | upcas }}");
}

#[test]
fn texts_in_other_encodings_are_left_alone() {
    let site = SiteFolder::new(&[("_config.yml", "encoding: iso-8859-1\n")]);
    let page = b"---\n---\n\xe9 {{ 'a' | upcas }}\n";
    site.write("index.md", page);
    check(&site, &["--fix", "--unsafe-fixes"]);
    assert_eq!(fs::read(site.path().join("index.md")).unwrap(), page);
}

#[test]
fn in_jekyll_sites_safe_repairs_leave_the_output() {
    let page = "---\n---\n[a](/b.md) {% include note.html other=1 %}\n";
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        ("_includes/note.html", "x"),
        ("index.md", page),
        ("b.md", "---\n---\nb\n"),
    ]);
    site.build(&[]);
    let before = site.output("index.html");
    check(&site, &["--fix"]);
    assert_eq!(text(&site, "index.md"), page.replace(" other=1", ""));
    site.build(&[]);
    assert_eq!(site.output("index.html"), before);
    check(&site, &["--fix", "--unsafe-fixes"]);
    assert!(text(&site, "index.md").contains("[a](/b.html)"), "{}", text(&site, "index.md"));
}

/// Every rule's page says what is done about it, as `explain` does.
#[test]
fn the_pages_of_rules_say_whether_they_are_repaired() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/reference/rules");
    let mut repaired = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if code == "index" {
            continue;
        }
        let page = fs::read_to_string(&path).unwrap();
        let said = carafe::diagnostic::codes::repaired(&code);
        assert!(
            page.contains(&format!("\n{said}\n\n## What fails\n")),
            "{code}: write \"{said}\" before \"What fails\""
        );
        repaired += usize::from(carafe::diagnostic::codes::repair(&code).is_some());
    }
    assert!(repaired >= 5, "{repaired}");
}
