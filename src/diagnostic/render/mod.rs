//! How diagnostics look: for people, for programs, for GitHub, as SARIF. All of them take folded findings and give text.

mod github;
mod human;
mod json;
mod places;
mod sarif;
#[cfg(test)]
mod tests;

use carafe_source::Sources;

use super::fold::Folded;

/// The looks there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Source lines with carets.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// Commands that GitHub Actions turns into annotations.
    Github,
    /// A SARIF 2.1.0 log.
    Sarif,
}

/// What the looks depend on.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The look.
    pub format: Format,
    /// Colours for a terminal; people only.
    pub colour: bool,
    /// What GitHub and SARIF readers need before a path to find the file in the repository: empty, or a folder with `/`
    /// behind it.
    pub prefix: &'o str,
}

/// The findings as text, with a line end behind the last line; empty when there is nothing to tell (a SARIF log always is).
pub fn render(folded: &[Folded], sources: &Sources, options: Options<'_>) -> String {
    match options.format {
        Format::Human => human::render(folded, sources, options.colour),
        Format::Json => json::render(folded, sources),
        Format::Github => github::render(folded, sources, options.prefix),
        Format::Sarif => sarif::render(folded, sources, options.prefix),
    }
}
