//! Values as filters see them: captured blocks, and numbers as they were written.

use crate::support;

use support::{SiteFolder, run};

const NOTE: &str = "---\ntag: {kind: block, content: markdown}\n---\n<div class=\"n\">{{ content | strip }}</div>\n";

/// The page at `/`, cut down to what the text itself gives, and what was said.
fn page(files: &[(&str, &str)], text: &str) -> (String, String) {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("includes/tags/n.html", NOTE)]);
    for (path, text) in files {
        site.write(path, text);
    }
    site.write("content/index.md", text);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (path, bytes) in site.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(['\u{fdd0}', '\u{fdd1}']), "{}", path.display());
    }
    let html = site.output("index.html");
    let start = html.find("</header>\n<p>").or_else(|| html.find("<p>")).unwrap_or(0);
    (html[start..].to_owned(), ran.stderr)
}

const CAPTURED: &str = "---\ntitle: T\n---\nx\n{% capture x %}{% n %}Read *me*.{% endn %}{% endcapture %}\n";

#[test]
fn filters_and_operators_see_the_html_of_a_captured_block() {
    let html = "<div class=\"n\"><p>Read <em>me</em>.</p></div>";
    let text = format!(
        "{CAPTURED}\n{{{{ x | size }}}} {{{{ x | strip_html }}}} {{{{ x | slice: 0, 4 | escape }}}}\n\n\
         {{% if x contains 'Read' %}}SEEN{{% endif %}} {{% capture y %}}{{% n %}}Read *me*.{{% endn %}}{{% endcapture %}}\
         {{% if x == y %}}SAME{{% endif %}} {{% case x %}}{{% when y %}}CASE{{% endcase %}}\n\n\
         {{{{ x | split: 'Read' | last | escape }}}}\n\n{{{{ x | replace: 'Read', 'Heed' }}}}\n"
    );
    let (shown, said) = page(&[], &text);
    assert!(shown.contains(&format!("<p>{} Read me. &lt;div", html.len())), "{shown}\n{said}");
    assert!(shown.contains("<p>SEEN SAME CASE</p>"), "{shown}");
    assert!(shown.contains("&lt;em&gt;me&lt;/em&gt;.&lt;/p&gt;&lt;/div&gt;</p>"), "{shown}");
    assert!(shown.contains("<div class=\"n\"><p>Heed <em>me</em>.</p></div>"), "{shown}");
}

#[test]
fn a_captured_block_that_stays_unchanged_is_a_block_wherever_it_is_printed() {
    let same = ("includes/filters/same.html", "---\nfilter: {}\n---\n{{ input }}\n");
    let text = format!(
        "{CAPTURED}\n{{{{ x | same }}}}\n\n- item\n\n  {{{{ x | append: ' ' | strip }}}}\n\n\
         | a | b |\n|---|---|\n| {{{{ x | strip }}}} | c |\n\n{{{{ x | append: x }}}}\n\nend\n"
    );
    let (shown, said) = page(&[same], &text);
    let html = "<div class=\"n\"><p>Read <em>me</em>.</p></div>";
    assert_eq!(shown.matches(html).count(), 5, "{shown}\n{said}");
    assert!(shown.contains(&format!("<td>{html}</td>")), "{shown}");
    assert!(!shown.contains("<p><div"), "{shown}");
}

#[test]
fn in_code_and_attributes_a_block_is_its_text() {
    let text = format!(
        "{CAPTURED}\n`{{{{ x }}}}` [l](index.md \"{{{{ x }}}}\") <a title=\"{{{{ x | escape }}}}\">t</a>\n\n```\n{{{{ x }}}}\n```\n\n\
         F {{{{ '%EF%B7%900%EF%B7%91' | url_decode }}}} &#xFDD0;0&#xFDD1; {{{{ page.forged }}}}\n"
    )
    .replacen("title: T\n", "title: T\nforged: \"\\uFDD00\\uFDD1\"\n", 1);
    let (shown, said) = page(&[], &text);
    let escaped = "&lt;div class=\"n\"&gt;&lt;p&gt;Read &lt;em&gt;me&lt;/em&gt;.&lt;/p&gt;&lt;/div&gt;";
    assert_eq!(shown.matches(&format!("{escaped}</code>")).count(), 1, "{shown}\n{said}");
    assert!(shown.contains(&format!("<code>{escaped}\n</code>")), "{shown}");
    assert!(shown.contains("title=\"&lt;div class=&quot;n&quot;"), "{shown}");
    assert!(shown.contains("<p>F \u{fffd}0\u{fffd} \u{fffd}0\u{fffd} \u{fffd}0\u{fffd}</p>"), "{shown}");
}

