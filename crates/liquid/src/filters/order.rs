//! Filters that sort. Sorting is stable.

use std::cmp::Ordering;

use crate::convert::{self, compare, inspect, type_name};
use crate::value::Value;

use super::{Call, Dialect, FilterError, NoProperty, Outcome, Row, no_property, pick, property};

pub(super) const FILTERS: &[Row] = &[("sort", sort), ("sort_natural", sort_natural)];

/// Ruby's `<=>`: `None` where two values have no order. Arrays compare item by item.
fn spaceship(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                match (a, b) {
                    // One level is enough in practice, and keeps the stack flat.
                    (Value::Array(_), _) | (_, Value::Array(_)) => {
                        return convert::same(a, b).then_some(Ordering::Equal);
                    }
                    _ => {}
                }
                match spaceship(a, b)? {
                    Ordering::Equal => {}
                    order => return Some(order),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => compare(a, b).or_else(|| convert::same(a, b).then_some(Ordering::Equal)),
    }
}

/// As [`spaceship`]; the comparison is taken off the page's budget.
fn compared(call: &Call<'_>, a: &Value, b: &Value) -> Result<Option<Ordering>, FilterError> {
    let extent = |value: &Value| match value {
        Value::Str(text) => text.len() / 64,
        Value::Array(items) => items.len(),
        _ => 0,
    };
    call.env.work(1 + extent(a).min(extent(b)) as u64)?;
    Ok(spaceship(a, b))
}

/// Sorts by merging halves, as Ruby does on Linux. The standard library's sort may panic where `order` contradicts itself, and
/// orders of mixed values do; this one gives the order that Ruby gives then.
fn merge_sort<T: Clone>(
    items: Vec<T>,
    mut order: impl FnMut(&T, &T) -> Result<Ordering, FilterError>,
) -> Result<Vec<T>, FilterError> {
    let mut sorted = items;
    let mut merged = Vec::with_capacity(sorted.len());
    merge_halves(&mut sorted, &mut merged, &mut order)?;
    Ok(sorted)
}

