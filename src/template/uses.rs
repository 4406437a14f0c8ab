//! Which templates a template stands on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{TemplateFile, Templates};

/// For each template the names of those that it stands on.
pub(super) type Uses = HashMap<String, Arc<BTreeSet<String>>>;

/// Finds out once what each of `files` stands on, so that no page has to.
pub(super) fn of(files: &HashMap<String, TemplateFile>) -> Uses {
    let direct: HashMap<&str, Vec<&str>> =
        files.iter().map(|(name, file)| (name.as_str(), named(&file.text).collect())).collect();
    files.keys().map(|name| (name.clone(), Arc::new(reached(name, &direct)))).collect()
}

fn reached(name: &str, direct: &HashMap<&str, Vec<&str>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(next) = waiting.pop() {
        if found.insert(next.to_owned()) {
            waiting.extend(direct.get(next).into_iter().flatten());
        }
    }
    found
}

impl Templates {
    /// The names of the templates that rendering `name` may read, itself included: those that it extends, includes or
    /// imports, and those that these do. Names that are no template are told too.
    pub(crate) fn uses(&self, name: &str) -> Arc<BTreeSet<String>> {
        self.uses.get(name).cloned().unwrap_or_else(|| Arc::new(BTreeSet::from([name.to_owned()])))
    }

    /// Whether the template `name` shows the heading that a page's text begins with.
    pub(crate) fn shows_heading(&self, name: &str) -> bool {
        self.holds(name, "page.heading")
    }

    /// Whether the template `name` names the file at `path`.
    pub(crate) fn names_asset(&self, name: &str, path: &str) -> bool {
        self.holds(name, path)
    }

    /// Whether this stands in the template `name`, or in what it stands on.
    fn holds(&self, name: &str, text: &str) -> bool {
        let uses = self.uses(name);
        let mut files = uses.iter().filter_map(|name| self.files.get(name));
        files.any(|file| file.text.contains(text))
    }

    /// Whether `name` is a file of the site, rather than the theme's or nothing.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        self.files.get(name).is_some_and(|file| file.file.is_some())
    }
}

/// The names that `include` tags hold, and where they stand.
pub(super) fn included(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let place = |part: &str| part.as_ptr().addr() - text.as_ptr().addr();
    let tags = text.split("{%").skip(1).filter_map(|rest| rest.split("%}").next());
    let includes = tags.filter(|tag| tag.trim_start_matches('-').trim_start().starts_with("include"));
    includes.flat_map(|tag| tag.split(['"', '\'']).skip(1).step_by(2)).map(move |name| (place(name), name))
}

/// The texts in quotes of all `extends`, `include` and `import` in a template.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split("{%").skip(1).filter_map(|rest| rest.split("%}").next());
    let calls = tags.filter(|tag| {
        let word = tag.trim_start_matches('-').trim_start();
        ["extends", "include", "import"].iter().any(|name| word.starts_with(name))
    });
    // `include` takes a list of names, too.
    calls.flat_map(|tag| tag.split(['"', '\'']).skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::super::TemplateFile;
    use super::*;

    #[test]
    fn what_a_template_stands_on_is_found_through_all_levels() {
        let files = [
            ("page.html", "{% extends \"base.html\" %}{% block a %}{%- include 'part.html' -%}{% endblock %}"),
            ("base.html", "{% import \"m.html\" as m %}{% block a %}{% endblock %}"),
            ("part.html", "x"),
            ("m.html", ""),
            ("other.html", ""),
        ];
        let file = |(name, text): (&str, &str)| TemplateFile { name: name.into(), text: text.into(), file: None };
        let templates =
            Templates::new(files.map(file), "", 1000, &crate::theme::words::Language::new("en", |_| None)).unwrap();
        let found: Vec<String> = templates.uses("page.html").iter().cloned().collect();
        assert_eq!(found, ["base.html", "m.html", "page.html", "part.html"]);
    }
}
