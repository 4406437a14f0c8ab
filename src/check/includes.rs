//! The templates of the site as components: who calls whom, with what, and what each of them takes.
//!
//! 1. Pages, layouts and templates of tags and filters are where a rendering starts; includes are what they call.
//! 2. Files that only `include_relative` finds are added, as far as their paths are known.
//! 3. Sources that are not built at present, such as drafts, are added as well: what they call is not unused.
//! 4. The examples of contracts count as calls, so that a branch that only an example takes is none that nothing takes.
//! 5. [`carafe_liquid::contracts`] follows the calls.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_liquid::Template;
use carafe_liquid::contracts::Contract;
use carafe_liquid::contracts::{self, Analysis, Call, CallKind, Role, Unit};
use carafe_source::{FileId, Span};

use crate::diagnostic::{Diagnostic, Finding, Severity};
use crate::world::{World, is_icon};

/// All templates, analysed.
#[derive(Debug)]
pub(crate) struct Includes {
    /// What is known of them.
    pub analysis: Analysis,
    /// The path of each unit as shown to people.
    pub paths: Vec<Arc<str>>,
    /// For each unit, the calls that may lead to it: the position of the caller, and of the call in it.
    callers: Vec<Vec<(usize, usize)>>,
}

impl Includes {
    /// Looks at all templates of the site.
    pub(crate) fn new(world: &World) -> Self {
        let mut all = Collected::default();
        for entry in &world.site.entries {
            let page = &entry.page;
            let plain = !entry.runs_liquid();
            if !plain && !all.known.contains_key(&page.file) {
                all.add(Role::Root, &page.path, &page.path, world.page_template(entry));
            }
        }
        let pages: FxHashSet<Arc<str>> = all.paths.iter().cloned().collect();
        for (path, template) in world.unbuilt_templates(&|path| pages.contains(path)) {
            all.add(Role::Unbuilt, &path, &path, template);
        }
        for (path, template) in world.layout_templates() {
            all.add(Role::Root, &path, &path, template);
        }
        for (name, path, template) in world.include_templates() {
            all.add(if Self::defines(&name, &template) { Role::Root } else { Role::Include }, &name, &path, template);
        }
        Self::analysed(all, world)
    }

    fn analysed(mut all: Collected, world: &World) -> Self {
        all.add_relative(world);
        all.add_examples(world);
        let Collected { units, paths, relative, .. } = all;
        let find = |file: FileId, path: &str| relative.get(&(file, path.to_owned())).copied();
        let analysis = contracts::analyse(units, world.tags(), &find);
        let mut callers = vec![Vec::new(); analysis.units.len()];
        for (caller, calls) in analysis.calls.iter().enumerate() {
            for (number, call) in calls.iter().enumerate() {
                for target in analysis.targets(call) {
                    callers.get_mut(target).into_iter().for_each(|known: &mut Vec<_>| known.push((caller, number)));
                }
            }
        }
        Self { analysis, paths, callers }
    }

    /// Whether a file among the includes is the template of a tag or filter.
    pub(crate) fn defines(name: &str, template: &Template) -> bool {
        (name.starts_with("tags/") || name.starts_with("filters/"))
            && template.text().lines().next().is_some_and(|line| line.trim_end() == "---")
    }

    /// One include with all that it calls, itself and through others, and the examples of these; and its position. What includes imply of their
    /// parameters is known of it as [`Includes::new`] knows it, without a look at pages; who calls it is not.
    pub(crate) fn near(world: &World, name: &str) -> Option<(Self, usize)> {
        let mut all = Collected::default();
        let names = world.includes.names();
        let mut waiting: Vec<Arc<str>> = names.iter().filter(|known| ***known == *name).cloned().collect();
        let mut seen: FxHashSet<Arc<str>> = waiting.iter().cloned().collect();
        while let Some(name) = waiting.pop() {
            let (path, template) = world.includes.get(&name, &world.sources, world.tags());
            let Ok(template) = template else { continue };
            for call in contracts::calls(&template, world.tags()) {
                let fits = |known: &&Arc<str>| call.paths.iter().any(|path| path.fits(known));
                waiting.extend(names.iter().filter(fits).filter(|known| seen.insert(Arc::clone(known))).cloned());
            }
            all.add(Role::Include, &name, &path, template);
        }
        let found = Self::analysed(all, world);
        let at = found.analysis.units.iter().position(|unit| *unit.name == *name && unit.role == Role::Include)?;
        Some((found, at))
    }

    /// The calls that may lead to a unit, examples and sources that are not built included; each with the position of its
    /// unit.
    pub(crate) fn callers(&self, at: usize) -> impl Iterator<Item = (usize, &Call)> {
        let call = |(caller, number): &(usize, usize)| Some((*caller, self.analysis.calls.get(*caller)?.get(*number)?));
        self.callers.get(at).into_iter().flatten().filter_map(call)
    }

    /// Whether the calls of the unit at this position are checked: those of examples, and of sources that are not built, are not.
    pub(crate) fn is_checked(&self, at: usize) -> bool {
        self.analysis.units.get(at).is_some_and(|unit| !matches!(unit.role, Role::Example | Role::Unbuilt))
    }

