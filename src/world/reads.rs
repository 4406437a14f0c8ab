//! Recording what a page reads beside what its own Liquid asks for: its source, the configuration, what lists it, its
//! template, and the files of includes and tags with those that would take their place.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::FileId;

use crate::config::Mode;
use crate::content::matches_glob;
use crate::graph::{Read, Reads};
use crate::site::Entry;

use crate::world::World;

/// The data files that list the pages of a release, by product and release.
pub(crate) type ReleaseFiles = FxHashMap<(Arc<str>, Arc<str>), Vec<Arc<str>>>;

/// What the paths of the theme's own files begin with.
pub(crate) const BUILT_IN: &str = "(built in)/";

impl World {
    /// What every page reads before it is rendered.
    pub(crate) fn record_page(&self, entry: &Entry, reads: &Reads) {
        reads.record(Read::File(entry.page.path.clone()));
        self.record_shared(reads);
        self.record_translations(entry, reads);
        if let Some(release) = &entry.variant.release {
            let files = self.release_files.get_or_init(|| release_files(self));
            let key = (release.product.clone(), release.value.clone());
            for path in files.get(&key).into_iter().flatten() {
                reads.record(Read::Data(path.clone()));
            }
        }
    }

    /// What every rendering stands on: the configuration, and which tags and filters there are.
    pub(crate) fn record_shared(&self, reads: &Reads) {
        for file in &self.config.files {
            reads.record(Read::File(file.as_str().into()));
        }
        // The file that would make another site of it, if it appeared.
        let own = crate::config::NATIVE_FILE;
        if !self.config.files.iter().any(|file| file == own) {
            reads.record(Read::Missing(own.into()));
        }
        if self.config.files.is_empty() {
            reads.record(Read::Missing(crate::config::JEKYLL_FILE.into()));
        }
        if self.config.mode == Mode::Jekyll && !self.config.files.iter().any(|file| file == crate::config::GEM_FILE) {
            reads.record(Read::Missing(crate::config::GEM_FILE.into()));
        }
        for ruby in &self.ruby.files {
            reads.record(Read::File(ruby.path.clone()));
        }
        let includes = &self.config.content.folders.includes;
        for folder in ["tags", "filters"] {
            reads.record(Read::Names(format!("{includes}/{folder}/").into()));
        }
    }

    /// The page's template, with those it stands on, and the navigation.
    pub(crate) fn record_template(&self, entry: &Entry, reads: &Reads) {
        let Some(templates) = &self.templates else { return };
        let folder = &self.config.content.folders.templates;
        for name in templates.uses(&template_name(entry)).union(&*templates.uses("nav.html")) {
            let path = format!("{folder}/{name}").into();
            reads.record(if templates.is_own(name) { Read::File(path) } else { Read::Missing(path) });
        }
        let own = self.words.of_page(entry);
        // Links to other languages are called as these call themselves.
        let others = self.site.languages.all().iter().map(|language| &*language.code);
        for code in std::iter::once(&*own.language.code).chain(others) {
            for (file, is_own) in self.words.files_of(code) {
                let path = format!("{folder}/{file}").into();
                reads.record(if is_own { Read::File(path) } else { Read::Missing(path) });
            }
        }
        reads.record(Read::Navigation);
        for path in &*self.site.front_data {
            reads.record(Read::Data(path.clone()));
        }
        for prefix in &*self.site.front_keys {
            reads.record(Read::DataKeys(prefix.clone()));
        }
    }

    /// A layout that is not there.
    pub(crate) fn record_missing_layout(&self, name: &str, reads: &Reads) {
        let folder = &self.config.content.folders.templates;
        reads.record(Read::Missing(format!("{folder}/{name}.html").into()));
    }

    /// An include that was asked for as `name`; `shown` is its path when it was `found`.
    pub(crate) fn record_include(&self, name: &str, shown: Arc<str>, found: bool, reads: &Reads) {
        let name = name.strip_prefix("./").unwrap_or(name).trim_start_matches('/');
        let own = format!("{}/{name}", self.config.content.folders.includes);
        if !found || *shown != *own {
            // A file of the site would win over one from elsewhere.
            reads.record(Read::Missing(own.into()));
        }
        if found && !shown.starts_with(BUILT_IN) {
            reads.record(Read::File(shown));
        }
    }

    /// A template that was entered: an include's, a tag's or a filter's.
    pub(crate) fn record_entered(&self, file: FileId, reads: &Reads) {
        let Some(path) = self.sources.get(file).map(|file| file.path.clone()) else { return };
        let includes = &self.config.content.folders.includes;
        match path.strip_prefix(BUILT_IN) {
            Some(name) => reads.record(Read::Missing(format!("{includes}/{name}").into())),
            None => reads.record(Read::File(path.clone())),
        }
        let name = path.rsplit_once("tags/").and_then(|(_, name)| name.strip_suffix(".html"));
        let Some(definition) = name.and_then(|name| self.tags.definition(name)) else { return };
        for (_, pattern) in &definition.data {
            for path in self.tag_files.get(pattern).into_iter().flatten() {
                reads.record(Read::Data(path.clone()));
            }
            let fixed = pattern.split(['*', '?']).next().unwrap_or_default();
            reads.record(Read::Names(fixed.into()));
        }
    }
}

/// The file of the versions and the navigations of each release.
fn release_files(world: &World) -> ReleaseFiles {
    let mut files = ReleaseFiles::default();
    let Some(single_source) = &world.config.single_source else { return files };
    let data = &world.site.data;
    let versions = data.get(&single_source.versions).map(|(path, _)| path);
    let keys: Vec<&str> = data
        .stems()
        .filter(|(_, stem)| single_source.nav.iter().any(|glob| matches_glob(glob, stem)))
        .map(|(key, _)| key)
        .collect();
    for key in keys {
        let Some((path, navigation)) = data.get(key) else { continue };
        let text = |key: &str| navigation.field(key).map(|value| carafe_liquid::convert::text(&value).into_owned());
        let (Some(product), Some(release)) = (text("product"), text("release")) else { continue };
        let listed =
            files.entry((product.into(), release.into())).or_insert_with(|| versions.iter().cloned().collect());
        listed.push(path);
    }
    files
}

/// The page's template.
pub(crate) fn template_name(entry: &Entry) -> String {
    let layout = entry.text("layout").or_else(|| entry.text("template")).unwrap_or("page");
    if layout.contains('.') { layout.to_owned() } else { format!("{layout}.html") }
}
