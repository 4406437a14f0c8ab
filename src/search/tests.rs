use std::sync::Mutex;

use carafe_markdown::{Dialect, Habits, HtmlOptions, Options, Services, html, parse_with_islands};
use carafe_source::island::{Island, Islands};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::document::Section;
use super::*;

fn section(level: u8, heading: &str, id: &str, text: &str) -> Section {
    Section { heading: heading.into(), id: id.into(), level, text: text.into() }
}

/// The page with this content.
fn document(title: &str, url: &str, html: &str) -> Document {
    super::document(title, url, Content { html, collected: None })
}

fn placed(document: &Document) -> Placed<'_> {
    Placed { document, trail: Vec::new(), group: "", description: "".into() }
}

fn files(pages: &[Placed<'_>], others: &[Other]) -> Vec<(String, Vec<u8>)> {
    let files = Mutex::new(Vec::new());
    write(pages, others, &|name, bytes| files.lock().unwrap().push((name.to_owned(), bytes)));
    let mut files = files.into_inner().unwrap();
    files.sort();
    files
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
        [
            section(0, "", "", "Before"),
            section(2, "A & b", "a-b", "one two three no anchor x y < z"),
            section(2, "C", "c", "")
        ]
    );
}

#[test]
fn what_nobody_reads_is_left_out() {
    let html = "<style>p{}</style><!-- <p>c</p> --><p title=\"a > b\">t</p><script>if (a < b) x()</script>\
                <p class=\"tabs-label\">macOS</p><p>a < b</p><svg/><p>c&shy;d</p> <p> e  f \n g\u{ad}h </p>\
                <div role=\"tablist\"><div>x</div>y</div>caf&eacute;";
    assert_eq!(document("T", "/t/", html).sections, [section(0, "", "", "t a < b cd e f gh café")]);
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
            section(2, "H", "h", "one two three No id in the text"),
            section(3, "L", "l", ""),
            section(3, "Inner", "i", "a b"),
            section(3, "W", "w", "c"),
            section(3, "Why so", "d", "deep"),
        ]
    );
}

/// Has the search find what it writes.
struct Searched<'i>(&'i Islands);

impl Services for Searched<'_> {
    fn highlight(&self, out: &mut String, code: &str, language: &str, _: bool) -> bool {
        let is_known = language == "yaml";
        if is_known {
            let colour = |word: &str| format!("<span class=\"w\">{}</span>", carafe_highlight::escape(word));
            out.extend(code.split_inclusive(' ').map(colour));
        }
        is_known
    }

    fn island(&self, number: usize) -> Option<&Island> {
        self.0.get(number)
    }

    fn is_searched(&self) -> bool {
        true
    }
}

