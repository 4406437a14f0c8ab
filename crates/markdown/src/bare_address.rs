//! Addresses that stand in text as they are: `https://example.org`, `www.example.org`, `name@example.org`.
//!
//! The rules are GitHub's (GFM 6.9, and cmark-gfm where it says more): where an address may start, what a host is, and which
//! signs at the end belong to the sentence. Square brackets are balanced as round ones are, and `git@example.org:path`, which
//! is no address of a person, stays text.

use carafe_source::island;

/// An address has no more bytes than this.
const MAX_LENGTH: usize = 1 << 11;

/// An address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Where it starts and ends.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where it leads, before what is written: a scheme, or nothing.
    pub(super) prefix: &'static str,
}

impl Address {
    /// What is written, without the backslashes that keep signs from meaning something.
    pub(super) fn written(&self, text: &str) -> String {
        let written = text.get(self.start..self.end).unwrap_or_default();
        written.split('\\').collect()
    }
}

/// The address around one of its signs: the colon of `://`, the dot of `www.`, or `@`. It starts at or behind `from`.
pub(super) fn around(text: &str, at: usize, from: usize) -> Option<Address> {
    match text.as_bytes().get(at)? {
        b':' => with_scheme(text, at, from),
        b'.' => with_www(text, at, from),
        b'@' => mail(text, at, from),
        _ => None,
    }
}

/// The next address at or behind `from` that has its sign before `to`.
pub(super) fn next(text: &str, from: usize, to: usize) -> Option<Address> {
    let mut at = from;
    loop {
        at += memchr::memchr3(b':', b'.', b'@', text.as_bytes().get(at..to)?)?;
        if let Some(found) = around(text, at, from) {
            return Some(found);
        }
        at += 1;
    }
}

/// Whether something that is written like an address may stand behind this text.
fn may_start_behind(before: &str) -> bool {
    before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(' | '[' | '|' | '"' | '\''))
}

fn with_scheme(text: &str, at: usize, from: usize) -> Option<Address> {
    let behind = text.get(at..)?.strip_prefix("://")?;
    let before = text.get(from..at)?.as_bytes();
    let length = before.iter().rev().take(6).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let scheme = &text[at - length..at];
    if !["http", "https", "ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    // A letter or digit before it makes it another scheme.
    if text[..at - length].chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    host(behind)?;
    let end = end(text, at + 3);
    (end > at + 3).then_some(Address { start: at - length, end, prefix: "" })
}

fn with_www(text: &str, at: usize, from: usize) -> Option<Address> {
    let start = at.checked_sub(3).filter(|&start| start >= from)?;
    if !text.get(start..at)?.eq_ignore_ascii_case("www") || !may_start_behind(&text[..start]) {
        return None;
    }
    let behind = text.get(at + 1..)?;
    let length = host(behind)?;
    let end = end(text, at + 1);
    // One part at least is left of the host.
    (length > 0 && end > at + 1).then_some(Address { start, end, prefix: "http://" })
}

/// The length of the host at the start of `text`; its last two parts have no underscore.
fn host(text: &str) -> Option<usize> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let host = text.get(..text.find(|c| !fits(c)).unwrap_or(text.len()))?;
    let is_host = host.starts_with(|c: char| c.is_alphanumeric());
    let has_underscore = host.trim_end_matches('.').rsplit('.').take(2).any(|part| part.contains('_'));
    (is_host && !has_underscore).then_some(host.len())
}

/// Where an address ends that has begun before `from`.
fn end(text: &str, from: usize) -> usize {
    let mut open = 0usize;
    let mut end = from;
    for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
        let ends = match c {
            '<' | '>' | '`' | '"' | island::OPEN | island::ID_OPEN | island::ID_CLOSE | island::OUTER => true,
            '\\' => !text[from + at + 1..].starts_with(|c: char| c.is_ascii_punctuation()),
            // An attribute list behind the link.
            '{' => text[from + at..].starts_with("{:"),
            '[' => {
                open += 1;
                false
            }
            ']' => match open.checked_sub(1) {
                Some(fewer) => {
                    open = fewer;
                    false
                }
                None => true,
            },
            c => c.is_whitespace() || c.is_control(),
        };
        if ends || at > MAX_LENGTH {
            break;
        }
        end = from + at + c.len_utf8();
    }
    trimmed(text, from, end)
}

/// Takes off what belongs to the sentence around the address.
fn trimmed(text: &str, from: usize, mut end: usize) -> usize {
    let round = text.get(from..end).unwrap_or_default();
    let (mut opening, mut closing) = (round.matches('(').count(), round.matches(')').count());
    while let Some(c) = text.get(from..end).and_then(|address| address.chars().next_back()) {
        let taken = match c {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' | '…' | '。' | '，' | '、' | '；' | '：'
            | '！' | '？' | '）' | '」' | '』' | '”' | '’' | '»' | '›' => c.len_utf8(),
            ')' if closing > opening => {
                closing -= 1;
                1
            }
            '[' | '\\' => 1,
            '(' => {
                opening -= 1;
                1
            }
            ';' => entity(&text[from..end]).unwrap_or(1),
            _ => break,
        };
        end -= taken;
    }
    end
}

/// The length of the entity that ends a text.
fn entity(text: &str) -> Option<usize> {
    let name = text.strip_suffix(';')?;
    let start = name.rfind('&')?;
    let name = &name[start + 1..];
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| text.len() - start)
}

