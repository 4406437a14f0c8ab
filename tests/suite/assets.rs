//! Files that pages load at first have names that say what they hold.

use std::collections::BTreeSet;

use scraper::Html;

use carafe::session::Session;
use carafe::world::Options;

use crate::support::{SiteFolder, named, run};

const CONFIG: (&str, &str) = (
    "carafe.yml",
    "title: T\nbaseurl: /docs\ntheme:\n  styles: [site.css]\n  scripts: [/own.js]\n  favicon: pictures/sign.svg\n",
);

fn site(more: &[(&str, &str)]) -> SiteFolder {
    let files = [
        CONFIG,
        ("content/index.md", "---\ntitle: Home\n---\n```\ncode\n```\n"),
        ("static/site.css", "p { background: url(x.png) }"),
        ("static/own.js", "1"),
        ("static/pictures/sign.svg", "<svg/>"),
    ];
    SiteFolder::new(&[&files, more].concat())
}

/// The addresses that the page loads.
fn loaded(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let all = scraper::Selector::parse("link[rel=stylesheet], link[rel=icon], script[src]").unwrap();
    let address = |element: scraper::ElementRef<'_>| element.attr("href").or(element.attr("src")).unwrap().to_owned();
    page.select(&all).map(address).collect()
}

#[test]
fn pages_load_by_names_that_change_with_what_files_hold_and_each_file_has_its_own_too() {
    let site = site(&[]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    let out = site.path().join("_site");
    let expected = ["pictures/sign.svg", "assets/carafe.css", "site.css", "assets/carafe.js", "own.js"];
    let expected = expected.map(|path| format!("/docs/{}", named(&out, path)));
    assert_eq!(loaded(&page), expected);
    assert!(page.contains(&format!("data-copy=\"/docs/{}\"", named(&out, "assets/copy.js"))), "{page}");
    // What comes later may be asked for by a page of the state before.
    assert!(page.contains("data-script=\"/docs/assets/search.js\""), "{page}");
    for path in ["assets/carafe.css", "assets/carafe.js", "assets/copy.js", "site.css", "own.js"] {
        assert_eq!(site.output(path), site.output(&named(&out, path)), "{path}");
    }
    let before = site.files();
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.files(), before);
    let old = named(&out, "site.css");
    site.write("static/site.css", "p { color: red }");
    assert_eq!(site.build(&["--cache", "--verify"]).code, 0);
    assert_ne!(named(&out, "site.css"), old);
    assert!(!site.path().join("_site").join(&old).exists(), "the old name is gone");
    assert!(site.output("index.html").contains(&named(&out, "site.css")));
    site.write("static/site.css", "p { color: blue }");
    assert_eq!(site.build(&["--cache", "--verify"]).code, 0, "the cache knows the names");
    let checked = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    site.write("carafe.yml", format!("{}diagnostics: {{unused-file: warn}}\n", CONFIG.1));
    let checked = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
}

#[test]
fn a_file_of_the_site_in_the_place_of_the_themes_is_named_by_what_it_holds() {
    let site =
        site(&[("static/assets/carafe.css", "mine"), ("content/own.css", "---\n---\np { color: {{ site.title }} }\n")]);
    site.write("carafe.yml", "title: T\ntheme: {styles: [own.css]}\n");
    assert_eq!(site.build(&["--strict"]).code, 0);
    let sheets = loaded(&site.output("index.html"));
    let sheet = named(&site.path().join("_site"), "assets/carafe.css");
    assert_eq!(site.output(&sheet), "mine");
    assert!(sheets.contains(&format!("/{sheet}")), "{sheets:?}");
    // What a page becomes is known too late.
    assert!(sheets.contains(&"/own.css".to_owned()), "{sheets:?}");
}

