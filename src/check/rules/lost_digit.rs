//! `lost-digit`: a number that a Jekyll site prints with other digits than were written.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use carafe_source::{FileId, SourceFile};

use crate::check::Context;
use crate::config::Mode;
use crate::content;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["lost-digit"], run };

/// Looks at the front matter of pages, at the data files that were read, and at the configuration.
fn run(context: &Context<'_>) -> Vec<Finding> {
    let world = context.site.world();
    if world.config.mode != Mode::Jekyll {
        return Vec::new();
    }
    let data = world.site.data.paths().map(|(_, path)| path.clone());
    let whole = data.chain(world.config.files.iter().map(|path| Arc::from(path.as_str())));
    let whole = whole.filter(|path| path.ends_with(".yml") || path.ends_with(".yaml")).map(|path| (path, ("", false)));
    let pages = world.site.entries.iter().map(|entry| (entry.page.path.clone(), (&*entry.page.path, true)));
    let wanted: FxHashMap<Arc<str>, (&str, bool)> = whole.chain(pages).collect();
    let mut files: Vec<(FileId, Arc<SourceFile>)> = context.site.sources().all();
    files.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
    let mut findings = Vec::new();
    for (id, file) in files {
        let Some(&(page, front)) = wanted.get(&file.path) else { continue };
        let yaml = if front {
            carafe_yaml::front_matter(&file.text).map(|parts| parts.start..parts.end)
        } else {
            Some(0..file.text.len())
        };
        let Some(range) = yaml else { continue };
        let lost = content::lost_digits(file.text.get(range.clone()).unwrap_or_default());
        findings.extend(lost.iter().map(|lost| (page.into(), tell(id, range.start, lost))));
    }
    findings
}

fn tell(file: FileId, offset: usize, lost: &content::LostDigit) -> Diagnostic {
    let message = format!("`{}` is read as a number and printed as `{}`", lost.written, lost.printed);
    Diagnostic::warning("lost-digit", message)
        .at(lost.place.span(file, offset))
        .help(format!("write `\"{}\"` if it is a name, such as a version's", lost.written))
}
