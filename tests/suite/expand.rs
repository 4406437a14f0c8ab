//! `carafe expand`: pages as Markdown with their Liquid resolved, in the flavors of several readers.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{Ran, SiteFolder, run};

/// Runs `expand` with these arguments behind the site's folder.
fn expand(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["expand", "-s", site.path().to_str().unwrap()], args].concat())
}

/// Expands the file of the site.
fn expanded(site: &SiteFolder, file: &str, args: &[&str]) -> String {
    let path = site.path().join(file);
    let ran = expand(site, &[&[path.to_str().unwrap()], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

/// Expands a text from standard input, in this folder.
fn piped(folder: &std::path::Path, text: &str, args: &[&str]) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_carafe"))
        .args([&["expand", "-"], args].concat())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out.stdout), text(out.stderr), out.status.code())
}

const INSTALL: &str = "### Install {{ site.product }}\n\nThis is release {{ include.release }}.\n\n\
    {% tabs %}\n{% tab From a file %}\n```yaml\nkind: Token\nname: brew\n```\n{% endtab %}\n{% tab From a `Secret` %}\n\
    {% warning Keep it secret %}\nNobody needs to see it:\n\n- not you\n- not me\n{% endwarning %}\n\n```sh\nbrew --token\n```\n{% endtab %}\n{% endtabs %}\n";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        (
            "carafe.yml",
            "title: T\nvariables: {product: Kettle}\ndefaults:\n  - scope: {path: \"\"}\n    values: {release: 1.4.x}\n",
        ),
        ("includes/install.md", INSTALL),
        (
            "content/index.md",
            "---\ntitle: About {{ site.product }}\naudience: all\n---\n1. First\n\n   {% include install.md release=page.release %}\n\n2. Second\n",
        ),
        ("content/plain.md", "{% note %}\nMind it.\n{% endnote %}\nText.\n"),
    ])
}

#[test]
fn tags_are_written_in_the_markdown_of_each_reader() {
    let site = site();
    let head = "---\ntitle: \"About Kettle\"\naudience: all\n---\n";
    let github = expanded(&site, "content/index.md", &[]);
    let expected = "1. First\n\n   ### Install Kettle\n\n   This is release 1.4.x.\n\n   **From a file**\n\n   ```yaml\n   kind: Token\n   name: brew\n   ```\n\n\
        \x20  **From a `Secret`**\n\n   > [!WARNING]\n   > **Keep it secret**\n   >\n   > Nobody needs to see it:\n   >\n   > - not you\n   > - not me\n\n   ```sh\n   brew --token\n   ```\n\n2. Second\n";
    assert_eq!(github, format!("{head}{expected}"));
    let mkdocs = expanded(&site, "content/index.md", &["--flavor", "mkdocs", "--front-matter", "drop"]);
    let expected = "   === \"From a `Secret`\"\n\n       !!! warning \"Keep it secret\"\n\n           Nobody needs to see it:\n\n           - not you\n           - not me\n\n       ```sh\n";
    assert!(mkdocs.starts_with("1. First\n") && mkdocs.contains(expected), "{mkdocs}");
    let docusaurus = expanded(&site, "content/index.md", &["--flavor", "docusaurus"]);
    for expected in [
        "---\nimport Tabs from '@theme/Tabs';\nimport TabItem from '@theme/TabItem';\n\n1. First\n",
        "   <Tabs>\n   <TabItem value=\"from-a-file\" label=\"From a file\" default>\n\n   ```yaml\n",
        "   :::warning[Keep it secret]\n\n   Nobody needs",
        "   - not me\n\n   :::\n\n   ```sh\n",
        "   </TabItem>\n   </Tabs>\n\n2. Second\n",
    ] {
        assert!(docusaurus.contains(expected), "{expected}\n{docusaurus}");
    }
    let plain = expanded(&site, "content/index.md", &["--flavor", "plain"]);
    assert!(plain.contains("   > **Keep it secret**\n   >\n   > Nobody"), "{plain}");
}

