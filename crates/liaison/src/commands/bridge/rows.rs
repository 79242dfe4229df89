//! From what the API tells to the rows of a bundle. Only forms are changed here; whether a row can be taken is judged by
//! the bundle.

use liaison_domain::people::Role;
use liaison_domain::{Guid, companies::CompanyType, limits, ratings, risk_vectors};
use liaison_operations::contacts;
use serde_json::{Map, Value, json};

/// The date of a date or a time.
fn date(value: Option<&Value>) -> Value {
    value
        .and_then(Value::as_str)
        .and_then(|text| text.get(..10))
        .map_or(Value::Null, Value::from)
}

fn text(value: Option<&Value>) -> Value {
    value.filter(|value| value.is_string()).cloned().unwrap_or_default()
}

fn count(value: Option<&Value>) -> Value {
    let number = value.and_then(Value::as_i64).filter(|number| *number >= 0);
    number.map_or(Value::Null, Value::from)
}

/// The slug of `{name, slug}`, or the text itself.
fn slug(value: Option<&Value>) -> Value {
    match value {
        Some(Value::Object(object)) => text(object.get("slug")),
        other => text(other),
    }
}

/// `{name, slug}`, where a server tells it in that form or as two texts.
fn named(row: &Value, name: &str) -> Value {
    match row.get(name) {
        Some(Value::Object(object)) => json!({"name": text(object.get("name")), "slug": text(object.get("slug"))}),
        Some(Value::String(told)) => {
            let slug = text(row.get(format!("{name}_slug")));
            let made = told.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
            json!({"name": told, "slug": if slug.is_null() { Value::from(made) } else { slug }})
        }
        _ => Value::Null,
    }
}

