//! The variables of a rendering: those assigned, those of loops and includes, counters, and the globals below them all.
//!
//! A [`Context`] is what one file sees: `render` and tag templates get a new one. Beside the values stand notes on which of
//! them come from something undefined, so that a later use can say so.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::Span;

use super::{Map, Template, Value};

/// Why a value is not there.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    /// What was read, as far as the first step that does not exist: `page.titel`.
    pub shown: String,
    /// What was undefined first, before it was assigned or passed on.
    pub root: String,
    /// The place where it was read.
    pub span: Span,
    /// The tags that led to that place.
    pub calls: Vec<Span>,
    /// What may have been meant.
    pub help: Option<String>,
    /// What to read in its place, as far as `shown`.
    pub meant: Option<String>,
    /// Where it was assigned or passed on before it was read here.
    pub labels: Vec<(Span, String)>,
}

impl Missing {
    /// The same, handed on under a new name at `span`.
    pub(crate) fn passed_on(mut self, name: &str, span: Span) -> Self {
        if self.labels.len() < 4 {
            self.labels.push((span, format!("`{name}` gets its value from `{}`, which is undefined", self.shown)));
        }
        self
    }
}

type Layer = Vec<(Arc<str>, Value)>;
type Notes = Vec<(Arc<str>, Arc<Missing>)>;

/// The names that a call hands over, and where they stand.
pub(crate) type Names = Arc<[(Arc<str>, Span)]>;

/// What a call hands over, and to whom.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub names: Names,
    pub to: Arc<Template>,
}

/// What one call or block adds to a context.
#[derive(Clone, Debug, Default)]
struct Local {
    values: Layer,
    notes: Notes,
    given: Option<Given>,
}

/// What one file sees.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    assigned: Map,
    counters: Map,
    layers: Vec<Local>,
    missing: FxHashMap<Arc<str>, Arc<Missing>>,
    /// How many bytes each variable was counted for when it was assigned.
    held: FxHashMap<Arc<str>, usize>,
    /// Whether the globals are hidden.
    isolated: bool,
}

impl Context {
    /// A context that sees no globals.
    pub(crate) fn isolated() -> Self {
        Self { isolated: true, ..Self::default() }
    }

    /// A context with these variables.
    pub(crate) fn of(assigned: Map) -> Self {
        Self { assigned, ..Self::default() }
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: &Arc<str>, value: Value) {
        self.assigned.insert(name.clone(), value);
    }
}

/// The variables at one moment of a rendering.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'g> {
    globals: &'g Map,
    context: Context,
}

impl<'g> Scope<'g> {
    pub(crate) fn new(globals: &'g Map) -> Self {
        Self { globals, context: Context::default() }
    }

    /// How many variables and layers there are, as far as copying them costs.
    pub(crate) fn width(&self) -> usize {
        let layers = self.context.layers.iter().map(|local| 1 + local.values.len()).sum::<usize>();
        layers + self.context.assigned.len() + self.context.counters.len()
    }

