//! Tokens of a customer: shown once, masked after that, and gone at once when they are revoked.

use liaison_testkit::{Method, Value, json, on_both, reply, world};

const PATH: &str = "/ratings/v1/customers/current/api-tokens";

on_both! {
    async fn a_token_is_shown_once(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let made = emma.post(PATH, &json!({"description": "ci", "group": world::GROUP_TWO})).await;
        assert_eq!((made.status, &made.json["group"], &made.json["creator_name"]), (201, &json!("Second"), &json!("Emma Waters")));
        let token = made.json["token"].as_str().unwrap();
        assert!(token.starts_with("liaison_"));
        assert_eq!(app.client(token).get(PATH).await.status, 200, "it has the rights of an administrator");
        let listed = emma.get(PATH).await;
        assert!(!listed.text.contains(token));
        assert_eq!(listed.json[0]["token"], format!("********{}", &token[token.len() - 4..]));
        assert_eq!(listed.json.as_array().unwrap().len(), 2, "tokens of users are not among them");
        assert_eq!((&listed.json[1]["description"], &listed.json[1]["creator_name"], &listed.json[1]["group"]), (&json!("company"), &Value::Null, &Value::Null));
        let path = format!("{PATH}/{}", made.json["guid"].as_str().unwrap());
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        assert_eq!(app.client(token).get(PATH).await.status, 401);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 404);
    }

    async fn a_secret_is_not_kept_for_a_repeated_call(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let first = emma.post_once(PATH, "key", &json!({"description": "ci"})).await;
        let second = emma.post_once(PATH, "key", &json!({"description": "ci"})).await;
        assert_eq!((first.status, second.status), (201, 201));
        assert_ne!(first.json["token"], second.json["token"]);
    }

    async fn only_administrators_manage_them(app) {
        for token in [world::CLIENT_MANAGER, world::CLIENT_READER] {
            let client = app.client(token);
            assert_eq!(client.get(PATH).await.status, 403);
            assert_eq!(client.post(PATH, &json!({})).await.status, 403);
        }
        let emma = app.client(world::CLIENT_ADMIN);
        for (body, detail) in [
            (json!({}), "description: is needed"),
            (json!({"description": " "}), "description: is required"),
            (json!({"description": "x".repeat(256)}), "description: at most 255 characters"),
            (json!({"description": "x", "group": "Nowhere"}), "group: is no group of yours"),
        ] {
            let reply = emma.post(PATH, &body).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)));
        }
        let of_other = app.client(world::OTHER_ADMIN).post(PATH, &json!({"description": "x", "group": world::GROUP_TWO})).await;
        assert_eq!(of_other.json["detail"], "group: is no group of yours");
    }

    async fn a_deleted_group_leaves_its_tokens(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let group = emma.post("/ratings/v1/access-groups", &json!({"name": "Third"})).await.json;
        assert_eq!(emma.post(PATH, &json!({"description": "x", "group": "Third"})).await.status, 201);
        let path = format!("/ratings/v1/access-groups/{}", group["guid"].as_str().unwrap());
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        assert_eq!(emma.get(PATH).await.json[0]["group"], Value::Null);
    }
}
