//! YAML as Jekyll sites write it: plain `yes` and `no` are booleans, `010` is octal, `<<` merges, the last of equal keys wins.
//!
//! The grammar is saphyr-parser's; what plain scalars mean follows Ruby's Psych. Dates stay texts, since they print the same.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle};

use carafe_liquid::value::{Map, Value};
use carafe_source::island;

/// Deeper documents are refused, so that no value can exhaust the stack when it is dropped.
const DEPTH: usize = 100;

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// The reason, without a full stop.
    pub message: String,
    /// The byte at which reading stopped.
    pub offset: usize,
}

/// A mapping or sequence that is still being read.
enum Open {
    Sequence(Vec<Value>),
    Mapping { map: Map, key: Option<Value>, merged: Vec<Arc<Map>> },
}

struct Builder {
    open: Vec<(Open, usize)>,
    anchors: FxHashMap<usize, Value>,
    root: Value,
}

/// How numbers are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// As Ruby prints them: `1.10` is `1.1`.
    #[default]
    Ruby,
    /// As they were written.
    AsWritten,
}

/// The first document of `text`; nil for an empty one.
///
/// # Errors
/// [`YamlError`], with the place.
pub fn parse_yaml(text: &str, numbers: Numbers) -> Result<Value, YamlError> {
    let mut builder = Builder { open: Vec::new(), anchors: FxHashMap::default(), root: Value::Nil };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| YamlError {
            message: error.info().trim_end_matches('.').to_owned(),
            offset: byte_offset(text, error.marker().index()),
        })?;
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let text_tag = tag.is_some_and(|tag| tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !text_tag;
                builder.add(if plain { scalar(&value, numbers) } else { Value::str(&*island::clean(&value)) }, anchor);
            }
            Event::Alias(anchor) => {
                let value = builder.anchors.get(&anchor).cloned().unwrap_or_default();
                builder.add(value, 0);
            }
            Event::SequenceStart(anchor, _) => builder.open.push((Open::Sequence(Vec::new()), anchor)),
            Event::MappingStart(anchor, _) => {
                let open = Open::Mapping { map: Map::default(), key: None, merged: Vec::new() };
                builder.open.push((open, anchor));
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(),
            Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        if builder.open.len() > DEPTH {
            let offset = byte_offset(text, span.start.index());
            return Err(YamlError { message: format!("values are nested more than {DEPTH} deep"), offset });
        }
    }
    Ok(builder.root)
}

/// The parser counts characters.
fn byte_offset(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}

impl Builder {
    fn add(&mut self, value: Value, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.root = value,
            Some((Open::Sequence(items), _)) => items.push(value),
            Some((Open::Mapping { map, key, merged }, _)) => match key.take() {
                None => *key = Some(value),
                Some(Value::Str(name)) if &*name == "<<" && is_mergeable(&value) => match value {
                    Value::Map(other) => merged.push(other),
                    Value::Array(all) => merged.extend(all.iter().filter_map(|one| match one {
                        Value::Map(other) => Some(other.clone()),
                        _ => None,
                    })),
                    _ => {}
                },
                Some(name) => {
                    map.insert(key_text(&name), value);
                }
            },
        }
    }

    fn close(&mut self) {
        let Some((open, anchor)) = self.open.pop() else { return };
        let value = match open {
            Open::Sequence(items) => Value::array(items),
            Open::Mapping { map, merged, .. } if merged.is_empty() => Value::Map(Arc::new(map)),
            Open::Mapping { map, merged, .. } => {
                // What is merged stands first; of several the earlier wins, and the mapping's own keys win over all.
                let mut whole = Map::default();
                for other in merged {
                    for (key, value) in other.iter() {
                        whole.entry(key.clone()).or_insert_with(|| value.clone());
                    }
                }
                whole.extend(map);
                Value::Map(Arc::new(whole))
            }
        };
        self.add(value, anchor);
    }
}

fn is_mergeable(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::Array(_))
}

