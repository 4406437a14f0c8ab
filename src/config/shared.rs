//! The parts that native and Jekyll sites write alike.

use indexmap::IndexMap;

use carafe_liquid::{Map, Value};

use crate::diagnostic::{Severities, Severity, codes, did_you_mean};

use super::options::*;
use super::overrides::Overrides;
use super::reader::{Item, Section};

/// `liquid:`, and `limits:`, which may also stand in it. Jekyll's own three switches are known in both kinds of site.
pub(super) fn liquid(section: Section<'_>, own: Section<'_>, native: bool) -> (LiquidOptions, LimitOptions) {
    let tag_lines = section.get("tag_lines").and_then(|item| item.choice(&[("join", true), ("keep", false)]));
    let error_modes = [("warn", Some(Severity::Warning)), ("strict", Some(Severity::Error)), ("lax", None::<Severity>)];
    let options = LiquidOptions {
        reindent: section.flag("reindent", native),
        joins_tag_lines: tag_lines.unwrap_or(native),
        in_code: section.flag("in_code", true),
        strict_variables: section.flag("strict_variables", false),
        strict_filters: section.flag("strict_filters", false),
        lax: section.get("error_mode").and_then(|item| item.choice(&error_modes)).unwrap_or(Some(Severity::Warning)),
    };
    let alias = section.section("limits");
    let count = |key| {
        // Both are asked, so that both know the key.
        let (first, second) = (own.get(key), alias.get(key));
        first.or(second).and_then(|item| item.count())
    };
    let usual = LimitOptions::default();
    let limits = LimitOptions {
        include_depth: count("include_depth").unwrap_or(usual.include_depth),
        iterations: count("iterations").map_or(usual.iterations, |count| count as u64),
        output_bytes: count("output_bytes").unwrap_or(usual.output_bytes),
        data_bytes: count("data_bytes").unwrap_or(usual.data_bytes),
    };
    own.finish(None);
    alias.finish(None);
    section.finish(None);
    (options, limits)
}

/// What is read as on GitHub.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    github: bool,
    math: bool,
    emoji: bool,
}

impl Habits {
    /// The fields `github`, which is `default` where it is not given, and `emoji` and `math`, which follow it; `math` not where
    /// the site names an engine.
    pub(super) fn read(section: &Section<'_>, default: bool) -> Self {
        let github = section.flag("github", default);
        let has_engine = section.get("math_engine").is_some() || section.is_null("math_engine");
        Self { github, math: section.flag("math", github && !has_engine), emoji: section.flag("emoji", github) }
    }
}

/// The fields of `markdown:` that are kramdown's options by name.
pub(super) fn markdown(section: &Section<'_>, dialect: Dialect, habits: Habits) -> MarkdownOptions {
    MarkdownOptions {
        dialect,
        github: habits.github,
        math: habits.math,
        emoji: habits.emoji,
        auto_ids: section.flag("auto_ids", true),
        auto_id_prefix: section.text_or("auto_id_prefix", ""),
        header_offset: section.get("header_offset").and_then(|item| item.integer()).unwrap_or(0),
        toc_levels: section.get("toc_levels").and_then(|item| levels(&item)).unwrap_or_else(|| (1..=6).collect()),
        smart_quotes: section.get("smart_quotes").map_or_else(curly, |item| quotes(&item)),
        typographic_symbols: symbols(section),
        link_defs: Vec::new(),
        others: others(section),
        hard_wrap: section.flag("hard_wrap", false),
        parse_block_html: section.flag("parse_block_html", false),
        parse_span_html: section.flag("parse_span_html", true),
        footnote_nr: section.get("footnote_nr").and_then(|item| item.count()).unwrap_or(1) as u64,
        footnote_backlink: section.text_or("footnote_backlink", "&#8617;"),
        footnote_prefix: section.text_or("footnote_prefix", ""),
    }
}

/// `typographic_symbols:`, texts by the names of symbols.
fn symbols(section: &Section<'_>) -> Vec<(String, String)> {
    let pairs = section.get("typographic_symbols").and_then(|item| item.pairs()).unwrap_or_default();
    pairs.into_iter().filter_map(|(name, item)| Some((name.to_owned(), item.text()?))).collect()
}

