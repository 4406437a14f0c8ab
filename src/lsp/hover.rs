//! What is known of the name under the cursor: an include and who calls it, a value and where it comes from, a filter with its example.

use carafe_liquid::reference::{Entry, FILTERS, TAGS};
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use serde_json::Value;

use crate::check::Described;
use crate::config::reference;

use super::completion::jekyll;
use super::cursor;
use super::here::{Here, parsed};
use super::symbol::{self, Symbol};
use super::target::{self, Target};
use super::{definition, known};

/// `textDocument/hover`.
pub(super) fn answer(here: Here<'_>, params: Value) -> Result<Value, (i32, String)> {
    let params: HoverParams = parsed(params)?;
    let at = here.document.lines.offset(params.text_document_position_params.position);
    let Some((symbol, range)) = symbol::at(&here, at) else { return Ok(Value::Null) };
    let Some(text) = about(&here, &symbol) else { return Ok(Value::Null) };
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    let hover = Hover { contents, range: Some(here.document.lines.range(range)) };
    Ok(serde_json::to_value(hover).unwrap_or_default())
}

/// What is known of something, as Markdown.
fn about(here: &Here<'_>, symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Include(name) => Some(here.about_include(here.include(name)?)),
        Symbol::Parameter { include, name } => {
            let about = Described::new(here.includes(), here.include(include)?);
            let param = about.params.iter().find(|param| param.name == *name)?;
            Some(format!("`{name}`: {}\n\na parameter of `{include}`\n", param.words()))
        }
        Symbol::Variable(path) => variable(here, path),
        Symbol::Tag(name) => tag(here, name),
        Symbol::Filter(name) => filter(here, name),
        Symbol::Layout(name) => {
            let (path, _) = definition::layout(here, name)?;
            let users = here
                .world()
                .site
                .entries
                .iter()
                .filter(|entry| entry.text("layout").or(entry.text("template")) == Some(name));
            Some(format!("`{path}`: the layout of {} pages\n", users.count()))
        }
        Symbol::Link(address) => link(here, address),
        Symbol::FrontKey(key) => {
            let (_, entry) = here.entries().next()?;
            let (kind, shown) = known::shown(entry.value(key)?);
            let known = reference::front_matter().into_iter().find(|known| known.name == *key);
            let about = known.map(|known| format!("{}\n\n", known.about)).unwrap_or_default();
            Some(format!("{about}`page.{key}` is {kind}:\n\n{}", fenced(&shown)))
        }
        // What it is a name for, as if it stood there.
        Symbol::Definition(_) => {
            let text = here.text();
            let line = definition::place(here, symbol, 0).map(|span| cursor::line(text, span.start as usize))?;
            let address = text[line.clone()].split_once("]:")?.1.split_whitespace().next()?;
            link(here, address.trim_matches(['<', '>']))
        }
        Symbol::Heading(_) | Symbol::Id(_) => None,
        Symbol::Option(path) if here.is_jekyll() => {
            let about = jekyll::about(path.first().filter(|_| path.len() == 1)?)?;
            Some(format!("`{}`\n\n{about}\n", path.join(".")))
        }
        Symbol::Option(path) => {
            let name = path.join(".");
            let option = reference::options().into_iter().find(|option| option.name == name)?;
            let default =
                if option.default.is_empty() { String::new() } else { format!(", by default {}", option.default) };
            Some(format!("`{name}`{default}\n\n{}\n", option.about))
        }
    }
}

fn fenced(text: &str) -> String {
    format!("```text\n{}\n```\n", text.replace("```", "` ` `"))
}

/// A value for this page, and where it comes from.
fn variable(here: &Here<'_>, path: &[String]) -> Option<String> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let origin = definition::variable(here, path, here.text().len()).and_then(|span| {
        let file = here.world().sources.get(span.file)?;
        Some(format!("\nfrom `{}`, line {}\n", file.path, file.position(span.start).line))
    });
    let Some(value) = known::value(&here.globals(), &names) else {
        return origin.map(|origin| format!("`{}`\n{origin}", path.join(".")));
    };
    let (kind, shown) = known::shown(&value);
    Some(format!("`{}` is {kind}:\n\n{}{}", path.join("."), fenced(&shown), origin.unwrap_or_default()))
}

/// A tag: the site's own, or a built-in one with its example.
pub(super) fn tag(here: &Here<'_>, name: &str) -> Option<String> {
    let world = here.world();
    if let Some(definition) = world.tags().definition(name) {
        let form = if world.tags().is_block(name) {
            format!("{{% {name} %}}…{{% end{name} %}}")
        } else {
            format!("{{% {name} %}}")
        };
        let mut out = format!("```liquid\n{form}\n```\n");
        if let Some((_, template)) = here.template(&format!("tags/{}.html", definition.name))
            && let Some(doc) = template.doc()
        {
            out.push_str(&format!("\n{}\n", doc.contract.description));
        }
        let params: Vec<String> = definition
            .params
            .iter()
            .map(|(name, default)| match known::shown(default) {
                (_, default) if default == "nil" || default.is_empty() => format!("`{name}`"),
                (_, default) => format!("`{name}` (`{default}`)"),
            })
            .collect();
        if !params.is_empty() {
            out.push_str(&format!("\nParameters: {}\n", params.join(", ")));
        }
        return Some(out);
    }
    TAGS.iter().find(|entry| entry.name == name).map(reference)
}

/// A filter: the site's own, or a built-in one with its example.
pub(super) fn filter(here: &Here<'_>, name: &str) -> Option<String> {
    if let Some((path, template)) = here.template(&format!("filters/{name}.html")) {
        let about = template.doc().map(|doc| doc.contract.description.clone()).unwrap_or_default();
        return Some(format!("`{path}`\n\n{about}\n"));
    }
    FILTERS.iter().find(|entry| entry.name == name).map(reference)
}

/// An entry of the reference.
fn reference(entry: &Entry) -> String {
    let Entry { about, example, result, .. } = entry;
    let result = if result.is_empty() { "nothing".to_owned() } else { format!("\n\n{}", fenced(result)) };
    format!("{about}\n\n```liquid\n{example}\n```\n\ngives {result}")
}

/// The page that a link leads to.
fn link(here: &Here<'_>, address: &str) -> Option<String> {
    match target::find(here, address) {
        Target::Page(at, anchor) => {
            let (entry, _) = here.place_of(at, None)?;
            let base = &here.world().config.site.baseurl;
            let mut out = format!("**{}**\n\n`{base}{}`, from `{}`\n", entry.title(), entry.url, entry.page.path);
            if let Some(anchor) = anchor {
                let known =
                    here.session.looked(at).is_some_and(|looked| looked.anchors.iter().any(|id| **id == *anchor));
                out.push_str(&format!("\n{} `#{anchor}`\n", if known { "at" } else { "**it has no anchor**" }));
            }
            if let Some(description) = entry.text("description") {
                out.push_str(&format!("\n{description}\n"));
            }
            Some(out)
        }
        Target::File(path) => Some(format!("the file `{path}`\n")),
        Target::Elsewhere => None,
        Target::Nothing => Some(format!("`{address}` is no page or file of this site\n")),
    }
}
