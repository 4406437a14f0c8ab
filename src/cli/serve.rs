//! `serve`: a preview that follows the files.

use std::io;
use std::time::Duration;

use clap::Args;

use carafe_source::Sources;

use crate::diagnostic::{Finding, site_finding};
use crate::serve::{self, Event, Options};
use crate::world::{self, Error};

use super::args::SiteArgs;
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `serve` takes.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// The address to listen on; 0.0.0.0 lets other machines in
    #[arg(short = 'H', long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; when it is taken, the next free one
    #[arg(short = 'P', long, value_name = "PORT", default_value_t = 4000)]
    port: u16,
    /// Open the site in the browser
    #[arg(short, long)]
    open: bool,
    /// Have open pages follow changes by themselves; that is so anyway
    #[arg(short, long, overrides_with = "no_livereload")]
    livereload: bool,
    /// Have open pages stay as they are
    #[arg(long)]
    no_livereload: bool,
}

impl ServeArgs {
    fn options(&self, now: Option<i64>, each_page: bool) -> Options {
        let build = world::Options { each_page, plain_assets: true, ..self.site.options(now) };
        Options { build, host: self.host.clone(), port: self.port, reload: !self.no_livereload }
    }
}

/// Serves until the process ends.
pub(super) fn run(args: &ServeArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let prefix = site::prefix(&args.site.source);
    console.progress("Reading …")?;
    let running = match serve::start(args.options(console.now, console.each_page())) {
        Ok(running) => running,
        Err(error) => return refused(args, error, &prefix, console),
    };
    if args.port != 0 && running.address.port() != args.port {
        console.say(&format!("Port {} is taken", args.port))?;
    }
    console.result(&format!("Serving at {}", running.url))?;
    console.say(&format!("The includes are shown at {}", running.gallery))?;
    console.say("Ctrl+C ends it; pages follow your edits")?;
    if args.open && !open_browser(&running.url) {
        console.say("No browser could be opened")?;
    }
    let mut shown = Shown::default();
    for event in running.events {
        shown.tell(event, &prefix, console)?;
    }
    Ok(Exit::Clean)
}

fn refused(args: &ServeArgs, error: serve::Error, prefix: &str, console: &mut Console<'_>) -> io::Result<Exit> {
    match error {
        serve::Error::Build(Error::Folder(folder, error)) => site::no_folder(&folder, &error, console)?,
        serve::Error::Build(Error::Config(sources, found)) => {
            let found = found.into_iter().map(site_finding).collect();
            console.findings(found, &sources, prefix)?;
        }
        serve::Error::Build(Error::Output(error)) => console.problem(&error.to_string(), None)?,
        serve::Error::Listen(address, error) => {
            let help = format!("name another address or port: `carafe serve -P {}`", args.port.saturating_add(1000));
            console.problem(&format!("`{address}` cannot be listened on: {error}"), Some(&help))?;
        }
        serve::Error::System(reason) => console.problem(&reason, None)?,
    }
    Ok(Exit::Usage)
}

/// What was shown last, so that nothing is shown twice.
#[derive(Default)]
struct Shown {
    findings: Vec<String>,
}

impl Shown {
    fn tell(&mut self, event: Event, prefix: &str, console: &mut Console<'_>) -> io::Result<()> {
        match event {
            Event::Built { findings, session, pages, changed, ready, all } => {
                self.findings(findings, session.sources(), prefix, console)?;
                let line = match changed.as_slice() {
                    [] => format!("{} ready in {}", super::build::pages(pages), time(all)),
                    [path] => format!("{path}: page in view after {}, all after {}", time(ready), time(all)),
                    [path, more @ ..] => format!(
                        "{path} and {} more: page in view after {}, all after {}",
                        more.len(),
                        time(ready),
                        time(all)
                    ),
                };
                console.say(&line)
            }
            Event::Broken { findings, sources } => {
                self.findings(findings, &sources, prefix, console)?;
                console.say("The site stays as it was before")
            }
            Event::Note(line) => console.say(&line),
        }
    }

    /// Shows the findings, unless they are those shown last.
    fn findings(
        &mut self,
        found: Vec<Finding>,
        sources: &Sources,
        prefix: &str,
        console: &mut Console<'_>,
    ) -> io::Result<()> {
        // The numbers of files change with their texts, so places are compared as people see them.
        let text = |(pages, diagnostic): &Finding| {
            let place = diagnostic.span.and_then(|span| {
                let file = sources.get(span.file)?;
                let place = file.position(span.start);
                Some(format!("{}:{}:{}", file.path, place.line, place.column))
            });
            format!("{pages:?} {} {} {place:?}", diagnostic.code, diagnostic.message)
        };
        let texts: Vec<String> = found.iter().map(text).collect();
        if texts == self.findings {
            return Ok(());
        }
        let repaired = texts.is_empty();
        self.findings = texts;
        if repaired {
            return console.result("All is well again");
        }
        console.findings(found, sources, prefix).map(drop)
    }
}

fn time(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn open_browser(url: &str) -> bool {
    let (program, args): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = std::process::Command::new(program);
    let quiet = std::process::Stdio::null;
    command.args(args).arg(url).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}
