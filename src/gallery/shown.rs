//! What is known of the includes that are shown: what they take, who calls them, on which pages, and what became of their tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carafe_liquid::contracts::Role;
use carafe_liquid::{Map, Template};
use memchr::memmem::Finder;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::{Described, Includes};
use crate::content::Format;
use crate::diagnostic::Diagnostic;
use crate::include_test::{self, Context, Coverage, Outcome};
use crate::session::Session;
use crate::site::Entry;
use crate::world::{World, is_icon};

use super::call::{self, Form, Values};
use super::tag::{self, OwnTag};

/// A release that a rendering may be of.
#[derive(Clone, Debug)]
pub(super) struct Release {
    /// Its product; empty for a site without products.
    pub product: Arc<str>,
    /// Its name.
    pub name: String,
    /// How it is called where the include is in use: with its product, if there are several.
    pub label: String,
    /// What its pages know.
    pub page: Map,
}

impl Release {
    /// What tells it from all others.
    pub(super) fn address(&self) -> String {
        format!("{}/{}", self.product, self.name)
    }
}

/// Whoever calls an include by itself.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A page, by the positions of its entries: one for each release that it is made for.
    Page(Arc<str>, Vec<usize>),
    /// Another include, by its name.
    Include(String),
    /// A layout, or the template of a tag.
    Other(Arc<str>),
}

/// An include.
#[derive(Debug)]
pub(super) struct Include {
    /// What it says of itself.
    pub about: Described,
    /// How it is written, when it is a tag.
    pub form: Option<Form>,
    /// Its path, as shown to people.
    pub path: Arc<str>,
    /// Who calls it.
    pub callers: Vec<Caller>,
    /// The entries that it is shown on, through other includes too.
    pub pages: Vec<usize>,
    /// The releases of these; of an include that no page leads to, all.
    pub releases: Vec<Release>,
    /// What is around its examples.
    pub context: Context,
    /// Its cases, by their numbers in [`Shown::outcomes`].
    pub cases: Vec<usize>,
    /// What the tests use of it.
    pub coverage: Option<Coverage>,
    /// What the controls hold at first.
    pub first: Values,
    /// The entry whose surroundings its renderings get.
    pub looks_like: Option<usize>,
}

/// All of a site.
#[derive(Debug)]
pub(super) struct Shown {
    /// The includes, in the order of their names.
    pub includes: Vec<Include>,
    /// What became of all tests.
    pub outcomes: Vec<Outcome>,
    /// What is wrong with `doc` blocks and test files.
    pub found: Vec<Diagnostic>,
    /// The entry whose surroundings renderings get that no page shows.
    pub common: Option<usize>,
}

impl Shown {
    /// The includes with what they say of themselves. Neither pages nor tests are looked at.
    pub(super) fn said(session: &Session) -> Self {
        let world = session.world();
        let own = world.include_templates().into_iter().filter(|(name, path, template)| {
            world.owns_include(path) && !is_icon(name) && !Includes::defines(name, template)
        });
        let one = |(name, path, template): (Arc<str>, Arc<str>, Arc<Template>)| {
            Include::unused(path, Described::said(&name, template.doc().map(|doc| &*doc.contract)))
        };
        let mut includes: Vec<Include> = own.map(one).collect();
        includes.extend(tag::all(world).into_iter().map(Include::of_tag));
        includes.sort_by(|a, b| a.about.name.cmp(&b.about.name));
        Self { includes, outcomes: Vec::new(), found: Vec::new(), common: common(world) }
    }

    pub(super) fn new(session: &Session) -> Self {
        let world = session.world();
        let includes = Includes::new(world);
        let cases = include_test::cases(world);
        let found = cases.content.into_iter().chain(cases.broken).collect();
        let outcomes = include_test::run(world, cases.cases);
        let coverage = include_test::coverage::coverage(world, &outcomes);
        let mut coverage: BTreeMap<Arc<str>, Coverage> =
            coverage.into_iter().map(|one| (one.include.clone(), one)).collect();
        let releases = include_test::releases(world);
        let mut entries: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, entry) in world.site.entries.iter().enumerate() {
            entries.entry(&entry.page.path).or_default().push(at);
        }
        let mut all: Vec<Include> = Vec::new();
        for at in includes.listed(world) {
            let about = Described::new(&includes, at);
            let pages = reached(&includes, at, &entries);
            let mut cases: Vec<usize> = (0..outcomes.len()).collect();
            cases.retain(|case| {
                outcomes.get(*case).is_some_and(|one| one.case.include.as_deref() == Some(&*about.name))
            });
            all.push(Include {
                path: includes.paths.get(at).cloned().unwrap_or_default(),
                callers: callers(&includes, at, &entries),
                releases: releases_of(world, &releases, &pages),
                context: Context::default(),
                coverage: coverage.remove(&*about.name),
                first: first(&includes, at, &about),
                looks_like: pages.iter().copied().find(|at| has_surroundings(world, *at)),
                cases,
                pages,
                about,
                form: None,
            });
        }
        all.extend(tag::all(world).into_iter().map(|tag| used(world, &includes, &releases, &entries, tag)));
        all.sort_by(|a, b| a.about.name.cmp(&b.about.name));
        let mut contexts = cases.contexts;
        all.iter_mut().for_each(|include| include.context = contexts.remove(&include.about.name).unwrap_or_default());
        Self { includes: all, outcomes, found, common: common(world) }
    }

    /// The position of the include with this name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.includes.binary_search_by(|include| include.about.name.as_str().cmp(name)).ok()
    }

    pub(super) fn include(&self, at: usize) -> Option<&Include> {
        self.includes.get(at)
    }

    /// The outcomes of an include's cases: those of its examples, or those of its test files.
    pub(super) fn outcomes<'s>(&'s self, include: &'s Include, examples: bool) -> impl Iterator<Item = &'s Outcome> {
        let all = include.cases.iter().filter_map(|case| self.outcomes.get(*case));
        all.filter(move |outcome| (outcome.case.path == include.path) == examples)
    }
}

