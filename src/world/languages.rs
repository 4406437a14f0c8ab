//! A site in several languages, as its pages see it: where the same page is in another one, what the languages are called, and which
//! files such a question depends on.

use std::sync::Arc;

use carafe_liquid::Template;
use carafe_source::ReadError;

use crate::config::Config;
use crate::content::Page;
use crate::graph::{Read, Reads};
use crate::site::{Entry, Site, encoded_path};
use crate::template::view::{Alternate, LanguageLink, ShownIn};

use super::World;
use super::navigation::based;
use super::words::Spoken;

/// The page that a page is in the language with this number; `None` where it is nowhere to be.
pub(crate) fn counterpart<'s>(site: &'s Site, entry: &Entry, language: usize) -> Option<&'s Entry> {
    site.in_language(&entry.shared, language)
}

/// The page in the source language that would lie at this path, were it not in a folder of its own.
pub(crate) fn source_at<'s>(site: &'s Site, content: &str, path: &str) -> Option<&'s Entry> {
    site.in_language(path.strip_prefix(content)?.trim_start_matches('/'), 0)
}

/// The paths at which the page with the path `inner` within a folder may lie in a language.
fn paths_in(config: &Config, (folder, inner): (&str, &str), language: usize) -> Vec<String> {
    let within = |path: String| if folder.is_empty() { path } else { format!("{folder}/{path}") };
    let mut paths = Vec::new();
    if language == 0 {
        paths.push(within(inner.to_owned()));
    }
    if let Some(language) = config.languages.get(language).filter(|language| language.is_listed) {
        paths.push(within(format!("{}/{inner}", language.code)));
        if let Some((stem, extension)) = inner.rsplit_once('.') {
            paths.push(within(format!("{stem}.{}.{extension}", language.code)));
        }
    }
    paths
}

/// The folder that a page lies in with its translations, and its path within that.
fn home<'p>(config: &'p Config, page: &'p Page, is_released: bool) -> (&'p str, &'p str) {
    let sources = config.single_source.as_ref().filter(|_| is_released).map(|found| found.source.trim_matches('/'));
    match sources {
        Some("") => ("", &page.relative),
        Some(folder) => (folder, page.relative.strip_prefix(folder).map_or("", |rest| rest.trim_start_matches('/'))),
        None => (config.content.folders.content.trim_matches('/'), &page.relative),
    }
}

/// Records where the page that lies at a path within a folder ([`home`]) may lie in a language and in that of the sources.
fn record(config: &Config, place: (&str, &str), language: usize, reads: &Reads) {
    let languages = [0, language].into_iter().take(if language == 0 { 1 } else { 2 });
    for path in languages.flat_map(|language| paths_in(config, place, language)) {
        reads.record(Read::Page(path.into()));
    }
}

impl World {
    /// Whether the site has several languages.
    pub(crate) fn has_languages(&self) -> bool {
        !self.site.languages.all().is_empty()
    }

    /// The theme in the language of what stands around a page: that of its part of the site, where it stands for a translation.
    pub(crate) fn words_around(&self, entry: &Entry) -> Arc<Spoken> {
        match self.site.languages.get(entry.variant.language).filter(|_| entry.is_fallback()) {
            Some(language) => self.words.of(&language.code),
            None => self.words.of_page(entry),
        }
    }

    /// The theme in the language with this number.
    pub(crate) fn words_in(&self, language: usize) -> Arc<Spoken> {
        match self.site.languages.get(language).filter(|_| language > 0) {
            Some(language) => self.words.of(&language.code),
            None => self.words.of_site(),
        }
    }

    /// Records where a page's translations may lie: it leads to them, and takes from its source what it does not say itself. So does the page of the
    /// newest release, which it names as the one to keep.
    pub(crate) fn record_translations(&self, entry: &Entry, reads: &Reads) {
        let newest = self.site.in_newest(entry).filter(|newest| newest.page.relative != entry.page.relative);
        for entry in std::iter::once(entry).chain(newest) {
            for language in 0..self.site.languages.all().len() {
                self.record_in(entry, language, reads);
            }
        }
    }

    /// Records where a page may lie in a language and in that of the sources.
    pub(crate) fn record_in(&self, entry: &Entry, language: usize, reads: &Reads) {
        let place = home(&self.config, &entry.page, entry.variant.release.is_some());
        record(&self.config, place, language, reads);
    }

    /// The language in whose folder a path lies, and the path at which the same file of the sources lies; `None` where it lies in no such folder.
    pub(crate) fn path_of_source(&self, path: &str) -> Option<(usize, String)> {
        let sources = self.config.single_source.as_ref().map(|found| &found.source);
        let inner = |folder: &String| {
            let folder = folder.trim_matches('/');
            let inner = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            let (language, inner) = self.site.languages.of_path(inner).filter(|(language, _)| *language > 0)?;
            Some((language, if folder.is_empty() { inner.to_owned() } else { format!("{folder}/{inner}") }))
        };
        sources.into_iter().chain([&self.config.content.folders.content]).find_map(inner)
    }

