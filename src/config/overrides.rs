//! What the command line says of the configuration.

/// What the command line says of things that the configuration says too. It wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The path the site is published under.
    pub baseurl: Option<String>,
    /// The folder the site is written to.
    pub destination: Option<String>,
    /// Drafts are pages too.
    pub drafts: bool,
    /// Posts with a date to come are pages too.
    pub future: bool,
    /// Unpublished pages are pages too.
    pub unpublished: bool,
    /// The folder of pages of a native site.
    pub content: Option<String>,
    /// Files that are pages wherever they lie.
    pub pages: Vec<String>,
    /// Variables of the site, by name, as YAML reads them.
    pub variables: Vec<(String, String)>,
}
