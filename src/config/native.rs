//! `carafe.yml`: every key is ours, so unknown ones are refused.

use carafe_liquid::{Map, Value};

use carafe_yaml::Schema;

use super::languages::{self, LanguageOptions};
use super::options::*;
use super::overrides::Overrides;
use super::reader::{Item, Section};
use super::{shared, variables};

/// The configuration in `root`.
pub(super) fn read(root: Section<'_>, files: Vec<String>, overrides: &Overrides) -> Config {
    let site = SiteOptions {
        title: root.text_or("title", ""),
        description: root.text_or("description", ""),
        url: host(root.get("url")),
        baseurl: shared::base(&overrides.baseurl.clone().unwrap_or_else(|| root.text_or("baseurl", ""))),
        language: root.text_or("language", "en"),
        timezone: shared::timezone(root.get("timezone"), true),
    };
    // Asked for even when overridden, so that it is known.
    root.get("baseurl");
    let mut variables = site_variables(&site, root.get("variables"));
    let given = shared::given(overrides, Schema::Native);
    variables.extend(given.iter().cloned());
    let languages = languages::read(root.get("languages"), source_language(&site, &variables), &given);
    let (liquid, limits) = shared::liquid(root.section("liquid"), root.section("limits"), true);
    let config = Config {
        mode: Mode::Native,
        files,
        content: content(&root, overrides),
        markdown: markdown(root.section("markdown")),
        highlight: highlight(root.section("highlight")),
        theme: shared::theme(root.section("theme")),
        pictures: pictures(root.section("pictures")),
        asked_theme: None,
        nav: shared::nav(root.get("nav")),
        output: output(&root, overrides),
        severities: shared::severities(root.get("diagnostics"), &liquid),
        single_source: shared::single_source(root.get("single_source")),
        front_matter: front_matter(root.get("front_matter")),
        check: shared::check(root.section("check")),
        sass: sass(root.section("sass")),
        tab_sets: shared::tab_sets(root.get("tab_sets")),
        liquid,
        limits,
        site,
        plugins: PluginOptions::default(),
        languages,
        variables,
    };
    if config.theme.social_cards.is_some()
        && config.site.url.is_empty()
        && let Some(item) = root.section("theme").get("social_cards")
    {
        let error =
            item.error("`theme.social_cards` needs `url`: other sites ask for a card by its whole address".to_owned());
        item.add(error.help("say where the site is published, such as `url: https://docs.example.org`"));
    }
    root.finish(Some("values for pages go under `variables:`, where `NAME` becomes `site.NAME`"));
    config
}

/// `front_matter:`, patterns of paths, and for each the types of keys.
fn front_matter(item: Option<Item<'_>>) -> Vec<Contract> {
    let contract = |(pattern, item): (&str, Item<'_>)| {
        let mut contract = Contract { pattern: pattern.to_owned(), keys: Default::default(), is_closed: false };
        for (key, item) in item.pairs()? {
            if key == "*" {
                contract.is_closed = item.choice(&[("error", true), ("allow", false)]).unwrap_or(false);
                continue;
            }
            let (key, required) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
            let Some((kind, also_required)) = key_type(&item) else { continue };
            contract.keys.insert(key.to_owned(), (kind, required || also_required));
        }
        Some(contract)
    };
    item.and_then(|item| item.pairs()).unwrap_or_default().into_iter().filter_map(contract).collect()
}

/// The type that a key has, and whether it must be given: `string!`, or a list of words.
fn key_type(item: &Item<'_>) -> Option<(KeyType, bool)> {
    if matches!(item.value.value, carafe_yaml::Value::Sequence(_)) {
        return Some((KeyType::Choice(item.texts()?), false));
    }
    let text = item.text()?;
    let (name, required) = text.strip_suffix('!').map_or((text.as_str(), false), |name| (name, true));
    let types = [
        ("any", KeyType::Any),
        ("string", KeyType::Text),
        ("liquid", KeyType::Liquid),
        ("number", KeyType::Number),
        ("integer", KeyType::Integer),
        ("boolean", KeyType::Boolean),
        ("date", KeyType::Date),
        ("list", KeyType::List),
        ("map", KeyType::Mapping),
    ];
    let names: Vec<String> = types.iter().map(|(name, _)| format!("`{name}`")).collect();
    let found = types.into_iter().find(|(known, _)| *known == name);
    if found.is_none() {
        item.add(item.wrong(&format!("{}, or a list of words", names.join(", "))));
    }
    found.map(|(_, kind)| (kind, required))
}

