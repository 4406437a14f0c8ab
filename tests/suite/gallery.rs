//! The gallery of includes: as files that `carafe gallery` writes, and as the preview answers.

use crate::preview::{Answer, Server};
use crate::support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Ran, SiteFolder, files, run};

const HELP: &str = "{% doc %}
  Where help is. Call it at the `end`.

  @param {string} name - Who is asked.
  @param {boolean} [loud=false]
  @param {\"de\"|\"en\"} [language=en]
  @param {array} [hosts]
  @param {string} [who]
  @deprecated who Use `name`.
  @example
  {% include people/help.md name=\"Ann\" %}
{% enddoc -%}
Ask **{{ include.name }}**{% if include.loud %}!{% else %}.{% endif %} ![map](../pictures/map.png) [Guide](/guide/)
";

fn site(more: &[(&str, &str)]) -> SiteFolder {
    let files = [
        ("carafe.yml", "title: Tests\ntheme:\n  styles: [own.css]\n"),
        ("content/index.md", "---\ntitle: Home\n---\n{% include people/help.md name=\"Bob\" %}\n"),
        ("content/guide.md", "---\ntitle: The guide\n---\n{% include outer.md %}\n"),
        ("includes/people/help.md", HELP),
        ("includes/outer.md", "{% include people/help.md name=\"Cleo\" loud=true %}\n"),
        ("static/own.css", "p { background: url(\"pictures/dots.png\") }\n"),
        ("static/pictures/dots.png", "dots"),
        ("static/pictures/map.png", "map"),
        ("static/unused.png", "nobody asks for it"),
    ];
    SiteFolder::new(&[&files[..], more].concat())
}

fn gallery(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["gallery", "-s", site.path().to_str().unwrap()], args].concat())
}

fn written(site: &SiteFolder, path: &str) -> String {
    let path = site.path().join("_gallery").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
}

fn holds(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "`{part}` is not in\n{html}");
    }
}

#[test]
fn a_page_tells_all_of_an_include() {
    let site = site(&[(
        "tests/includes/help.yml",
        "include: people/help.md\ncases:\n  - name: loudly\n    params: {name: Dan, loud: true}\n    expect: [{select: p, contains: '!'}]\n",
    )]);
    let ran = gallery(&site, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("Gallery of 2 includes →") && ran.stderr.contains("index.html"), "{}", ran.stderr);
    holds(
        &written(&site, "index.html"),
        &["includes/people/help.md/index.html", "Where help is.", "2 tests pass", "2 includes"],
    );
    let page = written(&site, "includes/people/help.md/index.html");
    holds(
        &page,
        &[
            "<span class=\"folder\">people/</span>help.md",
            "called 2 times, on 2 pages",
            "Call it at the <code>end</code>.",
            "Who is asked.",
            "<strong>required</strong>",
            "default <code>false</code>",
            "<code>de</code> or <code>en</code>",
            "<input type=\"checkbox\" id=\"p1\" name=\"loud\"",
            "<option value=\"de\">",
            "<strong>Deprecated.</strong> Use <code>name</code>.",
            "<code>{% include people/help.md name=&quot;Ann&quot; %}</code>",
            "2 of 2 branches taken",
            "2 of 5 parameters passed",
            "Never passed: <code>hosts</code>",
            "<code>content/<wbr>index.md</code>",
            "../../../includes/outer.md/index.html",
            "<span class=\"badge good\">passes</span> loudly",
        ],
    );
    let test = written(&site, "frames/people/help.md/test-1.html");
    holds(&test, &["Ask <strong>Dan</strong>!"]);
}

