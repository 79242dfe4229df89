//! One request with everything that is known about it: from Liaison's own API where the server has it, otherwise from
//! what every compatible server answers.

use comfy_table::Cell;
use liaison_domain::Guid;
use serde_json::Value;

use super::answers::{Printer, Rows};
use super::requests::{self, INBOX, OUTBOX, OWN};
use super::server::{Reply, Server};
use super::{json, words};
use crate::failure::Failure;
use crate::output;

/// Whose request it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// One that was sent.
    Sent,
    /// One that was received.
    Received,
}

impl Side {
    fn command(self) -> &'static str {
        match self {
            Side::Sent => "outbox",
            Side::Received => "inbox",
        }
    }
}

/// The sentence for a guid that is no request's of this side.
pub(super) fn unknown(guid: Guid, side: Side) -> String {
    let command = side.command();
    format!("no request in the {command} has the guid {guid}; `liaison {command}` shows those there are")
}

/// Prints one request.
pub(super) fn show(server: &Server, guid: Guid, side: Side, printer: Printer) -> Result<(), Failure> {
    // The CSV has the columns of lists.
    let request = if printer.is_csv() {
        compatible(server, guid, side)?
    } else {
        find(server, guid, side)?
    };
    let rows = Rows {
        document: &request.body,
        rows: std::slice::from_ref(&request.json),
        columns: requests::COLUMNS,
        id: "guid",
    };
    printer.rows(&rows, |_| {
        let is_own = request.json.get("next").is_some();
        if is_own {
            own_page(&request.json)
        } else {
            page(&request.json, side)
        }
    })
}

/// From Liaison's own API, else from the documented one.
fn find(server: &Server, guid: Guid, side: Side) -> Result<Reply, Failure> {
    match server.get(&format!("{OWN}/{guid}"), &[]) {
        Ok(reply) => {
            let wanted = if side == Side::Sent { "client" } else { "vendor" };
            if json::str(&reply.json, "side") != wanted {
                return Err(Failure::refused(unknown(guid, side)));
            }
            Ok(reply)
        }
        Err(trouble) if trouble.is_liaisons_not_found() => Err(Failure::refused(unknown(guid, side))),
        Err(trouble) if trouble.is_not_found() => compatible(server, guid, side),
        Err(trouble) => Err(trouble.into()),
    }
}

/// The documented API has one received request by its guid, but sent ones as a list only.
fn compatible(server: &Server, guid: Guid, side: Side) -> Result<Reply, Failure> {
    let missing = || unknown(guid, side);
    if side == Side::Received {
        let reply = server.get(&format!("{INBOX}/{guid}"), &[]);
        return reply.map_err(|trouble| trouble.or_missing(missing));
    }
    let list = server.get(OUTBOX, &[])?;
    let raws: Vec<&serde_json::value::RawValue> = serde_json::from_slice(&list.body).unwrap_or_default();
    let rows = list.json.as_array().map_or(&[][..], Vec::as_slice);
    let at = rows.iter().position(|row| json::str(row, "guid") == guid.to_string());
    let found = at.and_then(|at| Some((raws.get(at)?, rows.get(at)?)));
    let (raw, row) = found.ok_or_else(|| Failure::refused(missing()))?;
    Ok(Reply {
        body: raw.get().as_bytes().to_vec(),
        json: row.clone(),
    })
}

