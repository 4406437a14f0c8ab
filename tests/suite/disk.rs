//! What lies on the disk otherwise than it should: links, folders that are missing, pipes, destinations that are no plain folder.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Ran, SiteFolder, files, run};

const NATIVE: &str = "title: T\n";

/// A site with one page, and a folder beside it for whatever the test needs.
fn site(more: &[(&str, &str)]) -> SiteFolder {
    let mut all = vec![("s/carafe.yml", NATIVE), ("s/content/index.md", "Hello\n")];
    all.extend(more);
    SiteFolder::new(&all)
}

fn build(site: &SiteFolder, args: &[&str]) -> Ran {
    let (source, out) = (site.path().join("s"), site.path().join("out"));
    run(&[&["build", "-s", source.to_str().unwrap(), "-d", out.to_str().unwrap()], args].concat())
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_destination_behind_links_is_published_kept_and_cleaned_where_they_lead() {
    let site = site(&[]);
    let top = site.path();
    symlink("current", top.join("out")).unwrap();
    symlink("releases/7", top.join("current")).unwrap();
    assert_eq!(build(&site, &[]).code, 0);
    let real = top.join("releases/7");
    fs::write(real.join("CNAME"), "docs.example.org").unwrap();
    fs::create_dir_all(real.join(".git/refs")).unwrap();
    site.write("s/carafe.yml", "title: T\nkeep_files: [CNAME, .git]\n");
    assert_eq!(build(&site, &[]).code, 0);
    assert!(real.join("CNAME").is_file() && real.join(".git/refs").is_dir() && real.join("index.html").is_file());
    assert!(top.join("out").is_symlink() && top.join("current").is_symlink());
    assert_eq!(fs::read_dir(top.join("releases")).unwrap().count(), 1, "nothing staged is left");
    let ran = run(&["clean", "-s", top.join("s").to_str().unwrap(), "-d", top.join("out").to_str().unwrap()]);
    assert_eq!((ran.code, real.exists(), top.join("out").is_symlink()), (0, false, true), "{}", ran.stderr);
}

#[test]
fn what_is_kept_of_the_old_site_never_takes_the_place_of_what_is_new() {
    let site = site(&[("s/static/img/a.txt", "first")]);
    let config = "title: T\nkeep_files: [index.html, img, two, gone.txt]\n";
    site.write("s/carafe.yml", config);
    assert_eq!(build(&site, &[]).code, 0);
    site.write("out/img/mine.txt", "mine");
    site.write("out/two", "a file where a folder comes");
    site.write("s/content/index.md", "Changed\n");
    site.write("s/content/two.md", "Two\n");
    site.write("s/static/img/a.txt", "second");
    assert_eq!(build(&site, &[]).code, 0);
    let out = |path: &str| fs::read_to_string(site.path().join("out").join(path)).unwrap();
    assert!(out("index.html").contains("Changed") && out("two/index.html").contains("Two"));
    assert_eq!((out("img/a.txt"), out("img/mine.txt")), ("second".to_owned(), "mine".to_owned()));
    fs::remove_file(site.path().join("s/static/img/a.txt")).unwrap();
    assert_eq!(build(&site, &[]).code, 0);
    assert_eq!(out("img/a.txt"), "second", "what the site no longer makes is kept from now on");
}

#[test]
fn a_destination_within_the_site_is_no_part_of_it_by_whatever_way() {
    let site = SiteFolder::new(&[("_config.yml", NATIVE), ("index.md", "---\n---\nHello\n")]);
    let top = site.path();
    symlink("build/7", top.join("live")).unwrap();
    for destination in ["live", "build/7"] {
        for _ in 0..2 {
            let ran = site.build(&["-d", top.join(destination).to_str().unwrap()]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
        }
        let found = files(&top.join(destination));
        assert_eq!(found.keys().filter(|path| path.ends_with("index.html")).count(), 1, "{destination}: {found:?}");
    }
}

/// A real mount point, where one may be made: in a namespace of its own, else not at all. Which, the test says.
#[test]
fn a_mount_point_is_renewed_within() {
    let site = site(&[]);
    let out = site.path().join("out");
    fs::create_dir(&out).unwrap();
    let script = "mount -t tmpfs none \"$OUT\" || exit 77
        \"$CARAFE\" -V build -s \"$SITE\" -d \"$OUT\" || exit 1
        echo two > \"$SITE/content/two.md\"; rm \"$SITE/content/index.md\"
        \"$CARAFE\" -V build -s \"$SITE\" -d \"$OUT\" || exit 1
        test -f \"$OUT/two/index.html\" || exit 2
        test ! -e \"$OUT/index.html\" || exit 3
        test -f \"$OUT/.carafe\" || exit 4
        \"$CARAFE\" clean -s \"$SITE\" -d \"$OUT\" || exit 5
        test -z \"$(ls -A \"$OUT\")\" || exit 6";
    let program = env!("CARGO_BIN_EXE_carafe");
    let ways: [&[&str]; 2] = [&["unshare", "-m", "sh", "-c"], &["unshare", "-rm", "sh", "-c"]];
    for way in ways {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).arg(script).env("OUT", &out).env("SITE", site.path().join("s")).env("CARAFE", program);
        let Ok(ran) = command.output() else { continue };
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        if ran.status.code() == Some(77) || said.contains("unshare") {
            continue;
        }
        assert!(ran.status.success(), "{:?}: {said}", ran.status);
        assert!(said.contains("renewed file by file"), "{said}");
        assert_eq!(fs::read_dir(site.path()).unwrap().count(), 2, "nothing staged is left");
        println!("a tmpfs was mounted with {way:?}");
        return;
    }
    // `a_folder_that_is_not_exchanged_is_renewed_within` puts the same errors in the system's place.
    println!("no file system may be mounted here, so a real mount point was not tried");
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_carafe");

#[test]
fn an_interrupted_build_leaves_nothing_staged_and_the_old_site() {
    let site = site(&[("s/includes/slow.html", "{% for i in (1..3000) %}{{ i | times: 3 }} {% endfor %}")]);
    assert_eq!(build(&site, &[]).code, 0);
    let before = files(&site.path().join("out"));
    // So many that the build is under way for longer than it takes to interrupt it on a busy machine.
    for number in 0..3000 {
        site.write(&format!("s/content/p{number}.md"), "{% include slow.html %}\n");
    }
    let staged = site.path().join(".out.staged");
    for signal in ["INT", "TERM"] {
        // Tests that run in the background of a script ignore `SIGINT`, and would hand that on.
        let mut command = Command::new(if cfg!(target_os = "linux") { "env" } else { PROGRAM });
        if cfg!(target_os = "linux") {
            command.args(["--default-signal=INT,TERM", PROGRAM]);
        }
        let mut child = command
            .args(["build", "-s", "s", "-d", "out"])
            .current_dir(site.path())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // With the first page: which one that is, nobody knows.
        while !fs::read_dir(&staged).is_ok_and(|mut pages| pages.next().is_some()) {
            assert!(child.try_wait().unwrap().is_none(), "the build has ended before it was interrupted");
            std::thread::sleep(Duration::from_millis(1));
        }
        let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        let status = child.wait().unwrap();
        assert!(std::os::unix::process::ExitStatusExt::signal(&status).is_some(), "{status:?}");
        assert!(!staged.exists());
        assert_eq!(files(&site.path().join("out")), before);
    }
}

#[test]
fn a_folder_that_is_named_and_not_there_keeps_the_published_site() {
    let site = site(&[]);
    assert_eq!(build(&site, &[]).code, 0);
    let before = files(&site.path().join("out"));
    for option in ["content: contnet", "includes: inc", "data: d", "static: s", "templates: t"] {
        site.write("s/carafe.yml", format!("title: T\nfolders: {{{option}}}\n"));
        let ran = build(&site, &[]);
        assert_eq!(ran.code, 2, "{option}: {}", ran.stderr);
        let (name, folder) = option.split_once(": ").unwrap();
        let said = format!("error[missing-folder]: `folders.{name}` names the folder `{folder}`, which is not there");
        assert!(ran.stderr.contains(&said) && ran.stderr.contains(" --> "), "{}", ran.stderr);
        assert_eq!(files(&site.path().join("out")), before, "{option}");
    }
    site.write("s/carafe.yml", "title: T\nfolders: {content: contnet}\n");
    assert!(build(&site, &[]).stderr.contains("did you mean `content`?"));
    let ran = run(&["check", "-s", site.path().join("s").to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn a_build_without_pages_takes_no_place_of_one_with_pages() {
    let site = site(&[("s/static/verify.html", "google"), ("s/includes/a.md", "x")]);
    assert_eq!(build(&site, &[]).code, 0);
    let before = files(&site.path().join("out"));
    fs::remove_file(site.path().join("s/content/index.md")).unwrap();
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("error[empty-site]: the site has no page"), "{}", ran.stderr);
    assert_eq!(files(&site.path().join("out")), before);
    assert_eq!(build(&site, &["--allow-empty"]).code, 0);
    assert_eq!(build(&site, &[]).code, 0, "the published site has no page now");
    fs::remove_file(site.path().join("s/static/verify.html")).unwrap();
    let ran = build(&site, &[]);
    assert!(ran.code == 2 && ran.stderr.contains("the site would be empty"), "{}", ran.stderr);
}

#[test]
fn a_jekyll_site_of_static_files_alone_is_a_site() {
    let site = SiteFolder::new(&[("_config.yml", NATIVE), ("index.html", "<p>Hello</p>")]);
    for _ in 0..2 {
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    assert_eq!(site.output("index.html"), "<p>Hello</p>");
}

#[test]
fn links_to_folders_are_followed_within_the_site_and_out_of_it_when_asked_for() {
    let site = site(&[
        ("s/content/real/r.md", "{% include shared/x.md %}\n"),
        ("s/parts/x.md", "included\n"),
        ("far/pages/f.md", "far away\n"),
        ("far/data/d.yml", "a: 1\n"),
    ]);
    let source = site.path().join("s");
    fs::create_dir(source.join("includes")).unwrap();
    symlink("real", source.join("content/alias")).unwrap();
    symlink("../parts", source.join("includes/shared")).unwrap();
    let ran = build(&site, &["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let out = site.path().join("out");
    for page in ["real/r/index.html", "alias/r/index.html"] {
        assert!(fs::read_to_string(out.join(page)).unwrap().contains("included"), "{page}");
    }
    symlink(site.path().join("far/pages"), source.join("content/far")).unwrap();
    symlink("../far/data", source.join("data")).unwrap();
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for path in ["content/far", "data"] {
        let told = format!("`{path}` is a link out of the site's folder");
        assert!(ran.stderr.contains(&told) && ran.stderr.contains("follow_links: true"), "{}", ran.stderr);
    }
    site.write("s/carafe.yml", "title: T\nfollow_links: true\n");
    site.write("s/content/index.md", "{{ site.data.d.a }} is one\n");
    let ran = build(&site, &["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(out.join("far/f/index.html")).unwrap().contains("far away"));
    assert!(fs::read_to_string(out.join("index.html")).unwrap().contains("1 is one"));
}

#[test]
fn a_jekyll_site_follows_links_wherever_they_lead() {
    let site = SiteFolder::new(&[
        ("s/index.md", "---\n---\n{% include p/x.md %}\n"),
        ("far/x.md", "included"),
        ("far/posts/2020-01-02-a.md", "---\n---\nposted\n"),
        ("far/_config.yml", "title: far\n"),
    ]);
    let source = site.path().join("s");
    fs::create_dir(source.join("_includes")).unwrap();
    symlink("../../far", source.join("_includes/p")).unwrap();
    symlink("../far/posts", source.join("_posts")).unwrap();
    symlink("../far/_config.yml", source.join("_config.yml")).unwrap();
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(site.path().join("out/index.html")).unwrap().contains("included"));
    assert!(site.path().join("out/2020/01/02/a.html").is_file());
}

#[test]
fn links_to_folders_above_themselves_and_to_each_other_come_to_an_end() {
    let site = site(&[("s/content/a/x.md", "x\n"), ("s/content/b/y.md", "y\n")]);
    let content = site.path().join("s/content");
    symlink("..", content.join("a/up")).unwrap();
    symlink(".", content.join("b/here")).unwrap();
    symlink("../b", content.join("a/to_b")).unwrap();
    symlink("../a", content.join("b/to_a")).unwrap();
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for path in ["a/up", "b/here", "a/to_b/to_a", "b/to_a/to_b"] {
        assert!(
            ran.stderr.contains(&format!("`content/{path}` is a link to a folder that it lies in")),
            "{}",
            ran.stderr
        );
    }
    assert!(site.path().join("out/a/to_b/y/index.html").is_file());
    // Twelve folders that link to each other lie in each other in hundreds of millions of ways.
    for from in 0..12 {
        site.write(&format!("s/content/m{from}/x.md"), "x\n");
        (0..12).filter(|to| *to != from).for_each(|to| {
            symlink(format!("../m{to}"), content.join(format!("m{from}/l{to}"))).unwrap();
        });
    }
    let ran =
        run(&["check", "-q", "--format", "json", "-s", site.path().join("s").to_str().unwrap(), "--only", "none"]);
    assert!(ran.stdout.contains("one link too many"), "{}", ran.stdout.get(..500).unwrap_or(&ran.stdout));
}

#[test]
fn what_is_no_file_is_told_and_never_opened() {
    let site = site(&[]);
    let source = site.path().join("s");
    fs::create_dir_all(source.join("static")).unwrap();
    mkfifo(&source.join("content/p.txt"));
    symlink("/dev/zero", source.join("static/zero.bin")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(source.join("static/socket")).unwrap();
    symlink("nowhere.md", source.join("content/gone.md")).unwrap();
    symlink("me@host.1", source.join("static/.#lock")).unwrap();
    let odd = source.join("content").join(std::ffi::OsStr::from_bytes(b"caf\xe9.md"));
    fs::write(odd, "x\n").unwrap();
    site.write("s/content/index.md", "{% include_relative p.txt %}\n");
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for told in [
        "`content/p.txt` is a pipe, a socket or a device",
        "`static/zero.bin` is a pipe",
        "`static/socket` is a pipe",
        "`content/gone.md` is a link to something that is not there",
        "the name of `content/caf\u{fffd}.md` is not UTF-8",
        "content/index.md:1:",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("lock"), "{}", ran.stderr);
    site.write("s/carafe.yml", "exclude: [content/p.txt, static, content/gone.md, 'content/caf*']\n");
    site.write("s/content/index.md", "Hello\n");
    let ran = build(&site, &["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    mkfifo(&source.join("fifo.yml"));
    let ran = build(&site, &["--config", "fifo.yml"]);
    assert!(ran.code == 2 && ran.stderr.contains("a pipe, a socket or a device"), "{}", ran.stderr);
}

#[test]
fn addresses_of_carafes_own_files_are_refused() {
    let site = site(&[
        ("s/content/a.md", "---\ntitle: A\npermalink: /.carafe\n---\nx\n"),
        ("s/content/b.md", "---\npermalink: /.Carafe/\n---\nx\n"),
        ("s/content/c.md", "---\npermalink: /assets/search/index.json\n---\nx\n"),
        ("s/content/d.md", "---\nredirect_from: [/ok/, /.carafe]\n---\nx\n"),
        ("s/static/assets/search/w0.json", "mine"),
        ("s/carafe.yml", "title: T\nredirects:\n  /assets/search/p0.json: /\n  /404.html: /\n"),
    ]);
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for told in [
        " --> content/a.md:3:1",
        " --> content/b.md:2:1",
        " --> content/c.md:2:1",
        " --> content/d.md:2:23",
        " --> carafe.yml:3:3",
        " --> carafe.yml:4:3",
        "`static/assets/search/w0.json` has the address `/assets/search/w0.json`",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("error[reserved-address]").count(), 7, "{}", ran.stderr);
}

#[test]
fn a_page_in_the_place_of_a_file_of_the_theme_is_not_lost() {
    let name = "assets/carafe.css";
    let site = site(&[("s/content/x.html", &format!("---\npermalink: /{name}\n---\nmine\n"))]);
    let ran = build(&site, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(fs::read_to_string(site.path().join("out").join(name)).unwrap().contains("mine"));
}

#[test]
fn links_that_run_code_are_told_in_pages_and_refused_in_the_configuration() {
    let page = "[a](javascript:alert(1)) <a href=\" JAVA&#10;Sc\tript&colon;x\">b</a>\n\n{% include c.md %}\n\n\
                <form action=\"vbscript:x\"></form> [fine](https://example.org/javascript:x)\n";
    let site = site(&[("s/content/index.md", page), ("s/includes/c.md", "[c](data:text/html;base64,eA==)")]);
    let ran = build(&site, &["--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let checked = run(&["check", "-s", site.path().join("s").to_str().unwrap()]);
    assert!(!checked.stderr.contains("broken-link") && checked.stderr.contains("code-link"), "{}", checked.stderr);
    let html = fs::read_to_string(site.path().join("out/index.html")).unwrap();
    assert!(html.contains("href=\"javascript:alert(1)\""), "{html}");
    let found: Vec<(String, u64)> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|one| one["code"] == "code-link")
        .map(|one| (one["file"].as_str().unwrap().to_owned(), one["line"].as_u64().unwrap()))
        .collect();
    let index = |line| ("content/index.md".to_owned(), line);
    assert_eq!(found, [index(1), index(1), index(5), ("includes/c.md".to_owned(), 1)], "{}", ran.stdout);
    for bad in [
        "nav:\n  - Run: javascript:x\n",
        "nav:\n  - {title: Run, url: ' JavaScript:x'}\n",
        "theme: {header_links: [{title: Run, url: 'vbscript:x'}]}\n",
        "theme: {edit_url: 'javascript:{path}'}\n",
        "redirects: {/old/: 'java&Tab;script:x'}\n",
        "theme: {footer_links: [{title: Run, url: \"java\\nscript:x\"}]}\n",
    ] {
        site.write("s/carafe.yml", bad);
        let ran = build(&site, &[]);
        assert!(ran.code == 2 && ran.stderr.contains("is an address that runs code"), "{bad}: {}", ran.stderr);
        assert!(ran.stderr.contains(" --> carafe.yml:"), "{}", ran.stderr);
    }
}

#[test]
fn a_page_whose_file_cannot_be_written_is_told_and_nothing_is_published() {
    let site = site(&[]);
    assert_eq!(build(&site, &[]).code, 0);
    let before = files(&site.path().join("out"));
    // Longer than file systems allow a name to be.
    site.write("s/content/long.md", format!("---\ntitle: Long\npermalink: /{}/\n---\nx\n", "a".repeat(300)));
    let ran = build(&site, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("error[unwritable]"), "{}", ran.stderr);
    assert_eq!(files(&site.path().join("out")), before);
}
