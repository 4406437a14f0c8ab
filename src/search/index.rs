//! Where each word stands, and how that is written.
//!
//! - `index.json`: `{"id": …, "words": [first word of each w-file], "pages": [how many pages in each p-file],
//!   "common": [word of very many pages, …], "groups": [part of the site, …],
//!   "runs": [group, how many pages of it follow, …], "others": [[release, folder], …]}`.
//!   `id` changes with the content; readers add it to the addresses of the other files, which may then be kept.
//! - `wN.json`: `{word: [step, section, weight, …]}`: `step` counts from the page of the place before. Weights: see [`weigh`].
//! - `pN.json`: `[[title, url, [title around it, …], description, [[heading, anchor, level, text], …]], …]`; the first section is the page
//!   itself, without a heading.
//! - `words.json`: see [`vocabulary`].
//! - `addresses.json`: `[title, url, …]` of all pages, for addresses that do not exist.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use twox_hash::XxHash3_64;

use super::document::{Document, Other, Placed};
use super::place::Place;
use super::{vocabulary, words};

/// Size of a file, about: small enough to load while somebody types, large enough not to make thousands of files.
const WORD_FILE_SIZE: usize = 16_000;
/// The same for pages, of which a reader sees few at a time.
const PAGE_FILE_SIZE: usize = 7_000;

/// How many pages' words are collected together, and how often that is done at a time.
const PART: usize = 32;
const PARTS: usize = 8;

/// A word on more than this share of pages (one in …) is told page by page, not section by section.
const FREQUENT: usize = 3;
/// How many of them are told at most, and of how many pages on.
const COMMON: usize = 200;
const MANY: usize = 20;

const IN_TITLE: usize = 20;
const IN_HEADING: usize = 8;

/// What a word of a title or a heading weighs: the more, the less there is beside it.
fn share(least: usize, more: usize, text: &str, buffer: &mut String) -> u8 {
    let mut count = 0;
    words::each(text, buffer, |_| count += 1);
    u8::try_from(least + more / std::cmp::max(count, 1)).unwrap_or(u8::MAX)
}

/// A place's weight: a title counts more than a heading, that more than text, and text more often less and less more.
fn weigh(place: Place) -> u32 {
    let often = match place.texts {
        0 => 0,
        1 => 1,
        2..=3 => 2,
        4..=8 => 3,
        _ => 4,
    };
    u32::from(place.titles) + often
}

/// Where files go as they are made, so that no two copies of a site's text are in memory.
struct Files<'p> {
    put: &'p (dyn Fn(&str, Vec<u8>) + Sync),
    /// Of all that was put.
    hash: u64,
}

impl<'p> Files<'p> {
    fn new(put: &'p (dyn Fn(&str, Vec<u8>) + Sync)) -> Self {
        Self { put, hash: 0 }
    }

    fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.hash = XxHash3_64::oneshot_with_seed(self.hash, &bytes);
        (self.put)(name, bytes);
    }
}

