//! From a token or a session to the one who holds it. Looked up at each call, so that switching something off acts at
//! once.

use liaison_db::Tx;
use liaison_domain::people::{Role, UserStatus};
use liaison_domain::{Guid, Timestamp, limits};
use liaison_store as store;
use liaison_store::access_requests::Side;
use liaison_store::api_tokens::{Identity, TokenUser};

use crate::{Error, Result};

/// What a caller shows, as SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An API token.
    Token([u8; 32]),
    /// The session of a browser.
    Session([u8; 32]),
}

impl From<[u8; 32]> for Credential {
    fn from(token_sha256: [u8; 32]) -> Credential {
        Credential::Token(token_sha256)
    }
}

/// Who is calling: a user, or a customer by its company token.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The token or the session that was shown.
    pub token_guid: Guid,
    /// The customer: the tenant of everything the call may touch.
    pub customer_guid: Guid,
    /// Its name.
    pub customer_name: String,
    /// Whether the account exists only because its people were invited.
    pub is_guest: bool,
    /// Days of trial that its requests get by default.
    pub trial_duration: i64,
    /// The customer's own company.
    pub my_company: Option<MyCompany>,
    /// The user; none for a company token.
    pub user: Option<TokenUser>,
    /// What the caller may do. A company token may do everything in its customer.
    pub role: Role,
}

/// The company that a customer is.
#[derive(Clone, Debug)]
pub struct MyCompany {
    /// Its guid.
    pub guid: Guid,
    /// Its name.
    pub name: String,
}

impl Actor {
    /// The guid that stands for the caller: the user's, or the company token's.
    pub fn guid(&self) -> Guid {
        self.user.as_ref().map_or(self.token_guid, |user| user.guid)
    }

    /// The caller's name for people: the user's, or the customer's.
    pub fn formal_name(&self) -> &str {
        self.user.as_ref().map_or(&self.customer_name, |user| &user.formal_name)
    }

    /// The company's name for people, the customer's where it has no company.
    pub fn company_name(&self) -> &str {
        self.my_company
            .as_ref()
            .map_or(&self.customer_name, |company| &company.name)
    }

    /// The requests that this caller's customer sent.
    pub fn outbox(&self) -> Side {
        Side::Outbox {
            customer: self.customer_guid,
        }
    }

    /// The requests that this caller's customer received.
    pub fn inbox(&self) -> Side {
        match &self.my_company {
            None => Side::Nothing,
            Some(company) if self.is_guest => Side::GuestInbox {
                company: company.guid,
                customer: self.customer_guid,
                // Who copied their link may be who came in by it: they get what that one sent, and no more.
                only: self.user.as_ref().filter(|user| user.is_unproven).map(|user| user.guid),
            },
            Some(company) => Side::Inbox { company: company.guid },
        }
    }

    /// Refuses callers who may only read.
    pub fn require_inviter(&self) -> Result<()> {
        if self.role.may_invite() {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Refuses callers who may not invite, and everybody of an account that exists only because its people were invited:
    /// they see what was sent to them, and have nothing to sort.
    pub fn require_account_inviter(&self) -> Result<()> {
        self.require_inviter()?;
        if self.is_guest { Err(Error::Forbidden) } else { Ok(()) }
    }

    /// Refuses everybody but administrators of a full account: one that exists only because its people were invited
    /// has nothing to be set.
    pub fn require_account_admin(&self) -> Result<()> {
        self.require_admin()?;
        if self.is_guest { Err(Error::Forbidden) } else { Ok(()) }
    }

    /// Refuses callers who may not change settings of the customer.
    pub fn require_admin(&self) -> Result<()> {
        if self.role.may_administer() {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

/// The caller behind a token or a session.
pub fn authenticate(tx: &mut Tx<'_>, credential: &Credential, now: Timestamp) -> Result<Actor> {
    let identity = match credential {
        Credential::Token(sha256) => store::api_tokens::find_identity(tx, sha256)?,
        Credential::Session(sha256) => store::sessions::find_identity(tx, sha256, now, now - limits::SESSION_IDLE)?,
    };
    admit(identity.ok_or(Error::Unauthenticated)?, now)
}

fn admit(identity: Identity, now: Timestamp) -> Result<Actor> {
    if identity.revoked_at.is_some() || !identity.customer_is_active {
        return Err(Error::Unauthenticated);
    }
    let role = match &identity.user {
        None => Role::Admin,
        Some(user) if user.status != UserStatus::Activated.slug() => return Err(Error::Unauthenticated),
        // A role this release does not know may read and nothing else.
        Some(user) => Role::parse(&user.role).unwrap_or(Role::User),
    };
    if let Some(end) = identity.access_ends_at.map(Timestamp).filter(|end| *end <= now) {
        return Err(Error::AccessEnded(end.date()));
    }
    let my_company = identity.my_company_guid.map(|guid| MyCompany {
        guid,
        name: identity.my_company_name.unwrap_or_default(),
    });
    Ok(Actor {
        token_guid: identity.token_guid,
        customer_guid: identity.customer_guid,
        customer_name: identity.customer_name,
        is_guest: identity.customer_type == liaison_domain::companies::CustomerType::VendorAccess.slug(),
        trial_duration: identity.trial_duration,
        my_company,
        user: identity.user,
        role,
    })
}
