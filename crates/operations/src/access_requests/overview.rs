//! An outbox in numbers, for people: how many wait, how far they came, how fast they were accepted.

use liaison_db::Tx;
use liaison_domain::Timestamp;
use liaison_domain::access_requests::Status;
use liaison_store as store;
use liaison_store::access_requests::{Cohort, Sought};

use crate::{Call, Result};

/// Milliseconds of a week.
const WEEK: i64 = 7 * 86_400_000;

/// The numbers of the requests that a filter leaves, whatever it says of status.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    cohorts: Vec<Cohort>,
    /// Whole days from sending to acceptance and how many took them, fewest first.
    pub days_to_accept: Vec<(i64, i64)>,
    /// Companies of the whole portfolio that were invited, and those that can be.
    pub covered: (i64, i64),
}

/// How many came how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Requests that were sent; not those that somebody asks for.
    pub sent: i64,
    /// Of them: those that reached their recipient.
    pub delivered: i64,
    /// Those that the recipient opened.
    pub opened: i64,
    /// Those that were accepted.
    pub accepted: i64,
    /// Those that the recipient's side answered.
    pub answered: i64,
    /// Those that were resolved after an answer.
    pub resolved: i64,
}

/// A week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week(i64);

impl Week {
    /// The week of a moment; weeks begin on Monday, UTC.
    pub fn of(at: Timestamp) -> Week {
        // The epoch was a Thursday.
        Week((at.0 + 3 * 86_400_000).div_euclid(WEEK))
    }

    /// Its Monday, 00:00 UTC.
    pub fn begins(self) -> Timestamp {
        Timestamp(self.0 * WEEK - 3 * 86_400_000)
    }

    /// The week so many weeks earlier.
    #[must_use]
    pub fn earlier(self, weeks: i64) -> Week {
        Week(self.0 - weeks)
    }
}

/// Counts the sent requests that a filter leaves.
pub fn overview(tx: &mut Tx<'_>, call: &Call<'_>, sought: &Sought) -> Result<Overview> {
    let customer = call.actor.customer_guid;
    Ok(Overview {
        cohorts: store::access_requests::count_cohorts(tx, customer, sought, (call.actor.guid(), call.now))?,
        days_to_accept: store::access_requests::count_days_to_accept(tx, customer, sought, call.now)?,
        covered: store::access_requests::count_covered(tx, customer)?,
    })
}

impl Overview {
    fn sum(&self, of: impl Fn(&Cohort) -> i64) -> i64 {
        self.cohorts.iter().map(of).sum()
    }

    /// All requests.
    pub fn total(&self) -> i64 {
        self.sum(|cohort| cohort.count)
    }

    /// Those that have one status now.
    pub fn with_status(&self, status: Status) -> i64 {
        self.sum(|cohort| if cohort.status == status { cohort.count } else { 0 })
    }

    /// Those with one of some statuses, or with any; or those of them that need somebody of the sender.
    pub fn count(&self, statuses: Option<&[Status]>, needing: bool) -> i64 {
        self.sum(|cohort| {
            let is_counted = statuses.is_none_or(|statuses| statuses.contains(&cohort.status));
            match (is_counted, needing) {
                (true, true) => cohort.needing,
                (true, false) => cohort.count,
                (false, _) => 0,
            }
        })
    }

    /// Those that need somebody of the sender.
    pub fn needing(&self) -> i64 {
        self.sum(|cohort| cohort.needing)
    }

    /// How far they came.
    pub fn reached(&self) -> Reached {
        let was_sent = |cohort: &&Cohort| !matches!(cohort.status, Status::Requested | Status::Rejected);
        let mut reached = Reached::default();
        for cohort in self.cohorts.iter().filter(was_sent) {
            reached.sent += cohort.count;
            reached.delivered += cohort.delivered;
            reached.opened += cohort.opened;
            reached.accepted += cohort.accepted;
            reached.answered += cohort.answered;
            reached.resolved += cohort.resolved;
        }
        reached
    }

    /// The days that the two middle ones of all acceptances took; twice the same where there is one in the middle, none
    /// where nothing was accepted.
    pub fn median_days(&self) -> Option<(i64, i64)> {
        let all: i64 = self.days_to_accept.iter().map(|(_, count)| count).sum();
        let at = |rank: i64| {
            let mut passed = 0;
            let mut days = self.days_to_accept.iter();
            let found = days.find(|(_, count)| {
                passed += count;
                passed >= rank
            });
            found.map(|(days, _)| *days)
        };
        at((all + 1) / 2).zip(at(all / 2 + 1))
    }

    /// Requests of a week that have one status now.
    pub fn in_week(&self, week: Week, status: Status) -> i64 {
        self.sum(|cohort| {
            let is_it = cohort.week == week.0 && cohort.status == status;
            if is_it { cohort.count } else { 0 }
        })
    }

    /// The first and the last week in which something was sent.
    pub fn weeks(&self) -> Option<(Week, Week)> {
        let weeks = || self.cohorts.iter().map(|cohort| Week(cohort.week));
        weeks().min().zip(weeks().max())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        let monday = Timestamp::parse("2026-11-09").unwrap();
        assert_eq!(Week::of(monday).begins(), monday);
        assert_eq!(Week::of(Timestamp(monday.0 - 1)), Week::of(monday).earlier(1));
        assert_eq!(
            Week::of(Timestamp::parse("2026-11-15T23:59:59Z").unwrap()).begins(),
            monday
        );
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let median = |days: &[(i64, i64)]| {
            let overview = Overview {
                days_to_accept: days.to_vec(),
                ..Overview::default()
            };
            overview.median_days()
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[(0, 1), (5, 1)]), Some((0, 5)));
        assert_eq!(median(&[(0, 1), (5, 2)]), Some((5, 5)));
        assert_eq!(median(&[(0, 2), (1, 2), (9, 1)]), Some((1, 1)));
    }
}
