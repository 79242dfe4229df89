//! The states of a request: what the sender may change, and what time and switched-off accounts change.

use std::time::Duration;

use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Client, TestApp, Value, json, on_both, world};

use crate::fields;

const BULK: &str = "/ratings/v1/access-requests/bulk";
const UNABLE: &str = "400 status_conflict: Unable to update status.";
const DAY: u64 = 24 * 60 * 60;

fn guids(reply: &Value) -> Vec<String> {
    let answers = reply
        .as_array()
        .expect("several invitations are answered with an array");
    answers
        .iter()
        .map(|answer| answer["guid"].as_str().expect("an answer has a guid").to_owned())
        .collect()
}

/// `count` requests in each state, by the ways in which requests get there.
async fn in_every_state(app: &TestApp, emma: &Client, count: usize) -> Vec<(&'static str, Vec<String>)> {
    let several = |invitation: Value| json!(vec![invitation; count]);
    app.invited_and_accepted(emma, &with(to_saperix("ann"), &json!({"trial_duration": 365})))
        .await;
    let inactive = emma
        .invite(&several(with(to_saperix("ann"), &json!({"trial_duration": 1}))))
        .await
        .json;
    let never = emma.invite(&several(to_saperix("bob"))).await.json;
    app.clock.advance_days(14);
    let pending = emma.invite(&several(to_saperix("bob"))).await.json;
    let active = emma.invite(&several(to_vera())).await.json;
    let resolved = emma.invite(&several(to_vera())).await.json;
    for guid in guids(&resolved) {
        assert_eq!(emma.change(&guid, "Resolved").await.status, 200);
    }
    let states = [
        ("Inactive", inactive),
        ("Never", never),
        ("Pending", pending),
        ("Active", active),
        ("Resolved", resolved),
    ];
    states.into_iter().map(|(state, sent)| (state, guids(&sent))).collect()
}

async fn status(client: &Client, guid: &str) -> String {
    client.sent(guid).await["status"]
        .as_str()
        .expect("a status is text")
        .to_owned()
}

