//! The cache of finished pages, as whoever builds the site in CI meets it.

use std::fs;

use support::SiteFolder;

use carafe::publish::build_in_memory;
use carafe::world::Options;
use carafe_source::MemoryFiles;

use crate::support;

const PAGES: &str = ".carafe-cache/pages";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: Tea\n"),
        ("content/index.md", "---\ntitle: Start\n---\nHello {% include who.md %}\n"),
        ("content/a.md", "---\ntitle: A\n---\nText of a.\n"),
        ("content/b.md", "---\ntitle: B\n---\n{{ undefined_thing }}\n"),
        ("includes/who.md", "world"),
    ])
}

fn cached(site: &SiteFolder) -> support::Ran {
    site.build(&["--cache", "-V"])
}

#[test]
fn a_second_build_takes_what_nothing_has_changed() {
    let site = site();
    let first = cached(&site);
    assert!(first.stderr.contains("0 of 3 pages taken from the cache"), "{}", first.stderr);
    let clean = site.files();
    let second = cached(&site);
    assert!(second.stderr.contains("2 of 3 pages taken from the cache"), "{}", second.stderr);
    assert!(second.stderr.contains("undefined-variable"), "a finding is found again: {}", second.stderr);
    assert_eq!(site.files(), clean);
    site.write("includes/who.md", "moon");
    let third = cached(&site);
    assert!(third.stderr.contains("1 of 3 pages taken from the cache"), "{}", third.stderr);
    assert!(site.output("index.html").contains("Hello moon"));
    site.write("carafe.yml", "title: Coffee\n");
    assert!(cached(&site).stderr.contains("0 of 3 pages taken from the cache"));
    assert!(site.output("a/index.html").contains("Coffee"));
}

#[test]
fn without_the_option_nothing_is_kept_and_nothing_taken() {
    let site = site();
    assert_eq!(site.build(&[]).code, 0);
    assert!(!site.path().join(".carafe-cache").exists());
}

#[test]
fn a_damaged_or_foreign_cache_is_ignored_with_a_note() {
    let site = site();
    cached(&site);
    let (clean, good) = (site.files(), fs::read(site.path().join(PAGES)).unwrap());
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let program = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut other = good.clone();
    other[program] ^= 1;
    let wrong: [(&[u8], &str); 5] = [
        (&flipped, "is damaged"),
        (&good[..good.len() - 1], "is damaged"),
        (&good[..program + 20], "is damaged"),
        (&other, "was written by another version of Carafe"),
        (b"something else", "is not a cache of this version of Carafe"),
    ];
    for (bytes, reason) in wrong {
        site.write(PAGES, bytes);
        let ran = cached(&site);
        assert_eq!(ran.code, 0);
        assert!(ran.stderr.contains(&format!("pages` {reason}")), "{reason}: {}", ran.stderr);
        assert!(ran.stderr.contains("0 of 3 pages taken"), "{}", ran.stderr);
        assert_eq!(site.files(), clean);
        assert_eq!(fs::read(site.path().join(PAGES)).unwrap(), good, "a good one takes its place");
    }
}

#[test]
fn no_bytes_whatever_make_another_site() {
    let files = || {
        std::sync::Arc::new(MemoryFiles::new([
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "One\n"),
            ("content/a.md", "---\ntitle: A\n---\nTwo\n"),
        ]))
    };
    let options = Options { cache: true, now: Some(1), ..Options::default() };
    let clean = build_in_memory(files(), &options, None).unwrap();
    let good = clean.cache.unwrap();
    for at in (0..good.len()).step_by(61) {
        let mut bad = good.clone();
        bad[at] = bad[at].wrapping_add(1);
        for bytes in [&bad[..], &good[..at]] {
            let built = build_in_memory(files(), &options, Some(bytes)).unwrap();
            assert!(built.note.is_some() && built.reused == 0, "byte {at}");
            assert_eq!(built.outputs, clean.outputs, "byte {at}");
        }
    }
}

#[test]
fn includes_from_another_folder_count_too() {
    let site = SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "{% include who.md %}\n")]);
    let other = SiteFolder::new(&[("who.md", "far")]);
    let build = || site.build(&["--cache", "--verify", "--includes", other.path().to_str().unwrap()]);
    assert_eq!(build().code, 0);
    other.write("who.md", "farther");
    assert_eq!(build().code, 0);
    assert!(site.output("index.html").contains("farther"));
    site.write("includes/who.md", "near");
    assert_eq!(build().code, 0);
    assert!(site.output("index.html").contains("near"));
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_does_no_harm() {
    let site = site();
    site.write(".carafe-cache", "a file");
    let ran = cached(&site);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("note: the cache"), "{}", ran.stderr);
    assert!(site.output("index.html").contains("Hello"));
}

#[test]
fn verify_publishes_nothing_when_a_kept_page_is_not_what_a_clean_build_makes() {
    let site = site();
    let good = site.build(&["--cache", "--verify", "-V"]);
    assert_eq!(good.code, 0, "{}", good.stderr);
    assert!(good.stderr.contains("a second build gives the same bytes"), "{}", good.stderr);
    let published = site.files();
    let pages = site.path().join(PAGES);
    fs::write(&pages, forged(&fs::read(&pages).unwrap())).unwrap();
    let ran = site.build(&["--cache", "--verify"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`a/index.html` differs from a clean build's"), "{}", ran.stderr);
    assert_eq!(site.files(), published);
    assert!(!pages.exists(), "what has misled one build misleads no other");
}

/// A cache whose checksum is right and whose page is not, as a fault of the program would leave it.
fn forged(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1 + 16;
    let (head, payload) = (&bytes[..start], &bytes[start + 32..]);
    let at = payload.windows(9).position(|bytes| bytes == b"Text of a").unwrap();
    let mut payload = payload.to_vec();
    payload[at] = b'N';
    [head, blake3::hash(&payload).as_bytes(), &payload].concat()
}

#[test]
fn clean_removes_the_cache() {
    let site = site();
    cached(&site);
    let ran = support::run(&["clean", "-s", site.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!site.path().join(".carafe-cache").exists() && !site.path().join("_site").exists());
}
