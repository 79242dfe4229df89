//! Signing in and out with a browser, and links for passwords.

use std::time::Duration;

use liaison_testkit::browser::PASSWORD;
use liaison_testkit::{TestApp, on_both, world};

const SESSION: &str = "__Host-liaison";
const EMMA: &str = "emma@blueseas.com";

async fn link_in_mail(app: &TestApp, kind: &str) -> String {
    // The mail is written after the answer: looking is what gives it its time.
    for _ in 0..1000 {
        if let Some(mail) = app.mails().await.into_iter().rev().find(|mail| mail.kind == kind) {
            let text = mail.text();
            let (_, rest) = text.split_once("https://liaison.test/password").expect("it has a link");
            return format!("/password{}", rest.split_whitespace().next().expect("the link goes on"));
        }
    }
    panic!("no {kind} mail was written");
}

on_both! {
    async fn signing_in_and_out(app) {
        let browser = app.browser();
        let away = browser.get("/home").await;
        assert_eq!((away.status, away.header("location")), (303, "/sign-in?next=%2Fhome"));
        let emma = app.signed_in(EMMA).await;
        assert_eq!(emma.get("/home").await.header("location"), "/outbox");
        let vera = app.signed_in("vera@blackhills.com").await;
        assert_eq!(vera.get("/home").await.header("location"), "/outbox");
        let session = emma.cookie(SESSION).unwrap();
        let page = emma.page("/sign-in").await;
        assert!(page.contains("Sign in"), "{page}");
        // Sign-out is refused without the session's own token.
        let guest_token = liaison_testkit::browser::hidden_token(&page).unwrap();
        let refused = emma.post("/sign-out", &[("form_token", &guest_token)]).await;
        assert_eq!(refused.status, 403);
        assert_eq!(emma.get("/home").await.status, 303);
        let token = emma.form_token();
        let out = emma.post("/sign-out", &[("form_token", &token)]).await;
        assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
        assert_eq!(emma.cookie(SESSION), None);
        emma.set_cookie(SESSION, &session);
        assert_eq!(emma.get("/home").await.header("location"), "/sign-in?next=%2Fhome");
    }

    async fn a_wrong_password_and_an_unknown_address_look_the_same(app) {
        app.give_password(EMMA).await;
        let browser = app.browser();
        let mut answers = Vec::new();
        for email in [EMMA, "nobody@blueseas.com"] {
            let answer = browser.submit("/sign-in", "/sign-in", &[("email", email), ("password", "wrong horse battery")]).await;
            assert_eq!(answer.status, 422);
            assert_eq!(answer.header("set-cookie"), "");
            answers.push(answer.text.replace(email, "somebody"));
        }
        assert_eq!(answers[0], answers[1]);
        assert!(answers[0].contains("do not belong together"));
    }

    async fn guessing_ends_after_ten(app) {
        app.give_password(EMMA).await;
        let browser = app.browser();
        let wrong = [("email", EMMA), ("password", "wrong horse battery")];
        for _ in 0..10 {
            assert_eq!(browser.submit("/sign-in", "/sign-in", &wrong).await.status, 422);
        }
        let right = [("email", EMMA), ("password", PASSWORD)];
        let refused = browser.submit("/sign-in", "/sign-in", &right).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "1200"));
        let other = browser.submit("/sign-in", "/sign-in", &[("email", "mark@blueseas.com"), ("password", "x")]).await;
        assert_eq!(other.status, 422);
        app.clock.advance(Duration::from_secs(1200));
        assert_eq!(browser.submit("/sign-in", "/sign-in", &right).await.status, 303);
    }

    async fn guesses_sent_at_once_count_one_by_one(app) {
        let browser = app.browser();
        let page = browser.page("/sign-in").await;
        let token = liaison_testkit::browser::hidden_token(&page).unwrap();
        let wrong = [("form_token", token.as_str()), ("email", EMMA), ("password", "wrong horse battery")];
        let guesses = (0..20).map(|_| browser.post("/sign-in", &wrong));
        let judged = futures_util::future::join_all(guesses).await;
        assert_eq!(judged.iter().filter(|answer| answer.status == 422).count(), 10);
        assert_eq!(judged.iter().filter(|answer| answer.status == 429).count(), 10);
    }

    async fn sessions_end_unused_and_at_last(app) {
        let emma = app.signed_in(EMMA).await;
        for _ in 0..14 {
            app.clock.advance(Duration::from_secs(12 * 3600 - 1));
            assert_eq!(emma.get("/home").await.header("location"), "/outbox");
        }
        app.clock.advance(Duration::from_secs(14));
        assert_eq!(emma.get("/home").await.header("location"), "/sign-in?next=%2Fhome", "7 days are over");
        let emma = app.signed_in(EMMA).await;
        app.clock.advance(Duration::from_secs(12 * 3600 + 301));
        assert_eq!(emma.get("/home").await.header("location"), "/sign-in?next=%2Fhome", "12 hours unused");
    }

    async fn switching_off_ends_sessions_at_once(app) {
        let emma = app.signed_in(EMMA).await;
        let customer = liaison_testkit::domain::ids::parse_guid(world::CLIENT).unwrap();
        let switch = |on| {
            app.app()
                .db
                .write(move |tx| liaison_testkit::operations::users::set_active(tx, customer, EMMA, on))
        };
        switch(false).await.unwrap();
        assert_eq!(emma.get("/home").await.header("location"), "/sign-in?next=%2Fhome");
        switch(true).await.unwrap();
    }

    async fn a_forgotten_password(app) {
        let emma = app.signed_in(EMMA).await;
        let browser = app.browser();
        let unknown = browser.submit("/reset", "/reset", &[("email", "nobody@blueseas.com")]).await;
        let known = browser.submit("/reset", "/reset", &[("email", EMMA)]).await;
        assert_eq!(known.status, 200);
        assert_eq!(known.text.replace(EMMA, "x"), unknown.text.replace("nobody@blueseas.com", "x"));
        let link = link_in_mail(app, "password_reset").await;
        for _ in 0..20 {
            assert!(browser.page(&link).await.contains("Set a new password"));
        }
        let short = browser.submit(&link, &link, &[("password", "short")]).await;
        assert_eq!(short.status, 422);
        assert!(short.text.contains("must have 12 to 256 characters"), "{}", short.text);
        let set = browser.submit(&link, &link, &[("password", "another horse battery")]).await;
        assert_eq!((set.status, set.header("location")), (303, "/home"));
        assert_eq!(browser.get("/home").await.header("location"), "/outbox");
        assert_eq!(browser.get(&link).await.status, 410);
        assert_eq!(emma.get("/home").await.header("location"), "/sign-in?next=%2Fhome", "old sessions end");
        assert_eq!(app.client(world::CLIENT_ADMIN).get("/ratings/v1/access-requests").await.status, 401, "and tokens");
        let old = browser.submit("/sign-in", "/sign-in", &[("email", EMMA), ("password", PASSWORD)]).await;
        assert_eq!(old.status, 422);
    }

    async fn forms_of_other_sites_are_refused(app) {
        app.give_password(EMMA).await;
        let browser = app.browser();
        let token = liaison_testkit::browser::hidden_token(&browser.page("/sign-in").await).unwrap();
        let right = [("form_token", token.as_str()), ("email", EMMA), ("password", PASSWORD)];
        for (name, value) in [
            ("origin", "https://evil.example"), ("origin", "null"), ("origin", "https://liaison.test.evil.example"),
            ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"),
        ] {
            let request = browser.request(liaison_testkit::Method::POST, "/sign-in").header(name, value);
            let body = form(&right);
            let answer = browser.send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await;
            assert_eq!(answer.status, 403, "{name}: {value}");
        }
        assert_eq!(browser.post("/sign-in", &right[1..]).await.status, 403, "no token");
        let other = app.browser();
        assert_eq!(other.post("/sign-in", &right).await.status, 403, "another browser's token");
        assert_eq!(browser.post("/sign-in", &right).await.status, 303);
    }

    async fn the_way_back_stays_on_this_server(app) {
        app.give_password(EMMA).await;
        for (next, lands) in [("/portfolio?q=a", "/portfolio?q=a"), ("//evil.example", "/outbox"), ("https://evil.example", "/outbox")] {
            let browser = app.browser();
            let fields = [("email", EMMA), ("password", PASSWORD), ("next", next)];
            let answer = browser.submit("/sign-in", "/sign-in", &fields).await;
            assert_eq!(answer.header("location"), lands, "{next}");
        }
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
