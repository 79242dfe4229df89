//! Folders: made, changed, filled, emptied by time, and nobody else's.

use liaison_testkit::{Client, Method, Reply, Value, json, on_both, reply, world};

const FOLDERS: &str = "/ratings/v1/folders";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

async fn made(client: &Client, folder: &Value) -> String {
    let reply = client.post(FOLDERS, folder).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json["guid"].as_str().unwrap().to_owned()
}

async fn put(client: &Client, folder: &str, companies: &[&str]) -> Reply {
    let actions = json!({"add_companies": companies});
    client.patch(&format!("{FOLDERS}/{folder}/companies"), &actions).await
}

async fn contents(client: &Client, folder: &str) -> Value {
    client.get(&format!("{FOLDERS}/{folder}")).await.json["companies"].clone()
}

on_both! {
    async fn a_folder_is_made_bare_or_in_its_wrapper(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        made(&emma, &json!({"name": "Bare", "description": "None", "content_expiry_days": null})).await;
        made(&emma, &json!({"folder": {"name": " Wrapped ", "unknown": 1, "guid": UNKNOWN, "order": 9}})).await;
        let listed = emma.get(FOLDERS).await.json;
        let names: Vec<_> = listed.as_array().unwrap().iter().map(|folder| (&folder["name"], &folder["order"])).collect();
        assert_eq!(names, [(&json!("EU"), &json!(0)), (&json!("Bare"), &json!(1)), (&json!("Wrapped"), &json!(2))]);
        assert_eq!(listed[2]["owner"], "emma@blueseas.com");
        let of_token = app.client(world::CLIENT_COMPANY).post(FOLDERS, &json!({"name": "T"})).await;
        assert_eq!((of_token.status, &of_token.json["owner"]), (201, &Value::Null));
    }

    async fn wrong_folders_are_refused_with_their_field(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (body, detail) in [
            (json!({"folder": {"name": ""}}), "name: is required"),
            (json!({"folder": {}}), "name: is required"),
            (json!({"folder": {"name": 5}}), "folder.name: must be a string"),
            (json!({"folder": []}), "folder: must be an object"),
            (json!([]), "body: must be an object"),
            (json!({"name": "a\0b"}), "name: must not contain NUL characters"),
            (json!({"name": "x".repeat(256)}), "name: at most 255 characters"),
            (json!({"name": "x", "description": "x".repeat(1001)}), "description: at most 1000 characters"),
            (json!({"name": "x", "content_expiry_days": 0}), "content_expiry_days: must be 1 to 3650 days, or null"),
            (json!({"name": "x", "content_expiry_days": 3651}), "content_expiry_days: must be 1 to 3650 days, or null"),
            (json!({"name": "x", "content_expiry_days": 1.5}), "content_expiry_days: must be a whole number"),
        ] {
            let reply = emma.post(FOLDERS, &body).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)), "{body}");
        }
        assert_eq!(reply(emma.request(Method::POST, FOLDERS)).await.status, 400);
        let edge = json!({"name": "x".repeat(255), "description": "x".repeat(1000), "content_expiry_days": 3650});
        assert_eq!(emma.post(FOLDERS, &edge).await.status, 201);
    }

    async fn what_is_left_out_stays(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, &json!({"name": "One", "description": "Why", "content_expiry_days": 3})).await;
        let path = format!("{FOLDERS}/{guid}");
        let changed = emma.patch(&path, &json!({"name": "Two"})).await.json;
        assert_eq!((&changed["description"], &changed["content_expiry_days"]), (&json!("Why"), &json!(3)));
        let changed = emma.patch(&path, &json!({"folder": {"content_expiry_days": null, "description": ""}})).await.json;
        assert_eq!((&changed["name"], &changed["description"], &changed["content_expiry_days"]), (&json!("Two"), &json!(""), &Value::Null));
        assert_eq!(emma.patch(&path, &json!({})).await.json, changed);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        for method in [Method::GET, Method::DELETE] {
            assert_eq!(reply(emma.request(method, &path)).await.status, 404);
        }
        assert_eq!(emma.patch(&path, &json!({"name": 1})).await.status, 404, "what is not there is said first");
    }

    async fn only_companies_of_the_portfolio_go_in(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, &json!({"name": "One"})).await;
        let reply = put(&emma, &guid, &[world::BLACK_HILLS, world::STRANGER, UNKNOWN, "x", world::SAPERIX, world::SAPERIX]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.json["added"], json!([world::BLACK_HILLS, world::SAPERIX]));
        assert_eq!(reply.json["not_added"], json!([world::STRANGER, UNKNOWN, "x"]));
        assert_eq!(reply.json["companies"].as_array().unwrap().len(), 2);
        let again = put(&emma, &guid, &[world::BLACK_HILLS]).await.json;
        assert_eq!((&again["added"], &again["not_added"]), (&json!([]), &json!([world::BLACK_HILLS])));
        let wish = json!({"company_actions": {"remove_companies": [world::SAPERIX, world::HOSTED, "y"], "add_companies": [world::HOSTED]}});
        let reply = emma.patch(&format!("{FOLDERS}/{guid}/companies"), &wish).await.json;
        assert_eq!((&reply["removed"], &reply["not_removed"]), (&json!([world::SAPERIX]), &json!([world::HOSTED, "y"])));
        assert_eq!(reply["detail"], "1 added, 1 removed, 0 not added, 2 not removed.");
        assert_eq!(emma.get(&format!("{FOLDERS}/{guid}")).await.json["companies_count"], 2);
    }

    async fn too_many_companies_at_once_are_refused(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let path = format!("{FOLDERS}/{}/companies", world::FOLDER);
        let wish = |count: usize| json!({"add_companies": vec!["x"; count]});
        assert_eq!(emma.patch(&path, &wish(10_000)).await.status, 200);
        let reply = emma.patch(&path, &wish(10_001)).await;
        assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some("add_companies: at most 10000 companies")));
    }

    async fn companies_leave_when_their_time_is_over(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, &json!({"name": "Short", "content_expiry_days": 2})).await;
        put(&emma, &guid, &[world::BLACK_HILLS]).await;
        app.clock.advance_days(1);
        put(&emma, &guid, &[world::SAPERIX]).await;
        app.clock.advance_days(1);
        app.upkeep().await;
        assert_eq!(contents(&emma, &guid).await, json!([world::SAPERIX]));
        emma.patch(&format!("{FOLDERS}/{guid}"), &json!({"content_expiry_days": null})).await;
        app.clock.advance_days(9);
        app.upkeep().await;
        assert_eq!(contents(&emma, &guid).await, json!([world::SAPERIX]));
        // What an import put in came on the day of the import, eleven days ago.
        emma.patch(&format!("{FOLDERS}/{}", world::FOLDER), &json!({"content_expiry_days": 12})).await;
        app.upkeep().await;
        assert_eq!(contents(&emma, world::FOLDER).await, json!([world::SAPERIX]));
        app.clock.advance_days(1);
        app.upkeep().await;
        assert_eq!(contents(&emma, world::FOLDER).await, json!([]));
    }

    async fn fields_and_their_absence(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let reply = emma.get(&format!("{FOLDERS}?fields=name,companies_count&exclude_subscription_folders=False")).await;
        assert_eq!(reply.json, json!([{"name": "EU", "companies_count": 1}]));
        let reply = emma.get(&format!("{FOLDERS}/{}?fields=guid", world::FOLDER)).await;
        assert_eq!(reply.json, json!({"guid": world::FOLDER}));
        assert_eq!(emma.get(&format!("{FOLDERS}?exclude_subscription_folders=perhaps")).await.status, 400);
        let rita = app.client(world::CLIENT_READER).get(FOLDERS).await.json;
        assert_eq!((&rita[0]["is_deletable"], &rita[0]["can_edit_properties"]), (&json!(false), &json!(false)));
        assert_eq!(app.client(world::OTHER_ADMIN).get(FOLDERS).await.json, json!([]));
    }

    async fn a_retry_makes_one_folder(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let first = emma.post_once(FOLDERS, "key", &json!({"name": "Once"})).await;
        let second = emma.post_once(FOLDERS, "key", &json!({"name": "Once"})).await;
        assert_eq!((first.status, first.text), (second.status, second.text));
        assert_eq!(emma.get(FOLDERS).await.json.as_array().unwrap().len(), 2);
    }
}
