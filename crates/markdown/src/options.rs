//! What can be set about the dialect, by the site and by `{::options key="value" /}` in the text.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::outer::Outer;

/// Whose block grammar is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// kramdown with its GFM parser, as Jekyll uses it.
    #[default]
    Kramdown,
    /// CommonMark with GitHub's tables, strikethrough, task lists and footnotes.
    CommonMark,
}

/// How characters written as entities leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntityOutput {
    /// As the character itself.
    #[default]
    Character,
    /// As they were written.
    Input,
    /// By name where there is one.
    Symbolic,
    /// By number.
    Numeric,
}

/// How math leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MathOutput {
    /// Between `\(` and `\)`, `\[` and `\]`, for a script in the browser.
    #[default]
    MathJax,
    /// In elements of the class `kdmath`, between dollar signs.
    Plain,
}

/// What authors know from GitHub, beside the dialect's own rules. Nothing of it is kramdown's or CommonMark's, so all of it
/// is off until it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Habits {
    /// Hyphens at the start of a word are no dash: `--verbose` stays as it is.
    pub option_hyphens: bool,
    /// Quotes that begin with `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` or `[!CAUTION]` are callouts.
    pub alerts: bool,
    /// Addresses that stand in text as they are become links, by the rules of GitHub's "autolinks (extension)".
    pub bare_addresses: bool,
    /// Code of the language `mermaid` is a diagram: `<pre class="mermaid">`, for a script in the browser.
    pub mermaid: bool,
    /// Behind a blank line in block HTML Markdown is read, as in CommonMark, unless the element says `markdown="0"`.
    pub html_blocks: bool,
    /// `$…$` is a formula by Pandoc's rule, and all formulas are MathML.
    pub math: bool,
    /// Names of emoji such as `:rocket:` are the characters.
    pub emoji: bool,
}

impl Habits {
    /// All of them.
    pub fn all() -> Self {
        Self {
            option_hyphens: true,
            alerts: true,
            bare_addresses: true,
            mermaid: true,
            html_blocks: true,
            math: true,
            emoji: true,
        }
    }
}

/// The options of the dialect. The names are kramdown's, the defaults are Jekyll's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whose block grammar is read.
    pub dialect: Dialect,
    /// Read kramdown with its GFM parser, Jekyll's default; without it as kramdown's own parser does (`input: kramdown`): headings need a
    /// blank line before them and no blank behind their signs, backticks fence no code, nothing is struck or a task, and ids are kramdown's.
    pub gfm: bool,
    /// Lists, headings, quotes and fences end a paragraph without a blank line before them, where the GFM parser reads (its quirk of this name).
    pub paragraph_end: bool,
    /// Give every heading an id.
    pub auto_ids: bool,
    /// Written before every generated id.
    pub auto_id_prefix: String,
    /// A line end in a paragraph breaks the line.
    pub hard_wrap: bool,
    /// Symbols such as `--` and `...` become characters.
    pub typographic: bool,
    /// What is written for a typographic symbol in place of its character ([`Options::set_symbol`]).
    pub symbols: Vec<(&'static str, String)>,
    /// What stands for `'…'` and `"…"`: left and right single, left and right double.
    pub smart_quotes: [char; 4],
    /// The number of the first footnote.
    pub footnote_nr: usize,
    /// Written before every footnote's name in ids.
    pub footnote_prefix: String,
    /// The text of the link back from a footnote; none when empty.
    pub footnote_backlink: String,
    /// Put the link back at the end of the last paragraph at any depth.
    pub footnote_backlink_inline: bool,
    /// The heading levels that a table of contents shows.
    pub toc_levels: RangeInclusive<u8>,
    /// Added to every heading's level.
    pub header_offset: i8,
    /// How math leaves.
    pub math: MathOutput,
    /// Read Markdown inside block HTML without `markdown="1"`.
    pub parse_block_html: bool,
    /// Read Markdown inside span HTML.
    pub parse_span_html: bool,
    /// How entities leave.
    pub entity_output: EntityOutput,
    /// Take a fence's own indentation off the lines of its code, as CommonMark does. kramdown leaves it, so that code in a
    /// list whose fence stands one blank deeper than the item's text is shifted by that blank.
    pub unindent_fences: bool,
    /// Take a fence for one whatever stands behind its language, as CommonMark does. To kramdown a line with more than one word
    /// opens no code.
    pub fence_words: bool,
    /// Read what stands behind the language of a fence: `title="…"`, `{1,3-5}`, `linenums`, `wrap`, `diff`.
    pub fence_options: bool,
    /// What authors know from GitHub.
    pub habits: Habits,
    /// The titles of alerts that have none of their own: note, tip, important, warning, caution. `None` for the English ones.
    pub alert_titles: Option<[String; 5]>,
    /// Links that every document may name, as `link_defs` of kramdown gives them: name, address, title. The document's own of that name win.
    pub link_defs: Vec<(String, String, Option<String>)>,
    /// What the page defines that the document stands in, if it stands in one.
    pub outer: Option<Arc<Outer>>,
    /// How long the HTML of the document may become, and what the tree repeats of its text (`output-limit`).
    pub output_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: Dialect::Kramdown,
            gfm: true,
            paragraph_end: true,
            auto_ids: true,
            auto_id_prefix: String::new(),
            hard_wrap: false,
            typographic: true,
            symbols: Vec::new(),
            smart_quotes: ['‘', '’', '“', '”'],
            footnote_nr: 1,
            footnote_prefix: String::new(),
            footnote_backlink: "&#8617;".into(),
            footnote_backlink_inline: false,
            toc_levels: 1..=6,
            header_offset: 0,
            math: MathOutput::MathJax,
            parse_block_html: false,
            parse_span_html: true,
            entity_output: EntityOutput::Character,
            unindent_fences: false,
            fence_words: false,
            fence_options: false,
            habits: Habits::default(),
            alert_titles: None,
            link_defs: Vec::new(),
            outer: None,
            output_bytes: 32 << 20,
        }
    }
}

