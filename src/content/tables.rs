//! CSV and TSV: a table with a header line as an array of hashes.

use std::ops::Range;
use std::sync::Arc;

use carafe_liquid::value::{Map, Value};

/// What one entry of a hash takes in memory: its key, its value, and its place in the table.
pub(super) const ENTRY: usize = 128;
/// What a field takes beside its text.
const FIELD: usize = 64;

/// How a site's tables are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// What names the fields of a record.
    pub headers: Headers,
    /// Whether a field that is a whole number is one.
    pub integers: bool,
    /// Whether a field that is a number is one.
    pub floats: bool,
}

/// What names the fields of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Headers {
    /// The first row of the table.
    #[default]
    First,
    /// Nothing: a record is an array.
    None,
    /// These names; the first row is a record already.
    Given(Vec<String>),
}

impl Tables {
    fn value(&self, field: &str) -> Value {
        if self.integers
            && let Some(number) = integer(field.trim())
        {
            return Value::Int(number);
        }
        match self.floats.then(|| float(field.trim())).flatten() {
            Some(number) => Value::Float(number),
            None => field.into(),
        }
    }
}

/// A whole number as Ruby's `Integer` reads it: with a sign, a prefix that tells its base, and `_` between digits.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, lower[1..].trim_start_matches('_')),
        _ => (10, lower.as_str()),
    };
    let number = i128::from_str_radix(&without_underscores(digits)?, radix).ok()?;
    Some(if negative { -number } else { number })
}

/// A number as Ruby's `Float` reads it.
fn float(text: &str) -> Option<f64> {
    let digits = without_underscores(text.strip_prefix(['-', '+']).unwrap_or(text))?;
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !digits.ends_with('.')
        && !digits.to_ascii_lowercase().contains(".e");
    let number: f64 = digits.parse().ok().filter(|_| is_number)?;
    Some(if text.starts_with('-') { -number } else { number })
}

/// The text without single underscores between its letters; `None` when there are others.
fn without_underscores(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('_').collect();
    let is_joined = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    (parts.len() == 1 || parts.iter().all(is_joined)).then(|| parts.concat())
}

/// The table takes more memory than it may; the byte at which that was clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge(pub usize);

/// The records of a table, read as `tables` says, whose fields may stand in double quotes. As in Ruby, a short row has the fields that it leaves out,
/// too, as nil; rows that are equal are one value. By `ruby`'s rules an empty field is nil unless it is quoted, and an empty line behind the
/// header is a record without any. With them comes the first row that is longer than the header.
///
/// # Errors
/// [`TooLarge`], before more than `bytes` of memory are used.
pub(super) fn records(
    text: &str,
    separator: char,
    ruby: bool,
    bytes: usize,
    tables: &Tables,
) -> Result<(Value, Option<Range<usize>>), TooLarge> {
    let mut rows = Rows { text, separator, ruby, empty: false, at: 0, left: bytes };
    let header: Option<Vec<Arc<str>>> = match &tables.headers {
        Headers::None => None,
        Headers::Given(names) => Some(names.iter().map(|name| name.as_str().into()).collect()),
        Headers::First => {
            let Some(header) = rows.next_row()? else { return Ok((Value::array(Vec::new()), None)) };
            Some(header.into_iter().map(|name| name.unwrap_or_default().into()).collect())
        }
    };
    rows.empty = ruby;
    let mut records: Vec<Value> = Vec::new();
    let mut long = None;
    let mut last: Option<(Vec<Option<String>>, Value)> = None;
    loop {
        let start = rows.at;
        let Some(row) = rows.next_row()? else { return Ok((Value::array(records), long)) };
        if header.as_ref().is_some_and(|header| row.len() > header.len()) && long.is_none() {
            let written = text.get(start..rows.at).unwrap_or_default();
            let blank = written.len() - written.trim_start().len();
            long = Some(start + blank..start + written.trim_end().len());
        }
        if let Some((known, record)) = &last
            && *known == row
        {
            records.push(record.clone());
            continue;
        }
        let width = header.as_ref().map_or(row.len(), Vec::len);
        rows.left = rows.left.checked_sub(width.saturating_mul(ENTRY)).ok_or(TooLarge(start))?;
        let mut fields = row.iter();
        let value = |field: Option<&Option<String>>| {
            field.and_then(Option::as_deref).map_or(Value::Nil, |field| tables.value(field))
        };
        let record = match &header {
            Some(header) => {
                let field = |name: &Arc<str>| (name.clone(), value(fields.next()));
                Value::Map(Arc::new(header.iter().map(field).collect::<Map>()))
            }
            // An empty line is an empty array.
            None if matches!(row.as_slice(), [None]) => Value::array(Vec::new()),
            None => Value::array(fields.map(|field| value(Some(field))).collect()),
        };
        records.push(record.clone());
        last = Some((row, record));
    }
}

