use serde_json::{Value, json};

use super::*;

fn section(heading: &str, id: &str, text: &str) -> Section {
    Section { heading: heading.into(), id: id.into(), text: text.into() }
}

fn json_of(files: &[(String, Vec<u8>)], name: &str) -> Value {
    let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap();
    serde_json::from_slice(bytes).unwrap()
}

fn words_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    words::each(text, &mut String::new(), |word| found.push(word.to_owned()));
    found
}

#[test]
fn a_page_falls_apart_at_its_headings() {
    let html = "<p>Be<b>fore</b></p>\n<h2 class=\"x\" id=\"a-b\">A &amp; <code>b</code></h2><p>one<br>two&nbsp;three</p>\
                <h3>no anchor</h3><ul><li>x</li><li>y &lt; z</li></ul><h2 id=\"c\">C</h2>";
    assert_eq!(
        document("T", "/t/", html).sections,
        [section("", "", "Before"), section("A & b", "a-b", "one two three no anchor x y < z"), section("C", "c", "")]
    );
}

#[test]
fn what_nobody_reads_is_left_out() {
    let html = "<style>p{}</style><!-- <p>c</p> --><p title=\"a > b\">t</p><script>if (a < b) x()</script>\
                <p class=\"tabs-label\">macOS</p><p>a < b</p><svg/><p>c&shy;d</p> <p> e  f \n g\u{ad}h </p>\
                <div role=\"tablist\"><div>x</div>y</div>caf&eacute;";
    assert_eq!(document("T", "/t/", html).sections, [section("", "", "t a < b cd e f gh café")]);
}

#[test]
fn what_must_be_opened_is_a_section_and_the_one_around_it_goes_on_behind() {
    let panel = |id: &str, title: &str, text: &str| {
        format!(
            "<div class=\"tabs-panel\" role=\"tabpanel\" id=\"{id}\"><p class=\"tabs-label\">{title}</p>{text}</div>"
        )
    };
    let html = format!(
        "<h2 id=\"h\">H</h2><p>one</p><div class=\"tabs\" data-tabs><div class=\"tabs-list\" role=\"tablist\"><a>L</a><a>W</a></div>{}{}</div>\
         <p>two</p><details class=\"accordion\" id=\"d\"><summary>Why <b>so</b></summary><div><p>deep</p></div></details>three\
         <details><summary>No id</summary>in the text</details>",
        panel("l", "L", "<div><h3 id=\"i\">Inner</h3><p>a</p></div>b"),
        panel("w", "W", "c")
    );
    assert_eq!(
        document("T", "/t/", &html).sections,
        [
            section("H", "h", "one two three No id in the text"),
            section("L", "l", ""),
            section("Inner", "i", "a b"),
            section("W", "w", "c"),
            section("Why so", "d", "deep"),
        ]
    );
}

#[test]
fn broken_html_ends() {
    for html in ["<", "<p", "<p title=\"", "</", "<!--", "<script>", "&", "&#xffffffff;", "<h2 id=\"", "&#0;é<é>"] {
        let _ = document("", "", html);
        let _ = document("", "", &html.repeat(1000));
    }
}

#[test]
fn words_are_runs_of_letters_and_digits_in_lower_case() {
    assert_eq!(words_of("The `v1.4` of Émile's_tab-bar"), ["the", "v1", "4", "of", "emile", "s", "tab", "bar"]);
    assert_eq!(
        words_of("KongService apiVersion HTTPRoute"),
        ["kongservice", "kong", "service", "apiversion", "api", "version", "httproute"]
    );
    assert_eq!(words_of("設定file ok"), ["設", "定", "file", "ok"]);
    assert_eq!(words_of("“one–two” Straße… x"), ["one", "two", "strasse", "x"]);
}

#[test]
fn titles_weigh_more_than_headings_and_those_more_than_text() {
    let pages = [
        document("Other", "/o/", "<p>nothing</p><h2 id=\"t\">Tabs</h2><p>x</p><h2 id=\"u\">U</h2><p>tabs tabs</p>"),
        document("Tabs", "/t/", "<p>x</p>"),
    ];
    let files = files(&[&pages[0], &pages[1]]);
    assert_eq!(json_of(&files, "w0.json")["tabs"], json!([0, 1, 8, 0, 2, 2, 1, 0, 20]));
    assert_eq!(
        json_of(&files, "p0.json")[0],
        json!(["Other", "/o/", [["", "", "nothing"], ["Tabs", "t", "x"], ["U", "u", "tabs tabs"]]])
    );
    let index = json_of(&files, "index.json");
    assert_eq!((&index["words"], &index["pages"]), (&json!(["nothing"]), &json!([0, 2])));
}

#[test]
fn the_files_are_small_and_together_hold_every_word() {
    let text = |page: usize| (0..200).map(|word| format!("w{page}x{word} ")).collect::<String>();
    let pages: Vec<Document> = (0..150)
        .map(|page| document("Page", "/p/", &format!("<h2 id=\"h\">\"H\\\"</h2><p>the {}</p>", text(page))))
        .collect();
    let files = files(&pages.iter().collect::<Vec<_>>());
    assert!(files.iter().all(|(_, bytes)| bytes.len() < 60_000));
    let index = json_of(&files, "index.json");
    let firsts: Vec<&str> = index["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert!(firsts.len() > 5 && firsts.is_sorted());
    for word in ["w0x0", "w149x199", "w77x7", "the"] {
        let file = firsts.iter().rposition(|first| *first <= word).unwrap();
        assert!(json_of(&files, &format!("w{file}.json"))[word].is_array(), "{word}");
    }
    let the = firsts.iter().rposition(|first| *first <= "page").unwrap();
    let all = json_of(&files, &format!("w{the}.json"))["page"].as_array().unwrap().len();
    assert_eq!(all, 150 * 3, "a word of every page is told once a page");
    let page_files = index["pages"].as_array().unwrap();
    assert_eq!(page_files.last(), Some(&json!(150)));
    assert_eq!(json_of(&files, "p0.json")[0][2][0][0], "\"H\\\"");
}

#[test]
fn words_are_found_without_accents() {
    let plain = "naive resume duong grosse grosse lodz oeuvre file e strasse istanbul abc";
    let written = "naïve re\u{301}sumé đường Größe GRÖẞE Łódź Œuvre ﬁle é Straße İstanbul ＡＢＣ";
    assert_eq!(words_of(written), plain.split(' ').collect::<Vec<_>>());
    // Marks that make another letter, and syllables, stay.
    assert_eq!(words_of("한글 हिन्दी"), ["한글", "हिन", "दी"]);
    assert_eq!(words_of("が か\u{3099} か"), ["が", "が", "か"]);
    assert_eq!(words_of("ΟΔΌΣ οδος שָׁלוֹם مُحَمَّد"), ["οδοσ", "οδοσ", "שלום", "محمد"]);
}
