//! The front matter of an expanded page: as it is written, but for values that hold Liquid.

use carafe_liquid::convert;

use crate::site::Entry;
use crate::world::metadata::key_span;

use super::raw;

/// The front matter, with its lines of `---`; empty when there is none. A value that Carafe renders and that holds Liquid is given as the text
/// that it comes to; braces in that are put into `raw` where they are to be kept.
pub(super) fn resolved(entry: &Entry, keeps_raw: bool) -> String {
    let page = &entry.page;
    let mut out = page.text.get(..page.body).unwrap_or_default().to_owned();
    for (key, written) in page.front.iter() {
        let (Some(written), Some(value)) = (written.as_str(), entry.value(key)) else { continue };
        let text = convert::text(value);
        if text == written || !(written.contains("{{") || written.contains("{%")) {
            continue;
        }
        let span = key_span(page, key);
        let Some(line) = page.text.get(span.start as usize..span.end as usize).filter(|line| line.contains(written))
        else {
            continue;
        };
        let text = if keeps_raw { raw::kept(&text, &[]).into() } else { text };
        let quoted = serde_json::Value::from(&*text).to_string();
        out = out.replacen(line, &format!("{key}: {quoted}"), 1);
    }
    out
}
