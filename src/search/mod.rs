//! The index that the theme's search reads in the browser.
//!
//! Steps: [`document`] takes a page's content apart into headings, tabs and accordions and their texts (`html`), most of which Markdown's
//! writer has collected as text; [`write`] splits
//! the texts into words (`words`), collects where each word stands (`index`) and writes it all as JSON in small files, so
//! that a reader loads little: `index.json` says which words are in which `wN.json`, and which pages in which `pN.json`;
//! `words.json` holds the words that a mistyped one may stand for.
//!
//! Releases have an index each, so that a search on a release's page finds that release. Everything is found: no word is left
//! out for being frequent, and a word is found by its beginning. This module does not know configuration, templates or disk.

mod document;
mod html;
mod index;
mod place;
mod vocabulary;
mod words;

pub(crate) use document::{Content, Document, Other, Placed};

/// A page's text, from its content. Text in scripts, styles and templates is none; tabs and accordions are open.
pub(crate) fn document(title: &str, url: &str, content: Content<'_>) -> Document {
    Document { title: title.to_owned(), url: url.to_owned(), sections: html::sections(content) }
}

/// Gives `put` the files of an index by name, one after the other from two threads; the index leads to `others`. The same pages in the same
/// order give the same bytes.
pub(crate) fn write(pages: &[Placed<'_>], others: &[Other], put: &(dyn Fn(&str, Vec<u8>) + Sync)) {
    index::write(pages, others, put);
}

#[cfg(test)]
mod tests;
