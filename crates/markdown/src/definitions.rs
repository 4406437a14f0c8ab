//! The definitions of attribute lists, `{:name: .class}`, which may refer to one another, and what applying them costs.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::attributes::{AttributeList, Attributes};
use super::tree::Problem;

/// How many bytes of the text the tree may repeat: addresses of references, and attributes that definitions give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    left: Option<usize>,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { left: Some(bytes) }
    }

    /// Spends `bytes`; false when so many were not left, and from then on.
    pub(crate) fn spend(&mut self, bytes: usize) -> bool {
        self.left = self.left.and_then(|left| left.checked_sub(bytes));
        self.left.is_some()
    }

    /// Nothing more may be spent.
    pub(crate) fn end(&mut self) {
        self.left = None;
    }

    /// Whether more was asked for than there was.
    pub(crate) fn is_over(&self) -> bool {
        self.left.is_none()
    }
}

/// A definition.
#[derive(Clone, Debug, Default)]
struct Definition {
    name: String,
    list: AttributeList,
    range: Range<u32>,
}

/// The definitions of a text, in the order of their first lines. Those of one name add up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Definitions {
    all: Vec<Definition>,
    by_name: FxHashMap<String, usize>,
    /// What each gives, with what those that it refers to give; once [`Definitions::resolve`] was called.
    given: Vec<Option<Attributes>>,
}

/// A definition that is being resolved, and what it gives so far.
struct Open {
    at: usize,
    next: usize,
    given: Attributes,
}

impl Definitions {
    /// The list that the name stands for, to add to it.
    pub(crate) fn list(&mut self, name: &str, range: Range<u32>) -> &mut AttributeList {
        let at = *self.by_name.entry(name.to_owned()).or_insert(self.all.len());
        if at == self.all.len() {
            self.all.push(Definition { name: name.to_owned(), list: AttributeList::default(), range });
        }
        &mut self.all[at].list
    }

    /// What the definition gives.
    pub(crate) fn given(&self, name: &str) -> Option<&Attributes> {
        self.given.get(*self.by_name.get(name)?)?.as_ref()
    }

    /// Sets the attributes of an element by a list: those of the definitions it refers to, then its own. What does not fit into
    /// the budget is left out.
    pub(crate) fn apply(&self, list: &AttributeList, attributes: &mut Attributes, budget: &mut Budget) {
        for given in list.references().filter_map(|name| self.given(name)) {
            if budget.spend(given.size()) {
                attributes.merge(given);
            }
        }
        attributes.merge(list.own());
    }

    /// Finds out what each definition gives. A reference of a definition to itself, perhaps through others, gives nothing
    /// (`attribute-list-cycle`); what no longer fits into the budget is left out.
    pub(crate) fn resolve(&mut self, budget: &mut Budget, problems: &mut Vec<Problem>) {
        self.given = vec![None; self.all.len()];
        let mut is_open = vec![false; self.all.len()];
        for at in 0..self.all.len() {
            if self.given[at].is_none() {
                self.resolve_one(at, &mut is_open, budget, problems);
            }
        }
    }

    fn resolve_one(&mut self, at: usize, is_open: &mut [bool], budget: &mut Budget, problems: &mut Vec<Problem>) {
        let mut stack = vec![Open { at, next: 0, given: Attributes::default() }];
        is_open[at] = true;
        while let Some(top) = stack.last_mut() {
            let definition = &self.all[top.at];
            let Some(name) = definition.list.references.get(top.next).filter(|_| !budget.is_over()) else {
                top.given.merge(&definition.list.attributes);
                let (at, given) = (top.at, std::mem::take(&mut top.given));
                is_open[at] = false;
                self.given[at] = Some(given);
                stack.pop();
                continue;
            };
            let Some(&other) = self.by_name.get(name) else {
                top.next += 1;
                continue;
            };
            if let Some(given) = &self.given[other] {
                top.next += 1;
                if spend(budget, given, &definition.range, problems) {
                    top.given.merge(given);
                }
            } else if is_open[other] {
                top.next += 1;
                let message = format!("the attribute list `{}` refers to itself; that gives nothing", definition.name);
                let range = definition.range.clone();
                let problem = Problem { code: "attribute-list-cycle", message, range };
                if problems.last() != Some(&problem) {
                    problems.push(problem);
                }
            } else {
                is_open[other] = true;
                stack.push(Open { at: other, next: 0, given: Attributes::default() });
            }
        }
    }
}

/// Spends what a copy of these attributes takes; tells the problem when that is too much.
fn spend(budget: &mut Budget, given: &Attributes, range: &Range<u32>, problems: &mut Vec<Problem>) -> bool {
    let was_over = budget.is_over();
    if !budget.spend(given.size()) && !was_over {
        problems.push(too_long(range.clone()));
    }
    !budget.is_over()
}

/// The problem of a text that would be repeated too often.
pub(crate) fn too_long(range: Range<u32>) -> Problem {
    let message = "what references and attribute lists repeat of the text is too long here; what follows is left out";
    Problem { code: super::OUTPUT_LIMIT, message: message.to_owned(), range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_that_refer_to_each_other_end() {
        let mut definitions = Definitions::default();
        definitions.list("a", 0..1).read("b .x b");
        definitions.list("b", 1..2).read("a .y");
        let (mut budget, mut problems) = (Budget::new(100), Vec::new());
        definitions.resolve(&mut budget, &mut problems);
        let class = |name: &str| definitions.given(name).and_then(|given| given.get("class"));
        assert_eq!((class("a"), class("b")), (Some("y y x"), Some("y")));
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["attribute-list-cycle"]);
    }
}
