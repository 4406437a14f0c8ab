//! How large a picture is, by the first bytes of its file, and the same picture in other sizes and forms ([`variants`]). Knows bytes, and neither
//! sites nor the disk.
//!
//! Drawings (SVG) say it in their text; all others the crate `imagesize` reads, but for how a photograph is to be turned.

mod bounds;
#[cfg(feature = "cli")]
mod decode;
mod exif;
#[cfg(feature = "cli")]
mod pixels;
#[cfg(feature = "cli")]
pub(crate) mod variants;

use carafe_markdown::markup::{Tag, tags};

pub(crate) use bounds::MOST_PIXELS;
use exif::orientation;

/// The picture in `bytes` (PNG, JPEG, WebP) in a size that fits, never larger than it is: width, height and pixels of four channels. `None` for what is no such
/// picture, or broken.
#[cfg(feature = "cli")]
pub(crate) fn fitting(bytes: &[u8], width: u32, height: u32) -> Option<(u32, u32, Vec<u8>)> {
    let picture = decode::decoded(decode::Kind::of(bytes)?, bytes).ok()?;
    let pixels = picture.pixels.turned(picture.orientation);
    let scale = f64::min(f64::from(width) / f64::from(pixels.width), f64::from(height) / f64::from(pixels.height));
    let side = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    let pixels = if scale < 1.0 { pixels.resized(side(pixels.width), side(pixels.height)) } else { pixels };
    let width = pixels.width;
    Some((width, pixels.height, pixels.into_rgba()))
}

/// The size of a picture, in pixels of CSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
}

/// How many bytes most pictures say it in.
const START: usize = 64 << 10;
/// How many it may take: photographs carry a preview and profiles of colours before their size.
const MOST: usize = 4 << 20;
/// No picture of a page is larger; what says so is broken.
const LONGEST: f64 = 65_535.0;
/// The width of a drawing that has a shape and no size. Browsers give it all the width there is, and so does what is wider than that.
const FILLING: f64 = 1200.0;

/// The size of the picture of which `read` gives the first bytes, as many as asked for or all; `None` for what is no picture, says no size, or
/// is broken.
pub(crate) fn size(read: &dyn Fn(usize) -> Option<Vec<u8>>) -> Option<Size> {
    let mut bytes = read(START)?;
    let found = of_bytes(&bytes);
    if found.is_some() || bytes.len() < START || !says_it_late(&bytes) {
        return found;
    }
    bytes = read(MOST)?;
    of_bytes(&bytes)
}

fn of_bytes(bytes: &[u8]) -> Option<Size> {
    if let Ok(size) = imagesize::blob_size(bytes) {
        let (width, height) = (size.width as f64, size.height as f64);
        return if is_turned(bytes) { whole(height, width) } else { whole(width, height) };
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_markup = text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    if is_markup { drawing(&String::from_utf8_lossy(text)) } else { None }
}

/// Whether the size of such a picture may stand far behind its start: photographs (JPEG), and what is built of boxes (AVIF).
fn says_it_late(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff") || bytes.get(4..8) == Some(b"ftyp")
}

fn whole(width: f64, height: f64) -> Option<Size> {
    let is_sound = |side: f64| side > 0.0 && side <= LONGEST;
    let pixels = |side: f64| (side.round() as u32).max(1);
    (is_sound(width) && is_sound(height)).then(|| Size { width: pixels(width), height: pixels(height) })
}

/// Whether a photograph is to be shown turned by a quarter, as its camera noted (Exif, "Orientation").
fn is_turned(jpeg: &[u8]) -> bool {
    orientation(jpeg).is_some_and(|orientation| (5..=8).contains(&orientation))
}

/// The size of a drawing, as browsers have it (SVG, "Sizing properties"): what it says itself, a missing side by the shape of its `viewBox`. `None` for one
/// that says it in ways that are not read here.
fn drawing(text: &str) -> Option<Size> {
    let root = tags(text).next().filter(|tag| tag.name == "svg" || tag.name.ends_with(":svg"))?;
    let style = root.get("style").unwrap_or_default();
    if ["width", "height"].iter().any(|side| style.contains(side)) {
        return None;
    }
    match (length(&root, "width")?, length(&root, "height")?) {
        (Some(width), Some(height)) => whole(width, height),
        (Some(width), None) => whole(width, width / shape(&root)?),
        (None, Some(height)) => whole(height * shape(&root)?, height),
        (None, None) => whole(FILLING, FILLING / shape(&root)?),
    }
}

/// Width by height.
fn shape(root: &Tag<'_>) -> Option<f64> {
    let value = root.get("viewBox")?;
    let mut numbers = value.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty()).skip(2);
    let mut next = || numbers.next()?.parse::<f64>().ok().filter(|side| *side > 0.0);
    Some(next()? / next()?)
}

