//! Where a path leads, whether something is there or not.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// As many links as the system follows.
const MAX_LINKS: usize = 40;

/// The path behind all links of `path`, in its folders and at its end. Links may lead to links, and the last to something that is
/// not there yet.
///
/// # Errors
/// The system's; `FilesystemLoop` for links that lead to each other.
pub(crate) fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut rest = parts(&std::path::absolute(path)?);
    let mut real = PathBuf::new();
    let mut links = 0;
    while let Some(part) = rest.pop_front() {
        if part == ".." {
            // What stands here holds no links any more, so the folder above is the one in its path.
            real.pop();
            continue;
        }
        let next = real.join(&part);
        match next.read_link() {
            Ok(target) if links < MAX_LINKS => {
                links += 1;
                if target.is_absolute() {
                    real = PathBuf::new();
                }
                for part in parts(&target).into_iter().rev() {
                    rest.push_front(part);
                }
            }
            Ok(_) => return Err(io::Error::new(io::ErrorKind::InvalidInput, "too many links lead to each other")),
            // No link, or nothing at all.
            Err(_) => real = next,
        }
    }
    Ok(real)
}

fn parts(path: &Path) -> VecDeque<OsString> {
    let part = |part: Component<'_>| (part != Component::CurDir).then(|| part.as_os_str().to_owned());
    path.components().filter_map(part).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_wherever_they_stand_and_to_what_is_not_there() {
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("releases/7")).unwrap();
        symlink("releases", top.join("all")).unwrap();
        symlink("all/7", top.join("live")).unwrap();
        symlink(top.join("live"), top.join("www")).unwrap();
        symlink("releases/8/site", top.join("next")).unwrap();
        let of = |path: &str| resolve(&top.join(path)).unwrap();
        assert_eq!(of("www"), top.join("releases/7"));
        assert_eq!(of("all/9"), top.join("releases/9"));
        assert_eq!(of("next"), top.join("releases/8/site"));
        assert_eq!(of("live/../x/./y"), top.join("releases/x/y"));
        symlink("b", top.join("a")).unwrap();
        symlink("a", top.join("b")).unwrap();
        assert!(resolve(&top.join("a/x")).is_err());
    }
}
