//! One Liaison into another: a customer with 5 000 companies comes over, and both answer the same.

use liaison_testkit::databases::Fresh;
use liaison_testkit::process::{self, Process, free_port};
use liaison_testkit::{Client, Engine, Value, json, on_both_databases};

use super::{command, copied, customer, export, numbers, serve, written};

const COMPANIES: usize = 5_000;
const CUSTOMER: &str = "5a000000-0000-4000-8000-000000000001";
const OWN: &str = "5b000000-0000-4000-8000-00000000ffff";
const TOKEN: &str = super::remote::TOKEN;

fn company(number: usize) -> String {
    format!("5b000000-0000-4000-8000-{number:012}")
}

fn guid(kind: u8, number: usize) -> String {
    format!("5c{kind:02x}0000-0000-4000-8000-{number:012}")
}

/// The whole source as a bundle.
fn bundle() -> Value {
    let companies = (0..COMPANIES).map(one_company).chain([json!({
        "guid": OWN, "name": "Mover", "primary_domain": "mover.example", "type": "CURATED"})]);
    let findings = (0..COMPANIES)
        .step_by(50)
        .flat_map(|number| (0..3).map(move |at| one_finding(number, at)));
    json!({
        "companies": companies.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "customers": [{
            "guid": CUSTOMER, "name": "Mover", "my_company_guid": OWN,
            "groups": [{"guid": guid(1, 1), "name": "Default", "is_default": true}, {"guid": guid(1, 2), "name": "Second",
                "allow_bundled_companies": true, "company_guids": [company(7), company(70)]}],
            "users": (1..40).map(one_user).collect::<Vec<_>>(),
            "api_tokens": [{"description": "source", "user_email": "u1@mover.example", "token": TOKEN}],
            "tiers": [{"guid": guid(3, 1), "name": "Critical", "rank": 1, "description": "First to be asked.", "email_enabled": true}, {"guid": guid(3, 2), "name": "Low", "rank": 2}],
            "folders": (0..5).map(|number| json!({"guid": guid(4, number), "name": format!("Folder {number}"),
                "description": format!("Every {}th", 7 + number), "content_expiry_days": if number % 2 == 1 { json!(90) } else { Value::Null },
                "company_guids": (number..COMPANIES).step_by(7 + number).map(company).collect::<Vec<_>>()})).collect::<Vec<_>>(),
            "portfolio": (0..COMPANIES).map(one_entry).collect::<Vec<_>>(),
            "contacts": (0..COMPANIES).step_by(100).map(|number| json!({"guid": guid(5, number), "company_guid": company(number),
                "friendly_name": "Pat", "formal_name": "Pat Poe", "email": format!("pat@c{number}.example"),
                "phone_number": "+1 555 0100", "nickname": "P", "relation_type": "Backup", "relation_active": number % 200 == 0,
                "role": "CISO", "source": "Service Now", "platform_id": number.to_string(), "user_guid": guid(2, 1)})).collect::<Vec<_>>(),
        }, {"guid": guid(9, 1), "name": "Asks Mover", "portfolio": [{"company_guid": OWN}],
            "users": [{"guid": guid(9, 2), "email": "amy@asks.example", "formal_name": "Amy Asks", "role": "customer_admin"}],
            "api_tokens": [{"description": "asks", "user_email": "amy@asks.example", "token": "token-of-who-asks"}]}],
    })
}

fn one_company(number: usize) -> Value {
    json!({
        "guid": company(number), "name": format!("Company {number}"), "shortname": format!("C{number}"),
        "primary_domain": format!("c{number}.example"), "homepage": format!("https://c{number}.example"), "type": "CURATED",
        "industry": {"name": "Finance", "slug": "finance"}, "sub_industry": {"name": "Banks", "slug": "banks"},
        "description": format!("Number {number}."), "people_count": number, "ipv4_count": 4,
        "ratings": [{"rating_date": "2026-11-01", "rating": 400 + number % 400, "risk_vectors": [
            {"slug": "dnssec", "grade": "B", "percentile": 62.5, "rating": 700},
            {"slug": "open_ports", "grade": "C", "percentile": 10.0, "rating": 500}]}],
    })
}

fn one_finding(number: usize, at: usize) -> Value {
    json!({
        "company_guid": company(number), "rolledup_observation_id": format!("f{number}-{at}/+=="), "risk_vector": "open_ports",
        "risk_category": "Diligence", "severity": 7.4, "severity_category": "material", "first_seen": "2026-08-02",
        "last_seen": "2026-11-10", "affects_rating": true, "details": {"grade": "BAD"}, "tags": ["dmz"],
    })
}

fn one_user(number: usize) -> Value {
    json!({
        "guid": guid(2, number), "email": format!("u{number}@mover.example"), "formal_name": format!("User {number}"),
        "role": if number == 1 { "customer_admin" } else { "customer_user" }, "group_guid": guid(1, 1 + number % 2),
        "status": if number.is_multiple_of(5) { "Deactivated" } else { "Activated" }, "is_collaboration_contact": number == 1,
    })
}

fn one_entry(number: usize) -> Value {
    json!({
        "company_guid": company(number), "tier_guid": if number.is_multiple_of(3) { json!(guid(3, 1 + number % 2)) } else { Value::Null },
        "custom_id": format!("V-{number}"), "added_date": "2026-03-01", "subscription_type": "continuous_monitoring",
        "relationship": "vendor", "life_cycle": "monitoring",
    })
}