#[test]
fn blocks_stand_between_empty_lines_and_nested_ones_in_each_other() {
    let site = site();
    assert_eq!(expanded(&site, "content/plain.md", &[]), "> [!NOTE]\n> Mind it.\n\nText.\n");
    let text = "Before\n{% note A %}\n{% tip %}\nInner\n{% endtip %}\n{% endnote %}\nBehind\n\n> {% accordion \"More\" open=true id=\"more\" %}Quoted{% endaccordion %}\n";
    site.write("content/nested.md", text);
    let github = "Before\n\n> [!NOTE]\n> **A**\n>\n> > [!TIP]\n> > Inner\n\nBehind\n\n> <details id=\"more\" open>\n> <summary>More</summary>\n>\n> Quoted\n>\n> </details>\n";
    assert_eq!(expanded(&site, "content/nested.md", &[]), github);
    let docusaurus = expanded(&site, "content/nested.md", &["--flavor", "docusaurus"]);
    assert!(docusaurus.contains("::::note[A]\n\n:::tip\n\nInner\n\n:::\n\n::::\n"), "{docusaurus}");
}

#[test]
fn a_tag_in_a_cell_of_a_table_stays_in_its_line() {
    let site = site();
    site.write("includes/hint.md", "{% tip %}See `a|b`.{% endtip %}\n");
    let rows = "| x | {% note %}Hi **there**\n\n```sh\nls | wc\npwd\n\nls\n```\n{% endnote %} |\n| y | {% include hint.md %} |\n";
    site.write(
        "content/cells.md",
        format!("| a | b |\n|---|---|\n{rows}{{% for i in (1..2) %}}| {{{{ i }}}} | {{% warning %}}w{{% endwarning %}} |\n{{% endfor %}}"),
    );
    for flavor in ["github", "mkdocs", "docusaurus", "plain"] {
        let text = expanded(&site, "content/cells.md", &["--flavor", flavor]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6, "{flavor}: {text}");
        assert!(lines.iter().all(|line| line.matches('|').count() == 3), "{flavor}: {text}");
        assert!(lines[2].contains("<strong>there</strong>") && lines[2].contains("&#124;"), "{text}");
        assert!(
            lines[2].matches("&#10;").count() >= 3
                && lines[2].contains("&#10;&#10;")
                && lines[3].contains("callout-tip"),
            "{text}"
        );
    }
    // A value is Markdown already when it is printed.
    let value = "| a |\n|---|\n| {% capture c %}{% note %}n{% endnote %}{% endcapture %}{{ c }} |\n";
    site.write("content/value.md", value);
    let ran = expand(&site, &[site.path().join("content/value.md").to_str().unwrap()]);
    assert!(ran.code == 1 && ran.stderr.contains("content/value.md:3:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[include-in-cell]"), "{}", ran.stderr);
}

#[test]
fn expanding_again_changes_nothing() {
    let site = site();
    let shown = "{% raw %}`{{ shown }}`{% endraw %} and {% raw %}{%{% endraw %} endraw %}\n\n```yaml liquid=false\na: {{ b }}\n```\n\n{% highlight ruby linenos %}\nputs \"{{ '{{' }}\"\n{% endhighlight %}\n";
    site.write("content/shown.md", shown);
    for file in ["content/index.md", "content/shown.md"] {
        for flavor in ["github", "mkdocs", "docusaurus", "plain"] {
            let args = ["--flavor", flavor, "--keep-raw"];
            let once = expanded(&site, file, &args);
            site.write("content/again.md", &once);
            assert_eq!(expanded(&site, "content/again.md", &args), once, "{flavor}");
        }
    }
    let once = expanded(&site, "content/shown.md", &["--keep-raw"]);
    assert!(once.contains("`{% raw %}{{ shown }}{% endraw %}` and"), "{once}");
    assert!(once.contains("```yaml liquid=false\na: {{ b }}\n```"), "{once}");
    assert!(once.contains("```ruby linenos\nputs "), "{once}");
    let plain = expanded(&site, "content/shown.md", &[]);
    assert!(plain.starts_with("`{{ shown }}` and {% endraw %}\n"), "{plain}");
}

