//! Filters: one file per family. A filter is a plain function of a [`Call`]; what it needs of the world it asks of [`Env`].
//!
//! Standard filters follow Ruby's Liquid 5, the others Jekyll. Where the two give one name two meanings, [`Env::dialect`]
//! decides.

mod array;
mod base64;
mod date;
pub(crate) mod html;
mod index;
mod json;
mod markup;
mod math;
mod order;
mod pick;
mod slug;
mod smart;
mod strftime;
mod string;
mod time;
mod unicode;
mod url;

#[cfg(test)]
mod testing;

use std::borrow::Cow;
use std::sync::Arc;

use carafe_source::island::Islands;
use carafe_source::{Origins, Places};

pub(crate) use markup::fence;

use super::convert;
use super::host::Host;
use super::value::Value;

/// How long a text may get that a filter makes; longer ones are an error, so that no loop can fill the memory.
const TEXT_LIMIT: usize = 32 << 20;

/// A filter: a call in, a value out, or the reason why there is none.
pub type Filter = fn(&Call<'_>) -> Result<Value, FilterError>;

/// One use of a filter: `{{ input | name: args, key: named }}`.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What stands before the `|`.
    pub input: &'a Value,
    /// The arguments without a name.
    pub args: &'a [Value],
    /// The arguments with a name.
    pub named: &'a [(Arc<str>, Value)],
    /// The world around.
    pub env: &'a dyn Env,
}

/// Why a filter gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// As Ruby's Liquid words it: `divided by 0`.
    pub message: String,
}

impl FilterError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// Whose meaning a filter has where Liquid's and Jekyll's differ: `where`, `find` and `sort`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Liquid alone.
    Liquid,
    /// Liquid as Jekyll runs it.
    #[default]
    Jekyll,
}

/// What filters may ask of the rendering they are part of.
pub trait Env {
    /// The services of the page's rendering.
    fn host(&self) -> &dyn Host;

    /// The value of a variable and its fields: `["site", "baseurl"]`; `None` when there is none.
    fn variable(&self, path: &[&str]) -> Option<Value>;

    /// Hands on whether `condition` holds while `variable` is one after another of the items, with their places, until `enough` says so.
    ///
    /// # Errors
    /// When the condition does not parse or cannot be evaluated.
    fn conditions(
        &self,
        variable: &str,
        items: &[Value],
        condition: &str,
        enough: &mut dyn FnMut(usize, bool) -> bool,
    ) -> Result<(), FilterError>;

    /// The value of `expression` (filters included) while `variable` is `item`.
    ///
    /// # Errors
    /// When the expression does not parse or cannot be evaluated.
    fn expression(&self, variable: &str, item: &Value, expression: &str) -> Result<Value, FilterError>;

    /// The text of `value` as Markdown; what is known of where the value came from goes along.
    fn markdown(&self, _value: &Value, text: &str) -> String {
        self.host().markdown(text, Places::new(&Origins::default(), &[], &[]), &Islands::default())
    }

    /// Takes so many steps off the page's budget, for what a filter does with one item. A step is about the comparison of
    /// two short texts.
    ///
    /// # Errors
    /// When the budget is used up; the filter has no result then, and the page's rendering ends.
    fn work(&self, _steps: u64) -> Result<(), FilterError> {
        Ok(())
    }

    /// What is known of lists; `None` when every list is gone through each time.
    fn indexes(&self) -> Option<&Indexes> {
        None
    }

    /// Room for what is found out about a list and the property at `path` beyond this text; `None` for lists of this text alone.
    fn lasting_index(&self, _list: &Arc<Vec<Value>>, _path: &str) -> Option<Arc<LastingIndex>> {
        None
    }

    /// Whose filters these are.
    fn dialect(&self) -> Dialect {
        Dialect::Jekyll
    }
}

pub use index::{Indexes, LastingIndex};

