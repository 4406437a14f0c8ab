//! Languages that are described by a page of rules (`page`) and coloured by one small machine.
//!
//! The machine keeps a stack of states. At each place it takes the first rule of the state on top that fits, hands the
//! text with its classes on, and goes where the rule says. Each rule is tried in one walk over the bytes (`pattern`),
//! and only those rules are tried that can begin with the next two. Nothing in the code makes it recurse.

mod page;
mod pattern;
mod set;
mod words;

use std::sync::OnceLock;

use crate::languages::Lexer;
use crate::spans::Spans;
use page::{Go, Grammar, Paint, Rule};
use pattern::Walked;

/// So many rules in a row may take nothing; the next character is then an error.
const MOST_EMPTY: usize = 16;

/// A language's page, compiled when the first code in the language comes.
pub(crate) struct Page {
    name: &'static str,
    text: &'static str,
    compiled: OnceLock<Grammar>,
}

impl Page {
    const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, compiled: OnceLock::new() }
    }

    fn compile(&self) -> Result<Grammar, String> {
        Grammar::new(self.text, &|name| PAGES.iter().find(|page| page.name == name).map(|page| page.text))
    }

    fn grammar(&'static self) -> &'static Grammar {
        // That every page compiles is a test.
        self.compiled.get_or_init(|| self.compile().unwrap_or_default())
    }

    /// Colours code.
    pub(crate) fn lex(&'static self, code: &str, out: &mut Spans) {
        Machine::new(self.grammar()).feed(code, 0, code.len(), out);
    }
}

/// A state on the stack.
#[derive(Clone, Copy)]
struct Frame {
    state: usize,
    remembered: (usize, usize),
}

const ROOT: Frame = Frame { state: 0, remembered: (0, 0) };

/// The machine, between pieces of the same code.
struct Machine {
    grammar: &'static Grammar,
    stack: Vec<Frame>,
    /// Languages inside that go on with the next piece.
    inside: Vec<(&'static Grammar, Machine)>,
    ends: Vec<(usize, bool)>,
    walked: Walked,
}

impl Machine {
    fn new(grammar: &'static Grammar) -> Self {
        Self { grammar, stack: vec![ROOT], inside: Vec::new(), ends: Vec::new(), walked: Walked::default() }
    }

    /// Colours the piece of the code from `start` to `end`; what stands before it can be looked back at.
    fn feed(&mut self, code: &str, start: usize, end: usize, out: &mut Spans) {
        let code = &code[..end];
        self.walked.reset(self.grammar.runs);
        let (mut at, mut empty) = (start, 0);
        while at < end {
            match self.step(code, at, out) {
                Some(next) if next > at => (at, empty) = (next, 0),
                Some(_) if empty < MOST_EMPTY => empty += 1,
                _ => {
                    let next = pattern::char_end(code.as_bytes(), at);
                    out.push("err", &code[at..next]);
                    (at, empty) = (next, 0);
                }
            }
        }
    }

    /// Takes the first rule that fits, and returns where it ends.
    #[inline]
    fn step(&mut self, code: &str, at: usize, out: &mut Spans) -> Option<usize> {
        let bytes = code.as_bytes();
        let frame = self.stack.last().copied().unwrap_or(ROOT);
        let remembered = bytes.get(frame.remembered.0..frame.remembered.1).unwrap_or_default();
        let state = self.grammar.states.get(frame.state)?;
        for rule in state.rules_at(bytes, at) {
            // What is remembered needs the ends of groups, as several classes do.
            if rule.whole {
                let Some(end) = rule.pattern.end(bytes, at, remembered, &mut self.walked) else { continue };
                if !self.paint(&rule.paint[0], code, at, end, out) {
                    continue;
                }
                self.go(rule, at, &[]);
                return Some(end);
            }
            let mut ends = std::mem::take(&mut self.ends);
            let end = rule.pattern.parts(bytes, at, remembered, &mut self.walked, &mut ends);
            if end.is_some() {
                self.paint_groups(rule, code, at, &ends, out);
                self.go(rule, at, &ends);
            }
            self.ends = ends;
            if end.is_some() {
                return end;
            }
        }
        None
    }

