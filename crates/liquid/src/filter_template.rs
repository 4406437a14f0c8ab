//! Use of a filter template (see [`super::tag_template`]).

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use super::ast::FilterCall;
use super::render::{Flow, Renderer};
use super::{Map, Value};

/// The value of the filter template that `call` names.
pub(crate) fn apply(
    renderer: &Renderer<'_>,
    call: &FilterCall,
    input: &Value,
    args: Vec<Value>,
    named: Vec<(Arc<str>, Value)>,
) -> Value {
    let tags = renderer.options.tags;
    let (Some(template), Some(definition)) = (tags.filter_templates.get(&call.name), tags.filters.get(&call.name))
    else {
        return input.clone();
    };
    if renderer.depth >= renderer.options.limits.include_depth {
        let message =
            format!("filters and includes are nested more than {} deep", renderer.options.limits.include_depth);
        renderer.end(Diagnostic::error("include-depth", message).at(call.span));
        return Value::Nil;
    }
    renderer.budget.call();
    if renderer.stopped(|| call.span) {
        return Value::Nil;
    }
    let mut inner = renderer.within(template, call.span);
    let params: Map = named.into_iter().collect();
    inner.scope.push(vec![
        ("input".into(), input.clone()),
        ("args".into(), Value::array(args)),
        ("params".into(), Value::Map(Arc::new(params))),
    ]);
    inner.report_syntax(template);
    if let Flow::Stop = inner.body(&template.body, template) {
        return Value::Nil;
    }
    renderer.budget.release(inner.scope.held());
    if inner.sink.text.ends_with('\n') {
        inner.sink.text.pop();
    }
    let text = renderer.settled(&inner.sink.text);
    if !definition.liquid {
        return Value::Str(text);
    }
    renderer.budget.steps((text.len() + renderer.scope.width()) as u64 / 8);
    let template = super::parse(template.file(), &text, 0, tags);
    let mut inner = renderer.within(&template, call.span);
    inner.scope = renderer.scope.clone();
    inner.outer_calls = renderer.calls();
    inner.synthetic = Some(renderer.synthetic.unwrap_or(call.span));
    inner.report_syntax(&template);
    if let Flow::Stop = inner.body(&template.body, &template) {
        return Value::Nil;
    }
    Value::Str(renderer.settled(&inner.sink.text))
}
