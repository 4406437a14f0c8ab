//! Repairs of what is told.

use std::time::{Duration, Instant};

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
    assert_eq!(
        found.iter().map(short).collect::<Vec<_>>(),
        [
            "Write `upcase` in the place of `upcas`: 0:12-17=upcase",
            "Show it as it is (`raw`): 0:0-20={% raw %}𝒳 {{ 'é' | upcas }}{% endraw %}"
        ]
    );
    assert_eq!(found[0]["isPreferred"], false);
    let found = actions(&mut editor, "content/index.md", 1, json!(["quickfix"]));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["Take `other=1` away: 1:20-28="]);
    let found = actions(&mut editor, "content/index.md", 0, json!(["source.fixAll"]));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["Make all safe repairs: 1:20-28= 2:20-27="]);
    assert!(actions(&mut editor, "content/index.md", 0, json!(["refactor.extract"])).is_empty());
}

/// The titles of what is offered for a selection, and what the first of them writes: files that are made, and pieces of texts.
fn offered(
    editor: &mut Editor,
    path: &str,
    from: (u32, u32),
    to: (u32, u32),
    kind: &str,
) -> Vec<(String, Vec<String>)> {
    let position = |(line, character): (u32, u32)| json!({"line": line, "character": character});
    let range = json!({"start": position(from), "end": position(to)});
    let params = json!({"textDocument": {"uri": editor.uri(path)}, "range": range, "context": {"diagnostics": [], "only": [kind]}});
    let found = editor.request("textDocument/codeAction", params).unwrap();
    let mut all = Vec::new();
    for action in found.as_array().unwrap() {
        let mut written = Vec::new();
        let mut edits = |uri: &str, edits: &Value| {
            for edit in edits.as_array().unwrap() {
                let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
                let place = format!("{}:{}-{}:{}", start["line"], start["character"], end["line"], end["character"]);
                written.push(format!(
                    "{} {place} {}",
                    editor.path(uri),
                    edit["newText"].as_str().unwrap().replace('\n', "⏎")
                ));
            }
        };
        for (uri, changes) in action["edit"]["changes"].as_object().into_iter().flatten() {
            edits(uri, changes);
        }
        for change in action["edit"]["documentChanges"].as_array().into_iter().flatten() {
            if change["kind"] != "create" {
                edits(change["textDocument"]["uri"].as_str().unwrap(), &change["edits"]);
            }
        }
        all.push((action["title"].as_str().unwrap().to_owned(), written));
    }
    all
}

