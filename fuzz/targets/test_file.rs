//! Files of tests of includes.
#![no_main]

use std::cell::RefCell;

use carafe::fuzzing::Site;
use libfuzzer_sys::fuzz_target;

// Opened anew from time to time: it remembers the names of what was tried.
const INPUTS: u32 = 20_000;

fuzz_target!(|text: &str| {
    thread_local!(static SITE: RefCell<(u32, Option<Site>)> = const { RefCell::new((0, None)) });
    SITE.with_borrow_mut(|(count, site)| {
        if *count % INPUTS == 0 {
            *site = Site::open();
        }
        *count += 1;
        if let Some(site) = site {
            site.test_file(text);
        }
    });
});
