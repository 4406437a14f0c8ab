//! A small world for the filters' tests.

use std::sync::Arc;

use carafe_source::island::Islands;
use carafe_source::{Places, ReadError};

use crate::Template;
use crate::convert;
use crate::host::{Host, Lookup};
use crate::value::{Value, from_json};

use super::{Call, Dialect, Env, FilterError, find};

/// 2024-02-03 04:05:06 in Berlin, on a site at `http://Example.com/base`. Conditions are `FIELD`, `FIELD == NUMBER`;
/// expressions are `FIELD`.
pub(super) struct World {
    pub dialect: Dialect,
}

impl World {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect }
    }
}

impl Host for World {
    fn template(&self, _: &str, _: Lookup) -> Result<Arc<Template>, ReadError> {
        Err(ReadError::NotFound)
    }
    fn include_paths(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn markdown(&self, text: &str, _: Places<'_>, islands: &Islands) -> String {
        format!("<p>{}</p>\n", islands.resolve(text))
    }
    fn highlight(&self, code: &str, _: &str, _: bool) -> String {
        code.to_owned()
    }
    fn link(&self, _: &str) -> Option<String> {
        None
    }
    fn post_url(&self, _: &str) -> Option<String> {
        None
    }
    fn now(&self) -> jiff::ZonedDateTime {
        "2024-02-03T04:05:06+01:00[Europe/Berlin]".parse().unwrap()
    }
}

impl Env for World {
    fn host(&self) -> &dyn Host {
        self
    }
    fn variable(&self, path: &[&str]) -> Option<Value> {
        match path {
            ["site", "baseurl"] => Some("/base/".into()),
            ["site", "url"] => Some("http://Example.com".into()),
            _ => None,
        }
    }
    fn conditions(
        &self,
        _: &str,
        items: &[Value],
        condition: &str,
        enough: &mut dyn FnMut(usize, bool) -> bool,
    ) -> Result<(), FilterError> {
        let (field, value) = condition.split_once(" == ").unwrap_or((condition, ""));
        for (at, item) in items.iter().enumerate() {
            let found = item.field(field).ok_or_else(|| FilterError::new("no such field"))?;
            if enough(at, if value.is_empty() { found.truthy() } else { convert::text(&found) == value }) {
                break;
            }
        }
        Ok(())
    }
    fn expression(&self, _: &str, item: &Value, expression: &str) -> Result<Value, FilterError> {
        item.field(expression).ok_or_else(|| FilterError::new("no such field"))
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }
}

/// A value written as JSON.
pub(super) fn json(text: &str) -> Value {
    from_json(serde_json::from_str(text).unwrap())
}

/// What a filter makes of an input and arguments (a JSON array), as JSON; errors as `error: MESSAGE`.
pub(super) fn run_value(dialect: Dialect, name: &str, input: &Value, args: &str) -> String {
    let args = match json(&format!("[{args}]")) {
        Value::Array(args) => args,
        _ => unreachable!(),
    };
    let world = World::new(dialect);
    let call = Call { input, args: &args, named: &[], env: &world };
    match find(name).unwrap()(&call) {
        Ok(value) => super::json::to_json(&value),
        Err(error) => format!("error: {}", error.message),
    }
}

/// As [`run_value`], with the input as JSON and in Liquid's dialect.
pub(super) fn run(name: &str, input: &str, args: &str) -> String {
    run_value(Dialect::Liquid, name, &json(input), args)
}

/// Checks rows of filter, input, arguments and result.
#[track_caller]
pub(super) fn table(dialect: Dialect, rows: &[(&str, &str, &str, &str)]) {
    for (name, input, args, expected) in rows {
        let found = run_value(dialect, name, &json(input), args);
        assert_eq!(found, *expected, "{input} | {name}: {args}");
    }
}
