//! From the notation of patterns to their nodes.

use super::begin::Begin;
use super::{Choice, Node, Run, Set, is_name, is_word};

pub(super) struct Parser<'text> {
    pub(super) text: &'text [u8],
    pub(super) at: usize,
    pub(super) any_case: bool,
    /// The last atom was a group with a class.
    pub(super) groups: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.text[self.at..].starts_with(text.as_bytes());
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// A sequence whose parts are kept apart; alternatives at the outermost level are one part.
    pub(super) fn outermost(&mut self) -> Result<Vec<(Node, bool)>, String> {
        let mut parts = self.sequence()?;
        if self.peek() == Some(b'|') {
            let mut alternatives = vec![joined(parts)];
            while self.take("|") {
                alternatives.push(joined(self.sequence()?));
            }
            parts = vec![(any_of(alternatives), false)];
        }
        Ok(parts)
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        Ok(joined(self.outermost()?))
    }

    fn sequence(&mut self) -> Result<Vec<(Node, bool)>, String> {
        let mut parts = Vec::new();
        while let Some(byte) = self.peek() {
            if matches!(byte, b'|' | b')') {
                break;
            }
            self.groups = false;
            let node = self.atom()?;
            let group = self.groups;
            let node = self.quantified(node)?;
            match (parts.last_mut(), node) {
                (Some((Node::Text(before), false)), Node::Text(text)) if !group => before.extend(text),
                (Some((Node::AnyCase(before), false)), Node::AnyCase(text)) if !group => before.extend(text),
                (_, node) => parts.push((node, group)),
            }
        }
        Ok(parts)
    }

    fn quantified(&mut self, node: Node) -> Result<Node, String> {
        let (min, max) = match self.peek() {
            Some(b'*') => (0, usize::MAX),
            Some(b'+') => (1, usize::MAX),
            Some(b'?') => (0, 1),
            Some(b'{') => {
                let end = self.text[self.at..].iter().position(|&byte| byte == b'}').ok_or("a `{` without its `}`")?;
                let inside = String::from_utf8_lossy(&self.text[self.at + 1..self.at + end]).into_owned();
                let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
                let number = |text: &str| text.parse::<usize>().map_err(|_| format!("`{{{inside}}}` is no count"));
                self.at += end;
                (number(low)?, if high.is_empty() { usize::MAX } else { number(high)? })
            }
            _ => return Ok(node),
        };
        self.at += 1;
        if max == usize::MAX
            && let Node::Set(set) = &node
        {
            return Ok(Node::Run { run: Box::new(Run::new(**set)), min, sure: false });
        }
        let run = match &node {
            Node::Alt(nodes, choice) if min < 2 && max == usize::MAX => run(nodes, choice),
            _ => None,
        };
        Ok(Node::Repeat { node: Box::new(node), min, max, run, sure: false })
    }

    fn atom(&mut self) -> Result<Node, String> {
        let Some(byte) = self.peek() else { return Ok(Node::Seq(Vec::new())) };
        self.at += 1;
        Ok(match byte {
            b'(' => return self.group(),
            b'[' => Node::Set(Box::new(self.set()?)),
            b'.' => Node::Set(Box::new(Set::of(|byte| byte != b'\n'))),
            b'^' => Node::LineStart,
            b'$' => Node::LineEnd,
            b'\\' => return self.escape(),
            _ => self.text(byte),
        })
    }

    fn text(&self, byte: u8) -> Node {
        if self.any_case { Node::AnyCase(vec![byte.to_ascii_lowercase()]) } else { Node::Text(vec![byte]) }
    }

    fn group(&mut self) -> Result<Node, String> {
        let node = if self.take("?:") {
            self.alternatives()?
        } else if self.take("?=") {
            Node::Ahead(Box::new(self.alternatives()?), true)
        } else if self.take("?!") {
            Node::Ahead(Box::new(self.alternatives()?), false)
        } else if self.take("?<=[") {
            Node::Behind(Box::new(self.set()?), true)
        } else if self.take("?<![") {
            Node::Behind(Box::new(self.set()?), false)
        } else if self.take("?~") {
            let node = self.alternatives()?;
            let begin = Begin::of(&node);
            let before = if begin.empty { Set::NONE } else { begin.first.not() };
            Node::Until { node: Box::new(node), before: Box::new(Run::new(before)), sure: false }
        } else {
            let node = self.alternatives()?;
            self.groups = true;
            node
        };
        if !self.take(")") {
            return Err("a `(` without its `)`".to_owned());
        }
        let group = self.groups && !matches!(node, Node::Ahead(..) | Node::Behind(..));
        self.groups = group;
        Ok(match node {
            // Kept apart, so that a quantifier holds for all of it.
            Node::Text(_) | Node::AnyCase(_) => Node::Seq(vec![node]),
            node => node,
        })
    }

    fn escape(&mut self) -> Result<Node, String> {
        let byte = self.peek().ok_or("a `\\` at the end")?;
        self.at += 1;
        Ok(match byte {
            b'b' => Node::Edge(true),
            b'B' => Node::Edge(false),
            b'k' => Node::Remembered,
            _ => match class(byte) {
                Some(set) => Node::Set(Box::new(set)),
                None => self.text(self.character(byte)),
            },
        })
    }

    fn character(&self, escaped: u8) -> u8 {
        match escaped {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'_' => b' ',
            _ => escaped,
        }
    }

    /// The inside of `[…]`, behind its opening bracket.
    fn set(&mut self) -> Result<Set, String> {
        let negated = self.take("^");
        let mut set = Set::NONE;
        loop {
            let byte = self.peek().ok_or("a `[` without its `]`")?;
            self.at += 1;
            let low = match byte {
                b']' => break,
                b'\\' => {
                    let escaped = self.peek().ok_or("a `\\` at the end")?;
                    self.at += 1;
                    if let Some(class) = class(escaped) {
                        set = set.or(class);
                        continue;
                    }
                    self.character(escaped)
                }
                _ => byte,
            };
            let mut high = low;
            if self.peek() == Some(b'-') && self.text.get(self.at + 1).is_some_and(|&byte| byte != b']') {
                self.at += 1;
                high = self.peek().ok_or("a `[` without its `]`")?;
                self.at += 1;
                if high == b'\\' {
                    high = self.peek().ok_or("a `\\` at the end")?;
                    self.at += 1;
                }
            }
            for byte in low..=high {
                set.add(byte);
                if self.any_case {
                    set.add(byte.to_ascii_lowercase());
                    set.add(byte.to_ascii_uppercase());
                }
            }
        }
        Ok(if negated { set.not() } else { set })
    }
}

