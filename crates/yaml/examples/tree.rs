//! Prints the values of a YAML file (or of standard input) with their lines and columns: `tree [--ruby] [FILE]`.

use std::io::Read;
use std::process::ExitCode;

use carafe_yaml::{Limits, Node, Place, Problem, Schema, Value, read_bytes};

fn main() -> ExitCode {
    let mut schema = Schema::Native;
    let mut bytes = Vec::new();
    let mut path = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--ruby" => schema = Schema::Ruby,
            _ => path = Some(argument),
        }
    }
    let read = match path {
        Some(path) => std::fs::read(path).map(|found| bytes = found),
        None => std::io::stdin().read_to_end(&mut bytes).map(|_| ()),
    };
    if let Err(error) = read {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    let text = String::from_utf8_lossy(&bytes);
    match read_bytes(&bytes, schema, &Limits::default()) {
        Ok(document) => {
            document.warnings.iter().for_each(|problem| tell(&text, problem));
            print(&text, &document.root, 0, "");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            tell(&text, &problem);
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str, node: &Node, depth: usize, name: &str) {
    let head = format!("{:indent$}{name}", "", indent = depth * 2);
    let at = at(text, node.place);
    match &node.value {
        Value::Scalar(scalar) => println!("{head}{:?} {:?} [{at}]", scalar.meaning, scalar.text),
        Value::Sequence(list) => {
            println!("{head}list [{at}]");
            list.items().iter().for_each(|item| print(text, item, depth + 1, "- "));
        }
        Value::Mapping(map) => {
            println!("{head}mapping [{at}]");
            for entry in map.entries() {
                print(text, &entry.value, depth + 1, &format!("{}: ", entry.name.as_deref().unwrap_or("?")));
            }
        }
    }
}

fn at(text: &str, place: Place) -> String {
    let before = text.get(..place.start as usize).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

fn tell(text: &str, problem: &Problem) {
    eprintln!("{}: {:?}: {}", at(text, problem.place), problem.severity, problem.message);
    if let Some(help) = &problem.help {
        eprintln!("  {help}");
    }
}
