//! Base64, in both alphabets.

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE};

use super::{Call, FilterError, Outcome, Row};

pub(super) const FILTERS: &[Row] = &[
    ("base64_decode", |call| decode(call, "base64_decode", |text| BASE64_STANDARD.decode(text))),
    ("base64_encode", |call| encode(call, &BASE64_STANDARD)),
    ("base64_url_safe_decode", |call| decode(call, "base64_url_safe_decode", url_safe)),
    ("base64_url_safe_encode", |call| encode(call, &BASE64_URL_SAFE)),
];

fn encode(call: &Call<'_>, engine: &GeneralPurpose) -> Outcome {
    call.arity(1, 1)?;
    Ok(engine.encode(call.text().as_bytes()).into())
}

/// Bytes that are no UTF-8 become U+FFFD: Liquid's values are texts.
fn decode(call: &Call<'_>, name: &str, bytes: fn(&str) -> Result<Vec<u8>, base64::DecodeError>) -> Outcome {
    call.arity(1, 1)?;
    let bytes = bytes(&call.text()).map_err(|_| FilterError::new(format!("invalid base64 provided to {name}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

/// The URL-safe alphabet may leave out the padding and reads the standard one too, as Ruby's does.
fn url_safe(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let standard = text.replace('-', "+").replace('_', "/");
    let engine = if text.ends_with('=') { BASE64_STANDARD } else { BASE64_STANDARD_NO_PAD };
    engine.decode(standard)
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
