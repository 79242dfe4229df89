//! Reading invitations and status changes from JSON bodies.

use liaison_domain::access_requests::Change;
use liaison_domain::drafts::{Draft, ThirdParty};
use liaison_domain::{Refusal, ids, limits};
use liaison_operations::Error;
use liaison_operations::access_requests::ChangeWish;
use serde_json::Value;

use crate::extract::Fields;

type Result<T> = std::result::Result<T, Refusal>;

const ROOT: &str = "vendor_access_request";

/// The invitations of a POST, and whether they came as an array. Fields are named from the invitation on, as the
/// rules name them; in an array the error says which invitation.
pub(crate) fn drafts(body: &Value) -> liaison_operations::Result<(Vec<Draft>, bool)> {
    let body = Fields::of("", body)?;
    match body.value(ROOT) {
        Some(Value::Array(items)) => {
            let most = limits::INVITATIONS_PER_POST;
            if items.is_empty() || items.len() > most {
                return Err(Refusal::field(ROOT, format!("must hold 1 to {most} invitations")).into());
            }
            let drafts = items.iter().enumerate();
            let drafts = drafts.map(|(index, item)| draft(item).map_err(|refusal| Error::from(refusal).at(index)));
            Ok((drafts.collect::<liaison_operations::Result<_>>()?, true))
        }
        Some(item) => Ok((vec![draft(item)?], false)),
        None => Err(Refusal::field(ROOT, "is required: an object, or an array of them").into()),
    }
}

fn draft(value: &Value) -> Result<Draft> {
    if !value.is_object() {
        return Err(Refusal::field(ROOT, "must be an object"));
    }
    let fields = Fields::of("", value)?;
    Ok(Draft {
        requestee_friendly_name: fields.text_or_empty("requestee_friendly_name")?,
        requestee_formal_name: fields.text_or_empty("requestee_formal_name")?,
        requestee_email: fields.text_or_empty("requestee_email")?,
        requestee_company_guid: fields.text_or_empty("requestee_company_guid")?,
        requestee_phone: fields.text_or_empty("requestee_phone")?,
        message: fields.text_or_empty("message")?,
        notes: fields.text("notes")?.map(str::to_owned),
        read: fields.boolean("read")?.unwrap_or_default(),
        ccs: ccs(&fields)?,
        rolledup_observation_ids: texts(&fields, "rolledup_observation_ids")?,
        trial_duration: fields.integer("trial_duration")?,
        reason: fields.text("reason")?.map(str::to_owned),
        risk_vectors: risk_vectors(&fields)?,
        third_parties: third_parties(&fields)?,
    })
}

/// A string with commas, or an array of strings.
fn ccs(fields: &Fields<'_>) -> Result<Option<String>> {
    match fields.value("ccs") {
        Some(Value::Array(_)) => Ok(Some(texts(fields, "ccs")?.join(","))),
        _ => Ok(fields.text("ccs")?.map(str::to_owned)),
    }
}

fn texts(fields: &Fields<'_>, key: &str) -> Result<Vec<String>> {
    let items = fields.array(key)?.iter().enumerate();
    items
        .map(|(index, item)| match item.as_str() {
            Some(text) if !text.contains('\0') => Ok(text.to_owned()),
            _ => Err(Refusal::field(
                format!("{}[{index}]", fields.path(key)),
                "must be a string without NUL",
            )),
        })
        .collect()
}

fn risk_vectors(fields: &Fields<'_>) -> Result<Vec<String>> {
    let Some(context) = fields.value("context") else {
        return Ok(Vec::new());
    };
    let context = Fields::of(&fields.path("context"), context)?;
    let mut slugs = Vec::new();
    for (index, item) in context.array("risk_vectors")?.iter().enumerate() {
        let path = format!("{}[{index}]", context.path("risk_vectors"));
        let item = Fields::of(&path, item)?;
        let vector = item
            .value("risk_vector")
            .ok_or_else(|| item.wrong("risk_vector", "is required"))?;
        let vector = Fields::of(&item.path("risk_vector"), vector)?;
        slugs.push(
            vector
                .text("slug")?
                .ok_or_else(|| vector.wrong("slug", "is required"))?
                .to_owned(),
        );
    }
    Ok(slugs)
}

fn third_parties(fields: &Fields<'_>) -> Result<Vec<ThirdParty>> {
    let items = fields.array("third_parties")?.iter().enumerate();
    items
        .map(|(index, item)| {
            let person = Fields::of(&format!("{}[{index}]", fields.path("third_parties")), item)?;
            let email = person.text_or_empty("email")?.trim().to_owned();
            Ok(ThirdParty {
                email,
                name: person.text_or_empty("name")?,
            })
        })
        .collect()
}

/// The change of a PATCH: `{"status": …}`.
pub(crate) fn change(body: &Value) -> Result<Change> {
    status(&Fields::of("", body)?)
}

fn status(fields: &Fields<'_>) -> Result<Change> {
    let word = fields
        .text("status")?
        .ok_or_else(|| fields.wrong("status", "is required"))?;
    Change::parse(word).ok_or_else(|| fields.wrong("status", "must be Approved, Rejected or Resolved"))
}

/// The changes of a bulk call, as `{"modify": […]}` or as a bare array, each with its guid as it was written.
pub(crate) fn changes(body: &Value) -> Result<Vec<(String, ChangeWish)>> {
    let (path, items) = match body {
        Value::Array(items) => ("body", items.as_slice()),
        other => {
            let fields = Fields::of("", other)?;
            if fields.value("modify").is_none() {
                return Err(fields.wrong("modify", "is required: an array of {guid, status}"));
            }
            ("modify", fields.array("modify")?)
        }
    };
    let most = limits::BULK_CHANGES;
    if items.len() > most {
        return Err(Refusal::field(path, format!("at most {most} changes in one call")));
    }
    let items = items.iter().enumerate();
    items
        .map(|(index, item)| {
            let fields = Fields::of(&format!("{path}[{index}]"), item)?;
            let guid = fields
                .text("guid")?
                .ok_or_else(|| fields.wrong("guid", "is required"))?;
            Ok((
                guid.to_owned(),
                ChangeWish {
                    guid: ids::parse_guid(guid),
                    change: status(&fields)?,
                },
            ))
        })
        .collect()
}
