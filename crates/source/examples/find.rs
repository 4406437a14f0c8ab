//! Prints the places of a word in a folder's files: `cargo run -p carafe-source --example find -- FOLDER WORD`.

use std::error::Error;

use carafe_source::{DiskFiles, Files, Sources, Span};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(word)) = (arguments.next(), arguments.next()) else {
        return Err("usage: find FOLDER WORD".into());
    };
    let (files, sources) = (DiskFiles::new(folder)?, Sources::default());
    for path in files.list("", &|_| false)? {
        // What is no text has no words.
        let Ok(text) = files.read(&path) else { continue };
        let file = sources.add(&path, text.clone());
        for (at, found) in text.match_indices(&word) {
            let span = Span::new(file, at, at + found.len());
            if let Some(source) = sources.get(span.file) {
                let place = source.position(span.start);
                println!("{}:{}:{}", source.path, place.line, place.column);
            }
        }
    }
    Ok(())
}
