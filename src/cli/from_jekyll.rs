//! `init --from-jekyll`: what a Jekyll site's own Ruby and its missing plugins did, as templates to be written, and a list of all that
//! is to be done.
//!
//! 1. the site is rendered in memory: tags and filters that nobody knows, and those of Ruby that is not run, are its findings;
//! 2. their uses are looked up in the texts: whether a tag has a body and what stands behind its name says what the template is to take;
//! 3. each gets a template that does next to nothing, and a line on the list. No file that is there is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::config::Mode;
use crate::diagnostic::{Diagnostic, Severity};
use crate::session::Session;
use crate::world::Options;

use super::console::Console;
use super::exit::Exit;

/// The list, a file that no site publishes.
const LIST: &str = "_carafe-move.md";

/// How many uses of a tag are looked at.
const USES: usize = 1000;

/// A tag or a filter that is to be written.
#[derive(Debug, Default)]
struct Wanted {
    is_filter: bool,
    /// Who brings it along, as far as that is known.
    owner: Option<String>,
    /// The texts that use it.
    paths: BTreeSet<Arc<str>>,
    /// The first use, as it is written.
    example: String,
    is_block: bool,
    /// What stands behind the tag's name, of each use.
    markups: Vec<String>,
}

/// Tags, then filters, by name.
type All = BTreeMap<(bool, String), Wanted>;

/// Writes what is missing for the Jekyll site at `options.source`.
pub(super) fn run(options: &Options, console: &mut Console<'_>) -> io::Result<Exit> {
    let session = match Session::open(options) {
        Ok(session) => session,
        Err(error) => {
            let help = Some("repair what `carafe build` tells first");
            let message = format!("`{}` cannot be read as a site: {}", options.source.display(), reason(&error));
            console.problem(&message, help)?;
            return Ok(Exit::Usage);
        }
    };
    if session.world().config.mode != Mode::Jekyll || session.world().config.files.is_empty() {
        let message = format!("`{}` is no Jekyll site: it has no `_config.yml`", options.source.display());
        console.problem(&message, None)?;
        return Ok(Exit::Usage);
    }
    let findings = session.findings();
    let all = wanted(&session, findings.iter().map(|(_, found)| found));
    let includes = session.world().config.content.folders.includes.clone();
    let mut written = 0;
    let mut list = format!("# Moving this site to Carafe\n\n{}", templates(&all, &includes));
    for ((_, name), wanted) in &all {
        let path = template_path(&includes, name, wanted);
        written += usize::from(write(&options.source.join(&path), &template(name, wanted), console)?);
    }
    list.push_str(&causes(&session, findings.iter().map(|(_, found)| found)));
    let rest = rest(findings.iter().map(|(_, found)| found));
    if !rest.is_empty() {
        list.push_str(&format!("## What `carafe build` tells besides\n\n{rest}\n"));
    }
    console.data(&list)?;
    let kept = !write(&options.source.join(LIST), &list, console)?;
    let templates = if written == 1 { "1 template".to_owned() } else { format!("{written} templates") };
    let listed = if kept { "the list is above".to_owned() } else { format!("the list is in {LIST}") };
    console.result(&format!("Wrote {templates}; {listed}"))?;
    Ok(Exit::Clean)
}

fn reason(error: &crate::world::Error) -> String {
    match error {
        crate::world::Error::Folder(_, error) => error.to_string(),
        crate::world::Error::Config(_, found) => found.first().map_or_else(String::new, |found| found.message.clone()),
        crate::world::Error::Output(error) => error.to_string(),
    }
}

