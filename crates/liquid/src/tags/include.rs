//! `include` as Jekyll writes it: `{% include path/file.md key=value other="text" third=page.title %}`; and with the same
//! form `include_cached` and `include_relative`. The parameters are the fields of the variable `include`.
//!
//! Where [`crate::Options::heading_offset`] is set, the parameter of this name is none of the include's: it says by how many levels
//! the headings of what it prints go down.
//!
//! As in Jekyll, a call without parameters leaves the caller's `include` visible, and what the include assigns stays
//! assigned. A file whose `doc` block declares parameters has an `include` of its own in any case, with their defaults.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Expr;
use crate::contracts::declared;
use crate::lexer::Token;
use crate::parser::Parser;
use crate::partial;
use crate::render::{At, Flow, Renderer};
use crate::scope::{Given, Names};
use crate::syntax::space;
use crate::{Lookup, Map, Value};

use super::Tag;
use super::words::{Misfit, Param, Words, params};

/// A call of an include.
#[derive(Debug)]
pub struct Include {
    /// The tag's name.
    pub tag: Arc<str>,
    /// The path, as it is written.
    pub path: Words,
    /// The parameters.
    pub params: Vec<Param>,
    /// The names of the parameters, and their places.
    pub given: Names,
}

/// Says by how many levels headings go down.
pub(crate) const HEADING_OFFSET: &str = "heading_offset";

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let name = parser.name(token);
    let range = parser.source.trim(token.markup.clone());
    let bytes = parser.source.text.as_bytes();
    // The path ends at the first blank that is not within `{{ }}`.
    let mut stop = range.start;
    while stop < range.end && !space(bytes[stop]) {
        match bytes[stop..range.end].starts_with(b"{{").then(|| memchr::memmem::find(&bytes[stop..range.end], b"}}")) {
            Some(Some(close)) => stop += close + 2,
            _ => stop += 1,
        }
    }
    if stop == range.start {
        let diagnostic = parser.syntax(token, format!("`{name}` needs the path of a file"));
        return Err(diagnostic.help(format!("write `{{% {name} folder/file.md key=\"value\" %}}`")));
    }
    let params = params(parser, stop..range.end, None).map_err(|Misfit(place)| {
        let message = format!("`{}` is no parameter of `{name}`", parser.get(&place));
        let help = "write parameters as `key=\"text\"` or `key=variable`, with blanks between them";
        Diagnostic::error("liquid-syntax", message).at(parser.source.span(&place)).help(help)
    })?;
    let path = Words::parse(parser, range.start..stop);
    let given = params.iter().map(|param| (param.name.clone(), param.span)).collect();
    Ok(Tag::Include(Include { tag: name.into(), path, params, given }))
}

pub(super) fn render(tag: &Include, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let path = tag.path.text(renderer, at.template);
    let lookup = match &*tag.tag {
        "include_relative" => Lookup::Relative(at.template.file()),
        _ => Lookup::Include,
    };
    let Some(template) = partial::find(renderer, path.trim(), lookup, at) else { return Flow::Next };
    let is_offset = |param: &&Param| renderer.options.heading_offset && &*param.name == HEADING_OFFSET;
    let (offsets, params): (Vec<&Param>, Vec<&Param>) = tag.params.iter().partition(is_offset);
    let offset = offsets.last().map_or(0, |param| heading_offset(param, renderer, at));
    let mut layer = Vec::new();
    let mut missing = Vec::new();
    let contract = declared::contract(&template);
    declared::report_deprecated(renderer, &template, &path, &tag.params, at.span);
    // A file that declares parameters never sees its caller's.
    if !params.is_empty() || contract.is_some() {
        let mut fields = Map::default();
        for param in params {
            let value = param.eval(renderer, at.template);
            if value.is_nil()
                && let Expr::Lookup(_) = param.value
                && let Some(found) = renderer.missing(&param.value)
            {
                let key: Arc<str> = format!("include.{}", param.name).into();
                missing.push((key.clone(), Arc::new(found.passed_on(&key, param.span))));
            }
            renderer.host.passed(template.file(), &param.name);
            fields.insert(param.name.clone(), value);
        }
        for (name, value) in contract.into_iter().flat_map(|contract| contract.defaults()) {
            let given = fields.entry(name.into()).or_default();
            if given.is_nil() {
                *given = value.clone();
            }
        }
        layer.push((renderer.names.include.clone(), Value::Map(Arc::new(fields))));
    }
    renderer.scope.push(layer);
    renderer.scope.taint(missing);
    if !tag.params.is_empty() {
        renderer.scope.hand_over(Given { names: tag.given.clone(), to: template.clone() });
    }
    let flow = partial::render(renderer, &template, at, offset);
    renderer.scope.pop();
    flow
}

/// The number of levels; nothing is none.
fn heading_offset(param: &Param, renderer: &mut Renderer<'_>, at: At<'_>) -> u8 {
    let value = param.eval(renderer, at.template);
    let text = crate::convert::text(&value);
    match text.trim().parse() {
        Ok(levels @ 0..=5) => levels,
        _ if value.is_nil() => {
            renderer.check_defined(&param.value);
            0
        }
        _ => {
            let message = format!("`heading_offset` is a number from 0 to 5, not `{text}`");
            renderer.report(Diagnostic::warning("heading-offset", message).at(param.span));
            0
        }
    }
}
