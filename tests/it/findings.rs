//! The findings of a company, as programs read them: filters, ranges, order, pages, and who sees how much.

use liaison_testkit::databases::import;
use liaison_testkit::seams::SeededEntropy;
use liaison_testkit::{TestApp, Value, json, on_both, world};

/// Findings of every kind for the second company, and one that nobody described.
fn bundle() -> Value {
    let finding = |id: &str, rest: Value| {
        let mut whole = json!({"company_guid": world::SAPERIX, "rolledup_observation_id": id, "affects_rating": false});
        whole.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        whole
    };
    json!({"findings": [
        finding("port", json!({
            "risk_vector": "open_ports", "severity": 9.1, "severity_category": "severe", "affects_rating": true,
            "evidence_key": "198.51.100.23:3389", "first_seen": "2026-09-01", "last_seen": "2026-11-01",
            "assets": [{"asset": "198.51.100.23", "category": "critical", "hosted_by": "Cloud"}],
            "details": {"grade": "BAD", "note": "from 198.51.100.99, \u{8}198.51.100.98", "dest_port": 3389},
            "remediation": [{"code": "RDP", "message": "Close 198.51.100.23:3389"}], "tags": ["EU", "prod"]})),
        finding("cert", json!({
            "risk_vector": "ssl_certificates", "severity": 4.0, "severity_category": "moderate",
            "evidence_key": "www.saperix.example:443", "first_seen": "2026-10-01", "last_seen": "2026-11-05",
            "assets": [{"asset": "www.saperix.example", "asset_type": "Host", "category": "low"}],
            "details": {"grade": "WARN"}, "tags": ["prod"]})),
        finding("patch", json!({
            "risk_vector": "patching_cadence", "severity": 7.5, "severity_category": "material",
            "evidence_key": "[2001:db8:5::17]:443", "first_seen": "2026-10-15", "last_seen": "2026-11-03",
            "details": {"grade": "FAIR", "vulnerabilities": [{"name": "CVE-2021-44228", "alias": "Log4Shell"}]}})),
        finding("good+/=", json!({
            "risk_vector": "ssl_configurations", "severity": 1.0, "severity_category": "minor",
            "first_seen": "2026-10-15", "last_seen": "2026-11-03", "details": {"grade": "good"}})),
        finding("bare", json!({"risk_vector": "file_sharing"})),
    ]})
}

fn filled(app: &TestApp) {
    import(&app.app().db, &bundle(), (world::START, &SeededEntropy::starting_at(7)));
}

fn path(company: &str, query: &str) -> String {
    format!("/ratings/v1/companies/{company}/findings?{query}")
}

/// The ids of what a query finds, in its order.
async fn ids(app: &TestApp, query: &str) -> String {
    let reply = app.client(world::CLIENT_ADMIN).get(&path(world::SAPERIX, query)).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    let found: Vec<&str> = reply.json["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rolledup_observation_id"].as_str().unwrap())
        .collect();
    assert_eq!(reply.json["count"], found.len(), "{query}");
    found.join(" ")
}

const FOREIGN: &str = world::FOREIGN_FINDING;

