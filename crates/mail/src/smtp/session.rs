//! One connection to the relay: opening it, and one transaction on it.

use std::borrow::Cow;
use std::future::Future;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Noop, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;

use super::fault::{Fault, Stage};
use super::line_stream::{Greeting, LineStream};
use super::{Timeouts, reply};
use crate::Relay;
use crate::relay::{Login, Security};

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
/// How long a relay may take to answer our goodbye; nothing depends on it.
const QUIT: Duration = Duration::from_secs(2);

/// An open connection, signed in where that was asked for.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    greeting: Greeting,
    timeouts: Timeouts,
}

/// One mail for one recipient.
pub(super) struct Parcel<'a> {
    pub(super) from: Address,
    pub(super) recipient: Address,
    pub(super) bytes: &'a [u8],
}

impl Session {
    pub(super) async fn open(relay: &Relay, hello: &ClientId, timeouts: Timeouts) -> Result<Session, Fault> {
        let mut session = match relay.security {
            Security::Implicit => Session::open_tls(relay, hello, timeouts).await?,
            _ => Session::open_plain(relay, hello, timeouts).await?,
        };
        if matches!(relay.security, Security::Try | Security::Required) {
            session.start_tls(relay, hello).await?;
        }
        if let Some(login) = &relay.login {
            session.sign_in(relay, login).await?;
        }
        Ok(session)
    }

    async fn open_tls(relay: &Relay, hello: &ClientId, timeouts: Timeouts) -> Result<Session, Fault> {
        let tls = relay.tls().map_err(|error| Fault::new(Stage::Connect, &error))?;
        let server = (relay.host.as_str(), relay.port);
        let connect = AsyncSmtpConnection::connect_tokio1(server, Some(timeouts.connect), hello, Some(tls), None);
        // One future covers TCP, handshake, greeting and EHLO.
        let connection = within(Stage::Connect, timeouts.connect + 3 * timeouts.command, connect).await?;
        Ok(Session {
            connection,
            greeting: Greeting::default(),
            timeouts,
        })
    }

    async fn open_plain(relay: &Relay, hello: &ClientId, timeouts: Timeouts) -> Result<Session, Fault> {
        let connect = TcpStream::connect((relay.host.as_str(), relay.port));
        let tcp = match tokio::time::timeout(timeouts.connect, connect).await {
            Ok(Ok(tcp)) => tcp,
            Ok(Err(error)) => return Err(Fault::io(Stage::Connect, &error)),
            Err(_) => return Err(Fault::timeout(Stage::Connect, timeouts.connect)),
        };
        // A message goes out in several writes; without this the last waits for a delayed acknowledgement, 40 ms each.
        tcp.set_nodelay(true)
            .map_err(|error| Fault::io(Stage::Connect, &error))?;
        let greeting = Greeting::default();
        let stream = Box::new(LineStream::new(tcp, greeting.clone()));
        let greet = AsyncSmtpConnection::connect_with_transport(stream, hello);
        let connection = within(Stage::Greeting, 2 * timeouts.command, greet).await?;
        Ok(Session {
            connection,
            greeting,
            timeouts,
        })
    }

    async fn start_tls(&mut self, relay: &Relay, hello: &ClientId) -> Result<(), Fault> {
        if !self.connection.can_starttls() {
            return match relay.security {
                Security::Required => Err(Fault::own(
                    Stage::StartTls,
                    454,
                    "the relay does not offer it; nothing is sent without TLS",
                )),
                _ => Ok(()),
            };
        }
        let tls = relay.tls().map_err(|error| Fault::new(Stage::StartTls, &error))?;
        // The command, the handshake and a second EHLO.
        within(
            Stage::StartTls,
            3 * self.timeouts.command,
            self.connection.starttls(tls, hello),
        )
        .await
    }

