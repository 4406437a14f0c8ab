//! What is known of the name under the cursor, and where it comes from.

use serde_json::Value;

use crate::editor::Editor;
use crate::support::SiteFolder;

const NOTE: &str = "{% doc %}\nA box.\n@param {string} text - What it says.\n@param {\"info\"|\"warn\"} [kind=info]\n{% enddoc %}\n\
                    <p class=\"{{ include.kind }}\">{{ include.text }}</p>";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\nvariables:\n  product: Gateway\n  deep: {a: [1, 2]}\n"),
        ("data/nav/main.yml", "first:\n  name: One\n"),
        ("includes/note.html", NOTE),
        ("includes/tags/box.html", "---\ntag: {kind: block, params: {open: false}}\n---\n{{ content }}"),
        ("templates/wide.html", "{{ page.content | safe }}"),
        ("static/pic.png", "x"),
        ("content/index.md", "---\ntitle: Start\n---\n# Start\n\n## Part é\n"),
        ("content/guides/first.md", "---\ntitle: First\nlayout: wide\n---\n{% include note.html text=\"x\" %}\n"),
    ])
}

fn hover(editor: &mut Editor, text: &str) -> String {
    let found = editor.at("textDocument/hover", "content/index.md", text);
    found["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

/// `PATH LINE:COLUMN`, counted from 1.
fn place(editor: &Editor, location: &Value) -> String {
    if location.is_null() {
        return String::new();
    }
    let start = &location["range"]["start"];
    let number = |value: &Value| value.as_u64().unwrap() + 1;
    format!(
        "{} {}:{}",
        editor.path(location["uri"].as_str().unwrap()),
        number(&start["line"]),
        number(&start["character"])
    )
}

#[test]
fn hover_tells_what_is_known() {
    let site = site();
    let mut editor = Editor::new(site.path());
    for (text, wanted) in [
        (
            "𝒳 {% include no¦te.html text=1 %}",
            "A box.\n\n- `text`: string, required – What it says.\n- `kind`: info or warn, may be left out, default \"info\"\n\nCalled 2 times, in `content/guides/first.md`, `content/index.md`.",
        ),
        ("{% include note.html te¦xt=1 %}", "`text`: string, required – What it says.\n\na parameter of `note.html`"),
        (
            "---\ntitle: Über\n---\n{{ page.ti¦tle }}",
            "`page.title` is a text:\n\n```text\nÜber\n```\n\nfrom `content/index.md`, line 2",
        ),
        ("{{ site.prod¦uct }}", "`site.product` is a text:\n\n```text\nGateway\n```\n\nfrom `carafe.yml`, line 3"),
        ("{{ site.data.nav.main.first.na¦me }}", "One\n```\n\nfrom `data/nav/main.yml`, line 2"),
        ("{{ site.product | upc¦ase }}", "```liquid\n{{ "),
        ("{% ass¦ign a = 1 %}", "Gives a variable a value."),
        ("{% box %}x{% end¦box %}", "{% box %}…{% endbox %}\n```\n\nParameters: `open` (`false`)"),
        ("[x](guides/fi¦rst.md)", "**First**\n\n`/guides/first/`, from `content/guides/first.md`"),
        ("[x](/guides/first/#no¦thing)", "**it has no anchor**"),
        ("[x](/go¦ne/)", "is no page or file of this site"),
        ("---\nwei¦ght: 3\n---\n", "the place in the navigation: small numbers come first"),
        ("plain te¦xt", ""),
        ("{{ nothing.at.a¦ll }}", ""),
    ] {
        let found = hover(&mut editor, text);
        assert!(found.contains(wanted) && (found.is_empty() == wanted.is_empty()), "{text}: {found}");
    }
    let found = editor.at("textDocument/hover", "carafe.yml", "theme:\n  lo¦go: x.svg\n");
    assert!(found["contents"]["value"].as_str().unwrap().contains("a picture before the title"), "{found}");
}

#[test]
fn names_lead_to_where_they_come_from() {
    let site = site();
    let mut editor = Editor::new(site.path());
    for (text, wanted) in [
        ("{% include no¦te.html text=1 %}", "includes/note.html 1:1"),
        ("{% include note.html ki¦nd=1 %}", "includes/note.html 4:25"),
        ("é{% assign a𝒳 = 1 %}\n{{ a𝒳¦ }}", "content/index.md 1:12"),
        ("{% for item in site.pages %}{{ it¦em.title }}{% endfor %}", "content/index.md 1:8"),
        ("{% for item in site.pages %}{{ it¦em }}{% endfor %}", "content/index.md 1:8"),
        ("{{ site.deep.a¦ }}", "carafe.yml 4:10"),
        ("{{ site.tit¦le }}", "carafe.yml 1:1"),
        ("{{ site.data.nav.main.fir¦st }}", "data/nav/main.yml 1:1"),
        ("{{ site.data.nav.ma¦in }}", "data/nav/main.yml 1:1"),
        ("{% bo¦x %}{% endbox %}", "includes/tags/box.html 1:1"),
        ("---\nlayout: wi¦de\n---\n", "templates/wide.html 1:1"),
        ("[x](guides/first¦.md)", "content/guides/first.md 5:1"),
        ("![x](/pic¦.png)", "static/pic.png 1:1"),
        ("# Start\n\n## Part é\n\n[x](#pa¦rt-é)", "content/index.md 3:1"),
        ("{{ x | upc¦ase }}", ""),
    ] {
        let found = editor.at("textDocument/definition", "content/index.md", text);
        assert_eq!(place(&editor, &found), wanted, "{text}");
    }
    let inside = NOTE.replace("include.text", "include.te¦xt");
    let found = editor.at("textDocument/definition", "includes/note.html", &inside);
    assert_eq!(place(&editor, &found), "includes/note.html 3:17");
}

#[test]
fn links_in_translations_lead_to_the_source_where_there_is_no_translation() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "languages: {de: }\nsingle_source: {versions: versions, source: versioned, nav: [nav_*]}\n"),
        ("data/versions.yml", "- {edition: gate, release: 1.x}\n- {edition: gate, release: 2.x}\n"),
        (
            "data/nav_1.yml",
            "product: gate\nrelease: 1.x\ngenerate: true\nitems:\n  - {url: /install/}\n  - {url: /upgrade/}\n",
        ),
        (
            "data/nav_2.yml",
            "product: gate\nrelease: 2.x\ngenerate: true\nitems:\n  - {url: /install/}\n  - {url: /upgrade/}\n",
        ),
        ("versioned/gate/install.md", "---\ntitle: I\n---\nx\n"),
        ("versioned/de/gate/install.md", "---\ntitle: J\n---\nx\n"),
        ("versioned/gate/upgrade.md", "---\ntitle: U\n---\nx\n"),
        ("content/a.md", "---\ntitle: A\n---\nx\n"),
        ("content/b.md", "---\ntitle: B\n---\nx\n"),
        ("content/de/a.md", "---\ntitle: A\n---\nx\n"),
    ]);
    let mut editor = Editor::new(site.path());
    for (path, text, wanted) in [
        ("versioned/de/gate/install.md", "[x](upg¦rade.md)", "versioned/gate/upgrade.md 4:1"),
        ("versioned/gate/upgrade.md", "[x](inst¦all.md)", "versioned/gate/install.md 4:1"),
        ("content/de/a.md", "[x](b¦.md)", "content/b.md 4:1"),
        ("content/de/a.md", "[x](no¦where.md)", ""),
    ] {
        let found = editor.at("textDocument/definition", path, text);
        assert_eq!(place(&editor, &found), wanted, "{path} {text}");
    }
    let hints = editor.at("textDocument/hover", "versioned/de/gate/install.md", "[x](upg¦rade.md)");
    assert!(hints["contents"]["value"].as_str().unwrap().contains("from `versioned/gate/upgrade.md`"), "{hints}");
}
