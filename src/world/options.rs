//! From the configuration to each stage's own options.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use carafe_liquid::Value;
use carafe_yaml::Limits;

use crate::config::{Config, Mode, NavEntry};
use crate::content::{self, Kind};
use crate::diagnostic::Severity;
use crate::site::navigation::Planned;
use crate::site::{self, Collection, Default, Scope, SingleSource};

/// Which files count. `destination` is a path within the source, if it lies there.
pub(crate) fn content(config: &Config) -> content::Options {
    let folders = &config.content.folders;
    let kind = match config.mode {
        Mode::Native => Kind::Native {
            content: folders.content.clone(),
            statics: folders.static_files.clone().unwrap_or_else(|| "static".to_owned()),
        },
        Mode::Jekyll => Kind::Jekyll {
            collections: config.content.collections.keys().filter(|name| *name != "posts").cloned().collect(),
            collections_folder: folders.collections.clone(),
        },
    };
    let mut exclude = config.content.exclude.clone();
    exclude.extend(config.files.iter().cloned());
    exclude.push(TESTS_FOLDER.to_owned());
    content::Options {
        kind,
        data: folders.data.clone(),
        templates: folders.templates.clone(),
        includes: folders.includes.clone(),
        exclude,
        pages: config.content.pages.clone(),
        include: config.content.include.clone(),
        sources: config.single_source.iter().map(|single_source| single_source.source.clone()).collect(),
        languages: languages(config),
        markdown: config.content.markdown_suffixes.clone(),
        plain: super::plugins::plain_pages(config),
        drafts: config.content.drafts,
        data_bytes: config.limits.data_bytes,
        yaml: yaml(config),
        tables: config.content.tables.each_ref().map(table),
    }
}

/// The languages that paths may name.
fn languages(config: &Config) -> Vec<(String, usize)> {
    let listed = config.languages.iter().enumerate().filter(|(_, language)| language.is_listed);
    listed.map(|(at, language)| (language.code.clone(), at)).collect()
}

/// How tables are read. Dates stay the texts that they print as.
fn table(options: &crate::config::TableOptions) -> content::Tables {
    let converts = |names: &[&str]| options.converters.iter().any(|name| names.contains(&name.trim_start_matches(':')));
    content::Tables {
        headers: match &options.headers {
            Some(names) => content::Headers::Given(names.clone()),
            None if options.has_headers => content::Headers::First,
            None => content::Headers::None,
        },
        integers: converts(&["integer", "numeric", "all"]),
        floats: converts(&["float", "numeric", "all"]),
    }
}

/// How the site's YAML is read.
pub(crate) fn yaml(config: &Config) -> content::Yaml {
    content::Yaml {
        schema: config.mode.schema(),
        zone: config.site.timezone.clone().unwrap_or(jiff::tz::TimeZone::UTC),
        broken_front: if config.content.strict_front_matter { Severity::Error } else { Severity::Warning },
        // What is read stands beside what is made of it for a while.
        limits: Limits { bytes: config.limits.data_bytes / 2, ..Limits::default() },
    }
}

/// The version of Jekyll whose rules hold.
const JEKYLL: &str = "4.3.4";

/// What `jekyll.environment` says.
pub(super) fn environment(build: &super::Options) -> &str {
    build.environment.as_deref().filter(|name| !name.is_empty()).unwrap_or("development")
}

/// What pages read as `jekyll`.
pub(super) fn jekyll(build: &super::Options) -> Value {
    let environment = environment(build);
    Value::map([("version", Value::from(JEKYLL)), ("environment", environment.into())])
}

/// What the index needs.
pub(crate) fn site(config: &Config, only: &[String], now: Option<i64>) -> site::Options {
    let content = &config.content;
    let default = |entry: &crate::config::Defaults| Default {
        scope: Scope { path: entry.path.clone(), class: entry.kind.clone() },
        values: Arc::new(entry.values.clone()),
    };
    let collection = |(name, collection): (&String, &crate::config::Collection)| Collection {
        name: name.as_str().into(),
        output: collection.output,
        permalink: collection.permalink.clone(),
        sort_by: collection.sort_by.clone(),
        order: collection.order.clone(),
        settings: Arc::new(collection.fields.clone()),
    };
    let single_source = config.single_source.as_ref().map(|single_source| SingleSource {
        versions: single_source.versions.clone(),
        source: single_source.source.clone(),
        layout: single_source.layout.clone(),
        nav: single_source.nav.clone(),
        only: only.to_owned(),
    });
    let language = |language: &crate::config::LanguageOptions| site::Language {
        code: language.code.as_str().into(),
        variables: Arc::new(language.variables.clone()),
    };
    site::Options {
        permalink: content.permalink.clone(),
        posts: content.collections.get("posts").and_then(|posts| posts.permalink.clone()),
        posts_settings: Arc::new(
            content.collections.get("posts").map(|posts| posts.fields.clone()).unwrap_or_default(),
        ),
        defaults: site::Defaults::new(content.defaults.iter().map(default).collect(), config.mode == Mode::Jekyll),
        collections: content.collections.iter().filter(|(name, _)| *name != "posts").map(collection).collect(),
        zone: config.site.timezone.clone().unwrap_or(TimeZone::UTC),
        now: now.and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_else(Timestamp::now),
        future: content.future,
        unpublished: content.unpublished,
        drafts: content.drafts,
        native: config.mode == Mode::Native,
        reserved: crate::world::reserved::names(config),
        twins: config.output.markdown,
        single_source,
        pagination: pagination(config),
        collections_folder: match config.mode {
            Mode::Jekyll => content.folders.collections.clone(),
            Mode::Native => String::new(),
        },
        limit_posts: content.limit_posts,
        excerpt_separator: content.excerpt_separator.clone(),
        page_excerpts: content.page_excerpts,
        variables: Arc::new(config.variables.clone()),
        languages: config.languages.iter().map(language).collect(),
    }
}

