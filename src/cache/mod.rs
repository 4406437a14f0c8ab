//! Finished pages kept on the disk between builds, for a warm build to take what nothing has changed.
//!
//! 1. [`open`] believes bytes only when their checksum, the program that wrote them and their form are right.
//! 2. [`Warm`] finds out, once for each thing that any page read, whether it still gives the same; a page is taken when all
//!    that it read does.
//! 3. [`store`] writes the pages of this build down. Pages with findings, and those that read data with findings, are left
//!    out: they are rendered by every build, so that what is found is found again.
//!
//! What the cache holds is never needed: without it the same site is built, more slowly. How pages are rendered is not known
//! here.

mod fingerprint;
mod folder;

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::graph::Read;
use crate::search::Document;
use crate::site::Entry;

use crate::render::Rendered;
use crate::world::{Options, World};
pub(crate) use fingerprint::PROGRAM;
use fingerprint::{Fingerprint, Fingerprints};

pub(crate) use folder::Folder;

/// What the bytes begin with.
const MAGIC: &[u8] = b"carafe pages 1\n";
/// The length of a checksum.
const CHECKSUM: usize = blake3::OUT_LEN;

/// All that is kept of a build.
#[derive(Debug, Serialize, Deserialize)]
struct Stored<'c> {
    shape: Fingerprint,
    /// Everything that any page read, and what it gave.
    reads: Vec<(Read, Fingerprint)>,
    #[serde(borrow)]
    pages: Vec<StoredPage<'c>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredPage<'c> {
    output: &'c str,
    entry: Fingerprint,
    /// Positions in [`Stored::reads`].
    reads: Vec<u32>,
    text: &'c str,
    /// The page as Markdown.
    markdown: Option<&'c str>,
    /// A [`Document`], taken apart only when the page is taken.
    document: Option<Cow<'c, [u8]>>,
}

/// A finished page, from the cache or just rendered.
#[derive(Debug)]
pub(crate) enum Page<'c> {
    Fresh(Box<Rendered>),
    Kept {
        output: &'c str,
        text: &'c str,
        markdown: Option<&'c str>,
        document: Option<Document>,
        /// The pictures whose variants it shows.
        pictures: Vec<Arc<str>>,
    },
}

/// The pages of an earlier build that this one may take.
#[derive(Debug)]
pub(crate) struct Warm<'c> {
    stored: Stored<'c>,
    by_output: FxHashMap<&'c str, usize>,
    /// Which of the stored reads give what they gave.
    holds: Vec<bool>,
}

impl Page<'_> {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Fresh(page) => &page.bytes,
            Self::Kept { text, .. } => text,
        }
    }

    /// The page as Markdown, if it is written so, too.
    pub(crate) fn markdown(&self) -> Option<&str> {
        match self {
            Self::Fresh(page) => page.markdown.as_deref(),
            Self::Kept { markdown, .. } => *markdown,
        }
    }

    /// What was found while it was rendered.
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Fresh(page) => &page.diagnostics,
            Self::Kept { .. } => &[],
        }
    }

    /// The pictures whose variants it shows, by path.
    pub(crate) fn pictures(&self) -> Vec<Arc<str>> {
        match self {
            Self::Fresh(page) => page.reads.variants(),
            Self::Kept { pictures, .. } => pictures.clone(),
        }
    }

    /// What the search finds of it.
    pub(crate) fn document(&self) -> Option<&Document> {
        match self {
            Self::Fresh(page) => page.search.as_ref(),
            Self::Kept { document, .. } => document.as_ref(),
        }
    }
}

/// Takes bytes apart that an earlier build has left.
///
/// # Errors
/// Why they cannot be believed, as the end of a sentence that begins with the file's name.
pub(crate) fn open<'c>(bytes: &'c [u8], world: &World, options: &Options) -> Result<Warm<'c>, &'static str> {
    let stored = read(bytes)?;
    let fingerprints = Fingerprints::new(world);
    if stored.shape != fingerprints.shape(options) {
        return Ok(Warm {
            stored: Stored { pages: Vec::new(), ..stored },
            by_output: FxHashMap::default(),
            holds: Vec::new(),
        });
    }
    let holds = stored.reads.par_iter().map(|(read, then)| fingerprints.read(read) == *then).collect();
    let by_output = stored.pages.iter().enumerate().map(|(at, page)| (page.output, at)).collect();
    Ok(Warm { stored, by_output, holds })
}

/// What a cache of this site begins with, for fuzzing.
#[cfg(fuzzing)]
pub(crate) fn shape(world: &World, options: &Options) -> Fingerprint {
    Fingerprints::new(world).shape(options)
}

fn read(bytes: &[u8]) -> Result<Stored<'_>, &'static str> {
    const DAMAGED: &str = "is damaged";
    let rest = bytes.strip_prefix(MAGIC).ok_or("is not a cache of this version of Carafe")?;
    let rest = rest.strip_prefix(PROGRAM.as_bytes()).ok_or("was written by another version of Carafe")?;
    let (checksum, payload) = rest.split_at_checked(CHECKSUM).ok_or(DAMAGED)?;
    if blake3::hash(payload).as_bytes() != checksum {
        return Err(DAMAGED);
    }
    let (stored, rest) = postcard::take_from_bytes::<Stored<'_>>(payload).map_err(|_| DAMAGED)?;
    if rest.is_empty() { Ok(stored) } else { Err(DAMAGED) }
}

