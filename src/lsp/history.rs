//! Where pages have gone that links still lead to, as git and the site's redirects tell it.
//!
//! 1. An address that leads nowhere has candidates: files that are gone and could have been made into it, and pages that once said they stood there.
//! 2. The site is read once more with their old texts in it; those count that stand at the address then.
//! 3. The file is followed through its renamings, to what lies in the site today. Where git knows of none, the page is taken that shares most of its
//!    text, else the one whose address is nearly the same.
//!
//! Git takes its time, so all this is asked by the thread that looks at the whole site; requests find the answers here.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use carafe_source::Buffers;
use rustc_hash::{FxHashMap, FxHasher};

use crate::check::addresses::near;
use crate::config::Mode;
use crate::git::{self, Former};
use crate::session::Session;
use crate::site::{Entry, decoded, file_of};

use super::edits::is_own;
use super::target::{folder, join};

/// How many files that are gone are looked at for one address.
const MOST: usize = 4;
/// How often a file may have been renamed.
const HOPS: usize = 8;
/// For how many addresses of one state git is asked.
const ADDRESSES: usize = 200;

/// What a link that leads nowhere names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Lost {
    /// An address of the site, without its base.
    Address(String),
    /// A file, by its path in the site's folder.
    Source(String),
}

/// Where a page has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    /// Its old address.
    pub(super) address: String,
    /// The path of the page today.
    pub(super) to: String,
    /// The address of that page.
    pub(super) url: String,
    pub(super) how: How,
}

/// How that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// The file was renamed, from this path.
    Renamed(String),
    /// The page had the old address.
    Stood,
    /// The file at this path is gone, and the page shares most of its text.
    Text(String),
    /// The page's address is nearly the old one, where something was published once.
    Near,
}

/// What is known so far, for one state of the history and of the site's addresses.
#[derive(Debug, Default)]
pub(super) struct History {
    known: Mutex<(u64, FxHashMap<Lost, Option<Moved>>)>,
}

impl History {
    /// What is known of a page that was lost, once that was looked for.
    pub(super) fn known(&self, lost: &Lost) -> Option<Moved> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).1.get(lost).cloned().flatten()
    }

    /// Finds out where these pages have gone.
    pub(super) fn look(&self, session: &Session, root: &Path, lost: impl IntoIterator<Item = Lost>) {
        let mut state = None;
        for one in lost {
            let state = *state.get_or_insert_with(|| state_of(session, root));
            let is_known = {
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                if known.0 != state {
                    *known = (state, FxHashMap::default());
                }
                known.1.contains_key(&one) || known.1.len() >= ADDRESSES
            };
            if is_known || session.is_abandoned() {
                continue;
            }
            let moved = find(session, root, &one);
            self.known.lock().unwrap_or_else(PoisonError::into_inner).1.insert(one, moved);
        }
    }
}

/// What answers depend on, in short.
fn state_of(session: &Session, root: &Path) -> u64 {
    let mut hasher = FxHasher::default();
    git::head(root).hash(&mut hasher);
    for entry in &session.world().site.entries {
        (&entry.page.path, &entry.url, entry.written).hash(&mut hasher);
    }
    hasher.finish()
}

/// What a link on a page names, when nothing lies there.
pub(super) fn lost(session: &Session, from: &Entry, link: &str) -> Option<Lost> {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let config = &session.world().config;
    let path = decoded(path);
    if config.mode == Mode::Native && [".md", ".markdown"].iter().any(|end| path.ends_with(end)) {
        let named = match path.strip_prefix('/') {
            Some(rest) => join(&config.content.folders.content, rest),
            None => join(folder(&from.page.path), &path),
        }?;
        return session.world().site.by_source(&named).is_none().then_some(Lost::Source(named));
    }
    let inner = match path.starts_with('/') {
        true => path.strip_prefix(config.site.baseurl.as_str()).filter(|inner| inner.starts_with('/'))?.to_owned(),
        false => format!("/{}", join(folder(&from.output), &path)?),
    };
    let is_there = files_of(&inner).iter().any(|file| session.find(file).is_some());
    (inner.len() > 1 && !is_there).then_some(Lost::Address(inner))
}

/// The files of the output that an address may mean.
fn files_of(address: &str) -> [String; 2] {
    [file_of(address), file_of(&format!("{}/", address.trim_end_matches('/')))]
}

fn find(session: &Session, root: &Path, lost: &Lost) -> Option<Moved> {
    let (candidates, address) = match lost {
        Lost::Source(path) => (git::gone(root, &[format!(":(literal){path}")], 1), None),
        Lost::Address(address) => (candidates(root, address), Some(address)),
    };
    if !candidates.is_empty()
        && let Some((former, was)) = stood(session, candidates, address.map(String::as_str))
    {
        return follow(session, root, &former, &was);
    }
    // What an old address leads on to was published, too.
    let address = address?;
    let redirects = &session.world().config.content.redirects;
    let is_led_to = redirects.iter().any(|(_, to)| files_of(address).contains(&file_of(to)));
    is_led_to.then(|| nearest(session, address)).flatten()
}

