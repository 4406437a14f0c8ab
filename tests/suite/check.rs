//! `carafe check`, run as a user would.

use crate::support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use support::{Ran, SiteFolder, run};

fn check(site: &SiteFolder, args: &[&str]) -> Ran {
    run(&[&["check", "-s", site.path().to_str().unwrap()], args].concat())
}

/// The files of a section of a rule's page: a path in backticks and a colon, then the file between fences.
fn files(section: &str) -> Vec<(&str, String)> {
    let mut files = Vec::new();
    let mut path = None;
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if let Some(named) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            path = Some(named);
        } else if line.starts_with("```")
            && let Some(path) = path.take()
        {
            let fence = &line[..line.len() - line.trim_start_matches('`').len()];
            let text = lines.by_ref().take_while(|line| *line != fence).fold(String::new(), |mut text, line| {
                writeln!(text, "{line}").unwrap();
                text
            });
            files.push((path, text));
        }
    }
    files
}

fn site(files: &[(&str, String)]) -> SiteFolder {
    let is_jekyll = files.iter().any(|(path, _)| *path == "_config.yml");
    let site = SiteFolder::new(if is_jekyll { &[] } else { &[("carafe.yml", "title: Example\n")] });
    for (path, text) in files {
        // The last line of an include is the middle of a line elsewhere.
        let text = if path.starts_with("includes/") { text.trim_end() } else { text };
        site.write(path, text);
    }
    site
}

/// Every rule's page has an example that fails as the page says, and its repair. With `CARAFE_UPDATE` set, what the
/// pages say is written anew.
#[test]
fn the_examples_of_the_rules_fail_and_their_repairs_do_not() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/reference/rules");
    let mut pages = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let page = fs::read_to_string(&path).unwrap();
        // Other sites are not asked here.
        let Some((head, rest)) = page.split_once("## What fails\n").filter(|_| code != "broken-external-link") else {
            continue;
        };
        let (fails, repaired) = rest.split_once("## Repaired\n").unwrap();
        pages += 1;
        let ran = check(&site(&files(fails)), &["--strict"]);
        let said = ran.stderr.split("\n\n").filter(|one| one.contains(&format!("[{code}]"))).collect::<Vec<_>>();
        assert_eq!(ran.code, 1, "{code}: {}", ran.stderr);
        assert!(!said.is_empty(), "{code}: {}", ran.stderr);
        let said = format!("```text\n{}\n```", said.join("\n\n"));
        let (example, shown) = fails.split_once("```text\n").unwrap();
        let (_, behind) = shown.split_once("\n```").unwrap();
        let expected = format!("{head}## What fails\n{example}{said}{behind}## Repaired\n{repaired}");
        if std::env::var_os("CARAFE_UPDATE").is_some() {
            fs::write(&path, &expected).unwrap();
        } else {
            assert_eq!(page, expected, "{code}: run the test with CARAFE_UPDATE=1 to write the page anew");
        }
        let ran = check(&site(&files(repaired)), &["--strict"]);
        assert!(ran.code == 0, "{code}: {}", ran.stderr);
    }
    assert!(pages >= 15, "{pages}");
}

#[test]
fn a_link_in_an_include_in_a_tab_has_its_line_its_calls_and_its_pages() {
    let page = "---\ntitle: T\n---\n- item\n\n  {% tabs %}\n  {% tab One %}\n  {% include links.md %}\n  {% endtab %}\n  {% endtabs %}\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/index.md", page),
        ("content/b.md", page),
        ("includes/links.md", "some text\n\nand a [link](/no/page/) <a href=\"/none.html\">x</a>\n"),
    ]);
    let ran = check(&site, &[]);
    assert!(ran.stderr.contains("nothing of this site lies below `/no/`, but a link leads there\n"), "{}", ran.stderr);
    site.write("content/no/other.md", "---\ntitle: Other\n---\n");
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let expected = "error[broken-link]: `/no/page/` is no page or file of this site
 --> includes/links.md:3:7
  |
3 | and a [link](/no/page/) <a href=\"/none.html\">x</a>
  |       ^^^^^^^^^^^^^^^^^
  |
  = note: included from content/b.md:8:3
  = note: on 2 pages, first content/b.md
