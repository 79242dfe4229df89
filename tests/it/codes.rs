//! The six digits of an activation mail: what they open, for whom, and how often they can be tried.

use liaison_testkit::invitations::{to_saperix, with};
use liaison_testkit::{TestApp, Value, json, on_both, reply};

const ANN: &str = "ann@saperix.example";
const WRONG: &str = "This code does not work with this address. Check both, or use the link in the mail.";

async fn code(app: &TestApp) -> String {
    app.activation_for(ANN).await.code()
}

/// Six digits that are not `code`.
fn another(code: &str) -> String {
    let last = if code.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &code[..5])
}

async fn page(app: &TestApp, token: &str) -> u16 {
    reply(app.http().get(format!("{}/i/{token}", app.base()))).await.status
}

on_both! {
    async fn a_code_opens_what_the_link_opens(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&with(to_saperix("ann"), &json!({"requestee_email": "Ann@Saperix.example"}))).await;
        let code = app.activation_for("Ann@Saperix.example").await.code();
        let spaced = format!(" {} - {} ", &code[..3], &code[3..]);
        let entry = app.enter_code(" ANN@saperix.EXAMPLE ", &spaced).await.unwrap();
        assert_eq!(entry.len(), 32, "160 bits");
        assert_eq!(page(app, &entry).await, 200);
        assert_eq!(emma.sent(&guid).await["status"], "Pending", "entering a code accepts nothing");
        app.accepted(&entry, "Ann Perry").await;
        assert_eq!(emma.sent(&guid).await["status"], "Active");
        assert_eq!(page(app, &entry).await, 410);
        assert_eq!(app.enter_code("ann@saperix.example", &code).await.unwrap_err(), WRONG, "it is spent with its link");
    }

    async fn each_entry_replaces_the_one_before(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let (code, link) = (code(app).await, app.activation_for(ANN).await.link_token());
        let first = app.enter_code(ANN, &code).await.unwrap();
        let second = app.enter_code(ANN, &code).await.unwrap();
        assert_ne!(first, second);
        assert_eq!((page(app, &first).await, page(app, &second).await, page(app, &link).await), (410, 200, 200));
    }

    async fn unknown_and_wrong_look_alike(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let code = code(app).await;
        for (email, code) in [
            (ANN, another(&code).as_str()),
            ("bob@saperix.example", &code),
            ("", &code),
            ("ann", &code),
            (ANN, ""),
            (ANN, "12345"),
            (ANN, "abcdef"),
            (ANN, &format!("{code}0")),
        ] {
            assert_eq!(app.enter_code(email, code).await.unwrap_err(), WRONG, "{email} {code}");
        }
        assert!(app.enter_code(ANN, &code).await.is_ok());
    }

    async fn five_wrong_codes_kill_the_code_and_not_the_link(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let (code, link) = (code(app).await, app.activation_for(ANN).await.link_token());
        let wrong = another(&code);
        for _ in 0..4 {
            assert!(app.enter_code(ANN, &wrong).await.is_err());
        }
        assert!(app.enter_code(ANN, &code).await.is_ok(), "the fifth try may be right");
        assert!(app.enter_code(ANN, &wrong).await.is_err());
        assert_eq!(app.enter_code(ANN, &code).await.unwrap_err(), WRONG);
        assert_eq!(page(app, &link).await, 200);
    }

    async fn a_wrong_code_counts_on_every_invitation_of_the_address(app) {
        let (emma, _) = app.pair();
        let other = app.client(liaison_testkit::world::OTHER_ADMIN);
        emma.invited(&to_saperix("ann")).await;
        let first = code(app).await;
        app.clock.advance_days(1);
        other.invited(&to_saperix("ann")).await;
        let second = code(app).await;
        for code in [&first, &second] {
            let entry = app.enter_code(ANN, code).await.unwrap();
            assert_eq!(page(app, &entry).await, 200);
        }
        let mut wrong = another(&first);
        if wrong == second {
            wrong = another(&second);
        }
        for _ in 0..5 {
            assert!(app.enter_code(ANN, &wrong).await.is_err());
        }
        for code in [&first, &second] {
            assert_eq!(app.enter_code(ANN, code).await.unwrap_err(), WRONG);
        }
    }

    async fn a_new_mail_brings_a_new_code(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let old = code(app).await;
        let entry = app.enter_code(ANN, &old).await.unwrap();
        for _ in 0..5 {
            assert!(app.enter_code(ANN, &another(&old)).await.is_err());
        }
        app.clock.advance_days(1);
        let path = format!("/liaison/v1/access-requests/{guid}/resend");
        assert_eq!(emma.post(&path, &Value::Null).await.status, 200);
        let new = code(app).await;
        assert_ne!(old, new);
        assert_eq!(page(app, &entry).await, 410, "an entry ends with its link");
        assert!(app.enter_code(ANN, &old).await.is_err());
        assert!(app.enter_code(ANN, &new).await.is_ok(), "and its tries begin anew");
    }

    async fn a_code_ends_when_its_invitation_does(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let late = code(app).await;
        app.clock.advance_days(14);
        assert_eq!(app.enter_code(ANN, &late).await.unwrap_err(), WRONG);
        app.upkeep().await;
        assert_eq!(app.enter_code(ANN, &late).await.unwrap_err(), WRONG);
        let copied = emma.post(&format!("/liaison/v1/access-requests/{guid}/link"), &Value::Null).await.json;
        let copied = copied["code"].as_str().unwrap();
        assert!(app.enter_code(ANN, copied).await.is_ok(), "a copied link has a code, too");
        emma.change(&guid, "Resolved").await;
        assert_eq!(app.enter_code(ANN, copied).await.unwrap_err(), WRONG);
    }
}
