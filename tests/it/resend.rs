//! Sending a link again: when it is possible, and what becomes of the old link.

use std::time::Duration;

use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::{Client, Reply, Value, json, on_both, reply, world};

const COOL_DOWN: Duration = Duration::from_secs(300);

fn path(guid: &str) -> String {
    format!("/liaison/v1/access-requests/{guid}/resend")
}

async fn resend(client: &Client, guid: &str) -> Reply {
    client.post(&path(guid), &Value::Null).await
}

on_both! {
    async fn not_before_the_cool_down_is_over(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let early = resend(&emma, &guid).await;
        insta::assert_snapshot!(early.error(), @"429 resend_too_soon: The last mail is younger than the cool-down; try again in 300 seconds.");
        assert_eq!(early.header("retry-after"), "300");
        app.clock.advance(COOL_DOWN - Duration::from_millis(1));
        let almost = resend(&emma, &guid).await;
        assert_eq!((almost.status, almost.header("retry-after")), (429, "1"));
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(resend(&emma, &guid).await.status, 200);
        assert_eq!(resend(&emma, &guid).await.status, 429, "it starts again with each mail");
    }

    async fn a_new_link_replaces_the_old_one(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let old = app.activation_for("ann@saperix.example").await.link_token();
        app.clock.advance_days(1);
        let sent = resend(&emma, &guid).await;
        assert_eq!(sent.json["status"], "Pending");
        assert_eq!(sent.json["email_sent_date"], "2026-11-13");
        assert_eq!(sent.json["created_date"], "2026-11-12");
        assert_eq!(sent.json["can_resend_email"], false);
        assert_eq!(emma.sent(&guid).await, sent.json);
        let new = app.activation_for("ann@saperix.example").await.link_token();
        assert_ne!(old, new);
        let page = |token: &str| app.http().get(format!("{}/i/{token}", app.base()));
        assert_eq!(reply(page(&old)).await.status, 410);
        assert_eq!(reply(page(&new)).await.status, 200);
        app.accepted(&new, "Ann Perry").await;
        assert_eq!(emma.sent(&guid).await["status"], "Active");
    }

    async fn only_the_link_is_sent_again(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let count = async |kind: &str| app.mails().await.iter().filter(|mail| mail.kind == kind).count();
        assert_eq!((count("introduction").await, count("activation").await), (1, 1));
        app.clock.advance(COOL_DOWN);
        assert_eq!(resend(&emma, &guid).await.status, 200);
        assert_eq!((count("introduction").await, count("activation").await), (1, 2));
    }

    async fn a_new_link_lives_fourteen_days_again(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.clock.advance_days(13);
        assert_eq!(resend(&emma, &guid).await.status, 200);
        app.clock.advance_days(13);
        assert_eq!(emma.sent(&guid).await["status"], "Pending");
        app.clock.advance_days(1);
        assert_eq!(emma.sent(&guid).await["status"], "Never");
    }

    async fn it_brings_back_what_ran_out(app) {
        let (emma, _) = app.pair();
        for upkeep in [false, true] {
            let guid = emma.invited(&to_saperix("ann")).await;
            app.clock.advance_days(20);
            if upkeep {
                app.upkeep().await;
            }
            assert_eq!(emma.sent(&guid).await["status"], "Never");
            assert_eq!(emma.sent(&guid).await["can_resend_email"], true);
            assert_eq!(resend(&emma, &guid).await.json["status"], "Pending");
            let token = app.activation_for("ann@saperix.example").await.link_token();
            assert_eq!(reply(app.http().get(format!("{}/i/{token}", app.base()))).await.status, 200);
        }
    }

    async fn only_what_waits_can_be_sent_again(app) {
        let (emma, _) = app.pair();
        let active = emma.invited(&to_vera()).await;
        let resolved = emma.invited(&to_saperix("ann")).await;
        emma.change(&resolved, "Resolved").await;
        app.clock.advance(COOL_DOWN);
        insta::assert_snapshot!(resend(&emma, &active).await.error(), @"409 not_resendable: Only a request that is Pending or Never can be sent again; this one is Active.");
        assert_eq!(resend(&emma, &resolved).await.status, 409);
    }

    async fn who_may(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.clock.advance(COOL_DOWN);
        let forbidden = "403 forbidden: You do not have permission to perform this action.";
        assert_eq!(resend(&app.client(world::CLIENT_READER), &guid).await.error(), forbidden);
        for foreign in [vera, app.client(world::OTHER_ADMIN)] {
            assert_eq!(resend(&foreign, &guid).await.error(), "404 not_found: Not found.");
        }
        for unknown in [world::EMMA, "nonsense", &guid[1..]] {
            assert_eq!(resend(&emma, unknown).await.status, 404, "{unknown}");
        }
        assert_eq!(resend(&app.client(world::CLIENT_MANAGER), &guid).await.status, 200);
        app.clock.advance(COOL_DOWN);
        assert_eq!(resend(&app.client(world::CLIENT_COMPANY), &guid.to_uppercase()).await.status, 200);
    }

    async fn a_body_is_not_needed_and_not_read(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.clock.advance(COOL_DOWN);
        let empty = reply(emma.request(liaison_testkit::Method::POST, &path(&guid))).await;
        assert_eq!(empty.status, 200, "{}", empty.text);
        app.clock.advance(COOL_DOWN);
        let other = emma.post(&path(&guid), &json!({"message": "new", "requestee_email": "x@saperix.example"})).await;
        assert_eq!(other.json["message"], "");
        assert_eq!(other.json["requestee_email"], "ann@saperix.example");
    }
}
