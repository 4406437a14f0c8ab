//! The text of a call. `gallery.js` writes calls by the same rules; a test in the browser compares the two.

use std::collections::BTreeMap;
use std::sync::Arc;

use carafe_liquid::contracts::ParamKind;

use crate::check::{Described, Param};

/// What a call gives: each parameter's value as it stands in its control.
pub(crate) type Values = BTreeMap<String, String>;

/// How a tag is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The tag's name.
    pub name: Arc<str>,
    /// Further names.
    pub aliases: Vec<Arc<str>>,
    /// Whether the first of the parameters is what follows the name, without a name of its own.
    pub leads: bool,
    /// Whether the last of the parameters is its body.
    pub body: bool,
}

/// The call of an include with these values, or the use of a tag of this form. Parameters without one are left out, unless they are required.
/// What cannot stand in quotes is captured before the call.
pub(super) fn text(form: Option<&Form>, about: &Described, values: &Values) -> String {
    let mut before = String::new();
    let Some(form) = form else {
        let include = &about.name;
        let mut call = match include.contains(|c: char| c.is_whitespace() || "{}%\"'".contains(c)) {
            false => format!("{{% include {include}"),
            // A path with blanks is not one word.
            true => {
                before.push_str(&captured("include_path", include));
                "{% include {{ include_path }}".to_owned()
            }
        };
        given(&about.params, values, &mut before, &mut call);
        return format!("{before}{call} %}}");
    };
    let mut call = format!("{{% {}", form.name);
    let (lead, params) = about.params.split_at(usize::from(form.leads).min(about.params.len()));
    let (params, body) = params.split_at(params.len() - usize::from(form.body).min(params.len()));
    let value = |param: &Param| values.get(&param.name).map_or("", String::as_str);
    if let Some(lead) = lead.first().map(|lead| one_line(value(lead))).filter(|lead| !lead.is_empty()) {
        call.push_str(&format!(" {lead}"));
    }
    given(params, values, &mut before, &mut call);
    match body.first() {
        None => format!("{before}{call} %}}"),
        Some(body) => format!("{before}{call} %}}\n{}\n{{% end{} %}}", value(body).trim_matches('\n'), form.name),
    }
}

/// A text as it may follow a tag's name: on one line, without the end of a tag.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("%}", "% }")
}

/// Writes the parameters that have values.
fn given(params: &[Param], values: &Values, before: &mut String, call: &mut String) {
    for param in params.iter().filter(|param| is_name(&param.name)) {
        let value = values.get(&param.name).map_or("", String::as_str);
        if value.is_empty() && !param.required {
            continue;
        }
        let written = match param.kind {
            ParamKind::Boolean if matches!(value, "true" | "false") => value.to_owned(),
            ParamKind::Boolean if value.is_empty() => "false".to_owned(),
            ParamKind::Number if is_number(value) => value.to_owned(),
            ParamKind::Object | ParamKind::Array if is_path(value) => value.to_owned(),
            _ => match quoted(value) {
                Some(quoted) => quoted,
                None => {
                    let name = format!("{}_text", param.name);
                    before.push_str(&captured(&name, value));
                    name
                }
            },
        };
        call.push_str(&format!(" {}={written}", param.name));
    }
}

/// What a control holds at first where no example says it: something that fits, for what is required.
pub(super) fn placeholder(param: &Param) -> String {
    match &param.kind {
        _ if !param.required => String::new(),
        ParamKind::Any | ParamKind::String => param.name.clone(),
        ParamKind::Number => "1".to_owned(),
        ParamKind::Boolean => "true".to_owned(),
        ParamKind::Enum(values) => values.first().cloned().unwrap_or_default(),
        ParamKind::Object | ParamKind::Array => format!("page.{}", param.name),
    }
}

/// The text in quotes, where it can stand in them whatever site it is: not with both kinds of quotes, and not with anything that means
/// something to Liquid.
fn quoted(text: &str) -> Option<String> {
    if text.contains(['\\', '\n', '\r']) || ["{{", "}}", "{%", "%}"].iter().any(|sign| text.contains(sign)) {
        return None;
    }
    let quote = ['"', '\''].into_iter().find(|quote| !text.contains(*quote))?;
    Some(format!("{quote}{text}{quote}"))
}

/// What gives the variable `name` any text at all.
fn captured(name: &str, text: &str) -> String {
    // What would end the raw part is taken apart.
    let text = text.replace("{%", "{{% endraw %}{% raw %}%");
    format!("{{% capture {name} %}}{{% raw %}}{text}{{% endraw %}}{{% endcapture %}}\n")
}

/// Whether a call can give a parameter of this name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(part)
}

/// Whether it is a variable, such as `page.hosts`.
fn is_path(text: &str) -> bool {
    text.split('.').all(|part| is_name(part) && !part.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
}
