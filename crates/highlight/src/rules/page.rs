//! A page of rules: the text that describes a language, and its compiled form.
//!
//! ```text
//! extends c                       another page, whose states and words this one goes before
//! any-case                        words and patterns are the same in any case
//!
//! words KEYWORDS k                words, and their class
//!   break case continue
//!
//! state root                      the state that the code begins in
//!   include space                 the rules of another state
//!   "            s2 -> string     a pattern, its class, and where it goes on
//!   (fn)(\s+)(\i\c*)    k . nf    groups, each with its class; `.` is none
//!   \i\c*        KEYWORDS|n       the class of the first list that has the word, or else `n`
//!
//! state string
//!   [^"\\]+      s2
//!   \\.          se
//!   "            s2 <-
//! ```
//!
//! At each place the first rule of the state that fits is taken; where none fits, a character is an error (`err`).
//!
//! - `-> a b` goes into `a` and then `b`, `<-` back, `<-2` twice, `=> a` into `a` instead of the present state.
//! - `-> a(2)` remembers the text of the second group for the `\k` of that state's patterns.
//! - `queue a(2)` is for what begins on a later line: of several, the first comes first.
//! - `@css` has the text coloured as another language; `@+html` goes on where that language's last piece ended.
//! - A rule whose lists do not have the word, and that has no other class, does not fit.

use super::pattern::Pattern;
use super::set::{Choice, Set};
use super::words::{Classes, Words};
use crate::languages::{self, Lexer};

