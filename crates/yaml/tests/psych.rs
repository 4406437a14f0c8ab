//! Documents and what Ruby's Psych makes of them, as `psych.rb` wrote it down.

#![allow(clippy::unwrap_used)]

use carafe_yaml::{Limits, Meaning, Node, Schema, Value, Zone, read};

fn told(node: &Node) -> String {
    match &node.value {
        Value::Sequence(list) => format!("[{}]", list.items().iter().map(told).collect::<Vec<_>>().join(", ")),
        Value::Mapping(map) => {
            let pairs = map.entries().iter().map(|entry| format!("{}: {}", told(&entry.key), told(&entry.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Scalar(scalar) => match scalar.meaning {
            Meaning::Text => serde_json::to_string(&*scalar.text).unwrap(),
            Meaning::Null => "nil".to_owned(),
            Meaning::Date(_) => format!("date {}", scalar.printed()),
            Meaning::Time(time) => {
                let offset = if let Zone::Offset(offset) = time.zone { offset } else { 0 };
                format!("time {} {} {offset}", time.seconds, time.nanoseconds)
            }
            _ => scalar.printed().to_string(),
        },
    }
}

#[test]
fn documents_mean_what_they_mean_to_ruby() {
    let golden = include_str!("psych.golden");
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in golden.lines() {
        let (yaml, expected) = line.split_once('\t').unwrap();
        let yaml: String = serde_json::from_str(yaml).unwrap();
        let found = match read(&yaml, Schema::Ruby, &Limits::default()) {
            Ok(document) => told(&document.root),
            Err(_) => "refused".to_owned(),
        };
        count += 1;
        if found != expected {
            wrong.push(format!("{yaml:?}\n  Ruby: {expected}\n  here: {found}"));
        }
    }
    assert!(count > 1000, "only {count} documents were compared");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
