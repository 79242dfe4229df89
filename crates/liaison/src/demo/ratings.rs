//! Ratings of a year, month by month, with grades of fifteen risk vectors: made up by arithmetic, never by chance.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde_json::{Value, json};

use super::world::Company;

/// Months before the current one.
const MONTHS: i64 = 12;

const VECTORS: [&str; 15] = [
    "botnet_infections",
    "spam_propagation",
    "unsolicited_comm",
    "spf",
    "dkim",
    "ssl_certificates",
    "ssl_configurations",
    "open_ports",
    "application_security",
    "patching_cadence",
    "insecure_systems",
    "server_software",
    "dnssec",
    "dmarc",
    "exposed_credentials",
];

/// The ratings of the company at this place of the list.
pub(super) fn of(company: &Company, place: usize, today: &str) -> Vec<Value> {
    (0..=MONTHS)
        .rev()
        .map(|month| of_month(company, place, month, today))
        .collect()
}

fn of_month(company: &Company, place: usize, month: i64, today: &str) -> Value {
    let place = i64::try_from(place).unwrap_or_default();
    // A slow wave, another one for each company.
    let wave = ((place * 5 + month * 3) % 11 - 5) * 10;
    let drift = (place % 5 - 2) * month * 3;
    let rating = ((company.rating + wave + drift) / 10 * 10).clamp(300, 820);
    let vectors: Vec<Value> = (0..)
        .zip(VECTORS)
        .map(|(index, slug)| graded(slug, rating, (place, index, month)))
        .collect();
    json!({"rating_date": first_of_month(today, month), "rating": rating, "risk_vectors": vectors})
}

fn graded(slug: &str, rating: i64, (place, vector, month): (i64, i64, i64)) -> Value {
    let quality = (rating - 300) * 100 / 520;
    let own = (place * 29 + vector * 41) % 71 - 35;
    let wobble = (month * 5 + vector) % 7 - 3;
    let whole = (quality + own + wobble).clamp(0, 99);
    let fraction = if whole == 0 {
        0
    } else {
        (place * 31_337 + vector * 7_919 + month * 104_729) % 100_000
    };
    let percentile = whole as f64 + fraction as f64 / 100_000.0;
    json!({"slug": slug, "grade": grade(whole), "percentile": percentile, "rating": 300 + whole * 52 / 100 * 10})
}

fn grade(percentile: i64) -> &'static str {
    match percentile {
        70.. => "A",
        50.. => "B",
        30.. => "C",
        12.. => "D",
        _ => "F",
    }
}

/// Takes the ratings out of a bundle that nobody has yet in this month, `YYYY-MM`.
pub(super) fn forget_after(bundle: &mut Value, month: &str) {
    for company in bundle["companies"].as_array_mut().into_iter().flatten() {
        if let Some(ratings) = company["ratings"].as_array_mut() {
            ratings.retain(|rating| {
                let date = rating["rating_date"].as_str().unwrap_or_default();
                date.get(..month.len()).is_some_and(|of| of <= month)
            });
        }
    }
}

/// The same day some months ago, or the last day of that month.
pub(super) fn months_before(today: &str, months: i64) -> String {
    before(today, months.months()).to_string()
}

/// Some days ago.
pub(super) fn days_before(today: &str, days: i64) -> String {
    before(today, days.days()).to_string()
}

fn first_of_month(today: &str, months: i64) -> String {
    before(today, months.months()).first_of_month().to_string()
}

fn before(today: &str, span: Span) -> Date {
    let today: Date = today.parse().unwrap_or(Date::ZERO);
    today.saturating_sub(span)
}
