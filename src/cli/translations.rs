//! `translations`: which pages are translated, and which translations are of an older state of their source.

use std::io;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use crate::git;
use crate::include_test::report::diff;
use crate::session::{Session, State, Translation, name_of};

use super::args::{FormatArg, SiteArgs};
use super::console::Console;
use super::exit::Exit;
use super::past::past;
use super::site;

/// How many earlier states of a source are looked at.
const STATES: usize = 60;

/// What `translations` takes.
#[derive(Debug, Args)]
pub(super) struct TranslationsArgs {
    /// Only these translations, or all of these sources: files or folders
    files: Vec<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Only this language
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Write into these translations that they are of what their sources say now
    #[arg(long, conflicts_with = "diff", requires = "files")]
    mark: bool,
    /// Show what has changed in the sources since they were translated, as far as git knows
    #[arg(long)]
    diff: bool,
}

/// Tells of translations, marks them, or shows what they miss; it is no failure when one is stale.
pub(super) fn run(args: &TranslationsArgs, console: &mut Console<'_>) -> io::Result<Exit> {
    console.progress("Looking at translations …")?;
    let opened = Session::open(&args.site.options(console.now));
    let Some(session) = site::opened(opened, &args.site, console)? else { return Ok(Exit::Usage) };
    if !session.world().has_languages() {
        let help = "name the languages that it is translated into under `languages` in `carafe.yml`";
        console.problem("the site has one language", Some(help))?;
        return Ok(Exit::Usage);
    }
    let mut all = session.translations();
    all.retain(|one| args.language.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(&one.language)));
    if all.is_empty() && args.language.is_some() {
        console.problem("the site is not translated into that language", None)?;
        return Ok(Exit::Usage);
    }
    let paths: Vec<String> = args.files.iter().map(|file| site_path(&args.site, file)).collect();
    for path in &paths {
        if !all.iter().any(|one| is_named(one, path)) {
            let help = "name the file of a translation, or that of its source; paths count from the working folder";
            console.problem(&format!("`{path}` is no page that is to be translated"), Some(help))?;
            return Ok(Exit::Usage);
        }
    }
    all.retain(|one| paths.is_empty() || paths.iter().any(|path| is_named(one, path)));
    if args.mark {
        return mark(&session, args, &all, console);
    }
    let diffs = if args.diff { diffs(&session, args, &all, console)? } else { Vec::new() };
    match console.format() {
        Some(FormatArg::Json) => console.data(&as_json(&all, &diffs))?,
        _ if args.diff => console.data(&shown(&diffs))?,
        _ => console.data(&lines(&all, !paths.is_empty()))?,
    }
    console.result(&summary(&all))?;
    Ok(Exit::Clean)
}

/// A path of the command line as the site knows it.
fn site_path(args: &SiteArgs, file: &str) -> String {
    let whole = |path: &std::path::Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_default();
    let folder = whole(&args.source);
    let inner = whole(std::path::Path::new(file));
    let inner = inner.strip_prefix(&folder).map(|path| path.to_string_lossy().replace('\\', "/"));
    inner.unwrap_or_else(|_| file.to_owned())
}

