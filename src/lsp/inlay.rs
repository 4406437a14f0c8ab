//! Hints within a text: the defaults that count at a call, and the releases that a branch is for.

use std::collections::BTreeSet;

use carafe_liquid::Version;
use carafe_liquid::tags::if_version;
use lsp_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip};
use serde_json::Value;

use crate::check::Described;

use super::cursor::{self, Construct};
use super::here::{Here, parsed};
use super::symbol::CALLS;

/// How many releases are named in one hint.
const NAMED: usize = 4;

/// `textDocument/inlayHint`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: InlayHintParams = parsed(params)?;
    let wanted = here.document.lines.bytes(params.range);
    let text = here.text();
    let mut found: Vec<InlayHint> = Vec::new();
    // The conditions of the branches before, for `else`.
    let mut branches: Vec<Vec<Vec<String>>> = Vec::new();
    let releases = releases(&here);
    for construct in Construct::all(text).filter(|construct| construct.is_tag && construct.closed) {
        let tag = cursor::word(text, construct.inner.clone());
        let name = &text[tag.clone()];
        let is_wanted = construct.span.end >= wanted.start && construct.span.start <= wanted.end;
        let hint = if CALLS.contains(&name) {
            if is_wanted { defaults(&here, &construct) } else { None }
        } else {
            match name {
                "if_version" => branches.push(Vec::new()),
                "endif_version" => drop(branches.pop()),
                _ => {}
            }
            branch(&releases, &mut branches, name, &text[tag.end..construct.inner.end])
        };
        let Some((label, tooltip)) = hint.filter(|_| is_wanted) else { continue };
        let is_call = CALLS.contains(&name);
        let at = if is_call {
            construct.inner.start + text[construct.inner.clone()].trim_end().len()
        } else {
            construct.span.end
        };
        found.push(InlayHint {
            position: here.document.lines.position(at),
            label: InlayHintLabel::String(label),
            kind: is_call.then_some(InlayHintKind::PARAMETER),
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(tooltip)),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        });
    }
    Ok(serde_json::to_value(found).unwrap_or_default())
}

/// What a call takes that it does not say.
fn defaults(here: &Here<'_>, construct: &Construct) -> Option<(String, String)> {
    let text = here.text();
    let tag = cursor::word(text, construct.inner.clone());
    let path = cursor::word(text, tag.end..construct.inner.end);
    let at = here.include(text[path.clone()].trim_matches(['"', '\'', ',']))?;
    let given = cursor::arguments(text, path.end..construct.inner.end);
    let about = Described::new(here.includes(), at);
    let left_out = about.params.iter().filter(|param| given.iter().all(|one| text[one.name.clone()] != *param.name));
    let shown: Vec<String> =
        left_out.filter_map(|param| Some(format!("{}={}", param.name, param.default.as_ref()?))).collect();
    (!shown.is_empty()).then(|| (shown.join(" "), format!("what `{}` takes unless it is given", about.name)))
}

/// The releases of the pages that are made from this text; of an include, of all pages.
pub(super) fn releases(here: &Here<'_>) -> Vec<String> {
    let all = |own: bool| -> Vec<String> {
        let entries = here.world().site.entries.iter().filter(|entry| !own || *entry.page.path == *here.path);
        let found: BTreeSet<&str> =
            entries.filter_map(|entry| entry.variant.release.as_ref()).map(|release| &*release.value).collect();
        let mut found: Vec<String> = found.into_iter().map(str::to_owned).collect();
        found.sort_by(|a, b| Version::parse(a).cmp(&Version::parse(b)));
        found
    };
    let own = all(true);
    let is_page = here.entries().next().is_some();
    if own.is_empty() && !is_page { all(false) } else { own }
}

/// The releases that a branch is for.
fn branch(releases: &[String], branches: &mut [Vec<Vec<String>>], tag: &str, markup: &str) -> Option<(String, String)> {
    let before = branches.last_mut()?;
    if releases.is_empty() || markup.contains("{{") {
        return None;
    }
    let is_left = |release: &&String| before.iter().all(|taken| !taken.contains(release));
    let holds: Vec<String> = match tag {
        "if_version" | "elsif" => {
            let (conditions, mistakes) = if_version::parse_conditions(markup);
            if !mistakes.is_empty() || conditions.is_empty() {
                return None;
            }
            let holds = |release: &&String| conditions.iter().all(|condition| condition.holds(release));
            releases.iter().filter(is_left).filter(holds).cloned().collect()
        }
        "else" => releases.iter().filter(is_left).cloned().collect(),
        _ => return None,
    };
    let shown: Vec<&str> = holds.iter().take(NAMED).map(String::as_str).collect();
    let label = match holds.len() {
        0 => "no release".to_owned(),
        len if len == releases.len() => "every release".to_owned(),
        len if len > NAMED => format!("{} and {} more", shown.join(", "), len - NAMED),
        _ => shown.join(", "),
    };
    let tooltip = if holds.is_empty() { label.clone() } else { holds.join(", ") };
    before.push(holds);
    Some((label, tooltip))
}