#[test]
fn a_tag_of_the_site_has_its_own_markdown_form_or_is_html() {
    let site = site();
    let tag = |more: &str| {
        format!(
            "---\ntag:\n  kind: block\n  markup: title\n  content: markdown\n{more}---\n<div class=\"card\">\n\n{{{{ content }}}}\n\n<pre>a\n\nb</pre></div>\n"
        )
    };
    site.write("includes/tags/card.html", tag("  markdown: |\n    **{{ title }}** ({{ flavor }})\n\n    {{ content | prefix_lines: \"\" }}\n    {{ oops.x }}\n"));
    site.write("includes/tags/box.html", tag(""));
    site.write("content/own.md", "{% card Tea %}\n*Hot*\n{% endcard %}\n{% box %}\n*Cold* {% card In %}\nIce\n{% endcard %}\n{% endbox %}\nEnd\n");
    let path = site.path().join("content/own.md");
    let ran = expand(&site, &[path.to_str().unwrap(), "--flavor", "mkdocs"]);
    assert!(
        ran.stdout.starts_with("**Tea** (mkdocs)\n\n*Hot*\n\n<div class=\"card\">\n<p><em>Cold</em>"),
        "{}",
        ran.stdout
    );
    // What stands in HTML is HTML, and no empty line ends it.
    let html = ran.stdout.split_once("<div").unwrap().1.split("End").next().unwrap().trim_end();
    assert!(
        !html.contains("\n\n") && html.contains("<p>Ice</p>") && html.contains("<pre>a&#10;&#10;b</pre>"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("</div>\n\nEnd\n"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("`oops` is undefined\n  --> ") && ran.stderr.contains("includes/tags/card.html:10:8"),
        "{}",
        ran.stderr
    );
    site.write("includes/tags/card.html", tag("  markdown: [a]\n"));
    let ran = expand(&site, &[path.to_str().unwrap()]);
    assert!(ran.stderr.contains("error[tag-template]: `markdown` must be a template"), "{}", ran.stderr);
}

#[test]
fn standard_input_needs_no_site_and_sees_the_one_that_is_there() {
    let empty = SiteFolder::new(&[]);
    let (out, err, code) = piped(empty.path(), "{% note %}Hi{% endnote %}\n", &["--to", "html"]);
    assert!(out.contains("<div class=\"callout callout-note\"") && out.contains("<p>Hi</p>"), "{out}");
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let (out, err, code) = piped(empty.path(), "a\n{% if %}\n", &[]);
    assert_eq!((out.as_str(), code), ("", Some(1)));
    assert!(err.contains("--> stdin.md:2:1"), "{err}");
    let args = ["--variables", "on=false", "--variables", "name=a=b"];
    let (out, ..) = piped(empty.path(), "{% if site.on %}on{% else %}off{% endif %} {{ site.name }}\n", &args);
    assert_eq!(out, "off a=b\n");
    let site = site();
    let (out, ..) = piped(
        site.path(),
        "{{ site.product }}: {% include install.md release=\"2\" %}\n",
        &["--variables", "product=Pot"],
    );
    assert!(out.starts_with("Pot: ### Install Pot\n\nThis is release 2."), "{out}");
    let (out, err, code) = piped(site.path(), "{{ nope }}\n", &["--format", "json"]);
    assert_eq!((out.as_str(), code), ("", Some(2)), "{err}");
    let jekyll = SiteFolder::new(&[("_config.yml", "who: Ann\n"), ("_includes/a.md", "I am {{ site.who }}.")]);
    let (out, err, code) = piped(jekyll.path(), "{% include a.md %}\n", &[]);
    assert_eq!((out.as_str(), err.as_str(), code), ("I am Ann.\n", "", Some(0)));
}

#[test]
fn a_folder_of_another_tool_is_written_as_a_whole() {
    let folder = SiteFolder::new(&[
        ("mkdocs.yml", "site_name: T\n"),
        ("includes/hello.md", "Hello, {{ include.name }}!\n"),
        ("docs/index.md", "# {{ site.product }}\n\n{% include hello.md name=\"Ann\" %}\n"),
        ("docs/deep/page.md", "{% include nope.md %}\n"),
        ("docs/deep/pic.png", "png"),
        ("docs/_index.md", "{{ site.product }}\n"),
    ]);
    let (docs, out) = (folder.path().join("docs"), folder.path().join("out"));
    let args = [docs.to_str().unwrap(), "-d", out.to_str().unwrap(), "--variables", "product=Tea"];
    let ran = expand(&folder, &args);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error[missing-include]")
            && ran.stderr.contains("docs/deep/page.md:1:1")
            && ran.stderr.contains("note[name-left-out]: `docs/_index.md`"),
        "{}",
        ran.stderr
    );
    let read = |path: &str| std::fs::read_to_string(out.join(path)).ok();
    assert_eq!(read("index.md").as_deref(), Some("# Tea\n\nHello, Ann!\n"));
    assert_eq!(read("deep/pic.png").as_deref(), Some("png"));
    assert_eq!(read("deep/page.md"), None, "what has failed is not written");
    folder.write("docs/deep/page.md", "Whole.\n");
    assert_eq!(expand(&folder, &args).code, 0);
    assert_eq!(read("deep/page.md").as_deref(), Some("Whole.\n"));
    // A failure leaves the last good one.
    folder.write("docs/deep/page.md", "{% include nope.md %}\n");
    assert_eq!(expand(&folder, &args).code, 1);
    assert_eq!(read("deep/page.md").as_deref(), Some("Whole.\n"));
    let ran = expand(&folder, &[docs.to_str().unwrap(), "-d", docs.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot take the place of its own sources"), "{}", ran.stderr);
    let ran = expand(&folder, &[docs.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn keys_of_another_tool_are_no_mistakes_in_text_for_it() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/a.md", "---\ntitle: A\nsidebar_position: 2\n---\nText.\n"),
    ]);
    let text = "---\ntitle: A\nsidebar_position: 2\n---\nText.\n";
    assert_eq!(expanded(&site, "content/a.md", &["--strict"]), text);
    // Where front matter goes no further, nobody reads the key.
    let path = site.path().join("content/a.md");
    for args in [["--front-matter", "drop"], ["--to", "html"]] {
        let ran = expand(&site, &[&[path.to_str().unwrap()], &args[..]].concat());
        assert!(ran.stderr.contains("warning[front-matter-key]"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_page_of_several_releases_is_chosen() {
    let nav = |release: &str| {
        format!("product: tea\nrelease: {release}\ngenerate: true\nitems:\n  - {{text: Install, url: /install/}}\n")
    };
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n"),
        ("data/versions.yml", "- {edition: tea, release: 1.0.x}\n- {edition: tea, release: 1.1.x}\n"),
        ("data/nav_10.yml", &nav("1.0.x")),
        ("data/nav_11.yml", &nav("1.1.x")),
        (
            "_src/tea/install.md",
            "{% if_version lte:1.0.x %}Old{% endif_version %}{% if_version gte:1.1.x %}New{% endif_version %} {{ page.release }}\n",
        ),
        ("content/index.md", "# Tea\n"),
    ]);
    let source = site.path().join("_src/tea/install.md");
    let source = source.to_str().unwrap();
    let ran = expand(&site, &[source]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("New 1.1.x\n", 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("this is 1.1.x"), "{}", ran.stderr);
    assert_eq!(expand(&site, &[source, "--release", "1.0.x"]).stdout, "Old 1.0.x\n");
    assert_eq!(expand(&site, &["--page", "/tea/1.0.x/install/"]).stdout, "Old 1.0.x\n");
    let ran = expand(&site, &["--page", "/tea/9/install/"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no page at `/tea/9/install/`"), "{}", ran.stderr);
}

#[test]
fn the_documentation_shows_what_each_flavor_gives() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/content/expand.md")).unwrap();
    let block = |number: usize| {
        let body = page.split("````liquid\n").nth(number).unwrap();
        format!("{}\n", body.split("\n````\n").next().unwrap())
    };
    let site = SiteFolder::new(&[("includes/prerequisites.md", &block(1)), ("page.md", &block(2))]);
    let from = page.find("````markdown").unwrap();
    let mut shown = page[from..].split("````markdown\n").skip(1).map(|rest| rest.split("````\n").next().unwrap());
    for flavor in ["github", "mkdocs", "docusaurus", "plain"] {
        let path = site.path().join("page.md");
        let ran = expand(&site, &[path.to_str().unwrap(), "--variables", "product=Kettle", "--flavor", flavor]);
        assert_eq!(ran.stdout, shown.next().unwrap(), "{flavor}");
    }
}

#[test]
fn links_of_an_include_fit_the_page_that_it_lands_in() {
    let site = site();
    let tip = "[by file](../content/guides/deep/b.md#x) [beside the page](c.md) ![p](../content/guides/p.png) [out](https://example.org) `[code](../content/guides/deep/b.md)`\n";
    site.write("includes/tip.md", tip);
    for file in ["guides/a.md", "guides/deep/b.md", "guides/c.md"] {
        site.write(
            &format!("content/{file}"),
            "{% include tip.md %}\n\n{% note %}\n{% include tip.md %}\n{% endnote %}\n\n[own](c.md)\n",
        );
    }
    site.write("content/guides/p.png", "p");
    let a = "[by file](deep/b.md#x) [beside the page](c.md) ![p](p.png) [out](https://example.org) `[code](../content/guides/deep/b.md)`\n";
    assert_eq!(expanded(&site, "content/guides/a.md", &[]), format!("{a}\n> [!NOTE]\n> {a}\n[own](c.md)\n"));
    let b = "[by file](b.md#x) [beside the page](c.md) ![p](../p.png) [out](https://example.org) `[code](../content/guides/deep/b.md)`\n";
    assert_eq!(expanded(&site, "content/guides/deep/b.md", &[]), format!("{b}\n> [!NOTE]\n> {b}\n[own](c.md)\n"));
}

#[test]
fn what_is_followed_is_written_again_when_it_changes() {
    let site = site();
    let out = site.path().join("out");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_carafe"))
        .args(["expand", "content", "-d", "out", "--watch"])
        .current_dir(site.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let has = |path: &str, text: &str| {
        crate::preview::wait(&format!("`{text}` in {path}"), || {
            std::fs::read_to_string(out.join(path)).ok().filter(|written| written.contains(text))
        });
    };
    has("index.md", "This is release 1.4.x.");
    site.write("includes/install.md", "Now in one line for {{ include.release }}.\n");
    has("index.md", "Now in one line for 1.4.x.");
    // A page that fails leaves what was written; one that comes is written, one that goes is taken away.
    site.write("content/plain.md", "{% note %}\nNever closed.\n");
    site.write("content/new.md", "Just come.\n");
    has("new.md", "Just come.");
    has("plain.md", "Mind it.");
    std::fs::remove_file(site.path().join("content/new.md")).unwrap();
    crate::preview::wait("the page is taken away", || (!out.join("new.md").exists()).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// What a reader finds in a page: headings, code, links and cells of tables, as texts.
fn read_of(html: &str) -> Vec<String> {
    let main = html.split("<main").nth(1).unwrap_or_default().split("</main>").next().unwrap_or_default();
    let content = scraper::Html::parse_fragment(&format!("<main{main}</main>"));
    let select = |selector: &str| scraper::Selector::parse(selector).unwrap();
    let mut all = Vec::new();
    for element in content.select(&select("h1, h2, h3, h4, h5, h6, pre, td, th, a[href]")) {
        let text: String = element.text().collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = element.value().name();
        let is_part = element.value().classes().any(|class| matches!(class, "tabs-tab" | "anchor" | "accordion-link"));
        if is_part {
            continue;
        }
        all.push(format!("{name} {text} {}", element.value().attr("href").unwrap_or_default()));
    }
    all
}

#[test]
fn pages_expanded_for_github_read_the_same() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = SiteFolder::new(&[]);
    let copy = |folder: &str| {
        for entry in walkdir::WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                site.write(&path, std::fs::read(entry.path()).unwrap());
            }
        }
    };
    ["content", "includes"].into_iter().for_each(copy);
    let config = std::fs::read_to_string(root.join("carafe.yml")).unwrap();
    site.write("carafe.yml", &config);
    assert_eq!(site.build(&[]).code, 0);
    let pages: Vec<String> = walkdir::WalkDir::new(site.path().join("_site"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "html"))
        .map(|entry| entry.path().strip_prefix(site.path().join("_site")).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(pages.len() > 40, "{}", pages.len());
    let before: Vec<Vec<String>> = pages.iter().map(|page| read_of(&site.output(page))).collect();
    let (content, out) = (site.path().join("content"), site.path().join("expanded"));
    let ran = expand(&site, &[content.to_str().unwrap(), "-d", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    std::fs::remove_dir_all(&content).unwrap();
    std::fs::rename(&out, &content).unwrap();
    let plain = "defaults:\n  - scope: {path: \"\"}\n    values: {render_with_liquid: false}\n";
    site.write("carafe.yml", config.replacen("defaults:\n", plain, 1));
    assert_eq!(site.build(&[]).code, 0);
    for (page, before) in pages.iter().zip(before) {
        let after = read_of(&site.output(page));
        let differs = before.iter().zip(&after).find(|(before, after)| before != after);
        assert_eq!((differs, before.len()), (None, after.len()), "{page}");
    }
}