/// The options of kramdown whose values Markdown itself reads. Nothing (`null`) turns an engine off.
fn others(section: &Section<'_>) -> Vec<(&'static str, String)> {
    let value = |name| match section.get(name) {
        Some(item) => item.text().map(|text| (name, text)),
        None => section.is_null(name).then(|| (name, String::new())),
    };
    ["entity_output", "math_engine", "footnote_backlink_inline"].into_iter().filter_map(value).collect()
}

fn curly() -> Option<[String; 4]> {
    Some(["\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}"].map(String::from))
}

/// `true`, `false`, or four names or characters with commas between them, as kramdown takes them.
fn quotes(item: &Item<'_>) -> Option<[String; 4]> {
    if let Some(on) = item.value.as_bool() {
        return if on { curly() } else { None };
    }
    let parts = match item.value.as_sequence() {
        Some(_) => item.texts()?,
        None => item.text()?.split(',').map(|part| part.trim().to_owned()).collect(),
    };
    let quotes: Option<Vec<String>> = parts.iter().map(|part| quote(part)).collect();
    match quotes.and_then(|quotes| <[String; 4]>::try_from(quotes).ok()) {
        Some(quotes) => Some(quotes),
        None => {
            item.add(item.wrong("`true`, `false` or four quotes such as `lsquo,rsquo,ldquo,rdquo`"));
            curly()
        }
    }
}

fn quote(name: &str) -> Option<String> {
    let known = match name {
        "lsquo" => "\u{2018}",
        "rsquo" => "\u{2019}",
        "ldquo" => "\u{201c}",
        "rdquo" => "\u{201d}",
        "sbquo" => "\u{201a}",
        "bdquo" => "\u{201e}",
        "laquo" => "\u{ab}",
        "raquo" => "\u{bb}",
        "lsaquo" => "\u{2039}",
        "rsaquo" => "\u{203a}",
        "apos" => "'",
        "quot" => "\"",
        other if other.chars().count() == 1 => other,
        _ => return None,
    };
    Some(known.to_owned())
}

