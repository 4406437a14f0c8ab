//! Markdown in one dialect: no text makes it fail, and its problems lie in the text.
#![no_main]

use carafe_markdown::{Dialect, HtmlOptions, NoServices, Options, html, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let document = parse(text, &Options::new(Dialect::CommonMark));
    for problem in &document.problems {
        assert!(text.get(problem.range.start as usize..problem.range.end as usize).is_some(), "{problem:?}");
    }
    html(&document, &HtmlOptions::default(), &NoServices);
});
