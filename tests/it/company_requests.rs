//! Companies that a customer asks for: once for each domain, and fulfilled by whatever import brings them.

use futures_util::future::join_all;
use liaison_testkit::{Method, json, on_both, reply, world};

const PATH: &str = "/ratings/v2/company-requests";

on_both! {
    async fn a_request_is_fulfilled_by_the_company(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let made = emma.post(PATH, &json!({"domain": "Northwind.EXAMPLE"})).await;
        assert_eq!((made.status, &made.json["domain"], &made.json["status"]), (201, &json!("northwind.example"), &json!("Pending")));
        assert_eq!(made.json.get("company"), None);
        let guid = "b0000000-0000-4000-8000-000000000099";
        app.import(&json!({"companies": [{"guid": guid, "name": "Northwind", "primary_domain": "northwind.example", "type": "CURATED"}]})).await;
        let shown = emma.get(&format!("{PATH}/{}", made.json["guid"].as_str().unwrap())).await.json;
        assert_eq!(shown["status"], "Fulfilled");
        assert_eq!(shown["company"], json!({"guid": guid, "name": "Northwind", "in_portfolio": false, "can_subscribe": true,
            "can_view": false, "is_bundle": false, "self_published": null}));
        assert_eq!(emma.get(&format!("{PATH}?status=Pending")).await.json["count"], 0);
        assert_eq!(emma.get(&format!("{PATH}?status=fulfilled&company.guid={guid}")).await.json["count"], 1);
    }

    async fn what_is_known_is_said_so(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let first = emma.post(PATH, &json!({"company_request": {"domain": "northwind.example"}})).await;
        let again = emma.post(PATH, &json!({"domain": "northwind.example"})).await;
        assert_eq!((again.status, &again.json["domain"]), (400, &json!(["A request for this domain was made already."])));
        assert_eq!(again.json["details"], first.json);
        let there = emma.post(PATH, &json!({"domain": "blackhills.io"})).await;
        assert_eq!((there.status, &there.json["domain"]), (400, &json!(["A company with this domain is in the inventory already."])));
        assert_eq!((&there.json["details"]["company"]["guid"], &there.json["details"]["company"]["in_portfolio"]), (&json!(world::BLACK_HILLS), &json!(true)));
        let wrong = emma.post(PATH, &json!({"company_request": {"domain": "no domain"}})).await;
        assert_eq!((wrong.status, &wrong.json["domain"]), (400, &json!(["domain: is no domain name"])));
        let wrong = emma.post(PATH, &json!({"company_request": {}})).await;
        assert_eq!((wrong.status, &wrong.json["domain"], wrong.json["detail"].as_str()),
            (400, &json!(["company_request.domain: is needed"]), Some("company_request.domain: is needed")));
        let wrong = emma.post(PATH, &json!({"domain": "a.example", "subscription_type": "gold"})).await;
        assert_eq!(wrong.json["subscription_type"], json!(["subscription_type: is no known subscription type"]));
        assert_eq!(app.client(world::CLIENT_READER).post(PATH, &json!({"domain": "b.example"})).await.error(),
            "403 forbidden: You do not have permission to perform this action.");
    }

    async fn a_private_company_of_others_is_not_there(app) {
        let otto = app.client(world::OTHER_ADMIN);
        let made = otto.post(PATH, &json!({"domain": "hidden.example"})).await;
        assert_eq!((made.status, &made.json["status"]), (201, &json!("Pending")));
        let emma = app.client(world::CLIENT_ADMIN);
        assert_eq!(emma.post(PATH, &json!({"domain": "hidden.example"})).await.json["details"]["company"]["guid"], world::PRIVATE_COMPANY);
        assert_eq!(emma.get(PATH).await.json["count"], 0);
    }

    async fn a_list_is_filtered_and_sorted(app) {
        let [emma, mark] = [world::CLIENT_ADMIN, world::CLIENT_MANAGER].map(|token| app.client(token));
        for (client, domain) in [(&emma, "b.example"), (&mark, "a.example"), (&emma, "c.example")] {
            assert_eq!(client.post(PATH, &json!({"domain": domain})).await.status, 201);
            app.clock.advance_days(1);
        }
        let found = async |query: &str| {
            let reply = emma.get(&format!("{PATH}?{query}")).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            let rows = reply.json["results"].as_array().unwrap().iter();
            rows.map(|row| row["domain"].as_str().unwrap()[..1].to_owned()).collect::<String>()
        };
        for (query, expected) in [
            ("", "cab"), ("sort=domain", "abc"), ("sort=-domain", "cba"), ("sort=created_time", "bac"),
            ("sort=requester.formal_name,domain", "bca"), ("q=B.EX", "b"), ("q=shore", "a"), ("domain=A.example,b.example", "ab"),
            ("requester.guid=current", "cb"), ("exclude_requester.guid=current", "a"), ("requester__formal_name=Mark%20Shore", "a"),
            ("created_time_gte=2026-11-13", "ca"), ("created_time_lte=2026-11-13T09:00:00Z", "ab"), ("updated_time_gte=2026-11-14", "c"),
            ("status=Fulfilled", ""), ("status=Pending,Fulfilled", "cab"), ("status=Other", ""), ("limit=1&offset=1", "a"),
            ("q=%25", ""), ("requester.guid=x", ""),
        ] {
            assert_eq!(found(query).await, expected, "{query}");
        }
        assert_eq!(emma.get(&format!("{PATH}?sort=size")).await.status, 400);
        assert_eq!(emma.get(&format!("{PATH}?created_time_gte=soon")).await.status, 400);
    }

    async fn many_at_once_make_one(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let wish = json!({"domain": "a.example"});
        let replies = join_all((0..20).map(|_| emma.post(PATH, &wish))).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!((made, replies.iter().filter(|reply| reply.status == 400).count()), (1, 19));
    }

    async fn a_request_is_taken_back(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let made = emma.post(PATH, &json!({"domain": "a.example"})).await.json;
        let path = format!("{PATH}/{}", made["guid"].as_str().unwrap());
        assert_eq!(app.client(world::OTHER_ADMIN).get(&path).await.status, 404);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 204);
        assert_eq!(reply(emma.request(Method::DELETE, &path)).await.status, 404);
        assert_eq!(emma.post(PATH, &json!({"domain": "a.example"})).await.status, 201);
    }
}
