//! The gallery as a folder of files.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::diagnostic::{Finding, Severity, site_finding};
use crate::output::{OutputError, Sink, Stage, Staged};
use crate::session::{Output, Session};

use super::addresses::{Beside, file_path};
use super::exhibit::Exhibit;
use super::{Gallery, Place, SCRIPT, STYLE, lock, page, page_path};

/// What became of a gallery.
#[derive(Debug)]
pub(crate) struct Report {
    /// What was found in the includes, their examples and tests.
    pub findings: Vec<Finding>,
    /// How many includes it shows.
    pub includes: usize,
    /// How many files it has.
    pub files: usize,
    /// Whether it is in its place. Not with errors, nor with warnings when these count as such.
    pub published: bool,
}

/// Makes the gallery of the session's site and puts it into the place of `destination`, as a build puts a site into its own. Warnings keep it
/// from there where `strict` says so.
///
/// # Errors
/// [`OutputError`].
pub(crate) fn write(
    session: Arc<Session>,
    destination: &Path,
    strict: bool,
    staged: &Staged,
) -> Result<Report, OutputError> {
    let stage = Stage::new(destination, &session.options().source, staged)?;
    let gallery = Gallery::new(session, Place::Folder);
    let files = put(&gallery, &stage).map_err(|error| OutputError::Io(destination.to_owned(), error))?;
    let includes = gallery.shown().includes.iter().filter(|include| include.form.is_none()).count();
    let findings = findings(&gallery);
    let worst = findings.iter().map(|(_, found)| found.severity).max();
    let limit = if strict { Severity::Warning } else { Severity::Error };
    let published = worst.is_none_or(|worst| worst < limit);
    if published {
        stage.publish(includes)?;
    }
    Ok(Report { findings, includes, files, published })
}

/// What is wrong with the site as a whole, with the includes' docs and tests, and what the tests gave that is not as expected.
fn findings(gallery: &Gallery) -> Vec<Finding> {
    let (session, shown) = (&gallery.session, gallery.shown());
    let mut found: Vec<Finding> = shown.found.iter().cloned().map(site_finding).collect();
    for outcome in &shown.outcomes {
        let path = &outcome.case.path;
        found.extend(outcome.problems.iter().map(|problem| (path.clone().into(), problem.diagnostic.clone())));
    }
    let mut all = session.findings_of_site();
    all.extend(session.judged(found));
    all
}

/// Writes all files; how many there are.
fn put(gallery: &Gallery, sink: &dyn Sink) -> io::Result<usize> {
    sink.put("gallery.css", STYLE.as_bytes())?;
    sink.put("gallery.js", SCRIPT.as_bytes())?;
    sink.put("index.html", page::index(gallery, gallery.shown()).as_bytes())?;
    let used = Mutex::new(BTreeSet::new());
    let all = &gallery.shown().includes;
    let one = |at: usize| -> io::Result<usize> {
        let Some(include) = all.get(at) else { return Ok(0) };
        let name = &include.about.name;
        let exhibit = Exhibit::new(gallery, include);
        sink.put(&page_path(name), page::include(gallery, include, &exhibit, true).as_bytes())?;
        let up = "../".repeat(1 + name.split('/').count());
        let beside = Beside { session: &gallery.session, up: &up };
        let (mut files, mut own) = (1, BTreeSet::new());
        for (file, title, html) in exhibit.frames() {
            let title = format!("{name}: {title}");
            let html = beside.html(&gallery.document(include, &title, html), &mut own);
            sink.put(&format!("frames/{name}/{file}"), html.as_bytes())?;
            files += 1;
        }
        lock(&used).extend(own);
        Ok(files)
    };
    let mut files = 3 + (0..all.len()).into_par_iter().map(one).sum::<io::Result<usize>>()?;
    // Style sheets ask for more.
    let (mut done, mut waiting) = (BTreeSet::new(), std::mem::take(&mut *lock(&used)));
    while let Some(output) = waiting.pop_first() {
        if !done.insert(output.clone()) {
            continue;
        }
        let Some(bytes) = bytes(&gallery.session, &output)? else { continue };
        let bytes = match std::str::from_utf8(&bytes) {
            Ok(css) if output.ends_with(".css") => {
                Beside { session: &gallery.session, up: "" }.css(css, &output, &mut waiting).into_bytes()
            }
            _ => bytes,
        };
        sink.put(&file_path(&output), &bytes)?;
        files += 1;
    }
    Ok(files)
}

/// A file of the site's output.
fn bytes(session: &Session, output: &str) -> io::Result<Option<Vec<u8>>> {
    Ok(match session.find(output) {
        Some(Output::Static(path)) => Some(
            session.world().files.read_bytes(&path).map_err(|error| io::Error::other(format!("`{path}`: {error}")))?,
        ),
        Some(Output::Asset(bytes)) => Some(bytes.to_vec()),
        Some(Output::Page(at)) => session.page(at).map(|page| page.bytes.clone().into_bytes()),
        Some(Output::Extra(text)) => Some(text.as_bytes().to_vec()),
        Some(Output::Twin(_) | Output::Index(_) | Output::Variant(_)) | None => None,
    })
}
