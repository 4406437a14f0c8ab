//! Where a build's time went.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Times of a build. Nothing of it ever reaches the output.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Wall time of each stage, in order.
    pub stages: Vec<(&'static str, Duration)>,
    /// The pages that took longest, the slowest first.
    pub slowest: Vec<(Arc<str>, Duration)>,
    /// Wall time of the whole build.
    pub total: Duration,
}

impl Profile {
    /// Runs `work` as the stage `name`.
    pub(crate) fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        self.stages.push((name, started.elapsed()));
        result
    }

    /// Adds a stage that took this long.
    pub fn add(&mut self, name: &'static str, time: Duration) {
        self.stages.push((name, time));
        self.total += time;
    }

    /// Keeps the ten slowest pages.
    pub(crate) fn slowest(&mut self, mut times: Vec<(Arc<str>, Duration)>) {
        times.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        times.truncate(10);
        self.slowest = times;
    }

    pub(crate) fn total(&mut self, total: Duration) {
        self.total = total;
    }
}
