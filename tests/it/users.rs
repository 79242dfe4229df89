//! Users through the API: found, filtered, sorted, made, changed, removed; and that nobody sees those of others.

use std::time::Duration;

use liaison_testkit::invitations::{to_saperix, to_vera, with};
use liaison_testkit::{Client, Method, Reply, TestApp, Value, json, on_both, reply, world};

const USERS: &str = "/v2/users";
const OTTO: &str = "e0000000-0000-4000-8000-000000000004";
const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

fn user(email: &str) -> Value {
    json!({"user": {"email": email, "formal_name": "Nora Quay"}})
}

/// The first names of a page, in its order.
async fn names(client: &Client, query: &str) -> String {
    let page = client.get(&format!("{USERS}{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text);
    let rows = page.json["results"].as_array().unwrap().iter();
    let names: Vec<&str> = rows.map(|row| row["friendly_name"].as_str().unwrap()).collect();
    names.join(" ")
}

async fn made(client: &Client, body: &Value) -> Value {
    let made = client.post(USERS, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json
}

async fn delete(client: &Client, guid: &str) -> Reply {
    reply(client.request(Method::DELETE, &format!("{USERS}/{guid}"))).await
}

fn path(user: &Value) -> String {
    format!("{USERS}/{}", user["guid"].as_str().unwrap())
}

/// How many welcome mails went to an address, and whether the last one still waits.
async fn welcomes(app: &TestApp, email: &str) -> (usize, String) {
    let mails = app.mails().await;
    let to: Vec<_> = mails
        .iter()
        .filter(|mail| mail.kind == "welcome" && mail.recipient == email)
        .collect();
    (to.len(), to.last().map(|mail| mail.state.clone()).unwrap_or_default())
}

on_both! {
    async fn filters_and_order(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let (one, two) = (world::GROUP_ONE, world::GROUP_TWO);
        for (query, expected) in [
            ("?sort=formal_name", "Emma Mark Nils Rita"),
            ("?sort=-formal_name", "Rita Nils Mark Emma"),
            ("?sort=-email", "Rita Nils Mark Emma"),
            ("?sort=guid", "Emma Mark Rita Nils"),
            ("?sort=status,formal_name", "Emma Mark Rita Nils"),
            ("?sort=-group.name,formal_name", "Mark Nils Emma Rita"),
            ("?sort=group__name,-formal_name", "Rita Emma Nils Mark"),
            ("?sort=joined_time,last_login_time,formal_name", "Emma Mark Nils Rita"),
            ("?q=SHORE", "Mark"),
            ("?q=rita@", "Rita"),
            ("?q=_", ""),
            ("?q=%25", ""),
            ("?email=EMMA@blueseas.com", "Emma"),
            ("?email=emma@blueseas", ""),
            ("?email=%00", ""),
            ("?email_q=BLUESEAS&sort=email", "Emma Mark Nils Rita"),
            ("?formal_name_q=ree", "Rita"),
            ("?formal_name_q=blueseas", ""),
            ("?status=created", "Nils"),
            ("?status=Activated,Created&sort=email", "Emma Mark Nils Rita"),
            ("?status=Deleted", ""),
            ("?roles.slug=customer_admin,customer_user&sort=email", "Emma Nils Rita"),
            ("?roles__slug=vrm_admin", ""),
            (&format!("?group.guid={one}"), "Emma"),
            (&format!("?group.guid={two},{one}&sort=email"), "Emma Mark Nils"),
            ("?group.guid=null", "Rita"),
            (&format!("?group__guid=null,{one}&sort=email"), "Emma Rita"),
            ("?group.guid=nonsense", ""),
            (&format!("?guid={},{}&sort=email", world::MARK, world::EMMA), "Emma Mark"),
            (&format!("?guid={OTTO}"), ""),
            ("?guid=current", "Emma"),
            (&format!("?guid=current,{}&sort=email", world::RITA), "Emma Rita"),
            ("?is_preferred_contact=true", ""),
            ("?is_preferred_contact=False&sort=email", "Emma Mark Nils Rita"),
            ("?is_available_for_contact=true", ""),
            ("?is_available_for_contact=false&sort=email", "Emma Mark Nils Rita"),
            ("?is_company_api_token=true", "company"),
            ("?is_company_api_token=true&status=Created", ""),
            ("?limit=1&offset=2&sort=email", "Nils"),
            ("?offset=4", ""),
        ] {
            assert_eq!(names(&emma, query).await, expected, "{query}");
        }
        let vera = app.client(world::VENDOR_ADMIN);
        assert_eq!(names(&vera, "?is_preferred_contact=true").await, "Vera");
        for (query, field) in [
            ("sort=name", "sort"), ("sort=-", "sort"), ("limit=x", "limit"), ("offset=-1", "offset"),
            ("is_company_api_token=1", "is_company_api_token"), ("is_preferred_contact=maybe", "is_preferred_contact"),
        ] {
            let refused = emma.get(&format!("{USERS}?{query}")).await;
            assert_eq!((refused.status, refused.json["field"].as_str()), (400, Some(field)), "{query}: {}", refused.text);
        }
    }

    async fn pages_and_fields(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let page = emma.get("/customer-api/v2/users/?limit=2&sort=email&fields=email,guid,nonsense&fields=status").await.json;
        assert_eq!(page["count"], 4);
        assert_eq!(page["results"][0], json!({"email": "emma@blueseas.com", "guid": world::EMMA, "status": "Activated"}));
        let next = page["links"]["next"].as_str().unwrap().strip_prefix("https://liaison.test").unwrap();
        let next = emma.get(next).await.json;
        assert_eq!(next["results"][1]["email"], "rita@blueseas.com");
        assert_eq!((&next["links"]["next"], next["results"][0].as_object().unwrap().len()), (&Value::Null, 3));
        let one = emma.get(&format!("{USERS}/current?fields=guid")).await.json;
        assert_eq!(one, json!({"guid": world::EMMA}));
    }

    async fn nobody_sees_the_users_of_others(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        assert_eq!(names(&otto, "?q=e").await, "Otto");
        for path in [format!("{USERS}/{OTTO}"), format!("/v1/users/{OTTO}")] {
            assert_eq!(emma.get(&path).await.text, emma.get(&path.replace(OTTO, UNKNOWN)).await.text);
            assert_eq!(emma.get(&path).await.status, 404);
        }
        let group = json!({"user": {"group": {"guid": world::GROUP_ONE}}});
        let refused = otto.patch(&format!("{USERS}/current"), &group).await;
        assert_eq!((refused.status, &refused.json["group"]), (200, &Value::Null), "rights are not one's own to set");
        let refused = otto.patch(&format!("{USERS}/{OTTO}"), &group).await;
        assert_eq!(refused.error(), "400 invalid_field: user.group.guid: is not a group of this account");
        let unknown = json!({"user": {"group": {"guid": UNKNOWN}}});
        assert_eq!(otto.patch(&format!("{USERS}/{OTTO}"), &unknown).await.text, refused.text);
        let entities = json!({"user": {"preferred_contact_for_entities": [world::BLUE_SEAS]}});
        let refused = otto.patch(&format!("{USERS}/{OTTO}"), &entities).await;
        assert_eq!(refused.json["field"], "user.preferred_contact_for_entities[0]");
        made(&otto, &user("emma@blueseas.com")).await;
        assert_eq!(emma.get(USERS).await.json["count"], 4, "an address is unique in a customer, not on the server");
    }

    async fn guests_see_themselves_alone(app) {
        let (emma, otto) = (app.client(world::CLIENT_ADMIN), app.client(world::OTHER_ADMIN));
        app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        app.invited_and_accepted(&otto, &to_saperix("bob")).await;
        let ann = app.guest("ann@saperix.example").await;
        let page = ann.get(USERS).await.json;
        assert_eq!((&page["count"], &page["results"][0]["email"]), (&json!(1), &json!("ann@saperix.example")));
        assert_eq!(ann.get(&format!("{USERS}?is_company_api_token=true")).await.json["count"], 0);
        assert_eq!(ann.get("/v1/users?show_all=true").await.json.as_array().unwrap().len(), 1);
        assert_eq!(ann.get("/v1/users/quota").await.json["total_user_count"], 1);
        let bob = app.guest("bob@saperix.example").await.get(&format!("{USERS}/current")).await.json;
        assert_eq!(ann.get(&path(&bob)).await.status, 404);
        assert_eq!(ann.post(USERS, &user("nora@saperix.example")).await.status, 403);
        let own = ann.patch(&format!("{USERS}/current"), &json!({"user": {"formal_name": "Ann Perry"}})).await;
        assert_eq!(own.json["formal_name"], "Ann Perry");
    }

    async fn a_user_is_made_mailed_and_comes_in(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let nora = made(&emma, &json!({"user": {
            "email": "Nora@blueseas.com", "formal_name": "  Nora   Quay ", "friendly_name": "", "landing_page": "TPRM",
            "roles": [{"slug": "customer_group_admin", "name": "whatever"}], "is_available_for_contact": true,
            "preferred_contact_for_entities": [world::BLUE_SEAS], "status": "Activated", "guid": OTTO, "unknown": [],
        }})).await;
        let facts = ["email", "formal_name", "friendly_name", "landing_page", "status", "is_available_for_contact"];
        let facts = facts.map(|fact| nora[fact].clone());
        assert_eq!(json!(facts), json!(["Nora@blueseas.com", "Nora Quay", "Nora", "TPRM", "Created", true]));
        assert_eq!(nora["roles"], json!([{"name": "Group Admin", "slug": "customer_group_admin"}]));
        assert_eq!(nora["group"]["guid"], world::GROUP_ONE, "the default group");
        assert_eq!(nora["preferred_contact_for_entities"], json!([world::BLUE_SEAS]));
        assert_eq!(emma.get(&path(&nora)).await.json, nora);
        assert_eq!(welcomes(app, "Nora@blueseas.com").await, (1, "kept".to_owned()));
        let resend = format!("{}/resend-activation-email", path(&nora));
        let soon = emma.post(&resend, &json!({})).await;
        assert_eq!((soon.status, soon.header("retry-after"), soon.json["code"].as_str()), (429, "300", Some("resend_too_soon")));
        app.clock.advance(Duration::from_secs(300));
        assert_eq!(emma.post(&resend, &Value::Null).await.json, nora);
        assert_eq!(welcomes(app, "Nora@blueseas.com").await.0, 2);
        let mails = app.mails().await;
        let (_, link) = mails.last().unwrap().text().split_once("https://liaison.test/password").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let link = format!("/password{}", link.split_whitespace().next().unwrap());
        let set = app.browser().submit(&link, &link, &[("password", "a horse of my own")]).await;
        assert_eq!(set.status, 303, "{}", set.text);
        let nora = emma.get(&path(&nora)).await.json;
        assert_eq!((&nora["status"], &nora["last_login_time"]), (&json!("Activated"), &json!("2026-11-12T09:05:00Z")));
        app.clock.advance(Duration::from_secs(300));
        let active = emma.post(&resend, &json!({})).await;
        assert_eq!(active.error(), "400 already_activated: This account is activated and cannot be sent another activation email.");
    }

    async fn what_a_user_cannot_be_made_of(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let whole = json!({"email": "nora@blueseas.com", "formal_name": "Nora Quay"});
        for (change, refusal) in [
            (json!({"email": null}), "user.email: must be a string"),
            (json!({"email": "nora"}), "user.email: is not an e-mail address"),
            (json!({"email": "RITA@blueseas.com"}), "user.email: belongs to a user of this customer already"),
            (json!({"formal_name": " "}), "user.formal_name: is required"),
            (json!({"formal_name": "x".repeat(256)}), "user.formal_name: at most 255 characters"),
            (json!({"friendly_name": "x".repeat(256)}), "user.friendly_name: at most 255 characters"),
            (json!({"formal_name": "a\u{0}b"}), "user.formal_name: must not contain NUL characters"),
            (json!({"roles": []}), "user.roles: must be one role"),
            (json!({"roles": [{"slug": "customer_user"}, {"slug": "customer_admin"}]}), "user.roles: must be one role"),
            (json!({"roles": [{"slug": "root"}]}), "user.roles[0].slug: must be one of customer_user, customer_portfolio_manager, customer_group_admin, customer_admin"),
            (json!({"roles": "customer_user"}), "user.roles: must be an array"),
            (json!({"landing_page": "HOME"}), "user.landing_page: must be one of DEFAULT, SPM, TPRM"),
            (json!({"group": {"guid": world::FOLDER}}), "user.group.guid: is not a group of this account"),
            (json!({"is_available_for_contact": "yes"}), "user.is_available_for_contact: must be true or false"),
            (json!({"preferred_contact_for_entities": [world::SAPERIX]}), "user.preferred_contact_for_entities[0]: must be the company that this account is"),
        ] {
            let refused = emma.post(USERS, &json!({"user": with(whole.clone(), &change)})).await;
            assert_eq!(refused.error(), format!("400 invalid_field: {refusal}"), "{change}");
        }
        assert_eq!(emma.post(USERS, &json!({})).await.error(), "400 invalid_field: email: is needed");
        assert_eq!(emma.post(USERS, &json!({"user": {"formal_name": "x"}})).await.error(), "400 invalid_field: user.email: is needed");
        for nothing in [json!([]), json!(null), json!({"user": null}), json!({"user": []})] {
            assert_eq!(emma.post(USERS, &nothing).await.status, 400);
        }
        let longest = json!({"user": with(whole, &json!({"formal_name": "x".repeat(255), "group": null}))});
        assert_eq!(made(&emma, &longest).await["group"], Value::Null);
        assert_eq!(app.mails().await.len(), 1);
    }

    async fn one_address_is_one_user(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let company = app.client(world::CLIENT_COMPANY);
        let body = user("nora@blueseas.com");
        let (a, b, c, d) = tokio::join!(
            emma.post(USERS, &body), company.post(USERS, &body), emma.post(USERS, &body), company.post(USERS, &body),
        );
        let mut statuses = [a, b, c, d].map(|reply| reply.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400, 400, 400]);
        assert_eq!(emma.get(&format!("{USERS}?email=nora@blueseas.com")).await.json["count"], 1);
        assert_eq!(welcomes(app, "nora@blueseas.com").await.0, 1);
        let key = ("nils-2", user("second@blueseas.com"));
        let once = emma.post_once(USERS, key.0, &key.1).await;
        assert_eq!(emma.post_once(USERS, key.0, &key.1).await.json, once.json);
        assert_eq!(welcomes(app, "second@blueseas.com").await.0, 1);
    }

    async fn a_user_is_changed(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let mark = format!("{USERS}/{}", world::MARK);
        let before = emma.get(&mark).await.json;
        assert_eq!(emma.patch(&mark, &json!({"user": before})).await.json, before, "what was read can be sent back");
        assert_eq!(emma.patch(&mark, &json!({"user": {}})).await.json, before);
        let after = emma.patch(&mark, &json!({"user": {
            "formal_name": "Marcus Shore", "friendly_name": "Marc", "group": null, "roles": [{"slug": "customer_user"}],
            "landing_page": "SPM", "is_available_for_contact": true, "preferred_contact_for_entities": [world::BLUE_SEAS],
        }})).await.json;
        assert_eq!((&after["formal_name"], &after["group"], &after["landing_page"]), (&json!("Marcus Shore"), &Value::Null, &json!("SPM")));
        assert_eq!(app.client(world::CLIENT_MANAGER).invite(&to_vera()).await.status, 403, "a reader now");
        assert_eq!(names(&emma, "?is_available_for_contact=true").await, "Marc");
        assert_eq!(names(&emma, "?is_preferred_contact=true").await, "Marc");
        for (change, refusal) in [
            (json!({"email": "marc@blueseas.com"}), "user.email: cannot be changed: make a new user for another address"),
            (json!({"formal_name": ""}), "user.formal_name: must not be empty"),
            (json!({"friendly_name": " "}), "user.friendly_name: must not be empty"),
            (json!({"roles": [{}]}), "user.roles[0].slug: is needed"),
        ] {
            let refused = emma.patch(&mark, &json!({"user": change})).await;
            assert_eq!(refused.error(), format!("400 invalid_field: {refusal}"));
        }
        assert_eq!(emma.patch(&mark, &json!({"user": {"email": "MARK@blueseas.com"}})).await.status, 200);
        let bare = json!({"status": "Activated", "roles": [{"slug": "customer_admin"}], "friendly_name": "M"});
        assert_eq!(emma.patch(&mark, &bare).await.json["friendly_name"], "M");
        let wrong = emma.patch(&mark, &json!({"group": {"guid": world::FOLDER}})).await;
        assert_eq!(wrong.error(), "400 invalid_field: group.guid: is not a group of this account");
    }

    async fn the_last_administrator_stays(app) {
        let (emma, company) = (app.client(world::CLIENT_ADMIN), app.client(world::CLIENT_COMPANY));
        let reader = json!({"user": {"roles": [{"slug": "customer_user"}]}});
        for client in [&emma, &company] {
            let refused = client.patch(&format!("{USERS}/{}", world::EMMA), &reader).await;
            assert_eq!(refused.error(), "400 invalid_field: user.roles: has to stay: there is no other active administrator");
            assert_eq!(delete(client, world::EMMA).await.status, 400);
        }
        let admin = json!({"user": {"roles": [{"slug": "customer_admin"}]}});
        assert_eq!(emma.patch(&format!("{USERS}/{}", world::NILS), &admin).await.status, 200);
        assert_eq!(delete(&company, world::EMMA).await.status, 400, "Nils never came in");
        assert_eq!(emma.patch(&format!("{USERS}/{}", world::MARK), &admin).await.status, 200);
        let mark = app.client(world::CLIENT_MANAGER);
        let (one, two) = tokio::join!(delete(&emma, world::MARK), delete(&mark, world::EMMA));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 401], "one of two who remove each other remains");
        assert_eq!(company.get(&format!("{USERS}?roles.slug=customer_admin&status=Activated")).await.json["count"], 1);
    }

    async fn who_is_removed_is_out_and_stays_in_the_record(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        let mark = app.client(world::CLIENT_MANAGER);
        let browser = app.signed_in("mark@blueseas.com").await;
        let sent = mark.invited(&to_vera()).await;
        assert_eq!(delete(&emma, world::EMMA).await.error(), "400 invalid_field: user: is not possible for your own account");
        for _ in 0..2 {
            assert_eq!(delete(&emma, world::MARK).await.status, 204);
        }
        assert_eq!((mark.get(USERS).await.status, browser.get("/outbox").await.status), (401, 303));
        assert_eq!(emma.sent(&sent).await["requester_formal_name"], "Mark Shore");
        let gone = emma.get(&format!("{USERS}/{}", world::MARK)).await.json;
        assert_eq!((&gone["status"], &gone["formal_name"]), (&json!("Deactivated"), &json!("Mark Shore")));
        let resend = emma.post(&format!("{USERS}/{}/resend-activation-email", world::MARK), &json!({})).await;
        assert_eq!(resend.json["code"], "already_activated");
        app.set_user_active(world::CLIENT, "mark@blueseas.com", true).await;
        assert_eq!(mark.get(USERS).await.status, 401, "the token is gone for good");
        assert_eq!(app.browser().submit("/sign-in", "/sign-in", &[("email", "mark@blueseas.com"), ("password", liaison_testkit::browser::PASSWORD)]).await.status, 422);
        assert_eq!(delete(&emma, world::MARK).await.status, 204);
        let again = made(&emma, &json!({"user": {"email": "mark@blueseas.com", "formal_name": "Mark Strand"}})).await;
        let facts = ["guid", "status", "formal_name"].map(|fact| again[fact].clone());
        assert_eq!(json!(facts), json!([world::MARK, "Created", "Mark Strand"]));
        assert_eq!(again["roles"][0]["slug"], "customer_user");
        assert_eq!(welcomes(app, "mark@blueseas.com").await.0, 1);
        delete(&emma, world::MARK).await;
        let soon = emma.post(USERS, &user("mark@blueseas.com")).await;
        assert_eq!((soon.status, soon.json["code"].as_str()), (429, Some("resend_too_soon")), "nobody is mailed again and again");
    }

    async fn three_hundred_in_a_month(app) {
        let emma = app.client(world::CLIENT_ADMIN);
        for number in 0..300 {
            made(&emma, &user(&format!("n{number}@blueseas.com"))).await;
            if number == 0 {
                app.clock.advance_days(10);
            }
        }
        let more = emma.post(USERS, &user("more@blueseas.com")).await;
        let twenty_days = (20 * 24 * 3600).to_string();
        assert_eq!((more.status, more.header("retry-after")), (429, twenty_days.as_str()), "{}", more.text);
        assert_eq!(more.json["code"], "too_many_new_users");
        app.clock.advance_days(20);
        made(&emma, &user("more@blueseas.com")).await;
        assert_eq!(emma.post(USERS, &user("most@blueseas.com")).await.status, 429);
        assert_eq!(app.client(world::OTHER_ADMIN).post(USERS, &user("nora@greystone.example")).await.status, 201);
        app.deliver().await;
    }

    async fn ones_own(app) {
        let rita = app.client(world::CLIENT_READER);
        let current = format!("{USERS}/current");
        let change = json!({"user": {
            "formal_name": "Rita  Rock", "roles": [{"slug": "customer_admin"}], "landing_page": "SPM",
            "email_preferences": {"notifications": {"annotation": false, "report": true}, "compromised_system_alerts": true},
        }});
        let after = rita.patch(&current, &change).await;
        assert_eq!(after.status, 200, "{}", after.text);
        assert_eq!((&after.json["formal_name"], &after.json["friendly_name"]), (&json!("Rita Rock"), &json!("Rita")));
        assert_eq!((&after.json["roles"][0]["slug"], &after.json["landing_page"]), (&json!("customer_user"), &json!("SPM")));
        let mails = &after.json["email_preferences"];
        let wanted = ["annotation", "collaboration", "report"].map(|name| mails["notifications"][name].as_bool());
        assert_eq!((wanted, &mails["compromised_system_alerts"]), ([Some(false), Some(true), Some(false)], &json!(false)));
        assert_eq!(rita.get(&current).await.json, after.json);
        let profile = app.signed_in("rita@blueseas.com").await.page("/settings/profile").await;
        assert!(profile.contains("value=\"Rita Rock\"") && profile.matches("\" checked").count() == 1, "{profile}");
        let refused = rita.patch(&current, &json!({"user": {"formal_name": ""}})).await;
        assert_eq!(refused.error(), "400 invalid_field: user.formal_name: is required");
        let page = app.browser().submit("/sign-in", "/sign-in", &[("email", "rita@blueseas.com"), ("password", liaison_testkit::browser::PASSWORD)]).await;
        assert_eq!(page.header("location"), "/inbox", "where they want to begin");
        let company = app.client(world::CLIENT_COMPANY);
        let own = company.get(&current).await.json;
        assert_eq!((&own["is_company_api_token"], &own["formal_name"]), (&json!(true), &json!("company")));
        assert_eq!(own["email_preferences"]["notifications"]["annotation"], false);
        assert_eq!(company.get(&path(&own)).await.json["guid"], own["guid"]);
        assert_eq!(company.patch(&path(&own), &json!({"user": {}})).await.status, 404, "a token is no user");
        assert_eq!(company.get("/v1/users/current").await.json["customer"]["guid"], world::CLIENT);
    }

    async fn the_first_version(app) {
        let (emma, rita) = (app.client(world::CLIENT_ADMIN), app.client(world::CLIENT_READER));
        let emails = async |client: &Client, query: &str| {
            let users = client.get(&format!("/ratings/v1/users{query}")).await.json;
            let users = users.as_array().unwrap().iter();
            users.map(|user| user["email"].as_str().unwrap().split('@').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(emails(&emma, "").await, "emma mark rita");
        assert_eq!(emails(&emma, "?show_all=true").await, "emma mark nils rita ");
        assert_eq!(emails(&rita, "?show_all=true").await, "emma mark rita", "for administrators");
        assert_eq!(emails(&emma, &format!("?view_company={}", world::SAPERIX)).await, "emma mark rita");
        assert_eq!(emails(&emma, &format!("?view_company={}", world::STRANGER)).await, "");
        assert_eq!(emails(&emma, "?view_company=nonsense").await, "");
        let plain = rita.get("/v1/users?include_details=true").await.json;
        assert_eq!(plain[0].as_object().unwrap().len(), 6);
        let one = emma.get(&format!("/v1/users/{}?fields=guid,email&exclude_fields=email", world::NILS)).await.json;
        assert_eq!(one, json!({"guid": world::NILS}));
        assert_eq!(emma.get("/v1/users?show_all=x").await.json["field"], "show_all");
    }
}
