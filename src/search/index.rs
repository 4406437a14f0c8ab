//! Where each word stands, and how that is written.
//!
//! - `index.json`: `{"id": …, "words": [first word of each w-file], "pages": [first page of each p-file, …, number of pages]}`.
//!   `id` changes with the content; readers add it to the addresses of the other files, which may then be kept.
//! - `wN.json`: `{word: [step, section, weight, …]}`: `step` counts from the page of the place before. Weights: see [`weigh`].
//! - `pN.json`: `[[title, url, [[heading, anchor, text], …]], …]`.

use rustc_hash::FxHashMap;

use super::{Document, words};

/// Size of a file, about: small enough to load while somebody types, large enough not to make thousands of files.
const FILE_SIZE: usize = 40_000;

/// A word on more than this share of pages (one in …) is told page by page, not section by section.
const FREQUENT: usize = 3;

/// Where a word stands, and how prominent.
#[derive(Clone, Copy)]
struct Place {
    page: u32,
    section: u16,
    titles: u8,
    texts: u8,
}

const IN_TITLE: u8 = 20;
const IN_HEADING: u8 = 8;

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

pub(super) fn files(documents: &[&Document]) -> Vec<(String, Vec<u8>)> {
    let mut places: FxHashMap<Box<str>, Vec<Place>> = FxHashMap::default();
    let mut buffer = String::new();
    for (page, document) in (0..).zip(documents) {
        let mut note = |text: &str, section: usize, titles: u8| {
            let section = u16::try_from(section).unwrap_or(u16::MAX);
            words::each(text, &mut buffer, |word| add(&mut places, word, page, section, titles));
        };
        note(&document.title, 0, IN_TITLE);
        for (at, section) in document.sections.iter().enumerate() {
            note(&section.heading, at, IN_HEADING);
            note(&section.text, at, 0);
        }
    }
    let mut words: Vec<(Box<str>, Vec<Place>)> = places.into_iter().collect();
    words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut files = Vec::new();
    let firsts = word_files(&words, documents.len(), &mut files);
    let pages = page_files(documents, &mut files);
    let mut hasher = blake3::Hasher::new();
    for (_, bytes) in &files {
        hasher.update(bytes);
    }
    let id = &hasher.finalize().to_hex()[..10];
    let index = serde_json::json!({ "id": id, "words": firsts, "pages": pages });
    files.push(("index.json".to_owned(), index.to_string().into_bytes()));
    files
}

fn add(places: &mut FxHashMap<Box<str>, Vec<Place>>, word: &str, page: u32, section: u16, titles: u8) {
    let texts = u8::from(titles == 0);
    let Some(known) = places.get_mut(word) else {
        places.insert(word.into(), vec![Place { page, section, titles, texts }]);
        return;
    };
    match known.last_mut().filter(|last| last.page == page && last.section == section) {
        Some(last) => {
            last.titles = last.titles.max(titles);
            last.texts = last.texts.saturating_add(texts);
        }
        None => known.push(Place { page, section, titles, texts }),
    }
}

/// Writes the words into files; the first word of each.
fn word_files(words: &[(Box<str>, Vec<Place>)], pages: usize, files: &mut Vec<(String, Vec<u8>)>) -> Vec<String> {
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
        if out.len() >= FILE_SIZE {
            out.push('}');
            files.push((format!("w{}.json", firsts.len() - 1), std::mem::take(&mut out).into_bytes()));
        }
    }
    if !out.is_empty() {
        out.push('}');
        files.push((format!("w{}.json", firsts.len() - 1), out.into_bytes()));
    }
    firsts
}

fn write_places(places: &[Place], pages: usize, out: &mut String) {
    let frequent = places.len() > 100 && places.chunk_by(|a, b| a.page == b.page).count() > pages / FREQUENT;
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

/// Writes the pages into files; the number of the first page of each, and of all.
fn page_files(documents: &[&Document], files: &mut Vec<(String, Vec<u8>)>) -> Vec<usize> {
    let mut firsts = Vec::new();
    let mut out = String::new();
    for (at, document) in documents.iter().enumerate() {
        if out.is_empty() {
            firsts.push(at);
        }
        out.push_str(if out.is_empty() { "[[" } else { ",[" });
        write_text(&document.title, &mut out);
        out.push(',');
        write_text(&document.url, &mut out);
        out.push_str(",[");
        for (at, section) in document.sections.iter().enumerate() {
            out.push_str(if at == 0 { "[" } else { ",[" });
            write_text(&section.heading, &mut out);
            out.push(',');
            write_text(&section.id, &mut out);
            out.push(',');
            write_text(&section.text, &mut out);
            out.push(']');
        }
        out.push_str("]]");
        if out.len() >= FILE_SIZE {
            out.push(']');
            files.push((format!("p{}.json", firsts.len() - 1), std::mem::take(&mut out).into_bytes()));
        }
    }
    if !out.is_empty() {
        out.push(']');
        files.push((format!("p{}.json", firsts.len() - 1), out.into_bytes()));
    }
    firsts.push(documents.len());
    firsts
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
