//! Sending calls: who waits for whom, what is tried again, and how an answer is read.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, header};
use liaison_domain::{Clock, Entropy};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use crate::answer::refusal;
use crate::error::with_sources;
use crate::{Answer, Call, Error, Pages, Patience, Settings, retry, settings, tls};

/// Calls on their way at once, as the documents of the API advise.
const AT_ONCE: usize = 3;
/// Redirects inside one server that one call follows.
const REDIRECTS: usize = 3;

/// Tries of a call in which the server itself fails (500): it seldom does so by chance.
const TRIES_OF_A_FAULT: u32 = 3;

/// Time and randomness, given from outside.
#[derive(Clone)]
pub struct Seams {
    /// For a `Retry-After` that is a date.
    pub clock: Arc<dyn Clock>,
    /// For the length of pauses.
    pub entropy: Arc<dyn Entropy>,
}

/// A client of one server with one token. Copies share their places and pauses.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base: Url,
    token: String,
    patience: Patience,
    answer_bytes: usize,
    seams: Seams,
    places: Semaphore,
    /// The server asked to be left alone until then.
    quiet_until: Mutex<Option<Instant>>,
}

/// How one try ended without an answer of success.
pub(crate) enum Failed {
    /// Another try would end the same way.
    ForGood(Error),
    /// Perhaps not; with the pause that the server asks for.
    Passing(Error, Option<Duration>),
}

impl Client {
    /// A client; nothing is sent yet.
    pub fn new(settings: &Settings, seams: Seams) -> Result<Client, Error> {
        settings.check()?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(settings.ca_file.as_deref())?)
            .user_agent(concat!("liaison/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(settings.patience.connecting)
            .read_timeout(settings.patience.silence)
            .pool_max_idle_per_host(AT_ONCE);
        if settings::is_local(&settings.base) {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| Error::Settings(format!("the HTTP client cannot be set up: {}", with_sources(&error))))?;
        Ok(Client(Arc::new(Inner {
            http,
            base: settings.base.clone(),
            token: settings.token.clone(),
            patience: settings.patience,
            answer_bytes: settings.answer_bytes,
            seams,
            places: Semaphore::new(AT_ONCE),
            quiet_until: Mutex::new(None),
        })))
    }

    /// The server's address with its prefix.
    pub fn server(&self) -> &str {
        self.0.base.as_str().trim_end_matches('/')
    }

    /// `GET` of one JSON value.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Error> {
        self.send(&Call::get(path).queries(query)).await?.json()
    }

    /// Sends a call. An answer is one of success; everything else is an error.
    pub async fn send(&self, call: &Call) -> Result<Answer, Error> {
        self.send_to(call, call.url(&self.0.base)?).await
    }

    /// A list, page by page.
    pub fn pages(&self, path: &str, query: &[(&str, &str)]) -> Pages {
        Pages::new(self.clone(), Call::get(path).queries(query))
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.0.patience
    }

    pub(crate) fn base(&self) -> &Url {
        &self.0.base
    }

    pub(crate) async fn send_to(&self, call: &Call, url: Url) -> Result<Answer, Error> {
        let Patience { tries, whole, .. } = self.0.patience;
        let deadline = Instant::now() + whole;
        let mut tried = 0;
        loop {
            tried += 1;
            match self.try_in_turn(call, &url, deadline).await {
                Ok(answer) => return Ok(answer),
                Err(Failed::ForGood(error)) => return Err(error),
                Err(Failed::Passing(error, asked)) => {
                    let tries = if is_fault(&error) {
                        tries.min(TRIES_OF_A_FAULT)
                    } else {
                        tries
                    };
                    if !call.is_repeatable() || tried >= tries {
                        return Err(worded(error, tried));
                    }
                    self.pause(asked, tried, deadline)
                        .await
                        .map_err(|()| worded(error, tried))?;
                }
            }
        }
    }

    /// One try, when it is its turn.
    async fn try_in_turn(&self, call: &Call, url: &Url, deadline: Instant) -> Result<Answer, Failed> {
        let late = || {
            Failed::Passing(
                Error::TimedOut(format!("{} after {} s", call.path, self.0.patience.whole.as_secs())),
                None,
            )
        };
        // Nobody closes it.
        let Ok(turn) = tokio::time::timeout_at(deadline, self.0.places.acquire()).await else {
            return Err(Failed::ForGood(Error::TimedOut(format!(
                "{}: other calls took too long",
                call.path
            ))));
        };
        while let Some(until) = self.quiet_until().filter(|until| *until > Instant::now()) {
            if until > deadline {
                let after = until.duration_since(Instant::now());
                return Err(Failed::ForGood(Error::Throttled {
                    after: Some(after),
                    detail: String::new(),
                }));
            }
            sleep_until(until).await;
        }
        let left = deadline
            .saturating_duration_since(Instant::now())
            .min(self.0.patience.one_try);
        let outcome = timeout(left, self.try_once(call, url)).await;
        drop(turn);
        outcome.unwrap_or_else(|_| Err(late()))
    }

