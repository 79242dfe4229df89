//! What a portfolio can be asked for: from the parameters of a query to the filter of an operation.

use std::collections::BTreeSet;

use liaison_domain::action_plans::Plan;
use liaison_domain::companies::CompanyType;
use liaison_domain::{Guid, addresses, ids, limits, ratings, risk_vectors, search};
use liaison_operations::portfolio::{Bounds, Choice, Direction, Filter, Grades, Key};

use crate::api::conventions::{Range, sort};
use crate::errors::ApiError;
use crate::extract::Params;

/// Facts that Liaison does not record: nothing is found by them.
const UNRECORDED: [&str; 8] = [
    "countries",
    "regions",
    "security_incident_categories",
    "software.category",
    "software.name",
    "providers",
    "products",
    "product_types",
];

const KEYS: [(&str, Key); 7] = [
    ("name", Key::Name),
    ("rating", Key::Rating),
    ("industry.name", Key::IndustryName),
    ("life_cycle.name", Key::LifeCycleName),
    ("relationship.name", Key::RelationshipName),
    ("subscription_type.name", Key::SubscriptionTypeName),
    ("tier", Key::Tier),
];

/// What is asked for, but for what depends on who asks.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) filter: Filter,
    pub(super) order: Vec<(Key, Direction)>,
}

/// The filter and the order of a query.
pub(super) fn wish(params: &Params) -> Result<Wish, ApiError> {
    let filter = filter(params)?;
    let order = sort(params, &KEYS)?
        .into_iter()
        .map(|(key, is_turned)| match is_turned {
            false => (key, Direction::Ascending),
            true => (key, Direction::Descending),
        });
    Ok(Wish {
        filter,
        order: order.collect(),
    })
}

fn filter(params: &Params) -> Result<Filter, ApiError> {
    check_length(params)?;
    params.boolean("show_event_evidence")?;
    let excluded = ["exclude_subscription_type.slug", "exclude_subscription_type"];
    Ok(Filter {
        terms: terms(params),
        companies: params.list("guid").map(|list| guids(&list)),
        tiers: guid_choice(params, "tier"),
        folders: guid_choice(params, "folder"),
        types: types(params)?,
        industries: params.list("industry.slug").map(|list| owned(&list)),
        industry_names: params
            .list("industry.name")
            .map(|list| list.iter().map(|name| name.to_lowercase()).collect()),
        relationships: choice(params, "relationship.slug"),
        life_cycles: choice(params, "life_cycle.slug"),
        subscription_types: choice(params, "subscription_type.slug"),
        action_plans: params.list("vendor_action_plan").map(|list| plans(&list)),
        excluded_subscription_types: excluded
            .iter()
            .flat_map(|name| owned(&params.list(name).unwrap_or_default()))
            .collect(),
        rating: bounds(params)?,
        grades: grades(params),
        open_ports: params
            .list("open_ports")
            .map(|list| list.iter().filter_map(|port| self::port(port)).collect()),
        vulnerabilities: params.list("vulnerabilities").map(|list| shown(&list)),
        infections: params.list("infections").map(|list| shown(&list)),
        subsidiaries: one_of(params, "scope", &["spm"])?.is_some(),
        with_visible_addresses: params.boolean("show_ips")? == Some(true),
        uninvited: false,
        nothing: UNRECORDED.iter().any(|name| params.text(name).is_some()),
    })
}

fn check_length(params: &Params) -> Result<(), ApiError> {
    let long = params.others(&[]).into_iter();
    let mut entries = 0;
    for (name, value) in long {
        entries += value.split(',').count();
        if entries > limits::FILTER_ENTRIES {
            return Err(ApiError::parameter(
                name,
                &format!("all lists together take {} entries at most", limits::FILTER_ENTRIES),
            ));
        }
    }
    for name in ["open_ports", "vulnerabilities", "infections"] {
        if params.list(name).is_some_and(|list| list.len() > limits::FINDING_WORDS) {
            let rule = format!("takes {} entries at most", limits::FINDING_WORDS);
            return Err(ApiError::parameter(name, &rule));
        }
    }
    Ok(())
}

fn terms(params: &Params) -> Option<Vec<String>> {
    let texts: Vec<&str> = ["q", "name_q"]
        .into_iter()
        .filter_map(|name| params.text(name))
        .collect();
    let terms: Vec<Vec<String>> = texts.iter().map(|text| search::terms(text)).collect();
    if terms.iter().any(Vec::is_empty) {
        return Some(Vec::new());
    }
    (!texts.is_empty()).then(|| terms.concat())
}

