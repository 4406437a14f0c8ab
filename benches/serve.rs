//! The preview server as an author feels it: `cargo bench --bench serve`.
//!
//! Two servers run at once, of a small site and of a large one; files are written to both in turn, so that a noisy machine is as
//! noisy for the one as for the other. From a file's writing until the page in view is answered with the new text, the wait for
//! the editor to finish included; for an include, also until all pages are rendered, as the server tells it; and the server's
//! memory. The sites lie in TMPDIR.
//!
//! `cargo bench --bench serve -- memory` edits a site of 200 pages 2000 times instead, and tells the server's memory after each
//! hundred: it must not grow with the edits.
#![allow(clippy::unwrap_used)]

#[path = "gen/mod.rs"]
mod gen_site;
#[path = "../tests/support/preview.rs"]
mod preview;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::time::{Duration, Instant};

use preview::{Server, wait};
use support::SiteFolder;

const SIZES: [usize; 2] = [1000, 5000];
const ROUNDS: usize = 31;
/// The page in view, and the include that all pages use.
const PAGE: &str = "s000/page-00007";
const INCLUDE: &str = "includes/level2.md";

/// A site that is being served.
struct Preview {
    pages: usize,
    server: Server,
    site: SiteFolder,
}

impl Preview {
    fn start(pages: usize) -> Self {
        let site = SiteFolder::new(&[]);
        gen_site::write(site.path(), gen_site::Options { pages, ..Default::default() }).unwrap();
        let server = Server::start(&site, &["-P", "0"]);
        wait("all pages", || server.said().contains("pages ready in").then_some(()));
        Self { pages, server, site }
    }

    /// Writes a file with one more word in it; how long until the page in view shows it.
    fn edit(&self, path: &str, word: &str) -> Duration {
        let text = fs::read_to_string(self.site.path().join(path)).unwrap();
        let address = format!("/{PAGE}/");
        let started = Instant::now();
        self.site.write(path, format!("{text}\n{word}\n"));
        while !self.server.get(&address).body.contains(word) {
            assert!(started.elapsed() < Duration::from_secs(20), "{word} in {path} never showed");
            std::thread::sleep(Duration::from_millis(1));
        }
        started.elapsed()
    }

    /// Waits until the server has told of this many changes; how long the last took it for all pages.
    fn all(&self, changes: usize) -> Duration {
        wait("the server's word", || {
            let said = self.server.said();
            let told: Vec<&str> = said.lines().filter_map(|line| Some(line.split_once(", all after ")?.1)).collect();
            let last = told.get(changes.checked_sub(1)?)?;
            Some(Duration::from_millis(last.strip_suffix(" ms")?.parse().ok()?))
        })
    }

    /// The server's memory in MiB, once it has nothing more to do.
    fn settled(&self) -> f64 {
        let busy = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.process())).unwrap_or_default();
            let rest = stat.rsplit(')').next().unwrap_or_default();
            rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>()
        };
        let mut before = u64::MAX;
        while busy() != before {
            before = busy();
            std::thread::sleep(Duration::from_millis(400));
        }
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.process())).unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        kib.and_then(|kib| kib.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default() / 1024.0
    }

    /// The most memory that the server has had, in MiB, and what it has now.
    fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.process())).unwrap_or_default();
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default()
        };
        (kib("VmHWM:") / 1024, kib("VmRSS:") / 1024)
    }
}

fn main() {
    // Cargo asks benchmarks for their list, too.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    if std::env::args().any(|argument| argument == "memory") {
        return memory_curve();
    }
    let previews = SIZES.map(Preview::start);
    println!("milliseconds from the writing of a file, {ROUNDS} rounds: minimum, median, maximum\n");
    let mut changes = 0;
    for (what, path) in [("one page", &*format!("content/{PAGE}.md")), ("an include of all pages", INCLUDE)] {
        let mut ready = SIZES.map(|_| Vec::new());
        let mut all = SIZES.map(|_| Vec::new());
        for round in 0..ROUNDS {
            changes += 1;
            for (at, preview) in previews.iter().enumerate() {
                ready[at].push(preview.edit(path, &format!("Changedbyround{changes}x{round}.")));
                all[at].push(preview.all(changes));
            }
        }
        for (at, preview) in previews.iter().enumerate() {
            println!("{what}, {} pages: page in view {}, all {}", preview.pages, shown(&ready[at]), shown(&all[at]));
        }
        let ratios: Vec<f64> =
            ready[1].iter().zip(&ready[0]).map(|(large, small)| large.as_secs_f64() / small.as_secs_f64()).collect();
        println!("{what}, page in view, {} pages to {}, in pairs: median {:.2}\n", SIZES[1], SIZES[0], median(ratios));
    }
    for preview in &previews {
        let (most, now) = preview.memory();
        println!("memory, {} pages: {now} MiB, at most {most} MiB", preview.pages);
    }
}

/// How many edits the memory curve is made of, and after how many it is told.
const EDITS: usize = 2000;
const STEP: usize = 100;

/// Edits a site in every way, again and again; the memory after every hundred edits.
fn memory_curve() {
    let preview = Preview::start(200);
    let page = format!("content/{PAGE}.md");
    let [text, include] = [&*page, INCLUDE].map(|path| fs::read_to_string(preview.site.path().join(path)).unwrap());
    println!("edits, MiB");
    let mut curve = Vec::new();
    for edit in 1..=EDITS {
        let word = format!("Editnumber{edit}.");
        let code = format!("```yaml\nedit: {edit}\n{}```\n", "key: [value, 1, true] # a line\n".repeat(30));
        preview.site.write(&page, format!("{text}\n{code}\n{{{{ site.data.missing_{edit}.key }}}}\n\n{word}\n"));
        if edit % 10 == 0 {
            preview.site.write(INCLUDE, format!("{include}\nThe include of edit {edit}.\n"));
        }
        if edit % 7 == 0 {
            preview.site.write(&format!("content/folder-{edit}/new.md"), format!("# {edit}\n\n{code}\n"));
            preview.site.write(&format!("static/folder-{edit}/new.css"), format!("p {{ order: {edit} }}\n"));
        }
        if edit % 7 == 3 && edit > 7 {
            for folder in ["content", "static"] {
                fs::remove_dir_all(preview.site.path().join(format!("{folder}/folder-{}", edit - 3))).unwrap();
            }
        }
        let address = format!("/{PAGE}/");
        wait(&word, || preview.server.get(&address).body.contains(&word).then_some(()));
        if edit % STEP == 0 {
            let memory = preview.settled();
            println!("{edit}, {memory:.1}");
            curve.push(memory);
        }
    }
    if let (Some(first), Some(last)) = (curve.first(), curve.last()) {
        println!("from {STEP} to {EDITS} edits: {:+.1} %", (last / first - 1.0) * 100.0);
    }
}

fn shown(times: &[Duration]) -> String {
    let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let (first, last) = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
    format!("{first:.1} {:.1} {last:.1}", median(times))
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
