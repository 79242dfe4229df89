//! `liaison invite`: what is sent, what is refused, and that an invitation counts once.

use std::time::Duration;

use liaison_testkit::fake::{self, Fake, Say};
use liaison_testkit::{Shell, TestApp, json, on_both, world};

const OUTBOX: &str = "/ratings/v1/access-requests";

fn emma(app: &TestApp) -> Shell {
    Shell::new(app.base(), world::CLIENT_ADMIN)
}

const ANN: [&str; 4] = ["--to", "ann@saperix.example", "--name", "Ann Perry"];

fn invite<'a>(company: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&["invite", company][..], rest].concat()
}

on_both! {
    async fn everything_an_invitation_can_say(app) {
        let shell = emma(app);
        let letter = shell.home().join("letter.txt");
        std::fs::write(&letter, "Please look at these.\r\nThank you.\n\n").unwrap();
        let (message, finding) = (format!("@{}", letter.display()), world::finding_id(0));
        let made = shell.answer(&invite(world::BLACK_HILLS, &[
            "--to", "mcastro@blackhills.com", "--name", "Maria Castro", "--phone", "+1 555 0123", "--message", &message,
            "--finding", &finding, "--finding", &world::finding_id(7), "--risk-vector", "botnet", "--reason", "Remediation",
            "--cc", "risk@blueseas.com,legal@blueseas.com", "--third-party", "Ada Auditor <ada@auditors.example>",
            "--notes", "Chase in two weeks.", "--trial-days", "45",
        ]));
        let sent = app.client(world::CLIENT_ADMIN).sent(made["guid"].as_str().unwrap()).await;
        assert_eq!(made, sent);
        for (key, value) in [
            ("requestee_email", json!("mcastro@blackhills.com")),
            ("requestee_formal_name", json!("Maria Castro")),
            ("requestee_friendly_name", json!("Maria")),
            ("requestee_phone", json!("+1 555 0123")),
            ("message", json!("Please look at these.\nThank you.")),
            ("rolledup_observation_ids", json!([finding, world::finding_id(7)])),
            ("reason", json!("remediation")),
            ("ccs", json!("risk@blueseas.com,legal@blueseas.com")),
            ("third_parties", json!([{"email": "ada@auditors.example", "name": "Ada Auditor"}])),
            ("notes", json!("Chase in two weeks.")),
            ("trial_duration", json!(45)),
            ("status", json!("Pending")),
        ] {
            assert_eq!(sent[key], value, "{key}");
        }
    }

    async fn the_contact_of_a_company_is_taken(app) {
        let shell = emma(app);
        let said = shell.fed(&invite(world::SAPERIX, &["--message", "-"]), "From a pipe.");
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains("Invited Sam Perry <sam@saperix.example> of Saperix"), "{}", said.out);
        let sent = app.client(world::CLIENT_ADMIN).outbox("").await;
        assert_eq!((sent.len(), &sent[0]["message"]), (1, &json!("From a pipe.")));
        let quiet = shell.out(&invite(world::SAPERIX, &["--quiet"]));
        assert_eq!(quiet.trim().len(), 36, "{quiet}");
    }

    async fn a_dry_run_sends_nothing(app) {
        let shell = emma(app);
        let shown = shell.out(&[&invite(world::SAPERIX, &ANN)[..], &["--message", "Hello.", "--dry-run"]].concat());
        assert!(shown.starts_with("Nothing was sent."), "{shown}");
        for part in ["introduction to Ann Perry <ann@saperix.example>", "activation to", "Subject: Emma Waters", "Hello."] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let mails = shell.out(&[&invite(world::SAPERIX, &ANN)[..], &["--dry-run", "--csv", "--cc", "r@blueseas.com"]].concat());
        assert!(mails.starts_with("recipient.role,recipient.name,recipient.email\r\n") && mails.contains("r@blueseas.com"), "{mails}");
        let refused = shell.run(&invite(world::SAPERIX, &["--to", "ann@elsewhere.example", "--name", "Ann", "--dry-run"]));
        assert_eq!(refused.refusal(1), "liaison: The requestee email domain is unrelated to the entity");
        assert!(app.client(world::CLIENT_ADMIN).outbox("").await.is_empty());
        assert!(app.mails().await.is_empty());
    }

    async fn what_the_server_refuses_is_said_in_its_words(app) {
        let shell = emma(app);
        let many: Vec<String> = (0..11).map(world::finding_id).collect();
        let findings: Vec<&str> = many.iter().flat_map(|id| ["--finding", id.as_str()]).collect();
        for (company, rest, words) in [
            (world::SAPERIX, vec!["--to", "ann@elsewhere.example", "--name", "Ann"], "unrelated to the entity"),
            (world::STRANGER, ANN.to_vec(), "No entity found for specified guid"),
            (world::PRIVATE_COMPANY, vec!["--to", "a@hidden.example", "--name", "A"], "cannot be used for vendor access"),
            (world::BLUE_SEAS, vec!["--to", "emma@blueseas.com", "--name", "E"], "to yourself"),
            (world::BLACK_HILLS, vec![], "Invalid requestee email"),
            (world::BLACK_HILLS, [&["--to", "a@blackhills.com", "--name", "A"], &findings[..]].concat(), "limit shared observations to 10"),
            (world::SAPERIX, [&ANN[..], &["--finding", &many[0]]].concat(), "did not match the entity"),
            (world::SAPERIX, [&ANN[..], &["--reason", "self_requested"]].concat(), "reason"),
            (world::SAPERIX, [&ANN[..], &["--risk-vector", "nonsense"]].concat(), "risk_vector"),
        ] {
            let refused = shell.run(&invite(company, &rest));
            assert!(refused.refusal(1).contains(words), "{words}: {refused:?}");
        }
        let reader = Shell::new(app.base(), world::CLIENT_READER);
        let refused = reader.run(&invite(world::SAPERIX, &ANN));
        assert!(refused.refusal(1).contains("the token in LIAISON_TOKEN does not allow it"), "{refused:?}");
        assert!(app.client(world::CLIENT_ADMIN).outbox("").await.is_empty());
    }
}

