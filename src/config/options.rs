//! The resolved options: one small struct for each stage, complete, with nothing left to default.

use indexmap::IndexMap;

use carafe_liquid::Map;

use crate::diagnostic::{Severities, Severity};

/// Which rules a site follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A site with `carafe.yml`.
    Native,
    /// A site with `_config.yml`, built as Jekyll would.
    Jekyll,
}

impl Mode {
    /// What plain scalars mean in the site's YAML.
    pub fn schema(self) -> carafe_yaml::Schema {
        match self {
            Self::Native => carafe_yaml::Schema::Native,
            Self::Jekyll => carafe_yaml::Schema::Ruby,
        }
    }
}

/// The whole configuration of one site.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which rules the site follows.
    pub mode: Mode,
    /// The configuration files that were read, in order.
    pub files: Vec<String>,
    /// What the site says of itself.
    pub site: SiteOptions,
    /// Where the sources are, and which of them count.
    pub content: ContentOptions,
    /// Options of the Liquid engine.
    pub liquid: LiquidOptions,
    /// What pages and data may cost.
    pub limits: LimitOptions,
    /// Options of the Markdown converter.
    pub markdown: MarkdownOptions,
    /// Options of the highlighter.
    pub highlight: HighlightOptions,
    /// Options of the page templates.
    pub theme: ThemeOptions,
    /// What pages say of their pictures.
    pub pictures: PictureOptions,
    /// The theme that a Jekyll site asks for.
    pub asked_theme: Option<AskedTheme>,
    /// The navigation, when the site spells it out; else it follows from folders and `weight`.
    pub nav: Vec<NavEntry>,
    /// Where the site is written to.
    pub output: OutputOptions,
    /// Severities of diagnostics.
    pub severities: Severities,
    /// Versioned pages from single sources.
    pub single_source: Option<SingleSource>,
    /// The titles that the tabs of a named group must have.
    pub tab_sets: IndexMap<String, Vec<String>>,
    /// What the front matter of pages must say.
    pub front_matter: Vec<Contract>,
    /// Options of the checks.
    pub check: CheckOptions,
    /// Options of style sheets.
    pub sass: SassOptions,
    /// The plugins of a Jekyll site.
    pub plugins: PluginOptions,
    /// The languages of a site in several, that of the sources first; else none.
    pub languages: Vec<super::LanguageOptions>,
    /// What `site.NAME` reads: in a Jekyll site the whole configuration, else the site's variables and its own fields.
    pub variables: Map,
}

/// The plugins that a Jekyll site asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginOptions {
    /// Those in `plugins`, in `gems` as old sites have it, and in the group `jekyll_plugins` of the Gemfile.
    pub named: Vec<NamedPlugin>,
}

impl PluginOptions {
    /// Whether the site is to be built as GitHub Pages builds it.
    pub fn github_pages(&self) -> bool {
        self.named.iter().any(|plugin| plugin.name == "github-pages")
    }
}

/// How tables among the data are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// Whether the first row names the fields.
    pub has_headers: bool,
    /// The names of the fields, when the table does not say them.
    pub headers: Option<Vec<String>>,
    /// What turns fields into other values: `integer`, `float`.
    pub converters: Vec<String>,
}

/// The theme that a Jekyll site asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedTheme {
    /// The name of its gem, or what `remote_theme` says.
    pub name: String,
    /// Whether it is not asked for by the name of a gem, so that its configuration does not count.
    pub remote: bool,
    /// Its folder, from the site's, when the site says where it lies.
    pub folder: Option<String>,
    /// Whether its configuration counts.
    pub has_config: bool,
    /// Where it is asked for.
    pub span: Option<carafe_source::Span>,
}

/// A plugin, and where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlugin {
    /// The name of its gem.
    pub name: String,
    /// The place.
    pub span: Option<carafe_source::Span>,
}

/// What the front matter of the pages at some paths must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// The pages, by their paths within the folder of pages; `*` and `**` as in shells.
    pub pattern: String,
    /// The type of each key, and whether it must be given.
    pub keys: std::collections::BTreeMap<String, (KeyType, bool)>,
    /// Whether other keys are errors, but for those that mean something by themselves.
    pub is_closed: bool,
}

