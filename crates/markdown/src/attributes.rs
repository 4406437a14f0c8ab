//! Attributes of elements, and attribute lists: `{:#id .class key="value" reference}`.

use carafe_source::characters;

use rustc_hash::FxHashMap;

/// The attributes of an element, in the order in which they were given.
///
/// Most elements have none, so that nothing is kept for those.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Option<Box<List>>);

#[derive(Clone, Debug, Default)]
struct List {
    pairs: Vec<(String, String)>,
    /// Where each name stands, when there are many.
    index: Option<Box<FxHashMap<String, usize>>>,
}

impl List {
    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.pairs.iter().position(|(key, _)| key == name),
        }
    }

    fn push(&mut self, name: &str, value: String) {
        if self.pairs.is_empty() {
            // Most lists are of one.
            self.pairs.reserve_exact(1);
        }
        self.pairs.push((name.to_owned(), value));
        if self.pairs.len() == MANY {
            self.index_all();
        } else if let Some(index) = &mut self.index {
            index.insert(name.to_owned(), self.pairs.len() - 1);
        }
    }

    fn index_all(&mut self) {
        self.index = Some(Box::new(self.pairs.iter().map(|(key, _)| key.clone()).zip(0..).collect()));
    }
}

/// From so many attributes on they are looked up rather than looked through.
const MANY: usize = 64;

/// What an attribute takes beside the bytes of its name and value.
const OVERHEAD: usize = 16;

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.pairs() == other.pairs()
    }
}

impl Eq for Attributes {}

impl Attributes {
    fn pairs(&self) -> &[(String, String)] {
        self.0.as_ref().map_or(&[], |list| &list.pairs)
    }

    fn list(&mut self) -> &mut List {
        self.0.get_or_insert_default()
    }

    /// The bytes that a copy takes.
    pub(crate) fn size(&self) -> usize {
        self.pairs().iter().map(|(name, value)| name.len() + value.len() + OVERHEAD).sum()
    }

    /// Whether one has this name, in whatever case, as browsers read names.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The value of the attribute `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let list = self.0.as_ref()?;
        list.pairs.get(list.position(name)?).map(|(_, value)| value.as_str())
    }

    /// Sets an attribute, keeping its place when it is there already.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        let list = self.list();
        match list.position(name) {
            Some(at) => list.pairs[at].1 = value,
            None => list.push(name, value),
        }
    }

    /// Adds to the value of `class`.
    pub fn add_class(&mut self, class: &str) {
        let list = self.list();
        let Some(at) = list.position("class") else { return list.push("class", class.to_owned()) };
        let old = &mut list.pairs[at].1;
        if !old.is_empty() {
            old.push(' ');
        }
        old.push_str(class);
    }

    /// Removes an attribute and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let list = self.0.as_mut()?;
        let removed = list.pairs.remove(list.position(name)?);
        if list.index.is_some() {
            list.index_all();
        }
        Some(removed.1)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.0.iter_mut().flat_map(|list| &mut list.pairs).map(|(_, value)| value)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs().is_empty()
    }

    /// Replaces line ends in values by blanks.
    pub(crate) fn join_lines(&mut self) {
        for value in self.values_mut() {
            if value.contains('\n') {
                *value = value.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
            }
        }
    }

    /// Takes over another element's attributes: classes are added, others replaced.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (name, value) in other.pairs() {
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

impl AttributeList {
    /// Reads what stands between `{:` and `}`. False when nothing of it makes sense.
    pub(crate) fn read(&mut self, text: &str) -> bool {
        let trimmed = characters::trim(text);
        if trimmed.is_empty() || trimmed == ":" {
            return true;
        }
        let mut found = false;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let blanks = rest.len() - characters::trim_start(rest).len();
            at += blanks;
            if at >= text.len() {
                break;
            }
            match self.read_item(&text[at..]) {
                Some(len) => {
                    found = true;
                    at += len;
                }
                None => at += text[at..].find(characters::is_space).unwrap_or(text.len() - at),
            }
        }
        found
    }

    /// Reads one item that must end before white space or at the end; returns its length.
    fn read_item(&mut self, text: &str) -> Option<usize> {
        let ends = |at: usize| text[at..].chars().next().is_none_or(characters::is_space);
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
        let end = text.find(characters::is_space).unwrap_or(text.len());
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

    /// The names of the definitions that it refers to.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        self.references.iter().map(String::as_str)
    }

    /// What it says itself.
    pub(crate) fn own(&self) -> &Attributes {
        &self.attributes
    }

    /// The bytes that a copy takes, without what its references give.
    pub(crate) fn size(&self) -> usize {
        self.attributes.size() + self.references.iter().map(|name| name.len() + OVERHEAD).sum::<usize>()
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
    fn many_attributes_keep_their_order_and_their_last_values() {
        let mut attributes = Attributes::default();
        for n in 0..200 {
            attributes.set(&format!("k{n}"), "a");
        }
        attributes.remove("k0");
        attributes.set("k150", "b");
        assert_eq!((attributes.get("k0"), attributes.get("k150")), (None, Some("b")));
        assert_eq!(attributes.iter().nth(149), Some(("k150", "b")));
    }
}
