//! Code becomes HTML with the short classes that Rouge and Pygments use, so that their stylesheets fit.
//!
//! 1. `languages` finds the lexer of a language's name or alias.
//! 2. The languages that documentation is full of are coloured as Rouge colours them: most by a page of rules (`rules`),
//!    YAML and JSON by a small lexer of their own. All others go through syntect (`scopes`), whose syntaxes are
//!    loaded when the first such block comes.
//! 3. A lexer hands `(class, text)` pieces to `Spans`, which escapes, merges equal neighbours and writes.
//! 4. [`Highlighter`] keeps the result by content, so that a block which stands on many pages costs once.
//!
//! The text of the output is always the code, byte for byte, whatever the code is. A span never crosses a line end, so
//! that a theme can number or mark lines by splitting the output at them.
//!
//! The module does not know pages, Markdown, wrappers or themes: it returns what stands inside `<code>`.

mod cache;
mod console;
mod json;
mod languages;
pub mod rouge;
mod rules;
mod scan;
mod scopes;
mod shell;
mod shell_words;
mod spans;
#[cfg(test)]
mod tests;
mod yaml;

use std::sync::{Arc, OnceLock};

use cache::Cache;
use languages::Lexer;
use scopes::Syntaxes;
use spans::Spans;

pub use spans::escape;

/// Highlights code; made once per build and shared between its threads.
#[derive(Default)]
pub struct Highlighter {
    cache: Cache,
    syntaxes: OnceLock<Syntaxes>,
}

impl std::fmt::Debug for Highlighter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Highlighter").field("distinct", &self.distinct()).finish_non_exhaustive()
    }
}

impl Highlighter {
    /// A highlighter with an empty cache. Costs nothing: syntaxes are loaded when they are needed.
    pub fn new() -> Self {
        Self::default()
    }

    /// The inside of `<code>` for this code, or `None` when nobody knows the language; the caller then escapes the
    /// code itself, see [`escape`].
    ///
    /// The language is a name or alias as Rouge knows them (`yml`, `sh`, `shell-session`), in any case, and may carry
    /// Rouge's options (`console?comments=true`), which are ignored. Equal code in the same language is highlighted
    /// once, even when threads ask for it at the same time.
    pub fn highlight(&self, code: &str, language: &str) -> Option<Arc<str>> {
        let (name, lexer) = self.find(language)?;
        Some(self.cache.get_or_make(name, code, || self.lex(code, lexer)))
    }

    /// Whether [`Highlighter::highlight`] would return something for this language.
    pub fn knows(&self, language: &str) -> bool {
        self.find(language).is_some()
    }

    /// How many distinct blocks have been highlighted.
    pub fn distinct(&self) -> usize {
        self.cache.len()
    }

    /// Says that pages have changed, so that blocks may be gone for good. What nobody has asked for in a long time is forgotten.
    pub fn age(&self) {
        self.cache.age();
    }

    /// Says that all pages are there: what is kept for the next ones is forgotten. Whoever asks again waits longer.
    pub fn forget(&self) {
        self.cache.clear();
    }

    fn find(&self, language: &str) -> Option<(&str, Lexer<'_>)> {
        let language = languages::normalize(language);
        match languages::find(&language) {
            Some(found) => Some((found.name, found.lexer)),
            None => self.syntaxes().name(&language).map(|name| (name, Lexer::Syntax(name))),
        }
    }

    fn syntaxes(&self) -> &Syntaxes {
        self.syntaxes.get_or_init(Syntaxes::load)
    }

    fn lex(&self, code: &str, lexer: Lexer<'_>) -> String {
        let mut out = Spans::new(code.len());
        // Rouge reads front matter in Markdown alone.
        let head = if matches!(lexer, Lexer::Syntax("Markdown")) { front_matter(code) } else { 0 };
        let (head, code) = code.split_at(head);
        yaml::lex(head, &mut out);
        match lexer {
            Lexer::Syntax(name) => self.syntaxes().lex(code, name, &mut out),
            _ => lex_own(code, lexer, &mut out),
        }
        out.finish()
    }
}

/// Lexes with a lexer of ours.
fn lex_own(code: &str, lexer: Lexer<'_>, out: &mut Spans) {
    match lexer {
        Lexer::Plain | Lexer::Syntax(_) => out.push("", code),
        Lexer::Output => out.push("go", code),
        Lexer::Yaml => yaml::lex(code, out),
        Lexer::Json => json::lex(code, out),
        Lexer::Session => console::lex(code, out),
        Lexer::Rules(name) => match rules::find(name) {
            Some(page) => page.lex(code, out),
            None => out.push("", code),
        },
    }
}

/// The length of the front matter that a page begins with.
fn front_matter(code: &str) -> usize {
    match code.strip_prefix("---").filter(|rest| rest.starts_with('\n')).and_then(|rest| rest.find("\n---\n")) {
        Some(end) => "---".len() + end + "\n---\n".len(),
        None => 0,
    }
}

/// Whether code is a session: by its language, or because a shell's code begins with a prompt `$ `, comments apart. The language
/// `session` reads it as people do, and not, as `console` does, as Rouge does: a `#` may be a comment, a `>` what was printed.
pub fn is_session(code: &str, language: &str) -> bool {
    let first = || code.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
    match languages::find(&languages::normalize(language)).map(|known| known.name) {
        Some("console" | "session") => true,
        Some("shell") => first().is_some_and(|line| line.starts_with("$ ")),
        _ => false,
    }
}

/// The language of a file, by its whole name (`Makefile`) or its ending.
///
/// ```
/// assert_eq!(carafe_highlight::of_file("src/main.rs"), Some("rust"));
/// assert_eq!(carafe_highlight::of_file("docker/Dockerfile"), Some("docker"));
/// assert_eq!(carafe_highlight::of_file("LICENSE"), None);
/// ```
pub fn of_file(path: &str) -> Option<&'static str> {
    languages::of_file(path)
}

/// Every name and alias of the languages that are known by name, in alphabetical order, for "did you mean".
pub fn languages() -> impl Iterator<Item = &'static str> {
    languages::all()
}

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
