//! Patterns: what a rule's text has to look like, in the notation of regular expressions without their backtracking.
//!
//! A repetition takes what it can get and never gives back; the first alternative that fits is the one. So a pattern is
//! tried in one walk over the bytes. What could fail looks at most [`LOOK`] bytes ahead, so that no code can make a rule
//! read its rest again and again.
//!
//! | Notation | Fits |
//! |---|---|
//! | `a` `.` `[a-z]` `[^a-z]` | this character, one within the line, one of a set, one of none |
//! | `\d` `\w` `\s` `\h` | a digit, a part of a word, white space, blanks within the line; capitals are the opposite |
//! | `\i` `\c` `\u` | the start of a name, its continuation, a character beyond ASCII: names of all alphabets |
//! | `a*` `a+` `a?` `a{2,3}` | repeated |
//! | `a\|b` `(…)` `(?:…)` | alternatives, groups; a rule with several classes has one for each outermost group |
//! | `(?=…)` `(?!…)` | followed by, not followed by |
//! | `(?<=[…])` `(?<![…])` | behind one of these bytes, not behind one |
//! | `(?~…)` | everything up to what is inside, or to the end |
//! | `^` `$` `\b` `\B` | a line's start and end, a word's edge, none |
//! | `\k` | the text that the state's rule has remembered |
//! | `(?i)` | at the very start: in any case |

mod begin;
mod parser;

use super::set::{Choice, Run, Set};
use begin::begin;
use parser::Parser;

/// So far a pattern looks ahead at most before it is sure.
const LOOK: usize = 500;

#[derive(Clone)]
enum Node {
    Set(Box<Set>),
    Text(Vec<u8>),
    /// The same in any case; in lower case here.
    AnyCase(Vec<u8>),
    Seq(Vec<Node>),
    /// Alternatives, with those that can come by the next byte.
    Alt(Vec<Node>, Box<Choice>),
    /// At least so many bytes of a set, as many as there are. Of a character beyond ASCII there is always at least one.
    Run {
        run: Box<Run>,
        min: usize,
        sure: bool,
    },
    Repeat {
        node: Box<Node>,
        min: usize,
        max: usize,
        /// The bytes that are taken one character after the other without a choice.
        run: Option<Box<Run>>,
        /// Nothing behind can fail, so that there is no reason to stop.
        sure: bool,
    },
    Until {
        node: Box<Node>,
        /// The bytes with which what is inside cannot begin.
        before: Box<Run>,
        sure: bool,
    },
    Ahead(Box<Node>, bool),
    Behind(Box<Set>, bool),
    LineStart,
    LineEnd,
    Edge(bool),
    Remembered,
}

/// A compiled pattern: its outermost parts, with whether each is a group.
pub(super) struct Pattern {
    parts: Vec<(Node, bool)>,
    lead: Lead,
    /// What can stand behind the first byte of a match.
    second: Set,
}

/// What the first parts of a pattern come to where its first byte is known to fit.
enum Lead {
    /// A character: the first part.
    One,
    /// A character and a run of others: so many parts.
    Run {
        run: Box<Run>,
        parts: usize,
        sure: bool,
        number: usize,
    },
    No,
}

impl Lead {
    fn of(parts: &[(Node, bool)]) -> Self {
        let run = |node: &Node, wanted: usize, parts: usize| match node {
            Node::Run { run, min, sure } if *min == wanted => {
                Some(Self::Run { run: run.clone(), parts, sure: *sure, number: 0 })
            }
            _ => None,
        };
        let found = match parts {
            [(Node::Seq(nodes), _), ..] => match nodes.as_slice() {
                [Node::Set(_), rest] => run(rest, 0, 1),
                _ => None,
            },
            [(Node::Set(_), _), (rest, _), ..] => run(rest, 0, 2).or(Some(Self::One)),
            [(Node::Set(_), _)] => Some(Self::One),
            [(Node::Text(text), _), ..] if text.len() == 1 => Some(Self::One),
            [(node, _), ..] => run(node, 1, 1),
            [] => None,
        };
        found.unwrap_or(Self::No)
    }
}

/// Where the last run of each number ends that a page's patterns begin with: rules tried at the same place, and those at the places
/// within that run, need not walk it again.
#[derive(Default)]
pub(super) struct Walked(Vec<usize>);

impl Walked {
    /// Forgets all, for code that ends elsewhere; `runs` is how many numbers there are.
    pub(super) fn reset(&mut self, runs: usize) {
        self.0.clear();
        self.0.resize(runs, 0);
    }
}

