//! What prints nothing: `comment`, `#`, `doc`; and `raw`, which prints its text as it stands.

use carafe_source::diagnostic::Diagnostic;

use crate::contracts::DocBlock;
use crate::lexer::{Token, is_space};
use crate::parser::Parser;

use super::{Dialect, Tag};

/// `{% comment %}…{% endcomment %}`.
pub(super) fn comment(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let Some(range) = parser.comment() else { return Err(unclosed(parser, token)) };
    // Younger versions of Liquid leave alone what stands in a comment; the one that Jekyll runs does not.
    if parser.tags.dialect() == Dialect::Jekyll && !parser.reads_lines() {
        parser.remarks(range);
    }
    Ok(Tag::Nothing)
}

/// `{% # words %}`; each further line starts with `#`, too.
pub(super) fn inline(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let lines = parser.get(&token.markup).split('\n').skip(1);
    for line in lines {
        let line = line.trim_start_matches(is_space);
        if !line.is_empty() && !line.starts_with('#') {
            return Err(parser.syntax(token, "each line of this comment must start with `#`"));
        }
    }
    Ok(Tag::Nothing)
}

/// `{% doc %}…{% enddoc %}`.
pub(super) fn doc(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let bare = parser.get(&token.markup).trim_matches(is_space).is_empty();
    let Some(range) = parser.raw(token) else { return Err(unclosed(parser, token)) };
    if !bare {
        return Err(parser.syntax(token, "`doc` takes nothing behind its name"));
    }
    let text = parser.get(&range);
    let nested = |tag: &str| {
        let name = tag.strip_prefix('-').unwrap_or(tag).trim_start_matches(is_space);
        name.strip_prefix("doc").is_some_and(|rest| rest.trim_start_matches(['-', ' ', '\t', '\n']).starts_with("%}"))
    };
    if text.split("{%").skip(1).any(nested) {
        return Err(parser.syntax(token, "a `doc` block cannot hold another one"));
    }
    let span = parser.source.span(&range);
    let (doc, mistakes) = DocBlock::new(text, span);
    for mistake in mistakes {
        parser.report(mistake);
    }
    parser.set_doc(doc);
    Ok(Tag::Nothing)
}

/// `{% raw %}…{% endraw %}`.
pub(super) fn raw(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let bare = parser.get(&token.markup).trim_matches(is_space).is_empty();
    let Some(range) = parser.raw(token) else { return Err(unclosed(parser, token)) };
    if !bare {
        return Err(parser.syntax(token, "`raw` takes nothing behind its name"));
    }
    Ok(Tag::Raw(parser.source.span(&range)))
}

fn unclosed(parser: &Parser<'_>, token: &Token) -> Diagnostic {
    let name = parser.name(token);
    let message = format!("the block `{name}` is never closed");
    let help = format!("add `{{% end{name} %}}`");
    Diagnostic::error("unclosed-tag", message).at(parser.source.span(&token.span)).help(help)
}
