//! What a case expects of the HTML, and of the diagnostics.

use scraper::{ElementRef, Html, Selector};
use serde_yaml::Value as Yaml;

use crate::config::reader::Item;
use crate::diagnostic::Diagnostic;
use crate::liquid::tags::if_version::{VersionCondition, parse_conditions};
use crate::source::Span;

use super::{Case, Problem, plain};

/// One entry of `expect`. Each demand holds its place.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
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
            let want = match item.value {
                Yaml::Null | Yaml::Bool(false) => Want::Absent,
                Yaml::Bool(true) => Want::Present,
                _ => match item.text() {
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
    let all = match item.value {
        Yaml::Sequence(_) => item.texts().unwrap_or_default(),
        _ => item.text().into_iter().collect(),
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
        wrong(span, format!("`{select}` is there {}, not {}", times(matches.len()), times(count)), None);
        return problems;
    }
    let lists = expectation.text.is_some() || expectation.code.is_some() || expectation.html.is_some();
    if expectation.count.is_none() && matches.is_empty() && !lists && expectation.lacks.is_none() {
        wrong(None, format!("`{select}` is not there"), None);
        return problems;
    }
    let inner = |element: &ElementRef<'_>| element.inner_html().trim().to_owned();
    let exact = |element: &ElementRef<'_>| element.text().collect::<String>();
    let read: [(&str, &Option<Texts>, &dyn Fn(&ElementRef<'_>) -> String); 3] = [
        ("text", &expectation.text, &|element| plain::text(*element)),
        ("text", &expectation.code, &exact),
        ("HTML", &expectation.html, &inner),
    ];
    for (at, (noun, wanted, read)) in read.into_iter().enumerate() {
        let Some(wanted) = wanted else { continue };
        let found: Vec<String> = matches.iter().map(read).collect();
        let all: Vec<String> = wanted.all.iter().map(|text| normal(at, text)).collect();
        if found != all {
            let message = match (all.len(), found.len()) {
                (1, 1) => format!("`{select}` has another {noun}"),
                (1, 0) => format!("`{select}` is not there"),
                (a, b) if a == b => format!("the {noun}s of `{select}` differ"),
                (a, b) => format!("`{select}` is there {}, but {} expected", times(b), texts_expected(a)),
            };
            wrong(wanted.span, message, Some((joined(&all), joined(&found))));
        }
    }
    contained(expectation, &matches, &mut wrong);
    attributes(expectation, &matches, &mut wrong);
    problems
}

/// An expected text in the form in which the found ones are compared.
fn normal(kind: usize, text: &str) -> String {
    match kind {
        0 => plain::collapsed(text),
        1 => text.to_owned(),
        _ => text.trim().to_owned(),
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
        0 => "no times".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn texts_expected(count: usize) -> String {
    if count == 1 { "one text is".to_owned() } else { format!("{count} texts are") }
}

fn problem(case: &Case, span: Option<Span>, message: String, difference: Option<(String, String)>) -> Problem {
    let mut diagnostic = Diagnostic::error("failed-test", message);
    diagnostic.span = span.or(case.span);
    Problem { diagnostic, difference }
}
