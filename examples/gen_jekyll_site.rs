//! Writes a Jekyll site to measure with: `cargo run --release --example gen_jekyll_site -- OUT [PAGES]`.

#[path = "../benches/gen/mod.rs"]
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Writes a made-up Jekyll site to measure with.
#[derive(Parser)]
struct Arguments {
    /// The folder to write to; it must be empty or not exist.
    out: PathBuf,
    /// How many pages.
    #[arg(default_value_t = 1300)]
    pages: usize,
}

fn main() -> ExitCode {
    let Arguments { out, pages } = Arguments::parse();
    if std::fs::read_dir(&out).is_ok_and(|mut entries| entries.next().is_some()) {
        eprintln!("{} is not empty", out.display());
        return ExitCode::from(2);
    }
    match site::jekyll::write(&out, pages) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
