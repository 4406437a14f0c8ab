//! Messages that show where the mistake is, each mistake once, and the same verdict of `build` and `check`.

use crate::support;

use support::{Ran, SiteFolder, run};

fn site(files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n")]);
    for (path, text) in files {
        site.write(path, text);
    }
    site
}

fn check(site: &SiteFolder) -> Ran {
    run(&["check", "-s", site.path().to_str().unwrap()])
}

/// What `check` says of a site with this page.
fn said(page: &str) -> String {
    check(&site(&[("content/index.md", page)])).stderr
}

/// How many findings there are of each severity.
fn count(said: &str, severity: &str) -> usize {
    said.lines().filter(|line| line.starts_with(&format!("{severity}["))).count()
}

#[test]
fn files_in_utf_16_say_so() {
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let site = site(&[("content/index.md", "# T\n\n{% include part.md %}{{ site.data.d.x }}\n")]);
    site.write("content/a.md", little("\u{feff}# Größe\n"));
    site.write("content/b.md", big("# Without a mark\n"));
    site.write("content/c.md", "# Zeros are\0 text\n".as_bytes());
    site.write("includes/part.md", little("Text of an include\n"));
    site.write("data/d.yml", big("\u{feff}x: 1\n"));
    let said = check(&site).stderr;
    for path in ["`content/a.md`", "`content/b.md`", "`part.md`", "`data/d.yml`"] {
        let line = said.lines().find(|line| line.contains(path)).unwrap_or_default();
        assert!(line.ends_with("the file is UTF-16; save it as UTF-8"), "{path}: {said}");
    }
    assert_eq!(said.matches("UTF-16").count(), 4, "{said}");
    site.write("carafe.yml", little("title: T\n"));
    let said = check(&site).stderr;
    assert!(
        said.contains("the configuration `carafe.yml` cannot be read: the file is UTF-16; save it as UTF-8"),
        "{said}"
    );
}

#[test]
fn a_block_without_its_end_is_one_message_at_its_opening_tag() {
    let whole = "# T\n\n{% tabs %}\n{% tab A %}\na\n{% endtab %}\n{% tab B %}\nb\n{% endtab %}\n{% endtabs %}\n\n[to](#rest)\n\n## Rest\n";
    assert_eq!(count(&said(whole), "error"), 0);
    let cases = [
        (whole.replace("{% endtabs %}\n", ""), "3:1"),
        (whole.replacen("{% endtab %}\n", "", 1), "4:1"),
        (whole.replace("b\n{% endtab %}\n", "b\n"), "7:1"),
        (whole.replace("endtabs", "endtab"), "3:1"),
        (whole.replace("endtabs", "endtbs"), "3:1"),
        ("# T\n\n{% note %}\nx\n{% if page.x %}y{% endif %}\n{% endwarning %}\n".to_owned(), "3:1"),
        ("# T\n\n{% if page.x %}\n{% note %}\nx\n{% endif %}\n".to_owned(), "4:1"),
    ];
    for (page, place) in cases {
        let said = said(&page);
        assert_eq!((count(&said, "error"), count(&said, "warning")), (1, 0), "{page}\n{said}");
        assert!(said.contains(&format!("--> content/index.md:{place}\n")), "{page}\n{said}");
    }
}

#[test]
fn check_ends_with_a_table_by_rule_for_people() {
    let page = "# T\n\n[x](#no) [y](#none)\n\n{{ nobody }} {{ \"x\" | upcas }}\n";
    let said = said(page);
    let table = "rule                errors  warnings  notes\n\
                 broken-anchor            2         0      0\n\
                 undefined-variable       0         1      0\n\
                 unknown-filter           0         1      0\n\n\
                 2 errors, 2 warnings (3 kinds)\nChecked 1 page";
    assert!(said.contains(table), "{said}");
    let site = site(&[("content/index.md", page)]);
    let path = site.path().to_str().unwrap();
    for args in [&["check", "-s", path, "--format", "json"][..], &["check", "-q", "-s", path]] {
        let ran = run(args);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("rule  "), "{}{}", ran.stdout, ran.stderr);
    }
    site.write("content/index.md", "# T\n");
    assert!(check(&site).stderr.starts_with("Checked 1 page"), "{}", check(&site).stderr);
}

#[test]
fn a_word_without_quotes_that_is_no_variable_is_told_at_the_option() {
    let page = "---\nopen: true\n---\n# T\n\n{% accordion title=\"x\" open=OPEN %}\nx\n{% endaccordion %}\n";
    let said = |open: &str| said(&page.replace("OPEN", open));
    let found = said("maybe");
    assert!(
        found.contains("warning[undefined-variable]: `maybe` is undefined\n --> content/index.md:6:29\n"),
        "{found}"
    );
    assert!(found.contains("if the text `maybe` is meant, put it in quotes"), "{found}");
    for good in ["true", "false", "\"true\"", "page.open", "page.other"] {
        assert_eq!(count(&said(good), "warning"), 0, "{good}: {}", said(good));
    }
}

