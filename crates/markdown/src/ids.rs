//! Ids of headings: GitHub's rule at top level, kramdown's own inside HTML. They count repeats apart, as kramdown does.

use rustc_hash::FxHashMap;

use carafe_source::characters::is_word;

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
            .chars()
            .flat_map(char::to_lowercase)
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
        assert_eq!(ids.github("বাংলা ক্রিয়া ภาษาไทย ที่นี่ Ⅷ x² ΣΑΣ"), "বাংলা-ক্রিয়া-ภาษาไทย-ที่นี่-ⅷ-x-σασ");
        assert_eq!(ids.github("Same"), "same");
        assert_eq!(ids.github("Same"), "same-1");
        assert_eq!(ids.github("Same"), "same-2");
        assert_eq!(ids.classic("1. Über x_y"), "ber-xy");
        assert_eq!(ids.classic("Same"), "same");
        assert_eq!(ids.classic("123"), "section");
        assert_eq!(ids.classic("???"), "section-1");
    }
}
