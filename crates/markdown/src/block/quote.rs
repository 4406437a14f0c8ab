//! Block quotes. Lines without `>` that follow without a blank line belong to the quote.

use carafe_source::characters;

use super::super::alert::{self, Marker};
use super::super::lines::{Text, line_end, quote_sign};
use super::super::tree::{BlockKind, Inline};
use super::{Level, Parser, Scanner, paragraph};

/// A quote.
pub(super) fn parse(p: &mut Parser<'_>, sc: &mut Scanner, level: &mut Level) -> bool {
    if quote_sign(sc.line()).is_none() || !p.may_nest(sc, sc.line().len()) {
        return false;
    }
    let start = sc.pos;
    let mut inner = Text::default();
    loop {
        let end = sc.line_end();
        inner.push_from(&sc.text, sc.pos + quote_sign(sc.line()).unwrap_or(0)..end);
        sc.pos = end;
        if paragraph::is_lazy_end(p, sc) {
            break;
        }
    }
    let range = sc.since(start);
    let list = level.pending.take();
    let kind = content(p, inner);
    level.pending = list;
    level.push(kind, range);
    true
}

/// A quote with this text, or the alert that its first line makes it.
fn content(p: &mut Parser<'_>, text: Text) -> BlockKind {
    let first = line_end(&text.text, 0);
    let line = characters::trim_end(&text.text[..first]);
    match alert::marker(line).filter(|_| p.options.habits.alerts) {
        Some(Marker::Alert(kind, title)) => {
            let place = text.range(0..first);
            let (mut title_text, mut rest) = (Text::default(), Text::default());
            title_text.push_from(&text, title..line.len());
            rest.push_from(&text, first..text.text.len());
            let title = if title_text.text.is_empty() {
                Vec::new()
            } else {
                let scanner = p.scanner(title_text);
                Inline::pending(scanner.leaf(0..scanner.text.text.len()))
            };
            let blocks = p.nested_blocks(rest);
            alert::block(kind, title, p.options.alert_titles.as_ref(), blocks, place)
        }
        Some(Marker::Unknown) => {
            p.problems.push(alert::unknown(text.range(0..first)));
            BlockKind::Quote(p.nested_blocks(text))
        }
        None => BlockKind::Quote(p.nested_blocks(text)),
    }
}
