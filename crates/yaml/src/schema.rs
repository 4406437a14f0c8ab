//! The schemas: what plain scalars mean, and what tags say of scalars.
//!
//! [`Schema::Ruby`] follows Psych 4, as Jekyll 4 calls it: days and times, but no symbols and no objects. [`Schema::Native`]
//! knows the same truth values and numbers, and warns of those that surprise; days and times are texts.

use std::sync::Arc;

use crate::problem::{Place, Problem, Result};
use crate::scalar::{Date, Meaning, Scalar, Time, Zone};
use crate::token::Style;

/// How plain scalars are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// As Ruby's Psych does for Jekyll.
    Ruby,
    /// Nearly alike, with warnings: `yes` and `010` are doubtful, days, times and symbols are texts.
    Native,
}

/// The standard's tags, behind `tag:yaml.org,2002:`.
const STANDARD: &[&str] = &[
    "binary",
    "bool",
    "float",
    "int",
    "map",
    "merge",
    "null",
    "omap",
    "pairs",
    "seq",
    "set",
    "str",
    "timestamp",
    "value",
];

/// The scalar that `text` is; doubts go to `warnings`.
pub(crate) fn scalar(
    text: Arc<str>,
    style: Style,
    tag: Option<&str>,
    schema: Schema,
    place: Place,
    warnings: &mut Vec<Problem>,
) -> Result<Scalar> {
    let is_text = match tag {
        None => style != Style::Plain,
        Some(tag) => is_text_tag(tag),
    };
    if is_text {
        return Ok(Scalar { text, style, meaning: Meaning::Text });
    }
    let tag = tag.map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
    if let Some("binary" | "!binary") = tag {
        return Ok(Scalar { text: binary(&text).into(), style, meaning: Meaning::Text });
    }
    if schema == Schema::Native {
        let by_style = tag.is_some() && style != Style::Plain;
        let meaning = if by_style { Meaning::Text } else { native(&text, place, warnings) };
        return Ok(Scalar { text, style, meaning });
    }
    let mut meaning = ruby(&text, place)?;
    if let Some("float" | "!float") = tag {
        meaning = match meaning {
            Meaning::Int(number) => Meaning::Float(number as f64),
            Meaning::Float(_) => meaning,
            _ => return Err(Box::new(Problem::error(format!("`{text}` is no number"), place))),
        };
    }
    Ok(Scalar { text, style, meaning })
}

fn is_text_tag(tag: &str) -> bool {
    let named = |name: &str| tag.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    tag == "tag:yaml.org,2002:str" || named("!str") || named("!ruby/string")
}

/// Refuses tags that would make objects, as Jekyll does; in native documents, warns of tags that mean nothing.
pub(crate) fn check_tag(tag: &str, schema: Schema, place: Place, warnings: &mut Vec<Problem>) -> Result<()> {
    let standard = tag.strip_prefix("tag:yaml.org,2002:");
    match schema {
        Schema::Ruby => {
            let plain_string = is_text_tag(tag) && !tag.contains("string:") && !tag.starts_with("!str:");
            let makes_object = (tag.starts_with("!ruby/") || tag.starts_with("!str:")) && !plain_string
                || tag.starts_with("!map:")
                || tag.starts_with("!seq:")
                || tag == "!set"
                || standard == Some("set");
            if makes_object && !matches!(tag, "!ruby/hash" | "!ruby/array") {
                let problem =
                    Problem::error(format!("the tag `{tag}` stands for a Ruby object, which Jekyll refuses"), place)
                        .help("remove the tag");
                return Err(Box::new(problem));
            }
        }
        Schema::Native => {
            let is_known = standard.is_some_and(|name| STANDARD.contains(&name)) || tag == "!" || is_text_tag(tag);
            if !is_known {
                warnings.push(
                    Problem::warning(format!("the tag `{tag}` means nothing here"), place)
                        .help("remove it, or put the value in quotes if it is a text"),
                );
            }
        }
    }
    Ok(())
}

/// Base64, leaving out what is no digit of it.
fn binary(text: &str) -> String {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0u32);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Null, truth values and texts: what is no number in either schema.
fn word(text: &str) -> Meaning {
    // Ruby looks at each line of a text by itself.
    if text.len() > 5 || text.is_empty() {
        return if text.is_empty() { Meaning::Null } else { Meaning::Text };
    }
    let starts = |line: &str| line.starts_with(['y', 'Y', 't', 'T', 'o', 'O', 'n', 'N', 'f', 'F', '~']);
    if text.lines().any(|line| !line.is_empty() && !starts(line)) {
        return Meaning::Text;
    }
    let has = |words: &[&str]| text.lines().any(|line| is_any(line, words));
    if text == "~" || has(&["null"]) {
        Meaning::Null
    } else if has(&["yes", "true", "on"]) {
        Meaning::Bool(true)
    } else if has(&["no", "false", "off"]) {
        Meaning::Bool(false)
    } else {
        Meaning::Text
    }
}