    pub(crate) fn globals(&self) -> &'g Map {
        self.globals
    }

    /// Enters a new context; returns the old one for [`Scope::leave`].
    pub(crate) fn enter(&mut self, context: Context) -> Context {
        std::mem::replace(&mut self.context, context)
    }

    /// Goes back to the old context; returns how many bytes the variables of the one that is left were counted for.
    pub(crate) fn leave(&mut self, outer: Context) -> usize {
        std::mem::replace(&mut self.context, outer).held.values().sum()
    }

    /// Opens a layer of local variables.
    pub(crate) fn push(&mut self, layer: Layer) {
        self.context.layers.push(Local { values: layer, ..Local::default() });
    }

    /// Closes the last layer.
    pub(crate) fn pop(&mut self) {
        self.context.layers.pop();
    }

    /// Notes of the last layer's variables (or of their fields: `include.x`) that they come from something undefined.
    pub(crate) fn taint(&mut self, missing: Notes) {
        if let Some(local) = self.context.layers.last_mut() {
            local.notes = missing;
        }
    }

    /// Notes for the last layer what a call hands over by name.
    pub(crate) fn hand_over(&mut self, given: Given) {
        if let Some(local) = self.context.layers.last_mut() {
            local.given = Some(given);
        }
    }

    /// What the innermost call that handed over anything gave by name.
    pub(crate) fn given(&self) -> Option<&Given> {
        self.context.layers.iter().rev().find_map(|local| local.given.as_ref())
    }

    /// Sets a variable of the last layer.
    pub(crate) fn set_local(&mut self, name: &Arc<str>, value: Value) {
        let Some(Local { values: layer, .. }) = self.context.layers.last_mut() else { return };
        match layer.iter_mut().find(|(known, _)| known == name) {
            Some((_, slot)) => *slot = value,
            None => layer.push((name.clone(), value)),
        }
    }

    /// Assigns a variable of the file.
    pub(crate) fn assign(&mut self, name: &Arc<str>, value: Value, missing: Option<Missing>) {
        match missing {
            Some(missing) => {
                self.context.missing.insert(name.clone(), Arc::new(missing));
            }
            None if self.context.missing.is_empty() => {}
            None => {
                self.context.missing.remove(name);
            }
        }
        self.context.assigned.insert(name.clone(), value);
    }

    /// Notes for how many bytes a variable counts; returns for how many it did before.
    pub(crate) fn count(&mut self, name: &Arc<str>, bytes: usize) -> usize {
        let held = &mut self.context.held;
        if bytes > 0 { held.insert(name.clone(), bytes) } else { held.remove(name) }.unwrap_or(0)
    }

    /// For how many bytes all assigned variables count.
    pub(crate) fn held(&self) -> usize {
        self.context.held.values().sum()
    }

    /// A counter, or the global that it starts from.
    pub(crate) fn counter(&self, name: &str) -> Option<Value> {
        let global = || if self.context.isolated { None } else { self.globals.get(name) };
        self.context.counters.get(name).or_else(global).cloned()
    }

    pub(crate) fn set_counter(&mut self, name: &Arc<str>, value: Value) {
        self.context.counters.insert(name.clone(), value);
    }

    /// The variable `name`.
    pub(crate) fn find(&self, name: &str) -> Option<&Value> {
        for local in self.context.layers.iter().rev() {
            if let Some((_, value)) = local.values.iter().rev().find(|(known, _)| &**known == name) {
                return Some(value);
            }
        }
        if let Some(value) = self.context.assigned.get(name).or_else(|| self.context.counters.get(name)) {
            return Some(value);
        }
        if self.context.isolated { None } else { self.globals.get(name) }
    }

    /// The note on the variable `name`, or on its field `name.key`.
    pub(crate) fn note(&self, name: &str, key: Option<&str>) -> Option<&Arc<Missing>> {
        for Local { values, notes, .. } in self.context.layers.iter().rev() {
            if values.iter().any(|(known, _)| &**known == name) {
                let matches = |noted: &str| match key {
                    None => noted == name,
                    Some(key) => noted.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) == Some(key),
                };
                return notes.iter().find(|(noted, _)| matches(noted)).map(|(_, missing)| missing);
            }
        }
        if key.is_some() { None } else { self.context.missing.get(name) }
    }

    /// The names of all variables in sight.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        let locals = self.context.layers.iter().rev().flat_map(|local| local.values.iter().map(|(name, _)| name));
        let globals = (!self.context.isolated).then(|| self.globals.keys()).into_iter().flatten();
        locals.chain(self.context.assigned.keys()).chain(self.context.counters.keys()).chain(globals).cloned().collect()
    }

    /// The variables that were assigned.
    pub(crate) fn into_assigned(self) -> Map {
        self.context.assigned
    }
}
