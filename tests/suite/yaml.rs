//! YAML as a site's user meets it: the same rules in every file, mistakes at their place, bounds.

use crate::support::{self, SiteFolder};

/// A list of ten, of lists of ten, and so on.
fn bomb(indent: &str) -> String {
    let list = |n: usize| format!("{indent}b{n}: &b{n} [{}]\n", vec![format!("*b{}", n - 1); 10].join(", "));
    format!("{indent}b0: &b0 [{}]\n{}", ["x"; 10].join(", "), (1..9).map(list).collect::<String>())
}

/// Mappings of a thousand keys, merged twenty thousand times.
fn merges(indent: &str) -> String {
    let keys: Vec<String> = (0..1000).map(|n| format!("k{n}: v")).collect();
    format!("{indent}m: &m {{{}}}\n{}", keys.join(", "), format!("{indent}x: {{<<: *m}}\n").repeat(20_000))
}

#[test]
fn plain_scalars_mean_the_same_in_every_file_of_a_jekyll_site() {
    let yaml = "beta: yes\nzip: 010\nn: 1.10\nt: 10:30:00\nd: 2024-1-3\nw: 2024-01-31 10:00:00\n";
    let template = "{{ x.beta }} {{ x.zip }} {{ x.n }} {{ x.t }} {{ x.d }} {{ x.w }}";
    let page = format!(
        "---\n{yaml}---\n{}|{}|{}",
        template.replace("x.", "site."),
        template.replace("x.", "site.data.d."),
        template.replace("x.", "page.")
    );
    let site = SiteFolder::new(&[("_config.yml", yaml), ("_data/d.yml", yaml), ("index.html", &page)]);
    let ran = site.build(&[]);
    assert_eq!((ran.code, ran.stderr.contains("doubtful-yaml")), (0, false), "{}", ran.stderr);
    let one = "true 8 1.1 37800 2024-01-03 2024-01-31 10:00:00 +0000";
    assert_eq!(site.output("index.html").trim(), [one; 3].join("|"));
}

#[test]
fn jekyll_takes_times_without_a_zone_as_utc_and_shows_them_in_the_sites() {
    let site = SiteFolder::new(&[
        ("_config.yml", "timezone: Europe/Berlin\n"),
        (
            "index.html",
            "---\ndate: 2024-01-31 23:30:00\nw: 2024-07-01 10:00:00\no: 2024-07-01 10:00:00 +0400\n---\n{{ page.date }} {{ page.w }} {{ page.o }}",
        ),
    ]);
    assert_eq!(site.build(&[]).code, 0);
    let expected = "2024-02-01 00:30:00 +0100 2024-07-01 12:00:00 +0200 2024-07-01 10:00:00 +0400";
    assert_eq!(site.output("index.html").trim(), expected);
}

