//! What of a site's folder is published, under which address and which title.

use crate::support::{SiteFolder, run};

const NATIVE: (&str, &str) = ("carafe.yml", "title: T\n");

/// A site of these files, built without a finding.
fn built(files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(files);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site
}

/// The files of the output that are no part of the theme.
fn published(site: &SiteFolder) -> Vec<String> {
    let files = site.files();
    let names = files.keys().map(|path| path.to_str().unwrap().to_owned());
    names.filter(|name| !name.starts_with("assets/") && name != ".carafe").collect()
}

/// The text of the element `h1`.
fn heading(page: &str) -> &str {
    page.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')?.1.split_once("</h1>")).unwrap().0
}

#[test]
fn the_site_map_lists_every_page_but_the_one_for_missing_addresses() {
    let config = ("carafe.yml", "title: T\nurl: https://x.org\nbaseurl: /docs\nredirects: {/old/: /a/}\n");
    let files = [
        config,
        ("content/index.md", "x\n"),
        ("content/a.md", "x\n"),
        ("content/f.xml", "---\n---\n<f/>\n"),
        ("static/s.html", "s"),
    ];
    let own = ("content/404.md", "---\ntitle: Gone\n---\nNothing is here.\n");
    for more in [&[][..], &[own]] {
        let site = built(&[&files[..], more].concat());
        let map = site.output("sitemap.xml");
        let all: Vec<&str> = map.split("<loc>").skip(1).map(|rest| rest.split_once("</loc>").unwrap().0).collect();
        assert_eq!(all, ["https://x.org/docs/a/", "https://x.org/docs/"], "{map}");
        assert_eq!(site.output("404.html").contains("Nothing is here."), !more.is_empty());
    }
}

#[test]
fn a_redirect_never_takes_the_place_of_a_page_or_a_file() {
    let native = built(&[
        ("carafe.yml", "title: T\nredirects: {/a/: /b/, /f.html: /b/, /old/: /b/}\n"),
        ("content/a.md", "The page a.\n"),
        ("content/b.md", "---\nredirect_from: [/a/, /older/]\n---\nThe page b.\n"),
        ("static/f.html", "The file f."),
    ]);
    let jekyll = built(&[
        ("_config.yml", "plugins: [jekyll-redirect-from]\ncarafe: {diagnostics: {ignored-plugin: off}}\n"),
        ("a/index.md", "---\n---\nThe page a.\n"),
        ("b.md", "---\npermalink: /b/\nredirect_from: [/a/, /f.html, /older/]\n---\nThe page b.\n"),
        ("f.html", "The file f."),
    ]);
    for site in [&native, &jekyll] {
        assert!(site.output("a/index.html").contains("The page a."));
        assert_eq!(site.output("f.html"), "The file f.");
        assert!(site.output("older/index.html").contains("/b/\""));
    }
    assert!(native.output("old/index.html").contains("/b/\""));
}

