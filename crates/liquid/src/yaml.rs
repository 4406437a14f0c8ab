//! From the tree of a YAML document to values.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use rustc_hash::FxHashMap;

use carafe_source::island;
use carafe_yaml::{Entry, Meaning, Node, Scalar, Schema, Zone};

use super::convert;
use super::value::{Map, Value};

/// The value of a document, which shares what the document shares. Keys become texts: as written in native documents, as
/// Ruby prints them by its rules; numbers of native documents are printed as they are written. Days become texts; points in time without a zone are shown in `zone`.
pub fn from_yaml(node: &Node, schema: Schema, zone: &TimeZone) -> Value {
    Reader { schema, zone, shared: FxHashMap::default() }.value(node)
}

struct Reader<'z> {
    schema: Schema,
    zone: &'z TimeZone,
    /// What was made of lists and mappings that stand in several places, by where they are in memory.
    shared: FxHashMap<*const (), Value>,
}

impl Reader<'_> {
    fn value(&mut self, node: &Node) -> Value {
        match &node.value {
            carafe_yaml::Value::Scalar(scalar) => self.scalar(scalar),
            carafe_yaml::Value::Sequence(list) => {
                self.once(list, |reader| Value::array(list.items().iter().map(|item| reader.value(item)).collect()))
            }
            carafe_yaml::Value::Mapping(map) => self.once(map, |reader| {
                let pairs = map.entries().iter().map(|entry| (reader.key(entry), reader.value(&entry.value)));
                Value::Map(Arc::new(pairs.collect::<Map>()))
            }),
        }
    }

    fn once<T>(&mut self, part: &Arc<T>, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if Arc::strong_count(part) == 1 {
            return make(self);
        }
        let address = Arc::as_ptr(part).cast();
        if let Some(known) = self.shared.get(&address) {
            return known.clone();
        }
        let value = make(self);
        self.shared.insert(address, value.clone());
        value
    }

    fn key(&mut self, entry: &Entry) -> Arc<str> {
        match &entry.name {
            Some(name) => name.clone(),
            None => convert::text(&self.value(&entry.key)).into_owned().into(),
        }
    }

    fn scalar(&self, scalar: &Scalar) -> Value {
        match scalar.meaning {
            // No text of the site's may stand for finished HTML.
            Meaning::Text => match island::clean(&scalar.text) {
                Cow::Borrowed(_) => Value::Str(scalar.text.clone()),
                Cow::Owned(cleaned) => cleaned.into(),
            },
            Meaning::Null => Value::Nil,
            Meaning::Bool(value) => Value::Bool(value),
            Meaning::Int(number) => match self.schema {
                Schema::Native if number.to_string() != *scalar.text => {
                    Value::number_as_written(Value::Int(number), scalar.text.clone())
                }
                _ => Value::Int(number),
            },
            Meaning::Float(number) => match self.schema {
                Schema::Native => Value::number_as_written(Value::Float(number), scalar.text.clone()),
                Schema::Ruby => Value::Float(number),
            },
            // A day prints as it is compared.
            Meaning::Date(_) => Value::Str(scalar.printed()),
            Meaning::Time(time) => {
                let zone = match time.zone {
                    Zone::Local => self.zone.clone(),
                    Zone::Utc => TimeZone::UTC,
                    Zone::Offset(seconds) => match Offset::from_seconds(seconds) {
                        Ok(offset) => offset.to_time_zone(),
                        Err(_) => return Value::Str(scalar.text.clone()),
                    },
                };
                let nanoseconds = i32::try_from(time.nanoseconds).unwrap_or(0);
                match Timestamp::new(time.seconds, nanoseconds) {
                    Ok(timestamp) => Value::Time(Arc::new(ZonedDateTime::new(timestamp, zone))),
                    Err(_) => Value::Str(scalar.text.clone()),
                }
            }
        }
    }
}
