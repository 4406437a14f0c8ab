//! Whether a text is JSON as documentation writes it: with comments, with `...` for what is left out, with `<name>` and `$NAME` for
//! what the reader fills in, and with several documents in a row.

use super::fault::Fault;

/// Values nest no deeper.
const MAX_DEPTH: usize = 200;

/// The first fault.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let mut scan = Scan { text, at: 0, is_too_deep: false };
    loop {
        scan.skip();
        if scan.at == text.len() {
            return None;
        }
        if let Err(fault) = scan.value(0) {
            // The document is deep, and not known to be wrong.
            return Some(fault).filter(|_| !scan.is_too_deep);
        }
    }
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    is_too_deep: bool,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        // What is missing at the end is missing behind the last sign.
        let end = self.text.trim_end().len();
        let start = self.at.min(end.saturating_sub(1));
        let start = (0..=start).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let len = self.text[start..].chars().next().map_or(0, char::len_utf8);
        Err(Fault { range: start..start + len, message: message.into(), help: None })
    }

    /// Goes over blanks, comments and ellipses; whether there was an ellipsis.
    fn skip(&mut self) -> bool {
        let mut is_ellipsis = false;
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start().len();
            let rest = &rest[blanks..];
            let len = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(body) = rest.strip_prefix("/*") {
                body.find("*/").map_or(rest.len(), |len| len + 4)
            } else if rest.starts_with("...") || rest.starts_with('…') {
                is_ellipsis = true;
                rest.len() - rest.trim_start_matches(['.', '…']).len()
            } else {
                self.at += blanks;
                return is_ellipsis;
            };
            self.at += blanks + len;
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Fault> {
        let is_ellipsis = self.skip();
        let ends = |c: Option<char>| matches!(c, None | Some(',' | '}' | ']'));
        match self.next() {
            c if is_ellipsis && ends(c) => Ok(()),
            Some('{' | '[') if depth == MAX_DEPTH => {
                self.is_too_deep = true;
                self.at = self.text.len();
                Ok(())
            }
            Some('{') => self.members(depth, '}'),
            Some('[') => self.members(depth, ']'),
            Some('"') => self.text(),
            Some('<' | '$') => self.placeholder(),
            Some(c) if c == '-' || c.is_ascii_alphanumeric() => self.word(),
            Some(c) if ends(Some(c)) => self.fault(format!("a value is missing before `{c}`")),
            Some(c) => self.fault(format!("`{c}` begins no value")),
            None => self.fault("a value is missing at the end"),
        }
    }

    /// What stands between braces or brackets.
    fn members(&mut self, depth: usize, close: char) -> Result<(), Fault> {
        let open = self.at;
        self.at += 1;
        let mut comma = None;
        loop {
            let is_ellipsis = self.skip();
            match self.next() {
                Some(c) if c == close => {
                    if let (Some(comma), false) = (comma, is_ellipsis) {
                        self.at = comma;
                        return self.fault(format!("there is a comma before `{close}`"));
                    }
                    self.at += 1;
                    return Ok(());
                }
                Some(',') if is_ellipsis => {
                    comma = Some(self.at);
                    self.at += 1;
                    continue;
                }
                None => {
                    self.at = open;
                    let sign = if close == '}' { '{' } else { '[' };
                    return self.fault(format!("`{sign}` is not closed by `{close}`"));
                }
                _ => {}
            }
            if close == '}' {
                self.key()?;
            }
            self.value(depth + 1)?;
            let is_ellipsis = self.skip();
            comma = None;
            match self.next() {
                Some(',') => {
                    comma = Some(self.at);
                    self.at += 1;
                }
                Some(c) if c == close || is_ellipsis => {}
                None => {}
                Some(_) => return self.fault("a comma is missing before this"),
            }
        }
    }

    fn key(&mut self) -> Result<(), Fault> {
        match self.next() {
            Some('"') => self.text()?,
            Some('<' | '$') => self.placeholder()?,
            Some(_) => return self.fault("a key stands in double quotes"),
            None => return self.fault("a key is missing at the end"),
        }
        self.skip();
        if self.next() != Some(':') {
            return self.fault("a colon is missing behind the key");
        }
        self.at += 1;
        Ok(())
    }

    fn text(&mut self) -> Result<(), Fault> {
        let open = self.at;
        self.at += 1;
        while let Some(c) = self.next() {
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '\n' => break,
                '\\' => {
                    let escaped = self.rest().chars().nth(1);
                    if !escaped.is_some_and(|c| r#""\/bfnrtu"#.contains(c)) {
                        return self.fault("a backslash stands before nothing that is written with one");
                    }
                    self.at += 2;
                }
                c => self.at += c.len_utf8(),
            }
        }
        self.at = open;
        self.fault("this text is not closed on its line")
    }

    /// `<name>`, `$NAME`, `${NAME}`.
    fn placeholder(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        let line = rest.lines().next().unwrap_or_default();
        let len = match line.strip_prefix("${") {
            Some(body) => body.find('}').map(|at| at + 3),
            None if line.starts_with('<') => line.find('>').map(|at| at + 1),
            None => {
                let name = line[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                (name > 0).then_some(name + 1)
            }
        };
        match len {
            Some(len) => {
                self.at += len;
                Ok(())
            }
            None => self.fault("a value is missing here"),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_'))).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches('.');
        if matches!(word, "true" | "false" | "null") || is_number(word) {
            self.at += word.len();
            return Ok(());
        }
        let message = format!("`{word}` is no value; texts stand in double quotes");
        Err(Fault { range: self.at..self.at + word.len().max(1), message, help: None })
    }
}

/// Whether this is a number of JSON.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (word, None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, part)| (whole, Some(part)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn json_of_documentation_is_no_fault() {
        for text in [
            "",
            "{}",
            "[]",
            "{\"a\": [1, -2.5e+3, true, null, \"\\u00e9\\n\"]}",
            "{\"a\": 1} // one\n# two\n/* three */",
            "{...}",
            "[1, ...]",
            "[1, 2, ..., 9]",
            "{\"a\": 1, ...}",
            "{\"a\": 1\n  ...\n}",
            "{\n ...,\n \"a\": ...\n}",
            "{\"a\": {…}}",
            "{\"a\": <port>, \"b\": $B, <c>: ${D}}",
            "{\"a\": 1}\n{\"a\": 2}\n",
            "\"text\"",
            "... {\"a\": 1} ...",
            "{\"a\": 1, // last\n \"b\": 2 ...\n}",
        ] {
            assert!(fault(text).is_none(), "{text}: {:?}", fault(text));
        }
        let deep = "[".repeat(100_000);
        assert!(fault(&deep).is_none());
    }

    #[test]
    fn what_no_reader_of_json_takes_is_one() {
        for (text, place, message) in [
            ("{\"a\": }", "}", "a value is missing before `}`"),
            ("{\"a\": 1,}", ",", "there is a comma before `}`"),
            ("{\"a\": 1 \"b\": 2}", "\"", "a comma is missing before this"),
            ("{'a': 1}", "'", "a key stands in double quotes"),
            ("{\"a\" 1}", "1", "a colon is missing behind the key"),
            ("{\"a\": 'b'}", "'", "`'` begins no value"),
            ("{\"a\": yes}", "yes", "`yes` is no value; texts stand in double quotes"),
            ("{\"a\": 01}", "01", "`01` is no value; texts stand in double quotes"),
            ("{\"a\": 1", "{", "`{` is not closed by `}`"),
            ("[1, 2", "[", "`[` is not closed by `]`"),
            ("{\"a\": \"b\n}", "\"", "this text is not closed on its line"),
            ("[\"\\d\"]", "\\", "a backslash stands before nothing that is written with one"),
            ("{\"a\": 1.2.3}", "1.2.3", "`1.2.3` is no value; texts stand in double quotes"),
            ("[]]", "]", "a value is missing before `]`"),
            ("{\"a\":é}", "é", "`é` begins no value"),
        ] {
            let found = fault(text).map(|fault| (text[fault.range].to_owned(), fault.message));
            assert_eq!(found, Some((place.to_owned(), message.to_owned())), "{text}");
        }
    }
}
