use carafe_source::FileId;

use crate::convert::inspect;

use super::*;

const START: usize = 100;

fn read(text: &str) -> (Contract, Vec<Diagnostic>) {
    parse_doc(text, Span::new(FileId(3), START, START + text.len()))
}

/// The part of `text` that a span points at.
fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize - START..span.end as usize - START]
}

/// Messages and the places they point at.
fn errors(text: &str) -> Vec<(String, String)> {
    let (_, diagnostics) = read(text);
    assert!(diagnostics.iter().all(|error| error.code == "doc-syntax" && error.help.is_some()));
    diagnostics.iter().map(|e| (e.message.clone(), slice(text, e.span.unwrap()).to_owned())).collect()
}

#[test]
fn a_whole_block_is_read() {
    let text = r#"
      Creates the credential.
        Indented more.

      @param {boolean} [collapsed=false] - Fold the steps
        away.
      @param {"both"|'direct'} [auth="both"] Which tabs.
      @param {string} version
      @param {number} [limit=1.5]
      @param {string[]} names - (deprecated: use `people`) Who.
      @param [any=3]
      @param {object} kconf-crds
      @example
        {% include credential.md
           version="1.4" %}

      @example {% include credential.md %}
      @deprecated version Pin nothing.
    "#;
    let (contract, diagnostics) = read(text);
    assert_eq!(diagnostics, []);
    assert_eq!(contract.description, "Creates the credential.\n  Indented more.");
    let seen: Vec<_> = contract
        .params
        .iter()
        .map(|param| {
            assert_eq!(slice(text, param.span), param.name);
            let default = param.default.as_ref().map_or("-".to_owned(), inspect);
            (&*param.name, &param.kind, param.optional, default, &*param.description)
        })
        .collect();
    let modes = ParamKind::Enum(vec!["both".into(), "direct".into()]);
    let expected = [
        ("collapsed", &ParamKind::Boolean, true, "false", "Fold the steps away."),
        ("auth", &modes, true, "\"both\"", "Which tabs."),
        ("version", &ParamKind::String, false, "-", ""),
        ("limit", &ParamKind::Number, true, "1.5", ""),
        ("names", &ParamKind::Array, false, "-", "Who."),
        ("any", &ParamKind::Any, true, "3", ""),
        ("kconf-crds", &ParamKind::Object, false, "-", ""),
    ];
    assert_eq!(
        seen,
        expected.map(|(name, kind, optional, default, text)| (name, kind, optional, default.to_owned(), text))
    );
    assert_eq!(contract.param("names").unwrap().deprecated.as_deref(), Some("use `people`"));
    assert_eq!(contract.param("version").unwrap().deprecated.as_deref(), Some("Pin nothing."));
    let examples: Vec<_> = contract.examples.iter().map(|example| &*example.text).collect();
    assert_eq!(examples, ["{% include credential.md\n   version=\"1.4\" %}", "{% include credential.md %}"]);
    assert!(slice(text, contract.examples[0].span).trim_start().starts_with("{% include"));
    assert!(slice(text, contract.examples[0].span).ends_with("%}"));
}

#[test]
fn a_whole_include_can_be_deprecated() {
    let (contract, _) = read("@description Old.\n@deprecated Use the\n  new one.");
    assert_eq!(contract.description, "Old.");
    assert_eq!(contract.deprecated.as_deref(), Some("Use the new one."));
}

#[test]
fn mistakes_are_told_where_they_are() {
    let rows = [
        ("@param {strng} x", "`strng` is no type", "strng"),
        ("@param {string x", "this `{` is never closed", "{string"),
        ("@param {\"a\"|b} x", "`\"a\"|b` is no type", "\"a\"|b"),
        ("@param {string}", "this `@param` has no name", "@param"),
        ("@param {string} 9x - no", "`9x` is no name", "9x"),
        ("@param {string} [x", "this `[` is never closed", "[x"),
        ("@param {boolean} [x=yes]", "`yes` is no default for `x`", "yes"),
        ("@param {number} [x=1e]", "`1e` is no default for `x`", "1e"),
        ("@param {\"a\"|\"b\"} [x=c]", "`c` is no default for `x`", "c"),
        ("@param {array} [x=1]", "`1` is no default for `x`", "1"),
        ("@param {string} x=1", "`x` has a default but is not optional", "x=1"),
        ("@param x\n@param {string} x", "the parameter `x` is described twice", "x"),
        ("text\n  @prompt x", "`@prompt` means nothing in a `doc` block", "@prompt"),
        ("@example\n\n", "this `@example` is empty", "@example"),
    ];
    for (text, message, place) in rows {
        assert_eq!(errors(text), [(message.to_owned(), place.to_owned())], "{text}");
    }
}

#[test]
fn what_has_a_mistake_is_kept_as_far_as_it_was_read() {
    let (contract, _) = read("@param {strng} [x=é] - X.\n@param {number} [y=z]\n@param {string} [w\nmail@example.com");
    let names: Vec<_> = contract.params.iter().map(|param| (&*param.name, param.optional)).collect();
    assert_eq!(names, [("x", true), ("y", true), ("w", true)]);
}

#[test]
fn odd_blocks_are_read_without_harm() {
    for text in [
        "",
        "@",
        "@param",
        "@param {",
        "@param [",
        "@param []",
        "@param [=]",
        "@param {'} x",
        "é\r\n@param {é} é\r\n",
        "@deprecated",
    ] {
        let (contract, _) = read(text);
        assert!(contract.params.len() <= 1, "{text}");
    }
    let (contract, diagnostics) = read("\r\n@param {string} a - x\r\n@param {string} b\r\n");
    assert_eq!((contract.params.len(), diagnostics.len()), (2, 0));
    assert_eq!(contract.params[0].description, "x");
}
