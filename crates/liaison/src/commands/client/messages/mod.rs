//! `liaison messages`: the thread of a request, read, written in, and followed live. Only Liaison's own API has it.

mod follow;

use clap::Args;
use liaison_domain::{Guid, limits};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answers::{Printer, Rows, Shape};
use super::at::At;
use super::requests::OWN;
use super::server::Server;
use super::trouble::Trouble;
use super::{Desk, json, words, written};
use crate::cli::guid;
use crate::failure::Failure;
use crate::output;

/// The thread, and what is done with it.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  liaison messages 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f --follow\n  \
                   liaison messages 019ab4c2-9f30-7d11-8c5e-0f6a2b1d3e4f --post 'Port 3389 is closed.'",
    after_help = "Both sides read a thread at any time and write in it while the request is Active. With --follow, --json \
                  prints one line for each message."
)]
pub(crate) struct MessagesArgs {
    /// Guid of the request, from `liaison outbox` or `liaison inbox`
    #[arg(value_parser = guid)]
    guid: Guid,
    /// Write a message: text, @FILE, or - for standard input
    #[arg(long, short, value_name = "TEXT")]
    post: Option<String>,
    /// Stay, and show messages as they come
    #[arg(long, short, conflicts_with_all = ["csv", "quiet"])]
    follow: bool,
    #[command(flatten)]
    pub(super) shape: Shape,
    #[command(flatten)]
    pub(super) at: At,
}

const COLUMNS: &[&str] = &[
    "id",
    "created_time",
    "side",
    "author.name",
    "author.company",
    "body",
    "edited_time",
    "deleted_time",
    "mine",
];

pub(super) fn run(args: &MessagesArgs, desk: Desk) -> Result<(), Failure> {
    let printer = desk.printer(&args.shape);
    let server = desk.server(&args.at)?;
    let thread = Thread {
        server: &server,
        guid: args.guid,
    };
    if let Some(text) = &args.post {
        let posted = thread.post(text)?;
        if !args.follow {
            return printer.rows(&rows(&posted.0, std::slice::from_ref(&posted.1)), |_| {
                "Posted.".to_owned()
            });
        }
    }
    if args.follow {
        return follow::run(&thread, printer);
    }
    let (document, messages) = thread.read()?;
    printer.rows(&rows(&document, &messages), |messages| {
        if messages.is_empty() {
            return format!(
                "Nobody has written yet. Begin:\n  liaison messages {} --post TEXT",
                args.guid
            );
        }
        messages.iter().map(page).collect::<Vec<_>>().join("\n\n")
    })
}

fn rows<'m>(document: &'m [u8], messages: &'m [Value]) -> Rows<'m> {
    Rows {
        document,
        rows: messages,
        columns: COLUMNS,
        id: "id",
    }
}

/// A message as people read it.
fn page(message: &Value) -> String {
    let text = |place: &str| json::str(message, place);
    let mut head = format!(
        "{}, {}, {}",
        words::person(text("author.name"), ""),
        text("author.company"),
        words::moment(text("created_time"))
    );
    if !text("edited_time").is_empty() {
        head.push_str(" (edited)");
    }
    let body = if json::at(message, "body").is_null() {
        "(deleted)"
    } else {
        text("body")
    };
    let body = output::harmless(body).trim_end().replace('\n', "\n  ");
    format!("{}\n  {body}", output::harmless(&head))
}

/// One request's thread.
struct Thread<'s> {
    server: &'s Server,
    guid: Guid,
}

impl Thread<'_> {
    fn path(&self) -> String {
        format!("{OWN}/{}/messages", self.guid)
    }

    fn failure(&self, trouble: Trouble) -> Failure {
        if trouble.is_liaisons_not_found() {
            let guid = self.guid;
            return Failure::refused(format!(
                "no request has the guid {guid}; `liaison outbox` and `liaison inbox` show yours"
            ));
        }
        trouble.or_missing(|| super::only_liaison("show messages"))
    }

    fn post(&self, text: &str) -> Result<(Vec<u8>, Value), Failure> {
        let text = written::given(text)?;
        if text.trim().is_empty() {
            return Err(Failure::usage(format!(
                "post: write something, up to {} characters",
                limits::TEXT_CHARS
            )));
        }
        let key = super::new_key();
        let reply = self.server.post(&self.path(), &json!({"body": text}), Some(&key));
        let reply = reply.map_err(|trouble| self.failure(trouble))?;
        Ok((reply.body, reply.json))
    }

    /// The whole thread, in the shape of one page.
    fn read(&self) -> Result<(Vec<u8>, Vec<Value>), Failure> {
        let mut cursor = String::new();
        let (mut raws, mut messages) = (Vec::new(), Vec::new());
        loop {
            let mut query = vec![("limit", "200".to_owned())];
            if !cursor.is_empty() {
                query.push(("cursor", cursor));
            }
            let reply = self
                .server
                .get(&self.path(), &query)
                .map_err(|trouble| self.failure(trouble))?;
            messages.extend_from_slice(json::items(&reply.json, "results"));
            let page: Page = serde_json::from_slice(&reply.body)
                .map_err(|_| Failure::refused("the server answered with something that is no page of messages"))?;
            let is_first = raws.is_empty();
            raws.extend(page.results);
            match page.next.filter(|next| !next.is_empty()) {
                Some(next) => cursor = next,
                None if is_first => return Ok((reply.body, messages)),
                None => break,
            }
        }
        let all = super::requests::array(raws.iter().map(|raw| raw.get()));
        let document = [&b"{\"results\":"[..], &all, b",\"next\":null}"].concat();
        Ok((document, messages))
    }
}

#[derive(serde::Deserialize)]
struct Page {
    results: Vec<Box<RawValue>>,
    next: Option<String>,
}

/// A message as it comes, for people or as one line of JSON.
fn live(message: &Value, raw: &str, printer: Printer) -> Result<(), Failure> {
    if printer.is_for_people() {
        printer.text(&format!("{}\n", page(message)))
    } else {
        printer.text(raw)
    }
}
