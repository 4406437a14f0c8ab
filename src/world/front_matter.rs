//! What pages say of themselves, judged: keys that are probably misspelt, values of a wrong type, and what the configuration asks of
//! the pages below a folder (`front_matter`).

use std::collections::BTreeMap;

use carafe_liquid::convert;
use carafe_liquid::value::Value;
use carafe_source::Span;
use rustc_hash::FxHashSet;
use serde_json::json;

use crate::config::schema::{document, plain};
use crate::config::{Config, Contract, KeyType, Mode, is_language, reference};
use crate::content::{Page, matches_glob};
use crate::diagnostic::{Diagnostic, nearest};
use crate::site::{Entry, Site};

use super::metadata::key_span;

/// The keys that mean something, and what they are.
const KNOWN: [(&str, KeyType); 23] = [
    ("title", KeyType::Text),
    ("nav_title", KeyType::Text),
    ("description", KeyType::Text),
    ("image", KeyType::Any),
    ("lang", KeyType::Language),
    ("weight", KeyType::Integer),
    ("nav", KeyType::Boolean),
    ("layout", KeyType::Text),
    ("permalink", KeyType::Text),
    ("search", KeyType::Boolean),
    ("noindex", KeyType::Boolean),
    ("redirect_from", KeyType::Any),
    ("redirect_to", KeyType::Text),
    ("published", KeyType::Boolean),
    ("draft", KeyType::Boolean),
    ("toc", KeyType::Boolean),
    ("render_with_liquid", KeyType::Boolean),
    ("date", KeyType::Any),
    ("last_updated", KeyType::Date),
    ("feed", KeyType::Boolean),
    ("actions", KeyType::Any),
    ("overrides", KeyType::Any),
    ("version", KeyType::Any),
];

/// The keys that mean something in translations alone; they are texts.
const TRANSLATED: [&str; 2] = ["slug", "translated_from"];

/// Keys of other generators, and those that mean the same here.
const ELSEWHERE: [(&str, &str); 9] = [
    ("slug", "permalink"),
    ("url", "permalink"),
    ("aliases", "redirect_from"),
    ("sidebar_label", "nav_title"),
    ("linkTitle", "nav_title"),
    ("sidebar_position", "weight"),
    ("nav_order", "weight"),
    ("nav_exclude", "nav"),
    ("hide", "toc"),
];

/// What landing pages of other tools say in their front matter, and what reads it on one of ours.
const LANDING: [(&str, &str); 9] = [
    ("hero", "`{% hero %}` in the text shows what stands beside the title"),
    ("cards", "`{% cards %}` in the text shows cards"),
    ("features", "`{% cards %}` in the text shows cards"),
    ("tagline", "did you mean `description`?"),
    ("subtitle", "did you mean `description`?"),
    ("lead", "did you mean `description`?"),
    ("buttons", "did you mean `actions`?"),
    ("cta", "did you mean `actions`?"),
    ("links", "did you mean `actions`?"),
];

/// What the buttons of landing pages say in other tools, and what they say here.
const ACTIONS: [(&str, &str); 5] =
    [("text", "title"), ("label", "title"), ("name", "title"), ("link", "url"), ("href", "url")];

/// JSON Schema of the front matter of native sites' pages.
pub(crate) fn schema() -> serde_json::Value {
    let about = reference::front_matter();
    let property = |(name, kind): &(&str, KeyType)| {
        let mut schema = match kind {
            KeyType::Text | KeyType::Liquid | KeyType::Language => {
                json!({"type": ["string", "number", "boolean", "null"]})
            }
            KeyType::Integer => json!({"type": ["integer", "null"]}),
            KeyType::Number => json!({"type": ["number", "null"]}),
            KeyType::Boolean => json!({"type": ["boolean", "null"]}),
            KeyType::List => json!({"type": ["array", "null"]}),
            KeyType::Mapping => json!({"type": ["object", "null"]}),
            KeyType::Choice(words) => json!({"enum": words}),
            KeyType::Any | KeyType::Date => json!({}),
        };
        let about = about.iter().find(|known| known.name == *name);
        if let (Some(about), Some(fields)) = (about, schema.as_object_mut()) {
            fields.insert("description".into(), plain(&about.about).into());
        }
        ((*name).to_owned(), schema)
    };
    let properties: serde_json::Map<_, _> = KNOWN.iter().map(property).collect();
    document("Front matter of a page", json!({"type": ["object", "null"], "properties": properties}))
}

