//! HTML to headings and text: a scanner for well-formed output of our own, which takes whatever else it meets as text.

use super::Section;

/// Elements inside a line: their tags do not separate words.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// Elements whose content nobody reads.
const SILENT: &[&str] = &["script", "style", "template", "svg", "math", "head"];

/// The content's sections. The first has no heading; it is left out when it is empty.
pub(super) fn sections(html: &str) -> Vec<Section> {
    let mut scan = Scan { sections: vec![Section::default()], in_heading: None, blank: false };
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        scan.text(&rest[..at]);
        rest = scan.tag(&rest[at..]);
    }
    scan.text(rest);
    let mut sections = scan.sections;
    if sections.first().is_some_and(|first| first.text.is_empty()) {
        sections.remove(0);
    }
    sections
}

struct Scan {
    sections: Vec<Section>,
    /// The level of the heading that is being read.
    in_heading: Option<u8>,
    /// Whether a blank stands before the next text.
    blank: bool,
}

impl Scan {
    fn text(&mut self, text: &str) {
        let Some(section) = self.sections.last_mut() else { return };
        let out = if self.in_heading.is_some() { &mut section.heading } else { &mut section.text };
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_whitespace() || c == '&').unwrap_or(rest.len());
            let (plain, tail) = rest.split_at(end);
            if !plain.is_empty() {
                push(out, plain, &mut self.blank);
            }
            if let Some(tail) = tail.strip_prefix('&') {
                let (c, after) = entity(tail);
                match c {
                    c if c.is_whitespace() => self.blank = true,
                    // A soft hyphen is no letter of the word.
                    '\u{ad}' | '\u{200b}' => {}
                    c => push(out, c.encode_utf8(&mut [0; 4]), &mut self.blank),
                }
                rest = after;
            } else if let Some(c) = tail.chars().next() {
                self.blank = true;
                rest = &tail[c.len_utf8()..];
            } else {
                rest = tail;
            }
        }
    }

    /// Reads the tag at the start of `rest`; what is behind it.
    fn tag<'h>(&mut self, rest: &'h str) -> &'h str {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        let closing = rest.starts_with("</");
        let from = if closing { 2 } else { 1 };
        let name_end = rest[from..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(rest.len(), |end| from + end);
        let name = &rest[from..name_end];
        if name.is_empty() && !closing && !rest.starts_with("<!") {
            self.text("&lt;");
            return &rest[1..];
        }
        let (attributes, after) = split_tag(&rest[name_end..]);
        if SILENT.contains(&name) && !closing && !attributes.ends_with('/') {
            return behind(after, name);
        }
        if let Some(level) = heading_level(name) {
            self.heading(level, closing, attributes);
        } else if !INLINE.contains(&name) {
            self.blank = true;
        } else if name == "wbr" {
            self.blank = false;
        }
        // The titles of tabs stand above their panels once more.
        if name == "p" && !closing && attribute(attributes, "class") == Some("tabs-label") {
            return behind(after, "p");
        }
        after
    }

    fn heading(&mut self, level: u8, closing: bool, attributes: &str) {
        self.blank = true;
        if closing {
            if self.in_heading == Some(level) {
                self.in_heading = None;
            }
        } else if let Some(id) = attribute(attributes, "id").filter(|id| !id.is_empty()) {
            self.sections.push(Section { id: unescape(id), ..Section::default() });
            self.in_heading = Some(level);
        }
    }
}

fn push(out: &mut String, text: &str, blank: &mut bool) {
    if *blank && !out.is_empty() {
        out.push(' ');
    }
    *blank = false;
    out.push_str(text);
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Splits what follows a tag's name into its attributes and what is behind the tag.
fn split_tag(rest: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'>', b'"', b'\'', &rest.as_bytes()[at..]) {
        let found = at + next;
        match rest.as_bytes()[found] {
            b'>' => return (&rest[..found], &rest[found + 1..]),
            quote => match memchr::memchr(quote, &rest.as_bytes()[found + 1..]) {
                Some(end) => at = found + 1 + end + 1,
                None => break,
            },
        }
    }
    // A tag without end takes the rest, as it does in browsers.
    (rest, "")
}

/// What is behind the end tag of `name`.
fn behind<'h>(rest: &'h str, name: &str) -> &'h str {
    let end = format!("</{name}");
    match memchr::memmem::find(rest.as_bytes(), end.as_bytes()) {
        Some(at) => split_tag(&rest[at + end.len()..]).1,
        None => "",
    }
}

fn attribute<'h>(attributes: &'h str, name: &str) -> Option<&'h str> {
    let at = memchr::memmem::find_iter(attributes.as_bytes(), name.as_bytes()).find(|&at| {
        attributes[..at].ends_with(|c: char| c.is_ascii_whitespace())
            && attributes[at + name.len()..].starts_with("=\"")
    })?;
    attributes[at + name.len() + 2..].split('"').next()
}

/// The character of an entity, which starts behind the `&`, and what follows it; `&` where there is none.
fn entity(rest: &str) -> (char, &str) {
    let found = rest.as_bytes().iter().take(12).position(|&byte| byte == b';').and_then(|end| {
        let (name, after) = (&rest[..end], &rest[end + 1..]);
        let c = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => ' ',
            "shy" => '\u{ad}',
            "ndash" => '–',
            "mdash" => '—',
            "hellip" => '…',
            "rarr" => '→',
            "copy" => '©',
            name => {
                let digits = name.strip_prefix('#')?;
                let number = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(number)?
            }
        };
        Some((c, after))
    });
    found.unwrap_or(('&', rest))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (c, after) = entity(after);
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
    out
}
