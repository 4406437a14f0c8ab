//! Markdown as a reader of the page meets it: golden folders, islands, problems, and hostile input.
//!
//! A case is a folder `tests/golden/NAME` with `input.md` and `expected.html`, and perhaps `options.txt` (a line
//! `name: value` for each option). `UPDATE_GOLDEN=1` writes what comes out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use carafe_markdown::{
    Dialect, Document, Habits, Html, HtmlOptions, NoServices, Options, Services, html, parse, parse_with_islands,
};
use carafe_source::island::{Island, Islands};

/// A highlighter that knows one language and marks its words.
struct Marker<'i>(&'i Islands);

impl Services for Marker<'_> {
    fn highlight(&self, out: &mut String, code: &str, language: &str, _: bool) -> bool {
        let is_known = matches!(language, "yaml" | "plaintext");
        if is_known {
            out.push_str(&code.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        }
        is_known
    }

    fn island(&self, number: usize) -> Option<&Island> {
        self.0.get(number)
    }
}

fn plain(text: &str) -> String {
    html(&parse(text, &Options::default()), &HtmlOptions::default(), &NoServices).body
}

fn golden(folder: &Path) -> Result<(), String> {
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let text = read("input.md").map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut options = Options::default();
    for line in read("options.txt").unwrap_or_default().lines() {
        match line.split_once(": ") {
            Some(("dialect", "commonmark")) => options.dialect = Dialect::CommonMark,
            Some((name, value)) => assert_eq!(options.set(name, value), carafe_markdown::Setting::Done, "{line}"),
            None => return Err(format!("{}: cannot read the option `{line}`", folder.display())),
        }
    }
    let islands = Islands::default();
    let actual = html(&parse(&text, &options), &HtmlOptions::default(), &Marker(&islands)).body;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(folder.join("expected.html"), &actual).map_err(|error| error.to_string())?;
    }
    let expected = read("expected.html").unwrap_or_default();
    if actual == expected {
        return Ok(());
    }
    Err(format!("{}\n--- expected\n{expected}\n--- actual\n{actual}", folder.display()))
}

#[test]
fn golden_cases_come_out_to_the_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut failures = Vec::new();
    for folder in &folders {
        failures.extend(golden(folder).err());
        let known = ["input.md", "expected.html", "options.txt"];
        for file in fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(known.contains(&name.as_str()), "{}: what is {name}?", folder.display());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(folders.len() >= 20);
}

fn with_islands(text: &str, islands: &Islands) -> Html {
    let document = parse_with_islands(text, &Options::default(), islands);
    html(&document, &HtmlOptions::default(), &Marker(islands))
}

#[test]
fn islands_stand_where_their_tag_stood() {
    let mut islands = Islands::default();
    let tabs = islands.add(Island { html: "<div class=\"tabs\">*a*</div>".into(), inline: false });
    let icon = islands.add(Island { html: "<i>k</i>".into(), inline: true });
    let text = format!(
        "Before\n{tabs}\nafter *it*.\n\n1. One\n\n   {tabs}\n\n2. Two\n   {tabs}\n3. Three\n\n> quoted\n>\n> {tabs}\n\n\
         Word {icon} and\n{icon}\nend \"{icon}\"\n\n## Title {icon}\n"
    );
    let html = with_islands(&text, &islands);
    assert_eq!(
        html.body,
        "<p>Before</p>\n<div class=\"tabs\">*a*</div>\n<p>after <em>it</em>.</p>\n\n<ol>\n  <li>\n    <p>One</p>\n\n\
         <div class=\"tabs\">*a*</div>\n  </li>\n  <li>Two\n<div class=\"tabs\">*a*</div>\n  </li>\n  <li>Three</li>\n\
         </ol>\n\n<blockquote>\n  <p>quoted</p>\n\n<div class=\"tabs\">*a*</div>\n</blockquote>\n\n\
         <p>Word <i>k</i> and\n<i>k</i>\nend “<i>k</i>”</p>\n\n<h2 id=\"title-k\">Title <i>k</i></h2>\n"
    );
    assert_eq!(html.headings[0].text_plain, "Title k");
    assert_eq!(html.headings[0].text_html, "Title <i>k</i>");
}

