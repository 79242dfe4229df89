//! Handing a request to a colleague: an accepted one from inside, and an invitation by whoever holds its link.

use liaison_testkit::domain::people::Role;
use liaison_testkit::invitations::{documented, to_black_hills, to_saperix, to_vera, with};
use liaison_testkit::{Client, Mail, Reply, TestApp, Value, json, on_both, reply, world};

const ANN: &str = "ann@saperix.example";
const BOB: &str = "bob@saperix.example";

async fn delegate(client: &Client, guid: &str, name: &str, email: &str) -> Reply {
    let path = format!("/liaison/v1/access-requests/{guid}/delegate");
    client.post(&path, &json!({"formal_name": name, "email": email})).await
}

async fn mails_to(app: &TestApp, email: &str, kind: &str) -> Vec<Mail> {
    let mut mails = app.mails().await;
    mails.retain(|mail| mail.recipient == email && mail.kind == kind);
    mails
}

/// The token of the link for a first password in a welcome mail.
fn password_token(mail: &Mail) -> String {
    let (_, rest) = mail
        .text()
        .split_once("/password/")
        .unwrap_or_else(|| panic!("{}", mail.text()));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn set_password(app: &TestApp, token: &str) {
    let password = "correct horse battery".to_owned();
    app.app()
        .set_password(token.to_owned(), password, "a test".to_owned())
        .await
        .unwrap();
}

async fn what_happened(client: &Client, guid: &str) -> Vec<(String, Value, Value)> {
    let shown = client
        .get(&format!("/liaison/v1/access-requests/{guid}/timeline"))
        .await
        .json;
    let results = shown["results"].as_array().unwrap().iter();
    results
        .map(|entry| {
            (
                entry["kind"].as_str().unwrap().to_owned(),
                entry["actor"].clone(),
                entry["detail"].clone(),
            )
        })
        .collect()
}

async fn happened(client: &Client, guid: &str, kind: &str) -> Vec<(Value, Value)> {
    let all = what_happened(client, guid).await.into_iter();
    all.filter(|(found, _, _)| found == kind)
        .map(|(_, actor, detail)| (actor, detail))
        .collect()
}

async fn page(app: &TestApp, token: &str) -> u16 {
    reply(app.http().get(format!("{}/i/{token}", app.base()))).await.status
}

on_both! {
    async fn a_new_colleague_takes_over_by_coming_in(app) {
        let (emma, _) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest(ANN).await;
        let handed = delegate(&ann, &guid, " Bob Perry ", BOB).await;
        assert_eq!(handed.status, 200, "{}", handed.text);
        assert_eq!(handed.json["vendor"]["requestee"]["email"], ANN, "not before he came in");
        let welcome = mails_to(app, BOB, "welcome").await.pop().unwrap();
        for words in ["ann Perry", "Blue Seas International", "https://liaison.test/password/"] {
            assert!(welcome.text().contains(words), "{words}: {}", welcome.text());
        }
        app.clock.advance_days(1);
        set_password(app, &password_token(&welcome)).await;
        let shown = emma.sent(&guid).await;
        for (key, value) in [
            ("requestee_email", BOB), ("requestee_formal_name", "Bob Perry"), ("requestee_first_name", "Bob"),
            ("requestee_last_name", "Perry"), ("requestee_friendly_name", "Bob"), ("status", "Active"),
        ] {
            assert_eq!(shown[key], value, "{key}");
        }
        let bob = app.guest(BOB).await;
        assert_eq!(bob.received(&guid).await["requestee_email"], BOB);
        assert_eq!(bob.write(&guid, "I am on it").await.status, 201);
        assert_eq!(app.customers().await.len(), 4, "he came into the account of his colleague");
        for client in [&emma, &ann] {
            let to_bob = (json!("ann Perry"), json!("to Bob Perry <bob@saperix.example>"));
            assert_eq!(happened(client, &guid, "request.delegated").await, [to_bob]);
            assert_eq!(happened(client, &guid, "request.taken_over").await, [(json!("Bob Perry"), json!("from ann Perry"))]);
        }
        assert_eq!(app.clock_of(&guid, &emma).await, json!("2026-12-12T09:00:00Z"), "the trial stays as it is");
    }

    async fn a_colleague_with_an_account_has_it_at_once(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let handed = delegate(&vera, &guid, "Whatever", "Vito@BlackHills.com").await;
        assert_eq!(handed.json["vendor"]["requestee"]["email"], "vito@blackhills.com", "{}", handed.text);
        assert_eq!(handed.json["vendor"]["requestee"]["formal_name"], "Vito Hill", "their own name counts");
        let welcome = mails_to(app, "vito@blackhills.com", "welcome").await.pop().unwrap();
        assert!(welcome.text().contains(&format!("https://liaison.test/inbox/{guid}")), "{}", welcome.text());
        assert!(!welcome.text().contains("/password/"));
        assert_eq!(delegate(&app.client(world::VENDOR_READER), &guid, "Vera Hill", "vera@blackhills.com").await.status, 200);
        assert_eq!(emma.sent(&guid).await["requestee_email"], "vera@blackhills.com", "and hands it back");
        let reader = delegate(&app.client(world::VENDOR_READER), &guid, "Vito Hill", "vito@blackhills.com").await;
        assert_eq!(reader.status, 403, "it is no longer his");
    }

    async fn a_newcomer_in_a_full_account_only_reads(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        assert_eq!(delegate(&vera, &guid, "Nina Hill", "nina@blackhills.io").await.status, 200);
        let welcome = mails_to(app, "nina@blackhills.io", "welcome").await.pop().unwrap();
        set_password(app, &password_token(&welcome)).await;
        let nina = app.client(&app.make_token(world::VENDOR, Some("nina@blackhills.io")).await.token);
        assert_eq!(nina.received(&guid).await["requestee_email"], "nina@blackhills.io");
        assert_eq!(nina.invite(&to_vera()).await.status, 403);
    }

    async fn the_last_hand_over_counts(app) {
        let (emma, _) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest(ANN).await;
        delegate(&ann, &guid, "Bob Perry", BOB).await;
        app.clock.advance_days(1);
        delegate(&ann, &guid, "Eve Perry", "eve@saperix.example").await;
        set_password(app, &password_token(&mails_to(app, BOB, "welcome").await[0])).await;
        assert_eq!(emma.sent(&guid).await["requestee_email"], ANN);
        set_password(app, &password_token(&mails_to(app, "eve@saperix.example", "welcome").await[0])).await;
        assert_eq!(emma.sent(&guid).await["requestee_email"], "eve@saperix.example");
        assert_eq!(happened(&emma, &guid, "request.taken_over").await.len(), 1);
    }

    async fn an_invitation_of_their_own_lets_a_colleague_in_too(app) {
        let (emma, _) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        delegate(&app.guest(ANN).await, &guid, "Bob Perry", BOB).await;
        app.invited_and_accepted(&emma, &to_saperix("bob")).await;
        assert_eq!(emma.sent(&guid).await["requestee_email"], BOB);
    }

    async fn what_is_closed_stays_where_it_is(app) {
        let (emma, _) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest(ANN).await;
        delegate(&ann, &guid, "Bob Perry", BOB).await;
        let welcome = mails_to(app, BOB, "welcome").await.pop().unwrap();
        emma.change(&guid, "Resolved").await;
        set_password(app, &password_token(&welcome)).await;
        assert_eq!(emma.sent(&guid).await["requestee_email"], ANN);
        insta::assert_snapshot!(delegate(&ann, &guid, "Bob Perry", BOB).await.error(), @"409 not_delegable: Only an Active request can be handed to a colleague; this one is Resolved.");
    }

    async fn a_new_welcome_replaces_the_old_one(app) {
        let (emma, _) = app.pair();
        let guid = app.invited_and_accepted(&emma, &to_saperix("ann")).await;
        let ann = app.guest(ANN).await;
        delegate(&ann, &guid, "Bob Perry", BOB).await;
        let first = password_token(&mails_to(app, BOB, "welcome").await[0]);
        app.clock.advance_days(1);
        delegate(&ann, &guid, "Bob Perry", BOB).await;
        let welcomes = mails_to(app, BOB, "welcome").await;
        let read: Vec<_> = welcomes.iter().map(|mail| mail.message.is_some()).collect();
        assert_eq!(read, [false, true]);
        assert!(app.app().look_up_password_link(first).await.is_err());
        set_password(app, &password_token(&welcomes[1])).await;
        assert_eq!(emma.sent(&guid).await["requestee_email"], BOB);
    }

    async fn who_cannot_be_a_colleague(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        for (name, email, error) in [
            ("", "nina@blackhills.com", "400 invalid_field: formal_name: is required"),
            ("Nina", "nonsense", "400 invalid_field: email: is not an e-mail address"),
            ("Nina", "", "400 invalid_field: email: is not an e-mail address"),
            ("Nina", "nina@blackhi11s.com", "400 unrelated_email_domain: The requestee email domain is unrelated to the entity"),
            ("Nina", "nina@saperix.example", "400 unrelated_email_domain: The requestee email domain is unrelated to the entity"),
            ("Vera", "VERA@blackhills.com", "400 invalid_field: email: is the address of the person who has the request already"),
        ] {
            assert_eq!(delegate(&vera, &guid, name, email).await.error(), error);
        }
        assert_eq!(delegate(&vera, &guid, &"n".repeat(256), "n@blackhills.com").await.status, 400);
        app.set_user_active(world::VENDOR, "vito@blackhills.com", false).await;
        insta::assert_snapshot!(delegate(&vera, &guid, "Vito", "vito@blackhills.com").await.error(), @"400 invalid_field: email: belongs to an account that is switched off on this server");
        let path = format!("/liaison/v1/access-requests/{guid}/delegate");
        let unknown = vera.post(&path, &json!({"formal_name": "N", "email": "n@blackhills.com", "role": "admin"})).await;
        assert_eq!(unknown.error(), "400 invalid_field: role: is not a field here");
        assert_eq!(happened(&emma, &guid, "request.delegated").await, []);
    }

    async fn who_may_hand_on(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        assert_eq!(delegate(&emma, &guid, "Nina", "nina@blackhills.com").await.status, 404, "it is not the sender's to do");
        assert_eq!(delegate(&app.client(world::OTHER_ADMIN), &guid, "Nina", "nina@blackhills.com").await.status, 404);
        assert_eq!(delegate(&app.client(world::VENDOR_READER), &guid, "Nina", "nina@blackhills.com").await.status, 403);
        let manager = app.add_user(world::VENDOR, "mona@blackhills.com", Role::PortfolioManager).await;
        assert_eq!(delegate(&manager, &guid, "Vito", "vito@blackhills.com").await.status, 200);
        let pending = emma.invited(&to_black_hills("new")).await;
        insta::assert_snapshot!(delegate(&vera, &pending, "Vito", "vito@blackhills.com").await.error(), @"409 not_delegable: Only an Active request can be handed to a colleague; this one is Pending.");
    }

    async fn five_times_and_once_for_each_key(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let path = format!("/liaison/v1/access-requests/{guid}/delegate");
        let body = json!({"formal_name": "N 0", "email": "n0@blackhills.com"});
        let once = vera.post_once(&path, "key", &body).await;
        assert_eq!(once.text, vera.post_once(&path, "key", &body).await.text);
        for number in 1..5 {
            assert_eq!(delegate(&vera, &guid, "N", &format!("n{number}@blackhills.com")).await.status, 200);
        }
        insta::assert_snapshot!(delegate(&vera, &guid, "N", "n5@blackhills.com").await.error(), @"409 delegated_too_often: This request was handed on 5 times already. Ask the sender to invite the right person.");
    }

    async fn an_invitation_is_handed_on_with_its_link(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&documented()).await;
        let old = app.activation_for("mcastro@blackhills.com").await.link_token();
        app.app().mark_opened(old.clone()).await.unwrap();
        app.clock.advance_days(3);
        app.hand_over(&old, "Nina Hill", "nina@blackhills.io").await.unwrap();
        let shown = emma.sent(&guid).await;
        for (key, value) in [
            ("requestee_email", "nina@blackhills.io"), ("requestee_formal_name", "Nina Hill"), ("status", "Pending"),
            ("requestee_friendly_name", "Nina"), ("requestee_phone", ""),
        ] {
            assert_eq!(shown[key], value, "{key}");
        }
        let own = emma.get(&format!("/liaison/v1/access-requests/{guid}")).await.json;
        assert_eq!((&own["opened_time"], &own["delivery"]), (&Value::Null, &json!("kept")), "she has seen nothing yet");
        assert_eq!(page(app, &old).await, 410);
        let introduction = mails_to(app, "nina@blackhills.io", "introduction").await.pop().unwrap();
        for words in ["Nina", "203.0.113.0:3389", "Please look at these."] {
            assert!(introduction.text().contains(words), "{words}: {}", introduction.text());
        }
        let new = app.activation_for("nina@blackhills.io").await.link_token();
        app.accepted(&new, "Nina Hill").await;
        assert_eq!(emma.sent(&guid).await["status"], "Active");
        let handed = (json!("Maria Castro"), json!("to Nina Hill <nina@blackhills.io>"));
        assert_eq!(happened(&emma, &guid, "request.handed_over").await, [handed]);
        app.app().ask_again(old).await.unwrap();
        assert_eq!(mails_to(app, "mcastro@blackhills.com", "activation").await.len(), 1);
    }

    async fn an_invitation_handed_to_somebody_with_an_account_is_open(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_black_hills("new")).await;
        let link = app.activation_for("new@blackhills.com").await.link_token();
        app.hand_over(&link, "V", "vera@blackhills.com").await.unwrap();
        let shown = vera.received(&guid).await;
        assert_eq!((&shown["status"], &shown["requestee_formal_name"]), (&json!("Active"), &json!("Vera Hill")));
        assert_eq!(app.clock_of(&guid, &emma).await, Value::Null, "a full account has no trial");
        assert_eq!(page(app, &link).await, 410);
        assert_eq!(mails_to(app, "vera@blackhills.com", "introduction").await.len(), 1);
        assert!(mails_to(app, "vera@blackhills.com", "activation").await.is_empty());
        app.invited_and_accepted(&emma, &with(to_saperix("ann"), &json!({"trial_duration": 5}))).await;
        let second = emma.invited(&to_saperix("bob")).await;
        let link = app.activation_for(BOB).await.link_token();
        app.hand_over(&link, "Ann", ANN).await.unwrap();
        assert_eq!(app.clock_of(&second, &emma).await, json!("2026-12-12T09:00:00Z"));
        app.clock.advance_days(20);
        assert_eq!(app.guest(ANN).await.received(&second).await["status"], "Active", "her access lasts as long");
    }

    async fn an_invitation_cannot_be_handed_to_just_anybody(app) {
        let (emma, _) = app.pair();
        let guid = emma.invited(&to_saperix("ann")).await;
        let link = app.activation_for(ANN).await.link_token();
        let refused = async |token: &str, name: &str, email: &str| app.hand_over(token, name, email).await.unwrap_err();
        assert_eq!(refused(&link, "Eve", "eve@evil.example").await, "The requestee email domain is unrelated to the entity");
        assert_eq!(refused(&link, "Ann", "ANN@saperix.example").await, "email: is the address of the person who has the request already");
        assert_eq!(refused(&link, " ", BOB).await, "formal_name: is required");
        assert!(refused("nonsense", "Bob", BOB).await.contains("no longer valid"));
        assert_eq!(emma.sent(&guid).await["requestee_email"], ANN);
        let names = ["b", "c", "d", "e", "f"];
        for name in names {
            let email = format!("{name}@saperix.example");
            let link = app.newest_link(&guid).await;
            app.hand_over(&link, name, &email).await.unwrap();
            app.clock.advance_days(1);
        }
        let link = app.newest_link(&guid).await;
        assert!(refused(&link, "Bob", BOB).await.contains("5 times already"));
        app.accepted(&link, "F Perry").await;
        assert!(refused(&link, "Bob", BOB).await.contains("no longer valid"), "who is in hands on from inside");
    }
}

/// What these tests ask of the whole server.
trait Asking {
    /// When the trial of a request ends, as its sender sees it.
    async fn clock_of(&self, guid: &str, sender: &Client) -> Value;
    /// The token of the link in the newest activation mail of a request.
    async fn newest_link(&self, guid: &str) -> String;
}

impl Asking for TestApp {
    async fn clock_of(&self, guid: &str, sender: &Client) -> Value {
        let shown = sender.get(&format!("/liaison/v1/access-requests/{guid}")).await;
        shown.json["trial_ends_time"].clone()
    }

    async fn newest_link(&self, guid: &str) -> String {
        let email = self.client(world::CLIENT_ADMIN).sent(guid).await["requestee_email"].clone();
        self.activation_for(email.as_str().unwrap()).await.link_token()
    }
}
