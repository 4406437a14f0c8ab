//! Sizes: nothing sticks out, nothing moves.

use serde_json::json;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::web_server::WebServer;

crate::tests![no_page_is_wider_than_the_screen, nothing_moves_while_a_page_loads];

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
