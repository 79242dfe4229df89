//! The accept loop: connections with limits and deadlines, and an end that waits for what is in flight.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use liaison_operations::App;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;

use crate::peer::Peer;
use crate::state::Web;
use crate::{middleware, routes};

/// Connections open at once; more wait in the system's queue.
const CONNECTIONS: usize = 4096;
/// How long the header of a request may take.
const HEADER_TIME: Duration = Duration::from_secs(30);
/// How long a client may take nothing of an answer that waits for it.
const WRITE_TIME: Duration = Duration::from_secs(60);
/// How long what is in flight may take after the end was asked for.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// What the web is told besides the application.
#[derive(Clone, Debug)]
pub struct Options {
    /// Version of the program, shown by `/healthz`.
    pub version: &'static str,
    /// Whether this is the demonstration, where pages say so.
    pub demo: bool,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

/// A bound socket that does not answer yet.
pub struct Server {
    listener: TcpListener,
}

impl Server {
    /// Binds `address`, e.g. `127.0.0.1:8080`.
    pub async fn bind(address: &str) -> std::io::Result<Server> {
        Ok(Server {
            listener: TcpListener::bind(address).await?,
        })
    }

    /// The address that was bound.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` turns true; then finishes what is in flight, for 10 seconds at most.
    pub async fn serve(self, app: App, options: Options, mut stop: watch::Receiver<bool>) {
        let web = Web::new(app, options, stop.clone());
        let router = routes::router(web.clone());
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let graceful = GracefulShutdown::new();
        loop {
            let next = async {
                let place = places
                    .clone()
                    .acquire_owned()
                    .await
                    .expect("the semaphore is never closed");
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                next = next => next,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let (stream, end) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            };
            let (web, router) = (web.clone(), router.clone());
            let service = service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
                let (web, router) = (web.clone(), router.clone());
                let peer = Peer::of(end.ip(), request.headers(), &web.options.proxies);
                request.extensions_mut().insert(peer);
                async move { Ok::<_, Infallible>(middleware::answer(&web, router, request).await) }
            });
            let connection = graceful.watch(http().serve_connection(prepared(stream), service));
            tokio::spawn(async move {
                // Errors here are the client's: it went away, or spoke something else than HTTP.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(self.listener);
        if tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await.is_err() {
            tracing::warn!("some connections did not end in time and are cut");
        }
    }
}

fn http() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(64 * 1024);
    builder
}

fn prepared(stream: TcpStream) -> TokioIo<Pin<Box<TimeoutStream<TcpStream>>>> {
    // Without it small answers wait for the acknowledgement of earlier ones. Failing is no reason to refuse.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    TokioIo::new(Box::pin(stream))
}

/// Out of file descriptors, most likely: accepting again at once would only burn the processor.
async fn pause_after(error: &std::io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(100)).await;
}
