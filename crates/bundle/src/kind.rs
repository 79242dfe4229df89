//! The kinds of rows in a bundle and their names.

use std::fmt;
use std::str::FromStr;

/// A kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named like its list in the bundle")]
pub enum Kind {
    Companies,
    Ratings,
    Findings,
    Customers,
    Groups,
    Users,
    ApiTokens,
    Tiers,
    Folders,
    Portfolio,
    Contacts,
}

/// A word that names no kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no kind {0:?}; the kinds are companies, ratings, findings, customers, groups, users, api_tokens, tiers, folders, portfolio and contacts"
)]
pub struct UnknownKind(pub String);

impl Kind {
    /// Every kind, in the order of a report.
    pub const ALL: [Kind; 11] = [
        Kind::Companies,
        Kind::Ratings,
        Kind::Findings,
        Kind::Customers,
        Kind::Groups,
        Kind::Users,
        Kind::ApiTokens,
        Kind::Tiers,
        Kind::Folders,
        Kind::Portfolio,
        Kind::Contacts,
    ];

    /// The name in the bundle.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Companies => "companies",
            Kind::Ratings => "ratings",
            Kind::Findings => "findings",
            Kind::Customers => "customers",
            Kind::Groups => "groups",
            Kind::Users => "users",
            Kind::ApiTokens => "api_tokens",
            Kind::Tiers => "tiers",
            Kind::Folders => "folders",
            Kind::Portfolio => "portfolio",
            Kind::Contacts => "contacts",
        }
    }

    /// Whether rows of this kind belong to a customer.
    pub(crate) fn is_owned(self) -> bool {
        use Kind::{ApiTokens, Contacts, Folders, Groups, Portfolio, Tiers, Users};
        matches!(
            self,
            Groups | Users | ApiTokens | Tiers | Folders | Portfolio | Contacts
        )
    }

    /// The kind of a list inside a customer.
    pub(crate) fn owned(name: &str) -> Option<Kind> {
        name.parse().ok().filter(|kind: &Kind| kind.is_owned())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Kind, UnknownKind> {
        let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        known.ok_or_else(|| UnknownKind(name.to_owned()))
    }
}
