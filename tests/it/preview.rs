//! What an invitation would mail, before it is sent.

use liaison_testkit::invitations::{documented, to_saperix, to_vera, with, without};
use liaison_testkit::{Client, Reply, Value, json, on_both, world};

async fn preview(client: &Client, invitation: &Value) -> Reply {
    let body = json!({"vendor_access_request": invitation});
    client.post("/liaison/v1/access-requests/preview", &body).await
}

/// Address, role and kinds of mail of each recipient.
fn outline(shown: &Value) -> Vec<String> {
    let recipients = shown.as_array().unwrap().iter();
    recipients
        .map(|one| {
            let text = |key: &str| one["recipient"][key].as_str().unwrap().to_owned();
            let mails = one["mails"].as_array().unwrap().iter();
            let kinds: Vec<_> = mails.map(|mail| mail["kind"].as_str().unwrap()).collect();
            format!(
                "{} ({}) {}: {}",
                text("email"),
                text("name"),
                text("role"),
                kinds.join(" ")
            )
        })
        .collect()
}

on_both! {
    async fn everybody_and_what_they_would_get(app) {
        let (emma, _) = app.pair();
        let shown = preview(&emma, &documented()).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        let expected = [
            "mcastro@blackhills.com (Maria Castro) requestee: introduction activation",
            "risk@blueseas.com () cc: introduction",
            "legal@blueseas.com () cc: introduction",
            "auditor@auditors.example (Ada Auditor) third_party: introduction",
            " () collaboration_contact: notice",
        ];
        assert_eq!(outline(&shown.json), expected);
        let to_maria = &shown.json[0]["mails"];
        let (introduction, activation) = (&to_maria[0], &to_maria[1]);
        let text = |mail: &Value, part: &str| mail[part].as_str().unwrap().to_owned();
        assert!(text(introduction, "text").contains("203.0.113.x:3389"), "{introduction}");
        assert!(text(activation, "text").contains("https://liaison.test/i/your-personal-link"), "{activation}");
        assert!(text(activation, "html").contains("https://liaison.test/i/your-personal-link"));
        assert!(!shown.text.contains("203.0.113.0"), "the sender sees no whole addresses, here neither");
        assert!(!shown.text.contains("Chase"), "notes are mailed to nobody");
    }

    async fn what_is_sent_is_what_was_shown(app) {
        let (emma, _) = app.pair();
        for invitation in [to_vera(), with(to_saperix("ann"), &json!({"message": "Please look.", "ccs": "a@b.example"}))] {
            let shown = preview(&emma, &invitation).await.json;
            emma.invited(&invitation).await;
            let sent = app.mails().await;
            for one in shown.as_array().unwrap() {
                for mail in one["mails"].as_array().unwrap() {
                    let email = one["recipient"]["email"].as_str().unwrap();
                    let kind = mail["kind"].as_str().unwrap();
                    let of = sent.iter().rfind(|sent| sent.recipient == email && sent.kind == kind).unwrap();
                    let message = of.message.as_ref().unwrap();
                    assert_eq!(mail["subject"], message.subject);
                    let lines = |text: &str| text.lines().filter(|line| !varies(line)).map(str::to_owned).collect::<Vec<_>>();
                    assert_eq!(lines(mail["text"].as_str().unwrap()), lines(&message.text), "{kind}");
                }
            }
        }
    }

    async fn nothing_is_stored_or_sent(app) {
        let (emma, vera) = app.pair();
        let guest = json!({"requestee_email": "new@blackhills.com", "requestee_formal_name": "New Hill"});
        for invitation in [to_vera(), with(to_vera(), &guest), to_saperix("ann")] {
            assert_eq!(preview(&emma, &invitation).await.status, 200);
        }
        assert!(emma.outbox("").await.is_empty() && vera.inbox().await.is_empty());
        assert!(app.mails().await.is_empty());
        assert_eq!(app.customers().await.len(), 3);
    }

    async fn refused_as_sending_is(app) {
        let (emma, _) = app.pair();
        for invitation in [
            without(to_vera(), &["requestee_company_guid"]),
            with(to_vera(), &json!({"requestee_email": "nonsense"})),
            with(to_vera(), &json!({"requestee_email": "emma@blueseas.com"})),
            with(to_vera(), &json!({"requestee_email": "vera@blackhi11s.com"})),
            with(to_vera(), &json!({"requestee_company_guid": world::STRANGER})),
            with(to_vera(), &json!({"requestee_company_guid": world::PRIVATE_COMPANY})),
            with(to_vera(), &json!({"rolledup_observation_ids": [world::FOREIGN_FINDING]})),
            with(to_vera(), &json!({"reason": "self_requested", "trial_duration": 0})),
            with(to_vera(), &json!({"message": 1})),
        ] {
            let (shown, sent) = (preview(&emma, &invitation).await, emma.invite(&invitation).await);
            assert_eq!(shown.error(), sent.error(), "{invitation}");
            assert!(shown.status >= 400);
        }
        assert_eq!(preview(&app.client(world::CLIENT_READER), &to_vera()).await.status, 403);
        let two = json!([to_vera(), to_saperix("ann")]);
        insta::assert_snapshot!(preview(&emma, &two).await.error(), @"400 invalid_field: vendor_access_request: must be one invitation to be previewed");
        assert_eq!(preview(&emma, &json!([to_vera()])).await.status, 200);
    }
}

/// Whether a line of a mail carries what is new each time: links, the code, and the reference.
fn varies(line: &str) -> bool {
    let has_code = line
        .split_whitespace()
        .any(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit()));
    line.contains("https://") || line.contains("-7") || has_code
}
