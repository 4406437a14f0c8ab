//! Paper, and browsers without scripts: everything is there.

use serde_json::json;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::support::named;

crate::tests![
    on_paper_every_panel_is_there_with_its_title,
    a_printed_accordion_closes_again,
    without_scripts_every_panel_is_there_with_its_title,
    without_scripts_nothing_is_shown_that_needs_one,
    a_script_that_does_not_arrive_hides_nothing,
];

/// Texts of visible panels and labels in their order.
const SEEN: &str = "[...document.querySelectorAll('.tabs-panel > p')]\
                    .filter(p => p.checkVisibility({ contentVisibilityAuto: true }) && p.offsetHeight > 0).map(p => p.textContent)";

fn all_of_deep() -> serde_json::Value {
    json!(["Outside", "plain", "Inside", "One", "one", "Two", "A word that stands nowhere else: quicksilver."])
}

fn on_paper_every_panel_is_there_with_its_title(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/deep/"));
    assert_eq!(browser.eval(SEEN), json!(["plain"]), "on the screen");
    browser.media("print", &[]);
    browser.eval("window.dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.eval(SEEN), all_of_deep());
    let gone = "['.site-header', '.sidebar', '.toc', '.tabs-list', '.copy', '.site-footer']\
                .filter(s => [...document.querySelectorAll(s)].some(e => e.checkVisibility()))";
    assert_eq!(browser.eval(gone), json!([]), "what paper cannot use");
    let accordion = "document.querySelector('.content > details.accordion .accordion-body')";
    assert_eq!(
        browser.eval(&format!(
            "{accordion}.checkVisibility({{ contentVisibilityAuto: true }}) && {accordion}.offsetHeight > 0"
        )),
        json!(true)
    );
}

fn a_printed_accordion_closes_again(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/deep/"));
    let open = "[...document.querySelectorAll('.content details')].map(box => box.open)";
    browser.eval("void (window.during = [], addEventListener('beforeprint', () => { window.during = [...document.querySelectorAll('.content details')].map(b => b.open); }))");
    let pdf = browser.cdp("Page.printToPDF", json!({}));
    assert!(pdf["data"].as_str().unwrap().len() > 1000);
    assert_eq!(browser.eval("window.during"), json!([true, true]));
    assert_eq!(browser.eval(open), json!([false, false]));
}

fn without_scripts_every_panel_is_there_with_its_title(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.scripts(false);
    browser.go(&site.url("/deep/"));
    assert_eq!(browser.eval("document.documentElement.dataset.ready ?? null"), json!(null), "no script ran");
    browser.click(".tabs-panel details.accordion > summary");
    assert_eq!(browser.eval(SEEN), all_of_deep());
}

fn without_scripts_nothing_is_shown_that_needs_one(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.scripts(false);
    for page in ["/", "/writing/tabs/"] {
        browser.go(&site.url(page));
        let useless = "['.theme-button', '.tabs-list', '.copy', '.search-button']\
                       .filter(s => [...document.querySelectorAll(s)].some(e => e.checkVisibility()))";
        assert_eq!(browser.eval(useless), json!([]));
    }
    browser.resize(320, 640);
    browser.go(&site.url("/writing/tabs/"));
    browser.click(".menu-button");
    browser.wait("the menu opens without a script", "document.querySelector('.sidebar').checkVisibility()");
}

fn a_script_that_does_not_arrive_hides_nothing(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    let script = named(&sites.special_folder().path().join("_site"), "assets/carafe.js");
    site.fail(&format!("/docs/{script}"));
    browser.go(&site.url("/deep/"));
    browser.click(".tabs-panel details.accordion > summary");
    assert_eq!(browser.eval(SEEN), all_of_deep());
    let problems = browser.problems();
    assert!(problems.iter().all(|problem| problem.contains(&script)), "{problems:?}");
}
