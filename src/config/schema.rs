//! JSON Schema of the configuration, made by asking its reader.
//!
//! 1. The reader is given documents with one value in them, and notes what it asks of that value: a text, a list, one of some words.
//! 2. What it asks for below lists and mappings is tried in the same way, level by level.
//! 3. Each name becomes a schema of what was asked of it, with what the documentation says.
//!
//! So the schema and the reader cannot disagree about names and types. What a value must be beyond its type (an address, a time zone) is not in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use carafe_source::FileId;
use carafe_yaml::{Limits, Schema, read};

use crate::diagnostic::codes;

use super::overrides::Overrides;
use super::reader::{Asked, Layer, Report, Section};
use super::{native, reference};

/// The version of JSON Schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// How deep lists and mappings are tried; what is deeper may be anything.
const DEEP: usize = 7;
/// A name that no option has, for mappings whose keys are the author's.
const ANY: &str = "x";

/// What was asked of each value, by its path.
type Found = BTreeMap<String, BTreeSet<Asked>>;

/// The schema of `carafe.yml`.
pub(crate) fn configuration() -> Value {
    let read = |section: Section<'_>| drop(native::read(section, Vec::new(), &Overrides::default()));
    let found = ask(&read);
    let about: BTreeMap<String, String> =
        reference::options().into_iter().map(|option| (option.name, plain(&option.about))).collect();
    document("Carafe's configuration", mapping(&found, &about, ""))
}

/// A schema as a document of its own.
pub(crate) fn document(title: &str, schema: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("$schema".into(), DIALECT.into());
    whole.insert("title".into(), title.into());
    if let Value::Object(fields) = schema {
        whole.extend(fields);
    }
    Value::Object(whole)
}

