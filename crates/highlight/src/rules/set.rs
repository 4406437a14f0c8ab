//! Sets of bytes, runs of them, and the choice by the next byte.

/// So long a run is walked byte by byte; what is longer is searched by the processor's own means.
const SHORT: usize = 16;

/// A set of bytes. Those of characters beyond ASCII are all in it or all not.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Set([bool; 256]);

impl Set {
    pub(super) const NONE: Self = Self([false; 256]);
    pub(super) const ALL: Self = Self([true; 256]);

    pub(super) fn of(fits: impl Fn(u8) -> bool) -> Self {
        let mut set = Self::NONE;
        (0..=255).filter(|&byte| fits(byte)).for_each(|byte| set.add(byte));
        set
    }

    pub(super) fn add(&mut self, byte: u8) {
        self.0[usize::from(byte)] = true;
    }

    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    pub(super) fn not(self) -> Self {
        Self(self.0.map(|has| !has))
    }
}

/// What walks over bytes of a set.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) set: Set,
    /// The bytes that end it, where they are few.
    ends: Option<Vec<u8>>,
}

impl Run {
    pub(super) fn new(set: Set) -> Self {
        let ends: Vec<u8> = (0..=255).filter(|&byte| !set.has(byte)).collect();
        Self { set, ends: (1..=3).contains(&ends.len()).then_some(ends) }
    }

    /// How many bytes the run at the start of these is long.
    #[inline]
    pub(super) fn len(&self, bytes: &[u8]) -> usize {
        let short = &bytes[..bytes.len().min(SHORT)];
        match short.iter().position(|&byte| !self.set.has(byte)) {
            Some(len) => len,
            None if short.len() < SHORT => short.len(),
            None => SHORT + self.search(&bytes[SHORT..]),
        }
    }

    #[inline(never)]
    fn search(&self, bytes: &[u8]) -> usize {
        let found = match self.ends.as_deref() {
            Some(&[a]) => memchr::memchr(a, bytes),
            Some(&[a, b]) => memchr::memchr2(a, b, bytes),
            Some(&[a, b, c]) => memchr::memchr3(a, b, c, bytes),
            _ => bytes.iter().position(|&byte| !self.set.has(byte)),
        };
        found.unwrap_or(bytes.len())
    }
}

/// Which of several things can come, by the next byte.
#[derive(Clone)]
pub(super) struct Choice {
    lists: Vec<Vec<u16>>,
    by_byte: [u16; 256],
    at_end: Vec<u16>,
}

impl Choice {
    /// Each thing with what it can begin with, and whether it can be empty.
    pub(super) fn new(firsts: &[(Set, bool)]) -> Self {
        let those = |can: &dyn Fn(&Set) -> bool| -> Vec<u16> {
            (0..).zip(firsts).filter(|(_, (set, empty))| *empty || can(set)).map(|(at, _)| at).collect()
        };
        let mut lists: Vec<Vec<u16>> = Vec::new();
        let mut by_byte = [0; 256];
        for byte in 0..256 {
            // Most bytes are as the one before.
            by_byte[byte] = if byte > 0 && firsts.iter().all(|(set, _)| set.0[byte] == set.0[byte - 1]) {
                by_byte[byte - 1]
            } else {
                let list = those(&|set| set.0[byte]);
                let at = lists.iter().position(|known| *known == list).unwrap_or_else(|| {
                    lists.push(list);
                    lists.len() - 1
                });
                u16::try_from(at).unwrap_or_default()
            };
        }
        Self { lists, by_byte, at_end: those(&|_| false) }
    }

    /// The places of the things that can begin with this byte, in order.
    #[inline]
    pub(super) fn of(&self, byte: u8) -> &[u16] {
        &self.lists[usize::from(self.by_byte[usize::from(byte)])]
    }

    /// The places of those that can stand where nothing comes any more.
    pub(super) fn at_end(&self) -> &[u16] {
        &self.at_end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_their_set_does_however_long() {
        for ends in [&b"\n"[..], b"\"\\", b"\"\\\n", b"abcd", b""] {
            let run = Run::new(Set::of(|byte| !ends.contains(&byte)));
            for len in [0, 1, SHORT - 1, SHORT, SHORT + 1, 1000] {
                let mut text = vec![b'x'; len];
                assert_eq!(run.len(&text), len);
                if let Some(&last) = ends.last() {
                    text.extend([last, b'x']);
                    assert_eq!(run.len(&text), len);
                }
            }
        }
    }
}
