//! Drawing lines on a few pixels, and writing them as PNG.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A place on a canvas, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// Pixels with transparency, clear at first.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    pub(super) fn new((width, height): (usize, usize)) -> Canvas {
        Canvas {
            width,
            height,
            pixels: vec![[0; 4]; width * height],
        }
    }

    /// Fills it with a colour, but for its corners.
    pub(super) fn fill(&mut self, colour: [u8; 3], radius: f32) {
        let (width, height) = (self.width as f32, self.height as f32);
        self.paint(colour, |at| {
            let x = at.x.clamp(radius, width - radius);
            let y = at.y.clamp(radius, height - radius);
            radius + 0.5 - (at.x - x).hypot(at.y - y)
        });
    }

    /// Draws a line through some points, with round ends.
    pub(super) fn line(&mut self, points: &[Point], (colour, width): ([u8; 3], f32)) {
        self.paint(colour, |at| {
            let distances = points.windows(2).map(|ends| distance(at, (ends[0], ends[1])));
            width / 2.0 + 0.5 - distances.fold(f32::INFINITY, f32::min)
        });
    }

    /// Paints each pixel as far as it is covered: 1 or more is whole, 0 or less is not at all.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts of 255, rounded"
    )]
    fn paint(&mut self, colour: [u8; 3], covered: impl Fn(Point) -> f32) {
        for (place, pixel) in self.pixels.iter_mut().enumerate() {
            let at = Point {
                x: (place % self.width) as f32 + 0.5,
                y: (place / self.width) as f32 + 0.5,
            };
            let share = covered(at).clamp(0.0, 1.0);
            if share <= 0.0 {
                continue;
            }
            let under = f32::from(pixel[3]) / 255.0 * (1.0 - share);
            let whole = share + under;
            for (channel, colour) in pixel.iter_mut().zip(colour) {
                let mixed = (f32::from(colour) * share + f32::from(*channel) * under) / whole;
                *channel = mixed.round() as u8;
            }
            pixel[3] = (whole * 255.0).round() as u8;
        }
    }

    /// The file.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut head = Vec::new();
        for side in [self.width, self.height] {
            head.extend(u32::try_from(side).unwrap_or_default().to_be_bytes());
        }
        // 8 bits a channel, colour with transparency, nothing special.
        head.extend([8, 6, 0, 0, 0]);
        chunk(&mut file, *b"IHDR", &head);
        chunk(&mut file, *b"IDAT", &self.packed());
        chunk(&mut file, *b"IEND", &[]);
        file
    }

    fn packed(&self) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        for row in self.pixels.chunks(self.width) {
            let mut line = vec![0];
            line.extend(row.as_flattened());
            encoder.write_all(&line).expect("a Vec takes every write");
        }
        encoder.finish().expect("a Vec takes every write")
    }
}

/// From a point to the nearest one between two ends.
fn distance(at: Point, (from, to): (Point, Point)) -> f32 {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let length = x * x + y * y;
    let along = if length > 0.0 {
        (((at.x - from.x) * x + (at.y - from.y) * y) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (at.x - from.x - along * x).hypot(at.y - from.y - along * y)
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&name);
    sum.update(data);
    file.extend(name);
    file.extend_from_slice(data);
    file.extend(sum.sum().to_be_bytes());
}
