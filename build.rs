//! Names this state of the program, so that what one state left on the disk is not believed by another, and takes from the theme's style sheet
//! and scripts what only their authors read.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// All that makes the program what it is.
const PARTS: [&str; 7] = ["src", "crates", "templates", "static", "includes", "build.rs", "Cargo.lock"];

#[path = "src/theme/minify.rs"]
mod minify;

/// The files of the theme that are embedded without comments.
const ASSETS: [&str; 5] = ["carafe.css", "carafe.js", "copy.js", "missing.js", "search.js"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        collect(Path::new(part), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.to_string_lossy().replace('\\', "/").hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo:rustc-env=CARAFE_PROGRAM={:016x}", hasher.finish());
    for (name, of) in [("CARAFE_TARGET", "TARGET"), ("CARAFE_PROFILE", "PROFILE")] {
        println!("cargo:rustc-env={name}={}", std::env::var(of)?);
    }
    let out = std::env::var("OUT_DIR")?;
    for name in ASSETS {
        let text = fs::read_to_string(Path::new("static/assets").join(name))?;
        let short = if name.ends_with(".css") { minify::css(&text) } else { minify::js(&text) };
        fs::write(Path::new(&out).join(name), short)?;
    }
    Ok(())
}

/// A file, or the files below a folder. What is not there (a package may come without its lock) counts as empty.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    Ok(())
}
