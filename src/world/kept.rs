//! How files get into the cache: a folder in the site's own, that asks version control to overlook it.

use std::fs;
use std::io;
use std::path::Path;

/// The mark that <https://bford.info/cachedir/> proposes, so that backups leave the folder out.
const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# Made by `carafe build --cache`; may be removed at any time.\n";

/// Keeps `bytes` under `name` (with `/`) in the cache `folder`: whoever is killed meanwhile leaves what was there.
///
/// # Errors
/// The system's.
pub(crate) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap_or(folder))?;
    if !folder.join(".gitignore").is_file() || !folder.join("CACHEDIR.TAG").is_file() {
        fs::write(folder.join("CACHEDIR.TAG"), TAG)?;
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    // Two builds at once must not write into one file.
    let new = folder.join(format!("{name}.{}", std::process::id()));
    let written = fs::write(&new, bytes).and_then(|()| fs::rename(&new, file));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}
