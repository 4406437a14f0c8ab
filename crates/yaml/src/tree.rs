//! Events to a tree of values, which shares what aliases stand for.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::events::{Event, Handler, Properties};
use crate::problem::{Place, Problem, Result};
use crate::scalar::{Meaning, Scalar};
use crate::schema::{self, Schema};

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
struct Shape {
    /// How deep it is.
    height: usize,
    /// How many lists and mappings stand in keys of each other.
    key_height: usize,
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

/// Keys that are lists or mappings, within keys that are such: printing doubles with each.
const KEY_DEPTH: usize = 4;

/// More doubts about one document help nobody.
const WARNINGS: usize = 100;

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

    /// This value, a mapping without the keys of a kind.
    #[must_use]
    pub fn without(&self, dropped: impl Fn(&str) -> bool) -> Self {
        let Some(map) = self.as_mapping() else { return self.clone() };
        let mut entries = Entries::default();
        for entry in map.entries.iter().filter(|entry| !entry.name.as_deref().is_some_and(&dropped)) {
            entries.set(entry.clone());
        }
        let mut shape = Shape { height: 1, key_height: 0, bytes: NODE };
        entries.entries.iter().for_each(|entry| shape.add_entry(entry));
        Self { value: Value::Mapping(Arc::new(Mapping { entries: entries.entries, shape })), place: self.place }
    }

    /// This value with `over` on top of it: mappings key by key, anything else as a whole; null changes nothing.
    #[must_use]
    pub fn merged_with(&self, over: &Self) -> Self {
        let (base, map) = match (self.as_mapping(), over.as_mapping()) {
            (Some(base), Some(map)) => (base, map),
            _ if over.is_null() => return self.clone(),
            _ => return over.clone(),
        };
        let mut entries = Entries::default();
        for entry in &base.entries {
            entries.set(entry.clone());
        }
        for entry in &map.entries {
            match entry.name.as_deref().and_then(|name| entries.find(name)).and_then(|at| entries.entries.get_mut(at)) {
                Some(known) => known.value = known.value.merged_with(&entry.value),
                None => {
                    entries.set(entry.clone());
                }
            }
        }
        let mut shape = Shape { height: 1, key_height: 0, bytes: NODE };
        entries.entries.iter().for_each(|entry| shape.add_entry(entry));
        Self { value: Value::Mapping(Arc::new(Mapping { entries: entries.entries, shape })), place: over.place }
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

    fn shape(&self) -> Shape {
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
const NODE: usize = size_of::<Node>() + 2 * size_of::<usize>();

impl Shape {
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

/// The entries of a mapping that is being read.
#[derive(Default)]
struct Entries {
    entries: Vec<Entry>,
    /// Where names stand, once there are many.
    index: FxHashMap<Arc<str>, usize>,
}

/// Up to here names are looked for one by one.
const FEW: usize = 12;

impl Entries {
    fn find(&self, name: &str) -> Option<usize> {
        if self.entries.len() > FEW {
            return self.index.get(name).copied();
        }
        self.entries.iter().position(|entry| entry.name.as_deref() == Some(name))
    }

    /// Sets the entry; the one that it replaces.
    fn set(&mut self, entry: Entry) -> Option<Entry> {
        if let Some(at) = entry.name.as_deref().and_then(|name| self.find(name)) {
            return self.entries.get_mut(at).map(|known| std::mem::replace(known, entry));
        }
        self.entries.push(entry);
        let new = match self.entries.len() {
            count if count <= FEW => return None,
            count if count == FEW + 1 => 0,
            count => count - 1,
        };
        for (at, entry) in self.entries.iter().enumerate().skip(new) {
            if let Some(name) = &entry.name {
                self.index.insert(name.clone(), at);
            }
        }
        None
    }
}

enum Kind {
    Sequence(Vec<Node>),
    Mapping {
        entries: Entries,
        key: Option<Node>,
        /// The key's tag says that it is a text.
        text_key: bool,
        /// What `<<` brings in. By the native schema the mapping's own keys win over it; by Ruby's rules it is set where it
        /// stands.
        merged: Vec<Arc<Mapping>>,
    },
}

/// A list or mapping that is being read.
struct Open<'t> {
    kind: Kind,
    place: Place,
    properties: Properties<'t>,
    /// Where its last part ends.
    end: u32,
    /// What it would take so far if nothing was shared.
    bytes: usize,
}

pub(crate) struct Builder<'t> {
    schema: Schema,
    limits: Limits,
    open: Vec<Open<'t>>,
    /// `None`: the value is still open.
    anchors: FxHashMap<&'t str, Option<Node>>,
    /// What the values take, shared ones counted once.
    bytes: usize,
    pub root: Option<Node>,
    pub warnings: Vec<Problem>,
}

/// How a value comes into the tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Scalar,
    Alias,
    Sequence,
    Mapping,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(schema: Schema, limits: Limits) -> Self {
        Self {
            schema,
            limits,
            open: Vec::new(),
            anchors: FxHashMap::default(),
            bytes: 0,
            root: None,
            warnings: Vec::new(),
        }
    }

    fn too_much(&self, place: Place) -> Box<Problem> {
        let limit = self.limits.bytes;
        let limit = if limit >= 1 << 20 { format!("{} MiB", limit >> 20) } else { format!("{limit} bytes") };
        let message = format!("the values take more than {limit}");
        Box::new(Problem::limit(message, place).help("aliases and merged keys count as often as they are used"))
    }

    fn charge(&mut self, bytes: usize, place: Place) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.bytes { Err(self.too_much(place)) } else { Ok(()) }
    }

