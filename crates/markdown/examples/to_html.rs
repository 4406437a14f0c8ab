//! Markdown to HTML: `cargo run -p carafe-markdown --example to_html -- [--commonmark] FILE.md`.
//!
//! The HTML goes to standard output, what is doubtful about the text to standard error.

use std::error::Error;

use carafe_markdown::{Dialect, HtmlOptions, NoServices, Options, html, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let commonmark = arguments.first().is_some_and(|first| first == "--commonmark");
    if commonmark {
        arguments.remove(0);
    }
    let path = arguments.first().ok_or("usage: to_html [--commonmark] FILE.md")?;
    let text = std::fs::read_to_string(path)?;
    let dialect = if commonmark { Dialect::CommonMark } else { Dialect::Kramdown };
    let document = parse(&text, &Options::new(dialect));
    for problem in &document.problems {
        let line = text.get(..problem.range.start as usize).map_or(1, |before| before.matches('\n').count() + 1);
        eprintln!("{path}:{line}: {} [{}]", problem.message, problem.code);
    }
    print!("{}", html(&document, &HtmlOptions::default(), &NoServices).body);
    Ok(())
}
