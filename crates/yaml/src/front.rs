//! Front matter: the YAML between two lines of `---` at the top of a file.

/// Where the YAML of a front matter and the body behind it lie in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontMatter {
    /// Start of the YAML.
    pub start: usize,
    /// End of the YAML.
    pub end: usize,
    /// Start of the body.
    pub body: usize,
}

/// Finds the front matter: a first line `---`, up to the next line `---` or `...` (Jekyll's rule: blanks may follow).
/// `None` when the text does not start with one, or it never ends.
pub fn front_matter(text: &str) -> Option<FrontMatter> {
    let first = text.find('\n')? + 1;
    if text[..first].trim_end() != "---" {
        return None;
    }
    let mut at = first;
    while at < text.len() {
        let next = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        if matches!(text[at..next].trim_end(), "---" | "...") {
            return Some(FrontMatter { start: first, end: at, body: next });
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_the_second_rule_and_needs_one() {
        assert_eq!(front_matter("---\na: 1\n---\nbody"), Some(FrontMatter { start: 4, end: 9, body: 13 }));
        assert_eq!(front_matter("---\n---\n"), Some(FrontMatter { start: 4, end: 4, body: 8 }));
        assert_eq!(front_matter("---\na: 1\n"), None);
        assert_eq!(front_matter("text\n---\n"), None);
    }
}
