//! The portfolio of the API: filters, order, fields, pages, formats, and whose it is.

use liaison_testkit::{Client, Value, json, on_both, world};

async fn page(client: &Client, query: &str) -> Value {
    let reply = client.get(&format!("/v2/portfolio{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    reply.json
}

fn names(page: &Value) -> Vec<&str> {
    let rows = page["results"].as_array().expect("a page has results").iter();
    rows.map(|row| row["name"].as_str().unwrap()).collect()
}

const BLACK: &str = "Black Hills Technologies";
const BLUE: &str = "Blue Seas International";
const SAPERIX: &str = "Saperix";
const HOSTED: &str = "Hosted";
const HIDDEN: &str = "Hidden";
static ALL: [&str; 5] = [BLACK, BLUE, HIDDEN, HOSTED, SAPERIX];

on_both! {
    async fn each_filter_leaves_what_it_says(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let noted = json!({"customers": [{"guid": world::CLIENT, "name": "Blue Seas", "type": "Live", "my_company_guid": world::BLUE_SEAS,
            "trial_duration": 30, "portfolio": [
            {"company_guid": world::SAPERIX, "relationship": "vendor", "life_cycle": "onboarding",
             "subscription_type": "alerts-only", "added_date": "2025-03-01"},
            {"company_guid": world::HOSTED, "relationship": "subsidiary", "added_date": "2025-03-01"},
        ]}]});
        app.import(&noted).await;
        let port = json!({"findings": [{"company_guid": world::HOSTED, "rolledup_observation_id": "port==", "risk_vector": "open_ports",
            "details": {"dest_port": 8443, "vulnerabilities": [{"name": "CVE-2026-0001"}]}, "affects_rating": true}]});
        app.import(&port).await;
        let cases: Vec<(String, &[&str])> = vec![
            (String::new(), &ALL),
            ("q=black%20hil".to_owned(), &[BLACK]),
            ("q=BLACKHILLS.io".to_owned(), &[BLACK]),
            ("name_q=hills&q=tech".to_owned(), &[BLACK]),
            ("q=!!".to_owned(), &[]),
            ("q=%00".to_owned(), &[]),
            ("q=lack".to_owned(), &[]),
            (format!("guid={},{},x", world::SAPERIX, world::BLACK_HILLS), &[BLACK, SAPERIX]),
            (format!("guid={}", world::STRANGER), &[]),
            ("guid=x".to_owned(), &[]),
            (format!("tier={}", world::TIER), &[BLACK]),
            (format!("tier={},null&type=private", world::TIER), &[HIDDEN]),
            ("tier=null".to_owned(), &ALL[1..]),
            (format!("folder={}", world::FOLDER), &[SAPERIX]),
            ("folder=null".to_owned(), &ALL[..4]),
            (format!("folder={},null", world::FOLDER), &ALL),
            ("type=PRIVATE".to_owned(), &[HIDDEN]),
            ("visibility=PRIVATE".to_owned(), &[HIDDEN]),
            ("visibility=PRIMARY&type=PRIVATE".to_owned(), &[]),
            ("is_self_published=True".to_owned(), &[]),
            ("is_self_published=False".to_owned(), &ALL),
            ("rating=710".to_owned(), &[BLACK]),
            ("rating_gte=710&rating_lte=710".to_owned(), &[BLACK]),
            ("rating_gt=710".to_owned(), &[]),
            ("rating_lt=710".to_owned(), &[]),
            ("industry.slug=technology".to_owned(), &[BLACK]),
            ("industry__name=TECHNOLOGY,x".to_owned(), &[BLACK]),
            ("relationship.slug=vendor".to_owned(), &[SAPERIX]),
            ("relationship.slug=vendor,null".to_owned(), &[BLACK, BLUE, HIDDEN, SAPERIX]),
            ("life_cycle.slug=onboarding".to_owned(), &[SAPERIX]),
            ("subscription_type.slug=alerts-only".to_owned(), &[SAPERIX]),
            ("exclude_subscription_type.slug=alerts-only".to_owned(), &ALL[..4]),
            ("exclude_subscription_type=alerts-only".to_owned(), &ALL[..4]),
            ("risk_vectors.slug=dnssec".to_owned(), &[BLACK]),
            ("risk_vectors.slug=spf".to_owned(), &[]),
            ("risk_vectors.grade=f".to_owned(), &[BLACK]),
            ("risk_vectors.grade=C".to_owned(), &[]),
            ("risk_vectors.slug=dnssec&risk_vectors.grade=A".to_owned(), &[BLACK]),
            ("risk_vectors.slug=dnssec&risk_vectors.grade=A&filter_group=risk_vectors".to_owned(), &[]),
            ("risk_vectors.slug=botnet&risk_vectors.grade=B&filter_group=risk_vectors".to_owned(), &[BLACK]),
            ("open_ports=8443".to_owned(), &[HOSTED]),
            ("open_ports=Port%208443,SIP".to_owned(), &[HOSTED]),
            ("open_ports=443,844".to_owned(), &[]),
            ("vulnerabilities=cve-2026-0001".to_owned(), &[HOSTED]),
            ("vulnerabilities=cve-2026".to_owned(), &[]),
            ("infections=Zloader".to_owned(), &[]),
            ("infections=grade,BAD,dest_port,CVE-2026-0001".to_owned(), &[]),
            ("vulnerabilities=name,vulnerabilities,BAD".to_owned(), &[]),
            ("scope=spm".to_owned(), &[BLUE, HOSTED]),
            ("show_ips=true".to_owned(), &[BLUE]),
            ("show_event_evidence=true".to_owned(), &ALL),
            ("countries=US".to_owned(), &[]),
            ("vendor_action_plan=monitor".to_owned(), &[]),
            ("unknown=1&empty=".to_owned(), &ALL),
        ];
        for (query, expected) in cases {
            let found = page(&emma, &format!("?{query}")).await;
            assert_eq!(names(&found), expected, "{query}");
            assert_eq!(found["count"], expected.len(), "{query}");
        }
    }

    async fn the_order_is_what_was_asked_for(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (sort, first, last) in [
            ("name", ALL[0], ALL[4]),
            ("-name", ALL[4], ALL[0]),
            ("rating", ALL[0], ALL[4]),
            ("-rating", ALL[0], ALL[4]),
            ("tier", ALL[0], ALL[4]),
            ("-tier", ALL[0], ALL[4]),
            ("industry.name,-name", ALL[0], ALL[1]),
            ("life_cycle.name", ALL[0], ALL[4]),
            ("relationship__name", ALL[0], ALL[4]),
            ("-subscription_type.name,-name", ALL[4], ALL[0]),
        ] {
            let found = page(&emma, &format!("?sort={sort}")).await;
            let names = names(&found);
            assert_eq!((names[0], names[4], names.len()), (first, last, 5), "{sort}");
        }
        let reply = emma.get("/v2/portfolio?sort=size").await;
        assert_eq!((reply.status, &reply.json["field"]), (400, &json!("sort")), "{}", reply.text);
    }

    async fn what_is_wrong_is_named(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (query, field) in [
            ("rating=x", "rating"),
            ("rating_lt=1.5", "rating_lt"),
            ("rating=1&rating_lt=2", "rating"),
            ("limit=-1", "limit"),
            ("offset=x", "offset"),
            ("format=xml", "format"),
            ("scope=all", "scope"),
            ("is_self_published=2", "is_self_published"),
            ("show_ips=2", "show_ips"),
        ] {
            let reply = emma.get(&format!("/v2/portfolio?{query}")).await;
            assert_eq!((reply.status, &reply.json["field"]), (400, &json!(field)), "{query}: {}", reply.text);
        }
        let many = vec!["x"; 10_001].join(",");
        let reply = emma.post("/v2/portfolio", &json!({"guid": many})).await;
        assert_eq!((reply.status, &reply.json["field"]), (400, &json!("guid")));
        assert_eq!(emma.post("/v2/portfolio", &json!({"guid": vec!["x"; 10_000]})).await.status, 200);
        assert_eq!(emma.post("/v2/portfolio", &json!([])).await.status, 400);
    }

    async fn pages_fit_together(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let mut seen = Vec::new();
        let mut next = Some("/v2/portfolio/?limit=2&fields=name&sort=-name".to_owned());
        while let Some(address) = next {
            let found = emma.get(&address).await.json;
            assert_eq!(found["count"], 5);
            seen.extend(names(&found).into_iter().map(str::to_owned));
            next = found["links"]["next"].as_str().map(|next| next.split_once(".test").unwrap().1.to_owned());
        }
        let mut expected = ALL.to_vec();
        expected.reverse();
        assert_eq!(seen, expected);
        let beyond = page(&emma, "?offset=99").await;
        assert_eq!((&beyond["count"], names(&beyond).len()), (&json!(5), 0));
        assert_eq!(names(&page(&emma, "?limit=0").await).len(), 1);
    }

    async fn files_have_the_rows(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let csv = emma.get("/v2/portfolio?format=csv&fields=name,rating,industry.name").await;
        assert_eq!(csv.text.lines().count(), 6, "{}", csv.text);
        assert!(csv.header("content-type").starts_with("text/csv"));
        assert!(csv.text.contains("Black Hills Technologies"), "{}", csv.text);
        let sheet = emma.get("/v2/portfolio?format=xlsx").await;
        assert!(sheet.header("content-disposition").contains("portfolio.xlsx"));
    }

    async fn a_portfolio_is_its_customers(app) {
        let otto = app.client(world::OTHER_ADMIN);
        let found = page(&otto, "").await;
        assert_eq!(names(&found), ["Black Hills Technologies", "Saperix"]);
        assert_eq!(found["summaries"]["my-company"], world::GREYSTONE);
        assert_eq!(found["results"][0]["tier"], Value::Null, "tiers are each customer's own");
        for foreign in [format!("tier={}", world::TIER), format!("folder={}", world::FOLDER)] {
            assert_eq!(page(&otto, &format!("?{foreign}")).await["count"], 0, "{foreign}");
        }
        assert_eq!(page(&otto, "?folder=null").await["count"], 2, "another's folder is no folder");
        assert_eq!(page(&app.client(world::VENDOR_READER), "").await["count"], 0);
    }

    async fn what_changes_is_found_as_it_is_now(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let renamed = json!({"companies": [{"guid": world::SAPERIX, "name": "Aardvark", "primary_domain": "aardvark.example",
            "type": "CURATED", "ratings": [{"rating_date": "2026-11-05", "rating": 600, "risk_vectors": []},
                                           {"rating_date": "2026-10-05", "rating": 800, "risk_vectors": []}]}]});
        app.import(&renamed).await;
        let found = page(&emma, "?sort=rating").await;
        assert_eq!(names(&found)[0], "Aardvark");
        assert_eq!((&found["results"][0]["rating"], &found["results"][0]["rating_date"]), (&json!(600), &json!("2026-11-05")));
        assert_eq!(names(&page(&emma, "").await)[0], "Aardvark");
        assert_eq!(page(&emma, "?q=saperix").await["count"], 0, "the old name and the old domain are forgotten");
        assert_eq!(page(&emma, "?q=aardvark.exa").await["count"], 1);
        let older = json!({"companies": [{"guid": world::SAPERIX, "name": "Aardvark", "primary_domain": "aardvark.example",
            "type": "CURATED", "ratings": [{"rating_date": "2026-09-05", "rating": 300, "risk_vectors": []}]}]});
        app.import(&older).await;
        assert_eq!(page(&emma, "?rating=600").await["count"], 1, "an older rating changes nothing");
    }
}
