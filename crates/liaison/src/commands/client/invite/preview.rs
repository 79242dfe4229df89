//! `liaison invite --dry-run`: Liaison shows every mail; another server is asked what it can tell.

use serde_json::{Value, json};

use super::super::answers::{Printer, Rows};
use super::super::companies::Found;
use super::super::requests::OWN;
use super::super::server::Server;
use super::super::{json, words};
use crate::failure::Failure;
use crate::output;

const COLUMNS: &[&str] = &["recipient.role", "recipient.name", "recipient.email"];
const VERDICT_COLUMNS: &[&str] = &["company_guid", "email", "email_valid", "error_message"];

/// Shows what would be sent, or why it would be refused.
pub(super) fn show(server: &Server, company: &Found, body: &Value, printer: Printer) -> Result<(), Failure> {
    match server.post(&format!("{OWN}/preview"), body, None) {
        Ok(reply) => {
            let recipients = reply.json.as_array().map_or(&[][..], Vec::as_slice);
            let rows = Rows {
                document: &reply.body,
                rows: recipients,
                columns: COLUMNS,
                id: "recipient.email",
            };
            printer.rows(&rows, mails)
        }
        Err(trouble) if trouble.is_not_found() => verdict(server, company, body, printer),
        Err(trouble) => Err(trouble.into()),
    }
}

fn mails(recipients: &[Value]) -> String {
    let mut text = String::from("Nothing was sent. This is what would be mailed:\n");
    for recipient in recipients {
        let of = |place: &str| json::str(recipient, place);
        let person = words::person(of("recipient.name"), of("recipient.email"));
        for mail in json::items(recipient, "mails") {
            let part = |key: &str| json::str(mail, key);
            let role = of("recipient.role").replace('_', " ");
            let to = match person.trim().is_empty() {
                true => format!("each {role}"),
                false => format!("{person} ({role})"),
            };
            text.push_str(&format!(
                "\n--- {} to {to}\nSubject: {}\n\n{}\n",
                part("kind"),
                part("subject"),
                part("text").trim_end()
            ));
        }
    }
    output::harmless(&text)
}

/// A server without previews tells at least whether the address can be used.
fn verdict(server: &Server, company: &Found, body: &Value, printer: Printer) -> Result<(), Failure> {
    let email = json::str(body, "vendor_access_request.requestee_email");
    if email.is_empty() {
        return Err(Failure::refused(
            "this server has no preview, and without --to there is no address to check; nothing was sent",
        ));
    }
    let question = json!({"email_validations": [{"company_guid": company.guid, "email": email}]});
    let path = "/v1/companies/validate-recipient-emails";
    let reply = server.post(path, &question, None).map_err(|trouble| {
        trouble.or_missing(|| {
            "this server can neither preview invitations nor check addresses; nothing was sent".to_owned()
        })
    })?;
    let verdicts = json::items(&reply.json, "email_validations");
    let rows = Rows {
        document: &reply.body,
        rows: verdicts,
        columns: VERDICT_COLUMNS,
        id: "email",
    };
    let is_valid = verdicts
        .iter()
        .all(|one| json::at(one, "email_valid") == &Value::Bool(true));
    printer.rows(&rows, |_| {
        let verdict = if is_valid {
            "can be invited".to_owned()
        } else {
            let words = verdicts
                .iter()
                .map(|one| json::str(one, "error_message"))
                .collect::<Vec<_>>();
            format!("cannot be invited: {}", words.join("; "))
        };
        output::harmless(&format!(
            "Nothing was sent. This server has no preview of mails; it says that {email} {verdict}."
        ))
    })?;
    if is_valid { Ok(()) } else { Err(Failure::Told) }
}
