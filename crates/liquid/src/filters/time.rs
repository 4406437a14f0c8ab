//! Texts and numbers as times, in the forms that Ruby's `Time.parse` reads.
//!
//! 1. The weekday, then the time of day with its zone are found and blanked out.
//! 2. The first form of a date that fits the rest wins: `14 March 2016`, `March 14, 2016`, `2016-03-14`, `14-Mar-2016`,
//!    `2016/03/14`, `14.3.2016`, `2016-074`, a month, a day, `20160314T1011`.
//! 3. What is missing in front comes from the present, what is missing behind is the first of its kind.

mod scan;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime as Zoned};

use crate::convert;
use crate::value::Value;

use scan::{Scan, search};

/// What a text's time may need beside the text.
pub(super) struct Clock<'c> {
    /// The site's time zone.
    pub zone: TimeZone,
    /// The build's time, in that zone; asked only when it makes a difference.
    pub now: &'c dyn Fn() -> Zoned,
}

/// The time that a value stands for: a time itself, `now` and `today`, seconds since 1970 (as a number or digits), or a
/// text in one of the usual forms. `None` for all else. Without a zone of its own it is in the clock's.
pub(super) fn to_time(value: &Value, clock: &Clock<'_>) -> Option<Zoned> {
    match convert::resolve(value) {
        Value::Time(time) => Some(Zoned::clone(&time)),
        Value::Int(seconds) => from_seconds(i64::try_from(seconds).ok()?, clock),
        Value::Str(text) => match text.to_ascii_lowercase().as_str() {
            "" => None,
            "now" | "today" => Some((clock.now)()),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => from_seconds(digits.parse().ok()?, clock),
            text => parse(text, clock),
        },
        _ => None,
    }
}

fn from_seconds(seconds: i64, clock: &Clock<'_>) -> Option<Zoned> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned_datetime(clock.zone.clone()))
}

#[derive(Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    nanosecond: i64,
    zone: Option<Offset>,
}

/// Longer texts than this are no times; what Ruby's own parser refuses too.
const LENGTH: usize = 128;

fn parse(text: &str, clock: &Clock<'_>) -> Option<Zoned> {
    if text.len() > LENGTH {
        return None;
    }
    let plain = |byte: u8| if byte.is_ascii_alphanumeric() || b"-+',./:@[]".contains(&byte) { byte } else { b' ' };
    let mut text: Vec<u8> = text.bytes().map(plain).collect();
    let mut found = Found::default();
    blank_weekday(&mut text);
    find_time(&mut text, &mut found);
    let forms: [fn(&mut Vec<u8>, &mut Found) -> bool; 9] =
        [day_month, month_day, dashes, slashes, dots, year_and_day, month_alone, day_alone, compact];
    let _ = forms.iter().any(|form| form(&mut text, &mut found));
    lone_number(&text, &mut found);
    found.build(clock)
}

fn blank_weekday(text: &mut Vec<u8>) {
    const DAYS: [&[u8]; 7] = [b"sun", b"mon", b"tue", b"wed", b"thu", b"fri", b"sat"];
    let _ = search(text, |scan| {
        let name = scan.text.get(scan.at..scan.at + 3)?;
        if !scan.word_starts() || !DAYS.contains(&name) {
            return None;
        }
        scan.skip(|byte| !matches!(byte, b'-' | b'/' | b' ' | b'0'..=b'9'));
        Some(())
    });
}

/// `10:11:12.5 pm +02:00`, `10h30`, `5pm`.
fn find_time(text: &mut Vec<u8>, found: &mut Found) {
    let time = search(text, |scan| {
        let mut time = Found { hour: Some(scan.digits()?.parse().ok()?), ..Found::default() };
        let has_minutes = minutes(scan, &mut time);
        let has_half = meridian(scan, &mut time);
        if !has_minutes && !has_half {
            return None;
        }
        time.zone = zone(scan);
        Some(time)
    });
    if let Some(time) = time {
        *found = time;
    }
}

