//! Markdown as kramdown reads it, to a tree with source ranges, to HTML.
//!
//! The steps, in order:
//! 1. `block`: the text's block structure; leaves keep the place of their text. Definitions (of links, footnotes,
//!    abbreviations, attribute lists) are collected. `commonmark` does the same for the other dialect.
//! 2. `inline`: the text of the leaves, now that all definitions are known; attribute lists are applied.
//! 3. `abbreviations`: abbreviations are found in the text.
//! 4. `html`: the tree is written, with heading ids (`ids`), footnotes and the table of contents (`toc`); for a search, its text is collected
//!    on the way ([`SearchText`]).
//!
//! [`parse`] does the first three, [`html()`] the last. Both go from values to values: the module knows nothing of Liquid,
//! configuration, other pages or the disk. Code is highlighted, and islands are looked up, by the caller's [`Services`].
//!
//! No input makes either fail. Depth is bounded (what is nested deeper is text, with a problem `nesting-too-deep`), and so
//! is the work spent on text that only looks as if constructs would end.

mod abbreviations;
pub mod addresses;
mod alert;
mod attributes;
mod bare_address;
mod block;
mod commonmark;
mod definitions;
mod emoji;
mod entities;
pub mod facts;
mod fence_options;
pub mod fences;
mod finish;
pub mod foreign;
mod foreign_code;
mod foreign_inline;
mod foreign_kind;
mod html;
mod html_syntax;
mod ids;
mod inline;
pub mod leftovers;
mod lines;
pub mod markup;
mod math;
mod options;
mod outer;
mod page_ids;
pub mod references;
mod room;
mod settle;
mod toc;
mod tree;
mod walk;

pub use attributes::Attributes;
pub use block::without_closing_signs;
pub use entities::named as entity;
pub use html::{Heading, Html, HtmlOptions, NoServices, SearchRun, SearchText, Services, html};

pub use options::{Dialect, EntityOutput, Habits, MathOutput, Options, Setting};
pub use outer::{Outer, definitions};
pub use page_ids::{PageIds, replaced};
pub use tree::*;

use carafe_source::island::Islands;

/// The code of the problem that ends a document: it would become too long.
pub const OUTPUT_LIMIT: &str = "output-limit";

/// The tree of a text, and what is doubtful about it. Placeholders of islands that have a line to themselves are blocks.
///
/// Codes of problems: `html-left-open`, `html-closing-tag`, `html-block-in-text`, `fence-left-open`, `fence-words`, `fence-option`,
/// `undefined-link-reference`, `unknown-alert`, `bad-math`, `undefined-footnote`, `unused-footnote`, `duplicate-link-definition`, `duplicate-footnote`,
/// `duplicate-abbreviation`, `bad-attribute-list`, `attribute-list-after-text`, `attribute-list-cycle`, `output-limit`, `unknown-extension`, `bad-option`,
/// `nesting-too-deep`. Ranges are byte offsets in `text`.
///
/// Takes time in proportion to the length of the text, whatever it holds.
pub fn parse(text: &str, options: &Options) -> Document {
    parse_with_islands(text, options, &Islands::default())
}

/// As [`parse`]; placeholders of islands that are inline stay in their paragraph even when they have a line to themselves.
/// In code, math and attributes an island is its HTML, as text.
pub fn parse_with_islands(text: &str, options: &Options, islands: &Islands) -> Document {
    let mut document = match options.dialect {
        Dialect::Kramdown => finish::kramdown(text, options, islands),
        Dialect::CommonMark => commonmark::parse(text, options, islands),
    };
    settle::texts(&mut document, text, islands);
    if options.habits.emoji && emoji::may_hold(text) {
        emoji::write(&mut document);
    }
    if options.habits.math && text.contains('$') {
        math::write(&mut document);
    }
    document
}

/// Has each heading go down by as many levels as `levels` gives for its place in the text, to the sixth at most.
pub fn lower_headings(document: &mut Document, levels: &dyn Fn(u32) -> u8) {
    walk::document(document, &mut |node| {
        if let walk::Node::Block(Block { kind: BlockKind::Heading { level, .. }, range, .. }) = node {
            *level = level.saturating_add(levels(range.start)).min(6);
        }
    });
}

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
