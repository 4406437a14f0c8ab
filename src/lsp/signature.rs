//! What the call around the cursor takes, with the parameter that is being written.

use lsp_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams,
    SignatureInformation,
};
use serde_json::Value;

use crate::check::Described;

use super::cursor::{self, Construct};
use super::here::{Here, parsed};
use super::symbol::CALLS;

/// `textDocument/signatureHelp`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: SignatureHelpParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position_params.position);
    Ok(signature(&here, at).and_then(|help| serde_json::to_value(help).ok()).unwrap_or_default())
}

fn signature(here: &Here<'_>, at: usize) -> Option<SignatureHelp> {
    let text = here.text();
    let construct = Construct::around(text, at).filter(|construct| construct.is_tag)?;
    let part = construct.part(text, at);
    let tag = cursor::word(text, part.clone());
    if !CALLS.contains(&&text[tag.clone()]) {
        return None;
    }
    let path = cursor::word(text, tag.end..part.end);
    if at <= path.end {
        return None;
    }
    let about = Described::new(here.includes(), here.include(text[path.clone()].trim_matches(['"', '\'', ',']))?);
    let given = cursor::arguments(text, path.end..part.end);
    let current = given.iter().find(|one| one.name.start <= at && at <= one.value.end.max(one.name.end));
    let is_current = |name: &str| current.is_some_and(|one| text[one.name.clone()] == *name);
    let active = about.params.iter().position(|param| is_current(&param.name));
    // Between two, the next one that is still missing.
    let free = |name: &str| given.iter().all(|one| text[one.name.clone()] != *name);
    let active = active.or_else(|| about.params.iter().position(|param| current.is_none() && free(&param.name)));
    let markup = |value: String| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    let usages: Vec<String> = about.params.iter().map(crate::check::Param::usage).collect();
    let parameters = about.params.iter().zip(&usages).map(|(param, usage)| ParameterInformation {
        label: ParameterLabel::Simple(usage.clone()),
        documentation: Some(markup(param.words())),
    });
    let active = active.and_then(|active| u32::try_from(active).ok());
    let information = SignatureInformation {
        label: format!("{} {}", about.name, usages.join(" ")).trim_end().to_owned(),
        documentation: (!about.description.is_empty()).then(|| markup(about.description.clone())),
        parameters: Some(parameters.collect()),
        active_parameter: active,
    };
    Some(SignatureHelp { signatures: vec![information], active_signature: Some(0), active_parameter: active })
}
