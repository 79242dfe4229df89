//! Copies that are killed in the middle, or end because the server does.

use std::process::Stdio;

use liaison_testkit::fake;
use liaison_testkit::process::eventually;
use liaison_testkit::{Value, json, on_both_databases};

use super::remote::{self, Remote};
use super::{command, copied, copy, customer, export, numbers, spool, written};

on_both_databases! {
    async fn a_killed_copy_goes_on_where_it_was(database) {
        let remote = Remote::start(400).await;
        let mut child = command(database, &remote.fake.url, &["--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        eventually("half of the companies are read", async || {
            (remote.times("/ratings/v1/companies/") > 400).then_some(())
        })
        .await;
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(spool(database).exists());
        let before = remote.times("/ratings/v1/companies/");
        let answer = copied(database, &remote.fake.url);
        let again = remote.times("/ratings/v1/companies/") - before;
        assert!(again < 802 - 300, "{again} calls were made once more");
        assert_eq!(numbers(&answer, "companies")[0], 401, "{answer:#}");
        assert_eq!(numbers(&answer, "findings")[0], 40 * 45);
        assert_eq!(written(&copied(database, &remote.fake.url)), 0);
    }

    async fn a_server_that_withdraws_its_token_ends_it_and_nothing_is_written(database) {
        let remote = Remote::bent(60, |asked| {
            (asked.path.contains("000000000007")).then(|| fake::json(401, &json!({"detail": "Invalid token."})))
        })
        .await;
        let ended = copy(database, &remote.fake.url, &["--yes"]);
        let line = ended.refusal(1);
        assert!(line.contains("Invalid token.") && line.contains("run again"), "{line}");
        assert!(spool(database).exists());
    }

    async fn what_a_dry_run_read_grows_old(database) {
        let remote = Remote::start(2).await;
        let looked = copy(database, &remote.fake.url, &["--dry-run"]);
        assert_eq!(looked.code, Some(0), "{looked:?}");
        remote.change("/v1/folders", |folders| folders[0]["name"] = json!("Newer"));
        let about = spool(database).join("about.json");
        let mut told: Value = serde_json::from_slice(&std::fs::read(&about).unwrap()).unwrap();
        told["begun_at"] = json!(told["begun_at"].as_i64().unwrap() - 3_700_000);
        std::fs::write(&about, told.to_string()).unwrap();
        let ended = copy(database, &remote.fake.url, &["--yes"]);
        assert!(ended.err.contains("was read 61 minutes ago; reading anew"), "{}", ended.err);
        let folders = customer(&export(database), remote::CUSTOMER).unwrap()["folders"].clone();
        assert_eq!(folders[0]["name"], "Newer");
    }

    async fn a_folder_of_another_copy_is_not_used(database) {
        let (one, other) = (Remote::start(1).await, Remote::start(1).await);
        copy(database, &one.fake.url, &["--dry-run"]).json();
        let ended = copy(database, &other.fake.url, &["--dry-run"]);
        assert!(ended.refusal(1).contains("belongs to another copy"), "{ended:?}");
        std::fs::remove_dir_all(spool(database)).unwrap();
        std::fs::create_dir(spool(database)).unwrap();
        std::fs::write(spool(database).join("thesis.txt"), "years of work").unwrap();
        let ended = copy(database, &one.fake.url, &["--dry-run", "--fresh"]);
        assert!(ended.refusal(1).contains("holds other files"), "{ended:?}");
        assert!(spool(database).join("thesis.txt").exists());
    }
}
