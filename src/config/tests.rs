use carafe_source::MemoryFiles;
use carafe_yaml::{Limits, Schema};

use super::*;

fn site(text: &str) -> Result<Config, Vec<Diagnostic>> {
    let files = MemoryFiles::new([(NATIVE_FILE, text)]);
    load(&files, &Sources::default(), &[], &Overrides::default()).map(|(config, _)| config)
}

fn jekyll(text: &str) -> Config {
    let files = MemoryFiles::new([(JEKYLL_FILE, text)]);
    load(&files, &Sources::default(), &[], &Overrides::default()).unwrap().0
}

/// `line:column code message (help)` of each finding.
fn findings(text: &str) -> Vec<String> {
    let files = MemoryFiles::new([(NATIVE_FILE, text)]);
    let sources = Sources::default();
    let found = load(&files, &sources, &[], &Overrides::default()).unwrap_err();
    let shown = found.iter().map(|diagnostic| {
        let span = diagnostic.span.unwrap();
        let at = sources.get(span.file).unwrap().position(span.start);
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}:{} {} {}{help}", at.line, at.column, diagnostic.code, diagnostic.message)
    });
    shown.collect()
}

#[test]
fn an_empty_configuration_gives_the_defaults_of_a_native_site() {
    for config in
        [site("").unwrap(), load(&MemoryFiles::default(), &Sources::default(), &[], &Overrides::default()).unwrap().0]
    {
        assert_eq!(config.mode, Mode::Native);
        assert_eq!(config.content.folders.content, "content");
        assert_eq!(config.content.permalink, Permalink::Pretty);
        assert_eq!(config.output.destination, "_site");
        assert!(config.liquid.reindent);
        assert_eq!(config.markdown.toc_levels, [1, 2, 3, 4, 5, 6]);
        assert_eq!(config.variables["baseurl"].as_str(), Some(""));
    }
}

#[test]
fn a_native_site_says_everything_in_its_own_keys() {
    let config = site(
        "title: T\nurl: https://x.org/\nbaseurl: docs/\nlanguage: de\ntimezone: Europe/Berlin\n\
         folders: {content: src/pages/, data: d}\ndestination: out\nvariables: {name: N, deep: {a: [1]}}\n\
         defaults:\n- scope: {path: guides/, type: pages}\n  values: {layout: guide}\n\
         markdown: {dialect: commonmark, toc_levels: 2..3, smart_quotes: false, hard_wrap: true}\n\
         diagnostics: {undefined-variable: error, yaml-syntax: off}\n\
         theme: {logo: /l.svg, footer_links: [{title: A, url: /a/}]}\n\
         nav:\n- index.md\n- Guides:\n  - First: guides/first.md\n  - Blog: https://b.org\n\
         - {title: More, page: more.md, children: [x.md]}\n\
         redirects: {/old/: /new/}\ntab_sets: {os: [macOS, Linux]}\n\
         single_source: {versions: v, source: src, nav: [nav_*]}\n",
    )
    .unwrap();
    assert_eq!((config.site.url.as_str(), config.site.baseurl.as_str()), ("https://x.org", "/docs"));
    assert_eq!(config.content.folders.content, "src/pages");
    assert_eq!(config.variables["name"].as_str(), Some("N"));
    assert_eq!(config.content.defaults[0].path, "src/pages/guides");
    assert_eq!(config.markdown.dialect, Dialect::CommonMark);
    assert_eq!((config.markdown.toc_levels, config.markdown.smart_quotes), (vec![2, 3], None));
    assert_eq!(config.severities.one(Diagnostic::error("yaml-syntax", "x")), None);
    assert_eq!(config.theme.footer_links, [Link { title: "A".into(), url: "/a/".into() }]);
    assert_eq!(config.nav.len(), 3);
    assert_eq!(config.nav[1].title.as_deref(), Some("Guides"));
    assert_eq!(config.nav[1].children[0].page.as_deref(), Some("guides/first.md"));
    assert_eq!(config.nav[1].children[1].url.as_deref(), Some("https://b.org"));
    assert_eq!(config.nav[2].children[0].page.as_deref(), Some("x.md"));
    assert_eq!(config.single_source.unwrap().nav, ["nav_*"]);
    assert_eq!(config.content.redirects, [("/old/".to_owned(), "/new/".to_owned())]);
}

