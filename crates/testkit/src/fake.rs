//! A server that answers whatever a test wants, down to the byte: for clients that meet strange servers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running server; it ends with this.
pub struct Fake {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

type Answering = dyn Fn(&Asked) -> Vec<Say> + Send + Sync;

struct Shared {
    answer: Box<Answering>,
    asked: Mutex<Vec<Asked>>,
    times: Mutex<HashMap<String, usize>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

/// One request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method.
    pub method: String,
    /// Path without its query.
    pub path: String,
    /// The query, as it came.
    pub query: String,
    /// Headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// Body.
    pub body: String,
    /// How often this path and query was asked before.
    pub before: usize,
}

impl Asked {
    /// A number of the query.
    pub fn number(&self, name: &str) -> Option<usize> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(key, _)| *key == name)
            .find_map(|(_, value)| value.parse().ok())
    }
}

/// What the server does, step by step; after the last one it closes the connection.
#[derive(Clone, Debug)]
pub enum Say {
    /// Sends bytes.
    Bytes(Vec<u8>),
    /// Waits.
    Pause(Duration),
}

/// A whole answer of any kind.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<Say> {
    let mut text = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    vec![Say::Bytes(text.into_bytes())]
}

/// JSON.
pub fn json(status: u16, body: &Value) -> Vec<Say> {
    answer(status, &[("content-type", "application/json")], &body.to_string())
}

/// A page for people.
pub fn html(status: u16) -> Vec<Say> {
    let page = "<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>Ray ID 1</body></html>";
    answer(status, &[("content-type", "text/html; charset=UTF-8")], page)
}

/// JSON that ends in the middle, while the header promises all of it.
pub fn torn(body: &Value) -> Vec<Say> {
    let [Say::Bytes(mut bytes)] = <[Say; 1]>::try_from(json(200, body)).expect("json is one piece") else {
        unreachable!("json is bytes")
    };
    bytes.truncate(bytes.len() - body.to_string().len() / 2);
    vec![Say::Bytes(bytes)]
}

impl Fake {
    /// Starts a server. `answer` is called for each request.
    pub async fn start(answer: impl Fn(&Asked) -> Vec<Say> + Send + Sync + 'static) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            asked: Mutex::default(),
            times: Mutex::default(),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A client that leaves is no failure of the server.
                    let _ = serve(stream, &shared).await;
                });
            }
        });
        Fake { url, shared, task }
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Most requests that were being answered at one moment.
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(asked) = read(&mut stream, shared).await? else {
        return Ok(());
    };
    let now = shared.now.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most.fetch_max(now, Ordering::SeqCst);
    let steps = (shared.answer)(&asked);
    shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    let outcome = say(&mut stream, steps).await;
    shared.now.fetch_sub(1, Ordering::SeqCst);
    outcome
}

async fn say(stream: &mut TcpStream, steps: Vec<Say>) -> std::io::Result<()> {
    for step in steps {
        match step {
            Say::Bytes(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Say::Pause(span) => tokio::time::sleep(span).await,
        }
    }
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream, shared: &Shared) -> std::io::Result<Option<Asked>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await?;
    let before = {
        let mut times = shared.times.lock().unwrap_or_else(PoisonError::into_inner);
        let count = times.entry(target.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Ok(Some(Asked {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        before,
    }))
}
