//! For Rust programs: one page of a folder, on the disk or in memory.
//!
//! [`expand`] gives a page as text in which all Liquid is resolved, [`render_page`] as it is published. Both open the folder anew: whoever wants many pages of it opens a
//! [`Session`] or an [`Expander`] and asks for each.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carafe_source::{Files, MemoryFiles, Sources};

use crate::diagnostic::{Finding, Severity, fold, render};
use crate::expand::{self, Expander, Request};
use crate::session::Session;
use crate::world;

/// A folder with pages, and with the includes, data and configuration that they may use.
#[derive(Clone, Debug)]
pub enum Folder {
    /// On the disk.
    Disk(PathBuf),
    /// Wherever these are.
    Files(Arc<dyn Files>),
}

impl From<&str> for Folder {
    fn from(path: &str) -> Self {
        Self::Disk(path.into())
    }
}

impl From<&Path> for Folder {
    fn from(path: &Path) -> Self {
        Self::Disk(path.into())
    }
}

impl From<PathBuf> for Folder {
    fn from(path: PathBuf) -> Self {
        Self::Disk(path)
    }
}

impl From<MemoryFiles> for Folder {
    fn from(files: MemoryFiles) -> Self {
        Self::Files(Arc::new(files))
    }
}

impl From<Arc<dyn Files>> for Folder {
    fn from(files: Arc<dyn Files>) -> Self {
        Self::Files(files)
    }
}

/// What becomes of a page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path of its source in the folder.
    pub source: Arc<str>,
    /// Its text.
    pub text: String,
    /// What was found in the page, in what it reads, and in the configuration.
    pub findings: Vec<Finding>,
    /// The files that the findings' places are in.
    pub sources: Arc<Sources>,
}

impl Page {
    /// Whether something is wrong, so that the text is of no use.
    pub fn has_failed(&self) -> bool {
        self.findings.iter().any(|(_, found)| found.severity == Severity::Error)
    }

    /// The findings as the command line shows them, without colours; empty when there are none.
    pub fn report(&self) -> String {
        report(self.findings.clone(), &self.sources)
    }
}

fn report(findings: Vec<Finding>, sources: &Sources) -> String {
    let options = render::Options { format: render::Format::Human, colour: false, prefix: "" };
    render::render(&fold(sources, findings), sources, options)
}

/// Why there is no page.
#[derive(Debug)]
pub enum Error {
    /// The folder cannot be opened, or its configuration is broken.
    Site(world::Error),
    /// No page has this path or address.
    NoPage(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site(world::Error::Folder(folder, error)) => {
                write!(f, "the folder {} cannot be opened: {error}", folder.display())
            }
            Self::Site(world::Error::Config(sources, found)) => {
                let found = found.iter().cloned().map(crate::diagnostic::site_finding).collect();
                f.write_str(report(found, sources).trim_end())
            }
            Self::Site(world::Error::Output(error)) => error.fmt(f),
            Self::NoPage(path) => write!(f, "there is no page `{path}` in the folder"),
        }
    }
}

impl std::error::Error for Error {}

/// A page of `folder` as text in which all Liquid is resolved: Markdown in the flavor of the options, or HTML of its content. `path` is that of its source, which may be
/// any Markdown file of the folder, or the page's address, without the base, when it begins with a slash; of a source that is published in several releases, the newest is taken. The
/// folder is that of the call, whatever the options say.
///
/// ```
/// use carafe::{MemoryFiles, expand, expand::Options};
///
/// let files = MemoryFiles::new([
///     ("includes/hello.md", "Hello, {{ include.name }}!\n"),
///     ("guide.md", "{% note %}\n{% include hello.md name=\"Ann\" %}\n{% endnote %}\n"),
/// ]);
/// let page = expand(files, "guide.md", &Options::default())?;
/// assert_eq!(page.text, "> [!NOTE]\n> Hello, Ann!\n");
/// assert!(page.findings.is_empty());
/// # Ok::<(), carafe::Error>(())
/// ```
///
/// # Errors
/// [`Error::Site`], and [`Error::NoPage`] when no page has this path. What is wrong in the page is among its findings.
pub fn expand(folder: impl Into<Folder>, path: &str, options: &expand::Options) -> Result<Page, Error> {
    let (expander, wanted) = find(&folder.into(), path, options)?;
    let expanded = expander.expand(&wanted).ok_or_else(|| Error::NoPage(path.to_owned()))?;
    let sources = expander.sources().clone();
    Ok(Page { source: expanded.source, text: expanded.text, findings: expanded.findings, sources })
}

