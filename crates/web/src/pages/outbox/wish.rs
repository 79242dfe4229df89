//! What the query of the outbox asks for: filters under the names that the API has for them, order, columns.

use std::collections::HashSet;

use liaison_domain::access_requests::Status;
use liaison_operations::Call;
use liaison_operations::access_requests::{Delivery, Filter, Order, Part, Sought};

use super::columns::{self, Column};
use crate::api::filters;
use crate::errors::ApiError;
use crate::extract::{FormFields, Params};

/// Rows of a page.
pub(super) const ROWS: i64 = 50;
/// Characters of a search at most.
const SEARCH_CHARS: usize = 200;

/// The filters that people see as such: each is taken away by itself.
pub(super) const FILTERS: [&str; 12] = [
    "q",
    "company_guid",
    "delivery",
    "reason",
    "context.risk_vectors.risk_vector.slug",
    "requesterid",
    "exclude_requesterid",
    "group",
    "tier_guid",
    "folder_guid",
    "start_date",
    "end_date",
];

/// What else the query says. `page` is not among them: every other change begins with the first page.
const OTHERS: [&str; 5] = ["status", "attention", "sort", "columns", "plots"];

/// The orders, by the word that the query has for each, and whether each begins with its last.
const ORDERS: [(&str, Order, bool); 6] = [
    ("sent", Order::Sent, true),
    ("company", Order::Company, false),
    ("recipient", Order::Recipient, false),
    ("status", Order::Status, false),
    ("activity", Order::Activity, true),
    ("expires", Order::Expiry, false),
];

/// What the query asks for.
#[derive(Clone)]
pub(super) struct Wish {
    /// What is given, in a fixed order.
    values: Vec<(&'static str, String)>,
    filter: Filter,
    pub(super) page: i64,
    pub(super) order: Order,
    pub(super) descending: bool,
    pub(super) columns: Vec<Column>,
}

impl Wish {
    /// Reads a query; what nobody knows is passed over.
    pub(super) fn parse(query: &str) -> Result<Wish, ApiError> {
        let params = Params::parse(&query.replace("%00", ""));
        let chosen: Vec<String> = FormFields::parse(query.as_bytes())
            .all("columns")
            .map(str::to_owned)
            .collect();
        let columns = columns::chosen(&chosen.join(","));
        let mut values = Vec::new();
        for name in FILTERS.into_iter().chain(OTHERS) {
            let value = match name {
                "columns" => columns::written(&columns),
                "q" => params
                    .text(name)
                    .unwrap_or_default()
                    .chars()
                    .take(SEARCH_CHARS)
                    .collect(),
                name => params.text(name).unwrap_or_default().to_owned(),
            };
            if !value.is_empty() {
                values.push((name, value));
            }
        }
        let (order, descending) = ordered(params.text("sort").unwrap_or_default());
        Ok(Wish {
            values,
            filter: filters::counts(&params)?,
            page: params.count("page")?.unwrap_or(1).clamp(1, 1_000_000),
            order,
            descending,
            columns,
        })
    }

    /// The requests, as the caller sees them.
    pub(super) fn sought(&self, call: &Call<'_>) -> Sought {
        let delivery = match self.get("delivery") {
            "" => None,
            "opened" => Some(Delivery::Opened),
            "unopened" => Some(Delivery::Unopened),
            state => Some(Delivery::State(state.to_owned())),
        };
        Sought {
            filter: self.filter.clone(),
            search: Some(self.get("q").to_owned()).filter(|search| !search.is_empty()),
            delivery,
            needing: self.needs_me().then(|| call.actor.guid()),
        }
    }

    /// The rows of the present page.
    pub(super) fn part(&self) -> Part {
        Part {
            order: self.order,
            descending: self.descending,
            offset: (self.page - 1) * ROWS,
            limit: ROWS,
        }
    }

    /// The statuses that are left, where there is a choice.
    pub(super) fn statuses(&self) -> Option<&[Status]> {
        self.filter.statuses.as_deref()
    }

    /// The company that is filtered by.
    pub(super) fn company(&self) -> Option<liaison_domain::Guid> {
        self.filter.company
    }

    pub(super) fn needs_me(&self) -> bool {
        self.get("attention") == "yes"
    }

    /// A part of the query, empty where it is absent.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether any filter but the status is in force.
    pub(super) fn is_narrowed(&self) -> bool {
        self.values.iter().any(|(name, _)| FILTERS.contains(name))
    }

    /// Whether the query asks for the plots, or leaves it to the page, which shows them where nothing is asked for.
    pub(super) fn shows_plots(&self) -> bool {
        match self.get("plots") {
            "yes" => true,
            "no" => false,
            _ => self.page == 1 && self.values.iter().all(|(name, _)| *name == "columns"),
        }
    }

