//! Ruby in a site's `_plugins`: read, never run, for what it adds to the site. A reader of Ruby would need Ruby; these are the words that
//! every plugin of Jekyll has to write: `register_tag`, `register_filter`, hooks, and classes of generators and converters.

use std::sync::Arc;

use carafe_liquid::{Foreign, Value};
use carafe_source::{FileId, Files, Sources, Span};

use crate::config::{Config, Mode};
use crate::diagnostic::Diagnostic;
use crate::site::Site;
use crate::world::World;

/// Names of tags or filters, and whose they are.
pub(crate) type Names = Vec<(String, Foreign)>;

/// What the files of the folder add.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ruby {
    pub files: Vec<RubyFile>,
}

/// What one file adds; each name with its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct RubyFile {
    pub path: Arc<str>,
    pub tags: Vec<(String, Span)>,
    pub filters: Vec<(String, Span)>,
    /// What generators and hooks set: `page.NAME`, `site.NAME`.
    pub variables: Vec<(String, Span)>,
    pub generators: usize,
    pub converters: usize,
    pub hooks: usize,
    file: Option<FileId>,
}

impl Ruby {
    /// Reads the Ruby of a Jekyll site.
    pub(crate) fn read(files: &dyn Files, sources: &Sources, config: &Config) -> Self {
        if config.mode != Mode::Jekyll {
            return Self::default();
        }
        let folder = folder(config);
        let mut paths = files.list(&folder, &|_| false).unwrap_or_default();
        paths.retain(|path| path.ends_with(".rb"));
        paths.sort();
        let read = |path: String| {
            let text = files.read(&path).ok()?;
            Some(file(&path, sources.add(&path, text.clone()), &text))
        };
        Self { files: paths.into_iter().filter_map(read).collect() }
    }

    /// The tags and filters, as Liquid is to know them.
    pub(crate) fn foreign(&self) -> (Names, Names) {
        let of = |kind: &str, folder: &str, path: &str, (name, span): &(String, Span)| {
            let shown = if kind == "tag" { format!("{{% {name} %}}") } else { format!("| {name}") };
            let what = if kind == "tag" { "its text stays on the page" } else { "values pass through unchanged" };
            let foreign = Foreign {
                message: format!("`{shown}` is a {kind} of `{path}`, which is not run; {what}"),
                help: format!("write it as `_includes/{folder}/{name}.html`"),
                span: Some(*span),
            };
            (name.clone(), foreign)
        };
        let tags = self.files.iter().flat_map(|file| file.tags.iter().map(|tag| of("tag", "tags", &file.path, tag)));
        let filters = self
            .files
            .iter()
            .flat_map(|file| file.filters.iter().map(|filter| of("filter", "filters", &file.path, filter)));
        (tags.collect(), filters.collect())
    }

