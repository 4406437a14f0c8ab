//! What the line of a fence says beside the language: `title="…"`, `{1,3-5}`, `linenums`, `wrap`, `diff`, `check=false`.

use std::ops::{Range, RangeInclusive};

use carafe_source::characters;

use super::tree::{CodeOptions, Problem};

/// Options of other readers of the line: of Liquid, before the text is Markdown.
const OTHERS: [&str; 1] = ["liquid"];

/// Numbers of lines beyond this are none.
const LAST_LINE: u32 = 999_999;

/// What stands behind a fence.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Info<'t> {
    /// The language.
    pub(super) language: Option<&'t str>,
    pub(super) options: CodeOptions,
    /// What is no option, and why.
    pub(super) mistakes: Vec<String>,
}

/// Reads what stands behind a fence. The first word is the language unless it is an option that cannot be one; lines to be marked may be
/// written directly behind it, as in `yaml{2}`.
pub(super) fn read(info: &str) -> Info<'_> {
    let mut read = Info::default();
    let mut rest = characters::trim(info);
    let first = &rest[..rest.find(|c| characters::is_space(c) || c == '{').unwrap_or(rest.len())];
    let is_option = first.split_once('=').is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase()));
    if !first.is_empty() && !is_option {
        read.language = Some(first);
        rest = &rest[first.len()..];
    }
    loop {
        rest = characters::trim_start(rest);
        let Some(next) = rest.chars().next() else { return read };
        let len = if next == '{' { rest.find('}').map_or(rest.len(), |at| at + 1) } else { word_len(rest) };
        let (word, behind) = rest.split_at(len.max(next.len_utf8()));
        rest = behind;
        if let Some(inner) = word.strip_prefix('{') {
            read.in_braces(word, inner.strip_suffix('}').unwrap_or(inner));
        } else {
            read.word(word);
        }
    }
}

/// The length of a word, of which the part between quotes may hold blanks.
fn word_len(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(sign) if c == sign => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && text[..at].ends_with('=') => quote = Some(c),
            None if characters::is_space(c) || c == '{' => return at,
            None => {}
        }
    }
    text.len()
}

impl<'t> Info<'t> {
    /// Of a line whose first word is the language, whatever it is.
    pub(super) fn of_word(info: &'t str) -> Self {
        let language = info.split(characters::is_space).next().filter(|word| !word.is_empty());
        Self { language, ..Self::default() }
    }

    /// The options, when there are some.
    pub(super) fn options(self) -> Option<Box<CodeOptions>> {
        (self.options != CodeOptions::default()).then(|| Box::new(self.options))
    }

