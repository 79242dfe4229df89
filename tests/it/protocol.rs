//! HTTP itself: prefixes and slashes, methods, headers, and the shapes of errors.

use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::web::routes::{self, Access, PREFIXES};
use liaison_testkit::{Method, Reply, TestApp, json, on_both, redacted, reply, world};

const PATH: &str = "/ratings/v1/access-requests";

const PROTECTION: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
];

/// Every path that answers a `GET`, with objects that are there, seen by Vera.
async fn readable(app: &TestApp) -> Vec<String> {
    let (emma, _) = app.pair();
    let received = emma.invited(&to_vera()).await;
    emma.invited(&to_saperix("ann")).await;
    let link = app.activation_for("ann@saperix.example").await.link_token();
    let message = emma.written(&received, "x").await["id"].as_str().unwrap().to_owned();
    let routes = routes::all().filter(|route| {
        let reads = route.methods().any(|method| method == "GET");
        // Objects of other kinds are read in `examples`.
        let other_kind = !route.operations.is_empty() && route.path.contains('{');
        reads && route.access != Access::Session && !other_kind
    });
    // A live stream has no end to wait for; the others want a token of their own, or the demonstration.
    let apart = ["/password/{token}", "/join", "/styleguide"];
    let ending = routes.filter(|route| !route.path.ends_with("/stream") && !apart.contains(&route.path));
    ending
        .map(|route| {
            let path = route.path.replace("{guid}", &received).replace("{token}", &link);
            path.replace("{id}", &message)
        })
        .collect()
}

/// The path under each prefix and with slashes that say nothing.
fn spellings(path: &str) -> Vec<String> {
    let same = |version: &[&str; 3]| {
        let rest = path.strip_prefix(version[0])?;
        Some(version.map(|prefix| format!("{prefix}{rest}")))
    };
    let prefixed = PREFIXES.iter().filter_map(same).flatten();
    let mut all: Vec<String> = prefixed.chain([path.to_owned()]).collect();
    for known in all.clone() {
        all.extend([
            format!("{known}/"),
            format!("{known}//"),
            format!("/{known}"),
            known.replace('/', "//"),
        ]);
    }
    all
}

/// What differs from answer to answer.
fn essence(reply: &Reply) -> (u16, String, String) {
    (
        reply.status,
        reply.header("content-type").to_owned(),
        without_form_tokens(&reply.text),
    )
}

/// A page as it is for every browser: each gets its own token into its forms.
fn without_form_tokens(page: &str) -> String {
    match liaison_testkit::browser::hidden_token(page) {
        Some(token) => page.replace(&token, ""),
        None => page.to_owned(),
    }
}

fn check_protection(reply: &Reply, what: &str) {
    for (name, value) in PROTECTION {
        assert_eq!(reply.header(name), value, "{what}: {name}");
    }
    assert!(!reply.header("cache-control").is_empty(), "{what}");
    assert_eq!(reply.header("server"), "", "{what}");
}

