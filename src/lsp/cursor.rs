//! What stands around a place in a text that may be unfinished: found by its letters, since what is being typed parses as nothing yet.

use std::ops::Range;

/// How far before a place the tag may begin that it stands in.
const FAR: usize = 16 << 10;

/// A tag or an output, finished or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Construct {
    /// Whether it is a tag.
    pub(super) is_tag: bool,
    /// All of it, delimiters included.
    pub(super) span: Range<usize>,
    /// What stands between the delimiters.
    pub(super) inner: Range<usize>,
    /// Whether it has an end.
    pub(super) closed: bool,
}

impl Construct {
    /// The one that begins at `start`, where its delimiter stands.
    fn at(text: &str, start: usize) -> Option<Self> {
        let is_tag = match text.as_bytes().get(start..start + 2)? {
            b"{%" => true,
            b"{{" => false,
            _ => return None,
        };
        let rest = &text[start + 2..];
        let close = rest.find(if is_tag { "%}" } else { "}}" });
        let dashed = usize::from(rest.starts_with('-'));
        // Outputs may stand in a tag's markup; whatever else begins in it says that it was never finished.
        let next = [rest.find("{%"), rest.find("{{").filter(|_| !is_tag)].into_iter().flatten().min();
        let quits = close
            .is_none_or(|close| next.is_some_and(|next| next < close) || !is_tag && rest[..close].contains("\n\n"));
        if let Some(close) = close.filter(|_| !quits) {
            let inner = rest[..close].strip_suffix('-').unwrap_or(&rest[..close]).len();
            let inner = start + 2 + dashed..(start + 2 + inner).max(start + 2 + dashed);
            return Some(Self { is_tag, span: start..start + 4 + close, inner, closed: true });
        }
        let line = rest.find('\n').unwrap_or(rest.len());
        let end = start + 2 + line;
        Some(Self { is_tag, span: start..end, inner: (start + 2 + dashed).min(end)..end, closed: false })
    }

    /// The one that a place lies in.
    pub(super) fn around(text: &str, at: usize) -> Option<Self> {
        let mut from = at;
        loop {
            let before = text.get(..from)?;
            let start = ["{%", "{{"].iter().filter_map(|open| before.rfind(open)).max()?;
            let found = Self::at(text, start)?;
            if found.inner.start <= at && at <= found.inner.end {
                return Some(found);
            }
            // What stands before an output may be a tag with the output in it.
            if found.is_tag || at - start > FAR {
                return None;
            }
            from = start;
        }
    }

    /// All of them, in order.
    pub(super) fn all(text: &str) -> impl Iterator<Item = Self> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = &text[at..];
            let start = at + ["{%", "{{"].iter().filter_map(|open| rest.find(open)).min()?;
            let found = Self::at(text, start)?;
            at = found.span.end.max(start + 2);
            Some(found)
        })
    }

    /// The part that a place belongs to: the line of a `liquid` tag, else all.
    pub(super) fn part(&self, text: &str, at: usize) -> Range<usize> {
        let name = word(text, self.inner.clone());
        if !self.is_tag || &text[name.clone()] != "liquid" || at <= name.end {
            return self.inner.clone();
        }
        let start = text[name.end..at].rfind('\n').map_or(name.end, |line| name.end + line + 1);
        let end = text[at..self.inner.end].find('\n').map_or(self.inner.end, |line| at + line);
        start..end
    }
}

/// The first run without blanks in a range.
pub(super) fn word(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    let len = text[start..range.end].find(char::is_whitespace).unwrap_or(range.end - start);
    start..start + len
}

/// A parameter of a call as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    pub(super) name: Range<usize>,
    /// The value with its quotes; empty when there is none yet.
    pub(super) value: Range<usize>,
}

