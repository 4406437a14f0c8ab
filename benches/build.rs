//! A whole cold build, from the disk to the disk: `cargo bench --bench build`. Run it with TMPDIR on a tmpfs.
#![allow(clippy::unwrap_used)]

#[path = "gen/mod.rs"]
mod site;

use carafe::publish::build;
use carafe::world::Options;
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// A site of this many pages into a destination that does not exist yet.
#[divan::bench(args = [100, 1000], sample_count = 5, sample_size = 1)]
fn cold(bencher: Bencher<'_, '_>, pages: usize) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    site::write(&source, site::Options { pages, ..Default::default() }).unwrap();
    let mut number = 0;
    let destinations = || {
        number += 1;
        folder.path().join(format!("site-{number}"))
    };
    bencher.counter(ItemsCount::new(pages)).with_inputs(destinations).bench_local_values(|destination| {
        let options = Options { source: source.clone(), destination: Some(destination), ..Options::default() };
        let report = build(&options).unwrap();
        assert!(report.published && report.pages >= pages, "{:?}", report.findings);
    });
}
