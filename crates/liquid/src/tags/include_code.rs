//! `{% include_code src/main.rs region="a" %}`: a file of source code, or a part of it, as a block of code.
//!
//! 1. [`Host::source_file`](crate::Host::source_file) gives the text and its language.
//! 2. `excerpt` takes the part that is asked for.
//! 3. A fence is put around it, and the host's Markdown makes it what it makes of every fence.
//!
//! What stands in the file is never run.

mod excerpt;

use std::sync::Arc;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{ReadError, Segment, Span, island};

use crate::filters::fence;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::{Value, convert};

use super::Tag;
use super::words::{Misfit, Param, Words, params, word_end};
use crate::tag_template::References;
use excerpt::Part;

/// The parameters.
const PARAMS: [&str; 3] = ["lang", "lines", "region"];

/// A call.
#[derive(Debug)]
pub struct IncludeCode {
    /// The path, as it is written.
    pub path: Words,
    /// The parameters.
    pub params: Vec<Param>,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let range = parser.source.trim(token.markup.clone());
    let bytes = parser.source.text.as_bytes();
    let mut path = range.start..word_end(bytes, range.start, range.end);
    if path.is_empty() {
        let diagnostic = parser.syntax(token, "`include_code` needs the path of a file");
        return Err(diagnostic.help("write `{% include_code src/main.rs %}`"));
    }
    let params = params(parser, path.end..range.end, None).map_err(|Misfit(place)| {
        let message = format!("`{}` is no parameter of `include_code`", parser.get(&place));
        let diagnostic = Diagnostic::error("liquid-syntax", message).at(parser.source.span(&place));
        diagnostic.help("write `region=\"name\"`, `lines=\"3-9\"` or `lang=\"ruby\"`")
    })?;
    if let Some(other) = params.iter().find(|param| !PARAMS.contains(&&*param.name)) {
        // Without it another part would be shown than the author means.
        let message = format!("`include_code` has no parameter `{}`", other.name);
        let diagnostic = Diagnostic::error("liquid-syntax", message).at(other.span);
        return Err(diagnostic.help(match did_you_mean(&other.name, PARAMS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "there are `region`, `lines` and `lang`".to_owned(),
        }));
    }
    if path.len() > 1 && matches!(bytes[path.start], b'"' | b'\'') && bytes[path.end - 1] == bytes[path.start] {
        path = path.start + 1..path.end - 1;
    }
    Ok(Tag::IncludeCode(IncludeCode { path: Words::parse(parser, path), params }))
}

pub(super) fn render(tag: &IncludeCode, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    renderer.budget.call();
    let path = tag.path.text(renderer, at.template);
    let path = path.trim().trim_start_matches('/');
    let [language, lines, region] = PARAMS.map(|name| param(tag, renderer, at, name));
    let part = match (&region, &lines) {
        (Some(region), None) => Part::Region(region),
        (None, Some(lines)) => Part::Lines(lines),
        (None, None) => Part::All,
        (Some(_), Some(_)) => {
            let message = "`region` and `lines` cannot be given together".to_owned();
            return wrong(renderer, message, Some("choose one of them".to_owned()), at.span);
        }
    };
    let file = match renderer.host.source_file(path) {
        Ok(file) => file,
        Err(error) => {
            let message = match &error {
                ReadError::NotFound => format!("there is no file `{path}`"),
                error => format!("`{path}` cannot be shown: {error}"),
            };
            let help = "the path counts from the site's folder, or from the one that `include_code: {root: ..}` names";
            let is_place = matches!(error, ReadError::NotFound | ReadError::Outside);
            return wrong(renderer, message, is_place.then(|| help.to_owned()), at.span);
        }
    };
    renderer.budget.steps(4 * file.text.len() as u64);
    let code = match excerpt::take(&file.text, &part) {
        Ok(code) => code,
        Err(problem) => {
            let message = format!("`{path}`: {}", problem.message);
            return wrong(renderer, message, problem.help, at.span);
        }
    };
    let language = language.or(file.language).unwrap_or_default();
    let text = fenced(&island::clean(&code), &language);
    let place =
        Segment { start: 0, span: renderer.synthetic.unwrap_or(at.span), verbatim: false, frame: renderer.frame };
    // Colouring tries many patterns at each byte.
    renderer.budget.steps(600 + 48 * text.len() as u64);
    if renderer.stopped(|| at.span) {
        return Flow::Stop;
    }
    if renderer.markdown.is_some() {
        let placeholder = renderer.islands.borrow_mut().add(text.trim_end().to_owned(), false);
        return renderer.write(&placeholder, at.span);
    }
    let html = renderer.to_html(&text, &[place], References::Own);
    if !renderer.spend(&html, at.span) {
        return Flow::Stop;
    }
    let placeholder = renderer.islands.borrow_mut().add(html.trim_end().to_owned(), false);
    if renderer.also.is_some() {
        renderer.islands.borrow_mut().add_form(text.trim_end().to_owned());
    }
    renderer.write(&placeholder, at.span)
}

fn wrong(renderer: &Renderer<'_>, message: String, help: Option<String>, span: Span) -> Flow {
    let mut diagnostic = Diagnostic::error("include-code", message).at(span);
    diagnostic.help = help;
    renderer.refuse(diagnostic);
    Flow::Next
}

/// The text of a parameter; `None` when it is not given, or nil.
fn param(tag: &IncludeCode, renderer: &mut Renderer<'_>, at: At<'_>, name: &str) -> Option<Arc<str>> {
    let param = tag.params.iter().rev().find(|param| &*param.name == name)?;
    renderer.check_defined(&param.value);
    match param.eval(renderer, at.template) {
        Value::Nil => None,
        Value::Str(text) => Some(text),
        other => Some(convert::text(&other).into()),
    }
}

/// The code between fences that it does not close.
fn fenced(code: &str, language: &str) -> String {
    let fence = fence(code, '~');
    // A language is one word.
    let language: String = language.chars().filter(|c| !c.is_whitespace() && *c != '~').collect();
    format!("{fence}{language}\n{code}{fence}\n")
}
