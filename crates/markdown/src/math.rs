//! Formulas: where `$…$` is one, and formulas as MathML.
//!
//! The steps: the inline parsers ask [`inline_len`] at a dollar sign (CommonMark's has to be told before, by [`masked`]); when the tree is
//! complete, [`write`] puts MathML beside the TeX of every formula. What is no TeX is told and shown as it was written.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::html::escape;
use super::tree::{Block, BlockKind};
use super::tree::{Document, Formula, Inline, InlineKind, Problem};
use super::walk::{self, Node};

/// How long a formula may be.
const MOST_BYTES: usize = 16 << 10;

/// How many signs that may nest (commands, braces, brackets) a formula may have.
const MOST_SIGNS: usize = 1500;

/// What the converter's stack takes for each level of nesting at most, with all the checks of a debug build.
const LEVEL: usize = 40 << 10;

/// Stands for a dollar sign that is none of a formula's, while CommonMark is read.
const MASK: char = '\u{1a}';

/// The length of the formula between single dollar signs that `text` begins with, signs included; `before` is what stands before it.
///
/// Pandoc's rule: no blank inside the signs, no digit behind the closing one, never across lines. Beyond it, prices, names of variables
/// (`$HOME/bin:$PATH`, `${a}-${b}`, `Outer$Inner$1`), code and tags between two signs keep them from being a formula.
pub(super) fn inline_len(before: Option<char>, text: &str) -> Option<usize> {
    let body = text.strip_prefix('$')?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        || body.starts_with(|c: char| c.is_whitespace() || c == '$')
    {
        return None;
    }
    let bytes = body.as_bytes();
    let mut at = 0;
    let end = loop {
        at += memchr::memchr3(b'$', b'\\', b'\n', bytes.get(at..)?)?;
        match bytes.get(at)? {
            b'$' => break at,
            b'\\' => at += 2,
            _ => return None,
        }
    };
    let (tex, behind) = (&body[..end], &body[end + 1..]);
    let last = tex.chars().next_back()?;
    let is_formula = !last.is_whitespace() && !holds_code(tex) && !goes_on(tex, last, behind);
    is_formula.then_some(end + 2)
}

/// The end of the formula at `at`, where a dollar sign stands, if it ends on its line.
pub(super) fn end(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = (text.get(..at)?, text.get(at..)?);
    if is_escaped(before) {
        return None;
    }
    let len = match rest.strip_prefix("$$") {
        Some(body) => body.lines().next()?.find("$$")? + 4,
        None => inline_len(before.chars().next_back(), rest)?,
    };
    Some(at + len)
}

fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// Whether code, a tag or the end of a link stands in what could be a formula.
fn holds_code(tex: &str) -> bool {
    let is_tag = |at: usize| {
        let rest = &tex[at + 1..];
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') && rest.contains('>')
    };
    tex.contains('`') || tex.find('<').is_some_and(is_tag) || ends_link(tex)
}

/// Whether a link's text ends in it that began before.
fn ends_link(tex: &str) -> bool {
    let Some(at) = tex.find("](").or_else(|| tex.find("][")) else { return false };
    let count = |sign| tex[..at].matches(sign).count();
    count('[') <= count(']')
}

/// Whether what stands behind the second sign makes it the first one of a price or of a variable.
fn goes_on(tex: &str, last: char, behind: &str) -> bool {
    let mut next = behind.chars();
    let Some(first) = next.next() else { return false };
    if first.is_ascii_digit() || first == '$' {
        return true;
    }
    let is_capital = |c: char| c.is_ascii_uppercase() || c == '_';
    if first == '{' {
        return !behind.starts_with("{:");
    }
    if !(first.is_ascii_alphabetic() || matches!(first, '_' | '(')) {
        return false;
    }
    let is_name = tex.len() > 1 && tex.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let ends_value = last.is_alphanumeric() || matches!(last, ')' | ']' | '}' | '\'' | '!' | '|');
    // `"$x" or '$y'`: what closes one quotation and opens the next is no formula.
    let before = tex.strip_suffix('\'').and_then(|before| before.chars().next_back());
    let opens_quotation = before.is_some_and(|c| c.is_whitespace() || c == '(');
    is_name
        || !ends_value
        || tex.contains('"')
        || opens_quotation
        || (is_capital(first) && next.next().is_some_and(is_capital))
}

