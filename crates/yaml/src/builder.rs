//! Events to a tree of values, within the limits of a document: aliases, merged keys, and what is told of doubtful ones.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::events::{Event, Handler, Properties};
use crate::merge::{Entries, with_merged};
use crate::problem::{Place, Problem, Result};
use crate::scalar::Meaning;
use crate::schema::{self, Schema};
use crate::tree::{Entry, Limits, Mapping, NODE, Node, Sequence, Value, head};

/// Keys that are lists or mappings, within keys that are such: printing doubles with each.
const KEY_DEPTH: usize = 4;

/// More doubts about one document help nobody.
const WARNINGS: usize = 100;

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

/// Makes the tree of a document from its events.
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
                count = count.saturating_add(map.entries().len());
                *bytes = bytes.saturating_add(map.bytes());
                if *bytes > self.limits.bytes {
                    return Err(self.too_much(place));
                }
                if self.schema == Schema::Ruby {
                    map.entries().iter().for_each(|entry| {
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
                let maps: Option<Vec<_>> = list.items().iter().map(|item| item.as_mapping().cloned()).collect();
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
        let (value, way) = match kind {
            Kind::Sequence(items) => {
                let list = Sequence::of(items);
                let is_pairs =
                    properties.tag.as_deref().is_some_and(|tag| tag == "!omap" || tag == "tag:yaml.org,2002:omap");
                match if is_pairs { ordered(&list) } else { None } {
                    Some(map) => (Value::Mapping(Arc::new(map)), Way::Mapping),
                    None => (Value::Sequence(Arc::new(list)), Way::Sequence),
                }
            }
            Kind::Mapping { entries, merged, .. } => {
                let is_done = merged.is_empty() || self.schema == Schema::Ruby;
                let entries = if is_done { entries } else { with_merged(entries, &merged) };
                (Value::Mapping(Arc::new(Mapping::of(entries.entries))), Way::Mapping)
            }
        };
        let node = Node { value, place };
        let shape = node.shape();
        if shape.height > self.limits.depth {
            let message = format!("values are nested more than {} deep, aliases followed", self.limits.depth);
            return Err(Box::new(Problem::limit(message, head(place))));
        }
        if shape.key_height > KEY_DEPTH {
            let message = format!("keys that are lists or mappings are nested more than {KEY_DEPTH} deep");
            return Err(Box::new(Problem::limit(message, head(place)).help("use texts as keys")));
        }
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

/// The pairs of a list of mappings with one pair each, as a mapping that is as deep as the list.
fn ordered(list: &Sequence) -> Option<Mapping> {
    let mut entries = Entries::default();
    for item in list.items() {
        let [entry] = item.as_mapping()?.entries() else { return None };
        entries.set(entry.clone());
    }
    Some(list.as_pairs(entries.entries))
}
