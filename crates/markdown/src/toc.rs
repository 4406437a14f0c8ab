//! The table of contents that takes the place of a list marked `{:toc}`.

/// A heading that the table of contents shows.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) level: u8,
    /// The heading's id, and the entry's own, as they stand in attributes.
    pub(super) id: String,
    pub(super) own: String,
    /// The heading's HTML without links and footnotes.
    pub(super) html: String,
}

/// The nested list of the entries behind the list's opening tag. A heading goes below the last one of a smaller level.
/// Entries that would make `out` longer than `most` are left out; returns whether there were any.
pub(super) fn write(out: &mut String, entries: &[Entry], name: &str, most: usize) -> bool {
    let mut is_cut = false;
    let mut open: Vec<u8> = Vec::new();
    for entry in entries {
        if out.len() > most {
            is_cut = true;
            break;
        }
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
        out.push_str(&entry.id);
        out.push_str("\" id=\"");
        out.push_str(&entry.own);
        out.push_str("\">");
        out.push_str(&entry.html);
        out.push_str("</a>");
        open.push(entry.level);
    }
    while open.pop().is_some() {
        close_item(out, name, open.len());
    }
    out.push_str(&format!("</{name}>\n"));
    is_cut
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
