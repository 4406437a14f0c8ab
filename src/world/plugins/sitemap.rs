//! `jekyll-sitemap`: `sitemap.xml` with the addresses of all pages and documents, and a `robots.txt` that names it.

use std::sync::Arc;

use carafe_liquid::{Map, Value};

use crate::site::{Draft, Made};

use super::{Around, Plugin, compact};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin = Plugin { generate: Some(generate), ..Plugin::new("jekyll-sitemap") };

const TEMPLATE: &str = include_str!("sitemap.xml");
const ROBOTS: &str = "Sitemap: {{ \"sitemap.xml\" | absolute_url }}\n";

/// Files that are listed though they are only copied.
const LISTED: [&str; 4] = [".htm", ".html", ".xhtml", ".pdf"];

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    let has = |draft: &Draft<'_>, name: &str| {
        let address = format!("/{name}");
        draft.entries.iter().any(|entry| entry.page.is_plain_page() && *entry.url == *address)
            || draft.statics.iter().any(|file| &*file.output == name)
    };
    let (has_map, has_robots, has_style) =
        (has(draft, "sitemap.xml"), has(draft, "robots.txt"), has(draft, "sitemap.xsl"));
    if !has_map {
        let front = Map::from_iter([
            ("layout".into(), Value::Nil),
            ("static_files".into(), files(around, draft)),
            ("xsl".into(), Value::Bool(has_style)),
        ]);
        add(around, draft, "sitemap.xml", compact(TEMPLATE, true).into(), front);
    }
    if !has_robots {
        add(around, draft, "robots.txt", ROBOTS.into(), Map::from_iter([("layout".into(), Value::Nil)]));
    }
}

fn add(around: &Around<'_>, draft: &mut Draft<'_>, path: &str, text: Arc<str>, front: Map) {
    let file = around.sources.add(&format!("(built in)/jekyll-sitemap/{path}"), text.clone());
    draft.add(Made { path, url: &format!("/{path}"), output: path.to_owned(), text, file, front });
}

/// The listed files, each with what the defaults of the configuration say of it.
fn files(around: &Around<'_>, draft: &Draft<'_>) -> Value {
    let now = draft.now();
    let listed = draft.statics.iter().filter(|file| LISTED.iter().any(|ending| file.output.ends_with(ending)));
    let one = |file: &crate::content::StaticFile| {
        let mut values = draft.defaults(&file.path);
        let time = around.files.modified(&file.path).and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let time = time.map_or_else(|| now.clone(), |time| time.to_zoned_datetime(now.time_zone().clone()));
        values.insert("path".into(), format!("/{}", file.output).into());
        values.insert("name".into(), file.output.rsplit('/').next().unwrap_or_default().into());
        values.insert("modified_time".into(), Value::Time(Arc::new(time)));
        Value::Map(Arc::new(values))
    };
    Value::array(listed.map(one).collect())
}
