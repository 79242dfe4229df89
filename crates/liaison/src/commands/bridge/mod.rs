//! `liaison import compatible`: copies a customer from any server of the compatible API.
//!
//! First everything is read into a folder (`pull`, `spool`), which is also the checkpoint of a copy that was interrupted.
//! Then the directory becomes a bundle (`bundle`), and bundle and requests are compared with the database, shown, and
//! written (`put`).

mod account;
mod bundle;
mod companies;
mod lists;
mod parts;
mod pull;
mod put;
mod report;
mod rows;
mod spool;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use liaison_client::{Client, Patience, Seams, Settings};
use liaison_domain::Guid;
use liaison_operations::copies;

use self::parts::Part;
use self::pull::Pulled;
use self::report::Report;
use self::spool::Spool;
use super::prompt;
use crate::app::Desk;
use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::system::{OsEntropy, SystemClock};

/// Bytes of one answer: a list that its server does not page is one.
const ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// Copy a customer from another server of the compatible API
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  liaison import compatible --from https://api.example.com --token - --dry-run",
    after_help = "Reads portfolio, companies, ratings, findings, folders, tiers, groups, users, contacts and requests, \
                  and keeps their guids. Nothing is sent to anybody: requests are stored as they are, without mails and \
                  links. Run again, it brings what changed there. What was read is kept in a folder until it is \
                  written, so that an interrupted copy goes on where it was.\n\
                  Exit code 1: something could not be read; the rest was copied, and running again completes it."
)]
pub(crate) struct CopyArgs {
    /// Address of the server to copy from
    #[arg(long, value_name = "URL")]
    from: String,
    /// API token there; `-` reads it from standard input, which keeps it out of the list of processes [default: it is
    /// asked for]
    #[arg(long, value_name = "TOKEN", env = "LIAISON_FROM_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Customer of this server to copy into, which has to be here [default: the one with the same guid, made where it is
    /// missing]
    #[arg(long, value_name = "GUID", value_parser = cli::guid)]
    customer: Option<Guid>,
    /// Copy these alone, with commas: portfolio, companies, findings, folders, tiers, groups, users, contacts, outbox,
    /// inbox
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    only: Vec<Part>,
    /// Show what would be added and changed, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before writing
    #[arg(long, short)]
    yes: bool,
    /// Folder for what was read [default: liaison-copy-… in the working folder]
    #[arg(long, value_name = "FOLDER")]
    spool: Option<PathBuf>,
    /// Forget what an earlier run has read
    #[arg(long)]
    fresh: bool,
    /// Certificates to trust besides the public ones (PEM)
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Send the token over plain HTTP, although others can read it there
    #[arg(long)]
    allow_http: bool,
}

pub(super) fn run(desk: &Desk, args: &CopyArgs, output: Output) -> Result<(), Failure> {
    let client = client(args)?;
    let parts = Part::chosen(&args.only);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let account = runtime.block_on(account::read(&client))?;
    let source = client.server().to_owned();
    let target = find_target(desk, (&source, args.customer), &account)?;
    let spool = Spool::open(args.spool.as_deref(), (&source, account.guid), (args.fresh, desk.now()))?;
    let pulled = runtime.block_on(pull::all(&client, &spool, &account, &parts))?;
    let copy = copies::Copy {
        source,
        theirs: account.guid,
        ours: target.customer.guid,
        my_company: target.customer.my_company_guid,
        now: desk.now(),
    };
    let mut put = put::Put::prepare(desk, &spool, (&copy, &target), &parts)?;
    let preview = put.preview()?;
    let report = Report::new(&copy, &target, preview, &pulled);
    if args.dry_run {
        output.show(&report, report::for_people)?;
        spool.close_whole()?;
        output::note(&format!(
            "{} keeps what was read; a copy within the hour starts from there",
            spool.name()
        ));
        return outcome(&pulled);
    }
    if report.differs() && !args.yes {
        ask(&report, output)?;
    }
    let written = put.write()?;
    output.show(
        &Report::new(&copy, &target, written, &pulled).written(),
        report::for_people,
    )?;
    spool.remove()?;
    outcome(&pulled)
}

/// Shows what would be written, and asks.
fn ask(report: &Report, output: Output) -> Result<(), Failure> {
    if !prompt::is_attended() || output.is_json() {
        return Err(Failure::usage(
            "nobody is here to be asked; look with --dry-run, then write with --yes",
        ));
    }
    output::note(&report::for_people(report));
    prompt::confirm("Write this?")
}

/// What could not be read makes a failure, after everything else was done.
fn outcome(pulled: &Pulled) -> Result<(), Failure> {
    match pulled.failed.total() {
        0 => Ok(()),
        failed => Err(Failure::refused(format!(
            "{} could not be read; the rest is complete. Run again to complete it",
            output::count(i64::try_from(failed).unwrap_or(i64::MAX), "thing")
        ))),
    }
}

fn client(args: &CopyArgs) -> Result<Client, Failure> {
    let typed = match args.token.as_deref() {
        Some("-") => prompt::password_from_stdin()?,
        Some(token) => token.to_owned(),
        None if prompt::is_attended() => prompt::secret(&format!("API token at {}: ", args.from))?,
        None => return Err(Failure::usage("a token is needed: --token, or LIAISON_FROM_TOKEN")),
    };
    let usage = |error: liaison_client::Error| Failure::usage(error.to_string());
    let mut settings = Settings::new(&args.from, &typed).map_err(usage)?;
    settings.patience = Patience::COPY;
    settings.answer_bytes = ANSWER_BYTES;
    settings.allow_http = args.allow_http;
    settings.ca_file.clone_from(&args.ca_file);
    let seams = Seams {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy::default()),
    };
    Client::new(&settings, seams).map_err(usage)
}

/// Into which customer; known before anything long begins.
fn find_target(
    desk: &Desk,
    (source, named): (&str, Option<Guid>),
    account: &copies::Account,
) -> Result<copies::Target, Failure> {
    let (source, account) = (source.to_owned(), account.clone());
    Ok(desk
        .db
        .read_blocking(move |tx| copies::target(tx, &source, named, &account))?)
}
