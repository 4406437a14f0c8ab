//! Writes a product with many releases, to measure with: `cargo run --release --example gen_product -- OUT [--sources 250] [--releases 8]`.

#[path = "../benches/gen/product.rs"]
mod product;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Writes a made-up product whose pages come from single sources.
#[derive(Parser)]
struct Arguments {
    /// The folder to write to; it must be empty or not exist.
    out: PathBuf,
    /// How many sources.
    #[arg(long, default_value_t = 250)]
    sources: usize,
    /// How many releases.
    #[arg(long, default_value_t = 8)]
    releases: usize,
}

fn main() -> ExitCode {
    let Arguments { out, sources, releases } = Arguments::parse();
    if std::fs::read_dir(&out).is_ok_and(|mut entries| entries.next().is_some()) {
        eprintln!("{} is not empty", out.display());
        return ExitCode::from(2);
    }
    match product::write(&out, product::Options { sources, releases }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
