//! The search, by keyboard and by mouse.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::sites::Sites;

crate::tests![
    a_slash_or_control_k_opens_it_and_escape_closes_it,
    nothing_of_it_is_fetched_before_it_is_wanted,
    results_come_while_typing_and_lead_to_their_headings,
    arrows_choose_and_enter_goes,
    a_click_goes_too,
    a_result_on_the_same_page_opens_its_tab,
    a_result_in_a_closed_tab_opens_it,
    every_word_of_the_own_site_is_found,
    words_are_found_by_their_beginning_and_in_other_forms,
    all_words_must_be_there_as_long_as_some_page_has_them,
    a_release_finds_its_own_pages,
    what_is_typed_is_text,
    without_a_connection_it_says_so,
    a_slash_in_a_field_is_a_slash,
    it_fits_a_small_screen,
];

const OPEN: &str = "document.querySelector('dialog.search')?.open";

/// Opens the search with a key.
fn open(browser: &Browser) {
    browser.keys("/");
    browser.wait("the search is open", &format!("{OPEN} && document.activeElement.matches('.search-input')"));
}

/// Types into the open search and waits for the answer to these words.
fn search(browser: &Browser, text: &str) {
    browser.eval("void (document.querySelector('.search-status').textContent = 'old')");
    browser.eval("void document.querySelector('.search-input').select()");
    browser.keys(text);
    browser.wait(
        &format!("there is an answer to {text}"),
        &format!("document.querySelector('.search-input').value === {} && document.querySelector('.search-status').textContent !== 'old'", json!(text)),
    );
    settle(browser);
}

/// Waits until the answer is that to the last letter.
fn settle(browser: &Browser) {
    let count =
        "document.querySelector('.search-hits').innerHTML + document.querySelector('.search-status').textContent";
    let same = format!(
        "(now => {{ const same = window.lastAnswer === now; window.lastAnswer = now; return same; }})({count})"
    );
    browser.wait("the answer stays", &same);
}

