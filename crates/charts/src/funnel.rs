//! How many came how far: a bar for each stage, with its share of the first stage and of the one before.

use askama::Template;

use crate::chart::{Chart, Frame, Heading, Table};
use crate::scale::{Unit, share};
use crate::text::{clean, grouped, percent, shorten, width};

const WIDTH: f64 = 480.0;
const HEAD: f64 = 22.0;
const ROW: f64 = 44.0;
/// Right edges of the columns of numbers.
const OF_PREVIOUS: f64 = WIDTH;
const OF_FIRST: f64 = 376.0;
const COUNT: f64 = 290.0;

struct Bar {
    label: String,
    name: String,
    count: String,
    of_first: String,
    of_previous: String,
    text_y: Unit,
    y: Unit,
    width: Unit,
}

#[derive(Template)]
#[template(path = "funnel.svg")]
struct Svg<'f> {
    frame: &'f Frame,
    bars: Vec<Bar>,
    count_x: Unit,
    of_first_x: Unit,
    of_previous_x: Unit,
}

/// Stages in their order, each with how many reached it.
pub fn funnel<S: AsRef<str>>(heading: Heading<'_>, stages: &[(S, u64)]) -> Chart {
    let bars = bars(stages);
    let height = if stages.is_empty() {
        80.0
    } else {
        HEAD + ROW * stages.len() as f64
    };
    let frame = Frame::new(heading, "funnel", (480, height as u32)).describe(describe(&bars));
    let rows = bars.iter().map(|bar| {
        let cells = [&bar.name, &bar.count, &bar.of_first, &bar.of_previous];
        cells.into_iter().cloned().collect()
    });
    let table = Table::new(&["Stage", "Count", "Of first", "Of previous"], rows.collect());
    let svg = Svg {
        frame: &frame,
        bars,
        count_x: Unit(COUNT),
        of_first_x: Unit(OF_FIRST),
        of_previous_x: Unit(OF_PREVIOUS),
    };
    frame.chart(&svg, table)
}

fn bars<S: AsRef<str>>(stages: &[(S, u64)]) -> Vec<Bar> {
    let most = stages.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let first = stages.first().map_or(0, |(_, count)| *count);
    let mut previous = None;
    let mut bars = Vec::new();
    for (at, (name, count)) in stages.iter().enumerate() {
        let y = HEAD + ROW * at as f64;
        let written = grouped(*count);
        bars.push(Bar {
            label: shorten(name.as_ref(), COUNT - width(&written) - 12.0),
            name: clean(name.as_ref()),
            count: written,
            of_first: percent(*count, first),
            of_previous: previous.map_or_else(|| "–".to_owned(), |previous| percent(*count, previous)),
            text_y: Unit(y + 14.0),
            y: Unit(y + 21.0),
            // What is there at all can be seen.
            width: Unit(if *count == 0 {
                0.0
            } else {
                (share(*count, most) * WIDTH).max(1.0)
            }),
        });
        previous = Some(*count);
    }
    bars
}

fn describe(bars: &[Bar]) -> String {
    let Some((first, later)) = bars.split_first() else {
        return "There are no stages to show yet.".to_owned();
    };
    let mut text = format!("{}: {}", first.name, first.count);
    for bar in later {
        let Bar {
            name,
            count,
            of_first,
            of_previous,
            ..
        } = bar;
        text.push_str(&format!(
            "; {name}: {count}, {of_first} of the first, {of_previous} of the previous"
        ));
    }
    text.push('.');
    text
}
