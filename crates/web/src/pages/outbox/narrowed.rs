//! The filters in force, in words, each with the way to the list without it.

use liaison_domain::Guid;
use liaison_domain::access_requests::Reason;
use liaison_domain::{ids, risk_vectors};

use super::Show;
use super::wish::FILTERS;

impl Show {
    /// Words for each filter in force, and the page without it.
    pub(super) fn narrowed(&self) -> Vec<(String, String)> {
        let given = FILTERS.into_iter().filter(|name| !self.wish.get(name).is_empty());
        given.map(|name| (self.words(name), self.wish.with(name, ""))).collect()
    }

    fn words(&self, name: &str) -> String {
        let value = self.wish.get(name);
        let each = |name_of: fn(&str) -> Option<&'static str>| {
            let names: Vec<&str> = value
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect();
            let names = names.iter().map(|part| name_of(part).unwrap_or("something unknown"));
            names.collect::<Vec<_>>().join(" or ")
        };
        match name {
            "q" => format!("\u{201c}{value}\u{201d}"),
            "company_guid" => self
                .choices
                .company
                .clone()
                .unwrap_or_else(|| "An unknown company".to_owned()),
            "delivery" => delivery(value).to_owned(),
            "reason" => each(|slug| Reason::parse(slug).map(Reason::name)),
            "context.risk_vectors.risk_vector.slug" => each(|slug| risk_vectors::find(slug).map(|vector| vector.name)),
            "requesterid" => format!("Sent by {}", among(&self.choices.requesters, value)),
            "exclude_requesterid" => format!("Not sent by {}", among(&self.choices.requesters, value)),
            "group" => format!("Group {}", among(&self.choices.groups, value)),
            "tier_guid" => format!("Tier {}", among(&self.choices.tiers, value)),
            "folder_guid" => format!("Folder {}", among(&self.choices.folders, value)),
            "start_date" => format!("Sent from {value}"),
            _ => format!("Sent before {value}"),
        }
    }
}

fn among(known: &[(Guid, String)], value: &str) -> String {
    let name = |text: &str| {
        let guid = ids::parse_guid(text.trim());
        let found = known.iter().find(|(known, _)| Some(*known) == guid);
        found.map_or("something unknown", |(_, name)| name.as_str())
    };
    value.split(',').map(name).collect::<Vec<_>>().join(" or ")
}

/// What became of the invitation: values of the filter and words.
pub(super) const DELIVERIES: [(&str, &str); 7] = [
    ("unopened", "Delivered, not opened"),
    ("opened", "Opened"),
    ("failed", "Mail failed"),
    ("queued", "Mail waits"),
    ("sent", "Mail delivered"),
    ("kept", "Kept here"),
    ("copied", "Link copied"),
];

fn delivery(value: &str) -> &'static str {
    let found = DELIVERIES.iter().find(|(known, _)| *known == value);
    found.map_or("An unknown delivery", |(_, words)| words)
}
