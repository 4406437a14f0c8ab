//! `carafe includes`: what authors learn of an include before they call it.

use crate::support;

use support::SiteFolder;

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        (
            "includes/credential.md",
            "{% doc %}\nMakes a credential.\n\n@param {string} name - Whose it is\n@param {number} [days=30] - How long it holds\n\
             @param {\"key\" | \"token\"} [kind]\n@example\n  {% include credential.md name=\"alice\" %}\n{% enddoc %}\n\
             {{ include.name }} {{ include.days }} {{ include.kind }}\n",
        ),
        ("includes/plain.md", "{{ include.title }}{% if include.more %}{{ include.more }}{% endif %}\n"),
        ("includes/unused.md", "x\n"),
        ("content/a.md", "{% include credential.md name=\"a\" %}\n{% include plain.md title=\"x\" %}\n"),
        ("content/b.md", "{% include credential.md name=\"b\" %}\n"),
    ])
}

fn run(site: &SiteFolder, arguments: &[&str]) -> support::Ran {
    let folder = site.path().to_str().unwrap();
    support::run(&[&["includes", "-s", folder], arguments].concat())
}

#[test]
fn all_includes_are_listed_with_what_they_take_and_how_often_they_are_called() {
    let ran = run(&site(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines,
        ["2  credential.md  name [days=30] [kind]", "1  plain.md       title [more]", "0  unused.md"],
        "calls, names, parameters"
    );
}

#[test]
fn one_include_is_shown_with_the_descriptions_of_its_contract() {
    let ran = run(&site(), &["credential.md"]);
    for text in [
        "credential.md name [days=30] [kind]\n",
        "\nMakes a credential.\n",
        "  name  string, required – Whose it is\n",
        "  days  number, may be left out, default 30 – How long it holds\n",
        "  kind  key or token, may be left out\n",
        "    {% include credential.md name=\"alice\" %}\n",
        "Called 2 times.\n",
    ] {
        assert!(ran.stdout.contains(text), "{text:?} in {}", ran.stdout);
    }
    let read = run(&site(), &["plain.md"]).stdout;
    assert!(read.contains("declares no parameters") && read.contains("  title  required\n"), "{read}");
}

#[test]
fn programs_get_the_same_as_json() {
    let ran = run(&site(), &["credential.md", "--format", "json"]);
    let include: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(include["params"][1]["description"], "How long it holds");
    assert_eq!(include["params"][1]["default"], "30");
    assert_eq!((&include["calls"], &include["declared"]), (&2.into(), &true.into()));
}

#[test]
fn a_name_that_is_none_is_an_error_with_the_nearest() {
    let ran = run(&site(), &["credental.md"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `credential.md`?"), "{}", ran.stderr);
}
