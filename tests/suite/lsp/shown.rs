//! What editors show within a text: hints, colours, what stands above it, what a selection grows to.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::SiteFolder;

const NOTE: &str = "{% doc %}\nA box.\n@param {string} text\n@param {\"info\"|\"warn\"} [kind=info]\n@example\n{% include note.html text=\"x\" %}\n{% enddoc %}\n<p class=\"{{ include.kind }}\">{{ include.text }}</p>";

fn about(editor: &Editor, path: &str) -> Value {
    json!({"textDocument": {"uri": editor.uri(path)}})
}

/// `LINE:COLUMN LABEL` of each hint, counted from 0.
fn hints(editor: &mut Editor, path: &str, text: &str) -> Vec<String> {
    editor.change(path, text);
    let mut params = about(editor, path);
    params["range"] = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let found = editor.request("textDocument/inlayHint", params).unwrap();
    let short = |hint: &Value| {
        let position = &hint["position"];
        format!("{}:{} {}", position["line"], position["character"], hint["label"].as_str().unwrap())
    };
    found.as_array().unwrap().iter().map(short).collect()
}

#[test]
fn calls_show_the_defaults_that_count() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("includes/note.html", NOTE), ("content/index.md", "")]);
    let mut editor = Editor::new(site.path());
    let text = "𝒳 {% include note.html text=1 %}\n{% include note.html text=1 kind=\"warn\" %}\n{% include gone.html %}\n{% include note.html";
    assert_eq!(hints(&mut editor, "content/index.md", text), ["0:30 kind=\"info\""]);
}

#[test]
fn branches_show_the_releases_that_they_are_for() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nsingle_source: {versions: versions, source: versioned, nav: [nav_gw_*]}\n"),
        (
            "data/versions.yml",
            "- {edition: gw, release: 1.9.x, version: 1.9.1}\n- {edition: gw, release: 1.10.x, version: 1.10.0}\n- {edition: gw, release: 2.0.x, version: 2.0.0, latest: true}\n",
        ),
        ("data/nav_gw_19.yml", "product: gw\nrelease: 1.9.x\ngenerate: true\nitems:\n  - {title: A, url: /a/}\n"),
        ("data/nav_gw_110.yml", "product: gw\nrelease: 1.10.x\ngenerate: true\nitems:\n  - {title: A, url: /a/}\n"),
        ("data/nav_gw_20.yml", "product: gw\nrelease: 2.0.x\ngenerate: true\nitems:\n  - {title: A, url: /a/}\n"),
        ("includes/note.html", "n"),
        ("versioned/gw/a.md", "# A\n"),
        ("content/index.md", "# T\n"),
    ]);
    let mut editor = Editor::new(site.path());
    let text = "é {% if_version gte:1.10.x lte:1.10.x %}a{% elsif eq:2.0.x %}b{% else %}c{% endif_version %}\n{% if_version gte:3.x %}d{% endif_version %}{% if_version gte:1.9.x %}e{% endif_version %}\n";
    for path in ["versioned/gw/a.md", "includes/note.html"] {
        let found = hints(&mut editor, path, text);
        assert_eq!(
            found,
            ["0:40 1.10.x", "0:61 2.0.x", "0:72 1.9.x", "1:24 no release", "1:70 every release"],
            "{path}"
        );
    }
    assert!(hints(&mut editor, "content/index.md", text).is_empty());
}

#[test]
fn includes_say_where_they_are_shown_and_run_their_tests() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/note.html", NOTE),
        ("includes/outer.html", "{% include note.html text=1 %}"),
        (
            "tests/includes/note.yml",
            "include: note.html\ncases:\n  - name: é fails\n    params: {text: a}\n    expect: [{select: h1}]\n",
        ),
        ("content/index.md", "{% include note.html text=1 %}\n"),
        ("content/other.md", "{% include outer.html %} {% include outer.html %}\n"),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open("includes/note.html", NOTE);
    let lenses = editor.request("textDocument/codeLens", about(&editor, "includes/note.html")).unwrap();
    let title = |lens: &Value| lens["command"]["title"].as_str().unwrap().to_owned();
    assert_eq!(lenses.as_array().unwrap().iter().map(title).collect::<Vec<_>>(), ["2 pages", "run its 2 tests"]);
    let command = &lenses[1]["command"];
    let params = json!({"command": command["command"], "arguments": command["arguments"]});
    let outcome = editor.request("workspace/executeCommand", params).unwrap();
    assert_eq!((&outcome["passed"], outcome["failed"].as_array().unwrap().len()), (&json!(1), 1));
    let said = editor.said.iter().find(|said| said["method"] == "window/showMessage").unwrap();
    let message = said["params"]["message"].as_str().unwrap();
    assert!(message.starts_with("1 of 2 tests failed: `") && message.contains("é fails"), "{message}");
    let params = json!({"command": "carafe.nothing", "arguments": [editor.uri("includes/note.html")]});
    assert!(editor.request("workspace/executeCommand", params).is_err());
    editor.open("content/index.md", "# T\n");
    assert_eq!(editor.request("textDocument/codeLens", about(&editor, "content/index.md")).unwrap(), json!([]));
}

