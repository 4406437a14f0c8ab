//! From markup to expressions, filter chains and conditions: the strict syntax where it fits, else Liquid's lax patterns.
//!
//! Lax means: what does not fit is passed over without a word. The rules are Ruby Liquid's (`Expression`, `VariableLookup`,
//! `Variable`, `If`). Brackets and ranges nest to a fixed depth; deeper ones are nil.

use std::ops::Range;
use std::sync::Arc;

use super::Value;
use super::ast::{
    Comparison, Condition, Expr, FilterCall, FilterTarget, Filtered, Junction, Key, LookupExpr, Operator, Root,
};
use super::strict::{self, Fault, NESTING};
use super::syntax::{Source, attributes, find_fragment, fragment, run, segment, skip_space, word as word_byte};
use super::tags::{Dialect, Tags};

/// The expression that `range` holds.
pub(crate) fn parse(source: &Source<'_>, range: Range<usize>) -> Expr {
    nested(source, range, 0)
}

fn nested(source: &Source<'_>, range: Range<usize>, depth: usize) -> Expr {
    let range = source.trim(range);
    let text = source.get(&range);
    if depth > NESTING {
        return Expr::Literal(Value::Nil);
    }
    if let Some(quote) = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))
        && text.ends_with(quote)
    {
        return Expr::Literal(Value::str(text.get(1..text.len() - 1).unwrap_or("")));
    }
    if let Some(literal) = word(text) {
        return literal;
    }
    if let Some((first, last)) = range_parts(source, &range) {
        return Expr::Range(Box::new((nested(source, first, depth + 1), nested(source, last, depth + 1))));
    }
    lookup(source, range, depth)
}

/// The literal that `text` is: nil, a truth value, a number, `empty` or `blank`.
pub(crate) fn word(text: &str) -> Option<Expr> {
    let literal = match text {
        "" | "nil" | "null" => Value::Nil,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "empty" => return Some(Expr::Empty),
        "blank" => return Some(Expr::Blank),
        _ => return number(text).map(Expr::Literal),
    };
    Some(Expr::Literal(literal))
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.parse().map_or_else(|_| Value::Float(text.parse().unwrap_or(f64::INFINITY)), Value::Int));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let mut parts = text.split('.');
    let whole = parts.next()?;
    let fraction = parts.next().filter(|part| !part.is_empty()).unwrap_or("0");
    format!("{whole}.{fraction}").parse().ok().map(Value::Float)
}

/// The two sides of `(first..last)`; the last `..` divides them.
fn range_parts(source: &Source<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let text = source.get(range);
    if !text.starts_with('(') || !text.ends_with(')') || text.len() < 2 {
        return None;
    }
    let inner = range.start + 1..range.end - 1;
    let dots = inner.start + source.get(&inner).rfind("..")?;
    let first = source.trim(inner.start..dots);
    let last = source.trim(dots + 2..inner.end);
    let solid = |part: &Range<usize>| !part.is_empty() && !source.get(part).contains(super::lexer::is_space);
    (solid(&first) && solid(&last)).then_some((first, last))
}

/// All names and brackets in `range` as a path, whatever stands between them.
fn lookup(source: &Source<'_>, range: Range<usize>, depth: usize) -> Expr {
    let bytes = source.text.as_bytes();
    let mut root = None;
    let mut path = Vec::new();
    let (mut start, mut stop) = (range.start, range.end);
    let mut at = range.start;
    // Once a bracket has no partner, none before it has: they are passed over without looking again.
    let mut brackets = true;
    while at < range.end {
        let begin = at;
        let key = if bytes[at] == b'[' && brackets {
            let Some(close) = closing(bytes, at, range.end) else {
                brackets = false;
                at += 1;
                continue;
            };
            at = close + 1;
            if close == begin + 1 {
                continue;
            }
            Key::Index(nested(source, begin + 1..close, depth + 1))
        } else if segment(bytes[at]) {
            at = run(bytes, at, range.end, segment);
            at += usize::from(at < range.end && bytes[at] == b'?');
            Key::Name(source.get(&(begin..at)).into())
        } else {
            at += 1;
            continue;
        };
        stop = at;
        if root.is_some() {
            path.push(key);
        } else {
            start = begin;
            root = Some(match key {
                Key::Name(name) => Root::Name(name),
                Key::Index(value) => Root::Dynamic(value),
            });
        }
    }
    match root {
        Some(root) => Expr::Lookup(Box::new(LookupExpr { span: source.span(&(start..stop)), root, path })),
        None => Expr::Literal(Value::Nil),
    }
}

