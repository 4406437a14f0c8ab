//! Results by content.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

type Key = [u8; 32];
type Slot = Arc<OnceLock<Arc<str>>>;

/// Several locks instead of one, so that threads seldom wait for each other; any count will do.
const SHARDS: usize = 16;

/// A map from (language, code) to the highlighted text that makes each entry once.
#[derive(Default)]
pub(super) struct Cache {
    shards: [Mutex<FxHashMap<Key, Slot>>; SHARDS],
}

impl Cache {
    /// What is kept for this code, made if need be. A thread that asks for what another one is making waits for it.
    pub(super) fn get_or_make(&self, language: &str, code: &str, make: impl FnOnce() -> String) -> Arc<str> {
        let key = key(language, code);
        let slot = {
            let shard = &self.shards[usize::from(key[0]) % SHARDS];
            Arc::clone(lock(shard).entry(key).or_default())
        };
        Arc::clone(slot.get_or_init(|| make().into()))
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }
}

/// The map itself is never left half changed, so a panic elsewhere does not spoil it.
fn lock(shard: &Mutex<FxHashMap<Key, Slot>>) -> MutexGuard<'_, FxHashMap<Key, Slot>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(language: &str, code: &str) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(language.as_bytes()).update(b"\0").update(code.as_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

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
    fn language_and_code_both_count() {
        let cache = Cache::default();
        cache.get_or_make("a", "bc", || "1".into());
        cache.get_or_make("ab", "c", || "2".into());
        cache.get_or_make("a", "x", || "3".into());
        assert_eq!(cache.len(), 3);
        assert_eq!(&*cache.get_or_make("ab", "c", || "4".into()), "2");
    }
}
