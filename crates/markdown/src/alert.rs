//! Alerts: quotes whose first line says what they are, as in `> [!NOTE]`. What stands behind the bracket is the title.

use std::ops::Range;

use super::attributes::Attributes;
use super::tree::{AlertKind, Block, BlockKind, Inline, InlineKind, Problem};

/// The class of the paragraph that is an alert's title.
const TITLE_CLASS: &str = "callout-title";

/// What the first line of a quote says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// An alert; its title stands from this byte of the line on.
    Alert(AlertKind, usize),
    /// It looks like an alert's first line, and there is no alert of this name.
    Unknown,
}

impl AlertKind {
    const ALL: [Self; 5] = [Self::Note, Self::Tip, Self::Important, Self::Warning, Self::Caution];

    /// The title of an alert that has none of its own.
    pub fn title(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Tip => "Tip",
            Self::Important => "Important",
            Self::Warning => "Warning",
            Self::Caution => "Caution",
        }
    }

    /// The class that tells the kinds of callouts apart. The theme knows caution as danger.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Note => "callout-note",
            Self::Tip => "callout-tip",
            Self::Important => "callout-important",
            Self::Warning => "callout-warning",
            Self::Caution => "callout-danger",
        }
    }
}

/// Reads the first line of a quote's text.
pub(super) fn marker(line: &str) -> Option<Marker> {
    let inner = line.trim_start_matches(' ');
    let blanks = line.len() - inner.len();
    let (name, behind) = inner.strip_prefix("[!").filter(|_| blanks <= 3)?.split_once(']')?;
    let is_word =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    // A link's text may begin with an exclamation mark.
    if !is_word || behind.starts_with(['(', '[', ':']) {
        return None;
    }
    let found = AlertKind::ALL.into_iter().find(|kind| kind.title().eq_ignore_ascii_case(name));
    // Elsewhere a sign behind the bracket folds the callout.
    let title = behind.strip_prefix(['+', '-']).unwrap_or(behind).trim_start();
    Some(found.map_or(Marker::Unknown, |kind| Marker::Alert(kind, line.len() - title.len())))
}

/// An alert's blocks: the title, or the kind's own where that is empty, which `titles` may say in another language, and what
/// the quote holds besides.
pub(super) fn block(
    kind: AlertKind,
    title: Vec<Inline>,
    titles: Option<&[String; 5]>,
    blocks: Vec<Block>,
    place: Range<u32>,
) -> BlockKind {
    let at = AlertKind::ALL.iter().position(|other| *other == kind);
    let own = titles.zip(at).and_then(|(titles, at)| titles.get(at)).map_or(kind.title(), String::as_str);
    let content = if title.is_empty() { vec![Inline::new(InlineKind::Text(own.to_owned()), 0..0)] } else { title };
    let mut heading = Block::new(BlockKind::Paragraph { content, transparent: false }, place);
    heading.attributes.set("class", TITLE_CLASS);
    let mut children = vec![heading];
    children.extend(blocks);
    BlockKind::Alert { kind, children }
}

/// The attributes of the element that an alert is.
pub(super) fn attributes(kind: AlertKind, own: &Attributes) -> Attributes {
    let mut attributes = own.clone();
    let own = own.get("class").map(|own| format!(" {own}")).unwrap_or_default();
    attributes.set("class", format!("callout {}{own}", kind.class()));
    if attributes.get("role").is_none() {
        attributes.set("role", "note");
    }
    attributes
}

/// That a quote begins as an alert does and is none.
pub(super) fn unknown(range: Range<u32>) -> Problem {
    let message = "there is no alert of this name: `NOTE`, `TIP`, `IMPORTANT`, `WARNING` and `CAUTION` are known";
    Problem { code: "unknown-alert", message: message.to_owned(), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_in_brackets_is_a_marker() {
        assert_eq!(marker("[!note]"), Some(Marker::Alert(AlertKind::Note, 7)));
        assert_eq!(marker("[!TIP] Read *this*"), Some(Marker::Alert(AlertKind::Tip, 7)));
        assert_eq!(marker("[!WARNING]- Folded"), Some(Marker::Alert(AlertKind::Warning, 12)));
        assert_eq!(marker("[!INFO]"), Some(Marker::Unknown));
        for line in ["[!]", "[! NOTE]", "[!NOTE](x)", "[!NOTE][x]", "[!NOTE]: x", "[!NOTE", "[NOTE]", "![NOTE]"] {
            assert_eq!(marker(line), None, "{line}");
        }
    }
}