    /// Puts a complete value where it belongs.
    fn add(&mut self, node: Node, way: Way, is_text_key: bool) -> Result<()> {
        let (place, bytes) = (node.place, node.bytes());
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.end = open.end.max(place.end);
        open.bytes = open.bytes.saturating_add(bytes);
        if open.bytes > self.limits.bytes {
            return Err(self.too_much(place));
        }
        match &mut open.kind {
            Kind::Sequence(items) => {
                items.push(node);
                Ok(())
            }
            Kind::Mapping { key, text_key, .. } => match key.take() {
                None => {
                    *key = Some(node);
                    *text_key = is_text_key;
                    Ok(())
                }
                Some(key) => self.pair(key, node, way),
            },
        }
    }

    fn pair(&mut self, key: Node, value: Node, way: Way) -> Result<()> {
        let place = key.place;
        if let Some(maps) = self.merged(&key, &value, way) {
            let mut count = 0usize;
            let Some(Open { kind: Kind::Mapping { entries, merged, .. }, bytes, .. }) = self.open.last_mut() else {
                return Ok(());
            };
            for map in maps {
                count = count.saturating_add(map.entries.len());
                *bytes = bytes.saturating_add(map.shape.bytes);
                if *bytes > self.limits.bytes {
                    return Err(self.too_much(place));
                }
                if self.schema == Schema::Ruby {
                    map.entries.iter().for_each(|entry| {
                        entries.set(entry.clone());
                    });
                }
                merged.push(map);
            }
            return self.charge(count.saturating_mul(size_of::<Entry>()), place);
        }
        let name = self.name(&key);
        let Some(Open { kind: Kind::Mapping { entries, merged, .. }, .. }) = self.open.last_mut() else {
            return Ok(());
        };
        let entry = Entry { name, key, value };
        let name = entry.name.clone();
        // By Ruby's rules merged keys stand among the mapping's own.
        let may_be_merged = self.schema == Schema::Ruby && !merged.is_empty();
        if let (Some(first), Some(name)) = (entries.set(entry), name)
            && !may_be_merged
        {
            self.warnings.push(
                Problem::warning(format!("the key `{name}` is there twice; the last one counts"), place)
                    .label(first.key.place, "it was set here before")
                    .help("remove one of them"),
            );
        }
        Ok(())
    }

    /// What a key `<<` brings in, in the order in which it is set; `None` when the pair is an ordinary one.
    fn merged(&self, key: &Node, value: &Node, way: Way) -> Option<Vec<Arc<Mapping>>> {
        let Some(Open { kind: Kind::Mapping { text_key, .. }, .. }) = self.open.last() else { return None };
        let scalar = key.as_scalar().filter(|scalar| &*scalar.text == "<<")?;
        let is_merge = match self.schema {
            Schema::Ruby => !text_key,
            Schema::Native => scalar.style == crate::Style::Plain && !text_key,
        };
        if !is_merge {
            return None;
        }
        match &value.value {
            Value::Mapping(mapping) => Some(vec![mapping.clone()]),
            Value::Sequence(list) if way == Way::Sequence || self.schema == Schema::Native => {
                let maps: Option<Vec<_>> = list.items.iter().map(|item| item.as_mapping().cloned()).collect();
                let mut maps = maps?;
                // The first of them wins.
                maps.reverse();
                Some(maps)
            }
            _ => None,
        }
    }

    fn name(&self, key: &Node) -> Option<Arc<str>> {
        let scalar = key.as_scalar()?;
        Some(match (self.schema, scalar.meaning) {
            (_, Meaning::Text) | (Schema::Native, _) => scalar.text.clone(),
            (Schema::Ruby, _) => scalar.printed(),
        })
    }

