//! The rows of an exported bundle, with the names and in the order of the format.

use liaison_domain::Guid;
use liaison_store::companies::Company;
use liaison_store::contacts::Contact;
use liaison_store::customers::Customer;
use liaison_store::findings::Finding;
use liaison_store::folders::Folder;
use liaison_store::portfolio::Entry;
use liaison_store::ratings::Rating;
use liaison_store::tiers::Tier;
use liaison_store::user_groups::UserGroup;
use liaison_store::users::User;
use serde::Serialize;
use serde_json::value::RawValue;

/// Writes a guid as its 36 characters.
fn guid(guid: Guid) -> String {
    guid.to_string()
}

fn guids(guids: &[Guid]) -> Vec<String> {
    guids.iter().copied().map(guid).collect()
}

/// JSON that is stored, passed on as it is.
fn json(text: &str) -> serde_json::Result<&RawValue> {
    serde_json::from_str(text)
}

macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Serialize)]
        pub(super) struct $name<'r> { $($field: $kind,)* }
    };
}

#[derive(Serialize)]
struct Industry<'r> {
    name: Option<&'r str>,
    slug: Option<&'r str>,
}

fn industry<'r>(name: Option<&'r str>, slug: Option<&'r str>) -> Option<Industry<'r>> {
    (name.is_some() || slug.is_some()).then_some(Industry { name, slug })
}

shape!(CompanyShape {
    guid: String,
    name: &'r str,
    shortname: &'r str,
    primary_domain: &'r str,
    domains: &'r [String],
    homepage: Option<&'r str>,
    r#type: &'r str,
    industry: Option<Industry<'r>>,
    sub_industry: Option<Industry<'r>>,
    description: Option<&'r str>,
    people_count: Option<i64>,
    ipv4_count: Option<i64>,
    ratings: Vec<RatingShape<'r>>,
});

shape!(RatingShape {
    rating_date: &'r str,
    rating: Option<i64>,
    risk_vectors: &'r RawValue,
});

pub(super) fn company<'r>(row: &'r Company, ratings: &'r [Rating]) -> serde_json::Result<CompanyShape<'r>> {
    let ratings = ratings.iter().map(|rating| {
        let risk_vectors = json(&rating.risk_vectors)?;
        Ok(RatingShape {
            rating_date: &rating.rating_date,
            rating: rating.rating,
            risk_vectors,
        })
    });
    Ok(CompanyShape {
        guid: guid(row.guid),
        name: &row.name,
        shortname: &row.shortname,
        primary_domain: &row.primary_domain,
        domains: &row.domains,
        homepage: row.homepage.as_deref(),
        r#type: &row.kind,
        industry: industry(row.industry_name.as_deref(), row.industry_slug.as_deref()),
        sub_industry: industry(row.sub_industry_name.as_deref(), row.sub_industry_slug.as_deref()),
        description: row.description.as_deref(),
        people_count: row.people_count,
        ipv4_count: row.ipv4_count,
        ratings: ratings.collect::<serde_json::Result<_>>()?,
    })
}

shape!(FindingShape {
    company_guid: String,
    rolledup_observation_id: &'r str,
    risk_vector: &'r str,
    risk_category: Option<&'r str>,
    severity: Option<f64>,
    severity_category: Option<&'r str>,
    evidence_key: Option<&'r str>,
    first_seen: Option<&'r str>,
    last_seen: Option<&'r str>,
    affects_rating: bool,
    assets: &'r RawValue,
    details: &'r RawValue,
    remediation: &'r RawValue,
    tags: &'r RawValue,
});

pub(super) fn finding(row: &Finding) -> serde_json::Result<FindingShape<'_>> {
    Ok(FindingShape {
        company_guid: guid(row.company_guid),
        rolledup_observation_id: &row.rolledup_observation_id,
        risk_vector: &row.risk_vector,
        risk_category: row.risk_category.as_deref(),
        severity: row.severity,
        severity_category: row.severity_category.as_deref(),
        evidence_key: row.evidence_key.as_deref(),
        first_seen: row.first_seen.as_deref(),
        last_seen: row.last_seen.as_deref(),
        affects_rating: row.affects_rating,
        assets: json(&row.assets)?,
        details: json(&row.details)?,
        remediation: json(&row.remediation)?,
        tags: json(&row.tags)?,
    })
}

shape!(
    /// A customer without its lists.
    CustomerShape {
        guid: String,
        name: &'r str,
        r#type: &'r str,
        my_company_guid: Option<String>,
        is_active: bool,
        trial_duration: i64,
    }
);

pub(super) fn customer_fields(row: &Customer) -> CustomerShape<'_> {
    CustomerShape {
        guid: guid(row.guid),
        name: &row.name,
        r#type: &row.kind,
        my_company_guid: row.my_company_guid.map(guid),
        is_active: row.is_active,
        trial_duration: row.trial_duration,
    }
}

