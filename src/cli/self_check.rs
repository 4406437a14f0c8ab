//! `self-check`: what a report about a fault needs to say of the program and of the site, and whether the program does here what it does elsewhere.
//!
//! It names no folders but those that the configuration names, so that it may be shown to others as it is.

use std::io;
use std::sync::Arc;

use carafe_source::MemoryFiles;
use clap::Args;
use serde::Serialize;

use crate::cache;
use crate::config::Mode;
use crate::publish::build_in_memory;
use crate::session::Session;
use crate::world::{Error, Options, World, has_no_site};

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;

/// What `self-check` takes.
#[derive(Debug, Args)]
pub(super) struct SelfCheckArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Everything that is told.
#[derive(Debug, Serialize)]
struct Report {
    version: &'static str,
    /// Names the sources that the program was made of.
    program: &'static str,
    target: &'static str,
    /// How it was compiled.
    profile: &'static str,
    cores: usize,
    site: SiteReport,
    checks: Vec<Check>,
}

#[derive(Debug, Default, Serialize)]
struct SiteReport {
    kind: &'static str,
    configuration: Vec<String>,
    /// The codes of what is wrong with the configuration.
    broken: Vec<&'static str>,
    pages: usize,
    includes: usize,
    /// Page templates or layouts of the site's own.
    templates: usize,
    theme: Option<String>,
    /// Plugins that are asked for, and whether they are built in.
    plugins: Vec<(String, bool)>,
    /// Files in Ruby, which is not run.
    ruby: Vec<String>,
    cache: String,
}

/// Whether a part of the program works here.
#[derive(Debug, Serialize)]
struct Check {
    part: &'static str,
    ok: bool,
}

/// Tells of the program and of the site.
pub(super) fn run(args: &SelfCheckArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let options = Options { cache: true, ..args.site.options(console.now) };
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        program: cache::PROGRAM,
        target: env!("CARAFE_TARGET"),
        profile: env!("CARAFE_PROFILE"),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        site: site(&options),
        checks: checks(),
    };
    let works = report.checks.iter().all(|check| check.ok);
    let text = match console.format() {
        Some(FormatArg::Json) => serde_json::to_string(&report)? + "\n",
        _ => shown(&report),
    };
    console.data(&text)?;
    Ok(if works { Exit::Clean } else { Exit::Fault })
}

fn site(options: &Options) -> SiteReport {
    match Session::open(options) {
        Ok(session) => of_session(&session),
        Err(Error::Config(_, found)) => {
            let codes = found.iter().map(|found| found.code).collect();
            SiteReport { kind: "broken", broken: codes, cache: "not looked at".to_owned(), ..SiteReport::default() }
        }
        Err(_) => SiteReport { kind: "none", cache: "none".to_owned(), ..SiteReport::default() },
    }
}

fn of_session(session: &Session) -> SiteReport {
    let world = session.world();
    let kind = match world.config.mode {
        _ if has_no_site(&session.findings_of_site()) => "none",
        Mode::Native => "native",
        Mode::Jekyll => "Jekyll",
    };
    let is_own = |path: &Arc<str>| !path.starts_with('(');
    let own_includes = world.includes.names().into_iter().filter_map(|name| world.includes.text(&name));
    SiteReport {
        kind,
        configuration: world.config.files.clone(),
        broken: Vec::new(),
        pages: session.pages(),
        includes: own_includes.filter(|(path, _)| is_own(path)).count(),
        templates: world.traces.templates.iter().filter(|name| is_own(name)).count(),
        theme: theme(world),
        plugins: plugins(world),
        ruby: world.ruby.files.iter().map(|file| file.path.to_string()).collect(),
        cache: cached(session),
    }
}

/// The theme that a Jekyll site asks for, and which was found.
fn theme(world: &World) -> Option<String> {
    let asked = world.config.asked_theme.as_ref()?;
    Some(match world.theme.version() {
        _ if world.theme.is_missing() => format!("{} (not found)", asked.name),
        Some(version) => format!("{} {version}", asked.name),
        None => format!("{} (found, without a version)", asked.name),
    })
}

