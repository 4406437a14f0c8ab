//! `{% for item in collection limit: 2 offset: 1 reversed %}…{% else %}…{% endfor %}`, and its variable `forloop`.
//!
//! Each turn is counted against the limit of iterations; a range is never laid out in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use carafe_source::diagnostic::Diagnostic;

use crate::ast::{Body, Expr};
use crate::lexer::Token;
use crate::parser::{Parser, drop_blanks};
use crate::render::{At, Flow, Renderer};
use crate::syntax::{attributes, fragments, run, segment, skip_space};
use crate::{Object, Value, convert, expression, strict};

use super::{Dialect, Tag};

/// A loop.
#[derive(Debug)]
pub struct For {
    /// `item-collection`, as `forloop.name` gives it.
    pub name: Arc<str>,
    /// The variable.
    pub variable: Arc<str>,
    /// What is gone through.
    pub collection: Expr,
    /// From the end to the start.
    pub reversed: bool,
    /// At most so many.
    pub limit: Option<Expr>,
    /// How many are passed over first.
    pub offset: Offset,
    /// What is rendered for each.
    pub body: Body,
    /// What is rendered when there is none.
    pub otherwise: Option<Body>,
    /// Whether nothing but blanks can come out.
    pub blank: bool,
}

/// Where a loop starts.
#[derive(Debug)]
pub enum Offset {
    /// At the first item.
    None,
    /// Behind the last item of the loop before with the same name.
    Continue,
    /// Behind so many.
    At(Expr),
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let mut sections = parser.sections(token, &["else"]);
    let blank = sections.iter().all(|(_, body)| body.blank);
    drop_blanks(sections.iter_mut().map(|(_, body)| body), blank);
    if let Some((second, _)) = sections.get(2) {
        let diagnostic = parser.syntax(second, "a `for` has one `else`, and this is its second");
        parser.refuse(diagnostic);
    }
    let mut bodies = sections.into_iter().map(|(_, body)| body);
    let body = bodies.next().unwrap_or_default();
    let otherwise = bodies.next();
    let source = parser.source;
    let mut head = match strict::for_head(&source, &token.markup) {
        Ok(strict) if parser.tags.dialect() == Dialect::Jekyll => {
            let mut head = head(
                parser.get(&strict.variable),
                &solid(parser.get(&strict.collection_text)),
                strict.collection,
                strict.reversed,
            );
            for (name, value, text) in strict.attributes {
                head.set(parser.get(&name), value, parser.get(&text));
            }
            head
        }
        strict => {
            let head = lax(parser, token)?;
            parser.lax((Some(()), strict.err()));
            head
        }
    };
    (head.body, head.otherwise, head.blank) = (body, otherwise, blank);
    Ok(Tag::For(head))
}

/// Without the blanks that the strict syntax allows within a range, so that two ways to write it have one name.
fn solid(text: &str) -> String {
    if text.starts_with('(') { text.chars().filter(|c| !c.is_whitespace()).collect() } else { text.to_owned() }
}

fn head(variable: &str, collection_text: &str, collection: Expr, reversed: bool) -> For {
    For {
        name: format!("{variable}-{collection_text}").into(),
        variable: variable.into(),
        collection,
        reversed,
        limit: None,
        offset: Offset::None,
        body: Body::default(),
        otherwise: None,
        blank: false,
    }
}

impl For {
    fn set(&mut self, name: &str, value: Expr, text: &str) {
        match name {
            "offset" if text == "continue" => self.offset = Offset::Continue,
            "offset" => self.offset = Offset::At(value),
            "limit" => self.limit = Some(value),
            _ => {}
        }
    }
}

fn lax(parser: &Parser<'_>, token: &Token) -> Result<For, Diagnostic> {
    let source = parser.source;
    let bytes = source.text.as_bytes();
    let end = token.markup.end;
    let malformed = || {
        let message = "`for` needs a variable, `in` and a collection";
        parser.syntax(token, message).help("write `{% for item in collection %}`")
    };
    let variable = token.markup.start..run(bytes, token.markup.start, end, segment);
    let word = skip_space(bytes, variable.end, end);
    let from = skip_space(bytes, (word + 2).min(end), end);
    let is_in = word > variable.end && bytes[word..end].starts_with(b"in") && from > word + 2;
    if variable.is_empty() || !is_in {
        return Err(malformed());
    }
    let stop = fragments(bytes, from, end).ok_or_else(malformed)?;
    let collection = expression::parse(&source, from..stop);
    let reversed = bytes[skip_space(bytes, stop, end)..end].starts_with(b"reversed");
    let mut head = head(parser.get(&variable), parser.get(&(from..stop)), collection, reversed);
    for (name, value) in attributes(bytes, &token.markup) {
        let text = parser.get(&value);
        head.set(parser.get(&name), expression::parse(&source, value), text);
    }
    Ok(head)
}

/// The items a loop goes through.
pub(crate) enum Items {
    /// So many numbers from the first on.
    Numbers(i64, usize),
    /// These.
    List(Arc<Vec<Value>>, std::ops::Range<usize>),
}

