//! The parts of a copy that can be chosen, and where each is read.

use std::collections::BTreeSet;

use clap::ValueEnum;

/// One part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(super) enum Part {
    Portfolio,
    Companies,
    Findings,
    Folders,
    Tiers,
    Groups,
    Users,
    Contacts,
    Outbox,
    Inbox,
}

impl Part {
    pub(super) const ALL: [Part; 10] = [
        Part::Portfolio,
        Part::Companies,
        Part::Findings,
        Part::Folders,
        Part::Tiers,
        Part::Groups,
        Part::Users,
        Part::Contacts,
        Part::Outbox,
        Part::Inbox,
    ];

    /// Those that were named, with the short lists that their rows refer to, or all.
    pub(super) fn chosen(named: &[Part]) -> BTreeSet<Part> {
        if named.is_empty() {
            return Part::ALL.into();
        }
        let mut parts: BTreeSet<Part> = named.iter().copied().collect();
        for (part, needed) in [(Part::Portfolio, Part::Tiers), (Part::Users, Part::Groups)] {
            if parts.contains(&part) {
                parts.insert(needed);
            }
        }
        parts
    }

    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Portfolio => "portfolio",
            Part::Companies => "companies",
            Part::Findings => "findings",
            Part::Folders => "folders",
            Part::Tiers => "tiers",
            Part::Groups => "groups",
            Part::Users => "users",
            Part::Contacts => "contacts",
            Part::Outbox => "outbox",
            Part::Inbox => "inbox",
        }
    }

    /// Where its list is read; none where it is read company by company.
    pub(super) fn path(self) -> Option<&'static str> {
        match self {
            Part::Portfolio => Some("/v2/portfolio"),
            Part::Companies | Part::Findings => None,
            Part::Folders => Some("/v1/folders"),
            Part::Tiers => Some("/v1/tiers"),
            Part::Groups => Some("/v1/access-groups"),
            Part::Users => Some("/v2/users"),
            Part::Contacts => Some("/v1/portfolio/contacts"),
            Part::Outbox => Some("/v1/access-requests"),
            Part::Inbox => Some("/v1/access-requests/received"),
        }
    }
}
