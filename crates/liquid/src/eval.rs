//! Values of expressions, filter chains and conditions.
//!
//! Evaluation only reads: what goes wrong is reported to the renderer's log and gives nil. The rules are Ruby Liquid's.

use std::sync::Arc;

use carafe_source::Span;
use carafe_source::diagnostic::{Diagnostic, Safety};

use super::ast::{
    Comparison, Condition, Expr, FilterCall, FilterTarget, Filtered, Junction, Key, LookupExpr, Operator, Root,
};
use super::filters::{Call, Dialect, Env, FilterError, Indexes, LastingIndex};
use super::host::Host;
use super::parser;
use super::render::Renderer;
use super::scope::Missing;
use super::syntax::Source;
use super::{Value, convert, expression, filter_template};

impl Renderer<'_> {
    /// The value of an expression.
    pub(crate) fn eval(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Literal(value) => value.clone(),
            Expr::Empty | Expr::Blank => Value::str(""),
            Expr::Range(bounds) => Value::Range(self.bound(&bounds.0), self.bound(&bounds.1)),
            Expr::Lookup(lookup) => self.lookup(lookup).unwrap_or_default(),
        }
    }

    /// The value of one side of a comparison, where `empty` and `blank` are tests.
    pub(crate) fn operand(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Empty => Value::Empty,
            Expr::Blank => Value::Blank,
            _ => self.eval(expr),
        }
    }

    /// One end of a range. Texts and nil count as the number they start with; of other values, as in Ruby, only literals
    /// are cut to a whole number.
    fn bound(&self, expr: &Expr) -> i64 {
        let value = convert::resolve(&self.eval(expr));
        if let Expr::Lookup(lookup) = expr
            && !matches!(value, Value::Int(_) | Value::Nil | Value::Str(_))
        {
            let message = format!("a range cannot start or end at a value of the kind {}", convert::type_name(&value));
            self.fail("liquid-type", message, lookup.span);
            return 0;
        }
        let number = match convert::to_number(&value).value() {
            Value::Int(number) => number,
            Value::Float(number) => number.trunc() as i128,
            _ => 0,
        };
        i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
    }

    fn lookup(&self, lookup: &LookupExpr) -> Option<Value> {
        self.budget.steps(lookup.path.len() as u64 / 2);
        let mut value = match &lookup.root {
            Root::Name(name) => self.scope.find(name)?.clone(),
            Root::Dynamic(expr) => self.variable_named(&convert::text(&self.eval(expr))),
        };
        for key in &lookup.path {
            value = self.step(&value, key)?;
        }
        Some(value)
    }

    /// One step of a lookup; `None` when there is nothing of that name.
    pub(crate) fn step(&self, value: &Value, key: &Key) -> Option<Value> {
        match key {
            Key::Name(name) => field(value, name).or_else(|| command(value, name)),
            Key::Index(expr) => {
                let given = self.eval(expr);
                if let Some(found) = given.written().and_then(|written| field(value, written)) {
                    return Some(found);
                }
                let key = convert::resolve(&given);
                match (&key, value) {
                    (Value::Int(index), Value::Array(items)) => element(items, *index),
                    (Value::Int(index), Value::Object(object)) if object.items().is_some() => {
                        element(&object.items()?, *index)
                    }
                    (Value::Str(key), _) => field(value, key),
                    (Value::Int(_) | Value::Float(_), _) => field(value, &convert::text(&key)),
                    _ => None,
                }
            }
        }
    }

    /// The variable with this name, nil when there is none.
    pub(crate) fn variable_named(&self, name: &str) -> Value {
        self.scope.find(name).cloned().unwrap_or_default()
    }

    /// The field of a variable at the end of this path.
    pub(crate) fn path(&self, path: &[&str]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let root = self.scope.find(first)?.clone();
        rest.iter().try_fold(root, |value, key| field(&value, key))
    }

    /// What a loop goes through; says so when its variable does not exist at all.
    pub(crate) fn collection(&self, expr: &Expr) -> Value {
        let value = self.eval(expr);
        if value.is_nil()
            && let Expr::Lookup(lookup) = expr
            && let Root::Name(name) = &lookup.root
            && self.scope.find(name).is_none()
            && let Some(missing) = self.missing(expr)
        {
            self.undefined(&missing);
        }
        value
    }

    /// A value with its filters applied; and why it is not there, when it comes from something undefined and no filter
    /// gives it a default.
    pub(crate) fn filtered(&self, filtered: &Filtered) -> (Value, Option<Missing>) {
        let mut value = self.eval(&filtered.value);
        let excused = || filtered.filters.iter().any(|call| &*call.name == "default");
        let mut missing = None;
        if (nothing(&value) || self.patched(&filtered.value, &value)) && !excused() {
            missing = self.missing(&filtered.value);
        }
        for call in &filtered.filters {
            let (next, undefined) = self.apply(call, &value);
            if missing.is_none() && nothing(&next) {
                missing = undefined;
            }
            value = next;
        }
        (value, missing)
    }

    /// Whether a text was made of something undefined: `{% assign x = nothing | append: "!" %}`.
    fn patched(&self, expr: &Expr, value: &Value) -> bool {
        let (Value::Str(_), Expr::Lookup(lookup)) = (value, expr) else { return false };
        matches!(&lookup.root, Root::Name(name) if lookup.path.is_empty() && self.scope.note(name, None).is_some())
    }

    /// One filter; and why the default that `default` falls back on is not there.
    fn apply(&self, call: &FilterCall, input: &Value) -> (Value, Option<Missing>) {
        let is_default = &*call.name == "default";
        let mut undefined = None;
        // Jekyll hands `empty` and `blank` on as what they are: its `where` asks for what has no text.
        let hands_on =
            matches!(call.target, FilterTarget::Builtin(_)) && self.options.tags.dialect() == Dialect::Jekyll;
        let mut argument = |expr: &Expr| {
            let value = if hands_on { self.operand(expr) } else { self.eval(expr) };
            if value.is_nil()
                && let Some(missing) = self.missing(expr)
            {
                if is_default {
                    undefined = Some(missing);
                } else {
                    self.undefined(&missing);
                }
            }
            value
        };
        let args: Vec<Value> = call.args.iter().map(&mut argument).collect();
        let named: Vec<(Arc<str>, Value)> =
            call.named.iter().map(|(name, expr)| (name.clone(), argument(expr))).collect();
        if !self.affordable(call, input, &args) {
            return (Value::Nil, None);
        }
        let value = match call.target {
            FilterTarget::Unknown => input.clone(),
            FilterTarget::Template => filter_template::apply(self, call, input, args, named),
            FilterTarget::Builtin(filter) => self.outcome(call, filter, &args, &named, input),
            FilterTarget::Host => {
                let filter = |given: &Call<'_>| self.host.filter(&call.name, given);
                self.outcome(call, filter, &args, &named, input)
            }
        };
        (value, undefined)
    }

    /// What a filter gives; nil, and a finding, when it fails.
    fn outcome(
        &self,
        call: &FilterCall,
        filter: impl FnOnce(&Call<'_>) -> Result<Value, FilterError>,
        args: &[Value],
        named: &[(Arc<str>, Value)],
        input: &Value,
    ) -> Value {
        match self.during(call.span, || filter(&Call { input, args, named, env: self })) {
            Ok(value) => value,
            Err(_) if self.stopped(|| call.span) => Value::Nil,
            Err(error) => {
                let message = format!("the filter `{}` fails: {}", call.name, error.message);
                self.fail("filter-error", message, call.span);
                Value::Nil
            }
        }
    }

    /// Runs a filter that stands at `span`.
    fn during<T>(&self, span: Span, filter: impl FnOnce() -> T) -> T {
        let outer = self.filter.replace(Some(self.synthetic.unwrap_or(span)));
        let result = filter();
        self.filter.set(outer);
        result
    }

    /// Takes a filter's work off the budget; whether it, and its result, can be afforded, as far as its input tells.
    fn affordable(&self, call: &FilterCall, input: &Value, args: &[Value]) -> bool {
        let endless = |value: &Value| matches!(value, Value::Range(first, last) if last.saturating_sub(*first) >= convert::RANGE_LIMIT as i64);
        if endless(input) && !matches!(&*call.name, "size" | "first" | "last" | "default") || args.iter().any(endless) {
            let message = format!("a range of more than {} numbers is too long for a filter", convert::RANGE_LIMIT);
            self.fail("iteration-limit", message, call.span);
            return false;
        }
        let constant = matches!(&*call.name, "size" | "first" | "last" | "default");
        let largest = args.iter().map(extent).max().unwrap_or(0);
        let budget = self.budget.output_bytes();
        // Such as `replace` or `join`, which can repeat an argument for each byte or item of the input.
        let product = extent(input).saturating_mul(largest);
        let long = |value: &Value| matches!(value, Value::Str(_)) && extent(value) > budget / FILTER_SHARE;
        if !constant && long(input) || args.iter().any(long) || largest > 64 && product > budget.saturating_mul(16) {
            let share = super::render::size(budget / FILTER_SHARE);
            let message =
                format!("the text that the filter `{}` is given, or would make, is larger than {share}", call.name);
            let diagnostic = Diagnostic::error("output-limit", message).at(call.span);
            self.end(diagnostic.help("it is a part of `limits.output_bytes`, which can be raised"));
            return false;
        }
        self.budget.steps(2);
        if !constant {
            let cost = |value: &Value| if let Value::Str(text) = value { text.len() / 16 } else { extent(value) / 2 };
            self.budget.steps((cost(input) + args.iter().map(cost).sum::<usize>()) as u64);
        }
        !self.stopped(|| call.span)
    }

    /// Whether a condition holds; `Err` when it cannot be evaluated, which has been reported.
    pub(crate) fn condition(&self, condition: &Condition) -> Result<bool, ()> {
        let mut holds = self.comparison(&condition.first)?;
        for (junction, next) in &condition.rest {
            match (junction, holds) {
                (Junction::And, false) | (Junction::Or, true) => return Ok(holds),
                _ => holds = self.comparison(next)?,
            }
        }
        Ok(holds)
    }

    fn comparison(&self, comparison: &Comparison) -> Result<bool, ()> {
        self.budget.steps(1);
        self.compare(comparison).map_err(|message| self.fail("liquid-type", message, comparison.span))
    }

    fn compare(&self, comparison: &Comparison) -> Result<bool, String> {
        let Some((operator, right)) = &comparison.right else {
            return Ok(convert::resolve(&self.eval(&comparison.left)).truthy());
        };
        let left = resolved(self.operand(&comparison.left));
        let right = resolved(self.operand(right));
        self.budget.steps((extent(&left).saturating_add(extent(&right)) / 64) as u64);
        let ordered = |holds: fn(std::cmp::Ordering) -> bool| match convert::compare(&left, &right) {
            Some(order) => Ok(holds(order)),
            None => convert::comparison_error(&left, &right).map_or(Ok(false), Err),
        };
        match operator {
            Operator::Equal => Ok(convert::equal(&left, &right)),
            Operator::NotEqual => Ok(!convert::equal(&left, &right)),
            Operator::Less => ordered(std::cmp::Ordering::is_lt),
            Operator::LessOrEqual => ordered(std::cmp::Ordering::is_le),
            Operator::Greater => ordered(std::cmp::Ordering::is_gt),
            Operator::GreaterOrEqual => ordered(std::cmp::Ordering::is_ge),
            Operator::Contains => {
                // Each item may be compared with all of the other text.
                let each = if matches!(left, Value::Array(_)) { 1 + extent(&right) / 64 } else { 0 };
                self.budget.steps(extent(&left).saturating_mul(each) as u64 / 4);
                Ok(self.budget.spent().is_none() && convert::contains(&left, &right))
            }
            Operator::Unknown(word) => Err(format!("there is no operator `{word}`")),
        }
    }

    /// Takes the binding of a variable for `text` off the page's budget.
    fn bind(&self, text: &str) -> Result<(), FilterError> {
        self.work((60 + text.len() + self.scope.width()) as u64)
    }

    /// A rendering for the filters that take expressions, which sees all variables, and the place of the filter.
    fn rendering(&self) -> (Self, Span) {
        let place = self.calls().first().copied().unwrap_or(Span::new(carafe_source::FileId(0), 0, 0));
        let template = parser::parse(place.file, &Arc::from(""), 0, self.options.tags);
        let mut inner = self.within(&template, place);
        inner.outer_calls = self.calls();
        inner.synthetic = Some(self.synthetic.unwrap_or(place));
        inner.scope = self.scope.clone();
        (inner, place)
    }
}

