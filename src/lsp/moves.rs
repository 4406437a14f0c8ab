//! `workspace/willRenameFiles`: what follows files to their new places.
//!
//! 1. Calls of an include get its new name.
//! 2. Links to a page, or to a picture, lead to where it will be, in the form in which each is written; those in a page that moves count from there.
//! 3. The old address of a page leads on to the new one: by its front matter, or where it is made several times by the configuration.
//!
//! The new addresses are not guessed: the site is read once more with the files in their new places.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::Buffers;
use serde_json::Value;

use crate::config::{Mode, NATIVE_FILE};
use crate::session::Session;
use crate::site::{Entry, encoded};

use super::addresses::{self, Form, Written};
use super::edits::{Edits, is_own};
use super::here::Here;
use super::target::{self, By, Target};
use super::{navigations, redirects, rename, texts};

/// How many files may move at once.
const MOST: usize = 10_000;

/// The new paths of files by their old ones.
type Moves = BTreeMap<String, String>;

/// What is to be changed when files, or folders with all that is in them, get other paths.
pub(super) fn changes(here: &Here<'_>, wanted: &[(String, String)]) -> Value {
    let moves = moves(here, wanted);
    let mut edits = Edits::default();
    includes(here, &moves, &mut edits);
    for (from, to) in &moves {
        if navigations::follow(here, from, to, &mut edits).is_none() {
            here.say(format!("`{to}` is no source of releases any more; what navigations make of `{from}` goes"));
        }
    }
    let Some(next) = moved_site(here, &moves) else { return edits.into_value(here) };
    let follow = Follow { here, moves: &moves, next: &next };
    for (path, text) in texts::all(here) {
        follow.text(&path, &text, &mut edits);
    }
    old_addresses(&follow, &mut edits);
    if edits.is_empty() { Value::Null } else { edits.into_value(here) }
}

fn moves(here: &Here<'_>, wanted: &[(String, String)]) -> Moves {
    let mut moves = Moves::new();
    for (from, to) in wanted {
        let below = here.world().files.list(from, &|_| false).unwrap_or_default();
        let below = below.into_iter().filter(|path| path.starts_with(&format!("{from}/")));
        let inner: Vec<String> = below.take(MOST).collect();
        if inner.is_empty() {
            moves.insert(from.clone(), to.clone());
        }
        moves.extend(inner.into_iter().map(|path| (path.clone(), format!("{to}{}", &path[from.len()..]))));
    }
    moves.retain(|from, to| from != to && is_own(from) && is_own(to));
    moves
}

/// The site with the files in their new places. That they are in their old ones, too, changes no address.
fn moved_site(here: &Here<'_>, moves: &Moves) -> Option<Session> {
    let world = here.world();
    let files = Buffers::new(world.own_files.clone());
    let mut any = false;
    for (from, to) in moves {
        // Of pictures and the like only the place counts.
        let is_known = world.site.position(from).is_some() || world.site.static_file(from).is_some();
        if is_known {
            files.set(to, world.files.read(from).unwrap_or_else(|_| "".into()));
            any = true;
        }
    }
    if !any {
        return None;
    }
    Session::open_files(Arc::new(files), here.session.options()).ok()
}

fn includes(here: &Here<'_>, moves: &Moves, edits: &mut Edits) {
    let folder = format!("{}/", here.world().config.content.folders.includes.trim_end_matches('/'));
    let includes = here.includes();
    for at in includes.own(here.world()).collect::<Vec<_>>() {
        let Some(path) = includes.paths.get(at) else { continue };
        let Some(to) = moves.get(&**path) else { continue };
        let Some(name) = to.strip_prefix(&folder) else {
            here.say(format!("`{path}` is no include any more at `{to}`; its calls stay as they are"));
            continue;
        };
        let (calls, lost) = rename::calls(here, at, name);
        edits.extend(calls);
        if !lost.is_empty() {
            here.say(format!("some calls of `{path}` name it by a value, and stay: {}", texts::named(here, &lost)));
        }
    }
}

struct Follow<'f> {
    here: &'f Here<'f>,
    moves: &'f Moves,
    next: &'f Session,
}

