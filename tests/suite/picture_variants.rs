//! Pictures in other sizes and forms: what pages say of them, which files there are, and when these are made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use carafe::session::Session;
use carafe::world::{Options, Variants};

use crate::preview::Server;
use crate::support::{SiteFolder, png};

const CONFIG: &str = "title: T\npictures: {sizes: [40, 80], webp: true}\n";

fn site(config: &str, page: &str) -> SiteFolder {
    let page = format!("---\ntitle: A\n---\n{page}\n");
    let site = SiteFolder::new(&[
        ("carafe.yml", config),
        ("content/guides/a.md", &page),
        ("content/b.md", "---\ntitle: B\n---\nNo picture.\n"),
    ]);
    site.write("static/img/shot.png", png(120, 60, 0));
    site.write("content/guides/the dark, one.png", png(160, 60, 1));
    site.write("static/small.png", png(30, 30, 2));
    site.write("static/drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 100\"></svg>");
    site
}

/// The tags of pictures in the content of a page.
fn tags(page: &str) -> Vec<String> {
    let content = page.split_once("</h1>").map_or(page, |(_, content)| content);
    content.split("<img").skip(1).map(|rest| format!("<img{}>", rest.split('>').next().unwrap())).collect()
}

/// An attribute's value.
fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    tag.split_once(&format!(" {name}=\"")).map_or("", |(_, rest)| rest.split('"').next().unwrap())
}

/// What a tag lets the browser choose: address and width.
fn choice(tag: &str) -> Vec<(String, u32)> {
    let one = |candidate: &str| {
        let (address, width) = candidate.trim().rsplit_once(' ').unwrap();
        (address.replace("%20", " ").replace("%2C", ","), width.trim_end_matches('w').parse().unwrap())
    };
    attribute(tag, "srcset").split(", ").filter(|text| !text.is_empty()).map(one).collect()
}

fn variants(files: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let names = files.keys().map(|path| path.to_str().unwrap().replace('\\', "/"));
    names.filter(|name| name.ends_with(".webp")).collect()
}

#[test]
fn the_browser_may_choose_among_sizes_however_a_picture_is_written() {
    let page = "![one](/img/shot.png)\n\n<img src='/docs/img/shot.png?v=2#x' alt=\"\" width=\"60\"/>\n\n![c](<the dark, one.png>)\n\n\
                {% figure src=\"/img/shot.png\" dark=\"the dark, one.png\" zoom=true alt=\"d\" %}\n\n{% note %}\n![e](../../static/img/shot.png)\n![f](/img/shot.png){: height=\"30\"}\n{% endnote %}";
    let site = site(&format!("{CONFIG}baseurl: /docs\noutputs: [html, markdown, llms]\n"), page);
    let ran = site.build(&["--verify"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = site.output("guides/a/index.html");
    let tags = tags(&html);
    let files = site.files();
    let mut named = BTreeSet::new();
    for (tag, widths, sizes) in [
        (&tags[0], vec![40, 80, 120], "120px"),
        (&tags[1], vec![40, 80, 120], "60px"),
        (&tags[2], vec![40, 80, 160], "160px"),
        (&tags[3], vec![40, 80, 120], "120px"),
        (&tags[4], vec![40, 80, 160], "160px"),
        (&tags[6], vec![40, 80, 120], "60px"),
    ] {
        let choice = choice(tag);
        assert_eq!(choice.iter().map(|(_, width)| *width).collect::<Vec<_>>(), widths, "{tag}");
        assert_eq!(attribute(tag, "sizes"), sizes, "{tag}");
        assert!(!attribute(tag, "width").is_empty() && !attribute(tag, "height").is_empty(), "{tag}");
        // The picture itself stays what it is: for older browsers, for links, for those who save it.
        assert!(attribute(tag, "src").ends_with(".png") || tag.contains("shot.png?v=2#x"), "{tag}");
        let original =
            &files[&PathBuf::from(if widths[2] == 160 { "guides/the dark, one.png" } else { "img/shot.png" })];
        for (address, width) in choice {
            let path = address.strip_prefix("/docs/").unwrap_or_else(|| panic!("{address}"));
            let bytes = &files[&PathBuf::from(path)];
            assert!(bytes.starts_with(b"RIFF") && bytes.len() < original.len(), "{address}");
            let decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).unwrap();
            assert_eq!(decoder.dimensions().0, width, "{address}");
            named.insert(path.to_owned());
        }
    }
    assert_eq!(variants(&files), named.into_iter().collect::<Vec<_>>(), "what is written is shown");
    site.write("content/index.md", "---\ntitle: T\n---\nHome.\n");
    let checked = crate::support::run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stdout + checked.stderr.as_str());
    assert!(html.contains("<a href=\"/docs/img/shot.png\"><img class=\"figure-light\""), "{html}");
    for text in ["guides/a.md", "llms.txt", "llms-full.txt"] {
        assert!(!site.output(text).contains("webp") && !site.output(text).contains("srcset"), "{text}");
    }
    let expanded = crate::support::run(&["expand", "-s", site.path().to_str().unwrap(), "content/guides/a.md"]);
    assert!(!expanded.stdout.contains("webp"), "{}", expanded.stdout);
}

