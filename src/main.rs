//! The `carafe` program: maps the library's result to an exit code and does nothing else.

fn main() {}
