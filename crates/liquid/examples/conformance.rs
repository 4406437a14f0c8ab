//! Compares Carafe with the reference programs, case by case.
//!
//! `conformance KIND CASES.json [--show N]` prints `KIND PASSED/ALL` and the first N cases that fail. The cases are a
//! JSON list; see the function of each kind: `liquid`, `jekyll` and `complaints`.

use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value as Json;

use carafe_liquid::value::from_json;
use carafe_liquid::{Dialect, Globals, MemoryHost, Options, Tags, Value, parse, render};
use carafe_source::FileId;
use carafe_source::diagnostic::{Diagnostic, Severity};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().position(|argument| argument == "--show");
    let show = show.and_then(|at| arguments.get(at + 1)).and_then(|count| count.parse().ok()).unwrap_or(0);
    let (Some(kind), Some(path)) = (arguments.first(), arguments.get(1)) else {
        eprintln!("usage: conformance liquid|jekyll|complaints CASES.json [--show N]");
        return ExitCode::from(2);
    };
    let cases = std::fs::read_to_string(path).map_err(|error| error.to_string());
    let cases = match cases.and_then(|text| serde_json::from_str::<Vec<Json>>(&text).map_err(|error| error.to_string()))
    {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let run = match kind.as_str() {
        "liquid" => |case: &Json| rendered(case, Dialect::Liquid),
        "jekyll" => |case: &Json| rendered(case, Dialect::Jekyll),
        "complaints" => complaints,
        _ => {
            eprintln!("there is no comparison `{kind}`");
            return ExitCode::from(2);
        }
    };
    let failures: Vec<String> = cases.iter().filter_map(|case| run(case).err()).collect();
    for failure in failures.iter().take(show) {
        println!("{failure}");
    }
    println!("{kind} {}/{}", cases.len() - failures.len(), cases.len());
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `{name, template, data?, partials?, output}`, or no `output` where Ruby raises an error. In Jekyll's dialect an error while
/// rendering is one, too, since Jekyll then builds nothing.
fn rendered(case: &Json, dialect: Dialect) -> Result<(), String> {
    let tags = Tags::new(dialect);
    let text = |value: &Json| Arc::<str>::from(value.as_str().unwrap_or(""));
    let template = parse(FileId(0), &text(&case["template"]), 0, &tags);
    let partials = case["partials"].as_object().into_iter().flatten();
    let partials = partials.enumerate().map(|(number, (name, body))| {
        let file = FileId(u32::try_from(number + 1).unwrap_or(u32::MAX));
        (name.clone(), parse(file, &text(body), 0, &tags))
    });
    let partials = MemoryHost::new(partials);
    let globals = match from_json(case["data"].clone()) {
        Value::Map(map) => (*map).clone(),
        _ => Globals::default(),
    };
    let rendered = render(&template, &globals, &partials, &Options::new(&tags));
    let failed = |diagnostic: &Diagnostic| dialect == Dialect::Jekyll && diagnostic.severity == Severity::Error;
    let found =
        if rendered.refused || rendered.diagnostics.iter().any(failed) { Err(()) } else { Ok(rendered.text.as_str()) };
    let expected = case["output"].as_str().ok_or(());
    if found == expected {
        return Ok(());
    }
    let said: Vec<_> = rendered.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    Err(format!("{}\n  {}\n  expected {expected:?}\n  found    {found:?} {said:?}", case["name"], case["template"]))
}

/// `{template, complaint}`: whether Ruby's Liquid finds fault with it in `error_mode: warn`. Unknown filters are no fault to
/// Ruby before they are called.
fn complaints(case: &Json) -> Result<(), String> {
    let text = Arc::<str>::from(case["template"].as_str().unwrap_or(""));
    let template = parse(FileId(0), &text, 0, &Tags::new(Dialect::Jekyll));
    let said: Vec<_> = template.diagnostics().iter().filter(|diagnostic| diagnostic.code != "unknown-filter").collect();
    if case["complaint"].as_bool() == Some(!said.is_empty()) {
        return Ok(());
    }
    let said: Vec<_> = said.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    Err(format!("{}\n  expected {}\n  found    {said:?}", case["template"], case["complaint"]))
}