/// `url:`, without slashes at the end. Whatever is made of it would be wrong without a scheme.
fn host(item: Option<Item<'_>>) -> String {
    let Some(item) = item else { return String::new() };
    let Some(text) = item.text() else { return String::new() };
    let url = text.trim().trim_end_matches('/');
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    if !url.is_empty() && rest.is_none_or(str::is_empty) {
        let error = item.wrong("an address that begins with `https://` or `http://`");
        let host = url.split('/').find(|part| !part.is_empty() && !part.ends_with(':')).unwrap_or("docs.example.org");
        item.add(
            error.help(format!("write `url: https://{host}`; the path that the site is published under is `baseurl`")),
        );
    }
    url.to_owned()
}

fn content(root: &Section<'_>, overrides: &Overrides) -> ContentOptions {
    let (mut folders, named_folders) = folders(root.section("folders"));
    folders.content = overrides.content.clone().unwrap_or(folders.content);
    ContentOptions {
        pages: overrides.pages.clone(),
        limit_posts: 0,
        excerpt_separator: String::new(),
        encoding: None,
        tables: [super::jekyll::plain_table(), super::jekyll::plain_table()],
        page_excerpts: false,
        permalink: shared::permalink(root.get("permalink"), Permalink::Pretty),
        collections: Default::default(),
        defaults: within(&folders.content, shared::defaults(root.get("defaults"), true)),
        folders,
        include: root.texts("include").unwrap_or_default(),
        exclude: root.texts("exclude").unwrap_or_default(),
        markdown_suffixes: ["md", "markdown", "mkdown", "mkdn", "mkd"].map(String::from).to_vec(),
        strict_front_matter: true,
        drafts: root.flag("drafts", false) || overrides.drafts,
        future: root.flag("future", false) || overrides.future,
        unpublished: root.flag("unpublished", false) || overrides.unpublished,
        follow_links: root.flag("follow_links", false),
        named_folders,
        code_root: shared::code_root(root.section("include_code")),
        redirects: shared::redirects(root.get("redirects")),
    }
}

/// The defaults with paths that count from the site's folder; in the file they count from that of the pages.
fn within(content: &str, mut defaults: Vec<Defaults>) -> Vec<Defaults> {
    for entry in &mut defaults {
        if !content.is_empty() && !entry.path.is_empty() {
            entry.path = format!("{content}/{}", entry.path);
        }
    }
    defaults
}

/// The folders, and those that are named.
fn folders(section: Section<'_>) -> (Folders, Vec<NamedFolder>) {
    let mut named = Vec::new();
    let mut folder = |key, default: &str| shared::folder(&section, key, default, &mut named);
    let folders = Folders {
        content: folder("content", "content"),
        templates: folder("templates", "templates"),
        includes: folder("includes", "includes"),
        static_files: Some(folder("static", "static")),
        data: folder("data", "data"),
        collections: folder("content", "content"),
    };
    section.finish(None);
    (folders, named)
}

fn output(root: &Section<'_>, overrides: &Overrides) -> OutputOptions {
    let configured = root.text_or("destination", "_site");
    let (markdown, llms) = forms(root.get("outputs"));
    OutputOptions {
        destination: overrides.destination.clone().unwrap_or(configured),
        keep: shared::keep(root.get("keep_files")),
        markdown,
        llms,
    }
}