impl Follow<'_> {
    fn path<'p>(&'p self, path: &'p str) -> &'p str {
        self.moves.get(path).map_or(path, String::as_str)
    }

    /// Changes the addresses in a text.
    fn text(&self, path: &Arc<str>, text: &str, edits: &mut Edits) {
        let from = Here { path, ..*self.here };
        let mut found = if texts::is_yaml(path) { addresses::in_yaml(text) } else { addresses::in_text(text) };
        if let Some(front) = carafe_yaml::front_matter(text) {
            let inner = addresses::in_yaml(&text[front.start..front.end]).into_iter();
            // Where a page is or was is not where it leads.
            let is_own = |one: &Written| {
                let line = super::cursor::line(text, one.path.start);
                let before = text[front.start..line.end].lines().rev().find(|line| !line.starts_with([' ', '-']));
                before.is_some_and(|line| ["permalink:", "redirect_from:"].iter().any(|key| line.starts_with(key)))
            };
            found.extend(inner.map(|one| one.moved(front.start)).filter(|one| !is_own(one)));
        }
        for written in found {
            if let Some(new) = self.address(&from, text, &written)
                && new != text[written.path.clone()]
            {
                edits.add(path, written.path, new);
            }
        }
    }

    /// What an address is to be; `None` when it stays.
    fn address(&self, from: &Here<'_>, text: &str, written: &Written) -> Option<String> {
        let shown = &text[written.path.clone()];
        // An include goes along with the pages that show it.
        let is_way = from.entries().next().is_none() && !shown.starts_with('/') && written.form == Form::Link;
        let pages = || from.showing().into_iter().filter_map(|at| from.world().site.entry(at));
        let moves_itself = match is_way {
            true => pages().any(|entry| self.moves.contains_key(&*entry.page.path)),
            false => self.moves.contains_key(from.path),
        };
        // Most addresses lead to nothing that moves.
        let may_lead = |(old, _): (&String, &String)| {
            let name = old.rsplit('/').next().unwrap_or(old);
            let stem = name.split('.').next().unwrap_or(name);
            let folder = old.rsplit('/').nth(1).unwrap_or("");
            let words = [stem, folder];
            words.iter().any(|word| word.is_ascii() && shown.contains(word)) || !old.is_ascii() || shown.contains('%')
        };
        if !moves_itself && written.form == Form::Link && !self.moves.iter().any(may_lead) && !self.may_be_renamed() {
            return None;
        }
        let (target, by) = written.target(from, text);
        let site = &self.here.world().site;
        let (old, page) = match target {
            Target::Page(at, _) => (site.entry(at)?.page.path.clone(), Some(site.entry(at)?)),
            Target::File(path) => (path, None),
            Target::Elsewhere | Target::Nothing => return None,
        };
        let new = self.path(&old);
        let is_moved = *new != *old;
        if !is_moved && !moves_itself {
            return None;
        }
        match (written.form, by) {
            (Form::Post, _) if is_moved => Some(new.rsplit('/').next()?.rsplit_once('.')?.0.to_owned()),
            (Form::Source, _) if is_moved => Some(new.to_owned()),
            (Form::Link, By::File) => {
                let way = encoded(&crate::render::relative(target::folder(self.path(from.path)), new));
                Some(if shown.starts_with("./") && !way.starts_with("..") { format!("./{way}") } else { way })
            }
            (Form::Link, By::Shown) => {
                let ways = pages()
                    .map(|entry| encoded(&crate::render::relative(target::folder(self.path(&entry.page.path)), new)));
                self.one(from, shown, ways)
            }
            (Form::Link, By::Rooted) if is_moved => {
                let content = self.here.world().config.content.folders.content.as_str();
                Some(encoded(&format!("/{}", new.strip_prefix(content)?.trim_start_matches('/'))))
            }
            (Form::Link, By::Address) if is_moved => self.url(new, page, shown).filter(|_| self.has_moved(new, page)),
            // A way from one address to another holds only where both stay; of a page of several releases it leads from each to its own.
            (Form::Link, By::Way) if pages().nth(1).is_some() && !is_way => {
                let ways = pages().map(|entry| self.way(entry, new, page, shown));
                self.one(from, shown, ways.collect::<Option<Vec<String>>>()?.into_iter())
            }
            (Form::Link, By::Way) => self.url(new, page, shown),
            _ => None,
        }
    }

    /// The way that is the same on all pages; where it is not, the link stays and the author is told.
    fn one(&self, from: &Here<'_>, shown: &str, mut ways: impl Iterator<Item = String>) -> Option<String> {
        let first = ways.next()?;
        if ways.all(|way| way == first) {
            return Some(first);
        }
        self.here.say(format!(
            "`{shown}` in `{}` would have to be another way on each page that it is shown on, and stays; an address from the root holds everywhere",
            from.path
        ));
        None
    }

    /// The new way from a page to the page of its own release that is made from a path.
    fn way(&self, from: &Entry, new: &str, page: Option<&Entry>, shown: &str) -> Option<String> {
        let next = &self.next.world().site;
        let own = next.made_from(self.path(&from.page.path)).find(|entry| is_same(entry, from)).unwrap_or(from);
        let target = match page {
            Some(_) => {
                next.made_from(new).find(|entry| is_same(entry, from)).or_else(|| next.by_source(new))?.output.clone()
            }
            None => next.static_file(new)?.output.clone(),
        };
        let target = match shown.rsplit('/').next().unwrap_or_default() {
            name if name.ends_with(".html") => &target[..],
            _ => target.strip_suffix("index.html").unwrap_or(&target),
        };
        let way = crate::render::relative(target::folder(&own.output), target.trim_end_matches('/'));
        let end = if target.ends_with('/') && shown.ends_with('/') { "/" } else { "" };
        Some(encoded(&format!("{way}{end}")))
    }

    /// Whether addresses may be other words than the paths of their files.
    fn may_be_renamed(&self) -> bool {
        let site = &self.here.world().site;
        self.moves.keys().any(|old| {
            site.by_source(old)
                .is_some_and(|entry| entry.page.front.contains_key("permalink") || entry.page.stem() == "index")
        })
    }

    /// Whether a page stands at another address than before; other files always do.
    fn has_moved(&self, path: &str, page: Option<&Entry>) -> bool {
        let now = |page| self.next.world().site.made_from(path).find(|entry| is_same(entry, page));
        page.is_none_or(|page| now(page).is_some_and(|now| *now.url != *page.url))
    }

    /// The new address of what lies at a path, written as it was.
    fn url(&self, path: &str, page: Option<&Entry>, shown: &str) -> Option<String> {
        let base = &self.here.world().config.site.baseurl;
        let with_base = !shown.starts_with('/') || !base.is_empty() && shown.starts_with(&format!("{base}/"));
        let base = if with_base { base.as_str() } else { "" };
        let next = &self.next.world().site;
        let Some(page) = page else {
            return Some(encoded(&format!("{base}/{}", next.static_file(path)?.output)));
        };
        let other = next.made_from(path).find(|entry| is_same(entry, page))?;
        let url = match shown.rsplit('/').next().unwrap_or_default() {
            name if name.ends_with(".html") => format!("/{}", other.output),
            "" => other.url.to_string(),
            _ => other.url.trim_end_matches('/').to_owned(),
        };
        Some(encoded(&format!("{base}{}", if url.is_empty() { "/" } else { &url })))
    }
}

