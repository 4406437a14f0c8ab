//! From lines and columns to offsets.

/// The offset of a line and a column, both counted from 0, the column in characters; the end of the line, or of the text, where there
/// are not so many.
pub(super) fn offset(text: &str, (line, column): (usize, usize)) -> usize {
    let mut start = 0;
    for _ in 0..line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(end) => start += end + 1,
            None => return text.len(),
        }
    }
    let rest = text.get(start..).unwrap_or_default();
    let here = rest.find('\n').map_or(rest, |end| rest.get(..end).unwrap_or_default());
    start + here.char_indices().nth(column).map_or(here.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::offset;

    #[test]
    fn columns_count_characters_and_end_with_their_line() {
        let text = "ä b\n\ncd";
        assert_eq!(
            [offset(text, (0, 1)), offset(text, (0, 9)), offset(text, (1, 3)), offset(text, (2, 1))],
            [2, 4, 5, 7]
        );
        assert_eq!(offset(text, (7, 0)), text.len());
    }
}
