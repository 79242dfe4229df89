//! The portfolio in its older shape, whole: `GET /v1/portfolio` and `GET /v1/companies`.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_domain::companies::CompanyType;
use liaison_domain::portfolio::{self as words, SUBSCRIPTION_TYPES};
use liaison_domain::{Guid, Timestamp};
use liaison_operations::portfolio::{self, Filter, Listed};
use liaison_operations::{Call, Result as OperationResult};
use schemars::JsonSchema;
use serde::Serialize;

use super::filters::{guid_choice, subscriptions_without};
use crate::api::companies::links;
use crate::api::conventions::{self, FIELDS, FORMAT, Format, Projected, Projection, whole};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params};
use crate::openapi::{Kind, Operation, Parameter, example, query, tag};
use crate::state::Web;

/// Rows of a file.
const FILE_ROWS: usize = 50_000;

/// The portfolio in its older shape.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OlderPortfolio")]
struct Portfolio {
    my_company: Option<Own>,
    /// When the customer was made.
    created: String,
    /// The day of the ratings.
    rating_date: String,
    countries: Vec<Projected<Row>>,
    companies: Vec<Projected<Row>>,
}

/// What stands before the companies.
#[derive(Serialize)]
struct Head {
    my_company: Option<Own>,
    created: String,
    rating_date: String,
    countries: Vec<Projected<Row>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnCompany")]
struct Own {
    guid: Guid,
}

/// A company or a country of the portfolio.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OlderPortfolioCompany")]
struct Row {
    guid: Guid,
    /// The customer's own number for it.
    custom_id: Option<String>,
    name: String,
    shortname: String,
    primary_domain: String,
    /// Its page in the browser.
    display_url: String,
    logo: String,
    sparkline: String,
    network_size_v4: i64,
    ipv4_count: i64,
    /// 250 to 900.
    rating: Option<i64>,
    /// The same.
    current_rating: Option<i64>,
    rating_date: Option<String>,
    /// Since when it is followed.
    date_added: String,
    /// The name of its industry.
    industry: Option<String>,
    industry_slug: Option<String>,
    sub_industry: Option<String>,
    sub_industry_slug: Option<String>,
    r#type: String,
    /// The name of the subscription.
    subscription_type: Option<String>,
    subscription_type_key: Option<String>,
    /// The guid of its tier.
    tier: Option<Guid>,
    tier_name: Option<String>,
}

impl Row {
    fn new(public_url: &str, row: Listed) -> Row {
        let links = links(public_url, row.company_guid);
        let addresses = row.ipv4_count.unwrap_or_default();
        let subscription = row.subscription_type.as_deref();
        Row {
            guid: row.company_guid,
            custom_id: row.custom_id,
            name: row.name,
            shortname: row.shortname,
            primary_domain: row.primary_domain,
            display_url: links.page,
            logo: links.logo,
            sparkline: links.sparkline,
            network_size_v4: addresses,
            ipv4_count: addresses,
            rating: row.rating,
            current_rating: row.rating,
            rating_date: row.rating_date,
            date_added: row.added_date,
            industry: row.industry_name,
            industry_slug: row.industry_slug,
            sub_industry: row.sub_industry_name,
            sub_industry_slug: row.sub_industry_slug,
            r#type: row.kind,
            subscription_type: subscription.map(|slug| words::name(&SUBSCRIPTION_TYPES, slug).to_owned()),
            subscription_type_key: row.subscription_type,
            tier: row.tier_guid,
            tier_name: row.tier_name,
        }
    }
}

const PARAMETERS: &[Parameter] = &[
    FORMAT,
    FIELDS,
    query(
        "folder",
        Kind::List,
        "Guids of folders, with commas, or `null` for companies that are in none.",
    ),
    query(
        "tier",
        Kind::List,
        "Guids of tiers, with commas, or `null` for companies that are in none.",
    ),
    query("rating_date", Kind::Date, "The ratings as they were on this day."),
    query(
        "quarters_back",
        Kind::Count,
        "The ratings at the end of the quarter that is so many quarters back, 0 to 100.",
    ),
    query(
        "exclude_alerts_only",
        Kind::Boolean,
        "Leaves out companies whose subscription is `alerts-only`.",
    ),
    query(
        "show_ips",
        Kind::Boolean,
        "Only companies whose addresses are shown whole: the customer's own.",
    ),
    query(
        "show_event_evidence",
        Kind::Boolean,
        "Changes nothing: every finding has its evidence.",
    ),
];

const ABOUT: &str = "Every company that the customer follows, by name, in one answer. A file has 50 000 rows at most.";

pub(crate) const OLDER: Operation = Operation::new(
    "GET",
    "getOlderPortfolio",
    tag::PORTFOLIO,
    "Portfolio in its older shape",
)
.about(ABOUT)
.query(PARAMETERS)
.answers::<Portfolio>(200, "The portfolio.")
.refuses(&[400])
.example(example!("getOlderPortfolio"));

pub(crate) const COMPANIES: Operation =
    Operation::new("GET", "listCompanies", tag::COMPANIES, "Companies of the portfolio")
        .about("The same as `GET /v1/portfolio`.")
        .query(PARAMETERS)
        .answers::<Portfolio>(200, "The portfolio.")
        .refuses(&[400])
        .example(example!("listCompanies"));

/// What is asked for.
#[derive(Clone)]
struct Wish {
    filter: Filter,
    day: Option<String>,
    quarters_back: Option<i64>,
    projection: Projection,
    public_url: String,
}

/// `GET /v1/portfolio`: every company of the portfolio at once.
pub(crate) async fn older(
    State(web): State<Web>,
    caller: Caller,
    (headers, params): (HeaderMap, Params),
) -> Result<Response, ApiError> {
    let asked = || Ok((wish(&web, &params)?, Format::of(&params, &headers)?));
    let (wish, format) = caller.checked(&web, asked()).await?;
    if format != Format::Json {
        let read = web.app.read_as(caller.token_sha256, move |tx, call| {
            let day = wish.day(call);
            let mut companies = portfolio::companies(tx, call, (&wish.filter, &[]))?;
            companies.truncate(FILE_ROWS);
            let rows = wish.rows(portfolio::rows(tx, call, &companies, day.as_deref())?);
            conventions::table(format, ("portfolio", call.now), &rows)
        });
        return Ok(read.await?);
    }
    let later = wish.clone();
    let open = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| wish.open(tx, call);
    let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>, companies: &[Guid]| {
        let rows = portfolio::rows(tx, call, companies, later.day(call).as_deref())?;
        later.rows(rows).iter().map(wire::json).collect()
    };
    whole((web, caller), open, read, "]}").await
}

fn wish(web: &Web, params: &Params) -> Result<Wish, ApiError> {
    params.boolean("show_event_evidence")?;
    let alerts = params.boolean("exclude_alerts_only")? == Some(true);
    let quarters_back = params.count("quarters_back")?;
    if quarters_back.is_some_and(|quarters| !(0..=100).contains(&quarters)) {
        return Err(ApiError::parameter("quarters_back", "must be from 0 to 100"));
    }
    Ok(Wish {
        filter: Filter {
            tiers: guid_choice(params, "tier"),
            folders: guid_choice(params, "folder"),
            excluded_subscription_types: subscriptions_without(alerts),
            with_visible_addresses: params.boolean("show_ips")? == Some(true),
            ..Filter::default()
        },
        day: params.date("rating_date")?.map(str::to_owned),
        quarters_back,
        projection: Projection::of(params),
        public_url: web.public_url().to_owned(),
    })
}

impl Wish {
    /// The day of the ratings, where it is not the newest.
    fn day(&self, call: &Call<'_>) -> Option<String> {
        let quarter = self.quarters_back.map(|quarters| end_of_quarter(call.now, quarters));
        self.day.clone().or(quarter)
    }

