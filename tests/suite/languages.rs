//! Sites in several languages: where translations lie, what stands for missing ones, and what readers and search engines are told.

use crate::preview::Server;
use crate::support::{SiteFolder, run};

const CONFIG: &str = "title: Kettle\nurl: https://tea.example.org\nbaseurl: /docs\noutputs: [html, markdown, llms]\n\
    variables: {pot: kettle, cup: cup}\ntheme: {header_links: [{title: Guides, url: /guides/}]}\n\
    languages:\n  de:\n    title: Kessel\n    description: Alles über Tee.\n    variables: {pot: Kessel}\n    titles: {Guides: Anleitungen}\n  ar:\n";

fn site_with(config: &str, more: &[(&str, &str)]) -> SiteFolder {
    let mut files = vec![
        ("carafe.yml", config),
        (
            "content/index.md",
            "---\ntitle: Start\n---\n{{ site.title }} {{ site.language }} {{ page.lang }} {{ site.pot }} {{ site.cup }} [first](guides/first.md)\n",
        ),
        ("content/guides/index.md", "---\ntitle: Guides\n---\nAll.\n"),
        (
            "content/guides/first.md",
            "---\ntitle: First\nweight: 1\nredirect_from: /old/\n---\n{% include tip.md %} ![pot](pot.png)\n",
        ),
        (
            "content/guides/second.md",
            "---\ntitle: Second\nweight: 2\n---\n[first](first.md) [root](/guides/first.md#x) [by address](/docs/guides/first/) {% link guides/first.md %}\n\n> [!NOTE]\n> n\n",
        ),
        ("content/guides/pot.png", "png"),
        ("includes/tip.md", "A tip."),
        ("includes/de/tip.md", "Ein Tipp."),
        (
            "content/index.de.md",
            "---\ntitle: Anfang\n---\n{{ site.title }} {{ site.language }} {{ page.lang }} {{ site.pot }} {{ site.cup }}\n",
        ),
        (
            "content/de/guides/first.md",
            "---\ntitle: Erste\nslug: erste-schritte\n---\n{% include tip.md %} [zweite](second.md) [start](../index.md) ![Kanne](pot.png)\n",
        ),
    ];
    files.extend(more);
    SiteFolder::new(&files)
}

fn site() -> SiteFolder {
    site_with(CONFIG, &[])
}

fn exists(site: &SiteFolder, path: &str) -> bool {
    site.path().join("_site").join(path).exists()
}

fn article(site: &SiteFolder, path: &str) -> String {
    let page = site.output(path);
    let (_, article) = page.split_once("<article").unwrap();
    article.split_once("</article>").unwrap().0.to_owned()
}

fn assert_all(html: &str, expected: &[&str]) {
    for text in expected {
        assert!(html.contains(text), "{text}\n{html}");
    }
}

#[test]
fn translations_lie_in_folders_or_beside_their_sources() {
    let site = site();
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(article(&site, "index.html").contains("<p>Kettle en en kettle cup <a href=\"/docs/guides/first/\">"));
    assert!(article(&site, "de/index.html").contains("<p>Kessel de de Kessel cup</p>"));
    // Links by file stay in the language, whichever form the translation has; pictures may lie beside the source.
    assert_all(
        &article(&site, "de/guides/erste-schritte/index.html"),
        &[
            "<p>Ein Tipp. <a href=\"/docs/de/guides/second/\">zweite</a> <a href=\"/docs/de/\">start</a>",
            "<img src=\"/docs/guides/pot.png\"",
        ],
    );
    let page = site.output("de/guides/erste-schritte/index.html");
    assert_all(
        &page,
        &[
            "<html lang=\"de\" ",
            "<title>Erste · Kessel</title>",
            "<meta name=\"description\" content=\"Alles über Tee.\">",
            "<link rel=\"alternate\" hreflang=\"en\" href=\"https://tea.example.org/docs/guides/first/\">",
            "<link rel=\"alternate\" hreflang=\"de\" href=\"https://tea.example.org/docs/de/guides/erste-schritte/\">",
            "<link rel=\"alternate\" hreflang=\"x-default\" href=\"https://tea.example.org/docs/guides/first/\">",
            "<a class=\"site-title\" href=\"/docs/de/\"><span>Kessel</span>",
            // Of pages that are not translated the configuration may say what the navigation calls them.
            "<summary>Anleitungen</summary>",
            "<a href=\"/docs/de/guides/second/\">Second</a>",
            "<a href=\"/docs/de/guides/\">Anleitungen</a>",
            "data-search=\"/docs/assets/search/de/\"",
            "<a class=\"pager-next\" href=\"/docs/de/guides/second/\"",
            // The switcher stays on the page, and each language is called as it calls itself.
            "<a href=\"/docs/guides/first/\" hreflang=\"en\" lang=\"en\">English</a>",
            "<a href=\"/docs/de/guides/erste-schritte/\" hreflang=\"de\" lang=\"de\" aria-current=\"true\">Deutsch</a>",
            "<a href=\"/docs/ar/guides/first/\" hreflang=\"ar\" lang=\"ar\" dir=\"rtl\">العربية</a>",
        ],
    );
    assert!(!page.contains("hreflang=\"ar\" href=") && !page.contains("not-translated"), "{page}");
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(ran.stderr.contains("broken-anchor") && ran.code == 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("unused-include") && !ran.stderr.contains("broken-link"), "{}", ran.stderr);
    // A translated include is shown where that of the sources is.
    site.write("includes/idle.md", "x");
    site.write("includes/de/idle.md", "x");
    site.write("includes/de/alone.md", "x");
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    let told = ran.stderr.matches("no page shows the include `").count();
    assert!(told == 3 && ran.stderr.contains("`de/idle.md`") && ran.stderr.contains("`de/alone.md`"), "{}", ran.stderr);
}