/// Rows of a page: those without a text are left out.
struct Page(Vec<(&'static str, Cell)>);

impl Page {
    fn line(&mut self, name: &'static str, text: impl AsRef<str>) {
        if !text.as_ref().trim().is_empty() {
            self.0.push((name, output::line(text)));
        }
    }

    fn text(&mut self, name: &'static str, text: &str) {
        if !text.trim().is_empty() {
            self.0.push((name, output::cell(text.trim())));
        }
    }
}

/// A row of the compatible API.
fn page(request: &Value, side: Side) -> String {
    let text = |key: &str| json::str(request, key);
    let mut page = Page(Vec::new());
    page.line("Guid", text("guid"));
    page.0.push(("Status", words::status(text("status"))));
    page.line(
        "Next",
        match side {
            Side::Sent => words::next(request),
            Side::Received => words::next_here(request),
        },
    );
    page.line(
        "To",
        words::person(text("requestee_formal_name"), text("requestee_email")),
    );
    page.line("of", text("requestee_company_name"));
    page.line(
        "From",
        words::person(text("requester_formal_name"), text("requester_email")),
    );
    page.line("of", text("requester_company_name"));
    page.line("Reason", text("reason"));
    page.line("Sent", words::moment(text("created_time")));
    page.line("Last mail", words::day(text("email_sent_date")));
    page.line("Accepted", words::day(text("requestee_tos_date")));
    if side == Side::Received {
        page.line(
            "Read",
            if json::at(request, "read") == &Value::Bool(true) {
                "yes"
            } else {
                "no"
            },
        );
    }
    page.line("Risk vectors", vectors(json::items(request, "context.risk_vectors")));
    page.line(
        "Findings",
        json::items(request, "rolledup_observation_ids")
            .iter()
            .map(json::text)
            .collect::<Vec<_>>()
            .join(" "),
    );
    page.line("Copies", text("ccs").replace(',', ", "));
    page.line("Third parties", people(json::items(request, "third_parties")));
    page.text("Message", text("message"));
    page.text("Notes", text("notes"));
    output::facts(page.0)
}

/// A request of Liaison's own API.
fn own_page(request: &Value) -> String {
    let text = |place: &str| json::str(request, place);
    let mut page = Page(Vec::new());
    page.line("Guid", text("guid"));
    page.0.push(("Status", words::status(text("status"))));
    page.line("Next", text("next.sentence"));
    page.line(
        "To",
        words::person(text("vendor.requestee.formal_name"), text("vendor.requestee.email")),
    );
    page.line("of", text("vendor.company_name"));
    page.line(
        "From",
        words::person(text("client.requester.formal_name"), text("client.requester.email")),
    );
    page.line("of", text("client.company_name"));
    page.line("Reason", text("reason"));
    page.line("Sent", words::moment(text("created_time")));
    page.line("Last mail", mail(request));
    page.line("Opened", words::moment(text("opened_time")));
    page.line("Accepted", words::moment(text("accepted_time")));
    page.line("Access until", words::moment(text("trial_ends_time")));
    page.line("Closed", words::moment(text("resolved_time")));
    page.line("Messages", json::shown(request, "messages_count"));
    page.line(
        "Risk vectors",
        vectors(json::items(request, "context.then.risk_vectors")),
    );
    page.line("Copies", json::shown(request, "ccs").replace(',', ", "));
    page.line("Third parties", people(json::items(request, "third_parties")));
    page.text("Message", text("message"));
    page.text("Notes", text("notes"));
    let mut shown = output::facts(page.0);
    let findings = json::items(request, "findings");
    if !findings.is_empty() {
        shown.push_str("\n\n");
        shown.push_str(&self::findings(findings));
    }
    shown
}

fn mail(request: &Value) -> String {
    let sent = words::moment(json::str(request, "email_sent_time"));
    match json::str(request, "delivery") {
        "" => sent,
        delivery => format!("{sent} ({delivery})"),
    }
}

fn findings(findings: &[Value]) -> String {
    let rows = findings.iter().map(|finding| {
        let text = |place: &str| json::str(finding, place);
        [
            output::line(text("rolledup_observation_id")),
            output::line(text("risk_vector.name")),
            output::line(text("severity_category")),
            words::grade(text("grade")),
            output::line(text("evidence")),
            output::line(words::day(text("last_seen"))),
        ]
    });
    output::short_table(
        ["id", "risk vector", "severity", "grade", "evidence", "last seen"],
        rows,
    )
}

/// `DNSSEC (F), Open Ports (A)`.
fn vectors(vectors: &[Value]) -> String {
    let named = vectors.iter().map(|vector| {
        let name = [
            json::str(vector, "risk_vector.name"),
            json::str(vector, "risk_vector.slug"),
        ];
        let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        match json::str(vector, "grade") {
            "" => name.to_owned(),
            grade => format!("{name} ({grade})"),
        }
    });
    named.collect::<Vec<_>>().join(", ")
}

fn people(people: &[Value]) -> String {
    let named = people
        .iter()
        .map(|one| words::person(json::str(one, "name"), json::str(one, "email")));
    named.collect::<Vec<_>>().join(", ")
}