type Row = (&'static str, Filter);

/// The families, each in its own file.
const FAMILIES: &[&[Row]] = &[
    array::FILTERS,
    base64::FILTERS,
    date::FILTERS,
    html::FILTERS,
    json::FILTERS,
    markup::FILTERS,
    math::FILTERS,
    order::FILTERS,
    pick::FILTERS,
    slug::FILTERS,
    smart::FILTERS,
    string::FILTERS,
    url::FILTERS,
];

type Outcome = Result<Value, FilterError>;

/// The filter of this name.
pub fn find(name: &str) -> Option<Filter> {
    FAMILIES.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, filter)| *filter)
}

/// The names of all filters, family by family.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().copied().flatten().map(|(name, _)| *name)
}

impl<'a> Call<'a> {
    /// Checks the number of arguments, the input counted as Ruby counts it.
    ///
    /// # Errors
    /// `wrong number of arguments (given 4, expected 1..2)`.
    pub fn arity(&self, min: usize, max: usize) -> Result<(), FilterError> {
        let given = 1 + self.args.len() + usize::from(!self.named.is_empty());
        if (min..=max).contains(&given) {
            return Ok(());
        }
        let expected = if min == max { min.to_string() } else { format!("{min}..{max}") };
        Err(FilterError::new(format!("wrong number of arguments (given {given}, expected {expected})")))
    }

    /// The argument at this place, nil when it was left out.
    pub fn arg(&self, at: usize) -> &'a Value {
        self.args.get(at).unwrap_or(&Value::Nil)
    }

    /// The input as text (Ruby's `to_s`).
    fn text(&self) -> Cow<'a, str> {
        self.counted(self.input)
    }

    /// `value` as text; what had to be made for it is taken off the budget.
    fn counted(&self, value: &'a Value) -> Cow<'a, str> {
        let (text, whole) = convert::whole_s(value);
        if let Cow::Owned(text) = &text {
            // The filter itself goes on; rendering does not, nor is a part of a text taken for the whole.
            let _ = self.env.work(if whole { text.len() as u64 / 4 } else { u64::MAX });
        }
        text
    }

    /// The argument at this place as text (Ruby's `to_s`).
    fn arg_text(&self, at: usize) -> Cow<'a, str> {
        self.counted(self.arg(at))
    }

    /// The argument at this place as a whole number.
    fn arg_integer(&self, at: usize) -> Result<i128, FilterError> {
        convert::to_integer(self.arg(at)).ok_or_else(|| FilterError::new("invalid integer"))
    }

    /// The input as the array that filters for arrays work on: arrays flattened, a range's numbers, an object's items;
    /// nil as no item, everything else as the only one.
    fn items(&self) -> Result<Vec<Value>, FilterError> {
        flatten(self.input)
    }
}

fn flatten(value: &Value) -> Result<Vec<Value>, FilterError> {
    match convert::resolve(value) {
        Value::Nil => Ok(Vec::new()),
        Value::Range(first, last) => {
            let len = i128::from(last) - i128::from(first) + 1;
            check_len(usize::try_from(len.max(0)).unwrap_or(usize::MAX))?;
            Ok((first..=last).map(Value::from).collect())
        }
        Value::Array(items) if !items.iter().any(|item| matches!(item, Value::Array(_))) => Ok(items.to_vec()),
        Value::Array(items) => {
            let mut flat = Vec::new();
            // The arrays being walked, and how far; empty arrays count too, since shared ones could be countless.
            let mut open = vec![(items, 0)];
            let mut steps = 0;
            while let Some((items, at)) = open.last_mut() {
                steps += 1;
                check_len(steps / 2)?;
                *at += 1;
                match items.get(*at - 1) {
                    None => _ = open.pop(),
                    Some(Value::Array(inner)) => {
                        let inner = inner.clone();
                        open.push((inner, 0));
                    }
                    Some(item) => flat.push(item.clone()),
                }
            }
            Ok(flat)
        }
        other => Ok(vec![other]),
    }
}