    fn quiet_until(&self) -> Option<Instant> {
        *self.0.quiet_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits before a further try; an error where that is not worth it.
    async fn pause(&self, asked: Option<Duration>, failed: u32, deadline: Instant) -> Result<(), ()> {
        let patience = &self.0.patience;
        let own = retry::pause(patience, failed, self.0.seams.entropy.as_ref());
        if asked.is_some_and(|asked| asked > patience.longest_pause) {
            return Err(());
        }
        let until = Instant::now() + asked.unwrap_or_default().max(own);
        if until > deadline {
            return Err(());
        }
        if asked.is_some() {
            let mut quiet = self.0.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
            *quiet = (*quiet).max(Some(until));
        }
        sleep_until(until).await;
        Ok(())
    }

    async fn try_once(&self, call: &Call, url: &Url) -> Result<Answer, Failed> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self
                .request(call, &url)
                .send()
                .await
                .map_err(|error| self.lost(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            if status.is_redirection() {
                url = self.redirected(call, &url, &headers).map_err(Failed::ForGood)?;
                continue;
            }
            let body = self.read(call, response).await?;
            if status.is_success() {
                let path = call.path.clone();
                return Ok(Answer {
                    path,
                    status,
                    headers,
                    body,
                });
            }
            return Err(self.failed(call, status, &headers, &body));
        }
        Err(Failed::ForGood(Error::Redirected { to: url.to_string() }))
    }

    pub(crate) fn request(&self, call: &Call, url: &Url) -> reqwest::RequestBuilder {
        let mut request = self
            .0
            .http
            .request(call.method.clone(), url.clone())
            .basic_auth(&self.0.token, Some(""))
            .header(header::ACCEPT, call.accept);
        if let Some(key) = &call.key {
            request = request.header("Idempotency-Key", key);
        }
        match &call.body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.clone()),
            None => request,
        }
    }

    /// Where a redirect leads, if that is on the same server and the call only reads.
    fn redirected(&self, call: &Call, from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
        let location = headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let to = from.join(location).map_err(|_| Error::Redirected {
            to: location.to_owned(),
        })?;
        let reads = matches!(call.method, Method::GET | Method::HEAD);
        if location.is_empty() || !reads || to.origin() != self.0.base.origin() {
            return Err(Error::Redirected { to: to.to_string() });
        }
        Ok(to)
    }

    /// The body, as long as it is not too long.
    pub(crate) async fn read(&self, call: &Call, mut response: reqwest::Response) -> Result<Bytes, Failed> {
        let most = self.0.answer_bytes;
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(piece)) if body.len() + piece.len() > most => {
                    return Err(Failed::ForGood(Error::TooLarge { most }));
                }
                Ok(Some(piece)) => body.extend_from_slice(&piece),
                Ok(None) => return Ok(body.freeze()),
                Err(error) if error.is_timeout() => return Err(self.lost(&error)),
                Err(error) => {
                    let said = format!("{} ({} bytes came; {})", call.path, body.len(), with_sources(&error));
                    return Err(Failed::Passing(Error::Truncated(said), None));
                }
            }
        }
    }

    pub(crate) fn failed(&self, call: &Call, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failed {
        let asked = retry::asked_for(headers, self.0.seams.clock.now());
        let refused = refusal(&call.path, status, headers, body);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let detail = match refused {
                Error::Refused { detail, .. } => detail,
                other => other.to_string(),
            };
            return Failed::Passing(Error::Throttled { after: asked, detail }, asked);
        }
        if status.is_server_error() {
            let detail = match refused {
                Error::Refused { detail, .. } => detail,
                other => other.to_string(),
            };
            let error = Error::Failed {
                status: status.as_u16(),
                tries: 1,
                detail,
            };
            // A fault of the server may be gone the next time, but what it has done until then is not known.
            let reads = matches!(call.method, Method::GET | Method::HEAD);
            if retry::is_passing(status) || (reads && status == StatusCode::INTERNAL_SERVER_ERROR) {
                return Failed::Passing(error, asked);
            }
            return Failed::ForGood(error);
        }
        Failed::ForGood(refused)
    }

    /// Why there was no answer.
    pub(crate) fn lost(&self, error: &reqwest::Error) -> Failed {
        let server = self.0.base.origin().ascii_serialization();
        let reason = innermost(error);
        if is_tls(error) {
            return Failed::ForGood(Error::Tls { server, reason });
        }
        if error.is_timeout() && !error.is_connect() {
            let said = format!("{server} was silent for {} s", self.0.patience.silence.as_secs());
            return Failed::Passing(Error::TimedOut(said), None);
        }
        Failed::Passing(Error::Unreachable { server, reason }, None)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Error {
        match failed {
            Failed::ForGood(error) | Failed::Passing(error, _) => error,
        }
    }
}

fn is_fault(error: &Error) -> bool {
    matches!(error, Error::Failed { status: 500, .. })
}

/// An error that tells how often it was tried.
fn worded(error: Error, tried: u32) -> Error {
    match error {
        Error::Failed { status, detail, .. } => Error::Failed {
            status,
            tries: tried,
            detail,
        },
        other => other,
    }
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let first: &(dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |error: &&(dyn StdError + 'static)| (*error).source())
}

fn is_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|error| {
        // Errors of the system wrap others that are not their sources.
        let mut inner = error;
        while let Some(wrapped) = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            inner = wrapped;
        }
        inner.is::<rustls::Error>()
    })
}

/// The innermost reason says most: "connection refused" rather than "error sending request".
fn innermost(error: &reqwest::Error) -> String {
    let reason = chain(error).last().map(ToString::to_string).unwrap_or_default();
    crate::answer::clipped(&reason)
}
