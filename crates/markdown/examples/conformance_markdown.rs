//! Renders every case of a file of kramdown cases: `conformance_markdown CASES OUT` writes `OUT/expected/NAME.html` and
//! `OUT/actual/NAME.html`, to be compared as documents. A folder of Markdown files instead of `CASES` is rendered to `OUT`,
//! with a third word `commonmark` in that dialect.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use carafe_markdown::{Dialect, HtmlOptions, NoServices, Options, html, parse};

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let path = folder.join(format!("{name}.html"));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, text)?)
}

fn render(text: &str, options: &Options) -> String {
    html(&parse(text, options), &HtmlOptions::default(), &NoServices).body
}

fn options_of(case: &Value) -> Options {
    let mut options = Options::default();
    for (name, value) in case["options"].as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        options.set(name, &value);
    }
    options
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cases), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: conformance_markdown CASES.json|FOLDER OUT".into());
    };
    let out = Path::new(&out);
    if Path::new(&cases).is_dir() {
        let mut options = Options::default();
        if arguments.next().is_some_and(|dialect| dialect == "commonmark") {
            options.dialect = Dialect::CommonMark;
        }
        for entry in walkdir::WalkDir::new(&cases).sort_by_file_name() {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "md") {
                let name = entry.path().strip_prefix(&cases)?.with_extension("");
                let text = fs::read_to_string(entry.path())?;
                write(out, &name.to_string_lossy(), &render(&text, &options))?;
            }
        }
        return Ok(());
    }
    let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(cases)?)?;
    for case in &cases {
        let name = case["name"].as_str().unwrap_or_default();
        write(&out.join("expected"), name, case["html"].as_str().unwrap_or_default())?;
        write(&out.join("actual"), name, &render(case["text"].as_str().unwrap_or_default(), &options_of(case)))?;
    }
    Ok(())
}
