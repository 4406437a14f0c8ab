//! The threads that make variants, and what they keep.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

use carafe_source::Files;

use crate::config::PictureOptions;
use crate::content::StaticFile;
use crate::picture::variants::{self, Wish};
use crate::picture::{self, MOST_PIXELS};
use crate::world::assets::stamped;
use crate::world::kept;

use super::{Made, Slot, Trouble, Variant, Variants};

/// How many bytes of variants are held in memory; what is beyond is made again when it is asked for.
const MOST_BYTES: usize = 256 << 20;
/// No file that is larger is looked at.
const LARGEST_FILE: usize = 256 << 20;
/// What the bytes of a kept file begin with, before their checksum.
const MAGIC: &[u8] = b"carafe pictures 1\n";
/// For how long files are kept that no build has asked for.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// What is made of one picture's file.
type Result = std::result::Result<Vec<variants::Variant>, variants::Trouble>;

/// Makes variants. Shared by all worlds of a site.
#[derive(Debug, Default)]
pub(crate) struct Workshop {
    place: Variants,
    pool: OnceLock<Option<ThreadPool>>,
    /// How many pixels are taken apart at this moment.
    pixels: Mutex<u64>,
    less: Condvar,
    held: AtomicUsize,
    /// The files in the folder that were asked for.
    used: Mutex<BTreeSet<String>>,
}

impl Workshop {
    pub(crate) fn new(variants: &Variants) -> Self {
        Self { place: variants.clone(), ..Self::default() }
    }

    /// Whether there is to be anything at all.
    pub(crate) fn is_wanted(&self) -> bool {
        self.place != Variants::None
    }

    /// Fills the slot for a file, in a thread of its own. Whoever waits for it may be one of another pool's threads: nothing of theirs is done here.
    pub(super) fn start(
        self: &Arc<Self>,
        files: Arc<dyn Files>,
        file: &StaticFile,
        options: &PictureOptions,
        slot: Slot,
    ) {
        let (shop, wish) = (self.clone(), wish(options));
        let (path, output) = (file.path.clone(), file.output.clone());
        let work = move || {
            let made = catch_unwind(AssertUnwindSafe(|| shop.made(&*files, &path, &output, &wish)));
            // Whoever waits is to go on, whatever has happened.
            let _ = slot.set(Arc::new(made.unwrap_or_default()));
        };
        let pool = || ThreadPoolBuilder::new().thread_name(|at| format!("pictures-{at}")).build().ok();
        match self.pool.get_or_init(pool) {
            Some(pool) => pool.spawn(work),
            None => work(),
        }
    }

    /// What the variants of a file hold, once more.
    pub(super) fn again(&self, files: &dyn Files, file: &StaticFile, options: &PictureOptions) -> Vec<Arc<[u8]>> {
        let found = self.result(files, &file.path, &wish(options)).unwrap_or_default();
        found.into_iter().map(|variant| variant.bytes.into()).collect()
    }

    fn made(&self, files: &dyn Files, path: &str, output: &str, wish: &Wish) -> Made {
        let found = match self.result(files, path, wish) {
            Ok(found) => found,
            Err(variants::Trouble::Large(pixels)) => {
                return Made { trouble: Some(Trouble::Large(pixels)), ..Made::default() };
            }
            Err(variants::Trouble::Broken(kind, how)) => {
                return Made { trouble: Some(Trouble::Broken(kind, how)), ..Made::default() };
            }
        };
        let (folder, stem) = super::parts(output);
        let named = |variant: &variants::Variant| {
            let plain = format!("{folder}{stem}-{}.{}", variant.width, variant.ending);
            stamped(&plain, &variant.bytes).map(|output| Variant { width: variant.width, output })
        };
        let size: usize = found.iter().map(|variant| variant.bytes.len()).sum();
        let variants = found.iter().filter_map(named).collect();
        let is_held = self.held.fetch_add(size, Ordering::Relaxed) + size <= MOST_BYTES;
        if !is_held {
            self.held.fetch_sub(size, Ordering::Relaxed);
        }
        let bytes = is_held.then(|| found.into_iter().map(|variant| variant.bytes.into()).collect());
        Made { variants, trouble: None, bytes }
    }

