//! A tag in a cell of a table, where the text is to be Markdown: a cell is one line, so the tag is written as HTML on one line.

use super::Tag;
use crate::islands::{as_block, ends_in_code};
use crate::place::{self, Place};
use crate::render::{At, Flow, Renderer};
use crate::tag_template::Output;

/// Renders a tag: by `render`, and in a cell so that what it gives stays within the cell.
pub(super) fn or<'r>(
    tag: &Tag,
    renderer: &mut Renderer<'r>,
    at: At<'_>,
    render: impl FnOnce(&mut Renderer<'r>) -> Flow,
) -> Flow {
    if renderer.also.is_some() && is_cell(renderer, at) {
        renderer.islands.borrow_mut().give_up_forms();
    }
    let Some(form) = renderer.markdown.filter(|_| is_cell(renderer, at)) else { return render(renderer) };
    let is_block = match tag {
        Tag::Custom(tag) => tag.definition.output == Output::Html,
        _ => true,
    };
    renderer.markdown = Some(form).filter(|_| !is_block);
    let outer = (std::mem::take(&mut renderer.sink), std::mem::take(&mut renderer.in_row));
    let flow = render(renderer);
    let text = std::mem::replace(&mut renderer.sink, outer.0).text;
    (renderer.in_row, renderer.markdown) = (outer.1, Some(form));
    if flow == Flow::Stop {
        return flow;
    }
    let text = renderer.islands.borrow().islands.resolve(&text).into_owned();
    let line = if is_block { one_line(&as_block(text.trim())) } else { text.replace('\n', " ").replace('|', "\\|") };
    if !renderer.spend(&line, at.span) {
        return Flow::Stop;
    }
    let placeholder = renderer.islands.borrow_mut().add(line, true);
    match renderer.write(&placeholder, at.span) {
        Flow::Next => flow,
        stopped => stopped,
    }
}

fn is_cell(renderer: &Renderer<'_>, at: At<'_>) -> bool {
    let (start, end) = (at.span.start as usize, at.span.end as usize);
    renderer.in_row || place::place(&at.template.text, start, end, &renderer.sink.text) == Place::Row
}

/// HTML without line ends and without signs that end a cell; the line ends of code as references.
fn one_line(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut is_code = false;
    for (number, line) in html.split('\n').enumerate() {
        if number > 0 {
            out.push_str(if is_code { "&#10;" } else { " " });
        }
        out.push_str(&line.replace('|', "&#124;"));
        is_code = ends_in_code(line, is_code);
    }
    out
}
