//! Files that pages load at first, under names that say what they hold: `assets/carafe.3f9a2c1b04.css`. A reader's browser may keep such a file for good, and
//! never shows a page in the style of another state of the site.
//!
//! Each such file also stands under its plain name, for whoever writes that. What pages load later, as the search, has its plain name alone, so
//! that a page which is open while the site is replaced goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::{Files, Sources};

use crate::config::{Config, Mode};
use crate::content;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::site::{self, Site, decoded};
use crate::template::Templates;
use crate::theme;

use super::{World, feed, scopes};

/// What the theme's own pages load at first.
const FIRST: [&str; 4] = ["assets/carafe.css", "assets/carafe.js", "assets/copy.js", "assets/icon.svg"];
/// What they load later.
const LATER: [&str; 2] = ["assets/missing.js", "assets/search.js"];

/// A larger file keeps its plain name: it would be there twice.
const MOST_BYTES: usize = 1 << 20;
/// How many digits of the hash stand in a name.
pub(super) const DIGITS: usize = 10;

/// The theme's files that the site does not replace, as (path in the output, bytes).
pub(crate) type OfTheme = Vec<(&'static str, &'static [u8])>;

/// The theme's files that the site does not replace.
pub(super) fn of_theme(config: &Config, site: &Site) -> OfTheme {
    let assets = match config.mode {
        Mode::Native => theme::assets().to_vec(),
        Mode::Jekyll => Vec::new(),
    };
    let replaced = |path: &str| {
        site.statics.iter().any(|file| &*file.output == path)
            || site.entries.iter().any(|entry| entry.written && &*entry.output == path)
    };
    assets.into_iter().filter(|(path, _)| !replaced(path)).collect()
}

/// The names that say what files hold.
#[derive(Debug, Default)]
pub(crate) struct AssetNames {
    /// By the plain path.
    pub(crate) named: Arc<BTreeMap<String, String>>,
    /// The plain path by the name.
    plain: BTreeMap<String, String>,
    /// The files of the site that are behind them: who changes one changes all pages.
    sources: Vec<Arc<str>>,
    /// Files that are asked for and not there.
    missing: Vec<Diagnostic>,
}

/// What a site is asked about its assets.
pub(crate) struct Asking<'a> {
    pub config: &'a Config,
    pub files: &'a dyn Files,
    pub sources: &'a Sources,
    pub site: &'a Site,
    pub of_theme: &'a OfTheme,
    pub templates: Option<&'a Templates>,
    /// Whether the site's own files keep their plain names.
    pub plain: bool,
}

impl AssetNames {
    /// For the files that the theme, the configuration and the site's own templates name.
    pub(crate) fn new(asking: &Asking<'_>) -> Self {
        let mut names = Self::default();
        let Some(templates) = asking.templates.filter(|_| asking.config.mode == Mode::Native) else { return names };
        let theme = &asking.config.theme;
        let options = [("theme.favicon", &theme.favicon), ("theme.logo", &theme.logo)];
        let options = options.into_iter().filter_map(|(option, path)| Some((option, path.as_ref()?)));
        let lists = [("theme.styles", &theme.styles), ("theme.scripts", &theme.scripts)];
        let lists = lists.into_iter().flat_map(|(option, paths)| paths.iter().map(move |path| (option, path)));
        let mut named = BTreeMap::new();
        for path in FIRST {
            names.add(asking, &mut named, path);
        }
        for (option, path) in options.chain(lists) {
            if !names.add(asking, &mut named, path) {
                let diagnostic = missing(asking, path, &format!("`{option}` names"));
                names.missing.push(
                    asking.in_config(path).map_or_else(|| diagnostic.clone(), |span| diagnostic.clone().at(span)),
                );
            }
        }
        for (span, name, path) in templates.assets() {
            if !names.add(asking, &mut named, &path) {
                names.missing.push(missing(asking, &path, &format!("the page template `{name}` names")).at(span));
            }
        }
        names.plain = named.iter().map(|(path, name)| (name.clone(), path.clone())).collect();
        names.named = Arc::new(named);
        names
    }

