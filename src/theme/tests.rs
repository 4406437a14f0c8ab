use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::template::{TemplateFile, Templates};

/// The names of the files in a folder of this repository.
fn on_disk(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<String> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A template as pages in English have it.
fn drawn(template: &str, context: Value) -> String {
    let english = words::Language::new(words::ENGLISH, |_| None);
    let file =
        |(name, text): &(&str, &str)| TemplateFile { name: (*name).to_owned(), text: (*text).into(), file: None };
    let templates = Templates::new(template_files().iter().map(file), "/base", 1 << 20, &english).unwrap();
    let Value::Object(context) = context else { panic!("a context is a mapping") };
    templates.render(template, context, &english).unwrap()
}

/// `template` rendered with this `site` and `page` over the fields that are always there.
fn render(template: &str, site: Value, page: Value) -> String {
    let mut context = json!({
        "site": {"title": "S", "description": "", "url": "", "baseurl": "", "language": "en", "root": "/", "generator": true},
        "page": {"title": "P", "url": "/p/", "path": "p.md", "content": "<p>text</p>", "toc": [], "nav_title": "P",
                 "breadcrumbs": [], "vars": {}},
        "nav": [], "nav_html": "", "carafe": {"version": "0"}, "target": "/new/",
    });
    for (name, more) in [("site", site), ("page", page)] {
        for (key, value) in more.as_object().unwrap() {
            context[name][key] = value.clone();
        }
    }
    drawn(template, context)
}

#[test]
fn every_file_of_the_theme_is_in_the_binary() {
    assert_eq!(template_files().iter().map(|file| file.0).collect::<Vec<_>>(), on_disk("templates"));
    let mut tags: Vec<_> = tag_templates(false).map(|file| file.0.trim_start_matches("tags/")).collect();
    tags.sort_unstable();
    assert_eq!(tags, on_disk("includes/tags"));
    let icons: Vec<_> = icons().iter().map(|file| file.0.trim_start_matches("icons/")).collect();
    assert_eq!(icons, on_disk("includes/icons"));
    let languages: Vec<_> = words::BUILT_IN.iter().map(|file| format!("{}.yml", file.0)).collect();
    assert_eq!(languages, on_disk("templates/words"));
    let assets: Vec<_> = assets().iter().map(|file| file.0.trim_start_matches("assets/")).collect();
    assert_eq!(assets, on_disk("static/assets"));
}

#[test]
fn the_script_is_small_and_nothing_is_fetched_from_elsewhere() {
    for (path, bytes) in assets() {
        let text = std::str::from_utf8(bytes).unwrap();
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("@import"), "{path}");
        // The search is fetched when a reader first wants it.
        let limit = if *path == "assets/search.js" { 28_672 } else { 10_240 };
        assert!(!path.ends_with(".js") || bytes.len() < limit, "{path} has {} bytes", bytes.len());
    }
}

/// An icon takes its colour from the text around it, holds nothing that runs or is fetched, and is told of.
#[test]
fn icons_are_small_drawings_that_the_documentation_shows() {
    let page = include_str!("../../content/writing/components.md");
    for (path, text) in icons() {
        assert!(
            text.starts_with("<svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\"") && text.len() < 600,
            "{path}"
        );
        assert!(!["<script", "href", "url(", "style", " id="].iter().any(|wrong| text.contains(wrong)), "{path}");
        let name = path.trim_start_matches("icons/").trim_end_matches(".svg");
        assert!(page.contains(&format!("{{% icon {name} %}}&nbsp;{name}")), "{name}");
    }
}

#[test]
fn pages_render_without_any_optional_field() {
    for template in ["page.html", "home.html", "404.html", "redirect.html"] {
        let html = render(template, json!({}), json!({}));
        assert!(html.ends_with("</html>\n"), "{template}");
        assert!(!html.contains("canonical\" href=\"http"), "{template}");
    }
    let html = render("page.html", json!({}), json!({}));
    assert!(html.contains("<p>text</p>") && html.contains("<h1>P</h1>"));
    assert!(!html.contains("carafe-toc"), "no headings, no table of contents");
}

#[test]
fn optional_fields_appear_where_a_reader_looks_for_them() {
    let page = json!({
        "title": "A < B", "description": "Why.", "release": "1.3.x", "edit_url": "https://e.org/edit",
        "releases": [{"label": "1.4.x", "url": "/1.4/", "current": false, "latest": true, "old": false},
                     {"label": "1.3.x", "url": "/1.3/", "current": true, "latest": false, "old": true}],
        "newest": {"label": "1.4.x", "url": "/1.4/", "ahead": false},
        "prev": {"title": "Before", "url": "/b/"}, "next": {"title": "After", "url": "/a/"},
        "breadcrumbs": [{"title": "Docs", "url": "/docs/"}, {"title": "Here"}],
        "toc": [{"level": 2, "id": "one", "title_html": "<code>One</code>", "children":
                 [{"level": 3, "id": "two", "title_html": "Two", "children":
                   [{"level": 4, "id": "three", "title_html": "Three", "children": []}]}]}],
    });
    let site =
        json!({"url": "https://e.org", "logo": "logo.svg", "repository": "https://e.org/r", "footer": "<b>F</b>"});
    let html = render("page.html", site, page);
    let document = scraper::Html::parse_document(&html);
    let text = |selector: &str| -> Vec<String> {
        document.select(&scraper::Selector::parse(selector).unwrap()).map(|found| found.text().collect()).collect()
    };
    assert_eq!(text("title"), ["A < B (1.3.x) · S"]);
    assert_eq!(text("h1"), ["A < B"]);
    assert_eq!(text(".toc a"), ["One", "Two"], "two levels");
    assert_eq!(text(".releases [aria-current]"), ["1.3.x old"]);
    assert_eq!(text(".old-release a"), ["1.4.x"]);
    assert_eq!(text(".breadcrumbs li"), ["Docs", "Here"]);
    assert_eq!(text(".pager a"), ["Previous Before", "Next After"]);
    assert_eq!(text(".page-tools a"), ["Edit this page", "Back to top"]);
    assert_eq!(text(".site-footer b"), ["F"]);
    let logo = document.select(&scraper::Selector::parse(".site-title img").unwrap()).next().unwrap();
    assert_eq!(logo.attr("src"), Some("/base/logo.svg"));
}

#[test]
fn the_navigation_can_be_marked_by_replacing_text() {
    let nav = json!({"nav": [
        {"title": "Start", "url": "start", "current": false, "open": false, "children": []},
        {"title": "Guide", "url": null, "current": false, "open": false, "children":
            [{"title": "Tabs", "url": "tabs", "current": false, "open": false, "children": []}]},
        {"title": "Reference", "url": "reference", "current": false, "open": true, "children":
            [{"title": "Plain", "url": null, "current": false, "open": false, "children": []}]},
    ]});
    let html = drawn("nav.html", nav);
    assert_eq!(
        html,
        "<ul class=\"nav\">\n\
         <li><a href=\"start\">Start</a></li>\n\
         <li><details data-section=\"Guide\"><summary>Guide</summary>\n<ul>\n\
         <li><a href=\"tabs\">Tabs</a></li>\n</ul></details></li>\n\
         <li><details data-section=\"reference\" open><summary>Reference</summary>\n<ul>\n\
         <li><a href=\"reference\">Overview</a></li>\n<li><span>Plain</span></li>\n</ul></details></li>\n\
         </ul>\n"
    );
}
