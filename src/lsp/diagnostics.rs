//! Findings as an editor shows them.
//!
//! What is wrong with the page that is edited is known once it is rendered ([`of_page`]); what only the whole site tells comes later
//! ([`of_site`]). Until then what rules have found before stays, at the places to which the edit has moved it ([`moved`]).
//!
//! A finding is told where it is, and again at each call in an open file that led there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Range,
    TextEdit, Url,
};
use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::{FileId, Sources, Span};

use crate::check;
use crate::diagnostic::{Diagnostic, Finding, Fix, Folded, Safety, Severity, fold};
use crate::session::{Inspected, Session};

use super::actions;
use super::history::{self, Lost};
use super::manual::Manual;
use super::position::{Encoding, Lines};
use super::worker::Job;

/// How many further places are shown with one finding.
const RELATED: usize = 32;
/// How many pages of one source are looked at while it is edited; the others follow with the whole site.
const PAGES: usize = 4;

/// A finding in an open file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) shown: lsp_types::Diagnostic,
    /// Whether it takes a look at the whole site to find it.
    pub(super) by_rule: bool,
    /// How it may be repaired.
    pub(super) repair: Option<Repair>,
}

/// A repair of a finding.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repair {
    pub(super) title: String,
    pub(super) safe: bool,
    pub(super) uri: Url,
    pub(super) edit: TextEdit,
}

/// How findings are shown.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) encoding: Encoding,
    /// Whether the editor shows further places.
    pub(super) related: bool,
    /// The folders of files that lie elsewhere, by what their paths begin with.
    pub(super) elsewhere: Vec<(String, PathBuf)>,
    pub(super) root: PathBuf,
    /// Where the pages about findings are, for editors that show them.
    pub(super) manual: Option<Arc<Manual>>,
}

impl View {
    /// Where a path that is shown to people leads; `None` for what is built in.
    pub(super) fn file(&self, path: &str) -> Option<PathBuf> {
        let other = self.elsewhere.iter().find_map(|(start, folder)| Some(folder.join(path.strip_prefix(start)?)));
        match other {
            Some(path) => Some(path),
            None if path.starts_with('(') => None,
            None => Some(self.root.join(path)),
        }
    }
}

/// Places of one session as editors count them; the lines of each file are counted once.
pub(super) struct Shower<'s> {
    view: &'s View,
    sources: &'s Sources,
    lines: FxHashMap<FileId, Option<(Option<Url>, Lines)>>,
}

impl<'s> Shower<'s> {
    pub(super) fn new(view: &'s View, sources: &'s Sources) -> Self {
        Self { view, sources, lines: FxHashMap::default() }
    }

    fn known(&mut self, file: FileId) -> Option<&(Option<Url>, Lines)> {
        let (view, sources) = (self.view, self.sources);
        let read = || {
            let source = sources.get(file)?;
            let url = view.file(&source.path).and_then(|path| Url::from_file_path(path).ok());
            Some((url, Lines::new(source.text.clone(), view.encoding)))
        };
        self.lines.entry(file).or_insert_with(read).as_ref()
    }

    fn range(&mut self, span: Span) -> Option<Range> {
        let (_, lines) = self.known(span.file)?;
        Some(lines.range(span.start as usize..span.end as usize))
    }

    /// Where a span is; `None` for a file that is not on the disk.
    pub(super) fn location(&mut self, span: Span) -> Option<Location> {
        let range = self.range(span)?;
        let uri = self.known(span.file)?.0.clone()?;
        Some(Location { uri, range })
    }

    fn path(&self, span: Span) -> Option<Arc<str>> {
        Some(self.sources.get(span.file)?.path.clone())
    }

