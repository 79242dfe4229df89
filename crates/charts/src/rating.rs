//! A company's rating over time, on the background of the three bands.

use askama::Template;

use crate::chart::{Chart, Frame, Heading, Table};
use crate::scale::Unit;
use crate::text::{SIZE, clean, date, day, grouped, width};

const LOWEST: i64 = 250;
const HIGHEST: i64 = 900;

/// Lower edge, upper edge, name.
const BANDS: [(i64, i64, &str); 3] = [
    (LOWEST, 640, "Basic"),
    (640, 740, "Intermediate"),
    (740, HIGHEST, "Advanced"),
];

/// With more values than this, a mark on each would hide the line.
const MOST_MARKS: usize = 60;

const TOP: f64 = 12.0;
const BOTTOM: f64 = 216.0;

struct Band {
    name: &'static str,
    class: &'static str,
    y: Unit,
    height: Unit,
    label_x: Unit,
    label_y: Unit,
    crossed: bool,
}

struct Edge {
    label: i64,
    y: Unit,
}

struct Mark {
    x: Unit,
    y: Unit,
    value_x: Unit,
    day: String,
    value: String,
}

#[derive(Template)]
#[template(path = "rating.svg")]
struct Svg<'f> {
    frame: &'f Frame,
    left: Unit,
    right: Unit,
    plot: Unit,
    bands: Vec<Band>,
    edges: Vec<Edge>,
    path: String,
    marks: Vec<Mark>,
    last: Option<Mark>,
    days: Vec<Day>,
}

struct Day {
    x: Unit,
    anchor: &'static str,
    text: String,
}

/// Ratings from 250 to 900 by date (`YYYY-MM-DD`), in any order. A value outside the range is drawn at its edge and
/// written as it is. Where a date cannot be read the values stand evenly, in the order given.
pub fn rating_line<S: AsRef<str>>(heading: Heading<'_>, points: &[(S, i64)]) -> Chart {
    let points = dated(points);
    let frame = Frame::new(heading, "rating", (480, 240)).describe(describe(&points));
    let newest = points.last().map(|(_, _, value)| grouped(*value));
    let (left, right) = (34.0, 480.0 - newest.as_deref().map_or(0.0, |value| width(value) + 12.0));
    let marks: Vec<Mark> = points.iter().map(|point| mark(point, (left, right))).collect();
    let path: Vec<String> = marks.iter().map(|mark| format!("{},{}", mark.x, mark.y)).collect();
    let svg = Svg {
        frame: &frame,
        left: Unit(left),
        right: Unit(right),
        plot: Unit(right - left),
        bands: BANDS.map(|edges| band(edges, (left, right), &marks)).into(),
        edges: [LOWEST, 640, 740, HIGHEST]
            .map(|label| Edge {
                label,
                y: Unit(height(label)),
            })
            .into(),
        path: if path.len() > 1 { path.join(" ") } else { String::new() },
        last: points.last().map(|point| mark(point, (left, right))),
        marks: if marks.len() > MOST_MARKS { Vec::new() } else { marks },
        days: days(&points, (left, right)),
    };
    frame.chart(&svg, table(&points))
}

/// Place from 0 to 1, date, value.
type Point = (f64, String, i64);

fn dated<S: AsRef<str>>(points: &[(S, i64)]) -> Vec<Point> {
    let read: Option<Vec<_>> = points
        .iter()
        .map(|(text, value)| Some((date(text.as_ref())?, *value)))
        .collect();
    let even = |(at, (text, value)): (usize, &(S, i64))| {
        (
            portion(at as f64, (points.len() - 1) as f64),
            clean(text.as_ref()),
            *value,
        )
    };
    let Some(mut read) = read else {
        return points.iter().enumerate().map(even).collect();
    };
    read.sort_by_key(|(date, _)| *date);
    let Some((first, _)) = read.first().copied() else {
        return Vec::new();
    };
    let since = |date: jiff::civil::Date| f64::from(date.duration_since(first).as_hours() as i32);
    let span = read.last().map_or(0.0, |(date, _)| since(*date));
    let placed = read
        .into_iter()
        .map(|(date, value)| (portion(since(date), span), date.to_string(), value));
    placed.collect()
}

