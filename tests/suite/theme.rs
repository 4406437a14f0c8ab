//! The theme and the built-in tags, as a reader of a built site meets them.

use crate::support;

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};
use support::{SiteFolder, named};

const CONFIG: (&str, &str) = ("carafe.yml", "title: Site\n");

/// The page made from this text, in a site of this configuration; the build must find nothing wrong.
fn page_of(config: &str, text: &str) -> Html {
    let site = SiteFolder::new(&[("carafe.yml", config), ("content/p.md", text)]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Html::parse_document(&site.output("p/index.html"))
}

fn page(body: &str) -> Html {
    page_of(CONFIG.1, &format!("---\ntitle: Page\n---\n{body}"))
}

fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn texts(html: &Html, selector: &str) -> Vec<String> {
    let text = |element: ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
    all(html, selector).into_iter().map(text).collect()
}

fn attributes<'h>(html: &'h Html, selector: &str, name: &str) -> Vec<&'h str> {
    all(html, selector).into_iter().map(|element| element.value().attr(name).unwrap_or("—")).collect()
}

fn assert_distinct_ids(html: &Html) {
    let ids = attributes(html, "[id]", "id");
    let distinct: HashSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
}

#[test]
fn tabs_follow_the_aria_pattern_and_name_every_panel() {
    let page = page(
        "## Tabs\n\n{% tabs os %}\n{% tab macOS %}\n*one*\n{% endtab %}\n{% tab A & B %}\ntwo\n{% endtab %}\n{% endtabs %}\n",
    );
    assert_eq!(all(&page, ".tabs.os > [role=tablist] > a[role=tab]").len(), 2);
    assert_eq!(attributes(&page, "[role=tab]", "aria-selected"), ["true", "false"]);
    assert_eq!(attributes(&page, "[role=tab]", "tabindex"), ["—", "-1"], "one tab stop for the group");
    let panels = attributes(&page, "[role=tabpanel]", "id");
    assert_eq!(attributes(&page, "[role=tab]", "aria-controls"), panels);
    let links: Vec<String> = panels.iter().map(|id| format!("#{id}")).collect();
    assert_eq!(attributes(&page, "[role=tab]", "href"), links);
    assert_eq!(attributes(&page, "[role=tabpanel]", "aria-labelledby"), attributes(&page, "[role=tab]", "id"));
    assert_eq!(texts(&page, ".tabs-label"), ["macOS", "A & B"], "without script the panels say what they are");
    assert_eq!(texts(&page, "[role=tabpanel] em"), ["one"]);
    assert!(all(&page, "[role=tabpanel][hidden]").is_empty(), "only the script hides");
    assert_distinct_ids(&page);
}

/// Titles of the tabs of the site's parts, the current one with a star, and which part the column beside the page shows.
fn parts(site: &SiteFolder, page: &str) -> (Vec<String>, Option<String>) {
    let html = Html::parse_document(&site.output(page));
    let tabs = all(&html, ".sections a").into_iter().map(|tab| {
        let star = if tab.attr("aria-current").is_some() { "*" } else { "" };
        format!("{} {}{star}", tab.text().collect::<String>(), tab.attr("href").unwrap_or_default())
    });
    let tabs = tabs.collect();
    let here = texts(&html, ".nav > li > [data-here] > summary").first().cloned();
    (tabs, here.or_else(|| Some(all(&html, "[data-part]").first()?.attr("data-part")?.to_owned())))
}

