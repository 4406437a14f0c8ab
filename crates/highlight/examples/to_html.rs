//! Highlights a file: `cargo run -p carafe-highlight --example to_html -- FILE [LANGUAGE]`.
//!
//! Without a language the file's ending is taken for one (`rs`, `py`, `yml`).

use std::error::Error;
use std::path::Path;

use carafe_highlight::{Highlighter, escape};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: to_html FILE [LANGUAGE]")?;
    let ending = Path::new(&path).extension().map(|ending| ending.to_string_lossy().into_owned());
    let language = arguments.next().or(ending).unwrap_or_default();
    let code = std::fs::read_to_string(&path)?;
    let highlighter = Highlighter::new();
    let html = highlighter.highlight(&code, &language).map_or_else(|| escape(&code), |html| html.to_string());
    println!("<div class=\"highlight\"><pre><code>{html}</code></pre></div>");
    Ok(())
}
