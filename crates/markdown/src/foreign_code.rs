//! Constructs of other tools in code: comments that tell which lines are to stand out.

use std::sync::LazyLock;

use memchr::memmem::Finder;

static SIGN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("highlight-"));

/// Whether a text may hold one.
pub(crate) fn may_hold(text: &str) -> bool {
    SIGN.find_iter(text.as_bytes())
        .any(|at| ["next-line", "start"].iter().any(|word| text[at + 10..].starts_with(word)))
}

/// Whether a line of code is nothing but the comment `highlight-next-line`, or the one that begins lines that stand out.
pub(crate) fn is_highlight_comment(line: &str) -> bool {
    let text = line.trim();
    let opened = ["//", "#", "--", ";", "%", "/*", "{/*", "<!--"].into_iter().find_map(|sign| text.strip_prefix(sign));
    let Some(inner) = opened else { return false };
    let inner = ["*/}", "*/", "-->"].into_iter().find_map(|sign| inner.strip_suffix(sign)).unwrap_or(inner);
    matches!(inner.trim(), "highlight-next-line" | "highlight-start")
}
