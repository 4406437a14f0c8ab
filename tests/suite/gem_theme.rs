//! Themes of Jekyll sites: where they are found, what they give, and what is told of one that is not there. What is expected is what Jekyll
//! writes with a gem of the same files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use carafe::session::Session;
use carafe::world::{Gems, Options};

use crate::preview::Server;
use crate::support::{Ran, SiteFolder, program, run};

/// A small theme, beside the site: its configuration names it.
const THEME: &[(&str, &str)] = &[
    (
        "th/_layouts/default.html",
        "---\nlayout: base\nx: theirs\n---\n<main>{{ content }}</main>{% include foot.html %}{{ layout.x }}",
    ),
    ("th/_layouts/base.html", "<body>{{ content }}</body>"),
    ("th/_layouts/page.html", "---\nlayout: default\n---\nTHEIR PAGE {{ content }}"),
    ("th/_includes/foot.html", "{{ site.data.own.a }}-{{ site.data.own.b }}-{{ site.colour }}-{{ site.title }}"),
    ("th/_data/own.yml", "a: theirs\nb: theirs\n"),
    ("th/_sass/own.scss", "$c: red !default;\n@import \"own/a\";\n.base { color: $c; }\n"),
    ("th/_sass/own/_a.scss", ".theirs { margin: 0; }\n"),
    ("th/assets/main.scss", "---\n---\n@import \"own\";\n"),
    ("th/assets/js/_part.js", "---\n---\n// {{ page.path }} {{ theme.version }}\n"),
    ("th/assets/plain.txt", "theirs"),
    ("th/other.md", "---\n---\nno file of a site\n"),
    ("th/_config.yml", "colour: red\ntitle: Theirs\npermalink: pretty\nplugins: [jekyll-feed]\n"),
    ("th/th.gemspec", "Gem::Specification.new do |s|\n  s.version = '1.2'\n  s.add_dependency 'jekyll-sitemap'\nend\n"),
];

const CONFIG: (&str, &str) = ("_config.yml", "title: Own\nexclude: [th]\ncarafe: {theme: th}\n");
const INDEX: (&str, &str) = ("index.md", "---\nlayout: page\n---\nText\n");

fn site(files: &[(&str, &str)]) -> SiteFolder {
    SiteFolder::new(&[THEME, &[CONFIG, INDEX], files].concat())
}

fn built(files: &[(&str, &str)]) -> SiteFolder {
    let site = site(files);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site
}

#[test]
fn a_theme_gives_layouts_includes_data_style_sheets_assets_and_its_configuration() {
    let site = built(&[]);
    let page = "<body><main>THEIR PAGE <p>Text</p>\n</main>theirs-theirs-red-Owntheirs</body>";
    assert_eq!(site.output("index.html"), page);
    assert_eq!(site.output("assets/main.css"), ".theirs {\n  margin: 0;\n}\n\n.base {\n  color: red;\n}\n");
    assert_eq!(site.output("assets/js/_part.js"), "// assets/js/_part.js 1.2\n");
    assert_eq!(site.output("assets/plain.txt"), "theirs");
    // A plugin that the gem needs is on; what Jekyll has a default for is the site's alone.
    let names: Vec<String> = site.files().into_keys().map(|path| path.to_str().unwrap().to_owned()).collect();
    assert!(
        names.iter().any(|name| name == "sitemap.xml") && !names.iter().any(|name| name.contains("other")),
        "{names:?}"
    );
}

#[test]
fn a_sites_own_files_win() {
    let site = built(&[
        ("_layouts/page.html", "---\nlayout: default\n---\nOWN PAGE {{ content }}"),
        ("_includes/foot.html", "{{ site.data.own.a }}-{{ site.data.own.b }}"),
        ("_data/own.yml", "a: own\nb:\n"),
        ("_sass/own/_a.scss", ".own { margin: 0; }\n"),
        ("assets/plain.txt", "own"),
        ("assets/site.scss", "---\n---\n$c: green;\n@import \"own/a\";\n@import \"own\";\n"),
        ("_config.yml", "exclude: [th]\nignore_theme_config: true\ncarafe: {theme: ./th/}\n"),
    ]);
    assert_eq!(site.output("index.html"), "<body><main>OWN PAGE <p>Text</p>\n</main>own-theirstheirs</body>");
    assert_eq!(site.output("assets/plain.txt"), "own");
    // An import of a sheet of the theme is looked for beside it first.
    let sheet = ".own {\n  margin: 0;\n}\n\n.theirs {\n  margin: 0;\n}\n\n.base {\n  color: green;\n}\n";
    assert_eq!(site.output("assets/site.css"), sheet);
}