#[test]
fn what_is_collected_is_what_stands_in_the_html() {
    let mut islands = Islands::default();
    let block = islands.add(Island {
        html: "<details id=\"isle\"><summary>Sum</summary><p>in it</p></details>".to_owned(),
        inline: false,
    });
    let word = islands.add(Island { html: "<kbd>K</kbd>".to_owned(), inline: true });
    let texts = [
        "# One *two* `three`\n\nFour\nfive&nbsp;six &lt;b&gt; a < b & c &copy &#65; &#x42 &nope; x\u{ad}y \u{3000} z  \nbreak\n\n## One *two* `three`\n",
        "a**b**c x`y`z _d_ [e](f \"g\") ![h](i) <j@k.l> ~~m~~ n\\*o ... -- 'p' \"q\" <<r>>\n\n![alone](x.png)\n",
        "```yaml\na: 1 & <b>\n  c: d\n```\n\n```\nplain &amp; <p>\n```\n\n```text title=\"T & t\" {1}\nlined\nmore\n```\n\n~~~ mermaid\nA-->B\n~~~\n\n    indented  code\n",
        "- a\n- b\n\n  c\n- [x] d\n  1. e\n     ```yaml\n     f: g\n     ```\n\n> h\n>\n> # i\n\n> [!NOTE]\n> j\n\n---\nk\n",
        "| a | b |\n|:--|--:|\n| `c` | d\\|e |\n| f |\n\nterm\n: said\n\n: more\n\n  twice\n",
        "* toc\n{:toc}\n\n# A & b\n\nText[^n] and again[^n].\n\n* notes\n{:footnotes}\n\n## B\n\n[^n]: Note `code`\n\n    second\n\nend\n",
        "Foot[^x] at the end.[^y]\n\n[^x]: One.\n[^y]: > two\n",
        "<div class=\"d\" markdown=\"1\">\n\n## In it\n\ntext *em*\n\n</div>\n\n<section><h2 id=\"raw\">Raw</h2>x<br>y</section>\nz\n",
        "<details id=\"d\"><summary>Sum *x*</summary>\n\nbody **b**\n\n</details>\n\nbehind\n\n<p class=\"tabs-label\">L</p>\n",
        "<script>\nif (a < b) x(\"</p>\")\n</script>\n\na <script>b *c* \"d\"</script> e\n\n<style>p{}</style>\n\n<textarea>\nf *g* <b>h</b>\n</textarea>\n\ni <textarea>j *k*</textarea> l <textarea>m\n",
        "<div role=\"tabpanel\" id=\"p\" markdown=\"1\">\n\nTitle\n{: .tabs-label}\n\nin\n\nmore\n{: .x}\n\n</div>\n\nout\n",
        "<svg><text>no</text></svg> <b>wo</b>rd <wbr>x<wbr>y <!-- c *d* --> <nosuch>e</nosuch>f\n\n<!-- block\n\nof it -->\n\n<span>g\n\nh\n",
        "*[HTML]: Hyper *T*\n\nThe HTML spec: $x^2$ and $$y < z$$\n\n$$\na & b\n$$\n\n{:.show-whitespaces}\n    a b\n\n`c d`{:.language-yaml} `e  f`\n",
        "text\n{: #own .c}\n\n# head\n{: #mine}\n\n# head\n\n# head\n\n<div>\n<p>\n",
        "\\<b> <b <i>k\n\n<div\n\nl *m*\n\n<!--\n\nn\n",
        "foo words\n{: CLASS=\"tabs-label\"}\n\ny\n\n```js\nz\n```\n{: ROLE=\"tabpanel\" id=\"x\"}\n\nw\n",
        "a {::nomarkdown}x &{:/}lt; b\n\nc {::nomarkdown}<{:/}b d\n\n# A\n\n{::nomarkdown}</{:/}b d\n\n&#{::nomarkdown}&#3{:/}4; e\n",
        "a <p class=\"tabs-label\"> b *c*\n\nd\n\ne </p> f\n\n<math><style>g *h*</math> i\n\nj\n",
    ];
    let with_islands = [
        format!("# T {word}\n\na{word}b\n\n{block}\n\n# isle\n\n- {block}\n"),
        format!("x {block} y[^n]\n\n[^n]: {word}\n\n```\n{word}\n```\n"),
    ];
    for dialect in [Dialect::Kramdown, Dialect::CommonMark] {
        for habits in [Habits::default(), Habits::all()] {
            for text in texts.iter().copied().chain(with_islands.iter().map(String::as_str)) {
                let mut options = Options::new(dialect);
                options.habits = habits;
                options.fence_options = habits == Habits::all();
                for (unique_ids, aria) in [(false, false), (true, true)] {
                    let mut how = HtmlOptions::default();
                    (how.unique_ids, how.aria) = (unique_ids, aria);
                    let written = html(&parse_with_islands(text, &options, &islands), &how, &Searched(&islands));
                    let collected = written.search.as_ref().unwrap();
                    let names = FxHashMap::default();
                    let collected =
                        super::document("", "", Content { html: &written.body, collected: Some((collected, &names)) });
                    assert_eq!(
                        collected.sections,
                        document("", "", &written.body).sections,
                        "{dialect:?} {text}\n{}\n{:?}",
                        written.body,
                        written.search
                    );
                }
            }
        }
    }
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
    assert_eq!(words_of("C# and g++, F#"), ["c#", "c", "and", "g++", "g", "f#", "f"]);
    assert_eq!(words_of("a+b c+++d x#1 x## ++ # é# y+"), ["a", "b", "c", "d", "x", "1", "x", "e", "y"]);
    assert_eq!(words_of("設定file ok"), ["設定", "定", "file", "ok"]);
    assert_eq!(words_of("“one–two” Straße… x"), ["one", "two", "strasse", "x"]);
}

