//! What a fence says beside the language, in native sites; in Jekyll sites kramdown's rule holds.

use crate::support::{Ran, SiteFolder};

fn built(config: &str, page: &str) -> (Ran, String) {
    let page = format!("---\ntitle: T\n---\n{page}\n");
    let site = SiteFolder::new(&[("carafe.yml", &format!("title: T\n{config}")), ("content/index.md", &page)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    (ran, page[page.find("page-header").unwrap()..].to_owned())
}

const DIALECTS: [&str; 2] = ["markdown: {dialect: kramdown}\n", "markdown: {dialect: commonmark}\n"];

#[test]
fn titles_marks_and_numbers_come_out_in_both_dialects() {
    for dialect in DIALECTS {
        let text = "```yaml title=\"a <b>.yml\" {1,3-4} linenums=9 wrap\na: 1\n\nc: |\n  x\n```\n\n- item\n\n  ~~~nosuch{2}\n  a\n  <b>\n  ~~~\n";
        let (ran, page) = built(dialect, text);
        assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
        for expected in [
            "<figure class=\"code\"><figcaption>a &lt;b&gt;.yml</figcaption><div class=\"code-body\">",
            "<div class=\"language-yaml highlighter-rouge\">",
            "<code class=\"lines numbered wrapped\" style=\"counter-reset: line 8; --digits: 2\"><mark class=\"line\"><span class=\"na\">a</span>",
            "\n</mark><span class=\"line\">\n</span><mark class=\"line\">",
            "x</span>\n</mark></code></pre></div></div>\n</div></figure>",
            "<code class=\"lines language-nosuch\"><span class=\"line\">a\n</span><mark class=\"line\">&lt;b&gt;\n</mark></code></pre>",
        ] {
            assert!(page.contains(expected), "{dialect}: {expected}\n{page}");
        }
    }
}

#[test]
fn changes_lose_their_signs_and_keep_their_colours() {
    for dialect in DIALECTS {
        let (_, page) = built(dialect, "```yaml diff {1}\n a: 1\n-b: 2\n+b: 3\n```\n\n```diff\n-a\n+b\n```\n");
        for expected in [
            "<code class=\"lines changed\"><mark class=\"line\"><span class=\"na\">a</span>",
            "<del class=\"line\"><span class=\"na\">b</span>",
            "<ins class=\"line\"><span class=\"na\">b</span>",
            "<span class=\"gd\">-a</span>",
        ] {
            assert!(page.contains(expected), "{dialect}: {expected}\n{page}");
        }
    }
}

#[test]
fn what_is_no_option_is_told_at_its_fence() {
    for dialect in DIALECTS {
        let text =
            "```js {3-9}\na\n```\n\n> ```js hl_lines=\"1 2\" {x}\n> a\n> ```\n\n```rust,ignore should_panic\na\n```\n";
        let (ran, _) = built(dialect, text);
        for expected in [
            "line 9 is to be marked, and the code has 1 line",
            "`hl_lines` is no option",
            "`{x}` names no lines",
            "content/index.md:4:1",
        ] {
            assert!(ran.stderr.contains(expected), "{dialect} {expected}: {}", ran.stderr);
        }
        assert!(ran.stderr.contains("content/index.md:8:"), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches("warning[fence-option]").count(), 3, "{}", ran.stderr);
    }
}

#[test]
fn code_without_options_and_jekyll_sites_are_as_before() {
    let text = "```yaml liquid=false\na: 1\n```\n\n```\nb\n```\n";
    let (_, page) = built("", text);
    assert!(!page.contains("class=\"line") && page.matches("<pre class=\"highlight\"><code>").count() == 2, "{page}");
    let page = "---\ntitle: T\n---\n```yaml title=\"x\" linenums\na: 1\n```\n";
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("index.md", page)]);
    let ran = site.build(&[]);
    assert!(ran.stderr.contains("fence-words") && !site.output("index.html").contains("figcaption"), "{}", ran.stderr);
}

#[test]
fn options_hold_in_tags_and_take_what_liquid_prints() {
    let page = "{% assign file = \"b.yml\" %}{% tabs %}\n{% tab A %}\n```yaml title=\"{{ file }}\" {1}\na: 1\n```\n{% endtab %}\n{% endtabs %}\n";
    let (ran, page) = built("", page);
    assert!(
        page.contains("<figcaption>b.yml</figcaption>") && page.contains("<mark class=\"line\">"),
        "{page}{}",
        ran.stderr
    );
}
