//! What may be written where the cursor stands, with what is known of it.

pub(super) mod jekyll;
mod liquid;
mod markdown;
mod tests_of_includes;
mod yaml;

use std::ops::Range;

use carafe_yaml::front_matter;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionTextEdit, Documentation,
    InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};
use serde_json::Value;

use super::cursor::Construct;
use super::here::{Here, parsed};
use super::rename::values;
use super::symbol;

/// How many proposals are made at once; more come as more is typed.
const MOST: usize = 1000;

/// `textDocument/completion`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: CompletionParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position.position);
    let mut proposals = Proposals { here: &here, items: Vec::new() };
    proposals.collect(at);
    let mut items = proposals.items;
    let is_incomplete = items.len() > MOST;
    items.truncate(MOST);
    let list = CompletionList { is_incomplete, items };
    Ok(serde_json::to_value(list).unwrap_or_default())
}

/// What is proposed so far.
struct Proposals<'h> {
    here: &'h Here<'h>,
    items: Vec<CompletionItem>,
}

/// One proposal.
#[derive(Default)]
struct Proposal<'p> {
    label: &'p str,
    kind: Option<CompletionItemKind>,
    detail: Option<String>,
    about: Option<String>,
    /// What is written, when that is not the label.
    text: Option<String>,
    /// The same with places to go on at, for editors that have such.
    snippet: Option<String>,
    deprecated: bool,
    /// What it is sorted by, when that is not the label.
    order: Option<String>,
}

impl Proposals<'_> {
    fn collect(&mut self, at: usize) {
        let text = self.here.text();
        if let Some(construct) = Construct::around(text, at) {
            return liquid::propose(self, &construct, at);
        }
        if symbol::is_configuration(self.here) {
            return yaml::configuration(self, at);
        }
        if tests_of_includes::is_one(self.here) {
            return tests_of_includes::propose(self, at);
        }
        if values::is_data(self.here) {
            return yaml::data(self, at);
        }
        if let Some(front) = front_matter(text).filter(|front| (front.start..=front.end).contains(&at)) {
            return yaml::front_matter(self, front.start..front.end, at);
        }
        markdown::propose(self, at);
    }

    /// Proposes something in the place of a range.
    fn add(&mut self, range: Range<usize>, proposal: Proposal<'_>) {
        let completion = self.here.client.text_document.as_ref().and_then(|text| text.completion.as_ref());
        let snippets = completion
            .and_then(|completion| completion.completion_item.as_ref())
            .and_then(|item| item.snippet_support)
            .unwrap_or(false);
        let snippet = proposal.snippet.filter(|_| snippets);
        let format = snippet.is_some().then_some(InsertTextFormat::SNIPPET);
        let new_text = snippet.or(proposal.text).unwrap_or_else(|| proposal.label.to_owned());
        let about = proposal.about.filter(|about| !about.is_empty());
        let markup = |value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
        let range = self.here.document.lines.range(range);
        self.items.push(CompletionItem {
            label: proposal.label.to_owned(),
            kind: proposal.kind,
            detail: proposal.detail,
            documentation: about.map(markup),
            deprecated: proposal.deprecated.then_some(true),
            sort_text: proposal.order,
            insert_text_format: format,
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
            ..CompletionItem::default()
        });
    }
}

/// A text as it must be written in a snippet.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
