//! The assets of a company: its domains, and what its findings were seen on. Whole addresses are for the company itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use liaison_db::Tx;
use liaison_domain::{Guid, addresses};
use liaison_store as store;
use serde::Deserialize;

use super::access::require_readable;
use crate::findings::masked;
use crate::portfolio::Severities;
use crate::{Call, Result};

/// Where findings were seen.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the answer")]
pub struct Asset {
    pub asset: String,
    pub is_ip: bool,
    /// As the finding calls it; none where none does.
    pub asset_type: Option<String>,
    pub identifier: Option<String>,
    /// 0 to 1.
    pub importance: Option<f64>,
    /// critical, high, medium or low.
    pub importance_category: Option<String>,
    /// Its findings that affect the rating.
    pub findings: Severities,
    /// The ids of these findings.
    pub finding_ids: Vec<String>,
}

/// An asset as a finding has it.
#[derive(Deserialize)]
struct Seen {
    asset: Option<String>,
    asset_type: Option<String>,
    identifier: Option<String>,
    is_ip: Option<bool>,
    category: Option<String>,
    importance: Option<f64>,
}

/// The assets of a company, by name.
pub fn assets(tx: &mut Tx<'_>, call: &Call<'_>, guid: Option<Guid>) -> Result<Vec<Asset>> {
    let readable = require_readable(tx, call, guid)?;
    let mut found: BTreeMap<String, Asset> = BTreeMap::new();
    for domain in store::companies::list_domains(tx, readable.guid)? {
        let asset = Asset {
            asset: domain.clone(),
            ..Asset::default()
        };
        found.insert(domain, asset);
    }
    store::findings::each_assets(tx, readable.guid, |finding| {
        // What was imported is JSON, but nobody promised its shape.
        let shown = match readable.is_own {
            true => Cow::Borrowed(finding.assets),
            false => masked::json(finding.assets),
        };
        let seen: Vec<Seen> = serde_json::from_str(&shown).unwrap_or_default();
        for seen in seen {
            note(&mut found, (seen, &finding));
        }
        Ok(())
    })?;
    Ok(found.into_values().collect())
}

fn note(found: &mut BTreeMap<String, Asset>, (seen, finding): (Seen, &store::findings::AssetsOf<'_>)) {
    let Some(name) = seen.asset.filter(|name| !name.is_empty()) else {
        return;
    };
    let is_ip = seen.is_ip.unwrap_or_else(|| addresses::is_address(&name));
    let asset = found.entry(name.clone()).or_insert_with(|| Asset {
        asset: name,
        ..Asset::default()
    });
    asset.is_ip = is_ip;
    asset.asset_type = asset.asset_type.take().or(seen.asset_type);
    asset.identifier = asset.identifier.take().or(seen.identifier);
    asset.importance = asset.importance.or(seen.importance);
    asset.importance_category = asset.importance_category.take().or(seen.category);
    if finding.affects_rating && asset.finding_ids.last().map(String::as_str) != Some(finding.id) {
        asset.findings.add(finding.severity_category, 1);
        asset.finding_ids.push(finding.id.to_owned());
    }
}
