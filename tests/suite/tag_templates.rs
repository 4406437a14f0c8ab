//! Tag templates that read data, take a markup apart, know releases and call other tags.

use crate::support;

use support::{SiteFolder, run};

fn site(files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n")]);
    for (path, text) in files {
        site.write(path, text);
    }
    site
}

/// The page at `/` and what was said of it.
fn page(files: &[(&str, &str)], text: &str) -> (String, String) {
    let site = site(files);
    site.write("content/index.md", format!("---\ntitle: T\n---\n{text}"));
    let ran = site.build(&[]);
    (if ran.code == 0 { site.output("index.html") } else { String::new() }, ran.stderr)
}

/// A table of definitions from a body that is YAML.
const FIELDS: &str = "---\ntag:\n  kind: block\n  content: yaml\n---\n<dl>\n{% for field in content %}<dt><code>{{ field.name }}</code>\
    {% if field.needed %} *{% endif %}</dt>\n<dd>{{ field.about | markdownify }}</dd>\n{% endfor %}</dl>\n";

const BODY: &str = "{% fields %}\n- name: host\n  about: Where *it* runs, {{ site.title }}.\n  needed: yes\n\
    - {name: port, about: \"A number: {% key 80 %}\"}\n{% endfields %}\n";

const KEY: &str = "---\ntag: {markup: title, output: inline}\n---\n<kbd>{{ title }}</kbd>\n";

#[test]
fn a_body_of_yaml_becomes_a_table_of_definitions() {
    let tags = [("includes/tags/fields.html", FIELDS), ("includes/tags/key.html", KEY)];
    let (html, said) = page(&tags, BODY);
    assert!(html.contains("<dt><code>host</code> *</dt>\n<dd><p>Where <em>it</em> runs, T.</p>"), "{html}\n{said}");
    assert!(html.contains("<dt><code>port</code></dt>\n<dd><p>A number: <kbd>80</kbd></p>"), "{html}");
    // In a list, where the body is indented.
    let (html, said) = page(&tags, &format!("1. Item\n\n   {}\n", BODY.trim_end().replace('\n', "\n   ")));
    assert!(html.contains("<dt><code>port</code></dt>") && !said.contains("error"), "{html}\n{said}");
}

#[test]
fn what_is_wrong_with_the_data_of_a_body_has_its_place_in_the_page() {
    let tag = |format: &str| {
        format!(
            "---\ntag: {{kind: block, content: {format}}}\n---\n<p>{{{{ content | jsonify }}}} {{{{ content[0] }}}}</p>\n"
        )
    };
    for (format, body, place, message) in [
        ("yaml", "a: 1\nb: c: d\n", "6:5", "mapping values are not allowed here"),
        ("yaml", "a: 1\n\tb: 2\n", "6:1", "a tab cannot indent a line"),
        ("json", "{\"a\": 1,\n \"b\": }\n", "6:7", "broken JSON"),
        ("json", "", "5:1", "broken JSON"),
        ("csv", "a,b\n1,2\n1,2,3\n", "7:1", "this row has more fields than the header"),
    ] {
        let (html, said) = page(&[("includes/tags/d.html", &tag(format))], &format!("{{% d %}}\n{body}{{% endd %}}\n"));
        assert!(said.contains("[tag-data]") && said.contains(message), "{format} {body}: {said}");
        assert!(said.contains(&format!(" --> content/index.md:{place}")), "{format} {body}: {said}");
        assert_eq!(html.is_empty(), format != "csv", "{said}");
        assert_eq!(
            said.lines().filter(|line| line.contains("]: ") && !line.contains('|')).count(),
            1,
            "one cause: {said}"
        );
    }
    let (html, said) =
        page(&[("includes/tags/d.html", &tag("csv"))], "{% d %}\n\nname,note\nx,\"a, b\"\n\n{% endd %}\n");
    assert!(html.contains("[{\"name\":\"x\",\"note\":\"a, b\"}]") && !said.contains("warning"), "{html}\n{said}");
}

