//! A picture as its pixels: in another size, turned, in as few channels as it needs.

use std::collections::VecDeque;

/// Rows of pixels from the top, each of eight bits a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub width: u32,
    pub height: u32,
    /// Grey, grey and opacity, red-green-blue, or those and opacity: 1 to 4.
    pub channels: usize,
    pub bytes: Vec<u8>,
}

impl Pixels {
    /// Whether the last channel is opacity.
    fn has_alpha(&self) -> bool {
        self.channels.is_multiple_of(2)
    }

    /// The same pixels without an opacity that all of them have in full, and in grey where none has a colour.
    pub(super) fn simplified(self) -> Self {
        let Self { width, height, channels, bytes } = self;
        let opaque = self::opaque(&bytes, channels);
        let colours = if channels < 3 { 1 } else { 3 };
        let is_grey =
            colours == 3 && bytes.chunks_exact(channels).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
        let kept: Vec<usize> = match (is_grey || colours == 1, channels.is_multiple_of(2) && !opaque) {
            (true, false) => vec![0],
            (true, true) => vec![0, channels - 1],
            (false, false) => vec![0, 1, 2],
            (false, true) => vec![0, 1, 2, 3],
        };
        if kept.len() == channels {
            return Self { width, height, channels, bytes };
        }
        let bytes = bytes.chunks_exact(channels).flat_map(|pixel| kept.iter().map(|at| pixel[*at])).collect();
        Self { width, height, channels: kept.len(), bytes }
    }

    /// Red, green, blue and opacity of every pixel.
    pub(super) fn into_rgba(self) -> Vec<u8> {
        let pixel = |pixel: &[u8]| match *pixel {
            [grey] => [grey, grey, grey, u8::MAX],
            [grey, opacity] => [grey, grey, grey, opacity],
            [red, green, blue] => [red, green, blue, u8::MAX],
            [red, green, blue, opacity] => [red, green, blue, opacity],
            _ => [0; 4],
        };
        self.bytes.chunks_exact(self.channels).flat_map(pixel).collect()
    }

    /// The picture in a smaller size, sides at least 1. What is not seen has no say in the colours around it.
    pub(super) fn resized(&self, width: u32, height: u32) -> Self {
        let bytes = match self.channels {
            1 => resized::<1>(self, width, height),
            2 => resized::<2>(self, width, height),
            3 => resized::<3>(self, width, height),
            _ => resized::<4>(self, width, height),
        };
        Self { width, height, channels: self.channels, bytes }
    }

    /// The picture as it is to be seen where a camera noted how it was held (Exif, "Orientation": 1 to 8).
    pub(super) fn turned(self, orientation: u16) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        // Where the pixel comes from that is seen at a column and a row.
        let from = |x: usize, y: usize| match orientation {
            2 => (width - 1 - x, y),
            3 => (width - 1 - x, height - 1 - y),
            4 => (x, height - 1 - y),
            5 => (y, x),
            6 => (y, height - 1 - x),
            7 => (width - 1 - y, height - 1 - x),
            8 => (width - 1 - y, x),
            _ => (x, y),
        };
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let (seen_width, seen_height) = if orientation < 5 { (width, height) } else { (height, width) };
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..seen_height {
            for x in 0..seen_width {
                let (column, row) = from(x, y);
                let at = (row * width + column) * self.channels;
                bytes.extend_from_slice(self.bytes.get(at..at + self.channels).unwrap_or_default());
            }
        }
        let (width, height) = if orientation < 5 { (self.width, self.height) } else { (self.height, self.width) };
        Self { width, height, channels: self.channels, bytes }
    }
}

fn opaque(bytes: &[u8], channels: usize) -> bool {
    channels.is_multiple_of(2) && bytes.chunks_exact(channels).all(|pixel| pixel.last() == Some(&u8::MAX))
}

/// What a pixel of the smaller picture takes of a row or a column of the larger one: where that begins, and how much of each.
struct Share {
    from: usize,
    weights: Vec<f32>,
}

