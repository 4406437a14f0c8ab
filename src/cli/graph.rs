//! `graph`: who reads what.

use std::collections::BTreeSet;
use std::io;

use clap::Args;
use serde_json::{Value, json};

use crate::graph::{Node, Read, reached};
use crate::include_test;
use crate::session::Session;

use super::affected::changes::{self, Places};
use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;
use super::site;

/// What `graph` takes.
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// Only who reads these files or folders, and what of them
    files: Vec<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Prints every page and test with what it reads; where files are named, those that read one of them.
pub(super) fn run(args: &GraphArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    console.progress("Looking at every page …")?;
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    let mut pages = session.survey();
    let cases = include_test::cases(session.world()).cases;
    let mut tests: Vec<(String, BTreeSet<Read>)> = include_test::run(session.world(), cases)
        .into_iter()
        .map(|outcome| (outcome.case.name, outcome.reads))
        .collect();
    if !args.files.is_empty() {
        let places = Places::new(&args.site).of(session.world());
        let changes = changes::named(&places, session.world(), &args.files);
        for change in &changes {
            let is_read = |reads: &BTreeSet<Read>| reached(reads, change);
            if !pages.iter().any(|page| is_read(&page.reads)) && !tests.iter().any(|(_, reads)| is_read(reads)) {
                console.say(&format!("Nothing reads `{}`", change.path))?;
            }
        }
        let is_asked = |read: &Read| changes.iter().any(|change| read.judged(change));
        pages.iter_mut().for_each(|page| page.reads.retain(is_asked));
        pages.retain(|page| !page.reads.is_empty());
        tests.iter_mut().for_each(|(_, reads)| reads.retain(is_asked));
        tests.retain(|(_, reads)| !reads.is_empty());
    }
    let text = match console.format() {
        // Of the files that were named all is wanted.
        Some(FormatArg::Dot) if !args.files.is_empty() => dot(&pages, &tests, &BTreeSet::new()),
        Some(FormatArg::Dot) => dot(&pages, &tests, &common(&pages)),
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
        Read::Variants(path) => ("variants", path),
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

/// What every page reads alike.
fn common(pages: &[Node]) -> BTreeSet<Read> {
    let everywhere = |read: &&Read| pages.len() > 1 && pages.iter().all(|page| page.reads.contains(*read));
    pages.first().into_iter().flat_map(|page| &page.reads).filter(everywhere).cloned().collect()
}

/// Files, and who reads them; what was missing or is `common` to every page would only hide the rest.
fn dot(pages: &[Node], tests: &[(String, BTreeSet<Read>)], common: &BTreeSet<Read>) -> String {
    let mut out = String::from("digraph site {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
    let mut edges = BTreeSet::new();
    let mut nodes = BTreeSet::new();
    let readers = pages.iter().map(|page| (page.url.to_string(), "box", &page.reads));
    let readers = readers.chain(tests.iter().map(|(name, reads)| (name.clone(), "octagon", reads)));
    for (reader, shape, reads) in readers {
        nodes.insert(format!("  {} [shape={shape}];\n", quoted(&reader)));
        for read in reads.iter().filter(|read| !common.contains(read)) {
            if let ("file" | "data" | "page" | "picture" | "variants", of) = parts(read) {
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
