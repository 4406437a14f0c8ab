//! `_config.yml`, with Jekyll's defaults. Its keys are Jekyll's or the site's own, so unknown ones are variables; only
//! `liquid:`, `single_source:` and `carafe:` are checked strictly. Where this comes from: Jekyll 4, "Configuration".

use carafe_yaml::{Limits, Meaning, Node, Schema};
use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Severity};

use super::options::*;
use super::overrides::Overrides;
use super::reader::{Item, Section};
use super::shared;

/// Jekyll's defaults, as far as a site can read them.
const DEFAULTS: &str = r#"
collections_dir: ""
cache_dir: .jekyll-cache
plugins_dir: _plugins
layouts_dir: _layouts
data_dir: _data
includes_dir: _includes
collections: {}
safe: false
include: [.htaccess]
exclude: []
keep_files: [.git, .svn]
encoding: utf-8
markdown_ext: markdown,mkdown,mkdn,mkd,md
strict_front_matter: false
show_drafts: null
limit_posts: 0
future: false
unpublished: false
whitelist: []
plugins: []
markdown: kramdown
highlighter: rouge
lsi: false
excerpt_separator: "\n\n"
incremental: false
detach: false
port: "4000"
host: 127.0.0.1
baseurl: null
show_dir_listing: false
permalink: date
paginate_path: /page:num
timezone: null
quiet: false
verbose: false
defaults: []
liquid: {error_mode: warn, strict_filters: false, strict_variables: false}
kramdown:
  auto_ids: true
  toc_levels: [1, 2, 3, 4, 5, 6]
  entity_output: as_char
  smart_quotes: lsquo,rsquo,ldquo,rdquo
  input: GFM
  hard_wrap: false
  guess_lang: true
  footnote_nr: 1
  show_warnings: false
  syntax_highlighter: rouge
  syntax_highlighter_opts: {default_lang: plaintext, guess_lang: true}
  coderay: {}
"#;

/// Always excluded.
const DEFAULT_EXCLUDES: [&str; 10] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

/// Jekyll's defaults as YAML.
pub(super) fn defaults() -> Node {
    // The text is ours and checked by a test; were it broken, a site would get no defaults rather than a panic.
    carafe_yaml::read(DEFAULTS, Schema::Ruby, &Limits::default())
        .map_or_else(|_| Node::null(), |document| document.root)
}

/// The configuration in `root`; `merged` is the same document, with the defaults below it.
pub(super) fn read(
    root: Section<'_>,
    merged: &Node,
    files: Vec<String>,
    gems: Vec<NamedPlugin>,
    overrides: &Overrides,
) -> Config {
    let own = root.section("carafe");
    let configured = root.get("baseurl").and_then(|item| item.text()).unwrap_or_default();
    let site = SiteOptions {
        title: root.get("title").or_else(|| root.get("name")).and_then(|item| item.text()).unwrap_or_default(),
        description: root.text_or("description", ""),
        url: root.text_or("url", "").trim_end_matches('/').to_owned(),
        baseurl: shared::base(overrides.baseurl.as_ref().unwrap_or(&configured)),
        language: root.get("lang").or_else(|| root.get("locale")).and_then(|item| item.text()).unwrap_or("en".into()),
        timezone: shared::timezone(root.get("timezone"), false),
    };
    let liquid = root.section("liquid");
    let (liquid, limits) = shared::liquid(liquid, own.section("limits"), false);
    let (folder, own_theme) = own.text_or_section("theme");
    let plugins = plugins(&root, gems);
    let asked_theme = asked_theme(&root, folder, &plugins);
    let (markdown, highlight) = markdown(&root, own.section("markdown"), own.section("highlight"));
    let config = Config {
        mode: Mode::Jekyll,
        files,
        content: content(&root, &own, overrides),
        markdown,
        highlight,
        theme: shared::theme(own_theme),
        pictures: PictureOptions::default(),
        asked_theme,
        nav: shared::nav(own.get("nav")),
        output: OutputOptions {
            destination: overrides.destination.clone().unwrap_or_else(|| root.text_or("destination", "_site")),
            keep: shared::keep(root.get("keep_files")),
            markdown: false,
            llms: false,
        },
        severities: shared::severities(own.get("diagnostics"), &liquid),
        single_source: shared::single_source(root.get("single_source")),
        front_matter: Vec::new(),
        check: shared::check(own.section("check")),
        sass: shared::sass(&root.section("sass"), "_sass"),
        tab_sets: shared::tab_sets(own.get("tab_sets")),
        plugins,
        languages: Vec::new(),
        variables: variables(merged, overrides),
        liquid,
        limits,
        site,
    };
    own.finish(None);
    config
}

