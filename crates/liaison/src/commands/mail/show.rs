//! `liaison mail show`: what a recipient reads, and the link to hand over where mail does not go out.

use std::fmt::Write as _;

use clap::Args;
use liaison_domain::Guid;
use liaison_mail::Readable;
use liaison_operations::mails::{self, Delivery};
use serde::Serialize;

use super::{Shown, unknown};
use crate::app::Desk;
use crate::cli::guid;
use crate::failure::{Failure, OrMissing as _};
use crate::output::{self, Output};

/// Which mail.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Guid of the mail, from `liaison mail list`
    #[arg(value_parser = guid)]
    guid: Guid,
    /// Print the message as it goes over the wire and nothing else; pipe it into a file or a mail program
    #[arg(long, conflicts_with = "json")]
    raw: bool,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    delivery: Shown,
    message: Option<Message>,
    /// Why there is no message any more.
    message_gone: Option<&'static str>,
    link: Option<String>,
}

#[derive(Serialize)]
struct Message {
    from: String,
    to: String,
    cc: String,
    reply_to: String,
    subject: String,
    date: String,
    message_id: String,
    text: String,
    html: String,
}

impl From<Readable> for Message {
    fn from(mail: Readable) -> Message {
        Message {
            from: mail.from,
            to: mail.to,
            cc: mail.cc,
            reply_to: mail.reply_to,
            subject: mail.subject,
            date: mail.date,
            message_id: mail.message_id,
            text: mail.text,
            html: mail.html,
        }
    }
}

pub(super) fn run(desk: &Desk, args: &ShowArgs, output: Output) -> Result<(), Failure> {
    let guid = args.guid;
    let (delivery, bytes) = desk
        .db
        .read_blocking(move |tx| mails::show(tx, guid))
        .or_missing(|| unknown(guid))?;
    let gone = bytes.is_none().then(|| why_gone(&delivery));
    if args.raw {
        let bytes = bytes.ok_or_else(|| Failure::refused(gone.unwrap_or_default()))?;
        return output::bytes(&bytes);
    }
    let message = bytes
        .map(|bytes| liaison_mail::read(&bytes))
        .transpose()
        .map_err(|error| Failure::refused(error.to_string()))?
        .map(Message::from);
    let whole = Whole {
        delivery: Shown::from(&delivery),
        link: message.as_ref().and_then(|message| link_in(&message.text)),
        message,
        message_gone: gone,
    };
    output.show(&whole, page)
}

/// A mail with a personal link loses its bytes when the link is of no more use here.
fn why_gone(delivery: &Delivery) -> &'static str {
    match delivery.state.as_str() {
        "sent" => "the relay took this mail; its link is its recipient's alone and is not kept",
        _ => "this mail was replaced by a newer one or its link was used; nothing of it is kept",
    }
}

/// The personal link in the text of a mail: the word whose path is `/i/` or `/password/` and 32 letters or digits.
pub(crate) fn link_in(text: &str) -> Option<String> {
    let is_link = |word: &&str| {
        let path = ["/i/", "/password/"].iter().find_map(|path| word.rsplit_once(path));
        path.is_some_and(|(base, token)| {
            base.contains("://") && token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    text.split_whitespace().find(is_link).map(str::to_owned)
}

fn page(mail: &Whole) -> String {
    let mut page = String::new();
    let delivery = &mail.delivery;
    let line = |page: &mut String, name: &str, value: &str| {
        if !value.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(page, "{name:<11} {}", output::harmless(value));
        }
    };
    line(&mut page, "State", &state(delivery));
    line(&mut page, "Recipient", &delivery.recipient);
    if let Some(message) = &mail.message {
        for (name, value) in [
            ("From", &message.from),
            ("To", &message.to),
            ("Cc", &message.cc),
            ("Reply-To", &message.reply_to),
            ("Subject", &message.subject),
            ("Date", &message.date),
            ("Message-ID", &message.message_id),
        ] {
            line(&mut page, name, value);
        }
        page.push('\n');
        page.push_str(output::harmless(&message.text).trim_end());
        page.push('\n');
    } else {
        line(&mut page, "Subject", &delivery.subject);
        line(&mut page, "Written", &delivery.created_time);
    }
    if let Some(gone) = mail.message_gone {
        let _ = writeln!(page, "\nNo text: {gone}.");
    }
    if let Some(link) = &mail.link {
        let _ = writeln!(
            page,
            "\nLink to copy (whoever has it can {}):\n{}",
            if delivery.kind == "activation" {
                "accept"
            } else {
                "sign in as that person"
            },
            output::harmless(link)
        );
    }
    page
}

fn state(delivery: &Shown) -> String {
    let when = match (&delivery.ended_time, &delivery.next_time) {
        (Some(ended), _) => format!(" at {ended}"),
        (None, Some(next)) => format!(", tried next at {next}"),
        (None, None) => String::new(),
    };
    let reply = delivery
        .reply
        .as_ref()
        .map_or_else(String::new, |reply| format!(": {reply}"));
    format!("{}{when}{reply}", delivery.state)
}

#[cfg(test)]
mod tests {
    use super::link_in;

    #[test]
    fn the_link_is_found_among_others() {
        let text = "See https://l.example/verify/1\n\nhttps://l.example/x/i/abcdefghijklmnopqrstuvwxyz234567\n\nBye";
        let link = "https://l.example/x/i/abcdefghijklmnopqrstuvwxyz234567";
        assert_eq!(link_in(text).as_deref(), Some(link));
        let password = "https://l.example/password/abcdefghijklmnopqrstuvwxyz234567";
        assert_eq!(link_in(&format!("Here:\n{password}\n")).as_deref(), Some(password));
        assert_eq!(link_in("https://l.example/i/short"), None);
    }
}
