//! Golden tests of the Liquid engine.
//!
//! A case is a folder in `tests/golden`: `input.md` is rendered, `expected.txt` is what comes out, and
//! `expected.diagnostics` what is found (no file: nothing). `includes/` and `tags/` hold includes and tag or filter templates,
//! `case.yml` the rest: `data` (globals), `dialect: liquid`, `reindent: true`. Islands are shown as `⟦html⟧`, inline ones
//! as `‹html›`; Markdown is stood in for by `<md>…</md>`. `CARAFE_UPDATE=1 cargo test -p carafe-liquid --test golden` writes what comes out.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use carafe_liquid::{Dialect, Globals, Host, Lookup, Options, Tags, Template, TemplateFile, Value, parse, render};
use carafe_source::diagnostic::Diagnostic;
use carafe_source::island::{self, Islands};
use carafe_source::{DiskFiles, Files, Places, ReadError, Sources, Span};
use carafe_yaml::{Limits, Schema};

struct Case {
    files: DiskFiles,
    sources: Sources,
    tags: Tags,
}

impl Case {
    fn open(folder: &Path, dialect: Dialect) -> (Self, Vec<Diagnostic>) {
        let files = DiskFiles::new(folder).unwrap();
        let sources = Sources::default();
        let mut tags = Tags::new(dialect);
        let mut templates = Vec::new();
        for path in files.list("tags", &|_| false).unwrap() {
            let text = files.read(&path).unwrap();
            let name = Path::new(&path).file_stem().unwrap().to_str().unwrap().to_owned();
            templates.push(TemplateFile { name, file: sources.add(&path, text.clone()), text });
        }
        let diagnostics = tags.load(&templates);
        tags.load_data(|path| value(&files.read(path).unwrap()));
        (Self { files, sources, tags }, diagnostics)
    }

    fn place(&self, span: Span) -> String {
        let file = self.sources.get(span.file).unwrap();
        let start = file.position(span.start);
        format!(
            "{}:{}:{} `{}`",
            file.path,
            start.line,
            start.column,
            &file.text[span.start as usize..span.end as usize]
        )
    }

    fn show(&self, diagnostic: &Diagnostic) -> String {
        let mut out = format!("{:?} {}: {}\n", diagnostic.severity, diagnostic.code, diagnostic.message);
        if let Some(span) = diagnostic.span {
            out += &format!("  at {}\n", self.place(span));
        }
        for label in &diagnostic.labels {
            out += &format!("  {} at {}\n", label.message, self.place(label.span));
        }
        for call in &diagnostic.trace {
            out += &format!("  through {}\n", self.place(*call));
        }
        if let Some(help) = &diagnostic.help {
            out += &format!("  help: {help}\n");
        }
        out
    }
}

impl Host for Case {
    fn template(&self, path: &str, lookup: Lookup) -> Result<Arc<Template>, ReadError> {
        let path = if lookup == Lookup::Include { format!("includes/{path}") } else { path.to_owned() };
        let text = self.files.read(&path)?;
        Ok(Arc::new(parse(self.sources.add(&path, text.clone()), &text, 0, &self.tags)))
    }

    fn include_paths(&self) -> Vec<Arc<str>> {
        let paths = self.files.list("includes", &|_| false).unwrap_or_default();
        paths.iter().filter_map(|path| path.strip_prefix("includes/")).map(Arc::from).collect()
    }

    fn markdown(&self, text: &str, _: Places<'_>, islands: &Islands) -> String {
        format!("<md>{}</md>", islands.resolve(text))
    }

    fn highlight(&self, code: &str, language: &str, line_numbers: bool) -> String {
        format!("<code {language} {line_numbers}>{code}</code>")
    }

    fn link(&self, path: &str) -> Option<String> {
        Some(format!("/{}/", path.strip_suffix(".md")?))
    }

    fn post_url(&self, name: &str) -> Option<String> {
        name.starts_with("20").then(|| format!("/posts/{name}/"))
    }

    fn now(&self) -> jiff::ZonedDateTime {
        "2024-01-31T12:00:00+00:00[UTC]".parse().unwrap()
    }
}

/// The text with its islands made visible.
fn shown(text: &str, islands: &Islands) -> String {
    let mut out = String::new();
    let mut done = 0;
    while let Some((at, placeholder)) = island::next(text, done) {
        let found = islands.get(placeholder.number).unwrap();
        let (open, close) = if found.inline { ('‹', '›') } else { ('⟦', '⟧') };
        out += &format!("{}{open}{}{close}", &text[done..at], found.html);
        done = at + placeholder.len;
    }
    out + &text[done..]
}

fn value(yaml: &str) -> Value {
    let document = carafe_yaml::read(yaml, Schema::Native, &Limits::default()).unwrap();
    carafe_liquid::yaml::from_yaml(document.root, document.schema, &jiff::tz::TimeZone::UTC)
}

fn run(folder: &Path) -> (String, String) {
    let setup = fs::read_to_string(folder.join("case.yml")).unwrap_or_default();
    let setup = value(&setup);
    let dialect = if setup.field("dialect").is_some_and(|dialect| dialect.as_str() == Some("liquid")) {
        Dialect::Liquid
    } else {
        Dialect::Jekyll
    };
    let (case, mut diagnostics) = Case::open(folder, dialect);
    let text = case.files.read("input.md").unwrap();
    let template = parse(case.sources.add("input.md", text.clone()), &text, 0, &case.tags);
    let globals = match setup.field("data").unwrap_or_default() {
        Value::Map(map) => (*map).clone(),
        _ => Globals::default(),
    };
    let mut options = Options::new(&case.tags);
    options.reindent = setup.field("reindent").is_some_and(|reindent| reindent.truthy());
    let rendered = render(&template, &globals, &case, &options);
    diagnostics.extend(rendered.diagnostics);
    let found = diagnostics.iter().map(|diagnostic| case.show(diagnostic)).collect();
    (shown(&rendered.text, &rendered.islands), found)
}

#[test]
fn every_case_gives_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("CARAFE_UPDATE").is_some();
    let mut folders: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    let mut failures = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap().file_name();
            let known = ["input.md", "expected.txt", "expected.diagnostics", "case.yml", "includes", "tags", "beside"];
            assert!(known.iter().any(|known| entry == *known), "{name}: {} belongs to nothing", entry.display());
        }
        let (text, diagnostics) = run(&folder);
        for (file, found) in [("expected.txt", &text), ("expected.diagnostics", &diagnostics)] {
            let path = folder.join(file);
            if update {
                if found.is_empty() && file == "expected.diagnostics" {
                    let _ = fs::remove_file(path);
                } else {
                    fs::write(path, found).unwrap();
                }
                continue;
            }
            let expected = fs::read_to_string(path).unwrap_or_default();
            if *found != expected {
                failures.push(format!("{name}/{file}\n--- expected\n{expected}\n--- found\n{found}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
