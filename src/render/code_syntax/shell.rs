//! Documents that a command of a shell is given: `echo '…' | kubectl apply -f -`, `cat <<EOF`. Authors name the language of the document.

use std::ops::Range;

/// The document in a block of code, which is all of it unless it begins with such a command; none when it cannot be told where it ends or what
/// the shell makes of it.
pub(super) fn document(code: &str) -> Option<Range<usize>> {
    // Comments may stand before it.
    let is_silent = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let before: usize = code.split_inclusive('\n').take_while(is_silent).map(str::len).sum();
    let first = code[before..].lines().next().unwrap_or_default();
    let start = (before + first.len() + 1).min(code.len());
    let line = first.trim().trim_start_matches("$ ");
    let end_of = |ends: &dyn Fn(&str) -> bool| {
        let mut at = start;
        for line in code[start..].split_inclusive('\n') {
            if ends(line.trim()) {
                return Some(at);
            }
            at += line.len();
        }
        None
    };
    if let Some((_, word)) = line.split_once("<<").filter(|(before, _)| !before.is_empty()) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = word.trim_start_matches(['-', ' ', '\'', '"']).split(|c| !is_word(c)).next().unwrap_or_default();
        return end_of(&|line| line == word).map(|end| start..end);
    }
    let quote = ['\'', '"'].into_iter().find(|quote| line.starts_with("echo ") && line.ends_with(*quote));
    let Some(quote) = quote else { return Some(0..code.len()) };
    let end = end_of(&|line| line.starts_with(quote))?;
    let is_changed = quote == '"' && code[start..end].contains(['\\', '$', '`']);
    (!is_changed).then_some(start..end)
}