/// What is wrong with the front matter of a native site's pages: `front-matter-key`, `front-matter-type`, `front-matter-contract`.
/// `reads` tells whether some text of the site reads a key.
pub(crate) fn check(site: &Site, config: &Config, reads: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if config.mode != Mode::Native {
        return found;
    }
    let mut seen = FxHashSet::default();
    // What was probably meant by keys that are ours nearly, and that nothing reads: asked once, as all pages may have the same.
    let mut meant: BTreeMap<String, Option<&str>> = BTreeMap::new();
    for entry in site.entries.iter().filter(|entry| seen.insert(entry.page.path.clone())) {
        let page = &entry.page;
        let contracts: Vec<&Contract> =
            config.front_matter.iter().filter(|contract| matches_glob(&contract.pattern, &page.relative)).collect();
        found.extend(["title", "nav_title", "description"].into_iter().filter_map(|key| cut_off(page, key)));
        for (key, value) in page.front.iter() {
            let known = KNOWN.iter().find(|(known, _)| **known == **key).map(|(_, kind)| kind);
            let known = known.or_else(|| TRANSLATED.contains(&&**key).then_some(&KeyType::Text));
            let known = known.filter(|_| page.language > 0 || !TRANSLATED.contains(&&**key));
            let declared = contracts.iter().find_map(|contract| contract.keys.get(&**key));
            match (declared.map(|(kind, _)| kind).or(known), declared.is_some()) {
                (Some(kind), is_declared) => found.extend(mistyped(page, key, value, kind, is_declared)),
                (None, _) => {
                    let declared = contracts.iter().flat_map(|contract| contract.keys.keys().map(String::as_str));
                    let names = KNOWN.iter().map(|(name, _)| *name).chain(declared);
                    let is_closed = contracts.iter().any(|contract| contract.is_closed);
                    let near = match meant.get(&**key) {
                        Some(known) if contracts.is_empty() => *known,
                        // Asked last, and only of keys that are mistakes when the answer is no.
                        _ => near(key, names).or_else(|| elsewhere(key)).filter(|_| is_closed || !reads(key)),
                    };
                    if contracts.is_empty() {
                        meant.insert(key.to_string(), near);
                    }
                    let told = unknown(page, key, &contracts, near);
                    let is_landing = told.is_none() && entry.text("layout") == Some("home");
                    found.extend(told.or_else(|| if is_landing { landing(page, key, reads) } else { None }));
                }
            }
        }
        if entry.text("layout") == Some("home") {
            found.extend(actions(page, reads));
        }
        for contract in contracts {
            found.extend(missing(entry, contract));
        }
    }
    found
}

/// A value that is not what its key takes. What is written with Liquid is a text.
fn mistyped(page: &Page, key: &str, value: &Value, kind: &KeyType, is_declared: bool) -> Option<Diagnostic> {
    if value.is_nil() || kind.takes(&convert::resolve(value)) {
        return None;
    }
    let written = convert::text(value);
    let shown: String = written.chars().take(40).collect();
    let mut message = format!("`{key}` must be {}, and not `{shown}`", kind.describe());
    let span = key_span(page, key);
    // `{{ name }}` without quotes is a mapping within a mapping to YAML.
    let written = page.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let value = written.split_once(':').map_or("", |(_, value)| value.trim());
    if matches!(value.as_bytes(), [b'{', b'{' | b'%', ..]) {
        message = format!("`{key}` must be {}, and `{value}` without quotes is a mapping to YAML", kind.describe());
        let told = if is_declared { Diagnostic::error } else { Diagnostic::warning };
        let code = if is_declared { "front-matter-contract" } else { "front-matter-type" };
        return Some(told(code, message).at(span).help(format!("put the value in quotes: `{key}: \"{value}\"`")));
    }
    Some(match is_declared {
        true => Diagnostic::error("front-matter-contract", message).at(span),
        false => Diagnostic::warning("front-matter-type", message).at(span),
    })
}

/// A text that YAML ends where a comment seems to begin, as in `title: C #1`. Nobody who means a comment writes it so: a blank comes behind its sign.
fn cut_off(page: &Page, key: &str) -> Option<Diagnostic> {
    page.front.get(key)?.as_str()?;
    let line = key_span(page, key);
    let written = page.text.get(line.start as usize..line.end as usize)?;
    let value = written.split_once(':')?.1.trim_start();
    // In quotes, and in a block of lines, the sign is text.
    if value.starts_with(['"', '\'', '|', '>', '[', '{', '&', '*', '!', '#']) {
        return None;
    }
    let at = [" #", "\t#"].into_iter().filter_map(|sign| value.find(sign)).min()? + 1;
    if !value[at + 1..].starts_with(|c: char| !c.is_whitespace() && c != '#') {
        return None;
    }
    let start = line.end as usize - (value.len() - at);
    let shown: String = value[at..].chars().take(40).collect();
    let message = format!("`{shown}` is a comment to YAML, and not part of `{key}`");
    let help = format!("put the value in quotes: `{key}: \"{value}\"`; behind the sign of a comment comes a blank");
    let place = Span::new(page.file, start, line.end as usize);
    Some(Diagnostic::warning("doubtful-yaml", message).at(place).help(help))
}

