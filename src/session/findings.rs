//! What is to be reported of a site: gathered and judged here, whoever asks.

use std::sync::Arc;

use carafe_source::Span;

use crate::content::THEME;
use crate::diagnostic::{Apart, Diagnostic, Finding, Gathering, Suppressions, site_finding};
use crate::graph::Read;
use crate::world::update::indexed_data;
use crate::world::{absent, unreadable};

use super::Session;

impl Session {
    /// What is known of the site as a whole, of its pages (in their order, as given), and of those of the data files read so far
    /// that are `wanted`; nothing is judged yet.
    pub(crate) fn gathered(&self, pages: Vec<Finding>, wanted: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        let mut findings = self.site_findings();
        findings.extend(pages);
        findings.extend(self.world.site.data.diagnostics_of(wanted).into_iter().map(site_finding));
        findings
    }

    /// Everything that a build would report, every page rendered; comments that suppress them and severities from the
    /// configuration applied.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.findings_of_pages();
        for file in &self.world.site.statics {
            if let Err(error) = self.world.files.read_bytes(&file.path) {
                findings.push(site_finding(unreadable(&file.path, &error)));
            }
        }
        findings
    }

    /// As [`Session::findings`], without reading the files that are only copied.
    pub fn findings_of_pages(&self) -> Vec<Finding> {
        self.render_all(&|| false);
        let mut gathering = self.gathering();
        (0..self.slots.len()).for_each(|at| gathering.extend(self.page_findings(at)));
        let mut pages = gathering.into_findings();
        pages.extend(self.extras().findings.iter().cloned());
        let files = self.reads.ask(|read| data_file(read).cloned());
        let numbers = (0..self.slots.len()).flat_map(|at| self.reads_of(at));
        let mut data = indexed_data(&self.world);
        data.extend(numbers.filter_map(|number| files.get(*number as usize)?.clone()));
        self.judged(self.gathered(pages, &|path| data.contains(path)))
    }

    /// What the author has not decided to live with, with the severities of the configuration.
    pub(crate) fn judged(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let sources = &self.world.sources;
        // A theme asks for many things that a site may leave out.
        let of_theme = |span: Span| sources.get(span.file).is_some_and(|file| file.path.starts_with(THEME));
        // What the site's Ruby would set is told of its file.
        let of_ruby = |found: &Diagnostic| {
            found.subject.as_ref().is_some_and(|name| self.world.ruby.sets(&name.replace('[', ".").replace(']', "")))
        };
        findings.retain(|(_, found)| {
            found.code != "undefined-variable" || !found.span.is_some_and(of_theme) && !of_ruby(found)
        });
        let findings = Suppressions::around(sources, &findings).apply(sources, findings);
        self.world.config.severities.apply(findings)
    }

    /// What is wrong with the site as a whole; severities applied.
    pub fn findings_of_site(&self) -> Vec<Finding> {
        self.judged(self.site_findings())
    }

    pub(super) fn site_findings(&self) -> Vec<Finding> {
        let absent = self.absent.get_or_init(|| absent::find(&self.world, &self.options));
        let found = self.config_diagnostics.iter().cloned().chain(self.world.diagnostics());
        found.chain(absent.iter().cloned()).map(site_finding).collect()
    }

    pub(super) fn page_findings(&self, at: usize) -> Vec<Finding> {
        let Some(page) = self.page(at) else { return Vec::new() };
        page.diagnostics.iter().map(|diagnostic| (page.path.clone().into(), diagnostic.clone())).collect()
    }

    /// For what pages tell: equal findings become one as they come, as far as nobody judges or shows them by themselves.
    pub(crate) fn gathering(&self) -> Gathering<'_> {
        let apart = Apart { pages: self.options.each_page, calls: self.world.collect, suppressed: true };
        Gathering::new(&self.world.sources, apart)
    }

    /// The numbers of what a page has read; none while it is not rendered.
    pub(super) fn reads_of(&self, at: usize) -> &[u32] {
        self.slots.get(at).and_then(|slot| slot.get()?.as_ref()).map_or(&[], |done| &*done.reads)
    }

    /// What is wrong with one page: what its rendering found, what the data files it read hold, and what concerns the site
    /// as a whole; severities applied.
    pub fn findings_of(&self, at: usize) -> Vec<Finding> {
        let data: Vec<Arc<str>> =
            self.reads_of(at).iter().filter_map(|number| data_file(&self.reads.get(*number)?).cloned()).collect();
        let is_read = |path: &str| data.iter().any(|data| **data == *path);
        self.judged(self.gathered(self.page_findings(at), &is_read))
    }
}

/// The data file that was read.
fn data_file(read: &Read) -> Option<&Arc<str>> {
    match read {
        Read::Data(path) => Some(path),
        _ => None,
    }
}