impl Options {
    /// The defaults of a dialect.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }
}

/// Options of kramdown that are known and mean nothing here; setting one is not a mistake.
const IGNORED: [&str; 22] = [
    "html_to_native",
    "auto_id_stripping",
    "guess_lang",
    "show_warnings",
    "line_width",
    "template",
    "coderay",
    "latex_headers",
    "link_defs",
    "math_engine_opts",
    "remove_block_html_tags",
    "remove_line_breaks_for_cjk",
    "remove_span_html_tags",
    "syntax_highlighter",
    "syntax_highlighter_opts",
    "transliterated_header_ids",
    "gfm_emojis",
    "forbidden_inline_options",
    "list_indent",
    "typographic_symbols",
    "footnote_link_text",
    "ast",
];

/// What became of an attempt to set an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// It is set, or it is one that means nothing here.
    Done,
    /// The value cannot be read.
    BadValue,
    /// There is no such option.
    Unknown,
}

fn read_bool(value: &str) -> Option<bool> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// `1..6`, `2,3` or `[1, 2]`: from the lowest to the highest number named.
fn read_levels(value: &str) -> Option<RangeInclusive<u8>> {
    let numbers: Vec<u8> = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|n| n.parse().ok())
        .collect();
    Some(*numbers.iter().min()?..=*numbers.iter().max()?)
}

/// kramdown's parsers, by their names: whether it is the one for GFM.
fn read_input(value: &str) -> Option<bool> {
    match value.trim() {
        "GFM" | "gfm" => Some(true),
        "Kramdown" | "kramdown" => Some(false),
        _ => None,
    }
}

/// Four entity names or characters, separated by commas.
fn read_quotes(value: &str) -> Option<[char; 4]> {
    let mut found = value.split(',').map(|name| {
        let name = name.trim();
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some(c),
            _ => super::entities::named(name),
        }
    });
    let quotes = [found.next()??, found.next()??, found.next()??, found.next()??];
    found.next().is_none().then_some(quotes)
}

