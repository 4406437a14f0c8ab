//! Filters for addresses: percent encoding, and addresses of the site.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};

use crate::convert;
use crate::value::Value;

use super::{Call, FilterError, Outcome, Row};

pub(super) const FILTERS: &[Row] = &[
    ("absolute_url", |call| site_address(call, absolute)),
    ("cgi_escape", |call| {
        call.arity(1, 1)?;
        Ok(form_encoded(&call.text()).into())
    }),
    ("relative_url", |call| site_address(call, relative)),
    ("strip_index", strip_index),
    ("uri_escape", uri_escape),
    ("url_decode", url_decode),
    ("url_encode", |call| {
        call.arity(1, 1)?;
        Ok(if call.input.is_nil() { Value::Nil } else { form_encoded(&call.text()).into() })
    }),
];

/// All but what never needs to be encoded.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What cannot stand in a segment of a path.
const SEGMENT: AsciiSet = QUERY.add(b'/').add(b'?').remove(b'&').remove(b';');
/// What cannot stand in a name or a value of a query.
const QUERY: AsciiSet = RESERVED
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'=')
    .remove(b'/')
    .remove(b'?');
/// What cannot stand in a fragment.
const FRAGMENT: AsciiSet = QUERY.remove(b'&').remove(b';');
/// What cannot stand in an address at all.
const ADDRESS: AsciiSet = FRAGMENT.remove(b'#').remove(b'[').remove(b']');

/// `text` as in a form: blanks as `+`, everything but ASCII letters, digits and `-._~` as `%XX` (Ruby's `CGI.escape`).
fn form_encoded(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string().replace("%20", "+")
}

fn url_decode(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    match percent_decode_str(&call.text().replace('+', " ")).decode_utf8() {
        Ok(text) => Ok(text.into_owned().into()),
        Err(_) => Err(FilterError::new("invalid byte sequence in UTF-8")),
    }
}

/// `text` encoded anew: what is encoded without need is decoded, what needs it is encoded.
fn normalized(text: &str, set: &'static AsciiSet) -> String {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&decoded, set).to_string()
}

/// Jekyll's `uri_escape`: what can stand in an address at all is kept.
fn uri_escape(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    Ok(normalized(&call.text(), &ADDRESS).into())
}

fn strip_index(call: &Call<'_>) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    if text.is_empty() {
        return Ok(Value::Nil);
    }
    let stripped = text.strip_suffix("index.html").or_else(|| text.strip_suffix("index.htm"));
    Ok(match stripped.filter(|rest| rest.ends_with('/')) {
        Some(rest) => rest.into(),
        None => text.into_owned().into(),
    })
}

/// Runs `make` on the address that the input is or has (a page's field `url`); nil and addresses with a scheme stay.
fn site_address(call: &Call<'_>, make: fn(&Call<'_>, &str) -> String) -> Outcome {
    call.arity(1, 1)?;
    let own = match call.input {
        Value::Object(object) => object.get("url"),
        _ => None,
    };
    let input = own.as_ref().unwrap_or(call.input);
    if input.is_nil() {
        return Ok(Value::Nil);
    }
    let url = convert::to_s(input);
    Ok(if scheme(&url).is_some() { url.into_owned().into() } else { make(call, &url).into() })
}

/// The scheme of an address, `https` or `mailto`, if it has one.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once([':', '/', '?', '#'])?;
    let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts && url.as_bytes().get(scheme.len()) == Some(&b':')).then_some(scheme)
}

fn config(call: &Call<'_>, key: &str) -> String {
    call.env.variable(&["site", key]).map(|value| convert::to_s(&value).into_owned()).unwrap_or_default()
}

/// The site's base path and the address, each with a slash before it.
fn relative(call: &Call<'_>, url: &str) -> String {
    let base = config(call, "baseurl");
    let base = base.strip_suffix('/').unwrap_or(&base);
    let slashed =
        |part: &str| if part.is_empty() || part.starts_with('/') { part.to_owned() } else { format!("/{part}") };
    tidy(&[slashed(base), slashed(url)].concat())
}

fn absolute(call: &Call<'_>, url: &str) -> String {
    let site = config(call, "url");
    let path = relative(call, url);
    if site.is_empty() { path } else { tidy(&(site + &path)) }
}