/// The parameters in a range.
pub(super) fn arguments(text: &str, range: Range<usize>) -> Vec<Argument> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if bytes[at].is_ascii_whitespace() || bytes[at] == b',' {
            at += 1;
            continue;
        }
        let start = at;
        while at < range.end && !bytes[at].is_ascii_whitespace() && !matches!(bytes[at], b'=' | b',') {
            at += 1;
        }
        let name = start..at;
        let sign = at + (text[at..range.end].len() - text[at..range.end].trim_start_matches([' ', '\t']).len());
        if bytes.get(sign) != Some(&b'=') || sign >= range.end {
            continue;
        }
        at = sign + 1;
        let first = at + (text[at..range.end].len() - text[at..range.end].trim_start_matches([' ', '\t']).len());
        let value = match bytes.get(first).filter(|_| first < range.end) {
            Some(quote @ (b'"' | b'\'')) => {
                let close = memchr::memchr(*quote, &bytes[first + 1..range.end]);
                first..close.map_or(range.end, |close| first + 1 + close + 1)
            }
            _ if first > at => at..at,
            _ => word(text, at..range.end),
        };
        at = value.end.max(at);
        found.push(Argument { name, value });
    }
    found
}

/// A variable with the way into it, around a place: the range of each name, and which of them the place is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lookup {
    pub(super) names: Vec<Range<usize>>,
    pub(super) at: usize,
}

impl Lookup {
    /// The one around a place within `range`; `None` in a text in quotes. At its end it may be empty.
    pub(super) fn around(text: &str, range: Range<usize>, at: usize) -> Option<Self> {
        let before = text.get(range.start..at)?;
        if quote(before).is_some() {
            return None;
        }
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = range.start + before.trim_end_matches(part).len();
        let after = text.get(at..range.end)?;
        let rest = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = at + (after.len() - after.trim_start_matches(rest).len());
        let mut names = Vec::new();
        let mut from = start;
        for name in text[start..end].split('.') {
            names.push(from..from + name.len());
            from += name.len() + 1;
        }
        let which = names.iter().position(|name| name.start <= at && at <= name.end)?;
        Some(Self { names, at: which })
    }

    /// Where the names up to the one that the place is in stand.
    pub(super) fn up_to(self) -> Vec<Range<usize>> {
        self.names.into_iter().take(self.at + 1).collect()
    }

    /// The names up to the one that the place is in.
    pub(super) fn path<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.names.iter().take(self.at + 1).map(|name| &text[name.clone()]).collect()
    }
}