/// Levels of headings: a list, or a text such as `2..4` or `2,3`.
pub(super) fn levels(item: &Item<'_>) -> Option<Vec<u8>> {
    let level = |text: &str| text.trim().parse::<u8>().ok().filter(|level| (1..=6).contains(level));
    let found: Option<Vec<u8>> = match item.value.as_sequence() {
        Some(_) => item.texts()?.iter().map(|text| level(text)).collect(),
        None => {
            let text = item.text()?;
            match text.split_once("..") {
                Some((from, to)) => level(from).zip(level(to)).map(|(from, to)| (from..=to).collect()),
                None => text.split(',').map(level).collect(),
            }
        }
    };
    if found.is_none() {
        item.add(item.wrong("levels from 1 to 6, such as `2..4` or `[2, 3]`"));
    }
    let mut found = found?;
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// `permalink:` of the site.
pub(super) fn permalink(item: Option<Item<'_>>, default: Permalink) -> Permalink {
    item.and_then(|item| item.text()).map_or(default, |text| Permalink::new(&text))
}

/// `defaults:`. Jekyll passes over keys that it does not know (not `strict`).
pub(super) fn defaults(item: Option<Item<'_>>, strict: bool) -> Vec<Defaults> {
    let items = item.and_then(|item| item.list()).unwrap_or_default();
    items.iter().filter_map(Item::section).map(|section| default_of(section, strict)).collect()
}

fn default_of(section: Section<'_>, strict: bool) -> Defaults {
    let scope = section.section("scope");
    let path = scope.text_or("path", "");
    let kind = scope.text("type").filter(|kind| !kind.is_empty());
    // Jekyll's old names of the types.
    let kind = kind.map(|kind| match kind.as_str() {
        "page" if !strict => "pages".to_owned(),
        "post" if !strict => "posts".to_owned(),
        _ => kind,
    });
    let values = section.get("values").map(|item| map(&item)).unwrap_or_default();
    if strict {
        scope.finish(None);
        section.finish(None);
    }
    Defaults {
        path: path.trim_start_matches('/').trim_end_matches(if strict { &['/'][..] } else { &[] }).to_owned(),
        kind,
        values,
    }
}

/// A mapping as Liquid's values.
pub(super) fn map(item: &Item<'_>) -> Map {
    if item.pairs().is_none() {
        return Map::default();
    }
    as_map(item.liquid())
}

/// The hash in a value; an empty one for any other value.
pub(super) fn as_map(value: Value) -> Map {
    match value {
        Value::Map(map) => map.as_ref().clone(),
        _ => Map::default(),
    }
}

/// `single_source:`.
pub(super) fn single_source(item: Option<Item<'_>>) -> Option<SingleSource> {
    let item = item?;
    let section = item.section()?;
    let found = SingleSource {
        versions: section.text_or("versions", "versions"),
        source: section.text_or("source", "_src").trim_matches('/').to_owned(),
        layout: section.text("layout"),
        nav: section.texts("nav").unwrap_or_default(),
    };
    if found.nav.is_empty() {
        let error = item.error("`single_source.nav` must name at least one data file with a navigation".into());
        item.add(error.help("write patterns of data files, such as `nav: [nav_product_*]`"));
    }
    section.finish(None);
    Some(found)
}

/// `diagnostics:`, severities by code. They win over Liquid's own switches for strictness.
pub(super) fn severities(item: Option<Item<'_>>, liquid: &LiquidOptions) -> Severities {
    let words = [
        ("error", Some(Severity::Error)),
        ("warn", Some(Severity::Warning)),
        ("note", Some(Severity::Note)),
        ("off", None),
    ];
    let mut severities = Severities::new(codes::OFF.map(|code| (code, None)));
    for (strict, code) in [(liquid.strict_variables, "undefined-variable"), (liquid.strict_filters, "unknown-filter")] {
        if strict {
            severities.set(code, Some(Severity::Error));
        }
    }
    severities.set("liquid-lax", liquid.lax);
    for (code, item) in item.and_then(|item| item.pairs()).unwrap_or_default() {
        // A bare `off` is a word here.
        item.takes_as_written();
        if codes::find(code).is_none() {
            let mut error = item.error(format!("there is no diagnostic `{code}`"));
            if let Some(near) = did_you_mean(code, codes::ALL.iter().map(|entry| entry.code)) {
                error = error.help(format!("did you mean `{near}`?"));
            }
            item.add(error);
            continue;
        }
        // YAML 1.1 reads a bare `off` as a boolean.
        let severity = match item.value.as_bool() {
            Some(false) => Some(None),
            _ => item.choice(&words),
        };
        if let Some(severity) = severity {
            severities.set(code, severity);
        }
    }
    severities
}

/// `tab_sets:`, lists of titles by the group's name.
pub(super) fn tab_sets(item: Option<Item<'_>>) -> IndexMap<String, Vec<String>> {
    let pairs = item.and_then(|item| item.pairs()).unwrap_or_default();
    pairs.into_iter().filter_map(|(name, item)| Some((name.to_owned(), item.texts()?))).collect()
}

/// `check:`.
pub(super) fn check(section: Section<'_>) -> CheckOptions {
    let options = CheckOptions {
        elsewhere: section.texts("elsewhere").unwrap_or_default(),
        skip: section.texts("skip").unwrap_or_default(),
    };
    section.finish(None);
    options
}

/// `sass:`, with the folder of partials if it names no other.
pub(super) fn sass(section: &Section<'_>, folder: &str) -> SassOptions {
    let path = |text: String| text.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/");
    let paths = section.get("load_paths");
    let mut load_paths = match &paths {
        Some(item) if item.value.as_scalar().is_some() => item.text().into_iter().collect(),
        Some(item) => item.texts().unwrap_or_default(),
        None => Vec::new(),
    };
    load_paths.push(section.text("sass_dir").filter(|dir| !dir.is_empty()).unwrap_or_else(|| folder.to_owned()));
    // Ruby writes the name of a style with a colon before it.
    let style = section.text("style").unwrap_or_default();
    SassOptions {
        load_paths: load_paths.into_iter().map(path).collect(),
        compressed: style.trim_start_matches(':') == "compressed",
    }
}

/// The folder under `key`, which is put with the `named` when the configuration names it.
pub(super) fn folder(section: &Section<'_>, key: &'static str, default: &str, named: &mut Vec<NamedFolder>) -> String {
    let path = |text: &str| text.trim_start_matches("./").trim_matches('/').to_owned();
    let Some(item) = section.get(key) else { return path(default) };
    let Some(text) = item.text() else { return path(default) };
    named.push(NamedFolder { option: item.name(), path: path(&text), span: item.span() });
    path(&text)
}

/// `include_code:`. The folder may lie around the site's own, but not elsewhere on the disk.
pub(super) fn code_root(section: Section<'_>) -> String {
    let item = section.get("root");
    let text = item.as_ref().and_then(Item::text).unwrap_or_default();
    if text.starts_with(['/', '\\', '~'])
        && let Some(item) = &item
    {
        item.add(item.wrong("a path from the site's folder, such as `..`"));
    }
    section.finish(None);
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// `keep_files:`, paths within the destination; a slash before one says the same.
pub(super) fn keep(item: Option<Item<'_>>) -> Vec<String> {
    let path = |item: &Item<'_>| {
        let path = item.text()?;
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() || parts.contains(&"..") {
            item.add(item.wrong("a path within the destination"));
            return None;
        }
        Some(parts.join("/"))
    };
    item.and_then(|item| item.list()).unwrap_or_default().iter().filter_map(path).collect()
}

/// `redirects:`, old addresses and where they lead.
pub(super) fn redirects(item: Option<Item<'_>>) -> Vec<(String, String)> {
    let pairs = item.and_then(|item| item.pairs()).unwrap_or_default();
    let redirect = |(from, item): (&str, Item<'_>)| {
        let to = item.address()?;
        let is_pattern =
            |text: &str, sign: &str| text.matches(sign).count() == 1 && text.ends_with(&format!("/{sign}"));
        if (from.contains('*') || to.contains(":splat")) && !(is_pattern(from, "*") && is_pattern(&to, ":splat")) {
            let error = item.error(format!("`{from}: {to}` is no pattern of addresses"));
            item.add(error.help("a pattern is written as `/old/*: /new/:splat`"));
            return None;
        }
        Some((from.to_owned(), to))
    };
    pairs.into_iter().filter_map(redirect).collect()
}

/// A list of links: mappings with `title` and `url`.
fn links(item: Option<Item<'_>>) -> Vec<Link> {
    let items = item.and_then(|item| item.list()).unwrap_or_default();
    let mut links = Vec::new();
    for item in items {
        let Some(section) = item.section() else { continue };
        let (title, url) = (section.text("title"), section.get("url"));
        section.finish(None);
        match (title, url) {
            (Some(title), Some(url)) => links.extend(url.address().map(|url| Link { title, url })),
            _ => item.add(item.error("a link needs both `title` and `url`".into())),
        }
    }
    links
}

/// `theme:`.
pub(super) fn theme(section: Section<'_>) -> ThemeOptions {
    let options = ThemeOptions {
        logo: section.text("logo"),
        favicon: section.text("favicon"),
        accent: section.text("accent"),
        header_links: links(section.get("header_links")),
        footer: section.text("footer"),
        announcement: section.text("announcement"),
        footer_links: links(section.get("footer_links")),
        toc_levels: section.get("toc_levels").and_then(|item| levels(&item)).unwrap_or_else(|| vec![2, 3]),
        edit_url: section.address("edit_url"),
        last_updated: section.flag("last_updated", false),
        repository: section.address("repository"),
        generator: section.flag("generator", true),
        search: section.flag("search", true),
        release_note: section.flag("release_note", true),
        section_tabs: section.flag("section_tabs", false),
        prefetch: section.flag("prefetch", true),
        social_cards: section.get("social_cards").filter(|item| item.bool() == Some(true)).map(|item| item.span()),
        card_fonts: card_fonts(section.get("card_fonts")),
        styles: section.texts("styles").unwrap_or_default(),
        scripts: section.texts("scripts").unwrap_or_default(),
    };
    section.finish(None);
    options
}

/// `theme.card_fonts:`, paths within the site's folder.
fn card_fonts(item: Option<Item<'_>>) -> Vec<(String, Option<carafe_source::Span>)> {
    let font = |item: &Item<'_>| {
        let path = item.text()?;
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() || parts.contains(&"..") || path.starts_with('/') {
            item.add(item.wrong("the path of a font within the site's folder, such as `fonts/Title.ttf`"));
            return None;
        }
        Some((parts.join("/"), item.span()))
    };
    item.and_then(|item| item.list()).unwrap_or_default().iter().filter_map(font).collect()
}

