//! What plugins of Jekyll sites do for each of their options and with each form of what they are given.

use crate::support::{SiteFolder, program};

/// The files of the site of these files, by name, behind one another.
fn listed(files: &[(&str, &str)]) -> String {
    let site = SiteFolder::new(files);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let files = site.files().into_keys().map(|path| path.display().to_string()).filter(|path| path != ".carafe");
    files.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_readme_is_the_index_of_a_folder_that_has_none() {
    let page = "---\n---\nx\n";
    let plain = [("a/README.md", "x\n"), ("b/README.md", "x\n"), ("b/index.html", page)];
    let own = [("c/readme.md", page), ("d/Readme.md", page), ("d/INDEX.HTM", "x")];
    let files = [&plain[..], &own].concat();
    let left = "b/README.md b/index.html";
    for (plugins, options, expected) in [
        ("", "", format!("a/README.md a/index.html {left} c/readme.html d/INDEX.HTM d/Readme.html")),
        ("", "enabled: false", format!("a/README.md {left} c/readme.html d/INDEX.HTM d/Readme.html")),
        ("", "remove_originals: true", format!("a/index.html {left} c/readme.html d/INDEX.HTM d/Readme.html")),
        (
            "",
            "with_frontmatter: true",
            format!("a/README.md a/index.html {left} c/index.html d/INDEX.HTM d/Readme.html"),
        ),
        (
            ", jekyll-optional-front-matter]\ninclude: [README.md",
            "",
            format!("a/README.md a/index.html b/README.html {left} c/readme.html d/INDEX.HTM d/Readme.html"),
        ),
    ] {
        let config = format!("plugins: [jekyll-readme-index{plugins}]\nreadme_index: {{{options}}}\n");
        let listed = listed(&[&[("_config.yml", &*config)], &files[..]].concat());
        assert_eq!(listed, expected, "{plugins} {options}");
    }
}

#[test]
fn what_github_knows_of_a_site_comes_from_the_environment_and_the_configuration() {
    let page = "---\n---\n{{ site.github.repository_nwo }} {{ site.github.is_user_page }} {{ site.github.source.branch }} \
                {{ site.github.environment }} {{ site.title }} {{ site.url }}|{{ site.github.url }}|{{ site.github.build_revision }}|\
                {% github_edit_link 'E' %}";
    let link =
        |host: &str, name: &str, branch: &str| format!("<a href=\"https://{host}/{name}/edit/{branch}/p.html\">E</a>");
    let own = "plugins: [jekyll-github-metadata]\nrepository: me/it\n";
    type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], String);
    let cases: [Case<'_>; 8] = [
        ("plugins: [jekyll-github-metadata]\nrepository: it\n", &[], "     |||<a href=\"\">E</a>".to_owned()),
        (
            own,
            &[],
            format!(
                "me/it false gh-pages development it |https://github.com/pages/me/it||{}",
                link("github.com", "me/it", "gh-pages")
            ),
        ),
        (
            own,
            &[("PAGES_REPO_NWO", ""), ("JEKYLL_BUILD_REVISION", "r1"), ("PAGES_GITHUB_HOSTNAME", "h.org")],
            format!(
                "me/it false gh-pages development it |https://h.org/pages/me/it|r1|{}",
                link("h.org", "me/it", "gh-pages")
            ),
        ),
        (
            own,
            &[("PAGES_REPO_NWO", "You/x"), ("PAGES_ENV", "dotcom")],
            format!(
                "You/x false gh-pages dotcom x |http://you.github.io/x||{}",
                link("github.com", "You/x", "gh-pages")
            ),
        ),
        (
            own,
            &[("PAGES_REPO_NWO", "You/you.github.io"), ("PAGES_ENV", "dotcom"), ("JEKYLL_ENV", "production")],
            format!(
                "You/you.github.io true master dotcom You http://you.github.io|http://you.github.io||{}",
                link("github.com", "You/you.github.io", "master")
            ),
        ),
        (
            own,
            &[("PAGES_ENV", "dotcom"), ("PAGE_BUILD_ID", "1")],
            format!(
                "me/it false gh-pages dotcom it http://me.github.io|http://me.github.io/it||{}",
                link("github.com", "me/it", "gh-pages")
            ),
        ),
        (
            "plugins: [jekyll-github-metadata]\nrepository: me/it\nname: N\nurl: https://own.org\ngithub: {repository_nwo: o/o, source: {branch: b}}\n",
            &[("JEKYLL_ENV", "production")],
            format!(
                "o/o false b production  https://own.org|https://github.com/pages/me/it||{}",
                link("github.com", "me/it", "b")
            ),
        ),
        (
            "plugins: [jekyll-github-metadata]\nrepository: me/it\ngithub: own\n",
            &[],
            "     |||<a href=\"\">E</a>".to_owned(),
        ),
    ];
    for (config, environment, expected) in cases {
        let site = SiteFolder::new(&[("_config.yml", config), ("p.html", page)]);
        let mut program = program();
        program.args(["build", "-q", "-s", site.path().to_str().unwrap()]);
        for name in [
            "PAGES_REPO_NWO",
            "PAGES_ENV",
            "JEKYLL_ENV",
            "JEKYLL_BUILD_REVISION",
            "PAGE_BUILD_ID",
            "PAGES_GITHUB_HOSTNAME",
        ] {
            program.env_remove(name);
        }
        let ran = program.envs(environment.iter().copied()).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert_eq!(site.output("p.html"), expected, "{config} {environment:?}");
    }
}