#[test]
fn data_of_a_theme_and_of_the_site_come_together_where_one_has_a_file_and_the_other_a_folder() {
    let site = built(&[
        ("th/_data/menu.yml", "q: theirs\nin: theirs\nmap: {x: theirs, y: theirs}\n"),
        ("_data/menu/map.yml", "y: own\n"),
        ("_data/menu/in.yml", "a: own\n"),
        ("th/_data/more/in.yml", "a: theirs\n"),
        ("th/_data/more/out.yml", "a: theirs\n"),
        ("_data/more.yml", "b: own\nin: own\n"),
        ("_data/list.yml", "[own]\n"),
        ("_data/list/in.yml", "a: own\n"),
        (
            "d.txt",
            "---\n---\n{{ site.data.menu | jsonify }} {{ site.data.more | jsonify }} {{ site.data.list | jsonify }}",
        ),
    ]);
    assert_eq!(
        site.output("d.txt"),
        "{\"q\":\"theirs\",\"in\":{\"a\":\"own\"},\"map\":{\"x\":\"theirs\",\"y\":\"own\"}} {\"in\":\"own\",\"out\":{\"a\":\"theirs\"},\"b\":\"own\"} {\"in\":{\"a\":\"own\"}}"
    );
}

#[test]
fn a_file_of_data_that_says_nothing_leaves_what_the_theme_says() {
    let show = "---\n---\n{{ site.data.list | jsonify }} {{ site.data.map | jsonify }} {{ site.data.own | jsonify }}";
    let site = built(&[
        ("th/_data/list.yml", "[theirs]\n"),
        ("_data/list.yml", "# nothing yet\n"),
        ("th/_data/map.yml", "a: theirs\n"),
        ("_data/map.yml", "[own]\n"),
        ("_data/own.yml", "# nothing yet\n"),
        ("d.txt", show),
    ]);
    assert_eq!(site.output("d.txt"), "[\"theirs\"] [\"own\"] {\"a\":\"theirs\",\"b\":\"theirs\"}");
}

#[test]
fn what_a_theme_brings_stands_behind_the_sites_own_pages() {
    let list = "---\n---\n{% for p in site.pages %}{{ p.path }} {% endfor %}{% for f in site.static_files %}{{ f.path }} {% endfor %}";
    let site = built(&[("z.txt", list), ("z.svg", "x")]);
    let expected =
        "index.md z.txt assets/js/_part.js assets/main.scss sitemap.xml robots.txt /z.svg /assets/plain.txt ";
    assert_eq!(site.output("z.txt"), expected);
    // In another encoding, too.
    site.write("_config.yml", format!("{}encoding: ISO-8859-1\n", CONFIG.1));
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert_eq!(site.output("z.txt"), expected);
}

