//! YAML as libyaml accepts it, as a tree of values that keep their places.
//!
//! Start with [`read`]: a text, a [`Schema`] and [`Limits`] give a [`Document`], whose [`Node`]s know where they are
//! written, or the [`Problem`] that keeps them from being one, with its place and advice. [`events`] gives what is below:
//! the steps of all documents of a text.
//!
//! ```
//! use carafe_yaml::{Limits, Schema, read};
//!
//! let text = "title: Home\nreleases: [1.10, 1.9]\n";
//! let document = read(text, Schema::Native, &Limits::default())?;
//! let releases = document.root.get("releases").and_then(|node| node.as_sequence()).unwrap();
//! let first = releases.items()[0].as_scalar().unwrap();
//! // What it means is a number; how it was written is kept.
//! assert_eq!(&*first.text, "1.10");
//! let place = releases.items()[1].place;
//! assert_eq!(&text[place.start as usize..place.end as usize], "1.9");
//! # Ok::<(), Box<carafe_yaml::Problem>>(())
//! ```
//!
//! - What libyaml accepts is accepted, and what it refuses is refused, but that the depth and the size are bounded.
//! - What an alias stands for is shared, never copied. What a copy would take is counted all the same ([`Limits::bytes`]),
//!   so that whoever copies a tree has a bound.
//! - Of equal keys the last counts, with a warning. Merge keys (`<<`) are resolved.
//! - Comments are not kept.
//!
//! [`front_matter`] finds the YAML at the top of a page.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod builder;
mod cursor;
mod events;
mod front;
mod marks;
mod merge;
mod problem;
mod scalar;
mod scalars;
mod scanner;
mod schema;
mod token;
mod tree;

pub use events::{Event, Handler, Properties};
pub use front::{FrontMatter, front_matter};
pub use problem::{Place, Problem};
pub use scalar::{Date, Meaning, Scalar, Time, Zone};
pub use schema::Schema;
pub use token::Style;
pub use tree::{Document, Entry, Limits, Mapping, Node, Sequence, Value};

/// The first document of `text`; null for an empty text. Further documents are warned of by [`Schema::Native`].
///
/// # Errors
/// What keeps the text from being a document, or is over one of the limits.
pub fn read(text: &str, schema: Schema, limits: &Limits) -> Result<Document, Box<Problem>> {
    read_text(text, schema, limits).map_err(|problem| problem.of_characters(text))
}

fn read_text(text: &str, schema: Schema, limits: &Limits) -> Result<Document, Box<Problem>> {
    check_text(text, limits)?;
    let mut builder = builder::Builder::new(schema, *limits);
    let mut more = None;
    {
        let mut parser = events::Parser::new(text, limits.depth, &mut builder);
        if parser.document(true)? && schema == Schema::Native {
            more = parser.next_document()?;
        }
    }
    let builder::Builder { root, mut warnings, .. } = builder;
    if let Some(place) = more {
        let message = "only the first document of a file is read; another starts here";
        warnings.push(Problem::warning(message, place).help("remove the line of `---`, or what follows it"));
    }
    warnings.sort_by_key(|problem| problem.place.start);
    Ok(Document { root: root.unwrap_or_else(Node::null), schema, warnings })
}

/// [`read`] for bytes, which must be UTF-8.
///
/// # Errors
/// As [`read`]; bytes that are no UTF-8 are told, UTF-16 by its name.
pub fn read_bytes(bytes: &[u8], schema: Schema, limits: &Limits) -> Result<Document, Box<Problem>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, schema, limits),
        Err(error) => {
            let at = error.valid_up_to();
            let is_utf_16 = bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]);
            let message = if is_utf_16 { "the text is UTF-16" } else { "the text is not UTF-8" };
            Err(Box::new(Problem::error(message, Place::new(at, at + 1)).help("save it as UTF-8")))
        }
    }
}

/// Gives the events of all documents of `text` to `handler`, down to `limits.depth`.
///
/// # Errors
/// What is wrong with the text, or what the handler returns.
pub fn events<'t>(text: &'t str, limits: &Limits, handler: &mut impl Handler<'t>) -> Result<(), Box<Problem>> {
    check_text(text, limits)
        .and_then(|()| all_documents(text, limits, handler))
        .map_err(|problem| problem.of_characters(text))
}

fn all_documents<'t>(text: &'t str, limits: &Limits, handler: &mut impl Handler<'t>) -> Result<(), Box<Problem>> {
    let mut parser = events::Parser::new(text, limits.depth, handler);
    let mut first = true;
    while parser.document(first)? {
        first = false;
    }
    Ok(())
}

/// Texts hold no control characters, and are no longer than the limit.
fn check_text(text: &str, limits: &Limits) -> Result<(), Box<Problem>> {
    let limit = limits.text.min(u32::MAX as usize - 1);
    if text.len() > limit {
        return Err(Box::new(Problem::limit(format!("the text is longer than {limit} bytes"), Place::new(0, 1))));
    }
    let is_control = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7F;
    let at = match text.bytes().position(is_control) {
        Some(at) => Some(at),
        None if text.is_ascii() => None,
        None => {
            let wrong = |c: char| matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
            text.char_indices().find(|(_, c)| wrong(*c)).map(|(at, _)| at)
        }
    };
    let Some(at) = at else { return Ok(()) };
    let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    let place = Place::new(at, at + width);
    let zeros = text.bytes().take(64).filter(|byte| *byte == 0).count();
    Err(Box::new(if zeros > 8 {
        Problem::error("the text is UTF-16", place).help("save it as UTF-8")
    } else {
        Problem::error("a control character cannot stand here", place)
            .help("remove it, or write it as an escape in a text in `\"`")
    }))
}
