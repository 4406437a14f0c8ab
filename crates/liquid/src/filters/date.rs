//! Filters for times.

use jiff::ZonedDateTime as Zoned;

use crate::convert;

use super::strftime::{WIDTH, strftime};
use super::time::{Clock, to_time};
use super::{Call, FilterError, Outcome, Row, check_text};

pub(super) const FILTERS: &[Row] = &[
    ("date", date),
    ("date_to_long_string", |call| day(call, "%B")),
    ("date_to_rfc822", |call| fixed(call, "%a, %d %b %Y %H:%M:%S %z")),
    ("date_to_string", |call| day(call, "%b")),
    ("date_to_xmlschema", |call| fixed(call, "%Y-%m-%dT%H:%M:%S%:z")),
];

/// The time in a format; what is no time, and an empty format, leave the input as it is.
fn date(call: &Call<'_>) -> Outcome {
    call.arity(2, 2)?;
    let format = call.arg_text(0);
    if format.is_empty() {
        return Ok(call.input.clone());
    }
    // Each directive may ask for a field of this width.
    let longest = format.matches('%').count().saturating_mul(WIDTH);
    check_text(longest)?;
    call.env.work(longest as u64 / 64)?;
    let host = call.env.host();
    match to_time(call.input, &Clock { zone: host.zone(), now: &|| host.now() }) {
        Some(time) => Ok(strftime(&time, &format).into()),
        None => Ok(call.input.clone()),
    }
}

/// The input as a time of the site's zone, as Jekyll's filters have it; `None` for an empty input.
fn site_time(call: &Call<'_>) -> Result<Option<Zoned>, FilterError> {
    if call.text().is_empty() {
        return Ok(None);
    }
    let host = call.env.host();
    match to_time(call.input, &Clock { zone: host.zone(), now: &|| host.now() }) {
        Some(time) => Ok(Some(time.with_time_zone(host.zone()))),
        None => {
            let shown = convert::inspect(call.input);
            Err(FilterError::new(format!("Invalid Date: '{shown}' is not a valid datetime.")))
        }
    }
}

fn fixed(call: &Call<'_>, format: &str) -> Outcome {
    call.arity(1, 1)?;
    Ok(site_time(call)?.map_or_else(|| call.input.clone(), |time| strftime(&time, format).into()))
}

/// `07 Nov 2008`; with the argument `ordinal` `7th Nov 2008`, with `US` behind it `Nov 7th, 2008`.
fn day(call: &Call<'_>, month: &str) -> Outcome {
    call.arity(1, 3)?;
    let Some(time) = site_time(call)? else { return Ok(call.input.clone()) };
    let ordinal = format!("{}{}", time.day(), ordinal(time.day()));
    let format = match (&*call.arg_text(0), &*call.arg_text(1)) {
        ("ordinal", "US") => format!("{month} {ordinal}, %Y"),
        ("ordinal", _) => format!("{ordinal} {month} %Y"),
        _ => format!("%d {month} %Y"),
    };
    Ok(strftime(&time, &format).into())
}

fn ordinal(day: i8) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Dialect;
    use super::super::testing::{run_value, table};
    use crate::value::Value;

    #[test]
    fn dates_are_formatted_and_all_else_passes() {
        table(
            Dialect::Liquid,
            &[
                ("date", "\"March 14, 2016\"", "\"%b %d, %y\"", "\"Mar 14, 16\""),
                ("date", "1152098955", "\"%m/%d/%Y\"", "\"07/05/2006\""),
                ("date", "\"now\"", "\"%Y-%m-%d %H:%M %z\"", "\"2024-02-03 04:05 +0100\""),
                ("date", "\"2024-07-01\"", "\"%z %Z\"", "\"+0200 CEST\""),
                ("date", "\"-1152098955\"", "\"%m\"", "\"-1152098955\""),
                ("date", "\"March 14, 2016\"", "null", "\"March 14, 2016\""),
                ("date", "null", "\"%m\"", "null"),
                ("date", "[1]", "\"%m\"", "[1]"),
                ("date", "99999999999999999", "\"%m\"", "99999999999999999"),
                ("date", "\"x\"", "", "error: wrong number of arguments (given 1, expected 2)"),
            ],
        );
    }

    #[test]
    fn jekyll_names_dates_in_the_sites_zone() {
        let time = Value::Time(Arc::new("2008-11-07T23:30:00+00:00[UTC]".parse().unwrap()));
        let rows = [
            ("date_to_xmlschema", "", "\"2008-11-08T00:30:00+01:00\""),
            ("date_to_rfc822", "", "\"Sat, 08 Nov 2008 00:30:00 +0100\""),
            ("date_to_string", "", "\"08 Nov 2008\""),
            ("date_to_long_string", "", "\"08 November 2008\""),
            ("date_to_string", "\"ordinal\"", "\"8th Nov 2008\""),
            ("date_to_long_string", "\"ordinal\", \"US\"", "\"November 8th, 2008\""),
        ];
        for (name, args, expected) in rows {
            assert_eq!(run_value(Dialect::Jekyll, name, &time, args), expected, "{name}: {args}");
        }
        table(
            Dialect::Jekyll,
            &[
                ("date_to_string", "\"\"", "", "\"\""),
                ("date_to_string", "null", "", "null"),
                ("date_to_string", "\"2024-01-22\"", "\"ordinal\"", "\"22nd Jan 2024\""),
                ("date_to_string", "\"2024-01-12\"", "\"ordinal\"", "\"12th Jan 2024\""),
                ("date_to_xmlschema", "\"x\"", "", "error: Invalid Date: '\"x\"' is not a valid datetime."),
            ],
        );
    }
}