fn may_be_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ':')) && !text.contains('\n')
}

fn native(text: &str, place: Place, warnings: &mut Vec<Problem>) -> Meaning {
    if may_be_number(text) {
        let meaning = number(text).or_else(|| with_exponent(text)).unwrap_or(Meaning::Text);
        let digits = text.trim_start_matches(['+', '-']);
        if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let read = match meaning {
                Meaning::Int(number) => format!("`{text}` starts with a zero and is read as the octal number {number}"),
                _ => format!("`{text}` starts with a zero and is read as a text"),
            };
            warnings.push(Problem::warning(read, place).help(format!("put it in quotes: `\"{text}\"`")));
        }
        return meaning;
    }
    let meaning = word(text);
    if let Meaning::Bool(value) = meaning
        && !is_any(text, &["true", "false"])
    {
        let problem = Problem::warning(format!("`{text}` is read as `{value}`"), place);
        warnings.push(problem.help(format!("write `{value}`, or put it in quotes if it is a text")));
    }
    meaning
}

/// `1e3`, which Ruby takes for a text.
fn with_exponent(text: &str) -> Option<Meaning> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !digits(sign(whole).1) || !digits(fraction) || !digits(sign(exponent).1) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Meaning::Float)
}

fn ruby(text: &str, place: Place) -> Result<Meaning> {
    if !may_be_number(text) {
        return Ok(word(text));
    }
    if let Some(time) = time(text) {
        return Ok(Meaning::Time(time));
    }
    if let Some(date) = date(text) {
        return Ok(Meaning::Date(date));
    }
    if text.starts_with(':') && text.len() > 1 && !text[1..].starts_with(char::is_whitespace) {
        let problem =
            Problem::error(format!("`{text}` is a Ruby symbol, which Jekyll refuses"), place).help("put it in quotes");
        return Err(Box::new(problem));
    }
    Ok(sexagesimal(text).or_else(|| number(text)).unwrap_or(Meaning::Text))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `text` without its sign, and whether that is `-`.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn number(text: &str) -> Option<Meaning> {
    let (negative, digits) = sign(text);
    if digits.eq_ignore_ascii_case(".inf") {
        return Some(Meaning::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if text.eq_ignore_ascii_case(".nan") {
        return Some(Meaning::Float(f64::NAN));
    }
    if digits.contains('.') { float(negative, digits) } else { int(negative, digits) }
}

fn is_separated(text: &str, is_digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(|byte| is_digit(byte) || matches!(byte, b'_' | b','))
}

fn without_separators(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['_', ',']) { text.replace(['_', ','], "").into() } else { text.into() }
}

fn int(negative: bool, digits: &str) -> Option<Meaning> {
    let (rest, radix): (&str, u32) = match digits.as_bytes() {
        [b'0', b'x', ..] => (&digits[2..], 16),
        [b'0', b'b', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    let fits = match radix {
        16 => is_separated(rest, |byte| byte.is_ascii_hexdigit()),
        2 => is_separated(rest, |byte| matches!(byte, b'0' | b'1')),
        8 => is_separated(rest, |byte| matches!(byte, b'0'..=b'7')),
        // Separators stand between digits.
        _ => {
            let bytes = rest.as_bytes();
            bytes.first().is_some_and(u8::is_ascii_digit)
                && bytes.last().is_some_and(u8::is_ascii_digit)
                && is_separated(rest, |byte| byte.is_ascii_digit())
                && !bytes.windows(2).any(|two| two.iter().all(|byte| !byte.is_ascii_digit()))
        }
    };
    if !fits {
        return None;
    }
    let plain = without_separators(rest);
    // Nothing but separators behind the first zero.
    let plain = if plain.is_empty() && radix == 8 { "0".into() } else { plain };
    let number = i128::from_str_radix(&plain, radix).ok()?;
    Some(Meaning::Int(if negative { -number } else { number }))
}

fn float(negative: bool, digits_text: &str) -> Option<Meaning> {
    let (whole, rest) = digits_text.split_once('.')?;
    let whole_fits = whole.is_empty()
        || (whole.starts_with(|c: char| c.is_ascii_digit()) && is_separated(whole, |b| b.is_ascii_digit()));
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (rest, None),
    };
    let fraction_fits = fraction.is_empty() || digits(fraction);
    let exponent_fits = exponent.is_none_or(|text| text.starts_with(['+', '-']) && digits(&text[1..]));
    if !whole_fits || !fraction_fits || !exponent_fits || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let exponent = exponent.map(|text| format!("e{text}")).unwrap_or_default();
    let number = format!("0{}.{fraction}0{exponent}", without_separators(whole)).parse::<f64>().ok()?;
    Some(Meaning::Float(if negative { -number } else { number }))
}

/// Numbers to the base of 60, as Ruby adds them: `10:30` are hours and minutes, in seconds.
fn sexagesimal(text: &str) -> Option<Meaning> {
    let (negative, rest) = sign(text);
    let (rest, fraction) = match rest.split_once('.') {
        Some((rest, fraction)) => (rest, Some(fraction)),
        None => (rest, None),
    };
    let mut parts = rest.split(':');
    let first = parts.next()?;
    let is_first = first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let others: Vec<&str> = parts.collect();
    let is_part = |part: &&str| digits(part) && part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| number < 60);
    let fraction_fits = fraction.is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'));
    if !is_first || !matches!(others.len(), 1 | 2) || !others.iter().all(is_part) || !fraction_fits {
        return None;
    }
    // Ruby's numbers end at two underscores in a row.
    let first = first.split("__").next().unwrap_or_default().replace('_', "");
    let hours: i128 = first.parse::<u64>().ok()?.into();
    let part = |at: usize| others.get(at).and_then(|part| part.parse::<i128>().ok()).unwrap_or(0);
    // Only the hours carry the sign.
    let seconds = hours * if negative { -3600 } else { 3600 } + part(0) * 60 + part(1);
    Some(match fraction {
        None => Meaning::Int(seconds),
        Some(fraction) => {
            let unit = if others.len() == 1 { 60.0 } else { 1.0 };
            let fraction = format!("0.{}0", fraction.split("__").next().unwrap_or_default().replace('_', ""));
            Meaning::Float(seconds as f64 + fraction.parse::<f64>().unwrap_or(0.0) * unit)
        }
    })
}

/// `2024-1-31`, if there is such a day.
fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = year.len() == 4 && [month, day].iter().all(|part| matches!(part.len(), 1 | 2));
    if !fits || parts.next().is_some() || ![year, month, day].iter().all(|part| digits(part)) {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (day >= 1 && day <= days_in(year, month)?).then_some(Date { year, month, day })
}

fn days_in(year: i32, month: u8) -> Option<u8> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        _ => None,
    }
}

