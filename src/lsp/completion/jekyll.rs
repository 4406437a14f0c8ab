//! The options that Jekyll and its usual plugins read in `_config.yml`.

/// Each with what it does.
const OPTIONS: &[(&str, &str)] = &[
    ("baseurl", "the path that the site is published under"),
    ("cache_dir", "where Jekyll keeps what it may use again"),
    ("collections", "sets of documents besides posts, by their names"),
    ("collections_dir", "the folder that holds the folders of collections"),
    ("data_dir", "the folder of data files"),
    ("defaults", "values of front matter for all files in a place"),
    ("description", "what the site is about"),
    ("destination", "the folder that the site is written to"),
    ("encoding", "how files are encoded"),
    ("excerpt_separator", "what ends the excerpt of a page"),
    ("exclude", "files and folders that are left out"),
    ("future", "whether posts of days to come are shown"),
    ("gems_dir", "where plugins lie"),
    ("highlighter", "what colours code"),
    ("host", "where `jekyll serve` listens"),
    ("include", "files and folders that count although their names begin with a dot or an underscore"),
    ("includes_dir", "the folder of includes"),
    ("incremental", "whether only changed pages are made"),
    ("keep_files", "what stays in the destination although no page makes it"),
    ("kramdown", "options of kramdown"),
    ("layouts_dir", "the folder of layouts"),
    ("limit_posts", "how many posts are read"),
    ("liquid", "how strict Liquid is"),
    ("lsi", "whether related posts are found by their words"),
    ("markdown", "what reads Markdown"),
    ("markdown_ext", "the endings of Markdown files"),
    ("paginate", "how many posts a list's page has"),
    ("paginate_path", "the addresses of the further pages of a list"),
    ("permalink", "the form of addresses"),
    ("plugins", "the plugins that are loaded"),
    ("plugins_dir", "the folder of the site's own plugins"),
    ("port", "the port that `jekyll serve` listens on"),
    ("quiet", "whether Jekyll says less"),
    ("redirect_from", "options of the plugin that leads on from old addresses"),
    ("remote_theme", "a theme from GitHub"),
    ("safe", "whether plugins of the site's own are left out"),
    ("sass", "options of style sheets"),
    ("show_drafts", "whether drafts are shown"),
    ("source", "the folder of the site"),
    ("strict_front_matter", "whether front matter that cannot be read ends the build"),
    ("theme", "the gem that holds the theme"),
    ("timezone", "the zone that dates are of"),
    ("title", "the name of the site"),
    ("unpublished", "whether pages with `published: false` are shown"),
    ("url", "the scheme and host that the site is published at"),
    ("verbose", "whether Jekyll says more"),
    ("watch", "whether changes are built"),
    ("whitelist", "the plugins that are loaded in spite of `safe`"),
];

/// What is known below some of them.
const BELOW: &[(&str, &[&str])] = &[
    (
        "kramdown",
        &[
            "auto_id_prefix",
            "auto_ids",
            "entity_output",
            "footnote_backlink",
            "footnote_nr",
            "gfm_emojis",
            "gfm_quirks",
            "guess_lang",
            "hard_wrap",
            "header_offset",
            "input",
            "line_width",
            "math_engine",
            "parse_block_html",
            "parse_span_html",
            "show_warnings",
            "smart_quotes",
            "syntax_highlighter",
            "syntax_highlighter_opts",
            "toc_levels",
            "typographic_symbols",
        ],
    ),
    ("liquid", &["error_mode", "strict_filters", "strict_variables"]),
    ("sass", &["load_paths", "sass_dir", "sourcemap", "style"]),
    ("redirect_from", &["json"]),
    ("defaults", &["scope", "values"]),
];

/// Values that some of them have.
const VALUES: &[(&str, &[&str])] = &[
    ("future", &["true", "false"]),
    ("highlighter", &["rouge", "none"]),
    ("incremental", &["true", "false"]),
    ("kramdown.auto_ids", &["true", "false"]),
    ("kramdown.gfm_quirks", &["paragraph_end", "no_auto_typographic"]),
    ("kramdown.hard_wrap", &["true", "false"]),
    ("kramdown.input", &["GFM", "kramdown"]),
    ("kramdown.math_engine", &["mathjax", "katex"]),
    ("liquid.error_mode", &["lax", "warn", "strict"]),
    ("liquid.strict_filters", &["true", "false"]),
    ("liquid.strict_variables", &["true", "false"]),
    ("markdown", &["kramdown"]),
    ("permalink", &["date", "pretty", "ordinal", "weekdate", "none"]),
    ("safe", &["true", "false"]),
    ("sass.style", &["compressed", "expanded"]),
    ("show_drafts", &["true", "false"]),
    ("strict_front_matter", &["true", "false"]),
    ("unpublished", &["true", "false"]),
];

/// The keys of front matter that Jekyll and its usual plugins read, with what they do.
const FRONT_MATTER: &[(&str, &str)] = &[
    ("categories", "the categories of a post, which are part of its address"),
    ("category", "the category of a post"),
    ("date", "when a post was published"),
    ("excerpt", "what is shown in its place in lists"),
    ("excerpt_separator", "what ends the excerpt"),
    ("layout", "the layout that the page is put into"),
    ("permalink", "the address of the page"),
    ("published", "`false` leaves the page out"),
    ("redirect_from", "old addresses that lead to the page"),
    ("redirect_to", "where the page leads on to"),
    ("render_with_liquid", "`false` leaves tags and outputs as they stand"),
    ("sitemap", "`false` leaves the page out of the site map"),
    ("tags", "the tags of a post"),
    ("title", "the title of the page"),
];

/// The keys of front matter.
pub(super) fn front_matter() -> impl Iterator<Item = (&'static str, &'static str)> {
    FRONT_MATTER.iter().copied()
}

/// Whether Jekyll, or a usual plugin, reads an option of this name.
pub(in crate::lsp) fn is_known(name: &str) -> bool {
    about(name).is_some()
}

/// What an option does.
pub(in crate::lsp) fn about(name: &str) -> Option<&'static str> {
    OPTIONS.iter().find(|(known, _)| *known == name).map(|(_, about)| *about)
}

/// The options below a section, which is empty for the top.
pub(super) fn options(section: &[String]) -> Vec<(&'static str, Option<&'static str>)> {
    match section.first() {
        None => OPTIONS.iter().map(|(name, about)| (*name, Some(*about))).collect(),
        Some(first) if section.len() == 1 => {
            let below = BELOW.iter().find(|(known, _)| known == first).map_or(&[][..], |(_, names)| names);
            below.iter().map(|name| (*name, None)).collect()
        }
        Some(_) => Vec::new(),
    }
}

/// The values that an option has, by the way to it.
pub(super) fn values(option: &str) -> &'static [&'static str] {
    VALUES.iter().find(|(known, _)| *known == option).map_or(&[], |(_, values)| values)
}