#[test]
fn templates_of_a_site_get_these_names_and_are_told_of_files_that_are_not_there() {
    let head = "<link rel=preload href=\"{{ asset(path='pictures/sign.svg') }}\">{% set x = \"site\" %}\n\
                {# {{ asset(path='no.css') }} #}<link rel=preload href=\"{{ asset(path=x ~ \".css\") }}\">\n\
                <link rel=preload href=\"{{ asset(path=\"sit.css\") }}\"><script src=\"{{ asset(path='https://e.org/x.js') }}\"></script>";
    let site = site(&[("templates/custom-head.html", head)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    for path in ["pictures/sign.svg", "site.css"] {
        assert!(
            page.contains(&format!("preload href=\"/docs/{}\"", named(&site.path().join("_site"), path))),
            "{path}: {page}"
        );
    }
    assert!(page.contains("src=\"https://e.org/x.js\""), "{page}");
    assert_eq!(ran.stderr.matches("warning[").count(), 1, "{}", ran.stderr);
    let told = [
        "warning[missing-file]: there is no file `sit.css`, which the page template `custom-head.html` names",
        "custom-head.html:3:",
        "did you mean `site.css`?",
    ];
    for told in told {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    site.write("carafe.yml", "title: T\ntheme:\n  styles: [gone.css]\n");
    std::fs::remove_file(site.path().join("templates/custom-head.html")).unwrap();
    let ran = site.build(&[]);
    for told in ["there is no file `gone.css`, which `theme.styles` names", "carafe.yml:3:12"] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    // Checks tell it page by page, and once.
    let checked = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.stderr.matches("[missing-file]").count(), 1, "{}", checked.stderr);
}

#[test]
fn whatever_the_output_holds_may_be_asked_for_by_its_path() {
    let paths = [
        "site.css?v=1",
        "pictures/sign.svg#a",
        "a%20b.css",
        "feed.xml",
        "sitemap.xml",
        "guides/",
        "/guides/index.html",
        "assets/search.js",
        "assets/missing.js",
        "assets/search/index.json",
        "404.html",
        "robots.txt",
        "llms-full.txt",
        "",
    ];
    let calls: String = paths.iter().map(|path| format!("<a href=\"{{{{ asset(path=\"{path}\") }}}}\"></a>")).collect();
    let site = site(&[
        ("templates/custom-head.html", &calls),
        ("static/a b.css", "x"),
        ("content/guides/index.md", "---\ntitle: G\n---\n"),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (page, out) = (site.output("index.html"), site.path().join("_site"));
    for address in [
        format!("{}?v=1", named(&out, "site.css")),
        format!("{}#a", named(&out, "pictures/sign.svg")),
        "feed.xml".to_owned(),
    ] {
        assert!(page.contains(&format!("<a href=\"/docs/{address}\">")), "{address}: {page}");
    }
}

#[test]
fn an_edit_of_such_a_file_reaches_all_pages_and_the_preview_keeps_plain_names() {
    let site = site(&[]);
    let options = Options { source: site.path().to_owned(), now: Some(0), ..Options::default() };
    let session = Session::open(&options).unwrap();
    let page = |session: &Session| session.page(0).unwrap().bytes.clone();
    let before = page(&session);
    for (path, text) in
        [("static/site.css", "q { }"), ("static/assets/copy.js", "mine"), ("static/assets/carafe.css", "x")]
    {
        site.write(path, text);
        let next = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
        assert_ne!(page(&next), before, "{path}");
        assert_eq!(next.outputs(), Session::open(&options).unwrap().outputs(), "{path}");
        std::fs::remove_file(site.path().join(path)).unwrap();
        site.write("static/site.css", "p { background: url(x.png) }");
    }
    let plain = Session::open(&Options { plain_assets: true, ..options.clone() }).unwrap();
    assert_eq!(loaded(&page(&plain))[2], "/docs/site.css");
    site.write("static/site.css", "q { }");
    let next = plain.update(&BTreeSet::from(["static/site.css".to_owned()])).unwrap();
    assert!(next.is_as(&plain), "a style sheet is swapped without its pages");
    let all = plain.outputs();
    let sheets: Vec<&String> = all.keys().filter(|path| path.ends_with(".css") && path.contains("site")).collect();
    assert_eq!(sheets, ["site.css"]);
    // One in the place of the theme's has its own name at once, and one that is gone is told.
    site.write("static/assets/carafe.css", "mine");
    let next = next.update(&BTreeSet::from(["static/assets/carafe.css".to_owned()])).unwrap();
    assert_eq!(loaded(&page(&next))[1], "/docs/assets/carafe.css");
    let told = |session: &Session| session.findings().iter().filter(|(_, found)| found.code == "missing-file").count();
    assert_eq!(told(&next), 0);
    std::fs::remove_file(site.path().join("static/site.css")).unwrap();
    let next = next.update(&BTreeSet::from(["static/site.css".to_owned()])).unwrap();
    assert_eq!(told(&next), 1);
    site.write("static/site.css", "back");
    assert_eq!(told(&next.update(&BTreeSet::from(["static/site.css".to_owned()])).unwrap()), 0);
}
