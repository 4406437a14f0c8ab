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

/// So far a pattern looks ahead at most before it is sure.
const LOOK: usize = 500;

/// A set of bytes. Those of characters beyond ASCII are all in it or all not.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Set([bool; 256]);

impl Set {
    pub(super) const NONE: Self = Self([false; 256]);
    pub(super) const ALL: Self = Self([true; 256]);

    fn of(fits: impl Fn(u8) -> bool) -> Self {
        let mut set = Self::NONE;
        (0..=255).filter(|&byte| fits(byte)).for_each(|byte| set.add(byte));
        set
    }

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte)] = true;
    }

    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn not(self) -> Self {
        Self(self.0.map(|has| !has))
    }
}

#[derive(Clone)]
enum Node {
    Set(Box<Set>),
    Text(Vec<u8>),
    /// The same in any case; in lower case here.
    AnyCase(Vec<u8>),
    Seq(Vec<Node>),
    /// Each with what it can begin with; none where it can be empty.
    Alt(Vec<(Node, Option<Box<Set>>)>),
    Repeat {
        node: Box<Node>,
        min: usize,
        max: usize,
        /// Nothing behind can fail, so that there is no reason to stop.
        sure: bool,
    },
    Until {
        node: Box<Node>,
        first: Box<Set>,
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
    simple: Simple,
}

/// What a pattern comes to once its first character is known to fit.
enum Simple {
    /// That character.
    One,
    /// It and a run of others.
    Run(Box<Set>),
    No,
}

impl Simple {
    fn of(parts: &[(Node, bool)]) -> Self {
        match parts {
            [(Node::Set(_), _)] => Self::One,
            [(Node::Text(text), _)] if text.len() == 1 => Self::One,
            [(Node::Repeat { node, min: 1, max: usize::MAX, .. }, _)]
            | [(Node::Set(_), _), (Node::Repeat { node, min: 0, max: usize::MAX, .. }, _)] => match &**node {
                Node::Set(set) => Self::Run(set.clone()),
                _ => Self::No,
            },
            _ => Self::No,
        }
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
        Ok(Self { simple: Simple::of(&parts), parts })
    }

    /// How many outermost groups there are.
    pub(super) fn groups(&self) -> usize {
        self.parts.iter().filter(|(_, group)| *group).count()
    }

    /// The bytes that a match can begin with.
    pub(super) fn first(&self) -> Set {
        let nodes: Vec<_> = self.parts.iter().map(|(node, _)| node.clone()).collect();
        match first(&Node::Seq(nodes)) {
            (_, true) => Set::ALL,
            (set, false) => set,
        }
    }

    /// The end of the match at an offset.
    #[inline]
    pub(super) fn end(&self, code: &[u8], start: usize, remembered: &[u8]) -> Option<usize> {
        // Most rules are for a character, or for a run of them; what begins otherwise has not come here.
        match &self.simple {
            Simple::One => return Some(char_end(code, start)),
            Simple::Run(set) => {
                let next = char_end(code, start);
                let rest = &code[next..];
                return Some(next + rest.iter().position(|&byte| !set.has(byte)).unwrap_or(rest.len()));
            }
            Simple::No => {}
        }
        let walk = Walk { code, remembered };
        self.parts.iter().try_fold(start, |at, (node, _)| walk.step(node, at, start + LOOK))
    }

    /// The ends of all parts of the match at an offset, with whether each is a group.
    pub(super) fn parts(
        &self,
        code: &[u8],
        start: usize,
        remembered: &[u8],
        ends: &mut Vec<(usize, bool)>,
    ) -> Option<usize> {
        let walk = Walk { code, remembered };
        ends.clear();
        self.parts.iter().try_fold(start, |at, (node, group)| {
            let end = walk.step(node, at, start + LOOK)?;
            ends.push((end, *group));
            Some(end)
        })
    }
}

/// Whether a node fits everywhere.
fn is_sure(node: &Node) -> bool {
    match node {
        Node::Repeat { min, .. } => *min == 0,
        Node::Until { .. } => true,
        Node::Seq(nodes) => nodes.iter().all(is_sure),
        Node::Alt(nodes) => nodes.iter().any(|(node, _)| is_sure(node)),
        _ => false,
    }
}

fn mark_sure(node: &mut Node, behind: bool) {
    match node {
        Node::Repeat { sure, .. } | Node::Until { sure, .. } => *sure = behind,
        Node::Seq(nodes) => {
            let mut behind = behind;
            for node in nodes.iter_mut().rev() {
                mark_sure(node, behind);
                behind &= is_sure(node);
            }
        }
        Node::Alt(nodes) => nodes.iter_mut().for_each(|(node, _)| mark_sure(node, behind)),
        _ => {}
    }
}

/// What a node can begin with, and whether it can be empty.
fn first(node: &Node) -> (Set, bool) {
    match node {
        Node::Set(set) => (**set, false),
        Node::Text(text) => (Set::of(|byte| text.first() == Some(&byte)), text.is_empty()),
        Node::AnyCase(text) => (Set::of(|byte| text.first() == Some(&byte.to_ascii_lowercase())), text.is_empty()),
        Node::Seq(nodes) => {
            let mut set = Set::NONE;
            for node in nodes {
                let (begins, empty) = first(node);
                set = set.or(begins);
                if !empty {
                    return (set, false);
                }
            }
            (set, true)
        }
        Node::Alt(nodes) => {
            let firsts = nodes.iter().map(|(node, _)| first(node));
            firsts.fold((Set::NONE, false), |a, b| (a.0.or(b.0), a.1 || b.1))
        }
        Node::Repeat { node, min, .. } => {
            let (set, empty) = first(node);
            (set, empty || *min == 0)
        }
        Node::Until { .. } | Node::Remembered => (Set::ALL, true),
        Node::Ahead(node, true) => first(node),
        _ => (Set::NONE, true),
    }
}

struct Walk<'code> {
    code: &'code [u8],
    remembered: &'code [u8],
}

