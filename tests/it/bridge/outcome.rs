//! What comes over, what a second run does, and what stays as it is here.

use liaison_testkit::databases::Fresh;
use liaison_testkit::{json, on_both_databases, process, world};

use super::remote::{self, Remote, company, guid};
use super::{copied, copy, customer, export, numbers, serve, spool, written};

on_both_databases! {
    async fn everything_comes_over_and_a_second_run_changes_nothing(database) {
        let remote = Remote::start(95).await;
        let looked = copy(database, &remote.fake.url, &["--dry-run"]).json();
        assert_eq!((looked["written"].as_bool(), numbers(&looked, "companies")), (Some(false), [96, 0, 0, 0, 0]), "{looked:#}");
        assert!(customer(&export(database), remote::CUSTOMER).is_none());
        let asked = remote.times("/ratings/v1/companies/");

        let first = copied(database, &remote.fake.url);
        assert_eq!(remote.times("/ratings/v1/companies/"), asked, "what was read for the dry run is not read again");
        for (kind, rows) in [("companies", 96), ("ratings", 192), ("findings", 450), ("customers", 1), ("groups", 2), ("users", 2),
            ("tiers", 1), ("folders", 1), ("portfolio", 95), ("contacts", 1), ("outbox", 1), ("inbox", 1)] {
            assert_eq!(numbers(&first, kind), [rows, 0, 0, 0, 0], "{kind}: {first:#}");
        }
        assert_eq!(first["customer_is_new"], true);
        assert!(remote.fake.most_at_once() <= 3);
        assert!(!spool(database).exists());

        let second = copied(database, &remote.fake.url);
        assert_eq!(written(&second), 0, "{second:#}");
        assert_eq!(numbers(&second, "findings"), [0, 0, 450, 0, 0]);

        remote.change("/v1/folders", |folders| folders[0]["name"] = json!("Europe"));
        remote.change("/v1/access-requests", |sent| sent[0]["status"] = json!("Resolved"));
        remote.change("/v2/portfolio", |rows| rows[7]["custom_id"] = json!("new"));
        let third = copied(database, &remote.fake.url);
        assert_eq!(written(&third), 3, "{third:#}");
        for kind in ["folders", "outbox", "portfolio"] {
            assert_eq!(numbers(&third, kind)[1], 1, "{kind}: {third:#}");
        }
        rows_are_as_told(database);
        requests_are_as_told(database).await;
    }

    async fn parts_alone_do_not_spoil_the_whole(database) {
        let remote = Remote::start(5).await;
        let only = |parts: &str| copy(database, &remote.fake.url, &["--yes", "--only", parts]).json();
        let folders = only("folders");
        assert_eq!((numbers(&folders, "folders")[0], customer(&export(database), remote::CUSTOMER).unwrap()["my_company_guid"].clone()), (1, json!(null)));
        let portfolio = only("portfolio");
        assert_eq!((numbers(&portfolio, "portfolio"), numbers(&portfolio, "companies")[0]), ([5, 0, 0, 0, 0], 5), "{portfolio:#}");
        assert_eq!(numbers(&portfolio, "tiers")[0], 1, "{portfolio:#}");
        let whole = copied(database, &remote.fake.url);
        assert_eq!((numbers(&whole, "inbox")[0], numbers(&whole, "outbox")[0]), (1, 1), "{whole:#}");
        assert!(customer(&export(database), remote::CUSTOMER).unwrap()["my_company_guid"].is_string());
        assert_eq!(written(&copied(database, &remote.fake.url)), 0);
    }

    async fn a_customer_that_is_named_has_to_be_here(database) {
        let remote = Remote::start(1).await;
        let ended = copy(database, &remote.fake.url, &["--yes", "--customer", "5d000000-0000-4000-8000-000000000001"]);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("customer: 5d000000-0000-4000-8000-000000000001 is not here"), "{}", ended.err);
    }

    async fn what_belongs_to_others_is_not_touched(database) {
        let remote = Remote::start(2).await;
        let before = export(database);
        remote.change("/v2/users", |users| users[0]["guid"] = json!(world::EMMA));
        remote.change("/v1/folders", |folders| folders[0]["guid"] = json!(world::FOLDER));
        remote.change("/v1/tiers", |tiers| tiers[0]["guid"] = json!(world::TIER));
        remote.change("/v2/portfolio", |rows| rows[1]["guid"] = json!(world::BLACK_HILLS));
        remote.change("/v1/access-requests/received", |received| received[0]["requester_customer_guid"] = json!(world::OTHER));
        let answer = copied(database, &remote.fake.url);
        for kind in ["users", "folders", "tiers", "inbox"] {
            assert_eq!(numbers(&answer, kind)[4], 1, "{kind}: {answer:#}");
        }
        assert_eq!(answer["shared_companies"], 1);
        let after = export(database);
        for guid in [world::CLIENT, world::OTHER, world::VENDOR] {
            assert_eq!(customer(&before, guid), customer(&after, guid));
        }
        let named = |export: &liaison_testkit::Value| {
            export["companies"].as_array().unwrap().iter().find(|row| row["guid"] == world::BLACK_HILLS).cloned()
        };
        assert_eq!(named(&before), named(&after));
        // It is in the portfolio all the same.
        let portfolio = customer(&after, remote::CUSTOMER).unwrap()["portfolio"].as_array().unwrap().clone();
        assert!(portfolio.iter().any(|row| row["company_guid"] == world::BLACK_HILLS));
    }

    async fn a_server_cannot_choose_an_account_of_this_one(database) {
        let remote = Remote::start(1).await;
        remote.change("/v1/customers/current", |customer| customer["guid"] = json!(world::CLIENT));
        let before = export(database);
        let ended = copy(database, &remote.fake.url, &["--yes"]);
        assert!(ended.refusal(1).contains("say --customer"), "{ended:?}");
        assert_eq!(before, export(database));
        // The operator may. The account keeps its name and its company.
        let answer = copy(database, &remote.fake.url, &["--yes", "--customer", world::CLIENT]).json();
        assert_eq!((&answer["customer_name"], &answer["customer_is_new"]), (&json!("Blue Seas"), &json!(false)));
        assert_eq!(numbers(&answer, "customers"), [0, 0, 1, 0, 0]);
    }

    async fn a_company_of_another_account_does_not_become_ones_own(database) {
        let remote = Remote::start(1).await;
        remote.change("/v1/users/current", |user| user["customer"]["my_company_guid"] = json!(world::BLACK_HILLS));
        remote.change("/v1/access-requests/received", |received| received[0]["requestee_company_guid"] = json!(world::BLACK_HILLS));
        let answer = copied(database, &remote.fake.url);
        assert_eq!(customer(&export(database), remote::CUSTOMER).unwrap()["my_company_guid"], json!(null));
        assert_eq!(numbers(&answer, "inbox"), [0, 0, 0, 0, 1], "{answer:#}");
    }

    async fn a_request_that_changed_on_both_sides_stays(database) {
        let remote = Remote::start(1).await;
        copied(database, &remote.fake.url);
        let (process, client) = serve(database, remote::CUSTOMER).await;
        let reply = client.change(remote::SENT, "Resolved").await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        drop(process);
        assert_eq!(written(&copied(database, &remote.fake.url)), 0);
        remote.change("/v1/access-requests", |sent| sent[0]["message"] = json!("Changed there."));
        let answer = copied(database, &remote.fake.url);
        assert_eq!(numbers(&answer, "outbox"), [0, 0, 0, 1, 0], "{answer:#}");
    }
}