#[test]
fn a_frame_is_in_the_sites_theme_and_has_beside_it_what_it_shows() {
    let site = site(&[]);
    assert_eq!(gallery(&site, &[]).code, 0);
    let frame = written(&site, "frames/people/help.md/example-1-1.html");
    holds(
        &frame,
        &[
            "<html lang=\"en\"",
            "Ask <strong>Ann</strong>.",
            "class=\"content\"",
            "src=\"../../../site/pictures/map.png\"",
        ],
    );
    for absent in ["site-header", "Built with", " href=\"/", " src=\"/"] {
        assert!(!frame.contains(absent), "{absent}: {frame}");
    }
    // Every file that a frame names is there, and what style sheets name.
    let folder = site.path().join("_gallery/frames/people/help.md");
    let mut count = 0;
    for part in frame.split(['"', ' ']).filter(|part| part.starts_with("../../../site/")) {
        assert!(folder.join(part).is_file(), "{part}");
        count += 1;
    }
    assert!(count >= 4, "{frame}");
    assert!(site.path().join("_gallery/site/pictures/dots.png").is_file());
    assert!(!site.path().join("_gallery/site/unused.png").exists());
    // Of a site that says where it is published, links lead there.
    assert!(frame.contains("<a data-href=\"/guide/\">Guide</a>"), "{frame}");
    site.write("carafe.yml", "title: T\nurl: https://docs.example.org\nbaseurl: /v1\n");
    site.write("includes/people/help.md", HELP.replace("/guide/", "/v1/guide/"));
    assert_eq!(gallery(&site, &[]).code, 0);
    holds(
        &written(&site, "frames/people/help.md/example-1-1.html"),
        &["<a href=\"https://docs.example.org/v1/guide/\">"],
    );
    holds(
        &written(&site, "includes/people/help.md/index.html"),
        &["<a href=\"https://docs.example.org/v1/\">Home</a>"],
    );
}

#[test]
fn releases_that_differ_stand_side_by_side() {
    let doc =
        |name: &str, text: &str| format!("{{% doc %}}\n@example\n{{% include {name} %}}\n{{% enddoc -%}}\n{text}\n");
    let differs = doc("differs.md", "The {% if_version gte:1.1.x %}new{% else %}old{% endif_version %} way.");
    let nav = |release: &str| {
        format!("product: tea\nrelease: {release}\ngenerate: true\nitems: [{{text: Pot, url: /pot/}}]\n")
    };
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n"),
        ("_src/tea/pot.md", "---\ntitle: Pot\n---\n{% include differs.md %}\n{% include same.md %}\n"),
        ("includes/differs.md", &differs),
        ("includes/same.md", &doc("same.md", "Water.")),
        (
            "data/versions.yml",
            "- {edition: tea, release: 1.0.x}\n- {edition: tea, release: 1.1.x}\n- {edition: tea, release: 1.2.x}\n",
        ),
        ("tests/includes/differs.yml", "include: differs.md\nreleases: [tea/1.0.x]\n"),
        ("data/nav_tea_1.0.x.yml", &nav("1.0.x")),
        ("data/nav_tea_1.1.x.yml", &nav("1.1.x")),
        ("data/nav_tea_1.2.x.yml", &nav("1.2.x")),
    ]);
    assert_eq!(gallery(&site, &[]).code, 0);
    let page = written(&site, "includes/differs.md/index.html");
    holds(
        &page,
        &[
            "<p class=\"of\"><span>1.0.x</span></p>",
            "<p class=\"of\"><span>1.1.x</span> <span>1.2.x</span></p>",
            "on 1 page in 3 releases",
            "1 test passes",
            "<code>_src/<wbr>tea/<wbr>pot.md</code>",
            "3 releases",
        ],
    );
    holds(&written(&site, "frames/differs.md/example-1-1.html"), &["The old way."]);
    holds(&written(&site, "frames/differs.md/example-1-2.html"), &["The new way."]);
    assert!(!written(&site, "includes/same.md/index.html").contains("class=\"of\""));
    assert!(!site.path().join("_gallery/frames/same.md/example-1-2.html").exists());
    let server = Server::start(&site, &["-P", "0"]);
    holds(&server.get("/__carafe/gallery/includes/differs.md/").body, &["<option value=\"tea/1.1.x\">1.1.x</option>"]);
    for (release, word) in [("tea/1.0.x", "old"), ("tea/1.2.x", "new")] {
        let body = json!({ "include": "differs.md", "release": release, "values": {} }).to_string();
        let head = format!("Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let answer = server.send_body("/__carafe/gallery/render", &head, &body);
        assert!(answer.body.contains(&format!("The {word} way.")), "{}", answer.body);
    }
}

