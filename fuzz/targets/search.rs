//! HTML, taken apart for the search.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| carafe::fuzzing::search_document(html));
