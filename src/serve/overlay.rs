//! What is wrong with a page, as HTML for the panel that the script in it shows.

use carafe_source::Sources;

use crate::diagnostic::Finding;
use crate::diagnostic::render::{self, Format};
use crate::diagnostic::{Counts, fold};
use crate::markup;

/// The findings of a page; empty when there are none.
pub(super) fn page(sources: &Sources, findings: Vec<Finding>) -> String {
    panel(sources, findings, "")
}

/// What is wrong with the configuration.
pub(super) fn config(sources: &Sources, findings: Vec<Finding>) -> String {
    panel(sources, findings, "The configuration is broken; this is the site as it was before. ")
}

fn panel(sources: &Sources, findings: Vec<Finding>, lead: &str) -> String {
    let folded = fold(sources, findings);
    let counts = Counts::of(&folded);
    if folded.is_empty() {
        return String::new();
    }
    let options = render::Options { format: Format::Human, colour: false, prefix: "" };
    let text = escape(&render::render(&folded, sources, options));
    // Errors are shown at once; warnings wait behind one line.
    let open = if counts.errors > 0 { " open" } else { "" };
    format!("<details{open}><summary>{lead}{}</summary><pre>{}</pre></details>", escape(&counts.to_string()), text)
}

fn escape(text: &str) -> String {
    // Events are made of lines, and none of their parts may hold a carriage return.
    markup::escape(&text.replace('\r', ""))
}
