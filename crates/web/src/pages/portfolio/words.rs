//! Words about companies that several pages use.

use liaison_domain::Timestamp;
use liaison_domain::companies::CompanyType;
use liaison_operations::portfolio::{Hindrance, Severities};

/// `12 Nov 2026`.
pub(crate) fn day(at: &Timestamp) -> String {
    let words = at.for_people();
    words.split_once(',').map_or(words.as_str(), |(day, _)| day).to_owned()
}

/// `12 Nov 2026` of `2026-11-12`; what is no date stays as it is.
pub(crate) fn day_of(date: &str) -> String {
    Timestamp::parse(date).map_or_else(|| date.to_owned(), |at| day(&at))
}

/// Why somebody cannot invite a company, and what would help.
pub(crate) fn why_not(hindrance: &Hindrance) -> &'static str {
    match hindrance {
        Hindrance::Guest => "Accounts of invited people cannot invite others.",
        Hindrance::Reader => "Your role may read and not invite.",
        Hindrance::Kind(CompanyType::Curated) => "This company cannot be invited.",
        Hindrance::Kind(CompanyType::Provisional) => "Provisional: it can be invited once it is curated.",
        Hindrance::Kind(CompanyType::SelfPublished) => "Published by itself: only curated companies can be invited.",
        Hindrance::Kind(CompanyType::Private) => "Private to your account: only curated companies can be invited.",
        Hindrance::Kind(CompanyType::Country) => "A country: only companies can be invited.",
    }
}

/// `3 severe, 5 material`; the less severe ones only where there is nothing else.
pub(crate) fn severities(counted: &Severities) -> String {
    let all = [
        (counted.severe, "severe"),
        (counted.material, "material"),
        (counted.moderate, "moderate"),
        (counted.minor, "minor"),
    ];
    let some = all.iter().filter(|(count, _)| *count > 0).take(2);
    let words: Vec<String> = some.map(|(count, name)| format!("{count} {name}")).collect();
    words.join(", ")
}
