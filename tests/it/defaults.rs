//! Words, ranges and colours: that they are the ones the other calls use.

use liaison_testkit::domain::risk_vectors;
use liaison_testkit::invitations::{to_vera, with};
use liaison_testkit::web::openapi;
use liaison_testkit::{Value, json, on_both, world};

fn slugs(words: &Value) -> Vec<&str> {
    let words = words.as_array().unwrap().iter();
    words.map(|word| word["slug"].as_str().unwrap()).collect()
}

on_both! {
    async fn the_words_are_those_of_the_other_calls(app) {
        let (emma, _) = app.pair();
        let defaults = emma.get("/ratings/v1/defaults/").await.json;
        assert_eq!(defaults, app.client(world::VENDOR_READER).get("/customer-api/v1/defaults").await.json);
        for reason in slugs(&defaults["vendor_access_request_reasons"]) {
            let status = emma.invite(&with(to_vera(), &json!({"reason": reason}))).await.status;
            assert_eq!(status, if reason == "self_requested" { 400 } else { 201 }, "{reason}");
        }
        let known = slugs(&defaults["vendor_access_request_status"]);
        for request in emma.outbox("").await {
            assert!(known.contains(&request["status"].as_str().unwrap()), "{request}");
        }
        for word in defaults["vendor_access_request_status"].as_array().unwrap() {
            assert!(word["description"].as_str().unwrap().ends_with('.') && !word["name"].as_str().unwrap().is_empty());
        }
        let details = defaults["risk_vectors"]["details_by_name"].as_object().unwrap();
        assert_eq!(details.len(), risk_vectors::ALL.len());
        for (name, detail) in details {
            let vector = risk_vectors::find(detail["id"].as_str().unwrap()).unwrap();
            assert_eq!((vector.name, vector.slug), (name.as_str(), detail["slug"].as_str().unwrap()));
            assert!(defaults["risk_categories"].as_array().unwrap().contains(&detail["category"]));
        }
        let roles = slugs(&defaults["roles"]);
        for user in emma.get("/v2/users").await.json["results"].as_array().unwrap() {
            assert!(roles.contains(&user["roles"][0]["slug"].as_str().unwrap()));
        }
    }

    async fn ranges_cover_the_scale(app) {
        let defaults = app.client(world::CLIENT_READER).get("/v1/defaults").await.json;
        let bounds = ["basic", "intermediate", "advanced"].map(|name| {
            let range = &defaults["rating_ranges"][name];
            (range["min"].as_i64().unwrap(), range["max"].as_i64().unwrap())
        });
        assert_eq!((bounds[0].0, bounds[2].1), (250, 900));
        assert!(bounds.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{bounds:?}");
    }

    async fn filters_are_those_of_the_portfolio(app) {
        let defaults = app.client(world::CLIENT_READER).get("/v1/defaults").await.json;
        let (document, _) = openapi::document("https://liaison.test");
        let parameters = document["paths"]["/ratings/v2/portfolio"]["get"]["parameters"].as_array().unwrap().clone();
        for filter in defaults["filter_order"].as_array().unwrap() {
            assert!(parameters.iter().any(|parameter| parameter["name"] == *filter), "{filter}");
        }
    }
}
