//! CSV and TSV: a table with a header line as an array of hashes.

use std::sync::Arc;

use carafe_liquid::value::{Map, Value};

/// What one entry of a hash takes in memory: its key, its value, and its place in the table.
pub(super) const ENTRY: usize = 128;
/// What a field takes beside its text.
const FIELD: usize = 64;

/// The table takes more memory than it may; the byte at which that was clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge(pub usize);

/// The records of a table whose fields may stand in double quotes. As in Ruby, a short row has the fields that it leaves out,
/// too, as nil; rows that are equal are one value.
///
/// # Errors
/// [`TooLarge`], before more than `bytes` of memory are used.
pub(super) fn records(text: &str, separator: char, bytes: usize) -> Result<Value, TooLarge> {
    let mut rows = Rows { text, separator, at: 0, left: bytes };
    let Some(header) = rows.next_row()? else { return Ok(Value::array(Vec::new())) };
    let header: Vec<Arc<str>> = header.into_iter().map(Arc::from).collect();
    let mut records: Vec<Value> = Vec::new();
    let mut last: Option<(Vec<String>, Value)> = None;
    loop {
        let start = rows.at;
        let Some(row) = rows.next_row()? else { return Ok(Value::array(records)) };
        if let Some((known, record)) = &last
            && *known == row
        {
            records.push(record.clone());
            continue;
        }
        rows.left = rows.left.checked_sub(header.len().saturating_mul(ENTRY)).ok_or(TooLarge(start))?;
        let mut fields = row.iter();
        let field = |name: &Arc<str>| (name.clone(), fields.next().map_or(Value::Nil, |field| field.as_str().into()));
        let record = Value::Map(Arc::new(header.iter().map(field).collect::<Map>()));
        records.push(record.clone());
        last = Some((row, record));
    }
}

/// The rows of a table, one after the other.
struct Rows<'t> {
    text: &'t str,
    separator: char,
    at: usize,
    left: usize,
}

impl Rows<'_> {
    /// The next row that is not empty.
    fn next_row(&mut self) -> Result<Option<Vec<String>>, TooLarge> {
        let (mut row, mut field) = (Vec::new(), String::new());
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
                    field.push('"');
                }
                '"' if quoted || field.is_empty() => quoted = !quoted,
                _ if quoted => field.push(c),
                '\r' if next == Some('\n') => {}
                '\n' => {
                    self.add(&mut row, &mut field)?;
                    if row.len() > 1 || row.iter().any(|field| !field.is_empty()) {
                        return Ok(Some(row));
                    }
                    row.clear();
                }
                _ if c == self.separator => self.add(&mut row, &mut field)?,
                _ => field.push(c),
            }
        }
        self.at = self.text.len();
        if field.is_empty() && row.is_empty() {
            return Ok(None);
        }
        self.add(&mut row, &mut field)?;
        Ok(Some(row))
    }

    fn add(&mut self, row: &mut Vec<String>, field: &mut String) -> Result<(), TooLarge> {
        self.left = self.left.checked_sub(FIELD + 2 * field.len()).ok_or(TooLarge(self.at))?;
        row.push(std::mem::take(field));
        Ok(())
    }
}
