//! What is to be known of a site's folder before it is read.

use super::languages::Languages;
use super::tables::Tables;
use super::yaml::Yaml;

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

/// What [`super::reread`] needs to know.
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

impl Options {
    /// Whether the site has Carafe's own form.
    pub(super) fn is_native(&self) -> bool {
        matches!(self.kind, Kind::Native { .. })
    }

    /// Whether a path names a Markdown file.
    pub(crate) fn is_markdown(&self, path: &str) -> bool {
        let extension =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension);
        self.markdown.iter().any(|suffix| suffix.eq_ignore_ascii_case(extension))
    }
}
