//! Releases of a product.

use std::sync::Arc;

use carafe_liquid::value::{Object, Value};

/// One release of a product, as `page.release`.
#[derive(Debug)]
pub struct Release {
    /// The product, such as `gateway-operator`.
    pub product: Arc<str>,
    /// Its name, such as `1.2.x`.
    pub value: Arc<str>,
    /// What it is called instead of its name: `unreleased`, say.
    pub label: Option<Arc<str>>,
    /// Whether it is the newest of its product.
    pub latest: bool,
    /// The name of the newest.
    pub newest: Arc<str>,
    /// Whether it is supported for long.
    pub lts: bool,
    /// The names of all releases of the product, in the order of the versions file.
    pub all: Arc<Vec<Value>>,
}

impl Release {
    /// The address below which its pages stand in the language of the sources.
    pub(crate) fn root(&self) -> String {
        root(&self.product, &self.value)
    }

    /// That of another release of the same product.
    pub(crate) fn root_of(&self, other: &str) -> String {
        root(&self.product, other)
    }
}

fn root(product: &str, release: &str) -> String {
    format!("/{product}/{release}/")
}

impl Object for Release {
    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "value" | "name" => Value::Str(self.value.clone()),
            "label" => self.label.clone().map_or(Value::Nil, Value::Str),
            "latest" | "latest?" => Value::Bool(self.latest),
            "lts" | "lts?" => Value::Bool(self.lts),
            "product" => Value::Str(self.product.clone()),
            "all" => Value::Array(self.all.clone()),
            _ => return None,
        })
    }

    fn keys(&self) -> Vec<Arc<str>> {
        ["value", "label", "latest", "lts", "product", "all"].map(Arc::from).to_vec()
    }

    fn scalar(&self) -> Option<Value> {
        Some(Value::Str(self.value.clone()))
    }
}
