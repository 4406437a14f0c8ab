//! The names of imported files.
//!
//! The compiler puts endings in the place of whatever stands behind the last point of a name, and looks for names with an ending beside the
//! importing file alone. So the points of such names are hidden from it ([`guarded`]), one character for another, and come
//! back when it asks for a path ([`path`]).

use std::borrow::Cow;
use std::path::{Component, Path};

use super::sheet::Syntax;

/// Stands for a point in the name of an imported file.
const POINT: char = '\u{e000}';

/// The path within the site's folder that the compiler asks for as `path`; `None` when it leads out of the folder, or is one
/// that no sheet has meant.
pub(super) fn path(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => _ = parts.pop()?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    let name = parts.pop()?;
    let named = if name.contains(POINT) { meant(name)? } else { name.to_owned() };
    parts.push(&named);
    Some(parts.join("/"))
}

/// The name of a file whose points were hidden, and to which the compiler has added an ending.
fn meant(name: &str) -> Option<String> {
    let (stem, added) = name.rsplit_once('.')?;
    let stem = stem.replace(POINT, ".");
    match stem.rsplit_once('.') {
        // The sheet says the ending itself.
        Some((_, said @ ("scss" | "sass"))) => (said == added).then(|| stem.clone()),
        _ => Some(format!("{stem}.{added}")),
    }
}

/// `text` with the points hidden in the names of files that it imports. Each character stays where it is.
pub(super) fn guarded(text: &str, syntax: Syntax) -> Cow<'_, str> {
    let mut hidden: Vec<usize> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        at += match byte {
            b'/' if rest.starts_with(b"//") => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => {
                memchr::memmem::find(rest.get(2..).unwrap_or_default(), b"*/").map_or(rest.len(), |end| end + 4)
            }
            b'"' | b'\'' => quoted(rest),
            b'@' if rest.starts_with(b"@import") => {
                let end = statement(rest, syntax);
                let names = text.get(at + 7..at + end).unwrap_or_default();
                hide(names, at + 7, syntax, &mut hidden);
                end
            }
            _ => 1,
        };
    }
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 2 * hidden.len());
    let mut done = 0;
    for point in hidden {
        out.push_str(text.get(done..point).unwrap_or_default());
        out.push(POINT);
        done = point + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// The length of the quoted text at the beginning, which ends with its line at the latest.
fn quoted(text: &[u8]) -> usize {
    let Some(&quote) = text.first() else { return 0 };
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        at += match byte {
            b'\\' => 2,
            b'\n' => return at,
            byte if byte == quote => return at + 1,
            _ => 1,
        };
    }
    text.len()
}

/// The length of the statement at the beginning.
fn statement(text: &[u8], syntax: Syntax) -> usize {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' | b'\'' => at += quoted(text.get(at..).unwrap_or_default()),
            b';' | b'}' => return at,
            b'\n' if syntax == Syntax::Indented => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// Adds the points to be hidden in the `names` of an import, which stand at `start`.
fn hide(names: &str, start: usize, syntax: Syntax, hidden: &mut Vec<usize>) {
    let mut at = 0;
    for part in split(names) {
        let from = at;
        at += part.len() + 1;
        let lead = part.len() - part.trim_start().len();
        let name = part.trim();
        let inner = name.strip_prefix(['"', '\'']).and_then(|name| name.strip_suffix(['"', '\'']));
        let (name, quote) = match (inner, syntax) {
            (Some(inner), _) => (inner, 1),
            // Names need no quotes there.
            (None, Syntax::Indented) if !name.contains(['(', ' ', '"', '\'']) => (name, 0),
            (None, _) => continue,
        };
        // These are CSS's own imports.
        if name.ends_with(".css") || ["http://", "https://", "//"].iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let file = name.rfind('/').map_or(0, |slash| slash + 1);
        let points = name.get(file..).unwrap_or_default();
        if points.bytes().any(|byte| byte != b'.') {
            let place = start + from + lead + quote + file;
            hidden.extend(points.match_indices('.').map(|(point, _)| place + point));
        }
    }
}

/// The parts between commas that do not stand in quotes.
fn split(names: &str) -> Vec<&str> {
    let bytes = names.as_bytes();
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at += quoted(bytes.get(at..).unwrap_or_default()).max(1),
            b',' => {
                parts.extend(names.get(from..at));
                at += 1;
                from = at;
            }
            _ => at += 1,
        }
    }
    parts.extend(names.get(from..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_hidden_in_names_of_files_alone() {
        let scss = |text: &str| guarded(text, Syntax::Scss).replace(POINT, "^");
        assert_eq!(
            scss("@import \"a/b.c.scss\", 'd' , 'e.f';\nx{y: 'a.b'}"),
            "@import \"a/b^c^scss\", 'd' , 'e^f';\nx{y: 'a.b'}"
        );
        let same = [
            "// @import 'a.b'",
            "/* @import 'a.b'; */",
            "@import url(a.b), 'x.css', \"//a.b/c.d\";",
            "a{b:'@import \"c.d\"'}",
            "@import '../..'",
        ];
        for text in same {
            assert_eq!(scss(text), text);
        }
        assert_eq!(guarded("@import a.b, c\n.d", Syntax::Indented).replace(POINT, "^"), "@import a^b, c\n.d");
        for broken in ["@import", "@import 'a.b", "'\\", "@import \"a\n.b\"", "/*", "@import ''"] {
            scss(broken);
        }
    }

    #[test]
    fn what_the_compiler_asks_for_is_what_the_sheet_means() {
        let asked = |name: &str| path(Path::new(&name.replace('^', &POINT.to_string())));
        assert_eq!(asked("_sass/../a/./_b.scss").as_deref(), Some("a/_b.scss"));
        assert_eq!(asked("_sass/b^min.scss").as_deref(), Some("_sass/b.min.scss"));
        assert_eq!(asked("_sass/b^scss.scss").as_deref(), Some("_sass/b.scss"));
        assert_eq!([asked("b^scss.sass"), asked("../a.scss"), asked("/etc/a.scss")], [const { None }; 3]);
    }
}
