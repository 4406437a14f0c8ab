//! The part of a site that a page stands in: a release of a product, or none, and a language.
//!
//! This is the one place that says how both go together. An address begins with the language, unless it is that of the sources, and goes on with the
//! product and the release: `/de/gateway/1.4.x/install/`. Whoever leads elsewhere changes one of both and keeps the other: the switcher of languages
//! the language, that of releases the release.

use std::sync::Arc;

use super::release::Release;

/// A release and a language.
#[derive(Clone, Debug, Default)]
pub struct Variant {
    /// The release that the page was made for; `None` for pages that are of no release.
    pub release: Option<Arc<Release>>,
    /// The number of the language whose part of the site it stands in; 0 for that of the sources.
    pub language: usize,
}

impl Variant {
    /// The part of the site in this language that is of no release.
    pub(crate) fn of_language(language: usize) -> Self {
        Self { release: None, language }
    }

    /// The same release in another language.
    pub(crate) fn in_language(&self, language: usize) -> Self {
        Self { language, ..self.clone() }
    }

    /// Whether both are of the same release of the same product, or of none.
    pub(crate) fn is_same_release(&self, other: &Self) -> bool {
        let name = |of: &Self| of.release.as_ref().map(|release| (release.product.clone(), release.value.clone()));
        name(self) == name(other)
    }

    /// The address below which its pages stand: `/`, `/de/`, `/gateway/1.4.x/` or `/de/gateway/1.4.x/`. `own` is that of its language.
    pub(super) fn root(&self, own: String) -> String {
        match &self.release {
            Some(release) => below(&own, &release.root()),
            None => own,
        }
    }
}

/// The address in a language, whose own is `root`, of what stands at `address` in the language of the sources.
pub(crate) fn below(root: &str, address: &str) -> String {
    format!("{root}{}", address.trim_start_matches('/'))
}
