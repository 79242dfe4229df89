//! The thread of a request: two companies write to each other, each with its own rights.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use liaison_testkit::domain::people::Role;
use liaison_testkit::domain::sides::Side;
use liaison_testkit::invitations::{to_saperix, to_vera};
use liaison_testkit::smtp::Sink;
use liaison_testkit::threads::messages_of;
use liaison_testkit::{Mail, Method, TestApp, Value, json, on_both, redacted, reply, world};

fn one(request: &str, message: &Value) -> String {
    format!("{}/{}", messages_of(request), message["id"].as_str().unwrap())
}

fn bodies(thread: &[Value]) -> Vec<&str> {
    thread
        .iter()
        .map(|message| message["body"].as_str().unwrap_or("-"))
        .collect()
}

async fn message_mails(app: &TestApp) -> Vec<Mail> {
    let mut mails = app.mails().await;
    mails.retain(|mail| mail.kind == "message");
    mails
}

fn recipients(mails: &[Mail]) -> Vec<&str> {
    let mut recipients: Vec<_> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
    recipients.sort_unstable();
    recipients
}

/// The token of the link in a mail that switches such mails off.
fn unsubscribe_token(mail: &Mail) -> String {
    let header = mail.header("List-Unsubscribe");
    let (_, token) = header.split_once("/unsubscribe?t=").expect("the header has the link");
    token.trim_end_matches('>').to_owned()
}

