//! Data files: YAML, JSON, CSV and TSV, parsed when first asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use carafe_liquid::value::{Value, from_json};
use carafe_source::{Files, Sources, Span};

use crate::diagnostic::Diagnostic;

use super::front_matter::yaml_diagnostic;
use super::yaml::parse_yaml;

/// The data files of a site by their dotted key: `nav.main` for `nav/main.yml`. Each is parsed at most once.
#[derive(Debug)]
pub struct DataFiles {
    files: Arc<dyn Files>,
    sources: Arc<Sources>,
    entries: BTreeMap<String, Arc<Entry>>,
}

#[derive(Debug)]
struct Entry {
    path: Arc<str>,
    stem: String,
    parsed: OnceLock<(Value, Vec<Diagnostic>)>,
}

impl DataFiles {
    /// The data files among `paths`, which lie below `folder`. Of two files with one key the first path wins.
    pub fn new<'p>(
        files: Arc<dyn Files>,
        sources: Arc<Sources>,
        folder: &str,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for path in paths {
            let relative = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
            let Some((stem, extension)) = relative.rsplit_once('.') else { continue };
            if matches!(extension, "yml" | "yaml" | "json" | "csv" | "tsv") {
                let entry = || Arc::new(Entry { path: path.into(), stem: stem.to_owned(), parsed: OnceLock::new() });
                entries.entry(key(stem)).or_insert_with(entry);
            }
        }
        Self { files, sources, entries }
    }

    /// The same files, taking from `before` what was parsed of those that have not `changed`.
    #[must_use]
    pub fn reusing(mut self, before: &Self, changed: &dyn Fn(&str) -> bool) -> Self {
        for (key, entry) in &mut self.entries {
            if let Some(known) = before.entries.get(key)
                && known.path == entry.path
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
        let renew = |entry: &Arc<Entry>| match changed(&entry.path) {
            true => Arc::new(Entry { path: entry.path.clone(), stem: entry.stem.clone(), parsed: OnceLock::new() }),
            false => entry.clone(),
        };
        let entries = self.entries.iter().map(|(key, entry)| (key.clone(), renew(entry))).collect();
        Self { files: self.files.clone(), sources: self.sources.clone(), entries }
    }

    /// The path and value of the file with this key (`nav.main`).
    pub fn get(&self, key: &str) -> Option<(Arc<str>, Value)> {
        let entry = self.entries.get(key)?;
        let (value, _) = entry.parsed.get_or_init(|| self.parse(&entry.path));
        Some((entry.path.clone(), value.clone()))
    }

    /// The place of the first `text` in the file at `path`, which must have been parsed.
    pub fn find(&self, path: &str, text: &str) -> Option<Span> {
        let content = self.files.read(path).ok()?;
        let file = self.sources.add(path, content.clone());
        content.find(text).map(|at| Span::new(file, at, at + text.len()))
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

    /// What was wrong with the files that were parsed so far: `data-file`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics_of(&|_| true)
    }

    /// What was wrong with those of the files parsed so far whose path is `wanted`.
    pub fn diagnostics_of(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
        let entries = self.entries.values().filter(|entry| wanted(&entry.path));
        let parsed = entries.filter_map(|entry| entry.parsed.get());
        parsed.flat_map(|(_, diagnostics)| diagnostics.iter().cloned()).collect()
    }

    fn parse(&self, path: &Arc<str>) -> (Value, Vec<Diagnostic>) {
        let text = match self.files.read(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the data file `{path}` cannot be read: {error}");
                return (Value::Nil, vec![Diagnostic::error("data-file", message)]);
            }
        };
        let file = self.sources.add(path, text.clone());
        let parsed = match path.rsplit('.').next() {
            Some("json") => serde_json::from_str(&text).map(from_json).map_err(|error| {
                let line_start: usize =
                    text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                let at = (line_start + error.column().saturating_sub(1)).min(text.len());
                Diagnostic::error("data-file", format!("broken JSON: {error}")).at(Span::new(file, at, at + 1))
            }),
            Some("csv") => Ok(records(&text, ',')),
            Some("tsv") => Ok(records(&text, '\t')),
            _ => parse_yaml(&text).map_err(|error| yaml_diagnostic("data-file", file, 0, &error)),
        };
        match parsed {
            Ok(value) => (value, Vec::new()),
            Err(diagnostic) => (Value::Nil, vec![diagnostic]),
        }
    }
}

/// Jekyll's rule for data file names: everything but word characters, blanks and `-` goes (dots too), blanks become `_`.
fn key(stem: &str) -> String {
    let part = |part: &str| -> String {
        let kept = part.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
        kept.map(|c| if c == ' ' { '_' } else { c }).collect()
    };
    stem.split('/').map(part).collect::<Vec<_>>().join(".")
}

/// A table with a header line as an array of hashes; fields may stand in double quotes.
fn records(text: &str, separator: char) -> Value {
    let mut rows = rows(text, separator).into_iter();
    let Some(header) = rows.next() else { return Value::array(Vec::new()) };
    let record = |row: Vec<String>| {
        let mut fields = row.into_iter();
        Value::map(header.iter().map(|name| (name.as_str(), fields.next().map_or(Value::Nil, Value::from))))
    };
    Value::array(rows.map(record).collect())
}

fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            _ if quoted => field.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut field));
                if row.len() > 1 || !row[0].is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
                row.clear();
            }
            _ if c == separator => row.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_source::MemoryFiles;

    fn data(files: &[(&str, &str)]) -> DataFiles {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let memory = MemoryFiles::new(files.iter().map(|(path, text)| (*path, *text)));
        DataFiles::new(Arc::new(memory), Arc::default(), "_data", paths)
    }

    #[test]
    fn keys_follow_folders_and_lose_odd_characters() {
        let data = data(&[("_data/nav/main menu.yml", "a: 1"), ("_data/nav_1.2.x.yml", "b: 2"), ("_data/x.txt", "")]);
        assert_eq!(data.keys().collect::<Vec<_>>(), ["nav.main_menu", "nav_12x"]);
        assert_eq!(data.children(""), ["nav".into(), "nav_12x".into()] as [Arc<str>; 2]);
        assert!(data.get("nav.main_menu").unwrap().1.field("a").is_some());
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
