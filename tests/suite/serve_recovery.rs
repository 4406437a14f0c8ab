//! What the preview shows after folders were removed, replaced or switched, after edits of files that are reached by links or
//! lie elsewhere, and after everything else that may go wrong while it runs: always what a clean build gives.

use crate::preview;
use crate::support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use preview::{Server, wait};
use support::{files, run};

/// A folder with a site in it and room beside it.
struct Place {
    top: tempfile::TempDir,
}

impl Place {
    /// A place with these files.
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self { top: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| place.write(path, text));
        place
    }

    /// A place with a small site in `site/`.
    fn with_site() -> Self {
        let place = Self::new(&[]);
        place.write_site("site", "first");
        place
    }

    fn write_site(&self, folder: &str, word: &str) {
        self.write(&format!("{folder}/carafe.yml"), &format!("title: Site of the {word}\n"));
        self.write(
            &format!("{folder}/content/index.md"),
            &format!("# Home\n\nThe {word} home. {{% include part.md %}}\n"),
        );
        self.write(&format!("{folder}/content/guide/{word}.md"), &format!("# Guide\n\nThe {word} guide.\n"));
        self.write(&format!("{folder}/includes/part.md"), &format!("The {word} part.\n"));
        self.write(&format!("{folder}/static/own.txt"), &format!("The {word} file.\n"));
    }

    fn at(&self, path: &str) -> PathBuf {
        self.top.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    /// Writes a file as editors do: beside it, then over it.
    fn exchange(&self, path: &str, text: &str) {
        self.write(&format!("{path}.new~"), text);
        fs::rename(self.at(&format!("{path}.new~")), self.at(path)).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.at(from), self.at(to)).unwrap();
    }

    fn link(&self, to: &str, at: &str) {
        fs::create_dir_all(self.at(at).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, self.at(at)).unwrap();
    }
}

/// A preview that is compared with clean builds.
struct Compared {
    server: Server,
    folder: PathBuf,
    args: Vec<String>,
    known: BTreeSet<PathBuf>,
}

impl Compared {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let server = Server::start_at(folder, &[&["-P", "0", "--no-livereload"], args].concat());
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        let mut compared = Self { server, folder: folder.to_owned(), args, known: BTreeSet::new() };
        compared.is_clean();
        compared
    }

    /// Waits until the terminal shows the text.
    fn has_said(&self, text: &str) {
        wait(&format!("the word `{text}`"), || self.server.said().contains(text).then_some(()));
    }

    /// Waits until a page holds the text, then until everything is as in a clean build.
    fn shows(&mut self, path: &str, text: &str) {
        self.server.until(path, text);
        self.is_clean();
    }

    /// Waits until each file is what a clean build gives, and what is not built any more is not found.
    fn is_clean(&mut self) {
        let out = tempfile::tempdir().unwrap();
        let out = out.path().join("out");
        let mut args = vec!["build", "-s", self.folder.to_str().unwrap(), "-d", out.to_str().unwrap()];
        args.extend(self.args.iter().map(String::as_str));
        let ran = run(&args);
        let mut built = files(&out);
        built.retain(|path, _| !path.to_str().unwrap().starts_with('.'));
        assert!(!built.is_empty(), "{ran:?}");
        self.known.extend(built.keys().cloned());
        for path in &self.known {
            let address = format!("/{}", path.to_str().unwrap());
            wait(&format!("{address} as in a clean build"), || {
                let answer = self.server.get(&address);
                match built.get(path) {
                    Some(bytes) => (answer.body == String::from_utf8_lossy(bytes)).then_some(()),
                    None => (answer.status == 404).then_some(()),
                }
            });
        }
    }
}

#[test]
fn the_sites_folder_removed_and_made_again() {
    let place = Place::with_site();
    let mut preview = Compared::start(&place.at("site"), &[]);
    for word in ["second", "third"] {
        fs::remove_dir_all(place.at("site")).unwrap();
        preview.has_said("The site stays as it was before");
        // Folders are removed file by file, so nobody knows how much of the site was seen last.
        assert!([200, 404].contains(&preview.server.get("/").status), "the server goes on");
        place.write_site("site", word);
        preview.shows("/", &format!("The {word} part."));
        place.write("site/content/guide/later.md", "# Later\n\nWritten later.\n");
        preview.shows("/guide/later/", "Written later.");
    }
}

