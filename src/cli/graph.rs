//! `graph`: who reads what.

use std::collections::BTreeSet;
use std::io;

use clap::Args;
use serde_json::{Value, json};

use crate::graph::{Node, Read};
use crate::include_test;
use crate::session::Session;

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::{Exit, site};

/// What `graph` takes.
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Prints every page and test with what it reads.
pub(super) fn run(args: &GraphArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    console.progress("Looking at every page …")?;
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    let pages = session.survey();
    let cases = include_test::cases(session.world()).cases;
    let tests: Vec<(String, BTreeSet<Read>)> = include_test::run(session.world(), cases)
        .into_iter()
        .map(|outcome| (outcome.case.name, outcome.reads))
        .collect();
    let text = match console.format() {
        Some(FormatArg::Dot) => dot(&pages, &tests),
        _ => as_json(&pages, &tests),
    };
    console.data(&text)?;
    Ok(Exit::Clean)
}

/// The name of a kind of read, and what was read.
fn parts(read: &Read) -> (&'static str, &str) {
    match read {
        Read::File(path) => ("file", path),
        Read::Missing(path) => ("missing", path),
        Read::Data(path) => ("data", path),
        Read::DataKeys(key) => ("data-keys", key),
        Read::Names(start) => ("names", start),
        Read::Page(path) => ("page", path),
        Read::Picture(path) => ("picture", path),
        Read::Pages => ("pages", ""),
        Read::Navigation => ("navigation", ""),
        Read::Time => ("time", ""),
    }
}

fn as_json(pages: &[Node], tests: &[(String, BTreeSet<Read>)]) -> String {
    let reads = |reads: &BTreeSet<Read>| -> Vec<Value> {
        let one = |read: &Read| match parts(read) {
            (kind, "") => json!({ "kind": kind }),
            (kind, of) => json!({ "kind": kind, "of": of }),
        };
        reads.iter().map(one).collect()
    };
    let page = |node: &Node| {
        json!({
            "url": &*node.url,
            "source": &*node.source,
            "output": &*node.output,
            "release": node.release.as_ref().map(|(product, release)| format!("{product}/{release}")),
            "reads": reads(&node.reads),
        })
    };
    let test = |(name, read): &(String, BTreeSet<Read>)| json!({ "name": name, "reads": reads(read) });
    let graph = json!({
        "pages": pages.iter().map(page).collect::<Vec<_>>(),
        "tests": tests.iter().map(test).collect::<Vec<_>>(),
    });
    format!("{graph:#}\n")
}

/// Files, and who reads them; what was missing or is read by every page alike would only hide the rest.
fn dot(pages: &[Node], tests: &[(String, BTreeSet<Read>)]) -> String {
    let mut out = String::from("digraph site {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    let everywhere = |read: &Read| pages.len() > 1 && pages.iter().all(|page| page.reads.contains(read));
    let common: BTreeSet<&Read> =
        pages.first().into_iter().flat_map(|page| &page.reads).filter(|read| everywhere(read)).collect();
    let mut edges = BTreeSet::new();
    let mut nodes = BTreeSet::new();
    let readers = pages.iter().map(|page| (page.url.to_string(), "box", &page.reads));
    let readers = readers.chain(tests.iter().map(|(name, reads)| (name.clone(), "octagon", reads)));
    for (reader, shape, reads) in readers {
        nodes.insert(format!("  {} [shape={shape}];\n", quoted(&reader)));
        for read in reads.iter().filter(|read| !common.contains(read)) {
            if let ("file" | "data" | "page" | "picture", of) = parts(read) {
                nodes.insert(format!("  {} [shape=note];\n", quoted(of)));
                edges.insert(format!("  {} -> {};\n", quoted(&reader), quoted(of)));
            }
        }
    }
    out.extend(nodes);
    out.extend(edges);
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