#[test]
fn what_fails_keeps_the_last_good_gallery_and_is_shown_by_the_preview() {
    let site = site(&[]);
    assert_eq!(gallery(&site, &[]).code, 0);
    let good = files(&site.path().join("_gallery"));
    site.write("includes/people/help.md", HELP.replace("Ask", "{% include nowhere.md %} Ask"));
    let ran = gallery(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("nowhere.md") && ran.stderr.contains("Nothing was written"), "{}", ran.stderr);
    assert_eq!(files(&site.path().join("_gallery")), good);
    let server = Server::start(&site, &["-P", "0"]);
    let page = server.get("/__carafe/gallery/includes/people/help.md/");
    assert_eq!(page.status, 200);
    holds(&page.body, &["data-from=\"../../../whole/people/help.md/\"", "there is no include `nowhere.md`"]);
    let page = server.get("/__carafe/gallery/whole/people/help.md/");
    holds(&page.body, &["1 of 1 test fails", "<pre class=\"problems\"", "there is no include `nowhere.md`"]);
}

#[test]
fn the_folder_is_written_as_a_build_writes_its_own() {
    let site = site(&[]);
    assert_eq!(gallery(&site, &[]).code, 0);
    let first = files(&site.path().join("_gallery"));
    assert_eq!(gallery(&site, &[]).code, 0);
    assert_eq!(files(&site.path().join("_gallery")), first);
    site.build(&[]);
    let built = site.files();
    for (folder, said) in [
        (site.path().join("_site"), "is where the site is built"),
        (site.path().join("content"), "holds files that Carafe did not make"),
        (site.path().to_owned(), "holds the site's own sources"),
    ] {
        let ran = gallery(&site, &["-d", folder.to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert_eq!(site.files(), built);
    let named = tempfile::tempdir().unwrap();
    let named = named.path().join("of includes");
    assert_eq!(gallery(&site, &["-d", named.to_str().unwrap()]).code, 0);
    assert!(named.join("index.html").is_file());
    assert_eq!(gallery(&SiteFolder::new(&[("carafe.yml", "nonsense: [\n")]), &[]).code, 2);
}

#[test]
fn includes_of_every_kind_have_a_page() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: Home\n---\n{% include größe/maß.md %}\n"),
        ("includes/größe/maß.md", "Fünf Ellen {{ include.länge }}.\n"),
        ("includes/plain.md", "Only {{ include.this }}, {{ include.other | default: 'b' }}.\n"),
        ("includes/a b.md", "Blanks.\n"),
        ("includes/100%.md", "Percent.\n"),
        (
            "includes/needs.md",
            "{% doc %}\n@param {string} text\n@param {number} count\n@param {\"a\"|\"b\"} kind\n{% enddoc -%}\n{{ include.text }} {{ include.count }} {{ include.kind }}\n",
        ),
        ("includes/markup.html", "<script>alert(1)</script></main></body><p>x\n"),
    ]);
    let ran = gallery(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    holds(
        &written(&site, "includes/größe/maß.md/index.html"),
        &["Home", "../../../frames/gr%C3%B6%C3%9Fe/ma%C3%9F.md/first.html"],
    );
    holds(&written(&site, "frames/größe/maß.md/first.html"), &["Fünf Ellen"]);
    holds(
        &written(&site, "includes/plain.md/index.html"),
        &["these are the ones that it reads", "name=\"this\"", "It has no description"],
    );
    // Something that fits stands for what is required.
    holds(&written(&site, "frames/needs.md/first.html"), &["text 1 a"]);
    holds(&written(&site, "frames/a b.md/first.html"), &["Blanks."]);
    holds(&written(&site, "index.html"), &["includes/100%25.md/index.html", "includes/a%20b.md/index.html"]);
    assert!(Path::new(&site.path().join("_gallery/includes/100%.md/index.html")).is_file());
    let server = Server::start(&site, &["-P", "0"]);
    for path in ["gr%C3%B6%C3%9Fe/ma%C3%9F.md", "a%20b.md", "100%25.md", "markup.html"] {
        assert_eq!(server.get(&format!("/__carafe/gallery/includes/{path}/")).status, 200, "{path}");
        assert_eq!(server.get(&format!("/__carafe/gallery/frames/{path}/first.html")).status, 200, "{path}");
    }
}

#[test]
fn a_site_without_includes_says_so() {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "# Home\n")]);
    assert_eq!(gallery(&site, &[]).code, 0);
    holds(&written(&site, "index.html"), &["has no includes yet", "<code>includes</code>"]);
}

