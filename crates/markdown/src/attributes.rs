//! Attributes of elements, and attribute lists: `{:#id .class key="value" reference}`.

use rustc_hash::FxHashMap;

/// The attributes of an element, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of the attribute `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets an attribute, keeping its place when it is there already.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Adds to the value of `class`.
    pub fn add_class(&mut self, class: &str) {
        match self.0.iter_mut().find(|(key, _)| key == "class") {
            Some((_, old)) if old.is_empty() => class.clone_into(old),
            Some((_, old)) => {
                old.push(' ');
                old.push_str(class);
            }
            None => self.0.push(("class".to_owned(), class.to_owned())),
        }
    }

    /// Removes an attribute and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Replaces line ends in values by blanks.
    pub(crate) fn join_lines(&mut self) {
        for (_, value) in &mut self.0 {
            if value.contains('\n') {
                *value = value.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
            }
        }
    }

    /// Takes over another element's attributes: classes are added, others replaced.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            if name == "class" { self.add_class(value) } else { self.set(name, value.as_str()) }
        }
    }
}

/// What an attribute list says.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttributeList {
    /// Names of definitions, or words that mean something to the writer (`toc`).
    pub(crate) references: Vec<String>,
    /// What is set directly.
    pub(crate) attributes: Attributes,
}

/// The definitions of attribute lists, by name.
pub(crate) type Definitions = FxHashMap<String, AttributeList>;

/// Definitions may refer to one another; longer chains than this are circles.
const MAX_CHAIN: usize = 16;

impl AttributeList {
    /// Reads what stands between `{:` and `}`. False when nothing of it makes sense.
    pub(crate) fn read(&mut self, text: &str) -> bool {
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed == ":" {
            return true;
        }
        let mut found = false;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let blanks = rest.len() - rest.trim_start().len();
            at += blanks;
            if at >= text.len() {
                break;
            }
            match self.read_item(&text[at..]) {
                Some(len) => {
                    found = true;
                    at += len;
                }
                None => at += text[at..].find(char::is_whitespace).unwrap_or(text.len() - at),
            }
        }
        found
    }

    /// Reads one item that must end before white space or at the end; returns its length.
    fn read_item(&mut self, text: &str) -> Option<usize> {
        let ends = |at: usize| text[at..].chars().next().is_none_or(char::is_whitespace);
        let name = name_length(text);
        if name > 0 {
            if let Some((value, len)) = quoted_value(&text[name..])
                && ends(name + len)
            {
                self.attributes.set(&text[..name], value);
                return Some(name + len);
            }
            return ends(name).then(|| {
                self.references.push(text[..name].to_owned());
                name
            });
        }
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let mut items = Vec::new();
        let mut at = 0;
        while at < end {
            let (kind, len) = id_or_class(&text[at..end])?;
            items.push((kind, &text[at + 1..at + len]));
            at += len;
        }
        for (kind, value) in items {
            if kind == b'#' { self.attributes.set("id", value) } else { self.attributes.add_class(value) }
        }
        Some(end)
    }

    /// Adds another list to this one.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.references.extend(other.references.iter().cloned());
        self.attributes.merge(&other.attributes);
    }

    /// Sets the attributes of an element: those of the definitions referred to, then its own.
    pub(crate) fn apply(&self, attributes: &mut Attributes, definitions: &Definitions) {
        self.apply_chain(attributes, definitions, 0);
    }

    fn apply_chain(&self, attributes: &mut Attributes, definitions: &Definitions, depth: usize) {
        if depth < MAX_CHAIN {
            for list in self.references.iter().filter_map(|name| definitions.get(name)) {
                list.apply_chain(attributes, definitions, depth + 1);
            }
        }
        attributes.merge(&self.attributes);
    }

    /// Whether one of the references is `name`.
    pub(crate) fn refers_to(&self, name: &str) -> bool {
        self.references.iter().any(|reference| reference == name)
    }
}

/// The length of a name (`\w[\w-]*`) at the start of `text`, 0 when there is none.
pub(crate) fn name_length(text: &str) -> usize {
    let mut bytes = text.bytes();
    if !bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return 0;
    }
    1 + bytes.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count()
}

/// `="value"` at the start of `text`: the value without its escapes, and the length.
fn quoted_value(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(1).filter(|&&byte| bytes.first() == Some(&b'=') && matches!(byte, b'"' | b'\''))?;
    let mut value = String::new();
    let mut at = 2;
    let mut from = 2;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && bytes.get(at + 1).is_some_and(|&next| next == quote || next == b'}') {
            value.push_str(&text[from..at]);
            from = at + 1;
            at += 2;
        } else if byte == quote {
            value.push_str(&text[from..at]);
            return Some((value, at + 1));
        } else {
            at += 1;
        }
    }
    None
}

/// `#id` or `.class` at the start of `text`: its sign and length.
fn id_or_class(text: &str) -> Option<(u8, usize)> {
    let bytes = text.as_bytes();
    let sign = *bytes.first()?;
    let len = match sign {
        b'#' => {
            bytes.get(1).filter(|byte| byte.is_ascii_alphabetic())?;
            2 + bytes[2..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-')).count()
        }
        b'.' => 1 + bytes[1..].iter().take_while(|b| !matches!(b, b'.' | b'#')).count(),
        _ => return None,
    };
    (len > 1).then_some((sign, len))
}

/// No attribute list is longer than this; the bound keeps a text full of `{:` from being searched again and again.
const MAX_LENGTH: usize = 4096;

/// `{:…}` at the start of `text`: the length of what stands between `{:` and `}`. At least one character must.
pub(crate) fn list_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{:")?.as_bytes();
    let inner = &inner[..inner.len().min(MAX_LENGTH)];
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'}', b'\\', &inner[at..])?;
        if inner[at] == b'}' {
            return (at > 0).then_some(at);
        }
        at += if inner.get(at + 1) == Some(&b'}') { 2 } else { 1 };
        if at >= inner.len() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_sets_id_classes_values_and_references() {
        let mut list = AttributeList::default();
        assert!(list.read(r#" #one.two .three key="a \" b" name toc"#));
        let pairs: Vec<_> = list.attributes.iter().collect();
        assert_eq!(pairs, [("id", "one"), ("class", "two three"), ("key", "a \" b")]);
        assert_eq!(list.references, ["name", "toc"]);
        assert!(!list.read("%%"));
    }

    #[test]
    fn definitions_that_refer_to_each_other_end() {
        let mut a = AttributeList::default();
        a.read("b .x");
        let mut b = AttributeList::default();
        b.read("a");
        let definitions = Definitions::from_iter([("a".to_owned(), a.clone()), ("b".to_owned(), b)]);
        let mut attributes = Attributes::default();
        a.apply(&mut attributes, &definitions);
        assert!(attributes.get("class").is_some_and(|class| class.starts_with('x')));
    }
}
