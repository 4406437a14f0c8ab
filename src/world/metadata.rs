//! What pages say of themselves, completed: Liquid in titles and descriptions is run, and a page without a title takes the
//! heading that its text begins with.
//!
//! Liquid sees `site` (its variables and data) and, as `page`, the other values of the page's front matter with its release. It
//! sees no other pages and no includes: all of this is known before any page is rendered.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use carafe_liquid::value::{Map, Object, Value};
use carafe_liquid::{MemoryHost, Options, Tags};
use carafe_source::Span;

use crate::config::{Config, KeyType, Mode};
use crate::content::{DataFiles, Page};
use crate::diagnostic::Diagnostic;
use crate::site::Site;

/// The keys of the values in which Liquid is run.
pub(crate) fn rendered(config: &Config) -> Vec<&str> {
    let declared = config.front_matter.iter().flat_map(|contract| &contract.keys);
    let declared = declared.filter(|(_, (kind, _))| *kind == KeyType::Liquid).map(|(key, _)| key.as_str());
    let mut keys: Vec<&str> = ["title", "nav_title", "description", "image"].into_iter().chain(declared).collect();
    let mut seen = BTreeSet::new();
    keys.retain(|key| seen.insert(*key));
    keys
}

/// Completes the pages of a native site. Diagnostics: those of rendering, at the value's line, and `front-matter-cycle`.
pub(crate) fn complete(site: &mut Site, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    if config.mode != Mode::Native {
        return;
    }
    let tags = Tags::new(carafe_liquid::Dialect::Jekyll);
    let [read, looked] = [Asked::default(), Asked::default()];
    let object = |variables: &Map| SiteValues {
        variables: variables.clone(),
        computed: site.computed_data.clone(),
        data: site.data.clone(),
        read: read.clone(),
        looked: looked.clone(),
        prefix: String::new(),
        is_root: true,
    };
    let limits = super::options::limits(config);
    let renderer = |variables: &Map| Renderer { tags: &tags, site: Value::object(object(variables)), limits };
    let one = renderer(&config.variables);
    let by_language: Vec<Renderer<'_>> =
        config.languages.iter().map(|language| renderer(&language.variables)).collect();
    // What is wrong with a page is told once, and not again of what stands for its translations.
    let mut told = Vec::new();
    let markdown = super::options::markdown(config);
    let keys = rendered(config);
    for entry in &mut site.entries {
        let heading = if config.markdown.github && entry.name("title").is_none() {
            entry.page.heading().map(str::to_owned)
        } else {
            None
        };
        let runs = entry.runs_liquid();
        let has_some = runs && keys.iter().any(|key| entry.value(key).is_some_and(has_liquid));
        if heading.is_none() && !has_some {
            continue;
        }
        let entry = Arc::make_mut(entry);
        let mut values = Map::clone(&entry.values);
        if let Some(heading) = &heading {
            values.insert("title".into(), Value::str(heading.as_str()));
        }
        let page = entry.page.clone();
        let renderer = by_language.get(page.language).unwrap_or(&one);
        let diagnostics = if entry.is_fallback() { &mut told } else { &mut *diagnostics };
        let mut task = Task { renderer, keys: &keys, page: &page, values, open: Vec::new(), diagnostics };
        for key in keys.iter().filter(|_| runs) {
            let before = task.diagnostics.len();
            task.render(key);
            // What is wrong in a heading is told where it stands, when the page is rendered.
            if *key == "title" && heading.is_some() {
                let own = task.diagnostics.split_off(before);
                task.diagnostics.extend(own.into_iter().filter(|found| found.code == "front-matter-cycle"));
            }
        }
        let mut values = task.values;
        if heading.is_some()
            && let Some(text) = values.get("title").and_then(Value::as_str)
        {
            let title = plain(text, &markdown);
            values.insert("title".into(), Value::from(title));
        }
        entry.values = Arc::new(values);
    }
    let all = |asked: &Asked| Arc::new(asked.lock().unwrap_or_else(PoisonError::into_inner).clone());
    (site.front_data, site.front_keys) = (all(&read), all(&looked));
}

fn has_liquid(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.contains("{{") || text.contains("{%"),
        Value::Map(map) => map.values().any(|value| matches!(value, Value::Str(_)) && has_liquid(value)),
        _ => false,
    }
}

struct Renderer<'r> {
    tags: &'r Tags,
    site: Value,
    limits: carafe_liquid::Limits,
}

/// The values of one page.
struct Task<'t> {
    renderer: &'t Renderer<'t>,
    keys: &'t [&'t str],
    page: &'t Page,
    values: Map,
    /// The keys whose values are being rendered.
    open: Vec<&'t str>,
    diagnostics: &'t mut Vec<Diagnostic>,
}