/// The results: title and heading.
fn results(browser: &Browser) -> Vec<String> {
    let found = browser.eval(
        "[...document.querySelectorAll('.search-hit')].map(hit => [...hit.querySelectorAll('.search-title, .search-heading')]\
         .map(part => part.textContent).join(' › '))",
    );
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn status(browser: &Browser) -> String {
    browser.text("document.querySelector('.search-status').textContent")
}

fn a_slash_or_control_k_opens_it_and_escape_closes_it(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    open(browser);
    assert_eq!(browser.text("document.activeElement.value"), "", "the slash is not typed");
    browser.keys(Key::Escape);
    browser.wait("Escape closes it", &format!("!{OPEN}"));
    browser.chord(Key::Control, 'k');
    browser.wait("Ctrl-K opens it", OPEN);
    browser.click(".search-close");
    browser.wait("the button closes it", &format!("!{OPEN}"));
    browser.click(".search-button");
    browser.wait("its button opens it", OPEN);
    browser.keys(Key::Escape);
    browser.wait(
        "the focus is back where it was",
        &format!("!{OPEN} && document.activeElement.matches('.search-button')"),
    );
}

fn nothing_of_it_is_fetched_before_it_is_wanted(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    let fetched = || site.asked().into_iter().filter(|path| path.contains("search")).collect::<Vec<_>>();
    assert_eq!(fetched(), Vec::<String>::new());
    open(browser);
    search(browser, "accordion");
    assert!(fetched().contains(&"/assets/search.js".to_owned()), "{:?}", fetched());
    let all = crate::support::files(&sites.own_folder().join("assets/search")).len();
    assert!(fetched().len() <= all, "a file twice: {:?}", fetched());
}

fn results_come_while_typing_and_lead_to_their_headings(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    open(browser);
    search(browser, "accordions");
    let first = &results(browser)[0];
    assert!(first.starts_with("Tabs, accordions, callouts"), "{first}");
    assert!(status(browser).contains("page"), "{}", status(browser));
    search(browser, "release navigation");
    let all = results(browser);
    assert!(all.iter().any(|result| result.starts_with("Versions")), "{all:?}");
    let marked = browser
        .eval("[...new Set([...document.querySelectorAll('.search-hit mark')].map(m => m.textContent.toLowerCase()))]");
    assert!(marked.as_array().unwrap().iter().any(|word| word == "release"), "{marked}");
    let link = browser.text("[...document.querySelectorAll('.search-hit')].find(hit => hit.querySelector('.search-heading')).getAttribute('href')");
    assert!(link.starts_with('/') && link.contains('#'), "{link}");
}

fn arrows_choose_and_enter_goes(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    open(browser);
    search(browser, "include");
    let chosen =
        "[...document.querySelectorAll('.search-hit')].findIndex(hit => hit.getAttribute('aria-selected') === 'true')";
    assert_eq!(browser.eval(chosen), json!(0));
    browser.keys(Key::Down);
    browser.keys(Key::Down);
    assert_eq!(browser.eval(chosen), json!(2));
    browser.keys(Key::Up);
    assert_eq!(browser.eval(chosen), json!(1));
    let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    assert_eq!(browser.eval(&format!("{active} === document.querySelectorAll('.search-hit')[1]")), json!(true));
    browser.keys(Key::Up);
    browser.keys(Key::Up);
    assert_eq!(browser.eval(&format!("{chosen} === document.querySelectorAll('.search-hit').length - 1")), json!(true));
    browser.keys(Key::Down);
    let address = browser.text("document.querySelector('.search-hit').href");
    browser.keys(Key::Enter);
    browser.wait(
        "the page is there",
        &format!("location.href === {} && 'ready' in document.documentElement.dataset", json!(address)),
    );
}

fn a_click_goes_too(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    browser.click(".search-button");
    browser.wait("the search is open", OPEN);
    search(browser, "konnect token");
    let address = browser.text("document.querySelectorAll('.search-hit')[0].href");
    browser.click(".search-hit");
    browser.wait("the page is there", &format!("location.href === {}", json!(address)));
}

fn a_result_on_the_same_page_opens_its_tab(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/deep/"));
    open(browser);
    search(browser, "quicksilver");
    assert_eq!(results(browser), ["Deep › The well"]);
    browser.keys(Key::Enter);
    let seen = "document.getElementById('the-well').checkVisibility({ contentVisibilityAuto: true })";
    browser.wait("the tab is open and the search closed", &format!("!{OPEN} && {seen}"));
    assert_eq!(browser.text("location.pathname + location.hash"), "/docs/deep/#the-well", "below its base");
}

fn a_result_in_a_closed_tab_opens_it(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/code/"));
    open(browser);
    search(browser, "sharp again");
    assert_eq!(results(browser)[0], "Signs › C#");
    browser.keys(Key::Enter);
    let seen = "[...document.querySelectorAll('.tabs-panel')].at(-1)?.checkVisibility({ contentVisibilityAuto: true })";
    browser.wait("the tab is open", &format!("location.pathname.endsWith('/signs/') && {seen}"));
}

fn every_word_of_the_own_site_is_found(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    for (page, word) in [
        ("/writing/tabs/", "homebrew"),
        ("/guides/create-a-service/", "kubectl"),
        ("/writing/versions/", "if_version"),
        ("/reference/diagnostics/", "undefined-variable"),
    ] {
        browser.open(&site.url("/start/"));
        open(browser);
        search(browser, word);
        let found =
            browser.eval("[...document.querySelectorAll('.search-hit')].map(hit => new URL(hit.href).pathname)");
        assert!(found.as_array().unwrap().contains(&json!(page)), "{word}: {found}");
    }
}

fn words_are_found_by_their_beginning_and_in_other_forms(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    for text in ["quicks", "QUICKSILVER", "quicksilvers", "q", "supercalifragilisticexpialidocious-and"] {
        search(browser, text);
        assert!(!results(browser).is_empty(), "{text}");
    }
    search(browser, "zzz");
    assert_eq!(status(browser), "Nothing found for “zzz”.");
    assert_eq!(browser.text("document.querySelector('.search-input').getAttribute('aria-expanded')"), "false");
}

fn all_words_must_be_there_as_long_as_some_page_has_them(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    search(browser, "cinnabar quicksilver");
    assert_eq!(results(browser).len(), 1);
    search(browser, "cinnabar crowbar");
    let mut found = results(browser);
    found.sort();
    assert_eq!(found, ["Deep › Another", "Upgrade"]);
    assert!(status(browser).contains("none with all 2 words"), "{}", status(browser));
}

fn a_release_finds_its_own_pages(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    for (page, word, results_there) in [
        ("/gate/1.3.x/install/", "mistral", vec!["Install › Fetch it"]),
        ("/gate/1.3.x/install/", "zephyr", vec![]),
        ("/gate/1.4.x/install/", "zephyr", vec!["Install › Fetch it"]),
        ("/gate/1.4.x/install/", "mistral", vec![]),
        ("/gate/1.4.x/install/", "cinnabar", vec!["Deep › Another"]),
        ("/", "zephyr", vec!["Install › Fetch it"]),
        ("/", "mistral", vec![]),
    ] {
        browser.open(&site.url(page));
        open(browser);
        search(browser, word);
        assert_eq!(results(browser), results_there, "{word} on {page}");
    }
    browser.open(&site.url("/gate/1.3.x/install/"));
    assert_eq!(browser.text("document.querySelector('.search-button span').textContent"), "Search 1.3.x");
}

fn what_is_typed_is_text(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    for text in ["<img src=x>", "(((", "a[", "\\", "* + ?", "-"] {
        browser.eval("void (document.querySelector('.search-input').value = '')");
        browser.keys(text);
        settle(browser);
        assert_eq!(browser.eval("document.querySelectorAll('dialog.search img').length"), json!(0));
    }
}

fn without_a_connection_it_says_so(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    site.fail("/docs/assets/search/index.json");
    browser.open(&site.url("/"));
    open(browser);
    search(browser, "deep");
    assert!(status(browser).starts_with("The search index cannot be loaded"), "{}", status(browser));
    site.release("/docs/assets/search/index.json");
    search(browser, "deeper");
    assert!(!results(browser).is_empty(), "it tries again");
    assert!(browser.problems().iter().all(|problem| problem.contains("/index.json")));
}

fn a_slash_in_a_field_is_a_slash(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    browser
        .eval("document.querySelector('main').append(Object.assign(document.createElement('input'), { id: 'field' }))");
    browser.focus("#field");
    browser.keys("a/b");
    assert_eq!(browser.text("document.activeElement.value"), "a/b");
    assert_eq!(browser.eval(&format!("{OPEN} ?? false")), json!(false));
}

fn it_fits_a_small_screen(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    for width in [320, 1280] {
        browser.resize(width, 500);
        browser.open(&site.url("/long/"));
        browser.click(".search-button");
        browser.wait("the search is open", OPEN);
        search(browser, "s");
        assert!(results(browser).len() > 2);
        let inside = format!(
            "(box => box.left >= 0 && box.right <= {width} && box.top >= 0 && box.bottom <= 500)\
             (document.querySelector('dialog.search').getBoundingClientRect())"
        );
        assert_eq!(browser.eval(&inside), json!(true), "{width}");
        assert_eq!(browser.eval(&format!("document.documentElement.scrollWidth <= {width}")), json!(true));
        assert_eq!(
            browser.eval("(l => l.scrollWidth <= l.clientWidth)(document.querySelector('.search-hits'))"),
            json!(true)
        );
    }
}
