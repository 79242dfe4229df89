//! The plain TCP stream under a session, handed out line by line.
//!
//! A reader above that buffers would otherwise keep plain text that somebody slipped in behind the reply to
//! `STARTTLS`, and take it for the relay's words under TLS. Line by line, such text reaches the TLS handshake instead,
//! which fails. The stream also remembers the relay's greeting, which the client above drops.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Most bytes of a greeting worth keeping.
const GREETING_BYTES: usize = 1000;

/// What the relay said before the first command.
#[derive(Debug, Clone, Default)]
pub(super) struct Greeting(Arc<Mutex<Vec<u8>>>);

impl Greeting {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    fn extend(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = GREETING_BYTES.saturating_sub(kept.len());
        kept.extend(bytes.iter().take(room));
    }
}

/// A TCP stream whose reads end at line ends.
#[derive(Debug)]
pub(super) struct LineStream {
    tcp: TcpStream,
    /// Read from the network, not yet handed out.
    pending: Vec<u8>,
    greeting: Greeting,
    written: bool,
}

impl LineStream {
    pub(super) fn new(tcp: TcpStream, greeting: Greeting) -> LineStream {
        LineStream {
            tcp,
            pending: Vec::new(),
            greeting,
            written: false,
        }
    }

    fn hand_out(&mut self, out: &mut ReadBuf<'_>) {
        let line = self
            .pending
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.pending.len(), |end| end + 1);
        let given = line.min(out.remaining());
        out.put_slice(&self.pending[..given]);
        if !self.written {
            self.greeting.extend(&self.pending[..given]);
        }
        self.pending.drain(..given);
    }
}

impl AsyncRead for LineStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.pending.is_empty() {
            let mut bytes = [0; 4096];
            let mut chunk = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.tcp).poll_read(cx, &mut chunk))?;
            self.pending.extend_from_slice(chunk.filled());
        }
        self.hand_out(out);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.written = true;
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for LineStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn one_read_never_passes_a_line_end() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tcp = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut relay, _) = listener.accept().await.unwrap();
        relay
            .write_all(b"220 hello\r\n220 go\r\n250 slipped in\r\nrest")
            .await
            .unwrap();
        drop(relay);
        let greeting = Greeting::default();
        let mut stream = LineStream::new(tcp, greeting.clone());
        let mut bytes = [0; 100];
        let mut reads = Vec::new();
        loop {
            let length = stream.read(&mut bytes).await.unwrap();
            if length == 0 {
                break;
            }
            reads.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
        }
        assert_eq!(reads, ["220 hello\r\n", "220 go\r\n", "250 slipped in\r\n", "rest"]);
        assert!(greeting.text().starts_with("220 hello\r\n"));
    }
}