fn plugins(world: &World) -> Vec<(String, bool)> {
    let named = world.config.plugins.named.iter();
    named.map(|plugin| (plugin.name.clone(), world.plugins.has(&plugin.name))).collect()
}

/// What the cache of the site's pages is worth.
fn cached(session: &Session) -> String {
    let folder = cache::Folder::of(&session.options().source);
    match folder.read() {
        Err(error) => format!("cannot be read ({})", error.kind()),
        Ok(None) => "none".to_owned(),
        Ok(Some(bytes)) => match cache::open(&bytes, session.world(), session.options()) {
            Ok(warm) => format!("{} bytes; {} pages could be taken", bytes.len(), warm.takable(session.world())),
            Err(reason) => format!("{} bytes; it {reason}", bytes.len()),
        },
    }
}

/// A site with one of each: Liquid, Markdown, colours, a style sheet, which is compiled in a process of its own, and a time zone.
const SAMPLE: [(&str, &str); 3] = [
    ("carafe.yml", "title: T\ntimezone: Europe/Berlin\n"),
    (
        "content/index.md",
        "---\ntitle: T\ndate: 2024-07-01 12:00:00 +0000\n---\n{% note %}\n*{{ 1 | plus: 1 }}*\n{% endnote %}\n\n```json\n{\"a\": 1}\n```\n\n{{ page.date | date: '%H' }} o'clock\n",
    ),
    ("content/style.scss", "---\n---\na { b: 1 + 1; }\n"),
];

/// Builds the sample, and looks for what each part gives.
fn checks() -> Vec<Check> {
    let built = build_in_memory(Arc::new(MemoryFiles::new(SAMPLE)), &Options::default(), None);
    let file = |path: &str| {
        let bytes = built.as_ref().ok().and_then(|built| built.outputs.get(path)).cloned();
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    };
    let (page, sheet) = (file("index.html"), file("style.css"));
    let check = |part, ok| Check { part, ok };
    vec![
        check("pages and tags", page.contains("<em>2</em>") && page.contains("class=\"callout")),
        check("colours of code", page.contains("<span class=\"nl\">\"a\"</span>")),
        check("time zones", page.contains("14 o")),
        check("style sheets", sheet.split_whitespace().collect::<String>().contains("b:2")),
        check("search", built.is_ok_and(|built| built.outputs.keys().any(|path| path.starts_with("assets/search/")))),
    ]
}

fn shown(report: &Report) -> String {
    let site = &report.site;
    let mut lines = vec![
        format!("carafe {} ({}, {})", report.version, report.target, report.profile),
        format!("program: {}", report.program),
        format!("cores: {}", report.cores),
    ];
    let names = |all: &[String]| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    lines.push(match site.kind {
        "none" => "site: none here".to_owned(),
        "broken" => format!("site: its configuration is broken ({})", site.broken.join(", ")),
        kind => format!(
            "site: {kind}, {} pages, {} includes, {} templates; configuration: {}",
            site.pages,
            site.includes,
            site.templates,
            names(&site.configuration)
        ),
    });
    lines.extend(site.theme.iter().map(|theme| format!("theme: {theme}")));
    if !site.plugins.is_empty() {
        let shown =
            |(name, known): &(String, bool)| if *known { name.clone() } else { format!("{name} (not built in)") };
        lines.push(format!("plugins: {}", site.plugins.iter().map(shown).collect::<Vec<_>>().join(", ")));
    }
    if !site.ruby.is_empty() {
        lines.push(format!("ruby, which is not run: {}", names(&site.ruby)));
    }
    lines.push(format!("cache: {}", site.cache));
    lines.extend(
        report.checks.iter().map(|check| format!("{}: {}", check.part, if check.ok { "ok" } else { "FAILED" })),
    );
    lines.join("\n") + "\n"
}