/// The levels of a navigation that are read; deeper ones are a mistake.
const MAX_NAV_DEPTH: usize = 12;

/// `nav:`, the navigation tree.
pub(super) fn nav(item: Option<Item<'_>>) -> Vec<NavEntry> {
    item.map(|item| entries(&item, MAX_NAV_DEPTH)).unwrap_or_default()
}

fn entries(item: &Item<'_>, depth: usize) -> Vec<NavEntry> {
    if depth == 0 {
        item.add(item.error(format!("the navigation has more than {MAX_NAV_DEPTH} levels")));
        return Vec::new();
    }
    let items = item.list().unwrap_or_default();
    items.iter().filter_map(|item| entry(item, depth)).collect()
}

/// One entry: the path of a page, `Title: path` or `Title: [entries]`, or a mapping with `title`, `page`, `url`,
/// `children`.
fn entry(item: &Item<'_>, depth: usize) -> Option<NavEntry> {
    let span = item.span();
    if item.value.as_scalar().is_some() {
        return item.address().map(|path| NavEntry { page: Some(path), span, ..NavEntry::default() });
    }
    let pairs = item.pairs()?;
    if let [(title, value)] = pairs.as_slice()
        && !["title", "page", "url", "children"].contains(title)
    {
        let title = Some((*title).to_owned());
        let span = value.span();
        return Some(match value.value.as_sequence() {
            Some(_) => NavEntry { title, children: entries(value, depth - 1), span, ..NavEntry::default() },
            None => {
                let target = value.address()?;
                let outside = target.contains("://") || target.starts_with('/');
                let (page, url) = if outside { (None, Some(target)) } else { (Some(target), None) };
                NavEntry { title, page, url, span, ..NavEntry::default() }
            }
        });
    }
    let section = item.section()?;
    let found = NavEntry {
        title: section.text("title"),
        page: section.address("page"),
        url: section.address("url"),
        children: section.get("children").map(|item| entries(&item, depth - 1)).unwrap_or_default(),
        span,
    };
    if found.title.is_none() && found.page.is_none() {
        item.add(item.error("an entry of the navigation needs a `title` or a `page`".into()));
    }
    section.finish(None);
    Some(found)
}

