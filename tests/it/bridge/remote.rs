//! Another server of the API, as the public documents describe it, with as many companies as wanted. Answers can be
//! bent.

use std::sync::{Arc, Mutex};

use liaison_testkit::fake::{self, Asked, Fake, Say};
use liaison_testkit::{Value, json};

/// The only token that it takes.
pub(super) const TOKEN: &str = "token-of-the-remote";
/// The customer of the token.
pub(super) const CUSTOMER: &str = "ca000000-0000-4000-8000-000000000001";
/// The customer's own company.
pub(super) const OWN: &str = "cb000000-0000-4000-8000-00000000ffff";
/// An organisation that sent it a request.
pub(super) const SENDER: &str = "ca000000-0000-4000-8000-000000000009";
/// A request that it sent, and one that it received.
pub(super) const SENT: &str = "cc000000-0000-4000-8000-000000000001";
pub(super) const RECEIVED: &str = "cc000000-0000-4000-8000-000000000002";

/// Answers of one path, in place of the usual one.
type Bend = Box<dyn Fn(&Asked) -> Option<Vec<Say>> + Send + Sync>;

/// What the server has, by path. Lists under `/v1/companies/…` are made.
pub(super) struct World {
    pub(super) answers: std::collections::HashMap<&'static str, Value>,
}

/// The server.
pub(super) struct Remote {
    pub(super) fake: Fake,
    pub(super) world: Arc<Mutex<World>>,
}

/// Guid of the n-th company.
pub(super) fn company(number: usize) -> String {
    format!("cb000000-0000-4000-8000-{number:012}")
}

impl Remote {
    pub(super) async fn start(companies: usize) -> Remote {
        Remote::bent(companies, |_| None).await
    }

    /// A server whose answers are bent where `bend` gives others.
    pub(super) async fn bent(
        companies: usize,
        bend: impl Fn(&Asked) -> Option<Vec<Say>> + Send + Sync + 'static,
    ) -> Remote {
        let world = Arc::new(Mutex::new(World {
            answers: answers(companies),
        }));
        let (served, bend): (_, Bend) = (Arc::clone(&world), Box::new(bend));
        let fake = Fake::start(move |asked| {
            let expected = "Basic dG9rZW4tb2YtdGhlLXJlbW90ZTo=";
            if asked.headers.get("authorization").map(String::as_str) != Some(expected) {
                return fake::json(401, &json!({"detail": "Invalid token."}));
            }
            bend(asked).unwrap_or_else(|| usual(asked, &served.lock().unwrap()))
        })
        .await;
        Remote { fake, world }
    }

    /// Changes what a path answers.
    pub(super) fn change(&self, path: &'static str, change: impl FnOnce(&mut Value)) {
        change(self.world.lock().unwrap().answers.get_mut(path).unwrap());
    }

    /// How often paths of this beginning were asked.
    pub(super) fn times(&self, beginning: &str) -> usize {
        self.fake
            .asked()
            .iter()
            .filter(|asked| asked.path.starts_with(beginning))
            .count()
    }
}

fn usual(asked: &Asked, world: &World) -> Vec<Say> {
    let path = asked.path.strip_prefix("/ratings").unwrap_or(&asked.path);
    if let Some(rest) = path.strip_prefix("/v1/companies/") {
        return match rest.split_once('/') {
            None => fake::json(200, &details(rest)),
            Some((guid, "findings")) => fake::json(200, &enveloped(&findings(guid), asked)),
            Some(_) => fake::json(404, &json!({"detail": "Not found."})),
        };
    }
    match (path, world.answers.get(path)) {
        ("/v2/portfolio" | "/v2/users", Some(Value::Array(rows))) => fake::json(200, &enveloped(rows, asked)),
        (_, Some(answer)) => fake::json(200, answer),
        (_, None) => fake::json(404, &json!({"detail": "Not found."})),
    }
}