#[test]
fn the_sites_folder_and_folders_above_it_replaced() {
    let place = Place::new(&[]);
    place.write_site("above/more/site", "first");
    place.write_site("other/site", "second");
    place.write_site("third/more/site", "third");
    let mut preview = Compared::start(&place.at("above/more/site"), &[]);
    // The site's folder.
    place.rename("above/more/site", "away");
    place.rename("other/site", "above/more/site");
    preview.shows("/", "The second part.");
    place.write("above/more/site/includes/part.md", "Edited after the move.\n");
    preview.shows("/", "Edited after the move.");
    // A folder two above.
    place.rename("above", "away2");
    place.rename("third", "above");
    preview.shows("/", "The third part.");
    place.write("above/more/site/content/guide/third.md", "# Guide\n\nEdited after that.\n");
    preview.shows("/guide/third/", "Edited after that.");
    // All of it.
    fs::remove_dir_all(place.at("above")).unwrap();
    place.write_site("above/more/site", "fourth");
    preview.shows("/", "The fourth part.");
}

#[test]
fn a_folder_within_the_site_removed_replaced_and_made_for_the_first_time() {
    let place = Place::with_site();
    place.write("site/content/deep/er/page.md", "# Page\n\nDeep down.\n");
    let mut preview = Compared::start(&place.at("site"), &[]);
    preview.shows("/deep/er/page/", "Deep down.");
    fs::remove_dir_all(place.at("site/content/deep")).unwrap();
    place.write("site/content/deep/er/page.md", "# Page\n\nDeep down again.\n");
    preview.shows("/deep/er/page/", "Deep down again.");
    place.write("elsewhere/er/page.md", "# Page\n\nFrom elsewhere.\n");
    fs::remove_dir_all(place.at("site/content/deep")).unwrap();
    place.rename("elsewhere", "site/content/deep");
    preview.shows("/deep/er/page/", "From elsewhere.");
    place.write("site/content/deep/er/page.md", "# Page\n\nAnd edited.\n");
    preview.shows("/deep/er/page/", "And edited.");
    place.rename("site/static", "kept");
    preview.is_clean();
    place.rename("kept", "site/static");
    preview.is_clean();
    place.rename("site/includes", "kept");
    preview.has_said("there is no include `part.md`");
    place.rename("kept", "site/includes");
    place.write("site/includes/part.md", "The part made later.\n");
    preview.shows("/", "The part made later.");
    // A file in the folder's place, and the folder again.
    place.rename("site/content", "site/kept");
    place.write("site/content", "a file");
    wait("the pages to go", || (preview.server.get("/deep/er/page/").status == 404).then_some(()));
    fs::remove_file(place.at("site/content")).unwrap();
    place.rename("site/kept", "site/content");
    preview.shows("/deep/er/page/", "And edited.");
    place.write("site/data/words.yml", "first: one\n");
    place.write("site/content/index.md", "# Home\n\n{{ site.data.words.first }}\n");
    preview.shows("/", "one");
}

#[test]
fn branches_of_git_with_hundreds_of_files() {
    const FILES: usize = 250;
    let place = Place::with_site();
    let git = |args: &[&str]| {
        let own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-C"];
        let site = place.at("site");
        let ran = Command::new("git").args(own).arg(site).args(args).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
    };
    let write = |word: &str| {
        for number in 0..FILES {
            place.write(
                &format!("site/content/{word}{}/page-{number}.md", number % 7),
                &format!("# {number}\n\nOf {word}.\n"),
            );
            place.write(&format!("site/content/both/page-{number}.md"), &format!("# {number}\n\nBoth, of {word}.\n"));
        }
    };
    git(&["init", "-q", "-b", "one"]);
    write("one");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    git(&["checkout", "-q", "-b", "two"]);
    fs::remove_dir_all(place.at("site/content")).unwrap();
    place.write_site("site", "second");
    write("two");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "two"]);
    let mut preview = Compared::start(&place.at("site"), &[]);
    git(&["checkout", "-q", "one"]);
    preview.shows("/both/page-249/", "Both, of one.");
    for branch in ["two", "one", "two"] {
        git(&["checkout", "-q", branch]);
    }
    preview.shows("/both/page-0/", "Both, of two.");
}

#[test]
fn configuration_files_outside_of_the_site() {
    let place = Place::with_site();
    place.write("shared/own/carafe.base.yml", "title: The old title\n");
    place.write("shared/real.yml", "url: https://example.org\n");
    place.link("real.yml", "shared/carafe.link.yml");
    let [base, link] = ["shared/own/carafe.base.yml", "shared/carafe.link.yml"].map(|path| place.at(path));
    let configs = format!("{},{}", base.to_str().unwrap(), link.to_str().unwrap());
    let mut preview = Compared::start(&place.at("site"), &["--config", &configs]);
    preview.shows("/", "The old title");
    place.write("shared/own/carafe.base.yml", "title: The new title\n");
    preview.shows("/", "The new title");
    place.exchange("shared/own/carafe.base.yml", "title: The exchanged title\n");
    preview.shows("/", "The exchanged title");
    place.exchange("shared/real.yml", "url: https://example.org\ntitle: Of the target\n");
    preview.shows("/", "Of the target");
    place.write("shared/real.yml", "url: https://example.org\n");
    fs::remove_dir_all(place.at("shared/own")).unwrap();
    preview.has_said("The site stays as it was before");
    place.write("shared/own/carafe.base.yml", "title: The title made again\n");
    preview.shows("/", "The title made again");
}

