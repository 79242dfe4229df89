//! What users set for themselves: their names, the mails they want, their token. Passwords are in `password_links`,
//! sessions in `sessions`.

use liaison_db::Tx;
use liaison_domain::people::{LandingPage, split_name};
use liaison_domain::{Refusal, drafts, limits};
use liaison_store as store;
use liaison_store::api_tokens::ApiToken;
use liaison_store::sessions::Session;
pub use liaison_store::users::{Preferences, User};

use crate::tokens::{self, Made, Owner};
use crate::users::manage::one_line;
use crate::{Call, Error, Result, sessions};

/// Everything the caller can see and set of themselves.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The caller.
    pub user: User,
    /// The mails they want.
    pub preferences: Preferences,
    /// Their sessions, the one used last first, and whether it is the one that looks.
    pub sessions: Vec<(Session, bool)>,
    /// Their tokens that work, newest first. There is one at most, unless an import brought more.
    pub tokens: Vec<ApiToken>,
}

/// New names of the caller.
#[derive(Clone, Debug)]
pub struct Names {
    /// Full name; required.
    pub formal_name: String,
    /// How to address them; the first word of the full name where it is empty.
    pub friendly_name: String,
    /// May be empty.
    pub phone_number: String,
}

/// The caller's profile. Only a user has one.
pub fn find(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Profile> {
    let user = own(tx, call)?;
    let customer = call.actor.customer_guid;
    let this = call.actor.token_guid;
    Ok(Profile {
        preferences: store::users::find_preferences(tx, customer, user.guid)?.ok_or(Error::NotFound)?,
        sessions: sessions::list(tx, call)?
            .into_iter()
            .map(|session| {
                let is_this = session.guid == this;
                (session, is_this)
            })
            .collect(),
        tokens: store::api_tokens::list_of_user(tx, customer, user.guid)?,
        user,
    })
}

/// Changes the caller's names and phone number. Requests keep the names of the day they were sent.
pub fn update(tx: &mut Tx<'_>, call: &Call<'_>, names: &Names) -> Result<()> {
    let formal_name = one_line(&names.formal_name);
    if formal_name.is_empty() {
        return Err(Refusal::field("formal_name", "is required").into());
    }
    let (first_name, last_name) = split_name(&formal_name);
    let mut friendly_name = one_line(&names.friendly_name);
    if friendly_name.is_empty() {
        first_name.clone_into(&mut friendly_name);
    }
    let phone_number = one_line(&names.phone_number);
    drafts::check_length("formal_name", &formal_name, limits::NAME_CHARS)?;
    drafts::check_length("friendly_name", &friendly_name, limits::NAME_CHARS)?;
    drafts::check_length("phone_number", &phone_number, limits::PHONE_CHARS)?;
    let user = User {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        friendly_name,
        phone_number: Some(phone_number).filter(|number| !number.is_empty()),
        formal_name: formal_name.clone(),
        ..own(tx, call)?
    };
    store::users::upsert(tx, call.actor.customer_guid, &user, call.now)?;
    Ok(())
}

/// What the caller changes of themselves; none leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct OwnChange {
    /// Full name.
    pub formal_name: Option<String>,
    /// How to address them.
    pub friendly_name: Option<String>,
    /// Where they want to begin.
    pub landing_page: Option<LandingPage>,
}

/// Changes some of what the caller may set of themselves.
pub fn change(tx: &mut Tx<'_>, call: &Call<'_>, change: OwnChange) -> Result<()> {
    let user = own(tx, call)?;
    let names = Names {
        formal_name: change.formal_name.unwrap_or(user.formal_name),
        friendly_name: change.friendly_name.unwrap_or(user.friendly_name),
        phone_number: user.phone_number.unwrap_or_default(),
    };
    update(tx, call, &names)?;
    let landing_page = change.landing_page.map(LandingPage::slug);
    store::users::update_wishes(tx, call.actor.customer_guid, user.guid, (None, landing_page))?;
    Ok(())
}

/// The mails that the caller wants.
pub fn preferences(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Preferences> {
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    store::users::find_preferences(tx, call.actor.customer_guid, user.guid)?.ok_or(Error::NotFound)
}

/// Sets the mails that the caller wants.
pub fn update_preferences(tx: &mut Tx<'_>, call: &Call<'_>, wanted: Preferences) -> Result<()> {
    let user = own(tx, call)?;
    store::users::update_preferences(tx, call.actor.customer_guid, user.guid, wanted)?;
    Ok(())
}

/// Makes a token for the caller. Earlier ones end with it.
pub fn make_token(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Made> {
    let user = own(tx, call)?;
    let owner = Owner {
        customer: call.actor.customer_guid,
        user: Some(user.guid),
        made_by_name: Some(&user.formal_name),
    };
    tokens::make(tx, (call.now, call.env.entropy.as_ref()), &owner, "Made in the profile")
}

/// Revokes every token of the caller.
pub fn revoke_tokens(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<()> {
    let user = own(tx, call)?;
    store::api_tokens::update_revoked_of_user(tx, call.actor.customer_guid, user.guid, call.now)?;
    Ok(())
}

fn own(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<User> {
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    store::users::find(tx, call.actor.customer_guid, user.guid)?.ok_or(Error::NotFound)
}
