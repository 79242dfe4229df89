//! Lists of access requests as any server answers them: a bare array, narrowed and put in order here where the server
//! does not do it.

use std::cmp::Reverse;

use clap::builder::PossibleValuesParser;
use comfy_table::Cell;
use liaison_domain::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answers::{Printer, Rows};
use super::server::{Query, Reply};
use super::{json, words};
use crate::failure::Failure;
use crate::output;

/// Path of the outbox, and what all others of the family begin with.
pub(super) const OUTBOX: &str = "/v1/access-requests";
/// Path of the inbox.
pub(super) const INBOX: &str = "/v1/access-requests/received";
/// Path of requests in Liaison's own API.
pub(super) const OWN: &str = "/liaison/v1/access-requests";

/// Rows of a table, unless somebody wants more or fewer.
const TABLE_ROWS: usize = 50;
/// Most rows that a server gives at once where it heeds `limit`.
const MOST_LIMIT: usize = 500;
/// Columns that a terminal needs to show everything.
const WIDE: usize = 150;
/// Columns of a terminal on which what happens next has room.
const MIDDLE: usize = 120;

/// Columns of the CSV.
pub(super) const COLUMNS: &[&str] = &[
    "guid",
    "status",
    "created_time",
    "email_sent_date",
    "reason",
    "requestee_company_guid",
    "requestee_company_name",
    "requestee_formal_name",
    "requestee_email",
    "requester_company_guid",
    "requester_company_name",
    "requester_formal_name",
    "requester_email",
    "read",
    "can_resend_email",
    "shared_observations_count",
    "trial_duration",
    "requestee_tos_date",
    "resolved_date",
    "resolved_by.formal_name",
    "ccs",
    "message",
    "notes",
];

/// Which rows of what the server answered are shown.
pub(super) struct Choice<'c> {
    /// Those that this lets through.
    pub(super) keeps: &'c dyn Fn(&Value) -> bool,
    /// Whether that can leave any out, so that the server's limit would count the wrong ones.
    pub(super) narrows: bool,
    /// The newest so many; none: a screenful for people, all for programs.
    pub(super) limit: Option<usize>,
}

/// A list, ready to be printed.
pub(super) struct List {
    /// As JSON.
    pub(super) document: Vec<u8>,
    /// Its rows.
    pub(super) rows: Vec<Value>,
    /// How many are shown, where there are more.
    pub(super) cut_at: Option<usize>,
}

/// Words that a list was cut, for people.
pub(super) fn tell_cut(list: &List, printer: Printer) {
    if let Some(shown) = list.cut_at.filter(|_| printer.is_for_people()) {
        output::note(&format!(
            "The newest {shown}; there are more. Narrow them, or raise --limit."
        ));
    }
}

impl Choice<'_> {
    fn most(&self, printer: Printer) -> Option<usize> {
        self.limit.or_else(|| printer.is_for_people().then_some(TABLE_ROWS))
    }

    /// Tells the server how many are wanted, one more than that, where it can know.
    pub(super) fn ask(&self, query: &mut Query, printer: Printer) {
        if let Some(most) = self.most(printer).filter(|most| *most < MOST_LIMIT && !self.narrows) {
            query.push(("limit", (most + 1).to_string()));
        }
    }

    /// The rows chosen from an answer, newest first.
    pub(super) fn of(&self, reply: Reply, printer: Printer) -> Result<List, Failure> {
        let wrong = || Failure::refused("the server answered with something that is no list of access requests");
        let Value::Array(all) = reply.json else {
            return Err(wrong());
        };
        let raws: Vec<&RawValue> = serde_json::from_slice(&reply.body).map_err(|_| wrong())?;
        let total = all.len();
        let mut kept: Vec<(usize, Value)> = all
            .into_iter()
            .enumerate()
            .filter(|(_, row)| (self.keeps)(row))
            .collect();
        // What was created together stays in the server's order.
        kept.sort_by_cached_key(|(_, row)| Reverse(created(row)));
        let most = self.most(printer).unwrap_or(usize::MAX);
        let cut_at = (kept.len() > most).then_some(most);
        kept.truncate(most);
        let is_whole = kept.len() == total && kept.iter().enumerate().all(|(at, (was_at, _))| at == *was_at);
        let document = if is_whole {
            reply.body.clone()
        } else {
            array(kept.iter().map(|(at, _)| raws[*at].get()))
        };
        Ok(List {
            document,
            rows: kept.into_iter().map(|(_, row)| row).collect(),
            cut_at,
        })
    }
}

