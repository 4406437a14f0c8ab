//! Mappings on top of each other: of entries with one name one counts, at the place of the first.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::tree::{Entry, Mapping, Node, Value};

/// The entries of a mapping that is being made.
#[derive(Default)]
pub(super) struct Entries {
    pub entries: Vec<Entry>,
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
    pub(super) fn set(&mut self, entry: Entry) -> Option<Entry> {
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

impl Node {
    /// This value, a mapping without the keys of a kind.
    #[must_use]
    pub fn without(&self, dropped: impl Fn(&str) -> bool) -> Self {
        let Some(map) = self.as_mapping() else { return self.clone() };
        let mut entries = Entries::default();
        for entry in map.entries().iter().filter(|entry| !entry.name.as_deref().is_some_and(&dropped)) {
            entries.set(entry.clone());
        }
        Self { value: Value::Mapping(Arc::new(Mapping::of(entries.entries))), place: self.place }
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
        for entry in base.entries() {
            entries.set(entry.clone());
        }
        for entry in map.entries() {
            match entry.name.as_deref().and_then(|name| entries.find(name)).and_then(|at| entries.entries.get_mut(at)) {
                Some(known) => known.value = known.value.merged_with(&entry.value),
                None => {
                    entries.set(entry.clone());
                }
            }
        }
        Self { value: Value::Mapping(Arc::new(Mapping::of(entries.entries))), place: over.place }
    }
}

/// What is merged stands first; the mapping's own keys win over it.
pub(super) fn with_merged(own: Entries, merged: &[Arc<Mapping>]) -> Entries {
    let mut whole = Entries::default();
    for entry in merged.iter().flat_map(|map| map.entries()) {
        whole.set(entry.clone());
    }
    for entry in own.entries {
        whole.set(entry);
    }
    whole
}