";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert!(ran.stderr.contains(" --> includes/links.md:3:25\n"), "{}", ran.stderr);
}

#[test]
fn links_are_found_wherever_they_stand() {
    let text = "---\ntitle: T\n---\n[a](a1/) [b]\n\n[b]: a2/\n\n> - quote [c](a3/)\n\n| [d](a4/) | x |\n\nterm\n: [e](a5/)\n\n\
                note[^1]\n\n[^1]: [f](a6/)\n\n<p>\n<a\n href='a7/'>x</a></p>\n\n<div markdown=\"1\">\n[g](a8/)\n</div>\n\n\
                {% note %}\n[h](a9/)\n{% endnote %}\n\n{% capture x %}\n[i](a10/)\n{% endcapture %}\n{{ x | markdownify }}\n\n\
                {{ x }}\n\n## [j](a11/) {#j}\n\n**bold [k](a12/)**\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", text)]);
    let ran = check(&site, &["--format", "json"]);
    let mut found: Vec<(String, u64)> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|one| one["code"] == "broken-link")
        .map(|one| {
            (one["message"].as_str().unwrap().split('`').nth(1).unwrap().to_owned(), one["line"].as_u64().unwrap())
        })
        .collect();
    found.sort();
    let mut expected: Vec<(String, u64)> = (1..=12)
        .map(|number| {
            let target = format!("a{number}/");
            // A reference is where its link is written, and an element begins with its tag.
            let at = match number {
                2 => text.find("[b]").unwrap(),
                7 => text.find("<a\n").unwrap(),
                _ => text.find(&target).unwrap(),
            };
            (target, text[..=at].lines().count() as u64)
        })
        .collect();
    expected.sort();
    assert_eq!(found, expected, "{}", ran.stderr);
}

