//! An include as its callers need to know it: what it declares, or else what its text reads.

use carafe_liquid::contracts::{Contract, InferredParam, ParamKind};
use carafe_liquid::convert;
use carafe_source::Span;

use super::Includes;

/// An include.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    /// As calls name it.
    pub name: String,
    /// How many calls lead to it.
    pub calls: usize,
    /// What it is for.
    pub description: String,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// What it takes.
    pub params: Vec<Param>,
    /// Calls that must work.
    pub examples: Vec<String>,
    /// Whether it says itself what it takes; else that is taken from what it reads.
    pub declared: bool,
}

/// A parameter.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    /// Its name.
    pub name: String,
    /// What it may hold.
    pub kind: ParamKind,
    /// Whether a call must give it.
    pub required: bool,
    /// What it holds when a call does not, as it would be written.
    pub default: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// What it is for.
    pub description: String,
    /// Where it is declared, or read first.
    pub span: Span,
}

impl Described {
    /// The include at this position.
    pub(crate) fn new(includes: &Includes, at: usize) -> Self {
        let calls = includes.callers(at).filter(|(caller, _)| includes.is_checked(*caller)).count();
        let doc = includes.doc(at);
        let declared = includes.contract(at);
        let params = declared.map_or_else(|| read_params(includes, at), declared_params);
        let examples = doc.map(|doc| doc.examples.iter().map(|example| example.text.clone()).collect());
        Self {
            name: includes.name(at).to_owned(),
            calls,
            declared: declared.is_some(),
            params,
            description: doc.map(|doc| doc.description.clone()).unwrap_or_default(),
            deprecated: doc.and_then(|doc| doc.deprecated.clone()),
            examples: examples.unwrap_or_default(),
        }
    }

    /// What an include says itself, nothing implied.
    pub(crate) fn said(name: &str, doc: Option<&Contract>) -> Self {
        let declared = doc.filter(|doc| !doc.params.is_empty());
        Self {
            name: name.to_owned(),
            calls: 0,
            declared: declared.is_some(),
            params: declared.map(declared_params).unwrap_or_default(),
            description: doc.map(|doc| doc.description.clone()).unwrap_or_default(),
            deprecated: doc.and_then(|doc| doc.deprecated.clone()),
            examples: doc.map(|doc| doc.examples.iter().map(|one| one.text.clone()).collect()).unwrap_or_default(),
        }
    }

    /// How it is called, in short: required parameters, then those in brackets that may be left out.
    pub(crate) fn usage(&self) -> String {
        self.params.iter().map(Param::usage).collect::<Vec<_>>().join(" ")
    }
}

impl Param {
    /// Its name, in brackets when it may be left out.
    pub(crate) fn usage(&self) -> String {
        match (self.required, &self.default) {
            (true, _) => self.name.clone(),
            (false, Some(default)) => format!("[{}={default}]", self.name),
            (false, None) => format!("[{}]", self.name),
        }
    }

    /// Its type in words; empty when it may be anything.
    pub(crate) fn kind(&self) -> String {
        match &self.kind {
            ParamKind::Any => String::new(),
            ParamKind::String => "string".to_owned(),
            ParamKind::Number => "number".to_owned(),
            ParamKind::Boolean => "boolean".to_owned(),
            ParamKind::Object => "object".to_owned(),
            ParamKind::Array => "array".to_owned(),
            ParamKind::Enum(values) => values.join(" or "),
        }
    }

    /// All that is to be said of it.
    pub(crate) fn words(&self) -> String {
        let mut words = vec![self.kind()];
        words.push(if self.required { "required".to_owned() } else { "may be left out".to_owned() });
        words.extend(self.default.as_ref().map(|default| format!("default {default}")));
        words.extend(self.deprecated.as_ref().map(|reason| format!("deprecated: {reason}")));
        words.retain(|word| !word.is_empty());
        let mut out = words.join(", ");
        if !self.description.is_empty() {
            out.push_str(&format!(" – {}", self.description));
        }
        out
    }
}

fn declared_params(contract: &Contract) -> Vec<Param> {
    let one = |param: &carafe_liquid::contracts::Param| Param {
        name: param.name.clone(),
        kind: param.kind.clone(),
        required: !param.optional,
        default: param.default.as_ref().map(convert::inspect),
        deprecated: param.deprecated.clone(),
        description: param.description.clone(),
        span: param.span,
    };
    contract.params.iter().map(one).collect()
}

/// What an include without a contract reads: of the type nothing is known.
fn read_params(includes: &Includes, at: usize) -> Vec<Param> {
    let read = includes.analysis.inferred.get(at).map(|inferred| inferred.params.iter());
    let one = |(name, param): (&std::sync::Arc<str>, &InferredParam)| Param {
        name: name.to_string(),
        kind: ParamKind::Any,
        required: param.required,
        default: None,
        deprecated: None,
        description: String::new(),
        span: param.span,
    };
    let mut params: Vec<Param> = read.into_iter().flatten().map(one).collect();
    params.sort_by_key(|param| !param.required);
    params
}