/// JSON of rows as the server wrote each of them.
pub(super) fn array<'r>(rows: impl Iterator<Item = &'r str>) -> Vec<u8> {
    let rows: Vec<&str> = rows.collect();
    format!("[{}]", rows.join(",")).into_bytes()
}

/// When a request was made.
pub(super) fn created(row: &Value) -> Timestamp {
    let text = match json::str(row, "created_time") {
        "" => json::str(row, "created_date"),
        time => time,
    };
    Timestamp::parse(text).unwrap_or_default()
}

/// Rows of the family, to be printed.
pub(super) fn printable<'l>(document: &'l [u8], rows: &'l [Value]) -> Rows<'l> {
    Rows {
        document,
        rows,
        columns: COLUMNS,
        id: "guid",
    }
}

/// A table of requests, seen from one side, as wide as the terminal allows.
pub(super) fn table(rows: &[Value], is_outbox: bool) -> String {
    let fits = |needed: usize| output::width().is_none_or(|columns| columns >= needed);
    let (is_wide, has_next) = (fits(WIDE), fits(MIDDLE));
    let mut header = vec!["guid", "sent", "status", if is_outbox { "company" } else { "from" }];
    header.push(if is_outbox { "recipient" } else { "sender" });
    if is_wide {
        header.extend(["reason", "items"]);
    }
    if has_next {
        header.push("next");
    }
    output::fitting_table(
        &header,
        rows.iter().map(|row| cells(row, is_outbox, (is_wide, has_next))),
    )
}

fn cells(row: &Value, is_outbox: bool, (is_wide, has_next): (bool, bool)) -> Vec<Cell> {
    let text = |key: &str| json::str(row, key);
    let sent = match text("created_time") {
        "" => text("created_date"),
        time => time,
    };
    let (company, name, address) = if is_outbox {
        ("requestee_company_name", "requestee_formal_name", "requestee_email")
    } else {
        ("requester_company_name", "requester_formal_name", "requester_email")
    };
    let person = if is_wide {
        words::person(text(name), text(address))
    } else {
        [text(address), text(name)]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let mut cells = vec![
        output::line(text("guid")),
        output::line(words::day(sent)),
        words::status(text("status")),
        output::line(text(company)),
        output::line(person),
    ];
    if is_wide {
        cells.push(output::line(text("reason")));
        cells.push(output::number(&json::shown(row, "shared_observations_count")));
    }
    if has_next {
        cells.push(output::line(match is_outbox {
            true => words::next(row),
            false => words::next_here(row),
        }));
    }
    cells
}

/// The words of a status, for a flag.
pub(super) fn change_words() -> PossibleValuesParser {
    use liaison_domain::access_requests::Change;
    PossibleValuesParser::new(Change::ALL.map(Change::slug))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::commands::client::answers::Shape;
    use crate::output::Output;

    fn list(limit: Option<usize>, keeps: &dyn Fn(&Value) -> bool) -> List {
        let body = json!([
            {"guid": "b", "created_time": "2026-11-02T00:00:00Z"},
            {"guid": "c", "created_time": "2026-11-03T00:00:00Z"},
            {"guid": "a"},
        ]);
        let reply = Reply {
            body: body.to_string().into_bytes(),
            json: body,
        };
        let choice = Choice {
            keeps,
            narrows: true,
            limit,
        };
        choice
            .of(reply, Printer::new(&Shape::default(), Output::new(true)))
            .unwrap()
    }

    #[test]
    fn the_newest_come_first_and_the_rest_is_left_out() {
        let all = list(None, &|_| true);
        let guids: Vec<&str> = all.rows.iter().map(|row| json::str(row, "guid")).collect();
        assert_eq!((guids, all.cut_at), (vec!["c", "b", "a"], None));
        let one = list(Some(1), &|row| json::str(row, "guid") != "c");
        let text = String::from_utf8(one.document).unwrap();
        assert_eq!(text, r#"[{"created_time":"2026-11-02T00:00:00Z","guid":"b"}]"#);
        assert_eq!(one.cut_at, Some(1));
    }
}