#[test]
fn defaults_are_for_the_pages_of_their_class_and_a_class_makes_a_scope_closer() {
    let defaults = "defaults:\n- {scope: {path: '', type: posts}, values: {who: post}}\n- {scope: {path: ''}, values: {who: all}}\n\
                    - {scope: {path: '', type: drafts}, values: {who: draft}}\n- {scope: {path: '', type: docs}, values: {who: doc}}\n\
                    - {scope: {path: docs, type: pages}, values: {who: page}}\n- {scope: {path: docs}, values: {who: any}}\n";
    let config = format!("collections: {{docs: {{output: true}}, more: {{output: true}}}}\n{defaults}");
    let text = "---\n---\n{{ page.who }}\n";
    let site = SiteFolder::new(&[
        ("_config.yml", &config),
        ("p.md", text),
        ("docs/q.md", text),
        ("_posts/2024-01-02-post.md", text),
        ("_drafts/draft.md", "---\npermalink: /draft.html\n---\n{{ page.who }}\n"),
        ("_docs/d.md", text),
        ("_more/m.md", text),
    ]);
    let ran = site.build(&["--drafts"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (output, who) in [
        ("p.html", "all"),
        ("docs/q.html", "page"),
        ("2024/01/02/post.html", "post"),
        ("draft.html", "post"),
        ("docs/d.html", "doc"),
        ("more/m.html", "all"),
    ] {
        assert_eq!(site.output(output), format!("<p>{who}</p>\n"), "{output}");
    }
}

#[test]
fn a_page_without_a_title_is_named_after_its_file() {
    let site = built(&[
        NATIVE,
        ("content/index.md", "x\n"),
        ("content/first-steps_with-it.md", "x\n"),
        ("content/set-up/index.md", "x\n"),
        ("content/v1.2-notes.md", "x\n"),
        ("content/named.md", "---\ntitle: Other words\n---\nx\n"),
    ]);
    for (output, title) in [
        ("index.html", "Home"),
        ("first-steps_with-it/index.html", "First steps with it"),
        ("set-up/index.html", "Set up"),
        ("v1.2-notes/index.html", "V1.2 notes"),
        ("named/index.html", "Other words"),
    ] {
        let page = site.output(output);
        assert!(page.contains(&format!("<title>{title} · T</title>")), "{output}: {page}");
        assert_eq!(heading(&page), title, "{output}");
    }
    assert!(site.output("index.html").contains(">First steps with it</a>"), "the navigation has the same name");
}

#[test]
fn what_editors_leave_behind_and_what_is_hidden_is_not_published() {
    let text = "---\ntitle: T\n---\nx\n";
    let odd = ["x.md~", ".x.md", "#x.md#", "_x.md", "~x.md", "old~/x.md", "_x/x.md", ".x/x.txt", "a/.DS_Store"];
    let native: Vec<String> = odd.iter().map(|path| format!("content/{path}")).collect();
    let mut files = vec![NATIVE, ("content/index.md", text), ("content/a/x.md", text)];
    files.extend(native.iter().map(|path| (path.as_str(), text)));
    assert_eq!(published(&built(&files)), ["404.html", "a/x/index.html", "index.html", "robots.txt"]);

    let mut files = vec![("_config.yml", "include: [_x.md, .htaccess]\n"), ("index.md", text), ("a/x.md", text)];
    files.extend(odd.iter().map(|path| (*path, text)));
    files.extend([(".htaccess", "deny"), ("plain.md", "no front matter")]);
    assert_eq!(published(&built(&files)), [".htaccess", "_x.html", "a/x.html", "index.html", "plain.md"]);
}

#[test]
fn a_page_that_is_not_for_liquid_is_taken_as_it_is_written() {
    let text = "---\ntitle: T\nrender_with_liquid: false\n---\n*a* {{ page.title }} {% nothing %} {{ 'x' }}\n";
    let plain = "<p><em>a</em> {{ page.title }} {% nothing %} {{ ‘x’ }}</p>";
    let native = built(&[NATIVE, ("content/index.md", text)]);
    assert!(native.output("index.html").contains(plain), "{}", native.output("index.html"));
    let jekyll = built(&[
        ("_config.yml", "title: S\n"),
        ("index.md", text),
        ("i.md", &text.replace("false", "true").replace("{% nothing %} ", "")),
    ]);
    assert_eq!(jekyll.output("index.html"), format!("{plain}\n"));
    assert_eq!(jekyll.output("i.html"), "<p><em>a</em> T x</p>\n");
    for site in [&native, &jekyll] {
        let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
        assert!(!ran.stderr.contains("nothing"), "{}", ran.stderr);
    }
}

#[test]
fn a_table_of_data_is_cut_at_the_separator_of_its_format() {
    let text = "---\n---\n{% for row in site.data.t %}{% for field in row %}[{{ field[0] }}={{ field[1] }}]{% endfor %};{% endfor %}\n";
    let tsv = "name\tnote, or remark\na, b\tc\n\"tab\there\"\t\n";
    let csv = "name,note\na\tb,c\n\"x, y\",\"say \"\"z\"\"\"\r\n,\nlast\n";
    for (data, table, expected) in [
        ("t.tsv", tsv, "[name=a, b][note, or remark=c];[name=tab\there][note, or remark=];"),
        ("t.csv", csv, "[name=a\tb][note=c];[name=x, y][note=say &quot;z&quot;];[name=][note=];[name=last][note=];"),
    ] {
        let site = built(&[("_config.yml", ""), (&format!("_data/{data}"), table), ("t.html", text)]);
        assert_eq!(site.output("t.html").trim().replace('"', "&quot;"), expected, "{data}");
    }
}

#[test]
fn a_field_that_a_table_leaves_out_is_nil_in_a_jekyll_site_and_so_is_an_empty_line() {
    let text = "---\ntitle: T\n---\n{% for row in site.data.t %}{{ row | jsonify }};{% endfor %}\n";
    let table = "\na,b\n1,\n\n,\n\"\",x\n\"\"\n";
    let jekyll = built(&[("_config.yml", ""), ("_data/t.csv", &table[1..]), ("t.txt", text)]);
    let none = "{\"a\":null,\"b\":null};";
    let expected =
        format!("{{\"a\":\"1\",\"b\":null}};{none}{none}{{\"a\":\"\",\"b\":\"x\"}};{{\"a\":\"\",\"b\":null}};");
    assert_eq!(jekyll.output("t.txt").trim(), expected);
    let native = built(&[NATIVE, ("content/index.md", "x\n"), ("data/t.csv", table), ("content/t.txt", text)]);
    let expected = "{\"a\":\"1\",\"b\":\"\"};{\"a\":\"\",\"b\":\"\"};{\"a\":\"\",\"b\":\"x\"};";
    assert_eq!(native.output("t.txt").trim(), expected);
}

#[test]
fn a_jekyll_site_says_itself_which_files_are_markdown() {
    let page = |text| format!("---\n---\n{text}\n");
    let site = SiteFolder::new(&[
        ("_config.yml", "markdown_ext: \"foo, mkd,TXT\"\n"),
        ("a.foo", &page("*a*")),
        ("b.md", &page("*b*")),
        // Jekyll keeps the blank, so that this is no extension.
        ("c.mkd", &page("*c*")),
        ("d.txt", &page("*d*")),
    ]);
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("a.html"), "<p><em>a</em></p>\n");
    assert_eq!(site.output("b.md"), "*b*\n");
    assert_eq!(site.output("c.mkd"), "*c*\n");
    assert_eq!(site.output("d.html"), "<p><em>d</em></p>\n");
}

#[test]
fn a_folder_that_is_no_site_is_told_with_what_it_seems_to_be() {
    let ours = "a.md";
    for (files, help) in [
        (&[("_config.toml", "x")][..], "there is `_config.toml`: use `--config _config.toml`"),
        (&[("_config_dev.yml", "x")], "there is `_config_dev.yml`: use `--config"),
        (&[("carafe.dev.yaml", "x")], "there is `carafe.dev.yaml`: use `--config"),
        (&[("carafe.txt", "x"), ("docs/carafe.yml", "x")], "there is a site in `docs`: use `--source "),
        (&[("docs/_config.yml", "x")], "there is a site in `docs`"),
        (&[("a/_config.dev.yml", "x"), ("other.yml", "x")], "`carafe init` makes this folder a site"),
        (&[("mkdocs.yml", "x"), (ours, "x")], "there is `mkdocs.yml`, the configuration of another program"),
        (&[("docs/mkdocs.yml", "x"), (ours, "x")], "pages such as `a.md` belong in the folder `content`"),
        (&[("b/a.md", "x")], "`carafe init` makes this folder a site"),
        (&[("static/a.css", "x")], "`carafe init` makes this folder a site"),
    ] {
        let site = SiteFolder::new(files);
        let ran = site.build(&[]);
        assert!(ran.code == 2 && ran.stderr.contains("error[no-site]"), "{files:?}: {}", ran.stderr);
        assert!(!site.path().join("_site").exists());
        assert!(ran.stderr.contains(&format!("help: {help}")), "{files:?}: {help}\n{}", ran.stderr);
    }
}

#[test]
fn what_is_not_to_be_published_yet_is_asked_for_by_an_option_or_an_argument() {
    let files = [
        ("content/index.md", "---\ntitle: T\n---\n"),
        ("content/draft.md", "---\ntitle: T\ndraft: true\n---\n"),
        ("content/future.md", "---\ntitle: T\ndate: 2999-01-01\n---\n"),
        ("content/unpublished.md", "---\ntitle: T\npublished: false\n---\n"),
    ];
    for (option, page) in [("drafts", "draft"), ("future", "future"), ("unpublished", "unpublished")] {
        for (config, args, is_there) in [
            (String::new(), vec![], false),
            (format!("{option}: false\n"), vec![], false),
            (format!("{option}: true\n"), vec![], true),
            (String::new(), vec![format!("--{option}")], true),
        ] {
            let config = format!("title: T\n{config}");
            let site = SiteFolder::new(&[&[("carafe.yml", &*config)], &files[..]].concat());
            let ran = site.build(&args.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            let made: Vec<String> = published(&site).into_iter().filter(|path| path.contains('/')).collect();
            let expected: &[String] = if is_there { &[format!("{page}/index.html")] } else { &[] };
            assert_eq!(made, expected, "{config} {args:?}");
        }
    }
}

#[test]
fn a_site_without_a_page_says_where_there_is_none() {
    let site = SiteFolder::new(&[NATIVE]);
    assert!(site.build(&[]).stderr.contains("there is no page in `content`, which is no folder, and no file to copy"));
    std::fs::create_dir(site.path().join("content")).unwrap();
    assert!(site.build(&[]).stderr.contains("there is no page in `content`, and no file to copy"));
}

#[test]
fn front_matter_that_is_not_read_is_told_on_its_first_line() {
    for (text, place) in [
        ("\n\n---\ntitle: A\n---\nText\n", "content/index.md:3:1\n  |\n3 | ---\n  | ^^^\n"),
        ("+++  \ntitle = 1\n+++\n", "content/index.md:1:1\n  |\n1 | +++  \n  | ^^^\n"),
        ("---\ntitle: A\nText\n", "content/index.md:1:1\n  |\n1 | ---\n  | ^^^\n"),
    ] {
        let site = SiteFolder::new(&[NATIVE, ("content/index.md", text)]);
        let ran = site.build(&[]);
        assert!(ran.stderr.contains("[unread-front-matter]") && ran.stderr.contains(place), "{text}: {}", ran.stderr);
    }
}
