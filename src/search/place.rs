//! Where a word stands.

/// Where a word stands, and how prominent.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) page: u32,
    pub(super) section: u16,
    pub(super) titles: u8,
    pub(super) texts: u8,
}
