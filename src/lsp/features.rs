//! What the server can be asked: the table of methods, and what it says of itself.

use serde_json::{Value, json};

use super::here::Here;
use super::position::Encoding;
use super::{
    actions, completion, definition, hover, inlay, lenses, links, outline, refactor, references, rename, selection,
    signature, tokens,
};

/// Answers a request about a text.
pub(super) type Feature = fn(Here<'_>, Value) -> Result<Value, (i32, String)>;

/// The feature that a method asks for.
pub(super) fn find(method: &str) -> Option<Feature> {
    ALL.iter().find(|(known, _)| *known == method).map(|(_, feature)| *feature)
}

const ALL: &[(&str, Feature)] = &[
    ("textDocument/codeAction", actions::answer),
    ("textDocument/codeLens", lenses::answer),
    ("textDocument/completion", completion::answer),
    ("textDocument/definition", definition::answer),
    ("textDocument/documentHighlight", references::highlight),
    ("textDocument/documentLink", links::answer),
    ("textDocument/documentSymbol", outline::symbols),
    ("textDocument/foldingRange", outline::folding),
    ("textDocument/hover", hover::answer),
    ("textDocument/inlayHint", inlay::answer),
    ("textDocument/prepareRename", rename::prepare),
    ("textDocument/references", references::answer),
    ("textDocument/rename", rename::answer),
    ("textDocument/selectionRange", selection::answer),
    ("textDocument/semanticTokens/full", tokens::answer),
    ("textDocument/signatureHelp", signature::answer),
    ("workspace/executeCommand", lenses::run),
];

/// What the server can do.
pub(super) fn capabilities(encoding: Encoding) -> Value {
    json!({
        "positionEncoding": encoding.kind(),
        "textDocumentSync": {"openClose": true, "change": 2},
        "codeActionProvider": {"codeActionKinds": ["quickfix", refactor::KINDS[0], refactor::KINDS[1], actions::FIX_ALL]},
        "codeLensProvider": {},
        "completionProvider": {"triggerCharacters": ["{", "%", " ", ".", "|", "\"", "'", "(", "/", "#", "=", "`", ":"]},
        "hoverProvider": true,
        "definitionProvider": true,
        "documentHighlightProvider": true,
        "documentLinkProvider": {},
        "documentSymbolProvider": true,
        "executeCommandProvider": {"commands": [lenses::RUN_TESTS]},
        "foldingRangeProvider": true,
        "inlayHintProvider": true,
        "referencesProvider": true,
        "renameProvider": {"prepareProvider": true},
        "selectionRangeProvider": true,
        "semanticTokensProvider": tokens::legend(),
        "signatureHelpProvider": {"triggerCharacters": [" ", "="]},
        "workspace": {
            "workspaceFolders": {"supported": true, "changeNotifications": true},
            "fileOperations": {"willRename": {"filters": [{"scheme": "file", "pattern": {"glob": "**/*"}}]}},
        },
    })
}
