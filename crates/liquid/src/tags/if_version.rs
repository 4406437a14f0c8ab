//! `{% if_version gte:1.1.x lte:1.3.x %}…{% elsif eq:1.4.x %}…{% else %}…{% endif_version %}`: text for some releases only.
//!
//! The conditions of one tag must all hold for `page.release`; [`Version`] says how releases compare. `eq` and `neq` take
//! several releases, with commas between them.

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::ast::Body;
use crate::lexer::{Token, is_space};
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};
use crate::{Value, Version, convert};

use super::Tag;
use super::words::Words;

/// A choice by release.
#[derive(Debug)]
pub struct IfVersion {
    /// The branches; the first that holds is rendered. `else` has no conditions.
    pub branches: Vec<VersionBranch>,
    /// Whether nothing but blanks can come out.
    pub blank: bool,
}

/// One branch of an [`IfVersion`].
#[derive(Debug)]
pub struct VersionBranch {
    /// The tag before the branch.
    pub span: Span,
    /// What must hold; `None` for `else`.
    pub conditions: Option<Vec<VersionCondition>>,
    /// The conditions, where they hold outputs and are known only when they are rendered.
    pub written: Option<Words>,
    /// What is rendered.
    pub body: Body,
}

/// How a release is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionOperator {
    /// `eq`: one of the releases.
    Equal,
    /// `neq`: none of the releases.
    NotEqual,
    /// `gte`: the release or a later one.
    AtLeast,
    /// `lte`: the release or an earlier one.
    AtMost,
}

/// One condition, such as `gte:1.1.x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionCondition {
    /// How to compare.
    pub operator: VersionOperator,
    /// With what.
    pub releases: Vec<String>,
}

impl VersionCondition {
    /// Whether it holds for `release`.
    pub fn holds(&self, release: &str) -> bool {
        let release = Version::parse(release);
        let compared = |other: &String| release.cmp(&Version::parse(other));
        match self.operator {
            VersionOperator::Equal => self.releases.iter().any(|other| compared(other).is_eq()),
            VersionOperator::NotEqual => !self.releases.iter().any(|other| compared(other).is_eq()),
            VersionOperator::AtLeast => self.releases.iter().all(|other| compared(other).is_ge()),
            VersionOperator::AtMost => self.releases.iter().all(|other| compared(other).is_le()),
        }
    }
}

/// Reads conditions such as `gte: 1.1.x lte:1.3.x` or `eq:1.0.x, 1.1.x`. Returns those that can be read, and what is wrong
/// with the others.
pub fn parse_conditions(text: &str) -> (Vec<VersionCondition>, Vec<String>) {
    let mut conditions = Vec::new();
    let mut mistakes = Vec::new();
    let mut rest = text.trim_matches(is_space);
    if rest.is_empty() {
        mistakes.push("there is no condition".to_owned());
    }
    while !rest.is_empty() {
        let word_len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let (word, behind) = rest.split_at(word_len);
        let Some(behind) = behind.trim_start_matches(is_space).strip_prefix(':').filter(|_| !word.is_empty()) else {
            let stop = rest.find(is_space).unwrap_or(rest.len());
            mistakes.push(format!("`{}` is not followed by `:` and a release", &rest[..stop]));
            rest = rest[stop..].trim_start_matches(is_space);
            // A release that stands alone belongs to the word before it.
            if rest.starts_with(|c: char| c.is_ascii_digit()) {
                rest = rest[rest.find(is_space).unwrap_or(rest.len())..].trim_start_matches(is_space);
            }
            continue;
        };
        let (releases, behind) = releases(behind);
        rest = behind;
        let operator = match word {
            "eq" => VersionOperator::Equal,
            "neq" => VersionOperator::NotEqual,
            "gte" => VersionOperator::AtLeast,
            "lte" => VersionOperator::AtMost,
            _ => {
                mistakes.push(format!("there is no comparison `{word}`"));
                continue;
            }
        };
        if releases.is_empty() {
            mistakes.push(format!("`{word}:` is not followed by a release"));
        } else {
            conditions.push(VersionCondition { operator, releases });
        }
    }
    (conditions, mistakes)
}

/// The releases with commas between them at the start of `text`, and what follows.
fn releases(text: &str) -> (Vec<String>, &str) {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    loop {
        let len = rest.find(|c: char| is_space(c) || c == ',' || c == ':').unwrap_or(rest.len());
        if rest[len..].starts_with(':') {
            // That was the next condition's word: a comma too many.
            return (found, rest);
        }
        if len > 0 {
            found.push(rest[..len].to_owned());
        }
        let behind = rest[len..].trim_start_matches(is_space);
        match behind.strip_prefix(',') {
            Some(more) => rest = more.trim_start_matches(is_space),
            None => return (found, behind),
        }
    }
}