on_both! {
    async fn a_conversation(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let asked = emma.write(&request, "Could you look at port 3389?\r\n").await;
        assert_eq!(asked.status, 201);
        insta::assert_snapshot!(asked.redacted(), @r#"
        {
          "author": {
            "company": "Blue Seas International",
            "guid": "e0000000-0000-4000-8000-000000000001",
            "name": "Emma Waters"
          },
          "body": "Could you look at port 3389?",
          "created_time": "2026-11-12T09:00:00Z",
          "deleted_time": null,
          "edited_time": null,
          "id": "[guid]",
          "mine": true,
          "revision": 1,
          "side": "client"
        }
        "#);
        app.clock.advance_days(1);
        vera.written(&request, "Closed it <b>today</b>.").await;
        emma.written(&request, "Thank you \u{1f642}").await;
        let of_vera = vera.get(&messages_of(&request)).await.json;
        assert_eq!(of_vera["next"], Value::Null);
        let of_vera = of_vera["results"].as_array().unwrap().clone();
        assert_eq!(
            bodies(&of_vera),
            ["Could you look at port 3389?", "Closed it <b>today</b>.", "Thank you \u{1f642}"]
        );
        insta::assert_snapshot!(redacted(&of_vera[1]), @r#"
        {
          "author": {
            "company": "Black Hills Technologies",
            "guid": "e0000000-0000-4000-8000-000000000005",
            "name": "Vera Hill"
          },
          "body": "Closed it <b>today</b>.",
          "created_time": "2026-11-13T09:00:00Z",
          "deleted_time": null,
          "edited_time": null,
          "id": "[guid]",
          "mine": true,
          "revision": 2,
          "side": "vendor"
        }
        "#);
        let of_emma = emma.thread(&request).await;
        let mine = |thread: &[Value]| thread.iter().map(|message| message["mine"] == true).collect::<Vec<_>>();
        assert_eq!((mine(&of_emma), mine(&of_vera)), (vec![true, false, true], vec![false, true, false]));
    }

    async fn what_is_changed_is_changed_for_both(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let first = emma.written(&request, "Frist").await;
        let second = vera.written(&request, "Second").await;
        app.clock.advance_days(1);
        let edited = emma.patch(&one(&request, &first), &json!({"body": "First\n"})).await;
        assert_eq!((edited.status, edited.json["body"].as_str()), (200, Some("First")));
        let seen = vera.get(&one(&request, &first)).await.json;
        assert_eq!((seen["body"].as_str(), seen["mine"].as_bool()), (Some("First"), Some(false)));
        assert_eq!(seen["edited_time"], "2026-11-13T09:00:00Z");
        assert_eq!(seen["revision"], 3);
        let again = emma.patch(&one(&request, &first), &json!({"body": "First"})).await;
        assert_eq!(again.json["revision"], 3, "the same text is no change");

        let delete = || reply(vera.request(Method::DELETE, &one(&request, &second)));
        let deleted = delete().await;
        assert_eq!((deleted.status, &deleted.json["body"]), (200, &Value::Null));
        assert_eq!(delete().await.json, deleted.json, "once more is harmless");
        let thread = emma.thread(&request).await;
        assert_eq!(bodies(&thread), ["First", "-"], "its place stays");
        assert_eq!(thread[1]["deleted_time"], "2026-11-13T09:00:00Z");
        let late = vera.patch(&one(&request, &second), &json!({"body": "x"})).await;
        assert_eq!(late.error(), "409 message_deleted: This message was deleted and cannot be changed.");
    }

    async fn only_the_author_changes_a_message(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let other = emma.invited(&to_vera()).await;
        let message = emma.written(&request, "Mine").await;
        let path = one(&request, &message);
        for (token, status) in [
            (world::CLIENT_MANAGER, 403), (world::CLIENT_COMPANY, 403), (world::VENDOR_ADMIN, 403),
            (world::OTHER_ADMIN, 404),
        ] {
            let client = app.client(token);
            assert_eq!(client.patch(&path, &json!({"body": "x"})).await.status, status, "{token}");
            assert_eq!(reply(client.request(Method::DELETE, &path)).await.status, status, "{token}");
        }
        for nowhere in [one(&other, &message), format!("{}/nothing", messages_of(&request))] {
            assert_eq!(emma.patch(&nowhere, &json!({"body": "x"})).await.status, 404);
            assert_eq!(emma.get(&nowhere).await.status, 404);
        }
        assert_eq!(bodies(&vera.thread(&request).await), ["Mine"]);
        let company = app.client(world::CLIENT_COMPANY).written(&request, "We").await;
        assert_eq!((company["author"]["name"].as_str(), company["author"]["guid"].as_str()),
            (Some("Blue Seas"), Some(world::CLIENT)));
        let next = app.client(&app.make_token(world::CLIENT, None).await.token);
        assert_eq!(next.patch(&one(&request, &company), &json!({"body": "Us"})).await.status, 200);
        assert_eq!(emma.patch(&one(&request, &company), &json!({"body": "x"})).await.status, 403);
    }

    async fn who_may_write(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&to_vera()).await;
        for (token, status) in [
            (world::CLIENT_ADMIN, 201), (world::CLIENT_MANAGER, 201), (world::CLIENT_COMPANY, 201),
            (world::CLIENT_READER, 403), (world::VENDOR_ADMIN, 201), (world::VENDOR_READER, 201),
            (world::OTHER_ADMIN, 404),
        ] {
            assert_eq!(app.client(token).write(&request, "x").await.status, status, "{token}");
            let read = app.client(token).get(&messages_of(&request)).await.status;
            assert_eq!(read, if status == 404 { 404 } else { 200 }, "{token}");
        }
    }

    async fn a_guest_writes_where_they_were_invited(app) {
        let (emma, vera) = app.pair();
        let request = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let other = emma.invited(&to_vera()).await;
        let ann = app.guest("ann@saperix.example").await;
        ann.written(&request, "Here I am").await;
        assert_eq!(ann.write(&other, "x").await.status, 404);
        assert_eq!(vera.write(&request, "x").await.status, 404);
        let thread = emma.thread(&request).await;
        assert_eq!((thread[0]["side"].as_str(), thread[0]["author"]["company"].as_str()),
            (Some("vendor"), Some("Saperix")));
    }

    async fn closed_threads_can_be_read(app) {
        let (emma, vera) = app.pair();
        let pending = emma.invited(&to_saperix("ann")).await;
        insta::assert_snapshot!(emma.write(&pending, "x").await.error(), @"409 thread_closed: Messages open when the recipient accepts the request. Send the link again if it got lost.");
        let resolved = emma.invited(&to_vera()).await;
        let message = vera.written(&resolved, "Done?").await;
        emma.change(&resolved, "Resolved").await;
        insta::assert_snapshot!(vera.write(&resolved, "x").await.error(), @"409 thread_closed: The request is resolved, so its messages are closed. Send a new request to go on writing.");
        let late = vera.patch(&one(&resolved, &message), &json!({"body": "x"})).await;
        assert_eq!(late.json["code"], "thread_closed");
        assert_eq!(reply(vera.request(Method::DELETE, &one(&resolved, &message))).await.status, 409);
        let trial = app.invited_and_accepted(&emma, &to_saperix("bob")).await;
        emma.written(&trial, "Welcome").await;
        app.clock.advance_days(30);
        insta::assert_snapshot!(emma.write(&pending, "x").await.error(), @"409 thread_closed: The invitation ran out before anybody accepted it. Send the request again to open messages.");
        insta::assert_snapshot!(emma.write(&trial, "x").await.error(), @"409 thread_closed: The recipient's access has ended. Extend the trial or invite again to go on writing.");
        assert_eq!(bodies(&emma.thread(&trial).await), ["Welcome"]);
        assert_eq!(bodies(&vera.thread(&resolved).await), ["Done?"]);
        assert_eq!(emma.thread(&pending).await, Vec::<Value>::new());
    }

    async fn what_a_text_may_be(app) {
        let (emma, _) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let path = messages_of(&request);
        let longest = "\u{e9}".repeat(10_000);
        assert_eq!(emma.written(&request, &format!("{longest}\r\n ")).await["body"], longest.as_str());
        assert_eq!(emma.written(&request, " a\r\n\r\nb\rc\n").await["body"], " a\n\nb\nc");
        for (body, said) in [
            (json!({"body": format!("{longest}x")}), "400 invalid_field: body: must have at most 10000 characters"),
            (json!({"body": " \r\n\t"}), "400 invalid_field: body: is required"),
            (json!({"body": ""}), "400 invalid_field: body: is required"),
            (json!({"body": null}), "400 invalid_field: body: is required"),
            (json!({}), "400 invalid_field: body: is required"),
            (json!({"body": 7}), "400 invalid_field: body: must be a string"),
            (json!({"body": "a\u{0}b"}), "400 invalid_field: body: must not contain NUL characters"),
            (json!({"body": "x", "side": "vendor"}), "400 invalid_field: side: is not a field here"),
            (json!(["x"]), "400 invalid_field: body: must be an object"),
            (Value::Null, "400 invalid_field: body: must be an object"),
        ] {
            assert_eq!(emma.post(&path, &body).await.error(), said, "{body}");
        }
        let message = emma.written(&request, "x").await;
        for body in [json!({"body": " "}), json!({}), json!({"body": "x", "id": 1})] {
            assert_eq!(emma.patch(&one(&request, &message), &body).await.status, 400, "{body}");
        }
        assert_eq!(emma.thread(&request).await.len(), 3);
    }

    async fn a_repeated_message_is_written_once(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let body = json!({"body": "Once"});
        let first = emma.post_once(&messages_of(&request), "key", &body).await;
        let again = emma.post_once(&messages_of(&request), "key", &body).await;
        assert_eq!((first.status, again.status, &first.text), (201, 201, &again.text));
        assert_eq!(vera.thread(&request).await.len(), 1);
        assert_eq!(message_mails(app).await.len(), 1);
    }

    async fn pages_follow_each_other(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        for number in 0..7 {
            let author = if number % 2 == 0 { &emma } else { &vera };
            author.written(&request, &number.to_string()).await;
        }
        let mut read = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = vera.get(&format!("{}?limit=3&cursor={cursor}", messages_of(&request))).await.json;
            read.extend(page["results"].as_array().unwrap().iter().map(|message| message["body"].clone()));
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(read, ["0", "1", "2", "3", "4", "5", "6"]);
        let other = emma.invited(&to_vera()).await;
        for (path, parameter) in [
            (format!("{}?cursor={cursor}", messages_of(&other)), "cursor"),
            (format!("{}?cursor=x", messages_of(&request)), "cursor"),
            (format!("{}?limit=0", messages_of(&request)), "limit"),
        ] {
            let wrong = emma.get(&path).await;
            assert_eq!((wrong.status, wrong.json["field"].as_str()), (400, Some(parameter)), "{path}");
        }
    }

    async fn what_did_not_change_is_not_sent_again(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        let message = emma.written(&request, "x").await;
        for path in [messages_of(&request), one(&request, &message)] {
            let first = vera.get(&path).await;
            let etag = first.header("etag").to_owned();
            assert!(etag.len() > 2 && first.header("cache-control") == "private, no-cache");
            let ask = || reply(vera.request(Method::GET, &path).header("If-None-Match", &etag));
            let again = ask().await;
            assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", etag.as_str()));
            emma.patch(&one(&request, &message), &json!({"body": format!("changed {path}")})).await;
            assert_eq!(ask().await.status, 200);
        }
    }

    async fn what_is_unread(app) {
        let (emma, vera) = app.pair();
        let [first, second] = [emma.invited(&to_vera()).await, emma.invited(&to_vera()).await];
        let seen = async |client: &liaison_testkit::Client, request: &str| {
            let path = format!("{}/seen", messages_of(request));
            assert_eq!(client.post(&path, &json!({})).await.status, 204);
        };
        assert_eq!(app.unread(world::VENDOR_ADMIN).await, (0, 0));
        emma.written(&first, "a").await;
        emma.written(&second, "b").await;
        assert_eq!(app.unread(world::CLIENT_ADMIN).await, (0, 0), "nobody waits for themselves");
        assert_eq!(app.unread(world::VENDOR_ADMIN).await, (0, 2));
        seen(&vera, &first).await;
        assert_eq!(app.unread(world::VENDOR_ADMIN).await, (0, 1));
        assert_eq!(app.unread(world::VENDOR_READER).await, (0, 2), "each user reads alone");
        let marked = app.list_unread(world::VENDOR_ADMIN, Side::Vendor, &[&first, &second]).await;
        assert_eq!(marked, [second.as_str()]);
        let again = emma.written(&first, "c").await;
        assert_eq!(app.unread(world::VENDOR_ADMIN).await, (0, 2), "in the same millisecond, too");
        reply(emma.request(Method::DELETE, &one(&first, &again))).await;
        assert_eq!(app.unread(world::VENDOR_ADMIN).await, (0, 1), "what is gone does not wait");
        vera.written(&second, "d").await;
        assert_eq!(app.unread(world::CLIENT_MANAGER).await, (1, 0));
        assert_eq!(app.unread(world::CLIENT_COMPANY).await, (0, 0));
        seen(&app.client(world::CLIENT_COMPANY), &second).await;
        seen(&app.client(world::CLIENT_READER), &second).await;
        assert_eq!((app.unread(world::CLIENT_READER).await, app.unread(world::CLIENT_MANAGER).await), ((0, 0), (1, 0)));
    }

    async fn the_other_side_hears_of_it_once(app) {
        let (emma, vera) = app.pair();
        let request = emma.invited(&to_vera()).await;
        emma.written(&request, "Could you look at this?").await;
        emma.written(&request, "And at that?").await;
        let told = vera.get("/ratings/v1/notifications").await.json;
        let told: Vec<_> = told["data"].as_array().unwrap().iter().map(|one| one["subject"].clone()).collect();
        assert_eq!(
            told[..2],
            [(); 2].map(|()| json!("Emma Waters (Blue Seas International) wrote about Black Hills Technologies")),
            "in the application each is told"
        );
        let mails = message_mails(app).await;
        assert_eq!(recipients(&mails), ["vera@blackhills.com"], "the second waits with the first");
        let text = mails[0].text();
        assert!(text.contains("Could you look at this?") && text.contains(&format!("/inbox/{request}")), "{text}");
        assert!(mails[0].header_names().contains(&"list-unsubscribe-post".to_owned()));
        let (sink, port) = Sink::start();
        app.queue_kept_mails().await;
        app.deliver_to(port).await;
        assert!(sink.arrived().iter().any(|mail| mail.header("List-Unsubscribe").contains("/unsubscribe?t=")));
        app.client(world::CLIENT_MANAGER).written(&request, "A third").await;
        assert_eq!(message_mails(app).await.len(), 2, "what was sent does not hold back the next");
        app.client(world::VENDOR_READER).written(&request, "We are at it").await;
        vera.written(&request, "Done").await;
        let mails = message_mails(app).await;
        assert_eq!(
            recipients(&mails),
            ["emma@blueseas.com", "mark@blueseas.com", "vera@blackhills.com", "vera@blackhills.com"],
            "the sender and who wrote"
        );
        let to_emma = mails.iter().find(|mail| mail.recipient == "emma@blueseas.com").unwrap();
        assert!(to_emma.text().contains(&format!("/requests/{request}")));
    }

    async fn many_threads_at_once(app) {
        let (emma, vera) = app.pair();
        let invitations: Vec<_> = (0..50).map(|_| to_vera()).collect();
        let sent = emma.invite(&Value::from(invitations)).await;
        let guids: Vec<_> = sent.json.as_array().unwrap().iter().map(|one| one["guid"].as_str().unwrap()).collect();
        let replies = join_all(guids.iter().flat_map(|guid| [emma.write(guid, "a"), vera.write(guid, "b")])).await;
        let statuses: BTreeSet<_> = replies.iter().map(|reply| reply.status).collect();
        assert_eq!(statuses, BTreeSet::from([201]));
        for guid in guids {
            let thread = vera.thread(guid).await;
            let mut texts = bodies(&thread);
            texts.sort_unstable();
            assert_eq!(texts, ["a", "b"]);
        }
    }

    async fn mails_can_be_switched_off(app) {
        let (emma, vera) = app.pair();
        let [first, second] = [emma.invited(&to_vera()).await, emma.invited(&to_vera()).await];
        emma.written(&first, "x").await;
        let token = unsubscribe_token(&message_mails(app).await[0]);
        for wrong in ["", "x", "!", &token[1..], &format!("{token}a"), &"a".repeat(token.len())] {
            assert!(!app.unsubscribe(wrong).await, "{wrong}");
        }
        emma.written(&second, "still on").await;
        assert_eq!(message_mails(app).await.len(), 2);
        assert!(app.unsubscribe(&token).await && app.unsubscribe(&token.to_ascii_uppercase()).await);
        let third = emma.invited(&to_vera()).await;
        emma.written(&third, "off").await;
        assert_eq!(message_mails(app).await.len(), 2);
        vera.written(&third, "for Emma").await;
        let mails = message_mails(app).await;
        assert_eq!(mails.len(), 3, "only hers are off");
        let of_emma = unsubscribe_token(&mails[2]);
        assert!(of_emma != token && app.unsubscribe(&of_emma).await);
        let others: BTreeSet<_> = mails.iter().map(unsubscribe_token).collect();
        assert_eq!(others.len(), 2, "a user's link stays the same");
    }

    async fn a_message_always_has_a_reader(app) {
        let company = app.client(world::CLIENT_COMPANY);
        let (emma, vera) = app.pair();
        let request = company.invited(&to_vera()).await;
        vera.written(&request, "Whom do I ask?").await;
        assert_eq!(recipients(&message_mails(app).await), ["emma@blueseas.com"], "the administrator");
        let mark = app.client(world::CLIENT_MANAGER);
        let of_mark = mark.invited(&to_vera()).await;
        app.set_user_active(world::CLIENT, "mark@blueseas.com", false).await;
        vera.written(&of_mark, "Hello?").await;
        assert_eq!(recipients(&message_mails(app).await), ["emma@blueseas.com", "emma@blueseas.com"]);
        app.add_user(world::VENDOR, "new@blackhills.com", Role::User).await.written(&request, "I help").await;
        emma.written(&request, "Good").await;
        let mails = message_mails(app).await;
        assert_eq!(recipients(&mails)[2..], ["new@blackhills.com", "vera@blackhills.com"]);
    }
}
