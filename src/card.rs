//! Pictures for previews of links: a page's title on a ground of 1200 by 630 pixels. Knows letters and colours, and neither sites nor the disk.
//!
//! 1. [`Fonts`] are those that the site brings along, and one that the program does; never those of the machine.
//! 2. [`png`] breaks the texts into lines by the widths of their letters, writes them down as a drawing (SVG), and has that drawn.
//!
//! Nothing but plain areas is drawn, so that the same card gives the same bytes on every machine.

use std::fmt::Write as _;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, PixmapPaint, PremultipliedColorU8, Transform};
use resvg::usvg::{self, fontdb};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// The sides of a card in pixels, as the networks have them.
pub(crate) const WIDTH: u32 = 1200;
pub(crate) const HEIGHT: u32 = 630;

/// What stands on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Card {
    /// The site's name, at the top.
    pub site: String,
    /// The page's title.
    pub title: String,
    /// A sentence or two below it.
    pub text: String,
    /// Where it is, at the foot.
    pub foot: String,
    /// A colour, as [`colour`] gives it.
    pub accent: String,
    /// Whether it is read from the right.
    pub from_right: bool,
}

/// The colour that cards have where a site's own cannot be read: the theme's.
pub(crate) const ACCENT: &str = "#8a1538";

/// A colour as style sheets write it, in a form that drawings know: of `light-dark()` the first. `None` for what is not known here.
pub(crate) fn colour(written: &str) -> Option<String> {
    let inner = written.trim();
    let light = inner.strip_prefix("light-dark(").and_then(|inner| {
        // A comma within brackets parts no colours.
        let mut depth = 0_usize;
        let ends = |letter: char| {
            depth = match letter {
                '(' => depth + 1,
                ')' => depth.saturating_sub(1),
                _ => depth,
            };
            letter == ',' && depth == 0
        };
        inner.split(ends).next()
    });
    let colour = light.unwrap_or(inner).trim().parse::<svgtypes::Color>().ok()?;
    Some(format!("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue))
}

/// A picture to stand before the site's name.
#[derive(Clone, Debug)]
pub(crate) enum Logo {
    /// The text of a drawing.
    Drawing(Vec<u8>),
    /// Pixels of four channels, from the top.
    Pixels { width: u32, height: u32, rgba: Vec<u8> },
}

/// The fonts that cards are written in.
#[derive(Clone, Debug)]
pub(crate) struct Fonts {
    database: Arc<fontdb::Database>,
    /// The names of families, in the order in which they are asked.
    families: Vec<String>,
}

/// The family that the program brings along.
const OWN: &str = "Noto Sans";

impl Fonts {
    /// These files of fonts, and the program's own font behind them. What is no font is passed over.
    pub(crate) fn new(files: Vec<Vec<u8>>) -> Self {
        let mut database = fontdb::Database::new();
        let mut families: Vec<String> = Vec::new();
        let own: [Arc<dyn AsRef<[u8]> + Send + Sync>; 2] =
            [Arc::new(ttf_noto_sans::REGULAR), Arc::new(ttf_noto_sans::BOLD)];
        let files = files.into_iter().map(|file| Arc::new(file) as Arc<dyn AsRef<[u8]> + Send + Sync>);
        for file in files.chain(own) {
            for id in database.load_font_source(fontdb::Source::Binary(file)) {
                let name = database.face(id).and_then(|face| face.families.first()).map(|(name, _)| name.clone());
                families.extend(name.filter(|name| !families.contains(name)));
            }
        }
        Self { database: Arc::new(database), families }
    }

    /// Whether a file holds a font that can be used.
    pub(crate) fn is_font(bytes: &[u8]) -> bool {
        FontRef::from_index(bytes, 0).is_ok_and(|font| font.charmap().has_map())
    }

    /// How wide a letter is in a font of one pixel; `None` where no font has it.
    fn width(&self, letter: char, is_bold: bool) -> Option<f32> {
        let weight = if is_bold { fontdb::Weight::BOLD } else { fontdb::Weight::NORMAL };
        self.families.iter().find_map(|family| {
            let families = [fontdb::Family::Name(family)];
            let id = self.database.query(&fontdb::Query { families: &families, weight, ..fontdb::Query::default() })?;
            self.database.with_face_data(id, |data, index| {
                let font = FontRef::from_index(data, index).ok()?;
                let glyph = font.charmap().map(letter)?;
                font.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(glyph)
            })?
        })
    }

    /// Whether a letter that is to be seen is in none of the fonts.
    fn lacks(&self, letter: char) -> bool {
        !is_silent(letter) && self.width(letter, false).is_none()
    }
}

/// Whether a text has letters that are written from the right: those of Hebrew, Arabic and their relatives.
fn is_from_right(text: &str) -> bool {
    text.contains(|letter| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'))
}

/// What is not seen by itself: blanks, marks of direction, joiners, and what chooses how a sign looks.
fn is_silent(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// No text on a card has room for more.
const MOST_LETTERS: usize = 600;

/// Whether the fonts lack letters of a card; signs such as emoji do not count, they are left out.
pub(crate) fn lacks_letters(card: &Card, fonts: &Fonts) -> bool {
    let texts = [&card.title, &card.site, &card.text, &card.foot];
    texts
        .into_iter()
        .flat_map(|text| text.chars().take(MOST_LETTERS))
        .any(|letter| letter.is_alphabetic() && fonts.lacks(letter))
}

/// A text as it can be written: without signs that the fonts lack, and empty where they lack letters, of which no rest would be left to read.
fn legible(text: &str, fonts: &Fonts) -> String {
    let text = || text.chars().take(MOST_LETTERS);
    let lacks: Vec<char> = text().filter(|letter| fonts.lacks(*letter)).collect();
    if lacks.iter().any(|letter| letter.is_alphabetic()) {
        return String::new();
    }
    let mut kept = String::new();
    let mut is_left_out = false;
    for letter in text() {
        if lacks.contains(&letter) || is_silent(letter) && !letter.is_whitespace() {
            is_left_out = true;
            continue;
        }
        // A full stop stands behind the word, where the sign between them is gone.
        if is_left_out && matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | ')') {
            kept.truncate(kept.trim_end().len());
        }
        is_left_out &= letter.is_whitespace();
        kept.push(letter);
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A font of a certain size, to measure with.
struct Hand<'f> {
    fonts: &'f Fonts,
    size: f32,
    is_bold: bool,
}

impl Hand<'_> {
    fn width(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.fonts.width(letter, self.is_bold).unwrap_or(0.0)).sum::<f32>() * self.size
    }

    /// The text in at most `most` lines that are not wider than `wide`; the last one ends in `…` where something is left.
    fn lines(&self, text: &str, wide: f32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        let mut widths = 0.0;
        for word in words(text) {
            let width = self.width(word);
            let line = lines.last_mut();
            let Some(line) = line else { break };
            if widths + self.width(word.trim_end()) <= wide {
                line.push_str(word);
                widths += width;
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
                widths = 0.0;
            }
            if width <= wide {
                lines.last_mut().into_iter().for_each(|line| line.push_str(word));
                widths = width;
            } else {
                // No line has room for the word.
                for letter in word.chars() {
                    let width = self.width(letter.encode_utf8(&mut [0; 4]));
                    if widths + width > wide {
                        lines.push(String::new());
                        widths = 0.0;
                    }
                    lines.last_mut().into_iter().for_each(|line| line.push(letter));
                    widths += width;
                }
            }
            if lines.len() > most {
                break;
            }
        }
        let is_cut = lines.len() > most;
        lines.truncate(most);
        if is_cut && let Some(last) = lines.last_mut() {
            let dots = self.width("…");
            while self.width(last.trim_end()) + dots > wide && last.pop().is_some() {}
            // Not in the middle of a word, where there are some.
            if let Some((whole, _)) = last.trim_end().rsplit_once(' ').filter(|_| !last.ends_with(' ')) {
                *last = whole.to_owned();
            }
            *last = format!("{}…", last.trim_end_matches([' ', ',', '.', ':', ';']));
        }
        lines.into_iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
    }
}

/// The parts of a text between which a line may end, blanks at their ends: words, and the signs of those who write without blanks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_wide = |letter: char| matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}');
    let closes = |letter: char| {
        matches!(
            letter,
            '、' | '。' | '，' | '．' | '！' | '？' | '：' | '；' | '）' | '」' | '』' | '】' | '〉' | '》'
        )
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((_, letter)) = letters.next() {
            let Some((at, next)) = letters.peek().copied() else { break };
            if letter.is_whitespace() && !next.is_whitespace()
                || (is_wide(letter) || is_wide(next)) && !closes(next) && !next.is_whitespace()
            {
                end = at;
                break;
            }
        }
        let (word, behind) = rest.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

/// Where what stands at the side begins.
const MARGIN: f32 = 84.0;
/// How wide texts may be.
const WIDE: f32 = WIDTH as f32 - 2.0 * MARGIN;
const INK: &str = "#241d22";
const INK_SOFT: &str = "#62565d";
/// The sides that a logo may have.
pub(crate) const LOGO: (f32, f32) = (420.0, 64.0);

/// Whether a logo can be drawn.
pub(crate) fn is_sound(logo: &Logo, fonts: &Fonts) -> bool {
    Mark::new(logo, &options(fonts)).is_some()
}

/// The card as a PNG. `None` when it cannot be drawn: for want of memory, say.
pub(crate) fn png(card: &Card, fonts: &Fonts, logo: Option<&Logo>) -> Option<Vec<u8>> {
    let mut ground = Pixmap::new(WIDTH, HEIGHT)?;
    let options = options(fonts);
    let mark = logo.and_then(|logo| Mark::new(logo, &options));
    let text = drawing(card, fonts, mark.as_ref());
    let tree = usvg::Tree::from_str(&text, &options).ok()?;
    resvg::render(&tree, Transform::identity(), &mut ground.as_mut());
    if let Some(mark) = mark {
        let x = if card.from_right { WIDTH as f32 - MARGIN - mark.width } else { MARGIN };
        mark.draw(x, 72.0, &mut ground);
    }
    encoded(&ground)
}

/// What drawings are read with: no fonts of the machine, and no files.
fn options(fonts: &Fonts) -> usvg::Options<'static> {
    let mut options = usvg::Options { fontdb: fonts.database.clone(), ..usvg::Options::default() };
    options.font_family = OWN.to_owned();
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    options
}

/// A logo that fits.
struct Mark {
    width: f32,
    scale: f32,
    what: What,
}

enum What {
    Drawing(Box<usvg::Tree>),
    Pixels(Pixmap),
}

impl Mark {
    fn new(logo: &Logo, options: &usvg::Options<'_>) -> Option<Self> {
        let (what, width, height) = match logo {
            Logo::Drawing(text) => {
                let tree = usvg::Tree::from_data(text, options).ok()?;
                let size = tree.size();
                (What::Drawing(Box::new(tree)), size.width(), size.height())
            }
            Logo::Pixels { width, height, rgba } => {
                let mut pixels = Pixmap::new(*width, *height)?;
                for (pixel, from) in pixels.pixels_mut().iter_mut().zip(rgba.chunks_exact(4)) {
                    let part = |colour: u8| ((u16::from(colour) * u16::from(from[3]) + 127) / 255) as u8;
                    *pixel = PremultipliedColorU8::from_rgba(part(from[0]), part(from[1]), part(from[2]), from[3])?;
                }
                (What::Pixels(pixels), *width as f32, *height as f32)
            }
        };
        let scale = (LOGO.0 / width).min(LOGO.1 / height);
        Some(Self { width: width * scale, scale, what })
    }

    fn draw(&self, x: f32, y: f32, ground: &mut Pixmap) {
        let place = Transform::from_row(self.scale, 0.0, 0.0, self.scale, x, y);
        match &self.what {
            What::Drawing(tree) => resvg::render(tree, place, &mut ground.as_mut()),
            What::Pixels(pixels) => {
                let paint =
                    PixmapPaint { quality: resvg::tiny_skia::FilterQuality::Bilinear, ..PixmapPaint::default() };
                ground.draw_pixmap(0, 0, pixels.as_ref(), &paint, place, None);
            }
        }
    }
}

/// The card as a drawing, but for its logo.
fn drawing(card: &Card, fonts: &Fonts, mark: Option<&Mark>) -> String {
    let [site, mut title, text, foot] =
        [&card.site, &card.title, &card.text, &card.foot].map(|text| legible(text, fonts));
    // A card that says nothing of its page says whose it is.
    let mut head = site.clone();
    if title.is_empty() || title == site {
        title = site;
        head = String::new();
    }
    let hand = |size, is_bold| Hand { fonts, size, is_bold };
    let sizes: [(f32, usize); 3] = [(84.0, 2), (68.0, 3), (58.0, 4)];
    let fitting = sizes.into_iter().find(|(size, most)| {
        let hand = hand(*size, true);
        let lines = hand.lines(&title, WIDE, *most + 1);
        lines.len() <= *most && !title.split(' ').any(|word| hand.width(word) > WIDE)
    });
    let (size, most) = fitting.unwrap_or((58.0, 4));
    let titles = hand(size, true).lines(&title, WIDE, most);
    let texts = hand(33.0, false).lines(&text, WIDE, 4 - titles.len().clamp(2, 4));
    let (step, small) = (size * 1.16, 46.0);
    let between = if titles.is_empty() || texts.is_empty() { 0.0 } else { 30.0 };
    let block = titles.len() as f32 * step + between + texts.len() as f32 * small;
    // The middle of what is left between head and foot.
    let top = 345.0 - block / 2.0;
    let mut out = String::with_capacity(2048);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\">\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    );
    let accent = escape(&card.accent);
    let _ = write!(out, "<rect y=\"{}\" width=\"{WIDTH}\" height=\"18\" fill=\"{accent}\"/>", HEIGHT - 18);
    let family: Vec<String> =
        fonts.families.iter().map(|family| format!("'{}'", escape(&family.replace(['\'', '\\'], "")))).collect();
    let family = family.join(",");
    let mut put = |text: &str, inset: f32, y: f32, size: f32, weight: u16, colour: &str| {
        let (x, anchor) = match card.from_right {
            true => (WIDTH as f32 - MARGIN - inset, "end"),
            false => (MARGIN + inset, "start"),
        };
        // What is written from the left stands within what is not.
        let [before, behind] = if is_from_right(text) { ["\u{202b}", "\u{202c}"] } else { ["", ""] };
        let _ = write!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-family=\"{family}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             text-anchor=\"{anchor}\" fill=\"{colour}\">{before}{}{behind}</text>",
            escape(text)
        );
    };
    let inset = mark.map_or(0.0, |mark| mark.width + 22.0);
    for line in hand(34.0, true).lines(&head, WIDE - inset, 1) {
        put(&line, inset, 116.0, 34.0, 700, INK_SOFT);
    }
    for (at, line) in titles.iter().enumerate() {
        put(line, 0.0, top + (at as f32 + 0.82) * step, size, 700, INK);
    }
    let below = top + titles.len() as f32 * step + between;
    for (at, line) in texts.iter().enumerate() {
        put(line, 0.0, below + (at as f32 + 0.75) * small, 33.0, 400, INK_SOFT);
    }
    for line in hand(27.0, false).lines(&foot, WIDE, 1) {
        put(&line, 0.0, 562.0, 27.0, 400, &accent);
    }
    out.push_str("</svg>");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The pixels, none of which is seen through, as a PNG.
fn encoded(ground: &Pixmap) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = ground.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&bytes).ok()?;
    writer.finish().ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::new(Vec::new())
    }

    fn lines(text: &str, wide: f32, most: usize) -> Vec<String> {
        Hand { fonts: &fonts(), size: 50.0, is_bold: true }.lines(text, wide, most)
    }

    #[test]
    fn a_text_is_broken_at_its_words_and_ends_in_dots_where_there_is_no_room() {
        assert_eq!(lines("First steps with tea", 2000.0, 2), ["First steps with tea"]);
        assert_eq!(lines("First steps with tea", 320.0, 2), ["First steps", "with tea"]);
        assert_eq!(lines("First steps with tea and more", 320.0, 2), ["First steps", "with tea…"]);
        assert_eq!(lines("First steps, with tea", 320.0, 1), ["First steps…"]);
        let long = lines("Donaudampfschifffahrt", 300.0, 5);
        assert_eq!(long.concat(), "Donaudampfschifffahrt");
        assert!(long.len() > 1);
        assert_eq!(lines("", 300.0, 2), [""; 0]);
        // So narrow that not even the dots fit.
        assert_eq!(lines("abc def", 1.0, 1).len(), 1);
    }

    #[test]
    fn signs_that_are_written_without_blanks_part_lines_but_not_before_a_full_stop() {
        let parts: Vec<&str> = words("茶の本。Tea book 한국").collect();
        assert_eq!(parts, ["茶", "の", "本。", "Tea ", "book ", "한", "국"]);
    }

    #[test]
    fn what_the_fonts_lack_is_left_out_and_a_text_of_such_letters_altogether() {
        let fonts = fonts();
        let legible = |text: &str| legible(text, &fonts);
        assert_eq!(legible("Tea  🍵 and more 🎉."), "Tea and more.");
        assert_eq!(legible("Ünïcode “ß” Ελληνικά Русский"), "Ünïcode “ß” Ελληνικά Русский");
        assert_eq!(legible("Tea 茶"), "");
        assert_eq!(legible("a\u{200b}b\u{202e}c"), "abc");
        let card = |title: &str| Card { title: title.to_owned(), ..Card::default() };
        assert!(lacks_letters(&card("茶"), &fonts) && !lacks_letters(&card("Tea 🍵"), &fonts));
        let shown = drawing(&Card { site: "Site".into(), title: "茶".into(), ..Card::default() }, &fonts, None);
        assert!(shown.contains(">Site<") && shown.matches("<text").count() == 1, "{shown}");
    }

    #[test]
    fn colours_are_read_as_style_sheets_have_them() {
        for (written, read) in [
            ("#00563f", Some("#00563f")),
            (" light-dark( #abc , #6fd3a8) ", Some("#aabbcc")),
            ("light-dark(rgb(1, 2, 3), red)", Some("#010203")),
            ("teal", Some("#008080")),
            ("hsl(0, 100%, 50%)", Some("#ff0000")),
            ("oklch(60% 0.1 20)", None),
            ("var(--x)", None),
            ("", None),
            ("\"/><script>", None),
        ] {
            assert_eq!(colour(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_card_is_a_png_of_its_size_and_the_same_each_time() {
        let card = Card {
            site: "A <b> & \"c\"".into(),
            title: "T".repeat(4000),
            text: "x y ".repeat(5000),
            foot: "docs.example.org".into(),
            accent: ACCENT.into(),
            from_right: false,
        };
        let fonts = fonts();
        let logo = Logo::Drawing(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='3'><image href='/etc/hostname'/><rect width='9' height='3'/></svg>".to_vec());
        let first = png(&card, &fonts, Some(&logo)).unwrap();
        assert_eq!(first, png(&card, &self::fonts(), Some(&logo)).unwrap());
        let reader = png::Decoder::new(std::io::Cursor::new(&first)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (WIDTH, HEIGHT));
        // Another direction, and no logo where it cannot be read.
        let other = Card { from_right: true, ..card.clone() };
        assert!(png(&other, &fonts, None).unwrap() != first);
        assert!(!is_sound(&Logo::Drawing(b"no drawing".to_vec()), &fonts) && is_sound(&logo, &fonts));
        assert!(png(&card, &fonts, Some(&Logo::Drawing(b"no drawing".to_vec()))).is_some());
        assert!(png(&Card::default(), &fonts, None).is_some());
        assert!(Fonts::is_font(ttf_noto_sans::BOLD) && !Fonts::is_font(b"wOF2") && !Fonts::is_font(b""));
    }

    #[test]
    fn what_is_written_from_the_right_stands_at_the_right() {
        let card =
            Card { title: "דף Linux.".into(), foot: "docs.example.org".into(), from_right: true, ..Card::default() };
        // As if the fonts had the letters.
        let shown = drawing(&Card { title: "Tea".into(), ..card.clone() }, &fonts(), None);
        assert!(shown.contains("text-anchor=\"end\"") && !shown.contains('\u{202b}'), "{shown}");
        assert!(is_from_right(&card.title) && !is_from_right(&card.foot));
    }
}
