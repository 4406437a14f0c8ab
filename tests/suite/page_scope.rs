//! What a page defines, in the bodies of its callouts and tabs.

use crate::preview::Server;
use crate::support::SiteFolder;

const PAGE: &str = "---\ntitle: T\n---\nFirst[^a] and [x].\n\n{% note %}\nSee [x], [the y][Y], [Own] and a note[^b], again[^b].\n\n[own]: https://own.example\n{% endnote %}\n\n\
    {% tabs %}\n{% tab A %}\nIn a tab [x] and[^1].\n\n{% tip %}\nNested [X].\n{% endtip %}\n{% endtab %}\n{% tab B %}\nOwn note[^1] here.\n\n[^1]: Own text.\n{% endtab %}\n{% endtabs %}\n\n\
    {% apart %}\n[x] and[^a].\n{% endapart %}\n\n{% paged %}\n[x] and[^a].\n{% endpaged %}\n\nLast[^c].\n\n\
    [x]: https://x.example \"X\"\n[y]: https://y.example\n\n[^a]: Note A.\n\n[^b]: Note B.\n\n[^1]: Note one.\n\n[^c]: Note C.\n";

fn site(config: &str) -> SiteFolder {
    let tag = |scope: &str, class: &str| {
        format!(
            "---\ntag:\n  kind: block\n  content: markdown\n{scope}---\n<div class=\"{class}\">{{{{ content }}}}</div>\n"
        )
    };
    SiteFolder::new(&[
        ("carafe.yml", &format!("title: T\n{config}")),
        ("includes/tags/apart.html", &tag("", "apart")),
        ("includes/tags/paged.html", &tag("  scope: page\n", "paged")),
        ("content/index.md", PAGE),
    ])
}

const LINK: &str = "<a href=\"https://x.example\" title=\"X\">";

#[test]
fn links_and_footnotes_of_the_page_work_in_callouts_and_tabs() {
    for dialect in ["markdown: {dialect: kramdown}\n", "markdown: {dialect: commonmark}\n"] {
        let site = site(dialect);
        let ran = site.build(&[]);
        let page = site.output("index.html");
        // The page, the note, the tab, the tip in it, and the tag that says so.
        assert_eq!(page.matches(LINK).count(), 5, "{dialect}{page}");
        for expected in [
            "<a href=\"https://y.example\">the y</a>",
            "<a href=\"https://own.example\">Own</a>",
            "<p>[x] and[^a].</p>",
            "href=\"#fn:b\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">2</a></sup>, again<sup id=\"fnref:b:in-1\">",
            "href=\"#fn:1-1\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">3</a>",
            "<li id=\"fn:1-1\">",
            "Own note<sup id=\"fnref:1\">",
            "<p>Own text.",
            "Last<sup id=\"fnref:c\"><a href=\"#fn:c\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">4</a>",
            "Note B.\u{a0}<a href=\"#fnref:b:in\"",
        ] {
            assert!(page.contains(expected), "{dialect}{expected}\n{page}");
        }
        assert!(!page.contains("<!--footnote"), "{page}");
        for code in ["unused-footnote", "undefined-link-reference"] {
            assert!(!ran.stderr.contains(code), "{}", ran.stderr);
        }
        // Every reference leads somewhere.
        for (at, _) in page.match_indices("href=\"#") {
            let id = page[at + 7..].split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{dialect}{id}\n{page}");
        }
    }
}

#[test]
fn what_no_page_defines_is_told_once_and_where_it_stands() {
    let page =
        "---\ntitle: T\n---\n{% note %}\nSee [x][nope], [y] and[^no].\n{% endnote %}\n\n[y]: https://y.example\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", page)]);
    let ran = site.build(&[]);
    assert!(site.output("index.html").contains("<a href=\"https://y.example\">y</a>"));
    for expected in ["warning[undefined-link-reference]", "warning[undefined-footnote]", "content/index.md:5:5"] {
        assert_eq!(ran.stderr.matches(expected).count(), 1, "{expected} {}", ran.stderr);
    }
}

#[test]
fn bodies_in_jekyll_sites_know_their_own_definitions_alone() {
    let page = "---\ntitle: T\n---\n{% note %}\nSee [x].\n{% endnote %}\n\n[x]: https://x.example\n";
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("index.md", page)]);
    site.build(&[]);
    assert!(site.output("index.html").contains("See [x]."), "{}", site.output("index.html"));
}