/// Whether a path is that of the translation, of its source, or of a folder with one of both.
fn is_named(one: &Translation, path: &str) -> bool {
    let holds = |file: &str| {
        file.strip_prefix(path).is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    one.path.as_deref().is_some_and(holds) || holds(&one.source)
}

/// Writes into the translations which state of their sources they are of.
fn mark(
    session: &Session,
    args: &TranslationsArgs,
    all: &[Translation],
    console: &mut Console<'_>,
) -> io::Result<Exit> {
    let mut marked = 0;
    for one in all {
        let Some(path) = &one.path else { continue };
        let Some(now) = session.source_state(&one.source) else { continue };
        let file = args.site.source.join(&**path);
        let text = std::fs::read_to_string(&file)?;
        let next = with_key(&text, &now);
        if next != text {
            std::fs::write(&file, next)?;
            marked += 1;
        }
    }
    let of = all.iter().filter(|one| one.path.is_some()).count();
    console.result(&format!("Marked {marked} of {of} translations"))?;
    Ok(Exit::Clean)
}

/// The text of a page whose front matter says which state it translates.
fn with_key(text: &str, state: &str) -> String {
    const KEY: &str = crate::session::TRANSLATED_FROM;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = format!("{KEY}: {state}{end}");
    let mut out = String::with_capacity(text.len() + line.len() + 8);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let has_front = first.trim_start_matches('\u{feff}').trim_end() == "---"
        && text.lines().skip(1).any(|line| matches!(line.trim_end(), "---" | "..."));
    if !has_front {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        return format!("{}---{end}{line}---{end}{}", &text[..start], &text[start..]);
    }
    out.push_str(first);
    let (mut is_front, mut is_written) = (true, false);
    for text in lines {
        let is_key = is_front && text.strip_prefix(KEY).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let is_end = is_front && matches!(text.trim_end(), "---" | "...");
        if is_key || is_end && !is_written {
            out.push_str(&line);
            is_written = true;
        }
        if !is_key {
            out.push_str(text);
        }
        is_front &= !is_end;
    }
    out
}

/// What has changed in the source of a translation: each of its parts, and the lines that differ; or why nobody knows.
type Difference<'t> = (&'t Translation, Result<Vec<(Arc<str>, String)>, String>);

/// What has changed in the sources of stale translations.
fn diffs<'t>(
    session: &Session,
    args: &TranslationsArgs,
    all: &'t [Translation],
    console: &mut Console<'_>,
) -> io::Result<Vec<Difference<'t>>> {
    let stale: Vec<&Translation> = all.iter().filter(|one| one.state == State::Stale).collect();
    let mut found = Vec::new();
    for one in stale {
        console
            .progress(&format!("Looking for the state that `{}` is of …", one.path.as_deref().unwrap_or_default()))?;
        let now = session.source_parts(&one.source).unwrap_or_default();
        let then = earlier(session, args, one, &now, console.now);
        found.push((one, then.map(|then| changes(&then, &now))));
    }
    Ok(found)
}

/// What the source said when it was translated, from git's history.
///
/// # Errors
/// Why it is not known.
fn earlier(
    session: &Session,
    args: &TranslationsArgs,
    one: &Translation,
    now: &[(Arc<str>, String)],
    time: Option<i64>,
) -> Result<Vec<(Arc<str>, String)>, String> {
    let path = one.path.as_deref().unwrap_or_default();
    let wanted = session.recorded_state(path).unwrap_or_default();
    let mut files: Vec<String> = vec![one.source.to_string(), path.to_owned()];
    files.extend(now.iter().map(|(name, _)| name.to_string()).filter(|name| name.contains('/')));
    let commits = git::commits(&args.site.source, &files, STATES)?;
    let count = commits.len();
    for commit in commits {
        let repository = git::open(&args.site.source, &commit)?;
        let options = args.site.options(time);
        let past = past(&repository, &args.site, &options)?;
        // The site may not have been one at the time, or a broken one.
        let Ok(old) = Session::open_with(past.files, past.extra, &options) else { continue };
        if let Some(then) = old.source_parts(&one.source).filter(|then| name_of(then) == wanted) {
            return Ok(then);
        }
    }
    Err(format!("none of the {count} states that git knows of it is `{wanted}`"))
}

