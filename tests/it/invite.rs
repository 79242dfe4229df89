//! Inviting: what is accepted, what it becomes, and what the answer says.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with, without};
use liaison_testkit::{Value, json, on_both, redacted, world};

use crate::fields;

const PATH: &str = "/ratings/v1/access-requests";

on_both! {
    async fn the_documented_example(app) {
        let (emma, _) = app.pair();
        let reply = emma.invite(&documented()).await;
        assert_eq!((reply.status, reply.header("content-type")), (201, "application/json"));
        assert_eq!(reply.header("location"), "", "the answer holds the object itself");
        fields::check(&reply.json);
        insta::assert_snapshot!(reply.redacted(), @r#"
        {
          "can_resend_email": false,
          "ccs": "risk@blueseas.com,legal@blueseas.com",
          "context": {
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
          },
          "created_date": "2026-11-12",
          "created_time": "2026-11-12T09:00:00Z",
          "email_sent_date": "2026-11-12",
          "guid": "[guid]",
          "has_preferred_contact": true,
          "has_preferred_contacts": true,
          "has_shared_observations": true,
          "hubspot_status": "CREATED",
          "invitation_duration": 14,
          "is_real": true,
          "message": "Please look at these.",
          "notes": "Chase in two weeks.",
          "read": false,
          "reason": "remediation",
          "recipient_customer_access": "active",
          "requestee_company_guid": "a5e23bf0-38d4-4cea-aa50-19ee75da481d",
          "requestee_company_name": "Black Hills Technologies",
          "requestee_email": "mcastro@blackhills.com",
          "requestee_first_name": "Maria",
          "requestee_formal_name": "Maria Castro",
          "requestee_friendly_name": "Maria",
          "requestee_last_login": null,
          "requestee_last_name": "Castro",
          "requestee_phone": "+1 555 0123",
          "requestee_tos_date": null,
          "requester_company_guid": "b0000000-0000-4000-8000-000000000005",
          "requester_company_name": "Blue Seas International",
          "requester_customer_guid": "c940bb61-33c4-42c9-9231-c8194c305db3",
          "requester_customer_name": "Blue Seas",
          "requester_email": "emma@blueseas.com",
          "requester_first_name": "Emma",
          "requester_formal_name": "Emma Waters",
          "requester_friendly_name": "Emma",
          "requester_guid": "e0000000-0000-4000-8000-000000000001",
          "requester_last_name": "Waters",
          "resolved_by": {},
          "resolved_date": null,
          "rolledup_observation_ids": [
            "5y0VClTF01xpYqIzaFI00==",
            "5y0VClTF01xpYqIzaFI07=="
          ],
          "shared_observations_count": 2,
          "status": "Pending",
          "third_parties": [
            {
              "email": "auditor@auditors.example",
              "name": "Ada Auditor"
            }
          ],
          "trial_duration": 45
        }
        "#);
    }

    async fn fields_come_in_the_documented_order(app) {
        let reply = app.pair().0.invite(&to_vera()).await;
        let places: Vec<_> =
            fields::FIELDS.iter().map(|(name, _)| reply.text.find(&format!("\"{name}\":")).unwrap()).collect();
        assert!(places.is_sorted(), "{}", reply.text);
    }

    async fn every_answer_of_the_sender_has_every_field(app) {
        let (emma, _) = app.pair();
        let created = emma.invite(&documented()).await.json;
        let guid = created["guid"].as_str().unwrap();
        assert_eq!(emma.get(PATH).await.json, json!([created]));
        let changed = emma.change(guid, "Resolved").await.json;
        fields::check(&changed);
        app.clock.advance(Duration::from_secs(300));
        let other = emma.invited(&to_saperix("ann")).await;
        app.clock.advance(Duration::from_secs(300));
        let resent = emma.post(&format!("/liaison/v1/access-requests/{other}/resend"), &Value::Null).await;
        fields::check(&resent.json);
    }

    async fn someone_with_an_account_is_in_at_once(app) {
        let (emma, _) = app.pair();
        let sent = emma.invite(&to_vera()).await.json;
        assert_eq!(sent["status"], "Active");
        assert_eq!(sent["hubspot_status"], "EXISTING");
        assert_eq!(sent["can_resend_email"], false);
        assert_eq!(sent["requestee_tos_date"], "2024-05-06");
        assert_eq!(sent["requestee_last_login"], "2026-11-11");
        assert_eq!(sent["email_sent_date"], "2026-11-12");
        assert_eq!(sent["recipient_customer_access"], "active");
        app.clock.advance_days(1);
        let later = emma.outbox("").await;
        assert_eq!(later[0]["can_resend_email"], false, "there is no link to send again");
    }

    async fn an_account_is_found_whatever_the_case_of_the_address(app) {
        let (emma, _) = app.pair();
        let sent = emma.invite(&with(to_vera(), &json!({"requestee_email": "VERA@BlackHills.com"}))).await.json;
        assert_eq!((&sent["status"], &sent["requestee_email"]), (&json!("Active"), &json!("VERA@BlackHills.com")));
    }

    async fn a_known_person_keeps_their_own_names(app) {
        let names = json!({"requestee_formal_name": "Wera H. Hyll", "requestee_friendly_name": "W"});
        let sent = app.pair().0.invite(&with(to_vera(), &names)).await.json;
        assert_eq!((&sent["requestee_first_name"], &sent["requestee_last_name"]), (&json!("Vera"), &json!("Hill")));
        assert_eq!(sent["requestee_formal_name"], "Wera H. Hyll");
    }

    async fn someone_new_waits_for_the_link(app) {
        let (emma, _) = app.pair();
        let sent = emma.invite(&to_saperix("ann")).await.json;
        assert_eq!(sent["status"], "Pending");
        assert_eq!(sent["hubspot_status"], "CREATED");
        assert_eq!(sent["requestee_tos_date"], Value::Null);
        assert_eq!(sent["requestee_last_login"], Value::Null);
        assert_eq!(sent["recipient_customer_access"], "inactive");
        assert_eq!((&sent["requestee_first_name"], &sent["requestee_last_name"]), (&json!("ann"), &json!("Perry")));
    }

    async fn a_mail_can_be_sent_again_after_the_cool_down(app) {
        let (emma, _) = app.pair();
        assert_eq!(emma.invite(&to_saperix("ann")).await.json["can_resend_email"], false);
        app.clock.advance(Duration::from_millis(299_999));
        assert_eq!(emma.outbox("").await[0]["can_resend_email"], false);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(emma.outbox("").await[0]["can_resend_email"], true);
    }

    async fn the_contact_of_the_company_stands_in(app) {
        let (emma, _) = app.pair();
        for invitation in [
            json!({"requestee_company_guid": world::SAPERIX}),
            json!({"requestee_company_guid": world::SAPERIX, "requestee_email": "", "requestee_formal_name": " ",
                   "requestee_friendly_name": null}),
            json!({"requestee_company_guid": world::SAPERIX, "requestee_email": "SAM@saperix.example"}),
        ] {
            let sent = emma.invite(&invitation).await;
            assert_eq!(sent.status, 201, "{}", sent.text);
            assert_eq!(sent.json["requestee_formal_name"], "Sam Perry");
            assert_eq!(sent.json["requestee_friendly_name"], "Sam");
            assert_eq!(sent.json["requestee_phone"], "+1 555 0100");
            assert!(sent.json["requestee_email"].as_str().unwrap().eq_ignore_ascii_case("sam@saperix.example"));
        }
    }

    async fn what_the_sender_writes_goes_before_the_contact(app) {
        let sent = app.pair().0.invite(&with(to_saperix("sam"), &json!({"requestee_phone": "7"}))).await.json;
        assert_eq!((&sent["requestee_formal_name"], &sent["requestee_phone"]), (&json!("sam Perry"), &json!("7")));
    }

    async fn without_a_contact_an_address_is_needed(app) {
        let nobody = json!({"requestee_company_guid": world::BLACK_HILLS});
        let (emma, _) = app.pair();
        assert_eq!(emma.invite(&nobody).await.error(), "400 invalid_requestee_email: Invalid requestee email");
        let otto = app.client(world::OTHER_ADMIN);
        let of_others = json!({"requestee_company_guid": world::SAPERIX});
        assert_eq!(otto.invite(&of_others).await.status, 400, "the contact is the other client's");
    }

    async fn one_name_is_enough(app) {
        let (emma, _) = app.pair();
        let formal = with(to_saperix("x"), &json!({"requestee_formal_name": " Ann  van Dyk "}));
        let formal = without(formal, &["requestee_friendly_name"]);
        let sent = emma.invite(&formal).await.json;
        assert_eq!(sent["requestee_friendly_name"], "Ann");
        assert_eq!(sent["requestee_last_name"], "van Dyk");
        let friendly = without(to_saperix("bob"), &["requestee_formal_name"]);
        assert_eq!(emma.invite(&friendly).await.json["requestee_formal_name"], "bob");
    }

    async fn several_in_one_call(app) {
        let (emma, _) = app.pair();
        let reply = emma.invite(&json!([to_saperix("ann"), to_vera(), to_saperix("bob")])).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let answers = reply.json.as_array().unwrap();
        answers.iter().for_each(fields::check);
        let names: Vec<_> = answers.iter().map(|answer| answer["requestee_friendly_name"].as_str().unwrap()).collect();
        assert_eq!(names, ["ann", "Vera", "bob"]);
        assert_eq!(emma.outbox("").await.len(), 3);
        let one = emma.invite(&json!([to_saperix("carol")])).await;
        assert_eq!(one.json.as_array().unwrap().len(), 1, "an array is answered with an array");
    }

    async fn several_are_sent_all_or_none(app) {
        let (emma, _) = app.pair();
        let wrong = with(to_saperix("bob"), &json!({"requestee_email": "nobody"}));
        let reply = emma.invite(&json!([to_saperix("ann"), to_vera(), wrong, to_saperix("carol")])).await;
        insta::assert_snapshot!(reply.text, @r#"{"detail":"Invalid requestee email","code":"invalid_requestee_email","index":2}"#);
        let alone = emma.invite(&json!([wrong])).await;
        assert_eq!(alone.json["index"], 0, "{}", alone.text);
        let shape = emma.invite(&json!([to_vera(), {"read": 1}])).await;
        assert_eq!((&shape.json["field"], &shape.json["index"]), (&json!("read"), &json!(1)));
        assert_eq!(emma.outbox("").await, [] as [Value; 0]);
        assert!(app.mails().await.is_empty());
    }

    async fn at_most_a_hundred_in_one_call(app) {
        let (emma, _) = app.pair();
        let many = |count: usize| -> Value { (0..count).map(|number| to_saperix(&format!("p{number}"))).collect() };
        for count in [0, 101] {
            let reply = emma.invite(&many(count)).await;
            assert_eq!(
                reply.error(),
                "400 invalid_field: vendor_access_request: must hold 1 to 100 invitations"
            );
        }
        assert_eq!(emma.invite(&many(100)).await.json.as_array().unwrap().len(), 100);
    }

    async fn what_is_left_out_gets_its_default(app) {
        let sent = app.pair().0.invite(&to_saperix("ann")).await.json;
        let defaults = json!({
            "reason": "other", "trial_duration": 30, "invitation_duration": 14, "read": false, "message": "",
            "notes": null, "ccs": null, "requestee_phone": "", "rolledup_observation_ids": [], "third_parties": [],
            "shared_observations_count": 0, "has_shared_observations": false, "resolved_by": {},
            "resolved_date": null, "context": {"date": null, "rating": null, "risk_vectors": []}, "is_real": true
        });
        for (key, value) in defaults.as_object().unwrap() {
            assert_eq!(&sent[key], value, "{key}");
        }
        let of_other_account = app.client(world::OTHER_ADMIN).invite(&to_vera()).await.json;
        assert_eq!(of_other_account["trial_duration"], 60, "the default is the account's");
    }

    async fn ccs_in_every_spelling(app) {
        let (emma, _) = app.pair();
        let both = "a@one.example,b@two.example";
        for (ccs, kept) in [
            (json!(both), json!(both)),
            (json!(" a@one.example ,, b@two.example, "), json!(both)),
            (json!(["a@one.example", "b@two.example"]), json!(both)),
            (json!(["a@one.example,b@two.example"]), json!(both)),
            (json!(""), Value::Null),
            (json!([]), Value::Null),
            (Value::Null, Value::Null),
        ] {
            let sent = emma.invite(&with(to_vera(), &json!({"ccs": ccs}))).await;
            assert_eq!(sent.json["ccs"], kept, "{ccs}: {}", sent.text);
        }
    }

    async fn risk_vectors_by_slug_and_by_short_id(app) {
        let context = json!({"context": {"risk_vectors": [
            {"risk_vector": {"slug": "botnet"}}, {"risk_vector": {"slug": "dnssec", "name": "whatever"}},
            {"risk_vector": {"slug": "botnet_infections"}, "grade": "A"}, {"risk_vector": {"slug": "open_port"}},
            {"risk_vector": {"slug": "spf"}}
        ]}});
        let sent = app.pair().0.invite(&with(to_vera(), &context)).await;
        insta::assert_snapshot!(redacted(&sent.json["context"]), @r#"
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
              "grade": "F",
              "percentile": 0.0,
              "risk_vector": {
                "name": "DNSSEC",
                "slug": "dnssec"
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
              "grade": null,
              "percentile": null,
              "risk_vector": {
                "name": "SPF Domains",
                "slug": "spf"
              }
            }
          ]
        }
        "#);
    }

    async fn the_vectors_of_the_findings_join_the_context(app) {
        let shared = json!({
            "rolledup_observation_ids": [world::finding_id(8), world::finding_id(1), world::finding_id(8)],
            "context": {"risk_vectors": [{"risk_vector": {"slug": "botnet"}}]}
        });
        let sent = app.pair().0.invite(&with(to_vera(), &shared)).await.json;
        let vectors = sent["context"]["risk_vectors"].as_array().unwrap();
        let slugs: Vec<_> = vectors.iter().map(|vector| vector["risk_vector"]["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["botnet_infections", "dnssec", "open_ports"]);
        assert_eq!(sent["rolledup_observation_ids"], json!([world::finding_id(8), world::finding_id(1)]));
        assert_eq!(sent["shared_observations_count"], 2);
        assert_eq!(sent["has_shared_observations"], true);
    }

    async fn the_context_is_that_of_the_day(app) {
        let (emma, vera) = app.pair();
        let sent = emma.invite(&documented()).await.json;
        app.clock.advance_days(1);
        let newer = json!({"companies": [{
            "guid": world::BLACK_HILLS, "name": "Black Hills Technologies", "primary_domain": "blackhills.com",
            "domains": ["blackhills.com", "blackhills.io"], "type": "CURATED",
            "ratings": [{"rating_date": "2026-11-13", "rating": 800, "risk_vectors": []}]
        }]});
        app.import(&newer).await;
        assert_eq!(vera.received(sent["guid"].as_str().unwrap()).await["context"], sent["context"]);
        assert_eq!(emma.invite(&to_vera()).await.json["context"]["rating"], 800);
    }

    async fn keys_that_nobody_may_set_are_passed_over(app) {
        let (emma, _) = app.pair();
        let plain = emma.invite(&to_saperix("ann")).await.json;
        let eager = with(to_saperix("ann"), &json!({
            "guid": world::EMMA, "status": "Resolved", "requester_email": "mallory@evil.test",
            "requester_customer_guid": world::OTHER, "requestee_tos_date": "2020-01-01", "created_date": "2020-01-01",
            "can_resend_email": true, "hubspot_status": "EXISTING", "is_real": false, "invitation_duration": 99,
            "shared_observations_count": 9, "has_preferred_contacts": true, "resolved_by": {"guid": world::VERA},
            "resolved_date": "2020-01-01", "recipient_customer_access": "active", "nonsense": {"a": [1, 2]},
            "requestee_company_name": 5, "message": null, "trial_duration": null, "reason": null, "context": null,
            "third_parties": null, "rolledup_observation_ids": null, "read": null, "notes": null
        }));
        let sent = emma.invite(&eager).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        for (name, _) in fields::FIELDS.iter().filter(|(name, _)| *name != "guid") {
            assert_eq!(sent.json[*name], plain[*name], "{name}");
        }
    }

    async fn a_preferred_contact_is_a_collaboration_contact_of_the_company(app) {
        let (emma, _) = app.pair();
        assert_eq!(emma.invite(&to_black_hills("new")).await.json["has_preferred_contact"], true);
        assert_eq!(emma.invite(&to_saperix("ann")).await.json["has_preferred_contact"], false);
        app.set_user_active(world::VENDOR, "vera@blackhills.com", false).await;
        assert_eq!(emma.invite(&to_black_hills("two")).await.json["has_preferred_contacts"], false);
    }

    async fn texts_are_kept_as_they_were_sent(app) {
        let message = "tab\t newline\r\n bell\u{7} emoji \u{1f600} rtl \u{202e}abc \u{5d0} <b>&amp;</b> \"q\" \\ ";
        let texts = json!({"message": message, "notes": message});
        let (emma, vera) = app.pair();
        let guid = emma.invited(&with(to_vera(), &texts)).await;
        assert_eq!(emma.sent(&guid).await["notes"], message);
        assert_eq!(vera.received(&guid).await["message"], message);
    }

    async fn a_company_token_invites_in_the_name_of_the_customer(app) {
        let sent = app.client(world::CLIENT_COMPANY).invite(&to_vera()).await.json;
        fields::check(&sent);
        let named = json!({
            "requester_email": "", "requester_first_name": "", "requester_last_name": "",
            "requester_friendly_name": "Blue Seas", "requester_formal_name": "Blue Seas",
            "requester_company_name": "Blue Seas International", "requester_customer_name": "Blue Seas",
            "requester_company_guid": world::BLUE_SEAS, "requester_customer_guid": world::CLIENT
        });
        for (key, value) in named.as_object().unwrap() {
            assert_eq!(&sent[key], value, "{key}");
        }
    }

    async fn the_same_person_can_be_invited_again(app) {
        let (emma, _) = app.pair();
        let first = emma.invited(&to_saperix("ann")).await;
        assert_ne!(first, emma.invited(&to_saperix("ann")).await);
        assert_eq!(emma.get(PATH).await.json.as_array().unwrap().len(), 2);
    }
}
