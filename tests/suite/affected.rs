//! The commands `affected` and `graph`: what a change reaches.

use std::sync::Arc;

use support::{Ran, SiteFolder, run};

use std::collections::BTreeMap;

use carafe::graph::{Change, ChangeKind};
use carafe::session::Session;
use carafe::world::Options;
use carafe_source::{DiskFiles, Files, MemoryFiles};

use crate::support;

#[path = "../../benches/gen/product.rs"]
mod product;

fn affected(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["affected", "-s", site.path().to_str().unwrap()], args].concat())
}

fn lines(ran: &Ran) -> Vec<&str> {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().collect()
}

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\n{% include outer.md %}\n"),
        ("content/a.md", "---\ntitle: A\n---\n{% box %}x{% endbox %} [b]({% link content/b.md %})\n"),
        ("content/b.md", "---\ntitle: B\n---\n{{ site.data.names.first }} {{ site.data.gone.x | default: 'none' }}\n"),
        ("content/c.md", "---\ntitle: C\ntemplate: wide\n---\n{% if page.x %}{% include no.md %}{% endif %}plain\n"),
        ("includes/outer.md", "{% doc %}\n  @example\n  {% include outer.md %}\n{% enddoc %}{% include inner.md %}\n"),
        ("includes/inner.md", "Inner text.\n"),
        (
            "includes/tags/box.html",
            "---\ntag: {kind: block, data: {words: 'words/*.yml'}}\n---\n<b>{{ data.words.w }}{{ content }}</b>\n",
        ),
        ("words/en.yml", "w: W\n"),
        ("data/names.yml", "first: Ann\n"),
        ("templates/wide.html", "{% extends \"page.html\" %}\n"),
        ("tests/includes/inner.yml", "include: inner.md\ncases:\n  - {name: t, expect: [{select: p}]}\n"),
    ])
}

#[test]
fn a_file_reaches_the_pages_and_tests_that_read_it_through_whatever_stands_between() {
    let site = site();
    for (file, reached) in [
        ("includes/inner.md", &["page /", "test inner.md: t", "test outer.md: example 1"][..]),
        ("includes/outer.md", &["page /", "test outer.md: example 1"]),
        ("includes/tags/box.html", &["page /a/"]),
        ("words/en.yml", &["page /a/"]),
        ("data/names.yml", &["page /b/"]),
        ("data/gone.yml", &["page /b/"]),
        ("content/b.md", &["page /a/", "page /b/"]),
        ("content/c.md", &["page /c/"]),
        ("templates/wide.html", &["page /c/"]),
        ("templates/page.html", &["page /a/", "page /b/", "page /c/", "page /"]),
        ("tests/includes/inner.yml", &["test inner.md: t"]),
        ("includes/tags/note.html", &[]),
    ] {
        let ran = affected(&site, &[file]);
        let mut found = lines(&ran);
        let mut wanted = reached.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        // A file that is not there may be one that was removed: new and removed tags reach every page.
        if file == "includes/tags/note.html" {
            assert_eq!(found.iter().filter(|line| line.starts_with("page ")).count(), 4, "{found:?}");
        } else {
            assert_eq!(found, wanted, "{file}: {}", ran.stderr);
        }
    }
    let ran = affected(&site, &["carafe.yml"]);
    assert_eq!(lines(&ran).len(), 6, "{}", ran.stdout);
    let ran = affected(&site, &["other.txt"]);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("Nothing reads `other.txt`"), "{}", ran.stderr);
    let ran = affected(&site, &["--format", "json", "data"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["pages"][0]["source"], "content/b.md");
    assert_eq!(report["changes"][0]["file"], "data/names.yml");
}

