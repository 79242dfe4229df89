//! Subscriptions: companies of the inventory come into a portfolio and leave it, each judged by itself.

use liaison_testkit::invitations::to_black_hills;
use liaison_testkit::{Client, Value, json, on_both, world};

const PATH: &str = "/ratings/v1/subscriptions";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";
const USUAL: &str = "continuous_monitoring";

async fn change(client: &Client, wishes: &Value) -> Value {
    let reply = client.post(&format!("{PATH}/bulk"), wishes).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json
}

fn guids(list: &Value, kind: &str) -> Vec<String> {
    let companies = list[kind]["companies"].as_array().unwrap().iter();
    companies
        .map(|company| company["guid"].as_str().unwrap().to_owned())
        .collect()
}

async fn folder(client: &Client) -> Value {
    client.get(&format!("/ratings/v1/folders/{}", world::FOLDER)).await.json["companies"].clone()
}

on_both! {
    async fn a_company_comes_in_and_leaves(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        app.clock.advance_days(1);
        let wish = json!({"add": [{"guid": world::STRANGER, "type": "vendor-selection", "folder": ["EU"], "tier": world::TIER}]});
        let done = change(&emma, &wish).await;
        assert_eq!(done, json!({"added": [world::STRANGER], "deleted": [], "modified": [], "errors": []}));
        let listed = emma.get(PATH).await.json;
        assert_eq!(guids(&listed, "vendor-selection"), [world::STRANGER]);
        assert_eq!(listed["vendor-selection"]["companies"][0]["start_date"], "2026-11-13");
        assert_eq!((&listed["vendor-selection"]["quota"], &listed["vendor-selection"]["remaining"]), (&json!(1_000_000), &json!(999_999)));
        assert_eq!(guids(&listed, USUAL).len(), 5, "those without a type");
        assert_eq!(folder(&emma).await, json!([world::SAPERIX, world::STRANGER]));
        let tier = emma.get(&format!("/ratings/v1/tiers/{}", world::TIER)).await.json;
        assert_eq!(tier["companies"], json!([world::BLACK_HILLS, world::STRANGER]));
        let one = emma.get(&format!("{PATH}/{}", world::STRANGER)).await.json;
        assert_eq!(one["subscription"], json!({"type": "vendor-selection", "start_date": "2026-11-13", "end_date": null, "in_portfolio": true}));
        let done = change(&emma, &json!({"delete": [{"guid": world::STRANGER}]})).await;
        assert_eq!(done["deleted"], json!([world::STRANGER]));
        assert_eq!(emma.get(&format!("{PATH}/{}", world::STRANGER)).await.status, 404);
        assert_eq!(folder(&emma).await, json!([world::SAPERIX]));
        let done = change(&emma, &json!({"delete": [{"guid": world::STRANGER}]})).await;
        assert_eq!(done["errors"][0]["message"], "There is no subscription for this company");
    }

    async fn a_company_that_came_in_can_be_invited_and_one_that_left_cannot(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let to_stranger = json!({"requestee_company_guid": world::STRANGER, "requestee_formal_name": "S", "requestee_email": "s@stranger.example"});
        assert_eq!(emma.invite(&to_stranger).await.status, 400);
        change(&emma, &json!({"add": [{"guid": world::STRANGER, "type": USUAL}]})).await;
        assert_eq!(emma.invite(&to_stranger).await.status, 201);
        emma.invited(&to_black_hills("new")).await;
        change(&emma, &json!({"delete": [{"guid": world::BLACK_HILLS}]})).await;
        assert_eq!(emma.invite(&to_black_hills("newer")).await.json["code"], "no_entity");
        assert_eq!(emma.outbox("").await.len(), 2, "what was sent stays");
    }

    async fn each_company_is_judged_by_itself(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let add = |guid: &str, more: Value| {
            let mut add = json!({"guid": guid, "type": USUAL});
            for (name, value) in more.as_object().unwrap() {
                add[name] = value.clone();
            }
            add
        };
        let done = change(&emma, &json!({"add": [
            add(UNKNOWN, json!({})), add("x", json!({})), add(world::STRANGER, json!({"type": "gold"})),
            add(world::STRANGER, json!({"folder": ["Nowhere"]})), add(world::STRANGER, json!({"tier": "Nowhere"})),
            add(world::GREYSTONE, json!({})), add(world::GREYSTONE, json!({})),
            add(world::BLACK_HILLS, json!({"type": "alerts-only"})), add(world::SAPERIX, json!({"tier": "Critical"})),
        ]})).await;
        assert_eq!((&done["added"], &done["modified"]), (&json!([world::GREYSTONE]), &json!([world::BLACK_HILLS, world::SAPERIX])));
        let messages: Vec<_> = done["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
        assert_eq!(messages, [
            "No entity found for specified guid", "No entity found for specified guid",
            "There is no subscription type of this name", "There is no folder of this name", "There is no tier of this name",
            "A subscription for this company already exists",
        ]);
        assert_eq!(done["errors"][1]["guid"], "x");
        let kept = emma.get(&format!("{PATH}/{}", world::BLACK_HILLS)).await.json;
        assert_eq!((&kept["subscription"]["type"], &kept["subscription"]["start_date"]), (&json!("alerts-only"), &json!("2025-03-01")));
        let tier = emma.get(&format!("/ratings/v1/tiers/{}", world::TIER)).await.json;
        assert_eq!(tier["companies"], json!([world::BLACK_HILLS, world::SAPERIX]), "the tier of a changed one stays");
    }

    async fn a_private_company_exists_for_those_who_have_it(app) {
        let add = json!({"add": [{"guid": world::PRIVATE_COMPANY, "type": "alerts-only"}]});
        let of_other = change(&app.client(world::OTHER_ADMIN), &add).await;
        let unknown = change(&app.client(world::OTHER_ADMIN), &json!({"add": [{"guid": UNKNOWN, "type": "alerts-only"}]})).await;
        assert_eq!(of_other["errors"][0]["message"], unknown["errors"][0]["message"]);
        let emma = app.client(world::CLIENT_ADMIN);
        assert_eq!(change(&emma, &add).await["modified"], json!([world::PRIVATE_COMPANY]));
        change(&emma, &json!({"delete": [{"guid": world::PRIVATE_COMPANY}]})).await;
        assert_eq!(change(&emma, &add).await["errors"].as_array().unwrap().len(), 1, "nobody has it any more");
    }

    async fn one_company_takes_the_place_of_another(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let update = |old: &str, new: &str| json!({"update": [{"subscribed_company_guid": old, "new_company_guid": new}]});
        let done = change(&emma, &update(world::SAPERIX, world::STRANGER)).await;
        assert_eq!((&done["modified"], &done["errors"]), (&json!([world::STRANGER]), &json!([])));
        assert_eq!(folder(&emma).await, json!([world::STRANGER]));
        assert_eq!(emma.get(&format!("{PATH}/{}", world::SAPERIX)).await.status, 404);
        for (old, new, message) in [
            (world::SAPERIX, world::GREYSTONE, "There is no subscription for this company"),
            (world::STRANGER, UNKNOWN, "No entity found for specified guid"),
            (world::STRANGER, world::BLACK_HILLS, "A subscription for this company already exists"),
        ] {
            assert_eq!(change(&emma, &update(old, new)).await["errors"][0]["message"], message);
        }
    }

    async fn the_tier_and_the_folder_of_another_customer_are_unknown(app) {
        let otto = app.client(world::OTHER_ADMIN);
        for more in [json!({"tier": world::TIER}), json!({"folder": [world::FOLDER]})] {
            let mut add = json!({"guid": world::STRANGER, "type": USUAL});
            add.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let done = change(&otto, &json!({"add": [add]})).await;
            assert_eq!(done["errors"].as_array().unwrap().len(), 1, "{more}");
        }
        assert_eq!(folder(&app.client(world::CLIENT_ADMIN)).await, json!([world::SAPERIX]));
    }

    async fn guests_follow_nobody_and_see_their_end(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        app.invited_and_accepted(&emma, &to_black_hills("guest")).await;
        let guest = app.guest("guest@blackhills.com").await;
        let reply = guest.post(&format!("{PATH}/bulk"), &json!({"add": [{"guid": world::STRANGER, "type": USUAL}]})).await;
        assert_eq!(reply.status, 403);
        for path in ["folders", "tiers", "portfolio/contacts", "contacts"] {
            let reply = guest.post(&format!("/ratings/v1/{path}"), &json!({"name": "Mine"})).await;
            assert_eq!(reply.status, 403, "{path}");
        }
        assert_eq!(guest.get(PATH).await.json["trial_end_date"], "2026-12-12");
        assert_eq!(emma.get(PATH).await.json.get("trial_end_date"), None);
    }

    async fn too_many_at_once_are_refused(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let many = |count: usize| json!({"delete": vec![json!({"guid": "x"}); count]});
        assert_eq!(emma.post(&format!("{PATH}/bulk"), &many(1000)).await.status, 200);
        let reply = emma.post(&format!("{PATH}/bulk"), &many(1001)).await;
        assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some("delete: at most 1000 companies")));
        assert_eq!(emma.post(&format!("{PATH}/bulk"), &json!({"add": [{"guid": "x"}]})).await.json["detail"], "add[0].type: is needed");
    }
}
