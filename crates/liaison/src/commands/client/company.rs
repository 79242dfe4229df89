//! `liaison company`: what a server knows of a company.

use clap::Args;
use serde_json::Value;

use super::answers::{Rows, Shape};
use super::at::At;
use super::trouble::Trouble;
use super::{Desk, companies, json, words};
use crate::failure::Failure;
use crate::output;

/// Which company.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison company blackhills.com\n  liaison company 'Black Hills Technologies' --json"
)]
pub(crate) struct CompanyArgs {
    /// Guid, domain or name
    company: String,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

const COLUMNS: &[&str] = &[
    "guid",
    "name",
    "primary_domain",
    "industry",
    "type",
    "current_rating",
    "rating_date",
    "homepage",
    "custom_id",
    "subscription_type",
];
/// Ratings in the curve.
const CURVE: usize = 24;

pub(super) fn run(args: &CompanyArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let server = desk.server(&args.at)?;
    let found = companies::find(&server, &args.company)?;
    let path = format!("/v1/companies/{}", found.guid);
    let reply = server.get(&path, &[]).map_err(Trouble::or_unfollowed)?;
    let rows = Rows {
        document: &reply.body,
        rows: std::slice::from_ref(&reply.json),
        columns: COLUMNS,
        id: "guid",
    };
    printer.rows(&rows, |_| page(&reply.json))
}

fn page(company: &Value) -> String {
    let text = |place: &str| json::shown(company, place);
    let mut facts = Vec::new();
    let mut fact = |name: &'static str, text: String| {
        if !text.trim().is_empty() {
            facts.push((name, output::line(text)));
        }
    };
    fact("Name", text("name"));
    fact("Guid", text("guid"));
    fact("Domain", text("primary_domain"));
    fact("Homepage", text("homepage"));
    fact("Industry", either(company, "industry.name", "industry"));
    fact("Type", text("type"));
    fact("Own id", text("custom_id"));
    fact(
        "Subscription",
        either(company, "subscription_type.name", "subscription_type"),
    );
    fact("Rating", rating(company));
    fact("Over time", over_time(company));
    fact("Addresses", text("ipv4_count"));
    fact("Can be invited", can_be_invited(company));
    fact("Description", text("description"));
    let mut shown = output::facts(facts);
    if let Some(grades) = grades(company) {
        shown.push_str("\n\n");
        shown.push_str(&grades);
    }
    shown
}

/// A field that some servers fill with an object and others with text.
fn either(company: &Value, object: &str, plain: &str) -> String {
    let inside = json::shown(company, object);
    let is_object = json::at(company, plain).is_object();
    if inside.is_empty() && !is_object {
        json::shown(company, plain)
    } else {
        inside
    }
}

fn rating(company: &Value) -> String {
    let rating = json::shown(company, "current_rating");
    match words::day(json::str(company, "rating_date")) {
        day if day.is_empty() || rating.is_empty() => rating,
        day => format!("{rating} on {day}"),
    }
}

/// `▂▃▅▇ 700 on 1 Oct 2026 to 710 on 1 Nov 2026`, oldest first.
fn over_time(company: &Value) -> String {
    let rated = json::items(company, "ratings").iter();
    let rated = rated.filter_map(|one| Some((json::str(one, "rating_date"), json::at(one, "rating").as_i64()?)));
    let mut rated: Vec<(&str, i64)> = rated.filter(|(date, _)| !date.is_empty()).collect();
    rated.sort_unstable();
    let rated = &rated[rated.len().saturating_sub(CURVE)..];
    let [(from, first), .., (until, last)] = rated else {
        return String::new();
    };
    let numbers: Vec<i64> = rated.iter().map(|(_, rating)| *rating).collect();
    format!(
        "{} {first} on {} to {last} on {}",
        words::curve(&numbers),
        words::day(from),
        words::day(until)
    )
}

fn can_be_invited(company: &Value) -> String {
    match json::at(company, "permissions.can_enable_vendor_access") {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        _ => String::new(),
    }
}

/// The risk vectors with their grades, in the server's order of categories.
fn grades(company: &Value) -> Option<String> {
    let details = json::at(company, "rating_details").as_object()?;
    let mut vectors: Vec<&Value> = details.values().filter(|vector| vector.is_object()).collect();
    vectors.sort_by_key(|vector| {
        let order = json::at(vector, "category_order").as_i64().unwrap_or(i64::MAX);
        let place = json::at(vector, "order").as_i64().unwrap_or(i64::MAX);
        (order, json::str(vector, "category"), place, json::str(vector, "name"))
    });
    if vectors.is_empty() {
        return None;
    }
    let rows = vectors.into_iter().map(|vector| {
        let percentile = json::at(vector, "percentile").as_f64();
        [
            output::line(json::str(vector, "name")),
            words::grade(json::str(vector, "grade")),
            output::number(&percentile.map_or_else(String::new, |percentile| format!("{percentile:.0}"))),
            output::number(&json::shown(vector, "rating")),
            output::line(json::str(vector, "category")),
        ]
    });
    Some(output::table(
        ["risk vector", "grade", "percentile", "rating", "category"],
        rows,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_company_without_anything_is_still_shown() {
        assert_eq!(page(&json!({})), "");
        assert_eq!(
            page(&json!({"name": "X", "ratings": "none", "rating_details": [], "industry": {}})),
            " Name  X"
        );
    }

    #[test]
    fn the_curve_runs_from_old_to_new() {
        let company = json!({"ratings": [
            {"rating_date": "2026-11-01", "rating": 710}, {"rating_date": "2026-10-01", "rating": 700}]});
        assert_eq!(over_time(&company), "▁█ 700 on 1 Oct 2026 to 710 on 1 Nov 2026");
        assert_eq!(
            over_time(&json!({"ratings": [{"rating_date": "2026-11-01", "rating": 710}]})),
            ""
        );
    }
}
