//! What becomes of a mail, for every stage and every kind of answer.

use liaison_mail::{Outcome, Relay, Smtp};

use crate::script::{Act, ScriptedRelay, Stage, Step};

const MAIL: &[u8] = b"Subject: x\r\n\r\nbody\r\n";

async fn outcome(login: &str, steps: &[Step]) -> (Outcome, Vec<String>) {
    let relay = ScriptedRelay::start(steps).await;
    let outcome = relay
        .client(login)
        .send("from@blueseas.example", "to@blackhills.example", MAIL)
        .await;
    (outcome, relay.commands())
}

/// An outcome without its words.
type Kind = (&'static str, Option<u16>);

fn kind(outcome: &Outcome) -> Kind {
    match outcome {
        Outcome::Accepted { .. } => ("accepted", None),
        Outcome::Refused { code, .. } => ("refused", Some(*code)),
        Outcome::Later { code, .. } => ("later", *code),
        Outcome::Paused { code, .. } => ("paused", Some(*code)),
    }
}

#[tokio::test]
async fn a_mail_is_accepted_in_one_transaction() {
    let (outcome, commands) = outcome("", &[]).await;
    assert_eq!(
        outcome,
        Outcome::Accepted {
            reply: "250 2.0.0 taken 2.0.0 as 1".to_owned()
        }
    );
    let expected = [
        "EHLO here.example",
        "MAIL FROM:<from@blueseas.example>",
        "RCPT TO:<to@blackhills.example>",
        "DATA",
        "<message>",
    ];
    assert_eq!(commands, expected);
}

#[tokio::test]
async fn every_stage_and_every_answer() {
    use Stage::{Auth, Banner, Data, Dot, Ehlo, Mail, Rcpt};
    let temporary = ["421 no", "450 no", "451 no", "452 no"];
    let permanent = ["500 no", "550 no", "552 no", "554 no"];
    let mut table: Vec<(Stage, Act, Kind)> = Vec::new();
    for stage in [Banner, Ehlo, Auth, Mail, Rcpt, Data, Dot] {
        for text in temporary {
            table.push((stage, Act::Say(text), ("later", text[..3].parse().ok())));
        }
        for text in permanent {
            let means = match stage {
                Banner | Ehlo => "later",
                Auth => "paused",
                _ => "refused",
            };
            table.push((stage, Act::Say(text), (means, text[..3].parse().ok())));
        }
        for text in ["530 no", "534 no", "535 no", "538 no"] {
            table.push((stage, Act::Say(text), ("paused", text[..3].parse().ok())));
        }
        table.push((stage, Act::Say("garbage"), ("later", None)));
        table.push((stage, Act::Say("999 odd"), ("later", None)));
        table.push((stage, Act::Cut, ("later", None)));
        table.push((stage, Act::Stall, ("later", None)));
    }
    assert!(table.len() >= 110, "{}", table.len());
    let cases = table.into_iter().map(|(stage, act, expected)| async move {
        let (outcome, _) = outcome("user:secret@", &[(stage, 1, act)]).await;
        assert_eq!(kind(&outcome), expected, "{stage:?} {act:?} {outcome:?}");
    });
    let tasks: Vec<_> = cases.map(tokio::spawn).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn nobody_listens() {
    let relay: Relay = "smtp://127.0.0.1:1".parse().unwrap();
    let outcome = Smtp::new(relay, "here.example".to_owned())
        .send("a@b.example", "c@d.example", MAIL)
        .await;
    assert_eq!(kind(&outcome), ("later", None), "{outcome:?}");
}

#[tokio::test]
async fn a_login_that_nobody_asked_for_pauses() {
    let relay = ScriptedRelay::start_with(&[], "250 relay.example").await;
    let outcome = relay
        .client("user:secret@")
        .send("a@b.example", "c@d.example", MAIL)
        .await;
    assert_eq!(kind(&outcome), ("paused", Some(504)), "{outcome:?}");
}

#[tokio::test]
async fn without_the_tls_that_is_required_nothing_is_said() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = relay.client_with("user:secret@", "?starttls=required", std::time::Duration::from_secs(1));
    let outcome = client.send("a@b.example", "c@d.example", MAIL).await;
    assert_eq!(kind(&outcome), ("later", None), "{outcome:?}");
    assert_eq!(relay.commands(), ["EHLO here.example"]);
}

#[tokio::test]
async fn plain_text_behind_starttls_is_not_taken_for_a_reply() {
    let injected = "220 go\r\n250-relay.example\r\n250 AUTH PLAIN\r\n235 welcome";
    let relay = ScriptedRelay::start_with(
        &[(Stage::StartTls, 1, Act::Say(injected))],
        "250-relay.example\r\n250-AUTH PLAIN\r\n250 STARTTLS",
    )
    .await;
    let outcome = relay
        .client("user:secret@")
        .send("a@b.example", "c@d.example", MAIL)
        .await;
    assert_eq!(kind(&outcome), ("later", None), "{outcome:?}");
    assert!(
        !relay.commands().iter().any(|command| command.starts_with("AUTH")),
        "{:?}",
        relay.commands()
    );
}

#[tokio::test]
async fn replies_are_one_short_line_without_the_password() {
    let echo =
        "535-bad \u{1b}[31mline \u{202e}\r\n535 AUTH PLAIN AHVzZXIAc2VjcmV0LXBhc3M= secret-pass c2VjcmV0LXBhc3M=";
    let (outcome, commands) = outcome("user:secret-pass@", &[(Stage::Auth, 1, Act::Say(echo))]).await;
    assert_eq!(commands[1], "AUTH PLAIN AHVzZXIAc2VjcmV0LXBhc3M=");
    let Outcome::Paused { code: 535, reply } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(reply, "535 bad [31mline AUTH PLAIN *** *** ***");
    let long: &'static str = Box::leak(format!("550 {}", "x".repeat(900)).into_boxed_str());
    let (outcome, _) = self::outcome("", &[(Stage::Rcpt, 1, Act::Say(long))]).await;
    let Outcome::Refused { code: 550, reply } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(reply.chars().count(), 500);
}

#[tokio::test]
async fn addresses_that_are_none_are_not_sent_to_the_relay() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = relay.client("");
    for to in [
        "",
        "nobody",
        "a@b.example> SIZE=1",
        "a@b.example\r\nRCPT TO:<c@d.example>",
    ] {
        let outcome = client.send("a@b.example", to, MAIL).await;
        assert_eq!(kind(&outcome), ("refused", Some(553)), "{outcome:?}");
    }
    let outcome = client.send("nobody", "a@b.example", MAIL).await;
    assert_eq!(kind(&outcome), ("paused", Some(530)), "{outcome:?}");
    let outcome = client.send("a@b.example", "jürgen@d.example", MAIL).await;
    assert_eq!(kind(&outcome), ("refused", Some(553)), "{outcome:?}");
    assert!(!relay.commands().iter().any(|command| command.starts_with("MAIL")));
}