    /// As it was kept, or made now.
    fn result(&self, files: &dyn Files, path: &str, wish: &Wish) -> Result {
        // What no variants are made of is not read as a whole.
        if !files.read_start(path, 16).is_ok_and(|start| variants::is_known(&start)) {
            return Ok(Vec::new());
        }
        let Ok(bytes) = files.read_bytes(path) else { return Ok(Vec::new()) };
        if bytes.len() > LARGEST_FILE {
            return Ok(Vec::new());
        }
        let make = || postcard::to_allocvec(&self.taken_apart(&bytes, wish)).ok();
        if !matches!(self.place, Variants::In { .. }) {
            return self.taken_apart(&bytes, wish);
        }
        let what = [format!("{wish:?}\n").as_bytes(), &bytes].concat();
        let kept = self.kept_or(&what, &make);
        kept.and_then(|payload| postcard::from_bytes(&payload).ok()).unwrap_or_else(|| self.taken_apart(&bytes, wish))
    }

    /// What is kept of `what`, else what is made now, which is then kept where there is a place for it; `None` when it could not be made.
    pub(crate) fn kept_or(&self, what: &[u8], make: &dyn Fn() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        let Variants::In { cache, name: folder } = &self.place else { return make() };
        let name = name(what);
        let inner = format!("{folder}/{name}");
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        if let Some(kept) = found(&cache.join(&inner)) {
            return Some(kept);
        }
        let made = make()?;
        // Where it cannot be kept it is made again next time.
        let _ = kept::keep(cache, &inner, &[MAGIC, blake3::hash(&made).as_bytes(), &made].concat());
        Some(made)
    }

    fn taken_apart(&self, bytes: &[u8], wish: &Wish) -> Result {
        let size = picture::size(&|most| bytes.get(..most.min(bytes.len())).map(<[u8]>::to_vec));
        let pixels = size.map_or(0, |size| u64::from(size.width) * u64::from(size.height)).min(MOST_PIXELS);
        let lock = || self.pixels.lock().unwrap_or_else(PoisonError::into_inner);
        let mut busy = lock();
        while *busy > 0 && *busy + pixels > MOST_PIXELS {
            busy = self.less.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        *busy += pixels;
        drop(busy);
        let failed = |_| Err(variants::Trouble::Broken("picture".to_owned(), "it makes its reader fail".to_owned()));
        let made = catch_unwind(AssertUnwindSafe(|| variants::variants(bytes, wish))).unwrap_or_else(failed);
        *lock() -= pixels;
        self.less.notify_all();
        made
    }

    /// Removes from the folder what nobody has asked for in a long time.
    pub(crate) fn tidy(&self) {
        let Variants::In { cache, name } = &self.place else { return };
        let folder = cache.join(name);
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |path: &Path| {
            let age =
                fs::metadata(path).and_then(|found| found.modified()).map(|time| time.elapsed().unwrap_or_default());
            age.is_ok_and(|age| age > KEPT)
        };
        let files = fs::read_dir(folder).into_iter().flatten().filter_map(std::result::Result::ok);
        let unused = files.filter(|file| !used.contains(&*file.file_name().to_string_lossy()));
        for path in unused.map(|file| file.path()).filter(|path| is_old(path)) {
            // What stays is tried by the next build.
            let _ = fs::remove_file(path);
        }
    }
}

fn wish(options: &PictureOptions) -> Wish {
    Wish { sizes: options.sizes.clone(), webp: options.webp }
}

/// The name of the file that keeps what this program makes of `what`.
fn name(what: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARAFE_PROGRAM").as_bytes());
    hasher.update(what);
    hasher.finalize().to_hex()[..32].to_owned()
}

/// What a file keeps; `None` for one that is not there or was damaged.
fn found(file: &Path) -> Option<Vec<u8>> {
    let bytes = fs::metadata(file).ok().filter(fs::Metadata::is_file).and_then(|_| fs::read(file).ok())?;
    let (checksum, payload) = bytes.strip_prefix(MAGIC)?.split_at_checked(blake3::OUT_LEN)?;
    (blake3::hash(payload).as_bytes() == checksum).then(|| payload.to_vec())
}
