//! Companies of the API: who may read which, what a customer notes of them, the search, and the images.

use liaison_testkit::{Client, TestApp, Value, json, on_both, world};

const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

fn path(guid: &str) -> String {
    format!("/v1/companies/{guid}")
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/v1/companies//search?{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    let rows = reply.json["results"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

async fn statuses(app: &TestApp, token: &str, rest: &str) -> Vec<u16> {
    let client = app.client(token);
    let companies = [
        world::BLACK_HILLS,
        world::BLUE_SEAS,
        world::PRIVATE_COMPANY,
        world::STRANGER,
        UNKNOWN,
        "nonsense",
    ];
    let mut statuses = Vec::new();
    for company in companies {
        statuses.push(client.get(&format!("{}{rest}", path(company))).await.status);
    }
    statuses
}

on_both! {
    async fn a_company_is_read_by_followers_and_by_itself(app) {
        for rest in ["", "/company-tree", "/sparkline", "/assets", "/findings", "/findings/summaries"] {
            assert_eq!(statuses(app, world::CLIENT_READER, rest).await, [200, 200, 200, 403, 404, 404], "{rest}");
            assert_eq!(statuses(app, world::OTHER_ADMIN, rest).await, [200, 403, 404, 403, 404, 404], "{rest}");
            assert_eq!(statuses(app, world::VENDOR_READER, rest).await, [200, 403, 404, 403, 404, 404], "{rest}");
        }
        let forbidden = app.client(world::OTHER_ADMIN).get(&path(world::STRANGER)).await;
        assert_eq!(forbidden.json["detail"], "You do not have permission to perform this action.");
        let vendor = app.client(world::VENDOR_READER).get(&path(world::BLACK_HILLS)).await.json;
        assert_eq!(vendor["permissions"]["can_view_forensics"], true);
        assert_eq!((&vendor["date_added"], &vendor["permissions"]["can_enable_vendor_access"]), (&Value::Null, &json!(false)));
    }

    async fn what_everybody_sees_has_no_ratings(app) {
        let otto = app.client(world::OTHER_ADMIN);
        let shown = otto.get(&format!("{}?include_unrestricted=True", path(world::BLUE_SEAS))).await;
        assert_eq!((shown.status, &shown.json["name"]), (200, &json!("Blue Seas International")));
        assert_eq!((&shown.json["sparkline"], &shown.json["permissions"]["can_view_company_reports"]), (&Value::Null, &json!(false)));
        let stranger = otto.get(&format!("{}?include_unrestricted=true", path(world::PRIVATE_COMPANY))).await;
        assert_eq!(stranger.status, 404);
        let own = otto.get(&format!("{}?include_unrestricted=true&fields=rating", path(world::BLACK_HILLS))).await;
        assert_eq!(own.json, json!({"rating": 710}));
    }

    async fn notes_are_the_customers_own(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        let saperix = path(world::SAPERIX);
        // Bare, as a known client sends it.
        let sent = emma.patch(&saperix, &json!({"guid": world::SAPERIX, "custom_id": "V-1"})).await;
        assert_eq!((sent.status, &sent.json["custom_id"]), (200, &json!("V-1")));
        let primary = |guid: &str| json!({"contents": {"primary_company": {"guid": guid}}});
        let sent = emma.patch(&saperix, &primary(world::BLACK_HILLS)).await;
        assert_eq!((&sent.json["custom_id"], &sent.json["primary_company"]["guid"]), (&json!("V-1"), &json!(world::BLACK_HILLS)));
        assert_eq!(emma.get(&path(world::BLACK_HILLS)).await.json["is_primary"], true);
        let others = otto.get(&saperix).await.json;
        assert_eq!((&others["custom_id"], &others["primary_company"]), (&Value::Null, &Value::Null));
        assert_eq!(otto.get(&path(world::BLACK_HILLS)).await.json["is_primary"], false);
        for wrong in [world::STRANGER, world::GREYSTONE, UNKNOWN, world::SAPERIX] {
            let refused = emma.patch(&saperix, &primary(wrong)).await;
            assert_eq!((refused.status, &refused.json["field"]), (400, &json!("contents.primary_company.guid")), "{wrong}");
        }
        let long = emma.patch(&saperix, &json!({"contents": {"custom_id": "x".repeat(256)}})).await;
        assert_eq!((long.status, &long.json["field"]), (400, &json!("contents.custom_id")));
        assert_eq!(emma.patch(&saperix, &json!({"contents": {"custom_id": "x".repeat(255)}})).await.status, 200);
        let cleared = emma.patch(&saperix, &json!({"contents": {"custom_id": null, "primary_company": null}})).await;
        assert_eq!((&cleared.json["custom_id"], &cleared.json["primary_company"]), (&Value::Null, &Value::Null));
        assert_eq!(app.client(world::CLIENT_READER).patch(&saperix, &json!({"custom_id": "x"})).await.status, 403);
        assert_eq!(otto.patch(&path(world::BLUE_SEAS), &json!({"custom_id": "x"})).await.status, 403);
        assert_eq!(app.client(world::VENDOR_ADMIN).patch(&path(world::BLACK_HILLS), &json!({"custom_id": "x"})).await.status, 403);
    }

    async fn whole_addresses_are_for_the_company_itself(app) {
        app.import(&json!({"findings": [{
            "company_guid": world::BLACK_HILLS, "rolledup_observation_id": "addresses", "risk_vector": "patching_cadence",
            "affects_rating": true, "details": {"vulnerabilities": ["192.0.2.7", "CVE-2021-44228"]},
            "assets": [{"asset": "192.0.2.7:443", "identifier": "on 192.0.2.8", "is_ip": false}, {"asset": "192.0.2.9"}],
        }]})).await;
        let assets = format!("{}/assets", path(world::BLACK_HILLS));
        let names = async |client: &Client| {
            let reply = client.get(&assets).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            reply.text
        };
        let follower = app.client(world::CLIENT_ADMIN);
        let shown = names(&follower).await;
        assert!(shown.contains("192.0.2.x:443") && shown.contains("on 192.0.2.x"), "{shown}");
        let own = names(&app.client(world::VENDOR_ADMIN)).await;
        for whole in ["192.0.2.7", "192.0.2.8", "192.0.2.9"] {
            assert!(!shown.contains(whole) && own.contains(whole), "{whole}: {shown} {own}");
        }
        let count = async |query: &str| follower.get(&format!("/ratings/v2/portfolio?{query}")).await.json["count"].clone();
        assert_eq!(count("vulnerabilities=cve-2021-44228").await, 1);
        assert_eq!(count("vulnerabilities=192.0.2.7").await, 0);
        let summaries = follower.get("/ratings/v2/portfolio/summaries").await.text;
        assert!(summaries.contains("CVE-2021-44228") && !summaries.contains("192.0.2.7"), "{summaries}");
    }

    async fn long_lists_are_refused_by_name(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let list = |entries: usize| (0..entries).map(|at| at.to_string()).collect::<Vec<_>>().join(",");
        for name in ["open_ports", "vulnerabilities", "infections"] {
            let ask = async |entries| emma.get(&format!("/ratings/v2/portfolio?{name}={}", list(entries))).await;
            assert_eq!(ask(100).await.status, 200, "{name}");
            let refused = ask(101).await;
            assert_eq!((refused.status, &refused.json["field"]), (400, &json!(name)));
        }
        let ask = async |entries| emma.get(&format!("/ratings/v1/companies/search?domain={}", list(entries))).await;
        assert_eq!(ask(100).await.status, 200);
        assert_eq!(ask(101).await.json["field"], "domain");
        let many = format!("filter_group=risk_vectors&risk_vectors.slug={}&risk_vectors.grade={}", vec!["spf"; 2000].join(","), list(2000));
        assert_eq!(emma.get(&format!("/ratings/v2/portfolio?{many}")).await.json["count"], 0);
    }

    async fn everybody_finds_every_company_but_private_ones(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        assert_eq!(found(&otto, "").await, ["Black Hills Technologies", "Blue Seas International", "Greystone", "Hosted", "Saperix", "Stranger"]);
        assert!(found(&otto, "name=hidden").await.is_empty());
        assert!(found(&otto, &format!("guids={}", world::PRIVATE_COMPANY)).await.is_empty());
        assert_eq!(found(&emma, "name=hidden").await, ["Hidden"]);
        for (query, name) in [
            ("name=tech%20BLACK", "Black Hills Technologies"),
            ("domain=blackhills.io", "Black Hills Technologies"),
            ("domain=https://www.mail.blackhills.com/path", "Black Hills Technologies"),
            ("domain=blackh", "Black Hills Technologies"),
            ("domain=github.io", "Hosted"),
            ("domain=b%C3%BCcher.example", "Hosted"),
            ("name=greystone&in_portfolio=false", "Greystone"),
            ("in_portfolio=true&industry=technology", "Black Hills Technologies"),
            ("industry_slug=technology", "Black Hills Technologies"),
            ("scope=spm", "Greystone"),
        ] {
            assert_eq!(found(&otto, query).await, [name], "{query}");
        }
        for nothing in ["name=!!", "name=ills", "domain=evil.com", "domain=hills.com", "name=greystone&in_portfolio=true", "guids=x", "name=%00"] {
            assert!(found(&otto, nothing).await.is_empty(), "{nothing}");
        }
        let first = otto.get("/v1/companies/search?limit=4").await.json;
        assert!(first["count"].as_i64().unwrap() >= 5 && first["links"]["next"].is_string(), "{first}");
        let second = otto.get("/v1/companies/search?limit=4&offset=4").await.json;
        assert_eq!((&second["count"], &second["links"]["next"]), (&json!(6), &Value::Null));
        assert_eq!(second["results"].as_array().unwrap().len(), 2);
    }

    async fn a_company_with_many_words_is_found_once(app) {
        let twins: Vec<Value> = (0..3).map(|number| json!({
            "guid": format!("b7000000-0000-4000-8000-00000000000{number}"), "name": format!("Alpha Alphabet {}", 3 - number),
            "primary_domain": format!("alpha{number}.example"), "domains": [format!("alphabet{number}.example")], "type": "CURATED",
        })).collect();
        app.import(&json!({"companies": twins})).await;
        let names = found(&app.client(world::OTHER_ADMIN), "name=alph").await;
        assert_eq!(names, ["Alpha Alphabet 1", "Alpha Alphabet 2", "Alpha Alphabet 3"], "by name within a word");
    }

    async fn logos_load_everywhere_and_ratings_only_inside(app) {
        let (nobody, emma) = (app.browser(), app.client(world::CLIENT_ADMIN));
        let logo = |guid: &str| format!("{}/logo-image", path(guid));
        let open = nobody.get(&logo(world::BLACK_HILLS)).await;
        assert_eq!((open.status, open.header("content-type"), open.header("cross-origin-resource-policy")), (200, "image/png", "cross-origin"));
        assert_eq!(nobody.get(&logo("default")).await.status, 200);
        for hidden in [world::PRIVATE_COMPANY, UNKNOWN, "nonsense"] {
            assert_eq!(nobody.get(&logo(hidden)).await.status, 404, "{hidden}");
            assert_eq!(app.client(world::OTHER_ADMIN).get(&logo(hidden)).await.status, 404, "{hidden}");
        }
        assert_eq!(emma.get(&logo(world::PRIVATE_COMPANY)).await.status, 200);
        let sparkline = format!("{}/sparkline", path(world::BLACK_HILLS));
        assert_eq!(nobody.get(&sparkline).await.status, 401);
        let drawn = emma.get(&format!("{sparkline}?format=svg")).await;
        assert_eq!((drawn.status, drawn.header("content-type")), (200, "image/svg+xml"));
        assert_eq!(app.signed_in("emma@blueseas.com").await.get(&sparkline).await.status, 200, "a browser has a session");
        assert_eq!(emma.get(&format!("{sparkline}?format=gif")).await.status, 400);
    }
}
