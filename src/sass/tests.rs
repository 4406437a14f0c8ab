use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::*;

/// Files in memory, and what was asked for.
#[derive(Default)]
struct Memory {
    files: BTreeMap<&'static str, &'static str>,
    asked: Mutex<Vec<String>>,
}

impl Imports for Memory {
    fn read(&self, path: &str) -> Option<Arc<str>> {
        self.asked.lock().unwrap().push(path.to_owned());
        self.files.get(path).map(|text| Arc::from(*text))
    }
}

fn with<const N: usize>(files: [(&'static str, &'static str); N]) -> Memory {
    Memory { files: BTreeMap::from(files), ..Memory::default() }
}

fn scss(text: &str, files: &Memory) -> Compiled {
    let load_paths = ["vendor".to_owned(), "_sass".to_owned()];
    let options = Options { syntax: Syntax::Scss, compressed: true, load_paths: &load_paths };
    compile(text, options, files)
}

#[test]
fn imports_are_found_beside_the_importing_file_and_in_the_load_paths() {
    let files = with([
        ("_sass/_a.scss", "@import 'sub/b';"),
        ("_sass/sub/_b.scss", "@import 'c';"),
        ("_sass/sub/c.scss", "c{d:e}"),
        ("vendor/n.min.scss", "n{d:e}"),
        ("_sass/_y.scss", "y{d:e}"),
        ("_sass/i.sass", "i\n  d: e\n"),
    ]);
    let compiled = scss("@import 'a', 'n.min'; @import \"y.scss\"; @import 'i'; @import 'b.css';", &files);
    assert_eq!(compiled.found, []);
    assert_eq!(compiled.css, "@import 'b.css';c{d:e}n{d:e}y{d:e}i{d:e}");
    // What would have taken a file's place was asked for as well.
    assert!(files.asked.lock().unwrap().contains(&"vendor/_a.scss".to_owned()));
}

#[test]
fn a_sheet_does_not_import_itself_by_its_own_name() {
    let files = with([("_sass/main.scss", "a{b:c}")]);
    assert_eq!(scss("@import 'main';", &files).css, "a{b:c}");
}

#[test]
fn errors_have_their_place_in_the_file_that_is_wrong() {
    let compiled = scss("a { b: c }\n.ä { color: $no; }", &with([]));
    let message = &compiled.found[0];
    assert_eq!((message.level, &*compiled.css, message.file.is_none()), (Level::Error, "", true));
    assert_eq!(&"a { b: c }\n.ä { color: $no; }"[message.range.clone()], "$no");
    let compiled = scss("@import 'p';", &with([("_sass/_p.scss", "x { y: 1px + 1s }")]));
    let (path, text) = compiled.found[0].file.clone().unwrap();
    assert_eq!((&*path, &text[compiled.found[0].range.clone()]), ("_sass/_p.scss", "1px + 1s"));
    assert!(scss("@import 'nowhere';", &with([])).found[0].text.contains("find"));
}

#[test]
fn what_a_sheet_says_is_told_once_and_bounded() {
    let compiled = scss("@warn 'old'; @debug 1; a{b:c}", &with([]));
    assert_eq!(compiled.css, "a{b:c}");
    let told: Vec<_> = compiled.found.iter().map(|message| (message.level, &*message.text)).collect();
    assert_eq!(told, [(Level::Warning, "old"), (Level::Debug, "1")]);
    assert_eq!(scss("@for $i from 1 through 500 { @debug $i; }", &with([])).found.len(), compiler::MESSAGES);
}

#[test]
fn a_compiler_that_gives_up_is_an_error() {
    let compiled = scss("@-moz-document url-prefix() { a { b: c } }", &with([]));
    assert!(compiled.css.contains('a') || compiled.found.iter().any(|message| message.level == Level::Error));
}
