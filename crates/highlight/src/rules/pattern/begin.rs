//! What patterns can begin with, so that few are tried in vain.

use super::{Node, Set};

/// How what fits can begin.
#[derive(Clone, Copy)]
pub(super) struct Begin {
    /// Its first bytes.
    pub(super) first: Set,
    /// The bytes behind them.
    pub(super) second: Set,
    /// Whether it can be empty, or one byte alone: then what comes behind counts too.
    pub(super) empty: bool,
    pub(super) one: bool,
}

impl Begin {
    const EMPTY: Self = Self { first: Set::NONE, second: Set::NONE, empty: true, one: false };
    const ANY: Self = Self { first: Set::ALL, second: Set::ALL, empty: true, one: true };

    pub(super) fn of(node: &Node) -> Self {
        match node {
            Node::Set(set) => Self::of_set(set),
            Node::Run { run, min, .. } => {
                let begin = Self::of_set(&run.set);
                Self { second: begin.second.or(begin.first), empty: *min == 0, ..begin }
            }
            Node::Text(text) => Self::of_text(text, |byte| [byte; 2]),
            Node::AnyCase(text) => Self::of_text(text, |byte| [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]),
            Node::Seq(nodes) => begin(nodes),
            Node::Alt(nodes, _) => {
                let none = Self { empty: false, ..Self::EMPTY };
                nodes.iter().map(Self::of).fold(none, |a, b| Self {
                    first: a.first.or(b.first),
                    second: a.second.or(b.second),
                    empty: a.empty || b.empty,
                    one: a.one || b.one,
                })
            }
            Node::Repeat { node, min, max, .. } => {
                let begin = Self::of(node);
                let again = if *max > 1 && begin.one { begin.first } else { Set::NONE };
                Self { second: begin.second.or(again), empty: begin.empty || *min == 0, ..begin }
            }
            Node::Until { .. } | Node::Remembered => Self::ANY,
            // What is only looked at is not taken: behind it, all is open.
            Node::Ahead(node, true) => {
                let begin = Self::of(node);
                let second = if begin.empty || begin.one { Set::ALL } else { begin.second };
                Self { second, one: false, ..begin }
            }
            _ => Self::EMPTY,
        }
    }

    fn of_set(set: &Set) -> Self {
        let beyond = set.has(0x80);
        let second = if beyond { Set::of(|byte| byte >= 0x80) } else { Set::NONE };
        Self { first: *set, second, empty: false, one: true }
    }

    fn of_text(text: &[u8], cases: impl Fn(u8) -> [u8; 2]) -> Self {
        let set = |at: usize| {
            let mut set = Set::NONE;
            text.get(at).into_iter().flat_map(|&byte| cases(byte)).for_each(|byte| set.add(byte));
            set
        };
        Self { first: set(0), second: set(1), empty: text.is_empty(), one: text.len() == 1 }
    }
}

/// How what fits a sequence can begin.
pub(super) fn begin<'node>(nodes: impl IntoIterator<Item = &'node Node>) -> Begin {
    let mut all = Begin::EMPTY;
    for node in nodes {
        let next = Begin::of(node);
        if all.empty {
            all.first = all.first.or(next.first);
            all.second = all.second.or(next.second);
        }
        if all.one {
            all.second = all.second.or(next.first);
        }
        all.one = all.one && next.empty || all.empty && next.one;
        all.empty &= next.empty;
        if !all.empty && !all.one {
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::rules::pattern::Pattern;

    /// Those of some bytes that can stand behind a match's first byte.
    fn seconds(pattern: &str) -> String {
        let pattern = Pattern::new(pattern, false).unwrap();
        " :=(ab\u{e9}"
            .bytes()
            .filter(|&byte| byte < 0xc0 && pattern.second(byte))
            .map(|byte| if byte.is_ascii() { char::from(byte) } else { '*' })
            .collect()
    }

    #[test]
    fn the_second_byte_decides_what_is_worth_trying() {
        assert_eq!(seconds("xa|x="), "=a");
        assert_eq!(seconds("[a-z]+(?=::)"), ":ab");
        assert_eq!(seconds("x?(a)b*(?==)"), "=ab");
        assert_eq!(seconds("\\u"), " :=(ab*");
        assert_eq!(seconds("\\u="), "=*");
        // What may end behind the first byte may be followed by all.
        for open in ["x", "xa?", "x(?!a)", "x(?=[^])", "(?=x)", "x(?~a)", "\\k", "a*", "^"] {
            assert_eq!(seconds(open), " :=(ab*", "{open}");
        }
    }
}
