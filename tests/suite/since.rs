//! `check --since`: what was published and is gone.

use crate::support::{Ran, SiteFolder, run};

fn check(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["check", "-s", site.path().to_str().unwrap(), "--since", "HEAD"], args].concat())
}

/// A site of these files, committed.
fn committed(files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(files);
    site.git(&["init", "-q"]);
    site.git(&["add", "-A"]);
    site.git(&["commit", "-q", "-m", "a"]);
    site
}

fn has(ran: &Ran, texts: &[&str]) {
    texts.iter().for_each(|text| assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr));
}

#[test]
fn a_page_that_is_gone_needs_a_redirect_and_an_anchor_its_id() {
    let site = committed(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\nHome.\n"),
        ("content/moved.md", "---\ntitle: Moved\n---\nThe text of the page that moves away.\n"),
        ("content/a.md", "---\ntitle: A\n---\n## Old heading\n\nA note.[^1]\n\n[^1]: Here.\n"),
        ("static/file.pdf", "x"),
    ]);
    assert_eq!(check(&site, &[]).code, 0, "{}", check(&site, &[]).stderr);
    site.git(&["mv", "content/moved.md", "content/new.md"]);
    std::fs::create_dir(site.path().join("static/papers")).unwrap();
    site.git(&["mv", "static/file.pdf", "static/papers/file.pdf"]);
    has(&check(&site, &[]), &["write `/file.pdf: /papers/file.pdf` below `redirects:`"]);
    std::fs::remove_file(site.path().join("static/papers/file.pdf")).unwrap();
    site.write("content/a.md", "---\ntitle: A\n---\n## New heading\n");
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    has(
        &ran,
        &[
            "error[lost-address]: `/moved/` was published at `HEAD` and is gone",
            "write `/moved/: /new/` below `redirects:` in `carafe.yml`, if it is `/new/` now",
            "error[lost-address]: `/file.pdf`",
            "error[lost-anchor]: `/a/#old-heading`",
            "if it is `#new-heading` now",
            "content/a.md:4:",
        ],
    );
    assert!(!ran.stderr.contains("fn:1"), "{}", ran.stderr);
    site.write("carafe.yml", "title: T\nredirects: {/moved/: /new/, /file.pdf: /new/}\n");
    site.write("content/a.md", "---\ntitle: A\n---\n<a id=\"old-heading\"></a>\n\n## New heading\n");
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // A redirect that is taken back is a loss too, and so is another base.
    site.git(&["add", "-A"]);
    site.git(&["commit", "-q", "-m", "b"]);
    site.write("carafe.yml", "title: T\nredirects: {/file.pdf: /new/}\n");
    let ran = check(&site, &[]);
    has(&ran, &["`/moved/` was published", "write `/moved/: /new/`"]);
    site.write("carafe.yml", "title: T\nbaseurl: /docs\n");
    has(&check(&site, &[]), &["was published under `/` at `HEAD` and is under `/docs` now"]);
}

