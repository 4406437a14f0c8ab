//! What is known where somebody asks: the includes of the site, the variables of a page and what they hold.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use carafe_liquid::contracts::Role;
use carafe_liquid::{Globals, Template, Value, convert};
use carafe_source::{FileId, Span};
use carafe_yaml::Node;

use crate::check::{Described, Includes};
use crate::config::Mode;
use crate::render;
use crate::site::Entry;
use crate::world::{World, options};

use super::here::Here;

/// How much of a value is shown.
const SHOWN: usize = 300;
/// How many callers are named.
const CALLERS: usize = 10;

impl Here<'_> {
    pub(super) fn world(&self) -> &World {
        self.session.world()
    }

    pub(super) fn text(&self) -> &str {
        self.document.text()
    }

    pub(super) fn is_jekyll(&self) -> bool {
        self.world().config.mode == Mode::Jekyll
    }

    /// All templates and their calls, looked at once for each state of the site.
    pub(super) fn includes(&self) -> &Includes {
        self.analysis.get_or_init(|| Includes::new(self.world()))
    }

    /// The path and the template of an include, of a tag or of a filter, by its name among the includes.
    pub(super) fn template(&self, name: &str) -> Option<(Arc<str>, Arc<Template>)> {
        let world = self.world();
        let (path, template) = world.includes.get(name, &world.sources, world.tags());
        Some((path, template.ok()?))
    }

    /// The position of the include that a call names.
    pub(super) fn include(&self, name: &str) -> Option<usize> {
        let name = name.trim_start_matches("./").trim_start_matches('/');
        let units = &self.includes().analysis.units;
        units.iter().position(|unit| unit.role == Role::Include && *unit.name == *name)
    }

    /// The include that this text is, and its position.
    pub(super) fn own_include(&self) -> Option<usize> {
        let includes = self.includes();
        let is_it = |at: &usize| {
            includes.paths.get(*at).is_some_and(|path| **path == *self.path)
                && includes
                    .analysis
                    .units
                    .get(*at)
                    .is_some_and(|unit| matches!(unit.role, Role::Include | Role::Relative))
        };
        (0..includes.paths.len()).find(is_it)
    }

    /// The pages that are made from this text.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let site = &self.world().site;
        site.positions(self.path).iter().filter_map(|&at| Some((at, site.entry(at)?)))
    }

    /// The page whose variables count here: this one, or for an include a page that it is shown on.
    fn page(&self) -> Option<usize> {
        let own = self.entries().next().map(|(at, _)| at);
        let written = || self.world().site.entries.iter().position(|entry| entry.written);
        own.or_else(|| self.shown_on()).or_else(written)
    }

    /// A page that calls the include that this text is, itself or through others.
    fn shown_on(&self) -> Option<usize> {
        self.callers().next()
    }

    /// The pages that this text is shown on: those that are made from it, or those that call the include that it is.
    pub(super) fn showing(&self) -> Vec<usize> {
        let own: Vec<usize> = self.entries().map(|(at, _)| at).collect();
        if own.is_empty() { self.callers().collect() } else { own }
    }

    /// The pages that call the include that this text is, the nearest first.
    fn callers(&self) -> impl Iterator<Item = usize> {
        let includes = self.includes();
        let mut next: VecDeque<usize> = self.own_include().into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut found: VecDeque<usize> = VecDeque::new();
        std::iter::from_fn(move || {
            while found.is_empty() {
                for (caller, _) in includes.callers(next.pop_front()?) {
                    if !seen.insert(caller) {
                        continue;
                    }
                    let pages = includes.paths.get(caller).map_or(&[][..], |path| self.world().site.positions(path));
                    if pages.is_empty() {
                        next.push_back(caller);
                    }
                    found.extend(pages);
                }
            }
            found.pop_front()
        })
    }

    /// The variables that a text here sees.
    pub(super) fn globals(&self) -> Globals {
        self.page().map(|at| render::globals(self.world(), at)).unwrap_or_default()
    }

    /// What is known of an include, as Markdown.
    pub(super) fn about_include(&self, at: usize) -> String {
        let includes = self.includes();
        let about = Described::new(includes, at);
        let mut out = format!("```liquid\n{}\n```\n", call(&about));
        if let Some(reason) = &about.deprecated {
            out.push_str(&format!("\n**Deprecated.** {reason}\n"));
        }
        if !about.description.is_empty() {
            out.push_str(&format!("\n{}\n", about.description));
        }
        if !about.params.is_empty() {
            out.push('\n');
        }
        for param in &about.params {
            out.push_str(&format!("- `{}`: {}\n", param.name, param.words()));
        }
        if !about.declared && !about.params.is_empty() {
            out.push_str("\nIt declares no parameters; these are the ones that it reads.\n");
        }
        let real = |(caller, _): &(usize, _)| {
            includes.analysis.units.get(*caller).is_some_and(|unit| unit.role != Role::Example)
        };
        let callers: BTreeSet<&str> =
            includes.callers(at).filter(real).filter_map(|(caller, _)| Some(&**includes.paths.get(caller)?)).collect();
        let named: Vec<String> = callers.iter().take(CALLERS).map(|path| format!("`{path}`")).collect();
        let more = callers.len().saturating_sub(CALLERS);
        match (about.calls, named.is_empty()) {
            (_, true) => out.push_str("\nNothing calls it.\n"),
            (calls, false) => {
                let times = if calls == 1 { "once".to_owned() } else { format!("{calls} times") };
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                out.push_str(&format!("\nCalled {times}, in {}{more}.\n", named.join(", ")));
            }
        }
        out
    }

    /// The place of the key at `path` in a YAML file of the site.
    pub(super) fn key(&self, file: &str, path: &[&str]) -> Option<Span> {
        let text = self.world().files.read(file).ok()?;
        let id = self.world().sources.add(file, text.clone());
        self.key_in(id, &text, 0, path)
    }

    /// The place of the key at `path` in a text of YAML that begins at `offset` of its file.
    pub(super) fn key_in(&self, file: FileId, text: &str, offset: usize, path: &[&str]) -> Option<Span> {
        let yaml = options::yaml(&self.world().config);
        let document = carafe_yaml::read(text, yaml.schema, &yaml.limits).ok()?;
        let mut node: &Node = &document.root;
        let mut key = None;
        for name in path {
            if let Some(mapping) = node.as_mapping() {
                let entry = mapping.get(name)?;
                (key, node) = (Some(&entry.key), &entry.value);
            } else {
                node = node.as_sequence()?.items().get(name.parse::<usize>().ok()?)?;
                key = Some(node);
            }
        }
        Some(key?.head().span(file, offset))
    }
}

