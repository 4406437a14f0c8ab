//! From tokens to the tree of a template.
//!
//! 1. The lexer cuts the text into tokens.
//! 2. Blocks are read from their opening tag to their end, in sections (`else`, `when`).
//! 3. White-space control and the blanks of blank blocks are taken away.
//!
//! Mistakes become diagnostics and the rest of the file is still read. Where Ruby would refuse the whole template,
//! [`Template::refused`] says so. Nesting has a limit, so that no input can exhaust the stack.

mod mistakes;
mod verbatim;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use carafe_source::diagnostic::{Diagnostic, did_you_mean};
use carafe_source::{FileId, Span};

use super::ast::{Body, Node, Output, TagNode};
use super::contracts::DocBlock;
use super::expression::{self, Understood};
use super::lexer::{Kind, Lexer, Token, is_space};
use super::syntax::Source;
use super::tags::{self, Tag, Tags};

/// How deep blocks may nest in one file, as in Ruby's Liquid.
pub const NESTING_LIMIT: usize = 100;

/// How many mistakes of one file are reported.
const DIAGNOSTICS_LIMIT: usize = 500;

/// A parsed template: immutable, shared between threads.
#[derive(Debug)]
pub struct Template {
    pub(crate) file: FileId,
    pub(crate) text: Arc<str>,
    pub(crate) body: Body,
    diagnostics: Vec<Diagnostic>,
    refused: bool,
    doc: Option<DocBlock>,
    remarks: OnceLock<Vec<Diagnostic>>,
    is_steady: OnceLock<bool>,
}

impl Template {
    /// What a host has to say of the template's text, whoever calls it: `look` is asked once.
    pub fn remarks(&self, look: impl FnOnce() -> Vec<Diagnostic>) -> &[Diagnostic] {
        self.remarks.get_or_init(look)
    }

    /// Whether it gives the same whatever was rendered before, judged by its text.
    pub(crate) fn is_steady(&self) -> bool {
        let holds = |word: &&str| self.text.contains(word);
        *self.is_steady.get_or_init(|| !["cycle", "ifchanged", "increment", "decrement"].iter().any(holds))
    }

    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The whole text of the file, front matter included.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The tree.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What is wrong with the template's syntax, in the order of the text. [`super::render`] reports these too.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether Ruby's Liquid would refuse to parse it; it renders all the same, without the parts that are wrong.
    pub fn refused(&self) -> bool {
        self.refused
    }

    /// The template's `{% doc %}` block; the first, if there are several.
    pub fn doc(&self) -> Option<&DocBlock> {
        self.doc.as_ref()
    }
}

/// Parses `text` from byte `offset` on (the length of the front matter). `tags` says which tags and filter templates there
/// are, and which dialect is read.
///
/// Every text is a template. Mistakes are in [`Template::diagnostics`]: `unknown-tag`, `unclosed-tag`, `liquid-syntax`,
/// `unknown-filter`, `nesting-limit`. Takes time linear in the text.
pub fn parse(file: FileId, text: &Arc<str>, offset: usize, tags: &Tags) -> Template {
    parse_indented(file, text, offset, 0, tags)
}

/// As [`parse`], of a text whose lines all have so many blanks more before them than are meant, but for the first.
pub(crate) fn parse_indented(file: FileId, text: &Arc<str>, offset: usize, indent: usize, tags: &Tags) -> Template {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    let mut parser = Parser {
        source: Source { file, text },
        tags,
        lexer: Lexer::new(text, offset..text.len(), false).leaving(tags.verbatim(text)),
        diagnostics: Vec::new(),
        refused: false,
        open: Vec::new(),
        base: 0,
        depth: 0,
        trim: false,
        unknown: FxHashSet::default(),
        in_comment: false,
        closed: true,
        pending: None,
        doc: None,
        indent,
    };
    let mut nodes = Vec::new();
    // A stop at the top level is a stray `else`, `when` or end tag; it has been reported, and reading goes on behind it.
    while parser.nodes(&mut nodes, &[], None).is_some() {}
    let Parser { mut diagnostics, refused, doc, .. } = parser;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    let body = Body::new(nodes);
    Template {
        file,
        text: text.clone(),
        body,
        diagnostics,
        refused,
        doc,
        remarks: OnceLock::new(),
        is_steady: OnceLock::new(),
    }
}

