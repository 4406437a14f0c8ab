//! Filters for whole arrays: joining, flattening, adding, removing, counting.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::convert::{self, Number, inspect};
use crate::value::Value;

use super::{
    Call, Dialect, FilterError, NoProperty, Outcome, Row, check_len, check_nesting, check_text, flatten, no_property,
    property, read,
};

pub(super) const FILTERS: &[Row] = &[
    ("array_to_sentence_string", sentence),
    ("compact", compact),
    ("concat", concat),
    ("first", |call| call.arity(1, 1).map(|()| convert::first(call.input))),
    ("join", join),
    ("last", |call| call.arity(1, 1).map(|()| convert::last(call.input))),
    ("map", map),
    ("pop", |call| shorten(call, |items, count| items.truncate(items.len() - count))),
    ("push", |call| lengthen(call, Vec::len)),
    ("reverse", reverse),
    ("sample", sample),
    ("shift", |call| shorten(call, |items, count| drop(items.drain(..count)))),
    ("size", size),
    ("sum", sum),
    ("uniq", uniq),
    ("unshift", |call| lengthen(call, |_| 0)),
];

/// The property of each item; `Ok(None)` where an item can have none, which makes the whole result nil, as in Ruby.
pub(super) fn properties(items: &[Value], key: &Value) -> Result<Option<Vec<Value>>, FilterError> {
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        match property(item, key) {
            Ok(value) => found.push(value),
            Err(NoProperty::None) => return Ok(None),
            Err(NoProperty::Key) => return Err(no_property(key)),
        }
    }
    Ok(Some(found))
}

fn size(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    Ok(Value::Int(convert::size(call.input).unwrap_or(0)))
}

fn compact(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let items = call.items()?;
    if call.arg(0).is_nil() {
        return Ok(Value::array(items.into_iter().filter(|item| !item.is_nil()).collect()));
    }
    let Some(properties) = properties(&items, call.arg(0))? else { return Ok(Value::Nil) };
    let kept = items.into_iter().zip(properties).filter(|(_, property)| !property.is_nil());
    Ok(Value::array(kept.map(|(item, _)| item).collect()))
}

fn concat(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    let Value::Array(more) = convert::resolve(call.arg(0)) else {
        return Err(FilterError::new("concat filter requires an array argument"));
    };
    let mut items = call.items()?;
    check_len(items.len() + more.len())?;
    items.extend(more.iter().cloned());
    Ok(Value::array(items))
}

fn join(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let glue = if call.args.is_empty() { " ".into() } else { call.arg_text(0) };
    let mut out = String::new();
    for (at, item) in call.items()?.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { &glue });
        let before = out.len();
        convert::write_text(item, &mut out);
        read(call, &out[before..])?;
        check_text(out.len())?;
    }
    Ok(out.into())
}

fn map(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    let key = call.arg(0);
    let one = |item: &Value| match property(item, key) {
        Ok(value) => Ok(value),
        Err(NoProperty::None) => Ok(Value::Nil),
        Err(NoProperty::Key) => Err(no_property(key)),
    };
    Ok(Value::array(call.items()?.iter().map(one).collect::<Result<_, _>>()?))
}

fn reverse(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let mut items = call.items()?;
    items.reverse();
    Ok(Value::array(items))
}

fn sum(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let items = call.items()?;
    let key = call.arg(0);
    let mut total = Number::Int(0);
    for item in &items {
        let value = match key {
            Value::Nil => item.clone(),
            key => match property(item, key) {
                Ok(value) => value,
                Err(NoProperty::None) => Value::Nil,
                Err(NoProperty::Key) => return Err(no_property(key)),
            },
        };
        total = super::math::sum(total, convert::to_number(&value));
    }
    Ok(total.value())
}

/// What makes two items one for `uniq`: their kind and content, for objects that stand for nothing else themselves.
fn identity(value: &Value) -> String {
    if value.written().is_some() {
        return inspect(value);
    }
    match convert::resolve(value) {
        Value::Object(object) => format!("#{:x}", Arc::as_ptr(&object).cast::<()>().addr()),
        Value::Time(time) => format!("@{}", time.timestamp()),
        other => inspect(&other),
    }
}

fn uniq(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let items = call.items()?;
    if items.len() < 2 {
        return Ok(Value::array(items));
    }
    let mut seen = FxHashSet::default();
    let mut bytes = 0;
    let mut new = |value: &Value| -> Result<bool, FilterError> {
        let identity = identity(value);
        read(call, &identity)?;
        let len = identity.len();
        let new = seen.insert(identity);
        bytes += if new { len } else { 0 };
        check_text(bytes)?;
        Ok(new)
    };
    let mut kept = Vec::new();
    if call.arg(0).is_nil() {
        for item in items {
            if new(&item)? {
                kept.push(item);
            }
        }
        return Ok(Value::array(kept));
    }
    let Some(properties) = properties(&items, call.arg(0))? else { return Ok(Value::Nil) };
    for (item, property) in items.into_iter().zip(properties) {
        if new(&property)? {
            kept.push(item);
        }
    }
    Ok(Value::array(kept))
}

