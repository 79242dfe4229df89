//! Access groups: the default one stays, one that is in use stays, and they restrict nobody.

use liaison_testkit::{Client, Method, Reply, Value, json, on_both, reply, world};

const GROUPS: &str = "/ratings/v1/access-groups";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> Reply {
    reply(client.request(method, path).json(body)).await
}

async fn made(client: &Client, name: &str) -> String {
    let reply = client.post(GROUPS, &json!({"body": {"name": name}})).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json["guid"].as_str().unwrap().to_owned()
}

on_both! {
    async fn the_default_and_those_in_use_cannot_be_deleted(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let delete = async |guid: &str| reply(emma.request(Method::DELETE, &format!("{GROUPS}/{guid}"))).await;
        assert_eq!(delete(world::GROUP_ONE).await.error(), "409 group_is_default: The default group cannot be deleted; make another one the default first.");
        assert_eq!(delete(world::GROUP_TWO).await.error(), "409 group_in_use: This group has 2 users; put them into other groups first.");
        let guid = made(&emma, "Third").await;
        assert_eq!(delete(&guid).await.status, 204);
        assert_eq!(delete(&guid).await.status, 404);
        let changed = emma.patch(&format!("{GROUPS}/{}", world::GROUP_TWO), &json!({"is_default": true})).await.json;
        assert_eq!((&changed["is_default"], &changed["company_count"]), (&json!(true), &json!(5)));
        let listed = emma.get(GROUPS).await.json;
        assert_eq!(listed["default_group"], world::GROUP_TWO);
        assert_eq!(listed["groups"][0]["is_default"], false);
        let reply = emma.patch(&format!("{GROUPS}/{}", world::GROUP_TWO), &json!({"is_default": false})).await;
        assert_eq!(reply.json["detail"], "is_default: is true until another group is made the default");
    }

    async fn who_was_removed_keeps_no_group(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let guid = made(&emma, "Short").await;
        let user = json!({"user": {"email": "zoe@blueseas.com", "formal_name": "Zoe Waters", "group": {"guid": guid}}});
        let zoe = emma.post("/ratings/v2/users", &user).await;
        assert_eq!(zoe.status, 201, "{}", zoe.text);
        let path = format!("{GROUPS}/{guid}");
        assert_eq!(emma.get(&path).await.json["user_count"], 1);
        let zoe = format!("/ratings/v2/users/{}", zoe.json["guid"].as_str().unwrap());
        assert_eq!(reply(emma.request(Method::DELETE, &zoe)).await.status, 204);
        let group = emma.get(&format!("{path}?expand=users")).await.json;
        assert_eq!((&group["user_count"], &group["users"]), (&json!(0), &json!([])));
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        assert_eq!(emma.get(&zoe).await.status, 200);
    }

    async fn a_group_notes_companies_of_the_portfolio(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let (one, two) = (made(&emma, "A").await, made(&emma, "B").await);
        let path = format!("{GROUPS}/companies");
        let wish = json!({"body": {"companies": [world::SAPERIX, world::SAPERIX], "groups": [one, two]}});
        let reply = send(&emma, Method::PUT, &path, &wish).await;
        assert_eq!((reply.status, &reply.json["groups"][1]["company_count"]), (200, &json!(1)), "{}", reply.text);
        let again = json!({"companies": [world::BLACK_HILLS], "groups": [one]});
        assert_eq!(send(&emma, Method::PUT, &path, &again).await.json["groups"][0]["company_count"], 2);
        let own = format!("{GROUPS}/{one}/companies/guids");
        assert_eq!(emma.get(&own).await.json, json!([world::BLACK_HILLS, world::SAPERIX]));
        assert_eq!(send(&emma, Method::PUT, &own, &json!([world::HOSTED])).await.json, json!([world::HOSTED]));
        assert_eq!(send(&emma, Method::PUT, &own, &json!([])).await.json, json!([]));
        for (companies, groups, detail) in [
            (json!([world::STRANGER]), json!([one]), "companies[0]: is no company of your portfolio"),
            (json!(["x"]), json!([one]), "companies[0]: is no company of your portfolio"),
            (json!([]), json!([one, UNKNOWN]), "groups[1]: is no group of yours"),
            (json!([]), json!(["x"]), "groups[0]: is no group of yours"),
            (json!([world::SAPERIX]), json!([world::GROUP_ONE]), "groups[0]: the default group has all companies and no list of its own"),
        ] {
            let reply = send(&emma, Method::PUT, &path, &json!({"companies": companies, "groups": groups})).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)));
        }
        let otto = app.client(world::OTHER_ADMIN);
        let foreign = send(&otto, Method::PUT, &path, &json!({"companies": [], "groups": [one]})).await;
        assert_eq!(foreign.json["detail"], "groups[0]: is no group of yours");
        assert_eq!(otto.get(&own).await.status, 404);
        assert_eq!(emma.get(&format!("{GROUPS}/{}/companies/guids", world::GROUP_ONE)).await.json.as_array().unwrap().len(), 5);
    }

    async fn a_list_as_a_file_and_in_part(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let reply = emma.get(&format!("{GROUPS}?format=csv&fields=name,user_count,is_default")).await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").starts_with("text/csv"));
        assert_eq!(reply.text.trim_start_matches('\u{feff}'), "is_default,name,user_count\r\ntrue,Default,1\r\nfalse,Second,2\r\n");
        assert_eq!(emma.get(&format!("{GROUPS}?fields=name")).await.json["groups"], json!([{"name": "Default"}, {"name": "Second"}]));
        let asked = emma.post(&format!("{GROUPS}/query"), &json!({"guid": [world::GROUP_TWO, UNKNOWN, "x"]})).await.json;
        assert_eq!((asked["groups"].as_array().unwrap().len(), &asked["default_group"]), (1, &Value::Null));
        assert_eq!(emma.get(&format!("{GROUPS}/{}?expand=nothing", world::GROUP_ONE)).await.status, 400);
        assert_eq!(app.client(world::OTHER_ADMIN).get(GROUPS).await.json, json!({"default_group": null, "groups": []}));
    }

    async fn wrong_groups_are_refused_with_their_field(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (body, detail) in [
            (json!({}), "name: is required"),
            (json!({"body": {"name": " "}}), "name: is required"),
            (json!({"body": {"name": 1}}), "body.name: must be a string"),
            (json!({"name": "x".repeat(256)}), "name: at most 255 characters"),
            (json!({"name": "x", "is_default": 1}), "is_default: must be true or false"),
        ] {
            let reply = emma.post(GROUPS, &body).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)), "{body}");
        }
    }
}
