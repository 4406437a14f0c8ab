//! What becomes of each plugin that a site names: done here, not needed, or missing, and then what the site loses.

use carafe_liquid::Foreign;

use crate::config::{Config, Mode, NamedPlugin};
use crate::diagnostic::{Diagnostic, Severity};

/// Plugins whose work Carafe does without them, and how.
const NOT_NEEDED: &[(&str, &str)] = &[
    ("github-pages", "the plugins that GitHub Pages runs are built in"),
    ("jekyll", "it is what Carafe stands in for"),
    ("jekyll-admin", "it edits sources"),
    ("jekyll-compose", "it writes new sources"),
    ("jekyll-commonmark", "`carafe: {markdown: {dialect: commonmark}}` chooses its grammar"),
    ("jekyll-livereload", "`carafe serve` reloads pages"),
    ("jekyll-remote-theme", "`remote_theme` is looked for without it"),
    ("jekyll-sass-converter", "style sheets need no plugin"),
    ("jekyll-watch", "`carafe serve` watches the sources"),
    ("kramdown-parser-gfm", "its grammar is built in"),
    ("webrick", "`carafe serve` is a server"),
];

/// Plugins that are missing, and what the site loses.
const MISSING: &[(&str, &str)] = &[
    ("jekyll-archives", "the pages that list the posts of a category, a tag, a year, a month or a day"),
    ("jekyll-asciidoc", "pages in AsciiDoc, which are not converted"),
    ("jekyll-assets", "its tags for images, style sheets and scripts"),
    ("jekyll-avatar", "the tag `avatar`"),
    ("jekyll-coffeescript", "scripts in CoffeeScript, which are not compiled"),
    ("jekyll-compress-images", "smaller images"),
    ("jekyll-data", "the data files of a theme"),
    ("jekyll-email-protect", "the filter `encode_email`"),
    ("jekyll-minifier", "smaller files; readers see the same"),
    ("jekyll-multiple-languages-plugin", "the translated pages, and its tags"),
    ("jekyll-paginate-v2", "its `autopages`; other lists are made"),
    ("jekyll-picture-tag", "the tag `picture`, and images of several sizes"),
    ("jekyll-polyglot", "the translated pages"),
    ("jekyll-postcss", "style sheets that PostCSS makes"),
    ("jekyll-redirect-to", "the pages that lead on"),
    ("jekyll-responsive-image", "the tag `responsive_image`, and images of several sizes"),
    ("jekyll-scholar", "bibliographies, and its tags"),
    ("jekyll-spaceship", "its tables, formulas, diagrams and players"),
    ("jekyll-target-blank", "links that open a new window"),
    ("jekyll-textile-converter", "pages in Textile, which are not converted"),
    ("jekyll-tidy", "tidied HTML; readers see the same"),
    ("jekyll-youtube", "the tag `youtube`"),
];

/// The tags of plugins that are missing.
const TAGS: &[(&str, &[&str])] = &[
    ("jekyll-assets", &["asset", "css", "img", "js"]),
    ("jekyll-avatar", &["avatar"]),
    ("jekyll-figure", &["figure"]),
    ("jekyll-github-sample", &["github_sample", "github_sample_ref"]),
    ("jekyll-katex", &["katex", "katexmm"]),
    ("jekyll-multiple-languages-plugin", &["t", "tf", "translate", "translate_file", "translate_link", "tl"]),
    ("jekyll-picture-tag", &["picture"]),
    ("jekyll-polyglot", &["I18n_Headers", "Static_Href", "static_href"]),
    ("jekyll-responsive-image", &["responsive_image", "responsive_image_block"]),
    (
        "jekyll-scholar",
        &["bibliography", "bibliography_count", "cite", "cite_details", "details_link", "nocite", "quote", "reference"],
    ),
    ("jekyll-tagging", &["tag_cloud"]),
    ("jekyll-twitter-plugin", &["twitter"]),
    ("jekyll-youtube", &["youtube"]),
];

/// The tags of the plugins that a site names and that are missing.
pub(super) fn tags(config: &Config) -> Vec<(String, Foreign)> {
    let mut found = Vec::new();
    for plugin in &config.plugins.named {
        let own = TAGS.iter().find(|(name, _)| *name == plugin.name).map_or(&[][..], |(_, tags)| tags);
        found.extend(own.iter().map(|tag| {
            let message = format!(
                "`{{% {tag} %}}` is a tag of the plugin `{}`, which is not run; its text stays on the page",
                plugin.name
            );
            let help = format!("write it as `_includes/tags/{tag}.html`");
            ((*tag).to_owned(), Foreign { message, help, span: plugin.span })
        }));
    }
    found
}

/// One note about the plugins that are done here or not needed, and a warning for each that is missing.
pub(super) fn notes(config: &Config, is_built_in: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    if config.mode != Mode::Jekyll {
        return Vec::new();
    }
    let named = &config.plugins.named;
    let at = |diagnostic: Diagnostic, plugin: &NamedPlugin| match plugin.span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    };
    let mut notes = Vec::new();
    for plugin in named {
        let name = plugin.name.as_str();
        let not_needed = NOT_NEEDED.iter().find(|(known, _)| *known == name);
        if is_built_in(name) || is_theme(config, name) {
            continue;
        }
        if let Some((_, why)) = not_needed {
            let note = Diagnostic::new("plugin-not-needed", Severity::Note, format!("`{name}` is not needed: {why}"));
            notes.push(at(note, plugin));
            continue;
        }
        let lost = MISSING.iter().find(|(known, _)| *known == name).map(|(_, lost)| *lost);
        let lost = lost.unwrap_or("whatever it adds: pages, tags, filters, or changes to the output");
        let message = format!("the plugin `{name}` is not run; the site is without {lost}");
        let note = Diagnostic::new("ignored-plugin", Severity::Note, message);
        notes.push(
            at(note, plugin).help("tags and filters can be templates in `_includes/tags` and `_includes/filters`"),
        );
    }
    let done: Vec<String> = named
        .iter()
        .map(|plugin| &*plugin.name)
        .filter(|name| is_built_in(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if let (false, Some(first)) = (done.is_empty(), named.iter().find(|plugin| is_built_in(&plugin.name))) {
        let message = format!("built in, so that Ruby is not needed: {}", done.join(", "));
        notes.push(at(Diagnostic::new("built-in-plugin", Severity::Note, message), first));
    }
    notes
}

/// Whether a gem is the site's theme, which may stand among its plugins.
fn is_theme(config: &Config, name: &str) -> bool {
    config.variables.get("theme").and_then(carafe_liquid::Value::as_str) == Some(name)
}
