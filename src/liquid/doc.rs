//! The `{% doc %}` block of an include: LiquidDoc, read lightly. What an include may be called with is told from it later;
//! the engine only needs to know which parameters may be left out.

use std::sync::Arc;

use crate::source::Span;

/// A `{% doc %}` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocBlock {
    /// What stands between `{% doc %}` and `{% enddoc %}`.
    pub text: Arc<str>,
    /// Where that is.
    pub span: Span,
    /// The parameters written in brackets: `@param {string} [name]`.
    pub optional: Vec<Arc<str>>,
}

impl DocBlock {
    /// The block with this text.
    pub fn new(text: &str, span: Span) -> Self {
        Self { text: text.into(), span, optional: text.lines().filter_map(optional).collect() }
    }
}

/// The name in `@param {type} [name=default]`.
fn optional(line: &str) -> Option<Arc<str>> {
    let rest = line.trim_start().strip_prefix("@param")?.trim_start();
    let rest = match rest.strip_prefix('{') {
        Some(typed) => typed.split_once('}')?.1.trim_start(),
        None => rest,
    };
    let inner = rest.strip_prefix('[')?.split_once(']')?.0;
    let name = inner.split_once('=').map_or(inner, |(name, _)| name).trim();
    Some(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn parameters_in_brackets_are_optional() {
        let text = "\n @param {\"a\"|\"b\"} [mode=a] - x\n @param {string} name\n @param [plain]\n";
        let doc = DocBlock::new(text, Span::new(FileId(0), 0, 0));
        assert_eq!(doc.optional, ["mode".into(), "plain".into()] as [Arc<str>; 2]);
    }
}
