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