impl<'t> Task<'t> {
    /// Runs the Liquid in the value of `key`, and before it that of the values that it names.
    fn render(&mut self, key: &'t str) {
        let Some(value) = self.values.get(key).filter(|value| has_liquid(value)).cloned() else { return };
        self.open.push(key);
        for &other in self.keys {
            if !names(&value, other) {
                continue;
            }
            if self.open.contains(&other) {
                let message = format!("`{key}` is made of `{other}`, and that of `{key}`");
                let message = if key == other { format!("`{key}` is made of itself") } else { message };
                let diagnostic = Diagnostic::error("front-matter-cycle", message).at(key_span(self.page, key));
                let help = format!("write a `{key}` that holds no `{{{{ page.{other} }}}}` into the front matter");
                self.diagnostics.push(diagnostic.help(help));
                self.values.insert(key.into(), Value::Nil);
            } else {
                self.render(other);
            }
        }
        if self.values.get(key).is_some_and(has_liquid) {
            let value = match value {
                Value::Str(text) => Value::from(self.text(key, &text)),
                Value::Map(map) => {
                    let one = |(name, value): (&Arc<str>, &Value)| match value {
                        Value::Str(text) if has_liquid(value) => (name.clone(), Value::from(self.text(key, text))),
                        value => (name.clone(), value.clone()),
                    };
                    Value::Map(Arc::new(map.iter().map(one).collect()))
                }
                other => other,
            };
            self.values.insert(key.into(), value);
        }
        self.open.pop();
    }

    fn text(&mut self, key: &str, text: &Arc<str>) -> String {
        let Renderer { tags, site, limits } = self.renderer;
        let template = carafe_liquid::parse(self.page.file, text, 0, tags);
        let globals: Map = [("page", Value::Map(Arc::new(self.values.clone()))), ("site", site.clone())]
            .into_iter()
            .map(|(name, value)| (Arc::from(name), value))
            .collect();
        let options = Options { limits: *limits, ..Options::new(tags) };
        let rendered = carafe_liquid::render(&template, &globals, &MemoryHost::default(), &options);
        let span = key_span(self.page, key);
        for mut diagnostic in rendered.diagnostics {
            diagnostic.span = Some(span);
            diagnostic.labels.clear();
            diagnostic.trace.clear();
            if diagnostic.code == "missing-include" {
                diagnostic.message = "front matter cannot include files".into();
                diagnostic.help = None;
            }
            self.diagnostics.push(diagnostic);
        }
        rendered.text.trim().to_owned()
    }
}

/// Whether Liquid in a value names `key` as a field of the page.
fn names(value: &Value, key: &str) -> bool {
    match value {
        Value::Str(text) => text.match_indices("page.").any(|(at, _)| {
            let rest = text.get(at + "page.".len()..).unwrap_or_default();
            let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).next();
            word == Some(key)
        }),
        Value::Map(map) => map.values().any(|value| matches!(value, Value::Str(_)) && names(value, key)),
        _ => false,
    }
}

/// The line of a key of the front matter; the start of the page when it is written in some other way.
pub(crate) fn key_span(page: &Page, key: &str) -> Span {
    let front = page.text.get(..page.body).unwrap_or_default();
    let mut at = 0;
    for line in front.split_inclusive('\n') {
        let name = line.split(':').next().unwrap_or_default().trim_end().trim_matches(['"', '\'']);
        if name == key && line.contains(':') {
            return Span::new(page.file, at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(page.file, 0, 0)
}

/// The text of a heading, without its Markdown.
fn plain(text: &str, options: &carafe_markdown::Options) -> String {
    let document = carafe_markdown::parse(&format!("# {text}\n"), options);
    let html = carafe_markdown::html(&document, &carafe_markdown::HtmlOptions::default(), &carafe_markdown::NoServices);
    html.headings.first().map_or_else(|| text.to_owned(), |heading| heading.text_plain.trim().to_owned())
}

/// What was asked for so far.
type Asked = Arc<Mutex<BTreeSet<Arc<str>>>>;

/// `site` as front matter sees it, or a folder of its data.
#[derive(Debug)]
struct SiteValues {
    variables: Map,
    computed: Map,
    data: Arc<DataFiles>,
    /// The data files that were read.
    read: Asked,
    /// The keys below which files were looked for.
    looked: Asked,
    prefix: String,
    is_root: bool,
}

impl SiteValues {
    /// Notes that the names below this one were asked for.
    fn look(&self) {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).insert(self.prefix.as_str().into());
    }

    fn below(&self, prefix: String) -> Value {
        Value::object(Self {
            variables: Map::default(),
            computed: if prefix.is_empty() { self.computed.clone() } else { Map::default() },
            data: self.data.clone(),
            read: self.read.clone(),
            looked: self.looked.clone(),
            prefix,
            is_root: false,
        })
    }
}

impl Object for SiteValues {
    fn get(&self, key: &str) -> Option<Value> {
        if self.is_root {
            return if key == "data" { Some(self.below(String::new())) } else { self.variables.get(key).cloned() };
        }
        if let Some(value) = self.computed.get(key) {
            return Some(value.clone());
        }
        let full = if self.prefix.is_empty() { key.to_owned() } else { format!("{}.{key}", self.prefix) };
        if let Some((path, value)) = self.data.get(&full) {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            read.insert(path);
            read.extend(self.data.below(&full).cloned());
            return Some(value);
        }
        self.look();
        self.data.has_children(&full).then(|| self.below(full))
    }

    fn keys(&self) -> Vec<Arc<str>> {
        if self.is_root {
            return self.variables.keys().cloned().collect();
        }
        self.look();
        self.data.children(&self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_plain_text() {
        assert_eq!(plain("Install *it* `now` {#x}", &carafe_markdown::Options::default()), "Install it now");
    }
}
