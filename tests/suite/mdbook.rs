//! `carafe mdbook`: the protocol by which mdBook asks its preprocessors.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::SiteFolder;

/// What mdBook gives a preprocessor: the book's folder and configuration, and its chapters (names, paths and texts).
fn input(book: &SiteFolder, settings: &Value, chapters: &[(&str, Option<&str>, &str)]) -> Value {
    let chapter = |(name, path, text): &(&str, Option<&str>, &str)| json!({"Chapter": {"name": name, "content": text, "number": null, "sub_items": [], "path": path, "source_path": path, "parent_names": []}});
    let context = json!({
        "root": book.path(), "renderer": "html", "mdbook_version": "0.5.4",
        "config": {"book": {"title": "T", "src": "src"}, "preprocessor": {"carafe": settings}},
    });
    json!([context, {"items": chapters.iter().map(chapter).collect::<Vec<_>>()}])
}

/// What the preprocessor writes, says, and ends with.
fn asked(book: &SiteFolder, input: &str) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_carafe"))
        .arg("mdbook")
        .current_dir(book.path())
        .env("GITHUB_ACTIONS", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

fn book() -> SiteFolder {
    SiteFolder::new(&[
        ("includes/hello.md", "Hello, {{ include.name }}!\n{% if include.oops %}{{ nobody.knows }}{% endif %}\n"),
        ("data/team.yml", "lead: Ann\n"),
    ])
}

#[test]
fn chapters_come_back_with_their_liquid_resolved() {
    let book = book();
    let settings = json!({"command": "carafe mdbook", "after": ["links"], "variables": {"product": "Tea", "on": false, "port": 80}});
    let chapters = [
        (
            "One",
            Some("one.md"),
            "# {{ site.product }}\n\n{% include hello.md name=site.data.team.lead %}\n\n{% note %}\nPort {{ site.port }}{% if site.on %}, on{% endif %}.\n{% endnote %}\n",
        ),
        ("Deep", Some("deep/README.md"), "{% tabs %}\n{% tab A %}\nx\n{% endtab %}\n{% endtabs %}\n"),
        ("Draft", None, ""),
    ];
    let (out, err, code) = asked(&book, &input(&book, &settings, &chapters).to_string());
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let given: Value = serde_json::from_str(&out).unwrap();
    let text = |at: usize| given["items"][at]["Chapter"]["content"].as_str().unwrap().to_owned();
    assert_eq!(text(0), "# Tea\n\nHello, Ann!\n\n> [!NOTE]\n> Port 80.\n");
    assert_eq!(text(1), "**A**\n\nx\n");
    assert_eq!(given["items"][1]["Chapter"]["name"], "Deep");
    assert_eq!(text(2), "");
}

#[test]
fn a_book_with_an_error_fails_and_says_where() {
    let book = book();
    let chapter = |text: &str| input(&book, &json!({}), &[("One", Some("one.md"), text)]).to_string();
    let (out, err, code) = asked(&book, &chapter("First\n\n{% include nope.md %}\n"));
    assert_eq!((out.as_str(), code), ("", Some(1)), "{err}");
    assert!(err.contains("error[missing-include]") && err.contains("--> src/one.md:3:1"), "{err}");
    // A warning is told, and nothing but the book goes to standard output.
    let warns = "{% include hello.md name=\"Ann\" oops=true %}\n";
    let (out, err, code) = asked(&book, &chapter(warns));
    assert_eq!(code, Some(0), "{err}");
    assert!(serde_json::from_str::<Value>(&out).is_ok(), "{out}");
    assert!(err.contains("warning[undefined-variable]") && err.contains("includes/hello.md:2:"), "{err}");
    let strict = input(&book, &json!({"strict": true}), &[("One", Some("one.md"), warns)]).to_string();
    assert_eq!(asked(&book, &strict).2, Some(1));
}

#[test]
fn what_makes_no_sense_is_told() {
    let book = book();
    let one = [("One", Some("one.md"), "x\n")];
    for (input, expected) in [
        (input(&book, &json!({"flavour": "github"}), &one).to_string(), "has no option `flavour`"),
        (input(&book, &json!({"flavor": "word"}), &one).to_string(), "there is no flavor `word`"),
        ("[1, 2]".to_owned(), "the book cannot be read"),
        (String::new(), "the book cannot be read"),
    ] {
        let (out, err, code) = asked(&book, &input);
        assert_eq!((out.as_str(), code), ("", Some(2)), "{err}");
        assert!(err.contains(expected), "{err}");
    }
    let ran = crate::support::run(&["mdbook", "supports", "html"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn mdbook_itself_builds_a_book_with_it_and_fails_where_it_fails() {
    let book = SiteFolder::new(&[
        ("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n  - [Deep](deep/two.md)\n"),
        ("src/one.md", "# {{ site.product }}\n\n{% include hello.md name=\"Ann\" %}\n\n{{#include part.txt}}\n"),
        ("src/part.txt", "A part of {{ site.product }}.\n"),
        ("src/deep/two.md", "# Two\n\n{% note %}\nKeep `{% raw %}{{ this }}{% endraw %}`.\n{% endnote %}\n"),
        ("includes/hello.md", "Hello, {{ include.name }}!\n"),
    ]);
    let command = env!("CARGO_BIN_EXE_carafe");
    let config = format!(
        "[book]\ntitle = \"Tea\"\n\n[preprocessor.carafe]\ncommand = {:?}\nafter = [\"links\"]\nvariables = {{product = \"Kettle\"}}\n\n\
         [output.html]\n",
        format!("{command} mdbook")
    );
    book.write("book.toml", &config);
    let build = || mdbook_driver::MDBook::load(book.path()).unwrap().build();
    build().unwrap();
    let page = std::fs::read_to_string(book.path().join("book/one.html")).unwrap();
    assert!(page.contains("Kettle</a></h1>") && page.contains("<p>Hello, Ann!</p>"), "{page}");
    assert!(page.contains("<p>A part of Kettle.</p>"), "{page}");
    let page = std::fs::read_to_string(book.path().join("book/deep/two.html")).unwrap();
    assert!(page.contains("blockquote-tag-note") && page.contains("<code>{{ this }}</code>"), "{page}");
    book.write("src/deep/two.md", "{% include nope.md %}\n");
    let error = format!("{:#}", build().unwrap_err());
    assert!(error.contains("carafe"), "{error}");
}