#[test]
fn in_commonmark_too_code_and_attributes_hold_the_text_of_a_block() {
    let config = ("carafe.yml", "title: T\nmarkdown: {dialect: commonmark}\n");
    let text = format!(
        "{CAPTURED}\na <a title=\"{{{{ x }}}}\">t</a> {{{{ x }}}}\n\n```\n{{{{ x }}}}\n```\n\n{{{{ x | strip }}}}\n"
    );
    let (shown, said) = page(&[config], &text);
    assert!(shown.contains("<a title=\"&lt;div class=&quot;n&quot;&gt;"), "{shown}\n{said}");
    assert!(shown.contains("<code>&lt;div class=\"n\"&gt;&lt;p&gt;Read"), "{shown}");
    assert!(shown.contains("</p>\n<div class=\"n\">") || shown.contains("</div>\n<div class=\"n\">"), "{shown}");
}

#[test]
fn a_captured_highlight_has_the_text_that_jekyll_gives_it() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        (
            "index.md",
            "---\n---\n{% capture c %}{% highlight ruby %}puts \"a < b\"{% endhighlight %}{% endcapture %}{{ c | size }}\n\n\
         {{ c | replace: 'puts', 'print' }}\n\n{{ c | append: c }}\n",
        ),
    ]);
    assert_eq!(site.build(&[]).code, 0);
    let html = site.output("index.html");
    assert!(html.starts_with("<p>163</p>\n\n<figure"), "{html}");
    assert_eq!((html.matches("<figure").count(), html.matches("&lt;figure").count()), (3, 0), "{html}");
    assert!(html.contains("<span class=\"nb\">print</span>"), "{html}");
}

const NUMBERS: &str = "---\ntitle: 2.0\nversion: 1.10\ny: 2024\ne: 1e3\nh: 0x1F\nu: 1_000\n---\nx\n\n";

#[test]
fn a_number_prints_as_it_was_written_and_counts_as_a_number() {
    let data = ("data/v.yml", "- {name: a, version: 1.10}\n- {name: b, version: 1.9}\n- {name: c, version: 1.1}\n");
    let keys = ("data/m.yml", "1.10: ten\n1.1: one\n");
    let text = format!(
        "{NUMBERS}{{{{ page.version }}}} {{{{ page.y }}}} {{{{ page.e }}}} {{{{ page.h }}}} {{{{ page.u }}}} {{{{ 1.10 }}}}\n\n\
         {{{{ page.version | plus: 1 }}}} {{{{ page.e | plus: 1 }}}} {{{{ page.h | plus: 1 }}}} {{{{ page.u | times: 2 }}}}\n\n\
         {{% if page.version == 1.1 and page.version == '1.10' and page.version < 1.2 and page.version > '1.9' %}}ALL{{% endif %}}\n\n\
         J{{{{ page.version | jsonify }}}},{{{{ page.h | jsonify }}}},{{{{ page.u | jsonify }}}}\n\n\
         W{{{{ site.data.v | where: 'version', '1.10' | map: 'name' }}}} {{{{ site.data.v | map: 'version' | uniq | sort | join: ',' }}}} \
         {{{{ site.data.m[page.version] }}}} {{{{ site.api }}}}\n\n\
         V{{% if_version gte:1.9 %}}yes{{% endif_version %}}\n"
    )
    .replacen("version: 1.10\n", "version: 1.10\nrelease: 1.10\n", 1);
    let config = ("carafe.yml", "title: 1.10\nvariables: {api: 2.50}\n");
    let (shown, said) = page(&[data, keys, config], &text);
    for expected in [
        "<p>1.10 2024 1e3 0x1F 1_000 1.1</p>",
        "<p>2.1 1001.0 32 2000</p>",
        "<p>ALL</p>",
        "<p>J1.10,31,1000</p>",
        "<p>Wa 1.10,1.1,1.9 ten 2.50</p>",
        "<p>Vyes</p>",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}\n{said}");
    }
}

#[test]
fn a_jekyll_site_keeps_rubys_numbers_and_check_tells_the_lost_digit() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\napi: 2.50\n"),
        ("_data/v.yml", "é: x\nlist: [1.10, '1.10', 2.5, 007, 1.2.0]\n"),
        ("index.md", "---\nversion: 1.10\n---\n{{ page.version }} {{ site.api }} {{ site.data.v.list | join: ' ' }}\n"),
    ]);
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("index.html"), "<p>1.1 2.5 1.1 1.10 2.5 7 1.2.0</p>\n");
    let said = run(&["check", "-s", site.path().to_str().unwrap()]).stderr;
    let places = ["_config.yml:2:6", "_data/v.yml:2:8", "_data/v.yml:2:27", "index.md:2:10"];
    for place in places {
        assert!(said.contains(&format!(" --> {place}\n")), "{place}: {said}");
    }
    assert_eq!(said.matches("[lost-digit]").count(), places.len(), "{said}");
}