/// How posts are listed over several pages, by which of the plugins is there.
fn pagination(config: &Config) -> Option<site::Pagination> {
    let set = |key: &str| config.variables.get(key).filter(|value| value.truthy());
    if super::lists_plugin(config, "jekyll-paginate-v2") {
        let Value::Map(settings) = set("pagination")? else { return None };
        let title = set("title").map(|title| carafe_liquid::convert::text(title).into_owned());
        let on = settings.get("enabled").is_some_and(Value::truthy);
        return on.then(|| site::Pagination::Pages { settings: settings.clone(), title });
    }
    let known = ["jekyll-paginate", "github-pages"].iter().any(|name| super::lists_plugin(config, name));
    let per_page = set("paginate").filter(|_| known).and_then(carafe_liquid::convert::to_integer)?;
    let path =
        set("paginate_path").map_or("/page:num".to_owned(), |path| carafe_liquid::convert::text(path).into_owned());
    Some(site::Pagination::Posts { per_page: usize::try_from(per_page).unwrap_or(0), path })
}

/// The navigation as configured.
pub(crate) fn plan(entries: &[NavEntry]) -> Vec<Planned> {
    let planned = |entry: &NavEntry| Planned {
        title: entry.title.clone(),
        page: entry.page.clone().or_else(|| entry.url.clone()),
        children: plan(&entry.children),
    };
    entries.iter().map(planned).collect()
}

/// How templates are read.
pub(super) fn liquid(config: &Config, tags: &mut carafe_liquid::Tags) {
    if let Some(find) = super::braces::verbatim(config) {
        tags.leave_alone(find);
    }
    if config.mode == Mode::Native {
        tags.read_quoted_outputs();
    }
}

/// Liquid's limits.
pub(crate) fn limits(config: &Config) -> carafe_liquid::Limits {
    let limits = config.limits;
    carafe_liquid::Limits {
        include_depth: limits.include_depth,
        iterations: limits.iterations,
        output_bytes: limits.output_bytes,
    }
}

/// Markdown's options.
pub(crate) fn markdown(config: &Config) -> carafe_markdown::Options {
    let from = &config.markdown;
    let mut options = carafe_markdown::Options::new(match from.dialect {
        crate::config::Dialect::Kramdown => carafe_markdown::Dialect::Kramdown,
        crate::config::Dialect::CommonMark => carafe_markdown::Dialect::CommonMark,
    });
    // A Jekyll site's pages come out as Jekyll's; a site of ours gets what the author meant.
    options.unindent_fences = config.mode == Mode::Native;
    options.fence_words = config.mode == Mode::Native;
    options.fence_options = config.mode == Mode::Native;
    if from.github {
        options.habits = carafe_markdown::Habits::all();
    }
    options.habits.math = from.math;
    options.habits.emoji = from.emoji;
    options.output_bytes = config.limits.output_bytes;
    options.auto_ids = from.auto_ids;
    options.auto_id_prefix.clone_from(&from.auto_id_prefix);
    options.hard_wrap = from.hard_wrap;
    for (name, text) in &from.typographic_symbols {
        options.set_symbol(name, text);
    }
    options.header_offset = i8::try_from(from.header_offset).unwrap_or(0);
    if let (Some(first), Some(last)) = (from.toc_levels.first(), from.toc_levels.last()) {
        options.toc_levels = *first..=*last;
    }
    options.parse_block_html = from.parse_block_html;
    options.parse_span_html = from.parse_span_html;
    options.footnote_nr = usize::try_from(from.footnote_nr).unwrap_or(1);
    options.footnote_backlink.clone_from(&from.footnote_backlink);
    options.footnote_prefix.clone_from(&from.footnote_prefix);
    match &from.smart_quotes {
        Some(quotes) => {
            for (quote, text) in options.smart_quotes.iter_mut().zip(quotes) {
                *quote = text.chars().next().unwrap_or(*quote);
            }
        }
        None => options.smart_quotes = ['\'', '\'', '"', '"'],
    }
    options.link_defs.clone_from(&from.link_defs);
    for (name, value) in &from.others {
        options.set(name, value);
    }
    options
}

/// How Markdown is written.
pub(crate) fn html(config: &Config) -> carafe_markdown::HtmlOptions {
    let native = config.mode == Mode::Native;
    let mut options = carafe_markdown::HtmlOptions::default();
    options.unique_ids = native;
    options.aria = native;
    if let Some(language) = &config.highlight.default_language {
        options.default_language.clone_from(language);
    }
    options
}

/// Where the tests of includes lie; nothing there is content.
pub(crate) const TESTS_FOLDER: &str = "tests/includes";
