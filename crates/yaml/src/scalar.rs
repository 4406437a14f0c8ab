//! What scalars mean.

use std::sync::Arc;

use crate::token::Style;

/// A scalar: its text, how it is written, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text: as written for plain scalars, without quotes and escapes for others.
    pub text: Arc<str>,
    /// How it is written.
    pub style: Style,
    /// What it means.
    pub meaning: Meaning,
}

/// What a scalar means by its schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// Its text.
    Text,
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// Another number.
    Float(f64),
    /// A day.
    Date(Date),
    /// A point in time.
    Time(Time),
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// From 0 to 9999.
    pub year: i32,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Seconds since the start of 1970, UTC.
    pub seconds: i64,
    /// Nanoseconds of the second.
    pub nanoseconds: u32,
    /// How it is shown.
    pub zone: Zone,
}

/// The zone in which a point in time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The reader's own: the text names none.
    Local,
    /// UTC.
    Utc,
    /// So many seconds east of UTC.
    Offset(i32),
}

impl Scalar {
    /// The value as Ruby prints it; the text of what is no number, truth value, day or null.
    pub fn printed(&self) -> Arc<str> {
        match self.meaning {
            Meaning::Text | Meaning::Time(_) => self.text.clone(),
            Meaning::Null => "".into(),
            Meaning::Bool(value) => if value { "true" } else { "false" }.into(),
            Meaning::Int(number) => number.to_string().into(),
            Meaning::Float(number) => ruby_float(number).into(),
            Meaning::Date(Date { year, month, day }) => format!("{year:04}-{month:02}-{day:02}").into(),
        }
    }
}

/// Ruby's `Float#to_s`.
fn ruby_float(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if size == 0.0 || (1e-4..1e16).contains(&size) {
        format!("{number:?}")
    } else {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(rest) => ('-', rest),
            None => ('+', exponent),
        };
        format!("{digits}e{sign}{exponent:0>2}")
    }
}
