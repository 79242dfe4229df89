//! Connections are used again, replaced when they died, few, and not kept for long.

use std::sync::Arc;
use std::time::Duration;

use liaison_mail::{Outcome, Smtp};

use crate::script::{Act, ScriptedRelay, Stage};

async fn send(client: &Smtp) -> bool {
    let outcome = client
        .send("a@b.example", "c@d.example", b"Subject: x\r\n\r\nx\r\n")
        .await;
    matches!(outcome, Outcome::Accepted { .. })
}

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = relay.client("user:secret@");
    for _ in 0..5 {
        assert!(send(&client).await);
    }
    client.close().await;
    relay.until("QUIT").await;
    let seen = relay.seen.lock().unwrap();
    assert_eq!((seen.connections, seen.messages.len()), (1, 5));
    assert_eq!(
        seen.commands
            .iter()
            .filter(|command| command.starts_with("AUTH"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_refusal_does_not_cost_the_connection() {
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        let relay = ScriptedRelay::start(&[(stage, 1, Act::Say("550 no"))]).await;
        let client = relay.client("");
        assert!(!send(&client).await);
        assert!(send(&client).await);
        assert_eq!(relay.seen.lock().unwrap().connections, 1, "{stage:?}");
        assert!(relay.commands().contains(&"RSET".to_owned()), "{stage:?}");
    }
}

#[tokio::test]
async fn a_connection_that_died_is_replaced() {
    for act in [Act::Cut, Act::Say("421 idle too long"), Act::Stall] {
        let relay = ScriptedRelay::start(&[(Stage::Mail, 2, act)]).await;
        let client = relay.client("");
        assert!(send(&client).await);
        assert!(send(&client).await, "{act:?}");
        let seen = relay.seen.lock().unwrap();
        assert_eq!((seen.connections, seen.messages.len()), (2, 2), "{act:?}");
    }
}

#[tokio::test]
async fn a_loss_after_the_first_command_is_not_repeated_at_once() {
    let relay = ScriptedRelay::start(&[(Stage::Dot, 2, Act::Cut)]).await;
    let client = relay.client("");
    assert!(send(&client).await);
    assert!(!send(&client).await);
    assert_eq!(relay.seen.lock().unwrap().messages.len(), 2);
    assert!(send(&client).await);
}

#[tokio::test]
async fn never_more_than_four_at_a_time() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = Arc::new(relay.client_with("", "", Duration::from_secs(30)));
    let sends: Vec<_> = (0..40)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { send(&client).await }
            })
        })
        .collect();
    for done in sends {
        assert!(done.await.unwrap());
    }
    let seen = relay.seen.lock().unwrap();
    assert_eq!(seen.messages.len(), 40);
    assert!(
        seen.most_at_once <= 4 && seen.connections <= 4,
        "{} {}",
        seen.most_at_once,
        seen.connections
    );
}

#[tokio::test]
async fn an_idle_connection_is_left() {
    let relay = ScriptedRelay::start(&[]).await;
    let client = relay.client_with("", "", Duration::from_millis(30));
    assert!(send(&client).await);
    relay.until("QUIT").await;
    assert!(send(&client).await);
    assert_eq!(relay.seen.lock().unwrap().connections, 2);
}

#[tokio::test]
async fn a_relay_that_leaves_rudely_changes_nothing() {
    let relay = ScriptedRelay::start(&[(Stage::Quit, 1, Act::Cut), (Stage::Quit, 2, Act::Stall)]).await;
    let client = relay.client("");
    for _ in 0..2 {
        assert!(send(&client).await);
        client.close().await;
    }
}