on_both! {
    async fn one_path_in_many_spellings(app) {
        let paths = readable(app).await;
        let (_, vera) = app.pair();
        for path in paths {
            let plain = vera.get(&path).await;
            assert_eq!(plain.status, 200, "{path}: {}", plain.text);
            for spelling in spellings(&path) {
                let same = vera.get(&format!("{spelling}?x=1&limit=")).await;
                assert_eq!(essence(&same), essence(&plain), "{spelling}");
                assert_eq!(same.header("location"), "", "{spelling}");
            }
        }
    }

    async fn writes_take_every_spelling_too(app) {
        let (emma, vera) = app.pair();
        for path in spellings(PATH) {
            let reply = emma.post(&path, &json!({"vendor_access_request": to_vera()})).await;
            assert_eq!(reply.status, 201, "{path}: {}", reply.text);
        }
        assert_eq!(vera.post("/v1/access-requests//received/mark-all-as-read/", &json!({})).await.status, 204);
    }

    async fn the_own_api_has_one_prefix(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        for prefix in PREFIXES.into_iter().flatten() {
            assert_eq!(emma.post(&format!("{prefix}/access-requests/{guid}/resend"), &json!({})).await.status, 404);
        }
        assert_eq!(emma.get("/liaison/v1/access-requests").await.status, 404);
    }

    async fn head_is_get_without_a_body(app) {
        let paths = readable(app).await;
        let (_, vera) = app.pair();
        for path in paths {
            let (get, head) = (vera.get(&path).await, reply(vera.request(Method::HEAD, &path)).await);
            assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
            assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        }
    }

    async fn a_get_may_have_a_body(app) {
        let paths = readable(app).await;
        let (_, vera) = app.pair();
        for path in paths {
            let plain = vera.get(&path).await;
            for (kind, body) in [("application/json", "{"), ("text/plain", "x"), ("", "")] {
                let odd = reply(vera.request(Method::GET, &path).header("content-type", kind).body(body)).await;
                assert_eq!(essence(&odd), essence(&plain), "{path}");
            }
        }
    }

    async fn what_is_not_there(app) {
        let (emma, _) = app.pair();
        for path in [
            "/nothing", "/ratings", "/ratings/v3", "/ratings/v2/access-requests", "/v1x", "/ratings/v1/access-request",
            "/ratings/v1/access-requests/received/x/y", "/RATINGS/V1/ACCESS-REQUESTS", "/../etc/passwd", "/%2e%2e/x",
            "/i", "/i/",
            "/ratings/v1/access-requests/%00", "/assets/other.css", "/favicon.ico",
        ] {
            let reply = emma.get(path).await;
            if reply.status == 405 {
                continue;
            }
            assert_eq!(reply.error(), "404 not_found: Not found.", "{path}");
            assert_eq!(reply.header("content-type"), "application/json");
        }
    }

    async fn methods_that_a_path_does_not_have(app) {
        let (emma, _) = app.pair();
        for route in routes::all() {
            let path = route.path.replace("{guid}", world::EMMA).replace("{token}", "x").replace("{id}", "1");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
                // One path pattern may cover another: `/{guid}` also stands for words.
                if route.methods().any(|known| known == method) {
                    continue;
                }
                let reply = reply(emma.request(method.parse().unwrap(), &path)).await;
                let detail = format!("405 method_not_allowed: Method \"{method}\" not allowed.");
                assert_eq!(reply.error(), detail, "{method} {path}");
                let allow: Vec<_> = reply.header("allow").split(',').map(str::trim).collect();
                for allowed in route.methods() {
                    assert!(allow.contains(&allowed), "{path}: {allow:?}");
                }
                assert!(!allow.contains(&method), "{path}: {allow:?}");
            }
        }
    }

    async fn every_answer_is_protected(app) {
        let paths = readable(app).await;
        let (emma, vera) = app.pair();
        for path in &paths {
            check_protection(&vera.get(path).await, path);
            check_protection(&app.client("nobody").get(path).await, path);
            check_protection(&reply(vera.request(Method::DELETE, path)).await, path);
            check_protection(&reply(vera.request(Method::HEAD, path)).await, path);
        }
        for reply in [
            emma.get("/nothing").await,
            emma.post_text(PATH, "{").await,
            emma.post_text(PATH, " ".repeat((1 << 20) + 1)).await,
            emma.post(PATH, &json!({"vendor_access_request": to_vera()})).await,
            vera.post(&format!("{PATH}/received/mark-all-as-read"), &json!({})).await,
            reply(emma.request(Method::POST, PATH).header("content-type", "text/plain").body("x")).await,
            reply(app.http().get(format!("{}/i/unknown", app.base()))).await,
            app.accept("unknown", &[]).await,
        ] {
            check_protection(&reply, &reply.status.to_string());
            assert_eq!(reply.header("cache-control"), "no-store");
        }
    }

    async fn answers_are_not_cached_but_the_stylesheet_is(app) {
        let (_, vera) = app.pair();
        for path in readable(app).await {
            let cached = vera.get(&path).await.header("cache-control").to_owned();
            let expected = match path.as_str() {
                asset if asset.starts_with("/assets/") => "public, max-age=3600",
                // Asked for again with its ETag, each time.
                own if own.starts_with("/liaison/") && cached != "no-store" => "private, no-cache",
                "/openapi.json" | "/docs" => "public, no-cache",
                _ => "no-store",
            };
            assert_eq!(cached, expected, "{path}");
        }
    }

    async fn problems_for_who_asks_for_them(app) {
        let (emma, _) = app.pair();
        let problem = async |method: Method, path: &str, accept: &str, body: &'static str| {
            let request = emma.request(method, path).header("accept", accept);
            reply(request.header("content-type", "application/json").body(body)).await
        };
        let wanted = "application/problem+json";
        let reply = problem(Method::POST, PATH, wanted, "{\"vendor_access_request\": {\"read\": 1}}").await;
        assert_eq!((reply.status, reply.header("content-type")), (400, wanted));
        insta::assert_snapshot!(redacted(&reply.json), @r#"
        {
          "code": "invalid_field",
          "detail": "read: must be true or false",
          "field": "read",
          "status": 400,
          "title": "A field of the body breaks its rule; detail names it",
          "type": "about:blank"
        }
        "#);
        for (method, path, body, status) in [
            (Method::GET, "/nothing", "", 404),
            (Method::DELETE, PATH, "", 405),
            (Method::POST, PATH, "{", 400),
            (Method::GET, "/ratings/v1/access-requests?limit=x", "", 400),
            (Method::PATCH, "/ratings/v1/access-requests/x", "{\"status\": \"Resolved\"}", 404),
        ] {
            let plain = problem(method.clone(), path, "application/json", body).await;
            let reply = problem(method, path, "application/json, application/problem+json;q=0.9", body).await;
            assert_eq!((reply.status, reply.header("content-type")), (status, wanted), "{path}");
            assert_eq!(reply.json["status"], status);
            assert_eq!(reply.json["type"], "about:blank");
            assert!(reply.json["title"].is_string());
            for key in ["detail", "code"] {
                assert_eq!(reply.json[key], plain.json[key], "{path}");
            }
            assert_eq!(reply.header("allow"), plain.header("allow"));
        }
        let good = problem(Method::GET, PATH, wanted, "").await;
        assert_eq!((good.text.as_str(), good.header("content-type")), ("[]", "application/json"));
    }

    async fn an_error_says_what_and_which(app) {
        let (emma, _) = app.pair();
        insta::assert_snapshot!(emma.get("/nothing").await.text, @r#"{"detail":"Not found.","code":"not_found"}"#);
        insta::assert_snapshot!(emma.get(&format!("{PATH}?limit=x")).await.text, @r#"{"detail":"limit: must be a whole number from 0","code":"invalid_parameter","field":"limit"}"#);
        insta::assert_snapshot!(emma.post(PATH, &json!({})).await.text, @r#"{"detail":"vendor_access_request: is required: an object, or an array of them","code":"invalid_field","field":"vendor_access_request"}"#);
    }

    async fn health(app) {
        let get = async |path: &str| reply(app.http().get(format!("{}{path}", app.base()))).await;
        insta::assert_snapshot!(get("/healthz").await.text, @r#"{"status":"ok","version":"test"}"#);
        insta::assert_snapshot!(get("/readyz").await.text, @r#"{"status":"ready"}"#);
        assert_eq!(get("/healthz").await.header("content-type"), "application/json");
    }

    async fn the_front_page_and_its_style(app) {
        let get = async |path: &str| reply(app.http().get(format!("{}{path}", app.base()))).await;
        let front = get("/").await;
        assert!(front.text.contains("https://liaison.test/ratings/v1/access-requests"), "{}", front.text);
        assert!(front.text.contains("href=\"/assets/liaison.css?v="));
        assert_eq!(get("/assets/liaison.css").await.header("content-type"), "text/css; charset=utf-8");
    }

    async fn no_page_holds_script_of_its_own(app) {
        for path in readable(app).await {
            let page = reply(app.http().get(format!("{}{path}", app.base()))).await;
            let text = page.text.replace("<script type=\"module\" src=\"/assets/liaison.js?v=", "");
            for marker in ["<script", "onclick", "javascript:", "style=\""] {
                assert!(!text.contains(marker), "{path} holds {marker}");
            }
        }
    }

}
