//! Light and dark.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::support::named;

crate::tests![the_readers_preference_decides, the_toggle_wins_and_is_remembered, the_first_picture_is_right_already];

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(24, 20, 23)";

fn ground(browser: &Browser) -> String {
    browser.text("getComputedStyle(document.body).backgroundColor")
}

fn the_readers_preference_decides(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/"));
    assert_eq!(ground(browser), LIGHT);
    browser.media("", &[("prefers-color-scheme", "dark")]);
    assert_eq!(ground(browser), DARK, "at once");
    browser.open(&site.url("/start/"));
    assert_eq!(ground(browser), DARK);
    assert_eq!(browser.text("window.firstGround"), DARK);
}

fn the_toggle_wins_and_is_remembered(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/"));
    let name = "document.querySelector('[data-theme-toggle]').ariaLabel";
    assert_eq!(browser.text(name), "Theme: As the system");
    browser.click("[data-theme-toggle]");
    browser.click("[data-theme-toggle]");
    assert_eq!((ground(browser), browser.text(name)), (DARK.into(), "Theme: Dark".into()));
    browser.open(&site.url("/start/"));
    assert_eq!((ground(browser), browser.text("window.firstGround")), (DARK.into(), DARK.into()));
    browser.focus("[data-theme-toggle]");
    browser.keys(Key::Enter);
    assert_eq!((ground(browser), browser.text(name)), (LIGHT.into(), "Theme: As the system".into()));
    browser.reload();
    browser.media("", &[("prefers-color-scheme", "dark")]);
    assert_eq!(ground(browser), DARK, "what the system has counts again");
    browser.media("", &[("prefers-color-scheme", "light")]);
    browser.click("[data-theme-toggle]");
    assert_eq!((ground(browser), browser.text(name)), (LIGHT.into(), "Theme: Light".into()));
    browser.media("", &[("prefers-color-scheme", "dark")]);
    browser.reload();
    assert_eq!(ground(browser), LIGHT, "what was chosen counts more than what is preferred");
    browser.media("print", &[("prefers-color-scheme", "dark")]);
    assert_eq!(ground(browser), LIGHT, "paper is white");
}

/// A script that comes late finds nothing shown that it would have to move: the first picture is the last one.
fn the_first_picture_is_right_already(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/writing/tabs/"));
    browser.click("[data-theme-toggle]");
    browser.click("[data-theme-toggle]");
    browser.click(".tabs .tabs-tab:nth-child(2)");
    let script = format!("/{}", named(&sites.own_folder(), "assets/carafe.js"));
    site.hold(&script);
    browser.start_going(&site.url("/writing/tabs/?"));
    let parsed = "location.search === '' && location.href.endsWith('?') && document.querySelector('.site-footer')";
    browser.wait("the page is there without its script", parsed);
    assert_eq!(browser.eval("'ready' in document.documentElement.dataset"), json!(false));
    assert_eq!(browser.eval("performance.getEntriesByType('paint').length"), json!(0), "the wrong tab does not flash");
    site.release(&script);
    browser.wait(
        "the script has run and the page is painted",
        "'ready' in document.documentElement.dataset && 'firstGround' in window",
    );
    assert_eq!(browser.text("window.firstGround"), DARK);
    let tabs = "[...document.querySelectorAll('.tabs-tab')].slice(0, 2).map(tab => tab.ariaSelected)";
    assert_eq!(browser.eval(tabs), json!(["false", "true"]));
    assert_eq!(browser.eval("window.shifted"), json!(0));
}