fn check_len(len: usize) -> Result<(), FilterError> {
    if len > convert::RANGE_LIMIT {
        return Err(FilterError::new(format!("array of more than {} items", convert::RANGE_LIMIT)));
    }
    Ok(())
}

/// Takes the reading of a text off the page's budget, and says how much that is.
fn read(call: &Call<'_>, text: &str) -> Result<u64, FilterError> {
    let steps = 1 + text.len() as u64 / 64;
    call.env.work(steps).map(|()| steps)
}

/// Refuses a text of this length when it is too long.
fn check_text(len: usize) -> Result<(), FilterError> {
    if len > TEXT_LIMIT {
        return Err(FilterError::new(format!("text of more than {TEXT_LIMIT} bytes")));
    }
    Ok(())
}

/// Refuses what nests so deeply that walking it could exhaust the stack; arrays that hold themselves over and over
/// would come to that.
fn check_nesting(value: &Value) -> Result<(), FilterError> {
    const DEPTH: usize = 64;
    let mut seen = rustc_hash::FxHashMap::default();
    let mut todo = vec![(value, 0)];
    while let Some((value, depth)) = todo.pop() {
        let address = match value {
            Value::Array(items) => Arc::as_ptr(items).addr(),
            Value::Map(map) => Arc::as_ptr(map).addr(),
            _ => continue,
        };
        if depth > DEPTH {
            return Err(FilterError::new("arrays nested too deeply"));
        }
        if seen.insert(address, depth).is_some_and(|before| before >= depth) {
            continue;
        }
        match value {
            Value::Array(items) => todo.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Map(map) => todo.extend(map.values().map(|item| (item, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

/// Why a value has no property of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoProperty {
    /// It has properties, but not by such a key: Ruby's `TypeError`.
    Key,
    /// It has none at all: Ruby's `NoMethodError`.
    None,
}

/// Ruby's `item[property]`, as Liquid's own array filters read it: no dotted paths.
fn property(item: &Value, key: &Value) -> Result<Value, NoProperty> {
    let whole = match key {
        // A place given as a float is cut off to a whole number.
        Value::Float(at) if !matches!(item, Value::Map(_) | Value::Object(_)) => Value::Int(*at as i128),
        _ => Value::Nil,
    };
    let key = if whole.is_nil() { key } else { &whole };
    match (convert::resolve(item), key) {
        (Value::Map(map), Value::Str(key)) => Ok(map.get(key).cloned().unwrap_or_default()),
        (Value::Map(_), _) => Ok(Value::Nil),
        (Value::Object(object), key) => Ok(object.get(&convert::text(key)).unwrap_or_default()),
        (Value::Str(text), Value::Str(part)) => {
            Ok(if text.contains(&**part) { Value::Str(part.clone()) } else { Value::Nil })
        }
        (Value::Str(text), Value::Int(at)) => Ok(char_at(&text, *at)),
        (Value::Int(number), Value::Int(bit)) => {
            let bit = u32::try_from(*bit).ok().map(|bit| number >> bit.min(127) & 1);
            Ok(Value::Int(bit.unwrap_or(0)))
        }
        (Value::Array(items), Value::Int(at)) => {
            let at = if *at < 0 { *at + items.len() as i128 } else { *at };
            Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or_default())
        }
        (Value::Str(_) | Value::Int(_) | Value::Array(_), _) => Err(NoProperty::Key),
        _ => Err(NoProperty::None),
    }
}

fn char_at(text: &str, at: i128) -> Value {
    let found = match usize::try_from(at) {
        Ok(at) => text.chars().nth(at),
        Err(_) => usize::try_from(-(at + 1)).ok().and_then(|at| text.chars().nth_back(at)),
    };
    found.map_or(Value::Nil, |c| Value::str(c.to_string()))
}

fn no_property(key: &Value) -> FilterError {
    FilterError::new(format!("cannot select the property '{}'", convert::to_s(key)))
}