/// What the reader asks for, whatever it is given.
fn ask(read: &dyn Fn(Section<'_>)) -> Found {
    let mut found = Found::new();
    let mut waiting: VecDeque<String> = VecDeque::from([String::new()]);
    let mut seen: BTreeSet<String> = BTreeSet::from([String::new()]);
    while let Some(path) = waiting.pop_front() {
        for value in ["{}", "[]", "word", "true", "7", "[word]", "[{}]", "[[word]]", "{x: word}", "{broken-link: word}"]
        {
            for (name, asked) in tried(&path, value, read) {
                // Keys of the author's own stand for each other.
                let name = name.replace("broken-link", ANY);
                if seen.insert(name.clone()) && depth(&name) <= DEEP {
                    waiting.push_back(name.clone());
                }
                found.entry(name).or_default().extend(asked);
            }
        }
    }
    found
}

fn depth(path: &str) -> usize {
    path.matches(['.', '[']).count() + 1
}

/// What is asked of a document that has one value, at this path.
fn tried(path: &str, value: &str, ask: &dyn Fn(Section<'_>)) -> Found {
    let mut text = value.to_owned();
    for part in path.split('.').rev().filter(|part| !part.is_empty()) {
        let (name, index) = part.split_once('[').map_or((part, ""), |(name, index)| (name, index));
        let lists = index.matches("0]").count();
        text = format!("{{{name}: {}{text}{}}}", "[".repeat(lists), "]".repeat(lists));
    }
    let Ok(document) = read(&text, Schema::Native, &Limits::default()) else { return Found::new() };
    let layers = [Layer { file: FileId(0), document }];
    let report = Report::recording(&layers, Schema::Native);
    ask(Section::root(&layers[0].document.root, &report));
    report.recorded()
}

/// The schema of what was asked of the value at this path.
fn schema(found: &Found, about: &BTreeMap<String, String>, path: &str) -> Value {
    let none = BTreeSet::new();
    let asked = found.get(path).unwrap_or(&none);
    let words = asked.iter().any(|asked| matches!(asked, Asked::Choice(_)));
    let mut ways: Vec<Value> = Vec::new();
    for one in asked {
        ways.push(match one {
            Asked::Key => continue,
            Asked::Text if words => continue,
            // Numbers and truth values are taken as they are written.
            Asked::Text => json!({"type": ["string", "number", "boolean"]}),
            Asked::Bool => json!({"type": "boolean"}),
            Asked::Integer => json!({"type": "integer"}),
            Asked::Count => json!({"type": "integer", "minimum": 0}),
            Asked::Choice(words) => json!({"enum": words}),
            Asked::List => {
                let items = format!("{path}[0]");
                match found.contains_key(&items) {
                    true => json!({"type": "array", "items": schema(found, about, &items)}),
                    false => json!({"type": "array"}),
                }
            }
            Asked::Mapping => mapping(found, about, path),
            Asked::Anything => json!({}),
        });
    }
    let mut whole = match ways.len() {
        0 => json!({}),
        _ if ways.iter().any(|way| *way == json!({})) => json!({}),
        // What says nothing counts as absent.
        _ => {
            ways.push(json!({"type": "null"}));
            json!({"anyOf": ways})
        }
    };
    if let (Some(text), Some(fields)) = (about.get(path), whole.as_object_mut()) {
        fields.insert("description".into(), text.as_str().into());
    }
    whole
}

/// The schema of a mapping: of options, or of the author's own keys.
fn mapping(found: &Found, about: &BTreeMap<String, String>, path: &str) -> Value {
    let start = if path.is_empty() { String::new() } else { format!("{path}.") };
    let mut properties = Map::new();
    let mut own = None;
    for name in found.keys().filter_map(|name| name.strip_prefix(&start)) {
        let is_direct = !name.is_empty() && !name.contains(['.', '[']);
        if is_direct && name == ANY {
            own = Some(schema(found, about, &format!("{start}{name}")));
        } else if is_direct {
            properties.insert(name.to_owned(), schema(found, about, &format!("{start}{name}")));
        }
    }
    let mut whole = json!({"type": "object"});
    let Some(fields) = whole.as_object_mut() else { return whole };
    if path == "diagnostics" {
        let codes: Vec<&str> = codes::ALL.iter().map(|entry| entry.code).collect();
        fields.insert("propertyNames".into(), json!({"enum": codes}));
    }
    match own {
        Some(own) => fields.insert("additionalProperties".into(), own),
        None if properties.is_empty() => None,
        None => fields.insert("additionalProperties".into(), false.into()),
    };
    if !properties.is_empty() {
        fields.insert("properties".into(), Value::Object(properties));
    }
    whole
}

/// A text without Markdown's signs for code.
pub(crate) fn plain(text: &str) -> String {
    text.replace('`', "")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Whether a value is what a schema asks for; knows the words that ours use.
    pub(crate) fn fits(value: &Value, schema: &Value) -> bool {
        let Some(schema) = schema.as_object() else { return schema.as_bool().unwrap_or(true) };
        schema.iter().all(|(word, asked)| match word.as_str() {
            "type" => {
                let is = |name: &Value| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    other => panic!("{other}"),
                };
                asked.as_array().map_or_else(|| is(asked), |names| names.iter().any(is))
            }
            "enum" => asked.as_array().unwrap().contains(value),
            "minimum" => value.as_i64().is_none_or(|number| number >= asked.as_i64().unwrap()),
            "anyOf" => asked.as_array().unwrap().iter().any(|one| fits(value, one)),
            "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(item, asked))),
            "required" => value
                .as_object()
                .is_none_or(|map| asked.as_array().unwrap().iter().all(|key| map.contains_key(key.as_str().unwrap()))),
            "propertyNames" => {
                value.as_object().is_none_or(|map| map.keys().all(|key| fits(&Value::from(key.as_str()), asked)))
            }
            "properties" => value.as_object().is_none_or(|map| {
                map.iter().all(|(key, value)| asked.get(key).is_none_or(|schema| fits(value, schema)))
            }),
            "additionalProperties" => value.as_object().is_none_or(|map| {
                let known = schema.get("properties");
                let others = map.iter().filter(|(key, _)| known.is_none_or(|known| known.get(key.as_str()).is_none()));
                others.into_iter().all(|(_, value)| fits(value, asked))
            }),
            "$schema" | "title" | "description" => true,
            other => panic!("{other}"),
        })
    }

    /// A document as editors read it, to whom `off` is a text.
    pub(crate) fn json_of(text: &str) -> Value {
        json_of_node(&read(text, Schema::Native, &Limits::default()).unwrap().root)
    }

    fn json_of_node(node: &carafe_yaml::Node) -> Value {
        if let Some(mapping) = node.as_mapping() {
            let pairs = mapping.entries().iter();
            return pairs
                .map(|entry| (entry.name.as_deref().unwrap().to_owned(), json_of_node(&entry.value)))
                .collect();
        }
        if let Some(sequence) = node.as_sequence() {
            return sequence.items().iter().map(json_of_node).collect();
        }
        let scalar = node.as_scalar().unwrap();
        match (&scalar.meaning, &*scalar.text) {
            (carafe_yaml::Meaning::Null, _) => Value::Null,
            (carafe_yaml::Meaning::Bool(truth), "true" | "false") => Value::from(*truth),
            (carafe_yaml::Meaning::Int(number), _) => Value::from(i64::try_from(*number).unwrap()),
            (_, text) => Value::from(text),
        }
    }

    /// The configurations of the tree: files, and examples in the documentation.
    fn configurations() -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all: Vec<String> = ["carafe.yml", "src/cli/starter/carafe.yml"]
            .iter()
            .map(|path| fs::read_to_string(root.join(path)).unwrap())
            .collect();
        let page = fs::read_to_string(root.join("content/reference/configuration.md")).unwrap();
        all.extend(page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()));
        all
    }

    #[test]
    fn every_configuration_of_the_tree_fits() {
        let schema = configuration();
        let all = configurations();
        assert!(all.len() > 8, "{}", all.len());
        for text in all {
            assert!(fits(&json_of(&text), &schema), "{text}");
        }
    }

    #[test]
    fn what_the_reader_refuses_does_not_fit() {
        let schema = configuration();
        for text in [
            "titel: x",
            "theme: {logos: x}",
            "drafts: maybe",
            "exclude: a",
            "markdown: {dialect: other}",
            "limits: {iterations: -1}",
            "diagnostics: {broken-lnk: off}",
            "diagnostics: {broken-link: loud}",
            "theme: {footer_links: [{title: A, ulr: b}]}",
            "folders: x",
        ] {
            assert!(!fits(&json_of(text), &schema), "{text}");
        }
        for text in [
            "title: 7",
            "nav: [a.md, {B: [c.md, {D: d.md}]}]",
            "variables: {a: {b: [1]}}",
            "theme: {toc_levels: [2, 3]}",
            "markdown: {toc_levels: 2..3}",
            "title:",
        ] {
            assert!(fits(&json_of(text), &schema), "{text}");
        }
    }

    #[test]
    fn every_documented_option_is_there() {
        let schema = configuration();
        for option in reference::options() {
            let mut at = &schema;
            for part in option.name.split('.') {
                let within = at
                    .get("anyOf")
                    .and_then(Value::as_array)
                    .and_then(|ways| ways.iter().find(|way| way.get("properties").is_some()));
                at = within
                    .unwrap_or(at)
                    .get("properties")
                    .and_then(|all| all.get(part))
                    .unwrap_or_else(|| panic!("{}", option.name));
            }
            assert!(at.get("description").is_some(), "{}", option.name);
        }
    }
}
