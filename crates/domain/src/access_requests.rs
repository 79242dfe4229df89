//! The access request: its states, the two clocks, and which change is allowed from where.

use crate::Timestamp;

/// Where an access request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Invited, waiting for the recipient.
    Pending,
    /// Accepted, access is open.
    Active,
    /// The invitation ran out unaccepted.
    Never,
    /// Accepted once; the trial ran out or the account was switched off.
    Inactive,
    /// Closed by the requester.
    Resolved,
    /// Asked for by the recipient through an access link, not yet approved.
    Requested,
    /// Asked for, and turned down.
    Rejected,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 7] = [
        Status::Pending,
        Status::Active,
        Status::Never,
        Status::Inactive,
        Status::Resolved,
        Status::Requested,
        Status::Rejected,
    ];

    /// The word on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Status::Pending => "Pending",
            Status::Active => "Active",
            Status::Never => "Never",
            Status::Inactive => "Inactive",
            Status::Resolved => "Resolved",
            Status::Requested => "Requested",
            Status::Rejected => "Rejected",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "Open",
            Status::Never => "Never Accepted",
            Status::Inactive => "Access Ended",
            other => other.slug(),
        }
    }

    /// What it means, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Status::Pending => "The invitation was sent and waits for its recipient.",
            Status::Active => "The recipient accepted: access is open, and both sides can write.",
            Status::Never => "The link of the invitation ran out before anybody accepted it.",
            Status::Inactive => "It was accepted once; since then the trial ran out or the account was switched off.",
            Status::Resolved => "The sender closed it.",
            Status::Requested => "Somebody asked for it through a client access link and waits for the answer.",
            Status::Rejected => "Somebody asked for it through a client access link and was turned down.",
        }
    }

    /// The status of a word, in any case.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL
            .into_iter()
            .find(|status| status.slug().eq_ignore_ascii_case(word))
    }

    /// Whether the request waits for its recipient, so that a mail with a new link makes sense.
    pub fn awaits_recipient(self) -> bool {
        matches!(self, Status::Pending | Status::Never)
    }

    /// The status after the requester's `change`, or none where it is not allowed from here. Resolving is allowed
    /// from everywhere and repeating it changes nothing.
    pub fn after(self, change: Change) -> Option<Status> {
        match (change, self) {
            (Change::Resolve, _) => Some(Status::Resolved),
            (Change::Approve, Status::Requested) => Some(Status::Pending),
            (Change::Reject, Status::Requested | Status::Rejected) => Some(Status::Rejected),
            (Change::Approve | Change::Reject, _) => None,
        }
    }
}

/// What a requester may do to the status of a sent request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Let a self-registered person in.
    Approve,
    /// Turn a self-registered person down.
    Reject,
    /// Close the collaboration.
    Resolve,
}

impl Change {
    /// Every change.
    pub const ALL: [Change; 3] = [Change::Approve, Change::Reject, Change::Resolve];

    /// The word on the wire: the status that is asked for.
    pub fn slug(self) -> &'static str {
        match self {
            Change::Approve => "Approved",
            Change::Reject => "Rejected",
            Change::Resolve => "Resolved",
        }
    }

    /// The change of a word, in any case.
    pub fn parse(word: &str) -> Option<Change> {
        Change::ALL
            .into_iter()
            .find(|change| change.slug().eq_ignore_ascii_case(word))
    }
}

/// Why a request is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// General awareness.
    Informational,
    /// Concerns that drag the rating.
    Remediation,
    /// Checking facts.
    Validation,
    /// Whether a given vulnerability applies.
    Vulnerability,
    /// Unspecified.
    #[default]
    Other,
    /// Came through an access link.
    SelfRequested,
}

impl Reason {
    /// Every reason a request can have.
    pub const ALL: [Reason; 6] = [
        Reason::Informational,
        Reason::Remediation,
        Reason::Validation,
        Reason::Vulnerability,
        Reason::Other,
        Reason::SelfRequested,
    ];

