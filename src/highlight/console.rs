//! Sessions at a prompt: prompts, the commands behind them, and what the commands printed.

use super::scan::skip;
use super::shell::Shell;
use super::spans::Spans;

/// Prompts `gp`, commands as shell, output `go`, and lines that only stand for what was left out (`...`) `c`.
///
/// A command that is not complete at the end of its line (a backslash, an open quote, a here document) goes on in the
/// next one, behind a `> ` prompt or without one; a new `$` prompt ends it in any case.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut shell = Shell::new();
    for line in code.split_inclusive('\n') {
        let indent = skip(line, 0, |b| matches!(b, b' ' | b'\t'));
        let (blank, text) = line.split_at(indent);
        match prompt(text) {
            Some(len) => {
                let (prompt, command) = text.split_at(len);
                if !(shell.is_open() && prompt == ">") {
                    shell = Shell::new();
                }
                out.push("", blank);
                out.push("gp", prompt);
                let (gap, command) = command.split_at(usize::from(command.starts_with(' ')));
                out.push("", gap);
                shell.feed(command, out);
            }
            None if shell.is_open() => shell.feed(line, out),
            None => {
                shell = Shell::new();
                out.push(if is_elision(text) { "c" } else { "go" }, line);
            }
        }
    }
}

/// The length of the prompt that the line begins with: `$`, `#`, `%` or `>` before a blank or the line's end, behind
/// nothing, a `(environment) `, or a host, folder or program (`me@host:~/x$`, `[root@host ~]#`, `mysql>`, `C:\>`).
fn prompt(line: &str) -> Option<usize> {
    let environment = match line.strip_prefix('(').and_then(|rest| rest.split_once(") ")) {
        Some((name, _)) if !name.contains([' ', '(']) => name.len() + 3,
        _ => 0,
    };
    let rest = line.get(environment..)?;
    let bracket = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, _)) if name.contains('@') && !name.contains('\n') => name.len() + 2,
        _ => 0,
    };
    let host = skip(rest, bracket, |b| {
        !b.is_ascii_whitespace() && !matches!(b, b'$' | b'#' | b'%' | b'>' | b'<' | b'"' | b'\'')
    });
    let sign = rest.as_bytes().get(host)?;
    let end = if rest.get(host..)?.starts_with(">>>") { host + 3 } else { host + 1 };
    let ends = rest.as_bytes().get(end).is_none_or(u8::is_ascii_whitespace);
    let named = rest.get(..host)?;
    let fits = match sign {
        b'$' => true,
        b'#' | b'%' => named.is_empty() || bracket > 0 || named.contains('@'),
        b'>' => !named.contains(['-', '=', '/']) || named.contains(['@', ':']),
        _ => false,
    };
    (ends && fits).then_some(environment + end)
}

fn is_elision(text: &str) -> bool {
    let text = text.trim();
    let dots = text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(text);
    matches!(dots, "..." | ".." | "\u{2026}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts() {
        for line in [
            "$ ls",
            "# ls",
            "> more",
            "$",
            "me@host:~$ ls",
            "[root@host ~]# ls",
            "(venv) $ pip",
            "mysql> q",
            "PS> x",
            "C:\\> dir",
            ">>> 1",
            "% ls",
        ] {
            assert!(prompt(line).is_some(), "{line}");
        }
        for line in
            ["NAME  AGE", "a > b", "$HOME is set", "100% done", "<html>", "foo#bar baz", "-> x", "=> y", "", "cost: 5$"]
        {
            assert_eq!(prompt(line), None, "{line}");
        }
    }
}
