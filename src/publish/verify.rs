//! Building a second time, without the cache, to see that the two are the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::{Files, Sources};

use crate::diagnostic::render::{self, Format};
use crate::diagnostic::{Finding, fold};
use crate::output::Stage;

use crate::publish::build_in_memory;
use crate::world::{Error, Options, open_folder};

/// What of the staged files and of the findings a clean build makes otherwise; each as a sentence without a full stop.
///
/// # Errors
/// As [`build_in_memory`], and [`Error::Output`] when the stage cannot be read.
pub(crate) fn differences(
    options: &Options,
    stage: &Stage,
    findings: &[Finding],
    sources: &Sources,
) -> Result<Vec<String>, Error> {
    let files: Arc<dyn Files> = Arc::new(open_folder(&options.source)?);
    let clean = build_in_memory(files, &Options { cache: false, ..options.clone() }, None)?;
    let staged = stage.files().map_err(Error::Output)?;
    let mut found = different_files(&staged, &clean.outputs);
    if shown(findings, sources) != shown(&clean.findings, &clean.sources) {
        found.push("a clean build finds something else to report".to_owned());
    }
    Ok(found)
}

fn different_files(staged: &BTreeMap<String, Vec<u8>>, clean: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in clean {
        match staged.get(path) {
            Some(staged) if staged == bytes => {}
            Some(staged) => {
                let same = staged.iter().zip(bytes).take_while(|(a, b)| a == b).count();
                let line = bytes.iter().take(same).filter(|byte| **byte == b'\n').count() + 1;
                found.push(format!("`{path}` differs from a clean build's, first on line {line}"));
            }
            None => found.push(format!("`{path}` is missing, and a clean build makes it")),
        }
    }
    let surplus = staged.keys().filter(|path| !clean.contains_key(*path));
    found.extend(surplus.map(|path| format!("`{path}` is there, and a clean build does not make it")));
    found
}

/// Findings as text, to be compared between two builds that number their files differently.
fn shown(findings: &[Finding], sources: &Sources) -> String {
    let options = render::Options { format: Format::Json, colour: false, prefix: "" };
    render::render(&fold(sources, findings.iter().cloned()), sources, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_that_differs_is_named() {
        let files = |files: &[(&str, &str)]| {
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect::<BTreeMap<_, _>>()
        };
        let clean = files(&[("a", "1\n2\n"), ("b", "x"), ("same", "s")]);
        assert_eq!(different_files(&clean, &clean), Vec::<String>::new());
        let staged = files(&[("a", "1\n3\n"), ("c", "y"), ("same", "s")]);
        assert_eq!(
            different_files(&staged, &clean),
            [
                "`a` differs from a clean build's, first on line 2",
                "`b` is missing, and a clean build makes it",
                "`c` is there, and a clean build does not make it",
            ]
        );
    }
}