/// `push` and `unshift`: one more item; what is no array stays as it is.
fn lengthen(call: &Call<'_>, place: fn(&Vec<Value>) -> usize) -> Outcome {
    call.arity(2, 2)?;
    let Value::Array(items) = convert::resolve(call.input) else { return Ok(call.input.clone()) };
    check_len(items.len() + 1)?;
    check_nesting(call.arg(0))?;
    let mut items = Vec::clone(&items);
    items.insert(place(&items), call.arg(0).clone());
    Ok(Value::array(items))
}

/// `pop` and `shift`: some items fewer; what is no array stays as it is.
fn shorten(call: &Call<'_>, cut: fn(&mut Vec<Value>, usize)) -> Outcome {
    call.arity(1, 2)?;
    let Value::Array(items) = convert::resolve(call.input) else { return Ok(call.input.clone()) };
    let count = if call.args.is_empty() { 1 } else { call.arg_integer(0)? };
    if count < 0 {
        return Err(FilterError::new("negative array size"));
    }
    let mut items = Vec::clone(&items);
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(items.len());
    cut(&mut items, count);
    Ok(Value::array(items))
}

/// Jekyll's `sample` takes items at random. A build must give the same bytes every time, so here the items' own content
/// decides: the same array always gives the same sample.
fn sample(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let Value::Array(items) = convert::resolve(call.input) else { return Ok(call.input.clone()) };
    let count = if call.args.is_empty() { 1 } else { convert::to_integer(call.arg(0)).unwrap_or(1) };
    if count < 0 {
        return Err(FilterError::new("negative sample number"));
    }
    let mut seed = 0xcbf2_9ce4_8422_2325;
    for item in items.iter() {
        let text = convert::text(item);
        call.env.work(1 + text.len() as u64 / 16)?;
        seed = mix(seed, &text);
    }
    let mut items = Vec::clone(&items);
    let take = usize::try_from(count).unwrap_or(usize::MAX).min(items.len());
    for at in 0..take {
        seed = mix(seed, "");
        let left = items.len() - at;
        items.swap(at, at + (seed >> 33) as usize % left);
    }
    if count == 1 {
        return Ok(items.into_iter().next().unwrap_or_default());
    }
    items.truncate(take);
    Ok(Value::array(items))
}

/// The next number of a fixed sequence (FNV-1a), steered by `text`.
fn mix(seed: u64, text: &str) -> u64 {
    let step = |seed: u64, byte: u8| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().chain([0xff]).fold(seed, step)
}

