//! The server a command talks to, one call after the other.

use std::sync::Arc;

use liaison_client::{Call, Client, Event, Seams, Settings};
use serde_json::Value;

use super::at::{At, Target, Typed};
use super::trouble::Trouble;
use crate::failure::Failure;
use crate::system::{OsEntropy, SystemClock};

/// Bytes of one answer: an outbox is one, however much is in it.
const ANSWER_BYTES: usize = 1024 * 1024 * 1024;

/// The server, with a token.
pub(super) struct Server {
    target: Target,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

/// An answer that is a success.
#[derive(Debug)]
pub(super) struct Reply {
    /// The body as it came.
    pub(super) body: Vec<u8>,
    /// The same, read. Null where there was none.
    pub(super) json: Value,
}

/// A query: names and values.
pub(super) type Query = Vec<(&'static str, String)>;

type Called<T> = Result<T, Trouble>;

impl Server {
    /// The server of the flags. Nothing is sent yet.
    pub(super) fn new(at: &At, typed: Typed) -> Result<Server, Failure> {
        Server::of(super::at::target(at, typed)?)
    }

    /// A server with a token.
    pub(super) fn of(target: Target) -> Result<Server, Failure> {
        let usage = |error: liaison_client::Error| Failure::usage(error.to_string());
        let mut settings = Settings::new(&target.server, target.token.reveal()).map_err(usage)?;
        settings.allow_http = target.allow_http;
        settings.ca_file.clone_from(&target.ca_file);
        settings.answer_bytes = ANSWER_BYTES;
        let seams = Seams {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(OsEntropy::default()),
        };
        Ok(Server {
            client: Client::new(&settings, seams).map_err(usage)?,
            target,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        })
    }

    /// Its address.
    pub(super) fn address(&self) -> &str {
        &self.target.server
    }

    /// `GET`.
    pub(super) fn get(&self, path: &str, query: &[(&'static str, String)]) -> Called<Reply> {
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send(&self.placed(Call::get(path).queries(&query), path))
    }

    /// `POST` of JSON, with an `Idempotency-Key` where one is given.
    pub(super) fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Called<Reply> {
        let mut call = Call::post(path).json(body);
        if let Some(key) = key {
            call = call.key(key);
        }
        self.send(&self.placed(call, path))
    }

    /// `PATCH` of JSON.
    pub(super) fn patch(&self, path: &str, body: &Value) -> Called<Reply> {
        self.send(&self.placed(Call::patch(path).json(body), path))
    }

    /// A stream of events after the one with this id.
    pub(super) fn follow(&self, path: &str, after: i64) -> Called<Events<'_>> {
        let call = self.placed(Call::get(path).query("after", after.to_string()), path);
        let events = self.runtime.block_on(self.client.events(&call));
        Ok(Events {
            server: self,
            events: events.map_err(|error| self.trouble(error))?,
        })
    }

    /// Liaison's own API does not stand where the documented one does.
    fn placed(&self, call: Call, path: &str) -> Call {
        if path.starts_with("/liaison/") {
            call.beside()
        } else {
            call
        }
    }

    fn send(&self, call: &Call) -> Called<Reply> {
        let answer = self
            .runtime
            .block_on(self.client.send(call))
            .map_err(|error| self.trouble(error))?;
        let json = match answer.body().is_empty() {
            true => Value::Null,
            false => answer.json().map_err(|error| self.trouble(error))?,
        };
        Ok(Reply {
            body: answer.body().to_vec(),
            json,
        })
    }

    fn trouble(&self, error: liaison_client::Error) -> Trouble {
        Trouble {
            error: Box::new(error),
            server: self.target.server.clone(),
            source: self.target.source.clone(),
        }
    }
}

/// Events as they come.
pub(super) struct Events<'s> {
    server: &'s Server,
    events: liaison_client::Events,
}

impl Events<'_> {
    /// Waits for the next one. None where the stream ended.
    pub(super) fn next(&mut self) -> Called<Option<Event>> {
        let next = self.server.runtime.block_on(self.events.next());
        next.map_err(|error| self.server.trouble(error))
    }
}