/// A page of at most 40 rows, whatever was asked for.
fn enveloped(rows: &[Value], asked: &Asked) -> Value {
    let (offset, limit) = (
        asked.number("offset").unwrap_or(0),
        asked.number("limit").unwrap_or(100).min(40),
    );
    let next = offset + limit;
    let link = (next < rows.len()).then(|| {
        format!(
            "http://{}{}?limit={limit}&offset={next}",
            asked.headers["host"], asked.path
        )
    });
    let page: Vec<&Value> = rows.iter().skip(offset).take(limit).collect();
    json!({"links": {"next": link, "previous": null}, "count": rows.len(), "results": page})
}

fn answers(companies: usize) -> std::collections::HashMap<&'static str, Value> {
    let customer = json!({"guid": CUSTOMER, "name": "Moving House Ltd", "is_active": true});
    let current = json!({"guid": guid("ce", 1), "email": "ann@moving.example",
        "customer": {"guid": CUSTOMER, "name": "Moving House Ltd", "type": "Live", "my_company_guid": OWN}});
    [
        ("/v1/customers/current", customer),
        ("/v1/users/current", current),
        ("/v2/portfolio", (0..companies).map(entry).collect()),
        ("/v1/folders", json!([{"guid": guid("cd", 1), "name": "EU", "description": "", "companies": (0..companies.min(3)).map(company).collect::<Vec<_>>()},
            {"guid": guid("cd", 9), "name": "All", "contains_all_companies": true, "companies": []}])),
        ("/v1/tiers", json!([{"guid": guid("cd", 2), "name": "Critical", "rank": 1, "companies": []}])),
        ("/v1/access-groups", json!({"default_group": guid("cd", 3), "groups": [{"guid": guid("cd", 3), "name": "Default"},
            {"guid": guid("cd", 4), "name": "Second"}]})),
        ("/v2/users", users()),
        ("/v1/portfolio/contacts", json!([{"guid": guid("cd", 5), "company_guid": company(0), "friendly_name": "Pat",
            "formal_name": "Pat Poe", "email": "pat@c0.example", "phone_number": null, "creator": "ann@moving.example"}])),
        ("/v1/access-requests", json!([sent()])),
        ("/v1/access-requests/received", json!([received()])),
    ]
    .into()
}

/// A guid of a kind.
pub(super) fn guid(kind: &str, number: usize) -> String {
    format!("{kind}000000-0000-4000-8000-{number:012}")
}

fn users() -> Value {
    json!([
        {"guid": guid("ce", 1), "email": "ann@moving.example", "friendly_name": "Ann", "formal_name": "Ann Admin",
         "group": {"guid": guid("cd", 3), "name": "Default"}, "status": "Activated", "last_login_time": "2026-11-01T10:00:00Z",
         "roles": [{"name": "Admin", "slug": "customer_admin"}], "preferred_contact_for_entities": [OWN]},
        {"guid": guid("ce", 2), "email": "bob@moving.example", "friendly_name": "Bob", "formal_name": "Bob Reader",
         "group": null, "status": "Deactivated", "last_login_time": null, "roles": [{"slug": "vrm_admin"}]},
        {"guid": guid("ce", 3), "email": "api@moving.example", "formal_name": "token", "is_company_api_token": true},
    ])
}

fn entry(number: usize) -> Value {
    json!({
        "guid": company(number), "custom_id": format!("V-{number}"), "name": format!("Company {number}"),
        "shortname": format!("C{number}"), "primary_domain": format!("c{number}.example"), "rating": 600, "rating_date": "2026-11-02",
        "added_date": "2026-01-02", "industry": {"name": "Finance", "slug": "finance"},
        "sub_industry": {"name": "Banks", "slug": "banks"}, "type": ["CURATED"],
        "subscription_type": {"name": "Continuous Monitoring", "slug": "continuous_monitoring"},
        "life_cycle": {"name": "Monitoring", "slug": "monitoring"}, "relationship": {"name": "Vendor", "slug": "vendor"},
        "tier": if number == 0 { json!(guid("cd", 2)) } else { Value::Null },
    })
}

