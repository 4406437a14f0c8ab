//! The changed files, in the words of the site: paths within its folder, or of a folder of includes beside it.

use std::path::{Component, Path, PathBuf};

use crate::config::Mode;
use crate::content::{THEME, THEME_ASSETS, heading};
use crate::git::Repository;
use crate::graph::{Change, ChangeKind};
use crate::world::World;

use super::super::args::SiteArgs;
use super::super::past;

/// The folders of a site, as the disk names them.
pub(in crate::cli) struct Places {
    root: PathBuf,
    /// The further folders of includes and of code, and the theme's, with the names that the site's messages give them.
    extra: Vec<(PathBuf, String)>,
    /// The configurations that lie elsewhere, with the names that they were given.
    named: Vec<(PathBuf, String)>,
}

impl Places {
    pub(in crate::cli) fn new(args: &SiteArgs) -> Self {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let extra = args.includes.iter().map(|folder| (real(folder), folder.to_string_lossy().into_owned()));
        Self { root: real(&args.source), extra: extra.collect(), named: past::elsewhere(args) }
    }

    /// With what the site's configuration names: the folder of source code that it shows, when it lies around the site's, and the theme's.
    pub(in crate::cli) fn of(mut self, world: &World) -> Self {
        let root = &world.config.content.code_root;
        if root.starts_with("..")
            && let Ok(folder) = self.root.join(root).canonicalize()
        {
            self.extra.push((folder, root.clone()));
        }
        if let Some(theme) = world.theme.folder() {
            self.extra.push((theme.to_owned(), THEME.to_owned()));
            self.extra.push((theme.join(THEME_ASSETS), THEME_ASSETS.to_owned()));
        }
        self
    }

    /// The site's names of a file; none when it is none of the site's, several when it lies in a further folder that is within the site's.
    fn names(&self, path: &Path) -> Vec<String> {
        let below = |folder: &Path| path.strip_prefix(folder).ok().map(text);
        let own = below(&self.root);
        // A folder of code lies around the site's, and is no other name of what is in that.
        let is_other = |folder: &Path| own.is_none() || folder.starts_with(&self.root);
        let others = self.extra.iter().filter(|(folder, _)| is_other(folder));
        let others = others.filter_map(|(folder, shown)| Some(format!("{shown}/{}", below(folder)?)));
        let named = self.named.iter().filter(|(file, _)| file == path).map(|(_, name)| name.clone());
        others.chain(named).chain(own.clone()).collect()
    }

    /// The file that somebody named: from the working folder, else from the site's.
    fn named(&self, file: &str) -> String {
        if let Some(name) = Path::new(file).canonicalize().ok().and_then(|path| self.names(&path).into_iter().next()) {
            return name;
        }
        if self.root.join(file).exists() {
            return text(Path::new(file));
        }
        // It is gone: what it was called is all there is.
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let lexical = here.join(file);
        self.names(&normal(&lexical)).into_iter().next().unwrap_or_else(|| text(Path::new(file)))
    }
}

/// The path with `/` between its parts, without `.`.
fn text(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

/// The path with `..` resolved by its letters.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// The changes of the files that were named; a folder stands for all that is in it.
pub(in crate::cli) fn named(places: &Places, world: &World, files: &[String]) -> Vec<Change> {
    let mut names = Vec::new();
    for file in files {
        let name = places.named(file);
        if places.root.join(&name).is_dir() {
            names.extend(world.files.list(&name, &|_| false).unwrap_or_default());
        } else {
            names.push(name);
        }
    }
    names.sort();
    names.dedup();
    let change = |name: String| {
        let elsewhere = places.extra.iter().any(|(folder, shown)| {
            name.strip_prefix(&format!("{shown}/")).is_some_and(|inner| folder.join(inner).exists())
        }) || places.named.iter().any(|(file, known)| *known == name && file.exists());
        let there = elsewhere || places.root.join(&name).exists();
        change(world, name, if there { ChangeKind::Modified } else { ChangeKind::Deleted }, None)
    };
    names.into_iter().map(change).collect()
}

/// The changes since the repository's commit; of these only `files`, when some are named.
///
/// # Errors
/// What git says.
pub(super) fn since(
    repository: &Repository,
    places: &Places,
    world: &World,
    files: &[String],
) -> Result<Vec<Change>, String> {
    let root = repository.root.canonicalize().unwrap_or_else(|_| repository.root.clone());
    let wanted: Vec<String> = files.iter().map(|file| places.named(file)).collect();
    let mut found = Vec::new();
    for (kind, path) in repository.changed()? {
        for name in places.names(&root.join(&path)) {
            let below = |wanted: &String| {
                name.strip_prefix(&**wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if !wanted.is_empty() && !wanted.iter().any(below) {
                continue;
            }
            let differs = (kind == ChangeKind::Modified && world.site.by_source(&name).is_some()).then(|| {
                let old = repository.text(&path).unwrap_or_default();
                let new = world.files.read(&name).unwrap_or_default();
                metadata(&old) != metadata(&new)
            });
            // A repository within this one is told as a whole.
            let inner = match root.join(&path).is_dir() {
                true => world.files.list(&name, &|_| false).unwrap_or_default(),
                false => Vec::new(),
            };
            found.extend(inner.into_iter().map(|file| change(world, file, ChangeKind::Modified, None)));
            found.push(change(world, name, kind, differs));
        }
    }
    Ok(found)
}

/// What other pages may know of a page with this text: its front matter, and the heading that may be its title.
fn metadata(text: &str) -> (&str, Option<&str>) {
    let Some(parts) = carafe_yaml::front_matter(text) else { return ("", heading(text)) };
    let part = |range| text.get(range).unwrap_or_default();
    (part(parts.start..parts.end), heading(part(parts.body..text.len())))
}

fn change(world: &World, path: String, kind: ChangeKind, metadata: Option<bool>) -> Change {
    let folders = &world.config.content.folders;
    let below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let known = world.site.by_source(&path).is_some() || world.site.statics.iter().any(|file| *file.path == *path);
    // Of a file that comes or goes only its place tells what it is or was.
    let page = known
        || kind != ChangeKind::Modified
            && match world.config.mode {
                Mode::Native => below(&folders.content),
                Mode::Jekyll => {
                    let other =
                        [&folders.includes, &folders.templates, &folders.data].iter().any(|folder| below(folder));
                    !other && !world.config.files.contains(&path)
                }
            };
    let data_key = below(&folders.data).then(|| {
        let inner = path[folders.data.len()..].trim_start_matches('/');
        inner.rsplit_once('.').map_or(inner, |(stem, _)| stem).replace('/', ".")
    });
    Change { path, kind, page, metadata, data_key }
}