#[test]
fn titles_weigh_more_than_headings_and_those_more_than_text() {
    let pages = [
        document("Other", "/o/", "<p>nothing</p><h2 id=\"t\">Tabs</h2><p>x</p><h2 id=\"u\">U</h2><p>tabs tabs</p>"),
        document("Tabs", "/t/", "<p>x</p>"),
    ];
    let files = files(&[placed(&pages[0]), placed(&pages[1])], &[]);
    assert_eq!(json_of(&files, "w0.json")["tabs"], json!([0, 1, 14, 0, 2, 2, 1, 0, 32]));
    assert_eq!(
        json_of(&files, "p0.json")[0],
        json!(["Other", "/o/", [], "", [["", "", 0, "nothing"], ["Tabs", "t", 2, "x"], ["U", "u", 2, "tabs tabs"]]])
    );
    let index = json_of(&files, "index.json");
    assert_eq!((&index["words"], &index["pages"]), (&json!(["nothing"]), &json!([2])));
}

#[test]
fn words_of_every_length_are_kept_with_all_their_places() {
    // Short words are kept in another way than long ones.
    let mut words: Vec<String> = [1, 14, 15, 16, 17, 40].map(|length| "w".repeat(length)).into();
    words.extend(["é".repeat(7), "ж".repeat(7), "ж".repeat(8), "漢字".to_owned()]);
    let html = format!("<h2 id=\"a\">A</h2><p>{}</p><h2 id=\"b\">B</h2><p>{}</p>", words.join(" "), words.join(" "));
    let document = document("T", "/t/", &html);
    let files = files(&[placed(&document)], &[]);
    let index = json_of(&files, "w0.json");
    for word in words.iter().flat_map(|word| words_of(word)) {
        assert_eq!(index[&word], json!([0, 1, 1, 0, 2, 1]), "{word}: {index}");
    }
}

#[test]
fn the_less_a_title_says_the_more_its_words_weigh() {
    let weight = |title: &str, html: &str| {
        let page = document(title, "/", html);
        json_of(&files(&[placed(&page)], &[]), "w0.json")["limits"][2].as_u64().unwrap()
    };
    let weights = [
        weight("Limits", ""),
        weight("Rate limits", ""),
        weight("Rate limits of the public gateway", ""),
        weight("T", "<h2 id=\"a\">Limits</h2>"),
        weight("T", "<h2 id=\"a\">Rate limits</h2>"),
        weight("T", &"limits ".repeat(40)),
        weight("T", "limits limits"),
        weight("T", "limits"),
    ];
    assert!(weights.is_sorted_by(|a, b| a > b), "{weights:?}");
}

#[test]
fn a_page_that_begins_with_a_heading_is_a_place_of_its_own() {
    let page = document("Title", "/t/", "<h2 id=\"a\">A</h2><p>x</p>");
    let files = files(&[placed(&page)], &[]);
    assert_eq!(json_of(&files, "p0.json")[0][4], json!([["", "", 0, ""], ["A", "a", 2, "x"]]));
    let words = json_of(&files, "w0.json");
    assert_eq!((&words["title"][1], &words["a"][1]), (&json!(0), &json!(1)));
}

#[test]
fn what_the_site_says_of_pages_stands_in_the_index() {
    let pages: Vec<Document> = ["a", "b", "c", "d"].iter().map(|title| document(title, "/", "")).collect();
    let groups = ["", "Guides", "Guides", ""];
    let all: Vec<Placed<'_>> = pages
        .iter()
        .zip(groups)
        .map(|(document, group)| Placed { trail: vec![group, "x"], group, description: "About".into(), document })
        .collect();
    let others = [Other("1.0".to_owned(), "assets/search/p/1.0/".to_owned())];
    let files = files(&all, &others);
    let index = json_of(&files, "index.json");
    assert_eq!((&index["groups"], &index["runs"]), (&json!(["", "Guides"]), &json!([0, 1, 1, 2, 0, 1])));
    assert_eq!(index["others"], json!([["1.0", "assets/search/p/1.0/"]]));
    let page = &json_of(&files, "p0.json")[1];
    assert_eq!((&page[2], &page[3]), (&json!(["Guides", "x"]), &json!("About")));
}

#[test]
fn words_of_most_pages_are_told_where_there_are_many_pages() {
    let page = |at: usize| {
        document(&format!("T{at}"), "/", if at.is_multiple_of(2) { "<p>often each</p>" } else { "<p>each</p>" })
    };
    let common = |count: usize| {
        let pages: Vec<Document> = (0..count).map(page).collect();
        json_of(&files(&pages.iter().map(placed).collect::<Vec<_>>(), &[]), "index.json")["common"].clone()
    };
    assert_eq!(common(20), json!(["each", "often"]));
    assert_eq!(common(19), json!([]), "a small site is searched for every word");
}

