//! The ways into values that a text reads: `site.data.nav`, `site["data"][name]`.

use std::ops::Range;

use super::cursor::{self, Construct};
use super::symbol::CALLS;

/// Tags whose markup names no values.
const NAMING: [&str; 7] = ["comment", "doc", "highlight", "link", "post_url", "raw", "layout"];

/// Tags that ask what a value is, and print nothing of it.
const TESTS: [&str; 3] = ["if", "elsif", "unless"];

/// One name on a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A name as it stands, or between quotes in brackets.
    Name(Range<usize>),
    /// The number of an item.
    Item,
    /// Something that only a page tells, where it begins.
    Computed(usize),
}

/// A way from a variable into what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) steps: Vec<Step>,
    pub(super) start: usize,
    /// Whether only what it leads to is asked for: whether that is there, or what it is.
    pub(super) tested: bool,
}

/// How far a way goes along a path of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// To its end, where the last name stands.
    Whole(Range<usize>),
    /// Elsewhere.
    Not,
    /// It ends before, or goes on by a name that only a page tells.
    Maybe,
}

impl Along {
    /// Where the last name of the path stands, when the way goes to its end.
    pub(super) fn whole(self) -> Option<Range<usize>> {
        if let Self::Whole(range) = self { Some(range) } else { None }
    }
}

impl Way {
    /// The names up to a step, where each of them stands; `None` when a page alone tells one of them.
    pub(super) fn names(&self, step: usize) -> Option<Vec<Range<usize>>> {
        let name = |step: &Step| match step {
            Step::Name(range) => Some(range.clone()),
            Step::Item | Step::Computed(_) => None,
        };
        self.steps.iter().take(step + 1).map(name).collect()
    }

    /// How far this way goes along a path.
    pub(super) fn along(&self, text: &str, path: &[String]) -> Along {
        let mut wanted = path.iter().peekable();
        for step in &self.steps {
            let Some(name) = wanted.peek() else { return Along::Not };
            match step {
                Step::Item => {}
                Step::Computed(_) => return Along::Maybe,
                Step::Name(range) if text[range.clone()] == ***name => {
                    wanted.next();
                    if wanted.peek().is_none() {
                        return Along::Whole(range.clone());
                    }
                }
                Step::Name(_) => return Along::Not,
            }
        }
        // Whether something is there is all the same, whatever it holds.
        if self.tested { Along::Not } else { Along::Maybe }
    }
}

/// All ways in the tags and outputs of a text.
pub(super) fn all(text: &str) -> Vec<Way> {
    let mut found = Vec::new();
    for construct in Construct::all(text) {
        in_construct(text, &construct, &mut found);
    }
    found
}

/// The way in a tag or output whose name stands at a place, and which of its steps that is.
pub(super) fn around(text: &str, construct: &Construct, at: usize) -> Option<(Way, usize)> {
    let mut found = Vec::new();
    in_construct(text, construct, &mut found);
    let is_here = |step: &Step| matches!(step, Step::Name(range) if range.start <= at && at <= range.end);
    found.into_iter().find_map(|way| way.steps.iter().position(is_here).map(|step| (way, step)))
}

/// The way that a range holds, and nothing else; where each of its names stands.
pub(super) fn whole(text: &str, range: Range<usize>) -> Option<Vec<Range<usize>>> {
    let shown = text[range.clone()].trim();
    let start = range.start + (text[range.clone()].len() - text[range].trim_start().len());
    shown.starts_with(|c: char| c.is_alphabetic() || c == '_').then_some(())?;
    let (way, end) = way(text, start..start + shown.len(), &mut Vec::new());
    (end == start + shown.len()).then(|| way.names(way.steps.len()))?
}

/// All ways in a tag or output.
pub(super) fn in_construct(text: &str, construct: &Construct, found: &mut Vec<Way>) {
    let mut inner = construct.inner.clone();
    let mut tests = false;
    if construct.is_tag {
        let tag = cursor::word(text, inner.clone());
        let name = &text[tag.clone()];
        if NAMING.contains(&name) {
            return;
        }
        // What a list or an object contains is told by its keys.
        tests = TESTS.contains(&name) && !text[inner.clone()].contains("contains");
        inner.start = tag.end;
        let path = cursor::word(text, inner.clone());
        if CALLS.contains(&name) && !text[path.clone()].contains("{{") {
            inner.start = path.end;
        }
    }
    let mut waiting = Vec::new();
    in_part(text, inner, found, &mut waiting);
    found.iter_mut().for_each(|way| way.tested |= tests && construct.inner.contains(&way.start));
    while let Some(part) = waiting.pop() {
        in_part(text, part, found, &mut waiting);
    }
}

