//! Constructs of other tools within a line: lists of attributes, tables of contents, links of wikis, icons, marked text.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::foreign::Kind;
use super::lines::line_end;

/// Whether a text may hold one of them.
pub(crate) fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut headings = LINES.find_iter(bytes).map(|at| at + 1).chain(text.starts_with('#').then_some(0));
    SIGNS.iter().any(|sign| sign.find(bytes).is_some())
        || headings.any(|at| {
            text.get(at..line_end(text, at))
                .is_some_and(|line| heading_list(line.trim_end_matches(['\r', '\n'])).is_some())
        })
}

/// What each of them holds one of, but for lists behind a heading.
static SIGNS: LazyLock<[Finder<'static>; 10]> = LazyLock::new(|| {
    ["[[", "[TOC]", "[toc]", "){", "==", "++", ":material-", ":fontawesome-", ":octicons-", ":simple-"].map(Finder::new)
});

/// What stands before a heading.
static LINES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\n#"));

/// The construct at the start of `rest`, and how long it is; `line` is all of its line, `before` the character before.
pub(crate) fn at_start(line: &str, before: Option<char>, rest: &str) -> Option<(Kind, usize)> {
    match rest.as_bytes().first()? {
        b'[' => {
            contents(line, rest).map(|len| (Kind::Contents, len)).or_else(|| Some((Kind::WikiLink, wiki_link(rest)?)))
        }
        b'{' if before == Some(')') => Some((Kind::AttributeList, attribute_list(rest)?)),
        b'{' if line.starts_with('#') && heading_list(line).is_some_and(|at| line.len() - at == rest.len()) => {
            Some((Kind::AttributeList, rest.trim_end().len()))
        }
        b':' if !before.is_some_and(char::is_alphanumeric) => Some((Kind::Icon, icon(rest)?)),
        b'=' => Some((Kind::Marked, marked(before, rest, "==")?)),
        b'+' => Some((Kind::Marked, marked(before, rest, "++")?)),
        _ => None,
    }
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
            "{% include x.md a=\"==b==\" %} {{ \"[[x]]\" }}\n",
        ] {
            assert_eq!(super::super::foreign::find(text, false), [], "{text}");
        }
    }
}
