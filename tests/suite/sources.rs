//! What the preview tells of where the text of a page comes from, and that nothing of it is in any other page.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::preview;
use crate::support;

use preview::Server;
use serde_json::{Value, json};
use support::SiteFolder;

const COOKIE: &str = "theme=dark; carafe-sources=1";

/// Each element of the page with its first words, and the places that are told of it.
struct Marked {
    html: String,
    places: Value,
}

impl Marked {
    fn new(html: &str) -> Self {
        let start = html.find("<script type=\"application/json\" id=\"carafe-places\">").unwrap();
        let json = html[start..].split_once('>').unwrap().1.split_once("</script>").unwrap().0;
        Self { html: html.to_owned(), places: serde_json::from_str(json).unwrap() }
    }

    /// The places of the innermost marked element before this text.
    fn of(&self, text: &str) -> &Value {
        let before = &self.html[..self.html.find(text).unwrap_or_else(|| panic!("no `{text}` in {}", self.html))];
        let at = before.rfind("data-carafe-source=\"").unwrap_or_else(|| panic!("no mark before `{text}`"));
        let number = before[at..].split('"').nth(1).unwrap().parse::<usize>().unwrap();
        &self.places[number]
    }
}

fn marked(site: &SiteFolder, path: &str) -> Marked {
    let server = Server::start(site, &["-P", "0"]);
    Marked::new(&server.get_with_cookie(path, COOKIE).body)
}

fn place(at: &str, calls: &[&str]) -> Value {
    json!([{ "at": at, "calls": calls }])
}

const PAGE: &str = "\
---
title: Guide
---
First paragraph, which
has two lines.

## A heading

{% include outer.md %}

- item one
- item two

> A quote.

| Head | Other |
|------|-------|
| cell | more  |
| {% include word.md %} | last |

~~~shell
echo code
~~~

{% tabs %}
{% tab Linux %}
Under Linux.

{% include outer.md %}
{% endtab %}
{% endtabs %}

{% accordion A question %}
The answer.
{% endaccordion %}

Mixed {% include word.md %} text.
{% for n in (1..2) %}
Round {{ n }}.
{% endfor %}
";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: Site\n"),
        ("content/index.md", "Home.\n"),
        ("content/guide.md", PAGE),
        (
            "content/plain.html",
            "---\ntitle: Plain\n---\n<div>\n<p>Plain words.</p>\n</div>\n{% include outer.html %}\n",
        ),
        ("content/style.css", "---\n---\np { color: {{ 'red' }} }\n"),
        ("includes/outer.md", "Outer words.\n\n{% include inner.md %}\n"),
        ("includes/inner.md", "\n\nInner words.\n"),
        ("includes/word.md", "word"),
        ("includes/outer.html", "<p>Included words.</p>\n"),
    ])
}

#[test]
fn every_kind_of_block_tells_its_file_and_line() {
    let page = marked(&site(), "/guide/");
    for (text, line) in [
        ("First paragraph", 4),
        (">A heading", 7),
        (">item one", 11),
        (">item two", 12),
        (">A quote", 14),
        (">Head", 16),
        (">cell", 18),
        ("echo", 21),
        (">Linux", 25),
        (">Under Linux", 27),
        (">A question", 33),
        (">The answer", 34),
    ] {
        assert_eq!(page.of(text), &place(&format!("content/guide.md:{line}"), &[]), "{text}");
    }
    assert_eq!(page.of("Round 1"), page.of("Round 2"));
}

#[test]
fn a_nested_include_tells_all_calls_in_tabs_too() {
    let page = marked(&site(), "/guide/");
    assert_eq!(page.of(">Outer words."), &place("includes/outer.md:1", &["content/guide.md:9"]));
    let inner = place("includes/inner.md:3", &["includes/outer.md:3", "content/guide.md:9"]);
    assert_eq!(page.of(">Inner words."), &inner);
    let tab = page.html.find("Under Linux.").unwrap();
    let inside = Marked { html: page.html[tab..].to_owned(), places: page.places };
    let inner = place("includes/inner.md:3", &["includes/outer.md:3", "content/guide.md:29"]);
    assert_eq!(inside.of(">Inner words."), &inner);
}

#[test]
fn a_paragraph_of_several_files_tells_each_once() {
    let page = marked(&site(), "/guide/");
    let both = json!([
        { "at": "content/guide.md:37", "calls": [] },
        { "at": "includes/word.md:1", "calls": ["content/guide.md:37"] },
    ]);
    assert_eq!(page.of(">Mixed "), &both);
    let row = both.to_string().replace(":37", ":19");
    assert_eq!(page.of(">last<").to_string(), row, "a row");
}

#[test]
fn html_pages_tell_the_places_of_their_elements() {
    let page = marked(&site(), "/plain/");
    assert_eq!(page.of(">Plain words."), &place("content/plain.html:5", &[]));
    assert_eq!(page.of(">Included words."), &place("includes/outer.html:1", &["content/plain.html:7"]));
}

#[test]
fn the_text_of_a_release_tells_the_line_of_its_shared_source() {
    let versions = "- {edition: gate, release: 1.3.x, version: 1.3.7}\n\
                    - {edition: gate, release: 1.4.x, version: 1.4.2, latest: true}\n";
    let nav = |release: &str| {
        format!("product: gate\nrelease: {release}\ngenerate: true\nitems:\n  - {{title: Install, url: /install/}}\n")
    };
    let text = "---\ntitle: Install\n---\n{% if_version gte:1.4.x %}\nThe new one.\n{% else %}\nThe old one.\n\
                {% endif_version %}\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "single_source:\n  versions: versions\n  source: versioned\n  nav: [nav_gate_*]\n"),
        ("content/index.md", "Home.\n"),
        ("data/versions.yml", versions),
        ("data/nav_gate_13.yml", &nav("1.3.x")),
        ("data/nav_gate_14.yml", &nav("1.4.x")),
        ("versioned/gate/install.md", text),
    ]);
    let new = marked(&site, "/gate/1.4.x/install/");
    assert_eq!(new.of(">The new one."), &place("versioned/gate/install.md:5", &[]));
    let old = marked(&site, "/gate/1.3.x/install/");
    assert_eq!(old.of(">The old one."), &place("versioned/gate/install.md:7", &[]));
}

#[test]
fn without_the_cookie_pages_stay_as_they_are_published() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let before = server.get("/guide/").body;
    let marked = server.get_with_cookie("/guide/", COOKIE).body;
    assert!(marked.contains("data-carafe-source") && !before.contains("carafe-source=") && !before.contains("places"));
    assert_eq!(server.get("/guide/").body, before, "a marked page leaves no trace");
    assert_eq!(server.get_with_cookie("/guide/", "carafe-sources=0").body, before);
    assert_eq!(server.get_with_cookie("/style.css", COOKIE).body, "p { color: red }\n");
    // Marks aside it is the same page.
    let mut rest = String::new();
    for (at, part) in marked.split(" data-carafe-source=\"").enumerate() {
        rest.push_str(if at == 0 { part } else { part.split_once('"').unwrap().1 });
    }
    let start = rest.find("<script type=\"application/json\"").unwrap();
    let end = start + rest[start..].find("</script>").unwrap() + "</script>".len();
    rest.replace_range(start..end, "");
    assert_eq!(rest, before);
    let plain = Server::start(&site, &["-P", "0", "--no-livereload"]);
    assert!(!plain.get_with_cookie("/guide/", COOKIE).body.contains("data-carafe-source"));
    site.build(&[]);
    assert!(!site.output("guide/index.html").contains("data-carafe-source"));
}
