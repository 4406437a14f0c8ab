//! The configuration of a site: `carafe.yml`, or a Jekyll site's `_config.yml`.
//!
//! 1. each file is read and parsed as YAML; mistakes have a place;
//! 2. several files are merged, later ones winning (for a Jekyll site on top of Jekyll's defaults);
//! 3. options are read out of the document: unknown keys in our own namespace, wrong types and bad values each become a
//!    diagnostic at their place, and reading goes on;
//! 4. the result is complete: nothing is left to default, and each stage has a small struct of its own.
//!
//! This module knows what the options are, and nothing of what the stages do with them.

mod files;
mod gemfile;
mod jekyll;
mod languages;
mod native;
mod options;
mod overrides;
pub(crate) mod reader;
pub(crate) mod reference;
pub(crate) mod schema;
mod shared;
#[cfg(test)]
mod tests;
mod variables;

use std::sync::Arc;

use carafe_source::{Files, ReadError, Sources, Span};
use carafe_yaml::{Limits, Node, Schema};

use crate::diagnostic::{Diagnostic, Severity};

pub(crate) use files::ConfigFiles;
pub(crate) use languages::LanguageOptions;
pub(crate) use languages::is_language;
pub(crate) use options::*;
pub(crate) use overrides::Overrides;

use reader::{Layer, Report, Section};

/// The configuration of a native site.
pub(crate) const NATIVE_FILE: &str = "carafe.yml";
/// What the configuration of a native site is called by mistake.
const MISNAMED_FILE: &str = "carafe.yaml";
/// The configuration of a Jekyll site.
pub(crate) const JEKYLL_FILE: &str = "_config.yml";
/// What may name the plugins of a Jekyll site.
pub(crate) const GEM_FILE: &str = "Gemfile";

/// The configuration of the site in `files`, and warnings about it.
///
/// `names` are the files to read, later ones winning; when there are none, `carafe.yml` is read, else `_config.yml`; a
/// folder with neither is a native site without options. A file named `carafe*` makes
/// it a native site, else one named `_config*` a Jekyll site; of files with other names the folder decides. Files are registered in `sources`, and spans refer to them.
///
/// # Errors
/// All findings, when one of them is an error: `config-missing`, `config-unreadable`, `yaml-syntax`, `unknown-option`,
/// `invalid-option`.
pub(crate) fn load(
    files: &dyn Files,
    sources: &Sources,
    names: &[String],
    overrides: &Overrides,
) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    load_over(None, files, sources, names, overrides)
}

/// As [`load`], on top of what the configuration of the site's theme says: its path and its text.
///
/// # Errors
/// As [`load`].
pub(crate) fn load_over(
    theme: Option<(&str, Arc<str>)>,
    files: &dyn Files,
    sources: &Sources,
    names: &[String],
    overrides: &Overrides,
) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut names, mut layers) = read_layers(files, sources, names)?;
    let mode = mode(files, &names);
    let base = match mode {
        Mode::Native => Node::null(),
        Mode::Jekyll => jekyll::defaults(),
    };
    if let (Some((path, text)), Mode::Jekyll) = (theme, mode) {
        let file = sources.add(path, text.clone());
        match carafe_yaml::read(&text, Schema::Ruby, &Limits::default()) {
            Ok(mut document) => {
                document.root = jekyll::of_theme(&document.root);
                document.warnings.clear();
                layers.insert(0, Layer { file, document });
            }
            Err(problem) => return Err(vec![problem.diagnostic("yaml-syntax", file, 0)]),
        }
        names.insert(0, path.to_owned());
    }
    // An empty value changes nothing (Jekyll, several files of `--config`).
    let merged = layers.iter().fold(base, |merged, layer| merged.merged_with(&layer.document.root));
    let report = Report::new(&layers, mode.schema());
    let root = Section::root(&merged, &report);
    let config = match mode {
        Mode::Native => native::read(root, names, overrides),
        Mode::Jekyll => {
            let gems =
                files.read(GEM_FILE).ok().map(|text| gemfile::plugins(sources.add(GEM_FILE, text.clone()), &text));
            names.extend(gems.as_ref().map(|_| GEM_FILE.to_owned()));
            jekyll::read(root, &merged, names, gems.unwrap_or_default(), overrides)
        }
    };
    let mut found = report.finish();
    // Files are registered in the order of `names`, so their numbers are in that order too.
    found.sort_by_key(|diagnostic| diagnostic.span);
    if found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(found);
    }
    Ok((config, found))
}

/// What kind of site these files configure. Files of other names, such as `ci.yml`, say nothing; then the folder does.
fn mode(files: &dyn Files, names: &[String]) -> Mode {
    let starts = |start: &str| names.iter().any(|name| name.rsplit('/').next().is_some_and(|n| n.starts_with(start)));
    let native = match (starts("carafe"), starts("_config")) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => names.is_empty() || files.read_bytes(NATIVE_FILE).is_ok(),
    };
    if native { Mode::Native } else { Mode::Jekyll }
}

/// Reads and parses the files; all that is wrong with any of them is reported.
fn read_layers(
    files: &dyn Files,
    sources: &Sources,
    names: &[String],
) -> Result<(Vec<String>, Vec<Layer>), Vec<Diagnostic>> {
    let mut read = Vec::new();
    let mut layers = Vec::new();
    let mut wrong = Vec::new();
    let wanted: Vec<&str> = match names {
        [] => vec![NATIVE_FILE, JEKYLL_FILE],
        names => names.iter().map(String::as_str).collect(),
    };
    for name in wanted {
        match files.read(name) {
            Err(ReadError::NotFound) if names.is_empty() => continue,
            Err(error) => wrong.push(unreadable(name, &error)),
            Ok(text) => {
                let file = sources.add(name, text.clone());
                let kind = if names.is_empty() { mode(files, &[name.to_owned()]) } else { mode(files, names) };
                match carafe_yaml::read(&text, kind.schema(), &Limits::default()) {
                    Ok(document) if document.root.as_mapping().is_some() || document.root.is_null() => {
                        layers.push(Layer { file, document });
                    }
                    Ok(_) => wrong.push(
                        Diagnostic::error("invalid-option", "a configuration must be a mapping of options")
                            .at(Span::new(file, 0, 0))
                            .help("write `title: My site`, say"),
                    ),
                    Err(problem) => wrong.push(problem.diagnostic("yaml-syntax", file, 0)),
                }
            }
        }
        read.push(name.to_owned());
        if names.is_empty() {
            break;
        }
    }
    if read.is_empty() && names.is_empty() && wrong.is_empty() && files.read_bytes(MISNAMED_FILE).is_ok() {
        let message = format!("the configuration is called `{NATIVE_FILE}`, and `{MISNAMED_FILE}` is not read");
        let place = Span::new(sources.add(MISNAMED_FILE, "".into()), 0, 0);
        let help = format!("rename it, or use `--config {MISNAMED_FILE}`");
        wrong.push(Diagnostic::error("config-missing", message).at(place).help(help));
    }
    if wrong.is_empty() { Ok((read, layers)) } else { Err(wrong) }
}

fn unreadable(name: &str, error: &ReadError) -> Diagnostic {
    match error {
        ReadError::NotFound => Diagnostic::error("config-missing", format!("there is no configuration file `{name}`")),
        error => Diagnostic::error("config-unreadable", format!("the configuration `{name}` cannot be read: {error}")),
    }
}
