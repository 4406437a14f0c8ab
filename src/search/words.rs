//! Text to words. The script in `static/assets/search.js` splits what a reader types by the same rules; change both.
//!
//! A word is a run of letters and digits, in lower case and without accents: `naïve` is `naive`, `Größe` is `grosse`. Of a name such as `KongService` the parts are words too, and `C#` and `C++` are words beside their letters. Scripts
//! without blanks between words give each pair of neighbours, so that their order counts, and the last character of a run; of Korean words,
//! which others are joined to, the pairs within are words too.

use unicode_normalization::UnicodeNormalization;

/// What a byte is; several are told at once by the bits of each.
const BLANK: u8 = 0;
const SMALL: u8 = 1;
const CAPITAL: u8 = 2;
const FOREIGN: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [BLANK; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            128.. => FOREIGN,
            _ => BLANK,
        };
        byte += 1;
    }
    classes
};

/// Calls `found` with every word. `buffer` is room to work in.
pub(super) fn each(text: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    // All of a site's text comes through here, so it is looked at byte by byte and once.
    let class = |at: usize| text.as_bytes().get(at).map_or(BLANK, |&byte| CLASSES[usize::from(byte)]);
    let mut at = 0;
    while at < text.len() {
        let (start, mut seen) = (at, BLANK);
        while class(at) != BLANK {
            seen |= class(at);
            at += 1;
        }
        let run = &text[start..at];
        if seen != BLANK && seen & FOREIGN == 0 {
            let signs = signs(&text[at..]);
            if signs > 0 {
                lower(&text[start..at + signs], buffer);
                found(buffer);
            }
        }
        match seen {
            BLANK => at += 1,
            SMALL => found(run),
            seen if seen & FOREIGN == 0 => one(run, buffer, &mut found),
            _ => foreign(run, buffer, &mut found),
        }
    }
}

/// The length of the signs at the start that belong to a name: `#` as in `C#`, `++` as in `C++`. They stand alone.
fn signs(behind: &str) -> usize {
    let len = behind.bytes().take_while(|byte| matches!(byte, b'#' | b'+')).count();
    let ends = !behind[len..].starts_with(is_letter);
    if ends && matches!(&behind[..len], "#" | "++") { len } else { 0 }
}

/// The words of a run that holds more than ASCII.
fn foreign(run: &str, buffer: &mut String, found: &mut impl FnMut(&str)) {
    let folded = fold(run);
    let mut rest = folded.as_str();
    while let Some(start) = rest.find(is_letter) {
        let word = &rest[start..];
        let (word, tail) = word.split_at(end_of_word(word));
        if word.starts_with(stands_alone) {
            pairs(word, found);
            word.char_indices().next_back().into_iter().for_each(|(at, _)| found(&word[at..]));
        } else {
            one(word, buffer, found);
            if word.starts_with(is_hangul) {
                let second = word.chars().next().map_or(0, char::len_utf8);
                pairs(&word[second..], found);
            }
        }
        rest = tail;
    }
}

/// The text with letters in their plainest form: ligatures and wide letters taken apart, accents and vowel points taken away. What
/// other marks belong to stays one character with them.
fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_accent(*c)) {
        match plain_letter(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    plain.nfc().collect()
}

/// Marks that people leave out when they type: those of Latin, Greek and Cyrillic letters, the points of Hebrew and Arabic.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}'
        | '\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters that Unicode does not take apart.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'þ' => "th",
        'Þ' => "TH",
        'ø' => "o",
        'Ø' => "O",
        'đ' => "d",
        'Đ' => "D",
        'ð' => "d",
        'Ð' => "D",
        'ħ' => "h",
        'Ħ' => "H",
        'ł' => "l",
        'Ł' => "L",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

/// Chinese, Japanese and Thai, among others, write words without blanks.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// `text` starts with a letter.
fn end_of_word(text: &str) -> usize {
    let alone = text.starts_with(stands_alone);
    text.find(|c| !is_letter(c) || stands_alone(c) != alone).unwrap_or(text.len())
}

/// Each two characters that follow each other.
fn pairs(word: &str, found: &mut impl FnMut(&str)) {
    let ends = word.char_indices().skip(1).map(|(at, c)| at + c.len_utf8());
    for ((start, _), end) in word.char_indices().zip(ends) {
        found(&word[start..end]);
    }
}

fn one(word: &str, buffer: &mut String, found: &mut impl FnMut(&str)) {
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
        // Letter by letter: the place in a word does not count.
        buffer.extend(word.chars().flat_map(char::to_lowercase));
    }
}
