//! Tabs and accordions, by mouse, by keyboard, by address, by the browser's search.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::sites::Sites;

crate::tests![
    a_click_opens_a_tab_and_only_that_one,
    arrows_home_and_end_move_between_tabs,
    the_group_is_one_stop_of_the_tab_key,
    groups_switch_together_as_far_as_they_have_the_title,
    groups_are_tied_or_parted_and_open_where_they_say,
    the_list_of_headings_follows_the_open_tab,
    a_choice_is_remembered_on_other_pages_and_by_new_visits,
    the_own_sites_include_switches_on_all_pages,
    an_address_names_the_tab_to_open,
    titles_that_differ_in_signs_are_told_apart,
    an_anchor_opens_the_tabs_and_accordions_around_it,
    a_link_within_the_page_opens_them_too,
    the_browsers_search_opens_what_it_finds,
    switching_keeps_the_tab_under_the_mouse,
];

/// The titles of the selected tabs, in the order of the page.
fn selected(browser: &Browser) -> String {
    browser.text("[...document.querySelectorAll('.tabs-tab[aria-selected=true]')].map(t => t.textContent).join()")
}

/// The texts of the panels that can be seen, in the order of the page.
fn shown(browser: &Browser) -> String {
    let seen = "p.checkVisibility({ contentVisibilityAuto: true }) && p.offsetHeight > 0";
    browser.text(&format!(
        "[...document.querySelectorAll('.tabs-panel > p:not(.tabs-label)')].filter(p => {seen}).map(p => p.textContent).join()"
    ))
}

fn focused(browser: &Browser) -> String {
    browser.text("document.activeElement.textContent.trim()")
}

fn a_click_opens_a_tab_and_only_that_one(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/writing/tabs/"));
    assert_eq!(selected(browser), "macOS");
    assert_eq!(shown(browser), "Install with Homebrew:");
    browser.click(".tabs-tab[data-slug=linux]");
    assert_eq!(selected(browser), "Linux");
    assert_eq!(shown(browser), "Install with your package manager.");
    assert_eq!(
        browser.eval("[...document.querySelectorAll('.tabs-panel')].map(p => p.getAttribute('hidden'))"),
        json!(["until-found", null])
    );
    let hash = browser.text("location.hash");
    assert!(browser.eval(&format!("document.querySelector({}).dataset.slug", json!(hash))) == "linux", "{hash}");
    browser.click(".tabs-tab[data-slug=macos]");
    assert_eq!(shown(browser), "Install with Homebrew:");
}

fn arrows_home_and_end_move_between_tabs(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/groups/"));
    browser.focus(".tabs-tab");
    let steps = [
        (Key::Right, "Linux"),
        (Key::Right, "Windows"),
        (Key::Right, "macOS"),
        (Key::Left, "Windows"),
        (Key::Home, "macOS"),
        (Key::End, "Windows"),
        (Key::Left, "Linux"),
    ];
    for (key, title) in steps {
        browser.keys(key.clone());
        assert_eq!(focused(browser), title, "{key:?}");
        assert!(selected(browser).starts_with(title), "{key:?}: {}", selected(browser));
        assert!(shown(browser).starts_with(&format!("first {}", title.to_lowercase().replace("os", ""))));
    }
    // In languages that are written from right to left the arrows point the other way.
    browser.eval("document.documentElement.dir = 'rtl'");
    browser.keys(Key::Left);
    assert_eq!(focused(browser), "Windows");
}

fn the_group_is_one_stop_of_the_tab_key(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/groups/"));
    browser.focus(".tabs-tab[data-slug=macos]");
    browser.keys(Key::Right);
    browser.keys(Key::Tab);
    assert_eq!(browser.text("document.activeElement.getAttribute('role')"), "tabpanel");
    assert!(focused(browser).contains("first linux"), "{}", focused(browser));
    browser.chord(Key::Shift, Key::Tab.into());
    assert_eq!(focused(browser), "Linux", "back to the selected tab, not to the first");
    assert_eq!(
        browser.eval("[...document.querySelectorAll('.tabs')[0].querySelectorAll('.tabs-tab')].map(t => t.tabIndex)"),
        json!([-1, 0, -1])
    );
    browser.keys(Key::Tab);
    browser.keys(Key::Tab);
    assert_eq!(browser.text("document.activeElement.closest('h2')?.id"), "second", "the closed panels are no stops");
}

