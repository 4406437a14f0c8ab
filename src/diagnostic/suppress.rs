//! Findings that the author has decided to live with: comments that name a kind, at the place.
//!
//! `{% comment %} carafe-ignore CODE {% endcomment %}`, `{% # carafe-ignore CODE %}`, `<!-- carafe-ignore CODE -->`, and in
//! YAML `# carafe-ignore CODE`; several codes are separated by blanks or commas. A comment holds for findings on its line
//! and on the next one, and for findings in files that a tag on these lines calls. Examples in code fences, code spans and
//! `raw` blocks are none.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use carafe_source::{FileId, SourceFile, Sources, Span};

use super::{Diagnostic, codes, did_you_mean};

/// The word that starts the list of codes.
const WORD: &str = "carafe-ignore";

/// Whether there may be a comment in the text.
pub(super) fn has_comment(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), WORD.as_bytes()).is_some()
}

/// All comments of a site that suppress findings.
#[derive(Debug, Default)]
pub struct Suppressions {
    all: Vec<Suppression>,
    /// The comments by file and line.
    at: FxHashMap<(FileId, u32), Vec<usize>>,
}

#[derive(Debug)]
struct Suppression {
    code: String,
    span: Span,
    used: AtomicBool,
}

impl Suppressions {
    /// The comments in all files read so far, in the order of their paths.
    pub fn find(sources: &Sources) -> Self {
        let mut files = sources.all();
        files.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        let mut found = Self::default();
        for (id, file) in files {
            found.read(id, &file);
        }
        found
    }

    /// The comments in the files that these findings are about, or were reached through.
    pub fn around<P>(sources: &Sources, findings: &[(P, Diagnostic)]) -> Self {
        let places = findings.iter().flat_map(|(_, diagnostic)| diagnostic.span.iter().chain(&diagnostic.trace));
        let files: BTreeSet<FileId> = places.map(|place| place.file).collect();
        let mut found = Self::default();
        for id in files {
            if let Some(file) = sources.get(id) {
                found.read(id, &file);
            }
        }
        found
    }

    fn read(&mut self, id: FileId, file: &SourceFile) {
        if !has_comment(&file.text) {
            return;
        }
        let is_yaml = file.path.ends_with(".yml") || file.path.ends_with(".yaml");
        let mut shown = Shown::default();
        let (mut start, mut number) = (0, 0);
        for line in file.text.split_inclusive('\n') {
            number += 1;
            let in_front = shown.line(line, number) || is_yaml;
            if let Some(at) = line.find(WORD)
                && !shown.is_example(line, at)
                && is_comment(&line[..at], in_front)
            {
                let list = &line[at + WORD.len()..];
                let end = ["{%", "-->", "-%}", "%}", "\n"].iter().filter_map(|end| list.find(end)).min();
                let list = &list[..end.unwrap_or(list.len())];
                let base = start + at + WORD.len();
                for code in list.split([' ', '\t', ',', '\r']).filter(|code| !code.is_empty()) {
                    // The pieces are parts of `list`, so the difference is their offset in it.
                    let offset = base + (code.as_ptr() as usize - list.as_ptr() as usize);
                    let span = Span::new(id, offset, offset + code.len());
                    self.at.entry((id, number)).or_default().push(self.all.len());
                    self.all.push(Suppression { code: code.to_owned(), span, used: AtomicBool::new(false) });
                }
            }
            start += line.len();
        }
    }

    /// Whether findings of this kind at `span`, reached through `calls`, are suppressed; notes that the comment is used.
    pub fn holds(&self, sources: &Sources, code: &str, span: Option<Span>, calls: &[Span]) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let mut held = false;
        for place in span.iter().chain(calls) {
            let Some(file) = sources.get(place.file) else { continue };
            let line = file.position(place.start).line;
            for line in [line, line.saturating_sub(1)] {
                for at in self.at.get(&(place.file, line)).into_iter().flatten() {
                    if let Some(found) = self.all.get(*at).filter(|found| found.code == code) {
                        found.used.store(true, Ordering::Relaxed);
                        held = true;
                    }
                }
            }
        }
        held
    }

    /// The findings that are not suppressed.
    pub fn apply<P>(&self, sources: &Sources, found: Vec<(P, Diagnostic)>) -> Vec<(P, Diagnostic)> {
        if self.all.is_empty() {
            return found;
        }
        let shown = |diagnostic: &Diagnostic| !self.holds(sources, diagnostic.code, diagnostic.span, &diagnostic.trace);
        found.into_iter().filter(|(_, diagnostic)| shown(diagnostic)).collect()
    }

    /// `unused-suppression` for each comment that has suppressed nothing so far.
    pub fn unused(&self) -> Vec<Diagnostic> {
        let unused = self.all.iter().filter(|found| !found.used.load(Ordering::Relaxed));
        let tell = |found: &Suppression| {
            let code = &found.code;
            if codes::find(code).is_some() {
                let message = format!("this comment suppresses no `{code}`");
                let help = "take the comment away; it holds for findings on its own line and on the next";
                return Diagnostic::warning("unused-suppression", message).at(found.span).help(help);
            }
            let message = format!("there is no kind of finding named `{code}`");
            let diagnostic = Diagnostic::warning("unused-suppression", message).at(found.span);
            match did_you_mean(code, codes::ALL.iter().map(|entry| entry.code)) {
                Some(near) => diagnostic.meant(found.span, code, near),
                None => diagnostic.help("`carafe explain` lists all of them"),
            }
        };
        unused.map(tell).collect()
    }
}

