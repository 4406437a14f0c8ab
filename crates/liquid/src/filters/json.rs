//! Jekyll's `jsonify`.

use std::fmt::Write as _;

use crate::convert;
use crate::value::Value;

use super::{Call, Outcome, Row, check_text};

pub(super) const FILTERS: &[Row] = &[("jsonify", jsonify)];

/// Nesting beyond this, and objects within objects beyond it, become `null`: objects may lead back to themselves.
const DEPTH: usize = 100;
const OBJECT_DEPTH: usize = 3;

fn jsonify(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let json = to_json(call.input);
    call.env.work(json.len() as u64 / 4)?;
    check_text(json.len())?;
    Ok(json.into())
}

/// `value` as JSON without blanks; ranges and times as texts, floats as Ruby prints them.
pub(super) fn to_json(value: &Value) -> String {
    let mut out = String::new();
    Writer { out: &mut out, depth: 0, objects: 0 }.write(value);
    out
}

fn is_json_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

struct Writer<'o> {
    out: &'o mut String,
    depth: usize,
    objects: usize,
}

impl Writer<'_> {
    fn write(&mut self, value: &Value) {
        // Shared parts could make the text endless; the caller refuses one that is too long.
        if self.depth > DEPTH || self.out.len() > super::TEXT_LIMIT {
            self.out.push_str("null");
            return;
        }
        match value {
            Value::Nil => self.out.push_str("null"),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => convert::write_text(value, self.out),
            Value::Array(items) => self.array(items),
            Value::Map(map) => {
                self.hash(|writer| map.iter().for_each(|(key, value)| writer.entry(key, value)));
            }
            Value::Object(object) => match (object.scalar(), object.items()) {
                (Some(_), _) if object.written().is_some_and(|text| is_json_number(text)) => {
                    self.out.extend(object.written().map(|text| &**text));
                }
                (Some(scalar), _) => {
                    self.depth += 1;
                    self.write(&scalar);
                    self.depth -= 1;
                }
                (None, Some(items)) => self.array(&items),
                (None, None) if self.objects >= OBJECT_DEPTH => self.out.push_str("null"),
                (None, None) => {
                    self.objects += 1;
                    self.hash(|writer| {
                        for key in object.keys() {
                            writer.entry(&key, &object.get(&key).unwrap_or_default());
                        }
                    });
                    self.objects -= 1;
                }
            },
            other => quote(&convert::text(other), self.out),
        }
    }

    fn array(&mut self, items: &[Value]) {
        self.depth += 1;
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.out.push_str(if at == 0 { "" } else { "," });
            self.write(item);
        }
        self.out.push(']');
        self.depth -= 1;
    }

    fn hash(&mut self, entries: impl FnOnce(&mut Self)) {
        self.depth += 1;
        self.out.push('{');
        entries(self);
        self.out.push('}');
        self.depth -= 1;
    }

    fn entry(&mut self, key: &str, value: &Value) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        quote(key, self.out);
        self.out.push(':');
        self.write(value);
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[done..at]);
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xc => out.push_str("\\f"),
            // Writing to a text cannot fail.
            _ => _ = write!(out, "\\u{byte:04x}"),
        }
    }
    out.push_str(&text[done..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::{run_value, table};
    use super::*;

    #[test]
    fn json_is_rubys() {
        let table_rows = [
            (
                "jsonify",
                r#"{"a": [1, 1.0, 1e20, null, true], "b": {}, "c": []}"#,
                "",
                r#""{\"a\":[1,1.0,1.0e+20,null,true],\"b\":{},\"c\":[]}""#,
            ),
            (
                "jsonify",
                r#""a</b>\u2028é\u0001\b\"/\\""#,
                "",
                "\"\\\"a</b>\u{2028}é\\\\u0001\\\\b\\\\\\\"/\\\\\\\\\\\"\"",
            ),
            ("jsonify", "null", "", "\"null\""),
        ];
        table(Dialect::Jekyll, &table_rows);
        assert_eq!(run_value(Dialect::Jekyll, "jsonify", &Value::Range(1, 3), ""), r#""\"1..3\"""#);
    }

    #[test]
    fn shared_parts_do_not_make_endless_text() {
        let mut value = Value::from("x");
        for _ in 0..60 {
            value = Value::array(vec![value.clone(), value]);
        }
        let found = run_value(Dialect::Jekyll, "jsonify", &value, "");
        assert_eq!(found, "error: text of more than 33554432 bytes");
    }
}