#[test]
fn files_of_source_code_around_the_site() {
    let place = Place::with_site();
    place.write("site/carafe.yml", "title: Site\ninclude_code: {root: ..}\n");
    place.write("code/main.rs", "// the old code\n");
    place.write("site/content/index.md", "# Home\n\n{% include_code code/main.rs %}\n");
    let mut preview = Compared::start(&place.at("site"), &[]);
    preview.shows("/", "the old code");
    place.write("code/main.rs", "// the new code\n");
    preview.shows("/", "the new code");
    place.exchange("code/main.rs", "// the exchanged code\n");
    preview.shows("/", "the exchanged code");
    place.write("site/content/index.md", "# Home\n\n{% include_code code/later.rs %}\n");
    preview.has_said("there is no file `code/later.rs`");
    place.write("code/later.rs", "// the later code\n");
    preview.shows("/", "the later code");
}

#[test]
fn targets_of_links() {
    let place = Place::with_site();
    // A chain of links to a page, an include, data and a file in a folder of the site that does not count.
    place.write("site/kept/page.md", "# Linked\n\nThe old page.\n");
    place.link("../kept/second.md", "site/content/linked.md");
    place.link("page.md", "site/kept/second.md");
    place.write("site/kept/part.md", "The old linked part.\n");
    place.link("../kept/part.md", "site/includes/linked.md");
    place.write("site/kept/words.yml", "word: old-word\n");
    place.link("../kept/words.yml", "site/data/words.yml");
    place.write("site/kept/file.txt", "The old linked file.\n");
    place.link("../kept/file.txt", "site/static/linked.txt");
    place.write("site/content/index.md", "# Home\n\n{% include linked.md %}\n\n{{ site.data.words.word }}\n");
    let mut preview = Compared::start(&place.at("site"), &[]);
    preview.shows("/", "old-word");
    place.write("site/kept/page.md", "# Linked\n\nThe new page.\n");
    preview.shows("/linked/", "The new page.");
    place.exchange("site/kept/page.md", "# Linked\n\nThe exchanged page.\n");
    preview.shows("/linked/", "The exchanged page.");
    place.exchange("site/kept/part.md", "The new linked part.\n");
    preview.shows("/", "The new linked part.");
    place.exchange("site/kept/words.yml", "word: new-word\n");
    preview.shows("/", "new-word");
    place.exchange("site/kept/file.txt", "The new linked file.\n");
    preview.shows("/linked.txt", "The new linked file.");
    // Another link in the middle of the chain.
    place.write("site/kept/other.md", "# Linked\n\nThe other page.\n");
    fs::remove_file(place.at("site/kept/second.md")).unwrap();
    place.link("other.md", "site/kept/second.md");
    preview.shows("/linked/", "The other page.");
    place.write("site/kept/other.md", "# Linked\n\nThe other page, edited.\n");
    preview.shows("/linked/", "The other page, edited.");
    // The folder of all targets.
    place.rename("site/kept", "site/gone");
    preview.has_said("there is no include `linked.md`");
    place.rename("site/gone", "site/kept");
    preview.shows("/linked/", "The other page, edited.");
}

#[test]
fn a_site_behind_a_link_that_is_switched() {
    let place = Place::new(&[]);
    place.write_site("releases/1", "first");
    place.write_site("releases/2", "second");
    place.link("releases/1", "current");
    let mut preview = Compared::start(&place.at("current"), &[]);
    place.write("releases/1/includes/part.md", "Edited in the target.\n");
    preview.shows("/", "Edited in the target.");
    place.link("releases/2", "next");
    place.rename("next", "current");
    preview.shows("/", "The second part.");
    place.write("releases/2/includes/part.md", "Edited in the other target.\n");
    preview.shows("/", "Edited in the other target.");
}

