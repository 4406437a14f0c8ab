//! `{% render 'name' with value as alias, key: value %}`: a file that sees nothing but what it is given.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::contracts::declared;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::scope::Context;
use crate::syntax::quoted;
use crate::{Lookup, Value, convert, expression, partial};

use super::Tag;
use super::for_loop::{ForLoop, Items};
use super::include_liquid::{PartialCall, base, call};

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let source = parser.source;
    let bytes = source.text.as_bytes();
    let range = token.markup.clone();
    let Some((at, stop)) = range.clone().find_map(|at| quoted(bytes, at, range.end).map(|stop| (at, stop))) else {
        let diagnostic = parser.syntax(token, "`render` needs the name of a file in quotes");
        return Err(diagnostic.help("write `{% render 'name', key: value %}`"));
    };
    let name = expression::parse(&source, at..stop);
    Ok(Tag::Render(call(&source, token, name, stop)))
}

pub(super) fn render(tag: &PartialCall, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let name = convert::text(&renderer.eval(&tag.name)).into_owned();
    let Some(template) = partial::find(renderer, &name, Lookup::Include, at) else { return Flow::Next };
    let variable = tag.alias.clone().unwrap_or_else(|| base(&name));
    let value = tag.value.as_ref().map_or(Value::Nil, |value| renderer.eval(value));
    let resolved = convert::resolve(&value);
    let iterable = matches!(resolved, Value::Array(_) | Value::Map(_) | Value::Range(..));
    let mut params: Vec<_> = tag.params.iter().map(|param| (param.name.clone(), renderer.eval(&param.value))).collect();
    declared::fill(&template, &mut params, |name| *name == *variable && !resolved.is_nil());
    declared::report_deprecated(renderer, &template, &name, &tag.params, at.span);
    let budget = renderer.budget.clone();
    let mut once = |item: Option<Value>, forloop: Option<Arc<ForLoop>>| {
        let mut context = Context::isolated();
        let forloop = forloop.map(|forloop| (renderer.names.forloop.clone(), Value::Object(forloop)));
        for (key, value) in forloop.into_iter().chain(params.iter().cloned()) {
            context.set(&key, value);
        }
        if let Some(item) = item.filter(|item| !item.is_nil()) {
            context.set(&variable, item);
        }
        let outer = renderer.scope.enter(context);
        let memory = renderer.forget();
        renderer.isolated += 1;
        let flow = partial::render(renderer, &template, at, 0);
        renderer.isolated -= 1;
        renderer.remember(memory);
        let left = renderer.scope.leave(outer);
        renderer.budget.release(left);
        // `break` and `continue` do not leave the file.
        if let Flow::Stop = flow { Flow::Stop } else { Flow::Next }
    };
    if !(tag.each && iterable) {
        return once(Some(value), None);
    }
    let items = Items::new(&resolved, 0, None);
    let forloop = Arc::new(ForLoop::new(&Arc::from(&*name), items.len(), None));
    for turn in 0..items.len() {
        // Each turn is a call; it stops at its first node when the budget is used up.
        budget.call();
        if budget.has_ended() || once(Some(items.get(turn)), Some(forloop.clone())) == Flow::Stop {
            return Flow::Stop;
        }
        forloop.advance();
    }
    Flow::Next
}