/// A build of a site that names a gem, with gems in `folder` alone.
fn with_gems(site: &SiteFolder, folder: &Path) -> Ran {
    let output = program()
        .args(["build", "-s", site.path().to_str().unwrap()])
        .env("GEM_HOME", folder)
        .env_remove("GEM_PATH")
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::new(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_gem_is_found_where_ruby_has_it_and_by_its_version() {
    let gems = SiteFolder::new(&[
        ("gems/carafe-tea-1.9.0/_layouts/page.html", "1.9 {{ content }}"),
        (
            "gems/carafe-tea-1.10.0/_layouts/page.html",
            "1.10 {{ theme.authors }} {{ theme.dependencies }} {{ content }}",
        ),
        ("gems/carafe-tea-extra-9.0/_layouts/page.html", "no"),
        (
            "specifications/carafe-tea-1.10.0.gemspec",
            "  s.authors = [\"Ann\".freeze, \"Bob\".freeze]\n  s.add_runtime_dependency(%q<jekyll>.freeze, [\">= 3.5\", \"< 5.0\"])\n",
        ),
    ]);
    let site = SiteFolder::new(&[("_config.yml", "theme: Carafe-Tea\n"), INDEX]);
    let ran = with_gems(&site, gems.path());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.output("index.html"), "1.10 Ann, Bob jekyll (>= 3.5, < 5.0) <p>Text</p>\n");
    site.write("Gemfile", "gem 'carafe-tea'\n");
    site.write("Gemfile.lock", "GEM\n  specs:\n    carafe-tea (1.9.0)\n");
    with_gems(&site, gems.path());
    assert_eq!(site.output("index.html"), "1.9 <p>Text</p>\n");
}

#[test]
fn a_theme_that_is_not_there_is_one_finding_that_names_the_layouts() {
    let site = SiteFolder::new(&[
        ("_config.yml", "theme: carafe-nowhere\n"),
        INDEX,
        ("a.md", "---\nlayout: home\n---\n"),
        ("b.md", "---\nlayout: page\n---\n"),
        ("c.md", "---\nlayout: own\n---\n"),
        ("_layouts/own.html", "{{ content }}"),
    ]);
    let empty = SiteFolder::new(&[]);
    let ran = with_gems(&site, empty.path());
    assert_eq!(ran.code, 1);
    let said = "error[missing-theme]: the theme `carafe-nowhere` is not among the gems of this machine; the site asks it for the layouts `home`, `page`\n --> _config.yml:1:8";
    assert!(ran.stderr.contains(said) && !ran.stderr.contains("missing-layout"), "{}", ran.stderr);
    // With all its layouts in the site nothing but a warning is left.
    for layout in ["home", "page"] {
        site.write(&format!("_layouts/{layout}.html"), "{{ content }}");
    }
    let ran = with_gems(&site, empty.path());
    assert!(ran.code == 0 && ran.stderr.contains("warning[missing-theme]"), "{}", ran.stderr);
    for (config, said) in [
        ("carafe: {theme: nowhere}\n", "the theme `nowhere` is not in the folder `nowhere`"),
        ("theme: ../../etc\n", "the theme `../../etc` is not among the gems"),
        (
            "plugins: [jekyll-remote-theme]\nremote_theme: some/tea@v1\n",
            "the theme `some/tea@v1` is not on this machine",
        ),
    ] {
        site.write("_config.yml", config);
        let ran = with_gems(&site, empty.path());
        assert!(ran.stderr.contains(said), "{config}: {}", ran.stderr);
    }
    // Without its plugin nobody asks for a remote theme.
    site.write("_config.yml", "remote_theme: some/tea\n");
    assert!(!with_gems(&site, empty.path()).stderr.contains("missing-theme"));
}

#[test]
fn a_remote_theme_comes_from_a_folder() {
    let config = "plugins: [jekyll-remote-theme]\nremote_theme: some/tea@v1\nexclude: [th]\ncarafe: {theme: th}\n";
    let site =
        site(&[("_config.yml", config), ("t.txt", "---\n---\n{{ site.theme }} {{ site.colour | default: 'none' }}")]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Its configuration does not count, as with the plugin.
    assert_eq!(site.output("t.txt"), "tea none");
    assert!(site.output("index.html").contains("THEIR PAGE"));
}

#[test]
fn a_themes_own_repository_is_a_site() {
    let own: Vec<(&str, &str)> = THEME.iter().map(|(path, text)| (&path["th/".len()..], *text)).collect();
    let site =
        SiteFolder::new(&[&own[..], &[("_config.yml", "theme: th\ntitle: Own\ncolour: blue\n"), INDEX]].concat());
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("index.html").contains("THEIR PAGE <p>Text</p>\n</main>theirs-theirs-blue-Own"));
    assert!(site.output("sitemap.xml").contains("<urlset"));
    // And the theme of the site that shows it, in a folder of it.
    site.write("docs/_config.yml", "theme: th\n");
    site.write("docs/index.md", "---\nlayout: page\n---\nDocs\n");
    site.write("Gemfile", "source 'https://rubygems.org'\ngemspec\n");
    let docs = site.path().join("docs");
    let ran = run(&["build", "-s", docs.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(docs.join("_site/index.html")).unwrap().contains("THEIR PAGE <p>Docs</p>"));
}

#[test]
fn cached_builds_notice_what_changes_in_a_theme() {
    let site = site(&[("a.md", "---\nlayout: base\n---\nA\n")]);
    let build = || {
        let ran = site.build(&["--cache", "--verify", "-V"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    build();
    assert!(build().contains("6 of 6 pages taken"));
    site.write("th/_includes/foot.html", "NEW FOOT");
    assert!(build().contains("5 of 6 pages taken"));
    assert!(site.output("index.html").contains("NEW FOOT"));
    for (path, text) in [
        ("th/_data/own.yml", "a: 1"),
        ("th/_sass/own/_a.scss", ".new { margin: 0 }"),
        ("th/_layouts/base.html", "<b>{{ content }}</b>"),
        ("_data/own.yml", "b: own"),
        ("th/_data/own.yml", "a: 2"),
        ("_layouts/base.html", "own {{ content }}"),
        ("th/assets/plain.txt", "new"),
        ("th/_config.yml", "colour: green"),
        ("th/th.gemspec", "  s.version = '2.0'\n"),
    ] {
        site.write(path, text);
        build();
    }
    assert_eq!(site.output("assets/js/_part.js"), "// assets/js/_part.js 2.0\n");
    assert!(site.output("a.html").contains("own <p>A</p>"));
}

#[test]
fn a_session_follows_a_theme() {
    let site = site(&[("data.txt", "---\n---\n{{ site.data.own | jsonify }} {{ site.colour }}")]);
    let options = Options { source: site.path().to_owned(), now: Some(0), gems: Gems::default(), ..Options::default() };
    let mut session = Session::open(&options).unwrap();
    let texts = |session: &Session| -> Vec<String> {
        (0..session.pages())
            .filter_map(|at| session.page(at))
            .map(|page| format!("{} {}", page.output, page.bytes))
            .collect()
    };
    for (path, changed, text) in [
        ("th/_includes/foot.html", "(theme)/_includes/foot.html", "NEW"),
        ("_data/own.yml", "_data/own.yml", "a: own"),
        ("th/_data/own.yml", "(theme)/_data/own.yml", "a: 1\nb: 2"),
        ("th/_data/new.yml", "(theme)/_data/new.yml", "a: 1"),
        ("th/_layouts/page.html", "(theme)/_layouts/page.html", "bare {{ content }}"),
        ("_layouts/page.html", "_layouts/page.html", "own {{ content }}"),
        ("th/_sass/own.scss", "(theme)/_sass/own.scss", ".n { margin: 0 }"),
        ("th/assets/main.scss", "assets/main.scss", "---\n---\n.m { margin: 0 }"),
        ("assets/main.scss", "assets/main.scss", "---\n---\n.own { margin: 0 }"),
        ("th/_config.yml", "(theme)/_config.yml", "colour: blue"),
    ] {
        texts(&session);
        site.write(path, text);
        session = session.update(&BTreeSet::from([changed.to_owned()])).unwrap();
        let clean = Session::open(&options).unwrap();
        assert_eq!(texts(&session), texts(&clean), "{path}");
        assert_eq!(session.findings(), clean.findings(), "{path}");
    }
}

#[test]
fn the_preview_watches_a_theme_outside_of_the_site() {
    let theme = SiteFolder::new(&[("_layouts/page.html", "old {{ content }}"), ("assets/a.txt", "old file")]);
    let config = format!("carafe: {{theme: {:?}}}\n", theme.path());
    let site = SiteFolder::new(&[("_config.yml", &config), INDEX]);
    let server = Server::start(&site, &["-P", "0"]);
    server.until("/", "old <p>Text</p>");
    theme.write("_layouts/page.html", "new {{ content }}");
    server.until("/", "new <p>Text</p>");
    theme.write("assets/a.txt", "new file");
    server.until("/assets/a.txt", "new file");
    theme.write("_includes/x.html", "included");
    site.write("index.md", "---\nlayout: page\n---\n{% include x.html %}\n");
    server.until("/", "included");
}

#[test]
fn the_name_of_a_gem_is_no_path() {
    let gems = SiteFolder::new(&[
        ("gems/sub/tea-1.0/_layouts/page.html", "sub"),
        ("gems/tea-1.0/_layouts/page.html", "tea"),
        ("other/tea-1.0/_layouts/page.html", "other"),
    ]);
    for (theme, code) in [("tea", 0), ("sub/tea", 1), ("../other/tea", 1), ("''", 1), ("te a", 1)] {
        let site = SiteFolder::new(&[("_config.yml", &format!("theme: {theme}\n")), INDEX]);
        let ran = with_gems(&site, gems.path());
        assert_eq!(ran.code, code, "{theme}: {}", ran.stderr);
    }
}

/// Where gems lie that no folder of the usual ones holds, `gem` says.
#[test]
#[cfg(unix)]
fn ruby_is_asked_at_last() {
    use std::os::unix::fs::PermissionsExt;

    let gems = SiteFolder::new(&[("far/gems/carafe-far-1.0/_layouts/page.html", "far {{ content }}")]);
    let gem = gems.path().join("bin/gem");
    gems.write(
        "bin/gem",
        format!(
            "#!/bin/sh\n[ \"$*\" = \"env gempath\" ] && sleep 0.1 && echo /nowhere:{}/far\n",
            gems.path().display()
        ),
    );
    std::fs::set_permissions(&gem, std::fs::Permissions::from_mode(0o755)).unwrap();
    let site = SiteFolder::new(&[("_config.yml", "theme: carafe-far\n"), INDEX]);
    let path = format!("{}:{}", gem.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let build = |path: &str| {
        let mut program = program();
        program.args(["build", "-s", site.path().to_str().unwrap()]).env("PATH", path).env("GEM_HOME", "/nowhere");
        program.env_remove("GEM_PATH").output().unwrap().status.code()
    };
    assert_eq!(build(&path), Some(0));
    assert_eq!(site.output("index.html"), "far <p>Text</p>\n");
    // A program that fails or says nothing of use has no theme, and one that is not there neither.
    for text in ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho\n"] {
        gems.write("bin/gem", text);
        assert_eq!(build(&path), Some(1));
    }
    assert_eq!(build("/nowhere"), Some(1));
}
