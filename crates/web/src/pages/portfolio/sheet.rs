//! A portfolio as a table to be saved.

use liaison_operations::portfolio::Followed;

use super::why_not;
use crate::tables::{Cell, Column, Kind, Sheet};

const COLUMNS: [(&str, Kind); 18] = [
    ("Company", Kind::Text),
    ("Company guid", Kind::Text),
    ("Domain", Kind::Text),
    ("Tier", Kind::Text),
    ("Folders", Kind::Text),
    ("Rating", Kind::Number),
    ("Change in 90 days", Kind::Number),
    ("Severe findings", Kind::Number),
    ("Material findings", Kind::Number),
    ("Moderate findings", Kind::Number),
    ("Minor findings", Kind::Number),
    ("Other findings", Kind::Number),
    ("Contact", Kind::Text),
    ("Contact address", Kind::Text),
    ("Last request to", Kind::Text),
    ("Last request status", Kind::Text),
    ("Last request sent", Kind::DateTime),
    ("Cannot be invited because", Kind::Text),
];

pub(super) fn sheet(companies: &[Followed]) -> Sheet {
    Sheet {
        name: "Portfolio".to_owned(),
        columns: COLUMNS.map(|(title, kind)| Column::new(title, kind)).into(),
        rows: companies.iter().map(row).collect(),
    }
}

fn row(company: &Followed) -> Vec<Cell> {
    let (contact, last) = (company.contact.as_ref(), company.last_request.as_ref());
    let findings = &company.findings;
    vec![
        company.name.clone().into(),
        company.guid.to_string().into(),
        company.primary_domain.clone().into(),
        company.tier.clone().into(),
        company.folders.join(", ").into(),
        company.rating.into(),
        company.change.into(),
        findings.severe.into(),
        findings.material.into(),
        findings.moderate.into(),
        findings.minor.into(),
        findings.other.into(),
        contact.map(|contact| contact.formal_name.clone()).into(),
        contact.map(|contact| contact.email.clone()).into(),
        last.map(|last| last.requestee.clone()).into(),
        last.map(|last| last.status.slug()).into(),
        last.map(|last| last.created_at).into(),
        company.hindrance.as_ref().map(why_not).into(),
    ]
}