/// The shares for a side that is made smaller, by the curve of Catmull and Rom, stretched: it keeps letters sharp. Nothing but sums and products is
/// computed, which are the same on every machine.
fn shares(from: u32, to: u32) -> Vec<Share> {
    let scale = f64::from(from) / f64::from(to);
    let curve = |distance: f64| match distance.abs() {
        near if near < 1.0 => (1.5 * near - 2.5) * near * near + 1.0,
        near if near < 2.0 => ((-0.5 * near + 2.5) * near - 4.0) * near + 2.0,
        _ => 0.0,
    };
    let share = |at: u32| {
        let middle = (f64::from(at) + 0.5) * scale;
        let first = (middle - 2.0 * scale).floor().max(0.0) as usize;
        let last = ((middle + 2.0 * scale).ceil().max(1.0) as usize).min(from as usize);
        let weights: Vec<f64> = (first..last).map(|other| curve((other as f64 + 0.5 - middle) / scale)).collect();
        let sum: f64 = weights.iter().sum();
        Share { from: first, weights: weights.into_iter().map(|weight| (weight / sum) as f32).collect() }
    };
    (0..to).map(share).collect()
}

fn resized<const CHANNELS: usize>(pixels: &Pixels, width: u32, height: u32) -> Vec<u8> {
    let (columns, rows) = (shares(pixels.width, width), shares(pixels.height, height));
    let (row_len, alpha) = (pixels.width as usize * CHANNELS, pixels.has_alpha());
    let mut out = Vec::with_capacity(width as usize * height as usize * CHANNELS);
    // The rows that are narrowed already and still needed, and the number of the first.
    let (mut narrowed, mut first): (VecDeque<Vec<f32>>, usize) = (VecDeque::new(), 0);
    let mut sums = vec![0_f32; width as usize * CHANNELS];
    for row in &rows {
        while first < row.from && narrowed.pop_front().is_some() {
            first += 1;
        }
        first = row.from.max(first);
        while first + narrowed.len() < row.from + row.weights.len() {
            let at = (first + narrowed.len()) * row_len;
            narrowed.push_back(narrow::<CHANNELS>(
                pixels.bytes.get(at..at + row_len).unwrap_or_default(),
                &columns,
                alpha,
            ));
        }
        sums.fill(0.0);
        for (weight, line) in row.weights.iter().zip(&narrowed) {
            sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
        }
        for pixel in sums.chunks_exact(CHANNELS) {
            let byte = |value: f32| (value + 0.5).clamp(0.0, 255.0) as u8;
            match pixel.split_last() {
                Some((opacity, colours)) if alpha => {
                    let part = if *opacity >= 0.5 { 255.0 / opacity } else { 0.0 };
                    out.extend(colours.iter().map(|colour| byte(colour * part)));
                    out.push(byte(*opacity));
                }
                _ => out.extend(pixel.iter().map(|value| byte(*value))),
            }
        }
    }
    out
}

/// A row in its smaller width, colours multiplied by their opacity.
fn narrow<const CHANNELS: usize>(row: &[u8], columns: &[Share], alpha: bool) -> Vec<f32> {
    let mut out = Vec::with_capacity(columns.len() * CHANNELS);
    for column in columns {
        let mut sums = [0_f32; CHANNELS];
        let pixels = row.get(column.from * CHANNELS..).unwrap_or_default().chunks_exact(CHANNELS);
        for (weight, pixel) in column.weights.iter().zip(pixels) {
            if alpha {
                let opacity = weight * f32::from(pixel[CHANNELS - 1]);
                for (sum, value) in sums.iter_mut().zip(&pixel[..CHANNELS - 1]) {
                    *sum += opacity * f32::from(*value) / 255.0;
                }
                sums[CHANNELS - 1] += opacity;
            } else {
                sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += weight * f32::from(*value));
            }
        }
        out.extend(sums);
    }
    out
}
