//! What git knows: which files differ from a revision, and what they held. Asks the program `git`.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use std::sync::Arc;

use carafe_source::{Files, Listing, MemoryFiles, ReadError};

use crate::graph::ChangeKind;

/// A repository and one of its commits.
#[derive(Clone, Debug)]
pub(super) struct Repository {
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
pub(super) fn open(folder: &Path, revision: &str) -> Result<Repository, String> {
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
pub(super) fn commits(folder: &Path, files: &[String], most: usize) -> Result<Vec<String>, String> {
    let most = format!("--max-count={most}");
    let mut args = vec!["log", "--format=%H", &most, "--"];
    args.extend(files.iter().map(String::as_str));
    let found = output(folder, args)?;
    Ok(String::from_utf8_lossy(&found).lines().map(str::to_owned).collect())
}

impl Repository {
    /// The files that differ from the commit, with their paths in the repository; new ones that git does not track too.
    pub(super) fn changed(&self) -> Result<Vec<(ChangeKind, String)>, String> {
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
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let object = format!("{}:{path}", self.commit);
        String::from_utf8(output(&self.root, ["cat-file", "blob", &object]).ok()?).ok()
    }

    /// The site in `folder` as it was at the commit.
    ///
    /// # Errors
    /// What git says, and when the folder lies outside of the repository.
    pub(super) fn site(&self, folder: &Path) -> Result<Tree, String> {
        self.past(folder)?.ok_or_else(|| format!("`{}` lies outside of the repository", folder.display()))
    }

    /// The folder `path` as it was at the commit; `None` when it lies outside of the repository.
    ///
    /// # Errors
    /// What git says.
    pub(super) fn past(&self, path: &Path) -> Result<Option<Tree>, String> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (path, root) = (real(path), real(&self.root));
        let Ok(inner) = path.strip_prefix(root) else { return Ok(None) };
        let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        self.tree(&parts.join("/")).map(Some)
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
pub(super) struct Tree {
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

/// Runs git with `input`, and gives what it writes.
fn fed<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>, input: String) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A repository's hooks and pagers have no part in this.
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_PAGER", "cat");
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
