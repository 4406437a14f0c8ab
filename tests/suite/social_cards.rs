//! Pictures for previews of links: which pages have one, what is told, and when one is drawn anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use carafe::session::Session;
use carafe::world::Options;

use crate::preview::Server;
use crate::support::{SiteFolder, png, run};

const CONFIG: &str = "title: Tea\nurl: https://docs.example.org\nbaseurl: /tea\ntheme: {social_cards: true}\n";

fn site(config: &str) -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", config),
        ("content/index.md", "---\ntitle: Tea\n---\nHome.\n"),
        ("content/guides/a.md", "---\ntitle: \"A & <b>\"\ndescription: First.\n---\nText.\n"),
        ("content/guides/own.md", "---\ntitle: Own\nimage: /own.png\n---\nText.\n"),
        ("content/guides/none.md", "---\ntitle: None\nimage: false\n---\nText.\n"),
        ("content/guides/flat.md", "---\ntitle: Flat\npermalink: /flat.html\n---\nText.\n"),
    ])
}

fn cards(files: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let names = files.keys().map(|path| path.to_str().unwrap().replace('\\', "/"));
    names.filter(|name| name.starts_with("assets/cards/")).collect()
}

/// The path of the card that a page names.
fn card(html: &str) -> String {
    let (_, rest) = html.split_once("<meta property=\"og:image\" content=\"https://docs.example.org/tea/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn each_page_without_a_picture_has_a_card_and_names_it_as_a_whole() {
    let site = site(CONFIG);
    site.write("static/own.png", png(60, 30, 0));
    let ran = site.build(&["--strict", "--verify"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let checked = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stdout + checked.stderr.as_str());
    let files = site.files();
    let mut named = Vec::new();
    for (page, place) in [("index.html", "index."), ("guides/a/index.html", "guides/a."), ("flat.html", "flat.")] {
        let html = site.output(page);
        let card = card(&html);
        assert!(card.starts_with(&format!("assets/cards/{place}")) && card.ends_with(".png"), "{card}");
        let bytes = &files[&PathBuf::from(&card)];
        let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (1200, 630));
        assert!(html.contains("<meta property=\"og:image:width\" content=\"1200\">"), "{html}");
        assert!(html.contains("<meta name=\"twitter:card\" content=\"summary_large_image\">"), "{html}");
        named.push(card);
    }
    assert!(
        site.output("guides/a/index.html").contains("<meta property=\"og:image:alt\" content=\"A &amp; &lt;b&gt;\">")
    );
    named.sort();
    assert_eq!(cards(&files), named, "no card without a page, and none for the page that names a picture");
    let own = site.output("guides/own/index.html");
    assert!(
        own.contains("content=\"https://docs.example.org/tea/own.png\"") && !own.contains("og:image:width"),
        "{own}"
    );
    for page in ["404.html", "guides/none/index.html"] {
        assert!(!site.output(page).contains("og:image"), "{page}");
    }
    // Nobody who does not ask for it has any.
    let plain = self::site("title: Tea\nurl: https://docs.example.org\n");
    assert_eq!(plain.build(&["--strict"]).code, 0);
    assert_eq!(cards(&plain.files()), [""; 0]);
    assert!(!plain.output("index.html").contains("og:image") && !plain.output("index.html").contains("twitter"));
}

#[test]
fn what_is_missing_is_told_once_and_with_its_place() {
    let build = |config: &str| {
        let site = site(config);
        site.write("content/zh.md", "---\ntitle: 用户指南\n---\nText.\n");
        site.write("content/ar.md", "---\ntitle: دليل المستخدم\n---\nText.\n");
        site.write("static/logo.gif", "GIF89a");
        site.write("fonts/broken.ttf", "no font");
        site.write("fonts/large.ttf", "");
        let large = std::fs::File::options().write(true).open(site.path().join("fonts/large.ttf")).unwrap();
        large.set_len((64 << 20) + 1).unwrap();
        site.build(&[])
    };
    let ran = build(CONFIG);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning[card-letters]").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("carafe.yml:4") && ran.stderr.contains("on 2 pages"), "{}", ran.stderr);
    assert!(ran.stderr.contains("card_fonts: [fonts/NAME.ttf]"), "{}", ran.stderr);
    let ran = build("title: T\ntheme: {social_cards: true}\n");
    assert!(ran.code == 2 && ran.stderr.contains("`theme.social_cards` needs `url`"), "{}", ran.stderr);
    for (options, code, told) in [
        (
            "card_fonts: [fonts/none.ttf]",
            1,
            "error[card-font]: `fonts/none.ttf`, which `theme.card_fonts` names, cannot be read",
        ),
        (
            "card_fonts: [fonts/broken.ttf]",
            1,
            "error[card-font]: `fonts/broken.ttf`, which `theme.card_fonts` names, is no font",
        ),
        ("card_fonts: [fonts/large.ttf]", 1, "`fonts/large.ttf`, which `theme.card_fonts` names, is larger than 64 MB"),
        ("card_fonts: [../x.ttf]", 2, "must be the path of a font within the site's folder"),
        ("card_fonts: x.ttf", 2, "must be a list"),
        (
            "accent: oklch(60% 0.1 20)",
            0,
            "warning[card-theme]: social cards do not know the colour `oklch(60% 0.1 20)`",
        ),
        ("logo: logo.gif", 0, "warning[card-theme]: the logo `logo.gif` cannot be drawn on social cards"),
    ] {
        let ran = build(&CONFIG.replace("true}", &format!("true, {options}}}")));
        assert!(ran.code == code && ran.stderr.contains(told), "{options}: {} {}", ran.code, ran.stderr);
        assert!(ran.stderr.contains("carafe.yml:4"), "{}", ran.stderr);
    }
}

#[test]
fn only_cards_that_say_something_else_have_other_names_and_are_drawn_again() {
    let config = CONFIG.replace("true}", "true, logo: logo.png}");
    let site = site(&config);
    site.write("static/logo.png", png(60, 60, 0));
    let cached = || {
        let ran = site.build(&["--cache", "--verify", "--strict", "-V"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        cards(&site.files()).into_iter().collect::<BTreeSet<_>>()
    };
    let kept = || std::fs::read_dir(site.path().join(".carafe-cache/pictures")).unwrap().count();
    let first = cached();
    assert_eq!((first.len(), kept()), (3, 3));
    site.write("content/guides/a.md", "---\ntitle: \"A & <b>\"\ndescription: First.\n---\nOther text.\n");
    assert_eq!((cached(), kept()), (first.clone(), 3), "the text of a page is not on its card");
    site.write("content/guides/a.md", "---\ntitle: Another\n---\nOther text.\n");
    let second = cached();
    assert_eq!((second.intersection(&first).count(), kept()), (2, 4));
    site.write("static/logo.png", png(60, 60, 1));
    assert_eq!(cached().intersection(&second).count(), 0, "the logo is on all of them");
    site.write("carafe.yml", config.replace("title: Tea", "title: Coffee"));
    assert_eq!((cached().len(), kept()), (3, 10));
    // The same texts in another font.
    site.write("fonts/t.ttf", ttf_noto_sans::REGULAR);
    site.write("carafe.yml", config.replace("true,", "true, card_fonts: [fonts/t.ttf],"));
    let third = cached();
    site.write("fonts/t.ttf", ttf_noto_sans::BOLD);
    assert_eq!(cached().intersection(&third).count(), 0);
    assert!(!site.path().join("_site/fonts").exists(), "the font is not published");
}

#[test]
fn what_follows_an_edit_is_what_a_new_session_has() {
    let site = site(&CONFIG.replace("true}", "true, logo: logo.png}"));
    site.write("static/logo.png", png(60, 60, 0));
    for plain_assets in [false, true] {
        let options = Options { source: site.path().to_owned(), plain_assets, now: Some(0), ..Options::default() };
        let mut session = Session::open(&options).unwrap();
        session.render_all(&|| false);
        for (path, bytes) in [
            ("content/guides/a.md", b"---\ntitle: Other\n---\nText.\n".to_vec()),
            ("static/logo.png", png(60, 60, 5)),
            ("content/guides/own.md", b"---\ntitle: Own\n---\nText.\n".to_vec()),
        ] {
            site.write(path, bytes);
            session = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
            assert_eq!(session.outputs(), Session::open(&options).unwrap().outputs(), "{path}");
        }
        site.write("content/guides/own.md", "---\ntitle: Own\nimage: /own.png\n---\nText.\n");
        site.write("static/logo.png", png(60, 60, 0));
    }
}

#[test]
fn the_preview_draws_a_card_when_it_is_asked_for() {
    let site = site(CONFIG);
    let preview = Server::start(&site, &[]);
    let first = card(&preview.get("/tea/guides/a/").body);
    let answer = preview.get(&format!("/tea/{first}"));
    assert!(answer.status == 200 && answer.head.contains("image/png"), "{}", answer.head);
    site.write("content/guides/a.md", "---\ntitle: Another\n---\nText.\n");
    let next = crate::preview::wait("another card", || {
        Some(card(&preview.get("/tea/guides/a/").body)).filter(|next| *next != first)
    });
    assert_eq!(preview.get(&format!("/tea/{next}")).status, 200);
    assert_eq!(preview.get(&format!("/tea/{first}")).status, 404);
}