/// Whether two pages are of the same release and language.
pub(super) fn is_same(one: &Entry, other: &Entry) -> bool {
    one.variant.is_same_release(&other.variant) && one.variant.language == other.variant.language
}

/// Has the old addresses lead to the new ones.
fn old_addresses(follow: &Follow<'_>, edits: &mut Edits) {
    let here = follow.here;
    let world = here.world();
    let mut configured: Vec<(String, String)> = Vec::new();
    let mut lost: Vec<&str> = Vec::new();
    for (from, to) in follow.moves {
        let pairs: Vec<(String, String)> = world
            .site
            .made_from(from)
            .filter(|entry| entry.written && !entry.is_fallback())
            .filter(|entry| follow.has_moved(to, Some(entry)))
            .filter_map(|entry| Some((entry.url.to_string(), follow.url(to, Some(entry), &format!("{}/", entry.url))?)))
            .collect();
        let Some((first, _)) = pairs.first() else { continue };
        let is_page = world.site.by_source(from).is_some_and(is_html);
        if !is_page {
            continue;
        }
        let has = redirects::can(here);
        match (has, pairs.len()) {
            (false, _) => lost.push(from),
            (true, 1) => {
                let text = world.site.by_source(from).map(|entry| entry.page.text.clone()).unwrap_or_default();
                let (at, new) = redirects::claim(&text, first);
                edits.add(from, at..at, new);
            }
            (true, _) if world.config.mode == Mode::Native => configured.extend(pairs),
            (true, _) => lost.push(from),
        }
    }
    if !configured.is_empty()
        && let Ok(text) = world.files.read(NATIVE_FILE)
    {
        let (at, new) = redirects::lead_on(&text, &configured);
        edits.add(NATIVE_FILE, at..at, new);
    }
    if !lost.is_empty() {
        let named: Vec<String> = lost.iter().take(3).map(|path| format!("`{path}`")).collect();
        let more = lost.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        here.say(format!(
            "the old address of {}{more} leads nowhere: this site has no `jekyll-redirect-from`, which would lead on from it",
            named.join(", ")
        ));
    }
}

/// Whether a page is one that readers see.
fn is_html(entry: &Entry) -> bool {
    entry.output.ends_with(".html") || entry.output.ends_with(".htm")
}