fn minutes(scan: &mut Scan<'_>, time: &mut Found) -> bool {
    let mut next = *scan;
    next.spaces();
    let colon = next.eat(b':');
    if !colon && !next.eat(b'h') {
        return false;
    }
    next.spaces();
    let Some(minute) = next.digits().and_then(|digits| digits.parse().ok()) else {
        // `10h` is a time, `10:` is none.
        if !colon && next.word_ends() {
            *scan = next;
        }
        return !colon && scan.at == next.at;
    };
    time.minute = Some(minute);
    next.eat(b'm');
    *scan = next;
    next.spaces();
    if colon && !next.eat(b':') {
        return true;
    }
    next.spaces();
    if let Some(second) = next.digits().and_then(|digits| digits.parse().ok()) {
        time.second = Some(second);
        next.eat(b's');
        *scan = next;
        if next.eat(b'.') || next.eat(b',') {
            let digits = next.digits().unwrap_or_default();
            let digits = digits.get(..9).unwrap_or(digits);
            time.nanosecond = format!("{digits:0<9}").parse().unwrap_or(0);
            *scan = next;
        }
    }
    true
}

fn meridian(scan: &mut Scan<'_>, time: &mut Found) -> bool {
    let mut next = *scan;
    next.spaces();
    let afternoon = next.eat(b'p');
    if !afternoon && !next.eat(b'a') {
        return false;
    }
    let dotted = next.eat(b'.');
    if !next.eat(b'm') || dotted && !next.eat(b'.') || !dotted && !next.word_ends() {
        return false;
    }
    time.hour = time.hour.map(|hour| hour % 12 + if afternoon { 12 } else { 0 });
    *scan = next;
    true
}

/// The zones that Ruby knows by name, in hours from UTC.
const ZONES: [(&str, i8); 12] = [
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

fn zone(scan: &mut Scan<'_>) -> Option<Offset> {
    let mut next = *scan;
    next.spaces();
    if let Some(sign) = next.peek().filter(|byte| matches!(byte, b'+' | b'-')) {
        next.at += 1;
        let digits = next.digits()?;
        let minutes = if next.eat(b':') { next.digits() } else { None };
        *scan = next;
        let (hours, minutes) = match (digits.len(), minutes) {
            (2, minutes) => (digits, minutes.unwrap_or("0")),
            (4, None) => digits.split_at(2),
            // Too short to be an offset: read over, as Ruby does.
            _ => return None,
        };
        let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()?.min(60) * 60;
        if seconds >= 24 * 3600 {
            return None;
        }
        return Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok();
    }
    let word = next.skip(|byte| byte.is_ascii_alphabetic());
    let (_, hours) = ZONES.iter().find(|(name, _)| name.as_bytes() == word)?;
    *scan = next;
    Offset::from_hours(*hours).ok()
}

/// Sorts out which of three numbers is the year, the month and the day, by their forms: a year has more than two digits
/// or an apostrophe.
fn assign(found: &mut Found, year: Option<&str>, month: Option<&str>, day: Option<&str>) -> bool {
    let (mut year, mut month, mut day) = (year, month, day);
    let long = |text: Option<&str>| text.is_some_and(|text| text.starts_with('\'') || text.len() > 2);
    if year.is_some() && month.is_some() && day.is_none() {
        (year, month, day) = (None, year, month);
    }
    if year.is_none() && long(day) {
        (year, day) = (day, None);
    }
    if long(month) {
        (year, month, day) = (month, day, year);
    }
    if long(day) {
        (year, day) = (day, year);
    }
    found.year = year.and_then(short_year);
    found.month = month.and_then(|text| text.parse().ok());
    found.day = day.and_then(|text| text.trim_start_matches('-').parse().ok());
    true
}

/// A year; one of two digits is the nearest to 2000, from 1969 on.
fn short_year(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches('\'');
    let year: i64 = digits.parse().ok()?;
    let short = digits.len() <= 2 && year >= 0;
    Some(if short { year + if year >= 69 { 1900 } else { 2000 } } else { year })
}

fn is_tail(byte: u8) -> bool {
    !matches!(byte, b'-' | b' ' | b'\'' | b'0'..=b'9')
}

/// `14 March 2016`, `14th Mar`, `2016 March 14`.
fn day_month(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let day = scan.number(b"'")?.to_owned();
        scan.skip(|byte| is_tail(byte) && byte != b'\'');
        scan.spaces();
        let month = scan.month()?;
        scan.skip(is_tail);
        let mut next = *scan;
        next.spaces();
        let year = next.number(b"'-").map(str::to_owned);
        if year.is_some() {
            next.skip(|byte| byte.is_ascii_alphabetic());
            *scan = next;
        }
        Some((day, month, year))
    });
    let Some((day, month, year)) = parts else { return false };
    assign(found, year.as_deref(), Some(&month.to_string()), Some(&day))
}

