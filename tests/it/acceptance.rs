//! Accepting: the page behind a link, what spends the link, and what comes of it.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Method, Reply, TestApp, Value, json, on_both, reply, world};

const DAY: u64 = 24 * 60 * 60;
const GONE: &str = "This link is no longer valid";

async fn page(app: &TestApp, token: &str) -> Reply {
    reply(app.http().get(format!("{}/i/{token}", app.base()))).await
}

async fn link(app: &TestApp, email: &str) -> String {
    app.activation_for(email).await.link_token()
}

fn form<'f>(name: &'f str, password: &'f str, terms: &'f str) -> [(&'static str, &'f str); 3] {
    [("formal_name", name), ("password", password), ("terms", terms)]
}

const GOOD: [(&str, &str); 3] = [
    ("formal_name", "Ann Perry"),
    ("password", "correct horse"),
    ("terms", "accepted"),
];

on_both! {
    async fn the_page_says_who_asks_and_why(app) {
        let (emma, _) = app.pair();
        emma.invited(&documented()).await;
        let shown = page(app, &link(app, "mcastro@blackhills.com").await).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "text/html; charset=utf-8"));
        for words in [
            "Emma Waters", "emma@blueseas.com", "Blue Seas International", "Black Hills Technologies", "Maria Castro",
            "2 security findings", "Remediation", "45 days", "26 Nov 2026, 09:00 UTC", "Please look at these.",
            "method=\"post\"",
        ] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        assert!(!shown.text.contains("Chase"), "notes are not for the recipient");
        assert_eq!(shown.text.matches("<script").count(), 1, "one module, which it works without");
    }

    async fn looking_spends_nothing(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        for _ in 0..20 {
            assert_eq!(page(app, &token).await.status, 200);
            let head = reply(app.http().head(format!("{}/i/{token}", app.base()))).await;
            assert_eq!((head.status, head.text.as_str()), (200, ""));
        }
        assert_eq!(emma.sent(&guid).await["status"], "Pending");
        assert_eq!(app.accept(&token, &GOOD).await.status, 303);
    }

    async fn an_incomplete_form_marks_the_field_and_keeps_the_link(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        let long = "p".repeat(257);
        let long_name = "n".repeat(256);
        for (fields, field, words) in [
            (form("Ann", "correct horse", ""), "terms", "The terms have to be accepted."),
            (form("Ann", "correct horse", "no"), "terms", "The terms have to be accepted."),
            (form("Ann", "elevenchars", "accepted"), "password", "The password must have 12 to 256 characters."),
            (form("Ann", &long, "accepted"), "password", "The password must have 12 to 256 characters."),
            (form("Ann", "", "accepted"), "password", "The password must have 12 to 256 characters."),
            (form("  ", "correct horse", "accepted"), "formal_name", "Your name is required."),
            (form(&long_name, "correct horse", "accepted"), "formal_name", "Your name at most 255 characters."),
        ] {
            let shown = app.accept(&token, &fields).await;
            assert_eq!((shown.status, shown.header("content-type")), (422, "text/html; charset=utf-8"));
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
            let input = shown.text.split("<input").find(|input| input.contains(&format!("name=\"{field}\""))).unwrap();
            assert!(input.contains("aria-invalid=\"true\""), "{field}: {input}");
            assert_eq!(shown.text.matches("aria-invalid").count(), 1);
            assert!(!shown.text.contains("correct horse"), "a password is never shown");
            assert_eq!(emma.sent(&guid).await["status"], "Pending");
        }
        assert_eq!(app.accept(&token, &[]).await.status, 422);
        assert_eq!(app.accept(&token, &form("Ann", "twelve chars", "accepted")).await.status, 303);
    }

    async fn accepting_shows_on_both_sides(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&with(to_saperix("ann"), &json!({"trial_duration": 45}))).await;
        assert_eq!(emma.sent(&guid).await["recipient_customer_access"], "inactive");
        app.clock.advance_days(2);
        let token = link(app, "ann@saperix.example").await;
        let done = app.accept(&token, &form(" Ann van Perry ", "correct horse", "accepted")).await;
        let room = format!("/inbox/{guid}?done=accepted");
        assert_eq!((done.status, done.header("location")), (303, room.as_str()));
        assert!(done.header("set-cookie").starts_with("__Host-liaison="), "the person is signed in");
        let guest = app.guest("ann@saperix.example").await;
        for request in [emma.sent(&guid).await, guest.received(&guid).await] {
            let expected = json!({
                "status": "Active", "hubspot_status": "CREATED", "can_resend_email": false,
                "requestee_tos_date": "2026-11-14", "requestee_last_login": "2026-11-14",
                "requestee_formal_name": "Ann van Perry", "requestee_first_name": "Ann",
                "requestee_last_name": "van Perry", "recipient_customer_access": "active",
                "email_sent_date": "2026-11-12", "resolved_by": {}
            });
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(&request[key], value, "{key}");
            }
        }
        assert_eq!(guest.inbox().await.len(), 1);
    }

    async fn a_link_is_spent_once(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        assert_eq!(app.accept(&token, &GOOD).await.status, 303);
        for gone in [app.accept(&token, &GOOD).await, page(app, &token).await] {
            assert_eq!((gone.status, gone.header("content-type")), (410, "text/html; charset=utf-8"));
            assert!(gone.text.contains(GONE), "{}", gone.text);
        }
    }

    async fn of_two_at_once_one_wins(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        let (one, two) = tokio::join!(app.accept(&token, &GOOD), app.accept(&token, &GOOD));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410]);
    }

    async fn a_link_ends_at_its_millisecond(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        app.clock.advance(Duration::from_secs(14 * DAY) - Duration::from_millis(1));
        assert_eq!(page(app, &token).await.status, 200);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(page(app, &token).await.status, 410);
        assert_eq!(app.accept(&token, &GOOD).await.status, 410);
    }

    async fn links_that_nobody_made(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        for wrong in ["x", "00000000-0000-4000-8000-000000000000", &token.to_uppercase(), &token[1..], "%00", "%FF"] {
            assert!(matches!(page(app, wrong).await.status, 400 | 404 | 410), "{wrong}");
            assert!(matches!(app.accept(wrong, &GOOD).await.status, 400 | 404 | 410), "{wrong}");
        }
        assert_eq!(page(app, &token).await.status, 200);
    }

    async fn a_closed_request_cannot_be_accepted(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        emma.change(&guid, "Resolved").await;
        assert_eq!(page(app, &token).await.status, 410);
        assert_eq!(app.accept(&token, &GOOD).await.status, 410);
        assert_eq!(emma.sent(&guid).await["status"], "Resolved");
    }

    async fn people_of_one_company_share_one_account(app) {
        let (emma, _) = app.pair();
        for name in ["ann", "bob", "eve"] {
            emma.invited(&to_saperix(name)).await;
        }
        let mut tokens = Vec::new();
        for name in ["ann", "bob", "eve"] {
            tokens.push(link(app, &format!("{name}@saperix.example")).await);
        }
        let (one, two) = tokio::join!(app.accept(&tokens[0], &GOOD), app.accept(&tokens[1], &GOOD));
        assert_eq!((one.status, two.status), (303, 303));
        assert_eq!(app.accept(&tokens[2], &GOOD).await.status, 303);
        let mut guests = app.customers().await;
        guests.retain(|customer| customer.kind == "Vendor Access");
        assert_eq!(guests.len(), 1, "{guests:?}");
        assert_eq!(guests[0].name, "Saperix");
        assert_eq!(app.guest("bob@saperix.example").await.inbox().await.len(), 3);
    }

    async fn a_guest_never_joins_a_full_account(app) {
        let (emma, vera) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_black_hills("new")).await;
        let guest = app.guest("new@blackhills.com").await;
        emma.invited(&to_vera()).await;
        assert_eq!(guest.inbox().await.len(), 1);
        assert_eq!(vera.received(&guid).await["status"], "Active");
    }

    async fn access_lasts_as_long_as_the_longest_trial(app) {
        let (emma, _) = app.pair();
        let short = app.invited_and_accepted(&emma, &with(to_saperix("ann"), &json!({"trial_duration": 5}))).await;
        let guest = app.guest("ann@saperix.example").await;
        let long = emma.invited(&with(to_saperix("ann"), &json!({"trial_duration": 9}))).await;
        app.clock.advance_days(5);
        let states = [guest.received(&short).await["status"].clone(), guest.received(&long).await["status"].clone()];
        assert_eq!(states, ["Inactive", "Active"]);
        app.clock.advance(Duration::from_secs(4 * DAY) - Duration::from_millis(1));
        assert_eq!(guest.get("/ratings/v1/access-requests/received").await.status, 200);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(
            guest.get("/ratings/v1/access-requests/received").await.error(),
            "403 access_ended: The access of this account ended on 2026-11-21."
        );
    }

    async fn somebody_back_after_their_trial_gets_a_new_link(app) {
        let (emma, _) = app.pair();
        let first = app.invited_and_accepted(&emma, &with(to_saperix("ann"), &json!({"trial_duration": 1}))).await;
        let guest = app.guest("ann@saperix.example").await;
        app.clock.advance_days(2);
        let again = emma.invite(&to_saperix("ann")).await.json;
        assert_eq!(again["status"], "Pending");
        app.accepted(&link(app, "ann@saperix.example").await, "Ann Perry").await;
        assert_eq!(guest.inbox().await.len(), 2, "it is the same account");
        assert_eq!(emma.sent(&first).await["status"], "Inactive");
    }

    async fn who_was_switched_off_does_not_come_back_by_an_invitation(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let customers = app.customers().await;
        let guests = customers.iter().find(|customer| customer.kind == "Vendor Access").unwrap();
        let off = "400 invalid_field: requestee_email: belongs to an account that is switched off on this server";
        app.set_user_active(&guests.guid.to_string(), "ann@saperix.example", false).await;
        assert_eq!(emma.invite(&to_saperix("ann")).await.error(), off);
        emma.invited(&to_saperix("bob")).await;
        let token = link(app, "bob@saperix.example").await;
        app.set_customer_active(&guests.guid.to_string(), false).await;
        assert_eq!(emma.invite(&to_saperix("carol")).await.error(), off);
        assert_eq!(app.accept(&token, &GOOD).await.status, 410, "no second account beside the one switched off");
    }

    async fn an_account_has_no_link(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_vera()).await;
        assert!(app.mails().await.iter().all(|mail| mail.kind != "activation"));
    }

    async fn whatever_people_write_stays_text(app) {
        let (emma, _) = app.pair();
        let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
        let texts = json!({"message": evil, "requestee_formal_name": evil, "requestee_friendly_name": evil});
        let guid = emma.invited(&with(to_saperix("ann"), &texts)).await;
        let token = link(app, "ann@saperix.example").await;
        let name = "\"><script>alert(2)</script>";
        for shown in [page(app, &token).await, app.accept(&token, &form(name, "short", "accepted")).await] {
            assert!(!shown.text.contains("<script>") && !shown.text.contains("<img"), "{}", shown.text);
            assert!(shown.text.contains("&#60;script&#62;alert(1)"), "{}", shown.text);
        }
        assert_eq!(app.accept(&token, &form(name, "correct horse", "accepted")).await.status, 303);
        assert_eq!(emma.sent(&guid).await["requestee_formal_name"], name, "kept as it was written");
        let verified = reply(app.http().get(format!("{}/verify/{guid}", app.base()))).await;
        assert!(!verified.text.contains("<script>"));
    }

    async fn forms_that_are_none(app) {
        let (emma, _) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        let url = format!("{}/i/{token}", app.base());
        let huge = reply(app.http().post(&url).body(format!("formal_name={}", "n".repeat(512 * 1024)))).await;
        assert_eq!(huge.status, 413);
        let bytes = "formal_name=%FF%00&password=%00";
        for body in ["", "%", "&&&=&", "terms=accepted", "{\"terms\": \"accepted\"}", bytes] {
            assert_eq!(reply(app.http().post(&url).body(body)).await.status, 403, "{body}");
        }
        assert_eq!(reply(app.http().request(Method::PUT, &url)).await.status, 405);
        assert_eq!(page(app, &token).await.status, 200);
    }

    async fn a_mail_can_be_checked_by_anybody(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&documented()).await;
        let shown = reply(app.http().get(format!("{}/verify/{guid}", app.base()))).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains("Blue Seas International") && shown.text.contains("12 Nov 2026, 09:00 UTC"));
        for hidden in ["Emma", "Maria", "mcastro", "Black Hills", "Remediation", "Please look", "Chase"] {
            assert!(!shown.text.contains(hidden), "{hidden}: {}", shown.text);
        }
        for unknown in ["nonsense", world::EMMA] {
            assert_eq!(reply(app.http().get(format!("{}/verify/{unknown}", app.base()))).await.status, 404);
        }
    }

    async fn a_token_on_the_page_opens_nothing(app) {
        let (emma, vera) = app.pair();
        emma.invited(&to_saperix("ann")).await;
        let token = link(app, "ann@saperix.example").await;
        assert_eq!(vera.post(&format!("/i/{token}"), &Value::Null).await.status, 403);
        assert_eq!(app.client(&token).get("/ratings/v1/access-requests").await.status, 401, "a link is no API token");
    }
}