#[test]
fn what_git_says_has_changed_is_taken_and_compared() {
    let site = site();
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    assert_eq!(lines(&affected(&site, &[])), Vec::<&str>::new());
    // A new text of a page reaches that page; a new title reaches the navigation of all.
    site.write("content/c.md", "---\ntitle: C\ntemplate: wide\n---\nOther.\n");
    assert_eq!(lines(&affected(&site, &[])), ["page /c/"]);
    site.write("content/c.md", "---\ntitle: Cee\ntemplate: wide\n---\nplain\n");
    assert_eq!(lines(&affected(&site, &[])).len(), 4);
    site.git(&["checkout", "-q", "."]);
    site.write("includes/inner.md", "Inner words.\n");
    let ran = affected(&site, &["--diff"]);
    assert_eq!(
        ran.stdout, "page /\n    - Inner text.\n    + Inner words.\ntest inner.md: t\ntest outer.md: example 1\n",
        "{}",
        ran.stderr
    );
    // An untracked file that somebody missed, and a page that is gone.
    site.git(&["checkout", "-q", "."]);
    site.write("data/gone.yml", "x: here\n");
    std::fs::remove_file(site.path().join("content/c.md")).unwrap();
    let ran = affected(&site, &["--since", "HEAD", "--diff"]);
    assert!(ran.stdout.contains("page /b/\n    - Ann none\n    + Ann here\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("page /c/\n    is gone\n"), "{}", ran.stdout);
    let ran = affected(&site, &["--since", "HEAD"]);
    assert!(lines(&ran).contains(&"page /c/ (gone)"), "{}", ran.stdout);
    assert!(ran.stderr.contains("3 pages, 1 page gone"), "{}", ran.stderr);
    let ran = affected(&site, &["--since", "HEAD", "data"]);
    assert_eq!(lines(&ran)[0], "page /b/");
    let ran = affected(&site, &["--since", "--output=x"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let ran = affected(&site, &["--since", "nowhere"]);
    assert!(ran.code == 2 && ran.stderr.contains("git knows no revision `nowhere`"), "{}", ran.stderr);
}

#[test]
fn a_site_below_the_repositorys_top_is_found_there() {
    let site = SiteFolder::new(&[("docs/content/index.md", "one\n"), ("readme.txt", "x\n")]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("docs/content/index.md", "two\n");
    site.write("readme.txt", "y\n");
    let docs = site.path().join("docs");
    let ran = run(&["affected", "-s", docs.to_str().unwrap(), "--diff"]);
    assert_eq!(ran.stdout, "page /\n    - one\n    + two\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("1 changed file: 1 page"), "{}", ran.stderr);
}

#[test]
fn a_heading_that_is_a_title_reaches_the_navigation() {
    let site = SiteFolder::new(&[
        ("content/a.md", "---\nweight: 1\n---\n# One\n\ntext\n"),
        ("content/b.md", "# Two\n\ntext\n"),
    ]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("content/a.md", "---\nweight: 1\n---\n# One\n\nother text\n");
    assert_eq!(lines(&affected(&site, &[])), ["page /a/"]);
    for (path, text) in [("content/a.md", "---\nweight: 1\n---\n# Uno\n\ntext\n"), ("content/b.md", "# Due\n\ntext\n")]
    {
        site.git(&["checkout", "-q", "."]);
        site.write(path, text);
        let ran = affected(&site, &["--diff"]);
        assert_eq!(lines(&ran).iter().filter(|line| line.starts_with("page ")).count(), 2, "{path}: {}", ran.stdout);
    }
}

#[test]
fn without_a_repository_files_must_be_named() {
    let site = site();
    let ran = affected(&site, &[]);
    assert!(ran.code == 2 && ran.stderr.contains("git"), "{}", ran.stderr);
}

#[test]
fn the_graph_tells_who_reads_what() {
    let site = site();
    let folder = site.path().to_str().unwrap();
    let ran = run(&["graph", "-s", folder]);
    let graph: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let page = graph["pages"].as_array().unwrap().iter().find(|page| page["url"] == "/").unwrap();
    let reads: Vec<String> = page["reads"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert!(reads.contains(&r#"{"kind":"file","of":"includes/inner.md"}"#.to_owned()), "{reads:?}");
    assert!(reads.contains(&r#"{"kind":"missing","of":"templates/page.html"}"#.to_owned()), "{reads:?}");
    assert_eq!(graph["tests"].as_array().unwrap().len(), 2);
    let ran = run(&["graph", "-s", folder, "--format", "dot"]);
    assert!(ran.stdout.starts_with("digraph site {\n") && ran.stdout.ends_with("}\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  \"/\" -> \"includes/inner.md\";\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("-> \"carafe.yml\""), "what everything reads is left out: {}", ran.stdout);
    assert_eq!(run(&["test", "-s", folder, "--format", "dot"]).code, 2);
}

/// Changes and removes each file of a site in turn; whatever differs then must have been told as reached.
fn nothing_changes_unforeseen(folder: &std::path::Path, options: &Options, data: &str, content: &[&str]) -> usize {
    let disk = DiskFiles::new(folder).unwrap();
    let paths = disk.list("", &|folder| ["target", ".git", "_site", "src", "benches"].contains(&folder)).unwrap();
    let all = MemoryFiles::new(paths.iter().map(|path| (path.as_str(), disk.read_bytes(path).unwrap())));
    let survey = |files: &MemoryFiles| match Session::open_files(Arc::new(files.clone()), options) {
        Ok(session) => session.survey(),
        Err(_) => Vec::new(),
    };
    let before = survey(&all);
    assert!(before.len() > 3);
    let mut different = 0;
    for path in &paths {
        let bytes = all.read_bytes(path).unwrap();
        for kind in [ChangeKind::Modified, ChangeKind::Deleted] {
            let mut files = all.clone();
            match (kind, path.rsplit('.').next()) {
                (ChangeKind::Deleted, _) => files.remove(path),
                (_, Some("yml" | "yaml")) => files.insert(path.as_str(), [&bytes[..], b"\nadded: x\n"].concat()),
                _ => files.insert(path.as_str(), [&bytes[..], b"\n\nMore *words*.\n"].concat()),
            }
            let page = content.iter().any(|folder| path.starts_with(folder));
            let key =
                path.strip_prefix(data).map(|key| key.rsplit_once('.').map_or(key, |(stem, _)| stem).replace('/', "."));
            let change = Change { path: path.clone(), kind, page, metadata: Some(false), data_key: key };
            for node in survey(&files) {
                let same =
                    before.iter().find(|before| before.url == node.url).is_some_and(|old| old.digest == node.digest);
                different += usize::from(!same);
                assert!(same || node.reached_by(&change), "{kind:?} {path}: {} reads {:?}", node.url, node.reads);
            }
        }
    }
    different
}

#[test]
fn no_page_changes_that_was_not_told() {
    let site = site();
    let options = Options { source: site.path().to_owned(), now: Some(0), ..Options::default() };
    assert!(nothing_changes_unforeseen(site.path(), &options, "data/", &["content/"]) > 10);
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\ndefaults: [{scope: {path: ''}, values: {layout: page}}]\n"),
        ("index.md", "---\n---\n{% for p in site.pages %}{{ p.title }}{% endfor %}{{ 'a' | twice }}\n"),
        ("a.md", "---\ntitle: A\n---\n{% include_relative part.txt %}{% include b.md x=site.data.n.first %}\n"),
        ("part.txt", "part\n"),
        ("_posts/2024-01-01-one.md", "---\ntitle: One\n---\n{{ page.next.title }}\n"),
        (
            "_posts/2024-01-02-two.md",
            "---\ntitle: Two\n---\n{{ site.data.list[0].name }}{% post_url 2024-01-01-one %}\n",
        ),
        ("_includes/b.md", "{{ include.x }}\n"),
        ("_includes/filters/twice.html", "---\nfilter: {}\n---\n{{ input }}{{ input }}\n"),
        ("_layouts/page.html", "---\nlayout: base\n---\n<main>{{ content }}</main>\n"),
        ("_layouts/base.html", "<body>{{ content }}{% include b.md x=1 %}</body>\n"),
        ("_data/n.yml", "first: 1\n"),
        ("_data/list.csv", "name\nx\n"),
    ]);
    let options = Options { source: site.path().to_owned(), now: Some(1_800_000_000), ..Options::default() };
    let content = ["_posts/", "index.md", "a.md", "part.txt"];
    assert!(nothing_changes_unforeseen(site.path(), &options, "_data/", &content) > 10);
}

#[test]
fn a_file_that_would_take_anothers_place_reaches_who_reads_that() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "{% include who.md %}\n")]);
    let other = SiteFolder::new(&[("who.md", "far")]);
    let from_other = |file: &str| affected(&site, &["--includes", other.path().to_str().unwrap(), file]);
    assert_eq!(lines(&from_other("includes/who.md")), ["page /"]);
    assert!(lines(&from_other("includes/nobody.md")).is_empty());
    assert_eq!(lines(&from_other(&format!("{}/who.md", other.path().display()))), ["page /"]);
    // With an include of its own the site does not look elsewhere.
    site.write("includes/who.md", "near");
    assert_eq!(lines(&from_other("includes/who.md")), ["page /"]);
    assert!(lines(&from_other(&format!("{}/who.md", other.path().display()))).is_empty());
}

/// A product of some pages in a repository.
fn product(sources: usize, releases: usize) -> SiteFolder {
    let site = SiteFolder::new(&[]);
    product::write(site.path(), product::Options { sources, releases }).unwrap();
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site
}

#[test]
fn of_the_pages_that_read_a_file_those_are_told_that_differ() {
    let site = product(20, 3);
    let told = |path: &str, from: &str, to: &str| {
        site.git(&["checkout", "-q", "."]);
        let text = std::fs::read_to_string(site.path().join(path)).unwrap();
        assert!(text.contains(from), "{path}: {text}");
        site.write(path, text.replace(from, to));
        let ran = affected(&site, &[]);
        let pages: Vec<String> =
            lines(&ran).into_iter().filter(|line| line.starts_with("page ")).map(Into::into).collect();
        (pages, ran.stderr)
    };
    // A comment in an include of all pages, and one in their template.
    let (pages, said) =
        told("includes/setup.md", "{% if_version", "{% comment %}Once more.{% endcomment %}{% if_version");
    assert!(pages.is_empty() && said.contains("0 of 60 pages that could differ"), "{pages:?} {said}");
    assert!(told("templates/plain.html", "<main>", "{# the text #}<main>").0.is_empty());
    // A branch of it for two releases of three.
    let (pages, said) = told("includes/setup.md", "`relay-setup", "`relay-prepare");
    assert_eq!(pages.len(), 40, "{said}");
    assert!(pages.iter().all(|page| !page.contains("/1.2.x/")) && said.contains("2 releases"), "{pages:?} {said}");
    // A patch number, which two sources print.
    let (pages, said) = told(product::VERSIONS, "version: 1.1.3", "version: 1.1.4");
    assert_eq!(pages, ["page /relay/1.1.x/task-0/", "page /relay/1.1.x/task-10/"], "{said}");
    assert!(said.contains("1 changed file: 2 of 60 pages that could differ, 1 release"), "{said}");
    // The site's name, which two others print in each release.
    let (pages, said) = told("carafe.yml", "title: Relay", "title: The relay's");
    assert_eq!(pages.len(), 6, "{said}");
    assert!(pages.iter().all(|page| page.contains("/task-1/") || page.contains("/task-11/")), "{pages:?}");
    assert!(told("carafe.yml", "title: Relay", "# A comment.\ntitle: Relay").0.is_empty());
    // A release that goes.
    let (pages, said) = told(product::VERSIONS, "- {edition: relay, release: 1.0.x, version: 1.0.3}\n", "");
    assert!(pages.iter().filter(|page| page.ends_with(" (gone)")).count() >= 20, "{pages:?} {said}");
    assert!(said.contains("pages gone"), "{said}");
}

#[test]
fn what_is_told_is_what_two_builds_show() {
    let site = product(12, 2);
    site.write("content/index.md", "# Home\n\n[Task]({% link versioned/relay/task-1.md %})\n");
    site.write("static/assets/extra.css", "p { color: red }\n");
    site.write("templates/plain.html", "<title>{{ page.title }}</title><link href=\"{{ asset(path='assets/extra.css') }}\">{{ page.content | safe }}\n");
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "second"]);
    let built = |to: &str| {
        let folder = site.path().parent().unwrap().join(format!("{}-{to}", site.path().file_name().unwrap().display()));
        let ran = run(&["build", "-s", site.path().to_str().unwrap(), "-d", folder.to_str().unwrap()]);
        assert!(folder.exists(), "{}", ran.stderr);
        let files = DiskFiles::new(&folder).unwrap();
        let pages = files.list("", &|_| false).unwrap().into_iter().filter(|path| path.ends_with("index.html"));
        let pages =
            pages.map(|path| (format!("/{}", path.trim_end_matches("index.html")), files.read_bytes(&path).unwrap()));
        let pages: BTreeMap<String, Vec<u8>> = pages.collect();
        std::fs::remove_dir_all(&folder).unwrap();
        pages
    };
    let before = built("before");
    for (path, text) in [
        ("content/index.md", "# Start\n\nText.\n"),
        ("static/assets/extra.css", "p { color: green }\n"),
        ("versioned/relay/task-3.md", "---\ntitle: Other\n---\nOther.\n"),
        ("versioned/relay/task-0.md", "---\ntitle: Task 0\n---\nOther.\n"),
        ("data/other.yml", "a: 1\n"),
        ("includes/setup.md", "Set it up.\n"),
        (
            "data/nav_relay_1.yml",
            "product: relay\nrelease: 1.1.x\ngenerate: true\nitems:\n  - {title: T, url: /task-1/}\n",
        ),
        (
            "carafe.yml",
            "title: Other\nsingle_source: {versions: versions, source: versioned, nav: [nav_relay_*], layout: plain}\n",
        ),
    ] {
        site.git(&["checkout", "-q", "."]);
        site.git(&["clean", "-qfd"]);
        site.write(path, text);
        let ran = affected(&site, &[]);
        let mut told: Vec<String> =
            lines(&ran).iter().filter_map(|line| line.strip_prefix("page ")).map(Into::into).collect();
        told.sort();
        let after = built("after");
        let differs = |url: &&String| before.get(*url) != after.get(*url);
        let mut truth: Vec<String> = after.keys().filter(differs).cloned().collect();
        truth.extend(before.keys().filter(|url| !after.contains_key(*url)).map(|url| format!("{url} (gone)")));
        truth.retain(|url| !url.contains("/latest/"));
        truth.sort();
        assert_eq!(told, truth, "{path}: {}", ran.stderr);
    }
}

#[test]
fn a_state_that_cannot_be_read_leaves_all_that_read_what_changed() {
    let site = SiteFolder::new(&[("carafe.yml", "titel: T\n"), ("content/a.md", "a\n"), ("content/b.md", "b\n")]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("carafe.yml", "title: T\n");
    let ran = affected(&site, &[]);
    assert_eq!(lines(&ran), ["page /a/", "page /b/"]);
    assert!(
        ran.stderr.contains("broken configuration") && ran.stderr.contains("whether they differ or not"),
        "{}",
        ran.stderr
    );
    assert_eq!(affected(&site, &["--diff"]).code, 2);
}

#[test]
fn a_link_that_leads_elsewhere_shows_both_targets() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/a.md", "[b](https://example.com/one)\n")]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("content/a.md", "[b](https://example.com/two)\n");
    let ran = affected(&site, &["--diff"]);
    assert_eq!(
        ran.stdout, "page /a/\n    - [b](https://example.com/one)\n    + [b](https://example.com/two)\n",
        "{}",
        ran.stderr
    );
}

#[test]
fn the_graph_of_one_file_tells_who_reads_it() {
    let site = site();
    let folder = site.path().to_str().unwrap();
    let file = site.path().join("includes/inner.md");
    let ran = run(&["graph", "-s", folder, file.to_str().unwrap()]);
    let graph: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(graph["pages"].as_array().unwrap().len(), 1, "{}", ran.stdout);
    assert_eq!(graph["pages"][0]["reads"].to_string(), r#"[{"kind":"file","of":"includes/inner.md"}]"#);
    assert_eq!(graph["tests"].as_array().unwrap().len(), 2);
    let ran = run(&["graph", "-s", folder, "--format", "dot", "carafe.yml"]);
    assert!(ran.stdout.contains("  \"/a/\" -> \"carafe.yml\";\n"), "{}", ran.stdout);
    let ran = run(&["graph", "-s", folder, "other.txt"]);
    assert!(ran.code == 0 && ran.stderr.contains("Nothing reads `other.txt`"), "{}", ran.stderr);
}

#[test]
fn what_lies_beside_the_site_in_the_repository_is_compared_too() {
    let site = SiteFolder::new(&[
        ("docs/carafe.yml", "title: T\n"),
        ("docs/content/a.md", "{% include x.md %}\n"),
        ("docs/content/b.md", "{% include y.md %}\n"),
        ("shared/x.md", "one\n"),
        ("docs/more/y.md", "one\n"),
    ]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    let path = |inner: &str| site.path().join(inner).to_str().unwrap().to_owned();
    let told = |args: &[&str]| {
        let (docs, shared, more) = (path("docs"), path("shared"), path("docs/more"));
        run(&[&["affected", "-s", &docs, "--includes", &shared, "--includes", &more], args].concat())
    };
    site.write("shared/x.md", "{% comment %}c{% endcomment %}one\n");
    assert!(lines(&told(&[])).is_empty());
    site.write("shared/x.md", "two\n");
    assert_eq!(lines(&told(&[])), ["page /a/"]);
    assert_eq!(told(&["--diff"]).stdout, "page /a/\n    - one\n    + two\n");
    // A folder of includes within the site's own.
    site.git(&["checkout", "-q", "."]);
    site.write("docs/more/y.md", "two\n");
    assert_eq!(lines(&told(&[])), ["page /b/"]);
    assert_eq!(lines(&told(&[&path("docs/more/y.md")])), ["page /b/"]);
}

#[test]
fn a_theme_in_the_repository_reaches_the_pages_that_it_may_change() {
    let site = SiteFolder::new(&[
        ("_config.yml", "theme: t\ncarafe: {theme: look}\nexclude: [look]\n"),
        ("index.md", "---\nlayout: page\n---\na\n"),
        ("look/_layouts/page.html", "<p>{{ content }}</p>\n"),
        ("look/assets/a.txt", "a\n"),
    ]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("look/_layouts/page.html", "<b>{{ content }}</b>\n");
    for args in [&[][..], &["--diff"]] {
        let ran = affected(&site, args);
        assert_eq!(lines(&ran), ["page /"]);
        assert!(ran.stderr.contains("The theme has changed"), "{}", ran.stderr);
    }
}

#[test]
fn a_repository_within_the_repository_is_not_passed_over() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/a.md", "a\n")]);
    let inner = SiteFolder::new(&[("b.md", "b\n")]);
    for one in [&inner, &site] {
        one.git(&["init", "-q"]);
        one.git(&["add", "."]);
        one.git(&["commit", "-q", "-m", "first"]);
    }
    let from = inner.path().to_str().unwrap();
    site.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "content/sub"]);
    site.git(&["commit", "-q", "-m", "second"]);
    assert!(lines(&affected(&site, &[])).is_empty());
    site.write("content/sub/b.md", "c\n");
    assert_eq!(lines(&affected(&site, &[])), ["page /sub/b/"]);
}

#[test]
fn a_configuration_beside_the_site_is_compared_as_it_was() {
    let folder = SiteFolder::new(&[
        ("docs/carafe.yml", "title: T\n"),
        ("docs/content/index.md", "---\ntitle: Home\n---\n{{ site.name }}\n"),
        ("docs/content/other.md", "---\ntitle: Other\n---\nText.\n"),
        ("shared/prod.yml", "variables: {name: Ann}\n"),
    ]);
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-q", "-m", "first"]);
    let at = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    let run_with = |config: &str, args: &[&str]| {
        let config = format!("carafe.yml,{config}");
        run(&[&["affected", "-s", &at("docs"), "--config", &config], args].concat())
    };
    let prod = at("shared/prod.yml");
    assert!(lines(&run_with(&prod, &[])).is_empty());
    folder.write("shared/prod.yml", "variables: {name: Bob}\n");
    let ran = run_with(&prod, &["--diff"]);
    assert_eq!(ran.stdout, "page /\n    - Ann\n    + Bob\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("1 changed file: 1 of 2 pages"), "{}", ran.stderr);
    assert_eq!(lines(&run_with(&prod, &["--since", "HEAD", &prod])), ["page /"]);
    // One that was not there, and one that git knows nothing of.
    folder.write("shared/new.yml", "variables: {name: Cleo}\n");
    let ran = run_with(&at("shared/new.yml"), &[]);
    assert!(ran.stderr.contains("it was not there at the revision"), "{}", ran.stderr);
    assert_eq!(lines(&ran), ["page /", "page /other/"], "{}", ran.stderr);
    let elsewhere = SiteFolder::new(&[("prod.yml", "variables: {name: Ann}\n")]);
    let ran = run_with(elsewhere.path().join("prod.yml").to_str().unwrap(), &[]);
    assert!(
        ran.code == 0 && ran.stderr.contains("lies outside of the repository: it cannot be compared"),
        "{}",
        ran.stderr
    );
}

#[test]
fn tests_that_give_the_same_are_not_reached() {
    let site = site();
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    site.git(&["commit", "-q", "-m", "first"]);
    site.write("includes/inner.md", "{% comment %}Once more.{% endcomment %}Inner text.\n");
    let ran = affected(&site, &[]);
    assert!(lines(&ran).is_empty() && ran.stderr.contains("0 tests"), "{} {}", ran.stdout, ran.stderr);
    // What a file of tests expects now counts, whatever comes out.
    site.write(
        "tests/includes/inner.yml",
        "include: inner.md\ncases:\n  - {name: t, expect: [{select: p, count: 1}]}\n",
    );
    assert_eq!(lines(&affected(&site, &[])), ["test inner.md: t"]);
}
