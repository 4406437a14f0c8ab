//! What `carafe check` says of links: whom they lead to, which of them are one finding, and what is advised.

use std::fmt::Write as _;

use crate::support::{SiteFolder, run};

/// The findings of a check, each with its place and its help, as they are shown.
fn findings(site: &SiteFolder) -> Vec<String> {
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    ran.stderr.split("\n\n").filter(|one| one.contains(" --> ")).map(str::to_owned).collect()
}

#[test]
fn links_of_a_folder_to_an_anchor_that_is_not_there_are_one_finding_that_counts_them() {
    let link = "[x](/t/#intro-her)\n\n";
    let page = |count: usize| format!("---\ntitle: T\n---\n{}", link.repeat(count));
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("content/t.md", "---\ntitle: T\n---\n## Intro here\n"),
        ("content/index.md", &page(1)),
        ("content/a/one.md", &page(2)),
        ("content/a/two.md", &page(4)),
        ("content/b/three.md", &page(2)),
    ]);
    let told = |site: &SiteFolder| {
        let told = findings(site).into_iter().map(|one| {
            let place = one.split(" --> ").nth(1).unwrap().lines().next().unwrap().to_owned();
            let help = one.split("`#intro-here`?").nth(1).unwrap_or("none").trim().to_owned();
            (place, help)
        });
        told.collect::<Vec<_>>()
    };
    let (many, two) = (
        "it is linked to at line 6, two.md:4, two.md:6, two.md:8 and one more place as well",
        "it is linked to at line 6 as well",
    );
    let found = |many: &str| {
        [("content/a/one.md:4:1", many), ("content/b/three.md:4:1", two), ("content/index.md:4:1", "")]
            .map(|(place, help)| (place.to_owned(), help.to_owned()))
    };
    assert_eq!(told(&site), found(many));
    site.write("content/a/two.md", page(5));
    assert_eq!(told(&site), found(&many.replace("one more place", "2 more places")));
}

/// The site stands at `https://x.org/b`, and the page that links at `/b/d/p/`.
#[test]
fn links_are_followed_from_the_page_the_host_and_the_whole_address() {
    let page = "---\ntitle: T\n---\n## Here\n";
    for (base, host, link, said) in [
        ("/b", "", "../../t/#here", ""),
        ("/b", "", "../../t/#no", "no anchor `#no` on the page of `content/t.md`"),
        ("/b", "", "..//../t/./#no", "no anchor `#no` on the page of `content/t.md`"),
        ("/b", "", "../../../b/t/", ""),
        ("/b", "", "../../../t/", "leads above the root of the site"),
        ("/b", "", "../../../../b/t/", "leads above the root of the site"),
        ("/b", "", "/b/d/../t/", ""),
        ("/b", "", "/b/../../b/t/", "leads above the root of the site"),
        ("/b", "", "/t/", "it lacks the base `/b`"),
        ("/b", "", "/other/", ""),
        ("/b", "", "//x.org/no", ""),
        ("/b", "https://x.org", "https://x.org/b/no/", "is no page or file of this site"),
        ("/b", "https://x.org", "https://x.org/b/t/?a=1#no", "no anchor `#no` on the page of `content/t.md`"),
        ("/b", "https://x.org", "https://x.organic/b/no/", ""),
        ("/b", "https://x.org", "https://x.org", "it lacks the base `/b`"),
        ("", "https://x.org", "https://x.org", ""),
        ("", "https://x.org", "https://x.org?a=1#home", ""),
        ("", "https://x.org", "https://x.org#no", "no anchor `#no` on the page of `content/index.md`"),
        ("", "https://x.org", "https://x.org#home", ""),
        ("", "https://x.org", "#home", "no anchor `#home` on this page"),
        ("", "https://x.org", "?a=1#here", ""),
    ] {
        let site = SiteFolder::new(&[
            ("carafe.yml", &format!("title: T\nbaseurl: '{base}'\nurl: '{host}'\n")),
            ("content/index.md", "---\ntitle: T\n---\n## Home\n"),
            ("content/t.md", page),
            ("content/d/p.md", &format!("{page}\n<a href=\"{link}\">x</a>\n")),
        ]);
        let found = findings(&site);
        let is_told = if said.is_empty() { found.is_empty() } else { found.len() == 1 && found[0].contains(said) };
        assert!(is_told, "{base} {host} {link}: {said}\n{found:?}");
    }
}

