//! What git knows of a site's folder. Git is asked at most once for each thing; without git, or outside of a repository, nothing is known.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// The answers so far, for one world and those that follow from it.
#[derive(Debug, Default)]
pub(super) struct Git {
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
    /// Whether git knows the folder at all.
    pub known: bool,
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

/// How much of a history is read, from its end; what is older seems to be as old as what stands there.
const MOST_BYTES: u64 = 1 << 30;

/// The first commit of the log that names a file is the last that changed it. One process for all files; its answer is read line by line.
fn changes(folder: &Path) -> Option<Changes> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "core.quotepath=off", "-c", "log.showSignature=false"]);
    command.args(["log", "--format=format:\u{1}%ct", "--name-only", "--relative", "--", "."]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let log = child.stdout.take().map(|log| BufReader::new(log.take(MOST_BYTES)));
    let mut changes = Changes::default();
    let (mut time, mut line) = (0, Vec::new());
    if let Some(mut log) = log {
        while log.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches('\n');
            match text.strip_prefix('\u{1}') {
                Some(seconds) => time = seconds.parse().unwrap_or(0),
                None if text.is_empty() || changes.seconds.contains_key(text) => {}
                None => drop(changes.seconds.insert(text.to_owned(), time)),
            }
            line.clear();
        }
    }
    // What is left unread keeps nobody waiting.
    drop(child.kill());
    drop(child.wait());
    changes.known = ask(folder, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_some();
    changes.shallow =
        ask(folder, &["rev-parse", "--is-shallow-repository"]).is_some_and(|answer| answer.trim() == "true");
    changes.known.then_some(changes)
}
