//! What the fuzz targets call of the generator's private parts; there only when they are compiled for fuzzing.

use std::sync::Arc;

use carafe_source::{Files, MemoryFiles};

use crate::profile::Profile;
use crate::world::{Options, World};
use crate::{cache, include_test, publish, search, world};

/// The world of a site in memory; none when its configuration is wrong.
fn world(files: &[(&str, &str)]) -> Option<World> {
    let files: Arc<dyn Files> = Arc::new(MemoryFiles::new(files.iter().copied()));
    world::prepare(&Options::default(), files, &mut Profile::default()).ok().map(|(world, _)| world)
}

/// Takes HTML apart for the search, and writes the index.
pub fn search_document(html: &str) {
    let document = search::document("Title", "/", html);
    search::files(&[&document]);
}

/// Builds a site of two pages with a cache of these bytes, behind a head that is believed.
pub fn cache(payload: &[u8]) {
    let files = MemoryFiles::new([("carafe.yml", "title: T\n"), ("content/index.md", "a\n"), ("content/b.md", "b\n")]);
    let options = Options { cache: true, ..Options::default() };
    let _ = publish::build_in_memory(Arc::new(files), &options, Some(&cache::seal(payload)));
}

/// Reads and runs a file of tests of an include.
pub fn test_file(text: &str) {
    let files = [
        ("carafe.yml", "title: T\n"),
        ("includes/a.md", "{{ include.a }} {{ page.b }} {{ site.c }}"),
        ("tests/includes/a.yml", text),
    ];
    if let Some(world) = world(&files) {
        let cases = include_test::cases(&world);
        include_test::run(&world, cases.cases);
    }
}

/// Reads an include with a contract of this text, and runs the examples that it holds.
pub fn contract(text: &str) {
    let include = format!("{{% doc %}}\n{text}\n{{% enddoc %}}\n{{{{ include.a }}}}");
    if let Some(world) = world(&[("carafe.yml", "title: T\n"), ("includes/a.md", &include)]) {
        let cases = include_test::cases(&world);
        include_test::run(&world, cases.cases);
    }
}
