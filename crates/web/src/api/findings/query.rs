//! The query of a list of findings, read and described.

use liaison_domain::{findings, ids, limits, risk_vectors};
use liaison_operations::findings::{Bounds, Key, Search, Wanted, Words};

use crate::api::conventions::{FIELDS, FORMAT, LIMIT, OFFSET, Range, sort};
use crate::errors::ApiError;
use crate::extract::Params;
use crate::openapi::{Kind, Parameter, query};

const KEYS: [(&str, Key); 9] = [
    ("last_seen", Key::LastSeen),
    ("first_seen", Key::FirstSeen),
    ("severity", Key::Severity),
    ("severity_category", Key::SeverityCategory),
    ("details.grade", Key::Grade),
    ("risk_vector", Key::RiskVector),
    ("risk_vector_label", Key::RiskVectorName),
    ("affects_rating", Key::AffectsRating),
    ("rolledup_observation_id", Key::Id),
];

const GRADES: Kind = Kind::OneOf(&["NEUTRAL", "BAD", "WARN", "FAIR", "GOOD", "NONE"]);
const CATEGORIES: &str = "Severity categories, with commas: minor, moderate, material, severe.";
const DAY: &str = "A day; of a time only its day counts, because findings are known by the day.";

/// Every parameter of the list.
pub(super) const PARAMETERS: &[Parameter] = &[
    query("risk_vector", Kind::List, "Risk vectors by slug or short id."),
    query("risk_vector_label", Kind::List, "Risk vectors by name."),
    query(
        "risk_category",
        Kind::List,
        "Risk categories by name, such as `Diligence`.",
    ),
    query("severity", Kind::Number, "Excludes the bounds below."),
    query("severity_lt", Kind::Number, "Severity below this."),
    query("severity_lte", Kind::Number, "Severity of at most this."),
    query("severity_gt", Kind::Number, "Severity above this."),
    query("severity_gte", Kind::Number, "Severity of at least this."),
    query("severity_category", Kind::List, CATEGORIES),
    query("affects_rating", Kind::Boolean, "Whether the rating suffers from it."),
    query("first_seen", Kind::Moment, DAY),
    query("first_seen_lt", Kind::Moment, DAY),
    query("first_seen_lte", Kind::Moment, DAY),
    query("first_seen_gt", Kind::Moment, DAY),
    query("first_seen_gte", Kind::Moment, DAY),
    query("last_seen", Kind::Moment, DAY),
    query("last_seen_lt", Kind::Moment, DAY),
    query("last_seen_lte", Kind::Moment, DAY),
    query("last_seen_gt", Kind::Moment, DAY),
    query("last_seen_gte", Kind::Moment, DAY),
    query(
        "details.grade",
        Kind::List,
        "Grades, with commas: NEUTRAL, BAD, WARN, FAIR, GOOD, NONE.",
    ),
    query(
        "details.grade_lt",
        GRADES,
        "Below this in the order NEUTRAL, BAD, WARN, FAIR, GOOD.",
    ),
    query("details.grade_gt", GRADES, "Above this in the same order."),
    query("evidence_key", Kind::List, "Evidence as the answer shows it."),
    query("assets.asset", Kind::List, "Names of assets as the answer shows them."),
    query("assets.category", Kind::List, "As `assets.combined_importance`."),
    query(
        "assets.combined_importance",
        Kind::List,
        "Importances of assets: critical, high, medium, low, none.",
    ),
    query(
        "vulnerabilities",
        Kind::List,
        "Names in `details.vulnerabilities`, one of them.",
    ),
    query("tags_contains", Kind::List, "Tags, all of them."),
    query(
        "attributed_companies.guid",
        Kind::List,
        "Companies that the finding is attributed to.",
    ),
    query(
        "expand",
        Kind::List,
        "`remediation_history` and `tag_details`, which are left out or empty otherwise.",
    ),
    query(
        "q",
        Kind::Text,
        "A part of the id, the evidence, an asset, a tag, the risk vector or the severity category.",
    ),
    query(
        "sort",
        Kind::List,
        "Keys of the order, a minus sign before those that fall. Without: `-last_seen`.",
    ),
    LIMIT,
    OFFSET,
    FIELDS,
    FORMAT,
];

/// What a query asks for.
pub(super) fn wanted(params: &Params) -> Result<Wanted, ApiError> {
    for parameter in PARAMETERS
        .iter()
        .filter(|parameter| matches!(parameter.kind, Kind::List))
    {
        if params
            .list(parameter.name)
            .is_some_and(|list| list.len() > limits::FINDING_WORDS)
        {
            return Err(ApiError::parameter(
                parameter.name,
                &format!("takes at most {} entries", limits::FINDING_WORDS),
            ));
        }
    }
    let texts = |name: &str| -> Option<Vec<String>> {
        let values = params.list(name)?;
        Some(values.into_iter().map(str::to_lowercase).collect())
    };
    let importances = texts("assets.combined_importance").or_else(|| texts("assets.category"));
    let companies = params.list("attributed_companies.guid");
    let order = sort(params, &KEYS)?;
    Ok(Wanted {
        search: search(params)?,
        words: Words {
            evidence_key: texts("evidence_key"),
            asset: texts("assets.asset"),
            importance: importances,
            vulnerabilities: texts("vulnerabilities"),
            tags: texts("tags_contains"),
            companies: companies.map(|guids| guids.into_iter().filter_map(ids::parse_guid).collect()),
            part: params.text("q").map(str::to_lowercase),
        },
        order,
    })
}

