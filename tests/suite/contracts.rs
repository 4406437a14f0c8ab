//! Includes that declare what they take, and calls that are checked against it; by the program as a user would run it.

use crate::support;

use support::{Ran, SiteFolder, run};

const CARD: &str = "{% doc %}\n  A card.\n  @param {string} title - What it says.\n  @param {boolean} [open=false]\n  \
    @param {\"small\"|\"large\"} [size=small]\n  @param {number} [depth=2]\n{% enddoc %}\n\
    {{ include.title }} {{ include.open }} {{ include.size }} {{ include.depth }}\n";

fn check(files: &[(&str, &str)]) -> Ran {
    let site = SiteFolder::new(files);
    let all = vec!["check", "-s", site.path().to_str().unwrap(), "--format", "json"];
    run(&all)
}

/// `code file:line message` of each finding.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let ran = check(files);
    let line = |line: &str| {
        let found: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}:{} {}", text("code"), text("file"), found["line"], text("message"))
    };
    ran.stdout.lines().map(line).collect()
}

fn site<'s>(page: &'s str, includes: &[(&'s str, &'s str)]) -> Vec<(&'s str, &'s str)> {
    let mut files = vec![("carafe.yml", "title: T\n"), ("content/index.md", page)];
    files.extend(includes);
    files
}

#[test]
fn defaults_reach_the_text_whichever_way_the_include_is_called() {
    let by_name = "{% doc %}\n@param {string} title\n@param {number} [depth=2]\n{% enddoc %}{{ title }}/{{ depth }}";
    let page = "{% include card.md title=\"A\" %}\n\n{% render 'named.md', title: 'B' %}\n\n\
        {% render 'named.md', title: 'C', depth: 7 %}\n\n{% render 'named.md', title: 'D', depth: nil %}\n";
    let site = SiteFolder::new(&site(page, &[("includes/card.md", CARD), ("includes/named.md", by_name)]));
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = site.output("index.html");
    for text in ["A false small 2", "B/2", "C/7", "D/2"] {
        assert!(html.contains(text), "{text} in {html}");
    }
}

#[test]
fn what_is_deprecated_is_told_where_it_is_used() {
    let old = "{% doc %}\n@deprecated Use card.md instead.\n@param {string} [a]\n@deprecated a Use b.\n{% enddoc %}x";
    let page = "---\ntitle: T\n---\n{% include old.md %}\n{% include part.md user=\"x\" %}\n";
    let part = "{% doc %}\n@param {string} [user] - (deprecated: use account) Who.\n{% enddoc %}{{ include.user }}";
    let found = findings(&site(page, &[("includes/old.md", old), ("includes/part.md", part)]));
    let told: Vec<&String> = found.iter().filter(|line| line.starts_with("deprecated")).collect();
    assert_eq!(
        told,
        [
            "deprecated-include content/index.md:4 the include `old.md` is deprecated",
            "deprecated-parameter content/index.md:5 the parameter `user` of `part.md` is deprecated",
        ]
    );
}

#[test]
fn a_mistake_in_a_doc_block_is_told_once_however_often_it_is_included() {
    let part = "{% doc %}\n@param {strin} a\n{% enddoc %}{{ include.a }}";
    let page = "{% include part.md a=\"1\" %}{% include part.md a=\"2\" %}\n";
    let mut files =
        site(page, &[("includes/part.md", part), ("includes/unused.md", "{% doc %}\n@parm x\n{% enddoc %}")]);
    files.push(("content/other.md", page));
    let found = findings(&files);
    let told: Vec<&String> = found.iter().filter(|line| line.starts_with("doc-syntax")).collect();
    assert_eq!(
        told,
        [
            "doc-syntax includes/part.md:2 `strin` is no type",
            "doc-syntax includes/unused.md:2 `@parm` means nothing in a `doc` block",
        ]
    );
}

#[test]
fn calls_are_checked_against_what_is_declared() {
    let page = "{% include card.md titel=\"A\" %}\n{% include card.md title=3 open=\"true\" %}\n\
        {% assign size = \"smal\" %}{% include card.md title=\"T\" size=size depth=\"2\" %}\n";
    assert_eq!(
        findings(&site(page, &[("includes/card.md", CARD)])),
        [
            "unknown-parameter content/index.md:1 the include `card.md` declares no parameter `titel`",
            "mistyped-parameter content/index.md:2 the parameter `title` of `card.md` must be a text, not the number `3`",
            "mistyped-parameter content/index.md:2 the parameter `open` of `card.md` must be `true` or `false`, not the text `\"true\"`",
            "mistyped-parameter content/index.md:3 the parameter `size` of `card.md` must be `\"small\"` or `\"large\"`, not the text `\"smal\"`",
            "mistyped-parameter content/index.md:3 the parameter `depth` of `card.md` must be a number, not the text `\"2\"`",
        ]
    );
}