    fn paint_groups(&mut self, rule: &Rule, code: &str, start: usize, ends: &[(usize, bool)], out: &mut Spans) {
        let mut at = start;
        let mut paints = rule.paint.iter();
        let single = (rule.paint.len() == 1).then(|| &rule.paint[0]);
        for &(end, group) in ends {
            let paint = single.or_else(|| if group { paints.next() } else { None });
            if !paint.is_some_and(|paint| self.paint(paint, code, at, end, out)) {
                out.push("", &code[at..end]);
            }
            at = end;
        }
    }

    /// Hands a piece on, or returns false when it is in none of the paint's lists.
    fn paint(&mut self, paint: &Paint, code: &str, start: usize, end: usize, out: &mut Spans) -> bool {
        let text = &code[start..end];
        match paint {
            Paint::Class(class) => out.push(class, text),
            Paint::Words { words, otherwise } => match words.class(text).or(*otherwise) {
                Some(class) => out.push(class, text),
                None => return false,
            },
            Paint::Embedded { lexer: Lexer::Rules(name), goes_on } => match find(name) {
                Some(page) => {
                    let grammar = page.grammar();
                    let known = self.inside.iter().position(|(known, _)| std::ptr::eq(*known, grammar));
                    let known = known.unwrap_or_else(|| {
                        self.inside.push((grammar, Machine::new(grammar)));
                        self.inside.len() - 1
                    });
                    let machine = &mut self.inside[known].1;
                    if !goes_on {
                        machine.stack.truncate(1);
                    }
                    machine.feed(code, start, end, out);
                }
                None => out.push("", text),
            },
            Paint::Embedded { lexer, .. } => crate::lex_own(text, *lexer, out),
        }
        true
    }

    fn go(&mut self, rule: &Rule, start: usize, ends: &[(usize, bool)]) {
        if rule.go.is_empty() {
            return;
        }
        let frame = |state: usize, group: Option<usize>| {
            let mut from = start;
            let mut groups = 0;
            for &(end, is_group) in ends {
                groups += usize::from(is_group);
                if is_group && group == Some(groups) {
                    return Frame { state, remembered: (from, end) };
                }
                from = end;
            }
            Frame { state, remembered: (0, 0) }
        };
        for go in &rule.go {
            match *go {
                Go::In(state, group) => self.stack.push(frame(state, group)),
                Go::Out(count) => self.stack.truncate(self.stack.len().saturating_sub(count).max(1)),
                Go::Instead(state, group) => {
                    let before = self.stack.pop();
                    let mut frame = frame(state, group);
                    if group.is_none() {
                        frame.remembered = before.map_or((0, 0), |before| before.remembered);
                    }
                    self.stack.push(frame);
                }
                Go::Queue(state, group) => {
                    let above = self.stack.iter().rev().take_while(|waiting| waiting.state == state).count();
                    self.stack.insert(self.stack.len() - above, frame(state, group));
                }
            }
        }
    }
}

/// The page of this name.
pub(crate) fn find(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name == name)
}

macro_rules! pages {
    ($($name:literal)*) => {
        /// Every page, by the name of its file.
        static PAGES: [Page; [$($name),*].len()] =
            [$(Page::new($name, include_str!(concat!("pages/", $name, ".rules")))),*];
    };
}

pages! {
    "_tags" "_types" "batchfile" "c" "console" "cpp" "csharp" "css" "diff" "docker" "go" "graphql" "hcl" "html" "http" "ini" "java" "javascript" "jsx" "kotlin" "liquid" "lua" "make" "nginx" "php" "powershell" "protobuf" "python" "ruby" "rust" "scss" "shell" "sql" "terraform" "toml" "tsx" "typescript" "xml"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_compiles() {
        for page in PAGES.iter().filter(|page| !page.name.starts_with('_')) {
            if let Err(error) = page.compile() {
                panic!("{}: {error}", page.name);
            }
        }
    }
}
