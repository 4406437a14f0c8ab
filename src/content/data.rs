//! Data files: YAML, JSON, CSV and TSV, parsed when first asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use carafe_liquid::value::{Value, from_json};
use carafe_source::{FileId, Files, Sources, Span};
use carafe_yaml::{Node, Schema};

use crate::diagnostic::Diagnostic;

use super::tables::{ENTRY, TooLarge, records};
use super::yaml::Yaml;

/// The data files of a site by their dotted key: `nav.main` for `nav/main.yml`. Each is parsed at most once.
#[derive(Debug)]
pub struct DataFiles {
    files: Arc<dyn Files>,
    sources: Arc<Sources>,
    yaml: Yaml,
    entries: BTreeMap<String, Arc<Entry>>,
    /// How many bytes of memory all of them may take.
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    path: Arc<str>,
    stem: String,
    parsed: OnceLock<Parsed>,
}

#[derive(Debug)]
struct Parsed {
    value: Value,
    diagnostics: Vec<Diagnostic>,
    /// What the value takes in memory.
    bytes: usize,
    /// Whether there is no value because there were too many others, so that it depends on them.
    refused: bool,
}

impl Entry {
    fn new(path: &Arc<str>, stem: &str) -> Arc<Self> {
        Arc::new(Self { path: path.clone(), stem: stem.to_owned(), parsed: OnceLock::new() })
    }

    /// Whether what was made of it is as good as another reading.
    fn stays(&self) -> bool {
        self.parsed.get().is_none_or(|parsed| !parsed.refused)
    }
}