/// Whether what stands before the word opens a comment.
fn is_comment(before: &str, in_yaml: bool) -> bool {
    let before = before.trim_end();
    before.ends_with("<!--")
        || in_yaml && before.ends_with('#')
        || before.ends_with('#') && before[..before.len() - 1].trim_end().trim_end_matches('-').ends_with("{%")
        || before.ends_with("%}") && before.rfind("{%").is_some_and(|at| before[at..].contains("comment"))
}

/// Which lines are front matter, and which are examples.
#[derive(Default)]
struct Shown {
    in_front: bool,
    in_raw: bool,
    fence: Option<(char, usize)>,
}

impl Shown {
    /// Takes the next line; whether it is front matter.
    fn line(&mut self, line: &str, number: u32) -> bool {
        let trimmed = line.trim();
        if trimmed == "---" && (number == 1 || self.in_front) {
            self.in_front = number == 1;
            return true;
        }
        if self.in_front {
            return true;
        }
        let tag = |name: &str| {
            let at = line.find("{%").map(|at| line[at + 2..].trim_start_matches('-').trim_start());
            at.is_some_and(|rest| rest.starts_with(name))
        };
        if tag("raw") && !line.contains("endraw") {
            self.in_raw = true;
        } else if line.contains("endraw") {
            self.in_raw = false;
        }
        let sign = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'));
        let len = sign.map_or(0, |sign| trimmed.chars().take_while(|c| *c == sign).count());
        match (self.fence, sign) {
            (None, Some(sign)) if len >= 3 => self.fence = Some((sign, len)),
            (Some((open, least)), Some(sign)) if open == sign && len >= least && trimmed.len() == len => {
                self.fence = None;
            }
            _ => {}
        }
        false
    }

    fn is_example(&self, line: &str, at: usize) -> bool {
        self.in_raw || self.fence.is_some() || line[..at].matches('`').count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_each_form_hold_for_their_line_and_the_next() {
        let text = "---\n# carafe-ignore bad-date\n---\na <!-- carafe-ignore broken-link, duplicate-id -->\nb\nc\n\
                    {% comment %} carafe-ignore broken-link {% endcomment %}\n{%- # carafe-ignore broken-anchor -%}\n\
                    ```\n<!-- carafe-ignore bad-date -->\n```\n`<!-- carafe-ignore bad-date -->`\ncarafe-ignore bad-date\n";
        let sources = Sources::default();
        let file = sources.add("a.md", text.into());
        let found = Suppressions::find(&sources);
        let codes: Vec<&str> = found.all.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["bad-date", "broken-link", "duplicate-id", "broken-link", "broken-anchor"]);
        let at = |word: &str| {
            let start = text.find(word).unwrap();
            Some(Span::new(file, start, start + 1))
        };
        assert!(found.holds(&sources, "broken-link", at("b\nc"), &[]));
        assert!(!found.holds(&sources, "broken-link", at("c\n{%"), &[]));
        assert!(!found.holds(&sources, "broken-anchor", at("b\nc"), &[]));
        assert_eq!(found.unused().len(), 4);
    }

    #[test]
    fn a_comment_at_the_call_holds_for_the_include_and_a_wrong_code_is_told() {
        let sources = Sources::default();
        let page = sources.add("a.md", "{% include x %} <!-- carafe-ignore broken-link brokn-link -->".into());
        let include = sources.add("x", "[x](/no/)".into());
        let found = Suppressions::find(&sources);
        let call = Span::new(page, 0, 10);
        assert!(found.holds(&sources, "broken-link", Some(Span::new(include, 0, 1)), &[call]));
        let unused = found.unused();
        assert_eq!(unused.len(), 1);
        assert_eq!(unused[0].message, "there is no kind of finding named `brokn-link`");
    }
}
