//! The real binary as a process: started, killed, asked to stop, and its other commands.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use liaison_db::Url;

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

/// Runs a command to its end.
pub fn output(url: &Url, arguments: &[&str]) -> Output {
    command(url, arguments).output().expect("the binary starts")
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
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("kill runs").success());
        self.child.wait().expect("a child can be waited for").code()
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
