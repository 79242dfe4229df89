//! The two durations of an account: the invitation's, which is fixed, and the default trial.

use liaison_db::Tx;
use liaison_domain::{drafts, limits};
use liaison_store as store;

use crate::{Call, Result};

/// Both durations, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Days in which an invitation can be accepted; the same for everybody.
    pub invitation_duration: i64,
    /// Days of access that new requests get where they do not say.
    pub trial_duration: i64,
}

/// What applies to the caller's account.
pub fn config(call: &Call<'_>) -> Config {
    Config {
        invitation_duration: limits::INVITATION_DAYS,
        trial_duration: call.actor.trial_duration,
    }
}

/// Sets the default trial. Administrators only. `None` changes nothing.
pub fn update_config(tx: &mut Tx<'_>, call: &Call<'_>, trial_duration: Option<i64>) -> Result<Config> {
    call.actor.require_admin()?;
    let Some(days) = trial_duration else {
        return Ok(config(call));
    };
    let days = drafts::check_trial_days(days)?;
    store::customers::update_trial_duration(tx, call.actor.customer_guid, days, call.now)?;
    Ok(Config {
        trial_duration: days,
        ..config(call)
    })
}
