//! The releases that a case is tried with.

use std::sync::Arc;

use carafe_liquid::{Map, Value};

use crate::diagnostic::did_you_mean;
use crate::site::{Entry, RELEASE_FIELDS};
use crate::world::World;

/// A release: its name, and what it adds to `page`.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    /// Its product; empty where a site without single-sourced pages names a release.
    pub product: Arc<str>,
    /// Its name without the product.
    pub name: String,
    /// The fields of `page`.
    pub page: Map,
}

/// The releases that `wanted` names: `PRODUCT/RELEASE`, `PRODUCT` for all of its releases, or `RELEASE`. A site without
/// single-sourced pages takes any name for a release.
///
/// # Errors
/// What is wrong, and perhaps what was meant.
pub(super) fn find(world: &World, wanted: &str) -> Result<Vec<Release>, (String, Option<String>)> {
    let known = known(world);
    if known.is_empty() {
        let page = Map::from_iter([("release".into(), Value::from(wanted))]);
        return Ok(vec![Release { product: Arc::default(), name: wanted.to_owned(), page }]);
    }
    let fits = |(product, name, _): &&(Arc<str>, Arc<str>, &Entry)| match wanted.split_once('/') {
        Some((of, release)) => **product == *of && **name == *release,
        None => **product == *wanted || **name == *wanted,
    };
    let found: Vec<&(Arc<str>, Arc<str>, &Entry)> = known.iter().filter(fits).collect();
    let one_product = found.iter().all(|(product, ..)| found.first().is_some_and(|(first, ..)| first == product));
    match found.first() {
        Some(_) if one_product => {
            return Ok(found.iter().map(|(product, name, entry)| release(product, name, entry)).collect());
        }
        Some((product, ..)) => {
            let help = format!("write the product before it: `{product}/{wanted}`");
            return Err((format!("several products have a release `{wanted}`"), Some(help)));
        }
        None => {}
    }
    let names: Vec<String> = known
        .iter()
        .flat_map(|(product, name, _)| [product.to_string(), name.to_string(), format!("{product}/{name}")])
        .collect();
    let near = did_you_mean(wanted, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
    Err((format!("there is no release `{wanted}`"), near))
}

/// All releases of the site, in the order of products and releases.
pub(crate) fn all(world: &World) -> Vec<Release> {
    known(world).iter().map(|(product, name, entry)| release(product, name, entry)).collect()
}

fn release(product: &Arc<str>, name: &str, entry: &Entry) -> Release {
    let field = |key: &&str| Some((Arc::from(*key), entry.values.get(*key)?.clone()));
    Release { product: product.clone(), name: name.to_owned(), page: RELEASE_FIELDS.iter().filter_map(field).collect() }
}

/// The product and name of every release, with one of its pages; in the order of products and releases.
fn known(world: &World) -> Vec<(Arc<str>, Arc<str>, &Entry)> {
    let mut known: Vec<(Arc<str>, Arc<str>, &Entry)> = Vec::new();
    for entry in &world.site.entries {
        let Some(release) = &entry.variant.release else { continue };
        if !known.iter().any(|(product, name, _)| *product == release.product && *name == release.value) {
            known.push((release.product.clone(), release.value.clone(), entry));
        }
    }
    known
}
