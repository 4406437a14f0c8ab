//! Style sheets and scripts without comments and without blanks that mean nothing. `build.rs` puts the theme's own through this before they are
//! embedded; names and everything else stay, so that a fault is still found.
//!
//! Meant for texts without mistakes: what is broken may come out broken otherwise.

/// A style sheet without comments, blanks around signs, and the last semicolon of a block.
pub(crate) fn css(text: &str) -> String {
    let mut out = Out::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '/' if rest.starts_with("/*") => {
                out.blank(false);
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            '"' | '\'' => out.copy(rest, quoted(rest), css_joins),
            'u' if rest.starts_with("url(") => {
                out.copy(rest, rest.find(')').map_or(rest.len(), |end| end + 1), css_joins)
            }
            _ if c.is_ascii_whitespace() => {
                out.blank(false);
                1
            }
            _ => {
                if c == '}' && out.text.ends_with(';') {
                    out.text.pop();
                }
                out.copy(rest, c.len_utf8(), css_joins)
            }
        };
        rest = &rest[len..];
    }
    out.text
}

/// Whether a blank between these two means nothing. A colon in front may begin a pseudo-class, as in `a :hover`, and around signs of sums and
/// before brackets blanks are needed.
fn css_joins(before: char, next: char, _: bool) -> bool {
    matches!(before, '{' | '}' | ';' | ',' | ':' | '(' | '>') || matches!(next, '{' | '}' | ';' | ',' | ')' | '>' | '!')
}

/// A script without comments, indents, and blanks and line ends that part nothing.
pub(crate) fn js(text: &str) -> String {
    let mut out = Out::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
                out.blank(rest[..end].contains('\n'));
                end
            }
            '/' if begins_pattern(&out.text) => out.copy(rest, pattern(rest), js_joins),
            '"' | '\'' => out.copy(rest, quoted(rest), js_joins),
            '`' => out.copy(rest, template(rest), js_joins),
            _ if c.is_ascii_whitespace() => {
                out.blank(c == '\n');
                1
            }
            _ => out.copy(rest, c.len_utf8(), js_joins),
        };
        rest = &rest[len..];
    }
    out.text
}

/// Whether a blank, or a line end, between these two means nothing.
fn js_joins(before: char, next: char, is_line_end: bool) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    if is_line_end {
        // Elsewhere a statement may end with the line.
        return matches!(before, '{' | '(' | '[' | ',' | ';' | ':' | '?' | '=' | '&' | '|')
            || matches!(next, '}' | ')' | ']' | ',' | ';' | ':' | '?' | '=' | '&' | '|' | '.');
    }
    let is_one_sign = before == next && matches!(before, '+' | '-') || before == '-' && next == '>';
    let is_number = before.is_ascii_digit() && next == '.';
    !(is_word(before) && is_word(next) || before == '/' || next == '/' || is_one_sign || is_number)
}

/// What is written so far, and what is to be written before the next sign.
#[derive(Default)]
struct Out {
    text: String,
    blank: bool,
    line_end: bool,
}

impl Out {
    fn blank(&mut self, is_line_end: bool) {
        self.blank = true;
        self.line_end |= is_line_end;
    }

    /// Writes the first `len` bytes of `rest`; gives `len`.
    fn copy(&mut self, rest: &str, len: usize, joins: fn(char, char, bool) -> bool) -> usize {
        let (blank, line_end) = (std::mem::take(&mut self.blank), std::mem::take(&mut self.line_end));
        if blank
            && let (Some(before), Some(next)) = (self.text.chars().next_back(), rest.chars().next())
            && !joins(before, next, line_end)
        {
            self.text.push(if line_end { '\n' } else { ' ' });
        }
        self.text.push_str(&rest[..len]);
        len
    }
}

/// The length of the text in quotes at the start.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    let ends = |(at, c): (usize, char)| {
        let ends = at > 0 && !escaped && rest.starts_with(c);
        escaped = !escaped && c == '\\';
        ends.then_some(at + 1)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

/// The length of the template at the start, with the expressions in it and the templates in these.
fn template(rest: &str) -> usize {
    let (mut at, mut depth) = (1, 0_usize);
    while let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) {
        let ahead = &rest[at..];
        at += match c {
            '\\' if depth == 0 => 1 + ahead[1..].chars().next().map_or(0, char::len_utf8),
            '`' if depth == 0 => return at + 1,
            '$' if depth == 0 && ahead.starts_with("${") => {
                depth = 1;
                2
            }
            '`' => template(ahead),
            '"' | '\'' if depth > 0 => quoted(ahead),
            '{' if depth > 0 => {
                depth += 1;
                1
            }
            '}' if depth > 0 => {
                depth -= 1;
                1
            }
            c => c.len_utf8(),
        };
    }
    rest.len()
}

/// Whether a slash behind this begins a regular expression, rather than dividing.
fn begins_pattern(before: &str) -> bool {
    let Some(last) = before.chars().next_back() else { return true };
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    match word {
        "" => !matches!(last, ')' | ']' | '}' | '"' | '\'' | '`' | '_' | '$'),
        word => ["return", "typeof", "case", "in", "of", "throw", "await", "yield"].contains(&word),
    }
}

