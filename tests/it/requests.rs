//! One request in Liaison's own API: what each side sees, what happens next, notes, a longer trial, and a copied link.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_saperix, to_vera, with};
use liaison_testkit::smtp::Sink;
use liaison_testkit::{Client, Method, Reply, TestApp, Value, json, on_both, reply, world};

const ANN: &str = "ann@saperix.example";

fn path(guid: &str) -> String {
    format!("/liaison/v1/access-requests/{guid}")
}

async fn read(client: &Client, guid: &str) -> Value {
    let shown = client.get(&path(guid)).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    shown.json
}

async fn next(client: &Client, guid: &str) -> String {
    read(client, guid).await["next"]["code"].as_str().unwrap().to_owned()
}

async fn edit(client: &Client, guid: &str, body: &Value) -> Reply {
    client.patch(&path(guid), body).await
}

async fn link(client: &Client, guid: &str) -> Reply {
    client.post(&format!("{}/link", path(guid)), &Value::Null).await
}

/// The page of a link, by the link's last part.
async fn page(app: &TestApp, link: &str) -> u16 {
    let token = link.rsplit('/').next().unwrap();
    reply(app.http().get(format!("{}/i/{token}", app.base()))).await.status
}

/// The kinds of events that the client reads in the timeline.
async fn kinds(client: &Client, guid: &str) -> Vec<String> {
    let shown = client.get(&format!("{}/timeline", path(guid))).await.json;
    let results = shown["results"].as_array().unwrap();
    results
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn the_sender_sees_everything_but_whole_addresses(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&documented()).await;
        let shown = read(&emma, &guid).await;
        let facts = json!({
            "guid": guid, "side": "client", "status": "Pending", "reason": "remediation",
            "message": "Please look at these.", "notes": "Chase in two weeks.", "delivery": "kept",
            "delivered_time": null, "opened_time": null, "access_link_guid": null,
            "ccs": ["risk@blueseas.com", "legal@blueseas.com"], "read": false, "trial_duration": 45,
            "third_parties": [{"email": "auditor@auditors.example", "name": "Ada Auditor"}],
            "created_time": "2026-11-12T09:00:00Z", "expires_time": "2026-11-26T09:00:00Z",
            "accepted_time": null, "trial_ends_time": null, "resolved_time": null, "resolved_by": null,
            "answered_time": null, "messages_count": 0, "last_message_time": null, "last_message_side": null,
            "next": {
                "code": "link_to_copy",
                "sentence": "This server sends no mail. Copy the link and give it to Maria Castro yourself."
            }
        });
        for (key, value) in facts.as_object().unwrap() {
            assert_eq!(&shown[key], value, "{key}");
        }
        assert_eq!(shown["client"]["requester"]["email"], "emma@blueseas.com");
        assert_eq!(shown["client"]["company_name"], "Blue Seas International");
        assert_eq!(shown["vendor"]["company_guid"], world::BLACK_HILLS);
        assert_eq!(shown["vendor"]["requestee"]["phone"], "+1 555 0123");
        assert_eq!(shown["vendor"]["requestee"]["user_guid"], Value::Null);
        let expected = json!({
            "rolledup_observation_id": world::finding_id(0),
            "risk_vector": {"name": "Open Ports", "slug": "open_ports"},
            "severity": 7.4, "severity_category": "material", "grade": "BAD", "first_seen": "2026-08-02",
            "last_seen": "2026-11-10", "affects_rating": true, "evidence": "203.0.113.x:3389", "remediation": []
        });
        assert_eq!(shown["findings"][0], expected);
        assert_eq!(shown["findings"][1]["evidence"], "blackhills.com", "names stay");
        assert_eq!(shown["findings"].as_array().unwrap().len(), 2);
    }

    async fn the_recipient_sees_addresses_and_nothing_private(app) {
        let (emma, vera) = app.pair();
        let findings = json!({"rolledup_observation_ids": [world::finding_id(0)], "notes": "Chase."});
        let guid = emma.invited(&with(to_vera(), &findings)).await;
        let shown = read(&vera, &guid).await;
        assert_eq!((&shown["side"], &shown["status"]), (&json!("vendor"), &json!("Active")));
        assert_eq!(shown["findings"][0]["evidence"], "203.0.113.0:3389");
        assert_eq!(shown["next"]["code"], "not_answered");
        assert_eq!(shown["vendor"]["requestee"]["user_guid"], world::VERA);
        for private in ["notes", "delivery", "delivered_time", "opened_time", "access_link_guid", "private"] {
            assert!(shown.get(private).is_none(), "{private}: {shown}");
        }
        assert!(!shown.to_string().contains("Chase"));
        let reader = app.client(world::VENDOR_READER);
        assert_eq!(read(&reader, &guid).await, shown, "everybody of a full account sees the inbox");
    }

    async fn the_context_of_then_and_now(app) {
        let (emma, vera) = app.pair();
        let ports = json!({"context": {"risk_vectors": [{"risk_vector": {"slug": "open_ports"}}]}});
        let guid = emma.invited(&with(to_vera(), &ports)).await;
        let of = |grade: &str, percentile: f64| json!([{
            "grade": grade, "percentile": percentile, "risk_vector": {"name": "Open Ports", "slug": "open_ports"}
        }]);
        let then = json!({"date": "2026-11-01", "rating": 710, "risk_vectors": of("A", 91.86271)});
        assert_eq!(read(&emma, &guid).await["context"], json!({"then": then, "now": then}));
        app.import(&json!({"companies": [{
            "guid": world::BLACK_HILLS, "name": "Black Hills Technologies", "primary_domain": "blackhills.com",
            "type": "CURATED", "ratings": [{"rating_date": "2026-11-20", "rating": 640, "risk_vectors": [
                {"slug": "open_ports", "grade": "D", "percentile": 10.0, "rating": 400}]}]
        }]})).await;
        let now = json!({"date": "2026-11-20", "rating": 640, "risk_vectors": of("D", 10.0)});
        for client in [&emma, &vera] {
            assert_eq!(read(client, &guid).await["context"], json!({"then": then, "now": now}));
        }
        let unrated = emma.invited(&to_saperix("ann")).await;
        let none = json!({"date": null, "rating": null, "risk_vectors": []});
        assert_eq!(read(&emma, &unrated).await["context"], json!({"then": none, "now": null}));
    }

    async fn an_etag_saves_the_answer(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let shown = emma.get(&path(&guid)).await;
        let etag = shown.header("etag").to_owned();
        assert!(etag.len() > 10, "{etag}");
        let ask = async || reply(emma.request(Method::GET, &path(&guid)).header("If-None-Match", &etag)).await;
        let known = ask().await;
        assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", etag.as_str()));
        assert_eq!(edit(&emma, &guid, &json!({"notes": "x"})).await.status, 200);
        let changed = ask().await;
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), etag);
    }

    async fn what_happens_next_follows_the_mail_and_the_person(app) {
        let (emma, _) = app.pair();
        let (sink, port) = Sink::start();
        sink.answer(ANN, "550 5.1.1 nobody here");
        let guid = emma.invited(&to_saperix("ann")).await;
        assert_eq!(next(&emma, &guid).await, "link_to_copy");
        app.queue_kept_mails().await;
        assert_eq!(next(&emma, &guid).await, "mail_waiting");
        app.deliver_to(port).await;
        let failed = read(&emma, &guid).await["next"].clone();
        assert_eq!(failed["code"], "not_delivered");
        assert!(failed["sentence"].as_str().unwrap().contains("nobody here"), "{failed}");
        sink.take(ANN);
        let copied = link(&emma, &guid).await.json;
        assert_eq!(next(&emma, &guid).await, "link_copied");
        let token = copied["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        app.app().mark_opened(token.clone()).await.unwrap();
        assert_eq!(next(&emma, &guid).await, "not_accepted");
        app.accepted(&token, "Ann Perry").await;
        assert_eq!(next(&emma, &guid).await, "not_answered");
        let guest = app.guest(ANN).await;
        assert_eq!(guest.write(&guid, "Hello").await.status, 201);
        assert_eq!((next(&emma, &guid).await, next(&guest, &guid).await), ("waiting_for_client".into(), "waiting_for_client".into()));
        assert_eq!(emma.write(&guid, "Thanks").await.status, 201);
        assert_eq!(next(&emma, &guid).await, "waiting_for_vendor");
        app.clock.advance_days(24);
        assert_eq!(next(&emma, &guid).await, "trial_ending");
        app.clock.advance_days(6);
        assert_eq!(next(&emma, &guid).await, "inactive");
        emma.change(&guid, "Resolved").await;
        assert_eq!(next(&emma, &guid).await, "resolved");
        let never = emma.invited(&to_saperix("bob")).await;
        app.clock.advance_days(14);
        assert_eq!(next(&emma, &never).await, "expired");
    }

    async fn delivery_is_told_once_the_relay_took_it(app) {
        let (emma, _) = app.pair();
        let (_sink, port) = Sink::start();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.queue_kept_mails().await;
        app.clock.advance(Duration::from_secs(60));
        app.deliver_to(port).await;
        let shown = read(&emma, &guid).await;
        assert_eq!(shown["delivery"], "sent");
        assert_eq!(shown["delivered_time"], "2026-11-12T09:01:00Z");
        assert_eq!(shown["next"]["code"], "not_opened");
    }

    async fn notes_are_the_senders(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let set = edit(&emma, &guid, &json!({"notes": "Call on Monday."})).await;
        assert_eq!((set.status, &set.json["notes"]), (200, &json!("Call on Monday.")));
        assert_eq!(emma.sent(&guid).await["notes"], "Call on Monday.");
        assert_eq!(edit(&emma, &guid, &json!({})).await.json["notes"], "Call on Monday.", "what is absent stays");
        assert_eq!(edit(&emma, &guid, &json!({"notes": "Call on Monday."})).await.status, 200);
        assert_eq!(edit(&emma, &guid, &json!({"notes": null})).await.json["notes"], Value::Null);
        let changes = kinds(&emma, &guid).await.iter().filter(|kind| *kind == "request.notes_changed").count();
        assert_eq!(changes, 2, "the same words again are no change");
        assert!(!kinds(&vera, &guid).await.iter().any(|kind| kind.contains("notes")));
        let longest = "n".repeat(10_000);
        assert_eq!(edit(&emma, &guid, &json!({"notes": longest})).await.status, 200);
        assert_eq!(edit(&emma, &guid, &json!({"notes": format!("{longest}n")})).await.error(), "400 invalid_field: notes: at most 10000 characters");
        emma.change(&guid, "Resolved").await;
        assert_eq!(edit(&emma, &guid, &json!({"notes": "After the end."})).await.status, 200);
    }

    async fn what_cannot_be_edited(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        for (body, error) in [
            (json!({"note": "x"}), "400 invalid_field: note: is not a field here"),
            (json!({"status": "Resolved"}), "400 invalid_field: status: is not a field here"),
            (json!({"notes": 1}), "400 invalid_field: notes: must be a string"),
            (json!({"notes": "\0"}), "400 invalid_field: notes: must not contain NUL characters"),
            (json!({"trial_duration": "40"}), "400 invalid_field: trial_duration: must be a whole number"),
            (json!({"trial_duration": 366}), "400 invalid_field: trial_duration: must be a whole number of days from 1 to 365"),
            (json!({"trial_duration": 29}), "400 invalid_field: trial_duration: can only be made longer; it is 30 days"),
            (json!([]), "400 invalid_field: body: must be an object"),
        ] {
            assert_eq!(edit(&emma, &guid, &body).await.error(), error);
        }
        assert_eq!(edit(&app.client(world::CLIENT_READER), &guid, &json!({"notes": "x"})).await.status, 403);
        assert_eq!(edit(&vera, &guid, &json!({"notes": "x"})).await.status, 404);
        assert_eq!(edit(&app.client(world::OTHER_ADMIN), &guid, &json!({"nonsense": 1})).await.status, 404);
        let both = edit(&emma, &guid, &json!({"notes": "new", "trial_duration": 1})).await;
        assert_eq!(both.status, 400);
        assert_eq!(emma.sent(&guid).await["notes"], Value::Null, "both or neither");
    }

    async fn a_trial_gets_longer_and_never_shorter(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let waiting = edit(&emma, &guid, &json!({"trial_duration": 40})).await;
        assert_eq!((waiting.status, &waiting.json["trial_ends_time"]), (200, &Value::Null), "{}", waiting.text);
        app.clock.advance_days(1);
        app.accepted(&app.activation_for(ANN).await.link_token(), "Ann Perry").await;
        let guest = app.guest(ANN).await;
        assert_eq!(read(&emma, &guid).await["trial_ends_time"], "2026-12-23T09:00:00Z");
        let longer = edit(&emma, &guid, &json!({"trial_duration": 50})).await.json;
        assert_eq!((&longer["trial_duration"], &longer["trial_ends_time"]), (&json!(50), &json!("2027-01-02T09:00:00Z")));
        app.clock.advance_days(49);
        assert_eq!(guest.inbox().await[0]["status"], "Active");
        app.clock.advance_days(1);
        assert_eq!(guest.get("/ratings/v1/access-requests/received").await.status, 403, "the account ends with it");
        for upkeep in [false, true] {
            if upkeep {
                app.upkeep().await;
            }
            assert_eq!(emma.sent(&guid).await["status"], "Inactive");
        }
        let too_short = edit(&emma, &guid, &json!({"trial_duration": 50})).await;
        assert_eq!((too_short.status, &too_short.json["status"]), (200, &json!("Inactive")), "the same is no change");
        let back = edit(&emma, &guid, &json!({"trial_duration": 60})).await.json;
        assert_eq!((&back["status"], &back["trial_ends_time"]), (&json!("Active"), &json!("2027-01-12T09:00:00Z")));
        assert_eq!(guest.inbox().await[0]["status"], "Active", "and the account is open again");
        app.clock.advance_days(20);
        insta::assert_snapshot!(edit(&emma, &guid, &json!({"trial_duration": 61})).await.error(), @"400 invalid_field: trial_duration: would have ended on 13 Jan 2027, 09:00 UTC already");
        let extended = kinds(&emma, &guid).await.iter().filter(|kind| *kind == "request.trial_extended").count();
        assert_eq!(extended, 3);
    }

    async fn a_trial_that_cannot_get_longer(app) {
        let (emma, _) = app.pair();
        let live = emma.invited(&to_vera()).await;
        insta::assert_snapshot!(edit(&emma, &live, &json!({"trial_duration": 90})).await.error(), @"400 invalid_field: trial_duration: the recipient has an account of their own, which does not end");
        let guid = emma.invited(&to_saperix("ann")).await;
        emma.change(&guid, "Resolved").await;
        insta::assert_snapshot!(edit(&emma, &guid, &json!({"trial_duration": 90})).await.error(), @"409 not_extendable: The trial of a request that is Resolved cannot be made longer.");
    }

    async fn a_copied_link_replaces_the_mailed_one(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let old = app.activation_for(ANN).await.link_token();
        app.clock.advance_days(3);
        let copied = link(&emma, &guid).await;
        assert_eq!((copied.status, copied.header("cache-control")), (200, "no-store"), "{}", copied.text);
        assert_eq!(copied.json["expires_time"], "2026-11-29T09:00:00Z");
        let new = copied.json["link"].as_str().unwrap();
        assert!(new.starts_with("https://liaison.test/i/"), "{new}");
        assert!(copied.json["code"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!((page(app, &old).await, page(app, new).await), (410, 200));
        assert!(app.mails().await.iter().all(|mail| mail.kind != "activation" || mail.message.is_none()));
        let sent = emma.sent(&guid).await;
        assert_eq!(sent["email_sent_date"], "2026-11-12", "no mail was sent");
        assert_eq!(sent["can_resend_email"], true, "a copy does not start the cool-down");
        app.accepted(new.rsplit('/').next().unwrap(), "Ann Perry").await;
        assert_eq!(emma.sent(&guid).await["status"], "Active");
        assert!(kinds(&emma, &guid).await.contains(&"request.link_copied".to_owned()));
    }

    async fn who_comes_in_by_a_copied_link_reads_what_its_sender_sent_and_nothing_else(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        let theirs = app.invited_and_accepted(&otto, &to_saperix("bob")).await;
        let guid = emma.invited(&to_saperix("ann")).await;
        let copied = link(&emma, &guid).await.json["link"].as_str().unwrap().to_owned();
        app.accepted(copied.rsplit('/').next().unwrap(), "Not Ann").await;
        let guest = app.guest(ANN).await;
        let inbox = guest.inbox().await;
        assert_eq!((inbox.len(), inbox[0]["guid"].as_str()), (1, Some(guid.as_str())));
        assert_eq!(guest.get(&path(&theirs)).await.status, 404);
        let colleague = json!({"formal_name": "Ann Perry", "email": ANN});
        let bob = app.guest("bob@saperix.example").await;
        assert_eq!(bob.post(&format!("{}/delegate", path(&theirs)), &colleague).await.status, 200);
        assert_eq!(guest.get(&path(&theirs)).await.status, 404, "it waits for somebody who has the address");
        assert_eq!(emma.invite(&to_saperix("ann")).await.json["status"], "Active", "their sender knows them");
        let mailed = otto.invite(&to_saperix("ann")).await.json;
        assert_eq!(mailed["status"], "Pending", "others send a mail");
        app.accepted(&app.activation_for(ANN).await.link_token(), "Ann Perry").await;
        assert_eq!(guest.get(&path(&guid)).await.status, 401, "what the first one made for themselves has ended");
        assert_eq!(app.guest(ANN).await.inbox().await.len(), 4, "with what was handed to them");
    }

    async fn a_copied_link_takes_no_account_over(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        let (guid, first) = (emma.invited(&to_saperix("ann")).await, otto.invited(&to_saperix("ann")).await);
        let mailed = app.activation_for(ANN).await.link_token();
        app.accepted(&mailed, "Ann Perry").await;
        let waits = if otto.sent(&first).await["status"] == "Active" { (&emma, &guid) } else { (&otto, &first) };
        let copied = link(waits.0, waits.1).await.json["link"].as_str().unwrap().to_owned();
        let form = [("formal_name", "Not Ann"), ("password", "a password of my own"), ("terms", "accepted")];
        let refused = app.accept(copied.rsplit('/').next().unwrap(), &form).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("because this address has an account here"), "{}", refused.text);
        assert_eq!(waits.0.sent(waits.1).await["status"], "Pending");
    }

    async fn a_link_brings_back_what_ran_out_and_nothing_else(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.clock.advance_days(20);
        app.upkeep().await;
        assert_eq!(link(&emma, &guid).await.status, 200);
        assert_eq!(emma.sent(&guid).await["status"], "Pending");
        let active = emma.invited(&to_vera()).await;
        insta::assert_snapshot!(link(&emma, &active).await.error(), @"409 not_resendable: Only a request that is Pending or Never can be sent again; this one is Active.");
        assert_eq!(link(&app.client(world::CLIENT_READER), &guid).await.status, 403);
        for foreign in [&vera, &app.client(world::OTHER_ADMIN)] {
            assert_eq!(link(foreign, &guid).await.error(), "404 not_found: Not found.");
        }
        let body = json!({"mail": true});
        assert_eq!(emma.post(&format!("{}/link", path(&guid)), &body).await.error(), "400 invalid_field: mail: is not a field here");
    }

    async fn ten_links_a_day(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        for _ in 0..10 {
            assert_eq!(link(&emma, &guid).await.status, 200);
            app.clock.advance(Duration::from_secs(60));
        }
        let refused = link(&emma, &guid).await;
        insta::assert_snapshot!(refused.error(), @"429 link_too_often: A link can be copied 10 times a day; try again in 85800 seconds.");
        assert_eq!(refused.header("retry-after"), "85800");
        let other = emma.invited(&to_saperix("bob")).await;
        assert_eq!(link(&emma, &other).await.status, 200, "each request has its own ten");
        app.clock.advance(Duration::from_secs(85_800));
        assert_eq!(link(&emma, &guid).await.status, 200);
        assert_eq!(link(&emma, &guid).await.status, 429);
    }

    async fn a_link_is_shown_once(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let path = format!("{}/link", path(&guid));
        let first = emma.post_once(&path, "k1", &Value::Null).await;
        assert!(first.json["link"].is_string());
        let again = emma.post_once(&path, "k1", &Value::Null).await;
        assert_eq!((again.status, &again.json["link"], &again.json["code"]), (200, &Value::Null, &Value::Null));
        assert_eq!(again.json["expires_time"], first.json["expires_time"]);
        assert_eq!(page(app, first.json["link"].as_str().unwrap()).await, 200, "nothing happened twice");
    }

    async fn an_old_link_asks_for_a_new_one(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let old = app.activation_for(ANN).await.link_token();
        let activations = async || app.mails().await.iter().filter(|mail| mail.kind == "activation").count();
        let ask = async |token: &str| app.app().ask_again(token.to_owned()).await.unwrap();
        ask(&old).await;
        assert_eq!(activations().await, 1, "the cool-down holds here too");
        app.clock.advance_days(20);
        ask("nonsense").await;
        assert_eq!(activations().await, 1);
        ask(&old).await;
        assert_eq!((activations().await, &emma.sent(&guid).await["status"]), (2, &json!("Pending")));
        let new = app.activation_for(ANN).await.link_token();
        assert_eq!((page(app, &old).await, page(app, &new).await), (410, 200));
        app.clock.advance_days(1);
        ask(&old).await;
        assert_eq!(activations().await, 3, "a link that was replaced is remembered");
        app.accepted(&app.activation_for(ANN).await.link_token(), "Ann Perry").await;
        app.clock.advance_days(1);
        for known in [&old, &new] {
            ask(known).await;
        }
        assert_eq!(activations().await, 3, "who is in needs no link");
        assert!(kinds(&emma, &guid).await.contains(&"request.asked_again".to_owned()));
    }

    async fn opened_is_noted_once_and_by_people_only(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let token = app.activation_for(ANN).await.link_token();
        assert_eq!(page(app, &token).await, 200);
        assert_eq!(read(&emma, &guid).await["opened_time"], Value::Null, "looking is not opening: scanners look too");
        app.clock.advance_days(1);
        for _ in 0..2 {
            app.app().mark_opened(token.clone()).await.unwrap();
            app.clock.advance_days(1);
        }
        app.app().mark_opened("nonsense".to_owned()).await.unwrap();
        assert_eq!(read(&emma, &guid).await["opened_time"], "2026-11-13T09:00:00Z");
        let opened = async |guid: &str| kinds(&emma, guid).await.iter().filter(|kind| *kind == "request.opened").count();
        assert_eq!(opened(&guid).await, 1);
        let live = emma.invited(&to_vera()).await;
        for (token, count) in [(world::VENDOR_READER, 0), (world::VENDOR_ADMIN, 1), (world::VENDOR_ADMIN, 1)] {
            app.open_as(token, &live).await;
            assert_eq!(opened(&live).await, count, "{token}");
        }
        assert_eq!(read(&vera, &live).await["status"], "Active");
    }

    async fn accepting_proves_that_it_came_and_was_opened(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        app.clock.advance_days(2);
        app.accepted(&app.activation_for(ANN).await.link_token(), "Ann Perry").await;
        let shown = read(&emma, &guid).await;
        for key in ["opened_time", "delivered_time", "accepted_time"] {
            assert_eq!(shown[key], "2026-11-14T09:00:00Z", "{key}");
        }
    }
}

/// The mails of the own customer, for administrators.
mod own_mails {
    use super::*;

    async fn list(client: &Client, query: &str) -> Value {
        let shown = client.get(&format!("/liaison/v1/mails{query}")).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        shown.json
    }

    async fn retry(client: &Client, id: &str) -> Reply {
        client
            .post(&format!("/liaison/v1/mails/{id}/retry"), &Value::Null)
            .await
    }

    on_both! {
        async fn only_ones_own_and_only_administrators(app) {
            let (emma, vera) = app.pair();
            let otto = app.client(world::OTHER_ADMIN);
            let guid = emma.invited(&to_saperix("ann")).await;
            otto.invited(&to_saperix("bob")).await;
            let ours = list(&emma, "").await;
            let found: Vec<_> = ours["results"].as_array().unwrap().iter().map(|mail| &mail["recipient"]).collect();
            assert_eq!(found, [ANN, ANN]);
            assert_eq!(list(&emma, &format!("?request={guid}&state=kept")).await, ours);
            assert_eq!(list(&otto, &format!("?request={guid}")).await["results"], json!([]));
            assert_eq!(list(&vera, "").await["results"], json!([]));
            let id = ours["results"][0]["id"].as_str().unwrap();
            assert_eq!(retry(&otto, id).await.status, 404);
            for token in [world::CLIENT_MANAGER, world::CLIENT_READER] {
                let client = app.client(token);
                assert_eq!(client.get("/liaison/v1/mails").await.status, 403);
                assert_eq!(retry(&client, id).await.status, 403);
            }
            let wrong = emma.get("/liaison/v1/mails?state=lost").await;
            assert_eq!(wrong.error(), "400 invalid_parameter: state: must be one of queued, sent, failed, kept, replaced");
        }

        async fn page_by_page(app) {
            let (emma, _) = app.pair();
            for name in ["ann", "bob", "eve"] {
                emma.invited(&to_saperix(name)).await;
                app.clock.advance(Duration::from_secs(1));
            }
            let all = list(&emma, "").await["results"].as_array().unwrap().clone();
            assert_eq!(all.len(), 6);
            let (mut seen, mut query) = (Vec::new(), "?limit=4".to_owned());
            while seen.len() < 6 {
                let page = list(&emma, &query).await;
                seen.extend(page["results"].as_array().unwrap().clone());
                query = format!("?limit=4&cursor={}", page["next"].as_str().unwrap_or("end"));
            }
            assert_eq!(seen, all);
            assert!(query.ends_with("=end"), "{query}");
            let foreign = list(&app.client(world::CLIENT_COMPANY), "?limit=4").await["next"].clone();
            let stolen = format!("/liaison/v1/mails?cursor={}", foreign.as_str().unwrap());
            assert_eq!(app.client(world::OTHER_ADMIN).get(&stolen).await.status, 400);
            assert_eq!(emma.get("/liaison/v1/mails?cursor=nonsense").await.status, 400);
        }

        async fn a_failed_one_goes_again(app) {
            let (emma, _) = app.pair();
            let (sink, port) = Sink::start();
            sink.answer(ANN, "550 5.1.1 nobody here");
            emma.invited(&to_saperix("ann")).await;
            app.queue_kept_mails().await;
            app.deliver_to(port).await;
            let failed = list(&emma, "?state=failed").await["results"].as_array().unwrap().clone();
            assert_eq!((failed.len(), &failed[0]["reply_code"], &failed[0]["attempts"]), (2, &json!(550), &json!(1)));
            assert!(failed[0]["reply"].as_str().unwrap().contains("nobody here"));
            sink.take(ANN);
            for mail in &failed {
                let again = retry(&emma, mail["id"].as_str().unwrap()).await;
                assert_eq!((again.status, &again.json["state"]), (200, &json!("queued")), "{}", again.text);
            }
            app.deliver_to(port).await;
            assert_eq!(list(&emma, "?state=sent").await["results"].as_array().unwrap().len(), 2);
            insta::assert_snapshot!(retry(&emma, failed[0]["id"].as_str().unwrap()).await.error(), @"409 nothing_to_send: There is nothing left to send: the mail is on its way, was sent, or its link was used or replaced.");
        }
    }
}
