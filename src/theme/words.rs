//! The words of the theme by language: `templates/words/LANGUAGE.yml`, built into the binary.
//!
//! A language is named as in HTML's `lang`. A site's own file of the same name goes before ours, word by word; what neither
//! has is English.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The language of all words that no other has.
pub(crate) const ENGLISH: &str = "en";

/// The built-in files, as (language, text), ordered by language. Each line is `KEY: "TEXT"` or a comment.
pub(crate) const BUILT_IN: &[(&str, &str)] = &[
    ("ar", include_str!("../../templates/words/ar.yml")),
    ("cs", include_str!("../../templates/words/cs.yml")),
    ("de", include_str!("../../templates/words/de.yml")),
    (ENGLISH, include_str!("../../templates/words/en.yml")),
    ("es", include_str!("../../templates/words/es.yml")),
    ("fr", include_str!("../../templates/words/fr.yml")),
    ("he", include_str!("../../templates/words/he.yml")),
    ("hi", include_str!("../../templates/words/hi.yml")),
    ("id", include_str!("../../templates/words/id.yml")),
    ("it", include_str!("../../templates/words/it.yml")),
    ("ja", include_str!("../../templates/words/ja.yml")),
    ("ko", include_str!("../../templates/words/ko.yml")),
    ("nl", include_str!("../../templates/words/nl.yml")),
    ("pl", include_str!("../../templates/words/pl.yml")),
    ("pt", include_str!("../../templates/words/pt.yml")),
    ("ru", include_str!("../../templates/words/ru.yml")),
    ("tr", include_str!("../../templates/words/tr.yml")),
    ("uk", include_str!("../../templates/words/uk.yml")),
    ("zh-Hans", include_str!("../../templates/words/zh-Hans.yml")),
    ("zh-Hant", include_str!("../../templates/words/zh-Hant.yml")),
];

/// The words that the scripts of the theme use; English ones stand in them.
const SCRIPTS: &[&str] = &[
    "all",
    "also_for",
    "close",
    "copied",
    "copy",
    "did_you_mean",
    "found",
    "found_one",
    "link_to",
    "more",
    "newest",
    "no_index",
    "not_all",
    "not_allowed",
    "not_found",
    "nothing_found",
    "results",
    "search",
    "version",
];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ks", "ku-Arab", "ps", "sd", "ug", "ur", "yi"];

/// Names that other names of a language count as.
const ALSO: &[(&str, &str)] = &[
    ("iw", "he"),
    ("in", "id"),
    ("zh", "zh-Hans"),
    ("zh-CN", "zh-Hans"),
    ("zh-SG", "zh-Hans"),
    ("zh-TW", "zh-Hant"),
    ("zh-HK", "zh-Hant"),
    ("zh-MO", "zh-Hant"),
];

/// Words by their keys.
pub(crate) type Words = BTreeMap<String, String>;

/// The theme in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// As HTML's `lang` has it.
    pub code: String,
    /// `rtl` for what is written from right to left, else empty, which is the direction that pages have without being told.
    pub direction: &'static str,
    /// Which files the words are from: languages with one name here have the same words.
    pub files: String,
    /// By their keys; languages with the same may share them.
    pub words: Arc<Words>,
    /// The words of the scripts as JSON; empty when the scripts have them.
    pub scripts: Arc<str>,
    /// Whether the theme or the site knows the language.
    pub is_known: bool,
}

impl Language {
    /// The language `code`, where a site has words of its own: `own` gives those in a file of this name.
    pub(crate) fn new<'o>(code: &str, own: impl Fn(&str) -> Option<&'o Words>) -> Self {
        Self::on(Words::new(), code, own)
    }

    /// As [`Language::new`]; what is neither in the language nor English is taken from `words`.
    pub(crate) fn on<'o>(mut words: Words, code: &str, own: impl Fn(&str) -> Option<&'o Words>) -> Self {
        let names = names(code);
        let english = built_in(ENGLISH).unwrap_or_default();
        words.extend(english.clone());
        let mut files = String::new();
        // What is named more closely goes before.
        for name in names.iter().rev() {
            for found in [built_in(name), own(name).cloned()].into_iter().flatten() {
                words.extend(found);
                if !files.ends_with(name.as_str()) {
                    files.extend(["+", name]);
                }
            }
        }
        let is_rtl = names.iter().any(|name| RIGHT_TO_LEFT.contains(&name.as_str()))
            || code.split('-').any(|part| matches!(part, "Arab" | "Hebr"));
        let is_known = !files.is_empty();
        let direction = if is_rtl { "rtl" } else { "" };
        let scripts = scripts(&words, &english).into();
        Self { code: code.to_owned(), direction, files, words: Arc::new(words), scripts, is_known }
    }

    /// The word with this key.
    pub(crate) fn word(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }
}

