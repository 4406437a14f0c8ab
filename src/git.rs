//! What git knows: which files differ from a revision, and what they held. Asks the program `git`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use carafe_source::{Files, Listing, MemoryFiles, ReadError};

use crate::graph::ChangeKind;

/// A repository and one of its commits.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    /// Its top folder.
    pub root: PathBuf,
    commit: String,
    /// The revision as it was named.
    pub revision: String,
}

/// The repository that holds `folder`, at `revision`.
///
/// # Errors
/// What git says.
pub(crate) fn open(folder: &Path, revision: &str) -> Result<Repository, String> {
    let top = output(folder, ["rev-parse", "--show-toplevel"])?;
    let root = PathBuf::from(String::from_utf8_lossy(&top).trim_end_matches('\n'));
    let wanted = format!("{revision}^{{commit}}");
    let commit = output(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
        .map_err(|_| format!("git knows no revision `{revision}`"))?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    Ok(Repository { root, commit, revision: revision.to_owned() })
}

/// The commits, the newest first, that have changed one of these files of `folder`, and whatever is not committed left out; so many at most.
///
/// # Errors
/// What git says.
pub(crate) fn commits(folder: &Path, files: &[String], most: usize) -> Result<Vec<String>, String> {
    let most = format!("--max-count={most}");
    let mut args = vec!["log", "--format=%H", &most, "--"];
    args.extend(files.iter().map(String::as_str));
    let found = output(folder, args)?;
    Ok(String::from_utf8_lossy(&found).lines().map(str::to_owned).collect())
}

/// A file that is gone, or was another once.
#[derive(Clone, Debug)]
pub(crate) struct Former {
    /// Its path in the folder that was asked about.
    pub path: String,
    /// What it held.
    pub text: String,
    /// The commit that changed it; `None` for what is not committed.
    pub commit: Option<String>,
}

/// How long the history is searched for one thing.
const PATIENCE: Duration = Duration::from_secs(5);

/// The files of `folder` that match one of these patterns of paths and are gone, those first that went last; so many at most, and none where git knows nothing.
pub(crate) fn gone(folder: &Path, patterns: &[String], most: usize) -> Vec<Former> {
    former(folder, &["--diff-filter=D"], patterns, most)
}

/// The files of `folder` with this ending that had a line which matches a basic regular expression and have it no more, or not in the same way.
pub(crate) fn held(folder: &Path, expression: &str, patterns: &[String], most: usize) -> Vec<Former> {
    former(folder, &["--diff-filter=DM", "-G", expression], patterns, most)
}

fn former(folder: &Path, which: &[&str], patterns: &[String], most: usize) -> Vec<Former> {
    let plain = ["-c", "core.quotepath=off", "-c", "log.showSignature=false"];
    let told = ["--no-renames", "--name-only", "--relative"];
    let patterns = || std::iter::once("--").chain(patterns.iter().map(String::as_str));
    let most_shown = format!("--max-count={most}");
    let now = plain.iter().chain(&["diff"]).chain(&told).chain(which).chain(&["HEAD"]).copied().chain(patterns());
    let shape = ["log", "--format=format:\u{1}%H", &most_shown];
    let log = plain.iter().chain(&shape).chain(&told).chain(which);
    let log = log.copied().chain(patterns());
    let mut found: Vec<Former> = Vec::new();
    let listings = [soon(folder, now), soon(folder, log)];
    for listing in listings.into_iter().flatten() {
        let mut commit = None;
        for line in listing.lines().filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix('\u{1}') {
                commit = Some(name.to_owned());
            } else if found.len() < most && found.iter().all(|known| known.path != line) {
                let before = commit.as_ref().map_or_else(|| "HEAD".to_owned(), |commit| format!("{commit}^"));
                let text = output(folder, ["cat-file", "blob", &format!("{before}:./{line}")]);
                let text = text.ok().and_then(|text| String::from_utf8(text).ok());
                found.extend(text.map(|text| Former { path: line.to_owned(), text, commit: commit.clone() }));
            }
        }
    }
    found
}

/// The path that a file of `folder` got in a commit, as git tells it by what both hold.
pub(crate) fn renamed(folder: &Path, commit: &str, path: &str) -> Option<String> {
    let args = ["show", "-M", "--diff-filter=R", "--name-status", "--format=", "--relative", "-z", commit];
    let listing = soon(folder, args)?;
    let fields: Vec<&str> = listing.split('\0').collect();
    fields.chunks_exact(3).find(|change| change[1] == path).map(|change| change[2].to_owned())
}

/// The paths of all files of `folder` at a revision.
pub(crate) fn paths(folder: &Path, revision: &str) -> BTreeSet<String> {
    let listing = output(folder, ["ls-tree", "-r", "-z", "--name-only", revision]).unwrap_or_default();
    String::from_utf8_lossy(&listing).split('\0').map(str::to_owned).collect()
}

/// The commit that is checked out; `None` outside of repositories, and where nothing is committed yet.
pub(crate) fn head(folder: &Path) -> Option<String> {
    let head = output(folder, ["rev-parse", "--verify", "--quiet", "HEAD"]).ok()?;
    Some(String::from_utf8_lossy(&head).trim().to_owned())
}

/// What git writes, when it is ready soon.
fn soon<'a>(folder: &Path, args: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut command = command(folder, args);
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let mut stdout = child.stdout.take()?;
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.read_to_end(&mut bytes);
        let _ = tell.send(read.map(|_| bytes));
    });
    let bytes = told.recv_timeout(PATIENCE);
    drop(child.kill());
    drop(child.wait());
    Some(String::from_utf8_lossy(&bytes.ok()?.ok()?).into_owned())
}