impl Pattern {
    /// Compiles; `any_case` is for languages whose words are the same in any case.
    pub(super) fn new(text: &str, any_case: bool) -> Result<Self, String> {
        let any = text.strip_prefix("(?i)");
        let mut parser =
            Parser { text: any.unwrap_or(text).as_bytes(), at: 0, any_case: any_case || any.is_some(), groups: false };
        let mut parts = parser.outermost()?;
        if parser.at < parser.text.len() {
            return Err(format!("`{text}` has a `)` too much"));
        }
        let mut sure = true;
        for (node, _) in parts.iter_mut().rev() {
            mark_sure(node, sure);
            sure &= is_sure(node);
        }
        let begin = begin(parts.iter().map(|(node, _)| node));
        let second = if begin.empty || begin.one { Set::ALL } else { begin.second };
        Ok(Self { lead: Lead::of(&parts), second, parts })
    }

    /// Gives the run that it begins with the number that equal runs have among `runs`.
    pub(super) fn number(&mut self, runs: &mut Vec<Set>) {
        if let Lead::Run { run, number, .. } = &mut self.lead {
            let at = runs.iter().position(|known| *known == run.set).unwrap_or_else(|| {
                runs.push(run.set);
                runs.len() - 1
            });
            *number = at;
        }
    }

    /// How many outermost groups there are.
    pub(super) fn groups(&self) -> usize {
        self.parts.iter().filter(|(_, group)| *group).count()
    }

    /// The bytes that a match can begin with, and whether it can be empty.
    pub(super) fn first(&self) -> (Set, bool) {
        let begin = begin(self.parts.iter().map(|(node, _)| node));
        (begin.first, begin.empty)
    }

    /// Whether a match begins at the start of a line and nowhere else.
    pub(super) fn is_for_line_starts(&self) -> bool {
        fn is(node: &Node) -> bool {
            match node {
                Node::LineStart => true,
                Node::Seq(nodes) => nodes.first().is_some_and(is),
                Node::Alt(nodes, _) => nodes.iter().all(is),
                _ => false,
            }
        }
        self.parts.first().is_some_and(|(node, _)| is(node))
    }

    /// Whether a match can have this byte behind its first one.
    #[inline]
    pub(super) fn second(&self, byte: u8) -> bool {
        self.second.has(byte)
    }

    /// The end of the match at an offset whose byte is one that a match can begin with.
    #[inline]
    pub(super) fn end(&self, code: &[u8], start: usize, remembered: &[u8], walked: &mut Walked) -> Option<usize> {
        let (at, parts) = self.lead(code, start, walked)?;
        if parts == self.parts.len() {
            return Some(at);
        }
        let walk = Walk { code, remembered };
        self.parts[parts..].iter().try_fold(at, |at, (node, _)| walk.step(node, at, start + LOOK))
    }

    /// The ends of all parts of such a match, with whether each is a group.
    pub(super) fn parts(
        &self,
        code: &[u8],
        start: usize,
        remembered: &[u8],
        walked: &mut Walked,
        ends: &mut Vec<(usize, bool)>,
    ) -> Option<usize> {
        ends.clear();
        let (at, parts) = self.lead(code, start, walked)?;
        if parts == 2 {
            ends.push((char_end(code, start), self.parts[0].1));
        }
        if parts > 0 {
            ends.push((at, self.parts[parts - 1].1));
        }
        let walk = Walk { code, remembered };
        self.parts[parts..].iter().try_fold(at, |at, (node, group)| {
            let end = walk.step(node, at, start + LOOK)?;
            ends.push((end, *group));
            Some(end)
        })
    }

    /// Where the first parts end, and how many they are.
    #[inline]
    fn lead(&self, code: &[u8], start: usize, walked: &mut Walked) -> Option<(usize, usize)> {
        match &self.lead {
            Lead::One => Some((char_end(code, start), 1)),
            Lead::Run { run, parts, sure, number } => {
                let from = walked.0[*number].max(char_end(code, start));
                let to = if *sure { code.len() } else { code.len().min(start + LOOK + 1) };
                let end = from + run.len(&code[from..to.max(from)]);
                walked.0[*number] = end;
                (*sure || end <= start + LOOK).then_some((end, *parts))
            }
            Lead::No => Some((start, 0)),
        }
    }
}

/// Whether a node fits everywhere.
fn is_sure(node: &Node) -> bool {
    match node {
        Node::Run { min, .. } | Node::Repeat { min, .. } => *min == 0,
        Node::Until { .. } => true,
        Node::Seq(nodes) => nodes.iter().all(is_sure),
        Node::Alt(nodes, _) => nodes.iter().any(is_sure),
        _ => false,
    }
}