impl Walk<'_> {
    /// The end of what fits at `at`; what is not sure gives up behind `limit`.
    fn step(&self, node: &Node, at: usize, limit: usize) -> Option<usize> {
        let code = self.code;
        match node {
            Node::Set(set) => set.has(*code.get(at)?).then(|| char_end(code, at)),
            Node::Text(text) => code.get(at..)?.starts_with(text).then(|| at + text.len()),
            Node::AnyCase(text) => code.get(at..at + text.len())?.eq_ignore_ascii_case(text).then(|| at + text.len()),
            Node::Seq(nodes) => nodes.iter().try_fold(at, |at, node| self.step(node, at, limit)),
            Node::Alt(nodes) => {
                let next = code.get(at).copied();
                let can = |set: &Set| next.is_some_and(|byte| set.has(byte));
                let mut fitting = nodes.iter().filter(|(_, first)| first.as_deref().is_none_or(can));
                fitting.find_map(|(node, _)| self.step(node, at, limit))
            }
            Node::Repeat { node, min, max, sure } => self.repeat(node, *min, *max, *sure, at, limit),
            Node::Until { node, first, sure } => self.until(node, first, *sure, at, limit),
            Node::Ahead(node, wanted) => (self.step(node, at, limit).is_some() == *wanted).then_some(at),
            Node::Behind(set, wanted) => (at > 0 && set.has(code[at - 1])).eq(wanted).then_some(at),
            Node::LineStart => (at == 0 || code[at - 1] == b'\n').then_some(at),
            Node::LineEnd => (at == code.len() || code[at] == b'\n').then_some(at),
            Node::Edge(wanted) => {
                let word = |at: Option<&u8>| at.is_some_and(|&byte| is_name(byte));
                let before = at > 0 && word(code.get(at - 1));
                ((before != word(code.get(at))) == *wanted).then_some(at)
            }
            Node::Remembered => code.get(at..)?.starts_with(self.remembered).then(|| at + self.remembered.len()),
        }
    }

    fn repeat(&self, node: &Node, min: usize, max: usize, sure: bool, start: usize, limit: usize) -> Option<usize> {
        let mut at = start;
        if let (Node::Set(set), usize::MAX) = (node, max) {
            let rest = self.code.get(start..)?;
            let rest = if sure { rest } else { &rest[..rest.len().min((limit + 1).saturating_sub(start))] };
            at += rest.iter().position(|&byte| !set.has(byte)).unwrap_or(rest.len());
            // Characters beyond ASCII count by their bytes here: of one there is always at least one.
            return (at - start >= min && (sure || at <= limit)).then_some(at);
        }
        let mut count = 0;
        while count < max {
            match self.step(node, at, if sure { at + LOOK } else { limit }) {
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
        (count >= min).then_some(at)
    }

    fn until(&self, node: &Node, first: &Set, sure: bool, start: usize, limit: usize) -> Option<usize> {
        let mut at = start;
        loop {
            let rest = self.code.get(at..)?;
            let rest = if sure { rest } else { &rest[..rest.len().min((limit + 1).saturating_sub(at))] };
            at += rest.iter().position(|&byte| first.has(byte)).unwrap_or(rest.len());
            if !sure && at > limit {
                return None;
            }
            if at == self.code.len() || self.step(node, at, at + LOOK).is_some() {
                return Some(at);
            }
            at = char_end(self.code, at);
        }
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

struct Parser<'text> {
    text: &'text [u8],
    at: usize,
    any_case: bool,
    /// The last atom was a group with a class.
    groups: bool,
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
    fn outermost(&mut self) -> Result<Vec<(Node, bool)>, String> {
        let mut parts = self.sequence()?;
        if self.peek() == Some(b'|') {
            let mut alternatives = vec![joined(parts)];
            while self.take("|") {
                alternatives.push(joined(self.sequence()?));
            }
            let alternatives = alternatives.into_iter().map(|node| {
                let (set, empty) = first(&node);
                (node, (!empty).then(|| Box::new(set)))
            });
            parts = vec![(Node::Alt(alternatives.collect()), false)];
        }
        Ok(parts)
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        let mut parts = self.outermost()?;
        Ok(if parts.len() == 1 { parts.remove(0).0 } else { joined(parts) })
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
        Ok(Node::Repeat { node: Box::new(node), min, max, sure: false })
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
            let first = match first(&node) {
                (_, true) => Set::ALL,
                (set, false) => set,
            };
            Node::Until { node: Box::new(node), first: Box::new(first), sure: false }
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

fn joined(parts: Vec<(Node, bool)>) -> Node {
    Node::Seq(parts.into_iter().map(|(node, _)| node).collect())
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
