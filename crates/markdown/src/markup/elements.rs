//! The elements of HTML, and what is known of each: by browsers, and by kramdown, which knows HTML 4 and reads by it.

/// Kramdown takes it for an element of text.
const SPAN: u16 = 1;
/// Kramdown takes it for a block.
const BLOCK: u16 = 1 << 1;
/// With `markdown="1"`, kramdown reads its content as blocks.
const READ_AS_BLOCKS: u16 = 1 << 2;
/// With `markdown="1"`, kramdown reads its content as a line of text.
const READ_AS_SPANS: u16 = 1 << 3;
/// Kramdown never reads its content as Markdown unless told how.
const READ_AS_TEXT: u16 = 1 << 4;
/// It never has content.
const VOID: u16 = 1 << 5;
/// Browsers find no tags in its content but its own end (HTML, "Parsing HTML fragments").
const TEXT: u16 = 1 << 6;
/// It does not part words.
const WORD: u16 = 1 << 7;
/// Browsers show it on lines of its own.
const LINE: u16 = 1 << 8;
/// Nobody reads its content.
const HIDDEN: u16 = 1 << 9;

/// In the order of the names.
#[rustfmt::skip]
const ELEMENTS: [(&str, u16); 119] = [
    ("a", SPAN | READ_AS_SPANS | WORD),
    ("abbr", SPAN | READ_AS_SPANS | WORD),
    ("acronym", SPAN | READ_AS_SPANS),
    ("address", BLOCK | READ_AS_BLOCKS | LINE),
    ("applet", BLOCK | READ_AS_BLOCKS),
    ("area", VOID),
    ("article", BLOCK | READ_AS_BLOCKS | LINE),
    ("aside", BLOCK | READ_AS_BLOCKS | LINE),
    ("b", SPAN | READ_AS_SPANS | WORD),
    ("base", VOID),
    ("bdi", WORD),
    ("bdo", SPAN | READ_AS_SPANS | WORD),
    ("big", SPAN | READ_AS_SPANS),
    ("blockquote", BLOCK | READ_AS_BLOCKS | LINE),
    ("body", BLOCK | READ_AS_BLOCKS),
    ("br", SPAN | VOID),
    ("button", SPAN | READ_AS_SPANS),
    ("caption", BLOCK | READ_AS_SPANS),
    ("cite", SPAN | READ_AS_SPANS | WORD),
    ("code", SPAN | READ_AS_TEXT | WORD),
    ("col", BLOCK | VOID),
    ("colgroup", BLOCK),
    ("command", VOID),
    ("data", WORD),
    ("dd", BLOCK | READ_AS_BLOCKS | LINE),
    ("del", SPAN | READ_AS_SPANS | WORD),
    ("details", READ_AS_BLOCKS | LINE),
    ("dfn", SPAN | READ_AS_SPANS | WORD),
    ("dialog", LINE),
    ("div", BLOCK | READ_AS_BLOCKS | LINE),
    ("dl", BLOCK | READ_AS_BLOCKS | LINE),
    ("dt", BLOCK | READ_AS_SPANS | LINE),
    ("em", SPAN | READ_AS_SPANS | WORD),
    ("embed", VOID),
    ("fieldset", BLOCK | READ_AS_BLOCKS | LINE),
    ("figcaption", BLOCK | READ_AS_BLOCKS | LINE),
    ("figure", BLOCK | READ_AS_BLOCKS | LINE),
    ("font", WORD),
    ("footer", BLOCK | READ_AS_BLOCKS | LINE),
    ("form", BLOCK | READ_AS_BLOCKS | LINE),
    ("h1", BLOCK | READ_AS_SPANS | LINE),
    ("h2", BLOCK | READ_AS_SPANS | LINE),
    ("h3", BLOCK | READ_AS_SPANS | LINE),
    ("h4", BLOCK | READ_AS_SPANS | LINE),
    ("h5", BLOCK | READ_AS_SPANS | LINE),
    ("h6", BLOCK | READ_AS_SPANS | LINE),
    ("head", BLOCK | HIDDEN),
    ("header", BLOCK | READ_AS_BLOCKS | LINE),
    ("hgroup", BLOCK | READ_AS_BLOCKS | LINE),
    ("hr", BLOCK | VOID | LINE),
    ("html", BLOCK),
    ("i", SPAN | READ_AS_SPANS | WORD),
    ("iframe", BLOCK | READ_AS_BLOCKS | TEXT),
    ("img", SPAN | VOID),
    ("input", SPAN | VOID),
    ("ins", SPAN | READ_AS_SPANS | WORD),
    ("kbd", SPAN | READ_AS_TEXT | WORD),
    ("keygen", VOID),
    ("label", SPAN | READ_AS_SPANS),
    ("legend", BLOCK | READ_AS_SPANS),
    ("li", BLOCK | READ_AS_BLOCKS | LINE),
    ("link", VOID),
    ("main", BLOCK | READ_AS_BLOCKS | LINE),
    ("map", BLOCK | READ_AS_BLOCKS),
    ("mark", SPAN | WORD),
    ("math", READ_AS_TEXT | HIDDEN),
    ("menu", BLOCK | READ_AS_BLOCKS | LINE),
    ("meta", VOID),
    ("nav", BLOCK | READ_AS_BLOCKS | LINE),
    ("noembed", TEXT),
    ("noframes", TEXT),
    ("noscript", READ_AS_BLOCKS),
    ("object", READ_AS_BLOCKS),
    ("ol", BLOCK | LINE),
    ("optgroup", BLOCK | READ_AS_SPANS),
    ("option", SPAN | READ_AS_TEXT),
    ("p", BLOCK | READ_AS_SPANS | LINE),
    ("param", VOID),
    ("pre", BLOCK | READ_AS_TEXT | LINE),
    ("q", SPAN | READ_AS_SPANS | WORD),
    ("rb", SPAN | READ_AS_SPANS),
    ("rbc", SPAN | READ_AS_SPANS),
    ("rp", SPAN | READ_AS_SPANS),
    ("rt", SPAN | READ_AS_SPANS),
    ("rtc", SPAN | READ_AS_SPANS),
    ("ruby", SPAN | READ_AS_SPANS),
    ("s", WORD),
    ("samp", SPAN | READ_AS_TEXT | WORD),
    ("script", READ_AS_TEXT | TEXT | HIDDEN),
    ("search", LINE),
    ("section", BLOCK | READ_AS_BLOCKS | LINE),
    ("select", SPAN | READ_AS_SPANS),
    ("small", SPAN | READ_AS_SPANS | WORD),
    ("source", VOID),
    ("span", SPAN | READ_AS_SPANS | WORD),
    ("strong", SPAN | READ_AS_SPANS | WORD),
    ("style", READ_AS_TEXT | TEXT | HIDDEN),
    ("sub", SPAN | READ_AS_SPANS | WORD),
    ("summary", BLOCK | READ_AS_BLOCKS | LINE),
    ("sup", SPAN | READ_AS_SPANS | WORD),
    ("svg", HIDDEN),
    ("table", BLOCK | LINE),
    ("tbody", BLOCK | LINE),
    ("td", BLOCK | READ_AS_BLOCKS),
    ("template", HIDDEN),
    ("textarea", READ_AS_TEXT | TEXT),
    ("tfoot", BLOCK | LINE),
    ("th", BLOCK | READ_AS_SPANS),
    ("thead", BLOCK | LINE),
    ("time", WORD),
    ("title", TEXT),
    ("tr", BLOCK | LINE),
    ("track", VOID),
    ("tt", SPAN | READ_AS_SPANS | WORD),
    ("u", SPAN | WORD),
    ("ul", BLOCK | LINE),
    ("var", SPAN | READ_AS_TEXT | WORD),
    ("wbr", VOID | WORD),
    ("xmp", TEXT),
];