#[test]
fn islands_are_never_parsed_and_survive_in_raw_html_and_code() {
    let mut islands = Islands::default();
    let island = islands.add(Island { html: "<b>**raw** 0</b>".into(), inline: false });
    let text = format!(
        "*[0]: zero\n\n<div>\n{island}\n</div>\n\n| a | {island} |\n\n~~~ yaml\n{island}\n~~~\n\n[x]({island})\n"
    );
    let body = with_islands(&text, &islands).body;
    assert_eq!(body.matches("<b>**raw** 0</b>").count(), 2, "{body}");
    // In code and in an address it is text.
    assert_eq!(body.matches("&lt;b&gt;**raw** 0&lt;/b&gt;").count(), 2, "{body}");
    assert!(!body.contains("<abbr") && !body.contains('\u{fdd0}'), "{body}");
}

#[test]
fn spans_point_into_the_text_that_was_parsed() {
    let text = "Intro\r\n\r\n> * item with [a link](/to \"T\")\r\n>   and ![pic](p.png)\r\n";
    let document = parse(text, &Options::default());
    let mut found = Vec::new();
    let slice = |range: &std::ops::Range<u32>| text[range.start as usize..range.end as usize].to_owned();
    fn walk(blocks: &[carafe_markdown::Block], found: &mut Vec<std::ops::Range<u32>>) {
        use carafe_markdown::BlockKind;
        for block in blocks {
            match &block.kind {
                BlockKind::Quote(children) => walk(children, found),
                BlockKind::List { items, .. } => items.iter().for_each(|item| walk(&item.children, found)),
                BlockKind::Paragraph { content, .. } => {
                    found.extend(
                        content.iter().filter(|node| !node.attributes.is_empty()).map(|node| node.range.clone()),
                    );
                }
                _ => {}
            }
        }
    }
    walk(&document.blocks, &mut found);
    let found: Vec<_> = found.iter().map(slice).collect();
    assert_eq!(found, ["[a link](/to \"T\")", "![pic](p.png)"]);
    assert_eq!(slice(&document.blocks[0].range), "Intro");
}

fn problems(text: &str) -> Vec<(&'static str, String)> {
    let document = parse(text, &Options::default());
    let place = |range: std::ops::Range<u32>| text[range.start as usize..range.end as usize].to_owned();
    document.problems.into_iter().map(|problem| (problem.code, place(problem.range))).collect()
}

#[test]
fn doubtful_text_is_told_with_its_place() {
    let text = "<div>\n<p>left open\n</div>\n\nnever\n";
    assert_eq!(problems(text), [("html-left-open", "<p".to_owned())]);
    let text = "See [the guide][gudie] and *x* [^9].\n\n- a\n  {:.x} b\n\n<section markdown=\"1\">\n\ntext\n";
    assert_eq!(
        problems(text),
        [
            ("undefined-link-reference", "[the guide][gudie]".to_owned()),
            ("undefined-footnote", "[^9]".to_owned()),
            ("attribute-list-after-text", "{:.x}".to_owned()),
            ("html-left-open", "<section markdown=\"1\">".to_owned()),
        ]
    );
    assert_eq!(problems("```yaml\na: 1\n"), [("fence-left-open", "```yaml".to_owned())]);
    assert_eq!(problems("{::options auto_idz=\"true\" /}\n").first().map(|p| p.0), Some("bad-option"));
    assert_eq!(problems("[^a]: never used\n").first().map(|p| p.0), Some("unused-footnote"));
    assert_eq!(problems("{::nothing}\nx\n{:/}\n").first().map(|p| p.0), Some("unknown-extension"));
    assert_eq!(problems("Fine [link](/a), [ref] and [x](y).\n\n[ref]: /b\n"), []);
}

