//! Sites with releases in several languages: every page is there in every release and every language, and whoever leads on changes one of both.

use crate::preview::Server;
use crate::support::{SiteFolder, run};

const CONFIG: &str = "title: Kettle\nurl: https://tea.example.org\nbaseurl: /docs\noutputs: [html, markdown, llms]\n\
    languages:\n  de:\n    title: Kessel\n    titles: {Guides: Anleitungen, Secure: Absichern, Upgrade: Umsteigen}\n  ar:\n\
    theme: {header_links: [{title: Gateway, url: /gateway/latest/install/}, {title: Old, url: /gateway/1.2.x/install/}]}\n\
    single_source: {versions: versions, source: versioned, nav: ['nav_*']}\n";

const INSTALL: &str = "---\ntitle: Install it\nweight: 3\nredirect_from: /old/\n---\n\
    {% if_version gte:1.3.x %}new{% else %}old{% endif_version %} {{ page.release }} {{ page.version }} {{ site.language }} {% include tip.md %}\n\
    [upgrade](guides/upgrade.md)\n";

const INSTALLIEREN: &str = "---\ntitle: Einbauen\nslug: einbauen\noverrides: {grade: {neu: {gte: 1.3.x}}}\n---\n\
    {% if_version gte:1.3.x %}neu{% else %}alt{% endif_version %} {{ page.release }} {{ page.version }} {{ site.language }} {{ page.weight }} {{ page.grade | default: \"-\" }} {% include tip.md %}\n\
    [upgrade](guides/upgrade.md) [own](../../gateway/guides/upgrade.de.md) [root](/gateway/guides/upgrade.md) [start](/index.md) {% link versioned/gateway/guides/upgrade.md %}\n";

const NAV: &str = "items:\n  - {title: Overview, url: /gateway/}\n  - {title: Install, url: /install/}\n\
    \x20 - title: Guides\n    items:\n      - {title: Upgrade, url: /guides/upgrade/}\n";

fn site_with(config: &str, more: &[(&str, &str)]) -> SiteFolder {
    let mut files = vec![
        ("carafe.yml", config),
        ("content/index.md", "---\ntitle: Start\n---\n[install](/gateway/install.md)\n"),
        ("content/index.de.md", "---\ntitle: Anfang\n---\n[install](/gateway/install.md)\n"),
        ("versioned/gateway/index.md", "---\ntitle: Overview\n---\nAll.\n"),
        ("versioned/ar/gateway/index.md", "---\ntitle: Eigenes\nslug: other\n---\nAr.\n"),
        ("versioned/gateway/install.md", INSTALL),
        ("versioned/de/gateway/install.md", INSTALLIEREN),
        ("versioned/gateway/guides/upgrade.md", "---\ntitle: Upgrade\n---\nUp. [install](../install.md)\n"),
        ("versioned/gateway/guides/upgrade.de.md", "---\ntitle: Aktualisieren\n---\nAuf. [install](../install.md)\n"),
        (
            "versioned/gateway/guides/secure.md",
            "---\ntitle: Secure\n---\n{{ page.release }} [install](../install.md)\n",
        ),
        ("includes/tip.md", "A tip."),
        ("includes/de/tip.md", "Ein Tipp{% if_version eq:1.2.x %} für 1.2{% endif_version %}."),
        (
            "data/versions.yml",
            "- {edition: gateway, release: 1.2.x, version: 1.2.9}\n- {edition: gateway, release: 1.3.x, version: 1.3.7}\n\
             - {edition: gateway, release: 1.4.x, version: 1.4.2, latest: true}\n",
        ),
    ];
    files.extend(more);
    let site = SiteFolder::new(&files);
    let secure = "      - {title: Secure, url: /guides/secure/}\n";
    for (release, more) in [("1.2.x", ""), ("1.3.x", secure), ("1.4.x", secure)] {
        let nav = format!("product: gateway\nrelease: {release}\ngenerate: true\n{NAV}{more}");
        site.write(&format!("data/nav_{release}.yml"), nav);
    }
    site
}

fn site() -> SiteFolder {
    site_with(CONFIG, &[])
}

fn exists(site: &SiteFolder, path: &str) -> bool {
    site.path().join("_site").join(path).exists()
}

fn assert_all(html: &str, expected: &[&str]) {
    for text in expected {
        assert!(html.contains(text), "{text}\n{html}");
    }
}

