//! `check --fix` and `--diff`: repairs what can be repaired, round by round, until nothing more can.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use carafe_source::{Buffers, DiskFiles, Files, Sources};
use similar::TextDiff;

use crate::check::{self, Repaired};
use crate::diagnostic::{Diagnostic, Finding};
use crate::session::inspect_files;
use crate::world::{Error, Options};

use crate::cli::console::Console;

/// How often the site is looked at anew: what one repair brings to light, another one may repair.
const ROUNDS: usize = 20;

/// All repairs of a site: the text of each file before and after them, and how many there are.
pub(super) struct Repairs {
    files: BTreeMap<Arc<str>, (Arc<str>, String)>,
    pub(super) count: usize,
}

/// Looks for what can be repaired. Nothing is written.
pub(super) fn find(options: &Options, guesses: bool) -> io::Result<Repairs> {
    let buffers = Buffers::new(Arc::new(DiskFiles::new(&options.source)?));
    let mut repairs = Repairs { files: BTreeMap::new(), count: 0 };
    for _ in 0..ROUNDS {
        let repaired = round(options, &buffers, guesses);
        if repaired.is_empty() {
            break;
        }
        for Repaired { path, before, after, count } in repaired {
            buffers.set(&path, after.as_str().into());
            repairs.count += count;
            repairs.files.entry(path).or_insert_with(|| (before, String::new())).1 = after;
        }
    }
    repairs.files.retain(|_, (before, after)| **before != **after);
    Ok(repairs)
}

fn round(options: &Options, buffers: &Buffers, guesses: bool) -> Vec<Repaired> {
    let of = |sources: &Sources, found: &[Finding]| {
        check::repair(sources, buffers, found.iter().map(|(_, diagnostic)| diagnostic), guesses)
    };
    match inspect_files(options, Arc::new(buffers.clone()) as Arc<dyn Files>) {
        Ok(mut inspected) => {
            let findings = check::run(&mut inspected, None);
            of(inspected.sources(), &findings)
        }
        Err(Error::Config(sources, found)) => {
            let found: Vec<Finding> = found.into_iter().map(|found: Diagnostic| ("".into(), found)).collect();
            of(&sources, &found)
        }
        Err(_) => Vec::new(),
    }
}

impl Repairs {
    /// What was done.
    pub(super) fn summary(&self) -> String {
        let plural =
            |count: usize, noun: &str| if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") };
        format!("Made {} in {}", plural(self.count, "repair"), plural(self.files.len(), "file"))
    }

    /// Writes the files. A byte order mark stays.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, (_, after)) in &self.files {
            let path = folder.join(&**path);
            let mark = if fs::read(&path)?.starts_with("\u{feff}".as_bytes()) { "\u{feff}" } else { "" };
            fs::write(&path, format!("{mark}{after}"))?;
        }
        Ok(())
    }

    /// What would change, as `diff -u` shows it.
    pub(super) fn show(&self, prefix: &str, console: &mut Console<'_>) -> io::Result<()> {
        for (path, (before, after)) in &self.files {
            let path = format!("{prefix}{path}");
            let diff = TextDiff::from_lines(&**before, after.as_str()).unified_diff().header(&path, &path).to_string();
            console.data(&diff)?;
        }
        Ok(())
    }
}