#[test]
fn pictures_stay_alone_that_are_small_drawn_elsewhere_or_chosen_already() {
    let same = [
        "<img src=\"/small.png\" width=\"30\" height=\"30\" alt=\"\">",
        "<img src=\"/drawing.svg\" width=\"400\" height=\"100\" alt=\"\">",
        "<img src=\"https://example.org/img/shot.png\" alt=\"\">",
        "<img src=\"//example.org/img/shot.png\" alt=\"\">",
        "<img src=\"data:image/png;base64,AAAA\" alt=\"\">",
        "<img src=\"/nowhere.png\" alt=\"\">",
        "<img src=\"/img/shot.png\" srcset=\"/small.png 30w, /img/shot.png 120w\" alt=\"\">",
        "<img src=\"/img/shot.png\" style=\"width: 50%\" alt=\"\">",
        "<img src=\"/img/shot.png\" width=\"50%\" alt=\"\">",
        "<source media=\"(prefers-color-scheme: dark)\" srcset=\"/small.png\"",
        "<img src=\"/img/shot.png\" alt=\"in\"",
    ];
    let site = site(
        "title: T\npictures: {sizes: [40, 80], lazy: false}\n",
        &format!(
            "<div>\n{}\n</div>",
            same.map(|tag| if tag.ends_with('>') { tag } else { "" }).join("\n")
                + "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"/small.png\"><img src=\"/img/shot.png\" alt=\"in\"></picture>"
        ),
    );
    assert_eq!(site.build(&[]).code, 0);
    let html = site.output("guides/a/index.html");
    for tag in same {
        assert!(html.contains(tag.trim_end_matches('>')), "{tag}\n{html}");
    }
    assert_eq!(variants(&site.files()), [""; 0]);
    assert_eq!(std::fs::read_dir(site.path().join("_site/img")).unwrap().count(), 1);
    // Nobody who does not ask for it gets anything.
    let page = "![one](/img/shot.png)";
    let plain = self::site("title: T\n", page);
    assert_eq!(plain.build(&[]).code, 0);
    assert!(!plain.output("guides/a/index.html").contains("srcset"));
    let jekyll = SiteFolder::new(&[
        ("_config.yml", "pictures: {sizes: [40], webp: true}\n"),
        ("index.md", "---\n---\n![one](shot.png)\n"),
    ]);
    jekyll.write("shot.png", png(120, 60, 0));
    assert_eq!(jekyll.build(&[]).code, 0);
    assert_eq!(jekyll.output("index.html"), "<p><img src=\"shot.png\" alt=\"one\" /></p>\n");
}