#[test]
fn what_is_not_translated_is_shown_in_the_language_of_the_sources() {
    let site = site();
    assert_eq!(site.build(&[]).code, 0);
    let page = site.output("ar/guides/second/index.html");
    assert_all(
        &page,
        &[
            "<html lang=\"ar\" dir=\"rtl\" ",
            "<link rel=\"canonical\" href=\"https://tea.example.org/docs/guides/second/\">",
            "<article class=\"content\" lang=\"en\" dir=\"ltr\">",
            "<p class=\"not-translated\" lang=\"ar\" dir=\"rtl\">لم تُترجم",
            "<a href=\"/docs/guides/second/\" hreflang=\"en\" lang=\"en\">English</a></p>",
            // The text is the source's, and its links lead on in the language.
            "<a href=\"/docs/ar/guides/first/\">first</a> <a href=\"/docs/ar/guides/first/#x\">root</a> <a href=\"/docs/guides/first/\">by address</a> /docs/ar/guides/first/",
            ">Note</p>",
        ],
    );
    assert!(!page.contains("rel=\"alternate\"") && !page.contains("noindex"), "{page}");
    // Search engines get what is translated, and old addresses lead on in every language.
    let map = site.output("sitemap.xml");
    assert!(!map.contains("/ar/") && !map.contains("/de/guides/second/") && !map.contains("404"), "{map}");
    assert_all(&map, &["<loc>https://tea.example.org/docs/de/</loc><xhtml:link rel=\"alternate\" hreflang=\"en\""]);
    assert!(site.output("de/old/index.html").contains("href=\"/docs/de/guides/erste-schritte/\""));
    assert!(site.output("ar/old/index.html").contains("href=\"/docs/ar/guides/first/\""));
    let missing = site.output("de/404.html");
    assert_all(&missing, &["Seite nicht gefunden", "gehen Sie zur <a href=\"/docs/de/\">", "assets/search/de/"]);
    // Programs get each language by itself.
    let list = site.output("de/llms.txt");
    assert_all(&list, &["# Kessel\n\n> Alles über Tee.\n", "[Anfang](https://tea.example.org/docs/de.md)"]);
    assert!(!list.contains("Second") && !exists(&site, "ar/llms.txt") && !exists(&site, "de/guides/second.md"));
    let index = site.output("assets/search/de/p0.json");
    assert!(index.contains("/de/guides/second/") && !index.contains("\"/guides/"), "{index}");
    assert!(!site.output("assets/search/p0.json").contains("/de/"));
    // Without an address of the site, a fallback has none to name.
    let local = self::site_with(&CONFIG.replace("url: https://tea.example.org\n", ""), &[]);
    assert_eq!(local.build(&[]).code, 0);
    assert!(local.output("de/guides/second/index.html").contains("content=\"noindex\""));
    assert!(!local.output("de/index.html").contains("content=\"noindex\""));
}

