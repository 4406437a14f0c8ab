//! The commands of a session in a shell (sh, bash, zsh). What nests (quotes, substitutions, here documents) is kept on a stack of modes,
//! not on the call stack, so that no input is too deep. The state lives between calls of [`Shell::feed`]: a console
//! session feeds its commands line by line.

use super::scan::{at, is_word, line_end, next_char, skip};
use super::shell_words::{Word, classify};
use super::spans::Spans;

enum Mode {
    /// Commands, up to what closes them.
    Commands(Close),
    Double,
    Single,
    /// `$'…'`
    Ansi,
    /// `${…}`
    Parameter,
    /// `$((…))` and `((…))`
    Arithmetic,
    Heredoc(Heredoc),
}

#[derive(Clone, Copy, PartialEq)]
enum Close {
    Never,
    /// The `)` of `$(`.
    Substitution,
    /// The `)` of `(`.
    Paren,
    Backtick,
}

struct Heredoc {
    end: String,
    /// The delimiter was quoted: nothing is expanded.
    literal: bool,
}

/// A lexer with its state.
pub(super) struct Shell {
    /// Never empty but for a moment; an empty stack counts as commands that never close.
    modes: Vec<Mode>,
    /// Here documents whose text begins on the next line.
    pending: Vec<Heredoc>,
    /// A command is expected.
    command: bool,
    /// The last piece belongs to the word that may go on here.
    in_word: bool,
    /// An `in` would be a reserved word.
    takes_in: bool,
    /// The last line ended with a backslash.
    continued: bool,
    /// A pipe or a list goes on: the last token was `|`, `||` or `&&`.
    dangling: bool,
    /// How many loops, conditions and cases are open.
    compounds: usize,
}

impl Shell {
    pub(super) fn new() -> Self {
        Self {
            modes: Vec::new(),
            pending: Vec::new(),
            command: true,
            in_word: false,
            takes_in: false,
            continued: false,
            dangling: false,
            compounds: 0,
        }
    }

    /// Whether the command goes on in the next line: a backslash, a pipe, an open quote or bracket, a here document, a loop
    /// or condition without its end.
    pub(super) fn is_open(&self) -> bool {
        self.continued || self.dangling || self.compounds > 0 || !self.modes.is_empty() || !self.pending.is_empty()
    }

    /// Whether the last line ended with a backslash.
    pub(super) fn is_continued(&self) -> bool {
        self.continued
    }

    /// Lexes the next piece, which begins at the start of a line or behind a prompt.
    pub(super) fn feed(&mut self, code: &str, out: &mut Spans) {
        let mut pos = 0;
        while pos < code.len() {
            self.continued = false;
            let next = match self.modes.last() {
                None => self.commands(code, pos, Close::Never, out),
                Some(&Mode::Commands(close)) => self.commands(code, pos, close, out),
                Some(Mode::Double) => self.double(code, pos, out),
                Some(Mode::Single) => self.single(code, pos, out),
                Some(Mode::Ansi) => self.ansi(code, pos, out),
                Some(Mode::Parameter) => self.parameter(code, pos, out),
                Some(Mode::Arithmetic) => self.arithmetic(code, pos, out),
                Some(Mode::Heredoc(_)) => self.heredoc(code, pos, out),
            };
            // Every mode takes at least a byte; were one not to, its text must still come out.
            if next <= pos {
                let end = next_char(code, pos);
                out.push("", &code[pos..end]);
                pos = end;
            } else {
                pos = next;
            }
        }
    }

