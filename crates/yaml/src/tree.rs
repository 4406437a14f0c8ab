//! The tree of values of a document, which shares what aliases stand for.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::problem::{Place, Problem};
use crate::scalar::{Meaning, Scalar};
use crate::schema::Schema;

/// A value and its place. Clones share what lists and mappings hold.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written, from its first byte to its last; an alias's place is its own.
    pub place: Place,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A scalar.
    Scalar(Scalar),
    /// A list.
    Sequence(Arc<Sequence>),
    /// A mapping.
    Mapping(Arc<Mapping>),
}

/// A list.
#[derive(Debug)]
pub struct Sequence {
    items: Vec<Node>,
    shape: Shape,
}

/// A mapping: names are unique, in the order of their first places.
#[derive(Debug)]
pub struct Mapping {
    entries: Vec<Entry>,
    shape: Shape,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as a text: in native documents as written, by Ruby's rules as Ruby prints it; `None` for lists and mappings.
    pub name: Option<Arc<str>>,
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// What is known of all that is below a list or mapping, aliases followed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// How deep it is.
    pub height: usize,
    /// How many lists and mappings stand in keys of each other.
    pub key_height: usize,
    /// What it would take if nothing was shared.
    bytes: usize,
}

/// What a document may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of its text.
    pub text: usize,
    /// How deep lists and mappings may be within each other.
    pub depth: usize,
    /// The bytes of its values, those of aliases and merged keys counted as often as they are used.
    pub bytes: usize,
}

impl Default for Limits {
    /// 64 MiB of text, 100 levels, 128 MiB of values.
    fn default() -> Self {
        Self { text: 64 << 20, depth: 100, bytes: 128 << 20 }
    }
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its value; null for an empty document.
    pub root: Node,
    /// The schema by which it was read.
    pub schema: Schema,
    /// Doubts about it, by place.
    pub warnings: Vec<Problem>,
}

impl Sequence {
    pub(super) fn of(items: Vec<Node>) -> Self {
        let mut shape = Shape::EMPTY;
        items.iter().for_each(|item| shape.add(item.shape()));
        Self { items, shape }
    }

    /// A mapping of what stands in the list, which counts as the list does.
    pub(super) fn as_pairs(&self, entries: Vec<Entry>) -> Mapping {
        Mapping { entries, shape: self.shape }
    }

    /// The elements.
    pub fn items(&self) -> &[Node] {
        &self.items
    }

    /// The elements, for whoever needs the list no more.
    pub fn into_items(self) -> Vec<Node> {
        self.items
    }
}

impl Mapping {
    /// Names must be unique.
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let mut shape = Shape::EMPTY;
        entries.iter().for_each(|entry| shape.add_entry(entry));
        Self { entries, shape }
    }

    /// The bytes that it would take if nothing was shared.
    pub(super) fn bytes(&self) -> usize {
        self.shape.bytes
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries, for whoever needs the mapping no more.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The entry of this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.as_deref() == Some(name))
    }
}

impl Node {
    /// Null, written nowhere.
    pub fn null() -> Self {
        let scalar = Scalar { text: "".into(), style: crate::Style::Plain, meaning: Meaning::Null };
        Self { value: Value::Scalar(scalar), place: Place::default() }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Arc<Mapping>> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_sequence(&self) -> Option<&Arc<Sequence>> {
        match &self.value {
            Value::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Gives all scalars that are values or elements, at any depth, to `take`. Lists and mappings that aliases repeat are
    /// looked at once.
    pub fn each_value<'n>(&'n self, take: &mut dyn FnMut(&'n Self)) {
        self.each_unseen(take, &mut FxHashSet::default());
    }

    fn each_unseen<'n>(&'n self, take: &mut dyn FnMut(&'n Self), seen: &mut FxHashSet<*const ()>) {
        match &self.value {
            Value::Scalar(_) => take(self),
            Value::Sequence(list) if seen.insert(Arc::as_ptr(list).cast()) => {
                list.items.iter().for_each(|item| item.each_unseen(take, seen));
            }
            Value::Mapping(map) if seen.insert(Arc::as_ptr(map).cast()) => {
                map.entries.iter().for_each(|entry| entry.value.each_unseen(take, seen));
            }
            Value::Sequence(_) | Value::Mapping(_) => {}
        }
    }

    /// The first entry, at any depth, whose name and value are `wanted`. What aliases repeat is looked at once.
    pub fn find_entry(&self, wanted: &dyn Fn(&str, &Self) -> bool) -> Option<&Entry> {
        let mut seen = FxHashSet::default();
        self.find_unseen(wanted, &mut seen)
    }

    fn find_unseen(&self, wanted: &dyn Fn(&str, &Self) -> bool, seen: &mut FxHashSet<*const ()>) -> Option<&Entry> {
        match &self.value {
            Value::Scalar(_) => None,
            Value::Sequence(list) => {
                if !seen.insert(Arc::as_ptr(list).cast()) {
                    return None;
                }
                list.items.iter().find_map(|item| item.find_unseen(wanted, seen))
            }
            Value::Mapping(map) => {
                if !seen.insert(Arc::as_ptr(map).cast()) {
                    return None;
                }
                map.entries.iter().find_map(|entry| match entry.name.as_deref() {
                    Some(name) if wanted(name, &entry.value) => Some(entry),
                    _ => entry.value.find_unseen(wanted, seen),
                })
            }
        }
    }

    /// Whether it is true or false; `None` for all else.
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_scalar()?.meaning {
            Meaning::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.meaning == Meaning::Null)
    }

    /// The value under a key of this mapping; `None` when there is no such key, or this is no mapping.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_mapping()?.get(name).map(|entry| &entry.value)
    }

    /// What a message points at: the place of a scalar, the first byte of a list or mapping.
    pub fn head(&self) -> Place {
        if self.is_collection() { head(self.place) } else { self.place }
    }

    /// The bytes that this value would take if nothing was shared.
    pub fn bytes(&self) -> usize {
        match &self.value {
            Value::Scalar(scalar) => NODE + scalar.text.len(),
            _ => self.shape().bytes,
        }
    }

    pub(super) fn shape(&self) -> Shape {
        match &self.value {
            Value::Scalar(_) => Shape { height: 0, key_height: 0, bytes: self.bytes() },
            Value::Sequence(sequence) => sequence.shape,
            Value::Mapping(mapping) => mapping.shape,
        }
    }

    fn is_collection(&self) -> bool {
        !matches!(self.value, Value::Scalar(_))
    }
}

/// What a node takes beside its text.
pub(super) const NODE: usize = size_of::<Node>() + 2 * size_of::<usize>();

impl Shape {
    /// Of a list or mapping that holds nothing.
    const EMPTY: Self = Self { height: 1, key_height: 0, bytes: NODE };

    fn add(&mut self, below: Self) {
        self.height = self.height.max(below.height + 1);
        self.key_height = self.key_height.max(below.key_height);
        self.bytes = self.bytes.saturating_add(below.bytes);
    }

    fn add_entry(&mut self, entry: &Entry) {
        self.add(entry.key.shape());
        if entry.key.is_collection() {
            self.key_height = self.key_height.max(entry.key.shape().key_height + 1);
        }
        self.add(entry.value.shape());
    }
}

/// The first byte of a place: what a message about a long value points at.
pub(super) fn head(place: Place) -> Place {
    Place { end: place.end.min(place.start + 1), ..place }
}
