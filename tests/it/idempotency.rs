//! `Idempotency-Key`: a repeated write is done once, and answered with the first answer.

use std::time::Duration;

use futures_util::future::join_all;
use liaison_testkit::invitations::{to_saperix, to_vera, with};
use liaison_testkit::{Client, Method, Reply, Value, json, on_both, reply, world};

const PATH: &str = "/ratings/v1/access-requests";
const MISMATCH: &str = "422 idempotency_mismatch: This Idempotency-Key was used with a different request.";

fn body(invitation: &Value) -> Value {
    json!({"vendor_access_request": invitation})
}

async fn send(client: &Client, method: &Method, path: &str, key: &[u8], body: &Value) -> Reply {
    reply(
        client
            .request(method.clone(), path)
            .header("Idempotency-Key", key)
            .json(body),
    )
    .await
}

on_both! {
    async fn a_repeated_invitation_is_sent_once(app) {
        let (emma, _) = app.pair();
        let first = emma.post_once(PATH, "key-1", &body(&to_saperix("ann"))).await;
        let mails = app.mails().await.len();
        app.clock.advance(Duration::from_secs(3600));
        for _ in 0..3 {
            let again = emma.post_once(PATH, "key-1", &body(&to_saperix("ann"))).await;
            assert_eq!((again.status, &again.text), (201, &first.text));
            assert_eq!(again.header("content-type"), "application/json");
        }
        assert_eq!(emma.outbox("").await.len(), 1);
        assert_eq!(app.mails().await.len(), mails);
        assert_eq!(emma.post_once(PATH, "key-2", &body(&to_saperix("ann"))).await.status, 201);
        assert_eq!(emma.outbox("").await.len(), 2, "another key is another wish");
    }

    async fn every_write_takes_a_key(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let waiting = emma.invited(&to_saperix("ann")).await;
        app.clock.advance(Duration::from_secs(300));
        for (client, method, path, body) in [
            (&emma, Method::PATCH, format!("{PATH}/config"), json!({"trial_duration": 44})),
            (&emma, Method::POST, format!("{PATH}/bulk"), json!([{"guid": guid, "status": "Approved"}])),
            (&emma, Method::POST, format!("/liaison/v1/access-requests/{waiting}/resend"), json!({})),
            (&vera, Method::PATCH, format!("{PATH}/received/{guid}"), json!({"read": true})),
            (&vera, Method::POST, format!("{PATH}/received/mark-all-as-read"), Value::Null),
            (&emma, Method::PATCH, format!("{PATH}/{guid}"), json!({"status": "Resolved"})),
        ] {
            let first = send(client, &method, &path, path.replace('/', "-").as_bytes(), &body).await;
            assert!(first.status < 300, "{path}: {}", first.text);
            let again = send(client, &method, &path, path.replace('/', "-").as_bytes(), &body).await;
            assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        }
        let activations = app.mails().await.iter().filter(|mail| mail.kind == "activation").count();
        assert_eq!(activations, 2, "a repeated resend mails nobody twice");
    }

    async fn a_key_belongs_to_its_request(app) {
        let (emma, _) = app.pair();
        emma.post_once(PATH, "key", &body(&to_vera())).await;
        let other = emma.post_once(PATH, "key", &body(&with(to_vera(), &json!({"message": "x"})))).await;
        assert_eq!(other.error(), MISMATCH);
        assert_eq!(emma.post_once(&format!("{PATH}/bulk"), "key", &body(&to_vera())).await.error(), MISMATCH);
        let spaced = emma.request(Method::POST, PATH).header("Idempotency-Key", "key");
        let spaced = spaced.header("content-type", "application/json").body(format!(" {}", body(&to_vera())));
        assert_eq!(reply(spaced).await.status, 422);
        let (config, days) = (format!("{PATH}/config"), json!({"trial_duration": 5}));
        let patched = send(&emma, &Method::PATCH, &config, b"key", &days).await;
        assert_eq!(patched.error(), MISMATCH);
        assert_eq!(emma.outbox("").await.len(), 1);
    }

    async fn spellings_of_one_path_are_one_request(app) {
        let (emma, _) = app.pair();
        let first = emma.post_once(PATH, "key", &body(&to_vera())).await;
        for path in ["/v1/access-requests", "/customer-api/v1/access-requests/", "//ratings/v1//access-requests"] {
            assert_eq!(emma.post_once(path, "key", &body(&to_vera())).await.text, first.text, "{path}");
        }
        let quoted = emma.post_once(PATH, "\"key\"", &body(&to_vera())).await;
        assert_eq!(quoted.text, first.text, "structured headers have quotes");
        assert_eq!(emma.outbox("").await.len(), 1);
    }

    async fn refusals_are_not_remembered(app) {
        let (emma, _) = app.pair();
        let wrong = body(&with(to_vera(), &json!({"requestee_email": "nobody"})));
        assert_eq!(emma.post_once(PATH, "key", &wrong).await.status, 400);
        assert_eq!(emma.post_once(PATH, "key", &json!({})).await.status, 400);
        assert_eq!(emma.post_once(PATH, "key", &body(&to_vera())).await.status, 201);
        let guid = emma.outbox("").await[0]["guid"].as_str().unwrap().to_owned();
        let change = async |status: &str| {
            send(&emma, &Method::PATCH, &format!("{PATH}/{guid}"), b"k", &json!({"status": status})).await.status
        };
        assert_eq!((change("Approved").await, change("Resolved").await), (400, 200));
    }

    async fn keys_are_each_callers_own(app) {
        let (emma, _) = app.pair();
        let first = emma.post_once(PATH, "key", &body(&to_vera())).await;
        for token in [world::CLIENT_MANAGER, world::CLIENT_COMPANY, world::OTHER_ADMIN] {
            let reply = app.client(token).post_once(PATH, "key", &body(&to_vera())).await;
            assert_eq!(reply.status, 201, "{token}");
            assert_ne!(reply.text, first.text, "{token}");
        }
        let renewed = app.make_token(world::CLIENT, Some("emma@blueseas.com")).await;
        let again = app.client(&renewed.token).post_once(PATH, "key", &body(&to_vera())).await;
        assert_eq!(again.text, first.text, "a user keeps them with a new token");
    }

    async fn keys_that_are_none(app) {
        let (emma, _) = app.pair();
        let long = [b'k'; 256];
        for key in [b"".as_slice(), b" ", b"\"\"", b"two words", b"k\xc3\xa4se", b"\xff", b"tab\tbed", &long] {
            let reply = send(&emma, &Method::POST, PATH, key, &body(&to_vera())).await;
            let code = (reply.status, reply.json["code"].as_str());
            assert_eq!(code, (400, Some("invalid_idempotency_key")), "{}", String::from_utf8_lossy(key));
        }
        assert!(emma.outbox("").await.is_empty());
        for key in [&long[..255], b"!", b"~", b"8e03978e-40d5-43dd-bc93-6894a57f9324", b"a\"b", b"\\"] {
            assert_eq!(send(&emma, &Method::POST, PATH, key, &body(&to_vera())).await.status, 201);
        }
    }

    async fn a_key_is_remembered_for_a_day(app) {
        let (emma, _) = app.pair();
        let first = emma.post_once(PATH, "key", &body(&to_vera())).await;
        app.clock.advance_days(1);
        app.upkeep().await;
        assert_eq!(emma.post_once(PATH, "key", &body(&to_vera())).await.text, first.text);
        app.clock.advance(Duration::from_millis(1));
        app.upkeep().await;
        assert_ne!(emma.post_once(PATH, "key", &body(&to_vera())).await.text, first.text);
        assert_eq!(emma.outbox("").await.len(), 2);
    }

    async fn a_key_of_another_request_marks_nothing_as_read(app) {
        let (emma, vera) = app.pair();
        let guid = emma.invited(&to_vera()).await;
        let one = format!("{PATH}/received/{guid}");
        assert_eq!(send(&vera, &Method::PATCH, &one, b"key", &json!({"read": false})).await.status, 200);
        let all = format!("{PATH}/received/mark-all-as-read");
        assert_eq!(send(&vera, &Method::POST, &all, b"key", &json!({})).await.error(), MISMATCH);
        assert_eq!(vera.received(&guid).await["read"], false);
        assert_eq!(send(&vera, &Method::POST, &all, b"other", &json!({})).await.status, 204);
        assert_eq!(vera.received(&guid).await["read"], true);
    }

    async fn reading_takes_no_notice(app) {
        let (emma, _) = app.pair();
        let get = || reply(emma.request(Method::GET, PATH).header("Idempotency-Key", "not a key"));
        assert_eq!(get().await.text, "[]");
        emma.invited(&to_vera()).await;
        assert_ne!(get().await.text, "[]");
    }

    async fn a_hundred_at_once_are_one(app) {
        let (emma, _) = app.pair();
        let body = body(&to_saperix("ann"));
        let replies = join_all((0..100).map(|_| emma.post_once(PATH, "key", &body))).await;
        let (done, running): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
        assert!(!done.is_empty());
        assert!(done.iter().all(|reply| reply.text == done[0].text));
        for reply in running {
            assert_eq!(
                reply.error(),
                "409 idempotency_running: A request with this Idempotency-Key is still running; repeat it in a moment."
            );
            assert_eq!(reply.header("retry-after"), "1");
        }
        assert_eq!(emma.outbox("").await.len(), 1);
        let mut kinds: Vec<_> = app.mails().await.into_iter().map(|mail| mail.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["activation", "introduction"]);
        assert_eq!(emma.post_once(PATH, "key", &body).await.text, done[0].text);
    }

    async fn a_hundred_keys_at_once_are_a_hundred(app) {
        let (emma, _) = app.pair();
        let body = body(&to_saperix("ann"));
        let keys: Vec<_> = (0..100).map(|number| format!("key-{number}")).collect();
        let replies = join_all(keys.iter().map(|key| emma.post_once(PATH, key, &body))).await;
        assert!(replies.iter().all(|reply| reply.status == 201));
        assert_eq!(emma.outbox("").await.len(), 100);
        assert_eq!(app.mails().await.len(), 200);
    }
}
