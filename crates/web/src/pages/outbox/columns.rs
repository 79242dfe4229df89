//! The columns of the outbox: which there are, which are chosen, and what each writes into a file.

use super::rows::Row;
use crate::tables::{self, Cell, Kind};

/// A column that can be chosen. The recipient is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Reason,
    Items,
    Status,
    Delivery,
    LastMessage,
    Sent,
    Accepted,
    Expires,
    TrialEnds,
    Requester,
    RiskVectors,
    Tier,
    Folder,
    Rating,
    Notes,
    Guid,
}

/// Every column in the order of the table: its word in a query, its title, and whether it is there unasked.
const ALL: [(Column, &str, &str, bool); 16] = [
    (Column::Reason, "reason", "Reason", true),
    (Column::Items, "items", "Findings", true),
    (Column::Status, "status", "Status and what is next", true),
    (Column::Delivery, "delivery", "Delivery", true),
    (Column::LastMessage, "last", "Last message", true),
    (Column::Sent, "sent", "Sent", true),
    (Column::Accepted, "accepted", "Accepted", false),
    (Column::Expires, "expires", "Invitation until", false),
    (Column::TrialEnds, "trial", "Trial ends", false),
    (Column::Requester, "requester", "Requester", false),
    (Column::RiskVectors, "vectors", "Risk vectors", false),
    (Column::Tier, "tier", "Tier", false),
    (Column::Folder, "folder", "Folder", false),
    (Column::Rating, "rating", "Rating then", false),
    (Column::Notes, "notes", "Private notes", false),
    (Column::Guid, "guid", "Guid", false),
];

impl Column {
    fn entry(self) -> (&'static str, &'static str, bool) {
        let found = ALL.iter().find(|(column, ..)| *column == self);
        let (_, word, title, usual) = found.expect("every column stands in the list");
        (word, title, *usual)
    }

    /// Its word in a query.
    pub(super) fn word(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn title(self) -> &'static str {
        self.entry().1
    }

    /// By what its title sorts, where it does.
    pub(super) fn sorts_by(self) -> Option<&'static str> {
        match self {
            Column::Status => Some("status"),
            Column::LastMessage => Some("activity"),
            Column::Sent => Some("sent"),
            Column::Expires | Column::TrialEnds => Some("expires"),
            _ => None,
        }
    }

    /// The class of its cells.
    pub(super) fn class(self) -> &'static str {
        match self {
            Column::Items | Column::Rating => "number",
            Column::Status => "next-step",
            _ => "",
        }
    }
}

/// Every column, in the order of the table.
pub(super) fn all() -> impl Iterator<Item = Column> {
    ALL.iter().map(|(column, ..)| *column)
}

/// The columns of a comma list, in the order of the table; the usual ones where it names none.
pub(super) fn chosen(list: &str) -> Vec<Column> {
    let words: Vec<&str> = list.split(',').map(str::trim).collect();
    let named: Vec<Column> = all().filter(|column| words.contains(&column.word())).collect();
    if named.is_empty() { usual() } else { named }
}

fn usual() -> Vec<Column> {
    all().filter(|column| column.entry().2).collect()
}

/// The comma list of some columns, empty for the usual ones.
pub(super) fn written(columns: &[Column]) -> String {
    if columns == usual() {
        return String::new();
    }
    let words: Vec<&str> = columns.iter().map(|column| column.word()).collect();
    words.join(",")
}

/// The titles of a file with these columns.
pub(super) fn titles(columns: &[Column]) -> Vec<tables::Column> {
    let mut titles = vec![
        tables::Column::new("Recipient", Kind::Text),
        tables::Column::new("Address", Kind::Text),
        tables::Column::new("Company", Kind::Text),
    ];
    for column in columns {
        let parts: &[(&str, Kind)] = match column {
            Column::Status => &[("Status", Kind::Text), ("What is next", Kind::Text)],
            Column::LastMessage => &[
                ("Messages", Kind::Number),
                ("Last message", Kind::DateTime),
                ("Written by", Kind::Text),
                ("Unread", Kind::Text),
            ],
            Column::Requester => &[("Requester", Kind::Text), ("Requester's address", Kind::Text)],
            Column::Items | Column::Rating => &[(column.title(), Kind::Number)],
            Column::Sent | Column::Accepted | Column::Expires | Column::TrialEnds => {
                &[(column.title(), Kind::DateTime)]
            }
            _ => &[(column.title(), Kind::Text)],
        };
        titles.extend(parts.iter().map(|(title, kind)| tables::Column::new(*title, *kind)));
    }
    titles
}

/// The cells of a row under those titles.
pub(super) fn cells(columns: &[Column], row: &Row) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![
        row.recipient.clone().into(),
        row.email.clone().into(),
        row.company.clone().into(),
    ];
    for column in columns {
        match column {
            Column::Reason => cells.push(row.reason.into()),
            Column::Items => cells.push(row.items.into()),
            Column::Status => cells.extend([Cell::from(row.status.slug()), row.next.clone().into()]),
            Column::Delivery => cells.push(row.delivery.map(|(_, words)| words).into()),
            Column::LastMessage => {
                let by = row
                    .last_message
                    .map(|(_, is_theirs)| if is_theirs { "vendor" } else { "client" });
                let unread = if row.is_unread { "yes" } else { "no" };
                let at = row.last_message.map(|(at, _)| at);
                cells.extend([row.messages.into(), at.into(), by.into(), unread.into()]);
            }
            Column::Sent => cells.push(row.sent.into()),
            Column::Accepted => cells.push(row.accepted.into()),
            Column::Expires => cells.push(row.expires.into()),
            Column::TrialEnds => cells.push(row.trial_ends.into()),
            Column::Requester => cells.extend([Cell::from(row.requester.0.clone()), row.requester.1.clone().into()]),
            Column::RiskVectors => cells.push(row.vectors.join(", ").into()),
            Column::Tier => cells.push(row.place.tier.clone().into()),
            Column::Folder => cells.push(row.place.folders.join(", ").into()),
            Column::Rating => cells.push(row.rating.into()),
            Column::Notes => cells.push(row.notes.clone().into()),
            Column::Guid => cells.push(row.guid.to_string().into()),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_notes_are_there_only_where_they_are_chosen() {
        assert!(!chosen("").contains(&Column::Notes));
        assert!(chosen("notes").contains(&Column::Notes));
        assert_eq!(written(&chosen("")), "");
    }
}