#[test]
fn who_writes_the_name_of_a_file_learns_the_address() {
    for (link, advice) in [
        ("/b/t.md", "this one's is `/b/t/`"),
        ("/b/content/t.md", "this one's is `/b/t/`"),
        ("/b/static/f.txt", "files of `static` are copied to the root of the site: write `/b/f.txt`"),
        ("/t/", "write `{{ \"/t/\" | relative_url }}`"),
        ("/b/static/none.txt", ""),
        ("/b/staticf.txt", ""),
        ("/b/far/away/", ""),
    ] {
        let site = SiteFolder::new(&[
            ("carafe.yml", "title: T\nbaseurl: /b\n"),
            ("content/index.md", &format!("---\ntitle: T\n---\n<a href=\"{link}\">x</a>\n")),
            ("content/t.md", "---\ntitle: T\n---\n"),
            ("static/f.txt", "x"),
        ]);
        let found = findings(&site);
        let help = found[0].split_once("= help: ").map_or("", |(_, help)| help);
        assert!(found.len() == 1 && help.contains(advice), "{link}: {found:?}");
        assert!(!advice.is_empty() || !help.contains("write") && !help.contains("address"), "{link}: {found:?}");
    }
}

#[test]
fn files_that_others_ask_for_by_name_are_not_unused() {
    let mut files: Vec<(String, &str)> = Vec::new();
    let kept = ["CNAME", "favicon.ico", "google123.html", ".nojekyll", "sub/.htaccess", ".well-known/x.txt"];
    let told = ["google.txt", "about.html", "well-known/x.txt", "x.png"];
    files.extend(kept.iter().chain(&told).map(|path| (format!("static/{path}"), "x")));
    files.push(("carafe.yml".into(), "title: T\ndiagnostics: {unused-file: warn}\n"));
    files.push(("content/index.md".into(), "---\ntitle: T\n---\n"));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
    let site = SiteFolder::new(&files);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    let mut expected = told.map(|path| format!("static/{path}"));
    expected.sort();
    let said = ran.stderr.split("names the file `").skip(1).map(|rest| rest.split('`').next().unwrap());
    assert_eq!(said.collect::<Vec<_>>(), expected, "{}", ran.stderr);
}

#[test]
fn old_addresses_that_lead_in_circles_or_nowhere_are_told_once_where_they_are_written() {
    let mut config = "title: T\nredirects:\n".to_owned();
    for (from, to) in [
        ("/a/", "/b/"),
        ("/b/", "/c/index.html"),
        ("/c/", "/a/#x"),
        ("/d/", "/a/"),
        ("/fine/", "/t/#here"),
        ("/gone/", "/nothing/"),
        ("/out/", "https://x.org/"),
    ] {
        writeln!(config, "  {from}: {to}").unwrap();
    }
    let site = SiteFolder::new(&[
        ("carafe.yml", &config),
        ("content/index.md", "---\ntitle: T\n---\n"),
        ("content/t.md", "---\ntitle: T\nredirect_from: [/old/, /older/]\n---\n## Here\n"),
        ("content/u.md", "---\ntitle: T\nredirect_from: /t/\n---\n"),
    ]);
    let found = findings(&site);
    let lines = ["these addresses lead to each other: `/a/` → `/b/` → `/c/` → `/a/`", "`/gone/` leads to `/nothing/`"];
    for (line, place) in lines.iter().zip(["carafe.yml:3:3", "carafe.yml:8:3"]) {
        assert!(found.iter().any(|one| one.contains(line) && one.contains(place)), "{line}: {found:#?}");
    }
    assert_eq!(found.iter().filter(|one| one.contains("-loop]") || one.contains("broken-redirect]")).count(), 2);
}

#[test]
fn links_below_other_sites_are_not_looked_up() {
    for (elsewhere, link, is_told) in [
        ("[/api/]", "/api/", false),
        ("[/api/]", "/api", false),
        ("['/api/*']", "/api/x/y.html", false),
        ("[/api]", "/apix/", true),
        ("[/a, /api]", "/api/x", false),
        ("[]", "/api/", true),
    ] {
        let site = SiteFolder::new(&[
            ("carafe.yml", &format!("title: T\ncheck: {{elsewhere: {elsewhere}}}\n")),
            ("content/index.md", &format!("---\ntitle: T\n---\n<a href=\"{link}\">x</a>\n")),
        ]);
        assert_eq!(findings(&site).len(), usize::from(is_told), "{elsewhere} {link}");
    }
}