    fn close(&mut self, at: Place) -> Result<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let Open { kind, mut place, properties, end, .. } = open;
        // A block ends with its last part, not where the next one starts.
        place.end = if at.end > at.start { at.end } else { end.max(place.end) };
        let mut shape = Shape { height: 1, key_height: 0, bytes: NODE };
        let (value, way) = match kind {
            Kind::Sequence(items) => {
                items.iter().for_each(|item| shape.add(item.shape()));
                let is_pairs =
                    properties.tag.as_deref().is_some_and(|tag| tag == "!omap" || tag == "tag:yaml.org,2002:omap");
                match if is_pairs { ordered(&items) } else { None } {
                    Some(entries) => (Value::Mapping(Arc::new(Mapping { entries, shape })), Way::Mapping),
                    None => (Value::Sequence(Arc::new(Sequence { items, shape })), Way::Sequence),
                }
            }
            Kind::Mapping { entries, merged, .. } => {
                let is_done = merged.is_empty() || self.schema == Schema::Ruby;
                let entries = if is_done { entries } else { with_merged(entries, &merged) };
                let entries = entries.entries;
                entries.iter().for_each(|entry| shape.add_entry(entry));
                (Value::Mapping(Arc::new(Mapping { entries, shape })), Way::Mapping)
            }
        };
        if shape.height > self.limits.depth {
            let message = format!("values are nested more than {} deep, aliases followed", self.limits.depth);
            return Err(Box::new(Problem::limit(message, head(place))));
        }
        if shape.key_height > KEY_DEPTH {
            let message = format!("keys that are lists or mappings are nested more than {KEY_DEPTH} deep");
            return Err(Box::new(Problem::limit(message, head(place)).help("use texts as keys")));
        }
        let node = Node { value, place };
        self.charge(NODE, place)?;
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, Some(node.clone()));
        }
        self.add(node, way, false)
    }

    fn start(&mut self, kind: Kind, properties: Properties<'t>, place: Place) -> Result<()> {
        if let Some(tag) = properties.tag.as_deref() {
            schema::check_tag(tag, self.schema, place, &mut self.warnings)?;
        }
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open { kind, place, properties, end: place.end, bytes: 0 });
        Ok(())
    }

    fn alias(&mut self, name: &'t str, place: Place) -> Result<()> {
        match self.anchors.get(name) {
            Some(Some(node)) => {
                let node = Node { value: node.value.clone(), place };
                self.charge(NODE, place)?;
                self.add(node, Way::Alias, false)
            }
            Some(None) => {
                let problem = Problem::error(format!("the value `&{name}` holds itself"), place);
                Err(Box::new(problem.help("an alias stands behind the value that it repeats")))
            }
            None => {
                let problem = Problem::error(format!("there is no anchor `&{name}` before this alias"), place);
                Err(Box::new(problem.help("put a value that starts with `*` in quotes")))
            }
        }
    }
}

/// The first byte of a place: what a message about a long value points at.
fn head(place: Place) -> Place {
    Place { end: place.end.min(place.start + 1), ..place }
}

/// The pairs of a list of mappings with one pair each.
fn ordered(items: &[Node]) -> Option<Vec<Entry>> {
    let mut entries = Entries::default();
    for item in items {
        let [entry] = item.as_mapping()?.entries() else { return None };
        entries.set(entry.clone());
    }
    Some(entries.entries)
}

/// What is merged stands first; the mapping's own keys win over it.
fn with_merged(own: Entries, merged: &[Arc<Mapping>]) -> Entries {
    let mut whole = Entries::default();
    for entry in merged.iter().flat_map(|map| &map.entries) {
        whole.set(entry.clone());
    }
    for entry in own.entries {
        whole.set(entry);
    }
    whole
}

impl<'t> Handler<'t> for Builder<'t> {
    fn event(&mut self, event: Event<'t>, place: Place) -> Result<()> {
        match event {
            Event::DocumentStart(_) | Event::DocumentEnd => {}
            Event::Alias(name) => self.alias(name, place)?,
            Event::Scalar(properties, text, style) => {
                let text: Arc<str> = text.into();
                self.charge(NODE + text.len(), place)?;
                let tag = properties.tag.as_deref();
                if let Some(tag) = tag {
                    schema::check_tag(tag, self.schema, place, &mut self.warnings)?;
                }
                let is_key = matches!(self.open.last(), Some(Open { kind: Kind::Mapping { key: None, .. }, .. }));
                let known = self.warnings.len();
                let scalar = schema::scalar(text, style, tag, self.schema, place, &mut self.warnings)?;
                if is_key {
                    // Keys are texts anyway.
                    self.warnings.truncate(known);
                }
                let node = Node { value: Value::Scalar(scalar), place };
                if let Some(anchor) = properties.anchor {
                    self.anchors.insert(anchor, Some(node.clone()));
                }
                let is_text = tag == Some("tag:yaml.org,2002:str");
                self.add(node, Way::Scalar, is_text)?;
            }
            Event::SequenceStart(properties) => self.start(Kind::Sequence(Vec::new()), properties, place)?,
            Event::MappingStart(properties) => {
                let kind =
                    Kind::Mapping { entries: Entries::default(), key: None, text_key: false, merged: Vec::new() };
                self.start(kind, properties, place)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place)?,
        }
        self.warnings.truncate(WARNINGS);
        Ok(())
    }
}
