//! `jekyll-toc`: a table of contents of a page with `toc: true`, by the filters `toc`, `toc_only` and `inject_anchors` and the tag
//! `{% toc %}`.

use carafe_liquid::filters::{Call, Env, FilterError};
use carafe_liquid::{Value, convert};
use carafe_markdown::markup::{Piece, Tag, escape, is_void, pieces, unescape};
use rustc_hash::FxHashMap;

use super::{Asked, Plugin, option};

pub(super) const PLUGIN: Plugin = Plugin {
    tags: &[("toc", tag)],
    filters: &[("inject_anchors", inject_anchors), ("toc", toc), ("toc_only", toc_only)],
    ..Plugin::new("jekyll-toc")
};

type Outcome = Result<Value, FilterError>;

fn is_on(asked: &Asked<'_>) -> bool {
    matches!(asked.entry.value("toc"), Some(Value::Bool(true)))
}

fn tag(asked: &Asked<'_>, _: &str, env: &dyn Env) -> Result<String, FilterError> {
    if !asked.entry.value("toc").is_some_and(Value::truthy) {
        return Ok(String::new());
    }
    let html = env.variable(&["content"]).unwrap_or_default();
    let options = Options::of(asked);
    Ok(list(&headings(&convert::text(&html), &options), &options))
}

fn toc(asked: &Asked<'_>, call: &Call<'_>) -> Outcome {
    if !is_on(asked) {
        return Ok(call.input.clone());
    }
    let (options, html) = (Options::of(asked), convert::text(call.input));
    let headings = headings(&html, &options);
    Ok(format!("{}{}", list(&headings, &options), with_anchors(&html, &headings)).into())
}

fn toc_only(asked: &Asked<'_>, call: &Call<'_>) -> Outcome {
    if !is_on(asked) {
        return Ok("".into());
    }
    let options = Options::of(asked);
    Ok(list(&headings(&convert::text(call.input), &options), &options).into())
}

fn inject_anchors(asked: &Asked<'_>, call: &Call<'_>) -> Outcome {
    if !is_on(asked) {
        return Ok(call.input.clone());
    }
    let html = convert::text(call.input);
    Ok(with_anchors(&html, &headings(&html, &Options::of(asked))).into())
}

/// `toc` of the configuration.
struct Options {
    levels: std::ops::RangeInclusive<i128>,
    ordered: bool,
    outside: Vec<String>,
    list_id: String,
    list_class: String,
    sublist_class: String,
    item_class: String,
    item_prefix: String,
}

impl Options {
    fn of(asked: &Asked<'_>) -> Self {
        let get = |key: &str| option(&asked.world.config.variables, &["toc", key]);
        let text =
            |key: &str, default: &str| get(key).map_or(default.to_owned(), |value| convert::text(&value).into_owned());
        let number = |key: &str, default: i128| match get(key) {
            Some(Value::Int(number)) => number,
            _ => default,
        };
        let outside = get("no_toc_section_class").unwrap_or_else(|| "no_toc_section".into());
        Self {
            levels: number("min_level", 1)..=number("max_level", 6),
            ordered: get("ordered_list").is_some_and(|value| value.truthy()),
            outside: convert::items(&outside).iter().map(|class| convert::text(class).into_owned()).collect(),
            list_id: text("list_id", "toc"),
            list_class: text("list_class", "section-nav"),
            sublist_class: text("sublist_class", ""),
            item_class: text("item_class", "toc-entry"),
            item_prefix: text("item_prefix", "toc-"),
        }
    }
}

/// A heading of the page.
struct Heading {
    level: u8,
    id: String,
    /// Its text, ready for HTML.
    text: String,
    /// Where its content begins.
    inside: usize,
}

/// How long the text of a heading may get.
const LONGEST: usize = 64 << 10;