/// `March 14, 2016`, `March 2016`, `Mar '16`.
fn month_day(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        if !scan.word_starts() {
            return None;
        }
        let month = scan.month()?;
        scan.skip(is_tail);
        scan.spaces();
        let day = scan.number(b"'")?.to_owned();
        scan.skip(is_tail);
        let mut next = *scan;
        next.spaces();
        next.eat(b',');
        next.spaces();
        let year = next.number(b"'-").map(str::to_owned);
        if year.is_some() {
            *scan = next;
        }
        Some((day, month, year))
    });
    let Some((day, month, year)) = parts else { return false };
    assign(found, year.as_deref(), Some(&month.to_string()), Some(&day))
}

/// `2016-03-14`, `14-Mar-2016`, `Mar-14-2016`.
fn dashes(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let year = scan.number(b"'-+")?.to_owned();
        let month = scan.eat(b'-').then(|| scan.digits())??.to_owned();
        let day = scan.eat(b'-').then(|| scan.number(b"'-"))??.to_owned();
        Some((year, month, day))
    });
    if let Some((year, month, day)) = parts {
        return assign(found, Some(&year), Some(&month), Some(&day));
    }
    let parts = search(text, |scan| {
        let day = scan.number(b"'-")?.to_owned();
        let month = scan.eat(b'-').then(|| scan.month())??;
        scan.skip(|byte| byte.is_ascii_alphabetic());
        let year = scan.eat(b'-').then(|| scan.number(b"'-"))??.to_owned();
        Some((year, month, day))
    });
    let Some((year, month, day)) = parts else { return false };
    assign(found, Some(&year), Some(&month.to_string()), Some(&day))
}

/// `2016/03/14`, `14/3/2016`, `2016/3`.
fn slashes(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let year = scan.number(b"'-")?.to_owned();
        if !scan.eat(b'/') {
            return None;
        }
        scan.spaces();
        let month = scan.number(b"'")?.to_owned();
        let mut next = *scan;
        let day = next.eat(b'/').then(|| next.number(b"'-")).flatten().map(str::to_owned);
        if day.is_some() {
            *scan = next;
        }
        Some((year, month, day))
    });
    let Some((year, month, day)) = parts else { return false };
    assign(found, Some(&year), Some(&month), day.as_deref())
}

/// `2016.03.14`, `14.3.2016`.
fn dots(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let year = scan.number(b"'-")?.to_owned();
        let dot = |scan: &mut Scan<'_>| {
            let dot = scan.eat(b'.');
            scan.spaces();
            dot
        };
        let month = dot(scan).then(|| scan.number(b"'"))??.to_owned();
        let day = dot(scan).then(|| scan.number(b"'-"))??.to_owned();
        Some((year, month, day))
    });
    let Some((year, month, day)) = parts else { return false };
    assign(found, Some(&year), Some(&month), Some(&day))
}

/// `2016-074`: the day of the year.
fn year_and_day(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let year = scan.word_starts().then(|| scan.digits())??;
        let day = scan.eat(b'-').then(|| scan.digits())??;
        let fits = matches!(year.len(), 2 | 4) && day.len() == 3 && scan.word_ends();
        fits.then(|| (short_year(year), day.parse().ok()))
    });
    let Some((year, day)) = parts else { return false };
    (found.year, found.day_of_year) = (year, day);
    true
}

/// `March`.
fn month_alone(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let month = search(text, |scan| {
        let month = scan.word_starts().then(|| scan.month())?;
        scan.skip(|byte| byte != b' ');
        month
    });
    found.month = month;
    month.is_some()
}

/// `13th`.
fn day_alone(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let day = search(text, |scan| {
        let day = scan.word_starts().then(|| scan.digits())??;
        let ending = scan.skip(|byte| byte.is_ascii_alphabetic());
        [&b"st"[..], b"nd", b"rd", b"th"].contains(&ending).then(|| day.parse::<i64>().ok())?
    });
    found.day = day;
    day.is_some()
}

