//! Writes the benchmarks' site: `cargo run --release --example gen_site -- OUT --pages N [--nav 60] [--depth 2]`.

#[path = "../benches/gen/mod.rs"]
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Writes a made-up Carafe site to measure with.
#[derive(Parser)]
struct Arguments {
    /// The folder to write to; it must be empty or not exist.
    out: PathBuf,
    /// How many pages.
    #[arg(long, default_value_t = 200)]
    pages: usize,
    /// How many pages stand in the navigation.
    #[arg(long, default_value_t = 60)]
    nav: usize,
    /// How deep the includes nest.
    #[arg(long, default_value_t = 2)]
    depth: usize,
}

fn main() -> ExitCode {
    let Arguments { out, pages, nav, depth } = Arguments::parse();
    if std::fs::read_dir(&out).is_ok_and(|mut entries| entries.next().is_some()) {
        eprintln!("{} is not empty", out.display());
        return ExitCode::from(2);
    }
    match site::write(&out, site::Options { pages, nav, depth }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