on_both! {
    async fn every_filter_leaves_what_it_should(app) {
        filled(app);
        let all = format!("{FOREIGN} cert good+/= patch port bare");
        for (query, found) in [
            ("", all.as_str()),
            ("risk_vector=open_port,ssl", "good+/= port"),
            ("risk_vector=nothing", ""),
            ("risk_vector_label=ssl%20certificates", "cert"),
            ("risk_category=User%20Behavior", "bare"),
            ("severity=4", "cert"), ("severity_gte=4&severity_lt=9.1", "cert patch"), ("severity_gt=4", "patch port"),
            ("severity_lte=1", "good+/="), ("severity_category=minor,SEVERE", "good+/= port"),
            ("affects_rating=True", "port"),
            ("first_seen=2026-10-15", "good+/= patch"), ("first_seen_gt=2026-10-01", "good+/= patch"),
            ("first_seen_lte=2026-10-01T10:00:00Z", "cert port"), ("first_seen_lt=2026-10-01%2000:00:00", "port"),
            ("last_seen_gte=2026-11-05", &format!("{FOREIGN} cert")), ("last_seen_lt=2026-11-03", "port"),
            ("details.grade=bad,WARN", "cert port"), ("details__grade_gt=WARN", "good+/= patch"),
            ("details.grade_lt=FAIR", "cert port"), ("details.grade_lt=GOOD&details.grade_gt=BAD", "cert patch"),
            ("details.grade=nonsense", ""),
            ("evidence_key=198.51.100.x:3389", "port"), ("evidence_key=198.51.100.23:3389", ""),
            ("assets.asset=198.51.100.x,WWW.saperix.example", "cert port"), ("assets.asset=198.51.100.23", ""),
            ("assets.combined_importance=critical,low", "cert port"), ("assets__category=critical", "port"),
            ("assets.combined_importance=none", &format!("{FOREIGN} good+/= patch bare")),
            ("vulnerabilities=cve-2021-44228", "patch"), ("vulnerabilities=LOG4SHELL&vulnerabilities=x", "patch"),
            ("tags_contains=prod", "cert port"), ("tags_contains=prod,eu", "port"), ("tags_contains=prod,us", ""),
            (&format!("attributed_companies.guid={}", world::SAPERIX), &all),
            (&format!("attributed_companies.guid={}", world::BLACK_HILLS), ""),
            ("attributed_companies.guid=nonsense", ""),
            ("q=SAPERIX.example", "cert"), ("q=100.23", ""), ("q=17", ""), ("q=100.x", "port"), ("q=prod", "cert port"),
            ("q=patching", "patch"), ("q=%25", ""), ("unknown=1&q=", &all),
        ] {
            assert_eq!(ids(app, query).await, found, "{query}");
        }
    }

    async fn the_order_is_the_callers(app) {
        filled(app);
        for (query, found) in [
            ("sort=severity,-rolledup_observation_id", format!("{FOREIGN} bare good+/= cert patch port")),
            ("sort=-severity", format!("port patch cert good+/= bare {FOREIGN}")),
            ("sort=last_seen", format!("bare port good+/= patch cert {FOREIGN}")),
            ("sort=-details.grade", format!("good+/= patch cert port bare {FOREIGN}")),
            ("sort=-severity_category,first_seen", format!("port patch cert good+/= bare {FOREIGN}")),
            ("sort=risk_vector", format!("bare port patch {FOREIGN} cert good+/=")),
        ] {
            assert_eq!(ids(app, query).await, found, "{query}");
        }
        let refused = app.client(world::CLIENT_ADMIN).get(&path(world::SAPERIX, "sort=evidence_key")).await;
        assert_eq!((refused.status, &refused.json["field"]), (400, &json!("sort")), "{}", refused.text);
    }

    async fn wrong_values_are_named(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let crowd = |entries: usize| format!("tags_contains={}", (0..entries).map(|at| at.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(emma.get(&path(world::SAPERIX, &crowd(100))).await.status, 200);
        for (query, field) in [
            (crowd(101).as_str(), "tags_contains"),
            ("severity=high", "severity"), ("severity_gte=nan", "severity_gte"), ("severity=1&severity_lt=2", "severity"),
            ("affects_rating=maybe", "affects_rating"), ("first_seen=yesterday", "first_seen"),
            ("last_seen=2026-11-01&last_seen_gte=2026-11-01", "last_seen"), ("details.grade_lt=A", "details.grade_lt"),
            ("details.grade=BAD&details.grade_gt=BAD", "details.grade"), ("limit=many", "limit"), ("format=xml", "format"),
        ] {
            let refused = emma.get(&path(world::SAPERIX, query)).await;
            assert_eq!((refused.status, &refused.json["field"]), (400, &json!(field)), "{query}: {}", refused.text);
        }
    }

    async fn risk_vectors_in_the_order_of_their_names(app) {
        filled(app);
        let emma = app.client(world::CLIENT_ADMIN);
        let labels = async |sort: &str| -> Vec<String> {
            let page = emma.get(&path(world::SAPERIX, &format!("sort={sort}&fields=risk_vector_label"))).await.json;
            page["results"].as_array().unwrap().iter().map(|row| row["risk_vector_label"].as_str().unwrap().to_owned()).collect()
        };
        let rising = labels("risk_vector_label").await;
        assert!(rising.is_sorted() && rising.first() < rising.last(), "{rising:?}");
        let falling = labels("-risk_vector_label").await;
        assert!(falling.iter().rev().is_sorted() && falling.len() == rising.len(), "{falling:?}");
    }

    async fn pages_lead_to_each_other(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let first = emma.get(&path(world::BLACK_HILLS, "limit=5&details__grade=BAD&sort=rolledup_observation_id")).await;
        assert_eq!((&first.json["count"], first.json["results"].as_array().unwrap().len()), (&json!(12), 5));
        assert_eq!(first.json["links"]["previous"], Value::Null);
        let (mut page, mut seen) = (first.json, Vec::new());
        loop {
            seen.extend(page["results"].as_array().unwrap().iter().map(|row| row["rolledup_observation_id"].clone()));
            let Some(next) = page["links"]["next"].as_str() else { break };
            let next = &next[next.find("/ratings/").expect("it is absolute")..];
            page = emma.get(next).await.json;
        }
        let wanted: Vec<Value> = (0..12).map(|number| json!(world::finding_id(number))).collect();
        assert_eq!(seen, wanted);
        let beyond = emma.get(&path(world::BLACK_HILLS, "offset=1000000")).await.json;
        assert_eq!((&beyond["count"], &beyond["results"]), (&json!(12), &json!([])));
    }

    async fn a_client_sees_no_whole_address_and_the_company_sees_all(app) {
        filled(app);
        let emma = app.client(world::CLIENT_ADMIN);
        let shown = emma.get(&path(world::SAPERIX, "risk_vector=open_ports,patching_cadence")).await;
        assert!(!shown.text.contains("198.51.100.2") && !shown.text.contains("198.51.100.9"), "{}", shown.text);
        assert!(!shown.text.contains("::17"), "{}", shown.text);
        let port = &shown.json["results"][1];
        assert_eq!(port["evidence_key"], "198.51.100.x:3389");
        assert_eq!((&port["assets"][0]["asset"], &port["assets"][0]["is_ip"]), (&json!("198.51.100.x"), &json!(true)));
        let (vera, black_hills) = (app.client(world::VENDOR_ADMIN), world::BLACK_HILLS);
        let own = vera.get(&path(black_hills, "evidence_key=203.0.113.3:3389")).await.json;
        assert_eq!((&own["count"], &own["results"][0]["evidence_key"]), (&json!(1), &json!("203.0.113.3:3389")));
        assert_eq!(vera.get(&path(black_hills, "q=0.113.3")).await.json["count"], 1);
        for company in ["b0000000-0000-4000-8000-00000000ffff", "nonsense", "%ff"] {
            assert_eq!(emma.get(&path(company, "")).await.status, 404, "{company}");
        }
    }

    async fn a_body_asks_the_same_and_a_file_holds_the_rows(app) {
        filled(app);
        let emma = app.client(world::CLIENT_ADMIN);
        let body = json!({"risk_vector": ["open_ports", "ssl"], "severity_gte": 1, "affects_rating": true, "details": {"grade": "BAD"}});
        let asked = emma.post(&path(world::SAPERIX, "limit=1&affects_rating=false"), &body).await;
        let got = emma.get(&path(world::SAPERIX, "risk_vector=open_ports,ssl&severity_gte=1&affects_rating=true&limit=1")).await;
        assert_eq!((asked.status, &asked.json["results"]), (200, &got.json["results"]));
        for wrong in [json!([]), json!({"severity": {}, "risk_vector": [["x"]]})] {
            assert_eq!(emma.post(&path(world::SAPERIX, ""), &wrong).await.status, 400, "{wrong}");
        }
        let csv = emma.get(&path(world::SAPERIX, "format=csv&fields=rolledup_observation_id,severity,tags&sort=-severity&limit=2")).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert!(csv.text.contains("port,9.1,\"EU, prod\"") && csv.text.lines().count() == 3, "{}", csv.text);
        let sheet = emma.get(&path(world::SAPERIX, "format=xlsx")).await;
        assert!(sheet.status == 200 && sheet.header("content-disposition").contains("findings.xlsx"), "{:?}", sheet.headers);
    }

    async fn findings_are_counted(app) {
        filled(app);
        let emma = app.client(world::CLIENT_ADMIN);
        let numbers = async |query: &str| {
            let path = format!("/v1/companies/{}/findings/summaries/?{query}", world::SAPERIX);
            emma.get(&path).await.json
        };
        let all = numbers("expand=findings_severity_counts").await;
        assert_eq!(all["findings_count"], 6);
        assert_eq!(all["findings_severity_counts"], json!({"minor": 1, "moderate": 1, "material": 1, "severe": 1}));
        assert_eq!(all["findings_risk_vector_counts"].as_array().unwrap().len(), 6);
        let few = numbers("affects_rating=true&fields=findings_risk_vector_counts").await;
        let port = json!({"count": 1, "risk_vector": {"slug": "open_ports", "name": "Open Ports"}});
        assert_eq!(few, json!({"findings_risk_vector_counts": [port]}));
        let vito = app.client(world::VENDOR_READER);
        let own = format!("/ratings/v1/companies/{}/findings/summaries", world::BLACK_HILLS);
        assert_eq!(vito.get(&own).await.json["findings_count"], 12);
        let other = format!("/ratings/v1/companies/{}/findings/summaries", world::SAPERIX);
        assert_eq!(vito.get(&other).await.status, 403);
    }
}
