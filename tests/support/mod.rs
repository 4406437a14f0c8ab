//! Small sites on the disk, and the program run on them as a user would.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A site in a folder of its own, which goes away with it.
pub(crate) struct SiteFolder {
    folder: tempfile::TempDir,
}

impl SiteFolder {
    /// A site of these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, making its folders.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// A file of the output.
    pub(crate) fn output(&self, path: &str) -> String {
        let path = self.path().join("_site").join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
    }

    /// Runs `carafe build` with further arguments.
    pub(crate) fn build(&self, args: &[&str]) -> Ran {
        run(&[&["build", "-s", self.path().to_str().unwrap()], args].concat())
    }

    /// Runs git in the folder.
    pub(crate) fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-C", self.path().to_str().unwrap(), "-c", "user.name=n", "-c", "user.email=e@example.org"]);
        command.args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]).args(args);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// All files of the output.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.path().join("_site"))
    }
}

/// A drawing in PNG, written without care; `seed` makes another one.
pub(crate) fn png(width: u32, height: u32, seed: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::NoCompression);
    let mut writer = encoder.write_header().unwrap();
    let noise = |at: usize| {
        let mixed = ((at + seed * 31) as u32).wrapping_mul(2_654_435_761);
        (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 20
    };
    let value = |at: usize| (at / 3 % width as usize / 10 * 12) as u8 / 2 + (noise(at) % 61) as u8;
    let bytes: Vec<u8> = (0..width as usize * height as usize * 3).map(value).collect();
    writer.write_image_data(&bytes).unwrap();
    writer.finish().unwrap();
    out
}

/// The name that a file of the output, such as `assets/carafe.css`, has for what it holds.
pub(crate) fn named(output: &Path, path: &str) -> String {
    let (folder, file) =
        path.rsplit_once('/').map_or((String::new(), path), |(folder, file)| (format!("{folder}/"), file));
    let (stem, ending) = file.rsplit_once('.').unwrap();
    let entries = fs::read_dir(output.join(&folder)).unwrap();
    let is_named = |name: &String| {
        let hash = name.strip_prefix(&format!("{stem}.")).and_then(|rest| rest.strip_suffix(&format!(".{ending}")));
        hash.is_some_and(|hash| hash.len() == 10 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let mut names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(is_named);
    format!("{folder}{}", names.next().unwrap_or_else(|| format!("{file} without a name")))
}

/// All files below a folder, by their path in it.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the program.
pub(crate) fn run(args: &[&str]) -> Ran {
    let mut command = program();
    let Output { status, stdout, stderr } = command.args(args).output().unwrap();
    Ran {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// The program, in surroundings that do not depend on who runs the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carafe"));
    command.env_remove("GITHUB_ACTIONS").env_remove("SOURCE_DATE_EPOCH").env_remove("NO_COLOR");
    command
}