impl Repository {
    /// The files that differ from the commit, with their paths in the repository; new ones that git does not track too.
    pub(crate) fn changed(&self) -> Result<Vec<(ChangeKind, String)>, String> {
        let diff = output(&self.root, ["diff", "--name-status", "--no-renames", "-z", &self.commit, "--"])?;
        let mut found = Vec::new();
        let mut fields = diff.split(|byte| *byte == 0);
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            let kind = match status.first() {
                Some(b'A') => ChangeKind::Added,
                Some(b'D') => ChangeKind::Deleted,
                _ => ChangeKind::Modified,
            };
            found.push((kind, String::from_utf8_lossy(path).into_owned()));
        }
        let untracked = output(&self.root, ["ls-files", "--others", "--exclude-standard", "-z"])?;
        let paths = untracked.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        found.extend(paths.map(|path| (ChangeKind::Added, String::from_utf8_lossy(path).into_owned())));
        found.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(found)
    }

    /// What the file at `path` held; `None` when it was not there.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let object = format!("{}:{path}", self.commit);
        String::from_utf8(output(&self.root, ["cat-file", "blob", &object]).ok()?).ok()
    }

    /// The site in `folder` as it was at the commit.
    ///
    /// # Errors
    /// What git says, and when the folder lies outside of the repository.
    pub(crate) fn site(&self, folder: &Path) -> Result<Tree, String> {
        self.past(folder)?.ok_or_else(|| format!("`{}` lies outside of the repository", folder.display()))
    }

    /// The folder `path` as it was at the commit; `None` when it lies outside of the repository.
    ///
    /// # Errors
    /// What git says.
    pub(crate) fn past(&self, path: &Path) -> Result<Option<Tree>, String> {
        self.inner(path).map(|inner| self.tree(&inner)).transpose()
    }

    /// The path in the repository; `None` for one that lies outside.
    pub(crate) fn inner(&self, path: &Path) -> Option<String> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (path, root) = (real(path), real(&self.root));
        let inner = path.strip_prefix(root).ok()?;
        let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        Some(parts.join("/"))
    }

    /// A folder of the commit, with its path in the repository (empty for all).
    fn tree(&self, folder: &str) -> Result<Tree, String> {
        Ok(Tree { files: self.files(folder)?, repository: self.clone(), folder: folder.to_owned() })
    }

    /// All files of the commit below `folder` (empty for all), with their paths in it.
    fn files(&self, folder: &str) -> Result<MemoryFiles, String> {
        let mut args = vec!["ls-tree", "-r", "-z", "--full-tree", &self.commit];
        if !folder.is_empty() {
            args.extend(["--", folder]);
        }
        let listing = output(&self.root, args)?;
        let (mut paths, mut objects) = (Vec::new(), String::new());
        for line in listing.split(|byte| *byte == 0) {
            let line = String::from_utf8_lossy(line);
            let Some((about, path)) = line.split_once('\t') else { continue };
            let mut about = about.split(' ');
            // Links are left out: what they lead to may be something else today.
            let (Some(mode), Some("blob"), Some(object)) = (about.next(), about.next(), about.next()) else { continue };
            if mode == "120000" {
                continue;
            }
            let inner = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').to_owned();
            paths.push(inner);
            objects.push_str(object);
            objects.push('\n');
        }
        let bytes = fed(&self.root, ["cat-file", "--batch"], objects)?;
        Ok(MemoryFiles::new(paths.into_iter().zip(blobs(&bytes))))
    }
}

/// A folder as it was at a commit.
#[derive(Debug)]
pub(crate) struct Tree {
    files: MemoryFiles,
    repository: Repository,
    folder: String,
}

impl Files for Tree {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.files.read_bytes(path)
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.files.walk(folder, skip)
    }

    fn folder(&self, path: &str) -> Option<Arc<dyn Files>> {
        let mut parts: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            match part {
                // What lies around the repository has no past.
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        self.repository.tree(&parts.join("/")).ok().map(|tree| Arc::new(tree) as Arc<dyn Files>)
    }
}

/// The contents in what `cat-file --batch` writes: a line that ends with the size, the bytes, a line end.
fn blobs(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&bytes[..end]);
        let size = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok()).unwrap_or(0);
        let start = end + 1;
        let Some(content) = bytes.get(start..start + size) else { break };
        found.push(content.to_vec());
        bytes = bytes.get(start + size + 1..).unwrap_or_default();
    }
    found
}

fn output<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) -> Result<Vec<u8>, String> {
    fed(folder, args, String::new())
}

fn command<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).stdout(Stdio::piped());
    // A repository's hooks and pagers have no part in this.
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_PAGER", "cat");
    command
}

/// Runs git with `input`, and gives what it writes.
fn fed<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>, input: String) -> Result<Vec<u8>, String> {
    let mut command = command(folder, args);
    command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("git cannot be run: {error}"))?;
    let stdin = child.stdin.take();
    // Git answers while it still reads: both ends must move.
    let feeder = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().map_err(|error| format!("git cannot be run: {error}"))?;
    drop(feeder.join());
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("git says: {}", said.lines().next().unwrap_or("nothing").trim_start_matches("fatal: ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_cut_by_their_sizes() {
        let bytes = b"aa blob 3\nx\ny\nbb blob 0\n\ncc blob 1\nz\n";
        assert_eq!(blobs(bytes), [b"x\ny".to_vec(), Vec::new(), b"z".to_vec()]);
    }
}