/// The ways in a range; what stands in brackets and quotes is added to `waiting`.
fn in_part(text: &str, part: Range<usize>, found: &mut Vec<Way>, waiting: &mut Vec<Range<usize>>) {
    let mut at = part.start;
    while at < part.end {
        let rest = &text[at..part.end];
        let Some(c) = rest.chars().next() else { break };
        if c == '"' || c == '\'' {
            let close = rest[1..].find(c).map_or(rest.len(), |close| close + 1);
            let quoted = at + 1..at + close;
            // A parameter may be written with outputs in it.
            for inner in Construct::all(&text[quoted.clone()]) {
                waiting.push(quoted.start + inner.inner.start..quoted.start + inner.inner.end);
            }
            at += close + 1;
            continue;
        }
        if !(c.is_alphabetic() || c == '_') {
            at += c.len_utf8();
            continue;
        }
        let (way, end) = way(text, at..part.end, waiting);
        let behind = text[end..part.end].trim_start();
        // A parameter's name is no variable, nor is what `assign` or a filter names.
        let is_given = behind.starts_with('=') && !behind.starts_with("==") || behind.starts_with(':');
        let is_filter = text[part.start..at].trim_end().ends_with('|');
        if way.steps.len() > 1 || !(is_given || is_filter) {
            found.push(way);
        }
        at = end.max(at + 1);
    }
}

/// The way that begins a range, and where it ends.
fn way(text: &str, part: Range<usize>, waiting: &mut Vec<Range<usize>>) -> (Way, usize) {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '?');
    let name = |from: usize| {
        let rest = &text[from..part.end];
        from..from + (rest.len() - rest.trim_start_matches(in_name).len())
    };
    let first = name(part.start);
    let mut end = first.end;
    let mut steps = vec![Step::Name(first)];
    loop {
        let rest = &text[end..part.end];
        if rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(in_name)) {
            let next = name(end + 1);
            end = next.end;
            steps.push(Step::Name(next));
            continue;
        }
        let Some(close) = rest.strip_prefix('[').and_then(closing) else { break };
        let inner = end + 1..end + 1 + close;
        end = inner.end + 1;
        let shown = text[inner.clone()].trim();
        let start = inner.start + (text[inner.clone()].len() - text[inner.clone()].trim_start().len());
        let quoted = ['"', '\''].iter().any(|sign| {
            shown.len() >= 2 && shown.starts_with(*sign) && shown[1..].find(*sign) == Some(shown.len() - 2)
        });
        if quoted {
            steps.push(Step::Name(start + 1..start + shown.len() - 1));
        } else if shown.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
            steps.push(Step::Item);
        } else {
            steps.push(Step::Computed(start));
            waiting.push(inner);
        }
    }
    (Way { steps, start: part.start, tested: false }, end)
}

/// Where the bracket that is open before a text is closed in it.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(at),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(text: &str, path: &str) -> Vec<Along> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        all(text).iter().map(|way| way.along(text, &path)).filter(|along| *along != Along::Not).collect()
    }

    #[test]
    fn ways_are_followed_as_far_as_they_are_written() {
        let whole = |text: &str, path: &str| match along(text, path).as_slice() {
            [Along::Whole(range)] => Some(text[range.clone()].to_owned()),
            _ => None,
        };
        for text in [
            "{{ site.é.b }}",
            "{{ site['é'].b.c | f: 1 }}",
            "{% for x in site[\"é\"][ 'b' ] %}",
            "{% include a/site.html x=site.é.b %}",
            "{% include a.html x=\"1{{ site.é.b }}\" %}",
            "{{ other[site.é.b] }}",
            "{{ site.é[0].b }}",
            "{% if a==site.é.b %}",
            "{% include {{site.é.b}} %}",
        ] {
            assert_eq!(whole(text, "site.é.b").as_deref(), Some("b"), "{text}");
        }
        for text in ["{{ site.é }}", "{{ site[name].b }}", "{% assign s = site %}", "{{ site.é[k] }}"] {
            assert_eq!(along(text, "site.é.b"), [Along::Maybe], "{text}");
        }
        for text in [
            "{{ site.x }}",
            "{{ 'site.é.b' }}",
            "{% assign site = 1 %}",
            "{% link site/a.md %}",
            "{{ site.é. }",
            "{{ [ [",
        ] {
            assert!(!matches!(along(text, "site.é.b").as_slice(), [Along::Whole(_), ..]), "{text}");
        }
    }
}
