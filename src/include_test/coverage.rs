//! Which branches and parameters of each include the tests used.

use std::sync::Arc;

use carafe_liquid::contracts::coverage::{Branch, branches};
use carafe_source::Span;

use crate::render::Taken;
use crate::world::World;

use super::Outcome;

/// What the tests used of one include.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    /// Its name.
    pub include: Arc<str>,
    /// Its path, as shown to people.
    pub path: Arc<str>,
    /// How many cases are about it.
    pub tests: usize,
    /// Its branches, and whether a case took each.
    pub branches: Vec<(Branch, bool)>,
    /// Its parameters with the place of their description, and whether a case passed each.
    pub params: Vec<(String, Span, bool)>,
}

impl Coverage {
    /// How many branches were taken.
    pub(crate) fn branches_taken(&self) -> usize {
        self.branches.iter().filter(|(_, taken)| *taken).count()
    }

    /// How many parameters were passed.
    pub(crate) fn params_passed(&self) -> usize {
        self.params.iter().filter(|(.., passed)| *passed).count()
    }

    /// Whether nothing was left out.
    pub(crate) fn full(&self) -> bool {
        self.branches_taken() == self.branches.len() && self.params_passed() == self.params.len()
    }
}

/// The coverage of all includes, in the order of their names. A branch counts when any case takes it, one about another
/// include as well.
pub(crate) fn coverage(world: &World, outcomes: &[Outcome]) -> Vec<Coverage> {
    let mut taken = Taken::default();
    for outcome in outcomes {
        taken.branches.extend(&outcome.taken.branches);
        taken.params.extend(outcome.taken.params.iter().cloned());
    }
    let one = |include: Arc<str>| {
        let (path, template) = world.include(&include)?;
        let file = template.file();
        let found = branches(&template).into_iter();
        let params = template.doc().map(|doc| &doc.contract.params);
        let passed = |name: &str| taken.params.contains(&(file, name.to_owned()));
        Some(Coverage {
            tests: outcomes.iter().filter(|outcome| outcome.case.include.as_deref() == Some(&*include)).count(),
            branches: found
                .map(|branch| (branch.clone(), taken.branches.contains(&(branch.tag, branch.index))))
                .collect(),
            params: params
                .into_iter()
                .flatten()
                .map(|param| (param.name.clone(), param.span, passed(&param.name)))
                .collect(),
            include,
            path,
        })
    };
    world.include_names().into_iter().filter_map(one).collect()
}
