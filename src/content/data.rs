//! Data files: YAML, JSON, CSV and TSV, parsed when first asked for.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use carafe_liquid::value::{Map, Value, from_json};
use carafe_liquid::{Data, DataFormat, DataText};
use carafe_source::{Files, Sources, Span};
use carafe_yaml::{Node, Schema};

use crate::diagnostic::Diagnostic;

use super::tables::{ENTRY, Tables, TooLarge, records};
use super::yaml::Yaml;

/// Where the data of a theme lies.
const THEME_DATA: &str = "(theme)/_data/";

/// The kinds of data files, in Jekyll's order.
const KINDS: [&str; 5] = ["yaml", "yml", "json", "csv", "tsv"];

/// The data files of a site by their dotted key: `nav.main` for `nav/main.yml`. Each is parsed at most once.
#[derive(Debug)]
pub struct DataFiles {
    files: Arc<dyn Files>,
    sources: Arc<Sources>,
    yaml: Yaml,
    entries: BTreeMap<String, Arc<Entry>>,
    /// How many bytes of memory all of them may take.
    bytes: usize,
    /// How tables are read: CSV, TSV.
    tables: [Tables; 2],
}

#[derive(Debug)]
struct Entry {
    path: Arc<str>,
    stem: String,
    parsed: OnceLock<Parsed>,
    /// The theme's file of this key, under the site's own.
    below: Option<Arc<Entry>>,
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
        Self::above(path, stem, None)
    }

    fn above(path: &Arc<str>, stem: &str, below: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { path: path.clone(), stem: stem.to_owned(), parsed: OnceLock::new(), below })
    }

    /// This entry and the one under it.
    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.below.as_deref())
    }

    /// Whether what was made of it is as good as another reading.
    fn stays(&self) -> bool {
        self.all().all(|entry| entry.parsed.get().is_none_or(|parsed| !parsed.refused))
    }

    fn changed(&self, changed: &dyn Fn(&str) -> bool) -> bool {
        self.all().any(|entry| changed(&entry.path))
    }

    fn anew(&self) -> Arc<Self> {
        Self::above(&self.path, &self.stem, self.below.as_deref().map(Self::anew))
    }
}

/// Where a file or a folder of data stands in Jekyll's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'d> {
    of_site: bool,
    is_folder: bool,
    kind: usize,
    name: &'d str,
}

impl<'d> Rank<'d> {
    fn of(name: &'d str, is_file: bool, entry: &'d Entry) -> Self {
        let path = entry.all().map(|entry| &*entry.path).find(|path| path.starts_with(THEME_DATA));
        let of_site = path.is_none();
        let path = path.unwrap_or(&entry.path);
        if !is_file {
            return Self { of_site, is_folder: true, kind: 0, name };
        }
        let end = path.rsplit('.').next().unwrap_or_default();
        let kind = KINDS.iter().position(|kind| *kind == end).unwrap_or(KINDS.len());
        Self { of_site, is_folder: false, kind, name: path }
    }
}

