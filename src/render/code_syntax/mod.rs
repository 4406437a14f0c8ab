//! Whether blocks of code in YAML, JSON and TOML can be read, once the values that Liquid prints stand in them.

mod fault;
mod json;
mod shell;

use std::borrow::Cow;

use carafe_yaml::{Limits, Problem};

use fault::Fault;

/// How long code may be that is looked at.
const MOST_BYTES: usize = 1 << 20;

/// The first fault of the code, with the name of its language; none in languages that are not looked at, and in templates, which become
/// documents later.
pub(super) fn fault(language: &str, code: &str) -> Option<(&'static str, Fault)> {
    let name = language.split('?').next().unwrap_or(language).to_ascii_lowercase();
    let is_template = code.contains("{{") || code.contains("{%") || code.contains("<%");
    if is_template || code.len() > MOST_BYTES {
        return None;
    }
    let (name, read): (_, fn(&str) -> Option<Fault>) = match name.as_str() {
        "yaml" | "yml" => ("YAML", yaml),
        "json" | "jsonc" => ("JSON", json::fault),
        "toml" => ("TOML", toml),
        _ => return None,
    };
    let document = shell::document(code)?;
    let mut fault = read(code.get(document.clone())?)?;
    fault.range = document.start + fault.range.start..document.start + fault.range.end;
    Some((name, fault))
}

/// The code with blanks in lines that stand for what is left out.
fn without_ellipses(code: &str) -> Cow<'_, str> {
    let is_ellipsis = |line: &str| {
        let line = line.trim().trim_start_matches("- ").trim_matches(['<', '>', '[', ']', ' ']);
        !line.is_empty() && line.trim_matches(['.', '…']).is_empty() && (line.len() > 2 || line == "…")
    };
    if !code.lines().any(is_ellipsis) {
        return Cow::Borrowed(code);
    }
    let blanked = code.split_inclusive('\n').map(|line| match is_ellipsis(line) {
        true => Cow::Owned(blank(line)),
        false => Cow::Borrowed(line),
    });
    Cow::Owned(blanked.collect())
}

/// As many bytes of blanks, and the line end.
fn blank(line: &str) -> String {
    let text = line.trim_end_matches(['\n', '\r']);
    format!("{}{}", " ".repeat(text.len()), &line[text.len()..])
}

fn yaml(code: &str) -> Option<Fault> {
    let text = without_ellipses(code);
    let limits = Limits { bytes: 8 * MOST_BYTES, ..Limits::default() };
    let problem: Box<Problem> = carafe_yaml::events(&text, &limits, &mut |_, _| Ok(())).err()?;
    // It may be YAML all the same.
    if problem.is_limit {
        return None;
    }
    let range = problem.place.start as usize..problem.place.end as usize;
    Some(Fault { range, message: problem.message.into_owned(), help: problem.help.map(Cow::into_owned) })
}

fn toml(code: &str) -> Option<Fault> {
    let text = without_ellipses(code);
    let error = toml::de::DeTable::parse(&text).err()?;
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    Some(Fault { range: error.span().unwrap_or(0..0), message, help: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: &str, code: &str) -> Option<(&'static str, String)> {
        fault(language, code).map(|(name, fault)| (name, code.get(fault.range).unwrap_or_default().to_owned()))
    }

    #[test]
    fn whole_documents_are_no_faults() {
        for (language, code) in [
            ("yaml", "a: 1\n---\nb: [1, 2]\n...\n---\nc: |\n  text\n"),
            ("yaml", "a:\n  b: 1\n  ...\n  c: <name>\n...\nd: ...\n"),
            ("YML", "- a\n- ...\n- &x b\n- *x\n"),
            ("yaml", "a: {{ b\n"),
            ("toml", "[a]\nb = 1\n...\n[[c]]\nd = 1979-05-27\n"),
            ("json", "{...}"),
            ("yaml", "# x\n\necho '\na: 1\n' | kubectl apply -f -\n"),
            ("yaml", "kubectl apply -f - <<'END'\na: 1\nEND\n"),
            ("text", "a: b: c"),
            ("", "{"),
        ] {
            assert_eq!(found(language, code), None, "{code}");
        }
    }

    #[test]
    fn the_first_fault_has_its_place() {
        assert_eq!(found("yaml", "a: b: c\n").map(|(name, _)| name), Some("YAML"));
        assert_eq!(found("yaml", "a:\n\tb: 1\n").map(|(name, _)| name), Some("YAML"));
        assert_eq!(found("toml", "a = \nb = 1\n").map(|(name, _)| name), Some("TOML"));
        assert_eq!(found("yaml", "echo '\na: b: c\n' | cat\n"), Some(("YAML", ":".to_owned())));
        assert_eq!(found("json", "{\"a\": }"), Some(("JSON", "}".to_owned())));
    }
}
