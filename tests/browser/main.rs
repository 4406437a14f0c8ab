//! Pages as readers meet them: built by the program, shown by a real browser, used by keyboard and mouse.
//!
//! One browser serves all tests, one after another; each test gets it fresh, and a web server with storage of its own. Every
//! test also fails when the console complains or when anything is asked of another host.
//!
//! They run when `CARAFE_BROWSER` is set, as `.ci/test` does once it has installed the browser; a plain `cargo test` says that
//! it leaves them out. Where they run and there is no browser, all of them fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/manual.rs"]
mod manual;
#[path = "../support/preview.rs"]
mod preview;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/web_server.rs"]
mod web_server;

mod accessibility;
mod code;
mod gallery;
mod layout;
mod missing;
mod navigation;
mod search;
mod serve;
mod sites;
mod tabs;
mod theme;
mod without;

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use browser::Browser;
use libtest_mimic::{Arguments, Failed, Trial};
use sites::Sites;

/// A test: its name and what it does.
type Test = (&'static str, fn(&Browser, &Sites));

/// Names tests after their functions.
#[macro_export]
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// The tests of this file.
        pub(crate) const TESTS: &[$crate::Test] = &[$((concat!(module_path!(), "::", stringify!($name)), $name)),*];
    };
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let all = [
        accessibility::TESTS,
        code::TESTS,
        gallery::TESTS,
        layout::TESTS,
        missing::TESTS,
        navigation::TESTS,
        search::TESTS,
        serve::TESTS,
        tabs::TESTS,
        theme::TESTS,
        without::TESTS,
    ];
    if std::env::var_os("CARAFE_BROWSER").is_none() {
        let count: usize = all.iter().map(|tests| tests.len()).sum();
        println!("\nleft out: {count} tests that need a browser; `bash .ci/test` installs one and runs them\n");
        return ExitCode::SUCCESS;
    }
    // The browser starts with the first test, so that listing them needs none.
    let shared: Arc<Mutex<Option<(Browser, Sites)>>> = Arc::default();
    let trial = |&(name, test): &Test| {
        let shared = shared.clone();
        let name = name.trim_start_matches("browser::");
        Trial::test(name, move || {
            let mut shared = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let (browser, sites) = shared.get_or_insert_with(|| (Browser::start(), Sites::default()));
            run(test, browser, sites)
        })
    };
    let trials = all.into_iter().flatten().map(trial).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
    conclusion.exit_code()
}

fn run(test: fn(&Browser, &Sites), browser: &Browser, sites: &Sites) -> Result<(), Failed> {
    browser.reset();
    test(browser, sites);
    let problems = browser.problems();
    if problems.is_empty() { Ok(()) } else { Err(format!("the browser complains:\n{}", problems.join("\n")).into()) }
}
