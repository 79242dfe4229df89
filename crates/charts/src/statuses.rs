//! How many requests stood in each status, week by week: stacked columns with a legend.

use askama::Template;

use crate::chart::{Chart, Frame, Heading, Table};
use crate::scale::{Label, Tick, Unit, below, share, upright};
use crate::text::{clean, grouped, shorten, width};

const WIDTH: f64 = 480.0;
const SWATCH: f64 = 14.0;
const ROW: f64 = 24.0;
const PLOT: f64 = 150.0;

/// Colours repeat after six statuses and patterns after seven, so that 42 pairs differ.
const COLOURS: usize = 6;
const PATTERNS: usize = 7;

struct Entry {
    x: Unit,
    y: Unit,
    text_x: Unit,
    text_y: Unit,
    text: String,
    count: String,
    look: Look,
}

#[derive(Clone, Copy)]
struct Look {
    colour: usize,
    pattern: usize,
}

impl Look {
    fn of(status: usize) -> Look {
        Look {
            colour: status % COLOURS + 1,
            pattern: status % PATTERNS,
        }
    }
}

struct Segment {
    x: Unit,
    y: Unit,
    width: Unit,
    height: Unit,
    look: Look,
    tip: String,
}

#[derive(Template)]
#[template(path = "statuses.svg")]
struct Svg<'f> {
    frame: &'f Frame,
    left: Unit,
    number_x: Unit,
    legend: Vec<Entry>,
    patterns: Vec<usize>,
    ticks: Vec<Tick>,
    segments: Vec<Segment>,
    labels: Vec<Label>,
    labels_y: Unit,
    middle: Unit,
}

/// Counts by status for each week, oldest week first. Statuses are stacked from the bottom in the order given; a count
/// that is missing is 0. The legend has the counts of the last week.
pub fn status_over_time<S: AsRef<str>>(heading: Heading<'_>, statuses: &[&str], weeks: &[(S, Vec<u64>)]) -> Chart {
    let (legend, top) = legend(statuses, weeks.last().map(|(_, counts)| counts.as_slice()));
    let (top, bottom) = (top + 8.0, top + 8.0 + PLOT);
    let sums: Vec<u64> = weeks.iter().map(|(_, counts)| sum(statuses, counts)).collect();
    let axis = upright(sums.iter().copied().max().unwrap_or(0), (top, bottom));
    let plot = Plot {
        left: axis.margin,
        each: (WIDTH - axis.margin) / weeks.len().max(1) as f64,
        bottom,
        top: axis.top,
    };
    let frame = Frame::new(heading, "statuses", (480, (bottom + 26.0) as u32)).describe(describe(statuses, weeks));
    let names: Vec<&str> = weeks.iter().map(|(week, _)| week.as_ref()).collect();
    let svg = Svg {
        frame: &frame,
        left: Unit(axis.margin),
        number_x: Unit(axis.margin - 6.0),
        legend,
        patterns: (1..statuses.len().min(PATTERNS)).collect(),
        segments: weeks
            .iter()
            .enumerate()
            .flat_map(|(at, week)| plot.column(at, statuses, week))
            .collect(),
        ticks: if weeks.is_empty() { Vec::new() } else { axis.ticks },
        labels: below(
            &names,
            |at| plot.left + (at as f64 + 0.5) * plot.each,
            (plot.left, WIDTH),
        ),
        labels_y: Unit(bottom + 18.0),
        middle: Unit(f64::midpoint(top, bottom)),
    };
    frame.chart(&svg, table(statuses, weeks))
}

struct Plot {
    left: f64,
    each: f64,
    bottom: f64,
    top: u64,
}

impl Plot {
    fn column<S: AsRef<str>>(&self, at: usize, statuses: &[&str], (week, counts): &(S, Vec<u64>)) -> Vec<Segment> {
        let wide = (self.each * 0.72).min(40.0);
        let x = self.left + (at as f64 + 0.5) * self.each - wide / 2.0;
        let mut below: u64 = 0;
        let mut segments = Vec::new();
        for (status, name) in statuses.iter().enumerate() {
            let count = counts.get(status).copied().unwrap_or(0);
            let foot = self.bottom - share(below, self.top) * PLOT;
            below = below.saturating_add(count);
            let head = self.bottom - share(below, self.top) * PLOT;
            // A hairline of surface keeps neighbours apart without their colours.
            let gap = if foot - head > 3.0 { 1.0 } else { 0.0 };
            if count > 0 {
                segments.push(Segment {
                    x: Unit(x),
                    y: Unit(head + gap),
                    width: Unit(wide),
                    height: Unit(foot - head - gap),
                    look: Look::of(status),
                    tip: format!("{}: {} {}", clean(week.as_ref()), grouped(count), clean(name)),
                });
            }
        }
        segments
    }
}

fn sum(statuses: &[&str], counts: &[u64]) -> u64 {
    counts
        .iter()
        .take(statuses.len())
        .fold(0, |sum, count| sum.saturating_add(*count))
}

/// The entries, in as many rows as they need, and the height of it all.
fn legend(statuses: &[&str], newest: Option<&[u64]>) -> (Vec<Entry>, f64) {
    let (mut x, mut y) = (0.0, 0.0);
    let mut entries = Vec::new();
    for (status, name) in statuses.iter().enumerate() {
        let count = newest.map(|counts| grouped(counts.get(status).copied().unwrap_or(0)));
        let count = count.unwrap_or_default();
        let text = shorten(name, WIDTH - SWATCH - 6.0 - width(&count) - 8.0);
        let wide = SWATCH + 6.0 + width(&text) + 6.0 + width(&count) + 14.0;
        if x > 0.0 && x + wide - 14.0 > WIDTH {
            (x, y) = (0.0, y + ROW);
        }
        entries.push(Entry {
            x: Unit(x),
            y: Unit(y + 3.0),
            text_x: Unit(x + SWATCH + 6.0),
            text_y: Unit(y + 15.0),
            text,
            count,
            look: Look::of(status),
        });
        x += wide;
    }
    (entries, if statuses.is_empty() { 0.0 } else { y + ROW })
}

fn describe<S: AsRef<str>>(statuses: &[&str], weeks: &[(S, Vec<u64>)]) -> String {
    let (Some((first, counts)), Some((last, newest))) = (weeks.first(), weeks.last()) else {
        return "There are no weeks to show yet.".to_owned();
    };
    let each = statuses.iter().enumerate().map(|(at, name)| {
        let count = newest.get(at).copied().unwrap_or(0);
        format!("{} {}", grouped(count), clean(name))
    });
    let each: Vec<String> = each.collect();
    let all = grouped(sum(statuses, newest));
    let now = format!("{}: {all} in all, of them {}.", clean(last.as_ref()), each.join(", "));
    if weeks.len() == 1 {
        return now;
    }
    format!(
        "{} weeks. {}: {} in all. {now}",
        grouped(weeks.len() as u64),
        clean(first.as_ref()),
        grouped(sum(statuses, counts)),
    )
}

fn table<S: AsRef<str>>(statuses: &[&str], weeks: &[(S, Vec<u64>)]) -> Table {
    let mut columns = vec!["Week"];
    columns.extend(statuses);
    columns.push("All");
    let rows = weeks.iter().map(|(week, counts)| {
        let mut row = vec![clean(week.as_ref())];
        row.extend((0..statuses.len()).map(|at| grouped(counts.get(at).copied().unwrap_or(0))));
        row.push(grouped(sum(statuses, counts)));
        row
    });
    Table::new(&columns, rows.collect())
}
