//! A headless Chromium, driven through chromedriver. What it does is said in calls that wait for their end.
//!
//! Nothing sleeps for a fixed time: [`Browser::wait`] asks for a condition until it holds, and fails with what it waited for.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, TypingData};
use tokio::runtime::Runtime;

/// How long a condition may take to come true. Only tests that fail wait that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The theme's script has run on the page that is loaded.
const READY: &str = "document.readyState === 'complete' && 'ready' in document.documentElement.dataset";

/// A click finds its target only where nothing scrolls by itself.
const STILL: [(&str, &str); 1] = [("prefers-reduced-motion", "reduce")];

/// The browser. It goes away with this value.
pub(crate) struct Browser {
    runtime: Runtime,
    driver: Option<WebDriver>,
    chromedriver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts chromedriver and Chromium.
    ///
    /// # Panics
    /// When one of them is not installed or does not start.
    pub(crate) fn start() -> Self {
        let mut chromedriver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("chromedriver does not start ({error}): install chromium and chromium-driver")
            });
        let mut lines = BufReader::new(chromedriver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok())
            .expect("chromedriver says its port");
        // Whoever fills a pipe that nobody reads stops.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(&profile));
        let driver = runtime.block_on(session);
        let mut browser = Self { runtime, driver: None, chromedriver, _profile: profile };
        browser.driver = Some(driver.unwrap_or_else(|error| panic!("Chromium does not start: {error}")));
        browser.cdp("Page.enable", json!({}));
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCHER }));
        browser
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().unwrap()
    }

    /// Goes to an address and waits until the theme's script has run.
    pub(crate) fn open(&self, url: &str) {
        self.go(url);
        self.wait("the theme's script has run", READY);
    }

    /// Goes to an address and waits until it is loaded.
    pub(crate) fn go(&self, url: &str) {
        // From an empty page, so that an anchor on the page before is a new page too.
        self.leave();
        self.start_going(url);
        self.wait("the page is loaded", "location.href !== 'about:blank' && document.readyState === 'complete'");
    }

    /// Goes to an empty page.
    pub(crate) fn leave(&self) {
        self.start_going("about:blank");
        self.wait("the page before is left", "location.href === 'about:blank'");
    }

    /// Goes to an address and does not wait for anything.
    pub(crate) fn start_going(&self, url: &str) {
        self.runtime.block_on(self.driver().goto(url)).unwrap();
    }

    /// Loads the page again.
    pub(crate) fn reload(&self) {
        self.eval("window.before = true");
        self.runtime.block_on(self.driver().refresh()).unwrap();
        self.wait("the page is there anew", &format!("!window.before && {READY}"));
    }

    /// The value of a JavaScript expression.
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        let result = self.runtime.block_on(self.driver().execute(script, vec![]));
        result.unwrap_or_else(|error| panic!("{expression}: {error}")).json().clone()
    }

    /// The value of an expression that is a text.
    pub(crate) fn text(&self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_default().to_owned()
    }

    /// The value of a promise.
    pub(crate) fn later(&self, promise: &str) -> Value {
        let script =
            format!("const done = arguments[0]; Promise.resolve({promise}).then(done, e => done('failed: ' + e));");
        let result = self.runtime.block_on(self.driver().execute_async(script, vec![]));
        result.unwrap_or_else(|error| panic!("{promise}: {error}")).json().clone()
    }

    /// Waits until an expression is true.
    pub(crate) fn wait(&self, what: &str, expression: &str) {
        let started = Instant::now();
        let script = format!("return Boolean({expression});");
        loop {
            let result = self.runtime.block_on(self.driver().execute(&*script, vec![]));
            match result.map(|value| value.json().clone()) {
                Ok(Value::Bool(true)) => return,
                // The page may be on its way to another.
                Ok(_) | Err(_) if started.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(10)),
                other => panic!("waited in vain until {what}: {expression} is {other:?}"),
            }
        }
    }

    /// Presses keys, one after another, wherever the focus is.
    pub(crate) fn keys(&self, keys: impl Into<TypingData>) {
        self.runtime.block_on(self.driver().action_chain().send_keys(keys).perform()).unwrap();
    }

    /// Presses a key while another is held.
    pub(crate) fn chord(&self, held: Key, key: char) {
        let chain = self.driver().action_chain().key_down(held.clone()).key_down(key).key_up(key).key_up(held);
        self.runtime.block_on(chain.perform()).unwrap();
    }

    /// Clicks with the mouse on the middle of an element, which is scrolled into view before.
    pub(crate) fn click(&self, selector: &str) {
        self.runtime.block_on(async {
            let element = self.driver().find(By::Css(selector)).await;
            let element = element.unwrap_or_else(|error| panic!("{selector}: {error}"));
            element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        });
    }

    /// Moves the mouse to a point of what is seen.
    pub(crate) fn point(&self, x: i64, y: i64) {
        self.runtime.block_on(self.driver().action_chain().move_to(x, y).perform()).unwrap();
    }

    /// Sends the focus to an element.
    pub(crate) fn focus(&self, selector: &str) {
        self.eval(&format!("document.querySelector({}).focus()", json!(selector)));
    }

    /// Calls the browser's own protocol.
    pub(crate) fn cdp(&self, method: &str, parameters: Value) -> Value {
        let result = self.runtime.block_on(self.driver().cdp().send_raw(method, parameters));
        result.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The size of what a page can cover.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", size);
    }

    /// The medium, `screen` or `print`, and what the reader prefers; always that nothing moves by itself.
    pub(crate) fn media(&self, medium: &str, preferences: &[(&str, &str)]) {
        let features: Vec<Value> =
            preferences.iter().chain(&STILL).map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    /// Whether pages may run scripts.
    pub(crate) fn scripts(&self, allowed: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !allowed }));
    }

    /// Writes what is seen to a file.
    pub(crate) fn screenshot(&self, path: &std::path::Path) {
        self.runtime.block_on(self.driver().screenshot(path)).unwrap();
    }

    /// Puts everything back that a test may have changed, and forgets what was logged.
    pub(crate) fn reset(&self) {
        self.scripts(true);
        self.cdp("Network.clearBrowserCookies", json!({}));
        self.media("", &[("prefers-color-scheme", "light")]);
        self.resize(1280, 800);
        self.leave();
        self.problems();
    }

    /// What the console complained about since the last call, and requests to other hosts.
    pub(crate) fn problems(&self) -> Vec<String> {
        let log = |kind: &str| self.runtime.block_on(self.driver().get_log(kind)).unwrap();
        let bad = |level: &str| matches!(level, "SEVERE" | "WARNING");
        let mut problems: Vec<String> =
            log("browser").into_iter().filter(|entry| bad(&entry.level)).map(|entry| entry.message).collect();
        for entry in log("performance") {
            let event: Value = serde_json::from_str(&entry.message).unwrap();
            let url = event["message"]["params"]["request"]["url"].as_str().unwrap_or("data:");
            let near = ["http://127.0.0.1:", "data:", "blob:", "about:"].iter().any(|start| url.starts_with(start));
            if event["message"]["method"] == "Network.requestWillBeSent" && !near {
                problems.push(format!("a request to {url}"));
            }
        }
        problems
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
    }
}

