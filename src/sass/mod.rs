//! Style sheets: SCSS and the indented syntax, to CSS.
//!
//! [`compile`] has one text compiled by the `grass` crate ([`compiler`]). Files that it imports are asked of [`Imports`], by the paths that
//! [`names`] makes of what the sheet says. What is wrong comes back with its place: in the text itself, or in an imported file.
//!
//! Sass is a language with loops and functions, and its compiler has no bound for them. So a program compiles each sheet in a process
//! of its own ([`process`]), which ends when it takes too long, needs too much memory or calls itself too deeply.
//!
//! Sites, pages and Liquid are not known here.

mod compiler;
mod names;
mod place;
pub(crate) mod process;
mod sheet;

pub(crate) use sheet::{Compiled, Imports, Level, Message, Options, Syntax};

/// The CSS of `text`. With an error there is none. A sheet that goes over one of the limits of [`process`] is an error, too.
pub(crate) fn compile(text: &str, options: Options<'_>, imports: &dyn Imports) -> Compiled {
    match process::program() {
        Some(program) => process::compile(program, text, options, imports),
        None => compiler::compile(text, options, imports),
    }
}

#[cfg(test)]
mod tests;