fn details(guid: &str) -> Value {
    let number: usize = guid[24..].parse().unwrap_or(0xffff);
    json!({
        "guid": guid, "name": format!("Company {number}"), "shortname": format!("C{number}"),
        "primary_domain": format!("c{number}.example"), "homepage": format!("https://c{number}.example"), "industry": "Finance",
        "industry_slug": "finance", "type": "CURATED,PRIVATE", "description": "It does things.", "people_count": 12,
        "current_rating": 600, "rating": 600, "rating_date": "2026-11-02",
        "ratings": [{"rating": 600, "rating_date": "2026-11-02", "range": "Basic"}, {"rating": 590, "rating_date": "2026-10-02"}],
        "rating_details": {"open_ports": {"name": "Open Ports", "rating": 500, "grade": "C", "percentile": 40.5},
            "quantum_leaks": {"name": "Quantum Leaks", "grade": "A"}},
    })
}

/// Every tenth company has findings, over two pages.
fn findings(guid: &str) -> Vec<Value> {
    let number: usize = guid[24..].parse().unwrap_or(1);
    let count = if number.is_multiple_of(10) { 45 } else { 0 };
    (0..count)
        .map(|at| {
            json!({"rolledup_observation_id": format!("id+/{number}-{at}=="), "risk_vector": "open_ports", "severity": 4.5,
                "severity_category": "moderate", "first_seen": "2026-08-02", "last_seen": "2026-11-18T00:00:00Z",
                "affects_rating": true, "assets": [{"asset": "203.0.113.7", "is_ip": true}],
                "details": {"grade": "BAD", "dest_port": at}, "tags": ["dmz"]})
        })
        .collect()
}

fn sent() -> Value {
    let mut request = request(SENT, CUSTOMER, &company(0));
    request["status"] = json!("Active");
    request["requestee_tos_date"] = json!("2026-10-05");
    request["notes"] = json!("ours alone");
    request["ccs"] = json!("cc@c0.example");
    request["rolledup_observation_ids"] = json!(["id+/0-1=="]);
    request["third_parties"] = json!([{"email": "third@elsewhere.example", "name": "Third"}]);
    request
}

fn received() -> Value {
    let mut request = request(RECEIVED, SENDER, OWN);
    request["status"] = json!("Resolved");
    request["read"] = json!(true);
    request["resolved_by"] = json!({"guid": guid("ce", 50), "formal_name": "Sam Sender"});
    request["resolved_date"] = json!("2026-10-20");
    request
}

fn request(guid_: &str, customer: &str, company: &str) -> Value {
    let people = json!({
        "requester_guid": guid("ce", 50), "requester_email": "sam@sender.example", "requester_first_name": "Sam",
        "requester_last_name": "Sender", "requester_friendly_name": "Sam", "requester_formal_name": "Sam Sender",
        "requester_company_guid": null, "requester_company_name": "Sender Inc", "requester_customer_guid": customer,
        "requester_customer_name": "Sender Inc", "requestee_first_name": "Pat", "requestee_last_name": "Poe",
        "requestee_friendly_name": "Pat", "requestee_formal_name": "Pat Poe", "requestee_email": "pat@c0.example",
        "requestee_phone": " ", "requestee_company_guid": company, "requestee_company_name": "Company",
        "requestee_tos_date": null, "requestee_last_login": null,
    });
    let facts = json!({
        "guid": guid_, "message": "Please look.", "notes": null,
        "created_date": "2026-10-01", "created_time": "2026-10-01T08:30:00Z", "email_sent_date": "2026-10-02",
        "can_resend_email": false, "hubspot_status": "CREATED", "status": "Pending", "is_real": true, "read": false, "ccs": null,
        "invitation_duration": 14, "trial_duration": 60, "reason": "remediation",
        "context": {"date": "2026-09-30", "rating": 610, "risk_vectors": [
            {"grade": "F", "percentile": 1.5, "risk_vector": {"name": "Open Ports", "slug": "open_ports"}}]},
        "resolved_by": {}, "resolved_date": null, "third_parties": [], "rolledup_observation_ids": [],
    });
    let both = [people, facts].into_iter().filter_map(|part| part.as_object().cloned());
    Value::Object(both.flatten().collect())
}

/// What the server tells under a path, unchanged.
pub(super) fn told(path: &str) -> Value {
    answers(1)[path].clone()
}