/// Writes a file that is not there yet; whether it was written.
fn write(path: &Path, text: &str, console: &mut Console<'_>) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())?;
            console.detail(&format!("wrote {}", path.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            console.say(&format!("kept {}", path.display()))?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The tags and filters that the findings name, with their uses.
fn wanted<'f>(session: &Session, findings: impl Iterator<Item = &'f Diagnostic>) -> All {
    let sources = session.sources();
    let mut all = All::new();
    for found in findings {
        let is_filter = match found.code {
            "unknown-tag" | "foreign-tag" => false,
            "unknown-filter" | "foreign-filter" => true,
            _ => continue,
        };
        // Of what has an owner the place is the owner's, and the use is pointed at.
        let used = found.labels.first().map(|label| label.span).or(found.span);
        let Some((span, file)) = used.and_then(|span| Some((span, sources.get(span.file)?))) else { continue };
        let text = file.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let name = if is_filter { first_word(text) } else { tag_name(text) };
        let of_block = name.strip_prefix("end").is_some_and(|opener| all.contains_key(&(false, opener.to_owned())));
        if name.is_empty() || of_block {
            continue;
        }
        let wanted = all.entry((is_filter, name.to_owned())).or_default();
        wanted.is_filter = is_filter;
        if found.code.starts_with("foreign") && wanted.owner.is_none() {
            // The second name in the message.
            wanted.owner = found.message.split('`').nth(3).map(str::to_owned);
        }
    }
    for (_, file) in sources.all() {
        if file.path.starts_with('(') || file.path.ends_with(".rb") {
            continue;
        }
        for ((is_filter, name), wanted) in &mut all {
            let found = if *is_filter { filter_uses(&file.text, name) } else { tag_uses(&file.text, name) };
            for (markup, whole) in found {
                wanted.paths.insert(file.path.clone());
                if wanted.example.is_empty() {
                    wanted.example = whole.split_whitespace().collect::<Vec<_>>().join(" ");
                }
                if wanted.markups.len() < USES {
                    wanted.markups.push(markup.to_owned());
                }
            }
            wanted.is_block |= !is_filter && !tag_uses(&file.text, &format!("end{name}")).is_empty();
        }
    }
    all
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !is_part(c));
    &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())]
}

/// The name of the tag that a text begins with.
fn tag_name(text: &str) -> &str {
    first_word(text.trim_start_matches("{%").trim_start_matches('-').trim_start())
}

/// The uses of a tag: what stands behind its name, and the whole.
fn tag_uses<'t>(text: &'t str, name: &str) -> Vec<(&'t str, &'t str)> {
    // Behind the last end of a tag there is none.
    let tags = text.match_indices("{%").map_while(|(at, _)| Some(&text[at..at + text[at..].find("%}")? + 2]));
    let used = |whole: &'t str| {
        let inner = whole.trim_start_matches("{%").trim_end_matches("%}").trim_matches('-').trim();
        let markup = inner.strip_prefix(name).filter(|rest| !rest.starts_with(is_part))?;
        Some((markup.trim(), whole))
    };
    tags.filter_map(used).collect()
}

/// The uses of a filter: what follows its name, and the whole.
fn filter_uses<'t>(text: &'t str, name: &str) -> Vec<(&'t str, &'t str)> {
    let used = |(at, _): (usize, &str)| {
        let rest = text[at + 1..].trim_start().strip_prefix(name).filter(|rest| !rest.starts_with(is_part))?;
        let end = rest.find(['|', '}', '%', '\n']).unwrap_or(rest.len());
        let start = text[..at].rfind(['{', '%', '\n']).map_or(0, |start| start + 1);
        let whole = text.get(start..text.len() - rest.len() + end).unwrap_or_default();
        Some((rest[..end].trim(), whole))
    };
    text.match_indices('|').filter_map(used).collect()
}

fn template_path(includes: &str, name: &str, wanted: &Wanted) -> String {
    format!("{includes}/{}/{name}.html", if wanted.is_filter { "filters" } else { "tags" })
}