#[test]
fn liquid_has_colours() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "")]);
    let mut editor = Editor::new(site.path());
    let text = "---\ntitle: \"{{ site.é }}\"\n---\n𝒳 {{ page.title | upcase: 'a\nb' }} {% if a == 1 %}\n{% raw %}{{ no }}{% endraw %}{% include n.html x=b %}";
    editor.open("content/index.md", text);
    let found = editor.request("textDocument/semanticTokens/full", about(&editor, "content/index.md")).unwrap();
    let data: Vec<u64> = found["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    let kinds = ["keyword", "function", "variable", "property", "parameter", "string", "number", "operator"];
    let lines: Vec<Vec<u16>> = text.lines().map(|line| line.encode_utf16().collect()).collect();
    let (mut line, mut column) = (0, 0);
    let mut shown = Vec::new();
    for token in data.chunks(5) {
        let number = |at: usize| usize::try_from(token[at]).unwrap();
        column = if token[0] > 0 { number(1) } else { column + number(1) };
        line += number(0);
        let word = String::from_utf16(&lines[line][column..column + number(2)]).unwrap();
        shown.push(format!("{word} {}", kinds[number(3)]));
    }
    assert_eq!(
        shown,
        [
            "site variable",
            "é property",
            "page variable",
            "title property",
            "| operator",
            "upcase function",
            "'a string",
            "b' string",
            "if keyword",
            "a variable",
            "== operator",
            "1 number",
            "raw keyword",
            "endraw keyword",
            "include keyword",
            "n.html function",
            "x parameter",
            "= operator",
            "b variable",
        ]
    );
}

#[test]
fn selections_grow() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "")]);
    let mut editor = Editor::new(site.path());
    let text = "---\ntitle: T\n---\n# Über\n\n{% if a %}\né {% include n.html x=\"b c\" %}\n{% endif %}\n\n## Next\n";
    editor.open("content/index.md", text);
    let mut params = about(&editor, "content/index.md");
    params["positions"] = json!([{"line": 6, "character": 23}, {"line": 99, "character": 0}]);
    let found = editor.request("textDocument/selectionRange", params).unwrap();
    let lines: Vec<&str> = text.split('\n').collect();
    let mut shown = Vec::new();
    let mut at = &found[0];
    while !at.is_null() {
        let (start, end) = (&at["range"]["start"], &at["range"]["end"]);
        let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let (first, last) = (number(&start["line"]), number(&end["line"]));
        shown.push(match first == last {
            true => String::from_utf16(
                &lines[first].encode_utf16().collect::<Vec<_>>()
                    [number(&start["character"])..number(&end["character"])],
            )
            .unwrap(),
            false => format!("{first}-{last}"),
        });
        at = &at["parent"];
    }
    assert_eq!(
        shown,
        [
            "b",
            "\"b c\"",
            "x=\"b c\"",
            "include n.html x=\"b c\"",
            "{% include n.html x=\"b c\" %}",
            "é {% include n.html x=\"b c\" %}",
            "5-7",
            "5-7",
            "3-9",
            "3-10",
            "0-10",
        ]
    );
    assert_eq!(found.as_array().unwrap().len(), 2);
}

#[test]
fn findings_lead_to_pages_about_them() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "")]);
    let cache = SiteFolder::new(&[("file", "x")]);
    let capabilities = json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}}});
    for (folder, is_written) in [(cache.path().join("new"), true), (cache.path().join("file"), false)] {
        let mut editor = Editor::with_cache(site.path(), capabilities.clone(), &folder);
        editor.open("content/index.md", "[x](/gone/)\n");
        editor.expect("content/index.md", &["broken-link 1:1"]);
        let href = editor.told["content/index.md"][0]["codeDescription"]["href"].as_str().map(str::to_owned);
        assert_eq!(href.is_some(), is_written);
        if let Some(href) = href {
            let page = std::fs::read_to_string(href.strip_prefix("file://").unwrap()).unwrap();
            assert!(page.starts_with("# broken-link\n"), "{page}");
        }
        assert_eq!(editor.end(), 0);
    }
}