/// A page of `folder` as it is published: HTML in the template of its theme, or what becomes of a file that is no Markdown. `path` as for [`expand()`].
///
/// ```
/// use carafe::{MemoryFiles, render_page, world::Options};
///
/// let files = MemoryFiles::new([
///     ("carafe.yml", "title: Docs\n"),
///     ("content/guide.md", "# Guide\n\nSee {% include gone.md %}.\n"),
/// ]);
/// let page = render_page(files, "content/guide.md", &Options::default())?;
/// assert!(page.text.contains("<h1 id=\"guide\">"));
/// assert!(page.has_failed());
/// assert!(page.report().contains("content/guide.md:3:5"));
/// # Ok::<(), carafe::Error>(())
/// ```
///
/// # Errors
/// As [`expand()`], and [`Error::NoPage`] for a document that is not published.
pub fn render_page(folder: impl Into<Folder>, path: &str, options: &world::Options) -> Result<Page, Error> {
    let options = expand::Options { site: options.clone(), ..expand::Options::default() };
    let (expander, wanted) = find(&folder.into(), path, &options)?;
    let (text, findings) = expander.render(&wanted).ok_or_else(|| Error::NoPage(path.to_owned()))?;
    Ok(Page { source: wanted.source, text, findings, sources: expander.sources().clone() })
}

/// The page at a path or an address.
fn find(folder: &Folder, path: &str, options: &expand::Options) -> Result<(Expander, expand::Wanted), Error> {
    let no_page = || Error::NoPage(path.to_owned());
    let request = match path.starts_with('/') {
        true => Request::Page,
        false => Request::File(carafe_source::normal(path).ok_or_else(no_page)?),
    };
    let look = |options: &expand::Options| {
        let session = match folder {
            Folder::Disk(path) => Session::open(&world::Options { source: path.clone(), ..options.site.clone() }),
            Folder::Files(files) => Session::open_files(files.clone(), &options.site),
        };
        let expander = Expander::of(&Arc::new(session.map_err(Error::Site)?), options);
        let wanted = expander.find(&request).into_iter().next();
        Ok(wanted.map(|wanted| (expander, wanted)))
    };
    let mut options = options.clone();
    if request == Request::Page {
        options.url = Some(path.to_owned());
    }
    if let Some(found) = look(&options)? {
        return Ok(found);
    }
    // A file that is no page of the site becomes one.
    let Request::File(source) = &request else { return Err(no_page()) };
    options.site.overrides.pages.push(source.clone());
    look(&options)?.ok_or_else(no_page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> MemoryFiles {
        MemoryFiles::new([
            ("carafe.yml", "title: Docs\nvariables: {name: Ann}\n"),
            ("content/a.md", "Hello {{ site.name }}.\n"),
            ("content/b.md", "{% include gone.md %}\n"),
            ("content/d.md", "---\ntitel: D\n---\nText.\n"),
            ("notes/c.md", "{{ site.name }}\n"),
            ("includes/x.md", "x\n"),
        ])
    }

    #[test]
    fn a_page_is_found_by_path_and_by_address() {
        let html = |path| render_page(files(), path, &world::Options::default()).map(|page| page.text);
        let page = html("content/a.md").unwrap();
        assert!(page.contains("<p>Hello Ann.</p>") && page.contains("<!doctype html>"), "{page}");
        for same in ["/a/", "/a", "/a/index.html", "./content/a.md", "content//a.md"] {
            assert_eq!(html(same).unwrap(), page, "{same}");
        }
        assert!(html("notes/c.md").unwrap().contains("<p>Ann</p>"));
        for path in ["content/z.md", "/z/", "", "/", "../a.md", "notes"] {
            let error = html(path).unwrap_err();
            assert!(matches!(error, Error::NoPage(_)), "{path}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let page = expand(files(), "content/b.md", &expand::Options::default()).unwrap();
        assert!(page.has_failed() && page.report().contains("content/b.md:1:1"), "{}", page.report());
        // What other pages have is not this one's.
        assert!(!expand(files(), "content/a.md", &expand::Options::default()).unwrap().has_failed());
        let page = render_page(files(), "content/a.md", &world::Options::default()).unwrap();
        assert_eq!(page.report(), "");
        let page = render_page(files(), "content/d.md", &world::Options::default()).unwrap();
        assert!(page.report().contains("content/d.md:2:1"), "{}", page.report());
        let broken = MemoryFiles::new([("carafe.yml", "titel: Docs\n"), ("content/a.md", "a\n")]);
        let error = render_page(broken, "content/a.md", &world::Options::default()).unwrap_err().to_string();
        assert!(error.contains("carafe.yml:1:1") && error.contains("did you mean `title`"), "{error}");
        let error = render_page("no/such/folder", "a.md", &world::Options::default()).unwrap_err().to_string();
        assert!(error.contains("no/such/folder cannot be opened"), "{error}");
    }
}
