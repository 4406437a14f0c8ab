//! What a cache holds.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| carafe::fuzzing::cache(payload));
