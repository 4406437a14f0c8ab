//! The preview server as an author meets it: the program on a port of its own, edited while it runs.

use crate::preview;
use crate::support;

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use preview::{Server, wait};
use serde_json::Value;
use support::SiteFolder;

struct Listener {
    told: Arc<Mutex<Vec<Value>>>,
}

impl Listener {
    /// Opens the page as a browser does and listens to what it is told.
    fn open(server: &Server, path: &str) -> Self {
        Self::follow(server, &server.get(path).body)
    }

    /// Listens on behalf of a page that was answered before.
    fn follow(server: &Server, body: &str) -> Self {
        let attribute = |name: &str| body.split(&format!("data-{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        let query = ["page", "seen", "state"].map(|name| format!("{name}={}", attribute(name))).join("&");
        let mut socket = server.socket(&query, None).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let written = told.clone();
        std::thread::spawn(move || {
            while let Ok(message) = socket.read() {
                if let Ok(text) = message.to_text() {
                    written.lock().unwrap().push(serde_json::from_str(text).unwrap());
                }
            }
        });
        Self { told }
    }

    /// Waits for a message of this kind with this text, and forgets everything up to it.
    fn message(&self, kind: &str, text: &str) {
        wait(&format!("the message {kind} with `{text}`"), || {
            let mut told = self.told.lock().unwrap();
            let wanted = |message: &Value| message.get(kind).is_some_and(|value| value.to_string().contains(text));
            let at = told.iter().position(wanted)?;
            told.drain(..=at);
            Some(())
        });
    }

    /// Waits until nothing is wrong with the page.
    fn is_well(&self) {
        self.message("overlay", "\"\"");
    }
}

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: Site\n"),
        ("content/index.md", "# Home\n\n{% include part.md %}\n"),
        ("content/guide.md", "---\ntitle: Guide\n---\nFirst words.\n"),
        ("includes/part.md", "The old part.\n"),
        ("static/own.css", "p { color: red }\n"),
    ])
}

#[test]
fn an_edit_reaches_the_page_within_a_second_and_the_browser_reloads() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    assert!(server.get("/guide/").body.contains("First words."));
    let (home, guide) = (Listener::open(&server, "/"), Listener::open(&server, "/guide/"));
    guide.is_well();
    let started = Instant::now();
    site.write("content/guide.md", "---\ntitle: Guide\n---\nSecond words.\n");
    guide.message("reload", "true");
    assert!(server.get("/guide/").body.contains("Second words."));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    site.write("includes/part.md", "The new part.\n");
    home.message("reload", "true");
    assert!(server.get("/").body.contains("The new part."));
}

#[test]
fn built_pages_hold_no_script_of_the_server_and_the_disk_stays_as_it_is() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let served = server.get("/guide/").body;
    assert!(served.contains("__carafe/client.js"));
    assert!(!site.path().join("_site").exists());
    site.build(&[]);
    let built = site.output("guide/index.html");
    assert!(!built.contains("__carafe"));
    let at = served.find("<script src=\"/__carafe").unwrap();
    let end = at + served[at..].find("</script>").unwrap() + "</script>".len();
    assert_eq!(format!("{}{}", &served[..at], &served[end..]), built);
    let plain = Server::start(&site, &["-P", "0", "--no-livereload"]);
    assert_eq!(plain.get("/guide/").body, built);
}

#[test]
fn an_error_shows_with_its_stack_over_the_last_good_page_and_goes_when_it_is_repaired() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let home = Listener::open(&server, "/");
    home.is_well();
    site.write("includes/part.md", "Now with\n{% include nowhere.md %}\n");
    home.message("overlay", "nowhere.md");
    let told = Listener::open(&server, "/");
    told.message("overlay", "includes/part.md:2");
    Listener::open(&server, "/").message("overlay", "/__carafe/gallery/includes/part.md/");
    assert_eq!(server.get("/__carafe/gallery/includes/part.md/").status, 200);
    assert!(server.get("/").body.contains("The old part."));
    wait("the finding on the terminal", || server.said().contains("nowhere.md").then_some(()));
    site.write("includes/part.md", "The old part.\n");
    home.is_well();
    site.write("includes/part.md", "The new part.\n");
    home.message("reload", "true");
}

