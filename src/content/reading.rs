//! Reads one file of the folder: a page with its front matter, or a file that is known by its path alone.

use std::sync::Arc;

use carafe_source::island;
use carafe_source::{FileId, Files, ReadError, Sources, Span};

use crate::diagnostic::{Diagnostic, Severity};

use super::front_matter::{FrontMatter, unread};
use super::kept::{Found, Reading};
use super::languages;
use super::options::Options;
use super::page::{Class, Format, Page, StaticFile};
use super::paths::below;
use super::sort::{Sorted, sort};
use super::theme::THEME;

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

fn read_one(
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
    path: &str,
    sorted: Sorted,
) -> (Found, Vec<Diagnostic>) {
    let found = match sorted {
        Sorted::Page(class, relative) => {
            return read_page(files, sources, options, Candidate { path, class, relative, source: false });
        }
        Sorted::Source(relative) => {
            return read_page(files, sources, options, Candidate { path, class: Class::Page, relative, source: true });
        }
        Sorted::Static(output) => Found::Static(copied(files, path, &output, None)),
        Sorted::Template(path) => Found::Template(path.into()),
        Sorted::Include(path) => Found::Include(path.into()),
        Sorted::Data => Found::Data,
        Sorted::Ignored => Found::Nothing,
    };
    (found, Vec::new())
}

/// The file at `path` as one that is copied.
fn copied(files: &dyn Files, path: &str, output: &str, collection: Option<Arc<str>>) -> StaticFile {
    StaticFile { path: path.into(), output: output.into(), collection, of_theme: files.is_behind(path) }
}

/// A file that is a page by its path, if its text has front matter or needs none.
struct Candidate<'c> {
    path: &'c str,
    class: Class,
    /// Its path within the folder of its class.
    relative: String,
    /// Whether it lies among the single-sourced pages.
    source: bool,
}

impl Candidate<'_> {
    fn is_post(&self) -> bool {
        matches!(self.class, Class::Post { .. })
    }

    /// What the file is when it is no page.
    fn as_static(&self, files: &dyn Files) -> Found {
        let collection = match &self.class {
            // Jekyll passes over what is no text there.
            Class::Post { .. } => return Found::Nothing,
            Class::Document { collection } => Some(collection.clone()),
            Class::Page => None,
        };
        Found::Static(copied(files, self.path, &self.relative, collection))
    }
}

fn read_page(
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
    candidate: Candidate<'_>,
) -> (Found, Vec<Diagnostic>) {
    let path = candidate.path;
    let text = match text(files, sources, options, &candidate) {
        Ok(text) => text,
        Err(found) => return found,
    };
    let file = sources.add(path, text.clone());
    let written = FrontMatter::parse(file, &text, &options.yaml).map(|(front, told)| (front, told, false));
    let front = written.or_else(|| without_front_matter(file, &text, options, &candidate));
    let Some((mut front, diagnostics, is_copied)) = front else { return (candidate.as_static(files), Vec::new()) };
    if !options.is_native() {
        front.skip_blank_lines(&text);
    }
    let Candidate { class, relative, source, .. } = candidate;
    let file_copied = is_copied.then(|| copied(files, path, &relative, None));
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
        format: if options.is_markdown(path) { Format::Markdown } else { Format::of(path) },
        come: usize::from(files.is_behind(path)),
        modified,
    });
    let found = match file_copied {
        Some(file) => Found::Copied(page, file),
        None if source => Found::Source(page),
        None => Found::Page(page),
    };
    (found, diagnostics)
}

/// The text of what may be a page. An error is what the file is instead, with what is told of it.
fn text(
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
    candidate: &Candidate<'_>,
) -> Result<Arc<str>, (Found, Vec<Diagnostic>)> {
    let path = candidate.path;
    let markdown = options.is_markdown(path);
    if !markdown && is_binary(path) {
        return Err((candidate.as_static(files), Vec::new()));
    }
    match files.read(path) {
        Ok(text) => Ok(match island::clean(&text) {
            std::borrow::Cow::Borrowed(_) => text,
            std::borrow::Cow::Owned(cleaned) => cleaned.into(),
        }),
        Err(ReadError::NotUtf8(_) | ReadError::Encoded(_) | ReadError::NotIn(_)) if !markdown => {
            Err((candidate.as_static(files), Vec::new()))
        }
        // Jekyll finds no front matter in it.
        Err(error @ ReadError::Encoded(_)) if !options.is_native() => {
            let told = Diagnostic { severity: Severity::Warning, ..unreadable(sources, path, &error) };
            Err((candidate.as_static(files), vec![told]))
        }
        Err(error) => Err((Found::Nothing, vec![unreadable(sources, path, &error)])),
    }
}

/// What stands for the front matter of a page that has none, what is told of it, and whether the file is copied as well; `None` where it is no page.
fn without_front_matter(
    file: FileId,
    text: &str,
    options: &Options,
    candidate: &Candidate<'_>,
) -> Option<(FrontMatter, Vec<Diagnostic>, bool)> {
    let (native, markdown) = (options.is_native(), options.is_markdown(candidate.path));
    // A post needs none, but a name with a date; a draft not even that.
    if candidate.is_post() && !native && text.get(..3) != Some("---") {
        return Some((FrontMatter::default(), Vec::new(), false));
    }
    // Jekyll copies what has no front matter; in our own form every Markdown file is a page.
    if (native && markdown) || candidate.source || options.pages.iter().any(|page| page == candidate.path) {
        let unread = if native { unread(file, text) } else { None };
        return Some((FrontMatter::default(), unread.into_iter().collect(), false));
    }
    let takes = |takes: &fn(&str, &Options) -> bool| takes(candidate.path, options);
    let is_plain = markdown && candidate.class == Class::Page && options.plain.iter().any(takes);
    is_plain.then(|| (FrontMatter::default(), Vec::new(), true))
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

/// Whether the extension is one of formats that never hold front matter, so that the file need not be read.
fn is_binary(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let known = [
        "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot", "pdf", "zip",
        "gz", "tgz", "tar", "mp4", "webm", "mp3", "wasm", "jar",
    ];
    known.contains(&extension.as_str())
}
