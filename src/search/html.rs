//! HTML to headings and text: a scanner for well-formed output of our own, which takes whatever else it meets as text.

use super::Section;

/// What an element's tags do to the text around them.
enum Element {
    /// They do not separate words.
    Inline,
    /// A word may be broken there, and is one word all the same.
    Break,
    /// They separate words.
    Block,
    /// They separate words too, and may be a tab's panel or an accordion.
    Box,
    /// The title of an accordion.
    Summary,
    Heading,
    /// Nobody reads the content.
    Silent,
}

/// The element of this name; first those that highlighted code is full of.
fn element(name: &str) -> Element {
    match name {
        "span" | "code" | "a" | "strong" | "em" => Element::Inline,
        "div" | "details" | "section" => Element::Box,
        "summary" => Element::Summary,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Element::Heading,
        "script" | "style" | "template" | "svg" | "math" | "head" => Element::Silent,
        "wbr" => Element::Break,
        "abbr" | "b" | "bdi" | "bdo" | "cite" | "data" | "del" | "dfn" | "font" | "i" | "ins" | "kbd" | "mark"
        | "q" | "s" | "samp" | "small" | "sub" | "sup" | "time" | "tt" | "u" | "var" => Element::Inline,
        _ => Element::Block,
    }
}

/// The content's sections. The first has no heading; it is left out when it is empty.
pub(super) fn sections(html: &str) -> Vec<Section> {
    let mut scan = Scan { sections: vec![Section::default()], ..Scan::default() };
    let mut rest = html;
    while !rest.is_empty() {
        rest = scan.text(rest);
        if rest.starts_with('<') {
            rest = scan.tag(rest);
        }
    }
    let mut sections = scan.sections;
    if sections.first().is_some_and(|first| first.text.is_empty()) {
        sections.remove(0);
    }
    sections
}

#[derive(Default)]
struct Scan<'h> {
    sections: Vec<Section>,
    /// The section that is being read: the last one, but behind a box with a section of its own the one around it.
    current: usize,
    /// The boxes around the text by their names, and for those with a section of their own the section around it.
    boxes: Vec<(&'h str, Option<usize>)>,
    /// The element whose text is the section's heading, while that is read.
    in_heading: Option<&'h str>,
    /// Whether a blank stands before the next text.
    blank: bool,
}

impl<'h> Scan<'h> {
    /// Where text goes now, and whether a blank stands before it.
    fn out(&mut self) -> Option<(&mut String, &mut bool)> {
        let section = self.sections.get_mut(self.current)?;
        let out = if self.in_heading.is_some() { &mut section.heading } else { &mut section.text };
        Some((out, &mut self.blank))
    }

    /// Reads the text at the start of `rest`; what is behind it, from the next tag on.
    fn text(&mut self, mut rest: &'h str) -> &'h str {
        let Some((out, blank)) = self.out() else { return "" };
        loop {
            // Most of a page is looked at here, byte by byte: a text between two tags is short. A single blank between two
            // words stays what it is.
            let plain =
                |at: usize| rest.as_bytes().get(at).is_some_and(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'&'));
            let blank_at = |at: usize| at > 0 && rest.as_bytes().get(at) == Some(&b' ') && plain(at + 1);
            let mut end = 0;
            while plain(end) || blank_at(end) {
                end += 1;
            }
            if end > 0 {
                push(out, &rest[..end], blank);
                rest = &rest[end..];
            }
            let c = match rest.as_bytes().first() {
                None | Some(b'<') => return rest,
                Some(b'&') => {
                    let (c, after) = entity(&rest[1..]);
                    rest = after;
                    c
                }
                Some(_) => {
                    let mut chars = rest.chars();
                    let c = chars.next().unwrap_or(' ');
                    rest = chars.as_str();
                    c
                }
            };
            match c {
                c if c.is_whitespace() => *blank = true,
                // A soft hyphen is no letter of the word.
                '\u{ad}' | '\u{200b}' => {}
                c => push(out, c.encode_utf8(&mut [0; 4]), blank),
            }
        }
    }

    /// Reads the tag at the start of `rest`; what is behind it.
    fn tag(&mut self, rest: &'h str) -> &'h str {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        let closing = rest.starts_with("</");
        let from = if closing { 2 } else { 1 };
        let letters = rest.as_bytes()[from..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (name, behind_name) = rest[from..].split_at(letters);
        if name.is_empty() && !closing && !rest.starts_with("<!") {
            if let Some((out, blank)) = self.out() {
                push(out, "<", blank);
            }
            return &rest[1..];
        }
        let (attributes, after) = split_tag(behind_name);
        let element = element(name);
        match element {
            Element::Inline => return after,
            Element::Break => self.blank = false,
            Element::Silent if !closing && !attributes.ends_with('/') => return behind(after, name),
            _ => self.blank = true,
        }
        if closing {
            if self.in_heading == Some(name) {
                self.in_heading = None;
            }
            if self.boxes.last().is_some_and(|(open, _)| *open == name)
                && let Some((_, Some(around))) = self.boxes.pop()
            {
                self.current = around;
            }
            return after;
        }
        match element {
            // The titles of tabs stand in their panels once more.
            Element::Box if attribute(attributes, "role") == Some("tablist") => return behind(after, name),
            Element::Box => self.enter(name, attributes),
            Element::Heading if self.begin(attributes) => self.in_heading = Some(name),
            Element::Summary if self.is_untitled("details") => self.in_heading = Some(name),
            Element::Block if name == "p" && attribute(attributes, "class") == Some("tabs-label") => {
                if !self.is_untitled("div") {
                    return behind(after, name);
                }
                self.in_heading = Some(name);
            }
            _ => {}
        }
        after
    }

    /// Enters a box. What a reader must open to see it has a section of its own, so that it can be led to.
    fn enter(&mut self, name: &'h str, attributes: &str) {
        let around = self.current;
        let opens = name == "details" || attribute(attributes, "role") == Some("tabpanel");
        let own = opens && self.begin(attributes);
        self.boxes.push((name, own.then_some(around)));
    }

    /// Begins a section at an element with an id; whether it has one.
    fn begin(&mut self, attributes: &str) -> bool {
        let Some(id) = attribute(attributes, "id").filter(|id| !id.is_empty()) else { return false };
        self.current = self.sections.len();
        self.sections.push(Section { id: unescape(id), ..Section::default() });
        true
    }

    /// Whether the innermost box is such an element with a section of its own, which has no heading yet.
    fn is_untitled(&self, name: &str) -> bool {
        let own = self.boxes.last().is_some_and(|(open, around)| *open == name && around.is_some());
        own && self.sections.get(self.current).is_some_and(|section| section.heading.is_empty())
    }
}

fn push(out: &mut String, text: &str, blank: &mut bool) {
    if *blank && !out.is_empty() {
        out.push(' ');
    }
    *blank = false;
    out.push_str(text);
}

/// Splits what follows a tag's name into its attributes and what is behind the tag.
fn split_tag(rest: &str) -> (&str, &str) {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'>' | b'"' | b'\'')) {
        let found = at + next;
        match bytes[found] {
            b'>' => return (&rest[..found], &rest[found + 1..]),
            quote => match memchr::memchr(quote, &bytes[found + 1..]) {
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
