//! A client of the API, as an integrator would write one, and what it gets back.

use reqwest::Method;
use serde_json::{Value, json};

/// Calls the API with one token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// One answer, whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: reqwest::header::HeaderMap,
    /// Body as it came.
    pub text: String,
    /// Body as JSON; `Null` where it is none.
    pub json: Value,
}

/// A client that shows what it gets: it follows no redirect and uses no proxy.
pub fn http() -> reqwest::Client {
    // The client is built without a provider of its own; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    builder.build().expect("an HTTP client can be built")
}

impl Client {
    /// A client of the server at `base` with a token.
    pub fn new(http: reqwest::Client, base: &str, token: &str) -> Client {
        Client {
            http,
            base: base.to_owned(),
            token: token.to_owned(),
        }
    }

    /// A request that is not sent yet, with the token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .basic_auth(&self.token, Some(""))
    }

    /// `GET` of a path from the root.
    pub async fn get(&self, path: &str) -> Reply {
        reply(self.request(Method::GET, path)).await
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        reply(self.request(Method::POST, path).json(body)).await
    }

    /// `POST` of bytes as JSON, well-formed or not.
    pub async fn post_text(&self, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/json");
        reply(request.body(body.into())).await
    }

    /// `POST` of JSON with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        reply(
            self.request(Method::POST, path)
                .header("Idempotency-Key", key)
                .json(body),
        )
        .await
    }

    /// `PATCH` of a sent request's status.
    pub async fn change(&self, guid: &str, status: &str) -> Reply {
        self.patch(
            &format!("/ratings/v1/access-requests/{guid}"),
            &json!({"status": status}),
        )
        .await
    }

    /// One request of the outbox. Panics where it is not there.
    pub async fn sent(&self, guid: &str) -> Value {
        let sent = self
            .outbox("")
            .await
            .into_iter()
            .find(|request| request["guid"] == guid);
        sent.unwrap_or_else(|| panic!("{guid} is not in the outbox"))
    }

    /// One request of the inbox, read on its own. Panics where it is not there.
    pub async fn received(&self, guid: &str) -> Value {
        let reply = self.get(&format!("/ratings/v1/access-requests/received/{guid}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json
    }

    /// The outbox in numbers, with a query such as `?status=Active`.
    pub async fn counts(&self, query: &str) -> Value {
        let reply = self.get(&format!("/ratings/v1/access-requests/counts{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json
    }

    /// `PATCH` of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        reply(self.request(Method::PATCH, path).json(body)).await
    }

    /// Invites somebody: `fields` inside `vendor_access_request`.
    pub async fn invite(&self, fields: &Value) -> Reply {
        self.post("/ratings/v1/access-requests", &json!({"vendor_access_request": fields}))
            .await
    }

    /// Invites somebody and gives the guid. Panics where it is refused.
    pub async fn invited(&self, fields: &Value) -> String {
        let reply = self.invite(fields).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json["guid"].as_str().expect("an answer has a guid").to_owned()
    }

    /// The outbox, with a query such as `?status=Active`.
    pub async fn outbox(&self, query: &str) -> Vec<Value> {
        self.list(&format!("/ratings/v1/access-requests{query}")).await
    }

    /// The inbox.
    pub async fn inbox(&self) -> Vec<Value> {
        self.list("/ratings/v1/access-requests/received").await
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json.as_array().expect("a list is a bare array").clone()
    }
}

/// Sends a request and reads the whole answer.
pub async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.expect("the server answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("the answer arrives whole");
    let json = serde_json::from_str(&text).unwrap_or_default();
    Reply {
        status,
        headers,
        text,
        json,
    }
}

impl Reply {
    /// A header's text, empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body, indented, with every guid that the server made replaced, for snapshots.
    pub fn redacted(&self) -> String {
        redacted(&self.json)
    }

    /// Status, code and detail of an error, for snapshots.
    pub fn error(&self) -> String {
        let text = |key: &str| self.json[key].as_str().unwrap_or("-").to_owned();
        format!("{} {}: {}", self.status, text("code"), text("detail"))
    }
}

/// JSON, indented, with every guid that the server made (version 7) replaced, for snapshots.
pub fn redacted(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("JSON can be written");
    let mut from = 0;
    while let Some(at) = text[from..].find("-7").map(|at| at + from) {
        let guid = at
            .checked_sub(13)
            .and_then(|start| Some((start, text.get(start..start + 36)?)));
        match guid.filter(|(_, guid)| liaison_domain::ids::parse_guid(guid).is_some()) {
            Some((start, _)) => text.replace_range(start..start + 36, "[guid]"),
            None => from = at + 2,
        }
    }
    text
}
