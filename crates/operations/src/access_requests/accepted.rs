//! A draft that kept every rule, on its way to being stored and mailed.

use liaison_domain::drafts::{Checked, Draft};
use liaison_domain::people::split_name;
use liaison_domain::{Guid, Timestamp};
use liaison_store::companies::Invited;
use liaison_store::findings::Finding;
use liaison_store::users::User;

/// A draft that kept every rule, with all that was read to judge it.
pub(super) struct Accepted {
    pub(super) guid: Guid,
    pub(super) draft: Draft,
    pub(super) checked: Checked,
    pub(super) company_guid: Guid,
    pub(super) company: Invited,
    pub(super) findings: Vec<Finding>,
    pub(super) recipient: Option<Recipient>,
    pub(super) trial_days: i64,
}

/// A requestee who already is a user of a customer of the company.
pub(super) struct Recipient {
    pub(super) user: User,
    pub(super) customer: Guid,
    pub(super) is_guest: bool,
}

impl Accepted {
    /// When access ends for somebody who is in at once; none without a trial clock.
    pub(super) fn trial_ends_at(&self, now: Timestamp) -> Option<Timestamp> {
        let recipient = self.recipient.as_ref()?;
        recipient.is_guest.then(|| now.plus_days(self.trial_days))
    }

    /// First and last name: a known user's own, else those of the formal name.
    pub(super) fn requestee_names(&self) -> (&str, &str) {
        match &self.recipient {
            Some(known) => (&known.user.first_name, &known.user.last_name),
            None => split_name(&self.draft.requestee_formal_name),
        }
    }
}