/// The type of a key of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// Anything.
    Any,
    /// A text, or what is printed as one.
    Text,
    /// A text in which Liquid is run.
    Liquid,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// The name of a language, as in HTML's `lang`.
    Language,
    /// `true` or `false`.
    Boolean,
    /// A day or a time.
    Date,
    /// A list.
    List,
    /// A mapping.
    Mapping,
    /// One of these, or a list of some of them.
    Choice(Vec<String>),
}

/// Options of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// Paths below which other sites are published, so that links there cannot be checked.
    pub elsewhere: Vec<String>,
    /// External addresses that are not asked, as they begin.
    pub skip: Vec<String>,
}

impl CheckOptions {
    /// Whether another site is published at this path.
    pub fn is_elsewhere(&self, path: &str) -> bool {
        self.elsewhere.iter().any(|prefix| {
            let prefix = prefix.trim_end_matches(['*', '/']);
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// Options of style sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SassOptions {
    /// The folders in which imports are looked for, in this order; `*` as in shells.
    pub load_paths: Vec<String>,
    /// Whether the CSS is to be as short as possible.
    pub compressed: bool,
}

/// What the site says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteOptions {
    /// Its name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Scheme and host it is published at, without a slash at the end; may be empty.
    pub url: String,
    /// The path it is published under: empty, or starts with a slash and does not end with one.
    pub baseurl: String,
    /// Language of the pages, as in HTML's `lang`.
    pub language: String,
    /// The time zone of dates without one.
    pub timezone: Option<jiff::tz::TimeZone>,
}

/// The folders of a site, relative to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The pages; empty for the site's folder itself.
    pub content: String,
    /// Page templates and layouts.
    pub templates: String,
    /// Includes.
    pub includes: String,
    /// Files that are copied as they are; `None` when they stand among the pages.
    pub static_files: Option<String>,
    /// Data files.
    pub data: String,
    /// The folder that holds the folders of collections; empty for the site's folder itself.
    pub collections: String,
}

/// A folder that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFolder {
    /// Its option, as in `folders.content`.
    pub option: String,
    /// Its path within the site's folder.
    pub path: String,
    /// Where the configuration names it.
    pub span: Option<carafe_source::Span>,
}

/// Where the sources are, and which of them count.
#[derive(Clone, Debug)]
pub struct ContentOptions {
    /// The folders.
    pub folders: Folders,
    /// The form of addresses.
    pub permalink: Permalink,
    /// How many posts count, the newest; 0 for all.
    pub limit_posts: usize,
    /// What separates an excerpt from the rest; empty when documents have none.
    pub excerpt_separator: String,
    /// How tables are read: CSV, TSV.
    pub tables: [TableOptions; 2],
    /// How texts are written, when it is not UTF-8.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Whether pages have excerpts, as documents do.
    pub page_excerpts: bool,
    /// Collections by name. A Jekyll site always has `posts`.
    pub collections: IndexMap<String, Collection>,
    /// Front matter by path and type, in the order of the file.
    pub defaults: Vec<Defaults>,
    /// Files that count although their names start with `.` or `_`.
    pub include: Vec<String>,
    /// Files and folders that do not count.
    pub exclude: Vec<String>,
    /// Files that are pages wherever they lie.
    pub pages: Vec<String>,
    /// Suffixes of Markdown files, without the dot.
    pub markdown_suffixes: Vec<String>,
    /// Whether broken front matter is an error.
    pub strict_front_matter: bool,
    /// Drafts are pages too.
    pub drafts: bool,
    /// Posts with a date to come are pages too.
    pub future: bool,
    /// Pages that say `published: false` are pages too.
    pub unpublished: bool,
    /// Links that lead out of the site's folder are followed.
    pub follow_links: bool,
    /// The folders of `folders` that the configuration names, with their options and where it does.
    pub named_folders: Vec<NamedFolder>,
    /// The folder that paths of source code count from, within the site's folder or, with `..`, around it; empty for the site's folder.
    pub code_root: String,
    /// Old addresses and where they lead.
    pub redirects: Vec<(String, String)>,
}

/// The form of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permalink {
    /// `/categories/2024/01/31/title.html`.
    Date,
    /// `/categories/2024/01/31/title/`, and `/path/name/` for pages.
    Pretty,
    /// `/categories/2024/031/title.html`.
    Ordinal,
    /// `/categories/2024/W05/Wed/title.html`.
    Weekdate,
    /// `/categories/title.html`.
    None,
    /// A pattern of the site's own.
    Custom(String),
}

