//! What each state of a request says to each side.

use super::*;

const NOW: Timestamp = Timestamp(1_794_474_000_000);

fn facts(status: Status) -> Facts<'static> {
    Facts {
        status,
        delivery: "sent",
        relay_words: None,
        opened_at: None,
        expires_at: NOW.plus_days(14),
        trial_ends_at: None,
        resolved_at: None,
        answered_at: None,
        last_message_side: None,
        requester: "Emma Waters",
        requestee: "Ann Perry",
    }
}

fn client(facts: &Facts<'_>) -> (&'static str, String) {
    let next = what_next(facts, Side::Client, NOW);
    (next.code, next.sentence)
}

fn vendor(facts: &Facts<'_>) -> (&'static str, String) {
    let next = what_next(facts, Side::Vendor, NOW);
    (next.code, next.sentence)
}

#[test]
fn a_mail_on_its_way() {
    let at = |delivery| {
        let facts = Facts {
            delivery,
            ..facts(Status::Pending)
        };
        client(&facts)
    };
    assert_eq!(at("queued"), ("mail_waiting", "The mail waits to be sent.".into()));
    assert_eq!(
        at("sent"),
        (
            "not_opened",
            "The mail was delivered. Ann Perry has not opened it yet.".into()
        )
    );
    assert_eq!(
        at("kept"),
        (
            "link_to_copy",
            "This server sends no mail. Copy the link and give it to Ann Perry yourself.".into()
        )
    );
    assert_eq!(
        at("copied"),
        (
            "link_copied",
            "The link was copied. Once Ann Perry has it, it can be accepted until 26 Nov 2026, 09:00 UTC.".into()
        )
    );
}

#[test]
fn a_mail_that_failed_tells_the_relays_words() {
    let mut failed = Facts {
        delivery: "failed",
        relay_words: Some("550 no such user"),
        ..facts(Status::Pending)
    };
    let words = "The mail to Ann Perry could not be delivered. The mail relay said: \u{201c}550 no such user\u{201d}. \
                 Check the address, or bring the link another way.";
    assert_eq!(client(&failed), ("not_delivered", words.into()));
    failed.status = Status::Active;
    assert_eq!(
        client(&failed).0,
        "not_delivered",
        "somebody with an account gets mail too"
    );
    failed.opened_at = Some(NOW);
    assert_eq!(client(&failed).0, "not_answered", "who came in needs no mail");
    failed.status = Status::Pending;
    failed.relay_words = None;
    assert_eq!(client(&failed).0, "not_accepted");
    failed.opened_at = None;
    assert!(!client(&failed).1.contains("said"), "no words, no quotation");
    assert_eq!(
        vendor(&failed).0,
        "not_accepted",
        "deliveries are the sender's business"
    );
}

#[test]
fn opened_and_not_accepted() {
    let opened = Facts {
        opened_at: Some(NOW),
        delivery: "failed",
        ..facts(Status::Pending)
    };
    let words =
        "Ann Perry opened the invitation and has not accepted it. It can be accepted until 26 Nov 2026, 09:00 UTC.";
    assert_eq!(client(&opened), ("not_accepted", words.into()));
    assert_eq!(
        vendor(&opened),
        ("not_accepted", "Ann Perry was invited and has not accepted yet.".into())
    );
}

#[test]
fn whose_turn_it_is() {
    let mut facts = facts(Status::Active);
    assert_eq!(client(&facts).1, "Ann Perry has access and has not answered yet.");
    assert_eq!(
        vendor(&facts),
        ("not_answered", "Emma Waters waits for your first answer.".into())
    );
    facts.last_message_side = Some("client");
    assert_eq!(client(&facts).0, "not_answered", "what the client wrote is no answer");
    facts.answered_at = Some(NOW);
    assert_eq!(
        client(&facts),
        ("waiting_for_vendor", "You wrote last. It is Ann Perry's turn.".into())
    );
    assert_eq!(vendor(&facts).1, "Emma Waters wrote last. It is your turn.");
    facts.last_message_side = Some("vendor");
    assert_eq!(
        client(&facts),
        (
            "waiting_for_client",
            "Ann Perry's side answered. It is your turn.".into()
        )
    );
    assert_eq!(vendor(&facts).1, "You answered. It is Emma Waters's turn.");
}

#[test]
fn a_trial_that_ends() {
    let mut facts = facts(Status::Active);
    facts.trial_ends_at = Some(Timestamp(NOW.plus_days(7).0 + 1));
    assert_eq!(client(&facts).0, "not_answered");
    facts.trial_ends_at = Some(NOW.plus_days(7));
    assert_eq!(
        client(&facts),
        (
            "trial_ending",
            "Access ends in 7 days, on 19 Nov 2026, 09:00 UTC.".into()
        )
    );
    facts.trial_ends_at = Some(NOW.plus_days(1));
    assert!(vendor(&facts).1.starts_with("Access ends in 1 day, on"));
    facts.trial_ends_at = Some(Timestamp(NOW.0 + 1));
    assert!(client(&facts).1.starts_with("Access ends in less than a day"));
    facts.last_message_side = Some("vendor");
    let (code, sentence) = client(&facts);
    assert_eq!(code, "waiting_for_client", "an answer that waits comes first");
    assert!(sentence.contains("It is your turn. Access ends in less"), "{sentence}");
}

#[test]
fn what_is_over() {
    let mut over = facts(Status::Never);
    over.expires_at = NOW;
    assert_eq!(
        client(&over),
        (
            "expired",
            "The invitation ran out on 12 Nov 2026, 09:00 UTC. Send it again if it still matters.".into()
        )
    );
    assert!(vendor(&over).1.ends_with("Ask Emma Waters to send it again."));
    over.status = Status::Inactive;
    over.trial_ends_at = Some(NOW);
    assert_eq!(
        client(&over),
        (
            "inactive",
            "Access ended on 12 Nov 2026, 09:00 UTC. Make the trial longer to go on.".into()
        )
    );
    assert!(vendor(&over).1.ends_with("Ask Emma Waters for more time."));
    over.trial_ends_at = Some(NOW.plus_days(1));
    assert_eq!(client(&over).0, "switched_off");
    over.status = Status::Resolved;
    assert_eq!(client(&over), ("resolved", "Closed.".into()));
    over.resolved_at = Some(NOW);
    assert_eq!(
        vendor(&over).1,
        "Closed on 12 Nov 2026, 09:00 UTC. Nothing is left to do."
    );
}

#[test]
fn what_somebody_asked_for() {
    assert_eq!(
        client(&facts(Status::Requested)),
        (
            "requested",
            "Ann Perry asks to be invited. Approve or reject it.".into()
        )
    );
    assert_eq!(client(&facts(Status::Rejected)).0, "rejected");
}
