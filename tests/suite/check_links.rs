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
