//! Escaping of text and attributes. Entities that are written in text stay as they are; in code they are text.

use carafe_source::characters;

use super::super::attributes::Attributes;
use super::super::entities;

fn write(out: &mut String, text: &str, keeps_entities: bool, quotes: bool) {
    let bytes = text.as_bytes();
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        let escaped = match bytes[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if quotes => "&quot;",
            b'&' => {
                let entity = if keeps_entities { entities::at_start(&text[at..]) } else { None };
                if let Some((len, _)) = entity {
                    at += len;
                    continue;
                }
                "&amp;"
            }
            _ => {
                at += 1;
                continue;
            }
        };
        out.push_str(&text[from..at]);
        out.push_str(escaped);
        at += 1;
        from = at;
    }
    out.push_str(&text[from..]);
}

/// Text: `<`, `>`, and `&` where it starts no entity.
pub(crate) fn text(out: &mut String, text: &str) {
    write(out, text, true, false);
}

/// Code: every `<`, `>` and `&`.
pub(crate) fn code(out: &mut String, text: &str) {
    write(out, text, false, false);
}

/// The value of an attribute.
pub(crate) fn attribute(out: &mut String, text: &str) {
    write(out, text, true, true);
}

/// Attributes with a blank before each. An empty id is left out.
pub(crate) fn attributes(out: &mut String, attributes: &Attributes) {
    for (name, value) in attributes.iter() {
        if name == "id" && characters::trim(value).is_empty() {
            continue;
        }
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        attribute(out, value);
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_stay_in_text_and_not_in_code() {
        let mut out = String::new();
        text(&mut out, "a & b &amp; <c> \"d\" &#8364; &x;");
        assert_eq!(out, "a &amp; b &amp; &lt;c&gt; \"d\" &#8364; &x;");
        out.clear();
        code(&mut out, "&amp;<");
        assert_eq!(out, "&amp;amp;&lt;");
        out.clear();
        attribute(&mut out, "\"&quot;");
        assert_eq!(out, "&quot;&quot;");
    }
}