#[test]
fn a_word_without_quotes_can_be_a_text() {
    let tag = "---\ntag: {kind: inline, markup: params, params: {since: \"\", of: \"\"}, bare: [since]}\n---\n\
        {{ params.since }}/{{ params.of }}\n";
    let files = [("includes/tags/s.html", tag)];
    let (html, said) = page(
        &files,
        "{% s since=3.4.x of=site.title %} {% s since=a/b,c of=\"q\" %} {% s since={{ page.title }}1 %}\n",
    );
    assert!(html.contains("<p>3.4.x/T a/b,c/q T1/</p>"), "{html}\n{said}");
    assert!(!said.contains("warning"), "{said}");
    let all = tag.replace("[since]", "true");
    let (html, _) = page(&[("includes/tags/s.html", &all)], "{% s since=3 of=site.title %}\n");
    assert!(html.contains("<p>3/site.title</p>"), "{html}");
    let (_, said) = page(&[("includes/tags/s.html", &tag.replace("[since]", "{a: 1}"))], "x\n");
    assert!(said.contains("error[tag-template]") && said.contains("`bare` must be"), "{said}");
}

#[test]
fn a_template_takes_its_markup_apart() {
    let tag = "---\ntag: {markup: text, output: inline}\n---\n{% assign words = markup | markup_words %}\
        {% assign options = markup | markup_options %}<a href=\"/{{ words[0] | text_before: '#' }}\" \
        title=\"{{ options.title | default: '' }}\">{{ words[1] | default: words[0] }}</a>\n";
    let (html, said) = page(
        &[("includes/tags/ref.html", tag)],
        "{% ref guide#x \"The guide\" title='A b' %} {% ref {{ page.title }} %} {% ref https://x?a=b %}\n",
    );
    assert!(
        html.contains("<a href=\"/guide\" title=\"A b\">The guide</a> <a href=\"/T\" title=\"\">T</a>"),
        "{html}\n{said}"
    );
    assert!(html.contains(">https://x?a=b</a>") && !said.contains("warning"), "{html}\n{said}");
}

/// Tabs of releases: the one that is the page's comes first, and others are left out when they are newer.
const RELEASES: &str = "---\ntag:\n  kind: block\n  collects: [since]\n---\n{% capture tabs %}{% for tab in children %}\
    {% if_version gte:{{ tab.title }} %}{{ tab.title }},{% endif_version %}{% endfor %}{% endcapture %}\
    {% assign known = tabs | split: ',' %}{% tabs %}{% for tab in children %}{% if known contains tab.title %}\
    {% tab {{ tab.title }} %}{{ tab.content }}{% endtab %}{% endif %}{% endfor %}{% endtabs %}\n";

#[test]
fn tabs_know_releases_and_call_the_tabs_there_are() {
    let body = "{% releases %}\n{% since 1.2 %}\nOld *way*.\n\n    code\n\n    more\n{% endsince %}\n{% since 1.10 %}\nNew way.\n{% endsince %}\n{% endreleases %}\n";
    let files = [("includes/tags/releases.html", RELEASES)];
    let at = |release: &str| {
        let site = site(&files);
        site.write("content/index.md", format!("---\ntitle: T\nrelease: \"{release}\"\n---\n{body}"));
        let ran = site.build(&[]);
        assert!(ran.code == 0 && !ran.stderr.contains("warning"), "{}", ran.stderr);
        site.output("index.html")
    };
    let old = at("1.9");
    assert!(old.contains("<p>Old <em>way</em>.</p>") && !old.contains("New way"), "{old}");
    assert!(old.contains("<code>code\n\nmore\n</code>"), "{old}");
    let new = at("1.10");
    assert!(new.matches("role=\"tabpanel\"").count() == 2 && new.contains("<p>New way.</p>"), "{new}");
}

#[test]
fn a_template_hands_its_body_to_another_tag_and_filters_what_it_gave() {
    let outer = "---\ntag: {kind: block, markup: title, content: markdown}\n---\n{% capture inner %}{% note %}{{ content }}{% endnote %}\
        {% endcapture %}<section title=\"{{ inner | strip_html | strip | size }}\">{{ inner }}</section>\n";
    let files = [("includes/tags/outer.html", outer)];
    let text = "{% outer X %}\n{% outer Y %}\nIn **both**.\n\n```sh\na\n\n  b\n```\n{% endouter %}\n{% endouter %}\n";
    let (html, said) = page(&files, text);
    assert_eq!(html.matches("<section title=").count(), 2, "{html}\n{said}");
    assert!(html.contains("<p>In <strong>both</strong>.</p>"), "{html}");
    assert!(!html.contains("&lt;") && !said.contains("warning"), "{html}\n{said}");
}

