//! Renders a Liquid template: `cargo run -p carafe-liquid --example render -- TEMPLATE.liquid [DATA.json]`.
//!
//! The result goes to standard output, findings with their lines to standard error. Files beside the template can be included.

use std::error::Error;
use std::path::Path;

use carafe_liquid::value::from_json;
use carafe_liquid::{Dialect, Globals, MemoryHost, Options, Tags, Value, parse, render};
use carafe_source::{DiskFiles, Files, Sources};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: render TEMPLATE.liquid [DATA.json]")?;
    let globals = match arguments.next() {
        Some(data) => match from_json(serde_json::from_str(&std::fs::read_to_string(data)?)?) {
            Value::Map(map) => (*map).clone(),
            _ => return Err("the data must be an object".into()),
        },
        None => Globals::default(),
    };
    let folder = Path::new(&path).parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let files = DiskFiles::new(folder)?;
    let (sources, tags) = (Sources::default(), Tags::new(Dialect::Jekyll));
    let mut templates = Vec::new();
    for name in files.list("", &|_| false)? {
        // What is no text is nothing that could be included.
        if let Ok(text) = files.read(&name) {
            templates.push((name.clone(), parse(sources.add(&name, text.clone()), &text, 0, &tags)));
        }
    }
    let text = std::fs::read_to_string(&path)?.into();
    let template = parse(sources.add(&path, std::sync::Arc::clone(&text)), &text, 0, &tags);
    let rendered = render(&template, &globals, &MemoryHost::new(templates), &Options::new(&tags));
    print!("{}", rendered.text);
    for found in &rendered.diagnostics {
        let place = found.span.and_then(|span| Some((sources.get(span.file)?, span.start)));
        match place {
            Some((file, at)) => {
                eprintln!("{}:{}: {} [{}]", file.path, file.position(at).line, found.message, found.code)
            }
            None => eprintln!("{} [{}]", found.message, found.code),
        }
    }
    Ok(())
}
