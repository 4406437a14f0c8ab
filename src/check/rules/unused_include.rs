//! `unused-include`: an include that no page, layout or tag template leads to.

use carafe_liquid::contracts::{Role, Unit};
use carafe_source::Span;

use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["unused-include"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let includes = &context.includes;
    let analysis = &includes.analysis;
    let mut findings = Vec::new();
    // An include in another language is shown where that of the sources is asked for.
    let languages = &context.site.world().site.languages;
    let reached = |name: &str| {
        let is_it = |(unit, reached): (&Unit, &bool)| *reached && unit.role == Role::Include && *unit.name == *name;
        analysis.units.iter().zip(&analysis.reached).any(is_it)
    };
    let translates = |name: &str| {
        let translated = languages.of_path(name).filter(|(language, _)| *language > 0);
        translated.is_some_and(|(_, source)| reached(source))
    };
    for (at, unit) in analysis.units.iter().enumerate() {
        let path = includes.paths.get(at).map_or("", |path| &**path);
        let own = unit.role == Role::Include && context.site.world().owns_include(path);
        if !own || is_note(path) || analysis.reached.get(at) != Some(&false) || translates(&unit.name) {
            continue;
        }
        let real = |caller: usize| analysis.units.get(caller).is_some_and(|unit| unit.role != Role::Example);
        let caller = includes.callers(at).find(|(caller, _)| *caller != at && real(*caller));
        let mut diagnostic = Diagnostic::warning(
            "unused-include",
            format!("no page shows the include `{}`", unit.name),
        )
        .at(Span::new(unit.template.file(), 0, 0));
        diagnostic = match caller {
            Some((caller, call)) => diagnostic
                .label(call.span, format!("`{}` calls it, which no page shows either", includes.name(caller)))
                .help("remove both, or call them"),
            None => diagnostic.help("remove the file, or call it"),
        };
        findings.push(includes.finding(at, diagnostic));
    }
    findings
}

/// Files that tell people about the folder are no includes.
fn is_note(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.') || name.split('.').next().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"))
}
