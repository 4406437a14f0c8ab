//! The layouts of Jekyll sites around a page.

use std::rc::Rc;
use std::sync::Arc;

use carafe_liquid::{Host, Value};
use carafe_source::{Budget, Span};

use crate::content::{Class, Format};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::Read;
use crate::site::Entry;
use crate::world::World;
use crate::world::layouts::{Layout, is_none};
use crate::world::metadata::key_span;

use super::Known;
use super::host::PageHost;

/// Whether layouts go around the page: not around style sheets and scripts, nor around documents that are YAML.
pub(super) fn has_layouts(entry: &Entry) -> bool {
    let page = &entry.page;
    match page.format {
        Format::StyleSheet { .. } => false,
        Format::Markdown => true,
        Format::Verbatim => match page.extension() {
            ".coffee" => false,
            ".yml" | ".yaml" => page.class == Class::Page,
            _ => true,
        },
    }
}

/// The layout directly around a page, if it has one.
pub(super) fn layout_of(world: &World, entry: &Entry) -> Option<Arc<Layout>> {
    let name = entry.text("layout").filter(|name| !is_none(name) && has_layouts(entry))?;
    world.layouts.get(name, &*world.files, &world.sources, &world.tags)
}

/// The page in its layout, that in its own, and so on.
pub(super) fn lay_out(
    world: &World,
    entry: &Entry,
    host: &PageHost<'_>,
    known: &Known,
    content: String,
    budget: &Rc<Budget>,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let mut content = content;
    let mut next = entry.text("layout").filter(|name| !is_none(name)).map(str::to_owned);
    let mut seen: Vec<String> = Vec::new();
    // What layouts say of themselves; the inner ones win.
    let mut values = carafe_liquid::Map::default();
    while let Some(name) = next.filter(|_| !budget.has_ended()) {
        let Some(layout) = world.layouts.get(&name, &*world.files, &world.sources, &world.tags) else {
            world.record_missing_layout(&name, &host.reads);
            // Of a theme that is not here all layouts are missing, which is told once.
            if !world.theme.is_missing() {
                diagnostics.push(missing_layout(world, entry, &name));
            }
            break;
        };
        if seen.contains(&name) {
            let message = format!("the layout `{name}` is its own layout");
            diagnostics.push(Diagnostic::error("layout-cycle", message).at(Span::new(layout.template.file(), 0, 0)));
            break;
        }
        host.reads.record(Read::File(layout.path.clone()));
        diagnostics.extend(layout.diagnostics.iter().cloned());
        let mut merged = match &layout.front {
            Value::Map(front) => carafe_liquid::Map::clone(front),
            _ => carafe_liquid::Map::default(),
        };
        carafe_liquid::value::merge(&mut merged, &values);
        values = merged;
        let mut globals = known.globals(world);
        globals.insert("layout".into(), Value::Map(Arc::new(values.clone())));
        globals.insert("content".into(), Value::from(content));
        budget.call();
        let options = carafe_liquid::Options { theme: Some(&host.words.theme), ..world.liquid() };
        let rendered = carafe_liquid::render_within(&layout.template, &globals, host, &options, budget);
        diagnostics.extend(rendered.diagnostics);
        host.component(&rendered.text, rendered.origins.places(), &rendered.islands);
        content = rendered.islands.resolve(&rendered.text).into_owned();
        next = layout.parent.clone();
        seen.push(name);
    }
    content
}

fn missing_layout(world: &World, entry: &Entry, name: &str) -> Diagnostic {
    let names = world.layouts.names();
    let message = format!("there is no layout `{name}`");
    let diagnostic = Diagnostic::warning("missing-layout", message).at(Span::new(entry.page.file, 0, 0));
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => diagnostic.meant(key_span(&entry.page, "layout"), name, near),
        None => diagnostic,
    }
}