/// The quote that is open at the end of a text.
pub(super) fn quote(text: &str) -> Option<char> {
    let mut open = None;
    for c in text.chars() {
        match (open, c) {
            (None, '"' | '\'') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open
}

/// The line that a place is on, without its end.
pub(super) fn line(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    start..start + text[start..end].trim_end_matches('\r').len()
}

/// An address that is written on the line of a place, the place within it: its range, and whether it shows a picture.
pub(super) fn address(text: &str, at: usize) -> Option<(Range<usize>, bool)> {
    let line = line(text, at);
    let before = &text[line.start..at.min(line.end)];
    let opens = [("](", " )\t"), ("href=\"", "\""), ("src=\"", "\""), ("href='", "'"), ("src='", "'")];
    let open = opens.iter().filter_map(|(open, ends)| Some((before.rfind(open)? + open.len(), *open, *ends))).max();
    let (start, sign, ends) = match open {
        Some(open) => open,
        None => {
            // `[name]: address`
            let start = before.find("]: ").filter(|_| before.trim_start().starts_with('['))? + 3;
            (start, "]: ", " ")
        }
    };
    let start = line.start + start;
    let ends = |c: char| ends.contains(c);
    if text[start..at].contains(ends) {
        return None;
    }
    let end = text[at..line.end].find(ends).map_or(line.end, |end| at + end);
    let is_picture = match sign {
        "](" => {
            text[line.start..start].rfind('[').is_some_and(|open| text[line.start..line.start + open].ends_with('!'))
        }
        sign => sign.starts_with("src"),
    };
    Some((start..end, is_picture))
}

/// The name of the language of a fence that opens on the line of a place, the place within it.
pub(super) fn fence(text: &str, at: usize) -> Option<Range<usize>> {
    let line = line(text, at);
    let shown = &text[line.clone()];
    let mark = shown.trim_start_matches([' ', '\t', '>']);
    let signs = mark.len() - mark.trim_start_matches('`').len().min(mark.trim_start_matches('~').len());
    if signs < 3 {
        return None;
    }
    let start = line.end - mark.len() + signs;
    let name = start..start + text[start..line.end].find([' ', '\t', '{', ',']).unwrap_or(line.end - start);
    (name.start <= at && at <= name.end).then_some(name)
}

/// A variable that a text gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assigned {
    pub(super) name: Range<usize>,
    /// The tag that does it.
    pub(super) tag: &'static str,
    /// What stands behind the name.
    pub(super) behind: Range<usize>,
    pub(super) span: Range<usize>,
}

/// All variables that a text gives a value, in order.
pub(super) fn assigned(text: &str) -> Vec<Assigned> {
    let mut found = Vec::new();
    for construct in Construct::all(text).filter(|construct| construct.is_tag) {
        let first = word(text, construct.inner.clone());
        let lines: Vec<Range<usize>> = if &text[first.clone()] == "liquid" {
            let mut at = first.end;
            let lines = text[first.end..construct.inner.end].split_inclusive('\n');
            lines
                .map(|line| {
                    at += line.len();
                    at - line.len()..at
                })
                .collect()
        } else {
            vec![construct.inner.clone()]
        };
        for line in lines {
            let tag = word(text, line.clone());
            let known = ["assign", "capture", "for", "tablerow", "increment", "decrement"];
            let Some(known) = known.into_iter().find(|known| *known == &text[tag.clone()]) else { continue };
            let name = word(text, tag.end..line.end);
            let len = text[name.clone()].find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
            let name = name.start..len.map_or(name.end, |len| name.start + len);
            if !name.is_empty() {
                let behind = name.end..line.end;
                found.push(Assigned { name, tag: known, behind, span: construct.span.clone() });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (String, usize) {
        let at = text.find('|').unwrap();
        (text.replacen('|', "", 1), at)
    }

    fn inner(text: &str) -> Option<String> {
        let (text, at) = at(text);
        Construct::around(&text, at).map(|found| text[found.inner].to_owned())
    }

    #[test]
    fn constructs_are_found_unfinished_too() {
        assert_eq!(inner("a {% incl| %} b").as_deref(), Some(" incl "));
        assert_eq!(inner("a {%- incl| -%} b").as_deref(), Some(" incl "));
        assert_eq!(inner("a {% incl|\n\n{% if x %}").as_deref(), Some(" incl"));
        assert_eq!(inner("{{ page.| \nmore {{ x }}").as_deref(), Some(" page. "));
        assert_eq!(inner("{% include a.html x=\"{{ p| }}\" %}").as_deref(), Some(" p "));
        assert_eq!(inner("{% include a.html x=\"{{ p }}\" |%}").as_deref(), Some(" include a.html x=\"{{ p }}\" "));
        assert_eq!(inner("{%|").as_deref(), Some(""));
        assert_eq!(inner("{% a %}|"), None);
        assert_eq!(inner("no {|"), None);
        assert_eq!(inner("|{% a %}"), None);
    }

    #[test]
    fn arguments_have_places() {
        let text = "a=\"x y\" b = 1 c= d='é' e";
        let found: Vec<_> =
            arguments(text, 0..text.len()).into_iter().map(|one| (&text[one.name], &text[one.value])).collect();
        assert_eq!(found, [("a", "\"x y\""), ("b", ""), ("c", ""), ("d", "'é'")]);
    }

    #[test]
    fn lookups_links_and_fences_are_found() {
        let (text, place) = at("{{ site.da|ta.x }}");
        let found = Lookup::around(&text, 2..text.len(), place).unwrap();
        assert_eq!(found.path(&text), ["site", "data"]);
        let (text, place) = at("see ![a](pics/x|.png) b");
        assert_eq!(address(&text, place), Some((9..19, true)));
        let (text, place) = at("[a](x) b|");
        assert_eq!(address(&text, place), None);
        let (text, place) = at("> ```ru|st {1}");
        assert_eq!(fence(&text, place).map(|name| text[name].to_owned()).as_deref(), Some("rust"));
        assert_eq!(fence("``x", 2), None);
        let text = "{% assign a = 1 %}{% liquid\n for é in b\n capture c\n%}";
        let names: Vec<&str> = assigned(text).into_iter().map(|one| &text[one.name]).collect();
        assert_eq!(names, ["a", "é", "c"]);
    }
}
