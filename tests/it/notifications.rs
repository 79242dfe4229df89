//! Notifications: who is told what, reading them in pages, and marking them.

use liaison_testkit::domain::ids;
use liaison_testkit::invitations::{to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::operations::access_links::Ask;
use liaison_testkit::operations::notifications::{self, Telling};
use liaison_testkit::{Client, Reply, TestApp, Value, json, on_both, world};

const PATH: &str = "/ratings/v1/notifications";

async fn all(client: &Client) -> Value {
    let reply = client.get(&format!("{PATH}?page=1&limit=500")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json
}

/// The subjects, newest first.
async fn subjects(client: &Client) -> Vec<String> {
    let listed = all(client).await;
    let data = listed["data"].as_array().unwrap().clone();
    data.iter()
        .map(|item| item["subject"].as_str().unwrap().to_owned())
        .collect()
}

async fn mark(client: &Client, id: &str, unread: bool) -> Reply {
    client
        .patch(&format!("{PATH}/{id}"), &json!({"data": {"unread": unread}}))
        .await
}

/// Tells a user `count` things about a request.
async fn told(app: &TestApp, (customer, user): (&str, &str), request: &str, count: usize) {
    let guid = |text: &str| ids::parse_guid(text).unwrap();
    let (customer, user, request, now) = (guid(customer), guid(user), guid(request), app.app().now());
    let tell = move |tx: &mut liaison_db::Tx<'_>| {
        (0..count).try_for_each(|number| {
            let subject = format!("News {number}");
            let telling = Telling {
                customer,
                user,
                request,
                kind: "test",
                subject: &subject,
                body: "",
            };
            notifications::tell(tx, now, &telling)
        })
    };
    app.app().db.write(tell).await.unwrap();
}

on_both! {
    async fn the_story_of_a_request(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&with(to_saperix("ann"), &json!({"reason": "remediation"}))).await;
        assert!(subjects(&emma).await.is_empty() && subjects(&vera).await.is_empty(), "Saperix has no account");
        app.clock.advance_days(1);
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann Perry").await;
        let listed = all(&emma).await;
        assert_eq!(listed, json!({
            "data": [{
                "id": 1, "date": "2026-11-13T09:00:00Z", "subject": "Ann Perry of Saperix accepted your request",
                "text": format!("The collaboration is open: both sides can write now. \
                    <a href=\"https://liaison.test/requests/{guid}\">Open the request</a>"),
                "type": "Collaboration", "unread": true, "status": "Success"
            }],
            "limit": 500, "page": 1, "total": 1,
            "meta": {
                "num_filtered": 1, "num_read": 0, "num_unread": 1, "num_unseen_count": 1,
                "types": [{"id": 1, "name": "Collaboration"}]
            }
        }));
        emma.change(&guid, "Resolved").await;
        emma.change(&guid, "Resolved").await;
        let ann = app.guest("ann@saperix.example").await;
        let told = all(&ann).await["data"].clone();
        assert_eq!(told.as_array().unwrap().len(), 1, "closing again tells nobody");
        assert_eq!(told[0]["subject"], "Emma Waters of Blue Seas International closed a request");
        let link = format!("<a href=\"https://liaison.test/inbox/{guid}\">Open the request</a>");
        assert!(told[0]["text"].as_str().unwrap().ends_with(&link), "{told}");
        assert_eq!(subjects(&emma).await.len(), 1);
    }

    async fn who_hears_of_a_new_request(app) {
        let (emma, vera) = app.pair();
        let vito = app.client(world::VENDOR_READER);
        emma.invited(&to_vera()).await;
        assert_eq!(subjects(&vera).await, ["Emma Waters of Blue Seas International sent a request"], "once, not twice");
        let text = all(&vera).await["data"][0]["text"].clone();
        assert!(text.as_str().unwrap().starts_with("To Vera Hill of Black Hills Technologies. Reason: Other. <a "), "{text}");
        emma.invited(&to_black_hills("new")).await;
        assert_eq!((subjects(&vera).await.len(), subjects(&vito).await.len()), (2, 0), "contacts hear of all");
        let to_vito = json!({"requestee_email": "VITO@blackhills.com"});
        app.client(world::CLIENT_COMPANY).invited(&with(to_vera(), &to_vito)).await;
        assert_eq!(subjects(&vito).await, ["Blue Seas of Blue Seas International sent a request"]);
        assert_eq!((subjects(&vera).await.len(), subjects(&emma).await.len()), (3, 0));
        let refused = json!([to_vera(), with(to_vera(), &json!({"requestee_email": "x"}))]);
        assert_eq!(emma.invite(&refused).await.status, 400);
        assert_eq!(subjects(&vera).await.len(), 3);
    }

    async fn who_hears_of_a_wish(app) {
        let (emma, vera) = app.pair();
        let made = emma.post("/ratings/v1/client-access-links", &json!({"name": "<b>Suppliers</b> & co"})).await.json;
        let wish = Ask {
            link_guid: ids::parse_guid(made["guid"].as_str().unwrap()).unwrap(),
            formal_name: "Ann <script>alert(1)</script>".to_owned(),
            email: "ann@blackhills.com".to_owned(),
            ..Ask::default()
        };
        app.app().ask(wish.clone()).await.unwrap();
        app.app().ask(wish).await.unwrap();
        let listed = all(&emma).await;
        assert_eq!(listed["total"], 1, "asking again tells nobody");
        let item = &listed["data"][0];
        assert_eq!(
            item["subject"], "Ann <script>alert(1)</script> of Black Hills Technologies asks to be invited",
            "a subject is plain text"
        );
        let text = item["text"].as_str().unwrap();
        assert!(!text.contains("<b>") && text.contains("&#60;b&#62;Suppliers"), "{text}");
        for token in [world::CLIENT_MANAGER, world::CLIENT_READER, world::VENDOR_ADMIN, world::OTHER_ADMIN] {
            assert!(subjects(&app.client(token)).await.is_empty(), "{token}");
        }
        let request = emma.outbox("").await.remove(0);
        emma.change(request["guid"].as_str().unwrap(), "Approved").await;
        assert_eq!(subjects(&vera).await, ["Emma Waters of Blue Seas International sent a request"]);
    }

    async fn pages(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&to_saperix("ann")).await;
        told(app, (world::CLIENT, world::EMMA), &request, 7).await;
        let page = async |query: &str| emma.get(&format!("{PATH}{query}")).await.json;
        let ids = |page: &Value| -> Vec<i64> {
            page["data"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
        };
        for (query, expected) in [
            ("?page=1&limit=3", vec![7, 6, 5]), ("?page=2&limit=3", vec![4, 3, 2]), ("?limit=3&page=3", vec![1]),
            ("?page=4&limit=3", vec![]), ("", vec![7, 6, 5, 4, 3, 2, 1]), ("?limit=0", vec![7]),
            ("?page=9223372036854775807&limit=500", vec![]),
        ] {
            let answer = page(query).await;
            assert_eq!(ids(&answer), expected, "{query}");
            assert_eq!((&answer["total"], &answer["meta"]["num_unread"]), (&json!(7), &json!(7)), "{query}");
        }
        let defaults = page("").await;
        assert_eq!((&defaults["page"], &defaults["limit"]), (&json!(1), &json!(100)));
        assert_eq!(page("?limit=100000").await["limit"], 500);
        assert_eq!(page("?page=0").await["page"], 1);
        for query in ["?page=x", "?limit=-1"] {
            assert_eq!(emma.get(&format!("{PATH}{query}")).await.status, 400, "{query}");
        }
    }

    async fn one_by_its_number(app) {
        let (emma, vera) = app.pair();
        emma.invited(&to_vera()).await;
        let one = vera.get(&format!("{PATH}/1")).await;
        assert_eq!(one.json, all(&vera).await["data"][0]);
        for nothing in ["2", "0", "-1", "x", "99999999999999999999"] {
            assert_eq!(vera.get(&format!("{PATH}/{nothing}")).await.error(), "404 not_found: Not found.", "{nothing}");
        }
        assert_eq!(emma.get(&format!("{PATH}/1")).await.status, 404, "Vera's");
    }

    async fn read_and_unread(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&to_saperix("ann")).await;
        told(app, (world::CLIENT, world::EMMA), &request, 3).await;
        let unread = async || all(&emma).await["meta"]["num_unread"].clone();
        let marked = mark(&emma, "2", false).await;
        assert_eq!((marked.status, &marked.json["id"], &marked.json["unread"]), (200, &json!(2), &json!(false)));
        assert_eq!(unread().await, 2);
        assert_eq!(mark(&emma, "2", true).await.json["unread"], true);
        assert_eq!(unread().await, 3);
        let nothing = emma.patch(&format!("{PATH}/2"), &json!({"data": {}})).await;
        assert_eq!((nothing.status, &nothing.json["unread"]), (200, &json!(true)));
        for (body, detail) in [
            (json!({"data": {"unread": "no"}}), "data.unread: must be true or false"),
            (json!({"data": 5}), "data: must be an object"),
            (json!([]), "body: must be an object"),
        ] {
            let refused = emma.patch(&format!("{PATH}/2"), &body).await;
            assert_eq!(refused.error(), format!("400 invalid_field: {detail}"));
        }
        let path = format!("{PATH}/mark-all-as-read");
        let refused = emma.post(&path, &json!({"data": {"unread": true}})).await;
        assert_eq!(refused.error(), "400 invalid_field: data.unread: must be false");
        let done = emma.post(&path, &json!({"data": {"unread": false}})).await;
        assert_eq!((done.status, done.json), (200, json!({"data": {"unread": false}})));
        let meta = all(&emma).await["meta"].clone();
        assert_eq!((&meta["num_unread"], &meta["num_read"]), (&json!(0), &json!(3)));
        let bare = emma.request(liaison_testkit::Method::POST, &path);
        assert_eq!(liaison_testkit::reply(bare).await.status, 200, "again, and without a body");
    }

    async fn everybody_has_their_own(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_saperix("ann")).await;
        told(app, (world::CLIENT, world::EMMA), &request, 2).await;
        let before = all(&emma).await;
        let others = [world::CLIENT_MANAGER, world::CLIENT_READER, world::CLIENT_COMPANY, world::OTHER_ADMIN, world::VENDOR_ADMIN];
        for token in others {
            let client = app.client(token);
            let listed = all(&client).await;
            assert_eq!((&listed["data"], &listed["total"]), (&json!([]), &json!(0)), "{token}");
            for id in ["1", "2", "77", "x", "-1", "99999999999999999999"] {
                assert_eq!(mark(&client, id, false).await.error(), "404 not_found: Not found.", "{token} {id}");
            }
            assert_eq!(client.post(&format!("{PATH}/mark-all-as-read"), &json!({})).await.status, 200);
        }
        assert_eq!(all(&emma).await, before);
        told(app, (world::VENDOR, world::VERA), &request, 1).await;
        assert_eq!(all(&vera).await["data"][0]["id"], 1, "numbers are each user's own");
    }

    async fn five_hundred_are_kept(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&to_saperix("ann")).await;
        told(app, (world::CLIENT, world::EMMA), &request, 500).await;
        for id in ["10", "20"] {
            mark(&emma, id, false).await;
        }
        told(app, (world::CLIENT, world::EMMA), &request, 3).await;
        let listed = all(&emma).await;
        assert_eq!((&listed["total"], &listed["data"][0]["id"]), (&json!(500), &json!(503)));
        let is_there = |id: i64| listed["data"].as_array().unwrap().iter().any(|item| item["id"] == id);
        for (id, kept) in [(10, false), (20, false), (1, false), (2, true), (11, true)] {
            assert_eq!(is_there(id), kept, "{id}: read ones go first, then the oldest");
        }
    }

    async fn nobody_is_told_who_is_not_there(app) {
        let (emma, _) = app.pair();
        let request = app.client(world::CLIENT_COMPANY).invited(&to_saperix("ann")).await;
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann Perry").await;
        assert!(subjects(&emma).await.is_empty(), "a company token sent it: there is no user to tell");
        // A user of another customer, one who does not exist, one who is switched off: told nothing, and no failure.
        told(app, (world::OTHER, world::EMMA), &request, 1).await;
        told(app, (world::CLIENT, world::SAPERIX), &request, 1).await;
        app.set_user_active(world::CLIENT, "emma@blueseas.com", false).await;
        told(app, (world::CLIENT, world::EMMA), &request, 1).await;
        app.set_user_active(world::CLIENT, "emma@blueseas.com", true).await;
        assert!(subjects(&emma).await.is_empty());
    }

    async fn many_at_once_each_have_a_number(app) {
        let (emma, vera) = app.pair();
        let mut sending = tokio::task::JoinSet::new();
        for _ in 0..30 {
            let emma = emma.clone();
            sending.spawn(async move { emma.invite(&to_vera()).await.status });
        }
        while let Some(status) = sending.join_next().await {
            assert_eq!(status.unwrap(), 201);
        }
        let listed = all(&vera).await;
        let mut ids: Vec<i64> = listed["data"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, (1..=30).collect::<Vec<i64>>());
    }
}
