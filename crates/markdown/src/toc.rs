//! The table of contents that takes the place of a list marked `{:toc}`.

use super::attributes::Attributes;
use super::html::escape;

/// A heading that the table of contents shows.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) level: u8,
    pub(super) id: String,
    /// The heading's HTML without links and footnotes.
    pub(super) html: String,
}

/// The nested list of the entries; empty when there are none. A heading goes below the last one of a smaller level.
pub(super) fn write(out: &mut String, entries: &[Entry], ordered: bool, attributes: &Attributes) {
    if entries.is_empty() {
        return;
    }
    let name = if ordered { "ol" } else { "ul" };
    let mut attributes = attributes.clone();
    if attributes.get("id").is_none() {
        attributes.set("id", "markdown-toc");
    }
    let prefix = attributes.get("id").unwrap_or_default().to_owned();
    out.push('<');
    out.push_str(name);
    escape::attributes(out, &attributes);
    out.push_str(">\n");
    let mut open: Vec<u8> = Vec::new();
    for entry in entries {
        let mut is_first_below = true;
        while open.last().is_some_and(|&last| last >= entry.level) {
            open.pop();
            close_item(out, name, open.len());
            is_first_below = false;
        }
        if is_first_below && !open.is_empty() {
            indent(out, 4 * open.len());
            out.push_str(&format!("<{name}>\n"));
        }
        indent(out, 2 + 4 * open.len());
        out.push_str("<li><a href=\"#");
        escape::attribute(out, &entry.id);
        out.push_str("\" id=\"");
        escape::attribute(out, &prefix);
        out.push('-');
        escape::attribute(out, &entry.id);
        out.push_str("\">");
        out.push_str(&entry.html);
        out.push_str("</a>");
        open.push(entry.level);
    }
    while open.pop().is_some() {
        close_item(out, name, open.len());
    }
    out.push_str(&format!("</{name}>\n"));
}

fn indent(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Closes an item below `depth` others, with the list inside it if there is one.
fn close_item(out: &mut String, name: &str, depth: usize) {
    if !out.ends_with("</a>") {
        indent(out, 4 * (depth + 1));
        out.push_str(&format!("</{name}>\n"));
        indent(out, 2 + 4 * depth);
    }
    out.push_str("</li>\n");
}
