//! A company as its details tell of it.

use std::collections::BTreeMap;

use liaison_domain::companies::CompanyType;
use liaison_domain::portfolio::{self as words, SUBSCRIPTION_TYPES};
use liaison_domain::{Guid, ratings, risk_vectors};
use liaison_operations::companies::{Details, Inside};
use liaison_operations::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::links;

/// A company.
#[derive(Serialize, JsonSchema)]
pub(super) struct Company {
    guid: Guid,
    /// The customer's own number for it.
    custom_id: Option<String>,
    name: String,
    shortname: String,
    description: Option<String>,
    homepage: Option<String>,
    primary_domain: String,
    /// The name of its industry.
    industry: Option<String>,
    industry_slug: Option<String>,
    /// The name of its sub-industry.
    sub_industry: Option<String>,
    sub_industry_slug: Option<String>,
    /// CURATED, PROVISIONAL, SELF-PUBLISHED, PRIVATE or COUNTRY.
    r#type: String,
    /// Its page in the browser.
    display_url: String,
    /// An image made of its name.
    logo: String,
    /// A plot of its ratings.
    sparkline: Option<String>,
    /// Since when the customer follows it.
    date_added: Option<String>,
    /// The newest rating, 250 to 900.
    current_rating: Option<i64>,
    /// The newest rating, 250 to 900.
    rating: Option<i64>,
    /// The day of the newest rating.
    rating_date: Option<String>,
    /// Always null: Liaison keeps ratings, not security grades.
    security_grade: Option<String>,
    grade_date: Option<String>,
    /// The ratings of the year before the newest one, the newest first.
    ratings: Vec<Rated>,
    /// The newest grades by the slug of their risk vector.
    rating_details: Option<BTreeMap<&'static str, Graded>>,
    /// IPv4 addresses, 0 where nobody counted them.
    ipv4_count: i64,
    /// The same.
    network_size_v4: i64,
    people_count: Option<i64>,
    /// Always 0: searches are not recorded.
    search_count: i64,
    /// Customers that follow it.
    customer_monitoring_count: i64,
    /// The name of the subscription.
    subscription_type: Option<String>,
    /// Its slug.
    subscription_type_key: Option<String>,
    /// Always null: subscriptions do not end here.
    subscription_end_date: Option<String>,
    /// Whether it stands for another company in the customer's eyes.
    is_primary: bool,
    is_bundle: bool,
    is_csp: bool,
    service_provider: bool,
    /// Always false: Liaison knows no parents of companies.
    has_company_tree: bool,
    /// Whether somebody there is told of incoming requests.
    has_preferred_contact: bool,
    /// Whether it is the customer's own or one of its subsidiaries.
    in_spm_portfolio: bool,
    /// LOW for companies that were added and not yet curated.
    confidence: &'static str,
    bulk_email_sender_status: &'static str,
    has_delegated_security_controls: bool,
    has_delegated_security_controls_preview: bool,
    delegated_security_control_tags: [String; 0],
    /// The company that stands for it in the customer's eyes.
    primary_company: Option<Named>,
    related_companies: [Named; 0],
    permissions: Permissions,
}

/// The rating of a day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyRating")]
struct Rated {
    rating_date: String,
    rating: i64,
    /// Basic, Intermediate or Advanced.
    range: &'static str,
    /// `#rrggbb`.
    rating_color: &'static str,
}

