//! `liaison mail test`: one mail through the relay, now, and what the relay said. No database is touched.

use clap::Args;
use liaison_domain::{Clock as _, Timestamp, emails, ids};
use liaison_mail::{Identity, Outcome};
use serde::Serialize;

use crate::app;
use crate::cli::{Common, ServerFlags};
use crate::config::{self, ServerConfig};
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::system::{OsEntropy, SystemClock};

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Address that gets the mail
    address: String,
    #[command(flatten)]
    server: ServerFlags,
}

#[derive(Serialize)]
struct Tried {
    accepted: bool,
    relay: String,
    recipient: String,
    reply: String,
}

/// Sends it.
pub(crate) fn run(common: &Common, args: &TestArgs, output: Output) -> Result<(), Failure> {
    if !emails::is_valid(&args.address) {
        return Err(Failure::usage(format!("{} is not an e-mail address", args.address)));
    }
    let (_, server) = config::of_server(common, &args.server)?;
    let relay = server.relay.clone().ok_or_else(|| {
        Failure::usage("smtp: no relay is configured, so mails are kept; name one with --smtp or LIAISON_SMTP")
    })?;
    let outcome = send(&server, &relay, &args.address)?;
    let (accepted, reply, advice) = judge(outcome);
    let tried = Tried {
        accepted,
        relay: relay.to_string(),
        recipient: args.address.clone(),
        reply,
    };
    output.show(&tried, |tried| {
        let verdict = if tried.accepted { "took" } else { "did not take" };
        format!(
            "{} {verdict} a mail to {}: {}",
            tried.relay,
            tried.recipient,
            output::harmless(&tried.reply)
        )
    })?;
    match advice {
        None => Ok(()),
        Some(advice) => Err(Failure::refused(advice)),
    }
}

fn send(server: &ServerConfig, relay: &liaison_mail::Relay, address: &str) -> Result<Outcome, Failure> {
    let smtp = app::smtp(server, relay);
    let sender = server.identity.from.email.to_string();
    let bytes = message(&server.identity, address, SystemClock.now())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(async {
        let outcome = smtp.send(&sender, address, &bytes).await;
        smtp.close().await;
        outcome
    }))
}

/// The reply, whether the mail was taken, and what to do where it was not.
fn judge(outcome: Outcome) -> (bool, String, Option<&'static str>) {
    match outcome {
        Outcome::Accepted { reply } => (true, reply, None),
        Outcome::Refused { reply, .. } => (
            false,
            reply,
            Some("the relay refuses this recipient or this sender for good; look at its words and at --mail-from"),
        ),
        Outcome::Later { reply, .. } => (
            false,
            reply,
            Some("not now: the server would try again for 4 days; look at the host, the port and the firewall"),
        ),
        Outcome::Paused { reply, .. } => (
            false,
            reply,
            Some("the relay refuses this server; look at the user, the password and the TLS options in --smtp"),
        ),
    }
}

/// All ASCII: nothing in it needs encoding.
fn message(identity: &Identity, address: &str, now: Timestamp) -> Result<Vec<u8>, Failure> {
    let moment =
        jiff::Timestamp::from_millisecond(now.as_millis()).map_err(|error| Failure::refused(error.to_string()))?;
    let date = jiff::fmt::rfc2822::to_string(&moment.to_zoned(jiff::tz::TimeZone::UTC))
        .map_err(|error| Failure::refused(error.to_string()))?;
    let (from, server) = (&identity.from.email, &identity.server_name);
    let guid = ids::new_guid(now, &OsEntropy::default());
    let host = from.domain();
    Ok(format!(
        "Date: {date}\r\n\
         Message-ID: <{guid}@{host}>\r\n\
         From: {from}\r\n\
         To: {address}\r\n\
         Subject: Test mail from Liaison at {server}\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         \r\n\
         This mail shows that Liaison at {server} can send through its relay.\r\n\
         Somebody ran `liaison mail test`; there is nothing to answer.\r\n"
    )
    .into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_mail_can_be_read_back() {
        let identity = Identity::parse("Liaison <liaison@example.com>", "https://l.example").unwrap();
        let bytes = message(&identity, "me@example.com", Timestamp(1_700_000_000_000)).unwrap();
        let mail = liaison_mail::read(&bytes).unwrap();
        assert_eq!(mail.from, "liaison@example.com");
        assert_eq!(mail.date, "Tue, 14 Nov 2023 22:13:20 +0000");
        assert!(mail.text.contains("Liaison at l.example"), "{}", mail.text);
    }
}