/// The words of the theme's scripts as JSON; empty when the scripts have them.
fn scripts(words: &Words, english: &Words) -> String {
    let own = SCRIPTS.iter().filter(|key| words.get(**key) != english.get(**key));
    let own: serde_json::Map<_, _> =
        own.filter_map(|key| Some(((*key).to_owned(), words.get(*key)?.as_str().into()))).collect();
    if own.is_empty() { String::new() } else { serde_json::Value::Object(own).to_string() }
}

/// The names under which a language's words may stand, from the closest on: `pt-BR`, `pt`.
pub(crate) fn names(code: &str) -> Vec<String> {
    let mut names = vec![code.to_owned()];
    let mut rest = code;
    loop {
        if let Some((_, name)) = ALSO.iter().find(|(other, _)| other.eq_ignore_ascii_case(rest)) {
            names.push((*name).to_owned());
        }
        match rest.rfind(['-', '_']) {
            Some(at) => rest = &rest[..at],
            None => return names,
        }
        names.push(rest.to_owned());
    }
}

/// What a language calls itself, by its own words or ours.
pub(crate) fn own_name<'o>(code: &str, own: impl Fn(&str) -> Option<&'o Words>) -> Option<String> {
    names(code).iter().find_map(|name| {
        let said = |words: &Words| words.get("language_name").cloned();
        own(name).and_then(said).or_else(|| built_in(name).as_ref().and_then(said))
    })
}

/// The words of a built-in file, whatever the case of its name.
fn built_in(name: &str) -> Option<Words> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let word = |line: &str| {
        let (key, text) = line.split_once(": ")?;
        Some((key.to_owned(), text.strip_prefix('"')?.strip_suffix('"')?.to_owned()))
    };
    Some(text.lines().filter_map(word).collect())
}

/// The places that a text leaves open, such as `{count}`.
pub(crate) fn places(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word_with_its_places() {
        let english = built_in(ENGLISH).unwrap();
        for (name, text) in BUILT_IN {
            let words = built_in(name).unwrap();
            assert_eq!(words.len(), text.lines().filter(|line| !line.starts_with('#')).count(), "{name}");
            assert_eq!(words.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{name}");
            for (key, text) in &words {
                assert_eq!(places(text), places(&english[key]), "{name}: {key}");
                assert!(!text.trim().is_empty() && text.trim() == text, "{name}: {key}");
            }
        }
        assert!(BUILT_IN.is_sorted());
        assert!(SCRIPTS.iter().all(|key| english.contains_key(*key)));
    }

    #[test]
    fn a_language_is_found_by_the_closest_name() {
        let own: Words = [("next".to_owned(), "Vorwärts".to_owned()), ("extra".to_owned(), "x".to_owned())].into();
        let of = |code| Language::new(code, |name| (name == "de").then_some(&own));
        assert_eq!(of("de-AT").word("next"), Some("Vorwärts"));
        assert_eq!((of("de").word("previous"), of("de").word("extra")), (Some("Zurück"), Some("x")));
        assert_eq!(of("zh-TW").word("copy"), of("zh-Hant").word("copy"));
        assert_eq!(of("zh").word("copy"), of("ZH-hans").word("copy"));
        assert_eq!((of("sv").word("copy"), of("sv").is_known), (Some("Copy"), false));
        assert_eq!((of("ar-EG").direction, of("pa-Arab").direction, of("arn").direction), ("rtl", "rtl", ""));
        assert_eq!(&*of("en-GB").scripts, "");
        assert!(of("fr").scripts.starts_with("{\"all\":\"Tout\""), "{}", of("fr").scripts);
    }
}
