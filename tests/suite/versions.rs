//! Pages made for every release from one source.

use crate::support;

use support::SiteFolder;

const SOURCE: &str = "---\ntitle: Install\noverrides: {alpha: {true: {gte: 1.1.x}}}\n---\n\
{% if_version gte:1.1.x lte: 1.2.x %}middle{% else %}edge{% endif_version %}\n\
Release {{ page.release }} {{ page.release.name }} {{ page.release.value }} {{ page.release.product }} {{ page.release.all | join: '+' }}, label {{ page.release.label }}, latest {{ page.release.latest? }}, lts {{ page.release.lts }}.\n\
Short {{ page.short_version }}, {{ page.major_minor_version }}; patch {{ page.version }}; alpha {{ page.alpha | default: \"no\" }}.\n";

/// A product with three releases, the last of them unreleased.
fn site(config: &str, name: &str, nav: &str) -> SiteFolder {
    let folder = if name == "carafe.yml" { "data" } else { "_data" };
    let site = SiteFolder::new(&[(name, config), ("_src/tea/install.md", SOURCE)]);
    site.write(
        &format!("{folder}/versions.yml"),
        "- {edition: tea, release: 1.0.x, version: 1.0.9}\n- {edition: tea, release: 1.1.x, lts: true}\n\
         - {edition: tea, release: 1.10.x, label: unreleased}\n",
    );
    for release in ["1.0.x", "1.1.x", "1.10.x"] {
        site.write(
            &format!("{folder}/nav_tea_{release}.yml"),
            format!("product: tea\nrelease: {release}\ngenerate: true\n{nav}"),
        );
    }
    site
}

const NAV: &str = "items:\n  - title: Start\n    items:\n      - {text: Install, url: /install/}\n";
const NATIVE: &str = "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n";

#[test]
fn every_release_gets_the_page_with_its_own_text() {
    let site = site(NATIVE, "carafe.yml", NAV);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let first = site.output("tea/1.0.x/install/index.html");
    assert!(first.contains("Release 1.0.x 1.0.x 1.0.x tea 1.0.x+1.1.x+1.10.x, label"), "{first}");
    assert!(first.contains("edge") && first.contains("patch 1.0.9") && first.contains("alpha no"), "{first}");
    let middle = site.output("tea/1.1.x/install/index.html");
    assert!(
        middle.contains("middle") && middle.contains("latest true, lts true") && middle.contains("alpha true"),
        "{middle}"
    );
    assert!(middle.contains("Short 1.1, 11"), "{middle}");
    let last = site.output("tea/1.10.x/install/index.html");
    assert!(last.contains("edge") && last.contains("label unreleased, latest false"), "{last}");
    assert!(last.contains("/tea/1.1.x/install/"), "the newest release is linked to");
}

#[test]
fn the_newest_release_is_reached_as_latest_in_both_kinds_of_site() {
    let native = site(NATIVE, "carafe.yml", NAV);
    assert_eq!(native.build(&[]).code, 0);
    assert!(native.output("tea/latest/install/index.html").contains("/tea/1.1.x/install/"));
    let jekyll = site("single_source: {versions: versions, source: _src, nav: ['nav_*']}\n", "_config.yml", NAV);
    assert_eq!(jekyll.build(&[]).code, 0);
    assert!(jekyll.output("tea/1.1.x/install/index.html").contains("middle"));
    assert!(jekyll.output("tea/latest/install/index.html").contains("/tea/1.1.x/install/"));
}

