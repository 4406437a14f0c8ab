//! The pixels of a picture's file, and what is needed to write them anew: PNG, JPEG and WebP.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::bounds::MOST_PIXELS;
use super::exif::{orientation, orientation_of_exif};
use super::pixels::Pixels;

/// What a decoder may take beside the pixels: profiles of colours, texts.
const MOST_EXTRA: usize = 16 << 20;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    WebP,
}

impl Kind {
    /// By the first bytes; `None` for drawings, animations' own formats and all that is not known here.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
        }
    }
}

/// A picture taken apart.
#[derive(Debug)]
pub(super) struct Decoded {
    pub pixels: Pixels,
    /// What its colours mean, if not the usual.
    pub profile: Option<Vec<u8>>,
    /// How it is to be turned (1 to 8).
    pub orientation: u16,
    /// Whether `pixels` say all that the file does.
    pub is_exact: bool,
}

/// Why there are no pixels.
#[derive(Debug)]
pub(super) enum Refused {
    /// It moves, or says of its colours what cannot be said elsewhere.
    Special,
    /// It has so many pixels.
    Large(u64),
    /// It is broken; how, in the words of whoever read it.
    Broken(String),
}

/// Takes a file apart.
///
/// # Errors
/// [`Refused`].
pub(super) fn decoded(kind: Kind, bytes: &[u8]) -> Result<Decoded, Refused> {
    match kind {
        Kind::Png => png(bytes),
        Kind::Jpeg => jpeg(bytes),
        Kind::WebP => webp(bytes),
    }
}

fn broken(error: impl std::fmt::Display) -> Refused {
    // What decoders say may be long, and of several lines.
    let text = error.to_string();
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Refused::Broken(line.trim().trim_end_matches('.').chars().take(160).collect())
}

fn bounded(width: u64, height: u64) -> Result<(), Refused> {
    match width.saturating_mul(height) {
        0 => Err(Refused::Broken("it has no pixels".to_owned())),
        pixels if pixels > MOST_PIXELS => Err(Refused::Large(pixels)),
        _ => Ok(()),
    }
}

fn png(bytes: &[u8]) -> Result<Decoded, Refused> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MOST_EXTRA });
    decoder.ignore_checksums(false);
    let header = decoder.read_header_info().map_err(broken)?;
    bounded(header.width.into(), header.height.into())?;
    let is_exact = header.bit_depth != png::BitDepth::Sixteen;
    let pixels = header.width as usize * header.height as usize;
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_limits(png::Limits { bytes: MOST_EXTRA + pixels * 8 });
    let mut reader = decoder.read_info().map_err(broken)?;
    let info = reader.info();
    let turned = info.exif_metadata.as_deref().and_then(orientation_of_exif).is_some_and(|turned| turned > 1);
    // Some programs note a gamma that is the usual one, rounded.
    let is_usual = |gamma: png::ScaledFloat| (44_000..=47_000).contains(&gamma.into_scaled());
    let has_gamma =
        info.srgb.is_none() && info.icc_profile.is_none() && info.gama_chunk.is_some_and(|gamma| !is_usual(gamma));
    if info.animation_control.is_some() || info.coding_independent_code_points.is_some() || turned || has_gamma {
        return Err(Refused::Special);
    }
    let profile = info.icc_profile.as_deref().map(<[u8]>::to_vec).filter(|_| info.srgb.is_none());
    let (colours, _) = reader.output_color_type();
    let (width, height) = (info.width, info.height);
    let mut out = vec![0; reader.output_buffer_size().ok_or(Refused::Large(pixels as u64))?];
    reader.next_frame(&mut out).map_err(broken)?;
    let pixels = Pixels { width, height, channels: colours.samples(), bytes: out };
    Ok(Decoded { pixels, profile, orientation: 1, is_exact })
}

fn jpeg(bytes: &[u8]) -> Result<Decoded, Refused> {
    // Its reader makes grey of what is missing.
    let last = memchr::memmem::rfind(bytes, b"\xff\xda").unwrap_or(bytes.len());
    if memchr::memmem::find(&bytes[last..], b"\xff\xd9").is_none() {
        return Err(broken("unexpected end of file"));
    }
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::new_safe().set_max_width(side).set_max_height(side).set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(broken)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| broken("it has no size"))?;
    bounded(width as u64, height as u64)?;
    let channels = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => 1,
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => 3,
        // Inks of printers: their colours depend on a profile.
        _ => return Err(Refused::Special),
    };
    let colours = if channels == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let out = decoder.decode().map_err(broken)?;
    if out.len() != width * height * channels {
        return Err(broken("its pixels are not as many as it says"));
    }
    let (width, height) = (width as u32, height as u32);
    let pixels = Pixels { width, height, channels, bytes: out };
    Ok(Decoded {
        pixels,
        profile: decoder.icc_profile(),
        orientation: orientation(bytes).unwrap_or(1),
        is_exact: false,
    })
}

fn webp(bytes: &[u8]) -> Result<Decoded, Refused> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    let (width, height) = decoder.dimensions();
    bounded(width.into(), height.into())?;
    decoder.set_memory_limit(MOST_EXTRA);
    let exif = decoder.exif_metadata().map_err(broken)?;
    if decoder.is_animated() || exif.as_deref().and_then(orientation_of_exif).is_some_and(|turned| turned > 1) {
        return Err(Refused::Special);
    }
    let profile = decoder.icc_profile().map_err(broken)?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut out = vec![0; width as usize * height as usize * channels];
    decoder.read_image(&mut out).map_err(broken)?;
    Ok(Decoded { pixels: Pixels { width, height, channels, bytes: out }, profile, orientation: 1, is_exact: false })
}
