//! Questions without end: thousands of keys, names, entries and characters. Each is refused by name or answered, and none
//! of them is an error of the server.

use liaison_testkit::{Client, Value, json, on_both, world};

async fn asked(client: &Client, path: &str, body: &Value) -> (u16, Value) {
    let reply = client.post(path, body).await;
    (reply.status, reply.json["field"].clone())
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("n{number}")).collect()
}

on_both! {
    async fn keys_of_an_order(app) {
        let rita = app.client(world::CLIENT_READER);
        for path in ["/v2/portfolio", "/v2/users"] {
            for keys in ["name,-name,".repeat(2000), "guid,".repeat(2100)] {
                let reply = rita.get(&format!("{path}?sort={keys}")).await;
                assert_eq!((reply.status, &reply.json["field"]), (400, &json!("sort")), "{path}: {}", reply.text);
            }
        }
        let reply = rita.get(&format!("/v2/portfolio?fields=guid&sort={}", "-name,name,".repeat(40))).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.json, rita.get("/v2/portfolio?fields=guid&sort=-name").await.json);
    }

    async fn entries_of_a_list(app) {
        let rita = app.client(world::CLIENT_READER);
        for (path, name) in [
            ("/v2/portfolio", "guid"),
            ("/v2/portfolio", "industry.slug"),
            ("/v1/companies/search", "industry"),
            ("/v1/companies/search", "guids"),
        ] {
            assert_eq!(asked(&rita, path, &json!({name: numbers(10_000)})).await, (200, Value::Null), "{path} {name}");
            assert_eq!(asked(&rita, path, &json!({name: numbers(10_001)})).await, (400, json!(name)), "{path} {name}");
        }
        for name in ["fields", "expand", "sort"] {
            assert_eq!(asked(&rita, "/v1/companies/search", &json!({name: numbers(101)})).await, (400, json!(name)));
        }
        let reply = rita.get(&format!("/v2/users?status={}", numbers(9_000).join(","))).await;
        assert_eq!((reply.status, &reply.json["count"]), (200, &json!(0)));
        assert_eq!(app.client("nobody").get(&format!("/v2/users?guid={}", "a,".repeat(10_001))).await.status, 401);
    }

    async fn characters_of_a_text(app) {
        let rita = app.client(world::CLIENT_READER);
        let long = "a".repeat(51_000);
        for name in ["q", "email_q", "formal_name_q"] {
            let reply = rita.get(&format!("/v2/users?{name}={long}")).await;
            assert_eq!((reply.status, &reply.json["count"]), (200, &json!(0)), "{name}");
            let reply = rita.get(&format!("/v2/users?{name}={}", "%25_".repeat(600))).await;
            assert_eq!((reply.status, &reply.json["count"]), (200, &json!(0)), "{name}");
        }
        for name in ["vulnerabilities", "infections"] {
            for text in [long.as_str(), "grade\":\"BAD"] {
                let reply = rita.post("/v2/portfolio", &json!({name: [text]})).await;
                assert_eq!((reply.status, &reply.json["count"]), (200, &json!(0)), "{name}");
            }
        }
    }

    async fn names_of_parameters(app) {
        let rita = app.client(world::CLIENT_READER);
        let inner: Value = numbers(2_000).into_iter().map(|name| (name, json!(1))).collect::<serde_json::Map<_, _>>().into();
        for body in [json!({"k".repeat(200_000): inner}), json!({"k": inner})] {
            for path in ["/v2/portfolio".to_owned(), format!("/v1/companies/{}/findings", world::SAPERIX)] {
                assert_eq!(asked(&rita, &path, &body).await.0, 400, "{path}");
            }
        }
    }
}
