//! Follows values from the pages through all calls of includes.
//!
//! 1. Every template is walked once with all branches taken: its reads, calls and branches.
//! 2. From each page, layout, tag template and example the calls are followed with what is known of their values; an
//!    include is walked once for each different set of values, up to a limit, behind which they may be anything. Includes
//!    that nothing reaches are followed last, so that what they hand over counts, too.
//! 3. What was never taken is not reached by any call; contracts are inferred from the reads (see [`super::inferred`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::{FileId, Span};

use crate::tags::Tags;
use crate::{Template, Value};

use super::calls::{Call, CallKind};
use super::declared;
use super::inferred::{self, Inferred};
use super::known::Known;
use super::unit::{Role, Unit};
use super::walk::{Seen, View, walk};

/// How many sets of values of one include are kept apart.
const VIEWS_LIMIT: usize = 64;

/// What is known of all templates. Units are named by their position in the list that was given.
#[derive(Debug)]
pub struct Analysis {
    /// The templates.
    pub units: Vec<Unit>,
    /// The calls that each unit makes, in its order.
    pub calls: Vec<Vec<Call>>,
    /// The contract that each unit's text implies.
    pub inferred: Vec<Inferred>,
    /// Whether a page, layout or tag template leads to it.
    pub reached: Vec<bool>,
    targets: FxHashMap<Span, BTreeSet<usize>>,
    /// What is known of the values of parameters, by their places.
    values: FxHashMap<Span, Known>,
    unreached: Vec<Unreached>,
}

/// A branch that no call takes.
#[derive(Clone, Debug)]
pub struct Unreached {
    /// The unit.
    pub unit: usize,
    /// The tag before the branch.
    pub head: Span,
    /// Whether it is an `else`.
    pub otherwise: bool,
    /// Whether it stands in another branch.
    pub inner: bool,
    /// The parameters it depends on, each with what it is in all calls that lead to the branch's condition.
    pub params: Vec<(Arc<str>, Known)>,
}

impl Analysis {
    /// The units that a call may lead to; empty when that is not known or there is none.
    pub fn targets(&self, call: &Call) -> impl Iterator<Item = usize> + '_ {
        self.targets.get(&call.span).into_iter().flatten().copied()
    }

    /// What is known of the value of the parameter at `span`, over all ways that lead there.
    pub fn value(&self, span: Span) -> Known {
        self.values.get(&span).cloned().unwrap_or_default()
    }

    /// The branches of reached includes that depend on parameters and that no call takes; of nested ones the outermost.
    pub fn unreached(&self) -> &[Unreached] {
        &self.unreached
    }
}

/// Looks at all of `units`. `relative` finds the unit for a path that a file's `include_relative` asks for.
pub fn analyse(units: Vec<Unit>, tags: &Tags, relative: &dyn Fn(FileId, &str) -> Option<usize>) -> Analysis {
    let everything = View::everything();
    let seen: Vec<Seen> = units.iter().map(|unit| walk(&unit.template, tags, &everything, &|_| None)).collect();
    let names: FxHashMap<Arc<str>, usize> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.role == Role::Include)
        .map(|(at, unit)| (unit.name.clone(), at))
        .collect();
    let finder = Finder { units: &units, names, relative };
    let mut follower = Follower::new(&finder, tags, &seen);
    follower.follow();
    let Follower { mut targets, mut values, taken, passed_over, visited, reached, .. } = follower;
    for (at, seen) in seen.iter().enumerate() {
        for call in &seen.calls {
            // Calls in branches that nothing takes are known by their text alone.
            targets.entry(call.span).or_insert_with(|| finder.targets(at, call));
            for given in &call.given {
                values.entry(given.span).or_insert_with(|| given.value.clone());
            }
        }
    }
    let unreached = unreached(&units, &seen, &taken, &passed_over, &visited, &reached);
    let inferred = inferred::infer(&units, &seen, &targets);
    let calls = seen.into_iter().map(|seen| seen.calls).collect();
    Analysis { units, calls, inferred, reached, targets, values, unreached }
}

/// The calls that a template makes, with what its own text tells of them.
pub fn calls(template: &Template, tags: &Tags) -> Vec<Call> {
    walk(template, tags, &View::everything(), &|_| None).calls
}

