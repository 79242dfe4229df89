//! The assets of a company.

use std::cmp::Ordering;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use liaison_domain::ids;
use liaison_operations::companies::{self, Asset};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::conventions::{
    self, FIELDS, FORMAT, Format, LIMIT, OFFSET, Page, Place, Projected, Projection, Range, sort,
};
use crate::api::wire;
use crate::errors::ApiError;
use crate::extract::{Caller, Params, PathText};
use crate::openapi::{Kind, Operation, Parameter, example, query as parameter, tag};
use crate::state::Web;

/// What findings were seen on, or a domain of the company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Asset")]
struct Shown {
    /// A name or an address; the last part of an address is hidden from others than the company itself.
    asset: String,
    /// Host, IP, or as a finding calls it.
    asset_type: String,
    identifier: Option<String>,
    is_ip: bool,
    /// 0 to 1.
    importance: Option<f64>,
    /// critical, high, medium or low.
    importance_category: Option<String>,
    /// The address where the asset is one.
    ip_addresses: Vec<String>,
    /// Always false: no asset is watched by itself.
    is_monitored: bool,
    /// Its findings that affect the rating.
    findings: Findings,
    tags: [String; 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_details: Option<[String; 0]>,
    combined_overrides: Overrides,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AssetFindings")]
struct Findings {
    total_count: i64,
    counts_by_severity: Severities,
    rolledup_observation_ids: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AssetSeverities")]
struct Severities {
    minor: i64,
    moderate: i64,
    material: i64,
    severe: i64,
}

/// The importance, which nobody can change here.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AssetOverrides")]
struct Overrides {
    importance: Option<String>,
}

/// Facts that Liaison does not record: nothing is found by them.
const UNRECORDED: [&str; 20] = [
    "country_codes",
    "countries",
    "hosted_by.guid",
    "origin_subsidiary.guid",
    "services",
    "importance_overrides",
    "product.vendor",
    "product.support",
    "product.name-version",
    "threat.guid",
    "threat.severity_level",
    "threat.evidence_certainty",
    "grace_period_end_date",
    "grace_period_end_date_lt",
    "grace_period_end_date_gt",
    "guest_network_end_date",
    "guest_network_end_date_lt",
    "guest_network_end_date_gt",
    "tags",
    "ssids",
];
/// What nobody recorded is what no asset has: `true` finds nothing.
const NEVER: [&str; 3] = ["is_monitored", "is_in_grace_period", "is_in_guest_network"];
/// The other way round: `false` finds nothing.
const ALWAYS: [&str; 3] = ["hosted_by_isnull", "origin_subsidiary_isnull", "overrides_isnull"];

const PARAMETERS: &[Parameter] = &[
    parameter("q", Kind::Text, "A part of the name or of the identifier."),
    parameter("asset", Kind::List, "Names, with commas."),
    parameter("identifier", Kind::Text, "The identifier of an application."),
    parameter("ip_address", Kind::Text, "An address, as the list shows it."),
    parameter("is_ip", Kind::Boolean, "Only addresses, or only names."),
    parameter(
        "importance_categories",
        Kind::List,
        "critical, high, medium, low, with commas.",
    ),
    parameter(
        "combined_overrides.importance",
        Kind::List,
        "The same: nobody can change the importance here.",
    ),
    parameter(
        "findings.total_count",
        Kind::Integer,
        "How many findings affect the rating.",
    ),
    parameter("findings.total_count_lt", Kind::Integer, "Fewer findings than this."),
    parameter("findings.total_count_lte", Kind::Integer, "This many findings at most."),
    parameter("findings.total_count_gt", Kind::Integer, "More findings than this."),
    parameter(
        "findings.total_count_gte",
        Kind::Integer,
        "This many findings at least.",
    ),
    parameter("expand", Kind::List, "`tag_details`, which are none."),
    parameter(
        "sort",
        Kind::List,
        "asset, asset_type, is_ip, importance, importance_category or findings.total_count; the largest first with a - \
         before it.",
    ),
    LIMIT,
    OFFSET,
    FIELDS,
    FORMAT,
];

pub(crate) const ASSETS: Operation = Operation::new("GET", "listAssets", tag::COMPANIES, "The assets of a company")
    .about(
        "Its domains, and what its findings were seen on. Filters for what Liaison does not record (countries, hosts, \
         products, threats, ...) are accepted and find nothing.",
    )
    .query(PARAMETERS)
    .answers::<Page<Projected<Shown>>>(200, "A page of the list.")
    .refuses(&[400, 403, 404])
    .example(example!("listAssets"));

#[derive(Clone, Copy)]
enum Key {
    Asset,
    AssetType,
    IsIp,
    Importance,
    ImportanceCategory,
    Findings,
}

const KEYS: [(&str, Key); 6] = [
    ("asset", Key::Asset),
    ("asset_type", Key::AssetType),
    ("is_ip", Key::IsIp),
    ("importance", Key::Importance),
    ("importance_category", Key::ImportanceCategory),
    ("findings.total_count", Key::Findings),
];

/// What is asked for.
#[derive(Clone)]
struct Wish {
    search: Option<String>,
    names: Option<Vec<String>>,
    identifier: Option<String>,
    is_ip: Option<bool>,
    importance: Option<Vec<String>>,
    findings: Range<i64>,
    nothing: bool,
    order: Vec<(Key, bool)>,
}

/// `GET /companies/{guid}/assets`: its domains, and what its findings were seen on.
pub(crate) async fn assets(
    State(web): State<Web>,
    caller: Caller,
    PathText(guid): PathText,
    (headers, params): (HeaderMap, Params),
) -> Result<Response, ApiError> {
    let asked = || {
        let guid = ids::parse_guid(&guid);
        let path = format!("/ratings/v1/companies/{}/assets", guid.unwrap_or_default());
        let place = Place::of(&params, (web.public_url(), &path))?;
        Ok((guid, place, wish(&params)?, Format::of(&params, &headers)?))
    };
    let (guid, place, wish, format) = caller.checked(&web, asked()).await?;
    let projection = Projection::of(&params);
    let expand = params
        .list("expand")
        .is_some_and(|names| names.contains(&"tag_details"));
    let read = web.app.read_as(caller.token_sha256, move |tx, call| {
        let mut assets = companies::assets(tx, call, guid)?;
        assets.retain(|asset| wish.passes(asset));
        assets.sort_by(|one, other| wish.compare(one, other));
        let count = assets.len() as i64;
        let limit = usize::try_from(place.limit).unwrap_or(usize::MAX);
        let offset = usize::try_from(place.offset).unwrap_or(usize::MAX);
        let page = assets.into_iter().skip(offset).take(limit);
        let rows: Vec<Projected<Shown>> = page.map(|asset| projection.apply(shown(asset, expand))).collect();
        match format {
            Format::Json => Ok(conventions::json(wire::json(&place.page(count, rows))?)),
            _ => conventions::table(format, ("assets", call.now), &rows),
        }
    });
    Ok(read.await?)
}

fn wish(params: &Params) -> Result<Wish, ApiError> {
    let mut nothing = UNRECORDED.iter().any(|name| params.text(name).is_some());
    for name in NEVER {
        nothing |= params.boolean(name)? == Some(true);
    }
    for name in ALWAYS {
        nothing |= params.boolean(name)? == Some(false);
    }
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_lowercase).collect::<Vec<_>>();
    let importance = params
        .list("importance_categories")
        .or_else(|| params.list("combined_overrides.importance"));
    let number = |text: &str| text.parse::<i64>().ok();
    Ok(Wish {
        search: params.text("q").map(str::to_lowercase),
        names: params.list("asset").or_else(|| params.list("ip_address")).map(owned),
        identifier: params.text("identifier").map(str::to_owned),
        is_ip: params.boolean("is_ip")?,
        importance: importance.map(owned),
        findings: Range::of(params, "findings.total_count", (number, "must be a whole number"))?,
        nothing,
        order: sort(params, &KEYS)?,
    })
}

impl Wish {
    fn passes(&self, asset: &Asset) -> bool {
        let name = asset.asset.to_lowercase();
        let part = |search: &String| {
            let identifier = asset.identifier.as_deref().unwrap_or_default().to_lowercase();
            name.contains(search) || identifier.contains(search)
        };
        let category = asset.importance_category.as_deref().unwrap_or("none").to_lowercase();
        let count = asset.findings.total();
        !self.nothing
            && self.search.as_ref().is_none_or(part)
            && self.names.as_ref().is_none_or(|names| names.contains(&name))
            && self
                .identifier
                .as_ref()
                .is_none_or(|wanted| asset.identifier.as_ref() == Some(wanted))
            && self.is_ip.is_none_or(|is_ip| is_ip == asset.is_ip)
            && self.importance.as_ref().is_none_or(|wanted| wanted.contains(&category))
            && self.findings.equal.is_none_or(|bound| count == bound)
            && self.findings.below.is_none_or(|bound| count < bound)
            && self.findings.at_most.is_none_or(|bound| count <= bound)
            && self.findings.above.is_none_or(|bound| count > bound)
            && self.findings.at_least.is_none_or(|bound| count >= bound)
    }

    fn compare(&self, one: &Asset, other: &Asset) -> Ordering {
        let by = |key: &Key| match key {
            Key::Asset => one.asset.cmp(&other.asset),
            Key::AssetType => kind(one).cmp(kind(other)),
            Key::IsIp => one.is_ip.cmp(&other.is_ip),
            Key::Importance => one
                .importance
                .unwrap_or_default()
                .total_cmp(&other.importance.unwrap_or_default()),
            Key::ImportanceCategory => one.importance_category.cmp(&other.importance_category),
            Key::Findings => one.findings.total().cmp(&other.findings.total()),
        };
        let keys = self.order.iter().map(|(key, is_turned)| match is_turned {
            false => by(key),
            true => by(key).reverse(),
        });
        keys.fold(Ordering::Equal, Ordering::then)
    }
}

fn kind(asset: &Asset) -> &str {
    let usual = if asset.is_ip { "IP" } else { "Host" };
    asset.asset_type.as_deref().unwrap_or(usual)
}

fn shown(asset: Asset, expand: bool) -> Shown {
    Shown {
        asset_type: kind(&asset).to_owned(),
        ip_addresses: if asset.is_ip {
            vec![asset.asset.clone()]
        } else {
            Vec::new()
        },
        asset: asset.asset,
        identifier: asset.identifier,
        is_ip: asset.is_ip,
        importance: asset.importance,
        combined_overrides: Overrides {
            importance: asset.importance_category.clone(),
        },
        importance_category: asset.importance_category,
        is_monitored: false,
        findings: Findings {
            total_count: asset.findings.total(),
            counts_by_severity: Severities {
                minor: asset.findings.minor,
                moderate: asset.findings.moderate,
                material: asset.findings.material,
                severe: asset.findings.severe,
            },
            rolledup_observation_ids: asset.finding_ids,
        },
        tags: [],
        tag_details: expand.then_some([]),
    }
}
