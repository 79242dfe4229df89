//! What belongs to another customer does not exist. Made from the table of routes, so that a new route is covered
//! the day it is written, or fails here for want of a line.

use liaison_testkit::invitations::{to_saperix, to_vera, with};
use liaison_testkit::web::routes::{self, Access, Route};
use liaison_testkit::{Method, Reply, TestApp, Value, json, on_both, reply, world};

const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

fn token_routes() -> impl Iterator<Item = (&'static Route, Method)> {
    let routes = routes::all().filter(|route| route.access == Access::Token);
    routes.flat_map(|route| {
        route
            .methods()
            .map(move |method| (route, method.parse().expect("a method is one")))
    })
}

/// A body that each write on one object takes.
fn body(guid: &str) -> Value {
    json!({"status": "Resolved", "read": true, "guid": guid})
}

async fn call(app: &TestApp, token: &str, (route, method): (&Route, &Method), guid: &str) -> Reply {
    let request = app
        .client(token)
        .request(method.clone(), &route.path.replace("{guid}", guid));
    reply(if *method == Method::GET {
        request
    } else {
        request.json(&body(guid))
    })
    .await
}

/// What an answer says, without the guid that was asked for and without its own lengths.
fn said(reply: &Reply, guid: &str) -> (u16, String) {
    (reply.status, reply.text.replace(guid, "GUID"))
}

on_both! {
    async fn the_object_of_another_customer_is_not_found(app) {
        let [of_client, of_other] = [world::CLIENT_ADMIN, world::OTHER_ADMIN].map(|token| app.client(token));
        let to_nobody = of_client.invited(&to_saperix("ann")).await;
        let from_other = of_other.invited(&to_saperix("bob")).await;
        let to_vendor = of_other.invited(&to_vera()).await;
        app.clock.advance_days(1);
        let ours = [world::CLIENT_ADMIN, world::CLIENT_MANAGER, world::CLIENT_READER, world::CLIENT_COMPANY];
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        pairs.extend(ours.iter().flat_map(|token| [(*token, from_other.as_str()), (*token, to_vendor.as_str())]));
        pairs.push((world::OTHER_ADMIN, &to_nobody));
        for vendor in [world::VENDOR_ADMIN, world::VENDOR_READER] {
            pairs.extend([(vendor, to_nobody.as_str()), (vendor, from_other.as_str())]);
        }
        let before = (of_client.outbox("").await, of_other.outbox("").await, app.mails().await.len());
        let mut seen = 0;
        for (route, method) in token_routes().filter(|(route, _)| route.path.contains("{guid}")) {
            for (token, foreign) in &pairs {
                let there = call(app, token, (route, &method), foreign).await;
                let nowhere = call(app, token, (route, &method), UNKNOWN).await;
                let what = format!("{method} {} as {token}", route.path);
                assert_eq!(said(&there, foreign), said(&nowhere, UNKNOWN), "{what}");
                assert!(matches!(there.status, 403 | 404), "{what}: {}", there.text);
                assert_eq!(there.headers.keys_len(), nowhere.headers.keys_len(), "{what}");
                seen += 1;
            }
        }
        assert!(seen >= 11 * pairs.len(), "the table has at least these routes on one request");
        assert_eq!(before, (of_client.outbox("").await, of_other.outbox("").await, app.mails().await.len()));
    }

    async fn many_at_once_touch_nothing_of_others(app) {
        let otto = app.client(world::OTHER_ADMIN);
        let foreign = otto.invited(&to_vera()).await;
        for token in [world::CLIENT_ADMIN, world::CLIENT_COMPANY, world::VENDOR_ADMIN] {
            for status in ["Resolved", "Approved", "Rejected"] {
                let bulk = async |guid: &str| {
                    let wish = json!([{"guid": guid, "status": status}]);
                    said(&app.client(token).post("/ratings/v1/access-requests/bulk", &wish).await, guid)
                };
                assert_eq!(bulk(&foreign).await, bulk(UNKNOWN).await);
            }
        }
        assert_eq!(otto.sent(&foreign).await["status"], "Active");
    }

    async fn the_company_of_another_portfolio_is_unknown(app) {
        let (emma, _) = app.pair();
        let to = |guid: &str| {
            let place = json!({"requestee_company_guid": guid, "requestee_email": "x@stranger.example"});
            with(to_vera(), &place)
        };
        let unknown = emma.invite(&to(UNKNOWN)).await;
        for foreign in [world::STRANGER, world::GREYSTONE] {
            assert_eq!(emma.invite(&to(foreign)).await.text, unknown.text);
        }
    }

    async fn filters_reveal_nothing(app) {
        let (emma, vera) = app.pair();
        let otto = app.client(world::OTHER_ADMIN);
        for client in [&emma, &otto] {
            client.invite(&json!([to_vera(), to_saperix("ann")])).await;
        }
        let all = otto.outbox("").await;
        for (name, foreign, found) in [
            ("folder_guid", world::FOLDER, 0),
            ("tier_guid", world::TIER, 0),
            ("group", world::GROUP_ONE, 0),
            ("requesterid", world::EMMA, 0),
            ("exclude_requesterid", world::EMMA, 2),
            ("company_guid", world::STRANGER, 0),
            ("company_guid", world::BLUE_SEAS, 0),
        ] {
            let by = async |guid: &str| otto.outbox(&format!("?{name}={guid}")).await;
            assert_eq!(by(foreign).await, by(UNKNOWN).await, "{name}");
            assert_eq!(by(foreign).await.len(), found, "{name}");
            let counts = async |guid: &str| otto.counts(&format!("?{name}={guid}&group_by=company")).await;
            assert_eq!(counts(foreign).await, counts(UNKNOWN).await, "{name}");
        }
        assert!(all.iter().all(|request| request["requester_customer_guid"] == world::OTHER));
        assert!(vera.outbox("").await.is_empty());
        assert_eq!(vera.inbox().await.len(), 2, "one from each, and none of Saperix");
    }

    async fn every_route_wants_a_token(app) {
        for (route, method) in token_routes() {
            let path = route.path.replace("{guid}", world::EMMA);
            let bare = app.http().request(method.clone(), format!("{}{path}", app.base()));
            let wrong = app.client("nobody-at-all").request(method.clone(), &path);
            for request in [bare, wrong] {
                let reply = reply(if method == Method::GET { request } else { request.json(&body(UNKNOWN)) }).await;
                assert_eq!(reply.status, 401, "{method} {path}: {}", reply.text);
                assert_eq!(reply.json["code"], "unauthenticated");
                assert!(reply.header("www-authenticate").contains("bitsight"), "{method} {path}");
            }
        }
    }
}
