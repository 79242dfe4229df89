//! What to do about a company, by how much it matters and how it is rated.
//!
//! | tier | basic (up to 639) | intermediate (640 to 739) | advanced (from 740) |
//! | --- | --- | --- | --- |
//! | that matters most | escalate | review | monitor |
//! | next to it | review | monitor | monitor |
//! | every other | monitor | monitor | monitor |
//!
//! A company without a tier or without a rating has no plan.

use crate::ratings::{self, Range};

/// What to do, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plan {
    /// Nothing but looking at it now and then.
    Monitor,
    /// Looking closely.
    Review,
    /// Talking to its management.
    Escalate,
}

impl Plan {
    /// Every plan.
    pub const ALL: [Plan; 3] = [Plan::Monitor, Plan::Review, Plan::Escalate];

    /// The word on the wire.
    pub fn slug(self) -> &'static str {
        match self {
            Plan::Monitor => "monitor",
            Plan::Review => "review",
            Plan::Escalate => "escalate",
        }
    }
}

/// The plan for a company with this rating, `place` tiers with smaller ranks before its own.
pub fn plan(place: usize, rating: i64) -> Plan {
    let steps = ratings::RANGES
        .iter()
        .rev()
        .position(|range| range == ratings::range(rating));
    match steps.unwrap_or_default().saturating_sub(place) {
        0 => Plan::Monitor,
        1 => Plan::Review,
        _ => Plan::Escalate,
    }
}

/// The last line of the table: every tier with at least so many before it.
pub const LAST_PLACE: usize = 2;

/// Where a plan stands in the table: lines up to [`LAST_PLACE`], and columns.
pub fn cells(plan: Plan) -> impl Iterator<Item = (usize, &'static Range)> {
    let all = (0..=LAST_PLACE).flat_map(|place| ratings::RANGES.iter().map(move |range| (place, range)));
    all.filter(move |(place, range)| self::plan(*place, range.min) == plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_one_plan() {
        for place in 0..=5 {
            for rating in ratings::SCALE {
                let stands = |plan: &Plan| {
                    cells(*plan)
                        .any(|(line, range)| line == place.min(LAST_PLACE) && (range.min..=range.max).contains(&rating))
                };
                let found: Vec<Plan> = Plan::ALL.into_iter().filter(stands).collect();
                assert_eq!(found, [plan(place, rating)], "{place} {rating}");
            }
        }
    }

    #[test]
    fn the_table_above() {
        let row = |place: usize| [639, 640, 739, 740].map(|rating| plan(place, rating).slug());
        assert_eq!(row(0), ["escalate", "review", "review", "monitor"]);
        assert_eq!(row(1), ["review", "monitor", "monitor", "monitor"]);
        for place in [2, 3, 99] {
            assert_eq!(row(place), ["monitor"; 4]);
        }
        assert!(Plan::ALL.is_sorted());
    }
}
