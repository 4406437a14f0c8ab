//! Sass in Jekyll sites and in native ones.

use crate::support;

use support::SiteFolder;

fn site(config: &str, files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(&[("_config.yml", config)]);
    for (path, text) in files {
        site.write(path, text);
    }
    site
}

#[test]
fn a_sheet_runs_through_liquid_and_finds_its_partials() {
    let site = site(
        "sass: {style: ':compressed', load_paths: ['node_modules/*/scss', lib]}\ncolour: teal\n",
        &[
            (
                "css/main.scss",
                "---\nlayout: page\n---\n@import 'main', \"tools.scss\", 'theme', 'v.min';\na { color: {{ site.colour }} }\n",
            ),
            ("css/bare.scss", "a { b: c }\n"),
            ("print.sass", "---\n---\n.p\n  .q\n    r: s\n"),
            ("_sass/main.scss", ".main { a: b }\n"),
            ("_sass/_tools.scss", ".tools { a: b }\n"),
            ("node_modules/kit/scss/_theme.scss", "@import 'deep/inner';\n"),
            ("node_modules/kit/scss/deep/inner.scss", ".theme { a: b }\n"),
            ("lib/v.min.scss", ".v { a: b }\n"),
            ("_layouts/page.html", "<html>{{ content }}</html>"),
            (
                "a.html",
                "---\n---\n{% capture s %}.x { .y { z: 0 } }{% endcapture %}{{ s | scssify }}|{{ \"@import 'main';\" | scssify }}",
            ),
        ],
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        site.output("css/main.css"),
        ".main{a:b}.tools{a:b}.theme{a:b}.v{a:b}a{color:teal}",
        "no layout, no longer than it must be"
    );
    assert_eq!(site.output("print.css"), ".p .q{r:s}");
    assert_eq!(site.output("css/bare.scss"), "a { b: c }\n", "without front matter a sheet is a file like others");
    assert_eq!(site.output("a.html"), ".x .y{z:0}|.main{a:b}");
}

#[test]
fn a_mistake_has_its_place_behind_liquid_and_in_partials() {
    let site = site(
        "title: x\n",
        &[
            (
                "a.scss",
                "---\ntitle: t\n---\n{% assign x = 'long enough to move what follows' %}\n.a { color: $nope; }\n",
            ),
            ("b.scss", "---\n---\n@import 'p';\n"),
            ("_sass/_p.scss", ".b { c: 1px + 1s }\n"),
            ("c.coffee", "---\n---\na = -> 1\n"),
            ("d.html", "---\n---\n{{ '.a {' | scssify }}"),
        ],
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in [
        "a.scss:5:13",
        "_sass/_p.scss:1:9",
        "Undefined variable",
        "Incompatible units",
        "warning[coffee-script]",
        "d.html:3",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn a_native_site_has_style_sheets_too() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: x\nsass: {load_paths: [lib]}\n"),
        ("content/index.md", "x\n"),
        ("content/site.scss", "---\n---\n@import 'a', 'b';\n"),
        ("sass/_a.scss", ".a { .b { c: d } }\n"),
        ("lib/b.scss", ".e { f: g }\n"),
    ]);
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("site.css"), ".a .b {\n  c: d;\n}\n\n.e {\n  f: g;\n}\n");
}

#[test]
fn a_sheet_that_would_never_end_is_given_up() {
    for (text, told) in [
        ("@function f($x) { @return f($x + 1); } a { b: f(1) }", "calls itself too deeply"),
        ("@while true { $a: 1; }", "a loop in it may never end"),
        // Each message asks for the text of the file that it is in.
        ("@import 'p';", "a loop in it may never end"),
        ("$s: 'long'; @while true { $s: $s + $s; } a { b: $s }", "MiB of memory"),
    ] {
        let sheet = format!("---\n---\n{text}\n");
        let site = site(
            "title: x\n",
            &[
                ("a.scss", &sheet),
                ("b.html", "---\n---\nb"),
                ("c.scss", "---\n---\nc { d: e }\n"),
                ("_sass/_p.scss", "@while true { @debug 'x'; }\n"),
            ],
        );
        let ran = site.build(&[]);
        assert_eq!(ran.code, 1, "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains("error[style-sheet]") && ran.stderr.contains(told), "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains("a.scss:3:1") && !ran.stderr.contains("c.scss"), "{text}: {}", ran.stderr);
    }
}

#[test]
fn that_source_maps_are_missing_is_said_once() {
    let sheets = &[("a.scss", "---\n---\na { b: c }\n"), ("b/c.scss", "---\n---\na { b: c }\n")];
    let said = |config: &str, files: &[(&str, &str)], environment: &str| {
        let site = site(config, files);
        let ran = site.build(&["--strict", "--environment", environment]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr.matches("no-source-map").count()
    };
    assert_eq!(said("title: x\n", sheets, "development"), 1);
    assert_eq!(said("sass: {sourcemap: always}\n", sheets, "production"), 1);
    assert_eq!(said("sass: {sourcemap: never}\n", sheets, "development"), 0);
    assert_eq!(said("sass: {sourcemap: development}\n", sheets, "development"), 1);
    assert_eq!(said("sass: {sourcemap: development}\n", sheets, "production"), 0);
    assert_eq!(said("title: x\n", &[("a.css", "a { b: c }\n"), ("a.scss", "a { b: c }\n")], "development"), 0);
}
