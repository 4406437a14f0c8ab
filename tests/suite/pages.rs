//! Pages as people have them: headings as titles, README files, front matter that is not quite right, Liquid in it.

use crate::support::{Ran, SiteFolder};

fn built(files: &[(&str, &str)]) -> (SiteFolder, Ran) {
    let mut all = vec![("carafe.yml", "title: T\nurl: https://docs.example.org\nvariables: {product: Gateway}\n")];
    all.extend(files);
    let site = SiteFolder::new(&all);
    let ran = site.build(&[]);
    (site, ran)
}

#[test]
fn the_heading_that_a_page_begins_with_is_its_title_and_shown_once() {
    let (site, ran) = built(&[
        ("content/index.md", "# Welcome to *{{ site.product }}* {#hello}\n\nText.\n"),
        ("content/both.md", "---\ntitle: Short\n---\n{% assign x = 1 %}\n# The long heading\n\nText.\n"),
        ("content/none.md", "---\ntitle: None\n---\nText first.\n\n# Later\n"),
        ("content/inner.md", "---\ntitle: Inner\n---\n{% include part.md %}\n"),
        ("content/under.md", "Underlined\n==========\n\nText.\n"),
        ("includes/part.md", "# Of the include\n"),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let home = site.output("index.html");
    assert!(home.contains("<title>Welcome to Gateway · T</title>"), "{home}");
    assert!(
        home.contains("<h1 id=\"hello\">Welcome to <em>Gateway</em></h1>") && home.matches("<h1").count() == 1,
        "{home}"
    );
    let both = site.output("both/index.html");
    assert!(both.contains("<title>Short · T</title>") && both.contains(">The long heading</h1>"), "{both}");
    assert!(both.matches("<h1").count() == 1 && both.contains(">Short</a>"), "{both}");
    let none = site.output("none/index.html");
    assert!(none.contains("<h1>None</h1>") && none.contains(">Later</h1>"), "{none}");
    assert!(site.output("inner/index.html").contains("<h1>Inner</h1>"));
    let under = site.output("under/index.html");
    assert!(under.contains("<title>Underlined · T</title>") && under.matches("<h1").count() == 1, "{under}");
    // A template of the site's own that does not know of headings keeps the content whole.
    let (site, _) = built(&[
        ("content/index.md", "# Welcome\n\nText.\n"),
        ("templates/page.html", "<title>{{ page.title }}</title>{{ page.content | safe }}"),
    ]);
    assert!(site.output("index.html").starts_with("<title>Welcome</title><h1 id=\"welcome\">Welcome</h1>"));
}

#[test]
fn a_readme_is_the_index_of_its_folder_where_there_is_no_other() {
    let (site, ran) = built(&[
        ("content/README.md", "# Home\n\n[guide](guides/README.md) [a](guides/A.MD) [b](guides/b.markdown)\n"),
        ("content/guides/README.md", "# Guides\n"),
        ("content/guides/A.MD", "# A\n"),
        ("content/guides/b.markdown", "# B\n"),
        ("content/other/index.md", "# Other\n"),
        ("content/other/README.md", "# Read me\n"),
    ]);
    assert_eq!((ran.code, ran.stderr.contains("warning")), (0, false), "{}", ran.stderr);
    let home = site.output("index.html");
    assert!(
        home.contains("href=\"/guides/\">guide") && home.contains("href=\"/guides/a/\">a")
            || home.contains("href=\"/guides/A/\">a"),
        "{home}"
    );
    assert!(home.contains("href=\"/guides/b/\">b") && home.contains(">Guides<"), "{home}");
    assert!(site.output("guides/index.html").contains(">Guides</h1>"));
    assert!(
        site.output("other/index.html").contains(">Other</h1>")
            && site.output("other/README/index.html").contains("Read me")
    );
}

#[test]
fn names_that_do_not_count_are_told_once() {
    let (_, ran) = built(&[
        ("content/index.md", "# Home\n"),
        ("content/_draft.md", "# Draft\n"),
        ("content/_old/a.md", "# Old\n"),
        ("content/.hidden.md", "# Hidden\n"),
        ("content/a.md~", "# Copy\n"),
    ]);
    assert_eq!(ran.stderr.matches("name-left-out").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("`content/_draft.md`, and one more file like it, are left out"), "{}", ran.stderr);
    assert_eq!(ran.code, 0);
}

#[test]
fn front_matter_that_is_not_read_is_told() {
    let (_, ran) = built(&[
        ("content/index.md", "# Home\n\n{% include fm.md %}\n\n{% include fm.md %}\n"),
        ("content/blank.md", "\n---\ntitle: Blank\n---\nx\n"),
        ("content/open.md", "---\ntitle: Open\n\nx\n"),
        ("content/toml.md", "+++\ntitle = \"toml\"\n+++\nx\n"),
        ("content/rule.md", "---\n\nA rule above.\n"),
        ("includes/fm.md", "---\ntitle: inner\n---\nbody\n"),
    ]);
    for expected in [
        "does not begin on the first line, so it is not read\n --> content/blank.md:2:1",
        "is never closed\n --> content/open.md:1:1",
        "is TOML, which is not read\n --> content/toml.md:1:1",
        "an include has no front matter, so readers see these lines\n --> includes/fm.md:1:1",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("warning[").count(), 4, "{}", ran.stderr);
}

#[test]
fn liquid_in_front_matter_is_run_wherever_the_value_shows() {
    let page = "---\ntitle: \"Install {{ site.product }}\"\nnav_title: \"{{ page.short }}\"\nshort: Inst\n\
                description: \"About {{ page.title }}, {{ site.data.facts.word }}\"\n---\nRead {{ page.title }}.\n";
    let (site, ran) =
        built(&[("content/index.md", "# Home\n"), ("content/p.md", page), ("data/facts.yml", "word: good\n")]);
    assert_eq!((ran.code, ran.stderr.contains("warning")), (0, false), "{}", ran.stderr);
    let html = site.output("p/index.html");
    for expected in [
        "<title>Install Gateway",
        "<h1>Install Gateway</h1>",
        "content=\"About Install Gateway, good\"",
        "Read Install Gateway.",
        ">Inst<",
    ] {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
    assert!(site.output("index.html").contains(">Inst<"));
    let (_, ran) = built(&[
        ("content/index.md", "---\ntitle: \"{{ page.description }}\"\ndescription: \"{{ page.title }}\"\n---\n"),
        ("content/b.md", "---\ntitle: \"{{ site.nothing }}\"\n---\n"),
        ("content/c.md", "---\ntitle: \"{% include x.md %}\"\n---\n"),
        ("includes/x.md", "x"),
    ]);
    assert!(
        ran.stderr.contains("error[front-matter-cycle]")
            && ran.stderr.contains("content/index.md:")
            && ran.stderr.contains("that holds no `{{ page."),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("warning[undefined-variable]") && ran.stderr.contains("content/b.md:2"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("front matter cannot include files"), "{}", ran.stderr);
}

#[test]
fn liquid_in_the_fields_of_a_hash_is_run_too() {
    let page = "---\ntitle: T\nimage: {path: \"/{{ site.product }}.png\", alt: plain, list: [\"{{ page.title }}\"]}\n---\n\
                {{ page.image.path }} {{ page.image.alt }} {{ page.image.list | join }}\n";
    let (site, _) = built(&[("content/index.md", page)]);
    let html = site.output("index.html");
    assert!(html.contains("<p>/Gateway.png plain {{ page.title }}</p>"), "{html}");
    assert!(html.contains("og:image\" content=\"https://docs.example.org/Gateway.png\""), "{html}");
    let (_, ran) = built(&[("content/index.md", "---\ntitle: B\nimage: {path: '{{ page.image }}'}\n---\n")]);
    let said = ran.stderr;
    assert!(said.contains("`image` is made of itself") && said.contains("content/index.md:3"), "{said}");
}

#[test]
fn titles_follow_what_they_are_made_of() {
    let (site, _) = built(&[
        ("content/index.md", "# Home\n"),
        ("content/p.md", "# Use {{ site.data.facts.word }}\n"),
        ("data/facts.yml", "word: this\n"),
    ]);
    let cached = |expected: &str| {
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(site.output("index.html").contains(expected), "{expected}");
    };
    cached(">Use this<");
    site.write("data/facts.yml", "word: that\n");
    cached(">Use that<");
    site.write("content/p.md", "# Another\n");
    cached(">Another<");
}

#[test]
fn misspelt_keys_and_wrong_types_are_told() {
    let (_, ran) = built(&[
        ("content/index.md", "---\ntitle: Home\nlayuot: home\naudience: all\nwieght: 1\n---\n{{ page.wieght }}\n"),
        ("content/b.md", "---\ntitle: [a, b]\nweight: high\nnav: \"false\"\ndraft: false\n---\n"),
    ]);
    for expected in [
        "warning[front-matter-key]: nothing reads the key `layuot`\n --> content/index.md:3:1",
        "did you mean `layout`?",
        "warning[front-matter-type]: `title` must be a text, and not `ab`",
        "`weight` must be a whole number, and not `high`\n --> content/b.md:3:1",
        "`nav` must be `true` or `false`, and not `false`",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("warning[").count(), 4, "{}", ran.stderr);
}

#[test]
fn titles_that_yaml_cuts_off_are_told_and_comments_are_none() {
    let (_, ran) = built(&[
        ("content/index.md", "---\ntitle: C #1\nnav_title: Home # a comment\ndescription: \"A #2\"\n---\nx\n"),
        ("content/b.md", "---\ntitle: C#1 and F#\ndescription: >\n  A #3\nnote: B #4\n---\nx\n"),
    ]);
    let expected =
        "warning[doubtful-yaml]: `#1` is a comment to YAML, and not part of `title`\n --> content/index.md:2:10";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning[").count(), 1, "{}", ran.stderr);
}

#[test]
fn a_configuration_with_the_wrong_ending_is_told() {
    let site = SiteFolder::new(&[("carafe.yaml", "title: T\n"), ("content/index.md", "# T\n")]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("error[config-missing]: the configuration is called `carafe.yml`"), "{}", ran.stderr);
    assert_eq!(site.build(&["--config", "carafe.yaml"]).code, 0);
}

#[test]
fn a_short_key_is_near_to_fewer_others() {
    let (_, ran) = built(&[(
        "content/index.md",
        "---\ntitle: Home\ntile: a\nnva: a\nnaxy: a\nlaxot: a\nwaigth: a\nlayoutttt: a\n---\nText\n",
    )]);
    let told: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("nothing reads the key")).collect();
    let keys: Vec<&str> = told.iter().filter_map(|line| line.split('`').nth(1)).collect();
    assert_eq!(keys, ["tile", "nva", "laxot", "waigth"], "{}", ran.stderr);
}

#[test]
fn pages_keep_to_the_contract_of_their_folder() {
    let config = "title: T\nvariables: {product: Gateway}\nfront_matter:\n  \"guides/**\":\n    title: string!\n    audience: [admins, users]\n    \
                  summary: liquid\n    draft: boolean\n    \"*\": error\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", config),
        ("content/index.md", "---\ntitle: Home\nanything: goes\n---\n"),
        (
            "content/guides/a.md",
            "---\ntitle: A\naudience: admins\nsummary: For {{ site.product }}\nweight: 1\n---\n{{ page.summary }}\n",
        ),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("guides/a/index.html").contains("For Gateway"));
    site.write("content/guides/b.md", "---\naudience: all\nnav_titel: x\n---\nText.\n");
    let ran = site.build(&[]);
    for expected in [
        "the front matter lacks `title`",
        "`audience` must be one of `admins`, `users`, and not `all`\n --> content/guides/b.md:2:1",
        "`nav_titel` is none of the keys that `front_matter` allows for `guides/**`",
        "did you mean `nav_title`?",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
    assert_ne!(ran.code, 0);
}

#[test]
fn the_navigation_leaves_out_what_hides_and_what_is_no_page() {
    let (site, _) = built(&[
        ("content/index.md", "# Home\n"),
        ("content/404.md", "# Not there\n"),
        ("content/shown.md", "# Shown\n"),
        ("content/hidden.md", "---\nnav: false\n---\n# Hidden\n"),
        ("content/list.md", "---\npermalink: /list.txt\ntitle: List\n---\nText\n"),
        ("content/deep/one.md", "---\nnav_title: One deep\n---\n# One\n"),
        ("content/deep/two.md", "---\nweight: 1\n---\n# Two\n"),
        ("content/named/index.md", "---\nweight: 2\n---\n# Named folder\n"),
        ("content/named/x.md", "# Within\n"),
    ]);
    let page = site.output("index.html");
    let nav = page.split("<nav").find(|nav| nav.contains("Shown")).unwrap().split("</nav>").next().unwrap().to_owned();
    let places: Vec<usize> = ["Named folder", "Within", "Shown", "Deep", "Two", "One deep"]
        .iter()
        .map(|title| nav.find(&format!("{title}<")).unwrap_or_else(|| panic!("{title}: {nav}")))
        .collect();
    assert!(places.is_sorted(), "{places:?} {nav}");
    for title in ["Home<", "Not there", "Hidden", "List"] {
        assert!(!nav.contains(title), "{title}: {nav}");
    }
}

#[test]
fn every_type_of_a_contract_takes_its_values_and_no_others() {
    for (kind, good, bad) in [
        (
            "date",
            &["2024-01-31", "\"2024-01-31\"", "2024-01-31 10:00:00", "\"2024-01-31 10:00\""][..],
            &["soon", "20", "[a]"][..],
        ),
        ("number", &["1", "1.5"], &["one", "[1]"]),
        ("integer", &["1", "-1"], &["1.5", "one"]),
        ("boolean", &["true", "false"], &["1", "\"true\""]),
        ("string", &["a", "1"], &["[a]", "{a: 1}"]),
        ("list", &["[a]", "[]"], &["a", "{a: 1}"]),
        ("map", &["{a: 1}"], &["a", "[a]"]),
        ("[a, b]", &["a", "[a, b]"], &["c", "[a, c]"]),
    ] {
        let config = format!("title: T\nfront_matter:\n  \"**\":\n    key: {kind}\n");
        for (values, is_right) in [(good, true), (bad, false)] {
            for value in values {
                let page = format!("---\ntitle: H\nkey: {value}\n---\n{{{{ page.key }}}}\n");
                let site = SiteFolder::new(&[("carafe.yml", &config), ("content/index.md", &page)]);
                let said = site.build(&[]).stderr;
                assert!(!said.contains("[invalid-option]"), "{said}");
                assert_eq!(!said.contains("[front-matter-contract]"), is_right, "{kind}: {value}\n{said}");
            }
        }
    }
}

#[test]
fn a_pattern_of_addresses_is_for_pages_of_markdown_that_are_no_index() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\npermalink: /x/:path/:basename/\n"),
        ("content/index.md", "the first\n"),
        ("content/a/one.md", "one\n"),
        ("content/a/index.md", "all\n"),
        ("content/f.xml", "---\n---\n<f/>\n"),
        ("content/b.md", "---\npermalink: /own/\n---\nb\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let files = site.files();
    let made: Vec<&str> =
        files.keys().filter_map(|path| path.to_str()).filter(|path| !path.starts_with("assets/")).collect();
    assert_eq!(
        made,
        [
            ".carafe",
            "404.html",
            "a/index.html",
            "f.xml",
            "index.html",
            "own/index.html",
            "robots.txt",
            "x/a/one/index.html"
        ]
    );
}

#[test]
fn a_link_without_the_base_is_told_with_how_to_write_it() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nbaseurl: /docs\n"),
        ("content/index.md", "[a](/a/) and [none](/none/)\n"),
        ("content/a.md", "a\n"),
        ("static/f.txt", "f"),
    ]);
    let told = || {
        let ran = crate::support::run(&["check", "-s", site.path().to_str().unwrap()]);
        ran.stdout + &ran.stderr
    };
    let based = told();
    assert!(based.contains("write `{{ \"/a/\" | relative_url }}`") && !based.contains("\"/none/\" |"), "{based}");
    site.write("carafe.yml", "title: T\n");
    site.write("content/index.md", "[b](/content/a.md) [file](/static/f.txt) [none](/static/none.txt)\n");
    let told = told();
    assert!(told.contains("this one's is `/a/`"), "{told}");
    assert!(told.contains("nothing of this site lies below `/static/`, but a link leads there\n"), "{told}");
    assert!(told.contains("copied to the root of the site: write `/f.txt`"), "{told}");
    assert!(!told.contains("write `/none.txt`"), "{told}");
}

