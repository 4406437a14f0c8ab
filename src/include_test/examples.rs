//! The examples in the `doc` blocks of includes: each must render without a diagnostic.

use std::sync::Arc;

use crate::world::World;

use super::file::Contexts;
use super::places::Places;
use super::{Case, Cases};

/// Adds the examples of all includes. The page and site around those of an include are what its test file says; mistakes in
/// `doc` blocks go to [`Cases::content`].
pub(super) fn read(world: &World, contexts: &Contexts, all: &mut Cases) {
    for name in world.include_names() {
        let Some((path, template)) = world.include(&name) else { continue };
        all.content.extend(template.diagnostics().iter().filter(|found| found.code == "doc-syntax").cloned());
        let Some(doc) = template.doc() else { continue };
        let context = contexts.get(&*name);
        for (at, example) in doc.contract.examples.iter().enumerate() {
            let text: Arc<str> = example.text.as_str().into();
            all.cases.push(Case {
                name: format!("{name}: example {}", at + 1),
                include: Some(name.to_string()),
                path: path.clone(),
                span: Some(example.span),
                places: Places::of_lines(&text, template.text(), example.span),
                text,
                page: context.map(|context| context.page.clone()).unwrap_or_default(),
                site: context.map(|context| context.site.clone()).unwrap_or_default(),
                release: None,
                expectations: Vec::new(),
                codes: Vec::new(),
                snapshot: None,
            });
        }
    }
}
