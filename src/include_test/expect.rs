//! What a case expects of the HTML, and of the diagnostics.

use scraper::{ElementRef, Html, Selector};

use carafe_liquid::tags::if_version::{VersionCondition, parse_conditions};
use carafe_source::Span;

use crate::config::reader::Item;
use crate::diagnostic::Diagnostic;

use super::{Case, Problem, plain};

/// One entry of `expect`. Each demand holds its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Expectation {
    span: Option<Span>,
    select: String,
    /// Only for these releases.
    when: Option<Vec<VersionCondition>>,
    count: Option<(usize, Option<Span>)>,
    /// The texts of all matches, blanks collapsed.
    text: Option<Texts>,
    /// The texts of all matches, to the byte.
    code: Option<Texts>,
    /// The inner HTML of all matches, without the blanks around it.
    html: Option<Texts>,
    contains: Option<Texts>,
    lacks: Option<Texts>,
    attributes: Vec<(String, Want, Option<Span>)>,
}

impl Expectation {
    /// Whether it is for some releases only.
    pub(super) fn depends_on_release(&self) -> bool {
        self.when.is_some()
    }
}

#[derive(Clone, Debug, Default)]
struct Texts {
    all: Vec<String>,
    span: Option<Span>,
}

/// What an attribute of every match must be.
#[derive(Clone, Debug)]
enum Want {
    Value(String),
    Present,
    Absent,
}

/// Reads one entry.
pub(super) fn read(item: &Item<'_>) -> Option<Expectation> {
    let section = item.section()?;
    let mut expectation = Expectation { span: item.span(), ..Expectation::default() };
    let select = section.get("select");
    let selector = select.as_ref().and_then(|select| {
        let text = select.text()?;
        if let Err(error) = Selector::parse(&text) {
            let message = format!("`{text}` is no CSS selector");
            let mut diagnostic = Diagnostic::error("test-file", message);
            diagnostic.help = reason(&error.to_string());
            select.add(select.place(diagnostic));
            return None;
        }
        Some((text, select.span()))
    });
    if select.is_none() {
        let diagnostic = Diagnostic::error("test-file", "this expectation has no selector");
        item.add(item.place(diagnostic).help("add `select: CSS SELECTOR`"));
    }
    if let Some(when) = section.get("when") {
        let (conditions, mistakes) = parse_conditions(&when.text().unwrap_or_default());
        for mistake in mistakes {
            let diagnostic = Diagnostic::error("test-file", mistake);
            when.add(when.place(diagnostic).help("write it as in `if_version`: `gte:1.1.x lte:1.3.x`"));
        }
        expectation.when = Some(conditions);
    }
    expectation.count = section.get("count").and_then(|item| Some((item.count()?, item.span())));
    expectation.text = section.get("text").map(|item| texts(&item));
    expectation.code = section.get("code").map(|item| texts(&item));
    expectation.html = section.get("html").map(|item| texts(&item));
    expectation.contains = section.get("contains").map(|item| texts(&item));
    expectation.lacks = section.get("lacks").map(|item| texts(&item));
    if let Some(attributes) = section.get("attributes") {
        for (name, item) in attributes.pairs().unwrap_or_default() {
            let want = match item.value.as_bool() {
                Some(false) => Want::Absent,
                Some(true) => Want::Present,
                None if item.value.is_null() => Want::Absent,
                None => match item.text() {
                    Some(text) => Want::Value(text),
                    None => continue,
                },
            };
            expectation.attributes.push((name.to_owned(), want, item.span()));
        }
    }
    section.finish(Some(
        "the keys of an expectation are `select`, `count`, `text`, `code`, `html`, `contains`, `lacks`, `attributes` and `when`",
    ));
    let (select, span) = selector?;
    expectation.select = select;
    expectation.span = span.or(expectation.span);
    Some(expectation)
}

/// What the engine says, where that is meant for people.
fn reason(message: &str) -> Option<String> {
    let message = message.trim_end_matches('.');
    if message.contains('\n') || message.contains("report") {
        return Some("values of attributes that are no plain words stand in quotes: `[id='a-2']`".to_owned());
    }
    let mut chars = message.chars();
    Some(chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default())
}

/// One text, or a list of them.
fn texts(item: &Item<'_>) -> Texts {
    let all = match item.value.as_sequence() {
        Some(_) => item.texts().unwrap_or_default(),
        None => item.text().into_iter().collect(),
    };
    Texts { all, span: item.span() }
}

/// Compares what was found with the codes that the case expects: those that are missing, and all that nobody expects.
pub(super) fn diagnostics(case: &Case, found: Vec<Diagnostic>) -> Vec<Problem> {
    let missing = case.codes.iter().filter(|(code, _)| !found.iter().any(|found| found.code == code));
    let mut problems: Vec<Problem> =
        missing.map(|(code, span)| problem(case, *span, format!("there is no diagnostic `{code}`"), None)).collect();
    let unexpected = found.iter().filter(|found| !case.codes.iter().any(|(code, _)| found.code == code));
    problems.extend(unexpected.map(|diagnostic| Problem { diagnostic: diagnostic.clone(), difference: None }));
    problems
}

/// Compares the HTML with all expectations of the case.
pub(super) fn html(case: &Case, html: &str) -> Vec<Problem> {
    if case.expectations.is_empty() {
        return Vec::new();
    }
    let document = Html::parse_fragment(html);
    let applies = |expectation: &&Expectation| match (&expectation.when, &case.release) {
        (None, _) => true,
        (Some(conditions), Some(release)) => conditions.iter().all(|condition| condition.holds(release)),
        (Some(_), None) => false,
    };
    case.expectations.iter().filter(applies).flat_map(|expectation| check(case, expectation, &document)).collect()
}

