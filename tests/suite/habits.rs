//! What authors know from GitHub: on in native sites, off in Jekyll's, in every place where Markdown is read.

use crate::support::{Ran, SiteFolder, run};

const PAGE: &str = "---\ntitle: Start\n---\n\
    Use --verbose, https://example.org/a_b. One -- two.\n\n\
    > [!WARNING] Mind *this*\n> Careful.\n\n\
    ```mermaid\ngraph LR\n  A --> B\n```\n\n\
    <details>\n<summary>More</summary>\n\n### Inside\n\n- **bold**\n\n</details>\n";

fn native(options: &str, page: &str) -> (Ran, String) {
    let config = format!("title: T\n{options}");
    let include = "1. In {{ include.n }}:\n\n   ```yaml liquid=false\n   a: ${{ secrets.A }}{% raw %}\n   ```\n\n2. Then {{ include.n }}\n";
    let site = SiteFolder::new(&[("carafe.yml", &config), ("includes/steps.md", include), ("content/index.md", page)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    (ran, page)
}

#[test]
fn a_native_site_reads_what_github_reads_in_both_dialects() {
    for dialect in ["kramdown", "commonmark"] {
        let (ran, page) = native(&format!("markdown: {{dialect: {dialect}}}\n"), PAGE);
        assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
        for expected in [
            "Use --verbose,",
            "<a href=\"https://example.org/a_b\">https://example.org/a_b</a>. One",
            "<div class=\"callout callout-warning\" role=\"note\">\n  <p class=\"callout-title\">Mind <em>this</em></p>",
            "<pre class=\"mermaid\">graph LR\n  A --&gt; B</pre>",
            "<h3 id=\"inside\">Inside",
            "<strong>bold</strong>",
        ] {
            assert!(page.contains(expected), "{dialect}: {expected}\n{page}");
        }
    }
}

#[test]
fn a_site_may_do_without() {
    let (_, page) = native("markdown: {github: false}\n", PAGE);
    for expected in ["Use \u{2013}verbose", "<blockquote>", "language-mermaid", "### Inside"] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn a_jekyll_site_keeps_to_kramdown_unless_it_asks() {
    let jekyll = |config: &str| {
        let site = SiteFolder::new(&[("_config.yml", config), ("index.md", PAGE)]);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output("index.html")
    };
    let page = jekyll("title: T\n");
    assert!(page.contains("Use \u{2013}verbose, https://example.org/a_b.") && page.contains("[!WARNING]"), "{page}");
    assert!(page.contains("### Inside") && page.contains("language-mermaid"), "{page}");
    let page = jekyll("title: T\ncarafe: {markdown: {github: true}}\n");
    assert!(page.contains("Use --verbose, <a href") && page.contains("callout-warning"), "{page}");
    assert!(page.contains("id=\"inside\"") && page.contains("<pre class=\"mermaid\">"), "{page}");
}

#[test]
fn what_begins_like_an_alert_and_is_none_is_told() {
    let (ran, page) = native("", "---\ntitle: T\n---\nText.\n\n> [!INFO]\n> More.\n");
    assert!(page.contains("[!INFO]"), "{page}");
    assert!(
        ran.stderr.contains("warning[unknown-alert]") && ran.stderr.contains("content/index.md:6:3"),
        "{}",
        ran.stderr
    );
}

#[test]
fn alerts_and_addresses_are_known_in_tabs_and_callouts() {
    let page = "---\ntitle: T\n---\n{% tabs %}\n{% tab A %}\n> [!TIP]\n> See www.example.org.\n{% endtab %}\n{% endtabs %}\n\n\
        {% note %}\nUse --now.\n{% endnote %}\n";
    let (_, page) = native("", page);
    assert!(page.contains("callout callout-tip") && page.contains("<a href=\"http://www.example.org\">"), "{page}");
    assert!(page.contains("<p>Use --now.</p>"), "{page}");
}

#[test]
fn braces_in_code_stay_where_the_fence_or_the_site_says_so() {
    let braces = "{{- range .Items -}}{% if %}";
    let page = format!(
        "---\ntitle: T\n---\n{{% include steps.md n=\"one\" %}}\n\n- ~~~ text {{liquid=\"false\"}}\n  {braces}\n  ~~~\n\n```text\n{{{{ site.title }}}}!\n```\n"
    );
    let (ran, shown) = native("highlight: {enabled: false}\n", &page);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    for expected in ["In one:", "Then one", "a: ${{ secrets.A }}{% raw %}\n", braces, "T!"] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    let page = page + "\n```text liquid=true\n{{ site.title }}?\n```\n\n{{ site.title }}.\n";
    let (ran, shown) = native("highlight: {enabled: false}\nliquid: {in_code: false}\n", &page);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    for expected in ["In one:", "{{ site.title }}!", "T?", "<p>T.</p>", braces] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn a_mistake_in_code_says_how_braces_are_shown_and_one_in_text_does_not() {
    let (ran, _) = native("", "---\ntitle: T\n---\n```yaml\na: ${{ secrets.A }}\n```\n");
    for expected in ["`secrets` is undefined", "`liquid=false`", "{% raw %}", "liquid: {in_code: false}"] {
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
    let (ran, _) = native("", "---\ntitle: T\n---\n{{ secrets.A }}\n");
    assert!(ran.stderr.contains("is undefined") && !ran.stderr.contains("in_code"), "{}", ran.stderr);
}

#[test]
fn the_error_mode_says_what_it_is_to_write_other_than_liquids_grammar() {
    let page = "---\n---\n{% if site.a && site.b %}a{% endif %} {{ \"x\" | upcase downcase }}\n";
    for (mode, code, said) in [("warn", 0, "warning[liquid-lax]"), ("strict", 1, "error[liquid-lax]"), ("lax", 0, "")] {
        for jekyll in [true, false] {
            let options = format!("liquid: {{error_mode: {mode}}}\n");
            let site = if jekyll {
                SiteFolder::new(&[("_config.yml", &format!("a: 1\n{options}")), ("index.md", page)])
            } else {
                let config = format!("title: T\nvariables: {{a: 1}}\n{options}");
                SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", page)])
            };
            let ran = site.build(&[]);
            assert_eq!(ran.code, code, "{mode}: {}", ran.stderr);
            assert_eq!(ran.stderr.matches("liquid-lax").count(), if said.is_empty() { 0 } else { 2 }, "{}", ran.stderr);
            assert!(
                ran.stderr.contains(said) && (said.is_empty() || ran.stderr.contains("index.md:3:14")),
                "{}",
                ran.stderr
            );
            assert!(code == 1 || site.output("index.html").contains("<p>a X</p>"), "{mode}");
        }
    }
}

#[test]
fn a_jekyll_site_has_kramdowns_options() {
    let page = "---\n---\n# A\n\n## B's\n\na... \"q\" -- &copy;\n\n```ruby\nputs 1\n```\n\n$$x^2$$\n";
    let built = |options: &str| {
        let site = SiteFolder::new(&[("_config.yml", &format!("kramdown: {{{options}}}\n")), ("a.md", page)]);
        let ran = site.build(&["--strict"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output("a.html")
    };
    let html = built("typographic_symbols: {hellip: '...<', ndash: '~'}, syntax_highlighter_opts: {disable: true}");
    for expected in
        ["a...&lt; \u{201c}q\u{201d} ~ \u{a9}", "<pre><code class=\"language-ruby\">puts 1\n</code></pre>", "\\[x^2\\]"]
    {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
    let html = built("entity_output: numeric, math_engine: null, smart_quotes: 'apos,apos,quot,quot'");
    for expected in [
        "a&#8230; &quot;q&quot; &#8211; &#169;",
        "<div class=\"kdmath\">$$\nx^2\n$$</div>",
        "B&#39;s</h2>",
        "highlighter-rouge",
    ] {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
}

#[test]
fn code_with_text_behind_its_end_is_a_block_and_a_paragraph() {
    let page = "---\n---\n{% highlight ruby %}\nx\n{% endhighlight %} after *it*\n\nbefore\n{% highlight ruby %}\ny\n{% endhighlight %}\nbehind\n";
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("a.md", page)]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = site.output("a.html");
    for expected in ["</figure>\n<p>after <em>it</em></p>", "<p>before</p>\n", "</figure>\n\n<p>behind</p>"] {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
}

const FOREIGN: &str = "---\ntitle: Start\n---\n!!! note\n    Text\n\n:::tip\nx\n:::\n\n=== \"Tab\"\n\n--8<-- \"a.md\"\n\n<Tabs>\n\nx\n\n</Tabs>\n";

#[test]
fn syntax_of_other_tools_is_told_at_its_place() {
    let (ran, _) = native("", FOREIGN);
    assert_eq!(ran.stderr.matches("warning[foreign-syntax]").count(), 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("content/index.md:4:1") && ran.stderr.contains("write `> [!NOTE]`"), "{}", ran.stderr);
}

#[test]
fn each_syntax_of_other_tools_is_told_when_it_is_alone() {
    for (text, told) in [
        ("!!! note\n    Text\n", true),
        ("??? note\n    Text\n", true),
        (":::tip\nx\n:::\n", true),
        ("=== \"Tab\"\n\n    x\n", true),
        ("--8<-- \"a.md\"\n", true),
        ("-8<- \"a.md\"\n", true),
        ("import Tabs from \"tabs\"\n\nx\n", true),
        ("export const a = 1\n\nx\n", true),
        ("a <Tabs>x</Tabs>\n", true),
        ("a {/* b */}\n", true),
        ("Heading\n===\n\nexport it, a < B and `<Tabs>`:\n\n```sh\nexport A=1\n```\n", false),
    ] {
        let (ran, _) = native("", &format!("---\ntitle: Start\n---\n{text}"));
        assert_eq!(ran.stderr.contains("warning[foreign-syntax]"), told, "{text}\n{}", ran.stderr);
    }
}

#[test]
fn a_jekyll_site_is_told_of_each_habit_once_and_by_check_of_each_place() {
    let page = format!("{FOREIGN}\nUse --one and --two.\n\n{}", &PAGE["---\ntitle: Start\n---\n".len()..]);
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("index.md", &page)]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("note[foreign-syntax]: two hyphens before a word become a dash here, here and in 2 more places"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.matches("[foreign-syntax]").count(), 10, "{}", ran.stderr);
    let ran = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(ran.stderr.matches("two hyphens").count(), 3, "{}", ran.stderr);
    let site =
        SiteFolder::new(&[("_config.yml", "title: T\ncarafe: {markdown: {github: true}}\n"), ("index.md", PAGE)]);
    let ran = site.build(&[]);
    assert!(!ran.stderr.contains("foreign-syntax"), "{}", ran.stderr);
}
