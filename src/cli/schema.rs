//! `schema`: what files may hold, as JSON Schema, for editors and other programs.

use std::io;

use clap::{Args, ValueEnum};

use crate::config::schema;
use crate::{include_test, world};

use super::console::Console;
use super::exit::Exit;

/// What `schema` takes.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Which files
    #[arg(default_value = "config")]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// The configuration, carafe.yml
    Config,
    /// The front matter of pages
    FrontMatter,
    /// The tests of includes, tests/includes/*.yml
    Tests,
}

/// Prints a schema.
pub(super) fn run(args: &SchemaArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let schema = match args.of {
        Of::Config => schema::configuration(),
        Of::FrontMatter => world::front_matter_schema(),
        Of::Tests => include_test::schema(),
    };
    console.data(&format!("{schema:#}\n"))?;
    Ok(Exit::Clean)
}
