//! The page for addresses that do not exist.

use serde_json::json;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::web_server::WebServer;

crate::tests![
    it_proposes_pages_with_similar_addresses,
    it_proposes_the_page_of_other_releases,
    it_speaks_the_language_of_the_address,
    it_proposes_the_page_of_other_releases_in_the_language,
    without_scripts_it_leads_to_the_start_and_to_all_pages,
];

const PROPOSED: &str = "[...document.querySelectorAll('.missing a')].map(link => link.pathname)";

/// What is proposed at an address.
fn proposed(browser: &Browser, site: &WebServer, path: &str) -> serde_json::Value {
    browser.go(&site.url(path));
    browser.wait("it has looked", "document.querySelector('.missing:not([hidden])')");
    let found = browser.eval(PROPOSED);
    let problems = browser.problems();
    assert!(problems.iter().all(|problem| problem.contains("404")), "{problems:?}");
    found
}

fn it_proposes_pages_with_similar_addresses(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    for (asked, expected) in [
        ("/writing/includs/", "/writing/includes/"),
        ("/includes.html", "/writing/includes/"),
        ("/Writing/Tabs", "/writing/tabs/"),
        ("/reference/cards-steps-figures/", "/writing/components/"),
        ("/reference/comand-line/index.html", "/reference/command-line/"),
        ("/reference/rules/nothing-like-it-there/", "/reference/rules/"),
    ] {
        assert_eq!(proposed(browser, &site, asked)[0], json!(expected), "{asked}");
    }
    for asked in ["/qqqq/", "/%FF%zz/", "/%3Cimg%20src=x%20onerror=alert(1)%3E/"] {
        assert_eq!(proposed(browser, &site, asked), json!([]), "{asked}");
        assert_eq!(browser.eval("document.querySelector('.missing h2').checkVisibility()"), json!(false));
    }
    proposed(browser, &site, "/writing/quicklime/");
    browser.click(".missing .button");
    browser.wait("the search looks for it", "document.querySelector('.search-input')?.value === 'quicklime'");
}

fn it_proposes_the_page_of_other_releases(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    assert_eq!(proposed(browser, &site, "/gate/1.3.x/upgrade/")[0], json!("/docs/gate/1.4.x/upgrade/"));
    let both = json!(["/docs/gate/1.4.x/install/", "/docs/gate/1.3.x/install/"]);
    assert_eq!(proposed(browser, &site, "/gate/1.2.x/install.html"), both, "a release that is gone");
}

fn it_speaks_the_language_of_the_address(browser: &Browser, sites: &Sites) {
    let site = sites.parts();
    assert_eq!(proposed(browser, &site, "/de/anfng/"), json!(["/docs/de/anfang/"]));
    assert_eq!(browser.text("document.documentElement.lang"), "de");
    assert_eq!(browser.text("location.pathname"), "/docs/de/anfng/");
    assert_eq!(browser.text("document.querySelector('.missing h2').textContent"), "Seiten mit ähnlicher Adresse");
    proposed(browser, &site, "/ar/guides/te/");
    assert_eq!(browser.text("getComputedStyle(document.body).direction"), "rtl");
    assert_eq!(proposed(browser, &site, "/begn/"), json!(["/docs/begin/"]));
    assert_eq!(browser.text("document.documentElement.lang"), "en");
}

fn it_proposes_the_page_of_other_releases_in_the_language(browser: &Browser, sites: &Sites) {
    let site = sites.variants();
    let both = json!(["/docs/de/gate/1.4.x/einbauen/", "/docs/de/gate/1.3.x/einbauen/"]);
    assert_eq!(proposed(browser, &site, "/de/gate/1.2.x/einbauen/"), both);
    assert_eq!(browser.text("document.documentElement.lang"), "de");
    assert_eq!(proposed(browser, &site, "/ar/gate/1.3.x/upgrade/")[0], json!("/docs/ar/gate/1.4.x/upgrade/"));
}

fn without_scripts_it_leads_to_the_start_and_to_all_pages(browser: &Browser, sites: &Sites) {
    let site = sites.parts();
    browser.scripts(false);
    browser.go(&site.url("/nowhere/"));
    let shown = "[...document.querySelectorAll('.content a, .sidebar a')].filter(link => link.checkVisibility()).map(link => link.pathname)";
    let links = browser.eval(shown);
    assert_eq!(links[links.as_array().map_or(0, Vec::len) - 1], json!("/docs/"));
    assert!(links.to_string().contains("/docs/begin/"), "{links}");
    assert_eq!(browser.eval("document.querySelector('.missing').checkVisibility()"), json!(false));
    browser.problems();
}