impl Include {
    /// One include as far as that is known without following all calls: what it takes, and what is around its renderings. The pages are those
    /// that mention it, or an include that does.
    pub(super) fn near(session: &Session, name: &str) -> Option<Self> {
        let world = session.world();
        if let Some(tag) = tag::all(world).into_iter().find(|tag| *tag.name == *name) {
            let pages = mentioning(world, &tag.form.name);
            return Some(Self {
                releases: releases_of(world, &include_test::releases(world), &pages),
                looks_like: pages.iter().copied().find(|at| has_surroundings(world, *at)),
                pages,
                ..Self::of_tag(tag)
            });
        }
        let (includes, at) = Includes::near(world, name)?;
        let about = Described { calls: 0, ..Described::new(&includes, at) };
        let pages = mentioning(world, name);
        Some(Self {
            path: includes.paths.get(at).cloned().unwrap_or_default(),
            callers: Vec::new(),
            releases: releases_of(world, &include_test::releases(world), &pages),
            context: include_test::context(world, name),
            coverage: None,
            first: first(&includes, at, &about),
            looks_like: pages.iter().copied().find(|at| has_surroundings(world, *at)),
            cases: Vec::new(),
            pages,
            about,
            form: None,
        })
    }

    /// One of whose uses nothing is known yet.
    fn unused(path: Arc<str>, about: Described) -> Self {
        Self {
            path,
            form: None,
            about,
            callers: Vec::new(),
            pages: Vec::new(),
            releases: Vec::new(),
            context: Context::default(),
            cases: Vec::new(),
            coverage: None,
            first: Values::new(),
            looks_like: None,
        }
    }

    /// A tag, of whose uses nothing is known yet.
    fn of_tag(tag: OwnTag) -> Self {
        Self { form: Some(tag.form), first: tag.first, ..Self::unused(tag.path, tag.about) }
    }
}

/// A tag with all that use it: by itself, or through includes.
fn used(
    world: &World,
    includes: &Includes,
    releases: &[include_test::Release],
    entries: &FxHashMap<&str, Vec<usize>>,
    tag: OwnTag,
) -> Include {
    let mut include = Include::of_tag(tag);
    let Some(form) = &include.form else { return include };
    let mut calls = 0;
    let mut pages: BTreeSet<usize> = BTreeSet::new();
    for (at, unit) in includes.analysis.units.iter().enumerate() {
        let path = includes.paths.get(at).cloned().unwrap_or_default();
        let uses = if includes.is_checked(at) && path != include.path { form.uses(unit.template.text()) } else { 0 };
        if uses == 0 {
            continue;
        }
        calls += uses;
        include.callers.push(match (unit.role, entries.get(&*path)) {
            (Role::Root, Some(own)) => {
                pages.extend(own);
                Caller::Page(path, own.clone())
            }
            (Role::Include, _) => Caller::Include(unit.name.to_string()),
            _ => Caller::Other(path),
        });
        pages.extend(reached(includes, at, entries));
    }
    include.about.calls = calls;
    include.pages = pages.into_iter().collect();
    include.releases = releases_of(world, releases, &include.pages);
    include.looks_like = include.pages.iter().copied().find(|at| has_surroundings(world, *at));
    include
}

/// The entries of the pages that mention an include by the last part of its name, or another one that does.
fn mentioning(world: &World, name: &str) -> Vec<usize> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let includes = world.include_templates();
    let mut names: Vec<Finder<'static>> = vec![Finder::new(&last(name)).into_owned()];
    let mut seen: FxHashSet<&str> = FxHashSet::from_iter([name]);
    let mut at = 0;
    while let Some(wanted) = names.get(at).cloned() {
        at += 1;
        for (name, _, template) in &includes {
            if wanted.find(template.text().as_bytes()).is_some() && seen.insert(name) {
                names.push(Finder::new(&last(name)).into_owned());
            }
        }
    }
    let entries = world.site.entries.iter().enumerate();
    let mentions =
        entries.filter(|(_, entry)| names.iter().any(|name| name.find(entry.page.text.as_bytes()).is_some()));
    mentions.map(|(at, _)| at).collect()
}

