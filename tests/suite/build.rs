//! Whole small sites, built by the program as a user would build them.

use crate::support;

use std::fs;
use std::process::Stdio;
use std::time::Instant;

use support::{SiteFolder, files, program};

#[test]
fn a_site_of_one_page_is_built_with_the_theme() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Fruit\nvariables: {fruit: plum}\n"),
        ("content/index.md", "---\ntitle: Start\n---\n## About {{ site.fruit }}s\n\nThey are *sweet*.\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    assert!(page.contains("<h2 id=\"about-plums\">About plums"), "{page}");
    assert!(page.contains("<p>They are <em>sweet</em>.</p>"), "{page}");
    assert!(page.contains("<title>Start · Fruit</title>"), "{page}");
    assert!(site.path().join("_site/assets/carafe.css").is_file());
    assert!(site.path().join("_site/404.html").is_file());
}

#[test]
fn a_folder_without_pages_is_built_when_that_is_meant() {
    let site = SiteFolder::new(&[("carafe.yml", "title: Empty\n")]);
    let ran = site.build(&[]);
    assert!(ran.code == 2 && ran.stderr.contains("error[empty-site]"), "{}", ran.stderr);
    assert_eq!(site.build(&["--allow-empty"]).code, 0);
}

#[test]
fn two_builds_of_one_tree_are_the_same_bytes() {
    let page = |n: usize| {
        format!("---\ntitle: Page {n}\n---\n{{% include part.md n={n} %}}\n\n## Head\n\n```yaml\na: {}\n```\n", n % 7)
    };
    let pages: Vec<(String, String)> = (0..60).map(|n| (format!("content/s{}/p{n}.md", n % 5), page(n))).collect();
    let mut all = vec![("carafe.yml", "title: Many\n"), ("includes/part.md", "Number {{ include.n }}.")];
    all.extend(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let site = SiteFolder::new(&all);
    assert_eq!(site.build(&[]).code, 0);
    let first = site.files();
    assert_eq!(site.build(&[]).code, 0);
    assert!(first.len() > 60);
    assert!(first == site.files());
}

#[test]
fn two_pages_with_one_address_are_an_error_that_names_both() {
    let site = SiteFolder::new(&[
        ("carafe.yml", ""),
        ("content/a.md", "---\npermalink: /same/\n---\nA"),
        ("content/b.md", "---\npermalink: /same/\n---\nB"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("content/a.md") && ran.stderr.contains("content/b.md"), "{}", ran.stderr);
    assert!(ran.stderr.contains("duplicate-address"), "{}", ran.stderr);
}

#[test]
fn an_error_keeps_the_last_good_site() {
    let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "good")]);
    assert_eq!(site.build(&[]).code, 0);
    let good = site.files();
    site.write("content/index.md", "{% include nowhere.md %}");
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("nowhere.md"), "{}", ran.stderr);
    assert!(ran.stderr.contains("content/index.md:1:"), "{}", ran.stderr);
    assert!(good == site.files());
}

#[test]
fn an_include_outside_the_folder_is_refused_whatever_way_it_is_named() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "TOP SECRET").unwrap();
    let site = SiteFolder::new(&[("carafe.yml", ""), ("includes/ok.md", "fine")]);
    let absolute = outside.path().join("secret.md");
    std::os::unix::fs::symlink(&absolute, site.path().join("includes/link.md")).unwrap();
    for name in ["../carafe.yml", "a/../../carafe.yml", absolute.to_str().unwrap(), "link.md"] {
        site.write("content/index.md", format!("{{% include {name} %}}"));
        let ran = site.build(&[]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains("content/index.md:1:"), "{name}: {}", ran.stderr);
        assert!(!site.output("index.html").contains("SECRET"));
    }
}

#[test]
fn what_is_broken_is_named_with_its_place() {
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("content/a.md", b"---\ntitle: [\n---\n", "content/a.md:", "front-matter"),
        ("content/b.md", b"caf\xe9", "content/b.md", "not-utf-8"),
        ("templates/page.html", b"<p>{{ page.title", "templates/page.html:1:", "template"),
        ("templates/page.html", b"\n{{ page.titel }}", "templates/page.html:2:", "template"),
        ("content/d.md", b"---\nlayout: pag\n---\n", "content/d.md", "missing-template"),
        ("data/x.yml", b"a: [", "data/x.yml:", "data-file"),
    ];
    for (path, bytes, place, code) in cases {
        let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "{{ site.data.x | size }}")]);
        site.write(path, bytes);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 1, "{path}: {}", ran.stderr);
        assert!(ran.stderr.contains(place) && ran.stderr.contains(code), "{path}: {}", ran.stderr);
    }
}

#[test]
fn a_foreign_destination_is_refused_and_left_alone() {
    let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "x"), ("_site/thesis.txt", "mine")]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(site.output("thesis.txt"), "mine");
}

#[test]
fn warnings_fail_a_strict_build_only() {
    let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "{{ site.nothing }}")]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("undefined-variable"), "{}", ran.stderr);
    assert_eq!(site.build(&["--strict"]).code, 1);
}

#[test]
fn a_finding_on_many_pages_is_shown_once_with_its_count() {
    let mut all = vec![("carafe.yml", ""), ("includes/part.md", "line one\n{{ include.versoin }}\n")];
    let pages: Vec<String> = (0..12).map(|n| format!("content/p{n:02}.md")).collect();
    all.extend(pages.iter().map(|path| (path.as_str(), "{% include part.md version=\"1\" %}")));
    let ran = SiteFolder::new(&all).build(&[]);
    assert_eq!(ran.stderr.matches("undefined-variable").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("includes/part.md:2:4"), "{}", ran.stderr);
    assert!(ran.stderr.contains("12 pages") && ran.stderr.contains("content/p00.md"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `versoin` where `version` is given?"), "{}", ran.stderr);
}

/// Kills builds at moments spread over the time that a build takes; every time the site must be the old one or the new one
/// as a whole, and the next build must come through.
#[test]
fn a_build_killed_at_any_moment_leaves_a_whole_site() {
    let site = SiteFolder::new(&[("carafe.yml", "title: x\n")]);
    let write = |word: &str| {
        for n in 0..60 {
            site.write(&format!("content/p{n}.md"), format!("---\ntitle: P{n}\n---\n{word}\n\n## A\n\n- b\n"));
        }
    };
    write("FIRST");
    let started = Instant::now();
    assert_eq!(site.build(&[]).code, 0);
    let time = started.elapsed();
    let whole = site.files().len();
    write("SECOND");
    let having = |word: &str| {
        let output = files(&site.path().join("_site"));
        assert_eq!(output.len(), whole);
        let pages = output.iter().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "html"));
        pages.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word)).count()
    };
    for moment in 0..20 {
        let mut child = program().args(["build", "-q", "-s"]).arg(site.path()).stderr(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        while started.elapsed() < time * moment / 16 && child.try_wait().unwrap().is_none() {}
        // A child that has ended by itself cannot be killed, and need not be.
        let _ = child.kill();
        child.wait().unwrap();
        let (old, new) = (having("FIRST"), having("SECOND"));
        assert!((old, new) == (60, 0) || (old, new) == (0, 60), "{old} old pages, {new} new ones");
    }
    assert_eq!(site.build(&[]).code, 0, "what a killed build has left is in nobody's way");
    assert_eq!(having("SECOND"), 60);
}
