//! Liquid, parse and render of one page, beside the `liquid` crate: `cargo bench --bench liquid`.
//!
//! Includes are parsed once, before the clock starts, on both sides. The pages say the same; only the way an include's
//! parameters are written differs.
#![allow(clippy::unwrap_used)]

mod expand;
#[path = "gen/mod.rs"]
mod site;

use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use liquid::partials::{EagerCompiler, InMemorySource};

const PAGES: usize = 50;

fn main() {
    divan::main();
}

fn bodies(spelling: site::Spelling) -> Vec<Arc<str>> {
    let options = site::Options { pages: PAGES, ..Default::default() };
    site::pages(options, spelling).map(|page| page.body.into()).collect()
}

/// Fifty pages through Carafe's engine.
#[divan::bench]
fn carafe(bencher: Bencher<'_, '_>) {
    let shared = expand::Shared::new(site::Options::default().depth);
    let pages = bodies(site::Spelling::Untagged);
    bencher.counter(ItemsCount::new(PAGES)).bench(|| pages.iter().map(|page| shared.expand(page).len()).sum::<usize>());
}

/// The same fifty pages through the crate `liquid`.
#[divan::bench]
fn liquid_crate(bencher: Bencher<'_, '_>) {
    let mut partials = EagerCompiler::<InMemorySource>::empty();
    for (name, text) in site::includes(site::Options::default().depth, site::Spelling::LiquidCrate) {
        partials.add(name, text);
    }
    let parser = liquid::ParserBuilder::with_stdlib().partials(partials).build().unwrap();
    let mut variables = liquid::Object::new();
    for (name, value) in site::VARIABLES {
        variables.insert(name.into(), liquid::model::Value::scalar(value));
    }
    let globals = liquid::object!({ "site": variables });
    let pages = bodies(site::Spelling::LiquidCrate);
    bencher
        .counter(ItemsCount::new(PAGES))
        .bench(|| pages.iter().map(|page| parser.parse(page).unwrap().render(&globals).unwrap().len()).sum::<usize>());
}
