//! What git knows of a site's folder. Git is asked at most once for each thing; without git, or outside of a repository, nothing is known.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// The answers so far, for one world and those that follow from it.
#[derive(Debug, Default)]
pub(in crate::world) struct Git {
    changes: OnceLock<Changes>,
    head: OnceLock<Option<String>>,
    origin: OnceLock<Option<String>>,
}

/// When files were last committed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Seconds since 1970, by path within the site's folder.
    seconds: FxHashMap<String, i64>,
    /// Whether only the newest commits are there.
    pub shallow: bool,
}

impl Changes {
    pub(super) fn of(&self, path: &str) -> Option<i64> {
        self.seconds.get(path).copied()
    }
}

impl Git {
    pub(super) fn changes(&self, folder: &Path) -> &Changes {
        self.changes.get_or_init(|| changes(folder).unwrap_or_default())
    }

    /// As [`Git::changes`], if they were asked for.
    pub(super) fn known_changes(&self) -> Option<&Changes> {
        self.changes.get()
    }

    /// The commit that is checked out.
    pub(super) fn head(&self, folder: &Path) -> Option<&str> {
        self.head.get_or_init(|| ask(folder, &["rev-parse", "HEAD"]).map(|head| head.trim().to_owned())).as_deref()
    }

    /// The address of the remote `origin`.
    pub(super) fn origin(&self, folder: &Path) -> Option<&str> {
        let ask = || ask(folder, &["config", "--get", "remote.origin.url"]).map(|url| url.trim().to_owned());
        self.origin.get_or_init(ask).as_deref()
    }
}

fn ask(folder: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first commit of the log that names a file is the last that changed it.
fn changes(folder: &Path) -> Option<Changes> {
    let log = ask(
        folder,
        &["-c", "core.quotepath=off", "log", "--format=format:\u{1}%ct", "--name-only", "--relative", "--", "."],
    )?;
    let mut changes = Changes::default();
    let mut time = 0;
    for line in log.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('\u{1}') {
            Some(seconds) => time = seconds.parse().unwrap_or(0),
            None => drop(changes.seconds.entry(line.to_owned()).or_insert(time)),
        }
    }
    changes.shallow =
        ask(folder, &["rev-parse", "--is-shallow-repository"]).is_some_and(|answer| answer.trim() == "true");
    Some(changes)
}
