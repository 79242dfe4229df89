//! Every field of an access request with its type, and the check that an answer carries them all.

use liaison_testkit::{Value, domain};

/// Name and type; a question mark allows null.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("guid", "guid"),
    ("requester_guid", "guid"),
    ("requester_email", "text"),
    ("requester_first_name", "text"),
    ("requester_last_name", "text"),
    ("requester_friendly_name", "text"),
    ("requester_formal_name", "text"),
    ("requester_company_guid", "guid"),
    ("requester_company_name", "text"),
    ("requester_customer_guid", "guid"),
    ("requester_customer_name", "text"),
    ("requestee_first_name", "text"),
    ("requestee_last_name", "text"),
    ("requestee_friendly_name", "text"),
    ("requestee_formal_name", "text"),
    ("requestee_email", "text"),
    ("requestee_phone", "text"),
    ("requestee_company_guid", "guid"),
    ("requestee_company_name", "text"),
    ("requestee_tos_date", "date?"),
    ("requestee_last_login", "date?"),
    ("message", "text"),
    ("notes", "text?"),
    ("created_date", "date"),
    ("created_time", "time"),
    ("email_sent_date", "date"),
    ("can_resend_email", "boolean"),
    ("hubspot_status", "text"),
    ("status", "text"),
    ("is_real", "boolean"),
    ("has_shared_observations", "boolean"),
    ("shared_observations_count", "integer"),
    ("has_preferred_contact", "boolean"),
    ("has_preferred_contacts", "boolean"),
    ("read", "boolean"),
    ("ccs", "text?"),
    ("rolledup_observation_ids", "texts"),
    ("invitation_duration", "integer"),
    ("trial_duration", "integer"),
    ("reason", "text"),
    ("context", "context"),
    ("resolved_by", "person"),
    ("resolved_date", "date?"),
    ("recipient_customer_access", "access"),
    ("third_parties", "parties"),
];

/// Panics unless `request` has exactly these fields, each of its type.
pub(crate) fn check(request: &Value) {
    let object = request
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {request}"));
    for (name, kind) in FIELDS {
        let value = object.get(*name).unwrap_or_else(|| panic!("{name} is missing"));
        let (kind, nullable) = kind.strip_suffix('?').map_or((*kind, false), |kind| (kind, true));
        assert!(
            nullable && value.is_null() || is(kind, value),
            "{name} is no {kind}: {value}"
        );
    }
    let unknown: Vec<_> = object
        .keys()
        .filter(|key| FIELDS.iter().all(|(name, _)| name != key))
        .collect();
    assert!(unknown.is_empty(), "fields that nobody asked for: {unknown:?}");
    assert_eq!(request["has_preferred_contact"], request["has_preferred_contacts"]);
}

fn is(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        "text" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "guid" => text.and_then(domain::ids::parse_guid).is_some(),
        "date" => text.is_some_and(domain::dates::is_date),
        "time" => text.is_some_and(|text| text.len() == 20 && domain::Timestamp::parse(text).is_some()),
        "access" => matches!(text, Some("active" | "inactive")),
        "texts" => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
        "parties" => each(value, |party| has_texts(party, &["email", "name"])),
        "person" => value.as_object().is_some_and(|person| {
            person.is_empty() || is("guid", &value["guid"]) && value["formal_name"].is_string() && person.len() == 2
        }),
        "context" => {
            let known = [&value["date"], &value["rating"]];
            (known.iter().all(|part| part.is_null()) || is("date", known[0]) && known[1].is_i64())
                && each(&value["risk_vectors"], is_graded)
        }
        other => panic!("{other} is no type of this table"),
    }
}

fn is_graded(vector: &Value) -> bool {
    let grade = &vector["grade"];
    let percentile = &vector["percentile"];
    has_texts(&vector["risk_vector"], &["name", "slug"])
        && (grade.is_string() || grade.is_null())
        && (percentile.is_number() || percentile.is_null())
}

fn each(list: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    list.as_array().is_some_and(|list| list.iter().all(holds))
}

fn has_texts(object: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| object[*key].is_string())
}
