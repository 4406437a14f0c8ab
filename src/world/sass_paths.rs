//! Where the style sheets of a site look for what they import.

use carafe_source::Files;

use crate::config::Config;
use crate::content::matches_glob;
use crate::world::gem_theme::Theme;

/// The folders in which imports are looked for, wildcards replaced by the folders that they match, and those left out that lead out
/// of the site. The theme's comes last.
pub(super) fn load_paths(config: &Config, files: &dyn Files, theme: &Theme) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for path in config.sass.load_paths.iter().filter(|path| !path.starts_with("..")) {
        let Some(wildcard) = path.find(['*', '?']) else {
            found.push(path.clone());
            continue;
        };
        let fixed = path.get(..wildcard).and_then(|fixed| fixed.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let depth = path.matches('/').count();
        let all = files.list(fixed, &|folder| folder.matches('/').count() > depth).unwrap_or_default();
        for file in &all {
            let folder = file.match_indices('/').map(|(at, _)| at).nth(depth).and_then(|end| file.get(..end));
            found.extend(folder.filter(|folder| matches_glob(path, folder)).map(str::to_owned));
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|path| seen.insert(path.clone()));
    found.extend(theme.sass());
    found
}
