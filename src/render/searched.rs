//! What a search finds in what tags wrote: where a template prints a body as Markdown's writer gave it, the text of that is known, and only
//! what stands around it is read as HTML.

use rustc_hash::FxHashMap;
use twox_hash::XxHash3_128;

use carafe_markdown::SearchText;
use carafe_source::island::Islands;
use carafe_source::{Places, characters};

/// HTML that is shorter is read in less time than it is found in.
const LEAST_BYTES: usize = 64;

/// How many bodies may be looked for in vain in what one tag gave: each time all of it is gone through.
const MOST_MISSED: usize = 16;

/// At how many places that begin alike one is looked for.
const MOST_PLACES: usize = 64;

/// What is known of the texts of a page's parts, by their HTML: of the bodies of tags, without the white space around them, and of what the
/// templates of tags made of them.
#[derive(Debug, Default)]
pub(crate) struct Texts(FxHashMap<Key, SearchText>);

/// A hash of HTML, so large that two alike are not to be expected.
type Key = u128;

impl Texts {
    /// Notes what Markdown's writer made of a body.
    pub(super) fn add_body(&mut self, html: &str, text: Option<SearchText>) {
        if let Some(text) = text.filter(|_| html.len() >= LEAST_BYTES) {
            self.0.insert(key(trimmed(html)), text);
        }
    }

    /// Notes what a tag's template gave, and where that came from; `other` is what became of it, if it did not stay as it was.
    pub(super) fn add_tag(&mut self, html: &str, places: Places<'_>, other: Option<&str>, islands: &Islands) {
        let segments = places.segments();
        let ends = segments.iter().skip(1).map(|next| next.start as usize).chain([html.len()]);
        let printed = segments.iter().zip(ends).filter(|(segment, _)| !segment.verbatim);
        let printed = printed.filter_map(|(segment, end)| html.get(segment.start as usize..end));
        let bodies = printed.filter(|html| html.len() >= LEAST_BYTES).map(trimmed);
        let known: Vec<(&str, &SearchText)> = bodies.filter_map(|body| Some((body, self.0.get(&key(body))?))).collect();
        if known.is_empty() {
            return;
        }
        let html = islands.resolve(other.unwrap_or(html).trim_matches(is_edge));
        let mut text = SearchText::default();
        let mut rest = &*html;
        let mut missed = 0;
        for (body, known) in known {
            let Some(at) = position(rest, body) else {
                // One that was printed before has other ids the second time.
                missed += 1;
                if missed == MOST_MISSED {
                    break;
                }
                continue;
            };
            text.push_html(&rest[..at]);
            text.append(known);
            rest = &rest[at + body.len()..];
        }
        text.push_html(rest);
        self.0.insert(key(&html), text);
    }

    /// What a search finds in what a tag gave, when more is known of it than its HTML.
    pub(super) fn of(&self, html: &str) -> Option<&SearchText> {
        self.0.get(&key(html))
    }
}

fn key(html: &str) -> Key {
    XxHash3_128::oneshot(html.as_bytes())
}

/// Where `part` stands in `html`. It is looked for by its start: to make a long text ready for the search takes longer than most searches.
fn position(html: &str, part: &str) -> Option<usize> {
    const START: usize = 32;
    let start = part.as_bytes().get(..START)?;
    let places = memchr::memmem::find_iter(html.as_bytes(), start);
    places.take(MOST_PLACES).find(|at| html.as_bytes()[*at..].starts_with(part.as_bytes()))
}

/// What a template's text is freed of at its ends before it stands on the page. Blanks may part it from a word.
fn is_edge(c: char) -> bool {
    characters::is_space(c) && c != ' ' && c != '\t'
}

fn trimmed(html: &str) -> &str {
    characters::trim(html)
}

#[cfg(test)]
mod tests {
    use carafe_markdown::SearchRun;
    use carafe_source::{FileId, FrameId, Origins, Segment, Span};

    use super::*;

    fn words(text: &str) -> SearchText {
        let document = carafe_markdown::parse(text, &carafe_markdown::Options::default());
        struct Searched;
        impl carafe_markdown::Services for Searched {
            fn highlight(&self, _: &mut String, _: &str, _: &str, _: bool) -> bool {
                false
            }
            fn island(&self, _: usize) -> Option<&carafe_source::island::Island> {
                None
            }
            fn is_searched(&self) -> bool {
                true
            }
        }
        carafe_markdown::html(&document, &carafe_markdown::HtmlOptions::default(), &Searched).search.unwrap()
    }

    /// What is known of a tag whose template printed what stands between `[` and `]`.
    fn known(texts: &mut Texts, marked: &str, other: Option<&str>) -> Option<SearchText> {
        let html = marked.replace(['[', ']'], "");
        let span = Span::new(FileId(0), 0, 0);
        let mut segments = Vec::new();
        let mut at = 0;
        for (number, part) in marked.split(['[', ']']).enumerate() {
            if !part.is_empty() {
                segments.push(Segment { start: at, span, verbatim: number % 2 == 0, frame: FrameId(0) });
            }
            at += u32::try_from(part.len()).unwrap();
        }
        texts.add_tag(&html, Origins::default().places().with(&segments), other, &Islands::default());
        texts.of(other.unwrap_or(&html).trim_matches(is_edge)).cloned()
    }

    #[test]
    fn what_a_template_prints_unchanged_is_not_read_again() {
        let inner = "one two three four five six seven eight nine ten eleven twelve";
        let body = format!("<p>{inner}</p>\n");
        let mut texts = Texts::default();
        texts.add_body(&body, Some(words(inner)));
        let all = |text: &SearchText| format!("{:?}", text.runs().collect::<Vec<_>>());
        let html = |html| SearchRun::Html(html);
        let words = format!(" {inner} ");
        let expected = |a, b| format!("{:?}", [html(a), SearchRun::Words(&words), html(b)]);
        let found = known(&mut texts, &format!("<div id=\"a\">[{body}]</div>\n"), None).unwrap();
        assert_eq!(all(&found), expected("<div id=\"a\">", "\n</div>"));
        // An id of the template's own has become another one.
        let renamed = format!("<div id=\"a-1\">{body}</div>\n");
        let found = known(&mut texts, &format!("<div id=\"a\">[{body}]</div>\n"), Some(&renamed)).unwrap();
        assert_eq!(all(&found), expected("<div id=\"a-1\">", "\n</div>"));
        // What the first tag gave is the body of another one.
        let outer = format!("<b>[<div id=\"a\">{body}</div>]</b>");
        let found = known(&mut texts, &outer, None).unwrap();
        assert_eq!(all(&found), expected("<b><div id=\"a\">", "\n</div></b>"));
        assert_eq!(known(&mut texts, &format!("<p>[{}]</p>", body.to_uppercase()), None), None);
        assert_eq!(known(&mut texts, &format!("<i>{body}</i>"), None), None, "the template has written it itself");
    }
}
