//! `jekyll-relative-links`: links to source files, in Markdown, lead to their pages. It reads the text as lines and brackets, in code
//! as well, and so do we.

use std::borrow::Cow;

use carafe_liquid::{Value, convert};

use crate::content::matches_glob;
use crate::graph::{Read, Reads};
use crate::site::{Entry, decoded};

use super::super::World;
use super::{Plugin, SiteAlone, apply, is_markdown, option};

pub(super) const PLUGIN: Plugin =
    Plugin { on_github_pages: true, text: Some(rewrite), ..Plugin::new("jekyll-relative-links") };

/// How long the target of a link may be, title and all.
const LONGEST: usize = 4096;

fn rewrite<'t>(world: &World, entry: &Entry, reads: &Reads, text: Cow<'t, str>) -> Cow<'t, str> {
    let variables = &world.config.variables;
    let get = |key: &str| option(variables, &["relative_links", key]);
    let page = &entry.page;
    let collections = matches!(get("collections"), Some(Value::Bool(true)));
    let excluded = || {
        let patterns = get("exclude").map(|patterns| convert::items(&patterns)).unwrap_or_default();
        patterns.iter().any(|pattern| matches_glob(&convert::text(pattern), &page.path))
    };
    let off = matches!(get("enabled"), Some(Value::Bool(false)))
        || !(page.is_plain_page() || collections && entry.written)
        || entry.variant.release.is_some()
        || !is_markdown(&world.config, &page.path);
    if off || !text.contains("](") && !text.contains("]: ") || excluded() {
        return text;
    }
    let env = SiteAlone::new(&world.config);
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let address = |target: &str| -> Option<String> {
        if target.starts_with('#') || has_scheme(target) {
            return None;
        }
        let path = from_root(&decoded(&target.replace('+', " ")), folder)?;
        reads.record(Read::Page(path.as_str().into()));
        let url = match world.site.by_source(&path).filter(|entry| entry.written) {
            Some(entry) => entry.url.to_string(),
            None => format!("/{}", world.site.statics.iter().find(|file| *file.path == *path)?.output),
        };
        Some(convert::text(&apply(&env, "relative_url", &url.into(), &[])).into_owned())
    };
    match replaced(&text, &address) {
        Some(changed) => Cow::Owned(changed),
        None => text,
    }
}