/// A single place is in the middle.
fn portion(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.5 }
}

fn height(value: i64) -> f64 {
    let value = value.clamp(LOWEST, HIGHEST) - LOWEST;
    BOTTOM - value as f64 / (HIGHEST - LOWEST) as f64 * (BOTTOM - TOP)
}

fn mark((place, date, value): &Point, (left, right): (f64, f64)) -> Mark {
    let x = left + place * (right - left);
    Mark {
        x: Unit(x),
        value_x: Unit(x + 9.0),
        y: Unit(height(*value)),
        day: day(date),
        value: grouped(*value),
    }
}

fn band((low, high, name): (i64, i64, &'static str), (left, right): (f64, f64), marks: &[Mark]) -> Band {
    let (top, bottom, wide) = (height(high), height(low), width(name));
    let columns = [left + 8.0, f64::midpoint(left, right) - wide / 2.0, right - wide - 8.0];
    let places = columns.iter().flat_map(|x| [(*x, top + 16.0), (*x, bottom - 6.0)]);
    // The name stands where the line does not pass, if there is such a place.
    let free = places
        .into_iter()
        .find(|(x, y)| !passes(marks, (*x, *x + wide), (*y - SIZE, *y + 4.0)));
    let (x, y) = free.unwrap_or((columns[0], top + 16.0));
    Band {
        name,
        class: match name {
            "Basic" => "chart-basic",
            "Intermediate" => "chart-intermediate",
            _ => "chart-advanced",
        },
        y: Unit(top),
        height: Unit(bottom - top),
        label_x: Unit(x),
        label_y: Unit(y),
        crossed: free.is_none(),
    }
}

/// Whether the line through the marks touches the box.
fn passes(marks: &[Mark], (left, right): (f64, f64), (top, bottom): (f64, f64)) -> bool {
    marks
        .iter()
        .zip(marks.iter().skip(1).chain(marks.last()))
        .any(|(one, next)| {
            let wide = next.x.0 - one.x.0;
            let at = |x: f64| one.y.0 + portion(x - one.x.0, wide).clamp(0.0, 1.0) * (next.y.0 - one.y.0);
            // Upright pieces have no place of their own at an x; both ends count.
            let (start, end) = if wide > 0.0 {
                (at(left), at(right))
            } else {
                (one.y.0, next.y.0)
            };
            one.x.0 <= right && next.x.0 >= left && start.min(end) <= bottom && start.max(end) >= top
        })
}

fn days(points: &[Point], (left, right): (f64, f64)) -> Vec<Day> {
    let at = |x: f64, anchor, point: &Point| Day {
        x: Unit(x),
        anchor,
        text: day(&point.1),
    };
    match points {
        [] => Vec::new(),
        [first, .., last] if first.1 != last.1 => {
            vec![at(left, "chart-start", first), at(right, "chart-end", last)]
        }
        [only, ..] => vec![at(f64::midpoint(left, right), "chart-middle", only)],
    }
}

fn band_of(value: i64) -> &'static str {
    match value {
        ..640 => "basic",
        640..740 => "intermediate",
        740.. => "advanced",
    }
}

fn describe(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return "There is no rating yet.".to_owned();
    };
    let now = format!(
        "{} on {}, in the {} band",
        grouped(last.2),
        day(&last.1),
        band_of(last.2)
    );
    if points.len() == 1 {
        return format!("One rating: {now}.");
    }
    let lowest = points.iter().map(|point| point.2).min().unwrap_or(first.2);
    let highest = points.iter().map(|point| point.2).max().unwrap_or(first.2);
    format!(
        "{} ratings from {} on {} to {now}. Lowest {}, highest {}.",
        grouped(points.len() as u64),
        grouped(first.2),
        day(&first.1),
        grouped(lowest),
        grouped(highest),
    )
}

fn table(points: &[Point]) -> Table {
    let row = |(_, date, value): &Point| vec![day(date), grouped(*value), band_of(*value).to_owned()];
    Table::new(&["Date", "Rating", "Band"], points.iter().map(row).collect())
}
