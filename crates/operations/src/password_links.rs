//! Passwords set by a mailed link: forgotten ones, and the first one of a new user.

use liaison_db::Tx;
use liaison_domain::{Guid, Refusal, Timestamp, emails, limits};
use liaison_store as store;
use liaison_store::users::User;

use crate::access_requests;
use crate::outgoing::{self, Letter};
use crate::sessions::{self, SignedIn};
use crate::{App, Env, Error, Result, digest, new_guid, passwords};

/// Whom a link lets set a password.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Their name.
    pub formal_name: String,
    /// Their address.
    pub email: String,
    /// Whether it is their first password.
    pub is_new: bool,
    customer_guid: Guid,
    user_guid: Guid,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A forgotten password.
    Reset,
    /// The first one.
    Welcome,
}

impl Purpose {
    fn slug(self) -> &'static str {
        match self {
            Purpose::Reset => "reset",
            Purpose::Welcome => "welcome",
        }
    }

    fn ends(self, now: Timestamp) -> Timestamp {
        match self {
            Purpose::Reset => now + limits::RESET_LINK,
            Purpose::Welcome => now.plus_days(limits::WELCOME_DAYS),
        }
    }
}

/// Makes a link for a user, in place of earlier ones. Gives its address on this server and when it ends.
pub fn make(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (customer, user): (Guid, Guid),
    purpose: Purpose,
) -> Result<(String, Timestamp)> {
    let token = crate::new_token(env.entropy.as_ref());
    let expires_at = purpose.ends(now);
    let new = store::password_links::New {
        link_sha256: &digest(token.as_bytes()),
        user,
        purpose: purpose.slug(),
        created_at: now,
        expires_at,
    };
    store::password_links::insert(tx, customer, &new)?;
    Ok((outgoing::page(env, &format!("password/{token}")), expires_at))
}

/// Whom a link's token is for. Changes nothing.
pub fn look_up(tx: &mut Tx<'_>, token: &str, now: Timestamp) -> Result<Holder> {
    let link = store::password_links::find(tx, &digest(token.as_bytes()))?.ok_or(Refusal::PasswordLinkGone)?;
    if link.spent_at.is_some() || link.expires_at <= now {
        return Err(Refusal::PasswordLinkGone.into());
    }
    let user = store::users::find(tx, link.customer_guid, link.user_guid)?;
    let off = liaison_domain::people::UserStatus::Deactivated.slug();
    let user = user.filter(|user| user.status != off);
    let user = user.ok_or(Refusal::PasswordLinkGone)?;
    Ok(Holder {
        formal_name: user.formal_name,
        email: user.email,
        is_new: link.purpose == Purpose::Welcome.slug(),
        customer_guid: link.customer_guid,
        user_guid: link.user_guid,
    })
}

/// Sets the password, ends every session and link of the user, and opens a new session.
fn set(
    tx: &mut Tx<'_>,
    (now, env): (Timestamp, &Env),
    (token, password_hash): (&str, &str),
    user_agent: &str,
) -> Result<SignedIn> {
    let holder = look_up(tx, token, now)?;
    if store::password_links::update_spent(tx, &digest(token.as_bytes()), now)? == 0 {
        return Err(Refusal::PasswordLinkGone.into());
    }
    let (customer, user) = (holder.customer_guid, holder.user_guid);
    store::users::update_password(tx, customer, user, password_hash)?;
    let was_unproven = store::users::update_unproven(tx, customer, user, false)? > 0;
    if was_unproven || !holder.is_new {
        // Whoever knew the forgotten password may have made one.
        store::api_tokens::update_revoked_of_user(tx, customer, user, now)?;
    }
    store::sessions::delete_of_user(tx, customer, user, None)?;
    store::password_links::delete_of_user(tx, customer, user)?;
    outgoing::outdate(tx, now, (customer, &[&holder.email]))?;
    access_requests::take_over(tx, (now, env), customer, user)?;
    sessions::open(tx, (now, env), (customer, user), user_agent)
}

