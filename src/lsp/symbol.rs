//! What the name under the cursor names.

use std::ops::Range;

use carafe_yaml::front_matter;

use super::cursor::{self, Construct, Lookup};
use super::here::Here;
use super::rename::{definition, heading, values};
use super::ways;

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// An include, as the call names it.
    Include(String),
    /// A parameter of an include.
    Parameter { include: String, name: String },
    /// A variable and the way into it.
    Variable(Vec<String>),
    /// A tag.
    Tag(String),
    /// A filter.
    Filter(String),
    /// A layout or page template.
    Layout(String),
    /// Where a link leads, as written.
    Link(String),
    /// A key of the front matter.
    FrontKey(String),
    /// An option of the configuration, with the sections around it.
    Option(Vec<String>),
    /// A heading, by its text.
    Heading(String),
    /// The id of an element.
    Id(String),
    /// The name of a link or footnote that the text defines.
    Definition(String),
}

/// The tags that call includes.
pub(super) const CALLS: [&str; 4] = ["include", "include_cached", "include_relative", "render"];

/// What stands at a byte of the text, and its range.
pub(super) fn at(here: &Here<'_>, at: usize) -> Option<(Symbol, Range<usize>)> {
    let text = here.text();
    if let Some(construct) = Construct::around(text, at) {
        return in_construct(here, &construct, at);
    }
    if is_configuration(here) {
        let (path, range) = key_at(text, 0..text.len(), at)?;
        return Some((Symbol::Option(path), range));
    }
    if let Some((keys, range)) = values::is_data(here).then(|| key_at(text, 0..text.len(), at)).flatten() {
        return Some((Symbol::Variable(values::of_data_file(here, &keys)?), range));
    }
    if let Some(front) = front_matter(text).filter(|front| (front.start..front.end).contains(&at)) {
        let (path, range) = key_at(text, front.start..front.end, at)?;
        return match path.as_slice() {
            [key] if range.contains(&at) || range.end == at => Some((Symbol::FrontKey(key.clone()), range)),
            [key] if matches!(key.as_str(), "layout" | "template") => {
                let line = cursor::line(text, at);
                let value = &text[range.end..line.end];
                let name = value.trim_start_matches([':', ' ']).trim_matches(['"', '\'', ' ']);
                let start = range.end + value.find(name)?;
                Some((Symbol::Layout(name.to_owned()), start..start + name.len()))
            }
            _ => None,
        };
    }
    if let Some(own) = parameter_of_doc(here, at) {
        return Some(own);
    }
    if let Some((range, _)) = cursor::address(text, at).filter(|(range, _)| !range.is_empty()) {
        return Some((Symbol::Link(text[range.clone()].to_owned()), range));
    }
    let body = front_matter(text).map_or(0, |front| front.body);
    let id = || Some((heading::id_at(text, at)?, Symbol::Id as fn(String) -> Symbol));
    let definition = || Some((definition::at(text, at)?, Symbol::Definition as fn(String) -> Symbol));
    let heading = || Some((heading::text_at(text, at)?, Symbol::Heading as fn(String) -> Symbol));
    let found = id().or_else(definition).or_else(heading);
    found
        .filter(|(range, _)| range.start >= body)
        .map(|(range, symbol)| (symbol(text[range.clone()].to_owned()), range))
}

/// Whether the text is the site's configuration.
pub(super) fn is_configuration(here: &Here<'_>) -> bool {
    here.world().config.files.iter().any(|file| *file == here.path)
}

