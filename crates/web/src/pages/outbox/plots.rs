//! The overview above the outbox: tiles with numbers, and three plots.

use liaison_charts::{Chart, Heading, Markup, funnel, histogram, sparkline, status_over_time};
use liaison_domain::Timestamp;
use liaison_domain::access_requests::Status;
use liaison_operations::access_requests::{Overview, Week};

/// Weeks of the plot over time.
const WEEKS: i64 = 26;
/// Weeks of the small plot.
const RECENT: i64 = 12;

/// Statuses in the order in which they are stacked, the settled ones below.
const STACKED: [Status; 5] = [
    Status::Resolved,
    Status::Active,
    Status::Inactive,
    Status::Pending,
    Status::Never,
];

/// The last days of the ranges in which acceptances are counted, and their names.
const DAYS: [(i64, &str); 11] = [
    (0, "0"),
    (1, "1"),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, "5"),
    (6, "6"),
    (7, "7"),
    (10, "8\u{2013}10"),
    (14, "11\u{2013}14"),
    (i64::MAX, "15+"),
];

/// The tiles.
pub(super) struct Tiles {
    pub(super) sent: i64,
    pub(super) this_week: i64,
    pub(super) recent: Markup,
    pub(super) pending: i64,
    pub(super) ran_out: i64,
    pub(super) needing: i64,
    pub(super) accepted: i64,
    pub(super) accepted_share: String,
    pub(super) median: String,
    pub(super) median_note: String,
    pub(super) covered: (i64, i64),
    pub(super) covered_share: String,
}

impl Tiles {
    pub(super) fn of(overview: &Overview, now: Timestamp) -> Tiles {
        let reached = overview.reached();
        let this_week = Week::of(now);
        let in_week = |week: Week| STACKED.iter().map(|status| overview.in_week(week, *status)).sum();
        let recent: Vec<i64> = (0..RECENT).rev().map(|back| in_week(this_week.earlier(back))).collect();
        let acceptances: i64 = overview.days_to_accept.iter().map(|(_, count)| count).sum();
        let median = match overview.median_days() {
            None => "\u{2013}".to_owned(),
            Some((low, high)) if low == high => low.to_string(),
            Some((low, high)) => format!("{low}\u{2013}{high}"),
        };
        let median_note = match acceptances {
            0 => "nobody accepted yet".to_owned(),
            all => format!("median of {}", grouped(all)),
        };
        let heading = Heading {
            id: "sent-recently",
            title: "Sent in each of the last 12 weeks",
        };
        Tiles {
            sent: reached.sent,
            this_week: in_week(this_week),
            recent: sparkline(heading, &recent).svg,
            pending: overview.with_status(Status::Pending),
            ran_out: overview.with_status(Status::Never),
            needing: overview.needing(),
            accepted: reached.accepted,
            accepted_share: share(reached.accepted, reached.sent),
            median,
            median_note,
            covered: overview.covered,
            covered_share: share(overview.covered.0, overview.covered.1),
        }
    }
}

/// A number for people, as the plots write it: `10,047`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let places = digits.len();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (places - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Percent for people; a part of nothing is no number.
fn share(part: i64, all: i64) -> String {
    match (part, all) {
        (_, ..=0) => "\u{2013}".to_owned(),
        (0, _) => "0%".to_owned(),
        (part, all) if part * 100 < all => "<1%".to_owned(),
        (part, all) if part < all && part * 200 >= all * 199 => "99%".to_owned(),
        (part, all) => format!("{}%", (part * 200 + all) / (all * 2)),
    }
}

/// The plots, as figures.
pub(super) fn plots(overview: &Overview, now: Timestamp) -> Vec<Markup> {
    [over_time(overview, now), stages(overview), days(overview)]
        .iter()
        .map(Chart::figure)
        .collect()
}

fn over_time(overview: &Overview, now: Timestamp) -> Chart {
    let heading = Heading {
        id: "over-time",
        title: "Sent each week, and where they stand now",
    };
    let known: Vec<Status> = STACKED
        .into_iter()
        .filter(|status| overview.with_status(*status) > 0)
        .collect();
    let slugs: Vec<&str> = known.iter().map(|status| status.slug()).collect();
    let weeks: Vec<(String, Vec<u64>)> = span(overview, now)
        .into_iter()
        .map(|week| {
            let counts = known.iter().map(|status| unsigned(overview.in_week(week, *status)));
            (day_and_month(week.begins()), counts.collect())
        })
        .collect();
    status_over_time(heading, &slugs, &weeks)
}

/// Half a year of weeks: up to now, or up to the last one in which something was sent where that is longer ago.
fn span(overview: &Overview, now: Timestamp) -> Vec<Week> {
    let Some((first, last)) = overview.weeks() else {
        return Vec::new();
    };
    let this_week = Week::of(now);
    let end = if last > this_week.earlier(WEEKS) {
        this_week.max(last)
    } else {
        last
    };
    let weeks = (0..WEEKS).rev().map(|back| end.earlier(back));
    weeks.filter(|week| *week >= first).collect()
}

fn stages(overview: &Overview) -> Chart {
    let heading = Heading {
        id: "stages",
        title: "How far requests came",
    };
    let reached = overview.reached();
    let stages = [
        ("Sent", reached.sent),
        ("Delivered", reached.delivered),
        ("Opened", reached.opened),
        ("Accepted", reached.accepted),
        ("Answered", reached.answered),
        ("Answered and resolved", reached.resolved),
    ];
    funnel(heading, &stages.map(|(name, count)| (name, unsigned(count))))
}

fn days(overview: &Overview) -> Chart {
    let heading = Heading {
        id: "days",
        title: "Days until acceptance",
    };
    let mut bins = DAYS.map(|(_, name)| (name, 0));
    for (days, count) in &overview.days_to_accept {
        let place = DAYS.iter().position(|(last, _)| days <= last);
        if let Some((_, sum)) = place.and_then(|place| bins.get_mut(place)) {
            *sum += unsigned(*count);
        }
    }
    let any = overview.days_to_accept.is_empty();
    histogram(heading, if any { &[] } else { &bins })
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// `9 Nov`.
fn day_and_month(at: Timestamp) -> String {
    let text = at.for_people();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{grouped, share};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn shares_are_not_rounded_to_all_or_nothing() {
        assert_eq!(share(0, 0), "\u{2013}");
        assert_eq!(share(0, 9), "0%");
        assert_eq!(share(1, 1000), "<1%");
        assert_eq!(share(999, 1000), "99%");
        assert_eq!(share(1, 2), "50%");
        assert_eq!(share(2, 3), "67%");
        assert_eq!(share(5, 5), "100%");
    }
}
