//! What may be written where the cursor stands.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::SiteFolder;

const NOTE: &str = "{% doc %}\nA box.\n@param {string} text - What it says.\n@param {\"info\"|\"warn\"} [kind=info]\n@param {boolean} [open]\n{% enddoc %}\n\
                    <p class=\"{{ include.kind }}\">{{ include.text }}{{ include.open }}</p>";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        (
            "carafe.yml",
            "title: T\nvariables: {product: Gateway}\nfront_matter:\n  \"**\": {audience: [admins, users]}\n",
        ),
        ("data/nav/main.yml", "first:\n  name: One\n"),
        ("includes/note.html", NOTE),
        ("includes/tags/box.html", "---\ntag: {kind: block, params: {open: false}}\n---\n{{ content }}"),
        ("templates/wide.html", "{{ page.content | safe }}"),
        ("static/pics/a.png", "x"),
        ("content/index.md", "---\ntitle: Start\n---\n## Part one\n\n## Teil é\n"),
        ("content/guides/first.md", "---\ntitle: First\n---\n"),
    ])
}

/// What is proposed at a place: the labels in the order in which editors show them.
fn labels(found: &Value) -> Vec<String> {
    let key = |item: &Value| item["sortText"].as_str().or(item["label"].as_str()).unwrap().to_owned();
    let mut items: Vec<(String, String)> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (key(item), item["label"].as_str().unwrap().to_owned()))
        .collect();
    items.sort();
    items.into_iter().map(|(_, label)| label).collect()
}

/// The text after the proposal of this label is taken.
fn taken(found: &Value, label: &str, text: &str) -> String {
    let text = text.replace('¦', "");
    let item = found["items"].as_array().unwrap().iter().find(|item| item["label"] == label).unwrap();
    let range = &item["textEdit"]["range"];
    let offset = |position: &Value| {
        let line: usize = text
            .split_inclusive('\n')
            .take(usize::try_from(position["line"].as_u64().unwrap()).unwrap())
            .map(str::len)
            .sum();
        let units = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
        let rest = &text[line..];
        let end = rest
            .char_indices()
            .scan(0, |seen, (at, c)| {
                let here = (*seen, at);
                *seen += c.len_utf16();
                Some(here)
            })
            .find(|(seen, _)| *seen == units);
        line + end.map_or(rest.len(), |(_, at)| at)
    };
    format!(
        "{}{}{}",
        &text[..offset(&range["start"])],
        item["textEdit"]["newText"].as_str().unwrap(),
        &text[offset(&range["end"])..]
    )
}

#[test]
fn what_fits_is_proposed() {
    let site = site();
    let mut editor = Editor::new(site.path());
    for (text, label, result) in [
        ("𝒳 {% inclu¦ %}", "include", "𝒳 {% include %}"),
        ("{% if a %}{% ¦ %}", "endif", "{% if a %}{% endif %}"),
        ("{% b¦", "box", "{% box ${1} %}\n$0\n{% endbox %}"),
        ("{% include ¦", "note.html", "{% include note.html text=\"${1}\""),
        ("{% include no¦ text=\"a\" %}", "note.html", "{% include note.html text=\"a\" %}"),
        ("{% include note.html t¦ %}", "text", "{% include note.html text=\"$1\" %}"),
        ("{% include note.html text=\"é\" ¦ %}", "kind", "{% include note.html text=\"é\" kind=\"${1|info,warn|}\" %}"),
        ("{% include note.html kind=\"¦\" %}", "warn", "{% include note.html kind=\"warn\" %}"),
        ("{% include note.html kind=¦ %}", "warn", "{% include note.html kind=\"warn\" %}"),
        ("{% include note.html open=¦ %}", "true", "{% include note.html open=true %}"),
        ("{% include note.html text=site.¦ %}", "product", "{% include note.html text=site.product %}"),
        ("{% box o¦ %}", "open", "{% box open= %}"),
        ("{{ 'a' | up¦ }}", "upcase", "{{ 'a' | upcase }}"),
        ("{% assign über = 1 %}{{ ü¦ }}", "über", "{% assign über = 1 %}{{ über }}"),
        ("{{ page.¦ }}", "url", "{{ page.url }}"),
        ("{{ site.data.nav.¦ }}", "main", "{{ site.data.nav.main }}"),
        ("{{ site.data.nav.main.first.¦ }}", "name", "{{ site.data.nav.main.first.name }}"),
        ("{% if site.pr¦ %}", "product", "{% if site.product %}"),
        ("[x](¦)", "guides/first.md", "[x](guides/first.md)"),
        ("[x](/¦)", "/guides/first/", "[x](/guides/first/)"),
        ("## Part one\n[x](#p¦)", "part-one", "## Part one\n[x](#part-one)"),
        ("![x](¦)", "/pics/a.png", "![x](/pics/a.png)"),
        ("```ru¦\n```", "ruby", "```ruby\n```"),
        ("---\nwe¦\n---\n", "weight", "---\nweight: \n---\n"),
        ("---\nlayout: w¦\n---\n", "wide", "---\nlayout: wide\n---\n"),
        ("---\naudience: ¦\n---\n", "users", "---\naudience: users\n---\n"),
    ] {
        let found = editor.at("textDocument/completion", "content/index.md", text);
        assert!(labels(&found).iter().any(|known| known == label), "{text}: {:?}", labels(&found));
        assert_eq!(taken(&found, label, text), result, "{text}");
    }
    let found = editor.at("textDocument/completion", "content/index.md", "{% include note.html ¦ %}");
    assert_eq!(labels(&found), ["text", "kind", "open"]);
    let about = &found["items"][0]["documentation"]["value"];
    assert_eq!(about, "string, required – What it says.");
    for text in ["plain ¦", "{% include note.html text=\"a ¦\" %}", "{{ nothing.¦ }}", "`code ¦`"] {
        let found = editor.at("textDocument/completion", "content/index.md", text);
        assert_eq!(labels(&found), [""; 0], "{text}");
    }
}

