use super::*;

/// A picture in which each pixel tells where it is, and that no compression makes small.
fn drawn(width: u32, height: u32, channels: usize) -> Pixels {
    let value = |at: usize| {
        let (x, y) = (at / channels % width as usize, at / channels / width as usize);
        match at % channels {
            last if channels.is_multiple_of(2) && last == channels - 1 => (200 + x % 50) as u8,
            channel => {
                let noise = ((x * 7919) ^ (y * 104_729) ^ (channel * 31)).wrapping_mul(2_654_435_761) >> 20;
                (x * 190 / width as usize + noise % 61) as u8
            }
        }
    };
    let bytes = (0..width as usize * height as usize * channels).map(value).collect();
    Pixels { width, height, channels, bytes }
}

/// A PNG that is written without care.
fn written(pixels: &Pixels, change: &dyn Fn(&mut png::Info<'_>)) -> Vec<u8> {
    let mut info = png::Info::with_size(pixels.width, pixels.height);
    info.color_type =
        [png::ColorType::Grayscale, png::ColorType::GrayscaleAlpha, png::ColorType::Rgb, png::ColorType::Rgba]
            [pixels.channels - 1];
    info.bit_depth = png::BitDepth::Eight;
    change(&mut info);
    let mut bytes = pixels.bytes.clone();
    if info.bit_depth == png::BitDepth::Sixteen {
        bytes = bytes.into_iter().flat_map(|byte| [byte, byte]).collect();
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut out, info).unwrap();
    encoder.set_compression(png::Compression::NoCompression);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&bytes).unwrap();
    writer.finish().unwrap();
    out
}

fn photo(pixels: &Pixels, colours: jpeg_encoder::ColorType, segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 100);
    segments.iter().for_each(|(number, data)| encoder.add_app_segment(*number, data.to_vec()).unwrap());
    encoder.encode(&pixels.bytes, pixels.width as u16, pixels.height as u16, colours).unwrap();
    out
}

fn wish(sizes: &[u32], webp: bool) -> Wish {
    Wish { sizes: sizes.to_vec(), webp }
}

/// What comes out: width by height and ending.
fn of(bytes: &[u8], wish: &Wish) -> Vec<String> {
    let found = variants(bytes, wish).unwrap();
    let shown = |variant: &Variant| {
        let size = crate::picture::size(&|_| Some(variant.bytes.clone())).unwrap();
        assert_eq!(size.width, variant.width);
        assert!(variant.bytes.len() < bytes.len());
        format!("{}x{} {}", size.width, size.height, variant.ending)
    };
    assert_eq!(variants(bytes, wish).unwrap(), found, "the same again");
    found.iter().map(shown).collect()
}

fn taken_apart(variant: &Variant) -> Decoded {
    decoded(Kind::of(&variant.bytes).unwrap(), &variant.bytes).unwrap()
}

#[test]
fn each_kind_of_picture_is_written_smaller_and_none_larger() {
    let both = wish(&[40, 80, 120, 5000], true);
    for channels in 1..=4 {
        let source = written(&drawn(120, 61, channels), &|_| {});
        assert_eq!(of(&source, &both), ["120x61 webp", "80x41 webp", "40x20 webp"], "{channels}");
        assert_eq!(of(&source, &wish(&[40], false)), ["40x20 png"], "{channels}");
        // Without loss.
        let whole = variants(&source, &both).unwrap().remove(0);
        assert_eq!(taken_apart(&whole).pixels.simplified(), drawn(120, 61, channels).simplified());
    }
    let palette = written(&drawn(120, 60, 1), &|info| {
        info.color_type = png::ColorType::Indexed;
        info.palette = Some((0..=255_u8).flat_map(|at| [at, 255 - at, 7]).collect::<Vec<_>>().into());
        info.trns = Some(vec![0; 30].into());
    });
    assert_eq!(of(&palette, &wish(&[60], true)).last().unwrap(), "60x30 webp");
    // Half of what it says would be lost.
    let deep = written(&drawn(120, 60, 3), &|info| info.bit_depth = png::BitDepth::Sixteen);
    assert_eq!(of(&deep, &wish(&[60], true)), ["60x30 webp"]);
    let colour = photo(&drawn(120, 60, 3), jpeg_encoder::ColorType::Rgb, &[]);
    assert_eq!(of(&colour, &wish(&[60], true)), ["60x30 jpg"]);
    let grey = photo(&drawn(120, 60, 1), jpeg_encoder::ColorType::Luma, &[]);
    assert_eq!(of(&grey, &wish(&[60], true)), ["60x30 jpg"]);
    let other = webp(&drawn(120, 60, 4), None).unwrap();
    assert_eq!(of(&other, &wish(&[30], false)), ["30x15 webp"]);
    // What is small already is not made larger, nor is it written in its own size where nothing is won.
    assert_eq!(of(&other, &wish(&[120, 600], true)), [""; 0]);
    let line = written(&drawn(5000, 1, 3), &|_| {});
    assert_eq!(of(&line, &wish(&[16], false)), ["16x1 png"]);
}

#[test]
fn a_smaller_picture_takes_fewer_bytes_than_each_larger_one() {
    // Lines of one pixel, which a smaller picture can only say in greys.
    let bytes =
        (0..256_usize * 256).map(|at| if (at % 256 + at / 256 * 3).is_multiple_of(5) { 0 } else { 255 }).collect();
    let source = written(&Pixels { width: 256, height: 256, channels: 1, bytes }, &|_| {});
    let found = variants(&source, &wish(&[100, 200, 250], true)).unwrap();
    let sizes: Vec<usize> = found.iter().map(|variant| variant.bytes.len()).collect();
    assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
    assert!(sizes.len() < 4, "{sizes:?}");
}

