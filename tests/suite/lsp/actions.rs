//! Repairs of what is told.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::SiteFolder;

fn actions(editor: &mut Editor, path: &str, line: u32, only: Value) -> Vec<Value> {
    let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": 999}});
    let params = json!({"textDocument": {"uri": editor.uri(path)}, "range": range, "context": {"diagnostics": [], "only": only}});
    editor.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

/// The title, and the edits: line, columns and text, all counted from 0.
fn short(action: &Value) -> String {
    let edits = action["edit"]["changes"].as_object().unwrap().values().flat_map(|edits| edits.as_array().unwrap());
    let shown = edits.map(|edit| {
        let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
        format!("{}:{}-{}={}", start["line"], start["character"], end["character"], edit["newText"].as_str().unwrap())
    });
    format!("{}: {}", action["title"].as_str().unwrap(), shown.collect::<Vec<_>>().join(" "))
}

#[test]
fn findings_come_with_their_repairs() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/note.html", "{% doc %}\n@param {string} [text]\n{% enddoc %}\n*{{ include.text }}*"),
        ("content/index.md", ""),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open(
        "content/index.md",
        "𝒳 {{ 'é' | upcas }}\n{% include note.html other=1 %}\n{% include note.html more=1 %}\n",
    );
    editor.expect("content/index.md", &["unknown-filter 1:13", "unknown-parameter 2:22", "unknown-parameter 3:22"]);
    let found = actions(&mut editor, "content/index.md", 0, Value::Null);
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["Write `upcase` in the place of `upcas`: 0:12-17=upcase"]);
    assert_eq!(found[0]["isPreferred"], false);
    let found = actions(&mut editor, "content/index.md", 1, json!(["quickfix"]));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["Take `other=1` away: 1:20-28="]);
    let found = actions(&mut editor, "content/index.md", 0, json!(["source.fixAll"]));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["Make all safe repairs: 1:20-28= 2:20-27="]);
    assert!(actions(&mut editor, "content/index.md", 0, json!(["refactor"])).is_empty());
}