#[test]
fn a_misspelt_parameter_is_told_where_it_is_given() {
    let page = "# T\n\n{% include part.md nmae=\"Joe\" %}\n";
    let include = "Hi {{ include.name }} and {{ include.name | upcase }}.\n";
    let place = "\n --> content/index.md:3:20\n";
    let site = site(&[("content/index.md", page), ("includes/part.md", include)]);
    let built = site.build(&[]).stderr;
    assert!(built.contains(&format!("warning[undefined-variable]: `include.name` is undefined{place}")), "{built}");
    assert!(built.contains("did you mean `name` where `nmae` is given?"), "{built}");
    assert_eq!(count(&built, "warning"), 1, "{built}");
    let checked = check(&site).stderr;
    assert!(checked.contains(place) && count(&checked, "warning") == 1, "{checked}");
    // Through an include that hands on what it was given, and with a name that is nobody's.
    site.write("includes/part.md", "{% include inner.md %}\n");
    site.write("includes/inner.md", include);
    let built = site.build(&[]).stderr;
    assert!(built.contains(&format!("`include.name` is undefined{place}")), "{built}");
    site.write("content/index.md", page.replace("nmae", "colour"));
    let built = site.build(&[]).stderr;
    assert!(built.contains("`include.name` is undefined\n --> includes/inner.md:1:7\n"), "{built}");
}

#[test]
fn yaml_says_what_to_write_instead() {
    let cases = [
        ("title: Guide: the first", "put a value that holds `: ` in quotes"),
        ("menu:\n\tx: y", "use blanks instead of the tab"),
        ("title: {{ site.title }}", "put the value in quotes: `title: \"{{ site.title }}\"`"),
        ("title: [draft] Install", "put all of it in quotes"),
        ("title: \"Install\" it", "put all of it in quotes"),
        ("title: 'don't'", "put all of it in quotes"),
        ("title: @home", "put the value in quotes"),
    ];
    for (front, help) in cases {
        let said = said(&format!("---\n{front}\n---\n# T\n"));
        assert!(said.contains(help), "{front}: {said}");
        assert_eq!(count(&said, "error") + count(&said, "warning"), 1, "{front}: {said}");
    }
}

/// Sites with one mistake that both commands can know.
const FAULTY: &[&[(&str, &str)]] = &[
    &[("content/index.md", "# T\n[x](nowhere.md)\n")],
    &[("content/index.md", "# T\n![x](nowhere.png)\n")],
    &[("content/index.md", "# T\n<a href=\"nowhere.md\">x</a>\n")],
    &[("content/index.md", "# T\n[x][y]\n")],
    &[("content/index.md", "# T\nx[^1]\n")],
    &[("content/index.md", "# T\n{{ nobody }}\n")],
    &[("content/index.md", "# T\n{{ \"x\" | upcas }}\n")],
    &[("content/index.md", "# T\n{% nobody %}\n")],
    &[("content/index.md", "# T\n{% if page.x %}\n")],
    &[("content/index.md", "# T\n{% include none.md %}\n")],
    &[("content/index.md", "# T\n{% include x.md %}\n"), ("includes/x.md", "{{ include.name }}\n")],
    &[("content/index.md", "# T\n{% include x.md nmae=1 %}\n"), ("includes/x.md", "{{ include.name }}\n")],
    &[("content/index.md", "# T\n{% if_version gte:1.x %}a{% endif_version %}\n")],
    &[("content/index.md", "# T\n!!! note\n    x\n")],
    &[("content/index.md", "# T\n[x](javascript:x)\n")],
    &[("content/index.md", "---\nlayuot: x\n---\n# T\n")],
    &[("content/index.md", "---\nlayout: none\n---\n# T\n")],
    &[("content/index.md", "---\ntitle: a: b\n---\n# T\n")],
    &[("content/index.md", "---\ntoc: perhaps\n---\n# T\n")],
    &[("content/index.md", "---\npermalink: /x/\n---\n# T\n"), ("content/b.md", "---\npermalink: /x/\n---\n# B\n")],
    &[("content/index.md", "# T\n{% tabs %}\n{% endtabs %}\n")],
];

/// The exit codes of `build --strict` and of `check --strict`.
fn verdicts(site: &SiteFolder) -> (i32, i32) {
    let path = site.path().to_str().unwrap();
    (site.build(&["--strict"]).code, run(&["check", "--strict", "-s", path]).code)
}

