//! What includes take: declared in a `doc` block, implied by their text, given by their calls; and what tests take of them.
//!
//! A [`DocBlock`] is read into a [`Contract`], and a rendering follows it (`declared`). The rest is known without rendering anything:
//!
//! 1. [`walk`](self) goes through one template and notes what it reads of `include`, which includes it calls with which
//!    values, and which branches it has; once for all of it, and once for each set of values that calls hand over.
//! 2. [`analyse`] follows the values from the pages through all calls: which includes are reached, and which branches.
//! 3. [`Inferred`] is the contract of an include as its text implies it, through the includes that it hands values on to.
//!
//! Nothing is guessed: what depends on the page, on data or on anything else that only a rendering knows may be anything.
//! The module knows neither files nor the build; it is given the templates.

mod calls;
mod contract;
pub mod coverage;
pub(crate) mod declared;
mod doc;
mod flow;
mod inferred;
mod known;
mod unit;
mod walk;

pub use calls::{Call, CallKind, Given, Pattern};
pub(crate) use contract::parse_doc;
pub use contract::{Contract, Param, ParamKind};
pub use doc::DocBlock;
pub use flow::{Analysis, Unreached, analyse, calls};
pub use inferred::{Inferred, InferredParam};
pub use known::Known;
pub use unit::{Role, Unit};

#[cfg(test)]
mod tests;
