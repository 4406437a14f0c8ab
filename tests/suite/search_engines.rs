//! What other programs learn of a site: places in the navigation, what robots may do, when pages were changed, the feed.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::support::{Ran, SiteFolder};

fn site(config: &str, more: &[(&str, &str)]) -> SiteFolder {
    let config = format!("title: T & co\n{config}");
    let files = [
        ("carafe.yml", config.as_str()),
        ("content/index.md", "---\ntitle: Home\n---\n"),
        ("content/guides/index.md", "---\ntitle: \"Guides </script><!-- \\\" & more\"\n---\n"),
        ("content/guides/a b.md", "---\ntitle: A\n---\n"),
    ];
    SiteFolder::new(&[&files, more].concat())
}

const URL: &str = "url: https://e.org\nbaseurl: /docs\n";

fn built(site: &SiteFolder) -> Ran {
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

#[test]
fn a_page_says_where_it_stands_in_a_form_that_search_engines_read() {
    let of = |config: &str, page: &str| -> Vec<Value> {
        let site = site(config, &[]);
        built(&site);
        let html = Html::parse_document(&site.output(page));
        let scripts = Selector::parse("script[type='application/ld+json']").unwrap();
        html.select(&scripts).map(|script| serde_json::from_str(&script.text().collect::<String>()).unwrap()).collect()
    };
    let way = json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Guides </script><!-- \" & more", "item": "https://e.org/docs/guides/"},
            {"@type": "ListItem", "position": 2, "name": "A", "item": "https://e.org/docs/guides/a%20b/"},
        ],
    });
    assert_eq!(of(URL, "guides/a b/index.html"), [way]);
    assert_eq!(of(URL, "guides/index.html"), Vec::<Value>::new(), "one place is no way");
    assert_eq!(of("", "guides/a b/index.html"), Vec::<Value>::new(), "addresses are whole ones");
}

#[test]
fn robots_are_told_where_the_site_map_is_unless_the_site_tells_them_itself() {
    let plain = site("", &[]);
    built(&plain);
    assert_eq!(plain.output("robots.txt"), "User-agent: *\nDisallow:\n");
    let known = site(URL, &[]);
    built(&known);
    assert_eq!(known.output("robots.txt"), "User-agent: *\nDisallow:\n\nSitemap: https://e.org/docs/sitemap.xml\n");
    let own = site(URL, &[("static/robots.txt", "mine")]);
    built(&own);
    assert_eq!(own.output("robots.txt"), "mine");
}

/// Commits all files at this time.
fn commit(site: &SiteFolder, date: &str) {
    site.git(&["add", "-A"]);
    // The committer's date counts.
    let mut command = std::process::Command::new("git");
    command.args(["-C", site.path().to_str().unwrap(), "-c", "user.name=n", "-c", "user.email=e@example.org"]);
    command.args(["-c", "commit.gpgsign=false", "commit", "-qm", "x"]).env("GIT_COMMITTER_DATE", date);
    assert!(command.status().unwrap().success());
}

fn shown(site: &SiteFolder, page: &str) -> Option<String> {
    let html = Html::parse_document(&site.output(page));
    let place = html.select(&Selector::parse(".last-updated").unwrap()).next()?;
    let time = html.select(&Selector::parse(".last-updated time").unwrap()).next()?;
    Some(format!("{} [{}]", place.text().collect::<String>().trim(), time.attr("datetime")?))
}

#[test]
fn git_says_when_a_page_was_changed_last_and_the_page_may_say_it_better() {
    let config = "url: https://e.org\ntheme: {last_updated: true}\n";
    let more = [
        ("content/own.md", "---\ntitle: Own\nlast_updated: 2020-02-03\n---\n"),
        ("content/ümläut.md", "---\ntitle: U\nlang: de\n---\n"),
    ];
    let site = site(config, &more);
    site.git(&["init", "-q"]);
    commit(&site, "2024-01-02T10:00:00 +0000");
    site.write("content/guides/a b.md", "---\ntitle: A\n---\nother\n");
    commit(&site, "2024-03-04T23:30:00 -0800");
    site.write("content/index.md", "---\ntitle: Home\n---\nnot committed\n");
    site.write("content/new.md", "---\ntitle: New\n---\n");
    let ran = built(&site);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    assert_eq!(shown(&site, "guides/a b/index.html").unwrap(), "Last updated on 2024-03-05 [2024-03-05]");
    assert_eq!(shown(&site, "index.html").unwrap(), "Last updated on 2024-01-02 [2024-01-02]");
    assert_eq!(shown(&site, "own/index.html").unwrap(), "Last updated on 2020-02-03 [2020-02-03]");
    assert_eq!(shown(&site, "ümläut/index.html").unwrap(), "Zuletzt aktualisiert am 02.01.2024 [2024-01-02]");
    assert_eq!(shown(&site, "new/index.html"), None);
    let map = site.output("sitemap.xml");
    assert!(map.contains("<url><loc>https://e.org/guides/a%20b/</loc><lastmod>2024-03-05</lastmod></url>"), "{map}");
    assert!(map.contains("<url><loc>https://e.org/new/</loc></url>"), "{map}");
    // The cache holds pages to it.
    site.build(&["--cache"]);
    site.git(&["add", "-A"]);
    commit(&site, "2024-05-06T10:00:00 +0000");
    assert_eq!(site.build(&["--cache", "--verify"]).code, 0);
    assert_eq!(shown(&site, "new/index.html").unwrap(), "Last updated on 2024-05-06 [2024-05-06]");
    let clone = SiteFolder::new(&[]);
    let source = format!("file://{}", site.path().display());
    clone.git(&["clone", "-q", "--depth", "1", &source, clone.path().join("s").to_str().unwrap()]);
    let ran = crate::support::run(&["build", "-s", clone.path().join("s").to_str().unwrap()]);
    assert!(ran.stderr.contains("warning[shallow-clone]"), "{}", ran.stderr);
}