/// Jekyll's `array_to_sentence_string`: `a, b, and c`.
fn sentence(call: &Call<'_>) -> Outcome {
    call.arity(1, 2)?;
    let connector = if call.args.is_empty() { "and".into() } else { call.arg_text(0) };
    let items = match convert::resolve(call.input) {
        Value::Array(items) => items,
        Value::Nil => return Ok("".into()),
        // To Ruby a hash has a length, and nothing under the places 0 and 1.
        Value::Map(map) if map.len() < 2 => return Ok("".into()),
        Value::Map(map) if map.len() == 2 => return Ok(format!(" {connector} ").into()),
        _ if call.env.dialect() == Dialect::Jekyll => return Ok(call.text().into_owned().into()),
        other => Arc::new(vec![other]),
    };
    let texts: Vec<_> = items.iter().map(convert::to_s).collect();
    let sentence = match &texts[..] {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one} {connector} {two}"),
        // Ruby's `join` joins the items of arrays within the array, too.
        [_, .., last] => {
            let most = flatten(&Value::array(items[..items.len() - 1].to_vec()))?;
            let most: Vec<_> = most.iter().map(convert::to_s).collect();
            format!("{}, {connector} {last}", most.join(", "))
        }
    };
    check_text(sentence.len())?;
    Ok(sentence.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, run, run_value, table};
    use super::*;

    #[test]
    fn arrays_are_flattened_before_most_filters() {
        table(
            Dialect::Liquid,
            &[
                ("join", r#"[1, [2, null], {"q": 1}]"#, "\", \"", r#""1, 2, , {\"q\"=>1}""#),
                ("join", r#"{"a": 1}"#, "\"-\"", r#""{\"a\"=>1}""#),
                ("join", "[1, 2]", "null", "\"12\""),
                ("reverse", "[1, [2, null]]", "", "[null,2,1]"),
                ("reverse", "\"abc\"", "", "[\"abc\"]"),
                ("concat", "[1]", "[[2]]", "[1,[2]]"),
                ("concat", "[1]", "{}", "error: concat filter requires an array argument"),
                ("compact", r#"[1, null, [null, 2]]"#, "", "[1,2]"),
                ("compact", r#"[{"k": 1}, {"k": null}, {}]"#, "\"k\"", r#"[{"k":1}]"#),
                ("compact", "[1.5]", "\"k\"", "null"),
                ("uniq", r#"[1, 1.0, "1", null, null, [1], {"a": 1}, {"a": 1}]"#, "", r#"[1,1.0,"1",null,{"a":1}]"#),
                ("uniq", "1.5", "\"k\"", "[1.5]"),
                ("map", "[\"abc\", 6]", "1.9", "[\"b\",1]"),
                ("map", r#"[{"x": {"y": 1}}, "x", 1.5]"#, "\"x\"", r#"[{"y":1},"x",null]"#),
                ("map", r#"[{"x": {"y": 1}}]"#, "\"x.y\"", "[null]"),
                ("map", "[5]", "\"x\"", "error: cannot select the property 'x'"),
                ("sum", r#"[1, "2", 0.5, [3, null]]"#, "", "6.5"),
                ("sum", r#"[{"k": 1}, 2.5, {}]"#, "\"k\"", "1"),
                ("first", r#"{"a": 1}"#, "", r#"["a",1]"#),
                ("last", r#"{"a": 1}"#, "", "null"),
                ("size", "\"é日\"", "", "2"),
                ("size", "5", "", "8"),
                ("size", "5.5", "", "0"),
            ],
        );
    }

    #[test]
    fn jekyll_adds_and_removes_items() {
        table(
            Dialect::Jekyll,
            &[
                ("push", "[1]", "null", "[1,null]"),
                ("push", "\"x\"", "1", "\"x\""),
                ("unshift", "[1]", "[0]", "[[0],1]"),
                ("pop", "[1, 2, 3]", "2", "[1]"),
                ("pop", "[1, 2, 3]", "9", "[]"),
                ("pop", "[1]", "-1", "error: negative array size"),
                ("shift", "[1, 2, 3]", "", "[2,3]"),
                ("array_to_sentence_string", r#"[1, "b", null]"#, "", "\"1, b, and \""),
                ("array_to_sentence_string", r#"["x", "y"]"#, "\"or\"", "\"x or y\""),
                ("array_to_sentence_string", "[]", "", "\"\""),
                ("array_to_sentence_string", "[[1, [2]], [3, 4], [5, 6]]", "", "\"1, 2, 3, 4, and [5, 6]\""),
                ("array_to_sentence_string", r#"{"a": 1, "b": 2}"#, "", "\" and \""),
            ],
        );
    }

    #[test]
    fn a_sample_is_the_same_every_time_and_depends_on_the_content() {
        let letters = r#"["a", "b", "c", "d", "e", "f", "g", "h"]"#;
        assert_eq!(run("sample", letters, ""), run("sample", letters, ""));
        let Value::Array(all) = json(&run("sample", letters, "8")) else { panic!() };
        let mut sorted: Vec<_> = all.iter().map(|item| convert::text(item).into_owned()).collect();
        sorted.sort_unstable();
        assert_eq!(sorted.concat(), "abcdefgh");
        let picks: FxHashSet<_> = (0..50).map(|n| run("sample", &format!("[[{n}], 1, 2, 3, 4, 5]"), "")).collect();
        assert!(picks.len() >= 5);
        assert_eq!(run("sample", "[]", ""), "null");
        assert_eq!(run("sample", "[1, 2]", "0"), "[]");
    }

    #[test]
    fn what_would_fill_memory_or_stack_is_an_error() {
        let range = Value::Range(1, 1_000_000_000_000);
        let error = "error: array of more than 1000000 items";
        assert_eq!(run_value(Dialect::Liquid, "join", &range, ""), error);
        let mut shared = Value::array(vec![]);
        for _ in 0..60 {
            shared = Value::array(vec![shared.clone(), shared]);
        }
        assert_eq!(run_value(Dialect::Liquid, "join", &shared, ""), error);
        let mut nested = Value::array(vec![]);
        let world = super::super::testing::World::new(Dialect::Jekyll);
        let mut refused = None;
        for _ in 0..100 {
            let args = [nested.clone()];
            match lengthen(&Call { input: &Value::array(vec![]), args: &args, named: &[], env: &world }, |_| 0) {
                Ok(value) => nested = value,
                Err(error) => refused = Some(error.message),
            }
        }
        assert_eq!(refused.as_deref(), Some("arrays nested too deeply"));
    }
}
