//! What happened to a request, as each side may know it, and the feed of a whole customer.

use std::time::Duration;

use liaison_testkit::invitations::{documented, to_saperix, to_vera, with};
use liaison_testkit::smtp::Sink;
use liaison_testkit::{Client, Method, Value, json, on_both, reply, world};

const EVENTS: &str = "/liaison/v1/events";

async fn timeline(client: &Client, request: &str) -> Vec<Value> {
    let reply = client
        .get(&format!("/liaison/v1/access-requests/{request}/timeline"))
        .await;
    assert_eq!(
        (reply.status, &reply.json["next"]),
        (200, &Value::Null),
        "{}",
        reply.text
    );
    reply.json["results"].as_array().unwrap().clone()
}

/// A line for each entry: when, what, who, and to whom.
fn lines(entries: &[Value]) -> String {
    let line = |entry: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let at = text(&entry["at"]);
        let mut line = format!(
            "{} {} {} {}",
            &at[5..16],
            text(&entry["kind"]),
            text(&entry["side"]),
            text(&entry["actor"])
        );
        if let Some(mail) = entry.get("mail") {
            line.push_str(&format!(
                " {} {} {} {}",
                text(&mail["kind"]),
                text(&mail["recipient"]),
                mail["attempts"],
                text(&mail["reply"])
            ));
        }
        line
    };
    // People who get the same mail stand in no order.
    let mut lines: Vec<_> = entries.iter().map(line).collect();
    lines.sort_by_key(|line| {
        (
            line[..11].to_owned(),
            line.contains(" mail."),
            line.contains("mail.").then(|| line.clone()),
        )
    });
    lines.join("\n")
}

