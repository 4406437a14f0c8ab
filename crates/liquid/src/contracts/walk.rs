//! One way through a template without rendering it: what it reads, which includes it calls, which branches it takes.
//!
//! With [`View::everything`] all branches are taken, which gives what the template says in itself; with the values of a
//! call only those that may be taken then.

mod choice;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use carafe_source::Span;

use crate::Template;
use crate::ast::{Body, Filtered, Node, TagNode};
use crate::parser::text_of;
use crate::tags::custom::{CustomBody, CustomTag};
use crate::tags::for_loop::{For, Offset};
use crate::tags::include::Include;
use crate::tags::include_liquid::PartialCall;
use crate::tags::words::{Param, Words};
use crate::tags::{Tag, Tags, cycle};

use super::calls::{Call, CallKind, Given, Pattern};
use super::known::Known;

/// How many paths of one call are kept apart.
const PATHS_LIMIT: usize = 32;

/// How many variables are followed at once; each branch copies them.
const VARIABLES_LIMIT: usize = 200;

/// Into how many views one is taken apart.
const APART_LIMIT: usize = 12;

/// On how many parameters a branch is said to depend.
const PARAMS_LIMIT: usize = 32;

/// What a template sees of its caller.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The fields of `include`; `None` when they may be anything.
    pub fields: Option<BTreeMap<Arc<str>, Known>>,
    /// Variables that the call sets.
    pub variables: BTreeMap<Arc<str>, Known>,
    /// All branches are taken.
    pub everything: bool,
}

impl View {
    /// Takes all branches.
    pub(super) fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// No `include` at all, as a page sees it.
    pub(super) fn of_page() -> Self {
        Self { fields: Some(BTreeMap::new()), ..Self::default() }
    }

    /// A text that is the same for equal views.
    pub(super) fn key(&self) -> String {
        let list = |all: &BTreeMap<Arc<str>, Known>| {
            all.iter().map(|(name, known)| format!("{name}={}", known.key())).collect::<Vec<_>>().join("\n")
        };
        format!("{}\n\n{}", self.fields.as_ref().map_or("*".to_owned(), list), list(&self.variables))
    }

    /// The same as several views that know more: one for each combination of values, as long as there are few.
    pub(super) fn apart(self) -> Vec<Self> {
        let mut views = vec![self];
        let several = |known: &Known| known.values().is_some_and(|values| values.len() > 1);
        loop {
            let first = |view: &Self| {
                let fields = view.fields.iter().flatten().map(|(name, known)| (true, name, known));
                let variables = view.variables.iter().map(|(name, known)| (false, name, known));
                fields
                    .chain(variables)
                    .find(|(_, _, known)| several(known))
                    .map(|(field, name, known)| (field, name.clone(), known.values().unwrap_or_default().to_vec()))
            };
            // All views have the same names, and differ in what has been taken apart already.
            let Some((field, name, values)) = views.first().and_then(first) else { return views };
            if values.len() * views.len() > APART_LIMIT {
                return views;
            }
            let one = |(view, value): (&Self, &crate::Value)| {
                let mut view = view.clone();
                let place = if field { view.fields.as_mut() } else { Some(&mut view.variables) };
                place.map(|place| place.insert(name.clone(), Known::just(value.clone())));
                view
            };
            views = views.iter().flat_map(|view| values.iter().map(move |value| (view, value))).map(one).collect();
        }
    }

    fn field(&self, name: &str) -> Known {
        match &self.fields {
            None => Known::Anything,
            Some(fields) => fields.get(name).cloned().unwrap_or(Known::just(crate::Value::Nil)),
        }
    }
}

/// A branch of an `if`, `unless` or `case`.
#[derive(Clone, Debug)]
pub(super) struct BranchSeen {
    /// The tag before it.
    pub head: Span,
    /// The branch around it.
    pub parent: Option<Span>,
    /// The fields of `include` on which it depends, with what they are.
    pub params: BTreeMap<Arc<str>, Known>,
    /// Whether it may be taken.
    pub taken: bool,
    /// Whether it is an `else`.
    pub otherwise: bool,
}

