//! How values turn into text, numbers and truth, as Ruby's Liquid 5.4 does it.
//!
//! - `text`: what `{{ }}` prints, and Ruby's `inspect`.
//! - `number`: what arithmetic makes of a value.
//! - here: equality, order, membership, iteration.
//!
//! Objects stand for what they say they are: their scalar, else their items, else a hash of their fields. Nothing here
//! knows templates, filters or tags.

mod number;
mod text;

use std::cmp::Ordering;
use std::sync::Arc;

use super::value::{Object, Value};
use super::version::Version;

pub use number::{Decimal, Number, leading_integer, to_integer, to_number};
pub use text::{inspect, text, to_s, whole_s, write_counted, write_float, write_inspect, write_text};

/// How many items a range yields at most where all of them are needed at once.
pub const RANGE_LIMIT: usize = 1_000_000;

/// How deeply arrays may nest before they compare as unequal.
const DEPTH_LIMIT: usize = 128;

/// `value`, or what an object stands for: its scalar, else an array of its items. Other objects stay.
pub fn resolve(value: &Value) -> Value {
    let mut value = value.clone();
    for _ in 0..DEPTH_LIMIT {
        let Value::Object(object) = &value else { return value };
        let Some(next) = object.scalar().or_else(|| object.items().map(Value::Array)) else { return value };
        value = next;
    }
    value
}

/// Whether `a == b` holds in a condition. `empty` equals texts, arrays and hashes without content and nothing else;
/// `blank` equals nothing, because Ruby's Liquid knows it only together with Rails.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Empty | Value::Blank, Value::Empty | Value::Blank) => false,
        (Value::Empty, other) | (other, Value::Empty) => is_empty(other),
        (Value::Blank, _) | (_, Value::Blank) => false,
        _ => same(a, b),
    }
}

/// Whether it is a text, array or hash without content: Ruby's `empty?`.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Empty | Value::Blank => true,
        Value::Object(object) => match object.scalar() {
            Some(scalar) => is_empty(&scalar),
            None => object.items().is_some_and(|items| items.is_empty()),
        },
        _ => false,
    }
}

/// Ruby's `==`: whole and floating numbers of one size are equal, other kinds never equal another.
pub fn same(a: &Value, b: &Value) -> bool {
    same_at(a, b, &mut SameLimits { depth: 0, nodes: 0 })
}

struct SameLimits {
    depth: usize,
    nodes: usize,
}

fn same_at(a: &Value, b: &Value, limits: &mut SameLimits) -> bool {
    limits.nodes += 1;
    // Shared parts could make the walk exponential.
    if limits.depth > DEPTH_LIMIT || limits.nodes > RANGE_LIMIT {
        return false;
    }
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => compare(a, b) == Some(Ordering::Equal),
        (Value::Str(_) | Value::Empty | Value::Blank, Value::Str(_) | Value::Empty | Value::Blank) => {
            text(a) == text(b)
        }
        (Value::Array(a), Value::Array(b)) => {
            limits.depth += 1;
            let same =
                Arc::ptr_eq(a, b) || a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_at(a, b, limits));
            limits.depth -= 1;
            same
        }
        (Value::Map(a), Value::Map(b)) => {
            limits.depth += 1;
            let field = |(key, a): (&Arc<str>, &Value)| b.get(key).is_some_and(|b| same_at(a, b, limits));
            let same = Arc::ptr_eq(a, b) || a.len() == b.len() && a.iter().all(field);
            limits.depth -= 1;
            same
        }
        (Value::Range(a, b), Value::Range(c, d)) => (a, b) == (c, d),
        (Value::Time(a), Value::Time(b)) => a.timestamp() == b.timestamp(),
        (Value::Object(x), Value::Object(y)) if Arc::ptr_eq(x, y) => true,
        (Value::Object(_), _) | (_, Value::Object(_)) => same_objects(a, b, limits),
        _ => false,
    }
}

fn same_objects(a: &Value, b: &Value, limits: &mut SameLimits) -> bool {
    match (a.written(), b.written(), a, b) {
        (Some(written), _, _, Value::Str(text)) | (_, Some(written), Value::Str(text), _) => return written == text,
        _ => {}
    }
    let (a, b) = (resolve(a), resolve(b));
    // An object that stands for nothing else equals itself only.
    if matches!(a, Value::Object(_)) || matches!(b, Value::Object(_)) {
        return false;
    }
    limits.depth += 1;
    let same = same_at(&a, &b, limits);
    limits.depth -= 1;
    same
}

/// The order of two numbers, two texts (by bytes), two times, or a number that is printed as written and a text (as
/// versions); `None` for everything else.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => compare_int_float(*a, *b),
        (Value::Float(a), Value::Int(b)) => compare_int_float(*b, *a).map(Ordering::reverse),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.timestamp().cmp(&b.timestamp())),
        (Value::Object(object), _) => match (object.written(), b) {
            (Some(written), Value::Str(text)) => Some(Version::parse(written).cmp(&Version::parse(text))),
            _ => compare(&object.scalar()?, b),
        },
        (Value::Str(_), Value::Object(_)) => compare(b, a).map(Ordering::reverse),
        (_, Value::Object(object)) => compare(a, &object.scalar()?),
        _ => None,
    }
}

fn compare_int_float(int: i128, float: f64) -> Option<Ordering> {
    // Beyond this a float is larger than any whole number we hold.
    const LIMIT: f64 = 1.0e38;
    if float.is_nan() || float.abs() >= LIMIT {
        return (int as f64).partial_cmp(&float);
    }
    let whole = float.trunc();
    Some(int.cmp(&(whole as i128)).then_with(|| 0.0.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal)))
}

