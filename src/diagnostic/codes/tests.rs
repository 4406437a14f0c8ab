use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below `folder`, tests apart.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The texts of all sources but the list itself, without the tests at their ends.
fn texts() -> Vec<String> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("crates"), &mut files);
    files.retain(|path| !path.ends_with("diagnostic/codes/all.rs"));
    let text =
        |path: PathBuf| fs::read_to_string(path).unwrap().split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
    files.into_iter().map(text).collect()
}

/// The codes that the source gives to diagnostics.
fn used() -> BTreeSet<String> {
    made_by(&["Diagnostic::error(", "Diagnostic::warning(", "Diagnostic::new(", ".fail(", ".problem(", " code: "])
}

/// The codes directly behind one of these.
fn made_by(makers: &[&str]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for text in texts() {
        for maker in makers {
            for after in text.split(maker).skip(1) {
                if let Some(literal) = after.trim_start().strip_prefix('"') {
                    codes.insert(literal.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    codes.retain(|code| is_code(code));
    codes
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || b"-8".contains(&byte))
}

#[test]
fn every_code_that_is_used_is_described() {
    let used = used();
    assert!(used.contains("unknown-option"), "the search finds nothing any more: {used:?}");
    let unknown: Vec<&String> = used.iter().filter(|code| find(code).is_none()).collect();
    assert!(unknown.is_empty(), "add these to src/diagnostic/codes/all.rs: {unknown:?}");
}

#[test]
fn every_code_that_is_described_is_used() {
    let texts = texts();
    let dead: Vec<&str> = ALL
        .iter()
        .map(|entry| entry.code)
        .filter(|code| !texts.iter().any(|text| text.contains(&format!("\"{code}\""))))
        .collect();
    assert!(dead.is_empty(), "nothing reports these: {dead:?}");
}

#[test]
fn the_severity_that_is_described_is_one_that_is_used() {
    let (errors, warnings) = (made_by(&["Diagnostic::error("]), made_by(&["Diagnostic::warning("]));
    for entry in ALL {
        let (error, warning) = (errors.contains(entry.code), warnings.contains(entry.code));
        match entry.severity {
            Severity::Error => assert!(error || !warning, "{} is a warning", entry.code),
            _ => assert!(warning || !error, "{} is an error", entry.code),
        }
    }
}

#[test]
fn codes_are_in_order_and_each_says_something() {
    assert!(ALL.is_sorted_by(|a, b| a.code < b.code), "the list is not in the order of codes");
    for entry in ALL {
        assert!(is_code(entry.code), "{}", entry.code);
        assert!(!entry.title.ends_with('.') && entry.explanation.trim().len() > 40, "{}", entry.code);
    }
}

#[test]
fn the_reference_page_is_made_from_the_list() {
    let path = root().join("content/reference/diagnostics.md");
    if std::env::var_os("CARAFE_UPDATE").is_some() {
        fs::write(&path, reference()).unwrap();
    }
    let written = fs::read_to_string(path).unwrap();
    assert_eq!(written, reference(), "run the test with CARAFE_UPDATE=1 to write the page anew");
}