fn rows_are_as_told(database: &Fresh) {
    let export = export(database);
    let companies = export["companies"].as_array().unwrap();
    let first = companies.iter().find(|row| row["guid"] == json!(company(0))).unwrap();
    assert_eq!(
        (&first["name"], &first["primary_domain"]),
        (&json!("Company 0"), &json!("c0.example"))
    );
    assert_eq!(first["industry"], json!({"name": "Finance", "slug": "finance"}));
    assert_eq!(first["sub_industry"], json!({"name": "Banks", "slug": "banks"}));
    let newest = first["ratings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rating| rating["rating_date"] == "2026-11-02")
        .unwrap();
    assert_eq!(
        newest["risk_vectors"],
        json!([{"slug": "open_ports", "grade": "C", "percentile": 40.5, "rating": 500}])
    );
    let customer = customer(&export, remote::CUSTOMER).unwrap();
    assert_eq!(
        (&customer["name"], &customer["my_company_guid"]),
        (&json!("Moving House Ltd"), &json!(remote::OWN))
    );
    let users = customer["users"].as_array().unwrap();
    let ann = users.iter().find(|user| user["guid"] == json!(guid("ce", 1))).unwrap();
    assert_eq!(
        (&ann["role"], &ann["is_collaboration_contact"]),
        (&json!("customer_admin"), &json!(true))
    );
    assert_eq!(
        (&ann["group_guid"], &ann["last_login"]),
        (&json!(guid("cd", 3)), &json!("2026-11-01"))
    );
    let bob = users.iter().find(|user| user["guid"] == json!(guid("ce", 2))).unwrap();
    assert_eq!(
        (&bob["role"], &bob["status"]),
        (&json!("customer_user"), &json!("Deactivated"))
    );
    let entry = &customer["portfolio"][0];
    assert_eq!(
        (&entry["tier_guid"], &entry["relationship"]),
        (&json!(guid("cd", 2)), &json!("vendor"))
    );
    assert_eq!(customer["folders"][0]["company_guids"].as_array().unwrap().len(), 3);
}

async fn requests_are_as_told(database: &Fresh) {
    let mails = || process::answer(&database.url, &["mail", "list"]);
    let before = mails();
    let (_process, client) = serve(database, remote::CUSTOMER).await;
    for (path, fields) in [
        ("/ratings/v1/access-requests", OF_BOTH.to_vec()),
        ("/ratings/v1/access-requests/received", OF_BOTH[3..].to_vec()),
    ] {
        let here = client.get(path).await.json;
        let mut there = remote::told(path.strip_prefix("/ratings").unwrap());
        if path == "/ratings/v1/access-requests" {
            there[0]["status"] = json!("Resolved");
        }
        assert_eq!(here.as_array().unwrap().len(), 1, "{path}: {here:#}");
        for field in fields {
            assert_eq!(here[0][field], there[0][field], "{path} {field}");
        }
    }
    assert_eq!(before, mails(), "a copy mails nobody");
}

/// Fields of a request that a copy keeps; the first three only the sender is told.
const OF_BOTH: [&str; 36] = [
    "notes",
    "rolledup_observation_ids",
    "invitation_duration",
    "guid",
    "requester_guid",
    "requester_email",
    "requester_first_name",
    "requester_last_name",
    "requester_friendly_name",
    "requester_formal_name",
    "requester_company_guid",
    "requester_company_name",
    "requester_customer_guid",
    "requester_customer_name",
    "requestee_first_name",
    "requestee_last_name",
    "requestee_friendly_name",
    "requestee_formal_name",
    "requestee_email",
    "requestee_phone",
    "requestee_company_guid",
    "requestee_company_name",
    "requestee_tos_date",
    "message",
    "created_date",
    "created_time",
    "email_sent_date",
    "hubspot_status",
    "status",
    "read",
    "ccs",
    "trial_duration",
    "reason",
    "context",
    "resolved_date",
    "third_parties",
];
