//! Inline content: emphasis, links, code spans, HTML and the rest of a leaf's text, by kramdown's rules.
//!
//! The rules are not CommonMark's in too many places for a CommonMark parser with corrections around it (emphasis has no
//! flanking rule and does not nest in itself, code spans and links close elsewhere, HTML spans hold their content, quotes
//! look at their neighbours), so this is a parser of its own; the other dialect uses pulldown-cmark.
//!
//! kramdown's way is to try a construct, to look for its end through everything inside, and to go back when there is none.
//! That is kept, with two guards against its cost: what can be seen not to end is not tried, and all the trying in one leaf
//! has a budget, behind which constructs are no longer opened.

mod autolink;
mod bare_address;
mod break_and_escape;
mod code;
mod emphasis;
mod extension;
mod footnote;
mod html;
mod link;
mod math;
mod quotes;
mod strikethrough;
mod symbols;

use std::rc::Rc;

use carafe_source::island;

use super::block::Parser;
use super::lines::Text;
use super::room;
use super::tree::{Inline, InlineKind, Leaf};

/// HTML elements and images nest no deeper in text.
const MAX_DEPTH: usize = 24;

/// Reads the text of a leaf.
pub(super) fn parse(p: &mut Parser<'_>, leaf: Leaf, in_html: bool) -> Vec<Inline> {
    let Some(text) = p.texts.get(leaf.text).filter(|_| !p.budget.is_over()).cloned() else { return Vec::new() };
    let (start, end) = (leaf.start as usize, leaf.end as usize);
    let Some(source) = text.text.get(start..end) else { return Vec::new() };
    let mut reader = Reader {
        p,
        map: Rc::clone(&text),
        base: start,
        s: source,
        pos: 0,
        bound: 0,
        fuel: source.len().saturating_mul(20) + 200_000,
        last: LastSeen::of(source, 0),
        open_ticks: (usize::MAX, 0),
        depth: 0,
    };
    let mut out = Out::default();
    reader.spans(&mut Stop::End, Context { in_html, ..Context::default() }, &mut out);
    out.finish()
}

/// Where the last of some signs stands: what does not come again cannot close anything.
#[derive(Clone, Copy, Debug)]
struct LastSeen {
    star: Option<usize>,
    underscore: Option<usize>,
    bracket: Option<usize>,
    greater: Option<usize>,
    brace: Option<usize>,
}

impl LastSeen {
    /// In `text` behind byte `from`.
    fn of(text: &str, from: usize) -> Self {
        let last = |byte| memchr::memrchr(byte, text.as_bytes().get(from..)?).map(|at| from + at);
        Self { star: last(b'*'), underscore: last(b'_'), bracket: last(b']'), greater: last(b'>'), brace: last(b'}') }
    }
}

/// The state of reading one leaf.
struct Reader<'p, 'a, 's> {
    p: &'p mut Parser<'a>,
    map: Rc<Text>,
    base: usize,
    s: &'s str,
    pos: usize,
    /// Where the last construct ended: characters before it are no longer neighbours of a quotation mark.
    bound: usize,
    fuel: usize,
    last: LastSeen,
    /// Runs of at least this many backticks have no counterpart behind this place. Text that is read again after an
    /// attempt failed may lie before it.
    open_ticks: (usize, usize),
    depth: usize,
}

/// What surrounds the content being read.
#[derive(Clone, Copy, Debug, Default)]
struct Context {
    in_emphasis: bool,
    in_strong: bool,
    /// In a link or in an image's text.
    in_link: bool,
    /// In an HTML element that is a link.
    in_anchor: bool,
    /// Directly in `<em>`.
    directly_in_emphasis: bool,
    /// In an HTML element, where a backslash does not break lines.
    in_html: bool,
    /// Only HTML is looked for.
    only_html: bool,
}

/// Where the content being read ends.
enum Stop<'n> {
    End,
    /// At this sign; once or doubled.
    Emphasis {
        sign: u8,
        strong: bool,
    },
    /// At the bracket that closes a link's text; how many are open.
    Bracket {
        open: usize,
    },
    /// At this element's closing tag.
    Tag {
        name: &'n str,
        any_case: bool,
    },
}

