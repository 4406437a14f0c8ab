//! Reading options out of YAML: every wrong type and unknown key becomes a diagnostic at its place, and reading goes on
//! with the default, so that one run reports them all.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carafe_liquid::Value;
use carafe_source::{FileId, Span};
use carafe_yaml::{Document, Mapping, Meaning, Node, Schema};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::markup::{runs_code, unescape};

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value under this key of a mapping.
    Key(Arc<str>),
    /// The element of a list, from 0.
    Index(usize),
}

/// One configuration file.
pub(crate) struct Layer {
    pub file: FileId,
    pub document: Document,
}

impl Layer {
    /// The key and the value at `path`; the key of an element is its value.
    fn entry(&self, path: &[Step]) -> Option<(Span, Span)> {
        let mut node = &self.document.root;
        let mut key = node;
        for step in path {
            (key, node) = match step {
                Step::Key(name) => node.as_mapping()?.get(name).map(|entry| (&entry.key, &entry.value))?,
                Step::Index(index) => node.as_sequence()?.items().get(*index).map(|item| (item, item))?,
            };
        }
        Some((key.head().span(self.file, 0), node.head().span(self.file, 0)))
    }
}

/// What was found so far, and where the files are.
pub(crate) struct Report<'l> {
    layers: &'l [Layer],
    schema: Schema,
    found: RefCell<Vec<Diagnostic>>,
    /// Doubts about scalars; one that is taken as written is none.
    doubts: RefCell<Vec<Diagnostic>>,
    /// What was asked for, when somebody wants to know it.
    asked: Option<RefCell<BTreeMap<String, BTreeSet<Asked>>>>,
}

/// What a value is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// Nothing yet: there is an option of this name.
    Key,
    /// A text, or what is taken for one.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A whole number from 0.
    Count,
    /// A list.
    List,
    /// A mapping.
    Mapping,
    /// One of these words.
    Choice(Vec<String>),
    /// Whatever it is.
    Anything,
}

impl<'l> Report<'l> {
    /// Of layers that were read by `schema`.
    pub(crate) fn new(layers: &'l [Layer], schema: Schema) -> Self {
        let doubts = layers.iter().flat_map(|layer| {
            layer.document.warnings.iter().map(|problem| problem.diagnostic("doubtful-yaml", layer.file, 0))
        });
        Self { layers, schema, found: RefCell::default(), doubts: RefCell::new(doubts.collect()), asked: None }
    }

    /// The same, which takes down what each value is asked for.
    pub(crate) fn recording(layers: &'l [Layer], schema: Schema) -> Self {
        Self { asked: Some(RefCell::default()), ..Self::new(layers, schema) }
    }

    /// What was asked for, by the path of the value.
    pub(crate) fn recorded(self) -> BTreeMap<String, BTreeSet<Asked>> {
        self.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    fn record(&self, path: &[Step], asked: impl FnOnce() -> Asked) {
        if let Some(all) = &self.asked {
            all.borrow_mut().entry(shown(path)).or_default().insert(asked());
        }
    }

    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.extend(self.doubts.into_inner());
        found
    }

    /// The places of the key and the value at `path`, in the last file that sets it.
    fn entry(&self, path: &[Step]) -> Option<(Span, Span)> {
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
    pub value: &'v Node,
    pub path: Vec<Step>,
    report: &'v Report<'v>,
}

impl<'v> Item<'v> {
    /// Reports that the value is not what was `expected` (a noun with its article).
    pub(crate) fn wrong(&self, expected: &str) -> Diagnostic {
        let found = match &self.value.value {
            carafe_yaml::Value::Sequence(_) => "a list".to_owned(),
            carafe_yaml::Value::Mapping(_) => "a mapping".to_owned(),
            carafe_yaml::Value::Scalar(scalar) => match scalar.meaning {
                Meaning::Null => "nothing".to_owned(),
                Meaning::Bool(_) => "a boolean".to_owned(),
                _ if scalar.text.chars().count() <= 40 && !scalar.text.contains('\n') => format!("`{}`", scalar.text),
                Meaning::Text => "a text".to_owned(),
                _ => "a number".to_owned(),
            },
        };
        self.error(format!("`{}` must be {expected}, not {found}", shown(&self.path)))
    }

    /// An `invalid-option` at the value.
    pub(crate) fn error(&self, message: String) -> Diagnostic {
        self.place(Diagnostic::error("invalid-option", message))
    }