#[test]
fn a_page_over_its_budget_keeps_no_edit_from_appearing() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let home = Listener::open(&server, "/");
    home.is_well();
    site.write("includes/part.md", "x{% include part.md %}{% include part.md %}\n");
    home.message("overlay", "nested more than");
    site.write("content/guide.md", "---\ntitle: Guide\n---\nSecond words.\n");
    server.until("/guide/", "Second words.");
    site.write("includes/part.md", "{% for i in (1..100000000) %}{{ page.titel }}{% endfor %}\n");
    home.message("overlay", "loops and calls");
    site.write("content/guide.md", "---\ntitle: Guide\n---\nThird words.\n");
    server.until("/guide/", "Third words.");
    site.write("includes/part.md", "The part is short again.\n");
    server.until("/", "short again");
}

#[test]
fn an_include_deleted_and_written_again_is_missed_and_found() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let home = Listener::open(&server, "/");
    home.is_well();
    std::fs::remove_file(site.path().join("includes/part.md")).unwrap();
    home.message("overlay", "part.md");
    site.write("includes/part.md", "Back again.\n");
    home.message("reload", "true");
    server.until("/", "Back again.");
    // The same in a folder that is new.
    site.write("content/index.md", "{% include new/deep/part.md %}\n");
    home.message("overlay", "new/deep/part.md");
    site.write("includes/new/deep/part.md", "Deep down.\n");
    server.until("/", "Deep down.");
    site.write("includes/new/deep/part.md", "Deeper down.\n");
    server.until("/", "Deeper down.");
}

#[test]
fn a_finding_that_the_author_lives_with_does_not_keep_the_page_from_being_shown() {
    let site = site();
    site.write("carafe.yml", "title: Site\ndiagnostics: {undefined-variable: error}\n");
    let server = Server::start(&site, &["-P", "0"]);
    let guide = Listener::open(&server, "/guide/");
    guide.is_well();
    site.write("content/guide.md", "A {{ nope }} B\n");
    guide.message("overlay", "nope");
    site.write("content/guide.md", "<!-- carafe-ignore undefined-variable -->\nA {{ nope }} C\n");
    guide.is_well();
    server.until("/guide/", "A  C");
}

#[test]
fn files_that_pages_read_in_folders_that_do_not_count_are_followed() {
    let site = SiteFolder::new(&[
        ("_config.yml", "title: Site\nexclude: [snippets]\n"),
        ("index.md", "---\n---\n{% include_relative snippets/a.md %}\n"),
        ("snippets/a.md", "The old snippet.\n"),
    ]);
    let server = Server::start(&site, &["-P", "0"]);
    server.until("/", "The old snippet.");
    wait("all pages", || server.said().contains("1 page ready in").then_some(()));
    site.write("snippets/a.md", "The new snippet.\n");
    server.until("/", "The new snippet.");
}

#[test]
fn a_broken_configuration_keeps_the_last_good_site() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let home = Listener::open(&server, "/");
    home.is_well();
    site.write("carafe.yml", "titel: Site\n");
    home.message("overlay", "titel");
    site.write("content/guide.md", "Written meanwhile.\n");
    assert!(server.get("/").body.contains("Site"));
    site.write("carafe.yml", "title: Renamed\n");
    home.message("reload", "true");
    server.until("/", "Renamed");
    server.until("/guide/", "Written meanwhile.");
}

#[test]
fn pages_come_and_go_and_style_sheets_are_swapped() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let missing = server.get("/later/");
    assert_eq!(missing.status, 404);
    let (home, later) = (Listener::open(&server, "/"), Listener::open(&server, "/later/"));
    home.is_well();
    later.is_well();
    site.write("static/own.css", "p { color: blue }\n");
    home.message("css", "own.css");
    assert_eq!(server.get("/own.css").body, "p { color: blue }\n");
    site.write("content/later.md", "Here now.\n");
    later.message("reload", "true");
    assert_eq!(server.get("/later/").status, 200);
    std::fs::remove_file(site.path().join("content/later.md")).unwrap();
    wait("the page to go", || (server.get("/later/").status == 404).then_some(()));
}