/// Keys are texts, written as Ruby prints them.
fn key_text(key: &Value) -> Arc<str> {
    match key {
        Value::Str(text) => text.clone(),
        other => carafe_liquid::convert::text(other).into_owned().into(),
    }
}

fn scalar(text: &str, numbers: Numbers) -> Value {
    let value = plain(text);
    match &value {
        Value::Str(_) | Value::Int(_) | Value::Float(_) if numbers == Numbers::Ruby => value,
        Value::Float(_) => Value::number_as_written(value, text),
        Value::Int(number) if number.to_string() != text => Value::number_as_written(value, text),
        Value::Str(_) => match with_exponent(text) {
            Some(number) => Value::number_as_written(Value::Float(number), text),
            None => value,
        },
        _ => value,
    }
}

/// `1e3`, which Ruby takes for a text.
fn with_exponent(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let unsigned = |text: &'_ str| digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    (unsigned(whole) && digits(fraction) && unsigned(exponent))
        .then(|| text.parse().ok())
        .flatten()
        .filter(|number: &f64| number.is_finite())
}

/// A number that Ruby prints with other digits than were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostDigit {
    /// Where it stands.
    pub range: std::ops::Range<usize>,
    /// As it was written.
    pub written: String,
    /// As it is printed.
    pub printed: String,
}

/// The values of a YAML text that are plain decimal numbers and are printed with other digits (`1.10`, `007`), in order.
/// Keys are left out. What stands behind a mistake is not looked at.
pub fn lost_digits(text: &str) -> Vec<LostDigit> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let Event::Scalar(written, ScalarStyle::Plain, _, None) = event else { continue };
        let decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        if !written.chars().all(decimal) {
            continue;
        }
        if let value @ (Value::Int(_) | Value::Float(_)) = plain(&written) {
            let printed = carafe_liquid::convert::text(&value).into_owned();
            if printed.trim_start_matches('-') != written.trim_start_matches(['-', '+']) {
                found.push((span.start.index(), written.into_owned(), printed));
            }
        }
    }
    // The parser counts characters, and goes forward.
    let mut offsets = text.char_indices().map(|(at, _)| at).enumerate().peekable();
    let lost = |(index, written, printed): (usize, String, String)| {
        while offsets.next_if(|(character, _)| *character < index).is_some() {}
        let start = offsets.peek().map_or(text.len(), |(_, at)| *at);
        LostDigit { range: start..start + written.len(), written, printed }
    };
    found.into_iter().map(lost).collect()
}

/// What a plain scalar means.
fn plain(text: &str) -> Value {
    match text.as_bytes().first() {
        None => return Value::Nil,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {
            return number(text).unwrap_or_else(|| Value::str(text));
        }
        Some(b'~' | b'n' | b'N') if matches!(text, "~" | "null" | "Null" | "NULL") => return Value::Nil,
        _ => {}
    }
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if text.len() > 5 {
        Value::str(text)
    } else if is(&["true", "yes", "on"]) {
        Value::Bool(true)
    } else if is(&["false", "no", "off"]) {
        Value::Bool(false)
    } else {
        Value::str(text)
    }
}

