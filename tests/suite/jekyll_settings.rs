//! What settings of Jekyll sites and of their plugins do; what is expected here Jekyll 4.3 and the plugins have answered.

use crate::support::{Ran, SiteFolder, program, run};

/// A site of these files, and what its build said.
fn built(config: &str, files: &[(&str, &str)]) -> (SiteFolder, Ran) {
    let site = SiteFolder::new(&[("_config.yml", config)]);
    files.iter().for_each(|(path, text)| site.write(path, text));
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (site, ran)
}

fn has(site: &SiteFolder, path: &str) -> bool {
    site.files().contains_key(std::path::Path::new(path))
}

#[test]
fn links_to_sources_lead_to_pages_wherever_they_stand() {
    let text = "---\n---\n[a](b.md) [b](b.md#x) [c]() [d](\nx) [e](b.md \"t\") [f](sub/README.md) [g](none.md) [h](<b.md>)\n\n[one]\n[two]\n\n\
                [one]: b.md\n[two]: b.md#y \"T\"\nafter\n\n[x](b.md)\n";
    let config =
        "plugins: [jekyll-relative-links, jekyll-readme-index, jekyll-optional-front-matter]\npermalink: /:title\n";
    let (site, _) = built(config, &[("a.md", text), ("b.md", "---\n---\nB\n"), ("sub/README.md", "# readme\n")]);
    let expected = "<p><a href=\"/b\">a</a> <a href=\"/b#x\">b</a> <a href=\"\">c</a> <a href=\"x\">d</a> <a href=\"/b\" title=\"t\">e</a> \
                    <a href=\"/sub/\">f</a> <a href=\"none.md\">g</a> <a href=\"b.md\">h</a></p>\n\n<p><a href=\"/b#y\" title=\"T\">one</a></p>\n\n\
                    <p>after</p>\n\n<p><a href=\"/b\">x</a></p>\n";
    assert_eq!(site.output("a.html"), expected);
    assert!(has(&site, "sub/index.html") && has(&site, "sub/README.md"));
}

#[test]
fn feeds_are_made_for_the_collections_that_are_named() {
    let page = "---\ndate: 2024-02-03\ntitle: One\n---\nx\n";
    let files = [("_g/e.md", page), ("_h/e.md", page), ("_i/e.md", page), ("_posts/2024-01-01-p.md", "---\n---\nx\n")];
    let collections = "collections: {g: {output: true}, h: {output: true}, i: {output: true}}\nplugins: [jekyll-feed]\nurl: https://x.org\n";
    let (site, _) = built(&format!("{collections}feed: {{collections: [g, h]}}\n"), &files);
    for (path, is_there) in [("feed.xml", true), ("feed/g.xml", true), ("feed/h.xml", true), ("feed/i.xml", false)] {
        assert_eq!(has(&site, path), is_there, "{path}");
    }
    assert!(site.output("feed/g.xml").contains("https://x.org/g/e.html"), "{}", site.output("feed/g.xml"));
    let (site, _) = built(&format!("{collections}feed: {{collections: {{h: {{path: /new.xml}}}}}}\n"), &files);
    assert!(has(&site, "new.xml") && !has(&site, "feed/h.xml") && has(&site, "feed.xml"));
    let (site, _) = built(&format!("{collections}feed: {{disable_in_development: true}}\n"), &files);
    assert!(!has(&site, "feed.xml"), "a build is one of development unless the environment says otherwise");
    for (environment, is_there) in [("production", true), ("development", false), ("staging", true)] {
        let ran =
            program().args(["build", "-s", site.path().to_str().unwrap()]).env("JEKYLL_ENV", environment).output();
        assert!(ran.unwrap().status.success());
        assert_eq!(has(&site, "feed.xml"), is_there, "{environment}");
    }
}

#[test]
fn the_title_of_a_further_page_of_a_list_says_which_it_is() {
    let (site, _) = built(
        "title: S\nplugins: [jekyll-seo-tag, jekyll-paginate]\npaginate: 1\nseo_paginator_message: \"%<current>s/%{total} %% \"\n",
        &[
            ("index.html", "---\n---\n{% seo %}"),
            ("_posts/2024-01-01-a.md", "---\n---\n"),
            ("_posts/2024-01-02-b.md", "---\n---\n"),
        ],
    );
    assert!(site.output("index.html").contains("<title>S</title>"));
    assert!(site.output("page2/index.html").contains("<title>2/2 % S</title>"));
}

