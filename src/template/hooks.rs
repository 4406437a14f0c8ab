//! Calls that are put into page templates where Tera itself would not stop: it has no limits of its own.
//!
//! Behind the head of every loop and macro stands an empty expression, so that its turns are counted as output is, and behind
//! every `set` one that measures the variable.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

use serde_json::Value;

use super::parts::parts;
use super::paths::Paths;
use super::words;
use crate::theme::words::Language;

/// What a value takes beside its text, at least.
const VALUE_BYTES: usize = 32;

/// The template `name` with the calls in it, with the `words` in place of their names, and with `paths` as one variable each. Errors of
/// syntax are told of the text itself, so that their places are the file's.
pub(super) fn hooked(name: &str, text: &str, words: &Language, paths: &Paths) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    for (_, part, is_tag) in parts(text) {
        if !is_tag {
            out.push_str(part);
            continue;
        }
        out.push_str(&paths.put_in(name, &words::put_in(part, words)));
        if let Some(inner) = part.strip_prefix("{%") {
            let inner = inner.trim_start_matches('-').trim_start();
            let close = if part.ends_with("-%}") { "-}}" } else { "}}" };
            match inner.split_whitespace().next().unwrap_or_default() {
                "for" | "macro" => out.push_str(&format!("{{{{ carafe_turn() {close}")),
                "set" | "set_global" => out.extend(measure(inner, close)),
                _ => {}
            }
        }
    }
    out
}

/// The call that measures what `set NAME = …` sets.
fn measure(inner: &str, close: &str) -> Option<String> {
    let (head, _) = inner.split_once('=')?;
    let name = head.split_whitespace().nth(1)?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| format!("{{{{ carafe_measure(name=\"{name}\", value={name}) {close}"))
}

/// The turns of loops and calls of macros that one page may take in its template.
const MOST_TURNS: usize = 1_000_000;

/// How much of the stack macros may take that call each other; the threads that render have 2 MiB.
const MOST_STACK: usize = 1 << 20;

/// What is left for the pages that are being rendered. A page stays on its thread, and a thread has one page.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<ThreadId, Left>>>);

#[derive(Debug)]
struct Left {
    turns: usize,
    /// Where the stack stood when rendering began.
    stack: usize,
}

/// Where the stack stands.
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

impl Turns {
    /// Renders a page.
    pub(super) fn count<T>(&self, render: impl FnOnce() -> T) -> T {
        let id = std::thread::current().id();
        let whole = Left { turns: MOST_TURNS, stack: stack() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, whole);
        let rendered = render();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        rendered
    }

    /// `carafe_turn()`: nothing.
    ///
    /// # Errors
    /// The page has taken too many turns, or its macros call each other too deep.
    pub(super) fn turn(&self) -> tera::Result<Value> {
        let id = std::thread::current().id();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = all.get_mut(&id) {
            left.turns = left.turns.saturating_sub(1);
            if left.turns == 0 {
                return Err(format!("its loops and macros take more than {MOST_TURNS} turns").into());
            }
            if left.stack.abs_diff(stack()) > MOST_STACK {
                return Err("macros call themselves too deep".into());
            }
        }
        Ok("".into())
    }
}

/// `carafe_measure(name=, value=)`: nothing.
///
/// # Errors
/// The value takes more than `most` bytes.
pub(super) fn measure_of(most: usize) -> impl Fn(&HashMap<String, Value>) -> tera::Result<Value> + Sync + Send {
    move |arguments| {
        let bytes = arguments.get("value").map_or(0, size);
        if bytes <= most {
            return Ok("".into());
        }
        let name = arguments.get("name").and_then(Value::as_str).unwrap_or_default();
        Err(format!("`{name}` grows beyond {most} bytes").into())
    }
}

/// The bytes of a value; nesting is bounded by the template's own.
fn size(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(map) => map.iter().map(|(key, value)| key.len() + size(value)).sum(),
        _ => 0,
    };
    VALUE_BYTES + inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_stand_behind_loops_macros_and_variables_and_nowhere_else() {
        let cases = [
            ("a {% for x in y -%} b", "a {% for x in y -%}{{ carafe_turn() -}} b"),
            ("{%- macro m(a='%}') %}", "{%- macro m(a='%}') %}{{ carafe_turn() }}"),
            ("{% set a = '=' %}", "{% set a = '=' %}{{ carafe_measure(name=\"a\", value=a) }}"),
            ("{% raw %}{% for x in y %}{% endraw %}", "{% raw %}{% for x in y %}{% endraw %}"),
            ("{# {% for x in y %} #}{{ '{% set a = 1 %}' }} { {", "{# {% for x in y %} #}{{ '{% set a = 1 %}' }} { {"),
            ("{% if a == 1 %}{% endif %}{% for", "{% if a == 1 %}{% endif %}{% for{{ carafe_turn() }}"),
        ];
        for (text, expected) in cases {
            assert_eq!(hooked("a.html", text, &Language::new("en", |_| None), &Paths::default()), expected);
        }
    }
}
