//! JSON Schema of test files. A test holds its keys to those that the reader names.

use serde_json::{Value, json};

use crate::config::schema::document;
use crate::diagnostic::codes;

/// The schema of `tests/includes/**/*.yml`.
pub(crate) fn schema() -> Value {
    let text = json!({"type": ["string", "number", "boolean"]});
    let texts = json!({"anyOf": [text, {"type": "array", "items": text}]});
    let variables = json!({"type": "object"});
    let releases =
        json!({"type": "array", "items": text, "description": "each case is tried with each of these releases"});
    let codes: Vec<&str> = codes::ALL.iter().map(|entry| entry.code).collect();
    let expectation = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["select"],
        "properties": {
            "select": described(&text, "a CSS selector"),
            "count": {"type": "integer", "minimum": 0, "description": "how many elements there are"},
            "text": described(&texts, "the texts of all elements, blanks collapsed"),
            "code": described(&texts, "the texts of all elements, to the byte"),
            "html": described(&texts, "what stands in the elements, as HTML"),
            "contains": described(&texts, "what the elements hold"),
            "lacks": described(&texts, "what the elements do not hold"),
            "attributes": described(&variables, "what each element's attributes are; true for any value, false for none"),
            "when": described(&text, "for which releases this is expected, as in if_version"),
        },
    });
    let case = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": described(&text, "what the case tries"),
            "include": described(&text, "what the case calls"),
            "params": described(&variables, "what the call gives"),
            "content": described(&text, "a text of its own instead of one call"),
            "page": described(&variables, "values of the page"),
            "site": described(&variables, "variables of the site"),
            "releases": releases,
            "expect": {"type": "array", "items": expectation},
            "diagnostics": {"type": "array", "items": {"enum": codes}, "description": "the findings that the case has"},
            "snapshot": {"type": "boolean", "description": "whether the HTML is compared with a file"},
        },
    });
    document(
        "Tests of an include",
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "include": described(&text, "what the cases call"),
                "page": described(&variables, "values of the page, for all cases and for the include's examples"),
                "site": described(&variables, "variables of the site, for all cases and for the include's examples"),
                "releases": releases,
                "cases": {"type": "array", "items": case},
            },
        }),
    )
}

fn described(schema: &Value, about: &str) -> Value {
    let mut schema = schema.clone();
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".into(), about.into());
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::schema::tests::fits;

    /// The names that the reader gives when a key is none of them.
    fn named(source: &str, start: &str) -> BTreeSet<String> {
        let (_, rest) = source.split_once(start).unwrap();
        let list = rest.split('"').next().unwrap();
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_keys_are_those_of_the_reader() {
        let (file, expect) = (include_str!("file.rs"), include_str!("expect.rs"));
        let schema = schema();
        let case = &schema["properties"]["cases"]["items"];
        let expectation = &case["properties"]["expect"]["items"];
        for (schema, wanted) in [
            (&schema, named(file, "the keys of a test file are ")),
            (case, named(file, "the keys of a case are ")),
            (expectation, named(expect, "the keys of an expectation are ")),
        ] {
            let known: BTreeSet<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(known, wanted);
        }
    }

    #[test]
    fn the_tests_of_the_tree_fit() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(root.join("content/writing/testing.md")).unwrap();
        let examples = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let all: Vec<&str> = examples.filter(|text| text.contains("cases:")).collect();
        assert!(!all.is_empty());
        for text in all {
            let document =
                carafe_yaml::read(text, carafe_yaml::Schema::Native, &carafe_yaml::Limits::default()).unwrap();
            let value =
                carafe_liquid::yaml::from_yaml(document.root, carafe_yaml::Schema::Native, &jiff::tz::TimeZone::UTC);
            assert!(fits(&carafe_liquid::value::to_json(&value), &schema()), "{text}");
        }
        assert!(!fits(&json!({"include": "a", "case": []}), &schema()));
        assert!(!fits(&json!({"cases": [{"expect": []}]}), &schema()));
    }
}
