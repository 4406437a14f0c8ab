use std::sync::Arc;

use super::*;
use crate::value::from_json;

fn json(text: &str) -> Value {
    from_json(serde_json::from_str(text).unwrap())
}

/// Another name for what is behind it: a text, items, or fields only.
#[derive(Debug)]
struct Fake {
    scalar: Option<Value>,
    items: Option<Vec<Value>>,
    fields: Vec<(&'static str, Value)>,
}

impl Object for Fake {
    fn get(&self, key: &str) -> Option<Value> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    }
    fn keys(&self) -> Vec<Arc<str>> {
        self.fields.iter().map(|(name, _)| Arc::from(*name)).collect()
    }
    fn scalar(&self) -> Option<Value> {
        self.scalar.clone()
    }
    fn items(&self) -> Option<Arc<Vec<Value>>> {
        self.items.clone().map(Arc::new)
    }
}

fn scalar(value: impl Into<Value>) -> Value {
    Value::object(Fake { scalar: Some(value.into()), items: None, fields: Vec::new() })
}

fn list(items: &str) -> Value {
    let items = Some(items_of(items));
    Value::object(Fake { scalar: None, items, fields: Vec::new() })
}

fn items_of(text: &str) -> Vec<Value> {
    items(&json(text))
}

fn fields() -> Value {
    Value::object(Fake { scalar: None, items: None, fields: vec![("a", 1.into()), ("b", "x".into())] })
}

#[test]
fn floats_print_as_in_ruby() {
    let cases = [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (1e14, "100000000000000.0"),
        (1e15, "1.0e+15"),
        (1e20, "1.0e+20"),
        (1.5e300, "1.5e+300"),
        (0.0001, "0.0001"),
        (0.00001, "1.0e-05"),
        (123456789.125, "123456789.125"),
        (f64::INFINITY, "Infinity"),
    ];
    for (value, expected) in cases {
        assert_eq!(text(&Value::Float(value)), expected);
    }
}

