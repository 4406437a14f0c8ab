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
mod exit;
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

use clap::{CommandFactory, Parser, Subcommand};

use crate::sass;
use args::{FormatArg, MessageArgs, SiteArgs};
pub use console::{Console, Surroundings};
pub use exit::Exit;

/// Builds documentation sites from Markdown and Liquid includes.
#[derive(Debug, Parser)]
#[command(
    name = "carafe",
    version,
    disable_version_flag = true,
    propagate_version = false,
    arg_required_else_help = true
)]
#[command(after_help = "Exit codes: 0 clean; 1 errors in the content, or warnings under --strict; \
                        2 wrong usage or configuration; 3 a fault of Carafe.")]
struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Print the version
    #[arg(short = 'v', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(flatten)]
    pub messages: MessageArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Tell which pages, releases and tests a change reaches
    Affected(affected::AffectedArgs),
    /// Build the site
    #[command(visible_alias = "b")]
    Build(build::BuildArgs),
    /// Find what is wrong with the site, links and anchors included
    Check(check::CheckArgs),
    /// Remove what builds have made
    Clean(clean::CleanArgs),
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
    /// Write pages with their Liquid resolved, for other programs
    Expand(expand::ExpandArgs),
    /// Explain a diagnostic
    Explain(explain::ExplainArgs),
    /// Show the includes in a folder of pages: what they take, their examples, who calls them
    Gallery(gallery::GalleryArgs),
    /// Print who reads what: pages, includes, templates, data
    Graph(graph::GraphArgs),
    /// Tell what the includes take, and how often they are called
    Includes(includes::IncludesArgs),
    /// Make the current folder a site
    Init(new::InitArgs),
    /// Speak with an editor: diagnostics as one types, completion, definitions
    Lsp(lsp::LspArgs),
    /// Print the manual
    Man(man::ManArgs),
    /// Resolve the Liquid of a book, for mdBook
    Mdbook(mdbook::MdbookArgs),
    /// Make a new folder with a small site to start from
    New(new::NewArgs),
    /// Print what files may hold, as JSON Schema
    Schema(schema::SchemaArgs),
    /// Tell what a report about a fault needs, and try the program's parts
    SelfCheck(self_check::SelfCheckArgs),
    /// Serve the site on this machine and follow its files
    #[command(visible_aliases = ["server", "s"])]
    Serve(serve::ServeArgs),
    /// Test the includes: their examples, and the cases in tests/includes
    #[command(visible_alias = "t")]
    Test(test::TestArgs),
    /// Tell which pages are translated, and which translations are out of date
    Translations(translations::TranslationsArgs),
}

impl Command {
    /// Which site the command is about.
    fn site_mut(&mut self) -> Option<&mut SiteArgs> {
        match self {
            Self::Affected(args) => Some(&mut args.site),
            Self::Build(args) => Some(&mut args.site),
            Self::Check(args) => Some(&mut args.site),
            Self::Clean(args) => Some(&mut args.site),
            Self::Expand(args) => Some(args.site_mut()),
            Self::Gallery(args) => Some(&mut args.site),
            Self::Graph(args) => Some(&mut args.site),
            Self::Includes(args) => Some(&mut args.site),
            Self::SelfCheck(args) => Some(&mut args.site),
            Self::Serve(args) => Some(&mut args.site),
            Self::Test(args) => Some(&mut args.site),
            Self::Translations(args) => Some(&mut args.site),
            Self::Completions(_)
            | Self::Explain(_)
            | Self::Init(_)
            | Self::Lsp(_)
            | Self::Man(_)
            | Self::Mdbook(_)
            | Self::New(_)
            | Self::Schema(_) => None,
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
        Command::Completions(args) => completions::run(args, Cli::command(), console),
        Command::Expand(args) => expand::run(args, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Gallery(args) => gallery::run(args, console),
        Command::Graph(args) => graph::run(args, console),
        Command::Includes(args) => includes::run(args, console),
        Command::Init(args) => new::init(args, console),
        Command::Lsp(args) => lsp::run(args, console),
        Command::Man(args) => man::run(args, Cli::command(), console),
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