    /// The calls that are checked, each with the position of its unit.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (usize, &Call)> {
        let all = self.analysis.calls.iter().enumerate().filter(|(at, _)| self.is_checked(*at));
        all.flat_map(|(at, calls)| calls.iter().map(move |call| (at, call)))
    }

    /// The units that are includes of the site's own folder.
    pub(crate) fn own<'i>(&'i self, world: &'i World) -> impl Iterator<Item = usize> + 'i {
        let is_own = |at: &usize| {
            self.analysis.units.get(*at).is_some_and(|unit| unit.role == Role::Include)
                && self.paths.get(*at).is_some_and(|path| world.owns_include(path))
        };
        (0..self.analysis.units.len()).filter(is_own)
    }

    /// Those of them that authors call by name, which leaves out the icons.
    pub(crate) fn listed<'i>(&'i self, world: &'i World) -> impl Iterator<Item = usize> + 'i {
        self.own(world).filter(|at| !is_icon(self.name(*at)))
    }

    /// What the unit says of itself.
    pub(crate) fn doc(&self, at: usize) -> Option<&Contract> {
        self.analysis.units.get(at)?.template.doc().map(|doc| &*doc.contract)
    }

    /// What the unit declares; `None` when it declares no parameters.
    pub(crate) fn contract(&self, at: usize) -> Option<&Contract> {
        self.doc(at).filter(|contract| !contract.params.is_empty())
    }

    /// The name by which calls know the unit.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.analysis.units.get(at).map_or("", |unit| &unit.name)
    }

    /// A finding in the unit: on its page, when it is one.
    pub(crate) fn finding(&self, at: usize, diagnostic: Diagnostic) -> Finding {
        let is_page = self.analysis.units.get(at).is_some_and(|unit| unit.role == Role::Root);
        let page = self.paths.get(at).filter(|_| is_page).cloned();
        (page.unwrap_or_default().into(), diagnostic)
    }

    /// Whether a call hands over no parameters and so leaves those of the file around it in sight.
    pub(crate) fn inherits(&self, caller: usize, call: &Call, target: usize) -> bool {
        let inside = self.analysis.units.get(caller).is_some_and(|unit| unit.role != Role::Root);
        inside && call.kind.fields() && call.given.is_empty() && self.contract(target).is_none()
    }
}

#[derive(Default)]
struct Collected {
    units: Vec<Unit>,
    paths: Vec<Arc<str>>,
    known: FxHashMap<FileId, usize>,
    relative: FxHashMap<(FileId, String), usize>,
}

impl Collected {
    fn add(&mut self, role: Role, name: &Arc<str>, path: &Arc<str>, template: Arc<Template>) -> usize {
        let at = self.units.len();
        if role != Role::Example {
            self.known.entry(template.file()).or_insert(at);
        }
        self.units.push(Unit { role, name: name.clone(), template });
        self.paths.push(path.clone());
        at
    }

    /// Adds what `include_relative` asks for, and what that asks for in turn.
    fn add_relative(&mut self, world: &World) {
        let mut at = 0;
        while let Some(template) = self.units.get(at).map(|unit| unit.template.clone()) {
            at += 1;
            if !template.text().contains("include_relative") {
                continue;
            }
            let calls = contracts::calls(&template, world.tags());
            for call in calls.iter().filter(|call| call.kind == CallKind::Relative) {
                for path in call.paths.iter().filter_map(contracts::Pattern::path) {
                    let Some((shown, found)) = world.relative_template(template.file(), &path) else { continue };
                    let target = match self.known.get(&found.file()) {
                        Some(target) => *target,
                        None => self.add(Role::Relative, &shown, &shown, found),
                    };
                    self.relative.insert((template.file(), path), target);
                }
            }
        }
    }

    fn add_examples(&mut self, world: &World) {
        let docs = self.units.iter().filter_map(|unit| unit.template.doc());
        let examples = docs.flat_map(|doc| doc.contract.examples.iter().map(|example| example.text.clone()));
        for (number, text) in examples.collect::<Vec<_>>().into_iter().enumerate() {
            // Their places are never shown; they only must not be mistaken for others.
            let file = FileId(u32::MAX - u32::try_from(number).unwrap_or(0));
            let template = carafe_liquid::parse(file, &text.into(), 0, world.tags());
            self.add(Role::Example, &"".into(), &"".into(), Arc::new(template));
        }
    }
}

/// Takes away what is the same mistake told again: undefined variables that a missing parameter explains, and missing parameters that are there under
/// a misspelt name.
pub(crate) fn drop_explained(findings: &mut Vec<Finding>) {
    // What is told less loudly explains nothing, or `check` would pass what fails a build.
    let mut missing: FxHashMap<Span, Vec<(String, Severity)>> = FxHashMap::default();
    let mut misspelt: Vec<(Span, Option<String>, Severity)> = Vec::new();
    for (_, finding) in findings.iter() {
        match (finding.code, finding.span, &finding.subject) {
            ("missing-parameter", Some(span), Some(name)) => {
                missing.entry(span).or_default().push((format!("include.{name}"), finding.severity));
            }
            ("unknown-parameter", Some(span), name) => misspelt.push((span, name.clone(), finding.severity)),
            _ => {}
        }
    }
    let within =
        |call: Span, inner: Span| call.file == inner.file && call.start <= inner.start && inner.end <= call.end;
    findings.retain(|(_, finding)| {
        let Some(span) = finding.span else { return true };
        let told = |(name, severity): &(String, Severity)| {
            let below = finding.subject.as_ref().and_then(|subject| subject.strip_prefix(&**name));
            *severity >= finding.severity && below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let explained = |call: &Span| missing.get(call).is_some_and(|names| names.iter().any(told));
        match finding.code {
            "undefined-variable" => {
                let is_misspelt =
                    |(place, _, severity): &(Span, _, Severity)| *place == span && *severity >= finding.severity;
                !finding.trace.iter().any(explained) && !misspelt.iter().any(is_misspelt)
            }
            "missing-parameter" => !misspelt.iter().any(|(place, name, severity)| {
                within(span, *place) && *name == finding.subject && *severity >= finding.severity
            }),
            _ => true,
        }
    });
}