#[test]
fn a_page_is_there_in_every_release_and_every_language() {
    let site = site();
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("de/gateway/1.3.x/einbauen/index.html");
    assert_all(
        &page,
        &[
            "<html lang=\"de\" ",
            "<title>Einbauen (1.3.x) · Kessel</title>",
            // Versions, includes and what is no text are those of the release and of the language.
            "<p>neu 1.3.x 1.3.7 de 3 neu Ein Tipp.",
            // Links by file stay in both.
            "<a href=\"/docs/de/gateway/1.3.x/guides/upgrade/\">upgrade</a> <a href=\"/docs/de/gateway/1.3.x/guides/upgrade/\">own</a> \
             <a href=\"/docs/de/gateway/1.3.x/guides/upgrade/\">root</a> <a href=\"/docs/de/\">start</a> /docs/de/gateway/1.3.x/guides/upgrade/",
            // Search engines keep the newest release, and find languages within one.
            "<link rel=\"canonical\" href=\"https://tea.example.org/docs/de/gateway/1.4.x/einbauen/\">",
            "hreflang=\"en\" href=\"https://tea.example.org/docs/gateway/1.3.x/install/\"",
            "hreflang=\"de\" href=\"https://tea.example.org/docs/de/gateway/1.3.x/einbauen/\"",
            "hreflang=\"x-default\" href=\"https://tea.example.org/docs/gateway/1.3.x/install/\"",
            "data-search=\"/docs/assets/search/de/gateway/1.3.x/ /docs/assets/search/de/\"",
            // Each switcher changes one of both.
            "<li><a href=\"/docs/gateway/1.3.x/install/\" hreflang=\"en\" lang=\"en\">English</a></li>",
            "<li><a href=\"/docs/ar/gateway/1.3.x/install/\" hreflang=\"ar\" lang=\"ar\" dir=\"rtl\">",
            "<li><a href=\"/docs/de/gateway/1.2.x/einbauen/\">1.2.x",
            "<p class=\"old-release\">Diese Seite beschreibt 1.3.x. Die neueste Version ist <a href=\"/docs/de/gateway/1.4.x/einbauen/\">1.4.x</a>.</p>",
            // What the navigation calls pages: the configuration, else the translation.
            "<a href=\"/docs/de/gateway/1.3.x/einbauen/\" aria-current=\"page\">Einbauen</a>",
            "<summary>Anleitungen</summary>",
            "<a href=\"/docs/de/gateway/1.3.x/guides/upgrade/\">Umsteigen</a>",
            "<a href=\"/docs/de/gateway/1.3.x/guides/secure/\">Absichern</a>",
            "<a class=\"pager-next\" href=\"/docs/de/gateway/1.3.x/guides/upgrade/\"",
            // Links of the header lead to the language, too, under `latest` as elsewhere.
            "<a href=\"/docs/de/gateway/latest/einbauen/\">Gateway</a>",
            "<a href=\"/docs/de/gateway/1.2.x/einbauen/\">Old</a>",
            "href=\"/docs/de/gateway/1.3.x/einbauen.md\"",
        ],
    );
    assert!(!page.contains("hreflang=\"ar\" href="), "{page}");
    assert_all(&site.output("de/gateway/1.2.x/einbauen/index.html"), &["<p>alt 1.2.x 1.2.9 de 3 - Ein Tipp für 1.2."]);
    assert_all(&site.output("gateway/1.2.x/install/index.html"), &["<p>old 1.2.x 1.2.9 en A tip."]);
    // From a page of no release the newest is meant.
    assert_all(&site.output("de/index.html"), &["<p><a href=\"/docs/de/gateway/1.4.x/einbauen/\">install</a></p>"]);
    for (path, to) in [
        ("de/gateway/latest/einbauen", "/docs/de/gateway/1.4.x/einbauen/"),
        ("old", "/docs/gateway/1.4.x/install/"),
        ("de/old", "/docs/de/gateway/1.4.x/einbauen/"),
        ("ar/old", "/docs/ar/gateway/1.4.x/install/"),
    ] {
        let html = site.output(&format!("{path}/index.html"));
        assert!(html.contains(&format!("href=\"{to}\"")), "{html}");
    }
    // The address of the release itself is nobody's to change.
    assert!(site.output("ar/gateway/1.3.x/index.html").contains("<p>Ar.</p>"));
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert_eq!((ran.code, ran.stderr.matches("warning").count()), (0, 0), "{}", ran.stderr);
}

