//! What an include's `doc` block does to a call while it is rendered: defaults are filled in, and the use of what is
//! deprecated is told.
//!
//! Whether a call fits the contract at all is checked elsewhere, over all calls at once (see [`super::analyse`]).

use std::sync::Arc;

use carafe_source::Span;
use carafe_source::diagnostic::Diagnostic;

use crate::render::Renderer;
use crate::tags::words::Param;
use crate::{Template, Value};

use super::Contract;

/// The parameters that `template` declares; `None` when it declares none.
pub(crate) fn contract(template: &Template) -> Option<&Arc<Contract>> {
    template.doc().map(|doc| &doc.contract).filter(|contract| !contract.params.is_empty())
}

/// Adds the defaults of declared parameters that `fields` leaves out or gives as nil.
pub(crate) fn fill(template: &Template, fields: &mut Vec<(Arc<str>, Value)>, elsewhere: impl Fn(&str) -> bool) {
    let Some(contract) = contract(template) else { return };
    for (name, value) in contract.defaults() {
        match fields.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, given)) if given.is_nil() => *given = value.clone(),
            Some(_) => {}
            None if elsewhere(name) => {}
            None => fields.push((name.into(), value.clone())),
        }
    }
}

/// Reports `deprecated-include` at `call` and `deprecated-parameter` at each of `params` that is.
pub(crate) fn report_deprecated(
    renderer: &Renderer<'_>,
    template: &Template,
    path: &str,
    params: &[Param],
    call: Span,
) {
    let Some(doc) = template.doc() else { return };
    let path = path.trim().trim_start_matches('/');
    let because = |diagnostic: Diagnostic, reason: &str| match reason.is_empty() {
        true => diagnostic.help("its `doc` block says so, without a reason"),
        false => diagnostic.help(reason.to_owned()),
    };
    if let Some(reason) = &doc.contract.deprecated {
        let message = format!("the include `{path}` is deprecated");
        renderer.report(because(Diagnostic::warning("deprecated-include", message).at(call), reason));
    }
    for param in params {
        let declared = doc.contract.param(&param.name);
        if let Some((declared, reason)) = declared.and_then(|declared| Some((declared, declared.deprecated.as_ref()?)))
        {
            let message = format!("the parameter `{}` of `{path}` is deprecated", param.name);
            let diagnostic = Diagnostic::warning("deprecated-parameter", message).at(param.span);
            renderer.report(because(diagnostic, reason).label(declared.span, "declared here"));
        }
    }
}