#[test]
fn what_moved_together_is_one_finding_and_one_pattern_repairs_it() {
    let page = |name: &str| format!("---\ntitle: {name}\n---\nThe page of {name}, and what it says.\n");
    let names = ["a", "b", "c", "d"];
    let mut files =
        vec![("carafe.yml".to_owned(), "title: T\n".to_owned()), ("content/index.md".to_owned(), page("home"))];
    files.extend(names.iter().map(|name| (format!("content/guides/{name}.md"), page(name))));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let site = committed(&files);
    site.git(&["mv", "content/guides", "content/handbook"]);
    let ran = check(&site, &["--format", "json"]);
    assert_eq!(ran.stdout.matches("lost-address").count(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("/guides/*: /handbook/:splat"), "{}", ran.stdout);
    site.write("carafe.yml", "title: T\nredirects: {/guides/*: '/handbook/:splat', /guides/b/: /}\n");
    let ran = check(&site, &["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.build(&[]).code, 0);
    assert!(site.output("guides/a/index.html").contains("/handbook/a/"));
    assert!(!site.output("guides/b/index.html").contains("/handbook/b/"), "a single address wins");
    site.write("carafe.yml", "title: T\nredirects: {/guides/*: /handbook/}\n");
    let ran = site.build(&[]);
    assert!(ran.code == 2 && ran.stderr.contains("/old/*: /new/:splat"), "{}", ran.stderr);
}

#[test]
fn a_dropped_release_is_one_finding() {
    let config = "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n";
    let nav =
        |release: &str, pages: &str| format!("product: tea\nrelease: {release}\ngenerate: true\nitems: [{pages}]\n");
    let both = "{text: Install, url: /install/}, {text: Brew, url: /brew/}";
    let site = committed(&[
        ("carafe.yml", config),
        ("content/index.md", "---\ntitle: Home\n---\nHome.\n"),
        ("_src/tea/install.md", "---\ntitle: Install\n---\nInstall it.\n"),
        ("_src/tea/brew.md", "---\ntitle: Brew\n---\nBrew it.\n"),
        (
            "data/versions.yml",
            "- {edition: tea, release: 1.0}\n- {edition: tea, release: 1.1}\n- {edition: tea, release: 2.0, latest: true}\n",
        ),
        ("data/nav_tea_10.yml", &nav("1.0", both)),
        ("data/nav_tea_11.yml", &nav("1.1", "{text: Install, url: /install/}")),
        ("data/nav_tea_20.yml", &nav("2.0", both)),
    ]);
    std::fs::remove_file(site.path().join("data/nav_tea_10.yml")).unwrap();
    site.write("data/versions.yml", "- {edition: tea, release: 1.1}\n- {edition: tea, release: 2.0, latest: true}\n");
    let ran = check(&site, &[]);
    assert_eq!(ran.stderr.matches("error[lost-address]").count(), 1, "{}", ran.stderr);
    has(&ran, &["the release `tea/1.0` with 2 pages", "/tea/1.0/*: /tea/1.1/:splat"]);
    site.write("carafe.yml", format!("{config}redirects: {{/tea/1.0/*: '/tea/1.1/:splat'}}\n"));
    // What the other release lacks is told by itself.
    let ran = check(&site, &[]);
    assert_eq!(ran.stderr.matches("error[lost-address]").count(), 1, "{}", ran.stderr);
    site.write(
        "carafe.yml",
        format!("{config}redirects: {{/tea/1.0/*: '/tea/1.1/:splat', /tea/1.0/brew/: /tea/2.0/brew/}}\n"),
    );
    assert_eq!(check(&site, &[]).code, 0, "{}", check(&site, &[]).stderr);
}

#[test]
fn a_revision_that_git_does_not_know_is_wrong_usage() {
    let site = committed(&[("carafe.yml", "title: T\n"), ("content/index.md", "---\ntitle: Home\n---\nHome.\n")]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap(), "--since", "nowhere"]);
    assert!(ran.code == 2 && ran.stderr.contains("git knows no revision `nowhere`"), "{}", ran.stderr);
}

#[test]
fn a_page_that_moved_is_known_by_most_of_its_words() {
    let words = |words: &[&str]| format!("---\ntitle: T\n---\n{}.\n", words.join(" "));
    let old = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"];
    let site = committed(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\nHome.\n"),
        ("content/first.md", &words(&old)),
        ("content/second.md", &words(&["one", "two", "three", "four", "five", "six"])),
    ]);
    for name in ["first", "second"] {
        std::fs::remove_file(site.path().join(format!("content/{name}.md"))).unwrap();
    }
    // Five of eight words are most of them; three of six are not.
    site.write("content/elsewhere.md", words(&["alpha", "beta", "gamma", "delta", "epsilon", "else", "here", "new"]));
    site.write("content/mixture.md", words(&["one", "two", "three", "vier", "acht", "neun"]));
    // The longer one has more words in common, but they are not most of its own.
    site.write(
        "content/long.md",
        words(&[&old[..6], &["of"; 1], &["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"]].concat()),
    );
    let ran = check(&site, &[]);
    has(&ran, &["write `/first/: /elsewhere/`", "write `/second/: /`"]);
}

#[test]
fn anchors_are_told_one_by_one_up_to_five_and_empty_pages_resemble_none() {
    let page = |count: usize| {
        let headings: String = (1..=count).map(|n| format!("## Part {n} of it\n\n")).collect();
        format!("---\ntitle: T\n---\n{headings}")
    };
    let site = committed(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\nHome.\n"),
        ("content/five.md", &page(5)),
        ("content/six.md", &page(6)),
        ("content/gone.md", "---\ntitle: Gone\n---\n"),
    ]);
    site.write("content/five.md", "---\ntitle: T\n---\nText.\n");
    site.write("content/six.md", "---\ntitle: T\n---\nText.\n");
    std::fs::remove_file(site.path().join("content/gone.md")).unwrap();
    site.write("content/something.md", "---\ntitle: Added\n---\n");
    let ran = check(&site, &[]);
    has(&ran, &["`/five/#part-1-of-it` was published", "`/five/#part-5-of-it` was published"]);
    has(&ran, &["6 anchors of `/six/` were published", "`#part-5-of-it`, …", "write `/gone/: /`"]);
    assert!(!ran.stderr.contains("/six/#") && !ran.stderr.contains("something"), "{}", ran.stderr);
}