/// Names as answers show them: a whole address finds nothing, so that nobody finds out a hidden one by asking.
fn shown(list: &[&str]) -> Vec<String> {
    let is_name = |name: &&&str| !name.contains(['"', '\\']) && addresses::mask(name) == **name;
    let unhidden = list.iter().filter(is_name);
    unhidden.map(|&name| name.to_owned()).collect()
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|&entry| entry.to_owned()).collect()
}

/// The subscription types that `exclude_alerts_only` leaves out.
pub(super) fn subscriptions_without(alerts: bool) -> Vec<String> {
    alerts.then(|| "alerts-only".to_owned()).into_iter().collect()
}

/// What is no guid is nobody's.
fn guids(list: &[&str]) -> Vec<Guid> {
    list.iter().filter_map(|entry| ids::parse_guid(entry)).collect()
}

pub(super) fn guid_choice(params: &Params, name: &str) -> Option<Choice<Guid>> {
    let list = params.list(name)?;
    Some(Choice {
        any: guids(&list),
        or_none: list.contains(&"null"),
    })
}

/// What is no plan is nobody's.
fn plans(list: &[&str]) -> Vec<Plan> {
    let is_listed = |plan: &Plan| list.contains(&plan.slug());
    Plan::ALL.into_iter().filter(is_listed).collect()
}

fn choice(params: &Params, name: &str) -> Option<Choice<String>> {
    let list = params.list(name)?;
    let any: Vec<&str> = list.iter().copied().filter(|entry| *entry != "null").collect();
    Some(Choice {
        any: owned(&any),
        or_none: list.contains(&"null"),
    })
}

/// Three parameters speak of the type; a company has to pass them all.
fn types(params: &Params) -> Result<Option<Vec<String>>, ApiError> {
    let wanted = params.list("type");
    let published = params.boolean("is_self_published")?;
    let visibility = params.list("visibility");
    if wanted.is_none() && published.is_none() && visibility.is_none() {
        return Ok(None);
    }
    let passes = |kind: &&str| {
        let is_wanted = |list: &Vec<&str>| list.iter().any(|entry| entry.eq_ignore_ascii_case(kind));
        let seen_by = if *kind == "PRIVATE" { "PRIVATE" } else { "PRIMARY" };
        let is_visible = |list: &Vec<&str>| list.iter().any(|entry| entry.eq_ignore_ascii_case(seen_by));
        wanted.as_ref().is_none_or(is_wanted)
            && published.is_none_or(|published| published == (*kind == "SELF-PUBLISHED"))
            && visibility.as_ref().is_none_or(is_visible)
    };
    Ok(Some(
        CompanyType::ALL
            .map(CompanyType::slug)
            .iter()
            .filter(|kind| passes(kind))
            .map(|&kind| kind.to_owned())
            .collect(),
    ))
}

fn bounds(params: &Params) -> Result<Bounds, ApiError> {
    let number = |text: &str| text.parse::<i64>().ok();
    let range = Range::of(params, "rating", (number, "must be a whole number"))?;
    Ok(Bounds {
        equal: range.equal,
        below: range.below,
        at_most: range.at_most,
        above: range.above,
        at_least: range.at_least,
    })
}

/// Each vector and each grade once; what is longer than a grade is none.
fn grades(params: &Params) -> Grades {
    let slug = |entry: &&str| risk_vectors::find(entry).map(|vector| vector.slug.to_owned());
    let letters = |list: Vec<&str>| {
        let letters: BTreeSet<String> = list.iter().map(|letter| letter.to_uppercase()).collect();
        letters
            .into_iter()
            .filter(|letter| ratings::LETTERS.contains(&letter.as_str()))
            .collect()
    };
    let slugs = |list: Vec<&str>| {
        let slugs: BTreeSet<String> = list.iter().filter_map(slug).collect();
        slugs.into_iter().collect()
    };
    Grades {
        risk_vectors: params.list("risk_vectors.slug").map(slugs),
        letters: params.list("risk_vectors.grade").map(letters),
        together: params
            .list("filter_group")
            .is_some_and(|groups| groups.contains(&"risk_vectors")),
    }
}

/// `443`, or `Port 443` as summaries write it. What is no number finds nothing.
fn port(entry: &str) -> Option<u16> {
    let number = entry.strip_prefix("Port ").unwrap_or(entry);
    number.trim().parse().ok()
}

fn one_of<'p>(params: &'p Params, name: &str, words: &[&str]) -> Result<Option<&'p str>, ApiError> {
    match params.text(name) {
        Some(text) if !words.contains(&text) => {
            Err(ApiError::parameter(name, &format!("must be {}", words.join(" or "))))
        }
        text => Ok(text),
    }
}
