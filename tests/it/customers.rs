//! The caller's customer, and its one setting.

use liaison_testkit::invitations::to_saperix;
use liaison_testkit::{Method, json, on_both, reply, world};

const PATH: &str = "/v1/customers/current";

on_both! {
    async fn what_it_says_of_itself(app) {
        let (emma, vera) = app.pair();
        let before = emma.get(PATH).await.json;
        assert_eq!((&before["guid"], &before["name"], &before["is_active"]), (&json!(world::CLIENT), &json!("Blue Seas"), &json!(true)));
        assert_eq!(vera.get(PATH).await.json["guid"], world::VENDOR);
        app.clock.advance_days(1);
        emma.patch("/v1/access-requests/config", &json!({"trial_duration": 60})).await;
        let after = emma.get(PATH).await.json;
        assert_eq!((&after["date_joined"], &after["last_modified"]), (&before["date_joined"], &json!("2026-11-13T09:00:00Z")));
        assert_ne!(before["last_modified"], after["last_modified"]);
    }

    async fn the_setting(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let setting = |value| json!({"customer_settings": {"auto_approve_invited_users": value}});
        for same in [setting(json!(true)), setting(json!(null)), json!({"customer_settings": null}), json!({"name": "Other"})] {
            let answer = emma.patch(PATH, &same).await;
            assert_eq!((answer.status, answer.json), (200, emma.get(PATH).await.json), "{same}");
        }
        let field = "customer_settings.auto_approve_invited_users";
        for (body, field, rule) in [
            (setting(json!(false)), field, "must be true: invited users need no approval here"),
            (setting(json!("yes")), field, "must be true or false"),
            (json!([]), "body", "must be an object"),
        ] {
            let refused = emma.patch(PATH, &body).await;
            let expected = json!({"detail": {field: [rule]}, "code": "invalid_field"});
            assert_eq!((refused.status, refused.json), (400, expected));
        }
        let broken = emma.request(Method::PATCH, PATH).header("content-type", "application/json").body("{");
        let broken = reply(broken).await;
        assert_eq!((broken.status, broken.json["code"].as_str()), (400, Some("malformed_json")));
        assert!(broken.json["detail"]["body"][0].is_string(), "{}", broken.text);
        let problem = emma.request(Method::PATCH, PATH).header("accept", "application/problem+json").json(&setting(json!(false)));
        assert_eq!(reply(problem).await.json["field"], field);
        assert_eq!(app.client("nobody").patch(PATH, &setting(json!(false))).await.json["detail"], "Invalid token.");
    }

    async fn a_guest_may_look_and_not_change(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest("ann@saperix.example").await;
        assert_eq!(ann.get(PATH).await.json["name"], "Saperix");
        assert_eq!(ann.patch(PATH, &json!({})).await.status, 403);
    }
}
