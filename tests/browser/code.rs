//! Code blocks: what is copied, titles, marks.

use serde_json::json;

use crate::browser::Browser;
use crate::sites::Sites;

crate::tests![
    of_a_console_only_the_commands_are_copied,
    prompts_are_not_copied_whatever_the_session_is_called,
    other_code_is_copied_to_the_byte,
    the_seed_includes_console_is_copied_without_prompts,
    a_button_that_may_not_copy_says_so,
    a_page_is_copied_as_markdown,
    marks_lie_on_their_lines,
    a_wide_block_can_be_scrolled_by_keyboard,
];

fn allow_clipboard(browser: &Browser) {
    browser
        .cdp("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }));
}

/// Presses the copy button at this place and reads the clipboard.
fn copied(browser: &Browser, at: usize) -> String {
    browser.wait("the buttons are there", "document.querySelector('.copy')");
    browser.eval("navigator.clipboard.writeText('nothing yet')");
    browser.eval(&format!("document.querySelectorAll('.copy')[{at}].id = 'copy-{at}'"));
    browser.click(&format!("#copy-{at}"));
    browser
        .wait("the button says what it did", &format!("document.getElementById('copy-{at}').textContent !== 'Copy'"));
    assert_eq!(browser.text(&format!("document.getElementById('copy-{at}').textContent")), "Copied");
    browser.later("navigator.clipboard.readText()").as_str().unwrap().to_owned()
}

fn of_a_console_only_the_commands_are_copied(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    allow_clipboard(browser);
    browser.open(&site.url("/code/"));
    assert_eq!(
        copied(browser, 0),
        "printf 'one\\n' \\\n    --flag\ncat <<EOF\na:\n  b: 1\n\nEOF\nfor f in a b; do\n  echo $f\ndone"
    );
}

fn prompts_are_not_copied_whatever_the_session_is_called(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    allow_clipboard(browser);
    browser.open(&site.url("/code/"));
    for (at, expected) in [(3, "npm install\nnpm run dev"), (4, "npm test"), (5, "dnf install x\nid"), (6, "1+1")] {
        assert_eq!(copied(browser, at), expected);
    }
    // Without colours nothing but the text tells.
    browser.eval("document.querySelectorAll('.content pre code').forEach(code => code.textContent = code.textContent)");
    for (at, expected) in
        [(3, "npm install\nnpm run dev"), (4, "npm test"), (6, "1+1"), (8, "# no prompt here\nnpm test  # twice")]
    {
        assert_eq!(copied(browser, at), expected, "without colours");
    }
}

fn other_code_is_copied_to_the_byte(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    allow_clipboard(browser);
    browser.open(&site.url("/code/"));
    assert_eq!(copied(browser, 1), "a:\n  - b  # two blanks\n\n  - c");
    assert_eq!(copied(browser, 2), "def f():\n    return 1");
    assert_eq!(browser.eval("document.querySelectorAll('.copy').length"), json!(9), "no button on code within text");
    assert_eq!(copied(browser, 7), "a\n  b", "code that nobody colours");
    assert_eq!(copied(browser, 8), "# no prompt here\nnpm test  # twice");
}

fn the_seed_includes_console_is_copied_without_prompts(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    allow_clipboard(browser);
    browser.open(&site.url("/guides/create-a-service/"));
    browser.wait("the buttons are there", "document.querySelector('.copy')");
    let last = browser.eval("document.querySelectorAll('.copy').length - 1").as_u64().unwrap();
    let text = copied(browser, usize::try_from(last).unwrap());
    assert_eq!(text, "kubectl get kongservice shop");
}

fn a_button_that_may_not_copy_says_so(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/code/"));
    browser.wait("the buttons are there", "document.querySelector('.copy')");
    browser.eval("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
    browser.eval("document.execCommand = () => false");
    browser.click(".copy");
    browser.wait("it says that it may not", "document.querySelector('.copy').textContent === 'Not allowed'");
    browser.wait("it goes back", "document.querySelector('.copy').textContent === 'Copy'");
}

fn a_page_is_copied_as_markdown(browser: &Browser, sites: &Sites) {
    let site = sites.own();
    allow_clipboard(browser);
    browser.open(&site.url("/writing/pages/"));
    let said = |text: &str| format!("document.querySelector('[data-copy-markdown]').textContent === '{text}'");
    browser.wait("the button is there", "document.querySelector('[data-copy-markdown]')?.checkVisibility()");
    browser.eval("navigator.clipboard.writeText('nothing yet')");
    browser.click("[data-copy-markdown]");
    browser.wait("it says what it did", &said("Copied"));
    let copied = browser.later("navigator.clipboard.readText()").as_str().unwrap().to_owned();
    assert!(copied.starts_with("# Pages\n\n> "), "{copied}");
    assert_eq!(
        copied,
        browser
            .later("fetch(document.querySelector('link[type=\"text/markdown\"]').href).then(answer => answer.text())")
            .as_str()
            .unwrap()
    );
    browser.wait("it goes back", &said("Copy page as Markdown"));
    // What is not there is no text.
    browser.eval("window.fetch = () => Promise.resolve({ ok: false, statusText: 'no' })");
    browser.click("[data-copy-markdown]");
    browser.wait("it says that there is none", &said("Page not found"));
}

fn marks_lie_on_their_lines(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.open(&site.url("/code/"));
    assert_eq!(browser.text("document.querySelector('figure.code figcaption').textContent"), "main.py");
    // The second line holds `return`.
    let word = "(() => { const range = document.createRange(); const all = document.createTreeWalker(\
                document.querySelector('figure.code code'), NodeFilter.SHOW_TEXT); \
                while (all.nextNode()) if (all.currentNode.data.includes('return')) { range.selectNode(all.currentNode); \
                return range.getBoundingClientRect(); } })()";
    let mark = "document.querySelector('.code-mark').getBoundingClientRect()";
    let inside =
        format!("(w => m => m.top <= w.top && w.bottom <= m.bottom && m.height < 2 * w.height)({word})({mark})");
    assert_eq!(browser.eval(&inside), json!(true), "{}", browser.eval(&format!("[{word}, {mark}]")));
}

fn a_wide_block_can_be_scrolled_by_keyboard(browser: &Browser, sites: &Sites) {
    let site = sites.special();
    browser.resize(320, 800);
    browser.open(&site.url("/long/"));
    let wide = "[...document.querySelectorAll('.content pre')].filter(p => p.scrollWidth > p.clientWidth)";
    assert_eq!(browser.eval(&format!("{wide}.length > 0 && {wide}.every(p => p.tabIndex === 0)")), json!(true));
    browser.focus(".content pre");
    browser.keys(thirtyfour::Key::Right);
    browser.wait("the block scrolls", "document.querySelector('.content pre').scrollLeft > 0");
}
