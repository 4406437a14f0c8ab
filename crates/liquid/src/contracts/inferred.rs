//! The contract that an include's text implies: what it reads of `include`, itself and through the includes it calls.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::Span;

use super::calls::{Call, CallKind};
use super::declared;
use super::unit::Unit;
use super::walk::Seen;

/// What an include takes, as its text implies.
#[derive(Clone, Debug, Default)]
pub struct Inferred {
    /// The fields of `include` that it reads, by name.
    pub params: BTreeMap<Arc<str>, InferredParam>,
    /// Whether it may read any field, because it uses `include` as a whole or renders text that it does not know.
    pub whole: bool,
    /// The variables that it reads; parameters are among them where it is called by `render` or Liquid's `include`.
    pub names: BTreeSet<Arc<str>>,
}

/// A parameter as it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InferredParam {
    /// Where it is read first, perhaps in an include that it is handed on to.
    pub span: Span,
    /// Whether it is printed whatever happens, so that a call without it leaves a gap.
    pub required: bool,
}

impl Inferred {
    /// Whether something reads the parameter `name`, as a field of `include` or, for `fields: false`, as a variable.
    pub fn reads(&self, name: &str, fields: bool) -> bool {
        self.whole || if fields { self.params.contains_key(name) } else { self.names.contains(name) }
    }
}

/// The contracts of all units.
pub(super) fn infer(units: &[Unit], seen: &[Seen], targets: &FxHashMap<Span, BTreeSet<usize>>) -> Vec<Inferred> {
    let own = |seen: &Seen| Inferred {
        params: seen
            .reads
            .iter()
            .map(|(name, (span, required))| (name.clone(), InferredParam { span: *span, required: *required }))
            .collect(),
        whole: seen.whole,
        names: seen.names.clone(),
    };
    let mut all: Vec<Inferred> = seen.iter().map(own).collect();
    let none = BTreeSet::new();
    let mut changed = true;
    while changed {
        changed = false;
        for (at, seen) in seen.iter().enumerate() {
            for call in &seen.calls {
                let targets = targets.get(&call.span).unwrap_or(&none);
                let more = through(units, &all, call, targets);
                if let Some(own) = all.get_mut(at) {
                    changed |= add(own, more);
                }
            }
        }
    }
    all
}

/// What a call makes its caller read.
fn through(units: &[Unit], all: &[Inferred], call: &Call, targets: &BTreeSet<usize>) -> Inferred {
    let mut more = Inferred::default();
    // Only what every target demands is demanded.
    let certain = !call.conditional && targets.len() == 1;
    for target in targets {
        let (Some(unit), Some(inferred)) = (units.get(*target), all.get(*target)) else { continue };
        let contract = declared::contract(&unit.template);
        if call.kind != CallKind::Render {
            more.names.extend(inferred.names.iter().cloned());
        }
        if !call.kind.fields() {
            continue;
        }
        if call.given.is_empty() && contract.is_none() {
            more.whole |= inferred.whole;
            for (name, param) in &inferred.params {
                let param = InferredParam { required: param.required && certain, ..*param };
                more.params.entry(name.clone()).or_insert(param);
            }
            continue;
        }
        for given in &call.given {
            let Some(passed) = &given.passes else { continue };
            let required = match contract.and_then(|contract| contract.param(&given.name)) {
                Some(declared) => !declared.optional,
                None => inferred.params.get(&given.name).is_some_and(|param| param.required),
            };
            let param = InferredParam { span: given.span, required: required && certain };
            more.params.entry(passed.clone()).or_insert(param);
        }
    }
    more
}

/// Adds what is new; whether there was anything.
fn add(own: &mut Inferred, more: Inferred) -> bool {
    let mut changed = more.whole && !own.whole;
    own.whole |= more.whole;
    for (name, param) in more.params {
        match own.params.get_mut(&name) {
            Some(known) => {
                changed |= param.required && !known.required;
                known.required |= param.required;
            }
            None => {
                own.params.insert(name, param);
                changed = true;
            }
        }
    }
    let before = own.names.len();
    own.names.extend(more.names);
    changed || own.names.len() > before
}
