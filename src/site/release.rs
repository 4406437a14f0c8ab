//! Releases of a product, and how versions compare.

use std::cmp::Ordering;
use std::sync::Arc;

use carafe_liquid::value::{Object, Value};

/// A version such as `1.2.x`: its parts compare as numbers, `x` is above every number; parts that are no numbers compare
/// as texts, below numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(String),
    Number(u64),
    Any,
}

impl Version {
    /// The version in a text; a leading `v` is dropped. `None` for an empty text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
        if text.is_empty() {
            return None;
        }
        let part = |part: &str| match part {
            "x" => Part::Any,
            part => part.parse().map_or_else(|_| Part::Word(part.to_owned()), Part::Number),
        };
        Some(Self(text.split(['.', '-']).map(part).collect()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// Missing parts count as 0.
    fn cmp(&self, other: &Self) -> Ordering {
        let zero = Part::Number(0);
        for at in 0..self.0.len().max(other.0.len()) {
            let order = self.0.get(at).unwrap_or(&zero).cmp(other.0.get(at).unwrap_or(&zero));
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }
}

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
    /// Whether it is supported for long.
    pub lts: bool,
    /// The names of all releases of the product, in the order of the versions file.
    pub all: Arc<Vec<Value>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_is_above_every_number_and_parts_compare_as_numbers() {
        let order = |a, b| Version::parse(a).unwrap().cmp(&Version::parse(b).unwrap());
        assert_eq!(order("1.10.x", "1.9.x"), Ordering::Greater);
        assert_eq!(order("1.2.x", "1.2.99"), Ordering::Greater);
        assert_eq!(order("1.2.x", "1.2.x"), Ordering::Equal);
        assert_eq!(order("v1.2", "1.2.0"), Ordering::Equal);
        assert_eq!(order("1.2-rc", "1.2"), Ordering::Less);
    }
}
