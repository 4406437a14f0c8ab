//! Ids of headings: GitHub's rule at top level, kramdown's own inside HTML. They count repeats apart, as kramdown does.

use rustc_hash::FxHashMap;

/// The ids given so far.
#[derive(Debug, Default)]
pub(super) struct Ids {
    github: FxHashMap<String, usize>,
    classic: FxHashMap<String, usize>,
    /// Alike ids stay: whoever writes them numbers them.
    is_plain: bool,
}

/// The id for a text that no number makes unique yet.
fn counted(id: String, seen: &mut FxHashMap<String, usize>) -> String {
    match seen.get_mut(&id) {
        Some(count) => {
            *count += 1;
            format!("{id}-{count}")
        }
        None => {
            seen.insert(id.clone(), 0);
            id
        }
    }
}

/// Numbers that are no digits, such as `²` and `½`.
fn is_other_number(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{2089}' | '\u{2150}'..='\u{215f}' | '\u{2460}'..='\u{249b}'
        | '\u{24ea}'..='\u{24ff}' | '\u{2776}'..='\u{2793}')
}

/// Marks that combine with the character before them; variation selectors among them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}'..='\u{309a}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// A word character of any script: letters, marks, digits and joining punctuation.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_other_number(c) || matches!(c, '_' | '\u{203f}' | '\u{2040}' | '\u{2054}') || is_mark(c)
}

/// kramdown's classic id of a text, perhaps empty.
pub(super) fn classic_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let line = line.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        id.extend(line.chars().filter_map(|c| match c {
            'a'..='z' | '0'..='9' | '-' => Some(c),
            'A'..='Z' => Some(c.to_ascii_lowercase()),
            ' ' => Some('-'),
            _ => None,
        }));
    }
    id
}

impl Ids {
    /// No ids yet; `plain` ones get no numbers.
    pub(super) fn new(plain: bool) -> Self {
        Self { is_plain: plain, ..Self::default() }
    }

    /// An id by GitHub's rule.
    pub(super) fn github(&mut self, text: &str) -> String {
        let id: String = text
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' | '\t' => Some('-'),
                _ => (c == '-' || is_word(c)).then_some(c),
            })
            .collect();
        if self.is_plain { id } else { counted(id, &mut self.github) }
    }

    /// An id by kramdown's rule.
    pub(super) fn classic(&mut self, text: &str) -> String {
        let id = classic_id(text);
        let id = if id.is_empty() { "section".to_owned() } else { id };
        if self.is_plain { id } else { counted(id, &mut self.classic) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_rules_and_their_repeats() {
        let mut ids = Ids::default();
        assert_eq!(ids.github("1. Über `x`_y: a & b"), "1-über-x_y-a--b");
        assert_eq!(ids.github("Same"), "same");
        assert_eq!(ids.github("Same"), "same-1");
        assert_eq!(ids.github("Same"), "same-2");
        assert_eq!(ids.classic("1. Über x_y"), "ber-xy");
        assert_eq!(ids.classic("Same"), "same");
        assert_eq!(ids.classic("123"), "section");
        assert_eq!(ids.classic("???"), "section-1");
    }
}
