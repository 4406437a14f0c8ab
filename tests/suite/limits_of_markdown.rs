//! Small texts whose HTML would be large: each ends in a message with its place, and nothing is published.

use crate::support;

use support::SiteFolder;

/// Builds a site of this page in both dialects; what `place` says must be told, and nothing is published.
fn is_cut(text: &str, place: &str) {
    for dialect in ["kramdown", "commonmark"] {
        is_cut_in(dialect, text, place);
    }
}

fn is_cut_in(dialect: &str, text: &str, place: &str) {
    let config = format!("title: T\nmarkdown: {{dialect: {dialect}}}\nliquid: {{limits: {{output_bytes: 100000}}}}\n");
    let site = SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", text)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1, "{dialect}: {}", ran.stderr);
    assert_eq!(ran.stderr.matches("[output-limit]").count(), 1, "{dialect}: {}", ran.stderr);
    assert!(ran.stderr.contains(place), "{dialect}: {}", ran.stderr);
    assert!(!site.path().join("_site/index.html").exists(), "{dialect}");
}

#[test]
fn a_table_whose_rows_are_short_is_only_as_wide_as_it_may_be() {
    let text = format!("|{}\n|{}\n{}", "a|".repeat(300), "-|".repeat(300), "|a\n".repeat(300));
    is_cut(&text, "content/index.md:");
    let fits = format!("|{}\n|{}\n|b|\n", "a|".repeat(9), "-|".repeat(9));
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", &fits)]);
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("index.html").matches("<td>").count(), 9, "missing cells are empty ones");
}

#[test]
fn an_address_that_is_used_often_is_repeated_as_often_as_there_is_room() {
    let text = format!("[a]: /{}\n\nfirst\n\n{}\n", "b".repeat(3000), "[a]\n".repeat(400));
    is_cut(&text, "content/index.md:");
}

#[test]
fn attributes_abbreviations_and_prefixes_are_no_way_around_it() {
    let long = "x".repeat(4000);
    for text in [
        format!("{{:a: .{long}}}\n\n{}", "x\n{:a}\n\n".repeat(60)),
        format!("*[AB]: {long}\n\n{}\n", "AB ".repeat(60)),
        format!("{{::options auto_id_prefix=\"{long}\" /}}\n\n{}", "# H\n\n".repeat(30)),
        format!("* toc\n{{:toc #{long}}}\n\n{}", "# H\n\n".repeat(60)),
        format!("{{::options footnote_backlink=\"{long}\" /}}\n\n{}\n\n[^1]: n\n", "a[^1] ".repeat(60)),
    ] {
        is_cut_in("kramdown", &text, "content/index.md:");
    }
}

#[test]
fn a_captured_block_that_is_printed_often_counts_each_time() {
    let text = format!(
        "{{% capture x %}}{{% note %}}{}{{% endnote %}}{{% endcapture %}}\n{}",
        "word ".repeat(600),
        "{{ x }}\n\n".repeat(60)
    );
    is_cut(&text, "content/index.md:");
}

#[test]
fn lists_that_refer_to_themselves_end_and_are_told() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", &format!("{}\nx\n{{:a}}\n", "{:a: .c a b}\n{:b: a a b .d}\n".repeat(20))),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("attribute-list-cycle") && ran.stderr.contains("content/index.md:1"), "{}", ran.stderr);
    let doubling: String = (0..60).map(|n| format!("{{:a{n}: a{} a{} .x}}\n", n + 1, n + 1)).collect();
    is_cut_in("kramdown", &format!("{doubling}\nx\n{{:a0}}\n"), "content/index.md:");
}

#[test]
fn text_that_is_nearly_all_markup_has_a_limit_of_its_own() {
    is_cut(&"*a* ".repeat(2000), "content/index.md:1");
    is_cut(&"- a\n".repeat(2000), "content/index.md:");
    is_cut(&"a\n\n".repeat(2000), "content/index.md:");
    is_cut(&"[a](b)".repeat(2000), "content/index.md:1");
    is_cut_in("kramdown", &format!("{}\n\n*[a]: b\n", "a ".repeat(4000)), "content/index.md:1");
    let sentence = "It's a *plain* sentence with a [link](/) and some `code` in it, as they are written everywhere.\n";
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("title: T\nmarkdown: {{dialect: {dialect}}}\nlimits: {{output_bytes: 100000}}\n");
        let site = SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", &sentence.repeat(150))]);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{dialect}: {}", ran.stderr);
    }
}

#[test]
fn rows_behind_the_last_that_can_be_filled_up_are_not_silently_text() {
    let text = format!("|{}\n|{}\n{}", "a|".repeat(1000), "-|".repeat(1000), "|x|\n".repeat(400));
    let config = "title: T\nmarkdown: {dialect: commonmark}\n";
    let site = SiteFolder::new(&[("carafe.yml", config), ("content/index.md", &text)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("[output-limit]") && ran.stderr.contains("content/index.md:265:"), "{}", ran.stderr);
}

#[test]
fn page_templates_that_write_without_end_are_told_and_nothing_is_published() {
    let double = "{% for i in range(end=100000) %}{% for j in range(end=100000) %}x{% endfor %}{% endfor %}";
    let growing = "{% set a = 'x' %}{% for i in range(end=80) %}{% set_global a = a ~ a %}{% endfor %}";
    let calling = "{% macro m(n) %}{{ self::m(n=n) }}{% endmacro %}{{ self::m(n=1) }}";
    for (text, code) in [(double, "output-limit"), (growing, "template"), (calling, "template")] {
        let files = [("carafe.yml", "title: T\n"), ("content/index.md", "Hello\n"), ("templates/page.html", text)];
        let site = SiteFolder::new(&files);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(
            ran.stderr.contains(&format!("[{code}]")) && ran.stderr.contains("templates/page.html"),
            "{}",
            ran.stderr
        );
        assert!(!site.path().join("_site/index.html").exists());
    }
}