/// Days since the start of 1970. Days behind a month's end are those of the next.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years that start in March, so that a leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

/// `2024-01-31 10:00:00.5 +02:00` and its like.
fn time(text: &str) -> Option<Time> {
    let at = text.find(['T', 't', ' ', '\t'])?;
    let (day, rest) = text.split_at(at);
    let rest = if rest.starts_with(['T', 't']) { &rest[1..] } else { rest.trim_start_matches([' ', '\t']) };
    let (before_christ, day) = match day.strip_prefix('-') {
        Some(day) => (true, day),
        None => (false, day),
    };
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_day = year.len() == 4 && month.len() <= 2 && day.len() <= 2 && parts.next().is_none();
    if !is_day || ![year, month, day].iter().all(|part| digits(part)) {
        return None;
    }
    let clock_end = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
    let (clock, rest) = rest.split_at(clock_end);
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let is_clock = matches!(hour.len(), 1 | 2) && minute.len() == 2 && second.len() == 2 && parts.next().is_none();
    if !is_clock || ![hour, minute, second].iter().all(|part| digits(part)) {
        return None;
    }
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())),
        None => ("", rest),
    };
    let zone = zone(rest)?;
    let number = |text: &str| text.parse::<i64>().ok();
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (hour < 24 || (hour == 24 && minute == 0 && second == 0))
        && minute < 60
        && second <= 60;
    if !in_range {
        return None;
    }
    let year = if before_christ { -year } else { year };
    let nanoseconds = format!("{fraction:0<9}").get(..9).and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    if let Zone::Offset(offset) = zone {
        seconds -= i64::from(offset);
    }
    Some(Time { seconds, nanoseconds, zone })
}

/// `Z`, `+2`, `-05:00`, `+0200`, or nothing.
fn zone(text: &str) -> Option<Zone> {
    let text = text.trim_start_matches([' ', '\t']);
    match text {
        "" => return Some(Zone::Local),
        "Z" => return Some(Zone::Utc),
        _ => {}
    }
    let (negative, rest) = match text.as_bytes().first()? {
        b'+' => (false, &text[1..]),
        b'-' => (true, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if rest.len() > 2 => rest.split_at_checked(rest.len() - 2)?,
        None => (rest, ""),
    };
    let fits = digits(hours) && hours.len() <= 2 && (minutes.is_empty() || (digits(minutes) && minutes.len() == 2));
    if !fits {
        return None;
    }
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().unwrap_or(0) * 60;
    Some(Zone::Offset(if negative { -seconds } else { seconds }))
}