on_both! {
    async fn what_may_be_changed_from_where(app) {
        let (emma, _) = app.pair();
        for (state, guids) in in_every_state(app, &emma, 6).await {
            for (place, guid) in guids.iter().enumerate() {
                assert_eq!(status(&emma, guid).await, state);
                let wish = ["Approved", "Rejected", "Resolved"][place % 3];
                if place < 3 {
                    let reply = emma.change(guid, wish).await;
                    if wish == "Resolved" {
                        fields::check(&reply.json);
                        assert_eq!((reply.status, &reply.json["status"]), (200, &json!("Resolved")), "{state}");
                    } else {
                        assert_eq!(reply.error(), UNABLE, "{state} to {wish}");
                    }
                } else {
                    let reply = emma.post(BULK, &json!([{"guid": guid, "status": wish}])).await;
                    let expected = if wish == "Resolved" {
                        json!({"modified": [{"guid": guid, "status": "Resolved"}], "not_modified": []})
                    } else {
                        json!({"modified": [], "not_modified": [{"guid": guid, "message": "Unable to update status."}]})
                    };
                    assert_eq!((reply.status, reply.json), (200, expected), "{state} to {wish}");
                }
                let after = if wish == "Resolved" { "Resolved" } else { state };
                assert_eq!(status(&emma, guid).await, after, "{state} to {wish}");
            }
        }
    }

    async fn an_invitation_runs_out_at_its_millisecond(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_black_hills("new")).await;
        app.clock.advance(Duration::from_secs(14 * DAY) - Duration::from_millis(1));
        app.upkeep().await;
        assert_eq!(status(&emma, &guid).await, "Pending");
        app.clock.advance(Duration::from_millis(1));
        for upkeep in [false, true] {
            if upkeep {
                app.upkeep().await;
            }
            assert_eq!(status(&emma, &guid).await, "Never", "upkeep: {upkeep}");
            assert_eq!(vera.received(&guid).await["status"], "Never");
            assert_eq!(emma.outbox("?status=Never").await.len(), 1);
            assert_eq!(emma.outbox("?status=Pending").await.len(), 0);
            assert_eq!(emma.counts("").await["status"]["Never"], 1);
        }
    }

    async fn a_trial_runs_out_at_its_millisecond(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&with(to_saperix("ann"), &json!({"trial_duration": 3}))).await;
        // The trial is counted from acceptance, not from the invitation.
        app.clock.advance_days(10);
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann Perry").await;
        app.clock.advance(Duration::from_secs(3 * DAY) - Duration::from_millis(1));
        app.upkeep().await;
        assert_eq!(status(&emma, &guid).await, "Active");
        assert_eq!(emma.sent(&guid).await["recipient_customer_access"], "active");
        app.clock.advance(Duration::from_millis(1));
        for upkeep in [false, true] {
            if upkeep {
                app.upkeep().await;
            }
            assert_eq!(status(&emma, &guid).await, "Inactive", "upkeep: {upkeep}");
            assert_eq!(emma.sent(&guid).await["recipient_customer_access"], "inactive");
            assert_eq!(emma.outbox("?status=Inactive").await.len(), 1);
            assert_eq!(emma.counts("").await["status"]["Inactive"], 1);
        }
    }

    async fn a_full_account_has_no_trial_clock(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&with(to_vera(), &json!({"trial_duration": 1}))).await;
        app.clock.advance_days(400);
        app.upkeep().await;
        assert_eq!(status(&emma, &guid).await, "Active");
        assert_eq!(vera.inbox().await.len(), 1);
    }

    async fn upkeep_leaves_alone_what_is_closed(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        emma.change(&guid, "Resolved").await;
        app.clock.advance_days(30);
        app.upkeep().await;
        assert_eq!(status(&emma, &guid).await, "Resolved");
    }

    async fn switching_a_user_off_makes_their_requests_inactive(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        app.set_user_active(world::VENDOR, "vera@blackhills.com", false).await;
        assert_eq!(status(&emma, &guid).await, "Inactive");
        app.set_user_active(world::VENDOR, "vera@blackhills.com", true).await;
        assert_eq!(status(&emma, &guid).await, "Active");
    }

    async fn switching_a_customer_off_makes_its_requests_inactive(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        app.set_customer_active(world::VENDOR, false).await;
        assert_eq!(status(&emma, &guid).await, "Inactive");
        assert_eq!(emma.sent(&guid).await["recipient_customer_access"], "inactive");
        assert_eq!(emma.counts("").await["status"]["Inactive"], 1);
        app.set_customer_active(world::VENDOR, true).await;
        assert_eq!(status(&emma, &guid).await, "Active");
    }

    async fn resolving_shows_on_both_sides(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        app.clock.advance_days(2);
        assert_eq!(emma.change(&guid, "Resolved").await.status, 200);
        for request in [emma.sent(&guid).await, vera.received(&guid).await] {
            assert_eq!(request["status"], "Resolved");
            assert_eq!(request["resolved_by"], json!({"guid": world::EMMA, "formal_name": "Emma Waters"}));
            assert_eq!(request["resolved_date"], "2026-11-14");
            assert_eq!(request["can_resend_email"], false);
        }
    }

    async fn resolving_again_keeps_the_first(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let first = emma.change(&guid, "Resolved").await.json;
        app.clock.advance_days(2);
        let again = app.client(world::CLIENT_MANAGER).change(&guid, "resolved").await;
        assert_eq!((again.status, again.json), (200, first));
    }

    async fn a_company_token_resolves_in_the_name_of_the_customer(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let closed = app.client(world::CLIENT_COMPANY).change(&guid, "Resolved").await.json;
        assert_eq!(closed["resolved_by"]["formal_name"], "Blue Seas");
    }

    async fn wishes_that_are_none(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let path = format!("/ratings/v1/access-requests/{guid}");
        let words = "status: must be Approved, Rejected or Resolved";
        for (body, detail) in [
            (json!({}), "status: is required"),
            (json!({"status": null}), "status: is required"),
            (json!({"read": true}), "status: is required"),
            (json!({"status": "Pending"}), words),
            (json!({"status": "Active"}), words),
            (json!({"status": "Resolved "}), words),
            (json!({"status": ""}), words),
            (json!({"status": 1}), "status: must be a string"),
            (json!([]), "body: must be an object"),
        ] {
            assert_eq!(emma.patch(&path, &body).await.error(), format!("400 invalid_field: {detail}"), "{body}");
        }
        for unknown in [world::EMMA, "nonsense"] {
            assert_eq!(emma.change(unknown, "Resolved").await.error(), "404 not_found: Not found.", "{unknown}");
        }
        let more = json!({"status": "RESOLVED", "message": "new", "notes": "new", "trial_duration": 9, "read": true});
        let path = format!("/ratings/v1/access-requests/{}", guid.to_uppercase());
        let closed = emma.patch(&path, &more).await.json;
        assert_eq!((&closed["message"], &closed["notes"]), (&json!(""), &Value::Null));
        assert_eq!((&closed["trial_duration"], &closed["read"]), (&json!(30), &json!(false)));
    }

    async fn many_at_once_in_both_shapes(app) {
        let (emma, _) = app.pair();
        for wrapped in [true, false] {
            let sent = guids(&emma.invite(&json!([to_vera(), to_saperix("ann"), to_vera()])).await.json);
            let foreign = app.client(world::OTHER_ADMIN).invited(&to_vera()).await;
            let wishes = json!([
                {"guid": sent[0], "status": "resolved"}, {"guid": sent[1], "status": "approved"},
                {"guid": world::EMMA, "status": "Resolved"}, {"guid": foreign, "status": "Resolved"},
                {"guid": "nonsense", "status": "Rejected"}, {"guid": sent[2].to_uppercase(), "status": "RESOLVED"},
                {"guid": sent[0], "status": "Resolved", "other": 1}
            ]);
            let body = if wrapped { json!({"modify": wishes, "other": true}) } else { wishes };
            let reply = emma.post(BULK, &body).await;
            let unable = |guid: &str| json!({"guid": guid, "message": "Unable to update status."});
            assert_eq!((reply.status, reply.json), (200, json!({
                "modified": [
                    {"guid": sent[0], "status": "Resolved"}, {"guid": sent[2].to_uppercase(), "status": "Resolved"},
                    {"guid": sent[0], "status": "Resolved"}
                ],
                "not_modified": [unable(&sent[1]), unable(world::EMMA), unable(&foreign), unable("nonsense")]
            })));
            assert_eq!(status(&emma, &sent[1]).await, "Pending");
            assert_eq!(status(&app.client(world::OTHER_ADMIN), &foreign).await, "Active");
        }
    }

    async fn many_at_once_of_another_shape(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let good = json!({"guid": guid, "status": "Resolved"});
        for (body, detail) in [
            (json!({}), "modify: is required: an array of {guid, status}"),
            (json!({"modify": {}}), "modify: must be an array"),
            (json!("x"), "body: must be an object"),
            (json!([good, 5]), "body[1]: must be an object"),
            (json!({"modify": [good, {"status": "Resolved"}]}), "modify[1].guid: is required"),
            (json!({"modify": [good, {"guid": guid}]}), "modify[1].status: is required"),
            (json!({"modify": [good, {"guid": 5, "status": "Resolved"}]}), "modify[1].guid: must be a string"),
            (json!([{"guid": guid, "status": "Never"}]), "body[0].status: must be Approved, Rejected or Resolved"),
        ] {
            assert_eq!(emma.post(BULK, &body).await.error(), format!("400 invalid_field: {detail}"), "{body}");
        }
        assert_eq!(status(&emma, &guid).await, "Active", "nothing of a wrong body is done");
        let nothing = json!({"modified": [], "not_modified": []});
        assert_eq!(emma.post(BULK, &json!([])).await.json, nothing);
        assert_eq!(emma.post(BULK, &json!({"modify": []})).await.json, nothing);
    }

    async fn at_most_a_thousand_at_once(app) {
        let (emma, _) = app.pair();
        let wishes = |count: usize| json!(vec![json!({"guid": world::EMMA, "status": "Resolved"}); count]);
        let most = emma.post(BULK, &wishes(1000)).await;
        assert_eq!(most.json["not_modified"].as_array().unwrap().len(), 1000);
        let more = emma.post(BULK, &json!({"modify": wishes(1001)})).await;
        assert_eq!(more.error(), "400 invalid_field: modify: at most 1000 changes in one call");
    }
}
