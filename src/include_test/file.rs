//! Test files: `tests/includes/**/*.yml`.
//!
//! ```yaml
//! include: install.md            # what the cases call
//! page: {version: 1.4.0}         # for all cases, and for the examples of the include
//! site: {product: Gateway}
//! releases: [1.3.x, 1.4.x]       # each case is tried with each of them
//! cases:
//!   - name: quietly
//!     params: {product: Gateway, quiet: true}
//!     expect:
//!       - {select: pre code, count: 1, contains: install gateway}
//!   - name: in a list
//!     content: |                 # a text of its own instead of one call
//!       1. {% include install.md %}
//!     diagnostics: [undefined-variable]
//!     snapshot: true
//! ```
//!
//! Unknown keys and wrong types are errors at their place (`unknown-option`, `invalid-option`), as in the configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carafe_liquid::{Map, Value};
use carafe_source::Span;
use carafe_yaml::{Limits, Meaning, Node};

use crate::config::reader::{Item, Layer, Report, Section};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::world::World;

use super::expect::{self, Expectation};
use super::places::Places;
use super::releases::{self, Release};
use super::snapshot::{self, Snapshot};
use super::{Case, Cases};

/// What the test file of an include says of all its cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// `page`.
    pub page: Map,
    /// What wins in `site`.
    pub site: Map,
}

/// The contexts by include.
pub(crate) type Contexts = BTreeMap<String, Context>;

/// Reads all test files into `all`; returns what they say of the examples.
pub(super) fn read(world: &World, all: &mut Cases) -> Contexts {
    read_some(world, &|_| true, all)
}

/// Reads those whose texts are `wanted`.
pub(super) fn read_some(world: &World, wanted: &dyn Fn(&str) -> bool, all: &mut Cases) -> Contexts {
    let mut contexts = Contexts::new();
    let snapshots = format!("{}/snapshots", super::FOLDER);
    let paths = match world.files.list(super::FOLDER, &|folder| folder == snapshots) {
        Ok(paths) => paths,
        Err(error) => {
            let message = format!("the folder `{}` cannot be listed: {error}", super::FOLDER);
            all.broken.push(Diagnostic::error("test-file", message));
            return contexts;
        }
    };
    let mut names = BTreeSet::new();
    for path in paths.iter().filter(|path| path.ends_with(".yml") || path.ends_with(".yaml")) {
        let text = match world.files.read(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the test file `{path}` cannot be read: {error}");
                all.broken.push(Diagnostic::error("test-file", message));
                continue;
            }
        };
        if !wanted(&text) {
            continue;
        }
        let file = world.sources.add(path, text.clone());
        let schema = world.config.mode.schema();
        match carafe_yaml::read(&text, schema, &Limits::default()) {
            Ok(document) if document.root.as_mapping().is_some() => {
                let layers = [Layer { file, document }];
                let report = Report::new(&layers, schema);
                let mut reader =
                    Reader { world, path: path.as_str().into(), text, names: &mut names, cases: &mut all.cases };
                reader.file(Section::root(&layers[0].document.root, &report), &mut contexts);
                let mut found = report.finish();
                found.sort_by_key(|diagnostic| diagnostic.span);
                all.broken.extend(found);
            }
            Ok(_) => {
                let diagnostic = Diagnostic::error("test-file", format!("`{path}` holds no mapping"));
                let help = "write `include:` and `cases:`";
                all.broken.push(diagnostic.at(Span::new(file, 0, 0)).help(help));
            }
            Err(problem) => all.broken.push(problem.diagnostic("yaml-syntax", file, 0)),
        }
    }
    contexts
}

struct Reader<'r> {
    world: &'r World,
    path: Arc<str>,
    text: Arc<str>,
    names: &'r mut BTreeSet<String>,
    cases: &'r mut Vec<Case>,
}

/// What a file says of all its cases.
struct Shared {
    include: Option<String>,
    context: Context,
    releases: Vec<Release>,
}

