//! What holds for every page, made from the table of routes: a new page is covered the day it is written.

use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::web::routes::{self, Access, Route};
use liaison_testkit::{Browser, Method, Reply, TestApp, on_both, world};

/// Headers beside the usual ones, and the form's token.
type Case<'c> = (&'c [(&'c str, &'c str)], Option<&'c str>);

const UNKNOWN: &str = "b0000000-0000-4000-8000-00000000ffff";

fn pages(method: &'static str) -> impl Iterator<Item = &'static Route> {
    let routes = routes::all().filter(|route| route.access == Access::Session);
    routes.filter(move |route| route.methods().any(|known| known == method))
}

fn path(route: &Route, guid: &str) -> String {
    let path = route.path.replace("{guid}", guid).replace("{number}", "1");
    path.replace("{id}", UNKNOWN)
        .replace("{name}", "funnel")
        .replace("{which}", "1")
}

async fn send(
    browser: &Browser,
    (method, path): (Method, &str),
    headers: &[(&str, &str)],
    token: Option<&str>,
) -> Reply {
    let mut request = browser.request(method.clone(), path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if method == Method::POST {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([
            ("action", "resolve"),
            ("approve", "yes"),
            ("delete", "yes"),
            ("everywhere", "1"),
        ]);
        if let Some(token) = token {
            form.append_pair("form_token", token);
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        return browser.send(request.body(form.finish())).await;
    }
    browser.send(request).await
}

async fn state(app: &TestApp) -> String {
    let (emma, vera) = app.pair();
    let otto = app.client(world::OTHER_ADMIN);
    let mails = app.mails().await.len();
    format!(
        "{:?}{:?}{:?}{mails}",
        emma.outbox("").await,
        vera.inbox().await,
        otto.outbox("").await
    )
}

on_both! {
    async fn nobody_gets_in_without_a_session(app) {
        let guid = app.pair().0.invited(&to_vera()).await;
        for (method, route) in ["GET", "POST"].into_iter().flat_map(|method| pages(method).map(move |route| (method, route))) {
            let (browser, path) = (app.browser(), path(route, &guid));
            let away = send(&browser, (method.parse().unwrap(), &path), &[], None).await;
            if path.ends_with("/stream") {
                // Nobody looks at it: a script asks, and has no use for a page.
                assert_eq!(away.status, 401, "{path}");
                continue;
            }
            assert_eq!(away.status, 303, "{method} {path}: {}", away.text);
            assert!(away.header("location").starts_with("/sign-in"), "{method} {path}: {}", away.header("location"));
            browser.set_cookie("__Host-liaison", "nonsense");
            let away = send(&browser, (method.parse().unwrap(), &path), &[], None).await;
            assert!(matches!(away.status, 303 | 403), "{method} {path} with a wrong session: {}", away.text);
        }
    }

    async fn every_form_has_to_come_from_our_page_in_this_browser(app) {
        let guid = app.pair().0.invited(&to_saperix("ann")).await;
        let emma = app.signed_in("emma@blueseas.com").await;
        let mark = app.signed_in("mark@blueseas.com").await;
        let (own, other) = (emma.form_token(), mark.form_token());
        let before = state(app).await;
        for route in pages("POST") {
            let path = path(route, &guid);
            let cases: [Case<'_>; 9] = [
                (&[], None),
                (&[], Some("")),
                (&[], Some("wrong")),
                (&[], Some(&other)),
                (&[("origin", "null")], Some(&own)),
                (&[("origin", "https://evil.example")], Some(&own)),
                (&[("origin", "https://liaison.test.evil.example")], Some(&own)),
                (&[("sec-fetch-site", "cross-site")], Some(&own)),
                (&[("sec-fetch-site", "same-site"), ("origin", "https://liaison.test")], Some(&own)),
            ];
            for (headers, token) in cases {
                let refused = send(&emma, (Method::POST, &path), headers, token).await;
                assert_eq!(refused.status, 403, "{path} {headers:?} {token:?}: {}", refused.text);
            }
        }
        assert_eq!(state(app).await, before);
        assert_eq!(emma.get("/home").await.header("location"), "/outbox", "still signed in");
    }

    async fn what_belongs_to_others_is_not_found(app) {
        let (client, _) = app.pair();
        let otto = app.client(world::OTHER_ADMIN);
        let (of_client, of_other) = (client.invited(&to_saperix("ann")).await, otto.invited(&to_saperix("bob")).await);
        let before = state(app).await;
        for (email, foreign) in [
            ("emma@blueseas.com", &of_other), ("rita@blueseas.com", &of_other), ("otto@greystone.example", &of_client),
            ("vera@blackhills.com", &of_client), ("vito@blackhills.com", &of_other),
        ] {
            let browser = app.signed_in(email).await;
            let token = browser.form_token();
            for method in ["GET", "POST"] {
                for route in pages(method).filter(|route| route.path.contains("{guid}")) {
                    let method: Method = method.parse().unwrap();
                    let there = send(&browser, (method.clone(), &path(route, foreign)), &[], Some(&token)).await;
                    let nowhere = send(&browser, (method.clone(), &path(route, UNKNOWN)), &[], Some(&token)).await;
                    let what = format!("{method} {} as {email}", route.path);
                    let said = |reply: &Reply, guid: &str| (reply.status, reply.text.replace(guid, "GUID"));
                    assert_eq!(said(&there, foreign), said(&nowhere, UNKNOWN), "{what}");
                    assert!(matches!(there.status, 403 | 404), "{what}: {} {}", there.status, there.text);
                }
            }
        }
        assert_eq!(state(app).await, before);
    }

    async fn every_page_is_protected_and_never_cached(app) {
        let guid = app.pair().0.invited(&to_vera()).await;
        let emma = app.signed_in("emma@blueseas.com").await;
        for route in pages("GET").filter(|route| !route.path.ends_with("/stream")) {
            let path = path(route, &guid);
            let page = emma.get(&path).await;
            assert!(page.status < 500, "{path}: {}", page.text);
            for (name, value) in [
                ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ] {
                assert_eq!(page.header(name), value, "{path}: {name}");
            }
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            let cached = page.header("cache-control");
            assert!(cached.contains("no-store") || cached.starts_with("private"), "{path}: {cached}");
            let text = page.text.replace("<script type=\"module\" src=\"/assets/liaison.js?v=", "");
            let html = page.header("content-type").starts_with("text/html");
            for marker in ["<script", " onclick", " onload", "javascript:", " style=\""] {
                assert!(!html || path.ends_with("/html") || !text.contains(marker), "{path} holds {marker}");
            }
        }
    }

    async fn a_page_says_what_is_wrong_in_words(app) {
        let emma = app.signed_in("emma@blueseas.com").await;
        let missing = emma.get(&format!("/requests/{UNKNOWN}")).await;
        assert_eq!((missing.status, missing.header("content-type")), (404, "text/html; charset=utf-8"));
        let nowhere = emma.get("/nothing").await;
        assert_eq!((nowhere.status, nowhere.header("content-type")), (404, "text/html; charset=utf-8"));
    }
}
