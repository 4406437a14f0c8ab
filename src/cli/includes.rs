//! `includes`: what the includes of a site take, and how often they are called.

use std::io;

use clap::Args;
use serde_json::{Value, json};

use crate::check::{Described, Includes, Param};
use crate::diagnostic::did_you_mean;
use crate::session::Session;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `includes` takes.
#[derive(Debug, Args)]
pub(super) struct IncludesArgs {
    /// The include, as calls name it; all of them, a line each, when there is none
    name: Option<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Prints one include with all it takes, or the list of all.
pub(super) fn run(args: &IncludesArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    let includes = Includes::new(session.world());
    let mut all: Vec<Described> = includes.listed(session.world()).map(|at| Described::new(&includes, at)).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(wanted) = &args.name {
        let wanted = wanted.trim_start_matches("./");
        let Some(at) = all.iter().position(|include| include.name == wanted) else {
            let near = did_you_mean(wanted, all.iter().map(|include| &*include.name));
            let help = near.map_or("`carafe includes` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
            console.problem(&format!("there is no include `{wanted}`"), Some(&help))?;
            return Ok(Exit::Usage);
        };
        all = vec![all.swap_remove(at)];
    }
    let text = match console.format() {
        Some(FormatArg::Json) => all.iter().map(|include| format!("{}\n", json(include))).collect(),
        _ if args.name.is_some() => all.iter().map(page).collect(),
        _ => list(&all),
    };
    console.data(&text)?;
    Ok(Exit::Clean)
}

/// Everything about an include, for people.
fn page(include: &Described) -> String {
    let mut out = format!("{} {}\n", include.name, include.usage()).replace(" \n", "\n");
    if let Some(reason) = &include.deprecated {
        out.push_str(&format!("\ndeprecated: {reason}\n"));
    }
    if !include.description.is_empty() {
        out.push_str(&format!("\n{}\n", include.description));
    }
    if !include.declared && !include.params.is_empty() {
        out.push_str("\nIt declares no parameters; these are the ones that it reads.\n");
    }
    let width = include.params.iter().map(|param| param.name.chars().count()).max().unwrap_or(0);
    for (at, param) in include.params.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { "" });
        out.push_str(&format!("  {:width$}  {}\n", param.name, param.words()));
    }
    for example in &include.examples {
        out.push('\n');
        example.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
    }
    out.push_str(&format!("\n{}\n", called(include.calls)));
    out
}

/// The same for programs.
fn json(include: &Described) -> Value {
    let param = |param: &Param| {
        json!({
            "name": param.name,
            "type": param.kind(),
            "required": param.required,
            "default": param.default,
            "deprecated": param.deprecated,
            "description": param.description,
        })
    };
    json!({
        "name": include.name,
        "calls": include.calls,
        "declared": include.declared,
        "deprecated": include.deprecated,
        "description": include.description,
        "params": include.params.iter().map(param).collect::<Vec<_>>(),
        "examples": include.examples,
    })
}

fn called(calls: usize) -> String {
    match calls {
        0 => "Nothing calls it.".to_owned(),
        1 => "Called once.".to_owned(),
        calls => format!("Called {calls} times."),
    }
}

/// All of them, a line each: how often it is called, its name, what it takes.
fn list(all: &[Described]) -> String {
    let digits = all.iter().map(|include| include.calls.to_string().len()).max().unwrap_or(1);
    let width = all.iter().map(|include| include.name.chars().count()).max().unwrap_or(0);
    let line = |include: &Described| {
        let line = format!("{:digits$}  {:width$}  {}", include.calls, include.name, include.usage());
        format!("{}\n", line.trim_end())
    };
    all.iter().map(line).collect()
}