impl DataFiles {
    /// The data files among `paths`, which lie below `folder`, or are a theme's. Of two files with one key the first path wins; a theme's
    /// file lies under the site's own. All together may take so many `bytes` of memory.
    pub fn new<'p>(
        files: Arc<dyn Files>,
        sources: Arc<Sources>,
        yaml: Yaml,
        folder: &str,
        paths: impl IntoIterator<Item = &'p str>,
        bytes: usize,
    ) -> Self {
        let mut entries: BTreeMap<String, Arc<Entry>> = BTreeMap::new();
        let mut of_theme: BTreeMap<String, Arc<Entry>> = BTreeMap::new();
        for path in paths {
            let theirs = path.starts_with(THEME_DATA);
            let folder = if theirs { THEME_DATA } else { folder };
            let relative = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
            let Some((stem, extension)) = relative.rsplit_once('.') else { continue };
            if KINDS.contains(&extension) {
                let all = if theirs { &mut of_theme } else { &mut entries };
                all.entry(key(stem, yaml.schema)).or_insert_with(|| Entry::new(&path.into(), stem));
            }
        }
        for (key, below) in of_theme {
            let above = entries.get(&key).map(|own| Entry::above(&own.path, &own.stem, Some(below.clone())));
            entries.insert(key, above.unwrap_or(below));
        }
        Self { files, sources, yaml, entries, bytes, tables: Default::default() }
    }

    /// The same files, tables (CSV, TSV) to be read in this way.
    #[must_use]
    pub fn with_tables(self, tables: [Tables; 2]) -> Self {
        Self { tables, ..self }
    }

    /// The same files, taking from `before` what was parsed of those that have not `changed`.
    #[must_use]
    pub fn reusing(mut self, before: &Self, changed: &dyn Fn(&str) -> bool) -> Self {
        for (key, entry) in &mut self.entries {
            if let Some(known) = before.entries.get(key)
                && known.path == entry.path
                && known.below.as_ref().map(|below| &below.path) == entry.below.as_ref().map(|below| &below.path)
                && known.stays()
                && !entry.changed(changed)
            {
                *entry = known.clone();
            }
        }
        self
    }

    /// The same files, those that have `changed` to be parsed anew.
    #[must_use]
    pub fn renewed(&self, changed: &dyn Fn(&str) -> bool) -> Self {
        let renew = |entry: &Arc<Entry>| match entry.changed(changed) || !entry.stays() {
            true => entry.anew(),
            false => entry.clone(),
        };
        let entries = self.entries.iter().map(|(key, entry)| (key.clone(), renew(entry))).collect();
        Self {
            files: self.files.clone(),
            sources: self.sources.clone(),
            yaml: self.yaml.clone(),
            entries,
            bytes: self.bytes,
            tables: self.tables.clone(),
        }
    }

    /// The path and value of the file with this key (`nav.main`).
    pub fn get(&self, key: &str) -> Option<(Arc<str>, Value)> {
        let entry = self.entries.get(key)?;
        let value = |entry: &Entry| entry.parsed.get_or_init(|| self.parse(&entry.path)).value.clone();
        let own = value(entry);
        let whole = match entry.below.as_deref().map(value) {
            Some(Value::Map(mut theirs)) => {
                if let Value::Map(own) = &own {
                    merge(Arc::make_mut(&mut theirs), own);
                }
                if own.is_nil() || matches!(own, Value::Map(_)) { Value::Map(theirs) } else { own }
            }
            Some(theirs) if own.is_nil() => theirs,
            _ => own,
        };
        Some((entry.path.clone(), whole))
    }

    /// The path of the theme's file under that with this key.
    pub fn below(&self, key: &str) -> Option<&Arc<str>> {
        Some(&self.entries.get(key)?.below.as_ref()?.path)
    }

    /// The folder that they lie in.
    pub(crate) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// Of a file with this key beside a folder of it, one of which is the site's and the other its theme's: its path, what it says (if it is a
    /// hash), and whether it is the site's.
    pub(crate) fn beside(&self, key: &str) -> Option<(Arc<str>, Arc<Map>, bool)> {
        let of_theme = |path: &str| path.starts_with(THEME_DATA);
        let folders = |theme: bool| {
            let mut files = self.below_prefix(key).flat_map(|(_, _, entry)| entry.all());
            files.any(|entry| of_theme(&entry.path) == theme)
        };
        // Within the site, and within the theme, a folder hides the file.
        let mut shown = self.entries.get(key)?.all().filter(|entry| !folders(of_theme(&entry.path)));
        let entry = shown.next()?;
        match &entry.parsed.get_or_init(|| self.parse(&entry.path)).value {
            Value::Map(values) => Some((entry.path.clone(), values.clone(), !of_theme(&entry.path))),
            _ => None,
        }
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

    /// The keys right below `prefix` (dotted, `""` for the top): of files and of folders. In a Jekyll site they stand in Jekyll's order: the
    /// theme's first, files before folders, by their kinds and names.
    pub fn children(&self, prefix: &str) -> Vec<Arc<str>> {
        let mut found: BTreeMap<&str, Rank<'_>> = BTreeMap::new();
        for (name, rest, entry) in self.below_prefix(prefix) {
            let rank = match self.yaml.schema {
                Schema::Ruby => Rank::of(name, rest.is_none(), entry),
                Schema::Native => Rank::default(),
            };
            let known = found.entry(name).or_insert(rank);
            *known = rank.min(*known);
        }
        let mut names: Vec<(&str, Rank<'_>)> = found.into_iter().collect();
        names.sort_by_key(|(_, rank)| *rank);
        names.into_iter().map(|(name, _)| name.into()).collect()
    }

    /// Whether there is a folder of this key.
    pub fn has_children(&self, prefix: &str) -> bool {
        self.below_prefix(prefix).next().is_some()
    }

    /// What lies below `prefix`: the name right below it, what of the key stands behind that, and the file.
    fn below_prefix<'d>(&'d self, prefix: &str) -> impl Iterator<Item = (&'d str, Option<&'d str>, &'d Entry)> {
        let start = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
        let from = self.entries.range(start.clone()..);
        from.map_while(move |(key, entry)| {
            let rest = key.strip_prefix(start.as_str())?;
            let (name, rest) = rest.split_once('.').map_or((rest, None), |(name, rest)| (name, Some(rest)));
            Some((name, rest, &**entry))
        })
    }

    /// What was wrong with the files that were parsed so far: `data-file`, `data-limit`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics_of(&|_| true)
    }

    /// What was wrong with those of the files parsed so far whose path is `wanted`.
    pub fn diagnostics_of(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
        let entries = self.entries.values().flat_map(|entry| entry.all()).filter(|entry| wanted(&entry.path));
        let parsed = entries.filter_map(|entry| entry.parsed.get());
        parsed.flat_map(|parsed| parsed.diagnostics.iter().cloned()).collect()
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
        let all = self.entries.values().flat_map(|entry| entry.all());
        let used: usize = all.filter_map(|entry| Some(entry.parsed.get()?.bytes)).sum();
        let left = self.bytes.saturating_sub(used);
        let too_large = |at: usize| {
            let place = Span::new(file, at.min(text.len()), at.min(text.len()));
            let limit = self.bytes >> 20;
            let message = format!("the site's data takes more than {limit} MiB of memory with this file");
            let help = "`limits.data_bytes` allows more; rows of a table that are much shorter than its header take as much as long ones";
            nothing(Diagnostic::error("data-limit", message).at(place).help(help), true)
        };
        let format = DataFormat::of_name(path).unwrap_or(DataFormat::Yaml);
        let text = DataText { text: &text, format, file, code: "data-file" };
        match read_data(&text, &self.yaml, &self.tables, left) {
            Ok(Data { value, bytes, doubts }) => Parsed { value, diagnostics: doubts, bytes, refused: false },
            Err(Unread::TooLarge(at)) => too_large(at),
            Err(Unread::Broken(diagnostic)) => nothing(*diagnostic, false),
        }
    }
}

