//! Where names are used, and the shape of a text.

use serde_json::{Value, json};

use crate::editor::{Editor, cursor};
use crate::support::SiteFolder;

pub(super) const NOTE: &str =
    "{% doc %}\nA box.\n@param {string} text - What it says.\n{% enddoc %}\n<p>{{ include.text }}</p>";

/// An include that another one calls, and pages that call both.
pub(super) fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\nvariables: {product: Gateway}\n"),
        ("includes/note.html", NOTE),
        ("includes/outer.html", "é {% include note.html text=include.words %}"),
        ("content/index.md", "{% include note.html text=\"a\" %}\n{{ site.product | upcase }}\n"),
        (
            "content/other.md",
            "𝒳 {% include outer.html words=\"b\" %} {% include ./note.html text='c' %}\n{{ site.product }}\n",
        ),
    ])
}

/// `PATH LINE:COLUMN-COLUMN` of each place, counted from 1.
fn places(editor: &Editor, found: &Value) -> Vec<String> {
    let number = |value: &Value| value.as_u64().unwrap() + 1;
    let one = |location: &Value| {
        let (start, end) = (&location["range"]["start"], &location["range"]["end"]);
        let path = editor.path(location["uri"].as_str().unwrap());
        format!("{path} {}:{}-{}", number(&start["line"]), number(&start["character"]), number(&end["character"]))
    };
    found.as_array().unwrap().iter().map(one).collect()
}

fn references(editor: &mut Editor, path: &str, text: &str) -> Vec<String> {
    let (text, position) = cursor(text);
    editor.change(path, &text);
    let params = json!({"textDocument": {"uri": editor.uri(path)}, "position": position, "context": {"includeDeclaration": false}});
    let found = editor.request("textDocument/references", params).unwrap();
    places(editor, &found)
}

#[test]
fn uses_are_found_everywhere() {
    let site = site();
    let mut editor = Editor::new(site.path());
    let index = "{% include note.html text=\"a\" %}\n{{ site.product | upcase }}\n";
    let with = |name: &str| index.replacen(name, &format!("{}¦{}", &name[..2], &name[2..]), 1);
    assert_eq!(
        references(&mut editor, "content/index.md", &with("note.html")),
        ["content/index.md 1:12-21", "content/other.md 1:50-61", "includes/outer.html 1:14-23"]
    );
    assert_eq!(
        references(&mut editor, "content/index.md", &with("text")),
        [
            "content/index.md 1:22-26",
            "content/other.md 1:62-66",
            "includes/note.html 5:15-19",
            "includes/outer.html 1:24-28"
        ]
    );
    assert_eq!(
        references(&mut editor, "content/index.md", &with("product")),
        ["content/index.md 2:9-16", "content/other.md 2:9-16"]
    );
    assert_eq!(references(&mut editor, "content/index.md", &with("upcase")), ["content/index.md 2:19-25"]);
    for text in ["{{ site.pro¦duct }} {{ site['product'] }}", "{{ site.product }} {{ site['prod¦uct'] }}"] {
        assert_eq!(
            references(&mut editor, "content/index.md", text),
            ["content/index.md 1:9-16", "content/index.md 1:29-36", "content/other.md 2:9-16"]
        );
    }
    assert_eq!(
        references(&mut editor, "content/index.md", "{% assign a = b %}{{ a¦ }}{% if a == 'a' %}{% endif %}"),
        ["content/index.md 1:22-23", "content/index.md 1:32-33"]
    );
}

#[test]
fn a_call_shows_what_it_takes() {
    let site = site();
    let mut editor = Editor::new(site.path());
    let help = editor.at("textDocument/signatureHelp", "content/index.md", "{% include note.html text=\"¦\" %}");
    assert_eq!(help["signatures"][0]["label"], "note.html text");
    assert_eq!(
        (&help["activeParameter"], &help["signatures"][0]["documentation"]["value"]),
        (&json!(0), &json!("A box."))
    );
    let none = editor.at("textDocument/signatureHelp", "content/index.md", "{% include no¦te.html %}");
    assert_eq!(none, Value::Null);
}

#[test]
fn texts_have_a_shape_and_links() {
    let site = site();
    let mut editor = Editor::new(site.path());
    let text = "---\ntitle: T\n---\n# Über\n\n```sh\n# no heading\n```\n\n## Part {#p}\n\n{% if a %}\nx\n{% endif %}\n\n# Next\n[o](other.md) {% include note.html text=1 %} [e](https://example.org/)\n";
    editor.open("content/index.md", text);
    let about = json!({"textDocument": {"uri": editor.uri("content/index.md")}});
    let symbols = editor.request("textDocument/documentSymbol", about.clone()).unwrap();
    let name = |symbol: &Value| symbol["name"].as_str().unwrap().to_owned();
    assert_eq!(symbols.as_array().unwrap().iter().map(name).collect::<Vec<_>>(), ["Über", "Next"]);
    assert_eq!(name(&symbols[0]["children"][0]), "Part");
    let folds = editor.request("textDocument/foldingRange", about.clone()).unwrap();
    let fold = |fold: &Value| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap());
    assert_eq!(
        folds.as_array().unwrap().iter().map(fold).collect::<Vec<_>>(),
        [(0, 2), (3, 13), (9, 13), (11, 12), (15, 16)]
    );
    let links = editor.request("textDocument/documentLink", about).unwrap();
    let target = |link: &Value| editor.path(link["target"].as_str().unwrap());
    assert_eq!(
        links.as_array().unwrap().iter().map(target).collect::<Vec<_>>(),
        ["content/other.md", "includes/note.html"]
    );
}
