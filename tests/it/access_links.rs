//! Access links: keeping them, checking their tokens, asking to be invited, and what an administrator answers.

use liaison_testkit::domain::{Guid, ids};
use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::operations::access_links::{self, Ask, Asked};
use liaison_testkit::operations::{Error, Result};
use liaison_testkit::{Client, Method, Reply, TestApp, Value, json, on_both, reply, world};
use tokio::task::JoinSet;

use crate::fields;

const LINKS: &str = "/ratings/v1/client-access-links";
const VALIDATE: &str = "/ratings/v1/access-requests/self-access/validate-token";
const BULK: &str = "/ratings/v1/access-requests/bulk";

async fn delete(client: &Client, guid: &str) -> Reply {
    reply(client.request(Method::DELETE, &format!("{LINKS}/{guid}"))).await
}

async fn make(client: &Client, name: &str) -> String {
    let made = client.post(LINKS, &json!({"name": name, "scope": "tprm"})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json["guid"].as_str().unwrap().to_owned()
}

fn wish(link: &str, email: &str) -> Ask {
    Ask {
        link_guid: ids::parse_guid(link).unwrap(),
        formal_name: "Ann Perry".to_owned(),
        email: email.to_owned(),
        phone: "+1 555 0123".to_owned(),
        message: "We would like to see what you see.".to_owned(),
        company_name: "Saperix".to_owned(),
    }
}

async fn ask(app: &TestApp, link: &str, email: &str) -> Result<Asked> {
    app.app().ask(wish(link, email)).await
}

/// Asks, and gives the request as the outbox of `client` shows it.
async fn asked(app: &TestApp, client: &Client, link: &str, email: &str) -> Value {
    ask(app, link, email).await.unwrap();
    let waiting = client.outbox("?status=Requested").await;
    let found = waiting.into_iter().find(|request| request["requestee_email"] == email);
    found.unwrap_or_else(|| panic!("{email} does not wait"))
}

async fn valid(client: &Client, token: &str) -> Value {
    let answer = client.post(VALIDATE, &json!({"token": token})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

async fn mails_of_kind(app: &TestApp, kind: &str) -> Vec<String> {
    let mails = app.mails().await;
    let of_kind = mails.into_iter().filter(|mail| mail.kind == kind);
    of_kind.map(|mail| mail.recipient).collect()
}

/// Code and text of a refused wish.
fn refusal(outcome: &Result<Asked>) -> String {
    match outcome {
        Err(Error::Refused(refusal)) => format!("{}: {refusal}", refusal.code()),
        other => panic!("not refused: {other:?}"),
    }
}

fn guid(value: &Value) -> &str {
    value["guid"].as_str().unwrap()
}

on_both! {
    async fn a_link_from_beginning_to_end(app) {
        let (emma, _) = app.pair();
        let body = json!({"name": " Suppliers ", "description": "On our web page", "is_active": true, "scope": "tprm"});
        let made = emma.post(LINKS, &body).await;
        let link = made.json["guid"].as_str().unwrap().to_owned();
        let emma_now = json!({"guid": world::EMMA, "formal_name": "Emma Waters", "email": "emma@blueseas.com"});
        let first = json!({
            "guid": link, "link": format!("https://liaison.test/join?token={link}"), "name": "Suppliers",
            "description": "On our web page", "is_active": true, "scope": "tprm",
            "created_time": "2026-11-12T09:00:00.000000Z", "updated_time": "2026-11-12T09:00:00.000000Z",
            "created_by": emma_now, "updated_by": emma_now
        });
        assert_eq!((made.status, &made.json), (201, &first));
        assert_eq!(&link[14..15], "4", "the guid opens something: it has to be random in full");
        let one = |item: &Value| json!({"links": {"next": null, "previous": null}, "count": 1, "results": [item]});
        assert_eq!(emma.get(LINKS).await.json, one(&first));
        app.clock.advance(std::time::Duration::from_millis(1500));
        let company = app.client(world::CLIENT_COMPANY);
        let same = company.patch(&format!("{LINKS}/{link}"), &json!({"name": "Suppliers", "scope": "other"})).await;
        assert_eq!((same.status, &same.json), (200, &first), "a change that changes nothing");
        let changed = company.patch(&format!("{LINKS}/{}", link.to_uppercase()), &json!({"is_active": false})).await;
        let mut second = first.clone();
        second["is_active"] = json!(false);
        second["updated_time"] = json!("2026-11-12T09:00:01.500000Z");
        second["updated_by"] = json!({"guid": changed.json["updated_by"]["guid"], "formal_name": "Blue Seas"});
        assert_eq!((changed.status, &changed.json), (200, &second));
        assert_eq!(emma.get(LINKS).await.json, one(&second));
        let gone = delete(&emma, &link).await;
        assert_eq!((gone.status, gone.text.as_str()), (204, ""));
        assert_eq!(delete(&emma, &link).await.error(), "404 not_found: Not found.");
        assert_eq!(emma.get(LINKS).await.json["count"], 0);
    }

    async fn who_may_do_what(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "One").await;
        let path = format!("{LINKS}/{link}");
        for token in [world::CLIENT_MANAGER, world::CLIENT_READER] {
            let client = app.client(token);
            assert_eq!(client.get(LINKS).await.json["count"], 1, "{token}");
            for refused in [
                client.post(LINKS, &json!({"name": "Two"})).await,
                client.patch(&path, &json!({"name": "Two"})).await,
                delete(&client, &link).await,
            ] {
                assert_eq!(
                    refused.error(),
                    "403 forbidden: You do not have permission to perform this action.", "{token}"
                );
            }
        }
        assert_eq!(app.client(world::CLIENT_COMPANY).post(LINKS, &json!({"name": "Two"})).await.status, 201);
    }

    async fn the_links_of_others_do_not_exist(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "One").await;
        let before = emma.get(LINKS).await.json;
        for client in [app.client(world::OTHER_ADMIN), vera] {
            assert_eq!(client.get(LINKS).await.json["count"], 0);
            for guid in [link.as_str(), world::EMMA, "nonsense"] {
                let path = format!("{LINKS}/{guid}");
                let there = client.patch(&path, &json!({"name": "Mine", "is_active": false})).await;
                assert_eq!(there.error(), "404 not_found: Not found.", "{guid}");
                assert_eq!(delete(&client, guid).await.error(), "404 not_found: Not found.", "{guid}");
            }
        }
        assert_eq!(emma.get(LINKS).await.json, before);
    }

    async fn pages_of_links(app) {
        let (emma, _) = app.pair();
        for number in 0..5 {
            make(&emma, &format!("Link {number}")).await;
        }
        let names = |page: &Value| -> Vec<String> {
            let links = page["results"].as_array().unwrap();
            links.iter().map(|link| link["name"].as_str().unwrap().to_owned()).collect()
        };
        let mut seen = Vec::new();
        let mut next = Some(format!("https://liaison.test{LINKS}?x=%26&limit=2"));
        while let Some(url) = next {
            let path = url.strip_prefix("https://liaison.test").unwrap();
            let page = emma.get(path).await.json;
            assert_eq!(page["count"], 5);
            seen.extend(names(&page));
            next = page["links"]["next"].as_str().map(str::to_owned);
        }
        seen.sort();
        assert_eq!(seen, ["Link 0", "Link 1", "Link 2", "Link 3", "Link 4"]);
        let middle = emma.get(&format!("{LINKS}?limit=2&offset=1&x=%26")).await.json;
        assert_eq!(middle["links"], json!({
            "next": "https://liaison.test/ratings/v1/client-access-links?x=%26&limit=2&offset=3",
            "previous": "https://liaison.test/ratings/v1/client-access-links?x=%26&limit=2&offset=0"
        }));
        for (query, rows) in [("?limit=0", 1), ("?limit=1000000", 5), ("?offset=5", 0), ("?offset=9223372036854775807", 0)] {
            assert_eq!(names(&emma.get(&format!("{LINKS}{query}")).await.json).len(), rows, "{query}");
        }
    }

    async fn a_wrong_body_is_answered_with_a_list(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "One").await;
        let path = format!("{LINKS}/{link}");
        let long = "\u{e9}".repeat(256);
        for (body, field, detail) in [
            (json!({}), "name", "name: is required"),
            (json!({"name": "  "}), "name", "name: is required"),
            (json!({"name": long}), "name", "name: at most 255 characters"),
            (json!({"name": "a\0b"}), "name", "name: must not contain NUL characters"),
            (json!({"name": 5}), "name", "name: must be a string"),
            (json!({"name": "a", "description": long}), "description", "description: at most 255 characters"),
            (json!({"name": "a", "scope": long}), "scope", "scope: at most 255 characters"),
            (json!({"name": "a", "is_active": "yes"}), "is_active", "is_active: must be true or false"),
            (json!({"body": {"name": 5}}), "body.name", "body.name: must be a string"),
            (json!([]), "body", "body: must be an object"),
        ] {
            let refused = emma.post(LINKS, &body).await;
            let expected = json!({"errors": [{"detail": detail, "code": "invalid_field", "field": field}]});
            assert_eq!((refused.status, refused.json), (400, expected), "{body}");
        }
        let refused = emma.patch(&path, &json!({"name": ""})).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["detail"]), (400, &json!("name: is required")));
        let refused = emma.post_text(LINKS, "{").await;
        assert_eq!((refused.status, &refused.json["errors"][0]["code"]), (400, &json!("malformed_json")));
        let refused = emma.get(&format!("{LINKS}?limit=ten")).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (400, &json!("limit")));
        let problem = emma.request(Method::POST, LINKS).header("accept", "application/problem+json").json(&json!({}));
        assert_eq!(reply(problem).await.json["status"], 400);
        assert_eq!(emma.get(LINKS).await.json["count"], 1);
        let longest = json!({"body": {"name": &long[2..], "description": &long[2..], "scope": &long[2..]}});
        assert_eq!(emma.post(LINKS, &longest).await.status, 201);
    }

    async fn a_token_is_checked_in_every_shape(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "One").await;
        let yes = json!({"valid": true, "scope": "tprm"});
        for client in [&emma, &vera] {
            let form = reqwest::multipart::Form::new().text("other", "x").text("token", link.clone());
            let in_parts = client.request(Method::POST, VALIDATE).multipart(form);
            let plain = client.request(Method::POST, VALIDATE)
                .header("content-type", "application/x-www-form-urlencoded").body(format!("token={link}"));
            let as_json = client.request(Method::POST, VALIDATE).json(&json!({"token": link.to_uppercase()}));
            for request in [in_parts, plain, as_json] {
                let answer = reply(request).await;
                assert_eq!((answer.status, answer.json), (200, yes.clone()));
            }
        }
        for (body, media_type, error) in [
            ("", "application/json", "400 invalid_field: token: is required"),
            ("{}", "application/json", "400 invalid_field: token: is required"),
            ("x=1", "application/x-www-form-urlencoded", "400 invalid_field: token: is required"),
            ("x", "text/plain", "415 unsupported_media_type: Send the field token as multipart/form-data, as a form or as JSON."),
        ] {
            let request = emma.request(Method::POST, VALIDATE).header("content-type", media_type).body(body);
            assert_eq!(reply(request).await.error(), error, "{media_type}");
        }
        for broken in ["--b\r\n", "nothing", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nx"] {
            let request = emma.request(Method::POST, VALIDATE)
                .header("content-type", "multipart/form-data; boundary=b").body(broken);
            let answer = reply(request).await;
            assert_eq!((answer.status, &answer.json["code"]), (400, &json!("invalid_field")), "{broken}");
        }
    }

    async fn what_is_no_token_of_an_open_link(app) {
        let (emma, vera) = app.pair();
        let no = json!({"valid": false, "scope": null});
        let link = make(&emma, "One").await;
        for wrong in ["", "nonsense", world::EMMA, &link[1..]] {
            assert_eq!(valid(&emma, wrong).await, no, "{wrong}");
        }
        let path = format!("{LINKS}/{link}");
        emma.patch(&path, &json!({"is_active": false})).await;
        assert_eq!(valid(&emma, &link).await, no);
        assert!(matches!(ask(app, &link, "ann@saperix.example").await, Err(Error::NotFound)));
        emma.patch(&path, &json!({"is_active": true})).await;
        assert_eq!(valid(&emma, &link).await["valid"], true);
        app.set_customer_active(world::CLIENT, false).await;
        assert_eq!(valid(&vera, &link).await, no);
        assert!(matches!(ask(app, &link, "ann@saperix.example").await, Err(Error::NotFound)));
        app.set_customer_active(world::CLIENT, true).await;
        let request = asked(app, &emma, &link, "ann@saperix.example").await;
        delete(&emma, &link).await;
        assert_eq!(valid(&emma, &link).await, no);
        assert!(matches!(ask(app, &link, "bob@saperix.example").await, Err(Error::NotFound)));
        assert_eq!(emma.sent(guid(&request)).await, request, "what came through the link stays");
        assert_eq!(emma.change(guid(&request), "Approved").await.json["status"], "Pending");
    }

    async fn asked_approved_and_accepted(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "Suppliers").await;
        app.clock.advance_days(1);
        let told = ask(app, &link, " Ann@saperix.example ").await.unwrap();
        assert_eq!(told, Asked {
            company_name: "Blue Seas International".to_owned(), email: "Ann@saperix.example".to_owned()
        });
        let request = emma.outbox("?reason=self_requested").await.remove(0);
        fields::check(&request);
        for (field, value) in [
            ("status", json!("Requested")), ("reason", json!("self_requested")), ("requester_guid", json!(world::EMMA)),
            ("requester_company_guid", json!(world::BLUE_SEAS)), ("requestee_email", json!("Ann@saperix.example")),
            ("requestee_formal_name", json!("Ann Perry")), ("requestee_friendly_name", json!("Ann")),
            ("requestee_last_name", json!("Perry")), ("requestee_company_guid", json!(world::SAPERIX)),
            ("requestee_company_name", json!("Saperix")), ("requestee_phone", json!("+1 555 0123")),
            ("message", json!("We would like to see what you see.")), ("created_date", json!("2026-11-13")),
            ("can_resend_email", json!(false)), ("read", json!(false)), ("trial_duration", json!(30)),
        ] {
            assert_eq!(request[field], value, "{field}");
        }
        assert_eq!(mails_of_kind(app, "link_used").await, ["emma@blueseas.com"]);
        assert_eq!(app.mails().await.len(), 1, "nobody else hears of it");
        assert!(vera.inbox().await.is_empty() && app.client(world::OTHER_ADMIN).outbox("").await.is_empty());
        let counts = emma.counts("").await;
        assert_eq!((&counts["total"], &counts["status"]["Pending"]), (&json!(1), &json!(0)));
        let path = format!("/liaison/v1/access-requests/{}/resend", guid(&request));
        let resent = emma.post(&path, &json!({})).await;
        assert_eq!((resent.status, &resent.json["code"]), (409, &json!("not_resendable")));

        app.clock.advance_days(20);
        let approved = app.client(world::CLIENT_MANAGER).change(guid(&request), "approved").await;
        assert_eq!((approved.status, &approved.json["status"]), (200, &json!("Pending")));
        assert_eq!(approved.json["email_sent_date"], "2026-12-03");
        assert_eq!(mails_of_kind(app, "activation").await, ["Ann@saperix.example"]);
        assert_eq!(emma.change(guid(&request), "Approved").await.error(), "400 status_conflict: Unable to update status.");
        let token = app.activation_for("Ann@saperix.example").await.link_token();
        let page = app.http().get(format!("{}/i/{token}", app.base())).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("Ann Perry") && !page.contains("We would like to see"), "her own words are not Emma's");
        app.accepted(&token, "Ann Perry").await;
        let open = emma.sent(guid(&request)).await;
        assert_eq!((&open["status"], &open["reason"]), (&json!("Active"), &json!("self_requested")));
        assert_eq!(app.guest("Ann@saperix.example").await.inbox().await.len(), 1);
    }

    async fn who_has_an_account_is_in_at_once(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "vera@blackhills.com").await;
        assert_eq!(request["context"]["rating"], 710, "the company is in the portfolio");
        let reply = emma.post(BULK, &json!([{"guid": guid(&request), "status": "Approved"}])).await;
        assert_eq!(reply.json, json!({"modified": [{"guid": guid(&request), "status": "Active"}], "not_modified": []}));
        let open = emma.sent(guid(&request)).await;
        fields::check(&open);
        assert_eq!((&open["status"], &open["requestee_tos_date"]), (&json!("Active"), &json!("2024-05-06")));
        assert_eq!(mails_of_kind(app, "introduction").await, ["vera@blackhills.com"]);
        assert!(mails_of_kind(app, "activation").await.is_empty());
        assert_eq!(vera.inbox().await.len(), 1);
        app.clock.advance_days(400);
        assert_eq!(emma.sent(guid(&request)).await["status"], "Active", "a full account has no trial clock");
    }

    async fn a_guest_comes_back_through_a_link(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&app.client(world::OTHER_ADMIN), &to_saperix("ann")).await;
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "ANN@saperix.example").await;
        assert_eq!(emma.change(guid(&request), "Approved").await.json["status"], "Active");
        app.clock.advance_days(30);
        assert_eq!(emma.sent(guid(&request)).await["status"], "Inactive", "a guest's trial ends");
    }

    async fn turned_down(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "new@blackhills.com").await;
        let mails = app.mails().await.len();
        assert_eq!(emma.change(guid(&request), "Rejected").await.json["status"], "Rejected");
        assert_eq!(emma.change(guid(&request), "Rejected").await.status, 200, "again");
        assert_eq!(emma.change(guid(&request), "Approved").await.error(), "400 status_conflict: Unable to update status.");
        assert_eq!((app.mails().await.len(), vera.inbox().await.len()), (mails, 0));
        assert_eq!(emma.outbox("?status=Rejected").await.len(), 1);
        let again = asked(app, &emma, &link, "new@blackhills.com").await;
        assert_ne!(again["guid"], request["guid"], "who was turned down may ask again");
        assert_eq!(emma.change(guid(&again), "Resolved").await.json["status"], "Resolved");
        assert!(vera.inbox().await.is_empty(), "what was closed unapproved reached nobody");
        let approved = asked(app, &emma, &link, "new@blackhills.com").await;
        app.clock.advance_days(1);
        for status in ["Approved", "Resolved"] {
            emma.change(guid(&approved), status).await;
        }
        assert_eq!(vera.inbox().await.len(), 1);
    }

    async fn foreign_hands_change_nothing(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "vera@blackhills.com").await;
        for client in [&vera, &app.client(world::OTHER_ADMIN)] {
            for status in ["Approved", "Rejected", "Resolved"] {
                assert_eq!(client.change(guid(&request), status).await.error(), "404 not_found: Not found.");
            }
            let unknown = client.get("/ratings/v1/access-requests/received/b0000000-0000-4000-8000-00000000ffff").await;
            let there = client.get(&format!("/ratings/v1/access-requests/received/{}", guid(&request))).await;
            assert_eq!((there.status, there.text), (unknown.status, unknown.text));
        }
        assert_eq!(app.client(world::CLIENT_READER).change(guid(&request), "Approved").await.status, 403);
        assert_eq!(emma.sent(guid(&request)).await, request);
    }

    async fn wishes_that_are_refused(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let good = || wish(&link, "ann@saperix.example");
        let none = "invalid_field: email: has a domain that no company of the inventory has; ask with the address that \
                    your company gave you";
        let own = "invalid_field: email: belongs to the company that this link is of; ask with an address of another one";
        let email = |email: &str| Ask { email: email.to_owned(), ..good() };
        for (wish, refused) in [
            (Ask { formal_name: " ".into(), ..good() }, "invalid_field: formal_name: is required"),
            (Ask { formal_name: "x".repeat(256), ..good() }, "invalid_field: formal_name: at most 255 characters"),
            (Ask { formal_name: "a\0".into(), ..good() }, "invalid_field: formal_name: must not contain NUL characters"),
            (Ask { phone: "1".repeat(65), ..good() }, "invalid_field: phone: at most 64 characters"),
            (Ask { company_name: "x".repeat(256), ..good() }, "invalid_field: company_name: at most 255 characters"),
            (Ask { message: "x".repeat(10_001), ..good() }, "invalid_field: message: at most 10000 characters"),
            (Ask { message: "\0".into(), ..good() }, "invalid_field: message: must not contain NUL characters"),
            (email(""), "invalid_field: email: is not an e-mail address"),
            (email("ann"), "invalid_field: email: is not an e-mail address"),
            (email("ann@free-mail.example"), none),
            (email("ann@notsaperix.example"), none),
            (email("ann@saperix.example.evil.test"), none),
            (email("ann@evil.github.io"), none),
            (email("ann@hidden.example"), none),
            (email("otto@blueseas.com"), own),
            (email("otto@eu.blueseas.com"), own),
        ] {
            assert_eq!(refusal(&app.app().ask(wish.clone()).await), refused, "{wish:?}");
        }
        assert!(emma.outbox("").await.is_empty() && app.mails().await.is_empty());
        let most = Ask { formal_name: "\u{e9}".repeat(255), message: "\u{e9}".repeat(10_000), ..good() };
        app.app().ask(most).await.unwrap();
    }

    async fn the_company_is_the_one_of_the_domain(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let twin = "b0000000-0000-4000-8000-0000000000a1";
        let branch = "b0000000-0000-4000-8000-0000000000a2";
        app.import(&json!({"companies": [
            {"guid": twin, "name": "Saperix Twin", "primary_domain": "saperix.example", "type": "CURATED"},
            {"guid": branch, "name": "Saperix Branch", "primary_domain": "eu.saperix.example", "type": "CURATED"}
        ]})).await;
        for (email, company_name, found) in [
            ("a@saperix.example", "", world::SAPERIX),
            ("b@saperix.example", "SAPERIX TWIN", twin),
            ("c@mail.eu.saperix.example", "Saperix", branch),
            ("d@us.saperix.example", "Saperix", world::SAPERIX),
            ("e@xn--bcher-kva.example", "", world::HOSTED),
            ("f@stranger.example", "", world::STRANGER),
        ] {
            let wish = Ask { company_name: company_name.to_owned(), ..wish(&link, email) };
            app.app().ask(wish).await.unwrap();
            let waiting = emma.outbox("?status=Requested").await;
            let request = waiting.iter().find(|request| request["requestee_email"] == email).unwrap();
            assert_eq!(request["requestee_company_guid"], found, "{email}");
        }
        let stranger = emma.outbox(&format!("?company_guid={}", world::STRANGER)).await.remove(0);
        let approved = emma.change(guid(&stranger), "Approved").await;
        assert_eq!(approved.json["status"], "Pending", "the company need not be in the portfolio");
    }

    async fn asking_again_makes_nothing_new(app) {
        let (emma, _) = app.pair();
        let (one, two) = (make(&emma, "One").await, make(&emma, "Two").await);
        let first = ask(app, &one, "ann@saperix.example").await.unwrap();
        for link in [&one, &two] {
            assert_eq!(ask(app, link, "ann@saperix.example").await.unwrap(), first);
            assert!(ask(app, link, "ANN@Saperix.Example").await.is_ok());
        }
        assert_eq!((emma.outbox("").await.len(), app.mails().await.len()), (1, 1));
        let elsewhere = make(&app.client(world::OTHER_ADMIN), "Elsewhere").await;
        ask(app, &elsewhere, "ann@saperix.example").await.unwrap();
        let of_other = app.client(world::OTHER_ADMIN).outbox("").await;
        assert_eq!((of_other.len(), emma.outbox("").await.len()), (1, 1), "each customer has its own");
        assert_eq!(of_other[0]["trial_duration"], 60);
    }

    async fn fifty_at_once_make_one(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let mut asking = JoinSet::new();
        for number in 0..50 {
            let email = if number % 2 == 0 { "ann@saperix.example" } else { "Ann@SAPERIX.example" };
            let (app, wish) = (app.app().clone(), wish(&link, email));
            asking.spawn(async move { app.ask(wish).await });
        }
        while let Some(outcome) = asking.join_next().await {
            outcome.unwrap().unwrap();
        }
        assert_eq!((emma.outbox("").await.len(), app.mails().await.len()), (1, 1));
    }

    async fn there_is_an_end_to_waiting(app) {
        let (emma, _) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let (env, now) = (app.app().env.clone(), app.app().now());
        let wishes: Vec<Ask> = (0..500).map(|number| wish(&link, &format!("p{number}@saperix.example"))).collect();
        let fill = move |tx: &mut liaison_db::Tx<'_>| {
            wishes.iter().try_for_each(|wish| access_links::ask(tx, &env, now, wish).map(|_| ()))
        };
        app.app().db.write(fill).await.unwrap();
        for email in ["one-more@saperix.example", "p7@saperix.example"] {
            assert_eq!(
                refusal(&ask(app, &link, email).await),
                "too_many_waiting: Too many people wait for an answer of this company; try again in a few days."
            );
        }
        let first = emma.outbox("?status=Requested").await.remove(0);
        emma.change(guid(&first), "Rejected").await;
        ask(app, &link, "one-more@saperix.example").await.unwrap();
    }

    async fn in_whose_name_it_stands(app) {
        let (emma, _) = app.pair();
        let by_company = make(&app.client(world::CLIENT_COMPANY), "Company").await;
        let request = asked(app, &emma, &by_company, "ann@saperix.example").await;
        let name = |request: &Value| (request["requester_formal_name"].clone(), request["requester_email"].clone());
        assert_eq!(name(&request), (json!("Blue Seas"), json!("")));
        let of_user = make(&emma, "User").await;
        app.set_user_active(world::CLIENT, "emma@blueseas.com", false).await;
        let manager = app.client(world::CLIENT_MANAGER);
        let request = asked(app, &manager, &of_user, "bob@saperix.example").await;
        assert_eq!(name(&request), (json!("Blue Seas"), json!("")));
        assert_eq!(mails_of_kind(app, "link_used").await, ["emma@blueseas.com"], "only of the time when she was there");
        assert_eq!(manager.change(guid(&request), "Approved").await.json["status"], "Pending");
    }

    async fn nobody_is_let_in_who_was_switched_off(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let guests = app.customers().await.into_iter().find(|customer| customer.kind == "Vendor Access").unwrap().guid;
        app.set_user_active(&guests.to_string(), "ann@saperix.example", false).await;
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "ann@saperix.example").await;
        let before = (app.mails().await.len(), events(app).await);
        assert_eq!(
            emma.change(guid(&request), "Approved").await.error(),
            "400 invalid_field: requestee_email: belongs to an account that is switched off on this server"
        );
        let wishes = json!([{"guid": guid(&request), "status": "Approved"}]);
        let unable = json!({"modified": [], "not_modified": [
            {"guid": guid(&request), "message": "Unable to update status."}]});
        assert_eq!(emma.post(BULK, &wishes).await.json, unable);
        assert_eq!((app.mails().await.len(), events(app).await), before, "nothing is left of what was refused");
        assert_eq!(emma.sent(guid(&request)).await["status"], "Requested");
    }

    async fn what_is_approved_reaches_the_contacts_of_the_company(app) {
        let (emma, vera) = app.pair();
        let link = make(&emma, "Suppliers").await;
        let request = asked(app, &emma, &link, "new@blackhills.com").await;
        emma.invited(&to_vera()).await;
        assert_eq!(vera.inbox().await.len(), 1);
        emma.change(guid(&request), "Approved").await;
        assert_eq!(vera.inbox().await.len(), 2);
        assert_eq!(mails_of_kind(app, "notice").await, ["vera@blackhills.com"]);
    }
}

async fn events(app: &TestApp) -> i64 {
    let count = |tx: &mut liaison_db::Tx<'_>| {
        tx.one("select count(*) from events", &[], |row| row.get::<i64>(0))
            .map_err(Error::from)
    };
    app.app().db.read(count).await.unwrap()
}

/// The guid of a link is the key to it: two of them share nothing but version and variant.
#[test]
fn guids_of_links_are_random() {
    struct Counting(std::sync::atomic::AtomicU8);
    impl ids::Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            let byte = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            buffer.fill(byte);
        }
    }
    let entropy = Counting(std::sync::atomic::AtomicU8::new(0xa5));
    let guids: [Guid; 2] = [ids::random_guid(&entropy), ids::random_guid(&entropy)];
    assert_eq!(guids[0].to_string(), "a5a5a5a5-a5a5-45a5-a5a5-a5a5a5a5a5a5");
    assert_eq!(guids[1].get_version_num(), 4);
    assert_ne!(guids[0], guids[1]);
}
