//! Reads a site's folder: what it holds, in lists of pages, static files, data, layouts and includes.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use carafe_source::{Files, Sources};

use crate::diagnostic::{Diagnostic, Severity};

use super::data::DataFiles;
use super::kept::{Found, Kept, Reading};
use super::options::{Kind, Options};
use super::page::{Format, Page, StaticFile};
use super::passed;
use super::paths::{below, matches_glob};
use super::reading::read_file;
use super::sort::{Sorted, counts, skipped, sort};
use super::theme::THEME;
use super::yaml::Yaml;

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
    let jekyll = !options.is_native();
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

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_source::MemoryFiles;

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
