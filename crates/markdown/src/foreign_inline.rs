//! Constructs of other tools within a line: lists of attributes, tables of contents, links of wikis, icons, marked text.

use super::foreign_kind::Kind;
use super::lines::line_end;

/// Whether a text may hold one of them, but for lists behind a heading.
pub(crate) fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3_iter(b'~', b'^', b'\\', bytes).any(|at| is_sign(text, at))
        || memchr::memchr3_iter(b'[', b':', b'=', bytes).any(|at| begins(&bytes[at..]))
        || memchr::memchr3_iter(b')', b'+', b'{', bytes).any(|at| begins(&bytes[at..]))
}

/// Whether this begins with what each of the others holds one of.
fn begins(rest: &[u8]) -> bool {
    const SIGNS: [&str; 11] = [
        "[[",
        "[TOC]",
        "[toc]",
        "){",
        "==",
        "++",
        ":material-",
        ":fontawesome-",
        ":octicons-",
        ":simple-",
        FRONT_MATTER,
    ];
    // Mostly the second character is another one.
    matches!(rest, [_, b'[' | b'T' | b't' | b'{' | b'=' | b'+' | b'm' | b'f' | b'o' | b's', ..])
        && SIGNS.iter().any(|sign| rest.starts_with(sign.as_bytes()))
}

/// Whether a line is a heading with such a list behind it.
pub(crate) fn is_listed_heading(line: &str) -> bool {
    heading_list(line.trim_end_matches(['\r', '\n'])).is_some()
}

/// The construct at the start of `rest`, and how long it is; `line` is all of its line, `before` the character before.
pub(crate) fn at_start(line: &str, before: Option<char>, rest: &str) -> Option<(Kind, usize)> {
    match rest.as_bytes().first()? {
        b'[' => {
            contents(line, rest).map(|len| (Kind::Contents, len)).or_else(|| Some((Kind::WikiLink, wiki_link(rest)?)))
        }
        b'{' if rest.starts_with(FRONT_MATTER) => {
            Some((Kind::MdxFrontMatter, rest.find('}').filter(|end| !rest[..*end].contains(char::is_whitespace))? + 1))
        }
        b'{' if before == Some(')') => Some((Kind::AttributeList, attribute_list(rest)?)),
        b'{' if line.starts_with('#') && heading_list(line).is_some_and(|at| line.len() - at == rest.len()) => {
            Some((Kind::AttributeList, rest.trim_end().len()))
        }
        b':' if !before.is_some_and(char::is_alphanumeric) => Some((Kind::Icon, icon(rest)?)),
        b'=' => Some((Kind::Marked, marked(before, rest, "==")?)),
        b'+' => Some((Kind::Marked, marked(before, rest, "++")?)),
        b'~' | b'^' => Some((Kind::Script, script(before, rest)?)),
        b'\\' if before != Some('\\') => Some((Kind::TexDelimiter, tex(line, rest)?)),
        _ => None,
    }
}

const FRONT_MATTER: &str = "{frontMatter.";

/// Whether `~`, `^` or a backslash at this byte begins one of these, as far as its line tells.
fn is_sign(text: &str, at: usize) -> bool {
    let rest = text.get(at..line_end(text, at)).unwrap_or_default();
    if rest.starts_with('\\') {
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
        let line = text.get(start..line_end(text, at)).unwrap_or_default();
        return tex(line, rest).is_some();
    }
    script(text.get(..at).and_then(|before| before.chars().next_back()), rest).is_some()
}

/// `~2~` and `^2^` directly behind a letter, a digit or a bracket.
fn script(before: Option<char>, rest: &str) -> Option<usize> {
    let sign = rest.chars().next()?;
    before.filter(|c| c.is_alphanumeric() || *c == ')')?;
    let inner = &rest[1..];
    let len = inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-')))?;
    ((1..=8).contains(&len) && inner[len..].starts_with(sign) && !inner[len + 1..].starts_with(sign)).then_some(len + 2)
}