/// An address in its normal form (RFC 3986, section 6): scheme and host in small letters, no default port, no `.` and
/// `..`, encoded where needed and nowhere else.
fn tidy(url: &str) -> String {
    let (url, fragment) = split_at(url.trim(), '#');
    let (url, query) = split_at(url, '?');
    let mut out = String::with_capacity(url.len());
    let mut path = url;
    if let Some(scheme) = scheme(url) {
        out.push_str(&scheme.to_ascii_lowercase());
        out.push(':');
        path = &url[scheme.len() + 1..];
    }
    let mut has_host = false;
    // An address that starts with two slashes but has no scheme is a path here: it was put together from parts.
    if let Some(rest) = path.strip_prefix("//").filter(|_| !out.is_empty()) {
        let end = rest.find('/').unwrap_or(rest.len());
        let host = rest[..end].to_lowercase();
        let port = if out == "https:" { ":443" } else { ":80" };
        out.push_str("//");
        out.push_str(host.strip_suffix(port).unwrap_or(&host));
        path = &rest[end..];
        has_host = true;
    }
    let path = without_dots(path);
    out.push_str(if path.is_empty() && has_host { "/" } else { &path });
    if let Some(query) = query {
        let pairs: Vec<_> = query.split('&').map(|pair| normalized(pair, &QUERY)).collect();
        out.push('?');
        out.push_str(&pairs.join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(&normalized(fragment, &FRAGMENT));
    }
    out
}

fn split_at(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// A path with its segments normalized and `.` and `..` resolved.
fn without_dots(path: &str) -> String {
    let mut segments: Vec<Cow<'_, str>> = Vec::new();
    let last = path.split('/').count() - 1;
    let rooted = path.starts_with('/');
    for (at, segment) in path.split('/').enumerate() {
        match segment {
            "." | ".." => {
                if segment == ".." && segments.len() > usize::from(rooted) {
                    segments.pop();
                }
                if at == last {
                    segments.push("".into());
                }
            }
            _ => segments.push(normalized(segment, &SEGMENT).into()),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::table;

    #[test]
    fn encoding_and_decoding_are_rubys() {
        table(
            Dialect::Liquid,
            &[
                ("url_encode", "\"a b&c*d~e-f_g.h/é\"", "", "\"a+b%26c%2Ad~e-f_g.h%2F%C3%A9\""),
                ("url_encode", "null", "", "null"),
                ("cgi_escape", "\"foo,bar;baz?\"", "", "\"foo%2Cbar%3Bbaz%3F\""),
                ("url_decode", "\"%zz%41+%\"", "", "\"%zzA %\""),
                ("url_decode", "\"%C3%A9%é\"", "", "\"é%é\""),
                ("url_decode", "\"%ff\"", "", "error: invalid byte sequence in UTF-8"),
                (
                    "uri_escape",
                    r#""foo, bar \\baz?é%20%2F%zz#x[1]""#,
                    "",
                    r#""foo,%20bar%20%5Cbaz?%C3%A9%20/%25zz#x[1]""#,
                ),
                ("strip_index", "\"/a/index.html\"", "", "\"/a/\""),
                ("strip_index", "\"/index.htm\"", "", "\"/\""),
                ("strip_index", "\"/index.html?x\"", "", "\"/index.html?x\""),
                ("strip_index", "\"/my-index.html\"", "", "\"/my-index.html\""),
            ],
        );
    }

    #[test]
    fn addresses_get_the_sites_base() {
        let rows = [
            ("/a b/é", "/base/a%20b/%C3%A9"),
            ("a.html?x=1 2#fr ag", "/base/a.html?x=1%202#fr%20ag"),
            ("//cdn/x", "/base//cdn/x"),
            ("", "/base"),
            ("../x/./y", "/x/y"),
            ("/a/../b", "/base/b"),
            ("/a/..", "/base/"),
            ("../../..", "/"),
            ("/%7efoo", "/base/~foo"),
            ("/a%2fb", "/base/a%2Fb"),
            ("/a:b", "/base/a:b"),
            ("/A?B=é&c=%C3%A9", "/base/A?B=%C3%A9&c=%C3%A9"),
            ("#top", "/base/#top"),
            ("?q", "/base/?q"),
            ("/a//b", "/base/a//b"),
            (" a ", "/base/%20a"),
        ];
        for (url, expected) in rows {
            let relative = super::super::testing::run("relative_url", &format!("\"{url}\""), "");
            assert_eq!(relative, format!("\"{expected}\""), "{url}");
            let absolute = super::super::testing::run("absolute_url", &format!("\"{url}\""), "");
            assert_eq!(absolute, format!("\"http://example.com{expected}\""), "{url}");
        }
    }

    #[test]
    fn addresses_with_a_scheme_stay() {
        table(
            Dialect::Jekyll,
            &[
                ("relative_url", "\"http://x.y/ä\"", "", "\"http://x.y/ä\""),
                ("absolute_url", "\"mailto:a@b\"", "", "\"mailto:a@b\""),
                ("relative_url", "null", "", "null"),
                ("relative_url", "5", "", "\"/base/5\""),
            ],
        );
    }
}