#[test]
fn addresses_are_followed_with_base_anchors_and_endings() {
    let good = "[](/docs/) [](/docs/a/) [](/docs/a) [](a/) [](./a/#x) [](#here) [](/docs/a/index.html#x) [](/docs/f.txt) \
                [](https://example.org/docs/a/) [](https://example.org/other) [](/elsewhere/) [](mailto:x@y) [](?q=1) \
                [](#top) [](/docs/old/) [](#%68ere) [](//host/x)\n\n## Here\n";
    let bad =
        "[](/a/) [](/docs/b/) [](a/b/) [](../docs/a/#y) [](../docs/no/) [](https://example.org/docs/no/) [](#hre)\n";
    let config = "title: T\nurl: https://example.org\nbaseurl: /docs\nredirects: {/old/: /a/}\n";
    let a = "---\ntitle: A\n---\n## X\n";
    let files = [("carafe.yml", config), ("content/a.md", a), ("static/f.txt", "f")];
    let site = SiteFolder::new(&files);
    site.write("content/index.md", format!("---\ntitle: T\n---\n{good}"));
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.write("content/index.md", format!("---\ntitle: T\n---\n{bad}"));
    let ran = check(&site, &[]);
    for message in [
        "`/a/` leads out of the site: it lacks the base `/docs`",
        "`/docs/b/` is no page",
        "`a/b/` is no page",
        "there is no anchor `#y` on the page of `content/a.md`",
        "`../docs/no/` is no page",
        "`https://example.org/docs/no/` is no page",
        "there is no anchor `#hre` on this page",
    ] {
        assert!(ran.stderr.contains(message), "{message}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("7 errors"), "{}", ran.stderr);
}

/// The codes of findings and the lines that they stand at.
fn told(site: &SiteFolder) -> Vec<(String, u64)> {
    let ran = check(site, &["--format", "json"]);
    let findings = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    findings.map(|one| (one["code"].as_str().unwrap().to_owned(), one["line"].as_u64().unwrap_or(0))).collect()
}

#[test]
fn files_of_every_element_are_looked_up_and_empty_addresses_told() {
    let lines = [
        ("[a]() [b](<>) <a href=\"\">c</a>", &["empty-link"; 3][..]),
        ("![text]()", &["empty-link"]),
        ("<img alt=\"\" src=\"/yes.png\" srcset=\"yes.png 1x, no.png 2x\">", &["missing-image"]),
        ("<picture><source srcset=\"no.avif\"><img alt=\"\" src=\"/yes.png\"></picture>", &["missing-image"]),
        (
            "- <video poster=\"no.png\"><source src=\"no.webm\"><track src=\"no.vtt\"></video>",
            &["missing-file", "missing-file", "missing-image"],
        ),
        ("<iframe title=\"x\" src=\"/no/\"></iframe>", &["missing-file"]),
        ("<iframe title=\"x\" src=\"/#x\"></iframe>", &[]),
        ("<object data=\"no.pdf\"></object>", &["missing-file"]),
        ("<script src=\"no.js\"></script>", &["missing-file"]),
        ("<link rel=\"stylesheet\" href=\"no.css\">", &["missing-file"]),
        ("[up](../x/) [over](/../)", &["broken-link", "broken-link"]),
        ("[a](sub/../) <a href=\"#\">b</a>", &[]),
        ("<script>var x = '<img src=\"no.png\"><a href=\"\">'</script>", &[]),
        ("`<video src=\"no.mp4\">` <!-- <video src=\"no.mp4\"> -->", &[]),
        ("<video src=\"//other.example/a.mp4\"></video><link rel=\"preconnect\" href=\"/no/\">", &[]),
    ];
    let text = lines.iter().map(|(line, _)| format!("{line}\n\n")).collect::<String>();
    for config in ["title: T\n", "title: T\nurl: https://example.org\nbaseurl: /docs\n"] {
        let text = if config.contains("/docs") {
            text.replace("\"/", "\"/docs/").replace("/docs//", "//")
        } else {
            text.clone()
        };
        let site = SiteFolder::new(&[("carafe.yml", config), ("static/yes.png", "x"), ("content/index.md", &text)]);
        site.write("content/no/other.md", "x");
        let mut expected: Vec<(String, u64)> = (1..)
            .step_by(2)
            .zip(lines)
            .flat_map(|(at, (_, codes))| codes.iter().map(move |code| ((*code).to_owned(), at)))
            .collect();
        let mut found = told(&site);
        found.retain(|(code, _)| code != "image-without-alt");
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{config}");
    }
}

#[test]
fn an_address_without_an_ending_leads_to_the_file_html_or_the_index_beside_it() {
    let good = "[](/a) [](/a.html) [](/b) [](/b/) [](/c) [](/c.html) [](/d#x) [](c?q) [](/old)\n";
    let bad = "[](/b.html) [](/e) [](/f)\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nredirects: {/old.html: /b/}\n"),
        ("content/a.md", "---\npermalink: /a.html\n---\nx\n"),
        ("content/b.md", "x\n"),
        ("static/c.html", "x"),
        ("content/d.md", "---\npermalink: /d.html\n---\n## X\n"),
        ("static/e.txt", "x"),
        ("static/f.htm", "x"),
        ("content/index.md", good),
    ]);
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.write("content/index.md", bad);
    let ran = check(&site, &[]);
    for address in ["/b.html", "/e", "/f"] {
        assert!(ran.stderr.contains(&format!("`{address}` is no page or file")), "{address}: {}", ran.stderr);
    }
}

#[test]
fn an_anchor_is_looked_for_on_pages_of_html_alone() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/feed.xml", "---\n---\n<feed/>\n"),
        ("content/a.md", "x\n"),
        ("static/f.pdf", "x"),
        ("content/index.md", "[](/feed.xml#entry) [](/f.pdf#page=2) [](/a/#top) [](/a/#:~:text=x)\n"),
    ]);
    let ran = check(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn a_broken_link_of_a_template_says_where_it_comes_from() {
    let template = "<a href=\"/aa\">x</a>{{ page.content | safe }}";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("templates/page.html", template),
        ("content/a.md", "x\n"),
        ("content/b.md", "[](/b/b/)\n"),
    ]);
    let ran = check(&site, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("`/aa` is no page or file"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("a page template writes this link").count(), 1, "{}", ran.stderr);
}

