//! What is known of an expression's value, and what reading it reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use carafe_source::Span;

use crate::ast::{Expr, FilterCall, FilterTarget, Filtered, Key, LookupExpr, Root};
use crate::{Value, convert};

use super::super::known::Known;
use super::{State, Variable, Walker};

impl Walker<'_> {
    /// What is known of a value without filters.
    pub(super) fn value(&self, expr: &Expr) -> Known {
        match expr {
            Expr::Literal(value) => Known::just(value.clone()),
            Expr::Empty | Expr::Blank => Known::just(Value::str("")),
            Expr::Range(_) => Known::Anything,
            Expr::Lookup(lookup) => match (self.param(lookup), &lookup.root) {
                (Some(param), _) => {
                    let value = self.view.field(param);
                    match value.values() {
                        // Of nil every field is nil; of other values too little is known.
                        Some(values) if lookup.path.len() > 1 && !values.iter().all(Value::is_nil) => Known::Anything,
                        _ => value,
                    }
                }
                (None, Root::Name(name)) if lookup.path.is_empty() => {
                    self.state.get(name).map(|variable| variable.known.clone()).unwrap_or_default()
                }
                _ => Known::Anything,
            },
        }
    }

    /// What is known of a value with filters.
    pub(super) fn value_of(&self, filtered: &Filtered) -> Variable {
        let mut variable = Variable { known: self.value(&filtered.value), ..Variable::default() };
        self.params_of(&filtered.value, &mut variable.params);
        if filtered.filters.is_empty() {
            variable.copy = self.handed_on(&filtered.value);
        }
        for call in &filtered.filters {
            variable.known = self.apply(call, &variable.known);
            for arg in call.args.iter().chain(call.named.iter().map(|(_, arg)| arg)) {
                self.params_of(arg, &mut variable.params);
            }
        }
        variable
    }

    /// `default` is understood; what other filters make is not known.
    fn apply(&self, call: &FilterCall, input: &Known) -> Known {
        let ([arg], "default") = (call.args.as_slice(), &*call.name) else { return Known::Anything };
        let (Some(values), Some(defaults)) = (input.values(), self.value(arg).values().map(<[Value]>::to_vec)) else {
            return Known::Anything;
        };
        if !call.named.is_empty() {
            return Known::Anything;
        }
        let nothing = |value: &&Value| !value.truthy() || convert::is_empty(value);
        let kept = Known::OneOf(values.iter().filter(|value| !nothing(value)).cloned().collect());
        if values.iter().any(|value| nothing(&value)) { kept.or(&Known::OneOf(defaults)) } else { kept }
    }

    /// The value of an `assign`, read.
    pub(super) fn assigned_value(&mut self, filtered: &Filtered) -> Variable {
        let variable = self.value_of(filtered);
        self.filtered(filtered, false);
        variable
    }

    /// Reads a value with its filters; `printed` when its absence would be told.
    pub(super) fn filtered(&mut self, filtered: &Filtered, printed: bool) {
        let excused = filtered.filters.iter().any(|call| &*call.name == "default");
        self.read(&filtered.value, printed && !excused);
        for call in &filtered.filters {
            let excused = !printed || &*call.name == "default";
            for arg in call.args.iter().chain(call.named.iter().map(|(_, arg)| arg)) {
                self.read(arg, !excused);
                self.read_text(arg, call);
            }
            let renders = matches!(call.target, FilterTarget::Template)
                && self.tags.filters.get(&call.name).is_some_and(|filter| filter.liquid);
            if renders {
                // The text may hold anything that a template may.
                self.seen.whole = true;
                self.state = State::default();
            }
        }
    }

    /// Filters such as `where_exp` take expressions as texts.
    fn read_text(&mut self, arg: &Expr, call: &FilterCall) {
        let Expr::Literal(Value::Str(text)) = arg else { return };
        if !call.name.ends_with("_exp") {
            return;
        }
        for rest in text.split("include.").skip(1) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
            if end > 0 {
                self.read_param(&Arc::from(&rest[..end]), call.span, false);
            }
        }
    }

    /// Notes that an expression is read; `printed` when its absence would be told.
    pub(super) fn read(&mut self, expr: &Expr, printed: bool) {
        match expr {
            Expr::Literal(_) | Expr::Empty | Expr::Blank => {}
            Expr::Range(bounds) => {
                self.read(&bounds.0, false);
                self.read(&bounds.1, false);
            }
            Expr::Lookup(lookup) => self.read_lookup(lookup, printed),
        }
    }

    fn read_lookup(&mut self, lookup: &LookupExpr, printed: bool) {
        match &lookup.root {
            Root::Dynamic(name) => {
                self.read(name, false);
                self.seen.whole = true;
            }
            Root::Name(name) => {
                let copied = self.state.get(name).and_then(|variable| variable.copy.clone());
                if let (Some(param), true) = (copied, printed) {
                    self.read_param(&param, lookup.span, true);
                }
                self.seen.names.insert(name.clone());
            }
        }
        for key in &lookup.path {
            if let Key::Index(index) = key {
                self.read(index, false);
            }
        }
        if let Some(param) = self.param(lookup).cloned() {
            self.read_param(&param, lookup.span, printed);
        } else if matches!(&lookup.root, Root::Name(name) if &**name == "include") {
            self.seen.whole = true;
        }
    }

    fn read_param(&mut self, param: &Arc<str>, span: Span, printed: bool) {
        let required = printed && self.conditions == 0;
        let (_, known) = self.seen.reads.entry(param.clone()).or_insert((span, false));
        *known |= required;
    }

    /// `x` of `include.x`, whatever follows.
    fn param<'e>(&self, lookup: &'e LookupExpr) -> Option<&'e Arc<str>> {
        match (&lookup.root, lookup.path.first()) {
            (Root::Name(name), Some(Key::Name(param) | Key::Index(Expr::Literal(Value::Str(param)))))
                if &**name == "include" && !self.state.contains_key("include") =>
            {
                Some(param)
            }
            _ => None,
        }
    }

    /// The parameter that an expression is, as it stands.
    pub(super) fn handed_on(&self, expr: &Expr) -> Option<Arc<str>> {
        let Expr::Lookup(lookup) = expr else { return None };
        match &lookup.root {
            Root::Name(name) if lookup.path.is_empty() => self.state.get(name)?.copy.clone(),
            _ if lookup.path.len() == 1 => self.param(lookup).cloned(),
            _ => None,
        }
    }

    /// Adds the fields of `include` that a value comes from.
    pub(super) fn params_of(&self, expr: &Expr, params: &mut BTreeSet<Arc<str>>) {
        match expr {
            Expr::Lookup(lookup) => {
                params.extend(self.param(lookup).cloned());
                if let Root::Name(name) = &lookup.root
                    && let Some(variable) = self.state.get(name)
                {
                    params.extend(variable.params.iter().cloned());
                }
            }
            Expr::Range(bounds) => {
                self.params_of(&bounds.0, params);
                self.params_of(&bounds.1, params);
            }
            _ => {}
        }
    }
}
