//! Text as a search keeps it.

/// Puts pieces of text together to words with single blanks between them, and none at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spacing {
    /// Whether a blank stands before the next word.
    pub blank: bool,
}

impl Spacing {
    /// Adds words to `out`. They have single blanks between them.
    #[inline]
    pub fn words(&mut self, out: &mut String, words: &str) {
        if std::mem::take(&mut self.blank) && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(words);
    }

    /// Adds a character to `out`: a blank if it is one. Where a line may be broken within a word there is no letter.
    pub fn character(&mut self, out: &mut String, c: char) {
        match c {
            c if c.is_whitespace() => self.blank = true,
            '\u{ad}' | '\u{200b}' => {}
            c => self.words(out, c.encode_utf8(&mut [0; 4])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_single_blanks_between_them() {
        let (mut out, mut spacing) = (String::new(), Spacing { blank: true });
        spacing.words(&mut out, "one two");
        "\n\u{a0} thr\u{ad}e\u{200b}e".chars().for_each(|c| spacing.character(&mut out, c));
        assert_eq!(out, "one two three");
    }
}