/// Alternatives; those that are single characters all are a set.
fn any_of(nodes: Vec<Node>) -> Node {
    let sets: Option<Vec<Set>> = nodes
        .iter()
        .map(|node| match node {
            Node::Set(set) => Some(**set),
            Node::Text(text) if text.len() == 1 && text.is_ascii() => Some(Set::of(|byte| byte == text[0])),
            _ => None,
        })
        .collect();
    match sets {
        Some(sets) => Node::Set(Box::new(sets.into_iter().fold(Set::NONE, Set::or))),
        None => {
            let begins = nodes.iter().map(Begin::of).map(|begin| (begin.first, begin.empty)).collect::<Vec<_>>();
            Node::Alt(nodes, Box::new(Choice::new(&begins)))
        }
    }
}

fn joined(mut parts: Vec<(Node, bool)>) -> Node {
    if parts.len() == 1 { parts.remove(0).0 } else { Node::Seq(parts.into_iter().map(|(node, _)| node).collect()) }
}

/// The set that a letter behind a backslash stands for.
fn class(letter: u8) -> Option<Set> {
    let set = match letter.to_ascii_lowercase() {
        b'd' => Set::of(|byte| byte.is_ascii_digit()),
        b'w' => Set::of(is_word),
        b's' => Set::of(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)),
        b'h' => Set::of(|byte| matches!(byte, b' ' | b'\t')),
        b'i' => Set::of(|byte| is_name(byte) && !byte.is_ascii_digit()),
        b'c' => Set::of(is_name),
        b'u' => Set::of(|byte| byte >= 0x80),
        _ => return None,
    };
    Some(if letter.is_ascii_uppercase() { set.not() } else { set })
}

/// The bytes of which a repetition of alternatives takes one character after the other, as no other one comes before it.
fn run(nodes: &[Node], choice: &Choice) -> Option<Box<Run>> {
    let alone = |byte: u8| choice.of(byte).first().is_some_and(|&at| matches!(nodes[usize::from(at)], Node::Set(_)));
    let beyond = (0x80..=0xff).all(alone);
    let set = Set::of(|byte| alone(byte) && (byte.is_ascii() || beyond));
    (set != Set::NONE).then(|| Box::new(Run::new(set)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(pattern: &str) -> Node {
        let mut parser = Parser { text: pattern.as_bytes(), at: 0, any_case: false, groups: false };
        parser.outermost().unwrap().remove(0).0
    }

    #[test]
    fn what_no_escape_begins_is_walked_in_one_go() {
        for pattern in ["(?:[^\"\\\\]|\\\\[^])*", "(?:\\\\.|[^\"\\\\])*"] {
            let Node::Repeat { run: Some(run), .. } = only(pattern) else { panic!("{pattern}: no run") };
            assert_eq!(run.len("a \u{e9}\n\\\"".as_bytes()), 5, "{pattern}");
        }
        // Where another alternative comes first, or none is a single character.
        for pattern in ["(?:ab|[a-z])*", "(?:ab|cd)*"] {
            let Node::Repeat { run, .. } = only(pattern) else { panic!("{pattern}") };
            assert!(run.is_none_or(|run| run.len(b"ab") == 0), "{pattern}");
        }
        assert!(matches!(only("(?:a|[b-d])*"), Node::Run { .. }));
    }
}