/// `outputs:`, the forms in which pages are written: whether Markdown is one of them, and whether they are listed for programs.
fn forms(item: Option<Item<'_>>) -> (bool, bool) {
    #[derive(Clone, Copy, PartialEq)]
    enum Form {
        Html,
        Markdown,
        Llms,
    }
    let words = [("html", Form::Html), ("markdown", Form::Markdown), ("llms", Form::Llms)];
    let Some(item) = item else { return (false, false) };
    let Some(list) = item.list() else { return (false, false) };
    let all: Vec<Option<Form>> = list.iter().map(|item| item.choice(&words)).collect();
    let has = |form| all.contains(&Some(form));
    if !has(Form::Html) && !all.contains(&None) {
        let error = item.error("`outputs` leaves out `html`, which is always written".to_owned());
        item.add(error.help("add it: `outputs: [html, markdown, llms]`"));
    }
    if has(Form::Llms) && !has(Form::Markdown) {
        let error = item.error("`llms` lists the Markdown of pages, which `outputs` leaves out".to_owned());
        item.add(error.help("add `markdown`: `outputs: [html, markdown, llms]`"));
    }
    (has(Form::Markdown), has(Form::Llms))
}

fn markdown(section: Section<'_>) -> MarkdownOptions {
    let dialects = [("kramdown", Dialect::Kramdown), ("commonmark", Dialect::CommonMark)];
    let dialect = section.get("dialect").and_then(|item| item.choice(&dialects)).unwrap_or(Dialect::Kramdown);
    let options = shared::markdown(&section, dialect, shared::Habits::read(&section, true));
    section.finish(None);
    options
}

/// `pictures:`.
fn pictures(section: Section<'_>) -> PictureOptions {
    let size = section.get("size");
    let sizes = section.get("sizes").map(|item| widths(&item)).unwrap_or_default();
    let column = section.get("column").and_then(|item| width(&item)).unwrap_or(COLUMN);
    let (lazy, webp) = (section.flag("lazy", true), section.flag("webp", false));
    let is_sized = size.as_ref().and_then(Item::bool);
    let options = PictureOptions { size: is_sized, lazy, sizes, webp, column };
    if let Some(item) = size.filter(|_| is_sized == Some(false) && options.has_variants()) {
        let error = item.error("pictures in several sizes say how large they are".to_owned());
        item.add(error.help("take `pictures.size` away, or `pictures.sizes` and `pictures.webp`"));
    }
    section.finish(None);
    options
}

/// How wide the theme's column of text is: `46rem`.
const COLUMN: u32 = 736;
/// In so many widths a picture may be written.
const MOST_WIDTHS: usize = 16;

/// The widths in which pictures are written.
fn widths(item: &Item<'_>) -> Vec<u32> {
    let list = item.list().unwrap_or_default();
    if list.len() > MOST_WIDTHS {
        item.add(item.wrong("at most 16 widths"));
        return Vec::new();
    }
    let mut widths: Vec<u32> = list.iter().filter_map(width).collect();
    widths.sort_unstable();
    widths.dedup();
    widths
}

/// A width in pixels.
fn width(item: &Item<'_>) -> Option<u32> {
    let found = item.integer()?;
    let width = u32::try_from(found).ok().filter(|width| (16..=8192).contains(width));
    if width.is_none() {
        item.add(item.wrong("a width in pixels, from 16 to 8192"));
    }
    width
}

/// `sass:`, by the names that Jekyll gives its options.
fn sass(section: Section<'_>) -> SassOptions {
    let options = shared::sass(&section, "sass");
    section.finish(None);
    options
}

/// `highlight:`.
pub(super) fn highlight(section: Section<'_>) -> HighlightOptions {
    let options =
        HighlightOptions { enabled: section.flag("enabled", true), default_language: section.text("default_language") };
    section.finish(None);
    options
}

/// The variables of the site, its own fields among them.
fn site_variables(site: &SiteOptions, item: Option<Item<'_>>) -> Map {
    let mut map = Map::default();
    for (name, value) in [
        ("title", &site.title),
        ("description", &site.description),
        ("url", &site.url),
        ("baseurl", &site.baseurl),
        ("language", &site.language),
    ] {
        map.insert(name.into(), Value::str(value.as_str()));
    }
    variables::read(item, &mut map, |name| format!("`variables.{name}` would hide the site's own `{name}`"));
    map
}

/// The language of the sources, as translations take from it what they do not say.
fn source_language(site: &SiteOptions, variables: &Map) -> LanguageOptions {
    LanguageOptions {
        code: site.language.clone(),
        is_listed: false,
        name: None,
        title: site.title.clone(),
        description: site.description.clone(),
        variables: variables.clone(),
        titles: Vec::new(),
        span: None,
    }
}