/// The entries of all pages that lead to the unit at this position.
fn reached(includes: &Includes, at: usize, entries: &FxHashMap<&str, Vec<usize>>) -> Vec<usize> {
    let (mut seen, mut waiting, mut pages) = (FxHashSet::from_iter([at]), vec![at], Vec::new());
    while let Some(at) = waiting.pop() {
        for (caller, _) in includes.callers(at) {
            if !seen.insert(caller) {
                continue;
            }
            waiting.push(caller);
            let path = includes.paths.get(caller).filter(|_| role(includes, caller) == Some(Role::Root));
            pages.extend(path.and_then(|path| entries.get(&**path)).into_iter().flatten());
        }
    }
    pages.sort_unstable();
    pages
}

fn role(includes: &Includes, at: usize) -> Option<Role> {
    Some(includes.analysis.units.get(at)?.role)
}

/// Who calls the unit at this position by itself; sources that are not built at present, and examples, call nothing.
fn callers(includes: &Includes, at: usize, entries: &FxHashMap<&str, Vec<usize>>) -> Vec<Caller> {
    let mut found: BTreeMap<Arc<str>, Caller> = BTreeMap::new();
    for (caller, _) in includes.callers(at) {
        let path = includes.paths.get(caller).cloned().unwrap_or_default();
        let known = match role(includes, caller) {
            Some(Role::Root) => match entries.get(&*path) {
                Some(entries) => Caller::Page(path.clone(), entries.clone()),
                None => Caller::Other(path.clone()),
            },
            Some(Role::Include) => Caller::Include(includes.name(caller).to_owned()),
            Some(Role::Relative) => Caller::Other(path.clone()),
            _ => continue,
        };
        found.insert(path, known);
    }
    found.into_values().collect()
}

/// The releases of these pages, all of them when there are none.
fn releases_of(world: &World, all: &[include_test::Release], pages: &[usize]) -> Vec<Release> {
    let of = |at: &usize| {
        let release = world.site.entries.get(*at)?.variant.release.as_ref()?;
        Some((release.product.clone(), release.value.to_string()))
    };
    let wanted: FxHashSet<(Arc<str>, String)> = pages.iter().filter_map(of).collect();
    let is_wanted =
        |one: &&include_test::Release| pages.is_empty() || wanted.contains(&(one.product.clone(), one.name.clone()));
    let found: Vec<&include_test::Release> = all.iter().filter(is_wanted).collect();
    let products: FxHashSet<&str> = found.iter().map(|one| &*one.product).collect();
    let label = |one: &include_test::Release| match products.len() {
        0 | 1 => one.name.clone(),
        _ => format!("{} {}", one.product, one.name),
    };
    let release = |one: &include_test::Release| Release {
        label: label(one),
        product: one.product.clone(),
        name: one.name.clone(),
        page: one.page.clone(),
    };
    found.into_iter().map(release).collect()
}

/// What the controls hold at first: the values of the first example that calls the include with nothing but texts, numbers and truth values;
/// else something that fits.
fn first(includes: &Includes, at: usize, about: &Described) -> Values {
    let literal = |value: &carafe_liquid::Value| match value {
        carafe_liquid::Value::Str(text) => Some(text.to_string()),
        carafe_liquid::Value::Bool(_) | carafe_liquid::Value::Int(_) | carafe_liquid::Value::Float(_) => {
            Some(carafe_liquid::convert::text(value).into_owned())
        }
        _ => None,
    };
    let values = |call: &carafe_liquid::contracts::Call| {
        let one = |given: &carafe_liquid::contracts::Given| match given.value.values()? {
            [value] => Some((given.name.to_string(), literal(value)?)),
            _ => None,
        };
        call.given.iter().map(one).collect::<Option<Values>>()
    };
    let examples = includes.callers(at).filter(|(caller, _)| role(includes, *caller) == Some(Role::Example));
    let own = |call: &carafe_liquid::contracts::Call| {
        call.kind.fields() && call.paths.iter().any(|path| path.path().as_deref() == Some(&*about.name))
    };
    let found = examples.filter(|(_, call)| own(call)).find_map(|(_, call)| values(call));
    found.unwrap_or_else(|| {
        let all = about.params.iter().map(|param| (param.name.clone(), call::placeholder(param)));
        all.filter(|(_, value)| !value.is_empty()).collect()
    })
}

/// The name of what goes around a page.
pub(super) fn layout(entry: &Entry) -> &str {
    entry.text("layout").or_else(|| entry.text("template")).unwrap_or_default()
}

/// Whether a page has surroundings that a rendering can take.
fn has_surroundings(world: &World, at: usize) -> bool {
    world.site.entries.get(at).is_some_and(|entry| {
        let is_markdown = entry.page.format == Format::Markdown;
        entry.written && is_markdown && !entry.is_not_found() && !entry.is_fallback()
    })
}

/// The first page of the layout that most pages have.
fn common(world: &World) -> Option<usize> {
    let mut count: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (at, entry) in world.site.entries.iter().enumerate().filter(|(at, _)| has_surroundings(world, *at)) {
        count.entry(layout(entry)).or_insert((0, at)).0 += 1;
    }
    // Of two that are as frequent the first one.
    let most = count.values().max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at)))?;
    Some(most.1)
}