/// The configuration of a theme, as far as it counts: what Jekyll has a default for is the site's alone.
pub(super) fn of_theme(theme: &Node) -> Node {
    let defaults = defaults();
    theme.without(|key| ["source", "destination"].contains(&key) || defaults.get(key).is_some())
}

/// The theme that is asked for: `remote_theme` by a site that has the plugin for it, else `theme`. Where it lies `carafe: {theme: PATH}`
/// may say.
fn asked_theme(root: &Section<'_>, folder: Option<Item<'_>>, plugins: &PluginOptions) -> Option<AskedTheme> {
    let named =
        |key| root.get(key).filter(|item| item.value.as_scalar().is_some_and(|scalar| scalar.meaning == Meaning::Text));
    let can_be_remote =
        plugins.github_pages() || plugins.named.iter().any(|plugin| plugin.name == "jekyll-remote-theme");
    let remote = named("remote_theme").filter(|_| can_be_remote);
    let has_config = remote.is_none() && !root.flag("ignore_theme_config", false);
    let asked = remote.clone().or_else(|| named("theme"));
    let path = folder.as_ref().and_then(Item::text);
    let name = match (&asked, &path) {
        (Some(item), _) if remote.is_some() => item.text()?.trim().to_owned(),
        (Some(item), _) => item.text()?.trim().to_lowercase(),
        (None, Some(path)) => path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
        (None, None) => return None,
    };
    let span = folder.as_ref().or(asked.as_ref()).and_then(Item::span);
    Some(AskedTheme { name, remote: remote.is_some(), folder: path, has_config, span })
}

/// The plugins of `plugins` and `gems`, and those of the Gemfile that are not among them.
fn plugins(root: &Section<'_>, gems: Vec<NamedPlugin>) -> PluginOptions {
    let mut named: Vec<NamedPlugin> = Vec::new();
    let configured = ["plugins", "gems"].into_iter().filter_map(|key| root.get(key));
    let configured = configured.filter(|item| !item.value.is_null());
    for item in configured.flat_map(|item| item.list().unwrap_or_default()) {
        named.extend(item.text().map(|name| NamedPlugin { name, span: item.span() }));
    }
    for gem in gems {
        if !named.iter().any(|known| known.name == gem.name) {
            named.push(gem);
        }
    }
    PluginOptions { named }
}

fn content(root: &Section<'_>, own: &Section<'_>, overrides: &Overrides) -> ContentOptions {
    let permalink = shared::permalink(root.get("permalink"), Permalink::Date);
    let mut exclude = root.texts("exclude").unwrap_or_default();
    for name in DEFAULT_EXCLUDES {
        if !exclude.iter().any(|known| known == name) {
            exclude.push(name.to_owned());
        }
    }
    let (folders, named_folders) = folders(root);
    ContentOptions {
        pages: overrides.pages.clone(),
        limit_posts: root
            .get("limit_posts")
            .and_then(|item| item.integer())
            .map_or(0, |limit| usize::try_from(limit).unwrap_or(0)),
        excerpt_separator: root
            .get("excerpt_separator")
            .filter(|item| !item.value.is_null())
            .and_then(|item| item.text())
            .unwrap_or_default(),
        page_excerpts: root.flag("page_excerpts", false),
        tables: [table(&root.section("csv_reader")), table(&root.section("tsv_reader"))],
        encoding: root.get("encoding").and_then(|item| encoding(&item)),
        folders,
        follow_links: true,
        named_folders,
        collections: collections(root.get("collections"), &permalink),
        permalink,
        defaults: shared::defaults(root.get("defaults"), false),
        include: root.texts("include").unwrap_or_default(),
        exclude,
        markdown_suffixes: root.text_or("markdown_ext", "").split(',').map(str::to_lowercase).collect(),
        strict_front_matter: root.flag("strict_front_matter", false),
        drafts: root.flag("show_drafts", false) || overrides.drafts,
        future: root.flag("future", false) || overrides.future,
        unpublished: root.flag("unpublished", false) || overrides.unpublished,
        code_root: shared::code_root(own.section("include_code")),
        redirects: shared::redirects(own.get("redirects")),
    }
}

/// A table whose first row names the fields, which are texts.
pub(super) fn plain_table() -> TableOptions {
    TableOptions { has_headers: true, headers: None, converters: Vec::new() }
}