/// Inline content while it is being read.
#[derive(Default)]
struct Out {
    nodes: Vec<Inline>,
    text: String,
}

impl Out {
    fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.nodes.push(Inline::new(InlineKind::Text(std::mem::take(&mut self.text)), 0..0));
        }
    }

    fn push(&mut self, node: Inline) {
        self.flush();
        self.nodes.push(node);
    }

    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.text.is_empty()
    }

    fn finish(mut self) -> Vec<Inline> {
        self.flush();
        self.nodes.shrink_to_fit();
        self.nodes
    }
}

impl<'s> Reader<'_, '_, 's> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.s.as_bytes().get(at).copied()
    }

    fn rest(&self) -> &'s str {
        self.s.get(self.pos..).unwrap_or_default()
    }

    /// The character before byte `at`.
    fn before(&self, at: usize) -> Option<char> {
        self.s.get(..at)?.chars().next_back()
    }

    /// The range in the input of a range of the leaf.
    fn range(&self, start: usize, end: usize) -> std::ops::Range<u32> {
        self.map.range(self.base + start..self.base + end)
    }

    fn node(&self, kind: InlineKind, start: usize) -> Inline {
        Inline::new(kind, self.range(start, self.pos))
    }

    /// Spends from the budget; false when it is gone.
    fn spend(&mut self, amount: usize) -> bool {
        self.fuel = self.fuel.saturating_sub(amount);
        self.fuel > 0
    }

    /// Adds `len` bytes as text and goes behind them.
    fn literal(&mut self, len: usize, out: &mut Out) {
        let end = (self.pos + len).min(self.s.len());
        out.push_text(self.s.get(self.pos..end).unwrap_or_default());
        self.pos = end;
        self.bound = end;
    }

    /// Reads content up to its end, and returns whether that was found; the place is then before it. Where the content
    /// ends with the leaf without an end found, the text behind the last construct is left to the caller.
    fn spans(&mut self, stop: &mut Stop<'_>, context: Context, out: &mut Out) -> bool {
        let kept = self.p.kept;
        let found = self.spans_until(stop, context, out);
        if !found && matches!(stop, Stop::Emphasis { .. } | Stop::Bracket { .. }) {
            // It was an attempt, of which nothing stays.
            self.p.kept = kept;
        }
        found
    }

    fn spans_until(&mut self, stop: &mut Stop<'_>, context: Context, out: &mut Out) -> bool {
        let mut counted = out.nodes.len();
        loop {
            let new = out.nodes.get(counted..).unwrap_or_default();
            let with_attributes = new.iter().filter(|node| !node.attributes.is_empty()).count();
            let bytes = new.len() * room::INLINE + with_attributes * room::ATTRIBUTES;
            counted = out.nodes.len();
            let at = self.pos;
            let (map, from, width) = (&self.map, self.base + at, self.rest().chars().next().map_or(0, char::len_utf8));
            if !self.p.may_keep(bytes, || map.range(from..from + width)) {
                self.pos = self.s.len();
                return false;
            }
            let start = self.pos;
            let Some(at) = self.next_special(stop, context) else {
                self.spend(self.s.len() - start);
                if matches!(stop, Stop::End) {
                    self.literal(self.s.len() - start, out);
                }
                return false;
            };
            self.spend(at - start + 1);
            out.push_text(&self.s[start..at]);
            self.pos = at;
            if self.stops(stop, out) {
                return true;
            }
            if !self.construct(context, out) {
                let len = self.rest().chars().next().map_or(1, char::len_utf8);
                if !context.only_html
                    && matches!(self.byte(at + len), Some(b'"' | b'\''))
                    && self.byte(at) != Some(b'\\')
                {
                    self.smart_quote(out);
                } else {
                    self.literal(len, out);
                }
            }
        }
    }

    /// The next place where something may start or the content may end.
    fn next_special(&self, stop: &Stop<'_>, context: Context) -> Option<usize> {
        let bytes = self.s.as_bytes();
        let mut at = self.pos;
        if context.only_html {
            return bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)).map(|found| at + found);
        }
        let in_brackets = matches!(stop, Stop::Bracket { .. });
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            let found = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => false,
                b'*' | b'_' | b'`' | b'<' | b'[' | b'&' | b'\\' => true,
                b'!' => next == b'[',
                b']' => in_brackets,
                b'$' => next == byte || self.p.options.habits.math,
                b'~' => next == byte && self.p.options.gfm,
                b'-' => next == b'-' && self.p.options.typographic,
                b'>' => next == b'>' && self.p.options.typographic,
                b'.' if next == b'.' && bytes.get(at + 2) == Some(&b'.') && self.p.options.typographic => true,
                b':' | b'.' | b'@' => self.is_address_sign(at),
                b'{' => next == b':',
                b' ' => {
                    let third = bytes.get(at + 2).copied();
                    (next == b' ' && third == Some(b'\n')) || (next == b'>' && third == Some(b'>'))
                }
                b'\n' => self.p.options.hard_wrap && self.p.options.gfm,
                b'"' | b'\'' => {
                    if at > self.bound && at > self.pos {
                        return self.before(at).map(|c| at - c.len_utf8());
                    }
                    true
                }
                0xef => self.p.has_islands && self.s[at..].starts_with(island::OPEN),
                _ => false,
            };
            if found {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// Whether the content ends here.
    fn stops(&mut self, stop: &mut Stop<'_>, out: &Out) -> bool {
        match stop {
            Stop::End => false,
            Stop::Emphasis { sign, strong } => self.emphasis_ends(*sign, *strong, out),
            Stop::Bracket { open } => {
                match self.byte(self.pos) {
                    Some(b']') => *open = open.saturating_sub(1),
                    Some(b'[') => *open += 1,
                    Some(b'!') if self.byte(self.pos + 1) == Some(b'[') => *open += 1,
                    _ => return false,
                }
                let images = out.nodes.iter().filter(|node| matches!(node.kind, InlineKind::Image { .. })).count();
                *open == images
            }
            Stop::Tag { name, any_case } => super::html_syntax::close_tag(self.rest())
                .is_some_and(|(found, _)| if *any_case { found.eq_ignore_ascii_case(name) } else { found == *name }),
        }
    }

    /// Reads the construct that starts here, or adds its sign as text; false when none does.
    fn construct(&mut self, context: Context, out: &mut Out) -> bool {
        let Some(byte) = self.byte(self.pos) else { return false };
        if context.only_html {
            return byte == b'<' && self.html(context, out);
        }
        let before = self.pos;
        let done = match byte {
            b'*' | b'_' => self.emphasis(context, out),
            b'`' => self.code(out),
            b'<' => self.autolink(out) || self.html(context, out) || self.symbol(out),
            b'[' => self.footnote(out) || self.link(context, out),
            b'!' => self.byte(before + 1) == Some(b'[') && self.link(context, out),
            b'"' | b'\'' => self.smart_quote(out),
            b'$' => self.math(out),
            b'{' => self.extension(out),
            b'&' => self.entity(out),
            b':' | b'@' => self.bare_address(context, out),
            b'.' => self.symbol(out) || self.bare_address(context, out),
            b'-' | b'>' => self.symbol(out),
            b' ' => self.symbol(out) || self.line_break(context, out),
            b'\\' => self.symbol(out) || self.line_break(context, out) || self.escape(out),
            b'\n' => self.line_break(context, out),
            b'~' => self.strikethrough(out),
            0xef => self.island(out),
            _ => false,
        };
        if done && self.pos > before {
            self.bound = self.pos;
        }
        done
    }

    fn island(&mut self, out: &mut Out) -> bool {
        let Some(found) = island::at_start(self.rest()) else { return false };
        let start = self.pos;
        self.pos += found.len;
        let node = self.node(InlineKind::Island(found.number), start);
        out.push(node);
        true
    }
}
