//! The menu, the table of contents, anchors, releases.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::sites::Sites;

crate::tests![
    the_menu_is_a_sheet_on_small_screens,
    the_table_of_contents_follows_the_reader,
    the_table_of_contents_is_a_sheet_on_middle_screens,
    headings_have_links_to_themselves,
    the_first_stop_of_the_keyboard_skips_to_the_content,
    the_release_switcher_stays_on_the_page,
    each_switcher_leaves_the_other_choice_as_it_is,
    redirects_keep_the_anchor,
    parts_of_the_site_are_tabs_where_there_is_room,
    what_is_about_to_be_opened_is_fetched_before,
    nothing_is_fetched_before_for_who_saves_data,
];

fn the_menu_is_a_sheet_on_small_screens(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.resize(320, 640);
    browser.open(&site.url("/writing/tabs/"));
    let open = "document.querySelector('.sidebar').matches(':popover-open')";
    assert_eq!(browser.eval("document.querySelector('.sidebar').checkVisibility()"), json!(false));
    browser.click(".menu-button");
    browser.wait("the menu is open", open);
    browser.keys(Key::Escape);
    browser.wait("Escape closes it", &format!("!{open}"));
    assert_eq!(browser.text("document.activeElement.getAttribute('aria-label')"), "Menu", "the focus comes back");
    browser.keys(Key::Enter);
    browser.wait("Enter opens it", open);
    browser.keys(Key::Tab);
    assert_eq!(browser.eval("!!document.activeElement.closest('.sidebar')"), json!(true), "the next stop is in it");
    browser.click(".sidebar a[href='/writing/includes/']");
    browser.wait(
        "the other page is there",
        "location.pathname === '/writing/includes/' && 'ready' in document.documentElement.dataset",
    );
    assert_eq!(browser.eval(open), json!(false));
}

fn the_table_of_contents_follows_the_reader(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/writing/tabs/"));
    let current = "document.querySelector('.toc [aria-current]')?.textContent";
    assert_eq!(browser.eval(&format!("{current} ?? null")), json!(null), "no heading is reached yet");
    browser.eval("document.getElementById('callouts').scrollIntoView({ behavior: 'instant' })");
    browser.wait("it marks the heading one reads", &format!("{current} === 'Callouts'"));
    browser.eval("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })");
    let last = browser.text("[...document.querySelectorAll('.toc a')].at(-1).textContent");
    browser.wait("the end belongs to the last heading", &format!("{current} === {}", json!(last)));
    browser.click(".toc a[href='#accordions']");
    browser.wait("a click leads there", &format!("location.hash === '#accordions' && {current} === 'Accordions'"));
}

fn the_table_of_contents_is_a_sheet_on_middle_screens(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.resize(768, 800);
    browser.open(&site.url("/writing/tabs/"));
    browser.click(".toc-button");
    let open = "document.querySelector('.toc').matches(':popover-open')";
    browser.wait("it is open", open);
    browser.click(".toc .sheet-head button");
    browser.wait("its button closes it", &format!("!{open}"));
    browser.eval("document.getElementById('callouts').scrollIntoView({ behavior: 'instant' })");
    browser
        .wait("it is in reach everywhere", "document.querySelector('.toc-button').getBoundingClientRect().top < 100");
    browser.click(".toc-button");
    browser.wait("it is open again", open);
    browser.click(".toc a[href='#accordions']");
    browser.wait("it closes behind the reader", &format!("!{open} && location.hash === '#accordions'"));
}

fn headings_have_links_to_themselves(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/writing/tabs/"));
    assert_eq!(
        browser.eval("[...document.querySelectorAll('.content :is(h2, h3, h4)[id]')].every(h => h.querySelector('.anchor').hash === '#' + h.id)"),
        json!(true)
    );
    browser.focus("#accordions .anchor");
    assert_eq!(browser.text("getComputedStyle(document.activeElement).opacity"), "1");
    assert_eq!(browser.text("document.activeElement.getAttribute('aria-label')"), "Link to “Accordions”");
    browser.keys(Key::Enter);
    browser.wait("the address has it", "location.hash === '#accordions'");
}

fn the_first_stop_of_the_keyboard_skips_to_the_content(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/writing/tabs/"));
    browser.keys(Key::Tab);
    assert_eq!(browser.text("document.activeElement.textContent"), "Skip to content");
    assert_eq!(browser.eval("document.activeElement.getBoundingClientRect().top >= 0"), json!(true));
    browser.keys(Key::Enter);
    browser.wait("the content has the focus", "document.activeElement.localName === 'main'");
}