#[test]
fn calls_are_checked_against_what_is_read_where_nothing_is_declared() {
    let outer = ("includes/outer.md", "{% include inner.md release=include.release %}");
    let inner = ("includes/inner.md", "{{ include.release }}{% if include.hint %}{{ include.hint }}{% endif %}");
    let found = findings(&site("{% include outer.md releasen=\"1\" %}\n", &[outer, inner]));
    assert_eq!(
        found,
        [
            "unknown-parameter content/index.md:1 the include `outer.md` does not read the parameter `releasen`",
            "unreached-branch includes/inner.md:1 this branch is never reached: no call gives `hint`",
        ]
    );
    let ran = check(&site("{% include outer.md releasen=\"1\" %}\n", &[outer, inner]));
    assert!(ran.stdout.contains("did you mean `release`?"), "{}", ran.stdout);
}

#[test]
fn a_file_that_includes_itself_is_looked_at_once_however_it_is_reached() {
    let part = "{% include card.md size=\"small\" %}{% if page.deep %}{% include_relative part.txt %}{% endif %}\n";
    let mut files = site("{% include_relative part.txt %}\n", &[("includes/card.md", CARD)]);
    files.extend([("content/part.txt", part), ("content/two.md", "{% include_relative part.txt %}\n")]);
    let found = findings(&files);
    assert_eq!(
        found.iter().filter(|line| line.starts_with("missing-parameter content/part.txt:1 ")).count(),
        1,
        "{found:?}"
    );
}

#[test]
fn a_site_whose_calls_fit_has_no_findings() {
    let page = "{% include card.md title=\"A\" open=true size=\"large\" depth=3 %}\n\n{% include {{ page.part }} x=\"1\" %}\n\n\
        {% include_relative beside.txt y=\"2\" %}\n{% render 'named.md', z: 3 %}\n";
    let page = format!("---\npart: dynamic.md\n---\n{page}");
    let includes = [
        ("includes/card.md", CARD),
        ("includes/dynamic.md", "{{ include.x }}"),
        ("includes/named.md", "{{ z }}"),
        ("includes/README.md", "About these includes."),
        ("content/beside.txt", "{{ include.y }}"),
    ];
    assert_eq!(findings(&site(&page, &includes)), Vec::<String>::new());
}

#[test]
fn what_nothing_reads_and_nobody_calls_is_told() {
    let part =
        "{% doc %}\n@param {string} name\n@param {string} [colour]\n{% enddoc %}{{ include.name }} {{ include.color }}";
    let includes = [
        ("includes/part.md", part),
        ("includes/left.md", "{% include over.md %}"),
        ("includes/over.md", "Nobody sees this."),
    ];
    let found = findings(&site("{% include part.md name=\"A\" %}\n", &includes));
    assert_eq!(
        found,
        [
            "unused-include includes/left.md:1 no page shows the include `left.md`",
            "unused-include includes/over.md:1 no page shows the include `over.md`",
            "unread-parameter includes/part.md:3 the parameter `colour` is declared, but nothing reads it",
            "undefined-variable includes/part.md:4 `include.color` is undefined",
        ]
    );
}

#[test]
fn an_example_is_a_call_and_so_is_a_draft() {
    let part = "{% doc %}\n@param {boolean} [a]\n@param {boolean} [b]\n@example\n{% include part.md a=true %}\n{% enddoc %}\
        {% if include.a %}a{% endif %}{% if include.b %}b{% endif %}{% if include.a and include.b %}c{% endif %}";
    let files = site(
        "{% include part.md %}\n",
        &[("includes/part.md", part), ("content/_draft.md", "{% include part.md b=true %}")],
    );
    assert_eq!(
        findings(&files),
        [
            "name-left-out :null `content/_draft.md` is left out, as names that begin with `_` are",
            "unreached-branch includes/part.md:6 this branch is never reached: no call gives `a` and `b` so that it holds",
        ]
    );
}

