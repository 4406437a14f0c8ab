//! Snapshots: the HTML that a case gave when somebody last looked at it.

use std::collections::BTreeSet;
use std::path::Path;

use carafe_source::{Files, ReadError, Span};

use crate::diagnostic::Diagnostic;

use super::{Case, Outcome, Problem};

/// The snapshot of a case.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// Its path within the site's folder.
    pub path: String,
    /// Where it is asked for.
    pub span: Option<Span>,
}

/// The folder of all snapshots.
fn folder() -> String {
    format!("{}/snapshots", super::FOLDER)
}

/// The path of the snapshot `name` of the test file at `path`.
pub(super) fn path(file: &str, name: &str, release: Option<&str>) -> String {
    let stem = file.strip_prefix(super::FOLDER).unwrap_or(file).trim_start_matches('/');
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let slug = |text: &str| -> String {
        let kept = text.to_lowercase();
        let kept = kept.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' });
        kept.collect::<String>().split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    let release = release.map(|release| format!("@{}", slug(release))).unwrap_or_default();
    format!("{}/{stem}/{}{release}.html", folder(), slug(name))
}

/// What a snapshot holds for this HTML: exactly one line end at its end.
fn content(html: &str) -> String {
    format!("{}\n", html.trim_end_matches('\n'))
}

/// Compares the case's HTML with its snapshot.
pub(super) fn compare(files: &dyn Files, case: &Case, html: &str) -> Option<Problem> {
    let snapshot = case.snapshot.as_ref()?;
    let problem = |message: String, help: &str, difference| {
        let mut diagnostic = Diagnostic::error("failed-test", message).help(help);
        diagnostic.span = snapshot.span.or(case.span);
        Some(Problem { diagnostic, difference })
    };
    let path = &snapshot.path;
    match files.read(path) {
        Ok(known) if *known == content(html) => None,
        Ok(known) => {
            let help = "if it is right so, run `carafe test --update`";
            problem(
                format!("the HTML is not that of the snapshot `{path}`"),
                help,
                Some((known.to_string(), content(html))),
            )
        }
        Err(ReadError::NotFound) => {
            problem(format!("there is no snapshot `{path}`"), "run `carafe test --update` to write it", None)
        }
        Err(error) => problem(format!("the snapshot `{path}` cannot be read: {error}"), "remove it", None),
    }
}

/// Writes the snapshots of `outcomes` that differ into the site's folder `root`, and takes their problems away. Returns how
/// many were written, and `snapshot-unwritable` for each that the system refused.
pub(crate) fn update(files: &dyn Files, root: &Path, outcomes: &mut [Outcome]) -> (usize, Vec<Diagnostic>) {
    let (mut written, mut wrong) = (0, Vec::new());
    for outcome in outcomes {
        let Some(snapshot) = outcome.case.snapshot.clone() else { continue };
        let Some(problem) = compare(files, &outcome.case, &outcome.html) else { continue };
        let target = root.join(&snapshot.path);
        // Whatever lies there, a link out of the site above all, is replaced and not followed.
        let made = target.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| {
            inside(root, &target)?;
            if target.is_symlink() {
                std::fs::remove_file(&target)?;
            }
            std::fs::write(&target, content(&outcome.html))
        });
        match made {
            Ok(()) => {
                written += 1;
                outcome.problems.retain(|other| *other != problem);
            }
            Err(error) => {
                let message = format!("the snapshot `{}` cannot be written: {error}", snapshot.path);
                let mut diagnostic = Diagnostic::error("snapshot-unwritable", message);
                diagnostic.span = snapshot.span.or(outcome.case.span);
                wrong.push(diagnostic.help("who runs the tests must be allowed to write there"));
            }
        }
    }
    (written, wrong)
}

/// Refuses a folder that a link leads out of the site.
fn inside(root: &Path, target: &Path) -> std::io::Result<()> {
    let parent = target.parent().unwrap_or(root).canonicalize()?;
    if parent.starts_with(root.canonicalize()?) {
        return Ok(());
    }
    Err(std::io::Error::other("its folder lies outside of the site"))
}

/// The snapshots that no case asks for.
pub(crate) fn unused(files: &dyn Files, wanted: &BTreeSet<String>) -> Vec<String> {
    let found = files.list(&folder(), &|_| false).unwrap_or_default();
    found.into_iter().filter(|path| path.ends_with(".html") && !wanted.contains(path)).collect()
}