    /// The diagnostic, at the value.
    pub(crate) fn place(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.report.entry(&self.path) {
            Some((_, value)) => diagnostic.at(value),
            None => diagnostic,
        }
    }

    /// Its name, such as `folders.content`.
    pub(crate) fn name(&self) -> String {
        shown(&self.path)
    }

    /// The place of the value.
    pub(crate) fn span(&self) -> Option<Span> {
        self.report.entry(&self.path).map(|(_, value)| value)
    }

    /// Puts a diagnostic on the list.
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        self.report.add(diagnostic);
    }

    fn reject<T>(&self, expected: &str) -> Option<T> {
        self.add(self.wrong(expected));
        None
    }

    /// A text. Numbers and truth values are taken as they are written; in Jekyll sites as Ruby prints them.
    pub(crate) fn text(&self) -> Option<String> {
        self.report.record(&self.path, || Asked::Text);
        match self.value.as_scalar() {
            Some(scalar) if scalar.meaning != Meaning::Null => {
                self.takes_as_written();
                let text = if self.report.schema == Schema::Native { scalar.text.clone() } else { scalar.printed() };
                Some(text.to_string())
            }
            _ => self.reject("a text"),
        }
    }

    /// A text that is an address; one that runs code is refused, character references and all.
    pub(crate) fn address(&self) -> Option<String> {
        let text = self.text()?;
        if runs_code(&text) || runs_code(&unescape(&text)) {
            let error = self.error(format!("`{}` is an address that runs code", shown(&self.path)));
            self.add(error.help("give the address of a page, or put the script into one of the files in `scripts`"));
            return None;
        }
        Some(text)
    }

    /// What the value is written like is what is meant.
    pub(crate) fn takes_as_written(&self) {
        let mut doubts = self.report.doubts.borrow_mut();
        if !doubts.is_empty() {
            let span = self.span();
            doubts.retain(|doubt| doubt.span != span);
        }
    }

    /// `true` or `false`, or one of YAML 1.1's other words for them, in quotes too.
    pub(crate) fn bool(&self) -> Option<bool> {
        self.report.record(&self.path, || Asked::Bool);
        let text = self.value.as_scalar().map(|scalar| scalar.text.to_ascii_lowercase());
        match text.as_deref() {
            Some("yes" | "on") => Some(true),
            Some("no" | "off") => Some(false),
            _ => self.value.as_bool().or_else(|| self.reject("`true` or `false`")),
        }
    }

    fn whole(&self) -> Option<i128> {
        match self.value.as_scalar()?.meaning {
            Meaning::Int(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        self.report.record(&self.path, || Asked::Integer);
        let number = self.whole().and_then(|number| i64::try_from(number).ok());
        number.or_else(|| self.reject("a whole number"))
    }

    pub(crate) fn count(&self) -> Option<usize> {
        self.report.record(&self.path, || Asked::Count);
        let count = self.whole().and_then(|count| usize::try_from(count).ok());
        count.or_else(|| self.reject("a whole number from 0"))
    }

    /// The value as Liquid sees it.
    pub(crate) fn liquid(&self) -> Value {
        self.report.record(&self.path, || Asked::Anything);
        carafe_liquid::yaml::from_yaml(self.value.clone(), self.report.schema, &jiff::tz::TimeZone::UTC)
    }

    /// The elements of a list.
    pub(crate) fn list(&self) -> Option<Vec<Item<'v>>> {
        self.report.record(&self.path, || Asked::List);
        let Some(list) = self.value.as_sequence() else { return self.reject("a list") };
        Some(list.items().iter().enumerate().map(|(index, value)| self.at(Step::Index(index), value)).collect())
    }

    /// The elements of a list of texts.
    pub(crate) fn texts(&self) -> Option<Vec<String>> {
        Some(self.list()?.iter().filter_map(Item::text).collect())
    }

    /// The pairs of a mapping, in order. Keys that are lists or mappings are left out.
    pub(crate) fn pairs(&self) -> Option<Vec<(&'v str, Item<'v>)>> {
        self.report.record(&self.path, || Asked::Mapping);
        let Some(map) = self.value.as_mapping() else { return self.reject("a mapping") };
        let named = map.entries().iter().filter_map(|entry| Some((entry.name.as_deref()?, &entry.value)));
        Some(named.map(|(key, value)| (key, self.at(Step::Key(key.into()), value))).collect())
    }

    /// A mapping of options.
    pub(crate) fn section(&self) -> Option<Section<'v>> {
        self.report.record(&self.path, || Asked::Mapping);
        match self.value.as_mapping() {
            Some(map) => Some(Section::new(Some(map), self.path.clone(), self.report)),
            None => self.reject("a mapping"),
        }
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let choice = || Asked::Choice(words.iter().map(|(word, _)| (*word).to_owned()).collect());
        self.report.record(&self.path, choice);
        let text = self.text()?;
        if let Some(&(_, choice)) = words.iter().find(|(word, _)| *word == text) {
            return Some(choice);
        }
        let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let mut diagnostic = self.wrong(&all.join(" or "));
        if let Some(near) = did_you_mean(&text, words.iter().map(|(word, _)| *word)) {
            diagnostic = match self.span() {
                Some(span) => diagnostic.meant(span, &text, near),
                None => diagnostic.help(format!("did you mean `{near}`?")),
            };
        }
        self.add(diagnostic);
        None
    }

