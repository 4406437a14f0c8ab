//! The gallery of includes: its controls, its search, what is copied; in the preview and as files.

use serde_json::json;

use crate::accessibility::judge;
use crate::browser::Browser;
use crate::preview::Server;
use crate::sites::Sites;
use crate::support::{SiteFolder, run};
use crate::web_server::WebServer;

crate::tests![
    a_control_renders_and_gives_the_call_to_copy,
    what_was_tried_stays_when_the_include_changes,
    the_calls_of_files_are_those_of_the_preview,
    the_search_finds_names_and_parameters,
    no_page_of_the_gallery_breaks_a_rule,
    frames_are_as_high_as_what_they_show,
    callers_come_later_and_follow_what_is_written,
    tags_are_written_alike_by_both,
];

const HELP: &str = "{% doc %}
  Where help is.
  @param {string} name - Who is asked.
  @param {boolean} [loud=false]
  @param {number} [count]
  @param {array} [list]
  @param {\"de\"|\"en\"} [language=en]
  @deprecated count Nobody counts.
  @example
  {% include people/help.md name=\"Ann\" %}
{% enddoc -%}
<p class=\"help\" lang=\"{{ include.language }}\">Ask {{ include.name | escape }}{% if include.loud %}!{% endif %}</p>
";

fn site() -> SiteFolder {
    let fruit = "{% doc %}\n  Fruit of all kinds.\n  @param {string} [sort]\n  @deprecated Eat nuts.\n  @example\n  {% include fruit.md %}\n{% enddoc -%}\n- Pear\n- Äpfel {{ include.sort }}\n";
    SiteFolder::new(&[
        ("carafe.yml", "title: Gallery\n"),
        (
            "content/index.md",
            "---\ntitle: Home\n---\n{% include people/help.md name=\"Bob\" %}\n{% include fruit.md %}\n",
        ),
        ("includes/people/help.md", HELP),
        ("includes/fruit.md", fruit),
        (
            "includes/tall.md",
            "{% doc %}\n@example\n{% include tall.md %}\n{% enddoc -%}\n<div style=\"height: 700px\">tall</div>\n",
        ),
        (
            "tests/includes/help.yml",
            "include: people/help.md\ncases:\n  - {name: loud, params: {name: Dan, loud: true}}\n",
        ),
    ])
}

/// Serves the site and shows a page of its gallery.
fn preview(browser: &Browser, path: &str, test: impl FnOnce(&SiteFolder, &Server)) {
    let site = site();
    let server = Server::start(&site, &["-P", "0"]);
    browser.resize(1280, 900);
    browser.open(&server.url(&format!("/__carafe/gallery/{path}")));
    browser.wait("the page follows the server", "document.documentElement.dataset.carafe === 'following'");
    test(&site, &server);
    browser.leave();
}

/// Says something to a control, as its reader does.
fn set(browser: &Browser, name: &str, value: &str) {
    let set = match value {
        "true" | "false" => format!("c.checked = {value}"),
        value => format!("c.value = {}", json!(value)),
    };
    browser.eval(&format!(
        "(() => {{ const c = document.querySelector('[name=\"{name}\"]'); {set}; c.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ));
}

fn call(browser: &Browser) -> String {
    browser.text("document.querySelector('[data-call] code').textContent")
}

/// What the frame of the call shows.
const SHOWN: &str = "document.querySelector('[data-stage]').querySelectorAll('iframe').length === 1 && document.querySelector('[data-stage] iframe').contentDocument?.querySelector('.help')?.textContent";

fn shows(browser: &Browser, text: &str) {
    browser.wait(&format!("the frame shows `{text}`"), &format!("({SHOWN}) === {}", json!(text)));
}

fn a_control_renders_and_gives_the_call_to_copy(browser: &Browser, _: &Sites) {
    preview(browser, "includes/people/help.md/", |_, _| {
        shows(browser, "Ask Ann");
        assert_eq!(call(browser), "{% include people/help.md name=\"Ann\" %}");
        browser.click("label[for=p1]");
        shows(browser, "Ask Ann!");
        set(browser, "language", "de");
        set(browser, "name", "\"><script>parent.hacked = true</script>");
        shows(browser, "Ask \"><script>parent.hacked = true</script>!");
        assert_eq!(browser.eval("window.hacked ?? null"), json!(null));
        let wanted =
            "{% include people/help.md name='\"><script>parent.hacked = true</script>' loud=true language=\"de\" %}";
        assert_eq!(call(browser), wanted);
        browser.eval("navigator.clipboard.writeText = async text => { window.copied = text }");
        browser.click(".try [data-copy]");
        browser.wait("it says that it copied", "document.querySelector('.try [data-copy]').textContent === 'Copied'");
        assert_eq!(browser.text("window.copied"), wanted);
        browser.click("[type=reset]");
        shows(browser, "Ask Ann");
        assert_eq!(call(browser), "{% include people/help.md name=\"Ann\" %}");
        // The frame is narrow when that is asked for.
        browser.click("[data-width='360px']");
        browser.wait("the frame is narrow", "document.querySelector('iframe').getBoundingClientRect().width <= 360");
    });
}

fn what_was_tried_stays_when_the_include_changes(browser: &Browser, _: &Sites) {
    preview(browser, "includes/people/help.md/", |site, _| {
        set(browser, "name", "Zoë");
        shows(browser, "Ask Zoë");
        site.write("includes/people/help.md", HELP.replace(">Ask", ">Do ask"));
        shows(browser, "Do ask Zoë");
        assert_eq!(browser.text("document.querySelector('[name=name]').value"), "Zoë");
    });
}

fn the_calls_of_files_are_those_of_the_preview(browser: &Browser, _: &Sites) {
    let site = site();
    assert_eq!(run(&["gallery", "-s", site.path().to_str().unwrap()]).code, 0);
    let (files, server) = (WebServer::new(&site.path().join("_gallery"), ""), Server::start(&site, &["-P", "0"]));
    let texts = [
        "plain",
        "a \" quote",
        "a ' quote",
        "both \" and '",
        "%} out",
        "{{ site.title }}",
        "{% endraw %}",
        "{%- endraw -%}{%",
        "back\\slash",
        "ends 50%",
        "3",
        "-2.5",
        "1.",
        "page.list",
        "page.1",
        "true",
        "",
        " ",
        "größe",
        "}}",
        "{",
    ];
    let calls = |browser: &Browser, url: &str, live: bool| -> Vec<String> {
        browser.open(url);
        let one = |text: &&str| {
            for name in ["name", "count", "list"] {
                browser.eval(&format!("document.querySelector('[name={name}]').value = {}", json!(text)));
            }
            if live {
                browser.eval("window.shown = false, addEventListener('carafe-shown', () => { window.shown = true }, { once: true })");
            }
            browser.eval("document.querySelector('[name=name]').dispatchEvent(new Event('input', { bubbles: true }))");
            if live {
                browser.wait("the server answers", "window.shown");
            }
            call(browser)
        };
        texts.iter().map(one).collect()
    };
    let written = calls(browser, &files.url("/includes/people/help.md/"), false);
    assert_eq!(written, calls(browser, &server.url("/__carafe/gallery/includes/people/help.md/"), true));
    assert_eq!(written[0], "{% include people/help.md name=\"plain\" count=\"plain\" list=plain %}");
    browser.leave();
}

fn the_search_finds_names_and_parameters(browser: &Browser, _: &Sites) {
    preview(browser, "", |_, _| {
        let visible = "[...document.querySelectorAll('[data-find]')].filter(item => item.checkVisibility()).map(item => item.querySelector('.name').textContent)";
        assert_eq!(browser.eval(visible), json!(["fruit.md", "tall.md", "help.md"]));
        browser.keys("/");
        for (typed, found) in [
            ("people", json!(["help.md"])),
            ("LANGUAGE name", json!(["help.md"])),
            ("kinds", json!(["fruit.md"])),
            ("nothing", json!([])),
        ] {
            set_search(browser, typed);
            assert_eq!(browser.eval(visible), found, "{typed}");
        }
        assert_eq!(browser.eval("document.activeElement.type"), "search");
        assert_eq!(browser.text("document.querySelector('[data-found]').textContent"), "0 of 3");
        assert!(browser.eval("document.querySelector('[data-none]').checkVisibility()") == true);
        set_search(browser, "fruit");
        browser.keys(thirtyfour::Key::Enter);
        browser.wait(
            "the include's page",
            "location.pathname.endsWith('/includes/fruit.md/') && document.readyState === 'complete'",
        );
    });
}

fn set_search(browser: &Browser, text: &str) {
    browser.eval(&format!(
        "(() => {{ const s = document.querySelector('[data-search]'); s.value = {}; s.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()",
        json!(text)
    ));
}

fn no_page_of_the_gallery_breaks_a_rule(browser: &Browser, _: &Sites) {
    let site = site();
    assert_eq!(run(&["gallery", "-s", site.path().to_str().unwrap()]).code, 0);
    let files = WebServer::new(&site.path().join("_gallery"), "");
    let mut wrong = Vec::new();
    for path in ["/", "/includes/people/help.md/", "/includes/fruit.md/"] {
        judge(browser, &files.url(path), &[1280, 320], &mut wrong);
        // Nothing is cut off at the side.
        let over = browser.eval("document.documentElement.scrollWidth - innerWidth");
        assert!(over.as_i64().is_some_and(|over| over <= 0), "{path}: {over}");
    }
    let server = Server::start(&site, &["-P", "0"]);
    judge(browser, &server.url("/__carafe/gallery/includes/people/help.md/"), &[1280], &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.leave();
}

fn frames_are_as_high_as_what_they_show(browser: &Browser, _: &Sites) {
    preview(browser, "includes/tall.md/", |_, _| {
        let height = "document.querySelector('[data-stage] iframe').getBoundingClientRect().height";
        browser.wait("the frame is high enough", &format!("{height} > 700 && {height} < 800"));
        // From right to left everything stands on the other side, and nothing beside the window.
        browser.eval("document.documentElement.dir = 'rtl'");
        let side =
            "document.querySelector('.sidebar').getBoundingClientRect().right - document.documentElement.clientWidth";
        browser.wait("the list stands at the right", &format!("Math.abs({side}) < 2"));
    });
}

fn callers_come_later_and_follow_what_is_written(browser: &Browser, _: &Sites) {
    preview(browser, "includes/fruit.md/", |site, _| {
        browser.wait("what is gathered", "'gathered' in document.documentElement.dataset");
        let callers = "document.querySelector('[aria-labelledby=callers]').textContent";
        browser.wait("a caller", &format!("{callers}.includes('Home')"));
        set(browser, "sort", "Boskop");
        browser.wait("the page to follow", "document.documentElement.dataset.carafe === 'following'");
        site.write("content/more.md", "---\ntitle: More fruit\n---\n{% include fruit.md %}\n");
        browser.wait("the new caller", &format!("{callers}.includes('More fruit')"));
        // What was tried is still there: only what has changed was taken anew.
        browser.wait("what was tried", "document.querySelector('[name=sort]').value === 'Boskop' && performance.getEntriesByType('navigation')[0].type === 'navigate'");
    });
}

fn tags_are_written_alike_by_both(browser: &Browser, _: &Sites) {
    let site = site();
    site.write(
        "includes/tags/task.html",
        "---\ntag: {kind: block, markup: title, content: markdown, params: {open: false, hint: null}}\n---\n<p class=\"help\">{{ title | escape }}</p>{{ content }}\n",
    );
    assert_eq!(run(&["gallery", "-s", site.path().to_str().unwrap()]).code, 0);
    let (files, server) = (WebServer::new(&site.path().join("_gallery"), ""), Server::start(&site, &["-P", "0"]));
    let calls = |url: &str, live: bool| -> Vec<String> {
        browser.open(url);
        let one = |(title, hint, content): (&str, &str, &str)| {
            for (name, value) in [("title", title), ("hint", hint), ("content", content)] {
                browser.eval(&format!("document.querySelector('[name={name}]').value = {}", json!(value)));
            }
            if live {
                browser.eval("window.shown = false, addEventListener('carafe-shown', () => { window.shown = true }, { once: true })");
            }
            set(browser, "open", "true");
            if live {
                browser.wait("the server answers", "window.shown");
            }
            call(browser)
        };
        [("Größe  und  Maß ", "", "one\n\ntwo\n"), ("%} x", "a \" and '", "\n\n  {{ site.title }}"), ("", "50%", "")]
            .map(one)
            .to_vec()
    };
    let written = calls(&files.url("/includes/tags/task.html/"), false);
    assert_eq!(written, calls(&server.url("/__carafe/gallery/includes/tags/task.html/"), true));
    assert_eq!(written[0], "{% task Größe und Maß open=true %}\none\n\ntwo\n{% endtask %}");
    browser.leave();
}