shape!(GroupShape {
    guid: String,
    name: &'r str,
    is_default: bool,
    allow_bundled_companies: bool,
    can_set_tier_scope: bool,
    company_guids: Vec<String>,
});

pub(super) fn group<'r>(row: &'r UserGroup, companies: &[Guid]) -> GroupShape<'r> {
    GroupShape {
        guid: guid(row.guid),
        name: &row.name,
        is_default: row.is_default,
        allow_bundled_companies: row.allow_bundled_companies,
        can_set_tier_scope: row.can_set_tier_scope,
        company_guids: guids(companies),
    }
}

shape!(UserShape {
    guid: String,
    email: &'r str,
    friendly_name: &'r str,
    formal_name: &'r str,
    first_name: &'r str,
    last_name: &'r str,
    phone_number: Option<&'r str>,
    role: &'r str,
    group_guid: Option<String>,
    status: &'r str,
    tos_date: Option<&'r str>,
    last_login: Option<&'r str>,
    is_collaboration_contact: bool,
});

pub(super) fn user(row: &User) -> UserShape<'_> {
    UserShape {
        guid: guid(row.guid),
        email: &row.email,
        friendly_name: &row.friendly_name,
        formal_name: &row.formal_name,
        first_name: &row.first_name,
        last_name: &row.last_name,
        phone_number: row.phone_number.as_deref(),
        role: &row.role,
        group_guid: row.group_guid.map(guid),
        status: &row.status,
        tos_date: row.tos_date.as_deref(),
        last_login: row.last_login.as_deref(),
        is_collaboration_contact: row.is_collaboration_contact,
    }
}

shape!(TokenShape { description: &'r str, user_email: Option<&'r str>, });

pub(super) fn token<'r>(description: &'r str, user_email: Option<&'r str>) -> TokenShape<'r> {
    TokenShape {
        description,
        user_email,
    }
}

shape!(TierShape {
    guid: String,
    name: &'r str,
    description: &'r str,
    rank: i64,
    email_enabled: bool,
});

pub(super) fn tier(row: &Tier) -> TierShape<'_> {
    TierShape {
        guid: guid(row.guid),
        name: &row.name,
        description: &row.description,
        rank: row.rank,
        email_enabled: row.email_enabled,
    }
}

shape!(FolderShape {
    guid: String,
    name: &'r str,
    description: &'r str,
    content_expiry_days: Option<i64>,
    position: i64,
    company_guids: Vec<String>,
});

pub(super) fn folder(row: &Folder) -> FolderShape<'_> {
    FolderShape {
        guid: guid(row.guid),
        name: &row.name,
        description: &row.description,
        content_expiry_days: row.content_expiry_days,
        position: row.position,
        company_guids: guids(&row.company_guids),
    }
}

shape!(EntryShape {
    company_guid: String,
    tier_guid: Option<String>,
    custom_id: Option<&'r str>,
    added_date: &'r str,
    subscription_type: Option<&'r str>,
    relationship: Option<&'r str>,
    life_cycle: Option<&'r str>,
});

pub(super) fn entry(row: &Entry) -> EntryShape<'_> {
    EntryShape {
        company_guid: guid(row.company_guid),
        tier_guid: row.tier_guid.map(guid),
        custom_id: row.custom_id.as_deref(),
        added_date: &row.added_date,
        subscription_type: row.subscription_type.as_deref(),
        relationship: row.relationship.as_deref(),
        life_cycle: row.life_cycle.as_deref(),
    }
}

shape!(ContactShape {
    guid: String,
    company_guid: String,
    friendly_name: &'r str,
    formal_name: &'r str,
    email: &'r str,
    phone_number: Option<&'r str>,
    nickname: Option<&'r str>,
    platform_id: Option<&'r str>,
    relation_active: Option<bool>,
    relation_type: Option<&'r str>,
    role: Option<&'r str>,
    source: Option<&'r str>,
    user_guid: Option<String>,
});

pub(super) fn contact(row: &Contact) -> ContactShape<'_> {
    ContactShape {
        guid: guid(row.guid),
        company_guid: guid(row.company_guid),
        friendly_name: &row.friendly_name,
        formal_name: &row.formal_name,
        email: &row.email,
        phone_number: row.phone_number.as_deref(),
        nickname: row.nickname.as_deref(),
        platform_id: row.platform_id.as_deref(),
        relation_active: row.relation_active,
        relation_type: row.relation_type.as_deref(),
        role: row.role.as_deref(),
        source: row.source.as_deref(),
        user_guid: row.user_guid.map(guid),
    }
}
