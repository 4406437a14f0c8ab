//! Reading options out of YAML: every wrong type and unknown key becomes a diagnostic at its place, and reading goes on
//! with the default, so that one run reports them all.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use carafe_liquid::value::from_yaml;
use carafe_source::{FileId, Span};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::markup::{resolved_address, runs_code};

use super::positions::{Entry, Positions, Step};

/// One configuration file.
pub(crate) struct Layer {
    pub file: FileId,
    pub text: Arc<str>,
    pub value: Value,
    positions: OnceCell<Positions>,
}

impl Layer {
    pub fn new(file: FileId, text: Arc<str>, value: Value) -> Self {
        Self { file, text, value, positions: OnceCell::new() }
    }

    fn entry(&self, path: &[Step]) -> Option<Entry> {
        self.positions.get_or_init(|| Positions::find(&self.text, self.file, 0)).get(path)
    }
}

/// What was found so far, and where the files are.
pub(crate) struct Report<'l> {
    layers: &'l [Layer],
    /// Whether numbers are printed as they were written.
    numbers_as_written: bool,
    found: RefCell<Vec<Diagnostic>>,
    /// Every option that was asked for, so that a test can look for it in the documentation.
    #[cfg(test)]
    pub known: RefCell<BTreeSet<String>>,
}

impl<'l> Report<'l> {
    pub fn new(layers: &'l [Layer], numbers_as_written: bool) -> Self {
        Self {
            layers,
            numbers_as_written,
            found: RefCell::default(),
            #[cfg(test)]
            known: RefCell::default(),
        }
    }

    pub fn add(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    pub fn finish(self) -> Vec<Diagnostic> {
        self.found.into_inner()
    }

    /// The place of the option at `path`, in the last file that sets it.
    fn entry(&self, path: &[Step]) -> Option<Entry> {
        self.layers.iter().rev().find_map(|layer| layer.entry(path))
    }
}

/// `a.b[2]`, as people write paths.
fn shown(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// A value and the way to it.
#[derive(Clone)]
pub(crate) struct Item<'v> {
    pub value: &'v Value,
    pub path: Vec<Step>,
    report: &'v Report<'v>,
}

impl<'v> Item<'v> {
    /// Reports that the value is not what was `expected` (a noun with its article).
    pub fn wrong(&self, expected: &str) -> Diagnostic {
        let found = match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Tagged(_) => "a tagged value",
        };
        let found = match self.value {
            Value::String(text) if text.chars().count() <= 40 => format!("`{text}`"),
            Value::Number(number) => format!("`{number}`"),
            _ => found.to_owned(),
        };
        self.error(format!("`{}` must be {expected}, not {found}", shown(&self.path)))
    }

    /// An `invalid-option` at the value.
    pub fn error(&self, message: String) -> Diagnostic {
        self.place(Diagnostic::error("invalid-option", message))
    }

    /// The diagnostic, at the value.
    pub fn place(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.report.entry(&self.path) {
            Some(entry) => diagnostic.at(entry.value),
            None => diagnostic,
        }
    }

    /// Its name, such as `folders.content`.
    pub fn name(&self) -> String {
        shown(&self.path)
    }

    /// The place of the value.
    pub fn span(&self) -> Option<Span> {
        self.report.entry(&self.path).map(|entry| entry.value)
    }

    /// Puts a diagnostic on the list.
    pub fn add(&self, diagnostic: Diagnostic) {
        self.report.add(diagnostic);
    }

    fn reject<T>(&self, expected: &str) -> Option<T> {
        self.add(self.wrong(expected));
        None
    }

