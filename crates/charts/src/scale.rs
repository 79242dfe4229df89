//! From data to places: coordinates as they are printed, axes with round numbers, labels that do not overlap.

use std::fmt;

use crate::text::{compact, shorten, width};

/// A length or coordinate in units of the view box; printed to a tenth of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Unit(pub(crate) f64);

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding zero turns a negative zero into a plain one.
        let tenths = (self.0 * 10.0).round() + 0.0;
        write!(out, "{}", if tenths.is_finite() { tenths / 10.0 } else { 0.0 })
    }
}

/// `part` of `whole`, 0 to 1; 0 where there is no whole.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64).clamp(0.0, 1.0)
}

/// Round numbers from 0 to at least the largest count, four or five of them.
pub(crate) fn ticks(largest: u64) -> Vec<u64> {
    let largest = u128::from(largest.max(1));
    let mut magnitude: u128 = 1;
    let step = loop {
        let fitting = [1, 2, 5].map(|digit| digit * magnitude).into_iter();
        if let Some(step) = fitting.clone().find(|step| step * 4 >= largest) {
            break step;
        }
        magnitude *= 10;
    };
    let last = largest.div_ceil(step);
    (0..=last)
        .map(|n| u64::try_from(n * step).unwrap_or(u64::MAX))
        .collect()
}

/// A horizontal line of the grid with its number.
pub(crate) struct Tick {
    pub(crate) y: Unit,
    pub(crate) label: String,
}

/// An upright axis of counts between two heights.
pub(crate) struct Upright {
    pub(crate) ticks: Vec<Tick>,
    /// Room for the numbers at the left.
    pub(crate) margin: f64,
    /// The number at the top of the axis.
    pub(crate) top: u64,
}

/// An axis from 0, at `bottom`, to a round number at `top`.
pub(crate) fn upright(largest: u64, (top, bottom): (f64, f64)) -> Upright {
    let numbers = ticks(largest);
    let last = numbers.last().copied().unwrap_or(1);
    let tick = |number: &u64| Tick {
        y: Unit(bottom - share(*number, last) * (bottom - top)),
        label: compact(*number),
    };
    let ticks: Vec<Tick> = numbers.iter().map(tick).collect();
    let widest = ticks.iter().map(|tick| width(&tick.label)).fold(0.0, f64::max);
    Upright {
        ticks,
        margin: widest + 8.0,
        top: last,
    }
}

/// The least distance between two labels.
const GAP: f64 = 6.0;

/// A label below a plot.
pub(crate) struct Label {
    pub(crate) x: Unit,
    pub(crate) text: String,
}

/// As many of the labels as fit beside each other, each centred on its place and kept between the edges. The last one
/// always stands; the others are evenly spaced from it.
pub(crate) fn below<S: AsRef<str>>(
    labels: &[S],
    place: impl Fn(usize) -> f64,
    (left, right): (f64, f64),
) -> Vec<Label> {
    let room = (right - left) / 3.0;
    let boxes = labels.iter().enumerate().map(|(at, label)| {
        let text = shorten(label.as_ref(), room);
        let half = width(&text) / 2.0;
        (
            place(at).clamp(left + half, (right - half).max(left + half)),
            half,
            text,
        )
    });
    let boxes: Vec<(f64, f64, String)> = boxes.collect();
    let last = boxes.len().saturating_sub(1);
    let kept = |every: usize| (last % every..boxes.len()).step_by(every);
    let fits = |every: &usize| {
        let pairs = kept(*every).zip(kept(*every).skip(1));
        pairs
            .into_iter()
            .all(|(one, next)| boxes[one].0 + boxes[one].1 + GAP <= boxes[next].0 - boxes[next].1)
    };
    let every = (1..=boxes.len()).find(fits).unwrap_or(1);
    let label = |at: usize| Label {
        x: Unit(boxes[at].0),
        text: boxes[at].2.clone(),
    };
    kept(every).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(17), [0, 5, 10, 15, 20]);
        assert_eq!(ticks(1_000_000_000), [0, 500_000_000, 1_000_000_000]);
        assert_eq!(ticks(u64::MAX).last(), Some(&u64::MAX));
    }

    #[test]
    fn places_are_printed_short() {
        let printed = [1.0, 2.25, -0.01, f64::NAN, 1e9].map(|n| Unit(n).to_string());
        assert_eq!(printed, ["1", "2.3", "0", "0", "1000000000"]);
    }

    #[test]
    fn labels_leave_room_for_each_other() {
        let labels: Vec<String> = (1..=52).map(|week| format!("week {week}")).collect();
        let standing = below(&labels, |at| at as f64 * 8.0, (0.0, 440.0));
        assert_eq!(standing.last().map(|label| label.text.as_str()), Some("week 52"));
        for pair in standing.windows(2) {
            assert!(pair[1].x.0 - pair[0].x.0 >= width(&pair[0].text), "{}", pair[0].text);
        }
    }
}
