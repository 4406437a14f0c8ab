//! A part of a text: the lines of a region, or lines by their numbers.
//!
//! A region lies between a line that says `#region NAME` and one that says `#endregion NAME` or just `#endregion`, each in a comment
//! of whatever language. Regions may lie in each other and overlap; a name that comes several times stands for all of them together.

use carafe_source::diagnostic::did_you_mean;

/// Which part.
pub(super) enum Part<'p> {
    All,
    /// The region of this name.
    Region(&'p str),
    /// Lines by their numbers, as in `3-9` or `1,4-6,12-`.
    Lines(&'p str),
}

/// Why there is no such part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub message: String,
    pub help: Option<String>,
}

fn problem<T>(message: String, help: Option<String>) -> Result<T, Problem> {
    Err(Problem { message, help })
}

/// A line that begins or ends a region, and the name it says.
#[derive(Debug, PartialEq, Eq)]
enum Mark<'l> {
    Begin(&'l str),
    End(&'l str),
}

/// The mark that a line is. It is one when nothing but the signs of a comment stands before it; code that holds such words is code.
fn mark(line: &str) -> Option<Mark<'_>> {
    let at = line.find("#region").or_else(|| line.find("#endregion"))?;
    let before = line.get(..at)?.trim();
    if before.chars().any(char::is_alphanumeric) && !before.eq_ignore_ascii_case("rem") {
        return None;
    }
    if before.contains(['"', '\'', '`']) && before != "'" {
        return None;
    }
    let rest = line.get(at..)?;
    let (is_begin, rest) = match rest.strip_prefix("#region") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("#endregion")?),
    };
    if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return None;
    }
    let mut name = rest.trim();
    for close in ["*/", "-->", "--}}", "#}", "*)", "%>", "=#"] {
        name = name.strip_suffix(close).unwrap_or(name).trim_end();
    }
    Some(if is_begin { Mark::Begin(name) } else { Mark::End(name) })
}

/// The lines of the part, each ended by a line feed, without those that are marks and without the indentation that all have.
pub(super) fn take(text: &str, part: &Part<'_>) -> Result<String, Problem> {
    let lines: Vec<&str> = text.lines().collect();
    let shown: Vec<&str> = match part {
        Part::All => lines,
        Part::Region(name) => region(&lines, name)?,
        Part::Lines(ranges) => numbered(&lines, ranges)?,
    };
    let shown: Vec<&str> = shown.into_iter().filter(|line| mark(line).is_none()).collect();
    if shown.iter().all(|line| line.trim().is_empty()) {
        let what = match part {
            Part::All => "the file is empty".to_owned(),
            Part::Region(name) => format!("the region `{name}` is empty"),
            Part::Lines(ranges) => format!("nothing stands in the lines {ranges}"),
        };
        return problem(what, None);
    }
    let indent = indentation(&shown);
    let mut out = String::new();
    for line in shown {
        // A blank line may be shorter.
        out.push_str(line.get(indent..).unwrap_or_default());
        out.push('\n');
    }
    Ok(out)
}

/// How many bytes of blanks all lines begin with alike, those that are blank apart.
fn indentation(lines: &[&str]) -> usize {
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut all = lines.iter().filter(|line| !line.trim().is_empty());
    let Some(first) = all.next() else { return 0 };
    let common = |width: usize, line: &&str| {
        let alike = first.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
        width.min(alike).min(blanks(line))
    };
    all.fold(blanks(first), common)
}

fn region<'t>(lines: &[&'t str], name: &str) -> Result<Vec<&'t str>, Problem> {
    let mut open: Vec<&str> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut shown = Vec::new();
    for line in lines {
        match mark(line) {
            Some(Mark::Begin(begun)) => {
                open.push(begun);
                names.push(begun);
            }
            Some(Mark::End("")) => drop(open.pop()),
            Some(Mark::End(ended)) => {
                if let Some(at) = open.iter().rposition(|begun| *begun == ended) {
                    open.remove(at);
                }
            }
            None if open.contains(&name) => shown.push(*line),
            None => {}
        }
    }
    if open.contains(&name) {
        let help = format!("end it with a line that says `#endregion {name}` in a comment");
        return problem(format!("the region `{name}` is never closed"), Some(help));
    }
    if names.contains(&name) {
        return Ok(shown);
    }
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("mark it by lines that say `#region {name}` and `#endregion {name}` in comments"),
    };
    problem(format!("there is no region `{name}`"), Some(help))
}

