//! Colours of Liquid, wherever it stands: what the names in tags and outputs are.

use std::ops::Range;

use lsp_types::{SemanticToken, SemanticTokens, SemanticTokensParams};
use serde_json::{Value, json};

use super::cursor::{self, Construct};
use super::here::{Here, parsed};
use super::symbol::CALLS;

/// The kinds, in the order of their numbers.
const KINDS: [&str; 8] = ["keyword", "function", "variable", "property", "parameter", "string", "number", "operator"];

const KEYWORD: u32 = 0;
const FUNCTION: u32 = 1;
const VARIABLE: u32 = 2;
const PROPERTY: u32 = 3;
const PARAMETER: u32 = 4;
const STRING: u32 = 5;
const NUMBER: u32 = 6;
const OPERATOR: u32 = 7;

/// Words that are no variables.
const WORDS: [&str; 12] =
    ["and", "blank", "by", "contains", "empty", "false", "in", "nil", "null", "or", "reversed", "true"];

/// What the server says of itself.
pub(super) fn legend() -> Value {
    json!({"legend": {"tokenTypes": KINDS, "tokenModifiers": []}, "full": true})
}

/// `textDocument/semanticTokens/full`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let _: SemanticTokensParams = parsed(params)?;
    let text = here.text();
    let mut found: Vec<(Range<usize>, u32)> = Vec::new();
    let mut verbatim: Option<String> = None;
    for construct in Construct::all(text) {
        let name = if construct.is_tag { &text[cursor::word(text, construct.inner.clone())] } else { "" };
        // What is shown as it stands is no Liquid.
        if let Some(end) = &verbatim {
            if name != end {
                continue;
            }
            verbatim = None;
        } else if matches!(name, "raw" | "comment") {
            verbatim = Some(format!("end{name}"));
        }
        in_construct(text, &construct, &mut found);
    }
    Ok(serde_json::to_value(SemanticTokens { result_id: None, data: data(&here, found) }).unwrap_or_default())
}

fn in_construct(text: &str, construct: &Construct, found: &mut Vec<(Range<usize>, u32)>) {
    if !construct.is_tag {
        return in_markup(text, construct.inner.clone(), false, found);
    }
    let tag = cursor::word(text, construct.inner.clone());
    if &text[tag.clone()] != "liquid" {
        return in_tag(text, construct.inner.clone(), found);
    }
    found.push((tag.clone(), KEYWORD));
    let mut at = tag.end;
    for line in text[tag.end..construct.inner.end].split_inclusive('\n') {
        in_tag(text, at..at + line.len(), found);
        at += line.len();
    }
}

fn in_tag(text: &str, inner: Range<usize>, found: &mut Vec<(Range<usize>, u32)>) {
    let tag = cursor::word(text, inner.clone());
    let name = &text[tag.clone()];
    found.push((tag.clone(), KEYWORD));
    match name {
        // Their markup is words.
        "comment" | "doc" | "raw" | "#" => {}
        name if CALLS.contains(&name) => {
            let path = cursor::word(text, tag.end..inner.end);
            found.push((path.clone(), FUNCTION));
            in_markup(text, path.end..inner.end, true, found);
        }
        _ => in_markup(text, tag.end..inner.end, true, found),
    }
}

/// The words in the markup of a tag or an output.
fn in_markup(text: &str, part: Range<usize>, is_tag: bool, found: &mut Vec<(Range<usize>, u32)>) {
    let mut at = part.start;
    let (mut after_pipe, mut after_dot) = (false, false);
    while at < part.end {
        let rest = &text[at..part.end];
        let Some(c) = rest.chars().next() else { break };
        let run = |inner: fn(char) -> bool| rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
        let (len, kind) = match c {
            '"' | '\'' => (rest[1..].find(c).map_or(rest.len(), |close| close + 2), Some(STRING)),
            '0'..='9' if !after_dot => (run(|c| c.is_ascii_digit() || c == '.'), Some(NUMBER)),
            '|' | '=' | '<' | '>' | '!' => (run(|c| matches!(c, '|' | '=' | '<' | '>' | '!')), Some(OPERATOR)),
            c if c.is_alphanumeric() || c == '_' => {
                let len = run(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '?'));
                let behind = rest[len..].trim_start();
                let is_given =
                    is_tag && behind.starts_with('=') && !behind.starts_with("==") || behind.starts_with(':');
                let kind = match &rest[..len] {
                    _ if after_pipe => FUNCTION,
                    _ if after_dot => PROPERTY,
                    word if WORDS.contains(&word) => KEYWORD,
                    _ if is_given => PARAMETER,
                    _ => VARIABLE,
                };
                (len, Some(kind))
            }
            c => (c.len_utf8(), None),
        };
        if !c.is_whitespace() {
            after_dot = c == '.';
            after_pipe = c == '|';
        }
        found.extend(kind.map(|kind| (at..at + len, kind)));
        at += len;
    }
}

/// As the protocol has it: each counted from the one before, none longer than its line.
fn data(here: &Here<'_>, mut found: Vec<(Range<usize>, u32)>) -> Vec<SemanticToken> {
    let (text, lines) = (here.text(), &here.document.lines);
    found.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut data, mut before, mut end) = (Vec::new(), lsp_types::Position::default(), 0);
    for (range, token_type) in found {
        let mut start = range.start;
        for piece in text[range].split_inclusive('\n') {
            let from = start;
            start += piece.len();
            let shown = from..from + piece.trim_end_matches(['\n', '\r']).len();
            if shown.is_empty() || shown.start < end {
                continue;
            }
            end = shown.end;
            let shown = lines.range(shown);
            let delta_line = shown.start.line - before.line;
            let delta_start =
                if delta_line == 0 { shown.start.character - before.character } else { shown.start.character };
            let length = shown.end.character - shown.start.character;
            data.push(SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset: 0 });
            before = shown.start;
        }
    }
    data
}
