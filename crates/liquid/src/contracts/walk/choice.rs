//! Branches: which of them may be taken, and what is known behind them.

use std::collections::BTreeSet;
use std::sync::Arc;

use carafe_source::Span;

use crate::ast::{Body, Comparison, Condition, Expr, Junction, Operator};
use crate::tags::case::Case;
use crate::tags::if_else::If;

use super::super::known::{Known, May, compare, truth};
use super::{BranchSeen, PARAMS_LIMIT, State, Walker, joined};

impl Walker<'_> {
    pub(super) fn if_else(&mut self, tag: &If) {
        let before = self.state.clone();
        let mut after: Option<State> = None;
        let mut params = BTreeSet::new();
        // Whether the conditions so far may all have failed.
        let mut open = true;
        let mut complete = false;
        for (at, (condition, body)) in tag.branches.iter().enumerate() {
            let may = match condition {
                None => {
                    complete = true;
                    May { hold: true, fail: false }
                }
                Some(condition) => {
                    self.state.clone_from(&before);
                    let may = self.condition(condition, &mut params);
                    if tag.negated && at == 0 { may.negated() } else { may }
                }
            };
            let Some(head) = tag.heads.get(at) else { continue };
            let taken = open && may.hold;
            if let Some(here) = self.branch(*head, condition.is_none(), &params, taken, &before, body) {
                after = Some(joined(after, here));
            }
            open &= may.fail;
        }
        self.state = match after {
            Some(after) if complete => after,
            Some(after) if open || self.view.everything => joined(Some(after), before),
            Some(after) => after,
            None => before,
        };
    }

    pub(super) fn case(&mut self, tag: &Case) {
        self.read(&tag.value, false);
        let value = self.value(&tag.value);
        let mut base = BTreeSet::new();
        self.params_of(&tag.value, &mut base);
        let before = self.state.clone();
        let mut after = before.clone();
        let mut params = base.clone();
        let mut open = true;
        for branch in &tag.branches {
            let mut own = base.clone();
            let may = match &branch.values {
                None => May { hold: open, fail: true },
                Some(values) => {
                    let mut may = May { hold: false, fail: true };
                    for other in values {
                        self.read(other, false);
                        self.params_of(other, &mut own);
                        may = may.or(compare(&value, &Operator::Equal, &self.operand(other)));
                    }
                    may
                }
            };
            if branch.values.is_some() {
                open &= may.fail;
            }
            let otherwise = branch.values.is_none();
            // A `when` depends on its own values alone, an `else` on all.
            params.extend(own.iter().cloned());
            let depends = if otherwise { &params } else { &own };
            if let Some(here) = self.branch(branch.span, otherwise, depends, may.hold, &before, &branch.body) {
                after = joined(Some(after), here);
            }
        }
        self.state = after;
    }

    /// Goes through a branch if it may be taken; returns what is known behind it.
    fn branch(
        &mut self,
        head: Span,
        otherwise: bool,
        params: &BTreeSet<Arc<str>>,
        taken: bool,
        before: &State,
        body: &Body,
    ) -> Option<State> {
        let parent = self.parent;
        let params = params.iter().take(PARAMS_LIMIT);
        let params = params.map(|name| (name.clone(), self.view.field(name))).collect();
        self.seen.branches.push(BranchSeen { head, parent, params, taken, otherwise });
        if !taken && !self.view.everything {
            return None;
        }
        self.state.clone_from(before);
        self.parent = Some(head);
        self.conditions += 1;
        self.body(body);
        self.conditions -= 1;
        self.parent = parent;
        Some(std::mem::take(&mut self.state))
    }

    /// Whether a condition may hold; notes the fields of `include` that it is about.
    fn condition(&mut self, condition: &Condition, params: &mut BTreeSet<Arc<str>>) -> May {
        let all: Vec<(Option<Junction>, May)> = std::iter::once((None, &condition.first))
            .chain(condition.rest.iter().map(|(junction, comparison)| (Some(*junction), comparison)))
            .map(|(junction, comparison)| (junction, self.comparison(comparison, params)))
            .collect();
        // Liquid joins from the right: `a and b or c` is `a and (b or c)`.
        let mut result: Option<May> = None;
        let mut joins: Option<Junction> = None;
        for (junction, may) in all.into_iter().rev() {
            result = Some(match (result, joins) {
                (Some(behind), Some(Junction::And)) => may.and(behind),
                (Some(behind), Some(Junction::Or)) => may.or(behind),
                _ => may,
            });
            joins = junction;
        }
        result.unwrap_or(May::EITHER)
    }

    fn comparison(&mut self, comparison: &Comparison, params: &mut BTreeSet<Arc<str>>) -> May {
        self.read(&comparison.left, false);
        self.params_of(&comparison.left, params);
        let Some((operator, right)) = &comparison.right else { return truth(&self.value(&comparison.left)) };
        self.read(right, false);
        self.params_of(right, params);
        compare(&self.operand(&comparison.left), operator, &self.operand(right))
    }

    /// A value where `empty` and `blank` are tests.
    fn operand(&self, expr: &Expr) -> Known {
        match expr {
            Expr::Empty => Known::just(crate::Value::Empty),
            Expr::Blank => Known::just(crate::Value::Blank),
            other => self.value(other),
        }
    }
}
