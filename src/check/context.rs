//! What rules look at, made once for all of them.

use carafe_source::Place;

use crate::diagnostic::{Diagnostic, Finding, Suppressions};
use crate::session::{Inspected, InspectedPage};

use super::addresses::Addresses;
use super::includes::Includes;

/// What a rule may look at.
#[derive(Debug)]
pub(crate) struct Context<'s> {
    /// The site, its pages and what they hold.
    pub site: &'s Inspected,
    /// The addresses of the output.
    pub addresses: Addresses<'s>,
    /// What authors have decided to live with.
    pub suppressions: Suppressions,
    /// The templates and the calls between them.
    pub includes: Includes,
}

impl Context<'_> {
    /// Whether a comment at the place suppresses this kind of finding. Only rules that make one finding of several places
    /// need to ask; the others' findings are sifted afterwards.
    pub(crate) fn suppressed(&self, code: &str, place: &Place) -> bool {
        self.suppressions.holds(self.site.sources(), code, Some(place.span), &place.calls)
    }

    /// A finding on `page`, at `place` when it is known.
    pub(crate) fn finding(&self, page: &InspectedPage, place: Option<&Place>, diagnostic: Diagnostic) -> Finding {
        let diagnostic = match place {
            Some(place) => diagnostic.at(place.span).through(place.calls.clone()),
            None => diagnostic,
        };
        (page.path.clone().into(), diagnostic)
    }
}
