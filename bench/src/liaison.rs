//! The real binary, on a database with the tests' sample world.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use liaison_testkit::world;

use crate::load::Load;
use crate::{Result, process};

pub(crate) const ADDRESS: &str = "127.0.0.1:18099";

/// The password of the users that sign in.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running Liaison.
pub(crate) struct Liaison {
    child: Child,
    database: PathBuf,
    /// Milliseconds from starting the process to its first ready answer.
    pub(crate) start_ms: u128,
}

impl Liaison {
    /// Makes the database and imports the world.
    pub(crate) fn prepare(binary: &Path, database: &Path) -> Result<()> {
        let bundle = database.with_extension("json");
        fs::write(&bundle, world::bundle().to_string())?;
        command(binary, database)
            .arg("migrate")
            .stdout(Stdio::null())
            .status()?;
        let imported = command(binary, database)
            .arg("import")
            .arg(&bundle)
            .stdout(Stdio::null())
            .status()?;
        if !imported.success() {
            return Err("the world could not be imported".into());
        }
        for (customer, email) in [
            (world::CLIENT, "bench@blueseas.com"),
            (world::VENDOR, "bench@blackhills.com"),
        ] {
            add_user(binary, database, (customer, email))?;
        }
        Ok(())
    }

    /// Starts the server and fills the inbox with 20 requests.
    pub(crate) fn start(binary: &Path, database: &Path) -> Result<Liaison> {
        let started = Instant::now();
        let child = command(binary, database)
            .args(["serve", "--listen", ADDRESS])
            .stderr(Stdio::null())
            .spawn()?;
        let mut liaison = Liaison {
            child,
            database: database.to_owned(),
            start_ms: 0,
        };
        while request("GET", "/readyz", "", "").is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err("the server is not ready after 10 s".into());
            }
            std::thread::yield_now();
        }
        liaison.start_ms = started.elapsed().as_millis();
        for _ in 0..20 {
            request(
                "POST",
                "/ratings/v1/access-requests",
                world::CLIENT_ADMIN,
                &invitation(),
            )?;
        }
        Ok(liaison)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn idle_kib(&self) -> Result<u64> {
        process::resident_kib(self.child.id())
    }

    /// The inbox's bytes.
    pub(crate) fn fetch_inbox(&self) -> Result<Vec<u8>> {
        request("GET", "/ratings/v1/access-requests/received", world::VENDOR_ADMIN, "")
    }

    pub(crate) fn load_inbox(&self, seconds: u32) -> Result<Load> {
        let header = format!("Authorization: {}", basic(world::VENDOR_ADMIN));
        let url = format!("http://{ADDRESS}/ratings/v1/access-requests/received");
        Load::run(self.child.id(), (32, seconds), &["-H", &header, &url])
    }

    /// Every request invites another person of a company without an account, so that each takes the whole path.
    pub(crate) fn load_create(&self, folder: &Path, round: usize, (connections, seconds): (u32, u32)) -> Result<Load> {
        let script = folder.join("create.lua");
        let authorization = basic(world::CLIENT_ADMIN);
        let company = world::SAPERIX;
        fs::write(
            &script,
            format!(
                "local n = 0\nwrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\n\
                 wrk.headers['Authorization'] = '{authorization}'\n\
                 function request()\n  n = n + 1\n  return wrk.format(nil, nil, nil, \
                 '{{\"vendor_access_request\":{{\"requestee_email\":\"p{round}-{connections}-' .. n .. '@saperix.example\",\
                 \"requestee_formal_name\":\"Pat Example\",\"requestee_friendly_name\":\"Pat\",\
                 \"requestee_company_guid\":\"{company}\",\"message\":\"Please look at the open ports.\"}}}}')\nend\n"
            ),
        )?;
        let script = script.to_string_lossy();
        Load::run(
            self.child.id(),
            (connections, seconds),
            &["-s", &script, &format!("http://{ADDRESS}/ratings/v1/access-requests")],
        )
    }

    /// A copy of the database as it is now, made by SQLite itself.
    pub(crate) fn copy_database(&self, to: &Path) -> Result<()> {
        if to.exists() {
            fs::remove_file(to)?;
        }
        let from = rusqlite::Connection::open(&self.database)?;
        from.execute("vacuum into ?1", [to.to_string_lossy()])?;
        Ok(())
    }
}

impl Drop for Liaison {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An administrator who can sign in.
fn add_user(binary: &Path, database: &Path, (customer, email): (&str, &str)) -> Result<()> {
    let mut child = command(binary, database)
        .args(["user", "create", "--customer", customer, "--email", email])
        .args(["--name", "Bench", "--role", "customer_admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("the command takes no input")?;
    input.write_all(PASSWORD.as_bytes())?;
    drop(input);
    if child.wait()?.success() {
        Ok(())
    } else {
        Err(format!("{email} could not be made").into())
    }
}

fn command(binary: &Path, database: &Path) -> Command {
    let mut command = Command::new(binary);
    command.args(["--database", &format!("sqlite:{}", database.display())]);
    command
}

fn invitation() -> String {
    format!(
        "{{\"vendor_access_request\":{{\"requestee_email\":\"vera@blackhills.com\",\
         \"requestee_formal_name\":\"Vera Hill\",\"requestee_friendly_name\":\"Vera\",\
         \"requestee_company_guid\":\"{}\",\"message\":\"Please look at the open ports.\",\
         \"rolledup_observation_ids\":[\"{}\"]}}}}",
        world::BLACK_HILLS,
        world::finding_id(1)
    )
}

fn basic(token: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(format!("{token}:").as_bytes()))
}

/// One small HTTP request, without a client of its own: gives the body of a 2xx answer with a length.
fn request(method: &str, path: &str, token: &str, body: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(ADDRESS)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        basic(token),
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut status = String::new();
    reader.read_line(&mut status)?;
    if !status.starts_with("HTTP/1.1 2") {
        return Err(format!("{method} {path}: {status}").into());
    }
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut body = Vec::new();
    reader.read_to_end(&mut body)?;
    Ok(body)
}
