//! Access links in the browser: made by administrators, followed by anybody, decided by administrators.

use liaison_testkit::{Browser, TestApp, on_both, world};

const EMMA: &str = "emma@blueseas.com";

/// Makes a link on the page and gives the path of its form.
async fn made(emma: &Browser) -> String {
    let fields = [
        ("name", "Plant suppliers"),
        ("description", "For suppliers of <b>our</b> plants."),
    ];
    let answer = emma.submit("/links", "/links", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/links?done=made"));
    let page = emma.page("/links").await;
    assert!(
        page.contains("For suppliers of &#60;b&#62;our&#60;/b&#62; plants."),
        "{page}"
    );
    let (_, rest) = page.split_once("https://liaison.test/join").expect("the link is shown");
    format!("/join{}", rest.split(['<', '"']).next().unwrap())
}

fn token(path: &str) -> &str {
    path.split_once("token=").unwrap().1
}

fn guid_after<'p>(page: &'p str, path: &str) -> &'p str {
    let (_, rest) = page.split_once(path).unwrap_or_else(|| panic!("no {path} in {page}"));
    &rest[..36]
}

async fn ask(app: &TestApp, path: &str, email: &str) -> liaison_testkit::Reply {
    let fields = [
        ("token", token(path)),
        ("formal_name", "Sam Perry"),
        ("email", email),
        ("message", "Please let me in."),
    ];
    app.browser().submit(path, "/join", &fields).await
}

on_both! {
    async fn from_the_link_to_the_room(app) {
        let emma = app.signed_in(EMMA).await;
        assert!(emma.page("/links").await.contains("No access links yet"));
        let path = made(&emma).await;
        let first = ask(app, &path, "sam@saperix.example").await;
        assert_eq!(first.status, 200);
        assert!(first.text.contains("Blue Seas International decides now"), "{}", first.text);
        let again = ask(app, &path, "sam@saperix.example").await;
        assert_eq!(again.text, first.text, "asking twice looks the same");
        let page = emma.page("/links").await;
        assert_eq!(page.matches("Sam Perry</a>").count(), 1, "{page}");
        let request = guid_after(&page, "/links/requests/").to_owned();
        let decide = format!("/links/requests/{request}");
        let done = emma.submit("/links", &decide, &[("approve", "yes")]).await;
        assert_eq!(done.header("location"), "/links?done=approved");
        assert!(!emma.page("/links").await.contains("Sam Perry"));
        app.accepted(&app.activation_for("sam@saperix.example").await.link_token(), "Sam Perry").await;
        assert_eq!(app.pair().0.sent(&request).await["status"], "Active");
        assert!(emma.page("/links").await.contains("Came in"));
    }

    async fn turned_down(app) {
        let emma = app.signed_in(EMMA).await;
        let path = made(&emma).await;
        ask(app, &path, "sam@saperix.example").await;
        let request = guid_after(&emma.page("/links").await, "/links/requests/").to_owned();
        let done = emma.submit("/links", &format!("/links/requests/{request}"), &[("reject", "yes")]).await;
        assert_eq!(done.header("location"), "/links?done=rejected");
        assert_eq!(app.pair().0.sent(&request).await["status"], "Rejected");
    }

    async fn what_was_typed_stays(app) {
        let emma = app.signed_in(EMMA).await;
        let path = made(&emma).await;
        let fields = [("token", token(&path)), ("formal_name", "Sam \"P\" Perry"), ("email", "sam@nowhere.example")];
        let wrong = app.browser().submit(&path, "/join", &fields).await;
        assert_eq!(wrong.status, 422);
        for words in ["Sam &#34;P&#34; Perry", "sam@nowhere.example", "no company of the inventory", "aria-invalid=\"true\""] {
            assert!(wrong.text.contains(words), "{words}: {}", wrong.text);
        }
        let wrong = emma.submit("/links", "/links", &[("name", " "), ("description", "kept")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("value=\"kept\"") && wrong.text.contains("aria-invalid=\"true\""), "{}", wrong.text);
    }

    async fn switched_off_changed_and_deleted(app) {
        let emma = app.signed_in(EMMA).await;
        let path = made(&emma).await;
        let link = format!("/links/{}", token(&path));
        assert_eq!(emma.submit(&link, &link, &[("switch", "off")]).await.status, 303);
        let closed = app.browser().get(&path).await;
        assert_eq!(closed.status, 404);
        assert!(closed.text.contains("This link is closed"));
        assert_eq!(emma.submit(&link, &link, &[("switch", "on")]).await.status, 303);
        assert_eq!(app.browser().get(&path).await.status, 200);
        assert_eq!(emma.submit(&link, &link, &[("name", "Renamed"), ("description", "")]).await.status, 303);
        assert!(emma.page("/links").await.contains("Renamed"));
        assert_eq!(emma.submit(&link, &link, &[("delete", "yes")]).await.header("location"), "/links?done=deleted");
        assert_eq!(app.browser().get(&path).await.status, 404);
        assert_eq!(emma.get(&link).await.status, 404);
    }

    async fn only_administrators_of_the_customer(app) {
        let emma = app.signed_in(EMMA).await;
        let path = made(&emma).await;
        ask(app, &path, "sam@saperix.example").await;
        let request = guid_after(&emma.page("/links").await, "/links/requests/").to_owned();
        let mark = app.signed_in("mark@blueseas.com").await;
        assert_eq!(mark.get("/links").await.status, 403);
        let otto = app.signed_in("otto@greystone.example").await;
        let link = format!("/links/{}", token(&path));
        for (browser, status) in [(&mark, 403), (&otto, 404)] {
            let hidden = browser.form_token();
            for (action, field) in [(&link, "delete"), (&format!("/links/requests/{request}"), "approve")] {
                let answer = browser.post(action, &[("form_token", &hidden), (field, "yes")]).await;
                assert_eq!(answer.status, status, "{action}");
            }
        }
        assert!(!otto.page("/links").await.contains("Plant suppliers"));
        assert_eq!(app.pair().0.sent(&request).await["status"], "Requested");
        assert_eq!(app.client(world::CLIENT_ADMIN).get("/links").await.status, 303, "a token opens no page");
    }
}
