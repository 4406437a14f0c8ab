//! The pop-up that tells where the text under the mouse comes from: whether it is asked for, and what its script needs.
//!
//! The script of served pages sets a cookie and loads the page again. The page is then rendered anew with marks, and brings the
//! places behind them along.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use crate::render::marks::Written;

/// The script of the pop-up.
pub(super) const SCRIPT: &str = include_str!("sources.js");

/// The cookie that asks for it.
const COOKIE: &str = "carafe-sources=1";

/// Whether the request asks for marks.
pub(super) fn wanted(headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).any(|cookie| cookie.trim() == COOKIE)
}

/// The page with the places of its marks at the end of its body.
pub(super) fn with_places(mut html: String, places: &[Arc<[Written]>]) -> String {
    // No text in it may end the element.
    let json = serde_json::to_string(places).unwrap_or_default().replace('<', "\\u003c");
    let at = html.rfind("</body>").unwrap_or(html.len());
    html.insert_str(at, &format!("<script type=\"application/json\" id=\"carafe-places\">{json}</script>"));
    html
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_cookie_itself_asks_for_marks() {
        let asks = |cookies: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
            wanted(&headers)
        };
        assert!(asks("carafe-sources=1") && asks("theme=dark; carafe-sources=1"));
        assert!(!asks("carafe-sources=0") && !asks("my-carafe-sources=1") && !asks("a=carafe-sources=1"));
        assert!(!wanted(&HeaderMap::new()));
    }

    #[test]
    fn a_path_cannot_end_the_script() {
        let place = Written { at: "content/</script>.md:1".into(), calls: Vec::new() };
        let html = with_places("<body>x</body>".into(), &[Arc::from([place])]);
        assert_eq!(html.matches("</script>").count(), 1, "{html}");
        assert!(html.ends_with("</script></body>") && html.contains("content/\\u003c/script>.md:1"), "{html}");
    }
}
