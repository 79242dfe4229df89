//! `liaison doctor`: looks at everything a server needs and says what to do about what is not right.

use std::time::Duration;

use comfy_table::{Attribute, Cell, Color};
use liaison_db::{Engine, Error, SchemaState};
use liaison_mail::{Smtp, Timeouts};
use liaison_operations::{MIGRATIONS, mails};
use serde::Serialize;

use crate::app::Desk;
use crate::cli::{Common, ServerFlags};
use crate::config::{self, Config, ServerConfig};
use crate::failure::Failure;
use crate::output::{self, Output, cell};

/// How long the relay may take: a person is waiting.
const PATIENCE: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    command: Duration::from_secs(10),
    data: Duration::from_secs(10),
    idle: Duration::from_secs(1),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

#[derive(Serialize)]
struct Check {
    check: &'static str,
    state: Verdict,
    found: String,
    advice: Option<String>,
}

impl Check {
    fn ok(check: &'static str, found: impl Into<String>) -> Check {
        Check {
            check,
            state: Verdict::Ok,
            found: found.into(),
            advice: None,
        }
    }

    fn warn(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Check {
        Check {
            check,
            state: Verdict::Warn,
            found: found.into(),
            advice: Some(advice.into()),
        }
    }

    fn fail(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Check {
        Check {
            state: Verdict::Fail,
            ..Check::warn(check, found, advice)
        }
    }
}

pub(super) fn run(common: &Common, flags: &ServerFlags, output: Output) -> Result<(), Failure> {
    let (config, server) = config::of_server(common, flags)?;
    let mut checks = database(&config);
    checks.push(public_url(&server));
    checks.push(relay(&server)?);
    output.show(&checks, |checks| {
        let rows = checks.iter().map(|check| {
            let state = match check.state {
                Verdict::Ok => Cell::new("ok").fg(Color::Green),
                Verdict::Warn => Cell::new("warn").fg(Color::Yellow),
                Verdict::Fail => Cell::new("fail").fg(Color::Red).add_attribute(Attribute::Bold),
            };
            [
                cell(check.check),
                state,
                cell(&check.found),
                cell(check.advice.as_deref().unwrap_or_default()),
            ]
        });
        output::table(["check", "state", "found", "what to do"], rows)
    })?;
    if checks.iter().any(|check| check.state == Verdict::Fail) {
        Err(Failure::Told)
    } else {
        Ok(())
    }
}

fn database(config: &Config) -> Vec<Check> {
    let desk = match Desk::open_as_it_is(config) {
        Ok(desk) => desk,
        Err(failure) => {
            let advice = "name it with --database, or make it with `liaison migrate`";
            return vec![Check::fail("database", failure.lines().join(" "), advice)];
        }
    };
    let mut checks = Vec::new();
    match desk.db.describe() {
        Ok(found) => {
            let size = output::size(found.size_bytes);
            let found_here = format!("{} {} at {}, {size}", found.engine, found.version, found.place);
            checks.push(Check::ok("database", found_here));
            checks.extend(found.warnings.into_iter().map(|warning| {
                let advice = "change it in the database's own settings";
                Check::warn("database", warning, advice)
            }));
        }
        Err(error) => checks.push(Check::fail(
            "database",
            error.to_string(),
            "see that it runs and can be reached",
        )),
    }
    let (schema, usable) = schema(&desk);
    checks.push(schema);
    checks.push(serving(&desk));
    if usable {
        checks.push(outbox(&desk));
    }
    checks
}

fn schema(desk: &Desk) -> (Check, bool) {
    match desk.db.schema_state(MIGRATIONS) {
        Ok(SchemaState::UpToDate) => (Check::ok("schema", "is that of this release"), true),
        Ok(SchemaState::Pending(names)) => {
            let found = format!("missing: {}", names.join(", "));
            (Check::fail("schema", found, "run `liaison migrate`"), false)
        }
        Err(error) => {
            let advice = "use the release that the database belongs to";
            (Check::fail("schema", error.to_string(), advice), false)
        }
    }
}

/// Takes the lock for a moment. On PostgreSQL there is none.
fn serving(desk: &Desk) -> Check {
    if desk.db.engine() == Engine::Postgres {
        return Check::ok("server", "several servers may share a PostgreSQL database");
    }
    match desk.db.lock_for_serving() {
        Ok(_) => Check::ok("server", "none is running on this database"),
        Err(Error::AlreadyServing { .. }) => Check::ok("server", "one is running on this database"),
        Err(error) => Check::fail("server", error.to_string(), "make the folder of the database writable"),
    }
}

fn outbox(desk: &Desk) -> Check {
    let counts = match desk.db.read_blocking(mails::count_by_state) {
        Ok(counts) => counts,
        Err(error) => return Check::fail("mails", error.to_string(), "see the row of the database"),
    };
    let of = |state: &str| {
        counts
            .iter()
            .find(|(known, _)| known == state)
            .map_or(0, |(_, count)| *count)
    };
    let found = ["queued", "sent", "failed", "kept", "replaced"].map(|state| format!("{} {state}", of(state)));
    let found = found.join(", ");
    if of("failed") > 0 {
        let advice = "read why with `liaison mail list --state failed`; send again with `liaison mail retry --failed`";
        return Check::warn("mails", found, advice);
    }
    Check::ok("mails", found)
}

fn public_url(server: &ServerConfig) -> Check {
    let url = &server.identity.public_url;
    if config::is_local(url) {
        let advice = "only this machine can follow links in mails; give --public-url before inviting others";
        return Check::warn("public url", url.as_str(), advice);
    }
    if url.scheme() == "http" {
        let advice = "links in mails are secrets and travel readably; put a proxy with TLS in front";
        return Check::warn("public url", url.as_str(), advice);
    }
    Check::ok("public url", url.as_str())
}

fn relay(server: &ServerConfig) -> Result<Check, Failure> {
    let Some(relay) = &server.relay else {
        let advice = "mails are kept: read them with `liaison mail list`, or name a relay with --smtp";
        return Ok(Check::warn("mail relay", "none", advice));
    };
    let smtp = Smtp::with_timeouts(relay.clone(), server.identity.server_name.clone(), PATIENCE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(match runtime.block_on(smtp.check()) {
        Ok(greeting) => Check::ok("mail relay", format!("{relay} answers: {greeting}")),
        Err(reason) => {
            let advice = "look at --smtp: host, port, user, password, TLS; then try `liaison mail test ADDRESS`";
            Check::fail("mail relay", format!("{relay}: {reason}"), advice)
        }
    })
}