impl App {
    /// Mails a link to everybody who has this address, if any. Nothing tells whether there was somebody.
    pub async fn ask_for_reset(&self, email: String) -> Result<()> {
        let (now, env) = (self.now(), self.env.clone());
        let email_key = emails::key(email.trim());
        self.db
            .write(move |tx| {
                for (user, customer, _) in store::users::list_sign_ins(tx, &email_key, limits::ACCOUNTS_PER_ADDRESS)? {
                    mail_reset(tx, (now, &env), customer, &user)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        (self.mail_bell)();
        Ok(())
    }

    /// Whom a link's token is for.
    pub async fn look_up_password_link(&self, token: String) -> Result<Holder> {
        let now = self.now();
        self.db.read(move |tx| look_up(tx, &token, now)).await
    }

    /// Sets the password of a link's holder and signs them in.
    pub async fn set_password(&self, token: String, password: String, user_agent: String) -> Result<SignedIn> {
        self.look_up_password_link(token.clone()).await?;
        let password_hash = self.hash_password(password).await?;
        let (now, env) = (self.now(), self.env.clone());
        let set = self
            .db
            .write(move |tx| set(tx, (now, &env), (&token, &password_hash), &user_agent))
            .await?;
        (self.mail_bell)();
        Ok(set)
    }

    /// Checks the length of a new password and hashes it, outside of any transaction.
    pub async fn hash_password(&self, password: String) -> Result<String> {
        passwords::check(&password)?;
        let env = self.env.clone();
        let hashing = tokio::task::spawn_blocking(move || passwords::hash(&password, env.entropy.as_ref()));
        hashing
            .await
            .map_err(|error| Error::Internal(format!("hashing stopped: {error}")))?
    }

    /// Changes the caller's password, who knows the present one; their other sessions end.
    pub async fn change_password(&self, session_sha256: [u8; 32], present: String, new: String) -> Result<()> {
        let credential = crate::Credential::Session(session_sha256);
        let stored = self
            .read_as(credential, |tx, call| {
                let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
                let user = store::users::find(tx, call.actor.customer_guid, user.guid)?.ok_or(Error::NotFound)?;
                Ok(user.password_hash.unwrap_or_default())
            })
            .await?;
        let hash = stored.clone();
        let checking = tokio::task::spawn_blocking(move || passwords::verify(&present, &hash));
        let right = checking
            .await
            .map_err(|error| Error::Internal(format!("checking a password stopped: {error}")))?;
        if !right {
            return Err(Refusal::field("present_password", "is not the one you have now").into());
        }
        let password_hash = self.hash_password(new).await?;
        self.act_as(credential, move |tx, call| {
            let user = call.actor.user.as_ref().ok_or(Error::Forbidden)?;
            let (customer, guid) = (call.actor.customer_guid, user.guid);
            store::users::update_password(tx, customer, guid, &password_hash)?;
            store::password_links::delete_of_user(tx, customer, guid)?;
            outgoing::outdate(tx, call.now, (customer, &[&user.email]))?;
            sessions::end_all(tx, call, true)?;
            Ok(())
        })
        .await
    }
}

fn mail_reset(tx: &mut Tx<'_>, (now, env): (Timestamp, &Env), customer: Guid, user: &User) -> Result<()> {
    let newest = store::password_links::find_newest(tx, customer, user.guid)?;
    if newest.is_some_and(|at| at > now - limits::RESET_COOL_DOWN) {
        return Ok(());
    }
    let (link, expires_at) = make(tx, (now, env), (customer, user.guid), Purpose::Reset)?;
    let guid = new_guid(now, env.entropy.as_ref());
    let composed = liaison_mail::password_reset(
        &env.identity,
        &outgoing::stamp(guid, now),
        &liaison_mail::PasswordReset {
            name: &user.formal_name,
            email: &user.email,
            link: &link,
            expires_on: &expires_at.for_people(),
        },
    )?;
    let letter = Letter {
        customer,
        request: None,
        kind: "password_reset",
    };
    outgoing::queue(tx, (now, env), &letter, (guid, &composed, &[user.email.as_str()]))
}