#[test]
fn an_id_that_is_given_twice_is_told_with_what_gives_it() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: T\n"),
        ("_includes/x.md", "## In\n{: #in}\n"),
        ("index.md", "---\ntitle: T\n---\n{% include x.md %}\n\n{% include x.md %}\n"),
        ("b.md", "---\ntitle: T\n---\n## One\n{: #same}\n\n## Two\n{: #same}\n"),
        ("c.md", "---\ntitle: T\n---\n## One {#alone}\n"),
    ]);
    let found = findings(&site);
    let (twice, first) = ("what gives it is called twice", "the first is here");
    let of =
        |id: &str| found.iter().find(|one| one.contains(&format!("the id `{id}` is given more than once"))).unwrap();
    assert!(found.len() == 2 && of("in").contains(twice) && !of("in").contains(first), "{found:?}");
    assert!(of("same").contains(first) && of("same").contains("b.md:7") && !of("same").contains(twice), "{found:?}");
}

/// Readers who have no start page come in anywhere, but not by a link of the page itself.
#[test]
fn without_a_start_page_a_link_from_any_other_page_counts() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\ndiagnostics: {orphan-page: warn}\n"),
        ("content/a.md", "---\ntitle: T\nnav: false\n---\n<a href=\"/b/\">b</a> <a href=\"/a/\">self</a>\n"),
        ("content/b.md", "---\ntitle: T\nnav: false\n---\n"),
        ("content/c.md", "---\ntitle: T\nnav: false\n---\n<a href=\"/c/\">self</a>\n"),
    ]);
    let orphans: Vec<String> = findings(&site).into_iter().filter(|one| one.contains("orphan-page")).collect();
    let is_told = |path: &str| orphans.iter().any(|one| one.contains(&format!("--> content/{path}.md")));
    assert!(is_told("a") && !is_told("b") && is_told("c"), "{orphans:?}");
}

#[test]
fn code_that_was_meant_as_an_element_is_told() {
    for (code, is_told) in [
        ("</div>", true),
        ("<p>x</p>", true),
        ("</divx>", false),
        ("x </div>", false),
        ("</>", false),
        ("<x-y>", false),
    ] {
        let site = SiteFolder::new(&[
            ("carafe.yml", "title: T\n"),
            ("content/index.md", &format!("---\ntitle: T\n---\ntext\n\n    {code}\n")),
        ]);
        let found = findings(&site);
        assert_eq!(found.iter().any(|one| one.contains("accidental-code")), is_told, "{code} {found:?}");
    }
}

#[test]
fn an_old_address_of_a_file_that_is_made_is_told_where_it_is_claimed() {
    for (claim, place) in [("/sitemap.xml", "content/b.md:3"), ("[/x/, /sitemap.xml]", "content/b.md:3")] {
        let site = SiteFolder::new(&[
            ("carafe.yml", "title: T\nurl: https://x.org\n"),
            ("content/index.md", "---\ntitle: T\n---\n"),
            ("content/a.md", "---\ntitle: A\nredirect_from: /old/\n---\n"),
            ("content/b.md", &format!("---\ntitle: B\nredirect_from: {claim}\n---\n")),
        ]);
        let found = findings(&site);
        assert!(found.len() == 1 && found[0].contains("[reserved-address]") && found[0].contains(place), "{found:?}");
    }
}

#[test]
fn what_is_not_read_is_told_with_how_it_would_be() {
    let doc = "{% doc %}\n@param {string} word\n{% enddoc %}\nx";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/README.md", "About these.\n"),
        ("includes/.note.md", "x\n"),
        ("includes/idle.md", "x\n"),
        ("includes/fields.html", doc),
        ("includes/variables.html", doc),
        (
            "content/index.md",
            "---\ntitle: T\n---\n{% include fields.html word=\"a\" %}\n\n{% render \"variables.html\", word: \"a\" %}\n",
        ),
    ]);
    let found = findings(&site);
    let unread = |file: &str| found.iter().find(|one| one.contains(&format!("--> includes/{file}"))).unwrap();
    assert!(unread("fields.html").contains("help: read it as `include.word`, or remove the line"), "{found:?}");
    assert!(unread("variables.html").contains("help: remove the line"), "{found:?}");
    let unused: Vec<&String> = found.iter().filter(|one| one.contains("[unused-include]")).collect();
    assert!(unused.len() == 1 && unused[0].contains("`idle.md`"), "{unused:?}");
}