#[test]
fn includes_and_the_configuration_have_their_own_names() {
    let site = site();
    let mut editor = Editor::new(site.path());
    let inside = NOTE.replace("include.text", "include.¦");
    let found = editor.at("textDocument/completion", "includes/note.html", &inside);
    assert_eq!(labels(&found), ["kind", "open", "text"]);
    // What is typed need not be a configuration yet, nor ever have been one.
    for (text, label, result) in [
        ("titel: x\nbas¦", "baseurl", "titel: x\nbaseurl: "),
        ("tit¦", "title", "title: "),
        ("theme:\n  lo¦", "logo", "theme:\n  logo: "),
        ("follow_links: ¦", "true", "follow_links: true"),
        ("diagnostics:\n  broken-l¦", "broken-link", "diagnostics:\n  broken-link: "),
        ("diagnostics:\n  broken-link: ¦", "off", "diagnostics:\n  broken-link: off"),
    ] {
        let mut editor = Editor::new(site.path());
        let found = editor.at("textDocument/completion", "carafe.yml", text);
        assert!(labels(&found).iter().any(|known| known == label), "{text}: {:?}", labels(&found));
        assert_eq!(taken(&found, label, text), result, "{text}");
    }
}

#[test]
fn editors_without_snippets_get_plain_text() {
    let site = site();
    let mut editor = Editor::with(site.path(), json!({}));
    let text = "{% include note.html t¦ %}";
    let found = editor.at("textDocument/completion", "content/index.md", text);
    assert_eq!(taken(&found, "text", text), "{% include note.html text= %}");
    assert!(found["items"].as_array().unwrap().iter().all(|item| item.get("insertTextFormat").is_none()));
}

#[test]
fn jekyll_data_and_tests_have_theirs() {
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("index.md", "---\n---\n")]);
    let mut editor = Editor::new(site.path());
    for (path, text, label, result) in [
        ("_config.yml", "x: [1\ncol¦", "collections", "x: [1\ncollections: "),
        ("_config.yml", "col¦", "collections", "collections: "),
        ("_config.yml", "kramdown:\n  in¦", "input", "kramdown:\n  input: "),
        ("_config.yml", "é: 1\npermalink: ¦", "pretty", "é: 1\npermalink: pretty"),
        ("index.md", "---\nper¦\n---\n", "permalink", "---\npermalink: \n---\n"),
    ] {
        let found = editor.at("textDocument/completion", path, text);
        assert_eq!(taken(&found, label, text), result, "{text}");
    }
    let site = self::site();
    let mut editor = Editor::new(site.path());
    let tests = "tests/includes/note.yml";
    for (path, text, label, result) in [
        ("data/nav/main.yml", "- {a: 1}\n- über: 1\n  url: x\n- u¦", "url", "- {a: 1}\n- über: 1\n  url: x\n- url: "),
        (tests, "inc¦", "include", "include: "),
        (tests, "include: no¦", "note.html", "include: note.html"),
        (
            tests,
            "include: note.html\ncases:\n  - name: é\n    ex¦",
            "expect",
            "include: note.html\ncases:\n  - name: é\n    expect: ",
        ),
        (
            tests,
            "include: note.html\ncases:\n  - name: é\n    params: {te¦}",
            "text",
            "include: note.html\ncases:\n  - name: é\n    params: {text: }",
        ),
        (
            tests,
            "cases:\n  - name: é\n    include: note.html\n    params:\n      k¦",
            "kind",
            "cases:\n  - name: é\n    include: note.html\n    params:\n      kind: ",
        ),
    ] {
        let found = editor.at("textDocument/completion", path, text);
        assert!(labels(&found).iter().any(|known| known == label), "{text}: {:?}", labels(&found));
        assert_eq!(taken(&found, label, text), result, "{text}");
    }
}
