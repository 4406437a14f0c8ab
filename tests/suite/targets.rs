//! Links and images by file.

use crate::support::{Ran, SiteFolder, run};

const PNG: &str = "not really a picture";

fn site(config: &str, more: &[(&str, &str)]) -> SiteFolder {
    let config = format!("title: T\nurl: https://docs.example.org\n{config}");
    let mut files = vec![
        ("carafe.yml", config.as_str()),
        (
            "content/index.md",
            "---\ntitle: Home\n---\n[b](guides/b.md#part) [b](/guides/b.md) [m](mailto:a@b.c) [x](https://x.org/a.md)\n",
        ),
        (
            "content/guides/b.md",
            "---\ntitle: B\n---\n## Part\n\n[home](../index.md) [self](b.md?q=1#part) [old](../b/)\n",
        ),
        ("content/guides/shot one.png", PNG),
        ("static/logo.png", PNG),
    ];
    files.extend(more);
    SiteFolder::new(&files)
}

fn built(config: &str, more: &[(&str, &str)]) -> (SiteFolder, Ran) {
    let site = site(config, more);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (site, ran)
}

#[test]
fn links_and_images_by_file_lead_to_what_is_made_of_it() {
    let page = "---\ntitle: C\n---\n[b][b] ![shot](<shot one.png>) ![logo](/logo.png) ![shot](shot%20one.png)\n\n\
                <a href=\"b.md#part\">raw</a> <img src='shot one.png' srcset=\"/logo.png 2x\" alt=\"\">\n\n\
                {% note %}\n[in a callout](b.md)\n{% endnote %}\n\n[b]: b.md \"The page\"\n";
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("baseurl: /docs\nmarkdown: {{dialect: {dialect}}}\n");
        let (site, ran) = built(&config, &[("content/guides/c.md", page)]);
        assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
        let home = site.output("index.html");
        for expected in
            ["href=\"/docs/guides/b/#part\"", "href=\"/docs/guides/b/\"", "mailto:a@b.c", "https://x.org/a.md"]
        {
            assert!(home.contains(expected), "{expected}\n{home}");
        }
        let b = site.output("guides/b/index.html");
        assert!(
            b.contains("href=\"/docs/\"") && b.contains("/docs/guides/b/?q=1#part") && b.contains("href=\"../b/\""),
            "{b}"
        );
        let c = site.output("guides/c/index.html");
        let article = &c[c.find("</h1>").unwrap()..];
        assert_eq!(article.matches("/docs/guides/shot%20one.png").count(), 3, "{article}");
        assert_eq!(article.matches("/docs/logo.png").count(), 2, "{article}");
        assert!(
            article.contains("href=\"/docs/guides/b/\" title=\"The page\"") && article.contains("/docs/guides/b/#part"),
            "{article}"
        );
        assert!(!article.contains(".md\""), "{article}");
        let checked = run(&["check", "-s", site.path().to_str().unwrap()]);
        assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    }
    let (site, _) = built("markdown: {github: false}\n", &[]);
    assert!(site.output("index.html").contains("guides/b.md#part"));
}

#[test]
fn in_an_include_a_path_counts_from_its_file_or_from_the_page() {
    let include = "[from here](../content/guides/b.md) [from the page](b.md) ![shot](shot%20one.png)\n";
    let page = "---\ntitle: C\n---\n{% include more.md %}\n";
    let (site, _) = built("", &[("includes/more.md", include), ("content/guides/c.md", page)]);
    let c = site.output("guides/c/index.html");
    assert_eq!(c.matches("<a href=\"/guides/b/\">from").count(), 2, "{c}");
    assert!(c.contains("src=\"/guides/shot%20one.png\""), "{c}");
}