impl Permalink {
    /// The form with this name, else the pattern.
    pub fn new(text: &str) -> Self {
        match text {
            "date" => Self::Date,
            "pretty" => Self::Pretty,
            "ordinal" => Self::Ordinal,
            "weekdate" => Self::Weekdate,
            "none" => Self::None,
            pattern => Self::Custom(pattern.to_owned()),
        }
    }

    /// The pattern of posts (Jekyll, "Permalinks").
    pub fn posts(&self) -> &str {
        match self {
            Self::Date => "/:categories/:year/:month/:day/:title:output_ext",
            Self::Pretty => "/:categories/:year/:month/:day/:title/",
            Self::Ordinal => "/:categories/:year/:y_day/:title:output_ext",
            Self::Weekdate => "/:categories/:year/W:week/:short_day/:title:output_ext",
            Self::None => "/:categories/:title:output_ext",
            Self::Custom(pattern) => pattern,
        }
    }

    /// What the pattern of a page or of a collection's document ends with. Jekyll leaves a pattern without either ending
    /// bare, and `weekdate` with it.
    pub fn suffix(&self) -> &'static str {
        match self {
            Self::Pretty => "/",
            Self::Date | Self::Ordinal | Self::None => ":output_ext",
            Self::Custom(pattern) if pattern.ends_with('/') => "/",
            Self::Custom(pattern) if pattern.ends_with(":output_ext") => ":output_ext",
            Self::Weekdate | Self::Custom(_) => "",
        }
    }
}

/// A collection of documents.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// Whether its documents become pages.
    pub output: bool,
    /// The pattern of their addresses; `None` for the site's form.
    pub permalink: Option<String>,
    /// The field to sort by, instead of date and path.
    pub sort_by: Option<String>,
    /// Documents that come first, in this order.
    pub order: Vec<String>,
    /// Everything that the site says of it, for `site.collections`.
    pub fields: Map,
}

/// Front matter for all files that match.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// A folder, a file, or a pattern with `*`, relative to the site's folder; empty for all.
    pub path: String,
    /// `pages`, `posts` (drafts as well) or a collection's name; `None` for all.
    pub kind: Option<String>,
    /// The front matter.
    pub values: Map,
}

/// Options of the Liquid engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiquidOptions {
    /// An include keeps its place: in the item, the quote or the line in which it is called.
    pub reindent: bool,
    /// Lines on which only templates stood go where they would part rows, items, or lines of a quote or a fence.
    pub joins_tag_lines: bool,
    /// Fenced code is run, too, unless its fence says otherwise.
    pub in_code: bool,
    /// Undefined variables are errors.
    pub strict_variables: bool,
    /// Undefined filters are errors.
    pub strict_filters: bool,
    /// What it is to write other than Liquid's grammar knows.
    pub lax: Option<Severity>,
}

/// What pages and data may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitOptions {
    /// Depth of includes within includes.
    pub include_depth: usize,
    /// Turns of all loops of one page, and what costs as much.
    pub iterations: u64,
    /// Bytes that one page may come to, in Liquid and in Markdown.
    pub output_bytes: usize,
    /// Bytes of memory that all data files may take.
    pub data_bytes: usize,
}

impl Default for LimitOptions {
    fn default() -> Self {
        Self { include_depth: 100, iterations: 10_000_000, output_bytes: 32 << 20, data_bytes: 256 << 20 }
    }
}

/// The grammar of a site's Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// kramdown with its GFM parser, as Jekyll runs it.
    Kramdown,
    /// CommonMark with the extensions of GitHub.
    CommonMark,
}

/// Options of the Markdown converter, named as kramdown names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownOptions {
    /// The grammar.
    pub dialect: Dialect,
    /// What authors know from GitHub is read as there.
    pub github: bool,
    /// `$…$` is a formula, and formulas are MathML.
    pub math: bool,
    /// `:rocket:` is the character.
    pub emoji: bool,
    /// Headings get ids.
    pub auto_ids: bool,
    /// What such ids start with.
    pub auto_id_prefix: String,
    /// Levels added to every heading.
    pub header_offset: i64,
    /// Levels of headings that `{:toc}` lists, ascending.
    pub toc_levels: Vec<u8>,
    /// Typographic quotes: left and right single, left and right double, as text; `None` leaves quotes alone.
    pub smart_quotes: Option<[String; 4]>,
    /// What is written for typographic symbols, by kramdown's names.
    pub typographic_symbols: Vec<(String, String)>,
    /// Links that every page may name: name, address, title.
    pub link_defs: Vec<(String, String, Option<String>)>,
    /// Further options of kramdown by name.
    pub others: Vec<(&'static str, String)>,
    /// Every line end is a line break.
    pub hard_wrap: bool,
    /// Markdown inside block HTML is parsed.
    pub parse_block_html: bool,
    /// Markdown inside inline HTML is parsed.
    pub parse_span_html: bool,
    /// Number of the first footnote.
    pub footnote_nr: u64,
    /// The text of the link back from a footnote; empty for none.
    pub footnote_backlink: String,
    /// What the ids of footnotes start with.
    pub footnote_prefix: String,
}

