//! Short names for what pages read: as long as the fingerprint of a read stays the same, so does what it gives.
//!
//! [`Fingerprints::shape`] covers what every page stands on without asking: the program, the configuration, tags, filters,
//! templates, and the data behind releases. [`Fingerprints::entry`] covers what a page is; [`Fingerprints::read`] one thing it
//! looked at.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use carafe_liquid::value::to_json;
use carafe_source::ReadError;
use carafe_source::island;

use crate::config::Mode;
use crate::graph::{Judge, Read};
use crate::site::Entry;
use crate::world::update::release_data;
use crate::world::{Options, World};

/// A fingerprint: half a BLAKE3 hash.
pub(crate) type Fingerprint = [u8; 16];

/// The state of the program's sources.
pub(crate) const PROGRAM: &str = env!("CARAFE_PROGRAM");

/// Gathers parts; each is told from the next, so that `ab`, `c` is not `a`, `bc`.
#[derive(Default)]
pub(crate) struct Parts(blake3::Hasher);

impl Parts {
    pub(crate) fn add(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    pub(crate) fn end(self) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        fingerprint.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        fingerprint
    }
}

/// The fingerprints of one world.
pub(crate) struct Fingerprints<'w> {
    world: &'w World,
    pages: OnceLock<Fingerprint>,
    navigation: OnceLock<Fingerprint>,
    /// The keys of data files, by path.
    data_keys: OnceLock<FxHashMap<Arc<str>, &'w str>>,
}

impl<'w> Fingerprints<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world, pages: OnceLock::new(), navigation: OnceLock::new(), data_keys: OnceLock::new() }
    }

    /// What all pages stand on.
    pub(crate) fn shape(&self, options: &Options) -> Fingerprint {
        let world = self.world;
        let mut parts = Parts::default();
        parts.add(PROGRAM);
        for path in &world.config.files {
            parts.add(path);
            // It may lie outside the site's folder.
            for (_, file) in world.sources.all().into_iter().filter(|(_, file)| *file.path == **path) {
                parts.add(&*file.text);
            }
        }
        parts.add(format!("{:?} {:?} {:?}", options.overrides, options.only, options.environment));
        parts.add(world.theme.describe());
        for ruby in &world.ruby.files {
            self.text(&mut parts, &ruby.path);
        }
        if let Some(github) = world.config.variables.get("github") {
            parts.add(to_json(github).to_string());
        }
        self.includes(&mut parts);
        let mut patterns: Vec<_> = world.tag_files.iter().collect();
        patterns.sort();
        for (pattern, paths) in patterns {
            parts.add(pattern);
            paths.iter().for_each(|path| self.text(&mut parts, path));
        }
        for name in &world.traces.templates {
            parts.add(&**name);
            // A layout of a Jekyll site is read by those pages that it is around.
            if world.config.mode == Mode::Native {
                self.text(&mut parts, &format!("{}/{name}", world.config.content.folders.templates));
            }
        }
        world.assets.iter().for_each(|(path, _)| parts.add(path));
        for (name, path) in world.asset_names.iter() {
            parts.add(path);
            parts.add(name);
        }
        parts.add(world.cards.mark());
        for (key, path) in release_data(world, &world.site) {
            parts.add(key);
            self.text(&mut parts, &path);
        }
        if world.site.entries.iter().any(|entry| entry.variant.release.is_some()) {
            world.site.entries.iter().for_each(|entry| parts.add(&*entry.url));
        }
        parts.end()
    }

    /// The templates of tags and filters, and which includes come from which of the further folders. Those of the site's own
    /// folder win over them, and pages note each that they missed.
    fn includes(&self, parts: &mut Parts) {
        let world = self.world;
        let own = format!("{}/", world.config.content.folders.includes);
        for name in world.includes.names() {
            let code = name.starts_with("tags/") || name.starts_with("filters/");
            let Some((shown, text)) = world.includes.text(&name) else { continue };
            if !code && shown.strip_prefix(&own) == Some(&*name) {
                continue;
            }
            parts.add(&*name);
            parts.add(&*shown);
            match text {
                Ok(text) if code => parts.add(&*text),
                _ => parts.add([]),
            }
        }
    }

    /// What a page is: its address, what it says of itself, its release.
    pub(crate) fn entry(&self, entry: &Entry) -> Fingerprint {
        let mut parts = Parts::default();
        for part in [&entry.page.path, &entry.output, &entry.url] {
            parts.add(&**part);
        }
        for (key, value) in entry.values.iter() {
            parts.add(&**key);
            parts.add(to_json(value).to_string());
        }
        parts.add(format!("{:?} {:?} {}", entry.page.class, entry.groups, entry.written));
        parts.add(format!("{} {}", entry.page.language, entry.variant.language));
        if entry.page.is_generated() {
            parts.add(&*entry.page.text);
        }
        if let Some(release) = &entry.variant.release {
            let all: Vec<_> = release.all.iter().map(to_json).collect();
            let names = (&release.product, &release.value, &release.label);
            parts.add(format!("{names:?} {} {} {all:?}", release.latest, release.lts));
        }
        parts.end()
    }

    /// What `read` gives.
    pub(crate) fn read(&self, read: &Read) -> Fingerprint {
        read.judged(self)
    }

    /// All pages and static files, and all they say.
    fn all_pages(&self) -> Fingerprint {
        let mut parts = Parts::default();
        for entry in &self.world.site.entries {
            parts.add(self.entry(entry));
            parts.add(&*entry.page.text);
        }
        for file in self.world.site.statics.iter().chain(self.world.site.unwritten.iter()) {
            parts.add(&*file.path);
            parts.add(&*file.output);
        }
        parts.end()
    }

    fn trees(&self) -> Fingerprint {
        let mut parts = Parts::default();
        self.world.navigation.describe().for_each(|tree| parts.add(tree));
        parts.add(format!("{:?}", self.world.scopes));
        parts.end()
    }

    /// The text at a path as reads name it, in the site's folder and in the further folders of includes.
    fn text(&self, parts: &mut Parts, path: &str) {
        let world = self.world;
        let mut add = |text: Result<Arc<str>, ReadError>| match text {
            Ok(text) => parts.add(island::clean(&text).as_bytes()),
            Err(error) => parts.add(format!("\0{error:?}")),
        };
        add(world.files.read(path));
        if let Some(text) = world.code.outside(path) {
            add(text);
        }
        for (root, files) in &world.traces.extra {
            if let Some(inner) = Path::new(path).strip_prefix(root).ok().and_then(Path::to_str) {
                add(files.read(inner));
            }
        }
    }
}