/// What Ruby says of `a < b` when the two have no order: an error when both are numbers, texts or times, else `None`
/// (the condition is just false).
pub fn comparison_error(a: &Value, b: &Value) -> Option<String> {
    let (a, b) = (resolve(a), resolve(b));
    let ordered = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Time(_));
    if !ordered(&a) || !ordered(&b) || compare(&a, &b).is_some() {
        return None;
    }
    let right = match &b {
        Value::Int(_) | Value::Float(_) => inspect(&b),
        _ => type_name(&b).to_owned(),
    };
    Some(format!("comparison of {} with {right} failed", type_name(&a)))
}

/// The name of the value's class in Ruby.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Nil => "NilClass",
        Value::Bool(true) => "TrueClass",
        Value::Bool(false) => "FalseClass",
        Value::Int(_) => "Integer",
        Value::Float(_) => "Float",
        Value::Str(_) | Value::Empty | Value::Blank => "String",
        Value::Array(_) => "Array",
        Value::Map(_) => "Hash",
        Value::Range(..) => "Range",
        Value::Time(_) => "Time",
        Value::Object(_) => "Drop",
    }
}

/// Whether `a contains b`: a text within a text (`b` as text), an item of an array, a key of a hash, a number of a range.
pub fn contains(a: &Value, b: &Value) -> bool {
    if !b.truthy() {
        return false;
    }
    match a {
        Value::Str(haystack) => memchr::memmem::find(haystack.as_bytes(), to_s(b).as_bytes()).is_some(),
        Value::Array(items) => items.iter().any(|item| same(item, b)),
        Value::Map(map) => matches!(resolve(b), Value::Str(key) if map.contains_key(&key)),
        Value::Range(first, last) => {
            compare(&Value::from(*first), b).is_some_and(Ordering::is_le)
                && compare(b, &Value::from(*last)).is_some_and(Ordering::is_le)
        }
        Value::Object(object) => object_contains(object.as_ref(), b),
        _ => false,
    }
}

fn object_contains(object: &dyn Object, b: &Value) -> bool {
    if let Some(scalar) = object.scalar() {
        // A scalar that is an object again could go round in circles.
        return !matches!(scalar, Value::Object(_)) && contains(&scalar, b);
    }
    match object.items() {
        Some(items) => items.iter().any(|item| same(item, b)),
        None => matches!(resolve(b), Value::Str(key) if object.get(&key).is_some()),
    }
}

/// What `for` iterates over: an array's items, a hash's `[key, value]` pairs, a range's numbers (at most
/// [`RANGE_LIMIT`]), a text that is not empty as its only item; nothing for all else.
pub fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.to_vec(),
        Value::Map(map) => map.iter().map(|(key, value)| pair(key, value.clone())).collect(),
        Value::Range(first, last) => (*first..=*last).take(RANGE_LIMIT).map(Value::from).collect(),
        Value::Str(text) if !text.is_empty() => vec![value.clone()],
        Value::Object(object) => match (object.items(), object.scalar()) {
            (Some(items), _) => items.to_vec(),
            (None, Some(Value::Object(_))) => Vec::new(),
            (None, Some(scalar)) => items(&scalar),
            (None, None) => {
                if let Some(names) = object.names() {
                    return names.into_iter().map(Value::Str).collect();
                }
                let field = |key: Arc<str>| object.get(&key).map(|value| pair(&key, value));
                object.keys().into_iter().filter_map(field).collect()
            }
        },
        _ => Vec::new(),
    }
}

fn pair(key: &Arc<str>, value: Value) -> Value {
    Value::array(vec![Value::Str(key.clone()), value])
}

/// Ruby's `size`: characters of a text, items of an array, hash or range; 8 for a whole number; `None` for what has none.
pub fn size(value: &Value) -> Option<i128> {
    let count = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
    match value {
        Value::Str(text) => Some(count(count_chars(text))),
        Value::Empty | Value::Blank => Some(0),
        Value::Array(items) => Some(count(items.len())),
        Value::Map(map) => Some(count(map.len())),
        Value::Range(first, last) => Some((i128::from(*last) - i128::from(*first) + 1).max(0)),
        Value::Int(_) => Some(8),
        Value::Object(object) => match (object.items(), object.scalar()) {
            (Some(items), _) => Some(count(items.len())),
            (None, Some(Value::Object(_))) => None,
            (None, Some(scalar)) => size(&scalar),
            (None, None) if object.names().is_some() => None,
            (None, None) => object.get("size").is_none().then(|| count(object.keys().len())),
        },
        _ => None,
    }
}

/// The number of characters of `text`.
fn count_chars(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// The first item of an array or range, the first `[key, value]` of a hash; nil for all else.
pub fn first(value: &Value) -> Value {
    match resolve(value) {
        Value::Array(items) => items.first().cloned().unwrap_or_default(),
        Value::Map(map) => map.first().map(|(key, value)| pair(key, value.clone())).unwrap_or_default(),
        // What has neither scalar nor items is a hash whose fields are computed on demand.
        Value::Object(object) => {
            if let Some(names) = object.names() {
                return names.into_iter().next().map_or(Value::Nil, Value::Str);
            }
            let key = object.keys().into_iter().next();
            key.and_then(|key| Some(pair(&key, object.get(&key)?))).unwrap_or_default()
        }
        Value::Range(first, last) if first <= last => first.into(),
        _ => Value::Nil,
    }
}

/// The last item of an array or range; nil for all else, hashes included.
pub fn last(value: &Value) -> Value {
    match resolve(value) {
        Value::Array(items) => items.last().cloned().unwrap_or_default(),
        Value::Range(first, last) if first <= last => last.into(),
        _ => Value::Nil,
    }
}

#[cfg(test)]
mod tests;
