//! Versions, and the one order that they have wherever they are compared.

use std::cmp::Ordering;

/// A version such as `1.10`, `v2.0-rc.1`, `1.2.x` or `2024-01-31`, or the name of one, such as `latest`.
///
/// - Its parts stand between `.`, `-`, `_` and blanks, and where digits and letters meet (`rc1` is `rc.1`). A `v` before the
///   first digit and what follows a `+` do not count.
/// - Numbers compare as numbers, of any length; missing parts are zero: `1.9` < `1.10`, `1.2` = `1.2.0`. So dates are in
///   order, too.
/// - A word is before every number and before a missing part, so that a pre-release is before its release; two words are in
///   the order of the alphabet, capitals being small letters: `2.0-alpha` < `2.0-beta` < `2.0-rc.1` < `2.0`.
/// - `x` (or `*`) is above every number: `1.2.99` < `1.2.x`.
/// - What does not start with a digit or `x` is a name. A name is above every version and equals itself only; two names are
///   in the order of the alphabet.
#[derive(Clone, Debug)]
pub struct Version<'t> {
    is_name: bool,
    parts: Vec<Part<'t>>,
}

#[derive(Clone, Debug)]
enum Part<'t> {
    Word(&'t str),
    /// Digits without zeros before them.
    Number(&'t str),
    Any,
}

const ZERO: Part<'static> = Part::Number("");

impl<'t> Version<'t> {
    /// The version in a text; `None` for a blank one.
    pub fn parse(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let bare = text.strip_prefix(['v', 'V']).filter(|rest| starts_with_digit(rest)).unwrap_or(text);
        let any = bare.split(is_separator).next().is_some_and(is_any);
        if !starts_with_digit(bare) && !any {
            return (!text.is_empty()).then(|| Self { is_name: true, parts: vec![Part::Word(text)] });
        }
        let bare = bare.split('+').next().unwrap_or(bare);
        let words = bare.split(is_separator).filter(|word| !word.is_empty());
        Some(Self { is_name: false, parts: words.flat_map(runs).map(Part::new).collect() })
    }

    /// Whether it is a version rather than a name, and none of its parts is a word.
    pub fn is_release(&self) -> bool {
        !self.is_name && !self.parts.iter().any(|part| matches!(part, Part::Word(_)))
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | '-' | '_') || c.is_whitespace()
}

fn is_any(word: &str) -> bool {
    matches!(word, "x" | "X" | "*")
}

/// A word where digits and other characters meet.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(run)
    })
}

impl<'t> Part<'t> {
    fn new(run: &'t str) -> Self {
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            Self::Number(run.trim_start_matches('0'))
        } else if is_any(run) {
            Self::Any
        } else {
            Self::Word(run)
        }
    }

    fn order(&self, other: &Part<'_>) -> Ordering {
        let rank = |part: &Part<'_>| match part {
            Part::Word(_) => 0,
            Part::Number(_) => 1,
            Part::Any => 2,
        };
        match (self, other) {
            (Part::Number(a), Part::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Part::Word(a), Part::Word(b)) => {
                let small = |word: &'_ str| word.to_lowercase();
                small(a).cmp(&small(b))
            }
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = self.parts.len().max(other.parts.len());
        let part = |version: &'_ Self, at: usize| version.parts.get(at).cloned().unwrap_or(ZERO);
        let mut orders = (0..parts).map(|at| part(self, at).order(&part(other, at)));
        self.is_name.cmp(&other.is_name).then_with(|| orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds for each two of the texts, in both directions.
    fn ascends(texts: &[&str]) {
        let versions: Vec<_> = texts.iter().map(|text| Version::parse(text).unwrap()).collect();
        for (a, low) in versions.iter().enumerate() {
            for (b, high) in versions.iter().enumerate() {
                assert_eq!(low.cmp(high), a.cmp(&b), "{} and {}", texts[a], texts[b]);
            }
        }
    }

    #[test]
    fn a_pre_release_is_before_its_release_and_behind_the_one_before() {
        ascends(&[
            "1.9",
            "2.0-alpha",
            "2.0-beta",
            "2.0-beta2",
            "2.0-beta.11",
            "2.0-rc.1",
            "v2.0-RC2",
            "2.0",
            "2.0.1",
            "2.1",
        ]);
    }

    #[test]
    fn numbers_compare_as_numbers_x_is_above_them_and_names_above_all() {
        ascends(&[
            "0.9",
            "1.2",
            "1.2.3",
            "1.2.99",
            "1.2.100",
            "1.2.x",
            "1.10.0",
            "1.99999999999999999999999",
            "1.x",
            "v2",
        ]);
        ascends(&["1.9.x", "1.10.x", "2024-01-31", "2024-02-01", "2024-10-01", "latest", "main"]);
    }

    #[test]
    fn equal_versions_may_be_written_differently() {
        let equal = |a, b| Version::parse(a) == Version::parse(b);
        assert!(
            equal("1.2", "1.2.0") && equal("v1.2", "1.02") && equal("2.0-RC1", "2.0.rc.1") && equal("1.2+7", "1.2")
        );
        assert!(equal("3.x", "3.X") && equal(" Latest", "latest "));
        assert!(!equal("1.2", "1.2.x") && !equal("vlatest", "latest"));
        assert!(Version::parse(" ").is_none());
    }
}
