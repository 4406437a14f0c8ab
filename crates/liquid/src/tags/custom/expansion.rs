//! Rendering the template of a tag, in one form or two, and putting what it gives where the tag stood.

use std::borrow::Cow;
use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::islands::{as_block, placed};
use crate::lexer::is_space;
use crate::render::{At, Flow, Renderer};
use crate::scope::Context;
use crate::sink::Sink;
use crate::tag_template::Output;
use crate::{Map, Template, Value};

use super::{Also, CustomTag, Notes, data};

/// The template of a tag in the form that is wanted; in HTML where it has no other.
pub(super) fn template<'r>(renderer: &Renderer<'r>, name: &Arc<str>) -> Option<&'r Arc<Template>> {
    let tags = renderer.options.tags;
    let markdown = renderer.markdown.and_then(|_| tags.markdown_templates.get(name));
    markdown.or_else(|| tags.templates.get(name))
}

/// Renders the tag's template and writes what it gives; `also` is what it is written of in Markdown, too.
pub(super) fn expand(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    (fields, also): (Map, Option<Also<'_>>),
    missing: Notes,
) -> Flow {
    let tags = renderer.options.tags;
    let Some(template) = template(renderer, &tag.definition.name) else { return Flow::Next };
    let flavor = renderer.markdown.filter(|_| tags.markdown_templates.contains_key(&tag.definition.name));
    let outer_form = std::mem::replace(&mut renderer.markdown, flavor);
    let (runs, wrong, flow) = filled(tag, renderer, at, template, (fields, flavor), missing.clone());
    renderer.markdown = outer_form;
    for diagnostic in wrong {
        renderer.report(diagnostic);
    }
    if flow == Flow::Stop {
        return flow;
    }
    let is_text = tag.definition.output == Output::Text;
    let places = renderer.places(&runs.segments);
    let other = if is_text || flavor.is_some() {
        None
    } else {
        renderer.host.component(&runs.text, places, &renderer.islands.borrow().islands)
    };
    let text = other.as_deref().unwrap_or(&runs.text).trim_matches(is_edge);
    let form = also.and_then(|also| {
        let template = tags.markdown_templates.get(&tag.definition.name)?;
        let form = template.is_steady().then(|| form(tag, renderer, at, template, also, missing));
        // Nothing is nothing in both forms, and text has no island.
        let form = form.flatten().filter(|form| !is_text && form.trim().is_empty() == text.trim().is_empty());
        if form.is_none() {
            renderer.islands.borrow_mut().give_up_forms();
        }
        form
    });
    if is_text {
        return renderer.write(text, at.span);
    }
    if text.trim().is_empty() {
        return Flow::Next;
    }
    if !renderer.spend(text, at.span) {
        return Flow::Stop;
    }
    let inline = tag.definition.output == Output::Inline;
    let html = if flavor.is_some() {
        placed(text, &renderer.islands.borrow().islands)
    } else {
        let html = renderer.islands.borrow().islands.resolve(text).into_owned();
        if renderer.markdown.is_some() && !inline { as_block(&html) } else { html }
    };
    let placeholder = renderer.islands.borrow_mut().add(html, inline);
    if let Some(form) = form {
        renderer.islands.borrow_mut().add_form(form);
    }
    renderer.write(&placeholder, at.span)
}

/// What a template's text is freed of at its ends.
fn is_edge(c: char) -> bool {
    is_space(c) && c != ' ' && c != '\t'
}

/// What the tag's Markdown form gives; `None` when it does not come to its end.
fn form(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    template: &Arc<Template>,
    written: Also<'_>,
    missing: Notes,
) -> Option<String> {
    let flavor = Some(written.flavor);
    let also = renderer.also.take();
    let before = renderer.islands.borrow().islands.iter().len();
    // What is wrong with the tag's data has been told.
    let (runs, _, flow) = filled(tag, renderer, at, template, (written.into_fields(), flavor), missing);
    renderer.also = also;
    let text = trimmed(runs.text);
    renderer.budget.write(text.len());
    let islands = renderer.islands.borrow();
    // A tag within the template was written as HTML.
    let is_whole = flow != Flow::Stop && islands.islands.iter().len() == before;
    is_whole.then(|| match islands.placed_forms(&text) {
        Cow::Owned(placed) => placed,
        Cow::Borrowed(_) => text,
    })
}

/// The text without what a template leaves at its ends.
fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end_matches(is_edge).len());
    text.drain(..text.len() - text.trim_start_matches(is_edge).len());
    text
}

/// What a template of the tag gives that sees these fields and, in Markdown, this flavor; and what is wrong with data that the tag names.
fn filled(
    tag: &CustomTag,
    renderer: &mut Renderer<'_>,
    at: At<'_>,
    template: &Arc<Template>,
    (mut fields, flavor): (Map, Option<&str>),
    missing: Notes,
) -> (Sink, Vec<Diagnostic>, Flow) {
    let tags = renderer.options.tags;
    let entered = renderer.enter(template, at.span, 0);
    // What the template assigns may have the name of something that it is given.
    let params = fields.shift_remove_entry("params");
    let mut context = Context::of(fields);
    if let Some(theme) = renderer.options.theme {
        context.set(&"theme".into(), theme.clone());
    }
    let outer = renderer.scope.enter(context);
    let loops = std::mem::take(&mut renderer.loops);
    renderer.scope.push(params.into_iter().collect());
    if let Some(flavor) = flavor {
        renderer.scope.assign(&"flavor".into(), Value::str(flavor), None);
    }
    renderer.scope.taint(missing);
    let (files, wrong) = data::files(tag, renderer, at);
    let is_complete = files.is_some();
    if let Some(data) = data::all(tags.data.get(&tag.definition.name), files.unwrap_or_default()) {
        renderer.scope.assign(&"data".into(), data, None);
    }
    let (runs, flow) = match is_complete {
        true => renderer.captured_runs(&template.body, template),
        false => (Sink::default(), Flow::Next),
    };
    renderer.loops = loops;
    let left = renderer.scope.leave(outer);
    renderer.budget.release(left);
    renderer.leave(entered);
    (runs, wrong, flow)
}
