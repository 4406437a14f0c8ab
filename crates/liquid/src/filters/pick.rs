//! Filters that pick items by a property or an expression: `where`, `find`, `reject`, `has`, `group_by` and their kin.

use std::borrow::Cow;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::convert::{self, leading_integer, same};
use crate::value::Value;

use super::{
    Call, Dialect, FilterError, NoProperty, Outcome, Row, check_nesting, check_text, no_property, property, read,
};

pub(super) const FILTERS: &[Row] = &[
    ("find", find),
    ("find_exp", find_exp),
    ("find_index", |call| first_match(call, |at, _| Value::Int(at as i128)).map(|found| found.unwrap_or_default())),
    ("group_by", group_by),
    ("group_by_exp", group_by_exp),
    ("has", |call| match first_match(call, |_, _| Value::Bool(true)) {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Ok(Value::Bool(false)),
        Err(error) => Err(error),
    }),
    ("reject", |call| select(call, false)),
    ("where", where_),
    ("where_exp", where_exp),
];

/// Whether Liquid's own filters pick an item: its property is true, or equals the value asked for.
fn matches(call: &Call<'_>, item: &Value) -> Result<bool, NoProperty> {
    let found = property(item, call.arg(0))?;
    // What this costs is taken off before the next item.
    let _ = call.env.work(1 + extent(&found) / 64);
    Ok(match call.arg(1) {
        Value::Nil => found.truthy(),
        wanted => same(&found, wanted),
    })
}

/// A text's bytes or an array's items.
fn extent(value: &Value) -> u64 {
    match value {
        Value::Str(text) => text.len() as u64,
        Value::Array(items) => 64 * items.len() as u64,
        Value::Map(map) => 64 * map.len() as u64,
        _ => 0,
    }
}

/// The items that match, or those that do not; nil when an item has no properties at all.
fn select(call: &Call<'_>, wanted: bool) -> Outcome {
    call.arity(2, 3)?;
    let mut kept = Vec::new();
    for item in call.items()? {
        call.env.work(1)?;
        match matches(call, &item) {
            Ok(found) if found == wanted => kept.push(item),
            Ok(_) => {}
            Err(NoProperty::None) => return Ok(Value::Nil),
            // `reject` is younger than `where` and lets a property that is nil pass.
            Err(NoProperty::Key) if !wanted && call.arg(0).is_nil() => return Ok(Value::Nil),
            Err(NoProperty::Key) => return Err(no_property(call.arg(0))),
        }
    }
    Ok(Value::array(kept))
}

/// What `give` makes of the first item that matches; `Some(nil)` when an item before it has no properties at all.
fn first_match(call: &Call<'_>, give: fn(usize, Value) -> Value) -> Result<Option<Value>, FilterError> {
    call.arity(2, 3)?;
    for (at, item) in call.items()?.into_iter().enumerate() {
        call.env.work(1)?;
        match matches(call, &item) {
            Ok(true) => return Ok(Some(give(at, item))),
            Ok(false) => {}
            Err(NoProperty::None) => return Ok(Some(Value::Nil)),
            Err(NoProperty::Key) => return Err(no_property(call.arg(0))),
        }
    }
    Ok(None)
}

/// The items that Jekyll's filters go through: those of arrays and ranges, a hash's values; `None` for all else.
fn candidates(call: &Call<'_>) -> Result<Option<Vec<Value>>, FilterError> {
    Ok(match convert::resolve(call.input) {
        Value::Array(items) => Some(items.to_vec()),
        Value::Map(map) => Some(map.values().cloned().collect()),
        Value::Object(object) => Some(object.keys().iter().filter_map(|key| object.get(key)).collect()),
        Value::Range(..) => Some(call.items()?),
        _ => None,
    })
}

/// Jekyll's way to a property: dotted paths are followed, and texts that are numbers become numbers. Items that can
/// have no properties are an error, as they are there; but a path with a dot gives `false` where it leads through one.
pub(super) struct Property<'p> {
    path: Cow<'p, str>,
    keys: Vec<Value>,
}

impl<'p> Property<'p> {
    pub(super) fn new(path: &'p Value) -> Self {
        let path = convert::text(path);
        let keys = path.split('.').map(Value::from).collect();
        Self { path, keys }
    }

