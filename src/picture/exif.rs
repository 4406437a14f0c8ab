//! How a photograph is to be turned, as its camera noted (Exif).

/// The orientation of a photograph (JPEG): 1 as it is, up to 8; `None` where it says nothing.
pub(super) fn orientation(jpeg: &[u8]) -> Option<u16> {
    if !jpeg.starts_with(b"\xff\xd8") {
        return None;
    }
    let mut at = 2;
    loop {
        let (&[0xff, marker], length) = (jpeg.get(at..at + 2)?, number(jpeg.get(at + 2..at + 4)?, false)?) else {
            return None;
        };
        let segment = jpeg.get(at + 4..at + 2 + usize::from(length))?;
        match (marker, segment.starts_with(b"Exif\0\0")) {
            (0xe1, true) => return orientation_of_exif(segment),
            // What follows is the picture.
            (0xda, _) => return None,
            _ => at += 2 + usize::from(length),
        }
    }
}

/// The orientation in what a camera noted.
pub(super) fn orientation_of_exif(exif: &[u8]) -> Option<u16> {
    of_tiff(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
}

/// The orientation among the first entries of a TIFF.
fn of_tiff(tiff: &[u8]) -> Option<u16> {
    let little = tiff.starts_with(b"II");
    let at = |from: usize| number(tiff.get(from..from + 2)?, little);
    // The place is a number of four bytes, of which only the lower two are ever needed here.
    let start = usize::from(if little { at(4)? } else { at(6)? });
    let entries = tiff.get(start + 2..)?.chunks_exact(12).take(usize::from(at(start)?));
    let mut orientations = entries.filter(|entry| number(entry, little) == Some(0x0112));
    number(orientations.next()?.get(8..10)?, little)
}

/// The number of the first two bytes.
fn number(bytes: &[u8], little: bool) -> Option<u16> {
    let &[a, b, ..] = bytes else { return None };
    Some(if little { u16::from_le_bytes([a, b]) } else { u16::from_be_bytes([a, b]) })
}