/// The words of `words.json`, read as `search.js` reads them.
fn vocabulary(files: &[(String, Vec<u8>)]) -> Vec<String> {
    let written = json_of(files, "words.json");
    let mut found: Vec<String> = Vec::new();
    for c in written.as_str().unwrap().chars() {
        match c {
            'A'..='Z' => {
                let common = c as usize - 'A' as usize;
                let before = found.last().cloned().unwrap_or_default();
                found.push(before.chars().take(common).collect());
            }
            c => found.last_mut().unwrap().push(c),
        }
    }
    found
}

#[test]
fn words_that_may_be_mistyped_are_kept_and_bounded() {
    let long = "x".repeat(30);
    let text = format!("<p>Access accessed accent Größe größer at 12ab 設定 {long} файл</p>");
    let one = document("Über", "/", &text);
    assert_eq!(
        vocabulary(&files(&[placed(&one)], &[])),
        ["accent", "access", "accessed", "grosse", "grosser", "uber", "фаил"]
    );
    let letters =
        |mut n: usize| (0..4).map(|_| (b'a' + u8::try_from((n % 26, n /= 26).0).unwrap()) as char).collect::<String>();
    let text: String = (0..20_000).map(|n| letters(n) + " ").collect();
    let pages = [document("Zebra", "/", &text), document("T", "/", "often"), document("T", "/", "often")];
    let known = vocabulary(&files(&pages.iter().map(placed).collect::<Vec<_>>(), &[]));
    assert!(known.len() == 6_000 && known.is_sorted(), "{}", known.len());
    assert!(["zebra", "often"].iter().all(|word| known.iter().any(|known| known == word)));
}

#[test]
fn scripts_without_blanks_keep_their_order() {
    assert_eq!(words_of("社会"), ["社会", "会"]);
    assert_eq!(words_of("環境変数 x"), ["環境", "境変", "変数", "数", "x"]);
    assert_eq!(words_of("字"), ["字"]);
    assert_eq!(words_of("환경설정을 값"), ["환경설정을", "경설", "설정", "정을", "값"]);
    assert_eq!(words_of("설정"), ["설정"]);
    assert_eq!(words_of("한글a가나다"), ["한글a가나다", "글a", "a가", "가나", "나다"]);
}

#[test]
fn the_files_are_small_and_together_hold_every_word() {
    let text = |page: usize| (0..200).map(|word| format!("w{page}x{word} ")).collect::<String>();
    let pages: Vec<Document> = (0..150)
        .map(|page| document("Page", "/p/", &format!("<h2 id=\"h\">\"H\\\"</h2><p>the {}</p>", text(page))))
        .collect();
    let files = files(&pages.iter().map(placed).collect::<Vec<_>>(), &[]);
    assert!(files.iter().all(|(_, bytes)| bytes.len() < 40_000));
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
    assert_eq!(index["common"], json!(["h", "page", "the"]), "words of every page are told");
    let counts = index["pages"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), 150);
    assert_eq!(json_of(&files, "p0.json")[0][4][1][0], "\"H\\\"");
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

#[test]
fn words_lead_to_their_pages_however_many_there_are() {
    let page = |number: usize| Document {
        title: "T".into(),
        url: format!("/{number}/"),
        sections: vec![section(0, "", "", &format!("common only{number:04}"))],
    };
    let pages: Vec<Document> = (0..1000).map(page).collect();
    let files = files(&pages.iter().map(placed).collect::<Vec<_>>(), &[]);
    let words = |name: &str| match serde_json::from_slice(&files.iter().find(|(file, _)| file == name).unwrap().1) {
        Ok(Value::Object(words)) => words,
        other => panic!("{other:?}"),
    };
    let all: serde_json::Map<String, Value> = files
        .iter()
        .filter(|(name, _)| name.starts_with('w') && name != "words.json")
        .flat_map(|(name, _)| words(name))
        .collect();
    for number in [0, 31, 32, 255, 256, 257, 511, 999] {
        assert_eq!(all[&format!("only{number:04}")], json!([number, 0, 1]));
    }
    let steps = all["common"].as_array().unwrap();
    assert_eq!(steps.iter().step_by(3).filter_map(Value::as_u64).sum::<u64>(), 999);
    assert_eq!(steps.len(), 3000);
}
