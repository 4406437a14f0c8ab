//! `include` as Liquid itself writes it: `{% include 'name' with value as alias, key: value %}`. The parameters are
//! variables of the include; its other variables are the caller's.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Expr;
use crate::contracts::declared;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::syntax::{Source, attributes, fragments, run, segment, skip_space};
use crate::{Lookup, Value, convert, expression, partial};

use super::Tag;
use super::words::Param;

/// A call of an include, or of a `render`.
#[derive(Debug)]
pub struct PartialCall {
    /// The name of the file.
    pub name: Expr,
    /// The value behind `with` or `for`.
    pub value: Option<Expr>,
    /// `for` rather than `with`.
    pub each: bool,
    /// The name behind `as`.
    pub alias: Option<Arc<str>>,
    /// `key: value`.
    pub params: Vec<Param>,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let source = parser.source;
    let bytes = source.text.as_bytes();
    let found = (token.markup.clone()).find_map(|at| {
        fragments(bytes, at, token.markup.end).map(|stop| expression::parse(&source, at..stop)).zip(Some(at))
    });
    let Some((name, at)) = found else {
        return Err(parser.syntax(token, "`include` needs the name of a file"));
    };
    let stop = fragments(bytes, at, token.markup.end).unwrap_or(at);
    Ok(Tag::IncludeLiquid(call(&source, token, name, stop)))
}

/// The rest of a call behind the name of the file.
pub(super) fn call(source: &Source<'_>, token: &Token, name: Expr, stop: usize) -> PartialCall {
    let bytes = source.text.as_bytes();
    let end = token.markup.end;
    let word = |at: usize, words: &[&str]| {
        let start = skip_space(bytes, at, end);
        let stop = run(bytes, start, end, segment);
        let from = skip_space(bytes, stop, end);
        (start > at && from > stop && words.contains(&source.get(&(start..stop)))).then_some((start..stop, from))
    };
    let (mut value, mut each, mut at) = (None, false, stop);
    if let Some((keyword, from)) = word(at, &["with", "for"])
        && let Some(stop) = fragments(bytes, from, end)
    {
        each = source.get(&keyword) == "for";
        value = Some(expression::parse(source, from..stop));
        at = stop;
    }
    let alias = word(at, &["as"]).and_then(|(_, from)| {
        let name = from..run(bytes, from, end, segment);
        (!name.is_empty()).then(|| Arc::from(source.get(&name)))
    });
    let params = attributes(bytes, &token.markup)
        .into_iter()
        .map(|(name, value)| Param {
            name: source.get(&name).into(),
            span: source.span(&(name.start..value.end)),
            value: expression::parse(source, value),
            words: None,
        })
        .collect();
    PartialCall { name, value, each, alias, params }
}

pub(super) fn render(tag: &PartialCall, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let Value::Str(name) = convert::resolve(&renderer.eval(&tag.name)) else {
        renderer.fail("missing-include", "the name of the file to include is not a text".to_owned(), at.span);
        return Flow::Next;
    };
    if renderer.isolated > 0 {
        let message = "`include` cannot be used in a file called by `render`".to_owned();
        renderer.fail("liquid-syntax", message, at.span);
        return Flow::Next;
    }
    let Some(template) = partial::find(renderer, &name, Lookup::Include, at) else { return Flow::Next };
    let variable = tag.alias.clone().unwrap_or_else(|| base(&name));
    let value = match &tag.value {
        Some(value) => renderer.eval(value),
        None => renderer.variable_named(&name),
    };
    let given = |param: &Param| (param.name.clone(), renderer.eval(&param.value));
    let mut layer: Vec<_> = tag.params.iter().map(given).collect();
    // The file sees its caller's variables, which are as good as parameters.
    let seen = |name: &str| *name == *variable || renderer.scope.find(name).is_some_and(|value| !value.is_nil());
    declared::fill(&template, &mut layer, seen);
    declared::report_deprecated(renderer, &template, &name, &tag.params, at.span);
    renderer.scope.push(layer);
    let flow = match convert::resolve(&value) {
        Value::Array(items) => {
            let mut flow = Flow::Next;
            for item in items.iter() {
                renderer.budget.call();
                if renderer.stopped(|| at.span) {
                    flow = Flow::Stop;
                    break;
                }
                renderer.scope.set_local(&variable, item.clone());
                flow = partial::render(renderer, &template, at, 0);
                if !matches!(flow, Flow::Next) {
                    break;
                }
            }
            flow
        }
        _ => {
            renderer.scope.set_local(&variable, value);
            partial::render(renderer, &template, at, 0)
        }
    };
    renderer.scope.pop();
    flow
}

/// The last part of a path.
pub(super) fn base(name: &str) -> Arc<str> {
    name.rsplit('/').next().unwrap_or(name).into()
}
