//! YAML by Ruby's rules and by ours: no text makes it fail, and all places lie in the text.
#![no_main]

use carafe_yaml::{Limits, Node, Place, Problem, Schema, Value, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    for schema in [Schema::Ruby, Schema::Native] {
        match read(text, schema, &limits) {
            Ok(document) => {
                document.warnings.iter().for_each(|problem| within(text, problem));
                walk(text, &document.root);
            }
            Err(problem) => within(text, &problem),
        }
    }
});

fn within(text: &str, problem: &Problem) {
    lies_in(text, problem.place);
    if let Some((place, _)) = problem.label {
        lies_in(text, place);
    }
}

fn lies_in(text: &str, place: Place) {
    assert!(text.get(place.start as usize..place.end as usize).is_some(), "{place:?}");
}

fn walk(text: &str, node: &Node) {
    lies_in(text, node.place);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(list) => list.items().iter().for_each(|item| walk(text, item)),
        Value::Mapping(map) => {
            for entry in map.entries() {
                walk(text, &entry.key);
                walk(text, &entry.value);
            }
        }
    }
}
