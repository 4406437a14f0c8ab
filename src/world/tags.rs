//! The tags and filters of a site: those that its includes define, with the data that they ask for, and what plugins do.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_liquid::{Value, tags::Tags};
use carafe_source::{Files, Sources};

use crate::content;
use crate::diagnostic::Diagnostic;

use super::includes::Includes;
use super::plugins::{self, Plugins};

/// Tags and filters that nobody does here, and whose they are.
pub(super) type ForeignNames = (plugins::ruby::Names, plugins::ruby::Names);

/// The tags and filters that are templates: `tags/NAME.html` and `filters/NAME.html` among the includes.
pub(super) fn read(
    includes: &Includes,
    (plugins, foreign): (&Plugins, &ForeignNames),
    site: &dyn Files,
    sources: &Sources,
    yaml: &content::Yaml,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Tags, FxHashMap<String, Vec<Arc<str>>>) {
    let mut files = Vec::new();
    for path in includes.names() {
        let name = ["tags/", "filters/"].iter().find_map(|folder| path.strip_prefix(folder)?.strip_suffix(".html"));
        let Some(name) = name.filter(|name| !name.contains('/')) else { continue };
        match includes.text(&path) {
            // What the site's own plugin does is not what ours of the same name does.
            Some((shown, Ok(_)))
                if shown.starts_with("(built in)/") && foreign.0.iter().any(|(own, _)| own == name) => {}
            Some((shown, Ok(text))) => {
                let file = sources.add(&shown, text.clone());
                files.push(carafe_liquid::TemplateFile { name: name.to_owned(), file, text });
            }
            Some((shown, Err(error))) => {
                let message = format!("the template `{shown}` cannot be read: {error}");
                diagnostics.push(Diagnostic::error("unreadable", message));
            }
            None => {}
        }
    }
    let mut tags = Tags::new(carafe_liquid::Dialect::Jekyll);
    tags.add_host(plugins.tags(), plugins.filters());
    tags.add_foreign(foreign.0.clone(), foreign.1.clone());
    diagnostics.extend(tags.load(&files));
    let mut read = FxHashMap::default();
    tags.load_data(|pattern| {
        let (value, paths) = tag_data(pattern, site, sources, yaml, diagnostics);
        read.insert(pattern.to_owned(), paths);
        value
    });
    (tags, read)
}

/// The data files of the site's folder that a tag template asks for, the later ones merged into the earlier.
fn tag_data(
    pattern: &str,
    files: &dyn Files,
    sources: &Sources,
    yaml: &content::Yaml,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Value, Vec<Arc<str>>) {
    let folder =
        pattern.split(['*', '?']).next().and_then(|fixed| fixed.rsplit_once('/')).map_or("", |(folder, _)| folder);
    let mut merged = carafe_liquid::Map::default();
    let mut paths = Vec::new();
    for path in files.list(folder, &|_| false).unwrap_or_default() {
        if !content::matches_glob(pattern, &path) {
            continue;
        }
        paths.push(path.as_str().into());
        let Ok(text) = files.read(&path) else { continue };
        let file = sources.add(&path, text.clone());
        match yaml.value(&text, "data-file", file, 0) {
            Ok((value, doubts)) => {
                diagnostics.extend(doubts);
                if let Value::Map(map) = value {
                    carafe_liquid::value::merge(&mut merged, &map);
                }
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (Value::Map(Arc::new(merged)), paths)
}
