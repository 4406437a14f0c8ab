//! What the engine asks of the world around it. The build implements it; the engine itself never touches the disk, the
//! configuration or Markdown.

use std::sync::Arc;

use carafe_source::diagnostic::Diagnostic;
use carafe_source::island::Islands;
use carafe_source::{FileId, Place, Places, ReadError, Segment, Span};

use super::filters::{Call, Env, FilterError};
use super::{Template, Value};

/// Which tag asks for a file, and so where it is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// `include`, `include_cached` and `render`: in the folders of includes.
    Include,
    /// `include_relative`: beside the file that holds the tag.
    Relative(FileId),
}

/// A tag with the children that it collected.
#[derive(Debug)]
pub struct Group<'g> {
    /// The tag's name as written.
    pub tag: &'g str,
    /// What its markup names: its words, its title, and its parameters' texts.
    pub names: Vec<Arc<str>>,
    /// The children's titles and opening tags, in order.
    pub children: Vec<(Arc<str>, Span)>,
    /// The opening tag.
    pub place: Place,
}

/// A file whose text is shown and not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The text.
    pub text: Arc<str>,
    /// The language that its name tells.
    pub language: Option<Arc<str>>,
}

/// How a text is data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFormat {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// A table with a line of names, fields between commas.
    Csv,
    /// The same, fields between tabs.
    Tsv,
}

impl DataFormat {
    /// The format that a file's name tells.
    pub fn of_name(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "yml" | "yaml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            _ => None,
        }
    }
}

/// A text that is to be data.
#[derive(Clone, Copy, Debug)]
pub struct DataText<'t> {
    /// The text.
    pub text: &'t str,
    /// How it is read.
    pub format: DataFormat,
    /// The file that it is the whole of; places are given in it.
    pub file: FileId,
    /// The code of what is wrong with it.
    pub code: &'static str,
}

/// What a text says.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// The value.
    pub value: Value,
    /// About what it takes in memory.
    pub bytes: usize,
    /// What is doubtful.
    pub doubts: Vec<Diagnostic>,
}

/// The services of one page's rendering. Every call that reads something records the read for that page.
pub trait Host {
    /// The template at `path`, parsed once per build.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read; a template with mistakes is still a template.
    fn template(&self, path: &str, lookup: Lookup) -> Result<Arc<Template>, ReadError>;

    /// The paths of all includes, for suggestions.
    fn include_paths(&self) -> Vec<Arc<str>>;

    /// `text` as a Markdown document of its own, as HTML. Placeholders of `islands` are carried through and resolved.
    /// `places` tells where the text came from.
    fn markdown(&self, text: &str, places: Places<'_>, islands: &Islands) -> String;

    /// The same for the body of a tag whose template says `scope: page`: links and footnotes that the page defines count in it.
    fn markdown_in_page(&self, text: &str, places: Places<'_>, islands: &Islands) -> String {
        self.markdown(text, places, islands)
    }

    /// Told of HTML that a tag's template gave, and where it came from; `islands` are those whose placeholders it holds. May
    /// give other HTML to take its place, such as one with other ids.
    fn component(&self, _html: &str, _places: Places<'_>, _islands: &Islands) -> Option<String> {
        None
    }

    /// Told of the body of a tag that is to be Markdown, of where it came from, and of the islands that it holds. May give another text to take its
    /// place, with its segments: one whose links fit the page rather than the file that they are written in.
    fn relinked(&self, _text: &str, _places: Places<'_>, _islands: &Islands) -> Option<(String, Vec<Segment>)> {
        None
    }

    /// Told of a tag that collects children, such as a group of tabs, and of these.
    fn group(&self, _group: &Group<'_>) {}

    /// `code` highlighted as `language`: the whole block with its wrappers, as a fenced block would give it.
    fn highlight(&self, code: &str, language: &str, line_numbers: bool) -> String;

    /// The file of source code at `path` (for the tag `include_code`).
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read; there is none by default.
    fn source_file(&self, _path: &str) -> Result<SourceFile, ReadError> {
        Err(ReadError::NotFound)
    }

    /// What a text says that is data and may take so many bytes of memory (for the bodies of tags, and [`Host::data_file`]).
    ///
    /// # Errors
    /// What is wrong with it; by default nobody reads data.
    fn data(&self, text: &DataText<'_>, _most: usize) -> Result<Data, Box<Diagnostic>> {
        let place = Span::new(text.file, 0, text.text.len());
        Err(Box::new(Diagnostic::error(text.code, "nobody reads data here").at(place)))
    }

    /// The data file at `path`, counted from the site's folder (for tag templates whose call names one): its number and its text.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read; there is none by default.
    fn data_file(&self, _path: &str) -> Result<(FileId, Arc<str>), ReadError> {
        Err(ReadError::NotFound)
    }

    /// The CSS of a style sheet, which is written in SCSS or by indentation.
    ///
    /// # Errors
    /// What is wrong with it.
    fn style_sheet(&self, _text: &str, _indented: bool) -> Result<String, String> {
        Err("style sheets are not compiled here".to_owned())
    }

    /// The address of the page, document or static file whose source is `path` (for the tag `link`).
    fn link(&self, path: &str) -> Option<String>;

    /// The address of the post with this name, such as `2024-01-31-title` or `folder/2024-01-31-title`.
    fn post_url(&self, name: &str) -> Option<String>;

    /// The text of one of the tags that [`Tags::add_host`](crate::Tags::add_host) named; `markup` stands behind its name.
    ///
    /// # Errors
    /// When the markup makes no sense; the message is told at the tag.
    fn tag(&self, name: &str, _markup: &str, _env: &dyn Env) -> Result<String, FilterError> {
        Err(FilterError::new(format!("nobody does the tag `{name}`")))
    }

    /// What is written around the block of a tag `highlight`: in Jekyll's Markdown a line end, so that the block ends the paragraph that it
    /// stands in. `None` leaves its lines to whoever reads the text; as a value it has lines of its own.
    fn around_highlight(&self) -> Option<&'static str> {
        None
    }

    /// The character of an HTML entity by its name (`rsquo`).
    fn entity(&self, _name: &str) -> Option<char> {
        None
    }

    /// What one of the filters gives that [`Tags::add_host`](crate::Tags::add_host) named.
    ///
    /// # Errors
    /// When it has no result.
    fn filter(&self, name: &str, _call: &Call<'_>) -> Result<Value, FilterError> {
        Err(FilterError::new(format!("nobody does the filter `{name}`")))
    }

    /// Told of every template that the rendering enters beside its own: an include's, a tag's, a filter's.
    fn entered(&self, _file: FileId) {}

    /// Told which branch of the conditional tag at `tag` was taken, counted from 0; behind the last branch is the one that
    /// is not written: no condition held.
    fn branch(&self, _tag: Span, _branch: usize) {}

    /// Told that a call of the include in `file` passes the parameter `name`.
    fn passed(&self, _file: FileId, _name: &str) {}

    /// The build's time: the same for all pages, and fixed by `SOURCE_DATE_EPOCH`.
    fn now(&self) -> jiff::ZonedDateTime;

    /// The site's time zone. Unlike the time it is no reason for a page to differ between two builds.
    fn zone(&self) -> jiff::tz::TimeZone {
        self.now().time_zone().clone()
    }
}