/// The rows of a table, one after the other.
struct Rows<'t> {
    text: &'t str,
    separator: char,
    /// Whether an empty field is nil.
    ruby: bool,
    /// Whether an empty line is a row.
    empty: bool,
    at: usize,
    left: usize,
}

impl Rows<'_> {
    /// The next row that is not empty, or that counts though it is; `None` stands for a field that is nil.
    fn next_row(&mut self) -> Result<Option<Vec<Option<String>>>, TooLarge> {
        let (mut row, mut field) = (Vec::new(), None::<String>);
        let mut quoted = false;
        let rest = self.text.get(self.at..).unwrap_or("");
        let from = self.at;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            self.at = from + at + c.len_utf8();
            let next = chars.peek().map(|(_, c)| *c);
            match c {
                '"' if quoted && next == Some('"') => {
                    chars.next();
                    field.get_or_insert_default().push('"');
                }
                '"' if quoted || field.as_deref().is_none_or(str::is_empty) => {
                    quoted = !quoted;
                    field.get_or_insert_default();
                }
                _ if quoted => field.get_or_insert_default().push(c),
                '\r' if next == Some('\n') => {}
                '\n' => {
                    self.add(&mut row, &mut field)?;
                    let is_empty =
                        |field: &Option<String>| field.as_deref().is_none_or(|field| field.is_empty() && !self.ruby);
                    if self.empty || row.len() > 1 || !row.iter().all(is_empty) {
                        return Ok(Some(row));
                    }
                    row.clear();
                }
                _ if c == self.separator => self.add(&mut row, &mut field)?,
                _ => field.get_or_insert_default().push(c),
            }
        }
        self.at = self.text.len();
        if field.as_deref().is_none_or(str::is_empty) && row.is_empty() {
            return Ok(None);
        }
        self.add(&mut row, &mut field)?;
        Ok(Some(row))
    }

    fn add(&mut self, row: &mut Vec<Option<String>>, field: &mut Option<String>) -> Result<(), TooLarge> {
        let length = field.as_deref().map_or(0, str::len);
        self.left = self.left.checked_sub(FIELD + 2 * length).ok_or(TooLarge(self.at))?;
        row.push(field.take().or_else(|| (!self.ruby).then(String::new)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carafe_liquid::convert::inspect;

    fn read(text: &str, tables: &Tables) -> String {
        inspect(&records(text, ',', true, 1 << 20, tables).unwrap().0)
    }

    #[test]
    fn fields_become_numbers_by_rubys_rules() {
        let rows = [
            ("010", "8"),
            ("08", "8.0"),
            ("0x1F", "31"),
            ("1_000", "1000"),
            ("1__0", "\"1__0\""),
            (" 12 ", "12"),
            ("1e3", "1000.0"),
            (".5", "0.5"),
            ("1.", "\"1.\""),
            ("+4", "4"),
            ("-3", "-3"),
            ("0b11", "3"),
            ("0o17", "15"),
            ("1_0.5", "10.5"),
            ("-1_0.5", "-10.5"),
            ("+1.5", "1.5"),
            ("-+1.5", "\"-+1.5\""),
            ("1_.5", "\"1_.5\""),
            ("1._5", "\"1._5\""),
            ("1_", "\"1_\""),
            ("-_1", "\"-_1\""),
            ("0x_1F", "\"0x_1F\""),
            ("Infinity", "\"Infinity\""),
            ("1e", "\"1e\""),
            ("--1", "\"--1\""),
            ("12a", "\"12a\""),
            ("00", "0"),
            ("_1", "\"_1\""),
            ("-", "\"-\""),
        ];
        let tables = Tables { headers: Headers::None, integers: true, floats: true };
        for (text, expected) in rows {
            assert_eq!(read(text, &tables), format!("[[{expected}]]"), "{text}");
        }
    }

    #[test]
    fn a_quote_within_a_field_is_itself_and_what_tables_take_is_bounded() {
        let named = Tables { headers: Headers::None, ..Tables::default() };
        assert_eq!(read("1\" x,2\n", &named), r#"[["1\" x", "2"]]"#);
        assert_eq!(read("\"1 \"\"x\"\"\",\"2\n3\"\n", &named), r#"[["1 \"x\"", "2\n3"]]"#);
        let text = format!("a\n{}\n", "x".repeat(1000));
        let is_too_large = |most| records(&text, ',', true, most, &named).is_err();
        assert!(is_too_large(1000) && is_too_large(1900) && !is_too_large(4000));
    }

    #[test]
    fn records_may_have_no_names_or_other_names() {
        let none = Tables { headers: Headers::None, ..Tables::default() };
        assert_eq!(read("a,b\n1,2\n\n3\n", &none), r#"[["a", "b"], ["1", "2"], [], ["3"]]"#);
        let given = Tables { headers: Headers::Given(vec!["x".into(), "y".into()]), ..Tables::default() };
        assert_eq!(read("1,2\n3\n", &given), r#"[{"x"=>"1", "y"=>"2"}, {"x"=>"3", "y"=>nil}]"#);
    }
}