fn the_release_switcher_stays_on_the_page(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/gate/1.3.x/install/"));
    assert_eq!(browser.text("document.querySelector('.releases summary').innerText.trim()"), "Version 1.3.x old");
    assert!(browser.text("document.querySelector('.old-release').textContent").contains("1.4.x"));
    browser.media("print", &[]);
    assert_eq!(browser.eval("document.querySelector('.old-release').checkVisibility()"), json!(false), "on paper");
    browser.media("", &[]);
    let open = "document.querySelector('.releases').open";
    browser.click(".releases summary");
    browser.wait("the list is open", open);
    browser.keys(Key::Escape);
    browser.wait("Escape closes it", &format!("!{open}"));
    browser.keys(Key::Enter);
    browser.wait("Enter opens it", open);
    browser.click("h1");
    browser.wait("a click elsewhere closes it", &format!("!{open}"));
    browser.click(".releases summary");
    browser.keys(Key::Tab);
    browser.keys(Key::Enter);
    browser.wait("the same page of the newest release", "location.pathname === '/docs/gate/1.4.x/install/'");
    browser.open(&site.url("/gate/1.4.x/upgrade/"));
    assert_eq!(browser.eval("document.querySelector('.old-release')"), json!(null));
    let links = browser.eval("[...document.querySelectorAll('.releases a')].map(a => a.pathname)");
    assert_eq!(links, json!(["/docs/gate/1.4.x/upgrade/", "/docs/gate/1.3.x/install/"]), "a page that 1.3 lacks");
}

fn each_switcher_leaves_the_other_choice_as_it_is(browser: &Browser, sites: &Sites) {
    let site = sites.variants();
    browser.open(&site.url("/gate/1.3.x/install/"));
    let follow = |menu: &str, link: &str, path: &str| {
        browser.click(&format!("{menu} summary"));
        browser.click(&format!("{menu} a{link}"));
        let there = format!("location.pathname === '/docs{path}' && 'ready' in document.documentElement.dataset");
        browser.wait(path, &there);
    };
    follow(".languages", "[lang=de]", "/de/gate/1.3.x/einbauen/");
    assert!(browser.text("document.querySelector('article').textContent").contains("Mistral"));
    follow(".releases", ":not([aria-current])", "/de/gate/1.4.x/einbauen/");
    assert!(browser.text("document.querySelector('article').textContent").contains("Zephyr"));
    follow(".languages", "[lang=ar]", "/ar/gate/1.4.x/install/");
    browser.click(".sidebar a[href$='upgrade/']");
    browser.wait("the other page", "location.pathname === '/docs/ar/gate/1.4.x/upgrade/'");
    // The older release has no such page, and leads to the nearest.
    follow(".releases", ":not([aria-current])", "/ar/gate/1.3.x/install/");
    follow(".languages", "[lang=en]", "/gate/1.3.x/install/");
    // A release is read from left to right everywhere.
    browser.open(&site.url("/ar/gate/1.3.x/install/"));
    let order = "(() => { const text = document.querySelector('.releases bdi').firstChild, range = new Range(), at = i => { range.setStart(text, i); range.setEnd(text, i + 1); return range.getBoundingClientRect().left; }; return at(0) < at(2) && at(2) < at(4); })()";
    assert_eq!(browser.eval(order), json!(true));
}

fn redirects_keep_the_anchor(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.go(&site.url("/gate/latest/install/#fetch-it"));
    browser.wait(
        "the newest release is there",
        "location.pathname + location.hash === '/docs/gate/1.4.x/install/#fetch-it'",
    );
}