/// The headings that belong to the table.
fn headings(html: &str, options: &Options) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    // The elements around, and whether each is left out.
    let mut around: Vec<(&str, bool)> = Vec::new();
    let mut open: Option<(Heading, bool, &str)> = None;
    let mut at = 0;
    for piece in pieces(html) {
        at += match &piece {
            Piece::Text(whole) | Piece::Other(whole) => whole.len(),
            Piece::Open(tag) | Piece::Close(tag) => tag.range.len(),
        };
        match piece {
            Piece::Text(text) => {
                if let Some((heading, _, _)) = open.as_mut().filter(|(heading, _, _)| heading.text.len() < LONGEST) {
                    heading.text.push_str(text);
                }
            }
            Piece::Open(tag) => {
                let name = tag.name;
                let classes: Vec<&str> = tag.raw("class").unwrap_or_default().split_whitespace().collect();
                if let Some(level) = level(name).filter(|level| options.levels.contains(&i128::from(*level))) {
                    let left_out = around.iter().any(|(_, out)| *out) || classes.contains(&"no_toc");
                    if !left_out && open.is_none() {
                        let id = tag.get("id");
                        let has_id = id.is_some();
                        let id = id.unwrap_or_default().into_owned();
                        open = Some((Heading { level, id, text: String::new(), inside: at }, has_id, name));
                    }
                }
                let out = classes.iter().any(|class| options.outside.iter().any(|own| own == class));
                if !is_void(&name.to_ascii_lowercase()) && !tag.is_closed() && around.len() < 4096 {
                    around.push((name, out));
                }
            }
            Piece::Close(Tag { name, .. }) => {
                if let Some(last) = around.iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name)) {
                    around.truncate(last);
                }
                if let Some((mut heading, has_id, _)) = open.take_if(|(_, _, own)| own.eq_ignore_ascii_case(name)) {
                    let text = unescape(&heading.text).into_owned();
                    heading.text = escape(&text);
                    if !has_id {
                        heading.id = made_id(&text);
                        let count = seen.entry(heading.id.clone()).or_default();
                        if *count > 0 {
                            heading.id = format!("{}-{count}", heading.id);
                        }
                        *count += 1;
                    }
                    found.push(heading);
                }
            }
            Piece::Other(_) => {}
        }
    }
    found
}

fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h' | b'H', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// The id of a heading that has none.
fn made_id(text: &str) -> String {
    let kept =
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')).collect::<String>();
    let mut id = String::new();
    for c in kept.replace(' ', "-").chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
            id.push(c);
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| id.push_str(&format!("%{byte:02X}")));
        }
    }
    id
}

fn with_anchors(html: &str, headings: &[Heading]) -> String {
    let mut out = String::with_capacity(html.len() + headings.len() * 100);
    let mut copied = 0;
    for heading in headings {
        out.push_str(&html[copied..heading.inside]);
        let href = crate::site::encoded(&escape(&heading.id));
        out.push_str(&format!(
            "\n<a class=\"anchor\" href=\"#{href}\" aria-hidden=\"true\"><span class=\"octicon octicon-link\"></span></a>"
        ));
        copied = heading.inside;
    }
    out.push_str(&html[copied..]);
    out
}

fn list(headings: &[Heading], options: &Options) -> String {
    let tag = if options.ordered { "ol" } else { "ul" };
    let (id, class) = (&options.list_id, &options.list_class);
    format!("<{tag} id=\"{id}\" class=\"{class}\">\n{}</{tag}>", items(headings, options, tag))
}

/// The lines of a list: those of the highest level, each with the deeper ones behind it as a list of its own.
fn items(headings: &[Heading], options: &Options, tag: &str) -> String {
    let Some(top) = headings.iter().map(|heading| heading.level).min() else { return String::new() };
    let mut out = String::new();
    let mut at = 0;
    while let Some(heading) = headings.get(at) {
        let is_top = heading.level == top;
        let from = if is_top { at + 1 } else { at };
        let deeper = headings[from..].iter().take_while(|heading| heading.level > top).count();
        let inner = items(&headings[from..from + deeper], options, tag);
        at = from + deeper;
        if !is_top {
            out.push_str(&inner);
            continue;
        }
        let Options { item_class, item_prefix, sublist_class, .. } = options;
        let Heading { level, id, text, .. } = heading;
        out.push_str(&format!("<li class=\"{item_class} {item_prefix}h{level}\"><a href=\"#{id}\">{text}</a>"));
        if deeper > 0 {
            let class = if sublist_class.is_empty() { String::new() } else { format!(" class=\"{sublist_class}\"") };
            out.push_str(&format!("\n<{tag}{class}>\n{inner}</{tag}>\n"));
        }
        out.push_str("</li>\n");
    }
    out
}
