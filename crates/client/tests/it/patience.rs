//! What is tried again, after which pause, and what is not.

use std::time::{Duration, Instant};

use liaison_client::{Call, Client, Error};
use liaison_testkit::fake::{self, Fake, Say};
use liaison_testkit::{Method, Value, json};

use crate::{client, seams, settings};

/// Fails `times` times with these steps, then answers.
async fn failing(times: usize, steps: Vec<Say>) -> Fake {
    Fake::start(move |asked| {
        if asked.before < times {
            steps.clone()
        } else {
            fake::json(200, &json!({"ok": true}))
        }
    })
    .await
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for steps in [
        fake::html(502),
        fake::json(503, &json!({})),
        fake::answer(504, &[], ""),
        fake::json(429, &json!({})),
        vec![],
    ] {
        let fake = failing(3, steps).await;
        assert_eq!(client(&fake).get::<Value>("/v1/x", &[]).await.unwrap()["ok"], true);
        assert_eq!(fake.asked().len(), 4);
    }
}

#[tokio::test]
async fn tries_come_to_an_end() {
    let fake = failing(99, fake::json(503, &json!({"detail": "Down."}))).await;
    let error = client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server failed (status 503), tried 4 times: Down."
    );
    assert_eq!(fake.asked().len(), 4);
}

#[tokio::test]
async fn a_write_is_not_repeated_unless_it_has_a_key() {
    for (call, tries) in [
        (Call::post("/v1/x").json(&json!({})), 1),
        (Call::patch("/v1/x").json(&json!({})), 1),
        (Call::post("/v1/x").json(&json!({})).key("k"), 3),
        (Call::new(Method::PUT, "/v1/x"), 3),
        (Call::new(Method::DELETE, "/v1/x"), 3),
    ] {
        let fake = failing(2, fake::json(503, &json!({}))).await;
        assert_eq!(client(&fake).send(&call).await.is_ok(), tries == 3);
        assert_eq!(fake.asked().len(), tries, "{call:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_final() {
    for status in [400, 401, 402, 403, 404, 409, 422] {
        let fake = failing(1, fake::json(status, &json!({}))).await;
        client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err();
        assert_eq!(fake.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn everybody_waits_as_long_as_the_server_asks() {
    let fake = Fake::start(|asked| match (asked.path.as_str(), asked.before) {
        ("/ratings/v1/x", 0) => fake::answer(429, &[("retry-after", "1")], ""),
        _ => fake::json(200, &json!({})),
    })
    .await;
    let client = client(&fake);
    let began = Instant::now();
    client.get::<Value>("/v1/x", &[]).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(990));
}

#[tokio::test]
async fn a_pause_that_is_too_long_ends_the_call() {
    let fake = failing(1, fake::answer(429, &[("retry-after", "86400")], "")).await;
    let error = client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert_eq!(
        error,
        Error::Throttled {
            after: Some(Duration::from_secs(86_400)),
            detail: "the server gives no reason".to_owned(),
        }
    );
}

#[tokio::test]
async fn a_slow_drip_ends_in_time() {
    let mut steps = vec![Say::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n[".to_vec())];
    for _ in 0..100 {
        steps.extend([Say::Pause(Duration::from_millis(50)), Say::Bytes(b" ".to_vec())]);
    }
    let fake = Fake::start(move |_| steps.clone()).await;
    let mut settings = settings(&fake.url);
    settings.patience.tries = 2;
    let began = Instant::now();
    let error = Client::new(&settings, seams())
        .unwrap()
        .get::<Value>("/v1/x", &[])
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TimedOut(_)), "{error}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn silence_ends_in_time() {
    let fake = Fake::start(|_| vec![Say::Pause(Duration::from_secs(60))]).await;
    let error = client(&fake).get::<Value>("/v1/x", &[]).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut(_)), "{error}");
}

#[tokio::test]
async fn three_calls_at_once_and_no_more() {
    let fake = Fake::start(|_| {
        let mut steps = vec![Say::Pause(Duration::from_millis(30))];
        steps.extend(fake::json(200, &json!({})));
        steps
    })
    .await;
    let client = client(&fake);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get::<Value>("/v1/x", &[]).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((fake.asked().len(), fake.most_at_once()), (20, 3));
}
