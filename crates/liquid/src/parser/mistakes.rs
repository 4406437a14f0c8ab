//! What is said of mistakes in the structure of a template: tags that are unknown, stand in a wrong place, are not closed, or are another tool's.

use std::ops::Range;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};

use super::{DIAGNOSTICS_LIMIT, Parser, text_of};
use crate::ast::{Filtered, Node};
use crate::expression;
use crate::lexer::Token;
use crate::tags;

impl Parser<'_> {
    /// A shortcode of another tool: whatever it is to Liquid, it is not what its author meant.
    pub(super) fn shortcode(&mut self, token: &Token) -> Option<Filtered> {
        let message = "shortcodes with `<` and `%` are Hugo's, and mean nothing here";
        let help = "write a tag, `{% name %}`, or an include, `{% include name.md %}`";
        self.report(Diagnostic::warning("liquid-lax", message).at(self.source.span(&token.span)).help(help));
        expression::filtered(&self.source, token.markup.clone(), self.tags).0
    }

    /// What is no token: an output or a tag that is not closed, or a tag without a name.
    pub(super) fn malformed(&mut self, nodes: &mut Vec<Node>, token: &Token) {
        let text = self.get(&token.span);
        let (what, close) = if text.starts_with("{{") { ("output", "}}") } else { ("tag", "%}") };
        let message = if self.lexer.lines {
            "this line of the `liquid` tag does not start with a tag's name".to_owned()
        } else if text.len() > 2 && text.ends_with("%}") {
            "this tag has no name".to_owned()
        } else {
            format!("this {what} is not closed by `{close}`")
        };
        let help = "to print it as it stands, put it between `{% raw %}` and `{% endraw %}`";
        self.refuse(Diagnostic::error("liquid-syntax", message).at(self.source.span(&token.span)).help(help));
        if !self.lexer.lines {
            nodes.push(Node::Text(self.source.span(&token.span)));
        }
    }

    /// A block without an end.
    pub(super) fn unclosed(&mut self, block: &Token) {
        let name = self.name(block);
        let message = format!("the block `{name}` is never closed");
        let diagnostic = Diagnostic::error("unclosed-tag", message).at(self.source.span(&block.span));
        let help = format!("add `{{% end{name} %}}`");
        // An end tag in it that closes nothing was meant for it: one mistake, told once.
        let stray = self.open.last_mut().and_then(|open| open.stray.take()).filter(|at| *at < self.diagnostics.len());
        let Some(span) = stray.and_then(|at| self.diagnostics.remove(at).span) else {
            return self.refuse(diagnostic.help(help));
        };
        let found = text_of(self.source.text, span).trim_matches(['{', '%', '}', '-', ' ', '\n']);
        let diagnostic = diagnostic.label(span, format!("`{found}` closes nothing"));
        self.refuse(diagnostic.help(format!("write `{{% end{name} %}}` there")));
    }

    /// Something that somebody else does; told once in a template.
    pub(super) fn foreign(&mut self, code: &'static str, name: &str, foreign: &tags::Foreign, used: &Range<usize>) {
        if !self.unknown.insert(format!("{code} {name}")) {
            return;
        }
        let used = self.source.span(used);
        let mut diagnostic = Diagnostic::warning(code, foreign.message.clone()).at(foreign.span.unwrap_or(used));
        if foreign.span.is_some() {
            diagnostic = diagnostic.label(used, "used here");
        }
        self.report(diagnostic.help(foreign.help.clone()));
    }

    /// A tag that is unknown, or has no business here.
    pub(super) fn stray(&mut self, token: &Token, block: Option<&Token>) {
        if self.in_comment && block.is_none() && !self.lexer.lines {
            return;
        }
        let name = self.name(token);
        let inside = block.map_or(String::new(), |block| format!(" in `{}`", self.name(block)));
        let span = self.source.span(&token.span);
        if let Some(opener) = name.strip_prefix("end") {
            if self.unknown.contains(opener) {
                self.refused = true;
                return;
            }
            if self.tags.knows(opener) {
                let message = format!("`{name}`{inside} closes no block");
                return self.refuse(Diagnostic::error("liquid-syntax", message).at(span));
            }
        }
        if matches!(name, "else" | "elsif" | "when") {
            let message = format!("`{name}` does not belong{}", if block.is_some() { &inside } else { " here" });
            return self.refuse(Diagnostic::error("liquid-syntax", message).at(span));
        }
        self.unknown.insert(name.to_owned());
        if self.diagnostics.len() >= DIAGNOSTICS_LIMIT {
            self.refused = true;
            return;
        }
        let mut diagnostic = Diagnostic::error("unknown-tag", format!("there is no tag `{name}`")).at(span);
        if let Some(meant) = did_you_mean(name, self.tags.names()) {
            diagnostic = diagnostic.meant(span, name, meant);
            // The end of a block would have to change with it.
            if self.tags.is_block(meant) {
                diagnostic.fix = None;
            }
        }
        self.refuse(diagnostic);
    }
}