#[test]
fn parts_of_the_site_are_tabs() {
    let page = |title: &str| format!("---\ntitle: {title}\n---\nText.\n");
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: S\ntheme: {section_tabs: true}\n"),
        ("content/index.md", &page("Home")),
        ("content/a.md", &page("A")),
        ("content/b.md", &page("B")),
        ("content/guides/index.md", &page("Guides")),
        ("content/guides/deep/one.md", &page("One")),
        ("content/words/two.md", &page("Two <&>")),
    ]);
    let built = |config: &str| {
        site.write("carafe.yml", config);
        let ran = site.build(&["--strict"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    built("title: S\ntheme: {section_tabs: true}\n");
    let strings = |tabs: &[&str]| tabs.iter().map(|tab| (*tab).to_owned()).collect::<Vec<_>>();
    let tabs = |overview: &str, guides: &str, words: &str| {
        strings(&[
            &format!("Overview /a/{overview}"),
            &format!("Guides /guides/{guides}"),
            &format!("Words /words/two/{words}"),
        ])
    };
    for (path, expected, part) in [
        ("b/index.html", tabs("*", "", ""), Some("loose")),
        ("guides/index.html", tabs("", "*", ""), Some("Guides")),
        ("guides/deep/one/index.html", tabs("", "*", ""), Some("Guides")),
        ("words/two/index.html", tabs("", "", "*"), Some("Words")),
        ("index.html", tabs("", "", ""), None),
        ("404.html", tabs("", "", ""), None),
    ] {
        assert_eq!(parts(&site, path), (expected, part.map(str::to_owned)), "{path}");
    }
    let nav = "nav: [Start: index.md, Learn: [a.md, {title: G, page: guides/index.md, children: [guides/deep/one.md]}], Forum: 'https://e.org/f']";
    built(&format!("title: S\nbaseurl: /x\ntheme: {{section_tabs: true}}\n{nav}\n"));
    let expected = strings(&["Start /x/", "Learn /x/a/*", "Forum https://e.org/f"]);
    assert_eq!(parts(&site, "guides/deep/one/index.html"), (expected, Some("Learn".to_owned())));
    built("title: S\ntheme: {section_tabs: true}\nnav: [Learn: [a.md, b.md]]\n");
    assert_eq!(parts(&site, "a/index.html").0, strings(&[]), "one part is no choice");
    built("title: S\n");
    assert_eq!(parts(&site, "guides/index.html"), (Vec::new(), None));
    // Of a large site each page shows its own branch; the parts are the same.
    let many: Vec<(String, String)> =
        (0..230).map(|n| (format!("content/words/w{n}.md"), page(&format!("W{n}")))).collect();
    many.iter().for_each(|(path, text)| site.write(path, text));
    built("title: S\ntheme: {section_tabs: true}\n");
    assert_eq!(parts(&site, "guides/index.html"), (tabs("", "*", ""), Some("Guides".to_owned())));
    assert_eq!(parts(&site, "b/index.html"), (tabs("*", "", ""), Some("loose".to_owned())));
}

#[test]
fn tabs_nest_and_stand_in_lists() {
    let inner = "{% tabs %}\n{% tab A %}\ninner\n{% endtab %}\n{% endtabs %}";
    let outer = format!("{{% tabs %}}\n{{% tab A %}}\n{inner}\n{{% endtab %}}\n{{% endtabs %}}");
    let indented = outer.replace('\n', "\n   ");
    let page = page(&format!("1. one\n\n2. two\n\n   {indented}\n\n3. three\n\n{outer}\n"));
    assert_eq!(all(&page, "article > ol").len(), 1);
    assert_eq!(all(&page, "article > ol > li").len(), 3);
    assert_eq!(all(&page, "li:nth-child(2) > .tabs > .tabs-panel > .tabs > .tabs-panel").len(), 1);
    assert_eq!(all(&page, "article > .tabs > .tabs-panel > .tabs").len(), 1);
    assert_distinct_ids(&page);
}

#[test]
fn callouts_have_a_label_of_their_kind_or_their_own() {
    for (tag, label) in
        [("note", "Note"), ("tip", "Tip"), ("important", "Important"), ("warning", "Warning"), ("danger", "Danger")]
    {
        let page =
            page(&format!("{{% {tag} %}}\n**x**\n{{% end{tag} %}}\n\n{{% {tag} 1 < 2 %}}\ny\n{{% end{tag} %}}\n"));
        assert_eq!(all(&page, &format!(".callout.callout-{tag}[role=note]")).len(), 2);
        assert_eq!(texts(&page, ".callout-title"), [label, "1 < 2"]);
        assert_eq!(texts(&page, ".callout strong"), ["x"]);
    }
}

#[test]
fn an_accordion_is_a_details_element() {
    let page = page(
        "## Accordion\n\n{% accordion %}\nx\n{% endaccordion %}\n\n{% accordion Why? %}\n- y\n{% endaccordion %}\n",
    );
    assert_eq!(texts(&page, "details.accordion > summary"), ["Details", "Why?"]);
    assert_eq!(texts(&page, "details.accordion > .accordion-body li"), ["y"]);
    assert_distinct_ids(&page);
}

#[test]
fn titles_hold_markdown_and_options_are_those_that_are_declared() {
    let page = page(
        "{% accordion title=\"`a` *b*\" open=true id=\"own\" %}\nx\n{% endaccordion %}\n\n{% accordion \"1. What is a=b | c?\" %}\ny\n{% endaccordion %}\n\n\
         {% tabs id=\"group\" default=\"two\" %}\n{% tab One [x](#own) %}\nx\n{% endtab %}\n{% tab Two %}\n## Inside\n{% endtab %}\n{% endtabs %}\n\n\
         {% tip It's `code` %}\nx\n{% endtip %}\n",
    );
    assert_eq!(texts(&page, "details#own[open] > summary em"), ["b"]);
    assert_eq!(texts(&page, "details:not([open]) > summary"), ["1. What is a=b | c?"]);
    assert_eq!(texts(&page, "#group .tabs-tab[aria-selected=true]"), ["Two"]);
    assert_eq!(texts(&page, "#group-two-panel.tabs-first h2"), ["Inside"]);
    assert_eq!(texts(&page, "#group .tabs-tab:first-child"), ["One x"]);
    assert!(texts(&page, ".tabs-tab a").is_empty(), "a link in a link");
    assert_eq!(texts(&page, ".callout-title code"), ["code"]);
    assert_eq!(texts(&page, ".toc a"), ["Inside"]);
    assert_distinct_ids(&page);
}

#[test]
fn what_is_no_option_stays_in_the_title_and_is_told() {
    let calls = "{% accordion opne=true FAQ %}\nx\n{% endaccordion %}\n\n{% note Set A=1 %}\nx\n{% endnote %}\n\n\
        {% tabs default=\"Nope\" %}\n{% tab a=b %}\nx\n{% endtab %}\n{% endtabs %}\n\n{% note title=\"T\" rest %}\nx\n{% endnote %}\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", calls)]);
    let ran = site.build(&[]);
    for told in [
        "`opne=` is no option",
        "did you mean `open`?",
        "`a=` is no option",
        "`default` names `Nope`",
        "`rest` stands beside `title=`",
    ] {
        assert!(ran.stderr.contains(told), "{told}\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("`A=`"), "{}", ran.stderr);
}

#[test]
fn code_gets_a_title_and_marked_lines() {
    let page = page(
        "{% code title=\"a<b.txt\" lines=\"2,4-5\" %}\n~~~text\n1\n2\n~~~\n{% endcode %}\n\n{% code %}\n~~~\nx\n~~~\n{% endcode %}\n",
    );
    assert_eq!(texts(&page, "figure.code > figcaption"), ["a<b.txt"]);
    assert_eq!(attributes(&page, ".code-mark", "style"), ["--from: 2; --to: 2", "--from: 4; --to: 5"]);
    assert_eq!(texts(&page, "figure.code pre code"), ["1\n2", "x"]);
}

#[test]
fn a_diagram_keeps_its_text() {
    let page = page("{% mermaid %}\ngraph LR\n  A --> B{{ x }}\n  *C* & D\n{% endmermaid %}\n");
    assert_eq!(texts(&page, "pre.mermaid"), ["graph LR\n  A --> B{{ x }}\n  *C* & D"]);
}

#[test]
fn every_page_marks_itself_in_the_navigation_and_knows_its_neighbours() {
    let site = SiteFolder::new(&[
        CONFIG,
        ("content/index.md", "---\ntitle: Home\nlayout: home\nactions: [{title: Go, url: /a/}]\n---\n"),
        ("content/a/index.md", "---\ntitle: A\nweight: 1\n---\n"),
        ("content/a/one.md", "---\ntitle: One & only\n---\n## Part\n"),
        ("content/b/two.md", "---\ntitle: Two\n---\n"),
    ]);
    let ran = site.build(&["--strict", "-b", "/base"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = Html::parse_document(&site.output("a/one/index.html"));
    assert_eq!(texts(&page, "nav.sidebar [aria-current=page]"), ["One & only"]);
    assert_eq!(attributes(&page, "nav.sidebar a", "href"), ["/base/a/", "/base/a/one/", "/base/b/two/"]);
    assert_eq!(texts(&page, "nav.sidebar details[open] > summary"), ["A"], "its own section is open, others are not");
    assert_eq!(attributes(&page, ".pager a", "href"), ["/base/a/", "/base/b/two/"]);
    assert_eq!(texts(&page, ".breadcrumbs li"), ["A"]);
    assert_eq!(attributes(&page, ".toc a", "href"), ["#part"]);
    assert_eq!(
        attributes(&page, "link[rel=stylesheet]", "href"),
        [format!("/base/{}", named(&site.path().join("_site"), "assets/carafe.css"))]
    );
    let home = Html::parse_document(&site.output("index.html"));
    assert_eq!(texts(&home, "h1"), ["Home"]);
    assert_eq!(attributes(&home, ".actions a", "href"), ["/base/a/"]);
}

#[test]
fn a_site_replaces_single_files_and_adds_to_the_head() {
    let site = SiteFolder::new(&[
        CONFIG,
        ("content/p.md", "---\ntitle: P\n---\n{% note %}\nx\n{% endnote %}\n"),
        ("templates/custom-head.html", "<meta name=\"mine\" content=\"{{ site.title }}\">"),
        ("templates/toc.html", "{% macro list(items, depth) %}{% endmacro list %}"),
        ("static/assets/icon.svg", "<svg/>"),
        ("includes/tags/note.html", "---\ntag: {kind: block, content: markdown}\n---\n<aside>{{ content }}</aside>\n"),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = Html::parse_document(&site.output("p/index.html"));
    assert_eq!(attributes(&page, "head meta[name=mine]", "content"), ["Site"]);
    assert_eq!(texts(&page, "article > aside p"), ["x"]);
    assert_eq!(site.output("assets/icon.svg"), "<svg/>");
    assert!(site.output("assets/carafe.css").contains(".callout"), "the other files are still ours");
}

#[test]
fn heads_tell_whole_encoded_addresses_to_other_sites() {
    let site = SiteFolder::new(&[
        (
            "carafe.yml",
            "title: Site\ndescription: All.\nurl: https://e.org/\nbaseurl: /docs\nredirects: {/old/: /a b/ü/}\n",
        ),
        ("content/index.md", "---\ntitle: Home\n---\n"),
        ("content/a b/ü.md", "---\ntitle: P\ndescription: Why.\nimage: {path: /a b.png}\n---\n"),
        ("content/other.md", "---\ntitle: O\nimage: https://o.org/x.png\n---\n"),
        ("static/a b.png", "x"),
    ]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    let of = |path: &str, name: &str| {
        let page = Html::parse_document(&site.output(path));
        attributes(&page, &format!("meta[property='og:{name}']"), "content").join(" ")
    };
    let page = "a b/ü/index.html";
    assert_eq!(of(page, "url"), "https://e.org/docs/a%20b/%C3%BC/");
    assert_eq!(of(page, "image"), "https://e.org/docs/a%20b.png");
    assert_eq!([of(page, "title"), of(page, "description"), of(page, "type")], ["P", "Why.", "article"]);
    assert_eq!([of("index.html", "type"), of("index.html", "description")], ["website", "All."]);
    assert_eq!(of("other/index.html", "image"), "https://o.org/x.png");
    assert!(site.output("sitemap.xml").contains("<loc>https://e.org/docs/a%20b/%C3%BC/</loc>"));
    assert!(site.output("old/index.html").contains("<a href=\"/docs/a%20b/%C3%BC/\">"));
    let page = Html::parse_document(&site.output(page));
    assert_eq!(attributes(&page, ".sidebar a[aria-current]", "href"), ["/docs/a%20b/%C3%BC/"]);
    let lost = site.output("404.html");
    assert!(!lost.contains("canonical") && !lost.contains("og:url"));
    site.write("carafe.yml", "title: T\nurl: e.org\n");
    let ran = site.build(&[]);
    assert!(ran.code == 2 && ran.stderr.contains("write `url: https://e.org`"), "{}", ran.stderr);
}

#[test]
fn options_of_the_theme_reach_the_page() {
    let page = page_of(
        "title: Site\nurl: https://e.org\nlanguage: de\ndiagnostics: {missing-file: off}\ntheme:\n  logo: l.svg\n  accent: '#0a5'\n  styles: [s.css]\n  \
         scripts: [s.js]\n  header_links: [{title: Blog, url: /blog/}]\n  footer: <b>F</b>\n  edit_url: https://e.org/edit\n",
        "---\ntitle: Page\ndescription: Why it is.\n---\n",
    );
    assert_eq!(attributes(&page, "html", "lang"), ["de"]);
    assert_eq!(attributes(&page, "link[rel=canonical]", "href"), ["https://e.org/p/"]);
    assert_eq!(attributes(&page, "meta[name=description]", "content"), ["Why it is."]);
    assert_eq!(attributes(&page, ".site-title img", "src"), ["/l.svg"]);
    assert!(texts(&page, "style")[0].contains("--accent:#0a5"));
    let sheets = attributes(&page, "link[rel=stylesheet]", "href");
    assert!(sheets[0].starts_with("/assets/carafe.") && sheets[1..] == ["/s.css"], "{sheets:?}");
    let scripts = attributes(&page, "script[src]", "src");
    assert!(scripts[0].starts_with("/assets/carafe.") && scripts[1..] == ["/s.js"], "{scripts:?}");
    assert_eq!(texts(&page, ".header-links a"), ["Blog"]);
    assert_eq!(texts(&page, ".site-footer b"), ["F"]);
    assert_eq!(attributes(&page, ".page-tools a:first-child", "href"), ["https://e.org/edit/content/p.md"]);
}

#[test]
fn roles_of_footnotes_stand_where_aria_allows_them() {
    let page = page("Text[^1].\n\n[^1]: Note.\n");
    assert_eq!(attributes(&page, "sup > a.footnote", "role"), ["doc-noteref"]);
    assert_eq!(attributes(&page, ".footnotes", "role"), ["doc-endnotes"]);
    assert!(all(&page, "sup[role], li[role]").is_empty());
}

#[test]
fn a_page_or_a_site_stays_out_of_the_search_on_request() {
    let site = SiteFolder::new(&[
        CONFIG,
        ("content/in.md", "---\ntitle: In\n---\nzephyr\n"),
        ("content/out.md", "---\ntitle: Out\nsearch: false\n---\nmistral\n"),
        ("content/404.md", "---\ntitle: Gone\n---\nsirocco\n"),
        ("content/data.json", "---\n---\n{\"a\": \"bora\"}\n"),
    ]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    let files = ["w0", "p0", "words"].map(|name| site.output(&format!("assets/search/{name}.json")));
    let index = files.concat();
    assert!(index.contains("zephyr"), "{index}");
    assert!(["mistral", "sirocco", "bora"].iter().all(|word| !index.contains(word)), "{index}");
    let page = Html::parse_document(&site.output("in/index.html"));
    assert_eq!(attributes(&page, ".search-button", "data-search"), ["/assets/search/"]);
    site.write("carafe.yml", "title: Site\ntheme: {search: false}\n");
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert!(!site.path().join("_site/assets/search").exists());
    let page = Html::parse_document(&site.output("in/index.html"));
    assert!(all(&page, ".search-button").is_empty());
}

#[test]
fn the_repository_is_a_link_and_the_generator_can_be_left_unnamed() {
    let config = "title: T\ntheme:\n  repository: https://example.org/r\n  generator: false\n";
    let html = page_of(config, "---\ntitle: P\n---\nx\n");
    assert_eq!(attributes(&html, ".header-links a", "href"), ["https://example.org/r"]);
    assert!(all(&html, "meta[name=generator]").is_empty());
    assert!(!texts(&html, "footer").concat().contains("Built with"));
    let plain = page("x\n");
    assert!(texts(&plain, "footer").concat().contains("Built with Carafe"));
    assert!(all(&plain, ".header-links").is_empty());
}

#[test]
fn the_search_knows_where_a_page_stands_and_what_it_says_of_itself() {
    let site = SiteFolder::new(&[
        CONFIG,
        ("content/index.md", "---\ntitle: Home\n---\nx\n"),
        ("content/guides/index.md", "---\ntitle: Guides\n---\nx\n"),
        ("content/guides/deep/index.md", "---\ntitle: Deep\n---\nx\n"),
        ("content/guides/deep/a.md", "---\ntitle: A\ndescription: About a.\n---\nx\n\n## H\n\n### I\n\ny\n"),
        ("content/away.md", "---\ntitle: Away\nnav: false\n---\nx\n"),
    ]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    let read = |name: &str| serde_json::from_str(&site.output(&format!("assets/search/{name}.json"))).unwrap();
    let (index, pages): (serde_json::Value, serde_json::Value) = (read("index"), read("p0"));
    let group_of = |at: usize| {
        let runs = index["runs"].as_array().unwrap();
        let all = runs.chunks(2).flat_map(|run| std::iter::repeat_n(&run[0], run[1].as_u64().unwrap() as usize));
        index["groups"][all.clone().nth(at).unwrap().as_u64().unwrap() as usize].as_str().unwrap().to_owned()
    };
    let mut told: Vec<String> = Vec::new();
    for (at, page) in pages.as_array().unwrap().iter().enumerate() {
        told.push(format!("{} {} {} {}|{}", page[0], page[1], page[2], page[3], group_of(at)));
    }
    told.sort();
    assert_eq!(
        told,
        [
            r#""A" "/guides/deep/a/" ["Guides","Deep"] "About a."|Guides"#,
            r#""Away" "/away/" [] ""|"#,
            r#""Deep" "/guides/deep/" ["Guides"] ""|Guides"#,
            r#""Guides" "/guides/" [] ""|Guides"#,
            r#""Home" "/" [] ""|"#,
        ]
    );
    let a = pages.as_array().unwrap().iter().find(|page| page[0] == "A").unwrap();
    assert_eq!(a[4].to_string(), r#"[["","",0,"x"],["H","h",2,""],["I","i",3,"y"]]"#);
    assert_eq!(index["others"].to_string(), "[]");
}
