//! What the images of a company are made of. Initials are no secret, and an `<img>` shows no token: everybody may see
//! those of companies that everybody may find. Ratings are for those who may read the company.

use liaison_db::Tx;
use liaison_domain::Guid;
use liaison_store as store;

use super::access::{find_readable, is_public, require_readable};
use crate::{App, Call, Error, Result};

/// Points of a sparkline.
const POINTS: usize = 60;

impl App {
    /// The name of a company that everybody may find.
    pub async fn public_company_name(&self, guid: Option<Guid>) -> Result<String> {
        let guid = guid.ok_or(Error::NotFound)?;
        self.db
            .read(move |tx| {
                let company = store::companies::find(tx, guid)?.filter(is_public);
                company.map(|company| company.name).ok_or(Error::NotFound)
            })
            .await
    }
}

/// The name of a company that the caller may find.
pub fn name(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<String> {
    let guid = guid.ok_or(Error::NotFound)?;
    let company = store::companies::find(tx, guid)?.ok_or(Error::NotFound)?;
    if !is_public(&company) && find_readable(tx, call, guid)?.is_none() {
        return Err(Error::NotFound);
    }
    Ok(company.name)
}

/// The newest ratings of a company, the oldest first.
pub fn course(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Vec<i64>> {
    let readable = require_readable(tx, call, guid)?;
    let values = store::ratings::list_values(tx, readable.guid)?;
    let from = values.len().saturating_sub(POINTS);
    Ok(values[from..].iter().map(|(_, rating)| *rating).collect())
}
