//! Time as the product sees it: milliseconds since the Unix epoch, UTC. Reading the system's clock happens elsewhere.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// One day, the unit of both clocks of an access request.
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Timestamp {
    /// Milliseconds since the Unix epoch, as stored.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment plus `days` times 24 hours.
    pub fn plus_days(self, days: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(days.saturating_mul(86_400_000)))
    }

    /// `YYYY-MM-DD`, UTC.
    pub fn date(self) -> String {
        self.civil().date().to_string()
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, UTC, the fraction cut off.
    pub fn rfc3339(self) -> String {
        let at = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    /// `6 Dec 2026, 14:05 UTC`, for people.
    pub fn for_people(self) -> String {
        self.civil().strftime("%-d %b %Y, %H:%M UTC").to_string()
    }

    /// Reads RFC 3339 with any offset, or a date alone (its midnight, UTC).
    pub fn parse(text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(Timestamp(at.as_millisecond()));
        }
        let date: jiff::civil::Date = text.parse().ok()?;
        // The calendar's last days have no moment of their own here; they come after everything.
        let at = date
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(jiff::Timestamp::MAX, |at| at.timestamp());
        Some(Timestamp(at.as_millisecond()))
    }

    fn civil(self) -> jiff::civil::DateTime {
        let at = jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        jiff::tz::Offset::UTC.to_datetime(at)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Duration) -> Timestamp {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.0.saturating_add(millis))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, span: Duration) -> Timestamp {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.0.saturating_sub(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// Where the time comes from: the system's clock in production, a settable one in tests.
pub trait Clock: Send + Sync {
    /// The moment it is now.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_utc() {
        let at = Timestamp::parse("2026-11-12T01:05:09.999+05:45").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-11T19:20:09Z");
        assert_eq!(at.date(), "2026-11-11");
        assert_eq!(at.for_people(), "11 Nov 2026, 19:20 UTC");
        assert_eq!(at.plus_days(14).date(), "2026-11-25");
    }

    #[test]
    fn a_date_alone_is_its_midnight() {
        assert_eq!(
            Timestamp::parse("2026-02-28").unwrap().rfc3339(),
            "2026-02-28T00:00:00Z"
        );
        assert_eq!(Timestamp::parse("2026-02-30"), None);
        assert_eq!(Timestamp::parse(""), None);
        assert!(Timestamp::parse("9999-12-31") > Timestamp::parse("9999-12-29"));
    }

    #[test]
    fn moments_beyond_the_calendar_do_not_panic() {
        assert_eq!(Timestamp(i64::MAX).plus_days(1).date(), "9999-12-30");
    }
}
