//! Where Ruby has a gem, found by looking at folders. Ruby runs only at last, and then nothing of the site's.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use carafe_liquid::Version;

/// Where gems are looked for.
#[derive(Clone, Debug, Default)]
pub struct Gems {
    /// Folders of gems, such as `GEM_HOME` and `GEM_PATH` name.
    pub folders: Vec<PathBuf>,
    /// The user's own folder, below which Ruby and those who manage several Rubies keep gems.
    pub home: Option<PathBuf>,
    /// Whether the folders of the whole system are looked into, and `gem env gempath` is asked at last.
    pub system: bool,
}

/// Folders of gems below the user's own folder; `*` stands for any name.
const BELOW_HOME: [&str; 7] = [
    ".local/share/gem/ruby/*",
    ".gem/ruby/*",
    ".rbenv/versions/*/lib/ruby/gems/*",
    ".rvm/gems/*",
    ".asdf/installs/ruby/*/lib/ruby/gems/*",
    ".local/share/mise/installs/ruby/*/lib/ruby/gems/*",
    ".bundle/ruby/*",
];

/// Folders of gems of the whole system, Debian's among them.
const OF_SYSTEM: [&str; 14] = [
    "/var/lib/gems/*",
    "/usr/local/bundle",
    "/usr/local/lib/ruby/gems/*",
    "/usr/lib/ruby/gems/*",
    "/usr/lib64/ruby/gems/*",
    "/usr/lib/*/ruby/gems/*",
    "/usr/share/rubygems-integration/*",
    "/usr/lib/*/rubygems-integration/*",
    "/usr/share/gems",
    "/usr/share/ruby-gems",
    "/opt/homebrew/lib/ruby/gems/*",
    "/usr/local/opt/ruby/lib/ruby/gems/*",
    "/usr/local/rvm/gems/*",
    "/Library/Ruby/Gems/*",
];

/// How many folders a pattern may lead to.
const MOST: usize = 200;

/// How long `gem` may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many folders above the site's a Gemfile is looked for in.
const ABOVE: usize = 8;

/// The folder of the theme `name` for the site in `site`, a whole path. Of a theme that was named by its repository only what the
/// site holds itself counts.
pub(super) fn gem(name: &str, remote: bool, site: &Path, gems: &Gems) -> Option<PathBuf> {
    let gem = if remote { name.split('@').next()?.rsplit('/').next()? } else { name };
    if gem.is_empty() || gem.contains(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        return None;
    }
    if site.join(format!("{gem}.gemspec")).is_file() {
        return Some(site.to_owned());
    }
    if remote {
        return None;
    }
    let bundle = site.ancestors().take(ABOVE).find(|folder| folder.join("Gemfile").is_file());
    let text = bundle.and_then(|folder| fs::read_to_string(folder.join("Gemfile")).ok()).unwrap_or_default();
    let by_path = bundle.and_then(|bundle| path_in_gemfile(&text, gem, bundle));
    if let Some(folder) = by_path {
        return Some(folder);
    }
    let lock = bundle.and_then(|folder| fs::read_to_string(folder.join("Gemfile.lock")).ok()).unwrap_or_default();
    let wanted = locked(&lock, gem);
    let mut folders = bundled(bundle.unwrap_or(site));
    folders.extend(gems.folders.iter().cloned());
    folders.extend(gems.home.iter().flat_map(|home| BELOW_HOME.iter().flat_map(|pattern| expand(home, pattern))));
    if gems.system {
        folders.extend(OF_SYSTEM.iter().flat_map(|pattern| expand(Path::new("/"), pattern)));
    }
    best(&folders, gem, wanted).or_else(|| best(&gems.system.then(ask)?, gem, wanted))
}

/// The folder that a Gemfile names for a gem, by `path:`, or by `gemspec` where the gem's own description lies.
fn path_in_gemfile(text: &str, gem: &str, bundle: &Path) -> Option<PathBuf> {
    let code = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let path = |line: &str| {
        let rest = line.split_once("path:").or_else(|| line.split_once(":path =>"))?.1.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next().map(|path| bundle.join(path))
    };
    code.into_iter().find_map(|line| {
        if line.starts_with("gemspec") {
            let folder = path(line).unwrap_or_else(|| bundle.to_owned());
            return Some(folder).filter(|folder| folder.join(format!("{gem}.gemspec")).is_file());
        }
        let named = line.strip_prefix("gem")?.trim_start_matches(['(', ' ', '\t']);
        let named = named.strip_prefix(['"', '\''])?.strip_prefix(gem)?;
        if named.starts_with(['"', '\'']) { path(line).filter(|folder| folder.is_dir()) } else { None }
    })
}

/// The version that `Gemfile.lock` has settled on.
fn locked<'t>(lock: &'t str, gem: &str) -> Option<&'t str> {
    // Four blanks: deeper ones say what others need.
    lock.lines().find_map(|line| line.strip_prefix("    ")?.strip_prefix(gem)?.strip_prefix(" (")?.strip_suffix(')'))
}

