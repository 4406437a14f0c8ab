//! The preview server with an open page: what an author sees who edits files and leaves the browser alone.

use serde_json::json;

use thirtyfour::Key;

use crate::browser::Browser;
use crate::preview::Server;
use crate::sites::Sites;
use crate::support::SiteFolder;

crate::tests![
    an_edit_shows_by_itself_and_keeps_place_tab_and_accordion,
    a_style_sheet_is_swapped_without_a_reload,
    an_error_in_an_include_covers_the_last_good_page_until_it_is_repaired,
    a_broken_configuration_covers_the_last_good_site_until_it_is_repaired,
    a_key_asks_where_text_comes_from_and_escape_ends_it,
    the_pop_up_follows_the_keyboard_and_stays_in_view,
];

const LAYERS: &str = "\
---
title: Layers
---
The {words} words.

{% tabs %}
{% tab Linux %}
Under Linux.
{% endtab %}
{% tab Windows %}
Under Windows.
{% endtab %}
{% endtabs %}

{% accordion First question %}
The first answer.
{% endaccordion %}
{% accordion Second question %}
The second answer.
{% endaccordion %}

{% include outer.md %}
";

/// The page of the tests, with a text that tells its states apart; long enough to be scrolled.
fn layers(words: &str) -> String {
    let tail: String = (0..80).map(|number| format!("\nParagraph number {number}.\n")).collect();
    format!("{}{tail}", LAYERS.replace("{words}", words))
}

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: Preview\ntheme:\n  styles: [own.css]\n"),
        ("content/index.md", &layers("first")),
        ("includes/outer.md", "Before.\n\n{% include inner.md %}\n"),
        ("includes/inner.md", "From the inner include.\n"),
        ("static/own.css", "main p { color: rgb(1, 2, 3) }\n"),
    ])
}

/// Serves the site and opens its page, which listens when `test` gets it. The page is left before the server ends: one that
/// loses its server says so in the console.
fn preview(browser: &Browser, test: impl FnOnce(&SiteFolder, &Server)) {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    browser.resize(1000, 500);
    browser.open(&server.url("/"));
    browser.wait("the page follows the server", "document.documentElement.dataset.carafe === 'following'");
    test(&site, &server);
    browser.leave();
}

/// A mark in the page that no reload survives.
fn mark(browser: &Browser) {
    browser.eval("window.same = true");
}

fn is_same(browser: &Browser) -> bool {
    browser.eval("window.same === true") == true
}

/// Waits until the page itself holds a text, or does not.
fn shows(browser: &Browser, text: &str) {
    browser.wait(&format!("the page shows `{text}`"), &format!("document.body.innerText.includes({})", json!(text)));
}

/// What stands in the panel for errors; empty when there is none.
const PANEL: &str = "(document.querySelector('#carafe-overlay')?.shadowRoot.querySelector('details')?.innerText ?? '')";

fn panel_shows(browser: &Browser, text: &str) {
    browser.wait(&format!("the panel shows `{text}`"), &format!("{PANEL}.includes({})", json!(text)));
    let box_ = "document.querySelector('#carafe-overlay').shadowRoot.querySelector('details').getBoundingClientRect()";
    assert!(browser.eval(&format!("{box_}.height > 50 && {box_}.bottom <= innerHeight + 1")) == true);
}

fn panel_is_gone(browser: &Browser) {
    browser.wait("the panel is gone", "!document.querySelector('#carafe-overlay')");
}

fn an_edit_shows_by_itself_and_keeps_place_tab_and_accordion(browser: &Browser, _: &Sites) {
    preview(browser, |site, _| {
        browser.click(".tabs-tab[data-slug=windows]");
        browser.eval("document.querySelectorAll('main details')[1].open = true");
        browser.eval("scrollTo(0, 700)");
        browser.wait("the page is scrolled", "scrollY === 700");
        mark(browser);
        site.write("content/index.md", layers("second"));
        shows(browser, "The second words.");
        browser.wait("the place is kept", "scrollY === 700");
        assert!(!is_same(browser), "text comes with a new page");
        assert_eq!(browser.text("document.querySelector('.tabs-tab[aria-selected=true]').textContent"), "Windows");
        assert_eq!(
            browser.eval("[...document.querySelectorAll('main details')].map(section => section.open)"),
            json!([false, true])
        );
        // An include, in a page that was reloaded before.
        site.write("includes/inner.md", "From another inner include.\n");
        shows(browser, "From another inner include.");
        browser.wait("the place is kept", "scrollY === 700");
    });
}

fn a_style_sheet_is_swapped_without_a_reload(browser: &Browser, _: &Sites) {
    preview(browser, |site, _| {
        let colour = "getComputedStyle(document.querySelector('main p')).color";
        assert_eq!(browser.text(colour), "rgb(1, 2, 3)");
        mark(browser);
        for blue in [40, 41] {
            site.write("static/own.css", format!("main p {{ color: rgb(1, 2, {blue}) }}\n"));
            browser.wait("the colour changes", &format!("{colour} === 'rgb(1, 2, {blue})'"));
            assert!(is_same(browser), "the page was loaded again");
        }
        let sheets =
            "[...document.querySelectorAll('link[rel=stylesheet]')].filter(l => l.href.includes('own.css')).length";
        browser.wait("the old style sheet is gone", &format!("{sheets} === 1"));
    });
}