    /// Whether a generator or a hook sets the variable of this name.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.variables.iter().any(|(known, _)| known == name))
    }

    /// The variables that are set, with the file that sets them and those that read them: the names of the first three, and how many
    /// more there are.
    pub(crate) fn readers<'r>(&'r self, world: &World) -> Vec<(&'r str, &'r str, String)> {
        let templates = world.own_templates();
        let of = |file: &'r RubyFile| {
            let one = |(name, _): &'r (String, Span)| (&**name, &*file.path, readers(&world.site, &templates, name));
            file.variables.iter().map(one)
        };
        self.files.iter().flat_map(of).collect()
    }

    /// The move report: a line for each file, with how many pages stand on what it adds. `templates` are the site's includes and layouts, by
    /// their paths.
    pub(crate) fn report(&self, site: &Site, templates: &[(Arc<str>, Arc<str>)]) -> Vec<Diagnostic> {
        let pages = |wanted: &dyn Fn(&str) -> bool| {
            let pages = site.entries.iter().filter(|entry| wanted(&entry.page.text)).count();
            let others = templates.iter().filter(|(_, text)| wanted(text)).count();
            let counted = |count: usize, one: &str| match count {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {one}s")),
            };
            let parts: Vec<String> =
                [counted(pages, "page"), counted(others, "template")].into_iter().flatten().collect();
            if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
        };
        // What has a template is done here.
        let is_done = |kind: &str, name: &str| {
            let path = format!("/{kind}s/{name}.html");
            templates.iter().any(|(own, _)| own.ends_with(&path))
        };
        let list = |kind: &str, names: &[(String, Span)], uses: &dyn Fn(&str, &str) -> bool| {
            let left = names.iter().filter(|(name, _)| !is_done(kind, name));
            let one = |(name, _): &(String, Span)| format!("`{name}`{}", pages(&|text| uses(text, name)));
            let all: Vec<String> = left.map(one).collect();
            if all.is_empty() {
                return None;
            }
            let plural = if all.len() == 1 { "" } else { "s" };
            Some(format!("the {kind}{plural} {}", all.join(", ")))
        };
        let count = |count: usize, one: &str| match count {
            0 => None,
            1 => Some(format!("a {one}")),
            count => Some(format!("{count} {one}s")),
        };
        let line = |file: &RubyFile| {
            let parts = [
                list("tag", &file.tags, &uses_tag),
                list("filter", &file.filters, &|text, name| has_word(text, name)),
                count(file.generators, "generator"),
                count(file.converters, "converter"),
                count(file.hooks, "hook"),
                variables(file, site, templates),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let what = match parts.as_slice() {
                [] if file.tags.is_empty() && file.filters.is_empty() => "what it does is not known".to_owned(),
                [] => return None,
                parts => format!("the site is without {}", parts.join(", ")),
            };
            let diagnostic = Diagnostic::warning("ruby-plugin", format!("`{}` is not run; {what}", file.path));
            Some(match file.file {
                Some(id) => diagnostic.at(Span::new(id, 0, 0)),
                None => diagnostic,
            })
        };
        self.files.iter().filter_map(line).collect()
    }
}

/// The variables that a file sets, and who reads them.
fn variables(file: &RubyFile, site: &Site, templates: &[(Arc<str>, Arc<str>)]) -> Option<String> {
    let one = |(name, _): &(String, Span)| match readers(site, templates, name) {
        readers if readers.is_empty() => format!("`{name}` (read by nobody)"),
        readers => format!("`{name}` (read by {readers})"),
    };
    let all: Vec<String> = file.variables.iter().map(one).collect();
    let plural = if all.len() == 1 { "" } else { "s" };
    (!all.is_empty()).then(|| format!("the variable{plural} {}", all.join(", ")))
}

/// Who reads a variable: the first three, and how many more.
fn readers(site: &Site, templates: &[(Arc<str>, Arc<str>)], name: &str) -> String {
    let word = name.rsplit('.').next().unwrap_or(name);
    let pages = site.entries.iter().map(|entry| (&entry.page.path, &entry.page.text));
    let all = templates.iter().map(|(path, text)| (path, text)).chain(pages);
    let found: std::collections::BTreeSet<&str> =
        all.filter(|(_, text)| has_key(text, word)).map(|(path, _)| &**path).collect();
    let mut shown: Vec<String> = found.iter().take(3).map(|path| format!("`{path}`")).collect();
    if found.len() > shown.len() {
        shown.push(format!("{} more", found.len() - shown.len()));
    }
    shown.join(", ")
}

/// The folder of a site's own plugins.
pub(crate) fn folder(config: &Config) -> String {
    let folder = config.variables.get("plugins_dir").and_then(Value::as_str).unwrap_or("_plugins");
    folder.trim_matches('/').to_owned()
}

/// Whether a text calls the tag `name`.
fn uses_tag(text: &str, name: &str) -> bool {
    text.match_indices("{%").any(|(at, _)| {
        let rest = text[at + 2..].trim_start_matches('-').trim_start();
        let behind = rest.strip_prefix(name);
        behind.is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')))
    })
}

/// Whether a text with Liquid in it has this word.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.contains('{')
        && text
            .match_indices(word)
            .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Whether a text with Liquid in it asks something for this key: `.key`, `["key"]`.
fn has_key(text: &str, key: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let asked = |at: usize| text[..at].ends_with(['.', '"', '\'']) && !text[at + key.len()..].starts_with(is_part);
    text.contains('{') && text.match_indices(key).any(|(at, _)| asked(at))
}