/// The time zone with this name. One that nobody knows is an error, or, unless `strict`, a warning: then it is UTC.
pub(super) fn timezone(item: Option<Item<'_>>, strict: bool) -> Option<jiff::tz::TimeZone> {
    let item = item?;
    let name = item.text()?;
    match jiff::tz::TimeZone::get(&name) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let mut found = item.error(format!("there is no time zone `{name}`"));
            if !strict {
                found.severity = Severity::Warning;
            }
            item.add(found.help("use a name such as `UTC` or `Europe/Berlin`"));
            None
        }
    }
}

/// A base address: empty, or with a slash in front and none behind.
pub(super) fn base(text: &str) -> String {
    let inner = text.trim().trim_matches('/');
    if inner.is_empty() { String::new() } else { format!("/{inner}") }
}

/// The variables that the command line gives.
pub(super) fn given(overrides: &Overrides, schema: carafe_yaml::Schema) -> Vec<(std::sync::Arc<str>, Value)> {
    let value = |text: &str| match carafe_yaml::read(text, schema, &carafe_yaml::Limits::default()) {
        Ok(document) if document.root.as_scalar().is_some() => {
            carafe_liquid::yaml::from_yaml(document.root, schema, &jiff::tz::TimeZone::UTC)
        }
        // What is no value of YAML, or a list, is the text that it is.
        _ => Value::str(text),
    };
    overrides.variables.iter().map(|(name, text)| (name.as_str().into(), value(text))).collect()
}
