//! `{% case value %}{% when a, b or c %}…{% else %}…{% endcase %}`.
//!
//! As in Ruby's Liquid every matching `when` is rendered, each as often as one of its values matches, and an `else` as long
//! as none before it has matched.

use std::ops::Range;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::ast::{Body, Expr};
use crate::convert;
use crate::eval::resolved;
use crate::lexer::Token;
use crate::parser::{Parser, drop_blanks};
use crate::render::{At, Flow, Renderer};
use crate::syntax::{Source, find_fragment, fragment, skip_space, space};
use crate::{expression, lexer};

use super::Tag;

/// A choice by value.
#[derive(Debug)]
pub struct Case {
    /// The value.
    pub value: Expr,
    /// What it is compared with, in order.
    pub branches: Vec<Branch>,
    /// Whether nothing but blanks can come out.
    pub blank: bool,
}

/// A `when` or `else` of a [`Case`].
#[derive(Debug)]
pub struct Branch {
    /// The tag that opens it.
    pub span: Span,
    /// The values of a `when`; `None` for `else`.
    pub values: Option<Vec<Expr>>,
    /// What is rendered.
    pub body: Body,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let sections = parser.sections(token, &["when", "else"]);
    let blank = sections.iter().all(|(_, body)| body.blank);
    let mut branches = Vec::new();
    for (head, body) in sections.into_iter().skip(1) {
        let values = if parser.name(&head) == "else" {
            if !parser.get(&head.markup).trim_matches(lexer::is_space).is_empty() {
                let message = "the `else` of a `case` takes no condition";
                parser.refuse(parser.syntax(&head, message));
            }
            None
        } else {
            let values = when(&parser.source, head.markup.clone());
            if values.is_none() {
                let diagnostic = parser.syntax(&head, "`when` needs a value");
                parser.refuse(diagnostic.help("write `{% when value, other or another %}`"));
            }
            Some(values.unwrap_or_default())
        };
        branches.push(Branch { span: parser.source.span(&head.span), values, body });
    }
    drop_blanks(branches.iter_mut().map(|branch| &mut branch.body), blank);
    let Some(value) = find_fragment(parser.source.text.as_bytes(), &token.markup) else {
        return Err(parser.syntax(token, "`case` needs a value").help("write `{% case value %}`"));
    };
    Ok(Tag::Case(Case { value: expression::parse(&parser.source, value), branches, blank }))
}

/// The values of a `when`; `None` when one is missing.
fn when(source: &Source<'_>, range: Range<usize>) -> Option<Vec<Expr>> {
    let bytes = source.text.as_bytes();
    let mut values = Vec::new();
    let mut rest = range;
    loop {
        let value = find_fragment(bytes, &rest)?;
        values.push(expression::parse(source, value.clone()));
        let next = skip_space(bytes, value.end, rest.end);
        let behind = if next < rest.end && bytes[next] == b',' {
            next + 1
        } else if next > value.end
            && bytes[next..rest.end].starts_with(b"or")
            && bytes.get(next + 2).is_some_and(|b| space(*b))
        {
            next + 2
        } else {
            return Some(values);
        };
        let from = skip_space(bytes, behind, rest.end);
        if fragment(bytes, from, rest.end).is_none() {
            return Some(values);
        }
        rest = from..rest.end;
    }
}

pub(super) fn render(tag: &Case, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let value = resolved(renderer.eval(&tag.value));
    let mut matched = false;
    let mut taken = false;
    for (index, branch) in tag.branches.iter().enumerate() {
        let times = match &branch.values {
            None => usize::from(!matched),
            Some(values) => {
                renderer.budget.steps(values.len() as u64);
                let hits = values.iter().filter(|other| convert::equal(&value, &renderer.operand(other))).count();
                matched |= hits > 0;
                hits
            }
        };
        if times > 0 {
            taken = true;
            renderer.host.branch(at.span, index);
        }
        for _ in 0..times {
            match renderer.body(&branch.body, at.template) {
                Flow::Next => {}
                flow => return flow,
            }
        }
    }
    if !taken {
        renderer.host.branch(at.span, tag.branches.len());
    }
    Flow::Next
}