/// `csv_reader:` and `tsv_reader:`.
fn table(section: &Section<'_>) -> TableOptions {
    let headers = section.get("headers");
    let names = headers.as_ref().and_then(|item| match item.value.as_scalar() {
        Some(scalar) if scalar.meaning == Meaning::Text => Some(scalar.text.split(',').map(str::to_owned).collect()),
        Some(_) => None,
        None => item.texts(),
    });
    let has_headers = headers.filter(|_| names.is_none()).and_then(|item| item.bool()).unwrap_or(true);
    TableOptions { has_headers, headers: names, converters: section.texts("csv_converters").unwrap_or_default() }
}

/// Ruby's names of encodings that the standard of browsers calls otherwise.
const ENCODINGS: [(&str, &str); 17] = [
    ("ascii-8bit", "windows-1252"),
    ("binary", "windows-1252"),
    ("646", "windows-1252"),
    ("eucjp", "euc-jp"),
    ("eucjp-ms", "euc-jp"),
    ("cp51932", "euc-jp"),
    ("cp932", "shift_jis"),
    ("pck", "shift_jis"),
    ("euckr", "euc-kr"),
    ("cp949", "euc-kr"),
    ("cp936", "gbk"),
    ("euc-cn", "gbk"),
    ("euccn", "gbk"),
    ("cp950", "big5"),
    ("cp874", "windows-874"),
    ("macroman", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
];

/// The encoding of this name, unless it is UTF-8. One that nobody knows is a warning, and UTF-8.
fn encoding(item: &Item<'_>) -> Option<&'static encoding_rs::Encoding> {
    let text = item.text()?;
    let name = text.trim().to_ascii_lowercase();
    let name = name.strip_prefix("bom|").unwrap_or(&name);
    let known = ENCODINGS.iter().find(|(ruby, _)| *ruby == name).map_or(name, |(_, name)| name);
    if ["utf8-mac", "utf-8-mac", "utf-8-hfs", "cp65001"].contains(&known) {
        return None;
    }
    let found = encoding_rs::Encoding::for_label_no_replacement(known.as_bytes());
    // What cannot be written can be no site's encoding.
    match found.filter(|encoding| encoding.output_encoding() == *encoding) {
        Some(encoding) => Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8),
        None => {
            let mut told = item.error(format!("there is no encoding `{text}`"));
            told.severity = Severity::Warning;
            item.add(told.help("files are read as UTF-8; other names are `iso-8859-1`, `windows-1251` or `shift_jis`"));
            None
        }
    }
}

fn folders(root: &Section<'_>) -> (Folders, Vec<NamedFolder>) {
    let mut named = Vec::new();
    let mut folder = |key, default: &str| shared::folder(root, key, default, &mut named);
    let folders = Folders {
        content: String::new(),
        templates: folder("layouts_dir", "_layouts"),
        includes: folder("includes_dir", "_includes"),
        static_files: None,
        data: folder("data_dir", "_data"),
        collections: folder("collections_dir", ""),
    };
    (folders, named)
}

/// Collections are a list of names or a mapping from names to their options; `posts` is always one of them.
fn collections(item: Option<Item<'_>>, permalink: &Permalink) -> IndexMap<String, Collection> {
    let mut found = IndexMap::new();
    if let Some(item) = item {
        if item.value.as_sequence().is_some() {
            let names = item.texts().unwrap_or_default();
            found.extend(names.into_iter().map(|name| (name, Collection::default())));
        } else {
            let pairs = item.pairs().unwrap_or_default();
            found.extend(pairs.into_iter().map(|(name, item)| (name.to_owned(), collection(&item))));
        }
    }
    let posts: &mut Collection = found.entry("posts".to_owned()).or_default();
    posts.output = true;
    posts.fields.insert("output".into(), true.into());
    if posts.permalink.is_none() {
        posts.permalink = Some(permalink.posts().to_owned());
        posts.fields.insert("permalink".into(), permalink.posts().into());
    }
    found
}

fn collection(item: &Item<'_>) -> Collection {
    // `docs:` with nothing behind it is a collection without options.
    if item.value.is_null() {
        return Collection::default();
    }
    let Some(section) = item.section() else { return Collection::default() };
    Collection {
        output: section.flag("output", false),
        permalink: section.text("permalink"),
        sort_by: section.text("sort_by"),
        order: section.texts("order").unwrap_or_default(),
        fields: shared::map(item),
    }
}

/// `kramdown:` and the highlighter's options in it. `carafe: {markdown: {dialect, github, math}}` chooses the grammar.
fn markdown(root: &Section<'_>, own: Section<'_>, highlight: Section<'_>) -> (MarkdownOptions, HighlightOptions) {
    let dialects = [("kramdown", Dialect::Kramdown), ("commonmark", Dialect::CommonMark)];
    let dialect = own.get("dialect").and_then(|item| item.choice(&dialects)).unwrap_or(Dialect::Kramdown);
    let habits = shared::Habits::read(&own, false);
    own.finish(None);
    let kramdown = root.section("kramdown");
    let mut markdown = shared::markdown(&kramdown, dialect, habits);
    markdown.others.extend(parser(&kramdown));
    markdown.link_defs = link_defs(&kramdown);
    told_apart(&kramdown);
    let options = kramdown.section("syntax_highlighter_opts");
    let enabled = root.text("highlighter").is_some_and(|name| name != "none");
    let from_jekyll = HighlightOptions {
        enabled: enabled
            && kramdown.text("syntax_highlighter").is_none_or(|name| name != "nil")
            && !options.flag("disable", false),
        default_language: options.text("default_lang"),
    };
    let overridden = HighlightOptions {
        enabled: highlight.flag("enabled", from_jekyll.enabled),
        default_language: highlight.text("default_language").or(from_jekyll.default_language),
    };
    highlight.finish(None);
    (markdown, overridden)
}

/// Which of kramdown's parsers reads, and the habits of the one for GFM.
fn parser(kramdown: &Section<'_>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Some(item) = kramdown.get("input")
        && let Some(name) = item.text()
    {
        match name.as_str() {
            "GFM" | "gfm" | "Kramdown" | "kramdown" => found.push(("input", name)),
            _ => {
                let message = format!("kramdown's parser `{name}` is not built in; the pages are read as GFM");
                item.add(item.place(Diagnostic::warning("invalid-option", message)).help("write `GFM` or `kramdown`"));
            }
        }
    }
    if let Some(item) = kramdown.get("gfm_quirks") {
        let quirks = if item.value.as_sequence().is_some() { item.texts() } else { item.text().map(|text| vec![text]) };
        found.push(("gfm_quirks", quirks.unwrap_or_default().join(",")));
    } else if kramdown.is_null("gfm_quirks") {
        found.push(("gfm_quirks", String::new()));
    }
    found
}

/// `link_defs:`, by names the address of a link and perhaps its title.
fn link_defs(kramdown: &Section<'_>) -> Vec<(String, String, Option<String>)> {
    let pairs = kramdown.get("link_defs").and_then(|item| item.pairs()).unwrap_or_default();
    let read = |(name, item): (&str, Item<'_>)| {
        let mut texts = item.texts()?.into_iter();
        Some((name.to_owned(), texts.next()?, texts.next()))
    };
    pairs.into_iter().filter_map(read).collect()
}

/// Options of kramdown that change its pages, and are not built in.
fn told_apart(kramdown: &Section<'_>) {
    for name in ["html_to_native", "remove_line_breaks_for_cjk", "transliterated_header_ids"] {
        if let Some(item) = kramdown.get(name)
            && item.value.as_bool() == Some(true)
        {
            let message = format!("kramdown's option `{name}` is not built in; the pages are written without it");
            item.add(item.place(Diagnostic::warning("unknown-option", message)));
        }
    }
}

/// The whole configuration, as `site` shows it.
fn variables(merged: &Node, overrides: &Overrides) -> carafe_liquid::Map {
    let mut map =
        shared::as_map(carafe_liquid::yaml::from_yaml(merged.clone(), Schema::Ruby, &jiff::tz::TimeZone::UTC));
    let mut excluded = match map.get("exclude") {
        Some(carafe_liquid::Value::Array(names)) => names.to_vec(),
        _ => Vec::new(),
    };
    for name in DEFAULT_EXCLUDES {
        if !excluded.iter().any(|known| known.as_str() == Some(name)) {
            excluded.push(name.into());
        }
    }
    map.insert("exclude".into(), carafe_liquid::Value::array(excluded));
    map.extend(shared::given(overrides, Schema::Ruby));
    if let Some(baseurl) = &overrides.baseurl {
        map.insert("baseurl".into(), baseurl.as_str().into());
    }
    for (name, on) in
        [("show_drafts", overrides.drafts), ("future", overrides.future), ("unpublished", overrides.unpublished)]
    {
        if on {
            map.insert(name.into(), true.into());
        }
    }
    map
}
