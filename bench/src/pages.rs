//! What a page costs: processor time of the server and weight on the first load, with many requests in the outbox.

use std::collections::BTreeSet;

use liaison_testkit::{Browser, Client, json, world};

use crate::liaison::{ADDRESS, Liaison, PASSWORD};
use crate::{Result, process};

/// Times that every page is asked for; the processor's clock ticks a hundred times a second.
const TIMES: u32 = 40;

/// Fills the outbox, then prints a line for each page.
pub(crate) async fn run(liaison: &Liaison, requests: usize) -> Result<()> {
    let http = liaison_testkit::http();
    let base = format!("http://{ADDRESS}");
    let client = Client::new(http.clone(), &base, world::CLIENT_ADMIN);
    fill(&client, requests).await;
    let request = client.outbox("?limit=1").await[0]["guid"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    println!("\n{requests} requests in the outbox, as many in the inbox of the other side.\n");
    println!("| page | CPU ms | first load, KB |\n| --- | --- | --- |");
    let emma = signed_in(&http, &base, "bench@blueseas.com").await;
    let company = world::BLACK_HILLS;
    for path in [
        "/outbox".to_owned(),
        "/outbox?q=number77".to_owned(),
        "/outbox?status=Pending&sort=company".to_owned(),
        format!("/requests/{request}"),
        "/outbox/new".to_owned(),
        format!("/outbox/new?company={company}"),
        "/portfolio".to_owned(),
        format!("/companies/{company}"),
        "/links".to_owned(),
        "/mail".to_owned(),
        "/notifications".to_owned(),
        "/settings/profile".to_owned(),
        "/settings/users".to_owned(),
        "/settings/tokens".to_owned(),
        "/settings/collaboration".to_owned(),
    ] {
        line(liaison, &emma, &path).await?;
    }
    let vera = signed_in(&http, &base, "bench@blackhills.com").await;
    for path in ["/inbox".to_owned(), format!("/inbox/{request}")] {
        line(liaison, &vera, &path).await?;
    }
    for path in ["/sign-in", "/code", "/reset"] {
        line(liaison, &Browser::new(http.clone(), &base), path).await?;
    }
    Ok(())
}

async fn fill(client: &Client, requests: usize) {
    for block in 0..requests.div_ceil(100) {
        let invitations: Vec<_> = (0..100)
            .map(|place| {
                json!({
                    "requestee_email": format!("number{}@blackhills.com", block * 100 + place),
                    "requestee_formal_name": format!("Number {}", block * 100 + place),
                    "requestee_friendly_name": "Number", "requestee_company_guid": world::BLACK_HILLS,
                    "message": "Please look at the open ports.", "rolledup_observation_ids": [world::finding_id(1)],
                })
            })
            .collect();
        let sent = client.invite(&json!(invitations)).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
    }
}

async fn signed_in(http: &reqwest::Client, base: &str, email: &str) -> Browser {
    let browser = Browser::new(http.clone(), base);
    let fields = [("email", email), ("password", PASSWORD)];
    let entered = browser.submit("/sign-in", "/sign-in", &fields).await;
    assert_eq!(entered.status, 303, "{}", entered.text);
    browser
}

async fn line(liaison: &Liaison, browser: &Browser, path: &str) -> Result<()> {
    let page = browser.page(path).await;
    let mut weight = page.len();
    for asset in assets(&page) {
        weight += browser.page(&asset).await.len();
    }
    let before = process::cpu_us(liaison.pid())?;
    for _ in 0..TIMES {
        browser.page(path).await;
    }
    let cost = (process::cpu_us(liaison.pid())? - before) / f64::from(TIMES) / 1000.0;
    let shown = path.split_once('?').map_or(path, |(path, _)| path);
    let query = if shown == path { "" } else { "?…" };
    let parts: Vec<&str> = shown
        .split('/')
        .map(|part| if part.len() == 36 { "{guid}" } else { part })
        .collect();
    println!(
        "| `{}{query}` | {cost:.1} | {} |",
        parts.join("/"),
        weight.div_ceil(1024)
    );
    Ok(())
}

/// What a browser fetches with a page for the first time, uncompressed: style, script and drawings.
fn assets(page: &str) -> BTreeSet<String> {
    let starts = page.match_indices("\"/assets/");
    let paths = starts.map(|(at, _)| page[at + 1..].split(['"', '#']).next().unwrap_or_default());
    paths.map(str::to_owned).collect()
}
