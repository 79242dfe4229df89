//! Sessions of browsers: signing in with address and password, signing out here or everywhere.

use liaison_db::Tx;
use liaison_domain::people::{LandingPage, UserStatus};
use liaison_domain::{Guid, Timestamp, emails, limits};
use liaison_store as store;
pub use liaison_store::sessions::Session;

use crate::{App, Call, Env, Error, Result, digest, new_guid, passwords};

/// A session just made.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What the browser has to show from now on. Stored nowhere.
    pub session: String,
    /// Whether the account exists only because its people were invited.
    pub is_guest: bool,
    /// Where they want to begin.
    pub landing_page: LandingPage,
}

/// One account that an address and a password open.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its customer.
    pub customer_guid: Guid,
    /// The customer's name.
    pub customer_name: String,
}

/// What came of an address and a password.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// They are right.
    In(SignedIn),
    /// They are right for several accounts: one has to be named.
    Choose(Vec<Account>),
    /// They are not, or nobody has this address: there is no telling.
    Wrong,
}

/// What a person typed to sign in.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// The account they mean, where there are several.
    pub account: Option<Guid>,
    /// What their browser calls itself.
    pub user_agent: String,
}

/// Characters of a browser's name for itself that are kept.
const USER_AGENT_CHARS: usize = 200;

/// Makes a session for an active user. What opens it, a password or a link, was checked by the caller.
pub fn open(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (customer, user): (Guid, Guid),
    user_agent: &str,
) -> Result<SignedIn> {
    let account = store::customers::find(tx, customer)?.filter(|account| account.is_active);
    let account = account.ok_or(Error::Unauthenticated)?;
    let person = store::users::find(tx, customer, user)?;
    let active = person.filter(|person| person.status == UserStatus::Activated.slug());
    let person = active.ok_or(Error::Unauthenticated)?;
    let session = crate::new_token(env.entropy.as_ref());
    let user_agent: String = user_agent
        .chars()
        .filter(|sign| !sign.is_control())
        .take(USER_AGENT_CHARS)
        .collect();
    let new = store::sessions::New {
        guid: new_guid(now, env.entropy.as_ref()),
        user: person.guid,
        session_sha256: &digest(session.as_bytes()),
        user_agent: &user_agent,
        created_at: now,
        expires_at: now.plus_days(limits::SESSION_DAYS),
    };
    store::sessions::insert(tx, customer, &new)?;
    store::users::update_last_login(tx, customer, person.guid, now)?;
    let guest = liaison_domain::companies::CustomerType::VendorAccess.slug();
    Ok(SignedIn {
        session,
        is_guest: account.kind == guest,
        landing_page: landing_page(tx, customer, person.guid)?,
    })
}

fn landing_page(tx: &mut Tx<'_>, customer: Guid, user: Guid) -> Result<LandingPage> {
    let stored = store::users::find_landing_page(tx, customer, user)?;
    Ok(stored.as_deref().and_then(LandingPage::parse).unwrap_or_default())
}

/// Where the caller wants to begin.
pub fn own_landing_page(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<LandingPage> {
    landing_page(tx, call.actor.customer_guid, call.actor.guid())
}

/// The sessions of the caller.
pub fn list(tx: &mut Tx<'_>, call: &Call<'_>) -> Result<Vec<Session>> {
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    Ok(store::sessions::list(tx, call.actor.customer_guid, user.guid)?)
}

/// Ends one of the caller's sessions.
pub fn end(tx: &mut Tx<'_>, call: &Call<'_>, guid: Guid) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    match store::sessions::delete(tx, call.actor.customer_guid, user.guid, guid)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Ends the caller's sessions, all but the one in use where that is to stay. Gives how many ended.
pub fn end_all(tx: &mut Tx<'_>, call: &Call<'_>, except_this: bool) -> Result<u64> {
    let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
    let except = except_this.then_some(call.actor.token_guid);
    Ok(store::sessions::delete_of_user(
        tx,
        call.actor.customer_guid,
        user.guid,
        except,
    )?)
}

impl App {
    /// Signs somebody in. An unknown address takes as long as a wrong password.
    pub async fn sign_in(&self, typed: Typed) -> Result<SignIn> {
        let email_key = emails::key(typed.email.trim());
        let known = self
            .db
            .read(move |tx| {
                Ok::<_, Error>(store::users::list_sign_ins(
                    tx,
                    &email_key,
                    limits::ACCOUNTS_PER_ADDRESS,
                )?)
            })
            .await?;
        let (password, env) = (typed.password, self.env.clone());
        let checking = tokio::task::spawn_blocking(move || {
            if known.is_empty() || passwords::check(&password).is_err() {
                // The same work for nobody: how long it takes says nothing.
                passwords::hash(&password.chars().take(256).collect::<String>(), env.entropy.as_ref())?;
                return Ok(Vec::new());
            }
            let opens = |(user, _, _): &(store::users::User, Guid, String)| {
                let hash = user.password_hash.as_deref().unwrap_or_default();
                passwords::verify(&password, hash)
            };
            Ok::<_, Error>(known.into_iter().filter(opens).collect())
        });
        let mut opened = checking
            .await
            .map_err(|error| Error::Internal(format!("checking a password stopped: {error}")))??;
        if let Some(account) = typed.account {
            opened.retain(|(_, customer, _)| *customer == account);
        }
        let (user, customer) = match opened.as_slice() {
            [] => return Ok(SignIn::Wrong),
            [(user, customer, _)] => (user.guid, *customer),
            several => return Ok(SignIn::Choose(several.iter().map(account).collect())),
        };
        let (now, env, user_agent) = (self.now(), self.env.clone(), typed.user_agent);
        let made = self
            .db
            .write(move |tx| open(tx, (now, &env), (customer, user), &user_agent))
            .await;
        match made {
            // Switched off between looking and opening.
            Err(Error::Unauthenticated) => Ok(SignIn::Wrong),
            other => other.map(SignIn::In),
        }
    }

    /// Ends the session of a cookie, whether or not it still is one.
    pub async fn sign_out(&self, session_sha256: [u8; 32]) -> Result<()> {
        let credential = crate::Credential::Session(session_sha256);
        let ended = self
            .act_as(credential, |tx, call| end(tx, call, call.actor.token_guid))
            .await;
        match ended {
            Err(Error::Unauthenticated | Error::NotFound | Error::AccessEnded(_)) => Ok(()),
            other => other,
        }
    }

    /// Notes that a session is in use, every few minutes at most: most calls only read.
    pub async fn keep_session(&self, session_sha256: [u8; 32]) -> Result<()> {
        let now = self.now();
        let stale = now - NOTED;
        let seen = self
            .db
            .read(move |tx| Ok::<_, Error>(store::sessions::find_seen(tx, &session_sha256)?))
            .await?;
        if seen.is_some_and(|seen| seen < stale) {
            self.db
                .write(move |tx| Ok::<_, Error>(store::sessions::update_seen(tx, &session_sha256, now, stale)?))
                .await?;
        }
        Ok(())
    }
}

/// How exactly the last use of a session is known.
const NOTED: std::time::Duration = std::time::Duration::from_secs(300);

fn account((_, customer, name): &(store::users::User, Guid, String)) -> Account {
    Account {
        customer_guid: *customer,
        customer_name: name.clone(),
    }
}