#[test]
fn wrong_flags_are_told() {
    let shell = Shell::new("http://127.0.0.1:1", "token-of-nobody-at-all");
    for (rest, words) in [
        (vec![], "<COMPANY>"),
        (vec![world::SAPERIX, "--to", "ann"], "write an address like"),
        (
            vec![world::SAPERIX, "--to", "ann@saperix.example"],
            "--name is needed with --to",
        ),
        (
            vec![world::SAPERIX, "--cc", "risk@blueseas.com,legal"],
            "write an address like",
        ),
        (vec![world::SAPERIX, "--third-party", "Ada Auditor"], "Name <address>"),
        (vec![world::SAPERIX, "--trial-days", "366"], "1..=365"),
        (vec![world::SAPERIX, "--reason", "why"], "invalid value"),
        (
            vec![world::SAPERIX, "--message", "@/nonexistent/letter"],
            "/nonexistent/letter",
        ),
        (vec![" "], "write a guid, a domain or a name"),
        (vec![world::SAPERIX, "--again", "--again"], "multiple times"),
    ] {
        let ended = shell.run(&[&["invite"][..], &rest].concat());
        assert!(
            ended.code == Some(2) && ended.err.contains(words),
            "{rest:?}: {ended:?}"
        );
    }
    let long = shell.fed(&["invite", world::SAPERIX, "--message", "-"], &"x".repeat(10_001));
    assert!(long.refusal(2).contains("at most 10000 characters"), "{long:?}");
}

/// A server that takes invitations and says nothing, until it has been asked as often as a command tries.
async fn silent_at_first() -> Fake {
    Fake::start(|asked| match (asked.path.as_str(), asked.before) {
        (OUTBOX, before) if before < 4 => vec![Say::Pause(Duration::from_millis(1))],
        (OUTBOX, _) => fake::json(
            201,
            &json!({"guid": "g", "status": "Pending", "requestee_email": "ann@saperix.example"}),
        ),
        _ => fake::json(404, &json!({"detail": "Not found."})),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_without_an_answer_is_the_same_when_it_is_tried_again() {
    let server = silent_at_first().await;
    let shell = Shell::new(&server.url, "token-of-blueseas-admin");
    let command = invite(world::SAPERIX, &ANN);
    let lost = shell.run(&command);
    assert!(lost.refusal(1).contains("run the same command again"), "{lost:?}");
    shell.out(&command);
    let sent = server.asked();
    let keys: Vec<&String> = sent
        .iter()
        .filter(|asked| asked.path == OUTBOX)
        .map(|asked| &asked.headers["idempotency-key"])
        .collect();
    assert_eq!(keys.len(), 5);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    shell.out(&command);
    let other = [&command[..], &["--notes", "Another one."]].concat();
    shell.out(&other);
    let last = server.asked();
    let keys: Vec<&String> = last
        .iter()
        .rev()
        .take(2)
        .map(|asked| &asked.headers["idempotency-key"])
        .collect();
    assert!(
        keys[0] != keys[1]
            && !sent
                .iter()
                .any(|asked| asked.headers.get("idempotency-key") == Some(keys[1])),
        "new ones"
    );
}