    fn commands(&mut self, code: &str, pos: usize, close: Close, out: &mut Spans) -> usize {
        let byte = at(code, pos);
        let next = at(code, pos + 1);
        self.dangling &= matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'#');
        match byte {
            b'\n' => self.new_line(code, pos, out),
            b' ' | b'\t' | b'\r' => {
                self.in_word = false;
                emit(out, "", code, pos, skip(code, pos, |b| matches!(b, b' ' | b'\t' | b'\r')))
            }
            b'#' if !self.in_word => emit(out, "c", code, pos, line_end(code, pos)),
            b'\\' => {
                self.continued = next == b'\n';
                self.in_word = !self.continued;
                emit(out, "se", code, pos, next_char(code, pos + 1))
            }
            b'"' | b'\'' => {
                self.word_goes_on();
                self.modes.push(if byte == b'"' { Mode::Double } else { Mode::Single });
                emit(out, if byte == b'"' { "s2" } else { "s1" }, code, pos, pos + 1)
            }
            b'$' if next == b'"' || next == b'\'' => {
                self.word_goes_on();
                self.modes.push(if next == b'"' { Mode::Double } else { Mode::Ansi });
                emit(out, if next == b'"' { "s2" } else { "s1" }, code, pos, pos + 2)
            }
            b'$' => {
                self.word_goes_on();
                self.expansion(code, pos, "", out)
            }
            b'`' if close == Close::Backtick => self.close(code, pos, "sb", out),
            b'`' => self.open(code, pos, pos + 1, Close::Backtick, "sb", out),
            b')' if close == Close::Substitution => self.close(code, pos, "si", out),
            b')' if close == Close::Paren => self.close(code, pos, "o", out),
            b'(' if next == b'(' && self.command => {
                self.modes.push(Mode::Arithmetic);
                emit(out, "k", code, pos, pos + 2)
            }
            b'(' => self.open(code, pos, pos + 1, Close::Paren, "o", out),
            b';' => {
                self.expect_command();
                emit(out, "p", code, pos, skip(code, pos, |b| b == b';'))
            }
            b'|' | b'&' | b'<' | b'>' => self.operator(code, pos, out),
            b'{' | b'}' | b'[' | b']' | b'!' | b'=' | b')' => self.bracket(code, pos, byte, out),
            b'*' => {
                self.word_goes_on();
                emit(out, "k", code, pos, pos + 1)
            }
            _ => self.word(code, pos, out),
        }
    }

    fn new_line(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        self.expect_command();
        for heredoc in self.pending.drain(..).rev() {
            self.modes.push(Mode::Heredoc(heredoc));
        }
        emit(out, "", code, pos, pos + 1)
    }

    fn expect_command(&mut self) {
        (self.command, self.in_word, self.takes_in) = (true, false, false);
    }

    fn word_goes_on(&mut self) {
        (self.command, self.in_word) = (false, true);
    }

    fn open(
        &mut self,
        code: &str,
        pos: usize,
        end: usize,
        close: Close,
        class: &'static str,
        out: &mut Spans,
    ) -> usize {
        self.expect_command();
        self.modes.push(Mode::Commands(close));
        emit(out, class, code, pos, end)
    }

    fn close(&mut self, code: &str, pos: usize, class: &'static str, out: &mut Spans) -> usize {
        self.modes.pop();
        self.word_goes_on();
        emit(out, class, code, pos, pos + 1)
    }

    /// Pipes, lists and redirections.
    fn operator(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        let rest = &code[pos..];
        if rest.starts_with("<<") && !rest.starts_with("<<<") {
            return self.heredoc_start(code, pos, out);
        }
        let redirects = ["<<<", "&>>", "&>", ">>", ">&", "<&", ">|", "<>", ">", "<"];
        if let Some(operator) = redirects.iter().find(|operator| rest.starts_with(**operator)) {
            self.in_word = false;
            return emit(out, "o", code, pos, pos + operator.len());
        }
        self.expect_command();
        let first = at(code, pos);
        let end = skip(code, pos, |b| b == first);
        self.dangling = first == b'|' || end - pos > 1;
        emit(out, "o", code, pos, end)
    }

    fn bracket(&mut self, code: &str, pos: usize, byte: u8, out: &mut Spans) -> usize {
        if byte == b')' {
            // The end of a pattern in `case`.
            self.expect_command();
        } else if self.command && matches!(byte, b'{' | b'!') {
            self.in_word = false;
        } else {
            self.word_goes_on();
        }
        emit(out, "o", code, pos, pos + 1)
    }

    fn heredoc_start(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        let after = skip(code, pos, |b| b == b'<');
        let after = if at(code, after) == b'-' { after + 1 } else { after };
        out.push("o", &code[pos..after]);
        let start = skip(code, after, |b| matches!(b, b' ' | b'\t'));
        out.push("", &code[after..start]);
        let quoted = matches!(at(code, start), b'"' | b'\'' | b'\\');
        let name = start + usize::from(quoted);
        let end = skip(code, name, is_word);
        if end == name {
            return start;
        }
        let close = if quoted && at(code, end) == at(code, start) { end + 1 } else { end };
        out.push("no", &code[start..close]);
        self.pending.push(Heredoc { end: code[name..end].to_owned(), literal: quoted });
        self.in_word = true;
        close
    }

    /// An option, an assignment, a reserved word, a builtin or any other word, up to what interrupts it.
    fn word(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        let starts = !self.in_word;
        if starts && at(code, pos) == b'-' {
            let name = skip(code, pos, |b| b == b'-');
            let end = skip(code, name, |b| is_word(b) || b == b'-');
            if end > name && name - pos <= 2 {
                self.in_word = true;
                return emit(out, "nt", code, pos, end);
            }
        }
        let end = skip(code, pos + 1, |b| !is_meta(b));
        let word = &code[pos..end];
        if !starts {
            return emit(out, "", code, pos, end);
        }
        self.in_word = true;
        let named = word.strip_suffix('+').unwrap_or(word);
        if at(code, end) == b'=' && !named.is_empty() && named.bytes().all(is_word) && at(code, end + 1) != b'=' {
            out.push("nv", named);
            out.push("o", &code[pos + named.len()..=end]);
            // A command may follow an assignment, so `command` stays; the value goes on as a word.
            return end + 1;
        }
        let whole = matches!(
            at(code, end),
            0 | b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')' | b'(' | b'<' | b'>' | b'`'
        );
        let class = if whole { self.classify(word) } else { "" };
        if class.is_empty() {
            self.command = false;
        }
        emit(out, class, code, pos, end)
    }

    fn classify(&mut self, word: &str) -> &'static str {
        if word == "in" && self.takes_in {
            self.takes_in = false;
            return "k";
        }
        if !self.command {
            return "";
        }
        match word {
            "if" | "for" | "case" | "while" | "until" => self.compounds += 1,
            "fi" | "done" | "esac" => self.compounds = self.compounds.saturating_sub(1),
            _ => {}
        }
        let kind = classify(word);
        self.command = matches!(kind, Word::Opens | Word::Prefix);
        self.takes_in = kind == Word::TakesIn;
        match kind {
            Word::Opens | Word::Reserved | Word::TakesIn => "k",
            Word::Prefix | Word::Builtin => "nb",
            Word::Other => "",
        }
    }

    /// What begins with `$`; a `$` that begins nothing gets the class of what surrounds it.
    fn expansion(&mut self, code: &str, pos: usize, around: &'static str, out: &mut Spans) -> usize {
        let rest = &code[pos..];
        if rest.starts_with("$((") {
            self.modes.push(Mode::Arithmetic);
            return emit(out, "k", code, pos, pos + 3);
        }
        match at(code, pos + 1) {
            b'(' => self.open(code, pos, pos + 2, Close::Substitution, "si", out),
            b'{' => {
                self.modes.push(Mode::Parameter);
                let end = pos + 2 + usize::from(at(code, pos + 2) == b'#');
                emit(out, "k", code, pos, end)
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                emit(out, "nv", code, pos, skip(code, pos + 1, |b| b.is_ascii_alphanumeric() || b == b'_'))
            }
            b'0'..=b'9' | b'?' | b'@' | b'*' | b'#' | b'!' | b'-' | b'$' => emit(out, "nv", code, pos, pos + 2),
            _ => emit(out, around, code, pos, pos + 1),
        }
    }

    fn double(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        match at(code, pos) {
            b'"' => {
                self.modes.pop();
                emit(out, "s2", code, pos, pos + 1)
            }
            b'\\' => emit(out, "se", code, pos, next_char(code, pos + 1)),
            b'$' => self.expansion(code, pos, "s2", out),
            b'`' => self.open(code, pos, pos + 1, Close::Backtick, "sb", out),
            _ => emit(out, "s2", code, pos, skip(code, pos, |b| !matches!(b, b'"' | b'\\' | b'$' | b'`'))),
        }
    }

    fn single(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        let end = skip(code, pos, |b| b != b'\'');
        if end == code.len() {
            return emit(out, "s1", code, pos, end);
        }
        self.modes.pop();
        emit(out, "s1", code, pos, end + 1)
    }

    fn ansi(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        match at(code, pos) {
            b'\'' => {
                self.modes.pop();
                emit(out, "s1", code, pos, pos + 1)
            }
            b'\\' => emit(out, "se", code, pos, next_char(code, pos + 1)),
            _ => emit(out, "s1", code, pos, skip(code, pos, |b| !matches!(b, b'\'' | b'\\'))),
        }
    }

    /// The inside of `${…}`; it ends with its line at the latest.
    fn parameter(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        match at(code, pos) {
            b'}' => {
                self.modes.pop();
                emit(out, "k", code, pos, pos + 1)
            }
            b'\n' => {
                self.modes.pop();
                emit(out, "", code, pos, pos + 1)
            }
            b'"' => {
                self.modes.push(Mode::Double);
                emit(out, "s2", code, pos, pos + 1)
            }
            b'\\' => emit(out, "se", code, pos, next_char(code, pos + 1)),
            b'$' => self.expansion(code, pos, "p", out),
            byte if is_word(byte) => emit(out, "nv", code, pos, skip(code, pos, is_word)),
            _ => {
                let end = skip(code, pos, |b| !is_word(b) && !matches!(b, b'}' | b'\n' | b'"' | b'\\' | b'$'));
                emit(out, "p", code, pos, end)
            }
        }
    }

    /// The inside of `((…))`; it ends with its line at the latest.
    fn arithmetic(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        match at(code, pos) {
            b')' if at(code, pos + 1) == b')' => {
                self.modes.pop();
                self.word_goes_on();
                emit(out, "k", code, pos, pos + 2)
            }
            b'\n' => {
                self.modes.pop();
                self.expect_command();
                emit(out, "", code, pos, pos + 1)
            }
            b'$' => self.expansion(code, pos, "o", out),
            byte if byte.is_ascii_digit() => emit(out, "m", code, pos, skip(code, pos, is_word)),
            byte if is_word(byte) => emit(out, "nv", code, pos, skip(code, pos, is_word)),
            byte if byte.is_ascii_whitespace() => {
                emit(out, "", code, pos, skip(code, pos, |b| matches!(b, b' ' | b'\t' | b'\r')).max(pos + 1))
            }
            _ => emit(out, "o", code, pos, next_char(code, pos)),
        }
    }

    fn heredoc(&mut self, code: &str, pos: usize, out: &mut Spans) -> usize {
        let Some(Mode::Heredoc(heredoc)) = self.modes.last() else { return pos };
        let end = line_end(code, pos);
        if (pos == 0 || at(code, pos - 1) == b'\n') && code[pos..end].trim() == heredoc.end {
            self.modes.pop();
            self.expect_command();
            return emit(out, "no", code, pos, end.max(pos + 1).min(code.len()));
        }
        if heredoc.literal {
            return emit(out, "sh", code, pos, (end + 1).min(code.len()));
        }
        match at(code, pos) {
            b'$' => self.expansion(code, pos, "sh", out),
            b'`' => self.open(code, pos, pos + 1, Close::Backtick, "sb", out),
            b'\\' => emit(out, "se", code, pos, next_char(code, pos + 1)),
            _ => {
                let stop = skip(code, pos, |b| !matches!(b, b'$' | b'`' | b'\\' | b'\n'));
                emit(out, "sh", code, pos, if at(code, stop) == b'\n' { stop + 1 } else { stop })
            }
        }
    }
}

fn emit(out: &mut Spans, class: &'static str, code: &str, pos: usize, end: usize) -> usize {
    out.push(class, &code[pos..end]);
    end
}

/// What interrupts a word.
fn is_meta(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\r'
            | b'\n'
            | b';'
            | b'|'
            | b'&'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'"'
            | b'\''
            | b'`'
            | b'$'
            | b'\\'
            | b'='
            | b'*'
            | b'['
            | b']'
    )
}
