//! How large a picture may be.

/// Pictures of more pixels are not taken apart; they take up to four bytes each.
pub(crate) const MOST_PIXELS: u64 = 50_000_000;
