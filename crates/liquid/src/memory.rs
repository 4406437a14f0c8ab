//! A host that has includes in memory and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_source::island::Islands;
use carafe_source::{Places, ReadError};

use super::host::{Host, Lookup};
use super::parser::Template;

/// Includes by name, for programs that render templates without a site: Markdown is left as it is, code is not
/// highlighted, `link` and `post_url` find nothing, and the time is now.
#[derive(Debug, Default)]
pub struct MemoryHost {
    templates: BTreeMap<Arc<str>, Arc<Template>>,
}

impl MemoryHost {
    /// The host with these includes, each under the name that a tag calls it by.
    pub fn new<N: Into<Arc<str>>>(templates: impl IntoIterator<Item = (N, Template)>) -> Self {
        let templates = templates.into_iter().map(|(name, template)| (name.into(), Arc::new(template)));
        Self { templates: templates.collect() }
    }
}

impl Host for MemoryHost {
    fn template(&self, path: &str, _: Lookup) -> Result<Arc<Template>, ReadError> {
        self.templates.get(path).cloned().ok_or(ReadError::NotFound)
    }

    fn include_paths(&self) -> Vec<Arc<str>> {
        self.templates.keys().cloned().collect()
    }

    fn markdown(&self, text: &str, _: Places<'_>, islands: &Islands) -> String {
        islands.resolve(text).into_owned()
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
        jiff::ZonedDateTime::now()
    }
}
