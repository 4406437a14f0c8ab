//! Sorts the paths of a site's folder into pages, static files, data, layouts and includes.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use carafe_source::island;
use carafe_source::{Files, ReadError, Sources, Span};

use crate::diagnostic::{Diagnostic, Severity};

use super::data::DataFiles;
use super::front_matter::{FrontMatter, unread};
use super::kept::{Found, Kept, Reading};
use super::languages::{self, Languages};
use super::page::{Class, Format, Page};
use super::passed;
use super::tables::Tables;
use super::yaml::Yaml;

/// The folder as which the theme of a Jekyll site is known beside the site's own files.
pub(crate) const THEME: &str = "(theme)";

/// The folder of a theme whose files are files of the site, unless it has some of its own there.
pub(crate) const THEME_ASSETS: &str = "assets";

/// The folders of a theme that are looked through.
pub(crate) const THEME_FOLDERS: [&str; 3] = ["_data", "_includes", "_layouts"];

/// The path of a layout or an include by its `name` in an inventory: within `folder`, or the theme's.
pub(crate) fn path_in(folder: &str, name: &str) -> String {
    if below(name, THEME).is_some() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The name of a layout or an include, by which others ask for it, by its name in an inventory.
pub(crate) fn asked_as(name: &str) -> &str {
    below(name, THEME).and_then(|rest| rest.split_once('/')).map_or(name, |(_, name)| name)
}

/// Where the parts of a site lie.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Carafe's own form: each part in a folder of its own.
    Native {
        /// Pages, and files that lie beside them.
        content: String,
        /// Files that are copied as they are.
        statics: String,
    },
    /// Jekyll's form: pages anywhere, `_posts`, `_drafts`, `_layouts` and one folder for each collection.
    Jekyll {
        /// The names of the collections, `posts` left out.
        collections: Vec<String>,
        /// The folder of all collections within the source; usually empty.
        collections_folder: String,
    },
}

/// What [`read`] needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the parts lie.
    pub kind: Kind,
    /// The folder of data files.
    pub data: String,
    /// The folder of layouts or page templates.
    pub templates: String,
    /// The folder of includes.
    pub includes: String,
    /// Further folders and files that are left out (the destination among them); `*` and `**` as in shells.
    pub exclude: Vec<String>,
    /// Names that count though they start with `.` or `_`.
    pub include: Vec<String>,
    /// Folders of single-sourced pages, read as pages without an address of their own.
    pub sources: Vec<String>,
    /// Files that are pages wherever they lie.
    pub pages: Vec<String>,
    /// The languages of a native site in several, by the names that folders and endings of files have; else none.
    pub languages: Languages,
    /// The extensions of Markdown files, without the dot, whatever their case.
    pub markdown: Vec<String>,
    /// Which Markdown files of a Jekyll site are pages though they have no front matter, by their paths; they are copied as well.
    pub plain: Vec<fn(&str, &Options) -> bool>,
    /// Whether drafts are read.
    pub drafts: bool,
    /// How many bytes of memory all data may take.
    pub data_bytes: usize,
    /// How YAML is read.
    pub yaml: Yaml,
    /// How tables are read: CSV, TSV.
    pub tables: [Tables; 2],
}

/// A file that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticFile {
    /// Its path within the site's folder.
    pub path: Arc<str>,
    /// Its path in the output; of a collection's file, its path in the collection's folder until the site is indexed.
    pub output: Arc<str>,
    /// The collection it belongs to.
    pub collection: Option<Arc<str>>,
    /// Whether it comes from the theme of a Jekyll site.
    pub of_theme: bool,
}

/// Everything that the folder holds, in ascending order of paths.
#[derive(Debug)]
pub(crate) struct Inventory {
    /// Pages, posts and documents.
    pub pages: Vec<Arc<Page>>,
    /// Single-sourced pages: sources that get addresses from the releases' navigation.
    pub sources: Vec<Arc<Page>>,
    /// Files to copy.
    pub statics: Vec<StaticFile>,
    /// Data.
    pub data: Arc<DataFiles>,
    /// Layouts or page templates, as paths within their folder; those of a theme by their whole paths, behind the others.
    pub templates: Vec<Arc<str>>,
    /// Includes, in the same way.
    pub includes: Vec<Arc<str>>,
}