#[test]
fn what_is_not_translated_is_shown_in_the_same_release() {
    let site = site();
    assert_eq!(site.build(&[]).code, 0);
    let page = site.output("ar/gateway/1.3.x/guides/secure/index.html");
    assert_all(
        &page,
        &[
            "<html lang=\"ar\" dir=\"rtl\" ",
            "<article class=\"content\" lang=\"en\" dir=\"ltr\">",
            "<a href=\"/docs/gateway/1.3.x/guides/secure/\" hreflang=\"en\" lang=\"en\">English</a></p>",
            "<p>1.3.x <a href=\"/docs/ar/gateway/1.3.x/install/\">install</a></p>",
            "<link rel=\"canonical\" href=\"https://tea.example.org/docs/gateway/1.4.x/guides/secure/\">",
            // 1.2.x has no such page, but one above it.
            "<li><a href=\"/docs/ar/gateway/1.2.x/\"><bdi dir=\"ltr\">1.2.x</bdi>",
        ],
    );
    assert!(!page.contains("rel=\"alternate\"") && !page.contains("noindex"), "{page}");
    let map = site.output("sitemap.xml");
    assert!(!map.contains("docs/ar/gateway/1.4.x/install/") && !map.contains("1.3.x"), "{map}");
    assert_all(
        &map,
        &[
            "<loc>https://tea.example.org/docs/de/gateway/1.4.x/einbauen/</loc><xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://tea.example.org/docs/gateway/1.4.x/install/\"/>",
        ],
    );
    // Programs get each release in each language by itself, and lists lead from one to the other.
    let list = site.output("llms.txt");
    assert_all(
        &list,
        &["docs/de/llms.txt)", "[Kettle: gateway 1.2.x](https://tea.example.org/docs/gateway/1.2.x/llms.txt)"],
    );
    assert!(!list.contains("docs/de/gateway/") && !exists(&site, "ar/gateway/1.3.x/install.md"), "{list}");
    assert_all(
        &site.output("de/llms.txt"),
        &["[Einbauen](https://tea.example.org/docs/de/gateway/1.4.x/einbauen.md)", "docs/de/gateway/1.2.x/llms.txt)"],
    );
    let list = site.output("de/gateway/1.2.x/llms-full.txt");
    assert!(list.contains("alt 1.2.x") && !list.contains("neu") && !list.contains("Up."), "{list}");
    // The search finds what is not translated, and leads to other releases in the language.
    assert!(site.output("assets/search/de/gateway/1.3.x/p0.json").contains("/de/gateway/1.3.x/guides/secure/"));
    let index = site.output("assets/search/de/gateway/1.3.x/index.json");
    assert_all(&index, &["[\"1.4.x\",\"assets/search/de/gateway/1.4.x/\"]"]);
    assert!(!index.contains("\"assets/search/gateway"), "{index}");
    let missing = site.output("de/404.html");
    assert_all(&missing, &["data-search=\"/docs/assets/search/de/ /docs/assets/search/de/gateway/1.4.x/\""]);
}