    /// The slug on the wire and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Reason::Informational => "informational",
            Reason::Remediation => "remediation",
            Reason::Validation => "validation",
            Reason::Vulnerability => "vulnerability",
            Reason::Other => "other",
            Reason::SelfRequested => "self_requested",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Informational => "Informational",
            Reason::Remediation => "Remediation",
            Reason::Validation => "Validation",
            Reason::Vulnerability => "Vulnerability",
            Reason::Other => "Other",
            Reason::SelfRequested => "Self Requested",
        }
    }

    /// What it is for, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Reason::Informational => "To let the recipient know what is seen from outside.",
            Reason::Remediation => "To have findings repaired that pull the rating down.",
            Reason::Validation => "To check facts: whose a system is, and whether a finding holds.",
            Reason::Vulnerability => {
                "To learn whether a vulnerability concerns the recipient, and to agree what follows."
            }
            Reason::Other => "None of the other reasons.",
            Reason::SelfRequested => {
                "The recipient asked for it through a client access link; an invitation cannot name it."
            }
        }
    }

    /// The reason of a slug, in any case.
    pub fn parse(slug: &str) -> Option<Reason> {
        Reason::ALL
            .into_iter()
            .find(|reason| reason.slug().eq_ignore_ascii_case(slug))
    }
}

/// What decides a request's status at a given moment, besides what is stored.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// When the invitation stops being acceptable.
    pub expires_at: Timestamp,
    /// When the trial ends; none while nobody accepted, and for accounts without a trial clock.
    pub trial_ends_at: Option<Timestamp>,
    /// Whether the recipient's user and customer are switched on.
    pub recipient_enabled: bool,
}

impl Status {
    /// The status at `now`: right even before the job that stores it has run. The store says the same in SQL.
    pub fn at(self, now: Timestamp, clocks: Clocks) -> Status {
        let trial_over = clocks.trial_ends_at.is_some_and(|end| end <= now);
        match self {
            Status::Pending if clocks.expires_at <= now => Status::Never,
            Status::Active if trial_over || !clocks.recipient_enabled => Status::Inactive,
            stored => stored,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCKS: Clocks = Clocks {
        expires_at: Timestamp(100),
        trial_ends_at: Some(Timestamp(200)),
        recipient_enabled: true,
    };

    #[test]
    fn an_invitation_ends_at_its_moment_exactly() {
        assert_eq!(Status::Pending.at(Timestamp(99), CLOCKS), Status::Pending);
        assert_eq!(Status::Pending.at(Timestamp(100), CLOCKS), Status::Never);
    }

    #[test]
    fn a_trial_ends_at_its_moment_and_only_where_there_is_one() {
        assert_eq!(Status::Active.at(Timestamp(199), CLOCKS), Status::Active);
        assert_eq!(Status::Active.at(Timestamp(200), CLOCKS), Status::Inactive);
        let without = Clocks {
            trial_ends_at: None,
            ..CLOCKS
        };
        assert_eq!(Status::Active.at(Timestamp(i64::MAX), without), Status::Active);
        let switched_off = Clocks {
            recipient_enabled: false,
            ..without
        };
        assert_eq!(Status::Active.at(Timestamp(0), switched_off), Status::Inactive);
        assert_eq!(Status::Resolved.at(Timestamp(i64::MAX), switched_off), Status::Resolved);
    }

    #[test]
    fn who_may_go_where() {
        for status in Status::ALL {
            assert_eq!(status.after(Change::Resolve), Some(Status::Resolved));
            let approved = (status == Status::Requested).then_some(Status::Pending);
            assert_eq!(status.after(Change::Approve), approved);
        }
        assert_eq!(Status::Active.after(Change::Reject), None);
        assert_eq!(Status::Requested.after(Change::Reject), Some(Status::Rejected));
    }

    #[test]
    fn words_in_any_case() {
        assert_eq!(Change::parse("approved"), Some(Change::Approve));
        assert_eq!(Status::parse("NEVER"), Some(Status::Never));
        assert_eq!(Reason::parse("Remediation"), Some(Reason::Remediation));
        assert_eq!(Change::parse("Pending"), None);
    }
}