/// A length in pixels; no length where what is around the drawing decides, and `None` for what is not read here.
fn length(root: &Tag<'_>, name: &str) -> Option<Option<f64>> {
    let Some(value) = root.get(name) else { return Some(None) };
    let value = value.trim();
    let end = value.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(value.len());
    let (digits, unit) = value.split_at(end);
    let pixels = match unit.to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" | "em" | "rem" => 16.0,
        "ex" => 8.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        "%" | "auto" => return Some(None),
        _ => return None,
    };
    digits.trim().parse::<f64>().ok().map(|number| Some(number * pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Option<(u32, u32)> {
        let read = |most: usize| Some(bytes[..bytes.len().min(most)].to_vec());
        size(&read).map(|size| (size.width, size.height))
    }

    /// A photograph of 40 by 30, with these segments before its size.
    fn jpeg(segments: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"\xff\xd8".to_vec();
        for segment in segments {
            bytes.extend(b"\xff\xe1");
            bytes.extend(u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
            bytes.extend(*segment);
        }
        bytes.extend(b"\xff\xc0\x00\x11\x08\x00\x1e\x00\x28\x03");
        bytes
    }

    #[test]
    fn the_size_of_a_photograph_stands_behind_its_previews_and_may_be_turned() {
        assert_eq!(of(&jpeg(&[])), Some((40, 30)));
        let preview = vec![0; 60_000];
        assert_eq!(of(&jpeg(&[&preview, &preview, &preview])), Some((40, 30)));
        let little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        let upright = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0";
        assert_eq!(of(&jpeg(&[little])), Some((30, 40)));
        assert_eq!(of(&jpeg(&[big])), Some((30, 40)));
        assert_eq!(of(&jpeg(&[upright])), Some((40, 30)));
    }

    #[test]
    fn a_drawing_has_the_size_that_browsers_give_it() {
        let svg = |attributes: &str| {
            of(format!("<?xml version=\"1.0\"?>\n<!-- <svg width='1'> -->\n<svg {attributes}><g/></svg>").as_bytes())
        };
        assert_eq!(svg("width='120' height=\"80px\" viewBox='0 0 1 1'"), Some((120, 80)));
        assert_eq!(svg("width='1in' height='72pt'"), Some((96, 96)));
        assert_eq!(svg("width='10em' height='5em' viewBox='0 0 1 1'"), Some((160, 80)));
        assert_eq!(svg("width='200' viewBox='0,0 40 20'"), Some((200, 100)));
        assert_eq!(svg("height='50' width='auto' viewBox='0 0 40 20'"), Some((100, 50)));
        // It fills the width, as it does without a size.
        assert_eq!(svg("width='100%' viewBox='0 0 40 20'"), Some((1200, 600)));
        for none in [
            "",
            "width='100%' height='100%'",
            "viewBox='0 0 0 9'",
            "width='-5' height='5'",
            "width='99999' height='1'",
            "width='50vw' viewBox='0 0 4 2'",
            "style='width: 3px' viewBox='0 0 4 2'",
        ] {
            assert_eq!(svg(none), None, "{none}");
        }
        assert_eq!(of(b"<html><svg width='1' height='1'>"), None);
        assert_eq!(of(b"\xef\xbb\xbf  <svg:svg width='3' height='4'>"), Some((3, 4)));
    }

    #[test]
    fn what_is_broken_has_no_size() {
        let whole = [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x04\x08\x06\0\0\0".to_vec(),
            b"GIF89a\x03\0\x04\0\0\0\0".to_vec(),
            b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x03\0\0".to_vec(),
            jpeg(&[b"Exif\0\0II*\0\xff\xff\0\0\xff\xff"]),
        ];
        assert_eq!(whole.each_ref().map(|bytes| of(bytes)), [Some((3, 4)), Some((3, 4)), Some((3, 4)), Some((40, 30))]);
        for bytes in whole {
            for end in 0..bytes.len() {
                of(&bytes[..end]);
                let mut other = bytes.clone();
                other[end] = 0xff;
                of(&other);
            }
        }
        for bytes in [&b""[..], b"<", b"text", b"\xff\xd8\xff", b"\0\0\0\x20ftypavif\0\0\0\0", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(of(bytes), None, "{bytes:?}");
        }
        assert_eq!(size(&|_| None), None);
    }
}
