//! The search, by keyboard and by mouse.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::sites::Sites;
use crate::support::SiteFolder;
use crate::web_server::WebServer;

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
    readers_find_what_they_look_for,
    a_query_loads_little,
    a_mistyped_word_is_read_as_the_one_that_was_meant,
    words_like_it_are_proposed_where_nothing_is_found,
    a_page_comes_with_its_way_and_its_headings,
    results_are_narrowed_to_a_part_of_the_site,
    another_release_is_searched_on_request,
    another_release_is_searched_in_the_same_language,
    more_pages_come_on_request,
    names_with_signs_are_told_apart,
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
    assert_eq!(status(browser), "1 page");
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

/// The queries of `queries.txt` for a site, each with the addresses that are wanted.
fn queries(site: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    let all = include_str!("queries.txt");
    let of_site = all.split("\n= ").find_map(|part| part.strip_prefix(site)).unwrap();
    let lines = of_site.lines().filter_map(|line| line.split_once(" => "));
    lines.map(|(query, wanted)| (query, wanted.split(' ').collect())).collect()
}

/// What is found: for each page its places, as addresses.
fn found(browser: &Browser, query: &str) -> Vec<Vec<String>> {
    let found = browser.later(&format!(
        "import('/assets/search.js').then(search => search.find(['/assets/search/'], {}))\
         .then(found => found.hits.map(hit => hit.places.map(place => hit.url + (place.anchor && '#' + place.anchor))))",
        json!(query)
    ));
    serde_json::from_value(found.clone()).unwrap_or_else(|_| panic!("{query}: {found}"))
}

fn readers_find_what_they_look_for(browser: &Browser, sites: &Sites) {
    let is = |place: &String, wanted: &str| place == wanted || place.split('#').next() == Some(wanted);
    let mut count = 0;
    // The own pages are written anew now and then, the manual never.
    for (name, site, most) in [("own", sites.own(), 2), ("manual", sites.manual(), 0)] {
        let mut missed = Vec::new();
        browser.open(&site.url("/404.html"));
        for (query, wanted) in queries(name) {
            count += 1;
            let pages = found(browser, query);
            let first = pages.first().and_then(|places| places.first());
            let is_first = first.is_some_and(|place| is(place, wanted[0]));
            let has = |wanted: &&str| pages.iter().take(3).flatten().any(|place| is(place, wanted));
            if !is_first || !wanted.iter().all(has) {
                missed.push(format!("{query}: {:?}", pages.iter().take(3).collect::<Vec<_>>()));
            }
        }
        assert!(missed.len() <= most, "{} are missed:\n{}", missed.len(), missed.join("\n"));
    }
    assert_eq!(count, 60);
}

fn a_query_loads_little(browser: &Browser, sites: &Sites) {
    let site = sites.manual();
    browser.open(&site.url("/404.html"));
    for query in [
        "rate limts ledgr",
        "c",
        "the service",
        "set the option of message queues in courier before you begin",
        "xyzzyq",
    ] {
        let size = browser.later(&format!(
            "(async () => {{
                const real = window.fetch, urls = new Set();
                window.fetch = (url, options) => {{ urls.add(url); return real(url, options); }};
                const search = await import('/assets/search.js?' + encodeURIComponent({query}));
                await search.find(['/assets/search/'], {query});
                window.fetch = real;
                let size = 0;
                for (const url of urls) {{
                    const packed = (await real(url)).body.pipeThrough(new CompressionStream('gzip'));
                    size += (await new Response(packed).arrayBuffer()).byteLength;
                }}
                return size;
            }})()",
            query = json!(query)
        ));
        let size = size.as_u64().unwrap();
        assert!((1_000..60_000).contains(&size), "{query}: {size}");
    }
}

fn a_mistyped_word_is_read_as_the_one_that_was_meant(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    for (typed, meant) in [("quiksilver", "quicksilver"), ("cinnabra", "cinnabar"), ("cowbar", "crowbar")] {
        search(browser, typed);
        assert!(status(browser).ends_with(&format!("; also for “{meant}”")), "{typed}: {}", status(browser));
        let marked = browser.text("document.querySelector('.search-text mark').textContent");
        assert_eq!(marked.to_lowercase(), meant);
    }
    // A question finds pages that lack one of its words.
    search(browser, "how quicksilver cinnabar crowbar is stored");
    assert!(!results(browser).is_empty());
    // In a short word every letter counts.
    search(browser, "dep");
    assert!(!status(browser).contains("also for"), "{}", status(browser));
}

fn words_like_it_are_proposed_where_nothing_is_found(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    search(browser, "qiucksivlre");
    assert!(
        status(browser).starts_with("Nothing found for “qiucksivlre”. Did you mean quicksilver"),
        "{}",
        status(browser)
    );
    browser.click(".search-status button");
    settle(browser);
    assert_eq!(results(browser), ["Deep › The well"]);
    assert_eq!(browser.text("document.activeElement.value"), "quicksilver");
}

fn a_page_comes_with_its_way_and_its_headings(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    open(browser);
    search(browser, "sessions");
    let hits = browser.eval(
        "[...document.querySelectorAll('.search-hit')].map(hit => ['.search-trail', '.search-title', '.search-heading']\
         .map(part => hit.querySelector(part)?.textContent ?? '-').join('|'))",
    );
    assert!(hits.as_array().unwrap().contains(&json!("Writing|Pages|Code › Sessions")), "{hits}");
    // Without the words in its text a page says what it is about.
    search(browser, "two clusters");
    let text = browser.text("document.querySelector('.search-text').textContent");
    assert!(!text.is_empty());
    let site = sites.special();
    browser.open(&site.url("/"));
    open(browser);
    search(browser, "cinnabar quicksilver");
    assert_eq!(results(browser), ["Deep › The well", "Another"]);
    let below = browser.text("document.querySelector('.search-below').getAttribute('href')");
    assert_eq!(below, "/docs/deep/#accordion-another");
}