#[test]
fn a_wide_picture_says_how_wide_the_column_is_and_photographs_stay_photographs() {
    let site = site("title: T\npictures: {sizes: [330, 500]}\n", "![one](/wide.png) ![two](/photo.jpg)");
    site.write("static/wide.png", png(800, 20, 3));
    let mut photo = Vec::new();
    let bytes: Vec<u8> = (0..600 * 20 * 3).map(|at| (at / 90 * 7) as u8).collect();
    jpeg_encoder::Encoder::new(&mut photo, 100).encode(&bytes, 600, 20, jpeg_encoder::ColorType::Rgb).unwrap();
    site.write("static/photo.jpg", photo);
    let tags = |site: &SiteFolder| {
        let ran = site.build(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        tags(&site.output("guides/a/index.html"))
    };
    let found = tags(&site);
    assert_eq!(attribute(&found[0], "sizes"), "(min-width: 736px) 736px, 100vw");
    assert_eq!(
        choice(&found[0]).last().unwrap(),
        &("/wide.png".to_owned(), 800),
        "without WebP its own size is its own file"
    );
    let endings = |tag: &str| {
        choice(tag).iter().map(|(address, _)| address.rsplit('.').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(endings(&found[0]), ["png", "png", "png"]);
    assert_eq!(endings(&found[1]), ["jpg", "jpg", "jpg"]);
    site.write("carafe.yml", "title: T\npictures: {sizes: [330], column: 640}\n");
    assert_eq!(attribute(&tags(&site)[0], "sizes"), "(min-width: 640px) 640px, 100vw");
    // Neither a style sheet of its own nor templates that do without the theme's keep the sizes out: these are needed.
    site.write("templates/page.html", "<h1></h1>{{ page.content | safe }}");
    let own = tags(&site);
    assert_eq!((attribute(&own[0], "width"), attribute(&own[0], "height")), ("800", "20"));
    // On a landing page there is no such column.
    site.write("content/guides/a.md", "---\ntitle: A\nlayout: home\n---\n![one](/wide.png)\n");
    std::fs::remove_file(site.path().join("templates/page.html")).unwrap();
    assert_eq!(attribute(&tags(&site)[0], "sizes"), "(min-width: 800px) 800px, 100vw");
}

#[test]
fn options_that_make_no_sense_are_told() {
    for (options, told) in [
        ("sizes: [0]", "must be a width in pixels, from 16 to 8192"),
        ("sizes: [99999]", "must be a width in pixels, from 16 to 8192"),
        ("sizes: 480", "must be a list"),
        ("sizes: [1.5]", "must be a whole number"),
        ("webp: maybe", "must be `true` or `false`"),
        ("column: 1", "must be a width in pixels"),
        ("sizes: [40], size: false", "pictures in several sizes say how large they are"),
        ("widths: [40]", "there is no option `pictures.widths`"),
        (&format!("sizes: [{}]", "16, ".repeat(17)), "must be at most 16 widths"),
    ] {
        let ran = site(&format!("title: T\npictures: {{{options}}}\n"), "").build(&[]);
        assert!(ran.code == 2 && ran.stderr.contains(told), "{options}: {} {}", ran.code, ran.stderr);
    }
    for options in [&format!("sizes: [{}]", "16, ".repeat(16)), "sizes: [16, 8192]", "sizes: [], size: false"] {
        let ran = site(&format!("title: T\npictures: {{{options}}}\n"), "").build(&[]);
        assert_eq!(ran.code, 0, "{options}: {}", ran.stderr);
    }
}

#[test]
fn a_broken_picture_is_told_where_it_is_shown() {
    let site = site(CONFIG, "Text.\n\n{% include more.md %}\n\n![two](/large.png)");
    site.write("includes/more.md", "<p><img src=\"/cut.png\" alt=\"\"></p>");
    let whole = png(120, 60, 0);
    site.write("static/cut.png", &whole[..whole.len() / 2]);
    let mut large = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    large.extend([9000_u32.to_be_bytes(), 9000_u32.to_be_bytes()].concat());
    large.extend(b"\x08\x06\0\0\0");
    large.extend(0x6dd5_72ba_u32.to_be_bytes());
    site.write("static/large.png", &large);
    for args in [&["--cache"][..], &["--cache", "--verify"], &["--strict"]] {
        let ran = site.build(args);
        assert_eq!(ran.code, i32::from(args == ["--strict"]), "{}", ran.stderr);
        assert!(
            ran.stderr
                .contains("warning[broken-picture]: `static/cut.png` cannot be read as PNG, so it is shown as it is"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("includes/more.md:1:4") && ran.stderr.contains("content/guides/a.md:6"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("static/large.png"), "{}", ran.stderr);
        assert!(ran.stderr.contains("content/guides/a.md:8:1"), "{}", ran.stderr);
    }
    assert!(!site.output("guides/a/index.html").contains("srcset"));
}

#[test]
fn what_was_made_is_kept_and_only_another_picture_is_taken_apart() {
    let site = site(CONFIG, "![one](/img/shot.png)");
    let cached = || {
        let ran = site.build(&["-V", "--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    let kept = || -> Vec<PathBuf> {
        let entries = std::fs::read_dir(site.path().join(".carafe-cache/pictures")).unwrap();
        let mut all: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    cached();
    let (first, files) = (kept(), site.files());
    assert_eq!(first.len(), 1);
    assert!(cached().contains("2 of 2 pages taken from the cache"));
    assert_eq!(site.files(), files, "the variants are there although no page was rendered");
    // Whatever became of what was kept, the site is the same.
    for damage in [&b""[..], b"carafe pictures 1\nx", &std::fs::read(&first[0]).unwrap()[..90]] {
        std::fs::write(&first[0], damage).unwrap();
        cached();
        assert_eq!(site.files(), files);
    }
    std::fs::remove_dir_all(site.path().join(".carafe-cache/pictures")).unwrap();
    cached();
    assert_eq!((site.files(), kept()), (files.clone(), first.clone()));
    // Other pixels of the same size: the page has other names.
    site.write("static/img/shot.png", png(120, 60, 9));
    assert!(cached().contains("1 of 2 pages taken from the cache"));
    let other = site.files();
    assert_eq!(kept().len(), 2);
    assert!(variants(&other).len() == 3 && variants(&files).iter().all(|name| !variants(&other).contains(name)));
    // Other wishes.
    site.write("carafe.yml", "title: T\npictures: {sizes: [40]}\n");
    cached();
    assert_eq!(variants(&site.files()), [""; 0]);
    // Without a cache nothing is kept.
    std::fs::remove_dir_all(site.path().join(".carafe-cache")).unwrap();
    assert_eq!(site.build(&[]).code, 0);
    assert!(!site.path().join(".carafe-cache").exists());
}

#[test]
fn what_follows_an_edit_is_what_a_new_session_has() {
    let site = site(CONFIG, "![one](/img/shot.png) ![late](/late.png)");
    let options =
        Options { source: site.path().to_owned(), variants: Variants::InMemory, now: Some(0), ..Options::default() };
    let mut session = Session::open(&options).unwrap();
    let names = |session: &Session| -> Vec<String> {
        session.outputs().into_keys().filter(|path| path.ends_with(".webp")).collect()
    };
    assert_eq!(names(&session).len(), 3);
    let cut = png(120, 60, 5)[..4000].to_vec();
    for (path, bytes, count) in [
        ("static/img/shot.png", png(120, 60, 4), 3),
        ("static/late.png", png(160, 30, 5), 6),
        ("static/late.png", cut, 3),
        ("content/b.md", b"---\ntitle: B\n---\n![one](/small.png) ![shot](/img/shot.png)\n".to_vec(), 4),
        ("content/guides/a.md", b"---\ntitle: A\n---\nNothing.\n".to_vec(), 4),
        ("content/b.md", b"---\ntitle: B\n---\nNothing.\n".to_vec(), 0),
    ] {
        site.write(path, bytes);
        session = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
        let clean = Session::open(&options).unwrap();
        assert_eq!(session.outputs(), clean.outputs(), "{path}");
        assert_eq!(names(&session).len(), count, "{path}");
    }
}

#[test]
fn the_preview_has_them_and_follows_the_picture() {
    let site = site(CONFIG, "![one](/img/shot.png)");
    site.write("static/v1.2/plain", png(120, 60, 3));
    site.write("content/c.md", "---\ntitle: C\n---\n![plain](/v1.2/plain)\n");
    let preview = Server::start(&site, &[]);
    let plain = choice(&tags(&preview.get("/c/").body)[0])[0].0.clone();
    assert!(plain.starts_with("/v1.2/plain-40."), "{plain}");
    assert_eq!(preview.get(&plain).status, 200);
    let shown = || choice(&tags(&preview.get("/guides/a/").body)[0]).first().unwrap().0.clone();
    let first = shown();
    let answer = preview.get(&first);
    assert_eq!(answer.status, 200, "{first}");
    assert!(answer.body.starts_with("RIFF"));
    assert_eq!(preview.get("/img/shot-40.0123456789.webp").status, 404);
    site.write("static/img/shot.png", png(120, 60, 7));
    let next = crate::preview::wait("other names", || Some(shown()).filter(|next| *next != first));
    assert_eq!(preview.get(&next).status, 200);
    assert_eq!(preview.get(&first).status, 404);
    assert!(!site.path().join(".carafe-cache").exists());
}
