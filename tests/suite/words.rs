//! The words of the theme, in the language of the site and of its pages.

use crate::preview::Server;
use crate::support::{SiteFolder, run};

const TAGS: &str = "{% note %}\na\n{% endnote %}\n\n> [!CAUTION]\n> b\n\n{% accordion %}c{% endaccordion %}\n";

fn site(config: &str) -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", config),
        ("content/index.md", &format!("---\ntitle: Start\n---\n{TAGS}")),
        ("content/second.md", &format!("---\ntitle: Zweite\nlang: he\n---\n{TAGS}")),
        ("content/third/one.md", "---\ntitle: Eins\n---\n## A\n"),
        ("content/third/index.md", "---\ntitle: Drei\n---\n"),
    ])
}

fn assert_all(html: &str, expected: &[&str]) {
    for text in expected {
        assert!(html.contains(text), "{text}\n{html}");
    }
}

#[test]
fn the_theme_speaks_the_language_of_the_site_and_of_the_page() {
    let site = site("title: Kessel\nlanguage: de-AT\n");
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let german = site.output("index.html");
    let tags = [">Hinweis</p>", ">Gefahr</p>", "<summary>Details</summary>"];
    assert_all(&german, &tags);
    assert_all(
        &german,
        &[
            "<html lang=\"de-AT\" data-words=\"{",
            "Zum Inhalt springen",
            "<span>Suche</span>",
            ">Überblick</a>",
            "Erstellt mit Carafe ",
        ],
    );
    let hebrew = site.output("second/index.html");
    assert_all(
        &hebrew,
        &["<html lang=\"he\" dir=\"rtl\" ", ">הערה</p>", ">סכנה</p>", "<summary>פרטים</summary>", ">סקירה</a>"],
    );
    assert!(!hebrew.contains("Suche") && !german.contains("dir="));
    assert_all(
        &site.output("404.html"),
        &["<title>Seite nicht gefunden · Kessel</title>", "gehen Sie zur <a href=\"/\">Startseite</a>."],
    );
    // In English nothing is said twice.
    let english = self::site("title: Kettle\n");
    assert_eq!(english.build(&["--strict"]).code, 0);
    assert_all(&english.output("index.html"), &["<html lang=\"en\">", ">Note</p>", ">Caution</p>"]);
}

#[test]
fn a_site_has_words_of_its_own_and_hears_of_mistakes_in_them() {
    let site = site("title: Kessel\nlanguage: sv\n");
    let ran = site.build(&[]);
    assert!(
        ran.stderr.contains("note[missing-words]") && ran.stderr.contains("templates/words/sv.yml"),
        "{}",
        ran.stderr
    );
    site.write("templates/words/sv.yml", "search: Sök\nnote: Anmärkning\nmine: Min\nlink_to: \"Länk till {title}\"\n");
    site.write("templates/custom-footer.html", "<p>{{ theme.words.mine }} {{ theme.language }}</p>");
    let ran = site.build(&["--strict"]);
    assert_eq!((ran.code, ran.stderr.contains("missing-words")), (0, false), "{}", ran.stderr);
    let html = site.output("index.html");
    assert_all(
        &html,
        &[
            "<span>Sök</span>",
            ">Anmärkning</p>",
            "<p>Min sv</p>",
            "Skip to content",
            "&quot;link_to&quot;:&quot;Länk till {title}&quot;",
        ],
    );
    site.write("templates/words/sv.yml", "built_with: Byggd\nnote: [a]\n");
    site.write("templates/custom-footer.html", "<p>\n{{ theme.words.serch }}</p>");
    let ran = site.build(&[]);
    let told = [
        "templates/words/sv.yml:1:13",
        "`built_with` is to hold `{name}`",
        "templates/words/sv.yml:2:1",
        "templates/custom-footer.html:2:4",
        "did you mean `theme.words.search`?",
    ];
    assert_eq!(ran.code, 1);
    assert_all(&ran.stderr, &told);
    site.write("content/second.md", "---\nlang: Deutsch (AT)\n---\n");
    assert_all(&site.build(&[]).stderr, &["content/second.md:2:", "`lang` must be the name of a language"]);
}

#[test]
fn the_preview_follows_words_and_languages() {
    let site = site("title: Kessel\nlanguage: de\n");
    let preview = Server::start(&site, &[]);
    preview.until("/", ">Hinweis</p>");
    site.write("templates/words/de.yml", "note: Anmerkung\n");
    preview.until("/", ">Anmerkung</p>");
    site.write("templates/words/de.yml", "note: Notiz\n");
    preview.until("/", ">Notiz</p>");
    site.write("content/second.md", "---\ntitle: Deux\nlang: fr\n---\n{% note %}a{% endnote %}\n");
    preview.until("/second/", ">Remarque</p>");
}

#[test]
fn a_template_has_variables_of_its_own_and_a_file_of_words_the_name_of_a_language() {
    let site = site("title: Kessel\nlanguage: de\n");
    site.write(
        "templates/custom-footer.html",
        "{% set theme = page %}<p>{{ theme.title }}, {{ theme.words.next }}</p>",
    );
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_all(&site.output("third/one/index.html"), &["<p>Eins, Weiter</p>"]);
    for wrong in ["templates/words/de.yaml", "templates/words/de at.yml"] {
        site.write(wrong, "next: X\n");
        let ran = site.build(&[]);
        assert!(ran.code == 1 && ran.stderr.contains(&format!("`{wrong}` is no file of words")), "{}", ran.stderr);
        std::fs::remove_file(site.path().join(wrong)).unwrap();
    }
    // Any number of languages: what nobody knows is English.
    let name = |number: u32| format!("x{number}");
    (0..300).for_each(|number| {
        site.write(&format!("content/{number}.md"), format!("---\ntitle: T\nlang: {}\n---\n", name(number)))
    });
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert_all(&site.output("299/index.html"), &["<html lang=\"x299\">", "Skip to content"]);
}

#[test]
fn a_file_of_words_reaches_the_pages_in_its_language() {
    let site = site("title: Kessel\nlanguage: de-AT\n");
    site.write("content/french.md", "---\ntitle: Deux\nlang: fr\n---\n");
    site.write("templates/words/de.yml", "note: Anmerkung\n");
    site.write("templates/words/fr.yml", "note: Note\n");
    let reached = |file: &str| {
        let ran = run(&["affected", "-s", site.path().to_str().unwrap(), site.path().join(file).to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let german = reached("templates/words/de.yml");
    assert!(german == "page /\npage /third/\npage /third/one/\n", "{german}");
    let french = reached("templates/words/fr.yml");
    assert!(french == "page /french/\n", "{french}");
}