fn mail(text: &str, at: usize, from: usize) -> Option<Address> {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+');
    let before = text.get(from..at)?.as_bytes();
    let name = before.iter().rev().take(MAX_LENGTH.min(256)).take_while(|byte| fits(byte)).count();
    let start = at - name;
    if name == 0 || text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | ':' | '@')) {
        return with_mailto(text, start, at).filter(|found| name > 0 && found.start >= from);
    }
    let end = mail_end(text, at)?;
    Some(Address { start, end, prefix: "mailto:" })
}

/// `mailto:name@host`.
fn with_mailto(text: &str, name: usize, at: usize) -> Option<Address> {
    let before = text.get(..name)?.strip_suffix("mailto:")?;
    if before.ends_with(char::is_alphanumeric) {
        return None;
    }
    Some(Address { start: before.len(), end: mail_end(text, at)?, prefix: "" })
}

/// The end of the host of an e-mail address, whose `@` stands at `at`.
fn mail_end(text: &str, at: usize) -> Option<usize> {
    let behind = text.get(at + 1..)?;
    let length =
        behind.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')).count();
    let host = behind[..length].trim_end_matches('.');
    let rest = &behind[host.len()..];
    let is_path = rest.strip_prefix(':').is_some_and(|path| path.starts_with(|c: char| !c.is_whitespace()))
        || rest.starts_with('/');
    let is_host = host.contains('.') && !host.contains("..") && host.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_word = host.ends_with(|c: char| c.is_ascii_alphabetic());
    (is_host && is_word && !is_path && !rest.starts_with('@')).then_some(at + 1 + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let (mut all, mut from) = (Vec::new(), 0);
        while let Some(address) = next(text, from, text.len()) {
            all.push(&text[address.start..address.end]);
            from = address.end;
        }
        all
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        assert_eq!(found("See https://a.example/b_c, www.a.example."), ["https://a.example/b_c", "www.a.example"]);
        assert_eq!(
            found("(https://a.example/x_(y)) (http://a.example/)"),
            ["https://a.example/x_(y)", "http://a.example/"]
        );
        assert_eq!(
            found("\"https://a.example\"; [https://b.example?a[]=1]"),
            ["https://a.example", "https://b.example?a[]=1"]
        );
        assert_eq!(
            found("https://a.example/x&copy; https://a.example/?a=1&b=2;"),
            ["https://a.example/x", "https://a.example/?a=1&b=2"]
        );
        assert_eq!(found("HTTP://LOCALHOST:80/x! ftp://a.example/**"), ["HTTP://LOCALHOST:80/x", "ftp://a.example/"]);
        assert_eq!(found("https://a.example。https://b.example"), ["https://a.example。https://b.example"]);
    }

    #[test]
    fn what_only_looks_like_an_address_is_text() {
        for text in [
            "https://",
            "http://.",
            "https://*.a.example",
            "xhttp://a.example",
            "http://a_b.example",
            "www.",
            "www..",
            "xwww.a.example",
            "a@b",
            "@b.example",
            "a@1.2.3",
            "git@b.example:org/x.git",
            "a@b..example",
            "mailto:",
            "a: b",
            "e.g. this",
            "/x@b.example",
        ] {
            assert_eq!(found(text), <[&str; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn people_have_addresses() {
        assert_eq!(
            found("a.b+c@d-e.example. mailto:x@y.example, (z@y.example)"),
            ["a.b+c@d-e.example", "mailto:x@y.example", "z@y.example"]
        );
    }
}
