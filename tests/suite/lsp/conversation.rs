//! What an editor may send: anything, in any order.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::SiteFolder;

fn site() -> SiteFolder {
    SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "# Hello\n")])
}

#[test]
fn a_polite_editor_is_left_politely() {
    let site = site();
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", "# Hello\n");
    editor.expect("content/index.md", &[]);
    assert_eq!(editor.end(), 0);
    assert_eq!(Editor::new(site.path()).hang_up(), 1);
}

#[test]
fn requests_come_in_their_order_or_are_refused() {
    let site = site();
    let mut editor = Editor::silent(site.path());
    editor.notify("textDocument/didOpen", json!({"textDocument": 1}));
    let refused = editor.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(refused["code"], -32002);
    let greeting = editor.request("initialize", json!({"capabilities": {}})).unwrap();
    assert_eq!(greeting["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(editor.request("initialize", json!({"capabilities": {}})).unwrap_err()["code"], -32600);
    assert_eq!(editor.request("carafe/nothing", json!({})).unwrap_err()["code"], -32601);
    editor.notify("carafe/nothing", json!({}));
    editor.edit("content/never-opened.md", json!([{"text": "x"}]));
    editor.close("content/never-opened.md");
    editor.request("shutdown", Value::Null).unwrap();
    assert_eq!(editor.request("shutdown", Value::Null).unwrap_err()["code"], -32600);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.hang_up(), 0);
}

#[test]
fn rubbish_does_not_end_it() {
    let site = site();
    let mut editor = Editor::new(site.path());
    editor.raw(b"rubbish without a header\r\n\r\n");
    editor.raw(b"Content-Length: 3\r\n\r\n{\"x");
    editor.raw(b"Content-Length: 2\r\n\r\n[]");
    editor.raw(b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01");
    for code in [-32700, -32600, -32700] {
        assert_eq!(editor.answer(&Value::Null).unwrap_err()["code"], code);
    }
    for params in
        [json!(null), json!([]), json!({"textDocument": {"uri": "no address"}}), json!({"textDocument": {"uri": 7}})]
    {
        for method in ["didOpen", "didChange", "didClose"] {
            editor.notify(&format!("textDocument/{method}"), params.clone());
        }
    }
    editor.open("content/index.md", "# Hello\n");
    let far = json!({"start": {"line": 4_000_000_000_u32, "character": 7}, "end": {"line": 0, "character": 4_000_000_000_u32}});
    editor.edit("content/index.md", json!([{"range": far, "text": "\n[x](/gone/)\n"}]));
    editor.expect("content/index.md", &["broken-link 2:1"]);
    assert_eq!(editor.end(), 0);
}

#[test]
fn what_nobody_waits_for_is_not_answered() {
    let site = site();
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", "# Hello\n");
    let about =
        json!({"textDocument": {"uri": editor.uri("content/index.md")}, "position": {"line": 0, "character": 0}});
    // One write, so that the server has all of it when it answers.
    let hover = |id: i64| json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": about});
    let document = json!({"uri": editor.uri("content/index.md"), "version": 9});
    let change = json!({"textDocument": document, "contentChanges": [{"text": "# Other\n"}]});
    let all = [
        hover(901),
        json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 901}}),
        hover(902),
        json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": change}),
        hover(903),
    ];
    let bytes: String =
        all.iter().map(|message| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len())).collect();
    editor.raw(bytes.as_bytes());
    // However fast the server is, the last one is wanted; those before are answered, or refused as cancelled or outdated.
    assert!(editor.answer(&json!(903)).is_ok());
    for (id, code) in [(901, -32800), (902, -32801)] {
        if let Err(refused) = editor.answer(&json!(id)) {
            assert_eq!(refused["code"], code);
        }
    }
}

#[test]
fn files_outside_of_sites_are_left_alone() {
    let site = SiteFolder::new(&[
        ("notes/a.md", "[x](/gone/)\n"),
        ("docs/carafe.yml", "title: T\n"),
        ("docs/content/index.md", ""),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open("notes/a.md", "[x](/gone/)\n{% nonsense %}");
    editor.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {
        "uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": "{% nonsense %}",
    }}}));
    let hover = json!({"textDocument": {"uri": editor.uri("notes/a.md")}, "position": {"line": 0, "character": 1}});
    assert_eq!(editor.request("textDocument/hover", hover).unwrap(), Value::Null);
    editor.open("docs/content/index.md", "[x](/gone/)\n");
    editor.expect("docs/content/index.md", &["broken-link 1:1"]);
    assert_eq!(editor.told.keys().collect::<Vec<_>>(), ["docs/content/index.md"]);
}
