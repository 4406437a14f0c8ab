//! Contracts of includes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| carafe::fuzzing::contract(text));
