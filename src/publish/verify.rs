//! What differs between a build and one without the cache, which are to be the same.

use std::collections::BTreeMap;

use carafe_source::Sources;

use crate::diagnostic::render::{self, Format};
use crate::diagnostic::{Finding, fold};

/// What a build has made: its files by path, what it has found, and the files that it has read.
pub(crate) type Made<'m> = (&'m BTreeMap<String, Vec<u8>>, &'m [Finding], &'m Sources);

/// What of the staged files and of the findings a clean build makes otherwise; each as a sentence without a full stop.
pub(crate) fn differences(staged: Made<'_>, clean: Made<'_>) -> Vec<String> {
    let mut found = different_files(staged.0, clean.0);
    if shown(staged.1, staged.2) != shown(clean.1, clean.2) {
        found.push("a clean build finds something else to report".to_owned());
    }
    found
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
