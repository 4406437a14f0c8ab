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
fn quotes_are_named_as_for_kramdown() {
    for (names, quoted) in [
        ("lsaquo,rsaquo,laquo,raquo", "\u{ab}a\u{bb} \u{2039}b\u{203a}"),
        ("apos,apos,quot,quot", "\"a\" 'b'"),
        ("<,>,x,y", "xay &lt;b&gt;"),
    ] {
        let config = format!("kramdown: {{smart_quotes: '{names}'}}\n");
        let (site, _) = built(&config, &[("a.md", "---\n---\n\"a\" 'b'\n")]);
        assert_eq!(site.output("a.html"), format!("<p>{quoted}</p>\n"), "{names}");
    }
    for names in ["lsquo", "lsquo,rsquo,ldquo,none"] {
        let ran = SiteFolder::new(&[("_config.yml", &format!("kramdown: {{smart_quotes: '{names}'}}\n"))]).build(&[]);
        assert!(ran.code == 2 && ran.stderr.contains("four quotes such as"), "{}", ran.stderr);
    }
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

#[test]
fn a_pattern_of_addresses_knows_every_part_of_a_date() {
    let pattern = ":year-:short_year-:month-:i_month-:day-:i_day-:y_day-:short_month-:long_month-:short_day-:long_day-:week-:w_year-:w_day-\
                   :hour-:minute-:second-:slug-:title";
    let config = format!(
        "timezone: UTC\npermalink: /{pattern}.html\ndefaults:\n- {{scope: {{path: '', type: page}}, values: {{who: page}}}}\n\
         - {{scope: {{path: '', type: post}}, values: {{who: post}}}}\n"
    );
    let text = |date: &str| format!("---\ndate: {date} 03:04:05\n---\n{{{{ page.who }}}}");
    let dates = ["2021-01-02", "2024-12-30", "2023-07-09"];
    let posts = dates.map(|date| (format!("_posts/{date}-a-b.md"), text(date)));
    let mut files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("a.md", "---\n---\n{{ page.who }}"));
    let (site, _) = built(&config, &files);
    for path in [
        "2021-21-01-1-02-2-002-Jan-January-Sat-Saturday-53-2020-6-03-04-05-a-b-a-b.html",
        "2024-24-12-12-30-30-365-Dec-December-Mon-Monday-01-2025-1-03-04-05-a-b-a-b.html",
        "2023-23-07-7-09-9-190-Jul-July-Sun-Sunday-27-2023-7-03-04-05-a-b-a-b.html",
    ] {
        assert_eq!(site.output(path), "<p>post</p>\n");
    }
    assert_eq!(site.output("a.html"), "<p>page</p>\n", "a class may be named in the singular");
}

#[test]
fn links_that_lead_to_no_source_stay_as_they_are() {
    let text = "---\n---\n[a](#x) [b](https://x.org/b.md) [c](mailto:b.md) [d](/b.md) [e](./b.md) [f](b.md?q) [g](//x.org/b.md)\n";
    let (site, _) = built("plugins: [jekyll-relative-links]\n", &[("a.md", text), ("b.md", "---\n---\nb")]);
    assert_eq!(
        site.output("a.html"),
        "<p><a href=\"#x\">a</a> <a href=\"https://x.org/b.md\">b</a> <a href=\"mailto:b.md\">c</a> <a href=\"/b.html\">d</a> \
         <a href=\"/b.html\">e</a> <a href=\"b.md?q\">f</a> <a href=\"//x.org/b.md\">g</a></p>\n"
    );
}

#[test]
fn pictures_of_emoji_come_from_where_the_site_says_and_heads_keep_their_names() {
    let page = "---\n---\n<html><head><title>:smile:</title></head><body class=\"x\">:smile: :nosuch: <code>:smile:</code></body></html>";
    let (site, _) = built("plugins: [jemoji]\nemoji: {src: 'https://e.org/i/'}\n", &[("e.html", page)]);
    let html = site.output("e.html");
    assert!(html.contains("<title>:smile:</title>") && html.contains(":nosuch: <code>:smile:</code>"), "{html}");
    assert!(html.contains("src=\"https://e.org/i/") && html.matches("<img").count() == 1, "{html}");
    let (site, _) = built("plugins: [jemoji]\nemoji: {src: ''}\n", &[("e.html", page)]);
    assert!(site.output("e.html").contains("src=\"https://github.githubassets.com/"), "{}", site.output("e.html"));
}

#[test]
fn kramdowns_own_parser_reads_where_the_site_says_so() {
    let page =
        "---\n---\n#Ünder <b>x</b>\n\ntext\n* star\n\n```yaml\na: 1\n```\n\n~~x~~ [Home], [own]\n\n[own]: /here\n";
    let defs = "link_defs: {home: [/home/, 'The \"start\"'], own: [/there]}";
    let built = |kramdown: &str| built(&format!("kramdown: {{{kramdown}}}\n"), &[("a.md", page)]);
    let own = "<h1 id=\"nder-bxb\">Ünder <b>x</b></h1>\n\n<p>text\n* star</p>\n\n\
               <p><code class=\"language-plaintext highlighter-rouge\">yaml\na: 1\n</code></p>\n\n\
               <p>~~x~~ <a href=\"/home/\" title=\"The &quot;start&quot;\">Home</a>, <a href=\"/here\">own</a></p>\n\n";
    for name in ["kramdown", "Kramdown"] {
        let (site, ran) = built(&format!("input: {name}, {defs}"));
        assert_eq!(site.output("a.html"), own);
        assert!(!ran.stderr.contains("twice"), "{}", ran.stderr);
    }
    let (site, _) = built("gfm_quirks: []");
    let html = site.output("a.html");
    assert!(
        html.contains("<p>text\n* star</p>") && html.contains("language-yaml") && html.contains("<del>x</del>"),
        "{html}"
    );
    // Ruby's symbols are names, too.
    for quirks in ["[paragraph_end]", "paragraph_end", "[':paragraph_end']", "'no_auto_typographic,paragraph_end'"] {
        let (site, _) = built(&format!("gfm_quirks: {quirks}"));
        assert!(site.output("a.html").contains("<ul>\n  <li>star</li>\n</ul>"), "{quirks}");
    }
}

#[test]
fn options_of_kramdown_that_are_not_built_in_are_told() {
    let told = "kramdown:\n  auto_id_stripping: true\n  input: markdown\n  html_to_native: true\n  remove_line_breaks_for_cjk: true\n";
    let (_, ran) = built(told, &[("a.md", "---\n---\nx\n")]);
    for (place, code, name) in [
        ("3:10", "invalid-option", "markdown"),
        ("4:19", "unknown-option", "html_to_native"),
        ("5:31", "unknown-option", "remove_line_breaks_for_cjk"),
    ] {
        assert!(ran.stderr.contains(&format!("warning[{code}]")), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("_config.yml:{place}")), "{place}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("`{name}` is not built in")), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("auto_id_stripping"), "{}", ran.stderr);
    let (_, ran) = built("kramdown: {html_to_native: false, input: GFM}\n", &[("a.md", "---\n---\nx\n")]);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
}
