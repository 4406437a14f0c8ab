//! Values as text: what `{{ }}` prints, and Ruby's `inspect`.
//!
//! Values may share parts and objects may lead back to themselves, so that printing one could take for ever: each call
//! stops after a fixed number of values, bytes and levels.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::value::{Object, Value};

/// How many levels of nesting are printed; Ruby's mark for a loop, `[...]` or `{...}`, stands for the rest.
const DEPTH: usize = 100;
/// How many levels of objects within objects are printed.
const OBJECT_DEPTH: usize = 2;
/// How many values one text is made of at most.
const VALUES: usize = 1_000_000;
/// How long one text gets at most.
const BYTES: usize = 32 << 20;

/// Appends `value` as `{{ }}` prints it: nil as nothing, arrays joined without separator, hashes inspected.
pub fn write_text(value: &Value, out: &mut String) {
    match value {
        Value::Str(text) => out.push_str(text),
        Value::Nil | Value::Empty | Value::Blank => {}
        _ => Writer::new(out).text(value),
    }
}

/// As [`write_text`]; returns how many values it was made of, `None` when it stopped before the end.
pub fn write_counted(value: &Value, out: &mut String) -> Option<usize> {
    let mut writer = Writer::new(out);
    writer.text(value);
    writer.whole()
}

/// As [`to_s`], and whether it is the whole text.
pub fn whole_s(value: &Value) -> (Cow<'_, str>, bool) {
    let items = match value {
        Value::Array(items) => items.clone(),
        Value::Map(_) => {
            let mut out = String::new();
            let whole = write_counted(value, &mut out).is_some();
            return (Cow::Owned(out), whole);
        }
        _ => return (to_s(value), true),
    };
    let mut out = String::new();
    let mut writer = Writer::new(&mut out);
    writer.array(&items);
    let whole = writer.whole().is_some();
    (Cow::Owned(out), whole)
}

/// `value` as `{{ }}` prints it.
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Str(text) => Cow::Borrowed(text),
        Value::Nil | Value::Empty | Value::Blank => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        _ => {
            let mut out = String::new();
            write_text(value, &mut out);
            Cow::Owned(out)
        }
    }
}

/// `value` as a filter for texts sees it: arrays inspected, all else as `{{ }}` prints it (Ruby's `to_s`).
pub fn to_s(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Array(_) => Cow::Owned(inspect(value)),
        Value::Object(object) => match (object.scalar(), object.items()) {
            (None, Some(items)) => Cow::Owned(inspect(&Value::Array(items))),
            _ => text(value),
        },
        _ => text(value),
    }
}

/// `value` as Ruby's `inspect` shows it.
pub fn inspect(value: &Value) -> String {
    let mut out = String::new();
    write_inspect(value, &mut out);
    out
}

/// Appends `value` as Ruby's `inspect` shows it.
pub fn write_inspect(value: &Value, out: &mut String) {
    Writer::new(out).inspect(value);
}