impl Reader<'_> {
    fn file(&mut self, root: Section<'_>, contexts: &mut Contexts) {
        let include = root.get("include").and_then(|item| self.include(&item));
        let context = Context { page: map(root.get("page")), site: map(root.get("site")) };
        let releases = root.get("releases").map(|item| self.releases(&item)).unwrap_or_default();
        if let Some(include) = &include {
            contexts.entry(include.clone()).or_insert_with(|| Context {
                page: with_release(&context.page, releases.first()),
                site: context.site.clone(),
            });
        }
        let shared = Shared { include, context, releases };
        let cases = root.get("cases");
        for item in cases.as_ref().and_then(Item::list).unwrap_or_default() {
            if let Some(section) = item.section() {
                self.case(&item, section, &shared);
            }
        }
        root.finish(Some("the keys of a test file are `include`, `page`, `site`, `releases` and `cases`"));
    }

    /// The name of an include that is there.
    fn include(&self, item: &Item<'_>) -> Option<String> {
        let name = item.text()?;
        let known = self.world.include_names();
        if known.iter().any(|known| **known == *name) {
            return Some(name);
        }
        let mut diagnostic = Diagnostic::error("test-file", format!("there is no include `{name}`"));
        diagnostic.help =
            did_you_mean(&name, known.iter().map(|known| &**known)).map(|near| format!("did you mean `{near}`?"));
        item.add(item.place(diagnostic));
        None
    }

    fn releases(&self, item: &Item<'_>) -> Vec<Release> {
        let mut found: Vec<Release> = Vec::new();
        for item in item.list().unwrap_or_default() {
            let Some(wanted) = item.text() else { continue };
            match releases::find(self.world, &wanted) {
                Ok(releases) => found.extend(releases),
                Err((message, help)) => {
                    let mut diagnostic = Diagnostic::error("test-file", message);
                    diagnostic.help = help;
                    item.add(item.place(diagnostic));
                }
            }
        }
        found
    }

    fn case(&mut self, item: &Item<'_>, section: Section<'_>, shared: &Shared) {
        let include = match section.get("include") {
            Some(item) => self.include(&item),
            None => shared.include.clone(),
        };
        let name = section.text("name");
        if name.is_none() && section.get("name").is_none() {
            item.add(
                item.place(Diagnostic::error("test-file", "this case has no name")).help("add `name: what it tries`"),
            );
        }
        let body = self.body(item, &section, include.as_deref());
        let mut page = shared.context.page.clone();
        page.extend(map(section.get("page")));
        page.extend(section.get("params").as_ref().and_then(page_params));
        let mut site = shared.context.site.clone();
        site.extend(map(section.get("site")));
        let releases = match section.get("releases") {
            Some(item) => self.releases(&item),
            None => shared.releases.clone(),
        };
        let expectations: Vec<Expectation> = match section.get("expect") {
            Some(item) => item.list().unwrap_or_default().iter().filter_map(expect::read).collect(),
            None => Vec::new(),
        };
        let codes = section.get("diagnostics").map(|item| expected_codes(&item)).unwrap_or_default();
        let snapshot = section.get("snapshot").and_then(|item| Some((item.bool()?, item.span())));
        section.finish(Some(
            "the keys of a case are `name`, `include`, `params`, `content`, `page`, `site`, `releases`, `expect`, `diagnostics` and `snapshot`",
        ));
        let own = page.get("release").map(|release| carafe_liquid::convert::text(release).into_owned());
        if releases.is_empty() && own.is_none() && expectations.iter().any(Expectation::depends_on_release) {
            let diagnostic = Diagnostic::error("test-file", "`when` asks for a release, but the case has none");
            item.add(item.place(diagnostic).help("add `releases: [1.2.x]`, or `page: {release: 1.2.x}`"));
        }
        let (Some(name), Some((text, places))) = (name, body) else { return };
        let about = include.clone().unwrap_or_else(|| self.path.to_string());
        let turns: Vec<Option<&Release>> =
            if releases.is_empty() { vec![None] } else { releases.iter().map(Some).collect() };
        for release in turns {
            let suffix = release.map(|release| format!(" [{}]", release.name)).unwrap_or_default();
            let full = format!("{about}: {name}{suffix}");
            if !self.names.insert(full.clone()) {
                let message = format!("there are two cases `{full}`");
                item.add(item.place(Diagnostic::error("test-file", message)).help("give each a name of its own"));
                continue;
            }
            let snapshot = snapshot.filter(|(wanted, _)| *wanted).map(|(_, span)| Snapshot {
                path: snapshot::path(&self.path, &name, release.map(|release| release.name.as_str())),
                span,
            });
            self.cases.push(Case {
                name: full,
                include: include.clone(),
                path: self.path.clone(),
                span: item.span(),
                text: text.clone(),
                places: places.clone(),
                page: with_release(&page, release),
                site: site.clone(),
                release: release.map(|release| release.name.clone()).or_else(|| own.clone()),
                expectations: expectations.clone(),
                codes: codes.clone(),
                snapshot,
            });
        }
    }

    /// The text that a case renders: what it says itself, or a call of the include.
    fn body(&self, item: &Item<'_>, section: &Section<'_>, include: Option<&str>) -> Option<(Arc<str>, Places)> {
        let (content, params) = (section.get("content"), section.get("params"));
        match (content, params) {
            (Some(content), Some(params)) => {
                let diagnostic = Diagnostic::error("test-file", "a case has either `content` or `params`");
                params.add(params.place(diagnostic).help("put the parameters into the call in `content`"));
                content.text().map(|text| (text.into(), Places::default()))
            }
            (Some(content), None) => {
                let text: Arc<str> = content.text()?.into();
                let places = content.span().map(|span| Places::of_lines(&text, &self.text, span)).unwrap_or_default();
                Some((text, places))
            }
            (None, params) => {
                let Some(include) = include else {
                    // An include that is not there was told already.
                    if section.get("include").is_none() {
                        let diagnostic = Diagnostic::error("test-file", "this case says neither an include nor a text");
                        item.add(item.place(diagnostic).help("add `include: PATH` or `content: |`"));
                    }
                    return None;
                };
                Some(call(include, item, params.as_ref()))
            }
        }
    }
}