/// The first type that is known: a list, or a text with commas.
fn kind(row: &Value) -> Value {
    let words: Vec<&str> = match row.get("type") {
        Some(Value::String(text)) => text.split(',').map(str::trim).collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let known = |word: &&str| CompanyType::ALL.iter().any(|kind| kind.slug() == *word);
    words.into_iter().find(known).map_or(Value::Null, Value::from)
}

/// What stays of a row of the portfolio to describe its company.
pub(super) fn brief(row: &Value) -> Value {
    json!({
        "name": text(row.get("name")),
        "shortname": text(row.get("shortname")),
        "primary_domain": text(row.get("primary_domain")),
        "type": kind(row),
        "industry": named(row, "industry"),
        "sub_industry": named(row, "sub_industry"),
        "rating": row.get("rating").cloned(),
        "rating_date": date(row.get("rating_date")),
    })
}

/// A company, from its details and from its row in the portfolio.
pub(super) fn company(guid: Guid, details: &Value, brief: Option<&Value>) -> Value {
    let either = |told: Value, name: &str| {
        if told.is_null() {
            brief.and_then(|brief| brief.get(name)).cloned().unwrap_or_default()
        } else {
            told
        }
    };
    let kind = either(kind(details), "type");
    let mut company = json!({
        "guid": guid,
        "name": either(text(details.get("name")), "name"),
        "shortname": either(text(details.get("shortname")), "shortname"),
        "primary_domain": either(text(details.get("primary_domain")), "primary_domain"),
        "homepage": text(details.get("homepage")),
        "industry": either(named(details, "industry"), "industry"),
        "sub_industry": either(named(details, "sub_industry"), "sub_industry"),
        "description": text(details.get("description")),
        "people_count": count(details.get("people_count")),
        "ipv4_count": count(details.get("ipv4_count")),
        "ratings": ratings(details, brief),
    });
    if let (Some(company), false) = (company.as_object_mut(), kind.is_null()) {
        company.insert("type".to_owned(), kind);
    }
    company
}

/// The ratings of a company, the grades with the newest.
fn ratings(details: &Value, brief: Option<&Value>) -> Value {
    let mut ratings: Vec<(String, Value)> = Vec::new();
    let mut add = |date: Value, rating: Option<&Value>| {
        let rating = rating
            .and_then(Value::as_i64)
            .filter(|rating| ratings::SCALE.contains(rating));
        let Some(date) = date.as_str().map(str::to_owned) else {
            return;
        };
        if !ratings.iter().any(|(known, _)| *known == date) {
            ratings.push((date, rating.map_or(Value::Null, Value::from)));
        }
    };
    let newest = date(details.get("rating_date"));
    let told = details.get("rating").filter(|rating| !rating.is_null());
    add(newest, told.or_else(|| details.get("current_rating")));
    for row in details
        .get("ratings")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
    {
        add(date(row.get("rating_date")), row.get("rating"));
    }
    if let Some(brief) = brief {
        add(date(brief.get("rating_date")), brief.get("rating"));
    }
    ratings.sort_by(|(one, _), (other, _)| other.cmp(one));
    let vectors = vectors(details);
    let rows = ratings.into_iter().enumerate().map(|(place, (date, rating))| {
        let vectors = if place == 0 { vectors.clone() } else { Vec::new() };
        json!({"rating_date": date, "rating": rating, "risk_vectors": vectors})
    });
    Value::Array(rows.collect())
}

fn vectors(details: &Value) -> Vec<Value> {
    let Some(told) = details.get("rating_details").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut seen = Vec::new();
    let mut vectors = Vec::new();
    for (key, value) in told {
        let of_name = || value.get("slug").and_then(Value::as_str).and_then(risk_vectors::find);
        let Some(vector) = risk_vectors::find(key).or_else(of_name) else {
            continue;
        };
        if seen.contains(&vector.slug) {
            continue;
        }
        seen.push(vector.slug);
        let rating = value
            .get("rating")
            .and_then(Value::as_i64)
            .filter(|rating| ratings::SCALE.contains(rating));
        let grade = value.get("grade").and_then(Value::as_str);
        let percentile = value
            .get("percentile")
            .filter(|value| value.as_f64().is_some_and(|p| (0.0..=100.0).contains(&p)));
        vectors.push(json!({
            "slug": vector.slug,
            "grade": grade.filter(|grade| ratings::LETTERS.contains(grade)),
            "percentile": percentile,
            "rating": rating,
        }));
    }
    vectors
}

/// A finding of a company.
pub(super) fn finding(company: Guid, row: &Value) -> Value {
    let objects = |name: &str| {
        row.get(name)
            .filter(|value| value.is_array())
            .cloned()
            .unwrap_or_else(|| json!([]))
    };
    let tags = row
        .get("tags")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let tags: Vec<&str> = tags
        .iter()
        .filter_map(|tag| tag.as_str().or_else(|| tag.get("name")?.as_str()))
        .collect();
    json!({
        "company_guid": company,
        "rolledup_observation_id": text(row.get("rolledup_observation_id")),
        "risk_vector": text(row.get("risk_vector")),
        "risk_category": text(row.get("risk_category")),
        "severity": row.get("severity").filter(|value| value.is_number()),
        "severity_category": text(row.get("severity_category")),
        "evidence_key": text(row.get("evidence_key")),
        "first_seen": date(row.get("first_seen")),
        "last_seen": date(row.get("last_seen")),
        "affects_rating": row.get("affects_rating").and_then(Value::as_bool).unwrap_or(false),
        "assets": objects("assets"),
        "details": row.get("details").filter(|value| value.is_object()).cloned().unwrap_or_else(|| json!({})),
        "remediation": objects("remediation"),
        "tags": tags,
    })
}

pub(super) fn portfolio(row: &Value) -> Option<Value> {
    Some(json!({
        "company_guid": row.get("guid"),
        "tier_guid": match row.get("tier") { Some(Value::Object(tier)) => text(tier.get("guid")), other => text(other) },
        "custom_id": text(row.get("custom_id")),
        "added_date": date(row.get("added_date")),
        "subscription_type": slug(row.get("subscription_type")),
        "relationship": slug(row.get("relationship")),
        "life_cycle": slug(row.get("life_cycle")),
    }))
}

pub(super) fn tier(row: &Value) -> Option<Value> {
    Some(json!({
        "guid": row.get("guid"),
        "name": row.get("name"),
        "description": text(row.get("description")),
        "rank": row.get("rank"),
        "email_enabled": is(row, "email_enabled"),
    }))
}

fn is(row: &Value, name: &str) -> bool {
    row.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A folder; none for one that its server makes by itself.
pub(super) fn folder(row: &Value, is_known: impl Fn(Guid) -> bool) -> Option<Value> {
    let is_made = is(row, "is_my_company") || is(row, "contains_all_companies");
    if is_made || row.get("subscription_type").is_some_and(Value::is_string) {
        return None;
    }
    let days = row.get("content_expiry_days").and_then(Value::as_i64);
    Some(json!({
        "guid": row.get("guid"),
        "name": row.get("name"),
        "description": text(row.get("description")),
        "content_expiry_days": days.filter(|days| limits::EXPIRY_DAYS.contains(days)),
        "position": count(row.get("order")),
        "company_guids": known_companies(row, is_known),
    }))
}

fn known_companies(row: &Value, is_known: impl Fn(Guid) -> bool) -> Vec<Guid> {
    companies_of(row).into_iter().filter(|guid| is_known(*guid)).collect()
}

/// The companies of a folder or a group.
pub(super) fn companies_of(row: &Value) -> Vec<Guid> {
    let companies = row
        .get("companies")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let read = |company: &Value| {
        company
            .as_str()
            .or_else(|| company.get("guid")?.as_str())
            .and_then(guid)
    };
    companies.iter().filter_map(read).collect()
}

/// A group. The default one has no list of its own.
pub(super) fn group(row: &Value, is_known: impl Fn(Guid) -> bool) -> Option<Value> {
    let is_default = is(row, "is_default");
    Some(json!({
        "guid": row.get("guid"),
        "name": row.get("name"),
        "is_default": is_default,
        "allow_bundled_companies": is(row, "allow_bundled_companies"),
        "can_set_tier_scope": is(row, "can_set_tier_scope"),
        "company_guids": known_companies(row, |guid| !is_default && is_known(guid)),
    }))
}

/// A user; none for a token that stands among them.
pub(super) fn user(row: &Value) -> Option<Value> {
    if row.get("is_company_api_token").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let roles = row
        .get("roles")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut slugs = roles
        .iter()
        .filter_map(|role| role.as_str().or_else(|| role.get("slug")?.as_str()));
    let role = slugs.find(|slug| Role::ALL.iter().any(|role| role.slug() == *slug));
    let status = match row.get("status").and_then(Value::as_str) {
        Some("Created") => "Created",
        Some("Deactivated" | "Deleted") => "Deactivated",
        _ => "Activated",
    };
    let preferred = row.get("preferred_contact_for_entities").and_then(Value::as_array);
    let mut user = Map::new();
    for (name, value) in [
        ("guid", row.get("guid").cloned().unwrap_or_default()),
        ("email", text(row.get("email"))),
        ("formal_name", text(row.get("formal_name"))),
        ("friendly_name", text(row.get("friendly_name"))),
        ("group_guid", text(row.pointer("/group/guid"))),
        ("role", role.unwrap_or(Role::User.slug()).into()),
        ("status", status.into()),
        ("last_login", date(row.get("last_login_time"))),
        (
            "is_collaboration_contact",
            preferred.is_some_and(|companies| !companies.is_empty()).into(),
        ),
    ] {
        user.insert(name.to_owned(), value);
    }
    Some(Value::Object(user))
}

/// A contact. What it is to the customer comes in words that are known here, or not at all.
pub(super) fn contact(row: &Value, is_user: impl Fn(Guid) -> bool) -> Option<Value> {
    let one_of = |name: &str, words: &[&str]| {
        let word = row.get(name).and_then(Value::as_str);
        word.filter(|word| words.contains(word)).map(str::to_owned)
    };
    let user = row.get("user_guid").and_then(Value::as_str).and_then(guid);
    Some(json!({
        "guid": row.get("guid"),
        "company_guid": row.get("company_guid"),
        "friendly_name": text(row.get("friendly_name")),
        "formal_name": text(row.get("formal_name")),
        "email": text(row.get("email")),
        "phone_number": text(row.get("phone_number")),
        "nickname": text(row.get("nickname")),
        "platform_id": text(row.get("platform_id")),
        "relation_active": row.get("relation_active").filter(|value| value.is_boolean()),
        "relation_type": one_of("relation_type", &contacts::RELATION_TYPES),
        "role": text(row.get("role")),
        "source": one_of("source", &contacts::SOURCES),
        "user_guid": user.filter(|guid| is_user(*guid)),
    }))
}

/// The guid of a row.
pub(super) fn guid_of(row: &Value) -> Option<Guid> {
    row.get("guid").and_then(Value::as_str).and_then(guid)
}

/// A guid, not nil.
pub(super) fn guid(text: &str) -> Option<Guid> {
    liaison_domain::ids::parse_guid(text).filter(|guid| !guid.is_nil())
}
