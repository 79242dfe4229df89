//! Addresses are judged before anybody is invited, and nobody learns whom a vendor has named.

use liaison_testkit::{Value, json, on_both, world};

const VALIDATE: &str = "/ratings/v1/companies/validate-recipient-emails";
const QUERY: &str = "/ratings/v1/companies/collaboration-contacts/query";

fn rows(reply: &Value) -> Vec<(bool, Value, String)> {
    let rows = reply["email_validations"].as_array().unwrap().iter();
    rows.map(|row| {
        let known = row["deliverability"].as_str().unwrap().to_owned();
        (
            row["email_valid"].as_bool().unwrap(),
            row["error_message"].clone(),
            known,
        )
    })
    .collect()
}

on_both! {
    async fn the_rules_in_their_order(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (company, email, valid, message, known) in [
            (world::SAPERIX, "a@saperix.example", true, Value::Null, "yes"),
            (world::SAPERIX, " A@Mail.SAPERIX.example ", true, Value::Null, "yes"),
            (world::SAPERIX, "a@nomail.saperix.example", false, json!("Invalid email domain"), "no"),
            (world::SAPERIX, "a@silent.saperix.example", true, Value::Null, "unknown"),
            (world::SAPERIX, "a@saperix", false, json!("Invalid email format"), "not_checked"),
            (world::SAPERIX, "", false, json!("Invalid email format"), "not_checked"),
            (world::SAPERIX, "a@gmail.com", false, json!("Email belongs to a public email provider"), "not_checked"),
            (world::SAPERIX, "a@blackhills.com", false, json!("Email is unrelated to this company"), "not_checked"),
            (world::STRANGER, "a@stranger.example", false, json!("Email is unrelated to this company"), "not_checked"),
            ("nonsense", "a@saperix.example", false, json!("Email is unrelated to this company"), "not_checked"),
        ] {
            let sent = json!({"email_validations": [{"company_guid": company, "email": email}]});
            let reply = emma.post(VALIDATE, &sent).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            assert_eq!(rows(&reply.json), [(valid, message, known.to_owned())], "{email}");
            assert_eq!(reply.json["email_validations"][0]["email"], email);
        }
    }

    async fn each_check_can_be_left_out(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let one = |email: &str| json!([{"company_guid": world::SAPERIX, "email": email}]);
        let sent = json!({"check_deliverability": false, "email_validations": one("a@nomail.saperix.example")});
        assert_eq!(rows(&emma.post(VALIDATE, &sent).await.json), [(true, Value::Null, "not_checked".to_owned())]);
        let sent = json!({"exclude_public_provider_domains": false, "email_validations": one("a@gmail.com")});
        assert_eq!(rows(&emma.post(VALIDATE, &sent).await.json)[0].1, "Email is unrelated to this company");
        assert_eq!(emma.post(VALIDATE, &json!({"email_validations": []})).await.json, json!({"email_validations": []}));
    }

    async fn what_is_too_much(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let many = |count: usize| -> Value {
            let row = |number: usize| json!({"company_guid": world::SAPERIX, "email": format!("a@n{number}.saperix.example")});
            json!({"email_validations": (0..count).map(row).collect::<Value>()})
        };
        let judged = rows(&emma.post(VALIDATE, &many(101)).await.json);
        assert_eq!(judged.iter().filter(|row| row.2 == "yes").count(), 100, "no more domains are looked up");
        assert_eq!(judged.iter().filter(|row| row.2 == "unknown").count(), 1);
        assert!(judged.iter().all(|row| row.0));
        assert_eq!(emma.post(VALIDATE, &many(1000)).await.status, 200);
        let reply = emma.post(VALIDATE, &many(1001)).await;
        assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some("email_validations: at most 1000 addresses")));
        assert_eq!(emma.post(VALIDATE, &json!({})).await.json["detail"], "email_validations: is needed");
        assert_eq!(app.client("nobody").post(VALIDATE, &json!({})).await.status, 401);
        assert_eq!(app.client(world::CLIENT_READER).post(VALIDATE, &json!({})).await.status, 403);
    }

    async fn only_the_callers_own_contacts_are_told(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let asked = json!({"companies": [world::BLACK_HILLS, world::STRANGER, "x", world::SAPERIX]});
        let reply = emma.post(QUERY, &asked).await;
        assert_eq!(reply.json, json!({"companies": [
            {"guid": world::BLACK_HILLS, "primary_domain": "blackhills.com", "contact_emails": []},
            {"guid": world::SAPERIX, "primary_domain": "saperix.example", "contact_emails": ["sam@saperix.example"]},
        ]}));
        assert!(!reply.text.contains("vera@"), "Vera is the vendor's collaboration contact");
        let of_other = app.client(world::OTHER_ADMIN).post(QUERY, &asked).await.json;
        assert_eq!(of_other["companies"][1]["contact_emails"], json!([]));
        assert_eq!(emma.post(QUERY, &json!({"companies": vec!["x"; 1001]})).await.status, 400);
    }
}