#[test]
fn native_sites_warn_of_doubtful_scalars_where_they_are_values() {
    let yaml = "beta: yes\nzip: 010\n";
    let page = format!(
        "---\n{yaml}---\n{{% if page.beta %}}A{{% endif %}}{{% if site.beta %}}B{{% endif %}}{{% if site.data.d.beta %}}C{{% endif %}}\n"
    );
    let config = "title: No\nbaseurl: 007\nvariables:\n  beta: yes\ndiagnostics: {unused-include: off}\n";
    let site = SiteFolder::new(&[("carafe.yml", config), ("data/d.yml", yaml), ("content/index.md", &page)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("index.html").contains("<p>ABC</p>"));
    // `off`, the title and the path are taken as they are written.
    assert_eq!(ran.stderr.matches("warning[doubtful-yaml]").count(), 5, "{}", ran.stderr);
    for place in ["carafe.yml:4:9", "content/index.md:2:7", "content/index.md:3:6", "data/d.yml:1:7", "data/d.yml:2:6"]
    {
        assert!(ran.stderr.contains(place), "{place}\n{}", ran.stderr);
    }
    assert!(ran.stderr.contains("write `true`") && ran.stderr.contains("put it in quotes"));
}

#[test]
fn what_libyaml_accepts_is_accepted_everywhere() {
    let yaml =
        "\u{feff}%YAML 1.1\n---\r\ntext: \"one\r\ntwo\"\r\nat: 10:30:00\r\nempty:    \r\nblock: >-\r\n  a\r\n  b\r\n";
    let page = "---\ntext: 'one\ntwo'\nat: 10:30:00\n---\n{{ page.text }} {{ page.at }} {{ site.data.d.text }} {{ site.data.d.at }} {{ site.data.d.block }}\n";
    let site =
        SiteFolder::new(&[("carafe.yml", "title: \"a\nb\"\n"), ("data/d.yml", yaml), ("content/index.md", page)]);
    let ran = site.build(&[]);
    assert_eq!((ran.code, ran.stderr.contains("warning")), (0, false), "{}", ran.stderr);
    assert!(site.output("index.html").contains("<p>one two 10:30:00 one two 10:30:00 a b</p>"));
    assert!(site.output("index.html").contains("<title>Home · a b</title>"), "{}", site.output("index.html"));
}

#[test]
fn mistakes_stand_at_their_place_in_every_kind_of_file() {
    let broken = "a: \"never\nb: 1\n";
    let tag = "---\ntag:\n  kind: block\n  markp: title\n---\nx";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", &format!("---\n{broken}---\nx {{{{ site.data.d }}}}\n")),
        ("data/d.yml", broken),
        ("includes/tags/t.html", tag),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    for place in ["content/index.md:2:4", "data/d.yml:1:4", "includes/tags/t.html:4:3"] {
        assert!(ran.stderr.contains(place), "{place}\n{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("this quote is never closed").count(), 2, "{}", ran.stderr);
    site.write("carafe.yml", "title: see: below\n");
    let ran = site.build(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("carafe.yml:1:11") && ran.stderr.contains("in quotes"), "{}", ran.stderr);
}

#[test]
fn a_jekyll_page_with_broken_front_matter_is_published_without_values_unless_strict() {
    let files = [("_config.yml", ""), ("a.html", "---\nx: @at\n---\n[{{ page.x }}]")];
    let site = SiteFolder::new(&files);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("warning[front-matter]") && ran.stderr.contains("a.html:2:4"), "{}", ran.stderr);
    assert_eq!(site.output("a.html"), "[]");
    site.write("_config.yml", "strict_front_matter: true\n");
    assert_eq!(site.build(&[]).code, 1);
}

#[test]
fn aliases_merges_and_keys_that_multiply_end_in_a_diagnostic_in_every_kind_of_file() {
    let keys = |indent: &str| format!("{indent}{}a\n", "? ".repeat(60));
    for make in [bomb as fn(&str) -> String, merges, keys] {
        let (flat, within) = (make(""), make("    "));
        let plain = ("carafe.yml", "title: T\n");
        let page = ("content/index.md", "{{ site.data.d | jsonify }}\n");
        let data = SiteFolder::new(&[plain, page, ("data/d.yml", &flat)]);
        let front = SiteFolder::new(&[plain, ("content/index.md", &format!("---\n{flat}---\nx\n"))]);
        let variables = SiteFolder::new(&[page, ("carafe.yml", &format!("variables:\n{within}"))]);
        let defaults = format!("defaults:\n- scope: {{path: ''}}\n  values:\n{within}");
        let defaults = SiteFolder::new(&[page, ("carafe.yml", &defaults)]);
        let template = format!("---\ntag:\n  params:\n{within}---\nx");
        let tag = SiteFolder::new(&[plain, page, ("includes/tags/t.html", &template)]);
        let jekyll = SiteFolder::new(&[("_config.yml", &flat), ("index.html", "---\n---\n{{ site | jsonify }}")]);
        let jekyll_front = SiteFolder::new(&[("_config.yml", ""), ("index.html", &format!("---\n{flat}---\nx"))]);
        for (site, code) in [
            (data, "data-file"),
            (front, "front-matter"),
            (variables, "yaml-syntax"),
            (defaults, "yaml-syntax"),
            (tag, "tag-template"),
            (jekyll, "yaml-syntax"),
            (jekyll_front, "front-matter"),
        ] {
            let ran = site.build(&[]);
            assert!(ran.stderr.contains(&format!("[{code}]")), "{code}: {}", ran.stderr);
            let is_told = ran.stderr.contains("values take more than") || ran.stderr.contains("nested more than");
            assert!(is_told, "{}", ran.stderr);
        }
        let cases = format!("include: i.md\npage:\n{within}cases: []\n");
        let tests = SiteFolder::new(&[plain, page, ("includes/i.md", "x\n"), ("tests/includes/i.yml", &cases)]);
        let ran = support::run(&["test", "-s", tests.path().to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("[yaml-syntax]"), "{}", ran.stderr);
    }
}

#[test]
fn a_redirect_is_told_where_its_address_is_written() {
    let config = "title: /old\nredirects:\n  /old: /older\n  '/older': /old\n";
    let page = "---\ntitle: /gone\nredirect_from: [/gone]\n---\nx\n";
    let site = SiteFolder::new(&[("carafe.yml", config), ("content/index.md", page)]);
    let ran = support::run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(ran.stderr.contains("carafe.yml:3:3"), "{}", ran.stderr);
}

#[test]
fn what_aliases_share_is_counted_once() {
    let text = format!("base: &b {{text: {}}}\nall: [{}*b]\n", "x".repeat(10_000), "*b, ".repeat(29));
    let names: Vec<String> = (1..=5).map(|n| format!("data/d{n}.yml")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (&**name, &*text)).collect();
    files.push(("carafe.yml", "limits: {data_bytes: 1000000}\n"));
    files.push(("content/index.md", "{% for n in (1..5) %}{% assign name = 'd' | append: n %}{{ site.data[name].all[29].text | size }} {% endfor %}\n"));
    let site = SiteFolder::new(&files);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("index.html").contains("<p>10000 10000 10000 10000 10000</p>"));
}
