//! `languages:`, the languages that a native site is translated into.

use carafe_liquid::{Map, Value};
use carafe_source::Span;

use super::reader::{Item, Section};
use super::variables;

/// One language of a site.
#[derive(Clone, Debug)]
pub struct LanguageOptions {
    /// As in HTML's `lang`; the name of its folders, and of its part of the addresses.
    pub code: String,
    /// Whether it stands under `languages`: the source language need not.
    pub is_listed: bool,
    /// What it calls itself, where the theme does not know.
    pub name: Option<String>,
    /// The site's title in it.
    pub title: String,
    /// The site's description in it.
    pub description: String,
    /// What `site.NAME` reads on its pages.
    pub variables: Map,
    /// Titles of the navigation, the header and the footer as the source language has them, and what they are in this one.
    pub titles: Vec<(String, String)>,
    /// Where it stands.
    pub span: Option<Span>,
}

impl LanguageOptions {
    /// What a title of the source language is in this one; itself where nothing is said.
    pub(crate) fn titled<'t>(&'t self, title: &'t str) -> &'t str {
        self.titles.iter().find(|(source, _)| source == title).map_or(title, |(_, own)| own)
    }
}

/// The languages, that of the sources first; none where nothing is said. `given` are the variables of the command line.
pub(super) fn read(
    item: Option<Item<'_>>,
    source: LanguageOptions,
    given: &[(std::sync::Arc<str>, Value)],
) -> Vec<LanguageOptions> {
    let Some(pairs) = item.and_then(|item| item.pairs()) else { return Vec::new() };
    let mut languages = vec![source.clone()];
    for (code, item) in pairs {
        if !is_language(code) {
            let help = format!("write it as HTML's `lang` has it, such as `{}`", code.replace('_', "-"));
            item.add(item.error(format!("`{code}` is the name of no language")).help(help));
            continue;
        }
        let known = languages.iter().position(|known| known.code.eq_ignore_ascii_case(code));
        if known.is_some_and(|at| languages.get(at).is_some_and(|known| known.is_listed)) {
            item.add(item.error(format!("`{code}` is listed twice")));
            continue;
        }
        let base = LanguageOptions { code: code.to_owned(), is_listed: true, span: item.span(), ..source.clone() };
        let language = if item.value.is_null() { Some(base) } else { item.section().map(|own| one(own, base, given)) };
        match (known, language) {
            (Some(at), Some(language)) => languages[at] = LanguageOptions { code: source.code.clone(), ..language },
            (None, Some(language)) => languages.push(language),
            (_, None) => {}
        }
    }
    for language in &mut languages {
        for (key, text) in
            [("title", &language.title), ("description", &language.description), ("language", &language.code)]
        {
            language.variables.insert(key.into(), Value::str(text.as_str()));
        }
    }
    languages
}

fn one(section: Section<'_>, base: LanguageOptions, given: &[(std::sync::Arc<str>, Value)]) -> LanguageOptions {
    let mut language = LanguageOptions {
        name: section.text("name"),
        title: section.text_or("title", &base.title),
        description: section.text_or("description", &base.description),
        ..base
    };
    let hides = |name: &str| format!("a variable `{name}` would hide the site's own `{name}`");
    variables::read(section.get("variables"), &mut language.variables, hides);
    language.variables.extend(given.iter().cloned());
    let titles = section.get("titles").and_then(|item| item.pairs()).unwrap_or_default();
    language.titles = titles.into_iter().filter_map(|(source, item)| Some((source.to_owned(), item.text()?))).collect();
    section.finish(Some("values for pages go under `variables`, words of the theme into `templates/words/`"));
    language
}

/// Whether a text can be the name of a language, as BCP 47 has it.
pub(crate) fn is_language(text: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 35 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.split('-').all(is_part)
}