#[test]
fn what_moves_or_has_colours_of_its_own_is_left_alone() {
    let all = wish(&[16], true);
    let pixels = drawn(64, 32, 3);
    let gamma = |value| written(&pixels, &|info| info.source_gamma = Some(png::ScaledFloat::from_scaled(value)));
    assert_eq!(of(&gamma(100_000), &all), [""; 0]);
    assert_eq!(of(&gamma(45_455), &all), ["64x32 webp", "16x8 webp"]);
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 64, 32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels.bytes).unwrap();
    writer.write_image_data(&pixels.bytes).unwrap();
    writer.finish().unwrap();
    assert_eq!(of(&out, &all), [""; 0]);
    let inks = photo(&drawn(64, 32, 4), jpeg_encoder::ColorType::Cmyk, &[]);
    assert_eq!(of(&inks, &all), [""; 0]);
    for other in [&b"GIF89a\x40\0\x20\0\0\0\0"[..], b"<svg xmlns=''/>", b"", b"text", b"\0\0\0\x20ftypavif"] {
        assert_eq!(of(other, &all), [""; 0]);
    }
}

#[test]
fn profiles_of_colours_and_how_a_camera_was_held_are_kept() {
    let profile = vec![7; 500];
    let source = written(&drawn(64, 32, 3), &|info| info.icc_profile = Some(profile.clone().into()));
    for webp in [true, false] {
        for variant in variants(&source, &wish(&[16], webp)).unwrap() {
            assert_eq!(taken_apart(&variant).profile.as_deref(), Some(&*profile), "{}", variant.ending);
        }
    }
    // Red on the left, blue on the right; held so that the left is up.
    let red = |at: usize| if at % 64 < 32 { [220, 0, 0] } else { [0, 0, 220] };
    let pixels = Pixels { width: 64, height: 32, channels: 3, bytes: (0..64 * 32).flat_map(red).collect() };
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
    let mut icc = b"ICC_PROFILE\0\x01\x01".to_vec();
    icc.extend(&profile);
    let source = photo(&pixels, jpeg_encoder::ColorType::Rgb, &[(1, exif), (2, &icc)]);
    let found = variants(&source, &wish(&[16], true)).unwrap();
    let Decoded { pixels, profile: other, orientation, .. } = taken_apart(&found[0]);
    assert_eq!((pixels.width, pixels.height, orientation), (16, 32, 1));
    assert_eq!(other, Some(profile));
    let at = |row: usize| &pixels.bytes[(row * 16 + 8) * 3..][..3];
    assert!(at(2)[0] > 150 && at(2)[2] < 60 && at(29)[2] > 150 && at(29)[0] < 60, "{:?} {:?}", at(2), at(29));
}

#[test]
fn each_orientation_is_turned_as_it_is_seen() {
    let pixels = Pixels { width: 3, height: 2, channels: 1, bytes: b"abcdef".to_vec() };
    let seen = ["abcdef", "cbafed", "fedcba", "defabc", "adbecf", "daebfc", "fcebda", "cfbead"];
    for (orientation, seen) in (1..).zip(seen) {
        let turned = pixels.clone().turned(orientation);
        assert_eq!(String::from_utf8(turned.bytes).unwrap(), seen, "{orientation}");
        assert_eq!((turned.width, turned.height), if orientation < 5 { (3, 2) } else { (2, 3) });
    }
    assert_eq!(pixels.clone().turned(9), pixels);
}

#[test]
fn what_is_not_seen_does_not_colour_what_is() {
    // Red beside a black that nobody sees, in strips that do not fit the smaller pixels.
    let pixel = |at: usize| if (at % 30 / 3).is_multiple_of(2) { [255, 0, 0, 255] } else { [0, 0, 0, 0] };
    let pixels = Pixels { width: 30, height: 9, channels: 4, bytes: (0..270).flat_map(pixel).collect() };
    for pixel in pixels.resized(7, 3).bytes.chunks_exact(4).filter(|pixel| pixel[3] > 8) {
        assert!(pixel[0] > 240 && pixel[1] == 0 && pixel[2] == 0, "{pixel:?}");
    }
    let flat = Pixels { width: 301, height: 97, channels: 3, bytes: [12, 200, 255].repeat(301 * 97) };
    assert_eq!(flat.resized(100, 31).bytes, [12, 200, 255].repeat(3100));
}

#[test]
fn what_is_broken_or_too_large_is_told_and_never_makes_it_fail() {
    let all = wish(&[16], true);
    let mut large = written(&drawn(2, 2, 3), &|_| {});
    large.splice(16..24, [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat());
    let crc = crc(&large[12..29]);
    large.splice(29..33, crc.to_be_bytes());
    assert_eq!(variants(&large, &all), Err(Trouble::Large(3_600_000_000)));
    let sources = [
        written(&drawn(40, 20, 4), &|_| {}),
        photo(&drawn(40, 20, 3), jpeg_encoder::ColorType::Rgb, &[]),
        webp(&drawn(40, 20, 3), None).unwrap(),
    ];
    for source in sources {
        let cut = variants(&source[..source.len() / 2], &all);
        assert!(matches!(&cut, Err(Trouble::Broken(kind, how)) if !kind.is_empty() && !how.is_empty()), "{cut:?}");
        for at in (0..source.len()).step_by(7) {
            let mut other = source.clone();
            other[at] ^= 0x55;
            let _ = variants(&other, &all);
            let _ = variants(&source[..at], &all);
        }
    }
}

/// The checksum of a chunk (PNG, "CRC algorithm").
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}