/// What a read gives in this world.
impl Judge for Fingerprints<'_> {
    type Answer = Fingerprint;

    fn file(&self, path: &Arc<str>) -> Fingerprint {
        let mut parts = Parts::default();
        self.text(&mut parts, path);
        parts.end()
    }

    fn data(&self, path: &Arc<str>) -> Fingerprint {
        let mut parts = Parts::default();
        self.text(&mut parts, path);
        // Another file may have taken its key.
        let keys = || self.world.site.data.paths().map(|(key, path)| (path.clone(), key)).collect();
        let key = self.data_keys.get_or_init(keys).get(path).copied().unwrap_or_default();
        parts.add(key);
        parts.add(self.world.site.data.below(key).map_or("", |below| &**below));
        parts.end()
    }

    fn data_keys(&self, prefix: &str) -> Fingerprint {
        let below = |key: &str| {
            let rest = key.strip_prefix(prefix);
            prefix.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let mut parts = Parts::default();
        for (key, path) in self.world.site.data.paths().filter(|(key, _)| below(key)) {
            parts.add(key);
            parts.add(&**path);
        }
        parts.end()
    }

    // Which tags, filters and data of theirs there are is part of the shape.
    fn names(&self, _start: &str) -> Fingerprint {
        Parts::default().end()
    }

    fn page(&self, path: &Arc<str>) -> Fingerprint {
        let site = &self.world.site;
        let file = || site.statics.iter().chain(site.unwritten.iter()).find(|file| file.path == *path);
        let page = site.known_of(path);
        let mut parts = Parts::default();
        match page.as_ref().or_else(|| file().map(|file| &file.output)) {
            Some(address) => parts.add(&**address),
            None => parts.add([]),
        }
        // What a file holds may stay the same when its time, which pages of Jekyll sites see, does not.
        if self.world.config.mode == Mode::Jekyll && page.is_none() && file().is_some() {
            parts.add(self.world.files.modified(path).unwrap_or_default().to_string());
        }
        parts.end()
    }

    fn picture(&self, path: &Arc<str>) -> Fingerprint {
        let mut parts = Parts::default();
        parts.add(format!("{:?}", self.world.picture(path)));
        parts.end()
    }

    fn variants(&self, path: &Arc<str>) -> Fingerprint {
        let mut parts = Parts::default();
        match self.world.files.read_bytes(path) {
            Ok(bytes) if self.world.has_variants() => parts.add(bytes),
            _ => parts.add([]),
        }
        parts.end()
    }

    fn pages(&self) -> Fingerprint {
        *self.pages.get_or_init(|| self.all_pages())
    }

    fn navigation(&self) -> Fingerprint {
        *self.navigation.get_or_init(|| self.trees())
    }

    fn time(&self) -> Fingerprint {
        let mut parts = Parts::default();
        parts.add(self.world.site.now.to_string());
        parts.end()
    }
}
