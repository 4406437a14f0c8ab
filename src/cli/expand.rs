//! `expand`: writes pages with their Liquid resolved, for other programs.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::diagnostic::{Counts, Finding};
use crate::expand::{Expander, Options, Request, Wanted, with_requests};
use crate::serve::follow;

use super::args::SiteArgs;
use super::build::{exit, impossible};
use super::console::Console;
use super::exit::Exit;
use super::site;

/// The path that a text from standard input has.
const STDIN: &str = "stdin.md";

/// What `expand` takes.
#[derive(Debug, Args)]
pub(super) struct ExpandArgs {
    #[command(flatten)]
    site: SiteArgs,
    /// Files, or a folder of files; `-` for standard input, which needs no site
    #[arg(value_name = "FILE", required_unless_present = "page")]
    files: Vec<PathBuf>,
    /// What is written
    #[arg(long, value_name = "FORM", default_value = "markdown")]
    to: To,
    /// The Markdown in which tags such as callouts and tabs are written
    #[arg(long, value_name = "FLAVOR", default_value = "github")]
    flavor: Flavor,
    /// What becomes of front matter
    #[arg(long, value_name = "WHAT", default_value = "keep")]
    front_matter: FrontMatter,
    /// Keep `raw` around braces that the text shows, so that it may be expanded again
    #[arg(long)]
    keep_raw: bool,
    /// Of a source with several pages, the page at this address
    #[arg(long, value_name = "URL")]
    page: Option<String>,
    /// Of pages of several releases, those of this one
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// A variable, which texts read as `site.NAME`; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// Follow the files, and write what changes to the destination
    #[arg(long, requires = "destination")]
    watch: bool,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// Markdown
    Markdown,
    /// The HTML of the content
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Flavor {
    /// Alerts, bold titles, `<details>`
    Github,
    /// `!!! note`, `=== "Tab"`, `???`, of Material for MkDocs and Zensical
    Mkdocs,
    /// `:::note`, `<Tabs>`, `<details>`
    Docusaurus,
    /// Quotes and bold titles
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FrontMatter {
    /// It stays, its Liquid resolved
    Keep,
    /// It is left out
    Drop,
}

impl ExpandArgs {
    /// Which site.
    pub(super) fn site_mut(&mut self) -> &mut SiteArgs {
        &mut self.site
    }
}

/// Why it cannot be done, and what helps.
type Problem = (String, Option<String>);

/// Writes the pages.
pub(super) fn run(args: &ExpandArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let (options, requests) = match asked(args, console.now) {
        Ok(asked) => asked,
        Err((message, help)) => {
            console.problem(&message, help.as_deref())?;
            return Ok(Exit::Usage);
        }
    };
    if args.site.destination.is_none() && !console.keeps_output_free() {
        let help = "write the pages to a folder with `-d`, or leave the format out";
        console.problem("findings in this format would stand between the pages on standard output", Some(help))?;
        return Ok(Exit::Usage);
    }
    let prefix = site::prefix(&options.site.source);
    if args.files.iter().any(|file| file.as_os_str() == "-") {
        return from_input(args, &options, console);
    }
    let options = match with_requests(&options, &requests) {
        Ok(options) => options,
        Err(error) => return impossible(error, &prefix, console),
    };
    let mut job = Job { args, requests, options, written: BTreeSet::new() };
    if !args.watch {
        return match Expander::open(&job.options) {
            Ok(expander) => job.turn(&expander, console),
            Err(error) => impossible(error, &prefix, console),
        };
    }
    let site = job.options.site.clone();
    let followed = follow(&site, &mut |session| match session {
        Ok(session) => {
            let expander = Expander::of(session, &job.options);
            job.turn(&expander, console).map(|_| ())
        }
        Err(error) => impossible(error, &prefix, console).map(|_| ()),
    });
    match followed {
        Ok(ended) => ended.map(|()| Exit::Clean),
        Err(error) => impossible(error, &prefix, console),
    }
}

/// What the arguments ask for.
fn asked(args: &ExpandArgs, now: Option<i64>) -> Result<(Options, Vec<Request>), Problem> {
    let mut site = args.site.options(now);
    for variable in &args.variables {
        let Some((name, value)) = variable.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err((format!("`{variable}` is no variable"), Some("write `--variables name=value`".to_owned())));
        };
        site.overrides.variables.push((name.trim().to_owned(), value.to_owned()));
    }
    let from_input = args.files.iter().any(|file| file.as_os_str() == "-");
    if from_input && (args.files.len() > 1 || args.watch) {
        let help = "without `-`, files and folders can be named";
        return Err(("standard input is one text, and is read once".to_owned(), Some(help.to_owned())));
    }
    // A file elsewhere is a page of the folder that it lies in.
    if let Some(file) = args.files.first().filter(|_| !from_input && site.source == Path::new("."))
        && inside(&site.source, file).is_none()
    {
        let folder = if file.is_dir() { Some(&**file) } else { file.parent() };
        site.source = folder.map_or_else(|| site.source.clone(), Path::to_owned);
    }
    let mut requests = Vec::new();
    for file in args.files.iter().filter(|_| !from_input) {
        let shown = file.display();
        let Some(path) = inside(&site.source, file) else {
            let message = match file.exists() {
                true => format!("`{shown}` lies outside of the site's folder `{}`", site.source.display()),
                false => format!("there is no file `{shown}`"),
            };
            return Err((message, file.exists().then(|| "name the folder that it lies in with `-s`".to_owned())));
        };
        if file.is_dir() {
            if args.site.destination.is_none() {
                let help = format!("write `carafe expand {shown} -d DIR`");
                return Err((format!("`{shown}` is a folder, and its pages need one to go to"), Some(help)));
            }
            let is_same = |folder: &PathBuf| {
                folder.canonicalize().is_ok_and(|folder| file.canonicalize().is_ok_and(|file| file == folder))
            };
            if args.site.destination.as_ref().is_some_and(is_same) {
                let message = format!("`{shown}` cannot take the place of its own sources");
                return Err((message, Some("name another folder with `-d`".to_owned())));
            }
            requests.push(Request::Folder(path));
        } else {
            requests.push(Request::File(path));
        }
    }
    if requests.is_empty() && args.page.is_some() {
        requests.push(Request::Page);
    }
    let flavor = args.flavor.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let options = Options {
        site,
        html: args.to == To::Html,
        flavor,
        drops_front_matter: args.front_matter == FrontMatter::Drop,
        keeps_raw: args.keep_raw,
        url: args.page.clone(),
        release: args.release.clone(),
    };
    Ok((options, requests))
}

/// The path of a file from a folder that it lies in.
fn inside(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (folder.canonicalize().ok()?, file.canonicalize().ok()?);
    Some(file.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/"))
}

/// Expands standard input.
fn from_input(args: &ExpandArgs, options: &Options, console: &mut Console<'_>) -> io::Result<Exit> {
    let mut text = String::new();
    if let Err(error) = io::stdin().read_to_string(&mut text) {
        let reason = match error.kind() {
            io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
            _ => error.to_string(),
        };
        console.problem(&format!("standard input cannot be read: {reason}"), None)?;
        return Ok(Exit::Usage);
    }
    let prefix = site::prefix(&options.site.source);
    let expander = match Expander::open_texts_in_folder([(STDIN, text.as_str())], options) {
        Ok(expander) => expander,
        Err(error) => return impossible(error, &prefix, console),
    };
    let options = options.clone();
    let mut job = Job { args, requests: vec![Request::File(STDIN.to_owned())], options, written: BTreeSet::new() };
    job.turn(&expander, console)
}

/// What is to be done, once or again and again.
struct Job<'a> {
    args: &'a ExpandArgs,
    requests: Vec<Request>,
    options: Options,
    /// The files that were written the last time.
    written: BTreeSet<PathBuf>,
}

impl Job<'_> {
    /// Expands all that is asked for, and writes what has not failed.
    fn turn(&mut self, expander: &Expander, console: &mut Console<'_>) -> io::Result<Exit> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for request in &self.requests {
            let found = expander.find(request);
            if found.is_empty() {
                console.problem(&self.nothing(request), None)?;
                return Ok(Exit::Usage);
            }
            for page in found {
                if !wanted.contains(&page) {
                    wanted.push(page);
                }
            }
        }
        let destination = self.args.site.destination.clone();
        if let Some(folder) = &destination
            && let Some(source) = self.overwritten(folder, &wanted)
        {
            console.problem(
                &format!("`{}` would take the place of its own source", source.display()),
                Some("name another folder with `-d`"),
            )?;
            return Ok(Exit::Usage);
        }
        let mut findings: Vec<Finding> = Vec::new();
        let (mut written, mut failed) = (BTreeSet::new(), 0);
        for page in &wanted {
            if let Some(release) = &page.chosen {
                console.say(&format!(
                    "note: `{}` is a page of several releases; this is {release}, and `--release` names another",
                    page.source
                ))?;
            }
            let Some(expanded) = expander.expand(page) else { continue };
            let has_failed = expanded.has_failed();
            findings.extend(expanded.findings);
            failed += usize::from(has_failed);
            match &destination {
                // The last good one stays.
                Some(folder) if has_failed => drop(written.insert(folder.join(&page.target))),
                Some(folder) => drop(written.insert(write(folder, &page.target, expanded.text.as_bytes())?)),
                None if has_failed => {}
                None => console.data(&expanded.text)?,
            }
        }
        if let Some(folder) = &destination {
            for request in &self.requests {
                let Request::Folder(source) = request else { continue };
                findings.extend(expander.left_out());
                for other in expander.others(source) {
                    let Some(bytes) = expander.bytes(&other) else { continue };
                    written.insert(write(folder, &other.target, &bytes)?);
                }
            }
            // What is no more goes, as far as it came from here.
            for gone in self.written.difference(&written) {
                let _ = std::fs::remove_file(gone);
            }
        }
        // What the pages share is found with each of them.
        let mut seen = Vec::new();
        findings.retain(|finding| {
            let is_new = !finding.0.paths().is_empty() || !seen.contains(finding);
            if is_new && finding.0.paths().is_empty() {
                seen.push(finding.clone());
            }
            is_new
        });
        let prefix = site::prefix(&self.options.site.source);
        let counts: Counts = console.findings(findings, expander.sources(), &prefix)?;
        if let Some(folder) = &destination {
            let done = wanted.len() - failed;
            let noun = if done == 1 { "page" } else { "pages" };
            console.result(&format!("Expanded {done} {noun} → {}", folder.display()))?;
        }
        self.written = written;
        Ok(exit(counts, self.args.strict))
    }

    /// Why nothing was found.
    fn nothing(&self, request: &Request) -> String {
        let of = match (&self.options.url, &self.options.release) {
            (Some(url), _) => format!(" at `{url}`"),
            (None, Some(release)) => format!(" of the release {release}"),
            (None, None) => String::new(),
        };
        match request {
            Request::File(path) => format!("there is no page{of} that `{path}` is the source of"),
            Request::Folder(path) => format!("there is no page{of} in the folder `{path}`"),
            Request::Page => format!("there is no page{of}"),
        }
    }

    /// The source whose place a page would take.
    fn overwritten(&self, destination: &Path, wanted: &[Wanted]) -> Option<PathBuf> {
        let source = |page: &Wanted| self.options.site.source.join(&*page.source);
        let same = |page: &&Wanted| {
            let target = destination.join(&page.target).canonicalize();
            target.is_ok_and(|target| source(page).canonicalize().is_ok_and(|source| source == target))
        };
        wanted.iter().find(same).map(source)
    }
}

/// Writes a file that is not there with these bytes, and gives its path.
fn write(folder: &Path, target: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let path = folder.join(target);
    // Programs that watch the folder look at each file that is written.
    if std::fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(path);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&path, bytes)?;
    Ok(path)
}