/// The length of the regular expression at the start, without its flags.
fn pattern(rest: &str) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    let ends = |(at, c): (usize, char)| {
        let ends = at > 0 && c == '/' && !escaped && !in_class;
        match c {
            _ if escaped => {}
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        escaped = !escaped && c == '\\';
        ends.then_some(at + 1)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use cssparser::{Parser, Token};

    use super::*;

    #[test]
    fn what_means_something_in_a_style_sheet_stays() {
        for (text, short) in [
            ("/* a */ a :hover > b , c { color : red ; }\n", "a :hover>b,c{color :red}"),
            (
                "@media (min-width: 40rem) and (x) {\n  a + b { width: calc(1px + (2px - 3px)) !important; }\n}",
                "@media (min-width:40rem) and (x){a + b{width:calc(1px + (2px - 3px))!important}}",
            ),
            ("a::before { content: \"  /* } \\\" \" }", "a::before{content:\"  /* } \\\" \"}"),
            ("a { background: url( x y.png ) no-repeat; --x: 1 2; }", "a{background:url( x y.png ) no-repeat;--x:1 2}"),
            ("a/**/b{}", "a b{}"),
        ] {
            assert_eq!(css(text), short);
        }
    }

    #[test]
    fn what_means_something_in_a_script_stays() {
        for (text, short) in [
            ("// a\nconst a = 1; // b\n\n\tlet b = a / 2 / 3;\n", "const a=1;let b=a / 2 / 3;"),
            ("const a = b\n(c)\nreturn\nx", "const a=b\n(c)\nreturn\nx"),
            ("a + +b - -c; d++ + e; 1 .x", "a+ +b- -c;d++ +e;1 .x"),
            ("x.replace(/[/\"]\\/ {2}/g, '//') ; y", "x.replace(/[/\"]\\/ {2}/g,'//');y"),
            (
                "`a  ${ b ? `  // ${ {c: '}'} } ` : \"`\" }  /* */` + 1",
                "`a  ${ b ? `  // ${ {c: '}'} } ` : \"`\" }  /* */`+1",
            ),
            ("if (a) {\n\tb();\n}\nelse c => ({ d })\n", "if(a){b();}\nelse c=>({d})"),
            ("a\n\t.b()\n\t?.c;", "a.b()?.c;"),
            ("return /* x */ /a b/.test(c)", "return /a b/.test(c)"),
        ] {
            assert_eq!(js(text), short);
        }
    }

    /// The tokens of a style sheet as a library reads them, blanks included.
    fn tokens(parser: &mut Parser<'_>, all: &mut Vec<String>) {
        while let Ok(token) = parser.next_including_whitespace().cloned() {
            let closes = match token {
                Token::CurlyBracketBlock => Some("}"),
                Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock => Some(")"),
                _ => None,
            };
            all.push(if matches!(token, Token::WhiteSpace(_)) { " ".to_owned() } else { format!("{token:?}") });
            if let Some(closes) = closes {
                let inner: Result<(), cssparser::ParseError<()>> = parser.parse_nested_block(|inner| {
                    tokens(inner, all);
                    Ok(())
                });
                inner.unwrap();
                all.push(closes.to_owned());
            }
        }
    }

    /// The tokens without blanks that mean nothing, and without semicolons at the end of blocks.
    fn read(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        tokens(&mut Parser::new(text), &mut all);
        let mut kept: Vec<String> = Vec::new();
        for (at, token) in all.iter().enumerate() {
            let next = all[at + 1..].iter().find(|next| *next != " ").map_or("}", String::as_str);
            let before = kept.last().map_or("}", String::as_str);
            let opens = matches!(before, "ParenthesisBlock" | "CurlyBracketBlock") || before.starts_with("Function");
            let means_nothing = match token.as_str() {
                " " => {
                    opens
                        || matches!(before, "}" | "Semicolon" | "Comma" | "Colon" | "Delim('>')" | " ")
                        || matches!(
                            next,
                            "CurlyBracketBlock" | "}" | ")" | "Semicolon" | "Comma" | "Delim('>')" | "Delim('!')"
                        )
                }
                "Semicolon" => next == "}",
                _ => false,
            };
            if !means_nothing {
                kept.push(token.clone());
            }
        }
        kept
    }

    #[test]
    fn the_themes_style_sheet_reads_the_same() {
        let text = include_str!("../../static/assets/carafe.css");
        assert!(read(text).len() > 3000);
        assert_eq!(read(&css(text)), read(text));
        for (a, b) in [("var(--ink)", "var(--line)"), (" :is(", ":is("), (") ", ")")] {
            assert_ne!(read(&css(text).replacen(a, b, 1)), read(text), "{a}");
        }
        assert_eq!(css(&css(text)), css(text));
    }

    #[test]
    fn the_themes_scripts_keep_all_but_blanks_and_comments() {
        for text in [
            include_str!("../../static/assets/carafe.js"),
            include_str!("../../static/assets/copy.js"),
            include_str!("../../static/assets/missing.js"),
            include_str!("../../static/assets/search.js"),
        ] {
            let signs = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            // Comments of these files stand on lines of their own.
            let starts = |line: &&str, starts: &[&str]| starts.iter().any(|start| line.trim_start().starts_with(start));
            let lines = text.lines().filter(|line| !starts(line, &["//", "/*", "* ", "*/"]));
            assert_eq!(signs(&js(text)), signs(&lines.collect::<String>()));
            assert_eq!(js(&js(text)), js(text));
        }
    }
}