/// What a key of another generator is here.
fn elsewhere(key: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(theirs, _)| *theirs == key).map(|(_, ours)| *ours)
}

/// The name that was probably meant by `key`.
fn near<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    nearest(key, names, if key.chars().count() < 5 { 1 } else { 2 })
}

fn unknown(page: &Page, key: &str, contracts: &[&Contract], near: Option<&str>) -> Option<Diagnostic> {
    let closed = contracts.iter().find(|contract| contract.is_closed);
    let mut diagnostic = match (closed, near) {
        (Some(contract), _) => {
            let message = format!("`{key}` is none of the keys that `front_matter` allows for `{}`", contract.pattern);
            Diagnostic::error("front-matter-contract", message)
        }
        (None, Some(_)) => Diagnostic::warning("front-matter-key", format!("nothing reads the key `{key}`")),
        (None, None) => return None,
    };
    let span = key_span(page, key);
    if let Some(near) = near {
        diagnostic = diagnostic.meant(span, key, near);
    }
    Some(diagnostic.at(span))
}

/// What a landing page says in vain, as other tools have it.
fn landing(page: &Page, key: &str, reads: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
    let (_, help) = LANDING.iter().find(|(theirs, _)| *theirs == key).filter(|_| !reads(key))?;
    let message = format!("nothing reads the key `{key}`");
    Some(Diagnostic::warning("front-matter-key", message).at(key_span(page, key)).help(*help))
}

/// What the buttons of a landing page say in vain, each key once.
fn actions(page: &Page, reads: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let items = match page.front.get("actions").map(convert::resolve) {
        Some(Value::Array(items)) => items,
        _ => return Vec::new(),
    };
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    for item in items.iter() {
        let Value::Map(item) = convert::resolve(item) else { continue };
        for key in item.keys().filter(|key| !matches!(&***key, "title" | "url")) {
            if !seen.insert(key.clone()) || reads(key) {
                continue;
            }
            let message = format!("nothing reads `{key}` in `actions`");
            let ours = ACTIONS.iter().find(|(theirs, _)| **theirs == **key).map(|(_, ours)| *ours);
            let ours = ours.or_else(|| near(key, ["title", "url"].into_iter()));
            let help =
                ours.map_or("an action has a `title` and a `url`".to_owned(), |ours| format!("did you mean `{ours}`?"));
            found.push(Diagnostic::warning("front-matter-key", message).at(key_span(page, "actions")).help(help));
        }
    }
    found
}

/// Keys that a contract requires and the page, its defaults included, does not give.
fn missing(entry: &Entry, contract: &Contract) -> Vec<Diagnostic> {
    let lacks = |key: &&String| entry.value(key).is_none_or(Value::is_nil);
    let required = contract.keys.iter().filter(|(_, (_, required))| *required).map(|(key, _)| key);
    let tell = |key: &String| {
        let message =
            format!("the front matter lacks `{key}`, which `front_matter` requires for `{}`", contract.pattern);
        Diagnostic::error("front-matter-contract", message).at(Span::new(entry.page.file, 0, 0))
    };
    required.filter(lacks).map(tell).collect()
}

impl KeyType {
    /// Whether a value is one of the type.
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Text | Self::Liquid => !matches!(value, Value::Array(_) | Value::Map(_)),
            Self::Number => matches!(value, Value::Int(_) | Value::Float(_)),
            Self::Integer => matches!(value, Value::Int(_)),
            Self::Boolean => matches!(value, Value::Bool(_)),
            Self::Date => {
                let is_date = |text: &str| text.len() >= 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
                matches!(value, Value::Time(_)) || value.as_str().is_some_and(is_date)
            }
            Self::Language => value.as_str().is_some_and(|text| is_language(text.trim())),
            Self::List => matches!(value, Value::Array(_)),
            Self::Mapping => matches!(value, Value::Map(_)),
            Self::Choice(words) => match value {
                Value::Array(items) => items.iter().all(|item| self.takes(&convert::resolve(item))),
                value => words.iter().any(|word| *word == convert::text(value)),
            },
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Any => "a value".into(),
            Self::Text | Self::Liquid => "a text".into(),
            Self::Number => "a number".into(),
            Self::Integer => "a whole number".into(),
            Self::Boolean => "`true` or `false`".into(),
            Self::Date => "a date, such as `2024-01-31`".into(),
            Self::Language => "the name of a language, such as `de` or `pt-BR`".into(),
            Self::List => "a list".into(),
            Self::Mapping => "a mapping".into(),
            Self::Choice(words) => {
                format!("one of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