/// Counts what moves after it was shown, and notes the colours of the first picture.
const WATCHER: &str = "
    window.shifted = 0;
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            if (entry.hadRecentInput) continue;
            window.shifted += entry.value;
            window.shifts.push(entry.sources.map(source => source.node?.outerHTML?.slice(0, 120)));
        }
    }).observe({ type: 'layout-shift', buffered: true });
    const look = () => {
        if (!document.body) return requestAnimationFrame(look);
        window.firstGround = getComputedStyle(document.body).backgroundColor;
    };
    requestAnimationFrame(look);
";

fn capabilities(profile: &tempfile::TempDir) -> Capabilities {
    let binary = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| {
        let folders = std::env::var_os("PATH")?;
        std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file: &PathBuf| file.is_file())
    });
    let binary = binary.expect("no Chromium here: install the package chromium");
    let profile = format!("--user-data-dir={}", profile.path().display());
    let capabilities = json!({
        "browserName": "chrome",
        // Whoever goes somewhere says what to wait for.
        "pageLoadStrategy": "none",
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "goog:chromeOptions": {
            "binary": binary,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--force-color-profile=srgb", profile,
            ],
        },
    });
    let Value::Object(capabilities) = capabilities else { unreachable!("an object was written above") };
    capabilities.into()
}