    fn at(&self, step: Step, value: &'v Node) -> Item<'v> {
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
    pub(crate) fn root(value: &'v Node, report: &'v Report<'v>) -> Self {
        Self::new(value.as_mapping().map(|map| &**map), Vec::new(), report)
    }

    pub(crate) fn get(&self, key: &'static str) -> Option<Item<'v>> {
        self.known.borrow_mut().insert(key);
        let mut path = self.path.clone();
        path.push(Step::Key(key.into()));
        self.report.record(&path, || Asked::Key);
        let value = self.map?.get(key).map(|entry| &entry.value).filter(|value| !value.is_null())?;
        Some(Item { value, path, report: self.report })
    }

    /// Whether the key is there and says nothing: `key: null`.
    pub(crate) fn is_null(&self, key: &'static str) -> bool {
        self.map.and_then(|map| map.get(key)).is_some_and(|entry| entry.value.is_null())
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        self.get(key)?.text()
    }

    /// As [`Item::address`].
    pub(crate) fn address(&self, key: &'static str) -> Option<String> {
        self.get(key)?.address()
    }

    pub(crate) fn text_or(&self, key: &'static str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        self.get(key).and_then(|item| item.bool()).unwrap_or(default)
    }

    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        self.get(key)?.texts()
    }

    /// The section under `key`; an empty one when it is absent or no mapping.
    pub(crate) fn section(&self, key: &'static str) -> Section<'v> {
        let found = self.get(key).and_then(|item| item.section());
        found.unwrap_or_else(|| {
            let mut path = self.path.clone();
            path.push(Step::Key(key.into()));
            Self::new(None, path, self.report)
        })
    }

    /// The text under `key`, or the section; that one is empty where there is a text.
    pub(crate) fn text_or_section(&self, key: &'static str) -> (Option<Item<'v>>, Section<'v>) {
        match self.get(key).filter(|item| item.value.as_scalar().is_some()) {
            Some(item) => {
                let section = Self::new(None, item.path.clone(), self.report);
                (Some(item), section)
            }
            None => (None, self.section(key)),
        }
    }

    /// Reports every key that nobody asked for, as `unknown-option`. `advice` is the help when no known key is near.
    pub(crate) fn finish(self, advice: Option<&str>) {
        let known = self.known.into_inner();
        for entry in self.map.into_iter().flat_map(Mapping::entries) {
            let name: Arc<str> = match &entry.name {
                Some(name) if known.contains(&**name) => continue,
                Some(name) => name.clone(),
                None => "[…]".into(),
            };
            let mut path = self.path.clone();
            path.push(Step::Key(name.clone()));
            let mut diagnostic = Diagnostic::error("unknown-option", format!("there is no option `{}`", shown(&path)));
            if let Some((key, _)) = self.report.entry(&path) {
                diagnostic = diagnostic.at(key);
            }
            diagnostic = match (did_you_mean(&name, known.iter().copied()), diagnostic.span) {
                (Some(near), Some(span)) => diagnostic.meant(span, &name, near),
                (Some(near), None) => diagnostic.help(format!("did you mean `{near}`?")),
                (None, _) => Diagnostic { help: advice.map(str::to_owned), ..diagnostic },
            };
            self.report.add(diagnostic);
        }
    }
}