    async fn sign_in(&mut self, relay: &Relay, login: &Login) -> Result<(), Fault> {
        if !self.connection.is_encrypted() && !relay.may_sign_in_plainly() {
            return Err(Fault::own(
                Stage::Auth,
                454,
                "the relay does not offer STARTTLS; the password is not sent without TLS",
            ));
        }
        if self.connection.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
            return Err(Fault::own(
                Stage::Auth,
                504,
                "a user is set, but the relay offers neither PLAIN nor LOGIN on this connection",
            ));
        }
        within(
            Stage::Auth,
            self.timeouts.command,
            self.connection.auth(&MECHANISMS, &login.credentials()),
        )
        .await?;
        Ok(())
    }

    /// One transaction. Returns the reply to the final dot.
    pub(super) async fn deliver(&mut self, parcel: Parcel<'_>) -> Result<String, Fault> {
        let Parcel { from, recipient, bytes } = parcel;
        let limit = self.timeouts.command;
        let parameters = self.parameters(&from, &recipient, bytes)?;
        within(
            Stage::Mail,
            limit,
            self.connection.command(Mail::new(Some(from), parameters)),
        )
        .await?;
        within(
            Stage::Rcpt,
            limit,
            self.connection.command(Rcpt::new(recipient, vec![])),
        )
        .await?;
        within(Stage::Data, limit, self.connection.command(Data)).await?;
        let bytes = canonical(bytes);
        // The client adds a line end before the dot.
        let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(&bytes);
        let response = within(Stage::Dot, self.timeouts.data, self.connection.message(bytes)).await?;
        Ok(words(&response))
    }

    /// Extensions this mail needs; a mail that needs one the relay lacks cannot go.
    fn parameters(&self, from: &Address, recipient: &Address, bytes: &[u8]) -> Result<Vec<MailParameter>, Fault> {
        let server = self.connection.server_info();
        let mut parameters = Vec::new();
        if [from, recipient].iter().any(|address| !address.to_string().is_ascii()) {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(Fault::own(
                    Stage::Rcpt,
                    553,
                    "an address has letters outside ASCII, and the relay does not offer SMTPUTF8",
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            if !server.supports_feature(Extension::EightBitMime) {
                return Err(Fault::own(
                    Stage::Mail,
                    554,
                    "the message has bytes outside ASCII, and the relay does not offer 8BITMIME",
                ));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }

    /// Forgets a transaction that was refused half-way, so that the connection can be used again.
    pub(super) async fn reset(&mut self) -> Result<(), Fault> {
        within(Stage::Reset, self.timeouts.command, self.connection.command(Rset))
            .await
            .map(drop)
    }

    /// Asks for nothing, to see whether the relay still answers.
    pub(super) async fn noop(&mut self) -> Result<(), Fault> {
        within(Stage::Noop, self.timeouts.command, self.connection.command(Noop))
            .await
            .map(drop)
    }

    /// Takes leave. What the relay answers changes nothing.
    pub(super) async fn quit(mut self) {
        let _ = tokio::time::timeout(QUIT, self.connection.command(Quit)).await;
    }

    /// What the relay said first. Under implicit TLS only the name it gave in reply to EHLO is known.
    pub(super) fn greeting(&self) -> String {
        let text = self.greeting.text();
        if text.is_empty() {
            self.connection.server_info().name().to_owned()
        } else {
            text
        }
    }
}

async fn within<T>(stage: Stage, limit: Duration, step: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
    match tokio::time::timeout(limit, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Fault::new(stage, &error)),
        Err(_) => Err(Fault::timeout(stage, limit)),
    }
}

fn words(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    reply::with_code(response.code().into(), &lines.join(" "))
}

/// The message with every line ending in CR LF: a bare CR or LF could end the message early at some relays.
fn canonical(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bare = |at: usize| match bytes[at] {
        b'\n' => at == 0 || bytes[at - 1] != b'\r',
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    if !(0..bytes.len()).any(bare) {
        return Cow::Borrowed(bytes);
    }
    let mut whole = Vec::with_capacity(bytes.len() + 64);
    for (at, byte) in bytes.iter().enumerate() {
        if bare(at) {
            whole.extend_from_slice(b"\r\n");
        } else {
            whole.push(*byte);
        }
    }
    Cow::Owned(whole)
}
