//! Values that `assign` hands on: what lies at `site.data.team.name` is read as `team.name` behind `{% assign team = site.data.team %}`.

use std::collections::{BTreeMap, BTreeSet};

use carafe_source::FileId;

use crate::lsp::here::Here;
use crate::lsp::{cursor, ways};

/// How many other names of one value are followed.
const MOST: usize = 32;

/// The names under which a value is read.
#[derive(Debug)]
pub(in crate::lsp) struct Aliases {
    /// Its own path, and those behind other names.
    pub(in crate::lsp) paths: Vec<Vec<String>>,
    /// Where ways begin that do nothing but hand on what the value lies in.
    handed: BTreeSet<(FileId, usize)>,
}

impl Aliases {
    /// Those of what lies at a path. A name counts that stands for one and the same thing wherever a template of the site gives it a value.
    pub(in crate::lsp) fn of(here: &Here<'_>, path: &[String]) -> Self {
        let globals = here.globals();
        let mut bound: BTreeMap<String, Option<Vec<String>>> = BTreeMap::new();
        let mut given: Vec<(String, FileId, usize)> = Vec::new();
        for unit in &here.includes().analysis.units {
            let (file, text) = (unit.template.file(), unit.template.text());
            if here.world().sources.get(file).is_none() {
                continue;
            }
            for one in cursor::assigned(text) {
                let name = text[one.name].to_owned();
                let value = text[one.behind.clone()].trim_start().strip_prefix('=').filter(|_| one.tag == "assign");
                let names = value.and_then(|value| ways::whole(text, one.behind.end - value.len()..one.behind.end));
                given.extend(names.as_ref().and_then(|names| Some((name.clone(), file, names.first()?.start))));
                let names = names.map(|names| names.into_iter().map(|name| text[name].to_owned()).collect::<Vec<_>>());
                let names = names.filter(|_| !globals.contains_key(name.as_str()) && name != "include");
                let is_other = bound.get(&name).is_some_and(|known| *known != names);
                bound.insert(name, if is_other { None } else { names });
            }
        }
        let mut paths = vec![path.to_vec()];
        let mut handing = BTreeSet::new();
        let mut at = 0;
        while let Some(path) = paths.get(at).cloned() {
            at += 1;
            for (name, to) in &bound {
                let Some(rest) = to.as_ref().and_then(|to| path.strip_prefix(to.as_slice())) else { continue };
                if rest.is_empty() {
                    continue;
                }
                handing.insert(name);
                let other: Vec<String> = std::iter::once(name).chain(rest).cloned().collect();
                if paths.len() < MOST && !paths.contains(&other) {
                    paths.push(other);
                }
            }
        }
        let handed = given.iter().filter(|(name, ..)| handing.contains(name) && paths.len() < MOST);
        let handed = handed.map(|(_, file, start)| (*file, *start)).collect();
        Self { paths, handed }
    }

    /// Whether a way that begins at this place hands on what the value lies in, under a name that is followed.
    pub(in crate::lsp) fn hands_on(&self, file: FileId, start: usize) -> bool {
        self.handed.contains(&(file, start))
    }
}
