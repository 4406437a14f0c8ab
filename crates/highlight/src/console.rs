//! Sessions at a prompt: prompts, the commands behind them, and what the commands printed.

use super::scan::skip;
use super::shell::Shell;
use super::spans::Spans;

/// Prompts `gp`, commands as shell, output `go`, and lines that are neither (comments between commands, `...` for what was
/// left out) `c`.
///
/// A command that is not complete at the end of its line (a backslash, an open quote, a here document, a loop) goes on in the
/// next one, behind a `> ` prompt or without one; a new `$` prompt ends it in any case. What stands behind `>>>` is Python's.
pub(super) fn lex(code: &str, out: &mut Spans) {
    let mut shell = Shell::new();
    let mut python = false;
    // Among `$` prompts, `#` alone begins a comment or is root's, and `%` or `>` alone what was printed.
    let is_dollar = |line: &str| prompt(line.trim_start()).is_some_and(|len| line.trim_start()[..len].ends_with('$'));
    let dollars = code.lines().any(is_dollar);
    for line in code.split_inclusive('\n') {
        let indent = skip(line, 0, |b| matches!(b, b' ' | b'\t'));
        let (blank, text) = line.split_at(indent);
        let found = match prompt(text) {
            None if python && is_word(text, "...") => Some(3),
            Some(1) if dollars && is_other(text, shell.is_open()) => None,
            found => found,
        };
        match found {
            Some(len) => {
                let (prompt, command) = text.split_at(len);
                if !(shell.is_open() && prompt == ">") {
                    shell = Shell::new();
                }
                python = matches!(prompt, ">>>" | "...");
                out.push("", blank);
                out.push("gp", prompt);
                let (gap, command) = command.split_at(usize::from(command.starts_with(' ')));
                out.push("", gap);
                if python { out.push("", command) } else { shell.feed(command, out) }
            }
            None if shell.is_continued() && text.starts_with('#') => out.push("c", line),
            None if shell.is_open() => shell.feed(line, out),
            None => {
                (shell, python) = (Shell::new(), false);
                let comment = dollars && is_word(text, "#");
                out.push(if comment || is_elision(text) { "c" } else { "go" }, line);
            }
        }
    }
}

/// Whether what looks like a prompt is none among `$` prompts: it is no root's, and goes on with no open command.
fn is_other(text: &str, is_open: bool) -> bool {
    match text.as_bytes().first() {
        Some(b'$') => false,
        Some(b'>') => !is_open,
        Some(b'#') => is_open || !is_command(text.get(1..).unwrap_or_default()),
        _ => true,
    }
}

/// Programs that are run as root and hardly begin a sentence.
const PROGRAMS: &str = " a2enmod a2ensite adduser apk apt apt-cache apt-get aptitude btrfs cat cd chmod chown chroot cp crictl \
    crontab curl dd dmesg dnf docker dpkg dracut echo emerge fdisk firewall-cmd gem getenforce getent git gpasswd grep groupadd grub-install \
    helm hostnamectl ifconfig insmod ip iptables journalctl kubeadm kubectl localectl ls lsblk lsmod lvcreate lxc make mdadm mkdir mkfs \
    modprobe mount mv nano nft nginx npm openssl pacman parted passwd pip pip3 pkg podman poweroff psql pvcreate python python3 reboot restorecon \
    rm rmdir rpm rsync scp sed semanage service setenforce setsebool sh snap ss ssh su sudo swapoff swapon sysctl systemctl tar tee \
    timedatectl ufw umount unzip update-grub useradd userdel usermod vgcreate vi vim virsh visudo wget wg yum zfs zpool zypper ";

/// Words that sentences hold and commands hardly.
const PROSE: [&str; 15] =
    ["a", "an", "and", "are", "for", "if", "is", "it", "of", "or", "sure", "that", "the", "this", "your"];

/// Whether root types what stands behind a `#`; else it is a comment. Nothing but its words tells.
fn is_command(text: &str) -> bool {
    let text = text.trim();
    let mut words = text.split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    let path = first.starts_with(['/', '.', '~']) && first.len() > 1 && !first.ends_with('.');
    // What ends as a sentence or the head of a list does is one.
    let is_program = path || PROGRAMS.contains(&format!(" {first} "));
    is_program && !text.ends_with([':', '.', '\u{2026}']) && !words.any(|word| PROSE.contains(&word))
}

/// Whether the line begins with a word and a blank, or is that word.
fn is_word(line: &str, word: &str) -> bool {
    line.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_whitespace()))
}

/// The length of the prompt that the line begins with: `$`, `#`, `%` or `>` before a blank or the line's end, behind
/// nothing, a `(environment) `, or a host, folder, program or database (`me@host:~/x$`, `[root@host ~]#`, `mysql>`, `db=#`,
/// `C:\>`, `PS C:\>`).
fn prompt(line: &str) -> Option<usize> {
    if let Some(folder) = line.strip_prefix("PS ") {
        let end = folder.find(['>', '\n']).filter(|&end| folder[end..].starts_with('>'))?;
        let fits = folder.contains(['\\', '/', '~']) && is_word(&folder[end..], ">");
        return fits.then_some(3 + end + 1);
    }
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
    // psql's: `=` for a new statement, `-` for the rest of one.
    let database = named.strip_suffix(['=', '-']);
    let database = database.is_some_and(|name| !name.is_empty() && name.bytes().all(super::scan::is_word));
    let fits = match sign {
        b'$' => true,
        b'#' => named.is_empty() || bracket > 0 || named.contains('@') || database,
        b'%' => named.is_empty() || bracket > 0 || named.contains('@'),
        b'>' => !named.contains(['-', '=', '/']) || named.contains(['@', ':']) || database,
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
    fn root_is_told_from_comments() {
        for text in [
            " dnf install x",
            " systemctl restart nginx",
            " /usr/sbin/reload --now",
            " ./configure",
            " echo 1 > /proc/x",
            "reboot",
        ] {
            assert!(is_command(text), "{text}");
        }
        for text in [
            " Install it",
            " dnf is the tool",
            " install x",
            " make sure that it runs",
            " make:",
            "",
            " ...",
            " git, then",
            " mount the disk",
        ] {
            assert!(!is_command(text), "{text}");
        }
    }

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
            "shop=# select 1;",
            "shop-> from t;",
            "PS C:\\My docs> Get-Item x",
        ] {
            assert!(prompt(line).is_some(), "{line}");
        }
        for line in [
            "NAME  AGE",
            "a > b",
            "PS is a > sign",
            "$HOME is set",
            "100% done",
            "<html>",
            "foo#bar baz",
            "-> x",
            "=> y",
            "",
            "cost: 5$",
        ] {
            assert_eq!(prompt(line), None, "{line}");
        }
    }
}