#[test]
fn jekyll_sites_are_shown_in_their_layouts() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: J\nbaseurl: /docs\n"),
        ("index.md", "---\nlayout: default\n---\n{% include note.html text=\"Hello\" %}\n"),
        (
            "_layouts/base.html",
            "<html lang=\"fr\"><head><title>t</title><link rel=\"stylesheet\" href=\"{{ '/css/s.css' | relative_url }}\"></head><body class=\"b\">{% comment %}Themes take comments away.{% endcomment %}{% assign parts = content | split: '<!--' %}{{ parts.first }}</body></html>",
        ),
        ("_layouts/default.html", "---\nlayout: base\n---\n<nav>Menu</nav><main class=\"wrap\">{{ content }}</main>"),
        ("_includes/note.html", "<p class=\"note\">{{ include.text }}</p>\n"),
        ("css/s.css", "@import \"more.css\";\n.note { background: url(/docs/i/n.png) }\n"),
        ("css/more.css", "p {}\n"),
        ("i/n.png", "n"),
    ]);
    let ran = gallery(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let frame = written(&site, "frames/note.html/first.html");
    holds(
        &frame,
        &[
            "<html lang=\"fr\">",
            "href=\"../../site/css/s.css\"",
            "<body class=\"b\" data-gallery-around><main class=\"wrap\"",
            "<p class=\"note\">text</p>",
        ],
    );
    assert!(!frame.contains("Menu"), "{frame}");
    assert_eq!(
        written(&site, "site/css/s.css"),
        "@import \"more.css\";\n.note { background: url(../i/n.png) }\n".replace("\"more.css\"", "\"../css/more.css\"")
    );
    assert_eq!(written(&site, "site/i/n.png"), "n");
    let server = Server::start(&site, &["-P", "0"]);
    let page = server.get("/docs/__carafe/gallery/includes/note.html/");
    holds(&page.body, &["<a href=\"/docs/\">", "content"]);
    holds(&server.get("/docs/__carafe/gallery/frames/note.html/first.html").body, &["href=\"/docs/css/s.css\""]);
    assert_eq!(
        ask(&server, "/docs", "note.html", &json!({"text": "Salut"}), "").1["call"],
        "{% include note.html text=\"Salut\" %}"
    );
}

/// Has a call rendered, as a page of the gallery does.
fn ask(server: &Server, base: &str, include: &str, values: &Value, headers: &str) -> (Answer, Value) {
    let body = json!({ "include": include, "values": values }).to_string();
    let kind = if headers.to_lowercase().contains("content-type") { "" } else { "Content-Type: application/json\r\n" };
    let head = format!("Host: localhost:{}\r\n{kind}{headers}Content-Length: {}\r\n", server.port, body.len());
    let answer = server.send_body(&format!("{base}/__carafe/gallery/render"), &head, &body);
    let value = serde_json::from_str(&answer.body).unwrap_or_default();
    (answer, value)
}