fn mark_sure(node: &mut Node, behind: bool) {
    match node {
        Node::Run { sure, .. } | Node::Repeat { sure, .. } | Node::Until { sure, .. } => *sure = behind,
        Node::Seq(nodes) => {
            let mut behind = behind;
            for node in nodes.iter_mut().rev() {
                mark_sure(node, behind);
                behind &= is_sure(node);
            }
        }
        Node::Alt(nodes, _) => nodes.iter_mut().for_each(|node| mark_sure(node, behind)),
        _ => {}
    }
}

struct Walk<'code> {
    code: &'code [u8],
    remembered: &'code [u8],
}

impl Walk<'_> {
    /// The end of what fits at `at`; what is not sure gives up behind `limit`.
    #[inline]
    fn step(&self, node: &Node, at: usize, limit: usize) -> Option<usize> {
        // Most of all is that, and not worth a call.
        match node {
            Node::Set(set) => set.has(*self.code.get(at)?).then(|| char_end(self.code, at)),
            Node::Run { run, min, sure } => {
                let end = at + run.len(self.rest(at, *sure, limit));
                (end - at >= *min && (*sure || end <= limit)).then_some(end)
            }
            Node::LineStart => (at == 0 || self.code[at - 1] == b'\n').then_some(at),
            _ => self.step_on(node, at, limit),
        }
    }

    #[inline(never)]
    fn step_on(&self, node: &Node, at: usize, limit: usize) -> Option<usize> {
        let code = self.code;
        match node {
            Node::Set(_) | Node::Run { .. } | Node::LineStart => self.step(node, at, limit),
            Node::Text(text) => code.get(at..)?.starts_with(text).then(|| at + text.len()),
            Node::AnyCase(text) => code.get(at..at + text.len())?.eq_ignore_ascii_case(text).then(|| at + text.len()),
            Node::Seq(nodes) => nodes.iter().try_fold(at, |at, node| self.step(node, at, limit)),
            Node::Alt(nodes, choice) => {
                let places = code.get(at).map_or(choice.at_end(), |&byte| choice.of(byte));
                places.iter().find_map(|&place| self.step(&nodes[usize::from(place)], at, limit))
            }
            Node::Repeat { .. } => self.repeat(node, at, limit),
            Node::Until { .. } => self.until(node, at, limit),
            Node::Ahead(node, wanted) => (self.step(node, at, limit).is_some() == *wanted).then_some(at),
            Node::Behind(set, wanted) => (at > 0 && set.has(code[at - 1])).eq(wanted).then_some(at),
            Node::LineEnd => (at == code.len() || code[at] == b'\n').then_some(at),
            Node::Edge(wanted) => {
                let word = |at: Option<&u8>| at.is_some_and(|&byte| is_name(byte));
                let before = at > 0 && word(code.get(at - 1));
                ((before != word(code.get(at))) == *wanted).then_some(at)
            }
            Node::Remembered => code.get(at..)?.starts_with(self.remembered).then(|| at + self.remembered.len()),
        }
    }

    fn repeat(&self, repeat: &Node, start: usize, limit: usize) -> Option<usize> {
        let Node::Repeat { node, min, max, run, sure } = repeat else { return None };
        let (mut at, mut count) = (start, 0);
        while count < *max {
            if let Some(run) = run {
                let taken = run.len(self.rest(at, *sure, limit));
                (at, count) = (at + taken, count + taken);
                if taken > 0 && !sure && at > limit {
                    return None;
                }
            }
            match self.step(node, at, if *sure { at + LOOK } else { limit }) {
                Some(end) if end > at => {
                    at = end;
                    count += 1;
                    if !sure && at > limit {
                        return None;
                    }
                }
                Some(_) => return Some(at),
                None => break,
            }
        }
        (count >= *min).then_some(at)
    }

    fn until(&self, until: &Node, start: usize, limit: usize) -> Option<usize> {
        let Node::Until { node, before, sure } = until else { return None };
        let mut at = start;
        loop {
            at += before.len(self.rest(at, *sure, limit));
            if !sure && at > limit {
                return None;
            }
            if at == self.code.len() || self.step(node, at, at + LOOK).is_some() {
                return Some(at);
            }
            at = char_end(self.code, at);
        }
    }

    /// The code from an offset on, as far as it is worth looking.
    #[inline]
    fn rest(&self, at: usize, sure: bool, limit: usize) -> &[u8] {
        let end = if sure { self.code.len() } else { self.code.len().min(limit + 1) };
        &self.code[at.min(end)..end]
    }
}

/// The end of the character at an offset.
pub(super) fn char_end(code: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    if code[at] >= 0x80 {
        while code.get(end).is_some_and(|&byte| byte & 0xc0 == 0x80) {
            end += 1;
        }
    }
    end
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || byte >= 0x80
}