#[test]
fn orphans_and_unused_files_are_told_when_asked_for() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nbaseurl: /docs\nnav: [index.md, a.md]\nredirects: {/old/: /moved/}\n"),
        (
            "content/index.md",
            "---\ntitle: T\n---\n[x](old/#x)\n\n`prose.png`\n\n<style>p {background: url(/docs/style.png)}</style>\n",
        ),
        (
            "content/a.md",
            "---\ntitle: A\nimage: /preview.png\n---\n![](/docs/a/logo.png)\n\n<div data-src=\"/docs/img/with%20blank.png\"></div>\n",
        ),
        ("content/moved.md", "---\ntitle: M\n---\n## X\n"),
        ("content/one.md", "---\ntitle: O\n---\n[two](../two/)\n"),
        ("content/two.md", "---\ntitle: O\n---\n[one](../one/)\n"),
        ("static/css/site.css", "a {background: url('../img/css.png')}"),
        ("static/.well-known/x.txt", ""),
    ]);
    for name in ["style", "a/logo", "b/logo", "img/with blank", "img/css", "prose", "preview"] {
        site.write(&format!("static/{name}.png"), "x");
    }
    site.write("static/robots.txt", "");
    let config = fs::read_to_string(site.path().join("carafe.yml")).unwrap();
    let found = |config: String| {
        site.write("carafe.yml", config);
        let ran = check(&site, &["--format", "json"]);
        let findings = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let mut found: Vec<String> = findings
            .filter(|one| one["code"] == "orphan-page" || one["code"] == "unused-file")
            .map(|one| one["message"].as_str().unwrap().split('`').nth(1).unwrap().to_owned())
            .collect();
        found.sort();
        found
    };
    assert_eq!(found(config.clone()), [""; 0]);
    let asked = found(format!(
        "{config}url: https://e.org\ntheme: {{styles: [css/site.css]}}\ndiagnostics: {{orphan-page: warn, unused-file: warn}}\n"
    ));
    assert_eq!(asked, ["/one/", "/two/", "static/b/logo.png", "static/prose.png"]);
}

#[test]
fn suppressed_findings_are_silent_everywhere_and_severities_apply() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\ndiagnostics: {broken-anchor: note}\n"),
        (
            "content/index.md",
            "---\ntitle: T\n---\n{% comment %} carafe-ignore undefined-variable {% endcomment %}\n{{ page.nothing }} [x](#no)\n",
        ),
    ]);
    let ran = check(&site, &["--strict"]);
    assert!(ran.code == 0 && ran.stderr.contains("note[broken-anchor]"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("undefined-variable"), "{}", ran.stderr);
    let ran = site.build(&["--strict"]);
    assert_eq!((ran.code, ran.stderr.contains("nothing")), (0, false), "{}", ran.stderr);
}

#[test]
fn nothing_is_written_and_the_exit_codes_are_those_of_a_build() {
    let site =
        SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", "![](https://example.com/a.png)\n")]);
    assert_eq!(check(&site, &[]).code, 0);
    assert_eq!(check(&site, &["--strict"]).code, 1);
    assert!(!site.path().join("_site").exists());
    site.write("carafe.yml", "titel: x\n");
    assert_eq!(check(&site, &[]).code, 2);
}

#[test]
fn the_sites_own_documentation_has_no_broken_link() {
    let ran = run(&["check", "-s", env!("CARGO_MANIFEST_DIR"), "--format", "json"]);
    let broken: Vec<&str> =
        ran.stdout.lines().filter(|line| line.contains("\"broken-") || line.contains("\"unused-")).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A server on this machine that answers by path and counts what it was asked.
fn server(asked: std::sync::Arc<std::sync::Mutex<Vec<String>>>) -> u16 {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, asked) = (stream.unwrap(), asked.clone());
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let Some(Ok(first)) = lines.next() else { return };
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let (method, path) = first.split_once(' ').unwrap();
                let path = path.split(' ').next().unwrap();
                asked.lock().unwrap().push(format!("{method} {path}"));
                let status = match (path, method) {
                    ("/gone", _) => "404 Not Found",
                    ("/moved", _) => "302 Found\r\nLocation: /fine",
                    ("/no-head", "HEAD") => "405 Method Not Allowed",
                    ("/busy", _) => "503 Service Unavailable",
                    ("/login", _) => "401 Unauthorized",
                    _ => "200 OK",
                };
                let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            });
        }
    });
    port
}