#[test]
fn includes_are_made_and_tried_and_described() {
    let passage = "Über alles:\n\n- one 𝒳\n- two\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nvariables: {product: \"Gate\\\"way\"}\n"),
        ("includes/note.html", "{% if include.kind %}{{ include.kind }}{% endif %}{{ include.text }}"),
        ("includes/more/told.html", "{% doc %}\n  @param {string} text\n{% enddoc %}\n{{ include.text }}"),
        ("tests/includes/note.yml", "include: note.html\ncases:\n  - name: a\n    params: {text: a}\n"),
        ("content/index.md", ""),
        ("content/other.md", &format!("# Other\n\n{passage}\nEnd\n")),
    ]);
    let workspace = json!({"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]}});
    let mut editor = Editor::with(site.path(), json!({"workspace": workspace}));
    editor.open(
        "content/index.md",
        &format!(
            "{passage}\né {{% include note.html text=site.product kind=\"ö\" %}}\n{{% include more/told.html %}}\n"
        ),
    );
    editor.expect("content/index.md", &["missing-parameter 7:1"]);
    assert_eq!(
        offered(&mut editor, "content/index.md", (0, 0), (4, 0), "refactor.extract"),
        [(
            "Make an include of this passage, which stands 2 times".to_owned(),
            vec![
                "content/index.md 0:0-3:5 {% include passage.md %}".to_owned(),
                "content/other.md 2:0-5:5 {% include passage.md %}".to_owned(),
                "includes/passage.md 0:0-0:0 Über alles:⏎⏎- one 𝒳⏎- two⏎".to_owned(),
            ]
        )]
    );
    assert!(offered(&mut editor, "content/index.md", (0, 2), (4, 0), "refactor.extract").is_empty());
    assert_eq!(
        offered(&mut editor, "content/index.md", (5, 8), (5, 8), "refactor.extract"),
        [(
            "Make a test of this call of `note.html`".to_owned(),
            vec!["tests/includes/note.yml 4:0-4:0 ⏎  - name: as in content/index.md⏎    params: {text: \"Gate\\\"way\", kind: \"ö\"}⏎".to_owned()]
        )]
    );
    assert_eq!(
        offered(&mut editor, "content/index.md", (6, 0), (6, 4), "quickfix"),
        [("Give `text`".to_owned(), vec!["content/index.md 6:25-6:25  text=\"\"".to_owned()])]
    );
    editor.open("includes/note.html", "{% if include.kind %}{{ include.kind }}{% endif %}{{ include.text }}");
    assert_eq!(
        offered(&mut editor, "includes/note.html", (0, 0), (0, 0), "refactor.rewrite"),
        [(
            "Write down what it takes".to_owned(),
            vec!["includes/note.html 0:0-0:0 {% doc %}⏎  @param text⏎  @param [kind]⏎{% enddoc %}⏎".to_owned()]
        )]
    );
    // Liquid that is to be shown rather than run: what is printed at the cursor, or what is selected.
    editor.open("content/raw.md", "Ö {{ page.title }} {% if x %}y{% endif %}\n");
    let raw = |text: &str, at: &str| {
        vec![(
            "Show it as it is (`raw`)".to_owned(),
            vec![format!("content/raw.md {at} {{% raw %}}{text}{{% endraw %}}")],
        )]
    };
    let mut rewrites = |from, to| offered(&mut editor, "content/raw.md", from, to, "refactor.rewrite");
    assert_eq!(rewrites((0, 5), (0, 5)), raw("{{ page.title }}", "0:2-0:18"));
    assert_eq!(rewrites((0, 19), (0, 41)), raw("{% if x %}y{% endif %}", "0:19-0:41"));
    for (from, to) in [((0, 0), (0, 0)), ((0, 21), (0, 21)), ((0, 0), (0, 2)), ((0, 5), (0, 41))] {
        assert!(rewrites(from, to).is_empty(), "{from:?}");
    }
    // An editor that makes no files is offered none.
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", passage);
    assert!(offered(&mut editor, "content/index.md", (0, 0), (4, 0), "refactor").is_empty());
}

/// What is offered for a broken link once git has been asked: the titles, each with the edits of one action.
fn led_on(editor: &mut Editor, path: &str, line: u32) -> Vec<(String, Vec<String>)> {
    let started = Instant::now();
    loop {
        let found = offered(editor, path, (line, 0), (line, 999), "quickfix");
        let mut found: Vec<_> = found.into_iter().filter(|(title, _)| title.contains("lead on")).collect();
        // Files stand in no order in an edit.
        found.iter_mut().for_each(|(_, edits)| edits.sort());
        if !found.is_empty() {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "nothing leads on from line {line}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn old_addresses_of_pages_that_git_knows_lead_on() {
    let long = "# Install\n\nDownload the program.\n\nUnpack it.\n\nStart it.\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nredirects: {/older/: /publishd/}\n"),
        ("content/guides/erste schritte.md", long),
        ("content/said.md", "---\npermalink: /über/uns/\n---\n# Us\n"),
        ("content/gone.md", "# Nothing like it\n"),
        ("content/published.md", "# P\n"),
        ("content/first.md", "# First\n\nThat is how one begins, and goes on.\n"),
        ("content/index.md", "x\n"),
    ]);
    site.git(&["init", "-q"]);
    let commit = || {
        site.git(&["add", "-A"]);
        site.git(&["commit", "-q", "-m", "x"]);
    };
    commit();
    // Renamed twice, and another page put in between.
    site.git(&["mv", "content/guides/erste schritte.md", "content/guides/install.md"]);
    commit();
    site.git(&["mv", "content/guides/install.md", "content/start.md"]);
    site.write("content/said.md", "---\npermalink: /us/\n---\n# Us\n");
    site.git(&["rm", "-q", "content/gone.md"]);
    commit();
    // Not committed yet.
    std::fs::rename(site.path().join("content/first.md"), site.path().join("content/begin.md")).unwrap();
    let links = "[a](/guides/erste%20schritte/)\n\n[b](guides/install/#x)\n\n[c](/über/uns/)\n\n[d](first.md)\n\n[e](/gone/)\n\n[f](/never/)\n\n[g](/publishd/)\n";
    site.write("content/index.md", links);
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", links);
    let one = |title: &str, edits: &[&str]| {
        vec![(title.to_owned(), edits.iter().map(|&edit| edit.to_owned()).collect::<Vec<_>>())]
    };
    assert_eq!(
        led_on(&mut editor, "content/index.md", 0),
        one(
            "Have `/guides/erste schritte/` lead on to `content/start.md` (git: it was `content/guides/erste schritte.md`)",
            &["content/start.md 0:0-0:0 ---⏎redirect_from: /guides/erste schritte/⏎---⏎"]
        )
    );
    assert_eq!(
        led_on(&mut editor, "content/index.md", 2),
        one(
            "Have `/guides/install/` lead on to `content/start.md` (git: it was `content/guides/install.md`)",
            &["content/start.md 0:0-0:0 ---⏎redirect_from: /guides/install/⏎---⏎"]
        )
    );
    assert_eq!(
        led_on(&mut editor, "content/index.md", 4),
        one(
            "Have `/über/uns/` lead on to `content/said.md` (git: it stood there)",
            &["content/said.md 2:0-2:0 redirect_from: /über/uns/⏎"]
        )
    );
    assert_eq!(
        led_on(&mut editor, "content/index.md", 6),
        one(
            "Write `content/begin.md` here, and have `/first/` lead on to it (it has most of the text of `content/first.md`, which is gone)",
            &["content/begin.md 0:0-0:0 ---⏎redirect_from: /first/⏎---⏎", "content/index.md 6:4-6:12 begin.md"]
        )
    );
    assert_eq!(
        led_on(&mut editor, "content/index.md", 12),
        one(
            "Have `/publishd/` lead on to `content/published.md` (its address is nearly the same)",
            &["content/published.md 0:0-0:0 ---⏎redirect_from: /publishd/⏎---⏎"]
        )
    );
    // What is like nothing today, and what never was, lead nowhere.
    for line in [8, 10] {
        let found = offered(&mut editor, "content/index.md", (line, 0), (line, 99), "quickfix");
        assert!(!found.iter().any(|(title, _)| title.contains("lead on")), "{found:?}");
    }
}

