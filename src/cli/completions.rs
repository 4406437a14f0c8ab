//! `completions`: a script that teaches a shell our commands and flags.

use std::io;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::console::Console;
use super::exit::Exit;

/// What `completions` takes.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the script for the `program`.
pub(super) fn run(args: &CompletionsArgs, mut program: Command, console: &mut Console<'_>) -> io::Result<Exit> {
    let mut script = Vec::new();
    generate(args.shell, &mut program, "carafe", &mut script);
    console.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
