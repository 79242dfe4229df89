//! Letters as strokes, for initials. Each stroke is a run of points on a grid of 4 by 6, x before y.

use liaison_domain::Guid;

use super::png::Point;

const LETTERS: [(char, &str); 36] = [
    ('A', "06-20-46 14-34"),
    ('B', "03-33-44-45-36-06-00-30-41-42-33"),
    ('C', "41-30-10-01-05-16-36-45"),
    ('D', "00-06-26-44-42-20-00"),
    ('E', "40-00-06-46 03-33"),
    ('F', "40-00-06 03-33"),
    ('G', "41-30-10-01-05-16-36-45-43-23"),
    ('H', "00-06 40-46 03-43"),
    ('I', "20-26 10-30 16-36"),
    ('J', "40-45-36-16-05"),
    ('K', "00-06 40-03-46"),
    ('L', "00-06-46"),
    ('M', "06-00-23-40-46"),
    ('N', "06-00-46-40"),
    ('O', "10-30-41-45-36-16-05-01-10"),
    ('P', "06-00-30-41-42-33-03"),
    ('Q', "10-30-41-45-36-16-05-01-10 24-46"),
    ('R', "06-00-30-41-42-33-03 23-46"),
    ('S', "41-30-10-01-02-13-33-44-45-36-16-05"),
    ('T', "00-40 20-26"),
    ('U', "00-05-16-36-45-40"),
    ('V', "00-26-40"),
    ('W', "00-16-22-36-40"),
    ('X', "00-46 40-06"),
    ('Y', "00-23-40 23-26"),
    ('Z', "00-40-06-46"),
    ('0', "10-30-41-45-36-16-05-01-10"),
    ('1', "11-20-26 16-36"),
    ('2', "01-10-30-41-42-06-46"),
    ('3', "01-10-30-41-42-33-13 33-44-45-36-16-05"),
    ('4', "36-30-04-44"),
    ('5', "40-00-03-33-44-45-36-06"),
    ('6', "40-20-02-05-16-36-45-44-33-03"),
    ('7', "00-40-16"),
    ('8', "13-02-01-10-30-41-42-33-13-04-05-16-36-45-44-33"),
    ('9', "06-26-44-41-30-10-01-02-13-43"),
];

/// The strokes of some initials in the middle of a square. Other scripts have a mark that the guid chooses.
pub(super) fn strokes(initials: &str, company: Guid, size: usize) -> Vec<Vec<Point>> {
    let known: Option<Vec<&str>> = initials.chars().map(find).collect();
    let drawn = known.filter(|letters| !letters.is_empty());
    let letters = drawn.unwrap_or_else(|| vec![mark(company)]);
    // A letter is 4 units wide, with 2 units between two; the whole takes half of the square.
    let wide = letters.len() as f32 * 6.0 - 2.0;
    let unit = size as f32 / 2.0 / wide.max(6.0);
    let (left, top) = (size as f32 / 2.0 - wide * unit / 2.0, size as f32 / 2.0 - 3.0 * unit);
    let strokes = letters.iter().enumerate().flat_map(|(at, letter)| {
        let left = left + at as f32 * 6.0 * unit;
        letter.split(' ').map(move |stroke| placed(stroke, (left, top, unit)))
    });
    strokes.collect()
}

fn find(letter: char) -> Option<&'static str> {
    LETTERS
        .iter()
        .find(|(known, _)| *known == letter)
        .map(|(_, strokes)| *strokes)
}

fn mark(company: Guid) -> &'static str {
    const MARKS: [&str; 4] = ["21-43-25-03-21", "01-41-45-05-01", "20-46-06-20", "03-43 21-25"];
    MARKS[usize::from(company.as_bytes()[14]) % MARKS.len()]
}

fn placed(stroke: &str, (left, top, unit): (f32, f32, f32)) -> Vec<Point> {
    let points = stroke.split('-').filter_map(|point| {
        let mut digits = point.chars().filter_map(|digit| digit.to_digit(10));
        Some((digits.next()?, digits.next()?))
    });
    let place = |(x, y): (u32, u32)| Point {
        x: left + x as f32 * unit,
        y: top + y as f32 * unit,
    };
    points.map(place).collect()
}
