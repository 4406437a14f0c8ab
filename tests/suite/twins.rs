//! Pages as Markdown beside the HTML, and the lists of them, for programs.

use std::fs;

use carafe::session::Session;
use carafe::world::Options;

use crate::preview::Server;
use crate::support::{SiteFolder, run};

const CONFIG: &str = "title: Tea [and] more\ndescription: How it is brewed.\nurl: https://tea.example.org\nbaseurl: /docs\n\
    outputs: [html, markdown, llms]\nvariables: {pot: Kettle}\n";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", CONFIG),
        ("content/index.md", "---\ntitle: Start\n---\nSee [the guide](guides/first.md).\n"),
        (
            "content/guides/first.md",
            "---\ntitle: First *steps*\ndescription: With a {{ site.pot }}.\nweight: 1\n---\n{% include tip.md %}\n\n\
             {% note Mind [it](second.md) %}\nThe [file](second.md#heat) and ![a pot](pot.png).\n\n{% include tip.md %}\n{% endnote %}\n\n\
             [by address](../second/) [here](#a) [out](https://example.org/x) [root](/docs/other/) [ref] <a href=\"second.md\">raw</a>\n\n\
             `[code](second.md)`\n\n```md\n[code](second.md)\n[ref]: second.md\n```\n\n    [indented](second.md)\n\n[ref]: second.md \"T\"\n",
        ),
        ("content/guides/second.md", "---\ntitle: Second\nweight: 2\n---\n# Own title\n\nPlain.\n"),
        ("content/guides/pot.png", "png"),
        ("content/guides/hidden.md", "---\ntitle: Hidden\nnav: false\n---\nUnlisted.\n"),
        ("content/guides/secret.md", "---\ntitle: Secret\nnoindex: true\nnav: false\n---\nNot for robots.\n"),
        ("content/table.html", "---\ntitle: Table (1)\nweight: 9\n---\n<p><a href=\"../guides/first/\">x</a></p>\n"),
        ("includes/tip.md", "A [tip](../content/guides/second.md).\n"),
    ])
}

#[test]
fn every_page_is_markdown_too_and_its_links_are_whole() {
    let site = site();
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let second = "https://tea.example.org/docs/guides/second/";
    let expected = format!(
        "# First \\*steps\\*\n\n> With a Kettle.\n\nA [tip]({second}).\n\n> [!NOTE]\n> **Mind [it]({second})**\n>\n\
         > The [file]({second}#heat) and ![a pot](https://tea.example.org/docs/guides/pot.png).\n>\n> A [tip]({second}).\n\n\
         [by address]({second}) [here](#a) [out](https://example.org/x) [root](https://tea.example.org/docs/other/) [ref] <a href=\"{second}\">raw</a>\n\n\
         `[code](second.md)`\n\n```md\n[code](second.md)\n[ref]: second.md\n```\n\n    [indented](second.md)\n\n[ref]: {second} \"T\"\n"
    );
    assert_eq!(site.output("guides/first.md"), expected);
    assert_eq!(site.output("guides/second.md"), "# Own title\n\nPlain.\n");
    assert_eq!(site.output("index.md"), "# Start\n\nSee [the guide](https://tea.example.org/docs/guides/first/).\n");
    let table = site.output("table.md");
    assert_eq!(table, "# Table (1)\n\n<p><a href=\"https://tea.example.org/docs/guides/first/\">x</a></p>\n");
    let page = site.output("guides/first/index.html");
    assert!(page.contains("<link rel=\"alternate\" type=\"text/markdown\" href=\"/docs/guides/first.md\">"), "{page}");
    assert!(page.contains("<a href=\"/docs/guides/first.md\" type=\"text/markdown\">View as Markdown</a>"), "{page}");
    // The links of the theme lead somewhere.
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(ran.stderr.contains("broken-anchor") && !ran.stderr.contains("first.md` is no page"), "{}", ran.stderr);
    // What search engines are to leave out is out of their map, and has no second address.
    let secret = site.output("guides/secret/index.html");
    assert!(
        secret.contains("<meta name=\"robots\" content=\"noindex\">") && !secret.contains("text/markdown"),
        "{secret}"
    );
    assert!(
        !site.path().join("_site/guides/secret.md").exists() && site.path().join("_site/guides/hidden.md").exists()
    );
    assert!(!site.output("sitemap.xml").contains("secret"));
    assert!(!site.path().join("_site/404.md").exists());
}