/// Appends `float` as Ruby prints it: always with a fraction, with an exponent outside `1e-4..1e15`.
pub fn write_float(float: f64, out: &mut String) {
    if !float.is_finite() {
        out.push_str(if float.is_nan() {
            "NaN"
        } else if float > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
        return;
    }
    let plain = float == 0.0 || (1e-4..1e15).contains(&float.abs());
    // Writing to a text cannot fail.
    if plain {
        let _ = write!(out, "{float:?}");
        return;
    }
    let short = format!("{float:e}");
    let (digits, exponent) = short.split_once('e').unwrap_or((&short, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    let fraction = if digits.contains('.') { "" } else { ".0" };
    let _ = write!(out, "{digits}{fraction}e{sign}{exponent:0>2}");
}

struct Writer<'o> {
    out: &'o mut String,
    start: usize,
    depth: usize,
    objects: usize,
    values: usize,
}

impl<'o> Writer<'o> {
    fn new(out: &'o mut String) -> Self {
        let start = out.len();
        Self { out, start, depth: 0, objects: 0, values: 0 }
    }

    /// How many values there were; `None` when there have been too many.
    fn whole(&self) -> Option<usize> {
        (self.values <= VALUES && self.out.len() - self.start <= BYTES).then_some(self.values)
    }

    /// Counts one more value; false when there have been enough.
    fn goes_on(&mut self) -> bool {
        self.values += 1;
        self.values <= VALUES && self.out.len() - self.start <= BYTES
    }

    fn text(&mut self, value: &Value) {
        if !self.goes_on() {
            return;
        }
        match value {
            Value::Str(text) => self.out.push_str(text),
            Value::Nil | Value::Empty | Value::Blank => {}
            Value::Array(items) => self.joined(items),
            Value::Object(object) if object.written().is_some() => self.inspect(value),
            Value::Object(object) => match (object.scalar(), object.items()) {
                (Some(scalar), _) => self.nested(|writer| writer.text(&scalar)),
                (None, Some(items)) => self.joined(&items),
                (None, None) => self.object(object.as_ref()),
            },
            other => self.inspect(other),
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        if self.depth < DEPTH {
            self.depth += 1;
            write(self);
            self.depth -= 1;
        } else {
            self.out.push_str("[...]");
        }
    }

    fn joined(&mut self, items: &[Value]) {
        self.nested(|writer| items.iter().for_each(|item| writer.text(item)));
    }

    fn inspect(&mut self, value: &Value) {
        if !self.goes_on() {
            return;
        }
        match value {
            Value::Nil => self.out.push_str("nil"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(number) => self.display(number),
            Value::Float(number) => write_float(*number, self.out),
            Value::Str(text) => quote(text, self.out),
            Value::Empty | Value::Blank => self.out.push_str("\"\""),
            Value::Array(items) => self.array(items),
            Value::Map(map) => {
                self.hash(map.len(), |writer| map.iter().for_each(|(key, value)| writer.entry(key, value)));
            }
            Value::Range(first, last) => self.display(&format_args!("{first}..{last}")),
            Value::Time(time) => self.display(&time.strftime("%Y-%m-%d %H:%M:%S %z")),
            Value::Object(object) => match (object.scalar(), object.items()) {
                (Some(_), _) if object.written().is_some() => self.out.extend(object.written().map(|text| &**text)),
                (Some(scalar), _) => self.nested(|writer| writer.inspect(&scalar)),
                (None, Some(items)) => self.array(&items),
                (None, None) => self.object(object.as_ref()),
            },
        }
    }

    fn display(&mut self, value: &impl std::fmt::Display) {
        // Writing to a text cannot fail.
        let _ = write!(self.out, "{value}");
    }

    fn array(&mut self, items: &[Value]) {
        self.nested(|writer| {
            writer.out.push('[');
            for (at, item) in items.iter().enumerate() {
                writer.out.push_str(if at == 0 { "" } else { ", " });
                writer.inspect(item);
            }
            writer.out.push(']');
        });
    }

    fn object(&mut self, object: &dyn Object) {
        let keys = object.keys();
        if self.objects >= OBJECT_DEPTH {
            self.out.push_str("{...}");
            return;
        }
        self.objects += 1;
        self.hash(keys.len(), |writer| {
            for key in &keys {
                writer.entry(key, &object.get(key).unwrap_or_default());
            }
        });
        self.objects -= 1;
    }

    fn hash(&mut self, len: usize, entries: impl FnOnce(&mut Self)) {
        if len > 0 && self.depth >= DEPTH {
            self.out.push_str("{...}");
            return;
        }
        self.depth += 1;
        self.out.push('{');
        entries(self);
        self.out.push('}');
        self.depth -= 1;
    }

    fn entry(&mut self, key: &str, value: &Value) {
        if !self.out.ends_with('{') {
            self.out.push_str(", ");
        }
        quote(key, self.out);
        self.out.push_str("=>");
        self.inspect(value);
    }
}

/// Appends `text` as a Ruby literal between double quotes.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '#' if matches!(chars.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            c if unprintable(c) && u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c if unprintable(c) => {
                let _ = write!(out, "\\u{{{:X}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// What Ruby escapes: ASCII's controls, line separators and noncharacters.
fn unprintable(c: char) -> bool {
    let code = u32::from(c);
    c.is_ascii_control() || matches!(code, 0x2028 | 0x2029 | 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe
}
