//! Paths such as `page.prev.url` in page templates, as one variable each.
//!
//! Tera takes a path apart every time it meets one, and copies each part twice: on a page with a hundred of them that is half of the template's
//! time. So paths from the variables that every page has get a name of their own before Tera reads the template.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::TemplateFile;
use super::parts::{names, parts};

/// The variables that templates are given.
const HEADS: [&str; 4] = ["carafe", "page", "site", "theme"];

/// What is as long as a page is not copied to save a step.
const WHOLE: [&str; 1] = ["page.content"];

/// By the keys of a variable: what follows behind them in a path, and its name.
type Keys = FxHashMap<String, Vec<(Vec<String>, String)>>;

/// The paths that get a name, for all templates of a site.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// The names by the paths.
    names: BTreeMap<String, String>,
    /// The same by variable.
    by_key: [Keys; HEADS.len()],
    /// By the templates whose macros have them: parameters that are called as a variable is.
    parameters: HashMap<String, BTreeSet<&'static str>>,
}

impl Paths {
    /// The paths in `files`. Variables that a template itself sets stay as they are, in all of them, since one may include another.
    pub(super) fn of(files: &[&TemplateFile]) -> Self {
        let mut set: BTreeSet<&'static str> = BTreeSet::new();
        let mut parameters: HashMap<String, BTreeSet<&'static str>> = HashMap::new();
        for file in files {
            let (mut own, mut includes) = (BTreeSet::new(), false);
            for (_, tag, _) in parts(&file.text).into_iter().filter(|(.., is_tag)| *is_tag) {
                let mut words = names(tag).map(|(_, name)| name);
                match words.next().filter(|_| tag.starts_with("{%")) {
                    Some("for") => set.extend(words.take_while(|word| *word != "in").filter_map(head_of)),
                    Some("set" | "set_global") => set.extend(words.next().and_then(head_of)),
                    Some("macro") => own.extend(words.filter_map(head_of)),
                    Some("include") => includes = true,
                    _ => {}
                }
            }
            if includes {
                set.extend(&own);
            }
            parameters.insert(file.name.clone(), own);
        }
        let mut found = BTreeMap::new();
        for file in files {
            for (_, tag, _) in parts(&file.text).into_iter().filter(|(.., is_tag)| *is_tag) {
                let paths = names(tag).map(|(_, path)| path).filter(|path| !WHOLE.contains(path) && is_path(path));
                let paths = paths.filter(|path| head_of(path).is_some_and(|head| !set.contains(head)));
                found.extend(paths.map(|path| (path.to_owned(), path.replace('.', "__"))));
            }
        }
        // No template is to meet a name of ours.
        found.retain(|_, name| !files.iter().any(|file| file.text.contains(name.as_str())));
        let by_key = HEADS.map(|head| {
            let mut keys = Keys::default();
            for (path, name) in &found {
                let mut parts = path.split('.').map(str::to_owned);
                if parts.next().as_deref() == Some(head)
                    && let Some(key) = parts.next()
                {
                    keys.entry(key).or_default().push((parts.collect(), name.clone()));
                }
            }
            keys
        });
        Self { names: found, by_key, parameters }
    }

    /// A tag or an expression of the template `template` with names in place of paths.
    pub(super) fn put_in<'t>(&self, template: &str, tag: &'t str) -> Cow<'t, str> {
        let own = self.parameters.get(template);
        let (mut out, mut done) = (String::new(), 0);
        for (place, path) in names(tag) {
            let Some(name) = self.names.get(path) else { continue };
            if head_of(path).is_some_and(|head| own.is_some_and(|own| own.contains(head))) {
                continue;
            }
            out.push_str(&tag[done..place.start]);
            out.push_str(name);
            done = place.end;
        }
        if done == 0 {
            return Cow::Borrowed(tag);
        }
        out.push_str(&tag[done..]);
        Cow::Owned(out)
    }

    /// Adds to `variables` what the paths lead to; what leads nowhere stays undefined.
    pub(super) fn fill(&self, variables: &mut Map<String, Value>) {
        let mut found = Vec::with_capacity(self.names.len());
        for (head, keys) in HEADS.into_iter().zip(&self.by_key) {
            // Most pages have few of the values that templates ask for.
            for (key, value) in variables.get(head).and_then(Value::as_object).into_iter().flatten() {
                for (rest, name) in keys.get(key).into_iter().flatten() {
                    let inner = rest.iter().try_fold(value, |value, key| value.as_object()?.get(key));
                    found.extend(inner.map(|inner| (name.clone(), inner.clone())));
                }
            }
        }
        variables.extend(found);
    }

    /// A message of Tera's with the paths that the template's author wrote.
    pub(super) fn told(&self, message: String) -> String {
        // A longer path may begin as a shorter one does.
        self.names.iter().rev().fold(message, |message, (path, name)| match message.contains(name.as_str()) {
            true => message.replace(name.as_str(), path),
            false => message,
        })
    }
}