impl Inventory {
    /// Of a folder that cannot be read.
    pub(crate) fn empty(files: Arc<dyn Files>, sources: Arc<Sources>) -> Self {
        Self {
            pages: Vec::new(),
            sources: Vec::new(),
            statics: Vec::new(),
            data: Arc::new(DataFiles::new(files, sources, Yaml::default(), "", [], 0)),
            templates: Vec::new(),
            includes: Vec::new(),
        }
    }
}

enum Sorted {
    Page(Class, String),
    Source(String),
    Static(String),
    Data,
    Template(String),
    Include(String),
    Ignored,
}

/// Reads one file of the folder.
pub(crate) fn read_file(files: &dyn Files, sources: &Sources, options: &Options, path: &str) -> Reading {
    let sorted = match sort(path, options) {
        // Of a theme no name is hidden.
        Sorted::Ignored if files.is_behind(path) && below(path, THEME).is_none() => {
            Sorted::Page(Class::Page, path.to_owned())
        }
        sorted => sorted,
    };
    let (found, diagnostics) = read_one(files, sources, options, path, sorted);
    Reading { found, diagnostics }
}

/// Whether a path lies in a folder that is never entered.
pub(crate) fn is_skipped(path: &str, options: &Options) -> bool {
    path.match_indices('/').any(|(at, _)| skipped(&path[..at], options)) || skipped(path, options)
}

/// Reads the folder, but takes what was `kept` of the files that have not `changed`, and from `data` what
/// was parsed of theirs. Both must come from a reading under the same options.
///
/// # Errors
/// One diagnostic `unreadable` when the folder cannot be listed. Unreadable files (`unreadable`, `not-utf-8`) and broken
/// front matter (`front-matter`) are diagnostics of what is kept.
pub(crate) fn reread(
    files: &Arc<dyn Files>,
    sources: &Arc<Sources>,
    options: &Options,
    kept: &Kept,
    data: Option<&DataFiles>,
    changed: &(dyn Fn(&str) -> bool + Sync),
) -> Result<(Inventory, Kept), Diagnostic> {
    let listing = files
        .walk("", &|folder| skipped(folder, options))
        .map_err(|error| Diagnostic::error("unreadable", format!("the site's folder cannot be listed: {error}")))?;
    let paths = listing.files;
    let jekyll = matches!(options.kind, Kind::Jekyll { .. });
    let passed = listing.passed.iter().filter(|(path, _)| counts(path, options));
    let mut passed: Vec<Diagnostic> = passed.map(|(path, why)| passed::tell(sources, path, *why, jekyll)).collect();
    let read = |path: &String| match kept.get(path).filter(|_| !changed(path)) {
        Some(reading) => reading.clone(),
        None => Arc::new(read_file(&**files, sources, options, path)),
    };
    let readings: Vec<Arc<Reading>> = paths.par_iter().map(read).collect();
    let of_data = paths.iter().zip(&readings).filter(|(_, reading)| matches!(reading.found, Found::Data));
    let paths_of_data = of_data.map(|(path, _)| path.as_str());
    let yaml = options.yaml.clone();
    let mut all_data =
        DataFiles::new(files.clone(), sources.clone(), yaml, &options.data, paths_of_data, options.data_bytes)
            .with_tables(options.tables.clone());
    if let Some(data) = data {
        all_data = all_data.reusing(data, &changed);
    }
    let mut inventory = Inventory { data: Arc::new(all_data), ..Inventory::empty(files.clone(), sources.clone()) };
    for reading in &readings {
        match &reading.found {
            Found::Page(page) => inventory.pages.push(page.clone()),
            Found::Source(page) => inventory.sources.push(page.clone()),
            Found::Copied(page, file) => {
                inventory.pages.push(page.clone());
                inventory.statics.push(file.clone());
            }
            Found::Static(file) => inventory.statics.push(file.clone()),
            Found::Template(path) => inventory.templates.push(path.clone()),
            Found::Include(path) => inventory.includes.push(path.clone()),
            Found::Data | Found::Nothing => {}
        }
    }
    inventory.templates.sort_by_key(|name| below(name, THEME).is_some());
    inventory.includes.sort_by_key(|name| below(name, THEME).is_some());
    if let Kind::Native { content, .. } = &options.kind {
        indexed_by_readme(&mut inventory.pages);
        passed.extend(left_out(&paths, content, options));
    }
    let kept = Kept::new(paths.iter().map(|path| Arc::from(path.as_str())).zip(readings), passed);
    Ok((inventory, kept))
}

