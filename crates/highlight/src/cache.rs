//! Results by content.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use twox_hash::{XxHash3_64, XxHash3_128};

type Key = u128;

#[derive(Debug, Default)]
struct Slot {
    text: OnceLock<Arc<str>>,
    /// The time, counted in [`Cache::age`]s, when it was last asked for.
    used: AtomicU32,
}

/// Several locks instead of one, so that threads seldom wait for each other; any count will do.
const SHARDS: usize = 16;
/// How many bytes must have been made until it is worth looking for what nobody asks for any more.
const WORTH: usize = 256 << 10;
/// The same as a part of all that is kept: each so many-th.
const PART: usize = 16;
/// What an entry takes beside its text.
const OVERHEAD: usize = 128;

/// A map from (language, code) to the highlighted text that makes each entry once.
#[derive(Default)]
pub(super) struct Cache {
    shards: [Mutex<FxHashMap<Key, Arc<Slot>>>; SHARDS],
    now: AtomicU32,
    /// Bytes made since time has last gone on.
    made: AtomicUsize,
    /// Bytes kept then.
    kept: AtomicUsize,
}

impl Cache {
    /// What is kept for this code, made if need be. A thread that asks for what another one is making waits for it.
    pub(super) fn get_or_make(&self, language: &str, code: &str, make: impl FnOnce() -> String) -> Arc<str> {
        let key = key(language, code);
        let slot = {
            let shard = &self.shards[key as usize % SHARDS];
            Arc::clone(lock(shard).entry(key).or_default())
        };
        slot.used.store(self.now.load(Ordering::Relaxed), Ordering::Relaxed);
        let made = || {
            let text: Arc<str> = make().into();
            self.made.fetch_add(text.len() + OVERHEAD, Ordering::Relaxed);
            text
        };
        Arc::clone(slot.text.get_or_init(made))
    }

    /// Forgets what nobody has asked for during the last two ages; an age lasts until a good part of what is kept is new.
    pub(super) fn age(&self) {
        let (made, kept) = (self.made.load(Ordering::Relaxed), self.kept.load(Ordering::Relaxed));
        if made < WORTH.max(kept / PART) {
            return;
        }
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        let mut kept = 0;
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.retain(|_, slot| slot.used.load(Ordering::Relaxed) + 1 >= now);
            kept += shard.values().map(|slot| slot.text.get().map_or(0, |text| text.len()) + OVERHEAD).sum::<usize>();
            if shard.capacity() > 4 * shard.len() {
                shard.shrink_to_fit();
            }
        }
        self.kept.store(kept, Ordering::Relaxed);
        self.made.store(0, Ordering::Relaxed);
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        self.shards.iter().for_each(|shard| drop(std::mem::take(&mut *lock(shard))));
        self.kept.store(0, Ordering::Relaxed);
        self.made.store(0, Ordering::Relaxed);
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }
}

/// The map itself is never left half changed, so a panic elsewhere does not spoil it.
fn lock(shard: &Mutex<FxHashMap<Key, Arc<Slot>>>) -> MutexGuard<'_, FxHashMap<Key, Arc<Slot>>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(language: &str, code: &str) -> Key {
    XxHash3_128::oneshot_with_seed(XxHash3_64::oneshot(language.as_bytes()), code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_one_result() {
        let (cache, made) = (Cache::default(), AtomicUsize::new(0));
        let make = || {
            made.fetch_add(1, Ordering::Relaxed);
            "html".to_owned()
        };
        let results: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| cache.get_or_make("yaml", "a: b", make))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.load(Ordering::Relaxed), 1);
        assert!(results.iter().all(|result| Arc::ptr_eq(result, &results[0])));
    }

    #[test]
    fn what_nobody_asks_for_is_forgotten_and_the_rest_stays() {
        let cache = Cache::default();
        let text = "x".repeat(WORTH / 64);
        let mut most = 0;
        for round in 0..2000 {
            cache.get_or_make("a", &format!("edit {round}"), || text.clone());
            cache.get_or_make("a", "always", || "1".into());
            cache.age();
            most = most.max(cache.len());
        }
        assert!(most < 4 * 64, "{most}");
        assert_eq!(&*cache.get_or_make("a", "always", || "2".into()), "1");
    }

    #[test]
    fn what_is_cleared_is_made_anew() {
        let cache = Cache::default();
        cache.get_or_make("a", "b", || "1".into());
        cache.clear();
        assert_eq!(cache.len(), 0);
        assert_eq!(&*cache.get_or_make("a", "b", || "2".into()), "2");
    }

    #[test]
    fn language_and_code_both_count() {
        let cache = Cache::default();
        cache.get_or_make("a", "bc", || "1".into());
        cache.get_or_make("ab", "c", || "2".into());
        cache.get_or_make("a", "x", || "3".into());
        assert_eq!(cache.len(), 3);
        assert_eq!(&*cache.get_or_make("ab", "c", || "4".into()), "2");
    }
}