/// `20160314T101112Z`, `20160314`, `160314`; also `0314` for month and day, and a day alone.
fn compact(text: &mut Vec<u8>, found: &mut Found) -> bool {
    let parts = search(text, |scan| {
        let date = scan.digits()?.to_owned();
        if !matches!(date.len(), 2..=8 | 10 | 12 | 14) {
            return None;
        }
        let mut next = *scan;
        next.spaces();
        next.eat(b't');
        next.spaces();
        let time = next.digits().filter(|time| matches!(time.len(), 2 | 4 | 6)).map(str::to_owned);
        if time.is_some() {
            *scan = next;
        }
        let signed = matches!(scan.peek(), Some(b'+' | b'-'));
        let zone = zone(scan);
        Some((date, time, zone, signed && zone.is_none()))
    });
    let Some((date, time, zone, no_zone)) = parts else { return false };
    let part = |text: &str, from: usize| text.get(from..from + 2).and_then(|part| part.parse::<i64>().ok());
    let (date, time) = if date.len() > 8 { (&date[..8], Some(&date[8..])) } else { (&*date, time.as_deref()) };
    let year = if date.len() > 6 { 4 } else { 2 };
    match date.len() {
        2 => found.day = part(date, 0),
        3 => found.day_of_year = date.parse().ok(),
        4 => (found.month, found.day) = (part(date, 0), part(date, 2)),
        len => {
            found.year = short_year(&date[..year]);
            if len - year == 3 {
                found.day_of_year = date[year..].parse().ok();
            } else {
                (found.month, found.day) = (part(date, year), part(date, year + 2));
            }
        }
    }
    // What looks like an offset and is none makes the whole no time.
    found.day = found.day.filter(|_| !no_zone).or(no_zone.then_some(0));
    if let Some(time) = time {
        (found.hour, found.minute, found.second) = (part(time, 0), part(time, 2), part(time, 4));
    }
    found.zone = zone.or(found.zone);
    true
}

/// A number of one or two digits that is left over is the day if only that is missing, else the hour.
fn lone_number(text: &[u8], found: &mut Found) {
    let Ok(text) = std::str::from_utf8(text.trim_ascii()) else { return };
    if text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let Ok(number) = text.parse() else { return };
    match (found.hour, found.day) {
        (Some(_), None) if (1..=31).contains(&number) => found.day = Some(number),
        (None, Some(_)) if (0..=24).contains(&number) => found.hour = Some(number),
        _ => {}
    }
}

impl Found {
    /// The time; `None` when nothing was found or a part is out of its range. The 31st of a shorter month is the first
    /// of the next, 24:00 the next day, as in Ruby.
    fn build(self, clock: &Clock<'_>) -> Option<Zoned> {
        let some_date = self.year.or(self.month).or(self.day).or(self.day_of_year).is_some();
        if !some_date && self.hour.is_none() {
            return None;
        }
        let year = self.year.unwrap_or_else(|| (clock.now)().year().into());
        let of_now = |part: fn(&Zoned) -> i8, wanted: bool| if wanted { part(&(clock.now)()).into() } else { 1 };
        let month = self.month.unwrap_or_else(|| of_now(|now| now.month(), self.year.is_none()));
        let day = self.day.unwrap_or_else(|| of_now(|now| now.day(), self.year.is_none() && self.month.is_none()));
        let (hour, minute, second) = (self.hour.unwrap_or(0), self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let day_fits = (1..=31).contains(&day) && (1..=12).contains(&month);
        let time_fits = (0..60).contains(&minute) && (0..=60).contains(&second);
        if !day_fits || !time_fits || !(0..24).contains(&hour) && (hour, minute, second) != (24, 0, 0) {
            return None;
        }
        let year = i16::try_from(year).ok()?;
        let first = match self.day_of_year {
            Some(_) => Date::new(year, 1, 1),
            None => Date::new(year, i8::try_from(month).ok()?, 1),
        };
        let days = Span::new().try_days(self.day_of_year.unwrap_or(day) - 1).ok()?;
        let seconds = SignedDuration::new(hour * 3600 + minute * 60 + second, i32::try_from(self.nanosecond).ok()?);
        let local = first.ok()?.checked_add(days).ok()?.at(0, 0, 0, 0).checked_add(seconds).ok()?;
        let zone = match self.zone {
            Some(offset) if offset == Offset::UTC => TimeZone::UTC,
            Some(offset) => TimeZone::fixed(offset),
            None => clock.zone.clone(),
        };
        local.to_zoned_datetime(zone).ok()
    }
}

#[cfg(test)]
mod tests;