    /// The path of the page with parts of the query set anew; an empty value takes a part away.
    fn path(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in FILTERS.into_iter().chain(OTHERS).chain(["page"]) {
            let change = changes.iter().find(|(changed, _)| *changed == name);
            let value = change.map_or_else(|| self.get(name), |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{path}{mark}{query}")
    }

    /// The page with one part of the query set anew.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        self.path("/outbox", &[(name, value)])
    }

    /// The page of a status, or of what needs the caller.
    pub(super) fn tab(&self, status: &str, attention: &str) -> String {
        self.path("/outbox", &[("status", status), ("attention", attention)])
    }

    /// The page without filters, and with all that is not one.
    pub(super) fn everything(&self) -> String {
        let none: Vec<(&str, &str)> = FILTERS.iter().map(|name| (*name, "")).collect();
        self.path("/outbox", &none)
    }

    /// Another page of the same list.
    pub(super) fn turned(&self, page: i64) -> String {
        self.path(
            "/outbox",
            &[("page", if page > 1 { page.to_string() } else { String::new() }.as_str())],
        )
    }

    /// The same list as a file.
    pub(super) fn file(&self, path: &str) -> String {
        self.path(path, &[("plots", "")])
    }

    /// The query of the present page, for forms that lead back to it.
    pub(super) fn back(&self) -> String {
        let path = self.turned(self.page);
        path.split_once('?')
            .map_or_else(String::new, |(_, query)| query.to_owned())
    }

    /// Hidden fields for a form that asks for everything else by itself.
    pub(super) fn hidden(&self, without: &[&str]) -> Vec<(&'static str, &str)> {
        let without: HashSet<&str> = without.iter().copied().collect();
        let kept = self.values.iter().filter(|(name, _)| !without.contains(name));
        kept.map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// The way to the list sorted by a word: the other way round where it is sorted by that.
    pub(super) fn sorted_by(&self, word: &str) -> String {
        let Some((_, order, begins_with_last)) = known(word) else {
            return self.with("sort", "");
        };
        let descending = if self.order == order {
            !self.descending
        } else {
            begins_with_last
        };
        let value = format!("{}{word}", if descending { "-" } else { "" });
        self.with("sort", if value == "-sent" { "" } else { &value })
    }

    /// How the list is sorted by a word, for `aria-sort`; empty where it is not.
    pub(super) fn direction(&self, word: &str) -> &'static str {
        match known(word) {
            Some((_, order, _)) if order == self.order && self.descending => "descending",
            Some((_, order, _)) if order == self.order => "ascending",
            _ => "",
        }
    }
}

fn known(word: &str) -> Option<(&'static str, Order, bool)> {
    ORDERS.into_iter().find(|(known, ..)| *known == word)
}

/// `word` or `-word`, the latter with the last first; anything else is the newest first.
fn ordered(text: &str) -> (Order, bool) {
    let (word, descending) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
    known(word).map_or((Order::Sent, true), |(_, order, _)| (order, descending))
}

#[cfg(test)]
mod tests {
    use super::Wish;

    #[test]
    fn a_query_survives_and_changes_part_by_part() {
        let wish = Wish::parse("status=Active&q=a%26b&page=3&sort=-company&unknown=1&reason=").unwrap();
        assert_eq!(wish.back(), "q=a%26b&status=Active&sort=-company&page=3");
        assert_eq!(wish.with("q", ""), "/outbox?status=Active&sort=-company");
        assert_eq!(wish.everything(), "/outbox?status=Active&sort=-company");
        assert_eq!(wish.sorted_by("company"), "/outbox?q=a%26b&status=Active&sort=company");
        assert_eq!(wish.sorted_by("sent"), "/outbox?q=a%26b&status=Active");
        assert_eq!(wish.direction("company"), "descending");
        assert!(Wish::parse("start_date=soon").is_err());
    }

    #[test]
    fn columns_come_one_by_one_or_as_a_list() {
        for query in ["columns=sent&columns=reason", "columns=reason%2Csent%2Cnobody"] {
            assert_eq!(Wish::parse(query).unwrap().back(), "columns=reason%2Csent");
        }
        assert_eq!(Wish::parse("columns=").unwrap().back(), "");
    }

    #[test]
    fn plots_stand_on_the_first_sight_alone() {
        let shows = |query| Wish::parse(query).unwrap().shows_plots();
        assert!(shows("") && shows("plots=yes&status=Active") && shows("columns=sent"));
        assert!(!shows("plots=no") && !shows("status=Active") && !shows("page=2") && !shows("sort=company"));
    }
}