impl DataFiles {
    /// The data files among `paths`, which lie below `folder`. Of two files with one key the first path wins. All together
    /// may take so many `bytes` of memory.
    pub fn new<'p>(
        files: Arc<dyn Files>,
        sources: Arc<Sources>,
        yaml: Yaml,
        folder: &str,
        paths: impl IntoIterator<Item = &'p str>,
        bytes: usize,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for path in paths {
            let relative = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
            let Some((stem, extension)) = relative.rsplit_once('.') else { continue };
            if matches!(extension, "yml" | "yaml" | "json" | "csv" | "tsv") {
                entries.entry(key(stem, yaml.schema)).or_insert_with(|| Entry::new(&path.into(), stem));
            }
        }
        Self { files, sources, yaml, entries, bytes }
    }

    /// The same files, taking from `before` what was parsed of those that have not `changed`.
    #[must_use]
    pub fn reusing(mut self, before: &Self, changed: &dyn Fn(&str) -> bool) -> Self {
        for (key, entry) in &mut self.entries {
            if let Some(known) = before.entries.get(key)
                && known.path == entry.path
                && known.stays()
                && !changed(&entry.path)
            {
                *entry = known.clone();
            }
        }
        self
    }

    /// The same files, those that have `changed` to be parsed anew.
    #[must_use]
    pub fn renewed(&self, changed: &dyn Fn(&str) -> bool) -> Self {
        let renew = |entry: &Arc<Entry>| match changed(&entry.path) || !entry.stays() {
            true => Entry::new(&entry.path, &entry.stem),
            false => entry.clone(),
        };
        let entries = self.entries.iter().map(|(key, entry)| (key.clone(), renew(entry))).collect();
        Self {
            files: self.files.clone(),
            sources: self.sources.clone(),
            yaml: self.yaml.clone(),
            entries,
            bytes: self.bytes,
        }
    }

    /// The path and value of the file with this key (`nav.main`).
    pub fn get(&self, key: &str) -> Option<(Arc<str>, Value)> {
        let entry = self.entries.get(key)?;
        let parsed = entry.parsed.get_or_init(|| self.parse(&entry.path));
        Some((entry.path.clone(), parsed.value.clone()))
    }

    /// The paths of the files that were refused because the others take all the memory that there is for data.
    pub fn refused(&self) -> impl Iterator<Item = &Arc<str>> {
        self.entries.values().filter(|entry| !entry.stays()).map(|entry| &entry.path)
    }

    /// The place of the first value `text` under a key `key`, at any depth of the YAML file at `path`, which must have been
    /// parsed.
    pub fn find(&self, path: &str, key: &str, text: &str) -> Option<Span> {
        let content = self.files.read(path).ok()?;
        let file = self.sources.add(path, content.clone());
        let document = carafe_yaml::read(&content, self.yaml.schema, &self.yaml.limits).ok()?;
        let is_wanted = |name: &str, node: &Node| {
            name == key && node.as_scalar().is_some_and(|scalar| *scalar.printed() == *text || *scalar.text == *text)
        };
        document.root.find_entry(&is_wanted).map(|entry| entry.value.place.span(file, 0))
    }

    /// All keys, in ascending order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The key and the path of every file.
    pub fn paths(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), &entry.path))
    }

    /// The key and the path without extension (below the data folder) of every file.
    pub fn stems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry.stem.as_str()))
    }

    /// The keys right below `prefix` (dotted, `""` for the top): of files and of folders.
    pub fn children(&self, prefix: &str) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for key in self.entries.keys() {
            let rest = if prefix.is_empty() {
                Some(key.as_str())
            } else {
                key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'))
            };
            let Some(name) = rest.and_then(|rest| rest.split('.').next()) else { continue };
            if names.last().is_none_or(|last| &**last != name) {
                names.push(name.into());
            }
        }
        names.dedup();
        names
    }

    /// What was wrong with the files that were parsed so far: `data-file`, `data-limit`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics_of(&|_| true)
    }

    /// What was wrong with those of the files parsed so far whose path is `wanted`.
    pub fn diagnostics_of(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
        let entries = self.entries.values().filter(|entry| wanted(&entry.path));
        let parsed = entries.filter_map(|entry| entry.parsed.get());
        parsed.flat_map(|parsed| parsed.diagnostics.iter().cloned()).collect()
    }

    /// The value of JSON by the rules of YAML, unless these refuse it.
    fn json_as_yaml(&self, text: &str, file: FileId) -> Option<Value> {
        self.yaml.value(text, "data-file", file, 0).ok().map(|(value, _)| value)
    }

    fn parse(&self, path: &Arc<str>) -> Parsed {
        let nothing =
            |diagnostic, refused| Parsed { value: Value::Nil, diagnostics: vec![diagnostic], bytes: 0, refused };
        let text = match self.files.read(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the data file `{path}` cannot be read: {error}");
                return nothing(Diagnostic::error("data-file", message), false);
            }
        };
        let file = self.sources.add(path, text.clone());
        // Files that are being parsed at this moment are not counted; there are no more of them than threads.
        let used: usize = self.entries.values().filter_map(|entry| Some(entry.parsed.get()?.bytes)).sum();
        let left = self.bytes.saturating_sub(used);
        let too_large = |at: usize| {
            let place = Span::new(file, at.min(text.len()), at.min(text.len()));
            let limit = self.bytes >> 20;
            let message = format!("the site's data takes more than {limit} MiB of memory with this file");
            let help = "`limits.data_bytes` allows more; rows of a table that are much shorter than its header take as much as long ones";
            nothing(Diagnostic::error("data-limit", message).at(place).help(help), true)
        };
        let mut doubts = Vec::new();
        let parsed = match path.rsplit('.').next() {
            // Jekyll reads JSON as the YAML that it is: `1e3` is a text there.
            Some("json")
                if self.yaml.schema == Schema::Ruby
                    && let Some(value) = self.json_as_yaml(&text, file) =>
            {
                Ok(value)
            }
            Some("json") => match json_bytes(&text, left) {
                Err(at) => return too_large(at),
                Ok(_) => serde_json::from_str(&text).map(from_json).map_err(|error| {
                    let line_start: usize =
                        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                    let at = (line_start + error.column().saturating_sub(1)).min(text.len());
                    Diagnostic::error("data-file", format!("broken JSON: {error}")).at(Span::new(file, at, at + 1))
                }),
            },
            Some(kind @ ("csv" | "tsv")) => {
                let separator = if kind == "csv" { ',' } else { '\t' };
                match records(&text, separator, self.yaml.schema == Schema::Ruby, left) {
                    Err(TooLarge(at)) => return too_large(at),
                    Ok(value) => Ok(value),
                }
            }
            _ => self.yaml.value(&text, "data-file", file, 0).map(|(value, found)| {
                doubts = found;
                value
            }),
        };
        match parsed {
            Ok(value) => match memory(&value) {
                bytes if bytes > left => too_large(0),
                bytes => Parsed { value, diagnostics: doubts, bytes, refused: false },
            },
            Err(diagnostic) => nothing(diagnostic, false),
        }
    }
}

/// Jekyll's rule for data file names: everything but word characters, blanks and `-` goes (dots too), blanks become `_`. In a
/// Jekyll site letters are those of ASCII.
fn key(stem: &str, schema: Schema) -> String {
    let is_word = |c: char| if schema == Schema::Ruby { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() };
    let part = |part: &str| -> String {
        let kept = part.chars().filter(|&c| is_word(c) || matches!(c, '_' | '-' | ' '));
        kept.map(|c| if c == ' ' { '_' } else { c }).collect()
    };
    stem.split('/').map(part).collect::<Vec<_>>().join(".")
}

