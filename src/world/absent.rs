//! What makes a folder no site: folders that are named and not there, no configuration, nothing to write.
//!
//! A build with such a finding would put an empty site in a good one's place, so commands end as with a broken configuration.

use carafe_source::Files;

use crate::config::{Config, JEKYLL_FILE, Mode, NATIVE_FILE};
use crate::diagnostic::{Diagnostic, Finding, Severity, did_you_mean};

use super::redirects;
use crate::world::{Options, World};

const CODES: [&str; 3] = ["missing-folder", "no-site", "empty-site"];

/// Whether one of the findings says that there is no site, or less of one than is named.
pub fn has_no_site(findings: &[Finding]) -> bool {
    findings.iter().any(|(_, found)| found.severity == Severity::Error && CODES.contains(&found.code))
}

/// What of the site is not there: `missing-folder` for named folders, `no-site` when nothing says that this is one, else
/// `empty-site` when nothing would be written; that one not when `options` allow it.
pub(crate) fn find(world: &World, options: &Options) -> Vec<Diagnostic> {
    let (config, files) = (&*world.config, &*world.files);
    if config.files.is_empty() && !files.has_folder(&config.content.folders.content) {
        return vec![no_site(files, options)];
    }
    let mut found = missing_folders(config, files);
    let writes = world.site.entries.iter().any(|entry| entry.written) || !world.site.statics.is_empty();
    let meant = options.allow_empty || writes || !redirects::redirects(world).is_empty();
    if found.is_empty() && !meant && !has_errors(world) {
        found.push(empty(config, files, options));
    }
    found
}

/// Whether something else keeps the site from being published, and may be why it is empty.
fn has_errors(world: &World) -> bool {
    let found = world.diagnostics().into_iter().map(crate::diagnostic::site_finding).collect();
    world.config.severities.apply(found).iter().any(|(_, found)| found.severity == Severity::Error)
}

/// `empty-site`, of a site without pages whose published form has some.
pub(crate) fn without_pages(destination: &std::path::Path) -> Diagnostic {
    let message =
        format!("the site has no page, and the one that is published in `{}` has some", destination.display());
    Diagnostic::error("empty-site", message).help("`--allow-empty` publishes it all the same")
}

fn missing_folders(config: &Config, files: &dyn Files) -> Vec<Diagnostic> {
    let jekyll = config.mode == Mode::Jekyll;
    let mut found = Vec::new();
    for named in &config.content.named_folders {
        if named.path.is_empty() || files.has_folder(&named.path) || jekyll && named.span.is_none() {
            continue;
        }
        let message = format!("`{}` names the folder `{}`, which is not there", named.option, named.path);
        // Jekyll passes over it.
        let told = if jekyll { Diagnostic::warning } else { Diagnostic::error };
        let mut diagnostic = told("missing-folder", message);
        diagnostic.span = named.span;
        let there = folders(files);
        let near = did_you_mean(&named.path, there.iter().map(String::as_str));
        diagnostic.help = near.map(|near| format!("did you mean `{near}`?"));
        found.push(diagnostic);
    }
    if let Some(single) = &config.single_source
        && !files.has_folder(&single.source)
    {
        let message = format!("`single_source.source` names the folder `{}`, which is not there", single.source);
        found.push(Diagnostic::error("missing-folder", message));
    }
    found
}

fn empty(config: &Config, files: &dyn Files, options: &Options) -> Diagnostic {
    let folder = match &*config.content.folders.content {
        "" => "the folder".to_owned(),
        content if files.has_folder(content) => format!("`{content}`"),
        content => format!("`{content}`, which is no folder"),
    };
    let message = match options.only.as_slice() {
        [] => format!("the site would be empty: there is no page in {folder}, and no file to copy"),
        only => format!("the site would be empty: `--only {}` leaves no page of it", only.join(" --only ")),
    };
    Diagnostic::error("empty-site", message).help("`--allow-empty` says that it is meant")
}

/// Names of the configurations of other generators.
const FOREIGN: [&str; 8] = [
    "mkdocs.yml",
    "book.toml",
    "hugo.toml",
    "hugo.yaml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "antora.yml",
    "conf.py",
];

fn no_site(files: &dyn Files, options: &Options) -> Diagnostic {
    let source = options.source.display();
    let shown = if source.to_string().is_empty() { "this folder".to_owned() } else { format!("`{source}`") };
    let message =
        format!("there is no site in {shown}: no `{NATIVE_FILE}`, no `{JEKYLL_FILE}` and no folder `content`");
    let paths = near_the_top(files);
    let is_yaml = |name: &str| [".yml", ".yaml", ".toml"].iter().any(|suffix| name.ends_with(suffix));
    let of_ours = |name: &str| is_yaml(name) && (name.starts_with("_config") || name.starts_with("carafe"));
    let named = paths.iter().find(|path| !path.contains('/') && of_ours(path));
    let below = paths.iter().find_map(|path| {
        let (folder, name) = path.split_once('/')?;
        [NATIVE_FILE, JEKYLL_FILE].contains(&name).then_some(folder)
    });
    let foreign = paths.iter().find(|path| FOREIGN.contains(&path.as_str()));
    let pages = paths.iter().find(|path| !path.contains('/') && path.ends_with(".md"));
    let diagnostic = Diagnostic::error("no-site", message);
    if let Some(name) = named {
        return diagnostic.help(format!("there is `{name}`: use `--config {name}`"));
    }
    if let Some(folder) = below {
        let path = options.source.join(folder);
        return diagnostic.help(format!("there is a site in `{folder}`: use `--source {}`", path.display()));
    }
    if let Some(name) = foreign {
        return diagnostic.help(format!("there is `{name}`, the configuration of another program"));
    }
    if let Some(name) = pages {
        return diagnostic
            .help(format!("pages such as `{name}` belong in the folder `content`; `carafe init` makes one"));
    }
    diagnostic.help("`carafe init` makes this folder a site")
}

/// The files in the folder and in those directly in it.
fn near_the_top(files: &dyn Files) -> Vec<String> {
    let skip = |folder: &str| folder.contains('/') || folder.starts_with('.') || folder == "node_modules";
    files.list("", &skip).unwrap_or_default()
}

/// The folders directly in the site's, as far as there are files in them.
fn folders(files: &dyn Files) -> Vec<String> {
    let mut found: Vec<String> =
        near_the_top(files).iter().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
    found.dedup();
    found
}
