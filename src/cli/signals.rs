//! What is done when the program is told to end while it builds.

use crate::output::Staged;

/// From now on, a program that is told to end (`SIGINT`, `SIGTERM`) takes away what is staged first, and waits for a publishing
/// that has begun. It then ends as one that is not asked does, so that whoever has started it sees the signal. A signal that
/// the program was started to ignore stays ignored. Where signals cannot be looked after, the next build takes away what is
/// staged.
#[cfg(unix)]
pub(super) fn on_end(staged: &Staged) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let wanted = [SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
    let Ok(mut signals) = signal_hook::iterator::Signals::new(wanted) else { return };
    let staged = staged.clone();
    let wait = move || {
        for signal in signals.forever() {
            let _held = staged.abandon();
            // It does not come back.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(wait);
}

/// Whether the program was started to ignore this signal, as in the background of a script; known on Linux alone.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).ok().and_then(|bit| mask.checked_shr(bit)).is_some_and(|rest| rest & 1 == 1)
}

/// Other systems end the program at once; the next build takes away what is staged.
#[cfg(not(unix))]
pub(super) fn on_end(_: &Staged) {}
