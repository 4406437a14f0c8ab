//! Values as numbers. Liquid calculates with floats as decimals (`0.1 + 0.2` is `0.3`), so that what authors write is
//! what they get; results are printed as floats again.

use std::cmp::Ordering;

use crate::value::Value;

use super::to_s;

/// A number in a calculation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i128),
    /// A decimal fraction.
    Decimal(Decimal),
    /// What is too large or too fine for the other two.
    Float(f64),
}

/// `mantissa * 10^exponent`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// The digits.
    pub mantissa: i128,
    /// The power of ten.
    pub exponent: i32,
}

impl Decimal {
    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        format!("{}e{}", self.mantissa, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The same value with this exponent, if it has no more digits than we hold and none is lost.
    pub fn with_exponent(self, exponent: i32) -> Option<Self> {
        if self.mantissa == 0 {
            return Some(Self { mantissa: 0, exponent });
        }
        let factor = 10_i128.checked_pow(u32::try_from(self.exponent.checked_sub(exponent)?).ok()?)?;
        Some(Self { mantissa: self.mantissa.checked_mul(factor)?, exponent })
    }

    fn from_f64(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        let short = format!("{float:e}");
        let (digits, exponent) = short.split_once('e')?;
        let mut decimal = Self::parse(digits)?;
        decimal.exponent += exponent.parse::<i32>().ok()?;
        // A float that is whole keeps its size in the mantissa, where calculation is simple.
        Some(if decimal.exponent > 0 { decimal.with_exponent(0).unwrap_or(decimal) } else { decimal })
    }

    /// Reads `-12.50`; `None` when there are more digits than we hold.
    fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut mantissa = 0_i128;
        for digit in whole.bytes().chain(fraction.bytes()) {
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit.wrapping_sub(b'0')))?;
        }
        let exponent = -i32::try_from(fraction.len()).ok()?;
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, exponent })
    }
}

impl Number {
    /// The number as a value: decimals as floats.
    pub fn value(self) -> Value {
        match self {
            Self::Int(number) => Value::Int(number),
            Self::Decimal(number) => Value::Float(number.to_f64()),
            Self::Float(number) => Value::Float(number),
        }
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Decimal(number) => number.to_f64(),
            Self::Float(number) => number,
        }
    }

    /// The number as a decimal, unless it is a float beyond decimals.
    pub fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Int(mantissa) => Some(Decimal { mantissa, exponent: 0 }),
            Self::Decimal(number) => Some(number),
            Self::Float(_) => None,
        }
    }

    /// The order of two numbers; `None` when one is not a number (`NaN`).
    pub fn order(self, other: Self) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.decimal(), other.decimal()) {
            let exponent = a.exponent.min(b.exponent);
            if let (Some(a), Some(b)) = (a.with_exponent(exponent), b.with_exponent(exponent)) {
                return Some(a.mantissa.cmp(&b.mantissa));
            }
        }
        self.to_f64().partial_cmp(&other.to_f64())
    }
}

/// What arithmetic makes of a value: numbers are themselves, texts their leading number (`"3 apples"` is 3, `"3.5"` is
/// 3.5, `"3.5 apples"` is 3), everything else 0.
pub fn to_number(value: &Value) -> Number {
    match value {
        Value::Int(number) => Number::Int(*number),
        Value::Float(number) => from_float(*number),
        Value::Str(text) => from_text(text),
        Value::Object(object) => match object.scalar() {
            Some(Value::Object(_)) | None => Number::Int(0),
            Some(scalar) => to_number(&scalar),
        },
        _ => Number::Int(0),
    }
}

fn from_float(float: f64) -> Number {
    Decimal::from_f64(float).map_or(Number::Float(float), Number::Decimal)
}

fn from_text(text: &str) -> Number {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\0' || c == '\u{b}');
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.split_once('.').is_some_and(|(whole, fraction)| all_digits(whole) && all_digits(fraction)) {
        return match Decimal::parse(trimmed) {
            Some(decimal) => Number::Decimal(decimal),
            None => Number::Float(trimmed.parse().unwrap_or(0.0)),
        };
    }
    leading_integer(text)
}

/// Ruby's `String#to_i`: the whole number at the start, 0 when there is none; `_` may stand between digits.
pub fn leading_integer(text: &str) -> Number {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let mut digits = String::new();
    let mut before = b'_';
    for byte in rest.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'_' if before != b'_' => {}
            _ => break,
        }
        before = byte;
    }
    integer(negative, &digits, 10).unwrap_or(Number::Int(0))
}

/// `digits` of this base as a number; when there are too many, decimal ones as a float, others as infinity.
fn integer(negative: bool, digits: &str, radix: u32) -> Option<Number> {
    let signed = |number: i128| Number::Int(if negative { -number } else { number });
    match i128::from_str_radix(digits, radix) {
        Ok(number) => Some(signed(number)),
        Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => {
            let float = match radix {
                10 => digits.parse().unwrap_or(f64::INFINITY),
                _ => f64::INFINITY,
            };
            Some(Number::Float(if negative { -float } else { float }))
        }
        Err(_) => None,
    }
}

/// The value as a whole number where one is required, as Ruby's `Integer()` reads its text: `12`, ` -3 `, `1_000`,
/// `0x1f`, `0b11`, `0o17`, `017`. `None` for all else, floats and nil included. Numbers beyond `i128` saturate.
pub fn to_integer(value: &Value) -> Option<i128> {
    if let Value::Int(number) = super::resolve(value) {
        return Some(number);
    }
    let text = to_s(value);
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &rest[2..]),
        [b'0', b'b' | b'B', ..] => (2, &rest[2..]),
        [b'0', b'o' | b'O', ..] => (8, &rest[2..]),
        [b'0', b'd' | b'D', ..] => (10, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    let digits = if radix == 8 { digits.strip_prefix('_').unwrap_or(digits) } else { digits };
    let tidy = !digits.starts_with(['_', '+', '-']) && !digits.ends_with('_') && !digits.contains("__");
    if !tidy {
        return None;
    }
    match integer(negative, &digits.replace('_', ""), radix)? {
        Number::Int(number) => Some(number),
        _ => Some(if negative { i128::MIN } else { i128::MAX }),
    }
}