fn number(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let sign = if negative { -1 } else { 1 };
    match digits.to_ascii_lowercase().as_str() {
        ".inf" => return Some(Value::Float(f64::from(sign) * f64::INFINITY)),
        ".nan" => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    let prefixed = [("0x", 16), ("0b", 2), ("0", 8)];
    for (prefix, radix) in prefixed {
        if let Some(rest) = digits.strip_prefix(prefix).filter(|rest| !rest.is_empty() && !rest.contains('.')) {
            return i128::from_str_radix(&rest.replace(['_', ','], ""), radix)
                .ok()
                .map(|n| Value::Int(n * i128::from(sign)));
        }
    }
    let separated = |part: &str| {
        let bytes = part.as_bytes();
        let fits = |at: usize| {
            bytes[at].is_ascii_digit() || (matches!(bytes[at], b'_' | b',') && at > 0 && bytes[at - 1].is_ascii_digit())
        };
        (0..bytes.len()).all(fits) && bytes.last().is_none_or(u8::is_ascii_digit)
    };
    match digits.split_once('.') {
        None if !digits.is_empty() && separated(digits) => {
            digits.replace(['_', ','], "").parse::<i128>().ok().map(|n| Value::Int(n * i128::from(sign)))
        }
        None => None,
        Some((whole, rest)) if separated(whole) => {
            let (fraction, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, ""));
            let has_exponent = fraction.len() < rest.len();
            let signed = exponent.starts_with(['+', '-']) && exponent[1..].bytes().all(|b| b.is_ascii_digit());
            let plain_fraction = fraction.bytes().all(|b| b.is_ascii_digit());
            if !plain_fraction || (whole.is_empty() && fraction.is_empty()) || (has_exponent && !signed) {
                return None;
            }
            let text = format!(
                "{}.{fraction}0{}",
                whole.replace(['_', ','], ""),
                if has_exponent { format!("e{exponent}") } else { String::new() }
            );
            format!("0{text}").parse::<f64>().ok().map(|n| Value::Float(f64::from(sign) * n))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_liquid::convert;

    fn inspected(yaml: &str) -> String {
        match parse_yaml(yaml, Numbers::Ruby) {
            Ok(value) => convert::inspect(&value),
            Err(error) => format!("{} at {}", error.message, error.offset),
        }
    }

    #[test]
    fn plain_scalars_mean_what_they_mean_to_ruby() {
        let cases = [
            ("yes", "true"),
            ("OFF", "false"),
            ("y", "\"y\""),
            ("~", "nil"),
            ("Null", "nil"),
            ("'no'", "\"no\""),
            ("1,000", "1000"),
            ("1_000", "1000"),
            ("010", "8"),
            ("08", "\"08\""),
            ("0x1F", "31"),
            ("0b11", "3"),
            ("+12", "12"),
            ("-3", "-3"),
            ("1.", "1.0"),
            ("+.5", "0.5"),
            ("1e3", "\"1e3\""),
            ("1.0e+3", "1000.0"),
            ("1__0", "\"1__0\""),
            ("1,", "\"1,\""),
            ("1.2.3", "\"1.2.3\""),
            ("1.10", "1.1"),
            ("1_0.5", "10.5"),
            ("2024-01-31", "\"2024-01-31\""),
            ("!!str 5", "\"5\""),
            ("99999999999999999999", "99999999999999999999"),
            ("0", "0"),
            ("00", "0"),
            ("-", "[nil]"),
            (".", "\".\""),
            ("-x", "\"-x\""),
        ];
        for (yaml, expected) in cases {
            assert_eq!(inspected(yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn mappings_merge_and_the_last_of_equal_keys_wins() {
        assert_eq!(inspected("a: 1\nb: 2\na: 3"), r#"{"a"=>3, "b"=>2}"#);
        assert_eq!(
            inspected("base: &b {x: 1, y: 2}\nover:\n  <<: *b\n  y: 3\n"),
            r#"{"base"=>{"x"=>1, "y"=>2}, "over"=>{"x"=>1, "y"=>3}}"#
        );
        assert_eq!(inspected("1.5: a\ntrue: b\n"), r#"{"1.5"=>"a", "true"=>"b"}"#);
        assert_eq!(inspected("- a\n- [b, {c: d}]\n"), r#"["a", ["b", {"c"=>"d"}]]"#);
    }

    #[test]
    fn broken_and_hostile_documents_end_in_an_error() {
        assert!(parse_yaml("a: [1\nb: 2\n", Numbers::Ruby).is_err_and(|error| error.offset > 2));
        assert!(parse_yaml(&"[".repeat(100_000), Numbers::Ruby).is_err());
        assert!(parse_yaml(&"- ".repeat(100_000), Numbers::Ruby).is_err());
        let bomb = format!(
            "a0: &a0 [x]\n{}",
            (1..60).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect::<String>()
        );
        assert!(parse_yaml(&bomb, Numbers::Ruby).is_ok(), "what is shared is not copied");
    }
}
