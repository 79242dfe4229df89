//! The page of a sent request: what it shows, what its forms do, and to whom.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Browser, Reply, json, on_both, world};

const EMMA: &str = "emma@blueseas.com";

fn at(guid: &str) -> String {
    format!("/requests/{guid}")
}

/// Sends one form of a request's page, which has to lead back to the page.
async fn done(browser: &Browser, guid: &str, (action, fields): (&str, &[(&str, &str)])) -> String {
    let sent = send(browser, guid, (action, fields)).await;
    assert_eq!(sent.status, 303, "{action}: {}", sent.text);
    sent.header("location").to_owned()
}

async fn send(browser: &Browser, guid: &str, (action, fields): (&str, &[(&str, &str)])) -> Reply {
    let token = browser.form_token();
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{action}", at(guid)), &all).await
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

fn lacks(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(!page.contains(part), "{part} is in {page}");
    }
}

on_both! {
    async fn everything_about_a_request(app) {
        let (client, vendor) = app.pair();
        let guid = client.invited(&with(documented(), &json!({"notes": "Chase <b>them</b>."}))).await;
        app.deliver().await;
        let emma = app.signed_in(EMMA).await;
        let page = emma.page(&at(&guid)).await;
        has(&page, &[
            "Maria Castro at Black Hills Technologies", "mcastro@blackhills.com", "Pending", "Please look at these.",
            "12 Nov 2026, 09:00 UTC", "26 Nov 2026, 09:00 UTC", "203.0.113.x:3389", "Material",
            "risk@blueseas.com, legal@blueseas.com", "Ada Auditor", "Third party", "Introduction kept here",
            "Activation mail kept here", "Chase &#60;b&#62;them&#60;/b&#62;.", "Messages open when the recipient accepts",
            "Emma Waters sent the invitation", "The invitation runs out on 26 Nov 2026, 09:00 UTC",
        ]);
        lacks(&page, &["203.0.113.0:3389", "/i/", "data-post"]);
        let rita = app.signed_in("rita@blueseas.com").await.page(&at(&guid)).await;
        has(&rita, &["Maria Castro", "Chase &#60;b&#62;them&#60;/b&#62;."]);
        lacks(&rita, &["/resolve", "/link", "/notes", "Read the kept mail", "Send again"]);
        let foreign = app.signed_in("otto@greystone.example").await.get(&at(&guid)).await;
        assert_eq!(foreign.status, 404);
        let received = vendor.invite(&with(to_saperix("ann"), &json!({}))).await;
        assert_eq!(received.status, 400, "Black Hills follows nobody: it has only received requests");
        let vera = app.signed_in("vera@blackhills.com").await;
        assert_eq!(vera.get(&at(&guid)).await.header("location"), format!("/inbox/{guid}"));
    }

    async fn writing_editing_and_deleting(app) {
        let (client, vendor) = app.pair();
        let guid = client.invited(&to_vera()).await;
        let emma = app.signed_in(EMMA).await;
        has(&emma.page(&at(&guid)).await, &["Nobody wrote yet", "data-post", "data-draft"]);
        let form = ("messages", [("body", "First <i>words</i>\r\nand more"), ("key", "k1")]);
        let first = done(&emma, &guid, (form.0, &form.1)).await;
        assert!(first.starts_with(&format!("/requests/{guid}?done=posted#message-")), "{first}");
        assert_eq!(done(&emma, &guid, (form.0, &form.1)).await, first, "the same form again");
        let second = done(&emma, &guid, ("messages", &[("body", "Second"), ("key", "k1")])).await;
        assert_ne!(second, first);
        let (_, id) = first.split_once("#message-").unwrap();
        let page = emma.page(&at(&guid)).await;
        has(&page, &["First &#60;i&#62;words&#60;/i&#62;\nand more", "Second", "Emma Waters", &format!("messages/{id}")]);
        let empty = send(&emma, &guid, ("messages", &[("body", " \r\n")])).await;
        assert_eq!(empty.status, 422);
        has(&empty.text, &["Your message is required.", "aria-invalid=\"true\"", "Second"]);
        let long = "x".repeat(10_001);
        let refused = send(&emma, &guid, ("messages", &[("body", &long)])).await;
        assert_eq!(refused.status, 422);
        has(&refused.text, &[&long, "Your message must have at most 10000 characters."]);
        let edit = format!("messages/{id}");
        has(&emma.page(&format!("{}/{edit}", at(&guid))).await, &["First &#60;i&#62;words", "both sides"]);
        assert_eq!(send(&emma, &guid, (&edit, &[("body", "")])).await.status, 422);
        done(&emma, &guid, (&edit, &[("body", "Changed")])).await;
        has(&vera_sees(&vendor, &guid).await, &["Changed", "edited_time\":\"2026"]);
        let mark = app.signed_in("mark@blueseas.com").await;
        assert_eq!(mark.get(&format!("{}/{edit}", at(&guid))).await.status, 403, "not the author");
        assert_eq!(send(&mark, &guid, (&edit, &[("body", "Mine")])).await.status, 403);
        done(&emma, &guid, (&format!("{edit}/delete"), &[])).await;
        let page = emma.page(&at(&guid)).await;
        has(&page, &["This message was deleted."]);
        lacks(&page, &["Changed", &format!("href=\"/requests/{guid}/{edit}\"")]);
        let rita = app.signed_in("rita@blueseas.com").await;
        lacks(&rita.page(&at(&guid)).await, &["data-post"]);
        assert_eq!(send(&rita, &guid, ("messages", &[("body", "me too")])).await.status, 403);
    }

    async fn looking_makes_messages_seen(app) {
        let (client, vendor) = app.pair();
        let guid = client.invited(&to_vera()).await;
        vendor.written(&guid, "an answer").await;
        assert_eq!(app.unread(world::CLIENT_ADMIN).await.0, 1);
        let emma = app.signed_in(EMMA).await;
        has(&emma.page(&at(&guid)).await, &["an answer"]);
        assert_eq!(app.unread(world::CLIENT_ADMIN).await.0, 0);
        assert_eq!(app.unread(world::CLIENT_MANAGER).await.0, 1, "for the reader alone");
        vendor.written(&guid, "came live").await;
        assert_eq!(send(&emma, &guid, ("seen", &[])).await.status, 204);
        assert_eq!(app.unread(world::CLIENT_ADMIN).await.0, 0);
    }

    async fn a_long_thread_comes_in_pages(app) {
        let (client, _) = app.pair();
        let guid = client.invited(&to_vera()).await;
        for number in 0..101 {
            client.written(&guid, &format!("message {number}.")).await;
        }
        let emma = app.signed_in(EMMA).await;
        let page = emma.page(&at(&guid)).await;
        has(&page, &["message 1.", "message 100.", "?before=2#thread", "stream?after=101"]);
        lacks(&page, &["message 0."]);
        let earlier = emma.page(&format!("{}?before=2", at(&guid))).await;
        has(&earlier, &["message 0.", "Newest messages"]);
        lacks(&earlier, &["message 1.", "data-stream"]);
    }

    async fn notes_trial_and_the_end(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_black_hills("max")).await;
        let emma = app.signed_in(EMMA).await;
        assert_eq!(done(&emma, &guid, ("notes", &[("notes", "Call\r\nagain")])).await, format!("/requests/{guid}?done=saved"));
        has(&emma.page(&format!("{}?done=saved", at(&guid))).await, &["Call\nagain", "Saved."]);
        let long = "n".repeat(10_001);
        let refused = send(&emma, &guid, ("notes", &[("notes", &long)])).await;
        assert_eq!(refused.status, 422);
        has(&refused.text, &["Your notes", "at most 10000 characters", &long]);
        done(&emma, &guid, ("trial", &[("trial_duration", "60")])).await;
        has(&emma.page(&at(&guid)).await, &["60 days from acceptance"]);
        for (days, words) in [("40", "can only be made longer; it is 60 days"), ("soon", "must be a number of days"), ("366", "365")] {
            let refused = send(&emma, &guid, ("trial", &[("trial_duration", days)])).await;
            assert_eq!(refused.status, 422, "{days}");
            has(&refused.text, &["The trial", words, &format!("value=\"{days}\"")]);
        }
        done(&emma, &guid, ("resolve", &[])).await;
        let page = emma.page(&at(&guid)).await;
        has(&page, &["Resolved", "by Emma Waters", "its messages are closed"]);
        lacks(&page, &["/resolve\"", "/resend", "/link\"", "data-post"]);
        let late = send(&emma, &guid, ("messages", &[("body", "one more")])).await;
        assert_eq!(late.status, 422);
        has(&late.text, &["That was not possible now", "so its messages are closed"]);
        let rita = app.signed_in("rita@blueseas.com").await;
        for action in ["notes", "trial", "resend", "link", "resolve"] {
            let refused = send(&rita, &guid, (action, &[("trial_duration", "90")])).await;
            assert_eq!(refused.status, 403, "{action}");
        }
    }

    async fn sending_again_and_copying_a_link(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_saperix("ann")).await;
        let old = app.activation_for("ann@saperix.example").await.link_token();
        let emma = app.signed_in(EMMA).await;
        has(&emma.page(&at(&guid)).await, &["It can be sent again from", "12 Nov 2026, 09:05 UTC", "disabled"]);
        let early = send(&emma, &guid, ("resend", &[])).await;
        assert_eq!(early.status, 422);
        has(&early.text, &["younger than the cool-down"]);
        app.clock.advance(Duration::from_secs(300));
        done(&emma, &guid, ("resend", &[])).await;
        assert_eq!(app.browser().get(&format!("/i/{old}")).await.status, 410);
        let made = send(&emma, &guid, ("link", &[])).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
        has(&made.text, &["https://liaison.test/i/", "no longer work", "code-digits", "Shown here once"]);
        let (_, rest) = made.text.split_once("https://liaison.test/i/").unwrap();
        let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert_eq!(app.browser().get(&format!("/i/{token}")).await.status, 200);
        lacks(&emma.page(&at(&guid)).await, &[&token]);
    }

    async fn the_kept_mail_has_the_link(app) {
        let client = app.pair().0;
        let guid = client.invited(&to_saperix("ann")).await;
        app.deliver().await;
        let token = app.activation_for("ann@saperix.example").await.link_token();
        let emma = app.signed_in(EMMA).await;
        let page = emma.page(&at(&guid)).await;
        let mails: Vec<_> = page.split("href=\"").filter(|part| part.starts_with(&format!("{}/mails/", at(&guid))))
            .map(|part| part.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(mails.len(), 2, "introduction and activation");
        let mut links = 0;
        for mail in &mails {
            let shown = emma.get(mail).await;
            assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
            has(&shown.text, &["ann@saperix.example"]);
            links += usize::from(shown.text.contains(&token));
            let html = emma.get(&format!("{mail}/html")).await;
            let policy = html.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
            assert!(html.text.contains("<html"), "{}", html.text);
            for (other, status) in [("rita@blueseas.com", 403), ("mark@blueseas.com", 200), ("otto@greystone.example", 404)] {
                assert_eq!(app.signed_in(other).await.get(mail).await.status, status, "{other}");
            }
        }
        assert_eq!(links, 1);
        app.accepted(&token, "Ann Perry").await;
        let gone: Vec<_> = { let mut all = Vec::new(); for mail in &mails { all.push(emma.get(mail).await.status); } all };
        assert_eq!(gone.iter().filter(|status| **status == 404).count(), 1, "the used link is kept nowhere");
    }

    async fn somebody_who_asked_is_let_in_or_turned_down(app) {
        let client = app.pair().0;
        let link = client.post("/ratings/v1/client-access-links", &json!({"name": "Suppliers", "description": "All."})).await;
        let link = link.json["guid"].as_str().unwrap().to_owned();
        let emma = app.signed_in(EMMA).await;
        for (name, action, status, done_with) in [("sam", "approve", "Pending", "approved"), ("kim", "reject", "Rejected", "rejected")] {
            let email = format!("{name}@saperix.example");
            let fields = [("token", link.as_str()), ("formal_name", "Sam Perry"), ("email", &email), ("message", "May I?")];
            let asked = app.browser().submit(&format!("/join?token={link}"), "/join", &fields).await;
            assert_eq!(asked.status, 200, "{}", asked.text);
            let waiting = client.outbox("?status=Requested").await;
            let guid = waiting[0]["guid"].as_str().unwrap();
            let page = emma.page(&at(guid)).await;
            has(&page, &["Sam Perry wrote:", "May I?", "asks to be invited", "/approve\"", "/reject\"", "Nobody approved this"]);
            lacks(&page, &["/link\"", "/resend\""]);
            assert_eq!(done(&emma, guid, (action, &[])).await, format!("/requests/{guid}?done={done_with}"));
            assert_eq!(client.sent(guid).await["status"], status);
            let page = emma.page(&at(guid)).await;
            lacks(&page, &["/approve\"", "/reject\""]);
            let twice = send(&emma, guid, ("approve", &[])).await;
            assert_eq!(twice.status, 422);
            has(&twice.text, &["Unable to update status."]);
        }
    }

    async fn the_transcript_keeps_private_things_private(app) {
        let (client, vendor) = app.pair();
        let guid = client.invited(&with(to_vera(), &json!({
            "notes": "Private thought.", "message": "Look, please.", "rolledup_observation_ids": [world::finding_id(0)]
        }))).await;
        vendor.written(&guid, "Done since noon.").await;
        app.deliver().await;
        let (emma, vera) = (app.signed_in(EMMA).await, app.signed_in("vera@blackhills.com").await);
        for (browser, base, address) in [(&emma, "requests", "203.0.113.x:3389"), (&vera, "inbox", "203.0.113.0:3389")] {
            let pdf = browser.get(&format!("/{base}/{guid}/transcript.pdf?notes=yes")).await;
            assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
            assert!(pdf.text.starts_with("%PDF-"));
            let json = browser.get(&format!("/{base}/{guid}/transcript.json")).await;
            assert_eq!(json.header("content-type"), "application/json");
            assert_eq!(json.json["request"]["findings"][0]["evidence"], address);
            assert_eq!(json.json["messages"][0]["body"], "Done since noon.");
            assert!(!json.text.contains("Private thought"), "{}", json.text);
            assert_eq!(json.text.contains("mail.kept"), base == "requests", "deliveries are the sender's");
        }
        let with_notes = emma.get(&format!("/requests/{guid}/transcript.json?notes=yes")).await;
        assert_eq!(with_notes.json["request"]["notes"], "Private thought.");
        let vendor_asks = vera.get(&format!("/inbox/{guid}/transcript.json?notes=yes")).await;
        assert!(!vendor_asks.text.contains("Private thought"));
        let path = format!("/liaison/v1/access-requests/{guid}/transcript");
        assert_eq!(client.get(&path).await.json["request"]["guid"], guid);
        let pdf = client.get(&format!("{path}?format=pdf")).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
        assert_eq!(client.get(&format!("{path}?format=doc")).await.status, 400);
        assert_eq!(app.client(world::OTHER_ADMIN).get(&path).await.status, 404);
        assert_eq!(app.signed_in("otto@greystone.example").await.get(&format!("/requests/{guid}/transcript.pdf")).await.status, 404);
    }

    async fn the_stream_of_the_page(app) {
        let (client, vendor) = app.pair();
        let guid = client.invited(&to_vera()).await;
        let path = format!("/requests/{guid}/stream");
        assert_eq!(app.browser().get(&path).await.status, 401);
        let emma = app.signed_in(EMMA).await;
        vendor.written(&guid, "before it was open").await;
        let mut stream = emma.request(liaison_testkit::Method::GET, &format!("{path}?after=0")).send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        let mut text = String::new();
        while !text.contains("before it was open") {
            text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().expect("it goes on")).unwrap());
        }
        done(&emma, &guid, ("messages", &[("body", "written on the page")])).await;
        while !text.contains("written on the page") {
            text.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().expect("it goes on")).unwrap());
        }
    }
}

async fn vera_sees(vendor: &liaison_testkit::Client, guid: &str) -> String {
    vendor
        .get(&format!("/liaison/v1/access-requests/{guid}/messages"))
        .await
        .text
}
