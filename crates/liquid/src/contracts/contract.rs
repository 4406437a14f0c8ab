//! The contract of an include, read from its `{% doc %}` block: Shopify's LiquidDoc, with enums, defaults and
//! deprecations added.
//!
//! ```text
//! Creates the credential that the operator signs in with.
//! @param {boolean} [collapsed=false] - Fold the steps away.
//! @param {"both"|"direct"} [auth=both] - Which tabs to show.
//! @param {string} version
//! @deprecated user Use `account` instead.
//! @example
//! {% include credential.md version="1.4" %}
//! ```
//!
//! 1. The block is cut into its parts at lines that start with `@name`; what stands before the first is the description.
//! 2. Each part is read by its name: `@param`, `@description`, `@example`, `@deprecated` (of a parameter, or of the
//!    include when no parameter is named so).
//! 3. What cannot be read is a diagnostic `doc-syntax` at its place, and the rest of the block is read all the same.
//!
//! Nothing here knows calls or includes; checking calls against contracts is done elsewhere.

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::value::Value;

/// What an include says of itself.
#[derive(Clone, Debug, Default)]
pub struct Contract {
    /// What it is for; lines joined as they stand, without indentation.
    pub description: String,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// The parameters, in the order in which they are written.
    pub params: Vec<Param>,
    /// Calls that must work.
    pub examples: Vec<Example>,
}

/// A parameter of an include.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it may hold.
    pub kind: ParamKind,
    /// Whether a call may leave it out.
    pub optional: bool,
    /// What it holds then.
    pub default: Option<Value>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// What it is for.
    pub description: String,
    /// The place of its name.
    pub span: Span,
}

/// What a parameter may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ParamKind {
    /// Anything: no type is given.
    #[default]
    Any,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A hash or an object.
    Object,
    /// An array.
    Array,
    /// One of these texts.
    Enum(Vec<String>),
}

/// A call in the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The template text, without the indentation that all its lines share.
    pub text: String,
    /// Its place, from the first line to the last.
    pub span: Span,
}

impl Contract {
    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// Reads `text`, what stands between `{% doc %}` and `{% enddoc %}`; `span` is its place.
///
/// The diagnostics are errors `doc-syntax`, at the part that cannot be read. A parameter with a mistake is kept with what
/// could be read of it, so that calls are not blamed for it.
pub(crate) fn parse_doc(text: &str, span: Span) -> (Contract, Vec<Diagnostic>) {
    let mut reader = Reader { text, span, contract: Contract::default(), diagnostics: Vec::new() };
    let mut deprecations = Vec::new();
    for part in parts(text) {
        match part.tag {
            None | Some("description") => reader.description(&part),
            Some("param") => reader.param(&part),
            Some("example") => reader.example(&part),
            Some("deprecated") => deprecations.push(part),
            Some(other) => reader.unknown(&part, other),
        }
    }
    for part in deprecations {
        reader.deprecate(&part);
    }
    (reader.contract, reader.diagnostics)
}

/// A tag with all that follows it, up to the next; offsets are into the block.
struct Part<'t> {
    tag: Option<&'t str>,
    /// Where the `@` stands, or the text when there is no tag.
    start: usize,
    body: &'t str,
    body_start: usize,
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start_matches([' ', '\t']).len());
        at += line.len();
        let tag = text[start..at].strip_prefix('@').map(|rest| {
            let len = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            &rest[..len]
        });
        match (tag.filter(|tag| !tag.is_empty()), parts.last_mut()) {
            (Some(tag), _) => {
                let body_start = start + 1 + tag.len();
                parts.push(Part { tag: Some(tag), start, body: &text[body_start..at], body_start });
            }
            (None, Some(part)) => part.body = &text[part.body_start..at],
            (None, None) => {
                let body_start = at - line.len();
                parts.push(Part { tag: None, start: body_start, body: line, body_start });
            }
        }
    }
    parts
}

