//! `mdbook`: a preprocessor of mdBook, which gives it a book on standard input and takes the book with its Liquid resolved from standard output.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::Path;

use clap::{Args, Subcommand};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::config::Config;
use mdbook_preprocessor::{PreprocessorContext, parse_input};
use serde::Deserialize;

use crate::diagnostic::Finding;
use crate::expand::{Expanded, Expander, FLAVORS, Options};

use super::args::gems;
use super::build::{exit, impossible};
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `mdbook` takes.
#[derive(Debug, Args)]
pub(super) struct MdbookArgs {
    #[command(subcommand)]
    question: Option<Question>,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Tell whether books for a renderer can be read: they all can
    Supports {
        /// The renderer, such as `html`
        renderer: String,
    },
}

/// `[preprocessor.carafe]` in `book.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Settings {
    /// The Markdown in which tags are written.
    flavor: Option<String>,
    /// Variables, which texts read as `site.NAME`.
    variables: BTreeMap<String, serde_json::Value>,
    /// Whether warnings are errors.
    strict: bool,
    /// What mdBook reads of the section itself.
    command: Option<serde_json::Value>,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
    renderers: Option<serde_json::Value>,
    optional: Option<serde_json::Value>,
    /// Everything else is a mistake.
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

/// Answers mdBook. A book with errors in it fails, and mdBook with it.
pub(super) fn run(args: &MdbookArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    if let Some(Question::Supports { renderer }) = &args.question {
        console.detail(&format!("`{renderer}` is fine: the book stays Markdown"))?;
        return Ok(Exit::Clean);
    }
    if !console.keeps_output_free() {
        console.problem(
            "findings in this format would stand in the book on standard output",
            Some("leave the format out"),
        )?;
        return Ok(Exit::Usage);
    }
    if io::stdin().is_terminal() {
        let help =
            "put `[preprocessor.carafe]` with `command = \"carafe mdbook\"` and `after = [\"links\"]` into `book.toml`";
        console.problem("`carafe mdbook` is called by mdBook", Some(help))?;
        return Ok(Exit::Usage);
    }
    let (context, mut book) = match parse_input(io::stdin().lock()) {
        Ok(input) => input,
        Err(error) => {
            let help = "it is what mdBook 0.5 gives a preprocessor";
            console.problem(&format!("the book cannot be read: {error:#}"), Some(help))?;
            return Ok(Exit::Usage);
        }
    };
    let settings = match settings(&context.config) {
        Ok(settings) => settings,
        Err((message, help)) => {
            console.problem(&message, help.as_deref())?;
            return Ok(Exit::Usage);
        }
    };
    let options = options(&context, &settings, console.now);
    let prefix = site::prefix(&shown(&context.root));
    let texts = chapters(&mut book, &context);
    let given = texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let expander = match Expander::open_texts_in_folder(given, &options) {
        Ok(expander) => expander,
        Err(error) => return impossible(error, &prefix, console),
    };
    let mut expanded: BTreeMap<String, Expanded> =
        expander.expand_all().into_iter().map(|page| (page.source.to_string(), page)).collect();
    let mut findings: Vec<Finding> = Vec::new();
    for page in expanded.values_mut() {
        for finding in std::mem::take(&mut page.findings) {
            // What chapters share is found with each of them.
            if !finding.0.paths().is_empty() || !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    let counts = console.findings(findings, expander.sources(), &prefix)?;
    let ended = exit(counts, settings.strict);
    if ended != Exit::Clean {
        return Ok(ended);
    }
    book.for_each_chapter_mut(|chapter| {
        if let Some(page) = path_of(chapter, &context).and_then(|path| expanded.remove(&path)) {
            chapter.content = page.text;
        }
    });
    let text = serde_json::to_string(&book).map_err(io::Error::other)?;
    console.data(&text)?;
    Ok(Exit::Clean)
}

/// What the book says of its preprocessor.
fn settings(config: &Config) -> Result<Settings, (String, Option<String>)> {
    let settings: Settings = match config.get("preprocessor.carafe") {
        Ok(settings) => settings.unwrap_or_default(),
        Err(error) => return Err((format!("`[preprocessor.carafe]` in `book.toml` cannot be read: {error:#}"), None)),
    };
    if let Some(name) = settings.others.keys().next() {
        let help = "there are `flavor`, `variables` and `strict`, beside what mdBook reads itself";
        return Err((format!("`[preprocessor.carafe]` in `book.toml` has no option `{name}`"), Some(help.to_owned())));
    }
    if let Some(flavor) = settings.flavor.as_deref().filter(|flavor| !FLAVORS.contains(flavor)) {
        let help = format!("there are {}", FLAVORS.join(", "));
        return Err((format!("there is no flavor `{flavor}`"), Some(help)));
    }
    Ok(settings)
}

/// How the chapters are expanded.
fn options(context: &PreprocessorContext, settings: &Settings, now: Option<i64>) -> Options {
    let mut options = Options { drops_front_matter: true, ..Options::default() };
    options.site.source = context.root.clone();
    options.site.now = now;
    options.site.gems = gems();
    options.flavor = settings.flavor.clone().unwrap_or(options.flavor);
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    options.site.overrides.variables =
        settings.variables.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    // The book's own output is none of its sources.
    options.site.destination = Some(context.root.join(&context.config.build.build_dir));
    options
}

/// The texts of the book's chapters by their paths in its folder.
fn chapters(book: &mut Book, context: &PreprocessorContext) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    book.for_each_chapter_mut(|chapter| {
        if let Some(path) = path_of(chapter, context) {
            texts.insert(path, chapter.content.clone());
        }
    });
    texts
}

/// The path of a chapter in the book's folder; `None` for what is no file, and so not expanded.
fn path_of(chapter: &Chapter, context: &PreprocessorContext) -> Option<String> {
    let path = chapter.source_path.as_ref().or(chapter.path.as_ref())?;
    Some(context.config.book.src.join(path).to_str()?.replace('\\', "/").trim_start_matches("./").to_owned())
}

/// The book's folder as people call it: from the current one, if it lies there.
fn shown(root: &Path) -> std::path::PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    root.strip_prefix(&here).map_or_else(|_| root.to_owned(), Path::to_owned)
}
