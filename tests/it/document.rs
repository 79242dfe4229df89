//! The published document: it is served, has everything that is no page, and its examples fit its schemas.

use std::collections::BTreeSet;

use liaison_testkit::web::openapi;
use liaison_testkit::web::routes::{self, Access};
use liaison_testkit::{Value, json, on_both, reply, world};

fn document() -> Value {
    openapi::document("https://liaison.test").0
}

/// Every operation of the document with its path and method.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation.clone()))
    });
    operations.collect()
}

/// What a schema says against a value.
fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{error}: {schema}"));
    let faults = validator.iter_errors(value);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn everything_that_is_no_page_is_described() {
    let plain = routes::all().filter(|route| route.operations.is_empty());
    let apis = plain.filter(|route| route.access == Access::Token);
    let apis: Vec<&str> = apis.map(|route| route.path).collect();
    assert_eq!(apis, Vec::<&str>::new(), "routes without operations");
}

#[test]
fn names_are_unique() {
    let (document, clashes) = openapi::document("https://liaison.test");
    assert_eq!(clashes, Vec::<String>::new());
    let mut ids = BTreeSet::new();
    let tags = document["tags"].as_array().unwrap();
    for (name, operation) in operations(&document) {
        assert!(
            ids.insert(operation["operationId"].to_string()),
            "{name}: its id is another one's"
        );
        assert!(
            tags.iter().any(|tag| tag["name"] == operation["tags"][0]),
            "{name}: its tag has no sentence"
        );
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn examples_fit_their_schemas() {
    let document = document();
    let mut wrong = Vec::new();
    for (name, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap().values();
        for content in responses.chain([&operation["requestBody"]]) {
            for (media, shown) in content["content"].as_object().into_iter().flatten() {
                if let (Some(schema), Some(example)) = (shown.get("schema"), shown.get("example")) {
                    let faults = faults(&document, schema, example);
                    wrong.extend(faults.into_iter().map(|fault| format!("{name} {media}: {fault}")));
                }
            }
        }
        for parameter in operation["parameters"].as_array().unwrap() {
            if let Some(example) = parameter.get("example") {
                let faults = faults(&document, &parameter["schema"], example);
                wrong.extend(
                    faults
                        .into_iter()
                        .map(|fault| format!("{name} {}: {fault}", parameter["name"])),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

on_both! {
    async fn it_is_served_to_everybody(app) {
        let url = format!("{}/openapi.json", app.base());
        let first = reply(app.http().get(&url)).await;
        assert_eq!((first.status, first.header("content-type")), (200, "application/json"));
        assert_eq!(first.json["openapi"], "3.1.0");
        assert_eq!(first.json["servers"], json!([{"url": "https://liaison.test"}]));
        assert_eq!(first.json, document());
        let again = reply(app.http().get(&url).header("if-none-match", first.header("etag"))).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        let zipped = app.http().get(&url).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(zipped.headers()["content-encoding"], "gzip");
    }

    /// The schemas hold for what is answered beyond the examples: every refusal is an error of the document.
    async fn refusals_are_as_described(app) {
        let document = document();
        let schema = json!({"$ref": "#/components/schemas/Error"});
        for reply in [
            app.client("nobody").get("/ratings/v1/tiers").await,
            app.client(world::CLIENT_ADMIN).get("/ratings/v1/client-access-links/x").await,
            app.client(world::CLIENT_ADMIN).post_text("/ratings/v1/access-requests", "{").await,
        ] {
            assert_eq!(faults(&document, &schema, &reply.json), Vec::<String>::new(), "{}", reply.text);
        }
    }
}
