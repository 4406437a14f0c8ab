//! From the tree of a YAML document to values.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use rustc_hash::FxHashMap;

use carafe_source::island;
use carafe_yaml::{Entry, Mapping, Meaning, Node, Scalar, Schema, Sequence, Zone};

use super::convert;
use super::value::{Map, Value};

/// The value of a document, which shares what the document shares. Keys become texts: as written in native documents, as
/// Ruby prints them by its rules; numbers of native documents are printed as they are written. Days become texts; points in time without a zone are shown in `zone`.
/// What is made into a value goes at once, so that never all of a document and its value are there together.
pub fn from_yaml(node: Node, schema: Schema, zone: &TimeZone) -> Value {
    Reader { schema, zone, shared: FxHashMap::default() }.value(node)
}

struct Reader<'z> {
    schema: Schema,
    zone: &'z TimeZone,
    /// What was made of lists and mappings that stand in several places, by where they are in memory.
    shared: FxHashMap<*const (), Value>,
}

impl Reader<'_> {
    fn value(&mut self, node: Node) -> Value {
        match node.value {
            carafe_yaml::Value::Scalar(scalar) => self.scalar(&scalar),
            carafe_yaml::Value::Sequence(list) => self.once(list, |reader, list| {
                let items = Arc::try_unwrap(list).map_or_else(|list| list.items().to_vec(), Sequence::into_items);
                Value::array(items.into_iter().map(|item| reader.value(item)).collect())
            }),
            carafe_yaml::Value::Mapping(map) => self.once(map, |reader, map| {
                let entries = Arc::try_unwrap(map).map_or_else(|map| map.entries().to_vec(), Mapping::into_entries);
                Value::Map(Arc::new(entries.into_iter().map(|entry| reader.pair(entry)).collect::<Map>()))
            }),
        }
    }

    fn once<T>(&mut self, part: Arc<T>, make: impl FnOnce(&mut Self, Arc<T>) -> Value) -> Value {
        let address = Arc::as_ptr(&part).cast();
        if let Some(known) = self.shared.get(&address) {
            return known.clone();
        }
        let is_shared = Arc::strong_count(&part) > 1;
        let value = make(self, part);
        if is_shared {
            self.shared.insert(address, value.clone());
        }
        value
    }

    fn pair(&mut self, Entry { name, key, value }: Entry) -> (Arc<str>, Value) {
        let name = match name {
            Some(name) => clean(&name),
            None => convert::text(&self.value(key)).into_owned().into(),
        };
        (name, self.value(value))
    }

    fn scalar(&self, scalar: &Scalar) -> Value {
        match scalar.meaning {
            Meaning::Text => Value::Str(clean(&scalar.text)),
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

/// The text without what would stand for finished HTML: escapes of YAML can write it.
fn clean(text: &Arc<str>) -> Arc<str> {
    match island::clean(text) {
        Cow::Borrowed(_) => text.clone(),
        Cow::Owned(cleaned) => cleaned.into(),
    }
}
