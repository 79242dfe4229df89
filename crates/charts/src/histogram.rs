//! How often each range of values occurs, with the median marked.

use askama::Template;

use crate::chart::{Chart, Frame, Heading, Table};
use crate::scale::{Label, Tick, Unit, below, share, upright};
use crate::text::{SIZE, clean, compact, grouped, percent, shorten, width};

const WIDTH: f64 = 480.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 194.0;

struct Bar {
    x: Unit,
    y: Unit,
    width: Unit,
    height: Unit,
    middle: Unit,
    count_y: Unit,
    count: String,
    tip: String,
}

struct Median {
    x: Unit,
    foot: Unit,
    text: String,
    text_x: Unit,
}

#[derive(Template)]
#[template(path = "histogram.svg")]
struct Svg<'f> {
    frame: &'f Frame,
    left: Unit,
    number_x: Unit,
    bars: Vec<Bar>,
    counted: bool,
    ticks: Vec<Tick>,
    labels: Vec<Label>,
    median: Option<Median>,
}

/// Ranges in their order, each with its count. The median is found from the counts, as exact as the ranges are; between
/// two ranges where the two middle values lie in different ones.
pub fn histogram<S: AsRef<str>>(heading: Heading<'_>, bins: &[(S, u64)]) -> Chart {
    let middle = middle(bins);
    let frame = Frame::new(heading, "histogram", (480, 220)).describe(describe(bins, middle));
    let most = bins.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let axis = upright(most, (TOP, BOTTOM));
    let widest = bins
        .iter()
        .map(|(_, count)| width(&compact(*count)))
        .fold(0.0, f64::max);
    // Numbers on the bars say more than an axis, as long as they fit.
    let counted = widest + 4.0 <= WIDTH / bins.len().max(1) as f64;
    let left = if counted { 0.0 } else { axis.margin };
    let each = (WIDTH - left) / bins.len().max(1) as f64;
    let place = |at: usize| left + (at as f64 + 0.5) * each;
    let names: Vec<&str> = bins.iter().map(|(name, _)| name.as_ref()).collect();
    let top = if counted { most } else { axis.top };
    let bars = bins
        .iter()
        .enumerate()
        .map(|(at, bin)| bar((place(at), each), bin, top));
    let bars: Vec<Bar> = bars.collect();
    let svg = Svg {
        frame: &frame,
        left: Unit(left),
        number_x: Unit(left - 6.0),
        counted,
        ticks: if counted { Vec::new() } else { axis.ticks },
        labels: below(&names, place, (left, WIDTH)),
        median: middle.map(|middle| median(bins, middle, (left, place, &bars))),
        bars,
    };
    frame.chart(&svg, table(bins))
}

/// The line ends above its bar, or on the ground where it stands between two.
fn median<S: AsRef<str>>(
    bins: &[(S, u64)],
    (low, high): (usize, usize),
    (left, place, bars): (f64, impl Fn(usize) -> f64, &[Bar]),
) -> Median {
    let text = shorten(&median_text(bins, (low, high)), WIDTH - left);
    let (x, half) = (f64::midpoint(place(low), place(high)), width(&text) / 2.0);
    let foot = bars
        .get(low)
        .filter(|_| low == high)
        .map_or(BOTTOM, |bar| bar.count_y.0 - SIZE);
    Median {
        x: Unit(x),
        foot: Unit(foot.max(26.0)),
        text_x: Unit(x.clamp(left + half, (WIDTH - half).max(left + half))),
        text,
    }
}

fn bar<S: AsRef<str>>((middle, each): (f64, f64), (name, count): &(S, u64), most: u64) -> Bar {
    let wide = (each * 0.86).min(72.0);
    let high = share(*count, most) * (BOTTOM - TOP);
    let high = if *count == 0 { 0.0 } else { high.max(1.0) };
    Bar {
        x: Unit(middle - wide / 2.0),
        y: Unit(BOTTOM - high),
        width: Unit(wide),
        height: Unit(high),
        middle: Unit(middle),
        count_y: Unit(BOTTOM - high - SIZE / 3.0),
        count: compact(*count),
        tip: format!("{}: {}", clean(name.as_ref()), grouped(*count)),
    }
}

/// The ranges of the two middle values; twice the same where they share one, or where the number of values is odd.
fn middle<S>(bins: &[(S, u64)]) -> Option<(usize, usize)> {
    let all: u128 = bins.iter().map(|(_, count)| u128::from(*count)).sum();
    let holding = |rank: u128| {
        let mut passed: u128 = 0;
        bins.iter().position(|(_, count)| {
            passed += u128::from(*count);
            passed >= rank
        })
    };
    if all == 0 {
        return None;
    }
    Some((holding(all.div_ceil(2))?, holding(all / 2 + 1)?))
}

fn median_text<S: AsRef<str>>(bins: &[(S, u64)], (low, high): (usize, usize)) -> String {
    let name = |at: usize| bins.get(at).map(|(name, _)| clean(name.as_ref())).unwrap_or_default();
    if low == high {
        format!("Median: {}", name(low))
    } else {
        format!("Median: between {} and {}", name(low), name(high))
    }
}

fn total<S>(bins: &[(S, u64)]) -> u64 {
    bins.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
}

fn describe<S: AsRef<str>>(bins: &[(S, u64)], middle: Option<(usize, usize)>) -> String {
    let Some(middle) = middle else {
        return "There is nothing to count yet.".to_owned();
    };
    let each = bins
        .iter()
        .map(|(name, count)| format!("{}: {}", clean(name.as_ref()), grouped(*count)));
    let each: Vec<String> = each.collect();
    format!(
        "{}; {} in all. {}.",
        each.join(", "),
        grouped(total(bins)),
        median_text(bins, middle)
    )
}

fn table<S: AsRef<str>>(bins: &[(S, u64)]) -> Table {
    let all = total(bins);
    let row = |(name, count): &(S, u64)| vec![clean(name.as_ref()), grouped(*count), percent(*count, all)];
    Table::new(&["Range", "Count", "Share"], bins.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn the_median_is_where_half_of_the_values_are_passed() {
        assert_eq!(middle(&[("a", 0), ("b", 0)]), None);
        assert_eq!(middle(&[("a", 1)]), Some((0, 0)));
        assert_eq!(middle(&[("a", 1), ("b", 0), ("c", 1)]), Some((0, 2)));
        assert_eq!(middle(&[("a", 1), ("b", 1), ("c", 1)]), Some((1, 1)));
        assert_eq!(middle(&[("a", u64::MAX), ("b", u64::MAX)]), Some((0, 1)));
    }
}
