//! The program as a process: streams, exit codes, pipes, and the site that `new` makes.

use crate::support;

use std::io::Read;
use std::process::{Command, Stdio};

use support::{SiteFolder, run};

#[test]
fn a_new_site_builds_without_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("docs");
    assert_eq!(run(&["new", site.to_str().unwrap()]).code, 0);
    let ran = run(&["build", "--strict", "-s", site.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("Built ") && ran.stderr.ends_with("/_site\n"), "{}", ran.stderr);
    let page = std::fs::read_to_string(site.join("_site/guides/install/index.html")).unwrap();
    assert!(page.contains("512 MiB of memory") && page.contains("my-product-1.0.0"), "{page}");
    let checked = run(&["check", "--strict", "-b", "/docs", "-s", site.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert_eq!(run(&["clean", "-s", site.to_str().unwrap()]).code, 0);
    assert!(!site.join("_site").exists());
}

#[test]
fn findings_are_data_only_when_a_format_for_programs_is_asked_for() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "diagnostics: {undefined-variable: warn}\n"),
        ("content/index.md", "a\n\n{{ site.nothing }}\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("warning[undefined-variable]"), "{}", ran.stderr);
    assert!(!ran.stderr.contains('\x1b'), "{}", ran.stderr);
    let ran = site.build(&["--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&object["file"], &object["line"]), (&"content/index.md".into(), &3.into()), "{object}");
    let ran = site.build(&["--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "undefined-variable");
    let ran = site.build(&["-q"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = site.build(&["--profile"]);
    assert!(ran.stderr.contains("Time by stage:") && ran.stderr.contains("content/index.md"), "{}", ran.stderr);
}

#[test]
fn severities_of_the_configuration_decide_the_exit_code() {
    let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "{{ site.nothing }}\n")]);
    for (severity, args, code) in [
        ("error", &[][..], 1),
        ("warn", &[], 0),
        ("warn", &["--strict"], 1),
        ("note", &["--strict"], 0),
        ("off", &["--strict"], 0),
    ] {
        site.write("carafe.yml", format!("diagnostics: {{undefined-variable: {severity}}}\n"));
        let ran = site.build(args);
        assert_eq!(ran.code, code, "{severity}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("undefined-variable"), severity != "off", "{severity}: {}", ran.stderr);
    }
}

#[test]
fn a_configuration_may_come_from_elsewhere_and_the_later_wins() {
    let site = SiteFolder::new(&[("carafe.yml", "title: One\n"), ("content/index.md", "---\ntitle: P\n---\n")]);
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("carafe.ci.yml");
    std::fs::write(&other, "title: Two\n").unwrap();
    let ran = site.build(&["--config", &format!("carafe.yml,{}", other.display())]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(site.output("index.html").contains("Two"));
    let ran = site.build(&["--config", "nowhere.yml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no configuration file `nowhere.yml`"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_carafe"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn the_schema_of_front_matter_names_its_keys_with_their_types() {
    let ran = run(&["schema", "front-matter"]);
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let title = &schema["properties"]["title"];
    assert_eq!(title["type"][0], "string", "{schema}");
    assert!(title["description"].as_str().is_some_and(|about| about.contains("heading")), "{title}");
    assert_ne!(schema["properties"]["description"]["description"], title["description"]);
}