/// What a site's data says, over what its theme's says; nothing is no value.
pub(crate) fn merge(base: &mut Map, over: &Map) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(_), Value::Nil) => {}
            (Some(Value::Map(old)), Value::Map(new)) => merge(Arc::make_mut(old), new),
            (_, new) => drop(base.insert(key.clone(), new.clone())),
        }
    }
}

/// Why a text is no data.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It takes more memory than it may, as is clear at this byte.
    TooLarge(usize),
    /// It does not follow the rules.
    Broken(Box<Diagnostic>),
}

/// What a text says that is data, by the rules of a site's YAML and tables (CSV, TSV), and in no more than so many bytes of memory.
///
/// # Errors
/// Why it says nothing.
pub(crate) fn read_data(
    text: &DataText<'_>,
    yaml: &Yaml,
    [csv, tsv]: &[Tables; 2],
    most: usize,
) -> Result<Data, Unread> {
    let DataText { text, format, file, code } = *text;
    let broken = |diagnostic: Diagnostic| Unread::Broken(Box::new(diagnostic));
    let as_yaml = || yaml.value(text, code, file, 0);
    let mut doubts = Vec::new();
    // Jekyll reads JSON as the YAML that it is: `1e3` is a text there.
    let by_yaml = (format == DataFormat::Json && yaml.schema == Schema::Ruby).then(as_yaml).and_then(Result::ok);
    let value = match (format, by_yaml) {
        (_, Some((value, _))) => value,
        (DataFormat::Yaml, _) => {
            let (value, found) = as_yaml().map_err(broken)?;
            doubts = found;
            value
        }
        (DataFormat::Json, _) => {
            json_bytes(text, most).map_err(Unread::TooLarge)?;
            let value = serde_json::from_str(text).map(from_json);
            value.map_err(|error| {
                let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
                let at = (lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1)).min(text.len());
                broken(Diagnostic::error(code, format!("broken JSON: {error}")).at(Span::new(file, at, at + 1)))
            })?
        }
        (DataFormat::Csv | DataFormat::Tsv, _) => {
            let (separator, tables) = if format == DataFormat::Csv { (',', csv) } else { ('\t', tsv) };
            let read = records(text, separator, yaml.schema == Schema::Ruby, most, tables);
            let (value, long) = read.map_err(|TooLarge(at)| Unread::TooLarge(at))?;
            let doubt = |row: Range<usize>| {
                let message = "this row has more fields than the header, and what is too much is left out";
                let help = "put a field with a comma in it in double quotes";
                Diagnostic::warning(code, message).at(Span::new(file, row.start, row.end)).help(help)
            };
            doubts.extend(long.map(doubt));
            value
        }
    };
    match memory(&value) {
        bytes if bytes > most => Err(Unread::TooLarge(0)),
        bytes => Ok(Data { value, bytes, doubts }),
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
    fn what_json_takes_is_judged_by_its_values_and_not_by_its_texts() {
        assert_eq!(json_bytes("\"[[,:{\"", 1000), Ok(7));
        assert_eq!(json_bytes("\"\\\"[\"", 1000), Ok(5));
        assert_eq!(json_bytes("[1,{\"a\":2}]", 10_000), Ok(11 + 4 * JSON_VALUE));
        assert_eq!(json_bytes("[[[[[[", 500), Err(3));
    }

    #[test]
    fn keys_follow_folders_and_lose_odd_characters() {
        let data = data(&[("_data/nav/main menu.yml", "a: 1"), ("_data/nav_1.2.x.yml", "b: 2"), ("_data/x.txt", "")]);
        assert_eq!(data.keys().collect::<Vec<_>>(), ["nav.main_menu", "nav_12x"]);
        assert_eq!(data.children(""), ["nav".into(), "nav_12x".into()] as [Arc<str>; 2]);
        assert!(data.get("nav.main_menu").unwrap().1.field("a").is_some());
    }

    #[test]
    fn a_jekyll_sites_data_stands_in_jekylls_order_and_over_its_themes() {
        let files = [
            ("_data/b.csv", "x\n1"),
            ("_data/c.yml", "own: 1\nmap: {a: 1}\nkept:"),
            ("_data/d.yaml", "1"),
            ("_data/a/z.yml", "1"),
            ("(theme)/_data/c.yml", "own: 2\nmap: {a: 2, b: 3}\nkept: 4"),
            ("(theme)/_data/z.json", "[5]"),
        ];
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let memory = Arc::new(MemoryFiles::new(files));
        let yaml = Yaml { schema: Schema::Ruby, ..Yaml::default() };
        let data = DataFiles::new(memory, Arc::default(), yaml, "_data", paths, 1 << 20);
        assert_eq!(data.children("").iter().map(|name| &**name).collect::<Vec<_>>(), ["c", "z", "d", "b", "a"]);
        let (path, value) = data.get("c").unwrap();
        let shown = carafe_liquid::value::to_json(&value).to_string();
        assert_eq!((&*path, &*shown), ("_data/c.yml", r#"{"own":1,"map":{"a":1,"b":3},"kept":4}"#));
        assert_eq!(data.below("c").map(|path| &**path), Some("(theme)/_data/c.yml"));
        let renewed = data.renewed(&|path| path == "(theme)/_data/c.yml");
        assert!(renewed.entries["c"].parsed.get().is_none() && renewed.below("c").is_some());
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
