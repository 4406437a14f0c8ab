//! Links to other sites: asks each address once, a few at a time, and keeps the answers for the next run.
//!
//! 1. The addresses of all links and images that leave the site, without what is behind `#`.
//! 2. Those that the cache knows of, and that are not too old, are not asked.
//! 3. The others are asked with `HEAD`, and with `GET` when a server does not like that.
//! 4. What is not there becomes a finding at each place that links to it.
//!
//! The caller reads and writes the cache's text; this module knows the network and not the disk.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use carafe_source::Place;

use crate::diagnostic::{Diagnostic, Finding};
use crate::session::{Inspected, InspectedPage};

/// How to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Questions at a time.
    pub jobs: usize,
    /// Questions at a time to one host.
    pub per_host: usize,
    /// How long an answer may take, redirects included.
    pub timeout: Duration,
    /// How many seconds an answer is believed.
    pub max_age: i64,
    /// The time, in seconds since 1970.
    pub now: i64,
}

impl Options {
    /// The usual options, at this time.
    pub(crate) fn new(now: i64) -> Self {
        Self { jobs: 8, per_host: 2, timeout: Duration::from_secs(10), max_age: 24 * 60 * 60, now }
    }
}

/// What was answered, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cache(BTreeMap<String, Known>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    status: u16,
    asked: i64,
}

impl Cache {
    /// The cache that was written before; an empty one for text that is none.
    pub(crate) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The cache as text.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// What became of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Status(u16),
    Failed(String),
}

/// The findings, and how many addresses were asked. `cache` then holds what is worth keeping: answers about addresses that
/// the site still links to.
pub(crate) fn run(site: &Inspected, cache: &mut Cache, options: &Options) -> (Vec<Finding>, usize) {
    let links = collect(site);
    let fresh = |known: &&Known| (0..options.max_age).contains(&(options.now - known.asked));
    let (mut answers, mut asked) = (BTreeMap::new(), Vec::new());
    for &url in links.keys() {
        match cache.0.get(url).filter(fresh) {
            Some(known) => drop(answers.insert(url, Answer::Status(known.status))),
            None => asked.push(url),
        }
    }
    let count = asked.len();
    for (url, answer) in ask_all(asked, options) {
        if let Answer::Status(status) = answer
            && is_definite(status)
        {
            cache.0.insert(url.to_owned(), Known { status, asked: options.now });
        }
        answers.insert(url, answer);
    }
    cache.0.retain(|url, known| links.contains_key(url.as_str()) && fresh(&&*known));
    let mut findings = Vec::new();
    for (url, places) in &links {
        let Some(diagnostic) = answers.get(url).and_then(|answer| judge(url, answer)) else { continue };
        for (page, place) in places {
            let diagnostic = diagnostic.clone().at(place.span).through(place.calls.clone());
            findings.push((page.path.clone().into(), diagnostic));
        }
    }
    (findings, count)
}

type Links<'s> = BTreeMap<&'s str, Vec<(&'s InspectedPage, &'s Place)>>;

fn collect(site: &Inspected) -> Links<'_> {
    let config = &site.world().config;
    let mut links: Links<'_> = BTreeMap::new();
    for page in &site.pages {
        let targets = page.facts.links.iter().map(|link| (&*link.target, &link.place));
        let images = page.facts.images.iter().map(|image| (&*image.target, &image.place));
        for (target, place) in targets.chain(images) {
            let target = target.trim().split('#').next().unwrap_or_default();
            let own = !config.site.url.is_empty() && target.starts_with(config.site.url.as_str());
            let skipped = config.check.skip.iter().any(|prefix| target.starts_with(prefix.as_str()));
            if !own && !skipped && host(target).is_some_and(is_public) {
                links.entry(target).or_default().push((page, place));
            }
        }
    }
    links
}

/// The host of a web address, with its port.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or(host);
    (!host.is_empty() && !url.contains(char::is_whitespace)).then_some(host)
}

