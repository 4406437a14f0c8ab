//! What a request about a text is answered from, whatever the feature.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lsp_types::ClientCapabilities;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::check::Includes;
use crate::session::Session;

use super::diagnostics::{Told, View};
use super::documents::{Document, Documents};
use super::history::History;
use super::wire::code;

/// What a request about a text is answered from.
#[derive(Clone, Copy)]
pub(super) struct Here<'s> {
    /// The site as it is now.
    pub(super) session: &'s Arc<Session>,
    /// The text.
    pub(super) document: &'s Document,
    /// Its path in the site's folder.
    pub(super) path: &'s str,
    /// How places are shown.
    pub(super) view: &'s View,
    /// What the editor can show.
    pub(super) client: &'s ClientCapabilities,
    /// All texts that are open.
    pub(super) documents: &'s Documents,
    /// What the templates of the site call, once somebody has asked.
    pub(super) analysis: &'s OnceLock<Includes>,
    /// Where pages have gone, as far as that was looked for.
    pub(super) history: &'s History,
    /// What was told of the text last, if it is still the same.
    pub(super) told: &'s [Told],
    /// What is to be said to the author besides the answer.
    pub(super) said: &'s Mutex<Vec<String>>,
}

impl Here<'_> {
    /// Says something to the author besides the answer.
    pub(super) fn say(&self, message: String) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    }
}

/// What parameters say, or why they cannot be read.
pub(super) fn parsed<T: DeserializeOwned>(params: Value) -> Result<T, (i32, String)> {
    serde_json::from_value(params).map_err(|error| (code::INVALID_PARAMS, error.to_string()))
}
