//! Smart quotes: which way a quotation mark turns depends on its neighbours. The rules are those of SmartyPants, in
//! kramdown's order.

use carafe_source::characters;

use super::super::lines::is_space;
use super::super::tree::InlineKind;
use super::{Out, Reader};

const LEFT_SINGLE: u8 = 0;
const RIGHT_SINGLE: u8 = 1;
const LEFT_DOUBLE: u8 = 2;
const RIGHT_DOUBLE: u8 = 3;

fn left(quote: u8) -> u8 {
    if quote == b'"' { LEFT_DOUBLE } else { LEFT_SINGLE }
}

fn right(quote: u8) -> u8 {
    if quote == b'"' { RIGHT_DOUBLE } else { RIGHT_SINGLE }
}

fn is_quote(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'"' | b'\''))
}

/// A character of a word before which a quotation mark opens: Ruby's `\w`.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Reader<'_, '_, '_> {
    /// A quotation mark here, or behind the character here.
    pub(super) fn smart_quote(&mut self, out: &mut Out) -> bool {
        let at = self.pos;
        let Some(first) = self.rest().chars().next() else { return false };
        let own = self.byte(at).filter(|byte| matches!(byte, b'"' | b'\''));
        if let Some(quote) = own
            && let Some(side) = self.first_rules(at, quote)
        {
            return self.push_quotes(at, &[side], out);
        }
        let space = usize::from(first.is_ascii() && is_space(first as u8));
        if let Some(pair) = self.pair_rules(at + space) {
            out.push_text(&self.s[at..at + space]);
            return self.push_quotes(at + space, pair, out);
        }
        let next = at + first.len_utf8();
        if let Some(quote) = self.byte(next).filter(|byte| matches!(byte, b'"' | b'\'')) {
            let followed = self.s[next + 1..].chars().next();
            if space == 1 && followed.is_some_and(is_word) {
                out.push_text(&self.s[at..next]);
                return self.push_quotes(next, &[left(quote)], out);
            }
            if space == 0 && !matches!(first, '\\' | '[' | '{' | '(' | '-') {
                out.push_text(&self.s[at..next]);
                return self.push_quotes(next, &[right(quote)], out);
            }
        }
        if let Some(quote) = own
            && self.closes_alone(at)
        {
            return self.push_quotes(at, &[right(quote)], out);
        }
        // Any character and a single quote, else any character and a double one, else the quote itself.
        match (self.byte(next), own) {
            (Some(quote @ (b'"' | b'\'')), own) if quote == b'\'' || own != Some(b'\'') => {
                out.push_text(&self.s[at..next]);
                self.push_quotes(next, &[left(quote)], out)
            }
            (_, Some(quote)) => self.push_quotes(at, &[left(quote)], out),
            _ => false,
        }
    }

    /// Before emphasis a mark opens; before punctuation that no word follows it closes.
    fn first_rules(&self, at: usize, quote: u8) -> Option<u8> {
        let rest = &self.s[at + 1..];
        let bytes = rest.as_bytes();
        let signs = bytes.iter().take(2).take_while(|byte| matches!(byte, b'_' | b'*')).count();
        let is_text = |n: usize| bytes.get(n).is_some_and(|&byte| !is_space(byte));
        if signs > 0 && (is_text(signs) || (signs == 2 && is_text(1))) {
            return Some(left(quote));
        }
        let punctuation = *bytes.first()?;
        if !b"!\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~".contains(&punctuation) || rest[1..].starts_with("..") {
            return None;
        }
        let next_is_word = rest[1..].chars().next().is_some_and(characters::is_word);
        (next_is_word == (punctuation == b'_')).then(|| right(quote))
    }

    /// Two marks before a word, and the apostrophe of a decade (`'80s`).
    fn pair_rules(&self, at: usize) -> Option<&'static [u8]> {
        let bytes = self.s.as_bytes().get(at..)?;
        if bytes.len() < 2 || !is_quote(Some(bytes[0])) {
            return None;
        }
        if is_quote(Some(bytes[1])) && bytes[0] != bytes[1] {
            return self.s[at + 2..].chars().next().is_some_and(is_word).then_some(if bytes[0] == b'"' {
                &[LEFT_DOUBLE, LEFT_SINGLE]
            } else {
                &[LEFT_SINGLE, LEFT_DOUBLE]
            });
        }
        let is_decade =
            bytes[0] == b'\'' && bytes.get(1..3)?.iter().all(u8::is_ascii_digit) && bytes.get(3) == Some(&b's');
        is_decade.then_some(&[RIGHT_SINGLE])
    }

    /// Before white space, a genitive's `s`, or the line's end.
    fn closes_alone(&self, at: usize) -> bool {
        let mut rest = self.s[at + 1..].chars();
        match rest.next() {
            None => true,
            Some('s') => !rest.next().is_some_and(characters::is_word),
            Some(c) => c.is_ascii() && is_space(c as u8),
        }
    }

    fn push_quotes(&mut self, at: usize, sides: &[u8], out: &mut Out) -> bool {
        self.pos = at + sides.len();
        self.bound = self.pos;
        for &side in sides {
            let node = self.node(InlineKind::Quote(side), at);
            out.push(node);
        }
        true
    }
}