/// Makes a folder's `README.md` its index where it has no other.
fn indexed_by_readme(pages: &mut [Arc<Page>]) {
    let folder = |page: &Page| (page.language, page.folder().to_owned());
    let mut taken: BTreeSet<(usize, String)> =
        pages.iter().filter(|page| page.stem() == "index").map(|page| folder(page)).collect();
    for page in pages.iter_mut() {
        let is_readme = page.format == Format::Markdown && page.stem().eq_ignore_ascii_case("readme");
        if is_readme && taken.insert(folder(page)) {
            let (folder, extension) = (page.folder(), page.extension());
            let name = format!("index{extension}");
            let relative = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            *page = Arc::new(Page { relative: relative.into(), ..Page::clone(page) });
        }
    }
}

/// Tells once of the files among the pages whose names do not count. Hidden files and copies that editors make are meant so.
fn left_out(paths: &[String], content: &str, options: &Options) -> Option<Diagnostic> {
    let is_meant = |part: &str| part.starts_with(['.', '#', '~']) || part.ends_with('~');
    let counted = |path: &&String| {
        let rest = below(path, content)?;
        let excluded = options.exclude.iter().any(|pattern| matches_glob(pattern, path));
        let elsewhere = !matches!(sort(path, options), Sorted::Ignored);
        (!excluded && !elsewhere && !rest.split('/').any(is_meant)).then_some(())
    };
    let mut all = paths.iter().filter(|path| counted(path).is_some());
    let first = all.next()?;
    let more = all.count();
    let others = match more {
        0 => String::new(),
        1 => ", and one more file like it,".to_owned(),
        more => format!(", and {more} more files like it,"),
    };
    let verb = if more == 0 { "is" } else { "are" };
    let message = format!("`{first}`{others} {verb} left out, as names that begin with `_` are");
    let help = "rename it, name it under `include`, or say `draft: true` in its front matter to keep it unpublished";
    // Without a place: the file is not read, so that nothing would tell a later state of the site that it is another now.
    Some(Diagnostic::new("name-left-out", Severity::Note, message).help(help))
}

fn read_one(
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
    path: &str,
    sorted: Sorted,
) -> (Found, Vec<Diagnostic>) {
    let found = match sorted {
        Sorted::Page(class, relative) => return read_page(files, sources, options, path, class, relative, false),
        Sorted::Source(relative) => return read_page(files, sources, options, path, Class::Page, relative, true),
        Sorted::Static(output) => Found::Static(StaticFile {
            path: path.into(),
            output: output.into(),
            collection: None,
            of_theme: files.is_behind(path),
        }),
        Sorted::Template(path) => Found::Template(path.into()),
        Sorted::Include(path) => Found::Include(path.into()),
        Sorted::Data => Found::Data,
        Sorted::Ignored => Found::Nothing,
    };
    (found, Vec::new())
}

fn read_page(
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
    path: &str,
    class: Class,
    relative: String,
    source: bool,
) -> (Found, Vec<Diagnostic>) {
    let markdown = options.is_markdown(path);
    let is_post = matches!(class, Class::Post { .. });
    let collection = match &class {
        Class::Document { collection } => Some(collection.clone()),
        _ => None,
    };
    let as_static = || match is_post {
        // Jekyll passes over what is no text there.
        true => Found::Nothing,
        false => Found::Static(StaticFile {
            path: path.into(),
            output: relative.as_str().into(),
            collection,
            of_theme: files.is_behind(path),
        }),
    };
    if !markdown && is_binary(path) {
        return (as_static(), Vec::new());
    }
    let text = match files.read(path) {
        Ok(text) => text,
        Err(ReadError::NotUtf8(_) | ReadError::Encoded(_) | ReadError::NotIn(_)) if !markdown => {
            return (as_static(), Vec::new());
        }
        // Jekyll finds no front matter in it.
        Err(error @ ReadError::Encoded(_)) if !matches!(options.kind, Kind::Native { .. }) => {
            let told = Diagnostic { severity: Severity::Warning, ..unreadable(sources, path, &error) };
            return (as_static(), vec![told]);
        }
        Err(error) => return (Found::Nothing, vec![unreadable(sources, path, &error)]),
    };
    let text: Arc<str> = match island::clean(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(cleaned) => cleaned.into(),
    };
    let native = matches!(options.kind, Kind::Native { .. });
    let file = sources.add(path, text.clone());
    let mut copied = None;
    let (mut front, diagnostics) = match FrontMatter::parse(file, &text, &options.yaml) {
        Some(found) => found,
        // A post needs none, but a name with a date; a draft not even that.
        None if is_post && !native && text.get(..3) != Some("---") => (FrontMatter::default(), Vec::new()),
        // Jekyll copies what has no front matter; in our own form every Markdown file is a page.
        None if (native && markdown) || source || options.pages.iter().any(|page| page == path) => {
            let unread = if native { unread(file, &text) } else { None };
            (FrontMatter::default(), unread.into_iter().collect())
        }
        None if markdown && class == Class::Page && options.plain.iter().any(|takes| takes(path, options)) => {
            copied = Some(StaticFile {
                path: path.into(),
                output: relative.as_str().into(),
                collection: None,
                of_theme: files.is_behind(path),
            });
            (FrontMatter::default(), Vec::new())
        }
        None => return (as_static(), Vec::new()),
    };
    if !native {
        front.skip_blank_lines(&text);
    }
    let modified = if class == (Class::Post { draft: true }) { files.modified(path) } else { None };
    let (language, relative) = in_language(relative, source, options);
    let page = Arc::new(Page {
        path: path.into(),
        relative: relative.into(),
        language,
        file,
        text,
        body: front.body,
        front: front.values,
        class,
        format: if markdown { Format::Markdown } else { Format::of(path) },
        come: usize::from(files.is_behind(path)),
        modified,
    });
    let found = match copied {
        Some(file) => Found::Copied(page, file),
        None if source => Found::Source(page),
        None => Found::Page(page),
    };
    (found, diagnostics)
}