fn in_construct(here: &Here<'_>, construct: &Construct, at: usize) -> Option<(Symbol, Range<usize>)> {
    let text = here.text();
    let part = construct.part(text, at);
    let mut markup = part.clone();
    if construct.is_tag {
        let name = cursor::word(text, part.clone());
        let tag = &text[name.clone()];
        if name.start <= at && at <= name.end {
            let tag = tag.strip_prefix("end").filter(|tag| !tag.is_empty()).unwrap_or(tag);
            return (!tag.is_empty()).then(|| (Symbol::Tag(tag.to_owned()), name));
        }
        markup = name.end..part.end;
        if CALLS.contains(&tag) {
            let path = cursor::word(text, markup.clone());
            let include = text[path.clone()].trim_matches(['"', '\'', ',']);
            let include = match (tag, here.path.rsplit_once('/')) {
                ("include_relative", Some((folder, _))) => format!("{folder}/{include}"),
                _ => include.to_owned(),
            };
            if path.start <= at && at <= path.end {
                return (!include.is_empty()).then_some((Symbol::Include(include), path));
            }
            let given = cursor::arguments(text, path.end..part.end);
            if let Some(one) = given.into_iter().find(|one| one.name.start <= at && at <= one.name.end) {
                let name = text[one.name.clone()].to_owned();
                return Some((Symbol::Parameter { include, name }, one.name));
            }
        }
    }
    let lookup = Lookup::around(text, markup.clone(), at);
    if let Some(lookup) = &lookup
        && let (Some(first), Some(range)) = (lookup.names.first(), lookup.names.get(lookup.at))
        && text[markup.start..first.start].trim_end().ends_with('|')
    {
        return (!range.is_empty()).then(|| (Symbol::Filter(text[range.clone()].to_owned()), range.clone()));
    }
    // What is assigned or given is no way into anything.
    let names = match ways::around(text, construct, at) {
        Some((way, step)) => way.names(step)?,
        None => lookup.filter(|lookup| lookup.names.first().is_some_and(|first| !first.is_empty()))?.up_to(),
    };
    let range = names.last().filter(|range| !range.is_empty())?.clone();
    let path: Vec<String> = names.iter().map(|name| text[name.clone()].to_owned()).collect();
    if let ["include", name, ..] = path.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
        && path.len() == 2
        && let Some(own) = here.own_include()
    {
        let include = here.includes().name(own).to_owned();
        return Some((Symbol::Parameter { include, name: (*name).to_owned() }, range));
    }
    Some((Symbol::Variable(path), range))
}

/// A name behind `@param` in the `doc` block of an include.
fn parameter_of_doc(here: &Here<'_>, at: usize) -> Option<(Symbol, Range<usize>)> {
    let text = here.text();
    let line = cursor::line(text, at);
    if !text[line.clone()].trim_start().starts_with("@param") {
        return None;
    }
    let own = here.own_include()?;
    let includes = here.includes();
    let contract = includes.contract(own)?;
    let of_session = here.world().sources.get(includes.analysis.units.get(own)?.template.file())?;
    if *of_session.text != *text {
        return None;
    }
    let param =
        contract.params.iter().find(|param| (param.span.start as usize..=param.span.end as usize).contains(&at))?;
    let include = includes.name(own).to_owned();
    Some((Symbol::Parameter { include, name: param.name.clone() }, super::known::range(param.span)))
}

/// The key on the line of a place in a text of YAML, with those around it, by their indentation; and the range of its name.
pub(super) fn key_at(text: &str, within: Range<usize>, at: usize) -> Option<(Vec<String>, Range<usize>)> {
    let line = cursor::line(text, at);
    let (indent, name, range) = key_of(text, line.clone())?;
    let mut path = vec![name];
    let mut least = indent;
    for above in text[within.start..line.start].lines().rev() {
        let offset = above.as_ptr().addr() - text.as_ptr().addr();
        let Some((indent, name, _)) = key_of(text, offset..offset + above.len()) else { continue };
        if indent < least {
            path.insert(0, name);
            least = indent;
        }
        if least == 0 {
            break;
        }
    }
    Some((path, range))
}

/// The key of a line, how far it is indented, and the range of its name. The sign of an item counts as blanks.
fn key_of(text: &str, line: Range<usize>) -> Option<(usize, String, Range<usize>)> {
    let shown = &text[line.clone()];
    let inner = shown.trim_start_matches([' ', '-']);
    let indent = shown.len() - inner.len();
    if inner.starts_with('#') {
        return None;
    }
    let end = inner.find(':').filter(|end| inner[end + 1..].is_empty() || inner[end + 1..].starts_with(' '))?;
    let name = inner[..end].trim_end();
    let start = line.start + indent;
    Some((indent, name.trim_matches(['"', '\'']).to_owned(), start..start + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_way_to_them() {
        let text = "a: 1\nb:\n  c: 2\n  # d: x\n  e:\n    - f: 3\n      g: 4\nh: 5\n";
        let found = |name: &str| key_at(text, 0..text.len(), text.find(name).unwrap()).map(|(path, _)| path.join("."));
        assert_eq!(found("c:").as_deref(), Some("b.c"));
        assert_eq!(found("g:").as_deref(), Some("b.e.g"));
        assert_eq!(found("h:").as_deref(), Some("h"));
        assert_eq!(found("# d"), None);
    }
}
