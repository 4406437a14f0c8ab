//! Words with their classes.

use rustc_hash::FxHashMap;

/// Words, each with its class.
pub(super) type Classes = FxHashMap<&'static str, &'static str>;

/// The longest word that is looked up where case does not matter.
const LONGEST: usize = 40;

/// Words to look up.
pub(super) struct Words {
    classes: Classes,
    /// Whether words are the same in any case; those of the list are in lower case.
    any_case: bool,
    /// By a word's first byte the lengths that there are, a bit each, the last for all that are longer: most names are no words, and
    /// few of them come as far as being hashed.
    lengths: Box<[u64; 256]>,
}

impl Words {
    pub(super) fn new(classes: Classes, any_case: bool) -> Self {
        let mut lengths = Box::new([0; 256]);
        for word in classes.keys().filter(|word| !word.is_empty()) {
            lengths[usize::from(word.as_bytes()[0])] |= bit(word);
        }
        Self { classes, any_case, lengths }
    }

    /// The class of a word; blanks behind it do not count.
    #[inline]
    pub(super) fn class(&self, text: &str) -> Option<&'static str> {
        let text = text.trim_ascii_end();
        let first = *text.as_bytes().first()?;
        let first = if self.any_case { first.to_ascii_lowercase() } else { first };
        if self.lengths[usize::from(first)] & bit(text) == 0 {
            return None;
        }
        if !self.any_case {
            return self.classes.get(text).copied();
        }
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..text.len())?;
        lower.copy_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        self.classes.get(std::str::from_utf8(lower).ok()?).copied()
    }
}

/// The bit of a word's length.
fn bit(word: &str) -> u64 {
    1 << word.len().min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_all_of_their_letters() {
        let long = "w".repeat(70).leak();
        let classes = || [("if", "k"), ("do", "k"), ("\u{fc}ber", "n"), (&*long, "l")].into_iter().collect::<Classes>();
        let words = Words::new(classes(), false);
        let found = |text: &str| words.class(text);
        assert_eq!(
            [found("if"), found("if \n"), found("\u{fc}ber"), found(long)],
            [Some("k"), Some("k"), Some("n"), Some("l")]
        );
        assert_eq!([found("in"), found("IF"), found("iff"), found(""), found(&"w".repeat(71))], [None; 5]);
        let words = Words::new(classes(), true);
        assert_eq!([words.class("If"), words.class("dO "), words.class("id")], [Some("k"), Some("k"), None]);
    }
}