#[test]
fn folders_of_includes_that_overlap() {
    let place = Place::with_site();
    place.write("shared/outer.md", "The outer one.\n");
    place.write("shared/inner/both.md", "The old both.\n");
    place.write("site/content/index.md", "{% include outer.md %} {% include both.md %} {% include inner/both.md %}\n");
    let (outer, inner) = (place.at("shared"), place.at("shared/inner"));
    let includes = ["--includes", outer.to_str().unwrap(), "--includes", inner.to_str().unwrap()];
    let mut preview = Compared::start(&place.at("site"), &includes);
    place.write("shared/inner/both.md", "The new both.\n");
    preview.shows("/", "The new both.");
    place.exchange("shared/outer.md", "The exchanged outer one.\n");
    preview.shows("/", "The exchanged outer one.");
    place.rename("shared", "gone");
    preview.has_said("The site stays as it was before");
    place.rename("gone", "shared");
    place.write("shared/inner/both.md", "The newest both.\n");
    preview.shows("/", "The newest both.");
}

#[test]
fn a_configuration_broken_and_repaired_while_other_files_change() {
    let place = Place::with_site();
    let mut preview = Compared::start(&place.at("site"), &[]);
    for round in 0..3 {
        place.write("site/carafe.yml", &format!("title: [broken {round}\n"));
        wait("the word of it", || {
            let said = preview.server.said();
            (said.matches("The site stays as it was before").count() > round).then_some(())
        });
        place.write("site/content/guide/first.md", &format!("# Guide\n\nWritten in round {round}.\n"));
        place.write("site/carafe.yml", &format!("title: Repaired {round}\n"));
        preview.shows("/", &format!("Repaired {round}"));
        preview.shows("/guide/first/", &format!("Written in round {round}."));
    }
}

#[test]
fn a_content_folder_that_is_made_later_and_files_that_cannot_be_read_for_a_while() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new(&[("site/carafe.yml", "title: Site\n"), ("site/static/own.txt", "own\n")]);
    let server = Server::start_at(&place.at("site"), &["-P", "0"]);
    place.write_site("site", "later");
    server.until("/guide/later/", "The later guide.");
    let mut preview = Compared::start(&place.at("site"), &[]);
    let allow = |path: &str, mode| fs::set_permissions(place.at(path), fs::Permissions::from_mode(mode)).unwrap();
    for path in ["site/content/guide/later.md", "site/includes/part.md", "site/static/own.txt"] {
        allow(path, 0o000);
        preview.is_clean();
        allow(path, 0o644);
        preview.shows("/guide/later/", "The later guide.");
        preview.shows("/own.txt", "The later file.");
    }
}

#[test]
fn what_is_told_may_be_written_beside_the_content() {
    let place = Place::with_site();
    let preview = Compared::start(&place.at("site"), &[]);
    preview.has_said("ready in");
    for round in 0..3 {
        place.write("site/serve.log", &preview.server.said());
        place.write("site/content/guide/first.md", &format!("# Guide\n\nRound {round}.\n"));
        preview.server.until("/guide/first/", &format!("Round {round}."));
    }
    let told = |path: &str| preview.server.said().lines().filter(|line| line.starts_with(path)).count();
    preview.has_said("content/guide/first.md");
    assert_eq!(told("serve.log:"), 0, "{}", preview.server.said());
}

#[test]
fn a_thousand_saves_end_in_the_last_one() {
    let place = Place::with_site();
    let mut preview = Compared::start(&place.at("site"), &[]);
    for round in 0..1000 {
        let text = format!("# Guide\n\n{}\n\nSave number {round}.\n", "Some text. ".repeat(200));
        match round % 3 {
            0 => place.exchange("site/content/guide/first.md", &text),
            _ => place.write("site/content/guide/first.md", &text),
        }
    }
    preview.shows("/guide/first/", "Save number 999.");
    let told = preview.server.said().matches("page in view after").count();
    assert!(told < 500, "{told} rebuilds: saves are gathered");
}

#[test]
fn a_page_that_takes_long_keeps_no_edit_from_appearing() {
    let place = Place::with_site();
    let slow = "{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}";
    place.write("site/carafe.yml", "title: Site\nliquid:\n  limits:\n    iterations: 1000000000000\n");
    let server = Server::start_at(&place.at("site"), &["-P", "0"]);
    server.until("/guide/first/", "The first guide.");
    for round in 0..20 {
        for name in ["first", "other", "third", "fourth"] {
            place.write(&format!("site/content/guide/{name}.md"), &format!("# Slow\n\n{slow} {round}\n"));
        }
        // Somebody looks at the slow page, and waits.
        let port = server.port;
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
            stream.write_all(b"GET /guide/first/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            let _ = stream.read_to_string(&mut answer);
        });
        place.write("site/includes/part.md", &format!("Part number {round}.\n"));
        server.until("/", &format!("Part number {round}."));
    }
    place.write("site/content/guide/first.md", "# Quick\n\nQuick again.\n");
    server.until("/guide/first/", "Quick again.");
}