#[test]
fn every_mistake_is_reported_at_its_place_in_one_run() {
    let found = findings(
        "titel: x\nliquid:\n  reindent: maybe\n  limits: {include_dept: 3}\nmarkdown: {dialect: commonmrk}\n\
         diagnostics:\n  undefined-varable: off\n  yaml-syntax: loud\nproduct: x\ntimezone: Mars/North\n\
         theme: {footer_links: [{title: A}]}\nvariables: {title: x}\nexclude: a\n",
    );
    assert_eq!(
        found,
        [
            "1:1 unknown-option there is no option `titel` (did you mean `title`?)",
            "3:13 invalid-option `liquid.reindent` must be `true` or `false`, not `maybe`",
            "4:12 unknown-option there is no option `liquid.limits.include_dept` (did you mean `include_depth`?)",
            "5:21 invalid-option `markdown.dialect` must be `kramdown` or `commonmark`, not `commonmrk` (did you mean `commonmark`?)",
            "7:22 invalid-option there is no diagnostic `undefined-varable` (did you mean `undefined-variable`?)",
            "8:16 invalid-option `diagnostics.yaml-syntax` must be `error` or `warn` or `note` or `off`, not `loud`",
            "9:1 unknown-option there is no option `product` (values for pages go under `variables:`, where `NAME` becomes `site.NAME`)",
            "10:11 invalid-option there is no time zone `Mars/North` (use a name such as `UTC` or `Europe/Berlin`)",
            "11:24 invalid-option a link needs both `title` and `url`",
            "12:20 invalid-option `variables.title` would hide the site's own `title` (give the variable another name)",
            "13:10 invalid-option `exclude` must be a list, not `a`",
        ]
    );
}

#[test]
fn a_jekyll_site_has_jekylls_defaults_and_all_its_keys_are_variables() {
    let config = jekyll(
        "name: N\npermalink: pretty\nproduct: P\ncollections: {docs: {output: true, permalink: /d/:path/}, x: }\n\
         exclude: [a]\nkramdown: {syntax_highlighter_opts: {default_lang: text}}\nsingle_source: {nav: [n_*]}\n\
         defaults: [{scope: {path: '', type: hub}, values: {layout: l}, other: 1}]\n",
    );
    assert_eq!(config.mode, Mode::Jekyll);
    assert_eq!(config.content.folders.includes, "_includes");
    assert_eq!(config.site.title, "N");
    assert_eq!(config.variables["product"].as_str(), Some("P"));
    assert_eq!(config.variables["excerpt_separator"].as_str(), Some("\n\n"));
    assert!(!config.liquid.reindent);
    let names: Vec<&String> = config.content.collections.keys().collect();
    assert_eq!(names, ["docs", "x", "posts"]);
    let posts = &config.content.collections["posts"];
    assert_eq!(posts.permalink.as_deref(), Some("/:categories/:year/:month/:day/:title/"));
    assert!(config.content.exclude.contains(&"node_modules".to_owned()));
    assert_eq!(config.output.keep, [".git", ".svn"]);
    assert_eq!(config.highlight.default_language.as_deref(), Some("text"));
    assert_eq!(config.content.markdown_suffixes, ["markdown", "mkdown", "mkdn", "mkd", "md"]);
    assert_eq!(config.content.defaults[0].kind.as_deref(), Some("hub"));
}

#[test]
fn names_or_else_the_folder_say_what_kind_of_site_it_is() {
    let all = ["carafe.yml", "carafe.ci.yml", "_config.yml", "ci.yml"].map(|path| (path, ""));
    let mode = |files: &MemoryFiles, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        load(files, &Sources::default(), &names, &Overrides::default()).unwrap().0.mode
    };
    let both = MemoryFiles::new(all);
    let old = MemoryFiles::new(all.into_iter().skip(2));
    for (files, names, expected) in [
        (&both, &[][..], Mode::Native),
        (&old, &[], Mode::Jekyll),
        (&both, &["_config.yml"], Mode::Jekyll),
        (&both, &["_config.yml", "ci.yml"], Mode::Jekyll),
        (&both, &["carafe.yml", "ci.yml"], Mode::Native),
        (&both, &["ci.yml"], Mode::Native),
        (&old, &["ci.yml"], Mode::Jekyll),
    ] {
        assert_eq!(mode(files, names), expected, "{names:?}");
    }
}

#[test]
fn plugins_are_named_by_the_configuration_and_by_the_gemfile() {
    let config = "plugins: [jekyll-feed]\ngems: [jekyll-x]\nfuture: yes\n";
    let gems = "group :jekyll_plugins do\n  gem 'jekyll-feed'\n  gem 'jekyll-y'\nend\n";
    let files = MemoryFiles::new([(JEKYLL_FILE, config), (GEM_FILE, gems)]);
    let (config, found) = load(&files, &Sources::default(), &[], &Overrides::default()).unwrap();
    assert!(found.is_empty(), "{found:?}");
    let names: Vec<&str> = config.plugins.named.iter().map(|plugin| plugin.name.as_str()).collect();
    assert_eq!(names, ["jekyll-feed", "jekyll-x", "jekyll-y"]);
    assert_eq!(config.files, [JEKYLL_FILE, GEM_FILE]);
    assert!(config.content.future);
}

#[test]
fn our_own_part_of_a_jekyll_site_is_checked_strictly() {
    let files = MemoryFiles::new([(JEKYLL_FILE, "liquid: {reident: true}\ncarafe: {diagnostic: {}}\n")]);
    let found = load(&files, &Sources::default(), &[], &Overrides::default()).unwrap_err();
    let messages: Vec<&str> = found.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(messages, ["there is no option `liquid.reident`", "there is no option `carafe.diagnostic`"]);
}

