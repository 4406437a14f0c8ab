//! What pages say of their pictures: how large they are, and which may come late.

use std::collections::BTreeSet;
use std::sync::Arc;

use carafe::session::Session;
use carafe::world::Options;
use carafe_source::{DiskFiles, Files, Listing, ReadError};

use crate::support::{SiteFolder, run};

/// The start of a picture of this size, which is all that anybody reads of it.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0");
    bytes
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 10\"></svg>";

fn site(config: &str, page: &str, more: &[(&str, &str)]) -> SiteFolder {
    let (config, page) = (format!("title: T\n{config}"), format!("---\ntitle: A\n---\n{page}\n"));
    let site =
        SiteFolder::new(&[&[("carafe.yml", config.as_str()), ("content/guides/a.md", page.as_str())], more].concat());
    site.write("content/guides/shot one.png", png(320, 200));
    site.write("static/wide.png", png(800, 100));
    site.write("static/drawing.svg", SVG);
    site.write("static/broken.png", "not really a picture");
    site
}

/// The tags of pictures in the content of a page, without those of templates.
fn pictures(page: &str) -> Vec<String> {
    let content = page.split_once("</h1>").map_or(page, |(_, content)| content);
    let tag = |rest: &str| format!("<img{}>", rest.split('>').next().unwrap());
    content.replace("<IMG", "<img").split("<img").skip(1).map(tag).collect()
}

fn built(config: &str, page: &str, more: &[(&str, &str)]) -> Vec<String> {
    let site = site(config, page, more);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    pictures(&site.output("guides/a/index.html"))
}

#[test]
fn a_picture_has_the_size_of_its_file_however_it_is_written() {
    let page = "![one](<shot one.png>)\n\n<img src='/docs/wide.png?v=2#x' alt=\"\"/> <IMG alt='b' src='../../wide.png'>\n\n\
                {% figure src=\"/wide.png\" alt=\"c\" width=\"400\" %}\n\n{% include more.md %}\n\n{% note %}\n![e](/drawing.svg)\n{% endnote %}";
    let more = [("includes/more.md", "<p><img src=\"/wide.png\" height=\"50px\" alt=\"d\"></p>")];
    let found = built("baseurl: /docs\n", page, &more);
    let expected = [
        "<img src=\"/docs/guides/shot%20one.png\" alt=\"one\" width=\"320\" height=\"200\" decoding=\"async\" />",
        "<img src=\"/docs/wide.png?v=2#x\" alt=\"\" width=\"800\" height=\"100\" loading=\"lazy\" decoding=\"async\" />",
        "<img alt=\"b\" src=\"../../wide.png\" width=\"800\" height=\"100\" loading=\"lazy\" decoding=\"async\" />",
        "<img src=\"/docs/wide.png\" alt=\"c\" width=\"400\" height=\"50\" loading=\"lazy\" decoding=\"async\">",
        "<img src=\"/docs/wide.png\" height=\"50px\" alt=\"d\" width=\"400\" loading=\"lazy\" decoding=\"async\" />",
        "<img src=\"/docs/drawing.svg\" alt=\"e\" width=\"1200\" height=\"300\" loading=\"lazy\" decoding=\"async\" />",
    ];
    assert_eq!(found, expected, "{found:#?}");
    // Behind a value without quotes a slash would be a part of it.
    let found = built("markdown: {dialect: commonmark}\n", "<img alt=x src=/wide.png>\n<IMG src='/wide.png'\n>", &[]);
    let expected = [
        "<img width=\"800\" height=\"100\" decoding=\"async\" alt=x src=/wide.png>",
        "<img src='/wide.png' width=\"800\" height=\"100\" loading=\"lazy\" decoding=\"async\"\n>",
    ];
    assert_eq!(found, expected, "{found:#?}");
}

#[test]
fn what_the_author_says_and_what_nobody_knows_stays() {
    let same = [
        "<img src=\"/wide.png\" width=\"10\" height=\"10\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"/wide.png\" style=\"Width: 50%\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"/wide.png\" width=\"50%\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"/wide.png\" srcset=\"/wide.png 800w\" loading=\"lazy\" decoding=\"sync\" alt=\"\">",
        "<img src=\"/broken.png\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"/nowhere.png\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"//example.org/wide.png\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"data:image/png;base64,AAAA\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img src=\"../../../wide.png\" loading=\"eager\" decoding=\"sync\" alt=\"\">",
        "<img data-src=\"/wide.png\" alt=\"\">",
    ];
    let pages =
        "<!-- <img src=\"/wide.png\"> -->\n<script>'<img src=\"/wide.png\">'</script>\n\n`<img src=\"/wide.png\">`\n";
    let page = format!("<div>\n{}\n</div>\n\n{pages}", same.join("\n"));
    let site = site("", &page, &[]);
    assert_eq!(site.build(&[]).code, 0);
    let html = site.output("guides/a/index.html");
    for tag in same {
        assert!(html.contains(tag.trim_end_matches('>')), "{tag}\n{html}");
    }
    assert!(html.contains("<!-- <img src=\"/wide.png\"> -->") && html.contains("'<img src=\"/wide.png\">'"), "{html}");
    // Of several sources nobody knows which is shown, unless they are all alike.
    let picture = |source: &str| {
        let page = format!("<picture><source srcset=\"{source}\"><img src=\"/wide.png\" alt=\"\"></picture>");
        built("", &page, &[]).concat()
    };
    assert!(picture("/wide.png 1x, /x.png 2x").contains("width=\"800\""));
    assert!(!picture("/guides/shot%20one.png").contains("width") && !picture("/wide.png 800w").contains("width"));
}