#[test]
fn the_preview_renders_what_a_control_says() {
    let site = site(&[]);
    let server = Server::start(&site, &["-P", "0"]);
    assert!(server.said().contains("/__carafe/gallery/"), "{}", server.said());
    let (_, told) = ask(&server, "", "people/help.md", &json!({"name": "Zoë", "loud": "true"}), "");
    assert_eq!(told["call"], "{% include people/help.md name=\"Zoë\" loud=true %}");
    assert_eq!(told["problems"], "");
    holds(told["document"].as_str().unwrap(), &["Ask <strong>Zoë</strong>!", "href=\"/assets/carafe."]);
    // What is missing is told.
    site.write("includes/people/help.md", HELP.replace("Ask", "{{ include.nothing }} Ask"));
    crate::preview::wait("the include as it is now", || {
        let (_, told) = ask(&server, "", "people/help.md", &json!({"name": "x"}), "");
        told["problems"].as_str()?.contains("include.nothing").then_some(())
    });
}

#[test]
fn hostile_values_stay_values() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "---\ntitle: H\n---\nx\n"),
        (
            "includes/e.html",
            "{% doc %}\n@param {string} text\n@param {number} n\n@param {array} list\n@param {boolean} on\n{% enddoc -%}\n<p>{{ include.text | escape }}|{{ include.n | escape }}|{{ include.list | escape }}|{{ include.on }}</p>\n",
        ),
    ]);
    let server = Server::start(&site, &["-P", "0"]);
    for hostile in [
        "\"><script>alert(1)</script>",
        "%} {{ site.title }} {% include e.html %}",
        "{% endraw %}{{ site.title }}{%- endraw -%}",
        "both \" and ' and \\",
        "a\nb",
        "{{ site.title }}",
        "\" on=\"x",
        "{%",
        "}}",
        "{",
        "50%",
    ] {
        let values = json!({"text": hostile, "n": hostile, "list": hostile, "on": hostile});
        let (answer, told) = ask(&server, "", "e.html", &values, "");
        assert_eq!(answer.status, 200, "{hostile}");
        let escaped = hostile.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let escaped = [escaped.replace('"', "&quot;").replace('\'', "&#39;"), escaped];
        let document = told["document"].as_str().unwrap();
        let text = document.split("<p>").nth(1).unwrap().split("</p>").next().unwrap();
        let shown: Vec<&str> = text.split('|').collect();
        assert_eq!(shown.len(), 4, "{hostile}: {text}");
        assert!(escaped.iter().any(|escaped| shown[0] == *escaped), "{hostile}: {text}\n{}", told["call"]);
        assert_eq!((shown[1], shown[2]), (shown[0], shown[0]), "{}", told["call"]);
    }
    // What never ends ends with the page's budget.
    site.write("includes/e.html", "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}");
    crate::preview::wait("the limit", || {
        let (_, told) = ask(&server, "", "e.html", &json!({}), "");
        (!told["problems"].as_str()?.is_empty()).then_some(())
    });
}

#[test]
fn nobody_else_has_anything_rendered() {
    let site = site(&[]);
    let server = Server::start(&site, &["-P", "0"]);
    let values = json!({"name": "x"});
    let status = |headers: &str| ask(&server, "", "people/help.md", &values, headers).0.status;
    assert_eq!(status(""), 200);
    assert_eq!(status(&format!("Origin: http://localhost:{}\r\n", server.port)), 200);
    assert_eq!(status("Origin: http://evil.example\r\n"), 403);
    assert_eq!(status("Origin: null\r\n"), 403);
    assert_eq!(status("Sec-Fetch-Site: cross-site\r\n"), 403);
    assert_eq!(status("Content-Type: text/plain\r\n"), 403);
    assert_eq!(ask(&server, "", "none.md", &values, "").0.status, 404);
    assert_eq!(ask(&server, "", "people/help.md", &json!([1]), "").0.status, 400);
    let long = json!({ "name": "x".repeat(100_000) });
    assert_eq!(ask(&server, "", "people/help.md", &long, "").0.status, 413);
    // Nothing else takes what is sent.
    let head = format!("Host: localhost:{}\r\nContent-Length: 0\r\n", server.port);
    assert_eq!(server.request("POST", "/guide/", &head).status, 405);
    assert_eq!(server.request("POST", "/gallery/render", &head).status, 405);
    for path in ["", "x", "frames/people/help.md/none.html", "frames/x"] {
        let status = server.get(&format!("/__carafe/gallery/{path}")).status;
        assert_eq!(status, if path.is_empty() { 200 } else { 404 }, "{path}");
    }
    assert_eq!(server.get("/__carafe/gallery").status, 302);
    assert_eq!(server.get("/__carafe/gallery/includes/people/help.md").status, 302);
}

