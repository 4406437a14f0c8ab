//! The rules of axe-core, which is not part of this repository: CARAFE_AXE is the path of its `axe.min.js`, by default where
//! `npm install --prefix target/ci/axe axe-core` puts it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::sites::Sites;

crate::tests![
    no_page_of_the_own_site_breaks_a_rule,
    no_page_of_the_special_site_breaks_a_rule,
    no_page_in_several_languages_breaks_a_rule,
    no_page_of_releases_in_several_languages_breaks_a_rule,
    open_sheets_break_no_rule
];

fn axe() -> String {
    let usual = concat!(env!("CARGO_MANIFEST_DIR"), "/target/ci/axe/node_modules/axe-core/axe.min.js");
    let path = std::env::var_os("CARAFE_AXE").map_or_else(|| PathBuf::from(usual), PathBuf::from);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run `npm install --no-save --prefix target/ci/axe axe-core`", path.display())
    })
}

/// What the rules say about the page as it is now.
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    ask(browser, axe, "{ resultTypes: ['violations'] }")
}

fn ask(browser: &Browser, axe: &str, options: &str) -> Vec<String> {
    // Colours that are on their way to others would be judged halfway.
    browser.later("Promise.all(document.getAnimations().map(animation => animation.finished))");
    browser.cdp("Runtime.evaluate", json!({ "expression": axe }));
    let found = browser.later(&format!(
        "axe.run(document, {options}).then(result => result.violations.map(rule => rule.id + ': ' \
         + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' — ' + node.failureSummary).join('; ')))",
    ));
    match found {
        Value::Array(found) => found.iter().map(|rule| rule.as_str().unwrap_or_default().to_owned()).collect(),
        other => vec![other.to_string()],
    }
}

pub(crate) fn judge(browser: &Browser, url: &str, widths: &[u32], wrong: &mut Vec<String>) {
    let axe = axe();
    for &width in widths {
        browser.resize(width, 800);
        browser.media("", &[("prefers-color-scheme", "light")]);
        browser.open(url);
        let found = violations(browser, &axe);
        wrong.extend(found.into_iter().map(|found| format!("{url} at {width}: {found}")));
        // Only colours are others in the dark.
        browser.media("", &[("prefers-color-scheme", "dark")]);
        let found = ask(browser, &axe, "{ runOnly: ['color-contrast'] }");
        wrong.extend(found.into_iter().map(|found| format!("{url} at {width}, dark: {found}")));
    }
}

fn no_page_of_the_own_site_breaks_a_rule(browser: &Browser, sites: &Sites) {
    let (site, mut wrong) = (sites.own(), Vec::new());
    for page in sites.own_pages() {
        judge(browser, &site.url(&page), &[1280], &mut wrong);
    }
    judge(browser, &site.url("/writing/tabs/"), &[320], &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn no_page_of_the_special_site_breaks_a_rule(browser: &Browser, sites: &Sites) {
    let (site, mut wrong) = (sites.special(), Vec::new());
    for page in sites.special_pages() {
        judge(browser, &site.url(&page), &[1280, 320], &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn no_page_in_several_languages_breaks_a_rule(browser: &Browser, sites: &Sites) {
    let (site, mut wrong) = (sites.parts(), Vec::new());
    for page in sites.parts_pages() {
        judge(browser, &site.url(&page), &[1280, 375], &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn no_page_of_releases_in_several_languages_breaks_a_rule(browser: &Browser, sites: &Sites) {
    let (site, mut wrong) = (sites.variants(), Vec::new());
    for page in sites.variants_pages() {
        judge(browser, &site.url(&page), &[1280, 375], &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn open_sheets_break_no_rule(browser: &Browser, sites: &Sites) {
    let (site, axe) = (sites.own(), axe());
    browser.resize(320, 640);
    browser.open(&site.url("/writing/tabs/"));
    for (button, sheet) in [(".menu-button", ".sidebar"), (".toc-button", ".toc")] {
        browser.click(button);
        browser.wait("it is open", &format!("document.querySelector('{sheet}').matches(':popover-open')"));
        assert_eq!(violations(browser, &axe), Vec::<String>::new(), "{sheet}");
        browser.eval(&format!("document.querySelector('{sheet}').hidePopover()"));
    }
    for scheme in ["light", "dark"] {
        browser.media("", &[("prefers-color-scheme", scheme)]);
        browser.open(&site.url("/writing/tabs/"));
        browser.click(".search-button");
        browser.wait("the search is open", "document.querySelector('dialog.search')?.open");
        assert_eq!(violations(browser, &axe), Vec::<String>::new(), "the empty search");
        browser.keys("include");
        browser.wait("there are results", "document.querySelectorAll('.search-hit').length > 2");
        assert_eq!(violations(browser, &axe), Vec::<String>::new(), "results, {scheme}");
    }
}