/// The text with a mask for every dollar sign that no formula can begin or end with, byte for byte as long; pulldown-cmark would let a
/// formula go on over lines and stand before a digit. Only for texts that can be masked ([`can_mask`]).
pub(super) fn masked(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('$') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    while let Some(found) = text[done..].find('$') {
        let at = done + found;
        let rest = &text[at..];
        let signs = rest.len() - rest.trim_start_matches('$').len();
        out.push_str(&text[done..at]);
        done = at + signs;
        if signs > 1 || is_escaped(&text[..at]) {
            out.push_str(&rest[..signs]);
        } else if let Some(len) = inline_len(text[..at].chars().next_back(), rest) {
            out.push_str(&rest[..len]);
            done = at + len;
        } else {
            out.push(MASK);
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Whether a mask in the text stands for nothing yet.
pub(super) fn can_mask(text: &str) -> bool {
    !text.contains(MASK)
}

/// What was masked, as it was written.
pub(super) fn unmasked(text: &str) -> Option<String> {
    text.contains(MASK).then(|| text.replace(MASK, "$"))
}

/// Puts MathML beside the TeX of all formulas, and tells of what is no TeX.
pub(super) fn write(document: &mut Document) {
    let mut signs = None;
    each(document, &mut |formula, _| {
        let count = nesting(&formula.tex);
        signs = Some(signs.unwrap_or(0).max(if count > MOST_SIGNS { 0 } else { count }));
    });
    // The converter calls itself for whatever is nested: the stack is as large as the worst formula needs.
    let Some(signs) = signs else { return };
    let stack = (signs + 8) * LEVEL;
    let mut problems = Vec::new();
    let is_done = std::thread::scope(|scope| {
        let work = || convert_all(document, &mut problems);
        let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work);
        thread.map(std::thread::ScopedJoinHandle::join).is_ok_and(|done| done.is_ok())
    });
    if !is_done {
        let message = "there is no memory to read formulas, so they are shown as they are written".to_owned();
        problems.push(Problem { code: "bad-math", message, range: 0..0 });
    }
    document.problems.append(&mut problems);
    super::finish::sort_problems(&mut document.problems);
}

fn convert_all(document: &mut Document, problems: &mut Vec<Problem>) {
    let Ok(converter) = LatexToMathML::new(MathCoreConfig::default()) else { return };
    let mut left = document.options.output_bytes;
    each(document, &mut |formula, range| {
        // Behind so much the page has ended.
        if left == 0 {
            return;
        }
        match convert(&converter, formula) {
            Ok(mathml) => {
                left = left.saturating_sub(mathml.len());
                formula.mathml = Some(mathml.into());
            }
            Err(why) => problems.push(Problem {
                code: "bad-math",
                message: format!("this formula cannot be read as TeX, so it is shown as it is written: {why}"),
                range: range.clone(),
            }),
        }
    });
}

fn convert(converter: &LatexToMathML, formula: &Formula) -> Result<String, String> {
    if formula.tex.len() > MOST_BYTES || nesting(&formula.tex) > MOST_SIGNS {
        return Err("it is too long".to_owned());
    }
    let display = if formula.display { MathDisplay::Block } else { MathDisplay::Inline };
    let convert = || converter.convert_with_local_state(&formula.tex, display);
    match catch_unwind(AssertUnwindSafe(convert)) {
        Ok(Ok(result)) => Ok(result.mathml),
        Ok(Err(error)) => {
            let message = error.error_message();
            let mut first = message.chars();
            let lower = first.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
            Err(format!("{lower}{}", first.as_str().trim_end_matches('.')))
        }
        Err(_) => Err("the reader of formulas gave up on it".to_owned()),
    }
}

/// How deep what the TeX says could be nested at most.
fn nesting(tex: &str) -> usize {
    tex.bytes().filter(|byte| matches!(byte, b'\\' | b'{' | b'[' | b'(' | b'^' | b'_')).count()
}

/// Calls `visit` with every formula and its place.
fn each(document: &mut Document, visit: &mut impl FnMut(&mut Formula, &std::ops::Range<u32>)) {
    let mut visit = |node: Node<'_>| match node {
        Node::Block(Block { kind: BlockKind::Math(formula), range, .. })
        | Node::Inline(Inline { kind: InlineKind::Math(formula), range, .. }) => visit(formula, range),
        _ => {}
    };
    walk::document(document, &mut visit);
}

impl Formula {
    /// The formula as it was written, for texts: the signs and the TeX between them.
    pub(super) fn push_written(&self, out: &mut String) {
        out.push_str(self.signs);
        escape::code(out, &self.tex);
        out.push_str(self.signs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stands_between_two_signs() {
        for text in [
            "$x$",
            "$x^2$.",
            "$n$th",
            "$20$ x",
            "$a < b$,",
            "$\\$5$ ",
            "$f(x)$(y)",
            "$|x|$",
            "$x${:.a}",
            "$é$é",
            "$a \\& b$",
        ] {
            let len = inline_len(None, text);
            assert_eq!(len, text.rfind('$').map(|at| at + 1), "{text}");
        }
        assert_eq!(inline_len(Some('（'), "$x$ y$"), Some(3));
    }

    #[test]
    fn prices_and_variables_are_none() {
        for text in [
            "$5 and then $6. Use $HOME.",
            "$20,000 and USD$30,000",
            "$5-$10",
            "$HOME/$USER",
            "$PATH:$HOME",
            "${A}-${B}",
            "$foo$bar",
            "$HOME$PATH",
            "$(a)/$(b)",
            "$1/$2",
            "$a,$b",
            "$foo->$bar",
            "$ x$",
            "$x $",
            "$x\ny$",
            "$$",
            "$x",
            "$`a`$",
            "$5 <b>a</b> 6$",
            "$x$$",
            "$7](b) or 8$",
            "$x\\$",
            "$x\" or '$y'",
            "$x' or \"$y\"",
            "$x' or '$y'",
            "$x', ('$y')",
        ] {
            assert_eq!(inline_len(None, text), None, "{text}");
        }
        for before in ['S', '6', '_'] {
            assert_eq!(inline_len(Some(before), "$5 or 6$"), None);
        }
    }

    #[test]
    fn signs_of_no_formula_are_masked() {
        let text = "a $5 $x$ b $6\n$$y$$ \\$7 $z\n";
        let masked = masked(Cow::Borrowed(text));
        assert_eq!(masked, "a \u{1a}5 $x$ b \u{1a}6\n$$y$$ \\$7 \u{1a}z\n");
        assert_eq!(unmasked(&masked).as_deref(), Some(text));
    }
}
