//! The words of the theme in the languages of a site's pages, ready for page templates, tag templates and Markdown.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use carafe_liquid::{Map, Value};
use carafe_source::{FileId, Files, Sources};
use carafe_yaml::{Document, Entry, Schema};

use crate::config::{Config, Mode, is_language};
use crate::diagnostic::{Diagnostic, Severity};
use crate::site;
use crate::theme::words::{ENGLISH, Language, Words as Texts, names, own_name, places};

use super::options;

/// The folder of the files with words, among the templates.
pub(crate) const FOLDER: &str = "words/";

/// All words that a site has of its own, and the languages that were asked for.
#[derive(Debug)]
pub(crate) struct Words {
    own: BTreeMap<String, Texts>,
    /// The language of pages that say nothing of theirs.
    site: String,
    /// What the languages of the site call themselves.
    names: Vec<String>,
    markdown: Arc<carafe_markdown::Options>,
    ready: Mutex<HashMap<String, Arc<Spoken>>>,
    /// What languages have alike whose words are from the same files: a site may name any number of languages.
    shared: Mutex<HashMap<String, Shared>>,
}

#[derive(Debug)]
struct Shared {
    language: Arc<Texts>,
    /// The same for tag templates.
    words: Value,
    markdown: Arc<carafe_markdown::Options>,
}

/// The theme in one language.
#[derive(Debug)]
pub(crate) struct Spoken {
    /// Its words.
    pub language: Language,
    /// What tag templates see as `theme`.
    pub theme: Value,
    /// How Markdown is read: titles of alerts are words, too.
    pub markdown: Arc<carafe_markdown::Options>,
}

/// Whether a file among the templates holds words, and if so, the language.
pub(crate) fn language_of(name: &str) -> Option<&str> {
    name.strip_prefix(FOLDER)?.strip_suffix(".yml").filter(|language| is_language(language))
}

/// The path of the file with the words of a language, in the folder of templates.
pub(crate) fn file_of(language: &str) -> String {
    format!("{FOLDER}{language}.yml")
}

impl Words {
    /// Reads the files with words among the templates `names`.
    ///
    /// Diagnostics: `template` for what is no text by a name, and for a text without a place that ours has; `unreadable`;
    /// `missing-words` when nobody knows the site's language.
    pub(crate) fn new(
        files: &dyn Files,
        sources: &Sources,
        config: &Config,
        names: &[Arc<str>],
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let english = Language::new(ENGLISH, |_| None);
        let mut own = BTreeMap::new();
        for (name, language) in names.iter().filter_map(|name| Some((name, language_of(name)?))) {
            let path = format!("{}/{name}", config.content.folders.templates);
            match files.read(&path) {
                Ok(text) => {
                    let file = sources.add(&path, text.clone());
                    let texts = read(&text, file, config, &english, found);
                    own.insert(language.to_owned(), texts);
                }
                Err(error) => {
                    let message = format!("the file of words `{path}` cannot be read: {error}");
                    found.push(Diagnostic::error("unreadable", message));
                }
            }
        }
        for name in names.iter().filter(|name| name.starts_with(FOLDER) && language_of(name).is_none()) {
            let message = format!("`{}/{name}` is no file of words", config.content.folders.templates);
            let help = "a file of words is called by its language: `words/de.yml`";
            found.push(Diagnostic::error("template", message).help(help));
        }
        let markdown = Arc::new(options::markdown(config));
        let words = Self {
            site: config.site.language.clone(),
            names: language_names(config, &own),
            own,
            markdown,
            ready: Mutex::default(),
            shared: Mutex::default(),
        };
        let others = config.languages.iter().skip(1).map(|language| (language.code.as_str(), language.span));
        for (code, span) in std::iter::once((words.site.as_str(), None)).chain(others) {
            if config.mode == Mode::Native && !words.of(code).language.is_known {
                let message = format!("the theme has no words in the language `{code}`; they are English");
                let help = format!("write them in `{}/{}`", config.content.folders.templates, file_of(code));
                let mut note = Diagnostic::new("missing-words", Severity::Note, message).help(help);
                note.span = span;
                found.push(note);
            }
        }
        words
    }

    /// What the language with this number calls itself.
    pub(crate) fn language_name(&self, number: usize) -> &str {
        self.names.get(number).map_or("", String::as_str)
    }