#[test]
fn links_in_the_bodies_of_tags_are_whole_too() {
    let site = site();
    site.write("content/guides/a.md", "[x](second.md)\n\n{% note %}\n[y](second.md) ![z](pot.png)\n\n{% include tip.md %}\n{% endnote %}\n\n- {% badge [v](second.md) %}\n");
    site.write("content/guides/b.md", "{% note %}\n[y][r]\n{% endnote %}\n\n[r]: second.md\n");
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let second = "https://tea.example.org/docs/guides/second/";
    let text = site.output("guides/a.md");
    let own = format!(
        "[x]({second})\n\n> [!NOTE]\n> [y]({second}) ![z](https://tea.example.org/docs/guides/pot.png)\n>\n> A [tip]({second}).\n"
    );
    assert!(text.contains(&own), "{text}");
    let text = site.output("guides/b.md");
    assert!(text.ends_with(&format!("> [!NOTE]\n> [y][r]\n\n[r]: {second}\n")), "{text}");
}

#[test]
fn without_the_option_nothing_of_it_is_there() {
    let site = site();
    site.write("carafe.yml", "title: T\n");
    assert_eq!(site.build(&[]).code, 0);
    assert!(
        !site
            .files()
            .keys()
            .any(|path| path.extension().is_some_and(|ending| ending == "md") || path.ends_with("llms.txt"))
    );
    assert!(!site.output("index.html").contains("Markdown"));
}

#[test]
fn lists_name_the_pages_in_the_form_that_is_proposed() {
    let site = site();
    site.write("static/other.txt", "x");
    site.build(&[]);
    let root = "https://tea.example.org/docs";
    let expected = format!(
        "# Tea \\[and\\] more\n\n> How it is brewed.\n\n## Pages\n\n- [Start]({root}/index.md)\n- [Table (1)]({root}/table.md)\n\n\
         ## Guides\n\n- [First \\*steps\\*]({root}/guides/first.md): With a Kettle.\n- [Second]({root}/guides/second.md)\n"
    );
    assert_eq!(site.output("llms.txt"), expected);
    let full = site.output("llms-full.txt");
    assert!(
        full.starts_with(
            "# Tea \\[and\\] more\n\n> How it is brewed.\n\n---\n\nSource: https://tea.example.org/docs/\n\n# Start\n"
        ),
        "{full}"
    );
    assert!(full.contains(&format!("\n---\n\nSource: {root}/guides/second/\n\n# Own title\n")), "{full}");
    assert!(!full.contains("Unlisted") && !full.contains("robots"), "{full}");
    // A site's own list stands.
    site.write("static/llms.txt", "mine\n");
    site.write("carafe.yml", format!("{CONFIG}nav:\n  - Only: guides/second.md\n"));
    site.build(&[]);
    assert_eq!(site.output("llms.txt"), "mine\n");
    fs::remove_file(site.path().join("static/llms.txt")).unwrap();
    site.build(&[]);
    let list = site.output("llms.txt");
    let optional = list.split("## Optional\n").nth(1).unwrap();
    assert!(optional.contains("[Table (1)]") && !optional.contains("[Second]") && !list.contains("Hidden"), "{list}");
}