/// Options of the highlighter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HighlightOptions {
    /// Code is highlighted at all.
    pub enabled: bool,
    /// The language of code that names none.
    pub default_language: Option<String>,
}

/// A link with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The text.
    pub title: String,
    /// The address.
    pub url: String,
}

/// Options of the page templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeOptions {
    /// Address of the logo.
    pub logo: Option<String>,
    /// Address of the favicon.
    pub favicon: Option<String>,
    /// The accent colour, as CSS takes it.
    pub accent: Option<String>,
    /// Links at the top of every page.
    pub header_links: Vec<Link>,
    /// The text at the foot of every page.
    pub footer: Option<String>,
    /// HTML above every page.
    pub announcement: Option<String>,
    /// Links at the foot of every page.
    pub footer_links: Vec<Link>,
    /// Levels of headings in a page's table of contents, ascending.
    pub toc_levels: Vec<u8>,
    /// Where a page's source can be edited: the address of the site's folder in its repository.
    pub edit_url: Option<String>,
    /// Whether pages say when git has seen them changed last.
    pub last_updated: bool,
    /// Where the sources can be looked at: a link at the top of every page.
    pub repository: Option<String>,
    /// Whether pages name their generator.
    pub generator: bool,
    /// Whether there is a search.
    pub search: bool,
    /// Whether pages of a release that is not the newest say so.
    pub release_note: bool,
    /// Whether the parts of the site at the top of the navigation are tabs in the header.
    pub section_tabs: bool,
    /// Whether a page that a reader is about to open is fetched before.
    pub prefetch: bool,
    /// Whether pages have pictures for previews of links, and where the configuration says so.
    pub social_cards: Option<Option<carafe_source::Span>>,
    /// Files of fonts for these, within the site's folder, and where they are named.
    pub card_fonts: Vec<(String, Option<carafe_source::Span>)>,
    /// Addresses of further style sheets.
    pub styles: Vec<String>,
    /// Addresses of further scripts.
    pub scripts: Vec<String>,
}

/// What pages say of their pictures, where their authors do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureOptions {
    /// How large they are; `None` where the theme's style sheet keeps their shape.
    pub size: Option<bool>,
    /// Which of them may come late, and that none need be waited for.
    pub lazy: bool,
    /// The widths in pixels in which they are written, too.
    pub sizes: Vec<u32>,
    /// Whether those that are no photographs are written as WebP, too.
    pub webp: bool,
    /// How wide the column is in which pages show them, in pixels of CSS.
    pub column: u32,
}

impl PictureOptions {
    /// Whether pictures are to have variants.
    pub fn has_variants(&self) -> bool {
        self.webp || !self.sizes.is_empty()
    }
}

/// One entry of the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavEntry {
    /// Its text; `None` for the page's own title.
    pub title: Option<String>,
    /// The source of its page, relative to the folder of pages.
    pub page: Option<String>,
    /// Its address, when it is no page of the site.
    pub url: Option<String>,
    /// The entries below it.
    pub children: Vec<NavEntry>,
    /// Where the configuration says so.
    pub span: Option<carafe_source::Span>,
}

/// Where the site is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputOptions {
    /// The folder, relative to the current one.
    pub destination: String,
    /// Files in it that stay although no source makes them.
    pub keep: Vec<String>,
    /// Whether each page is written as Markdown, too.
    pub markdown: bool,
    /// Whether there are lists of the pages for programs: `llms.txt`, `llms-full.txt`.
    pub llms: bool,
}

/// Versioned pages: one for each release and entry of a navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleSource {
    /// The data file that lists the releases.
    pub versions: String,
    /// The folder of the sources.
    pub source: String,
    /// The layout of the pages.
    pub layout: Option<String>,
    /// Patterns of the names of data files that hold a release's navigation.
    pub nav: Vec<String>,
}
