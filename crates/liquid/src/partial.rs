//! Includes: finding the file, keeping the stack of calls, rendering it in place.

use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{ReadError, Span};

use super::place::{self, Place};
use super::render::{At, Flow, Renderer};
use super::sink::Sink;
use super::{Lookup, Template};

/// The template at `path`; a diagnostic and `None` when it cannot be had: `include-path`, `include-depth`,
/// `missing-include`, `unreadable-include`, `iteration-limit`. The call is taken off the page's budget.
pub(crate) fn find(renderer: &Renderer<'_>, path: &str, lookup: Lookup, at: At<'_>) -> Option<Arc<Template>> {
    if renderer.depth >= renderer.options.limits.include_depth {
        let message = format!("includes are nested more than {} deep", renderer.options.limits.include_depth);
        let help = format!("does `{path}` include itself?");
        renderer.end(Diagnostic::error("include-depth", message).at(at.span).help(help));
        return None;
    }
    renderer.budget.call();
    if renderer.stopped(|| at.span) {
        return None;
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() || path.split('/').any(|part| part == "..") {
        let message = format!("`{path}` is not a path of an include");
        renderer.refuse(Diagnostic::error("include-path", message).at(at.span));
        return None;
    }
    match renderer.host.template(path, lookup) {
        Ok(template) => Some(template),
        Err(error) => {
            renderer.refuse(unreadable(renderer, path, lookup, &error, at.span).at(at.span));
            None
        }
    }
}

fn unreadable(renderer: &Renderer<'_>, path: &str, lookup: Lookup, error: &ReadError, call: Span) -> Diagnostic {
    if *error != ReadError::NotFound {
        return Diagnostic::error("unreadable-include", format!("`{path}` cannot be included: {error}"));
    }
    let diagnostic = Diagnostic::error("missing-include", format!("there is no include `{path}`"));
    if lookup != Lookup::Include {
        return diagnostic.help("the path of `include_relative` starts at the folder of this file");
    }
    let known = renderer.host.include_paths();
    let base = path.rsplit('/').next().unwrap_or(path);
    let same_base = || known.iter().map(|known| &**known).find(|known| known.rsplit('/').next() == Some(base));
    match same_base().or_else(|| did_you_mean(path, known.iter().map(|known| &**known))) {
        Some(meant) => diagnostic.meant(call, path, meant),
        None => diagnostic,
    }
}

/// Renders `template` in place, called by the tag at `at`; its headings go down by `heading_offset` levels.
pub(crate) fn render(renderer: &mut Renderer<'_>, template: &Arc<Template>, at: At<'_>, heading_offset: u8) -> Flow {
    let outer = renderer.enter(template, at.span, heading_offset);
    let place = match renderer.options.reindent {
        true => place::place(&at.template.text, at.span.start as usize, at.span.end as usize, &renderer.sink.text),
        false => Place::Lines,
    };
    if place != Place::Lines {
        let in_row = renderer.in_row;
        renderer.in_row |= place == Place::Row;
        let (runs, flow) = renderer.captured_runs(&template.body, template);
        renderer.in_row = in_row;
        renderer.leave(outer);
        return within_a_line(renderer, &runs, at, place).unwrap_or(flow);
    }
    let flow = on_lines(renderer, template, at);
    renderer.leave(outer);
    flow
}

/// All lines get the indentation of the call where these are asked for and nothing else stands on its line.
fn on_lines(renderer: &mut Renderer<'_>, template: &Arc<Template>, at: At<'_>) -> Flow {
    let blanks = at.indent.filter(|_| renderer.options.reindent && at.alone);
    let blanks = blanks.map(|span| super::parser::text_of(&at.template.text, span));
    let indented = blanks.filter(|blanks| !blanks.is_empty()).map(|blanks| renderer.sink.indent(blanks));
    let flow = renderer.body(&template.body, template);
    if let Some(before) = indented {
        renderer.sink.dedent(&before);
    }
    flow
}

/// The text without the line ends around it goes on with the line, and its further lines stay in the item or quote that the
/// line is in. Where there can be no other line, it becomes one.
fn within_a_line(renderer: &mut Renderer<'_>, runs: &Sink, at: At<'_>, place: Place) -> Option<Flow> {
    let part = place::within_a_line(&runs.text);
    let text = runs.text.get(part.clone()).unwrap_or_default();
    if place == Place::Row && !place::fits_a_line(text) && text.contains('\n') {
        let message = "a cell of a table holds one line, and this include gives several blocks";
        let help = "shorten the include, or write the table as HTML";
        renderer.report(Diagnostic::error("include-in-cell", message).at(at.span).help(help));
    }
    let indented = renderer.sink.indent_as_line();
    // What is written again has been taken off the budget, but for what is put before its lines.
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    (0..lines).for_each(|_| renderer.budget.write(renderer.sink.indentation()));
    match place {
        Place::Row => renderer.sink.write_part(runs, part, &[('\n', " ")]),
        Place::Attribute(quote) => {
            let escaped = if quote == '"' { "&quot;" } else { "&#39;" };
            renderer.sink.write_part(runs, part, &[('\n', " "), (quote, escaped)]);
        }
        _ => renderer.sink.write_part(runs, part, &[]),
    }
    renderer.sink.dedent(&indented);
    renderer.stopped(|| at.span).then_some(Flow::Stop)
}
