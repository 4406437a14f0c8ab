//! Lists indexed by a property, for `where`: sites ask for one value after another of the same list.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::value::Value;

use super::pick::{Property, texts};
use super::{Call, FilterError, read};

/// Shorter lists are gone through.
const LEAST_ITEMS: usize = 32;

/// How many bytes and items are kept, about; more than that begin anew.
const KEPT: usize = 16 << 20;

/// What `where` has found out about lists while a text is rendered.
#[derive(Debug, Default)]
pub struct Indexes(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the addresses of lists, which they keep, and the properties.
    all: FxHashMap<(usize, String), Index>,
    kept: usize,
}

#[derive(Debug)]
struct Index {
    list: Arc<Vec<Value>>,
    places: Arc<Found>,
}

/// The places of a list's items by the texts that they are picked by.
#[derive(Debug)]
struct Found {
    by_text: FxHashMap<Box<str>, Vec<u32>>,
    /// About what it takes, in bytes and items.
    size: usize,
    /// What finding them takes off a page's budget, whoever has found them.
    steps: u64,
}

/// Room for what `where` finds out about one list and one property, for all texts that see the same list
/// ([`Object::lasting_index`](crate::value::Object::lasting_index)).
#[derive(Debug, Default)]
pub struct LastingIndex(OnceLock<Arc<Found>>);

impl Indexes {
    /// The items of the list whose `property` is picked by this text; `None` for a list that is to be gone through.
    ///
    /// # Errors
    /// As for going through it: an item can have no properties, or the page's budget is used up.
    pub(super) fn find(
        &self,
        call: &Call<'_>,
        list: &Arc<Vec<Value>>,
        property: &Property<'_>,
        wanted: &str,
    ) -> Result<Option<Vec<Value>>, FilterError> {
        if list.len() < LEAST_ITEMS || u32::try_from(list.len()).is_err() {
            return Ok(None);
        }
        let key = (Arc::as_ptr(list) as usize, property.path().to_owned());
        if !self.0.borrow().all.contains_key(&key) {
            let places = found(call, list, property)?;
            let known = &mut *self.0.borrow_mut();
            if known.kept + places.size > KEPT {
                *known = Known::default();
            }
            known.kept += places.size;
            known.all.insert(key.clone(), Index { list: list.clone(), places });
        }
        let known = self.0.borrow();
        let Some(index) = known.all.get(&key) else { return Ok(None) };
        let places = index.places.by_text.get(wanted).map(Vec::as_slice).unwrap_or_default();
        call.env.work(1 + places.len() as u64)?;
        Ok(Some(places.iter().filter_map(|at| index.list.get(*at as usize).cloned()).collect()))
    }
}

/// The places of a list's items, found here or, where others see the same list, by whoever came first.
fn found(call: &Call<'_>, list: &Arc<Vec<Value>>, property: &Property<'_>) -> Result<Arc<Found>, FilterError> {
    let room = call.env.lasting_index(list, property.path());
    if let Some(found) = room.as_ref().and_then(|room| room.0.get()) {
        call.env.work(found.steps)?;
        return Ok(found.clone());
    }
    let found = Arc::new(Found::new(call, list, property)?);
    if let Some(room) = room {
        // Another thread may have been faster; it found the same.
        let _ = room.0.set(found.clone());
    }
    Ok(found)
}

impl Found {
    fn new(call: &Call<'_>, list: &Arc<Vec<Value>>, property: &Property<'_>) -> Result<Self, FilterError> {
        let mut by_text: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        let (mut size, mut steps) = (list.len(), 0);
        for (at, item) in (0..).zip(list.iter()) {
            texts(&property.of(item)?, &mut |text| {
                steps += read(call, text)?;
                match by_text.get_mut(text) {
                    // An item may list a text twice.
                    Some(places) if places.last() == Some(&at) => {}
                    Some(places) => places.push(at),
                    None => {
                        size += text.len() + 64;
                        by_text.insert(text.into(), vec![at]);
                    }
                }
                Ok(false)
            })?;
        }
        Ok(Self { by_text, size, steps })
    }
}

#[cfg(test)]
mod tests {
    use carafe_source::Sources;

    use crate::{Dialect, Globals, MemoryHost, Options, Tags, Value, parse, render};

    /// What of `rows` matches, asked of the whole list, and of ten at a time; the second time of the whole list again.
    fn picked(rows: &[Value], query: &str) -> [String; 3] {
        let (sources, tags) = (Sources::default(), Tags::new(Dialect::Jekyll));
        let text = format!(
            "{{{{ rows | where: {query} | map: 'n' | join }}}}.\n{{% for ten in tens %}}{{{{ ten | where: {query} | map: 'n' | join }}}} {{% endfor %}}.\n\
             {{{{ rows | where: {query} | map: 'n' | join }}}}."
        );
        let template = parse(sources.add("a", text.as_str().into()), &text.as_str().into(), 0, &tags);
        let tens = rows.chunks(10).map(|ten| Value::array(ten.to_vec())).collect();
        let mut globals = Globals::default();
        globals.insert("rows".into(), Value::array(rows.to_vec()));
        globals.insert("tens".into(), Value::array(tens));
        globals.insert("nums".into(), Value::array(vec![Value::Int(1)]));
        let rendered = render(&template, &globals, &MemoryHost::new(Vec::<(&str, _)>::new()), &Options::new(&tags));
        let words = |line: &str| line.trim_end_matches('.').split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = rendered.text.lines().map(words).collect();
        <[String; 3]>::try_from(lines).unwrap()
    }

    #[test]
    fn a_long_list_gives_what_its_parts_give() {
        let kinds = [
            Value::Nil,
            Value::from("a"),
            Value::from("1"),
            Value::Int(1),
            Value::Float(1.0),
            Value::Bool(false),
            Value::from(""),
            Value::array(vec!["a".into(), "b".into(), "a".into()]),
            Value::array(Vec::new()),
            Value::map([("d", Value::from("e"))]),
            Value::number_as_written(Value::Float(1.1), "1.10"),
        ];
        let row = |n: usize| Value::map([("n", Value::from(n as i64)), ("k", kinds[n % kinds.len()].clone())]);
        let rows: Vec<Value> = (0..70).map(row).collect();
        let mut found = 0;
        for wanted in
            ["'a'", "'b'", "1", "'1'", "1.0", "1.1", "'1.10'", "false", "''", "nil", "empty", "'e'", "'c'", "nums"]
        {
            for property in ["'k'", "'k.d'", "'x'"] {
                let [first, parts, again] = picked(&rows, &format!("{property}, {wanted}"));
                assert_eq!((&first, &again), (&parts, &parts), "{property}, {wanted}");
                found += usize::from(!first.is_empty());
            }
        }
        assert!(found > 14, "{found}");
    }

    #[test]
    fn an_item_without_properties_is_refused_in_a_long_list_too() {
        let rows: Vec<Value> =
            (0..40).map(|n| if n == 39 { Value::Int(1) } else { Value::map([("n", Value::Int(1))]) }).collect();
        let (sources, tags) = (Sources::default(), Tags::new(Dialect::Jekyll));
        let text = "{{ rows | where: 'k', 'a' | size }}";
        let template = parse(sources.add("a", text.into()), &text.into(), 0, &tags);
        let globals = Globals::from_iter([("rows".into(), Value::array(rows))]);
        let rendered = render(&template, &globals, &MemoryHost::new(Vec::<(&str, _)>::new()), &Options::new(&tags));
        assert_eq!(rendered.diagnostics[0].code, "filter-error", "{}", rendered.text);
    }
}
