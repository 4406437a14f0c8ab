//! Markdown, parse and HTML of one page whose Liquid has been expanded: `cargo bench --bench markdown`.

mod expand;
#[path = "gen/mod.rs"]
mod site;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use carafe_markdown::{Dialect, HtmlOptions, NoServices, Options, html, parse};

const PAGES: usize = 50;

fn main() {
    divan::main();
}

fn pages() -> Vec<String> {
    let options = site::Options { pages: PAGES, ..Default::default() };
    let shared = expand::Shared::new(options.depth);
    site::pages(options, site::Spelling::Untagged).map(|page| shared.expand(&page.body.into())).collect()
}

/// Fifty pages, without highlighting, in each dialect.
#[divan::bench(args = ["kramdown", "commonmark"])]
fn carafe(bencher: Bencher<'_, '_>, dialect: &str) {
    let pages = pages();
    let dialect = if dialect == "kramdown" { Dialect::Kramdown } else { Dialect::CommonMark };
    let mut options = Options::default();
    options.dialect = dialect;
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(PAGES)).counter(BytesCount::new(bytes)).bench(|| {
        let written =
            pages.iter().map(|page| html(&parse(page, &options), &HtmlOptions::default(), &NoServices).body.len());
        written.sum::<usize>()
    });
}

/// The least that any reader of Markdown does: pulldown-cmark's events, counted.
#[divan::bench]
fn pulldown_cmark_events(bencher: Bencher<'_, '_>) {
    let pages = pages();
    let bytes: usize = pages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(PAGES)).counter(BytesCount::new(bytes)).bench(|| {
        pages
            .iter()
            .map(|page| pulldown_cmark::Parser::new_ext(page, pulldown_cmark::Options::all()).count())
            .sum::<usize>()
    });
}
