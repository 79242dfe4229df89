//! Threads in tests: writing in them, following them live, and what is unread.

use std::time::Duration;

use liaison_domain::sides::Side;
use liaison_operations::{digest, messages};
use serde_json::{Value, json};

use crate::{Client, Reply, TestApp};

/// How long a test waits for a live event before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The path of a request's messages.
pub fn messages_of(request: &str) -> String {
    format!("/liaison/v1/access-requests/{request}/messages")
}

impl Client {
    /// Writes in a thread.
    pub async fn write(&self, request: &str, body: &str) -> Reply {
        self.post(&messages_of(request), &json!({"body": body})).await
    }

    /// Writes in a thread and gives the message. Panics where that is refused.
    pub async fn written(&self, request: &str, body: &str) -> Value {
        let reply = self.write(request, body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json
    }

    /// The first page of a thread.
    pub async fn thread(&self, request: &str) -> Vec<Value> {
        let reply = self.get(&messages_of(request)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json["results"].as_array().expect("a page has results").clone()
    }

    /// Follows a thread live, after an event or from now on. Panics where that is refused.
    pub async fn follow(&self, request: &str, after: Option<&str>) -> Live {
        let path = format!("{}/stream", messages_of(request));
        let mut asking = self.request(reqwest::Method::GET, &path);
        if let Some(after) = after {
            asking = asking.header("Last-Event-ID", after);
        }
        let response = asking.send().await.expect("the server answers");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut live = Live {
            response,
            text: String::new(),
        };
        assert_eq!(live.block().await.as_deref(), Some("retry: 2000"));
        live
    }
}

/// A live stream that is being read.
pub struct Live {
    response: reqwest::Response,
    text: String,
}

/// One event of a stream.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id, to go on after it.
    pub id: String,
    /// The message.
    pub message: Value,
}

impl Live {
    /// The next event; none at the end of the stream. Panics where nothing happens for 20 seconds.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            if block.starts_with(':') {
                continue;
            }
            let field = |name: &str| {
                let line = block.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_else(|| panic!("no {name} in {block}")).to_owned()
            };
            assert_eq!(field("event: "), "message");
            return Some(Event {
                id: field("id: "),
                message: serde_json::from_str(&field("data: ")).expect("data is JSON"),
            });
        }
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("something happens").expect("the stream is not cut")?;
            self.text
                .push_str(std::str::from_utf8(&chunk).expect("events are UTF-8"));
        }
    }
}

impl TestApp {
    /// In how many threads of sent and of received requests the holder of a token has something to read.
    pub async fn unread(&self, token: &str) -> (i64, i64) {
        let sides = |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
            let sent = messages::count_unread(tx, call, Side::Client)?;
            Ok((sent, messages::count_unread(tx, call, Side::Vendor)?))
        };
        let unread = self.app().read_as(digest(token.as_bytes()), sides).await;
        unread.expect("unread threads can be counted")
    }

    /// Which of some requests, sent or received, have something to read for the holder of a token.
    pub async fn list_unread(&self, token: &str, side: Side, requests: &[&str]) -> Vec<String> {
        let guids: Vec<_> = requests
            .iter()
            .map(|request| liaison_domain::ids::parse_guid(request).expect("a guid"))
            .collect();
        let read = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
            messages::list_unread(tx, call, side, &guids)
        };
        let unread = self.app().read_as(digest(token.as_bytes()), read).await;
        let unread = unread.expect("unread threads can be listed");
        unread.iter().map(ToString::to_string).collect()
    }

    /// Writes in a thread as another process on the same database does: nobody here is woken.
    pub async fn write_without_bell(&self, token: &str, request: &str, body: &str) {
        let request = liaison_domain::ids::parse_guid(request).expect("a guid");
        let body = body.to_owned();
        let write = move |tx: &mut liaison_db::Tx<'_>, call: &liaison_operations::Call<'_>| {
            let thread = messages::open(tx, call, request)?;
            messages::post(tx, call, &thread, &body)
        };
        let written = self.app().act_as(digest(token.as_bytes()), write).await;
        written.expect("the message is written");
    }

    /// Opens the link by which a mail about messages is switched off. Gives whether it was one.
    pub async fn unsubscribe(&self, token: &str) -> bool {
        match self.app().unsubscribe(token.to_owned()).await {
            Ok(()) => true,
            Err(liaison_operations::Error::NotFound) => false,
            Err(error) => panic!("{error}"),
        }
    }
}
