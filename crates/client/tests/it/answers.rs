//! What an answer comes to: the value, or an error in words.

use liaison_client::{Call, Client, Error, Settings};
use liaison_testkit::fake::{self, Fake};
use liaison_testkit::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::{client, seams, settings};

#[tokio::test]
async fn the_token_is_the_user_name_and_the_prefix_is_put_in_front() {
    let fake = Fake::start(|_| fake::json(200, &json!({"guid": "g"}))).await;
    let me: Value = client(&fake)
        .get("/v1/users/current", &[("fields", "guid,email")])
        .await
        .unwrap();
    assert_eq!(me["guid"], "g");
    let asked = &fake.asked()[0];
    assert_eq!(
        (asked.path.as_str(), asked.query.as_str()),
        ("/ratings/v1/users/current", "fields=guid%2Cemail")
    );
    assert_eq!(asked.headers["authorization"], "Basic dGhlLXRva2VuOg==");
    assert_eq!(asked.headers["accept"], "application/json");
}

#[tokio::test]
async fn a_body_and_a_key_are_sent() {
    let fake = Fake::start(|_| fake::json(201, &json!({}))).await;
    let call = Call::post("/v1/access-requests").json(&json!({"a": 1})).key("once");
    assert_eq!(client(&fake).send(&call).await.unwrap().status(), 201);
    let asked = &fake.asked()[0];
    assert_eq!((asked.method.as_str(), asked.body.as_str()), ("POST", "{\"a\":1}"));
    assert_eq!(asked.headers["idempotency-key"], "once");
    assert_eq!(asked.headers["content-type"], "application/json");
}

async fn failure(steps: Vec<fake::Say>) -> Error {
    let fake = Fake::start(move |_| steps.clone()).await;
    client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err()
}

#[tokio::test]
async fn refusals_keep_their_words() {
    let refused = json!({"detail": "Too long.", "code": "too_long", "field": "name"});
    let error = failure(fake::json(400, &refused)).await;
    assert_eq!(error.to_string(), "refused (400): Too long. (field name)");
    let error = failure(fake::json(403, &json!({"detail": "No."}))).await;
    assert!(error.is_forbidden(), "{error}");
    let error = failure(fake::json(404, &json!({"detail": "Not found."}))).await;
    assert!(error.is_absent(), "{error}");
}

#[tokio::test]
async fn who_refuses_a_token_is_told() {
    let own = [("www-authenticate", "Basic realm=\"bitsight-compatible liaison\"")];
    let error = failure(fake::answer(401, &own, "{\"detail\":\"Invalid token.\"}")).await;
    assert_eq!(error.to_string(), "the token is not accepted: Invalid token.");
    let error = failure(fake::answer(401, &[("www-authenticate", "Negotiate")], "")).await;
    assert!(error.to_string().contains("in front of the API"), "{error}");
}

#[tokio::test]
async fn a_page_of_a_firewall_is_not_taken_for_the_api() {
    let error = failure(fake::html(403)).await;
    assert!(
        error.is_forbidden() && error.to_string().contains("Attention Required!"),
        "{error}"
    );
    assert!(matches!(
        failure(fake::html(200)).await,
        Error::WebPage { status: 200, .. }
    ));
    // JSON is JSON, whatever the header calls it.
    let fake = Fake::start(|_| fake::answer(200, &[("content-type", "text/html")], "[1]")).await;
    assert_eq!(client(&fake).get::<Vec<u8>>("/v1/x", &[]).await.unwrap(), [1]);
}

#[tokio::test]
async fn an_answer_of_another_shape_is_named() {
    let fake = Fake::start(|_| fake::json(200, &json!({"results": [{"guid": 7}]}))).await;
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Wanted {
        results: Vec<std::collections::HashMap<String, String>>,
    }
    let error = client(&fake).get::<Wanted>("/v1/x", &[]).await.unwrap_err();
    assert!(error.to_string().contains("results[0].guid"), "{error}");
}

#[tokio::test]
async fn a_torn_answer_is_none() {
    assert!(matches!(
        failure(fake::torn(&json!({"a": "long enough to be torn"}))).await,
        Error::Truncated(_)
    ));
    let ended = fake::answer(200, &[("content-type", "application/json")], "{\"a\": [1, 2");
    assert!(matches!(failure(ended).await, Error::Truncated(_)));
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let long = fake::json(200, &json!("x".repeat(100_000)));
    assert_eq!(failure(long).await, Error::TooLarge { most: 64 * 1024 });
}

#[tokio::test]
async fn the_token_follows_no_redirect_to_another_host() {
    let other = Fake::start(|_| fake::json(200, &json!({}))).await;
    let url = other.url.clone();
    let fake = Fake::start(move |_| fake::answer(302, &[("location", &format!("{url}/ratings/v1/x"))], "")).await;
    let error = client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Redirected { .. }), "{error}");
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_redirect_inside_the_server_is_followed_by_reads_alone() {
    let fake = Fake::start(|asked| match asked.path.as_str() {
        "/ratings/v1/x" => fake::answer(301, &[("location", "/ratings/v1/y/")], ""),
        "/ratings/v1/loop" => fake::answer(301, &[("location", "/ratings/v1/loop")], ""),
        _ => fake::json(200, &json!({"ok": true})),
    })
    .await;
    let client = client(&fake);
    assert_eq!(client.get::<Value>("/v1/x", &[]).await.unwrap()["ok"], true);
    assert!(matches!(
        client.send(&Call::post("/v1/x")).await.unwrap_err(),
        Error::Redirected { .. }
    ));
    assert!(matches!(
        client.get::<Value>("/v1/loop", &[]).await.unwrap_err(),
        Error::Redirected { .. }
    ));
}

#[tokio::test]
async fn nobody_at_the_address_is_said() {
    let settings = settings("http://127.0.0.1:9");
    let client = Client::new(&settings, seams()).unwrap();
    let error = client.get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert!(
        error.to_string().starts_with("http://127.0.0.1:9 cannot be reached: "),
        "{error}"
    );
}

#[tokio::test]
async fn no_tls_where_tls_belongs_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(&format!("https://{}", listener.local_addr().unwrap()));
    settings.patience.tries = 1;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream
    });
    let client = Client::new(&settings, seams()).unwrap();
    let error = client.get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    server.await.unwrap();
}

#[test]
fn a_file_without_certificates_is_refused() {
    let mut settings = Settings::new("https://a.example", "t").unwrap();
    settings.ca_file = Some("Cargo.toml".into());
    let error = Client::new(&settings, seams()).err().unwrap();
    assert!(error.to_string().contains("Cargo.toml"), "{error}");
}
