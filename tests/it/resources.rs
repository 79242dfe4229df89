//! The list of what there is.

use liaison_testkit::{Value, json, on_both, world};

on_both! {
    async fn every_address_answers(app) {
        let rita = app.client(world::CLIENT_READER);
        for root in ["/ratings/v1", "/ratings/v1/", "/v1", "/v1/", "/customer-api/v1", "/v2", "/ratings//v2/"] {
            let list = rita.get(root).await;
            assert_eq!(list.status, 200, "{root}: {}", list.text);
            assert_eq!(list.json["version"], if root.contains("v2") { json!(2) } else { json!(1) });
            let resources = list.json["resources"].as_array().unwrap();
            assert!(!resources.is_empty());
            for resource in resources {
                let path = resource["href"].as_str().unwrap().strip_prefix("https://liaison.test").unwrap();
                let answer = rita.get(path).await;
                // Some need to be told what is wanted, some an administrator.
                assert!(matches!(answer.status, 200 | 400 | 403), "{path}: {} {}", answer.status, answer.text);
            }
        }
        let names = rita.get("/v1").await.json["resources"].clone();
        let has = |name: &str| names.as_array().unwrap().iter().any(|resource| resource["name"] == name);
        assert!(has("access-requests") && has("users") && has("defaults") && !has("users/{guid}"), "{names}");
        let nobody = app.client("nobody").get("/v1").await;
        assert_eq!((nobody.status, nobody.json["resources"].clone()), (401, Value::Null));
    }
}
