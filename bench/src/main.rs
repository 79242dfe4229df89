//! Load tests: Liaison beside nginx serving the same bytes, and beside a raw SQLite loop doing the same statements.
//!
//! Everything runs on one machine in turn, so only ratios mean something. Run it with `cargo xtask bench`.

#![expect(clippy::print_stdout, reason = "printing figures is what this program is for")]

mod liaison;
mod load;
mod nginx;
mod pages;
mod process;
mod raw_loop;
mod scale;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;

use crate::liaison::Liaison;
use crate::load::Load;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Liaison beside nginx and a raw SQLite loop. Needs `wrk` and `nginx` (Debian: wrk, nginx-light).
#[derive(Parser)]
struct Arguments {
    /// The release build of Liaison.
    #[arg(long, default_value = "target/release/liaison")]
    binary: PathBuf,
    /// Rounds of every case; the medians count.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each case.
    #[arg(long, default_value_t = 4)]
    seconds: u32,
    /// Measure the pages instead, with this many requests in the outbox.
    #[arg(long, value_name = "REQUESTS")]
    pages: Option<usize>,
    /// Measure how the neighbourhood grows instead: with this many companies, beside a hundredth of it.
    #[arg(long, value_name = "COMPANIES")]
    scale: Option<u32>,
}

/// A result that any failure of a tool can end.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    if let Some(companies) = arguments.scale {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        return runtime.block_on(scale::run(&arguments.binary, folder.path(), companies));
    }
    let database = folder.path().join("liaison.db");
    Liaison::prepare(&arguments.binary, &database)?;
    let raw_database = folder.path().join("raw.db");

    let liaison = Liaison::start(&arguments.binary, &database)?;
    if let Some(requests) = arguments.pages {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(pages::run(&liaison, requests));
    }
    println!(
        "start to ready: {} ms, resident after start: {} KiB",
        liaison.start_ms,
        liaison.idle_kib()?
    );
    let inbox = liaison.fetch_inbox()?;
    let nginx = nginx::Nginx::start(folder.path(), &inbox)?;
    let (mut gets, mut files, mut raws) = (Vec::new(), Vec::new(), Vec::new());
    let (mut posts, mut crowds) = (Vec::new(), Vec::new());
    for round in 0..arguments.rounds {
        files.push(nginx.load(arguments.seconds)?);
        gets.push(liaison.load_inbox(arguments.seconds)?);
        posts.push(liaison.load_create(folder.path(), round, (32, arguments.seconds))?);
        crowds.push(liaison.load_create(folder.path(), round, (128, arguments.seconds))?);
        // The loop works on the data as it is now, so that both write into trees of the same height.
        liaison.copy_database(&raw_database)?;
        raws.push(raw_loop::run(&raw_database)?);
    }
    let cases = [
        ("nginx, the same bytes", files),
        ("GET inbox of 20", gets),
        ("POST create, 32 connections", posts),
        ("POST create, 128 connections", crowds),
    ];
    report(inbox.len(), &cases, &raws);
    println!("resident after load: {} KiB", liaison.idle_kib()?);
    Ok(())
}

fn report(bytes: usize, cases: &[(&str, Vec<Load>)], raws: &[f64]) {
    println!("\nanswer: {bytes} bytes\n");
    println!("| case | requests/s | CPU us/request | p50 | p99 | failed |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for (name, loads) in cases {
        let load = Load::median(loads);
        println!(
            "| {name} | {:.0} | {:.1} | {} | {} | {} |",
            load.per_second, load.cpu_us, load.p50, load.p99, load.failed
        );
    }
    let raw = process::median(raws.iter().copied());
    println!(
        "| raw SQLite loop, 100 in a transaction | {raw:.0} | {:.1} | | | |",
        1e6 / raw
    );
    let [nginx, get, post, crowd] = [0, 1, 2, 3].map(|index| Load::median(&cases[index].1));
    println!(
        "\nGET inbox: {:.2} x nginx's CPU per request",
        get.cpu_us / nginx.cpu_us
    );
    println!(
        "POST create, 32 connections: {:.2} x the raw loop",
        post.per_second / raw
    );
    println!(
        "POST create, 128 connections: {:.2} x the raw loop",
        crowd.per_second / raw
    );
}