impl Items {
    /// The items of `collection` behind the first `from`, up to number `to`. As in Ruby, `to` may lie before `from`, and
    /// numbers below zero pass over nothing.
    pub(crate) fn new(collection: &Value, from: i128, to: Option<i128>) -> Self {
        let clamp = |number: i128, len: usize| usize::try_from(number.max(0)).unwrap_or(usize::MAX).min(len);
        match convert::resolve(collection) {
            Value::Range(first, last) => {
                let len = usize::try_from(i128::from(last) - i128::from(first) + 1).unwrap_or(0);
                let end = to.map_or(len, |to| clamp(to, len));
                let start = clamp(from, end);
                Self::Numbers(first.saturating_add(i64::try_from(start).unwrap_or(i64::MAX)), end - start)
            }
            Value::Array(items) => {
                let end = to.map_or(items.len(), |to| clamp(to, items.len()));
                Self::List(items, clamp(from, end)..end)
            }
            // A text is one item, whatever the bounds.
            text @ Value::Str(_) => {
                let items = convert::items(&text);
                let len = items.len();
                Self::List(Arc::new(items), 0..len)
            }
            other => {
                let items = convert::items(&other);
                let end = to.map_or(items.len(), |to| clamp(to, items.len()));
                Self::List(Arc::new(items), clamp(from, end)..end)
            }
        }
    }

    /// How many steps it took to lay the items out.
    pub(crate) fn steps(&self, collection: &Value) -> u64 {
        match (self, collection) {
            (Self::List(items, _), Value::Map(_) | Value::Object(_)) => items.len() as u64,
            _ => 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(_, len) => *len,
            Self::List(_, range) => range.len(),
        }
    }

    pub(crate) fn get(&self, at: usize) -> Value {
        match self {
            Self::Numbers(first, _) => first.saturating_add(i64::try_from(at).unwrap_or(i64::MAX)).into(),
            Self::List(items, range) => items.get(range.start + at).cloned().unwrap_or_default(),
        }
    }
}

pub(super) fn render(tag: &For, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let from = match &tag.offset {
        Offset::None => Some(0),
        Offset::Continue => Some(renderer.offsets.get(&tag.name).copied().unwrap_or(0)),
        Offset::At(value) => whole(renderer, value, at).map(|offset| offset.unwrap_or(0)),
    };
    let limit = match &tag.limit {
        Some(value) => whole(renderer, value, at),
        None => Some(None),
    };
    let (Some(from), Some(limit)) = (from, limit) else { return Flow::Next };
    let collection = renderer.collection(&tag.collection);
    let items = Items::new(&collection, from, limit.map(|limit| limit.saturating_add(from)));
    renderer.budget.steps(items.steps(&collection));
    let len = items.len();
    renderer.offsets.insert(tag.name.clone(), from.saturating_add(i128::try_from(len).unwrap_or(i128::MAX)));
    if len == 0 {
        return tag.otherwise.as_ref().map_or(Flow::Next, |body| renderer.body(body, at.template));
    }
    let forloop = Arc::new(ForLoop::new(&tag.name, len, renderer.loops.last().cloned()));
    renderer.loops.push(forloop.clone());
    renderer.scope.push(vec![(renderer.names.forloop.clone(), Value::Object(forloop.clone()))]);
    let mut flow = Flow::Next;
    for turn in 0..len {
        if !renderer.iterate(at.span) {
            flow = Flow::Stop;
            break;
        }
        let item = if tag.reversed { len - 1 - turn } else { turn };
        renderer.scope.set_local(&tag.variable, items.get(item));
        match renderer.body(&tag.body, at.template) {
            Flow::Next | Flow::Continue => {}
            Flow::Break => break,
            Flow::Stop => {
                flow = Flow::Stop;
                break;
            }
        }
        forloop.advance();
    }
    renderer.scope.pop();
    renderer.loops.pop();
    flow
}

/// A whole number; `Some(None)` for nil. What is no number is an error.
fn whole(renderer: &Renderer<'_>, expr: &Expr, at: At<'_>) -> Option<Option<i128>> {
    match convert::resolve(&renderer.eval(expr)) {
        Value::Nil => Some(None),
        Value::Int(number) => Some(Some(number)),
        other => {
            let number = other.as_str().and_then(|text| text.trim().parse::<i128>().ok());
            if number.is_none() {
                let message = format!("`{}` is not a whole number: invalid integer", convert::text(&other));
                renderer.fail("liquid-type", message, at.span);
            }
            number.map(Some)
        }
    }
}

/// The variable `forloop`.
#[derive(Debug)]
pub struct ForLoop {
    name: Arc<str>,
    len: usize,
    index: AtomicUsize,
    parent: Option<Arc<Self>>,
}

impl ForLoop {
    pub(crate) fn new(name: &Arc<str>, len: usize, parent: Option<Arc<Self>>) -> Self {
        Self { name: name.clone(), len, index: AtomicUsize::new(0), parent }
    }

    pub(crate) fn advance(&self) {
        self.index.fetch_add(1, Ordering::Relaxed);
    }
}

impl Object for ForLoop {
    fn get(&self, key: &str) -> Option<Value> {
        let index = self.index.load(Ordering::Relaxed);
        let number = |n: usize| Value::Int(i128::try_from(n).unwrap_or(i128::MAX));
        Some(match key {
            "name" => Value::Str(self.name.clone()),
            "length" => number(self.len),
            "index" => number(index + 1),
            "index0" => number(index),
            "rindex" => number(self.len.saturating_sub(index)),
            "rindex0" => number(self.len.saturating_sub(index + 1)),
            "first" => Value::Bool(index == 0),
            "last" => Value::Bool(index + 1 == self.len),
            "parentloop" => self.parent.clone().map_or(Value::Nil, |parent| Value::Object(parent)),
            _ => return None,
        })
    }

    fn keys(&self) -> Vec<Arc<str>> {
        ["name", "length", "index", "index0", "rindex", "rindex0", "first", "last", "parentloop"]
            .map(Arc::from)
            .to_vec()
    }

    fn scalar(&self) -> Option<Value> {
        Some(Value::str("Liquid::ForloopDrop"))
    }
}