#[test]
fn values_print_as_in_ruby() {
    let rows = [
        (json("null"), ""),
        (json(r#"[1, [null, "x"], {"a": 1.5}, true]"#), r#"1x{"a"=>1.5}true"#),
        (json(r#"{"a": null, "b": ["q\n"], "c": {}}"#), r#"{"a"=>nil, "b"=>["q\n"], "c"=>{}}"#),
        (Value::Range(1, 3), "1..3"),
        (Value::Empty, ""),
        (Value::Time(Arc::new("2024-01-31T00:00:00[UTC]".parse().unwrap())), "2024-01-31 00:00:00 +0000"),
        (scalar("page"), "page"),
        (list("[1, 2]"), "12"),
        (fields(), r#"{"a"=>1, "b"=>"x"}"#),
    ];
    for (value, expected) in rows {
        assert_eq!(text(&value), expected, "{value:?}");
    }
}

#[test]
fn filters_for_texts_see_arrays_inspected() {
    assert_eq!(to_s(&json(r#"["a", null]"#)), r#"["a", nil]"#);
    assert_eq!(to_s(&list("[1]")), "[1]");
    assert_eq!(to_s(&json("null")), "");
}

#[test]
fn inspected_texts_are_escaped() {
    let plain = "\"\\ \n\t\r\u{1b}\u{0}\u{7f}\u{2028}é\u{10ffff}#{a} #a";
    assert_eq!(inspect(&plain.into()), r##""\"\\ \n\t\r\e\u0000\u007F\u2028é\u{10FFFF}\#{a} #a""##);
}

#[test]
fn endless_values_print_in_bounded_time() {
    let mut value = Value::array(vec![]);
    for _ in 0..90 {
        value = Value::array(vec![value.clone(), value]);
    }
    assert_eq!(text(&value), "");
    assert!(inspect(&value).len() < 64 << 21);
    assert!(!same(&value, &Value::array(vec![])));
}

#[test]
fn equality_minds_kind_but_not_the_sort_of_number() {
    assert!(equal(&1.into(), &1.0.into()));
    assert!(!equal(&1.into(), &"1".into()));
    assert!(!equal(&Value::Int((1 << 53) + 1), &9007199254740992.0.into()));
    assert!(equal(&json(r#"{"a": [1], "b": 2}"#), &json(r#"{"b": 2.0, "a": [1]}"#)));
    assert!(equal(&scalar("x"), &"x".into()));
    assert!(equal(&list("[1]"), &json("[1]")));
    let object = fields();
    assert!(equal(&object, &object.clone()));
    assert!(!equal(&object, &fields()));
}

#[test]
fn empty_equals_what_has_no_content_and_blank_nothing() {
    for value in ["\"\"", "[]", "{}"] {
        assert!(equal(&json(value), &Value::Empty), "{value}");
        assert!(!equal(&Value::Blank, &json(value)), "{value}");
    }
    for value in ["null", "false", "\" \"", "[null]", "0"] {
        assert!(!equal(&json(value), &Value::Empty), "{value}");
    }
    assert!(!equal(&Value::Empty, &Value::Blank));
}

#[test]
fn only_like_things_have_an_order() {
    assert_eq!(compare(&1.into(), &1.5.into()), Some(Ordering::Less));
    assert_eq!(compare(&Value::Int(i128::MAX), &1e300.into()), Some(Ordering::Less));
    assert_eq!(compare(&(-1.5).into(), &(-1).into()), Some(Ordering::Less));
    assert_eq!(compare(&"b".into(), &scalar("a")), Some(Ordering::Greater));
    assert_eq!(compare(&"1".into(), &1.into()), None);
    assert_eq!(compare(&f64::NAN.into(), &1.into()), None);
    let error = comparison_error(&1.into(), &"x".into());
    assert_eq!(error.as_deref(), Some("comparison of Integer with String failed"));
    let error = comparison_error(&"x".into(), &5.into());
    assert_eq!(error.as_deref(), Some("comparison of String with 5 failed"));
    assert_eq!(comparison_error(&Value::Nil, &5.into()), None);
}

#[test]
fn containment_follows_the_container() {
    assert!(contains(&"a12".into(), &12.into()));
    assert!(contains(&json("[1, 2]"), &2.0.into()));
    assert!(!contains(&json("[\"12\"]"), &"1".into()));
    assert!(contains(&json(r#"{"a": null}"#), &"a".into()));
    assert!(contains(&Value::Range(1, 3), &2.5.into()));
    assert!(contains(&fields(), &"b".into()));
    assert!(contains(&scalar("abc"), &"b".into()));
    assert!(!contains(&json("[null]"), &Value::Nil));
    assert!(!contains(&5.into(), &5.into()));
}

#[test]
fn loops_see_items_pairs_and_numbers() {
    let seen = |value: &Value| inspect(&Value::array(items(value)));
    assert_eq!(seen(&json(r#"{"a": 1}"#)), r#"[["a", 1]]"#);
    assert_eq!(seen(&Value::Range(2, 4)), "[2, 3, 4]");
    assert_eq!(seen(&"ab".into()), r#"["ab"]"#);
    assert_eq!(seen(&"".into()), "[]");
    assert_eq!(seen(&5.into()), "[]");
    assert_eq!(seen(&fields()), r#"[["a", 1], ["b", "x"]]"#);
    assert_eq!(seen(&list("[1]")), "[1]");
    assert_eq!(items(&Value::Range(1, i64::MAX)).len(), RANGE_LIMIT);
}

#[test]
fn size_first_and_last_are_rubys() {
    assert_eq!(size(&"é日".into()), Some(2));
    assert_eq!(size(&Value::Range(i64::MIN, i64::MAX)), Some(1 << 64));
    assert_eq!(size(&Value::Range(2, 1)), Some(0));
    assert_eq!(size(&5.into()), Some(8));
    assert_eq!(size(&Value::Nil), None);
    assert_eq!(inspect(&first(&json(r#"{"a": 1}"#))), r#"["a", 1]"#);
    assert_eq!(inspect(&last(&Value::Range(1, 3))), "3");
    assert_eq!(inspect(&first(&list("[7, 8]"))), "7");
    assert!(first(&"abc".into()).is_nil());
}

#[test]
fn integers_are_read_as_strictly_as_ruby_does() {
    let rows: [(&str, Option<i128>); 12] = [
        (" 12 ", Some(12)),
        ("-1_000", Some(-1000)),
        ("0x1F", Some(31)),
        ("0b11", Some(3)),
        ("017", Some(15)),
        ("0", Some(0)),
        ("99999999999999999999999999999999999999999", Some(i128::MAX)),
        ("1__0", None),
        ("2.0", None),
        ("", None),
        ("-", None),
        ("--5", None),
    ];
    for (text, expected) in rows {
        assert_eq!(to_integer(&text.into()), expected, "{text}");
    }
    assert_eq!(to_integer(&Value::Nil), None);
    assert_eq!(to_integer(&2.5.into()), None);
}