    /// The way, as it is written.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What the item has there.
    pub(super) fn of(&self, item: &Value) -> Outcome {
        let mut value = None;
        for (at, key) in self.keys.iter().enumerate() {
            let from = value.as_ref().unwrap_or(item);
            value = Some(match property(from, key) {
                Ok(value) => value,
                Err(NoProperty::None) if self.keys.len() > 1 => Value::Bool(false),
                Err(NoProperty::Key) if at > 0 => Value::Nil,
                Err(_) => {
                    let (path, kind) = (&self.path, convert::type_name(from));
                    let message = format!("cannot select the property '{path}' of a value of type {kind}");
                    return Err(FilterError::new(message));
                }
            });
        }
        Ok(numeric(value.unwrap_or_default()))
    }
}

/// A text that is a number as that number.
fn numeric(value: Value) -> Value {
    let Value::Str(text) = &value else { return value };
    let text = text.trim_matches(super::string::is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return value;
    }
    match digits.split_once('.') {
        None if all_digits(digits) => leading_integer(text).value(),
        Some((whole, fraction)) if all_digits(whole) && all_digits(fraction) && digits.len() > 1 => {
            text.parse().map_or(value, Value::Float)
        }
        _ => value,
    }
}

/// Whether Jekyll's filters pick an item by its property: as text, or as one of the property's items.
fn jekyll_matches(call: &Call<'_>, found: &Value) -> Result<bool, FilterError> {
    let wanted = call.arg(1);
    let resolved = convert::resolve(found);
    Ok(match (&resolved, wanted) {
        (_, Value::Nil) => resolved.is_nil(),
        (Value::Nil, Value::Empty | Value::Blank) => true,
        (Value::Array(items), Value::Empty | Value::Blank) => items.iter().all(|item| convert::text(item).is_empty()),
        _ => {
            let wanted = convert::to_s(wanted);
            texts(found, &mut |text| {
                read(call, text)?;
                Ok(text == wanted)
            })?
        }
    })
}

