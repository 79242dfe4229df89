//! Tiers: made, changed, filled; a company is in one of them at most.

use liaison_testkit::{Client, Method, Reply, Value, json, on_both, reply, world};

const TIERS: &str = "/ratings/v1/tiers";

async fn made(client: &Client, tier: &Value) -> String {
    let reply = client.post(TIERS, tier).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json["guid"].as_str().unwrap().to_owned()
}

async fn change(client: &Client, tier: &str, actions: &Value) -> Reply {
    client.patch(&format!("{TIERS}/{tier}/companies"), actions).await
}

on_both! {
    async fn tiers_come_by_rank(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        made(&emma, &json!({"tier": {"name": "Last", "description": "", "rank": 9}})).await;
        made(&emma, &json!({"name": "After the last"})).await;
        made(&emma, &json!({"name": "First", "rank": 0, "email_enabled": true})).await;
        let listed = emma.get(TIERS).await.json;
        let ranks: Vec<_> = listed.as_array().unwrap().iter().map(|tier| (tier["name"].as_str().unwrap(), tier["rank"].as_i64().unwrap())).collect();
        assert_eq!(ranks, [("First", 0), ("Critical", 1), ("Last", 9), ("After the last", 10)]);
        assert_eq!(app.client(world::OTHER_ADMIN).get(TIERS).await.json, json!([]));
    }

    async fn wrong_tiers_are_refused_with_their_field(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (tier, detail) in [
            (json!({"name": ""}), "name: is required"),
            (json!({"rank": 1}), "name: is required"),
            (json!({"name": "x".repeat(256)}), "name: at most 255 characters"),
            (json!({"name": "x", "description": "x".repeat(1001)}), "description: at most 1000 characters"),
            (json!({"name": "x", "rank": -1}), "rank: must be a whole number from 0 to 999999"),
            (json!({"name": "x", "rank": 1_000_000}), "rank: must be a whole number from 0 to 999999"),
            (json!({"name": "x", "rank": 1.5}), "tier.rank: must be a whole number"),
            (json!({"name": "x", "companies": [world::SAPERIX, world::STRANGER]}), "companies[1]: is no company of your portfolio"),
            (json!({"name": "x", "companies": ["x"]}), "companies[0]: is no company of your portfolio"),
        ] {
            let reply = emma.post(TIERS, &json!({"tier": tier})).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)), "{tier}");
        }
        assert_eq!(emma.get(TIERS).await.json.as_array().unwrap().len(), 1, "nothing is left of a refused one");
    }

    async fn a_change_keeps_and_a_replacement_does_not(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, &json!({"name": "A", "description": "why", "email_enabled": true, "companies": [world::SAPERIX]})).await;
        let path = format!("{TIERS}/{guid}");
        let changed = emma.patch(&path, &json!({"tier": {"rank": 7}})).await.json;
        assert_eq!((&changed["description"], &changed["rank"], &changed["email_enabled"]), (&json!("why"), &json!(7), &json!(true)));
        let put = async |body: Value| reply(emma.request(Method::PUT, &path).json(&body)).await;
        assert_eq!(put(json!({"rank": 1})).await.json["detail"], "name: is required");
        let replaced = put(json!({"name": "B"})).await.json;
        assert_eq!((&replaced["description"], &replaced["rank"], &replaced["email_enabled"]), (&json!(""), &json!(7), &json!(false)));
        assert_eq!(replaced["companies"], json!([world::SAPERIX]));
        let emptied = put(json!({"name": "B", "companies": []})).await.json;
        assert_eq!(emptied["companies"], json!([]));
    }

    async fn a_company_is_in_one_tier(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, &json!({"name": "Second"})).await;
        let reply = change(&emma, &guid, &json!({"company_actions": {"add_companies": [world::BLACK_HILLS, world::SAPERIX, world::STRANGER]}})).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!((&reply.json["added"], &reply.json["not_added"]), (&json!([world::BLACK_HILLS, world::SAPERIX]), &json!([world::STRANGER])));
        assert_eq!(emma.get(&format!("{TIERS}/{}", world::TIER)).await.json["companies"], json!([]));
        let reply = change(&emma, &guid, &json!({"remove_companies": [world::SAPERIX, world::HOSTED]})).await;
        assert_eq!((&reply.json["removed"], &reply.json["not_removed"]), (&json!([world::SAPERIX]), &json!([world::HOSTED])));
        let wish = json!({"company_actions": {"add_companies": vec!["x"; 10_001]}});
        assert_eq!(change(&emma, &guid, &wish).await.json["detail"], "company_actions.add_companies: at most 10000 companies");
    }

    async fn a_deleted_tier_lets_its_companies_go(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let path = format!("{TIERS}/{}", world::TIER);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 404);
        assert_eq!(emma.get(TIERS).await.json, json!([]));
        let again = made(&emma, &json!({"name": "New", "companies": [world::BLACK_HILLS]})).await;
        assert_eq!(emma.get(&format!("{TIERS}/{again}")).await.json["rank"], 1);
    }

    async fn what_to_do_goes_by_tier_and_rating(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let plan = async || emma.get(&format!("{TIERS}/vendor-action-plan")).await.json;
        assert_eq!(plan().await, json!({"escalate": [], "review": [world::BLACK_HILLS], "monitor": []}), "710 in the first tier");
        made(&emma, &json!({"name": "Above", "rank": 0, "companies": [world::SAPERIX]})).await;
        assert_eq!(plan().await["monitor"], json!([world::BLACK_HILLS]), "710 in the second; Saperix has no rating");
        app.import(&json!({"companies": [{"guid": world::SAPERIX, "name": "Saperix", "primary_domain": "saperix.example", "type": "CURATED",
            "ratings": [{"rating_date": "2026-11-10", "rating": 500, "risk_vectors": []}]}]})).await;
        assert_eq!(plan().await["escalate"], json!([world::SAPERIX]));
        for (wish, found) in [("escalate", vec![world::SAPERIX]), ("review", vec![]), ("review,monitor", vec![world::BLACK_HILLS]), ("guess", vec![])] {
            let rows = emma.get(&format!("/ratings/v2/portfolio?vendor_action_plan={wish}&fields=guid")).await.json;
            let guids: Vec<&str> = rows["results"].as_array().unwrap().iter().map(|row| row["guid"].as_str().unwrap()).collect();
            assert_eq!((guids, &rows["count"]), (found.clone(), &json!(found.len())), "{wish}");
        }
        assert_eq!(app.client(world::OTHER_ADMIN).get(&format!("{TIERS}/vendor-action-plan")).await.json, json!({"escalate": [], "review": [], "monitor": []}));
    }

    async fn a_tier_of_another_customer_takes_nothing(app) {
        let otto = app.client(world::OTHER_ADMIN);
        let wish = json!({"add_companies": [world::BLACK_HILLS]});
        assert_eq!(change(&otto, world::TIER, &wish).await.status, 404);
        let guid = made(&otto, &json!({"name": "His", "companies": [world::BLACK_HILLS]})).await;
        assert_eq!(app.client(world::CLIENT_ADMIN).get(&format!("{TIERS}/{}", world::TIER)).await.json["companies"], json!([world::BLACK_HILLS]));
        assert_eq!(app.client(world::CLIENT_ADMIN).get(&format!("{TIERS}/{guid}")).await.status, 404);
    }
}