/// What a file adds.
fn file(path: &str, id: FileId, text: &str) -> RubyFile {
    let mut found = RubyFile { path: path.into(), file: Some(id), ..RubyFile::default() };
    let mut at = 0;
    let mut modules: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = line.split(" #").next().unwrap_or_default();
        if code.trim_start().starts_with('#') {
            continue;
        }
        let span = |name: &str| {
            let offset = line.find(name).unwrap_or(0);
            Span::new(id, start + offset, start + offset + name.len())
        };
        if let Some(name) = code.split_once("register_tag").and_then(|(_, rest)| name(rest)) {
            found.tags.push((name.to_owned(), span(name)));
        }
        if let Some((_, rest)) = code.split_once("register_filter") {
            let module = rest.trim_matches(|c: char| !c.is_alphanumeric()).rsplit("::").next().unwrap_or_default();
            modules.push(module.to_owned());
        }
        let class = code
            .trim_start()
            .strip_prefix("class ")
            .and_then(|class| class.split_once('<'))
            .map(|(_, base)| base.trim());
        found.generators += usize::from(class.is_some_and(|base| base.ends_with("Generator")));
        found.converters += usize::from(class.is_some_and(|base| base.ends_with("Converter")));
        found.hooks += usize::from(code.contains("Hooks.register"));
        for (marker, root) in [("data[", "page"), ("config[", "site")] {
            let Some((_, rest)) = code.split_once(marker) else { continue };
            let Some(name) = name(rest) else { continue };
            let behind = rest.split_once(']').map_or("", |(_, behind)| behind.trim_start());
            let sets = behind.starts_with("||=") || behind.starts_with('=') && !behind.starts_with("==");
            let of_site =
                code.split(marker).next().is_some_and(|before| before.trim_end_matches('.').ends_with("site"));
            let root = if of_site && marker == "data[" { "site.data" } else { root };
            let full = format!("{root}.{name}");
            if sets && !found.variables.iter().any(|(known, _)| *known == full) {
                found.variables.push((full, span(name)));
            }
        }
    }
    for module in modules {
        found.filters.extend(methods(text, id, &module));
    }
    found
}

/// The text or symbol that a piece of code begins with.
fn name(code: &str) -> Option<&str> {
    let code = code.trim_start_matches(['(', ' ']);
    let inner = code.strip_prefix(['"', '\'', ':'])?;
    let end = inner.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(inner.len());
    (end > 0).then(|| &inner[..end])
}

/// The methods of a module: the filters that it is registered for.
fn methods(text: &str, id: FileId, module: &str) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut at = 0;
    // How far the module is indented, while the lines are its own.
    let mut inside: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = line.trim();
        let indent = line.len() - line.trim_start().len();
        match inside {
            None if code.strip_prefix("module ").is_some_and(|name| name.rsplit("::").next() == Some(module)) => {
                inside = Some(indent)
            }
            Some(own) if code == "end" && indent == own => inside = None,
            Some(_) if code == "private" => inside = None,
            Some(_) => {
                if let Some(rest) = code.strip_prefix("def ").filter(|rest| !rest.starts_with("self.")) {
                    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                    let offset = start + line.find(rest).unwrap_or(0);
                    found.push((rest[..end].to_owned(), Span::new(id, offset, offset + end)));
                }
            }
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_plugins_add_is_read() {
        let text = "module Jekyll\n  class Tabs < Liquid::Block\n  end\n  module Price\n    def price(x)\n      x\n    end\n    private\n    def secret; end\n  end\n  \
                    class Gen < Jekyll::Generator\n    def generate(site)\n      site.pages.each { |p| p.data['toc_items'] = 1 }\n      \
                    site.config[\"v\"] ||= 2\n      site.data['nav'] = 1\n      x if p.data['read'] == 3\n    end\n  end\nend\n# register_tag('no', X)\n\
                    Liquid::Template.register_tag('tabs', Jekyll::Tabs)\nLiquid::Template.register_tag :tab, Jekyll::Tab\nLiquid::Template.register_tag('', X)\n\
                    Liquid::Template.register_filter(Jekyll::Price)\nJekyll::Hooks.register :pages, :post_render do |page|\nend\n";
        let found = file("x.rb", FileId(0), text);
        let names = |all: &[(String, Span)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found.tags), ["tabs", "tab"]);
        assert_eq!(names(&found.filters), ["price"]);
        assert_eq!(names(&found.variables), ["page.toc_items", "site.v", "site.data.nav"]);
        assert_eq!((found.generators, found.converters, found.hooks), (1, 0, 1));
    }
}
