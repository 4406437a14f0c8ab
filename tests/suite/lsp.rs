//! `carafe lsp`, spoken with as editors do.

mod actions;
mod completion;
mod conversation;
mod diagnostics;
mod everywhere;
mod names;
mod renames;
mod shown;
