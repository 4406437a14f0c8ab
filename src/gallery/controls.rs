//! The part of an include's page where its call is tried: what it gives, its text, and a control for each parameter.

use std::fmt::Write as _;

use carafe_liquid::contracts::ParamKind;

use crate::check::Param;
use crate::markup::escape;

use super::elements::{breakable, code, frame, inline, language};
use super::exhibit::Exhibit;
use super::shown::Include;
use super::{Gallery, Place};

/// The call with its controls.
pub(super) fn try_it(gallery: &Gallery, include: &Include, exhibit: &Exhibit, up: &str) -> String {
    let about = &include.about;
    let mut out = String::from("<section aria-labelledby=\"call\" class=\"try\">\n<h2 id=\"call\">The call</h2>\n");
    let is_live = gallery.place == Place::Preview;
    let first = exhibit.first.variants.first();
    if let Some(variant) = first {
        out.push_str("<div class=\"stage\" data-stage>");
        out.push_str(&frame(gallery, include, super::FIRST, "What the call gives", &variant.rendering.html, up));
        out.push_str("</div>\n");
        if !is_live && !about.params.is_empty() {
            out.push_str("<p class=\"quiet script\">The frame shows the call as it is at first. <code>carafe serve</code> renders it as you change it.</p>\n");
        }
    }
    let problems = first.map_or("", |variant| &*variant.rendering.problems);
    let hidden = if problems.is_empty() { " hidden" } else { "" };
    let _ = writeln!(
        out,
        "<div role=\"status\"><pre class=\"problems\" tabindex=\"0\" aria-label=\"Problems\" data-problems{hidden}>{}</pre></div>",
        escape(problems)
    );
    out.push_str(&code(&exhibit.first.text, " data-call"));
    let has_releases = is_live && include.releases.len() > 1;
    if about.params.is_empty() {
        out.push_str("<p class=\"quiet\">It takes no parameters.</p>\n");
    }
    if about.params.is_empty() && !has_releases {
        return out + "</section>\n";
    }
    let _ = writeln!(
        out,
        "<form class=\"params\" data-try data-include=\"{}\"{}{} autocomplete=\"off\">",
        escape(&about.name),
        include.form.as_ref().map(|form| format!(" data-tag=\"{}\"", escape(&form.name))).unwrap_or_default(),
        if is_live { format!(" data-render=\"{up}render\"") } else { String::new() }
    );
    if !about.declared && !about.params.is_empty() {
        out.push_str("<p class=\"quiet\">It declares no parameters; these are the ones that it reads.</p>\n");
    }
    out.push_str("<div data-later=\"release\">");
    if has_releases {
        out.push_str(
            "<p class=\"script release\"><label for=\"release\">Release</label> <select id=\"release\" data-release>",
        );
        for release in &include.releases {
            let _ = write!(out, "<option value=\"{}\">{}</option>", escape(&release.address()), escape(&release.label));
        }
        out.push_str("</select></p>\n");
    }
    out.push_str("</div>\n");
    if about.params.is_empty() {
        return out + "</form>\n</section>\n";
    }
    out.push_str(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"parameters\" tabindex=\"0\"><table>\n<caption id=\"parameters\">Parameters</caption>\n\
         <thead><tr><th scope=\"col\">Name</th><th scope=\"col\">What it is</th><th scope=\"col\" class=\"script\">Value</th></tr></thead>\n<tbody>\n",
    );
    for (number, param) in about.params.iter().enumerate() {
        let value = include.first.get(&param.name).map_or("", String::as_str);
        out.push_str(&row(gallery, number, param, (role(include, number), value)));
    }
    out.push_str(
        "</tbody></table></div>\n<p class=\"script\"><button type=\"reset\">Reset</button></p>\n</form>\n</section>\n",
    );
    out
}

