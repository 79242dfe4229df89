//! Live threads as server-sent events. A bell for each thread somebody listens to wakes its streams when something was
//! written here; a slow poll finds what another process on the same database wrote.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderName, header};
use liaison_domain::Guid;
use liaison_operations::messages::{self, Message};
use liaison_operations::{Call, Credential, Result};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};

use crate::api;
use crate::errors::ApiError;
use crate::extract::Params;
use crate::state::Web;

/// Streams that the server and one caller may have open.
const STREAMS: usize = 1000;
const STREAMS_OF_ONE: usize = 20;
/// How often other processes' messages are looked for. It is also how fast an ended access closes a silent stream.
const POLL: Duration = Duration::from_secs(2);
/// How often a silent stream says that it lives.
const COMMENT: Duration = Duration::from_secs(15);
/// How long a stream lasts at most; the reader comes back with `Last-Event-ID`.
const LONGEST: Duration = Duration::from_secs(3600);
/// Messages that are read at once.
const BATCH: i64 = 100;
/// What a reader hears first: that it is connected, and how soon to come back (milliseconds) when it is cut off.
const GREETING: &str = "retry: 2000\n\n";

/// Everybody who listens.
pub(crate) struct Live {
    listening: Mutex<Listening>,
    stop: watch::Receiver<bool>,
}

#[derive(Default)]
struct Listening {
    bells: HashMap<Guid, Bell>,
    callers: HashMap<Guid, usize>,
    streams: usize,
}

struct Bell {
    rope: watch::Sender<()>,
    listeners: usize,
}

/// One stream's place among those that listen, until it is dropped.
struct Place {
    live: Arc<Live>,
    request: Guid,
    caller: Guid,
    bell: watch::Receiver<()>,
}

impl Live {
    /// Streams end when `stop` turns true.
    pub(crate) fn new(stop: watch::Receiver<bool>) -> Live {
        Live {
            listening: Mutex::default(),
            stop,
        }
    }

    /// Wakes the streams of a thread. To be called after something was written in it.
    pub(crate) fn ring(&self, request: Guid) {
        if let Some(bell) = self.listening().bells.get(&request) {
            bell.rope.send_replace(());
        }
    }

    fn listening(&self) -> MutexGuard<'_, Listening> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(self: &Arc<Live>, request: Guid, caller: Guid) -> std::result::Result<Place, ApiError> {
        let mut listening = self.listening();
        if listening.streams >= STREAMS {
            let detail = "Too many live streams are open on this server. Try again in a moment.";
            return Err(ApiError::crowded("overloaded", detail, 30));
        }
        if listening.callers.get(&caller).is_some_and(|own| *own >= STREAMS_OF_ONE) {
            let detail = "You have 20 live streams open. Close one, then try again.";
            return Err(ApiError::crowded("too_many_streams", detail, 5));
        }
        listening.streams += 1;
        *listening.callers.entry(caller).or_default() += 1;
        let bell = listening.bells.entry(request).or_insert_with(|| Bell {
            rope: watch::Sender::new(()),
            listeners: 0,
        });
        bell.listeners += 1;
        let bell = bell.rope.subscribe();
        drop(listening);
        Ok(Place {
            live: self.clone(),
            request,
            caller,
            bell,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut listening = self.live.listening();
        listening.streams -= 1;
        if let Entry::Occupied(mut own) = listening.callers.entry(self.caller) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
        if let Entry::Occupied(mut bell) = listening.bells.entry(self.request) {
            bell.get_mut().listeners -= 1;
            if bell.get().listeners == 0 {
                bell.remove();
            }
        }
    }
}

/// Where a reader wants to go on: the header that browsers send by themselves, or `after`. None: from now.
pub(crate) fn after(headers: &HeaderMap, params: &Params) -> std::result::Result<Option<i64>, ApiError> {
    let Some(value) = headers.get("last-event-id") else {
        return params.count("after");
    };
    let number = value.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
    match number {
        Some(number) if number >= 0 => Ok(Some(number)),
        _ => Err(ApiError::parameter(
            "Last-Event-ID",
            "must be the id of an event of this stream",
        )),
    }
}

/// The live messages of a thread, for a token or a session: what is written, edited or deleted after the revision
/// `after`, or from now on.
pub(crate) async fn stream(
    web: &Web,
    credential: impl Into<Credential>,
    request: Guid,
    after: Option<i64>,
) -> std::result::Result<Response, ApiError> {
    let credential = credential.into();
    let begin = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
        let thread = messages::open(tx, call, request)?;
        Ok((call.actor.guid(), thread.facts.revision))
    };
    let (caller, revision) = web.app.read_as(credential, begin).await?;
    let start = Instant::now();
    let listener = Listener {
        place: web.live.enter(request, caller)?,
        stop: web.live.stop.clone(),
        web: web.clone(),
        credential,
        // A revision that is yet to come would keep the reader waiting for what it never saw.
        seen: after.map_or(revision, |after| after.min(revision)),
        is_due: true,
        ends: start + LONGEST,
        poll: every(POLL, start),
        comment: every(COMMENT, start),
    };
    let events = stream::unfold(listener, |mut listener| async {
        let chunk = listener.next().await?;
        Some((chunk, listener))
    });
    let chunks = stream::iter([Bytes::from_static(GREETING.as_bytes())]).chain(events);
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // Reverse proxies would collect what has to go out at once.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(chunks.map(Ok::<_, Infallible>))).into_response())
}

fn every(span: Duration, start: Instant) -> Interval {
    let mut interval = interval_at(start + span, span);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// One open stream.
struct Listener {
    place: Place,
    stop: watch::Receiver<bool>,
    web: Web,
    credential: Credential,
    /// The revision up to which everything was sent.
    seen: i64,
    /// Whether there may be something to read.
    is_due: bool,
    ends: Instant,
    poll: Interval,
    comment: Interval,
}

impl Listener {
    /// What goes out next; none at the end of the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if std::mem::take(&mut self.is_due) {
                // Whatever went wrong, the reader comes back and hears it as an answer with a status.
                let found = self.read().await.ok()?;
                if let Some(last) = found.last() {
                    self.seen = last.revision;
                    self.is_due = true;
                    return Some(written(&found));
                }
            }
            tokio::select! {
                _ = self.stop.wait_for(|stop| *stop) => return None,
                () = sleep_until(self.ends) => return None,
                _ = self.place.bell.changed() => self.is_due = true,
                _ = self.poll.tick() => self.is_due = true,
                _ = self.comment.tick() => return Some(Bytes::from_static(b": still here\n\n")),
            }
        }
    }

    /// What was written since, as the caller may see it now: who may no longer read gets an error.
    async fn read(&self) -> Result<Vec<Message>> {
        let (request, seen) = (self.place.request, self.seen);
        let read = move |tx: &mut liaison_db::Tx<'_>, call: &Call<'_>| {
            let thread = messages::open(tx, call, request)?;
            if thread.facts.revision <= seen {
                return Ok(Vec::new());
            }
            messages::list_changed(tx, call, &thread, (seen, BATCH))
        };
        self.web.app.read_as(self.credential, read).await
    }
}

fn written(messages: &[Message]) -> Bytes {
    let mut out = String::new();
    for message in messages {
        let data = serde_json::to_string(&api::messages::shape(message)).expect("a message can be written as JSON");
        out.push_str(&format!("id: {}\nevent: message\ndata: {data}\n\n", message.revision));
    }
    Bytes::from(out)
}