fn groups_switch_together_as_far_as_they_have_the_title(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/groups/"));
    assert_eq!(selected(browser), "macOS,Windows,Go");
    browser.click(".tabs .tabs-tab[data-slug=linux]");
    assert_eq!(selected(browser), "Linux,Linux,Linux", "as far as a group has the title");
    assert_eq!(shown(browser), "first linux,second linux,third linux");
    browser.focus(".tabs-tab[aria-selected=true]");
    browser.keys(Key::End);
    assert_eq!(shown(browser), "first windows,second windows,third linux");
}

fn groups_are_tied_or_parted_and_open_where_they_say(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/blocks/"));
    assert_eq!(selected(browser), "Linux,brew,Linux");
    browser.click("#install .tabs-tab[data-slug=macos]");
    browser.click("#install .tabs-tab[data-slug=linux]");
    assert_eq!(selected(browser), "Linux,apt,Linux", "tied groups without the title switch by place");
    browser.click("#install .tabs-tab[data-slug=macos]");
    assert_eq!(selected(browser), "macOS,brew,Linux", "a group on its own stays");
    browser.click("[data-sync=false] .tabs-tab[data-slug=macos]");
    browser.click("[data-sync=false] .tabs-tab[data-slug=linux]");
    assert_eq!(selected(browser), "macOS,brew,Linux");
    browser.reload();
    assert_eq!(selected(browser), "macOS,brew,Linux", "the choice is remembered by the key");
    assert_eq!(browser.eval("[...document.querySelectorAll('details')].map(box => box.open)"), json!([false, true]));
    browser.click(".anchor[href='#faq']");
    browser.wait(
        "the accordion's own address opens it",
        "document.getElementById('faq').open && location.hash === '#faq'",
    );
}

fn the_list_of_headings_follows_the_open_tab(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.resize(1600, 900);
    browser.open(&site.url("/blocks/"));
    let listed = || {
        browser.text(
            "[...document.querySelectorAll('.toc a')].filter(a => a.checkVisibility()).map(a => a.textContent).join()",
        )
    };
    assert_eq!(listed(), "On Linux,Asked often");
    browser.click("#install .tabs-tab[data-slug=macos]");
    assert_eq!(listed(), "On a Mac,Asked often");
    browser.click(".toc a[href='#asked-often']");
    browser.wait("the link opens the accordion", "document.getElementById('faq').open");
}

fn a_choice_is_remembered_on_other_pages_and_by_new_visits(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/groups/"));
    browser.click(".tabs-tab[data-slug=linux]");
    browser.open(&site.url("/more/"));
    assert_eq!(selected(browser), "Linux");
    assert!(shown(browser).starts_with("more linux"));
    assert_eq!(browser.eval("window.shifted"), json!(0), "nothing moves when the choice is brought back");
    browser.open(&site.url("/groups/"));
    assert_eq!(selected(browser), "Linux,Linux,Linux");
    browser.reload();
    assert_eq!(selected(browser), "Linux,Linux,Linux");
}

fn the_own_sites_include_switches_on_all_pages(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/guides/create-a-service/?tab=stored-in-a-secret"));
    assert_eq!(selected(browser), "Stored in a Secret");
    browser.open(&site.url("/guides/create-a-service/"));
    assert_eq!(selected(browser), "Directly in specification", "an address is no choice");
    browser.eval("document.querySelectorAll('.content details').forEach(box => { box.open = true; })");
    browser.click(".tabs-tab[data-slug=stored-in-a-secret]");
    browser.open(&site.url("/guides/two-clusters/"));
    let all = selected(browser);
    assert!(!all.is_empty() && all.split(',').all(|title| title == "Stored in a Secret"), "{all}");
}

