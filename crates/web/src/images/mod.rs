//! Small images made of what is known: the initials of a company, and the course of its ratings. As SVG for browsers, as
//! PNG for programs.

mod letters;
mod png;

use liaison_domain::Guid;

use self::png::{Canvas, Point};

/// Width and height of a logo.
const LOGO: usize = 128;
/// Width and height of a sparkline.
const SPARKLINE: (usize, usize) = (192, 48);

/// How an image is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Svg,
}

impl Format {
    /// The media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Svg => "image/svg+xml",
        }
    }
}

const COLOURS: [[u8; 3]; 8] = [
    [0x1f, 0x5a, 0x7a],
    [0x2f, 0x6b, 0x4f],
    [0x6b, 0x4a, 0x7d],
    [0x8a, 0x4b, 0x2f],
    [0x3f, 0x4f, 0x8f],
    [0x7a, 0x5a, 0x1f],
    [0x2a, 0x6a, 0x6f],
    [0x7d, 0x3f, 0x55],
];
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];

/// The initials of a name on a colour that its guid chooses.
pub(crate) fn logo(format: Format, company: Guid, name: &str) -> Vec<u8> {
    let colour = COLOURS[usize::from(company.as_bytes()[15]) % COLOURS.len()];
    let initials = initials(name);
    match format {
        Format::Svg => format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{LOGO}\" height=\"{LOGO}\" viewBox=\"0 0 128 128\">\
             <rect width=\"128\" height=\"128\" rx=\"16\" fill=\"{}\"/><text x=\"64\" y=\"66\" fill=\"#fff\" \
             font-family=\"sans-serif\" font-size=\"56\" font-weight=\"600\" text-anchor=\"middle\" \
             dominant-baseline=\"central\">{initials}</text></svg>",
            hex(colour)
        )
        .into_bytes(),
        Format::Png => {
            let mut canvas = Canvas::new((LOGO, LOGO));
            canvas.fill(colour, 16.0);
            for stroke in letters::strokes(&initials, company, LOGO) {
                canvas.line(&stroke, (WHITE, 9.0));
            }
            canvas.png()
        }
    }
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let firsts = words.filter_map(|word| word.chars().next()).take(2);
    firsts.flat_map(char::to_uppercase).collect()
}

/// The course of some ratings, the oldest first; its colour is that of the last one's range.
pub(crate) fn sparkline(format: Format, ratings: &[i64]) -> Vec<u8> {
    let colour = ratings
        .last()
        .map_or("#6b7280", |last| liaison_domain::ratings::range(*last).color);
    let points = places(ratings);
    match format {
        Format::Svg => {
            let line: Vec<String> = points
                .iter()
                .map(|point| format!("{:.1},{:.1}", point.x, point.y))
                .collect();
            let (width, height) = SPARKLINE;
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {width} {height}\"><polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" \
                 stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>",
                line.join(" ")
            )
            .into_bytes()
        }
        Format::Png => {
            let mut canvas = Canvas::new(SPARKLINE);
            canvas.line(&points, (rgb(colour), 3.0));
            canvas.png()
        }
    }
}

/// Where the ratings are drawn; a single one is a level line, and without any there is nothing to draw.
fn places(ratings: &[i64]) -> Vec<Point> {
    let (Some(lowest), Some(highest)) = (ratings.iter().min(), ratings.iter().max()) else {
        return Vec::new();
    };
    let level = [ratings[0], ratings[0]];
    let ratings = if ratings.len() == 1 { &level } else { ratings };
    let span = (highest - lowest).max(1) as f32;
    let (width, height) = (SPARKLINE.0 as f32 - 12.0, SPARKLINE.1 as f32 - 12.0);
    let place = |(at, rating): (usize, &i64)| Point {
        x: 6.0 + width * at as f32 / (ratings.len() - 1) as f32,
        y: 6.0 + height * (highest - rating) as f32 / span,
    };
    ratings.iter().enumerate().map(place).collect()
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour of `#rrggbb`.
fn rgb(hex: &str) -> [u8; 3] {
    let number = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or_default();
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_letters_and_digits_only() {
        assert_eq!(initials("Black Hills Technologies"), "BH");
        assert_eq!(initials("<script>&\"3M\" "), "S3");
        assert_eq!(initials("\u{682a}\u{5f0f}"), "\u{682a}");
        assert_eq!(initials("&&"), "");
    }

    #[test]
    fn images_are_what_they_say() {
        let company = Guid::from_u128(7);
        for name in ["Black Hills", "\u{682a}\u{5f0f}", ""] {
            let png = logo(Format::Png, company, name);
            assert!(
                png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() > 200 && png.len() < 20_000,
                "{}",
                png.len()
            );
            assert!(logo(Format::Svg, company, name).ends_with(b"</svg>"));
        }
        for ratings in [&[] as &[i64], &[700], &[700, 700], &[250, 900, 480]] {
            assert!(sparkline(Format::Png, ratings).starts_with(b"\x89PNG"));
            let svg = String::from_utf8(sparkline(Format::Svg, ratings)).unwrap();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