/// The files that may have been made into an address.
fn candidates(root: &Path, address: &str) -> Vec<Former> {
    let name = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".html").unwrap_or(name);
    // How an address is made of a name is the site's to say; a letter stands for any sign here, and what counts is seen later.
    let loose = |any: char| name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { any }).collect::<String>();
    let stem = loose('?');
    let below = [format!("{stem}.*"), format!("*-{stem}.*"), format!("{stem}/index.*")];
    let mut found = git::gone(root, &below.map(|path| format!(":(glob,icase)**/{path}")), MOST);
    let texts = ["md", "markdown", "html"].map(|end| format!(":(glob)**/*.{end}"));
    let said = git::held(root, &format!("^permalink:.*{}", loose('.')), &texts, MOST);
    found.extend(said.into_iter().filter(|one| said_there(&one.text, name)));
    found.retain(|former| is_own(&former.path));
    found
}

/// Whether the front matter of a text names an address that ends so.
fn said_there(text: &str, name: &str) -> bool {
    let front = carafe_yaml::front_matter(text).map(|front| &text[front.start..front.end]);
    let mut lines = front.unwrap_or_default().lines();
    lines.any(|line| line.strip_prefix("permalink:").is_some_and(|said| decoded(said).contains(name)))
}

/// The first of these files that is made into the address in a site that has them, and the page that it was.
fn stood(session: &Session, candidates: Vec<Former>, address: Option<&str>) -> Option<(Former, Arc<Entry>)> {
    let files = Buffers::new(session.world().own_files.clone());
    let mut seen = BTreeSet::new();
    let candidates: Vec<Former> = candidates.into_iter().filter(|former| seen.insert(former.path.clone())).collect();
    candidates.iter().for_each(|former| files.set(&former.path, former.text.as_str().into()));
    let then = Session::open_files(Arc::new(files), session.options()).ok()?;
    let site = &then.world().site;
    let wanted = address.map(files_of);
    candidates.into_iter().find_map(|former| {
        let all = site.positions(&former.path).iter().filter_map(|&at| site.entries.get(at));
        let mut all = all.filter(|entry| !entry.is_fallback());
        let is_it =
            |entry: &&Arc<Entry>| wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|file| *file == *entry.output));
        let entry = all.find(is_it)?.clone();
        Some((former, entry))
    })
}

/// The page of today that a former one has become.
fn follow(session: &Session, root: &Path, former: &Former, was: &Entry) -> Option<Moved> {
    let address = was.url.to_string();
    let mut last = former.clone();
    if let Some(entry) = today(session, &last.path, was) {
        return Some(Moved { address, to: last.path, url: entry.url.to_string(), how: How::Stood });
    }
    for _ in 0..HOPS {
        let Some(next) = last.commit.as_ref().and_then(|commit| git::renamed(root, commit, &last.path)) else { break };
        if let Some(entry) = today(session, &next, was) {
            let how = How::Renamed(former.path.clone());
            return Some(Moved { address, to: next, url: entry.url.to_string(), how });
        }
        let Some(gone) = git::gone(root, &[format!(":(literal){next}")], 1).pop() else { break };
        last = gone;
    }
    let before = last.commit.as_ref().map_or_else(|| "HEAD".to_owned(), |commit| format!("{commit}^"));
    let known = git::paths(root, &before);
    let others =
        session.world().site.entries.iter().filter(|entry| entry.written && !known.contains(&*entry.page.path));
    let alike = others.map(|entry| (shared(&last.text, &entry.page.text), entry)).max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, alike)) = alike.filter(|(share, _)| *share >= 0.5)
        && let Some(entry) = today(session, &alike.page.path, was)
    {
        let how = How::Text(former.path.clone());
        return Some(Moved { address, to: alike.page.path.to_string(), url: entry.url.to_string(), how });
    }
    nearest(session, &address)
}

/// The page that is made from a path today, of the same release and language as one that was.
fn today<'s>(session: &'s Session, path: &str, was: &Entry) -> Option<&'s Entry> {
    let written = || session.world().site.made_from(path).filter(|entry| entry.written && !entry.is_fallback());
    written().find(|entry| super::moves::is_same(entry, was)).or_else(|| written().next())
}

/// The page with nearly this address.
fn nearest(session: &Session, address: &str) -> Option<Moved> {
    let written = || session.world().site.entries.iter().filter(|entry| entry.written && !entry.is_fallback());
    let near = near(address, written().map(|entry| &*entry.url))?;
    let entry = written().find(|entry| *entry.url == *near)?;
    let (to, url) = (entry.page.path.to_string(), entry.url.to_string());
    Some(Moved { address: address.to_owned(), to, url, how: How::Near })
}

/// How much of the longer of two texts both hold, by whole lines: between 0 and 1.
fn shared(one: &str, other: &str) -> f64 {
    let mut lines: FxHashMap<&str, usize> = FxHashMap::default();
    for line in one.lines() {
        *lines.entry(line).or_default() += 1;
    }
    let mut bytes = 0;
    for line in other.lines() {
        if let Some(left) = lines.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            bytes += line.len() + 1;
        }
    }
    let longer = one.len().max(other.len()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "texts are short enough for it")]
    let share = bytes as f64 / longer as f64;
    share.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_share_what_stands_in_both() {
        let share = |one: &str, other: &str| (shared(one, other) * 100.0).round();
        assert!((share("a\nb\n", "a\nb\n") - 100.0).abs() < 1.0);
        assert!((share("aaa\nb\n", "aaa\nccccc\n") - 40.0).abs() < 1.0);
        assert!(share("", "") < 1.0 && share("a\na\n", "b\n") < 1.0);
    }
}
