//! What is said of things in a site's folder that are neither listed nor entered.

use carafe_source::{Passed, Sources, Span};

use crate::diagnostic::Diagnostic;

/// What is wrong with what was passed over at `path`: `link-not-followed`, `link-loop`, `special-file` or `name-not-utf-8`, at
/// the path. A link to nowhere is a warning in Jekyll sites, as Jekyll passes over it.
pub(crate) fn tell(sources: &Sources, path: &str, why: Passed, jekyll: bool) -> Diagnostic {
    let diagnostic = match why {
        Passed::Outside => {
            let message = format!("`{path}` is a link out of the site's folder, so what it leads to is left out");
            Diagnostic::error("link-not-followed", message).help("`follow_links: true` in the configuration follows it")
        }
        Passed::Dangling => {
            let message = format!("`{path}` is a link to something that is not there");
            let told = if jekyll { Diagnostic::warning } else { Diagnostic::error };
            told("link-not-followed", message)
        }
        Passed::TooMany => {
            let message =
                format!("`{path}` is one link too many: links lead to more than 1000 folders, and none of them counts");
            let help =
                "folders that link to each other are walked through again and again; take some of the links away";
            Diagnostic::error("link-not-followed", message).help(help)
        }
        Passed::Loop => {
            let message = format!("`{path}` is a link to a folder that it lies in, so it is not entered");
            Diagnostic::warning("link-loop", message)
        }
        Passed::Special => {
            let message = format!("`{path}` is a pipe, a socket or a device, and is not opened");
            Diagnostic::error("special-file", message).help("take it away, or name it under `exclude`")
        }
        Passed::NotUtf8 => {
            let message = format!("the name of `{path}` is not UTF-8, so it is left out");
            Diagnostic::error("name-not-utf-8", message).help("rename it; `convmv` changes many names at once")
        }
    };
    diagnostic.at(Span::new(sources.add(path, "".into()), 0, 0))
}
