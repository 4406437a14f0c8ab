//! Which paths of a site's folder lie below which, and which a pattern matches.

/// The rest of a path that lies within a folder; all of it where the folder is the whole site's.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Whether a pattern matches a path or one of the folders above it. `*` stands for any characters but `/`, `**` for any,
/// `?` for one; a pattern without `/` matches at the top.
pub(crate) fn matches_glob(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if pattern.is_empty() {
        return false;
    }
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let mut ends = ends;
    ends.any(|end| glob(pattern.as_bytes(), &path.as_bytes()[..end]))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    // Iterative matching with two points to return to, the last `*` and the last `**`: never exponential.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut deep: Option<(usize, usize)> = None;
    loop {
        match pattern.get(p) {
            Some(b'*') if pattern.get(p + 1) == Some(&b'*') => {
                // `**/` also stands for no folder at all.
                p += if pattern.get(p + 2) == Some(&b'/') { 3 } else { 2 };
                (deep, star) = (Some((p, t)), None);
                continue;
            }
            Some(b'*') => {
                p += 1;
                star = Some((p, t));
                continue;
            }
            Some(&byte) if t < text.len() && (byte == text[t] || (byte == b'?' && text[t] != b'/')) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            None if t == text.len() => return true,
            _ => {}
        }
        match (star, deep) {
            (Some((behind, from)), _) if from < text.len() && text[from] != b'/' => {
                star = Some((behind, from + 1));
                (p, t) = (behind, from + 1);
            }
            (_, Some((behind, from))) if from < text.len() => {
                deep = Some((behind, from + 1));
                star = None;
                (p, t) = (behind, from + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_folders_above_and_stop_at_slashes() {
        assert!(matches_glob("vendor", "vendor/a/b.md"));
        assert!(matches_glob("*.md", "a.md"));
        assert!(!matches_glob("*.md", "a/b.md"));
        assert!(matches_glob("**/x.md", "a/b/x.md"));
        assert!(matches_glob("docs/*/old", "docs/a/old/x.md"));
        assert!(!matches_glob("docs/*/old", "docs/a/b/old/x.md"));
        assert!(matches_glob("**/*.tmp", "content/a/x.tmp") && matches_glob("**/*.tmp", "x.tmp"));
        assert!(matches_glob("content/**/*.tmp", "content/x.tmp") && !matches_glob("content/**/*.tmp", "x.tmp"));
        assert!(matches_glob("docs_nav_*", "docs_nav_1.2.x") && !matches_glob("a?c", "a/c"));
        assert!(!matches_glob(&"*a".repeat(40), &"a".repeat(39)));
    }
}
