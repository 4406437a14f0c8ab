//! Code blocks that must be readable, and headings of includes that go down.

use crate::support::{Ran, SiteFolder, run};

fn check(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["check", "-s", site.path().to_str().unwrap()], args].concat())
}

#[test]
fn faults_of_code_are_told_in_the_include_that_wrote_them_for_each_release() {
    let include = "Text.\n\n```json\n{\n  \"port\": {{ include.port }}\n}\n```\n\n```yaml\na: 1\n---\nb: {{ include.port }}\n...\n```\n";
    let page = "---\ntitle: T\n---\n- item\n\n  {% include c.md port=80 %}\n\n> {% include c.md port=\"\" %}\n\n```toml\na = {{ page.title }}\n```\n\n```yaml check=false\na: b: c\n```\n\n\
        ```json\n{\"a\": 1, ...} // x\n```\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("includes/c.md", include), ("content/index.md", page)]);
    let ran = check(&site, &[]);
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(all.matches("warning[code-block-syntax]").count(), 2, "{all}");
    for expected in [
        "this code is not valid JSON: a value is missing before `}`",
        "includes/c.md:6:1",
        "content/index.md:8:3",
        "this code is not valid TOML",
        "content/index.md:11:",
    ] {
        assert!(all.contains(expected), "{expected}: {all}");
    }
}

#[test]
fn code_that_one_release_alone_breaks_is_told_for_that_release() {
    let source = "---\ntitle: Install\n---\n```yaml\nname: tea\n{% if_version gte:1.1.x %}ports: {http: 80\n{% endif_version %}```\n\n\
        ```json\n{\"release\": {% if_version eq:1.0.x %}1,{% endif_version %}{% if_version gte:1.1.x %}2{% endif_version %}}\n```\n";
    let nav = |release: &str| {
        format!("product: tea\nrelease: {release}\ngenerate: true\nitems:\n  - {{text: Install, url: /install}}\n")
    };
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n"),
        (
            "data/versions.yml",
            "- {edition: tea, release: 1.0.x}\n- {edition: tea, release: 1.1.x}\n- {edition: tea, release: 1.2.x}\n",
        ),
        ("data/nav_10.yml", &nav("1.0.x")),
        ("data/nav_11.yml", &nav("1.1.x")),
        ("data/nav_12.yml", &nav("1.2.x")),
        ("_src/tea/install.md", source),
        ("content/index.md", "# Tea\n"),
    ]);
    let all = check(&site, &[]).stderr;
    assert_eq!(all.matches("warning[code-block-syntax]").count(), 2, "{all}");
    for expected in [
        "this bracket is never closed\n --> _src/tea/install.md:6:",
        "help: it is so in the releases 1.1.x, 1.2.x alone; ",
        "there is a comma before `}`\n  --> _src/tea/install.md:10:",
        "help: it is so in the release 1.0.x alone; ",
    ] {
        assert!(all.contains(expected), "{expected}: {all}");
    }
    // What is broken in all of them needs no names.
    site.write("_src/tea/install.md", "---\ntitle: Install\n---\n```yaml\na: b: {{ page.release }}\n```\n");
    let all = check(&site, &[]).stderr;
    assert_eq!(all.matches("warning[code-block-syntax]").count(), 1, "{all}");
    assert!(!all.contains("it is so in"), "{all}");
}

#[test]
fn headings_of_an_include_go_down_and_code_stays() {
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("title: T\nmarkdown: {{dialect: {dialect}}}\n");
        let outer = "## Outer{% if include.heading_offset %} seen{% endif %}\n\n```sh\n# code\n```\n\n{% include inner.md heading_offset=include.by %}\n\n{% note %}\n### In a note\n{% endnote %}\n";
        let inner = "# Inner\n\nSetext\n------\n\n##### Deep\n";
        let page = "---\ntitle: T\n---\n## Page\n\n{% include outer.md by=2 heading_offset=1 %}\n\n- {% include inner.md heading_offset=\"1\" %}\n\n### After\n";
        let site = SiteFolder::new(&[
            ("carafe.yml", &config),
            ("includes/outer.md", outer),
            ("includes/inner.md", inner),
            ("content/index.md", page),
        ]);
        let ran = site.build(&["--strict"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let html = site.output("index.html");
        for expected in [
            "<h2 id=\"page\">",
            "<h3 id=\"outer\">",
            "# code",
            "<h4 id=\"inner\">",
            "<h5 id=\"setext\">",
            "<h6 id=\"deep\">",
            "<h4 id=\"in-a-note\">",
            "<h2 id=\"inner-1\">",
            "<h3 id=\"after\">",
        ] {
            assert!(html.contains(expected), "{dialect} {expected}: {html}");
        }
        let ran = check(&site, &["--strict"]);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn a_heading_offset_that_is_no_number_is_told_and_jekyll_sites_have_none() {
    let page = "---\ntitle: T\n---\n{% include a.md heading_offset=\"deep\" %}\n";
    let site =
        SiteFolder::new(&[("carafe.yml", "title: T\n"), ("includes/a.md", "## A\n"), ("content/index.md", page)]);
    let ran = site.build(&[]);
    assert!(ran.stderr.contains("warning[heading-offset]") && ran.stderr.contains("not `deep`"), "{}", ran.stderr);
    let page = "---\ntitle: T\n---\n{% include a.md heading_offset=1 %}\n";
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        ("_includes/a.md", "## A {{ include.heading_offset }}\n"),
        ("index.md", page),
    ]);
    site.build(&[]);
    assert!(site.output("index.html").contains("<h2 id=\"a-1\">A 1</h2>"), "{}", site.output("index.html"));
}

/// What is expected is what Jekyll writes.
#[test]
fn the_configuration_of_a_jekyll_site_switches_the_highlighter() {
    let plain = "<pre><code>x = 1\n</code></pre>\n\n<pre><code class=\"language-ruby\">x = 1\n</code></pre>\n";
    let block = |language: &str, code: &str| {
        format!(
            "<div class=\"language-{language} highlighter-rouge\"><div class=\"highlight\"><pre class=\"highlight\"><code>{code}\n\
             </code></pre></div></div>\n"
        )
    };
    let ruby = block("ruby", "<span class=\"n\">x</span> <span class=\"o\">=</span> <span class=\"mi\">1</span>");
    for (config, expected) in [
        ("highlighter: none\n", plain.to_owned()),
        ("kramdown: {syntax_highlighter: nil}\n", plain.to_owned()),
        ("kramdown: {syntax_highlighter_opts: {disable: true}}\n", plain.to_owned()),
        ("kramdown: {syntax_highlighter: rouge}\n", format!("{}\n{ruby}", block("plaintext", "x = 1"))),
        ("kramdown: {syntax_highlighter_opts: {default_lang: ruby}}\n", format!("{ruby}\n{ruby}")),
    ] {
        let site = SiteFolder::new(&[
            ("_config.yml", config),
            ("a.md", "---\n---\n~~~\nx = 1\n~~~\n\n~~~ ruby\nx = 1\n~~~\n"),
        ]);
        let ran = site.build(&["--strict"]);
        assert_eq!((ran.code, site.output("a.html")), (0, expected), "{config}{}", ran.stderr);
    }
}
