//! What is said about the input: values with places. How they look, and what each code means, is decided by whoever shows them.

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a build.
    Note,
    /// Probably a mistake; fails a build under `--strict`.
    Warning,
    /// The output is incomplete or wrong; fails the build.
    Error,
}

/// A second place that explains the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The stable name of its kind, such as `undefined-variable`; each is described in the diagnostics reference.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop: what is wrong, with the names involved in backticks.
    pub message: String,
    /// Where; `None` when it concerns the site as a whole.
    pub span: Option<Span>,
    /// Further places.
    pub labels: Vec<Label>,
    /// The tags that led to the file of `span`, innermost first: the stack of includes down to the page.
    pub trace: Vec<Span>,
    /// How to repair it: "did you mean `x`?", or what to write.
    pub help: Option<String>,
    /// What it is about, for programs: the variable that is undefined, the parameter that is missing, as written.
    pub subject: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A diagnostic without a place yet.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span: None,
            labels: Vec::new(),
            trace: Vec::new(),
            help: None,
            subject: None,
        }
    }

    /// The same at this place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, reached through these calls (innermost first).
    #[must_use]
    pub fn through(mut self, calls: Vec<Span>) -> Self {
        self.trace = calls;
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The same, about this variable or parameter.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The one of `candidates` that was probably meant by `name`: within a third of its length in edits (Damerau-Levenshtein
/// without transposed blocks), the nearest first, ties by order.
pub fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest(name, candidates, name.chars().count().div_ceil(3))
}

/// The one of `candidates` that is at most `limit` edits from `name` and differs from it, the nearest first, ties by order.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>, limit: usize) -> Option<&'c str> {
    let name_chars: Vec<char> = name.chars().collect();
    let mut limit = limit;
    let mut nearest = None;
    for candidate in candidates {
        // Words of other lengths are at least that far.
        let far = candidate.chars().count().abs_diff(name_chars.len()) > limit;
        if far || candidate == name {
            continue;
        }
        if let Some(distance) = distance(&name_chars, candidate, limit) {
            nearest = Some(candidate);
            // From here on only nearer ones count.
            match distance.checked_sub(1) {
                Some(nearer) => limit = nearer,
                None => break,
            }
        }
    }
    nearest
}

/// The number of single-character edits (with swaps of neighbours) between two words, unless it is more than `limit`.
fn distance(a: &[char], b: &str, limit: usize) -> Option<usize> {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substitution = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substitution.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        // A swap reaches back two rows, so both must be too far.
        let least = |row: &[usize]| row.iter().min().is_none_or(|least| *least > limit);
        if least(&row) && least(&last) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.get(b.len()).copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("releasen", ["version", "release"]), Some("release"));
        assert_eq!(did_you_mean("verison", ["version", "release"]), Some("version"));
        assert_eq!(did_you_mean("zebra", ["version", "release"]), None);
    }
}
