//! Parts of a template that are not run: raw blocks, and comments, with which Ruby finds fault all the same.

use std::ops::Range;

use carafe_source::diagnostic::{Diagnostic, Severity};

use super::{Parser, fragment};
use crate::lexer::{Token, is_space};
use crate::tags::Dialect;

impl Parser<'_> {
    /// The text up to the end tag of the raw block that `token` opens, read as nothing but text.
    pub(crate) fn raw(&mut self, token: &Token) -> Option<Range<usize>> {
        let end = format!("end{}", self.name(token));
        let from = self.lexer.position();
        if self.lexer.lines {
            self.lexer.seek(usize::MAX);
            return None;
        }
        let rest = self.lexer.rest();
        for found in memchr::memmem::find_iter(rest.as_bytes(), b"{%") {
            let tag = &rest[found + 2..];
            let named = tag.strip_prefix('-').unwrap_or(tag).trim_start_matches(is_space);
            let Some(behind) = named.strip_prefix(&*end) else { continue };
            if behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            let Some(close) = behind.find("%}") else { break };
            // What is one tag to the tokenizer is named by the last opening in it.
            if behind[..close].split("{%").skip(1).any(opens_a_tag) {
                continue;
            }
            // Up to Liquid 5.4, which Jekyll runs, the blanks behind `raw` are the business of the tag that opens. Tags that are ours
            // mean what they say.
            self.trim = match self.tags.dialect() {
                Dialect::Jekyll if end == "endraw" => token.trim_right,
                _ => behind[..close].ends_with('-'),
            };
            self.lexer.seek(from + rest.len() - behind.len() + close + 2);
            return Some(from..from + found);
        }
        self.lexer.seek(usize::MAX);
        None
    }

    /// Finds fault with what a comment holds, as Ruby does, which reads it like any other text but for unknown tags. Nothing is
    /// refused for it here.
    pub(crate) fn remarks(&mut self, range: Range<usize>) {
        let (refused, in_comment) = (self.refused, std::mem::replace(&mut self.in_comment, true));
        let before = std::mem::take(&mut self.diagnostics);
        let unknown = std::mem::take(&mut self.unknown);
        let (doc, pending) = (self.doc.take(), self.pending.take());
        fragment(self, range);
        let found = std::mem::replace(&mut self.diagnostics, before);
        (self.refused, self.in_comment, self.unknown, self.doc, self.pending) =
            (refused, in_comment, unknown, doc, pending);
        for diagnostic in found {
            if matches!(diagnostic.code, "liquid-lax" | "liquid-syntax" | "unclosed-tag" | "unknown-tag") {
                self.report(Diagnostic { severity: Severity::Warning, ..diagnostic });
            }
        }
    }

    /// Passes over a comment; nested comments and raw blocks must be closed. Its text, when it ended.
    pub(crate) fn comment(&mut self) -> Option<Range<usize>> {
        let from = self.lexer.position();
        let mut depth = 1_usize;
        while let Some(token) = self.lexer.next() {
            match self.name(&token) {
                "raw" => _ = self.raw(&token)?,
                "comment" => depth += 1,
                "endcomment" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                if !self.lexer.lines {
                    self.trim = token.trim_right;
                }
                return Some(from..token.span.start);
            }
        }
        None
    }
}

/// Whether what stands behind a `{%` is a name.
fn opens_a_tag(behind: &str) -> bool {
    behind.trim_start_matches(is_space).starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}
