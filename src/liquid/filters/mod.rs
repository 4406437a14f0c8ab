//! Filters: one file per family. A filter is a plain function of a [`Call`]; what it needs of the world it asks of [`Env`].
//!
//! Standard filters follow Ruby's Liquid 5, the others Jekyll. Where the two give one name two meanings, [`Env::dialect`]
//! decides.

use std::sync::Arc;

use crate::island::Islands;

use super::convert;
use super::host::Host;
use super::value::Value;

/// A filter: a call in, a value out, or the reason why there is none.
pub type Filter = fn(&Call<'_>) -> Result<Value, FilterError>;

/// One use of a filter: `{{ input | name: args, key: named }}`.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What stands before the `|`.
    pub input: &'a Value,
    /// The arguments without a name.
    pub args: &'a [Value],
    /// The arguments with a name.
    pub named: &'a [(Arc<str>, Value)],
    /// The world around.
    pub env: &'a dyn Env,
}

/// Why a filter gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// As Ruby's Liquid words it: `divided by 0`.
    pub message: String,
}

impl FilterError {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// Whose meaning a filter has where Liquid's and Jekyll's differ: `where`, `find` and `sort`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Liquid alone.
    Liquid,
    /// Liquid as Jekyll runs it.
    #[default]
    Jekyll,
}

/// What filters may ask of the rendering they are part of.
pub trait Env {
    /// The services of the page's rendering.
    fn host(&self) -> &dyn Host;

    /// The value of a variable and its fields: `["site", "baseurl"]`; `None` when there is none.
    fn variable(&self, path: &[&str]) -> Option<Value>;

    /// Whether `condition` holds while `variable` is `item`.
    ///
    /// # Errors
    /// When the condition does not parse or cannot be evaluated.
    fn condition(&self, variable: &str, item: &Value, condition: &str) -> Result<bool, FilterError>;

    /// The value of `expression` (filters included) while `variable` is `item`.
    ///
    /// # Errors
    /// When the expression does not parse or cannot be evaluated.
    fn expression(&self, variable: &str, item: &Value, expression: &str) -> Result<Value, FilterError>;

    /// The islands of the rendering so far, which a text given to Markdown may hold placeholders of.
    fn islands(&self) -> &Islands;

    /// Whose filters these are.
    fn dialect(&self) -> Dialect {
        Dialect::Jekyll
    }
}

type Row = (&'static str, Filter);

/// The families, each in its own file.
const FAMILIES: &[&[Row]] = &[];

/// The filter of this name.
pub fn find(name: &str) -> Option<Filter> {
    FAMILIES.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, filter)| *filter)
}

/// The names of all filters, family by family.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().copied().flatten().map(|(name, _)| *name)
}

impl<'a> Call<'a> {
    /// Checks the number of arguments, the input counted as Ruby counts it.
    ///
    /// # Errors
    /// `wrong number of arguments (given 4, expected 1..2)`.
    pub fn arity(&self, min: usize, max: usize) -> Result<(), FilterError> {
        let given = 1 + self.args.len() + usize::from(!self.named.is_empty());
        if (min..=max).contains(&given) {
            return Ok(());
        }
        let expected = if min == max { min.to_string() } else { format!("{min}..{max}") };
        Err(FilterError::new(format!("wrong number of arguments (given {given}, expected {expected})")))
    }

    /// The argument at this place, nil when it was left out.
    pub fn arg(&self, at: usize) -> &'a Value {
        self.args.get(at).unwrap_or(&Value::Nil)
    }

    /// The input as text.
    pub fn text(&self) -> std::borrow::Cow<'a, str> {
        convert::text(self.input)
    }
}