/// Whether a host may be asked: names that stand for others in examples (RFC 2606) and the reader's own machine are not.
fn is_public(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let reserved = ["localhost", "example", "test", "invalid", "local", "example.com", "example.org", "example.net"];
    !reserved.iter().any(|one| name.strip_suffix(one).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Addresses that wait, and how many of each host are being asked.
struct Queue<'u> {
    waiting: Vec<&'u str>,
    busy: BTreeMap<&'u str, usize>,
}

fn ask_all<'u>(urls: Vec<&'u str>, options: &Options) -> Vec<(&'u str, Answer)> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(options.timeout))
        .http_status_as_error(false)
        .user_agent(concat!("carafe/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let workers = options.jobs.clamp(1, urls.len().max(1));
    let queue = Mutex::new(Queue { waiting: urls, busy: BTreeMap::new() });
    let (free, answers) = (Condvar::new(), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(url) = take(&queue, &free, options.per_host) {
                    let answer = ask(&agent, url);
                    answers.lock().unwrap_or_else(PoisonError::into_inner).push((url, answer));
                    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(count) = host(url).and_then(|host| queue.busy.get_mut(host)) {
                        *count -= 1;
                    }
                    free.notify_all();
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The next address whose host is not asked too much already; waits for one. `None` when none is left.
fn take<'u>(queue: &Mutex<Queue<'u>>, free: &Condvar, per_host: usize) -> Option<&'u str> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if queue.waiting.is_empty() {
            return None;
        }
        let is_free =
            |url: &&str| host(url).is_none_or(|host| queue.busy.get(host).is_none_or(|count| *count < per_host));
        if let Some(at) = queue.waiting.iter().position(is_free) {
            let url = queue.waiting.remove(at);
            *queue.busy.entry(host(url).unwrap_or_default()).or_default() += 1;
            return Some(url);
        }
        queue = free.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn ask(agent: &ureq::Agent, url: &str) -> Answer {
    match agent.head(url).call() {
        Ok(response) if response.status().is_success() => Answer::Status(response.status().as_u16()),
        // Not every server knows HEAD, and some break the connection at it.
        _ => match agent.get(url).call() {
            Ok(response) => Answer::Status(response.status().as_u16()),
            Err(error) => Answer::Failed(error.to_string()),
        },
    }
}

/// Whether an answer will be the same tomorrow: not that of a server that is busy or broken.
fn is_definite(status: u16) -> bool {
    status < 500 && status != 429 && status != 408
}

/// What is wrong with an address; nothing when the server wants a login or no programs.
fn judge(url: &str, answer: &Answer) -> Option<Diagnostic> {
    let diagnostic = match answer {
        Answer::Status(status) if *status < 400 || matches!(status, 401 | 403 | 405 | 407 | 429 | 451 | 999) => {
            return None;
        }
        Answer::Status(status @ (404 | 410)) => {
            Diagnostic::error("broken-external-link", format!("`{url}` is not there any more: the answer is {status}"))
        }
        Answer::Status(status) if *status < 500 => {
            Diagnostic::error("broken-external-link", format!("`{url}` cannot be read: the answer is {status}"))
        }
        Answer::Status(status) => {
            Diagnostic::warning("broken-external-link", format!("`{url}` cannot be read now: the answer is {status}"))
        }
        Answer::Failed(error) => Diagnostic::warning(
            "broken-external-link",
            format!("`{url}` cannot be reached: {}", error.trim_end_matches('.')),
        ),
    };
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_web_addresses_are_asked() {
        let asked = |url| host(url).is_some_and(is_public);
        assert!(asked("https://carafe.dev/x") && asked("http://127.0.0.1:80/") && asked("https://u@myexample.com"));
        for url in [
            "mailto:a@b.c",
            "https://example.com/x",
            "http://api.example.org",
            "http://localhost:8000",
            "https://",
            "ftp://a",
        ] {
            assert!(!asked(url), "{url}");
        }
    }

    #[test]
    fn a_busy_server_is_no_error_and_a_foreign_cache_is_empty() {
        let severity = |answer| judge("u", &answer).map(|diagnostic| diagnostic.severity);
        assert_eq!(severity(Answer::Status(403)), None);
        assert_eq!(severity(Answer::Status(404)), Some(crate::diagnostic::Severity::Error));
        assert_eq!(severity(Answer::Status(502)), Some(crate::diagnostic::Severity::Warning));
        for status in [200, 399, 401, 405, 407, 429, 451, 999] {
            assert_eq!(severity(Answer::Status(status)), None, "{status}");
        }
        for (status, error) in
            [(400, true), (402, true), (410, true), (418, true), (499, true), (500, false), (503, false)]
        {
            let wanted = if error { crate::diagnostic::Severity::Error } else { crate::diagnostic::Severity::Warning };
            assert_eq!(severity(Answer::Status(status)), Some(wanted), "{status}");
        }
        assert_eq!(severity(Answer::Failed("no route".to_owned())), Some(crate::diagnostic::Severity::Warning));
        let asked_again = [408, 429, 500, 599].map(is_definite);
        assert_eq!((asked_again, [200, 404, 407, 499].map(is_definite)), ([false; 4], [true; 4]));
        assert_eq!(Cache::parse("[1, 2]"), Cache::default());
        let cache = Cache([("u".to_owned(), Known { status: 200, asked: 5 })].into());
        assert_eq!(Cache::parse(&cache.to_text()), cache);
    }
}
