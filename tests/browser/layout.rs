//! Sizes: nothing sticks out, nothing moves.

use serde_json::json;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::support::{SiteFolder, png};
use crate::web_server::WebServer;

crate::tests![
    no_page_is_wider_than_the_screen,
    nothing_moves_while_a_page_loads,
    a_picture_that_comes_late_moves_nothing,
    the_browser_takes_the_picture_that_fits,
    the_start_page_fits_one_screen,
];

fn everywhere(sites: &Sites) -> Vec<(WebServer, Vec<String>)> {
    vec![(sites.own(), sites.own_pages()), (sites.special(), sites.special_pages())]
}

fn no_page_is_wider_than_the_screen(browser: &Browser, sites: &Sites) {
    let mut wrong = Vec::new();
    for (site, pages) in everywhere(sites) {
        for page in pages {
            for width in [1280, 768, 320] {
                browser.resize(width, 800);
                if width == 1280 {
                    browser.open(&site.url(&page));
                    // Closed tabs and accordions have their widths too.
                    browser.eval(
                        "(document.querySelectorAll('.tabs-panel').forEach(p => p.removeAttribute('hidden')), \
                         document.querySelectorAll('.content details').forEach(d => { d.open = true; }))",
                    );
                }
                let wide = browser.eval("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)");
                if wide.as_u64().unwrap() > u64::from(width) {
                    let who = browser.eval(&format!(
                        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > {width} + 1 \
                         && !e.closest('pre, table, .tabs-list')).slice(0, 3).map(e => e.outerHTML.slice(0, 80))"
                    ));
                    wrong.push(format!("{page} at {width}: {wide} {who}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn nothing_moves_while_a_page_loads(browser: &Browser, sites: &Sites) {
    let mut wrong = Vec::new();
    for (site, pages) in everywhere(sites) {
        for page in pages {
            for width in [1280, 320] {
                browser.resize(width, 800);
                browser.open(&site.url(&page));
                // Two pictures later all movements are known.
                browser.later("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
                let shifted = browser.eval("window.shifted");
                if shifted != json!(0) {
                    wrong.push(format!("{page} at {width}: {shifted} {}", browser.eval("window.shifts")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn a_picture_that_comes_late_moves_nothing(browser: &Browser, _: &Sites) {
    let drawing = |size: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {size}><rect width=\"100%\" height=\"100%\"/></svg>")
    };
    let (sized, shaped) = (drawing("width=\"600\" height=\"400\""), drawing("viewBox=\"0 0 30 10\""));
    let page = "---\ntitle: Late\n---\nBefore.\n\n![one](/sized.svg)\n\n![two](/shaped.svg)\n\n\
                {% figure src=\"/sized.svg\" alt=\"three\" width=\"300\" caption=\"Three\" %}\n\n<p id=\"end\">The end.</p>\n\n\
                <div style=\"height: 9000px\"></div>\n\n![far](/far.svg)\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Late\n"),
        ("content/index.md", page),
        ("static/sized.svg", &sized),
        ("static/shaped.svg", &shaped),
        ("static/far.svg", &sized),
    ]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    for width in [1280, 320] {
        let server = WebServer::new(&site.path().join("_site"), "");
        browser.resize(width, 2000);
        browser.leave();
        for path in ["/sized.svg", "/shaped.svg"] {
            server.hold(path);
        }
        browser.start_going(&server.url("/"));
        browser
            .wait("the text is there", "document.getElementById('end') && 'ready' in document.documentElement.dataset");
        browser.later("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        let end = "document.getElementById('end').getBoundingClientRect().top";
        let before = browser.eval(end);
        assert_eq!(browser.eval("document.images[0].complete"), json!(false), "the picture is still on its way");
        for path in ["/sized.svg", "/shaped.svg"] {
            server.release(path);
        }
        browser.wait(
            "the pictures are there",
            "[...document.images].slice(0, 3).every(i => i.complete && i.naturalWidth)",
        );
        browser.later("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        assert_eq!(browser.eval(end), before, "at {width}");
        assert_eq!(browser.eval("window.shifted"), json!(0), "at {width}: {}", browser.eval("window.shifts"));
        // Each has its own shape, and the drawing without a size fills the text's width.
        let sizes = "[...document.images].slice(0, 3).map(i => [i.clientWidth, i.clientHeight])";
        let text = browser.eval("document.getElementById('end').clientWidth").as_u64().unwrap();
        let wide = text.min(600);
        let shape = |width: u64, by: f64| json!([width, (width as f64 / by).round() as u64]);
        let small = text.min(300) - 2;
        let expected =
            [shape(wide, 1.5), shape(text, 3.0), json!([small, browser.eval("document.images[2].clientHeight")])];
        assert_eq!(browser.eval(sizes), json!(expected), "at {width}");
        assert!(!server.asked().contains(&"/far.svg".to_owned()), "what is far below is not fetched yet");
    }
}

fn the_browser_takes_the_picture_that_fits(browser: &Browser, _: &Sites) {
    let page = "---\ntitle: Sizes\n---\nBefore.\n\n![one](/wide.png)\n\n\
                {% figure src=\"/wide.png\" dark=\"/dark.png\" zoom=true alt=\"two\" width=\"200\" %}\n\n<p id=\"end\">The end.</p>\n";
    let config = "title: Sizes\npictures: {sizes: [250, 400, 760], webp: true}\n";
    let site = SiteFolder::new(&[("carafe.yml", config), ("content/index.md", page)]);
    site.write("static/wide.png", png(1000, 100, 0));
    site.write("static/dark.png", png(1000, 100, 1));
    assert_eq!(site.build(&["--strict"]).code, 0);
    let server = WebServer::new(&site.path().join("_site"), "");
    for (width, taken) in [(1280, 760), (320, 400)] {
        browser.resize(width, 800);
        browser.leave();
        browser.open(&server.url("/"));
        browser.wait(
            "the pictures are there",
            "[...document.images].slice(0, 2).every(i => i.complete && i.naturalWidth)",
        );
        browser.later("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        let source = |at: usize| browser.eval(&format!("document.images[{at}].currentSrc"));
        assert!(source(0).to_string().contains(&format!("/wide-{taken}.")), "at {width}: {}", source(0));
        // A larger one does that is there already.
        let small = source(1).to_string();
        assert!(small.contains("/wide-250.") || small.contains(&format!("/wide-{taken}.")), "at {width}: {small}");
        assert_eq!(browser.eval("window.shifted"), json!(0), "at {width}: {}", browser.eval("window.shifts"));
        // As large as the picture itself would be shown.
        let text = browser.eval("document.getElementById('end').clientWidth").as_u64().unwrap();
        let shown = "[document.images[0].clientWidth, document.images[1].clientWidth]";
        assert_eq!(browser.eval(shown), json!([text, 200 - 2]), "at {width}");
        let link = browser.eval("document.querySelector('.figure a').getAttribute('href')");
        assert_eq!(link, json!("/wide.png"), "the whole picture");
    }
}

fn the_start_page_fits_one_screen(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.resize(1280, 800);
    browser.open(&site.url("/"));
    let shown = "['h1', '.actions .button', '.hero-side .highlight, .hero-side pre', '.hero-side h3', '.hero-side', '.card'].filter(part => {\
                 const { top, bottom, left, right } = document.querySelector(part).getBoundingClientRect();\
                 return top < 0 || bottom > innerHeight || left < 0 || right > innerWidth; })";
    assert_eq!(browser.eval(shown), json!([]), "what does not fit");
    let beside = "document.querySelector('.hero-side').getBoundingClientRect().left - document.querySelector('.hero').getBoundingClientRect().right";
    assert!(browser.eval(beside).as_f64().unwrap() >= 0.0);
    for (width, language) in [(375, "ltr"), (768, "rtl"), (1280, "rtl")] {
        browser.resize(width, 800);
        browser.open(&site.url("/"));
        browser.eval(&format!("void (document.documentElement.dir = '{language}')"));
        assert_eq!(browser.eval("document.documentElement.scrollWidth <= innerWidth"), json!(true), "{width}");
    }
}