/// Folders of includes beside the site, and configurations there, are taken as they were.
#[test]
fn what_lies_beside_the_site_is_as_it_was() {
    let folder = committed(&[
        ("docs/carafe.yml", "title: T\n"),
        ("docs/content/index.md", "---\ntitle: Home\n---\n{% include part.md %}\n"),
        ("shared/part.md", "## Old {#old}\n"),
        ("shared/more.yml", "redirects: {/was/: /}\n"),
    ]);
    let at = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
    let check = || {
        let config = format!("carafe.yml,{}", at("shared/more.yml"));
        run(&["check", "-s", &at("docs"), "--since", "HEAD", "--includes", &at("shared"), "--config", &config])
    };
    assert_eq!(check().code, 0, "{}", check().stderr);
    folder.write("shared/part.md", "## New {#new}\n");
    folder.write("shared/more.yml", "redirects: {}\n");
    let ran = check();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    has(&ran, &["error[lost-anchor]: `/#old`", "error[lost-address]: `/was/` was published at `HEAD` and is gone"]);
}

#[test]
fn an_anchor_that_is_gone_is_most_like_one_that_is_new() {
    for (gone, added, is_now) in [
        (
            "install on linux hosts",
            ["notes on hosts", "linux hosts and how to install", "all linux"].as_slice(),
            "linux-hosts-and-how-to-install",
        ),
        ("instalation", &["installation", "ins"], "installation"),
        ("alpha", &["omega"], "omega"),
        ("alpha", &["omega", "sigma"], ""),
        ("alpha", &["kept alpha"], ""),
    ] {
        let text = |ids: &[&str]| {
            let headings = ids.iter().map(|id| format!("## {id}\n\ntext\n\n"));
            format!("---\ntitle: T\n---\n## kept alpha\n\n{}", headings.collect::<String>())
        };
        let site = committed(&[("carafe.yml", "title: T\n"), ("content/index.md", &text(&[gone]))]);
        site.write("content/index.md", text(if *added == ["kept alpha"] { &[] } else { added }));
        let ran = check(&site, &[]);
        let expected = if is_now.is_empty() {
            "></a>` where its text is now".to_owned()
        } else {
            format!("if it is `#{is_now}` now")
        };
        assert!(ran.stderr.contains(&expected), "{gone}: {expected}\n{}", ran.stderr);
    }
}
