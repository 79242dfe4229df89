//! Servers that fail, lie, and mean harm: nothing breaks, nothing is stored in part, and the report says what was.

use std::time::Duration;

use liaison_testkit::fake::{self, Asked, Say};
use liaison_testkit::{Value, json, on_both_databases};

use super::remote::{self, Remote, company};
use super::{copied, copy, customer, export, numbers, written};

fn is(asked: &Asked, end: &str) -> bool {
    asked.path.ends_with(end)
}

on_both_databases! {
    async fn a_company_that_fails_is_left_for_the_next_run(database) {
        let broken = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let breaks = broken.clone();
        let remote = Remote::bent(30, move |asked| {
            if !breaks.load(std::sync::atomic::Ordering::SeqCst) {
                return None;
            }
            match () {
                () if is(asked, &company(3)) => Some(fake::html(500)),
                () if is(asked, &company(4)) => Some(fake::json(404, &json!({"detail": "Not found."}))),
                // Details are there, half of the findings are not.
                () if asked.path.contains(&company(10)) && asked.query.contains("offset") => Some(fake::json(403, &json!({"detail": "No."}))),
                () if is(asked, &company(6)) && asked.before == 0 => Some(fake::answer(429, &[("retry-after", "1")], "")),
                () if is(asked, &company(7)) && asked.before == 0 => Some(fake::torn(&json!({"guid": company(7), "name": "x"}))),
                () => None,
            }
        })
        .await;
        let ended = copy(database, &remote.fake.url, &["--yes"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.contains("3 things could not be read"), "{ended:?}");
        let answer: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!((numbers(&answer, "companies")[0], &answer["failed"]), (28, &json!(3)), "{answer:#}");
        assert_eq!(numbers(&answer, "portfolio"), [27, 0, 0, 0, 3]);
        assert_eq!(numbers(&answer, "findings")[0], 2 * 45, "no half of the findings of a company");

        broken.store(false, std::sync::atomic::Ordering::SeqCst);
        let answer = copied(database, &remote.fake.url);
        assert_eq!((numbers(&answer, "companies")[0], numbers(&answer, "portfolio")[0]), (3, 3), "{answer:#}");
        assert_eq!(numbers(&answer, "findings")[0], 45);
        assert_eq!(written(&copied(database, &remote.fake.url)), 0);
    }

    async fn what_a_server_does_not_give_is_left_out(database) {
        let remote = Remote::bent(40, |asked| match () {
            () if is(asked, "/folders") => Some(fake::html(403)),
            () if is(asked, "/tiers") => Some(fake::json(404, &json!({"detail": "Not found."}))),
            () if is(asked, "/received") => Some(fake::json(403, &json!({"detail": "No."}))),
            () if asked.path.contains("/companies/") => Some(fake::html(404)),
            () => None,
        })
        .await;
        let answer = copied(database, &remote.fake.url);
        let absent: Vec<&str> = answer["absent"].as_array().unwrap().iter().map(|part| part["part"].as_str().unwrap()).collect();
        assert_eq!(absent, ["folders", "tiers", "inbox", "companies", "findings"], "{answer:#}");
        // The portfolio itself says what the companies are. The one in a tier is not known here.
        assert_eq!(numbers(&answer, "companies")[0], 40);
        assert_eq!(numbers(&answer, "portfolio"), [39, 0, 0, 0, 1]);
        let export = export(database);
        let companies = export["companies"].as_array().unwrap();
        let rating = &companies.iter().find(|row| row["guid"] == json!(company(5))).unwrap()["ratings"][0];
        assert_eq!((&rating["rating"], &rating["rating_date"]), (&json!(600), &json!("2026-11-02")));
    }

    async fn lists_that_lie_are_not_taken_in_part(database) {
        let lies: [fn(&Asked) -> Vec<Say>; 6] = [
            |_| fake::torn(&json!([{"guid": "cd000000-0000-4000-8000-000000000001", "name": "Torn"}])),
            |_| fake::json(200, &json!({"links": {"next": null}, "count": 9, "results": [{"guid": "x"}]})),
            |asked| fake::json(200, &json!({"links": {"next": format!("?n={}", (asked.number("n").unwrap_or(0) + 1) % 3)}, "results": [asked.before]})),
            |_| fake::json(200, &json!({"links": {"next": "https://evil.example/steal"}, "results": [{"guid": "x"}]})),
            |_| fake::json(200, &json!({"detail": "ok"})),
            |_| fake::answer(200, &[("content-type", "application/json")], "<html><title>Sign in</title></html>"),
        ];
        for lie in lies {
            let remote = Remote::bent(1, move |asked| is(asked, "/folders").then(|| lie(asked))).await;
            // Each of them is another server.
            let ended = copy(database, &remote.fake.url, &["--yes", "--customer", remote::CUSTOMER]);
            assert_eq!(ended.code, Some(1), "{ended:?}");
            let answer: Value = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}"));
            assert_eq!((numbers(&answer, "folders"), &answer["failures"][0]["part"]), ([0; 5], &json!("folders")), "{answer:#}");
        }
        assert!(customer(&export(database), remote::CUSTOMER).is_some());
    }

    async fn a_portfolio_that_cannot_be_read_ends_the_copy(database) {
        let remote = Remote::bent(100, |asked| {
            (is(asked, "/portfolio") && asked.query.contains("offset=80")).then(|| fake::html(200))
        })
        .await;
        let ended = copy(database, &remote.fake.url, &["--yes"]);
        assert!(ended.refusal(1).contains("web page"), "{ended:?}");
        assert!(customer(&export(database), remote::CUSTOMER).is_none());
    }

    async fn hostile_rows_are_left_out_one_by_one(database) {
        let remote = Remote::start(12).await;
        remote.change("/v2/portfolio", |rows| {
            rows[1]["name"] = json!("x".repeat(10_000));
            rows[2]["custom_id"] = json!("nul\u{0}");
            rows[3]["guid"] = rows[4]["guid"].clone();
            rows[5]["guid"] = json!("not a guid");
            rows[6]["added_date"] = json!({"a": 1});
            rows[7]["tier"] = json!(7);
            rows[8]["tier"] = json!("cd000000-0000-4000-8000-00000000dead");
            rows[9] = json!("no object");
        });
        remote.change("/v2/users", |users| {
            users[0]["email"] = json!("ann@moving.example\r\nBcc: all@world.example");
            users[1]["roles"] = json!({"slug": ["customer_admin"]});
        });
        remote.change("/v1/access-groups", |groups| groups["groups"][1]["name"] = json!(null));
        remote.change("/v1/access-requests", |sent| {
            let sound = sent[0].clone();
            for (number, (field, value)) in [
                ("message", json!("x".repeat(10_001))), ("requestee_email", json!("a@b\r\nBcc: c@d.example")), ("status", json!("Owned")),
                ("requester_customer_guid", json!(remote::SENDER)), ("guid", json!(7)), ("created_time", json!("yesterday")),
                ("notes", json!("nul\u{0}")), ("third_parties", json!([{"email": "x"}])), ("requestee_company_guid", json!(null)),
            ].into_iter().enumerate() {
                let mut wrong = sound.clone();
                wrong["guid"] = json!(remote::guid("cc", 100 + number));
                wrong[field] = value;
                sent.as_array_mut().unwrap().push(wrong);
            }
        });
        let answer = copied(database, &remote.fake.url);
        assert_eq!(numbers(&answer, "outbox"), [1, 0, 0, 0, 9], "{answer:#}");
        assert_eq!(numbers(&answer, "users"), [1, 0, 0, 0, 1], "{answer:#}");
        assert_eq!(numbers(&answer, "groups"), [1, 0, 0, 0, 1], "{answer:#}");
        let portfolio = numbers(&answer, "portfolio");
        assert_eq!(portfolio[0] + portfolio[4], 12, "{answer:#}");
        let export = export(database);
        let users = customer(&export, remote::CUSTOMER).unwrap()["users"].as_array().unwrap();
        assert_eq!(users.iter().filter(|user| user["role"] == "customer_admin").count(), 0);
        assert_eq!(written(&copied(database, &remote.fake.url)), 0);
    }

    async fn a_slow_drip_does_not_hold_it_for_ever(database) {
        // One byte of the answer comes and then nothing: the connection is given up and tried again.
        let remote = Remote::bent(1, |asked| {
            (is(asked, "/tiers") && asked.before == 0).then(|| vec![Say::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[".to_vec()), Say::Pause(Duration::from_millis(300))])
        })
        .await;
        assert_eq!(numbers(&copied(database, &remote.fake.url), "tiers")[0], 1);
    }
}