    /// What `include_relative` finds at a path of the site's folder, and that path: beside a translation there is also what lies beside its source.
    pub(crate) fn beside(&self, path: &str, reads: Option<&Reads>) -> (Arc<str>, Result<Arc<Template>, ReadError>) {
        let get = |path: &str| {
            let found = self.includes.get_relative(path, &self.files, &self.sources, &self.tags);
            let read = if found.is_ok() { Read::File } else { Read::Missing };
            reads.into_iter().for_each(|reads| reads.record(read(path.into())));
            found
        };
        let found = get(path);
        if matches!(found, Err(ReadError::NotFound))
            && let Some((_, source)) = self.path_of_source(path)
            && let Ok(template) = get(&source)
        {
            return (source.into(), Ok(template));
        }
        (path.into(), found)
    }

    /// The pages that are made from the source at a path, one for each release, fallbacks left out. Where in the language `own` a translation would lie,
    /// and none does, those of its source. What is asked for beside the path is recorded.
    pub(crate) fn pages_at(&self, path: &str, own: usize, reads: Option<&Reads>) -> Vec<&Entry> {
        let (site, config) = (&self.site, &self.config);
        let made: Vec<&Entry> = site.made_from(path).filter(|entry| entry.written && !entry.is_fallback()).collect();
        if !made.is_empty() || !self.has_languages() {
            return made;
        }
        let place = |folder: &str| {
            let folder = folder.trim_matches('/');
            let inner = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            let (language, inner) = site.languages.of_path(inner).unwrap_or((own, inner));
            (language == own).then(|| (folder.to_owned(), inner.to_owned()))
        };
        let asked = |folder: &str, inner: &str| {
            reads.into_iter().for_each(|reads| record(config, (folder, inner), own, reads));
        };
        if let Some((folder, inner)) = config.single_source.as_ref().and_then(|found| place(&found.source)) {
            asked(&folder, &inner);
            let relative = if folder.is_empty() { inner } else { format!("{folder}/{inner}") };
            let released: Vec<&Entry> = site.released_from(&relative).collect();
            if !released.is_empty() {
                return released;
            }
        }
        let Some((folder, inner)) = place(&config.content.folders.content) else { return Vec::new() };
        asked(&folder, &inner);
        site.in_language(&inner, own).into_iter().collect()
    }

    /// Links to a page in every language of the site, or to the start pages; `None` stands for a page without a source, of the language `own`.
    pub(crate) fn language_links(&self, entry: Option<&Entry>, own: usize) -> Vec<LanguageLink> {
        let site = &self.site;
        let link = |(number, language): (usize, &crate::site::Language)| {
            let found = entry.and_then(|entry| counterpart(site, entry, number));
            let url = match found.or_else(|| entry.filter(|_| number == own)) {
                Some(found) => found.url.to_string(),
                None => site.languages.root(number),
            };
            LanguageLink {
                name: self.words.language_name(number).to_owned(),
                code: language.code.to_string(),
                direction: self.words.of(&language.code).language.direction.to_owned(),
                url: based(&self.config.site.baseurl, &url),
                current: number == own,
            }
        };
        site.languages.all().iter().enumerate().map(link).collect()
    }

    /// The whole address of a page, percent-encoded.
    fn whole(&self, entry: &Entry) -> String {
        let site = &self.config.site;
        format!("{}{}", site.url, encoded_path(&format!("{}{}", site.baseurl, entry.url)))
    }

    /// The page in every language that has it, with its whole address; empty where there is only one, and where the site does not say where it is
    /// published.
    pub(crate) fn alternates(&self, entry: &Entry) -> Vec<Alternate> {
        if self.config.site.url.is_empty() || entry.is_fallback() || entry.is_not_found() {
            return Vec::new();
        }
        let all = self.site.translations(entry).zip(self.site.languages.all());
        let real = all.filter_map(|(found, language)| Some((found.filter(|found| !found.is_fallback())?, language)));
        let mut alternates: Vec<Alternate> = real
            .map(|(found, language)| Alternate { code: language.code.to_string(), url: self.whole(found) })
            .collect();
        if alternates.len() < 2 {
            return Vec::new();
        }
        let source = self.site.in_language(&entry.shared, 0);
        let others = "x-default";
        alternates.extend(source.map(|source| Alternate { code: others.to_owned(), url: self.whole(source) }));
        alternates
    }

    /// The language of a page's text, where it stands for a translation that is not there.
    pub(crate) fn shown_in(&self, entry: &Entry) -> Option<ShownIn> {
        let spoken = entry.is_fallback().then(|| self.words.of_page(entry))?;
        let direction = if spoken.language.direction.is_empty() { "ltr" } else { spoken.language.direction };
        Some(ShownIn { code: spoken.language.code.clone(), direction: direction.to_owned() })
    }
}