fn parts_of_the_site_are_tabs_where_there_is_room(browser: &Browser, sites: &Sites) {
    let site = sites.parts();
    let side = "[...document.querySelectorAll('.nav :is(a, summary)')].filter(line => line.checkVisibility()).map(line => line.textContent)";
    let tabs = "[...document.querySelectorAll('.sections a')].filter(tab => tab.checkVisibility()).map(tab => tab.textContent + (tab.ariaCurrent ? '*' : ''))";
    for (page, expected_tabs, expected_side) in [
        ("/guides/tea/", json!(["Overview", "Guides*", "Reference"]), json!(["Overview", "Coffee", "Tea", "Hot"])),
        (
            "/guides/hot/milk/",
            json!(["Overview", "Guides*", "Reference"]),
            json!(["Overview", "Coffee", "Tea", "Hot", "Milk"]),
        ),
        ("/begin/", json!(["Overview*", "Guides", "Reference"]), json!(["Begin", "End"])),
        ("/de/reference/words/", json!(["Überblick", "Guides", "Reference*"]), json!(["Words"])),
        ("/", json!(["Overview", "Guides", "Reference"]), json!([])),
    ] {
        browser.open(&site.url(page));
        assert_eq!((browser.eval(tabs), browser.eval(side)), (expected_tabs, expected_side), "{page}");
        let edges = "[...document.querySelectorAll('.sections a')].at(-1).getBoundingClientRect().bottom - document.querySelector('.site-header').getBoundingClientRect().bottom";
        assert!(browser.eval(edges).as_f64().unwrap().abs() <= 1.0, "{page}: {}", browser.eval(edges));
    }
    browser.open(&site.url("/guides/#two"));
    let top = "document.getElementById('two').getBoundingClientRect().top - document.querySelector('.site-header').getBoundingClientRect().bottom";
    assert!(browser.eval(top).as_f64().unwrap() >= 0.0, "what is led to is not below the header");
    browser.resize(375, 700);
    browser.open(&site.url("/guides/tea/"));
    assert_eq!(browser.eval(tabs), json!([]));
    browser.click(".menu-button");
    browser.wait("the menu is open", "document.querySelector('.sidebar').matches(':popover-open')");
    let expected = json!(["Begin", "End", "Guides", "Overview", "Coffee", "Tea", "Hot", "Reference"]);
    assert_eq!(browser.eval(side), expected, "all parts are in the menu");
}

const PREFETCHED: &str =
    "[...document.querySelectorAll('link[rel=prefetch]')].map(link => new URL(link.href).pathname)";

fn what_is_about_to_be_opened_is_fetched_before(browser: &Browser, sites: &Sites) {
    let site = sites.parts();
    browser.open(&site.url("/guides/tea/"));
    let place = "(() => { const here = document.querySelector('.content a[href$=\"/coffee/\"]').getBoundingClientRect(); return [here.x + 5, here.y + 5].map(Math.round); })()";
    let place = browser.eval(place);
    browser.point(place[0].as_i64().unwrap(), place[1].as_i64().unwrap());
    browser.wait("the page is fetched", &format!("{PREFETCHED}.includes('/docs/guides/coffee/')"));
    browser.focus(".pager-prev, .pager-next");
    let more = "document.body.insertAdjacentHTML('beforeend', `<p id=more><a href='/docs/begin/' download>d</a><a href='/docs/end/' target=_blank>w</a><a href='/docs/logout/'>o</a>\
                 <a href='/docs/plan.pdf'>f</a><a href='/docs/end/?a'>q</a><a href='/docs/end/' rel=nofollow>n</a><a href='/elsewhere/'>e</a><a href='http://127.0.0.2/docs/end/'>h</a>\
                 <a href='/docs/guides/'>last</a></p>`)";
    browser.eval(&format!("void {more}"));
    browser.later(
        "(async () => { for (const link of document.querySelectorAll('#more a')) { link.focus(); await new Promise(done => setTimeout(done, 120)); } })()",
    );
    browser.wait("the last is fetched", &format!("{PREFETCHED}.includes('/docs/guides/')"));
    let fetched = browser.eval(PREFETCHED);
    for wrong in ["/docs/begin/", "/docs/end/", "/docs/logout/", "/docs/plan.pdf", "/elsewhere/"] {
        assert!(!fetched.to_string().contains(wrong), "{wrong}: {fetched}");
    }
    assert!(site.asked().contains(&"/docs/guides/coffee/".to_owned()));
}

fn nothing_is_fetched_before_for_who_saves_data(browser: &Browser, sites: &Sites) {
    let site = sites.parts();
    let saving = "Object.defineProperty(Object.getPrototypeOf(navigator.connection), 'saveData', { get: () => true })";
    let script = browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": saving }));
    browser.open(&site.url("/guides/tea/"));
    assert_eq!(browser.eval("navigator.connection.saveData"), json!(true));
    browser.later("(async () => { document.querySelector('.content a').focus(); await new Promise(done => setTimeout(done, 200)); })()");
    assert_eq!(browser.eval(PREFETCHED), json!([]));
    browser.cdp("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": script["identifier"] }));
}