/// What a value of JSON takes in memory at least: itself twice, since it is read before it is turned into one of Liquid's.
const JSON_VALUE: usize = 160;

/// What a JSON document will take in memory, judged by its text; and the byte at which it exceeds `most`.
fn json_bytes(text: &str, most: usize) -> Result<usize, usize> {
    let mut bytes = text.len();
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' | b',' | b':' if !quoted => bytes = bytes.saturating_add(JSON_VALUE),
            _ => {}
        }
        if bytes > most {
            return Err(at);
        }
    }
    Ok(bytes)
}

/// About how many bytes a value takes in memory; what several values share is counted once.
fn memory(value: &Value) -> usize {
    const VALUE: usize = std::mem::size_of::<Value>();
    let mut seen = rustc_hash::FxHashSet::default();
    let mut todo = vec![value];
    let mut bytes = 0usize;
    while let Some(value) = todo.pop() {
        bytes = bytes.saturating_add(VALUE);
        match value {
            Value::Str(text) => bytes = bytes.saturating_add(text.len()),
            Value::Array(items) if seen.insert(Arc::as_ptr(items).addr()) => todo.extend(items.iter()),
            Value::Map(map) if seen.insert(Arc::as_ptr(map).addr()) => {
                // Keys are shared; an entry also takes its place in the hash's table.
                bytes = bytes.saturating_add((ENTRY - VALUE) * map.len());
                todo.extend(map.values());
            }
            _ => {}
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_source::MemoryFiles;

    fn data(files: &[(&str, &str)]) -> DataFiles {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let memory = MemoryFiles::new(files.iter().map(|(path, text)| (*path, *text)));
        DataFiles::new(Arc::new(memory), Arc::default(), Yaml::default(), "_data", paths, 1 << 20)
    }

    #[test]
    fn keys_follow_folders_and_lose_odd_characters() {
        let data = data(&[("_data/nav/main menu.yml", "a: 1"), ("_data/nav_1.2.x.yml", "b: 2"), ("_data/x.txt", "")]);
        assert_eq!(data.keys().collect::<Vec<_>>(), ["nav.main_menu", "nav_12x"]);
        assert_eq!(data.children(""), ["nav".into(), "nav_12x".into()] as [Arc<str>; 2]);
        assert!(data.get("nav.main_menu").unwrap().1.field("a").is_some());
    }

    #[test]
    fn json_keeps_its_floats_and_is_yaml_in_a_jekyll_site() {
        let text = "{\"a\": [1234.3838300038383, 179.99999999999997, 1e3, 5e-324, -0.0, 12345678901234567890123],\n\t\"b\": \"\\u00e9\\/\"}";
        let memory = || Arc::new(MemoryFiles::new([("_data/größe.json", text)]));
        for (schema, name, shown) in [
            (
                Schema::Native,
                "größe",
                "[1234.3838300038383, 179.99999999999997, 1000.0, 5.0e-324, -0.0, 1.2345678901234568e+22]",
            ),
            (
                Schema::Ruby,
                "gre",
                "[1234.3838300038383, 179.99999999999997, \"1e3\", \"5e-324\", -0.0, 12345678901234567890123]",
            ),
        ] {
            let yaml = Yaml { schema, ..Yaml::default() };
            let data = DataFiles::new(memory(), Arc::default(), yaml, "_data", ["_data/größe.json"], 1 << 20);
            let value = data.get(name).unwrap().1;
            assert_eq!(carafe_liquid::convert::inspect(&value.field("a").unwrap()), shown);
            assert_eq!(value.field("b").unwrap().as_str(), Some("é/"));
        }
    }

    #[test]
    fn tables_become_records_with_quotes_and_blank_lines() {
        let data = data(&[("_data/t.csv", "name,note\nx,\"a, \"\"b\"\"\nc\"\n\ny,z\n")]);
        let Value::Array(rows) = data.get("t").unwrap().1 else { panic!() };
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].field("note").unwrap().as_str(), Some("a, \"b\"\nc"));
    }

    #[test]
    fn broken_files_are_reported_where_they_break() {
        let data = data(&[("_data/t.json", "{\n \"a\": }")]);
        assert!(data.get("t").unwrap().1.is_nil());
        assert_eq!(data.diagnostics()[0].code, "data-file");
        assert_eq!(data.diagnostics()[0].span.unwrap().start, 8);
    }
}