#[test]
fn a_table_of_contents_has_an_anchor_for_each_heading() {
    let html = "<h2>A b</h2><h2>A b</h2><div class=no_toc_section><h2>out</h2></div><h3>A b</h3><h2 class=no_toc>N</h2><h2>C</h2>";
    let text = format!("---\ntoc: true\n---\n{{{{ \"{html}\" | toc_only }}}}");
    let (site, _) = built("plugins: [jekyll-toc]\n", &[("t.html", &text)]);
    assert_eq!(
        site.output("t.html"),
        "<ul id=\"toc\" class=\"section-nav\">\n<li class=\"toc-entry toc-h2\"><a href=\"#a-b\">A b</a></li>\n\
         <li class=\"toc-entry toc-h2\"><a href=\"#a-b-1\">A b</a>\n<ul>\n<li class=\"toc-entry toc-h3\"><a href=\"#a-b-2\">A b</a></li>\n\
         </ul>\n</li>\n<li class=\"toc-entry toc-h2\"><a href=\"#c\">C</a></li>\n</ul>"
    );
}

#[test]
fn quotes_and_addresses_follow_the_configuration() {
    let (site, _) = built(
        "kramdown: {smart_quotes: 'sbquo,lsquo,bdquo,ldquo'}\npermalink: /:slugified_categories/:title.html\n",
        &[
            ("a.md", "---\n---\n\"quo\" and 'one'\n"),
            ("_posts/2024-01-01-p.md", "---\ncategories: [Big Cat, big cat, \u{c4} b]\n---\nx\n"),
        ],
    );
    assert_eq!(site.output("a.html"), "<p>\u{201e}quo\u{201c} and \u{201a}one\u{2018}</p>\n");
    assert!(has(&site, "big-cat/\u{e4}-b/p.html"), "{:?}", site.files().keys());
}

/// A document without a date of its own has that of the build, which is no reason to be put anywhere.
#[test]
fn documents_stand_in_the_order_of_their_dates_and_posts_are_bounded() {
    let dated = |date: &str| format!("---\ndate: {date}\n---\n");
    let (a, b, d) = (dated("2024-03-01"), dated("2024-02-01"), dated("2024-01-01"));
    let list = "---\n---\n{{ site.g | map: 'slug' | join: ' ' }}|{{ site.posts | map: 'slug' | join: ' ' }}";
    let files = [
        ("index.html", list),
        ("_g/a.md", &*a),
        ("_g/b.md", &b),
        ("_g/d.md", &d),
        ("_posts/2024-01-01-x.md", "---\n---\n"),
        ("_posts/2024-01-02-y.md", "---\n---\n"),
        ("_posts/2024-01-03-z.md", "---\n---\n"),
    ];
    for (limit, posts) in [(0, "z y x"), (2, "z y"), (3, "z y x")] {
        let (site, _) = built(&format!("collections: {{g: {{output: true}}}}\nlimit_posts: {limit}\n"), &files);
        assert_eq!(site.output("index.html"), format!("d b a|{posts}"));
    }
}

#[test]
fn drafts_that_are_not_built_use_their_includes_all_the_same() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        ("index.md", "---\n---\nx\n"),
        ("_drafts/a.md", "---\n---\n{% include x.html %}\n"),
        ("_drafts/b.md", "---\n---\n{% include y.html %}\n"),
        ("_drafts/c.markdown", "---\n---\n{% include z.html %}\n"),
        ("_includes/x.html", "x"),
        ("_includes/y.html", "y"),
        ("_includes/z.html", "z"),
        ("_includes/none.html", "none"),
    ]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    let told = ran.stdout + &ran.stderr;
    assert!(told.contains("`none.html`"), "{told}");
    assert!(!told.contains("`x.html`") && !told.contains("`y.html`") && !told.contains("`z.html`"), "{told}");
}
