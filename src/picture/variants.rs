//! The same picture in other sizes and forms, each only where it takes fewer bytes than its source and than every larger one. Knows bytes alone.
//!
//! Photographs stay photographs (JPEG), all others are written without loss: as WebP, or as PNG. The same bytes and the same wishes give the same
//! variants on every machine.

use serde::{Deserialize, Serialize};

use super::decode::{Decoded, Kind, Refused, decoded};
use super::pixels::Pixels;

/// What a photograph's variants keep, of 100.
const QUALITY: u8 = 80;

/// What is wished of all pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Widths in pixels.
    pub sizes: Vec<u32>,
    /// Whether what is no photograph is written as WebP, in its own size, too.
    pub webp: bool,
}

/// One variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Variant {
    /// In pixels.
    pub width: u32,
    /// `webp`, `png` or `jpg`.
    pub ending: String,
    pub bytes: Vec<u8>,
}

/// Why a picture that could have variants has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// It has so many pixels, which are more than are taken apart.
    Large(u64),
    /// It is none of what it begins as: the name of that, and what is wrong.
    Broken(String, String),
}

/// Whether a file that begins so may have variants.
pub(crate) fn is_known(start: &[u8]) -> bool {
    Kind::of(start).is_some()
}

/// The variants of the picture in `bytes`, the widest first. None of what moves, of drawings, and of what is said of colours in ways that another file
/// could not say.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn variants(bytes: &[u8], wish: &Wish) -> Result<Vec<Variant>, Trouble> {
    let Some(kind) = Kind::of(bytes) else { return Ok(Vec::new()) };
    let picture = match decoded(kind, bytes) {
        Ok(picture) => picture,
        Err(Refused::Special) => return Ok(Vec::new()),
        Err(Refused::Large(pixels)) => return Err(Trouble::Large(pixels)),
        Err(Refused::Broken(how)) => return Err(Trouble::Broken(kind.name().to_owned(), how)),
    };
    let Decoded { pixels, profile, orientation, is_exact } = picture;
    let source = pixels.simplified();
    let is_turned = orientation > 4;
    let (width, height) = if is_turned { (source.height, source.width) } else { (source.width, source.height) };
    let mut widths: Vec<u32> = wish.sizes.iter().copied().filter(|wanted| (1..width).contains(wanted)).collect();
    if wish.webp && kind == Kind::Png && is_exact {
        widths.push(width);
    }
    widths.sort_unstable_by(|a, b| b.cmp(a));
    widths.dedup();
    let (ending, encode): (_, Encoder) = match kind {
        Kind::Jpeg => ("jpg", jpeg),
        Kind::Png if !wish.webp => ("png", png),
        Kind::Png | Kind::WebP => ("webp", webp),
    };
    let mut least = bytes.len();
    let mut found = Vec::new();
    for wanted in widths {
        let other = (f64::from(wanted) * f64::from(height) / f64::from(width)).round().max(1.0) as u32;
        let smaller = match (wanted == width, is_turned) {
            (true, _) => None,
            (false, true) => Some(source.resized(other, wanted).turned(orientation)),
            (false, false) => Some(source.resized(wanted, other).turned(orientation)),
        };
        let encoded = encode(smaller.as_ref().unwrap_or(&source), profile.as_deref());
        if let Some(bytes) = encoded.filter(|bytes| bytes.len() < least) {
            least = bytes.len();
            found.push(Variant { width: wanted, ending: ending.to_owned(), bytes });
        }
    }
    Ok(found)
}

/// Writes pixels, with what their colours mean; `None` for what cannot be written.
type Encoder = fn(&Pixels, Option<&[u8]>) -> Option<Vec<u8>>;

/// `None` for what cannot be written so: sides of more than 16 384 pixels.
fn webp(pixels: &Pixels, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    use image_webp::ColorType;
    let colours = match pixels.channels {
        1 => ColorType::L8,
        2 => ColorType::La8,
        3 => ColorType::Rgb8,
        _ => ColorType::Rgba8,
    };
    let mut out = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut out);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec());
    }
    encoder.encode(&pixels.bytes, pixels.width, pixels.height, colours).ok()?;
    Some(out)
}

fn png(pixels: &Pixels, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut info = png::Info::with_size(pixels.width, pixels.height);
    info.bit_depth = png::BitDepth::Eight;
    info.color_type = match pixels.channels {
        1 => png::ColorType::Grayscale,
        2 => png::ColorType::GrayscaleAlpha,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    };
    info.icc_profile = profile.map(Into::into);
    let mut out = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut out, info).ok()?;
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels.bytes).ok()?;
    writer.finish().ok()?;
    Some(out)
}

fn jpeg(pixels: &Pixels, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let colours = if pixels.channels == 1 { jpeg_encoder::ColorType::Luma } else { jpeg_encoder::ColorType::Rgb };
    let (width, height) = (u16::try_from(pixels.width).ok()?, u16::try_from(pixels.height).ok()?);
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, QUALITY);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).ok()?;
    }
    encoder.encode(&pixels.bytes, width, height, colours).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests;