/// Parses a piece of text in which only `{{ }}` and tags of one line are expected, such as a tag's markup.
pub(crate) fn fragment(parser: &mut Parser<'_>, range: Range<usize>) -> Body {
    let inner = Lexer::new(parser.source.text, range, false);
    let outer = std::mem::replace(&mut parser.lexer, inner);
    let base = std::mem::replace(&mut parser.base, parser.open.len());
    let trim = std::mem::take(&mut parser.trim);
    let mut nodes = Vec::new();
    if parser.depth < NESTING_LIMIT {
        parser.depth += 1;
        while parser.nodes(&mut nodes, &[], None).is_some() {}
        parser.depth -= 1;
    }
    (parser.lexer, parser.base, parser.trim) = (outer, base, trim);
    Body::new(nodes)
}

impl Body {
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        Self { nodes, blank: false }
    }
}

/// A block that has been opened and not yet closed.
struct Open {
    end: String,
    /// The first end tag in it that closes nothing, among the diagnostics.
    stray: Option<usize>,
}

/// The state of parsing one file.
pub(crate) struct Parser<'a> {
    pub source: Source<'a>,
    pub tags: &'a Tags,
    lexer: Lexer<'a>,
    diagnostics: Vec<Diagnostic>,
    refused: bool,
    open: Vec<Open>,
    /// Blocks below this are outside of the `liquid` tag that is being read.
    base: usize,
    depth: usize,
    trim: bool,
    /// Names of unknown tags, whose end tags are then no news.
    unknown: FxHashSet<String>,
    /// Whether what is read is a comment, where an unknown tag is none.
    in_comment: bool,
    /// Whether the block that was read last has an end.
    pub(crate) closed: bool,
    /// A token that was read and belongs to an outer block.
    pending: Option<Token>,
    doc: Option<DocBlock>,
    /// How many blanks before every line are not meant.
    indent: usize,
}