/// The folders of gems that Bundler keeps for a site.
fn bundled(bundle: &Path) -> Vec<PathBuf> {
    let configured = fs::read_to_string(bundle.join(".bundle/config")).unwrap_or_default();
    let path = configured.lines().find_map(|line| line.strip_prefix("BUNDLE_PATH:"));
    let path = path.map_or("vendor/bundle", |path| path.trim().trim_matches(['"', '\'']));
    let mut folders = expand(&bundle.join(path), "ruby/*");
    folders.push(bundle.join(path));
    folders
}

/// The folders that a pattern leads to from `root`, in the order of their names.
fn expand(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        if part != "*" {
            found.iter_mut().for_each(|folder| folder.push(part));
            continue;
        }
        let inside = |folder: &PathBuf| {
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
            names.sort();
            names
        };
        found = found.iter().flat_map(inside).take(MOST).collect();
    }
    found.retain(|folder| folder.is_dir());
    found
}

/// The gem in these folders: of the version that is `wanted`, else of the newest one. Of one version the first counts.
fn best(folders: &[PathBuf], gem: &str, wanted: Option<&str>) -> Option<PathBuf> {
    let mut found: Option<(String, PathBuf)> = None;
    for folder in folders {
        for gems in [folder.join("gems"), folder.join("bundler/gems")] {
            let entries = fs::read_dir(&gems).into_iter().flatten().filter_map(Result::ok);
            let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.sort();
            for name in names {
                let version = name.strip_prefix(gem).and_then(|rest| rest.strip_prefix('-'));
                let from_git = gems.ends_with("bundler/gems");
                let Some(version) =
                    version.filter(|version| from_git || version.starts_with(|c: char| c.is_ascii_digit()))
                else {
                    continue;
                };
                let path = gems.join(&name);
                if wanted == Some(version) && path.is_dir() {
                    return Some(path);
                }
                let newer = found.as_ref().is_none_or(|(known, _)| is_newer(version, known));
                if newer && path.is_dir() {
                    found = Some((version.to_owned(), path));
                }
            }
        }
    }
    found.map(|(_, path)| path)
}

fn is_newer(version: &str, known: &str) -> bool {
    match (Version::parse(version), Version::parse(known)) {
        (Some(version), Some(known)) => version > known,
        _ => false,
    }
}

/// Where Ruby itself says that it has gems. It is not waited for long.
fn ask() -> Vec<PathBuf> {
    let spawned = Command::new("gem")
        .args(["env", "gempath"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else { return Vec::new() };
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => break,
            Ok(None) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Vec::new();
            }
        }
    }
    let mut text = String::new();
    let read = child.stdout.take().map(|out| out.take(1 << 16).read_to_string(&mut text));
    if matches!(read, Some(Ok(_))) { std::env::split_paths(text.trim()).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let top = folder.path().canonicalize().unwrap();
        (folder, top)
    }

    #[test]
    fn the_version_of_the_lock_wins_and_the_newest_without_one() {
        let gems = ["a/gems/th-1.9.0/x", "a/gems/th-1.10.0/x", "b/gems/th-1.10.0/x", "b/gems/th-more-9.0/x"];
        let files: Vec<(&str, &str)> = gems.iter().map(|path| (*path, "")).collect();
        let (_folder, top) = site(&files);
        let looked = Gems { folders: vec![top.join("a"), top.join("b")], ..Gems::default() };
        let found = |gem_name: &str| gem(gem_name, false, &top, &looked);
        assert_eq!(found("th"), Some(top.join("a/gems/th-1.10.0")));
        assert_eq!((found("no"), found("../a"), found("")), (None, None, None));
        fs::write(top.join("Gemfile"), "gem 'th'\n").unwrap();
        fs::write(top.join("Gemfile.lock"), "GEM\n  specs:\n    x (1)\n      th (>= 1)\n    th (1.9.0)\n").unwrap();
        assert_eq!(found("th"), Some(top.join("a/gems/th-1.9.0")));
    }

    #[test]
    fn bundler_and_the_gemfile_are_asked_first() {
        let (_folder, top) = site(&[
            ("Gemfile", "# gem 'th', path: 'no'\ngem \"th\", path: \"own\"\n"),
            ("own/x", ""),
            ("docs/index.md", ""),
            ("vendor/bundle/ruby/3.1.0/gems/other-2.0/x", ""),
            ("lib/gems/other-3.0/x", ""),
        ]);
        let looked = Gems { folders: vec![top.join("lib")], ..Gems::default() };
        assert_eq!(gem("th", false, &top.join("docs"), &looked), Some(top.join("own")));
        fs::write(top.join("Gemfile.lock"), "    other (2.0)\n").unwrap();
        assert_eq!(gem("other", false, &top, &looked), Some(top.join("vendor/bundle/ruby/3.1.0/gems/other-2.0")));
        fs::write(top.join("Gemfile"), "gemspec\n").unwrap();
        assert_eq!(gem("th", false, &top.join("docs"), &looked), None);
        fs::write(top.join("th.gemspec"), "").unwrap();
        assert_eq!(gem("th", false, &top.join("docs"), &looked), Some(top.clone()));
        assert_eq!(gem("some/th@v1", true, &top, &looked), Some(top));
    }
}