#[test]
fn an_edit_of_an_include_is_seen_at_once() {
    let site = site(&[]);
    let server = Server::start(&site, &["-P", "0"]);
    let page = "/__carafe/gallery/includes/people/help.md/";
    let before = server.get(page).body;
    holds(&before, &["__carafe/client.js"]);
    site.write("includes/people/help.md", HELP.replace("Ask", "Do ask").replace("Who is asked", "Who knows"));
    server.until(page, "Who knows");
    server.until("/__carafe/gallery/frames/people/help.md/example-1-1.html", "Do ask");
    assert!(!server.get("/__carafe/gallery/frames/people/help.md/example-1-1.html").body.contains("client.js"));
    site.write("includes/fresh.md", "Fresh.\n");
    server.until("/__carafe/gallery/", "fresh.md");
    std::fs::remove_file(site.path().join("includes/fresh.md")).unwrap();
    crate::preview::wait("the include to go", || {
        (server.get("/__carafe/gallery/includes/fresh.md/").status == 404).then_some(())
    });
}

/// Pages and controls wait neither for callers nor for tests; these come later, and are those of the newest state.
#[test]
fn what_takes_long_keeps_nothing_waiting() {
    let slow = "{% for a in (1..200) %}{% for b in (1..200) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}";
    let cases: String = (0..60).map(|at| format!("  - {{name: case {at}, content: \"{slow} {at}\"}}\n")).collect();
    let site = site(&[("tests/includes/slow.yml", &format!("include: outer.md\ncases:\n{cases}"))]);
    let server = Server::start(&site, &["-P", "0"]);
    let whole = "/__carafe/gallery/whole/people/help.md/";
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            holds(&server.get(whole).body, &["called 2 times", "Who calls it", "content/<wbr>index.md"]);
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        let page = server.get("/__carafe/gallery/includes/people/help.md/").body;
        holds(&page, &["<input type=\"checkbox\" id=\"p1\"", "data-call", "whole/people/help.md/"]);
        assert!(!page.contains("Who calls it") && !page.contains("called"), "{page}");
        let (_, told) = ask(&server, "", "people/help.md", &json!({"name": "Zoë"}), "");
        holds(told["document"].as_str().unwrap(), &["Ask <strong>Zoë</strong>."]);
        holds(&server.get("/__carafe/gallery/frames/people/help.md/first.html").body, &["Ask <strong>Ann</strong>"]);
        holds(&server.get("/__carafe/gallery/").body, &["people/help.md", "Where help is.", "data-from=\"whole/\""]);
        assert!(!done.load(std::sync::atomic::Ordering::SeqCst), "it was all there before");
    });
    holds(&server.get("/__carafe/gallery/whole/").body, &["61 tests pass", "<span class=\"badge"]);
    site.write("content/more.md", "---\ntitle: More\n---\n{% include people/help.md name=\"Eva\" %}\n");
    server.until(whole, "called 3 times, on 3 pages");
}