/// The parameters of uses that have nothing else than `key=value`, each with whether some value of it is a text without quotes.
fn parameters(markups: &[String]) -> Option<BTreeMap<String, bool>> {
    let mut names = BTreeMap::new();
    for markup in markups {
        let mut rest = markup.as_str().trim_start_matches([',', ' ']);
        while !rest.is_empty() {
            let name = &rest[..rest.find(|c| !is_part(c))?];
            let value = rest[name.len()..].trim_start().strip_prefix('=')?.trim_start();
            let (end, bare) = match value.chars().next()? {
                quote @ ('"' | '\'') => (value[1..].find(quote)? + 2, false),
                _ => {
                    let end = value.find([' ', ',']).unwrap_or(value.len());
                    (end, is_bare_text(&value[..end]))
                }
            };
            if name.is_empty() {
                return None;
            }
            *names.entry(name.to_owned()).or_default() |= bare;
            rest = value[end..].trim_start_matches([',', ' ', '\n']);
        }
    }
    Some(names)
}

/// Endings of files; what ends so is no variable's field.
const ENDINGS: [&str; 16] =
    ["css", "gif", "htm", "html", "jpeg", "jpg", "js", "json", "md", "mp4", "pdf", "png", "svg", "txt", "webm", "webp"];

/// Whether a value without quotes is neither a variable nor a number: an address, a version, the name of a file.
fn is_bare_text(value: &str) -> bool {
    let is_number = value.parse::<f64>().is_ok();
    let is_name = |part: &str| part.starts_with(|c: char| c.is_alphabetic() || c == '_') && part.chars().all(is_part);
    let is_index = |part: &str| part.parse::<i64>().is_ok();
    // Parameters take no variable with brackets.
    let parts: Vec<&str> = value.split('.').collect();
    let is_path = parts.iter().enumerate().all(|(at, part)| is_name(part) || at > 0 && is_index(part));
    let is_file = parts.len() > 1 && parts.last().is_some_and(|last| ENDINGS.contains(last));
    !is_number && (!is_path || is_file)
}

/// A template that does next to nothing: a body passes through, a value as well.
fn template(name: &str, wanted: &Wanted) -> String {
    let mut notes = vec![match &wanted.owner {
        Some(owner) => format!("`{name}` comes from `{owner}`, which is not run. To be written:"),
        None => format!("`{name}` is known to nobody. To be written:"),
    }];
    if !wanted.example.is_empty() {
        notes.push(format!("used as  {}", wanted.example));
    }
    if wanted.is_filter {
        notes.push("`input` is the value, `args` are the arguments, `params` those with names.".to_owned());
        return format!("---\n# {}\nfilter: {{}}\n---\n{{{{ input }}}}\n", notes.join("\n# "));
    }
    let mut head = String::new();
    if wanted.is_block {
        head.push_str("  kind: block\n  output: text\n");
    }
    if wanted.markups.iter().any(|markup| !markup.is_empty()) {
        match parameters(&wanted.markups) {
            Some(names) => {
                let bare: Vec<&str> = names.iter().filter(|(_, bare)| **bare).map(|(name, _)| &**name).collect();
                let names: Vec<String> = names.keys().map(|name| format!("{name}: \"\"")).collect();
                head.push_str(&format!("  markup: params\n  params: {{{}}}\n", names.join(", ")));
                if !bare.is_empty() {
                    head.push_str(&format!("  bare: [{}]\n", bare.join(", ")));
                }
                notes.push("`params` are the parameters.".to_owned());
            }
            None => {
                head.push_str("  markup: words\n");
                notes.push(
                    "`markup` is all that follows the name, `words` are its words, `params` its parameters.".to_owned(),
                );
            }
        }
    }
    if head.is_empty() {
        head.push_str("  markup: none\n");
    }
    let body = if wanted.is_block { "{{ content }}\n".to_owned() } else { format!("<!-- {name} -->\n") };
    if wanted.is_block {
        notes.push("`content` is the body; for now nothing else is shown.".to_owned());
    }
    format!("---\n# {}\ntag:\n{head}---\n{body}", notes.join("\n# "))
}

