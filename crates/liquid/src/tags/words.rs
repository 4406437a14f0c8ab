//! A tag's markup where text and `{{ }}` may be mixed, and `key=value` parameters as Jekyll writes them.

use std::ops::Range;
use std::sync::Arc;

use carafe_source::Span;

use crate::Value;
use crate::ast::{Body, Expr};
use crate::expression;
use crate::parser::{Parser, Template, fragment};
use crate::render::Renderer;
use crate::syntax::{Source, run, segment, skip_space, space};
use crate::tag_template::Bare;

/// A text that may hold outputs.
#[derive(Debug)]
pub enum Words {
    /// Just this text.
    Text(Arc<str>),
    /// A piece of template.
    Template(Body),
}

impl Words {
    /// Reads the words in `range`.
    pub(crate) fn parse(parser: &mut Parser<'_>, range: Range<usize>) -> Self {
        let text = parser.get(&range);
        if text.contains("{{") { Self::Template(fragment(parser, range)) } else { Self::Text(text.into()) }
    }

    /// The text they give now.
    pub(crate) fn text(&self, renderer: &mut Renderer<'_>, template: &Template) -> Arc<str> {
        match self {
            Self::Text(text) => text.clone(),
            Self::Template(body) => {
                let (runs, _) = renderer.captured_runs(body, template);
                renderer.settle(runs)
            }
        }
    }
}

/// `key=value`.
#[derive(Debug)]
pub struct Param {
    /// The key.
    pub name: Arc<str>,
    /// The place of all of it.
    pub span: Span,
    /// The value.
    pub value: Expr,
    /// The value, where it is a text in quotes with outputs in it.
    pub words: Option<Words>,
}

impl Param {
    /// What it gives now.
    pub(crate) fn eval(&self, renderer: &mut Renderer<'_>, template: &Template) -> Value {
        match &self.words {
            Some(words) => Value::Str(words.text(renderer, template)),
            None => renderer.eval(&self.value),
        }
    }
}

/// Why parameters could not be read: the place that does not fit.
#[derive(Debug)]
pub(crate) struct Misfit(pub Range<usize>);

/// All `key=value` in `range`. Other words go to `other`, or are a misfit where it is `None`. Where the tags say so, a text in
/// quotes may hold outputs.
pub(crate) fn params(
    parser: &mut Parser<'_>,
    range: Range<usize>,
    other: Option<&mut Vec<Range<usize>>>,
) -> Result<Vec<Param>, Misfit> {
    params_with(parser, range, other, &Bare::Variables)
}

/// As [`params`], with values that are texts without quotes.
pub(crate) fn params_with(
    parser: &mut Parser<'_>,
    range: Range<usize>,
    mut other: Option<&mut Vec<Range<usize>>>,
    bare: &Bare,
) -> Result<Vec<Param>, Misfit> {
    let outputs = parser.tags.reads_quoted_outputs();
    let bytes = parser.source.text.as_bytes();
    let mut found = Vec::new();
    let mut at = range.start;
    loop {
        at = skip_space(bytes, at, range.end);
        if at >= range.end {
            return Ok(found);
        }
        if let Some((param, stop)) = bare_param(parser, at, range.end, bare) {
            found.push(param);
            at = stop;
            continue;
        }
        if let Some((mut param, stop)) = param(&parser.source, at, range.end, outputs) {
            if let Expr::Literal(Value::Str(text)) = &param.value
                && outputs
                && text.contains("{{")
            {
                let quote = at + parser.get(&(at..stop)).find(['"', '\'']).unwrap_or_default();
                param.words = Some(Words::parse(parser, quote + 1..stop - 1));
            }
            found.push(param);
            at = stop;
            continue;
        }
        let stop = word_end(bytes, at, range.end);
        match &mut other {
            Some(words) => words.push(at..stop),
            None => return Err(Misfit(at..stop)),
        }
        at = stop;
    }
}

/// The end of a bare word: blanks within quotes and `{{ }}` belong to it.
pub(crate) fn word_end(bytes: &[u8], at: usize, end: usize) -> usize {
    if let Some(stop) = crate::syntax::quoted(bytes, at, end) {
        return stop;
    }
    let mut stop = at;
    while stop < end && !space(bytes[stop]) {
        if bytes[stop..end].starts_with(b"{{")
            && let Some(close) = memchr::memmem::find(&bytes[stop..end], b"}}")
        {
            stop += close + 2;
        } else {
            stop += 1;
        }
    }
    stop
}

/// The parameter at `at` whose value is a text without quotes, and where it ends.
pub(crate) fn bare_param(parser: &mut Parser<'_>, at: usize, end: usize, bare: &Bare) -> Option<(Param, usize)> {
    let bytes = parser.source.text.as_bytes();
    let name = at..run(bytes, at, end, segment);
    let equals = skip_space(bytes, name.end, end);
    if name.is_empty() || equals >= end || bytes[equals] != b'=' || !bare.is_text(parser.get(&name)) {
        return None;
    }
    let from = skip_space(bytes, equals + 1, end);
    if from >= end || matches!(bytes[from], b'"' | b'\'') {
        return None;
    }
    let stop = word_end(bytes, from, end);
    let text = parser.get(&(from..stop));
    let value = Expr::Literal(Value::str(text));
    let words = text.contains("{{").then(|| Words::parse(parser, from..stop));
    let (name, span) = (parser.get(&name).into(), parser.source.span(&(at..stop)));
    Some((Param { name, span, value, words }, stop))
}

/// The parameter at `at`, and where it ends.
pub(crate) fn param(source: &Source<'_>, at: usize, end: usize, outputs: bool) -> Option<(Param, usize)> {
    let bytes = source.text.as_bytes();
    let name = at..run(bytes, at, end, segment);
    let equals = skip_space(bytes, name.end, end);
    if name.is_empty() || equals >= end || bytes[equals] != b'=' {
        return None;
    }
    let from = skip_space(bytes, equals + 1, end);
    let (value, stop) = match bytes.get(from).filter(|_| from < end)? {
        quote @ (b'"' | b'\'') => {
            let stop = closing_quote(bytes, from, end, *quote, outputs)?;
            let text = source.get(&(from + 1..stop - 1));
            let escaped = if *quote == b'"' { "\\\"" } else { "\\'" };
            (Expr::Literal(Value::str(text.replace(escaped, &escaped[1..]))), stop)
        }
        _ => {
            let stop = run(bytes, from, end, |b| segment(b) || b == b'.');
            if stop == from {
                return None;
            }
            (expression::parse(source, from..stop), stop)
        }
    };
    if stop < end && !space(bytes[stop]) {
        return None;
    }
    let param = Param { name: source.get(&name).into(), span: source.span(&(at..stop)), value, words: None };
    Some((param, stop))
}

/// The end of a quoted text in which the quote may stand behind a backslash, and within `outputs`.
fn closing_quote(bytes: &[u8], open: usize, end: usize, quote: u8, outputs: bool) -> Option<usize> {
    let mut at = open + 1;
    // Outputs that are not closed hold nothing.
    let mut outputs = outputs;
    while at < end {
        match bytes[at] {
            b'{' if outputs && bytes[at..end].starts_with(b"{{") => {
                match memchr::memmem::find(&bytes[at..end], b"}}") {
                    Some(close) => at += close + 2,
                    None => outputs = false,
                }
            }
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}
