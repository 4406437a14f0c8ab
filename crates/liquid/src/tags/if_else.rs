//! `{% if condition %}…{% elsif other %}…{% else %}…{% endif %}`, and `unless`.

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::ast::{Body, Condition};
use crate::expression;
use crate::lexer::Token;
use crate::parser::{Parser, drop_blanks};
use crate::render::{At, Flow, Renderer};

use super::Tag;

/// A choice by conditions.
#[derive(Debug)]
pub struct If {
    /// Whether the first condition is turned round: `unless`.
    pub negated: bool,
    /// The branches; the first whose condition holds is rendered. `else` has no condition.
    pub branches: Vec<(Option<Condition>, Body)>,
    /// The tag that opens each branch.
    pub heads: Vec<Span>,
    /// Whether nothing but blanks can come out.
    pub blank: bool,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let negated = parser.name(token) == "unless";
    let mut sections = parser.sections(token, &["elsif", "else"]);
    let blank = sections.iter().all(|(_, body)| body.blank);
    drop_blanks(sections.iter_mut().map(|(_, body)| body), blank);
    let dialect = parser.tags.dialect();
    let (mut branches, mut heads) = (Vec::new(), Vec::new());
    for (head, body) in sections {
        let name = parser.name(&head);
        let condition = if name == "else" {
            None
        } else if let (Some(condition), fault) = expression::condition(&parser.source, head.markup.clone(), dialect) {
            parser.lax((Some(condition), fault))
        } else {
            let diagnostic = parser.syntax(&head, format!("the condition of this `{name}` is missing or malformed"));
            parser.refuse(diagnostic.help(format!("write `{{% {name} value == other and value %}}`")));
            continue;
        };
        heads.push(parser.source.span(&head.span));
        branches.push((condition, body));
    }
    Ok(Tag::If(If { negated, branches, heads, blank }))
}

pub(super) fn render(tag: &If, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let mut negated = tag.negated;
    for (index, (condition, body)) in tag.branches.iter().enumerate() {
        let holds = match condition {
            None => true,
            Some(condition) => match renderer.condition(condition) {
                Ok(holds) => holds != negated,
                // Ruby breaks the whole tag off.
                Err(()) => return Flow::Next,
            },
        };
        if holds {
            renderer.host.branch(at.span, index);
            return renderer.body(body, at.template);
        }
        negated = false;
    }
    renderer.host.branch(at.span, tag.branches.len());
    Flow::Next
}