/// Finds the units of calls.
struct Finder<'f> {
    units: &'f [Unit],
    names: FxHashMap<Arc<str>, usize>,
    relative: &'f dyn Fn(FileId, &str) -> Option<usize>,
}

impl Finder<'_> {
    fn targets(&self, caller: usize, call: &Call) -> BTreeSet<usize> {
        let mut targets = BTreeSet::new();
        for pattern in &call.paths {
            if call.kind == CallKind::Relative {
                let file = self.units.get(caller).map(|unit| unit.template.file());
                let path = pattern.path();
                targets.extend(file.zip(path).and_then(|(file, path)| (self.relative)(file, &path)));
            } else if let Some(path) = pattern.path() {
                targets.extend(self.names.get(path.as_str()));
            } else {
                targets.extend(self.names.iter().filter(|(name, _)| pattern.fits(name)).map(|(_, at)| *at));
            }
        }
        targets
    }

    /// Whether one of a call's paths is unknown altogether.
    fn open(call: &Call) -> bool {
        call.paths.iter().any(super::Pattern::open)
    }
}

struct Follower<'f> {
    finder: &'f Finder<'f>,
    tags: &'f Tags,
    /// The variables that a unit and those it calls may assign.
    leaks: Vec<BTreeSet<Arc<str>>>,
    queue: VecDeque<(usize, View)>,
    views: Vec<FxHashSet<String>>,
    targets: FxHashMap<Span, BTreeSet<usize>>,
    values: FxHashMap<Span, Known>,
    /// Branches that some call takes.
    taken: FxHashSet<Span>,
    /// What the parameters were where a branch was not taken.
    passed_over: FxHashMap<Span, BTreeMap<Arc<str>, Known>>,
    visited: Vec<bool>,
    reached: Vec<bool>,
}

impl<'f> Follower<'f> {
    fn new(finder: &'f Finder<'f>, tags: &'f Tags, seen: &[Seen]) -> Self {
        let count = finder.units.len();
        Self {
            finder,
            tags,
            leaks: leaks(finder, seen),
            queue: VecDeque::new(),
            views: vec![FxHashSet::default(); count],
            targets: FxHashMap::default(),
            values: FxHashMap::default(),
            taken: FxHashSet::default(),
            passed_over: FxHashMap::default(),
            visited: vec![false; count],
            reached: vec![false; count],
        }
    }

    fn follow(&mut self) {
        let units = self.finder.units;
        for (at, _) in units.iter().enumerate().filter(|(_, unit)| matches!(unit.role, Role::Root | Role::Unbuilt)) {
            self.queue.push_back((at, View::of_page()));
        }
        self.run();
        self.reached.clone_from(&self.visited);
        for (at, _) in units.iter().enumerate().filter(|(_, unit)| unit.role == Role::Example) {
            self.queue.push_back((at, View::of_page()));
        }
        self.run();
        for at in 0..units.len() {
            if !self.visited.get(at).copied().unwrap_or(true) {
                self.queue.push_back((at, View::default()));
                self.run();
            }
        }
    }

    fn run(&mut self) {
        while let Some((at, view)) = self.queue.pop_front() {
            let Some(unit) = self.finder.units.get(at) else { continue };
            if let Some(visited) = self.visited.get_mut(at) {
                *visited = true;
            }
            let (finder, leaks) = (self.finder, &self.leaks);
            let changes = |call: &Call| {
                let targets = finder.targets(at, call);
                if targets.is_empty() {
                    return None;
                }
                let names = targets.iter().filter_map(|target| leaks.get(*target)).flatten();
                Some(names.cloned().collect::<BTreeSet<_>>())
            };
            let seen = walk(&unit.template, self.tags, &view, &changes);
            self.taken.extend(seen.branches.iter().filter(|branch| branch.taken).map(|branch| branch.head));
            for branch in seen.branches.into_iter().filter(|branch| !branch.taken) {
                let params = self.passed_over.entry(branch.head).or_default();
                for (name, known) in branch.params {
                    match params.get_mut(&name) {
                        Some(all) => *all = all.or(&known),
                        None => drop(params.insert(name, known)),
                    }
                }
            }
            for call in &seen.calls {
                self.call(at, &view, call);
            }
        }
    }