/// The list of templates.
fn templates(all: &All, includes: &str) -> String {
    if all.is_empty() {
        return "All tags and filters are known.\n\n".to_owned();
    }
    let mut text = "## Templates to write\n\n".to_owned();
    for ((_, name), wanted) in all {
        let shown = if wanted.is_filter { format!("| {name}") } else { format!("{{% {name} %}}") };
        let owner = wanted.owner.as_ref().map_or(String::new(), |owner| format!(" of `{owner}`"));
        let first = wanted.paths.first().map_or(String::new(), |path| format!(", in `{path}`"));
        let files = match wanted.paths.len() {
            0 => String::new(),
            1 => first,
            count => format!("{first} and {} more", count - 1),
        };
        text.push_str(&format!("- [ ] `{shown}`{owner}{files}: `{}`\n", template_path(includes, name, wanted)));
    }
    text.push('\n');
    text
}

/// What the site's Ruby, its missing plugins and its theme are in the way of.
fn causes<'f>(session: &Session, findings: impl Iterator<Item = &'f Diagnostic>) -> String {
    let mut text = String::new();
    let ruby = &session.world().ruby;
    for (name, owner, readers) in ruby.readers(session.world()) {
        let readers = if readers.is_empty() { "nobody reads it".to_owned() } else { format!("read by {readers}") };
        let place =
            if name.starts_with("page.") { "the front matter, or `defaults`" } else { "`_config.yml`, or a data file" };
        text.push_str(&format!("- [ ] `{name}` is set by `{owner}`; {readers}: put it into {place}\n"));
    }
    let told = ["ruby-plugin", "ignored-plugin", "missing-theme"];
    let messages: BTreeSet<(&str, &str)> =
        findings.filter(|found| told.contains(&found.code)).map(|found| (found.code, found.message.as_str())).collect();
    for (_, message) in messages {
        text.push_str(&format!("- [ ] {message}\n"));
    }
    if text.is_empty() { text } else { format!("## What is not run\n\n{text}\n") }
}

/// How many findings there are of each other kind.
fn rest<'f>(findings: impl Iterator<Item = &'f Diagnostic>) -> String {
    const TOLD: [&str; 9] = [
        "unknown-tag",
        "foreign-tag",
        "unknown-filter",
        "foreign-filter",
        "ruby-plugin",
        "ignored-plugin",
        "missing-theme",
        "built-in-plugin",
        "plugin-not-needed",
    ];
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for found in findings.filter(|found| !TOLD.contains(&found.code) && found.severity != Severity::Note) {
        *counts.entry((found.severity, found.code)).or_default() += 1;
    }
    let line = |((_, code), count): (&(Severity, &str), &usize)| format!("- `{code}`: {count}\n");
    counts.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_say_what_a_template_takes() {
        let text = "{% box a=1 b='x y' %}{%- box -%}{% boxes %}{{ 3 | money: \"USD\" | x }}\n{% endbox %}";
        let uses: Vec<&str> = tag_uses(text, "box").into_iter().map(|(markup, _)| markup).collect();
        assert_eq!(uses, ["a=1 b='x y'", ""]);
        assert_eq!(filter_uses(text, "money"), [(": \"USD\"", " 3 | money: \"USD\" ")]);
        let names = |markups: &[&str]| parameters(&markups.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a=1 b='x y'", ""]), Some([("a".to_owned(), false), ("b".to_owned(), false)].into()));
        assert_eq!(names(&["a=1", "a=/x"]), Some([("a".to_owned(), true)].into()));
        for other in ["warning", "a=1 b", "\"quoted\"", "a='open", "=", "ü"] {
            assert_eq!(names(&[other]), None, "{other}");
        }
        assert_eq!((tag_name("{%- é-tag x %}"), tag_name("{%"), first_word("| up")), ("é-tag", "", "up"));
    }
}