#[test]
fn what_is_wrong_with_a_source_is_told_once_for_all_releases() {
    let site = site_with(
        CONFIG,
        &[
            ("versioned/gateway/install.de.md", "---\ntitle: Noch eine\n---\n"),
            ("versioned/de/gateway/alone.md", "---\ntitle: Allein\n---\n"),
            ("versioned/ar/gateway/install.md", "---\ntitle: Draft\ndraft: true\n---\nNot yet.\n"),
        ],
    );
    site.write(
        "data/nav_1.4.x.yml",
        format!("product: gateway\nrelease: 1.4.x\ngenerate: true\n{}", NAV.replace("upgrade/", "secure/")),
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    assert_all(
        &ran.stderr,
        &[
            "error[duplicate-translation]: `versioned/de/gateway/install.md` and `versioned/gateway/install.de.md` are both `versioned/gateway/install.md` in the language `de`",
            "warning[translation-without-source]: `versioned/de/gateway/alone.md` is a translation of `versioned/gateway/alone.md`, which is not there",
            // 1.4.x does not list it.
            "error[unbuilt-source]: `gateway 1.4.x` has no page from `upgrade.md`\n --> versioned/de/gateway/install.md:",
        ],
    );
    assert_eq!(ran.stderr.matches("]: `versioned/").count(), 2, "{}", ran.stderr);
    // A draft is no translation yet.
    let site = self::site();
    site.write("versioned/ar/gateway/install.md", "---\ntitle: Draft\ndraft: true\n---\nNot yet.\n");
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert_all(&site.output("ar/gateway/1.3.x/install/index.html"), &["class=\"not-translated\"", "new 1.3.x"]);
    assert_eq!(site.build(&["--strict", "--drafts"]).code, 0);
    assert_all(&site.output("ar/gateway/1.3.x/install/index.html"), &["<p>Not yet.</p>"]);
    // An address of one's own counts within the release.
    site.write("versioned/ar/gateway/install.md", "---\ntitle: Own\npermalink: /start/here/\n---\nHere.\n");
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert_all(&site.output("ar/gateway/1.2.x/start/here/index.html"), &["<p>Here.</p>"]);
}

#[test]
fn translations_are_told_by_source_whatever_the_releases() {
    let site = site();
    let folder = site.path().to_str().unwrap().to_owned();
    let translations = |args: &[&str]| {
        let mut all = vec!["translations", "-s", &folder];
        all.extend(args);
        run(&all)
    };
    let told = translations(&[]);
    let line = |language: &str| {
        let told = translations(&[]).stdout;
        let line = told.lines().find(|line| line.starts_with(language)).unwrap().to_owned();
        line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("de"), ["0", "0", "3", "2", "60", "%"]);
    assert_eq!(told.stdout.matches("versioned/gateway/guides/secure.md in de").count(), 1, "{}", told.stdout);
    assert_eq!(translations(&["--mark", "versioned/de"]).code, 0);
    assert_eq!(line("de"), ["1", "0", "2", "2", "60", "%"]);
    assert!(!run(&["check", "-s", &folder]).stderr.contains("stale-translation"));
    // What not every release shows is what the source says, too.
    site.write("versioned/gateway/install.md", INSTALL.replace("new{", "{% include new.md %}{"));
    site.write("includes/new.md", "new");
    assert_eq!(translations(&["--mark", "versioned/de"]).code, 0);
    assert!(!run(&["check", "-s", &folder]).stderr.contains("stale-translation"));
    site.write("includes/new.md", "newer");
    let ran = run(&["check", "-s", &folder]);
    assert_eq!(ran.stderr.matches("warning[stale-translation]").count(), 1, "{}", ran.stderr);
    assert_eq!(line("de"), ["0", "1", "2", "2", "60", "%"]);
}

#[test]
fn commands_know_both() {
    let site = site();
    let folder = site.path().to_str().unwrap().to_owned();
    let expanded = run(&["expand", "-s", &folder, "--page", "/de/gateway/1.2.x/einbauen/"]).stdout;
    assert!(expanded.contains("alt 1.2.x 1.2.9 de") && expanded.contains("für 1.2."), "{expanded}");
    let file = &format!("{folder}/versioned/de/gateway/install.md");
    let expanded = run(&["expand", "-s", &folder, file, "--release", "1.3.x"]).stdout;
    assert!(expanded.contains("neu 1.3.x"), "{expanded}");
    let expanded = run(&["expand", "-s", &folder, file]).stdout;
    assert!(expanded.contains("neu 1.4.x"), "{expanded}");
    let reached = run(&["affected", "-s", &folder, "includes/de/tip.md"]).stdout;
    assert_all(&reached, &["page /de/gateway/1.2.x/einbauen/\n", "release gateway/1.4.x\n"]);
    assert!(!reached.contains("/ar/") && !reached.contains("page /gateway/"), "{reached}");
    // What is not translated yet is read where it would lie.
    let reached = run(&["affected", "-s", &folder, "versioned/gateway/guides/secure.de.md"]).stdout;
    assert_all(&reached, &["page /de/gateway/1.3.x/guides/secure/\n", "page /gateway/1.3.x/guides/secure/\n"]);
    let reached = run(&["affected", "-s", &folder, "versioned/gateway/install.ar.md"]).stdout;
    assert_all(&reached, &["page /ar/gateway/1.3.x/guides/secure/\n"]);
    let ran = site.build(&["--only", "gateway/1.3.x", "--allow-empty"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(exists(&site, "de/gateway/1.3.x/einbauen/index.html") && !exists(&site, "de/gateway/1.4.x"));
    // Two builds give the same, and one from the cache does.
    for _ in 0..2 {
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

#[test]
fn the_preview_follows_translations_of_releases_that_come_and_go() {
    let site = site();
    let preview = Server::start(&site, &[]);
    preview.until("/docs/de/gateway/1.3.x/guides/secure/", "noch nicht übersetzt");
    site.write("versioned/de/gateway/guides/secure.md", "---\ntitle: Sicher\nslug: sicher\n---\nAuf Deutsch.\n");
    preview.until("/docs/de/gateway/1.3.x/guides/sicher/", "<p>Auf Deutsch.</p>");
    preview.until(
        "/docs/gateway/1.3.x/guides/secure/",
        "<a href=\"/docs/de/gateway/1.3.x/guides/sicher/\" hreflang=\"de\"",
    );
    preview.until("/docs/de/gateway/1.4.x/guides/sicher/", "<a href=\"/docs/de/gateway/1.3.x/guides/sicher/\">1.3.x");
    std::fs::remove_file(site.path().join("versioned/de/gateway/guides/secure.md")).unwrap();
    preview.until("/docs/de/gateway/1.3.x/guides/secure/", "noch nicht übersetzt");
}