    /// `{1,3-5}`, or `{title="x"}`: options in braces.
    fn in_braces(&mut self, whole: &str, inner: &str) {
        let is_lines = inner.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | ' '));
        if !is_lines && !inner.is_empty() {
            let mut rest = characters::trim_start(inner);
            while !rest.is_empty() {
                let len = word_len(rest).max(rest.chars().next().map_or(1, char::len_utf8));
                let (word, behind) = rest.split_at(len);
                if word.contains('=') || ["linenums", "wrap", "diff"].contains(&word) {
                    self.word(word);
                } else if !word.starts_with(['.', '#']) {
                    self.mistakes.push(format!("`{whole}` names no lines; they are written as in `{{1,3-5}}`"));
                }
                rest = characters::trim_start(behind);
            }
            return;
        }
        match lines(inner) {
            Some(marked) => self.options.marked.extend(marked),
            None => self.mistakes.push(format!("`{whole}` names no lines; they are written as in `{{1,3-5}}`")),
        }
    }

    fn word(&mut self, word: &str) {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(unquoted(value))));
        match (name, value) {
            ("title", Some(title)) => self.options.title = Some(title.to_owned()).filter(|title| !title.is_empty()),
            ("linenums", None) => self.options.numbers = Some(1),
            ("linenums", Some(value)) => match (value, value.parse()) {
                (_, Ok(first)) if first <= LAST_LINE => self.options.numbers = Some(first),
                ("true" | "", _) => self.options.numbers = Some(1),
                ("false", _) => self.options.numbers = None,
                _ => self.mistakes.push(format!("`{word}` is no number of a first line")),
            },
            ("wrap", value) => self.options.wrap = value != Some("false"),
            ("diff", value) => self.options.diff = value != Some("false"),
            ("check", Some(value)) => self.options.is_fragment = value == "false",
            (name, Some(_)) if !OTHERS.contains(&name) => self.mistakes.push(format!(
                "`{name}` is no option of a block of code; there are `title=\"…\"`, `{{1,3-5}}`, `linenums`, `wrap`, `diff`, `check=false` and `liquid=false`"
            )),
            _ => {}
        }
    }

    /// What is wrong with the options of a block with this code, at the line of its fence.
    pub(super) fn problems(&mut self, code: &str, range: &Range<u32>) -> Vec<Problem> {
        let count = match self.options.marked.is_empty() {
            true => u32::MAX,
            false => u32::try_from(code.lines().count()).unwrap_or(u32::MAX),
        };
        if let Some(beyond) = self.options.marked.iter().find(|lines| *lines.end() > count) {
            let lines = if count == 1 { "line" } else { "lines" };
            self.mistakes.push(format!("line {} is to be marked, and the code has {count} {lines}", beyond.end()));
        }
        let problem = |message| Problem { code: "fence-option", message, range: range.clone() };
        self.mistakes.drain(..).map(problem).collect()
    }
}

fn unquoted(value: &str) -> &str {
    let quoted = ['"', '\''].into_iter().find_map(|sign| value.strip_prefix(sign)?.strip_suffix(sign));
    quoted.unwrap_or(value)
}

/// `1,3-5`.
fn lines(text: &str) -> Option<Vec<RangeInclusive<u32>>> {
    let number = |text: &str| characters::trim(text).parse().ok().filter(|line| (1..=LAST_LINE).contains(line));
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (number(from)?, number(to)?);
        (from <= to).then_some(from..=to)
    };
    text.split(',').map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stand_behind_the_language_in_any_order() {
        let read = read("yaml{2} title=\"my file.yml\" {1,3-5} linenums=7 wrap diff liquid=false check=false shell");
        assert_eq!(read.language, Some("yaml"));
        let options = CodeOptions {
            title: Some("my file.yml".into()),
            marked: vec![2..=2, 1..=1, 3..=5],
            numbers: Some(7),
            wrap: true,
            diff: true,
            is_fragment: true,
        };
        assert_eq!((read.options, read.mistakes), (options, Vec::new()));
    }

    #[test]
    fn a_language_may_be_missing_or_be_called_like_an_option() {
        assert_eq!(super::read("title='x'").language, None);
        assert_eq!(super::read("{1}").options.marked, [1..=1]);
        assert_eq!(super::read("diff").language, Some("diff"));
        assert!(!super::read("diff").options.diff);
        assert_eq!(super::read("html?a=1 wrap").language, Some("html?a=1"));
        assert_eq!(super::read("{title=\"a b\" linenums}").options.numbers, Some(1));
    }

    #[test]
    fn mistakes_are_told() {
        for info in [
            "js {a}",
            "js {0}",
            "js {5-3}",
            "js {1,}",
            "js {}",
            "js hl_lines=\"1 2\"",
            "js linenums=x",
            "js titel=\"x\"",
        ] {
            let mut read = super::read(info);
            assert!(!read.mistakes.is_empty() || !read.problems("a\n", &(0..0)).is_empty(), "{info}");
        }
        assert_eq!(super::read("js {1-3}").problems("a\n", &(0..0)).len(), 1);
        assert!(super::read("rust,ignore should_panic").mistakes.is_empty());
    }
}