    fn rows(&self, rows: Vec<Listed>) -> Vec<Projected<Row>> {
        let rows = rows.into_iter();
        rows.map(|row| self.projection.apply(Row::new(&self.public_url, row)))
            .collect()
    }

    /// Everything up to the companies, and which they are. Countries are few, and stand by themselves.
    fn open(&self, tx: &mut liaison_db::Tx<'_>, call: &Call<'_>) -> OperationResult<(Vec<u8>, Vec<Guid>)> {
        let day = self.day(call);
        let of_types = |wanted: fn(&CompanyType) -> bool| {
            let types = CompanyType::ALL.into_iter().filter(wanted);
            Filter {
                types: Some(types.map(|kind| kind.slug().to_owned()).collect()),
                ..self.filter.clone()
            }
        };
        let countries = portfolio::companies(tx, call, (&of_types(|kind| *kind == CompanyType::Country), &[]))?;
        let countries = portfolio::rows(tx, call, &countries, day.as_deref())?;
        let head = Head {
            my_company: call.actor.my_company.as_ref().map(|company| Own { guid: company.guid }),
            created: portfolio::created_at(tx, call)?.date(),
            rating_date: day.unwrap_or_else(|| call.now.date()),
            countries: self.rows(countries),
        };
        let mut head = wire::json(&head)?;
        head.pop();
        head.extend_from_slice(b",\"companies\":[");
        let companies = of_types(|kind| *kind != CompanyType::Country);
        Ok((head, portfolio::companies(tx, call, (&companies, &[]))?))
    }
}

/// The last day of the quarter that is so many quarters before the one of `now`.
fn end_of_quarter(now: Timestamp, back: i64) -> String {
    let today = now.date();
    let part = |range: std::ops::Range<usize>| today.get(range).and_then(|text| text.parse::<i64>().ok()).unwrap_or(1);
    let quarters = part(0..4) * 4 + (part(5..7) - 1) / 3 - back;
    let (year, quarter) = (quarters.div_euclid(4), quarters.rem_euclid(4));
    let (month, day) = [(3, 31), (6, 30), (9, 30), (12, 31)][usize::try_from(quarter).unwrap_or_default()];
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_end_where_they_end() {
        let now = Timestamp::parse("2026-11-12").unwrap();
        let back = |quarters| end_of_quarter(now, quarters);
        assert_eq!((back(0).as_str(), back(1).as_str()), ("2026-12-31", "2026-09-30"));
        assert_eq!((back(3).as_str(), back(4).as_str()), ("2026-03-31", "2025-12-31"));
    }
}