#[test]
fn old_addresses_lead_on_in_jekyll_sites_that_can() {
    for plugins in ["plugins: [jekyll-redirect-from]\n", ""] {
        let include = "<a href=\"{{ site.baseurl }}/2020/05/06/old.html\">old</a>\n";
        let site = SiteFolder::new(&[
            ("_config.yml", &format!("baseurl: /b\n{plugins}permalink: /:year/:month/:day/:title.html\n")),
            ("_posts/2020-05-06-old.md", "---\n---\n# Old one\n\nWith a text.\n"),
            ("_includes/up.html", include),
            ("index.md", "---\n---\n{% include up.html %}\n"),
        ]);
        site.git(&["init", "-q"]);
        site.git(&["add", "-A"]);
        site.git(&["commit", "-q", "-m", "x"]);
        site.git(&["mv", "_posts/2020-05-06-old.md", "_posts/2020-05-07-new.md"]);
        site.git(&["commit", "-q", "-m", "y"]);
        let mut editor = Editor::new(site.path());
        editor.open("_includes/up.html", include);
        editor.open("index.md", "---\n---\n{% include up.html %}\n");
        editor.expect("_includes/up.html", &["broken-link 1:1"]);
        if plugins.is_empty() {
            continue;
        }
        let wanted = [(
            "Have `/2020/05/06/old.html` lead on to `_posts/2020-05-07-new.md` (git: it was `_posts/2020-05-06-old.md`)".to_owned(),
            vec!["_posts/2020-05-07-new.md 1:0-1:0 redirect_from: /2020/05/06/old.html⏎".to_owned()],
        )];
        assert_eq!(led_on(&mut editor, "_includes/up.html", 0), wanted);
        assert_eq!(led_on(&mut editor, "index.md", 2), wanted);
    }
}
