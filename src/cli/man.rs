//! `man`: the pages of the manual, made from what `--help` knows.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::console::Console;
use super::exit::Exit;

/// What `man` takes.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write `carafe.1` and a page for each command into this folder
    #[arg(short, long, value_name = "DIR")]
    destination: Option<PathBuf>,
}

/// Prints the manual's page about the `program`, or writes all of its pages.
pub(super) fn run(args: &ManArgs, program: Command, console: &mut Console<'_>) -> io::Result<Exit> {
    match &args.destination {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            clap_mangen::generate_to(program, folder)?;
            console.result(&format!("Wrote the manual to {}", folder.display()))?;
        }
        None => {
            let mut page = Vec::new();
            Man::new(program).render(&mut page)?;
            console.data(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Clean)
}