/// The texts by which Jekyll's filters pick an item with this property, until `take` has found one: those of the items of an array, else its own.
pub(super) fn texts(
    found: &Value,
    take: &mut dyn FnMut(&str) -> Result<bool, FilterError>,
) -> Result<bool, FilterError> {
    let resolved = if found.written().is_some() { found.clone() } else { convert::resolve(found) };
    match &resolved {
        Value::Nil => Ok(false),
        Value::Array(items) => {
            for item in items.iter() {
                if take(&convert::to_s(item))? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        one => take(&convert::to_s(one)),
    }
}

/// Jekyll's reading of a call with property and value; `None` where Jekyll hands the input through.
fn jekyll_query(call: &Call<'_>) -> Result<Option<Vec<Value>>, FilterError> {
    if is_pointless(call) { Ok(None) } else { candidates(call) }
}

fn is_pointless(call: &Call<'_>) -> bool {
    !call.arg(0).truthy() || matches!(call.arg(1), Value::Array(_) | Value::Map(_))
}

/// With one argument, or in Liquid's dialect, Liquid's own `where`; else Jekyll's.
fn where_(call: &Call<'_>) -> Outcome {
    if call.env.dialect() == Dialect::Liquid || call.args.len() < 2 {
        return select(call, true);
    }
    call.arity(3, 3)?;
    let property = Property::new(call.arg(0));
    if let (Value::Array(list), Some(indexes)) = (call.input, call.env.indexes())
        && !is_pointless(call)
        && !matches!(call.arg(1), Value::Nil | Value::Empty | Value::Blank)
        && let Some(items) = indexes.find(call, list, &property, &convert::to_s(call.arg(1)))?
    {
        return Ok(Value::array(items));
    }
    let Some(items) = jekyll_query(call)? else { return Ok(call.input.clone()) };
    let mut kept = Vec::new();
    for item in items {
        if jekyll_matches(call, &property.of(&item)?)? {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

fn find(call: &Call<'_>) -> Outcome {
    if call.env.dialect() == Dialect::Liquid || call.args.len() < 2 {
        return first_match(call, |_, item| item).map(Option::unwrap_or_default);
    }
    call.arity(3, 3)?;
    let Some(items) = jekyll_query(call)? else { return Ok(call.input.clone()) };
    let property = Property::new(call.arg(0));
    for item in items {
        if jekyll_matches(call, &property.of(&item)?)? {
            return Ok(item);
        }
    }
    Ok(Value::Nil)
}

fn where_exp(call: &Call<'_>) -> Outcome {
    call.arity(3, 3)?;
    let Some(items) = candidates(call)? else { return Ok(call.input.clone()) };
    let (variable, condition) = (call.arg_text(0), call.arg_text(1));
    let mut kept = Vec::new();
    call.env.conditions(&variable, &items, &condition, &mut |at, holds| {
        kept.extend(items.get(at).filter(|_| holds).cloned());
        false
    })?;
    Ok(Value::array(kept))
}

fn find_exp(call: &Call<'_>) -> Outcome {
    call.arity(3, 3)?;
    let Some(items) = candidates(call)? else { return Ok(call.input.clone()) };
    let (variable, condition) = (call.arg_text(0), call.arg_text(1));
    let mut first = None;
    call.env.conditions(&variable, &items, &condition, &mut |at, holds| {
        first = items.get(at).filter(|_| holds).cloned();
        holds
    })?;
    Ok(first.unwrap_or_default())
}

fn group_by(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    let Some(items) = candidates(call)? else { return Ok(call.input.clone()) };
    let property = Property::new(call.arg(0));
    let name = |item: &Value| Ok(convert::to_s(&property.of(item)?).into_owned().into());
    grouped(call, items, name)
}

fn group_by_exp(call: &Call<'_>) -> Outcome {
    call.arity(3, 3)?;
    let items = match convert::resolve(call.input) {
        // Here, unlike with its other filters, Jekyll goes through a hash's pairs.
        Value::Map(_) | Value::Object(_) => convert::items(call.input),
        _ => match candidates(call)? {
            Some(items) => items,
            None => return Ok(call.input.clone()),
        },
    };
    let (variable, expression) = (call.arg_text(0), call.arg_text(1));
    grouped(call, items, |item| call.env.expression(&variable, item, &expression))
}

/// The items in groups of one name, in the order in which the names first come up.
fn grouped(call: &Call<'_>, items: Vec<Value>, name: impl Fn(&Value) -> Outcome) -> Outcome {
    check_nesting(call.input)?;
    let mut groups: IndexMap<String, (Value, Vec<Value>), FxBuildHasher> = IndexMap::default();
    let mut bytes = 0;
    for item in items {
        let name = name(&item)?;
        check_nesting(&name)?;
        let text = convert::inspect(&name);
        read(call, &text)?;
        bytes += text.len();
        check_text(bytes)?;
        let (_, group) = groups.entry(text).or_insert_with(|| (name, Vec::new()));
        group.push(item);
    }
    let group = |(name, items): (Value, Vec<Value>)| {
        let size = Value::Int(items.len() as i128);
        Value::map([("name", name), ("items", Value::array(items)), ("size", size)])
    };
    Ok(Value::array(groups.into_values().map(group).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::table;
    use super::*;

    const ROWS: &str =
        r#"[{"k": "1", "t": ["x", "y"]}, {"k": 1, "n": {"m": "q"}}, {"k": null}, {"t": "x"}, {"k": ""}]"#;

    #[test]
    fn liquid_picks_by_truth_or_equality() {
        table(
            Dialect::Liquid,
            &[
                ("where", ROWS, "\"k\", 1", r#"[{"k":1,"n":{"m":"q"}}]"#),
                ("where", r#"[{"b": false}, {"b": 0}]"#, "\"b\"", r#"[{"b":0}]"#),
                ("where", r#"[{"b": false}, {"b": 0}]"#, "\"b\", false", r#"[{"b":false}]"#),
                ("where", "[1.5]", "\"k\"", "null"),
                ("where", "[1]", "\"k\"", "error: cannot select the property 'k'"),
                ("reject", r#"[{"b": 1}, {"b": null}, {}]"#, "\"b\"", r#"[{"b":null},{}]"#),
                ("reject", r#"["cat", "dog"]"#, "\"o\"", r#"["cat"]"#),
                ("reject", r#"["cat", "dog"]"#, "null", "null"),
                ("find", r#"["cat", "dog"]"#, "\"o\"", r#""dog""#),
                ("find_index", r#"["cat", "dog"]"#, "\"o\"", "1"),
                ("find_index", r#"["cat", null, "dog"]"#, "\"o\"", "null"),
                ("has", r#"[{"z": 1}]"#, "\"z\", \"1\"", "false"),
                ("has", "[1, 2, 3]", "2", "true"),
            ],
        );
    }

    #[test]
    fn jekyll_picks_by_text_path_and_membership() {
        table(
            Dialect::Jekyll,
            &[
                ("where", ROWS, "\"k\", 1", r#"[{"k":"1","t":["x","y"]},{"k":1,"n":{"m":"q"}}]"#),
                ("where", ROWS, "\"k\", null", r#"[{"k":null},{"t":"x"}]"#),
                ("where", ROWS, "\"t\", \"x\"", r#"[{"k":"1","t":["x","y"]},{"t":"x"}]"#),
                ("where", ROWS, "\"n.m\", \"q\"", r#"[{"k":1,"n":{"m":"q"}}]"#),
                ("where", r#"[{"n": {}}, {"n": null}, {}]"#, "\"n.m\", null", r#"[{"n":{}}]"#),
                ("where", r#"[{"n": {}}, {}]"#, "\"n.m\", \"false\"", "[{}]"),
                ("where", ROWS, "\"k\", [1]", &ROWS.replace(": ", ":").replace(", ", ",")),
                ("where", r#"{"a": {"k": 1}, "b": {"k": 2}}"#, "\"k\", 2", r#"[{"k":2}]"#),
                ("where", "\"s\"", "\"k\", 1", "\"s\""),
                ("find", ROWS, "\"k\", \"1\"", r#"{"k":"1","t":["x","y"]}"#),
                ("find", ROWS, "\"k\", 77", "null"),
                ("where_exp", ROWS, "\"i\", \"k == 1\"", "error: no such field"),
                ("where_exp", r#"[{"k": 1}, {"k": 2}]"#, "\"i\", \"k == 2\"", r#"[{"k":2}]"#),
                ("find_exp", r#"[{"k": 1}, {"k": 2}]"#, "\"i\", \"k\"", r#"{"k":1}"#),
            ],
        );
    }

    #[test]
    fn groups_keep_the_order_of_first_appearance() {
        let input = r#"[{"k": "1", "n": {"m": ["x"]}}, {"k": 1}, {"k": null}, {}]"#;
        table(
            Dialect::Jekyll,
            &[
                (
                    "group_by",
                    input,
                    "\"k\"",
                    concat!(
                        r#"[{"name":"1","items":[{"k":"1","n":{"m":["x"]}},{"k":1}],"size":2},"#,
                        r#"{"name":"","items":[{"k":null},{}],"size":2}]"#
                    ),
                ),
                ("group_by", "null", "\"k\"", "null"),
                (
                    "group_by",
                    r#"[{"n": {"m": 1}}, {}, {"n": {}}]"#,
                    "\"n.m\"",
                    concat!(
                        r#"[{"name":"1","items":[{"n":{"m":1}}],"size":1},{"name":"false","items":[{}],"size":1},"#,
                        r#"{"name":"","items":[{"n":{}}],"size":1}]"#
                    ),
                ),
                ("group_by", r#"[{"k": ["a"]}]"#, "\"k\"", r#"[{"name":"[\"a\"]","items":[{"k":["a"]}],"size":1}]"#),
                ("group_by_exp", r#"[{"k": 2}]"#, "\"i\", \"k\"", r#"[{"name":2,"items":[{"k":2}],"size":1}]"#),
            ],
        );
    }

    #[test]
    fn texts_that_are_numbers_compare_as_numbers() {
        for (text, expected) in [("10", "10"), (" -3 ", "-3"), ("1.50", "1.5"), (".5", "0.5"), ("5.", "5.0")] {
            assert_eq!(convert::text(&numeric(text.into())), expected);
        }
        for text in ["1.2.3", "x", "-", ".", "", "1e5", "--1"] {
            assert_eq!(convert::text(&numeric(text.into())), text);
        }
    }
}