/// The bracket that closes the one at `open`.
fn closing(bytes: &[u8], open: usize, end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(end).skip(open) {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// What markup says (`None` when it says nothing, or nothing that makes sense), and what the lax rules passed over for it.
pub(crate) type Understood<T> = (Option<T>, Option<Fault>);

/// A value and its filters.
pub(crate) fn filtered(source: &Source<'_>, range: Range<usize>, tags: &Tags) -> Understood<Filtered> {
    let strict = strict::chain(source, &range);
    let range = source.trim(range);
    let (chain, fault) = match strict {
        Ok((value, filters)) => (value.map(|value| (value, filters)), None),
        Err(fault) => (lax_chain(source, &range), Some(fault)),
    };
    let filtered = chain.map(|(value, filters)| {
        let filters = filters.into_iter().map(|(name, args, named)| call(source, &name, args, named, tags)).collect();
        Filtered { span: source.span(&range), value, filters }
    });
    (filtered, fault)
}

fn call(
    source: &Source<'_>,
    name: &Range<usize>,
    args: Vec<Expr>,
    named: Vec<(Range<usize>, Expr)>,
    tags: &Tags,
) -> FilterCall {
    let text = source.get(name);
    let target = if tags.has_filter(text) {
        FilterTarget::Template
    } else {
        match super::filters::find(text) {
            Some(filter) => FilterTarget::Builtin(filter),
            None if tags.has_host_filter(text) => FilterTarget::Host,
            None => FilterTarget::Unknown,
        }
    };
    let named = named.into_iter().map(|(key, value)| (Arc::from(source.get(&key)), value)).collect();
    FilterCall { name: text.into(), span: source.span(name), target, args, named }
}

fn lax_chain(source: &Source<'_>, range: &Range<usize>) -> Option<(Expr, Vec<strict::RawFilter>)> {
    let bytes = source.text.as_bytes();
    let head = find_fragment(bytes, range)?;
    let value = parse(source, head.clone());
    let mut filters = Vec::new();
    let Some(pipe) = memchr::memchr(b'|', &bytes[head.end..range.end]) else { return Some((value, filters)) };
    let mut at = head.end + pipe + 1;
    while at < range.end {
        // One filter: blanks, fragments and commas up to a `|` or a quote that nothing closes.
        let start = at;
        loop {
            at = run(bytes, at, range.end, |b| super::syntax::space(b) || b == b',');
            match fragment(bytes, at, range.end) {
                Some(stop) => at = stop,
                None => break,
            }
        }
        if let Some(filter) = lax_filter(source, start..at) {
            filters.push(filter);
        }
        at += 1;
    }
    Some((value, filters))
}

fn lax_filter(source: &Source<'_>, range: Range<usize>) -> Option<strict::RawFilter> {
    let bytes = source.text.as_bytes();
    let start = (range.start..range.end).find(|&at| word_byte(bytes[at]))?;
    let name = start..run(bytes, start, range.end, word_byte);
    let (mut args, mut named) = (Vec::new(), Vec::new());
    // Behind every `:` or `,` stands an argument, perhaps with a name. The name of the filter itself counts as text here.
    let mut at = range.start;
    while at < range.end {
        if !matches!(bytes[at], b':' | b',') {
            at += 1;
            continue;
        }
        let from = skip_space(bytes, at + 1, range.end);
        let key = from..run(bytes, from, range.end, word_byte);
        let colon = skip_space(bytes, key.end, range.end);
        if !key.is_empty() && colon < range.end && bytes[colon] == b':' {
            let value = skip_space(bytes, colon + 1, range.end);
            if let Some(stop) = fragment(bytes, value, range.end) {
                named.push((key, parse(source, value..stop)));
                at = stop;
                continue;
            }
        }
        match fragment(bytes, from, range.end) {
            Some(stop) => {
                match attributes(bytes, &(from..stop)).pop() {
                    Some((key, value)) if key.start == from && value.end == stop => {
                        named.push((key, parse(source, value)));
                    }
                    _ => args.push(parse(source, from..stop)),
                }
                at = stop;
            }
            None => at += 1,
        }
    }
    Some((name, args, named))
}

/// A condition. Jekyll's dialect takes it as the strict syntax reads it, where that fits.
pub(crate) fn condition(source: &Source<'_>, range: Range<usize>, dialect: Dialect) -> Understood<Condition> {
    match strict::condition(source, &range) {
        Ok(condition) if dialect == Dialect::Jekyll => (Some(condition), None),
        strict => (lax_condition(source, range), strict.err()),
    }
}

fn lax_condition(source: &Source<'_>, range: Range<usize>) -> Option<Condition> {
    let bytes = source.text.as_bytes();
    let mut groups = Vec::new();
    let mut junction = None;
    let mut from = range.start;
    let mut at = range.start;
    loop {
        at = skip_space(bytes, at, range.end);
        let operator = (at < range.end).then(|| junction_at(bytes, at, range.end)).flatten();
        if at >= range.end || operator.is_some() {
            groups.push((junction, comparison(source, &(from..at))?));
            let Some((next, stop)) = operator else { break };
            junction = Some(next);
            (from, at) = (stop, stop);
            continue;
        }
        at = fragment(bytes, at, range.end).unwrap_or_else(|| run(bytes, at, range.end, |b| !super::syntax::space(b)));
    }
    let mut groups = groups.into_iter();
    let (_, first) = groups.next()?;
    let rest = groups.map(|(junction, comparison)| (junction.unwrap_or(Junction::And), comparison)).collect();
    Some(Condition { first, rest })
}

fn junction_at(bytes: &[u8], at: usize, end: usize) -> Option<(Junction, usize)> {
    let rest = &bytes[at..end];
    let (junction, len) = if rest.starts_with(b"and") {
        (Junction::And, 3)
    } else if rest.starts_with(b"or") {
        (Junction::Or, 2)
    } else {
        return None;
    };
    rest.get(len).is_none_or(|b| !word_byte(*b)).then_some((junction, at + len))
}

fn comparison(source: &Source<'_>, range: &Range<usize>) -> Option<Comparison> {
    let bytes = source.text.as_bytes();
    let left = find_fragment(bytes, range)?;
    let word = skip_space(bytes, left.end, range.end);
    let operator = word..run(bytes, word, range.end, |b| matches!(b, b'=' | b'!' | b'<' | b'>' | b'_' | b'a'..=b'z'));
    let from = skip_space(bytes, operator.end, range.end);
    let right = fragment(bytes, from, range.end).map(|stop| from..stop);
    let end = right.as_ref().map_or(operator.end.max(left.end), |right| right.end);
    let span = source.span(&(left.start..end));
    let left = parse(source, left);
    let right = (!operator.is_empty()).then(|| {
        let value = right.map_or(Expr::Literal(Value::Nil), |right| parse(source, right));
        (Operator::parse(source.get(&operator)), value)
    });
    Some(Comparison { span, left, right })
}