#[test]
fn other_sites_are_asked_only_when_wanted_and_once_a_day() {
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let base = format!("http://127.0.0.1:{}", server(asked.clone()));
    let link = |path: &str| format!("[x]({base}/{path})\n");
    let paths = ["fine#a", "fine#b", "gone", "moved", "no-head", "busy", "login", "skipped/x"];
    let page: String = paths.iter().map(|path| link(path)).collect();
    let site = SiteFolder::new(&[
        ("carafe.yml", &*format!("title: T\ncheck: {{skip: [\"{base}/skipped\"]}}\n")),
        ("content/index.md", &*format!("---\ntitle: T\n---\n{page}[y](https://example.com/)\n")),
        ("content/b.md", &*link("gone")),
    ]);
    assert_eq!(check(&site, &[]).code, 0);
    assert!(asked.lock().unwrap().is_empty());
    let external = || {
        let mut command = support::program();
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"] {
            command.env_remove(name);
        }
        let output = command.args(["check", "--external", "-s", site.path().to_str().unwrap()]).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = external();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(&format!("error[broken-external-link]: `{base}/gone` is not there any more: the answer is 404\n --> content/b.md:1:1\n")), "{said}");
    assert!(
        said.contains("content/index.md:6:1") && said.contains("/busy` cannot be read now: the answer is 503"),
        "{said}"
    );
    assert!(said.contains("2 errors, 1 warning"), "{said}");
    let mut first = std::mem::take(&mut *asked.lock().unwrap());
    first.sort();
    let expected = [
        "GET /busy",
        "GET /gone",
        "GET /login",
        "GET /no-head",
        "HEAD /busy",
        "HEAD /fine",
        "HEAD /fine",
        "HEAD /gone",
        "HEAD /login",
        "HEAD /moved",
        "HEAD /no-head",
    ];
    assert_eq!(first, expected);
    let (code, again) = external();
    assert_eq!((code, again.matches("[broken-external-link]").count()), (1, 3), "{again}");
    let mut second = asked.lock().unwrap().clone();
    second.sort();
    assert_eq!(second, ["GET /busy", "HEAD /busy"]);
    site.write(".carafe/links.json", "not a cache");
    assert_eq!(external().0, 1);
}

/// An object of a SARIF log: the keys that the standard knows of it and that we write, and those that must be there.
fn object<'v>(
    value: &'v serde_json::Value,
    known: &[&str],
    required: &[&str],
) -> &'v serde_json::Map<String, serde_json::Value> {
    let object = value.as_object().unwrap();
    for key in object.keys() {
        assert!(known.contains(&key.as_str()), "`{key}` in {value:#}");
    }
    for key in required {
        assert!(object.contains_key(*key), "no `{key}` in {value:#}");
    }
    object
}