/// What was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The fields of `include` that are read: where first, and whether one is printed whatever happens.
    pub reads: BTreeMap<Arc<str>, (Span, bool)>,
    /// Any field may be read, because `include` is used as a whole.
    pub whole: bool,
    /// The variables that are read.
    pub names: BTreeSet<Arc<str>>,
    /// The variables that are assigned.
    pub assigned: BTreeSet<Arc<str>>,
    pub calls: Vec<Call>,
    pub branches: Vec<BranchSeen>,
}

/// What is known of a variable.
#[derive(Clone, Debug, Default)]
struct Variable {
    known: Known,
    /// The fields of `include` that it comes from.
    params: BTreeSet<Arc<str>>,
    /// The field of `include` that it is a plain copy of.
    copy: Option<Arc<str>>,
}

/// The variables; copied for each branch, so shared until one is changed.
type State = Rc<BTreeMap<Arc<str>, Variable>>;

struct Walker<'w> {
    template: &'w Template,
    tags: &'w Tags,
    view: &'w View,
    /// Told which variables a call may change; `None` for all.
    changes: &'w dyn Fn(&Call) -> Option<BTreeSet<Arc<str>>>,
    state: State,
    /// How many conditions are around.
    conditions: usize,
    parent: Option<Span>,
    seen: Seen,
}

/// Goes through `template`; `changes` says which variables a call may change (`None`: all).
pub(super) fn walk(
    template: &Template,
    tags: &Tags,
    view: &View,
    changes: &dyn Fn(&Call) -> Option<BTreeSet<Arc<str>>>,
) -> Seen {
    let variable = |known: &Known| Variable { known: known.clone(), ..Variable::default() };
    let state = Rc::new(view.variables.iter().map(|(name, known)| (name.clone(), variable(known))).collect());
    let seen = Seen::default();
    let mut walker = Walker { template, tags, view, changes, state, conditions: 0, parent: None, seen };
    walker.body(template.body());
    walker.seen
}