#[test]
fn the_newest_release_is_the_highest_that_is_no_pre_release() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nsingle_source: {versions: versions, source: src, nav: ['nav_*']}\n"),
        ("content/index.md", "x\n"),
        (
            "data/versions.yml",
            "- {edition: gw, release: 2.0-beta}\n- {edition: gw, release: 1.10}\n- {edition: gw, release: 1.9}\n- {edition: gw, release: next}\n",
        ),
        ("src/gw/a.md", "{% if_version gte:2.0 %}TWO{% elsif gte:1.10 %}TEN{% else %}OLD{% endif_version %}\n"),
    ]);
    for release in ["2.0-beta", "1.10", "1.9", "next"] {
        let nav = format!("product: gw\nrelease: {release}\ngenerate: true\nitems: [{{url: /a/, title: {release}}}]\n");
        site.write(&format!("data/nav_{release}.yml"), nav);
    }
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (release, text) in [("2.0-beta", "TEN"), ("1.10", "TEN"), ("1.9", "OLD"), ("next", "TWO")] {
        assert!(site.output(&format!("gw/{release}/a/index.html")).contains(text), "{release}");
    }
    assert!(site.output("gw/latest/a/index.html").contains("/gw/1.10/a/"));
}

#[test]
fn a_site_knows_what_its_configuration_says_of_it() {
    let config = "title: My title\ndescription: My words\nurl: https://x.org/\nbaseurl: docs\nlanguage: de-CH\n\
                  variables: {api: v2, deep: {list: [a, b]}}\n";
    let text = "x\n\n{{ site.title }} | {{ site.description }} | {{ site.url }} | {{ site.baseurl }} | {{ site.language }} | \
                {{ site.api }} | {{ site.deep.list | join: '+' }} |\n";
    let (shown, said) = page(&[("carafe.yml", config)], text);
    let cells = ["My title", "My words", "<a href=\"https://x.org\">https://x.org</a>", "/docs", "de-CH", "v2", "a+b"];
    let cell = |text: &&str| shown.contains(&format!(">{text}</td>"));
    assert!(cells.iter().all(cell), "{shown}\n{said}");
}

/// What a Jekyll site's page lists with the filter that joins, one line for each expression.
fn listed(files: &[(&str, &str)], expressions: &[&str]) -> Vec<String> {
    let lines = expressions.iter().map(|text| format!("{{{{ {text} | join: ' ' }}}}\n"));
    let site = SiteFolder::new(files);
    site.write("list.txt", format!("---\n---\n{}", lines.collect::<String>()));
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.output("list.txt").lines().map(str::to_owned).collect()
}

#[test]
fn the_lists_of_a_jekyll_site_hold_what_jekyll_puts_there() {
    let text = "---\ntags: red, blue  green\ncategories: [a b, c]\ncategory: d\n---\nx\n";
    let files = [
        ("_config.yml", "title: T\n"),
        ("index.html", "---\n---\nx\n"),
        ("p.md", "---\n---\nx\n"),
        ("feed.xml", "---\n---\nx\n"),
        ("js/lib.min.js", "x"),
        ("LICENSE", "x"),
        ("top/_posts/2024-01-02-one.md", text),
        ("2999.md", "---\ndate: 2999-01-01\n---\nx\n"),
        ("_posts/2999-01-01-later.md", text),
    ];
    let lists = listed(
        &files,
        &[
            "site.html_pages | map: 'url' | sort",
            "site.static_files | map: 'path' | sort",
            "site.static_files | map: 'basename' | sort",
            "site.static_files | map: 'extname' | sort",
            "site.posts[0].tags",
            "site.posts[0].categories",
            "site.posts | map: 'url'",
        ],
    );
    assert_eq!(
        lists,
        [
            "/ /2999.html /p.html",
            "/LICENSE /js/lib.min.js",
            "LICENSE lib.min",
            " .js",
            "red, blue green",
            "top a b c d",
            "/top/a%20b/c/d/2024/01/02/one.html",
        ]
    );
}

#[test]
fn tags_and_categories_of_a_post_are_lists_words_or_one_name() {
    for (front, tags, categories) in [
        ("tag: a b\ntags: [c]\ncategory: d e", "[\"a b\"]", "[\"d e\"]"),
        ("tags: a  b\ncategories: c d c", "[\"a\",\"b\"]", "[\"c\",\"d\"]"),
        ("tags: [2024, x y, null]\ncategories: [2024, 1.5, x y]", "[2024,\"x y\"]", "[\"2024\",\"1.5\",\"x y\"]"),
        ("tags: 2024\ncategories: 2024\ncategory: [a, [b]]", "[]", "[\"2024\",\"a\",\"b\"]"),
        ("tag: false\ntags:\ncategory:", "[]", "[]"),
    ] {
        let post = format!("---\n{front}\n---\nx\n");
        let files = [("_config.yml", ""), ("_posts/2024-01-02-p.md", &*post)];
        let lists = listed(&files, &["site.posts[0].tags | jsonify", "site.posts[0].categories | jsonify"]);
        assert_eq!(lists, [tags, categories], "{front}");
    }
}