impl<'a> Parser<'a> {
    /// The text of a range.
    pub(crate) fn get(&self, range: &Range<usize>) -> &'a str {
        self.source.get(range)
    }

    /// A mistake for which Ruby refuses the template.
    pub(crate) fn refuse(&mut self, diagnostic: Diagnostic) {
        self.refused = true;
        self.report(diagnostic);
    }

    /// A mistake that Ruby passes over.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS_LIMIT {
            self.diagnostics.push(diagnostic);
        }
    }

    /// A `liquid-syntax` error at a token's tag.
    pub(crate) fn syntax(&self, token: &Token, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error("liquid-syntax", message).at(self.source.span(&token.span))
    }

    /// The name of a tag's token.
    pub(crate) fn name(&self, token: &Token) -> &'a str {
        match &token.kind {
            Kind::Tag { name } => self.source.get(name),
            _ => "",
        }
    }

    /// What was understood; what the lax rules passed over is reported.
    pub(crate) fn lax<T>(&mut self, (value, fault): Understood<T>) -> Option<T> {
        if let Some(fault) = fault {
            self.report(fault.diagnostic(&self.source));
        }
        value
    }

    /// A value with filters. Unknown filters are reported.
    pub(crate) fn filtered(&mut self, range: Range<usize>) -> Option<super::ast::Filtered> {
        let value = self.lax(expression::filtered(&self.source, range, self.tags))?;
        for call in &value.filters {
            if matches!(call.target, super::ast::FilterTarget::Unknown) {
                if let Some(foreign) = self.tags.foreign_filter(&call.name) {
                    let used = call.span.start as usize..call.span.end as usize;
                    self.foreign("foreign-filter", &call.name, foreign, &used);
                    continue;
                }
                let message = format!("there is no filter `{}`; the value passes through unchanged", call.name);
                let known = super::filters::names().map(|name| -> &str { name }).chain(self.tags.filter_names());
                let mut diagnostic = Diagnostic::warning("unknown-filter", message).at(call.span);
                if let Some(name) = did_you_mean(&call.name, known) {
                    diagnostic = diagnostic.meant(call.span, &call.name, name);
                }
                self.report(diagnostic);
            }
        }
        Some(value)
    }

    /// Whether the lines of a `liquid` tag are being read.
    pub(crate) fn reads_lines(&self) -> bool {
        self.lexer.lines
    }

    /// Remembers the file's `doc` block.
    pub(crate) fn set_doc(&mut self, doc: DocBlock) {
        self.doc.get_or_insert(doc);
    }

    /// Reads the sections of the block that `token` opens: its own body, then one for each of the tags named in `stops`,
    /// each with the token before it.
    pub(crate) fn sections(&mut self, token: &Token, stops: &[&str]) -> Vec<(Token, Body)> {
        let name = self.name(token);
        if self.depth >= NESTING_LIMIT {
            let message = format!("blocks are nested more than {NESTING_LIMIT} deep");
            self.refuse(Diagnostic::error("nesting-limit", message).at(self.source.span(&token.span)));
            self.skip(name);
            self.closed = true;
            return vec![(token.clone(), Body::default())];
        }
        self.depth += 1;
        self.open.push(Open { end: format!("end{name}"), stray: None });
        let mut sections = Vec::new();
        let mut head = token.clone();
        loop {
            let mut nodes = Vec::new();
            let stop = self.nodes(&mut nodes, stops, Some(token));
            let blank = nodes.iter().all(|node| is_blank(node, self.source.text));
            sections.push((head, Body { nodes, blank }));
            match stop {
                Some(stop) if !self.is_end(&stop) => head = stop,
                stop => {
                    self.closed = stop.is_some();
                    break;
                }
            }
        }
        self.open.pop();
        self.depth -= 1;
        sections
    }

    fn is_end(&self, token: &Token) -> bool {
        self.open.last().is_some_and(|open| open.end == self.name(token))
    }

    /// The only section of the block that `token` opens.
    pub(crate) fn block(&mut self, token: &Token) -> Body {
        self.sections(token, &[]).into_iter().next().map(|(_, body)| body).unwrap_or_default()
    }

    /// Passes over a block without reading it.
    fn skip(&mut self, name: &str) {
        let end = format!("end{name}");
        let mut depth = 1_usize;
        while let Some(token) = self.lexer.next() {
            let found = self.name(&token);
            depth += usize::from(found == name);
            depth -= usize::from(found == end);
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads nodes up to a tag named in `stops` or the end tag of `block`, which is returned; `None` at the end of the text.
    fn nodes(&mut self, nodes: &mut Vec<Node>, stops: &[&str], block: Option<&Token>) -> Option<Token> {
        while let Some(token) = self.pending.take().or_else(|| self.lexer.next()) {
            if !self.lexer.lines {
                self.control_space(nodes, &token);
            }
            match &token.kind {
                Kind::Text => self.text(nodes, token.span),
                Kind::Output => {
                    let value = match self.get(&token.markup).as_bytes() {
                        // `{{< name >}}` and `{{% name %}}`.
                        [b'<' | b'%', ..] => self.shortcode(&token),
                        _ => self.filtered(token.markup.clone()),
                    };
                    nodes.push(Node::Output(Box::new(Output { span: self.source.span(&token.span), value })));
                }
                Kind::Malformed => self.malformed(nodes, &token),
                Kind::Tag { name } => {
                    let name = self.source.get(name);
                    if let Some(parsed) = tags::parse(self, &token) {
                        match parsed {
                            Ok(tag) => nodes.push(self.node(&token, tag)),
                            Err(diagnostic) => self.refuse(diagnostic),
                        }
                    } else if let Some(block) = block
                        && (stops.contains(&name) || self.is_end(&token))
                    {
                        let _ = block;
                        return Some(token);
                    } else if let Some(block) = block
                        && self.open.iter().skip(self.base).any(|open| open.end == name)
                    {
                        self.unclosed(block);
                        self.pending = Some(token);
                        return None;
                    } else if let Some((foreign, ends)) = self.tags.foreign_tag(name) {
                        if !ends {
                            self.foreign("foreign-tag", name, foreign, &token.span);
                        }
                        self.text(nodes, token.span);
                    } else {
                        let before = self.diagnostics.len();
                        self.stray(&token, block);
                        if name.starts_with("end")
                            && self.diagnostics.len() > before
                            && block.is_some()
                            && let Some(open) = self.open.last_mut()
                        {
                            open.stray.get_or_insert(before);
                        }
                    }
                }
            }
        }
        if let Some(block) = block {
            self.unclosed(block);
        }
        None
    }

    fn node(&self, token: &Token, tag: Tag) -> Node {
        let text = self.source.text;
        let span = self.source.span(&token.span);
        let before = &text[..token.span.start];
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let start = before.len() - blanks;
        let first = start == 0 || before.as_bytes().get(start - 1) == Some(&b'\n');
        let behind = text[token.span.end..].trim_start_matches([' ', '\t', '\r']);
        let last = behind.is_empty() || behind.starts_with('\n');
        let first = first && !self.lexer.lines;
        let unmeant = self.indent.min(before.len() - start);
        let indent = first.then(|| self.source.span(&(start + unmeant..before.len())));
        Node::Tag(Box::new(TagNode { span, indent, alone: first && last, tag }))
    }

    /// `{%-` takes the blanks off the text before, `-%}` off the text behind.
    fn control_space(&mut self, nodes: &mut [Node], token: &Token) {
        if token.kind == Kind::Text {
            return;
        }
        let mut texts = nodes.iter_mut().rev();
        while token.trim_left
            && let Some(Node::Text(span)) = texts.next()
        {
            let text = self.source.get(&(span.start as usize..span.end as usize));
            let kept = text.trim_end_matches(|c| is_space(c) || c == '\0').len();
            *span = span.sub(0, kept);
            // Only what has unmeant blanks in it comes in several nodes.
            if kept > 0 || self.indent == 0 {
                break;
            }
        }
        self.trim = token.trim_right;
    }

    fn text(&mut self, nodes: &mut Vec<Node>, range: Range<usize>) {
        let mut range = range;
        if std::mem::take(&mut self.trim) {
            let text = self.source.get(&range);
            range.start = range.end - text.trim_start_matches(|c| is_space(c) || c == '\0').len();
        }
        // The blanks that are not meant fall between two nodes.
        while self.indent > 0
            && let Some(end) = self.source.get(&range).find('\n').map(|at| range.start + at + 1)
        {
            nodes.push(Node::Text(self.source.span(&(range.start..end))));
            let behind = self.source.get(&(end..range.end));
            range.start = end + behind.bytes().take(self.indent).take_while(|byte| *byte == b' ').count();
        }
        nodes.push(Node::Text(self.source.span(&range)));
    }

    /// Reads the lines of a `liquid` tag.
    pub(crate) fn lines(&mut self, range: Range<usize>) -> Body {
        if self.depth >= NESTING_LIMIT {
            let message = format!("blocks are nested more than {NESTING_LIMIT} deep");
            self.refuse(Diagnostic::error("nesting-limit", message).at(self.source.span(&range)));
            return Body::default();
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.lexer, Lexer::new(self.source.text, range, true));
        let base = std::mem::replace(&mut self.base, self.open.len());
        let mut nodes = Vec::new();
        while self.nodes(&mut nodes, &[], None).is_some() {}
        self.lexer = outer;
        self.base = base;
        self.depth -= 1;
        let blank = nodes.iter().all(|node| is_blank(node, self.source.text));
        Body { nodes, blank }
    }
}

/// Whether a node prints nothing but blanks, by its kind alone.
fn is_blank(node: &Node, text: &str) -> bool {
    match node {
        Node::Text(span) => text_of(text, *span).chars().all(is_space),
        Node::Output(_) => false,
        Node::Tag(node) => node.tag.blank(),
    }
}

/// The text of a span of the file.
pub(crate) fn text_of(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}

/// Takes the texts out of the sections of a block that prints nothing but blanks, as Liquid does.
pub(crate) fn drop_blanks<'b>(bodies: impl IntoIterator<Item = &'b mut Body>, blank: bool) {
    if blank {
        for body in bodies {
            body.nodes.retain(|node| !matches!(node, Node::Text(_)));
        }
    }
}