#[test]
fn cached_builds_and_included_definitions_are_the_same() {
    let page = "---\ntitle: T\n---\n{% tip %}\nSee [x] in {{ page.title }}.\n{% endtip %}\n\n{% include links.md %}\n";
    let files =
        [("carafe.yml", "title: T\n"), ("includes/links.md", "[x]: https://x.example\n"), ("content/index.md", page)];
    let site = SiteFolder::new(&files);
    for args in [&["--cache"][..], &["--cache", "--verify"]] {
        let ran = site.build(args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            site.output("index.html").contains("<a href=\"https://x.example\">x</a> in T."),
            "{}",
            site.output("index.html")
        );
    }
    site.write("includes/links.md", "[x]: https://z.example\n");
    site.build(&["--cache"]);
    assert!(site.output("index.html").contains("https://z.example"), "{}", site.output("index.html"));
}

/// The ids that the links of a footnote's text lead back to.
fn back_links<'p>(page: &'p str, note: &str) -> Vec<&'p str> {
    let item = page.split(&format!("<li id=\"fn:{note}\">")).nth(1).unwrap().split("</li>").next().unwrap();
    item.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn titles_know_what_the_page_defines() {
    let page = "---\ntitle: T\n---\n{% note See [x] %}\nA\n{% endnote %}\n\n{% accordion title=\"More of [x] and[^a]\" %}\nB\n{% endaccordion %}\n\n\
        {% tabs %}\n{% tab In [x], note[^a] %}\nC\n{% endtab %}\n{% endtabs %}\n\n[x]: https://x.example\n\n[^a]: Note.\n";
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("title: T\nmarkdown: {{dialect: {dialect}}}\n");
        let site = SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", page)]);
        let ran = site.build(&["--strict"]);
        let html = site.output("index.html");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for expected in [
            "<p class=\"callout-title\">See <a href=\"https://x.example\">x</a></p>",
            "<summary>More of <a href=\"https://x.example\">x</a> and<sup id=\"fnref:a:in\"><a href=\"#fn:a\"",
            // A tab is a link itself.
            ">In x, note<sup id=\"fnref:a:in-1\">1</sup></a>",
        ] {
            assert!(html.contains(expected), "{dialect} {expected}\n{html}");
        }
    }
}

#[test]
fn every_reference_to_a_footnote_has_its_link_back() {
    let page = "---\ntitle: T\n---\nFirst[^a].\n\n{% note %}\nIn[^a], again[^a] and[^b].\n{% endnote %}\n\nLast[^a] and[^b].\n\n[^a]: Note A.\n\n[^b]: Note B.\n";
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("title: T\nmarkdown: {{dialect: {dialect}}}\n");
        let site = SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", page)]);
        site.build(&[]);
        let html = site.output("index.html");
        assert_eq!(back_links(&html, "a"), ["fnref:a", "fnref:a:in", "fnref:a:in-1", "fnref:a:1"], "{dialect}");
        assert_eq!(back_links(&html, "b"), ["fnref:b:in", "fnref:b"], "{dialect}");
        for id in back_links(&html, "a") {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{dialect} {id}");
        }
    }
}

#[test]
fn the_preview_renews_callouts_when_what_they_name_changes() {
    let page = |address: &str| {
        format!(
            "---\ntitle: T\n---\n{{% note See [x] %}}\nBody [x].\n{{% endnote %}}\n\n{{% include links.md %}}\n\n{address}\n"
        )
    };
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/links.md", "[y]: https://y.example\n"),
        ("content/index.md", &page("[x]: https://one.example")),
    ]);
    let server = Server::start(&site, &["-P", "0"]);
    server.until("/", "Body <a href=\"https://one.example\">x</a>");
    site.write("content/index.md", page("[x]: https://two.example"));
    server.until("/", "Body <a href=\"https://two.example\">x</a>");
    assert!(server.get("/").body.contains("See <a href=\"https://two.example\">x</a></p>"));
    // The definition moves into the include, is changed there, and goes.
    site.write("content/index.md", page(""));
    server.until("/", "Body [x].");
    site.write("includes/links.md", "[x]: https://three.example\n");
    server.until("/", "Body <a href=\"https://three.example\">x</a>");
    site.write("includes/links.md", "None.\n");
    server.until("/", "Body [x].");
}