/// The lines that differ, part by part; a part whose words are the same has not changed.
fn changes(then: &[(Arc<str>, String)], now: &[(Arc<str>, String)]) -> Vec<(Arc<str>, String)> {
    let text = |parts: &[(Arc<str>, String)], name: &str| {
        parts.iter().find(|(known, _)| **known == *name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = then.iter().filter(|(name, _)| !now.iter().any(|(other, _)| other == name));
    let names = now.iter().chain(gone).map(|(name, _)| name.clone());
    let one = |name: Arc<str>| {
        let same = text(then, &name).split_whitespace().eq(text(now, &name).split_whitespace());
        if same {
            return None;
        }
        let difference = diff(&text(then, &name), &text(now, &name), "    ", false);
        (!difference.is_empty()).then_some((name, difference))
    };
    names.filter_map(one).collect()
}

fn shown(diffs: &[Difference<'_>]) -> String {
    let mut out = String::new();
    for (one, difference) in diffs {
        out.push_str(&format!("{}\n", one.path.as_deref().unwrap_or_default()));
        match difference {
            Ok(parts) => parts.iter().for_each(|(name, lines)| out.push_str(&format!("  {name}\n{lines}"))),
            Err(why) => out.push_str(&format!("    {why}\n")),
        }
    }
    out
}

/// How many translations of a language are in each state.
fn counts<'t>(all: &'t [Translation]) -> indexmap::IndexMap<&'t str, [usize; 4]> {
    let mut counts: indexmap::IndexMap<&'t str, [usize; 4]> = indexmap::IndexMap::new();
    for one in all {
        let place = match one.state {
            State::Current => 0,
            State::Stale => 1,
            State::Unmarked => 2,
            State::Missing => 3,
        };
        counts.entry(&one.language).or_default()[place] += 1;
    }
    counts
}

/// The share of translated pages, in hundredths.
fn share(counts: [usize; 4]) -> usize {
    let all: usize = counts.iter().sum();
    100 * (all - counts[3]) / all.max(1)
}

/// A table of languages, and what is to be done, or everything.
fn lines(all: &[Translation], everything: bool) -> String {
    let mut out = format!(
        "{:<12}{:>9}{:>9}{:>10}{:>9}{:>12}\n",
        "language", "current", "stale", "unmarked", "missing", "translated"
    );
    for (language, counts) in counts(all) {
        let [current, stale, unmarked, missing] = counts;
        let share = format!("{} %", share(counts));
        out.push_str(&format!("{language:<12}{current:>9}{stale:>9}{unmarked:>10}{missing:>9}{share:>12}\n"));
    }
    for one in all.iter().filter(|one| everything || matches!(one.state, State::Stale | State::Missing)) {
        let path = match &one.path {
            Some(path) => path.to_string(),
            None => format!("{} in {}", one.source, one.language),
        };
        out.push_str(&format!("{:<9} {path}\n", one.state.name()));
    }
    out
}

fn as_json(all: &[Translation], diffs: &[Difference<'_>]) -> String {
    let one = |one: &Translation| {
        let difference = diffs.iter().find(|(of, _)| of == &one).map(|(_, difference)| match difference {
            Ok(parts) => {
                json!(parts.iter().map(|(name, lines)| json!({ "of": &**name, "diff": lines })).collect::<Vec<_>>())
            }
            Err(why) => json!(why),
        });
        json!({
            "language": &*one.language,
            "source": &*one.source,
            "path": one.path.as_deref(),
            "state": one.state.name(),
            "changes": difference,
        })
    };
    format!("{:#}\n", json!({ "translations": all.iter().map(one).collect::<Vec<_>>() }))
}

fn summary(all: &[Translation]) -> String {
    let count = |state: State| all.iter().filter(|one| one.state == state).count();
    format!(
        "{} pages to translate: {} current, {} stale, {} unmarked, {} missing",
        all.len(),
        count(State::Current),
        count(State::Stale),
        count(State::Unmarked),
        count(State::Missing)
    )
}

#[cfg(test)]
mod tests {
    use super::with_key;

    #[test]
    fn the_key_is_written_where_front_matter_has_it() {
        for (text, expected) in [
            ("---\ntitle: A\n---\nB\n", "---\ntitle: A\ntranslated_from: v1-x\n---\nB\n"),
            ("---\ntranslated_from: old\ntitle: A\n---\n", "---\ntranslated_from: v1-x\ntitle: A\n---\n"),
            ("B\n---\ntranslated_from: no\n", "---\ntranslated_from: v1-x\n---\nB\n---\ntranslated_from: no\n"),
            ("---\r\ntitle: A\r\n---\r\nB", "---\r\ntitle: A\r\ntranslated_from: v1-x\r\n---\r\nB"),
            ("---\n---\n---\n", "---\ntranslated_from: v1-x\n---\n---\n"),
            ("\u{feff}B", "\u{feff}---\ntranslated_from: v1-x\n---\nB"),
            ("--- \nno end\n", "---\ntranslated_from: v1-x\n---\n--- \nno end\n"),
        ] {
            assert_eq!(with_key(text, "v1-x"), expected);
            assert_eq!(with_key(expected, "v1-x"), expected);
        }
    }
}