/// The class of a piece.
pub(super) enum Paint {
    Class(&'static str),
    Words { words: Words, otherwise: Option<&'static str> },
    Embedded { lexer: Lexer<'static>, goes_on: bool },
}

/// Where it goes on.
#[derive(Clone, Copy)]
pub(super) enum Go {
    In(usize, Option<usize>),
    Out(usize),
    Instead(usize, Option<usize>),
    Queue(usize, Option<usize>),
}

pub(super) struct Rule {
    pub(super) pattern: Pattern,
    /// One for all of the text, or one for each group.
    pub(super) paint: Vec<Paint>,
    pub(super) go: Vec<Go>,
    /// Whether only the end of a match matters, and not where its groups end.
    pub(super) whole: bool,
}

/// A state with its rules, looked up by the next byte.
pub(super) struct State {
    rules: Vec<Rule>,
    at_line_start: Choice,
    /// Without the rules for the start of a line.
    in_line: Choice,
}

impl State {
    fn new(mut rules: Vec<Rule>, runs: &mut Vec<Set>) -> Self {
        rules.iter_mut().for_each(|rule| rule.pattern.number(runs));
        let mut firsts: Vec<_> = rules.iter().map(|rule| rule.pattern.first()).collect();
        let at_line_start = Choice::new(&firsts);
        for (first, _) in firsts.iter_mut().zip(&rules).filter(|(_, rule)| rule.pattern.is_for_line_starts()) {
            *first = (Set::NONE, false);
        }
        Self { at_line_start, in_line: Choice::new(&firsts), rules }
    }

    /// The rules that can fit at an offset by where it stands and by the next two bytes, in order.
    #[inline]
    pub(super) fn rules_at(&self, code: &[u8], at: usize) -> impl Iterator<Item = &Rule> {
        let second = code.get(at + 1).copied();
        let choice = if at == 0 || code[at - 1] == b'\n' { &self.at_line_start } else { &self.in_line };
        let rules = choice.of(code[at]).iter().map(|&place| &self.rules[usize::from(place)]);
        rules.filter(move |rule| second.is_none_or(|byte| rule.pattern.second(byte)))
    }
}

/// A compiled page.
#[derive(Default)]
pub(super) struct Grammar {
    pub(super) states: Vec<State>,
    /// How many different runs there are that patterns begin with.
    pub(super) runs: usize,
}

/// A page before its patterns are compiled: states and lists of words by name.
#[derive(Default)]
struct Draft {
    states: Vec<(&'static str, Vec<&'static str>)>,
    words: Vec<(&'static str, Classes)>,
    any_case: bool,
}

impl Grammar {
    /// Compiles the text of a page; `find` has the texts of others.
    pub(super) fn new(text: &'static str, find: &dyn Fn(&str) -> Option<&'static str>) -> Result<Self, String> {
        let mut draft = Draft::default();
        draft.read(text, find)?;
        let (mut states, mut runs) = (Vec::new(), Vec::new());
        for (name, _) in &draft.states {
            let mut rules = Vec::new();
            draft.rules(name, 0, &mut rules).map_err(|error| format!("state {name}: {error}"))?;
            states.push(State::new(rules, &mut runs));
        }
        if states.is_empty() {
            return Err("no states".to_owned());
        }
        Ok(Self { states, runs: runs.len() })
    }
}

impl Draft {
    fn read(&mut self, text: &'static str, find: &dyn Fn(&str) -> Option<&'static str>) -> Result<(), String> {
        enum Section {
            None,
            State(usize, usize),
            Words(usize, &'static str),
        }
        let mut section = Section::None;
        for line in text.lines() {
            let (first, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            if first.is_empty() || first == "#" {
                continue;
            }
            if line.starts_with(' ') {
                match &mut section {
                    // Before the rules of the page that is extended.
                    Section::State(state, at) => {
                        self.states[*state].1.insert(*at, line.trim());
                        *at += 1;
                    }
                    Section::Words(list, class) => {
                        self.words[*list].1.extend(line.split_whitespace().map(|word| (word, *class)));
                    }
                    Section::None => return Err(format!("`{line}` belongs to nothing")),
                }
                continue;
            }
            section = Section::None;
            match first {
                "extends" => self.read(find(rest).ok_or_else(|| format!("no page {rest}"))?, find)?,
                "any-case" => self.any_case = true,
                "state" => {
                    let at = self.states.iter().position(|(name, _)| *name == rest).unwrap_or_else(|| {
                        self.states.push((rest, Vec::new()));
                        self.states.len() - 1
                    });
                    section = Section::State(at, 0);
                }
                "words" => {
                    let (name, class) = rest.split_once(' ').ok_or_else(|| format!("`{line}` has no class"))?;
                    let at = self.words.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                        self.words.push((name, Classes::default()));
                        self.words.len() - 1
                    });
                    section = Section::Words(at, if class == "." { "" } else { class });
                }
                _ => return Err(format!("`{line}` is not known")),
            }
        }
        Ok(())
    }

    fn state(&self, name: &str) -> Result<usize, String> {
        self.states.iter().position(|(known, _)| *known == name).ok_or_else(|| format!("no state {name}"))
    }

    fn rules(&self, name: &str, depth: usize, rules: &mut Vec<Rule>) -> Result<(), String> {
        if depth > 8 {
            return Err(format!("{name} includes itself"));
        }
        for line in &self.states[self.state(name)?].1 {
            match line.strip_prefix("include ") {
                Some(other) => self.rules(other.trim(), depth + 1, rules)?,
                None => rules.push(self.rule(line).map_err(|error| format!("`{line}`: {error}"))?),
            }
        }
        Ok(())
    }

    fn rule(&self, line: &'static str) -> Result<Rule, String> {
        let mut fields = line.split_whitespace();
        let pattern = Pattern::new(fields.next().unwrap_or_default(), self.any_case)?;
        let (mut paint, mut go) = (Vec::new(), Vec::new());
        let mut mode = "";
        for field in fields {
            match field {
                "->" | "=>" | "queue" => mode = field,
                "<-" => go.push(Go::Out(1)),
                _ if field.starts_with("<-") => {
                    go.push(Go::Out(field[2..].parse().map_err(|_| "no count".to_owned())?))
                }
                _ if mode.is_empty() => paint.push(self.paint(field)?),
                _ => {
                    let (name, group) = field.split_once('(').unwrap_or((field, ""));
                    let group = group.trim_end_matches(')').parse().ok();
                    let state = self.state(name)?;
                    go.push(match mode {
                        "->" => Go::In(state, group),
                        "=>" => Go::Instead(state, group),
                        _ => Go::Queue(state, group),
                    });
                    mode = if mode == "=>" { "->" } else { mode };
                }
            }
        }
        if paint.len() > 1 && paint.len() != pattern.groups() {
            return Err(format!("{} classes for {} groups", paint.len(), pattern.groups()));
        }
        if paint.is_empty() {
            paint.push(Paint::Class(""));
        }
        let remembers = |go: &Go| matches!(go, Go::In(_, Some(_)) | Go::Instead(_, Some(_)) | Go::Queue(_, Some(_)));
        let whole = paint.len() == 1 && !go.iter().any(remembers);
        Ok(Rule { pattern, paint, go, whole })
    }

    fn paint(&self, field: &'static str) -> Result<Paint, String> {
        if let Some(name) = field.strip_prefix('@') {
            let goes_on = name.starts_with('+');
            let name = name.trim_start_matches('+');
            let language = languages::find(name).ok_or_else(|| format!("no language {name}"))?;
            return Ok(Paint::Embedded { lexer: language.lexer, goes_on });
        }
        if !field.starts_with(|first: char| first.is_ascii_uppercase()) {
            return Ok(Paint::Class(if field == "." { "" } else { field }));
        }
        let (mut words, mut otherwise) = (Classes::default(), None);
        for name in field.split('|') {
            match self.words.iter().find(|(known, _)| *known == name) {
                // The first list that has a word decides.
                Some((_, list)) => list.iter().for_each(|(word, class)| _ = words.entry(word).or_insert(class)),
                None if name.starts_with(|first: char| first.is_ascii_uppercase()) => {
                    return Err(format!("no words {name}"));
                }
                None => otherwise = Some(if name == "." { "" } else { name }),
            }
        }
        Ok(Paint::Words { words: Words::new(words, self.any_case), otherwise })
    }
}