/// The whole feed from a cursor, read in pages of two: kinds, and where to go on.
async fn feed(client: &Client, from: &str) -> (Vec<Value>, String) {
    let (mut all, mut cursor) = (Vec::new(), from.to_owned());
    loop {
        let page = client.get(&format!("{EVENTS}?limit=2&cursor={cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        all.extend(page.json["results"].as_array().unwrap().iter().cloned());
        if let Some(place) = page.json["cursor"].as_str() {
            place.clone_into(&mut cursor);
        }
        if page.json["next"].is_null() {
            return (all, cursor);
        }
        assert_eq!(page.json["next"], page.json["cursor"]);
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

on_both! {
    async fn from_sending_to_the_end(app) {
        let (emma, _) = app.pair();
        let copies = json!({"ccs": "risk@blueseas.com"});
        let request = emma.invited(&with(to_saperix("ann"), &copies)).await;
        app.clock.advance(Duration::from_secs(3600));
        emma.post(&format!("/liaison/v1/access-requests/{request}/resend"), &json!({})).await;
        app.clock.advance(Duration::from_secs(3600));
        let token = app.activation_for("ann@saperix.example").await.link_token();
        app.accepted(&token, "Ann Perry").await;
        let ann = app.guest("ann@saperix.example").await;
        app.clock.advance(Duration::from_secs(3600));
        ann.written(&request, "a secret text").await;
        app.clock.advance(Duration::from_secs(3600));
        emma.change(&request, "Resolved").await;
        let of_emma = timeline(&emma, &request).await;
        insta::assert_snapshot!(lines(&of_emma), @r#"
        11-12T09:00 request.sent client Emma Waters
        11-12T09:00 mail.kept - - introduction ann@saperix.example 0 -
        11-12T09:00 mail.kept - - introduction risk@blueseas.com 0 -
        11-12T09:00 mail.queued - - activation ann@saperix.example 0 -
        11-12T10:00 request.resent client Emma Waters
        11-12T10:00 mail.queued - - activation ann@saperix.example 0 -
        11-12T10:00 mail.replaced - - activation ann@saperix.example 0 its link was used or replaced
        11-12T11:00 request.accepted vendor Ann Perry
        11-12T11:00 mail.replaced - - activation ann@saperix.example 0 its link was used or replaced
        11-12T12:00 message.posted vendor Ann Perry
        11-12T13:00 request.resolved client Emma Waters
        "#);
        let of_ann = timeline(&ann, &request).await;
        insta::assert_snapshot!(lines(&of_ann), @r#"
        11-12T09:00 request.sent client Emma Waters
        11-12T10:00 request.resent client Emma Waters
        11-12T11:00 request.accepted vendor Ann Perry
        11-12T12:00 message.posted vendor Ann Perry
        11-12T13:00 request.resolved client Emma Waters
        "#);
        assert!(!format!("{of_emma:?}{of_ann:?}").contains("secret"));
    }

    async fn the_relays_words(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&with(documented(), &json!({"third_parties": [], "ccs": ""}))).await;
        let (sink, port) = Sink::start();
        sink.answer("mcastro@blackhills.com", "550 5.1.1 no such user");
        app.queue_kept_mails().await;
        app.clock.advance(Duration::from_secs(60));
        app.deliver_to(port).await;
        let entries = timeline(&emma, &request).await;
        let failed: Vec<_> = entries.iter().filter(|entry| entry["kind"] == "mail.failed").collect();
        assert_eq!(failed.len(), 2, "{entries:?}");
        for entry in failed {
            assert_eq!(entry["mail"]["reply_code"], 550);
            assert!(entry["mail"]["reply"].as_str().unwrap().contains("no such user"));
            assert_eq!(entry["at"], "2026-11-12T09:01:00Z");
        }
        assert!(!lines(&entries).contains("vera@"), "a contact of the vendor is not the client's to know");
    }

    async fn the_vendor_hears_what_is_shared(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let all = timeline(&vera, &request).await;
        assert_eq!(kinds(&all), ["request.sent"]);
        assert!(all[0].get("mail").is_none());
        assert_eq!(kinds(&timeline(&emma, &request).await), ["request.sent", "mail.kept"]);
        let foreign = app.client(world::OTHER_ADMIN);
        let path = format!("/liaison/v1/access-requests/{request}/timeline");
        assert_eq!(foreign.get(&path).await.status, 404);
        let etag = vera.get(&path).await.header("etag").to_owned();
        let again = reply(vera.request(Method::GET, &path).header("If-None-Match", etag)).await;
        assert_eq!(again.status, 304);
    }

    async fn the_feed_of_both_sides(app) {
        let (emma, vera) = app.pair();
        let otto = app.client(world::OTHER_ADMIN);
        let second = Duration::from_secs(1);
        let request = emma.invited(&to_vera()).await;
        app.clock.advance(second);
        let of_otto = otto.invited(&to_vera()).await;
        app.clock.advance(second);
        vera.written(&request, "x").await;
        app.clock.advance(second);
        emma.change(&request, "Resolved").await;
        assert_eq!(kinds(&feed(&emma, "").await.0), Vec::<&str>::new(), "nothing settled yet");
        app.clock.advance(10 * second);
        let (first, cursor) = feed(&emma, "").await;
        assert_eq!(kinds(&first), ["request.sent", "message.posted"], "the newest is ten seconds old, to the millisecond");
        assert!(first.iter().all(|event| event["request_guid"] == request.as_str() && event["my_side"] == "client"));
        app.clock.advance(Duration::from_millis(1));
        let (rest, end) = feed(&emma, &cursor).await;
        assert_eq!(kinds(&rest), ["request.resolved"]);
        assert_eq!(rest[0]["actor"], "Emma Waters");
        let (nothing, same) = feed(&emma, &end).await;
        assert!(nothing.is_empty() && same == end);

        let (received, _) = feed(&vera, "").await;
        assert_eq!(kinds(&received), ["request.sent", "request.sent", "message.posted", "request.resolved"]);
        assert_eq!(received[1]["request_guid"], of_otto.as_str());
        assert!(received.iter().all(|event| event["my_side"] == "vendor"));
        assert_eq!(feed(&otto, "").await.0.len(), 1);
        for wrong in [cursor.as_str(), "x", "!!", &end[1..]] {
            let refused = otto.get(&format!("{EVENTS}?cursor={wrong}")).await;
            let code = (refused.status, refused.json["code"].as_str(), refused.json["field"].as_str());
            assert_eq!(code, (400, Some("invalid_parameter"), Some("cursor")), "{wrong}");
        }
    }

    async fn events_of_one_moment_all_come(app) {
        let (emma, _) = app.pair();
        for _ in 0..5 {
            emma.invited(&to_vera()).await;
        }
        app.clock.advance_days(1);
        let (all, _) = feed(&emma, "").await;
        let mut ids: Vec<_> = all.iter().map(|event| event["id"].to_string()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 5);
    }
}