/// A call of `include` with these parameters. Texts and numbers stand in it as they are; other values, which have no form in
/// a call, as fields of the page.
fn call(include: &str, case: &Item<'_>, params: Option<&Item<'_>>) -> (Arc<str>, Places) {
    let mut places = Places::new(params.and_then(Item::span).or_else(|| case.span()));
    let mut text = format!("{{% include {include}");
    for (at, (name, item)) in params.and_then(Item::pairs).unwrap_or_default().into_iter().enumerate() {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(plain) {
            item.add(item.place(Diagnostic::error("test-file", format!("`{name}` is no name of a parameter"))));
            continue;
        }
        text.push(' ');
        let start = text.len();
        let value = literal(item.value).unwrap_or_else(|| format!("page.{PARAMS}.p{at}"));
        text.push_str(&format!("{name}={value}"));
        if let Some(span) = item.span() {
            places.part(start, text.len(), span);
        }
    }
    text.push_str(" %}\n");
    (text.into(), places)
}

/// The value as a call can write it.
fn literal(node: &Node) -> Option<String> {
    let scalar = node.as_scalar()?;
    let text = &scalar.text;
    match scalar.meaning {
        Meaning::Text | Meaning::Date(_) => {
            let quote = ['"', '\''].into_iter().find(|quote| !text.contains([*quote, '\n', '\\', '%', '}']))?;
            Some(format!("{quote}{text}{quote}"))
        }
        // Liquid writes fewer numbers than YAML.
        Meaning::Float(number) if !number.is_finite() => None,
        Meaning::Int(_) | Meaning::Float(_) | Meaning::Bool(_) => Some(scalar.printed().to_string()),
        Meaning::Null => Some("nil".to_owned()),
        Meaning::Time(_) => None,
    }
}

/// The field of the page that holds parameters with values that cannot be written in a call.
const PARAMS: &str = "params";

/// A mapping as fields; nothing for anything else, which is told.
fn map(item: Option<Item<'_>>) -> Map {
    let Some(pairs) = item.as_ref().and_then(Item::pairs) else { return Map::default() };
    pairs.into_iter().map(|(key, item)| (Arc::from(key), item.liquid())).collect()
}

fn with_release(page: &Map, release: Option<&Release>) -> Map {
    let mut page = page.clone();
    page.extend(release.into_iter().flat_map(|release| release.page.clone()));
    page
}

/// Codes of diagnostics that there are.
fn expected_codes(item: &Item<'_>) -> Vec<(String, Option<Span>)> {
    let mut found = Vec::new();
    for item in item.list().unwrap_or_default() {
        let Some(code) = item.text() else { continue };
        if codes::find(&code).is_some() {
            found.push((code, item.span()));
            continue;
        }
        let mut diagnostic = Diagnostic::error("test-file", format!("there is no diagnostic `{code}`"));
        let near = did_you_mean(&code, codes::ALL.iter().map(|entry| entry.code));
        diagnostic.help = near.map(|near| format!("did you mean `{near}`?"));
        item.add(item.place(diagnostic));
    }
    found
}

/// The parameters as a field of the page, when one of them has no form in a call.
fn page_params(item: &Item<'_>) -> Option<(Arc<str>, Value)> {
    let map = item.value.as_mapping()?;
    if map.entries().iter().all(|entry| literal(&entry.value).is_some()) {
        return None;
    }
    // By number: a parameter's name may hold dots.
    let fields = item.pairs()?.into_iter().enumerate();
    let fields = fields.map(|(at, (_, item))| (format!("p{at}"), item.liquid()));
    Some((PARAMS.into(), Value::map(fields)))
}
