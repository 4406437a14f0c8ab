//! `man`: the pages of the manual, made from what `--help` knows.

use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::Exit;
use super::args::Cli;
use super::console::Console;

/// What `man` takes.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write `carafe.1` and a page for each command into this folder
    #[arg(short, long, value_name = "DIR")]
    destination: Option<PathBuf>,
}

/// Prints the manual's page about the program, or writes all of its pages.
pub(super) fn run(args: &ManArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let command = Cli::command();
    match &args.destination {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            clap_mangen::generate_to(command, folder)?;
            console.result(&format!("Wrote the manual to {}", folder.display()))?;
        }
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            console.data(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Clean)
}