#[tokio::test]
async fn dots_and_bare_line_ends_cannot_end_a_message() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = relay.client("");
    let message = b"Subject: x\r\n\r\n.\r\n..a\n.\nb\r.\r\nc\n.\r\nMAIL FROM:<evil@x.example>\r\n";
    let outcome = client.send("a@b.example", "c@d.example", message).await;
    assert_eq!(kind(&outcome), ("accepted", None));
    let seen = relay.seen.lock().unwrap();
    let stuffed = "Subject: x\r\n\r\n..\r\n...a\r\n..\r\nb\r\n..\r\nc\r\n..\r\nMAIL FROM:<evil@x.example>\r\n";
    assert_eq!(String::from_utf8_lossy(&seen.messages[0]), stuffed);
    assert_eq!(seen.messages.len(), 1);
}

#[tokio::test]
async fn extensions_are_asked_for_when_needed() {
    let relay = ScriptedRelay::start_with(&[], "250-relay.example\r\n250-8BITMIME\r\n250 SMTPUTF8").await;
    let client = relay.client("");
    let outcome = client
        .send("a@b.example", "jürgen@d.example", "Subject: ü\r\n\r\nü\r\n".as_bytes())
        .await;
    assert_eq!(kind(&outcome), ("accepted", None), "{outcome:?}");
    assert!(
        relay
            .commands()
            .contains(&"MAIL FROM:<a@b.example> SMTPUTF8 BODY=8BITMIME".to_owned()),
        "{:?}",
        relay.commands()
    );
}

#[tokio::test]
async fn the_check_gives_the_greeting_or_the_reason() {
    let relay = ScriptedRelay::start(&[(Stage::Banner, 1, Act::Say("220-relay.example ESMTP\r\n220 be nice"))]).await;
    assert_eq!(
        relay.client("user:secret@").check().await.as_deref(),
        Ok("220-relay.example ESMTP 220 be nice")
    );
    relay.until("QUIT").await;
    let commands = relay.commands();
    assert_eq!(commands[2..], ["NOOP", "QUIT"], "{commands:?}");
    let relay = ScriptedRelay::start(&[(Stage::Auth, 1, Act::Say("535 5.7.8 no"))]).await;
    assert_eq!(
        relay.client("user:secret@").check().await.as_deref(),
        Err(&"535 5.7.8 no".to_owned())
    );
    let relay = ScriptedRelay::start(&[(Stage::Quit, 1, Act::Cut)]).await;
    assert_eq!(relay.client("").check().await.as_deref(), Ok("220 relay.example ready"));
}
