//! `explain`: what a diagnostic means and how to repair what it found.

use std::io;

use clap::Args;

use crate::diagnostic::{codes, did_you_mean};

use super::console::Console;
use super::exit::Exit;

/// What `explain` takes.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code, as in `warning[undefined-variable]`; all codes when there is none
    code: Option<String>,
}

/// Prints the explanation of a code, or the list of all.
pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let Some(code) = &args.code else {
        let width = codes::ALL.iter().map(|entry| entry.code.len()).max().unwrap_or(0);
        let lines = codes::ALL.iter().map(|entry| format!("{:width$}  {}\n", entry.code, entry.title));
        console.data(&lines.collect::<String>())?;
        return Ok(Exit::Clean);
    };
    let Some(entry) = codes::find(code) else {
        let near = did_you_mean(code, codes::ALL.iter().map(|entry| entry.code));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`carafe explain` lists all codes".to_owned(),
        };
        console.problem(&format!("there is no diagnostic `{code}`"), Some(&help))?;
        return Ok(Exit::Usage);
    };
    console.data(&codes::text(entry))?;
    Ok(Exit::Clean)
}
