//! The `carafe` program: maps the command line's result to an exit code and does nothing else.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(carafe::cli::main().code())
}