#[test]
fn a_page_for_what_is_missing_stands_where_servers_ask_for_it() {
    for config in [
        "defaults: [{values: {permalink: '/docs/:basename/'}}]\n",
        "permalink: /docs/:basename/\n",
        "permalink: pretty\n",
    ] {
        let (site, ran) = built(&[
            ("carafe.yml", config),
            ("content/404.md", "# Not there\n\nNowhere at all.\n"),
            ("content/a.md", "# A\n"),
        ]);
        let page = site.output("404.html");
        assert!(page.contains("Nowhere at all"), "{config}: {}", ran.stderr);
        // It proposes pages as the theme's does; no other page has room for that.
        let (_, behind) = page.split_once("Nowhere at all").unwrap();
        assert!(behind.contains("<div class=\"missing\" data-missing=\"/assets/missing.js\""), "{behind}");
        let other = if config.contains("pretty") { "a/index.html" } else { "docs/a/index.html" };
        assert!(!site.output(other).contains("data-missing"));
    }
    // What it says itself counts.
    let (site, _) =
        built(&[("carafe.yml", "title: T\n"), ("content/404.md", "---\npermalink: /gone/\n---\n# Not there\n")]);
    assert!(site.output("gone/index.html").contains("Not there"));
}

#[test]
fn what_nothing_reads_on_a_landing_page_is_told_with_what_does() {
    let home = "---\ntitle: T\nlayout: home\nhero: {name: T}\nfeatures: [{title: Fast}]\ntagline: Quick\ncta: x\n\
        actions: [{text: Start, link: /a/}, {title: More, url: /a/, theme: brand}]\nown: 1\n---\nText.\n";
    let (_, ran) = built(&[("content/index.md", home), ("content/a.md", "---\nhero: mine\n---\n# A\n")]);
    for expected in [
        "warning[front-matter-key]: nothing reads the key `hero`\n --> content/index.md:4:1",
        "`{% hero %}` in the text",
        "nothing reads the key `features`\n --> content/index.md:5:1",
        "`{% cards %}` in the text",
        "nothing reads the key `tagline`",
        "did you mean `description`?",
        "nothing reads the key `cta`",
        "did you mean `actions`?",
        "nothing reads `link` in `actions`\n --> content/index.md:8:1",
        "did you mean `url`?",
        "nothing reads `text` in `actions`",
        "nothing reads `theme` in `actions`",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("`own`") && !ran.stderr.contains("content/a.md"), "{}", ran.stderr);
    // What the site's own template reads is no mistake.
    let own = "{% extends \"base.html\" %}{% block body %}{{ page.vars.hero.name }}{% for a in page.vars.actions %}{{ a.link }}{{ a.text }}{% endfor %}{% endblock body %}";
    let (_, ran) = built(&[("content/index.md", home), ("templates/home.html", own)]);
    assert!(!ran.stderr.contains("`hero`") && !ran.stderr.contains("`link`"), "{}", ran.stderr);
}

#[test]
fn a_mistake_in_the_heading_that_is_the_title_is_told_where_it_stands() {
    let (_, ran) = built(&[("carafe.yml", "title: T\n"), ("content/a.md", "# A {{ 'x' | upcas }}\n")]);
    let told: Vec<&str> =
        ran.stderr.lines().filter(|line| line.contains("--> ") || line.contains("unknown-filter")).collect();
    assert_eq!(told.len(), 2, "{}", ran.stderr);
    assert!(told[1].contains("content/a.md:1:14"), "{}", ran.stderr);
}