fn results_are_narrowed_to_a_part_of_the_site(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    browser.open(&site.url("/start/"));
    open(browser);
    search(browser, "include");
    let all = results(browser);
    let click = |name: &str| {
        let chip = format!(
            "[...document.querySelectorAll('.search-chip')].find(chip => chip.textContent.startsWith({}))",
            json!(name)
        );
        browser.wait("the part is offered", &chip);
        browser.eval(&format!("void {chip}.click()"));
        browser.wait("it is chosen", &format!("{chip}?.ariaPressed === 'true'"));
        settle(browser);
    };
    click("Reference");
    let outside = "[...document.querySelectorAll('.search-hit:not(.search-more)')].filter(hit => !hit.pathname.startsWith('/reference/')).length";
    assert_eq!(browser.eval(outside), json!(0));
    assert!(!results(browser).is_empty());
    let count = browser
        .text("[...document.querySelectorAll('.search-chip')].find(chip => chip.ariaPressed === 'true').textContent");
    let pages = status(browser);
    assert_eq!(count.rsplit(' ').next(), pages.split(' ').next(), "{count}, {pages}");
    click("All");
    assert_eq!(results(browser), all);
}

fn another_release_is_searched_on_request(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/gate/1.4.x/install/"));
    open(browser);
    search(browser, "mistral");
    assert_eq!(results(browser), Vec::<String>::new());
    let names = "[...document.querySelectorAll('select.search-chip option')].map(option => option.textContent)";
    assert_eq!(browser.eval(names), json!(["1.4.x", "1.3.x"]));
    let choose = |value: &str| {
        browser.eval(&format!(
            "void (select => {{ select.value = [...select.options].find(option => option.textContent === {}).value;\
             select.dispatchEvent(new Event('change')); }})(document.querySelector('select.search-chip'))",
            json!(value)
        ));
        settle(browser);
    };
    choose("1.3.x");
    browser.wait("its pages are found", "document.querySelectorAll('.search-hit').length === 1");
    assert!(browser.text("document.querySelector('.search-hit').href").ends_with("/docs/gate/1.3.x/install/#fetch-it"));
    search(browser, "cinnabar");
    assert_eq!(results(browser), ["Deep › Another"], "what belongs to no release is found, too");
    // A page of no release looks in the newest, and in another on request.
    browser.open(&site.url("/"));
    open(browser);
    search(browser, "mistral");
    assert_eq!(browser.eval(names), json!(["Newest release", "1.4.x", "1.3.x"]));
    choose("1.3.x");
    browser.wait("its pages are found", "document.querySelectorAll('.search-hit').length === 1");
}

fn another_release_is_searched_in_the_same_language(browser: &Browser, sites: &Sites) {
    let site = sites.variants();
    browser.open(&site.url("/de/gate/1.4.x/einbauen/"));
    open(browser);
    search(browser, "mistral");
    assert_eq!(results(browser), Vec::<String>::new());
    browser.eval(
        "void (select => { select.value = [...select.options].at(-1).value; select.dispatchEvent(new Event('change')); })(document.querySelector('select.search-chip'))",
    );
    settle(browser);
    browser.wait("its pages are found", "document.querySelectorAll('.search-hit').length === 1");
    assert!(browser.text("document.querySelector('.search-hit').pathname").ends_with("/docs/de/gate/1.3.x/einbauen/"));
    // What belongs to no release, and is not translated, is found, too.
    search(browser, "start");
    browser.wait("the start page", "document.querySelector('.search-hit')?.pathname === '/docs/de/'");
}

fn more_pages_come_on_request(browser: &Browser, sites: &Sites) {
    let site = sites.manual();
    browser.open(&site.url("/404.html"));
    open(browser);
    search(browser, "retries");
    let pages = "document.querySelectorAll('.search-title').length";
    assert_eq!(browser.eval(pages), json!(8));
    browser.keys(Key::Up);
    browser.keys(Key::Enter);
    browser.wait("there are more", &format!("{pages} === 24"));
    assert_eq!(browser.eval(OPEN), json!(true));
    search(browser, "timeouts");
    assert_eq!(browser.eval(pages), json!(8), "the next answer is short again");
}

fn names_with_signs_are_told_apart(browser: &Browser, _: &Sites) {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Tongues\n"),
        ("content/index.md", "---\ntitle: Home\n---\nC, C# and C++.\n"),
        ("content/c.md", "---\ntitle: C\n---\nC is old.\n"),
        ("content/sharp.md", "---\ntitle: \"C#\"\n---\nC# came later.\n"),
        ("content/plus.md", "---\ntitle: C++\n---\nIts first name was another.\n"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let server = WebServer::new(&site.path().join("_site"), "");
    browser.open(&server.url("/"));
    open(browser);
    for (typed, expected) in [("C#", vec!["C#", "Home"]), ("c++", vec!["C++", "Home"]), ("first C++", vec!["C++"])] {
        search(browser, typed);
        assert_eq!(results(browser), expected, "{typed}");
    }
    // The letter alone finds all, the page of that name first.
    search(browser, "c");
    assert_eq!(results(browser).len(), 4);
    assert_eq!(results(browser)[0], "C");
    search(browser, "C#");
    assert_eq!(browser.text("document.querySelector('.search-hit mark').textContent"), "C#");
}