struct Reader<'t> {
    text: &'t str,
    span: Span,
    contract: Contract,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The place of a part of the block, given as a slice of its text.
    fn place(&self, slice: &str) -> Span {
        let offset = slice.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        self.span.sub(offset, slice.len())
    }

    fn error(&mut self, slice: &str, message: impl Into<String>, help: &str) {
        let mut diagnostic = Diagnostic::error("doc-syntax", message).at(self.place(slice));
        diagnostic.help = Some(help.to_owned());
        self.diagnostics.push(diagnostic);
    }

    fn description(&mut self, part: &Part<'_>) {
        let text = unindented(part.body).trim().to_owned();
        let description = &mut self.contract.description;
        if !description.is_empty() && !text.is_empty() {
            description.push('\n');
        }
        description.push_str(&text);
    }

    fn unknown(&mut self, part: &Part<'_>, tag: &str) {
        let slice = self.text.get(part.start..part.body_start).unwrap_or_default().to_owned();
        let span = self.span.sub(part.start, slice.len());
        let mut diagnostic =
            Diagnostic::error("doc-syntax", format!("`@{tag}` means nothing in a `doc` block")).at(span);
        diagnostic.help = Some("write `@param`, `@description`, `@example` or `@deprecated`".to_owned());
        self.diagnostics.push(diagnostic);
    }

    fn example(&mut self, part: &Part<'_>) {
        // A text on the tag's own line counts as well.
        let lines = part.body.trim_start_matches([' ', '\t']).trim_start_matches('\r').trim_start_matches('\n');
        let text = unindented(lines.trim_end());
        if text.is_empty() {
            let slice = self.text.get(part.start..part.body_start).unwrap_or_default();
            let span = self.span.sub(part.start, slice.len());
            let mut diagnostic = Diagnostic::error("doc-syntax", "this `@example` is empty").at(span);
            diagnostic.help = Some("write a call of the include on the lines below it".to_owned());
            self.diagnostics.push(diagnostic);
            return;
        }
        let span = self.place(lines.trim_end());
        self.contract.examples.push(Example { text, span });
    }

    fn deprecate(&mut self, part: &Part<'_>) {
        let body = part.body.trim();
        let (name, reason) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        let param = self.contract.params.iter_mut().find(|param| param.name == name.trim_end_matches(':'));
        match param {
            Some(param) => param.deprecated = Some(without_dash(reason).to_owned()),
            None => self.contract.deprecated = Some(one_line(body)),
        }
    }

    /// `{type} name - description`, with the name in brackets, and perhaps a default, when it may be left out.
    fn param(&mut self, part: &Part<'_>) {
        let rest = part.body.trim_start_matches([' ', '\t']);
        let (kind, rest) = self.kind(rest);
        let rest = rest.trim_start_matches([' ', '\t']);
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        let (inner, description, optional) = match rest.strip_prefix('[') {
            Some(inside) => match closing_bracket(line) {
                Some(end) => (&rest[1..end], &rest[end + 1..], true),
                None => {
                    self.error(line.trim_end(), "this `[` is never closed", "write `[name]` or `[name=default]`");
                    (&inside[..line.trim_end().len() - 1], &rest[line.len()..], true)
                }
            },
            None => {
                let end = line.find(char::is_whitespace).unwrap_or(line.len());
                (&rest[..end], &rest[end..], false)
            }
        };
        let (name, default) = match inner.split_once('=') {
            Some((name, default)) => (name.trim(), Some(default.trim())),
            None => (inner.trim(), None),
        };
        if !is_name(name) {
            let at = if name.is_empty() { self.text.get(part.start..part.body_start).unwrap_or("") } else { name };
            let what =
                if name.is_empty() { "this `@param` has no name".into() } else { format!("`{name}` is no name") };
            let at = at.to_owned();
            let span = if name.is_empty() { self.span.sub(part.start, at.len()) } else { self.place(name) };
            let mut diagnostic = Diagnostic::error("doc-syntax", what).at(span);
            diagnostic.help = Some("write `@param {type} name - description`".to_owned());
            self.diagnostics.push(diagnostic);
            return;
        }
        if default.is_some() && !optional {
            self.error(
                inner,
                format!("`{name}` has a default but is not optional"),
                "write it in brackets: `[name=default]`",
            );
        }
        if self.contract.param(name).is_some() {
            self.error(name, format!("the parameter `{name}` is described twice"), "remove one of the two");
            return;
        }
        let default = default.and_then(|default| self.default(name, default, &kind));
        let (deprecated, description) = deprecation(&one_line(without_dash(description)));
        let span = self.place(name);
        let name = name.to_owned();
        self.contract.params.push(Param {
            name,
            kind,
            optional: optional || default.is_some(),
            default,
            deprecated,
            description,
            span,
        });
    }

    /// The type in braces, and what follows.
    fn kind<'b>(&mut self, text: &'b str) -> (ParamKind, &'b str) {
        let Some(inside) = text.strip_prefix('{') else { return (ParamKind::Any, text) };
        let line = inside.find('\n').map_or(inside, |end| &inside[..end]);
        let Some(end) = closing_brace(line) else {
            let end = line.find(char::is_whitespace).unwrap_or(line.len());
            self.error(&text[..=end], "this `{` is never closed", "write the type in braces: `{string}`");
            return (ParamKind::Any, &inside[end..]);
        };
        let (kind, rest) = (inside[..end].trim(), &inside[end + 1..]);
        (self.named_kind(kind, &inside[..end]), rest)
    }

    fn named_kind(&mut self, kind: &str, slice: &str) -> ParamKind {
        match kind.to_ascii_lowercase().as_str() {
            "string" => return ParamKind::String,
            "number" => return ParamKind::Number,
            "boolean" => return ParamKind::Boolean,
            "object" => return ParamKind::Object,
            "any" => return ParamKind::Any,
            "array" => return ParamKind::Array,
            other if other.ends_with("[]") => return ParamKind::Array,
            _ => {}
        }
        match choices(kind) {
            Some(choices) => ParamKind::Enum(choices),
            None => {
                let types = "`string`, `number`, `boolean`, `object`, `array`, `any`, or texts such as `\"a\"|\"b\"`";
                self.error(slice, format!("`{kind}` is no type"), &format!("the types are {types}"));
                ParamKind::Any
            }
        }
    }

    /// The default as a value of the parameter's type.
    fn default(&mut self, name: &str, text: &str, kind: &ParamKind) -> Option<Value> {
        let plain = unquoted(text).unwrap_or(text);
        let value = match kind {
            ParamKind::String => Some(Value::from(plain)),
            ParamKind::Number => number(text),
            ParamKind::Boolean => boolean(text),
            ParamKind::Enum(choices) => choices.iter().any(|choice| choice == plain).then(|| Value::from(plain)),
            ParamKind::Any if plain.len() < text.len() => Some(Value::from(plain)),
            ParamKind::Any => Some(number(text).or_else(|| boolean(text)).unwrap_or_else(|| Value::from(text))),
            ParamKind::Array | ParamKind::Object => None,
        };
        if value.is_none() {
            let help = match kind {
                ParamKind::Number => "write a number, such as `3` or `0.5`".to_owned(),
                ParamKind::Boolean => "write `true` or `false`".to_owned(),
                ParamKind::Enum(choices) => format!("the choices are `{}`", choices.join("`, `")),
                _ => "arrays and objects have no defaults; leave it out".to_owned(),
            };
            self.error(text, format!("`{text}` is no default for `{name}`"), &help);
        }
        value
    }
}

fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    text.parse().map(Value::Int).ok().or_else(|| text.parse().map(Value::Float).ok())
}

fn boolean(text: &str) -> Option<Value> {
    text.parse().map(Value::Bool).ok()
}

/// The text between quotes.
fn unquoted(text: &str) -> Option<&str> {
    ['"', '\''].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// The texts of `"a"|'b'`.
fn choices(kind: &str) -> Option<Vec<String>> {
    let mut choices = Vec::new();
    let mut rest = kind.trim();
    loop {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (choice, behind) = rest[1..].split_once(quote)?;
        choices.push(choice.to_owned());
        rest = behind.trim_start();
        if rest.is_empty() {
            return Some(choices);
        }
        rest = rest.strip_prefix('|')?.trim_start();
    }
}

fn closing_brace(text: &str) -> Option<usize> {
    outside_quotes(text, '}')
}

/// Where the bracket at the start of `text` is closed.
fn closing_bracket(text: &str) -> Option<usize> {
    outside_quotes(text, ']')
}

/// The first `wanted` that stands in no quotes. A quote that is never closed is none.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find([wanted, '"', '\'']).map(|at| from + at) {
        from = at + 1;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        let quote = &text[at..=at];
        // Only a pair that closes before the next bracket or brace hides what it holds.
        if let Some(end) = text[from..].find(quote) {
            from += end + 1;
        }
    }
    text.find(wanted)
}

/// Names of parameters: letters, digits, `_`, `-` and dots between them.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(plain) && !name.ends_with('.')
}

/// The text behind a leading dash.
fn without_dash(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('-').map_or(text, str::trim_start)
}

/// `@deprecated: reason` or `(deprecated: reason)` at the start of a description, and the rest.
fn deprecation(description: &str) -> (Option<String>, String) {
    let inside = description.strip_prefix("(deprecated").and_then(|rest| rest.split_once(')'));
    match inside {
        Some((reason, rest)) if reason.is_empty() || reason.starts_with([':', ',', ' ']) => {
            let reason = reason.trim_start_matches([':', ',']).trim();
            (Some(reason.to_owned()), rest.trim().to_owned())
        }
        _ => (None, description.to_owned()),
    }
}

/// The lines as one, blanks squeezed.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` without the indentation that all its lines share.
fn unindented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let shared = lines().map(indent).min().unwrap_or(0);
    let cut = |line: &str| line.get(shared..).unwrap_or("").to_owned();
    text.lines()
        .map(|line| if line.trim().is_empty() { String::new() } else { cut(line) })
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests;