#[test]
fn each_release_has_lists_of_its_own() {
    let site = SiteFolder::new(&[
        (
            "carafe.yml",
            "title: Tea\noutputs: [html, markdown, llms]\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n",
        ),
        (
            "_src/tea/install.md",
            "---\ntitle: Install\n---\n{% if_version gte:1.1.x %}new{% else %}old{% endif_version %} [more](more.md)\n",
        ),
        ("_src/tea/more.md", "---\ntitle: More\n---\nMore of {{ page.release }}.\n"),
        ("content/index.md", "---\ntitle: Start\n---\nHi.\n"),
        ("data/versions.yml", "- {edition: tea, release: 1.0.x}\n- {edition: tea, release: 1.1.x}\n"),
        (
            "data/nav_tea_1.0.x.yml",
            "product: tea\nrelease: 1.0.x\ngenerate: true\nitems:\n  - title: Begin\n    items:\n      - {text: Install, url: /install/}\n      - {text: More, url: /more/}\n",
        ),
        (
            "data/nav_tea_1.1.x.yml",
            "product: tea\nrelease: 1.1.x\ngenerate: true\nitems:\n  - {text: Install, url: /install/}\n  - {text: More, url: /more/}\n",
        ),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.output("tea/1.0.x/install.md"), "# Install\n\nold [more](/tea/1.0.x/more/)\n");
    let old = "# Tea: tea 1.0.x\n\n## Begin\n\n- [Install](/tea/1.0.x/install.md)\n- [More](/tea/1.0.x/more.md)\n";
    assert_eq!(site.output("tea/1.0.x/llms.txt"), old);
    assert!(
        site.output("tea/1.0.x/llms-full.txt").contains("More of 1.0.x.")
            && !site.output("llms-full.txt").contains("1.0.x")
    );
    assert!(site.output("llms-full.txt").contains("More of 1.1.x."));
    let top = "# Tea\n\n## Pages\n\n- [Start](/index.md)\n\n## tea 1.1.x\n\n- [Install](/tea/1.1.x/install.md)\n- [More](/tea/1.1.x/more.md)\n\n\
        ## Optional\n\n- [Tea: tea 1.0.x](/tea/1.0.x/llms.txt)\n- [Tea: tea 1.1.x](/tea/1.1.x/llms.txt)\n";
    assert_eq!(site.output("llms.txt"), top);
}

#[test]
fn two_with_one_address_are_an_error_with_both_places() {
    let site = site();
    site.write("static/guides/first.md", "taken\n");
    site.write("content/guides.html", "---\ntitle: One\npermalink: /guides/second.html\n---\nx\n");
    site.write("content/old.md", "---\ntitle: Old\nredirect_from: /index.md\n---\nx\n");
    site.write("content/file.md", "---\ntitle: File\npermalink: /old.md\n---\nx\n");
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    for told in [
        "the Markdown of `content/guides/first.md` and `static/guides/first.md` have the same address `/guides/first.md`",
        "the Markdown of `content/guides/second.md` and the Markdown of `content/guides.html` have the same address `/guides/second.md`",
        "the Markdown of `content/old.md` and `content/file.md` have the same address `/old.md`",
        "the old address `/index.md` is that of a file that Carafe writes itself",
        "the page that has it",
    ] {
        assert!(ran.stderr.contains(told), "{told}\n{}", ran.stderr);
    }
    site.write("carafe.yml", "title: T\noutputs: [html, markdwn]\n");
    assert!(site.build(&[]).stderr.contains("did you mean `markdown`?"));
    site.write("carafe.yml", "title: T\noutputs: [llms]\n");
    let ran = site.build(&[]);
    assert!(
        ran.stderr.contains("`outputs` leaves out `html`") && ran.stderr.contains("add `markdown`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_cached_build_gives_the_same_and_notices_what_changes() {
    let site = site();
    assert_eq!(site.build(&["--cache"]).code, 0);
    let clean = site.files();
    let warm = site.build(&["--cache", "--verify", "-V"]);
    assert_eq!(warm.code, 0, "{}", warm.stderr);
    assert!(warm.stderr.contains("6 of 6 pages taken"), "{}", warm.stderr);
    assert_eq!(site.files(), clean);
    site.write("includes/tip.md", "Another [tip](../content/table.html).\n");
    let ran = site.build(&["--cache", "--verify"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("guides/first.md").contains("Another [tip](https://tea.example.org/docs/table/)"));
    assert!(site.output("llms-full.txt").contains("Another [tip]"));
    // The page that a link by file names has another address now.
    site.write("content/guides/second.md", "---\ntitle: Second\npermalink: /moved/\n---\nPlain.\n");
    assert_eq!(site.build(&["--cache", "--verify"]).code, 0);
    assert!(site.output("guides/first.md").contains("[file](https://tea.example.org/docs/moved/#heat)"));
    // The preview's files are those of a build.
    let session = Session::open(&Options { source: site.path().to_owned(), ..Options::default() }).unwrap();
    let outputs = session.outputs();
    for (path, bytes) in site.files() {
        let path = path.to_str().unwrap();
        if !path.contains("carafe") {
            assert!(outputs.get(path) == Some(&bytes), "{path}");
        }
    }
}

#[test]
fn the_preview_serves_them_as_they_are_now() {
    let site = site();
    let server = Server::start(&site, &[]);
    server.until("/docs/guides/first.md", "With a Kettle.");
    server.until("/docs/llms.txt", "First \\*steps\\*");
    server.until("/docs/llms-full.txt", "Own title");
    site.write("content/guides/second.md", "---\ntitle: Second of two\nweight: 2\n---\nNew text.\n");
    server.until("/docs/guides/second.md", "New text.");
    server.until("/docs/llms.txt", "Second of two");
    server.until("/docs/llms-full.txt", "New text.");
    // A page that fails has no other form.
    site.write("content/guides/second.md", "---\ntitle: Second\n---\n{% if %}\n");
    server.until("/docs/guides/second.md", "Page not found");
    site.write("content/guides/second.md", "---\ntitle: Second\n---\nWell again.\n");
    server.until("/docs/guides/second.md", "Well again.");
}

#[test]
fn what_fails_only_as_markdown_is_told() {
    let site = site();
    site.write("includes/tags/card.html", "---\ntag:\n  kind: block\n  content: markdown\n  markdown: |\n    {{ content | divided_by: 0 }}\n---\n<div>{{ content }}</div>\n");
    site.write("content/card.md", "---\ntitle: Card\n---\n{% card %}\nx\n{% endcard %}\n");
    let built = site.build(&[]);
    assert_eq!(built.code, 1, "{}", built.stderr);
    let checked = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
}

/// A page's Markdown is what `expand` gives, whether it was written beside the HTML or by itself.
#[test]
fn both_ways_to_a_pages_markdown_give_the_same() {
    let site = site();
    site.write("content/guides/second.md", "---\ntitle: Second\n---\nHeat.\n");
    let card =
        "---\ntag: {kind: block, content: markdown, markup: title}\n---\n<div class=\"card\">{{ content }}</div>\n";
    site.write("includes/tags/card.html", card);
    site.write("includes/snip.md", "{% tip T %}\nIn an include.\n{% endtip %}\n");
    let texts = [
        "- a\n\n  {% note One %}\n  {% tip %}Inner {{ 1 }}{% endtip %}\n  {% endnote %}\n- b {% include snip.md %}\n\n> {% include snip.md %}\n",
        "{% tabs %}\n{% tab A %}\n{% accordion B %}\nx\n\n- y\n{% endaccordion %}\n{% endtab %}\n{% tab C `d` %}\n```sh\n$ e\n```\n{% endtab %}\n{% endtabs %}\n",
        "{% card T %}\n{% note %}in HTML{% endnote %}\n\n*x*\n{% endcard %}\ntext {% note %}within{% endnote %} text\n",
        "{% highlight ruby %}\nputs 1\n{% endhighlight %}\n\n{% note %}\n{% highlight yaml %}\na: 1\n{% endhighlight %}\n{% endnote %}\n",
        "{% capture x %}{% note %}held{% endnote %}{% endcapture %}{{ x }}\n\n{{ x | upcase }}\n",
        "| a | b |\n|---|---|\n| {% note %}cell{% endnote %} | {% include snip.md %} |\n",
        "{% for i in (1..3) %}\n{% if i != 2 %}{% note N{{ i }} %}[x][r] {{ i }}{% endnote %}{% endif %}\n{% endfor %}\n\n[r]: https://example.org\n",
        "{% include_code carafe.yml lines=\"1-2\" lang=\"yaml\" %}\n",
        "Plain, without a tag.\n",
    ];
    for (number, text) in texts.iter().enumerate() {
        site.write(&format!("content/t{number}.md"), format!("---\ntitle: T{number}\n---\n{text}"));
    }
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (number, text) in texts.iter().enumerate() {
        let path = site.path().join(format!("content/t{number}.md"));
        let expanded =
            run(&["expand", path.to_str().unwrap(), "-s", site.path().to_str().unwrap(), "--front-matter", "drop"]);
        assert_eq!(site.output(&format!("t{number}.md")), format!("# T{number}\n\n{}", expanded.stdout), "{}", text);
    }
}
