//! HTML, taken apart for the search; and Markdown, whose text is collected for it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    carafe::fuzzing::search_document(text);
    carafe::fuzzing::search_text(text);
});