/// The language that a page is written in, and the path that it shares with its translations. Sources of several releases have the path in the site's
/// folder, and languages count within theirs.
fn in_language(relative: String, source: bool, options: &Options) -> (usize, String) {
    if !source {
        return languages::split(&relative, &options.languages).unwrap_or((0, relative));
    }
    let inner = |folder: &String| {
        let folder = folder.trim_matches('/');
        let (language, inner) = languages::split(below(&relative, folder)?, &options.languages)?;
        Some((language, if folder.is_empty() { inner } else { format!("{folder}/{inner}") }))
    };
    options.sources.iter().find_map(inner).unwrap_or((0, relative))
}

fn unreadable(sources: &Sources, path: &str, error: &ReadError) -> Diagnostic {
    let code = if matches!(error, ReadError::NotUtf8(_) | ReadError::Encoded(_) | ReadError::NotIn(_)) {
        "not-utf-8"
    } else {
        "unreadable"
    };
    let file = sources.add(path, "".into());
    Diagnostic::error(code, format!("`{path}` cannot be read: {error}")).at(Span::new(file, 0, 0))
}

impl Options {
    /// Whether a path names a Markdown file.
    pub(crate) fn is_markdown(&self, path: &str) -> bool {
        let extension =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension);
        self.markdown.iter().any(|suffix| suffix.eq_ignore_ascii_case(extension))
    }
}

/// Whether the extension is one of formats that never hold front matter, so that the file need not be read.
fn is_binary(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let known = [
        "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot", "pdf", "zip",
        "gz", "tgz", "tar", "mp4", "webm", "mp3", "wasm", "jar",
    ];
    known.contains(&extension.as_str())
}

