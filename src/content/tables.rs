//! CSV and TSV: a table with a header line as an array of hashes.

use std::ops::Range;
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
) -> Result<(Value, Option<Range<usize>>), TooLarge> {
    let mut rows = Rows { text, separator, ruby, empty: false, at: 0, left: bytes };
    let Some(header) = rows.next_row()? else { return Ok((Value::array(Vec::new()), None)) };
    let header: Vec<Arc<str>> = header.into_iter().map(|name| name.unwrap_or_default().into()).collect();
    rows.empty = ruby;
    let mut records: Vec<Value> = Vec::new();
    let mut long = None;
    let mut last: Option<(Vec<Option<String>>, Value)> = None;
    loop {
        let start = rows.at;
        let Some(row) = rows.next_row()? else { return Ok((Value::array(records), long)) };
        if row.len() > header.len() && long.is_none() {
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
        rows.left = rows.left.checked_sub(header.len().saturating_mul(ENTRY)).ok_or(TooLarge(start))?;
        let mut fields = row.iter();
        let mut next = || fields.next().and_then(Option::as_deref).map_or(Value::Nil, Value::from);
        let field = |name: &Arc<str>| (name.clone(), next());
        let record = Value::Map(Arc::new(header.iter().map(field).collect::<Map>()));
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
