//! How fast each language is coloured: `cargo run --release -p carafe-highlight --example speed -- [FOLDER]`.
//!
//! `FOLDER` has a folder of files for each language, which is named after it. Without one, the code of `tests/golden` is taken, again and
//! again until it is long: each of its lines is there for a rule, so that this is slower than ordinary code. One thread,
//! by the processor's clock where Linux tells it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use carafe_highlight::Highlighter;

/// So many bytes are coloured of each language.
const ENOUGH: usize = 20_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let code = match std::env::args().nth(1) {
        Some(folder) => of_folders(Path::new(&folder))?,
        None => of_golden_files()?,
    };
    for (language, code) in code {
        match speed(&code, &language) {
            Some(speed) => println!("{language:12} {speed:6.1} MB/s"),
            None => println!("{language:12} is not known"),
        }
    }
    Ok(())
}

fn speed(code: &[String], language: &str) -> Option<f64> {
    let size = code.iter().map(String::len).sum::<usize>().max(1);
    let rounds = ENOUGH / size + 1;
    Highlighter::new().highlight("", language)?;
    let (busy, start) = (busy(), Instant::now());
    for _ in 0..rounds {
        // One that has seen nothing: what it has coloured it keeps.
        let highlighter = Highlighter::new();
        code.iter().for_each(|code| _ = highlighter.highlight(code, language));
    }
    let taken = match (busy, self::busy()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    };
    Some((size * rounds) as f64 / 1e6 / taken.as_secs_f64())
}

/// How long this thread has been on a processor, whatever else runs on the machine.
fn busy() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    times.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn of_folders(folder: &Path) -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for language in std::fs::read_dir(folder)? {
        let language = language?;
        let files = found.entry(language.file_name().to_string_lossy().into_owned()).or_default();
        for file in std::fs::read_dir(language.path())? {
            files.extend(std::fs::read_to_string(file?.path()));
        }
    }
    Ok(found)
}

fn of_golden_files() -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"))? {
        let path = file?.path();
        let text = std::fs::read_to_string(&path)?;
        let code = text.split("=== as Rouge has it").next().unwrap_or_default();
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        found.insert(language, vec![code.repeat(100_000 / code.len() + 1)]);
    }
    Ok(found)
}
