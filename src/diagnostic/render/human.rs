//! For people: the source line with a caret, what else is involved, the stack of includes, and how to repair it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use carafe_source::{Sources, Span};

use super::places::{calls, pages, shown};
use crate::diagnostic::Severity;
use crate::diagnostic::fold::{Folded, Located, locate};

/// The findings, a blank line behind each.
pub(super) fn render(folded: &[Folded], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(MAX_LINE * 2);
    let mut out = String::new();
    for folded in folded {
        out.push_str(&renderer.render(&[group(folded, sources)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'g>(folded: &'g Folded, sources: &Sources) -> Group<'g> {
    let diagnostic = &folded.diagnostic;
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut group = Group::with_title(level.primary_title(&*diagnostic.message).id(diagnostic.code));
    let place = diagnostic.span.and_then(|span| Some((span, locate(sources, span)?)));
    let mut rest: Vec<(Span, &str)> = diagnostic.labels.iter().map(|l| (l.span, l.message.as_str())).collect();
    if let Some((span, place)) = &place {
        let excerpt = Excerpt::new(place, *span);
        let mut snippet = excerpt.snippet().annotation(AnnotationKind::Primary.span(excerpt.range.clone()));
        let (near, far): (Vec<_>, Vec<_>) = rest
            .into_iter()
            .map(|(label, text)| (excerpt.find(*span, label), label, text))
            .partition(|l| l.0.is_some());
        for (range, _, text) in near {
            snippet = snippet.annotation(AnnotationKind::Context.span(range.unwrap_or_default()).label(text));
        }
        rest = far.into_iter().map(|(_, label, text)| (label, text)).collect();
        group = show(group, place, &excerpt, snippet);
    } else if folded.pages == 1
        && let Some(page) = &folded.page
    {
        group = group.element(Origin::path(page.to_string()));
    }
    for (span, message) in rest {
        group = group.element(Level::NOTE.message(message));
        if let Some(place) = locate(sources, span) {
            let excerpt = Excerpt::new(&place, span);
            let annotation = AnnotationKind::Context.span(excerpt.range.clone());
            group = show(group, &place, &excerpt, excerpt.snippet().annotation(annotation));
        }
    }
    let calls: Vec<String> = calls(folded, sources).iter().map(shown).collect();
    if !calls.is_empty() {
        group = group.element(Level::NOTE.message(format!("included from {}", stack(&calls))));
    }
    if let Some(pages) = pages(folded, sources) {
        group = group.element(Level::NOTE.message(pages));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    group
}

/// The calls that are shown at either end of a long stack.
const SHOWN_CALLS: usize = 8;

/// The stack of calls, one a line, innermost first; the middle of a long one is left out.
fn stack(calls: &[String]) -> String {
    if calls.len() <= SHOWN_CALLS * 2 + 1 {
        return calls.join("\nincluded from ");
    }
    let (head, tail) = (&calls[..SHOWN_CALLS], &calls[calls.len() - SHOWN_CALLS..]);
    let left = calls.len() - head.len() - tail.len();
    format!("{}\n… {left} more calls\nincluded from {}", head.join("\nincluded from "), tail.join("\nincluded from "))
}

/// Adds the place and its line. The renderer counts columns in what it is given, so a cut line gets its place from us.
fn show<'g>(group: Group<'g>, place: &Located, excerpt: &Excerpt, snippet: Snippet<'g, Annotation<'g>>) -> Group<'g> {
    let path = place.file.path.to_string();
    if excerpt.lead == 0 {
        return group.element(snippet.path(path));
    }
    let origin = Origin::path(path).line(place.line as usize).char_column(place.column as usize);
    group.element(origin).element(snippet)
}

/// Longer lines are cut around the place, so that a page on one line of megabytes is shown too.
const MAX_LINE: usize = 160;

/// The line of a place, cut to what fits.
struct Excerpt {
    /// The text shown.
    text: String,
    /// The part of it that is meant; never empty unless the text is.
    range: Range<usize>,
    /// The line's number.
    line: usize,
    /// Offset in the file of the first byte that is shown, and of the end of what is shown.
    shown: Range<usize>,
    /// Bytes in `text` before that byte (the mark of a cut).
    lead: usize,
}

impl Excerpt {
    /// The line at `place`, the place of `span`. Of a span over several lines the first counts.
    fn new(place: &Located, span: Span) -> Self {
        let text: &str = &place.file.text;
        let floor = |at: usize| text.floor_char_boundary(at);
        let (start, end) = (floor(span.start as usize), text.ceil_char_boundary(span.end as usize));
        let line_start = memchr::memrchr(b'\n', &text.as_bytes()[..start]).map_or(0, |at| at + 1);
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        let line_end = if text[start..line_end].ends_with('\r') { line_end - 1 } else { line_end };
        let (from, to) = if line_end - line_start <= MAX_LINE {
            (line_start, line_end)
        } else {
            let from = floor(start.saturating_sub(MAX_LINE / 3).max(line_start));
            (from, floor((from + MAX_LINE).min(line_end)))
        };
        let lead = if from > line_start { "…" } else { "" };
        let tail = if to < line_end { "…" } else { "" };
        let end = end.clamp(start, to.max(start));
        let shown = format!("{lead}{}{tail}", &text[from..to]);
        let mut range = whole_characters(&shown, start - from + lead.len()..end - from + lead.len());
        if range.is_empty() {
            range.end += shown.get(range.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
        Self { text: shown, range, line: place.line as usize, shown: from..to, lead: lead.len() }
    }

    fn snippet<'s>(&self) -> Snippet<'s, Annotation<'s>> {
        Snippet::source(self.text.clone()).line_start(self.line)
    }

    /// Where `other` stands in the excerpt of `own`; `None` when it is not wholly in sight.
    fn find(&self, own: Span, other: Span) -> Option<Range<usize>> {
        let (start, end) = (other.start as usize, other.end as usize);
        let inside = other.file == own.file && start >= self.shown.start && end <= self.shown.end && start <= end;
        let shift = |at: usize| at - self.shown.start + self.lead;
        inside.then(|| whole_characters(&self.text, shift(start)..shift(end)))
    }
}

/// The range with its ends moved outwards to whole characters, and into the text.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    start..text.ceil_char_boundary(range.end.max(start))
}
