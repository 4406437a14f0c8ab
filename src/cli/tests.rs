use std::fs;
use std::path::Path;

use super::*;

/// Exit, standard output and standard error of a run.
fn carafe(args: &[&str], surroundings: Surroundings) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("carafe").chain(args.iter().copied());
    let exit = run(args, surroundings, &mut out, &mut err);
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn plain(args: &[&str]) -> (Exit, String, String) {
    carafe(args, Surroundings::default())
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

#[test]
fn the_arguments_are_consistent() {
    use clap::CommandFactory;
    Cli::command().debug_assert();
}

#[test]
fn help_is_data_and_wrong_usage_is_a_message() {
    let (exit, out, err) = plain(&["--help"]);
    assert_eq!((exit, err.as_str()), (Exit::Clean, ""));
    assert!(out.contains("Usage: carafe") && out.contains("explain"), "{out}");
    let (exit, out, err) = plain(&["build", "--sorce", "x"]);
    assert_eq!((exit.code(), out.as_str()), (2, ""));
    assert!(err.contains("--source"), "{err}");
    let (exit, out, _) = plain(&["--version"]);
    assert_eq!((exit, out), (Exit::Clean, format!("carafe {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_folder_behind_a_command_is_told_how_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("carafe.yml"), "title: x\n").unwrap();
    let named = path(folder.path());
    for command in ["build", "serve", "check", "clean"] {
        for args in [vec![command, named], vec!["-q", command, "-D", named]] {
            let (exit, out, err) = plain(&args);
            assert_eq!((exit.code(), out.as_str()), (2, ""));
            assert!(err.contains(&format!("`carafe {command} -s {named}`")), "{err}");
        }
    }
    let file = folder.path().join("carafe.yml");
    let (_, _, err) = plain(&["build", path(&file)]);
    assert!(err.contains("is a file") && err.contains(&format!("`carafe build -s {named}`")), "{err}");
    let (_, _, err) = plain(&["build", "--sorce", named]);
    assert!(err.contains("--source"), "{err}");
}

#[test]
fn a_broken_configuration_is_shown_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("carafe.yml"), "titel: x\n").unwrap();
    for command in ["build", "clean"] {
        let (exit, out, err) = plain(&[command, "-s", path(folder.path())]);
        assert_eq!((exit.code(), out.as_str()), (2, ""));
        assert!(err.contains("error[unknown-option]: there is no option `titel`\n --> carafe.yml:1:1\n"), "{err}");
        assert!(err.contains("help: did you mean `title`?"), "{err}");
        assert!(err.ends_with("1 error\n"), "{err}");
    }
    let (_, out, err) = plain(&["build", "-q", "--format", "json", "-s", path(folder.path())]);
    assert_eq!(err, "");
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&object["code"], &object["line"]), (&"unknown-option".into(), &1.into()));
    let github = Surroundings { github: true, ..Surroundings::default() };
    let (_, out, err) = carafe(&["build", "-s", path(folder.path())], github);
    assert!(out.starts_with("::error file=") && out.contains("carafe.yml,line=1,col=1"), "{out}");
    assert!(err.contains("--> carafe.yml:1:1"), "{err}");
    let terminal = Surroundings { terminal: true, colour: true, ..Surroundings::default() };
    let (_, _, err) = carafe(&["build", "-s", path(folder.path())], terminal);
    assert!(err.starts_with("Building …\r\x1b[K") && err.contains("\x1b[1m1 error\x1b[0m\n"), "{err:?}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    for command in ["build", "clean"] {
        let (exit, _, err) = plain(&[command, "-s", "no/such/folder"]);
        assert_eq!(exit.code(), 2);
        assert_eq!(err, "error: `no/such/folder` cannot be read: there is no such folder\n");
    }
}

#[test]
fn clean_removes_what_carafe_made_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("_site");
    fs::create_dir(&site).unwrap();
    fs::write(site.join("index.html"), "mine").unwrap();
    let (exit, _, err) = plain(&["clean", "-s", path(folder.path())]);
    assert_eq!(exit.code(), 2);
    assert!(err.contains("was not made by Carafe"), "{err}");
    assert!(site.join("index.html").exists());
    fs::write(site.join(crate::output::MARKER), "").unwrap();
    assert_eq!(plain(&["clean", "-s", path(folder.path())]).0, Exit::Clean);
    assert!(!site.exists());
    let (exit, _, err) = plain(&["clean", "-s", path(folder.path())]);
    assert_eq!(exit, Exit::Clean);
    assert!(err.starts_with("Nothing to remove"), "{err}");
    fs::write(folder.path().join(crate::output::MARKER), "").unwrap();
    assert_eq!(plain(&["clean", "-s", path(folder.path()), "-d", path(folder.path())]).0, Exit::Usage);
    assert!(folder.path().exists());
}

#[test]
fn a_new_site_is_written_once_and_init_changes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    assert_eq!(plain(&["new", path(&docs)]).0, Exit::Clean);
    for (path, text) in new::STARTER {
        assert_eq!(fs::read_to_string(docs.join(path)).unwrap(), text);
    }
    let (exit, _, err) = plain(&["new", path(&docs)]);
    assert_eq!(exit.code(), 2);
    assert!(err.contains("holds something already"), "{err}");
    assert_eq!(plain(&["init", "-s", path(&docs)]).0, Exit::Usage);
    let other = folder.path().join("other");
    fs::create_dir_all(other.join("content")).unwrap();
    fs::write(other.join("content/index.md"), "mine").unwrap();
    let (exit, _, err) = plain(&["init", "-s", path(&other)]);
    assert_eq!(exit, Exit::Clean);
    assert!(err.contains("kept "), "{err}");
    assert_eq!(fs::read_to_string(other.join("content/index.md")).unwrap(), "mine");
    assert!(other.join("carafe.yml").exists());
}

#[test]
fn codes_are_explained() {
    let (exit, out, _) = plain(&["explain", "undefined-variable"]);
    assert_eq!(exit, Exit::Clean);
    assert!(out.starts_with("undefined-variable (warning)\n"), "{out}");
    let (exit, _, err) = plain(&["explain", "undefined-varaible"]);
    assert_eq!(exit.code(), 2);
    assert!(err.contains("did you mean `undefined-variable`?"), "{err}");
    let (_, out, _) = plain(&["explain"]);
    assert_eq!(out.lines().count(), crate::diagnostic::codes::ALL.len());
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (exit, out, _) = plain(&["completions", shell]);
        assert!(exit == Exit::Clean && out.contains("carafe") && out.contains("explain"), "{shell}");
    }
}

/// A stream that nobody reads any more.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for args in [["carafe", "explain"], ["carafe", "--help"]] {
        let exit = run(args, Surroundings::default(), &mut Closed, &mut Vec::new());
        assert_eq!(exit, Exit::Clean);
    }
}

/// A stream that makes the program fail.
struct Faulty;

impl Write for Faulty {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("a fault on purpose")
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_fault_of_ours_has_an_exit_code_of_its_own() {
    let mut err = Vec::new();
    let exit = run(["carafe", "explain"], Surroundings::default(), &mut Faulty, &mut err);
    assert_eq!(exit.code(), 3);
    let said = String::from_utf8(err).unwrap();
    assert!(said.starts_with("error: Carafe has failed; this is a fault of Carafe, not of your site\n"), "{said}");
}
