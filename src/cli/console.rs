//! What is said, where, and in which look.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use carafe_source::Sources;

use crate::diagnostic::render::{Format, Options, render};
use crate::diagnostic::{Counts, Finding, Folded, Severity, by_code, fold};

use super::args::{FormatArg, MessageArgs};

/// What of the process's surroundings matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Messages go to a terminal, where a line can be written over.
    pub terminal: bool,
    /// Messages go to a terminal that shows colours, and nobody has asked for none.
    pub colour: bool,
    /// The program runs in GitHub Actions.
    pub github: bool,
    /// The time of the build in seconds since 1970, when it is not to be the clock's (`SOURCE_DATE_EPOCH`).
    pub now: Option<i64>,
}

/// The two streams and how to write to them. Every method fails only when its stream does.
pub struct Console<'c> {
    /// The time of the build, when it is not to be the clock's.
    pub(super) now: Option<i64>,
    colour: bool,
    terminal: bool,
    /// A line of progress stands on the terminal.
    progress: bool,
    quiet: bool,
    verbose: bool,
    trace: bool,
    formats: Vec<Format>,
    /// The format that was asked for.
    format: Option<FormatArg>,
    out: &'c mut dyn Write,
    err: &'c mut dyn Write,
}

/// A line for each rule, with its errors, warnings and notes; empty without any.
fn table(rules: &BTreeMap<&str, Counts>) -> String {
    if rules.is_empty() {
        return String::new();
    }
    let width = rules.keys().map(|code| code.len()).max().unwrap_or_default();
    let mut lines = vec![format!("{:width$}  errors  warnings  notes", "rule")];
    for (code, counts) in rules {
        let Counts { errors, warnings, notes, .. } = counts;
        lines.push(format!("{code:width$}  {errors:>6}  {warnings:>8}  {notes:>5}"));
    }
    lines.push(String::new());
    lines.join("\n")
}

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[1;31m";
const RESET: &str = "\x1b[0m";

impl<'c> Console<'c> {
    pub(super) fn new(
        surroundings: Surroundings,
        args: &MessageArgs,
        out: &'c mut dyn Write,
        err: &'c mut dyn Write,
    ) -> Self {
        let formats = match args.format {
            Some(FormatArg::Human | FormatArg::Junit | FormatArg::Dot) => vec![Format::Human],
            Some(FormatArg::Json) => vec![Format::Json],
            Some(FormatArg::Github) => vec![Format::Github],
            Some(FormatArg::Sarif) => vec![Format::Sarif],
            // Annotations carry no source lines, so the log keeps those for people.
            None if surroundings.github => vec![Format::Human, Format::Github],
            None => vec![Format::Human],
        };
        let (colour, quiet, verbose, trace) = (surroundings.colour, args.quiet, args.verbose, args.trace);
        let (now, terminal) = (surroundings.now, surroundings.terminal);
        Self { now, terminal, progress: false, colour, quiet, verbose, trace, formats, format: args.format, out, err }
    }

    /// Keeps what the program runs in from having findings on standard output, which is somebody else's: whether findings go elsewhere now.
    pub(super) fn keeps_output_free(&mut self) -> bool {
        if self.format.is_none() {
            self.formats = vec![Format::Human];
        }
        self.formats == [Format::Human]
    }

    /// The format that was asked for.
    pub(super) fn format(&self) -> Option<FormatArg> {
        self.format
    }

    /// Whether messages are coloured.
    pub(super) fn colour(&self) -> bool {
        self.colour
    }

    /// Whether the findings of each page are shown by themselves.
    pub(super) fn each_page(&self) -> bool {
        self.trace
    }

    /// Whether more is to be said.
    pub(super) fn verbose(&self) -> bool {
        self.verbose
    }

    /// Writes data.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        self.clear()?;
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Says one line, unless it was asked to be quiet.
    pub(super) fn say(&mut self, line: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { self.line(line) }
    }

    /// Says one line to those who want to know more.
    pub(super) fn detail(&mut self, line: &str) -> io::Result<()> {
        if self.verbose { self.line(line) } else { Ok(()) }
    }

    /// Says one line with emphasis.
    pub(super) fn result(&mut self, line: &str) -> io::Result<()> {
        if self.colour { self.say(&format!("{BOLD}{line}{RESET}")) } else { self.say(line) }
    }

    /// Says what makes a command impossible, and what to do about it.
    pub(super) fn problem(&mut self, message: &str, help: Option<&str>) -> io::Result<()> {
        let (on, off) = if self.colour { (RED, RESET) } else { ("", "") };
        self.line(&format!("{on}error{off}: {message}"))?;
        match help {
            Some(help) => self.line(&format!("  = help: {help}")),
            None => Ok(()),
        }
    }

    /// Shows on a terminal what is going on, until the next message.
    pub(super) fn progress(&mut self, line: &str) -> io::Result<()> {
        if !self.terminal || self.quiet {
            return Ok(());
        }
        self.clear()?;
        self.progress = true;
        self.err.write_all(line.as_bytes())?;
        self.err.flush()
    }

    fn clear(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.progress) { self.err.write_all(b"\r\x1b[K") } else { Ok(()) }
    }

    /// Says one line, come what may.
    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        self.clear()?;
        self.err.write_all(format!("{line}\n").as_bytes())
    }

    /// Shows the findings (with the page of each, which may be empty) and their count. `prefix` is what leads from the
    /// current folder to the site's.
    pub(super) fn findings(&mut self, found: Vec<Finding>, sources: &Sources, prefix: &str) -> io::Result<Counts> {
        self.show(found, sources, prefix, false)
    }

    /// As [`Console::findings`], with a table by rule for people.
    pub(super) fn findings_by_rule(
        &mut self,
        found: Vec<Finding>,
        sources: &Sources,
        prefix: &str,
    ) -> io::Result<Counts> {
        self.show(found, sources, prefix, true)
    }

    fn show(&mut self, found: Vec<Finding>, sources: &Sources, prefix: &str, by_rule: bool) -> io::Result<Counts> {
        let each = self.trace.then(|| each(&found, sources));
        let folded = fold(sources, found);
        let counts = Counts::of(&folded);
        let table =
            if by_rule && self.formats.contains(&Format::Human) { table(&by_code(&folded)) } else { String::new() };
        let mut shown = each.unwrap_or(folded);
        if self.quiet {
            shown.retain(|folded| folded.diagnostic.severity == Severity::Error);
        }
        self.clear()?;
        for format in self.formats.clone() {
            let text = render(&shown, sources, Options { format, colour: self.colour, prefix });
            match format {
                Format::Human => self.err.write_all(text.as_bytes())?,
                _ => self.data(&text)?,
            }
        }
        if !table.is_empty() {
            self.say(&table)?;
        }
        let summary = counts.to_string();
        if !summary.is_empty() {
            self.result(&summary)?;
        }
        Ok(counts)
    }
}

/// The findings of each page by themselves, ordered by page.
fn each(found: &[Finding], sources: &Sources) -> Vec<Folded> {
    let mut pages: BTreeMap<Option<&Arc<str>>, Vec<&Finding>> = BTreeMap::new();
    for finding in found {
        let paths = finding.0.paths();
        paths
            .iter()
            .map(Some)
            .chain(paths.is_empty().then_some(None))
            .for_each(|page| pages.entry(page).or_default().push(finding));
    }
    let alone = |(page, found): (Option<&Arc<str>>, Vec<&Finding>)| {
        let page = page.cloned().unwrap_or_default();
        fold(sources, found.into_iter().map(move |(_, diagnostic)| (page.clone(), diagnostic.clone())))
    };
    pages.into_iter().flat_map(alone).collect()
}