/// Whether a target begins with a scheme.
fn has_scheme(target: &str) -> bool {
    let scheme = target.split([':', '/', '?', '#']).next().unwrap_or_default();
    target[scheme.len()..].starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// The path within the site that a target in a file of `folder` names; `None` when it lies outside.
fn from_root(target: &str, folder: &str) -> Option<String> {
    let (base, rest) = match target.strip_prefix('/') {
        Some(rest) => ("", rest),
        None => (folder, target),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(rest.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A link's target: where its path ends, and its fragment and title.
struct Target {
    path: usize,
    end: usize,
}

/// The text with the targets of its links and definitions replaced; `None` when none is.
fn replaced(text: &str, address: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    let last_close = text.rfind(')').unwrap_or(0);
    while at < text.len() {
        let line_start = at == 0 || text.as_bytes()[at - 1] == b'\n';
        let inline = (text.as_bytes()[at] == b'[').then(|| inline(text, at, last_close)).flatten();
        let (inside, target, is_definition) = match inline {
            Some((inside, target)) => (inside, target, false),
            None => match line_start.then(|| definition(text, at)).flatten() {
                Some((inside, target)) => (inside, target, true),
                None => {
                    at = next(text, at);
                    continue;
                }
            },
        };
        let end = if is_definition { line_end(text, target.end) } else { target.end + 1 };
        if let Some(url) = address(&text[inside..target.path]) {
            let out = out.get_or_insert_with(String::new);
            out.push_str(&text[copied..at]);
            let mut start = at;
            if is_definition {
                // The plugin puts one line end in place of all blanks; as many as there were keep the lines in their places.
                let blanks = text[at..].len() - text[at..].trim_start().len();
                let lines = text[at..at + blanks].matches('\n').count().max(1);
                out.push_str(&"\n".repeat(lines));
                start += blanks;
            }
            out.push_str(&text[start..inside]);
            out.push_str(&url);
            out.push_str(&text[target.path..target.end]);
            copied = if is_definition { end } else { target.end };
        }
        at = end.max(at + 1);
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// The next place where a link may begin.
fn next(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at + 1..];
    memchr::memchr2(b'[', b'\n', rest).map_or(text.len(), |len| match rest[len] {
        b'[' => at + 1 + len,
        _ => at + 2 + len,
    })
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |len| from + len)
}

/// `[text](path#fragment "title")` at `at`: where its path begins, and the target.
fn inline(text: &str, at: usize, last_close: usize) -> Option<(usize, Target)> {
    let end = line_end(text, at);
    let mut from = at + 1;
    loop {
        let bracket = from + text.get(from..end)?.find("](")?;
        let inside = bracket + 2;
        if inside > last_close {
            return None;
        }
        if text.as_bytes().get(inside) != Some(&b')')
            && let Some(target) = target(text, inside, &|rest| rest.starts_with(')'))
        {
            return Some((inside, target));
        }
        from = inside;
    }
}

/// `[name]: path#fragment "title"` on the line at `at` or behind blank ones.
fn definition(text: &str, at: usize) -> Option<(usize, Target)> {
    let start = at + text[at..].len() - text[at..].trim_start().len();
    if !text[start..].starts_with('[') {
        return None;
    }
    let line = &text[start..line_end(text, start)];
    let inside = start + line.find("]: ")? + 3;
    let ends = |rest: &str| rest.split('\n').next().unwrap_or_default().trim().is_empty();
    Some((inside, target(text, inside, &ends)?))
}

/// The target at `inside` that is followed by what `ends` it.
fn target(text: &str, inside: usize, ends: &dyn Fn(&str) -> bool) -> Option<Target> {
    let line = line_end(text, inside);
    for (offset, c) in text[inside..].char_indices().take(LONGEST) {
        let at = inside + offset;
        if offset > 0 {
            if ends(&text[at..]) {
                return Some(Target { path: at, end: at });
            }
            if c == '#' {
                let fragment =
                    text.get(at + 1..line)?.char_indices().skip(1).take(LONGEST).map(|(more, _)| at + 1 + more);
                let mut fragment = fragment.chain([line]);
                let found = fragment.find_map(|end| {
                    let end_of_title = if ends(&text[end..]) { Some(end) } else { title(text, end, ends) };
                    end_of_title.map(|end_of_title| Target { path: at, end: end_of_title })
                });
                if found.is_some() {
                    return found;
                }
            }
            if c.is_whitespace()
                && let Some(end) = title(text, at, ends)
            {
                return Some(Target { path: at, end });
            }
            if c == ')' && ends(")") {
                return None;
            }
        } else if c == '\n' {
            return None;
        }
        // The last line may have no end.
        let next = at + c.len_utf8();
        if next == text.len() && ends("") {
            return Some(Target { path: next, end: next });
        }
    }
    None
}

/// Where a title in quotes ends that stands behind blanks at `at` and before what `ends` the target.
fn title(text: &str, at: usize, ends: &dyn Fn(&str) -> bool) -> Option<usize> {
    let rest = text.get(at..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let quoted = rest[blanks..].strip_prefix('"').filter(|_| blanks > 0)?;
    let mut escaped = false;
    for (offset, c) in quoted.char_indices().take(LONGEST) {
        match c {
            '"' if !escaped => {
                let end = at + blanks + 1 + offset + 1;
                return ends(&text[end..]).then_some(end);
            }
            _ => escaped = c == '\\',
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> String {
        let known = |target: &str| target.strip_suffix(".md").map(|stem| format!("/{stem}/"));
        replaced(text, &known).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn links_and_definitions_lead_to_pages() {
        assert_eq!(links("[b](b.md) [b](b.md#x \"t\") [c](c.txt)"), "[b](/b/) [b](/b/#x \"t\") [c](c.txt)");
        assert_eq!(links("x\n\n[r]: b.md\n[s]: c.md#y 'z'\n"), "x\n\n[r]: /b/\n\n[s]: /c/#y 'z'\n");
        assert_eq!(links("[a [b](b.md)\n![c](d.md \"a) b\")"), "[a [b](/b/)\n![c](/d/ \"a) b\")");
        assert_eq!(links("[a]() [b](#c) `[c](d.md)`"), "[a]() [b](#c) `[c](/d/)`");
        assert_eq!(links("[a](b) [c](d.md) [e](\nf.md)"), "[a](b) [c](/d/) [e](\nf.md)");
        assert_eq!(
            links("[c](d.md# x) [e](f.md \"t\") [g](h.md \"t\"x)"),
            "[c](/d/# x) [e](/f/ \"t\") [g](h.md \"t\"x)"
        );
        assert_eq!(
            links("[r]: \n[s]: b.md x\n[t]: )\n[u]: c.md  \n\n\n  [v]: d.md"),
            "[r]: \n[s]: b.md x\n[t]: )\n\n[u]: /c/\n\n\n[v]: /d/"
        );
    }

    #[test]
    fn brackets_without_end_take_linear_time() {
        let text = "[](".repeat(100_000);
        assert_eq!(links(&text), text);
        let text = "[a]( \"".repeat(2_000) + ")";
        links(&text);
    }

    #[test]
    fn paths_count_from_their_file_and_never_lead_out() {
        assert_eq!(from_root("../b.md", "x/y").as_deref(), Some("x/b.md"));
        assert_eq!(from_root("/b.md", "x/y").as_deref(), Some("b.md"));
        assert_eq!(from_root("../../b.md", "x"), None);
    }
}