#[test]
fn files_that_do_not_exist_are_told_where_they_are_named() {
    let page = "---\ntitle: C\n---\n[b](othr.md)\n\n![shot](../shot%20one.png) ![gone](gone.png) [pdf](x.pdf) [dir](nowhere/)\n";
    let (site, ran) =
        built("", &[("content/guides/deep/c.md", page), ("content/guides/other.md", "---\ntitle: X\n---\n")]);
    assert!(
        ran.stderr.contains("warning[broken-link]: there is no source `othr.md`")
            && ran.stderr.contains("did you mean `content/guides/other.md`"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("there is no file `gone.png`") && ran.stderr.contains("content/guides/deep/c.md:6"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.matches("warning[").count(), 2, "{}", ran.stderr);
    assert!(site.output("guides/deep/c/index.html").contains("href=\"othr.md\""));
    let checked = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(checked.code != 0 && !checked.stderr.contains("there is no source"), "{}", checked.stderr);
}

#[test]
fn releases_are_kept_to() {
    let source = "---\ntitle: Install\n---\n[use](use.md) {% if_version gte:2.0 %}[new](new.md){% endif_version %} [other](../milk/pour.md)\n";
    let nav = |product: &str, release: &str, items: &str| {
        format!("product: {product}\nrelease: {release}\ngenerate: true\nitems:\n{items}")
    };
    let [old, new] = [
        nav("tea", "1.0", "  - {text: Install, url: /install/}\n  - {text: Use, url: /use/}\n"),
        nav(
            "tea",
            "2.0",
            "  - {text: Install, url: /install/}\n  - {text: Use, url: /use/}\n  - {text: New, url: /new/}\n",
        ),
    ];
    let [milk1, milk2] =
        [nav("milk", "1.9", "  - {text: Pour, url: /pour/}\n"), nav("milk", "1.10", "  - {text: Pour, url: /pour/}\n")];
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n"),
        (
            "data/versions.yml",
            "- {edition: tea, release: '1.0'}\n- {edition: tea, release: '2.0'}\n- {edition: milk, release: '1.9'}\n- {edition: milk, release: '1.10'}\n",
        ),
        ("data/nav_tea_1.yml", &old),
        ("data/nav_tea_2.yml", &new),
        ("data/nav_milk_1.yml", &milk1),
        ("data/nav_milk_2.yml", &milk2),
        ("_src/tea/install.md", source),
        ("_src/tea/use.md", "---\ntitle: Use\n---\n"),
        ("_src/tea/new.md", "---\ntitle: New\n---\n"),
        ("_src/milk/pour.md", "---\ntitle: Pour\n---\n"),
        ("content/index.md", "---\ntitle: Home\n---\n[use](/tea/use.md)\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let old = site.output("tea/1.0/install/index.html");
    assert!(
        old.contains("<a href=\"/tea/1.0/use/\">use") && old.contains("<a href=\"/milk/1.10/pour/\">other"),
        "{old}"
    );
    let new = site.output("tea/2.0/install/index.html");
    assert!(new.contains("<a href=\"/tea/2.0/use/\">use") && new.contains("<a href=\"/tea/2.0/new/\">new"), "{new}");
    assert!(site.output("index.html").contains("<a href=\"/tea/2.0/use/\">use"));
    site.write("_src/tea/install.md", "---\ntitle: Install\n---\n[new](new.md)\n");
    let ran = site.build(&[]);
    assert!(
        ran.code != 0 && ran.stderr.contains("error[unbuilt-source]: `tea 1.0` has no page from `new.md`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_jekyll_site_follows_its_plugin() {
    let files = |plugins: &str| {
        let config = format!("title: T\nbaseurl: /b\n{plugins}");
        let page = "---\ntitle: X\n---\n[a](sub/a.md#x) ![i](i.png) <a href=\"sub/a.md\">raw</a>\n";
        let site = SiteFolder::new(&[
            ("_config.yml", &config),
            ("index.md", page),
            ("sub/a.md", "---\ntitle: A\n---\n"),
            ("i.png", PNG),
        ]);
        assert_eq!(site.build(&[]).code, 0);
        site.output("index.html")
    };
    let plain = files("");
    assert!(plain.contains("href=\"sub/a.md#x\"") && plain.contains("src=\"i.png\""), "{plain}");
    let page = files("plugins: [jekyll-relative-links]\n");
    assert!(
        page.contains("href=\"/b/sub/a.html#x\"")
            && page.contains("src=\"/b/i.png\"")
            && page.contains("href=\"sub/a.md\""),
        "{page}"
    );
}

#[test]
fn links_by_file_follow_a_page_that_moves_and_one_that_appears() {
    let site = site("", &[("content/c.md", "---\ntitle: C\n---\n[b](guides/b.md) [late](late.md)\n")]);
    let cached = |site: &SiteFolder| {
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output("c/index.html")
    };
    assert!(cached(&site).contains("href=\"/guides/b/\""));
    site.write("content/guides/b.md", "---\ntitle: B\npermalink: /moved/\n---\n");
    site.write("content/late.md", "---\ntitle: Late\n---\n");
    let page = cached(&site);
    assert!(page.contains("href=\"/moved/\"") && page.contains("href=\"/late/\""), "{page}");
}
