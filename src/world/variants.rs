//! Variants of pictures: made once for what a picture's file holds and the site wishes, by threads of their own, and kept where the build keeps things.
//!
//! 1. A page names its pictures ([`World::variants`]); those that nobody has asked for before are started, all at once, and waited for.
//! 2. Whoever writes the site asks for the files ([`World::variant_files`]); the preview for one of them, by its address ([`World::variant_at`]).
//!
//! What is made depends on the bytes of the picture and on the wishes alone, so it does not matter who asks first, or whether it was kept.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError};

use crate::content::StaticFile;

use super::World;

/// Whether pictures get variants where the configuration wishes for them, and where these are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Variants {
    /// They get none: nobody looks at the files of this site.
    #[default]
    None,
    /// In memory, as long as the site is.
    InMemory,
    /// In files, which may be removed at any time.
    In {
        /// The folder of the cache, which is made when it is needed.
        cache: PathBuf,
        /// The folder of variants in it.
        name: &'static str,
    },
}

/// One file that stands for a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// In pixels.
    pub width: u32,
    /// Its path in the output, beside that of the picture.
    pub output: String,
}

/// Why a picture has no variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It has so many pixels, which are more than are taken apart.
    Large(u64),
    /// What its file begins as, and what is wrong with it.
    Broken(String, String),
}

/// What was made of one picture.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// The widest first.
    pub variants: Vec<Variant>,
    pub trouble: Option<Trouble>,
    /// What the variants hold, in their order; none where there is no room to keep it.
    bytes: Option<Vec<Arc<[u8]>>>,
}

/// What is being made of one picture.
pub(super) type Slot = Arc<OnceLock<Arc<Made>>>;

impl World {
    /// Whether pages say of pictures in which sizes and forms there are.
    pub(crate) fn has_variants(&self) -> bool {
        self.variants.is_wanted() && self.config.pictures.has_variants()
    }

    /// What was made of each of these pictures of the site. Waits until all is made.
    pub(crate) fn variants(&self, files: &[&StaticFile]) -> Vec<Arc<Made>> {
        let slots: Vec<Slot> = files.iter().map(|file| self.variants_slot(file)).collect();
        slots.iter().map(|slot| slot.wait().clone()).collect()
    }

    fn variants_slot(&self, file: &StaticFile) -> Slot {
        let mut known = self.pictures.variants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = known.get(&file.path) {
            return slot.clone();
        }
        let slot = Slot::default();
        known.insert(file.path.clone(), slot.clone());
        drop(known);
        self.variants.start(self.files.clone(), file, &self.config.pictures, slot.clone());
        slot
    }

    /// The files of a picture's variants: path in the output and bytes.
    pub(crate) fn variant_files(&self, file: &StaticFile) -> Vec<(String, Arc<[u8]>)> {
        let Some(made) = self.variants(&[file]).pop() else { return Vec::new() };
        let bytes = match &made.bytes {
            Some(bytes) => bytes.clone(),
            None if made.variants.is_empty() => Vec::new(),
            None => self.variants.again(&*self.files, file, &self.config.pictures),
        };
        made.variants.iter().map(|variant| variant.output.clone()).zip(bytes).collect()
    }

    /// The file of a variant at this path of the output.
    pub(crate) fn variant_at(&self, output: &str) -> Option<Arc<[u8]>> {
        let (plain, ending) = output.rsplit_once('.')?;
        let (sized, stamp) = plain.rsplit_once('.')?;
        let (stem, width) = sized.rsplit_once('-')?;
        let is_variant = ["webp", "png", "jpg"].contains(&ending) && stamp.len() == super::assets::DIGITS;
        if !self.has_variants() || !is_variant || width.parse::<u32>().is_err() {
            return None;
        }
        let is_source = |file: &&StaticFile| {
            let (folder, name) = parts(&file.output);
            stem.strip_prefix(folder) == Some(name)
        };
        let mut sources = self.site.statics.iter().filter(is_source);
        sources
            .find_map(|file| self.variant_files(file).into_iter().find(|(path, _)| path == output))
            .map(|(_, bytes)| bytes)
    }
}

/// The folder of a file, with its slash, and its name without the ending.
fn parts(output: &str) -> (&str, &str) {
    let (folder, name) = output.split_at(output.rfind('/').map_or(0, |at| at + 1));
    (folder, name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

#[cfg(not(feature = "cli"))]
mod workshop {
    //! A program that uses Carafe as a library makes no variants.

    use std::sync::Arc;

    use carafe_source::Files;

    use crate::config::PictureOptions;
    use crate::content::StaticFile;

    use super::{Slot, Variants};

    #[derive(Debug, Default)]
    pub(crate) struct Workshop;

    impl Workshop {
        pub(crate) fn new(_variants: &Variants) -> Self {
            Self
        }
        pub(crate) fn is_wanted(&self) -> bool {
            false
        }
        pub(super) fn start(self: &Arc<Self>, _: Arc<dyn Files>, _: &StaticFile, _: &PictureOptions, slot: Slot) {
            let _ = slot.set(Arc::default());
        }
        pub(super) fn again(&self, _: &dyn Files, _: &StaticFile, _: &PictureOptions) -> Vec<Arc<[u8]>> {
            Vec::new()
        }
        pub(crate) fn tidy(&self) {}
    }
}

#[cfg(feature = "cli")]
mod workshop;

pub(crate) use workshop::Workshop;
