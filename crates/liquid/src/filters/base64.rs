//! Base64, in both alphabets.

use super::{Call, FilterError, Outcome, Row};

pub(super) const FILTERS: &[Row] = &[
    ("base64_decode", |call| decode(call, "base64_decode", STANDARD)),
    ("base64_encode", |call| encode(call, STANDARD)),
    ("base64_url_safe_decode", |call| decode(call, "base64_url_safe_decode", URL_SAFE)),
    ("base64_url_safe_encode", |call| encode(call, URL_SAFE)),
];

const STANDARD: [u8; 2] = *b"+/";
const URL_SAFE: [u8; 2] = *b"-_";

fn encode(call: &Call<'_>, last: [u8; 2]) -> Outcome {
    call.arity(1, 1)?;
    let text = call.text();
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = (bits >> (18 - 6 * at) & 63) as u8;
            out.push(if at > chunk.len() { '=' } else { char::from(to_char(digit, last)) });
        }
    }
    Ok(out.into())
}

fn to_char(digit: u8, last: [u8; 2]) -> u8 {
    match digit {
        0..26 => b'A' + digit,
        26..52 => b'a' + digit - 26,
        52..62 => b'0' + digit - 52,
        62 => last[0],
        _ => last[1],
    }
}

fn to_digit(byte: u8, last: [u8; 2]) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        _ if byte == last[0] => 62,
        _ if byte == last[1] => 63,
        _ => return None,
    })
}

/// Bytes that are no UTF-8 become U+FFFD: Liquid's values are texts. The URL-safe alphabet may leave out the padding and
/// reads the standard one too, as Ruby's does.
fn decode(call: &Call<'_>, name: &str, last: [u8; 2]) -> Outcome {
    call.arity(1, 1)?;
    let bytes =
        decoded(&call.text(), last).ok_or_else(|| FilterError::new(format!("invalid base64 provided to {name}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

fn decoded(text: &str, last: [u8; 2]) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let padded = (digits.len() + padding).is_multiple_of(4) && padding <= 2;
    if !padded && (last == STANDARD || padding > 0) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for chunk in digits.as_bytes().chunks(4) {
        let digit = |byte: &u8| to_digit(*byte, last).or_else(|| to_digit(*byte, STANDARD));
        let bits = chunk.iter().try_fold(0_u32, |bits, byte| Some(bits << 6 | u32::from(digit(byte)?)))?;
        let bits = bits << (6 * (4 - chunk.len()));
        let spare = match chunk.len() {
            4 => 0,
            3 => 0xff,
            2 => 0xffff,
            _ => return None,
        };
        if bits & spare != 0 {
            return None;
        }
        out.extend_from_slice(bits.to_be_bytes().get(1..chunk.len()).unwrap_or_default());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::super::testing::table;

    #[test]
    fn both_alphabets_go_there_and_back() {
        table(
            Dialect::Liquid,
            &[
                ("base64_encode", "\"é\"", "", "\"w6k=\""),
                ("base64_encode", "\"a?>\"", "", "\"YT8+\""),
                ("base64_url_safe_encode", "\"a?>\"", "", "\"YT8-\""),
                ("base64_encode", "\"\"", "", "\"\""),
                ("base64_decode", "\"YT8+\"", "", "\"a?>\""),
                ("base64_decode", "\"YWI=\"", "", "\"ab\""),
                ("base64_url_safe_decode", "\"YQ\"", "", "\"a\""),
                ("base64_url_safe_decode", "\"YT8-\"", "", "\"a?>\""),
                ("base64_decode", "\"/+8=\"", "", "\"\u{fffd}\u{fffd}\""),
                ("base64_decode", "\"YQ\"", "", "error: invalid base64 provided to base64_decode"),
                ("base64_decode", "\"YR==\"", "", "error: invalid base64 provided to base64_decode"),
                ("base64_url_safe_decode", "5", "", "error: invalid base64 provided to base64_url_safe_decode"),
            ],
        );
    }
}