fn numbered<'t>(lines: &[&'t str], ranges: &str) -> Result<Vec<&'t str>, Problem> {
    let mut shown = Vec::new();
    for range in ranges.split(',') {
        let Some((first, last)) = ends(range.trim(), lines.len()) else {
            let help = "write `3`, `3-9`, `3-` or several with commas between them; lines count from 1";
            return problem(format!("`{}` are no lines", range.trim()), Some(help.to_owned()));
        };
        let Some(found) = lines.get(first - 1..last) else {
            let count = lines.len();
            let has = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            return problem(format!("there are no lines {}", range.trim()), Some(format!("the file has {has}")));
        };
        shown.extend(found);
    }
    Ok(shown)
}

/// The first and the last line of a range; an end that is not written is the file's.
fn ends(range: &str, count: usize) -> Option<(usize, usize)> {
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|number| *number > 0);
    let (first, last) = match range.split_once('-') {
        None => (number(range)?, number(range)?),
        Some((first, last)) if last.trim().is_empty() => (number(first)?, count.max(number(first)?)),
        Some((first, last)) => (number(first)?, number(last)?),
    };
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "a\n  // #region one\n  b\n\n    # #region Two words\n    c\n  /* #endregion */\n  d\n  <!-- #endregion one -->\ne\n";

    fn shown(part: &Part<'_>) -> String {
        take(CODE, part).unwrap_or_else(|problem| problem.message)
    }

    #[test]
    fn regions_lie_in_each_other_and_marks_are_never_shown() {
        assert_eq!(shown(&Part::Region("one")), "b\n\n  c\nd\n");
        assert_eq!(shown(&Part::Region("Two words")), "c\n");
        assert_eq!(shown(&Part::All), "a\n  b\n\n    c\n  d\ne\n");
        assert_eq!(shown(&Part::Region("three")), "there is no region `three`");
    }

    #[test]
    fn regions_may_overlap_come_twice_and_must_end() {
        let text = "#region a\n1\n#region b\n2\n#endregion a\n3\n#endregion b\n4\n#region a\n5\n#endregion\n";
        assert_eq!(take(text, &Part::Region("a")).unwrap(), "1\n2\n5\n");
        assert_eq!(take(text, &Part::Region("b")).unwrap(), "2\n3\n");
        let open = take("// #region a\n1\n", &Part::Region("a")).unwrap_err();
        assert_eq!(open.message, "the region `a` is never closed");
        let empty = take("// #region a\n\n// #endregion\n", &Part::Region("a")).unwrap_err();
        assert_eq!(empty.message, "the region `a` is empty");
    }

    #[test]
    fn lines_are_taken_by_number_and_must_be_there() {
        assert_eq!(shown(&Part::Lines("1, 3-4,10-")), "a\n  b\n\ne\n");
        assert_eq!(shown(&Part::Lines("9-11")), "there are no lines 9-11");
        assert_eq!(shown(&Part::Lines("11-")), "there are no lines 11-");
        for wrong in ["0-2", "4-3", "x", "", "1-x", "99999999999999999999"] {
            assert_eq!(shown(&Part::Lines(wrong)), format!("`{wrong}` are no lines"));
        }
    }

    #[test]
    fn code_that_speaks_of_regions_is_code() {
        for line in ["let mark = \"#region a\";", "x // #region a", "print('#endregion')", "#regions", "\"#region a\","]
        {
            assert_eq!(mark(line), None, "{line}");
        }
        for line in [
            "//#region a",
            "# #region a",
            "-- #region a",
            "REM #region a",
            "' #region a",
            "{{!-- #region a --}}",
            "#region a",
        ] {
            assert_eq!(mark(line), Some(Mark::Begin("a")), "{line}");
        }
        assert_eq!(mark("\t;; #endregion"), Some(Mark::End("")));
    }

    #[test]
    fn indentation_is_taken_off_as_far_as_all_lines_have_it_alike() {
        assert_eq!(take("\t a\r\n\t\tb\r\n\r\n", &Part::All).unwrap(), " a\n\tb\n\n");
        assert_eq!(take("  é\n \n   x\n", &Part::All).unwrap(), "é\n\n x\n");
    }
}