fn an_error_in_an_include_covers_the_last_good_page_until_it_is_repaired(browser: &Browser, _: &Sites) {
    preview(browser, |site, server| {
        mark(browser);
        site.write("includes/inner.md", "One line.\n{% include nowhere.md %}\n");
        panel_shows(browser, "missing-include");
        for text in ["nowhere.md", "includes/inner.md:2", "includes/outer.md:3", "content/index.md:22"] {
            panel_shows(browser, text);
        }
        assert!(is_same(browser));
        shows(browser, "From the inner include.");
        site.write("includes/inner.md", "From the inner include.\n");
        panel_is_gone(browser);
        assert!(is_same(browser), "the page is as it was; there was nothing to load");
        // Opened while it is broken, and repaired to another text.
        site.write("includes/inner.md", "{% include nowhere.md %}\n");
        panel_shows(browser, "includes/inner.md:1");
        browser.open(&server.url("/"));
        panel_shows(browser, "includes/inner.md:1");
        shows(browser, "From the inner include.");
        site.write("includes/inner.md", "Repaired.\n");
        shows(browser, "Repaired.");
        panel_is_gone(browser);
    });
}

fn a_broken_configuration_covers_the_last_good_site_until_it_is_repaired(browser: &Browser, _: &Sites) {
    preview(browser, |site, _| {
        site.write("carafe.yml", "titel: Preview\n");
        for text in ["unknown-option", "titel", "carafe.yml:1"] {
            panel_shows(browser, text);
        }
        shows(browser, "The first words.");
        site.write("carafe.yml", "title: Renamed\ntheme:\n  styles: [own.css]\n");
        shows(browser, "Renamed");
        panel_is_gone(browser);
    });
}

/// The text of the pop-up; empty when it is not shown.
const POPUP: &str =
    "(() => { const popup = document.querySelector('#carafe-sources')?.shadowRoot.querySelector('#popup');
    return popup && !popup.hidden ? popup.innerText : ''; })()";

/// Presses Alt+I and waits until the page is there with marks, or without.
fn ask_for_sources(browser: &Browser, wanted: bool) {
    mark(browser);
    browser.chord(Key::Alt, 'i');
    ends(browser, wanted);
}

/// Waits for the page that is loaded anew, with marks or without.
fn ends(browser: &Browser, marked: bool) {
    let ready = "document.querySelector('#carafe-sources')?.dataset.ready === ''";
    let what = if marked { ready.to_owned() } else { format!("!({ready}) && !document.cookie.includes('carafe')") };
    let loaded = "document.readyState === 'complete' && document.documentElement.dataset.carafe === 'following'";
    browser.wait("the page is loaded anew", &format!("!window.same && {loaded} && {what}"));
    assert!(browser.eval("Boolean(document.querySelector('[data-carafe-source]'))") == marked);
}

/// Points at the middle of the element that holds a text and nothing else.
fn point_at(browser: &Browser, text: &str) {
    let find = format!("[...document.querySelectorAll('main p')].find(p => p.textContent === {})", json!(text));
    let at = browser.eval(&format!(
        "(b => [Math.round(b.left + 20), Math.round(b.top + b.height / 2)])({find}.getBoundingClientRect())"
    ));
    browser.point(at[0].as_i64().unwrap(), at[1].as_i64().unwrap());
}

fn a_key_asks_where_text_comes_from_and_escape_ends_it(browser: &Browser, _: &Sites) {
    preview(browser, |site, _| {
        browser.eval("scrollTo(0, 300)");
        browser.wait("the page is scrolled", "scrollY === 300");
        ask_for_sources(browser, true);
        browser.wait("the place is kept", "scrollY === 300");
        assert_eq!(browser.text(POPUP), "");
        point_at(browser, "From the inner include.");
        let told = "includes/inner.md:1\nincluded at includes/outer.md:3\nincluded at content/index.md:22";
        browser.wait("the pop-up", &format!("{POPUP} === {}", json!(told)));
        point_at(browser, "Before.");
        let told = "includes/outer.md:1\nincluded at content/index.md:22";
        browser.wait("another pop-up", &format!("{POPUP} === {}", json!(told)));
        // It stays through an edit, and tells the new lines.
        mark(browser);
        site.write("includes/outer.md", "\n\nBefore.\n\n{% include inner.md %}\n\nBehind.\n");
        ends(browser, true);
        point_at(browser, "Behind.");
        browser.wait("the new place", &format!("{POPUP}.startsWith('includes/outer.md:7')"));
        mark(browser);
        browser.keys(Key::Escape);
        ends(browser, false);
        browser.wait("the place is kept", "scrollY === 300");
        ask_for_sources(browser, true);
        ask_for_sources(browser, false);
    });
}

fn the_pop_up_follows_the_keyboard_and_stays_in_view(browser: &Browser, _: &Sites) {
    preview(browser, |_, _| {
        ask_for_sources(browser, true);
        browser.chord(Key::Alt, Key::Down.into());
        browser.wait("the first block", &format!("{POPUP} === 'content/index.md:4'"));
        let seen = "(() => { const box = document.querySelector('#carafe-sources').shadowRoot.querySelector('#popup')
            .getBoundingClientRect(); return box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth; })()";
        for _ in 0..30 {
            browser.chord(Key::Alt, Key::Down.into());
            assert!(browser.eval(seen) == true);
        }
        let last = browser.text(POPUP);
        assert!(browser.eval("scrollY > 300") == true, "{last}");
        browser.chord(Key::Alt, Key::Up.into());
        assert_ne!(browser.text(POPUP), last);
        browser.resize(320, 480);
        browser.wait("the pop-up fits", seen);
        mark(browser);
        browser.keys(Key::Escape);
        ends(browser, false);
    });
}
