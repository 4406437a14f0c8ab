//! What the fuzz targets call of the generator's private parts; there only when they are compiled for fuzzing.
//!
//! A [`Site`] is opened once and given many inputs, each as an edit of one of its files: opening it takes longer than most inputs.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use carafe_markdown::{Dialect, Habits, HtmlOptions};
use carafe_source::island::Island;
use carafe_source::{Files, Listing, MemoryFiles, ReadError};
use rustc_hash::FxHashMap;

use crate::session::Session;
use crate::world::Options;
use crate::{cache, include_test, search};

/// The file of tests that inputs take the place of.
const TESTS: &str = "tests/includes/a.yml";
/// The include that inputs take the place of.
const INCLUDE: &str = "includes/a.md";

/// Takes HTML apart for the search, and writes the index.
pub fn search_document(html: &str) {
    let document = search::document("Title", "/", search::Content { html, collected: None });
    let page = search::Placed { document: &document, trail: Vec::new(), group: "", description: "".into() };
    search::write(&[page], &[], &|_, _| ());
}

/// Has Markdown's writer collect a text for the search, which is the same as what its HTML is taken apart to.
pub fn search_text(markdown: &str) {
    let names = FxHashMap::default();
    for dialect in [Dialect::Kramdown, Dialect::CommonMark] {
        let mut options = carafe_markdown::Options::new(dialect);
        options.habits = Habits::all();
        let document = carafe_markdown::parse(markdown, &options);
        let html = carafe_markdown::html(&document, &HtmlOptions::default(), &Searched);
        let whole = search::Content { html: &html.body, collected: None };
        let collected = html.search.as_ref().map(|text| (text, &names));
        let collected = search::document("", "", search::Content { collected, ..whole });
        assert_eq!(collected, search::document("", "", whole), "{dialect:?} {}", html.body);
    }
}

/// Has the search find a document without islands.
struct Searched;

impl carafe_markdown::Services for Searched {
    fn highlight(&self, _: &mut String, _: &str, _: &str, _: bool) -> bool {
        false
    }

    fn island(&self, _: usize) -> Option<&Island> {
        None
    }

    fn is_searched(&self) -> bool {
        true
    }
}

/// A small site in memory, of which single files change.
pub struct Site {
    files: Arc<Edited>,
    session: Session,
}

/// Files, one of which holds what was written last.
#[derive(Debug)]
struct Edited {
    files: MemoryFiles,
    edit: Mutex<(&'static str, String)>,
}

impl Files for Edited {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let edit = self.edit.lock().unwrap_or_else(PoisonError::into_inner);
        if edit.0 == path { Ok(edit.1.clone().into_bytes()) } else { self.files.read_bytes(path) }
    }

    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.files.walk(folder, skip)
    }
}

impl Site {
    /// A site of two pages, an include and its tests; `None` when it cannot be opened.
    pub fn open() -> Option<Self> {
        let files = MemoryFiles::new([
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "a\n"),
            ("content/b.md", "{% include a.md a=1 %}\n"),
            (INCLUDE, "{{ include.a }} {{ page.b }} {{ site.c }}"),
            (TESTS, "include: a.md\ncases: []\n"),
        ]);
        let files = Arc::new(Edited { files, edit: Mutex::default() });
        let session = Session::open_files(files.clone(), &Options::default()).ok()?;
        Some(Self { files, session })
    }

    /// Writes a file, and forgets what was made of it before.
    fn edit(&mut self, path: &'static str, text: String) {
        *self.files.edit.lock().unwrap_or_else(PoisonError::into_inner) = (path, text);
        if let Ok(next) = self.session.update(&BTreeSet::from([path.to_owned()])) {
            self.session = next;
        }
    }

    /// Opens a cache of these bytes, behind a head that is believed and with the shape of this site, and takes what it holds.
    pub fn cache(&self, payload: &[u8]) {
        let (world, options) = (self.session.world(), self.session.options());
        let sealed = cache::seal(&[&cache::shape(world, options)[..], payload].concat());
        if let Ok(warm) = cache::open(&sealed, world, options) {
            world.site.entries.iter().for_each(|entry| drop(warm.take(world, entry)));
        }
    }

    /// Reads and runs a file of tests of an include.
    pub fn test_file(&mut self, text: &str) {
        self.edit(TESTS, text.to_owned());
        self.test();
    }

    /// Reads an include with a contract of this text, and runs the examples that it holds.
    pub fn contract(&mut self, text: &str) {
        self.edit(INCLUDE, format!("{{% doc %}}\n{text}\n{{% enddoc %}}\n{{{{ include.a }}}}"));
        self.test();
    }

    fn test(&self) {
        let cases = include_test::cases(self.session.world());
        include_test::run(self.session.world(), cases.cases);
    }
}