impl Walker<'_> {
    fn body(&mut self, body: &Body) {
        for node in &body.nodes {
            match node {
                Node::Text(_) => {}
                Node::Output(output) => self.output(output.value.as_ref()),
                Node::Tag(node) => self.tag(node),
            }
        }
    }

    fn output(&mut self, value: Option<&Filtered>) {
        if let Some(value) = value {
            self.filtered(value, true);
        }
    }

    fn tag(&mut self, node: &TagNode) {
        match &node.tag {
            Tag::Nothing | Tag::Raw(_) | Tag::Break | Tag::Continue => {}
            Tag::Assign(tag) => {
                let value = tag.value.as_ref().map(|value| self.assigned_value(value)).unwrap_or_default();
                self.assign(&tag.name, value);
            }
            Tag::Capture(tag) => {
                self.body(&tag.body);
                self.assign(&tag.name, Variable::default());
            }
            Tag::Count(tag) => {
                self.seen.names.insert(tag.name.clone());
                self.assign(&tag.name, Variable::default());
            }
            Tag::Case(tag) => self.case(tag),
            Tag::If(tag) => self.if_else(tag),
            Tag::IfVersion(tag) => {
                let bodies: Vec<&Body> = tag.branches.iter().map(|branch| &branch.body).collect();
                let complete = tag.branches.iter().any(|branch| branch.conditions.is_none());
                self.either(&bodies, complete);
            }
            Tag::Cycle(tag) => {
                if let cycle::CycleKey::Named(name) = &tag.key {
                    self.read(name, false);
                }
                for value in &tag.values {
                    self.read(value, false);
                }
            }
            Tag::Echo(output) => self.output(output.value.as_ref()),
            Tag::For(tag) => self.for_loop(tag),
            Tag::TableRow(tag) => {
                self.read(&tag.collection, false);
                for (_, value) in &tag.attributes {
                    self.read(value, false);
                }
                self.turns(&tag.body, &tag.variable);
            }
            Tag::IfChanged(tag) => self.body(&tag.body),
            Tag::Highlight(tag) => self.body(&tag.body),
            Tag::Link(tag) => self.words(&tag.target),
            Tag::IncludeCode(tag) => {
                self.words(&tag.path);
                self.given(&tag.params);
            }
            // What the host looks at, the template does not say.
            Tag::Host(_) => {}
            Tag::Liquid(body) => self.body(body),
            Tag::Custom(tag) => self.custom(tag),
            Tag::Include(tag) => self.include(tag, node.span),
            Tag::IncludeLiquid(tag) => self.partial(tag, CallKind::Liquid, node.span),
            Tag::Render(tag) => self.partial(tag, CallKind::Render, node.span),
        }
    }

    fn assign(&mut self, name: &Arc<str>, value: Variable) {
        self.seen.assigned.insert(name.clone());
        // Of a variable that is not kept nothing is known, which is always true.
        if self.state.len() < VARIABLES_LIMIT || &**name == "include" {
            Rc::make_mut(&mut self.state).insert(name.clone(), value);
        } else {
            self.forget(name);
        }
    }

    /// Nothing is known of a variable any more.
    fn forget(&mut self, name: &Arc<str>) -> Option<Variable> {
        if self.state.contains_key(name) { Rc::make_mut(&mut self.state).remove(name) } else { None }
    }

    fn words(&mut self, words: &Words) {
        if let Words::Template(body) = words {
            self.body(body);
        }
    }

    fn custom(&mut self, tag: &CustomTag) {
        for words in tag.title.iter().chain(&tag.words) {
            self.words(words);
        }
        for param in &tag.params {
            match &param.words {
                Some(words) => self.words(words),
                None => self.read(&param.value, false),
            }
        }
        if let CustomBody::Nodes(body) = &tag.body {
            self.body(body);
        }
    }

    fn for_loop(&mut self, tag: &For) {
        self.read(&tag.collection, false);
        if let Some(limit) = &tag.limit {
            self.read(limit, false);
        }
        if let Offset::At(offset) = &tag.offset {
            self.read(offset, false);
        }
        self.turns(&tag.body, &tag.variable);
        if let Some(otherwise) = &tag.otherwise {
            self.either(&[otherwise], false);
        }
    }

    /// The body of a loop: any number of turns.
    fn turns(&mut self, body: &Body, variable: &Arc<str>) {
        // What a turn assigns, the next one sees.
        let mut assigned = BTreeSet::new();
        let calls = assigned_in(body, &mut assigned);
        let hidden = self.forget(variable);
        if calls {
            self.state = State::default();
        }
        for name in &assigned {
            self.forget(name);
        }
        Rc::make_mut(&mut self.state).insert(variable.clone(), Variable::default());
        self.conditions += 1;
        self.body(body);
        self.conditions -= 1;
        for name in &assigned {
            self.forget(name);
        }
        self.forget(variable);
        if let Some(hidden) = hidden.filter(|_| !calls && !assigned.contains(variable)) {
            Rc::make_mut(&mut self.state).insert(variable.clone(), hidden);
        }
    }

    /// Bodies of which at most one is rendered, whatever decides it; exactly one when they are `complete`.
    fn either(&mut self, bodies: &[&Body], complete: bool) {
        let before = self.state.clone();
        let mut after = if complete { None } else { Some(before.clone()) };
        self.conditions += 1;
        for body in bodies {
            self.state.clone_from(&before);
            self.body(body);
            let here = std::mem::take(&mut self.state);
            after = Some(joined(after, here));
        }
        self.conditions -= 1;
        self.state = after.unwrap_or(before);
    }

    fn include(&mut self, tag: &Include, span: Span) {
        let kind = if &*tag.tag == "include_relative" { CallKind::Relative } else { CallKind::Include };
        self.words(&tag.path);
        let paths = self.paths(&tag.path);
        let given = self.given(&tag.params);
        self.call(Call { span, kind, paths, given, conditional: self.conditions > 0 });
    }

    fn partial(&mut self, tag: &PartialCall, kind: CallKind, span: Span) {
        self.read(&tag.name, true);
        let name = self.value(&tag.name);
        let paths = match name.values() {
            Some(values) => {
                values.iter().map(|value| Pattern(vec![Some(crate::convert::text(value).into_owned())])).collect()
            }
            None => vec![Pattern(vec![None])],
        };
        let mut given = self.given(&tag.params);
        // The value behind `with` has the alias' name, or the file's.
        let alias = tag.alias.clone().or_else(|| {
            let path = paths.first().and_then(Pattern::path)?;
            Some(path.rsplit('/').next().unwrap_or(&path).into())
        });
        if let Some(value) = &tag.value {
            self.read(value, false);
        }
        if let Some(alias) = alias {
            given.push(Given { name: alias, span, value: Known::Anything, passes: None });
        }
        self.call(Call { span, kind, paths, given, conditional: self.conditions > 0 });
    }

    fn given(&mut self, params: &[Param]) -> Vec<Given> {
        let mut given = Vec::new();
        for param in params {
            if let Some(words) = &param.words {
                self.words(words);
                given.push(Given { name: param.name.clone(), span: param.span, value: Known::Anything, passes: None });
                continue;
            }
            let passes = self.handed_on(&param.value);
            self.read(&param.value, false);
            let value = self.value(&param.value);
            given.push(Given { name: param.name.clone(), span: param.span, value, passes });
        }
        given
    }

    fn call(&mut self, call: Call) {
        if call.kind != CallKind::Render {
            match (self.changes)(&call) {
                None => self.state = State::default(),
                Some(names) => Rc::make_mut(&mut self.state).retain(|name, _| !names.contains(name)),
            }
        }
        self.seen.calls.push(call);
    }

    /// What a path with outputs may be.
    fn paths(&self, words: &Words) -> Vec<Pattern> {
        let body = match words {
            Words::Text(text) => return vec![Pattern(vec![Some(text.to_string())])],
            Words::Template(body) => body,
        };
        let mut paths = vec![Pattern::default()];
        for node in &body.nodes {
            let parts: Vec<Option<String>> = match node {
                Node::Text(span) => vec![Some(text_of(&self.template.text, *span).to_owned())],
                Node::Output(output) => match output.value.as_ref().map(|value| self.value_of(value).known) {
                    Some(Known::OneOf(values)) => {
                        values.iter().map(|value| Some(crate::convert::text(value).into_owned())).collect()
                    }
                    _ => vec![None],
                },
                Node::Tag(_) => vec![None],
            };
            let parts = if parts.len() * paths.len() > PATHS_LIMIT { vec![None] } else { parts };
            let longer = |path: &Pattern, part: &Option<String>| {
                let mut path = path.clone();
                path.0.push(part.clone());
                path
            };
            paths = paths.iter().flat_map(|path| parts.iter().map(move |part| longer(path, part))).collect();
        }
        paths
    }
}

