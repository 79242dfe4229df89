//! `liaison migrate`: brings the schema to this release, or tells whether it is there.

use clap::Args;
use liaison_db::{Db, SchemaState, Url};
use liaison_domain::Clock as _;
use liaison_operations::MIGRATIONS;
use serde::Serialize;

use crate::app::Desk;
use crate::config::Config;
use crate::failure::Failure;
use crate::output::Output;
use crate::system::SystemClock;

/// Bring the database to the schema of this release
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  liaison migrate --database sqlite:liaison.db",
    after_help = "Applies everything that is missing, or nothing. `liaison serve` does the same when it starts."
)]
pub(crate) struct MigrateArgs {
    /// Change nothing; exit with 1 where something is missing
    #[arg(long)]
    check: bool,
}

#[derive(Serialize)]
struct Applied {
    applied: Vec<&'static str>,
}

#[derive(Serialize)]
struct Missing {
    pending: Vec<&'static str>,
}

pub(super) fn run(config: &Config, args: &MigrateArgs, output: Output) -> Result<(), Failure> {
    if args.check {
        return check(config, output);
    }
    let db = Db::open(&config.database, &config.command_options())?;
    let applied = db.migrate(MIGRATIONS, SystemClock.now().as_millis())?;
    output.show(&Applied { applied }, |Applied { applied }| {
        if applied.is_empty() {
            return format!("{} is up to date.", config.database);
        }
        format!("Applied to {}: {}.", config.database, applied.join(", "))
    })
}

fn check(config: &Config, output: Output) -> Result<(), Failure> {
    // Looking must not make a file.
    let absent = matches!(&config.database, Url::Sqlite(path) if !path.exists());
    let pending = if absent {
        MIGRATIONS.iter().map(|migration| migration.name).collect()
    } else {
        match Desk::open_as_it_is(config)?.db.schema_state(MIGRATIONS)? {
            SchemaState::UpToDate => Vec::new(),
            SchemaState::Pending(names) => names,
        }
    };
    let missing = Missing { pending };
    output.show(&missing, |Missing { pending }| {
        if pending.is_empty() {
            return format!("{} is up to date.", config.database);
        }
        let names = pending.join(", ");
        format!("Missing in {}: {names}. Apply with `liaison migrate`.", config.database)
    })?;
    if missing.pending.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}
