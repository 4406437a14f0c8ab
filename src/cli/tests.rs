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

/// What a text names as a command line of ours: the words behind `carafe` on a line of a console or a script, and in code within text.
fn named_command_lines(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let bare = line.trim().trim_start_matches("- ").trim_start_matches("run: ");
        let bare = bare.strip_prefix("$ ").unwrap_or(bare);
        let piped = bare.split(" | ").flat_map(|part| part.split(" && "));
        found.extend(piped.filter_map(|part| part.trim().strip_prefix("carafe ")).map(str::to_owned));
        let code = line.split('`').skip(1).step_by(2);
        found.extend(code.filter_map(|code| code.strip_prefix("carafe ")).map(str::to_owned));
    }
    found
}

/// What is wrong with a command line of a document: the name of a command or of an option that there is not.
fn unknown_in(line: &str, cli: &clap::Command) -> Option<String> {
    let words: Vec<&str> =
        line.split_whitespace().take_while(|word| !word.starts_with(['>', '#', '2', '|', ';'])).collect();
    let (name, rest) = words.split_first()?;
    // A placeholder, or a flag of the program itself.
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if !is_word(name.trim_start_matches('-')) {
        return None;
    }
    let command = match name.strip_prefix('-') {
        Some(_) => cli,
        None => match cli
            .get_subcommands()
            .find(|known| known.get_name() == *name || known.get_all_aliases().any(|alias| alias == *name))
        {
            Some(command) => command,
            None => return Some(format!("there is no command `{name}`")),
        },
    };
    let options = || command.get_arguments().chain(cli.get_arguments());
    let words = if name.starts_with('-') { words.as_slice() } else { rest };
    let wrong = words.iter().find(|word| {
        let word = word.trim_end_matches([',', '.', '\'', '"', ')']).split('=').next().unwrap_or_default();
        match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (Some(long), _) => {
                !long.is_empty()
                    && long != "help"
                    && !options().any(|known| {
                        known.get_long() == Some(long) || known.get_all_aliases().is_some_and(|all| all.contains(&long))
                    })
            }
            (None, Some(short)) if short.len() == 1 => {
                short != "h" && !options().any(|known| known.get_short() == short.chars().next())
            }
            _ => false,
        }
    });
    wrong.map(|word| format!("`carafe {name}` has no option `{word}`"))
}

#[test]
fn documents_name_commands_and_options_that_there_are() {
    let mut cli = <Cli as clap::CommandFactory>::command();
    cli.build();
    let mut paths = vec![
        std::path::PathBuf::from("README.md"),
        "CONTRIBUTING.md".into(),
        "SECURITY.md".into(),
        "CHANGELOG.md".into(),
    ];
    let mut folders = vec![std::path::PathBuf::from("content")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    let (mut wrong, mut count) = (Vec::new(), 0);
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for line in named_command_lines(&text) {
            count += 1;
            wrong.extend(unknown_in(&line, &cli).map(|told| format!("{}: {told} in `carafe {line}`", path.display())));
        }
        // No registry has the program, so nobody can fetch it by its name alone.
        for fetched in ["cargo install carafe", "pip install carafe\n", "npm install carafe", "brew install carafe"] {
            if text.contains(fetched) {
                wrong.push(format!("{}: `{fetched}` fetches something else", path.display()));
            }
        }
    }
    assert!(count > 60, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (line, told) in
        [("biuld", true), ("build --stirct", true), ("build -s x --strict", false), ("check --format sarif > x", false)]
    {
        assert_eq!(unknown_in(line, &cli).is_some(), told, "{line}");
    }
}

#[test]
fn a_report_about_a_fault_says_what_it_needs_and_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let (exit, out, _) = plain(&["self-check", "-s", path]);
    assert!(exit == Exit::Clean && out.contains("site: none here") && !out.contains("FAILED"), "{out}");
    std::fs::write(folder.path().join("carafe.yml"), "title: T\n").unwrap();
    std::fs::create_dir(folder.path().join("content")).unwrap();
    std::fs::write(folder.path().join("content/index.md"), "Hi.\n").unwrap();
    assert_eq!(plain(&["build", "--cache", "-s", path]).0, Exit::Clean);
    let (_, out, _) = plain(&["self-check", "-s", path, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((report["site"]["kind"].as_str(), report["site"]["pages"].as_u64()), (Some("native"), Some(1)));
    assert!(report["site"]["cache"].as_str().unwrap().ends_with("1 pages could be taken"), "{out}");
    assert!(report["target"].as_str().unwrap().contains('-') && !out.contains(path), "{out}");
    std::fs::write(folder.path().join("carafe.yml"), "titel: T\n").unwrap();
    let (_, out, _) = plain(&["self-check", "-s", path]);
    assert!(out.contains("its configuration is broken (unknown-option)"), "{out}");
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(plain(&["man", "-d", folder.path().to_str().unwrap()]).0, Exit::Clean);
    for (page, text) in [("carafe.1", "self\\-check"), ("carafe-build.1", "\\-\\-strict")] {
        let page = std::fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(page.contains(".TH") && page.contains(text), "{page}");
    }
    assert!(plain(&["man"]).1.contains(".SH NAME"));
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
