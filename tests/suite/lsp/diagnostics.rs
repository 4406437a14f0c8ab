//! What `check` finds, as one types.

use std::fs;

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::{SiteFolder, run};

#[test]
fn what_is_wrong_is_told_and_taken_back_as_one_types() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\ndiagnostics: {broken-link: warn}\n"),
        ("content/index.md", "# Start\n"),
        ("content/other.md", "# Other\n"),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", "# Start\n");
    editor.expect("content/index.md", &[]);
    editor.change("content/index.md", "a 𝒳 {{ 'é' | upcas }} [x](/gone/)\n");
    editor.expect("content/index.md", &["unknown-filter 1:15", "broken-link 1:24"]);
    let told = &editor.told["content/index.md"];
    assert_eq!((&told[0]["severity"], &told[1]["severity"]), (&json!(2), &json!(2)));
    assert!(told[0]["message"].as_str().unwrap().ends_with("did you mean `upcase`?"), "{told:?}");
    editor.change("content/index.md", "<!-- carafe-ignore broken-link -->\n[x](/gone/)\n[y](/gone/)\n");
    editor.expect("content/index.md", &["broken-link 3:1"]);
    // The disk counts again when the text is closed.
    editor.close("content/index.md");
    editor.expect("content/index.md", &[]);
}

#[test]
fn a_change_in_one_text_is_told_in_the_others() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/note.html", "{% doc %}\n@param {string} text\n{% enddoc %}\n<p>{{ include.text }}</p>"),
        ("content/index.md", "{% include note.html text=\"a\" %}\n"),
        ("content/other.md", "# Other {#part}\n\n[x](/#top)\n"),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open("content/index.md", "# Top\n\n{% include note.html text=\"a\" %}\n\n[x](/other/#part)\n");
    editor.open("content/other.md", "# Other {#part}\n\n[x](/#top)\n");
    editor.open("includes/note.html", "{% doc %}\n@param {string} text\n{% enddoc %}\n<p>{{ include.text }}</p>");
    for path in ["content/index.md", "content/other.md", "includes/note.html"] {
        editor.expect(path, &[]);
    }
    editor.change("content/other.md", "# Other\n\n[x](/#top)\n");
    editor.expect("content/index.md", &["broken-anchor 5:1"]);
    editor.change(
        "includes/note.html",
        "{% doc %}\n@param {string} words\n{% enddoc %}\n<p>{{ include.words }}{{ nothing }}</p>",
    );
    editor.expect("includes/note.html", &["undefined-variable 4:26"]);
    editor.expect(
        "content/index.md",
        &[
            "missing-parameter 3:1",
            "undefined-variable 3:1 in includes/note.html",
            "unknown-parameter 3:22",
            "broken-anchor 5:1",
        ],
    );
    let told = &editor.told["content/index.md"][1];
    let related: Vec<String> = told["relatedInformation"]
        .as_array()
        .unwrap()
        .iter()
        .map(|related| {
            let location = &related["location"];
            format!("{}:{}", editor.path(location["uri"].as_str().unwrap()), location["range"]["start"]["line"])
        })
        .collect();
    assert_eq!(related, ["includes/note.html:3"]);
    let told = &editor.told["includes/note.html"][0];
    assert_eq!(editor.path(told["relatedInformation"][0]["location"]["uri"].as_str().unwrap()), "content/index.md");
}

#[test]
fn a_broken_configuration_is_told_and_forgotten() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "[x](/gone/)\n")]);
    let mut editor = Editor::new(site.path());
    editor.open("carafe.yml", "titel: T\n");
    editor.open("content/index.md", "[x](/gone/)\n");
    editor.expect("carafe.yml", &["unknown-option 1:1"]);
    editor.change("carafe.yml", "title: T\ndiagnostics: {broken-link: off}\n");
    editor.expect("carafe.yml", &[]);
    editor.expect("content/index.md", &[]);
}

#[test]
fn columns_are_counted_as_the_editor_wants() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "")]);
    for (known, agreed, column) in
        [(vec!["utf-16", "utf-8"], "utf-8", 10), (vec!["utf-16"], "utf-16", 6), (vec!["utf-32"], "utf-32", 4)]
    {
        let mut editor = Editor::silent(site.path());
        let client = json!({"capabilities": {"general": {"positionEncodings": known}}});
        assert_eq!(editor.request("initialize", client).unwrap()["capabilities"]["positionEncoding"], agreed);
        editor.open("content/index.md", "𝒳𝒳 [x](/gone/)\n");
        let wanted = format!("broken-link 1:{column}");
        editor.expect("content/index.md", &[&wanted]);
        // What is typed at a column goes there.
        let end = json!({"line": 0, "character": column - 2});
        editor.edit("content/index.md", json!([{"range": {"start": end, "end": end}, "text": "é"}]));
        let width = match agreed {
            "utf-8" => 2,
            _ => 1,
        };
        let wanted = format!("broken-link 1:{}", column + width);
        editor.expect("content/index.md", &[&wanted]);
    }
}

