//! What the neighbourhood of access requests costs as the data grows: the same calls on a small database and on one a
//! hundred times its size, on SQLite and on PostgreSQL. A figure is the processor time of the server, the database's
//! processes included, for one answer.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use liaison_testkit::process::{database_url, free_port};
use liaison_testkit::{Client, Engine, Url, Value, databases::Fresh, json};

use crate::{Result, process};

/// Times that every call is made; the processor's clock ticks a hundred times a second.
const TIMES: u32 = 500;
/// Rounds of each call; the median counts.
const ROUNDS: usize = 5;
const TOKEN: &str = "token-of-the-scale-bench";
const CUSTOMER: &str = "c0000000-0000-4000-8000-00000000beef";
/// Company number 0 has a hundredth of all findings.
const HEAVY: u32 = 0;

/// How much there is.
#[derive(Clone, Copy)]
struct Size {
    companies: u32,
    findings: u32,
}

/// Prints a table for each database; `companies` is the larger size.
pub(crate) async fn run(binary: &Path, folder: &Path, companies: u32) -> Result<()> {
    let sizes = [companies / 100, companies].map(|companies| Size {
        companies,
        findings: companies * 10,
    });
    for (engine, name) in [(Engine::Sqlite, "SQLite"), (Engine::Postgres, "PostgreSQL")] {
        let [small, large] = sizes;
        let one = measure(binary, folder, (engine, small)).await?;
        let other = measure(binary, folder, (engine, large)).await?;
        println!(
            "\n## {name}\n\n| call | {} companies, ms | {}, ms | ratio |",
            small.companies, large.companies
        );
        println!("| --- | --- | --- | --- |");
        for ((call, before), (_, after)) in one.iter().zip(&other) {
            println!("| {call} | {before:.2} | {after:.2} | {:.2} |", after / before);
        }
    }
    Ok(())
}

/// The processor's milliseconds of each call.
async fn measure(binary: &Path, folder: &Path, (engine, size): (Engine, Size)) -> Result<Vec<(String, f64)>> {
    let bundle = folder.join(format!("scale-{}.json", size.companies));
    if !bundle.exists() {
        write_bundle(&mut BufWriter::new(File::create(&bundle)?), size)?;
    }
    let database = tokio::task::spawn_blocking(move || Fresh::new(engine)).await?;
    let started = Instant::now();
    let imported = Command::new(binary)
        .arg("import")
        .arg(&bundle)
        .args(["--database", &database_url(&database.url)])
        .stdout(Stdio::null())
        .status()?;
    if !imported.success() {
        return Err("the bundle could not be imported".into());
    }
    println!(
        "{engine:?}: {} companies imported in {:.0} s",
        size.companies,
        started.elapsed().as_secs_f64()
    );
    let backends = Backends::of(&database.url, engine).await?;
    let http = liaison_testkit::http();
    let server = Server::start(binary, &database.url, &http).await?;
    let client = Client::new(http, &server.base, TOKEN);
    let mut lines = Vec::new();
    for (name, path) in calls(size) {
        let mut costs = Vec::new();
        let rows = warm_up(&client, &path).await?;
        for _ in 0..ROUNDS {
            let before = process::cpu_us(server.child.id())? + backends.cpu_us().await?;
            for _ in 0..TIMES {
                client.get(&path).await;
            }
            let after = process::cpu_us(server.child.id())? + backends.cpu_us().await?;
            costs.push((after - before) / f64::from(TIMES) / 1000.0);
        }
        lines.push((format!("{name} ({rows} rows)"), process::median(costs.into_iter())));
    }
    drop(server);
    tokio::task::spawn_blocking(move || drop(database)).await?;
    Ok(lines)
}

fn calls(size: Size) -> Vec<(&'static str, String)> {
    let (middle, heavy) = (company(size.companies / 2), company(HEAVY));
    let findings = |company: &str| {
        format!("/ratings/v1/companies/{company}/findings?risk_vector=open_ports&severity_gte=5&limit=20")
    };
    vec![
        (
            "`/v2/portfolio?limit=100`",
            "/ratings/v2/portfolio?limit=100".to_owned(),
        ),
        (
            "`/v2/portfolio?limit=100&sort=-rating`",
            "/ratings/v2/portfolio?limit=100&sort=-rating".to_owned(),
        ),
        (
            "`/v2/portfolio?limit=100&q=` one word",
            "/ratings/v2/portfolio?limit=100&q=number7".to_owned(),
        ),
        ("findings of a company, filtered", findings(&middle)),
        (
            "findings of the company with a hundredth of all, filtered",
            findings(&heavy),
        ),
        (
            "`/companies/search`, a rare word",
            "/ratings/v1/companies/search?name=number7&limit=20".to_owned(),
        ),
        (
            "`/companies/search`, a word of every fortieth",
            "/ratings/v1/companies/search?name=harbor&limit=20".to_owned(),
        ),
        (
            "`/companies/search`, a domain",
            "/ratings/v1/companies/search?domain=c7.example".to_owned(),
        ),
        ("`/companies/{guid}`", format!("/ratings/v1/companies/{middle}")),
    ]
}

/// Calls a few times, and counts the rows.
async fn warm_up(client: &Client, path: &str) -> Result<usize> {
    let mut rows = 0;
    for _ in 0..20 {
        let reply = client.get(path).await;
        if reply.status != 200 {
            return Err(format!("{path}: {} {}", reply.status, reply.text).into());
        }
        rows = reply.json["results"].as_array().map_or(1, Vec::len);
    }
    Ok(rows)
}

/// A running server.
struct Server {
    child: Child,
    base: String,
}

