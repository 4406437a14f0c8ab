//! What is said about the input: values with places. How they look, and what each code means, is decided by whoever shows them.

use std::ops::Range;

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

/// How far a repair may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Nothing else can be meant, or it leaves what readers see.
    Safe,
    /// It is a guess, which somebody should look at.
    Unsafe,
}

/// A repair: a text in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fix {
    /// How far it may be trusted.
    pub safety: Safety,
    /// Where to look for what is to be replaced.
    pub span: Span,
    /// What is to be replaced. It must stand in the span once, as a word of its own; else there is nothing to be done.
    pub old: String,
    /// What takes its place.
    pub new: String,
}

impl Fix {
    /// The range of bytes to be replaced in the text of the span's file; `None` when it is not clear what that is.
    pub fn range(&self, text: &str) -> Option<Range<usize>> {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let within = text.get(start..end).filter(|_| !self.old.is_empty())?;
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let joins = |a: Option<char>, b: Option<char>| a.is_some_and(is_word) && b.is_some_and(is_word);
        let alone = |at: &usize| {
            let (before, behind) = (&within[..*at], &within[at + self.old.len()..]);
            !joins(before.chars().next_back(), self.old.chars().next())
                && !joins(self.old.chars().next_back(), behind.chars().next())
        };
        let mut places = within.match_indices(self.old.as_str()).map(|(at, _)| at).filter(alone);
        let at = start + places.next().filter(|_| places.next().is_none())?;
        Some(at..at + self.old.len())
    }
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
    /// How a program may repair it.
    pub fix: Option<Box<Fix>>,
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
            fix: None,
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

    /// The same with a repair.
    #[must_use]
    pub fn fix(mut self, safety: Safety, span: Span, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.fix = Some(Box::new(Fix { safety, span, old: old.into(), new: new.into() }));
        self
    }

    /// The same with what was probably `meant` where `span` says something else: as advice, and as a repair.
    #[must_use]
    pub fn meant(self, span: Span, written: &str, meant: &str) -> Self {
        self.help(format!("did you mean `{meant}`?")).fix(Safety::Unsafe, span, written, meant)
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

    #[test]
    fn a_repair_needs_one_clear_place() {
        let range = |text: &str, old: &str| {
            let span = Span::new(crate::FileId(0), 0, text.len());
            Fix { safety: Safety::Safe, span, old: old.into(), new: String::new() }.range(text)
        };
        assert_eq!(range("te=\"tea\"", "te"), Some(0..2));
        assert_eq!(range("[é](/a/) /a/", "/a/"), None);
        assert_eq!(range("[é](/a/)", "/a/"), Some(5..8));
        assert_eq!((range("tea", "te"), range("tea", "")), (None, None));
    }
}
