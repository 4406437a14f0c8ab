//! Fenced code: between lines of three or more tildes or backticks. Without a closing fence it is text, as in kramdown.

use carafe_source::characters;

use super::super::fence_options::{self, Info};
use super::super::lines::{behind_indent, is_blank, line_end};
use super::super::tree::BlockKind;
use super::{Level, Parser, Scanner};

/// A line that may open or close a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    pub(super) sign: u8,
    pub(super) len: usize,
    /// The blanks before it.
    pub(super) indent: usize,
}

/// The fence at the start of a line.
pub(super) fn fence(line: &str) -> Option<Fence> {
    let (rest, indent) = behind_indent(line)?;
    let sign = *rest.as_bytes().first().filter(|byte| matches!(byte, b'~' | b'`'))?;
    let len = rest.bytes().take_while(|&byte| byte == sign).count();
    (len >= 3).then_some(Fence { sign, len, indent })
}

/// The fence at the start of a line that may open or close code: where GFM is not read, of tildes and without blanks before them.
pub(super) fn of_line(p: &Parser<'_>, line: &str) -> Option<Fence> {
    fence(line).filter(|open| p.options.gfm || open.sign == b'~' && open.indent == 0)
}

impl Fence {
    /// What stands behind the fence on its line.
    fn info(self, line: &str) -> &str {
        characters::trim(line.get(self.indent + self.len..).unwrap_or_default())
    }

    /// Whether `line` closes this fence.
    pub(super) fn is_closed_by(self, p: &Parser<'_>, line: &str) -> bool {
        of_line(p, line).is_some_and(|other| {
            other.sign == self.sign && other.len >= self.len && is_blank(&line[other.indent + other.len..])
        })
    }

    /// Whether the line can open code: the info string of a backtick fence holds no backtick.
    pub(super) fn opens(self, line: &str) -> bool {
        !self.info(line).contains(char::from(self.sign))
    }
}

/// The start of the line that closes the fence, at or behind `at`, and how many signs of the fence it closes: where no line has as many,
/// those that have most close a shorter fence, of at least `least` signs.
fn closing(p: &Parser<'_>, text: &str, mut at: usize, open: Fence, least: usize) -> Option<(usize, usize)> {
    let mut best = None;
    while at < text.len() {
        let end = line_end(text, at);
        let known = best.map_or(least, |(_, len)| len + 1);
        if (Fence { len: known.min(open.len), ..open }).is_closed_by(p, &text[at..end]) {
            let len = fence(&text[at..end]).map_or(0, |close| close.len);
            if len >= open.len {
                return Some((at, open.len));
            }
            best = Some((at, len));
        }
        at = end;
    }
    best
}

/// The code with the fence's own indentation taken off its lines, as far as they have it.
fn unindented(code: &str, indent: usize) -> String {
    if indent == 0 {
        return code.to_owned();
    }
    let mut out = String::with_capacity(code.len());
    for line in code.split_inclusive('\n') {
        let blanks = line.bytes().take(indent).take_while(|&byte| byte == b' ').count();
        out.push_str(&line[blanks..]);
    }
    out
}

/// Whether an info string is no more than a language, but for what it says of Liquid.
fn is_one_word(info: &str) -> bool {
    let words = info.split(characters::is_space).filter(|word| !word.is_empty());
    words.skip(1).all(|word| word.trim_matches(['{', '}']).starts_with("liquid="))
}

/// Fenced code.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    let Some(open) = of_line(p, sc.line()).filter(|open| open.opens(sc.line())) else { return false };
    let start = sc.pos;
    let body = sc.line_end();
    let known = usize::from(open.sign == b'`');
    // No line from here on closes a fence of so many signs or more.
    let unclosed = sc.open_fences[known];
    let most = Fence { len: open.len.min(unclosed - 1), ..open };
    // Signs that have no counterpart belong to the language then, as kramdown reads it.
    let least = if p.options.fence_words { open.len } else { 3 };
    let close = if most.len < least { None } else { closing(p, &sc.text.text, body, most, least) };
    let Some((close, len)) = close else {
        sc.open_fences[known] = unclosed.min(least);
        let range = sc.text.range(start..body);
        p.problem("fence-left-open", "this code fence is never closed, so it is taken as text", range);
        return false;
    };
    if len < most.len {
        sc.open_fences[known] = unclosed.min(len + 1);
    }
    let info = &Fence { len, ..open }.info(sc.line()).to_owned();
    if !p.options.fence_words && !is_one_word(info) {
        let range = sc.text.range(start..body);
        p.problem("fence-words", "this line opens no code, because more than one word stands behind the fence", range);
        return false;
    }
    let mut read = if p.options.fence_options { fence_options::read(info) } else { Info::of_word(info) };
    let language = read.language.map(str::to_owned);
    let indent = if p.options.unindent_fences { open.indent } else { 0 };
    let text = unindented(&sc.text.text[body..close], indent);
    sc.pos = line_end(&sc.text.text, close);
    let range = sc.since(start);
    p.problems.extend(read.problems(&text, &sc.text.range(start..body)));
    level.push(BlockKind::Code { text, language: language.clone(), options: read.options() }, range);
    if let (Some(language), Some(block)) = (language, level.children.last_mut()) {
        let name = language.split('?').next().filter(|name| !name.is_empty()).unwrap_or(&language);
        block.attributes.set("class", format!("language-{name}"));
    }
    true
}