/// `\(x^2\)` and `\[x\]` around what looks like a formula, and a line that is nothing but `\[`. A bracket in a text is written with a
/// backslash, too.
fn tex(line: &str, rest: &str) -> Option<usize> {
    if line.trim() == "\\[" {
        return Some(2);
    }
    let close = if rest.starts_with("\\(") {
        "\\)"
    } else if rest.starts_with("\\[") {
        "\\]"
    } else {
        return None;
    };
    let inner = &rest[2..];
    let end = inner.find(close)?;
    let formula = inner[..end].trim();
    // A link, or its text.
    let is_link = formula.contains("](") || formula.contains("://") || inner[end + 2..].starts_with(['(', '[']);
    let is_variable = close == "\\)" && formula.len() == 1 && formula.starts_with(|c: char| c.is_ascii_alphabetic());
    let has_command =
        formula.match_indices('\\').any(|(at, _)| formula[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    let has_script = formula.match_indices(['^', '_']).any(|(at, sign)| {
        at > 0 && (formula[at + 1..].starts_with('{') || sign == "^" && !formula[at + 1..].starts_with(']'))
    });
    let has_relation = [" = ", " < ", " + ", " \\leq "].iter().any(|sign| formula.contains(sign));
    (!is_link && !formula.contains('`') && (is_variable || has_command || has_script || has_relation))
        .then_some(end + 4)
}

/// `[TOC]`, `[[_TOC_]]` and `[[toc]]` on a line of their own.
fn contents(line: &str, rest: &str) -> Option<usize> {
    let text = line.trim();
    let is_one = ["[toc]", "[[toc]]", "[[_toc_]]"].iter().any(|known| text.eq_ignore_ascii_case(known));
    (is_one && rest.trim_end().len() == text.len()).then_some(text.len())
}

/// `[[Page]]` and `[[Page|text]]`.
fn wiki_link(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("[[")?;
    let end = inner.find("]]")?;
    let name = &inner[..end];
    let is_name = name.starts_with(char::is_alphanumeric) && !name.contains(['[', ']', '`', '"', '\'', ',']);
    let is_link = inner[end + 2..].starts_with(['(', '[']);
    (is_name && !is_link).then_some(end + 4)
}

/// `{ .class #id key=value }`, but what kramdown reads.
fn attribute_list(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let inner = rest[1..end].trim();
    let mut words = inner.split_whitespace().peekable();
    words.peek()?;
    let is_attribute = |word: &str| match word.strip_prefix(['.', '#']) {
        Some(name) => name.starts_with(char::is_alphabetic),
        None => word.split_once('=').is_some_and(|(name, _)| {
            name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '-')
        }),
    };
    words.next().is_some_and(is_attribute).then_some(end + 1)
}

/// Where the list of a heading begins: at the end of its line, and no `{#id}` alone.
fn heading_list(line: &str) -> Option<usize> {
    let text = line.trim_end();
    let at = text.rfind('{').filter(|_| text.ends_with('}'))?;
    let rest = &text[at..];
    let is_id = rest.strip_prefix("{#").is_some_and(|id| !id.contains(char::is_whitespace));
    let is_spaced = line[..at].ends_with(' ') && !rest.starts_with("{:") && !rest.starts_with("{%");
    (is_spaced && !is_id && attribute_list(rest)? == rest.len()).then_some(at)
}

/// `:material-check:`.
fn icon(rest: &str) -> Option<usize> {
    let name =
        [":material-", ":fontawesome-", ":octicons-", ":simple-"].iter().find_map(|set| rest.strip_prefix(set))?;
    let end = name.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))?;
    (end > 0 && name[end..].starts_with(':')).then(|| rest.len() - name.len() + end + 1)
}

/// `==text==`, without blanks at the signs.
fn marked(before: Option<char>, rest: &str, sign: &str) -> Option<usize> {
    let inner = rest.strip_prefix(sign)?;
    let end = inner.find(sign)?;
    let (text, behind) = (&inner[..end], &inner[end + 2..]);
    let opens =
        !before.is_some_and(|c| c.is_alphanumeric() || sign.contains(c)) && text.starts_with(char::is_alphanumeric);
    let closes = text.ends_with(|c: char| !c.is_whitespace() && !sign.contains(c))
        && !behind.starts_with(|c: char| c.is_alphanumeric() || sign.contains(c));
    (opens && closes).then_some(end + 4)
}