fn an_address_names_the_tab_to_open(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    for (query, tabs) in [
        ("?tab=linux", "Linux,Linux,Linux"),
        ("?tab=Linux", "Linux,Linux,Linux"),
        ("?tab=windows&tab=go", "Windows,Windows,Go"),
        ("?tab=nowhere", "macOS,Windows,Go"),
        ("?tab=", "macOS,Windows,Go"),
    ] {
        browser.open(&site.url(&format!("/groups/{query}")));
        assert_eq!(selected(browser), tabs, "{query}");
    }
    for (query, tab) in [("?tab=C++", "C++"), ("?tab=c%23", "C#"), ("?tab=c", "C")] {
        browser.open(&site.url(&format!("/signs/{query}")));
        assert_eq!(selected(browser), format!("{tab},{tab}"), "{query}");
    }
    browser.open(&site.url("/deep/?tab=two"));
    assert_eq!(selected(browser), "Inside,Two", "what holds it is opened too");
    assert_eq!(browser.eval("document.querySelector('details.accordion').open"), json!(true));
}

fn titles_that_differ_in_signs_are_told_apart(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/signs/"));
    browser.click(".tabs-tab:nth-child(2)");
    assert_eq!(selected(browser), "C++,C++");
    browser.open(&site.url("/signs/"));
    assert_eq!(selected(browser), "C++,C++");
}

fn an_anchor_opens_the_tabs_and_accordions_around_it(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/deep/#the-well"));
    assert_eq!(selected(browser), "Inside,Two");
    assert_eq!(browser.eval("document.querySelector('details.accordion').open"), json!(true));
    let inside =
        "(b => b.top >= 0 && b.bottom <= innerHeight)(document.getElementById('the-well').getBoundingClientRect())";
    browser.wait("the heading is in view", inside);
    browser.open(&site.url("/groups/"));
    let address = browser.text("document.querySelector('.tabs-tab[data-slug=windows]').href");
    browser.open(&address.replace("/groups/", "/groups/?x"));
    assert!(selected(browser).starts_with("Windows,"), "a tab's own address opens it");
}

fn a_link_within_the_page_opens_them_too(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/deep/"));
    assert_eq!(selected(browser), "Outside,One");
    browser.click(".content a[href='#the-well']");
    browser.wait(
        "the inner tab is open",
        "document.querySelectorAll('.tabs-tab[aria-selected=true]')[1].textContent === 'Two'",
    );
    assert_eq!(selected(browser), "Inside,Two");
    let seen = "document.getElementById('the-well').checkVisibility({ contentVisibilityAuto: true })";
    browser.wait("the heading can be seen", seen);
}

/// A text fragment is the browser's search by address: it looks into what is hidden until found, and says `beforematch`.
fn the_browsers_search_opens_what_it_finds(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/groups/#:~:text=third%20linux"));
    browser.wait(
        "the third group shows what was found",
        "document.querySelectorAll('.tabs-tab[aria-selected=true]')[2].textContent === 'Linux'",
    );
    assert_eq!(selected(browser), "macOS,Windows,Linux", "what was found is no choice for other groups");
    assert_eq!(shown(browser), "first mac,second windows,third linux");
    browser.open(&site.url("/deep/#:~:text=cinnabar"));
    browser.wait("the accordion is open", "[...document.querySelectorAll('.content details')].at(-1).open");
    browser.open(&site.url("/deep/#:~:text=quicksilver"));
    browser.wait(
        "the inner tab is open",
        "document.querySelectorAll('.tabs-tab[aria-selected=true]')[1].textContent === 'Two'",
    );
    assert_eq!(selected(browser), "Inside,Two");
    browser.wait("the accordion around it is open", "document.querySelector('details.accordion').open");
}

fn switching_keeps_the_tab_under_the_mouse(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.resize(1280, 300);
    browser.open(&site.url("/groups/"));
    let third = "document.querySelectorAll('.tabs')[1].querySelector('[data-slug=linux]')";
    browser.eval(&format!("{third}.scrollIntoView({{ block: 'center', behavior: 'instant' }})"));
    // The first group, above, grows with the same click.
    browser.eval("document.querySelector('.tabs-panel[data-slug=linux]').style.minHeight = '40rem'");
    let before = browser.eval(&format!("{third}.getBoundingClientRect().top"));
    browser.eval(&format!("{third}.click()"));
    let after = browser.eval(&format!("{third}.getBoundingClientRect().top"));
    let distance = before.as_f64().unwrap() - after.as_f64().unwrap();
    assert!(distance.abs() < 2.0, "from {before} to {after}");
}