/// The variable of ours that a path begins with.
fn head_of(path: &str) -> Option<&'static str> {
    let head = path.split('.').next()?;
    HEADS.into_iter().find(|known| *known == head)
}

/// Whether the text is a path of names; an index of a list is none.
fn is_path(text: &str) -> bool {
    let is_name = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    text.contains('.') && text.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Templates;
    use crate::theme::words::Language;

    fn file((name, text): &(&str, &str)) -> TemplateFile {
        TemplateFile { name: (*name).to_owned(), text: (*text).into(), file: None }
    }

    /// The template `a.html` of these on a page.
    fn shown(files: &[(&str, &str)]) -> Result<String, String> {
        let english = Language::new("en", |_| None);
        let templates = Templates::new(files.iter().map(file), "", 1000, &english).unwrap();
        let page = serde_json::json!({ "title": "T", "prev": { "url": "/p/" }, "toc": [{ "id": "i" }], "content": "C", "no": null });
        let variables = Map::from_iter([
            ("page".to_owned(), page),
            ("site".to_owned(), serde_json::json!({ "title": "S", "others": { "a": { "title": "O" } } })),
        ]);
        templates.render("a.html", variables, &english).map_err(|error| error.message)
    }

    #[test]
    fn paths_from_what_every_page_has_are_one_variable() {
        let file = file(&("a.html", "{{ page.prev.url }}{% if not page.x and site.title %}{% endif %}"));
        let paths = Paths::of(&[&file]);
        let put = |tag| paths.put_in("a.html", tag).into_owned();
        assert_eq!(put("{{ page.prev.url ~ 'page.prev.url' }}"), "{{ page__prev__url ~ 'page.prev.url' }}");
        assert_eq!(put("{% if not page.x and site.title %}"), "{% if not page__x and site__title %}");
        assert_eq!(put("{{ my.page.x }}{{ page }}{{ page.y }}"), "{{ my.page.x }}{{ page }}{{ page.y }}");
    }

    #[test]
    fn templates_show_what_they_show_in_tera_alone() {
        let one = |text: &str| shown(&[("a.html", text)]);
        let text = "{{ page.title }}{{ page.prev.url | safe }}{{ page.toc.0.id }}{% for item in page.toc %}{{ item.id }}{% endfor %}{{ page[\"title\"] }}";
        assert_eq!(one(text).unwrap(), "T/p/iiT");
        assert_eq!(
            one(
                "{% if page.none or page.no or page.title.x %}a{% else %}b{% endif %}{{ page.none | default(value=1) }}"
            )
            .unwrap(),
            "b1"
        );
        assert_eq!(
            one("{% if page.no is defined %}a{% endif %}{% if page.none is defined %}b{% endif %}{{ page.content }}")
                .unwrap(),
            "aC"
        );
        assert_eq!(
            one("{{ 'page.title' }}{# page.title #}{% raw %}{{ page.title }}{% endraw %}").unwrap(),
            "page.title{{ page.title }}"
        );
        let error = one("{{ page.title }}{{ page.prev.urk }}").unwrap_err();
        assert!(error.contains("`page.prev.urk` not found"), "{error}");
        assert_eq!(one("{% set page__title = 1 %}{{ page__title }}{{ page.title }}").unwrap(), "1T");
    }

    #[test]
    fn variables_that_a_template_names_itself_are_its_own() {
        let one = |text: &str| shown(&[("a.html", text), ("b.html", "{{ page.title }}")]);
        let macros = "{% macro m(page) %}[{{ page.title }}]{% endmacro %}{% macro n(x) %}({{ x.title }}{{ site.title }}){% endmacro %}";
        assert_eq!(one(&format!("{macros}{{{{ self::m(page=site) }}}}{{{{ self::n(x=page) }}}}")).unwrap(), "[S](TS)");
        assert_eq!(
            one("{% for page in [site] %}{{ page.title }}{% include 'b.html' %}{% endfor %}{{ page.title }}").unwrap(),
            "SST"
        );
        assert_eq!(one("{% for _, page in site.others %}{{ page.title }}{% endfor %}").unwrap(), "O");
        assert_eq!(one("{% set page = site %}{{ page.title }}").unwrap(), "S");
        let within = "{% macro m(page) %}{% include 'b.html' %}{% endmacro %}{{ self::m(page=site) }}{{ page.title }}";
        assert_eq!(one(within).unwrap(), "ST");
    }
}
