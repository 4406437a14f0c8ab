//! Code in every language: its text comes out unchanged.
#![no_main]

use std::sync::OnceLock;

use carafe_highlight::{Highlighter, languages};
use libfuzzer_sys::fuzz_target;

/// The text of highlighted HTML.
fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (at, part) in html.split('<').enumerate() {
        text.push_str(if at == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fuzz_target!(|input: (u8, &str)| {
    static LANGUAGES: OnceLock<Vec<&str>> = OnceLock::new();
    let languages = LANGUAGES.get_or_init(|| languages().collect());
    let (number, code) = input;
    // A highlighter of its own: one that remembers every input would look like a leak.
    static SYNTAXES: OnceLock<Highlighter> = OnceLock::new();
    let highlighter = SYNTAXES.get_or_init(Highlighter::new);
    if let Some(html) = highlighter.highlight(code, languages[number as usize % languages.len()]) {
        assert_eq!(text(&html), code);
    }
});
