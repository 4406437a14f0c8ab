//! Syntect's syntaxes: a parser state walks the code line by line, and the scopes it opens and closes are turned into
//! classes as they come. No theme is involved, and no HTML of syntect's.
//!
//! A scope says its own class, or nothing, in which case the class around it goes on. So that no stack is ever searched,
//! the class in force is kept beside every scope on the stack.

mod table;

use rustc_hash::FxHashMap;
use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::spans::Spans;
use table::{Role, TABLE};

/// Longer lines are data, not code, and stay plain: the syntaxes' regular expressions backtrack, and some take time that
/// grows with a power of the line's length. With these limits no line, and so no code, takes more than its share.
const LONGEST_LINE: usize = 1000;

/// The same for blanks or letters without anything between them: keys and certificates, not words.
const LONGEST_RUN: usize = 100;

/// So much of a block is highlighted, up to the end of a line.
const LONGEST_CODE: usize = 64 * 1024;

/// The syntaxes with their table of classes.
pub(super) struct Syntaxes {
    set: SyntaxSet,
    /// Longest selectors first.
    roles: Vec<(Scope, Role)>,
}

impl Syntaxes {
    /// Loads all syntaxes; their regular expressions are compiled when a block first needs them.
    pub(super) fn load() -> Self {
        let mut roles: Vec<_> =
            TABLE.iter().filter_map(|(selector, role)| Some((Scope::new(selector).ok()?, *role))).collect();
        roles.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        Self { set: two_face::syntax::extra_newlines(), roles }
    }

    /// The name of the syntax that has this name or file extension.
    pub(super) fn name(&self, language: &str) -> Option<&str> {
        let syntax = self.set.find_syntax_by_token(language)?;
        // Without scopes nothing is gained: such a language counts as unknown, as it does to Rouge (`txt`).
        (syntax.name != self.set.find_syntax_plain_text().name).then_some(syntax.name.as_str())
    }

    /// Whether there is a syntax of this name.
    #[cfg(test)]
    pub(super) fn has(&self, name: &str) -> bool {
        self.set.find_syntax_by_name(name).is_some()
    }

    /// Highlights with the syntax of this name; without such a syntax everything is plain.
    pub(super) fn lex(&self, code: &str, name: &str, out: &mut Spans) {
        match self.set.find_syntax_by_name(name) {
            Some(syntax) => self.walk(code, syntax, out),
            None => out.push("", code),
        }
    }

    fn walk(&self, code: &str, syntax: &SyntaxReference, out: &mut Spans) {
        let mut parser = ParseState::new(syntax);
        let mut stack = Stack { roles: &self.roles, memo: FxHashMap::default(), open: Vec::new(), cleared: Vec::new() };
        let mut with_end = String::new();
        let mut before = 0;
        for line in code.split_inclusive('\n') {
            before += line.len();
            if before > LONGEST_CODE || line.len() > LONGEST_LINE || longest_run(line) > LONGEST_RUN {
                out.push("", line);
                continue;
            }
            // The syntaxes expect every line to end with a line end.
            let whole = if line.ends_with('\n') {
                line
            } else {
                with_end.clear();
                with_end.push_str(line);
                with_end.push('\n');
                &with_end
            };
            let Ok(operations) = parser.parse_line(whole, &self.set) else {
                // The syntax itself is broken here: begin anew with the next line.
                out.push("", line);
                parser = ParseState::new(syntax);
                (stack.open, stack.cleared) = (Vec::new(), Vec::new());
                continue;
            };
            let mut done = 0;
            for (offset, operation) in &operations {
                let offset = (*offset).clamp(done, line.len());
                if line.is_char_boundary(offset) {
                    push(stack.class(), &line[done..offset], out);
                    done = offset;
                }
                stack.apply(operation);
            }
            push(stack.class(), &line[done..], out);
        }
    }
}

/// The length of the longest run of bytes of one kind: blanks, parts of names, or others.
fn longest_run(line: &str) -> usize {
    let kind = |byte: u8| match byte {
        b' ' | b'\t' => 0,
        b'-' | b'_' => 1,
        _ if byte.is_ascii_alphanumeric() => 1,
        _ => 2,
    };
    line.as_bytes().chunk_by(|&a, &b| kind(a) == kind(b)).map(<[u8]>::len).max().unwrap_or(0)
}

/// Hands on a piece; blanks at its ends, which some syntaxes count to a word, stay outside its span. In strings and
/// comments they belong to it.
fn push(class: &'static str, text: &str, out: &mut Spans) {
    if class.is_empty() || class.starts_with(['s', 'c', 'g']) {
        return out.push(class, text);
    }
    let (start, rest) = text.split_at(text.len() - text.trim_ascii_start().len());
    let (inner, end) = rest.split_at(rest.trim_ascii_end().len());
    out.push("", start);
    out.push(class, inner);
    out.push("", end);
}

/// The open scopes, each with the class that is in force inside it.
struct Stack<'roles> {
    roles: &'roles [(Scope, Role)],
    memo: FxHashMap<Scope, Role>,
    open: Vec<(Scope, &'static str)>,
    cleared: Vec<Vec<(Scope, &'static str)>>,
}

impl Stack<'_> {
    fn class(&self) -> &'static str {
        self.open.last().map_or("", |(_, class)| class)
    }

    fn apply(&mut self, operation: &ScopeStackOp) {
        match operation {
            ScopeStackOp::Push(scope) => self.push(*scope),
            ScopeStackOp::Pop(count) => self.open.truncate(self.open.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.open.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.open.split_off(keep));
            }
            ScopeStackOp::Restore => {
                for (scope, _) in self.cleared.pop().unwrap_or_default() {
                    self.push(scope);
                }
            }
            ScopeStackOp::Noop => {}
        }
    }

    fn push(&mut self, scope: Scope) {
        let around = self.class();
        let role = *self.memo.entry(scope).or_insert_with(|| {
            let found = self.roles.iter().find(|(selector, _)| selector.is_prefix_of(scope));
            found.map_or(Role::Around, |(_, role)| *role)
        });
        let class = match role {
            Role::Class(class) => class,
            Role::Around => around,
            Role::Unless(class) if around.is_empty() => class,
            Role::Unless(_) => around,
        };
        self.open.push((scope, class));
    }
}
