//! The command `test`: the repository's own includes, and what authors of tests may do wrong.

use crate::support;

use support::{Ran, SiteFolder, run};

fn test(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["test", "-s", site.path().to_str().unwrap()], args].concat())
}

const HELP: &str = "{% doc %}
  Where help is.
  @param {string} name
  @param {boolean} [loud=false]
  @example
  {% include help.md name=\"Ann\" %}
{% enddoc -%}
Ask **{{ include.name }}**{% if include.loud %}!{% elsif page.quiet %}…{% else %}.{% endif %}
";

fn site(tests: &str) -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\nx\n"),
        ("includes/help.md", HELP),
        ("tests/includes/help.yml", tests),
    ])
}

#[test]
fn the_repositorys_own_includes_pass_with_every_branch_and_parameter_used() {
    let ran = run(&["test", "--full-coverage", "-s", env!("CARGO_MANIFEST_DIR")]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("prerequisites/")).collect();
    assert_eq!(lines.len(), 2, "{}", ran.stderr);
    for line in lines {
        assert_eq!(line.matches("100 %").count(), 2, "{line}");
    }
    assert!(ran.stderr.trim_end().ends_with("tests passed"), "{}", ran.stderr);
}

#[test]
fn a_difference_is_shown_with_its_place_and_fails() {
    let site = site(
        "include: help.md\ncases:\n  - name: says who\n    params: {name: Ann}\n    expect:\n      - {select: p, text: Ask Bob.}\n",
    );
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in [
        "FAIL help.md: says who",
        "`p` has another text",
        "tests/includes/help.yml:6:27",
        "    - Ask Bob.\n    + Ask Ann.\n",
        "1 failed, 1 test passed",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn everything_that_can_be_expected_is_compared() {
    let right = "include: help.md
cases:
  - name: all
    content: |
      ## Title {#t}

      {: .lead data-x=\"1\"}
      {% include help.md name=\"Ann\" loud=true %}
    expect:
      - {select: p.lead, count: 1, text: Ask Ann!, html: 'Ask <strong>Ann</strong>!', lacks: Bob}
      - {select: p, contains: [Ask, Ann], attributes: {class: lead, data-x: true, title: false}}
      - {select: strong, code: Ann}
      - {select: blockquote, count: 0}
";
    let ran = test(&site(right), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (good, bad, said) in [
        ("p.lead, count: 1", "p.lead, count: 2", "`p.lead` is there once, not twice"),
        ("text: Ask Ann!", "text: [Ask Ann!, more]", "is there once, but 2 texts are expected"),
        ("<strong>Ann</strong>!'", "<em>Ann</em>!'", "`p.lead` has another HTML"),
        ("lacks: Bob", "lacks: Ann", "`p.lead` contains `Ann`"),
        ("[Ask, Ann]", "[Ask, Bob]", "`p` does not contain `Bob`"),
        ("class: lead", "class: tail", "the attribute `class` of `p` is `lead`, not `tail`"),
        ("title: false", "data-x: false", "`p` has the attribute `data-x`: `1`"),
        ("title: false", "title: true", "`p` has no attribute `title`"),
        ("code: Ann", "code: ' Ann'", "`strong` has another text"),
        ("blockquote, count: 0", "blockquote", "`blockquote` is not there"),
        ("blockquote, count: 0", "h2, count: 0", "`h2` is there once; it should not be there at all"),
    ] {
        assert!(right.contains(good), "{good}");
        let site = site(&right.replace(good, bad));
        let ran = test(&site, &[]);
        // `data-x` twice in one mapping is broken YAML rather than a failing test.
        let code = if bad == "data-x: false" { 2 } else { 1 };
        assert_eq!(ran.code, code, "{bad}: {}", ran.stderr);
        if code == 1 {
            assert!(ran.stderr.contains(said), "{bad}: {}", ran.stderr);
        }
    }
}

#[test]
fn diagnostics_fail_a_test_unless_they_are_expected_and_expected_ones_must_come() {
    let case = |rest: &str| format!("include: help.md\ncases:\n  - name: x\n    params: {{loud: true}}\n{rest}");
    let ran = test(&site(&case("")), &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("undefined-variable"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("includes/help.md:8:") && ran.stderr.contains("tests/includes/help.yml:4:"),
        "{}",
        ran.stderr
    );
    let ran = test(&site(&case("    diagnostics: [undefined-variable]\n")), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = test(&site(&case("    diagnostics: [undefined-variable, empty-group]\n")), &[]);
    assert!(ran.code == 1 && ran.stderr.contains("there is no diagnostic `empty-group`"), "{}", ran.stderr);
}

#[test]
fn a_broken_test_file_is_told_where_and_ends_with_its_own_code() {
    for (text, place, said) in [
        ("include: help.md\ncase: []\n", ":2:1", "did you mean `cases`?"),
        ("include: hlep.md\ncases: []\n", ":1:10", "did you mean `help.md`?"),
        (
            "include: help.md\ncases:\n  - name: x\n    expect:\n      - {select: 'p[', text: x}\n",
            ":5:18",
            "is no CSS selector",
        ),
        (
            "include: help.md\ncases:\n  - name: x\n    expect:\n      - {select: p, cuont: 1}\n",
            ":5:21",
            "did you mean `count`?",
        ),
        (
            "include: help.md\ncases:\n  - name: x\n    diagnostics: [undefined-varable]\n",
            ":4:19",
            "did you mean `undefined-variable`?",
        ),
        ("include: help.md\ncases:\n  - {name: x}\n  - {name: x}\n", ":4:5", "there are two cases"),
        ("include: help.md\ncases:\n  - params: {name: x}\n", ":3:5", "this case has no name"),
        ("cases:\n  - name: x\n", ":2:5", "neither an include nor a text"),
        (
            "include: help.md\ncases:\n  - name: x\n    expect: [{select: p, when: 'gte:1.0.x'}]\n",
            ":3:5",
            "the case has none",
        ),
        ("a: b: c\n", ":1:5", "not valid YAML"),
        ("- a\n", ":1:1", "holds no mapping"),
    ] {
        let ran = test(&site(text), &[]);
        assert_eq!(ran.code, 2, "{text}{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("tests/includes/help.yml{place}")), "{text}{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{text}{}", ran.stderr);
    }
}

#[test]
fn a_snapshot_is_written_compared_renewed_and_removed() {
    let tests = "include: help.md\ncases:\n  - name: As it is\n    params: {name: Ann}\n    snapshot: true\n";
    let site = site(tests);
    let path = "tests/includes/snapshots/help/as-it-is.html";
    let ran = test(&site, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("--update"), "{}", ran.stderr);
    assert_eq!(test(&site, &["--update"]).code, 0);
    assert_eq!(std::fs::read_to_string(site.path().join(path)).unwrap(), "<p>Ask <strong>Ann</strong>.</p>\n");
    assert_eq!(test(&site, &[]).code, 0);
    site.write("includes/help.md", HELP.replace("Ask ", "Write to "));
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("- <p>Ask <strong>") && ran.stderr.contains("+ <p>Write to <strong>"),
        "{}",
        ran.stderr
    );
    assert_eq!(test(&site, &["--update"]).code, 0);
    site.write("tests/includes/help.yml", tests.replace("As it is", "Other"));
    let ran = test(&site, &["--update"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!site.path().join(path).exists(), "nobody asks for it any more");
}

#[test]
fn a_snapshot_that_nobody_can_write_is_a_diagnostic() {
    let site = site("include: help.md\ncases:\n  - name: x\n    params: {name: Ann}\n    snapshot: true\n");
    site.write("tests/includes/snapshots/help", "a file where a folder should be");
    let ran = test(&site, &["--update"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("error[snapshot-unwritable]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("tests/includes/help.yml:5:"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site_is_not_followed_by_a_snapshot() {
    let site = site("include: help.md\ncases:\n  - name: x\n    params: {name: Ann}\n    snapshot: true\n");
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("tests/includes/snapshots")).unwrap();
    std::os::unix::fs::symlink(outside.path(), site.path().join("tests/includes/snapshots/help")).unwrap();
    let ran = test(&site, &["--update"]);
    assert!(ran.code == 2 && ran.stderr.contains("snapshot-unwritable"), "{}", ran.stderr);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn examples_are_tests_and_tell_their_place_in_the_doc_block() {
    let site = SiteFolder::new(&[
        ("content/index.md", "x\n"),
        ("includes/a.md", "{% doc %}\n  @example\n  {% include a.md %}\n  {% include nowhere.md %}\n{% enddoc %}ok\n"),
        ("includes/self.md", "{% doc %}\n  @example\n  {% include self.md %}\n{% enddoc %}{% include self.md %}\n"),
        ("includes/broken.md", "{% doc %}\n  @param {strin} x\n{% enddoc %}\n"),
    ]);
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in [
        "FAIL a.md: example 1",
        "includes/a.md:4:3",
        "error[missing-include]",
        "FAIL self.md: example 1",
        "error[include-depth]",
        "error[doc-syntax]",
        "includes/broken.md:2:11",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn what_no_test_uses_is_named_and_can_fail_the_run() {
    let site = site("include: help.md\ncases:\n  - name: loudly\n    params: {name: Ann, loud: true}\n");
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("2/3   66 %") && ran.stderr.contains("2/2  100 %"), "{}", ran.stderr);
    assert!(ran.stderr.contains("includes/help.md:8:49: never taken: {% elsif page.quiet %}"), "{}", ran.stderr);
    assert_eq!(test(&site, &["--full-coverage"]).code, 1);
}

#[test]
fn a_case_is_tried_with_every_release_and_a_filter_picks_some() {
    let site = site(
        "include: help.md\npage: {quiet: true}\ncases:\n  - name: r\n    content: '{{ page.release }}'\n    releases: [1.0.x, 1.1.x]\n    expect:\n      - {select: p, text: 1.1.x, when: 'gte:1.1.x'}\n",
    );
    let ran = test(&site, &["--verbose", ": r"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("ok   help.md: r [1.0.x]\nok   help.md: r [1.1.x]\n2 tests passed"), "{}", ran.stderr);
    let ran = test(&site, &["zzz"]);
    assert!(ran.code == 2 && ran.stderr.contains("no test has `zzz` in its name"), "{}", ran.stderr);
}

#[test]
fn parameters_of_every_type_arrive() {
    let site = SiteFolder::new(&[
        ("content/index.md", "x\n"),
        (
            "includes/p.md",
            "{{ include.a }}-{{ include.b | plus: 1 }}-{{ include.c[1] }}-{{ include.d.k }}-{{ include.e-f }}-{{ include.g }}\n",
        ),
        (
            "tests/includes/p.yml",
            "cases:\n  - name: all\n    include: p.md\n    params: {a: \"it's\", b: 2, c: [x, y], d: {k: v}, e-f: true, g: \"1\\n2 \\\" {{ x }}\"}\n    expect:\n      - {select: p, text: \"it’s-3-y-v-true-1 2 “ {{ x }}\"}\n",
        ),
    ]);
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn reports_for_programs_are_documents_on_standard_output() {
    let site = site(
        "include: help.md\ncases:\n  - name: a <b> & \"c\"\n    params: {name: Ann}\n    expect: [{select: p, text: x}]\n",
    );
    let ran = test(&site, &["--format", "junit"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    for part in [
        "<testsuites name=\"carafe test\" tests=\"2\" failures=\"1\" errors=\"0\">",
        "<testcase name=\"a &lt;b&gt; &amp; &quot;c&quot;\" classname=\"help.md\" file=\"tests/includes/help.yml\" line=\"3\">",
        "<failure type=\"failed-test\" message=\"`p` has another text\">",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let ran = test(&site, &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["passed"], &report["failed"]), (&1.into(), &1.into()), "{report}");
    let problem = &report["tests"][0]["problems"][0];
    assert_eq!((&problem["expected"], &problem["found"]), (&"x".into(), &"Ask Ann.".into()), "{report}");
    assert_eq!(report["includes"][0]["parameters"][1]["passed"], false);
    let ran = test(&site, &["--format", "github"]);
    assert!(ran.stdout.contains("::error file=") && ran.stdout.contains("line=5"), "{}", ran.stdout);
    assert_eq!(run(&["build", "--format", "junit", "-s", site.path().to_str().unwrap()]).code, 2);
}

#[test]
fn test_files_are_no_content_of_a_jekyll_site() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        ("index.md", "---\n---\nx\n"),
        ("_includes/a.md", "A\n"),
        ("tests/includes/a.yml", "cases:\n  - {name: x, include: a.md, expect: [{select: p, text: A}]}\n"),
    ]);
    assert_eq!(test(&site, &[]).code, 0);
    assert_eq!(site.build(&[]).code, 0);
    assert!(!site.path().join("_site/tests").exists());
}

fn released() -> SiteFolder {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nsingle_source: {versions: versions, source: src, nav: ['nav_*']}\n"),
        ("data/versions.yml", "- {edition: tea, release: 1.0.x, version: 1.0.9}\n- {edition: tea, release: 1.1.x}\n"),
        ("src/tea/install.md", "---\ntitle: I\n---\n{% include v.md %}\n"),
        ("includes/v.md", "{% if_version gte:1.1.x %}new{% else %}old{% endif_version %} {{ page.version }}\n"),
    ]);
    for release in ["1.0.x", "1.1.x"] {
        let nav = format!("product: tea\nrelease: {release}\ngenerate: true\nitems: [{{text: I, url: /install/}}]\n");
        site.write(&format!("data/nav_tea_{release}.yml"), nav);
    }
    site
}

#[test]
fn a_product_stands_for_its_releases_and_a_release_brings_what_its_pages_know() {
    let site = released();
    let tests = "include: v.md\ncases:\n  - name: r\n    releases: [tea]\n    expect:
      - {select: p, text: old 1.0.9, when: 'lte:1.0.x'}\n      - {select: p, text: new 1.1.x, when: 'gte:1.1.x'}\n";
    site.write("tests/includes/v.yml", tests);
    let ran = test(&site, &["-V", "--full-coverage"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("ok   v.md: r [1.0.x]\nok   v.md: r [1.1.x]\n"), "{}", ran.stderr);
    for release in ["1.1.x", "tea/1.1.x"] {
        site.write("tests/includes/v.yml", tests.replace("[tea]", &format!("[{release}]")));
        let ran = test(&site, &["-V"]);
        assert!(ran.code == 0 && ran.stderr.contains("1 test passed"), "{}", ran.stderr);
    }
    site.write("tests/includes/v.yml", tests.replace("[tea]", "[tea/1.2.x]"));
    let ran = test(&site, &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("there is no release `tea/1.2.x`") && ran.stderr.contains("v.yml:4:16"),
        "{}",
        ran.stderr
    );
}

#[test]
fn releases_are_reached_by_what_lists_their_pages() {
    let site = released();
    let folder = site.path().to_str().unwrap();
    let ran = run(&["affected", "-s", folder, "includes/v.md"]);
    assert_eq!(
        ran.stdout,
        "page /tea/1.0.x/install/\npage /tea/1.1.x/install/\nrelease tea/1.0.x\nrelease tea/1.1.x\n"
    );
    let ran = run(&["affected", "-s", folder, "data/nav_tea_1.1.x.yml"]);
    assert_eq!(ran.stdout, "page /tea/1.1.x/install/\nrelease tea/1.1.x\n");
    let ran = run(&["affected", "-s", folder, "data/versions.yml"]);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
}
