//! The architecture's absences: which module may not import which. Reads the sources and fails on a forbidden import.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// For each module, the crate's modules that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("markup", &[]),
    ("card", &[]),
    ("picture", &[]),
    ("check", &["config", "content", "diagnostic", "graph", "markup", "render", "session", "site", "world"]),
    ("config", &["diagnostic", "markup"]),
    ("content", &["diagnostic"]),
    ("git", &["graph"]),
    ("graph", &[]),
    ("site", &["config", "content", "diagnostic", "graph"]),
    ("template", &["diagnostic", "markup", "theme"]),
    ("search", &[]),
    ("theme", &[]),
    ("output", &[]),
    ("profile", &[]),
    (
        "world",
        &[
            "card",
            "config",
            "content",
            "diagnostic",
            "graph",
            "output",
            "picture",
            "profile",
            "search",
            "site",
            "template",
            "theme",
        ],
    ),
    (
        "render",
        &[
            "config",
            "content",
            "diagnostic",
            "graph",
            "markup",
            "picture",
            "sass",
            "search",
            "site",
            "template",
            "theme",
            "world",
        ],
    ),
    (
        "session",
        &["config", "content", "diagnostic", "graph", "markup", "profile", "render", "search", "site", "world"],
    ),
    ("cache", &["config", "diagnostic", "graph", "render", "search", "site", "world"]),
    (
        "publish",
        &["cache", "content", "diagnostic", "output", "profile", "render", "search", "session", "site", "world"],
    ),
    ("expand", &["diagnostic", "render", "session", "site", "world"]),
    ("library", &["diagnostic", "expand", "session", "world"]),
    ("include_test", &["config", "diagnostic", "graph", "markup", "render", "site", "world"]),
    (
        "gallery",
        &["check", "content", "diagnostic", "include_test", "markup", "output", "render", "session", "site", "world"],
    ),
    ("sass", &[]),
    (
        "lsp",
        &[
            "check",
            "config",
            "content",
            "diagnostic",
            "git",
            "include_test",
            "markup",
            "render",
            "session",
            "site",
            "theme",
            "world",
        ],
    ),
];

/// Crates that only one module may use.
const OWNED: &[(&str, &str)] = &[
    ("clap", "cli"),
    ("walkdir", "output|serve"),
    ("axum", "serve"),
    ("tokio", "serve"),
    ("emojis", "world"),
    ("mdbook_preprocessor", "cli"),
    ("lsp_types", "lsp"),
    ("notify", "serve"),
    ("grass", "sass"),
    ("imagesize", "picture"),
    ("image_webp", "picture"),
    ("jpeg_encoder", "picture"),
    ("resvg", "card"),
    ("skrifa", "card"),
    ("zune_jpeg", "picture"),
    ("cpu_time", "sass"),
    ("memory_stats", "sass"),
    ("scraper", "include_test"),
    ("signal_hook", "cli"),
    ("similar", "include_test|cli"),
    ("tera", "template"),
    ("ureq", "check"),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The source's top module: `liquid` for `src/liquid/tags/if.rs`.
fn module(path: &Path) -> String {
    let relative = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split("};").next().unwrap();
            for name in group.split([',', '\n', '{', '}']) {
                found.insert(name.trim().split("::").next().unwrap().to_owned());
            }
        } else {
            found.insert(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned());
        }
    }
    found
}

fn sources() -> Vec<(PathBuf, String, String)> {
    let mut files = Vec::new();
    rust_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    assert!(files.len() > 50, "the sources are where this test looks for them");
    let read = |path: PathBuf| {
        let text = code(&fs::read_to_string(&path).unwrap());
        (path.clone(), module(&path), text)
    };
    files.into_iter().filter(|path| !path.ends_with("tests.rs")).map(read).collect()
}

#[test]
fn modules_import_only_what_the_architecture_allows() {
    let modules: BTreeSet<String> = sources().into_iter().map(|(_, module, _)| module).collect();
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == module) else { continue };
        for import in imports(&text) {
            if modules.contains(&import) && import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_the_module_that_owns_them() {
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        for (name, owners) in OWNED {
            let uses = text.contains(&format!("{name}::")) || text.contains(&format!("use {name};"));
            if uses && !owners.split('|').any(|owner| owner == module) {
                wrong.push(format!("{} uses the crate {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_source_output_and_the_command_line_touch_the_disk() {
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        let touches = text.contains("std::fs") || text.contains("fs::read") || text.contains("fs::write");
        // Of the language server, what keeps pages about findings in the user's cache.
        let keeps = path.ends_with("src/lsp/manual.rs");
        if touches && !keeps && !["output", "cli", "include_test", "serve", "cache", "world"].contains(&module.as_str())
        {
            wrong.push(path.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_holds_global_mutable_state() {
    for (path, _, text) in sources() {
        assert!(!text.contains("static mut"), "{}", path.display());
        assert!(!text.contains("thread_local!"), "{}", path.display());
    }
}