#[test]
fn sizes_are_for_style_sheets_that_keep_the_shape_and_all_can_be_switched_off() {
    let page = "![one](/wide.png) ![two](/wide.png)";
    let own = ("templates/page.html", "<h1></h1>{{ page.content | safe }}");
    let sheet = ("static/assets/carafe.css", "img { max-width: 100% }");
    for (more, config, size) in [
        (None, "", true),
        (Some(own), "", false),
        (Some(sheet), "", false),
        (Some(own), "pictures: {size: true}\n", true),
        (None, "pictures: {size: false}\n", false),
    ] {
        let found = built(config, page, more.as_slice());
        assert_eq!(found[1].contains("width=\"800\" height=\"100\""), size, "{config} {more:?} {found:?}");
        assert!(found[1].contains("loading=\"lazy\"") && !found[0].contains("loading"), "{found:?}");
    }
    let found = built("pictures: {size: false, lazy: false}\n", page, &[]);
    assert_eq!(found, ["<img src=\"/wide.png\" alt=\"one\" />", "<img src=\"/wide.png\" alt=\"two\" />"]);
    let jekyll = SiteFolder::new(&[("_config.yml", ""), ("index.md", "---\n---\n![one](wide.png) ![two](wide.png)\n")]);
    jekyll.write("wide.png", png(800, 100));
    assert_eq!(jekyll.build(&[]).code, 0);
    assert_eq!(
        jekyll.output("index.html"),
        "<p><img src=\"wide.png\" alt=\"one\" /> <img src=\"wide.png\" alt=\"two\" /></p>\n"
    );
}

/// A folder that counts how often the start of each file is read, and refuses to give pictures as a whole.
#[derive(Debug)]
struct Counting(DiskFiles, std::sync::Mutex<Vec<String>>);

impl Files for Counting {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        assert!(!path.ends_with(".png"), "{path}");
        self.0.read_bytes(path)
    }
    fn read_start(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        self.1.lock().unwrap().push(path.to_owned());
        self.0.read_start(path, most)
    }
    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.0.walk(folder, skip)
    }
}

#[test]
fn the_start_of_a_file_is_read_once_and_another_picture_changes_its_pages_alone() {
    let more = [
        ("content/b.md", "---\ntitle: B\n---\n![b](guides/shot%20one.png)\n"),
        ("content/c.md", "---\ntitle: C\n---\n![b](/late.png)\n"),
    ];
    let site = site("", "![one](/wide.png) ![two](/wide.png)", &more);
    let files = Arc::new(Counting(DiskFiles::new(site.path()).unwrap(), Default::default()));
    let session = Session::open_files(files.clone(), &Options { now: Some(0), ..Options::default() }).unwrap();
    session.render_all(&|| false);
    let mut read = files.1.lock().unwrap().clone();
    read.sort();
    assert_eq!(read, ["content/guides/shot one.png", "static/wide.png"]);
    let page = |session: &Session, output: &str| {
        let at = (0..session.pages()).find(|at| session.page(*at).is_some_and(|page| &*page.output == output)).unwrap();
        session.page(at).unwrap()
    };
    let (a, b) = ("guides/a/index.html", "b/index.html");
    site.write("static/wide.png", png(600, 300));
    let next = session.update(&BTreeSet::from(["static/wide.png".to_owned()])).unwrap();
    assert!(page(&next, a).bytes.contains("width=\"600\" height=\"300\""), "{}", page(&next, a).bytes);
    assert!(Arc::ptr_eq(&page(&session, b), &page(&next, b)));
    // One that comes is found, and one that goes is missed.
    assert!(!page(&next, "c/index.html").bytes.contains("width=\"7\""));
    site.write("static/late.png", png(7, 9));
    let next = next.update(&BTreeSet::from(["static/late.png".to_owned()])).unwrap();
    assert!(page(&next, "c/index.html").bytes.contains("width=\"7\" height=\"9\""));
    std::fs::remove_file(site.path().join("content/guides/shot one.png")).unwrap();
    let next = next.update(&BTreeSet::from(["content/guides/shot one.png".to_owned()])).unwrap();
    assert!(!page(&next, b).bytes.contains("width=\"320\""));
}

#[test]
fn the_cache_and_affected_know_which_pages_show_a_picture() {
    let more = [("content/b.md", "---\ntitle: B\n---\nno picture\n")];
    let site = site("", "![one](/wide.png)", &more);
    let cached = || site.build(&["--cache", "--verify", "-V"]);
    cached();
    site.write("static/wide.png", [png(800, 100), b"other pixels".to_vec()].concat());
    let same = cached();
    assert!(same.stderr.contains("2 of 2 pages taken from the cache"), "{}", same.stderr);
    site.write("static/wide.png", png(600, 300));
    let other = cached();
    assert!(other.stderr.contains("1 of 2 pages taken from the cache"), "{}", other.stderr);
    assert!(site.output("guides/a/index.html").contains("width=\"600\" height=\"300\""));
    let reached = run(&["affected", "-s", site.path().to_str().unwrap(), "static/wide.png"]);
    assert_eq!(reached.stdout, "page /guides/a/\n", "{}", reached.stderr);
}
