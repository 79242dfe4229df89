//! Invitations as tests send them, and ways to vary them.

use serde_json::{Value, json};

use crate::world;

/// Somebody who has an account: Vera Hill of Black Hills.
pub fn to_vera() -> Value {
    json!({
        "requestee_email": "vera@blackhills.com", "requestee_formal_name": "Vera Hill",
        "requestee_friendly_name": "Vera", "requestee_company_guid": world::BLACK_HILLS
    })
}

/// Somebody new at Saperix, which has no account: `{name}@saperix.example`.
pub fn to_saperix(name: &str) -> Value {
    let email = format!("{name}@saperix.example");
    json!({
        "requestee_email": email, "requestee_formal_name": format!("{name} Perry"),
        "requestee_friendly_name": name, "requestee_company_guid": world::SAPERIX
    })
}

/// Somebody new at Black Hills, which has an account: `{name}@blackhills.com`.
pub fn to_black_hills(name: &str) -> Value {
    let email = format!("{name}@blackhills.com");
    json!({
        "requestee_email": email, "requestee_formal_name": format!("{name} Hill"),
        "requestee_friendly_name": name, "requestee_company_guid": world::BLACK_HILLS
    })
}

/// The body in which the public documentation shows an invitation, with everything that it may say.
pub fn documented() -> Value {
    json!({
        "requestee_friendly_name": "Maria", "requestee_formal_name": "Maria Castro",
        "requestee_email": "mcastro@blackhills.com", "requestee_company_guid": world::BLACK_HILLS,
        "requestee_phone": "+1 555 0123", "message": "Please look at these.", "notes": "Chase in two weeks.",
        "read": false, "ccs": "risk@blueseas.com,legal@blueseas.com",
        "rolledup_observation_ids": [world::finding_id(0), world::finding_id(7)],
        "trial_duration": 45, "reason": "remediation",
        "context": {"risk_vectors": [{"risk_vector": {"slug": "botnet"}}]},
        "resolved_by": {},
        "third_parties": [{"email": "auditor@auditors.example", "name": "Ada Auditor"}]
    })
}

/// `invitation` with some keys set anew.
pub fn with(mut invitation: Value, changes: &Value) -> Value {
    let changes = changes.as_object().expect("changes are an object");
    for (key, value) in changes {
        invitation[key] = value.clone();
    }
    invitation
}

/// `invitation` without some keys.
pub fn without(mut invitation: Value, keys: &[&str]) -> Value {
    let object = invitation.as_object_mut().expect("an invitation is an object");
    object.retain(|key, _| !keys.contains(&key.as_str()));
    invitation
}
