//! `jekyll-feed`: an Atom feed of the posts, and of collections, categories and tags when asked for; `{% feed_meta %}` links to it.

use std::sync::Arc;

use carafe_liquid::filters::{Env, FilterError};
use carafe_liquid::{Map, Value, convert};

use crate::site::{Draft, Made};

use super::{Around, Asked, JEKYLL_VERSION, Plugin, apply, compact, option};
use crate::world::git::Git;

pub(super) const PLUGIN: Plugin =
    Plugin { tags: &[("feed_meta", feed_meta)], generate: Some(generate), ..Plugin::new("jekyll-feed") };

const TEMPLATE: &str = include_str!("feed.xml");

/// `{% feed_meta %}`.
fn feed_meta(asked: &Asked<'_>, _: &str, env: &dyn Env) -> Result<String, FilterError> {
    let variables = &asked.world.config.variables;
    let get = |path: &[&str]| option(variables, path).filter(Value::truthy);
    let path = get(&["feed", "path"]).unwrap_or_else(|| "feed.xml".into());
    let href = apply(env, "absolute_url", &path, &[]);
    let attribute = |value: &Value| {
        let text = convert::text(value);
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&apos;")
    };
    let title = get(&["title"]).or_else(|| get(&["name"]));
    let title = title.map(|title| format!(" title=\"{}\"", attribute(&title))).unwrap_or_default();
    Ok(format!("<link type=\"application/atom+xml\" rel=\"alternate\" href=\"{}\"{title} />", attribute(&href)))
}

/// What one feed is about.
#[derive(Default)]
struct Feed {
    path: String,
    collection: Value,
    category: Value,
    tag: Value,
}

fn generate(around: &Around<'_>, _: &Git, draft: &mut Draft<'_>) {
    let development = std::env::var("JEKYLL_ENV").map_or(true, |name| name == "development");
    if around.option(&["feed", "disable_in_development"]).is_some_and(|value| value.truthy()) && development {
        return;
    }
    let text: Arc<str> = compact(TEMPLATE, false).replace("JEKYLL_VERSION", JEKYLL_VERSION).into();
    let file = around.sources.add("(built in)/jekyll-feed/feed.xml", text.clone());
    for feed in feeds(around, draft) {
        let path = feed.path.trim_start_matches('/');
        if around.files.read_bytes(path).is_ok() {
            continue;
        }
        let front = Map::from_iter([
            ("layout".into(), Value::Nil),
            ("sitemap".into(), Value::Bool(false)),
            ("xsl".into(), Value::Bool(around.files.read_bytes("feed.xslt.xml").is_ok())),
            ("collection".into(), feed.collection),
            ("category".into(), feed.category),
            ("tags".into(), feed.tag),
        ]);
        let made = Made { path, url: &format!("/{path}"), output: path.to_owned(), text: text.clone(), file, front };
        draft.add(made);
    }
}

/// The feeds that the site asks for; that of all posts always.
fn feeds(around: &Around<'_>, draft: &Draft<'_>) -> Vec<Feed> {
    let mut collections: indexmap::IndexMap<String, Value> = match around.option(&["feed", "collections"]) {
        Some(Value::Array(names)) => names.iter().map(|name| (convert::text(name).into_owned(), Value::Nil)).collect(),
        Some(Value::Map(map)) => map.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        _ => indexmap::IndexMap::new(),
    };
    collections.entry("posts".to_owned()).or_default();
    let given = |key| around.option(&["feed", key]).filter(Value::truthy);
    let mut feeds = Vec::new();
    for (name, meta) in collections {
        let posts = name == "posts";
        let own = |key| meta.field(key).filter(Value::truthy).or_else(|| given(key).filter(|_| posts));
        let prefix = if posts { "/feed".to_owned() } else { format!("/feed/{name}") };
        let mut seen: Vec<String> = Vec::new();
        if let Some(categories) = own("categories") {
            for category in convert::items(&categories) {
                let text = convert::text(&category).into_owned();
                if !seen.contains(&text) {
                    let path = format!("{prefix}/{text}.xml");
                    feeds.push(Feed { path, collection: name.as_str().into(), category, tag: Value::Nil });
                    seen.push(text);
                }
            }
        }
        let path = own("path").map_or(format!("{prefix}.xml"), |path| convert::text(&path).into_owned());
        feeds.push(Feed { path, collection: name.as_str().into(), ..Feed::default() });
    }
    feeds.extend(by_tag(around, draft));
    feeds
}

/// A feed for each tag, where `feed.tags` asks for them.
fn by_tag(around: &Around<'_>, draft: &Draft<'_>) -> Vec<Feed> {
    let Some(asked) = around.option(&["feed", "tags"]).filter(Value::truthy) else { return Vec::new() };
    let names = |key: &str| {
        let listed = asked.field(key).filter(|_| matches!(asked, Value::Map(_))).filter(Value::truthy)?;
        Some(convert::items(&listed).iter().map(|name| convert::text(name).into_owned()).collect::<Vec<_>>())
    };
    let mut all: Vec<String> = Vec::new();
    let posts = draft.entries.iter().filter(|entry| matches!(entry.page.class, crate::content::Class::Post { .. }));
    for tags in posts.filter_map(|entry| entry.value("tags")) {
        for tag in convert::items(tags) {
            let tag = convert::text(&tag).into_owned();
            if !all.contains(&tag) {
                all.push(tag);
            }
        }
    }
    if all.is_empty() {
        return Vec::new();
    }
    let except = names("except").unwrap_or_default();
    let folder = names("path").and_then(|mut path| path.pop()).unwrap_or_else(|| "/feed/by_tag/".to_owned());
    let plain = |tag: &String| tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let wanted = names("only").unwrap_or(all).into_iter().filter(|tag| !except.contains(tag) && plain(tag));
    let feed = |tag: String| Feed {
        path: format!("{folder}{tag}.xml"),
        collection: "posts".into(),
        tag: tag.into(),
        ..Feed::default()
    };
    wanted.map(feed).collect()
}
