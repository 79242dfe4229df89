//! Plots as small as a word: a course of numbers, and how much of something is used.

use askama::Template;

use crate::chart::{Chart, Frame, Heading, Table};
use crate::scale::{Unit, share};
use crate::text::{compact, grouped, percent, width};

#[derive(Template)]
#[template(path = "sparkline.svg")]
struct Sparkline<'f> {
    frame: &'f Frame,
    path: String,
    last: Option<(Unit, Unit)>,
}

/// The course of some numbers, oldest first, 96 by 24. Its height has no zero: it shows only up and down.
pub fn sparkline(heading: Heading<'_>, points: &[i64]) -> Chart {
    let (lowest, highest) = (points.iter().min().copied(), points.iter().max().copied());
    let (low, high) = (lowest.unwrap_or(0) as f64, highest.unwrap_or(0) as f64);
    let place = |(at, value): (usize, &i64)| {
        let x = if points.len() > 1 {
            at as f64 / (points.len() - 1) as f64
        } else {
            1.0
        };
        let y = if high > low {
            (*value as f64 - low) / (high - low)
        } else {
            0.5
        };
        (Unit(4.0 + x * 88.0), Unit(20.0 - y * 16.0))
    };
    let places: Vec<(Unit, Unit)> = points.iter().enumerate().map(place).collect();
    let path: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let description = match (lowest, highest, points.last()) {
        (Some(lowest), Some(highest), Some(last)) => format!(
            "Now {}. Lowest {}, highest {}.",
            grouped(*last),
            grouped(lowest),
            grouped(highest)
        ),
        _ => "There are no numbers yet.".to_owned(),
    };
    let frame = Frame::new(heading, "sparkline", (96, 24)).describe(description);
    let svg = Sparkline {
        frame: &frame,
        path: if path.len() > 1 { path.join(" ") } else { String::new() },
        last: places.last().copied(),
    };
    let row = |(at, value): (usize, &i64)| vec![grouped(at as u64 + 1), grouped(*value)];
    frame.chart(
        &svg,
        Table::new(&["Step", "Number"], points.iter().enumerate().map(row).collect()),
    )
}

#[derive(Template)]
#[template(path = "meter.svg")]
struct Meter<'f> {
    frame: &'f Frame,
    filled: Unit,
    text: String,
}

/// How much of `max` is reached. A value above it fills the bar and is written as it is.
pub fn meter(heading: Heading<'_>, value: u64, max: u64) -> Chart {
    let text = format!("{} of {}", compact(value), compact(max));
    let wide = 88.0 + width(&text);
    let words = format!("{} of {}, {}", grouped(value), grouped(max), percent(value, max));
    let frame = Frame::new(heading, "meter", (wide as u32, 20)).describe(format!("{words}."));
    let filled = if value == 0 {
        0.0
    } else {
        (share(value, max) * 78.0).max(2.0)
    };
    let svg = Meter {
        frame: &frame,
        filled: Unit(if max == 0 { 0.0 } else { filled }),
        text,
    };
    let row = vec![grouped(value), grouped(max), percent(value, max)];
    frame.chart(&svg, Table::new(&["Reached", "Of", "Share"], vec![row]))
}
