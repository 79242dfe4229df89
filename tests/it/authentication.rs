//! Who may come in, by which header, and who may do what.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL};
use liaison_testkit::invitations::{to_saperix, to_vera, with};
use liaison_testkit::web::routes::{self, Access};
use liaison_testkit::{Client, Method, TestApp, Value, json, on_both, reply, world};

const PATH: &str = "/ratings/v1/access-requests/config";
const CHALLENGE: &str = "Basic realm=\"bitsight-compatible liaison\"";
const MISSING: &str = "401 unauthenticated: Authentication credentials were not provided.";
const INVALID: &str = "401 unauthenticated: Invalid token.";

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()))
}

/// Values of `Authorization` that let Emma in.
fn good() -> Vec<String> {
    let token = world::CLIENT_ADMIN;
    let encoded = BASE64.encode(format!("{token}:").as_bytes());
    let mut values: Vec<String> = ["", "x", "password", ":", "::", "a:b:c", "\u{e4}", " ", token]
        .map(|password| basic(token, password))
        .to_vec();
    for scheme in ["Basic", "basic", "BASIC", "bAsIc"] {
        values.push(format!("{scheme} {encoded}"));
    }
    for scheme in ["Bearer", "bearer", "BEARER"] {
        values.push(format!("{scheme} {token}"));
    }
    values.extend([
        format!("Basic  {encoded}"),
        format!("Bearer    {token}"),
        format!("Basic {encoded} "),
    ]);
    values.push(format!("Bearer {}", world::CLIENT_COMPANY));
    values.push(basic(world::CLIENT_READER, ""));
    values
}

/// Values of `Authorization` that let nobody in, because they are no credentials.
fn malformed() -> Vec<Vec<u8>> {
    let token = world::CLIENT_ADMIN;
    let encoded = BASE64.encode(format!("{token}:").as_bytes());
    let url_safe = BASE64URL.encode(format!("{token}:\u{ff}\u{fe}\u{ff}").as_bytes());
    let unpadded = BASE64_NOPAD.encode(format!("{token}:x").as_bytes());
    let mut values: Vec<Vec<u8>> = Vec::new();
    for fixed in [
        "",
        " ",
        "Basic",
        "Basic ",
        "Bearer",
        "Bearer ",
        "Basic !!!",
        "Basic ====",
        "Basic Og==",
    ] {
        values.push(fixed.into());
    }
    for scheme in [
        "Token",
        "token",
        "ApiKey",
        "JWT",
        "Basic",
        "Bearer Bearer",
        "OAuth",
        "X",
    ] {
        values.push(format!("{scheme} {token}").into());
    }
    for scheme in ["Negotiate", "Bearer", "Basic Basic", "Digest"] {
        values.push(format!("{scheme} {encoded}").into());
    }
    for text in [
        token.to_owned(),
        encoded.clone(),
        format!("Basic {}", BASE64.encode(token.as_bytes())),
        format!("Basic {unpadded}"),
        format!("Basic {}", url_safe.replace('+', "-")),
        format!("Basic {encoded}{encoded}x"),
        format!("Basic {encoded}, Basic {encoded}"),
        format!("Basic{encoded}"),
        format!("Basic:{encoded}"),
        format!("Basic\t{encoded}"),
        format!("Basic={encoded}"),
        format!("Bearer{token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer <{token}>"),
        format!("Bearer {token} {token}"),
        format!("Bearer\u{a0}{token}"),
        format!("Digest username=\"{token}\""),
    ] {
        values.push(text.into());
    }
    values.extend([
        b"Bearer \xff\xfe".to_vec(),
        b"\xff".to_vec(),
        b"Basic \xc3\xa4".to_vec(),
    ]);
    values
}