impl<'c> Warm<'c> {
    /// How many pages can be taken.
    pub(crate) fn takable(&self, world: &World) -> usize {
        world.site.entries.iter().filter(|entry| self.take(world, entry).is_some()).count()
    }

    /// The page as it was, when rendering it would give the same.
    pub(crate) fn take(&self, world: &World, entry: &Entry) -> Option<Page<'c>> {
        let page = self.stored.pages.get(*self.by_output.get(&*entry.output)?)?;
        let holds = |read: &u32| self.holds.get(*read as usize).copied().unwrap_or(false);
        if !page.reads.iter().all(holds) || Fingerprints::new(world).entry(entry) != page.entry {
            return None;
        }
        let document = match &page.document {
            Some(bytes) => Some(postcard::from_bytes(bytes).ok()?),
            None => None,
        };
        let reads = page.reads.iter().filter_map(|read| self.stored.reads.get(*read as usize));
        let pictures = reads.filter_map(|(read, _)| read.variants().cloned()).collect();
        Some(Page::Kept { output: page.output, text: page.text, markdown: page.markdown, document, pictures })
    }
}

/// What to keep of this build: `pages` are its pages by position, `warm` is what was there before. `None` when nothing is to
/// be written.
pub(crate) fn store(
    world: &World,
    options: &Options,
    pages: &[(usize, Page<'_>)],
    warm: Option<&Warm<'_>>,
) -> Option<Vec<u8>> {
    let fresh = pages.iter().any(|(_, page)| matches!(page, Page::Fresh(page) if page.diagnostics.is_empty()));
    if let Some(warm) = warm
        && !fresh
        && warm.stored.pages.len() == pages.iter().filter(|(_, page)| matches!(page, Page::Kept { .. })).count()
    {
        return None;
    }
    let fingerprints = Fingerprints::new(world);
    let mut reads: IndexMap<Read, ()> = IndexMap::new();
    let mut stored = Vec::with_capacity(pages.len());
    for (at, page) in pages {
        let Some(entry) = world.site.entries.get(*at) else { continue };
        stored.extend(stored_page(&fingerprints, entry, page, warm, &mut reads));
    }
    let reads: Vec<Read> = reads.into_keys().collect();
    let wrong: Vec<bool> = reads.par_iter().map(|read| has_findings(world, read)).collect();
    stored.retain(|page| !page.reads.iter().any(|read| wrong.get(*read as usize).copied().unwrap_or(true)));
    let reads = reads
        .into_par_iter()
        .map(|read| {
            let now = fingerprints.read(&read);
            (read, now)
        })
        .collect();
    let shape = fingerprints.shape(options);
    // It cannot fail: nothing that is stored is of unknown length.
    let payload = postcard::to_allocvec(&Stored { shape, reads, pages: stored }).ok()?;
    Some(seal(&payload))
}

/// A payload behind the head that [`open`] asks for.
pub(crate) fn seal(payload: &[u8]) -> Vec<u8> {
    [MAGIC, PROGRAM.as_bytes(), blake3::hash(payload).as_bytes(), payload].concat()
}

fn stored_page<'p>(
    fingerprints: &Fingerprints<'_>,
    entry: &Entry,
    page: &'p Page<'_>,
    warm: Option<&'p Warm<'_>>,
    reads: &mut IndexMap<Read, ()>,
) -> Option<StoredPage<'p>> {
    let mut number = |read: Read| u32::try_from(reads.insert_full(read, ()).0).ok();
    match page {
        Page::Fresh(page) => {
            if !page.diagnostics.is_empty() {
                return None;
            }
            let reads = page.reads.snapshot().into_iter().map(&mut number).collect::<Option<_>>()?;
            let document = page.search.as_ref().map(postcard::to_allocvec).transpose().ok()?.map(Cow::Owned);
            let entry = fingerprints.entry(entry);
            let markdown = page.markdown.as_deref();
            Some(StoredPage { output: &page.output, entry, reads, text: &page.bytes, markdown, document })
        }
        Page::Kept { output, .. } => {
            let warm = warm?;
            let before = warm.stored.pages.get(*warm.by_output.get(output)?)?;
            let again = |at: &u32| number(warm.stored.reads.get(*at as usize)?.0.clone());
            let reads = before.reads.iter().map(again).collect::<Option<_>>()?;
            let document = before.document.as_deref().map(Cow::Borrowed);
            let (output, entry, text, markdown) = (before.output, before.entry, before.text, before.markdown);
            Some(StoredPage { output, entry, reads, text, markdown, document })
        }
    }
}

/// Whether something is wrong with a data file that was read.
fn has_findings(world: &World, read: &Read) -> bool {
    let Read::Data(path) = read else { return false };
    !world.site.data.diagnostics_of(&|found| *found == **path).is_empty()
}