pub(super) fn write(pages: &[Placed<'_>], others: &[Other], put: &(dyn Fn(&str, Vec<u8>) + Sync)) {
    let of_words = || {
        let mut files = Files::new(put);
        let words = collect(pages);
        files.put("words.json", vocabulary::file(&words));
        let firsts = word_files(&words, pages.len(), &mut files);
        let is_common = |(_, places): &&(_, Vec<Place>)| pages.len() >= MANY && is_widespread(places, pages.len());
        let common = words.iter().filter(is_common).map(|(word, _)| word.clone()).take(COMMON);
        (firsts, common.collect::<Vec<_>>(), files.hash)
    };
    let of_pages = || {
        let mut files = Files::new(put);
        (page_files(pages, &mut files), files.hash)
    };
    let ((firsts, common, hash), (counts, pages_hash)) = rayon::join(of_words, of_pages);
    let id = format!("{:010x}", XxHash3_64::oneshot_with_seed(hash, &pages_hash.to_le_bytes()) >> 24);
    let (groups, runs) = groups(pages);
    let index = serde_json::json!({
        "id": id, "words": firsts, "pages": counts, "common": common, "groups": groups, "runs": runs, "others": others,
    });
    put("index.json", index.to_string().into_bytes());
    put("addresses.json", addresses(pages));
}

/// The titles and addresses of all pages.
fn addresses(pages: &[Placed<'_>]) -> Vec<u8> {
    let mut out = String::from("[");
    for document in pages.iter().map(|page| page.document) {
        for text in [&document.title, &document.url] {
            out.push_str(if out.len() == 1 { "" } else { "," });
            write_text(text, &mut out);
        }
    }
    out.push(']');
    out.into_bytes()
}

/// Every word with its places, in order.
fn collect(pages: &[Placed<'_>]) -> Vec<(Box<str>, Vec<Place>)> {
    let mut all = Words::default();
    // What is collected apart is joined soon, so that little of it is there twice.
    for (at, part) in (0..).step_by(PART * PARTS).zip(pages.chunks(PART * PARTS)) {
        let one = |(number, part)| Words::of(part, at + number * PART);
        let parts: Vec<Words> = part.par_chunks(PART).enumerate().map(one).collect();
        all = parts.into_iter().fold(all, Words::join);
    }
    all.finish()
}

/// Words with their places while they are collected. Each word of a site is looked up here, so that most are keys without a text elsewhere,
/// and those of a few pages are collected by themselves, where the processor's cache holds all.
#[derive(Default)]
struct Words {
    short: FxHashMap<[u8; SHORT], Places>,
    long: FxHashMap<Box<str>, Places>,
}

/// A word that is shorter than this is its own key, filled up with zeros, which no word holds.
const SHORT: usize = 16;

/// The places of a word, in order; the last one is by itself, since the next is often the same.
struct Places {
    before: Vec<Place>,
    last: Place,
}

impl Words {
    /// The words of these pages, the first of which has the number `first`.
    fn of(pages: &[Placed<'_>], first: usize) -> Self {
        let mut found = Self::default();
        let mut buffer = String::new();
        for (page, document) in (first..).zip(pages.iter().map(|page| page.document)) {
            let page = u32::try_from(page).unwrap_or(u32::MAX);
            let mut note = |text: &str, section: usize, titles: u8, buffer: &mut String| {
                let section = u16::try_from(section).unwrap_or(u16::MAX);
                let place = Place { page, section, titles, texts: u8::from(titles == 0) };
                words::each(text, buffer, |word| found.add(word, place));
            };
            let weight = share(IN_TITLE, 12, &document.title, &mut buffer);
            note(&document.title, 0, weight, &mut buffer);
            for (at, section) in (first_section(document)..).zip(&document.sections) {
                let weight = share(IN_HEADING, 6, &section.heading, &mut buffer);
                note(&section.heading, at, weight, &mut buffer);
                note(&section.text, at, 0, &mut buffer);
            }
        }
        found
    }

    /// With the words of `later` pages.
    fn join(mut self, later: Self) -> Self {
        fn put<K: Eq + Hash>(into: &mut FxHashMap<K, Places>, later: FxHashMap<K, Places>) {
            later.into_iter().for_each(|(word, places)| match into.entry(word) {
                Entry::Occupied(known) => known.into_mut().extend(places),
                Entry::Vacant(new) => {
                    new.insert(places);
                }
            });
        }
        put(&mut self.short, later.short);
        put(&mut self.long, later.long);
        self
    }

    #[inline]
    fn add(&mut self, word: &str, place: Place) {
        let places = if word.len() < SHORT {
            let mut key = [0; SHORT];
            key[..word.len()].copy_from_slice(word.as_bytes());
            match self.short.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    new.insert(Places::new(place));
                    return;
                }
            }
        } else {
            match self.long.get_mut(word) {
                Some(known) => known,
                None => {
                    self.long.insert(word.into(), Places::new(place));
                    return;
                }
            }
        };
        places.add(place);
    }

    fn finish(self) -> Vec<(Box<str>, Vec<Place>)> {
        let text = |key: &[u8; SHORT]| {
            let len = key.iter().position(|&byte| byte == 0).unwrap_or(SHORT);
            Box::from(String::from_utf8_lossy(&key[..len]))
        };
        let short = self.short.into_iter().map(|(key, places)| (text(&key), places.all()));
        let mut words: Vec<_> = short.chain(self.long.into_iter().map(|(word, places)| (word, places.all()))).collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        words
    }
}

impl Places {
    fn new(place: Place) -> Self {
        Self { before: Vec::new(), last: place }
    }

    fn add(&mut self, place: Place) {
        let last = &mut self.last;
        if (last.page, last.section) == (place.page, place.section) {
            last.titles = last.titles.max(place.titles);
            last.texts = last.texts.saturating_add(place.texts);
        } else {
            self.before.push(std::mem::replace(last, place));
        }
    }

    fn extend(&mut self, later: Self) {
        self.before.push(std::mem::replace(&mut self.last, later.last));
        self.before.extend(later.before);
    }

    fn all(mut self) -> Vec<Place> {
        self.before.push(self.last);
        self.before
    }
}

/// The number of a page's first section: 0 is the page itself, its title and what stands before the first heading.
fn first_section(document: &Document) -> usize {
    usize::from(document.sections.first().is_some_and(|first| !first.id.is_empty()))
}

/// The parts of the site, and in the order of pages which part each belongs to: its number, and how many pages follow that do.
fn groups<'d>(pages: &[Placed<'d>]) -> (IndexSet<&'d str>, Vec<usize>) {
    let (mut groups, mut runs) = (IndexSet::new(), Vec::new());
    for same in pages.chunk_by(|a, b| a.group == b.group) {
        let group = same.first().map_or("", |page| page.group);
        runs.extend([groups.insert_full(group).0, same.len()]);
    }
    (groups, runs)
}