#[test]
fn headings_are_listed_with_their_ids_levels_and_places() {
    let text = "# A *b* [c](/d)\n\n<div markdown=\"1\">\n## 1. In HTML\n</div>\n\n## Twice\n\n## Twice {#own}\n{:.no_toc}\n\n### Twice\n";
    let html = html(&parse(text, &Options::default()), &HtmlOptions::default(), &NoServices);
    let seen: Vec<_> = html.headings.iter().map(|h| (h.level, h.id.as_str(), h.text_html.as_str(), h.no_toc)).collect();
    assert_eq!(
        seen,
        [
            (1, "a-b-c", "A <em>b</em> c", false),
            (2, "in-html", "1. In HTML", false),
            (2, "twice", "Twice", false),
            (2, "own", "Twice", true),
            (3, "twice-1", "Twice", false),
        ]
    );
    assert_eq!(&text[html.headings[1].range.start as usize..html.headings[1].range.end as usize], "## 1. In HTML");
}

/// The processor time of this thread, where the system tells it, else the time of the day: other processes are not to count.
fn now(start: Instant) -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|field| field.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Parses and writes on a small stack, and drops what was made.
#[expect(clippy::panic, reason = "a failing thread fails the test")]
fn on_small_stack(text: String) -> (Duration, usize) {
    let work = move || {
        let start = Instant::now();
        let before = now(start);
        let mut length = 0;
        for dialect in [Dialect::Kramdown, Dialect::CommonMark] {
            let mut options = Options::default();
            options.dialect = dialect;
            options.habits = Habits::all();
            let document: Document = parse(&text, &options);
            length += html(&document, &HtmlOptions::default(), &NoServices).body.len();
        }
        (now(start).saturating_sub(before), length)
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    let joined = thread.map(std::thread::JoinHandle::join);
    match joined {
        Ok(Ok(done)) => done,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_nesting_overflows_the_stack() {
    let n = 100_000;
    let lists: String = (0..400).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    let quoted_lists: String = "> - ".repeat(n);
    let spans: String =
        ["*a _b **c __d ", "<b><i>", "[![", "~~a", "![a](", "[a](b \"", "<a href='", "{::comment}", "{:.a"]
            .iter()
            .map(|piece| piece.repeat(n / 20))
            .collect();
    let inputs = [
        ">".repeat(n),
        "> ".repeat(n),
        "- ".repeat(n),
        "1. ".repeat(n),
        quoted_lists,
        lists,
        "[".repeat(n),
        "![".repeat(n),
        "![a](".repeat(n),
        "[a](b) ".repeat(n / 4),
        format!("{}{}", "[".repeat(n), "]".repeat(n)),
        "*".repeat(n),
        "*a ".repeat(n),
        "_a".repeat(n),
        "*a **b ".repeat(n),
        "`".repeat(n),
        (1..400).map(|len| format!("{} ", "`".repeat(len))).collect(),
        "<div>".repeat(n),
        "<div markdown=\"1\">\n".repeat(n),
        "<b>".repeat(n),
        "<b>*".repeat(n),
        "<a b=\"".repeat(n),
        "</div>\n".repeat(n),
        "\"'".repeat(n),
        "~~a".repeat(n),
        "$$a ".repeat(n) + "$",
        "{:.a".repeat(n),
        "{::comment}\n".repeat(n / 10),
        "```\n".repeat(n) + "~~~\n",
        "~~~~ a\n```` b\n".repeat(n / 10),
        "[^1]: a\n".repeat(n / 10) + "end",
        "a\n: b\n".repeat(n / 10),
        "a|b\n".repeat(n / 10),
        "&".repeat(n),
        "<!--".repeat(n),
        "x [^1] ".repeat(n / 10) + "\n\n[^1]: [^1] ![^1](",
        spans,
    ];
    for input in inputs {
        let start: String = input.chars().take(20).collect();
        let (time, length) = on_small_stack(input);
        assert!(length > 0, "{start:?} came out empty");
        assert!(time < Duration::from_secs(20), "{start:?} took {time:?}");
    }
}

/// The shortest of some runs, so that a busy machine does not count.
fn shortest(text: &str) -> f64 {
    (0..3).map(|_| on_small_stack(text.to_owned()).0.as_secs_f64()).fold(f64::MAX, f64::min)
}

#[test]
fn time_grows_with_the_length_of_the_text_and_not_with_its_square() {
    let pieces = [
        "[",
        "[a](",
        "![",
        "*a ",
        "**a ",
        "_a *b ",
        "<b>",
        "<div>",
        "`a ``b ",
        "> ",
        "- a\n",
        "- a\n  - b\n",
        "a\n",
        "\"a\" ",
        "[a] ",
        "[a][b] ",
        "[a\n",
        "| a | b\n",
        "{:.a} ",
        "{:a\n",
        "```\n",
        "<a b=",
        "$$",
        "~~a",
        "<!-- ",
        "a  \n",
        "\\",
        "&a",
        "*[ab]: c\nab\n",
        "[^a]",
        "[^a]: b\n",
        "word ",
        "# a\n",
        "<p>a",
        "a\n: b\n",
        "1. a\n\n   b\n\n",
        "{::",
        "{::a}\n",
        "|",
        "![[]()",
        "[a]: /b\n",
        "{:a: .c a}\n",
        "{: a=\"b\"}\n",
        "`a``b```",
        "<!--",
        "<a>",
        "&amp;",
        "a@b.c@",
        "https://a.b/c[d](",
        "(www.a.b). ",
        "--a ",
        "---------",
        "<div>\n\na",
        "<td>\n\na `</td>",
        "> [!NOTE] a\n\n",
    ];
    let mut slow = BTreeSet::new();
    for piece in pieces {
        let of = |bytes: usize| piece.repeat(bytes / piece.len());
        // Eight times the text may take up to 24 times as long; a square would take 64 times. What looks slow is measured
        // again: another process may have had the processor.
        let looks_slow = || {
            let (small, large) = (shortest(&of(8_192)), shortest(&of(65_536)));
            large > 0.05 && large > small * 24.0
        };
        if (0..4).all(|_| looks_slow()) {
            slow.insert(format!("{piece:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn a_table_of_contents_may_be_all_that_an_element_holds() {
    let list = "* toc\n{:toc}\n";
    let html_of = |name: &str| format!("<{name} markdown=\"1\">\n{list}</{name}>\n\n# A\n");
    let cells = format!("<table>\n<tr>\n<td markdown=\"1\">\n{list}</td>\n</tr>\n</table>\n\n# A\n");
    let listed = |name: &str| format!("<{name}>\n{list}</{name}>\n\n# A\n").replacen('>', " markdown=\"block\">", 1);
    let of_markdown =
        ["> * toc\n> {:toc}\n\n# A\n", "* a\n\n  * toc\n  {:toc}\n\n# A\n", "a\n\n: * toc\n  {:toc}\n\n# A\n"];
    let mut texts: Vec<String> = ["div", "section", "blockquote", "details", "aside", "article"].map(html_of).into();
    texts.extend(["li", "dd", "th", "figure"].map(listed));
    texts.push(cells);
    texts.extend(of_markdown.map(str::to_owned));
    texts.extend(["div", "li"].map(|name| html_of(name).replace("toc}", "footnotes}") + "\nx[^1]\n\n[^1]: y\n"));
    for text in texts {
        let body = plain(&text);
        let mut open: Vec<String> = Vec::new();
        for tag in body.split('<').skip(1) {
            let name = tag.split(['>', ' ']).next().unwrap_or_default();
            assert!(!name.is_empty() && tag.contains('>'), "{text}\n{body}");
            match name.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "{text}\n{body}"),
                None => open.push(name.to_owned()),
            }
        }
        assert!(open.is_empty() && (body.contains("href=\"#a\"") || body.contains("href=\"#fn:1\"")), "{text}\n{body}");
    }
}

#[test]
fn one_long_line_is_only_long() {
    for piece in ["word ", "[", "`", "a*b_", "\"x\" ", "<b> "] {
        let (time, length) = on_small_stack(piece.repeat((2 << 20) / piece.len()));
        assert!(length > 1 << 20);
        assert!(time < Duration::from_secs(30), "{piece:?} took {time:?}");
    }
}

#[test]
fn line_ends_and_a_missing_last_one_make_no_difference() {
    let unix = "# T\n\ntext  \nmore\n\n- a\n- b\n\n~~~\ncode\n~~~\n";
    assert_eq!(plain(&unix.replace('\n', "\r\n")), plain(unix));
    assert_eq!(plain(&unix.replace('\n', "\r")), plain(unix));
    assert_eq!(plain(unix.trim_end()), plain(unix));
    assert_eq!(plain(""), "");
}