/// A parameter, with its control.
fn row(gallery: &Gallery, number: usize, param: &Param, (role, value): (Role, &str)) -> String {
    let mut words = vec![match &param.kind {
        ParamKind::Any => "anything".to_owned(),
        ParamKind::Enum(values) => {
            let all: Vec<String> = values.iter().map(|value| format!("<code>{}</code>", escape(value))).collect();
            all.join(" or ")
        }
        _ => param.kind(),
    }];
    words.push(if param.required { "<strong>required</strong>".to_owned() } else { "optional".to_owned() });
    words.extend(param.default.as_ref().map(|default| format!("default <code>{}</code>", escape(default))));
    let deprecated = match &param.deprecated {
        Some(reason) => format!("<p class=\"deprecated\"><strong>Deprecated.</strong> {}</p>", inline(reason)),
        None => String::new(),
    };
    let description = match param.description.is_empty() {
        true => String::new(),
        false => format!("<p{}>{}</p>", language(gallery), inline(&param.description)),
    };
    format!(
        "<tr><th scope=\"row\"><label for=\"p{number}\">{}</label></th><td><p class=\"type\">{}</p>{description}{deprecated}</td><td class=\"script\">{}</td></tr>\n",
        breakable(&param.name),
        words.join(", "),
        control(number, param, role, value)
    )
}

/// What a parameter is in the use of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// One that is given by its name, as all are in calls of includes.
    Named,
    /// What follows the tag's name.
    Lead,
    /// The body.
    Body,
}

fn role(include: &Include, number: usize) -> Role {
    match &include.form {
        Some(form) if form.leads && number == 0 => Role::Lead,
        Some(form) if form.body && number + 1 == include.about.params.len() => Role::Body,
        _ => Role::Named,
    }
}

fn control(number: usize, param: &Param, role: Role, value: &str) -> String {
    if role == Role::Body {
        return format!(
            "<textarea id=\"p{number}\" name=\"{}\" data-kind=\"body\" rows=\"{}\" dir=\"auto\" spellcheck=\"false\">\n{}</textarea>",
            escape(&param.name),
            value.lines().count().clamp(3, 12),
            escape(value)
        );
    }
    let kind = match param.kind {
        _ if role == Role::Lead => "lead",
        ParamKind::Boolean => "boolean",
        ParamKind::Number => "number",
        ParamKind::Object | ParamKind::Array => "variable",
        ParamKind::Enum(_) => "enum",
        ParamKind::String | ParamKind::Any => "text",
    };
    let default = param.default.as_deref().unwrap_or_default();
    let common = format!(
        "id=\"p{number}\" name=\"{}\" data-kind=\"{kind}\"{}",
        escape(&param.name),
        if param.required { " data-required" } else { "" }
    );
    match &param.kind {
        ParamKind::Boolean => {
            let is_on = if value.is_empty() { default == "true" } else { value == "true" };
            let checked = if is_on { " checked" } else { "" };
            format!("<input type=\"checkbox\" {common} data-default=\"{}\"{checked}>", default == "true")
        }
        ParamKind::Enum(values) => {
            let mut out = format!("<select {common}>");
            if !param.required {
                let label = if default.is_empty() {
                    "not given".to_owned()
                } else {
                    format!("not given ({})", escape(default))
                };
                let _ = write!(out, "<option value=\"\">{label}</option>");
            }
            for choice in values {
                let selected = if choice == value { " selected" } else { "" };
                let _ = write!(out, "<option value=\"{0}\"{selected}>{0}</option>", escape(choice));
            }
            // An example may say something that is none of them.
            if !value.is_empty() && !values.iter().any(|choice| choice == value) {
                let _ = write!(out, "<option value=\"{0}\" selected>{0}</option>", escape(value));
            }
            out + "</select>"
        }
        _ => {
            let hint = match kind {
                "variable" => "a variable, such as page.list",
                _ => default.trim_matches('"'),
            };
            let mode = if kind == "number" { " inputmode=\"decimal\"" } else { "" };
            format!(
                "<input type=\"text\" {common} value=\"{}\" placeholder=\"{}\" dir=\"auto\" spellcheck=\"false\"{mode}>",
                escape(value),
                escape(hint)
            )
        }
    }
}
