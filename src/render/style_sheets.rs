//! Style sheets of a site: compiled with its load paths, each file that one asks for recorded as read.

use std::sync::Arc;

use carafe_source::{Files, Places, Span};

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Read, Reads};
use crate::sass::{self, Compiled, Imports, Level, Message, Syntax};
use crate::world::World;

/// The files of a site, for one page.
struct SiteFiles<'w> {
    files: &'w dyn Files,
    reads: &'w Reads,
}

impl Imports for SiteFiles<'_> {
    fn read(&self, path: &str) -> Option<Arc<str>> {
        let text = self.files.read(path).ok();
        let path = Arc::from(path);
        self.reads.record(if text.is_some() { Read::File(path) } else { Read::Missing(path) });
        text
    }
}

/// The CSS of a sheet of the site, for the page whose reads these are.
pub(super) fn compile(world: &World, text: &str, indented: bool, reads: &Reads) -> Compiled {
    let options = sass::Options {
        syntax: if indented { Syntax::Indented } else { Syntax::Scss },
        compressed: world.config.sass.compressed,
        load_paths: &world.sass_paths,
    };
    sass::compile(text, options, &SiteFiles { files: &*world.files, reads })
}

/// What was found in a sheet, told where `places` says that its text was written.
pub(super) fn diagnostic(world: &World, message: &Message, places: Places<'_>) -> Diagnostic {
    let mut diagnostic = told(message);
    match &message.file {
        Some((path, text)) => {
            let file = world.sources.add(path, text.clone());
            diagnostic.at(Span::new(file, message.range.start, message.range.end))
        }
        None => {
            if let Some(place) = places.locate(message.range.start, message.range.end) {
                diagnostic = diagnostic.at(place.span).through(place.calls);
            }
            diagnostic
        }
    }
}

fn told(message: &Message) -> Diagnostic {
    let text = message.text.trim_end_matches('.');
    match message.level {
        Level::Error => Diagnostic::error("style-sheet", format!("the style sheet does not compile: {text}")),
        Level::Warning => Diagnostic::warning("style-sheet-warning", format!("the style sheet warns: {text}")),
        Level::Debug => Diagnostic::new("style-sheet-warning", Severity::Note, format!("the style sheet says: {text}")),
    }
}
