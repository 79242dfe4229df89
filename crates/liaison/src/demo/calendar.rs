//! Working hours of the sample world: people invite and answer from Monday to Friday, by day, in UTC.

use std::time::Duration;

use liaison_domain::Timestamp;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Nobody works before this hour, or from the other one on.
const OPENS: i64 = 7;
const CLOSES: i64 = 18;

/// A working day some days ago, this long after eight o'clock; one earlier where it would be a weekend.
pub(super) fn days_ago(now: Timestamp, days: i64, after_eight: Duration) -> Timestamp {
    let midnight = Timestamp(now.0 - now.0.rem_euclid(DAY_MS)).plus_days(-days);
    let friday = match weekday(midnight) {
        6 => midnight.plus_days(-1),
        0 => midnight.plus_days(-2),
        _ => midnight,
    };
    friday + Duration::from_hours(8) + after_eight
}

/// The moment itself, or where nobody works then, the same minute of the next hour in which somebody does.
pub(super) fn at_work(at: Timestamp) -> Timestamp {
    let mut at = at;
    let hour = at.0.rem_euclid(DAY_MS) / HOUR_MS;
    if hour < OPENS {
        at = Timestamp(at.0 + (OPENS - hour) * HOUR_MS);
    } else if hour >= CLOSES {
        at = Timestamp(at.0 + (24 - hour + OPENS) * HOUR_MS);
    }
    match weekday(at) {
        6 => at.plus_days(2),
        0 => at.plus_days(1),
        _ => at,
    }
}

/// 0 is Sunday; the first day of 1970 was a Thursday.
fn weekday(at: Timestamp) -> i64 {
    (at.0.div_euclid(DAY_MS) + 4).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_works_at_night_or_on_a_weekend() {
        for (given, expected) in [
            ("2026-11-20T10:05:00Z", "2026-11-20T10:05:00Z"),
            ("2026-11-19T18:10:00Z", "2026-11-20T07:10:00Z"),
            ("2026-11-20T23:59:00Z", "2026-11-23T07:59:00Z"),
            ("2026-11-22T03:00:00Z", "2026-11-23T07:00:00Z"),
        ] {
            assert_eq!(at_work(Timestamp::parse(given).unwrap()).rfc3339(), expected, "{given}");
        }
        let sunday = Timestamp::parse("2026-11-22T01:00:00Z").unwrap();
        let asked = days_ago(sunday, 1, Duration::from_mins(30));
        assert_eq!(asked.rfc3339(), "2026-11-20T08:30:00Z");
    }
}
