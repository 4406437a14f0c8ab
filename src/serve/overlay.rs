//! What is wrong with a page, as HTML for the panel that the script in it shows.

use std::collections::BTreeSet;

use carafe_source::Sources;
use percent_encoding::utf8_percent_encode;

use crate::diagnostic::Finding;
use crate::diagnostic::render::{self, Format};
use crate::diagnostic::{Counts, fold};
use crate::markup;
use crate::session::Session;
use crate::site::PATH;

use super::gallery;

/// How many includes a panel leads to.
const INCLUDES: usize = 8;

/// The findings of a page, with links to the includes that they are in; empty when there are none.
pub(super) fn page(session: &Session, findings: Vec<Finding>) -> String {
    let includes = includes(session, &findings);
    panel(session.sources(), findings, "", &includes)
}

/// What leads to the pages of the gallery about the site's includes in which something was found, or through which it was.
fn includes(session: &Session, findings: &[Finding]) -> String {
    let config = &session.world().config;
    let folder = config.content.folders.includes.trim_end_matches('/');
    let spans = findings.iter().flat_map(|(_, found)| found.span.iter().chain(&found.trace));
    let files = spans.filter_map(|span| session.sources().get(span.file));
    let name = |path: &str| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        // Templates of tags are no includes.
        (!name.starts_with("tags/") && !name.starts_with("filters/")).then(|| name.to_owned())
    };
    let names: BTreeSet<String> = files.filter_map(|file| name(&file.path)).collect();
    let link = |name: &String| {
        let path = utf8_percent_encode(name, &PATH);
        let base = config.site.baseurl.trim_end_matches('/');
        let address = markup::escape(&format!("{base}/{}includes/{path}/", gallery::FOLDER));
        format!("<a href=\"{address}\">{}</a>", escape(name))
    };
    let links: Vec<String> = names.iter().take(INCLUDES).map(link).collect();
    if links.is_empty() { String::new() } else { format!("<p>In the gallery: {}</p>", links.join(", ")) }
}

/// What is wrong with the configuration.
pub(super) fn config(sources: &Sources, findings: Vec<Finding>) -> String {
    panel(sources, findings, "The configuration is broken; this is the site as it was before. ", "")
}

fn panel(sources: &Sources, findings: Vec<Finding>, lead: &str, below: &str) -> String {
    let folded = fold(sources, findings);
    let counts = Counts::of(&folded);
    if folded.is_empty() {
        return String::new();
    }
    let options = render::Options { format: Format::Human, colour: false, prefix: "" };
    let text = escape(&render::render(&folded, sources, options));
    // Errors are shown at once; warnings wait behind one line.
    let open = if counts.errors > 0 { " open" } else { "" };
    format!(
        "<details{open}><summary>{lead}{}</summary><pre>{}</pre>{below}</details>",
        escape(&counts.to_string()),
        text
    )
}

fn escape(text: &str) -> String {
    // Events are made of lines, and none of their parts may hold a carriage return.
    markup::escape(&text.replace('\r', ""))
}
