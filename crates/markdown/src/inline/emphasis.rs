//! Emphasis: `*a*`, `_a_`, `**a**`, `__a__`. Neither kind nests in itself; underscores inside a word are text.

use carafe_source::characters;

use super::super::lines::is_space;
use super::super::tree::InlineKind;
use super::{Context, Out, Reader, Stop};

impl Reader<'_, '_, '_> {
    pub(super) fn emphasis(&mut self, context: Context, out: &mut Out) -> bool {
        let start = self.pos;
        let Some(sign) = self.byte(start) else { return false };
        let strong = self.byte(start + 1) == Some(sign);
        let len = if strong { 2 } else { 1 };
        let last = if sign == b'*' { self.last.star } else { self.last.underscore };
        let is_open = if strong { context.in_strong } else { context.in_emphasis };
        if (sign == b'_' && self.is_behind_letter(start))
            || self.byte(start + len).is_some_and(is_space)
            || is_open
            || last.is_none_or(|last| last < start + len)
            || !self.spend(1)
        {
            self.literal(len, out);
            return true;
        }
        self.pos = start + len;
        if self.try_emphasis(sign, strong, start, context, out) {
            return true;
        }
        if strong && !context.directly_in_emphasis {
            self.pos = start + 1;
            if self.try_emphasis(sign, false, start, context, out) {
                return true;
            }
        }
        self.pos = start;
        self.literal(len, out);
        true
    }

    fn try_emphasis(&mut self, sign: u8, strong: bool, start: usize, context: Context, out: &mut Out) -> bool {
        self.bound = self.pos;
        let inner = Context {
            in_emphasis: context.in_emphasis || !strong,
            in_strong: context.in_strong || strong,
            directly_in_emphasis: !strong,
            ..context
        };
        let mut content = Out::default();
        if !self.spans(&mut Stop::Emphasis { sign, strong }, inner, &mut content) {
            return false;
        }
        self.pos += if strong { 2 } else { 1 };
        let content = content.finish();
        let kind = if strong { InlineKind::Strong(content) } else { InlineKind::Emphasis(content) };
        let node = self.node(kind, start);
        out.push(node);
        true
    }

    /// Whether letters, or letters and one dash, stand directly before `at`.
    fn is_behind_letter(&self, at: usize) -> bool {
        match self.before(at) {
            Some('-') => self.before(at - 1).is_some_and(char::is_alphabetic),
            before => before.is_some_and(char::is_alphabetic),
        }
    }

    /// Whether the emphasis being read ends here.
    pub(super) fn emphasis_ends(&self, sign: u8, strong: bool, out: &Out) -> bool {
        let at = self.pos;
        let len = if strong { 2 } else { 1 };
        let run = self.s.as_bytes()[at..].iter().take(4).take_while(|&&byte| byte == sign).count();
        run >= len
            && self.before(at).is_none_or(|c| !(c.is_ascii() && is_space(c as u8)))
            && (strong || run != 2)
            && (sign != b'_' || !self.s[at + len..].chars().next().is_some_and(characters::is_alphanumeric))
            && !out.is_empty()
    }
}
