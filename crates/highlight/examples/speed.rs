//! How fast each language is coloured: `cargo run --release -p carafe-highlight --example speed -- [FOLDER]`.
//!
//! `FOLDER` has a folder of files for each language, which is named after it. Without one, the code of `tests/golden` is taken, again and
//! again until it is long: each of its lines is there for a rule, so that this is slower than ordinary code. One thread, the best of five.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use carafe_highlight::Highlighter;

const ENOUGH: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let code = match std::env::args().nth(1) {
        Some(folder) => of_folders(Path::new(&folder))?,
        None => of_golden_files()?,
    };
    for (language, code) in code {
        let best = (0..5).filter_map(|_| time(&code, &language)).min();
        match best {
            Some(best) => println!("{language:12} {:6.1} MB/s", megabytes(&code) / best.as_secs_f64()),
            None => println!("{language:12} is not known"),
        }
    }
    Ok(())
}

/// A highlighter keeps what it has coloured, so each time has its own.
fn time(code: &[String], language: &str) -> Option<Duration> {
    let highlighter = Highlighter::new();
    highlighter.highlight("", language)?;
    let start = Instant::now();
    code.iter().all(|code| highlighter.highlight(code, language).is_some()).then(|| start.elapsed())
}

fn megabytes(code: &[String]) -> f64 {
    code.iter().map(|code| code.len() as f64).sum::<f64>() / 1e6
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
        found.insert(language, vec![code.repeat(ENOUGH / code.len() + 1)]);
    }
    Ok(found)
}
