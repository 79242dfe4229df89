//! What a customer notes of the companies it follows: in which words, and how people call them.

/// A word of the API with its name for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is stored and filtered by.
    pub slug: &'static str,
    /// For people.
    pub name: &'static str,
}

const fn word(slug: &'static str, name: &'static str) -> Word {
    Word { slug, name }
}

/// What a company is to a customer.
pub const RELATIONSHIPS: [Word; 6] = [
    word("vendor", "Vendor"),
    word("strategic_partner", "Strategic Partner"),
    word("competitor", "Competitor"),
    word("fourth_party", "Fourth Party"),
    word("subsidiary", "Subsidiary"),
    word("other", "Other"),
];

/// How far a customer has got with a company.
pub const LIFE_CYCLES: [Word; 3] = [
    word("onboarding", "Onboarding"),
    word("monitoring", "Monitoring"),
    word("re-assessment", "Re-Assessment"),
];

/// How a customer follows a company.
pub const SUBSCRIPTION_TYPES: [Word; 7] = [
    word("continuous_monitoring", "Continuous Monitoring"),
    word("alerts-only", "Alerts Only"),
    word("applicants", "Applicants"),
    word("countries", "Countries"),
    word("my_subsidiary", "My Subsidiary"),
    word("one-time", "One Time"),
    word("vendor-selection", "Vendor Selection"),
];

/// Filters of a portfolio, in the order in which people are shown them.
pub const FILTERS: [&str; 13] = [
    "folder",
    "tier",
    "rating",
    "type",
    "industry.slug",
    "relationship.slug",
    "life_cycle.slug",
    "subscription_type.slug",
    "risk_vectors.slug",
    "risk_vectors.grade",
    "open_ports",
    "vulnerabilities",
    "infections",
];

/// The name of a slug; a slug that is in no list is its own name.
pub fn name<'s>(words: &'static [Word], slug: &'s str) -> &'s str {
    words
        .iter()
        .find(|word| word.slug == slug)
        .map_or(slug, |word| word.name)
}
