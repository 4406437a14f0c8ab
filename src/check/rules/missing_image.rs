//! `missing-image`: an image of the site that is not there; `missing-file`: another file that a page shows or loads.

use crate::check::Context;
use crate::check::addresses;
use crate::check::elsewhere::{self, Broken, Fault};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Finding;

use super::Rule;

/// The rule.
pub(super) const RULE: Rule = Rule { codes: &["missing-file", "missing-image"], run };

fn run(context: &Context<'_>) -> Vec<Finding> {
    let (mut images, mut files) = (Vec::new(), Vec::new());
    for (at, page) in context.site.pages.iter().enumerate() {
        let look = |target, place| elsewhere::broken(context, (at, page), target, place);
        let placed = page.facts.images.iter().map(|image| (&*image.target, Some(&image.place)));
        let others = page.images.iter().map(|target| (&**target, None));
        images.extend(placed.chain(others).filter_map(|(target, place)| look(target, place)));
        let placed = page.facts.files.iter().map(|file| (&file.asked, Some(&file.place)));
        for (asked, place) in placed.chain(page.files.iter().map(|asked| (asked, None))) {
            match look(&asked.address, place) {
                Some(broken) if asked.is_image => images.push(broken),
                Some(broken) => files.push((broken, asked.by)),
                None => {}
            }
        }
    }
    let mut findings = tell_images(context, images);
    findings.extend(tell_files(context, files));
    findings
}

fn tell_images(context: &Context<'_>, broken: Vec<Broken<'_>>) -> Vec<Finding> {
    let (elsewhere, here): (Vec<_>, Vec<_>) = broken.into_iter().partition(|one| one.is_elsewhere(context));
    let tell = |one: &Broken<'_>| {
        let message = match one.fault {
            Fault::Above => format!("the image `{}` lies above the root of the site", one.target),
            Fault::Missing | Fault::WithoutBase => format!("there is no image `{}`", one.target),
        };
        let diagnostic = Diagnostic::error("missing-image", message);
        context.finding(one.page, one.place, diagnostic.help(advise(context, one)))
    };
    let mut findings: Vec<Finding> = here.iter().map(tell).collect();
    findings.extend(elsewhere::findings(context, "missing-image", "image", &elsewhere));
    findings
}

fn tell_files(context: &Context<'_>, broken: Vec<(Broken<'_>, &str)>) -> Vec<Finding> {
    let (elsewhere, here): (Vec<_>, Vec<_>) = broken.into_iter().partition(|(one, _)| one.is_elsewhere(context));
    let tell = |(one, by): &(Broken<'_>, &str)| {
        let message = match one.fault {
            Fault::Above => format!("`{}` in `{by}` leads above the root of the site", one.target),
            Fault::Missing | Fault::WithoutBase => format!("there is no file `{}`, which `{by}` asks for", one.target),
        };
        let diagnostic = Diagnostic::error("missing-file", message);
        context.finding(one.page, one.place, diagnostic.help(advise(context, one)))
    };
    let mut findings: Vec<Finding> = here.iter().map(tell).collect();
    let elsewhere: Vec<Broken<'_>> = elsewhere.into_iter().map(|(one, _)| one).collect();
    findings.extend(elsewhere::findings(context, "missing-file", "file", &elsewhere));
    findings
}

fn advise(context: &Context<'_>, one: &Broken<'_>) -> String {
    let path = one.path.trim_start_matches('/');
    let near = || addresses::near(path, context.addresses.files());
    let near = || near().map(|near| format!("did you mean `/{near}`?"));
    let expected = || format!("no source makes `{path}` in the output");
    let advice = context.addresses.advice(&one.path).map(|(help, _)| help).or_else(near).unwrap_or_else(expected);
    match one.place {
        Some(_) => advice,
        None => format!("a page template, the front matter or the theme's options name it\n{advice}"),
    }
}