/// Sorts each half, then merges them by way of `merged`. Halves are halved as often as a length has binary digits.
fn merge_halves<T: Clone>(
    items: &mut [T],
    merged: &mut Vec<T>,
    order: &mut impl FnMut(&T, &T) -> Result<Ordering, FilterError>,
) -> Result<(), FilterError> {
    if items.len() < 2 {
        return Ok(());
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    merge_halves(left, merged, order)?;
    merge_halves(right, merged, order)?;
    let (mut left, mut right): (&[T], &[T]) = (left, right);
    merged.clear();
    while let ([a, after_a @ ..], [b, after_b @ ..]) = (left, right) {
        if order(a, b)? == Ordering::Greater {
            merged.push(b.clone());
            right = after_b;
        } else {
            merged.push(a.clone());
            left = after_a;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    items.clone_from_slice(merged);
    Ok(())
}

/// Sorts `items` by their keys.
fn sort_by_key(
    items: Vec<Value>,
    keys: Vec<Value>,
    order: impl Fn(&Value, &Value) -> Result<Ordering, FilterError>,
) -> Outcome {
    let pairs: Vec<_> = keys.into_iter().zip(items).collect();
    let sorted = merge_sort(pairs, |(a, _), (b, _)| order(a, b))?;
    Ok(Value::array(sorted.into_iter().map(|(_, item)| item).collect()))
}

/// The keys that Liquid's own sorting filters compare; `None` where an item has no properties at all.
fn keys(items: &[Value], key: &Value) -> Result<Option<Vec<Value>>, FilterError> {
    let mut found = Vec::with_capacity(items.len());
    let mut wrong = false;
    for item in items {
        match property(item, key) {
            Ok(value) => found.push(value),
            Err(NoProperty::Key) => wrong = true,
            Err(NoProperty::None) => return Ok(None),
        }
    }
    if wrong && items.len() > 1 { Err(no_property(key)) } else { Ok(Some(found)) }
}

fn sort(call: &Call<'_>) -> Outcome {
    match call.env.dialect() {
        Dialect::Liquid => sort_liquid(call),
        Dialect::Jekyll => sort_jekyll(call),
    }
}

/// nil comes last; values without an order are an error.
fn sort_liquid(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let items = call.items()?;
    let order = |a: &Value, b: &Value| match compared(call, a, b)? {
        Some(order) => Ok(order),
        None if a.is_nil() => Ok(Ordering::Greater),
        None if b.is_nil() => Ok(Ordering::Less),
        None => Err(FilterError::new("cannot sort values of incompatible types")),
    };
    if call.arg(0).is_nil() || items.is_empty() {
        return merge_sort(items, order).map(Value::array);
    }
    let Some(keys) = keys(&items, call.arg(0))? else { return Ok(Value::Nil) };
    if keys.len() < items.len() {
        return Ok(Value::array(items));
    }
    sort_by_key(items, keys, order)
}

/// With a property: dotted paths, numbers in texts as numbers, nil first or, with the argument `last`, last.
fn sort_jekyll(call: &Call<'_>) -> Outcome {
    call.arity(1, 3)?;
    let items = match convert::resolve(call.input) {
        Value::Nil => return Err(FilterError::new("Cannot sort a null object.")),
        Value::Array(items) => items.to_vec(),
        Value::Map(_) | Value::Object(_) => convert::items(call.input),
        _ => call.items()?,
    };
    if call.arg(0).is_nil() {
        return merge_sort(items, |a, b| compared(call, a, b)?.ok_or_else(|| no_order(a, b))).map(Value::array);
    }
    let nil = match (call.args.len(), &*call.arg_text(1)) {
        (0 | 1, _) | (_, "first") => Ordering::Less,
        (_, "last") => Ordering::Greater,
        (_, other) => {
            let hint = "is not a valid nils order. It must be 'first' or 'last'.";
            return Err(FilterError::new(format!("Invalid nils order: '{other}' {hint}")));
        }
    };
    let property = pick::Property::new(call.arg(0));
    let keys = items.iter().map(|item| property.of(item)).collect::<Result<_, _>>()?;
    sort_by_key(items, keys, |a, b| {
        Ok(match (a.is_nil(), b.is_nil()) {
            (true, false) => nil,
            (false, true) => nil.reverse(),
            _ => match compared(call, a, b)? {
                Some(order) => order,
                None => {
                    let (a, b) = (convert::to_s(a), convert::to_s(b));
                    call.env.work(((a.len() + b.len()) / 16) as u64)?;
                    a.cmp(&b)
                }
            },
        })
    })
}

fn no_order(a: &Value, b: &Value) -> FilterError {
    let right = match b {
        Value::Int(_) | Value::Float(_) | Value::Nil | Value::Bool(_) => inspect(b),
        _ => type_name(b).to_owned(),
    };
    FilterError::new(format!("comparison of {} with {right} failed", type_name(a)))
}

/// By text, ASCII letters regardless of case; nil last.
fn sort_natural(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let items = call.items()?;
    let keys = match call.arg(0) {
        Value::Nil => items.clone(),
        _ if items.is_empty() => Vec::new(),
        key => match keys(&items, key)? {
            Some(keys) => keys,
            None => return Ok(Value::Nil),
        },
    };
    if keys.len() < items.len() {
        return Ok(Value::array(items));
    }
    let folded = |key: Value| match key {
        Value::Nil => Value::Nil,
        key => convert::to_s(&key).to_ascii_lowercase().into(),
    };
    sort_by_key(items, keys.into_iter().map(folded).collect(), |a, b| {
        call.env.work(1 + a.as_str().map_or(0, str::len).min(b.as_str().map_or(0, str::len)) as u64 / 64)?;
        // To Ruby nil lies behind everything, itself included.
        Ok(if a.is_nil() { Ordering::Greater } else { compare(a, b).unwrap_or(Ordering::Less) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{run_value, table};
    use super::*;

    #[test]
    fn liquid_sorts_nil_last_and_refuses_mixtures() {
        table(
            Dialect::Liquid,
            &[
                ("sort", "[3, null, 1.5, 2]", "", "[1.5,2,3,null]"),
                ("sort", r#"["b", "B", "a"]"#, "", r#"["B","a","b"]"#),
                ("sort", r#"[3, "1"]"#, "", "error: cannot sort values of incompatible types"),
                ("sort", r#"[{"k": 2}, {}, {"k": 1}]"#, "\"k\"", r#"[{"k":1},{"k":2},{}]"#),
                ("sort", "[1.5]", "\"k\"", "null"),
                ("sort", "[1, 2]", "\"k\"", "error: cannot select the property 'k'"),
                ("sort", "null", "", "[]"),
                ("sort_natural", r#"["b", "A", null, 10, 9, "a_", "aB"]"#, "", r#"[10,9,"A","a_","aB","b",null]"#),
                (
                    "sort_natural",
                    r#"[{"k": "b"}, {"k": null}, {"k": "A"}]"#,
                    "\"k\"",
                    r#"[{"k":"A"},{"k":"b"},{"k":null}]"#,
                ),
                ("sort_natural", "[1.5]", "\"k\"", "null"),
                ("sort_natural", r#"["b", "A"]"#, "\"k\"", r#"["A","b"]"#),
                ("sort_natural", r#"[{"p":3},{"p":1},{"p":2}]"#, "\"k\"", r#"[{"p":2},{"p":1},{"p":3}]"#),
            ],
        );
    }

    #[test]
    fn jekyll_sorts_numbers_in_texts_and_places_nil_as_told() {
        let rows = r#"[{"k": "10"}, {"k": 9}, {"k": null}, {"k": "b"}, {"j": 1}]"#;
        table(
            Dialect::Jekyll,
            &[
                ("sort", rows, "\"k\"", r#"[{"k":null},{"j":1},{"k":9},{"k":"10"},{"k":"b"}]"#),
                ("sort", rows, "\"k\", \"last\"", r#"[{"k":9},{"k":"10"},{"k":"b"},{"k":null},{"j":1}]"#),
                (
                    "sort",
                    rows,
                    "\"k\", \"x\"",
                    "error: Invalid nils order: 'x' is not a valid nils order. It must be 'first' or 'last'.",
                ),
                ("sort", r#"[{"k": {"j": 2}}, {"k": {"j": 1}}]"#, "\"k.j\"", r#"[{"k":{"j":1}},{"k":{"j":2}}]"#),
                ("sort", "null", "", "error: Cannot sort a null object."),
                ("sort", "[3, null]", "", "error: comparison of Integer with nil failed"),
                ("sort", r#"{"b": 1, "a": 2}"#, "", r#"[["a",2],["b",1]]"#),
                ("sort", "[[2, 1], [1, 3], [1, 2]]", "", "[[1,2],[1,3],[2,1]]"),
            ],
        );
    }

    /// A data folder: its fields are read on demand.
    #[derive(Debug)]
    struct Folder;

    impl crate::Object for Folder {
        fn get(&self, key: &str) -> Option<Value> {
            let number = ["b", "a"].iter().position(|name| *name == key)?;
            Some(Value::map([("x", Value::Int(number as i128 + 1))]))
        }
        fn keys(&self) -> Vec<std::sync::Arc<str>> {
            ["b", "a"].map(std::sync::Arc::from).to_vec()
        }
    }

    #[test]
    fn a_hash_read_on_demand_is_a_hash() {
        let input = Value::object(Folder);
        let run = |name, arguments| run_value(Dialect::Jekyll, name, &input, arguments);
        assert_eq!(run("sort", ""), r#"[["a",{"x":2}],["b",{"x":1}]]"#);
        assert_eq!(run("where", "\"x\", 1"), r#"[{"x":1}]"#);
        assert_eq!(run("where_exp", "\"i\", \"x == 2\""), r#"[{"x":2}]"#);
        assert_eq!(run("first", ""), r#"["b",{"x":1}]"#);
        assert_eq!(run("size", ""), "2");
    }

    #[test]
    fn equal_keys_keep_their_order_and_contradictions_do_not_panic() {
        let rows: Vec<_> = (0..100).map(|n| format!(r#"{{"k":{},"n":{n}}}"#, n % 3)).collect();
        let input = super::super::testing::json(&format!("[{}]", rows.join(",")));
        let mut expected = rows.clone();
        expected.sort_by_key(|row| row.as_bytes()[5]);
        assert_eq!(run_value(Dialect::Jekyll, "sort", &input, "\"k\""), format!("[{}]", expected.join(",")));
        let odd = (0..200).map(|n| Value::Float(if n % 3 == 0 { f64::NAN } else { -f64::from(n) })).collect();
        let sorted = merge_sort(odd, |a, b| Ok(spaceship(a, b).unwrap_or(Ordering::Less))).unwrap();
        assert_eq!(sorted.len(), 200);
    }
}
