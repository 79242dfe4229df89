//! An HTTP client of any server that speaks the compatible API, Liaison or not.
//!
//! ```no_run
//! # async fn example(seams: liaison_client::Seams) -> Result<(), liaison_client::Error> {
//! use liaison_client::{Call, Client, Settings};
//! use serde_json::{Value, json};
//!
//! let client = Client::new(&Settings::new("https://liaison.example", "token")?, seams)?;
//! // One answer. Paths begin with the version; the prefix of the server is put in front.
//! let me: Value = client.get("/v1/users/current", &[]).await?;
//! // A list in whatever way its server pages it.
//! let mut pages = client.pages("/v2/portfolio", &[("sort", "name")]);
//! while let Some(page) = pages.next().await? {
//!     for row in page.rows::<Value>() {
//!         println!("{}", row?["name"]);
//!     }
//! }
//! // A write; with a key it may be tried again.
//! let call = Call::post("/v1/access-requests").json(&json!({"vendor_access_request": {}})).key("once-only");
//! let made: Value = client.send(&call).await?.json()?;
//! # drop((me, made)); Ok(()) }
//! ```
//!
//! * The token goes to the server it is for and nowhere else: a redirect or a `links.next` that leads to another host is
//!   not followed, and plain HTTP is refused but for the own machine (or where [`Settings::allow_http`] says so).
//! * At most three calls are on their way at once. A server that asks to wait (`Retry-After`) is left alone by all of
//!   them until then.
//! * 429, 502, 503, 504, 524 and lost connections are tried again, with growing pauses, where a repetition does no harm:
//!   `GET`, `HEAD`, and any call that carries an `Idempotency-Key`; 500 is, three times at most, where a call only reads.
//!   [`Patience`] bounds tries and time.
//! * An answer is bounded in size and in time, however slowly it drips.
//! * What goes wrong is an [`Error`] whose text is for the person who waits. [`Error::is_absent`] and
//!   [`Error::is_forbidden`] tell "this server does not have it" from the rest.
//!
//! The time of day and randomness come in as [`Seams`]; pauses are measured with tokio's own clock.

mod answer;
mod call;
mod client;
mod error;
mod events;
mod pages;
mod retry;
mod settings;
mod tls;

pub use answer::Answer;
pub use call::Call;
pub use client::{Client, Seams};
pub use error::Error;
pub use events::{Event, Events};
pub use pages::{Page, Pages};
pub use settings::{Patience, Settings};