    /// The finding at a place: its own, or that of a call that led there.
    fn told(&mut self, folded: &Folded, at: Option<Span>) -> Option<Told> {
        let found = &folded.diagnostic;
        let mut message = found.message.clone();
        let is_call = at != found.span;
        if is_call && let Some(path) = found.span.and_then(|span| self.path(span)) {
            message.push_str(&format!(" (in `{path}`)"));
        }
        if let Some(help) = &found.help {
            message.extend(["\n", help]);
        }
        let mut related = Vec::new();
        if self.view.related {
            let own = found.span.filter(|_| is_call).map(|span| (span, "found here"));
            let labels = found.labels.iter().map(|label| (label.span, label.message.as_str()));
            let calls = found.trace.iter().filter(|call| Some(**call) != at).map(|call| (*call, "called from here"));
            for (span, text) in own.into_iter().chain(labels).chain(calls).take(RELATED) {
                let location = self.location(span);
                related
                    .extend(location.map(|location| DiagnosticRelatedInformation { location, message: text.into() }));
            }
        }
        let tag = match found.code {
            code if code.starts_with("deprecated") => Some(DiagnosticTag::DEPRECATED),
            "unreached-branch" | "unused-suppression" | "unread-parameter" => Some(DiagnosticTag::UNNECESSARY),
            _ => None,
        };
        let shown = lsp_types::Diagnostic {
            range: match at {
                Some(span) => self.range(span)?,
                None => Range::default(),
            },
            severity: Some(match found.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(found.code.to_owned())),
            code_description: self.page(found.code),
            source: Some("carafe".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            tags: tag.map(|tag| vec![tag]),
            ..lsp_types::Diagnostic::default()
        };
        let repair = found.fix.as_deref().and_then(|fix| self.repair(fix));
        Some(Told { shown, by_rule: check::is_of_rule(found.code), repair })
    }

    /// The page about findings of this kind.
    fn page(&self, code: &'static str) -> Option<CodeDescription> {
        Some(CodeDescription { href: self.view.manual.as_ref()?.page(code)? })
    }

    /// A repair as an edit; `None` when it is not clear where, or in a file that is not the site's own.
    fn repair(&mut self, fix: &Fix) -> Option<Repair> {
        let source = self.sources.get(fix.span.file)?;
        if self.view.file(&source.path)? != self.view.root.join(&*source.path) {
            return None;
        }
        let range = fix.range(&source.text)?;
        let (url, lines) = self.known(fix.span.file)?;
        let title = match (fix.new.as_str(), fix.old.trim()) {
            ("", old) => format!("Take `{old}` away"),
            (new, old) => format!("Write `{new}` in the place of `{old}`"),
        };
        let edit = TextEdit { range: lines.range(range), new_text: fix.new.clone() };
        Some(Repair { title, safe: fix.safety == Safety::Safe, uri: url.clone()?, edit })
    }

    /// Sorts findings into the files that are `open`. What has no place is told in the `configuration`.
    fn sort(&mut self, findings: Vec<Finding>, configuration: &[String], told: &mut BTreeMap<String, Vec<Told>>) {
        for folded in fold(self.sources, findings) {
            let found = &folded.diagnostic;
            let own = match found.span {
                Some(span) => self.path(span),
                None => configuration.last().map(|path| path.as_str().into()),
            };
            let mut places = vec![(own, found.span)];
            places.extend(found.trace.iter().map(|call| (self.path(*call), Some(*call))));
            let mut seen = FxHashSet::default();
            for (path, at) in places {
                let Some(path) = path else { continue };
                // Of several calls in one file the innermost is the author's.
                if !told.contains_key(&*path) || !seen.insert(path.clone()) {
                    continue;
                }
                let one = self.told(&folded, at);
                let list = told.entry(path.to_string()).or_default();
                list.extend(one.filter(|one| !list.contains(one)));
            }
        }
    }
}

/// What was found in files, by their paths.
type ByPath = BTreeMap<String, Vec<Told>>;

/// Everything that `check` finds in the files that are open, and what broken links in them lead to; `None` when nobody waits for it any more.
pub(super) fn of_site(job: &Job) -> Option<(ByPath, BTreeSet<Lost>)> {
    let session = &job.session;
    let mut inspected = session.inspected()?;
    let findings = check::run(&mut inspected, None);
    if session.is_abandoned() {
        return None;
    }
    let mut told: BTreeMap<String, Vec<Told>> = job.open.iter().map(|path| (path.clone(), Vec::new())).collect();
    let mut shower = Shower::new(&job.view, session.sources());
    // Of pages that share a mistake of an include, each is to see it at its own call.
    let explaining = |found: &Diagnostic| matches!(found.code, "missing-parameter" | "unknown-parameter");
    let explained: Vec<Finding> = findings.iter().filter(|(_, found)| explaining(found)).cloned().collect();
    let configuration = &session.world().config.files;
    shower.sort(findings, configuration, &mut told);
    for path in &job.open {
        for at in pages_of(session, path) {
            let mut own = session.findings_of(at);
            own.retain(|(_, found)| !found.trace.is_empty());
            own.extend(explained.iter().cloned());
            check::drop_explained(&mut own);
            let mut here = BTreeMap::from([(path.clone(), told.remove(path).unwrap_or_default())]);
            shower.sort(own, &[], &mut here);
            told.extend(here);
        }
    }
    told.values_mut().for_each(|list| sort(list));
    let is_broken = told.values().flatten().any(|told| actions::code(&told.shown) == "broken-link");
    let lost = if is_broken { lost(job, &inspected) } else { BTreeSet::new() };
    Some((told, lost))
}

/// What links in open files lead to that is not there.
fn lost(job: &Job, inspected: &Inspected) -> BTreeSet<Lost> {
    let session = &job.session;
    let is_open = |span: &Span| {
        session.sources().get(span.file).is_some_and(|source| job.open.iter().any(|path| **path == *source.path))
    };
    let all = inspected.pages.iter().flat_map(|page| {
        let links = page.facts.links.iter();
        let links = links.filter(|link| std::iter::once(&link.place.span).chain(&link.place.calls).any(is_open));
        links.filter_map(|link| history::lost(session, inspected.entry(page)?, &link.target))
    });
    all.collect()
}

/// What rendering finds in the page with this path; `None` when no page has it.
pub(super) fn of_page(session: &Session, path: &str, view: &View) -> Option<Vec<Told>> {
    let pages: Vec<usize> = pages_of(session, path).take(PAGES).collect();
    if pages.is_empty() {
        return None;
    }
    let mut told = BTreeMap::from([(path.to_owned(), Vec::new())]);
    let mut shower = Shower::new(view, session.sources());
    for at in pages {
        session.page(at);
        shower.sort(session.findings_of(at), &session.world().config.files, &mut told);
    }
    told.remove(path).map(|mut told| {
        told.retain(|told| !told.by_rule);
        sort(&mut told);
        told
    })
}

/// What is wrong with a configuration that cannot be read, in the files that are open.
pub(super) fn of_configuration(
    (sources, found): (&Sources, &[Diagnostic]),
    open: &[String],
    view: &View,
) -> BTreeMap<String, Vec<Told>> {
    let mut told = BTreeMap::new();
    for path in found.iter().filter_map(|found| Some(sources.get(found.span?.file)?.path.to_string())) {
        if open.contains(&path) {
            told.entry(path).or_insert_with(Vec::new);
        }
    }
    let findings = found.iter().cloned().map(|found| ("".into(), found)).collect();
    Shower::new(view, sources).sort(findings, &[], &mut told);
    told
}

fn pages_of<'s>(session: &'s Session, path: &'s str) -> impl Iterator<Item = usize> + 's {
    let entries = session.world().site.entries.iter().enumerate();
    entries.filter(move |(_, entry)| entry.written && *entry.page.path == *path).map(|(at, _)| at)
}

/// By place, so that the order does not depend on how they were found.
fn sort(list: &mut [Told]) {
    let key = |told: &Told| {
        let shown = &told.shown;
        (shown.range.start, shown.range.end, actions::code(shown).to_owned(), shown.message.clone())
    };
    list.sort_by_cached_key(key);
}

/// What was found before, at the places where it is now.
pub(super) fn moved(told: &Told, before: &Lines, now: &Lines) -> Told {
    let (old, new) = (before.text().as_bytes(), now.text().as_bytes());
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    // Within what has changed nothing is known but that it is there.
    let at = |offset: usize| match offset {
        _ if offset <= start => offset,
        _ if offset + end >= old.len() => offset + new.len() - old.len(),
        _ => start,
    };
    let range = before.bytes(told.shown.range);
    let range = now.range(at(range.start)..at(range.end).max(at(range.start)));
    // Where the repair goes is known anew with the finding.
    Told { shown: lsp_types::Diagnostic { range, ..told.shown.clone() }, by_rule: told.by_rule, repair: None }
}

/// The folders of a session's files that do not lie in the site's own.
pub(super) fn elsewhere(session: &Session) -> Vec<(String, PathBuf)> {
    let theme = session.world().theme.folder().map(Path::to_owned);
    theme.map(|folder| (format!("{}/", crate::content::THEME), folder)).into_iter().collect()
}
