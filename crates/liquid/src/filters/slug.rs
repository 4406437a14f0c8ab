//! Jekyll's `slugify`.

use carafe_source::characters::is_letter_mark_or_digit;

use crate::value::Value;

use super::Row;
use super::string::is_space;

pub(super) const FILTERS: &[Row] = &[("slugify", |call| {
    call.arity(1, 2)?;
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    let mode = if call.arg(0).is_nil() { "default".into() } else { call.arg_text(0) };
    Ok(slugify(&call.text(), &mode).into())
})];

/// `text` as a part of an address. Modes as in Jekyll: `raw` replaces whitespace only; `default` all but letters, marks
/// and digits; `pretty` keeps ``._~!$&'()+,;=@`` too; `ascii` keeps ASCII letters and digits only; `latin` is that after
/// accents are dropped; any other (such as `none`) replaces nothing. All end in small letters.
pub(super) fn slugify(text: &str, mode: &str) -> String {
    let latin;
    let (text, keep): (&str, fn(char) -> bool) = match mode {
        "raw" => (text, |c| !is_space(c)),
        "default" => (text, is_letter_mark_or_digit),
        "pretty" => (text, |c| is_letter_mark_or_digit(c) || "._~!$&'()+,;=@".contains(c)),
        "ascii" => (text, |c| c.is_ascii_alphanumeric()),
        "latin" => {
            latin = transliterate(text);
            (&latin, |c| c.is_ascii_alphanumeric())
        }
        _ => return lower(text),
    };
    let mut slug = String::with_capacity(text.len());
    let mut replaced = false;
    for c in text.chars() {
        if keep(c) {
            slug.push(c);
        } else if !replaced {
            slug.push('-');
        }
        replaced = !keep(c);
    }
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    lower(slug.strip_suffix('-').unwrap_or(slug))
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// `text` with accented Latin letters as plain ones and `?` for whatever else is not ASCII.
fn transliterate(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(LATIN.iter().find(|(letters, _)| letters.contains(c)).map_or("?", |(_, plain)| plain));
        }
    }
    out
}

/// Letters and what stands for them, as the Ruby library `i18n` has them.
const LATIN: &[(&str, &str)] = &[
    ("ÀÁÂÃÄÅĀĂĄ", "A"),
    ("Æ", "AE"),
    ("ÇĆĈĊČ", "C"),
    ("ÐĎĐ", "D"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("ĜĞĠĢ", "G"),
    ("ĤĦ", "H"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("Ĳ", "IJ"),
    ("Ĵ", "J"),
    ("Ķ", "K"),
    ("ĹĻĽĿŁ", "L"),
    ("ÑŃŅŇ", "N"),
    ("Ŋ", "NG"),
    ("ÒÓÔÕÖØŌŎŐ", "O"),
    ("Œ", "OE"),
    ("ŔŖŘ", "R"),
    ("ŚŜŞŠ", "S"),
    ("ŢŤŦ", "T"),
    ("Þ", "Th"),
    ("ÙÚÛÜŨŪŬŮŰŲ", "U"),
    ("Ŵ", "W"),
    ("ÝŶŸ", "Y"),
    ("ŹŻŽ", "Z"),
    ("àáâãäåāăą", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ðďđ", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĳ", "ij"),
    ("ĵ", "j"),
    ("ķĸ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņň", "n"),
    ("ŉ", "'n"),
    ("ŋ", "ng"),
    ("òóôõöøōŏő", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşš", "s"),
    ("ß", "ss"),
    ("ţťŧ", "t"),
    ("þ", "th"),
    ("ùúûüũūŭůűų", "u"),
    ("ŵ", "w"),
    ("×", "x"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

#[cfg(test)]
mod tests {
    use super::super::testing::run;
    use super::*;

    #[test]
    fn every_mode_is_jekylls() {
        let modes = ["none", "raw", "default", "pretty", "ascii", "latin"];
        let rows = [
            (
                "The _config.yml file",
                [
                    "the _config.yml file",
                    "the-_config.yml-file",
                    "the-config-yml-file",
                    "the-_config.yml-file",
                    "the-config-yml-file",
                    "the-config-yml-file",
                ],
            ),
            (
                "Héllo Wörld ça",
                [
                    "héllo wörld ça",
                    "héllo-wörld-ça",
                    "héllo-wörld-ça",
                    "héllo-wörld-ça",
                    "h-llo-w-rld-a",
                    "hello-world-ca",
                ],
            ),
            ("  --a--  ", ["  --a--  ", "--a--", "a", "a", "a", "a"]),
            ("a.b~c!d@e", ["a.b~c!d@e", "a.b~c!d@e", "a-b-c-d-e", "a.b~c!d@e", "a-b-c-d-e", "a-b-c-d-e"]),
            ("½ Ⅷ ٣ a\u{302}", ["½ ⅷ ٣ a\u{302}", "½-ⅷ-٣-a\u{302}", "٣-a\u{302}", "٣-a\u{302}", "a", "a"]),
            ("ÀÉß Æ Œ Ł 日", ["àéß æ œ ł 日", "àéß-æ-œ-ł-日", "àéß-æ-œ-ł-日", "àéß-æ-œ-ł-日", "", "aess-ae-oe-l"]),
        ];
        for (text, slugs) in rows {
            for (mode, slug) in modes.iter().zip(slugs) {
                assert_eq!(slugify(text, mode), slug, "{text:?} as {mode}");
            }
        }
    }

    #[test]
    fn the_mode_may_be_left_out() {
        assert_eq!(run("slugify", "\"A b\"", ""), "\"a-b\"");
        assert_eq!(run("slugify", "\"A b\"", "null"), "\"a-b\"");
        assert_eq!(run("slugify", "null", ""), "null");
        assert_eq!(run("slugify", "5.5", ""), "\"5-5\"");
    }
}