#[test]
fn build_and_check_agree_when_strict() {
    for files in FAULTY {
        assert_eq!(verdicts(&site(files)), (1, 1), "{files:?}");
    }
}

#[test]
fn build_and_check_agree_on_what_the_site_says_of_a_finding() {
    let link = "# T\n[x](nowhere.md)\n";
    let call = "# T\n{% include x.md %}\n";
    let misspelt = "# T\n{% include x.md nmae=1 %}\n";
    let ignored = "# T\n<!-- carafe-ignore broken-link -->\n[x](nowhere.md)\n";
    for (page, severities, verdict) in [
        (link, "broken-link: off", 0),
        (link, "broken-link: note", 0),
        (link, "broken-link: warn", 1),
        (ignored, "broken-link: error", 0),
        (call, "missing-parameter: off", 1),
        (call, "missing-parameter: note", 1),
        (misspelt, "unknown-parameter: off", 1),
        (misspelt, "unknown-parameter: note", 1),
    ] {
        let config = format!("title: T\ndiagnostics: {{{severities}}}\n");
        let site = site(&[("carafe.yml", &config), ("content/index.md", page)]);
        if page.contains("x.md") {
            site.write("includes/x.md", "{{ include.name }}\n");
        }
        assert_eq!(verdicts(&site), (verdict, verdict), "{page} {severities}");
    }
}

#[test]
fn habits_from_other_tools_are_told_with_what_to_write_here() {
    for (page, message, help) in [
        ("# T\n\n[x](index.md){ .md-button }\n", "a list of attributes without a colon", "`{: .class }`"),
        ("# T\n\n[TOC]\n", "the place of a table of contents", "take it away"),
        ("# T\n\nSee [[Other page]].\n", "links of wikis", "`[text](file.md)`"),
        ("# T\n\n:material-check: done\n", "the name of an icon", "a character"),
        ("# T\n\nIt is ==marked==.\n", "is shown with these signs", "<mark>"),
        ("# T\n\n{{< figure src=\"a.png\" >}}\n", "Hugo's", "write a tag"),
        ("# T\n\n{{% notice %}}\nx\n", "Hugo's", "write a tag"),
        ("---\nslug: /x\n---\n# T\n", "nothing reads the key `slug`", "did you mean `permalink`?"),
        ("---\nsidebar_label: x\n---\n# T\n", "nothing reads the key `sidebar_label`", "`nav_title`"),
    ] {
        let said = said(page);
        assert!(said.contains(message) && said.contains(help), "{page}: {said}");
        assert_eq!(count(&said, "error") + count(&said, "warning"), 1, "{page}: {said}");
    }
    for page in [
        "---\nslug: /x\n---\n# T\n\n{{ page.slug }}\n",
        "# T\n\n[x](index.md){: .button }\n\na == b == c, C++ and ++i\n",
    ] {
        assert_eq!(count(&said(page), "warning"), 0, "{page}: {}", said(page));
    }
}