fn search(params: &Params) -> Result<Search, ApiError> {
    let lower = |name: &str| -> Option<Vec<String>> {
        let values = params.list(name)?;
        Some(values.iter().map(|value| value.to_ascii_lowercase()).collect())
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let severity = Range::of(params, "severity", (number, "must be a number"))?;
    let seen = |name: &str| Range::of(params, name, (day, "must be YYYY-MM-DD or a time")).map(bounds);
    Ok(Search {
        risk_vectors: risk_vectors(params),
        severity: bounds(severity),
        severity_categories: lower("severity_category"),
        affects_rating: params.boolean("affects_rating")?,
        first_seen: seen("first_seen")?,
        last_seen: seen("last_seen")?,
        grades: grades(params)?,
    })
}

/// The vectors that all three filters leave.
fn risk_vectors(params: &Params) -> Option<Vec<String>> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let (slugs, labels) = (params.list("risk_vector"), params.list("risk_vector_label"));
    let categories = params.list("risk_category");
    if slugs.is_none() && labels.is_none() && categories.is_none() {
        return None;
    }
    let left = risk_vectors::ALL.iter().filter(|vector| {
        let mut by_slug = slugs.iter().flatten().filter_map(|slug| risk_vectors::find(slug));
        let mut by_label = labels.iter().flatten();
        let mut by_category = categories.iter().flatten();
        (slugs.is_none() || by_slug.any(|found| found == *vector))
            && (labels.is_none() || by_label.any(|label| is(vector.name, label) || is(vector.label(), label)))
            && (categories.is_none() || by_category.any(|category| is(vector.category, category)))
    });
    Some(left.map(|vector| vector.slug.to_owned()).collect())
}

fn grades(params: &Params) -> Result<Option<Vec<String>>, ApiError> {
    const NAME: &str = "details.grade";
    let bound = |name: &str| match params.text(name) {
        None => Ok(None),
        Some(text) => {
            let rule = "must be NEUTRAL, BAD, WARN, FAIR, GOOD or NONE";
            findings::grade(text)
                .map(Some)
                .ok_or_else(|| ApiError::parameter(name, rule))
        }
    };
    let (below, above) = (bound("details.grade_lt")?, bound("details.grade_gt")?);
    let owned = |grades: Vec<&str>| grades.into_iter().map(str::to_owned).collect();
    match params.list(NAME) {
        Some(_) if below.is_some() || above.is_some() => {
            Err(ApiError::parameter(NAME, "excludes the same name with _lt or _gt"))
        }
        Some(grades) => Ok(Some(owned(grades.into_iter().filter_map(findings::grade).collect()))),
        None if below.is_none() && above.is_none() => Ok(None),
        None => {
            let left = findings::GRADES.into_iter().filter(|grade| {
                below.is_none_or(|below| findings::grades_below(below).contains(grade))
                    && above.is_none_or(|above| findings::grades_above(above).contains(grade))
            });
            Ok(Some(owned(left.collect())))
        }
    }
}

fn bounds<T>(range: Range<T>) -> Bounds<T> {
    Bounds {
        equal: range.equal,
        below: range.below,
        at_most: range.at_most,
        above: range.above,
        at_least: range.at_least,
    }
}

/// The day of a date or of a time, however its two parts are joined.
fn day(text: &str) -> Option<String> {
    let (day, time) = text.split_at_checked(10)?;
    let is_time = time.starts_with(['T', 't', ' ']) && time[1..].starts_with(|first: char| first.is_ascii_digit());
    (liaison_domain::dates::is_date(day) && (time.is_empty() || is_time)).then(|| day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_times() {
        for text in [
            "2026-11-10",
            "2026-11-10T12:34:56Z",
            "2026-11-10 12:34:56",
            "2026-11-10T01:00:00+02:00",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-11-10"), "{text}");
        }
        for text in [
            "",
            "2026-13-10",
            "2026-11-1\u{fc}",
            "2026-11-10x",
            "2026-11-10T",
            "soon",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn vectors_by_slug_name_and_category() {
        let found = |query: &str| risk_vectors(&Params::parse(query)).map(|slugs| slugs.join(" "));
        assert_eq!(found(""), None);
        assert_eq!(
            found("risk_vector=ssl,open_ports").as_deref(),
            Some("ssl_configurations open_ports")
        );
        assert_eq!(found("risk_vector=ssl&risk_vector_label=SPF").as_deref(), Some(""));
        assert_eq!(
            found("risk_vector_label=ssl certificates,SPF").as_deref(),
            Some("spf ssl_certificates")
        );
        let behavior = found("risk_category=user%20behavior");
        assert_eq!(behavior.as_deref(), Some("file_sharing exposed_credentials"));
    }
}
