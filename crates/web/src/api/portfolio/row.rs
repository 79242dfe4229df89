//! A company of a portfolio as a list shows it.

use liaison_domain::{Guid, portfolio as words};
use liaison_operations::portfolio::Listed;
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::companies::links;

/// A company of the portfolio.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortfolioCompany")]
pub(super) struct Row {
    guid: Guid,
    /// The customer's own number for it.
    custom_id: Option<String>,
    name: String,
    shortname: String,
    primary_domain: String,
    /// Its page in the browser.
    display_url: String,
    /// An image made of its name.
    logo: String,
    /// A plot of its ratings, for whoever may read them.
    sparkline: String,
    /// IPv4 addresses, 0 where nobody counted them.
    network_size_v4: i64,
    /// 250 to 900.
    rating: Option<i64>,
    /// The day of the rating.
    rating_date: Option<String>,
    /// Since when it is followed.
    added_date: String,
    industry: Named,
    sub_industry: Named,
    /// One of CURATED, PROVISIONAL, SELF-PUBLISHED, PRIVATE and COUNTRY.
    r#type: [String; 1],
    subscription_type: Named,
    life_cycle: Option<Named>,
    relationship: Option<Named>,
    /// The guid of its tier.
    tier: Option<Guid>,
    tier_name: Option<String>,
    /// The rank of its tier; 1 matters most.
    tier_order: Option<i64>,
}

/// A word with its name for people.
#[derive(Serialize, JsonSchema)]
struct Named {
    name: Option<String>,
    slug: Option<String>,
}

impl Named {
    fn of(list: &'static [words::Word], slug: Option<String>) -> Named {
        Named {
            name: slug.as_deref().map(|slug| words::name(list, slug).to_owned()),
            slug,
        }
    }
}

impl Row {
    pub(super) fn new(public_url: &str, row: Listed) -> Row {
        let links = links(public_url, row.company_guid);
        let named = |list, slug: Option<String>| slug.map(|slug| Named::of(list, Some(slug)));
        Row {
            guid: row.company_guid,
            custom_id: row.custom_id,
            name: row.name,
            shortname: row.shortname,
            primary_domain: row.primary_domain,
            display_url: links.page,
            logo: links.logo,
            sparkline: links.sparkline,
            network_size_v4: row.ipv4_count.unwrap_or_default(),
            rating: row.rating,
            rating_date: row.rating_date,
            added_date: row.added_date,
            industry: Named {
                name: row.industry_name,
                slug: row.industry_slug,
            },
            sub_industry: Named {
                name: row.sub_industry_name,
                slug: row.sub_industry_slug,
            },
            r#type: [row.kind],
            subscription_type: Named::of(&words::SUBSCRIPTION_TYPES, row.subscription_type),
            life_cycle: named(&words::LIFE_CYCLES, row.life_cycle),
            relationship: named(&words::RELATIONSHIPS, row.relationship),
            tier: row.tier_guid,
            tier_name: row.tier_name,
            tier_order: row.tier_rank,
        }
    }
}