#[test]
fn a_part_can_be_built_and_a_part_that_is_not_there_is_an_error() {
    let site = site(NATIVE, "carafe.yml", NAV);
    assert_eq!(site.build(&["--only", "tea/latest"]).code, 0);
    assert!(site.path().join("_site/tea/1.1.x/install/index.html").is_file());
    assert!(!site.path().join("_site/tea/1.0.x").exists());
    let ran = site.build(&["--only", "tea/9.x"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("unknown-release") && ran.stderr.contains("tea/1.10.x"), "{}", ran.stderr);
    assert!(site.path().join("_site/tea/1.1.x/install/index.html").is_file(), "the last good site stays");
}

#[test]
fn conditions_that_can_never_hold_and_malformed_ones_are_found() {
    let site = site(NATIVE, "carafe.yml", NAV);
    site.write(
        "_src/tea/install.md",
        "{% if_version gte:99 %}x{% endif_version %}\n{% if_version lte 3.2 %}y{% endif_version %}\n",
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("version-never-holds") && ran.stderr.contains("_src/tea/install.md:1:1"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("version-condition") && ran.stderr.contains("_src/tea/install.md:2:1"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_missing_source_is_named_and_the_rest_is_built() {
    let site = site(
        NATIVE,
        "carafe.yml",
        &format!("{NAV}unlisted:\n  - {{url: /nowhere/}}\n  - {{url: 'https://example.com/'}}\n"),
    );
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("data/nav_tea_1.0.x.yml:") && ran.stderr.contains("_src/tea/nowhere.md"),
        "{}",
        ran.stderr
    );
    assert!(site.path().join("_site/tea/1.0.x/install/index.html").is_file());
}

#[test]
fn the_newest_record_of_a_product_is_data_under_its_name_and_its_initials() {
    let site = SiteFolder::new(&[
        ("_config.yml", "single_source: {versions: tea_versions, source: _src, nav: ['nav_*']}\n"),
        ("_data/tea_versions.yml", "- {edition: green-cup, release: 1.0.x}\n- {edition: green-cup, release: 1.2.x}\n"),
        ("_data/nav_a.yml", "product: green-cup\nrelease: 1.2.x\ngenerate: true\nitems: []\n"),
        ("_src/green-cup/a.md", "---\n---\nx\n"),
    ]);
    let names = ["green-cup", "gc", "GC", "tgc", "TGC"];
    let text = names.map(|name| format!("{{{{ site.data['tea_latest_{name}'].release }}}}")).join(" ");
    site.write("p.txt", format!("---\n---\n{text}"));
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.output("p.txt"), "1.2.x 1.2.x 1.2.x 1.2.x 1.2.x");
}

#[test]
fn a_release_without_the_page_is_reached_at_its_first_page() {
    let site = site(NATIVE, "carafe.yml", NAV);
    for name in ["brew", "cups"] {
        site.write(&format!("_src/tea/{name}.md"), format!("---\ntitle: {name}\n---\nx\n"));
    }
    let items = "items:\n  - {text: Brew, url: /brew/}\n  - {text: Cups, url: /cups/}\n";
    site.write("data/nav_tea_1.0.x.yml", format!("product: tea\nrelease: 1.0.x\ngenerate: true\n{items}"));
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("tea/1.1.x/install/index.html");
    assert!(page.contains("/tea/1.0.x/brew/") && !page.contains("/tea/1.0.x/cups/"), "{page}");
    assert!(page.contains("/tea/1.10.x/install/"), "a release with the page is reached there: {page}");
}

#[test]
fn groups_of_one_name_in_different_groups_are_different_groups() {
    let nav = "items:\n  - title: North\n    items:\n      - title: Guides\n        items:\n          - {text: Install, url: /install/}\n  \
               - title: South\n    items:\n      - title: Guides\n        items:\n          - {text: Brew, url: /brew/}\n";
    let site = site(NATIVE, "carafe.yml", nav);
    site.write("_src/tea/brew.md", "---\ntitle: Brew\n---\nx\n");
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("tea/1.1.x/brew/index.html");
    let crumbs = page.split("breadcrumb").nth(1).unwrap_or_default();
    let crumbs = &crumbs[..crumbs.find("</nav>").unwrap_or(crumbs.len())];
    assert!(crumbs.contains("South") && crumbs.contains("Guides") && !crumbs.contains("North"), "{crumbs}");
}

#[test]
fn entries_that_lead_elsewhere_need_no_source_and_sources_may_be_shared() {
    let nav = "items:\n  - {title: Install, url: /install/}\n  - {title: Shop, url: https://shop.example.org/}\n  \
               - {title: News, url: /news/, absolute_url: true}\n  - {title: Brew, url: /brew/, src: /shared/brew}\n  \
               - {title: Pour, url: /pour/, src: /shared/pour}\n  - {title: Own, url: /own/}\n  - {title: Off, url: /off/, generate: false}\n";
    let site = site(NATIVE, "carafe.yml", nav);
    site.write("_src/shared/brew.md", "The shared brew.\n");
    site.write("_src/shared/pour/index.md", "The shared pour.\n");
    site.write("_src/tea/own/index.md", "The own text.\n");
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("missing-source"), "{}", ran.stderr);
    for (path, text) in [("brew", "The shared brew."), ("pour", "The shared pour."), ("own", "The own text.")] {
        assert!(site.output(&format!("tea/1.1.x/{path}/index.html")).contains(text), "{path}");
    }
    for path in ["news", "off", "https:"] {
        assert!(!site.path().join("_site/tea/1.1.x").join(path).exists(), "{path}");
    }
}

#[test]
fn the_search_of_a_release_leads_to_those_of_the_others() {
    let site = site(NATIVE, "carafe.yml", NAV);
    site.write("content/index.md", "# Home\n");
    assert_eq!(site.build(&[]).code, 0);
    let others = |index: &str| {
        let index: serde_json::Value =
            serde_json::from_str(&site.output(&format!("assets/search/{index}index.json"))).unwrap();
        index["others"].to_string()
    };
    let all = ["1.10.x", "1.1.x", "1.0.x"].map(|name| format!("[\"{name}\",\"assets/search/tea/{name}/\"]")).join(",");
    for index in ["", "tea/1.0.x/", "tea/1.10.x/"] {
        assert_eq!(others(index), format!("[{all}]"), "{index}");
    }
}

#[test]
fn pages_of_other_releases_than_the_newest_say_so_and_lead_to_the_nearest_page_there() {
    let nav = "items:\n  - {text: Install, url: /install/}\n  - title: Guides\n    items:\n      - {text: Guides, url: /guides/}\n";
    let site = site(NATIVE, "carafe.yml", nav);
    site.write("_src/tea/guides.md", "---\ntitle: Guides\n---\n");
    site.write("_src/tea/guides/green.md", "---\ntitle: Green\n---\n");
    let green =
        format!("product: tea\nrelease: 1.0.x\ngenerate: true\n{nav}      - {{text: Green, url: /guides/green/}}\n");
    site.write("data/nav_tea_1.0.x.yml", &green);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let note = |page: &str| {
        let html = site.output(&format!("tea/{page}/index.html"));
        html.split_once("<p class=\"old-release\">")
            .map(|(_, rest)| rest.split("</p>").next().unwrap_or_default().to_owned())
    };
    let old = |to| format!("This page is about 1.0.x. The latest version is <a href=\"/tea/1.1.x/{to}\">1.1.x</a>.");
    assert_eq!(note("1.0.x/install"), Some(old("install/")));
    assert_eq!(note("1.0.x/guides/green"), Some(old("guides/")), "the nearest above it");
    assert_eq!(note("1.1.x/install"), None);
    let coming = "This page is about 1.10.x, which is not released yet. The latest version is <a href=\"/tea/1.1.x/install/\">1.1.x</a>.";
    assert_eq!(note("1.10.x/install").as_deref(), Some(coming));
    let page = site.output("tea/1.0.x/install/index.html");
    for said in [
        "1.1.x <span class=\"badge\">latest</span></a>",
        "1.0.x <span class=\"badge badge-old\">old</span></a>",
        ">1.10.x (unreleased)</a>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    site.write("carafe.yml", format!("{NATIVE}language: de\ntheme: {{release_note: false}}\n"));
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert_eq!(note("1.0.x/install"), None, "it is not wanted");
    assert!(site.output("tea/1.0.x/install/index.html").contains("<span class=\"badge badge-old\">alt</span>"));
}

/// All conditions of a value must hold, and one that nobody knows never does.
#[test]
fn what_a_release_overrides_stands_under_conditions() {
    let cases = [
        ("{gte: 1.1.x}", [false, true, true]),
        ("{lte: 1.1.x}", [true, true, false]),
        ("{eq: 1.10.x}", [false, false, true]),
        ("{eq: '1.0.x,1.10.x'}", [true, false, true]),
        ("{neq: 1.1.x}", [true, false, true]),
        ("{neq: '1.0.x,1.1.x'}", [false, false, true]),
        ("{gte: 1.1.x, lte: 1.1.x}", [false, true, false]),
        ("{over: 1.1.x}", [false, false, false]),
        ("{gte: new}", [false, false, false]),
        ("all", [false, false, false]),
    ];
    let mut source = "---\ntitle: T\noverrides:\n".to_owned();
    for (at, (condition, _)) in cases.iter().enumerate() {
        source += &format!("  k{at}: {{yes: {condition}}}\n");
    }
    source += "  typed: {true: {eq: 1.0.x}, 7: {eq: 1.1.x}, word: {eq: 1.10.x}}\nlist: [overrides]\n---\n";
    (0..cases.len()).for_each(|at| source += &format!("k{at}={{{{ page.k{at} | default: 'no' }}}}. "));
    source += "{% if page.typed == true %}typed=true.{% elsif page.typed == 7 %}typed=7.{% elsif page.typed == 'word' %}typed=word.{% endif %}\n";
    let site = site(NATIVE, "carafe.yml", NAV);
    site.write("_src/tea/install.md", source);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (release, (name, typed)) in [("1.0.x", "true"), ("1.1.x", "7"), ("1.10.x", "word")].into_iter().enumerate() {
        let page = site.output(&format!("tea/{name}/install/index.html"));
        for (at, (condition, holds)) in cases.iter().enumerate() {
            let text = format!("k{at}={}.", if holds[release] { "yes" } else { "no" });
            assert!(page.contains(&text), "{name}: {condition}: {text}\n{page}");
        }
        assert!(page.contains(&format!("typed={typed}.")), "{name} {typed}\n{page}");
    }
}

/// The navigation of a release makes the pages that it lists, but for those that it leaves to others.
#[test]
fn an_entry_of_the_navigation_makes_a_page_or_says_that_it_does_not() {
    let nav = |own: &str| {
        format!(
            "product: tea\nrelease: 1.1.x\n{own}items:\n- {{text: I, url: /install/}}\n- {{text: H, url: '/install/#x'}}\n\
                 - {{text: Y, url: /yes/, generate: true}}\n- {{text: N, url: /not/, generate: false}}\n\
                 - {{text: A, url: /abs/, absolute_url: true}}\n- {{text: E, url: 'https://x.org/e/'}}\n\
                 - {{text: S, url: /here/, src: 'yes'}}\n- {{text: R, url: /root/, src: /shared/one}}\n- {{text: T, url: /deep/, src: /shared}}\n\
                 - {{text: P, url: /tea/}}\nunlisted:\n- {{text: U, url: /hidden/}}\n"
        )
    };
    for (own, expected) in [
        ("generate: true\n", "deep here hidden index.html install root yes"),
        ("generate: true\nassume_generated: false\n", "index.html yes"),
        ("", ""),
        ("generate: false\n", ""),
    ] {
        let site = SiteFolder::new(&[("carafe.yml", NATIVE), ("data/nav_tea_1.1.x.yml", &nav(own))]);
        site.write("data/versions.yml", "- {edition: tea, release: 1.1.x}\n");
        let sources =
            ["tea/install", "tea/yes", "tea/not", "tea/abs", "tea/hidden", "tea/index", "shared/one", "shared/index"];
        sources.iter().for_each(|path| site.write(&format!("_src/{path}.md"), "---\ntitle: T\n---\n"));
        let ran = site.build(&["--allow-empty"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let below =
            |path: &std::path::Path| path.strip_prefix("tea/1.1.x").ok()?.iter().next()?.to_str().map(str::to_owned);
        let made: std::collections::BTreeSet<String> =
            site.files().into_keys().filter_map(|path| below(&path)).collect();
        assert_eq!(made.into_iter().collect::<Vec<_>>().join(" "), expected, "{own}: {}", ran.stderr);
        assert!(!ran.stderr.contains("missing-source"), "{}", ran.stderr);
    }
}