/// Where in the table the names with each letter start.
static STARTS: [u8; 27] = {
    let mut starts = [0; 27];
    let (mut letter, mut at) = (0, 0);
    while letter < 27 {
        while at < ELEMENTS.len() && ELEMENTS[at].0.as_bytes()[0] < b'a' + letter {
            at += 1;
        }
        starts[letter as usize] = at as u8;
        letter += 1;
    }
    starts
};

/// What is known of the element with this name, which is in lower case; 0 for one that nobody knows.
fn traits(name: &str) -> u16 {
    let letter = name.bytes().next().map_or(0, |letter| usize::from(letter.wrapping_sub(b'a')));
    let (Some(&start), Some(&end)) = (STARTS.get(letter), STARTS.get(letter + 1)) else { return 0 };
    let of_letter = ELEMENTS.get(usize::from(start)..usize::from(end)).unwrap_or_default();
    of_letter.iter().find(|(known, _)| *known == name).map_or(0, |&(_, traits)| traits)
}

/// Whether somebody knows an element of this name.
pub(crate) fn is_known(name: &str) -> bool {
    // What only browsers know keeps its case in kramdown.
    traits(name) & (SPAN | BLOCK | READ_AS_BLOCKS | READ_AS_SPANS | READ_AS_TEXT | VOID) != 0
}

/// Whether kramdown takes it for an element of text.
pub(crate) fn is_span(name: &str) -> bool {
    traits(name) & SPAN != 0
}

/// Whether kramdown takes it for a block.
pub(crate) fn is_block(name: &str) -> bool {
    traits(name) & BLOCK != 0
}

/// Whether kramdown reads its content as blocks when Markdown is asked for.
pub(crate) fn is_read_as_blocks(name: &str) -> bool {
    traits(name) & READ_AS_BLOCKS != 0
}

/// Whether kramdown reads its content as a line of text when Markdown is asked for.
pub(crate) fn is_read_as_spans(name: &str) -> bool {
    traits(name) & READ_AS_SPANS != 0
}

/// Whether the element never has content. The name is in lower case, here and below.
///
/// ```
/// use carafe_markdown::markup::is_void;
/// assert!(is_void("br") && !is_void("p"));
/// ```
pub fn is_void(name: &str) -> bool {
    traits(name) & VOID != 0
}

/// Whether browsers find no tags in the element's content but its own end, as in `script`.
pub fn holds_text(name: &str) -> bool {
    traits(name) & TEXT != 0
}

/// Whether what stands before the element and in it may be one word, as in `<b>H</b>ello`.
pub fn is_within_words(name: &str) -> bool {
    traits(name) & WORD != 0
}

/// Whether browsers show the element on lines of its own.
pub fn has_own_lines(name: &str) -> bool {
    traits(name) & LINE != 0
}

/// Whether nobody reads the element's content: scripts, styles, templates, drawings.
pub fn is_hidden(name: &str) -> bool {
    traits(name) & HIDDEN != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ELEMENTS.iter().all(|&(name, known)| traits(name) == known));
        assert!(["", "{", "A", "é", "ab", "zz"].iter().all(|name| traits(name) == 0));
        assert!(is_span("var") && is_block("ul") && is_void("wbr") && holds_text("title") && is_hidden("svg"));
        assert!(!is_known("details-x") && traits("") == 0);
    }
}
