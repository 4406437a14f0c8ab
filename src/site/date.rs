//! Dates in front matter and file names.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

/// A date as authors write it: `2024-01-31`, `2024-01-31 10:00`, with seconds, with `am` or `pm`, with an offset (`+0100`, `+01:00`, `Z`,
/// `UTC`) or without (then in `zone`). `None` when it is not a date.
pub(crate) fn parse_date(text: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let date = civil_date(&text[..end])?;
    let rest = text[end..].trim_start_matches(['T', 't', ' ']).trim();
    let (clock, offset) = split_offset(rest);
    let time = if clock.is_empty() { Time::midnight() } else { civil_time(clock)? };
    let local = DateTime::from_parts(date, time);
    match offset {
        None => local.to_zoned_datetime(zone.clone()).ok(),
        Some(minutes) => {
            let seconds = minutes.checked_mul(60)?;
            let offset = Offset::from_seconds(seconds).ok()?;
            let timestamp: Timestamp = offset.to_timestamp(local).ok()?;
            Some(timestamp.to_zoned_datetime(zone.clone()))
        }
    }
}

/// `2024-01-31`, also with one digit for month and day.
pub(super) fn civil_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut number = || parts.next()?.trim().parse::<i16>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn civil_time(text: &str) -> Option<Time> {
    let half = |name: &str| {
        let (clock, end) = text.split_at_checked(text.len().checked_sub(2)?)?;
        end.eq_ignore_ascii_case(name).then(|| clock.trim_end())
    };
    let (text, noon) = match (half("am"), half("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text, None),
    };
    let text = text.split('.').next()?;
    let mut parts = text.split(':');
    let mut number = |needed: bool| match parts.next() {
        Some(part) => part.parse::<i8>().ok(),
        None if needed => None,
        None => Some(0),
    };
    let (hour, minute, second) = (number(true)?, number(noon.is_none())?, number(false)?);
    let hour = match noon {
        Some(noon) if hour <= 12 => hour % 12 + noon,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// Splits the offset off; it is in minutes.
fn split_offset(text: &str) -> (&str, Option<i32>) {
    for name in ["Z", "UTC", "GMT"] {
        if let Some(clock) = text.strip_suffix(name) {
            return (clock.trim_end(), Some(0));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else { return (text, None) };
    let digits: String = text[at + 1..].chars().filter(char::is_ascii_digit).collect();
    let minutes = match digits.len() {
        // One digit is no offset for Ruby.
        2 => digits.parse::<i32>().ok().map(|hours| hours * 60),
        4 => digits.parse::<i32>().ok().map(|both| both / 100 * 60 + both % 100),
        _ => None,
    };
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    (text[..at].trim_end(), minutes.map(|minutes| sign * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_and_without_time_and_offset() {
        let at = |text| parse_date(text, &TimeZone::UTC).map(|date| date.to_string());
        assert_eq!(at("2024-01-31").as_deref(), Some("2024-01-31T00:00:00+00:00[UTC]"));
        assert_eq!(at("2024-01-31 10:05").as_deref(), Some("2024-01-31T10:05:00+00:00[UTC]"));
        assert_eq!(at("2024-01-31 10:05:09 +0130").as_deref(), Some("2024-01-31T08:35:09+00:00[UTC]"));
        assert_eq!(at("2024-01-31T10:05:09Z").as_deref(), Some("2024-01-31T10:05:09+00:00[UTC]"));
        assert_eq!(at("2024-13-31"), None);
        assert_eq!((at("soon"), at(""), at("2024-01"), at("2024-01-31é")), (None, None, None, None));
        assert_eq!((at("2024-01-31 pm"), at("2024-01-31 25 pm")), (None, None));
        assert_eq!(at("2024-01-31 25:00"), None);
    }
}
