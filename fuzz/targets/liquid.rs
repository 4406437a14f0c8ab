//! Templates: parsing and rendering end, in bounds, whatever they hold.
#![no_main]

use carafe_liquid::value::from_json;
use carafe_liquid::{Dialect, Globals, MemoryHost, Options, Tags, Value, parse, render};
use carafe_source::FileId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (template, include) = text.split_once("\n~\n").unwrap_or((text, ""));
    let data = serde_json::json!({
        "a": [3, 1, 2.5, null, "b"], "b": {"c": "<p>d</p>", "e": [{"f": 1}, {"f": 2}]}, "page": {"release": "1.4.x"}
    });
    let Value::Map(globals) = from_json(data) else { return };
    let globals: Globals = (*globals).clone();
    for dialect in [Dialect::Jekyll, Dialect::Liquid] {
        let tags = Tags::new(dialect);
        let partial = parse(FileId(1), &include.into(), 0, &tags);
        let template = parse(FileId(0), &template.into(), 0, &tags);
        render(&template, &globals, &MemoryHost::new([("i", partial)]), &Options::new(&tags));
    }
});
