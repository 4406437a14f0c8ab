//! The words that a mistyped one may stand for.
//!
//! `words.json` is one text: of each word, in their order, first how many letters it has in common with the one before (`A` for none,
//! `B` for one, …), then the rest. Words hold no capitals, so each begins at one.

use super::place::Place;

/// How many words there are at most: those of titles and headings first, then those on most pages. It bounds what readers load,
/// however large the site is.
const WORDS: usize = 6_000;

/// As many letters may be in common.
const COMMON: usize = 25;

/// The file of a site's words, which are in order.
pub(super) fn file(words: &[(Box<str>, Vec<Place>)]) -> Vec<u8> {
    let mut chosen: Vec<(bool, usize, &str)> = words
        .iter()
        .filter(|(word, _)| is_typed(word))
        .map(|(word, places)| {
            let pages = places.chunk_by(|a, b| a.page == b.page).count();
            (places.iter().any(|place| place.titles > 0), pages, &**word)
        })
        .collect();
    chosen.sort_by_key(|(prominent, pages, _)| std::cmp::Reverse((*prominent, *pages)));
    chosen.truncate(WORDS);
    let mut chosen: Vec<&str> = chosen.into_iter().map(|(_, _, word)| word).collect();
    chosen.sort_unstable();
    let mut out = String::from("\"");
    let mut before = "";
    for word in chosen {
        let common = before.chars().zip(word.chars()).take(COMMON).take_while(|(a, b)| a == b).count();
        out.push(char::from(b'A' + u8::try_from(common).unwrap_or(0)));
        out.extend(word.chars().skip(common));
        before = word;
    }
    out.push('"');
    out.into_bytes()
}

/// Whether a mistake may be made in the word: it is long enough, and of letters that are typed one by one.
fn is_typed(word: &str) -> bool {
    let mut count = 0;
    word.chars().all(|c| {
        count += 1;
        c.is_alphabetic() && c < '\u{e00}'
    }) && (3..=COMMON).contains(&count)
}