/// The newest grade in a risk vector.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RiskVectorGrade")]
struct Graded {
    name: &'static str,
    /// 250 to 900.
    rating: Option<i64>,
    /// A, B, C, D, F or N/A.
    grade: String,
    /// How many of a hundred companies do worse.
    #[serde(serialize_with = "whole_where_it_is")]
    percentile: Option<f64>,
    /// `#rrggbb`.
    grade_color: &'static str,
    category: &'static str,
    category_order: usize,
    order: usize,
    /// Whether it has no effect on the rating yet.
    beta: bool,
    /// The findings of this risk vector, in the browser.
    display_url: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyName")]
struct Named {
    guid: Guid,
    name: String,
}

/// What the caller may do.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyPermissions")]
struct Permissions {
    can_view_company_reports: bool,
    /// Always false: there are no reports to be saved.
    can_download_company_report: bool,
    /// Whole addresses, which only the company itself sees.
    can_view_forensics: bool,
    can_view_infrastructure: bool,
    /// Always false: service providers are not recorded.
    can_view_service_providers: bool,
    can_manage_preferred_company: bool,
    /// Invite somebody there.
    can_enable_vendor_access: bool,
}

/// A grade as it is stored.
#[derive(Deserialize)]
struct Stored {
    slug: String,
    grade: Option<String>,
    percentile: Option<f64>,
    rating: Option<i64>,
}

impl Company {
    pub(super) fn new(public_url: &str, details: Details) -> Result<Company> {
        let Details { company, inside } = details;
        let links = links(public_url, company.guid);
        let see = |page: &str, slug: &str| format!("{page}?vector={slug}");
        let known = inside.as_ref();
        let newest = known.and_then(|inside| inside.newest.as_ref());
        let details = newest.map(|newest| graded(&newest.risk_vectors, |slug| see(&links.page, slug)));
        let entry = known.and_then(|inside| inside.entry.as_ref());
        let subscription = entry.and_then(|entry| entry.subscription_type.clone());
        let addresses = company.ipv4_count.unwrap_or_default();
        Ok(Company {
            custom_id: entry.and_then(|entry| entry.custom_id.clone()),
            description: company.description,
            homepage: company.homepage,
            industry: company.industry_name,
            industry_slug: company.industry_slug,
            sub_industry: company.sub_industry_name,
            sub_industry_slug: company.sub_industry_slug,
            sparkline: known.map(|_| links.sparkline),
            display_url: links.page,
            logo: links.logo,
            date_added: entry.map(|entry| entry.added_date.clone()),
            current_rating: newest.and_then(|newest| newest.rating),
            rating: newest.and_then(|newest| newest.rating),
            rating_date: newest.map(|newest| newest.rating_date.clone()),
            security_grade: None,
            grade_date: None,
            ratings: known.map(rated).unwrap_or_default(),
            rating_details: details.transpose()?,
            ipv4_count: addresses,
            network_size_v4: addresses,
            people_count: company.people_count,
            search_count: 0,
            customer_monitoring_count: known.map_or(0, |inside| inside.customer_monitoring_count),
            subscription_type: subscription
                .as_deref()
                .map(|slug| words::name(&SUBSCRIPTION_TYPES, slug).to_owned()),
            subscription_type_key: subscription,
            subscription_end_date: None,
            is_primary: known.is_some_and(|inside| inside.is_primary),
            is_bundle: false,
            is_csp: false,
            service_provider: false,
            has_company_tree: false,
            has_preferred_contact: known.is_some_and(|inside| inside.has_preferred_contact),
            in_spm_portfolio: known.is_some_and(is_spm),
            confidence: confidence(&company.kind),
            bulk_email_sender_status: "NONE",
            has_delegated_security_controls: false,
            has_delegated_security_controls_preview: false,
            delegated_security_control_tags: [],
            primary_company: known.and_then(primary),
            related_companies: [],
            permissions: permissions(known),
            guid: company.guid,
            name: company.name,
            shortname: company.shortname,
            primary_domain: company.primary_domain,
            r#type: company.kind,
        })
    }
}

/// HIGH, or LOW for companies that were added and not yet curated.
pub(super) fn confidence(kind: &str) -> &'static str {
    match CompanyType::parse(kind) {
        Some(CompanyType::Provisional) => "LOW",
        _ => "HIGH",
    }
}

fn is_spm(inside: &Inside) -> bool {
    let relationship = inside.entry.as_ref().and_then(|entry| entry.relationship.as_deref());
    inside.is_own || relationship == Some("subsidiary")
}

fn primary(inside: &Inside) -> Option<Named> {
    let (guid, name) = inside.primary_company.clone()?;
    Some(Named { guid, name })
}

fn permissions(inside: Option<&Inside>) -> Permissions {
    Permissions {
        can_view_company_reports: inside.is_some(),
        can_download_company_report: false,
        can_view_forensics: inside.is_some_and(|inside| inside.is_own),
        can_view_infrastructure: inside.is_some(),
        can_view_service_providers: false,
        can_manage_preferred_company: inside.is_some_and(|inside| inside.may_edit),
        can_enable_vendor_access: inside.is_some_and(|inside| inside.may_invite),
    }
}

fn rated(inside: &Inside) -> Vec<Rated> {
    let rated = inside.ratings.iter().map(|(day, rating)| {
        let range = ratings::range(*rating);
        Rated {
            rating_date: day.clone(),
            rating: *rating,
            range: range.name,
            rating_color: range.color,
        }
    });
    rated.collect()
}

fn graded(stored: &str, link: impl Fn(&str) -> String) -> Result<BTreeMap<&'static str, Graded>> {
    let stored: Vec<Stored> =
        serde_json::from_str(stored).map_err(|error| Error::Internal(format!("the grades of a rating: {error}")))?;
    let graded = stored.into_iter().filter_map(|stored| {
        let order = risk_vectors::ALL.iter().position(|vector| vector.slug == stored.slug)?;
        let vector = &risk_vectors::ALL[order];
        let grade = stored.grade.unwrap_or_else(|| "N/A".to_owned());
        let graded = Graded {
            name: vector.name,
            rating: stored.rating,
            percentile: stored.percentile,
            grade_color: ratings::grade_color(&grade),
            grade,
            category: vector.category,
            category_order: category_order(vector.category),
            order: order + 1,
            beta: false,
            display_url: link(vector.slug),
        };
        Some((vector.slug, graded))
    });
    Ok(graded.collect())
}

/// The place of a category among those of the risk vectors, from 1.
fn category_order(category: &str) -> usize {
    let mut known: Vec<&str> = risk_vectors::ALL.iter().map(|vector| vector.category).collect();
    known.dedup();
    known.iter().position(|other| *other == category).map_or(0, |at| at + 1)
}

/// `70`, not `70.0`: many clients want a whole number.
fn whole_where_it_is<S: Serializer>(value: &Option<f64>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match value {
        None => serializer.serialize_none(),
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and at most 100")]
        Some(number) if number.fract() == 0.0 => serializer.serialize_i64(*number as i64),
        Some(number) => serializer.serialize_f64(*number),
    }
}
