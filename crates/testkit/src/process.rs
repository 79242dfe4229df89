//! The real binary as a process: started, killed, asked to stop, and its other commands.

use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use liaison_db::{Engine, Url};
use serde_json::Value;

use crate::databases::Fresh;

/// Longest wait for a process: no test is held up for ever by one that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary that `cargo xtask test` built.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("tests are two folders below the build's");
    let binary = folder.join("liaison");
    assert!(
        binary.exists(),
        "{} is missing: cargo build --package liaison",
        binary.display()
    );
    binary
}

/// The database's URL as the command line wants it.
pub fn database_url(url: &Url) -> String {
    match url {
        Url::Sqlite(path) => format!("sqlite:{}", path.display()),
        Url::Postgres(url) => url.clone(),
    }
}

/// A command on a database, not run yet. Nothing of the surroundings' settings reaches it.
pub fn command(url: &Url, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .env_clear()
        .args(["--database", &database_url(url)])
        .args(arguments);
    command
}

/// A command that ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// The answer as JSON. Panics where the command failed.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The only line on standard error. Panics where the exit code is another, or where anything else was said.
    pub fn refusal(&self, code: i32) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self:?}");
        let line = self.err.trim_end();
        assert!(line.starts_with("liaison: ") && !line.contains('\n'), "{self:?}");
        line
    }
}

/// Runs a command on a database to its end.
pub fn output(url: &Url, arguments: &[&str]) -> Ended {
    ended(&mut command(url, arguments), "")
}

/// Runs a command with `--json` and gives its answer. Panics where it failed.
pub fn answer(url: &Url, arguments: &[&str]) -> Value {
    let mut command = command(url, arguments);
    ended(command.arg("--json"), "").json()
}

/// Runs any command to its end, with a standard input.
pub fn ended(command: &mut Command, input: &str) -> Ended {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    // A command that reads nothing may be gone already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let out = read_all(child.stdout.take().expect("it is a pipe"));
    let err = read_all(child.stderr.take().expect("it is a pipe"));
    let read = |pipe: &mpsc::Receiver<String>| pipe.recv_timeout(PATIENCE);
    let (Ok(out), Ok(err)) = (read(&out), read(&err)) else {
        // It is a failure either way.
        let _ = child.kill();
        panic!("the command does not end: {command:?}");
    };
    let code = child.wait().expect("a child can be waited for").code();
    Ended { code, out, err }
}

/// Reads a pipe on a thread of its own, so that none fills up while another is read.
fn read_all(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (done, reader) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("commands write UTF-8");
        // Whoever waited may have given up.
        let _ = done.send(text);
    });
    reader
}

/// Runs a test with processes on a fresh database of one engine.
pub fn run(engine: Engine, test: impl AsyncFnOnce(&Fresh)) {
    if !crate::wanted(engine) {
        return;
    }
    let database = Fresh::new(engine);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be built");
    runtime.block_on(test(&database));
    // Dropping a database talks to its server, which is not allowed inside a runtime.
    drop(runtime);
    drop(database);
}

/// A running server.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub base: String,
}

impl Process {
    /// Starts `serve` and waits until it is ready.
    pub async fn serve(http: &reqwest::Client, url: &Url, port: u16, arguments: &[&str]) -> Process {
        let listen = format!("127.0.0.1:{port}");
        let mut command = command(url, &["serve", "--listen", &listen]);
        let child = command
            .args(arguments)
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut process = Process {
            child,
            base: format!("http://{listen}"),
        };
        process.wait_until_ready(http).await;
        process
    }

    async fn wait_until_ready(&mut self, http: &reqwest::Client) {
        let started = Instant::now();
        let ready = format!("{}/readyz", self.base);
        while !http
            .get(&ready)
            .send()
            .await
            .is_ok_and(|reply| reply.status().is_success())
        {
            if let Some(status) = self.child.try_wait().expect("a child can be asked") {
                panic!("the server ended at once: {status}");
            }
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "the server is not ready after 30 s"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without a word, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Sends SIGTERM and waits for the end. Gives the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        self.ask_to_stop();
        self.child.wait().expect("a child can be waited for").code()
    }

    /// Sends SIGTERM.
    pub fn ask_to_stop(&self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("kill runs").success());
    }

    /// Waits for the end. Gives the exit code.
    pub async fn end(mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child can be asked") {
                return status.code();
            }
            assert!(started.elapsed() < PATIENCE, "the server does not stop");
            pause(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Lets real time pass: processes have no clock that could be moved.
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Waits until something is there: asks again and again, and panics when it takes too long.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain: {what}");
        pause(Duration::from_millis(10)).await;
    }
}