/// How an include is called.
fn call(about: &Described) -> String {
    let usage = about.usage();
    let blank = if usage.is_empty() { "" } else { " " };
    format!("{{% include {}{blank}{usage} %}}", about.name)
}

/// What a path of names leads to.
pub(super) fn value(globals: &Globals, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let mut value = globals.get(*first)?.clone();
    for name in rest {
        value = value.field(name)?;
    }
    Some(value)
}

/// The names right below a value.
pub(super) fn keys(value: &Value) -> Vec<Arc<str>> {
    match value {
        Value::Map(map) => map.keys().cloned().collect(),
        Value::Object(object) => object.keys(),
        Value::Array(_) => ["size", "first", "last"].map(Arc::from).to_vec(),
        Value::Str(_) => vec!["size".into()],
        _ => Vec::new(),
    }
}

/// A value in short, and what it is.
pub(super) fn shown(value: &Value) -> (&'static str, String) {
    let cut = |text: &str| {
        let end = text.char_indices().nth(SHOWN).map(|(at, _)| at);
        end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
    };
    match value {
        Value::Nil => ("nothing", "nil".to_owned()),
        Value::Bool(_) => ("a boolean", convert::inspect(value)),
        Value::Str(text) => ("a text", cut(text)),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().take(8).map(of_list).collect();
            let more = if items.len() > all.len() { ", …" } else { "" };
            ("a list", cut(&format!("{} items: {}{more}", items.len(), all.join(", "))))
        }
        Value::Map(_) | Value::Object(_) if value.written().is_none() => {
            let names = keys(value);
            let shown: Vec<&str> = names.iter().take(24).map(|name| &**name).collect();
            let more = if names.len() > shown.len() { ", …" } else { "" };
            ("an object", cut(&format!("{}{more}", shown.join(", "))))
        }
        Value::Range(..) => ("a range", convert::inspect(value)),
        value => ("a number", convert::text(value).into_owned()),
    }
}

/// An item of a list in a few words.
fn of_list(value: &Value) -> String {
    let title = match value {
        Value::Map(_) | Value::Object(_) => ["title", "name", "url"].iter().find_map(|key| value.field(key)),
        Value::Array(_) => None,
        value => Some(value.clone()),
    };
    title
        .filter(|title| !title.is_nil())
        .map_or_else(|| "…".to_owned(), |title| convert::text(&title).chars().take(40).collect())
}

/// The range of a span.
pub(super) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