/// A site whose page calls an include in these ways, and what is said of it.
fn told(kind: &str, calls: &[&str]) -> String {
    let doc = format!("{{% doc %}}\n@param {{{kind}}} v - What it is.\n{{% enddoc %}}\n{{{{ include.v }}}}\n");
    let page = calls.iter().map(|call| format!("{{% include i.md v={call} %}}\n\n")).collect::<String>();
    let page = format!("{{% assign list = \"a,b\" | split: \",\" %}}\n{page}");
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", &page), ("includes/i.md", &doc)]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    ran.stdout + &ran.stderr
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_how_to_write_it() {
    for (kind, call, help) in [
        ("string", "5", "write `v=\"5\"`"),
        ("string", "true", "write `v=\"true\"`"),
        ("boolean", "\"true\"", "write `v=true` without quotes"),
        ("boolean", "\"yes\"", "must be `true` or `false`, not the text `\"yes\"`"),
        ("number", "\"5\"", "write `v=5` without quotes"),
        ("number", "\"five\"", "must be a number, not the text `\"five\"`"),
        ("array", "5", "must be an array, not the number `5`"),
        ("object", "\"x\"", "must be an object, not the text `\"x\"`"),
    ] {
        let said = told(kind, &[call]);
        assert!(said.contains("mistyped-parameter") && said.contains(help), "{kind} {call}: {said}");
    }
    for (kind, call) in [("number", "\"five\""), ("boolean", "\"yes\""), ("array", "5")] {
        let said = told(kind, &[call]);
        assert!(!said.contains("= help: write"), "{kind} {call}: {said}");
    }
    for (kind, call) in [
        ("string", "\"5\""),
        ("boolean", "false"),
        ("number", "5"),
        ("number", "2.5"),
        ("array", "list"),
        ("array", "(1..3)"),
        ("object", "site"),
        ("object", "page"),
        ("string", "nil"),
    ] {
        let said = told(kind, &[call]);
        assert!(!said.contains("mistyped-parameter"), "{kind} {call}: {said}");
    }
}

#[test]
fn an_include_that_only_itself_or_an_unused_one_calls_is_unused() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "x\n"),
        ("includes/own.md", "{% if include.deep %}{% include own.md %}{% endif %}\n"),
        ("includes/outer.md", "{% include inner.md %}\n"),
        ("includes/inner.md", "text\n"),
    ]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    let told = ran.stdout + &ran.stderr;
    let of = |name: &str| {
        let start =
            told.find(&format!("no page shows the include `{name}`")).unwrap_or_else(|| panic!("{name}: {told}"));
        told[start..].split("\nwarning").next().unwrap().to_owned()
    };
    assert!(of("own.md").contains("remove the file, or call it"), "{told}");
    assert!(of("inner.md").contains("`outer.md` calls it, which no page shows either"), "{told}");
    assert!(of("outer.md").contains("remove the file, or call it"), "{told}");
}

#[test]
fn front_matter_is_held_to_the_types_that_the_configuration_asks_for() {
    let fits: &[(&str, &[&str], &[&str])] = &[
        ("string", &["x", "5", "true"], &["[x]", "{a: 1}"]),
        ("number", &["5", "2.5"], &["five", "true", "[5]"]),
        ("integer", &["5"], &["2.5", "five"]),
        ("boolean", &["true", "false"], &["maybe", "1"]),
        (
            "date",
            &["2024-01-31", "'2024-01-31 later'", "2024-01-31 10:00:00"],
            &["soon", "'2024'", "'a024-01-31'", "20240131", "'tomorrow evening'"],
        ),
        ("list", &["[a]", "[]"], &["a", "{a: 1}"]),
        ("map", &["{a: 1}"], &["a", "[a]"]),
        ("any", &["a", "[a]", "{a: 1}", "5"], &[]),
    ];
    for (kind, right, wrong) in fits {
        let config = format!("title: T\nfront_matter:\n  \"**\":\n    key: {kind}\n");
        for (value, is_right) in right.iter().map(|value| (value, true)).chain(wrong.iter().map(|value| (value, false)))
        {
            let page = format!("---\ntitle: P\nkey: {value}\n---\nx\n");
            let ran = check(&[("carafe.yml", &*config), ("content/index.md", &page)]);
            assert_eq!(!ran.stdout.contains("front-matter-contract"), is_right, "{kind}: {value}\n{}", ran.stdout);
        }
    }
}
