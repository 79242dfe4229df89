//! Who gets which mail, and what is in it.

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Mail, TestApp, json, on_both, world};

/// `kind → recipient`, a line each, sorted.
async fn sent(app: &TestApp) -> String {
    let mut lines: Vec<_> = app
        .mails()
        .await
        .iter()
        .map(|mail| format!("{} → {}", mail.kind, mail.recipient))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

async fn of_kind(app: &TestApp, kind: &str) -> Vec<Mail> {
    let mut mails = app.mails().await;
    mails.retain(|mail| mail.kind == kind);
    mails
}

/// Text and HTML of a mail, and its raw bytes.
fn everything(mail: &Mail) -> String {
    let message = mail.message.as_ref().expect("the mail was kept");
    format!(
        "{}\n{}\n{}\n{}",
        message.subject,
        message.text,
        message.html,
        String::from_utf8_lossy(&mail.bytes)
    )
}

on_both! {
    async fn who_gets_what(app) {
        app.pair().0.invited(&documented()).await;
        insta::assert_snapshot!(sent(app).await, @r#"
        activation → mcastro@blackhills.com
        introduction → auditor@auditors.example
        introduction → legal@blueseas.com
        introduction → mcastro@blackhills.com
        introduction → risk@blueseas.com
        notice → vera@blackhills.com
        "#);
    }

    async fn somebody_with_an_account_gets_no_link(app) {
        let parties = json!([{"email": "ada@auditors.example", "name": "Ada"}]);
        let copies = json!({"ccs": "risk@blueseas.com", "third_parties": parties});
        app.pair().0.invited(&with(to_vera(), &copies)).await;
        insta::assert_snapshot!(sent(app).await, @r#"
        introduction → ada@auditors.example
        introduction → risk@blueseas.com
        introduction → vera@blackhills.com
        "#);
    }

    async fn nobody_gets_a_mail_twice(app) {
        let copies = json!({
            "ccs": "risk@blueseas.com,RISK@blueseas.com, ann@saperix.example,Ada@auditors.example",
            "third_parties": [
                {"email": "ada@auditors.example", "name": "Ada"}, {"email": "ANN@saperix.example", "name": "Ann"},
                {"email": "ada@auditors.example", "name": "Ada again"}
            ]
        });
        app.pair().0.invited(&with(to_saperix("ann"), &copies)).await;
        insta::assert_snapshot!(sent(app).await, @r#"
        activation → ann@saperix.example
        introduction → Ada@auditors.example
        introduction → ann@saperix.example
        introduction → risk@blueseas.com
        "#);
    }

    async fn each_invitation_of_an_array_has_its_mails(app) {
        app.pair().0.invite(&json!([to_vera(), to_saperix("ann"), to_black_hills("new")])).await;
        insta::assert_snapshot!(sent(app).await, @r#"
        activation → ann@saperix.example
        activation → new@blackhills.com
        introduction → ann@saperix.example
        introduction → new@blackhills.com
        introduction → vera@blackhills.com
        notice → vera@blackhills.com
        "#);
    }

    async fn addresses_of_findings_are_for_the_recipient(app) {
        app.pair().0.invited(&documented()).await;
        let introductions = of_kind(app, "introduction").await;
        assert_eq!(introductions.len(), 4);
        for mail in introductions {
            let shown = mail.recipient == "mcastro@blackhills.com";
            let message = mail.message.as_ref().unwrap();
            for part in [&message.text, &message.html] {
                assert_eq!(part.contains("203.0.113.0:3389"), shown, "{}: {part}", mail.recipient);
                assert!(part.contains("Open Ports") && part.contains("DNSSEC"), "{part}");
                assert!(part.contains("Please look at these."), "{part}");
            }
        }
    }

    async fn links_are_in_activations_alone(app) {
        app.pair().0.invited(&documented()).await;
        for mail in app.mails().await {
            assert_eq!(everything(&mail).contains("/i/"), mail.kind == "activation", "{}", mail.kind);
            assert!(mail.text().contains("/verify/") || mail.kind == "notice", "{}", mail.text());
        }
        let activation = app.activation_for("mcastro@blackhills.com").await;
        let message = activation.message.as_ref().unwrap();
        let link = format!("https://liaison.test/i/{}", activation.link_token());
        assert!(message.text.contains(&link) && message.html.contains(&link));
        assert_eq!(activation.link_token().len(), 32, "160 bits in base32");
        assert!(!message.text.contains("Please look at these."), "what it is about is in the other mail");
    }

    async fn each_activation_has_a_code_of_its_own(app) {
        let (emma, _) = app.pair();
        emma.invited(&documented()).await;
        emma.invited(&to_saperix("ann")).await;
        let mut codes = Vec::new();
        for email in ["mcastro@blackhills.com", "ann@saperix.example"] {
            let mail = app.activation_for(email).await;
            let text = mail.text();
            let (_, rest) = text.split_once("https://liaison.test/code\n\nand enter your mail address and this code:\n\n").unwrap();
            let code = rest.lines().next().unwrap().trim().to_owned();
            let digits = code.replace(' ', "");
            assert!(code.len() == 7 && digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{code:?}");
            codes.push(code);
        }
        assert_ne!(codes[0], codes[1]);
        for mail in app.mails().await.iter().filter(|mail| mail.kind != "activation") {
            assert!(codes.iter().all(|code| !everything(mail).contains(code.as_str())), "{}", mail.kind);
        }
    }

    async fn notes_are_in_no_mail(app) {
        app.pair().0.invited(&with(documented(), &json!({"notes": "SECRET-NOTES"}))).await;
        let mails = app.mails().await;
        assert_eq!(mails.len(), 6);
        assert!(mails.iter().all(|mail| !everything(mail).contains("SECRET")));
    }

    async fn headers_of_every_mail(app) {
        app.pair().0.invited(&documented()).await;
        let mut ids = Vec::new();
        for mail in app.mails().await {
            let mut names = mail.header_names();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "no header twice: {names:?}");
            assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
            assert_eq!(mail.header("From"), "Liaison <liaison@liaison.test>");
            assert_eq!(mail.header("MIME-Version"), "1.0");
            assert!(mail.header("Date").starts_with("Thu, 12 Nov 2026 09:00:00"), "{}", mail.header("Date"));
            assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
            let message = mail.message.as_ref().unwrap();
            assert!(!message.text.is_empty() && message.html.contains("<html"));
            assert!(mail.bytes.is_ascii() && mail.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999));
            if mail.kind != "notice" {
                assert_eq!(mail.header("Reply-To"), "\"Emma Waters\" <emma@blueseas.com>");
                assert_eq!(mail.header("To"), "\"Maria Castro\" <mcastro@blackhills.com>");
            }
            ids.push(mail.header("Message-ID"));
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4, "two introductions, an activation, a notice: {ids:?}");
    }

    async fn nobody_writes_headers_through_a_field(app) {
        let (emma, _) = app.pair();
        let evil = "x\r\nBcc: evil@evil.test\r\nX-Evil: 1\r\n\r\n\n.\nRCPT TO:<e@e.test>";
        for field in ["requestee_formal_name", "requestee_friendly_name", "requestee_phone", "message", "notes"] {
            emma.invited(&with(to_black_hills("new"), &json!({field: evil}))).await;
        }
        let party = json!({"third_parties": [{"email": "a@b.example", "name": evil}]});
        emma.invited(&with(to_black_hills("new"), &party)).await;
        for (field, value) in [
            ("ccs", json!("a@b.example\r\nBcc: evil@evil.test")),
            ("ccs", json!(["a@b.example", "c@d.example\nBcc: evil@evil.test"])),
            ("third_parties", json!([{"email": "a@b.example\r\nBcc: evil@evil.test", "name": "A"}])),
            ("requestee_email", json!("new@blackhills.com\r\nBcc: evil@evil.test")),
        ] {
            assert_eq!(emma.invite(&with(to_black_hills("new"), &json!({field: value}))).await.status, 400);
        }
        let mails = app.mails().await;
        assert_eq!(mails.len(), 6 * 3 + 1);
        for mail in mails {
            let known = [
                "date", "message-id", "from", "to", "cc", "reply-to", "subject", "auto-submitted", "mime-version",
                "content-type",
            ];
            for name in mail.header_names() {
                assert!(known.contains(&name.as_str()), "{name} in {}", String::from_utf8_lossy(&mail.bytes));
            }
            assert!(["new@blackhills.com", "vera@blackhills.com", "a@b.example"].contains(&mail.recipient.as_str()));
            for name in ["From", "To", "Cc", "Reply-To"] {
                let addresses = mail.header(name);
                assert!(!addresses.contains("@evil.test") && !addresses.contains("@e.test"), "{name}: {addresses}");
            }
            assert!(!mail.bytes.windows(3).any(|line| line == b"\n.\r"), "no line with a dot alone");
        }
    }

    async fn markup_in_a_mail_is_text(app) {
        let evil = "<script>alert(1)</script><a href=\"https://evil.test\">click</a>";
        let texts = json!({"message": evil, "requestee_formal_name": evil, "requestee_friendly_name": evil});
        app.pair().0.invited(&with(to_black_hills("new"), &texts)).await;
        for mail in app.mails().await {
            let html = &mail.message.as_ref().unwrap().html;
            assert!(!html.contains("<script") && !html.contains("<a href=\"https://evil.test"), "{html}");
        }
    }

    async fn a_company_token_asks_in_the_name_of_its_company(app) {
        app.client(world::CLIENT_COMPANY).invited(&to_vera()).await;
        let mail = of_kind(app, "introduction").await.remove(0);
        assert_eq!(mail.header("Reply-To"), "");
        assert!(mail.header("Subject").starts_with("Blue Seas"), "{}", mail.header("Subject"));
    }

    async fn kept_mails_wait_for_their_reader(app) {
        app.pair().0.invited(&to_saperix("ann")).await;
        assert!(app.mails().await.iter().all(|mail| mail.state == "kept" && mail.message.is_some()));
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann").await;
        let activation = of_kind(app, "activation").await.remove(0);
        assert!(activation.bytes.is_empty(), "a spent link is no longer kept");
    }

    async fn changing_and_reading_sends_nothing(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let before = app.mails().await.len();
        vera.patch(&format!("/ratings/v1/access-requests/received/{guid}"), &json!({"read": true})).await;
        emma.change(&guid, "Resolved").await;
        app.clock.advance_days(30);
        app.upkeep().await;
        assert_eq!(app.mails().await.len(), before);
    }
}