    /// Gives the file at `path` a name, if it is to have one; whether it is there.
    fn add(&mut self, asking: &Asking<'_>, named: &mut BTreeMap<String, String>, path: &str) -> bool {
        let path = path_of(path);
        if path.contains(':') || named.contains_key(path) || asking.is_made(path) {
            return true;
        }
        let folders = &asking.config.content.folders;
        let roots = [folders.content.as_str(), folders.static_files.as_deref().unwrap_or("static")];
        let at = |path: &str| roots.into_iter().find_map(|root| asking.site.static_file(&content::path_in(root, path)));
        let file = at(path).or_else(|| at(&decoded(path)));
        let of_theme = asking.of_theme.iter().find(|(known, _)| *known == path);
        let bytes = match (file, of_theme) {
            (Some(file), _) => asking.files.read_start(&file.path, MOST_BYTES + 1).ok(),
            (None, Some((_, bytes))) => Some(bytes.to_vec()),
            (None, None) => None,
        };
        if !asking.plain || file.is_none() {
            self.sources.extend(file.map(|file| file.path.clone()));
            named.extend(bytes.as_deref().and_then(|bytes| Some((path.to_owned(), stamped_within(path, bytes)?))));
        }
        file.is_some() || of_theme.is_some() || asking.is_page(path)
    }

    /// The path of the file that is behind a path of the output.
    pub(crate) fn plain<'p>(&'p self, output: &'p str) -> &'p str {
        self.plain.get(output).map_or(output, String::as_str)
    }

    /// The names, with the paths of the files that are behind them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().map(|(path, name)| (name.as_str(), path.as_str()))
    }

    /// The files of the site that are behind the names: who changes one changes all pages.
    pub(super) fn sources(&self) -> &[Arc<str>] {
        &self.sources
    }
}

impl World {
    /// Files that templates and the configuration name and that are not there. Checks tell of them page by page.
    pub(super) fn missing_assets(&self) -> &[Diagnostic] {
        if self.collect || !self.config.output.keep.is_empty() { &[] } else { &self.asset_names.missing }
    }
}

/// The path with the hash of what the file holds before its ending; `None` for a file that is too large.
fn stamped_within(path: &str, bytes: &[u8]) -> Option<String> {
    if bytes.len() > MOST_BYTES { None } else { stamped(path, bytes) }
}

/// The same for a file of any size.
pub(super) fn stamped(path: &str, bytes: &[u8]) -> Option<String> {
    let hash = blake3::hash(bytes).to_hex();
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (stem, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
    let slash = if folder.is_empty() { "" } else { "/" };
    Some(format!("{folder}{slash}{stem}.{}.{ending}", &hash[..DIGITS]))
}

fn missing(asking: &Asking<'_>, path: &str, who: &str) -> Diagnostic {
    let path = path_of(path);
    let diagnostic = Diagnostic::warning("missing-file", format!("there is no file `{path}`, which {who}"));
    let statics = asking.config.content.folders.static_files.as_deref().unwrap_or("static");
    let known = || asking.site.statics.iter().map(|file| &*file.output);
    diagnostic.help(match did_you_mean(path, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("put it into the folder `{statics}`"),
    })
}

/// The path in what `asset` is given, without what stands behind a `?` or `#`.
fn path_of(given: &str) -> &str {
    given.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/')
}

impl Asking<'_> {
    /// Whether a build makes this file itself, beside pages and the theme's first files.
    fn is_made(&self, path: &str) -> bool {
        let names = ["", "404.html", "sitemap.xml", "robots.txt", feed::FILE, "llms.txt", "llms-full.txt"];
        names.contains(&path)
            || LATER.contains(&path)
            || path.starts_with(scopes::FOLDER)
            || self.site.by_twin(path).is_some()
    }

    /// Whether a page stands there; its address may be asked for, too.
    fn is_page(&self, path: &str) -> bool {
        let index = site::file_of(path);
        self.site.entries.iter().any(|entry| entry.written && [path, &index].contains(&&*entry.output))
    }

    /// Where the configuration names a file.
    pub(super) fn in_config(&self, path: &str) -> Option<carafe_source::Span> {
        let is_config = |name: &str| self.config.files.iter().any(|file| file == name);
        // As it stands now: the preview has read it before.
        let mut all = self.sources.all().into_iter();
        let (file, source) = all.rfind(|(_, source)| is_config(&source.path) && source.text.contains(path))?;
        let start = source.text.find(path)?;
        Some(carafe_source::Span::new(file, start, start + path.len()))
    }
}
