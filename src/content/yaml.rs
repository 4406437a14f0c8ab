//! How the YAML of a site becomes values: by Ruby's rules in Jekyll sites, by stricter ones in native sites.

use std::sync::Arc;

use jiff::tz::TimeZone;

use carafe_liquid::Value;
use carafe_source::FileId;
use carafe_yaml::{Limits, Meaning, Node, Place, Problem, Schema, Style};

use crate::diagnostic::{Diagnostic, Severity};

/// The rules by which a site's YAML is read.
#[derive(Clone, Debug)]
pub struct Yaml {
    /// What plain scalars mean.
    pub schema: Schema,
    /// Where points in time without a zone are shown.
    pub zone: TimeZone,
    /// What one document may take.
    pub limits: Limits,
    /// How bad broken front matter is: Jekyll publishes the page without values, unless told to be strict.
    pub broken_front: Severity,
}

/// What the values of one front matter may take: they are copied for the templates of every page that they reach.
const FRONT_BYTES: usize = 4 << 20;

impl Default for Yaml {
    /// A native site's.
    fn default() -> Self {
        Self { schema: Schema::Native, zone: TimeZone::UTC, limits: Limits::default(), broken_front: Severity::Error }
    }
}

impl Yaml {
    /// The value of `text`, which starts at byte `offset` of `file`, and doubts about it (`doubtful-yaml`).
    ///
    /// # Errors
    /// A diagnostic of this code, when the text is no YAML or over a limit.
    pub fn value(
        &self,
        text: &str,
        code: &'static str,
        file: FileId,
        offset: usize,
    ) -> Result<(Value, Vec<Diagnostic>), Diagnostic> {
        self.read(text, file, offset, &self.limits).map_err(|problem| problem.diagnostic(code, file, offset))
    }

    fn read(
        &self,
        text: &str,
        file: FileId,
        offset: usize,
        limits: &Limits,
    ) -> Result<(Value, Vec<Diagnostic>), Box<Problem>> {
        let document = carafe_yaml::read(text, self.schema, limits)?;
        let doubt = |problem: &Problem| problem.diagnostic("doubtful-yaml", file, offset);
        let doubts = document.warnings.iter().map(doubt).collect();
        Ok((carafe_liquid::yaml::from_yaml(document.root, self.schema, &self.zone), doubts))
    }

    /// [`Self::value`] for a front matter, which is bounded more narrowly (`front-matter`).
    ///
    /// # Errors
    /// A diagnostic `front-matter`, no worse than `broken_front` unless a limit is the reason.
    pub fn front(&self, text: &str, file: FileId, offset: usize) -> Result<(Value, Vec<Diagnostic>), Diagnostic> {
        let limits = Limits { bytes: self.limits.bytes.min(FRONT_BYTES), ..self.limits };
        self.read(text, file, offset, &limits).map_err(|problem| {
            let diagnostic = problem.diagnostic("front-matter", file, offset);
            if problem.is_limit { diagnostic } else { Diagnostic { severity: self.broken_front, ..diagnostic } }
        })
    }
}

/// A number that Ruby prints with other digits than were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LostDigit {
    /// Where it stands.
    pub place: Place,
    /// As it was written.
    pub written: Arc<str>,
    /// As it is printed.
    pub printed: Arc<str>,
}

/// The values of a YAML text that are plain decimal numbers and are printed with other digits (`1.10`, `007`), in order.
/// Keys are left out; a broken text has none.
pub(crate) fn lost_digits(text: &str) -> Vec<LostDigit> {
    let mut found = Vec::new();
    if let Ok(document) = carafe_yaml::read(text, Schema::Ruby, &Limits::default()) {
        document.root.each_value(&mut |node| found.extend(lost_digit(text, node)));
    }
    found.sort_by_key(|lost| lost.place.start);
    found.dedup();
    found
}

fn lost_digit(text: &str, node: &Node) -> Option<LostDigit> {
    let scalar = node.as_scalar().filter(|scalar| scalar.style == Style::Plain)?;
    let written = &scalar.text;
    let is_decimal = written.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    if !is_decimal || !matches!(scalar.meaning, Meaning::Int(_) | Meaning::Float(_)) {
        return None;
    }
    let printed = scalar.printed();
    // What an alias repeats is told where it is written.
    let is_here = text.get(node.place.start as usize..node.place.end as usize) == Some(&**written);
    (is_here && printed.trim_start_matches('-') != written.trim_start_matches(['-', '+'])).then(|| LostDigit {
        place: node.place,
        written: written.clone(),
        printed,
    })
}