/// What `{% seo %}` says of a page with this front matter, in a site with this configuration.
fn described(config: &str, path: &str, front: &str) -> String {
    let config = format!("plugins: [jekyll-seo-tag]\nurl: https://x.org\n{config}");
    let page = format!("---\n{front}---\n{{% seo %}}");
    let site = SiteFolder::new(&[("_config.yml", &config), (path, &page)]);
    let ran = site.build(&["-q"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.output(path)
}

#[test]
fn the_forms_of_what_search_engines_read() {
    let author = "twitter: {username: s}\n";
    for (config, path, front, expected) in [
        ("", "p.html", "image: /i b.png\n", "<meta property=\"og:image\" content=\"https://x.org/i%20b.png\" />"),
        ("", "p.html", "image: https://o.org/i.png\n", "\"image\":\"https://o.org/i.png\""),
        ("", "p.html", "image: {facebook: f.png, twitter: t.png}\n", "og:image\" content=\"https://x.org/f.png\""),
        ("", "p.html", "image: {path: '', twitter: t.png}\n", "twitter:image\" content=\"https://x.org"),
        ("logo: https://o.org/l.png\nauthor: A\n", "p.html", "", "\"url\":\"https://o.org/l.png\"},\"name\":\"A\"}"),
        ("title: S\ndescription: About\n", "p.html", "", "<title>S | About</title>"),
        ("title: S\ndescription: About\ntagline: Tag\n", "p.html", "", "<title>S | Tag</title>"),
        ("title: S\ntagline: Tag\n", "p.html", "", "<title>S</title>"),
        ("name: N\n", "p.html", "title: P\n", "<title>P | N</title>"),
        ("title: S\n", "p.html", "title: S\n", "<title>S</title>"),
        ("", "p.html", "title: P\n", "<title>P</title>"),
        ("", "p.html", "canonical_url: https://o.org/x\n", "<link rel=\"canonical\" href=\"https://o.org/x\" />"),
        ("", "d/index.html", "", "<link rel=\"canonical\" href=\"https://x.org/d/\" />"),
        ("", "p.html", "date: 2020-01-02\n", "\"@type\":\"BlogPosting\""),
        (
            "",
            "p.html",
            "date: 2020-01-02\n",
            "\"mainEntityOfPage\":{\"@type\":\"WebPage\",\"@id\":\"https://x.org/p.html\"}",
        ),
        ("", "about/index.html", "", "\"@type\":\"WebSite\""),
        ("", "about/p.html", "", "\"@type\":\"WebPage\""),
        ("lang: pt-BR\n", "p.html", "", "og:locale\" content=\"pt_BR\""),
        ("lang: pt-BR\nlocale: de\n", "p.html", "lang: fr\n", "og:locale\" content=\"de\""),
        ("description: 'A *b*'\n", "p.html", "", "<meta name=\"description\" content=\"A b\" />"),
        ("description: A\n", "p.html", "description: Own\n", "<meta name=\"description\" content=\"Own\" />"),
        (author, "p.html", "authors: [One, Two]\n", "<meta name=\"author\" content=\"One\" />"),
        (author, "p.html", "author: ''\nauthors: [One]\n", "twitter:creator\" content=\"@One\""),
        (
            "author: {name: A, type: Organization}\n",
            "p.html",
            "",
            "\"author\":{\"@type\":\"Organization\",\"name\":\"A\"}",
        ),
        ("author: {name: A, url: u}\n", "p.html", "", "\"author\":{\"@type\":\"Person\",\"name\":\"A\",\"url\":\"u\"}"),
        ("", "p.html", "last_modified_at: 2021-01-01\ndate: 2020-01-01\n", "\"dateModified\":\"2021-01-01T00:00:00"),
        ("", "p.html", "date: 2020-01-01\n", "\"dateModified\":\"2020-01-01T00:00:00"),
    ] {
        let page = described(config, path, front);
        assert!(page.contains(expected), "{config}{path}\n{front}{expected}\n{page}");
    }
    for (config, front, never) in [
        ("", "image: [a.png]\n", "og:image"),
        ("", "image: {alt: a}\n", "og:image"),
        ("", "image: {path: https://o.org/i.png}\n", "x.org/https"),
        ("title: S\n", "", "\"name\""),
        ("", "", "mainEntityOfPage"),
        ("author: {name: A, type: Robot}\n", "", "\"author\":"),
    ] {
        let page = described(config, "p.html", front);
        assert!(!page.contains(never), "{front}{never}\n{page}");
    }
}

#[test]
fn a_heading_at_the_start_of_a_page_is_its_title() {
    let (config, site) = ("plugins: [jekyll-titles-from-headings]\n", "titles_from_headings: {strip_title: true}\n");
    let heading = |config: &str, path: &str, heading: &str| {
        let text = format!("---\n---\n{heading}\n\n[{{{{ page.title }}}}]\n");
        let site = SiteFolder::new(&[("_config.yml", config), (path, &text)]);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output(&path.replace(".md", ".html").trim_start_matches('_').replace("posts/2020-01-02-", "2020/01/02/"))
    };
    for (text, title, left) in [
        ("# A", "A", ""),
        ("\n\n## B  c", "B c", ""),
        ("### C\r", "C", ""),
        ("#### D", "", "<h4 id=\"d\">D</h4>\n\n"),
        ("#E", "", "<p>#E</p>\n\n"),
        ("#\tF", "F", ""),
        ("#\nG", "G", ""),
        ("H\n===", "H", ""),
        ("I\n--  ", "I", ""),
        ("J\n=-=", "J", ""),
        ("K\n==x", "", "<p>K\n==x</p>\n\n"),
        ("L\n\n---", "", "<p>L</p>\n\n<hr />\n\n"),
        ("M", "", "<p>M</p>\n\n"),
        ("# *N* `o` [p](q)[^1] r[^2", "N o p r[^2", ""),
    ] {
        let page = heading(&format!("{config}{site}"), "a.md", text);
        assert_eq!(page, format!("{left}<p>[{title}]</p>\n"), "{text:?}");
    }
    let (kept, found) = ("<h1 id=\"a\">A</h1>\n\n", "<p>[A]</p>\n");
    for (more, path, expected) in [
        ("", "a.md", format!("{kept}{found}")),
        ("titles_from_headings: {enabled: false}\n", "a.md", format!("{kept}<p>[]</p>\n")),
        ("", "_posts/2020-01-02-own.md", format!("{kept}<p>[Own]</p>\n")),
        (site, "_posts/2020-01-02-own.md", format!("{kept}<p>[Own]</p>\n")),
        ("titles_from_headings: {collections: true}\n", "_posts/2020-01-02-own.md", format!("{kept}{found}")),
        (
            "titles_from_headings: {collections: true, strip_title: true}\n",
            "_posts/2020-01-02-own.md",
            found.to_owned(),
        ),
    ] {
        assert_eq!(heading(&format!("{config}{more}"), path, "# A"), expected, "{more} {path}");
    }
}

/// Lists of the headings of a page, with these options and front matter.
fn tables(options: &str, front: &str, html: &str) -> Vec<String> {
    let config = format!("plugins: [jekyll-toc]\ntoc: {{{options}}}\n");
    let page = format!(
        "---\n{front}\n---\n{{% capture h %}}{html}{{% endcapture %}}{{{{ h | toc_only }}}}@{{{{ h | inject_anchors }}}}@{{{{ h | toc }}}}"
    );
    let site = SiteFolder::new(&[("_config.yml", &config), ("t.html", &page)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.output("t.html").split('@').map(str::to_owned).collect()
}

#[test]
fn a_table_of_contents_follows_its_options() {
    let item =
        |level: u8, id: &str, text: &str| format!("<li class=\"toc-entry toc-h{level}\"><a href=\"#{id}\">{text}</a>");
    let list = |items: &str| format!("<ul id=\"toc\" class=\"section-nav\">\n{items}</ul>");
    let (a, b, c) = (item(2, "a", "A"), item(3, "b", "B"), item(4, "c", "C"));
    let html = "<h2 id=\"a\">A</h2><h3>B</h3><h4>C</h4>";
    for (options, expected) in [
        ("", list(&format!("{a}\n<ul>\n{b}\n<ul>\n{c}</li>\n</ul>\n</li>\n</ul>\n</li>\n"))),
        ("min_level: 3", list(&format!("{b}\n<ul>\n{c}</li>\n</ul>\n</li>\n"))),
        ("max_level: 2", list(&format!("{a}</li>\n"))),
        ("min_level: 3, max_level: 3", list(&format!("{b}</li>\n"))),
        ("min_level: 5", list("")),
        (
            "max_level: 3, ordered_list: true, list_id: i, list_class: c, sublist_class: s, item_class: e, item_prefix: p",
            "<ol id=\"i\" class=\"c\">\n<li class=\"e ph2\"><a href=\"#a\">A</a>\n<ol class=\"s\">\n<li class=\"e ph3\"><a href=\"#b\">B</a></li>\n\
             </ol>\n</li>\n</ol>"
                .to_owned(),
        ),
    ] {
        assert_eq!(tables(options, "toc: true", html)[0], expected, "{options}");
    }
    // What stands before the first heading of the highest level is a level higher than it says.
    let mixed = tables("", "toc: true", "<h3>B</h3><h2 id=\"a\">A</h2>");
    assert_eq!(mixed[0], list(&format!("{b}</li>\n{a}</li>\n")));
    for (html, expected) in [
        ("<H2 id=\"a\">A</H2>", list(&format!("{a}</li>\n"))),
        ("<h2 id=\"a\"><em>A</em></h2 >", list(&format!("{a}</li>\n"))),
        ("<h2>A &amp; &#228; b_c</h2>", list(&format!("{}</li>\n", item(2, "a--%C3%A4-b_c", "A &amp; ä b_c")))),
        ("<h2 id=\"a\">A</h2><h2 class=\"x no_toc\">N</h2><h7>N</h7><hr>", list(&format!("{a}</li>\n"))),
        ("<div class=\"no_toc_section\"><br><p>x</p><h3>N</h3></div><h2 id=\"a\">A</h2>", list(&format!("{a}</li>\n"))),
        ("<p class=\"no_toc_section\"/><h2 id=\"a\">A</h2>", list(&format!("{a}</li>\n"))),
    ] {
        assert_eq!(tables("", "toc: true", html)[0], expected, "{html}");
    }
    let own = tables(
        "no_toc_section_class: [x, y]",
        "toc: true",
        "<div class=\"y\"><h3>N</h3></div><div class=\"no_toc_section\"><h2 id=\"a\">A</h2></div>",
    );
    assert_eq!(own[0], list(&format!("{a}</li>\n")));
    let anchored = "<p>x</p><h2 id=\"a\">\n<a class=\"anchor\" href=\"#a\" aria-hidden=\"true\"><span class=\"octicon octicon-link\"></span></a>A</h2><p>y</p>";
    let plain = "<p>x</p><h2 id=\"a\">A</h2><p>y</p>";
    let all = tables("", "toc: true", plain);
    assert_eq!(all[1..], [anchored.to_owned(), format!("{}{anchored}", list(&format!("{a}</li>\n")))]);
    for front in ["toc: false", "toc: yes please", "title: T"] {
        assert_eq!(tables("", front, plain), ["", plain, plain], "{front}");
    }
}

#[test]
fn people_are_linked_to_where_the_site_says() {
    let link = |base: &str| format!("<a href=\"{base}ann\" class=\"user-mention\">@ann</a>");
    for (config, path, front, base) in [
        ("", "a.md", "", "https://github.com/"),
        ("jekyll-mentions: https://x.org\n", "a.md", "", "https://x.org/"),
        ("jekyll-mentions: https://x.org/~\n", "a.md", "", "https://x.org/~"),
        ("jekyll-mentions: {base_url: https://x.org/u/}\n", "a.md", "", "https://x.org/u/"),
        (
            "jekyll-mentions: {base_url: https://x.org}\n",
            "a.md",
            "jekyll-mentions: {base_url: https://own.org}\n",
            "https://own.org/",
        ),
        ("jekyll-mentions: {other: x}\n", "a.md", "", "https://github.com/"),
        ("", "a.md", "jekyll-mentions: false\n", ""),
        ("", "a.txt", "", ""),
    ] {
        let site = SiteFolder::new(&[
            ("_config.yml", &format!("plugins: [jekyll-mentions]\n{config}")),
            (path, &format!("---\n{front}---\nBy @ann.\n")),
        ]);
        assert_eq!(site.build(&[]).code, 0);
        let page = site.output(&path.replace(".md", ".html"));
        let expected = if base.is_empty() { "By @ann.".to_owned() } else { format!("By {}.", link(base)) };
        assert!(page.contains(&expected), "{config} {front}: {page}");
    }
}

#[test]
fn lists_over_several_pages_choose_and_order_what_they_list() {
    let documents = [
        ("_g/a.md", "category: News\ntags: [T1, t2]\nm: {w: 3}\nrank: b"),
        ("_g/b.md", "categories: [news, other]\ntags: t2\nlocale: DE\nm: {w: 1}"),
        ("_g/c.md", "tags: [t1]\nlocale: de\nm: {w: 2}\nrank: C"),
        ("_g/d.md", "hidden: true"),
        ("_g/e.md", "m: 5\nrank: A"),
        ("_posts/2020-01-01-p.md", "category: news"),
    ];
    let documents = documents.map(|(path, front)| (path, format!("---\n{front}\n---\n")));
    for (options, expected) in [
        ("", "a b c e|1"),
        ("category: NEWS", "a b|1"),
        ("category: 'news; other'", "b|1"),
        ("category: posts", "a b c e|1"),
        ("tag: t2", "a b|1"),
        ("tag: 't1,t2'", "a|1"),
        ("tag: [t1]", "a c|1"),
        ("tag: posts", "|1"),
        ("locale: de", "b c|1"),
        ("locale: de, tag: t1", "c|1"),
        ("sort_field: 'm:w'", "e b c a|1"),
        ("sort_field: rank", "b e a c|1"),
        ("sort_field: rank, sort_reverse: true", "c a e b|1"),
        ("offset: 1", "a b c|1"),
        ("offset: 1, sort_reverse: true", "c b a|1"),
        ("offset: 9", "|1"),
        ("per_page: 3", "a b c|2"),
        ("per_page: 1", "a|4"),
        ("per_page: 1, limit: 2", "a|2"),
        ("per_page: 4", "a b c e|1"),
        ("per_page: 0", "a|4"),
        ("collection: all", "a b c e|1"),
        ("collection: 'posts, g', category: news, sort_field: date", "p a b|1"),
    ] {
        let list = format!(
            "---\npagination: {{enabled: true, collection: g, sort_field: slug, per_page: 9, {options}}}\n---\n\
             {{{{ paginator.posts | map: 'slug' | join: ' ' }}}}|{{{{ paginator.total_pages }}}}"
        )
        .replace(
            ", sort_field: slug, per_page: 9",
            match options {
                options if options.contains("sort_field") => ", per_page: 9",
                options if options.contains("per_page") => ", sort_field: slug",
                _ => ", sort_field: slug, per_page: 9",
            },
        );
        let list = if options.contains("collection") { list.replace("collection: g, ", "") } else { list };
        let mut files = vec![
            ("_config.yml", "plugins: [jekyll-paginate-v2]\npagination: {enabled: true}\ncollections: {g: {}}\n"),
            ("l/index.html", &*list),
        ];
        files.extend(documents.iter().map(|(path, text)| (*path, &**text)));
        let site = SiteFolder::new(&files);
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(site.output("l/index.html"), expected, "{options}");
    }
}

#[test]
fn gists_are_named_by_words_and_by_variables() {
    let gist = |call: &str| {
        let page = format!("---\nid: me/1\nfile: a.rb\nnone: ''\n---\n{{% gist {call} %}}");
        let site = SiteFolder::new(&[("_config.yml", "plugins: [jekyll-gist]\n"), ("p.html", &page)]);
        let ran = site.build(&[]);
        (ran.code, if ran.code == 0 { site.output("p.html") } else { ran.stderr })
    };
    let script = |gist: &str| (0, format!("<script src=\"https://gist.github.com/{gist}\"> </script>"));
    for (call, expected) in [
        ("me/1", "me/1.js"),
        ("me/1 b.rb", "me/1.js?file=b.rb"),
        ("page.id page.file", "me/1.js?file=a.rb"),
        ("page.id page.none", "me/1.js"),
        ("page.nothing", "page.nothing.js"),
    ] {
        assert_eq!(gist(call), script(expected), "{call}");
    }
    assert!(gist("").1.contains("`gist` needs the gist's number"));
}

#[test]
fn further_pages_of_a_list_stand_where_its_permalink_says() {
    for (path, permalink, expected) in [
        ("l/index.html", "/page:num/", "l/index.html l/page2/index.html"),
        ("l/index.html", "/p:num", "l/index.html l/p2index.html"),
        ("l/index.html", "p:num.html", "l/index.html l/p2.html"),
        ("l/index.html", "/p:num-of-:max/", "l/index.html l/p2-of-2/index.html"),
        ("l/index.md", "/page:num/", "l/index.html l/page2/index.html"),
    ] {
        let list = format!(
            "---\npagination: {{enabled: true, collection: g, per_page: 1, permalink: '{permalink}'}}\n---\n*{{{{ paginator.page }}}}*\n"
        );
        let config = "plugins: [jekyll-paginate-v2]\npagination: {enabled: true}\ncollections: {g: {}}\n";
        let site = SiteFolder::new(&[
            ("_config.yml", config),
            ("_g/a.md", "---\n---\n"),
            ("_g/b.md", "---\n---\n"),
            (path, &list),
        ]);
        assert_eq!(site.build(&[]).code, 0);
        let files: Vec<String> = site
            .files()
            .into_keys()
            .map(|path| path.display().to_string())
            .filter(|path| path.starts_with("l/"))
            .collect();
        assert_eq!(files.join(" "), expected, "{permalink}");
        // The plugin's pages have no ending that a converter would know.
        assert_eq!(site.output("l/index.html"), "*1*\n", "{path}");
    }
}
