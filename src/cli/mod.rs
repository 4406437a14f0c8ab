//! The command line: the only part that knows of arguments, terminals and exit codes.
//!
//! 1. the arguments are parsed, one file for each command;
//! 2. the command runs on the library and says what it has to say through a [`Console`];
//! 3. its [`Exit`] becomes the exit code of the program.
//!
//! Data goes to standard output, messages to standard error. Whoever closes the pipe we write to has seen enough: that is
//! no failure.

mod affected;
mod args;
mod build;
mod check;
mod clean;
mod completions;
mod console;
mod expand;
mod explain;
mod from_jekyll;
mod gallery;
mod graph;
mod includes;
mod lsp;
mod man;
mod mdbook;
mod new;
mod past;
mod schema;
mod self_check;
mod serve;
mod signals;
mod site;
mod test;
#[cfg(test)]
mod tests;
mod translations;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::Parser;

use crate::sass;
use args::{Cli, Command, FormatArg, MessageArgs};
pub use console::{Console, Surroundings};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Clean,
    /// The content has errors, or warnings under `--strict`.
    Content,
    /// The arguments, the configuration or the destination cannot be used.
    Usage,
    /// Carafe itself has failed.
    Fault,
}

impl Exit {
    /// The exit code of the program.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Content => 1,
            Self::Usage => 2,
            Self::Fault => 3,
        }
    }
}

/// Runs the program with the arguments and streams of the process.
pub fn main() -> Exit {
    // Not a command: no user writes it, and it must not cost them what a command does.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == sass::process::ARGUMENT) {
        return if sass::process::serve().is_ok() { Exit::Clean } else { Exit::Fault };
    }
    sass::process::use_this_program();
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let terminal = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let surroundings = Surroundings {
        terminal,
        colour: terminal && !set("NO_COLOR"),
        github: std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
        now: std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok()),
    };
    run(std::env::args_os(), surroundings, &mut io::stdout(), &mut io::stderr())
}

/// Runs the program with these arguments (the first is the program's name), writing to these streams.
pub fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    surroundings: Surroundings,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let mut cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            if let Some((message, help)) = stray_argument(&error, &args) {
                let mut console = Console::new(surroundings, &MessageArgs::default(), out, err);
                // There is nowhere left to complain when this fails.
                let _ = console.problem(&message, Some(&help));
                return Exit::Usage;
            }
            return usage(&error, surroundings, out, err);
        }
    };
    if let Some(site) = cli.command.site_mut() {
        site.follow_source();
    }
    let mut console = Console::new(surroundings, &cli.messages, out, err);
    // A fault of ours must not look like a fault of the content, so it has an exit code of its own.
    let ended = catch_unwind(AssertUnwindSafe(|| command(&cli.command, &mut console)));
    match ended {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Ok(Err(error)) => {
            // There is nowhere left to complain when this fails too.
            let _ = console.problem(&error.to_string(), None);
            Exit::Usage
        }
        Err(_) => {
            let advice = "please report it with the command you ran and what `carafe self-check` says; with RUST_BACKTRACE=1 set it says more";
            let _ = console.problem("Carafe has failed; this is a fault of Carafe, not of your site", Some(advice));
            Exit::Fault
        }
    }
}

/// What to say of a path behind a command that takes none, and what to write instead.
fn stray_argument(error: &clap::Error, args: &[OsString]) -> Option<(String, String)> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let Some(ContextValue::String(stray)) = error.get(ContextKind::InvalidArg) else { return None };
    let takes_source = ["build", "b", "serve", "server", "s", "check", "clean", "gallery", "graph", "includes"];
    let command = args.iter().skip(1).find_map(|arg| arg.to_str().filter(|arg| takes_source.contains(arg)))?;
    if error.kind() != ErrorKind::UnknownArgument || stray.starts_with('-') {
        return None;
    }
    let path = std::path::Path::new(stray);
    if path.is_file() {
        let message = format!("`carafe {command}` takes a whole site, and `{stray}` is a file");
        let folder = path.parent().and_then(std::path::Path::to_str).filter(|folder| !folder.is_empty());
        let help = format!("name the site's folder with `-s`: `carafe {command} -s {}`", folder.unwrap_or("."));
        return Some((message, help));
    }
    let message = format!("`carafe {command}` takes no `{stray}` behind its name");
    Some((message, format!("the site's folder is named with `-s`: `carafe {command} -s {stray}`")))
}

/// Help, version, or what is wrong with the arguments.
fn usage<'s>(error: &clap::Error, surroundings: Surroundings, out: &'s mut dyn Write, err: &'s mut dyn Write) -> Exit {
    let text = error.render();
    let text = if surroundings.colour { text.ansi().to_string() } else { text.to_string() };
    let (stream, exit) = if error.use_stderr() { (err, Exit::Usage) } else { (out, Exit::Clean) };
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Usage,
        _ => exit,
    }
}

fn command(command: &Command, console: &mut Console<'_>) -> io::Result<Exit> {
    if let Some(problem) = foreign_format(command, console.format()) {
        console.problem(problem, Some("`--help` names the formats"))?;
        return Ok(Exit::Usage);
    }
    match command {
        Command::Affected(args) => affected::run(args, console),
        Command::Build(args) => build::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Clean(args) => clean::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Expand(args) => expand::run(args, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Gallery(args) => gallery::run(args, console),
        Command::Graph(args) => graph::run(args, console),
        Command::Includes(args) => includes::run(args, console),
        Command::Init(args) => new::init(args, console),
        Command::Lsp(args) => lsp::run(args, console),
        Command::Man(args) => man::run(args, console),
        Command::Mdbook(args) => mdbook::run(args, console),
        Command::New(args) => new::run(args, console),
        Command::Schema(args) => schema::run(args, console),
        Command::SelfCheck(args) => self_check::run(args, console),
        Command::Serve(args) => serve::run(args, console),
        Command::Test(args) => test::run(args, console),
        Command::Translations(args) => translations::run(args, console),
    }
}

/// Why a command cannot take a format that is another's.
fn foreign_format(command: &Command, format: Option<FormatArg>) -> Option<&'static str> {
    match format? {
        FormatArg::Junit if !matches!(command, Command::Test(_)) => Some("only `test` knows the format `junit`"),
        FormatArg::Dot if !matches!(command, Command::Graph(_)) => Some("only `graph` knows the format `dot`"),
        _ => None,
    }
}
