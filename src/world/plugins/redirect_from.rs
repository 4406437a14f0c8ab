//! `jekyll-redirect-from`: a page that leads on at each address in `redirect_from`, a page with `redirect_to` that is such a page
//! itself, and `redirects.json`, which lists them all.

use std::sync::Arc;

use carafe_liquid::{Map, Value, convert};

use crate::diagnostic::Diagnostic;
use crate::site::{Draft, Made, decoded, file_of};

use super::{Around, Plugin, SiteAlone};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin = Plugin {
    layouts: &[("redirect", LAYOUT)],
    generate: Some(generate),
    text: Some(
        |_, entry, _, text| if entry.value("redirect_to").is_some_and(Value::truthy) { "".into() } else { text },
    ),
    ..Plugin::new("jekyll-redirect-from")
};

const LAYOUT: &str = include_str!("redirect.html");

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    let env = SiteAlone::new(around.config);
    let absolute = |to: &str| {
        let outside = to.starts_with("http://") || to.starts_with("https://");
        if outside { to.to_owned() } else { env.absolute(to) }
    };
    let mut all: indexmap::IndexMap<String, String> = indexmap::IndexMap::new();
    let mut pages: Vec<(String, String, Arc<str>)> = Vec::new();
    // Documents come before pages.
    let (written, mut order): (_, Vec<usize>) =
        (|at: usize| draft.entries[at].written, (0..draft.entries.len()).collect());
    order.retain(|at| written(*at));
    order.sort_by_key(|at| draft.entries[*at].page.is_plain_page());
    for at in order {
        let Some(entry) = draft.entries.get_mut(at) else { continue };
        for from in texts(entry.value("redirect_from")) {
            let to = absolute(&entry.url);
            pages.push((from.clone(), to.clone(), entry.page.path.clone()));
            all.insert(from, to);
        }
        let Some(to) = texts(entry.value("redirect_to")).into_iter().next() else { continue };
        let to = absolute(to_as_written(&entry.value("redirect_to").cloned().unwrap_or_default(), &to));
        all.insert(entry.url.to_string(), to.clone());
        let url = entry.url.clone();
        let values = Arc::make_mut(&mut entry.values);
        values.extend(front(&url, to));
    }
    let mut made: indexmap::IndexMap<String, (String, String)> = indexmap::IndexMap::new();
    for (from, to, source) in pages {
        let output = file_of(&decoded(&from));
        if let Some(owner) = owner(draft, &output) {
            if owner != source {
                let message = format!("`{source}` has moved from `{from}`, which is the address of `{owner}` now");
                draft.tell(Diagnostic::new("duplicate-address", crate::diagnostic::Severity::Note, message));
            }
            continue;
        }
        made.insert(output, (from, to));
    }
    let file = around.sources.add("(built in)/jekyll-redirect-from/redirect.html", "".into());
    for (output, (from, to)) in made {
        let front = front(&from, to);
        draft.add(Made { path: "redirect.html", url: &from, output, text: "".into(), file, front });
    }
    let is_off = matches!(around.option(&["redirect_from", "json"]), Some(Value::Bool(false)));
    if !is_off && around.files.read_bytes("redirects.json").is_err() {
        let text: Arc<str> = serde_json::to_string(&all).unwrap_or_default().into();
        let file = around.sources.add("(built in)/jekyll-redirect-from/redirects.json", text.clone());
        let front = Map::from_iter([("layout".into(), Value::Nil)]);
        draft.add(Made {
            path: "redirects.json",
            url: "/redirects.json",
            output: "redirects.json".to_owned(),
            text,
            file,
            front,
        });
    }
}

/// What a page that leads on says of itself.
fn front(from: &str, to: String) -> Map {
    Map::from_iter([
        ("sitemap".into(), Value::Bool(false)),
        ("layout".into(), "redirect".into()),
        ("permalink".into(), from.into()),
        ("redirect".into(), Value::map([("from", Value::from(from)), ("to", to.into())])),
    ])
}

/// The addresses in a value, each with a slash in front.
fn texts(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| {
        let text = convert::text(value);
        if text.starts_with('/') { text.into_owned() } else { format!("/{text}") }
    };
    match value {
        None | Some(Value::Nil | Value::Bool(false)) => Vec::new(),
        Some(Value::Array(all)) => all.iter().filter(|value| !value.is_nil()).map(one).collect(),
        Some(value) => vec![one(value)],
    }
}

/// Where a page leads: without the slash that was put in front of it.
fn to_as_written<'t>(value: &Value, to: &'t str) -> &'t str {
    let first = match value {
        Value::Array(all) => all.iter().find(|value| !value.is_nil()).cloned().unwrap_or_default(),
        value => value.clone(),
    };
    if convert::text(&first).starts_with('/') { to } else { to.strip_prefix('/').unwrap_or(to) }
}

/// Whose address it is already.
fn owner(draft: &Draft<'_>, output: &str) -> Option<Arc<str>> {
    let page = draft.entries.iter().find(|entry| entry.written && &*entry.output == output);
    let file = || draft.statics.iter().find(|file| &*file.output == output).map(|file| file.path.clone());
    page.map(|entry| entry.page.path.clone()).or_else(file)
}