    fn call(&mut self, caller: usize, view: &View, call: &Call) {
        for given in &call.given {
            let known = self.values.entry(given.span);
            known.and_modify(|known| *known = known.or(&given.value)).or_insert_with(|| given.value.clone());
        }
        let targets = self.finder.targets(caller, call);
        for target in &targets {
            let Some(unit) = self.finder.units.get(*target) else { continue };
            for next in seen_by(&unit.template, view, call, Finder::open(call)).apart() {
                self.enter(*target, next);
            }
        }
        self.targets.entry(call.span).or_default().extend(targets);
    }

    /// Goes into a unit with what it sees, unless it has been there with the same.
    fn enter(&mut self, target: usize, mut view: View) {
        let Some(views) = self.views.get_mut(target) else { return };
        if views.len() >= VIEWS_LIMIT {
            view = View::default();
        }
        if views.insert(view.key()) {
            self.queue.push_back((target, view));
        }
    }
}

/// What a template sees when it is called.
fn seen_by(template: &Template, caller: &View, call: &Call, guessed: bool) -> View {
    let contract = declared::contract(template);
    let mut given: BTreeMap<Arc<str>, Known> =
        call.given.iter().map(|given| (given.name.clone(), given.value.clone())).collect();
    for (name, value) in contract.into_iter().flat_map(|contract| contract.defaults()) {
        let known = given.entry(name.into()).or_insert_with(|| Known::just(Value::Nil));
        *known = known.map(|given| Some(if given.is_nil() { value.clone() } else { given.clone() }));
    }
    if guessed {
        // The call may lead elsewhere; that it leads here is no proof of anything but that it may.
        return View::default();
    }
    if call.kind.fields() {
        // Without parameters the caller's stay in sight, unless the file declares its own.
        let inherits = call.given.is_empty() && contract.is_none();
        let fields = if inherits { caller.fields.clone() } else { Some(given) };
        return View { fields, ..View::default() };
    }
    View { fields: Some(BTreeMap::new()), variables: given, everything: false }
}

/// For each unit, the variables that it and the files it calls may assign.
fn leaks(finder: &Finder<'_>, seen: &[Seen]) -> Vec<BTreeSet<Arc<str>>> {
    let mut leaks: Vec<BTreeSet<Arc<str>>> = seen.iter().map(|seen| seen.assigned.clone()).collect();
    let edges: Vec<BTreeSet<usize>> = seen
        .iter()
        .enumerate()
        .map(|(at, seen)| {
            let calls = seen.calls.iter().filter(|call| call.kind != CallKind::Render);
            calls.flat_map(|call| finder.targets(at, call)).collect()
        })
        .collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (at, targets) in edges.iter().enumerate() {
            let more: Vec<Arc<str>> = {
                let Some(own) = leaks.get(at) else { continue };
                let all = targets.iter().filter_map(|target| leaks.get(*target)).flatten();
                all.filter(|name| !own.contains(*name)).cloned().collect()
            };
            if let Some(own) = leaks.get_mut(at).filter(|_| !more.is_empty()) {
                own.extend(more);
                changed = true;
            }
        }
    }
    leaks
}

fn unreached(
    units: &[Unit],
    seen: &[Seen],
    taken: &FxHashSet<Span>,
    passed_over: &FxHashMap<Span, BTreeMap<Arc<str>, Known>>,
    visited: &[bool],
    reached: &[bool],
) -> Vec<Unreached> {
    let mut all = Vec::new();
    for (at, seen) in seen.iter().enumerate() {
        let is_include = units.get(at).is_some_and(|unit| matches!(unit.role, Role::Include | Role::Relative));
        let (visited, reached) = (visited.get(at) == Some(&true), reached.get(at) == Some(&true));
        if !(is_include && visited && reached) {
            continue;
        }
        for branch in &seen.branches {
            let outer = branch.parent.is_none_or(|parent| taken.contains(&parent));
            if branch.params.is_empty() || taken.contains(&branch.head) || !outer {
                continue;
            }
            // Never even asked: a branch before it is always taken.
            let asked = passed_over.get(&branch.head);
            let value = |name: &Arc<str>| (name.clone(), asked.and_then(|asked| asked.get(name)).cloned());
            let params =
                branch.params.keys().map(value).map(|(name, known)| (name, known.unwrap_or_default())).collect();
            let (head, otherwise, inner) = (branch.head, branch.otherwise, branch.parent.is_some());
            all.push(Unreached { unit: at, head, otherwise, inner, params });
        }
    }
    all
}