/// What is known when it may have come one way or the other.
fn joined(one: Option<State>, other: State) -> State {
    let Some(mut one) = one else { return other };
    if Rc::ptr_eq(&one, &other) {
        return one;
    }
    let variables = Rc::make_mut(&mut one);
    variables.retain(|name, _| other.contains_key(name));
    for (name, variable) in variables {
        let Some(there) = other.get(name) else { continue };
        variable.known = variable.known.or(&there.known);
        variable.params.extend(there.params.iter().cloned());
        if variable.copy != there.copy {
            variable.copy = None;
        }
    }
    one
}

/// The variables that `body` assigns; and whether it calls files that may assign further ones.
fn assigned_in(body: &Body, names: &mut BTreeSet<Arc<str>>) -> bool {
    let mut calls = false;
    for node in &body.nodes {
        let Node::Tag(node) = node else { continue };
        let mut inner: Vec<&Body> = Vec::new();
        match &node.tag {
            Tag::Assign(tag) => drop(names.insert(tag.name.clone())),
            Tag::Count(tag) => drop(names.insert(tag.name.clone())),
            Tag::Capture(tag) => {
                names.insert(tag.name.clone());
                inner.push(&tag.body);
            }
            Tag::Case(tag) => inner.extend(tag.branches.iter().map(|branch| &branch.body)),
            Tag::If(tag) => inner.extend(tag.branches.iter().map(|(_, body)| body)),
            Tag::IfVersion(tag) => inner.extend(tag.branches.iter().map(|branch| &branch.body)),
            Tag::For(tag) => {
                inner.push(&tag.body);
                inner.extend(&tag.otherwise);
            }
            Tag::TableRow(tag) => inner.push(&tag.body),
            Tag::IfChanged(tag) => inner.push(&tag.body),
            Tag::Highlight(tag) => inner.push(&tag.body),
            Tag::Liquid(body) => inner.push(body),
            Tag::Custom(tag) => {
                if let CustomBody::Nodes(body) = &tag.body {
                    inner.push(body);
                }
            }
            Tag::Include(_) | Tag::IncludeLiquid(_) => calls = true,
            _ => {}
        }
        for body in inner {
            calls |= assigned_in(body, names);
        }
    }
    calls
}
