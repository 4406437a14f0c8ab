//! Page templates in Tera: the theme's, overridden file by file by the site's own.
//!
//! Templates see the [`view`] structs, never the model. This module knows neither Liquid nor Markdown, nor the disk.

mod assets;
mod bounds;
mod hooks;
mod parts;
mod paths;
mod uses;
pub(crate) mod view;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tera::{Context, Tera};

use carafe_source::{FileId, Span};

use crate::diagnostic::Diagnostic;
use crate::theme::words::Language;

/// A template file: its name within the folder of templates, its text, and the file it came from (`None` for the theme's).
#[derive(Clone, Debug)]
pub(crate) struct TemplateFile {
    /// Such as `page.html`.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The file of the site, if it is one.
    pub file: Option<FileId>,
}

/// What the theme's templates put around a page's content and navigation takes, about.
const FRAME_BYTES: usize = 8 << 10;

/// All templates of a site, ready to render. Shared between threads.
#[derive(Debug)]
pub(crate) struct Templates {
    files: HashMap<String, TemplateFile>,
    /// The templates by the files of their words, which are put in before Tera reads them.
    ready: Mutex<HashMap<String, Arc<Tera>>>,
    base: String,
    /// What files are called at whose paths `asset` is asked.
    names: assets::Names,
    uses: uses::Uses,
    paths: paths::Paths,
    output_bytes: usize,
    turns: hooks::Turns,
}

impl Templates {
    /// Prepares `files` for pages in the site's `language`; of two with one name the later wins. `base` is put before the paths
    /// given to `asset(path=…)`. A page may become `output_bytes` longer in its template.
    ///
    /// # Errors
    /// `template` for each file that Tera refuses, for each word of the theme that there is not, for a cycle or gap between files
    /// that extend each other, or for files that include each other in a cycle.
    pub(crate) fn new(
        files: impl IntoIterator<Item = TemplateFile>,
        base: &str,
        output_bytes: usize,
        language: &Language,
    ) -> Result<Self, Vec<Diagnostic>> {
        let files: HashMap<String, TemplateFile> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        let uses = uses::of(&files);
        let mut sorted: Vec<&TemplateFile> = files.values().collect();
        sorted.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let paths = paths::Paths::of(&sorted);
        let (ready, turns) = (Mutex::default(), hooks::Turns::default());
        let (base, names) = (base.to_owned(), assets::Names::default());
        let templates = Self { files, ready, base, names, uses, paths, output_bytes, turns };
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for name in templates.names() {
            let file = &templates.files[name];
            // Each of the site's alone first, so that every broken one is reported.
            if file.file.is_none() {
                continue;
            }
            match tera::Template::new(name, None, &file.text) {
                Err(error) => diagnostics.push(parse_diagnostic(file, &error)),
                Ok(_) => diagnostics.extend(word_diagnostics(file, language)),
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        templates.tera(language).map_err(|error| vec![Diagnostic::error("template", sentence(&error))])?;
        let cycles = templates.cycles();
        if cycles.is_empty() { Ok(templates) } else { Err(cycles) }
    }

    /// The templates with the words of a language.
    fn tera(&self, language: &Language) -> tera::Result<Arc<Tera>> {
        let lock = || self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&language.files) {
            return Ok(known.clone());
        }
        let mut tera = Tera::default();
        tera.set_escape_fn(crate::markup::escape);
        tera.register_function("asset", assets::asset(self.base.clone(), self.names.clone()));
        tera.register_function("range", bounds::range);
        let counted = self.turns.clone();
        tera.register_function("carafe_turn", move |_: &HashMap<String, Value>| counted.turn());
        tera.register_function("carafe_measure", hooks::measure_of(self.output_bytes));
        let names = self.names();
        tera.add_raw_templates(
            names.iter().map(|name| (*name, hooks::hooked(name, &self.files[*name].text, language, &self.paths))),
        )?;
        Ok(lock().entry(language.files.clone()).or_insert_with(|| Arc::new(tera)).clone())
    }

    /// Whether there is a template of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The names of all templates, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.files.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Renders the template `name` with these variables, in this language.
    ///
    /// # Errors
    /// `template`, with the place of the expression where it can be found: an undefined variable, a wrong type, a missing
    /// template. `output-limit` when it writes more than the page's own content and what may be added to it.
    pub(crate) fn render(
        &self,
        name: &str,
        mut variables: serde_json::Map<String, Value>,
        language: &Language,
    ) -> Result<String, Diagnostic> {
        let theme = json!({ "language": language.code, "direction": language.direction, "scripts": *language.scripts });
        variables.insert("theme".to_owned(), theme);
        self.paths.fill(&mut variables);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map_or(0, str::len);
        let content = text(variables.get("page").and_then(|page| page.get("content")));
        let expected = content + text(variables.get("nav_html")) + FRAME_BYTES;
        let mut output = bounds::Output::new(self.output_bytes.saturating_add(content), expected);
        let context = Context::from_value(Value::Object(variables));
        let tera = self.tera(language).map_err(|error| Diagnostic::error("template", sentence(&error)))?;
        let rendered = context.and_then(|context| self.turns.count(|| tera.render_to(name, &context, &mut output)));
        match rendered {
            Err(_) if output.is_over() => Err(self.limit_diagnostic(name)),
            Err(error) => Err(self.render_diagnostic(name, &error)),
            Ok(()) => Ok(output.into_text()),
        }
    }

    fn limit_diagnostic(&self, name: &str) -> Diagnostic {
        let size = self.output_bytes;
        let message = format!("the page template `{name}` adds more than {size} bytes to the page");
        let diagnostic = Diagnostic::error("output-limit", message).help("`limits.output_bytes` allows more");
        match self.files.get(name).and_then(|file| file.file) {
            Some(id) => diagnostic.at(Span::new(id, 0, 0)),
            None => diagnostic,
        }
    }

    fn render_diagnostic(&self, name: &str, error: &tera::Error) -> Diagnostic {
        let message = self.paths.told(sentence(error));
        let variable = message.split('`').nth(1).unwrap_or_default().to_owned();
        let mut diagnostic = Diagnostic::error("template", format!("the page template `{name}`: {message}"));
        // Tera names the template that failed, but not the line: the first use of the name there is it.
        let named = message.rsplit('\'').nth(1).filter(|template| self.files.contains_key(*template)).unwrap_or(name);
        if let Some(file) = self.files.get(named)
            && let Some(id) = file.file
        {
            let at = if variable.is_empty() { None } else { file.text.find(&variable) };
            diagnostic = diagnostic.at(Span::new(id, at.unwrap_or(0), at.map_or(0, |at| at + variable.len())));
        }
        if message.contains("not found in context") {
            diagnostic = diagnostic.help("guard it with `{% if … %}` or give it a `default`");
        }
        diagnostic
    }
}

/// Names of words that the theme does not have.
fn word_diagnostics(file: &TemplateFile, language: &Language) -> Vec<Diagnostic> {
    let told = |(range, near): (std::ops::Range<usize>, Option<String>)| {
        let name = file.text.get(range.clone()).unwrap_or_default();
        let message = format!("the page template `{}`: the theme has no `{name}`", file.name);
        let diagnostic = Diagnostic::error("template", message);
        let diagnostic = match file.file {
            Some(id) => diagnostic.at(Span::new(id, range.start, range.end)),
            None => diagnostic,
        };
        match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("a word of the site's own stands in `words/LANGUAGE.yml` beside the templates"),
        }
    };
    words::unknown(&file.text, language).into_iter().map(told).collect()
}

