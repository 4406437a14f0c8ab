//! What can be known of includes and their calls without rendering anything.
//!
//! 1. [`walk`](self) goes through one template and notes what it reads of `include`, which includes it calls with which
//!    values, and which branches it has; once for all of it, and once for each set of values that calls hand over.
//! 2. [`analyse`] follows the values from the pages through all calls: which includes are reached, and which branches.
//! 3. [`Inferred`] is the contract of an include as its text implies it, through the includes that it hands values on to.
//!
//! Nothing is guessed: what depends on the page, on data or on anything else that only a rendering knows may be anything.
//! The module knows neither files nor the build; it is given the templates.

mod calls;
mod contracts;
mod flow;
mod known;
mod walk;

pub use calls::{Call, CallKind, Given, Pattern};
pub use contracts::{Inferred, InferredParam};
pub use flow::{Analysis, Role, Unit, Unreached, analyse, calls};
pub use known::Known;

#[cfg(test)]
mod tests;
