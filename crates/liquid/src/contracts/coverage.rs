//! What tests can take of a template: the branches of its conditional tags.
//!
//! [`Host::branch`](crate::Host::branch) tells which of them a rendering took.

use carafe_source::Span;

use crate::ast::{Body, Node};
use crate::parser::Template;
use crate::tags::Tag;
use crate::tags::custom::CustomBody;

/// A branch of a conditional tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The conditional tag.
    pub tag: Span,
    /// Its number in the tag, from 0.
    pub index: usize,
    /// The tag that opens it: `elsif`, `else`, `when`, or the conditional tag itself.
    pub place: Span,
    /// Whether it is written; the branch in which nothing is rendered is not.
    pub written: bool,
}

/// All branches of a template, in the order in which they stand. A conditional tag without `else` has one more branch than
/// is written: the one in which no condition holds.
pub fn branches(template: &Template) -> Vec<Branch> {
    let mut found = Vec::new();
    walk(template.body(), &mut found);
    found
}

fn walk(body: &Body, found: &mut Vec<Branch>) {
    for node in &body.nodes {
        let Node::Tag(node) = node else { continue };
        match &node.tag {
            Tag::If(tag) => {
                let open = tag.branches.iter().all(|(condition, _)| condition.is_some());
                let branches = tag.heads.iter().zip(&tag.branches).map(|(place, (_, body))| (*place, body));
                conditional(node.span, branches, open, found);
            }
            Tag::Case(tag) => {
                let open = tag.branches.iter().all(|branch| branch.values.is_some());
                conditional(node.span, tag.branches.iter().map(|branch| (branch.span, &branch.body)), open, found);
            }
            Tag::IfVersion(tag) => {
                let open = tag.branches.iter().all(|branch| branch.conditions.is_some());
                conditional(node.span, tag.branches.iter().map(|branch| (branch.span, &branch.body)), open, found);
            }
            Tag::For(tag) => {
                walk(&tag.body, found);
                if let Some(otherwise) = &tag.otherwise {
                    walk(otherwise, found);
                }
            }
            Tag::Capture(tag) => walk(&tag.body, found),
            Tag::IfChanged(tag) => walk(&tag.body, found),
            Tag::TableRow(tag) => walk(&tag.body, found),
            Tag::Highlight(tag) => walk(&tag.body, found),
            Tag::Liquid(body) => walk(body, found),
            Tag::Custom(tag) => {
                if let CustomBody::Nodes(body) = &tag.body {
                    walk(body, found);
                }
            }
            _ => {}
        }
    }
}

fn conditional<'b>(tag: Span, branches: impl Iterator<Item = (Span, &'b Body)>, open: bool, found: &mut Vec<Branch>) {
    let mut count = 0;
    for (index, (place, body)) in branches.enumerate() {
        found.push(Branch { tag, index, place, written: true });
        walk(body, found);
        count = index + 1;
    }
    if open {
        found.push(Branch { tag, index: count, place: tag, written: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tags;
    use carafe_source::FileId;

    #[test]
    fn every_branch_is_found_and_a_missing_else_is_one_too() {
        let text = "{% if a %}x{% elsif b %}{% unless c %}y{% endunless %}{% else %}z{% endif %}{% case d %}{% when 1 %}{% endcase %}";
        let template = crate::parse(FileId(0), &text.into(), 0, &Tags::default());
        let shown = |branch: &Branch| {
            let place = &text[branch.place.start as usize..branch.place.end as usize];
            format!("{}{} {}", if branch.written { "" } else { "no " }, branch.index, place)
        };
        let found: Vec<String> = branches(&template).iter().map(shown).collect();
        assert_eq!(
            found,
            [
                "0 {% if a %}",
                "1 {% elsif b %}",
                "0 {% unless c %}",
                "no 1 {% unless c %}",
                "2 {% else %}",
                "0 {% when 1 %}",
                "no 1 {% case d %}"
            ]
        );
    }
}
