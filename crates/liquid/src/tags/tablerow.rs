//! `{% tablerow item in collection cols: 3 limit: 6 offset: 2 %}…{% endtablerow %}`: the rows of an HTML table.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use carafe_source::diagnostic::Diagnostic;

use crate::ast::{Body, Expr};
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::syntax::{attributes, fragments, run, skip_space, word};
use crate::{Object, Value, convert, expression};

use super::Tag;
use super::for_loop::Items;

/// A table.
#[derive(Debug)]
pub struct TableRow {
    /// The variable.
    pub variable: Arc<str>,
    /// What is gone through.
    pub collection: Expr,
    /// `cols`, `limit`, `offset` as written.
    pub attributes: Vec<(Arc<str>, Expr)>,
    /// A cell.
    pub body: Body,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let body = parser.block(token);
    let source = parser.source;
    let bytes = source.text.as_bytes();
    let end = token.markup.end;
    let Some((variable, from)) = head(bytes, token) else {
        let message = "`tablerow` needs a variable, `in` and a collection";
        return Err(parser.syntax(token, message).help("write `{% tablerow item in collection cols: 2 %}`"));
    };
    let stop = fragments(bytes, from, end).unwrap_or(from);
    let attributes = attributes(bytes, &token.markup)
        .into_iter()
        .map(|(name, value)| (Arc::from(source.get(&name)), expression::parse(&source, value)))
        .collect();
    let variable = source.get(&variable).into();
    Ok(Tag::TableRow(TableRow { variable, collection: expression::parse(&source, from..stop), attributes, body }))
}

/// The first word that `in` and a fragment follow: the word, and where the fragment starts.
fn head(bytes: &[u8], token: &Token) -> Option<(std::ops::Range<usize>, usize)> {
    let end = token.markup.end;
    let mut at = token.markup.start;
    while at < end {
        let name = at..run(bytes, at, end, word);
        let keyword = skip_space(bytes, name.end, end);
        let from = skip_space(bytes, (keyword + 2).min(end), end);
        if !name.is_empty()
            && keyword > name.end
            && bytes[keyword..end].starts_with(b"in")
            && from > keyword + 2
            && fragments(bytes, from, end).is_some()
        {
            return Some((name, from));
        }
        at = name.end + usize::from(name.is_empty());
    }
    None
}

impl TableRow {
    fn number(&self, renderer: &Renderer<'_>, name: &str) -> Option<i128> {
        let (_, value) = self.attributes.iter().rev().find(|(known, _)| &**known == name)?;
        let value = convert::resolve(&renderer.eval(value));
        Some(match convert::to_number(&value).value() {
            Value::Int(number) => number,
            Value::Float(number) => number.trunc() as i128,
            _ => 0,
        })
    }
}

pub(super) fn render(tag: &TableRow, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let collection = renderer.collection(&tag.collection);
    if !collection.truthy() {
        return Flow::Next;
    }
    let from = tag.number(renderer, "offset").unwrap_or(0);
    let to = tag.number(renderer, "limit").map(|limit| limit.saturating_add(from));
    let items = Items::new(&collection, from, to);
    renderer.budget.steps(items.steps(&collection));
    let len = items.len();
    let cols = tag.number(renderer, "cols").map_or(len, |cols| usize::try_from(cols).unwrap_or(0));
    if let Flow::Stop = renderer.write("<tr class=\"row1\">\n", at.span) {
        return Flow::Stop;
    }
    let table = Arc::new(TableLoop { len, cols, index: AtomicUsize::new(0) });
    renderer.scope.push(vec![("tablerowloop".into(), Value::Object(table.clone()))]);
    let mut flow = Flow::Next;
    for turn in 0..len {
        if !renderer.iterate(at.span) {
            flow = Flow::Stop;
            break;
        }
        renderer.scope.set_local(&tag.variable, items.get(turn));
        let column = table.column();
        renderer.write(&format!("<td class=\"col{column}\">"), at.span);
        let inner = renderer.body(&tag.body, at.template);
        renderer.write("</td>", at.span);
        match inner {
            Flow::Next | Flow::Continue => {}
            Flow::Break => break,
            Flow::Stop => {
                flow = Flow::Stop;
                break;
            }
        }
        if column == cols && turn + 1 < len {
            renderer.write(&format!("</tr>\n<tr class=\"row{}\">", table.row() + 1), at.span);
        }
        table.index.fetch_add(1, Ordering::Relaxed);
    }
    renderer.scope.pop();
    match renderer.write("</tr>\n", at.span) {
        Flow::Next => flow,
        stopped => stopped,
    }
}

/// The variable `tablerowloop`.
#[derive(Debug)]
struct TableLoop {
    len: usize,
    cols: usize,
    index: AtomicUsize,
}

impl TableLoop {
    fn column(&self) -> usize {
        let index = self.index.load(Ordering::Relaxed);
        if self.cols == 0 { index + 1 } else { index % self.cols + 1 }
    }

    fn row(&self) -> usize {
        let index = self.index.load(Ordering::Relaxed);
        index.checked_div(self.cols).unwrap_or(0) + 1
    }
}

impl Object for TableLoop {
    fn get(&self, key: &str) -> Option<Value> {
        let index = self.index.load(Ordering::Relaxed);
        let number = |n: usize| Value::Int(i128::try_from(n).unwrap_or(i128::MAX));
        Some(match key {
            "length" => number(self.len),
            "index" => number(index + 1),
            "index0" => number(index),
            "rindex" => number(self.len.saturating_sub(index)),
            "rindex0" => number(self.len.saturating_sub(index + 1)),
            "first" => Value::Bool(index == 0),
            "last" => Value::Bool(index + 1 == self.len),
            "col" => number(self.column()),
            "col0" => number(self.column() - 1),
            "row" => number(self.row()),
            "col_first" => Value::Bool(self.column() == 1),
            "col_last" => Value::Bool(self.column() == self.cols),
            _ => return None,
        })
    }

    fn keys(&self) -> Vec<Arc<str>> {
        let names = ["length", "index", "index0", "rindex", "rindex0", "first", "last", "col", "col0", "row"];
        names.into_iter().chain(["col_first", "col_last"]).map(Arc::from).collect()
    }

    fn scalar(&self) -> Option<Value> {
        Some(Value::str("Liquid::TablerowloopDrop"))
    }
}