/// The site of several kinds of findings about includes, and what is said of each.
#[test]
fn findings_about_includes_give_their_reasons() {
    let site = site(&[
        (
            "content/index.md",
            "---\ntitle: H\n---\n{% include g.md name=\"you\" mode=\"soft\" %}\n{% include g.md name=\"all\" mode=\"soft\" %}\n\
             {% include two.md a=\"x\" b=\"1\" %}\n{% include two.md a=\"y\" b=\"2\" %}\n{% include opt.md mode=\"a\" %}\n{% include opt.md %}\n\
             {% render \"v.html\" who: \"w\" %}\n\n{% include need.md nmae=\"x\" %}\n{% include need.md colour=\"x\" %}\n",
        ),
        (
            "includes/g.md",
            "{% doc %}\n  @param {string} name\n  @param {string} mode\n{% enddoc %}\nHello {{ include.name }}{% if include.mode == \"loud\" %}!{% else %}.{% endif %}",
        ),
        ("includes/two.md", "{% if include.a == \"x\" and include.b == \"2\" %}!{% endif %}"),
        ("includes/opt.md", "{% if include.mode == \"b\" %}!{% endif %}"),
        ("includes/v.html", "{% doc %}\n  @param {string} who\n{% enddoc %}\nHello {{ include.who }}"),
        (
            "includes/need.md",
            "{% doc %}\n  @param {string} name\n  @param {string} colour\n{% enddoc %}\n{{ include.name }}{{ include.colour }}",
        ),
    ]);
    let said = check(&site).stderr;
    for told in [
        "every call gives `\"soft\"` for `mode`\n --> includes/g.md:5:25",
        "every call gives `\"a\"` for `mode`, or leaves it out\n --> includes/opt.md:1:1",
        "no call gives `a` and `b` so that it holds\n --> includes/two.md:1:1",
        // `render` sets variables, and the include reads a field.
        "the parameter `who` is declared, but nothing reads it\n --> includes/v.html:2:19",
        // A misspelt name says all of itself, and nothing of what else is missing.
        "declares no parameter `nmae`",
        "the parameter `colour` of `need.md` is missing\n  --> content/index.md:12",
        "the parameter `name` of `need.md` is missing\n  --> content/index.md:13",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert_eq!(said.matches("missing-parameter]").count(), 2, "{said}");
}

#[test]
fn links_into_a_folder_of_another_site_are_told_together_with_the_first_places() {
    let links = |count: usize| (0..count).map(|n| format!("[x](/else/{n})\n\n")).collect::<String>();
    for (count, expected) in [
        (1, "but a link leads there\n --> content/index.md:4:1"),
        (2, "but 2 links lead there, to 2 addresses"),
        (5, "the others are at content/index.md:6, content/index.md:8, content/index.md:10, content/index.md:12\n"),
        (7, "content/index.md:10, content/index.md:12 and 2 more\n"),
    ] {
        let site = site(&[("content/index.md", &format!("---\ntitle: H\n---\n{}", links(count)))]);
        let said = check(&site).stderr;
        assert!(said.contains(expected), "{expected}\n{said}");
        assert_eq!(said.contains("the others are"), count > 1, "{said}");
    }
}

#[test]
fn a_wrong_value_of_the_configuration_is_shown_when_it_is_short() {
    let long = "a text that goes on and on for more than forty characters";
    for (config, expected) in [
        ("title: [a]\n", "`title` must be a text, not a list\n --> carafe.yml:1:8"),
        ("folders: {content: {a: 1}}\n", "`folders.content` must be a text, not a mapping"),
        ("markdown: {header_offset: none}\n", "`markdown.header_offset` must be a whole number, not `none`"),
        ("markdown: {header_offset: true}\n", "must be a whole number, not a boolean"),
        ("markdown: {header_offset: 1.5}\n", "must be a whole number, not `1.5`"),
        (&format!("markdown: {{header_offset: {long}}}\n"), "must be a whole number, not a text"),
        ("markdown: {header_offset: \"a\\nb\"}\n", "must be a whole number, not a text"),
        (&format!("markdown: {{header_offset: 1.{}}}\n", "5".repeat(50)), "must be a whole number, not a number"),
        ("markdown: {footnote_nr: -1}\n", "must be a whole number from 0, not `-1`"),
    ] {
        let site = SiteFolder::new(&[("carafe.yml", config), ("content/index.md", "# H\n")]);
        let said = site.build(&[]).stderr;
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let site = SiteFolder::new(&[("carafe.yml", "markdown: {header_offset: 1}\n"), ("content/index.md", "## H\n")]);
    assert_eq!(site.build(&[]).code, 0);
    assert!(site.output("index.html").contains("<h3 id=\"h\""), "{}", site.output("index.html"));
}

#[test]
fn an_address_of_carafe_is_told_where_it_is_claimed() {
    let page = "---\ntitle: H\n---\nSee /404.html and /sitemap.xml.\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nredirects: {/404.html: /a/, /old/: /a/}\n"),
        ("content/a.md", page),
        ("content/b.md", "---\nredirect_from: [/b/old/, /sitemap.xml]\n---\nB\n"),
        ("content/z.md", page),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1);
    for told in [
        "the old address `/404.html` is that of a file that Carafe writes itself\n --> carafe.yml:2:13",
        "the old address `/sitemap.xml` is that of a file that Carafe writes itself\n --> content/b.md:2:26",
    ] {
        assert!(ran.stderr.contains(told), "{told}\n{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("[reserved-address]").count(), 2, "{}", ran.stderr);
}

#[test]
fn a_parameter_that_nothing_reads_has_the_nearest_that_is_read() {
    let site = site(&[
        (
            "content/index.md",
            "---\ntitle: H\n---\n{% render \"v.html\" whoo: \"w\" %}\n{% include f.html naem=\"x\" %}\n\
             {% render \"v.html\" who: \"x\", else: \"y\" %}\n{% render \"none.html\" who: \"x\" %}\n",
        ),
        ("includes/v.html", "Hello {{ who }} of {{ page.title }}"),
        ("includes/f.html", "Hello {{ include.name }}"),
        ("includes/none.html", "Hello"),
    ]);
    let said = check(&site).stderr;
    for told in
        ["did you mean `who`?", "did you mean `name`?", "the include knows `who`", "it reads no parameter at all"]
    {
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert!(!said.contains("knows `page`") && said.matches("[unknown-parameter]").count() == 4, "{said}");
}