/// Tera's chain of causes as one sentence: the innermost cause says what is wrong.
fn sentence(error: &tera::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    line.trim_start_matches("= ").trim_end_matches('.').to_owned()
}

/// Where Tera stopped reading: its message holds ` --> LINE:COLUMN`.
fn parse_diagnostic(file: &TemplateFile, error: &tera::Error) -> Diagnostic {
    let text = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    let message = format!("the page template `{}` is broken: {}", file.name, sentence(error));
    let diagnostic = Diagnostic::error("template", message);
    let place = text.split("--> ").nth(1).and_then(|rest| {
        let (line, rest) = rest.split_once(':')?;
        let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    match (file.file, place) {
        (Some(id), Some((line, column))) => {
            let start: usize = file.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
            let at = (start + column.saturating_sub(1)).min(file.text.len());
            diagnostic.at(Span::new(id, at, at + 1))
        }
        (Some(id), None) => diagnostic.at(Span::new(id, 0, 0)),
        (None, _) => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Language {
        Language::new("en", |_| None)
    }

    fn templates(files: &[(&str, &str)]) -> Result<Templates, Vec<Diagnostic>> {
        let file = |(at, (name, text)): (usize, &(&str, &str))| TemplateFile {
            name: (*name).to_owned(),
            text: (*text).into(),
            file: Some(FileId(u32::try_from(at).unwrap())),
        };
        Templates::new(files.iter().enumerate().map(file), "/base", 100_000, &english())
    }

    #[test]
    fn a_later_file_of_the_same_name_wins_and_assets_get_the_base() {
        let templates =
            templates(&[("a.html", "old"), ("a.html", "{{ asset(path='x.css') | safe }} {{ t }}")]).unwrap();
        let variables = serde_json::Map::from_iter([("t".to_owned(), Value::from("<b>"))]);
        assert_eq!(templates.render("a.html", variables, &english()).unwrap(), "/base/x.css &lt;b&gt;");
    }

    #[test]
    fn an_undefined_variable_is_a_diagnostic_at_its_place() {
        let templates = templates(&[("a.html", "<p>\n{{ titel }}")]).unwrap();
        let error = templates.render("a.html", serde_json::Map::new(), &english()).unwrap_err();
        assert_eq!((error.code, error.span), ("template", Some(Span::new(FileId(0), 7, 12))), "{}", error.message);
        assert!(error.message.contains("titel"));
    }

    #[test]
    fn every_broken_template_is_reported_where_it_breaks() {
        let broken = templates(&[("a.html", "ok\n{% if %}"), ("b.html", "{{ x"), ("c.html", "fine")]).unwrap_err();
        assert_eq!(broken.len(), 2);
        assert_eq!(broken[0].span.unwrap().file, FileId(0));
        assert!(broken[0].span.unwrap().start >= 3);
    }

    #[test]
    fn loops_that_write_without_end_are_told_and_content_counts_apart() {
        let text = "{% for i in range(end=1000) %}{% for j in range(end=1000) %}x{% endfor %}{% endfor %}";
        let endless = templates(&[("a.html", text)]).unwrap();
        assert_eq!(endless.render("a.html", serde_json::Map::new(), &english()).unwrap_err().code, "output-limit");
        let whole = templates(&[("a.html", "<p>{{ page.content | safe }}")]).unwrap();
        let page = serde_json::json!({ "content": "x".repeat(100_000) });
        let html = whole.render("a.html", serde_json::Map::from_iter([("page".to_owned(), page)]), &english()).unwrap();
        assert_eq!(html.len(), 100_003);
    }

    #[test]
    fn loops_and_variables_that_grow_without_writing_are_told() {
        let silent = "{% for i in range(end=10000) %}{% for j in range(end=10000) %}{% endfor %}{% endfor %}";
        let silent = templates(&[("a.html", silent)]).unwrap();
        assert_eq!(silent.render("a.html", serde_json::Map::new(), &english()).unwrap_err().code, "output-limit");
        let growing = "{% set a = 'xx' %}{% for i in range(end=60) %}{% set_global a = a ~ a %}{% endfor %}";
        let growing = templates(&[("a.html", growing)]).unwrap();
        let error = growing.render("a.html", serde_json::Map::new(), &english()).unwrap_err();
        assert!(error.code == "template" && error.message.contains("grows"), "{}", error.message);
        let endless = "{% macro m(n) %}{{ self::m(n=n) }}{% endmacro %}{{ self::m(n=1) }}";
        let endless = templates(&[("a.html", endless)]).unwrap();
        let error = endless.render("a.html", serde_json::Map::new(), &english()).unwrap_err();
        assert!(error.code == "template" && error.message.contains("too deep"), "{}", error.message);
        let deep = "{% macro m(n) %}{% if n > 0 %}{{ self::m(n=n-1) }}{% else %}end{% endif %}{% endmacro %}\
                    {{ self::m(n=60) }}";
        let deep = templates(&[("a.html", deep)]).unwrap();
        assert_eq!(deep.render("a.html", serde_json::Map::new(), &english()).unwrap(), "end");
        let quiet = templates(&[("a.html", "[{% set a = 1 -%}\n {% for i in range(end=2) -%} {{ i }}{% endfor %}]")]);
        assert_eq!(quiet.unwrap().render("a.html", serde_json::Map::new(), &english()).unwrap(), "[01]");
    }

    #[test]
    fn a_range_is_not_endless_and_files_do_not_include_each_other() {
        let templates_of = |text| templates(&[("a.html", text)]);
        let error = templates_of("{% for i in range(end=1000000000) %}{% endfor %}").unwrap();
        let error = error.render("a.html", serde_json::Map::new(), &english()).unwrap_err();
        assert!(error.code == "template" && error.message.contains("range"), "{}", error.message);
        let small = templates_of("{% for i in range(start=1, end=8, step_by=3) %}{{ i }}{% endfor %}").unwrap();
        assert_eq!(small.render("a.html", serde_json::Map::new(), &english()).unwrap(), "147");
        let both = templates(&[("a.html", "{% include 'b.html' %}"), ("b.html", "x\n{% include \"a.html\" %}")]);
        let cycle = both.unwrap_err();
        assert_eq!(cycle.len(), 2);
        assert_eq!(cycle[0].span, Some(Span::new(FileId(0), 12, 18)), "{}", cycle[0].message);
    }

    #[test]
    fn words_are_those_of_the_language_and_a_missing_one_is_told() {
        let text = "{% set own = 1 %}{{ theme.words.next }} {% if theme.direction %}{{ theme.direction }}{% endif %}|{{ theme.words.built_with | replace(from='{name}', to='<x>') }}";
        let shown = templates(&[("a.html", text)]).unwrap();
        let render = |code| shown.render("a.html", serde_json::Map::new(), &Language::new(code, |_| None)).unwrap();
        assert_eq!(
            (render("en").as_str(), render("de").as_str()),
            ("Next |Built with &lt;x&gt;", "Weiter |Erstellt mit &lt;x&gt;")
        );
        assert!(render("ar").starts_with("التالي rtl|"), "{}", render("ar"));
        let broken = templates(&[("a.html", "<p>\n{{ theme.words.nexd }}")]).unwrap_err();
        assert_eq!(broken[0].span, Some(Span::new(FileId(0), 7, 23)), "{}", broken[0].message);
        assert_eq!(broken[0].help.as_deref(), Some("did you mean `theme.words.next`?"));
    }

    #[test]
    fn a_missing_parent_is_named() {
        let broken = templates(&[("a.html", "{% extends 'nowhere.html' %}")]).unwrap_err();
        assert!(broken[0].message.contains("nowhere.html"), "{}", broken[0].message);
    }
}
