//! Parts of an answer, for players and downloads that ask for them.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

/// What a `Range` header asks of so many bytes.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Everything: it says nothing that is understood, or asks for several parts at once.
    Whole,
    /// From the first byte to behind the last.
    Part(usize, usize),
    /// A part that there is none of.
    Nothing,
}

fn asked(header: &str, len: usize) -> Asked {
    let whole = Asked::Whole;
    let Some((unit, set)) = header.split_once('=') else { return whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else { return whole };
    // A number that is too large for us is larger than any file.
    let number = |digits: &str| {
        let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| digits.parse::<usize>().unwrap_or(usize::MAX))
    };
    match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => match count.min(len) {
            0 => Asked::Nothing,
            count => Asked::Part(len - count, len),
        },
        (Some(first), _) if last.is_empty() => {
            if first < len {
                Asked::Part(first, len)
            } else {
                Asked::Nothing
            }
        }
        (Some(first), Some(last)) if first <= last => {
            if first < len {
                Asked::Part(first, last.saturating_add(1).min(len))
            } else {
                Asked::Nothing
            }
        }
        _ => whole,
    }
}

/// Puts `bytes` into the answer: whole, or the part that the request asks for (206, 416). `tag` names the bytes; a request whose
/// `If-Range` says anything else wants them whole.
pub(super) fn answer(
    mut response: Response,
    bytes: Bytes,
    tag: &str,
    method: &Method,
    request: &HeaderMap,
) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{tag}\"")).ok();
    let range = request.get(header::RANGE).filter(|_| *method == Method::GET && response.status() == StatusCode::OK);
    let fresh = request.get(header::IF_RANGE).is_none_or(|known| Some(known) == tag.as_ref());
    let range = range.filter(|_| fresh).and_then(|range| range.to_str().ok());
    let len = bytes.len();
    let part = range.map_or(Asked::Whole, |range| asked(range, len));
    let (status, bytes, place) = match part {
        Asked::Whole => (response.status(), bytes, None),
        Asked::Part(from, to) => {
            let place = format!("bytes {from}-{}/{len}", to.saturating_sub(1));
            (StatusCode::PARTIAL_CONTENT, bytes.slice(from..to), Some(place))
        }
        Asked::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new(), Some(format!("bytes */{len}"))),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.extend(tag.map(|tag| (header::ETAG, tag)));
    let place = place.and_then(|place| HeaderValue::from_str(&place).ok());
    headers.extend(place.map(|place| (header::CONTENT_RANGE, place)));
    *response.body_mut() = Body::from(bytes);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_within_the_bytes() {
        for (header, part) in [
            ("bytes=0-3", Asked::Part(0, 4)),
            ("bytes=2-", Asked::Part(2, 10)),
            ("bytes=-3", Asked::Part(7, 10)),
            ("bytes=-99", Asked::Part(0, 10)),
            ("bytes=8-99", Asked::Part(8, 10)),
            ("Bytes = 9-9", Asked::Part(9, 10)),
            ("bytes=0-18446744073709551615", Asked::Part(0, 10)),
            ("bytes=0-99999999999999999999999", Asked::Part(0, 10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=99999999999999999999999-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=3-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("lines=0-3", Asked::Whole),
        ] {
            assert_eq!(asked(header, 10), part, "{header}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Nothing);
    }
}