#[test]
fn tags_of_the_site_are_shown_and_tried() {
    let exercise = "---\ntag:\n  kind: block\n  markup: title\n  content: markdown\n  params: {open: false, hint: null}\n  aliases: [task]\n---\n{% doc %}\n  Something to do.\n  @param {boolean} open - Whether it is open at first.\n{% enddoc %}<details{% if params.open %} open{% endif %}><summary>{{ title | escape }}</summary>{{ content }}</details>\n";
    let site = site(&[
        ("includes/tags/exercise.html", exercise),
        (
            "includes/tags/key.html",
            "---\ntag: {kind: inline, markup: words, output: inline}\n---\n<kbd>{{ words | join: '+' }}</kbd>\n",
        ),
        (
            "includes/tags/steps.html",
            "---\ntag: {kind: block, collects: [step]}\n---\n<ol>{% for step in children %}<li>{{ step.title }}: {{ step.content }}</li>{% endfor %}</ol>\n",
        ),
        ("includes/tags/unused.html", "---\ntag: {kind: inline}\n---\nNothing.\n"),
        ("includes/through.md", "{%- task Öffnen open=true -%}\nIt.\n{%- endtask -%}\n"),
        (
            "content/more.md",
            "---\ntitle: More\n---\n{% exercise One %}\nA\n{% endexercise %}\n\n{% exercises %}{% key Ctrl C %}\n",
        ),
        ("content/far.md", "---\ntitle: Far\n---\n{% include through.md %}\n"),
    ]);
    // The name of another tag begins with the same letters.
    let ran = gallery(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    holds(&written(&site, "index.html"), &["3 includes · 4 tags", "tags/exercise.html/index.html", "Something to do."]);
    let page = written(&site, "includes/tags/exercise.html/index.html");
    holds(
        &page,
        &[
            "<span class=\"folder\">tags/</span>exercise</h1>",
            "used 2 times, on 2 pages",
            "Who uses it",
            "content/<wbr>more.md",
            "../../../includes/through.md/index.html",
            "Whether it is open at first.",
            "default <code>false</code>",
            "<textarea id=\"p3\" name=\"content\" data-kind=\"body\"",
            "<code>{% exercise A title %}\nSome *text*.\n{% endexercise %}</code>",
        ],
    );
    assert!(!page.contains("Tests and coverage"), "{page}");
    holds(&written(&site, "frames/tags/exercise.html/first.html"), &["<summary>A title</summary>", "<em>text</em>"]);
    holds(&written(&site, "frames/tags/steps.html/first.html"), &["<li>One: ", "<em>text</em>", "<li>Two: "]);
    holds(&written(&site, "includes/tags/key.html/index.html"), &["<code>{% key words %}</code>", "used once"]);
    holds(
        &written(&site, "includes/tags/unused.html/index.html"),
        &["Nothing uses it", "It takes no parameters", "{% unused %}"],
    );
    // Built-in tags, and children of others, have no page.
    assert!(!site.path().join("_gallery/includes/tags/tabs.html").exists());
    let server = Server::start(&site, &["-P", "0"]);
    let values =
        json!({"title": "Zwei\nZeilen %} \"x\"", "open": "true", "hint": "a \" b", "content": "\n- **one**\n"});
    let (_, told) = ask(&server, "", "tags/exercise.html", &values, "");
    assert_eq!(
        told["call"],
        "{% exercise Zwei Zeilen % } \"x\" open=true hint='a \" b' %}\n- **one**\n{% endexercise %}"
    );
    holds(told["document"].as_str().unwrap(), &["<details open", "<strong>one</strong>", "Zwei Zeilen % }"]);
    holds(&server.get("/__carafe/gallery/whole/tags/exercise.html/").body, &["used 2 times, on 2 pages"]);
    // What is written into the body cannot do more than a page can.
    let (_, told) =
        ask(&server, "", "tags/exercise.html", &json!({"title": "x", "content": "{% endexercise %}{% nothing %}"}), "");
    assert!(!told["problems"].as_str().unwrap().is_empty(), "{told}");
}