impl Server {
    async fn start(binary: &Path, url: &Url, http: &reqwest::Client) -> Result<Server> {
        let listen = format!("127.0.0.1:{}", free_port());
        let child = Command::new(binary)
            .args(["serve", "--listen", &listen, "--database", &database_url(url)])
            .stderr(Stdio::null())
            .spawn()?;
        let server = Server {
            child,
            base: format!("http://{listen}"),
        };
        let started = Instant::now();
        while http.get(format!("{}/readyz", server.base)).send().await.is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err("the server is not ready after 10 s".into());
            }
            tokio::task::yield_now().await;
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processes of PostgreSQL that serve one database. SQLite has none.
struct Backends(Option<String>);

impl Backends {
    async fn of(url: &Url, engine: Engine) -> Result<Backends> {
        if engine == Engine::Sqlite {
            return Ok(Backends(None));
        }
        let backends = Backends(Some(database_url(url)));
        // What its housekeeping would do by itself after a while.
        backends.ask("vacuum analyze").await?;
        Ok(backends)
    }

    async fn cpu_us(&self) -> Result<f64> {
        let Some(_) = self.0 else { return Ok(0.0) };
        let pids = self
            .ask("select string_agg(pid::text, ' ') from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
            .await?;
        pids.split_whitespace().map(|pid| process::cpu_us(pid.parse()?)).sum()
    }

    async fn ask(&self, sql: &'static str) -> Result<String> {
        let Some(url) = self.0.clone() else {
            return Ok(String::new());
        };
        let answer = tokio::task::spawn_blocking(move || {
            let mut client = postgres::Client::connect(&url, postgres::NoTls)?;
            let rows = client.simple_query(sql)?;
            let text = rows.iter().find_map(|message| match message {
                postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            Ok::<_, postgres::Error>(text.unwrap_or_default())
        });
        Ok(answer.await??)
    }
}

fn company(number: u32) -> String {
    format!("b1000000-0000-4000-8000-{number:012x}")
}

const FIRST: [&str; 8] = [
    "Amber", "Birch", "Copper", "Delta", "Ember", "Fjord", "Granite", "Hollow",
];
const SECOND: [&str; 40] = [
    "Harbor", "Anchor", "Basin", "Canyon", "Dune", "Estuary", "Field", "Glade", "Heath", "Inlet", "Jetty", "Knoll",
    "Lagoon", "Meadow", "North", "Oasis", "Prairie", "Quarry", "Ridge", "Summit", "Tundra", "Upland", "Valley",
    "Wharf", "Yard", "Arch", "Bridge", "Castle", "Depot", "Engine", "Forge", "Gate", "House", "Island", "Junction",
    "Kiln", "Light", "Mill", "Nest", "Orchard",
];

/// The bundle, one row after the other.
fn write_bundle(out: &mut impl Write, size: Size) -> Result<()> {
    write!(out, "{{\"companies\":[")?;
    rows(out, (0..size.companies).map(a_company))?;
    write!(out, "],\"findings\":[")?;
    let heavy = size.findings / 100;
    let light = size.findings - heavy;
    let heavy = (0..heavy).map(|number| a_finding(HEAVY, number));
    let light = (0..light).map(|number| a_finding(1 + number % (size.companies - 1), number));
    rows(out, heavy.chain(light))?;
    let head = json!({
        "guid": CUSTOMER, "name": "Scale", "type": "Live", "my_company_guid": company(1),
        "api_tokens": [{"description": "bench", "token": TOKEN}],
    });
    let head = head.to_string();
    write!(out, "],\"customers\":[{},\"portfolio\":[", head.trim_end_matches('}'))?;
    let entry = |number| json!({"company_guid": company(number), "added_date": "2026-01-02", "subscription_type": "continuous_monitoring"});
    rows(out, (0..size.companies).map(entry))?;
    write!(out, "]}}]}}")?;
    Ok(out.flush()?)
}

fn rows(out: &mut impl Write, rows: impl Iterator<Item = Value>) -> Result<()> {
    for (place, row) in rows.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, &row)?;
    }
    Ok(())
}

fn a_company(number: u32) -> Value {
    let mixed = number.wrapping_mul(2_654_435_761) >> 8;
    let (first, second) = (
        FIRST[mixed as usize % FIRST.len()],
        SECOND[number as usize % SECOND.len()],
    );
    let rating = 260 + i64::from(mixed % 65) * 10;
    let vectors = json!([
        {"slug": "dnssec", "grade": "C", "percentile": 40.0, "rating": 600},
        {"slug": "open_ports", "grade": "B", "percentile": 70.5, "rating": 700},
    ]);
    json!({
        "guid": company(number), "name": format!("{first} {second} Number{number}"),
        "primary_domain": format!("c{number}.example"), "type": "CURATED",
        "industry": {"name": "Technology", "slug": "technology"},
        "ratings": [
            {"rating_date": "2026-10-01", "rating": rating - 10, "risk_vectors": vectors},
            {"rating_date": "2026-11-01", "rating": rating, "risk_vectors": vectors},
        ],
    })
}

fn a_finding(company_number: u32, number: u32) -> Value {
    let ports = number.is_multiple_of(2);
    json!({
        "company_guid": company(company_number), "rolledup_observation_id": format!("scale{company_number}x{number}=="),
        "risk_vector": if ports { "open_ports" } else { "dnssec" }, "risk_category": "Diligence",
        "severity": f64::from(number % 100) / 10.0, "severity_category": "material",
        "evidence_key": format!("198.51.100.{}:{}", number % 250, 1000 + number % 60_000),
        "first_seen": "2026-08-02", "last_seen": format!("2026-11-{:02}", 1 + number % 28), "affects_rating": true,
        "details": {"grade": "BAD", "dest_port": 1000 + number % 60_000},
    })
}