#[test]
fn without_git_or_the_option_a_page_says_its_own_time_alone() {
    let more = [
        ("content/own.md", "---\ntitle: Own\nlast_updated: 2020-02-03\n---\n"),
        ("content/bad.md", "---\ntitle: Bad\nlast_updated: soon\n---\n"),
    ];
    let lost = site("theme: {last_updated: true}\n", &more);
    let ran = built(&lost);
    assert!(ran.stderr.contains("warning[no-history]"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning[front-matter-type]").count(), 1, "{}", ran.stderr);
    let plain = site("", &more);
    plain.git(&["init", "-q"]);
    commit(&plain, "2024-01-02T10:00:00 +0000");
    assert!(!built(&plain).stderr.contains("no-history"));
    for site in [&lost, &plain] {
        assert_eq!(shown(site, "own/index.html").unwrap(), "Last updated on 2020-02-03 [2020-02-03]");
        assert_eq!([shown(site, "bad/index.html"), shown(site, "index.html")], [None, None]);
    }
}

const NEWS: [(&str, &str); 4] = [
    (
        "content/news/one.md",
        "---\ntitle: \"One <1> & \\aonly\"\ndate: 2024-01-31 10:00 +0100\ndescription: Why & how\nfeed: true\n---\n",
    ),
    ("content/news/two.md", "---\ntitle: Two\ndate: 2024-01-01\nlast_updated: 2024-03-01\nfeed: true\n---\n"),
    ("content/news/not.md", "---\ntitle: Not\ndate: 2024-02-01\n---\n"),
    ("content/news/when.md", "---\ntitle: When\nfeed: true\n---\n"),
];

#[test]
fn pages_that_ask_for_it_are_in_the_feed_the_newest_first() {
    let site = site(&format!("{URL}description: All of it.\nlanguage: en\n"), &NEWS);
    let ran = built(&site);
    let feed = site.output("feed.xml");
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
        <id>https://e.org/docs/</id>\n<title>T &amp; co</title>\n<updated>2024-03-01T00:00:00+00:00</updated>\n\
        <author><name>T &amp; co</name></author>\n\
        <link rel=\"self\" type=\"application/atom+xml\" href=\"https://e.org/docs/feed.xml\"/>\n\
        <link rel=\"alternate\" type=\"text/html\" href=\"https://e.org/docs/\"/>\n<subtitle>All of it.</subtitle>\n\
        <entry>\n<id>https://e.org/docs/news/two/</id>\n<title>Two</title>\n\
        <link rel=\"alternate\" type=\"text/html\" href=\"https://e.org/docs/news/two/\"/>\n\
        <published>2024-01-01T00:00:00+00:00</published>\n<updated>2024-03-01T00:00:00+00:00</updated>\n</entry>\n\
        <entry>\n<id>https://e.org/docs/news/one/</id>\n<title>One &lt;1&gt; &amp; only</title>\n\
        <link rel=\"alternate\" type=\"text/html\" href=\"https://e.org/docs/news/one/\"/>\n\
        <published>2024-01-31T09:00:00+00:00</published>\n<updated>2024-01-31T09:00:00+00:00</updated>\n\
        <summary>Why &amp; how</summary>\n</entry>\n</feed>\n";
    assert_eq!(feed, expected);
    assert!(site.output("index.html").contains(
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/docs/feed.xml\" title=\"T &amp; co\">"
    ));
    assert_eq!(ran.stderr.matches("warning[not-in-feed]").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("content/news/when.md:3:1"), "{}", ran.stderr);
    let checked = crate::support::run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(!checked.stderr.contains("error["), "{}", checked.stderr);
}

#[test]
fn the_site_map_knows_languages_where_there_are_several() {
    let plain = site(URL, &[]);
    built(&plain);
    let map = plain.output("sitemap.xml");
    assert!(map.contains("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"), "{map}");
}

#[test]
fn a_site_that_nobody_knows_the_address_of_has_no_feed_and_one_of_its_own_wins() {
    let lost = site("", &NEWS);
    let ran = built(&lost);
    assert!(
        ran.stderr.contains("warning[not-in-feed]: there is no feed") && ran.stderr.contains("give the site its `url`"),
        "{}",
        ran.stderr
    );
    assert!(!lost.path().join("_site/feed.xml").exists() && !lost.output("index.html").contains("atom+xml"));
    let own = site(URL, &[&NEWS[..1], &[("static/feed.xml", "mine")]].concat());
    built(&own);
    assert_eq!(own.output("feed.xml"), "mine");
    let none = site(URL, &[]);
    built(&none);
    assert!(!none.path().join("_site/feed.xml").exists() && !none.output("index.html").contains("atom+xml"));
}

#[test]
fn an_edit_link_names_the_source_by_its_path_in_the_sites_folder() {
    for (pattern, link) in [
        ("https://e.org/edit/", "https://e.org/edit/content/guides/a%20b.md"),
        ("https://e.org/{path}?edit", "https://e.org/content/guides/a%20b.md?edit"),
    ] {
        let site = site(&format!("theme: {{edit_url: \"{pattern}\"}}\n"), &[]);
        built(&site);
        assert!(site.output("guides/a b/index.html").contains(&format!("href=\"{link}\"")), "{link}");
    }
}