fn location(value: &serde_json::Value) {
    let location = object(value, &["physicalLocation", "message"], &["physicalLocation"]);
    if let Some(message) = location.get("message") {
        assert!(object(message, &["text"], &["text"])["text"].is_string());
    }
    let physical =
        object(&location["physicalLocation"], &["artifactLocation", "region"], &["artifactLocation", "region"]);
    let uri = object(&physical["artifactLocation"], &["uri"], &["uri"])["uri"].as_str().unwrap();
    assert!(!uri.contains([' ', '\\', '#', '?']) && !uri.is_empty(), "{uri}");
    let keys = ["startLine", "startColumn", "endLine", "endColumn"];
    let region = object(&physical["region"], &keys, &keys);
    let number = |key: &str| region[key].as_u64().filter(|number| *number >= 1).unwrap();
    assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")), "{value:#}");
}

/// What the SARIF 2.1.0 standard asks of each object that a log of ours holds: no key that it does not know, all that it
/// requires, and the types, enumerations and references between them (sections 3.13 to 3.38).
#[test]
fn the_sarif_log_has_the_structure_of_the_standard() {
    let include = "{% tabs %}\n{% tab A %}\n[x](/no/) ![](a b.png)\n{% endtab %}\n{% tab A %}\n{{ page.none }}\n{% endtab %}\n{% endtabs %}\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/a page.md", "---\ntitle: T\n---\n{% include i.md %}\n\n[y](#gone)\n\n## A {#a}\n\n## B {#a}\n"),
        ("content/b.md", "---\ntitle: T\n---\n{% include i.md %}\n"),
        ("includes/i.md", include),
    ]);
    let ran = check(&site, &["--format", "sarif"]);
    // Types made from the published schema: what it requires is there, and has the form that it says.
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&ran.stdout).unwrap();
    assert!(typed.runs[0].results.as_ref().is_some_and(|results| results.len() > 3));
    let log: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let top = object(&log, &["$schema", "version", "runs"], &["version", "runs"]);
    assert_eq!(top["version"], "2.1.0");
    for run in top["runs"].as_array().unwrap() {
        let run = object(run, &["tool", "columnKind", "results"], &["tool", "results"]);
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let tool = object(&run["tool"], &["driver"], &["driver"]);
        let driver = object(&tool["driver"], &["name", "version", "rules", "informationUri"], &["name"]);
        let rules = driver["rules"].as_array().unwrap();
        for rule in rules {
            let rule = object(rule, &["id", "shortDescription", "help", "defaultConfiguration"], &["id"]);
            object(&rule["shortDescription"], &["text"], &["text"]);
            object(&rule["help"], &["text", "markdown"], &["text"]);
            let level = &object(&rule["defaultConfiguration"], &["level"], &[])["level"];
            assert!(["none", "note", "warning", "error"].contains(&level.as_str().unwrap()));
        }
        let results = run["results"].as_array().unwrap();
        assert!(results.len() >= 5, "{}", ran.stderr);
        for result in results {
            let known = ["ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "codeFlows"];
            let result = object(result, &known, &["message", "ruleId"]);
            assert!(object(&result["message"], &["text"], &["text"])["text"].is_string());
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
            for key in ["locations", "relatedLocations"] {
                result.get(key).and_then(|list| list.as_array()).into_iter().flatten().for_each(location);
            }
            for flow in result.get("codeFlows").and_then(|list| list.as_array()).into_iter().flatten() {
                for thread in object(flow, &["threadFlows"], &["threadFlows"])["threadFlows"].as_array().unwrap() {
                    let steps = object(thread, &["locations"], &["locations"])["locations"].as_array().unwrap();
                    assert!(steps.len() >= 2);
                    steps.iter().for_each(|step| location(&object(step, &["location"], &["location"])["location"]));
                }
            }
        }
    }
}

#[test]
fn problems_of_markdown_inside_a_tab_have_their_line_in_a_build_too() {
    let page = "---\ntitle: T\n---\n{% tabs %}\n{% tab A %}\ntext\n\n{% capture x %}\n<div>\n{% endcapture %}\n{{ x }}\n{% endtab %}\n{% endtabs %}\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", page)]);
    let ran = site.build(&[]);
    assert!(
        ran.stderr
            .contains("warning[html-left-open]: the element `<div>` is never closed\n --> content/index.md:9:1\n"),
        "{}",
        ran.stderr
    );
}

/// Twice the text takes about twice the time, whatever it holds.
#[test]
fn hostile_pages_are_checked_in_proportion_to_their_length() {
    let makers: [fn(usize) -> String; 5] = [
        |count| "{% for i in (1..3) %}{{ \"[x](/no/)\" }} {% endfor %}\n".repeat(count),
        |count| format!("<div>{}</div>\n", "<b id=x><a href=/y/z>".repeat(count)),
        |count| "## A {#a}\n\n".repeat(count),
        |count| format!("{{% tabs %}}\n{}{{% endtabs %}}\n", "{% tab A %}\nx\n{% endtab %}\n".repeat(count)),
        |count| (0..count).map(|number| format!("[a](/no/{number}/) [b](#x{number})\n\n")).collect(),
    ];
    for (number, make) in makers.iter().enumerate() {
        let time = |count: usize| {
            let site = SiteFolder::new(&[("carafe.yml", "title: T\n")]);
            site.write("content/index.md", format!("---\ntitle: T\n---\n{}", make(count)));
            let started = std::time::Instant::now();
            let ran = check(&site, &["-q", "--format", "json"]);
            assert!(ran.code <= 1, "{}", ran.stderr);
            started.elapsed().as_secs_f64()
        };
        let (small, large) = (time(500), time(2000));
        assert!(large < small * 12.0 + 1.0, "input {number}: {small:.2} s, then {large:.2} s");
    }
}
