//! Contacts: both sets of calls keep the same ones, and an invitation without a requestee goes to them.

use liaison_testkit::{Client, Method, Reply, Value, json, on_both, reply, world};

const SET: &str = "/ratings/v1/contacts";
const POINTS: &str = "/ratings/v1/portfolio/contacts";
const SAM: &str = "f0000000-0000-4000-8000-000000000001";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> Reply {
    reply(client.request(method, path).json(body)).await
}

fn ann() -> Value {
    json!({"company_guid": world::SAPERIX, "formal_name": "Ann Rivers", "email": "ann@saperix.example"})
}

fn with(mut contact: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        contact[name] = value.clone();
    }
    contact
}

fn emails(list: &Value) -> Vec<&str> {
    let rows = list["results"].as_array().or_else(|| list.as_array()).unwrap();
    rows.iter().map(|contact| contact["email"].as_str().unwrap()).collect()
}

on_both! {
    async fn who_made_a_contact_and_who_changed_it(app) {
        let [emma, mark, company] = [world::CLIENT_ADMIN, world::CLIENT_MANAGER, world::CLIENT_COMPANY].map(|token| app.client(token));
        app.clock.advance(std::time::Duration::from_secs(1));
        let made = emma.post(POINTS, &ann()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!((&made.json["creator"], &made.json["last_editor"], &made.json["friendly_name"]),
            (&json!("emma@blueseas.com"), &json!("emma@blueseas.com"), &json!("Ann")));
        app.clock.advance_days(3);
        let path = format!("{POINTS}/{}", made.json["guid"].as_str().unwrap());
        let changed = mark.patch(&path, &json!({"phone_number": "1"})).await.json;
        assert_eq!((&changed["creator"], &changed["last_editor"]), (&json!("emma@blueseas.com"), &json!("mark@blueseas.com")));
        assert_eq!((&changed["creation_date"], &changed["last_edit_date"]), (&json!("2026-11-12"), &json!("2026-11-15")));
        let changed = company.patch(&path, &json!({"phone_number": ""})).await.json;
        assert_eq!((&changed["last_editor"], &changed["phone_number"]), (&Value::Null, &json!("")));
        let listed = emma.get(POINTS).await.json;
        assert_eq!(emails(&listed), ["ann@saperix.example", "sam@saperix.example"]);
        assert_eq!((&listed[1]["creator"], &listed[1]["creation_date"]), (&Value::Null, &json!("2026-11-12")));
    }

    async fn an_invitation_goes_to_the_oldest_contact(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let hosted = json!({"company_guid": world::HOSTED, "formal_name": "Hugo Bo", "email": "hugo@xn--bcher-kva.example"});
        assert_eq!(emma.post(POINTS, &hosted).await.status, 201);
        let reply = emma.invite(&json!({"requestee_company_guid": world::HOSTED})).await;
        assert_eq!((reply.status, reply.json["requestee_email"].as_str()), (201, Some("hugo@xn--bcher-kva.example")), "{}", reply.text);
    }

    async fn the_older_set_wants_an_address_of_the_company(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let stray = with(ann(), &json!({"email": "ann@elsewhere.example"}));
        let reply = emma.post(POINTS, &stray).await;
        assert_eq!((reply.status, reply.json["code"].as_str()), (400, Some("unrelated_email_domain")));
        let reply = emma.post(SET, &stray).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.json["count"], 1);
        let path = format!("{POINTS}/{}", reply.json["results"][0]["guid"].as_str().unwrap());
        assert_eq!(emma.patch(&path, &json!({"phone_number": "2"})).await.json["code"], "unrelated_email_domain");
    }

    async fn wrong_contacts_are_refused_with_their_field(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (fields, detail) in [
            (json!({"formal_name": " "}), "formal_name: is required"),
            (json!({"formal_name": "x".repeat(256)}), "formal_name: at most 255 characters"),
            (json!({"friendly_name": "x".repeat(256)}), "friendly_name: at most 255 characters"),
            (json!({"email": "ann"}), "email: is not an e-mail address"),
            (json!({"email": "SAM@saperix.example"}), "email: belongs to another contact of this company already"),
            (json!({"phone_number": "1".repeat(65)}), "phone_number: at most 64 characters"),
            (json!({"company_guid": world::STRANGER}), "No entity found for specified guid"),
            (json!({"company_guid": UNKNOWN}), "No entity found for specified guid"),
            (json!({"company_guid": "x"}), "No entity found for specified guid"),
            (json!({"company_guid": null}), "No entity found for specified guid"),
            (json!({"relation_type": "Friend"}), "relation_type: must be one of Primary, Backup, or null"),
            (json!({"source": "Elsewhere"}), "source: must be one of Service Now, or null"),
            (json!({"role": "x".repeat(256)}), "role: at most 255 characters"),
            (json!({"user_guid": UNKNOWN}), "user_guid: is no user of yours"),
            (json!({"user_guid": world::VERA}), "user_guid: is no user of yours"),
            (json!({"relation_active": "yes"}), "relation_active: must be true or false"),
            (json!({"contact_type": "Other"}), "contact_type: must be one of Customer Created"),
        ] {
            let reply = emma.post(SET, &with(ann(), &fields)).await;
            assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some(detail)), "{fields}");
        }
        let reply = emma.patch(&format!("{POINTS}/{SAM}"), &json!({"guid": UNKNOWN})).await;
        assert_eq!((reply.status, reply.json["detail"].as_str()), (400, Some("guid: must be that of the path")));
        assert_eq!(emma.patch(&format!("{POINTS}/{UNKNOWN}"), &json!([])).await.status, 404);
    }

    async fn null_takes_away_and_absence_keeps(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let path = format!("{SET}/{SAM}");
        let all = json!({"nickname": "S", "platform_id": "7", "relation_active": false, "relation_type": "Backup",
            "role": "CISO", "source": "Service Now", "user_guid": world::MARK});
        let changed = emma.patch(&path, &all).await.json;
        for (name, value) in all.as_object().unwrap() {
            assert_eq!(&changed[name], value, "{name}");
        }
        assert_eq!(emma.patch(&path, &json!({})).await.json, changed);
        let none: Value = all.as_object().unwrap().keys().map(|name| (name.clone(), Value::Null)).collect();
        let changed = emma.patch(&path, &none).await.json;
        assert!(all.as_object().unwrap().keys().all(|name| changed[name].is_null()), "{changed}");
    }

    async fn a_list_in_pages_for_some_companies(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for (company, email) in [(world::SAPERIX, "b@x.example"), (world::BLACK_HILLS, "c@x.example"), (world::BLACK_HILLS, "d@x.example")] {
            app.clock.advance(std::time::Duration::from_secs(1));
            let contact = json!({"company_guid": company, "formal_name": "N", "email": email});
            assert_eq!(emma.post(SET, &contact).await.status, 200);
        }
        let first = emma.get(&format!("{SET}?limit=3")).await.json;
        assert_eq!((emails(&first), &first["count"]), (vec!["d@x.example", "c@x.example", "b@x.example"], &json!(4)));
        assert_eq!(first["links"]["next"], "https://liaison.test/ratings/v1/contacts?limit=3&offset=3");
        let of = |companies: &str| format!("{SET}?companies={companies}");
        assert_eq!(emails(&emma.get(&of(world::SAPERIX)).await.json), ["b@x.example", "sam@saperix.example"]);
        assert_eq!(emma.get(&of(&format!("{},{}", world::SAPERIX, world::BLACK_HILLS))).await.json["count"], 4);
        assert_eq!(emma.get(&of("nonsense")).await.json["count"], 0);
        assert_eq!(emails(&emma.get(&format!("{SET}/latest")).await.json), ["d@x.example", "b@x.example"]);
        emma.patch(&format!("{SET}/{SAM}"), &json!({"role": "x"})).await;
        let asked = json!({"companies": [world::SAPERIX, UNKNOWN, "x"]});
        assert_eq!(emails(&emma.post(&format!("{SET}/latest/query"), &asked).await.json), ["sam@saperix.example"]);
        assert_eq!(emma.post(&format!("{SET}/query"), &asked).await.json["count"], 2);
        let first = emma.post(&format!("{SET}/query?limit=1"), &asked).await.json;
        let next = first["links"]["next"].as_str().unwrap().strip_prefix("https://liaison.test").unwrap();
        let second = emma.get(next).await.json;
        assert_eq!((emails(&first), emails(&second), &second["count"]), (vec!["b@x.example"], vec!["sam@saperix.example"], &json!(2)));
        assert_eq!(emma.post(&format!("{SET}/query"), &json!({"companies": []})).await.json["count"], 0);
        assert_eq!(emma.post(&format!("{SET}/query"), &json!({})).await.json["count"], 4);
        let many = json!({"companies": vec!["x"; 1001]});
        assert_eq!(emma.post(&format!("{SET}/query"), &many).await.json["detail"], "companies: at most 1000 guids");
        assert_eq!(app.client("nobody").post(&format!("{SET}/query"), &many).await.status, 401);
        assert_eq!(app.client(world::OTHER_ADMIN).post(&format!("{SET}/query"), &asked).await.json["count"], 0);
        let bare = emma.get(&format!("{POINTS}?limit=2&offset=1")).await.json;
        assert_eq!(emails(&bare), ["c@x.example", "b@x.example"]);
    }

    async fn many_contacts_are_saved_all_or_none(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let bulk = format!("{SET}/bulk");
        let olga = json!({"company_guid": world::SAPERIX, "formal_name": "Olga Lind", "email": "olga@saperix.example"});
        let wish = json!([{"guid": SAM, "role": "CISO"}, olga, with(olga.clone(), &json!({"email": "OLGA@saperix.example", "role": "Twice"}))]);
        let reply = send(&emma, Method::PUT, &bulk, &wish).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!((&reply.json[1]["guid"], &reply.json[2]["role"]), (&reply.json[2]["guid"].clone(), &json!("Twice")));
        assert_eq!(emma.get(SET).await.json["count"], 2);
        for (wrong, detail) in [
            (json!({"guid": UNKNOWN}), "guid: is no contact of yours"),
            (json!({"formal_name": "X"}), "email: is not an e-mail address"),
        ] {
            let reply = send(&emma, Method::PUT, &bulk, &json!([ann(), wrong])).await;
            assert_eq!((reply.status, reply.json["detail"].as_str(), &reply.json["index"]), (400, Some(detail), &json!(1)));
        }
        assert_eq!(emma.get(SET).await.json["count"], 2);
        let foreign = send(&app.client(world::OTHER_ADMIN), Method::PUT, &bulk, &json!([{"guid": SAM, "role": "x"}])).await;
        assert_eq!((foreign.status, foreign.json["detail"].as_str()), (400, Some("guid: is no contact of yours")));
        assert_eq!(send(&emma, Method::PUT, &bulk, &json!(vec![json!({}); 1001])).await.json["detail"], "body: at most 1000 contacts in one call");
    }

    async fn a_company_has_a_hundred_contacts_at_most(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let contact = |number: usize| with(ann(), &json!({"email": format!("n{number}@saperix.example")}));
        let wish: Value = (0..99).map(contact).collect();
        assert_eq!(send(&emma, Method::PUT, &format!("{SET}/bulk"), &wish).await.status, 201);
        let reply = emma.post(SET, &contact(100)).await;
        assert_eq!(reply.json["detail"], "email: cannot be added: 100 contacts are the most");
        let deleted = reply_of_delete(&emma, SAM).await;
        assert_eq!((deleted.status, &deleted.json["email"]), (200, &json!("sam@saperix.example")));
        assert_eq!(emma.post(SET, &contact(100)).await.status, 200);
        assert_eq!(reply_of_delete(&emma, SAM).await.status, 404);
    }

    async fn a_long_list_comes_whole(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let companies = [world::SAPERIX, world::BLACK_HILLS, world::HOSTED, world::PRIVATE_COMPANY, world::BLUE_SEAS];
        let contact = |number: usize| json!({"company_guid": companies[number % 5], "formal_name": "N", "email": format!("n{number}@x.example")});
        let wish: Value = (0..495).map(contact).collect();
        assert_eq!(send(&emma, Method::PUT, &format!("{SET}/bulk"), &wish).await.status, 201);
        assert_eq!(emma.get(POINTS).await.json.as_array().unwrap().len(), 496);
        app.clock.advance_days(1);
        let four: Value = companies[1..].iter().map(|company| json!({"company_guid": company, "formal_name": "M", "email": "m@x.example"})).collect();
        assert_eq!(send(&emma, Method::PUT, &format!("{SET}/bulk"), &four).await.status, 201);
        let whole = emma.get(POINTS).await.json;
        let mut guids: Vec<_> = whole.as_array().unwrap().iter().map(|contact| contact["guid"].as_str().unwrap()).collect();
        assert_eq!(guids.len(), 500);
        guids.sort_unstable();
        guids.dedup();
        assert_eq!(guids.len(), whole.as_array().unwrap().len());
        assert_eq!(emma.get(&format!("{POINTS}?offset=490&limit=500")).await.json.as_array().unwrap().len(), 10);
        assert_eq!(emma.get(&format!("{POINTS}?offset=5000")).await.json, json!([]));
    }
}

async fn reply_of_delete(client: &Client, guid: &str) -> Reply {
    reply(client.request(Method::DELETE, &format!("{SET}/{guid}"))).await
}