const TABLE: &str = "---\ntag:\n  markup: params\n  output: html\n  params: {file: \"\"}\n  data: {rows: \"tables/{{ params.file }}\"}\n---\n\
    <ul>{% for row in data.rows %}<li>{{ row.name }}</li>{% endfor %}</ul>\n";

#[test]
fn a_parameter_names_a_data_file() {
    let files = [
        ("includes/tags/rows.html", TABLE),
        ("tables/a.csv", "name,size\nplum,2\nfig,1\n"),
        ("tables/b.yml", "- {name: from YAML}\n"),
        ("tables/c.json", "[{\"name\": \"from JSON\"}]"),
        ("tables/bad.json", "[\n{]"),
        ("tables/x.txt", "x"),
    ];
    let (html, said) =
        page(&files, "{% rows file=\"a.csv\" %}\n\n{% rows file=\"b.yml\" %}\n\n{% rows file=\"c.json\" %}\n");
    for part in ["<ul><li>plum</li><li>fig</li></ul>", "<li>from YAML</li>", "<li>from JSON</li>"] {
        assert!(html.contains(part), "{part}: {html}\n{said}");
    }
    for (call, message, place) in [
        (
            "file=\"none.yml\"",
            "the data file `tables/none.yml` cannot be read: there is no such file",
            "content/index.md:4:1",
        ),
        ("file=\"x.txt\"", "`tables/x.txt` is no data file", "content/index.md:4:1"),
        ("file=\"../../x.yml\"", "leads out of the site's folder", "content/index.md:4:1"),
        ("file=\"bad.json\"", "broken JSON", "tables/bad.json:2:2"),
        ("", "`tables/` is no data file", "content/index.md:4:1"),
    ] {
        let (_, said) = page(&files, &format!("{{% rows {call} %}}\n"));
        assert!(said.contains("error[data-file]") && said.contains(message), "{call}: {said}");
        assert!(said.contains(place), "{call}: {said}");
    }
    let typo = TABLE.replace("params.file }}", "params.fil }}");
    let (_, said) = page(&[("includes/tags/rows.html", &typo)], "{% rows file=\"a.csv\" %}\n");
    assert!(said.contains("`params.fil` is undefined\n --> includes/tags/rows.html:6:27"), "{said}");
}

#[test]
fn data_files_that_a_parameter_names_are_reads() {
    let site = site(&[("includes/tags/rows.html", TABLE), ("tables/a.yml", "- {name: one}\n")]);
    site.write("content/index.md", "---\ntitle: T\n---\n{% rows file=\"a.yml\" %}\n");
    site.write("content/b.md", "---\ntitle: B\n---\n{% if page.x %}{% rows file=\"b.yml\" %}{% endif %}\n");
    let path = site.path().to_str().unwrap().to_owned();
    let cached = || {
        let ran = run(&["build", "--cache", "--verify", "-s", &path]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output("index.html")
    };
    assert!(cached().contains("<li>one</li>"));
    site.write("tables/a.yml", "- {name: two}\n");
    assert!(cached().contains("<li>two</li>"));
    let said = run(&["affected", "-s", &path, "tables/a.yml"]);
    assert_eq!(said.stdout, "page /\n");
}

#[test]
fn a_body_of_endless_data_is_bounded() {
    let tag = "---\ntag: {kind: block, content: yaml}\n---\n<p>{{ content.z | size }}</p>\n";
    let mut body = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefghijkl".chars().zip("abcdefghijk".chars()) {
        let all = vec![format!("*{before}"); 10].join(", ");
        body.push_str(&format!("{name}: &{name} [{all}]\n"));
    }
    let (_, said) = page(&[("includes/tags/d.html", tag)], &format!("{{% d %}}\n{body}{{% endd %}}\n"));
    assert!(said.contains("error[tag-data]"), "{said}");
}