/// The typographic symbols by kramdown's names.
const SYMBOLS: [(&str, &str); 7] = [
    ("mdash", "\u{2014}"),
    ("ndash", "\u{2013}"),
    ("hellip", "\u{2026}"),
    ("laquo_space", "\u{ab}\u{a0}"),
    ("raquo_space", "\u{a0}\u{bb}"),
    ("laquo", "\u{ab}"),
    ("raquo", "\u{bb}"),
];

impl Options {
    /// Writes `text` for the typographic symbol of this name (`hellip`, `ndash`, …); what kramdown does not know by that name
    /// changes nothing.
    pub fn set_symbol(&mut self, name: &str, text: &str) {
        if let Some((_, symbol)) = SYMBOLS.iter().find(|(known, _)| *known == name) {
            self.symbols.push((symbol, text.to_owned()));
        }
    }

    /// Sets one option from text, as the configuration and `{::options}` give it.
    pub fn set(&mut self, name: &str, value: &str) -> Setting {
        fn put<T>(place: &mut T, value: Option<T>) -> Setting {
            match value {
                Some(value) => {
                    *place = value;
                    Setting::Done
                }
                None => Setting::BadValue,
            }
        }
        match name {
            "input" => put(&mut self.gfm, read_input(value)),
            "gfm_quirks" => {
                let has = |quirk| value.split(',').any(|named| named.trim().trim_start_matches(':') == quirk);
                self.paragraph_end = has("paragraph_end");
                self.typographic &= !has("no_auto_typographic");
                Setting::Done
            }
            "auto_ids" => put(&mut self.auto_ids, read_bool(value)),
            "auto_id_prefix" => put(&mut self.auto_id_prefix, Some(value.to_owned())),
            "hard_wrap" => put(&mut self.hard_wrap, read_bool(value)),
            "smart_quotes" => put(&mut self.smart_quotes, read_quotes(value)),
            "footnote_nr" => put(&mut self.footnote_nr, value.trim().parse().ok()),
            "footnote_prefix" => put(&mut self.footnote_prefix, Some(value.to_owned())),
            "footnote_backlink" => put(&mut self.footnote_backlink, Some(value.to_owned())),
            "footnote_backlink_inline" => put(&mut self.footnote_backlink_inline, read_bool(value)),
            "toc_levels" => put(&mut self.toc_levels, read_levels(value)),
            "header_offset" => put(&mut self.header_offset, value.trim().parse().ok()),
            "math_engine" => {
                let math = if value.trim() == "mathjax" { MathOutput::MathJax } else { MathOutput::Plain };
                put(&mut self.math, Some(math))
            }
            "parse_block_html" => put(&mut self.parse_block_html, read_bool(value)),
            "parse_span_html" => put(&mut self.parse_span_html, read_bool(value)),
            "github" => {
                let habits = read_bool(value).map(|on| if on { Habits::all() } else { Habits::default() });
                put(&mut self.habits, habits)
            }
            "fence_words" => put(&mut self.fence_words, read_bool(value)),
            "fence_options" => put(&mut self.fence_options, read_bool(value)),
            "unindent_fences" => put(&mut self.unindent_fences, read_bool(value)),
            "entity_output" => {
                let output = match value.trim().trim_start_matches(':') {
                    "as_char" => Some(EntityOutput::Character),
                    "as_input" => Some(EntityOutput::Input),
                    "symbolic" => Some(EntityOutput::Symbolic),
                    "numeric" => Some(EntityOutput::Numeric),
                    _ => None,
                };
                put(&mut self.entity_output, output)
            }
            _ if IGNORED.contains(&name) || name.starts_with("coderay_") => Setting::Done,
            _ => Setting::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_set_by_name_and_bad_ones_are_told_apart() {
        let mut options = Options::default();
        assert_eq!(options.set("toc_levels", "2..3"), Setting::Done);
        assert_eq!(options.toc_levels, 2..=3);
        assert_eq!(options.set("smart_quotes", "apos,apos,quot,quot"), Setting::Done);
        assert_eq!(options.smart_quotes, ['\'', '\'', '"', '"']);
        assert_eq!(options.set("auto_ids", "perhaps"), Setting::BadValue);
        assert_eq!(options.set("auto_idz", "true"), Setting::Unknown);
    }
}
