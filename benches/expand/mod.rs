//! Carafe's Liquid over the made-up site, with its includes in memory.

use std::sync::Arc;

use carafe_liquid::{Dialect, Globals, Host, Lookup, Options, Tags, Template, Value, parse, render};
use carafe_source::island::Islands;
use carafe_source::{FileId, ReadError};

use crate::site;

/// What all pages share: the tags, the includes and `site`.
pub(crate) struct Shared {
    tags: Tags,
    includes: Vec<(String, Arc<Template>)>,
    globals: Globals,
}

impl Shared {
    /// Parses the includes.
    pub(crate) fn new(depth: usize) -> Self {
        let tags = Tags::new(Dialect::Jekyll);
        let includes =
            site::includes(depth, site::Spelling::Untagged).into_iter().zip(1..).map(|((name, text), file)| {
                let template = parse(FileId(file), &text.into(), 0, &tags);
                (name, Arc::new(template))
            });
        let includes = includes.collect();
        let variables = site::VARIABLES.map(|(name, value)| (name.into(), Value::from(value)));
        let globals = Globals::from_iter([("site".into(), Value::Map(Arc::new(variables.into_iter().collect())))]);
        Self { tags, includes, globals }
    }

    /// Parses and renders one page.
    pub(crate) fn expand(&self, page: &Arc<str>) -> String {
        let template = parse(FileId(0), page, 0, &self.tags);
        let rendered = render(&template, &self.globals, self, &Options::new(&self.tags));
        assert!(rendered.diagnostics.is_empty(), "{:?}", rendered.diagnostics);
        rendered.text
    }
}

impl Host for Shared {
    fn template(&self, path: &str, _: Lookup) -> Result<Arc<Template>, ReadError> {
        let found = self.includes.iter().find(|(name, _)| name == path);
        found.map(|(_, template)| template.clone()).ok_or(ReadError::NotFound)
    }

    fn include_paths(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn markdown(&self, text: &str, _: carafe_source::Places<'_>, _: &Islands) -> String {
        text.to_owned()
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
        jiff::ZonedDateTime::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC)
    }
}
