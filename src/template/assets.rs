//! The files that page templates name with `asset(path="…")`, and their addresses.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use carafe_source::Span;

use super::Templates;
use super::parts::parts;

/// The names of files by their paths, known once the site is.
pub(super) type Names = Arc<OnceLock<Arc<BTreeMap<String, String>>>>;

impl Templates {
    /// Gives files names of their own, by their paths. What is rendered before has the paths; a second call does nothing.
    pub(crate) fn name_assets(&self, names: Arc<BTreeMap<String, String>>) {
        let _ = self.names.set(names);
    }

    /// The paths that the site's own templates give to `asset`, where they stand, and the names of the templates; those that a template makes of something
    /// are left out. In the order of the templates' names.
    pub(crate) fn assets(&self) -> Vec<(Span, &str, String)> {
        let mut all = Vec::new();
        for name in self.names() {
            let Some(file) = self.files.get(name) else { continue };
            let Some(id) = file.file else { continue };
            for (at, part, is_tag) in parts(&file.text) {
                let calls = part.match_indices("asset(").filter(|_| is_tag);
                all.extend(calls.filter_map(|(call, _)| {
                    let start = at + call + "asset(".len();
                    let rest = file.text.get(start..)?.trim_start();
                    let rest = rest.strip_prefix("path")?.trim_start().strip_prefix('=')?.trim_start();
                    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
                    let (path, behind) = rest[1..].split_once(quote)?;
                    // What is joined to it or changes it is not known here.
                    let is_whole = behind.trim_start().starts_with(')');
                    let begin = file.text.len() - behind.len() - path.len() - 1;
                    let begin = if is_whole { begin } else { return None };
                    let end = begin + path.len();
                    (file.text.get(begin..end) == Some(path))
                        .then(|| (Span::new(id, begin, end), name, path.to_owned()))
                }));
            }
        }
        all
    }
}

/// The function `asset(path="…")`: the address of a file, below `base`.
pub(super) fn asset(
    base: String,
    names: Names,
) -> impl Fn(&HashMap<String, Value>) -> tera::Result<Value> + Sync + Send {
    move |arguments| match arguments.get("path").and_then(Value::as_str) {
        Some(path) if path.contains("://") => Ok(path.into()),
        Some(path) => {
            let path = path.trim_start_matches('/');
            let (file, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
            let name = names.get().and_then(|names| names.get(file)).map_or(file, String::as_str);
            Ok(format!("{base}/{name}{rest}").into())
        }
        None => Err("`asset` needs a `path`".into()),
    }
}