/// Folders that are not even entered: excluded ones, and hidden ones that nothing can include.
fn skipped(folder: &str, options: &Options) -> bool {
    if options.pages.iter().any(|page| below(page, folder).is_some()) {
        return false;
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let included = || options.include.iter().any(|wanted| wanted.trim_matches('/').starts_with(name));
    // Where everything has a folder of its own, a folder beside them is of no concern.
    if let Kind::Native { content, statics } = &options.kind {
        let own = [content, statics, &options.data, &options.templates, &options.includes];
        let mut own = own.into_iter().chain(&options.sources).map(|own| own.trim_matches('/'));
        if !own
            .any(|own| own.is_empty() || folder == own || below(folder, own).is_some() || below(own, folder).is_some())
        {
            return true;
        }
    }
    options.exclude.iter().any(|pattern| matches_glob(pattern, folder)) || (name.starts_with('.') && !included())
}

/// Whether something at this path would count, were it a file or a folder of them.
fn counts(path: &str, options: &Options) -> bool {
    // Emacs' locks are links to nowhere.
    let is_lock = path.rsplit('/').next().is_some_and(|name| name.starts_with(".#"));
    if is_lock || is_skipped(path, options) {
        return false;
    }
    let own = [&options.data, &options.templates, &options.includes].into_iter().chain(&options.sources);
    let mut own: Vec<String> = own.cloned().collect();
    match &options.kind {
        Kind::Native { content, statics } => own.extend([content.clone(), statics.clone()]),
        Kind::Jekyll { collections, collections_folder } => {
            let names = collections.iter().map(String::as_str).chain(["posts"]);
            own.extend(names.map(|name| format!("{collections_folder}/_{name}").trim_matches('/').to_owned()));
        }
    }
    own.iter().any(|own| below(own, path).is_some() || own == path) || !matches!(sort(path, options), Sorted::Ignored)
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn sort(path: &str, options: &Options) -> Sorted {
    if options.pages.iter().any(|page| page == path) {
        return Sorted::Page(Class::Page, path.to_owned());
    }
    if let Some(rest) = below(path, THEME) {
        return match rest.split_once('/') {
            Some(("_layouts", _)) => Sorted::Template(path.to_owned()),
            Some(("_includes", _)) => Sorted::Include(path.to_owned()),
            Some(("_data", _)) => Sorted::Data,
            _ => Sorted::Ignored,
        };
    }
    if options.exclude.iter().any(|pattern| matches_glob(pattern, path)) {
        return Sorted::Ignored;
    }
    if let Some(rest) = below(path, &options.templates) {
        return Sorted::Template(rest.to_owned());
    }
    if let Some(rest) = below(path, &options.includes) {
        return Sorted::Include(rest.to_owned());
    }
    if below(path, &options.data).is_some() {
        return Sorted::Data;
    }
    if options.sources.iter().any(|folder| below(path, folder).is_some()) {
        return if options.is_markdown(path) { Sorted::Source(path.to_owned()) } else { Sorted::Ignored };
    }
    match &options.kind {
        Kind::Native { content, statics } => {
            if let Some(rest) = below(path, statics) {
                Sorted::Static(rest.to_owned())
            } else if let Some(rest) = below(path, content).filter(|rest| !hidden(rest, &options.include)) {
                Sorted::Page(Class::Page, rest.to_owned())
            } else {
                Sorted::Ignored
            }
        }
        Kind::Jekyll { collections, collections_folder } => sort_jekyll(path, options, collections, collections_folder),
    }
}

/// Jekyll's rules: posts lie in any folder `_posts`, collections in `_NAME`, other names that start with `_`, `.` or `#`
/// or end with `~` do not count unless included by name.
fn sort_jekyll(path: &str, options: &Options, collections: &[String], collections_folder: &str) -> Sorted {
    let inner = below(path, collections_folder).unwrap_or(path);
    // With a folder of their own, posts are looked for there alone.
    let has_posts = below(path, collections_folder).is_some();
    for name in collections {
        let document = inner.strip_prefix('_').and_then(|rest| below(rest, name));
        if let Some(rest) = document.filter(|rest| !hidden(rest, &options.include)) {
            return Sorted::Page(Class::Document { collection: name.as_str().into() }, rest.to_owned());
        }
    }
    for (folder, draft) in [("_posts", false), ("_drafts", true)] {
        let at = if let Some(rest) = below(inner, folder) {
            Some(("", rest))
        } else {
            inner.split_once(&format!("/{folder}/"))
        };
        let Some((parent, rest)) = at.filter(|_| has_posts) else { continue };
        if hidden(parent, &options.include) || (draft && !options.drafts) || hidden(rest, &options.include) {
            return Sorted::Ignored;
        }
        let relative = if parent.is_empty() { rest.to_owned() } else { format!("{parent}/{rest}") };
        return Sorted::Page(Class::Post { draft }, relative);
    }
    if hidden(path, &options.include) {
        return Sorted::Ignored;
    }
    Sorted::Page(Class::Page, path.to_owned())
}

fn hidden(path: &str, include: &[String]) -> bool {
    path.split('/').any(|part| {
        let odd = part.starts_with(['_', '.', '#', '~']) || part.ends_with('~');
        odd && !include.iter().any(|name| name == part || matches_glob(name, path))
    })
}

/// Whether a pattern matches a path or one of the folders above it. `*` stands for any characters but `/`, `**` for any,
/// `?` for one; a pattern without `/` matches at the top.
pub(crate) fn matches_glob(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if pattern.is_empty() {
        return false;
    }
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let mut ends = ends;
    ends.any(|end| glob(pattern.as_bytes(), &path.as_bytes()[..end]))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    // Iterative matching with two points to return to, the last `*` and the last `**`: never exponential.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut deep: Option<(usize, usize)> = None;
    loop {
        match pattern.get(p) {
            Some(b'*') if pattern.get(p + 1) == Some(&b'*') => {
                // `**/` also stands for no folder at all.
                p += if pattern.get(p + 2) == Some(&b'/') { 3 } else { 2 };
                (deep, star) = (Some((p, t)), None);
                continue;
            }
            Some(b'*') => {
                p += 1;
                star = Some((p, t));
                continue;
            }
            Some(&byte) if t < text.len() && (byte == text[t] || (byte == b'?' && text[t] != b'/')) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            None if t == text.len() => return true,
            _ => {}
        }
        match (star, deep) {
            (Some((behind, from)), _) if from < text.len() && text[from] != b'/' => {
                star = Some((behind, from + 1));
                (p, t) = (behind, from + 1);
            }
            (_, Some((behind, from))) if from < text.len() => {
                deep = Some((behind, from + 1));
                star = None;
                (p, t) = (behind, from + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_source::MemoryFiles;

    #[test]
    fn globs_match_folders_above_and_stop_at_slashes() {
        assert!(matches_glob("vendor", "vendor/a/b.md"));
        assert!(matches_glob("*.md", "a.md"));
        assert!(!matches_glob("*.md", "a/b.md"));
        assert!(matches_glob("**/x.md", "a/b/x.md"));
        assert!(matches_glob("docs/*/old", "docs/a/old/x.md"));
        assert!(!matches_glob("docs/*/old", "docs/a/b/old/x.md"));
        assert!(matches_glob("**/*.tmp", "content/a/x.tmp") && matches_glob("**/*.tmp", "x.tmp"));
        assert!(matches_glob("content/**/*.tmp", "content/x.tmp") && !matches_glob("content/**/*.tmp", "x.tmp"));
        assert!(matches_glob("docs_nav_*", "docs_nav_1.2.x") && !matches_glob("a?c", "a/c"));
        assert!(!matches_glob(&"*a".repeat(40), &"a".repeat(39)));
    }

    fn jekyll(files: &[(&str, &str)]) -> (Inventory, Vec<Diagnostic>) {
        let files: Arc<dyn Files> = Arc::new(MemoryFiles::new(files.iter().map(|(path, text)| (*path, *text))));
        let options = Options {
            kind: Kind::Jekyll { collections: vec!["docs".into()], collections_folder: String::new() },
            data: "_data".into(),
            templates: "_layouts".into(),
            includes: "_includes".into(),
            exclude: vec!["_site".into(), "Gemfile".into()],
            include: vec![".htaccess".into()],
            sources: vec![],
            languages: Vec::new(),
            markdown: vec!["md".into()],
            pages: vec![],
            plain: vec![],
            drafts: false,
            data_bytes: 1 << 20,
            yaml: Yaml::default(),
            tables: Default::default(),
        };
        let (inventory, kept) = reread(&files, &Arc::default(), &options, &Kept::default(), None, &|_| true).unwrap();
        (inventory, kept.diagnostics())
    }

    #[test]
    fn a_jekyll_folder_is_sorted_by_its_rules() {
        let (inventory, diagnostics) = jekyll(&[
            ("index.md", "---\ntitle: x\n---\nhello"),
            ("plain.md", "no front matter"),
            (".htaccess", "deny"),
            ("_private/x.md", "---\n---\n"),
            ("_posts/2024-01-02-a.md", "---\n---\n"),
            ("news/_posts/2024-01-03-b.md", "---\n---\n"),
            ("_drafts/c.md", "---\n---\n"),
            ("_docs/guide/d.md", "---\n---\n"),
            ("_layouts/default.html", "x"),
            ("_includes/a/b.md", "x"),
            ("_data/x.yml", "a: 1"),
            ("_site/index.html", "old"),
            ("Gemfile", "x"),
        ]);
        assert!(diagnostics.is_empty());
        let pages: Vec<(&str, &str)> = inventory.pages.iter().map(|page| (&*page.path, &*page.relative)).collect();
        assert_eq!(
            pages,
            [
                ("_docs/guide/d.md", "guide/d.md"),
                ("_posts/2024-01-02-a.md", "2024-01-02-a.md"),
                ("index.md", "index.md"),
                ("news/_posts/2024-01-03-b.md", "news/2024-01-03-b.md")
            ]
        );
        let statics: Vec<&str> = inventory.statics.iter().map(|file| &*file.output).collect();
        assert_eq!(statics, [".htaccess", "plain.md"]);
        assert_eq!(inventory.includes, ["a/b.md".into()] as [Arc<str>; 1]);
    }
}