fn malformed(text: &str) -> FilterError {
    FilterError::new(format!("`{text}` is malformed"))
}

/// What an object stands for; a number that is printed as written stays.
pub(crate) fn resolved(value: Value) -> Value {
    if value.written().is_some() { value } else { convert::resolve(&value) }
}

/// A filter takes texts up to this part of what the page may come to: its result may be several times as long.
const FILTER_SHARE: usize = 4;

/// A text's bytes, an array's, hash's or range's items.
fn extent(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Array(items) => items.len(),
        Value::Map(map) => map.len(),
        Value::Range(first, last) => usize::try_from(last.saturating_sub(*first)).unwrap_or(0),
        _ => 0,
    }
}

/// Whether a value prints nothing, so that it may stand for something undefined.
fn nothing(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::Str(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn field(value: &Value, name: &str) -> Option<Value> {
    value.field(name)
}

/// `size`, `first` and `last` of what has no field of that name.
fn command(value: &Value, name: &str) -> Option<Value> {
    match name {
        "size" => convert::size(value).map(Value::Int),
        "first" if !matches!(value, Value::Str(_)) => ends(value).then(|| convert::first(value)),
        "last" if !matches!(value, Value::Map(_) | Value::Str(_)) => ends(value).then(|| convert::last(value)),
        _ => None,
    }
}

fn ends(value: &Value) -> bool {
    matches!(convert::resolve(value), Value::Array(_) | Value::Map(_) | Value::Range(..))
}

fn element(items: &[Value], index: i128) -> Option<Value> {
    let len = i128::try_from(items.len()).ok()?;
    let at = if index < 0 { index.checked_add(len)? } else { index };
    // Behind the ends lies nil, as in Ruby; that is not an undefined field.
    Some(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or_default())
}

impl Env for Renderer<'_> {
    fn host(&self) -> &dyn Host {
        self.host
    }

    fn variable(&self, path: &[&str]) -> Option<Value> {
        self.path(path)
    }

    fn conditions(
        &self,
        variable: &str,
        items: &[Value],
        condition: &str,
        enough: &mut dyn FnMut(usize, bool) -> bool,
    ) -> Result<(), FilterError> {
        let mut known = None;
        for (at, item) in items.iter().enumerate() {
            self.bind(condition)?;
            // The text is read, and a rendering begun, for all items together.
            let (inner, parsed) = match &mut known {
                Some(known) => known,
                None => {
                    let (inner, place) = self.rendering();
                    let source = Source { file: place.file, text: condition };
                    let parsed = match expression::condition(&source, 0..condition.len(), Dialect::Jekyll) {
                        (Some(parsed), None) => parsed,
                        _ => return Err(malformed(condition)),
                    };
                    known.insert((inner, parsed))
                }
            };
            inner.scope.push(vec![(variable.into(), item.clone())]);
            let holds = inner.condition(parsed).unwrap_or(false);
            inner.scope.pop();
            if enough(at, holds) {
                break;
            }
        }
        Ok(())
    }

    fn expression(&self, variable: &str, item: &Value, expression: &str) -> Result<Value, FilterError> {
        self.bind(expression)?;
        let (mut inner, place) = self.rendering();
        inner.scope.push(vec![(variable.into(), item.clone())]);
        let source = Source { file: place.file, text: expression };
        let parsed = expression::filtered(&source, 0..expression.len(), inner.options.tags).0;
        Ok(parsed.map_or(Value::Nil, |parsed| inner.filtered(&parsed).0))
    }

    fn markdown(&self, value: &Value, text: &str) -> String {
        self.value_as_markdown(value, text)
    }

    fn work(&self, steps: u64) -> Result<(), FilterError> {
        self.budget.steps(steps);
        match self.budget.spent() {
            None => Ok(()),
            Some(_) => Err(FilterError::new("too much work")),
        }
    }

    fn indexes(&self) -> Option<&Indexes> {
        Some(&self.indexes)
    }

    fn lasting_index(&self, list: &Arc<Vec<Value>>, path: &str) -> Option<Arc<LastingIndex>> {
        self.scope.globals().values().find_map(|value| match value {
            Value::Object(object) => object.lasting_index(list, path),
            _ => None,
        })
    }

    fn dialect(&self) -> Dialect {
        self.options.tags.dialect()
    }
}

/// A diagnostic of an undefined variable.
pub(super) fn undefined(missing: &Missing) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning("undefined-variable", format!("`{}` is undefined", missing.shown))
        .about(missing.root.clone())
        .at(missing.span)
        .through(missing.calls.clone());
    for (span, label) in &missing.labels {
        diagnostic = diagnostic.label(*span, label.clone());
    }
    if let Some(meant) = missing.meant.as_ref().filter(|_| missing.labels.is_empty()) {
        diagnostic = diagnostic.fix(Safety::Unsafe, missing.span, missing.shown.clone(), meant.clone());
    }
    match &missing.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}