fn wrong(mistake: String, span: Span) -> Diagnostic {
    let help = "write `eq:`, `neq:`, `gte:` or `lte:` and a release, such as `gte:1.1.x`";
    Diagnostic::warning("version-condition", mistake).at(span).help(help)
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let sections = parser.sections(token, &["elsif", "elsif_version", "else"]);
    let blank = sections.iter().all(|(_, body)| body.blank);
    let mut branches = Vec::new();
    for (head, body) in sections {
        let span = parser.source.span(&head.span);
        let markup = parser.source.trim(head.markup.clone());
        let written = parser.get(&markup).contains("{{").then(|| Words::parse(parser, markup));
        let conditions = (parser.name(&head) != "else").then(|| {
            if written.is_some() {
                return Vec::new();
            }
            let (conditions, mistakes) = parse_conditions(parser.get(&head.markup));
            mistakes.into_iter().for_each(|mistake| parser.report(wrong(mistake, span)));
            conditions
        });
        branches.push(VersionBranch { span, conditions, written, body });
    }
    Ok(Tag::IfVersion(IfVersion { branches, blank }))
}

pub(super) fn render(tag: &IfVersion, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let given = renderer.path(&["page", "release"]).filter(Value::truthy);
    if let Some(Value::Array(all)) = given.as_ref().and_then(|release| release.field("all")) {
        report_never(tag, renderer, &all);
    }
    let release = given.map(|release| convert::text(&release).into_owned());
    if release.is_none() {
        let message = "this page has no release that a version condition could be about";
        let help = "set `release` in the page's front matter, or take the condition away";
        renderer.report(Diagnostic::warning("version-condition", message).at(at.span).help(help));
    }
    for (index, branch) in tag.branches.iter().enumerate() {
        let written = branch.written.as_ref().map(|written| {
            let (conditions, mistakes) = parse_conditions(&written.text(renderer, at.template));
            mistakes.into_iter().for_each(|mistake| renderer.report(wrong(mistake, branch.span)));
            conditions
        });
        let holds = match (written.as_ref().or(branch.conditions.as_ref()), &release) {
            (None, _) => true,
            (Some(conditions), Some(_)) if written.is_some() && conditions.is_empty() => false,
            (Some(conditions), Some(release)) => conditions.iter().all(|condition| condition.holds(release)),
            (Some(_), None) => false,
        };
        if holds {
            renderer.host.branch(at.span, index);
            return renderer.body(&branch.body, at.template);
        }
    }
    renderer.host.branch(at.span, tag.branches.len());
    Flow::Next
}

/// Reports branches that hold for none of the product's releases. Not in includes: other products may use them too.
fn report_never(tag: &IfVersion, renderer: &Renderer<'_>, all: &[Value]) {
    if !renderer.calls().is_empty() {
        return;
    }
    for branch in &tag.branches {
        let Some(conditions) = branch.conditions.as_ref().filter(|conditions| !conditions.is_empty()) else { continue };
        let holds = |release: &Value| {
            let release = convert::text(release);
            conditions.iter().all(|condition| condition.holds(&release))
        };
        if !all.is_empty() && !all.iter().any(holds) {
            let names: Vec<_> = all.iter().map(|release| convert::text(release).into_owned()).collect();
            let help = format!("the releases are {}", names.join(", "));
            let message = "this condition holds for no release of the product";
            renderer.report(Diagnostic::warning("version-never-holds", message).at(branch.span).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(conditions: &str, release: &str) -> bool {
        let (conditions, mistakes) = parse_conditions(conditions);
        assert_eq!(mistakes, Vec::<String>::new());
        conditions.iter().all(|condition| condition.holds(release))
    }

    #[test]
    fn releases_compare_part_by_part_and_x_is_above_every_number() {
        assert!(holds("gte:1.9.x", "1.10.x"));
        assert!(holds("gte:1.1.x lte: 1.3.x", "1.3.x"));
        assert!(!holds("lte:1.3.9", "1.3.x"));
        assert!(holds("eq:1.0.x, 1.2.x", "1.2.x"));
        assert!(!holds("neq:1.0.x,1.2.x", "1.2.x"));
        assert!(holds("lte:2.0", "2.0-beta") && !holds("gte:2.0", "2.0-beta") && holds("gte:1.9", "v2.0-beta"));
    }

    #[test]
    fn malformed_conditions_are_told_and_passed_over() {
        let (conditions, mistakes) = parse_conditions("lte 3.2 gte:1.0.x foo:1");
        assert_eq!(conditions.len(), 1);
        assert_eq!(mistakes, ["`lte` is not followed by `:` and a release", "there is no comparison `foo`"]);
        assert_eq!(parse_conditions("gte:").1, ["`gte:` is not followed by a release"]);
        assert_eq!(parse_conditions(" ").1, ["there is no condition"]);
    }
}