fn check(case: &Case, expectation: &Expectation, document: &Html) -> Vec<Problem> {
    // It was parsed when the file was read.
    let Ok(selector) = Selector::parse(&expectation.select) else { return Vec::new() };
    let matches: Vec<ElementRef<'_>> = document.select(&selector).collect();
    let select = &expectation.select;
    let mut problems = Vec::new();
    let mut wrong = |span: Option<Span>, message: String, difference: Option<(String, String)>| {
        problems.push(problem(case, span.or(expectation.span), message, difference));
    };
    if let Some((count, span)) = expectation.count
        && count != matches.len()
    {
        let message = match (matches.len(), count) {
            (0, _) => format!("`{select}` is not there; it should be there {}", times(count)),
            (found, 0) => format!("`{select}` is there {}; it should not be there at all", times(found)),
            (found, _) => format!("`{select}` is there {}, not {}", times(found), times(count)),
        };
        wrong(span, message, None);
        return problems;
    }
    let lists = expectation.text.is_some() || expectation.code.is_some() || expectation.html.is_some();
    if expectation.count.is_none() && matches.is_empty() && !lists && expectation.lacks.is_none() {
        wrong(None, format!("`{select}` is not there"), None);
        return problems;
    }
    for (kind, wanted) in
        [(Kind::Text, &expectation.text), (Kind::Code, &expectation.code), (Kind::Html, &expectation.html)]
    {
        let Some(wanted) = wanted else { continue };
        let found: Vec<String> = matches.iter().map(|element| kind.of(*element)).collect();
        let all: Vec<String> = wanted.all.iter().map(|text| kind.normal(text)).collect();
        if found != all {
            let message = different(select, kind, all.len(), found.len());
            wrong(wanted.span, message, Some((joined(&all), joined(&found))));
        }
    }
    contained(expectation, &matches, &mut wrong);
    attributes(expectation, &matches, &mut wrong);
    problems
}

/// What of an element is compared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Code,
    Html,
}

impl Kind {
    fn of(self, element: ElementRef<'_>) -> String {
        match self {
            Self::Text => plain::text(element),
            Self::Code => element.text().collect(),
            Self::Html => element.inner_html().trim().to_owned(),
        }
    }

    /// An expected text in the form in which found ones are compared.
    fn normal(self, text: &str) -> String {
        match self {
            Self::Text => plain::collapsed(text),
            Self::Code => text.to_owned(),
            Self::Html => text.trim().to_owned(),
        }
    }

    fn noun(self) -> &'static str {
        if self == Self::Html { "HTML" } else { "text" }
    }
}

/// What to say when `wanted` texts are not the `found` ones.
fn different(select: &str, kind: Kind, wanted: usize, found: usize) -> String {
    match (wanted, found) {
        (_, 0) => format!("`{select}` is not there"),
        (0, _) => format!("`{select}` is there, but no text is expected"),
        (1, 1) => format!("`{select}` has another {}", kind.noun()),
        (a, b) if a == b && kind == Kind::Html => format!("the HTML of `{select}` differs"),
        (a, b) if a == b => format!("the texts of `{select}` differ"),
        (1, found) => format!("`{select}` is there {}, but one text is expected", times(found)),
        (wanted, found) => format!("`{select}` is there {}, but {wanted} texts are expected", times(found)),
    }
}

fn joined(texts: &[String]) -> String {
    texts.join("\n")
}

type Wrong<'w> = &'w mut dyn FnMut(Option<Span>, String, Option<(String, String)>);

/// `contains` and `lacks`, on texts with collapsed blanks.
fn contained(expectation: &Expectation, matches: &[ElementRef<'_>], wrong: Wrong<'_>) {
    let select = &expectation.select;
    if expectation.contains.is_none() && expectation.lacks.is_none() {
        return;
    }
    let found: Vec<String> = matches.iter().map(|element| plain::text(*element)).collect();
    let has = |text: &str| found.iter().any(|found| found.contains(&plain::collapsed(text)));
    for (texts, wanted) in [(&expectation.contains, true), (&expectation.lacks, false)] {
        let Some(texts) = texts else { continue };
        for text in texts.all.iter().filter(|text| has(text) != wanted) {
            let verb = if wanted { "does not contain" } else { "contains" };
            let difference = wanted.then(|| (text.clone(), joined(&found)));
            wrong(texts.span, format!("`{select}` {verb} `{text}`"), difference);
        }
    }
}

fn attributes(expectation: &Expectation, matches: &[ElementRef<'_>], wrong: Wrong<'_>) {
    let select = &expectation.select;
    for (name, want, span) in &expectation.attributes {
        for element in matches {
            let found = element.value().attr(name);
            let message = match (want, found) {
                (Want::Value(_) | Want::Present, None) => format!("`{select}` has no attribute `{name}`"),
                (Want::Absent, Some(found)) => format!("`{select}` has the attribute `{name}`: `{found}`"),
                (Want::Value(value), Some(found)) if value != found => {
                    format!("the attribute `{name}` of `{select}` is `{found}`, not `{value}`")
                }
                _ => continue,
            };
            wrong(*span, message, None);
            break;
        }
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn problem(case: &Case, span: Option<Span>, message: String, difference: Option<(String, String)>) -> Problem {
    let mut diagnostic = Diagnostic::error("failed-test", message);
    diagnostic.span = span.or(case.span);
    Problem { diagnostic, difference }
}
