//! Times as text, as Ruby's `strftime` formats them.
//!
//! A directive is `%`, flags (`-0_^#:`), a width, an ignored `E` or `O`, and a letter. What is no directive stays as it is.

use jiff::ZonedDateTime as Zoned;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

/// The widest field; wider ones are cut, so that no format can fill the memory.
pub(super) const WIDTH: usize = 1024;

/// `time` in this format.
pub(super) fn strftime(time: &Zoned, format: &str) -> String {
    let mut out = String::with_capacity(format.len() * 2);
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match Directive::parse(rest) {
            Some((directive, len)) if directive.write(time, &mut out) => rest = &rest[len..],
            _ => {
                out.push('%');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[derive(Clone, Copy, Default)]
struct Directive {
    /// The character that fills the field: `-` for none, `\0` for the directive's own.
    fill: char,
    upper: bool,
    swap: bool,
    colons: usize,
    width: Option<usize>,
    letter: char,
}

impl Directive {
    /// The directive at the start of `text`, and its length.
    fn parse(text: &str) -> Option<(Self, usize)> {
        let mut directive = Self::default();
        let mut chars = text.char_indices().skip(1);
        loop {
            let (at, c) = chars.next()?;
            match c {
                '-' | '0' | '_' if directive.width.is_none() => directive.fill = c,
                '^' => directive.upper = true,
                '#' => directive.swap = true,
                ':' => directive.colons += 1,
                '0'..='9' => {
                    let digit = c.to_digit(10)? as usize;
                    directive.width = Some((directive.width.unwrap_or(0) * 10 + digit).min(WIDTH));
                }
                'E' | 'O' => {
                    let allowed = if c == 'E' { "cCxXyY" } else { "deHIklmMSuUVwWy" };
                    directive.letter = chars.next().map(|(_, c)| c).filter(|&c| allowed.contains(c))?;
                    return Some((directive, at + 2));
                }
                _ => {
                    directive.letter = c;
                    return Some((directive, at + c.len_utf8()));
                }
            }
        }
    }

    /// Appends the field; false when there is no such directive.
    fn write(self, time: &Zoned, out: &mut String) -> bool {
        if self.colons > 0 && self.letter != 'z' {
            return false;
        }
        if let Some((number, width, fill)) = self.number(time) {
            self.pad(&number.unsigned_abs().to_string(), number < 0, width, fill, out);
            return true;
        }
        match self.letter {
            'N' => self.fraction(time, 9, out),
            'L' => self.fraction(time, 3, out),
            'z' => return self.offset(time, out),
            _ => match (self.composite(), self.text(time)) {
                (Some(format), _) => {
                    let text = strftime(time, format);
                    let text = if self.upper { text.to_uppercase() } else { text };
                    // Ruby minds neither `-` nor `#` here.
                    Self { fill: if self.fill == '0' { '0' } else { ' ' }, ..self }.pad_text(&text, out);
                }
                (None, Some(text)) => self.pad_text(&text, out),
                (None, None) => return false,
            },
        }
        true
    }

    /// The directives that are numbers: value, width and fill.
    fn number(self, time: &Zoned) -> Option<(i64, usize, char)> {
        let week = |from: Weekday| {
            let since = i64::from(time.weekday().since(from));
            (i64::from(time.day_of_year()) + 6 - since) / 7
        };
        let iso = time.date().iso_week_date();
        let year = i64::from(time.year());
        let hour12 = i64::from((time.hour() + 11) % 12 + 1);
        let wide = |year: i64| if year < 0 { 5 } else { 4 };
        Some(match self.letter {
            'Y' => (year, wide(year), '0'),
            'C' => (year.div_euclid(100), 2, '0'),
            'y' => (year.rem_euclid(100), 2, '0'),
            'G' => (iso.year().into(), wide(iso.year().into()), '0'),
            'g' => (i64::from(iso.year()).rem_euclid(100), 2, '0'),
            'm' => (time.month().into(), 2, '0'),
            'd' => (time.day().into(), 2, '0'),
            'e' => (time.day().into(), 2, ' '),
            'j' => (time.day_of_year().into(), 3, '0'),
            'H' => (time.hour().into(), 2, '0'),
            'k' => (time.hour().into(), 2, ' '),
            'I' => (hour12, 2, '0'),
            'l' => (hour12, 2, ' '),
            'M' => (time.minute().into(), 2, '0'),
            'S' => (time.second().into(), 2, '0'),
            's' => (time.timestamp().as_nanosecond().div_euclid(1_000_000_000) as i64, 1, '0'),
            'u' => (time.weekday().to_monday_one_offset().into(), 1, '0'),
            'w' => (time.weekday().to_sunday_zero_offset().into(), 1, '0'),
            'V' => (iso.week().into(), 2, '0'),
            'U' => (week(Weekday::Sunday), 2, '0'),
            'W' => (week(Weekday::Monday), 2, '0'),
            _ => return None,
        })
    }

    fn pad(self, digits: &str, negative: bool, width: usize, fill: char, out: &mut String) {
        let fill = match self.fill {
            '-' => return out.extend([if negative { "-" } else { "" }, digits]),
            '_' => ' ',
            '0' => '0',
            _ => fill,
        };
        let missing = self.width.unwrap_or(width).saturating_sub(digits.len() + usize::from(negative));
        let fills = std::iter::repeat_n(fill, missing);
        if fill == ' ' {
            out.extend(fills);
            out.push_str(if negative { "-" } else { "" });
        } else {
            out.push_str(if negative { "-" } else { "" });
            out.extend(fills);
        }
        out.push_str(digits);
    }

    fn pad_text(self, text: &str, out: &mut String) {
        let fill = if self.fill == '0' { '0' } else { ' ' };
        // A zone without a name leaves no gap.
        let width = self.width.filter(|_| !text.is_empty()).filter(|_| self.fill != '-').unwrap_or(0);
        out.extend(std::iter::repeat_n(fill, width.saturating_sub(text.chars().count())));
        out.push_str(text);
    }

    fn fraction(self, time: &Zoned, digits: usize, out: &mut String) {
        let width = self.width.filter(|&width| width > 0).unwrap_or(digits);
        let nanoseconds = format!("{:09}", time.subsec_nanosecond());
        out.push_str(nanoseconds.get(..width).unwrap_or(&nanoseconds));
        out.extend(std::iter::repeat_n('0', width.saturating_sub(9)));
    }

    /// `+0100`, `+01:00`, `+01:00:00`, and `+01` or as long as it must be.
    fn offset(self, time: &Zoned, out: &mut String) -> bool {
        let seconds = time.offset().seconds();
        let (hours, minutes, rest) =
            (seconds.unsigned_abs() / 3600, seconds.unsigned_abs() / 60 % 60, seconds.unsigned_abs() % 60);
        let behind = match self.colons {
            0 => format!("{minutes:02}"),
            1 => format!(":{minutes:02}"),
            2 => format!(":{minutes:02}:{rest:02}"),
            3 if rest > 0 => format!(":{minutes:02}:{rest:02}"),
            3 if minutes > 0 => format!(":{minutes:02}"),
            3 => String::new(),
            _ => return false,
        };
        // Ruby marks UTC itself, as against an offset of zero, with a minus where `-` is asked for.
        let utc = self.fill == '-' && *time.time_zone() == TimeZone::UTC;
        let sign = if seconds < 0 || utc { '-' } else { '+' };
        let width = self.width.unwrap_or(0).saturating_sub(behind.len() + 1).max(2);
        match self.fill {
            '_' => {
                let hours = hours.to_string();
                out.extend(std::iter::repeat_n(' ', width.saturating_sub(hours.len())));
                out.push(sign);
                out.push_str(&hours);
            }
            _ => {
                out.push(sign);
                out.push_str(&format!("{hours:0width$}"));
            }
        }
        out.push_str(&behind);
        true
    }

    /// The directives that stand for formats.
    fn composite(self) -> Option<&'static str> {
        Some(match self.letter {
            'c' => "%a %b %e %H:%M:%S %Y",
            'D' | 'x' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            'T' | 'X' => "%H:%M:%S",
            'R' => "%H:%M",
            'r' => "%I:%M:%S %p",
            'v' => "%e-%^b-%4Y",
            _ => return None,
        })
    }

    /// The directives that are names or signs.
    fn text(self, time: &Zoned) -> Option<String> {
        let month = MONTHS.get(usize::from(time.month().unsigned_abs()).wrapping_sub(1))?;
        let day = DAYS.get(usize::from(time.weekday().to_sunday_zero_offset().unsigned_abs()))?;
        let text = match self.letter {
            'B' => (*month).to_owned(),
            'b' | 'h' => month[..3].to_owned(),
            'A' => (*day).to_owned(),
            'a' => day[..3].to_owned(),
            'p' if self.swap => return Some(meridian(time).to_lowercase()),
            'p' => meridian(time).to_owned(),
            'P' => meridian(time).to_lowercase(),
            'Z' if self.swap => return Some(zone(time).to_lowercase()),
            'Z' => zone(time),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        };
        Some(if self.upper || self.swap { text.to_uppercase() } else { text })
    }
}

fn meridian(time: &Zoned) -> &'static str {
    if time.hour() < 12 { "AM" } else { "PM" }
}

/// The zone's short name; empty for a bare offset, as Ruby has it.
fn zone(time: &Zoned) -> String {
    let info = time.time_zone().to_offset_info(time.timestamp());
    let name = info.abbreviation();
    if name.starts_with(['+', '-']) { String::new() } else { name.to_owned() }
}

/// The months' names.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(time: &str, rows: &[(&str, &str)]) {
        let time: Zoned = time.parse().unwrap();
        for (format, expected) in rows {
            assert_eq!(strftime(&time, format), *expected, "{format}");
        }
    }

    #[test]
    fn every_directive_has_rubys_form() {
        check(
            "2016-03-04T05:06:07.089012345+01:00[Europe/Berlin]",
            &[
                ("%Y %C %y %G %g %V %U %W", "2016 20 16 2016 16 09 09 09"),
                ("%m %B %b %h %j %d %e", "03 March Mar Mar 064 04  4"),
                ("%H %k %I %l %P %p %M %S %L %N", "05  5 05  5 am AM 06 07 089 089012345"),
                ("%z %:z %::z %:::z %Z", "+0100 +01:00 +01:00:00 +01 CET"),
                ("%A %a %u %w %s", "Friday Fri 5 5 1457064367"),
                ("%n%t%%", "\n\t%"),
                ("%c|%D|%F|%T|%R", "Fri Mar  4 05:06:07 2016|03/04/16|2016-03-04|05:06:07|05:06"),
                ("%r|%x|%X|%v", "05:06:07 AM|03/04/16|05:06:07| 4-MAR-2016"),
            ],
        );
    }

    #[test]
    fn flags_and_widths_change_the_field() {
        check(
            "2016-03-04T05:06:07.089012345+01:00[Europe/Berlin]",
            &[
                ("%-d %-m %-e %_d %_m %-H %_H", "4 3 4  4  3 5  5"),
                ("%^B %^b %^a %#B %#p %#Z %#a", "MARCH MAR FRI MARCH am cet FRI"),
                ("%-10T|%#c|%^c|%012F", "  05:06:07|Fri Mar  4 05:06:07 2016|FRI MAR  4 05:06:07 2016|002016-03-04"),
                ("%03d %10Y %_j %-j", "004 0000002016  64 64"),
                ("%3N %6N %12N %1L %6L", "089 089012 089012345000 0 089012"),
                ("%10B|%-10B|%010B|%^10B|%_10B", "     March|March|00000March|     MARCH|     March"),
                ("%10z|%_10z|%-z|%_:z", "+000000100|      +100|+0100| +1:00"),
                ("%Ey %Od %Ez %Q %+ %! %E %", "16 04 %Ez %Q %+ %! %E %"),
                ("%:d %99999999999999999999", "%:d %99999999999999999999"),
                ("é%%é%-dé", "é%é4é"),
            ],
        );
        let time: Zoned = "2016-03-04T05:06:07[UTC]".parse().unwrap();
        assert_eq!(strftime(&time, "%999999999d").len(), WIDTH);
    }

    #[test]
    fn early_years_and_half_hours_are_padded_as_in_ruby() {
        check("1960-07-05T23:16:21.805Z[UTC]", &[("%s|%-z|%:z", "-299465019|-0000|+00:00")]);
        check("2020-01-01T12:00:00-03:30[-03:30]", &[("[%10Z]", "[]")]);
        check(
            "0005-01-02T00:00:00[UTC]",
            &[("%Y %y %C %-Y %_Y %F", "0005 05 00 5    5 0005-01-02"), ("%Z %z", "UTC +0000")],
        );
        check("-000005-01-02T00:00:00[UTC]", &[("%Y|%-Y|%y|%C", "-0005|-5|95|-1")]);
        check("2020-01-01T12:00:00-03:30[-03:30]", &[("%z %:::z [%Z] %I %p", "-0330 -03:30 [] 12 PM")]);
        check("2021-01-03T00:00:00[UTC]", &[("%G-W%V-%u %U %W", "2020-W53-7 01 00")]);
    }
}
