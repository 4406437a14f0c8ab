//! `lsp`: a language server on standard input and output.

use std::io;

use clap::Args;

use crate::lsp;
use crate::world::Options;

use super::args::gems;
use super::console::Console;
use super::exit::Exit;

/// What `lsp` takes.
#[derive(Debug, Args)]
pub(super) struct LspArgs {
    /// Speak on standard input and output; that is so anyway
    #[arg(long)]
    stdio: bool,
    /// What Jekyll sites read as `jekyll.environment`
    #[arg(long, value_name = "NAME", env = "JEKYLL_ENV", default_value = "development")]
    environment: String,
}

/// Talks to an editor until that has enough.
pub(super) fn run(args: &LspArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let options =
        Options { now: console.now, gems: gems(), environment: Some(args.environment.clone()), ..Options::default() };
    let polite = lsp::run(options, io::stdin(), io::stdout())?;
    Ok(if polite { Exit::Clean } else { Exit::Content })
}