/// Values of `Authorization` that let nobody in, because nobody has such a token.
fn unknown() -> Vec<Vec<u8>> {
    let token = world::CLIENT_ADMIN;
    let mut users: Vec<String> = [
        "",
        " ",
        "%",
        "*",
        "null",
        "undefined",
        "' or 1=1 --",
        "emma@blueseas.com",
        world::EMMA,
        "liaison_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]
    .map(str::to_owned)
    .to_vec();
    users.extend([
        token.to_uppercase(),
        token[..token.len() - 1].to_owned(),
        token.replace('-', "_"),
    ]);
    users.extend(["x", " ", "\0", "\n", "\u{a0}"].map(|end| format!("{token}{end}")));
    users.extend([format!(" {token}"), "x".repeat(4000)]);
    let mut values: Vec<Vec<u8>> = users.iter().map(|user| basic(user, "").into()).collect();
    values.push(basic("", token).into());
    values.push(format!("Bearer {}", world::EMMA).into());
    values.push(format!("Bearer {}", "x".repeat(8000)).into());
    values
}

async fn with_header(app: &TestApp, value: &[u8]) -> liaison_testkit::Reply {
    reply(
        app.http()
            .get(format!("{}{PATH}", app.base()))
            .header("authorization", value),
    )
    .await
}

async fn status(client: &Client) -> u16 {
    client.get(PATH).await.status
}

on_both! {
    async fn headers_that_open(app) {
        for value in good() {
            assert_eq!(with_header(app, value.as_bytes()).await.status, 200, "{value}");
        }
    }

    async fn headers_that_do_not(app) {
        assert!(good().len() + malformed().len() + unknown().len() >= 60);
        for value in malformed().into_iter().chain(unknown()) {
            let reply = with_header(app, &value).await;
            assert_eq!(reply.error(), INVALID, "{}", String::from_utf8_lossy(&value));
            assert_eq!(reply.header("www-authenticate"), CHALLENGE);
            assert_eq!(reply.header("content-type"), "application/json");
        }
    }

    async fn no_header_at_all(app) {
        let url = format!("{}{PATH}", app.base());
        let bare = reply(app.http().get(&url)).await;
        assert_eq!((bare.error().as_str(), bare.header("www-authenticate")), (MISSING, CHALLENGE));
        let token = world::CLIENT_ADMIN;
        for (name, value) in [
            ("x-api-key", token.to_owned()), ("cookie", format!("token={token}")),
            ("x-authorization", basic(token, "")), ("proxy-authorization", basic(token, "")),
            ("authentication", basic(token, "")),
        ] {
            assert_eq!(reply(app.http().get(&url).header(name, value)).await.error(), MISSING, "{name}");
        }
        let in_query = format!("{url}?token={token}&api_key={token}&access_token={token}");
        assert_eq!(reply(app.http().get(in_query)).await.error(), MISSING);
    }

    async fn two_headers_are_none(app) {
        let url = format!("{}{PATH}", app.base());
        let (emma, otto) = (basic(world::CLIENT_ADMIN, ""), basic(world::OTHER_ADMIN, ""));
        for (one, two) in [(&emma, &emma), (&emma, &otto), (&emma, &"Basic x".to_owned()), (&"x".to_owned(), &emma)] {
            let request = app.http().get(&url).header("authorization", one).header("authorization", two);
            assert_eq!(reply(request).await.error(), INVALID, "{one}, {two}");
        }
    }

    async fn a_revoked_token_is_dead_at_once(app) {
        let made = app.make_token(world::CLIENT, None).await;
        let client = app.client(&made.token);
        assert!(made.token.starts_with("liaison_"));
        assert_eq!(status(&client).await, 200);
        app.revoke_token(made.guid).await;
        assert_eq!(client.get(PATH).await.error(), INVALID);
        assert_eq!(status(&app.client(world::CLIENT_COMPANY)).await, 200, "others live on");
    }

    async fn a_new_token_of_a_user_ends_the_old_one(app) {
        let (emma, _) = app.pair();
        let made = app.make_token(world::CLIENT, Some("EMMA@blueseas.com")).await;
        assert_eq!(status(&emma).await, 401);
        assert_eq!(status(&app.client(&made.token)).await, 200);
        assert_eq!(status(&app.client(world::CLIENT_MANAGER)).await, 200);
    }

    async fn a_user_who_is_switched_off_is_out_at_once(app) {
        let (emma, _) = app.pair();
        app.set_user_active(world::CLIENT, "emma@blueseas.com", false).await;
        assert_eq!(emma.get(PATH).await.error(), INVALID);
        assert_eq!(emma.invite(&to_vera()).await.error(), INVALID);
        assert_eq!(status(&app.client(world::CLIENT_COMPANY)).await, 200);
        app.set_user_active(world::CLIENT, "emma@blueseas.com", true).await;
        assert_eq!(status(&emma).await, 200);
    }

    async fn a_customer_that_is_switched_off_is_out_at_once(app) {
        app.set_customer_active(world::CLIENT, false).await;
        for token in [world::CLIENT_ADMIN, world::CLIENT_MANAGER, world::CLIENT_READER, world::CLIENT_COMPANY] {
            assert_eq!(app.client(token).get(PATH).await.error(), INVALID, "{token}");
        }
        assert_eq!(status(&app.client(world::OTHER_ADMIN)).await, 200);
        app.set_customer_active(world::CLIENT, true).await;
        assert_eq!(status(&app.client(world::CLIENT_READER)).await, 200);
    }

    async fn a_guest_whose_time_is_over_hears_that(app) {
        let (emma, _) = app.pair();
        app.invited_and_accepted(&emma, &with(to_saperix("ann"), &json!({"trial_duration": 1}))).await;
        let ann = app.guest("ann@saperix.example").await;
        assert_eq!(status(&ann).await, 200);
        app.clock.advance_days(1);
        for reply in [ann.get(PATH).await, ann.invite(&to_vera()).await, ann.get("/ratings/v1/access-requests").await] {
            assert_eq!(reply.error(), "403 access_ended: The access of this account ended on 2026-11-13.");
        }
    }

    async fn who_may_not_come_in_hears_that_first(app) {
        let nobody = app.client("nobody-at-all");
        let path = "/ratings/v1/access-requests";
        assert_eq!(nobody.post_text(path, "{").await.error(), INVALID);
        assert_eq!(nobody.post_text(path, " ".repeat((1 << 20) + 1)).await.error(), INVALID);
        assert_eq!(nobody.post_once(path, "", &json!({})).await.error(), INVALID);
        let odd = nobody.request(Method::POST, path).header("content-type", "text/plain").body("x");
        assert_eq!(reply(odd).await.error(), INVALID);
        assert_eq!(nobody.get(&format!("{path}?limit=x")).await.status, 401);
    }

    async fn pages_and_health_need_no_token(app) {
        for route in routes::all().filter(|route| route.access == Access::Public) {
            let path = route.path.replace("{token}", "x").replace("{guid}", world::EMMA);
            let bare = app.http().get(format!("{}{path}", app.base()));
            for request in [bare, app.client("nobody").request(Method::GET, &path)] {
                assert_ne!(reply(request).await.status, 401, "{path}");
            }
        }
        assert_eq!(app.client("nobody").get("/").await.json, Value::Null);
    }
}
