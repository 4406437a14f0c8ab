//! Text to words. The script in `static/assets/search.js` splits what a reader types by the same rules; change both.
//!
//! A word is a run of letters and digits, in lower case. Of a name such as `KongService` the parts are words too. Scripts
//! without blanks between words give a word for each character.

/// Calls `found` with every word. `buffer` is room to work in.
pub(super) fn each(text: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    let mut rest = text;
    while let Some(start) = rest.find(is_letter) {
        let word = &rest[start..];
        let end = end_of_word(word);
        let (word, tail) = word.split_at(end);
        one(word, buffer, &mut found);
        rest = tail;
    }
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

/// Chinese, Japanese and Thai, among others, write words without blanks.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// `text` starts with a letter.
fn end_of_word(text: &str) -> usize {
    let mut chars = text.char_indices();
    if let Some((_, first)) = chars.next()
        && stands_alone(first)
    {
        return first.len_utf8();
    }
    chars.find(|&(_, c)| !is_letter(c) || stands_alone(c)).map_or(text.len(), |(at, _)| at)
}

fn one(word: &str, buffer: &mut String, found: &mut impl FnMut(&str)) {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return found(word);
    }
    lower(word, buffer);
    found(buffer);
    // `KongService`, `apiVersion`: each part that a capital starts behind a small letter.
    let bytes = word.as_bytes();
    let humps = (1..bytes.len()).filter(|&at| bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase());
    let mut start = 0;
    for hump in humps {
        lower(&word[start..hump], buffer);
        found(buffer);
        start = hump;
    }
    if start > 0 {
        lower(&word[start..], buffer);
        found(buffer);
    }
}

fn lower(word: &str, buffer: &mut String) {
    buffer.clear();
    if word.is_ascii() {
        buffer.push_str(word);
        buffer.make_ascii_lowercase();
    } else {
        buffer.push_str(&word.to_lowercase());
    }
}