#[test]
fn pages_in_jekyll_sites_and_new_files_are_read() {
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("index.md", "---\n---\n{% include a.html %}\n")]);
    let mut editor = Editor::new(site.path());
    editor.open("index.md", "---\n---\n{% include a.html %}\n");
    editor.expect("index.md", &["missing-include 3:1"]);
    // Not written yet, but there.
    editor.open("_includes/a.html", "A\n");
    editor.expect("index.md", &[]);
    editor.close("_includes/a.html");
    editor.expect("index.md", &["missing-include 3:1"]);
    site.write("_includes/a.html", "A\n");
    let changes = json!([{"uri": editor.uri("_includes/a.html"), "type": 1}]);
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}));
    editor.expect("index.md", &[]);
}

/// What `check` finds in a file, in short.
fn checked(site: &SiteFolder, path: &str) -> Vec<String> {
    let ran = run(&["check", "--format", "json", "-s", site.path().to_str().unwrap()]);
    let findings = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut found: Vec<String> = findings
        .filter(|found| found["file"] == path)
        .map(|found| format!("{} {}:{}", found["code"].as_str().unwrap(), found["line"], found["column"]))
        .collect();
    found.sort();
    found
}

/// Numbers that look random; the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// Pieces that make and repair mistakes. All characters are one unit of UTF-16, so that columns are those of `check`.
const PIECES: [&str; 16] = [
    "{% include note.html text=\"a\" %}\n",
    "{% include gone.html %}",
    "{% include note.html txt=1 %}",
    "[x](/gone/)",
    "[y](/other/#nothing)\n",
    "{{ page.title }}",
    "{{ page.titel }}",
    "{{ 'x' | upcas }}",
    "\n\n# Part\n\n",
    "```yaml\na: [\n```\n",
    "é",
    "\n",
    "{% if a %}",
    "{% endif %}",
    "---\n",
    "![](/no.png)",
];

/// What is asked for between edits: all that reads texts and sessions while both change.
const ASKED: [&str; 10] = [
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/semanticTokens/full",
    "textDocument/codeAction",
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
];

/// After any number of edits the findings are those of a site that is read anew. `CARAFE_EDITS` says how many edits there are.
#[test]
fn random_edits_leave_what_a_fresh_start_finds() {
    let edits: usize = std::env::var("CARAFE_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(240);
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/note.html", "{% doc %}\n@param {string} text\n{% enddoc %}\n<p>{{ include.text }}</p>"),
        ("content/index.md", "# Start\n"),
        ("content/other.md", "# Other\n\n[x](/#part)\n"),
    ]);
    let paths = ["content/index.md", "content/other.md", "includes/note.html"];
    let mut texts: Vec<Vec<char>> =
        paths.iter().map(|path| fs::read_to_string(site.path().join(path)).unwrap().chars().collect()).collect();
    let mut editor = Editor::new(site.path());
    for (path, text) in paths.iter().zip(&texts) {
        editor.open(path, &text.iter().collect::<String>());
    }
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let position = |text: &[char], at: usize| {
        let line = text[..at].iter().filter(|c| **c == '\n').count();
        let column = at - text[..at].iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        json!({"line": line, "character": column})
    };
    let every = (edits / 8).clamp(1, 500);
    for edit in 1..=edits {
        let which = dice.roll(paths.len());
        let text = &mut texts[which];
        let start = dice.roll(text.len() + 1);
        // Texts stay short: what is long loses more than it wins.
        let most = if text.len() > 600 { 120 } else { 12 };
        let end = (start + dice.roll(most)).min(text.len());
        let piece = if dice.roll(4) == 0 { "" } else { PIECES[dice.roll(PIECES.len())] };
        let range = json!({"start": position(text, start), "end": position(text, end)});
        text.splice(start..end, piece.chars());
        editor.edit(paths[which], json!([{"range": range, "text": piece}]));
        // What an editor asks for meanwhile, and does not wait for.
        let asked = ASKED[dice.roll(ASKED.len())];
        let end = json!({"line": 9999, "character": 0});
        let place = json!({"line": dice.roll(9), "character": dice.roll(20)});
        let about = json!({
            "textDocument": {"uri": editor.uri(paths[dice.roll(paths.len())])},
            "range": {"start": {"line": 0, "character": 0}, "end": end},
            "position": place,
            "context": {"diagnostics": [], "includeDeclaration": true},
        });
        editor.ask(asked, about);
        if edit % every == 0 {
            let failed = |said: &&Value| ![Value::Null, json!(-32801), json!(-32602)].contains(&said["error"]["code"]);
            assert_eq!(editor.said.iter().find(failed), None, "edit {edit}");
            editor.said.clear();
            for (path, text) in paths.iter().zip(&texts) {
                site.write(path, text.iter().collect::<String>());
            }
            for path in paths {
                let wanted = checked(&site, path);
                editor.until(&format!("edit {edit}: {path}: {wanted:?}"), |editor| {
                    let told = editor.told.get(path)?;
                    let mut told: Vec<String> =
                        told.iter().map(crate::editor::short).filter(|told| !told.contains(" in ")).collect();
                    told.sort();
                    (told == wanted).then_some(())
                });
            }
        }
    }
    assert_eq!(editor.end(), 0);
}