#[cfg(test)]
mod tests {
    use super::super::foreign::{Kind, find, has_signs};

    fn found(text: &str) -> Vec<(Kind, &str)> {
        let found: Vec<_> = find(text, false).into_iter().map(|(kind, range)| (kind, &text[range])).collect();
        assert_eq!(has_signs(text), !found.is_empty(), "{text}");
        found
    }

    #[test]
    fn constructs_within_a_line_are_found() {
        for (text, kind, shown) in [
            ("[TOC]\n", Kind::Contents, "[TOC]"),
            ("a\n\n[[_TOC_]]\n", Kind::Contents, "[[_TOC_]]"),
            ("See [[Other page]].\n", Kind::WikiLink, "[[Other page]]"),
            ("See [[other|the text]]\n", Kind::WikiLink, "[[other|the text]]"),
            ("[x](y.md){ .md-button target=_blank }\n", Kind::AttributeList, "{ .md-button target=_blank }"),
            ("![x](y.png){width=\"30\"} z\n", Kind::AttributeList, "{width=\"30\"}"),
            ("## Head { #id .wide }\n", Kind::AttributeList, "{ #id .wide }"),
            ("- :material-check: yes\n", Kind::Icon, ":material-check:"),
            ("That is ==marked text==, and more\n", Kind::Marked, "==marked text=="),
            ("Press ++ctrl+c++.\n", Kind::Marked, "++ctrl+c++"),
            ("H~2~O is water\n", Kind::Script, "~2~"),
            ("So x^2^ grows\n", Kind::Script, "^2^"),
            ("With \\(a\\) it holds\n", Kind::TexDelimiter, "\\(a\\)"),
            ("Then \\[ a^2 = b \\] holds\n", Kind::TexDelimiter, "\\[ a^2 = b \\]"),
            ("So:\n\n\\[\na = b\n\\]\n", Kind::TexDelimiter, "\\["),
            ("# {frontMatter.title}\n", Kind::MdxFrontMatter, "{frontMatter.title}"),
            ("```js\na\n// highlight-next-line\nb\n```\n", Kind::HighlightComment, "// highlight-next-line"),
            ("```yaml\n# highlight-start\nb: 1\n# highlight-end\n```\n", Kind::HighlightComment, "# highlight-start"),
            ("```html\n  <!-- highlight-next-line -->\n```\n", Kind::HighlightComment, "<!-- highlight-next-line -->"),
        ] {
            assert_eq!(found(text), [(kind, shown)], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_passed_over() {
        for text in [
            "`[TOC]` and `[[x]]` and `==a==` and `:material-check:`\n",
            "## Head {#id}\n\n## Head {: .wide}\n\n[x](y.md){: .button}\n",
            "C++ and G++; i++; ++i, a == b == c, x==y==z, a+++b\n",
            "[x](y.md) {now} [[1, 2], [3]] [[x]](y.md) [a[0]]\n",
            "```\n[[x]] ==a== [x](y){ .a }\n```\n",
            "A heading\n=========\n\n| a |\n|==|\n",
            "f(x){ return 1 } and f(){}\n",
            "~/bin and ~old~ and a~~b~~ and a ^ b ^ c, [^1] text[^2] and[^3]\n\n~~~\nx~2~\n~~~\n",
            "\\(optional\\) \\[WIP\\] \\[1\\] `\\(a\\)` \\\\(a\\\\) \\[see [x](y) = z\\](w)\n",
            "The class highlight-start, and `// highlight-next-line`.\n\n```js\nlet x = \"highlight-start\"; // highlight-next-line or so\n```\n",
            "{% include x.md a=\"==b==\" %} {{ \"[[x]]\" }}\n",
        ] {
            assert_eq!(super::super::foreign::find(text, false), [], "{text}");
        }
    }
}