/// Fills the source and serves it: one request was sent, one was received.
async fn source(database: &Fresh) -> (Process, Client) {
    let file = database.folder().join("source.json");
    std::fs::write(&file, bundle().to_string()).unwrap();
    process::answer(&database.url, &["import", file.to_str().unwrap()]);
    let http = liaison_testkit::http();
    let process = Process::serve(&http, &database.url, free_port(), &[]).await;
    let client = Client::new(http.clone(), &process.base, TOKEN);
    for number in 0..30 {
        let reply = client
            .post(
                "/v1/access-requests",
                &json!({"vendor_access_request": {
            "requestee_company_guid": company(number), "requestee_email": format!("pat@c{number}.example"),
            "requestee_formal_name": "Pat Poe", "message": "Please look.", "notes": "ours", "reason": "remediation",
            "third_parties": [{"email": "third@elsewhere.example", "name": "Third"}],
            "context": {"risk_vectors": [{"risk_vector": {"slug": "dnssec"}}]},
            "rolledup_observation_ids": if number == 0 { json!(["f0-0/+=="]) } else { json!([]) }}}),
            )
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        if number % 3 == 0 {
            client.change(reply.json["guid"].as_str().unwrap(), "Resolved").await;
        }
    }
    let asks = Client::new(http, &process.base, "token-of-who-asks");
    let reply = asks
        .post(
            "/v1/access-requests",
            &json!({"vendor_access_request": {"requestee_company_guid": OWN,
        "requestee_email": "u1@mover.example", "requestee_formal_name": "User 1", "notes": "theirs"}}),
        )
        .await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    (process, client)
}

on_both_databases! {
    async fn five_thousand_companies_come_over(database) {
        let other = Fresh::new(engine_of(database));
        let (source, there) = source(&other).await;
        killed_on_the_way(database, &source.base).await;
        let first = copied(database, &source.base);
        assert_eq!(first["absent"], json!([]), "{first:#}");
        assert_eq!((numbers(&first, "companies")[0], numbers(&first, "portfolio")[0]), (5_001, 5_000), "{first:#}");
        assert_eq!((numbers(&first, "outbox")[0], numbers(&first, "inbox")[0]), (30, 1), "{first:#}");
        let second = copied(database, &source.base);
        assert_eq!(written(&second), 0, "{second:#}");

        let (process, here) = serve(database, CUSTOMER).await;
        for path in PATHS {
            assert_eq!(all(&here, path).await, all(&there, path).await, "{path}");
        }
        drop(process);
        let reply = there.patch(&format!("/v1/folders/{}", guid(4, 0)), &json!({"folder": {"name": "New name"}})).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let third = copied(database, &source.base);
        assert_eq!((written(&third), numbers(&third, "folders")[1]), (1, 1), "{third:#}");
        assert_eq!(customer(&export(database), CUSTOMER).unwrap()["folders"].as_array().unwrap().len(), 5);
        // The other database is dropped where no runtime waits.
        drop(source);
        tokio::task::spawn_blocking(move || drop(other)).await.unwrap();
    }
}

/// What both servers have to answer alike. Requests are compared without what only the recipient's account decides.
const PATHS: [&str; 15] = [
    "/v2/portfolio",
    "/v1/folders",
    "/v1/tiers",
    "/v1/access-groups",
    "/v1/access-groups/5c010000-0000-4000-8000-000000000002/companies/guids",
    "/v2/users",
    "/v1/contacts",
    "/v1/portfolio/contacts",
    "/v1/access-requests",
    "/v1/access-requests/received",
    "/v1/companies/5b000000-0000-4000-8000-000000000050",
    "/v1/companies/5b000000-0000-4000-8000-000000004999",
    "/v1/companies/5b000000-0000-4000-8000-000000000050/findings",
    "/v1/access-requests/config",
    "/v1/customers/current",
];

/// Everything under a path, without what no copy can know.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut offset = 0;
    loop {
        let reply = client.get(&format!("{path}?limit=500&offset={offset}")).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let page = match &reply.json {
            Value::Array(rows) => rows.clone(),
            object if object["results"].is_array() => object["results"].as_array().unwrap().clone(),
            object => return vec![bare(object.clone())],
        };
        let count = page.len();
        rows.extend(page.into_iter().map(bare));
        if count < 500 {
            rows.sort_by_key(|row| {
                row["guid"]
                    .as_str()
                    .or(row["rolledup_observation_id"].as_str())
                    .map(str::to_owned)
            });
            return rows;
        }
        offset += count;
    }
}

/// Without days and accounts of this server, and addresses that name it.
fn bare(mut row: Value) -> Value {
    if let Some(row) = row.as_object_mut() {
        let vectors = row.get_mut("rating_details").and_then(Value::as_object_mut);
        for (_, vector) in vectors.into_iter().flatten() {
            vector.as_object_mut().unwrap().remove("display_url");
        }
        for own in [
            "joined_time",
            "date_joined",
            "last_modified",
            "created_time",
            "updated_time",
            "creation_date",
            "last_edit_date",
            "last_editor",
            "creator",
            "requestee_last_login",
            "recipient_customer_access",
            "has_preferred_contact",
            "has_preferred_contacts",
            "can_resend_email",
            "logo",
            "sparkline",
            "display_url",
            "customer_monitoring_count",
            "search_count",
        ] {
            row.remove(own);
        }
    }
    row
}

fn engine_of(database: &Fresh) -> Engine {
    if matches!(database.url, liaison_testkit::Url::Sqlite(_)) {
        Engine::Sqlite
    } else {
        Engine::Postgres
    }
}

/// A first copy that is killed while it reads companies.
async fn killed_on_the_way(database: &Fresh, from: &str) {
    let mut child = command(database, from, &["--yes"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let company_file = super::spool(database).join("company-0.jsonl");
    process::eventually("companies are read", async || {
        std::fs::metadata(&company_file)
            .ok()
            .filter(|about| about.len() > 100_000)
            .map(drop)
    })
    .await;
    child.kill().unwrap();
    child.wait().unwrap();
}