#[test]
fn of_several_files_the_later_wins_and_mappings_are_merged() {
    let files = MemoryFiles::new([
        ("a.yml", "title: A\nm: {x: 1, y: 2}\nlist: [1]\nkeep: k\n"),
        ("b.yml", "title: B\nm: {y: 3}\nlist: [2]\nkeep:\nliquid: {reindnt: 1}\n"),
    ]);
    let sources = Sources::default();
    let names = ["a.yml".to_owned(), "b.yml".to_owned()];
    let found = load(&files, &sources, &names, &Overrides::default()).unwrap_err();
    let span = found[0].span.unwrap();
    assert_eq!(sources.get(span.file).unwrap().path.as_ref(), "b.yml");
    let mut files = files;
    files.insert("b.yml", "title: B\nm: {y: 3}\nlist: [2]\nkeep:\n");
    let overrides = Overrides { baseurl: Some("/over".into()), drafts: true, ..Overrides::default() };
    let config = load(&files, &Sources::default(), &names, &overrides).unwrap().0;
    assert_eq!(config.site.title, "B");
    let m = &config.variables["m"];
    assert_eq!(format!("{:?} {:?}", m.field("x").unwrap(), m.field("y").unwrap()), "Int(1) Int(3)");
    assert_eq!(config.variables["keep"].as_str(), Some("k"));
    assert_eq!(config.variables["baseurl"].as_str(), Some("/over"));
    assert!(config.content.drafts);
}

#[test]
fn files_that_cannot_be_read_or_parsed_are_named() {
    let mut files = MemoryFiles::new([("bad.yml", b"a: 1\nb: [\n".to_vec()), ("latin.yml", b"a: \xe9\n".to_vec())]);
    files.insert("list.yml", "- a\n");
    let names: Vec<String> = ["none.yml", "bad.yml", "latin.yml", "list.yml"].map(str::to_owned).to_vec();
    let found = load(&files, &Sources::default(), &names, &Overrides::default()).unwrap_err();
    let messages: Vec<&str> = found.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "there is no configuration file `none.yml`",
            "this is not valid YAML: this bracket is never closed",
            "the configuration `latin.yml` cannot be read: the file is not UTF-8 (byte 3)",
            "a configuration must be a mapping of options",
        ]
    );
}

#[test]
fn permalinks_follow_jekylls_styles() {
    let posts = |text: &str| Permalink::new(text).posts().to_owned();
    assert_eq!(posts("none"), "/:categories/:title:output_ext");
    assert_eq!(posts("/x/:title/"), "/x/:title/");
    let suffixes =
        ["date", "pretty", "weekdate", "/a/", "/a:output_ext", "/a"].map(|text| Permalink::new(text).suffix());
    assert_eq!(suffixes, [":output_ext", "/", "", "/", ":output_ext", ""]);
}

#[test]
fn every_option_is_in_the_documentation() {
    let page = include_str!("../../content/reference/configuration.md");
    let text = "single_source: {nav: [x]}\ndefaults: [{scope: {path: x}}]\ntheme: {footer_links: [{title: x, url: y}]}";
    let value = carafe_yaml::read(text, Schema::Native, &Limits::default()).unwrap().root;
    let report = Report::recording(&[], Schema::Native);
    native::read(Section::root(&value, &report), Vec::new(), &Overrides::default());
    let known: Vec<String> = report.recorded().into_keys().collect();
    assert!(known.len() > 40, "{known:?}");
    let missing: Vec<&String> = known
        .iter()
        .filter(|key| !key.contains('[') && !known.iter().any(|other| other.starts_with(&format!("{key}."))))
        .filter(|key| !page.contains(&format!("`{key}`")) && !page.contains(&format!("\n{key}:\n")))
        .collect();
    assert!(missing.is_empty(), "not described in content/reference/configuration.md: {missing:?}");
}

#[test]
fn hostile_yaml_ends_in_a_diagnostic() {
    let bomb = format!("a: &a [x, x]\n{}", (0..40).map(|n| format!("a{n}: &b{n} [*a, *a]\n")).collect::<String>());
    let aliases = "a: &a [&b [&c [&d [&e [x,x,x,x,x,x,x,x,x]]]]]\nb: [*a,*a,*a,*a,*a,*a]\n";
    let texts = [
        "[".repeat(100_000),
        format!("a: {}", "{a: ".repeat(50_000)),
        "a:\n".to_owned() + &(0..2000).map(|n| format!("{}a:\n", " ".repeat(n + 1))).collect::<String>(),
        format!("{}: 1\n", "k".repeat(100_000)),
        (0..2_000).map(|n| format!("k{n}: 1\n")).collect(),
        bomb,
        aliases.to_owned(),
        "a: *nowhere\n".to_owned(),
        "? {a: b}\n: c\n".to_owned(),
        "a: 1\na: 2\n".to_owned(),
        "%YAML 9.9\n--- \u{0}\n".to_owned(),
    ];
    for text in texts {
        assert!(site(&text).is_err(), "{}", &text[..40.min(text.len())]);
    }
}
