//! A relay that follows a script: good at every stage, except where the script says otherwise.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use liaison_mail::{Relay, Smtp, Timeouts};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Banner,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Rset,
    Noop,
    Quit,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Whole lines, without the last CR LF.
    Say(&'static str),
    Cut,
    Stall,
}

/// At the n-th time (from 1) that a stage is reached, over all connections.
pub(crate) type Step = (Stage, usize, Act);

#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Commands with their arguments, and `<message>` for each message.
    pub(crate) commands: Vec<String>,
    /// As received: dot-stuffed, without the final dot.
    pub(crate) messages: Vec<Vec<u8>>,
    pub(crate) connections: usize,
    pub(crate) most_at_once: usize,
    reached: Vec<Stage>,
}

#[derive(Clone)]
pub(crate) struct ScriptedRelay {
    port: u16,
    pub(crate) seen: Arc<Mutex<Seen>>,
    pub(crate) changed: Arc<tokio::sync::Notify>,
    live: Arc<AtomicUsize>,
    steps: Arc<Vec<Step>>,
    ehlo: &'static str,
}

const EHLO: &str = "250-relay.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME";

impl ScriptedRelay {
    pub(crate) async fn start(steps: &[Step]) -> ScriptedRelay {
        ScriptedRelay::start_with(steps, EHLO).await
    }

    pub(crate) async fn start_with(steps: &[Step], ehlo: &'static str) -> ScriptedRelay {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = ScriptedRelay {
            port: listener.local_addr().unwrap().port(),
            seen: Arc::default(),
            changed: Arc::default(),
            live: Arc::default(),
            steps: Arc::new(steps.to_vec()),
            ehlo,
        };
        let server = relay.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        relay
    }

    /// A client of this relay, as `user:secret@` or nobody, with little patience.
    pub(crate) fn client(&self, login: &str) -> Smtp {
        self.client_with(login, "", Duration::from_secs(30))
    }

    pub(crate) fn client_with(&self, login: &str, options: &str, idle: Duration) -> Smtp {
        let relay: Relay = format!("smtp://{login}127.0.0.1:{}{options}", self.port)
            .parse()
            .unwrap();
        let short = Duration::from_secs(2);
        Smtp::with_timeouts(
            relay,
            "here.example".to_owned(),
            Timeouts {
                connect: short,
                command: short,
                data: short,
                idle,
            },
        )
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.seen.lock().unwrap().commands.clone()
    }

    /// Waits until `command` was received.
    pub(crate) async fn until(&self, command: &str) {
        loop {
            let changed = self.changed.notified();
            if self.commands().iter().any(|seen| seen == command) {
                return;
            }
            changed.await;
        }
    }

    async fn serve(&self, stream: TcpStream) {
        let live = self.live.fetch_add(1, Ordering::SeqCst) + 1;
        {
            let mut seen = self.seen.lock().unwrap();
            seen.connections += 1;
            seen.most_at_once = seen.most_at_once.max(live);
        }
        let _ = self.talk(BufReader::new(stream)).await;
        self.live.fetch_sub(1, Ordering::SeqCst);
    }

    /// Ends with `None` when the script cuts or the client leaves.
    async fn talk(&self, mut stream: BufReader<TcpStream>) -> Option<()> {
        self.answer(&mut stream, Stage::Banner, "220 relay.example ready")
            .await?;
        loop {
            let line = read_line(&mut stream).await?;
            self.note(line.trim_end());
            let word = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => self.answer(&mut stream, Stage::Ehlo, self.ehlo).await?,
                "STARTTLS" => self.answer(&mut stream, Stage::StartTls, "220 go ahead").await?,
                "AUTH" => self.answer(&mut stream, Stage::Auth, "235 welcome").await?,
                "MAIL" => self.answer(&mut stream, Stage::Mail, "250 ok").await?,
                "RCPT" => self.answer(&mut stream, Stage::Rcpt, "250 ok").await?,
                "RSET" => self.answer(&mut stream, Stage::Rset, "250 ok").await?,
                "NOOP" => self.answer(&mut stream, Stage::Noop, "250 ok").await?,
                "DATA" if self.answer(&mut stream, Stage::Data, "354 go ahead").await? => {
                    self.message(&mut stream).await?;
                    self.answer(&mut stream, Stage::Dot, "250-2.0.0 taken\r\n250 2.0.0 as 1")
                        .await?
                }
                "DATA" => true,
                "QUIT" => {
                    self.answer(&mut stream, Stage::Quit, "221 bye").await?;
                    return None;
                }
                _ => {
                    stream.get_mut().write_all(b"500 what?\r\n").await.ok()?;
                    true
                }
            };
        }
    }

    async fn message(&self, stream: &mut BufReader<TcpStream>) -> Option<()> {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                break;
            }
            message.extend(line);
        }
        self.seen.lock().unwrap().messages.push(message);
        self.note("<message>");
        Some(())
    }

    /// Acts by the script. The outcome says whether the usual answer was given.
    async fn answer(&self, stream: &mut BufReader<TcpStream>, stage: Stage, usual: &str) -> Option<bool> {
        let time = {
            let mut seen = self.seen.lock().unwrap();
            seen.reached.push(stage);
            seen.reached.iter().filter(|reached| **reached == stage).count()
        };
        let act = self
            .steps
            .iter()
            .find(|(at, n, _)| (*at, *n) == (stage, time))
            .map(|(_, _, act)| *act);
        let (text, as_usual) = match act {
            None => (usual, true),
            Some(Act::Say(text)) => (text, false),
            Some(Act::Cut) => return None,
            Some(Act::Stall) => std::future::pending().await,
        };
        stream
            .get_mut()
            .write_all(format!("{text}\r\n").as_bytes())
            .await
            .ok()?;
        Some(as_usual)
    }

    fn note(&self, command: &str) {
        self.seen.lock().unwrap().commands.push(command.to_owned());
        self.changed.notify_waiters();
    }
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (stream.read_line(&mut line).await.ok()? > 0).then_some(line)
}
