//! The tree of a company. Liaison knows no parents of companies, so a tree is its root.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;
use liaison_store::companies::Company;

use super::access::require_readable;
use crate::{Call, Error, Result};

/// A company in its tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// The company.
    pub company: Company,
    /// Its newest rating.
    pub rating: Option<i64>,
    /// Whether the customer follows it.
    pub is_subscribed: bool,
    /// Whether it is the customer's own.
    pub has_control: bool,
    /// Whether it stands for another company in the customer's eyes.
    pub is_primary: bool,
}

/// The root of a company's tree.
pub fn tree(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Node> {
    let readable = require_readable(tx, call, guid)?;
    let company = store::companies::find(tx, readable.guid)?.ok_or(Error::NotFound)?;
    Ok(Node {
        rating: store::ratings::find_newest(tx, readable.guid)?.and_then(|newest| newest.rating),
        is_primary: store::portfolio::is_primary(tx, call.actor.customer_guid, readable.guid)?,
        is_subscribed: readable.entry.is_some(),
        has_control: readable.is_own,
        company,
    })
}