#[test]
fn doubtful_translations_are_told_at_their_places() {
    let site = site_with(
        CONFIG,
        &[
            ("content/guides/first.de.md", "---\ntitle: Noch eine\n---\n"),
            ("content/de/alone.md", "---\ntitle: Allein\n---\n"),
            ("content/de/meant.md", "---\n# carafe-ignore translation-without-source\ntitle: Gemeint\n---\n"),
            ("content/fr/other.md", "---\ntitle: Folder\n---\n"),
        ],
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    assert_all(
        &ran.stderr,
        &[
            "error[duplicate-translation]: `content/de/guides/first.md` and `content/guides/first.de.md` are both `guides/first.md` in the language `de`",
            "--> content/guides/first.de.md:1:1",
            "warning[translation-without-source]: `content/de/alone.md` is a translation of `alone.md`, which is not there",
        ],
    );
    assert!(!ran.stderr.contains("meant.md") && !ran.stderr.contains("fr/other"), "{}", ran.stderr);
    for (languages, expected) in [
        ("de_DE: {}", "`de_DE` is the name of no language\n --> carafe.yml:2:20"),
        ("de: {titel: x}", "there is no option `languages.de.titel`\n --> carafe.yml:2:18"),
        ("de: {variables: {title: x}}", "a variable `title` would hide the site's own `title`"),
        ("de: , DE: ", "`DE` is listed twice"),
        ("de: [x]", "`languages.de` must be a mapping, not a list"),
    ] {
        let site = SiteFolder::new(&[
            ("carafe.yml", &format!("title: T\nlanguages: {{{languages}}}\n")),
            ("content/index.md", "x\n"),
        ]);
        let ran = site.build(&[]);
        assert!(ran.code == 2 && ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
}

#[test]
fn the_source_may_have_a_folder_too_and_any_language_may_be_asked_for() {
    let site = SiteFolder::new(&[
        (
            "carafe.yml",
            "title: T\nlanguages: {en: {title: Told}, sv: {name: Svenska}, pt-BR: , pt: }\ndefaults: [{scope: {path: en/guides}, values: {flavour: sweet}}]\n\
             nav: [{title: Start, page: index.md}, guides/first.md, {title: Out, page: \"https://x.org/\"}]\n",
        ),
        ("content/en/index.md", "---\ntitle: Home\n---\n# Own heading\n\n[a](guides/first.md) [b](/guides/first.md)\n"),
        (
            "content/en/guides/first.md",
            "---\nnav_title: One\nsearch: false\n---\n{{ page.flavour }} {{ site.title }}\n",
        ),
        (
            "content/sv/guides/first.md",
            "---\npermalink: /guider/forsta/\n---\n[h](../index.md) [en](../../en/guides/first.md)\n",
        ),
        ("content/pt-br/guides/first.md", "---\npermalink: /pt-BR/guias/\n---\nx\n"),
        ("content/sv/README.md", "# Hem\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_all(&ran.stderr, &["note[missing-words]: the theme has no words in the language `sv`"]);
    assert!(!ran.stderr.contains("translation-without-source"), "{}", ran.stderr);
    assert!(article(&site, "guides/first/index.html").contains("<p>sweet Told</p>"));
    assert!(article(&site, "index.html").contains("<a href=\"/guides/first/\">a</a> <a href=\"/guides/first/\">b</a>"));
    // Addresses of one's own lie within the language, whether they say so or not.
    let swedish = site.output("sv/guider/forsta/index.html");
    assert_all(
        &swedish,
        &[
            "<h1>First</h1>",
            "<a href=\"/sv/\">Start</a>",
            ">Svenska</a>",
            ">Português (pt-BR)</a>",
            ">Português (pt)</a>",
        ],
    );
    assert_all(
        &article(&site, "sv/guider/forsta/index.html"),
        &["<a href=\"/sv/\">h</a> <a href=\"/sv/guider/forsta/\">en</a>"],
    );
    assert!(
        exists(&site, "pt-BR/guias/index.html") && exists(&site, "pt/guides/first/index.html") && !exists(&site, "en")
    );
    // What is no text the translation takes from its source.
    assert!(!site.output("assets/search/sv/p0.json").contains("forsta"));
    assert!(site.output("sv/index.html").contains("Hem"));
}

#[test]
fn folders_get_their_titles_and_relative_includes_their_files_by_language() {
    let part = "{% include_relative _part.md %} {% include_relative deep/_own.md %}\n";
    let first = |title: &str| format!("---\ntitle: {title}\n---\n{part}");
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nlanguages: {de: , ar: }\n"),
        ("content/index.md", "x\n"),
        ("content/guides/first.md", &first("First")),
        ("content/de/guides/first.md", &first("Erste")),
        ("content/guides/_part.md", "A part."),
        ("content/guides/deep/_own.md", "deep"),
        ("content/de/guides/deep/_own.md", "tief"),
        ("content/guides/deep/second.md", "---\ntitle: Second\n---\nx\n"),
        // Neither folder has an index page in the language of the sources, and the second has one in German alone.
        ("content/de/guides/index.md", "---\ntitle: Alle Anleitungen\nnav_title: Anleitungen\n---\nAlle.\n"),
        ("content/guides/deep/index.de.md", "---\ntitle: Tieferes\n---\n"),
        ("content/de/else/index.md", "---\ntitle: Anderes\n---\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("[translation-without-source]: `content/de/else/index.md`").count(), 1);
    assert_eq!(ran.stderr.matches("[translation-without-source]").count(), 1, "{}", ran.stderr);
    let page = site.output("de/guides/first/index.html");
    assert_all(&page, &["<summary>Anleitungen</summary>", "<summary>Tieferes</summary>", "<p>A part. tief</p>"]);
    let page = site.output("ar/guides/first/index.html");
    assert_all(&page, &["<summary>Guides</summary>", "<summary>Deep</summary>", "<p>A part. deep</p>"]);
    let folder = site.path().to_str().unwrap();
    let reached = run(&["affected", "-s", folder, "content/guides/_part.md"]).stdout;
    assert_all(&reached, &["page /de/guides/first/\n"]);
    assert!(!run(&["check", "-s", folder]).stderr.contains("missing-include"));
}

#[test]
fn translations_tell_when_their_sources_have_changed() {
    let site = site();
    let folder = site.path().to_str().unwrap().to_owned();
    let told = |args: &[&str]| {
        let mut all = vec!["translations", "-s", &folder];
        all.extend(args);
        run(&all)
    };
    let git = |args: &[&str]| {
        let names = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let ran = std::process::Command::new("git").arg("-C").arg(&folder).args(names).args(args).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
    };
    let line = |ran: &str, language: &str| -> Vec<String> {
        let found = ran.lines().find(|line| line.starts_with(&format!("{language} "))).unwrap();
        found.split_whitespace().skip(1).map(str::to_owned).collect()
    };
    assert_eq!(line(&told(&[]).stdout, "de"), ["0", "0", "2", "2", "50", "%"]);
    assert_all(&told(&["--language", "AR"]).stdout, &["missing   content/guides/second.md in ar"]);
    let ran = told(&["--mark", "content/de", "content/index.de.md"]);
    assert!(ran.code == 0 && ran.stderr.contains("Marked 2 of 2 translations"), "{}", ran.stderr);
    assert_eq!(line(&told(&[]).stdout, "de"), ["2", "0", "0", "2", "50", "%"]);
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "marked"]);
    // Line breaks are no change, and neither are tags' templates and other pages.
    let second = "---\ntitle: Second\nweight: 2\n---\nOther.\n";
    let first = "---\ntitle: First\nweight: 7\nredirect_from: /old/\n---\n{% include tip.md %}\n![pot](pot.png)\n";
    for (path, text) in [("content/guides/second.md", second), ("content/guides/first.md", first)] {
        std::fs::write(site.path().join(path), text).unwrap();
    }
    assert!(!run(&["check", "-s", &folder]).stderr.contains("stale-translation"));
    // What an include says is what the page says.
    std::fs::write(site.path().join("includes/tip.md"), "Another tip.").unwrap();
    git(&["commit", "-qam", "tip"]);
    let checked = run(&["check", "-s", &folder]);
    assert_all(
        &checked.stderr,
        &[
            "warning[stale-translation]: `content/guides/first.md` has changed since this was translated\n --> content/de/guides/first.md:4:1",
        ],
    );
    assert!(!checked.stderr.contains("index.de.md"), "{}", checked.stderr);
    assert_all(&told(&[]).stdout, &["stale     content/de/guides/first.md\n"]);
    let ran = told(&["--diff"]);
    let expected = "content/de/guides/first.md\n  includes/tip.md\n    - A tip.\n    + Another tip.\n";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    assert!(told(&["--diff", "--format", "json", "content/de"]).stdout.contains("\"of\": \"includes/tip.md\""));
    assert_eq!(told(&["--mark", "content/de/guides/first.md"]).code, 0);
    assert!(!run(&["check", "-s", &folder]).stderr.contains("stale-translation"));
    // A state that nobody knows is told, and so is a file that is no translation.
    let path = site.path().join("content/index.de.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once("v1-").unwrap();
    std::fs::write(&path, format!("{before}v1-0123456789ab{}", &after[12..])).unwrap();
    assert_all(
        &told(&["--diff"]).stdout,
        &["content/index.de.md\n    none of the 1 states that git knows of it is `v1-0123456789ab`"],
    );
    let ran = told(&["content/nowhere.md"]);
    assert!(ran.code == 2 && ran.stderr.contains("`content/nowhere.md` is no page that is to be translated"));
}

#[test]
fn the_preview_follows_translations_that_come_and_go() {
    let site = site();
    let preview = Server::start(&site, &[]);
    preview.until("/docs/de/guides/second/", "noch nicht übersetzt");
    preview.until("/docs/de/", "<p>Kessel de de");
    // Whoever leads to a page that is translated now leads to its own address.
    site.write("content/guides/second.de.md", "---\ntitle: Zweite\nslug: zweite\n---\nAuf Deutsch.\n");
    preview.until("/docs/de/guides/zweite/", "<p>Auf Deutsch.</p>");
    preview.until("/docs/de/guides/erste-schritte/", "<a href=\"/docs/de/guides/zweite/\">zweite</a>");
    preview.until("/docs/guides/second/", "<a href=\"/docs/de/guides/zweite/\" hreflang=\"de\"");
    std::fs::remove_file(site.path().join("content/guides/second.de.md")).unwrap();
    preview.until("/docs/de/guides/second/", "noch nicht übersetzt");
    preview.until("/docs/de/guides/erste-schritte/", "<a href=\"/docs/de/guides/second/\">zweite</a>");
    // The source is what a fallback shows.
    site.write("content/guides/second.md", "---\ntitle: Second\n---\nFresh.\n");
    preview.until("/docs/ar/guides/second/", "<p>Fresh.</p>");
    site.write("includes/de/tip.md", "Noch ein Tipp.");
    preview.until("/docs/de/guides/erste-schritte/", "Noch ein Tipp.");
}

#[test]
fn what_leads_to_translations_is_no_older_than_they_are() {
    // No menu names the page, so that nothing but links tells of it.
    let site = site_with(CONFIG, &[("content/hidden.md", "---\ntitle: Hidden\nnav: false\n---\nh\n")]);
    site.write("content/guides/index.md", "---\ntitle: Guides\n---\n[hidden](../hidden.md)\n");
    let folder = site.path().to_str().unwrap().to_owned();
    let reaches = |path: &str| run(&["affected", "-s", &folder, path]).stdout;
    assert!(reaches("content/hidden.de.md").contains("page /de/guides/\n"));
    for (text, address) in [
        (None, "/docs/de/hidden/"),
        (Some("---\ntitle: Verborgen\nslug: verborgen\nnav: false\n---\nv\n"), "/docs/de/verborgen/"),
        (Some("---\ntitle: Verborgen\nslug: geheim\nnav: false\n---\nv\n"), "/docs/de/geheim/"),
        (None, "/docs/de/hidden/"),
    ] {
        match text {
            Some(text) => site.write("content/hidden.de.md", text),
            None => drop(std::fs::remove_file(site.path().join("content/hidden.de.md"))),
        }
        // Told by what a second build without the cache gives.
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let link = format!("<a href=\"{address}\">hidden</a>");
        assert!(article(&site, "de/guides/index.html").contains(&link), "{link}");
    }
}

#[test]
fn a_site_that_does_not_say_where_it_stands_names_no_other_addresses() {
    let languages = "title: T\nlanguages: {en: {}, de: {}}\n";
    for (config, is_named) in [(languages.to_owned(), false), (format!("{languages}url: https://x.org\n"), true)] {
        let site = SiteFolder::new(&[
            ("carafe.yml", &config),
            ("content/index.md", "---\ntitle: T\n---\n"),
            ("content/de/index.md", "---\ntitle: T\n---\n"),
        ]);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(site.output("index.html").contains("rel=\"alternate\" hreflang="), is_named);
    }
}
