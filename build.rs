//! Names this state of the program, so that what one state left on the disk is not believed by another.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// All that makes the program what it is.
const PARTS: [&str; 7] = ["src", "crates", "templates", "static", "includes", "build.rs", "Cargo.lock"];

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