    /// The language of this name.
    pub(crate) fn of(&self, code: &str) -> Arc<Spoken> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.entry(code.to_owned()).or_insert_with(|| Arc::new(self.spoken(code))).clone()
    }

    /// The site's own language.
    pub(crate) fn of_site(&self) -> Arc<Spoken> {
        self.of(&self.site)
    }

    /// The language of a page: what its front matter says with `lang`, else the site's.
    pub(crate) fn of_page(&self, entry: &site::Entry) -> Arc<Spoken> {
        let own = entry.value("lang").and_then(|lang| lang.as_str().map(str::trim)).filter(|lang| is_language(lang));
        self.of(own.unwrap_or(&self.site))
    }

    /// The files, in the folder of templates, from which a language's words would come, and whether the site has them: its own by
    /// each of its names, and the site's language, which has what no other has.
    pub(crate) fn files_of(&self, code: &str) -> Vec<(String, bool)> {
        let mut names = names(code);
        names.push(self.site.clone());
        names.iter().map(|name| (file_of(name), self.own.contains_key(name))).collect()
    }

    fn spoken(&self, code: &str) -> Spoken {
        // A word of the site's own is in its language where no other has it.
        let base = self.own.get(&self.site).cloned().unwrap_or_default();
        let mut language = Language::on(base, code, |name| self.own.get(name));
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = shared.entry(language.files.clone()).or_insert_with(|| self.share(&language));
        language.words = shared.language.clone();
        let mut theme = Map::default();
        theme.insert("words".into(), shared.words.clone());
        theme.insert("language".into(), Value::str(code));
        theme.insert("direction".into(), Value::str(language.direction));
        Spoken { language, theme: Value::Map(Arc::new(theme)), markdown: shared.markdown.clone() }
    }

    fn share(&self, language: &Language) -> Shared {
        let all = language.words.iter().map(|(key, text)| (key.as_str().into(), Value::str(text.as_str())));
        let titles = ["note", "tip", "important", "warning", "danger"];
        let titles = titles.map(|key| language.word(key).unwrap_or_default().to_owned());
        let mut markdown = self.markdown.clone();
        if titles != ["Note", "Tip", "Important", "Warning", "Danger"] {
            Arc::make_mut(&mut markdown).alert_titles = Some(titles);
        }
        Shared { language: language.words.clone(), words: Value::Map(Arc::new(all.collect())), markdown }
    }
}

/// What the languages of a site call themselves: as the configuration or the words say, else by their codes. Where two would be called the same,
/// their codes are added.
fn language_names(config: &Config, own: &BTreeMap<String, Texts>) -> Vec<String> {
    let names: Vec<String> = config
        .languages
        .iter()
        .map(|language| match &language.name {
            Some(name) => name.clone(),
            None => own_name(&language.code, |name| own.get(name)).unwrap_or_else(|| language.code.clone()),
        })
        .collect();
    let is_twice = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    let named = names.iter().zip(&config.languages);
    named.map(|(name, own)| if is_twice(name) { format!("{name} ({})", own.code) } else { name.clone() }).collect()
}

/// The words in a file.
fn read(text: &str, file: FileId, config: &Config, english: &Language, found: &mut Vec<Diagnostic>) -> Texts {
    let document: Document = match carafe_yaml::read(text, Schema::Native, &options::yaml(config).limits) {
        Ok(document) => document,
        Err(problem) => {
            found.push(problem.diagnostic("template", file, 0));
            return Texts::new();
        }
    };
    let mut texts = Texts::new();
    let entries = document.root.as_mapping().map(|map| map.entries()).unwrap_or_default();
    if entries.is_empty() && !document.root.is_null() {
        let message = "a file of words is a mapping: `KEY: TEXT` on each line";
        found.push(Diagnostic::error("template", message).at(document.root.place.span(file, 0)));
    }
    for Entry { name, key, value } in entries {
        let (Some(name), Some(word)) = (name, value.as_scalar()) else {
            let message = "a word of the theme is a text";
            found.push(Diagnostic::error("template", message).at(key.place.span(file, 0)));
            continue;
        };
        if let Some(ours) = english.word(name)
            && places(ours) != places(&word.text)
        {
            let wanted: Vec<String> = places(ours).iter().map(|place| format!("`{{{place}}}`")).collect();
            let wanted = if wanted.is_empty() { "no place in braces".to_owned() } else { wanted.join(" and ") };
            let message = format!("`{name}` is to hold {wanted}, as in “{ours}”");
            found.push(Diagnostic::error("template", message).at(value.place.span(file, 0)));
        }
        texts.insert(name.to_string(), word.text.to_string());
    }
    texts
}
