//! Data files that calls of tags name: each is read and parsed once per world.

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use carafe_liquid::{Data, DataText};
use carafe_source::{FileId, Files, ReadError, Sources};
use rustc_hash::FxHashMap;

use crate::content::{self, Unread, Yaml};

type Read = Result<(FileId, Arc<str>), ReadError>;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct NamedData {
    files: Mutex<FxHashMap<Arc<str>, Read>>,
    values: Mutex<FxHashMap<FileId, Data>>,
}

impl NamedData {
    /// The file at `path`: its number and its text.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub(crate) fn file(&self, path: &Arc<str>, files: &dyn Files, sources: &Sources) -> Read {
        let mut known = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match known.entry(path.clone()) {
            Entry::Occupied(read) => read.get().clone(),
            Entry::Vacant(place) => {
                let read = files.read(path).map(|text| (sources.add(path, text.clone()), text));
                place.insert(read).clone()
            }
        }
    }

    /// What the whole text of a file says, which may take so many bytes of memory.
    ///
    /// # Errors
    /// Why it says nothing.
    pub(crate) fn value(&self, text: &DataText<'_>, yaml: &Yaml, most: usize) -> Result<Data, Unread> {
        let known = || self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(data) = known().get(&text.file).filter(|data| data.bytes <= most) {
            return Ok(data.clone());
        }
        let data = content::read_data(text, yaml, &Default::default(), most)?;
        known().insert(text.file, data.clone());
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use carafe_liquid::DataFormat;
    use carafe_source::Listing;

    use super::*;

    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    impl Files for Counting {
        fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if path == "a.yml" { Ok(b"x: [1, 2]\n".to_vec()) } else { Err(ReadError::NotFound) }
        }

        fn walk(&self, _: &str, _: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
            Err(ReadError::NotFound)
        }
    }

    #[test]
    fn a_file_is_read_and_parsed_once_whoever_asks() {
        let (known, files, sources) = (NamedData::default(), Counting::default(), Sources::default());
        let ask = |path: &str, most: usize| {
            let (file, text) = known.file(&path.into(), &files, &sources).ok()?;
            let text = DataText { text: &text, format: DataFormat::Yaml, file, code: "data-file" };
            known.value(&text, &Yaml::default(), most).ok().map(|data| data.value)
        };
        let items = |value: &carafe_liquid::Value| match value {
            carafe_liquid::Value::Map(map) => Arc::as_ptr(map),
            other => panic!("{other:?}"),
        };
        let (first, second) = (ask("a.yml", 1 << 20).unwrap(), ask("a.yml", 1 << 20).unwrap());
        assert_eq!(items(&first), items(&second), "the same value, and no copy");
        assert!(ask("b.yml", 1 << 20).is_none() && ask("b.yml", 1 << 20).is_none());
        assert_eq!(files.0.load(Ordering::Relaxed), 2);
        assert!(ask("a.yml", 8).is_none(), "what is known counts against who asks");
    }
}
