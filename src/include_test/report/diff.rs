//! The difference between two texts, line by line.

use similar::{ChangeTag, TextDiff};

/// How many lines of a difference are shown.
const LIMIT: usize = 120;

/// How many equal lines are shown around each change.
const CONTEXT: usize = 3;

/// The lines that differ: `-` what was `before`, `+` what is there now, each behind `indent`; runs of equal lines are left
/// out.
pub(crate) fn diff(before: &str, after: &str, indent: &str, colour: bool) -> String {
    let (red, green, dim, off) = if colour { ("\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m") } else { ("", "", "", "") };
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if at > 0 {
            lines.push(format!("{indent}{dim}…{off}"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches(['\n', '\r']);
            lines.push(match change.tag() {
                ChangeTag::Delete => format!("{indent}{red}- {text}{off}"),
                ChangeTag::Insert => format!("{indent}{green}+ {text}{off}"),
                ChangeTag::Equal => format!("{indent}  {text}"),
            });
        }
    }
    if lines.len() > LIMIT {
        let more = lines.len() - LIMIT;
        lines.truncate(LIMIT);
        lines.push(format!("{indent}{dim}… and {more} more lines{off}"));
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_a_change_is_shown() {
        let before: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let after = before.replace("10\n", "ten\n");
        assert_eq!(diff(&before, &after, " ", false), "   7\n   8\n   9\n - 10\n + ten\n   11\n   12\n   13\n");
    }
}
