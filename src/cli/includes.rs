//! `includes`: what the includes of a site take, and how often they are called.

use std::io;

use clap::Args;
use serde_json::{Value, json};

use carafe_liquid::contracts::{Contract, ParamKind};
use carafe_liquid::convert;

use crate::check::Includes;
use crate::diagnostic::did_you_mean;
use crate::session::Session;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::{Exit, site};

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
    let mut all: Vec<Include> = includes.own(session.world()).map(|at| Include::new(&includes, at)).collect();
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
        Some(FormatArg::Json) => all.iter().map(|include| format!("{}\n", include.json())).collect(),
        _ if args.name.is_some() => all.iter().map(Include::page).collect(),
        _ => list(&all),
    };
    console.data(&text)?;
    Ok(Exit::Clean)
}

/// An include, as its callers need to know it.
struct Include {
    name: String,
    calls: usize,
    description: String,
    deprecated: Option<String>,
    params: Vec<Param>,
    examples: Vec<String>,
    /// Whether it says itself what it takes; else that is taken from what it reads.
    declared: bool,
}

struct Param {
    name: String,
    kind: String,
    required: bool,
    default: Option<String>,
    deprecated: Option<String>,
    description: String,
}

impl Include {
    fn new(includes: &Includes, at: usize) -> Self {
        let name = includes.name(at).to_owned();
        let calls = includes.calls().filter(|(_, call)| includes.analysis.targets(call).any(|target| target == at));
        let calls = calls.count();
        let doc = includes.doc(at);
        let declared = includes.contract(at).is_some();
        let params = match includes.contract(at) {
            Some(contract) => declared_params(contract),
            None => read_params(includes, at),
        };
        Self {
            name,
            calls,
            declared,
            params,
            description: doc.map(|doc| doc.description.clone()).unwrap_or_default(),
            deprecated: doc.and_then(|doc| doc.deprecated.clone()),
            examples: doc
                .map(|doc| doc.examples.iter().map(|example| example.text.clone()).collect())
                .unwrap_or_default(),
        }
    }

    /// How it is called, in short: required parameters, then those in brackets that may be left out.
    fn usage(&self) -> String {
        let one = |param: &Param| match (param.required, &param.default) {
            (true, _) => param.name.clone(),
            (false, Some(default)) => format!("[{}={default}]", param.name),
            (false, None) => format!("[{}]", param.name),
        };
        self.params.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// Everything about it, for people.
    fn page(&self) -> String {
        let mut out = format!("{} {}\n", self.name, self.usage()).replace(" \n", "\n");
        if let Some(reason) = &self.deprecated {
            out.push_str(&format!("\ndeprecated: {reason}\n"));
        }
        if !self.description.is_empty() {
            out.push_str(&format!("\n{}\n", self.description));
        }
        if !self.declared && !self.params.is_empty() {
            out.push_str("\nIt declares no parameters; these are the ones that it reads.\n");
        }
        let width = self.params.iter().map(|param| param.name.chars().count()).max().unwrap_or(0);
        for (at, param) in self.params.iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { "" });
            out.push_str(&format!("  {:width$}  {}\n", param.name, param.words()));
        }
        for example in &self.examples {
            out.push('\n');
            example.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
        }
        out.push_str(&format!("\n{}\n", called(self.calls)));
        out
    }

    fn json(&self) -> Value {
        let param = |param: &Param| {
            json!({
                "name": param.name,
                "type": param.kind,
                "required": param.required,
                "default": param.default,
                "deprecated": param.deprecated,
                "description": param.description,
            })
        };
        json!({
            "name": self.name,
            "calls": self.calls,
            "declared": self.declared,
            "deprecated": self.deprecated,
            "description": self.description,
            "params": self.params.iter().map(param).collect::<Vec<_>>(),
            "examples": self.examples,
        })
    }
}

impl Param {
    fn words(&self) -> String {
        let mut words = vec![self.kind.clone()];
        words.push(if self.required { "required".to_owned() } else { "may be left out".to_owned() });
        words.extend(self.default.as_ref().map(|default| format!("default {default}")));
        words.extend(self.deprecated.as_ref().map(|reason| format!("deprecated: {reason}")));
        words.retain(|word| !word.is_empty());
        let mut out = words.join(", ");
        if !self.description.is_empty() {
            out.push_str(&format!(" – {}", self.description));
        }
        out
    }
}

fn declared_params(contract: &Contract) -> Vec<Param> {
    let one = |param: &carafe_liquid::contracts::Param| Param {
        name: param.name.clone(),
        kind: kind(&param.kind),
        required: !param.optional,
        default: param.default.as_ref().map(convert::inspect),
        deprecated: param.deprecated.clone(),
        description: param.description.clone(),
    };
    contract.params.iter().map(one).collect()
}

/// What an include without a contract reads: of the type nothing is known.
fn read_params(includes: &Includes, at: usize) -> Vec<Param> {
    let read = includes.analysis.inferred.get(at).map(|inferred| inferred.params.iter());
    let one = |(name, param): (&std::sync::Arc<str>, &carafe_liquid::contracts::InferredParam)| Param {
        name: name.to_string(),
        kind: String::new(),
        required: param.required,
        default: None,
        deprecated: None,
        description: String::new(),
    };
    let mut params: Vec<Param> = read.into_iter().flatten().map(one).collect();
    params.sort_by_key(|param| !param.required);
    params
}

fn kind(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Any => String::new(),
        ParamKind::String => "string".to_owned(),
        ParamKind::Number => "number".to_owned(),
        ParamKind::Boolean => "boolean".to_owned(),
        ParamKind::Object => "object".to_owned(),
        ParamKind::Array => "array".to_owned(),
        ParamKind::Enum(values) => values.join(" or "),
    }
}

fn called(calls: usize) -> String {
    match calls {
        0 => "Nothing calls it.".to_owned(),
        1 => "Called once.".to_owned(),
        calls => format!("Called {calls} times."),
    }
}

/// All of them, a line each: how often it is called, its name, what it takes.
fn list(all: &[Include]) -> String {
    let digits = all.iter().map(|include| include.calls.to_string().len()).max().unwrap_or(1);
    let width = all.iter().map(|include| include.name.chars().count()).max().unwrap_or(0);
    let line = |include: &Include| {
        let line = format!("{:digits$}  {:width$}  {}", include.calls, include.name, include.usage());
        format!("{}\n", line.trim_end())
    };
    all.iter().map(line).collect()
}