    /// The text that a number at this path was written as, where such texts are kept.
    fn written(&self, path: &[Step]) -> Option<&'v str> {
        let span = self.report.entry(path).filter(|_| self.report.numbers_as_written)?.value;
        let layer = self.report.layers.iter().find(|layer| layer.file == span.file)?;
        layer.text.get(span.start as usize..span.end as usize).map(str::trim)
    }

    /// The value as Liquid sees it.
    pub fn liquid(&self) -> carafe_liquid::Value {
        self.as_written(from_yaml(self.value.clone()), &mut self.path.clone())
    }

    fn as_written(&self, value: carafe_liquid::Value, path: &mut Vec<Step>) -> carafe_liquid::Value {
        use carafe_liquid::Value;
        let mut at = |step: Step, value: &Value| {
            path.push(step);
            let value = self.as_written(value.clone(), path);
            path.pop();
            value
        };
        match &value {
            Value::Map(map) => {
                Value::map(map.iter().map(|(key, value)| (key.clone(), at(Step::Key(key.clone()), value))))
            }
            Value::Array(items) => {
                Value::array(items.iter().enumerate().map(|(index, item)| at(Step::Index(index), item)).collect())
            }
            Value::Int(number) => match self.written(path) {
                Some(text) if text != number.to_string() => Value::number_as_written(value, text),
                _ => value,
            },
            Value::Float(_) => match self.written(path) {
                Some(text) => Value::number_as_written(value, text),
                None => value,
            },
            _ => value,
        }
    }

    /// A text; numbers and booleans are taken as they are written.
    pub fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(self.written(&self.path).map_or_else(|| number.to_string(), str::to_owned)),
            Value::Bool(value) => Some(value.to_string()),
            _ => self.reject("a text"),
        }
    }

    /// A text that is an address; one that runs code is refused, character references and all.
    pub fn address(&self) -> Option<String> {
        let text = self.text()?;
        if runs_code(&text) || runs_code(&resolved_address(&text)) {
            let error = self.error(format!("`{}` is an address that runs code", shown(&self.path)));
            self.add(error.help("give the address of a page, or put the script into one of the files in `scripts`"));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`, or one of YAML 1.1's other words for them, which Jekyll's parser takes too.
    pub fn bool(&self) -> Option<bool> {
        match self.value.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("yes" | "on") => Some(true),
            Some("no" | "off") => Some(false),
            _ => self.value.as_bool().or_else(|| self.reject("`true` or `false`")),
        }
    }

    pub fn integer(&self) -> Option<i64> {
        self.value.as_i64().or_else(|| self.reject("a whole number"))
    }

    pub fn count(&self) -> Option<usize> {
        let count = self.value.as_u64().and_then(|count| usize::try_from(count).ok());
        count.or_else(|| self.reject("a whole number from 0"))
    }

    /// The elements of a list.
    pub fn list(&self) -> Option<Vec<Item<'v>>> {
        let Value::Sequence(items) = self.value else { return self.reject("a list") };
        Some(items.iter().enumerate().map(|(index, value)| self.at(Step::Index(index), value)).collect())
    }

    /// The elements of a list of texts.
    pub fn texts(&self) -> Option<Vec<String>> {
        Some(self.list()?.iter().filter_map(Item::text).collect())
    }

    /// The pairs of a mapping, in order. Keys that are no texts are left out.
    pub fn pairs(&self) -> Option<Vec<(&'v str, Item<'v>)>> {
        let Value::Mapping(pairs) = self.value else { return self.reject("a mapping") };
        let named = pairs.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
        Some(named.map(|(key, value)| (key, self.at(Step::Key(key.into()), value))).collect())
    }

    /// A mapping of options.
    pub fn section(&self) -> Option<Section<'v>> {
        match self.value {
            Value::Mapping(map) => Some(Section::new(Some(map), self.path.clone(), self.report)),
            _ => self.reject("a mapping"),
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        if let Some(&(_, choice)) = words.iter().find(|(word, _)| *word == text) {
            return Some(choice);
        }
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let mut diagnostic = self.wrong(&all.join(" or "));
        if let Some(near) = did_you_mean(&text, words.iter().map(|(word, _)| *word)) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.add(diagnostic);
        None
    }

    fn at(&self, step: Step, value: &'v Value) -> Item<'v> {
        let mut path = self.path.clone();
        path.push(step);
        Item { value, path, report: self.report }
    }
}

/// A mapping of options, which notes the keys that were asked for. Null values count as absent.
pub(crate) struct Section<'v> {
    map: Option<&'v Mapping>,
    path: Vec<Step>,
    report: &'v Report<'v>,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'v> Section<'v> {
    fn new(map: Option<&'v Mapping>, path: Vec<Step>, report: &'v Report<'v>) -> Self {
        Self { map, path, report, known: RefCell::default() }
    }

    /// The whole document.
    pub fn root(value: &'v Value, report: &'v Report<'v>) -> Self {
        Self::new(value.as_mapping(), Vec::new(), report)
    }

    pub fn get(&self, key: &'static str) -> Option<Item<'v>> {
        self.known.borrow_mut().insert(key);
        let mut path = self.path.clone();
        path.push(Step::Key(key.into()));
        #[cfg(test)]
        self.report.known.borrow_mut().insert(shown(&path));
        let value = self.map?.get(key).filter(|value| !value.is_null())?;
        Some(Item { value, path, report: self.report })
    }

    pub fn text(&self, key: &'static str) -> Option<String> {
        self.get(key)?.text()
    }

    /// As [`Item::address`].
    pub fn address(&self, key: &'static str) -> Option<String> {
        self.get(key)?.address()
    }

    pub fn text_or(&self, key: &'static str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    pub fn flag(&self, key: &'static str, default: bool) -> bool {
        self.get(key).and_then(|item| item.bool()).unwrap_or(default)
    }

    pub fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.get(key)?.texts()
    }

    /// The section under `key`; an empty one when it is absent or no mapping.
    pub fn section(&self, key: &'static str) -> Section<'v> {
        let found = self.get(key).and_then(|item| item.section());
        found.unwrap_or_else(|| {
            let mut path = self.path.clone();
            path.push(Step::Key(key.into()));
            Self::new(None, path, self.report)
        })
    }

    /// Reports every key that nobody asked for, as `unknown-option`. `advice` is the help when no known key is near.
    pub fn finish(self, advice: Option<&str>) {
        let known = self.known.into_inner();
        for key in self.map.into_iter().flat_map(Mapping::keys) {
            let name = match key {
                Value::String(name) if known.contains(name.as_str()) => continue,
                Value::String(name) => name.clone(),
                other => format!("{other:?}"),
            };
            let mut path = self.path.clone();
            path.push(Step::Key(name.as_str().into()));
            let mut diagnostic = Diagnostic::error("unknown-option", format!("there is no option `{}`", shown(&path)));
            if let Some(entry) = self.report.entry(&path) {
                diagnostic = diagnostic.at(entry.key);
            }
            diagnostic.help = match did_you_mean(&name, known.iter().copied()) {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None => advice.map(str::to_owned),
            };
            self.report.add(diagnostic);
        }
    }
}
