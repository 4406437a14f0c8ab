//! Finding out why a value is nil: because it was given so, or because nothing of that name exists.
//!
//! Asked only once a value is nil and about to be used. Something that was assigned or passed on from something undefined
//! is undefined, too, and the place where that happened is told. Parameters that an include's `doc` block declares optional
//! may be missing, and so may what lies behind the end of an array.

use std::sync::Arc;

use carafe_source::Span;
use carafe_source::diagnostic::did_you_mean;

use super::Value;
use super::ast::{Expr, Key, LookupExpr, Root};
use super::convert;
use super::render::Renderer;
use super::scope::{Given, Missing};

/// How many steps it costs to compare a name with another that may have been meant.
const NAME_STEPS: u64 = 16;

impl Renderer<'_> {
    /// Why `expr` has no value; `None` when it is nil by right.
    pub(crate) fn missing(&self, expr: &Expr) -> Option<Missing> {
        let Expr::Lookup(lookup) = expr else { return None };
        let Root::Name(name) = &lookup.root else { return None };
        let first_key = match lookup.path.first() {
            Some(Key::Name(key)) => Some(&**key),
            _ => None,
        };
        let param = if &**name == "include" { first_key } else { Some(&**name) };
        if let (Some(contract), Some(param)) = (&self.contract, param)
            && contract.excuses(param)
        {
            return None;
        }
        if let Some(note) = self.scope.note(name, None) {
            return Some(self.read_again(note, name.to_string(), lookup));
        }
        if let Some(key) = first_key
            && let Some(note) = self.scope.note(name, Some(key))
        {
            return Some(self.read_again(note, format!("{name}.{key}"), lookup));
        }
        let Some(root) = self.scope.find(name) else {
            let names = self.scope.names();
            self.budget.steps(NAME_STEPS * names.len() as u64);
            let meant = did_you_mean(name, names.iter().map(|name| &**name));
            // An include that is called without parameters has no `include`; what it asks for is the parameter.
            let shown = match first_key.filter(|_| &**name == "include") {
                Some(key) => format!("{name}.{key}"),
                None => name.to_string(),
            };
            let is_parameter = shown != **name;
            let missing = self.found_missing(shown, lookup, meant.map(str::to_owned));
            return Some(if is_parameter { Missing { meant: None, ..missing } } else { missing });
        };
        let mut shown = name.to_string();
        let mut value = root.clone();
        for key in &lookup.path {
            let parent = value;
            // Nothing lies below what is nil by right: the page before the first one, or a key that says nothing.
            if parent.is_nil() {
                return None;
            }
            let key_text = match key {
                Key::Name(key) => key.clone(),
                Key::Index(index) => {
                    let index_value = convert::resolve(&self.eval(index));
                    if index_value.is_nil() {
                        return self.missing(index);
                    }
                    Arc::from(&*convert::text(&index_value))
                }
            };
            shown = match key {
                Key::Name(_) => format!("{shown}.{key_text}"),
                Key::Index(_) => format!("{shown}[{key_text}]"),
            };
            match self.step(&parent, key) {
                Some(next) => value = next,
                None if &**name == "include" && shown == format!("include.{key_text}") => {
                    return Some(self.misspelt(shown, &key_text, lookup));
                }
                None => {
                    let keys = keys(&parent);
                    self.budget.steps(NAME_STEPS * keys.len() as u64);
                    let meant = did_you_mean(&key_text, keys.iter().map(|key| &**key)).map(str::to_owned);
                    return Some(self.found_missing(shown, lookup, meant));
                }
            }
        }
        None
    }

    /// Reports the use of something undefined.
    pub(crate) fn undefined(&self, missing: &Missing) {
        self.report(super::eval::undefined(missing));
    }

    /// Reports `expr` when it is undefined.
    pub(crate) fn check_defined(&self, expr: &Expr) {
        if self.eval(expr).is_nil()
            && let Some(missing) = self.missing(expr)
        {
            self.undefined(&missing);
        }
    }

    /// A parameter that the call does not give: told where the call gives one whose name is nearly the same, else where it is read.
    fn misspelt(&self, shown: String, key: &str, lookup: &LookupExpr) -> Missing {
        let given = self.scope.given();
        let names = given.map(|given| &*given.names).unwrap_or_default();
        self.budget.steps(NAME_STEPS * names.len() as u64);
        let near = did_you_mean(key, names.iter().map(|(name, _)| &**name));
        let missing = self.found_missing(shown, lookup, near.map(str::to_owned));
        let (Some(near), Some(Given { to, .. })) = (near, given) else { return missing };
        let Some((_, span)) = names.iter().find(|(name, _)| &**name == near) else { return missing };
        // What the include knows under the given name is misspelt where it is read.
        let declares = crate::contracts::declared::contract(to).is_some_and(|contract| contract.param(near).is_some());
        if declares || to.text().contains(&format!("include.{near}")) {
            return missing;
        }
        let holds = |call: &Span| call.file == span.file && call.start <= span.start && span.end <= call.end;
        let Some(at) = missing.calls.iter().position(holds) else { return missing };
        let help = format!("did you mean `{key}` where `{near}` is given?");
        let labels = vec![(lookup.span, format!("`{}` is read here", missing.shown))];
        let calls = missing.calls.get(at + 1..).unwrap_or_default().to_vec();
        Missing { span: *span, calls, help: Some(help), meant: None, labels, ..missing }
    }

    fn found_missing(&self, shown: String, lookup: &LookupExpr, meant: Option<String>) -> Missing {
        let help = meant.as_ref().map(|meant| format!("did you mean `{meant}`?"));
        let whole = |meant: String| match shown.rsplit_once('.') {
            _ if shown.contains('[') => None,
            Some((parent, _)) => Some(format!("{parent}.{meant}")),
            None => Some(meant),
        };
        let meant = meant.and_then(whole);
        let (span, labels) = (lookup.span, Vec::new());
        Missing { root: shown.clone(), shown, span, calls: self.calls(), help, meant, labels }
    }

    /// What was missing before is read here.
    fn read_again(&self, note: &Missing, shown: String, lookup: &LookupExpr) -> Missing {
        let mut labels = note.labels.clone();
        if labels.is_empty() {
            labels.push((note.span, format!("`{}` is undefined", note.shown)));
        }
        let root = note.root.clone();
        Missing { shown, root, span: lookup.span, calls: self.calls(), help: note.help.clone(), meant: None, labels }
    }
}

/// The names of a value's fields.
fn keys(value: &Value) -> Vec<Arc<str>> {
    match value {
        Value::Map(map) => map.keys().cloned().collect(),
        Value::Object(object) => object.keys(),
        _ => Vec::new(),
    }
}