/// Writes the words into files; the first word of each.
fn word_files(words: &[(Box<str>, Vec<Place>)], pages: usize, files: &mut Files<'_>) -> Vec<String> {
    let mut firsts: Vec<String> = Vec::new();
    let mut out = String::new();
    for (word, places) in words {
        if out.is_empty() {
            firsts.push(word.to_string());
        }
        out.push(if out.is_empty() { '{' } else { ',' });
        // Letters and digits need no escapes.
        out.push('"');
        out.push_str(word);
        out.push_str("\":[");
        write_places(places, pages, &mut out);
        out.push(']');
        if out.len() >= WORD_FILE_SIZE {
            out.push('}');
            files.put(&format!("w{}.json", firsts.len() - 1), std::mem::take(&mut out).into_bytes());
        }
    }
    if !out.is_empty() {
        out.push('}');
        files.put(&format!("w{}.json", firsts.len() - 1), out.into_bytes());
    }
    firsts
}

/// Whether a word with these places is on a large share of `pages`.
fn is_widespread(places: &[Place], pages: usize) -> bool {
    places.chunk_by(|a, b| a.page == b.page).count() > pages / FREQUENT
}

fn write_places(places: &[Place], pages: usize, out: &mut String) {
    let frequent = places.len() > 100 && is_widespread(places, pages);
    let mut before = 0;
    let mut first = true;
    let mut write = |place: Place| {
        for number in [place.page - before, u32::from(place.section), weigh(place)] {
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            write_number(number, out);
        }
        before = place.page;
    };
    if !frequent {
        return places.iter().copied().for_each(write);
    }
    for same in places.chunk_by(|a, b| a.page == b.page) {
        // The most prominent place, of equals the first.
        let best = same.iter().rev().max_by_key(|place| weigh(**place));
        best.copied().into_iter().for_each(&mut write);
    }
}

fn write_number(number: u32, out: &mut String) {
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => out.push((b'0' + digit) as char),
        _ => out.push_str(&number.to_string()),
    }
}

/// Writes the pages into files; how many are in each.
fn page_files(pages: &[Placed<'_>], files: &mut Files<'_>) -> Vec<usize> {
    let mut counts = Vec::new();
    let mut rest = pages;
    while !rest.is_empty() {
        let mut out = String::from("[");
        let mut count = 0;
        for page in rest {
            if count > 0 {
                out.push(',');
            }
            count += 1;
            write_page(page, &mut out);
            if out.len() >= PAGE_FILE_SIZE {
                break;
            }
        }
        out.push(']');
        files.put(&format!("p{}.json", counts.len()), out.into_bytes());
        counts.push(count);
        rest = &rest[count..];
    }
    counts
}

fn write_page(page: &Placed<'_>, out: &mut String) {
    let document = page.document;
    out.push('[');
    write_text(&document.title, out);
    out.push(',');
    write_text(&document.url, out);
    out.push_str(",[");
    for (at, title) in page.trail.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        write_text(title, out);
    }
    out.push_str("],");
    write_text(&page.description, out);
    out.push_str(if first_section(document) == 0 { ",[" } else { ",[[\"\",\"\",0,\"\"]" });
    for (at, section) in (first_section(document)..).zip(&document.sections) {
        out.push_str(if at == 0 { "[" } else { ",[" });
        write_text(&section.heading, out);
        out.push(',');
        write_text(&section.id, out);
        out.push(',');
        write_number(section.level.into(), out);
        out.push(',');
        write_text(&section.text, out);
        out.push(']');
    }
    out.push_str("]]");
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            control => out.push_str(&format!("\\u{control:04x}")),
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