#[test]
fn a_port_that_is_taken_gives_the_next_free_one() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let site = site();
    let server = Server::start(&site, &["-P", &port.to_string()]);
    assert!(server.port > port && server.port <= port.saturating_add(100), "{} after {port}", server.port);
    wait("the word", || server.said().contains(&format!("Port {port} is taken")).then_some(()));
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn other_hosts_names_are_refused() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    for good in ["localhost", "127.0.0.1:4000", "[::1]:4000"] {
        assert_eq!(server.ask("/", good).status, 200, "{good}");
    }
    for bad in ["evil.example", "127.0.0.1.evil.example:4000", "localhost.evil.example"] {
        let answer = server.ask("/guide/", bad);
        assert_eq!(answer.status, 403, "{bad}");
        assert!(!answer.body.contains("First words."));
    }
    assert_eq!(server.ask("/__carafe/events?page=index.html", "evil.example").status, 403);
    // Any website may open a WebSocket to this machine; its origin tells which one it is.
    let own = format!("http://127.0.0.1:{}", server.port);
    assert!(server.socket("page=index.html", Some(&own)).is_ok());
    assert!(server.socket("page=index.html", Some("http://evil.example")).is_err());
}

#[test]
fn a_page_is_told_what_changed_before_it_listened() {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let (early, listening) = (server.get("/").body, Listener::open(&server, "/"));
    site.write("static/own.css", "p { color: blue }\n");
    listening.message("css", "own.css");
    // Answered before the change, listening after it.
    Listener::follow(&server, &early).message("css", "own.css");
    let late = Listener::open(&server, "/");
    late.is_well();
    assert!(late.told.lock().unwrap().is_empty(), "there is nothing to be told");
    // A page of a server that has ended, and another server took its place.
    let other = Server::start(&site, &["-P", "0"]);
    Listener::follow(&other, &server.get("/").body).message("reload", "true");
}

#[test]
fn paths_lead_nowhere_else() {
    let site = site();
    std::fs::write(site.path().join("secret.txt"), "secret").unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("secret.txt"), site.path().join("static/link.txt")).unwrap();
        std::os::unix::fs::symlink(outside.path(), site.path().join("static/folder")).unwrap();
    }
    let server = Server::start(&site, &["-P", "0"]);
    for path in [
        "/../secret.txt",
        "/static/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/secret.txt",
        "/carafe.yml",
        "/link.txt",
        "/folder/secret.txt",
        "/__carafe/../secret.txt",
        "/%00",
    ] {
        let answer = server.get(path);
        assert!(answer.status == 400 || answer.status == 404, "{path}: {}", answer.status);
        assert!(!answer.body.contains("secret") || answer.body.contains("<html"), "{path}: {}", answer.body);
    }
}

#[test]
fn addresses_lead_to_pages_under_the_base() {
    let site = site();
    let server = Server::start(&site, &["-P", "0", "-b", "/docs"]);
    let answer = server.get("/");
    assert!(answer.status == 302 && answer.head.contains("location: /docs/\r\n"), "{answer:?}");
    let answer = server.get("/docs/guide");
    assert!(answer.status == 302 && answer.head.contains("location: /docs/guide/"), "{answer:?}");
    let answer = server.get("/docs/guide/");
    assert!(answer.body.contains("src=\"/docs/__carafe/client.js\""));
    assert_eq!(server.get("/docs/__carafe/client.js").status, 200);
}

#[test]
fn two_hundred_readers_at_once_get_whole_pages_while_the_site_is_rebuilt() {
    const READERS: usize = 200;
    const REBUILDS: usize = 40;
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    let (start, done) = (Barrier::new(READERS + 1), AtomicBool::new(false));
    let read = |reader: usize| {
        let (path, title) = if reader.is_multiple_of(2) { ("/", "Home") } else { ("/guide/", "Guide") };
        start.wait();
        let mut answers = 0;
        while answers == 0 || !done.load(Ordering::Relaxed) {
            let answer = server.get(path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let length = answer.head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
            assert_eq!(length.parse(), Ok(answer.body.len()), "{path}");
            assert!(answer.body.contains(title) && answer.body.trim_end().ends_with("</html>"), "{path}: {answer:?}");
            answers += 1;
        }
        answers
    };
    let read = &read;
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|reader| scope.spawn(move || read(reader))).collect();
        start.wait();
        for round in 0..REBUILDS {
            site.write("includes/part.md", format!("Part number {round}.\n"));
            site.write("content/guide.md", format!("---\ntitle: Guide\n---\nGuide number {round}.\n"));
            server.until("/", &format!("Part number {round}."));
            server.until("/guide/", &format!("Guide number {round}."));
        }
        done.store(true, Ordering::Relaxed);
        let answers: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        assert!(answers > READERS * 2, "{answers} answers: the readers did not read during the rebuilds");
    });
}
