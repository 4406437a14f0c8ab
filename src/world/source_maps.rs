//! Source maps of style sheets, which Jekyll writes and the compiler here cannot give.

use carafe_liquid::Value;

use crate::config::{Config, Mode};
use crate::content::Format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::site::{Entry, Site};

/// A note for a Jekyll site whose sheets would have source maps there.
pub(super) fn missing(config: &Config, environment: &str, site: &Site) -> Option<Diagnostic> {
    if config.mode != Mode::Jekyll || !are_wanted(config, environment) {
        return None;
    }
    let is_sheet = |entry: &Entry| entry.written && matches!(entry.page.format, Format::StyleSheet { .. });
    let mut sheets = site.entries.iter().filter(|entry| is_sheet(entry));
    let first = sheets.next()?;
    let others = sheets.count();
    let message = match others {
        0 => format!("`{}.map` and the comment that names it are missing: source maps are not written", first.output),
        _ => format!(
            "`{}.map` and those of {others} other style sheets are missing: source maps are not written",
            first.output
        ),
    };
    let note = Diagnostic::new("no-source-map", Severity::Note, message);
    Some(note.help("`sass: {sourcemap: never}` in the configuration says that none are wanted"))
}

/// Whether Jekyll would write them: always, but for what the configuration says.
fn are_wanted(config: &Config, environment: &str) -> bool {
    let sass = config.variables.get("sass");
    match sass.and_then(|sass| sass.field("sourcemap")).as_ref().and_then(Value::as_str) {
        Some("never") => false,
        Some("development") => environment == "development",
        _ => true,
    }
}
