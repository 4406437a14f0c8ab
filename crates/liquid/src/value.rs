//! Liquid's values: cheap to clone, maps in order of insertion, lazy objects for what is computed on demand.

use std::fmt::Debug;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use carafe_source::island;

use super::filters::LastingIndex;

/// A hash, in order of insertion.
pub type Map = IndexMap<Arc<str>, Value, FxBuildHasher>;

/// A value of Liquid. Every variant clones in constant time.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `nil`, and what an undefined variable gives.
    #[default]
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number. Results beyond `i128` become floats.
    Int(i128),
    /// A floating point number.
    Float(f64),
    /// A text.
    Str(Arc<str>),
    /// An array.
    Array(Arc<Vec<Value>>),
    /// A hash.
    Map(Arc<Map>),
    /// A range `(first..last)`, both included.
    Range(i64, i64),
    /// A point in time.
    Time(Arc<jiff::ZonedDateTime>),
    /// The literal `empty`.
    Empty,
    /// The literal `blank`.
    Blank,
    /// A lazy object: `page`, `site`, `include`, `forloop`, a release.
    Object(Arc<dyn Object>),
}

/// A value whose fields are looked up on demand; a drop, in Liquid's words. An implementation that must record what is
/// read of it holds the recorder itself.
pub trait Object: Debug + Send + Sync {
    /// The field `key`; `None` when there is no such field (which is not the same as a field that holds nil).
    fn get(&self, key: &str) -> Option<Value>;

    /// The names of all fields, in a stable order.
    fn keys(&self) -> Vec<Arc<str>>;

    /// What `for` goes through when the object is one of Jekyll's drops: the names of its fields alone. It has no size then.
    fn names(&self) -> Option<Vec<Arc<str>>> {
        None
    }

    /// What stands for the object where it is printed or compared: a text, say. The default is the hash of its fields.
    fn scalar(&self) -> Option<Value> {
        None
    }

    /// The text that a number was written as, where it is printed so; its scalar is the number.
    fn written(&self) -> Option<&Arc<str>> {
        None
    }

    /// Room for what is found out about `list`, by the property at `path` that its items are picked by, when the list is one of the object's
    /// own, and other texts see it with the same items and the same properties.
    fn lasting_index(&self, _list: &Arc<Vec<Value>>, _path: &str) -> Option<Arc<LastingIndex>> {
        None
    }

    /// The elements, when the object behaves as an array (in `for`, `first`, `size`, array filters).
    fn items(&self) -> Option<Arc<Vec<Value>>> {
        None
    }
}

impl Value {
    /// A text.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// An array.
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(items))
    }

    /// A hash of these pairs; of equal keys the last wins.
    pub fn map<K: Into<Arc<str>>>(pairs: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(Arc::new(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// A lazy object.
    pub fn object(object: impl Object + 'static) -> Self {
        Self::Object(Arc::new(object))
    }

    /// A number that is printed as the text it was written as (`1.10`, `0x1F`). It counts as the number in comparisons and
    /// arithmetic; it also equals that text, and compares with other texts as a version.
    pub fn number_as_written(number: Self, text: impl Into<Arc<str>>) -> Self {
        Self::object(Written { number, text: text.into() })
    }

    /// The text that a number was written as, if it is printed so.
    pub fn written(&self) -> Option<&Arc<str>> {
        match self {
            Self::Object(object) => object.written(),
            _ => None,
        }
    }

    /// Whether it is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Everything but `nil` and `false` is true.
    pub fn truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The field `key` of a hash or object; `None` when there is no such field.
    pub fn field(&self, key: &str) -> Option<Self> {
        match self {
            Self::Map(map) => map.get(key).cloned(),
            Self::Object(object) => object.get(key),
            _ => None,
        }
    }
}

#[derive(Debug)]
struct Written {
    number: Value,
    text: Arc<str>,
}

impl Object for Written {
    fn get(&self, _: &str) -> Option<Value> {
        None
    }

    fn keys(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn scalar(&self) -> Option<Value> {
        Some(self.number.clone())
    }

    fn written(&self) -> Option<&Arc<str>> {
        Some(&self.text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value.into())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

/// Puts `over` on top of `base`: hashes key by key, anything else as a whole.
pub fn merge(base: &mut Map, over: &Map) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Map(old)), Value::Map(new)) => merge(Arc::make_mut(old), new),
            (Some(old), new) => *old = new.clone(),
            (None, new) => {
                base.insert(key.clone(), new.clone());
            }
        }
    }
}

/// A JSON document as a value.
pub fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => from_number(number.as_i64(), number.as_u64(), number.as_f64()),
        serde_json::Value::String(text) => island::clean(&text).into_owned().into(),
        serde_json::Value::Array(items) => Value::array(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(pairs) => {
            Value::map(pairs.into_iter().map(|(key, value)| (island::clean(&key).into_owned(), from_json(value))))
        }
    }
}

/// A value as JSON, for page templates. Objects give their scalar, else the hash of their fields; numbers that are printed
/// as they were written become that text, and numbers that JSON cannot hold become null.
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Nil | Value::Empty | Value::Blank => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => i64::try_from(*number).map_or(serde_json::Value::Null, Into::into),
        Value::Float(number) => (*number).into(),
        Value::Str(text) => (**text).into(),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
        Value::Range(first, last) => format!("{first}..{last}").into(),
        Value::Time(time) => time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into(),
        Value::Object(object) => match (object.written(), object.scalar()) {
            (Some(text), _) => (**text).into(),
            (None, Some(scalar)) => to_json(&scalar),
            (None, None) => {
                let field = |key: Arc<str>| Some((key.to_string(), to_json(&object.get(&key)?)));
                object.keys().into_iter().filter_map(field).collect()
            }
        },
    }
}

fn from_number(signed: Option<i64>, unsigned: Option<u64>, float: Option<f64>) -> Value {
    match (signed, unsigned) {
        (Some(number), _) => Value::Int(number.into()),
        (None, Some(number)) => Value::Int(number.into()),
        (None, None) => float.map_or(Value::Nil, Value::Float),
    }
}