#[test]
fn addresses_that_a_template_writes_or_is_given_lead_to_pages_and_files() {
    let card = "---\ntag: {kind: block, markup: params, content: markdown, params: {to: \"\", shot: \"\"}}\n---\n\
        <div class=\"card\"><a href=\"../../content/guides/b.md#x\">more</a> <a href=\"{{ params.to }}\">own</a>\n\
        <img alt=\"\" src=\"{{ params.shot }}\"> <img alt=\"\" src=\"../../content/logo.png\" srcset=\"../../content/logo.png 2x\">\n\
        <a href=\"https://example.org/b.md\">other</a>\n{{ content }}</div>\n";
    let page =
        "---\ntitle: A\n---\n{% card to=\"b.md\" shot=\"shot.png\" %}\n[b](b.md) ![s](shot.png)\n{% endcard %}\n";
    let site = site(&[
        ("carafe.yml", "title: T\nbaseurl: /docs\n"),
        ("includes/tags/card.html", card),
        ("content/index.md", "# Home\n"),
        ("content/guides/a.md", page),
        ("content/guides/b.md", "# B\n\n## x\n"),
        ("content/guides/shot.png", ""),
        ("content/logo.png", ""),
        // What a second reading of finished addresses would find.
        ("content/docs/guides/shot.png", ""),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = site.output("guides/a/index.html");
    let card =
        html.split("<div class=\"card\">").nth(1).and_then(|rest| rest.split("</div>").next()).unwrap_or_default();
    for part in [
        "<a href=\"/docs/guides/b/#x\">more</a>",
        "<a href=\"/docs/guides/b/\">own</a>",
        "src=\"/docs/guides/shot.png\" decoding",
        "src=\"/docs/logo.png\" srcset=\"/docs/logo.png 2x\"",
        "<a href=\"https://example.org/b.md\">",
        "<a href=\"/docs/guides/b/\">b</a> <img src=\"/docs/guides/shot.png\" alt=\"s\"",
    ] {
        assert!(card.contains(part), "{part}: {card}");
    }
    let checked = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    site.write("content/guides/a.md", page.replace("to=\"b.md\"", "to=\"c.md\""));
    site.write("content/guides/b.md", "# B\n");
    let ran = site.build(&[]);
    assert!(ran.stderr.contains("[broken-link]: there is no source `c.md`"), "{}", ran.stderr);
    let checked = run(&["check", "-s", site.path().to_str().unwrap()]).stderr;
    assert!(checked.contains("[broken-link]") && checked.contains("[broken-anchor]"), "{checked}");
    assert!(checked.contains("includes/tags/card.html:4:"), "{checked}");
}

#[test]
fn the_title_as_html_reaches_what_a_template_includes() {
    let head = "<p class=\"h\">{{ title_html }}</p>\n";
    let tag =
        "---\ntag: {kind: block, content: markdown, markup: title}\n---\n{% include card/head.html %}\n{{ content }}\n";
    let tabs = "---\ntag: {kind: block, collects: [pane]}\n---\n{% for child in children %}{% include card/pane.html pane=child %}{% endfor %}\n";
    let pane = "---\ntag: {kind: block, content: markdown, markup: title}\n---\n";
    let files = [
        ("includes/card/head.html", head),
        ("includes/card/pane.html", "<p class=\"p\">{{ include.pane.title_html }}</p>"),
        ("includes/tags/card.html", tag),
        ("includes/tags/panes.html", tabs),
        ("includes/tags/pane.html", pane),
    ];
    let body = "{% card A *b* `c` %}\nx\n{% endcard %}\n\n{% panes %}\n{% pane Of [d](e.md) & *f* %}\ny\n{% endpane %}\n{% endpanes %}\n";
    let (html, said) = page(&files, body);
    assert!(html.contains("<p class=\"h\">A <em>b</em> <code"), "{html}\n{said}");
    assert!(html.contains("<p class=\"p\">Of d &amp; <em>f</em></p>"), "{html}\n{said}");
    assert!(!said.contains("undefined-variable"), "{said}");
}
