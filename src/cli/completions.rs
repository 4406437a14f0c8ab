//! `completions`: a script that teaches a shell our commands and flags.

use std::io;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Exit;
use super::args::Cli;
use super::console::Console;

/// What `completions` takes.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "carafe", &mut script);
    console.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
