//! The recipient's side: what is received, what is hidden, and the one thing that can be changed.

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Client, Value, json, on_both, redacted, world};

use crate::fields;

const PATH: &str = "/ratings/v1/access-requests/received";
const NOT_FOUND: &str = "404 not_found: Not found.";

async fn guids(client: &Client) -> Vec<String> {
    client
        .inbox()
        .await
        .iter()
        .map(|request| request["guid"].as_str().expect("a guid is text").to_owned())
        .collect()
}

on_both! {
    async fn the_recipient_sees_everything_but_the_notes(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&documented()).await;
        let (sent, received) = (emma.sent(&guid).await, vera.received(&guid).await);
        fields::check(&received);
        assert_eq!(sent["notes"], "Chase in two weeks.");
        assert_eq!(received["notes"], Value::Null);
        assert_eq!(received, with(sent, &json!({"notes": null})));
        assert_eq!(vera.get(PATH).await.json, json!([received]));
        assert!(!vera.get(PATH).await.text.contains("Chase"));
        insta::assert_snapshot!(redacted(&received["context"]), @r#"
        {
          "date": "2026-11-01",
          "rating": 710,
          "risk_vectors": [
            {
              "grade": "B",
              "percentile": 70.0,
              "risk_vector": {
                "name": "Botnet Infections",
                "slug": "botnet_infections"
              }
            },
            {
              "grade": "A",
              "percentile": 91.86271,
              "risk_vector": {
                "name": "Open Ports",
                "slug": "open_ports"
              }
            },
            {
              "grade": "F",
              "percentile": 0.0,
              "risk_vector": {
                "name": "DNSSEC",
                "slug": "dnssec"
              }
            }
          ]
        }
        "#);
    }

    async fn read_is_the_recipients(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let path = format!("{PATH}/{guid}");
        for read in [true, true, false] {
            let reply = vera.patch(&path, &json!({"read": read})).await;
            assert_eq!((reply.status, &reply.json["read"]), (200, &json!(read)));
            fields::check(&reply.json);
            assert_eq!(vera.received(&guid).await, reply.json);
            assert_eq!(emma.sent(&guid).await["read"], read, "the sender sees it");
        }
        let reader = app.client(world::VENDOR_READER).patch(&path, &json!({"read": true})).await;
        assert_eq!(reader.status, 200);
    }

    async fn nothing_else_can_be_changed(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&documented()).await;
        let before = vera.received(&guid).await;
        let path = format!("{PATH}/{guid}");
        let wishes = json!({
            "guid": world::EMMA, "status": "Resolved", "notes": "mine", "message": "other", "ccs": "x@y.example",
            "trial_duration": 365, "reason": "other", "requestee_email": "x@blackhills.com", "third_parties": [],
            "rolledup_observation_ids": [], "context": {}, "can_resend_email": true
        });
        assert_eq!(vera.patch(&path, &wishes).await.json, before);
        for body in [json!({}), json!({"read": null})] {
            assert_eq!(vera.patch(&path, &body).await.json, before);
        }
        assert_eq!(emma.sent(&guid).await["notes"], "Chase in two weeks.");
        for (body, detail) in [
            (json!({"read": "yes"}), "read: must be true or false"),
            (json!({"read": 1}), "read: must be true or false"),
            (json!([]), "body: must be an object"),
        ] {
            assert_eq!(vera.patch(&path, &body).await.error(), format!("400 invalid_field: {detail}"));
        }
    }

    async fn all_at_once(app) {
        let (emma, vera) = app.pair();
        emma.invite(&json!([to_vera(), to_black_hills("new"), to_vera()])).await;
        let elsewhere = emma.invited(&to_saperix("ann")).await;
        for _ in 0..2 {
            let reply = vera.post(&format!("{PATH}/mark-all-as-read"), &Value::Null).await;
            assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (204, "", ""));
            assert!(vera.inbox().await.iter().all(|request| request["read"] == true));
        }
        assert_eq!(emma.sent(&elsewhere).await["read"], false, "that is another inbox");
        let newest = emma.invited(&to_vera()).await;
        assert_eq!(vera.received(&newest).await["read"], false);
        let empty = app.client(world::OTHER_ADMIN).post(&format!("{PATH}/mark-all-as-read"), &json!({})).await;
        assert_eq!(empty.status, 204);
    }

    async fn sent_and_received_are_two_things(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        assert_eq!(vera.change(&guid, "Resolved").await.error(), NOT_FOUND);
        assert_eq!(emma.get(&format!("{PATH}/{guid}")).await.error(), NOT_FOUND);
        assert_eq!(emma.patch(&format!("{PATH}/{guid}"), &json!({"read": true})).await.error(), NOT_FOUND);
        assert!(vera.outbox("").await.is_empty() && emma.inbox().await.is_empty());
        let sent = emma.sent(&guid).await;
        assert_eq!((&sent["status"], &sent["read"]), (&json!("Active"), &json!(false)));
    }

    async fn what_is_not_there(app) {
        let (_, vera) = app.pair();
        for guid in [world::EMMA, "nonsense", "b0000000-0000-4000-8000-00000000ffff", "%20"] {
            let path = format!("{PATH}/{guid}");
            assert_eq!(vera.get(&path).await.error(), NOT_FOUND, "{guid}");
            assert_eq!(vera.patch(&path, &json!({"read": true})).await.error(), NOT_FOUND, "{guid}");
        }
        assert_eq!(vera.get(PATH).await.text, "[]");
    }

    async fn a_full_account_receives_all_that_comes_to_its_company(app) {
        let (emma, vera) = app.pair();
        let to_colleague = emma.invited(&to_black_hills("new")).await;
        app.clock.advance_days(1);
        let from_other = app.client(world::OTHER_ADMIN).invited(&to_vera()).await;
        assert_eq!(guids(&vera).await, [from_other, to_colleague]);
        assert_eq!(guids(&app.client(world::VENDOR_READER)).await.len(), 2);
    }

    async fn guests_receive_what_was_accepted_in_their_account(app) {
        let emma = app.client(world::CLIENT_MANAGER);
        let first = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        app.clock.advance_days(1);
        let waiting = emma.invited(&to_saperix("bob")).await;
        let ann = app.guest("ann@saperix.example").await;
        assert_eq!(guids(&ann).await, [first.as_str()], "nobody accepted the other one");
        assert_eq!(ann.get(&format!("{PATH}/{waiting}")).await.error(), NOT_FOUND);
        assert_eq!(ann.received(&first).await["notes"], Value::Null);

        let token = app.activation_for("bob@saperix.example").await.link_token();
        app.accepted(&token, "Bob Perry").await;
        assert_eq!(guids(&ann).await, [waiting.clone(), first.clone()], "they share an account");

        app.clock.advance_days(1);
        let from_other = app.client(world::OTHER_ADMIN).invited(&to_saperix("ann")).await;
        assert_eq!(guids(&ann).await, [from_other, waiting, first]);
        assert_eq!(ann.inbox().await[0]["status"], "Active", "who has an account needs no new link");
    }

    async fn a_guest_account_beside_a_full_one_sees_its_own_only(app) {
        let (emma, vera) = app.pair();
        let own = app.invited_and_accepted(&emma, &to_black_hills("new")).await;
        let of_vera = emma.invited(&to_vera()).await;
        let guest = app.guest("new@blackhills.com").await;
        assert_eq!(guids(&guest).await, [own]);
        assert_eq!(guest.patch(&format!("{PATH}/{of_vera}"), &json!({"read": true})).await.error(), NOT_FOUND);
        guest.post(&format!("{PATH}/mark-all-as-read"), &Value::Null).await;
        assert_eq!(vera.received(&of_vera).await["read"], false);
        assert_eq!(guids(&vera).await.len(), 2);
    }

    async fn a_guest_has_an_empty_portfolio(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest("ann@saperix.example").await;
        assert_eq!(ann.invite(&to_vera()).await.error(), "400 no_entity: No entity found for specified guid");
        assert!(ann.outbox("").await.is_empty());
    }

    async fn pages_and_what_changed(app) {
        let (emma, vera) = app.pair();
        for _ in 0..5 {
            emma.invited(&to_vera()).await;
            app.clock.advance_days(1);
        }
        let all = vera.inbox().await;
        let page = vera.get(&format!("{PATH}?limit=2&offset=1")).await;
        assert_eq!(page.json, json!(all[1..3]));
        let link = page.header("link").to_owned();
        let next = link.strip_prefix("<https://liaison.test").unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        assert!(next.starts_with("/ratings/v1/access-requests/received?limit=2&cursor="), "{link}");
        assert_eq!(vera.get(next).await.json, json!(all[3..5]));
        assert_eq!(vera.get(&format!("{PATH}?updated_since=2026-11-15")).await.json, json!(all[..2]));
        let unknown = vera.get(&format!("{PATH}?status=Resolved&company_guid=x&requesterid=y")).await;
        assert_eq!(unknown.json, json!(all), "the inbox has no such filters");
        assert_eq!(vera.get(&format!("{PATH}?limit=x")).await.status, 400);
    }

    async fn a_customer_without_a_company_receives_nothing(app) {
        let bundle = json!({"customers": [{
            "guid": "c0000000-0000-4000-8000-00000000000a", "name": "Nobody", "type": "Live",
            "api_tokens": [{"description": "x", "token": "token-of-nobody-at-all"}]
        }]});
        app.import(&bundle).await;
        app.pair().0.invited(&to_vera()).await;
        let nobody = app.client("token-of-nobody-at-all");
        assert_eq!(nobody.get(PATH).await.text, "[]");
        assert_eq!(nobody.post(&format!("{PATH}/mark-all-as-read"), &Value::Null).await.status, 204);
    }
}
